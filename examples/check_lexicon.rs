//! Checks lexicon files: mistakes with their place, failed examples, and terms that a corpus shows to be odd.

#[path = "support/terminal.rs"]
mod terminal;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use rasd::{Lexicon, Scratch, Tagger};

const USAGE: &str = "\
usage: check_lexicon [--corpus FILE.jsonl] FILE.toml...

Reads the lexicon files, prints every mistake as file:line:column, runs their [[example]] blocks on top of the shipped
lexicons, names duplicates and blocks without an example, and with --corpus counts each term over the articles
({\"id\": ..., \"text\": ...} a line) to show terms that never match and terms that match in more than one article of
twenty. Exit status 1 where there is an error.
";

fn main() -> ExitCode {
    terminal::run(check)
}

fn check(out: &mut impl Write) -> io::Result<ExitCode> {
    let mut corpus = None;
    let mut files = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--corpus" => corpus = args.next(),
            "-h" | "--help" => {
                write!(out, "{USAGE}")?;
                return Ok(ExitCode::SUCCESS);
            }
            _ => files.push(arg),
        }
    }
    if files.is_empty() {
        terminal::note(USAGE.trim_end());
        return Ok(ExitCode::from(2));
    }
    let mut failed = false;
    let mut lexicons = Vec::new();
    for file in &files {
        match Lexicon::from_path(file) {
            Ok(lexicon) => lexicons.push(lexicon),
            Err(e) => {
                writeln!(out, "{e}")?;
                failed = true;
            }
        }
    }
    for lexicon in &lexicons {
        for warning in lexicon.warnings() {
            writeln!(out, "{warning}")?;
        }
    }
    let mut builder = Tagger::builder();
    for lexicon in &lexicons {
        builder.lexicon(lexicon.clone());
    }
    let tagger = match builder.build() {
        Ok(tagger) => tagger,
        Err(e) => {
            writeln!(out, "{e}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    for lexicon in &lexicons {
        for finding in tagger.lint(lexicon) {
            writeln!(out, "{finding}")?;
        }
        for finding in tagger.run_examples(lexicon) {
            writeln!(out, "{finding}")?;
            failed = true;
        }
        let stamp = lexicon.stamp();
        terminal::line(
            out,
            format_args!(
                "{}: {} {} {}, {} terms and rules",
                lexicon.file(),
                stamp.id,
                stamp.version,
                stamp.hash,
                stamp.terms
            ),
        )?;
    }
    if let Some(path) = corpus {
        match std::fs::read_to_string(&path) {
            Ok(source) => {
                let bad = count(&tagger, &lexicons, &source, out)?;
                if bad > 0 {
                    terminal::note(format_args!("{path}: {bad} lines are no articles"));
                    failed = true;
                }
            }
            Err(e) => {
                terminal::note(format_args!("{path}: {e}"));
                failed = true;
            }
        }
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// A line of the corpus.
#[derive(serde::Deserialize)]
struct Article {
    text: String,
}

/// Counts in how many articles each term is found; how many lines are no articles.
fn count(
    tagger: &Tagger,
    lexicons: &[Lexicon],
    source: &str,
    out: &mut impl Write,
) -> io::Result<usize> {
    let mut scratch = Scratch::new();
    let (mut articles, mut bad) = (0, 0);
    let mut found: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in source.lines() {
        let Ok(article) = serde_json::from_str::<Article>(line) else {
            bad += 1;
            continue;
        };
        articles += 1;
        let analysis = tagger.analyze(&article.text, &mut scratch);
        let mut seen = std::collections::BTreeSet::new();
        for story in 0..analysis.stories().len() {
            for topic in analysis.topics_of(story) {
                for e in topic.evidence() {
                    seen.insert((topic.id.to_owned(), e.term.to_owned()));
                }
            }
        }
        for key in seen {
            *found.entry(key).or_default() += 1;
        }
    }
    for lexicon in lexicons {
        let id = &lexicon.stamp().id;
        let mut never = Vec::new();
        for term in lexicon.terms() {
            match found.get(&(id.clone(), term.to_owned())) {
                None => never.push(term),
                Some(&n) if n * 20 > articles => {
                    let file = lexicon.file();
                    terminal::line(
                        out,
                        format_args!("{file}: in {n} of {articles} articles: {term}"),
                    )?;
                }
                Some(_) => {}
            }
        }
        terminal::line(
            out,
            format_args!(
                "{}: never in {articles} articles ({}): {}",
                lexicon.file(),
                never.len(),
                never.join("، ")
            ),
        )?;
    }
    Ok(bad)
}
