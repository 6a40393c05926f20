//! rasd reads Arabic news and says what it is about.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod analysis;
mod calendar;
mod document;
mod entity;
mod error;
pub mod guide;
mod keyword;
mod lexicon;
mod matcher;
pub mod morph;
mod normalize;
mod page;
mod report;
mod scratch;
mod span;
mod tagger;
mod token;
mod tokenizer;
mod topic;
mod words;

/// Training of the entity scorer; for the maintainers' examples only.
#[cfg(feature = "train")]
#[doc(hidden)]
pub mod train {
    pub use crate::entity::train::*;
}

pub use analysis::{Analysis, Entity, Evidence, Keyword, Subtopic, Topic};
pub use entity::EntityKind;
pub use error::{Diagnostic, Error, Severity};
pub use lexicon::topic_file::Role;
pub use lexicon::{
    Lexicon, LexiconStamp, MAX_EXAMPLES, MAX_FILE_BYTES, MAX_RULE_LISTS, MAX_RULES, MAX_TERM_BYTES,
    MAX_TERM_WORDS, MAX_TERMS,
};
pub use morph::{Morphology, SegmentKind, Tag};
pub use normalize::{Normalized, Normalizer, OffsetMap};
pub use page::{Part, PartKind, Story};
pub use report::{
    EntityReport, EvidenceReport, KeywordReport, Report, SCHEMA, StoryReport, SubtopicReport,
    TextSpan, TopicReport,
};
pub use scratch::Scratch;
pub use span::Span;
pub use tagger::{Tagger, TaggerBuilder};
pub use token::TokenKind;
pub use tokenizer::{Segment, Token, TokenScratch, Tokenizer, Tokens};
