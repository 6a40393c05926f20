//! Compiles the lexicons into tables inside the library. Reads `lexicons/` only, writes to `OUT_DIR` only.
// One file may serve two trees of the build: the tables and what is compiled with them.
#![allow(clippy::duplicate_mod)]

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
#[path = "src/morph/index.rs"]
#[allow(dead_code)]
mod index;
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

// The tables of the morphology ask it; with the tagger it comes with the rest of the library.
#[cfg(not(feature = "tagger"))]
#[path = "src/ahead.rs"]
#[allow(dead_code)]
mod ahead;

/// The gazetteer's compiler and what it shares with the library.
#[cfg(feature = "tagger")]
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

/// What reads and compiles lexicons in the library: a file of a user and a shipped one go through the same code.
#[cfg(feature = "tagger")]
#[path = "src"]
#[allow(dead_code, unused_imports)]
mod library {
    pub mod ahead;
    pub mod archive;
    pub mod calendar;
    pub mod document;
    pub mod error;
    pub mod lexicon;
    pub mod matcher;
    pub mod measure;
    pub mod morph;
    pub mod normalize;
    pub mod page;
    pub mod sieve;
    pub mod span;
    pub mod token;
    pub mod topic;
    pub mod words;
}

// The library's modules call one another by `crate::`.
#[cfg(feature = "tagger")]
#[allow(unused_imports)]
use library::{
    ahead, archive, calendar, document, error, lexicon, matcher, measure, morph, normalize, page,
    sieve, span, token, topic, words,
};

/// The tables that are about to be made.
#[cfg(feature = "tagger")]
mod embedded {
    #[allow(dead_code)] // only with the feature `embedded`
    pub static MORPHOLOGY: &[u8] = &[];
    #[allow(dead_code)]
    pub static MORPHOLOGY_TEXT: &str = "";
    pub static LEXICONS: &[u8] = &[];
    pub static LEXICONS_TEXT: &str = "";
}

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=lexicons");
    // The lexicon compiler reaches over most of the library.
    println!("cargo::rerun-if-changed=src");
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let out = env::var("OUT_DIR")?;
    let (root, out) = (Path::new(&root), Path::new(&out));
    if cfg!(feature = "embedded") {
        morphology(&root.join("lexicons/morphology"), out)?;
    }
    #[cfg(feature = "tagger")]
    tables(root, out)?;
    Ok(())
}

/// What the tagger reads beside the morphology.
#[cfg(feature = "tagger")]
fn tables(root: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut words = morph::Morphology::empty();
    if cfg!(feature = "embedded") {
        let bytes = fs::read(out.join("morphology.bin"))?;
        let text = fs::read_to_string(out.join("morphology.txt"))?;
        words = morph::Morphology::from_parts(bytes.into(), text.into())
            .ok_or("lexicons/morphology: the tables cannot be read back")?;
        entities(&root.join("lexicons/entities"), out)?;
    }
    // Read until the end.
    let words = Box::leak(Box::new(words));
    lexicons(root, out, cfg!(feature = "embedded"), words)
}

/// Page markers, words of measure and topics to `lexicons.bin` and `lexicons.txt`; `lexicon/embedded.rs` reads them.
#[cfg(feature = "tagger")]
fn lexicons(
    root: &Path,
    to: &Path,
    topics: bool,
    words: &'static morph::Morphology,
) -> Result<(), Box<dyn Error>> {
    let read = |name: &str| -> Result<lexicon::Lexicon, Box<dyn Error>> {
        Ok(lexicon::Lexicon::from_toml(
            name,
            &fs::read_to_string(root.join(name))?,
        )?)
    };
    let mut out = archive::Packer::default();
    let markers = read("lexicons/layout/markers.toml")?;
    let lexicon::Body::Layout(markers) = &markers.body else {
        return Err("lexicons/layout/markers.toml has no [layout]".into());
    };
    lexicon::packed::pack_markers(&markers.groups, &mut out);
    let measures = read("lexicons/language/quantities.toml")?;
    let lexicon::Body::Language(measures) = &measures.body else {
        return Err("lexicons/language/quantities.toml has no [language]".into());
    };
    lexicon::packed::pack_measures(&measures.groups, &mut out);
    let mut names = Vec::new();
    if topics {
        for entry in fs::read_dir(root.join("lexicons/topics"))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".toml") {
                names.push(format!("lexicons/topics/{name}"));
            }
        }
    }
    // Files are layered in the order of their names.
    names.sort();
    let files = names
        .iter()
        .map(|n| read(n))
        .collect::<Result<Vec<_>, _>>()?;
    let stamps: Vec<_> = files.iter().map(|f| f.stamp().clone()).collect();
    lexicon::packed::pack_stamps(&stamps, &mut out);
    let mut bodies = Vec::new();
    for (name, file) in names.iter().zip(&files) {
        match &file.body {
            lexicon::Body::Topic(body) => bodies.push(&**body),
            _ => return Err(format!("{name} has no [topic]").into()),
        }
    }
    topic::compile(topic::Topics::default(), &bodies, words).pack(&mut out);
    fs::write(to.join("lexicons.bin"), &out.bytes)?;
    fs::write(to.join("lexicons.txt"), &out.text)?;
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
        } else if name == "index.tsv" {
            sources.index = text;
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
#[cfg(feature = "tagger")]
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
