//! Named entities: who, where, which body.

use crate::document::Document;
use crate::span::Span;

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum EntityKind {
    /// A human being's name, without title or role.
    Person,
    /// A named place.
    Location,
    /// A named body.
    Organization,
    /// A title, rank or office.
    Role,
    /// A date.
    Date,
}

impl EntityKind {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            EntityKind::Person => "person",
            EntityKind::Location => "location",
            EntityKind::Organization => "organization",
            EntityKind::Role => "role",
            EntityKind::Date => "date",
        }
    }
}

/// One mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EntityRecord {
    pub kind: EntityKind,
    pub span: Span,
}

/// Buffers, and the mentions of the last text in reading order.
#[derive(Debug, Default)]
pub(crate) struct EntityScratch {
    pub found: Vec<EntityRecord>,
}

impl EntityScratch {
    pub fn memory_usage(&self) -> usize {
        self.found.capacity() * size_of::<EntityRecord>()
    }
}

/// The recogniser.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entities {}

impl Entities {
    /// Fills `scratch.found`.
    pub fn find(&self, _document: &Document<'_>, scratch: &mut EntityScratch) {
        scratch.found.clear();
    }
}
