//! The shipped lexicon files.

use std::sync::OnceLock;

use super::{Body, Lexicon};
use crate::page::Layout;

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

/// The shipped layout markers, compiled once a process.
pub(crate) fn layout() -> Layout {
    static LAYOUT_: OnceLock<Layout> = OnceLock::new();
    LAYOUT_
        .get_or_init(
            || match Lexicon::from_toml(LAYOUT.0, LAYOUT.1).map(|l| l.body) {
                Ok(Body::Layout(file)) => Layout::new(&file.groups),
                _ => Layout::default(),
            },
        )
        .clone()
}
