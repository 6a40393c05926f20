//! Trains the scorer of names, persons, places and bodies, and writes its weights.
//!
//! The shipped weights come from this command, to the byte (same sources, same kind of machine):
//!
//! ```text
//! zcat news_unlabelled.jsonl.gz | cargo run --release --features train --example train_entities -- \\
//!     entities_news_train.jsonl --raw - --own lexicons/entities/marks.tsv --out src/entity/weights.bin
//! ```
//!
//! Every line of the data is `{"id": ..., "text": ..., "entities": [{"kind", "start", "end"}, ...]}` with byte offsets. `--raw`
//! are texts without marks (`{"id": ..., "text": ...}` a line; `-` reads them from standard input): rare names are counted in
//! them (see `rasd::train::reduced_lists`), and the marks of `--own` are of texts among them, a line each: id, length of the
//! text in bytes, and marks of a letter (P person, L place, O body) and a byte range.
//!
//! `--test FILE` scores texts of the same form with the new weights, `--cross N` trains N times on all but every N-th text and
//! scores those left out.
//!
//! `... train_entities -- --clusters RAW.jsonl src/entity/clusters.bin 512 64` learns the word classes first, from raw texts.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use rasd::train::{
    Data, Gold, Options, Sample, compare, first_pass, lists, reduced_lists, tagger_with, train,
};
use rasd::{EntityKind, Scratch, Tagger};

fn read(path: &str, weight: f32, out: &mut Vec<Sample>) -> Result<(), Box<dyn std::error::Error>> {
    for line in std::fs::read_to_string(path)?
        .lines()
        .filter(|l| !l.trim().is_empty())
    {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let text = row["text"].as_str().unwrap_or("").to_owned();
        let mut gold = Vec::new();
        for e in row["entities"].as_array().into_iter().flatten() {
            let kind = match e["kind"].as_str() {
                Some("person") => EntityKind::Person,
                Some("location") => EntityKind::Location,
                Some("organization") => EntityKind::Organization,
                _ => continue,
            };
            let offset = |key: &str| e[key].as_u64().unwrap_or(0) as usize;
            gold.push(Gold {
                kind,
                start: offset("start"),
                end: offset("end"),
            });
        }
        out.push(Sample {
            id: row["id"].as_str().unwrap_or("").to_owned(),
            text,
            gold,
            weight,
        });
    }
    Ok(())
}

/// Texts without marks, by id.
fn read_raw(path: &str) -> Result<BTreeMap<String, String>, Box<dyn std::error::Error>> {
    let text = match path {
        "-" => std::io::read_to_string(std::io::stdin())?,
        _ => std::fs::read_to_string(path)?,
    };
    let mut out = BTreeMap::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let field = |key: &str| row[key].as_str().unwrap_or("").to_owned();
        out.insert(field("id"), field("text"));
    }
    Ok(out)
}

/// Marks of raw texts.
fn read_own(
    path: &str,
    raw: &BTreeMap<String, String>,
    weight: f32,
    out: &mut Vec<Sample>,
) -> Result<(), Box<dyn std::error::Error>> {
    for line in std::fs::read_to_string(path)?
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let mut fields = line.split('\t');
        let (id, length) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        let text = raw
            .get(id)
            .ok_or_else(|| format!("{path}: no text {id} in --raw"))?;
        if length.parse() != Ok(text.len()) {
            return Err(format!(
                "{path}: the text {id} has {} bytes, not {length}",
                text.len()
            )
            .into());
        }
        let mut gold = Vec::new();
        for mark in fields
            .next()
            .unwrap_or("")
            .split(' ')
            .filter(|m| !m.is_empty())
        {
            let bad = || format!("{path}: {id}: mark {mark:?}");
            let kind = match mark.get(..1) {
                Some("P") => EntityKind::Person,
                Some("L") => EntityKind::Location,
                Some("O") => EntityKind::Organization,
                _ => return Err(bad().into()),
            };
            let (start, end) = mark[1..].split_once('-').ok_or_else(bad)?;
            let (start, end) = (start.parse()?, end.parse()?);
            text.get(start..end).ok_or_else(bad)?;
            gold.push(Gold { kind, start, end });
        }
        out.push(Sample {
            id: id.to_owned(),
            text: text.clone(),
            gold,
            weight,
        });
    }
    Ok(())
}

#[derive(Default, Clone, Copy)]
struct Score {
    gold: usize,
    found: usize,
    right: usize,
}

impl Score {
    fn f1(self) -> f64 {
        200.0 * self.right as f64 / (self.gold + self.found).max(1) as f64
    }
}

fn add(scores: &mut [Score; 4], tagger: &Tagger, sample: &Sample, scratch: &mut Scratch) {
    let o = compare(tagger, sample, scratch);
    let number = |k: EntityKind| match k {
        EntityKind::Person => 0,
        EntityKind::Location => 1,
        _ => 2,
    };
    for g in &o.gold {
        for s in [number(g.0), 3] {
            scores[s].gold += 1;
        }
    }
    for f in &o.found {
        for s in [number(f.0), 3] {
            scores[s].found += 1;
            scores[s].right += usize::from(o.gold.contains(f));
        }
    }
}

