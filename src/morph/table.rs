//! The compiled tables as bytes, and how they are read: bounds-checked slices, no copy, no set-up.

use super::class::{ALL_CLASSES, Class, ENCLITICS, PROCLITICS, Tag};
use std::borrow::Cow;

/// First bytes of a table file.
pub const MAGIC: &[u8; 8] = b"rasdmor2";
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
    // Zero marks an empty slot.
    (key & 0x3FF_FFFF).max(1)
}

/// Where the search for a key begins.
#[inline]
pub fn home(key: u64, slots: usize) -> usize {
    (((key >> 32) * slots as u64) >> 32) as usize
}

/// The compiled tables.
#[derive(Clone, Debug)]
pub struct Tables {
    bytes: Cow<'static, [u8]>,
    text: Cow<'static, str>,
    words: usize,
    bases: usize,
    lemmas: usize,
    at_words: usize,
    at_bases: usize,
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
            || words == 0
            || bases == 0
        {
            return None;
        }
        let at_words = HEAD;
        let at_bases = at_words + words * 8;
        let at_lemmas = at_bases + bases * 8;
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
            at_words,
            at_bases,
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
            words: 1,
            bases: 1,
            lemmas: 0,
            at_words: 0,
            at_bases: 0,
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

    /// The first whole-word entry of a key.
    #[inline]
    pub fn word(&self, key: u64) -> Option<WordEntry> {
        let mut at = home(key, self.words);
        let want = check(key);
        loop {
            let v = self.u64_at(self.at_words + at * 8);
            if v == 0 {
                return None;
            }
            if v >> 38 == want {
                return Some(WordEntry(v));
            }
            at += 1;
            if at == self.words {
                at = 0;
            }
        }
    }

    /// Calls `f` with every base entry of a key and its slot.
    #[inline]
    pub fn bases(&self, key: u64, mut f: impl FnMut(usize, BaseEntry)) {
        let mut at = home(key, self.bases);
        let want = check(key);
        loop {
            let v = self.u64_at(self.at_bases + at * 8);
            if v == 0 {
                return;
            }
            if v >> 38 == want {
                f(at, BaseEntry(v));
            }
            at += 1;
            if at == self.bases {
                at = 0;
            }
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
