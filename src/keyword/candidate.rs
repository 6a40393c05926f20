//! Candidates: every noun phrase of one to five words, grouped by the stems of its words.

//!
//! A text has more candidates than words, and ten are wanted. So collecting keeps little of each ([`Seen`]), a cheap
//! score picks those worth a closer look, and only these are described in full ([`Candidate`]).

use super::background::Background;
use super::first::First;
use super::model::Logs;
use super::word::{
    ADJECTIVE, ARTICLE, CONJUNCTION, HEAD, LINK, NAME, NOT, PREPOSITION, PRONOUN, PROPER, TAIL,
    TAIL_LATER, UNKNOWN, WordClass, WordInfos, join, joins,
};
use crate::document::Document;
use crate::entity::{EntityKind, EntityRecord};
use crate::morph::Tag;
use crate::page::PartKind;
use crate::span::Span;
use crate::token::{RawToken, TokenKind};

/// Longest first line that is a subject and no headline, in words, and the shortest text it may stand over.
const SUBJECT: u32 = 4;
const SUBJECT_TEXT: u32 = 100;

/// Longest heading, in words, and the shortest line that it may stand over: lines of a list are no headings.
const HEADING: u32 = 6;
const PARAGRAPH: u32 = 7;

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
/// Holds «غير»: «الهجرة غير الشرعية».
pub(crate) const NEGATED: u8 = 8;

/// Bits of [`Place::bits`]: what a phrase that ends here is cut off from: any noun, an adjective that agrees, the noun
/// that it wants, a name.
pub(crate) const GOES_ON: u16 = 1;
pub(crate) const ADJECTIVE_NEXT: u16 = 1 << 1;
pub(crate) const OPEN: u16 = 1 << 2;
pub(crate) const NAME_NEXT: u16 = 1 << 3;
const BEHIND: u16 = GOES_ON | ADJECTIVE_NEXT | OPEN | NAME_NEXT;
/// A name that begins here is cut off from the one before.
pub(crate) const NAME_BEFORE: u16 = 1 << 4;
/// The phrase may go on from the place before.
pub(crate) const JOINED: u16 = 1 << 5;
const BEFORE: u16 = NAME_BEFORE | JOINED;
/// What phrases are cut off from takes so many values.
pub(crate) const NEIGHBOURS: usize = 64;
/// Quotation marks right before and right behind.
const OPENS: u16 = 1 << 6;
const CLOSES: u16 = 1 << 7;
/// Stands in a heading: a short line that is no sentence.
const HEADED: u16 = 1 << 8;
/// First or last of its line.
const STARTS: u16 = 1 << 9;
const ENDS: u16 = 1 << 10;
/// Begins a story whose first line is but a name or a subject, as articles of encyclopedias have it.
const ENTRY: u16 = 1 << 11;
/// «غير» or a word with ب or ل goes on with it: «مكافحة الهجرة غير الشرعية», «الاتجار بالبشر».
const NOT_NEXT: u16 = 1 << 12;
const PREPOSITION_NEXT: u16 = 1 << 13;

/// A unit of the story that may be part of a phrase; the others take no place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub info: WordClass,
    /// Number of the word in the story.
    pub nth: u32,
    /// Number of the unit in the document, and of its word.
    pub unit: u32,
    pub word: u32,
    pub sentence: u32,
    /// The candidate of this word alone, in `CandidateScratch::seen`.
    pub single: u32,
    bits: u16,
    /// Letters in front that the entity pass knows to be clitics, where the morphology does not: «بتمصلوحت».
    pub skip: u8,
    /// `IN_TITLE`, `IN_LEAD` or neither.
    part: u8,
    /// Places of the entity that begins here; 0 where none does.
    entity: u8,
    kind: Kind,
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

