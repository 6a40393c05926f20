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

/// A file layered over itself changes nothing: terms and rules of the later file take the place of the earlier ones.
#[test]
fn the_same_file_twice_counts_once() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/topics");
    let lexicon = Lexicon::from_path(dir.join("irregular-migration.toml")).unwrap();
    let twice = Tagger::builder().lexicon(lexicon).build().unwrap();
    for article in articles() {
        let once = Tagger::new().tag(&article.text);
        assert_eq!(
            once.topics,
            twice.tag(&article.text).topics,
            "{}",
            article.id
        );
    }
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

/// A lexicon over which the tests of rules and doubt run.
fn boats() -> Tagger {
    let lexicon = Lexicon::from_toml(
        "boats.toml",
        r#"
format = 1
version = "1"
[topic]
id = "boats"
name = { ar = "قوارب", en = "Boats" }
threshold = 2.0
[[terms]]
role = "core"
weight = 2.0
why = "names it"
list = ["غرق القارب", "قوارب الموت"]
[[rule]]
id = "voyage"
role = "core"
weight = 3.0
all-of = [["شبان"], ["شاطئ"], ["المحرك"]]
scope = "story"
within = 20
not = ["سياح"]
why = "told over several sentences"
[[example]]
text = "غرق القارب"
expect = ["boats"]
"#,
    )
    .unwrap();
    Tagger::builder()
        .without_embedded()
        .lexicon(lexicon)
        .build()
        .unwrap()
}

fn score(tagger: &Tagger, text: &str) -> f64 {
    let report = tagger.tag(text);
    report
        .topics
        .iter()
        .find(|t| t.id == "boats")
        .map_or(0.0, |t| t.score)
}

/// `scope = "story"`: lists may be hit in different sentences, within so many words, and `not` silences over the story.
#[test]
fn a_rule_over_the_story_joins_sentences() {
    let tagger = boats();
    let told = "خرج ثمانية شبان فجرا. كانوا على شاطئ المدينة. ثم توقف المحرك.";
    assert!(score(&tagger, told) >= 0.5);
    assert_eq!(
        score(&tagger, "خرج ثمانية شبان فجرا. كانوا على شاطئ المدينة."),
        0.0
    );
    let far = format!(
        "خرج ثمانية شبان. كانوا على شاطئ المدينة. {} توقف المحرك.",
        "وقال الناطق في بيانه إن الطقس كان هادئا طوال النهار. ".repeat(4)
    );
    assert_eq!(score(&tagger, &far), 0.0);
    let tourists = format!("{told} وكان معهم سياح.");
    assert_eq!(score(&tagger, &tourists), 0.0);
    // Evidence over sentences is shown by the hit of the first list.
    let mut scratch = Scratch::new();
    let analysis = tagger.analyze(told, &mut scratch);
    let shown: Vec<String> = analysis
        .topics_of(0)
        .flat_map(|t| t.evidence().map(|e| e.text.to_owned()).collect::<Vec<_>>())
        .collect();
    assert_eq!(shown, ["شبان"]);
}

/// A list of sets and terms is their union, and each set's words are compared as that set says.
#[test]
fn a_set_keeps_its_way_of_comparing_in_a_union() {
    let lexicon = Lexicon::from_toml(
        "union.toml",
        r#"
format = 1
version = "1"
[topic]
id = "boats"
name = { ar = "قوارب", en = "Boats" }
threshold = 1.0
[[set]]
id = "sold"
match = "exact"
list = ["باعوه"]
[[rule]]
id = "sold-man"
role = "core"
weight = 3.0
all-of = [["@sold", "اشترى"], ["شاب"]]
within = "sentence"
why = "the pronoun says it is a man"
[[example]]
text = "باعوه وهو شاب"
expect = ["boats"]
"#,
    )
    .unwrap();
    let tagger = Tagger::builder()
        .without_embedded()
        .lexicon(lexicon)
        .build()
        .unwrap();
    // As written, and the list's own terms by their lemma.
    assert!(score(&tagger, "باعوه وهو شاب في المزاد.") >= 0.5);
    assert!(score(&tagger, "واشتراه تاجر وهو شاب.") >= 0.5);
    // Other forms of the same verb are not what the set says.
    assert_eq!(score(&tagger, "باع الشاب سيارته."), 0.0);
    assert_eq!(score(&tagger, "يبيع الشاب خضارا."), 0.0);
}

/// Two stories of a page are no one story.
#[test]
fn a_rule_over_the_story_stays_in_it() {
    let tagger = boats();
    let page = "خبر أول\nخرج ثمانية شبان فجرا إلى الشاطئ وعادوا سالمين.\n\nاقرأ أيضا\nإصلاح المحرك في ورشة بالمدينة";
    assert_eq!(score(&tagger, page), 0.0);
}

