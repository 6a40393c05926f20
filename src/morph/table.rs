//! The compiled tables as bytes, and how they are read: bounds-checked slices, no copy, no set-up.

use super::class::{ALL_CLASSES, Class, ENCLITICS, PROCLITICS, Tag};
use crate::ahead::fetch;
use std::borrow::Cow;

/// First bytes of a table file.
pub const MAGIC: &[u8; 8] = b"rasdmor3";
/// Bytes of the head: magic and seven counts.
pub const HEAD: usize = 8 + 7 * 4;

/// A base form: lemma, class, cost, spelling signature, and part of the key's hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BaseEntry(pub u64);

impl BaseEntry {
    /// Number of the lemma.
    #[inline]
    pub fn lemma(self) -> u16 {
        self.0 as u16
    }
    /// Class of the form.
    #[inline]
    pub fn class(self) -> Class {
        Class::from_u8((self.0 >> 16 & 63) as u8)
    }
    /// Cost in twelfths of a nat.
    #[inline]
    pub fn cost(self) -> u32 {
        (self.0 >> 22 & 255) as u32
    }
    /// Spelling signature.
    #[inline]
    pub fn signature(self) -> u8 {
        (self.0 >> 30) as u8
    }
}

/// A whole word with its best analysis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WordEntry(pub u64);

impl WordEntry {
    /// Number of the lemma.
    #[inline]
    pub fn lemma(self) -> u16 {
        self.0 as u16
    }
    /// Class of the base.
    #[inline]
    pub fn class(self) -> Class {
        Class::from_u8((self.0 >> 16 & 63) as u8)
    }
    /// Number of the proclitic.
    #[inline]
    pub fn pro(self) -> u8 {
        (self.0 >> 22 & 63) as u8
    }
    /// Number of the enclitic.
    #[inline]
    pub fn enc(self) -> u8 {
        (self.0 >> 28 & 15) as u8
    }
    /// Another analysis is nearly as likely.
    #[inline]
    pub fn ambiguous(self) -> bool {
        self.0 >> 32 & 1 == 1
    }
    /// Tag in this spelling.
    #[inline]
    pub fn tag(self) -> Tag {
        Tag::from_u8((self.0 >> 33 & 15) as u8)
    }
}

/// The part of a key's hash that entries hold.
#[inline]
pub fn check(key: u64) -> u64 {
    key & 0x3FF_FFFF
}

/// Entries in a bucket on average. Most keys that are looked up have no entry: for them the head of the bucket is read
/// and, one time in four, the entries.
const PER_BUCKET: usize = 3;

/// Bits of a bucket's head that say where its entries begin; each of the others says whether a key with that
/// [`sign`] may be among them.
pub const START_BITS: u32 = 20;

/// Buckets of a table of so many entries. Behind the head of the last one stands where its entries end.
#[inline]
pub fn buckets(entries: usize) -> usize {
    entries / PER_BUCKET + 1
}

/// The bucket of a key.
#[inline]
pub fn home(key: u64, buckets: usize) -> usize {
    (((key >> 32) * buckets as u64) >> 32) as usize
}

/// The bit of a key in the head of its bucket.
#[inline]
pub fn sign(key: u64) -> u32 {
    const SIGNS: u64 = (u32::BITS - START_BITS) as u64;
    1 << (START_BITS + (((key >> 26 & 63) * SIGNS) >> 6) as u32)
}

/// Where a hash table lies: heads of buckets, then entries of eight bytes, bucket by bucket.
#[derive(Clone, Copy, Debug)]
struct Place {
    at: usize,
    entries: usize,
}

impl Place {
    /// Where the head of the bucket of a key is.
    #[inline]
    fn head(self, key: u64) -> usize {
        self.at + home(key, buckets(self.entries)) * 4
    }

    fn at_entries(self) -> usize {
        self.at + (buckets(self.entries) + 1) * 4
    }

    fn end(self) -> usize {
        self.at_entries() + self.entries * 8
    }
}

/// The compiled tables.
#[derive(Clone, Debug)]
pub struct Tables {
    bytes: Cow<'static, [u8]>,
    text: Cow<'static, str>,
    words: Place,
    bases: Place,
    lemmas: usize,
    at_lemmas: usize,
    at_lemma_roots: usize,
    at_forms: usize,
    at_lemma_tags: usize,
    at_roots: usize,
    at_pro: usize,
    at_enc: usize,
    roots: usize,
}