/// What is kept of every phrase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub key: u64,
    /// Place of the first and of the last mention.
    pub first: u32,
    last: u32,
    pub times: u32,
    /// Mentions of the most frequent longer candidate around it, and how many different ones there are.
    longer: u32,
    longer_kinds: u32,
    /// The phrase without its last and without its first word.
    prefix: u32,
    suffix: u32,
    /// Its last mention in `CandidateScratch::mentions`; `NONE` where there is but one, which is not listed.
    chain: u32,
    pub words: u8,
    pub flags: u8,
}

/// A phrase and what is known of its mentions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Candidate {
    pub key: u64,
    /// In `CandidateScratch::seen`.
    pub seen: u32,
    /// Place of the first and of the last mention.
    pub first: u32,
    pub last: u32,
    pub times: u32,
    pub sentences: u32,
    /// Mentions of the phrase without its last and without its first word; 0 where that is no candidate.
    pub prefix_times: u32,
    pub suffix_times: u32,
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
    /// Mentions that «غير» or a word with ب or ل goes on with.
    pub not_next: u32,
    pub preposition_next: u32,
    /// Mentions that are a whole heading or title.
    pub lines: u32,
    /// It is the first line of the story, whole, and the story speaks of it.
    pub entry: bool,
    /// Mentions that are an entity, whole, and its kind.
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

/// A phrase that may become longer.
#[derive(Clone, Copy, Debug)]
struct Start {
    key: u64,
    at: u32,
    /// The longest candidate that begins here.
    prefix: u32,
    flags: u8,
}

/// What the word of a place is worth at first sight: alone, at the beginning and at the end of a phrase.
#[derive(Clone, Copy, Debug, Default)]
struct Worth {
    one: f32,
    head: f32,
    tail: f32,
}

/// A line that is being read: its first word, its first place, where its last word ends.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    nth: u32,
    place: usize,
    end: u32,
    /// First place of the line before, if that may be a heading.
    heading: Option<usize>,
}

/// Buffers, and the candidates of one story.
#[derive(Debug, Default)]
pub(crate) struct CandidateScratch {
    pub infos: WordInfos,
    pub places: Vec<Place>,
    /// Every phrase, the shorter ones first.
    pub seen: Vec<Seen>,
    /// Those worth a closer look.
    pub list: Vec<Candidate>,
    /// Place of the first word, and the mention before of the same candidate.
    mentions: Vec<(u32, u32)>,
    slots: Vec<u32>,
    /// Size of the part of `slots` in use, less one.
    mask: usize,
    starts: Vec<Start>,
    /// Candidates of the length before and of this length, by place.
    before: Vec<u32>,
    now: Vec<u32>,
    /// By place.
    worth: Vec<Worth>,
    /// Candidates under [`rank`].
    ranked: Vec<u64>,
    /// Mentions of the most frequent candidate of one word, of two and of more.
    pub most: [u32; 3],
    /// Words of the story.
    pub words: u32,
}

impl CandidateScratch {
    pub fn memory_usage(&self) -> usize {
        self.infos.memory_usage()
            + self.places.capacity() * size_of::<Place>()
            + self.seen.capacity() * size_of::<Seen>()
            + self.list.capacity() * size_of::<Candidate>()
            + self.mentions.capacity() * 8
            + (self.slots.capacity() + self.before.capacity() + self.now.capacity()) * 4
            + self.starts.capacity() * size_of::<Start>()
            + self.worth.capacity() * size_of::<Worth>()
            + self.ranked.capacity() * 8
    }

    /// Reads the text parts of units `from..to`, which are of one story: fills `places` and `seen`.
    pub fn collect(
        &mut self,
        document: &Document<'_>,
        entities: &[EntityRecord],
        from: usize,
        to: usize,
    ) {
        self.seen.clear();
        self.list.clear();
        self.mentions.clear();
        self.places.clear();
        self.most = [1; 3];
        self.read(document, entities, from, to);
        self.mark(document, entities);
        let size = (self.places.len() * 2).next_power_of_two().max(64);
        self.resize(size);
        self.singles();
        for len in 2..=MAX_WORDS {
            if self.starts.is_empty() {
                break;
            }
            self.longer(len);
        }
    }

