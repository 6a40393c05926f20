//! The shipped lexicon files.

use std::sync::{Arc, OnceLock};

use super::{Body, Lexicon};
use crate::measure::{MeasureGroup, MeasureWords};
use crate::page::{Layout, MarkerGroup};

/// Name and content of every shipped TOML file, in the order in which they are layered.
#[cfg(feature = "embedded")]
const TOPICS: [(&str, &str); 3] = [
    (
        "lexicons/topics/human-trafficking.toml",
        include_str!("../../lexicons/topics/human-trafficking.toml"),
    ),
    (
        "lexicons/topics/irregular-migration.toml",
        include_str!("../../lexicons/topics/irregular-migration.toml"),
    ),
    (
        "lexicons/topics/local-security.toml",
        include_str!("../../lexicons/topics/local-security.toml"),
    ),
];
#[cfg(not(feature = "embedded"))]
const TOPICS: [(&str, &str); 0] = [];

const LAYOUT: (&str, &str) = (
    "lexicons/layout/markers.toml",
    include_str!("../../lexicons/layout/markers.toml"),
);

/// The shipped topics, read once a process.
pub(crate) fn topics() -> &'static [Lexicon] {
    static FILES: OnceLock<Vec<Lexicon>> = OnceLock::new();
    FILES.get_or_init(|| {
        TOPICS
            .iter()
            .filter_map(|(name, source)| Lexicon::from_toml(name, source).ok())
            .collect()
    })
}

const QUANTITIES: (&str, &str) = (
    "lexicons/language/quantities.toml",
    include_str!("../../lexicons/language/quantities.toml"),
);

/// The shipped layout markers, read once a process.
pub(crate) fn markers() -> &'static [MarkerGroup] {
    static GROUPS: OnceLock<Vec<MarkerGroup>> = OnceLock::new();
    GROUPS.get_or_init(
        || match Lexicon::from_toml(LAYOUT.0, LAYOUT.1).map(|l| l.body) {
            Ok(Body::Layout(file)) => file.groups,
            _ => Vec::new(),
        },
    )
}

/// The shipped layout markers, compiled once a process.
pub(crate) fn layout() -> Layout {
    static LAYOUT_: OnceLock<Layout> = OnceLock::new();
    LAYOUT_.get_or_init(|| Layout::new(markers())).clone()
}

/// The shipped words of number, date and measure, read once a process.
pub(crate) fn measures() -> &'static [MeasureGroup] {
    static GROUPS: OnceLock<Vec<MeasureGroup>> = OnceLock::new();
    GROUPS.get_or_init(
        || match Lexicon::from_toml(QUANTITIES.0, QUANTITIES.1).map(|l| l.body) {
            Ok(Body::Language(file)) => file.groups,
            _ => Vec::new(),
        },
    )
}

/// The shipped words of number, date and measure, compiled once a process.
pub(crate) fn measure_words() -> Arc<MeasureWords> {
    static WORDS: OnceLock<Arc<MeasureWords>> = OnceLock::new();
    WORDS
        .get_or_init(|| Arc::new(MeasureWords::new(measures())))
        .clone()
}
