//! What stands at the edges of the interface and no other test needs: names, defaults, sizes, builders.
#![cfg(feature = "embedded")]

use rasd::{Lexicon, Normalizer, Scratch, Span, Tagger, TokenKind, TokenScratch, Tokenizer};

const HEAD: &str = "format = 1\nversion = \"1\"\n";

#[test]
fn things_have_names_for_messages() {
    assert_eq!(Span::new(3, 7).to_string(), "3..7");
    let tagger = Tagger::default();
    assert!(format!("{tagger:?}").contains("human-trafficking"));
    assert!(tagger.memory_usage() > 10_000);
    let mut scratch = TokenScratch::new();
    let tokenizer = Tokenizer::default();
    let tokens = tokenizer.tokenize("وللحكومة", &mut scratch);
    let segment = tokens.get(0).unwrap().segments().next().unwrap();
    assert_eq!(format!("{segment:?}"), "Conjunction 0..2 \"و\"");
    assert_eq!(segment, segment);
    assert_eq!(Normalizer::default(), Normalizer::new());
    assert_eq!(tagger.tokenizer().tokenize("خبر", &mut scratch).len(), 1);
}

#[test]
fn pieces_are_restored() {
    let tokenizer = Tokenizer::new();
    let mut scratch = TokenScratch::new();
    for (word, wanted) in [
        ("للحكومة", &["ل", "ال", "حكومة"][..]),
        ("حكومتها", &["حكومة", "ها"]),
        ("حكوماتها", &["حكومات", "ها"]),
        ("مستشفاهم", &["مستشفى", "هم"]),
        ("هوائهم", &["هواء", "هم"]),
        ("كتابهم", &["كتاب", "هم"]),
    ] {
        let tokens = tokenizer.tokenize(word, &mut scratch);
        let found: Vec<_> = tokens
            .get(0)
            .unwrap()
            .segments()
            .map(|s| s.restored())
            .collect();
        assert_eq!(found, wanted, "{word}");
    }
}

#[test]
fn ranges_that_cut_letters_are_widened() {
    let view = Normalizer::new().normalize("\u{FEFF}خبر ﻻجئ");
    assert_eq!(view.to_original(1..3).of("\u{FEFF}خبر ﻻجئ"), "خب");
    assert_eq!(view.offsets().to_original(0, 2), Span::new(3, 5));
    assert_eq!(view.to_original(5..900).end, 17);
}

#[test]
fn addresses_end_where_readers_end_them() {
    let tokenizer = Tokenizer::new();
    let mut scratch = TokenScratch::new();
    for (text, wanted) in [
        ("https://a.org/x_(y).", "https://a.org/x_(y)"),
        ("(https://a.org/x)", "https://a.org/x"),
        ("«https://a.org/خبر»", "https://a.org/خبر"),
        ("https://a.org/\u{200F}خبر", "https://a.org/"),
        ("https://a.org/x,...", "https://a.org/x"),
        ("www.a.org\\x", "www.a.org"),
    ] {
        let tokens = tokenizer.tokenize(text, &mut scratch);
        let url = tokens.iter().find(|t| t.kind() == TokenKind::Url);
        assert_eq!(url.map(|t| t.text()), Some(wanted), "{text}");
    }
}

#[test]
fn files_of_every_kind_tell_their_terms() {
    let terms = |source: &str| {
        let lexicon = Lexicon::from_toml("f", &format!("{HEAD}{source}")).unwrap();
        let terms: Vec<String> = lexicon.terms().iter().map(|t| (*t).to_owned()).collect();
        assert_eq!(lexicon.stamp().id, "mine");
        (lexicon, terms)
    };
    let (_, entities) = terms(
        "[entities]\nid = \"mine\"\nkind = \"person\"\n[[terms]]\nlist = [\"سعيد العياري\"]\n",
    );
    assert_eq!(entities, ["سعيد العياري"]);
    let (layout, markers) = terms(
        "[layout]\nid = \"mine\"\n[[marker]]\npart = \"related\"\nseparator = \"required\"\n\
         whole-line = true\nprefix = false\nto-end = true\nmax-words = 6\nplace = \"any\"\nlist = [\"خذ هذا أيضا\"]\n",
    );
    assert_eq!(markers, ["خذ هذا أيضا"]);
    assert_eq!(layout.stamp().terms, 1);
    let (language, words) = terms(
        "[language]\nid = \"mine\"\n[[unit]]\nid = \"dunum\"\nkind = \"area\"\nlist = [\"دونم، دونمات\"]\n\
         [[people]]\nid = \"smurfs\"\nlist = [\"سنفور، سنافر\"]\n[[currency]]\nid = \"XTS\"\nlist = [\"قرطل\"]\n\
         [[outcome]]\nid = \"rescued\"\nform = \"verb\"\nreach = 3\nbare = false\nnot = [\"من الغرق\"]\nlist = [\"انتشل\"]\n",
    );
    assert_eq!(words, [""; 0]);
    assert_eq!(language.stamp().terms, 4);
    // Over the shipped ones, and in force.
    let tagger = Tagger::builder()
        .lexicon(layout)
        .lexicon(language)
        .build()
        .unwrap();
    let text = "زرع الفلاحون القمح في الشمال\n\nزرع الفلاحون خمسين دونما من القمح هذا العام في سهول الشمال قرب النهر.";
    let mut scratch = Scratch::new();
    let report = tagger.analyze(text, &mut scratch).to_report();
    assert!(
        report.quantities.iter().any(|q| q.text.contains("دونم")),
        "{:?}",
        report.quantities
    );
}