    fn read(&mut self, document: &Document<'_>, entities: &[EntityRecord], from: usize, to: usize) {
        let mut entities = entities
            .iter()
            .filter(|e| !matches!(e.kind, EntityKind::Role | EntityKind::Date))
            .peekable();
        let bytes = document.text.as_bytes();
        let units = document.units.get(from..to).unwrap_or(&[]);
        let positions = document.positions.get(from..to).unwrap_or(&[]);
        let mut nth = 0;
        // Whether the unit before is of the text, and a place.
        let mut adjacent = false;
        let mut line = Line::default();
        for (i, (unit, position)) in units.iter().zip(positions).enumerate() {
            if !position.part.is_text() {
                adjacent = false;
                continue;
            }
            // «كولومبيا (مكوك الفضاء)»: what stands in brackets is not of the subject.
            let bracket = || {
                line.nth == 0
                    && bytes
                        .get(..unit.span.start as usize)
                        .is_some_and(|b| b.ends_with(b"("))
            };
            if unit.breaks && (nth == 0 || starts_line(document, unit.token) || bracket()) {
                let heading = self.end_line(document, &line, nth);
                line = Line {
                    nth,
                    place: self.places.len(),
                    end: 0,
                    heading: heading.then_some(line.place),
                };
            }
            line.end = unit.span.end;
            let mut info = self.infos.class(unit.word);
            if info.flags == 0 {
                // A word that is nothing by itself may be part of a name: «طلعت عبد القوي», «أطباء بلا حدود».
                while entities
                    .next_if(|e| e.span.end <= unit.span.start)
                    .is_some()
                {}
                if let Some(e) = entities.peek().filter(|e| e.span.start <= unit.span.start) {
                    info.flags = match e.kind {
                        EntityKind::Person => HEAD | TAIL | NAME,
                        _ => TAIL_LATER,
                    };
                }
            }
            if info.flags == 0 && (line.nth > 0 || nth > SUBJECT) {
                adjacent = false;
                nth += 1;
                continue;
            }
            let mut bits = quotes(bytes, unit.span);
            if !unit.breaks
                && adjacent
                && let Some(b) = self.places.last_mut()
                && joins(&b.info, &info)
            {
                bits |= JOINED | connect(b, &info);
            }
            self.places.push(Place {
                info,
                nth,
                unit: (from + i) as u32,
                word: unit.word,
                sentence: position.sentence,
                single: NONE,
                bits,
                skip: 0,
                part: match position.part {
                    PartKind::Title => IN_TITLE,
                    PartKind::Lead => IN_LEAD,
                    _ => 0,
                },
                entity: 0,
                kind: Kind::None,
            });
            adjacent = true;
            nth += 1;
        }
        self.end_line(document, &line, nth);
        self.words = nth;
    }

