//! Reads Arabic news pages and prints their stories, topics with evidence, entities and keywords.
//!
//! `cargo run --release --example tag -- FILE...` for people, `--json` and `--jsonl` for programs.

#[path = "support/cli.rs"]
mod cli;

use std::fmt::Write;
use std::process::ExitCode;

use cli::{Command, json_decimal, json_number, json_string};
use rasd::{Analysis, Scratch, Span, Tagger};

const USAGE: &str = "\
usage: tag [--json | --jsonl] [--lexicon FILE]... [--threads N] [--skip N] [FILE | DIRECTORY | -]...

Prints the stories of UTF-8 text files (standard input without one): topics with evidence, entities, keywords.
  --json          one JSON object a file
  --jsonl         the input is JSON Lines, {\"id\": ..., \"text\": ...} a line; one JSON object a line
  --lexicon FILE  add a lexicon of your own
  --threads N     with --jsonl: work on N threads; the order stays
  --skip N        with --jsonl: leave out the first N lines that are not blank (as many as were answered before a stop)
";

struct Tag(Tagger);

impl Command for Tag {
    type Scratch = Scratch;

    fn scratch(&self, options: &cli::Options) -> Scratch {
        options.words.map_or_else(Scratch::new, Scratch::with_words)
    }

    fn people(&self, name: &str, text: &str, scratch: &mut Scratch, out: &mut String) {
        let a = self.0.analyze(text, scratch);
        let _ = writeln!(out, "=== {name}");
        for (i, story) in a.stories().enumerate() {
            let _ = writeln!(
                out,
                "--- {}",
                if i == 0 { "story" } else { "related story" }
            );
            for (label, span) in [
                ("title", story.title()),
                ("published", story.published()),
                ("byline", story.byline()),
                ("source", story.source()),
            ] {
                if let Some(span) = span {
                    let _ = writeln!(out, "{label:<10} {}", span.of(text));
                }
            }
            if let Some(iso) = a.published_of(i).and_then(|d| d.iso()) {
                let _ = writeln!(out, "{:<10} {iso}", "");
            }
            for topic in a.topics_of(i).filter(|t| t.score >= 0.5) {
                let _ = writeln!(
                    out,
                    "topic      {:.2} {} ({})",
                    topic.score, topic.name_ar, topic.id
                );
                for s in topic.subtopics() {
                    let _ = writeln!(
                        out,
                        "             {:>3.0}% {} ({})",
                        s.share * 100.0,
                        s.name_ar,
                        s.id
                    );
                }
                for e in topic.evidence() {
                    let _ = writeln!(
                        out,
                        "             {:+.2} {} {} «{}»{} in the {}",
                        e.counted,
                        if e.rule { "rule" } else { "term" },
                        e.term,
                        e.text.replace('\n', " "),
                        if e.negated { " (denied)" } else { "" },
                        e.part.as_str(),
                    );
                }
            }
            let keywords: Vec<_> = a.keywords_of(i).map(|k| k.text).collect();
            if !keywords.is_empty() {
                let _ = writeln!(out, "keywords   {}", keywords.join("، "));
            }
        }
        for e in a.entities() {
            let _ = writeln!(
                out,
                "{:<12} {:<12} {} #{}{}{}",
                e.span.to_string(),
                e.kind.as_str(),
                e.text,
                e.group,
                e.id.map_or(String::new(), |id| format!(" [{id}]")),
                e.position
                    .map_or(String::new(), |p| format!(" {:.2} {:.2}", p.0, p.1)),
            );
        }
        for d in a.dates().filter(|d| d.iso().is_some()) {
            let text = d.span.of(text);
            let iso = d.iso().map(|iso| iso.to_string()).unwrap_or_default();
            let _ = writeln!(
                out,
                "{:<12} {:<12} {text} = {iso}",
                d.span.to_string(),
                "date"
            );
        }
        for c in a.counts() {
            let part = if c.part { ", of those before" } else { "" };
            let _ = writeln!(
                out,
                "{:<12} {:<12} {} = {} {} {}, {}{part}",
                c.span.to_string(),
                "count",
                c.text,
                c.bound.as_str(),
                c.value,
                c.group,
                c.outcome,
            );
        }
        for q in a.quantities() {
            let _ = writeln!(
                out,
                "{:<12} {:<12} {} = {} {} {}",
                q.span.to_string(),
                q.kind.as_str(),
                q.text,
                q.bound.as_str(),
                q.value,
                q.unit,
            );
        }
        for l in a.laws() {
            let _ = writeln!(
                out,
                "{:<12} {:<12} {}",
                l.span.to_string(),
                l.kind.as_str(),
                l.text
            );
        }
    }

    fn json(&self, text: &str, scratch: &mut Scratch, out: &mut String) {
        let a = self.0.analyze(text, scratch);
        out.push_str(", \"topics\": ");
        topics(&a, 0, out);
        out.push_str(", \"entities\": [");
        for (i, e) in a.entities().enumerate() {
            out.push_str(if i > 0 {
                ", {\"kind\": \""
            } else {
                "{\"kind\": \""
            });
            out.push_str(e.kind.as_str());
            out.push_str("\", ");
            piece(e.span, e.text, out);
            out.push_str(", \"group\": ");
            json_number(e.group as usize, out);
            for (label, value) in [("id", e.id), ("code", e.code)] {
                if let Some(value) = value {
                    let _ = write!(out, ", \"{label}\": ");
                    json_string(value, out);
                }
            }
            if let Some((latitude, longitude)) = e.position {
                let _ = write!(
                    out,
                    ", \"latitude\": {latitude:.4}, \"longitude\": {longitude:.4}"
                );
            }
            out.push('}');
        }
        out.push_str("], \"keywords\": ");
        keywords(&a, 0, out);
        figures(&a, text, out);
        if let Some(iso) = a.published_of(0).and_then(|d| d.iso()) {
            let _ = write!(out, ", \"published_iso\": \"{iso}\"");
        }
        let mut stories = a.stories();
        if let Some(main) = stories.next() {
            for (label, span) in [
                ("title", main.title()),
                ("published", main.published()),
                ("byline", main.byline()),
                ("source", main.source()),
            ] {
                if let Some(span) = span {
                    let _ = write!(out, ", \"{label}\": ");
                    json_string(span.of(text), out);
                }
            }
            let supplied = main.supplied_keywords();
            if !supplied.is_empty() {
                out.push_str(", \"supplied_keywords\": [");
                for (i, span) in supplied.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    json_string(span.of(text), out);
                }
                out.push(']');
            }
        }
        out.push_str(", \"related\": [");
        for (i, story) in stories.enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            out.push('{');
            offsets(story.span(), out);
            out.push_str(", \"title\": ");
            json_string(story.title().map_or("", |t| t.of(text)), out);
            out.push_str(", \"topics\": ");
            topics(&a, i + 1, out);
            out.push_str(", \"keywords\": ");
            keywords(&a, i + 1, out);
            out.push('}');
        }
        out.push(']');
    }
}

