//! Numbers: digits of three scripts, number words, «عشرات», with what is said about their certainty.

use crate::measure::{self, Glue, Hedge, NumberWord, Reading};

/// How a number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Bound {
    /// As it stands.
    Exact,
    /// «نحو»، «حوالي»، «قرابة», or a range.
    About,
    /// «على الأقل»، «أكثر من»، «عشرات».
    AtLeast,
    /// «أقل من»، «لا يزيد على».
    AtMost,
}

impl Bound {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Bound::Exact => "exact",
            Bound::About => "about",
            Bound::AtLeast => "at-least",
            Bound::AtMost => "at-most",
        }
    }
}

/// A number of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    /// Tokens of the number itself.
    pub(crate) first: u32,
    pub(crate) end: u32,
    /// The same with its hedges: «ما لا يقل عن 20», «20 على الأقل».
    pub(crate) outer_first: u32,
    pub(crate) outer_end: u32,
    /// The value; the lower one of a range.
    pub(crate) value: f64,
    /// The upper value of a range, 0 where there is none: texts of digits hold many of these.
    high: f64,
    pub(crate) bound: Bound,
    /// «الثلاثة»: of something named before.
    pub(crate) definite: bool,
    /// «عشرات», «آلاف»: no number at all.
    pub(crate) vague: bool,
    /// A single token of digits without a sign.
    pub(crate) plain: bool,
}

impl Number {
    pub(crate) const fn first(&self) -> usize {
        self.first as usize
    }

    pub(crate) const fn end(&self) -> usize {
        self.end as usize
    }

    /// The upper value of a range.
    pub(crate) fn high(&self) -> Option<f64> {
        (self.high > 0.0).then_some(self.high)
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.value.fract() == 0.0
    }
}

/// Appends the numbers of a text in reading order.
pub(crate) fn read(reading: &Reading<'_>, out: &mut Vec<Number>) {
    out.clear();
    let mut past = 0;
    for &i in &reading.marks.numbers {
        let i = i as usize;
        if i < past || is_inner(reading, i) {
            continue;
        }
        let Some(found) = piece_sum(reading, i) else {
            continue;
        };
        let end = found.end.max(i + 1);
        let mut number = Number {
            first: i as u32,
            end: end as u32,
            outer_first: i as u32,
            outer_end: end as u32,
            value: found.value,
            high: 0.0,
            bound: if found.vague {
                Bound::AtLeast
            } else {
                Bound::Exact
            },
            definite: !found.vague && reading.cue(i).article(),
            vague: found.vague,
            plain: reading.is_number(i) && end == i + 1,
        };
        if let Some(last) = out.last_mut()
            && joins_range(reading, last, &number)
        {
            last.high = number.value;
            last.end = number.end;
            last.outer_end = number.end;
            last.plain = false;
            // «بين», «ما بين», «من»
            if let Some(before) = last.first().checked_sub(1)
                && matches!(reading.entry(before).glue, Some(Glue::Between | Glue::From))
                && reading.continues(last.first())
            {
                let what = before.checked_sub(1).filter(|&b| {
                    reading.entry(b).glue == Some(Glue::What) && reading.continues(before)
                });
                last.outer_first = last.outer_first.min(what.unwrap_or(before) as u32);
            }
            if last.bound == Bound::Exact {
                last.bound = Bound::About;
            }
        } else {
            hedge(reading, &mut number);
            out.push(number);
        }
        past = end;
    }
}

/// Whether a number stands between two others and points, nothing else between them: an address, a version, a date.
fn is_inner(reading: &Reading<'_>, i: usize) -> bool {
    let Some(before) = i.checked_sub(2) else {
        return false;
    };
    // Most stand behind a space.
    !reading.spaced(i)
        && [i - 1, i + 1, i + 2]
            .into_iter()
            .all(|i| !reading.spaced(i))
        && reading.is_sign(i - 1, ['.', '٫'])
        && reading.is_sign(i + 1, ['.', '٫'])
        && [before, i, i + 2].into_iter().all(|i| reading.is_number(i))
}

/// Value and end of a number, and whether it is a vague one.
#[derive(Clone, Copy)]
struct Found {
    value: f64,
    end: usize,
    vague: bool,
    /// What its last piece was multiplied by; 1 where nothing may be added.
    scale: f64,
}

