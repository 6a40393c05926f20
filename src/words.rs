//! The distinct words of the texts a scratch has seen, each normalised and analysed once.
//!
//! News repeats itself: a few thousand forms make up nine tenths of a text. Later stages keep what they know of a
//! word in vectors beside this table, indexed by the same number.

use crate::morph::{Morphology, WordAnalysis};
use crate::normalize::Normalizer;
use crate::token::{RawToken, TokenKind};

/// When a new document begins with more words than this, the table is emptied first: it stays in the processor's cache
/// and its memory stays bounded over any number of documents.
const MAX_WORDS: usize = 1 << 16;

/// A word that is not found after so many steps is entered once more, without a slot: a text made of colliding words
/// costs memory in proportion to its length, never quadratic time.
const MAX_PROBES: usize = 64;

/// A form longer than this is kept whole and not analysed: no word of any language is.
const MAX_ANALYSED: usize = 120;

/// One distinct form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    hash: u32,
    norm: (u32, u32),
    stem: (u32, u32),
    /// What it is made of; one base segment for anything but an Arabic word.
    pub analysis: WordAnalysis,
    pub kind: TokenKind,
    pub arabic: bool,
}

/// The table. Word 0 is always the empty form.
#[derive(Debug, Default)]
pub(crate) struct Words {
    list: Vec<Word>,
    /// Open addressing: index into `list`, 0 where free.
    slots: Vec<u32>,
    text: String,
    norm: String,
    stem: String,
    /// Raised whenever the table is emptied, so that vectors beside it know.
    generation: u32,
}

impl Words {
    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn generation(&self) -> u32 {
        self.generation
    }

    pub fn get(&self, id: u32) -> Option<&Word> {
        self.list.get(id as usize)
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Word> {
        self.list.iter()
    }

    pub fn norm(&self, id: u32) -> &str {
        self.get(id).map_or("", |w| self.slice(w.norm))
    }

    pub fn stem(&self, id: u32) -> &str {
        self.get(id).map_or("", |w| self.slice(w.stem))
    }

    fn slice(&self, (start, end): (u32, u32)) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Forgets every word; the buffers stay.
    pub fn clear(&mut self) {
        self.list.clear();
        self.slots.iter_mut().for_each(|s| *s = 0);
        self.text.clear();
        self.generation = self.generation.wrapping_add(1);
    }

    /// Makes room for a new document.
    pub fn begin(&mut self) {
        if self.list.len() > MAX_WORDS {
            self.clear();
        }
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.list.capacity() * size_of::<Word>()
            + self.slots.capacity() * 4
            + self.text.capacity()
            + self.norm.capacity()
            + self.stem.capacity()
    }

    /// Numbers the word of every token.
    pub fn intern_all(&mut self, text: &str, tokens: &mut [RawToken], morphology: &Morphology) {
        for token in tokens {
            token.word = self.intern(token.span.of(text), token.kind, token.flags, morphology);
        }
    }

    /// The number of the word `surface`, added if it is new.
    pub fn intern(
        &mut self,
        surface: &str,
        kind: TokenKind,
        flags: u8,
        morphology: &Morphology,
    ) -> u32 {
        let mut buffer = std::mem::take(&mut self.norm);
        let id = if flags & RawToken::FOLDED == 0 {
            self.find(surface, kind, flags, morphology)
        } else {
            buffer.clear();
            Normalizer::new().fold_into(surface, &mut buffer, |_, _, _| {});
            self.find(&buffer, kind, flags, morphology)
        };
        self.norm = buffer;
        id
    }

    fn find(&mut self, norm: &str, kind: TokenKind, flags: u8, morphology: &Morphology) -> u32 {
        if self.list.is_empty() {
            self.list.push(Word {
                hash: 0,
                norm: (0, 0),
                stem: (0, 0),
                analysis: WordAnalysis::whole(0),
                kind: TokenKind::Symbol,
                arabic: false,
            });
        }
        if self.slots.len() < self.list.len() * 2 {
            self.grow();
        }
        let hash = hash(norm.as_bytes());
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hash as usize & mask;
        let mut free = false;
        for _ in 0..MAX_PROBES {
            match self.slots.get(slot).copied() {
                Some(0) | None => {
                    free = true;
                    break;
                }
                Some(id) => {
                    if let Some(w) = self.list.get(id as usize)
                        && w.hash == hash
                        && w.kind == kind
                        && self.slice(w.norm) == norm
                    {
                        return id;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
        let id = self.list.len() as u32;
        let start = self.text.len() as u32;
        self.text.push_str(norm);
        let norm_at = (start, self.text.len() as u32);
        let arabic = kind == TokenKind::Word && flags & RawToken::ARABIC != 0;
        let (analysis, stem_at) = if arabic && norm.len() <= MAX_ANALYSED {
            let analysis = morphology.analyze(norm, &mut self.stem);
            if self.stem == norm {
                (analysis, norm_at)
            } else {
                let start = self.text.len() as u32;
                self.text.push_str(&self.stem);
                (analysis, (start, self.text.len() as u32))
            }
        } else {
            (WordAnalysis::whole(norm.chars().count()), norm_at)
        };
        self.list.push(Word {
            hash,
            norm: norm_at,
            stem: stem_at,
            analysis,
            kind,
            arabic,
        });
        if free && let Some(s) = self.slots.get_mut(slot) {
            *s = id;
        }
        id
    }

    fn grow(&mut self) {
        let size = (self.list.len() * 4).next_power_of_two().max(4096);
        self.slots.clear();
        self.slots.resize(size, 0);
        let mask = size - 1;
        for (id, word) in self.list.iter().enumerate().skip(1) {
            let mut slot = word.hash as usize & mask;
            while self.slots.get(slot).is_some_and(|&s| s != 0) {
                slot = (slot + 1) & mask;
            }
            if let Some(s) = self.slots.get_mut(slot) {
                *s = id as u32;
            }
        }
    }
}

/// Fx-style hash of a short byte string, eight bytes a step. Who wants collisions can have them;
/// see `MAX_PROBES`.
pub(crate) fn hash(bytes: &[u8]) -> u32 {
    const K: u64 = 0x517c_c1b7_2722_0a95;
    let mut h = bytes.len() as u64;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        h = (h.rotate_left(5) ^ u64::from_le_bytes(*chunk)).wrapping_mul(K);
    }
    let mut tail = 0u64;
    for &b in rest {
        tail = tail << 8 | u64::from(b);
    }
    h = (h.rotate_left(5) ^ tail).wrapping_mul(K);
    (h ^ (h >> 32)) as u32
}