impl Tables {
    /// Takes tables made by the compiler; `None` when their head is not one or lengths do not agree.
    pub fn new(bytes: Cow<'static, [u8]>, text: Cow<'static, str>) -> Option<Tables> {
        if bytes.get(..8)? != MAGIC {
            return None;
        }
        let count = |k: usize| -> Option<usize> {
            let b = bytes.get(8 + 4 * k..12 + 4 * k)?;
            Some(u32::from_le_bytes(b.try_into().ok()?) as usize)
        };
        let (words, bases, lemmas, roots) = (count(0)?, count(1)?, count(2)?, count(3)?);
        if count(4)? != ALL_CLASSES.len()
            || count(5)? != PROCLITICS.len()
            || count(6)? != ENCLITICS.len()
        {
            return None;
        }
        let words = Place {
            at: HEAD,
            entries: words,
        };
        let bases = Place {
            at: words.end(),
            entries: bases,
        };
        let at_lemmas = bases.end();
        let at_lemma_roots = at_lemmas + (lemmas + 1) * 4;
        let at_forms = at_lemma_roots + lemmas * 2;
        let at_lemma_tags = at_forms + lemmas * 4;
        let at_roots = at_lemma_tags + lemmas;
        let at_pro = at_roots + (roots + 1) * 4;
        let at_enc = at_pro + ALL_CLASSES.len() * PROCLITICS.len();
        let end = at_enc + ALL_CLASSES.len() * ENCLITICS.len();
        if bytes.len() != end {
            return None;
        }
        Some(Tables {
            bytes,
            text,
            words,
            bases,
            lemmas,
            at_lemmas,
            at_lemma_roots,
            at_forms,
            at_lemma_tags,
            at_roots,
            at_pro,
            at_enc,
            roots,
        })
    }

    /// Tables of no words.
    pub fn empty() -> Tables {
        Tables {
            bytes: Cow::Borrowed(&[0; 8]),
            text: Cow::Borrowed(""),
            // A head of zeros: no key has a sign there.
            words: Place { at: 0, entries: 0 },
            bases: Place { at: 0, entries: 0 },
            lemmas: 0,
            at_lemmas: 0,
            at_lemma_roots: 0,
            at_forms: 0,
            at_lemma_tags: 0,
            at_roots: 0,
            at_pro: 8,
            at_enc: 8,
            roots: 0,
        }
    }

