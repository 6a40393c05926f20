//! The pieces of a word: what its clitics are and how long its base is, by the numbers of the clitics.

use super::class::{ENCLITICS, PROCLITICS};

/// What a piece of a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SegmentKind {
    /// و or ف.
    Conjunction,
    /// ب, ل, ك, and the fused من and عن of مما, عما.
    Preposition,
    /// ال, or its ل after the preposition ل.
    Article,
    /// س.
    Future,
    /// أ.
    Interrogative,
    /// The word itself with its inflection.
    Base,
    /// An enclitic pronoun.
    Pronoun,
}

/// At most this many pieces make a word.
pub const MAX_SEGMENTS: usize = 8;

/// The pieces of a word, in order; together they are the word.
#[derive(Clone, Copy)]
pub struct Segments {
    letters: u16,
    /// Numbers of the clitics in front and of the pronoun behind; 0 for none.
    pro: u8,
    enc: u8,
}

impl PartialEq for Segments {
    /// The same kinds and lengths: و and ف are both conjunctions.
    fn eq(&self, other: &Segments) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Segments {}

impl std::fmt::Debug for Segments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Segments {
    pub(super) const fn whole(letters: usize) -> Segments {
        Segments::new(letters, 0, 0)
    }

    /// The pieces of a word with the proclitic and the enclitic of these numbers.
    pub(super) const fn new(letters: usize, pro: u8, enc: u8) -> Segments {
        let letters = if letters > u16::MAX as usize {
            u16::MAX
        } else {
            letters as u16
        };
        Segments { letters, pro, enc }
    }

    #[inline]
    fn front(&self) -> &'static Front {
        FRONTS.get(self.pro as usize).unwrap_or(&Front::NONE)
    }

    #[inline]
    fn letters_behind(&self) -> usize {
        let pronoun = ENCLITICS.get(self.enc as usize);
        // Letters of two bytes.
        pronoun.map_or(0, |p| p.len() / 2)
    }

    /// Whether a pronoun stands behind the base.
    #[inline]
    pub(super) const fn has_pronoun(&self) -> bool {
        self.enc != 0
    }

    /// Letters before the base, of the base and behind it.
    #[inline]
    fn lengths(&self) -> [usize; 3] {
        let before = self.front().letters as usize;
        let after = self.letters_behind();
        let base = (self.letters as usize).saturating_sub(before + after);
        [before, base, after]
    }

    /// Whether a piece of this kind stands before the base.
    pub(super) fn begins_with(&self, wanted: SegmentKind) -> bool {
        self.front().pieces().any(|(kind, _)| kind == wanted)
    }

    /// Number of pieces, at least 1.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Never true; here for the sake of convention.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Kind and length in characters of the normalised word, piece by piece. A word of more than 65,535 characters is
    /// one piece whose length is cut to that; [`Segments::split`] gives all of it.
    pub fn iter(&self) -> impl Iterator<Item = (SegmentKind, usize)> + use<> {
        let [_, base, after] = self.lengths();
        let behind = (after > 0).then_some((SegmentKind::Pronoun, after));
        self.front()
            .pieces()
            .chain([(SegmentKind::Base, base)])
            .chain(behind)
    }

    /// The pieces of the word as slices of it.
    pub fn split<'w>(&self, word: &'w str) -> impl Iterator<Item = &'w str> + use<'w> {
        let count = self.len();
        let mut rest = word;
        self.iter().enumerate().map(move |(i, (_, n))| {
            if i + 1 == count {
                return rest;
            }
            let cut = rest.char_indices().nth(n).map_or(rest.len(), |(at, _)| at);
            let (head, tail) = rest.split_at(cut);
            rest = tail;
            head
        })
    }

    /// Characters before the base and characters of the base.
    pub fn base(&self) -> (usize, usize) {
        let [before, base, _] = self.lengths();
        (before, base)
    }
}

/// What a proclitic is made of.
#[derive(Clone, Copy)]
struct Front {
    pieces: [(SegmentKind, u8); Front::MAX],
    count: u8,
    letters: u8,
}

impl Front {
    /// Conjunction, preposition, article.
    const MAX: usize = 3;

    const NONE: Front = Front {
        pieces: [(SegmentKind::Base, 0); Front::MAX],
        count: 0,
        letters: 0,
    };

    /// Of the kinds of [`PROCLITICS`].
    const fn of(kinds: &str) -> Front {
        let mut out = Front::NONE;
        let kinds = kinds.as_bytes();
        let mut i = 0;
        while i < kinds.len() {
            out.pieces[i] = match kinds[i] {
                b'w' | b'f' => (SegmentKind::Conjunction, 1),
                b'q' => (SegmentKind::Interrogative, 1),
                b's' => (SegmentKind::Future, 1),
                b'a' => (SegmentKind::Article, 2),
                b'A' => (SegmentKind::Article, 1),
                _ => (SegmentKind::Preposition, 1),
            };
            out.letters += out.pieces[i].1;
            i += 1;
        }
        out.count = i as u8;
        out
    }

    fn pieces(&'static self) -> impl Iterator<Item = (SegmentKind, usize)> {
        let pieces = self.pieces.iter().take(self.count as usize);
        pieces.map(|&(kind, n)| (kind, n as usize))
    }
}

/// Beside [`PROCLITICS`].
static FRONTS: [Front; PROCLITICS.len()] = {
    let mut out = [Front::NONE; PROCLITICS.len()];
    let mut i = 0;
    while i < out.len() {
        out[i] = Front::of(PROCLITICS[i].kinds);
        i += 1;
    }
    out
};
