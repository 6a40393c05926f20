//! Splits a page into stories, and a story into title, date, byline, lead, body, source and keywords.
//!
//! A page of an Arab aggregator holds more than one story: the main one, its source and keywords, and after
//! «إقرأ أيضاً:» another one with its own title, byline and body. What is said in the second must not be taken for a
//! subject of the first. Lines are known by the markers of `lexicons/layout`; where a marker alone does not decide,
//! these rules do:
//!
//! 1. **Title.** The first line that is no marker, of at most 25 words, without a full stop, comma or colon at its end,
//!    and with something below it. A short line with a full stop is a title too when the line below is a paragraph. A
//!    text of one line is body.
//! 2. **Lead.** The first paragraph below a title. Without a title there is no lead, everything is body.
//! 3. **Related, with text on the line** («اقرأ أيضا: عنوان»). A link: [`PartKind::Link`] of the story it stands in,
//!    which goes on below. It is the title of another story when the story before it has ended (its source or its
//!    keywords came) or when a byline or date stands right below it.
//! 4. **Related, alone on its line.** The short lines below it are titles. They are other stories when the story before
//!    has ended, when nothing but titles and boilerplate follows, when a byline or date follows the title, or when the
//!    paragraph below the title repeats two of its words (leads do) and does not begin like a continuation («وأضاف»,
//!    «كما», «من جهته»). A heading of lists («مواضيع ذات صلة») needs no such repetition. Otherwise the short lines are
//!    links and the story goes on.
//! 5. **Among other stories** a short line followed by a byline or date, or standing alone between stories, is a title.
//! 6. **The story has ended** when a source or keyword line came after a paragraph. A paragraph without a new title
//!    takes that back (a source line may credit a picture).
//!
//! Everything is a byte range of the text; nothing is changed or copied. One pass over the lines; of a line, only its
//! first letters and words are looked at.

mod fold;
mod keyword;
mod line;
mod marker;
mod story;
#[cfg(test)]
mod tests;
mod wide;

pub use marker::{MarkerGroup, MarkerPart, Place};

use crate::span::Span;
use line::Line;
use marker::Markers;

/// What a part of a story is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum PartKind {
    /// The headline.
    Title,
    /// Date of publication or of the last update, without its label.
    Published,
    /// Who wrote, edited or translated, without the label.
    Byline,
    /// «القاهرة - وكالات» on a line of its own or in front of the first paragraph.
    Dateline,
    /// The first paragraph below a title.
    Lead,
    /// A paragraph or heading of the text.
    Body,
    /// Where the page took the text from, without the label.
    Source,
    /// A line of the page's own keywords, without the label.
    Keywords,
    /// The title of another story, linked from the middle of this one.
    Link,
    /// A picture's caption or credit.
    Caption,
    /// Share, follow, subscribe, copyright, names of sections.
    Boilerplate,
}

impl PartKind {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            PartKind::Title => "title",
            PartKind::Published => "published",
            PartKind::Byline => "byline",
            PartKind::Dateline => "dateline",
            PartKind::Lead => "lead",
            PartKind::Body => "body",
            PartKind::Source => "source",
            PartKind::Keywords => "keywords",
            PartKind::Link => "link",
            PartKind::Caption => "caption",
            PartKind::Boilerplate => "boilerplate",
        }
    }

    /// Whether the part is the story's own text: what topics and keywords are read from.
    pub const fn is_text(self) -> bool {
        matches!(self, PartKind::Title | PartKind::Lead | PartKind::Body)
    }
}

/// A piece of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Where it is, without label and surrounding space.
    pub span: Span,
}

/// A story of a page as indices into its [`Page`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct StoryRange {
    parts: (u32, u32),
    keywords: (u32, u32),
}

/// The stories of one text; its buffers are reused from text to text.
#[derive(Clone, Debug, Default)]
pub struct Page {
    stories: Vec<StoryRange>,
    parts: Vec<Part>,
    keywords: Vec<Span>,
    lines: Vec<Line>,
}

impl Page {
    /// The stories in the order of the page. The first is the main one and is always there, if empty.
    pub fn stories(&self) -> impl ExactSizeIterator<Item = Story<'_>> {
        self.stories
            .iter()
            .map(|&range| Story { page: self, range })
    }
}

/// One story of a page.
#[derive(Clone, Copy, Debug)]
pub struct Story<'p> {
    page: &'p Page,
    range: StoryRange,
}

impl<'p> Story<'p> {
    /// The parts in the order of the page.
    pub fn parts(&self) -> &'p [Part] {
        let (start, end) = self.range.parts;
        self.page
            .parts
            .get(start as usize..end as usize)
            .unwrap_or(&[])
    }

    /// The parts of one kind.
    pub fn parts_of(&self, kind: PartKind) -> impl Iterator<Item = Span> + 'p {
        self.parts()
            .iter()
            .filter(move |part| part.kind == kind)
            .map(|part| part.span)
    }

    /// The headline, without the quotation marks or dots that may surround it.
    pub fn title(&self) -> Option<Span> {
        self.parts_of(PartKind::Title).next()
    }

    /// The text of the first date of publication, as the page prints it.
    pub fn published(&self) -> Option<Span> {
        self.parts_of(PartKind::Published).next()
    }

    /// The first byline.
    pub fn byline(&self) -> Option<Span> {
        self.parts_of(PartKind::Byline).next()
    }

    /// The source the page names, failing that an agency in its dateline.
    pub fn source(&self) -> Option<Span> {
        self.parts_of(PartKind::Source).last()
    }

    /// The keywords the page supplies: single ones where the line separates them, else the whole line.
    pub fn supplied_keywords(&self) -> &'p [Span] {
        let (start, end) = self.range.keywords;
        self.page
            .keywords
            .get(start as usize..end as usize)
            .unwrap_or(&[])
    }

    /// From the first byte of its first part to the last byte of its last one; empty for an empty story.
    pub fn span(&self) -> Span {
        let start = self.parts().first().map_or(0, |part| part.span.start);
        let end = self
            .parts()
            .iter()
            .map(|part| part.span.end)
            .max()
            .unwrap_or(start);
        Span::new(start, end)
    }
}

/// The markers of the layout lexicons, compiled: what splits pages.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    markers: Markers,
}

impl Layout {
    /// Compiles groups of markers; a later group does not replace an earlier one, it adds to it.
    pub fn new(groups: &[MarkerGroup]) -> Layout {
        Layout {
            markers: Markers::new(groups),
        }
    }

    /// Splits `text` into stories; whatever `page` held before is forgotten.
    ///
    /// Linear in the length of the text; allocates only while the buffers of `page` grow. A text past 4 GiB is split
    /// up to there.
    pub fn split(&self, text: &str, page: &mut Page) {
        story::split(&self.markers, text, page);
    }
}