/// «مليون و200 ألف و50»: pieces of falling scale joined by و.
fn piece_sum(reading: &Reading<'_>, i: usize) -> Option<Found> {
    let mut sum = piece(reading, i)?;
    // Four scales at most, each below the one before.
    for _ in 0..4 {
        if sum.vague || sum.scale <= 1.0 || !reading.continues(sum.end) {
            break;
        }
        // «ونصف», «ونصف المليون»
        let cue = reading.cue(sum.end);
        if let Some(NumberWord::Fraction(hundredths)) = reading.entry(sum.end).number
            && cue.and()
        {
            sum.value += sum.scale * f64::from(hundredths) / 100.0;
            sum.end += 1;
            if let Some(NumberWord::Scale(power)) = reading.entry(sum.end).number
                && (ten_to(power) - sum.scale).abs() < 0.5
                && reading.continues(sum.end)
                && !reading.cue(sum.end).and()
            {
                sum.end += 1;
            }
            break;
        }
        let next =
            if cue.and() && reading.is_word(sum.end) && reading.entry(sum.end).number.is_some() {
                sum.end
            } else if reading.entry(sum.end).glue == Some(Glue::And)
                && reading.is_number(sum.end + 1)
                && !reading.spaced(sum.end + 1)
            {
                sum.end + 1
            } else {
                break;
            };
        match piece(reading, next) {
            Some(more)
                if !more.vague
                    && more.value < sum.scale
                    && more.scale < sum.scale
                    && more.value.fract() == 0.0 =>
            {
                sum.value += more.value;
                sum.end = more.end;
                sum.scale = more.scale;
            }
            _ => break,
        }
    }
    Some(sum)
}

/// A number below a thousand times its scale.
fn piece(reading: &Reading<'_>, i: usize) -> Option<Found> {
    let (value, mut end) = if reading.is_number(i) {
        let value = match reading.ascii_integer(i) {
            Some((value, _)) => f64::from(value),
            None => digits(reading.of(i), follows_scale(reading, i + 1))?,
        };
        (value, i + 1)
    } else {
        if !reading.is_word(i) {
            return None;
        }
        match reading.entry(i).number? {
            NumberWord::Scale(power) => {
                let scale = ten_to(power);
                return Some(scaled(reading, scale, i + 1, scale));
            }
            NumberWord::TwoScale(power) => {
                let scale = ten_to(power);
                return Some(scaled(reading, 2.0 * scale, i + 1, scale));
            }
            NumberWord::Vague(power) => return Some(vague(reading, ten_to(power), i + 1)),
            NumberWord::ScalePlural(power) => return Some(vague(reading, ten_to(power), i + 1)),
            NumberWord::Fraction(hundredths) => {
                let NumberWord::Scale(power) = next_word(reading, i + 1)? else {
                    return None;
                };
                let scale = ten_to(power);
                let value = scale * f64::from(hundredths) / 100.0;
                return Some(Found {
                    value,
                    end: i + 2,
                    vague: false,
                    scale: 1.0,
                });
            }
            NumberWord::Few => {
                return Some(match next_word(reading, i + 1) {
                    Some(NumberWord::Vague(power) | NumberWord::ScalePlural(power)) => {
                        vague(reading, ten_to(power), i + 2)
                    }
                    // «بضعة عشر»: 13 and more.
                    Some(NumberWord::Ten) => Found {
                        value: 13.0,
                        end: i + 2,
                        vague: true,
                        scale: 1.0,
                    },
                    _ => Found {
                        value: 3.0,
                        end: i + 1,
                        vague: true,
                        scale: 1.0,
                    },
                });
            }
            _ => group(reading, i)?,
        }
    };
    // Multipliers: «خمسة آلاف», «120 ألف», «1.5 مليون», «مئة ألف مليون».
    let mut scale = 1.0;
    let mut value = value;
    while let Some(NumberWord::Scale(power) | NumberWord::ScalePlural(power)) =
        next_word(reading, end)
    {
        // The article stands only on the last of a definite number («الخمسة آلاف») and on its parts («نصف المليون»).
        if reading.cue(end).article() || reading.cue(end).preposition() || scale > 1e9 {
            break;
        }
        scale *= ten_to(power);
        value *= ten_to(power);
        end += 1;
    }
    Some(scaled(reading, value, end, scale))
}

