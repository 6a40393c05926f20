//! What `.ci/ir.sh` counts the instructions of: one case over the second half of the bench text, warm from the first.
//!
//! `ir CASE [FILE]` (the text of a JSON Lines file instead of the bench text) under callgrind with `--toggle-collect='*measured*'`; prints the bytes of the measured half. `ir tables`
//! prints the bytes a phrase of a large lexicon takes, `ir lexicon` that lexicon.

#[path = "support/corpus.rs"]
mod corpus;

use std::hint::black_box;

use corpus::{Corpus, PHRASES};
use rasd::{Lexicon, Scratch, Tagger, TokenScratch, Tokenizer};

#[inline(never)]
fn measured(articles: &[String], run: &mut dyn FnMut(&str) -> usize) -> usize {
    articles.iter().map(|a| run(black_box(a))).sum()
}

fn main() {
    let Some(case) = std::env::args().nth(1).filter(|a| !a.starts_with("--")) else {
        println!("usage: ir spans | tokenize | tag | phrases | tables | lexicon");
        return;
    };
    let mut corpus = Corpus::standard();
    if let Some(path) = std::env::args().nth(2) {
        corpus.articles = corpus::read_jsonl(&path, usize::MAX);
    }
    let (first, second) = corpus.articles.split_at(corpus.articles.len() / 2);
    let tokenizer = Tokenizer::new();
    let mut tokens = TokenScratch::new();
    let mut scratch = Scratch::new();
    let large = || {
        let lexicon =
            Lexicon::from_toml("phrases.toml", &corpus.lexicon()).expect("made to be right");
        Tagger::builder()
            .lexicon(lexicon)
            .build()
            .expect("has no examples")
    };
    let analyze = |tagger: Tagger| move |a: &str| tagger.analyze(a, &mut scratch).entities().len();
    let mut run: Box<dyn FnMut(&str) -> usize> = match case.as_str() {
        "spans" => Box::new(|a| tokenizer.spans(a, &mut tokens).len()),
        "tokenize" => Box::new(|a| {
            let tokens = tokenizer.tokenize(a, &mut tokens);
            tokens.iter().map(|t| t.norm().len() + t.stem().len()).sum()
        }),
        "tag" => Box::new(analyze(Tagger::new())),
        "phrases" => Box::new(analyze(large())),
        "lexicon" => {
            print!("{}", corpus.lexicon());
            return;
        }
        "tables" => {
            let bytes = large().memory_usage() - Tagger::new().memory_usage();
            println!("{}", bytes / PHRASES);
            return;
        }
        other => panic!("unknown case {other}"),
    };
    first.iter().for_each(|a| {
        run(a);
    });
    black_box(measured(second, &mut *run));
    println!("{}", second.iter().map(String::len).sum::<usize>());
}
