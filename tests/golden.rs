//! The whole report on every page of `tests/data/pages`, as it was read and approved: whatever changes a result shows
//! as a difference in a file. The same bytes must come out of a debug and of a release build.
//!
//! `RASD_BLESS=1 cargo test --test golden` writes the reports anew; read the difference before you commit it.
#![cfg(all(feature = "embedded", feature = "serde"))]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use rasd::{Scratch, Tagger};
use serde_json::Value;

fn pages() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<_> = fs::read_dir("tests/data/pages")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 18, "{} pages", paths.len());
    paths
        .into_iter()
        .map(|p| {
            let text = fs::read_to_string(&p).unwrap();
            (p, text)
        })
        .collect()
}

/// A report for readers of differences: what holds only plain values stands on one line.
fn show(value: &Value, indent: usize, out: &mut String) {
    let plain = |v: &Value| !v.is_array() && !v.is_object();
    let (open, close, items): (_, _, Vec<(Option<&String>, &Value)>) = match value {
        Value::Array(list) => ('[', ']', list.iter().map(|v| (None, v)).collect()),
        Value::Object(map) => ('{', '}', map.iter().map(|(k, v)| (Some(k), v)).collect()),
        _ => {
            write!(out, "{value}").unwrap();
            return;
        }
    };
    let empty = |v: &Value| v.as_array().is_some_and(Vec::is_empty);
    let flat = items.iter().all(|(_, v)| plain(v) || empty(v))
        || items.iter().all(|(_, v)| {
            v.is_object() && v.get("start").is_some() && v.as_object().unwrap().len() == 2
        });
    out.push(open);
    for (i, (key, item)) in items.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        if !flat {
            write!(out, "\n{:1$}", "", indent + 1).unwrap();
        } else if i > 0 {
            out.push(' ');
        }
        if let Some(key) = key {
            write!(out, "{}: ", Value::String((*key).clone())).unwrap();
        }
        show(item, indent + 1, out);
    }
    if !flat {
        write!(out, "\n{:1$}", "", indent).unwrap();
    }
    out.push(close);
}

fn report(tagger: &Tagger, text: &str, scratch: &mut Scratch) -> String {
    let mut value = serde_json::to_value(tagger.analyze(text, scratch).to_report()).unwrap();
    // Every edit of a lexicon changes its stamp; here its effects are looked at.
    let stamps = value.as_object_mut().unwrap().remove("lexicons").unwrap();
    assert!(stamps.as_array().unwrap().len() >= 3);
    let mut out = String::new();
    show(&value, 0, &mut out);
    out.push('\n');
    out
}

#[test]
fn reports_are_as_approved() {
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let mut wrong = Vec::new();
    for (path, text) in pages() {
        let found = report(&tagger, &text, &mut scratch);
        let file = path.with_extension("json");
        if std::env::var_os("RASD_BLESS").is_some() {
            fs::write(&file, &found).unwrap();
            continue;
        }
        let wanted = fs::read_to_string(&file).unwrap_or_default();
        if found != wanted {
            let mut said = format!("{}:", file.display());
            let (mut was, mut is) = (wanted.lines(), found.lines());
            // The first lines that differ; `git diff` after a blessing shows all.
            let mut shown = 0;
            loop {
                let pair = (was.next(), is.next());
                match pair {
                    (None, None) => break,
                    (a, b) if a != b && shown < 3 => {
                        write!(said, "\n- {}\n+ {}", a.unwrap_or(""), b.unwrap_or("")).unwrap();
                        shown += 1;
                    }
                    _ => {}
                }
            }
            wrong.push(said);
        }
    }
    assert!(
        wrong.is_empty(),
        "{} reports changed; RASD_BLESS=1 writes them anew\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn order_of_texts_and_age_of_buffers_change_nothing() {
    let tagger = Tagger::new();
    let pages = pages();
    let mut reused = Scratch::new();
    let forward: Vec<_> = pages
        .iter()
        .map(|(_, t)| report(&tagger, t, &mut reused))
        .collect();
    let backward: Vec<_> = pages
        .iter()
        .rev()
        .map(|(_, t)| report(&tagger, t, &mut reused))
        .collect();
    let other = Tagger::builder().build().unwrap();
    for (i, (path, text)) in pages.iter().enumerate() {
        let fresh = report(&other, text, &mut Scratch::new());
        assert!(forward[i] == fresh, "{}", path.display());
        assert!(backward[pages.len() - 1 - i] == fresh, "{}", path.display());
    }
}

/// A table of words is fullest just before it grows: then a search for a free slot is long, and past a bound a word goes
/// without one and is entered each time it is met. That must not show.
#[test]
fn a_table_full_of_other_words_changes_nothing() {
    let tagger = Tagger::new();
    let letters: Vec<char> = "بتثجحخدذرزسشصضطظعغفقكلمنهوي".chars().collect();
    let pages = pages();
    let fresh: Vec<_> = pages
        .iter()
        .map(|(_, t)| report(&tagger, t, &mut Scratch::new()))
        .collect();
    // Three quarters of 32,768 and of 65,536 slots, and as many words as are ever kept.
    for fill in [24_500, 49_050, 89_000] {
        let mut others = String::new();
        for i in 0..fill {
            let mut n = i * 7919;
            for _ in 0..6 {
                others.push(letters[n % letters.len()]);
                n /= letters.len();
            }
            others.push(' ');
        }
        let mut scratch = Scratch::new();
        let _ = tagger.analyze(&others, &mut scratch).tokens().len();
        for ((path, text), fresh) in pages.iter().zip(&fresh) {
            let found = report(&tagger, text, &mut scratch);
            assert!(found == *fresh, "{} after {fill} words", path.display());
        }
    }
}
