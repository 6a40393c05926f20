//! The tokens of a text at which something may begin.
//!
//! A word that may begin a date seldom does: «في» does before a year, «العام» before «الماضي», «الأول» before «من». So
//! every distinct word keeps, beside what it may begin, what must follow for that, and what it is itself to the word in
//! front of it; one walk over the tokens, without a branch that would have to be foretold, leaves the few places where
//! the grammars have to look.

use super::{Entry, Form, Glue, LawWord, MeasureWords, NumberWord, RelativeWord, TimeUnit};
use super::{WordCue, words};
use crate::calendar::CalendarWord;
use crate::sieve::put_if;
use crate::token::TokenKind;

/// What may begin at one distinct word: bits. Read for every token, so there are no more than four bytes of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Start {
    /// What may begin here, whatever follows.
    begins: u8,
    /// What the next token must be (any of these) that something else may begin here ...
    needs: u8,
    /// ... and what the word is in that respect.
    offers: u8,
    /// What it is to a count or a number near it.
    near: u8,
}

// What may begin.
const DATE: u8 = 1;
const NUMBER: u8 = 2;
const AGREEMENT: u8 = 4;
/// Another law, if «رقم» or a number is near.
const LAW: u8 = 8;
/// A noun that counts by itself.
const PEOPLE: u8 = 16;
/// A noun that does right behind an outcome.
const PEOPLE_BEHIND: u8 = 32;
/// Digits.
const DIGITS: u8 = 64;

// What must follow; all but the last two for a date.
/// Digits: a year, or how many days ago.
const FIGURE: u8 = 1;
/// «الماضي», «المقبل».
const ADJECTIVE: u8 = 2;
/// «ثلاثة», «أسبوع»: how long ago.
const AMOUNT: u8 = 4;
/// «أمس», «غد», or «من» of «أول من أمس».
const NEAR_DAY: u8 = 8;
/// What may stand behind a day of a month in words.
const DAY_GOES_ON: u8 = 16;
/// «الأول» of «تشرين الأول».
const ORDINAL: u8 = 32;
/// «رقم» or another word of law.
const LEGAL: u8 = 64;
/// A word of a number.
const NUMBER_WORD: u8 = 128;

const OF_DATES: u8 = FIGURE | ADJECTIVE | AMOUNT | NEAR_DAY | DAY_GOES_ON | ORDINAL;

// What a word or sign is to a count or a number near it.
/// It may end the phrase of an outcome, or is «بينهم».
const OUTCOME: u8 = 1;
/// It says nothing of a count behind it, nor whether an outcome in front of it does.
const SILENT: u8 = 2;
/// It is no noun of people and no «حصيلة» that a toll may be read from.
const NO_TOLL: u8 = 4;
/// «رقم».
const NUMBER_SIGN: u8 = 8;
const POINT: u8 = 16;
const OPENS: u8 = 32;
const CLOSES: u8 = 64;

impl Start {
    /// Of digits.
    const NUMBER: Start = Start {
        begins: DIGITS,
        offers: FIGURE,
        needs: 0,
        near: 0,
    };

    /// Whether something may begin at a word before `next`.
    #[inline]
    const fn may_begin(self, next: Start) -> bool {
        self.begins | (self.needs & next.offers) != 0
    }

    /// A word that need not be looked at when an outcome is searched in front of a count.
    pub(crate) const fn is_silent(self) -> bool {
        self.near & SILENT != 0
    }

    /// A word that need not be looked at when the noun of a toll is searched.
    pub(crate) const fn is_no_toll(self) -> bool {
        self.near & NO_TOLL != 0
    }
}

impl MeasureWords {
    /// What a distinct word of the word table can mean, and what may begin at it.
    pub(crate) fn read(&self, kind: TokenKind, norm: &str) -> (WordCue, Start) {
        let cue = match kind {
            TokenKind::Word | TokenKind::Symbol => self.look_up(norm),
            TokenKind::Number => return (WordCue::default(), Start::NUMBER),
            _ => WordCue::default(),
        };
        let near = match (kind, norm) {
            (TokenKind::Word, _) => SILENT | NO_TOLL,
            (TokenKind::Punctuation, ".") => POINT,
            (TokenKind::Punctuation, "(") => OPENS,
            (TokenKind::Punctuation, ")") => CLOSES,
            _ => 0,
        };
        let goes_on = match kind {
            // Dashes and slashes; what is certainly none is named.
            TokenKind::Punctuation | TokenKind::Symbol => {
                !matches!(norm, "." | "،" | "," | ":" | "\"" | "(" | ")" | "«" | "»")
            }
            // «20th»
            _ => matches!(norm, "th" | "st" | "nd" | "rd"),
        };
        let mut start = Start {
            near,
            offers: if goes_on { DAY_GOES_ON } else { 0 },
            ..Start::default()
        };
        if cue.is_none() {
            return (cue, start);
        }
        let entry = self.at(cue.key);
        let article = cue.article();
        self.date(entry, article, &mut start);
        self.number(entry, &mut start);
        self.law(entry, &mut start);
        self.people(cue, entry, &mut start);
        start.offers |= offers(cue, entry);
        (cue, start)
    }

