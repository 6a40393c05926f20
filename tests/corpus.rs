//! The corpora of the fuzzers, and random changes of them, on stable Rust: `tests/fuzz/corpus` holds a directory of
//! small inputs for each fuzz target, which together reach what hours of fuzzing reached.
//!
//! `RASD_LONG=1 cargo test --release --test corpus` changes each input a hundred times.
#![cfg(all(feature = "embedded", feature = "serde"))]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[path = "fuzz/checks.rs"]
mod checks;

/// Pieces that are put into inputs; the dictionary of the fuzzers.
fn dictionary() -> Vec<Vec<u8>> {
    let text = include_str!("fuzz/dictionary");
    let words: Vec<Vec<u8>> = text
        .lines()
        .filter_map(|l| l.strip_prefix('"')?.strip_suffix('"'))
        .map(unescape)
        .collect();
    assert!(words.len() > 100);
    words
}

/// `\xAB`, `\\` and `\"` of a libFuzzer dictionary.
fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = match (first, tail) {
            (b'\\', [b'x', a, b, tail @ ..]) => {
                let digits = [*a, *b];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
                tail
            }
            (b'\\', [escaped, tail @ ..]) => {
                out.push(*escaped);
                tail
            }
            _ => {
                out.push(first);
                tail
            }
        };
    }
    out
}

fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    // The package that is published leaves the corpora out.
    let Ok(directory) = fs::read_dir(Path::new("tests/fuzz/corpus").join(name)) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = directory.map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|p| (p.display().to_string(), fs::read(&p).unwrap()))
        .collect()
}

/// Runs `check`; a find is told with the input that made it.
fn run(name: &str, check: checks::Check, input: &[u8], origin: &str) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| check(input))) {
        let said = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
            .unwrap_or_default();
        panic!(
            "{name}, from {origin}: {said}\ninput: {:?}",
            String::from_utf8_lossy(input)
        );
    }
}

/// One to four changes: a byte, a piece left out or put elsewhere, a word of the dictionary, a piece of another input.
fn change(
    input: &mut Vec<u8>,
    others: &[(String, Vec<u8>)],
    words: &[Vec<u8>],
    dice: &mut impl FnMut(usize) -> usize,
) {
    for _ in 0..1 + dice(4) {
        let at = dice(input.len() + 1);
        match dice(6) {
            0 if at < input.len() => input[at] ^= 1 << dice(8),
            1 => {
                let end = (at + dice(24)).min(input.len());
                input.drain(at..end);
            }
            2 => {
                let end = (at + dice(24)).min(input.len());
                let piece = input[at..end].to_vec();
                let to = dice(input.len() + 1);
                input.splice(to..to, piece);
            }
            3 if !others.is_empty() => {
                let other = &others[dice(others.len())].1;
                let from = dice(other.len() + 1);
                let end = (from + dice(64)).min(other.len());
                input.splice(at..at, other[from..end].iter().copied());
            }
            _ => {
                let word = &words[dice(words.len())];
                input.splice(at..at, word.iter().copied());
            }
        }
    }
}

fn replay(name: &str) {
    let &(_, check) = checks::ALL.iter().find(|(n, _)| *n == name).unwrap();
    let inputs = corpus(name);
    for (path, input) in &inputs {
        run(name, check, input, path);
    }
    // New ones: so many in all, from nothing where there is no corpus.
    let rounds = match (std::env::var_os("RASD_LONG"), cfg!(debug_assertions)) {
        (Some(_), _) => inputs.len().max(100) * 100,
        (None, true) => 300,
        (None, false) => 2000,
    };
    let words = dictionary();
    let mut state = name.bytes().map(u64::from).sum::<u64>();
    let mut dice = move |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    for _ in 0..rounds {
        let (origin, mut input) = match inputs.len() {
            0 => ("nothing".to_owned(), Vec::new()),
            n => inputs[dice(n)].clone(),
        };
        change(&mut input, &inputs, &words, &mut dice);
        run(name, check, &input, &origin);
    }
}

/// One test a check, so that they run beside one another.
macro_rules! corpora {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )*

        #[test]
        fn every_check_is_run() {
            let names: Vec<_> = checks::ALL.iter().map(|(n, _)| *n).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

corpora!(tokenize analyze page lexicon normalize report matcher html);
