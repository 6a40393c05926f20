//! The compiled markers of `lexicons/layout`, and how one is found at the start of a line.

use std::collections::BTreeMap;

use super::fold::{self, Head};
use super::line;

/// What a line is that begins with a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MarkerPart {
    /// Date of publication or of the last update.
    Published,
    /// Who wrote, edited or translated.
    Byline,
    /// Where the page took the text from.
    Source,
    /// The page's own keywords.
    Keywords,
    /// Other stories follow.
    Related,
    /// Picture and video captions and credits.
    Caption,
    /// Share, follow, subscribe, copyright.
    Boilerplate,
    /// Names of sections and labels above a title.
    Section,
    /// Names of agencies: credits and datelines.
    Agency,
    /// First words of a paragraph that goes on with the story before it.
    Follow,
    /// Words in و that open a story although a paragraph in و usually goes on.
    Opener,
}

impl MarkerPart {
    /// The name used in lexicon files.
    pub const fn name(self) -> &'static str {
        match self {
            MarkerPart::Published => "published",
            MarkerPart::Byline => "byline",
            MarkerPart::Source => "source",
            MarkerPart::Keywords => "keywords",
            MarkerPart::Related => "related",
            MarkerPart::Caption => "caption",
            MarkerPart::Boilerplate => "boilerplate",
            MarkerPart::Section => "section",
            MarkerPart::Agency => "agency",
            MarkerPart::Follow => "follow",
            MarkerPart::Opener => "opener",
        }
    }

    /// The part with this name in lexicon files.
    pub fn from_name(name: &str) -> Option<MarkerPart> {
        MarkerPart::ALL.into_iter().find(|part| part.name() == name)
    }

    /// Every part a marker can have.
    pub const ALL: [MarkerPart; 11] = [
        MarkerPart::Published,
        MarkerPart::Byline,
        MarkerPart::Source,
        MarkerPart::Keywords,
        MarkerPart::Related,
        MarkerPart::Caption,
        MarkerPart::Boilerplate,
        MarkerPart::Section,
        MarkerPart::Agency,
        MarkerPart::Follow,
        MarkerPart::Opener,
    ];
}

/// Where in a story a marker is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Everywhere.
    #[default]
    Any,
    /// Only before the first paragraph of a story.
    Top,
    /// Never as the first line of a story.
    Tail,
}

/// A group of markers that share their conditions: one `[[marker]]` of a layout file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkerGroup {
    /// What the line is.
    pub part: MarkerPart,
    /// `separator = "required"`: a colon, dash, bar, slash or dots follow, or the line ends.
    pub separator_required: bool,
    /// `whole-line = true`: nothing but punctuation follows.
    pub whole_line: bool,
    /// `prefix = true`: however the line goes on, it is this part.
    pub prefix: bool,
    /// `to-end = true`: alone on its line, it opens other stories to the end of the page.
    pub to_end: bool,
    /// `needs = "date"`: the text after it must hold a digit or a relative time.
    pub needs_date: bool,
    /// `place`.
    pub place: Place,
    /// `max-words`: longest text after the marker.
    pub max_words: u16,
    /// The markers, as a page prints them.
    pub list: Vec<String>,
}

impl MarkerGroup {
    /// A group with the defaults of the file format and no markers yet.
    pub const fn new(part: MarkerPart) -> MarkerGroup {
        MarkerGroup {
            part,
            separator_required: true,
            whole_line: false,
            prefix: false,
            to_end: false,
            needs_date: false,
            place: Place::Any,
            max_words: 12,
            list: Vec::new(),
        }
    }
}

/// A group's conditions without its words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) part: MarkerPart,
    pub(super) separator_required: bool,
    pub(super) whole_line: bool,
    pub(super) prefix: bool,
    pub(super) to_end: bool,
    pub(super) needs_date: bool,
    pub(super) place: Place,
    pub(super) max_words: u16,
}

impl Rule {
    /// It makes no mark of a line, see [`accept`].
    fn is_silent(&self) -> bool {
        matches!(self.part, MarkerPart::Follow | MarkerPart::Opener) && !self.prefix
    }
}

/// All markers, sorted: the start of a line is looked up by binary search, first by its first word.
#[derive(Clone, Debug, Default)]
pub(super) struct Markers {
    rules: Vec<Rule>,
    /// Folded marker and its rule; sorted, so the rules of one marker are neighbours in file order.
    entries: Vec<(Box<str>, u16)>,
    /// The first words of the entries.
    first_words: Vec<FirstWord>,
    /// Open addressing by their hashes: one more than the number of a first word, 0 where a slot is free, as three of four
    /// are. Nearly every line fails here.
    slots: Vec<u16>,
    /// A bit for the first letters of each first word, in [`BEGINNINGS`] numbers: asked before the word is folded.
    beginnings: Vec<u64>,
    /// The same of the markers that [`Markers::find`] may find: none of those that only tell how a paragraph goes on, as
    /// one of three does.
    marking: Vec<u64>,
}

