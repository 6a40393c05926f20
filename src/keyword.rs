//! Keywords: the phrases an archivist would file a story under.

use crate::document::Document;
use crate::entity::EntityRecord;
use crate::span::Span;

/// One keyword of one story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct KeywordRecord {
    pub story: u32,
    pub score: f32,
    /// Ranges in `KeywordScratch::text`: the printed form and the lemma form.
    pub text: (u32, u32),
    pub lemma: (u32, u32),
    /// Range in `KeywordScratch::mentions`.
    pub mentions: (u32, u32),
}

/// Buffers, and the keywords of the last text: by story, best first.
#[derive(Debug, Default)]
pub(crate) struct KeywordScratch {
    pub found: Vec<KeywordRecord>,
    pub text: String,
    pub mentions: Vec<Span>,
}

impl KeywordScratch {
    pub fn memory_usage(&self) -> usize {
        self.found.capacity() * size_of::<KeywordRecord>()
            + self.text.capacity()
            + self.mentions.capacity() * 8
    }
}

/// The extractor.
#[derive(Clone, Debug)]
pub(crate) struct Keywords {
    /// Keywords a story gets at most.
    pub count: usize,
}

impl Keywords {
    /// Fills `scratch.found`.
    pub fn extract(
        &self,
        _document: &Document<'_>,
        _entities: &[EntityRecord],
        scratch: &mut KeywordScratch,
    ) {
        scratch.found.clear();
    }
}
