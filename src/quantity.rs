//! Quantities: money, percentages, weights and lengths, durations, numbers of people.

mod count;
mod law;

use crate::date::{self, DateMention};
use crate::document::Document;
use crate::measure::{Form, Glue, Marks, MeasureWords, Noun, Reading, Start, WordCue};
use crate::number::{self, Bound, Number};
use crate::span::Span;
use crate::token::TokenKind;
use crate::token::sentence::TokenRange;
use crate::words::{Renumbering, Words};

pub(crate) use count::CountRecord;
pub use law::LawKind;
pub(crate) use law::LawRecord;

/// What a quantity is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum QuantityKind {
    /// «15 ألف دولار»: the unit is an ISO 4217 code, `XXX` for a dinar, pound or riyal of no named country.
    Money,
    /// «3.5 في المئة», `46%`.
    Percent,
    /// «20 كيلوغراما»: the unit is a symbol of `lexicons/language/quantities.toml`.
    Measure,
    /// «ثلاثة أيام»: the unit is `second` .. `century`.
    Duration,
    /// «40 شخصا»: the unit is a group of people.
    People,
}

impl QuantityKind {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            QuantityKind::Money => "money",
            QuantityKind::Percent => "percent",
            QuantityKind::Measure => "measure",
            QuantityKind::Duration => "duration",
            QuantityKind::People => "people",
        }
    }
}

/// A quantity of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct QuantityRecord {
    pub(crate) span: Span,
    pub(crate) kind: QuantityKind,
    pub(crate) value: f64,
    /// The upper value of a range.
    pub(crate) high: Option<f64>,
    pub(crate) bound: Bound,
    pub(crate) unit: Unit,
}

impl QuantityRecord {
    /// The name of the unit.
    pub(crate) fn unit_name<'w>(&self, words: &'w MeasureWords) -> &'w str {
        match self.unit {
            Unit::Percent => "%",
            Unit::Time(unit) => unit.as_str(),
            Unit::Noun(noun) => words.group(noun.group).map_or("", |group| &group.id),
        }
    }
}

/// The unit of a quantity, by number; [`crate::measure::MeasureWords`] knows the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Percent,
    Time(crate::measure::TimeUnit),
    Noun(Noun),
}

/// Buffers, and what was found in the last text.
#[derive(Debug, Default)]
pub(crate) struct FigureScratch {
    /// One a word of the word table.
    cues: Vec<WordCue>,
    /// One a token.
    starts: Vec<Start>,
    marks: Marks,
    pub(crate) found: Figures,
}

impl FigureScratch {
    /// Looks up the words that are new since the last text, and calls `put` with what may begin at each.
    #[inline(never)]
    pub(crate) fn learn(
        &mut self,
        known: &Words,
        renumbered: &Renumbering<'_>,
        words: &MeasureWords,
        mut put: impl FnMut(Start),
    ) {
        renumbered.apply(&mut self.cues);
        for word in self.cues.len()..known.len() {
            let word = word as u32;
            let norm = known.norm(word);
            let kind = known.get(word).map(|word| word.kind);
            let (cue, start) = words.read(kind.unwrap_or(TokenKind::Symbol), norm);
            self.cues.push(cue);
            put(start);
        }
    }

    /// Where it goes what may begin at the words of the tokens that are read next.
    pub(crate) fn starts(&mut self, tokens: usize) -> &mut [Start] {
        self.starts.resize(tokens, Start::default());
        &mut self.starts
    }

    /// Reads a text.
    #[inline(never)]
    pub(crate) fn read(&mut self, document: &Document<'_>, words: &MeasureWords) {
        self.marks.find(&self.starts);
        let reading = Reading {
            text: document.text,
            tokens: document.tokens,
            cues: &self.cues,
            starts: &self.starts,
            marks: &self.marks,
            words,
        };
        self.found.read(&reading, document.sentences);
    }

    /// Bytes held.
    pub(crate) fn memory_usage(&self) -> usize {
        self.cues.capacity() * size_of::<WordCue>()
            + self.starts.capacity() * size_of::<Start>()
            + self.marks.memory_usage()
            + self.found.memory_usage()
    }
}

/// Reads dates, numbers, quantities, laws and counts of one text.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) dates: Vec<DateMention>,
    pub(crate) numbers: Vec<Number>,
    pub(crate) quantities: Vec<QuantityRecord>,
    pub(crate) laws: Vec<LawRecord>,
    pub(crate) counts: Vec<CountRecord>,
}