/// The entries that begin with a word.
#[derive(Clone, Debug)]
struct FirstWord {
    word: Box<str>,
    start: usize,
    end: usize,
    /// Bytes of the shortest and of the longest one.
    shortest: usize,
    longest: usize,
}

/// Length of [`Markers::beginnings`].
const BEGINNINGS: usize = 128;

/// A marker at the start of a line, before its conditions about place are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) part: MarkerPart,
    pub(super) place: Place,
    pub(super) to_end: bool,
    /// A separator stood after the marker.
    pub(super) separated: bool,
    /// The separator was a colon.
    pub(super) colon: bool,
    /// The text after the marker as offsets of the line; empty when there is none.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Words of that text.
    pub(super) words: u16,
}

impl Mark {
    pub(super) const fn is_bare(&self) -> bool {
        self.start >= self.end
    }
}

impl Markers {
    pub(super) fn new(groups: &[MarkerGroup]) -> Markers {
        let mut markers = Markers::default();
        for group in groups {
            let Ok(rule) = u16::try_from(markers.rules.len()) else {
                break;
            };
            markers.rules.push(Rule {
                part: group.part,
                separator_required: group.separator_required,
                whole_line: group.whole_line,
                prefix: group.prefix,
                to_end: group.to_end,
                needs_date: group.needs_date,
                place: group.place,
                max_words: group.max_words,
            });
            for term in &group.list {
                let folded = fold::fold_marker(term);
                if !folded.is_empty() {
                    markers.entries.push((folded.into_boxed_str(), rule));
                }
            }
        }
        markers.entries.sort();
        markers.entries.dedup();
        markers.beginnings.resize(BEGINNINGS, 0);
        markers.marking.resize(BEGINNINGS, 0);
        // Others may stand between the entries of one first word.
        let mut first_words: BTreeMap<&str, FirstWord> = BTreeMap::new();
        for (i, (term, rule)) in markers.entries.iter().enumerate() {
            let Some(word) = boundaries(term).next().and_then(|end| term.get(..end)) else {
                continue;
            };
            let first = first_words.entry(word).or_insert_with(|| FirstWord {
                word: word.into(),
                start: i,
                end: i,
                shortest: usize::MAX,
                longest: 0,
            });
            first.end = i + 1;
            first.shortest = first.shortest.min(term.len());
            first.longest = first.longest.max(term.len());
            if let Some(letters) = fold::first_letters_of(word) {
                let (slot, bit) = letters_bit(letters);
                if let Some(slot) = markers.beginnings.get_mut(slot) {
                    *slot |= bit;
                }
                let rule = markers.rules.get(usize::from(*rule));
                if rule.is_some_and(|rule| !rule.is_silent())
                    && let Some(slot) = markers.marking.get_mut(slot)
                {
                    *slot |= bit;
                }
            }
        }
        markers.first_words = first_words.into_values().collect();
        let size = (markers.first_words.len() * 4).next_power_of_two();
        markers.slots.resize(size, 0);
        for (word, number) in markers.first_words.iter().zip(1..) {
            let mut at = hash(word.word.as_bytes()) as usize;
            while let Some(slot) = markers.slots.get_mut(at % size) {
                if *slot == 0 {
                    *slot = number;
                    break;
                }
                at += 1;
            }
        }
        markers
    }

    /// The longest marker that `text`, a trimmed line, begins with and whose own conditions hold.
    pub(super) fn find(&self, text: &str, first_line: bool) -> Option<Mark> {
        let (first, head) = self.head(text, &self.marking)?;
        self.candidates(first, head.as_str())
            .find_map(|(rule, folded)| {
                let past = head.line_offset(folded);
                let mark = accept(rule, text, past)?;
                let fits = !first_line || believable_first(rule, &mark);
                fits.then_some(mark)
            })
    }

    /// Whether `text` begins with a marker of this part, whatever follows it.
    pub(super) fn begins_with(&self, text: &str, part: MarkerPart) -> bool {
        self.head(text, &self.beginnings)
            .is_some_and(|(first, head)| {
                self.candidates(first, head.as_str())
                    .any(|(rule, _)| rule.part == part)
            })
    }

    /// Whether `text` as a whole is a marker of this part.
    pub(super) fn is_whole(&self, text: &str, part: MarkerPart) -> bool {
        let Some((first, head)) = self.head(text, &self.beginnings) else {
            return false;
        };
        let folded = head
            .as_str()
            .trim_end_matches(|c: char| !fold::is_letter(c));
        let rest = text.get(head.line_offset(folded.len())..).unwrap_or("");
        rest.chars().all(|c| !fold::is_letter(c))
            && self.rules_of(first, folded).any(|rule| rule.part == part)
    }

    /// The head of a line and the markers it may be, if its first word is the first word of a marker. Nearly every line
    /// of a text stops here, most at the first letters, which must be among `beginnings`.
    fn head(&self, text: &str, beginnings: &[u64]) -> Option<(&FirstWord, Head)> {
        if let Some(letters) = fold::first_letters(text.as_bytes()) {
            let (slot, bit) = letters_bit(letters);
            if beginnings.get(slot).is_none_or(|bits| bits & bit == 0) {
                return None;
            }
        }
        let mut buffer = [0; fold::FIRST];
        let word = fold::first_word(text, &mut buffer);
        let first = self.first_word(word)?;
        // A letter of two bytes has three at most when it is folded.
        (text.len() * 3 / 2 >= first.shortest).then(|| (first, Head::of(text, first.longest)))
    }