/// A scale word may itself be multiplied: «ألف مليون», «مليون مليون».
fn scaled(reading: &Reading<'_>, mut value: f64, mut end: usize, mut scale: f64) -> Found {
    if scale > 1.0
        && scale < 1e9
        && let Some(NumberWord::Scale(power)) = next_word(reading, end)
        && power > 3
        && !reading.cue(end).article()
    {
        value *= ten_to(power);
        scale *= ten_to(power);
        end += 1;
    }
    Found {
        value,
        end,
        vague: false,
        scale,
    }
}

/// «عشرات الآلاف», «مئات آلاف», «آلاف».
fn vague(reading: &Reading<'_>, value: f64, end: usize) -> Found {
    let more = match next_word(reading, end) {
        Some(NumberWord::ScalePlural(power) | NumberWord::Scale(power))
            if !reading.cue(end).preposition() =>
        {
            Some(ten_to(power))
        }
        _ => None,
    };
    Found {
        value: value * more.unwrap_or(1.0),
        end: end + usize::from(more.is_some()),
        vague: true,
        scale: 1.0,
    }
}

/// A number of words below a thousand.
fn group(reading: &Reading<'_>, i: usize) -> Option<(f64, usize)> {
    let (hundreds, end) = match reading.entry(i).number? {
        NumberWord::Hundred => (100, i + 1),
        NumberWord::Hundreds(value) => (u32::from(value), i + 1),
        NumberWord::Unit(unit)
            if unit > 2 && next_word(reading, i + 1) == Some(NumberWord::Hundred) =>
        {
            (u32::from(unit) * 100, i + 2)
        }
        _ => {
            let (low, end) = below_hundred(reading, i)?;
            return Some((f64::from(low), end));
        }
    };
    let mut value = hundreds;
    let mut end = end;
    if reading.continues(end)
        && reading.cue(end).and()
        && let Some((low, after)) = below_hundred(reading, end)
    {
        value += low;
        end = after;
    }
    Some((f64::from(value), end))
}

fn below_hundred(reading: &Reading<'_>, i: usize) -> Option<(u32, usize)> {
    let unit = match reading.entry(i).number? {
        NumberWord::Unit(unit) => Some(u32::from(unit)),
        NumberWord::Ten => return Some((10, i + 1)),
        NumberWord::Tens(tens) => return Some((u32::from(tens), i + 1)),
        NumberWord::OneOf | NumberWord::TwoOf => None,
        _ => return None,
    };
    let alone = match reading.entry(i).number {
        Some(NumberWord::OneOf) => 1,
        Some(NumberWord::TwoOf) => 2,
        _ => unit?,
    };
    if next_word(reading, i + 1) == Some(NumberWord::Ten) {
        return Some((alone + 10, i + 2));
    }
    if reading.continues(i + 1)
        && reading.cue(i + 1).and()
        && let Some(NumberWord::Tens(tens)) = reading.entry(i + 1).number
    {
        return Some((alone + u32::from(tens), i + 2));
    }
    unit.map(|unit| (unit, i + 1))
}

/// The number word at `i` if it follows without و on the same line.
fn next_word(reading: &Reading<'_>, i: usize) -> Option<NumberWord> {
    (reading.is_word(i) && reading.continues(i) && !reading.cue(i).and())
        .then(|| reading.entry(i).number)
        .flatten()
}

fn follows_scale(reading: &Reading<'_>, i: usize) -> bool {
    matches!(
        next_word(reading, i),
        Some(NumberWord::Scale(_) | NumberWord::ScalePlural(_))
    )
}

fn ten_to(power: u8) -> f64 {
    10_f64.powi(i32::from(power))
}

/// Beyond that a number of the press is a telephone or an account.
const MAX_DIGITS: u32 = 15;

