//! Candidates: every noun phrase of one to five words, grouped by the stems of its words.

use super::background::Background;
use super::word::{
    ADJECTIVE, ARTICLE, CONJUNCTION, HEAD, LINK, NAME, NOT, PREPOSITION, PRONOUN, PROPER, TAIL,
    UNKNOWN, WordInfo, WordInfos, join, joins,
};
use crate::document::Document;
use crate::entity::{EntityKind, EntityRecord};
use crate::page::PartKind;
use crate::token::{RawToken, TokenKind};

/// Longest heading, in words.
const HEADING: usize = 6;

/// Longest phrase, in words.
pub(crate) const MAX_WORDS: usize = 5;
const MAX_PROBES: usize = 64;
/// No candidate.
pub(crate) const NONE: u32 = u32::MAX;

/// Stands in the title.
pub(crate) const IN_TITLE: u8 = 1;
/// Stands in the lead.
pub(crate) const IN_LEAD: u8 = 2;
/// Holds a particle: «الحرب على الإرهاب».
pub(crate) const LINKED: u8 = 4;

/// A unit of the story that is being read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Number of the unit in the document.
    pub unit: u32,
    pub sentence: u32,
    pub info: WordInfo,
    pub part: PartKind,
    /// The phrase may go on from the unit before.
    pub joined: bool,
    /// Quotation marks right before and right behind.
    pub opens: bool,
    pub closes: bool,
    /// Stands in a heading: a short line that is no sentence.
    pub heading: bool,
    /// First or last of its line.
    pub starts: bool,
    pub ends: bool,
    /// The candidate of this word alone.
    pub single: u32,
    /// Places of the entity that begins here; 0 where none does.
    pub entity: u8,
    pub kind: Kind,
}

/// What an entity's kind means to keywords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    None,
    Person,
    Place,
    Body,
}

/// A phrase and what is known of its mentions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub key: u64,
    /// Place of the first and of the last mention.
    pub first: u32,
    pub last: u32,
    pub times: u32,
    pub sentences: u32,
    last_sentence: u32,
    /// The phrase without its last and without its first word.
    pub prefix: u32,
    pub suffix: u32,
    /// Mentions that need no letter taken off.
    pub clean: u32,
    /// Mentions that go on to the left or to the right.
    pub left: u32,
    pub right: u32,
    /// Mentions that are part of a longer name; that an adjective follows; that end in a noun that wants another one.
    pub in_name: u32,
    pub adjective: u32,
    pub open: u32,
    pub quoted: u32,
    /// Mentions in headings, and those that are a whole line.
    pub headed: u32,
    pub lines: u32,
    /// Mentions that are an entity, whole, and its kind; mentions inside a longer entity.
    pub named: u32,
    pub kind: Kind,
    /// Mentions within longer candidates: of the most frequent one, and in how many different ones.
    pub longer: u32,
    pub longer_kinds: u32,
    /// Least of the logarithmic document frequencies of its pairs.
    pub pair: f32,
    pub score: f32,
    pub words: u8,
    pub flags: u8,
}

/// Buffers, and the candidates of one story.
#[derive(Debug, Default)]
pub(crate) struct CandidateScratch {
    pub infos: WordInfos,
    pub places: Vec<Place>,
    pub list: Vec<Candidate>,
    /// Candidate and place of its first word, from the end of the story to its beginning.
    pub mentions: Vec<(u32, u32)>,
    slots: Vec<u32>,
    /// Sentences of the story.
    pub sentences: u32,
    /// Mentions of the most frequent candidate of one word, of two and of more.
    pub most: [u32; 3],
}

impl CandidateScratch {
    pub fn memory_usage(&self) -> usize {
        self.infos.memory_usage()
            + self.places.capacity() * size_of::<Place>()
            + self.list.capacity() * size_of::<Candidate>()
            + self.mentions.capacity() * 8
            + self.slots.capacity() * 4
    }