    /// Marks the places of a line that ends before word `nth`; whether it may be a heading.
    fn end_line(&mut self, document: &Document<'_>, line: &Line, nth: u32) -> bool {
        if nth - line.nth >= PARAGRAPH
            && let Some(from) = line.heading
            && let Some(places) = self.places.get_mut(from..line.place)
        {
            places.iter_mut().for_each(|p| p.bits |= HEADED);
        }
        let Some(places) = self.places.get_mut(line.place..) else {
            return false;
        };
        let after = document.text.as_bytes().get(line.end as usize..);
        let after = after.unwrap_or(&[]);
        if line.nth == 0 && nth <= SUBJECT && places.iter().all(|p| may_be_subject(document, p)) {
            // One phrase, whatever the morphology makes of it: «ستيف بروس».
            for (i, p) in places.iter_mut().enumerate() {
                p.info.flags |= HEAD | TAIL | if p.info.flags == 0 { UNKNOWN } else { 0 };
                p.bits |= if i > 0 { JOINED } else { ENTRY };
            }
        }
        let heading = nth - line.nth <= HEADING
            && line.nth > 0
            && places.first().is_some_and(|p| p.part != IN_TITLE)
            && !after.starts_with(b".")
            && !after.starts_with("،".as_bytes());
        if let Some(p) = places.first_mut().filter(|p| p.nth == line.nth) {
            p.bits |= STARTS;
        }
        if let Some(p) = places.last_mut().filter(|p| p.nth + 1 == nth) {
            p.bits |= ENDS;
        }
        heading
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
            // Words between the places count too.
            let first = self.places.get(at).map_or(0, |p| p.unit as usize);
            let units = document.units.get(first..).unwrap_or(&[]);
            let n = units
                .iter()
                .take(MAX_WORDS + 1)
                .take_while(|u| u.span.start < entity.span.end)
                .count();
            if let Some(unit) = units.first() {
                let front = unit.span.start as usize..entity.span.start as usize;
                let front = document.text.get(front).unwrap_or("");
                self.free(at, front.chars().count());
            }
            if n <= MAX_WORDS {
                self.bind(at, n);
            }
            if let Some(p) = self.places.get_mut(at) {
                p.entity = n as u8;
                p.kind = kind;
            }
        }
    }

    /// Parts a name from the phrase before it, if it begins behind clitics that the morphology did not see.
    fn free(&mut self, at: usize, letters: usize) {
        let Some(p) = self.places.get_mut(at) else {
            return;
        };
        if !(1..=2).contains(&letters) || p.info.is(CONJUNCTION | PREPOSITION) {
            return;
        }
        p.skip = letters as u8;
        p.info.flags |= PREPOSITION;
        p.bits &= !(JOINED | NAME_BEFORE);
        if let Some(p) = at.checked_sub(1).and_then(|i| self.places.get_mut(i)) {
            p.bits &= !BEHIND;
        }
    }

    /// Makes one phrase of the words of a name: «وزارة الكهرباء والماء».
    fn bind(&mut self, at: usize, words: usize) {
        let Some(places) = self.places.get_mut(at..at + words) else {
            return;
        };
        let whole = |pair: &[Place]| matches!(pair, [a, b] if a.nth + 1 == b.nth);
        if !places.windows(2).all(whole) {
            return;
        }
        for i in 1..places.len() {
            let [.., before, p] = places.get_mut(..=i).unwrap_or(&mut []) else {
                continue;
            };
            if p.bits & JOINED == 0 && !before.info.is(PRONOUN) {
                p.bits |= JOINED | connect(before, &p.info);
            }
        }
    }

    /// Enters the words, and notes what may begin a longer phrase.
    fn singles(&mut self) {
        self.starts.clear();
        self.before.clear();
        self.before.resize(self.places.len(), NONE);
        for at in 0..self.places.len() {
            let Some(place) = self.places.get(at) else {
                break;
            };
            let (info, flags) = (place.info, place.part);
            if !info.is(HEAD) {
                continue;
            }
            let mut id = NONE;
            if info.is(TAIL) {
                id = self.enter(info.key, 1, at as u32, flags, NONE, NONE);
                if let Some(p) = self.places.get_mut(at) {
                    p.single = id;
                }
                if let Some(slot) = self.before.get_mut(at) {
                    *slot = id;
                }
            }
            if self
                .places
                .get(at + 1)
                .is_some_and(|p| p.bits & JOINED != 0)
            {
                self.starts.push(Start {
                    key: info.key,
                    at: at as u32,
                    prefix: id,
                    flags,
                });
            }
        }
    }

    /// Makes the phrases in `starts` longer by one word.
    fn longer(&mut self, len: usize) {
        self.now.clear();
        self.now.resize(self.places.len(), NONE);
        let mut kept = 0;
        for i in 0..self.starts.len() {
            let Some(mut start) = self.starts.get(i).copied() else {
                break;
            };
            let end = start.at as usize + len;
            let Some(tail) = self.places.get(end - 1) else {
                continue;
            };
            start.key = join(start.key, tail.info.key);
            if tail.info.is(LINK) {
                if start.flags & LINKED != 0 {
                    continue;
                }
                start.flags |= LINKED;
            }
            if tail.info.is(NOT) {
                start.flags |= NEGATED;
            }
            if tail.info.is(TAIL) {
                // A pronoun at the end of a longer phrase cannot be taken off without changing it.
                if tail.info.is(PRONOUN) {
                    continue;
                }
                let suffix = self.before.get(start.at as usize + 1);
                let suffix = suffix.copied().unwrap_or(NONE);
                let Start {
                    key,
                    at,
                    prefix,
                    flags,
                } = start;
                let repeated = |part: u32| self.seen.get(part as usize).is_none_or(|c| c.times > 1);
                start.prefix = if repeated(prefix) && repeated(suffix) {
                    self.enter(key, len as u8, at, flags, prefix, suffix)
                } else {
                    // What has a part that is said once is said once: no need to look for it.
                    self.push(key, len as u8, at, flags, prefix, suffix)
                };
                if let Some(slot) = self.now.get_mut(at as usize) {
                    *slot = start.prefix;
                }
            }
            if self.places.get(end).is_some_and(|p| p.bits & JOINED != 0) {
                if let Some(slot) = self.starts.get_mut(kept) {
                    *slot = start;
                }
                kept += 1;
            }
        }
        self.starts.truncate(kept);
        std::mem::swap(&mut self.before, &mut self.now);
    }

    /// Empties the hash table and gives it a size, which is a power of two.
    fn resize(&mut self, size: usize) {
        if self.slots.len() < size {
            self.slots.resize(size, 0);
        }
        if let Some(slots) = self.slots.get_mut(..size) {
            slots.fill(0);
        }
        self.mask = size - 1;
    }

    /// Notes a mention of a phrase that may be there already; its candidate.
    #[inline]
    fn enter(&mut self, key: u64, words: u8, at: u32, flags: u8, prefix: u32, suffix: u32) -> u32 {
        let mut slot = key as usize & self.mask;
        // A text made of colliding words may cost memory, never quadratic time.
        for _ in 0..MAX_PROBES {
            match self.slots.get_mut(slot) {
                Some(&mut s) if s != 0 => {
                    let id = s - 1;
                    if let Some(c) = self.seen.get_mut(id as usize)
                        && c.key == key
                        && c.words == words
                    {
                        if c.chain == NONE {
                            c.chain = self.mentions.len() as u32;
                            self.mentions.push((c.first, NONE));
                        }
                        let chain = self.mentions.len() as u32;
                        self.mentions.push((at, c.chain));
                        c.chain = chain;
                        c.last = at;
                        c.times += 1;
                        c.flags |= flags;
                        if let Some(most) = self.most.get_mut((words as usize).min(3) - 1) {
                            *most = c.times.max(*most);
                        }
                        return id;
                    }
                }
                Some(free) => {
                    *free = self.seen.len() as u32 + 1;
                    break;
                }
                None => break,
            }
            slot = (slot + 1) & self.mask;
        }
        let id = self.push(key, words, at, flags, prefix, suffix);
        if self.seen.len() * 2 > self.mask {
            self.grow();
        }
        id
    }

    /// Doubles the hash table.
    #[cold]
    fn grow(&mut self) {
        let size = (self.mask + 1) * 4;
        self.resize(size);
        for (i, c) in self.seen.iter().enumerate() {
            let mut at = c.key as usize & self.mask;
            for _ in 0..MAX_PROBES {
                match self.slots.get_mut(at) {
                    Some(s) if *s == 0 => {
                        *s = i as u32 + 1;
                        break;
                    }
                    _ => at = (at + 1) & self.mask,
                }
            }
        }
    }

    #[inline]
    fn push(&mut self, key: u64, words: u8, at: u32, flags: u8, prefix: u32, suffix: u32) -> u32 {
        for part in [prefix, suffix] {
            if let Some(p) = self.seen.get_mut(part as usize) {
                p.longer_kinds += 1;
            }
        }
        let id = self.seen.len() as u32;
        self.seen.push(Seen {
            key,
            first: at,
            last: at,
            times: 1,
            longer: 0,
            longer_kinds: 0,
            prefix,
            suffix,
            chain: NONE,
            words,
            flags,
        });
        id
    }

    /// Fills `list` with the `keep` candidates that look best at first sight.
    pub fn choose(&mut self, first: &First, logs: &Logs, keep: usize, background: &Background) {
        self.ranked.clear();
        let all = self.seen.len() <= keep;
        if !all {
            self.weigh_places(first, logs);
        }
        // Longer phrases stand behind their parts.
        for id in (0..self.seen.len()).rev() {
            let Some(&c) = self.seen.get(id) else {
                break;
            };
            if c.words > 1 {
                for part in [c.prefix, c.suffix] {
                    if let Some(p) = self.seen.get_mut(part as usize) {
                        p.longer = p.longer.max(c.times);
                    }
                }
            }
            if c.words > 1 && self.cut_off(&c) {
                continue;
            }
            let score = if all {
                0.0
            } else {
                self.glance(&c, first, logs)
            };
            self.ranked.push(rank(score, id as u32));
        }
        if self.ranked.len() > keep {
            self.ranked.select_nth_unstable(keep);
            self.ranked.truncate(keep);
        }
        for i in 0..self.ranked.len() {
            if let Some(&ranked) = self.ranked.get(i) {
                let c = self.describe(ranked as u32, background);
                self.list.push(c);
            }
        }
    }

    /// Whether every mention of a phrase is a piece of something: it ends in a noun that wants the next one, or is cut
    /// out of a name, or reaches over a particle only once. One in two hundred of these would be taken by an annotator.
    fn cut_off(&self, c: &Seen) -> bool {
        let len = c.words as usize;
        let ends = |at: u32| {
            let head = self.places.get(at as usize);
            let tail = self.places.get(at as usize + len - 1);
            (head.map_or(0, |p| p.bits), tail.map_or(0, |p| p.bits))
        };
        if c.times > 1 {
            let mut chain = c.chain;
            while let Some(&(at, before)) = self.mentions.get(chain as usize) {
                if ends(at).1 & OPEN == 0 {
                    return false;
                }
                chain = before;
            }
            return true;
        }
        let (head, tail) = ends(c.first);
        tail & (OPEN | NAME_NEXT | NOT_NEXT) != 0
            || head & NAME_BEFORE != 0
            || c.flags & LINKED != 0 && c.flags & IN_TITLE == 0 && head & ENTRY == 0
    }

    /// Says of every place what its word is worth at first sight.
    pub fn weigh_places(&mut self, first: &First, logs: &Logs) {
        self.worth.clear();
        let worth = self.places.iter().map(|p| {
            let Some(word) = self.infos.get(p.word) else {
                return Worth::default();
            };
            let single = self.seen.get(p.single as usize);
            let times = first.word_times * single.map_or(0.0, |s| logs.of(s.times));
            let early = first.early / (1 + p.sentence) as f32 + first.late * logs.of(p.nth);
            Worth {
                one: word.one + times + early,
                head: word.head + 0.5 * times + early,
                tail: word.tail + 0.5 * times,
            }
        });
        self.worth.extend(worth);
    }

    /// A score from what is at hand; [`weigh_places`](Self::weigh_places) comes before.
    #[inline]
    fn glance(&self, c: &Seen, first: &First, logs: &Logs) -> f32 {
        let n = c.words as usize;
        let (at, last) = (c.first as usize, c.first as usize + n - 1);
        let (Some(head), Some(tail)) = (self.places.get(at), self.places.get(last)) else {
            return 0.0;
        };
        let (Some(begins), Some(ends)) = (self.worth.get(at), self.worth.get(last)) else {
            return 0.0;
        };
        let mut sum = first.of_length(n, logs.of(c.times), c.flags);
        sum += if n == 1 {
            begins.one
        } else {
            begins.head + ends.tail
        };
        if c.longer >= c.times {
            sum += first.within;
        }
        // Only the first mention is looked at; what is said often mostly stands by itself elsewhere.
        let beside = first.of_neighbours(tail.bits & BEHIND | head.bits & BEFORE);
        sum += match c.times {
            1 => beside + first.once,
            times => beside / times as f32,
        };
        if head.entity as usize == n {
            sum += first.of_entity(head.kind);
        }
        sum
    }

    /// The first look at a candidate, for learning its weights.
    pub fn first_look(&self, id: u32, first: &First, logs: &Logs) -> f32 {
        let seen = self.seen.get(id as usize);
        seen.map_or(0.0, |c| self.glance(c, first, logs))
    }

    /// Looks at every mention of a candidate.
    fn describe(&self, id: u32, background: &Background) -> Candidate {
        let Some(seen) = self.seen.get(id as usize) else {
            return Candidate::default();
        };
        let times_of = |part: u32| self.seen.get(part as usize).map_or(0, |p| p.times);
        let mut c = Candidate {
            key: seen.key,
            seen: id,
            first: seen.first,
            last: seen.last,
            times: seen.times,
            prefix_times: times_of(seen.prefix),
            suffix_times: times_of(seen.suffix),
            longer: seen.longer,
            longer_kinds: seen.longer_kinds,
            pair: self.pair(id, background),
            words: seen.words,
            flags: seen.flags,
            ..Candidate::default()
        };
        let len = seen.words as usize;
        let mut sentence = u32::MAX;
        for at in self.mentions(id) {
            let (Some(head), Some(tail)) = (
                self.places.get(at as usize),
                self.places.get(at as usize + len - 1),
            ) else {
                continue;
            };
            if sentence != head.sentence {
                sentence = head.sentence;
                c.sentences += 1;
            }
            let one = |b: bool| u32::from(b);
            c.clean += one(!head.info.is(CONJUNCTION | PREPOSITION) && !tail.info.is(PRONOUN));
            c.left += one(head.bits & JOINED != 0);
            c.right += one(tail.bits & GOES_ON != 0);
            c.in_name += one(head.bits & NAME_BEFORE != 0 || tail.bits & NAME_NEXT != 0);
            c.adjective += one(tail.bits & ADJECTIVE_NEXT != 0);
            c.open += one(tail.bits & OPEN != 0);
            c.not_next += one(tail.bits & NOT_NEXT != 0);
            c.preposition_next += one(tail.bits & PREPOSITION_NEXT != 0);
            c.quoted += one(head.bits & OPENS != 0 && tail.bits & CLOSES != 0);
            c.lines += one(head.bits & STARTS != 0
                && tail.bits & ENDS != 0
                && (head.bits & HEADED != 0 || head.part == IN_TITLE));
            c.entry |= head.bits & ENTRY != 0 && tail.bits & ENDS != 0;
            if head.entity as usize == len {
                c.named += 1;
                c.kind = head.kind;
            }
        }
        c.entry &= self.words >= SUBJECT_TEXT && {
            let places = self.places.get(c.first as usize..c.first as usize + len);
            let said = |p: &Place| self.seen.get(p.single as usize).map_or(0, |s| s.times);
            places.unwrap_or(&[]).iter().any(|p| said(p) > 2)
        };
        c
    }

    /// Whether a mention is a piece of a longer phrase.
    pub fn goes_on(&self, at: u32, len: usize) -> bool {
        let tail = self.places.get((at as usize + len).wrapping_sub(1));
        tail.is_some_and(|p| p.bits & (OPEN | ADJECTIVE_NEXT) != 0)
    }

    /// Places of the mentions of a candidate, the last one first.
    pub fn mentions(&self, id: u32) -> impl Iterator<Item = u32> + '_ {
        let (chain, only) = match self.seen.get(id as usize) {
            Some(c) if c.chain == NONE => (NONE, Some(c.first)),
            Some(c) => (c.chain, None),
            None => (NONE, None),
        };
        let mut chain = chain;
        only.into_iter().chain(std::iter::from_fn(move || {
            let &(place, before) = self.mentions.get(chain as usize)?;
            chain = before;
            Some(place)
        }))
    }

    /// Least of the logarithmic document frequencies of the pairs of a candidate.
    fn pair(&self, id: u32, background: &Background) -> f32 {
        let Some(c) = self.seen.get(id as usize) else {
            return 0.0;
        };
        match c.words {
            1 => f32::INFINITY,
            2 => background.pair(c.key),
            // What stands between the two is no word of its own.
            3 if c.flags & (LINKED | NEGATED) != 0 => background.pair(c.key),
            _ => self
                .pair(c.prefix, background)
                .min(self.pair(c.suffix, background)),
        }
    }
}

