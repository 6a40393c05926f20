//! What works without the shipped lexicons, on inputs small enough for an interpreter: `.ci/miri` runs this file on
//! machines of other word sizes and byte orders, where the same must come out.

use rasd::{Lexicon, Normalizer, Scratch, Span, Tagger, TokenKind, TokenScratch, Tokenizer};

#[test]
fn normal_forms() {
    let text = "\u{FEFF}غیر الشرعیة، ٢٠٢٤ هـــجرة ﻻجئ ا\u{653}خر A";
    let n = Normalizer::new().normalize(text);
    assert_eq!(n.as_str(), "غير الشرعية، 2024 هجرة لاجئ آخر a");
    let at = n.as_str().find("لاجئ").unwrap();
    assert_eq!(n.to_original(at..at + 8).of(text), "ﻻجئ");
    assert_eq!(Normalizer::key().normalize("الأمن على").as_str(), "الامن علي");
}

#[test]
fn tokens() {
    let text = "قال د. محمد: «وصل 1,554 مهاجرا» #الهجرة_السرية a.b@example.org https://example.org/خبر 😀 46%";
    let tokenizer = Tokenizer::new();
    let mut scratch = TokenScratch::new();
    let tokens = tokenizer.tokenize(text, &mut scratch);
    let kinds: Vec<_> = tokens.iter().map(|t| (t.text(), t.kind())).collect();
    assert_eq!(kinds[1], ("د", TokenKind::Word));
    assert!(kinds.contains(&("1,554", TokenKind::Number)));
    assert!(kinds.contains(&("#الهجرة_السرية", TokenKind::Hashtag)));
    assert!(kinds.contains(&("a.b@example.org", TokenKind::Email)));
    assert!(kinds.iter().any(|k| k.1 == TokenKind::Url));
    assert!(kinds.contains(&("😀", TokenKind::Symbol)));
    assert_eq!(tokens.sentences().len(), 1);
    let mut end = 0;
    for t in tokens.iter() {
        assert!(t.span().start >= end);
        end = t.span().end;
        assert_eq!(t.segments().map(|s| s.text).collect::<String>(), t.text());
    }
}

#[test]
fn own_topic() {
    let source = "format = 1\nversion = \"1\"\n[topic]\nid = \"floods\"\nname = { ar = \"السيول\", en = \"Floods\" }\n\
        [[terms]]\nrole = \"core\"\nweight = 3\nwhy = \"w\"\nmatch = \"exact\"\nlist = [\"السيول الجارفة\"]\n";
    let lexicon = Lexicon::from_toml("floods.toml", source).unwrap();
    assert_eq!(lexicon.stamp().hash, "b4381f2e4ae1f85d");
    let tagger = Tagger::builder()
        .without_embedded()
        .lexicon(lexicon)
        .build()
        .unwrap();
    let text = "السيول الجارفة تقطع الطريق\n\nقطعت السيول الجارفة الطريق بين المدينتين مساء أمس.";
    let mut scratch = Scratch::new();
    let a = tagger.analyze(text, &mut scratch);
    let topic = a.topics().next().unwrap();
    assert_eq!(topic.id, "floods");
    let spans: Vec<Span> = topic.evidence().map(|e| e.span).collect();
    assert_eq!(spans, [Span::new(0, 27), Span::new(60, 87)]);
    let error = Lexicon::from_toml("x", &source.replace("core", "cor")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "x:7:8: role must be core, support or against, found \"cor\" [L006]"
    );
}
