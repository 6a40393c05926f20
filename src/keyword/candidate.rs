//! Candidates: every noun phrase of one to five words, grouped by the stems of its words.
//!
//! A text has more candidates than words, and ten are wanted. So collecting keeps little of each ([`Seen`]), a cheap
//! score picks those worth a closer look, and only these are described in full ([`Candidate`]).

use super::background::Background;
use super::join::{
    ADJECTIVE_NEXT, BEFORE, BEHIND, GOES_ON, JOINED, NAME_BEFORE, NAME_NEXT, NEXT, NOT_NEXT, OPEN,
    OTHER, PREPOSITION_NEXT, connect,
};
use super::phrase::{Look, Phrase, is_cut_off};
use super::seen::{FIRST, NONE, ONCE, Seen, SeenTable};
use super::word::{
    CONJUNCTION, HEAD, LINK, NAME, NOT, PREPOSITION, PRONOUN, TAIL, TAIL_LATER, UNKNOWN, WordClass,
    WordInfos, join,
};
use crate::ahead::fetch;
use crate::document::{Document, Run};
use crate::entity::{EntityKind, EntityRecord};
use crate::lexicon::topic_file::Role;
use crate::matcher::Unit;
use crate::morph::Tag;
use crate::page::PartKind;
use crate::sieve::put_if;
use crate::span::Span;
use crate::token::TokenKind;
use crate::topic::EvidenceRecord;

/// Longest first line that is a subject and no headline, in words, and the shortest text it may stand over.
const SUBJECT: u32 = 4;
const SUBJECT_TEXT: u32 = 100;

/// Longest heading, in words, and the shortest line that it may stand over: lines of a list are no headings.
const HEADING: u32 = 6;
const PARAGRAPH: u32 = 7;

/// Longest phrase, in words.
pub(crate) const MAX_WORDS: usize = 5;

/// The words of a story of more places are no longer near when they are met again: those of so many are fetched at a time.
const NEAR: usize = 4096;
const AHEAD: usize = 64;

/// So many mentions of a candidate are looked at: what a book says more often it says in the same ways.
const MENTIONS: usize = 128;

/// Stands in the title.
pub(crate) const IN_TITLE: u8 = 1;
/// Stands in the lead.
pub(crate) const IN_LEAD: u8 = 2;
/// Holds a particle: «الحرب على الإرهاب».
pub(crate) const LINKED: u8 = 4;
/// Holds «غير»: «الهجرة غير الشرعية».
pub(crate) const NEGATED: u8 = 8;

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
pub(super) const ENTRY: u16 = 1 << 11;
/// The word is said more than once, or is none by itself.
pub(super) const REPEATED: u16 = 1 << 14;
/// The word stands in what speaks for a topic of the story.
pub(super) const ON_TOPIC: u16 = 1 << 15;

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
    /// The candidate of this word alone, in `CandidateScratch::table`.
    pub single: u32,
    pub bits: u16,
    /// Letters in front that the entity pass knows to be clitics, where the morphology does not: «بتمصلوحت».
    pub skip: u8,
    /// `IN_TITLE`, `IN_LEAD` or neither.
    pub part: u8,
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

impl Candidate {
    /// Makes numbers of its last [`MENTIONS`] mentions such of all.
    fn stretch(&mut self) {
        let times = u64::from(self.times);
        for number in [
            &mut self.sentences,
            &mut self.clean,
            &mut self.left,
            &mut self.right,
            &mut self.in_name,
            &mut self.adjective,
            &mut self.open,
            &mut self.quoted,
            &mut self.not_next,
            &mut self.preposition_next,
            &mut self.lines,
            &mut self.named,
        ] {
            *number = (u64::from(*number) * times / MENTIONS as u64) as u32;
        }
    }
}

impl Place {
    /// Its bytes.
    fn span(&self, document: &Document<'_>) -> Span {
        let unit = document.units.get(self.unit as usize);
        unit.map(|u| u.span).unwrap_or_default()
    }

