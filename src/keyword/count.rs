//! Counts background frequencies.

use std::collections::BTreeMap;

use super::background::{self, Background, Counts};
use super::candidate::{CandidateScratch, IN_TITLE, LINKED, NEGATED};
use super::phrase::Look;
use super::word::Classes;
use crate::scratch::Scratch;
use crate::tagger::Tagger;

/// A pair counts when it stands in so many documents.
const LEAST_PAIRS: u32 = 3;
/// A word counts when it stands in so many documents.
const LEAST_WORDS: u32 = 2;

/// Counts in how many documents of a collection words and pairs of words stand; see [`Background`].
#[derive(Debug)]
pub struct BackgroundCounter {
    tagger: Tagger,
    scratch: Scratch,
    candidates: CandidateScratch,
    classes: Classes,
    empty: Background,
    documents: u32,
    words: BTreeMap<u64, Counts>,
    pairs: BTreeMap<u64, u32>,
}

impl Default for BackgroundCounter {
    fn default() -> Self {
        BackgroundCounter::new()
    }
}

impl BackgroundCounter {
    /// Nothing counted yet.
    pub fn new() -> BackgroundCounter {
        BackgroundCounter {
            tagger: Tagger::new(),
            scratch: Scratch::new(),
            candidates: CandidateScratch::default(),
            classes: Classes::default(),
            empty: Background::from_bytes(
                background::table(1, &BTreeMap::new(), &BTreeMap::new(), 1, 1).to_bytes(),
            )
            .unwrap_or_default(),
            documents: 0,
            words: BTreeMap::new(),
            pairs: BTreeMap::new(),
        }
    }

    /// Counts the main story of one document.
    pub fn add(&mut self, text: &str) {
        let analysis = self.tagger.analyze(text, &mut self.scratch);
        let document = analysis.document();
        let lists = &self.tagger.inner.keywords.lists;
        let CandidateScratch { infos, classes, .. } = &mut self.candidates;
        let first = &self.tagger.inner.keywords.model.first;
        classes.clear();
        classes.extend(self.classes.of(&document, infos, lists, &self.empty, first));
        let end = document
            .positions
            .iter()
            .take_while(|p| p.story == 0)
            .count();
        self.candidates.collect(&document, &[], 0, end);
        let model = &self.tagger.inner.keywords.model;
        self.candidates
            .phrases(&mut Look::counting(model.first.clone(), &model.logs));
        self.documents += 1;
        for c in self.candidates.table.phrases() {
            if c.words == 1 {
                let counts = self.words.entry(c.key).or_default();
                counts.documents += 1;
                counts.times += c.times;
                counts.titles += u32::from(c.flags & IN_TITLE != 0);
            } else if c.words == 2 || c.words == 3 && c.flags & (LINKED | NEGATED) != 0 {
                *self.pairs.entry(c.key).or_default() += 1;
            }
        }
    }

    /// The frequencies.
    pub fn finish(self) -> Background {
        background::table(
            self.documents,
            &self.words,
            &self.pairs,
            LEAST_WORDS,
            LEAST_PAIRS,
        )
    }
}
