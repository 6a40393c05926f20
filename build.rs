//! Compiles the lexicons into tables inside the library. Reads `lexicons/` only, writes to `OUT_DIR` only.

#[path = "src/morph/analyse.rs"]
#[allow(dead_code)]
mod analyse;
#[path = "src/morph/class.rs"]
#[allow(dead_code)]
mod class;
#[path = "src/morph/compile.rs"]
#[allow(dead_code)]
mod compile;
#[path = "src/morph/entries.rs"]
#[allow(dead_code)]
mod entries;
#[path = "src/morph/estimate.rs"]
#[allow(dead_code)]
mod estimate;
#[path = "src/morph/guess.rs"]
#[allow(dead_code)]
mod guess;
#[path = "src/morph/letters.rs"]
#[allow(dead_code)]
mod letters;
#[path = "src/morph/pack.rs"]
#[allow(dead_code)]
mod pack;
#[path = "src/morph/paradigm.rs"]
#[allow(dead_code)]
mod paradigm;
#[path = "src/morph/source.rs"]
#[allow(dead_code)]
mod source;
#[path = "src/morph/table.rs"]
#[allow(dead_code)]
mod table;

/// The gazetteer's compiler and what it shares with the library.
#[path = "src/entity"]
mod entity {
    #[path = "compile.rs"]
    pub mod compile;
    #[path = "fold.rs"]
    #[allow(dead_code)]
    pub mod fold;
    #[path = "gazetteer.rs"]
    #[allow(dead_code)]
    pub mod gazetteer;
}

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=lexicons");
    println!("cargo::rerun-if-changed=src/morph");
    println!("cargo::rerun-if-changed=src/entity");
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let out = env::var("OUT_DIR")?;
    if env::var_os("CARGO_FEATURE_EMBEDDED").is_some() {
        morphology(
            &Path::new(&root).join("lexicons/morphology"),
            Path::new(&out),
        )?;
        entities(&Path::new(&root).join("lexicons/entities"), Path::new(&out))?;
    }
    Ok(())
}

/// `lexicons/morphology` to `morphology.bin` and `morphology.txt`; what the compiler noticed goes to `morphology.log`.
fn morphology(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(from)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut sources = compile::Sources::default();
    for name in names.iter().filter(|n| n.ends_with(".tsv")) {
        let text = fs::read_to_string(from.join(name))?;
        if name.starts_with("words-") {
            sources.words.push((name.clone(), text));
        } else if name.starts_with("lemmas-") {
            sources.lemmas.push((name.clone(), text));
        } else if name == "closed.tsv" {
            sources.closed = text;
        } else if name == "counts.tsv" {
            sources.counts = text;
        }
    }
    let made = compile::compile(&sources);
    fs::write(to.join("morphology.bin"), &made.bytes)?;
    fs::write(to.join("morphology.txt"), &made.text)?;
    fs::write(to.join("morphology.log"), made.notes.join("\n"))?;
    if made.bytes.is_empty() {
        return Err(format!("lexicons/morphology: {}", made.notes.join("; ")).into());
    }
    Ok(())
}

/// `lexicons/entities` to `entities.bin` and `entities.txt`; what the compiler noticed goes to `entities.log`.
fn entities(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let mut sources = entity::compile::Sources::default();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".tsv") || name.ends_with(".toml") {
            sources
                .files
                .insert(name, fs::read_to_string(entry.path())?);
        }
    }
    let made = entity::compile::compile(&sources);
    fs::write(to.join("entities.bin"), &made.bytes)?;
    fs::write(to.join("entities.txt"), &made.text)?;
    fs::write(to.join("entities.log"), made.notes.join("\n"))?;
    Ok(())
}
