//! Counts by outcome: how many people died, went missing, were rescued, injured, arrested, deported.
//!
//! A count is a number with its noun («120 مهاجرا», «عشرات المهاجرين», «شخصين», «شرطي») and an outcome. The outcome
//! comes, in this order,
//!
//! 1. from the noun itself («57 قتيلا»), unless an outcome in front of it says what happened to them («الإفراج عن 12
//!    معتقلا»);
//! 2. from an outcome in front: a noun («مقتل», «إنقاذ») or a verb whose subject may stand between («أوقفت الشرطة ثلاثة
//!    أشخاص»);
//! 3. from one behind: «13 مهاجرا غرقوا», «120 مهاجرا تم إنقاذهم»;
//! 4. from the heading of a toll: «ارتفع عدد القتلى إلى 26»;
//! 5. from the count before it: «مقتل ثلاثة مدنيين وجندي», and as a part of it «بينهم ستة أطفال».
//!
//! What is counted must be people: «غرق ثلاثة قوارب» and «إصابة 30% من الأطفال» are none.

use crate::measure::{
    Entry, Form, Glue, Group, Hedge, MeasureClass, MeasureWords, Noun, NumberWord, Reading,
    RelativeWord,
};
use crate::number::{self, Bound, Number};
use crate::span::Span;
use crate::token::sentence::TokenRange;

/// A count of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CountRecord {
    /// Number and noun, with what is said about their certainty.
    pub(crate) span: Span,
    /// Index of the sentence.
    pub(crate) sentence: u32,
    pub(crate) value: u64,
    /// The upper value of a range.
    pub(crate) high: Option<u64>,
    pub(crate) bound: Bound,
    /// The noun; none for «غرق تسعة».
    pub(crate) noun: Option<Noun>,
    /// Group of the outcome in [`crate::measure::MeasureWords::group`].
    pub(crate) outcome: u16,
    /// The outcome is what being of the noun's group says.
    pub(crate) by_noun: bool,
    /// Among those of the count before it: «بينهم ستة أطفال».
    pub(crate) part: bool,
}

impl CountRecord {
    /// The group of people: that of the noun, `people` where there is none.
    pub(crate) fn group<'w>(&self, words: &'w MeasureWords) -> &'w str {
        self.noun
            .and_then(|noun| words.group(noun.group))
            .map_or("people", |group| &group.id)
    }
}

/// A number of people before its outcome is known.
#[derive(Clone, Copy, Debug)]
struct Counted {
    first: usize,
    end: usize,
    value: f64,
    high: Option<f64>,
    bound: Bound,
    noun: Option<Noun>,
    /// A noun without a number: «شرطي», «شخصين».
    implied: bool,
}

/// An outcome and whether the noun said it.
#[derive(Clone, Copy)]
struct Outcome {
    group: u16,
    by_noun: bool,
}

pub(super) fn read(
    reading: &Reading<'_>,
    sentences: &[TokenRange],
    numbers: &[Number],
    out: &mut Vec<CountRecord>,
) {
    out.clear();
    let (mut numbers, mut nouns) = (numbers, reading.marks.people.as_slice());
    let mut sentences = (0_u32..).zip(sentences).peekable();
    let mut index = 0;
    let mut walk = Sentence {
        reading,
        start: 0,
        end: 0,
        previous: None,
    };
    let mut free = 0;
    // Numbers and nouns that may count by themselves, as they come.
    loop {
        let first = numbers.first().map_or(usize::MAX, Number::first);
        let noun = nouns.first().map_or(usize::MAX, |&i| i as usize);
        let i = first.min(noun);
        let number = match numbers.split_first() {
            Some((number, rest)) if first == i => {
                numbers = rest;
                Some(number)
            }
            _ => {
                let Some((_, rest)) = nouns.split_first() else {
                    break;
                };
                nouns = rest;
                None
            }
        };
        while let Some((at, sentence)) = sentences.next_if(|(_, s)| s.first as usize <= i) {
            let range = sentence.range();
            index = at;
            free = range.start;
            walk.start = range.start;
            walk.end = range.end.min(reading.len());
            walk.previous = None;
        }
        if i < free {
            continue;
        }
        let counted = match number {
            Some(number) => walk.counted(number),
            None => walk.implied(i),
        };
        free = number.map_or(i + 1, Number::end);
        let Some(counted) = counted else {
            continue;
        };
        free = free.max(counted.end);
        if let Some(record) = walk.count(&counted) {
            out.push(CountRecord {
                sentence: index,
                ..record
            });
        }
    }
}

