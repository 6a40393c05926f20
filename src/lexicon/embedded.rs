//! The shipped lexicon files, as the build script compiled them.

use std::sync::{Arc, OnceLock};

use super::{LexiconStamp, packed};
use crate::archive::Unpacker;
use crate::embedded::{LEXICONS, LEXICONS_TEXT};
use crate::measure::{MeasureGroup, MeasureWords};
use crate::page::{Layout, MarkerGroup};

/// What the table of lexicons begins with; the compiled topics follow.
#[derive(Debug)]
struct Head {
    markers: Vec<MarkerGroup>,
    measures: Vec<MeasureGroup>,
    stamps: Vec<LexiconStamp>,
    topics: Unpacker<'static>,
}

/// Read once a process.
fn head() -> &'static Head {
    static HEAD: OnceLock<Head> = OnceLock::new();
    HEAD.get_or_init(|| {
        let read = || {
            let mut from = Unpacker::new(LEXICONS, LEXICONS_TEXT);
            Some(Head {
                markers: packed::unpack_markers(&mut from)?,
                measures: packed::unpack_measures(&mut from)?,
                stamps: packed::unpack_stamps(&mut from)?,
                topics: from,
            })
        };
        // The same code wrote them; the fallback knows nothing but works.
        read().unwrap_or(Head {
            markers: Vec::new(),
            measures: Vec::new(),
            stamps: Vec::new(),
            topics: Unpacker::new(&[], ""),
        })
    })
}

/// The compiled shipped topics, to be read by [`Topics::unpack`](crate::topic::Topics::unpack).
pub(crate) fn topics() -> Unpacker<'static> {
    head().topics
}

/// Ids, versions and hashes of the shipped topic files, in the order in which they are layered.
pub(crate) fn stamps() -> &'static [LexiconStamp] {
    &head().stamps
}

/// The shipped layout markers.
pub(crate) fn markers() -> &'static [MarkerGroup] {
    &head().markers
}

/// The shipped layout markers, compiled once a process.
pub(crate) fn layout() -> Layout {
    static LAYOUT: OnceLock<Layout> = OnceLock::new();
    LAYOUT.get_or_init(|| Layout::new(markers())).clone()
}

/// The shipped words of number, date and measure.
pub(crate) fn measures() -> &'static [MeasureGroup] {
    &head().measures
}

/// The shipped words of number, date and measure, compiled once a process.
pub(crate) fn measure_words() -> Arc<MeasureWords> {
    static WORDS: OnceLock<Arc<MeasureWords>> = OnceLock::new();
    WORDS
        .get_or_init(|| Arc::new(MeasureWords::new(measures())))
        .clone()
}
