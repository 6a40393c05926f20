//! rasd (رصد, "monitoring") reads Arabic news and says what it is about: topics with evidence, named entities, keywords.
//! It runs offline, downloads nothing, and an analyst can read and edit every word it decides by.
//!
//! ```
//! let page = "خفر السواحل ينقذ 40 مهاجرا قبالة صفاقس\n\
//!             قال المتحدث باسم الحرس الوطني حسام الدين الجبابلي إن قاربا يقل مهاجرين غير شرعيين غرق قبالة سواحل صفاقس.";
//! let report = rasd::Tagger::new().tag(page);
//! let topic = &report.topics[0];
//! assert_eq!(topic.id, "irregular-migration");
//! let hit = topic.evidence.iter().find(|e| e.text == "مهاجرين غير شرعيين").unwrap();
//! assert_eq!(&page[hit.start..hit.end], "مهاجرين غير شرعيين");
//! assert_eq!(report.title.unwrap().text, "خفر السواحل ينقذ 40 مهاجرا قبالة صفاقس");
//! ```
//!
//! # The types
//!
//! * [`Tagger`]: text in, [`Report`] out ([`Tagger::tag`]), or a view that borrows everything and allocates nothing once
//!   warm ([`Tagger::analyze`] with a [`Scratch`], giving an [`Analysis`]).
//! * [`Tokenizer`]: tokens, sentences, clitics, stems and roots alone; [`Stemmer`]: one word at a time.
//! * [`Normalizer`]: the normalised view of a text with a map back to its bytes.
//! * [`Lexicon`]: a topic or list of your own; [`Tagger::builder`] layers it over the shipped ones.
//!
//! # How a text flows
//!
//! ```text
//! text ─► page: stories, parts ─► tokens, sentences ─► words: normal form, clitics, stem, root ─► term hits
//!      ─► topics (evidence, score) · entities · keywords ─► Report
//! ```
//!
//! Every step only looks upstream, text is never changed, and every result is a range of UTF-8 bytes of it. See
//! [`guide::design`].
//!
//! # Recipes
//!
//! A topic of your own is a file; see [`guide::lexicons`]:
//!
//! ```
//! # fn main() -> Result<(), rasd::Error> {
//! let floods = rasd::Lexicon::from_toml("floods.toml", r#"
//! format = 1
//! version = "1"
//! [topic]
//! id = "floods"
//! name = { ar = "السيول", en = "Floods" }
//! [[terms]]
//! role = "core"
//! weight = 3.0
//! why = "names the event"
//! list = ["سيول جارفة"]
//! "#)?;
//! let tagger = rasd::Tagger::builder().lexicon(floods).build()?;
//! assert_eq!(tagger.tag("السيول الجارفة تغلق طرقا في ظفار").topics[0].id, "floods");
//! # Ok(())
//! # }
//! ```
//!
//! Many articles: keep one [`Scratch`] a thread and share the tagger.
//!
//! ```
//! let tagger = rasd::Tagger::new();
//! let mut scratch = rasd::Scratch::new();
//! for article in ["الشرطة توقف عصابة سرقة في وهران", "فاز المنتخب بهدفين"] {
//!     let analysis = tagger.analyze(article, &mut scratch);
//!     println!("{:?}", analysis.topics().map(|t| t.id).collect::<Vec<_>>());
//! }
//! ```
//!
//! # Features
//!
//! * `tagger` (default): pages, topics, entities, keywords and reports. Without it the crate is a tokenizer with morphology and
//!   normal forms, and has no dependency: `default-features = false, features = ["embedded"]`.
//! * `embedded` (default): the shipped lexicons and the dictionary inside the library.
//! * `serde` (default): reports implement `Serialize` and `Deserialize`.
//!
//! # Limits
//!
//! Modern written Arabic, as the press prints it. No dialect transcripts, no Latin-letter Arabic, no sentiment. Homographs
//! that only vowels tell apart are read as news most often means them. A text past 4 GiB is cut there, and the report
//! says so.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
// Shared parts hold what only the tagger asks for.
#![cfg_attr(not(feature = "tagger"), allow(dead_code))]

