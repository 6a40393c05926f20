//! The published conformance set of the morphology and the promises its documentation makes.
#![cfg(feature = "embedded")]

use rasd::{Morphology, StemLevel, Stemmer, TokenScratch, Tokenizer};
use std::path::Path;
use std::time::{Duration, Instant};

/// Segments joined by +, dictionary form without the mark that tells a verb from a noun, root or -.
fn analysed(m: &Morphology, word: &str) -> (String, String, String) {
    let mut stem = String::new();
    let a = m.analyze(word, &mut stem);
    let segments = a.segments.split(word).collect::<Vec<_>>().join("+");
    let root = a.lemma.map_or("", |l| m.root(l));
    (
        segments,
        stem.replace('\u{64E}', ""),
        if root.is_empty() {
            "-".into()
        } else {
            root.into()
        },
    )
}

fn stem(word: &str) -> String {
    let mut stem = String::new();
    Morphology::embedded().analyze(word, &mut stem);
    stem
}

#[test]
fn conformance_sets() {
    let m = Morphology::embedded();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/morphology");
    let mut names: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "tsv"))
        .collect();
    names.sort();
    let (mut rows, mut wrong) = (0, Vec::new());
    for path in &names {
        let before = rows;
        for line in std::fs::read_to_string(path)
            .unwrap()
            .lines()
            .filter(|l| !l.starts_with('#'))
        {
            let fields: Vec<&str> = line.split('\t').collect();
            let [word, segments, stem, root, why] = fields[..] else {
                panic!("{}: {line}", path.display())
            };
            rows += 1;
            let got = analysed(m, word);
            if got.0 != segments || (stem != "?" && got.1 != stem) || (root != "?" && got.2 != root)
            {
                wrong.push(format!(
                    "{word}: {segments} {stem} {root} wanted ({why}), got {} {} {}",
                    got.0, got.1, got.2
                ));
            }
        }
        assert!(rows >= before + 200, "{}", path.display());
    }
    assert!(rows > 3500, "{rows} rows");
    assert!(
        wrong.is_empty(),
        "{} of {rows} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn index_forms() {
    let text = include_str!("data/index_forms.tsv");
    let (stemmer, tokenizer) = (Stemmer::new(), Tokenizer::new());
    let mut scratch = TokenScratch::new();
    let mut rows = 0;
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [word, form, why] = fields[..] else {
            panic!("{line}")
        };
        assert_eq!(stemmer.stem(word), form, "{word}: {why}");
        let tokens = tokenizer.tokenize(word, &mut scratch);
        assert_eq!(tokens.get(0).unwrap().stem(), form, "{word}: {why}");
        rows += 1;
    }
    assert!(rows >= 200, "{rows} rows");
}

#[test]
fn lemmas_stay_apart_where_index_forms_meet() {
    let lemmas = Stemmer::new().level(StemLevel::Lemma);
    assert_eq!(lemmas.stem("التونسية"), "تونسي");
    assert_eq!(lemmas.stem("متى"), "متى");
    let tokenizer = Tokenizer::new();
    let mut scratch = TokenScratch::new();
    let tokens = tokenizer.tokenize("التونسية", &mut scratch);
    let token = tokens.get(0).unwrap();
    assert_eq!((token.lemma(), token.stem()), ("تونسي", "تونس"));
}

#[test]
fn no_false_cut() {
    let words = "وزير وزارة فلسطين بنغازي فريق بيان وكالة كندا ألمانيا لبنان ليبيا بريطانيا كان بين فيما وفد ولاية وثيقة فرنسا بلدية بحر كلية ليلة سلطات سيارة";
    for word in words.split(' ') {
        assert_eq!(analysed(Morphology::embedded(), word).0, word);
    }
}

