//! The reusable buffers of a tagger: one a thread.

use crate::brief::Briefs;
use crate::document::{Position, Run};
use crate::entity::EntityScratch;
use crate::keyword::KeywordScratch;
use crate::matcher::{MatchScratch, Unit};
use crate::page::Page;
use crate::quantity::FigureScratch;
use crate::tokenizer::TokenScratch;
use crate::topic::TopicScratch;

/// Reusable buffers and the results of the last text.
///
/// Once warm, [`Tagger::analyze`](crate::Tagger::analyze) allocates nothing with it. It may be used with any tagger in
/// any order: with another one than before it forgets what it knows of words, which costs time and never changes a result.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Which tagger the word table is for; 0 for none.
    owner: u64,
    pub(crate) text: TokenScratch,
    pub(crate) page: Page,
    pub(crate) briefs: Briefs,
    pub(crate) units: Vec<Unit>,
    pub(crate) positions: Vec<Position>,
    pub(crate) runs: Vec<Run>,
    pub(crate) story_words: Vec<u32>,
    pub(crate) topic_hits: MatchScratch,
    pub(crate) topics: TopicScratch,
    pub(crate) figures: FigureScratch,
    pub(crate) entities: EntityScratch,
    pub(crate) keywords: KeywordScratch,
    /// Bytes of the largest text since memory was last looked at.
    peak: usize,
    calls: u32,
}

/// Memory is looked at again after so many texts.
const CHECK_EVERY: u32 = 64;
/// The briefs of so many words are fetched at a time: most articles have fewer, and what is near has room for them.
const AHEAD: usize = 1024;
/// Buffers for texts up to this many bytes are always kept.
const KEEP: usize = 1 << 20;

impl Scratch {
    /// Empty buffers.
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// Empty buffers that remember so many distinct words between texts at most; those of [`Scratch::new`] remember 90,000,
    /// in some 27 MB.
    ///
    /// A word that was forgotten is analysed again when it is met again: results never depend on it, speed does. Over a
    /// mixed stream of news 24,000 words take 10 MB and a fifth more time. Memory also goes with the longest text.
    ///
    /// ```
    /// let tagger = rasd::Tagger::new();
    /// let mut scratch = rasd::Scratch::with_words(24_000);
    /// let analysis = tagger.analyze("وصل الوفد إلى القاهرة.", &mut scratch);
    /// assert_eq!(analysis.entities().next().unwrap().text, "القاهرة");
    /// ```
    pub fn with_words(most: usize) -> Scratch {
        Scratch {
            text: TokenScratch::with_words(most),
            ..Scratch::default()
        }
    }

    /// Bytes held by the buffers.
    pub fn memory_usage(&self) -> usize {
        self.text.memory_usage()
            + self.briefs.memory_usage()
            + self.units.capacity() * size_of::<Unit>()
            + self.positions.capacity() * size_of::<Position>()
            + self.runs.capacity() * size_of::<Run>()
            + self.story_words.capacity() * 4
            + self.topic_hits.memory_usage()
            + self.topics.memory_usage()
            + self.figures.memory_usage()
            + self.entities.memory_usage()
            + self.keywords.memory_usage()
    }

    /// Deals out what is known of the words, of which from here on none is new, in the order of the text.
    pub(crate) fn deal(&mut self) {
        let Scratch { briefs, units, .. } = self;
        let count = units.len();
        let keys = self.topic_hits.keys(count).iter_mut();
        let doubts = self.topics.doubt(count).iter_mut();
        let looks = self.entities.looks(count).iter_mut();
        let classes = self.keywords.classes(count).iter_mut();
        let mut places = keys.zip(doubts).zip(looks).zip(classes);
        for units in units.chunks(AHEAD) {
            briefs.fetch(units.iter().map(|unit| unit.word));
            for (unit, (((keys, doubt), looks), class)) in units.iter().zip(&mut places) {
                let brief = briefs.of(unit.word);
                *keys = brief.keys;
                *doubt = brief.doubt;
                *looks = brief.looks;
                *class = brief.class;
            }
        }
        let tokens = &self.text.tokens;
        let starts = self.figures.starts(tokens.len()).iter_mut();
        for (token, start) in tokens.iter().zip(starts) {
            *start = briefs.of(token.word).start;
        }
    }

    /// Makes ready for a text of `len` bytes for the tagger `owner`; gives memory back some time after a giant text.
    pub(crate) fn begin(&mut self, owner: u64, len: usize) {
        self.peak = self.peak.max(len);
        self.calls += 1;
        if self.calls >= CHECK_EVERY {
            // A token takes five bytes of text at the very least on average; twice that need is not given back.
            if self.text.tokens.capacity() > self.peak.max(KEEP) / 2 {
                *self = Scratch {
                    text: self.text.renewed(),
                    ..Scratch::default()
                };
            }
            self.calls = 0;
            self.peak = len;
        }
        if self.owner != owner {
            self.owner = owner;
            self.text.words.clear();
        }
        self.units.clear();
    }
}