#[test]
fn terms_with_the_same_lemmas_are_told() {
    let source = format!(
        "{HEAD}[topic]\nid = \"t\"\nname = {{ ar = \"ا\", en = \"a\" }}\n[[terms]]\nrole = \"core\"\nweight = 1\n\
         why = \"w\"\nlist = [\"فيضان\", \"فيضانات\"]\n\
         [[example]]\ntext = \"فيضان\"\nexpect = [\"t\"]\n"
    );
    let lexicon = Lexicon::from_toml("f", &source).unwrap();
    let tagger = Tagger::builder().lexicon(lexicon.clone()).build().unwrap();
    let findings: Vec<_> = tagger
        .lint(&lexicon)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        findings,
        [
            "f:10:18: warning: term has the same lemmas as the one in line 10 (فيضان): فيضانات [L021]\n  \
          help: one entry finds both; keep the clearer one"
        ]
    );
    // Of another kind of file there is nothing to say.
    let layout = format!("{HEAD}[layout]\nid = \"m\"\n");
    let layout = Lexicon::from_toml("f", &layout).unwrap();
    assert!(tagger.lint(&layout).is_empty() && tagger.run_examples(&layout).is_empty());
}

/// The reports of many texts come in the order of the texts, and are what one thread says.
#[cfg(feature = "rayon")]
#[test]
fn tag_all_keeps_the_order() {
    let tagger = Tagger::new();
    let texts: Vec<String> = (0..300)
        .map(|i| {
            let what = [
                "أحبط خفر السواحل محاولة للهجرة غير الشرعية",
                "ضبطت الشرطة لصا",
                "افتتح معرض الكتاب",
            ];
            format!(
                "{} يوم {i} أكتوبر 2024. {}",
                what[i % 3],
                "نص ".repeat(i % 40)
            )
        })
        .collect();
    let together = tagger.tag_all(&texts);
    assert_eq!(together.len(), texts.len());
    for (text, report) in texts.iter().zip(&together) {
        assert_eq!(*report, tagger.tag(text), "{text}");
    }
    assert!(tagger.tag_all::<&str>(&[]).is_empty());
}

#[test]
fn a_scratch_goes_from_tagger_to_tagger() {
    // What a lemma means to the one must not be remembered for the other: a term, a stop word.
    let source = "format = 1\nversion = \"1\"\n[topic]\nid = \"bees\"\nname = { ar = \"نحل\", en = \"bees\" }\n\
        [[terms]]\nrole = \"core\"\nweight = 9.0\nwhy = \"test\"\nlist = [\"نحلة\", \"مربي النحل\"]\n";
    let bees = Tagger::builder()
        .lexicon(Lexicon::from_toml("bees.toml", source).unwrap())
        .build()
        .unwrap();
    let plain = Tagger::new();
    let quiet = Tagger::builder()
        .keyword_stop_words(["نحلة"])
        .build()
        .unwrap();
    let text = "نحلة وعسل في الجبل\n\nقال مربو النحل في القرية إن النحلة هي سر الجبل، وإن نحلات كثيرة ماتت هذا العام.";
    let report = |tagger: &Tagger, scratch: &mut Scratch| tagger.analyze(text, scratch).to_report();
    let alone = |tagger: &Tagger| report(tagger, &mut Scratch::new());
    let expected = [alone(&bees), alone(&plain), alone(&quiet)];
    assert_eq!(expected[0].topics.len(), 1);
    assert_eq!(expected[1].topics.len(), 0);
    assert_ne!(expected[1].keywords, expected[2].keywords);
    let mut scratch = Scratch::new();
    for _ in 0..3 {
        for (tagger, expected) in [&bees, &plain, &quiet].into_iter().zip(&expected) {
            assert_eq!(&report(tagger, &mut scratch), expected);
        }
    }
}