mod ahead;
#[cfg(feature = "tagger")]
mod analysis;
#[cfg(feature = "tagger")]
mod archive;
#[cfg(feature = "tagger")]
mod brief;
#[cfg(feature = "tagger")]
mod calendar;
#[cfg(feature = "tagger")]
mod date;
#[cfg(feature = "tagger")]
mod document;
mod embedded;
#[cfg(feature = "tagger")]
mod entity;
#[cfg(feature = "tagger")]
mod error;
pub mod guide;
#[cfg(feature = "tagger")]
mod keyword;
#[cfg(feature = "tagger")]
mod lexicon;
#[cfg(feature = "tagger")]
mod matcher;
#[cfg(feature = "tagger")]
mod measure;
pub mod morph;
mod normalize;
#[cfg(feature = "tagger")]
mod number;
#[cfg(feature = "tagger")]
mod page;
#[cfg(feature = "tagger")]
mod quantity;
#[cfg(feature = "tagger")]
mod report;
#[cfg(feature = "tagger")]
mod scratch;
mod sieve;
mod span;
#[cfg(feature = "tagger")]
mod tagger;
mod token;
mod tokenizer;
#[cfg(feature = "tagger")]
mod topic;
mod words;

#[cfg(feature = "tagger")]
pub use analysis::{
    Analysis, Blocked, Count, Entity, Evidence, Keyword, Law, Lemma, Quantity, Subtopic, Topic,
};
#[cfg(feature = "tagger")]
pub use date::{Calendar, CivilDate, DateMention, IsoDate, Precision};
/// Training of the entity scorer; for the maintainers' examples only.
#[cfg(feature = "train")]
#[doc(hidden)]
pub mod train;

#[cfg(feature = "tagger")]
pub use entity::EntityKind;
#[cfg(feature = "tagger")]
pub use error::{Diagnostic, Error, Severity};
#[cfg(feature = "tagger")]
pub use keyword::KeywordKind;
#[cfg(feature = "tagger")]
pub use keyword::background::Background;
#[cfg(feature = "tagger")]
pub use keyword::count::BackgroundCounter;
#[cfg(feature = "tagger")]
#[doc(hidden)]
pub use keyword::lab::{KeywordLab, LabCandidate};
#[cfg(feature = "tagger")]
pub use lexicon::topic_file::Role;
#[cfg(feature = "tagger")]
pub use lexicon::{
    Lexicon, LexiconStamp, MAX_EXAMPLES, MAX_FILE_BYTES, MAX_RULE_LISTS, MAX_RULES, MAX_SETS,
    MAX_SUBTOPICS, MAX_TERM_BYTES, MAX_TERM_WORDS, MAX_TERMS,
};
pub use morph::{
    LemmaId, MAX_SEGMENTS, Morphology, ScoredAnalysis, SegmentKind, Segments, StemLevel, Stemmer,
    Tag, WordAnalysis,
};
pub use normalize::{Normalized, Normalizer, OffsetMap};
#[cfg(feature = "tagger")]
pub use number::Bound;
#[cfg(feature = "tagger")]
pub use page::{Part, PartKind, Story};
#[cfg(feature = "tagger")]
pub use quantity::{LawKind, QuantityKind};
#[cfg(feature = "tagger")]
pub use report::{
    CountReport, DateReport, EntityReport, EvidenceReport, KeywordReport, LawReport,
    QuantityReport, Report, SCHEMA, StoryReport, SubtopicReport, TextSpan, TopicReport,
};
#[cfg(feature = "tagger")]
pub use scratch::Scratch;
pub use span::Span;
#[cfg(feature = "tagger")]
pub use tagger::{Tagger, TaggerBuilder};
pub use token::TokenKind;
pub use tokenizer::{Segment, Token, TokenScratch, Tokenizer, Tokens};
