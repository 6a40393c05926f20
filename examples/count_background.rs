//! Counts the background frequencies that keywords are weighed with.
//!
//! `cargo run --release --example count_background -- NEWS.jsonl lexicons/keywords/background.bin`
//! reads JSON Lines with a field `text`, one document a line. The same input gives the same bytes. To be run again
//! whenever the morphology or `lexicons/keywords/words.txt` has changed: the figures are kept by stem.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

fn count(input: &str, output: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut counter = rasd::BackgroundCounter::new();
    for line in BufReader::new(File::open(input)?).lines() {
        let object: serde_json::Value = serde_json::from_str(&line?)?;
        counter.add(object["text"].as_str().unwrap_or(""));
    }
    let background = counter.finish();
    std::fs::write(output, background.to_bytes())?;
    println!(
        "{} documents, {} bytes",
        background.documents(),
        background.to_bytes().len()
    );
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output] = arguments.as_slice() else {
        eprintln!("usage: count_background NEWS.jsonl OUTPUT");
        return ExitCode::from(2);
    };
    match count(input, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}