    /// Reads the text parts of units `from..to`, which are of one story.
    pub fn collect(
        &mut self,
        document: &Document<'_>,
        entities: &[EntityRecord],
        from: usize,
        to: usize,
        background: &Background,
    ) {
        self.list.clear();
        self.mentions.clear();
        self.places.clear();
        self.sentences = 0;
        self.most = [1; 3];
        let bytes = document.text.as_bytes();
        let units = document.units.get(from..to).unwrap_or(&[]);
        let positions = document.positions.get(from..to).unwrap_or(&[]);
        let mut before: Option<WordInfo> = None;
        for (i, (unit, position)) in units.iter().zip(positions).enumerate() {
            if !position.part.is_text() {
                before = None;
                continue;
            }
            let info = self.infos.get(unit.word);
            self.sentences = self.sentences.max(position.sentence + 1);
            self.places.push(Place {
                unit: (from + i) as u32,
                sentence: position.sentence,
                info,
                part: position.part,
                joined: !unit.breaks && before.as_ref().is_some_and(|b| joins(b, &info)),
                opens: opens(bytes.get(..unit.span.start as usize).unwrap_or(&[])),
                closes: closes(bytes.get(unit.span.end as usize..).unwrap_or(&[])),
                heading: false,
                starts: false,
                ends: false,
                single: NONE,
                entity: 0,
                kind: Kind::None,
            });
            before = Some(info);
        }
        self.lines(document);
        self.mark(document, entities);
        self.slots.iter_mut().for_each(|s| *s = 0);
        // Candidates that start at the next place, by length.
        let mut next = [NONE; MAX_WORDS];
        for at in (0..self.places.len()).rev() {
            next = self.phrases(at, next, background);
        }
        for i in 0..self.list.len() {
            let Some(c) = self.list.get(i).copied() else {
                break;
            };
            for part in [c.prefix, c.suffix] {
                if let Some(p) = self.list.get_mut(part as usize) {
                    p.longer = p.longer.max(c.times);
                    p.longer_kinds += 1;
                }
            }
        }
    }

    /// Finds headings.
    fn lines(&mut self, document: &Document<'_>) {
        let token = |p: &Place| {
            let unit = document.units.get(p.unit as usize)?;
            document.tokens.get(unit.token as usize)
        };
        let mut from = 0;
        while from < self.places.len() {
            let rest = self.places.get(from..).unwrap_or(&[]);
            // A token at the beginning of a line may be a sign; the place behind it then begins the line.
            let starts = |p: &Place| {
                let Some(unit) = document.units.get(p.unit as usize) else {
                    return false;
                };
                let before = unit
                    .token
                    .checked_sub(1)
                    .and_then(|t| document.tokens.get(t as usize));
                token(p).is_some_and(|t| t.is(RawToken::LINE_BEFORE))
                    || before.is_some_and(|t| {
                        !matches!(t.kind, TokenKind::Word | TokenKind::Number)
                            && t.is(RawToken::LINE_BEFORE)
                    })
            };
            let n = 1 + rest.iter().skip(1).take_while(|p| !starts(p)).count();
            let last = rest.get(n - 1);
            let after = last
                .and_then(|p| document.units.get(p.unit as usize))
                .map_or(&[][..], |u| {
                    document
                        .text
                        .as_bytes()
                        .get(u.span.end as usize..)
                        .unwrap_or(&[])
                });
            let sentence = after.starts_with(b".") || after.starts_with("،".as_bytes());
            let body = rest.first().is_some_and(|p| p.part != PartKind::Title);
            let heading = n <= HEADING && !sentence && body && from > 0;
            if let Some(line) = self.places.get_mut(from..from + n) {
                line.iter_mut().for_each(|p| p.heading = heading);
                if let Some(p) = line.first_mut() {
                    p.starts = true;
                }
                if let Some(p) = line.last_mut() {
                    p.ends = true;
                }
            }
            from += n;
        }
    }