    /// Whether letters may have to be taken off its front.
    #[inline]
    pub fn has_clitics(&self) -> bool {
        // Of words that are nothing by themselves the flags tell only what a name makes of them.
        self.skip > 0 || self.info.is(CONJUNCTION | PREPOSITION) || self.info.sort == OTHER
    }

    /// Whether letters may have to be taken off its end.
    #[inline]
    pub fn has_pronoun(&self) -> bool {
        self.info.is(PRONOUN) || self.info.sort == OTHER
    }

    /// Whether a phrase of several words may end here.
    fn ends_phrase(&self) -> bool {
        // A pronoun at the end of a longer phrase cannot be taken off without changing it.
        self.info.flags & (TAIL | PRONOUN) == TAIL
    }
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
    /// Of the words of all units.
    pub classes: Vec<WordClass>,
    /// Words of a sentence that may be part of a phrase.
    picked: Vec<u32>,
    pub places: Vec<Place>,
    /// Of the phrases said once only what may be chosen.
    pub table: SeenTable,
    /// Those worth a closer look.
    pub list: Vec<Candidate>,
    /// Of the words alone.
    worths: Vec<f32>,
    /// Candidates of two words, by place.
    pairs: Vec<u32>,
    /// Candidates under [`rank`].
    ranked: Vec<u64>,
    /// Words of the story.
    pub words: u32,
}

impl CandidateScratch {
    pub fn memory_usage(&self) -> usize {
        self.infos.memory_usage()
            + self.classes.capacity() * size_of::<WordClass>()
            + self.picked.capacity() * 4
            + self.places.capacity() * size_of::<Place>()
            + self.table.memory_usage()
            + self.list.capacity() * size_of::<Candidate>()
            + (self.worths.capacity() + self.pairs.capacity()) * 4
            + self.ranked.capacity() * 8
    }

    /// Reads the text parts of units `from..to`, which are of one story: fills `places`, and `table` with the words;
    /// [`phrases`](Self::phrases) comes after.
    pub fn collect(
        &mut self,
        document: &Document<'_>,
        entities: &[EntityRecord],
        from: usize,
        to: usize,
    ) {
        self.list.clear();
        self.places.clear();
        self.read(document, entities, from, to);
        self.mark(document, entities);
        self.table.clear(self.places.len());
        self.singles();
    }

