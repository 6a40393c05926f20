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
fn a_file_past_the_limit_is_not_read() {
    // Sparse: it takes no room on the disk, and no memory where it is refused before it is read.
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("huge.toml");
    let file = fs::File::create(&path).unwrap();
    file.set_len(rasd::MAX_FILE_BYTES as u64 + 1).unwrap();
    let error = Lexicon::from_path(&path).unwrap_err();
    fs::remove_file(&path).unwrap();
    let message = error.to_string();
    assert!(
        message.ends_with("has 33554433 bytes, the limit is 33554432 [L009]\n  help: split it"),
        "{message}"
    );
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

/// A file with `n` blocks of `block`, `{}` being the number.
fn many(block: &str, n: usize) -> String {
    let mut out = String::from(
        "format = 1\nversion = \"1\"\n[topic]\nid = \"t\"\nname = { ar = \"ا\", en = \"a\" }\n",
    );
    for i in 0..n {
        out.push_str(&block.replace("{}", &i.to_string()));
    }
    out
}

#[test]
fn every_limit_of_a_file_is_an_error() {
    let rule =
        "[[rule]]\nid = \"r{}\"\nrole = \"core\"\nweight = 1\nwhy = \"w\"\nall-of = [[\"قارب\"]]\n";
    let set = "[[set]]\nid = \"s{}\"\nlist = []\n";
    let subtopic = "[[subtopic]]\nid = \"s{}\"\nname = { ar = \"ا\", en = \"a\" }\n";
    let example = "[[example]]\ntext = \"ا\"\nreject = [\"t\"]\n";
    for (what, block, limit) in [
        ("rules", rule, rasd::MAX_RULES),
        ("sets", set, rasd::MAX_SETS),
        ("subtopics", subtopic, rasd::MAX_SUBTOPICS),
        ("examples", example, rasd::MAX_EXAMPLES),
    ] {
        let error = Lexicon::from_toml("f", &many(block, limit + 1)).unwrap_err();
        let wanted = format!(
            "f:1:1: the file has {} {what}, the limit is {limit} [L009]\n  help: split it",
            limit + 1
        );
        assert!(
            error.to_string().contains(&wanted),
            "{what}: {}",
            &error.to_string()[..300]
        );
    }
    assert!(Lexicon::from_toml("f", &many(subtopic, rasd::MAX_SUBTOPICS)).is_ok());
    let error = Lexicon::from_toml("f", &" ".repeat(rasd::MAX_FILE_BYTES + 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "f: has 33554433 bytes, the limit is 33554432 [L009]\n  help: split it"
    );
}

#[test]
fn a_set_that_many_lists_name_is_no_bomb() {
    // 2,000 terms, named 25 times in each of 40 lists: two million copies.
    let terms: String = (0..2000).map(|i| format!("\"كلمة {i}\",")).collect();
    let names = "\"@s\",".repeat(25);
    let source = many("", 0)
        + &format!("[[set]]\nid = \"s\"\nlist = [{terms}]\n")
        + &many(
            &format!(
                "[[rule]]\nid = \"r{{}}\"\nrole = \"core\"\nweight = 1\nwhy = \"w\"\nall-of = [[{names}]]\n"
            ),
            40,
        )[many("", 0).len()..];
    let error = Lexicon::from_toml("f", &source).unwrap_err().to_string();
    assert!(
        error.contains("terms, the limit is 1000000 [L009]"),
        "{error}"
    );
}

#[test]
fn a_file_of_one_long_line_is_placed_in_linear_time() {
    // 60,000 findings in a line of a megabyte: counting each column from the start of the line took minutes.
    let n = if cfg!(debug_assertions) {
        6_000
    } else {
        60_000
    };
    let list = "\"ل\", ".repeat(n);
    let source = format!(
        "{}[[terms]]\nrole = \"core\"\nweight = 1\nwhy = \"w\"\nlist = [{list}]\n",
        many("", 0)
    );
    let error = Lexicon::from_toml("f", &source).unwrap_err();
    let last = error.diagnostics().last().unwrap();
    assert_eq!(error.diagnostics().len(), n);
    assert_eq!(last.column as usize, 9 + (n - 1) * 5);
}

/// One of each row, one behind the other: 65,536 words that had one hash, when terms were looked up by the hash that words
/// of texts are. A file of them took half a minute where a file of others takes half a second.
const COLLIDING: [[&str; 4]; 8] = [
    [
        "byetcdhcgpsdb40b",
        "jmixrlwizgrm6390",
        "pensyjge9wa9sn69",
        "zimdzqahb19tx9kw",
    ],
    [
        "zlbgflbgurrd0jp0",
        "zznprqqya24vb89v",
        "rqcwfgeoy99zmu3u",
        "xcgcswnb2ibcdrk3",
    ],
    [
        "fysmbvnga20dn0dp",
        "ngjhcjxcvgur8s5f",
        "vvsccqgtk8n9vsy2",
        "dbppnity975npvv4",
    ],
    [
        "wyriprlfx0p24b0e",
        "wancgzpcj0euxanu",
        "gmmnirqlune9awx4",
        "evgywjko2a6jq9xz",
    ],
    [
        "gbvsodtv1dabab0h",
        "ebjmkzoim9ncmnd4",
        "grehmuag2dwgkz2y",
        "magogkhgztqwq9b0",
    ],
    [
        "txnbexulahtpg5p0",
        "dhpitaaln2wwyy9h",
        "fgsntjyw0ui88zme",
        "dfdbgyipwr9nzdni",
    ],
    [
        "frramadzeq0a1806",
        "fpfzxcakb1msn2y5",
        "lrelssnv1ahlz47b",
        "frtrshiuzqpqohux",
    ],
    [
        "imcfster42a50u8a",
        "klxcvqjjm71qlzt6",
        "ikrqohqt2r1tvnjt",
        "sbgaunoqz8zz95r5",
    ],
];

#[test]
fn terms_made_to_collide_are_read_in_linear_time() {
    let read = |choices: usize| {
        let list: String = (0..choices)
            .map(|n| {
                let word = COLLIDING.iter().enumerate();
                let word = word.map(|(row, parts)| parts[n >> (2 * row) & 3]);
                format!("\"{}\",\n", word.collect::<String>())
            })
            .collect();
        let source = format!(
            "{}[[terms]]\nrole = \"core\"\nweight = 1\nwhy = \"w\"\nlist = [{list}]\n",
            many("", 0)
        );
        let start = std::time::Instant::now();
        let lexicon = Lexicon::from_toml("f", &source).unwrap();
        assert_eq!(lexicon.stamp().terms, choices);
        start.elapsed()
    };
    // Sixteen times the terms took five hundred times the time. Other programs disturb the clock: once of three will do.
    let linear = (0..3).any(|_| read(1 << 16) < read(1 << 12) * 60);
    assert!(linear);
}

#[test]
fn damaged_files_are_read_or_refused() {
    let good = fs::read("examples/support/floods.toml").unwrap();
    let mut state = 7u64;
    let mut next = move |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % n
    };
    let (mut read, mut refused) = (0, 0);
    for round in 0..1500 {
        let mut bytes = good.clone();
        match round % 4 {
            0 => bytes.truncate(next(good.len())),
            1 => bytes[next(good.len())] ^= 1 << next(8),
            2 => {
                let (a, b) = (next(good.len()), next(good.len()));
                bytes.drain(a.min(b)..a.max(b));
            }
            _ => {
                let (a, b) = (next(good.len()), next(good.len()));
                bytes.splice(a..a, good[b..(b + 40).min(good.len())].iter().copied());
            }
        }
        match Lexicon::from_toml("f", &String::from_utf8_lossy(&bytes)) {
            Ok(_) => read += 1,
            Err(e) => {
                refused += 1;
                assert!(!e.diagnostics().is_empty() && e.to_string().starts_with("f:"));
            }
        }
    }
    assert!(read > 50 && refused > 500, "{read} {refused}");
}

#[test]
fn one_term_in_two_topics_counts_for_both() {
    let file = |id: &str| {
        let list =
            "[[terms]]\nrole = \"core\"\nweight = 3\nwhy = \"w\"\nlist = [\"السيول الجارفة\"]\n";
        let source = many(list, 1).replace("id = \"t\"", &format!("id = \"{id}\""));
        Lexicon::from_toml(id, &source).unwrap()
    };
    let tagger = Tagger::builder()
        .without_embedded()
        .lexicon(file("one"))
        .lexicon(file("two"))
        .build()
        .unwrap();
    let report = tagger.tag("السيول الجارفة");
    let ids: Vec<_> = report.topics.iter().map(|t| t.id.as_str()).collect();
    assert_eq!(ids, ["one", "two"]);
}

#[test]
fn patterns_are_letters() {
    let list = "[[terms]]\nrole = \"core\"\nweight = 3\nwhy = \"w\"\nlist = [\"قارب.*غرق\"]\n";
    let lexicon = Lexicon::from_toml("f", &many(list, 1)).unwrap();
    let tagger = Tagger::builder()
        .without_embedded()
        .lexicon(lexicon)
        .build()
        .unwrap();
    assert!(tagger.tag("قارب كبير غرق").topics.is_empty());
}