/// A number by which the better score comes first, of equal ones the lower number.
#[inline]
pub(crate) fn rank(score: f32, number: u32) -> u64 {
    let bits = score.to_bits();
    // Positive floats are ordered as integers, negative ones the other way round.
    let ascending = if bits >> 31 == 0 {
        bits | 1 << 31
    } else {
        !bits
    };
    u64::from(!ascending) << 32 | u64::from(number)
}

/// Whether a word of a first line may be part of a subject.
fn may_be_subject(document: &Document<'_>, place: &Place) -> bool {
    place.info.flags != 0 && !place.info.is(LINK | NOT)
        || document.words.get(place.word).is_some_and(|w| {
            w.kind == TokenKind::Word
                && !matches!(
                    w.analysis.tag,
                    Tag::Verb | Tag::Particle | Tag::Pronoun | Tag::Adverb | Tag::Month
                )
        })
}

/// Signs before a heading at most: «==== السكان ====».
const SIGNS: u32 = 8;

/// Whether a token is the first of its line.
fn starts_line(document: &Document<'_>, token: u32) -> bool {
    // Signs may stand before it; the word behind them then begins the line.
    for back in 0..=SIGNS.min(token) {
        let Some(t) = document.tokens.get((token - back) as usize) else {
            return false;
        };
        if back > 0 && matches!(t.kind, TokenKind::Word | TokenKind::Number) {
            return false;
        }
        if t.is(RawToken::LINE_BEFORE) {
            return true;
        }
    }
    false
}

