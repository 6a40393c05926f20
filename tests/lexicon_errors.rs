//! Bad lexicons: each file of `tests/errors` must be refused with exactly the message beside it.
//!
//! After a change of wording: `RASD_BLESS=1 cargo test --test lexicon_errors`, then read the diff.

use std::fs;
use std::path::{Path, PathBuf};

use rasd::{Lexicon, Tagger};

fn files() -> Vec<PathBuf> {
    let mut out: Vec<_> = fs::read_dir("tests/errors")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    out.sort();
    assert!(out.len() > 20);
    out
}

#[test]
fn every_bad_file_earns_its_message() {
    for path in files() {
        let error =
            Lexicon::from_path(&path).expect_err(&format!("{} was accepted", path.display()));
        let found = format!("{error}\n");
        let wanted = path.with_extension("stderr");
        if std::env::var_os("RASD_BLESS").is_some() {
            fs::write(&wanted, found).unwrap();
        } else {
            let wanted = fs::read_to_string(&wanted).unwrap_or_default();
            assert_eq!(found, wanted, "{}", path.display());
        }
    }
}

#[test]
fn codes_are_in_the_guide() {
    let guide = include_str!("../src/guide/lexicons.md");
    for path in files() {
        for d in Lexicon::from_path(&path).unwrap_err().diagnostics() {
            assert!(
                guide.contains(&format!("| {} |", d.code)),
                "{} is not in the guide",
                d.code
            );
        }
    }
}

#[test]
fn what_is_no_regular_file_is_refused() {
    for path in ["/dev/zero", "/", "tests/errors/no-such-file.toml"] {
        let error = Lexicon::from_path(path).unwrap_err();
        assert!(error.is_io(), "{error}");
    }
}

#[test]
fn byte_order_mark_and_crlf_are_read() {
    let source = fs::read_to_string("examples/support/floods.toml").unwrap();
    let plain = Lexicon::from_toml("floods.toml", &source).unwrap();
    let other = format!("\u{FEFF}{}", source.replace('\n', "\r\n"));
    let other = Lexicon::from_toml("floods.toml", &other).unwrap();
    assert_eq!(plain.stamp().terms, other.stamp().terms);
}

#[test]
fn failed_example_says_what_was_found() {
    let source = fs::read_to_string("examples/support/floods.toml").unwrap();
    let source = source.replace("expect = [\"floods\"]", "reject = [\"floods\"]");
    let lexicon = Lexicon::from_toml("floods.toml", &source).unwrap();
    let error = Tagger::builder()
        .lexicon(lexicon)
        .check_examples()
        .build()
        .unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with("floods.toml:37:8: example fails: floods must not be assigned"),
        "{message}"
    );
    assert!(
        message.contains("[L013]\n  help: found: فيضان"),
        "{message}"
    );
}

#[test]
fn a_million_terms_are_refused_and_many_are_not() {
    let head = "format = 1\nversion = \"1\"\n[topic]\nid = \"big\"\nname = { ar = \"ا\", en = \"b\" }\n[[terms]]\nrole = \"core\"\nweight = 1\nwhy = \"size\"\nlist = [\n";
    let file = |n: usize| {
        let mut s = String::from(head);
        for i in 0..n {
            s.push_str(&format!("\"كلمة {i}\",\n"));
        }
        s + "]\n"
    };
    let many = Lexicon::from_toml("big.toml", &file(20_000)).unwrap();
    assert_eq!(many.stamp().terms, 20_000);
    let error = Lexicon::from_toml("big.toml", &file(rasd::MAX_TERMS + 1)).unwrap_err();
    assert!(error.to_string().contains("[L009]"), "{error}");
}

#[test]
fn shipped_files_are_in_order() {
    // Where a shipped file were refused, `Tagger::new` would go on without it: so each is asked for here.
    let ids: Vec<_> = Tagger::new()
        .lexicons()
        .iter()
        .map(|s| s.id.clone())
        .collect();
    for topic in ["human-trafficking", "irregular-migration", "local-security"] {
        assert!(ids.iter().any(|id| id == topic), "{topic} is not loaded");
        let path = Path::new("lexicons/topics").join(format!("{topic}.toml"));
        let lexicon = Lexicon::from_path(&path).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(lexicon.warnings(), [], "{topic}");
        assert!(lexicon.stamp().terms >= 600);
        let failed = Tagger::new().run_examples(&lexicon);
        let text: Vec<_> = failed.iter().map(|d| d.to_string()).collect();
        assert!(failed.is_empty(), "{}", text.join("\n"));
    }
}
