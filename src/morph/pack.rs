//! Writes the tables as bytes.

use super::analyse::Candidate;
use super::class::{ALL_CLASSES, Class, ENCLITICS, PROCLITICS, Tag};
use super::entries::Lemma;
use super::source::Group;
use super::table::{MAGIC, check, home};
use std::collections::{BTreeSet, HashMap};

/// The smallest base a guess may leave, and the smallest name an index form may be.
pub const LEAST: usize = 3;

/// Costs are counted in this part of a nat.
pub const UNIT: f64 = 12.0;

/// The cost of a probability.
pub fn cost(p: f64) -> u8 {
    (-p.max(1e-12).ln() * UNIT).round().clamp(0.0, 255.0) as u8
}

/// Packs a base entry, see [`super::table::BaseEntry`].
pub fn base_entry(key: u64, lemma: u16, class: Class, cost: u8, signature: u8) -> u64 {
    lemma as u64
        | (class as u64) << 16
        | (cost as u64) << 22
        | (signature as u64) << 30
        | check(key) << 38
}

/// Packs a whole-word entry, see [`super::table::WordEntry`].
pub fn word_entry(key: u64, c: &Candidate, ambiguous: bool, tag: Tag) -> u64 {
    c.base.lemma() as u64
        | (c.base.class() as u64) << 16
        | (c.pro as u64 & 63) << 22
        | (c.enc as u64 & 15) << 28
        | (ambiguous as u64) << 32
        | (tag as u64 & 15) << 33
        | check(key) << 38
}

/// Lays entries out in open addressing; entries of one key follow each other in the given order.
pub fn lay_out(entries: &[(u64, u64)]) -> (Vec<u64>, Vec<u32>) {
    let slots = entries.len() * 7 / 6 + 8;
    let mut table = vec![0u64; slots];
    let mut place = vec![0u32; entries.len()];
    for (i, &(key, value)) in entries.iter().enumerate() {
        let mut at = home(key, slots);
        while table[at] != 0 {
            at = (at + 1) % slots;
        }
        table[at] = value;
        place[i] = at as u32;
    }
    (table, place)
}

/// Costs of clitics by class.
pub struct Costs {
    pub pro: Vec<u8>,
    pub enc: Vec<u8>,
}

/// Packs a place in the text: where it begins and its bytes.
pub fn form_entry(from: u32, to: u32) -> u32 {
    from & 0xFF_FFFF | (to - from).min(255) << 24
}

/// What the texts of the lemmas depend on.
#[derive(Default)]
pub struct Strings {
    /// The spellings that nouns share with verbs.
    pub verb_like: BTreeSet<String>,
    /// Index form by lemma, where it is not the lemma's text; may be shorter than the lemmas.
    pub index: Vec<Option<String>>,
}

/// The text of a lemma: a name that always has the article leaves it out, as the segments do.
pub fn shown(l: &Lemma) -> &str {
    let name = if l.group == Group::Name {
        l.text
            .strip_prefix("ال")
            .filter(|r| r.chars().count() >= LEAST)
    } else {
        None
    };
    name.unwrap_or(&l.text)
}

/// The tables as bytes and text, see [`super::table::Tables::new`].
pub fn pack(
    words: &[u64],
    bases: &[u64],
    lemmas: &[Lemma],
    strings: &Strings,
    costs: &Costs,
) -> (Vec<u8>, String) {
    let mut text = String::new();
    let mut lemma_at: Vec<u32> = Vec::new();
    for l in lemmas {
        lemma_at.push(text.len() as u32);
        text.push_str(shown(l));
        if l.group == Group::Verb && strings.verb_like.contains(&l.text) {
            // The fatha of the perfect: قتلَ, and before a final alef حمَى.
            let last = text.pop();
            match last {
                Some(c @ ('ى' | 'ا')) => text.extend(['\u{64E}', c]),
                Some(c) => text.extend([c, '\u{64E}']),
                None => {}
            }
        }
    }
    lemma_at.push(text.len() as u32);
    // Index forms: the text of the lemma, or another one behind all lemmas.
    let mut forms: Vec<u32> = lemma_at
        .windows(2)
        .map(|w| form_entry(w[0], w[1]))
        .collect();
    let mut placed: HashMap<&str, u32> = HashMap::new();
    for (slot, form) in forms.iter_mut().zip(&strings.index) {
        if let Some(form) = form {
            *slot = *placed.entry(form).or_insert_with(|| {
                let from = text.len() as u32;
                text.push_str(form);
                form_entry(from, text.len() as u32)
            });
        }
    }
    let mut roots: Vec<&str> = vec![""];
    let mut root_id: HashMap<&str, u16> = HashMap::from([("", 0)]);
    for l in lemmas {
        if !root_id.contains_key(l.root.as_str()) {
            root_id.insert(&l.root, roots.len() as u16);
            roots.push(&l.root);
        }
    }
    let mut root_at: Vec<u32> = Vec::new();
    for r in &roots {
        root_at.push(text.len() as u32);
        text.push_str(r);
    }
    root_at.push(text.len() as u32);
    let mut out: Vec<u8> = MAGIC.to_vec();
    for n in [
        words.len(),
        bases.len(),
        lemmas.len(),
        roots.len(),
        ALL_CLASSES.len(),
        PROCLITICS.len(),
        ENCLITICS.len(),
    ] {
        out.extend((n as u32).to_le_bytes());
    }
    for w in words.iter().chain(bases) {
        out.extend(w.to_le_bytes());
    }
    for a in &lemma_at {
        out.extend(a.to_le_bytes());
    }
    for l in lemmas {
        out.extend(
            root_id
                .get(l.root.as_str())
                .copied()
                .unwrap_or(0)
                .to_le_bytes(),
        );
    }
    for form in &forms {
        out.extend(form.to_le_bytes());
    }
    for l in lemmas {
        out.push(l.tag as u8);
    }
    for a in &root_at {
        out.extend(a.to_le_bytes());
    }
    out.extend(&costs.pro);
    out.extend(&costs.enc);
    (out, text)
}