/// Quotation marks around a word.
#[inline]
fn quotes(bytes: &[u8], span: Span) -> u16 {
    let (start, end) = (span.start as usize, span.end as usize);
    let near = |b: Option<&u8>| b.is_some_and(|&b| b != b' ');
    let mut bits = 0;
    if near(start.checked_sub(1).and_then(|i| bytes.get(i)))
        && opens(bytes.get(..start).unwrap_or(&[]))
    {
        bits |= OPENS;
    }
    if near(bytes.get(end)) && closes(bytes.get(end..).unwrap_or(&[])) {
        bits |= CLOSES;
    }
    bits
}

/// Notes at a place what follows it in the same phrase; the bit of the word that follows.
#[inline]
fn connect(before: &mut Place, word: &WordClass) -> u16 {
    let b = before.info;
    if word.is(NOT) {
        before.bits |= NOT_NEXT;
    } else if word.is(PREPOSITION) {
        before.bits |= PREPOSITION_NEXT;
    } else if !word.is(LINK) {
        before.bits |= GOES_ON;
    }
    if !word.is(PREPOSITION) {
        if word.is(ADJECTIVE) && word.is(ARTICLE) == b.is(ARTICLE) {
            before.bits |= ADJECTIVE_NEXT;
        }
        if !b.is(ARTICLE | PROPER) && word.is(ARTICLE | PROPER) {
            before.bits |= OPEN;
        }
    }
    if b.is(PROPER | UNKNOWN) && word.is(NAME | UNKNOWN) {
        before.bits |= NAME_NEXT;
    }
    if word.is(PROPER | UNKNOWN) && b.is(NAME | UNKNOWN) {
        NAME_BEFORE
    } else {
        0
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
