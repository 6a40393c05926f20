//! What the commands that learn the shipped weights need; no promise of stability.

use super::Keywords;
use super::candidate::CandidateScratch;
use super::feature::{NAMES, Story, features, long};
use super::first::{FEATURES as FIRST, SLOPES};
use super::phrase::Look;
use super::select::{SelectScratch, print_best};
use super::word::{Classes, WordClass, WordInfos, join};
use crate::document::Document;
use crate::scratch::Scratch;
use crate::tagger::Tagger;

/// Candidates with their features, for learning.
#[derive(Debug)]
pub struct KeywordLab {
    tagger: Tagger,
    scratch: Scratch,
    candidates: CandidateScratch,
    classes: Classes,
    select: SelectScratch,
    printed: String,
}

/// A candidate of the main story.
#[derive(Clone, Copy, Debug)]
pub struct LabCandidate<'a> {
    /// Equal for phrases of the same stems.
    pub key: u64,
    /// The form that would be printed.
    pub text: &'a str,
    /// One for each of [`KeywordLab::names`].
    pub features: &'a [f32],
    /// Its score at first sight.
    pub first: f32,
    /// Length of the story: 0 for 200 words, 1 for 544, from -1.5 to 2.
    pub long: f32,
}

impl KeywordLab {
    /// Over a tagger.
    pub fn new(tagger: Tagger) -> KeywordLab {
        KeywordLab {
            tagger,
            scratch: Scratch::new(),
            candidates: CandidateScratch::default(),
            classes: Classes::default(),
            select: SelectScratch::default(),
            printed: String::new(),
        }
    }

    /// Names of the features.
    pub fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// Which of them the first look goes by.
    pub fn first() -> impl Iterator<Item = usize> {
        FIRST.iter().map(|&f| f as usize)
    }

    /// Which of these have slopes there.
    pub fn first_slopes() -> impl Iterator<Item = usize> {
        SLOPES.iter().map(|&f| f as usize)
    }

    /// Calls `f` with every candidate of the main story.
    pub fn candidates(&mut self, text: &str, mut f: impl FnMut(LabCandidate<'_>)) {
        let analysis = self.tagger.analyze(text, &mut self.scratch);
        let document = analysis.document();
        let keywords = &self.tagger.inner.keywords;
        let entities = &analysis.scratch.entities.found;
        let CandidateScratch { infos, classes, .. } = &mut self.candidates;
        classes.clear();
        classes.extend(classes_of(&mut self.classes, &document, infos, keywords));
        let end = document
            .positions
            .iter()
            .take_while(|p| p.story == 0)
            .count();
        self.candidates.collect(&document, entities, 0, end);
        let topics = &analysis.scratch.topics;
        for score in topics.decided(0) {
            self.candidates
                .mark_topics(&document, topics.evidence_of(score));
        }
        let model = &keywords.model;
        let first = model.first.at(long(self.candidates.words));
        let mut look = Look::all(first, &model.logs);
        self.candidates.phrases(&mut look);
        self.candidates.choose(&look, &keywords.background);
        let story = Story::new(
            &self.candidates,
            keywords.background.documents(),
            !entities.is_empty(),
            &keywords.model.logs,
        );
        for c in &self.candidates.list {
            let x = features(c, &self.candidates, &story);
            self.printed.clear();
            print_best(
                &document,
                &self.candidates,
                c,
                &mut self.select,
                &mut self.printed,
            );
            f(LabCandidate {
                key: c.key,
                text: &self.printed,
                features: &x,
                first: self.candidates.first_look(c.seen, &look),
                long: story.long,
            });
        }
    }

    /// The key of a phrase; `None` where it has no words.
    pub fn key(&mut self, phrase: &str) -> Option<u64> {
        let analysis = self.tagger.analyze(phrase, &mut self.scratch);
        let document = analysis.document();
        let keywords = &self.tagger.inner.keywords;
        let infos = &mut self.candidates.infos;
        let classes = classes_of(&mut self.classes, &document, infos, keywords);
        let mut keys = classes.map(|class| class.key);
        let first = keys.next()?;
        Some(keys.fold(first, join))
    }
}

/// The classes of the words of the units.
fn classes_of(
    classes: &mut Classes,
    document: &Document<'_>,
    infos: &mut WordInfos,
    keywords: &Keywords,
) -> impl Iterator<Item = WordClass> {
    let Keywords {
        lists,
        background,
        model,
        ..
    } = keywords;
    classes.of(document, infos, lists, background, &model.first)
}