/// What was found, as the tag example prints it.
fn write_found(
    file: &mut std::fs::File,
    tagger: &Tagger,
    sample: &Sample,
    scratch: &mut Scratch,
) -> Result<(), Box<dyn std::error::Error>> {
    use std::io::Write;
    let found: Vec<_> = tagger
        .analyze(&sample.text, scratch)
        .entities()
        .map(|e| serde_json::json!({"kind": e.kind.as_str(), "start": e.span.start, "end": e.span.end}))
        .collect();
    writeln!(
        file,
        "{}",
        serde_json::json!({"id": sample.id, "entities": found})
    )?;
    Ok(())
}

fn print(name: &str, scores: &[Score; 4]) {
    let [p, l, o, all] = scores;
    println!(
        "{name}: micro {:.2} (P {:.2} R {:.2})  person {:.2}  location {:.2}  organization {:.2}",
        all.f1(),
        100.0 * all.right as f64 / all.found.max(1) as f64,
        100.0 * all.right as f64 / all.gold.max(1) as f64,
        p.f1(),
        l.f1(),
        o.f1()
    );
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    use lexopt::prelude::*;
    let mut options = Options::default();
    let mut samples = Vec::new();
    let mut tests = Vec::new();
    let (mut dump, mut names) = (None, None);
    let (mut raw, mut own) = (None, None);
    let (mut out, mut cross, mut weight) = (None, 0usize, 1.0f32);
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("out") => out = Some(parser.value()?),
            Long("describe") => {
                print!(
                    "{}",
                    rasd::train::describe(&Tagger::new(), &parser.value()?.string()?)
                );
                return Ok(());
            }
            Long("dump") => dump = Some(std::fs::File::create(parser.value()?)?),
            Long("lists") => names = Some(lists(Path::new(&parser.value()?))?),
            Long("raw") => raw = Some(read_raw(&parser.value()?.string()?)?),
            Long("own") => own = Some(parser.value()?.string()?),
            Long("cross") => cross = parser.value()?.parse()?,
            Long("weight") => weight = parser.value()?.parse()?,
            Long("test") => tests.push(parser.value()?.string()?),
            Long("epochs") => options.epochs = parser.value()?.parse()?,
            Long("rate") => options.rate = parser.value()?.parse()?,
            Long("decay") => options.decay = parser.value()?.parse()?,
            Long("drop-words") => options.drop_words = parser.value()?.parse()?,
            Long("drop-names") => options.drop_names = parser.value()?.parse()?,
            Long("drop-votes") => options.drop_votes = parser.value()?.parse()?,
            Long("bias") => options.bias = parser.value()?.parse()?,
            Long("least") => options.least = parser.value()?.parse()?,
            Long("rounds") => options.rounds = parser.value()?.parse()?,
            Long("prune") => options.prune = parser.value()?.parse()?,
            Long("clusters") => {
                let from = parser.value()?.string()?;
                let to = parser.value()?;
                let sizes = (parser.value()?.parse()?, parser.value()?.parse()?);
                let texts = std::fs::read_to_string(from)?;
                let rows = texts
                    .lines()
                    .filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok());
                let texts = rows.filter_map(|r| r["text"].as_str().map(str::to_owned));
                std::fs::write(
                    to,
                    rasd::train::clusters(&Tagger::new(), texts, sizes.0, sizes.1),
                )?;
                return Ok(());
            }
            Value(path) => read(&path.string()?, weight, &mut samples)?,
            other => return Err(other.unexpected().into()),
        }
    }
    if let Some(raw) = &raw {
        names = match names {
            None => Some(reduced_lists(
                Path::new("lexicons/entities"),
                &samples,
                raw.values().cloned(),
            )?),
            given => given,
        };
        if let Some(path) = &own {
            read_own(path, raw, weight, &mut samples)?;
        }
    } else if own.is_some() {
        return Err("--own needs the texts: --raw".into());
    }
    let mut data = Data::read(&tagger_with(None, names).ok_or("no tagger")?, &samples);
    let mut scratch = Scratch::new();
    let mut labels = Vec::new();
    // The second pass learns from what first passes say of texts they were not trained on.
    let folds = 5;
    for fold in 0..folds {
        let bytes = train(&data, &options, &|d| d % folds != fold);
        let tagger = tagger_with(Some(&bytes), names).ok_or("weights are not read back")?;
        for (d, sample) in samples.iter().enumerate().skip(fold).step_by(folds) {
            labels.push((d, first_pass(&tagger, sample, &mut scratch)));
        }
    }
    for (d, labels) in labels {
        data.revise(d, &labels);
    }
    if cross > 1 {
        let mut all = [Score::default(); 4];
        for fold in 0..cross {
            let bytes = train(&data, &options, &|d| d % cross != fold);
            let tagger = tagger_with(Some(&bytes), names).ok_or("weights are not read back")?;
            for sample in samples.iter().skip(fold).step_by(cross) {
                add(&mut all, &tagger, sample, &mut scratch);
                if let Some(file) = &mut dump {
                    write_found(file, &tagger, sample, &mut scratch)?;
                }
            }
        }
        print("cross", &all);
    }
    if out.is_some() || !tests.is_empty() {
        let bytes = train(&data, &options, &|_| true);
        println!("{} bytes", bytes.len());
        let tagger = tagger_with(Some(&bytes), None).ok_or("weights are not read back")?;
        for path in &tests {
            let mut set = Vec::new();
            read(path, 1.0, &mut set)?;
            let mut all = [Score::default(); 4];
            for sample in &set {
                add(&mut all, &tagger, sample, &mut scratch);
            }
            print(path, &all);
        }
        if let Some(path) = out {
            std::fs::write(path, bytes)?;
        }
    }
    Ok(())
}