struct Sentence<'a, 'r> {
    reading: &'r Reading<'a>,
    start: usize,
    end: usize,
    /// Where the count before ended, its outcome, and whether it was a part.
    previous: Option<(usize, Outcome, bool)>,
}

impl<'a> Sentence<'a, '_> {
    fn entry(&self, i: usize) -> &'a Entry {
        if i < self.end {
            self.reading.entry(i)
        } else {
            self.reading.entry(usize::MAX)
        }
    }

    fn group(&self, index: u16) -> Option<&'a Group> {
        self.reading.words.group(index)
    }

    /// A number and the people it counts; `None` where it counts something else.
    fn counted(&self, number: &Number) -> Option<Counted> {
        if number.definite || !number.is_whole() || number.value < 1.0 || number.value > 1e10 {
            return None;
        }
        let reading = self.reading;
        let mut counted = Counted {
            first: number.outer_first as usize,
            end: number.outer_end as usize,
            value: number.value,
            high: number.high(),
            bound: number.bound,
            noun: None,
            implied: false,
        };
        // «صحافيين اثنين», «شخص واحد»
        if number.value <= 2.0
            && !number.plain
            && let Some(before) = number.first().checked_sub(1)
            && before >= self.start
            && let Some(noun) = reading.entry(before).people
            && !reading.cue(before).article()
        {
            counted.first = before;
            counted.noun = Some(noun);
            return Some(counted);
        }
        let stranger = reading.is_plain_word(number.end());
        if !stranger && super::percent(reading, number.end()).is_some() {
            return None;
        }
        let mut at = number.end();
        // «20 على الأقل من المهاجرين»
        if number.outer_end as usize > at {
            at = number.outer_end as usize;
        }
        let of = self.entry(at).glue == Some(Glue::From) && reading.cue(at).prefix == 0;
        if of {
            at += 1;
        }
        if at >= self.end || !reading.is_word(at) {
            // Money signs, clock times, scores: «5-3», «20:30», «20$».
            let glued = at < self.end
                && !reading.spaced(at)
                && reading.is_sign(at, [':', '-', '–', '/', '$', '€', '£', '°']);
            return (!glued).then_some(counted);
        }
        let cue = reading.cue(at);
        let (entry, len) = reading.phrase(at);
        if let Some(noun) = entry.people
            && !cue.and()
            && !cue.preposition()
        {
            // «مقتل 3 الجنود» is no Arabic; «عشرات المهاجرين», «ثلاثة من الجنود» are.
            if cue.article() && !of && number.bound == Bound::Exact && number.plain {
                return None;
            }
            counted.noun = Some(noun);
            counted.end = at + len;
            if let Some((bound, end)) = number::hedge_after(reading, counted.end) {
                counted.bound = number::merge(counted.bound, bound);
                counted.end = end;
            }
            return Some(counted);
        }
        if !cue.and()
            && (entry.unit.is_some() || entry.currency.is_some() || entry.time.is_some())
            && !cue.preposition()
            && entry.people.is_none()
        {
            return None;
        }
        if of {
            // «3 من قادة التنظيم», not «المئات من الأسماك».
            counted.end = number.outer_end as usize;
            return (!number.vague).then_some(counted);
        }
        self.ends_phrase(at).then_some(counted)
    }

    /// Whether the word at `i` can follow a bare number: a particle, a conjunction, a new clause; not another noun.
    fn ends_phrase(&self, i: usize) -> bool {
        if i >= self.end || !self.reading.is_word(i) {
            return true;
        }
        let entry = self.reading.entry(i);
        let cue = self.reading.cue(i);
        let text = self.reading.of(i);
        if !cue.is_none() {
            return cue.and()
                || cue.preposition()
                || entry.glue.is_some()
                || entry.hedge.is_some()
                || entry.calendar.is_some()
                || matches!(
                    entry.relative,
                    Some(
                        RelativeWord::Day(_)
                            | RelativeWord::PartOfDay
                            | RelativeWord::Ago
                            | RelativeWord::After
                    )
                )
                || entry.outcome_after.is_some();
        }
        // ب of «بجروح», «برصاص»; و of an unknown verb or noun, but not of «وظيفة», «وحدة».
        let mut letters = text.chars();
        match letters.next() {
            Some('ب') => text.chars().count() > 3,
            Some('و') => matches!(letters.next(), Some('أ' | 'إ' | 'ا' | 'ت' | 'ي' | 'ن')),
            _ => false,
        }
    }

    /// A noun that counts by itself: a dual, or a singular in the right place.
    fn implied(&self, i: usize) -> Option<Counted> {
        let reading = self.reading;
        let cue = reading.cue(i);
        if cue.is_none() || !reading.is_word(i) {
            return None;
        }
        let (entry, len) = reading.phrase(i);
        let noun = entry.people?;
        // «طالبان» is a movement before it is two students.
        if cue.article() || cue.preposition() || reading.of(i) == "طالبان" {
            return None;
        }
        let counted = |value: f64| Counted {
            first: i,
            end: i + len,
            value,
            high: None,
            bound: Bound::Exact,
            noun: Some(noun),
            implied: true,
        };
        match noun.form {
            Form::Two => {
                // «شخصين اثنين» is read from its number.
                let numbered = matches!(self.entry(i + len).number, Some(NumberWord::Unit(_)))
                    && !reading.cue(i + len).and();
                (!numbered).then(|| counted(2.0))
            }
            Form::One => self.singular_counts(i, len, noun).then(|| counted(1.0)),
            _ => None,
        }
    }

    /// Whether a singular noun without an article says «one»: right behind an outcome, or joined to a count.
    fn singular_counts(&self, i: usize, len: usize, noun: Noun) -> bool {
        let reading = self.reading;
        let next = i + len;
        let group = self.group(noun.group);
        if group.is_some_and(|g| &*g.id == "families") {
            return false;
        }
        // «تركيا», «سوريا» are countries unless they go on with a count: «سبعة تونسيين ومغربيا».
        if group.is_some_and(|g| &*g.id == "nationals") && !reading.cue(i).and() {
            return false;
        }
        // «رجل الأعمال», «طفل واحد»
        let next_text = if next < self.end && reading.is_word(next) {
            reading.of(next)
        } else {
            ""
        };
        if next_text.starts_with("ال")
            || matches!(self.entry(next).number, Some(NumberWord::Unit(_)))
                && !reading.cue(next).and()
        {
            return false;
        }
        // «آخر قادة التنظيم»
        if reading.words.noun(noun.lemma) == "آخر" && !self.ends_phrase(next) {
            return false;
        }
        if reading.cue(i).and() {
            return self.previous.is_some_and(|(end, ..)| end == i);
        }
        let own = group.is_some_and(|g| g.about.is_some());
        if own {
            // «قتيل وجريحان في مشاجرة»: the head of a sentence, joined to another count.
            let joined = reading.cue(next).and() && next < self.end && {
                let entry = reading.phrase(next).0;
                entry
                    .people
                    .and_then(|n| self.group(n.group))
                    .is_some_and(|g| g.about.is_some())
                    || entry.number.is_some()
            };
            return i == self.start && joined;
        }
        if i == self.start {
            return false;
        }
        // «بينهم طفل»
        if self.entry(i - 1).glue == Some(Glue::OfWhom) && self.previous.is_some() {
            return true;
        }
        // «مقتل شرطي», «جثة رجل»
        let Some(entry) = self.phrase_ending_at(i) else {
            return false;
        };
        if entry.outcome_noun.is_some() {
            return true;
        }
        // «أصيب شرطي بطلق ناري», not «قتل رجل زوجته».
        let joined = next_text.starts_with('و');
        // «فقد طالب بالتحقيق» is a particle and a verb.
        let lost = entry
            .outcome_verb
            .is_some_and(|group| self.reading.words.outcome(group) == "missing");
        !lost
            && entry.outcome_verb.is_some()
            && (joined || self.ends_phrase(next) || self.entry(next).outcome_after.is_some())
    }

    /// The outcome phrase that ends right before token `i`: «القبض على», «مقتل».
    fn phrase_ending_at(&self, i: usize) -> Option<&'a Entry> {
        (1..=3).find_map(|len| {
            let start = i.checked_sub(len).filter(|&s| s >= self.start)?;
            let (entry, phrase) = self.reading.phrase(start);
            let outcome = entry.outcome_noun.is_some() || entry.outcome_verb.is_some();
            (phrase == len && outcome).then_some(entry)
        })
    }

    /// The count, if it has an outcome.
    fn count(&mut self, counted: &Counted) -> Option<CountRecord> {
        let own = counted.noun.and_then(|n| {
            self.group(n.group)
                .filter(|g| g.about.is_some())
                .map(|_| n.group)
        });
        let joined = self.joined(counted);
        let part = self.is_part(counted) || joined.is_some_and(|(_, part)| part);
        let before = if part {
            None
        } else {
            self.outcome_before(counted)
        };
        let outcome = match (own, before) {
            // What happened to the arrested is said in front of them; the dead stay dead.
            (Some(group), Some(governor)) if self.is_arrested(group) => governor,
            (Some(group), _) => Outcome {
                group,
                by_noun: true,
            },
            // «فقد سبعة أشخاص حياتهم»
            (None, Some(governor)) if self.reading.words.outcome(governor.group) == "missing" => {
                self.outcome_after(counted)
                    .filter(|after| self.reading.words.outcome(after.group) == "dead")
                    .unwrap_or(governor)
            }
            (None, Some(governor)) => governor,
            (None, None) if part => self.previous?.1,
            (None, None) => self
                .outcome_after(counted)
                .or_else(|| self.toll(counted))
                .or(joined.map(|(outcome, _)| outcome))?,
        };
        if self.denied(counted) || self.excluded(counted, outcome) {
            return None;
        }
        if counted.noun.is_none() && !self.group(outcome.group).is_some_and(|g| g.bare) {
            return None;
        }
        self.previous = Some((counted.end, outcome, part));
        let whole = |value: f64| value as u64;
        Some(CountRecord {
            span: self.reading.span(counted.first, counted.end - 1),
            sentence: 0,
            value: whole(counted.value),
            high: counted.high.map(whole),
            bound: counted.bound,
            noun: counted.noun,
            outcome: outcome.group,
            by_noun: outcome.by_noun,
            part,
        })
    }

    fn is_arrested(&self, group: u16) -> bool {
        self.group(group).and_then(|g| g.about.as_deref()) == Some("arrested")
    }

    /// The outcome of the count this one is joined to by و: «ثلاثة مدنيين وجندي».
    fn joined(&self, counted: &Counted) -> Option<(Outcome, bool)> {
        let (end, outcome, part) = self.previous?;
        let own_and = end == counted.first && self.reading.cue(counted.first).and();
        let glued_and = end + 1 == counted.first && self.entry(end).glue == Some(Glue::And);
        ((own_and || glued_and) && counted.noun.is_some()).then_some((outcome, part))
    }

    /// «بينهم ستة أطفال», «من بينهم امرأة»: of those counted before.
    fn is_part(&self, counted: &Counted) -> bool {
        let Some((end, ..)) = self.previous else {
            return false;
        };
        let Some(before) = counted.first.checked_sub(1) else {
            return false;
        };
        let governed = before > self.start && self.phrase_ending_at(before).is_some();
        before >= end
            && self.entry(before).glue == Some(Glue::OfWhom)
            && counted.noun.is_some()
            && !governed
    }

    /// The outcome in front of a count.
    fn outcome_before(&self, counted: &Counted) -> Option<Outcome> {
        let limit = self
            .previous
            .map_or(self.start, |(end, ..)| end)
            .max(self.start);
        let mut between = 0_u8;
        let mut at = counted.first;
        // Longest reach of a group, and a phrase before it.
        for _ in 0..16 {
            at = at.checked_sub(1).filter(|&a| a >= limit)?;
            if self.reading.start(at).is_silent() {
                between += 1;
                continue;
            }
            if !self.reading.is_word(at) {
                if self
                    .reading
                    .is_sign(at, ['.', '؟', '!', '?', '؛', ';', ':', '…'])
                    || self.reading.is_number(at)
                {
                    return None;
                }
                continue;
            }
            let (entry, len) = self.reading.phrase(at);
            // «الإصابة», «الاعتقال» speak of the matter and count nobody.
            let matter = len == 1 && self.reading.cue(at).article();
            if at + len <= counted.first && !matter {
                // The words of the phrase were counted as if they stood between.
                let distance = between.saturating_sub(len as u8 - 1);
                let governs = |group: u16| {
                    self.group(group).filter(|g| {
                        distance <= g.reach
                            && (distance == 0 || counted.noun.is_some())
                            && (counted.noun.is_some() || g.bare)
                    })
                };
                if let Some(group) = entry.outcome_noun.filter(|&g| governs(g).is_some()) {
                    return Some(Outcome {
                        group,
                        by_noun: false,
                    });
                }
                if let Some(group) = entry.outcome_verb.filter(|&g| governs(g).is_some())
                    && !(counted.implied && counted.value < 2.0 && distance > 0)
                {
                    return Some(Outcome {
                        group,
                        by_noun: false,
                    });
                }
            }
            match entry.glue {
                Some(Glue::Light) => return None,
                // «قتل فيها 4», «توفي منهم 14 طفلا»
                Some(Glue::Therein | Glue::OfWhom) if between == 0 => {}
                Some(Glue::OfWhom) => return None,
                Some(Glue::Break) => return None,
                // «يقل» carries, where it is no «لا يقل عن».
                _ if entry.hedge == Some(Hedge::Falls) => return None,
                _ => between += 1,
            }
        }
        None
    }

    /// The outcome behind a count: «13 مهاجرا غرقوا», «20 شخصا في عداد المفقودين».
    fn outcome_after(&self, counted: &Counted) -> Option<Outcome> {
        // One noun without a number has its own verb in front of it.
        if counted.implied && counted.value < 2.0 {
            return None;
        }
        counted.noun?;
        let mut distance = 0_u8;
        for at in counted.end..(counted.end + 9).min(self.end) {
            if !self.reading.is_word(at) {
                if self
                    .reading
                    .is_sign(at, ['،', ',', '"', '»', '«', '”', '“', '(', ')'])
                {
                    continue;
                }
                return None;
            }
            let (entry, _) = self.reading.phrase(at);
            if let Some(group) = entry.outcome_after
                && self.group(group).is_some_and(|g| distance <= g.reach)
                && !self.reading.cue(at).and()
            {
                return Some(Outcome {
                    group,
                    by_noun: false,
                });
            }
            let other = entry.people.is_some() && distance > 0 && !is_nationality(self, entry);
            if entry.number.is_some()
                || other
                || self.reading.cue(at).and()
                || entry.outcome_noun.is_some() && distance > 0 && entry.outcome_after.is_none()
            {
                return None;
            }
            distance += 1;
        }
        None
    }

    /// «عدد القتلى ارتفع إلى 26», «حصيلة الضحايا: 14 شخصا»: the noun of the toll stands in front.
    fn toll(&self, counted: &Counted) -> Option<Outcome> {
        if counted.implied {
            return None;
        }
        let limit = self
            .previous
            .map_or(self.start, |(end, ..)| end)
            .max(self.start);
        let mut announced = false;
        let mut at = counted.first;
        // «من 21 إلى 26»: the first number is the old one.
        let changes = self.entry(counted.end).glue == Some(Glue::To)
            && self.reading.kind(counted.end + 1) == Some(crate::token::TokenKind::Number);
        if changes {
            return None;
        }
        for _ in 0..9 {
            at = at.checked_sub(1).filter(|&a| a >= limit)?;
            if self.reading.start(at).is_no_toll() {
                continue;
            }
            if self.reading.is_sign(at, [':']) {
                announced = true;
                continue;
            }
            if self
                .reading
                .is_sign(at, ['،', ',', '"', '»', '«', '(', ')'])
                || self.reading.is_number(at)
            {
                continue;
            }
            if !self.reading.is_word(at) {
                return None;
            }
            let entry = self.entry(at);
            let cue = self.reading.cue(at);
            if let Some(noun) = entry.people {
                let own = self.group(noun.group).is_some_and(|g| g.about.is_some());
                if !own || noun.form == Form::One {
                    return None;
                }
                let before = at.checked_sub(1).filter(|&b| b >= self.start);
                let headed = before.is_some_and(|b| {
                    matches!(self.entry(b).glue, Some(Glue::Number | Glue::Count))
                });
                return (cue.article() && (headed || announced)).then_some(Outcome {
                    group: noun.group,
                    by_noun: true,
                });
            }
            if matches!(entry.glue, Some(Glue::To | Glue::Count)) {
                announced = true;
            } else if entry.glue == Some(Glue::Break) {
                return None;
            }
        }
        None
    }

    /// «نفت الوزارة مقتل ثلاثة جنود», «لم يصب»: a denial a few words before the outcome.
    fn denied(&self, counted: &Counted) -> bool {
        let mut words = 0;
        let mut at = counted.first;
        while let Some(before) = at.checked_sub(1).filter(|&b| b >= self.start) {
            at = before;
            if !self.reading.is_word(at) {
                return false;
            }
            if self.previous.is_some_and(|(end, ..)| at < end) {
                return false;
            }
            if self.entry(at).glue == Some(Glue::Denied) && !self.is_bound_word(at) {
                return true;
            }
            words += 1;
            if words > 6 {
                return false;
            }
        }
        false
    }

    /// «عدم» and «دون» inside names of things rather than before outcomes would be listed here; «لا يقل» is no denial.
    fn is_bound_word(&self, at: usize) -> bool {
        self.entry(at + 1).hedge.is_some()
    }

    fn excluded(&self, counted: &Counted, outcome: Outcome) -> bool {
        let end = (counted.end + 5).min(self.end);
        self.group(outcome.group)
            .is_some_and(|group| self.reading.excludes(group, counted.end..end))
    }
}

fn is_nationality(sentence: &Sentence<'_, '_>, entry: &Entry) -> bool {
    entry
        .people
        .and_then(|n| sentence.group(n.group))
        .is_some_and(|g| &*g.id == "nationals" || g.class != MeasureClass::People)
}