/// Negation, denial and hearsay: each counts less than the plain statement, in the order of `Scoring`.
#[test]
fn what_is_denied_or_only_heard_counts_less() {
    let tagger = boats();
    let counted = |text: &str| {
        let mut scratch = Scratch::new();
        let analysis = tagger.analyze(text, &mut scratch);
        analysis
            .topics_of(0)
            .flat_map(|t| {
                t.evidence()
                    .map(|e| (e.counted, e.negated))
                    .collect::<Vec<_>>()
            })
            .next()
            .unwrap()
    };
    let (plain, negated) = counted("أكدت الوزارة غرق القارب أمس");
    assert!(!negated);
    for (text, share) in [
        // A negation reaches two words.
        ("لم يؤكد أحد غرق القارب أمس", 1.0),
        ("انعدام خبر غرق القارب أمس", 0.5),
        // A word between may affirm it.
        ("ليس إلا غرق القارب أمس", 1.0),
        ("لا يزال غرق القارب لغزا", 1.0),
        // What a worker goes without is told, not denied.
        ("بقوا دون أجور غرق القارب بعدها", 1.0),
        ("بحار لم يتقاض مليما غرق القارب به", 1.0),
        // A denial reaches what follows it in the sentence, a claim too.
        ("نفت الوزارة في بيان لها غرق القارب أمس", 0.5),
        ("زعم ناشط في شريط غرق القارب أمس", 0.7),
        ("في حال تأكد خبر غرق القارب أمس", 0.7),
        // Some words doubt the whole sentence.
        ("غرق القارب خبر عار عن الصحة", 0.5),
        ("غرق القارب مجرد إشاعة", 0.7),
        ("لا صحة لما قيل عن غرق القارب أمس", 0.5),
        // What stands before a denial is not denied, nor is the next sentence.
        ("بعد غرق القارب نفت الوزارة تقصيرها", 1.0),
        ("نفت الوزارة تقصيرها. وقد غرق القارب أمس", 1.0),
    ] {
        let (less, negated) = counted(text);
        // The titles and the leads weigh alike here: one line each.
        let ratio = f64::from(less) / f64::from(plain);
        assert!(
            (ratio - share).abs() < 0.01,
            "{text}: {ratio:.2}, not {share}"
        );
        assert_eq!(negated, share < 1.0, "{text}");
    }
}

/// Topics and subtopics are numbered; files that need more numbers than there are are refused, not wrapped.
#[test]
fn more_subtopics_than_numbers_are_an_error() {
    let mut builder = Tagger::builder();
    builder.without_embedded();
    for file in 0..66 {
        let mut source = String::from(
            "format = 1\nversion = \"1\"\n[topic]\nid = \"big\"\nname = { ar = \"ك\", en = \"Big\" }\n",
        );
        for n in 0..1000 {
            source.push_str(&format!(
                "[[subtopic]]\nid = \"s{file}-{n}\"\nname = {{ ar = \"ف\", en = \"S\" }}\n"
            ));
        }
        builder.lexicon(Lexicon::from_toml(&format!("{file}.toml"), &source).unwrap());
    }
    let error = builder.build().unwrap_err();
    let finding = &error.diagnostics()[0];
    assert_eq!(finding.code, "L023");
    assert!(finding.message.contains("65000"), "{}", finding.message);
}

/// Topics have numbers of 16 bits too.
#[test]
fn more_topics_than_numbers_are_an_error() {
    let mut builder = Tagger::builder();
    builder.without_embedded();
    for n in 0..=65_000 {
        let source = format!(
            "format = 1\nversion = \"1\"\n[topic]\nid = \"t{n}\"\nname = {{ ar = \"ك\", en = \"T\" }}\n"
        );
        builder.lexicon(Lexicon::from_toml("f", &source).unwrap());
    }
    let error = builder.build().unwrap_err();
    let finding = &error.diagnostics()[0];
    assert_eq!(finding.code, "L023");
    assert!(finding.message.contains("65000"), "{}", finding.message);
}

/// A block that no example shows at work is a lint.
#[test]
fn a_block_without_an_example_is_told() {
    let source = r#"
format = 1
version = "1"
[topic]
id = "boats"
name = { ar = "قوارب", en = "Boats" }
[[terms]]
role = "core"
weight = 2.0
why = "names it"
list = ["قارب"]
[[block]]
why = "a game"
list = ["قارب ورقي"]
[[block]]
why = "a figure of speech"
list = ["قارب النجاة"]
[[example]]
text = "صنع الطفل قوارب ورقية"
reject = ["boats"]
"#;
    let lexicon = Lexicon::from_toml("boats.toml", source).unwrap();
    let tagger = Tagger::builder().lexicon(lexicon.clone()).build().unwrap();
    let lints: Vec<(&str, u32)> = tagger
        .lint(&lexicon)
        .iter()
        .map(|d| (d.code, d.line))
        .collect();
    assert_eq!(lints, [("L024", 15)]);
}
