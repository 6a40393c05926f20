//! The table of the README: rasd beside what others use, as ratios to `std::str::from_utf8` over the same text.
//!
//! `cargo bench --bench peers` measures all cases round by round in turn and prints medians: on a busy machine a ratio
//! from one run means something, megabytes a second do not.
//!
//! `-- --ratios` prints names and ratios only, for `.ci/ratios`.
//! `-- --rounds N`, `-- --mb N` for another size, `-- --jsonl FILE` for a text of your own (`{"text": ...}` a line).

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/rounds.rs"]
mod rounds;

use std::hint::black_box;
use std::time::Instant;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use corpus::{Corpus, PHRASES};
use rasd::{Lexicon, Scratch, Tagger, TokenKind, TokenScratch, Tokenizer};
use rounds::{case, median, run};
use unicode_segmentation::UnicodeSegmentation;

fn main() {
    let mut rounds = 9;
    let mut bytes = 4 << 20;
    let mut jsonl = None;
    let mut only: Option<String> = None;
    let mut ratios = false;
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
            "--ratios" => ratios = true,
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
    run(&mut cases, rounds);
    let (anchor, rest) = cases.split_first().expect("from_utf8 is one");
    if ratios {
        for case in rest {
            println!("{}\t{:.4}", case.name, case.speed_to(anchor));
        }
        return;
    }
    println!(
        "{size} bytes in {} articles, {rounds} rounds",
        articles.len()
    );
    println!("{:<46} {:>8} {:>8} {:>8}", "", "MB/s", "ratio", "found");
    for case in &cases {
        println!(
            "{:<46} {:>8.1} {:>8.3} {:>8}",
            case.name,
            size as f64 * 1e3 / median(case.times.iter().copied()) as f64,
            case.speed_to(anchor),
            case.found
        );
    }
    println!(
        "{PHRASES} phrases: read {read:.1?}, built {built:.1?}; aho-corasick built {automaton_built:.1?}; tables {} and {} bytes",
        tagger.memory_usage(),
        large.memory_usage(),
    );
}
