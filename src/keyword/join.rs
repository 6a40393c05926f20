//! Whether a phrase may go on from one word to the next.
//!
//! The rules ask for what a word is in some twenty ways, but texts hold few combinations of these: words of one sort join
//! alike, and what the rules say of two sorts is kept in a table.

use super::word::{
    ACCUSATIVE, ADJECTIVE, ARTICLE, CONJUNCTION, CONTENT, FOR, LINK, NAME, NOT, NOUN, PLACE,
    PREPOSITION, PRONOUN, PROPER, TAIL, UNKNOWN, WordClass,
};

/// Of a word: what a phrase that ends with it is cut off from: any noun, an adjective that agrees, the noun that it wants, a
/// name.
pub(crate) const GOES_ON: u16 = 1;
pub(crate) const ADJECTIVE_NEXT: u16 = 1 << 1;
pub(crate) const OPEN: u16 = 1 << 2;
pub(crate) const NAME_NEXT: u16 = 1 << 3;
pub(super) const BEHIND: u16 = GOES_ON | ADJECTIVE_NEXT | OPEN | NAME_NEXT;
/// A name that begins with it is cut off from the one before.
pub(crate) const NAME_BEFORE: u16 = 1 << 4;
/// The phrase may go on from the word before.
pub(crate) const JOINED: u16 = 1 << 5;
pub(super) const BEFORE: u16 = NAME_BEFORE | JOINED;
/// «غير» or a word with ب or ل goes on with it: «مكافحة الهجرة غير الشرعية», «الاتجار بالبشر».
pub(super) const NOT_NEXT: u16 = 1 << 12;
pub(super) const PREPOSITION_NEXT: u16 = 1 << 13;
/// What is said of the first of two words; the rest is said of the second.
pub(super) const NEXT: u16 = BEHIND | NOT_NEXT | PREPOSITION_NEXT;

/// What the rules ask for.
const ASKED: u32 = CONJUNCTION
    | PRONOUN
    | LINK
    | TAIL
    | NOT
    | NOUN
    | UNKNOWN
    | ADJECTIVE
    | CONTENT
    | PREPOSITION
    | ARTICLE
    | PROPER
    | PLACE
    | FOR
    | ACCUSATIVE
    | NAME;

/// Number of sorts; the last is of all words that came too late for one of their own.
const SORTS: usize = 64;
pub(super) const OTHER: u8 = SORTS as u8 - 1;

/// What the rules say of words, by their sorts.
#[derive(Debug, Default)]
pub(crate) struct Joins {
    /// What the words of a sort are.
    sorts: Vec<u32>,
    /// By the sorts of the two words; [`UNASKED`] where the rules were not asked yet.
    table: Vec<u16>,
}

const UNASKED: u16 = u16::MAX;

impl Joins {
    /// The sort of words with these flags.
    pub fn sort(&mut self, flags: u32) -> u8 {
        let asked = flags & ASKED;
        let known = self.sorts.iter().position(|&s| s == asked);
        let sort = known.unwrap_or_else(|| {
            if self.sorts.len() < OTHER as usize {
                self.sorts.push(asked);
            }
            self.sorts.len() - 1
        });
        if self.sorts.get(sort) == Some(&asked) {
            sort as u8
        } else {
            OTHER
        }
    }

    /// The bits that two words beside each other get; none where the phrase may not go on.
    #[inline]
    pub fn of(&mut self, before: &WordClass, word: &WordClass) -> u16 {
        let at = before.sort as usize * SORTS + word.sort as usize;
        match self.table.get(at) {
            Some(&bits) if bits != UNASKED => bits,
            _ => self.ask(before, word, at),
        }
    }

    #[cold]
    #[inline(never)]
    fn ask(&mut self, before: &WordClass, word: &WordClass, at: usize) -> u16 {
        let bits = if joins(before, word) {
            connect(before, word)
        } else {
            0
        };
        if before.sort < OTHER && word.sort < OTHER {
            if self.table.is_empty() {
                self.table.resize(SORTS * SORTS, UNASKED);
            }
            if let Some(slot) = self.table.get_mut(at) {
                *slot = bits;
            }
        }
        bits
    }

    pub fn memory_usage(&self) -> usize {
        self.sorts.capacity() * 4 + self.table.capacity() * 2
    }
}

/// The bits that two words get which a phrase goes on with.
#[inline]
pub(super) fn connect(before: &WordClass, word: &WordClass) -> u16 {
    let mut bits = JOINED;
    bits |= if word.is(NOT) {
        NOT_NEXT
    } else if word.is(PREPOSITION) {
        PREPOSITION_NEXT
    } else if word.is(LINK) {
        0
    } else {
        GOES_ON
    };
    if !word.is(PREPOSITION) {
        if word.is(ADJECTIVE) && word.is(ARTICLE) == before.is(ARTICLE) {
            bits |= ADJECTIVE_NEXT;
        }
        if !before.is(ARTICLE | PROPER) && word.is(ARTICLE | PROPER) {
            bits |= OPEN;
        }
    }
    if before.is(PROPER | UNKNOWN) && word.is(NAME | UNKNOWN) {
        bits |= NAME_NEXT;
    }
    if word.is(PROPER | UNKNOWN) && before.is(NAME | UNKNOWN) {
        bits |= NAME_BEFORE;
    }
    bits
}

/// Whether a phrase may go on from one word to the next.
fn joins(before: &WordClass, word: &WordClass) -> bool {
    if word.is(CONJUNCTION) || before.is(PRONOUN) {
        return false;
    }
    if word.is(LINK) {
        return before.is(TAIL);
    }
    if word.is(NOT) {
        return before.is(NOUN | UNKNOWN | ADJECTIVE);
    }
    if !word.is(CONTENT) {
        return false;
    }
    if before.is(LINK) {
        return !word.is(PREPOSITION);
    }
    if before.is(NOT) {
        return word.is(ADJECTIVE | NOUN | UNKNOWN) && !word.is(PREPOSITION);
    }
    if !before.is(CONTENT) {
        return false;
    }
    if word.is(PREPOSITION) {
        // «الاتجار بالبشر», «السماح للنساء»: not behind names.
        return before.is(NOUN | UNKNOWN) && word.is(ARTICLE | PROPER)
            // «اليوم العالمي للمرأة», «معهد الكويت للأبحاث»
            || before.is(ADJECTIVE | PLACE) && word.is(FOR) && word.is(ARTICLE);
    }
    if before.is(ACCUSATIVE) {
        return word.is(ACCUSATIVE) && word.is(ADJECTIVE);
    }
    if before.is(ARTICLE) {
        // The article agrees, or a name in apposition follows.
        return word.is(ARTICLE | PROPER | UNKNOWN);
    }
    if before.is(PROPER) && !before.is(UNKNOWN) {
        // Many a family name is a noun: عادل إمام.
        return word.is(PROPER | UNKNOWN | ADJECTIVE) || before.is(NAME) && !word.is(ACCUSATIVE);
    }
    if word.is(ACCUSATIVE) {
        return false;
    }
    true
}