    /// Notes at which places entities begin and how many places they take.
    fn mark(&mut self, document: &Document<'_>, entities: &[EntityRecord]) {
        let mut at = 0;
        let span = |p: &Place| {
            document
                .units
                .get(p.unit as usize)
                .map(|u| u.span)
                .unwrap_or_default()
        };
        for entity in entities {
            let kind = match entity.kind {
                EntityKind::Person => Kind::Person,
                EntityKind::Location => Kind::Place,
                EntityKind::Organization => Kind::Body,
                EntityKind::Role | EntityKind::Date => continue,
            };
            // The entity may begin behind a clitic of its first word.
            while self
                .places
                .get(at)
                .is_some_and(|p| span(p).end <= entity.span.start)
            {
                at += 1;
            }
            let inside = |p: &&Place| span(p).start < entity.span.end;
            let n = self
                .places
                .get(at..)
                .unwrap_or(&[])
                .iter()
                .take(MAX_WORDS + 1)
                .take_while(inside)
                .count();
            if let Some(p) = self.places.get_mut(at) {
                p.entity = n as u8;
                p.kind = kind;
            }
        }
    }

    /// Enters the phrases that begin at a place; the candidates by length.
    fn phrases(
        &mut self,
        at: usize,
        next: [u32; MAX_WORDS],
        background: &Background,
    ) -> [u32; MAX_WORDS] {
        let mut out = [NONE; MAX_WORDS];
        let Some(&head) = self.places.get(at) else {
            return out;
        };
        if !head.info.is(HEAD) {
            return out;
        }
        let mut key = head.info.key;
        let mut flags = match head.part {
            PartKind::Title => IN_TITLE,
            PartKind::Lead => IN_LEAD,
            _ => 0,
        };
        let mut prefix = NONE;
        for len in 1..=MAX_WORDS {
            let Some(&tail) = self.places.get(at + len - 1) else {
                break;
            };
            if len > 1 {
                if !tail.joined {
                    break;
                }
                key = join(key, tail.info.key);
                if tail.info.is(LINK) {
                    if flags & LINKED != 0 {
                        break;
                    }
                    flags |= LINKED;
                }
            }
            if !tail.info.is(TAIL) {
                continue;
            }
            let go_on = self.places.get(at + len).copied();
            let right = go_on
                .as_ref()
                .is_some_and(|n| n.joined && !n.info.is(LINK | NOT | PREPOSITION));
            // A pronoun at the end of a longer phrase cannot be taken off without changing it.
            if len > 1 && tail.info.is(PRONOUN) {
                break;
            }

            let suffix = if len > 1 {
                next.get(len - 2).copied().unwrap_or(NONE)
            } else {
                NONE
            };
            let id = self.enter(key, len as u8, flags, prefix, suffix, background);
            if let Some(c) = self.list.get_mut(id as usize) {
                let places = &self.places;
                if c.times == 0 {
                    c.last = at as u32;
                    c.last_sentence = u32::MAX;
                }
                c.first = at as u32;
                c.times += 1;
                c.flags |= flags;
                if c.last_sentence != head.sentence {
                    c.last_sentence = head.sentence;
                    c.sentences += 1;
                }
                c.clean +=
                    u32::from(!head.info.is(CONJUNCTION | PREPOSITION) && !tail.info.is(PRONOUN));
                let name = PROPER | UNKNOWN;
                let before = at
                    .checked_sub(1)
                    .and_then(|i| places.get(i))
                    .filter(|_| head.joined);
                let next = go_on.as_ref().filter(|n| n.joined);
                c.left += u32::from(head.joined);
                c.right += u32::from(right);
                let longer_name = head.info.is(name)
                    && before.is_some_and(|b| b.info.is(NAME | UNKNOWN))
                    || tail.info.is(name) && next.is_some_and(|n| n.info.is(NAME | UNKNOWN));
                c.in_name += u32::from(longer_name);
                c.adjective += u32::from(next.is_some_and(|n| {
                    n.info.is(ADJECTIVE)
                        && !n.info.is(PREPOSITION)
                        && n.info.is(ARTICLE) == tail.info.is(ARTICLE)
                }));
                c.open += u32::from(next.is_some_and(|n| {
                    !tail.info.is(ARTICLE | PROPER)
                        && n.info.is(ARTICLE | PROPER)
                        && !n.info.is(PREPOSITION)
                }));
                c.quoted += u32::from(head.opens && tail.closes);
                c.headed += u32::from(head.heading);
                c.lines += u32::from(
                    head.starts && tail.ends && (head.heading || head.part == PartKind::Title),
                );
                if head.entity as usize == len {
                    c.named += 1;
                    c.kind = head.kind;
                }
                if let Some(most) = self.most.get_mut(len.min(3) - 1) {
                    *most = c.times.max(*most);
                }
            }
            if len == 1
                && let Some(p) = self.places.get_mut(at)
            {
                p.single = id;
            }
            self.mentions.push((id, at as u32));
            prefix = id;
            if let Some(o) = out.get_mut(len - 1) {
                *o = id;
            }
        }
        out
    }

