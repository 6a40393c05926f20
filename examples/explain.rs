//! Says why a text has a topic or has it not: every hit, its weight, and what would turn the decision.

#[path = "support/cli.rs"]
#[allow(dead_code)]
mod cli;

use std::fmt::Write;
use std::process::ExitCode;

use rasd::{Role, Scratch, Tagger, Topic};

const USAGE: &str = "\
usage: explain [--lexicon FILE]... [FILE | DIRECTORY | -]...

For every story and topic: the evidence by term, what each hit counts and why, what the story needs, and the smallest
changes that would turn the decision.
";

struct Explain(Tagger);

impl cli::Command for Explain {
    type Scratch = Scratch;

    fn scratch(&self, options: &cli::Options) -> Scratch {
        options.words.map_or_else(Scratch::new, Scratch::with_words)
    }

    fn people(&self, name: &str, text: &str, scratch: &mut Scratch, out: &mut String) {
        let a = self.0.analyze(text, scratch);
        let _ = writeln!(out, "=== {name}");
        for (i, story) in a.stories().enumerate() {
            let title = story.title().map_or("(no title)", |t| t.of(text));
            let _ = writeln!(out, "--- story {}: {title}", i + 1);
            let mut any = false;
            for topic in a.topics_of(i) {
                any = true;
                explain(&topic, out);
            }
            if !any {
                let _ = writeln!(out, "no term of any topic was found");
            }
            for hit in a.blocked_of(i) {
                let _ = writeln!(out, "  blocked for {}: «{}»", hit.topic, hit.text);
            }
        }
    }

    fn json(&self, _text: &str, _scratch: &mut Scratch, _out: &mut String) {}
}

fn explain(topic: &Topic<'_>, out: &mut String) {
    let decision = if topic.score >= 0.5 {
        "assigned"
    } else {
        "not assigned"
    };
    let _ = writeln!(
        out,
        "{} ({}): {:.3}, {decision}",
        topic.name_ar, topic.id, topic.score
    );
    let _ = writeln!(
        out,
        "  core {:.2} + support {:.2} - against {:.2}; 0.5 needs {:.2} for a story of this length",
        topic.core, topic.support, topic.against, topic.needed
    );
    for e in topic.evidence() {
        let sign = if e.role == Role::Against { '-' } else { '+' };
        let _ = writeln!(
            out,
            "  {sign}{:.2} = {} {} {:.1} in the {}{}: «{}»{}",
            e.counted,
            if e.rule { "rule" } else { "term" },
            e.term,
            e.weight,
            e.part.as_str(),
            if e.negated { ", denied or hearsay" } else { "" },
            e.text.replace('\n', " "),
            e.subtopic.map_or(String::new(), |s| format!(" [{s}]")),
        );
    }
    // What would turn it: the strongest source for the decision, and how much is missing or to spare.
    let mut by_source: Vec<(&str, f32)> = Vec::new();
    for e in topic.evidence() {
        let counted = if e.role == Role::Against {
            -e.counted
        } else {
            e.counted
        };
        match by_source.iter_mut().find(|(t, _)| *t == e.term) {
            Some((_, sum)) => *sum += counted,
            None => by_source.push((e.term, counted)),
        }
    }
    let margin = topic.core + topic.support - topic.against - topic.needed;
    if topic.score >= 0.5 {
        by_source.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut left = margin;
        let mut needed = Vec::new();
        for (term, sum) in by_source.iter().filter(|(_, s)| *s > 0.0) {
            needed.push(format!("{term} ({sum:.2})"));
            left -= sum;
            if left < 0.0 {
                break;
            }
        }
        let _ = writeln!(out, "  it would fall without: {}", needed.join(", "));
    } else {
        let against: Vec<_> = by_source
            .iter()
            .filter(|(_, s)| *s < 0.0)
            .map(|(t, s)| format!("{t} ({s:.2})"))
            .collect();
        let _ = writeln!(
            out,
            "  {:.2} more would assign it{}",
            -margin,
            if against.is_empty() {
                String::new()
            } else {
                format!("; against it: {}", against.join(", "))
            }
        );
        if topic.core == 0.0 {
            let _ = writeln!(out, "  there is no core term: support alone never decides");
        }
    }
}

fn main() -> ExitCode {
    let options = match cli::options(USAGE) {
        Ok(options) => options,
        Err(code) => return code,
    };
    match cli::tagger(&options.lexicons) {
        Ok(tagger) => cli::run(&Explain(tagger), &options),
        Err(e) => {
            eprintln!("{e}");
            ExitCode::from(2)
        }
    }
}
