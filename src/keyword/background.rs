//! How common words and pairs of words are in news: counted once, shipped as a table of hashes.
//!
//! The shipped table is made by `cargo run --release --example count_background` from raw news and holds figures only.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// First bytes of a table.
const MAGIC: &[u8; 8] = b"rasdkey1";
/// Magic, documents, word slots, pair slots.
const HEAD: usize = 8 + 3 * 4;
/// Quantisation steps of a natural logarithm.
const STEPS: f32 = 24.0;

/// What is known of a word: logarithms of counts, in the steps of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Frequency {
    documents: u8,
    burst: u8,
    title: u8,
}

impl Frequency {
    /// ln of the number of documents with it; 0 where it was seen once or never.
    #[inline]
    pub fn documents(self) -> f32 {
        f32::from(self.documents) / STEPS
    }

    /// ln of how often it stands in a document that has it at all.
    #[inline]
    pub fn burst(self) -> f32 {
        f32::from(self.burst) / 64.0
    }

    /// Share of these documents that have it in their first line.
    #[inline]
    pub fn title(self) -> f32 {
        f32::from(self.title) / 255.0
    }
}

/// Background frequencies: in how many documents of a collection a word or a pair of neighbours stands.
///
/// The shipped ones come from some 12,000 Arabic news articles. A collection of another kind (law reports, sermons)
/// deserves its own: count it and hand it to [`TaggerBuilder::background`](crate::TaggerBuilder::background).
///
/// ```
/// let mut counter = rasd::BackgroundCounter::new();
/// counter.add("قضت المحكمة بالسجن على المتهم");
/// counter.add("برأت المحكمة المتهم");
/// let background = counter.finish();
/// assert_eq!(background.documents(), 2);
/// assert_eq!(rasd::Background::from_bytes(background.to_bytes().to_vec()), Some(background));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Background {
    bytes: Cow<'static, [u8]>,
    documents: u32,
    words: usize,
    pairs: usize,
}

#[cfg(feature = "embedded")]
static BYTES: &[u8] = include_bytes!("../../lexicons/keywords/background.bin");

impl Default for Background {
    fn default() -> Self {
        Background::embedded()
    }
}

impl Background {
    /// The shipped figures; empty without the feature `embedded`.
    pub fn embedded() -> Background {
        #[cfg(feature = "embedded")]
        if let Some(b) = Background::read(Cow::Borrowed(BYTES)) {
            return b;
        }
        Background {
            bytes: Cow::Borrowed(&[]),
            documents: 1,
            words: 0,
            pairs: 0,
        }
    }

    /// A table written by [`to_bytes`](Self::to_bytes); `None` where the bytes are not one.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Option<Background> {
        Background::read(Cow::Owned(bytes.into()))
    }

    fn read(bytes: Cow<'static, [u8]>) -> Option<Background> {
        if bytes.get(..8)? != MAGIC {
            return None;
        }
        let count = |k: usize| {
            let b = bytes.get(8 + 4 * k..)?.first_chunk::<4>()?;
            Some(u32::from_le_bytes(*b))
        };
        let (documents, words, pairs) = (count(0)?, count(1)? as usize, count(2)? as usize);
        if bytes.len() != HEAD + words.checked_mul(8)?.checked_add(pairs.checked_mul(4)?)? {
            return None;
        }
        Some(Background {
            bytes,
            documents: documents.max(1),
            words,
            pairs,
        })
    }

    /// The table as bytes, to be kept in a file.
    pub fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Documents that were counted.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// What is known of a word.
    pub(crate) fn word(&self, key: u64) -> Frequency {
        let check = (key as u32).max(1);
        let mut at = home(key, self.words);
        for _ in 0..self.words.min(MAX_PROBES) {
            let Some(slot) = self
                .bytes
                .get(HEAD + at * 8..)
                .and_then(|b| b.first_chunk::<8>())
            else {
                break;
            };
            let [a, b, c, d, documents, burst, title, _] = *slot;
            let found = u32::from_le_bytes([a, b, c, d]);
            if found == check {
                return Frequency {
                    documents,
                    burst,
                    title,
                };
            }
            if found == 0 {
                break;
            }
            at = if at + 1 == self.words { 0 } else { at + 1 };
        }
        Frequency::default()
    }

    /// A slot of the table of pairs; 0 where it is free.
    #[inline]
    fn pair_slot(&self, at: usize) -> u32 {
        let bytes = self.bytes.get(HEAD + self.words * 8 + at * 4..);
        let slot = bytes.and_then(<[u8]>::first_chunk);
        slot.map_or(0, |slot| u32::from_le_bytes(*slot))
    }

    /// The slot where the search for a pair begins.
    #[inline]
    pub(crate) fn first_of_pair(&self, key: u64) -> u32 {
        self.pair_slot(home(key, self.pairs))
    }

    /// ln of the number of documents with a pair of neighbours; 0 where it was seen in fewer than three.
    pub(crate) fn pair(&self, key: u64) -> f32 {
        let check = ((key as u32) & 0xFF_FFFF).max(1);
        let mut at = home(key, self.pairs);
        for _ in 0..self.pairs.min(MAX_PROBES) {
            let slot = self.pair_slot(at);
            if slot >> 8 == check {
                return (slot & 0xFF) as f32 / STEPS;
            }
            if slot == 0 {
                break;
            }
            at = if at + 1 == self.pairs { 0 } else { at + 1 };
        }
        0.0
    }
}