    /// The candidate of a key, new if need be.
    fn enter(
        &mut self,
        key: u64,
        words: u8,
        flags: u8,
        prefix: u32,
        suffix: u32,
        background: &Background,
    ) -> u32 {
        if self.slots.len() < (self.list.len() + 1) * 2 {
            let size = ((self.list.len() + 1) * 4).next_power_of_two().max(1 << 12);
            self.slots.clear();
            self.slots.resize(size, 0);
            for (i, c) in self.list.iter().enumerate() {
                let mut at = c.key as usize & (size - 1);
                while self.slots.get(at).is_some_and(|&s| s != 0) {
                    at = (at + 1) & (size - 1);
                }
                if let Some(s) = self.slots.get_mut(at) {
                    *s = i as u32 + 1;
                }
            }
        }
        let mask = self.slots.len() - 1;
        let mut at = key as usize & mask;
        // A text made of colliding words may cost memory, never quadratic time.
        let mut free = false;
        for _ in 0..MAX_PROBES {
            match self.slots.get(at) {
                Some(&s) if s != 0 => {
                    if self
                        .list
                        .get(s as usize - 1)
                        .is_some_and(|c| c.key == key && c.words == words)
                    {
                        return s - 1;
                    }
                }
                _ => {
                    free = true;
                    break;
                }
            }
            at = (at + 1) & mask;
        }
        let of = |id: u32| self.list.get(id as usize);
        let pair = match words {
            1 => f32::INFINITY,
            2 => background.pair(key),
            3 if flags & LINKED != 0 => background.pair(key),
            _ => of(prefix)
                .map_or(0.0, |c| c.pair)
                .min(of(suffix).map_or(0.0, |c| c.pair)),
        };
        let id = self.list.len() as u32;
        self.list.push(Candidate {
            key,
            first: 0,
            last: 0,
            times: 0,
            sentences: 0,
            last_sentence: 0,
            prefix,
            suffix,
            clean: 0,
            left: 0,
            right: 0,
            in_name: 0,
            adjective: 0,
            open: 0,
            quoted: 0,
            headed: 0,
            lines: 0,
            named: 0,
            kind: Kind::None,
            longer: 0,
            longer_kinds: 0,
            pair,
            score: 0.0,
            words,
            flags: 0,
        });
        if free && let Some(s) = self.slots.get_mut(at) {
            *s = id + 1;
        }
        id
    }
}

fn opens(before: &[u8]) -> bool {
    before.ends_with(b"\"") || before.ends_with("«".as_bytes()) || before.ends_with("“".as_bytes())
}

fn closes(after: &[u8]) -> bool {
    after.starts_with(b"\"")
        || after.starts_with("»".as_bytes())
        || after.starts_with("”".as_bytes())
}