    /// See [`crate::date`]: what its grammar asks of a word and of the next one.
    fn date(&self, entry: &Entry, article: bool, start: &mut Start) {
        match entry.calendar {
            Some(CalendarWord::Weekday(_)) => start.begins |= DATE,
            Some(
                CalendarWord::Month(_) | CalendarWord::CommonMonth(_) | CalendarWord::Hijri(_),
            ) if !article => start.begins |= DATE,
            Some(CalendarWord::MonthHead(_)) if !article => start.needs |= ORDINAL,
            _ => {}
        }
        let tens = matches!(entry.number, Some(NumberWord::Tens(20 | 30)));
        if entry.ordinal.is_some() || tens && article {
            start.needs |= DAY_GOES_ON;
        }
        if let Some((unit, form)) = entry.time {
            if unit == TimeUnit::Year && form != Form::Many {
                start.needs |= FIGURE;
            }
            if form == Form::One && article && unit >= TimeUnit::Day {
                start.needs |= ADJECTIVE;
            }
        }
        if let Some(Glue::In | Glue::Until | Glue::Between | Glue::From) = entry.glue {
            start.needs |= FIGURE;
        }
        match entry.relative {
            Some(RelativeWord::Day(_) | RelativeWord::Decade(_)) => start.begins |= DATE,
            Some(RelativeWord::First) => start.needs |= NEAR_DAY,
            Some(RelativeWord::Ago) => start.needs |= FIGURE | AMOUNT,
            Some(RelativeWord::After) => start.needs |= FIGURE | NEAR_DAY,
            Some(RelativeWord::PartOfYear) => start.needs |= FIGURE,
            _ => {}
        }
    }

    /// See [`crate::number`].
    fn number(&self, entry: &Entry, start: &mut Start) {
        match entry.number {
            // «أحد عشر», «نصف مليون».
            Some(NumberWord::OneOf | NumberWord::TwoOf | NumberWord::Fraction(_)) => {
                start.needs |= NUMBER_WORD;
            }
            Some(_) => start.begins |= NUMBER,
            None => {}
        }
    }

    fn law(&self, entry: &Entry, start: &mut Start) {
        match entry.law {
            Some(LawWord::Agreement) => start.begins |= AGREEMENT,
            // «ملكي» is part of a law and begins none.
            Some(LawWord::Royal) | None => {}
            Some(_) => start.begins |= LAW,
        }
        if entry.glue == Some(Glue::Number) {
            start.near |= NUMBER_SIGN;
        }
    }

    /// See [`crate::quantity`]: nouns that count by themselves, and what says something of a count behind it.
    fn people(&self, cue: WordCue, entry: &Entry, start: &mut Start) {
        let one = (entry.people).filter(|noun| noun.form == Form::One);
        let own = one.and_then(|noun| self.group(noun.group));
        let own = own.is_some_and(|group| group.about.is_some());
        let two = entry.people.is_some_and(|noun| noun.form == Form::Two);
        if !cue.article() && !cue.preposition() {
            if entry.opens_people || two || one.is_some() && (own || cue.and()) {
                start.begins |= PEOPLE;
            } else if one.is_some() {
                start.begins |= PEOPLE_BEHIND;
            }
        }
        let outcome = entry.outcome_noun.is_some() || entry.outcome_verb.is_some();
        if outcome || entry.ends_outcome || entry.glue == Some(Glue::OfWhom) {
            start.near |= OUTCOME;
        }
        let stops = matches!(
            entry.glue,
            Some(Glue::Light | Glue::Therein | Glue::OfWhom | Glue::Break)
        );
        if outcome || entry.phrase || stops || entry.hedge == Some(words::Hedge::Falls) {
            start.near &= !SILENT;
        }
        let toll = matches!(entry.glue, Some(Glue::To | Glue::Count | Glue::Break));
        if entry.people.is_some() || toll {
            start.near &= !NO_TOLL;
        }
    }
}