/// The value of a number token. «1,250» and «1.250» are thousands, «3.5» and «16,5» are decimals; before a scale word
/// («1.554 مليون») a single point is a decimal one.
fn digits(text: &str, scaled: bool) -> Option<f64> {
    if let Some(value) = plain(text) {
        return Some(value);
    }
    let mut signs = 0;
    let mut sign = ' ';
    let mut mixed = false;
    let mut group = 0;
    let mut first = 0;
    let mut threes = true;
    let mut zero = false;
    for c in text.chars() {
        if let Some(value) = measure::digit(c) {
            zero |= group == 0 && signs == 0 && value == 0;
            group += 1;
        } else if matches!(c, '.' | ',' | '٫' | '٬' | '،') {
            if signs == 0 {
                first = group;
            } else {
                threes &= group == 3;
            }
            mixed |= signs > 0 && c != sign;
            sign = c;
            signs += 1;
            group = 0;
        }
    }
    threes &= group == 3;
    let decimal = match signs {
        0 => false,
        1 => sign == '٫' || !threes || first > 3 || zero || (scaled && sign == '.'),
        _ => mixed || !threes,
    };
    let mut value = 0.0_f64;
    let mut fraction = 0.0;
    let mut seen = 0;
    let mut count = 0_u32;
    for c in text.chars() {
        if let Some(digit) = measure::digit(c) {
            count += 1;
            if decimal && seen == signs {
                fraction += 1.0;
            }
            value = value * 10.0 + f64::from(digit);
        } else if matches!(c, '.' | ',' | '٫' | '٬' | '،') {
            seen += 1;
        }
    }
    (count > 0 && count <= MAX_DIGITS).then(|| value / 10_f64.powf(fraction))
}

/// The value of ASCII digits without a sign: nearly every number.
fn plain(text: &str) -> Option<f64> {
    if text.is_empty() || text.len() > MAX_DIGITS as usize {
        return None;
    }
    text.bytes().try_fold(0.0, |value, b| {
        let digit = b.is_ascii_digit().then(|| f64::from(b - b'0'))?;
        Some(value * 10.0 + digit)
    })
}

/// Whether `next` is the upper end of a range that `last` begins.
fn joins_range(reading: &Reading<'_>, last: &Number, next: &Number) -> bool {
    // Most numbers stand far from the one before.
    let (end, start) = (last.end(), next.first());
    if start > end + 1 || last.high().is_some() || next.value <= last.value || last.definite {
        return false;
    }
    if !(end..=start).all(|i| reading.continues(i)) {
        return false;
    }
    let before = last.first().checked_sub(1);
    let glue_before = before.and_then(|i| reading.entry(i).glue);
    let between = glue_before == Some(Glue::Between)
        || reading.entry(last.first()).glue == Some(Glue::Between);
    match start.saturating_sub(end) {
        // «بين ألف ومئتين», the و on the word itself
        0 => between && reading.cue(start).and(),
        1 => {
            let glue = reading.entry(end).glue;
            if reading.is_sign(end, ['-', '–', '—', 'ـ']) {
                // «10-15», not «2018-10» and not the score of a match.
                return last.value >= 1.0
                    && !reading.spaced(end)
                    && last.is_whole() == next.is_whole();
            }
            (between && matches!(glue, Some(Glue::And)))
                || (glue == Some(Glue::To) && !changes(reading, last.first()))
        }
        _ => false,
    }
}

/// «ارتفع العدد من 5 إلى 9» is a change and no range.
fn changes(reading: &Reading<'_>, first: usize) -> bool {
    (first.saturating_sub(9)..first)
        .rev()
        .take_while(|&i| reading.continues(i + 1))
        .any(|i| {
            let entry = reading.entry(i);
            matches!(entry.glue, Some(Glue::Count)) || matches!(entry.hedge, Some(Hedge::More))
        })
}

/// Finds what is said about the certainty of a number, before it and right behind it.
fn hedge(reading: &Reading<'_>, number: &mut Number) {
    if let Some((bound, first)) = hedge_before(reading, number.first()) {
        number.bound = merge(number.bound, bound);
        number.outer_first = first as u32;
    }
    if let Some((bound, end)) = hedge_after(reading, number.end()) {
        number.bound = merge(number.bound, bound);
        number.outer_end = end as u32;
    }
}