    fn read(&mut self, document: &Document<'_>, entities: &[EntityRecord], from: usize, to: usize) {
        let bytes = document.text.as_bytes();
        let units = document.units.get(from..to).unwrap_or(&[]);
        let mut all_classes = std::mem::take(&mut self.classes);
        let classes = all_classes.get_mut(from..to).unwrap_or(&mut []);
        name_words(classes, units, entities, from);
        let mut picked = std::mem::take(&mut self.picked);
        if picked.len() < units.len() {
            picked.resize(units.len(), 0);
        }
        let mut nth = 0;
        let mut line = Line::default();
        let mut at = 0;
        for run in runs_of(document, from, to) {
            let (start, end) = (at, (run.end as usize).min(to) - from);
            at = end;
            if !run.position.part.is_text() {
                continue;
            }
            let (Some(units), Some(classes)) = (units.get(start..end), classes.get(start..end))
            else {
                break;
            };
            // Every other word is nothing by itself; which ones cannot be foretold. Those that are something are picked first.
            let mut count = 0;
            let first_line = line.nth == 0;
            for ((unit, class), i) in units.iter().zip(classes).zip(0..) {
                // A new line or bracket counts whatever the word behind it is.
                let ends_line = unit.line | (unit.breaks & first_line);
                let pick = (class.flags != 0) | ends_line | (nth + i <= SUBJECT);
                put_if(pick, &mut picked, &mut count, i);
            }
            for &i in picked.get(..count).unwrap_or(&[]) {
                let (Some(unit), Some(class)) = (units.get(i as usize), classes.get(i as usize))
                else {
                    break;
                };
                let nth = nth + i;
                if unit.line || line.nth == 0 && unit.breaks && begins(bytes, unit, nth) {
                    if let Some(before) = (i as usize).checked_sub(1).and_then(|i| units.get(i)) {
                        line.end = before.span.end;
                    }
                    let heading = self.end_line(document, &line, nth);
                    line = Line {
                        nth,
                        place: self.places.len(),
                        end: unit.span.end,
                        heading: heading.then_some(line.place),
                    };
                }
                if class.flags == 0 && (line.nth > 0 || nth > SUBJECT) {
                    continue;
                }
                let number = (from + start) as u32 + i;
                let mut bits = quotes(bytes, unit.span);
                if let Some(before) = self.places.last_mut() {
                    // All ones where they stand beside each other, else none: nobody can foretell it.
                    let beside = (number.wrapping_sub(before.unit + 2) as i32 >> 31) as u16;
                    let beside = beside & u16::from(unit.breaks).wrapping_sub(1);
                    let joined = self.infos.joins.of(&before.info, class) & beside;
                    before.bits |= joined & NEXT;
                    bits |= joined & !NEXT;
                }
                self.places.push(Place {
                    info: *class,
                    nth,
                    unit: number,
                    word: unit.word,
                    sentence: run.position.sentence,
                    single: NONE,
                    bits,
                    skip: 0,
                    part: match run.position.part {
                        PartKind::Title => IN_TITLE,
                        PartKind::Lead => IN_LEAD,
                        _ => 0,
                    },
                    entity: 0,
                    kind: Kind::None,
                });
            }
            nth += units.len() as u32;
            line.end = units.last().map_or(line.end, |u| u.span.end);
        }
        self.end_line(document, &line, nth);
        self.words = nth;
        self.classes = all_classes;
        self.picked = picked;
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
                if p.info.flags == 0 {
                    p.info.flags = UNKNOWN;
                    p.info.sort = OTHER;
                }
                p.info.flags |= HEAD | TAIL;
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
        for entity in entities {
            let kind = match entity.kind {
                EntityKind::Person => Kind::Person,
                EntityKind::Location => Kind::Place,
                EntityKind::Organization => Kind::Body,
                EntityKind::Role | EntityKind::Date => continue,
            };
            let before = |p: &Place| p.unit < entity.units.0;
            while self.places.get(at).is_some_and(before) {
                at += 1;
            }
            // Words between the places count too.
            let first = self.places.get(at).map_or(0, |p| p.unit);
            let n = (entity.units.1.saturating_sub(first) as usize).min(MAX_WORDS + 1);
            if let Some(unit) = document.units.get(first as usize) {
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

    /// Marks the words of the evidence of a topic that the story has.
    pub fn mark_topics(&mut self, document: &Document<'_>, evidence: &[EvidenceRecord]) {
        let span = |p: &Place| p.span(document);
        let terms = evidence
            .iter()
            .filter(|e| !e.rule && e.role != Role::Against);
        for e in terms {
            let at = self.places.partition_point(|p| span(p).end <= e.span.start);
            for p in self.places.iter_mut().skip(at) {
                if span(p).start >= e.span.end {
                    break;
                }
                p.bits |= ON_TOPIC;
            }
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
                let joined = connect(&before.info, &p.info);
                before.bits |= joined & NEXT;
                p.bits |= joined & !NEXT;
            }
        }
    }

    /// Enters the words.
    fn singles(&mut self) {
        let CandidateScratch { places, table, .. } = self;
        let mut at = 0;
        let far = places.len() > NEAR;
        for places in places.chunks_mut(AHEAD) {
            if far {
                table.fetch(places.iter().map(|place| place.info.key));
            }
            for place in places {
                if place.info.flags & (HEAD | TAIL) == HEAD | TAIL {
                    place.single = table.enter_word(place.info.key, at, place.part);
                }
                at += 1;
            }
        }
    }

    /// Adds the phrases of two words and more to `table`, of those said once only what may be chosen by the look.
    pub fn phrases(&mut self, look: &mut Look<'_>) {
        self.weigh_words(look);
        self.add_pairs(look);
        self.add_longer(look);
    }

    /// Says what the words are worth at first sight, at every place and alone, and with it what a phrase must be: there are
    /// `keep` better ones among the words.
    fn weigh_words(&mut self, look: &mut Look<'_>) {
        let Look { first, logs, .. } = &*look;
        for p in &mut self.places {
            let early = first.early / (1 + p.sentence) as f32 + first.late * logs.of(p.nth);
            let times = self.table.times(p.single);
            p.bits |= REPEATED * u16::from(times != 1);
            let said = first.word_times * logs.of(times);
            p.info.worth.one += said + early;
            p.info.worth.head += 0.5 * said + early;
            p.info.worth.tail += 0.5 * said;
        }
        self.worths.clear();
        for c in self.table.phrases_mut() {
            let Some(p) = self.places.get(c.first as usize) else {
                continue;
            };
            let around = p.bits & (BEHIND | BEFORE);
            let entity = if p.entity == 1 { p.kind } else { Kind::None };
            c.worth = look.worth(1, p.info.worth.one, (c.times, c.flags), around, entity);
            self.worths.push(c.worth + first.within.min(0.0));
        }
        if let Some(last) = look.keep.checked_sub(1).filter(|&n| n < self.worths.len()) {
            let (_, least, _) = self
                .worths
                .select_nth_unstable_by(last, |a, b| b.total_cmp(a));
            look.least = *least;
            look.least_before = *least - look.first.within.max(0.0);
        }
    }

    /// Adds the phrases of two words.
    fn add_pairs(&mut self, look: &Look<'_>) {
        let CandidateScratch {
            places,
            table,
            pairs,
            picked,
            ..
        } = self;
        // Which pairs are looked at nobody can foretell: they are picked first.
        pairs.clear();
        if picked.len() < places.len() {
            picked.resize(places.len(), 0);
        }
        let mut count = 0;
        let words = places.windows(2).zip(0..);
        pairs.extend(words.map(|(words, at)| {
            let [head, tail] = words else {
                return NONE;
            };
            let candidate = (tail.bits & JOINED != 0) & head.info.is(HEAD) & tail.ends_phrase();
            let repeated = head.bits & tail.bits & REPEATED != 0;
            let hopeful = repeated | (head.entity >= 2) | (head.sentence <= look.early);
            put_if(candidate & hopeful, picked, &mut count, at);
            ONCE * u32::from(candidate)
        }));
        let far = places.len() > NEAR;
        for picked in picked.get(..count).unwrap_or(&[]).chunks(AHEAD) {
            if far {
                table.fetch(picked.iter().map(|&at| match places.get(at as usize..) {
                    Some([head, tail, ..]) => join(head.info.key, tail.info.key),
                    _ => 0,
                }));
            }
            for &at in picked {
                let (Some([head, tail, ..]), Some(pair)) =
                    (places.get(at as usize..), pairs.get_mut(at as usize))
                else {
                    break;
                };
                let phrase = Phrase {
                    key: join(head.info.key, tail.info.key),
                    words: 2,
                    repeated: head.bits & tail.bits & REPEATED != 0,
                    parts: [head.single, tail.single],
                    ..Phrase::new(at, head)
                };
                *pair = phrase.add(table, tail, look);
            }
        }
    }

    /// Adds the longer phrases, the later ones first.
    fn add_longer(&mut self, look: &Look<'_>) {
        let CandidateScratch {
            places,
            table,
            pairs,
            picked,
            ..
        } = self;
        // Where a third word may follow, the last place first; picked as in `add_pairs`.
        let mut count = 0;
        let words = places.windows(3).zip(pairs.iter()).zip(0..);
        for ((words, &pair), at) in words {
            let [head, second, third] = words else { break };
            // A pronoun at the end of a longer phrase cannot be taken off without changing it.
            let joined = (second.bits & third.bits & JOINED != 0)
                & head.info.is(HEAD)
                & (second.info.flags & (TAIL | PRONOUN) != TAIL | PRONOUN);
            let repeated = (pair == NONE) | (table.times(pair) > 1);
            let hopeful = repeated | (head.entity > 2) | (head.sentence <= look.early);
            put_if(joined & hopeful, picked, &mut count, at);
        }
        // Candidates of three words and more that begin at place `later`.
        let mut ids = [NONE; MAX_WORDS - 2];
        let mut later = u32::MAX;
        for &at in picked.get(..count).unwrap_or(&[]).iter().rev() {
            let at = at as usize;
            let (Some([head, second, rest @ ..]), Some([pair, pairs @ ..])) =
                (places.get(at..), pairs.get(at..))
            else {
                break;
            };
            if later != at as u32 + 1 {
                ids = [NONE; MAX_WORDS - 2];
            }
            later = at as u32;
            let pair = *pair;
            let mut suffix = pairs.first().copied().unwrap_or(NONE);
            let mut phrase = Phrase::new(at as u32, head);
            phrase.go_on(second);
            phrase.repeated &= (pair == NONE) | (table.times(pair) > 1);
            phrase.parts[0] = if pair == NONE { head.single } else { pair };
            let mut longer = ids.iter_mut();
            for ((tail, &pair), slot) in rest.iter().zip(pairs).zip(&mut longer) {
                let behind = std::mem::replace(&mut suffix, std::mem::replace(slot, NONE));
                phrase.repeated &= (pair == NONE) | (table.times(pair) > 1);
                if tail.bits & JOINED == 0 || !phrase.go_on(tail) || phrase.is_hopeless(look) {
                    break;
                }
                if tail.info.is(TAIL) {
                    if tail.info.is(PRONOUN) {
                        break;
                    }
                    phrase.parts[1] = behind;
                    *slot = phrase.add(table, tail, look);
                    phrase.parts[0] = *slot;
                }
            }
            longer.for_each(|slot| *slot = NONE);
        }
    }

    /// Fills `list` with the candidates that look best at first sight.
    pub fn choose(&mut self, look: &Look<'_>, background: &Background) {
        let end = FIRST + self.table.phrases().len() as u32;
        self.ranked.resize(end as usize, 0);
        let mut ranked = 0;
        let keep = look.keep;
        // Longer phrases stand behind their parts.
        for id in (FIRST..end).rev() {
            let Some(&c) = self.table.get(id) else {
                break;
            };
            let mut worth = c.worth;
            if c.words > 1 {
                if c.times > 1 {
                    for part in c.parts {
                        if let Some(p) = self.table.get_mut(part) {
                            p.longer = p.longer.max(c.times);
                        }
                    }
                }
                // The others were looked at when they were met.
                if (worth.is_nan() || look.keeps_all()) && self.cut_off(&c) {
                    continue;
                }
                if worth.is_nan() {
                    worth = self.glance(&c, look);
                }
            }
            worth += if c.longer >= c.times {
                look.first.within
            } else {
                0.0
            };
            let kept = worth >= look.least;
            put_if(kept, &mut self.ranked, &mut ranked, rank(worth, id));
        }
        self.ranked.truncate(ranked);
        if self.ranked.len() > keep {
            self.ranked.select_nth_unstable(keep);
            self.ranked.truncate(keep);
        }
        // By number, so that phrases of one length come together: all that is asked of them loops over their words.
        self.ranked.sort_unstable_by_key(|&ranked| ranked as u32);
        for i in 0..self.ranked.len() {
            if let Some(&ranked) = self.ranked.get(i) {
                let c = self.describe(ranked as u32);
                self.list.push(c);
            }
        }
        let mut list = std::mem::take(&mut self.list);
        fetch(list.iter().map(|c| {
            let first = c.first as usize;
            match self.places.get(first..first + c.words as usize) {
                Some([head, tail]) => background.first_of_pair(join(head.info.key, tail.info.key)),
                _ => 0,
            }
        }));
        for c in &mut list {
            c.pair = self.pair(c.first as usize, c.words as usize, background);
        }
        self.list = list;
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
            let open = |at: u32| ends(at).1 & OPEN != 0;
            return self.table.mentions_of(c).all(open);
        }
        let (head, tail) = ends(c.first);
        is_cut_off(head, tail, c.flags)
    }

    /// What a phrase is worth by what is at hand, see [`Look::worth`]; [`weigh_words`](Self::weigh_words) comes before.
    #[inline]
    fn glance(&self, c: &Seen, look: &Look<'_>) -> f32 {
        let (at, last) = (c.first as usize, c.first as usize + c.words as usize - 1);
        let (Some(head), Some(tail)) = (self.places.get(at), self.places.get(last)) else {
            return 0.0;
        };
        let of_words = head.info.worth.head + tail.info.worth.tail;
        let entity = if head.entity == c.words {
            head.kind
        } else {
            Kind::None
        };
        let around = tail.bits & BEHIND | head.bits & BEFORE;
        look.worth(c.words, of_words, (c.times, c.flags), around, entity)
    }

    /// The first look at a candidate, for learning its weights.
    pub fn first_look(&self, id: u32, look: &Look<'_>) -> f32 {
        let seen = self.table.get(id);
        seen.map_or(0.0, |c| {
            let within = c.longer >= c.times;
            let worth = match c.words {
                1 => c.worth,
                _ => self.glance(c, look),
            };
            worth + if within { look.first.within } else { 0.0 }
        })
    }

    /// Looks at the mentions of a candidate, of one said very often at the last [`MENTIONS`].
    fn describe(&self, id: u32) -> Candidate {
        let Some(seen) = self.table.get(id) else {
            return Candidate::default();
        };
        let mut c = Candidate {
            key: seen.key,
            seen: id,
            first: seen.first,
            last: seen.last,
            times: seen.times,
            prefix_times: self.table.times(seen.parts[0]),
            suffix_times: self.table.times(seen.parts[1]),
            longer: seen.longer,
            longer_kinds: seen.longer_kinds,
            words: seen.words,
            flags: seen.flags,
            ..Candidate::default()
        };
        let len = seen.words as usize;
        let mut sentence = u32::MAX;
        let place = |at: u32, word: usize| self.places.get(at as usize + word);
        for at in self.table.mentions(id).take(MENTIONS) {
            let (Some(head), Some(tail)) = (place(at, 0), place(at, len - 1)) else {
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
            if head.entity as usize == len {
                c.named += 1;
                c.kind = head.kind;
            }
        }
        if c.times > MENTIONS as u32 {
            c.stretch();
        }
        let bits = |word: usize| place(c.first, word).map_or(0, |p| p.bits);
        c.entry = bits(0) & ENTRY != 0 && bits(len - 1) & ENDS != 0;
        c.entry &= self.words >= SUBJECT_TEXT && {
            let places = self.places.get(c.first as usize..c.first as usize + len);
            let said = |p: &Place| self.table.times(p.single);
            places.unwrap_or(&[]).iter().any(|p| said(p) > 2)
        };
        c
    }

    /// Whether a mention is a piece of a longer phrase.
    pub fn goes_on(&self, at: u32, len: usize) -> bool {
        let tail = self.places.get((at as usize + len).wrapping_sub(1));
        tail.is_some_and(|p| p.bits & (OPEN | ADJECTIVE_NEXT) != 0)
    }

    /// Whether joined words at a place are a candidate.
    fn is_candidate(&self, at: usize, words: usize) -> bool {
        let [head, .., tail] = self.places.get(at..at + words).unwrap_or(&[]) else {
            let one = self.places.get(at).filter(|_| words == 1);
            return one.is_some_and(|p| p.info.is(HEAD) && p.info.is(TAIL));
        };
        head.info.is(HEAD) && tail.info.is(TAIL) && !tail.info.is(PRONOUN)
    }

    /// Least of the logarithmic document frequencies of the pairs of the candidate of so many words at a place.
    fn pair(&self, at: usize, words: usize, background: &Background) -> f32 {
        let [head, inner @ .., tail] = self.places.get(at..at + words).unwrap_or(&[]) else {
            return f32::INFINITY;
        };
        if inner.is_empty() {
            return background.pair(join(head.info.key, tail.info.key));
        }
        if let [link] = inner
            && link.info.is(LINK | NOT)
        {
            // What stands between the two is no word of its own.
            let key = join(join(head.info.key, link.info.key), tail.info.key);
            return background.pair(key);
        }
        // Of what is no candidate nothing is known.
        let prefix = (1..words).rev().find(|&n| self.is_candidate(at, n));
        let prefix = prefix.map_or(0.0, |n| self.pair(at, n, background));
        if self.is_candidate(at + 1, words - 1) {
            prefix.min(self.pair(at + 1, words - 1, background))
        } else {
            0.0
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

/// Whether the line of a subject begins anew at a word that something parts from the one before.
fn begins(bytes: &[u8], unit: &Unit, nth: u32) -> bool {
    // «كولومبيا (مكوك الفضاء)»: what stands in brackets is not of the subject.
    let before = bytes.get(..unit.span.start as usize);
    nth == 0 || before.is_some_and(|b| b.ends_with(b"("))
}

/// The runs that the units `from..to` stand in.
fn runs_of<'d>(document: &Document<'d>, from: usize, to: usize) -> impl Iterator<Item = &'d Run> {
    let first = document.runs.partition_point(|r| r.end as usize <= from);
    let runs = document.runs.get(first..).unwrap_or(&[]);
    let mut start = from;
    runs.iter().take_while(move |run| {
        let here = start < to;
        start = run.end as usize;
        here
    })
}

/// Lets words that are nothing by themselves be part of a name: «طلعت عبد القوي», «أطباء بلا حدود»; `classes` are those
/// of the units from number `from` on.
fn name_words(classes: &mut [WordClass], units: &[Unit], entities: &[EntityRecord], from: usize) {
    let from = from as u32;
    for entity in entities {
        let flags = match entity.kind {
            EntityKind::Role | EntityKind::Date => continue,
            EntityKind::Person => HEAD | TAIL | NAME,
            EntityKind::Location | EntityKind::Organization => TAIL_LATER,
        };
        let (first, end) = entity.units;
        let range = first.saturating_sub(from) as usize..end.saturating_sub(from) as usize;
        let (Some(units), Some(classes)) = (units.get(range.clone()), classes.get_mut(range))
        else {
            continue;
        };
        for (unit, class) in units.iter().zip(classes) {
            if class.flags == 0 && entity.span.start <= unit.span.start {
                class.sort = OTHER;
                class.flags = flags;
            }
        }
    }
}

/// Quotation marks around a word.
#[inline]
fn quotes(bytes: &[u8], span: Span) -> u16 {
    let (start, end) = (span.start as usize, span.end as usize);
    // First and last bytes of the marks: most of what stands beside words is none, as can be foretold.
    let first = |b: Option<&u8>| b.is_some_and(|&b| (b == b'"') | (b == 0xC2) | (b == 0xE2));
    let last = |b: Option<&u8>| b.is_some_and(|&b| (b == b'"') | (b == 0xAB) | (b == 0x9C));
    let mut bits = 0;
    if last(start.checked_sub(1).and_then(|i| bytes.get(i)))
        && opens(bytes.get(..start).unwrap_or(&[]))
    {
        bits |= OPENS;
    }
    if first(bytes.get(end)) && closes(bytes.get(end..).unwrap_or(&[])) {
        bits |= CLOSES;
    }
    bits
}

fn opens(before: &[u8]) -> bool {
    before.ends_with(b"\"") || before.ends_with("«".as_bytes()) || before.ends_with("“".as_bytes())
}

fn closes(after: &[u8]) -> bool {
    after.starts_with(b"\"")
        || after.starts_with("»".as_bytes())
        || after.starts_with("”".as_bytes())
}