fn topics(a: &Analysis<'_>, story: usize, out: &mut String) {
    out.push('[');
    for (i, topic) in a.topics_of(story).filter(|t| t.score >= 0.5).enumerate() {
        out.push_str(if i > 0 { ", {\"id\": " } else { "{\"id\": " });
        json_string(topic.id, out);
        out.push_str(", \"score\": ");
        json_decimal(topic.score, out);
        out.push_str(", \"subtopics\": [");
        for (i, s) in topic.subtopics().iter().enumerate() {
            out.push_str(if i > 0 { ", {\"id\": " } else { "{\"id\": " });
            json_string(s.id, out);
            out.push_str(", \"share\": ");
            json_decimal(s.share, out);
            out.push('}');
        }
        out.push_str("], \"evidence\": [");
        for (i, e) in topic.evidence().enumerate() {
            out.push_str(if i > 0 { ", {" } else { "{" });
            piece(e.span, e.text, out);
            out.push_str(", \"term\": ");
            json_string(e.term, out);
            let _ = write!(out, ", \"rule\": {}, \"weight\": {}", e.rule, e.weight);
            out.push_str(", \"counted\": ");
            json_decimal(e.counted, out);
            out.push_str(", \"part\": \"");
            out.push_str(e.part.as_str());
            out.push_str("\"}");
        }
        out.push_str("]}");
    }
    out.push(']');
}

