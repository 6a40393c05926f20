//! Topics on whole articles written for this project (plain and implicit ones), the examples of the shipped lexicons, and a topic made of a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rasd::{Lexicon, Scratch, Tagger};

const TOPICS: [&str; 3] = ["human-trafficking", "irregular-migration", "local-security"];

struct Article {
    id: String,
    text: String,
    grades: BTreeMap<String, i64>,
}

fn articles() -> Vec<Article> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/topics");
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    let mut out = Vec::new();
    for file in files {
        let table: toml::Table = fs::read_to_string(file).unwrap().parse().unwrap();
        for article in table["article"].as_array().unwrap() {
            out.push(Article {
                id: article["id"].as_str().unwrap().to_owned(),
                text: article["text"].as_str().unwrap().to_owned(),
                grades: article["grades"]
                    .as_table()
                    .unwrap()
                    .iter()
                    .map(|(t, g)| (t.clone(), g.as_integer().unwrap()))
                    .collect(),
            });
        }
    }
    out
}

/// Grade 2 must be assigned and grade 0 must not; borderline articles are left out. Few mistakes are let pass: the
/// articles are a sample of what comes, not a list of what must be learnt by heart.
#[test]
fn articles_get_the_topics_an_editor_would_give() {
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let mut mistakes = Vec::new();
    let mut f1 = Vec::new();
    for topic in TOPICS {
        let (mut right, mut wrong, mut missed) = (0u32, 0u32, 0u32);
        for article in articles() {
            let analysis = tagger.analyze(&article.text, &mut scratch);
            let assigned = analysis.topics().any(|t| t.id == topic);
            match (article.grades.get(topic).copied().unwrap_or(0), assigned) {
                (2, true) => right += 1,
                (2, false) => {
                    missed += 1;
                    mistakes.push(format!("{} lacks {topic}", article.id));
                }
                (0, true) => {
                    wrong += 1;
                    mistakes.push(format!("{} has {topic}", article.id));
                }
                _ => {}
            }
        }
        f1.push(f64::from(2 * right) / f64::from(2 * right + wrong + missed));
    }
    let macro_f1 = f1.iter().sum::<f64>() / f1.len() as f64;
    assert!(macro_f1 >= 0.95, "macro F1 {macro_f1:.3}: {mistakes:#?}");
}

#[test]
fn the_examples_of_the_shipped_topics_pass() {
    let tagger = Tagger::new();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/topics");
    for topic in TOPICS {
        let lexicon = Lexicon::from_path(dir.join(format!("{topic}.toml"))).unwrap();
        let failed = tagger.run_examples(&lexicon);
        assert!(failed.is_empty(), "{failed:#?}");
    }
}

#[test]
fn a_topic_made_only_of_a_file_is_tagged() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/support/floods.toml");
    let floods = Lexicon::from_path(&file).unwrap();
    let tagger = Tagger::builder()
        .lexicon(floods)
        .check_examples()
        .build()
        .unwrap();
    let report = tagger.tag(
        "قتلى في فيضانات تضرب شمال البلاد\n\
         لقي سبعة أشخاص مصرعهم في فيضانات أعقبت أمطارا غزيرة، وأجلى الدفاع المدني مئات الأسر بعد ارتفاع منسوب المياه.\n",
    );
    let ids: Vec<&str> = report.topics.iter().map(|t| &*t.id).collect();
    assert_eq!(ids, ["floods"]);
    // A figure of speech is blocked, and the shipped topics still work beside the new one.
    assert!(
        tagger
            .tag("قابل الجمهور الفنانة بفيضان المشاعر")
            .topics
            .is_empty()
    );
    let report =
        tagger.tag("أحبط خفر السواحل محاولة للهجرة غير الشرعية وأنقذ 40 مهاجرا من قارب مطاطي.");
    assert_eq!(report.topics[0].id, "irregular-migration");
}

/// More evidence never lowers a score, and the decision is 0.5.
#[test]
fn a_second_sentence_on_the_subject_does_not_lower_the_score() {
    let tagger = Tagger::new();
    let score = |text: &str| {
        let report = tagger.tag(text);
        report
            .topics
            .iter()
            .find(|t| t.id == "irregular-migration")
            .map_or(0.0, |t| t.score)
    };
    let one = score("أنقذ خفر السواحل 40 مهاجرا من قارب مطاطي قبالة ليبيا.");
    let two = score(
        "أنقذ خفر السواحل 40 مهاجرا من قارب مطاطي قبالة ليبيا.\n\
         وقالت المنظمة الدولية للهجرة إن المهاجرين غير النظاميين أعيدوا إلى مركز احتجاز في طرابلس.",
    );
    assert!(one >= 0.5 && two >= one, "{one} {two}");
}
