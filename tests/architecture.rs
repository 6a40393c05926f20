//! Modules look upstream only: each may name what stands above it in [`ORDER`], never what stands below.
//!
//! Tests inside modules are left out: a test may look anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Source to mouth. Modules of one line are peers that do not name one another.
const ORDER: &[&[&str]] = &[
    // `embedded` holds the bytes that the build script makes of the shipped lexicons, `archive` reads them.
    &["span", "error", "archive", "embedded", "sieve", "ahead"],
    &["normalize", "calendar"],
    &["morph", "token"],
    &["words"],
    &["tokenizer"],
    &["page", "measure"],
    &["number"],
    &["date"],
    // Lexicon files give the layout and the words of measure, so these stand above.
    &["lexicon"],
    &["matcher"],
    &["document"],
    &["topic", "entity", "quantity"],
    &["keyword"],
    &["brief"],
    &["scratch"],
    // The view and what is written of it are one thing in two files.
    &["analysis", "report"],
    &["tagger"],
    &["guide", "train"],
];

/// Names that may look down, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "analysis",
        "report",
        "`Analysis::to_report` is the way from one to the other",
    ),
    ("report", "analysis", "a report is written from the view"),
    (
        "analysis",
        "tagger",
        "the view borrows what the tagger knows",
    ),
];

/// Parts of a module that make its tables with the finished tagger: they run on a developer's machine, and stand below
/// everything.
const WORKSHOPS: &[&str] = &["src/train.rs", "src/keyword/count.rs", "src/keyword/lab.rs"];

fn sources(directory: &Path, out: &mut Vec<PathBuf>) {
    let mut inside: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    inside.sort();
    for path in inside {
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The top-level module of a file.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    let first = inside.components().next().unwrap();
    Path::new(first.as_os_str())
        .file_stem()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned()
}

/// The code of a file: no comments, and no `mod tests { ... }`, which stands last in every file.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
    let lines = text.lines().map(|l| l.split("//").next().unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

/// First names behind `crate::`, those of `use crate::{a, b::c}` too.
fn names(code: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let word = |s: &str| {
        s.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        // `rasd::` of examples is another name, `$crate::` of macros the same.
        let Some(list) = rest.strip_prefix('{') else {
            out.insert(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = 0;
        for (i, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    out.insert(word(&list[start..i]));
                    start = i + 1;
                    if c == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    out.remove("");
    out
}

#[test]
fn modules_look_upstream_only() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let rank: BTreeMap<&str, usize> = ORDER
        .iter()
        .enumerate()
        .flat_map(|(i, peers)| peers.iter().map(move |p| (*p, i)))
        .collect();
    let mut wrong = Vec::new();
    for path in &files {
        let from = module(path);
        let workshop = WORKSHOPS.iter().any(|w| path == Path::new(w));
        if workshop || from == "lib" || path.file_stem().is_some_and(|s| s == "tests") {
            continue;
        }
        let Some(&here) = rank.get(&*from) else {
            wrong.push(format!(
                "{}: `{from}` has no place in ORDER",
                path.display()
            ));
            continue;
        };
        for name in names(&code(path)) {
            // Types are named through the root only where the name is a type: those are re-exported from a module.
            let Some(&there) = rank.get(&*name) else {
                if name.starts_with(char::is_lowercase) {
                    wrong.push(format!(
                        "{}: `crate::{name}` has no place in ORDER",
                        path.display()
                    ));
                } else {
                    wrong.push(format!(
                        "{}: name `{name}` by its module, not through the root",
                        path.display()
                    ));
                }
                continue;
            };
            let excused = EXCEPTIONS.iter().any(|(f, t, _)| *f == from && *t == name);
            if name != from && there >= here && !excused {
                wrong.push(format!(
                    "{}: `{from}` names `{name}`, which stands downstream",
                    path.display()
                ));
            }
        }
    }
    assert!(files.len() > 30, "{} files", files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn exceptions_are_still_needed() {
    for (from, to, why) in EXCEPTIONS {
        let path = Path::new("src").join(from).with_extension("rs");
        assert!(
            names(&code(&path)).contains(*to),
            "{from} no longer names {to}: {why}"
        );
    }
}

#[test]
fn no_module_is_a_drawer() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    for path in files {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            !["utils", "util", "helpers", "common", "misc", "manager"].contains(&name),
            "{}",
            path.display()
        );
    }
}

#[test]
fn the_library_holds_no_unsafe_code_and_says_so() {
    let root = fs::read_to_string("src/lib.rs").unwrap();
    assert!(root.contains("#![forbid(unsafe_code)]"));
}

#[test]
fn every_promise_of_the_guide_has_its_test() {
    let guide = fs::read_to_string("src/guide/reliability.md").unwrap();
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    sources(Path::new("tests"), &mut files);
    let all: String = files
        .iter()
        .map(|f| fs::read_to_string(f).unwrap())
        .collect();
    let rows = guide
        .lines()
        .filter(|l| l.starts_with("| ") && l.ends_with("` |") || l.contains("fuzz targets |"));
    let mut promises = 0;
    for row in rows {
        let tests = row.rsplit(" | ").next().unwrap_or("");
        for name in tests.split('`').skip(1).step_by(2) {
            if name.contains('_') {
                assert!(
                    all.contains(&format!("fn {name}(")),
                    "no test {name}: {row}"
                );
                promises += 1;
            }
        }
    }
    assert!(promises > 20, "{promises}");
}