/// What a word is to the one in front of it.
fn offers(cue: WordCue, entry: &Entry) -> u8 {
    let bit = |on: bool, bit: u8| if on { bit } else { 0 };
    let adjective = matches!(
        entry.relative,
        Some(RelativeWord::Last | RelativeWord::This | RelativeWord::Next)
    );
    let from = entry.glue == Some(Glue::From);
    let near_day = matches!(entry.relative, Some(RelativeWord::Day(_)));
    let month = matches!(
        entry.calendar,
        Some(
            CalendarWord::Month(_)
                | CalendarWord::CommonMonth(_)
                | CalendarWord::Hijri(_)
                | CalendarWord::MonthHead(_)
        )
    );
    let ordinal = matches!(entry.calendar, Some(CalendarWord::Ordinal(_)));
    let joins = matches!(entry.glue, Some(Glue::And | Glue::To | Glue::Until));
    let month_word = matches!(entry.time, Some((TimeUnit::Month, Form::One)));
    let number = entry.number.is_some();
    let legal = matches!(entry.law, Some(LawWord::Royal | LawWord::Law));
    bit(adjective && cue.article(), ADJECTIVE)
        | bit(number || entry.time.is_some(), AMOUNT)
        | bit(near_day || from, NEAR_DAY)
        | bit(number || from || joins || month_word || month, DAY_GOES_ON)
        | bit(ordinal, ORDINAL)
        | bit(legal || entry.glue == Some(Glue::Number), LEGAL)
        | bit(number, NUMBER_WORD)
}

/// The tokens at which something may begin, in order.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// At which anything may; longer than what was found.
    any: Vec<u32>,
    pub(crate) dates: Vec<u32>,
    pub(crate) numbers: Vec<u32>,
    pub(crate) laws: Vec<u32>,
    /// Nouns of people that may count by themselves.
    pub(crate) people: Vec<u32>,
}

impl Marks {
    /// Looks at every token once; `starts` are what may begin at them.
    pub(crate) fn find(&mut self, starts: &[Start]) {
        if self.any.len() <= starts.len() {
            self.any.resize(starts.len() + 1, 0);
        }
        let any = self.any.as_mut_slice();
        let mut found = 0;
        let mut before = Start::default();
        for (i, &here) in (0_u32..).zip(starts) {
            put_if(before.may_begin(here), any, &mut found, i.wrapping_sub(1));
            before = here;
        }
        let last = (starts.len() as u32).wrapping_sub(1);
        put_if(before.may_begin(Start::default()), any, &mut found, last);

        let any = any.get(..found).unwrap_or(&[]);
        let lists = [
            &mut self.dates,
            &mut self.numbers,
            &mut self.laws,
            &mut self.people,
        ];
        let [dates, numbers, laws, people] = lists.map(|list| {
            list.clear();
            list.resize(found, 0);
            list
        });
        let mut lens = [0; 4];
        let [date, number, law, person] = &mut lens;
        for &i in any {
            let near = |i: u32| starts.get(i as usize).copied().unwrap_or_default();
            let (here, next) = (near(i), near(i + 1));
            let before = near(i.wrapping_sub(1));
            let met = here.needs & next.offers;
            let behind_next = near(i + 2);
            let begins = |bits: u8| here.begins & bits != 0;
            let date_here = begins(DATE) | (met & OF_DATES != 0);
            // «20 أكتوبر», `20/10/2024`, `20.10.2024`, «(2021)».
            let points = (next.near & POINT != 0) & (behind_next.begins & DIGITS != 0);
            let bracketed = (before.near & OPENS != 0) & (next.near & CLOSES != 0);
            let goes_on = (next.offers & DAY_GOES_ON != 0) | points | bracketed;
            put_if(date_here | begins(DIGITS) & goes_on, dates, date, i);
            let is_number = begins(NUMBER | DIGITS) | (met & NUMBER_WORD != 0);
            put_if(is_number, numbers, number, i);
            let legal = next.offers & (LEGAL | FIGURE) | behind_next.near & NUMBER_SIGN;
            let is_law = begins(AGREEMENT) | begins(LAW) & (legal != 0);
            put_if(is_law, laws, law, i);
            let behind = begins(PEOPLE_BEHIND) & (before.near & OUTCOME != 0);
            put_if(begins(PEOPLE) | behind, people, person, i);
        }
        let [date, number, law, person] = lens;
        dates.truncate(date);
        numbers.truncate(number);
        laws.truncate(law);
        people.truncate(person);
    }

    /// Every token, as if anything might begin anywhere.
    #[cfg(test)]
    pub(super) fn everywhere(tokens: usize) -> Marks {
        let all: Vec<u32> = (0..tokens as u32).collect();
        Marks {
            any: all.clone(),
            dates: all.clone(),
            numbers: all.clone(),
            laws: all.clone(),
            people: all,
        }
    }

    /// Bytes held.
    pub(crate) fn memory_usage(&self) -> usize {
        let lists = [
            &self.any,
            &self.dates,
            &self.numbers,
            &self.laws,
            &self.people,
        ];
        lists.iter().map(|list| list.capacity()).sum::<usize>() * size_of::<u32>()
    }
}
