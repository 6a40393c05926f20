//! Prints the tokens, sentences, stems and roots of Arabic texts.
//!
//! `cargo run --release --example tokenize -- FILE...` for people, `--json` and `--jsonl` for programs.

#[path = "support/cli.rs"]
mod cli;

use std::fmt::Write;
use std::process::ExitCode;

use cli::{Command, json_number, json_string};
use rasd::{Span, TokenScratch, Tokenizer};

const USAGE: &str = "\
usage: tokenize [--json | --jsonl] [--threads N] [--skip N] [FILE | DIRECTORY | -]...

Prints tokens, sentences, clitics, stems and roots of UTF-8 text files (standard input without one).
  --json       one JSON object a file
  --jsonl      the input is JSON Lines, {\"id\": ..., \"text\": ...} a line; one JSON object a line
  --threads N  with --jsonl: work on N threads; the order stays
  --skip N     with --jsonl: leave out the first N lines that are not blank (as many as were answered before a stop)
";

struct Tokenize(Tokenizer);

impl Command for Tokenize {
    type Scratch = TokenScratch;

    fn scratch(&self, options: &cli::Options) -> TokenScratch {
        options
            .words
            .map_or_else(TokenScratch::new, TokenScratch::with_words)
    }

    fn people(&self, name: &str, text: &str, scratch: &mut TokenScratch, out: &mut String) {
        let tokens = self.0.tokenize(text, scratch);
        let _ = writeln!(
            out,
            "{name}: {} tokens, {} sentences",
            tokens.len(),
            tokens.sentences().len()
        );
        for token in tokens.iter() {
            let segments: Vec<_> = token.segments().map(|s| s.text).collect();
            let _ = writeln!(
                out,
                "{}\t{}\t{}\t{}\t{}\t{}",
                token.span(),
                token.kind().as_str(),
                token.text(),
                segments.join("+"),
                token.stem(),
                token.root().unwrap_or("-"),
            );
        }
    }

    fn json(&self, text: &str, scratch: &mut TokenScratch, out: &mut String) {
        let tokens = self.0.tokenize(text, scratch);
        out.push_str(", \"sentences\": [");
        for (i, span) in tokens.sentences().enumerate() {
            out.push_str(if i > 0 { ", {" } else { "{" });
            offsets(span, out);
            out.push('}');
        }
        out.push_str("], \"tokens\": [");
        for (i, token) in tokens.iter().enumerate() {
            out.push_str(if i > 0 { ", {" } else { "{" });
            offsets(token.span(), out);
            out.push_str(", \"text\": ");
            json_string(token.text(), out);
            out.push_str(", \"kind\": \"");
            out.push_str(token.kind().as_str());
            out.push_str("\", \"norm\": ");
            json_string(token.norm(), out);
            out.push_str(", \"stem\": ");
            json_string(token.stem(), out);
            out.push_str(", \"root\": ");
            match token.root() {
                Some(root) => json_string(root, out),
                None => out.push_str("null"),
            }
            out.push_str(", \"segments\": [");
            for (i, segment) in token.segments().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                json_string(segment.text, out);
            }
            out.push_str("]}");
        }
        out.push(']');
    }
}

fn offsets(span: Span, out: &mut String) {
    out.push_str("\"start\": ");
    json_number(span.start as usize, out);
    out.push_str(", \"end\": ");
    json_number(span.end as usize, out);
}

fn main() -> ExitCode {
    match cli::options(USAGE) {
        Ok(options) => cli::run(&Tokenize(Tokenizer::new()), &options),
        Err(code) => code,
    }
}
