//! Laws, decrees, resolutions and agreements with number and year: «القانون رقم 82 لسنة 2016», «ظهير 1.03.196».

use crate::measure::{Form, Glue, LawWord, Reading, TimeUnit};
use crate::number::Number;
use crate::span::Span;
use crate::token::TokenKind;

/// What a legal text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum LawKind {
    /// قانون.
    Law,
    /// مرسوم، ظهير.
    Decree,
    /// قرار.
    Resolution,
    /// اتفاقية، بروتوكول.
    Agreement,
    /// مادة، فصل: a part of a law.
    Article,
}

impl LawKind {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            LawKind::Law => "law",
            LawKind::Decree => "decree",
            LawKind::Resolution => "resolution",
            LawKind::Agreement => "agreement",
            LawKind::Article => "article",
        }
    }
}

/// A legal text a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LawRecord {
    pub(crate) span: Span,
    pub(crate) first: u32,
    pub(crate) end: u32,
    pub(crate) kind: LawKind,
    /// Its number as written: `82`, `1.03.196`, `04-11`; empty for an agreement of a year only.
    pub(crate) number: Span,
    pub(crate) year: Option<u16>,
}

/// Words that may stand between the kind and the number: «المرسوم بقانون اتحادي رقم».
const MAX_BETWEEN: usize = 4;
/// Words of an agreement's name before its year.
const MAX_NAME: usize = 9;

pub(super) fn read(reading: &Reading<'_>, out: &mut Vec<LawRecord>) {
    out.clear();
    let mut past = 0;
    for &i in &reading.marks.laws {
        let i = i as usize;
        if i < past || !reading.is_word(i) {
            continue;
        }
        if let Some(word) = reading.entry(i).law
            && let Some(end) = law(reading, i, word, out)
        {
            past = end;
        }
    }
}

/// Whether a number's tokens are inside a law; `laws` are ordered, `at` remembers where to look.
pub(super) fn covers(laws: &[LawRecord], at: &mut usize, number: &Number) -> bool {
    while laws.get(*at).is_some_and(|law| law.end <= number.first) {
        *at += 1;
    }
    laws.get(*at).is_some_and(|law| law.first < number.end)
}

fn law(reading: &Reading<'_>, i: usize, word: LawWord, out: &mut Vec<LawRecord>) -> Option<usize> {
    let kind = match word {
        LawWord::Law => LawKind::Law,
        LawWord::Decree => LawKind::Decree,
        LawWord::Resolution => LawKind::Resolution,
        LawWord::Agreement => LawKind::Agreement,
        LawWord::Article | LawWord::Chapter => LawKind::Article,
        LawWord::Royal => return None,
    };
    // The number: right behind, or behind «رقم»/«عدد» a few words on.
    let mut at = i + 1;
    let mut announced = false;
    for _ in 0..=MAX_BETWEEN {
        if !reading.continues(at) || (reading.is_number(at) || reading.kind(at).is_none()) {
            break;
        }
        let entry = reading.entry(at);
        if entry.glue == Some(Glue::Number) {
            announced = true;
            at += 1;
            if reading.is_sign(at, [':']) {
                at += 1;
            }
            break;
        }
        // Only words of the kind's own name: «بقانون», «اتحادي», «الأساسي».
        if !matches!(entry.law, Some(LawWord::Royal | LawWord::Law)) && kind != LawKind::Agreement {
            let next_announces =
                reading.entry(at + 1).glue == Some(Glue::Number) && reading.is_word(at);
            if !next_announces {
                break;
            }
        }
        if entry.law.is_none() && kind == LawKind::Agreement {
            break;
        }
        at += 1;
    }
    if reading.is_number(at) && reading.continues(at) {
        let end = number_end(reading, at);
        let number = reading.span(at, end - 1);
        let (year, past) = year(reading, at, end);
        // A bare number behind «قرار» may be a year, behind «قانون» it may count: «قانون 2016».
        let compound = end > at + 1;
        let sure = announced
            || year.is_some()
            || compound
            || matches!(kind, LawKind::Article)
            || (kind == LawKind::Resolution && at == i + 1);
        if sure && !(kind == LawKind::Article && counts_something(reading, end)) {
            out.push(LawRecord {
                span: reading.span(i, past - 1),
                first: i as u32,
                end: past as u32,
                kind,
                number,
                year,
            });
            return Some(past);
        }
        return None;
    }
    if kind != LawKind::Agreement {
        return None;
    }
    // «اتفاقية جنيف لعام 1951»
    for at in i + 1..=i + MAX_NAME {
        if !reading.continues(at)
            || !reading.is_word(at)
            || reading
                .entry(at)
                .glue
                .is_some_and(|g| !matches!(g, Glue::From | Glue::Clause))
        {
            break;
        }
        if matches!(reading.entry(at).time, Some((TimeUnit::Year, Form::One)))
            && let Some((value, 4)) = reading.integer(at + 1)
            && (1800..2100).contains(&value)
        {
            let after = reading.tokens.get(at + 1).map_or(0, |t| t.span.end);
            out.push(LawRecord {
                span: reading.span(i, at + 1),
                first: i as u32,
                end: (at + 2) as u32,
                kind,
                number: Span::new(after, after),
                year: Some(value as u16),
            });
            return Some(at + 2);
        }
    }
    None
}

/// «5 مواد» counts, «المادة 5» names.
fn counts_something(reading: &Reading<'_>, end: usize) -> bool {
    let entry = reading.entry(end);
    reading.continues(end)
        && reading.is_word(end)
        && (entry.people.is_some() || entry.currency.is_some() || entry.unit.is_some())
}

/// The end of a number with its glued parts: `1.03.196`, `04-11`, `82/2016`.
fn number_end(reading: &Reading<'_>, i: usize) -> usize {
    let mut end = i + 1;
    // More parts than any law has.
    for _ in 0..4 {
        let sign = reading.is_sign(end, ['.', '/', '-', '–']) && !reading.spaced(end);
        if sign && reading.kind(end + 1) == Some(TokenKind::Number) && !reading.spaced(end + 1) {
            end += 2;
        } else {
            break;
        }
    }
    end
}

/// The year of a law: «لسنة 2016», `82/2016`, and where the whole ends.
fn year(reading: &Reading<'_>, i: usize, end: usize) -> (Option<u16>, usize) {
    let behind = |at: usize| match reading.integer(at) {
        Some((value, 4)) if (1300..2100).contains(&value) => Some(value as u16),
        _ => None,
    };
    if reading.continues(end)
        && matches!(reading.entry(end).time, Some((TimeUnit::Year, Form::One)))
        && reading.continues(end + 1)
        && let Some(year) = behind(end + 1)
    {
        return (Some(year), end + 2);
    }
    if end > i + 1 && reading.is_sign(end - 2, ['/']) {
        if let Some(year) = behind(end - 1) {
            return (Some(year), end);
        }
        // `64/2010` and `2010/64`
        if let Some(year) = behind(i) {
            return (Some(year), end);
        }
    }
    (None, end)
}