    /// The bytes at a place; zeros outside the tables.
    #[inline]
    fn read<const N: usize>(&self, at: usize) -> [u8; N] {
        self.bytes
            .get(at..at + N)
            .and_then(|b| b.first_chunk::<N>())
            .copied()
            .unwrap_or([0; N])
    }
    #[inline]
    fn u64_at(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.read(at))
    }
    #[inline]
    fn u32_at(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.read(at))
    }
    #[inline]
    fn u16_at(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.read(at))
    }

    /// Bytes the tables hold in memory.
    pub fn size(&self) -> usize {
        self.bytes.len() + self.text.len()
    }
    /// Number of lemmas.
    pub fn lemma_count(&self) -> usize {
        self.lemmas
    }

    /// The numbers of the entries that a key may be among: the first, and one past the last.
    #[inline]
    fn bucket(&self, table: Place, key: u64) -> (usize, usize) {
        // The head of the bucket, and of the next one.
        let heads = self.u64_at(table.head(key));
        let start = |head: u64| (head & ((1 << START_BITS) - 1)) as usize;
        match heads as u32 & sign(key) {
            0 => (0, 0),
            _ => (start(heads), start(heads >> 32)),
        }
    }

    /// Brings near in memory what is asked for some keys: heads of buckets in one loop, entries in another.
    #[inline]
    fn fetch(&self, table: Place, keys: impl Iterator<Item = u64> + Clone) {
        fetch(keys.clone().map(|key| self.u32_at(table.head(key))));
        fetch(keys.map(|key| {
            let (first, _) = self.bucket(table, key);
            self.u32_at(table.at_entries() + first * 8)
        }));
    }

    /// Brings near in memory what [`word`](Self::word) asks for.
    #[inline]
    pub fn fetch_words(&self, keys: impl Iterator<Item = u64> + Clone) {
        self.fetch(self.words, keys);
    }

    /// Brings near in memory what [`bases`](Self::bases) asks for.
    #[inline]
    pub fn fetch_bases(&self, keys: impl Iterator<Item = u64> + Clone) {
        self.fetch(self.bases, keys);
    }

    /// Brings near in memory the texts of some lemmas.
    #[inline]
    pub fn fetch_lemmas(&self, ids: impl Iterator<Item = u16> + Clone) {
        let at = |id: u16| self.u32_at(self.at_lemmas + id as usize * 4);
        fetch(ids.clone().map(at));
        let text = self.text.as_bytes();
        fetch(ids.map(|id| u32::from(text.get(at(id) as usize).copied().unwrap_or(0))));
    }

    /// The entries of a key, with their numbers.
    #[inline]
    fn entries(&self, table: Place, key: u64) -> impl Iterator<Item = (usize, u64)> {
        let (first, end) = self.bucket(table, key);
        let at = table.at_entries();
        let bytes = self.bytes.get(at + first * 8..at + end * 8);
        let entries = bytes.unwrap_or(&[]).as_chunks().0;
        let want = check(key);
        (first..)
            .zip(entries.iter().map(|e| u64::from_le_bytes(*e)))
            .filter(move |(_, entry)| entry >> 38 == want)
    }

    /// The first whole-word entry of a key.
    #[inline]
    pub fn word(&self, key: u64) -> Option<WordEntry> {
        let (_, entry) = self.entries(self.words, key).next()?;
        Some(WordEntry(entry))
    }

    /// Calls `f` with every base entry of a key and its number; numbers rise with keys.
    #[inline]
    pub fn bases(&self, key: u64, mut f: impl FnMut(usize, BaseEntry)) {
        for (number, entry) in self.entries(self.bases, key) {
            f(number, BaseEntry(entry));
        }
    }

    fn slice(&self, table: usize, i: usize) -> &str {
        let a = self.u32_at(table + i * 4) as usize;
        let b = self.u32_at(table + i * 4 + 4) as usize;
        self.text.get(a..b).unwrap_or("")
    }

    /// Text of a lemma.
    #[inline]
    pub fn lemma(&self, id: u16) -> &str {
        if (id as usize) < self.lemmas {
            self.slice(self.at_lemmas, id as usize)
        } else {
            ""
        }
    }
    /// Index form of a lemma.
    #[inline]
    pub fn form(&self, id: u16) -> &str {
        if (id as usize) >= self.lemmas {
            return "";
        }
        let place = self.u32_at(self.at_forms + id as usize * 4);
        let from = (place & 0xFF_FFFF) as usize;
        self.text
            .get(from..from + (place >> 24) as usize)
            .unwrap_or("")
    }
    /// Root of a lemma; empty where it has none.
    #[inline]
    pub fn root(&self, id: u16) -> &str {
        if (id as usize) >= self.lemmas {
            return "";
        }
        let r = self.u16_at(self.at_lemma_roots + id as usize * 2) as usize;
        if r < self.roots {
            self.slice(self.at_roots, r)
        } else {
            ""
        }
    }
    /// Tag of a lemma.
    #[inline]
    pub fn tag(&self, id: u16) -> Tag {
        Tag::from_u8(
            self.bytes
                .get(self.at_lemma_tags + id as usize)
                .copied()
                .unwrap_or(15),
        )
    }
    /// Cost of a proclitic before a class.
    #[inline]
    pub fn pro_cost(&self, class: Class, pro: usize) -> u32 {
        self.bytes
            .get(self.at_pro + class as usize * PROCLITICS.len() + pro)
            .copied()
            .unwrap_or(255) as u32
    }
    /// Cost of an enclitic after a class.
    #[inline]
    pub fn enc_cost(&self, class: Class, enc: usize) -> u32 {
        self.bytes
            .get(self.at_enc + class as usize * ENCLITICS.len() + enc)
            .copied()
            .unwrap_or(255) as u32
    }
}
