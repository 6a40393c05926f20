//! Keywords: the phrases an archivist would file a story under.
//!
//! Noun phrases are collected from the analyses of the words ([`candidate`]), described by some eighty numbers
//! ([`feature`]), weighed by a linear model ([`model`]), and picked so that none repeats another ([`select`]).

pub(crate) mod background;
pub(crate) mod candidate;
pub(crate) mod count;
pub(crate) mod feature;
pub(crate) mod first;
pub(crate) mod join;
pub(crate) mod lab;
pub(crate) mod model;
mod phrase;
mod seen;
pub(crate) mod select;
pub(crate) mod word;

use crate::document::{Document, Run};
use crate::entity::EntityRecord;
use crate::span::Span;
use crate::topic::TopicScratch;
use crate::words::Words;
use background::Background;
use candidate::CandidateScratch;
use feature::{Story, features, long};
use model::Model;
use phrase::Look;
use select::{SelectScratch, Wanted};
pub(crate) use word::WordClass;
use word::WordLists;

/// What a keyword is, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum KeywordKind {
    /// A subject, an event, a thing.
    Concept,
    /// A person or a body.
    Name,
    /// A country, a city, a region.
    Place,
}

impl KeywordKind {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            KeywordKind::Concept => "concept",
            KeywordKind::Name => "name",
            KeywordKind::Place => "place",
        }
    }
}

/// One keyword of one story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct KeywordRecord {
    pub story: u32,
    pub score: f32,
    pub kind: KeywordKind,
    /// Range in `KeywordScratch::text`: the printed form.
    pub text: (u32, u32),
    /// Range in `KeywordScratch::words`.
    pub words: (u32, u32),
    /// Range in `KeywordScratch::mentions`.
    pub mentions: (u32, u32),
}

/// A word of a keyword.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeywordWord {
    /// Its number.
    pub word: u32,
    /// Letters of its stem that are none of the keyword's.
    pub skip: u8,
}

/// Buffers, and the keywords of the last text: by story, best first.
#[derive(Debug, Default)]
pub(crate) struct KeywordScratch {
    pub found: Vec<KeywordRecord>,
    pub text: String,
    pub words: Vec<KeywordWord>,
    pub mentions: Vec<Span>,
    pub candidates: CandidateScratch,
    select: SelectScratch,
}

impl KeywordScratch {
    /// Where the classes of the words of the units go that are read next.
    pub fn classes(&mut self, units: usize) -> &mut [WordClass] {
        let classes = &mut self.candidates.classes;
        classes.resize(units, WordClass::default());
        classes
    }

    pub fn memory_usage(&self) -> usize {
        self.found.capacity() * size_of::<KeywordRecord>()
            + self.text.capacity()
            + self.words.capacity() * size_of::<KeywordWord>()
            + self.mentions.capacity() * 8
            + self.candidates.memory_usage()
            + self.select.memory_usage()
    }
}

/// For every keyword wanted so many candidates are looked at closely at least; or one, and one more for so many words of the
/// story: in a long text more of them look good at first sight.
const KEEP: usize = 2;
const KEEP_WORDS: usize = 20;
/// Beyond so many words, one more for so many; of a longer story than the last number no more than of one of that length.
const LONG: usize = 1000;
const KEEP_LONG: usize = 8;
const LONGEST: usize = 8_000;

/// The extractor.
#[derive(Clone, Debug)]
pub(crate) struct Keywords {
    pub wanted: Wanted,
    pub lists: WordLists,
    pub background: Background,
    pub model: Model,
}

impl Default for Keywords {
    fn default() -> Self {
        Keywords {
            wanted: Wanted {
                count: 10,
                least: 0.0,
                kinds: [true; 3],
            },
            lists: WordLists::shipped(),
            background: Background::embedded(),
            model: Model::shipped(),
        }
    }
}

impl Keywords {
    /// Looks up the words from number `known` on, and calls `put` with the class of each.
    pub fn learn(
        &self,
        words: &Words,
        known: usize,
        scratch: &mut KeywordScratch,
        put: impl FnMut(WordClass),
    ) {
        let Keywords {
            lists,
            background,
            model,
            ..
        } = self;
        let infos = &mut scratch.candidates.infos;
        infos.learn(words, known, lists, background, &model.first, put);
    }

    /// Fills `scratch.found`.
    pub fn extract(
        &self,
        document: &Document<'_>,
        topics: &TopicScratch,
        entities: &[EntityRecord],
        scratch: &mut KeywordScratch,
    ) {
        scratch.found.clear();
        scratch.text.clear();
        scratch.words.clear();
        scratch.mentions.clear();
        if self.wanted.count == 0 {
            return;
        }
        let (mut from, mut runs) = (0, document.runs);
        while let Some(story) = runs.first().map(|run| run.position.story) {
            let of_story = |run: &&Run| run.position.story == story;
            let count = runs.iter().take_while(of_story).count();
            let (here, later) = runs.split_at_checked(count).unwrap_or_default();
            runs = later;
            let to = here.last().map_or(from, |run| run.end as usize);
            // Entities come in reading order, and none reaches over two stories.
            let starts_before = |unit: usize| {
                let before = |e: &EntityRecord| (e.units.0 as usize) < unit;
                entities.partition_point(before)
            };
            let here = entities.get(starts_before(from)..starts_before(to));
            let candidates = &mut scratch.candidates;
            candidates.collect(document, here.unwrap_or(&[]), from, to);
            for score in topics.decided(story) {
                candidates.mark_topics(document, topics.evidence_of(score));
            }
            self.weigh(entities, candidates);
            select::select(
                document,
                story,
                &scratch.candidates,
                &self.wanted,
                &mut scratch.select,
                &mut scratch.found,
                &mut scratch.text,
                &mut scratch.words,
                &mut scratch.mentions,
            );
            from = to;
        }
    }

    /// Scores the candidates of a story that look best.
    fn weigh(&self, entities: &[EntityRecord], candidates: &mut CandidateScratch) {
        // The first look knows nothing of the kinds wanted.
        let all = self.model.first.blind || self.wanted.kinds.contains(&false);
        let keep = if all {
            usize::MAX
        } else {
            let words = candidates.words as usize;
            let words = words.min(LONGEST);
            let words = words / KEEP_WORDS + words.saturating_sub(LONG) / KEEP_LONG;
            let count = self.wanted.count;
            count.saturating_add(words).max(count.saturating_mul(KEEP))
        };
        let long = long(candidates.words);
        let mut look = Look::new(self.model.first.at(long), &self.model.logs, keep);
        candidates.phrases(&mut look);
        candidates.choose(&look, &self.background);
        let story = Story::new(
            candidates,
            self.background.documents(),
            !entities.is_empty(),
            &self.model.logs,
        );
        let weights = self.model.at(story.long);
        for i in 0..candidates.list.len() {
            let Some(c) = candidates.list.get(i).copied() else {
                break;
            };
            let features = features(&c, candidates, &story);
            if let Some(c) = candidates.list.get_mut(i) {
                c.score = model::score(model::sum(&weights, &features));
            }
        }
    }
}
