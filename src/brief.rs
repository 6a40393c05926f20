//! What the stages ask of a word at every mention.
//!
//! A word that was met long ago is in no near cache, and every table that is asked for it fetches a cache line of its own,
//! one after the other through the whole pipeline. So what all stages ask of all words stands in two lines side by side; they
//! are fetched once in a text, many words at a time, and all but the scores of names, which are read where they stand, is
//! dealt out to lists of the stages beside the tokens or units, in the order of the text. What is asked of few words stands in vectors of the stages.

use crate::ahead::fetch;
use crate::entity::{Looks, WordRow};
use crate::keyword::WordClass;
use crate::matcher::WordKeys;
use crate::measure::Start;
use crate::topic::DoubtWord;
use crate::words::{Renumbering, Words};

/// Of a distinct word.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(128))]
pub(crate) struct Brief {
    /// For keywords.
    pub class: WordClass,
    /// For terms.
    pub keys: WordKeys,
    /// For names.
    pub looks: Looks,
    /// For what is denied or hearsay.
    pub doubt: DoubtWord,
    /// For figures.
    pub start: Start,
    /// Its scores for names.
    pub row: WordRow,
}

const _: () = assert!(size_of::<Brief>() == 128, "two cache lines");

/// Puts what a stage says of one new word after the other into its place.
pub(crate) fn put<T>(new: &mut [Brief], place: impl Fn(&mut Brief, T)) -> impl FnMut(T) {
    let mut new = new.iter_mut();
    move |said| {
        if let Some(brief) = new.next() {
            place(brief, said);
        }
    }
}

/// By number of a word.
#[derive(Debug, Default)]
pub(crate) struct Briefs {
    list: Vec<Brief>,
    /// That of no word.
    none: Brief,
    generation: u32,
}

impl Briefs {
    /// Brings the list up to date with the word table: the briefs of the words that are new, to be filled, and what the
    /// stages have to do to vectors of their own.
    pub fn fit<'w>(&mut self, words: &'w Words) -> (Renumbering<'w>, &mut [Brief]) {
        let renumbered = words.renumbered(&mut self.generation);
        renumbered.apply(&mut self.list);
        let known = self.list.len();
        self.list.resize(words.len(), Brief::default());
        (renumbered, self.list.get_mut(known..).unwrap_or(&mut []))
    }

    /// Brings the briefs of some words near.
    pub fn fetch(&self, words: impl Iterator<Item = u32>) {
        let of_lines = |brief: &Brief| u32::from(brief.doubt.0) ^ brief.row.first();
        fetch(words.map(|word| of_lines(self.of(word))));
    }

    /// That of a word.
    #[inline]
    pub fn of(&self, word: u32) -> &Brief {
        self.list.get(word as usize).unwrap_or(&self.none)
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.list.capacity() * size_of::<Brief>()
    }
}