    /// What is known of a folded first word.
    fn first_word(&self, word: &[u8]) -> Option<&FirstWord> {
        let mut at = hash(word) as usize;
        loop {
            let number = *self.slots.get(at & self.slots.len().wrapping_sub(1))?;
            let first = self.first_words.get(usize::from(number).checked_sub(1)?)?;
            if first.word.as_bytes() == word {
                return Some(first);
            }
            at += 1;
        }
    }

    /// Rules and folded lengths of all markers at the start of a folded head, longest first.
    fn candidates<'a>(
        &'a self,
        first: &'a FirstWord,
        head: &'a str,
    ) -> impl Iterator<Item = (&'a Rule, usize)> + 'a {
        let mut ends = [0_usize; 10];
        let mut count = 0;
        let near = boundaries(head).take_while(|&end| end <= first.longest);
        for (slot, end) in ends.iter_mut().zip(near) {
            *slot = end;
            count += 1;
        }
        (0..count).rev().flat_map(move |i| {
            let end = ends.get(i).copied().unwrap_or(0);
            self.rules_of(first, head.get(..end).unwrap_or(""))
                .map(move |rule| (rule, end))
        })
    }

    fn rules_of<'a>(
        &'a self,
        first: &FirstWord,
        folded: &'a str,
    ) -> impl Iterator<Item = &'a Rule> + 'a {
        let entries = self.entries.get(first.start..first.end).unwrap_or(&[]);
        let start = entries.partition_point(|(term, _)| **term < *folded);
        entries
            .get(start..)
            .unwrap_or(&[])
            .iter()
            .take_while(move |(term, _)| **term == *folded)
            .filter_map(|(_, rule)| self.rules.get(usize::from(*rule)))
    }
}

/// Hash of a first word.
fn hash(word: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for &byte in word {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash
}

/// Slot and bit of first letters in [`Markers::beginnings`].
fn letters_bit(letters: u32) -> (usize, u64) {
    let hash = letters.wrapping_mul(0x9E37_79B1);
    ((hash >> 25) as usize, 1 << (hash >> 19 & 63))
}

/// Ends of the words of a folded head, punctuation inside a marker («العربية.نت», «الرئيسية >») included.
fn boundaries(head: &str) -> impl Iterator<Item = usize> + '_ {
    let mut chars = head.char_indices().peekable();
    std::iter::from_fn(move || {
        while let Some((at, c)) = chars.next() {
            let end = at + c.len_utf8();
            let next = chars.peek().map(|&(_, next)| next);
            let inside = fold::is_letter(c) && next.is_some_and(fold::is_letter);
            if c != ' ' && !inside {
                return Some(end);
            }
        }
        None
    })
}

/// The conditions of a rule that concern the line alone.
fn accept(rule: &Rule, text: &str, past: usize) -> Option<Mark> {
    let rest = text.get(past..)?;
    let (separator, skipped) = line::separator(rest);
    let (start, end) = line::trim_content(text, past + skipped);
    let content = text.get(start..end).unwrap_or("");
    let words = line::count_words(content, rule.max_words.saturating_add(1));
    let mark = Mark {
        part: rule.part,
        place: rule.place,
        to_end: rule.to_end,
        separated: separator.is_some(),
        colon: separator == Some(line::Separator::Colon),
        // Lines are cut at 4 GiB.
        start: start as u32,
        end: end as u32,
        words,
    };
    if words == 0 {
        // Alone on its line. Words that start sentences as well need company.
        return match rule.part {
            MarkerPart::Follow | MarkerPart::Opener => None,
            _ => Some(Mark {
                start: 0,
                end: 0,
                ..mark
            }),
        };
    }
    if rule.whole_line || words > rule.max_words {
        return None;
    }
    if rule.prefix {
        return Some(mark);
    }
    if rule.separator_required && separator.is_none() {
        return None;
    }
    if rule.needs_date && !line::has_date_hint(content) {
        return None;
    }
    match rule.part {
        MarkerPart::Byline => line::is_name_like(content, separator).then_some(mark),
        MarkerPart::Source => (!line::is_sentence(content)).then_some(mark),
        MarkerPart::Agency | MarkerPart::Follow | MarkerPart::Opener => None,
        _ => Some(mark),
    }
}

/// The first line of a page is a title unless its marker is beyond doubt: «تحرير الحديدة» and «شاهد.. الأمطار» are titles.
fn believable_first(rule: &Rule, mark: &Mark) -> bool {
    match rule.part {
        MarkerPart::Published | MarkerPart::Section | MarkerPart::Boilerplate => true,
        MarkerPart::Byline => mark.colon && mark.words <= 4 && rule.max_words > 5,
        MarkerPart::Source | MarkerPart::Keywords => mark.colon,
        _ => false,
    }
}