impl Figures {
    /// Fills every list; whatever they held before is forgotten.
    pub(crate) fn read(&mut self, reading: &Reading<'_>, sentences: &[TokenRange]) {
        date::read(reading, &mut self.dates);
        number::read(reading, &mut self.numbers);
        law::read(reading, &mut self.laws);
        // Numbers of dates and laws count nothing.
        let dates = &self.dates;
        if !dates.is_empty() {
            let mut at = 0;
            self.numbers
                .retain(|number| !date::covers(dates, &mut at, number));
        }
        let laws = &self.laws;
        if !laws.is_empty() {
            let mut at = 0;
            self.numbers
                .retain(|number| !law::covers(laws, &mut at, number));
        }
        quantities(reading, &self.numbers, &mut self.quantities);
        count::read(reading, sentences, &self.numbers, &mut self.counts);
    }

    /// Bytes held.
    pub(crate) fn memory_usage(&self) -> usize {
        self.dates.capacity() * size_of::<DateMention>()
            + self.numbers.capacity() * size_of::<Number>()
            + self.quantities.capacity() * size_of::<QuantityRecord>()
            + self.laws.capacity() * size_of::<LawRecord>()
            + self.counts.capacity() * size_of::<CountRecord>()
    }
}

fn quantities(reading: &Reading<'_>, numbers: &[Number], out: &mut Vec<QuantityRecord>) {
    out.clear();
    for number in numbers {
        let Some((unit, first, end)) = unit_of(reading, number) else {
            continue;
        };
        let kind = match unit {
            Unit::Percent => QuantityKind::Percent,
            Unit::Time(_) => QuantityKind::Duration,
            Unit::Noun(noun) => match reading.words.group(noun.group).map(|g| g.class) {
                Some(crate::measure::MeasureClass::Currency) => QuantityKind::Money,
                Some(crate::measure::MeasureClass::People) => QuantityKind::People,
                _ => QuantityKind::Measure,
            },
        };
        let mut bound = number.bound;
        let mut last = end;
        if let Some((said, after)) = number::hedge_after(reading, end) {
            bound = number::merge(bound, said);
            last = after;
        }
        let first = first.min(number.outer_first as usize);
        out.push(QuantityRecord {
            span: reading.span(first, last.max(number.outer_end as usize).saturating_sub(1)),
            kind,
            value: number.value,
            high: number.high(),
            bound,
            unit,
        });
    }
}

/// The unit that stands beside a number, and the tokens of both.
fn unit_of(reading: &Reading<'_>, number: &Number) -> Option<(Unit, usize, usize)> {
    let (first, end) = (number.first(), number.end());
    // Behind most numbers stands what is no unit.
    let stranger = reading.is_plain_word(end);
    if !stranger && let Some(after) = percent(reading, end) {
        return Some((Unit::Percent, first, after));
    }
    // `$500`, `€20`
    if let Some(before) = first.checked_sub(1)
        && !reading.spaced(first)
        && let Some(noun) = reading.entry(before).currency
        && !reading.is_word(before)
    {
        return Some((Unit::Noun(noun), before, end));
    }
    if stranger {
        return None;
    }
    let mut at = end;
    // «عشرات من الأشخاص», «20 على الأقل من ...» are left to the counts; «نحو 20 ألفا من الدولارات» is rare.
    if reading.entry(at).glue == Some(Glue::From) && reading.cue(at).prefix == 0 {
        at += 1;
    }
    if !(end..=at).all(|i| reading.continues(i)) || reading.cue(at).and() {
        return None;
    }
    let (entry, len) = reading.phrase(at);
    let article = reading.cue(at).article();
    // A counted noun is indefinite, save behind «عشرات», «آلاف» and «من».
    if article && number.bound == Bound::Exact && at == end && number.plain {
        return None;
    }
    if reading.cue(at).preposition() {
        return None;
    }
    if let Some(noun) = entry.currency {
        return Some((Unit::Noun(noun), first, at + len));
    }
    if let Some((unit, _)) = entry.time
        && at == end
    {
        return Some((Unit::Time(unit), first, at + 1));
    }
    if let Some(noun) = entry.unit {
        return Some((Unit::Noun(noun), first, at + len));
    }
    let noun = entry.people?;
    (noun.form != Form::Two).then_some((Unit::Noun(noun), first, at + len))
}

/// The end of «%», «بالمئة», «في المئة» at token `i`.
fn percent(reading: &Reading<'_>, i: usize) -> Option<usize> {
    if !reading.continues(i) {
        return None;
    }
    if reading.is_sign(i, ['%', '٪', '؉', '‰']) {
        return Some(i + 1);
    }
    let hundred = |at: usize| {
        reading.entry(at).glue == Some(Glue::Percent)
            || (reading.entry(at).number == Some(crate::measure::NumberWord::Hundred)
                && reading.cue(at).article())
    };
    if hundred(i) {
        return Some(i + 1);
    }
    (reading.entry(i).glue == Some(Glue::In) && hundred(i + 1)).then_some(i + 2)
}
