//! Phrases in the making, and the look that tells whether one is worth keeping.

use super::candidate::{ENTRY, IN_TITLE, Kind, LINKED, NEGATED, Place, REPEATED};
use super::first::First;
use super::join::{BEFORE, BEHIND, NAME_BEFORE, NAME_NEXT, NOT_NEXT, OPEN};
use super::model::Logs;
use super::seen::{NONE, ONCE, SeenTable};
use super::word::{LINK, NOT, join};

/// A phrase that is said once is a keyword where it is a name or begins in one of the first sentences, up to this number;
/// one of [`LONG`] words where it is a name or stands in the title. Without the others the lists are as good.
const EARLY: u32 = 3;
const LONG: u8 = 4;

/// A phrase that becomes longer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrase {
    pub key: u64,
    /// Its first place.
    pub at: u32,
    pub words: u8,
    pub flags: u8,
    /// What stands before it.
    pub bits: u16,
    pub sentence: u32,
    /// What its first word is worth.
    pub worth: f32,
    /// Every word of it is said more than once: so may be the phrase.
    pub repeated: bool,
    /// The longest candidate that begins where it begins, and the one that is all of it but the first word.
    pub parts: [u32; 2],
    /// Places and kind of the entity that begins where it begins.
    pub entity: u8,
    pub kind: Kind,
}

impl Phrase {
    /// Of the word of a place.
    #[inline]
    pub fn new(at: u32, head: &Place) -> Phrase {
        Phrase {
            key: head.info.key,
            at,
            words: 1,
            flags: head.part,
            bits: head.bits,
            sentence: head.sentence,
            worth: head.info.worth.head,
            repeated: head.bits & REPEATED != 0,
            parts: [head.single, NONE],
            entity: head.entity,
            kind: head.kind,
        }
    }

    /// Makes it longer by a word; whether it may be.
    #[inline]
    pub fn go_on(&mut self, tail: &Place) -> bool {
        self.words += 1;
        self.key = join(self.key, tail.info.key);
        self.repeated &= tail.bits & REPEATED != 0;
        if tail.info.is(NOT) {
            self.flags |= NEGATED;
        }
        if tail.info.is(LINK) {
            let first = self.flags & LINKED == 0;
            self.flags |= LINKED;
            return first;
        }
        true
    }

    /// Adds it to a table.
    #[inline]
    pub fn add(&self, table: &mut SeenTable, tail: &Place, look: &Look<'_>) -> u32 {
        let &Phrase {
            key,
            at,
            words,
            flags,
            bits: before,
            parts,
            ..
        } = self;
        if self.repeated {
            return table.enter(key, words, at, flags, parts);
        }
        // What has a part that is said once is said once: no need to look for it.
        table.part_of(parts);
        let mut worth = 0.0;
        if !look.keeps_all() {
            if is_cut_off(before, tail.bits, flags) {
                return ONCE;
            }
            let entity = if self.entity == words {
                self.kind
            } else {
                Kind::None
            };
            let around = before & BEFORE | tail.bits & BEHIND;
            let of_words = self.worth + tail.info.worth.tail;
            worth = look.worth(words, of_words, (1, flags), around, entity);
            if worth < look.least_before {
                return ONCE;
            }
        }
        table.push(key, words, at, flags, parts, worth)
    }

    /// Whether it can be no keyword, nor what it may become, see [`EARLY`].
    #[inline]
    pub fn is_hopeless(&self, look: &Look<'_>) -> bool {
        let headed = self.flags & IN_TITLE != 0 || self.bits & ENTRY != 0;
        !self.repeated
            && self.entity < self.words
            && (self.sentence > look.early || self.words >= LONG && !headed)
    }
}

/// What a first look at phrases goes by.
#[derive(Clone, Debug)]
pub(crate) struct Look<'l> {
    pub first: First,
    pub logs: &'l Logs,
    /// So many candidates are wanted.
    pub keep: usize,
    /// What a candidate must be worth with what it is within, and what one must be worth before that is known.
    pub least: f32,
    pub least_before: f32,
    /// Last sentence where a phrase may be said only once.
    pub early: u32,
}

impl<'l> Look<'l> {
    /// A look that keeps so many candidates.
    pub fn new(first: First, logs: &'l Logs, keep: usize) -> Look<'l> {
        Look {
            first,
            logs,
            keep,
            least: f32::NEG_INFINITY,
            least_before: f32::NEG_INFINITY,
            early: EARLY,
        }
    }

    /// A look that sees every pair, to count them.
    pub fn counting(first: First, logs: &'l Logs) -> Look<'l> {
        Look {
            early: u32::MAX,
            ..Look::all(first, logs)
        }
    }

    /// A look that keeps all.
    pub fn all(first: First, logs: &'l Logs) -> Look<'l> {
        Look::new(first, logs, usize::MAX)
    }

    pub fn keeps_all(&self) -> bool {
        self.keep == usize::MAX
    }

    /// What a candidate is worth, but for what it is within: by its words, what these are worth, its mentions, what stands
    /// around the first one, and what entity that is.
    #[inline]
    pub fn worth(
        &self,
        words: u8,
        of_words: f32,
        (times, flags): (u32, u8),
        around: u16,
        entity: Kind,
    ) -> f32 {
        let first = &self.first;
        let length = first.of_length(words as usize, self.logs.of(times), flags);
        // Only the first mention is looked at; what is said often mostly stands by itself elsewhere.
        let beside = first.of_neighbours(around & (BEHIND | BEFORE));
        let beside = match times {
            1 => beside + first.once,
            times => beside / times as f32,
        };
        length + of_words + beside + first.of_entity(entity)
    }
}

/// Whether what stands around a mention makes a phrase a piece of something, see [`cut_off`](super::candidate::CandidateScratch::cut_off).
#[inline]
pub(super) const fn is_cut_off(before: u16, behind: u16, flags: u8) -> bool {
    behind & (OPEN | NAME_NEXT | NOT_NEXT) != 0
        || before & NAME_BEFORE != 0
        || flags & LINKED != 0 && flags & IN_TITLE == 0 && before & ENTRY == 0
}