/// «نحو عشرات» stays a lower bound.
pub(crate) fn merge(own: Bound, said: Bound) -> Bound {
    if own == Bound::AtLeast && said == Bound::About {
        own
    } else {
        said
    }
}

/// «نحو», «ما يقارب», «ما لا يقل عن», «أكثر من», «لا يزيد على», «على الأقل» in front of token `i`.
fn hedge_before(reading: &Reading<'_>, i: usize) -> Option<(Bound, usize)> {
    let mut at = i;
    // One particle may stand between: «عن», «من», «على», «إلى», or the ب ل of the number itself.
    let mut particle = None;
    for _ in 0..2 {
        let before = at.checked_sub(1).filter(|_| reading.continues(at))?;
        let entry = reading.entry(before);
        if let Some(hedge) = entry.hedge {
            let negated = before
                .checked_sub(1)
                .filter(|&b| reading.continues(before) && reading.entry(b).glue == Some(Glue::Not));
            let start = negated.unwrap_or(before);
            let start = start
                .checked_sub(1)
                .filter(|&b| reading.continues(start) && reading.entry(b).glue == Some(Glue::What))
                .unwrap_or(start);
            let bound = match (hedge, negated.is_some(), particle) {
                (Hedge::About, ..) => Bound::About,
                // «فوق 20», «تجاوز 20» need no particle, «أكثر 20» is none.
                (Hedge::More, false, _) => Bound::AtLeast,
                (Hedge::More, true, _) => Bound::AtMost,
                (Hedge::Less, _, Some(Glue::From)) => Bound::AtMost,
                (Hedge::Falls, true, _) => Bound::AtLeast,
                // «ما يصل إلى 75»
                (Hedge::Reaches, false, Some(Glue::To)) if start < before => Bound::AtMost,
                (Hedge::Least, _, None) => Bound::AtLeast,
                (Hedge::Most, _, None) => Bound::AtMost,
                _ => return None,
            };
            // «على الأقل 20»
            let start = match hedge {
                Hedge::Least | Hedge::Most => start
                    .checked_sub(1)
                    .filter(|&b| reading.entry(b).glue == Some(Glue::On))?,
                _ => start,
            };
            return Some((bound, start));
        }
        match entry.glue {
            Some(glue @ (Glue::From | Glue::About | Glue::On | Glue::To))
                if particle.is_none() && reading.cue(before).prefix == 0 =>
            {
                particle = Some(glue);
                at = before;
            }
            _ => return None,
        }
    }
    None
}

/// «على الأقل», «تقريبا», «على الأكثر», «أو أكثر», «فأكثر» at token `i`.
pub(crate) fn hedge_after(reading: &Reading<'_>, i: usize) -> Option<(Bound, usize)> {
    if !reading.continues(i) {
        return None;
    }
    let entry = reading.entry(i);
    match entry.hedge {
        Some(Hedge::About) if reading.of(i).contains("تقريب") => {
            return Some((Bound::About, i + 1));
        }
        Some(Hedge::More) if reading.of(i).contains("كثر") && reading.cue(i).and() => {
            return Some((Bound::AtLeast, i + 1));
        }
        _ => {}
    }
    if entry.glue == Some(Glue::On) && reading.continues(i + 1) {
        return match reading.entry(i + 1).hedge? {
            Hedge::Least => Some((Bound::AtLeast, i + 2)),
            Hedge::Most => Some((Bound::AtMost, i + 2)),
            _ => None,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_three_scripts_and_their_signs() {
        for (text, scaled, value) in [
            ("120", false, 120.0),
            ("١٢٠", false, 120.0),
            ("۱۲۰", false, 120.0),
            ("1,250", false, 1250.0),
            ("1.250", false, 1250.0),
            ("1.250", true, 1.25),
            ("٣٫٥", false, 3.5),
            ("١٬٢٥٠", false, 1250.0),
            ("16,5", false, 16.5),
            ("0.125", false, 0.125),
            ("1.554.000", false, 1_554_000.0),
            ("1,250.75", false, 1250.75),
            ("1.250,75", false, 1250.75),
        ] {
            assert_eq!(digits(text, scaled), Some(value), "{text}");
        }
        assert_eq!(digits("1234567890123456", false), None);
    }
}