/// A hostile table must not make a search long.
const MAX_PROBES: usize = 256;

fn home(key: u64, slots: usize) -> usize {
    (((key >> 32) * slots as u64) >> 32) as usize
}

/// Counts of one word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub documents: u32,
    pub times: u32,
    pub titles: u32,
}

/// Lays out a table: words seen in at least `least_words` documents, pairs in at least `least_pairs`.
pub(crate) fn table(
    documents: u32,
    words: &BTreeMap<u64, Counts>,
    pairs: &BTreeMap<u64, u32>,
    least_words: u32,
    least_pairs: u32,
) -> Background {
    let ln = |n: u32, steps: f32| ((n.max(1) as f32).ln() * steps).round().clamp(1.0, 255.0) as u8;
    let kept: Vec<_> = words
        .iter()
        .filter(|(_, c)| c.documents >= least_words)
        .collect();
    let slots = kept.len() * 3 / 2 + 1;
    let mut table = vec![[0u8; 8]; slots];
    for (&key, c) in kept {
        let [a, b, d, e] = (key as u32).max(1).to_le_bytes();
        let burst = (c.times as f32 / c.documents.max(1) as f32).ln() * 64.0;
        let title = c.titles as f32 / c.documents.max(1) as f32 * 255.0;
        let entry = [
            a,
            b,
            d,
            e,
            ln(c.documents, STEPS),
            burst.round().clamp(0.0, 255.0) as u8,
            title.round().clamp(0.0, 255.0) as u8,
            0,
        ];
        let mut at = home(key, slots);
        while table
            .get(at)
            .is_some_and(|s| s.first_chunk::<4>() != Some(&[0; 4]))
        {
            at = if at + 1 == slots { 0 } else { at + 1 };
        }
        if let Some(slot) = table.get_mut(at) {
            *slot = entry;
        }
    }
    let kept: Vec<_> = pairs.iter().filter(|&(_, &n)| n >= least_pairs).collect();
    let pair_slots = kept.len() * 3 / 2 + 1;
    let mut pair_table = vec![0u32; pair_slots];
    for (&key, &n) in kept {
        let entry = ((key as u32) & 0xFF_FFFF).max(1) << 8 | u32::from(ln(n, STEPS));
        let mut at = home(key, pair_slots);
        while pair_table.get(at).is_some_and(|&s| s != 0) {
            at = if at + 1 == pair_slots { 0 } else { at + 1 };
        }
        if let Some(slot) = pair_table.get_mut(at) {
            *slot = entry;
        }
    }
    let mut bytes = Vec::with_capacity(HEAD + slots * 8 + pair_slots * 4);
    bytes.extend_from_slice(MAGIC);
    for n in [documents, slots as u32, pair_slots as u32] {
        bytes.extend_from_slice(&n.to_le_bytes());
    }
    bytes.extend(table.iter().flatten());
    bytes.extend(pair_table.iter().flat_map(|s| s.to_le_bytes()));
    Background {
        bytes: Cow::Owned(bytes),
        documents: documents.max(1),
        words: slots,
        pairs: pair_slots,
    }
}
