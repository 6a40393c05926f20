//! Runs two versions of a lexicon over a corpus and shows which articles change, and the terms that did it.

#[path = "support/terminal.rs"]
mod terminal;

use std::io::{self, Write};
use std::process::ExitCode;

use rasd::{Analysis, Lexicon, Scratch, Tagger};

const USAGE: &str = "\
usage: compare_lexicons A.toml B.toml CORPUS.jsonl

CORPUS holds {\"id\": ..., \"text\": ...} a line. Every article whose topics differ between the two is printed with its
scores and with the evidence that only one side has. Exit status 0, 1 where a line of the corpus is no article, or 2
where a file cannot be read.
";

#[derive(serde::Deserialize)]
struct Article {
    id: String,
    text: String,
}

/// The tagger over one file alone.
fn tagger(path: &str) -> Result<(Tagger, String), rasd::Error> {
    let lexicon = Lexicon::from_path(path)?;
    let id = lexicon.stamp().id.clone();
    Ok((
        Tagger::builder()
            .without_embedded()
            .lexicon(lexicon)
            .build()?,
        id,
    ))
}

fn main() -> ExitCode {
    terminal::run(compare)
}

fn compare(out: &mut impl Write) -> io::Result<ExitCode> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [a, b, corpus] = &args[..] else {
        terminal::note(USAGE.trim_end());
        return Ok(ExitCode::from(2));
    };
    let (a, b) = match (tagger(a), tagger(b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(e), _) | (_, Err(e)) => {
            terminal::note(e);
            return Ok(ExitCode::from(2));
        }
    };
    let source = match std::fs::read_to_string(corpus) {
        Ok(source) => source,
        Err(e) => {
            terminal::note(format_args!("{corpus}: {e}"));
            return Ok(ExitCode::from(2));
        }
    };
    let (mut scratch_a, mut scratch_b) = (Scratch::new(), Scratch::new());
    let (mut articles, mut gained, mut lost, mut bad) = (0, 0, 0, 0);
    for (i, line) in source.lines().enumerate() {
        let article = match serde_json::from_str::<Article>(line) {
            Ok(article) => article,
            Err(e) => {
                terminal::note(format_args!("{corpus}: line {}: {e}", i + 1));
                bad += 1;
                continue;
            }
        };
        articles += 1;
        let in_a = a.0.analyze(&article.text, &mut scratch_a);
        let in_b = b.0.analyze(&article.text, &mut scratch_b);
        let (before, after) = (score(&in_a, &a.1), score(&in_b, &b.1));
        if (before >= 0.5) == (after >= 0.5) {
            continue;
        }
        if after >= 0.5 {
            gained += 1;
        } else {
            lost += 1;
        }
        let title = article.text.lines().next().unwrap_or("");
        terminal::line(
            out,
            format_args!("{}: {before:.3} -> {after:.3}: {title}", article.id),
        )?;
        let (old, new) = (sources(&in_a, &a.1), sources(&in_b, &b.1));
        for (term, counted) in &old {
            match new.iter().find(|(t, _)| t == term) {
                None => terminal::line(out, format_args!("  - {counted:+.2} {term}"))?,
                Some((_, c)) if (c - counted).abs() > 0.005 => {
                    terminal::line(out, format_args!("  ~ {counted:+.2} -> {c:+.2} {term}"))?
                }
                Some(_) => {}
            }
        }
        for (term, counted) in new.iter().filter(|(t, _)| !old.iter().any(|(o, _)| o == t)) {
            terminal::line(out, format_args!("  + {counted:+.2} {term}"))?;
        }
    }
    writeln!(out, "{articles} articles: {gained} gained, {lost} lost")?;
    Ok(if bad > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn score(analysis: &Analysis<'_>, id: &str) -> f32 {
    analysis
        .topics_of(0)
        .find(|t| t.id == id)
        .map_or(0.0, |t| t.score)
}

/// What each term counted, in all.
fn sources(analysis: &Analysis<'_>, id: &str) -> Vec<(String, f32)> {
    let mut out: Vec<(String, f32)> = Vec::new();
    for topic in analysis.topics_of(0).filter(|t| t.id == id) {
        for e in topic.evidence() {
            let counted = if e.role == rasd::Role::Against {
                -e.counted
            } else {
                e.counted
            };
            match out.iter_mut().find(|(t, _)| t == e.term) {
                Some((_, sum)) => *sum += counted,
                None => out.push((e.term.to_owned(), counted)),
            }
        }
    }
    out
}
