//! Writes the tables as bytes.

use super::analyse::Candidate;
use super::class::{ALL_CLASSES, Class, ENCLITICS, PROCLITICS, Tag};
use super::entries::Lemma;
use super::source::Group;
use super::table::{MAGIC, START_BITS, buckets, check, home, sign};
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

/// A hash table as [`Tables`](super::table::Tables) reads it.
pub struct Laid {
    pub heads: Vec<u32>,
    pub entries: Vec<u64>,
    /// By number in the list that was laid out: its number in the table.
    pub place: Vec<u32>,
}

/// Lays entries out by buckets; those of one bucket stay in the given order.
pub fn lay_out(entries: &[(u64, u64)]) -> Laid {
    assert!(entries.len() >> START_BITS == 0, "too many forms");
    let buckets = buckets(entries.len());
    let bucket = |i: &usize| home(entries[*i].0, buckets);
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(bucket);
    let mut heads = vec![0; buckets + 1];
    let mut place = vec![0; entries.len()];
    for (number, i) in order.iter().enumerate() {
        heads[bucket(i) + 1] = number as u32 + 1;
        place[*i] = number as u32;
    }
    // Where a bucket begins that nothing is in: where the one before it ends.
    for i in 1..heads.len() {
        heads[i] = heads[i].max(heads[i - 1]);
    }
    for &(key, _) in entries {
        heads[home(key, buckets)] |= sign(key);
    }
    Laid {
        heads,
        entries: order.iter().map(|&i| entries[i].1).collect(),
        place,
    }
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
    words: &Laid,
    bases: &Laid,
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
        words.entries.len(),
        bases.entries.len(),
        lemmas.len(),
        roots.len(),
        ALL_CLASSES.len(),
        PROCLITICS.len(),
        ENCLITICS.len(),
    ] {
        out.extend((n as u32).to_le_bytes());
    }
    for table in [words, bases] {
        out.extend(table.heads.iter().flat_map(|head| head.to_le_bytes()));
        out.extend(table.entries.iter().flat_map(|entry| entry.to_le_bytes()));
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