/// Dates, counts by outcome, quantities and laws.
fn figures(a: &Analysis<'_>, text: &str, out: &mut String) {
    let comma = |i: usize| if i > 0 { ", {" } else { "{" };
    out.push_str(", \"dates\": [");
    let day = a.published_of(0).and_then(|d| d.civil());
    for (i, d) in a.dates().enumerate() {
        out.push_str(comma(i));
        piece(d.span, d.span.of(text), out);
        let _ = write!(out, ", \"precision\": \"{}\"", d.precision().as_str());
        if let Some(iso) = d.iso() {
            let _ = write!(out, ", \"iso\": \"{iso}\"");
        } else if let Some(iso) = day.and_then(|day| d.resolve(day)) {
            let _ = write!(out, ", \"resolved\": \"{iso}\"");
        }
        out.push('}');
    }
    out.push_str("], \"counts\": [");
    for (i, c) in a.counts().enumerate() {
        out.push_str(comma(i));
        piece(c.span, c.text, out);
        let _ = write!(out, ", \"value\": {}", c.value);
        if let Some(high) = c.high {
            let _ = write!(out, ", \"high\": {high}");
        }
        let _ = write!(out, ", \"bound\": \"{}\", \"group\": ", c.bound.as_str());
        json_string(c.group, out);
        out.push_str(", \"outcome\": ");
        json_string(c.outcome, out);
        let _ = write!(out, ", \"part\": {}, \"sentence\": {{", c.part);
        offsets(c.sentence, out);
        out.push_str("}}");
    }
    out.push_str("], \"quantities\": [");
    for (i, q) in a.quantities().enumerate() {
        out.push_str(comma(i));
        piece(q.span, q.text, out);
        let _ = write!(
            out,
            ", \"kind\": \"{}\", \"value\": {}",
            q.kind.as_str(),
            q.value
        );
        let _ = write!(out, ", \"bound\": \"{}\", \"unit\": ", q.bound.as_str());
        json_string(q.unit, out);
        out.push('}');
    }
    out.push_str("], \"laws\": [");
    for (i, l) in a.laws().enumerate() {
        out.push_str(comma(i));
        piece(l.span, l.text, out);
        let _ = write!(out, ", \"kind\": \"{}\"", l.kind.as_str());
        if let Some(year) = l.year {
            let _ = write!(out, ", \"year\": {year}");
        }
        out.push('}');
    }
    out.push(']');
}

fn keywords(a: &Analysis<'_>, story: usize, out: &mut String) {
    out.push('[');
    for (i, k) in a.keywords_of(story).enumerate() {
        out.push_str(if i > 0 {
            ", {\"text\": "
        } else {
            "{\"text\": "
        });
        json_string(k.text, out);
        out.push_str(", \"score\": ");
        json_decimal(k.score, out);
        out.push('}');
    }
    out.push(']');
}

fn piece(span: Span, text: &str, out: &mut String) {
    offsets(span, out);
    out.push_str(", \"text\": ");
    json_string(text, out);
}

fn offsets(span: Span, out: &mut String) {
    out.push_str("\"start\": ");
    json_number(span.start as usize, out);
    out.push_str(", \"end\": ");
    json_number(span.end as usize, out);
}

fn main() -> ExitCode {
    let options = match cli::options(USAGE) {
        Ok(options) => options,
        Err(code) => return code,
    };
    match cli::tagger(&options.lexicons) {
        Ok(tagger) => cli::run(&Tag(tagger), &options),
        Err(e) => {
            eprintln!("{e}");
            ExitCode::from(2)
        }
    }
}