#[test]
fn one_stem_a_lexeme() {
    for same in [
        "للجنة اللجنة لجنة",
        "ضحايا الضحايا ضحية",
        "مهاجرون المهاجرين والمهاجرات مهاجر",
        "قال يقول سيقولون قالوا",
        "مسؤول مسئول المسؤولين",
        "شؤون شأن شئون",
        "أعلن اعلن يعلن وأعلنت",
        "القاهرة بالقاهرة للقاهرة",
    ] {
        let stems: Vec<String> = same.split(' ').map(stem).collect();
        assert!(stems.windows(2).all(|w| w[0] == w[1]), "{same}: {stems:?}");
    }
    for other in [
        "هجرة مهجر",
        "كتيبة كتاب",
        "وزير وزارة",
        "رئيس رئاسة",
        "مكافحة كفاح",
        "علي على",
    ] {
        let stems: Vec<String> = other.split(' ').map(stem).collect();
        assert_ne!(stems[0], stems[1], "{other}");
    }
}

#[test]
fn tables_are_small_and_ready_at_once() {
    let start = Instant::now();
    let m = Morphology::embedded();
    assert!(start.elapsed() < Duration::from_millis(5));
    assert!(m.table_bytes() <= 6_000_000, "{} bytes", m.table_bytes());
    assert!(
        m.known_lemma_count() >= 20_000,
        "{} lemmas",
        m.known_lemma_count()
    );
}

#[test]
fn segments_tile_any_word() {
    let m = Morphology::embedded();
    let mut stem = String::new();
    let long = "وبالمهاجرين".repeat(40_000);
    for word in [
        "",
        "و",
        "ال",
        "وال",
        "للل",
        "كتاب2",
        "abc",
        "بـ",
        "سسسسسسسس",
        "وووووو",
        "ه",
        "هاها",
        "پاريس",
        "وچيني",
        "\u{64E}",
        "مدرسةٌ",
        "😀",
        &long,
    ] {
        let start = Instant::now();
        let a = m.analyze(word, &mut stem);
        assert_eq!(a.segments.split(word).collect::<String>(), word);
        assert!(
            start.elapsed() < Duration::from_millis(200),
            "a long word takes time in proportion"
        );
        for x in m.analyses(word) {
            assert_eq!(x.analysis.segments.split(word).collect::<String>(), word);
        }
    }
}

#[test]
fn all_analyses_hold_the_other_readings() {
    let all = Morphology::embedded().analyses("وعد");
    let found = |segments: &str| {
        all.iter().any(|x| {
            x.analysis
                .segments
                .split("وعد")
                .collect::<Vec<_>>()
                .join("+")
                == segments
        })
    };
    assert!(found("وعد") && found("و+عد"));
    assert!(
        all.windows(2)
            .all(|w| w[0].analysis.score <= w[1].analysis.score)
    );
}

#[test]
fn stemmer_levels() {
    let s = Stemmer::new();
    assert_eq!(s.stem("والمهاجرين"), "مهاجر");
    assert_eq!(
        s.clone().level(StemLevel::Light).stem("والمهاجرين"),
        "مهاجرين"
    );
    // The same in the table of words and where a word is put together.
    for (word, light, lemma, index, root) in [
        ("والمهاجرين", "مهاجرين", "مهاجر", "مهاجر", "هجر"),
        ("ولمهاجريهم", "مهاجري", "مهاجر", "مهاجر", "هجر"),
        ("وبالتونسيين", "تونسيين", "تونسي", "تونس", "تونس"),
        ("منهم", "من", "من", "و", "و"),
    ] {
        for (level, stem) in [
            (StemLevel::Light, light),
            (StemLevel::Lemma, lemma),
            (StemLevel::Index, index),
            (StemLevel::Root, root),
        ] {
            assert_eq!(s.clone().level(level).stem(word), stem, "{word}: {level:?}");
        }
    }
}

#[test]
fn unknown_words_are_left_whole_or_cut_safely() {
    let m = Morphology::embedded();
    assert_eq!(analysed(m, "زغبطوش").0, "زغبطوش");
    assert_eq!(analysed(m, "والزغبطوش").0, "و+ال+زغبطوش");
    assert_eq!(analysed(m, "بالزغبطوش").0, "ب+ال+زغبطوش");
}
