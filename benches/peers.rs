//! The table of the README: rasd beside what others use, as ratios to `std::str::from_utf8` over the same text.
//!
//! `cargo bench --bench peers` measures all cases round by round in turn and prints medians: on a busy machine a ratio
//! from one run means something, megabytes a second do not. Processor time of the thread, not wall time.
//!
//! `-- --rounds N`, `-- --mb N` for another size, `-- --jsonl FILE` for a text of your own (`{"text": ...}` a line).

#[path = "support/corpus.rs"]
mod corpus;

use std::hint::black_box;
use std::time::Instant;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use corpus::{Corpus, PHRASES};
use cpu_time::ThreadTime;
use rasd::{Lexicon, Scratch, Tagger, TokenKind, TokenScratch, Tokenizer};
use unicode_segmentation::UnicodeSegmentation;

/// Nanoseconds this thread has worked: other programs on the machine take no part of it.
fn cpu() -> u64 {
    ThreadTime::now().as_duration().as_nanos() as u64
}

/// A case: what it is called, and a run over all articles that gives a number to check.
struct Case<'a> {
    name: &'static str,
    run: Box<dyn FnMut() -> usize + 'a>,
    rounds: Vec<u64>,
    found: usize,
}

fn main() {
    let mut rounds = 9;
    let mut bytes = 4 << 20;
    let mut jsonl = None;
    let mut only: Option<String> = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--rounds" => rounds = args.next().and_then(|n| n.parse().ok()).unwrap_or(rounds),
            "--mb" => {
                bytes = args
                    .next()
                    .and_then(|n| n.parse::<usize>().ok())
                    .unwrap_or(4)
                    << 20
            }
            "--jsonl" => jsonl = args.next(),
            "--only" => only = args.next(),
            // `cargo bench -- --test`: that it runs.
            "--test" => (rounds, bytes) = (1, 1 << 18),
            _ => {}
        }
    }
    let mut corpus = Corpus::new(if jsonl.is_some() { 0 } else { bytes }, PHRASES);
    if let Some(path) = jsonl {
        corpus.articles = corpus::read_jsonl(&path, bytes);
    }
    let articles = &corpus.articles;
    let size = corpus.bytes();
    let tokenizer = Tokenizer::new();
    let tagger = Tagger::new();
    let started = Instant::now();
    let lexicon = Lexicon::from_toml("phrases.toml", &corpus.lexicon()).unwrap();
    let read = started.elapsed();
    let started = Instant::now();
    let large = Tagger::builder().lexicon(lexicon).build().unwrap();
    let built = started.elapsed();
    let started = Instant::now();
    let automaton = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .match_kind(MatchKind::Standard)
        .build(&corpus.phrases)
        .unwrap();
    let automaton_built = started.elapsed();
    let own_stemmer = rasd::Stemmer::new();
    let stemmer = rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::Arabic);
    let words: Vec<&str> = articles.iter().flat_map(|a| a.unicode_words()).collect();

    fn case<'a>(name: &'static str, run: impl FnMut() -> usize + 'a) -> Case<'a> {
        Case {
            name,
            run: Box::new(run),
            rounds: Vec::new(),
            found: 0,
        }
    }
    let mut spans_scratch = TokenScratch::new();
    let mut stem_scratch = TokenScratch::new();
    let mut cut_scratch = TokenScratch::new();
    let mut tag_scratch = Scratch::new();
    let mut large_scratch = Scratch::new();
    let all = articles;
    let mut cases = vec![
        case("std::str::from_utf8", move || {
            all.iter()
                .map(|a| std::str::from_utf8(black_box(a.as_bytes())).unwrap().len())
                .sum()
        }),
        case("rasd: token spans and kinds", || {
            all.iter()
                .map(|a| {
                    tokenizer
                        .spans(black_box(a), &mut spans_scratch)
                        .filter(|t| t.1 == TokenKind::Word)
                        .count()
                })
                .sum()
        }),
        case("rasd: span, norm and stem of every token", || {
            all.iter()
                .map(|a| {
                    let tokens = tokenizer.tokenize(black_box(a), &mut stem_scratch);
                    tokens
                        .iter()
                        .map(|t| t.span().len() + t.norm().len() + t.stem().len())
                        .sum::<usize>()
                })
                .sum()
        }),
        case("rasd: clitics and base of every word", || {
            all.iter()
                .map(|a| {
                    let tokens = tokenizer.tokenize(black_box(a), &mut cut_scratch);
                    tokens
                        .iter()
                        .map(|t| t.segments().map(|s| s.span.len()).sum::<usize>())
                        .sum::<usize>()
                })
                .sum()
        }),
        case("rasd: tag, shipped lexicons", || {
            all.iter()
                .map(|a| {
                    let a = tagger.analyze(black_box(a), &mut tag_scratch);
                    a.topics().count() + a.entities().len() + a.keywords().count()
                })
                .sum()
        }),
        case("rasd: tag, 20,000 phrases more", || {
            all.iter()
                .map(|a| {
                    let a = large.analyze(black_box(a), &mut large_scratch);
                    a.topics().count() + a.entities().len() + a.keywords().count()
                })
                .sum()
        }),
        case("aho-corasick, the same phrases, search only", || {
            all.iter()
                .map(|a| automaton.find_overlapping_iter(black_box(a)).count())
                .sum()
        }),
        case("unicode-segmentation: words", || {
            all.iter()
                .map(|a| black_box(a).unicode_words().count())
                .sum()
        }),
        case("rust-stemmers: stems of a ready word list", || {
            words.iter().map(|w| stemmer.stem(black_box(w)).len()).sum()
        }),
        case("rasd: stems of the same words", || {
            words
                .iter()
                .map(|w| own_stemmer.stem(black_box(w)).len())
                .sum()
        }),
    ];
    if let Some(only) = &only {
        cases.retain(|c| c.name.starts_with("std") || c.name.contains(only.as_str()));
    }
    for round in 0..=rounds {
        for case in &mut cases {
            let start = cpu();
            let found = (case.run)();
            let time = cpu() - start;
            assert!(
                round == 0 || found == case.found,
                "{}: not the same twice",
                case.name
            );
            case.found = found;
            // The first round warms up.
            if round > 0 {
                case.rounds.push(time);
            }
        }
    }
    println!(
        "{size} bytes in {} articles, {rounds} rounds",
        articles.len()
    );
    println!("{:<46} {:>8} {:>8} {:>8}", "", "MB/s", "ratio", "found");
    let anchor: Vec<u64> = cases[0].rounds.clone();
    for case in &cases {
        let mut times = case.rounds.clone();
        let mut ratios: Vec<f64> = anchor
            .iter()
            .zip(&case.rounds)
            .map(|(a, t)| *a as f64 / (*t).max(1) as f64)
            .collect();
        times.sort_unstable();
        ratios.sort_by(f64::total_cmp);
        let time = times[times.len() / 2].max(1);
        println!(
            "{:<46} {:>8.1} {:>8.3} {:>8}",
            case.name,
            size as f64 * 1e3 / time as f64,
            ratios[ratios.len() / 2],
            case.found
        );
    }
    println!(
        "{PHRASES} phrases: read {read:.1?}, built {built:.1?}; aho-corasick built {automaton_built:.1?}; tables {} and {} bytes",
        tagger.memory_usage(),
        large.memory_usage(),
    );
}
