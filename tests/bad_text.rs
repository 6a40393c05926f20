//! Each row of `tests/data/bad_text.toml` through every entry of the library.
#![cfg(all(feature = "embedded", feature = "serde"))]

use std::collections::BTreeSet;

use rasd::{Normalizer, Scratch, Stemmer, Tagger, TokenScratch, Tokenizer};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    text: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    class: String,
    text: Option<String>,
    flood: Option<String>,
    #[serde(default)]
    before: String,
    #[serde(default)]
    behind: String,
    tokens: Option<Vec<String>>,
    kinds: Option<Vec<String>>,
    norms: Option<Vec<String>>,
    view: Option<String>,
    count: Option<usize>,
    sentences: Option<usize>,
    same_as: Option<String>,
    topics: Option<Vec<String>>,
    #[serde(rename = "why")]
    _why: Option<String>,
}

impl Row {
    fn text(&self) -> String {
        match (&self.text, &self.flood) {
            (Some(text), None) => text.clone(),
            (None, Some(unit)) => {
                // In a debug build a tenth will do; the release build takes all.
                let bytes = if cfg!(debug_assertions) {
                    30_000
                } else {
                    300_000
                };
                let flood = unit.repeat(bytes / unit.len());
                format!("{}{flood}{}", self.before, self.behind)
            }
            _ => panic!("{}: one of text and flood", self.class),
        }
    }
}

fn rows() -> Vec<Row> {
    let file: File = toml::from_str(include_str!("data/bad_text.toml")).unwrap();
    file.text
}

/// How a row is called in a message.
fn name(row: &Row, text: &str) -> String {
    format!(
        "{}: {:?}",
        row.class,
        text.chars().take(40).collect::<String>()
    )
}

/// Ids of the topics, kinds and levelled texts of the entities.
fn meaning(tagger: &Tagger, text: &str) -> (Vec<String>, Vec<String>) {
    let report = tagger.tag(text);
    let key = |s: &str| Normalizer::key().normalize(s).as_str().to_owned();
    (
        report.topics.iter().map(|t| t.id.clone()).collect(),
        report
            .entities
            .iter()
            .map(|e| format!("{} {}", e.kind.as_str(), key(&e.text)))
            .collect(),
    )
}

#[test]
fn every_row_is_as_expected() {
    let tokenizer = Tokenizer::new();
    let tagger = Tagger::new();
    let mut scratch = TokenScratch::new();
    let mut wrong = Vec::new();
    for row in rows() {
        let text = row.text();
        let name = name(&row, &text);
        let tokens = tokenizer.tokenize(&text, &mut scratch);
        let all = |f: &dyn Fn(rasd::Token<'_>) -> String| tokens.iter().map(f).collect::<Vec<_>>();
        let mut check = |what: &str, found: Vec<String>, wanted: &Option<Vec<String>>| {
            if wanted.as_ref().is_some_and(|w| *w != found) {
                wrong.push(format!("{name}: {what} {found:?}"));
            }
        };
        check("tokens", all(&|t| t.text().to_owned()), &row.tokens);
        check("kinds", all(&|t| t.kind().as_str().to_owned()), &row.kinds);
        check("norms", all(&|t| t.norm().to_owned()), &row.norms);
        let view = Normalizer::new().normalize(&text);
        check(
            "view",
            vec![view.as_str().to_owned()],
            &row.view.clone().map(|v| vec![v]),
        );
        if row.count.is_some_and(|c| c != tokens.len()) {
            wrong.push(format!("{name}: {} tokens", tokens.len()));
        }
        if row.sentences.is_some_and(|c| c != tokens.sentences().len()) {
            wrong.push(format!("{name}: {} sentences", tokens.sentences().len()));
        }
        let (topics, entities) = meaning(&tagger, &text);
        if row.topics.as_ref().is_some_and(|t| *t != topics) {
            wrong.push(format!("{name}: topics {topics:?}"));
        }
        if let Some(clean) = &row.same_as {
            let wanted = meaning(&tagger, clean);
            if (&topics, &entities) != (&wanted.0, &wanted.1) {
                wrong.push(format!("{name}: {topics:?} {entities:?}, clean {wanted:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_passes_every_entry() {
    let tokenizer = Tokenizer::new();
    let stemmer = Stemmer::new();
    let tagger = Tagger::new();
    let (mut tokens_of, mut spans_of, mut reused) =
        (TokenScratch::new(), TokenScratch::new(), Scratch::new());
    let classes: BTreeSet<String> = rows().iter().map(|r| r.class.clone()).collect();
    assert!(classes.len() >= 25, "{classes:?}");
    for row in rows() {
        let text = row.text();
        let name = name(&row, &text);

        let tokens = tokenizer.tokenize(&text, &mut tokens_of);
        let spans: Vec<_> = tokenizer.spans(&text, &mut spans_of).collect();
        assert_eq!(spans.len(), tokens.len(), "{name}");
        let mut end = 0;
        for (token, (span, kind)) in tokens.iter().zip(&spans) {
            assert_eq!((token.span(), token.kind()), (*span, *kind), "{name}");
            assert!(span.start as usize >= end && !span.is_empty(), "{name}");
            assert_eq!(text.get(span.range()), Some(token.text()), "{name}");
            assert!(!token.text().chars().any(char::is_control), "{name}");
            end = span.end as usize;
            let pieces: String = token.segments().map(|s| s.text).collect();
            assert_eq!(pieces, token.text(), "{name}");
            // A row of marks or tatweel without a letter is a token of its own and keeps its look.
            let folded = Normalizer::new().normalize(token.text());
            let norm = if folded.as_str().is_empty() {
                token.text()
            } else {
                folded.as_str()
            };
            assert!(token.norm() == norm, "{name}: {:?}", token.norm());
        }

        for n in [Normalizer::new(), Normalizer::key(), Normalizer::none()] {
            let once = n.normalize(&text);
            // ﷲ, three bytes, becomes eight: the worst there is.
            assert!(once.as_str().len() <= text.len() * 3, "{name}");
            assert_eq!(n.normalize(once.as_str()).as_str(), once.as_str(), "{name}");
            assert!(
                text.get(once.to_original(0..once.as_str().len()).range())
                    .is_some(),
                "{name}"
            );
        }

        let first = &text[..text.floor_char_boundary(2000)];
        let _ = stemmer.stem(first).len();

        let report = tagger.tag(&text);
        let fresh = tagger.analyze(&text, &mut Scratch::new()).to_report();
        assert!(report == fresh, "{name}");
        assert!(
            tagger.analyze(&text, &mut reused).to_report() == fresh,
            "{name}"
        );
        let json = serde_json::to_string(&report).unwrap();
        let back: rasd::Report = serde_json::from_str(&json).unwrap();
        assert!(back == report, "{name}");
        for e in &report.entities {
            assert_eq!(text.get(e.start..e.end), Some(&*e.text), "{name}");
        }
        for t in &report.topics {
            for e in &t.evidence {
                assert_eq!(text.get(e.start..e.end), Some(&*e.text), "{name}");
            }
        }
    }
}
