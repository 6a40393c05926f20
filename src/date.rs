//! Dates: «20 تشرين الأول/أكتوبر 2024», `20/10/2024`, «17 ربيع الآخر 1446هـ», «عام 2019», «الثلاثاء الماضي».
//!
//! What is certain becomes an ISO 8601 date. A date without its year, a weekday, «أمس» are kept as they are and resolved
//! only against a day the caller gives (the day of publication). Hijri dates are recognised and never turned into a
//! Gregorian day silently: [`DateMention::gregorian_estimate`] says in its name what it is.

mod civil;

use std::fmt;

use crate::calendar::{CalendarWord, MonthHead};
use crate::measure::{self, Form, Glue, NumberWord, Reading, RelativeWord, TimeUnit};
use crate::number::Number;
use crate::span::Span;
use crate::token::TokenKind;

pub use civil::CivilDate;

/// The calendar a date is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum Calendar {
    /// The Gregorian calendar, under any of its month names.
    #[default]
    Gregorian,
    /// The Islamic lunar calendar.
    Hijri,
}

impl Calendar {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Calendar::Gregorian => "gregorian",
            Calendar::Hijri => "hijri",
        }
    }
}

/// How exact a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum Precision {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
    /// Ten years.
    Decade,
}

impl Precision {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Week => "week",
            Precision::Month => "month",
            Precision::Year => "year",
            Precision::Decade => "decade",
        }
    }
}

/// Year, month and day as far as they are known; 0 where not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Point {
    pub(crate) year: i32,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

/// A date relative to the day of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Relative {
    /// So many days from it: أمس -1.
    Days(i16),
    /// A weekday: 0 the nearest one up to that day, -1 the one before it, 1 the one after it.
    Weekday(i8),
    /// So many weeks, months or years from it: «الشهر الماضي» -1.
    Units(TimeUnit, i16),
    /// A day or month of no year: -1 the last one, 0 the nearest, 1 the next.
    Yearless(i8),
}

/// A date of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateMention {
    /// Where it is.
    pub span: Span,
    pub(crate) first: u32,
    pub(crate) end: u32,
    calendar: Calendar,
    from: Point,
    /// The other end of «20-25 أكتوبر 2024», «2018-2019».
    to: Option<Point>,
    weekday: u8,
    relative: Option<Relative>,
    decade: bool,
    certain: bool,
}

/// An ISO 8601 date, or an interval of two; its [`Display`](fmt::Display) is the text: `2024-10-20`, `2024-10`, `2024`, `199X`,
/// `2018/2019`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IsoDate {
    from: Point,
    to: Option<Point>,
    decade: bool,
}

impl fmt::Display for IsoDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let point = |f: &mut fmt::Formatter<'_>, p: Point| {
            if self.decade {
                return write!(f, "{:03}X", p.year / 10);
            }
            write!(f, "{:04}", p.year)?;
            if p.month > 0 {
                write!(f, "-{:02}", p.month)?;
            }
            if p.day > 0 {
                write!(f, "-{:02}", p.day)?;
            }
            Ok(())
        };
        point(f, self.from)?;
        if let Some(to) = self.to {
            f.write_str("/")?;
            point(f, to)?;
        }
        Ok(())
    }
}

impl DateMention {
    /// The calendar it is written in.
    pub const fn calendar(&self) -> Calendar {
        self.calendar
    }

    /// How exact it is.
    pub const fn precision(&self) -> Precision {
        match self.relative {
            Some(Relative::Days(_) | Relative::Weekday(_)) => return Precision::Day,
            Some(Relative::Units(TimeUnit::Week, _)) => return Precision::Week,
            Some(Relative::Units(TimeUnit::Month, _)) => return Precision::Month,
            Some(Relative::Units(
                TimeUnit::Day | TimeUnit::Hour | TimeUnit::Minute | TimeUnit::Second,
                _,
            )) => return Precision::Day,
            Some(Relative::Units(..)) => return Precision::Year,
            _ => {}
        }
        if self.decade {
            Precision::Decade
        } else if self.from.day > 0 {
            Precision::Day
        } else if self.from.month > 0 {
            Precision::Month
        } else {
            Precision::Year
        }
    }

    /// Whether it says nothing without the day of writing: «أمس», «الثلاثاء», «20 أكتوبر» without a year.
    pub const fn is_relative(&self) -> bool {
        self.relative.is_some()
    }

    /// The weekday it names, Monday 1 .. Sunday 7.
    pub const fn weekday(&self) -> Option<u8> {
        match self.weekday {
            0 => None,
            day => Some(day),
        }
    }

    /// The ISO date, where it is certain: a Gregorian date with its year.
    pub fn iso(&self) -> Option<IsoDate> {
        let known = self.certain
            && self.relative.is_none()
            && self.calendar == Calendar::Gregorian
            && self.from.year > 0;
        known.then_some(IsoDate {
            from: self.from,
            to: self.to,
            decade: self.decade,
        })
    }

    /// Year, month and day as written in their own calendar, as far as they are known.
    pub fn parts(&self) -> (Option<i32>, Option<u8>, Option<u8>) {
        let known = |n: u8| (n > 0).then_some(n);
        (
            (self.from.year > 0).then_some(self.from.year),
            known(self.from.month),
            known(self.from.day),
        )
    }

    /// The Gregorian day of a full Hijri date by the tabular calendar: right to a day or two.
    pub fn gregorian_estimate(&self) -> Option<CivilDate> {
        if self.calendar != Calendar::Hijri || self.relative.is_some() {
            return None;
        }
        civil::from_hijri(self.from.year, self.from.month, self.from.day)
    }

    /// The full day, where it is certain.
    pub fn civil(&self) -> Option<CivilDate> {
        self.iso()?;
        if self.to.is_some() {
            return None;
        }
        CivilDate::new(self.from.year, self.from.month, self.from.day)
    }

    /// The ISO date seen from the day `reference`: the certain one, else what a relative date means on that day.
    pub fn resolve(&self, reference: CivilDate) -> Option<IsoDate> {
        let day = |days: i64| {
            let date = CivilDate::from_days(days);
            Some(IsoDate {
                from: Point {
                    year: date.year,
                    month: date.month,
                    day: date.day,
                },
                to: None,
                decade: false,
            })
        };
        let today = reference.days();
        match self.relative {
            None => self.iso(),
            Some(Relative::Days(n)) => day(today + i64::from(n)),
            Some(Relative::Weekday(which)) => {
                let back = i64::from(reference.weekday()) - i64::from(self.weekday);
                let back = back.rem_euclid(7);
                day(match which {
                    -1 if back == 0 => today - 7,
                    1 => today - back + 7,
                    _ => today - back,
                })
            }
            Some(Relative::Units(unit, n)) => match unit {
                TimeUnit::Day => day(today + i64::from(n)),
                TimeUnit::Month => {
                    let months = i64::from(reference.year) * 12 + i64::from(reference.month) - 1
                        + i64::from(n);
                    Some(month(
                        months.div_euclid(12) as i32,
                        (months.rem_euclid(12) + 1) as u8,
                    ))
                }
                TimeUnit::Year => Some(month(reference.year + i32::from(n), 0)),
                TimeUnit::Decade => Some(month(reference.year + 10 * i32::from(n), 0)),
                _ => None,
            },
            Some(Relative::Yearless(which)) => {
                if self.calendar != Calendar::Gregorian {
                    return None;
                }
                let at = |year: i32| CivilDate::new(year, self.from.month, self.from.day.max(1));
                let year = [reference.year - 1, reference.year, reference.year + 1]
                    .into_iter()
                    .filter_map(|year| at(year).map(|date| (date.days() - today, year)))
                    .filter(|&(away, _)| match which {
                        -1 => away <= 0,
                        1 => away >= 0,
                        _ => true,
                    })
                    // The press looks back more often than ahead.
                    .min_by_key(|&(away, _)| if away > 0 { 2 * away } else { -away })
                    .map(|(_, year)| year)?;
                let with = |p: Point| Point { year, ..p };
                Some(IsoDate {
                    from: with(self.from),
                    to: self.to.map(with),
                    decade: false,
                })
            }
        }
    }
}

const fn month(year: i32, month: u8) -> IsoDate {
    IsoDate {
        from: Point {
            year,
            month,
            day: 0,
        },
        to: None,
        decade: false,
    }
}

/// Appends the dates of a text in reading order.
pub(crate) fn read(reading: &Reading<'_>, out: &mut Vec<DateMention>) {
    out.clear();
    let mut past = 0;
    for &i in &reading.marks.dates {
        let i = i as usize;
        if i < past {
            continue;
        }
        let found = match reading.kind(i) {
            Some(TokenKind::Number) => numeric(reading, i)
                .or_else(|| day_month(reading, i))
                .or_else(|| years(reading, i)),
            Some(TokenKind::Word) => word(reading, i),
            _ => None,
        };
        let Some(mut found) = found else {
            continue;
        };
        past = found.end.max(i + 1);
        found.check_weekday();
        out.push(DateMention {
            span: reading.span(found.start, past - 1),
            first: found.start as u32,
            end: past as u32,
            calendar: found.calendar,
            from: found.from,
            to: found.to,
            weekday: found.weekday,
            relative: found.relative,
            decade: found.decade,
            certain: !found.uncertain,
        });
    }
}

/// Whether a number's tokens are inside a date; `dates` are ordered, `at` remembers where to look.
pub(crate) fn covers(dates: &[DateMention], at: &mut usize, number: &Number) -> bool {
    while dates.get(*at).is_some_and(|d| d.end <= number.first) {
        *at += 1;
    }
    dates.get(*at).is_some_and(|d| d.first < number.end)
}

#[derive(Clone, Copy, Debug, Default)]
struct Found {
    start: usize,
    end: usize,
    calendar: Calendar,
    from: Point,
    to: Option<Point>,
    weekday: u8,
    relative: Option<Relative>,
    decade: bool,
    uncertain: bool,
}

impl Found {
    /// «الأحد 10/12/2024»: where the weekday fits only with day and month changed about, they were.
    fn check_weekday(&mut self) {
        let Point { year, month, day } = self.from;
        if self.weekday == 0
            || self.relative.is_some()
            || self.calendar != Calendar::Gregorian
            || self.to.is_some()
        {
            return;
        }
        let fits = |month, day| {
            CivilDate::new(year, month, day).is_some_and(|d| d.weekday() == self.weekday)
        };
        if self.uncertain && !fits(month, day) && fits(day, month) {
            self.from = Point {
                year,
                month: day,
                day: month,
            };
        }
        // Day before month is the rule of the Arab press; a weekday that says otherwise is a slip of the weekday.
        self.uncertain = false;
    }
}

/// A date that begins with a word.
fn word(reading: &Reading<'_>, i: usize) -> Option<Found> {
    let entry = reading.entry(i);
    let cue = reading.cue(i);
    if let Some(CalendarWord::Weekday(day)) = entry.calendar {
        return Some(weekday(reading, i, day));
    }
    if (entry.ordinal.is_some() || matches!(entry.number, Some(NumberWord::Tens(20 | 30))))
        && let Some(found) = day_month(reading, i)
    {
        return Some(found);
    }
    if month_at(reading, i).is_some() {
        return month_first(reading, i);
    }
    if let Some((unit, form)) = entry.time
        && let Some(found) = unit_of_time(reading, i, unit, form)
    {
        return Some(found);
    }
    if let Some(glue @ (Glue::In | Glue::Until)) = entry.glue
        && cue.prefix <= 1
        && glue != Glue::Between
    {
        return bare_year(reading, i + 1);
    }
    if let Some(Glue::Between | Glue::From) = entry.glue {
        // «بين 2015 و2020», «من 2015 إلى 2020»: two years or none.
        return bare_year(reading, i + 1).filter(|found| found.to.is_some());
    }
    match entry.relative? {
        RelativeWord::Day(days) => day_word(reading, i, days),
        RelativeWord::First => {
            // «أول أمس», «أول من أمس»
            let next = if reading.entry(i + 1).glue == Some(Glue::From) {
                i + 2
            } else {
                i + 1
            };
            let yesterday = reading.entry(next).relative == Some(RelativeWord::Day(-1))
                && reading.continues(next);
            yesterday.then(|| Found {
                start: i,
                end: next + 1,
                relative: Some(Relative::Days(-2)),
                ..Found::default()
            })
        }
        RelativeWord::Ago => ago(reading, i).or_else(|| bare_year(reading, i + 1)),
        RelativeWord::After
            if reading.of(i).ends_with("بعد")
                && reading.entry(i + 1).relative == Some(RelativeWord::Day(1)) =>
        {
            Some(Found {
                start: i,
                end: i + 2,
                relative: Some(Relative::Days(2)),
                ..Found::default()
            })
        }
        RelativeWord::After | RelativeWord::PartOfYear => bare_year(reading, i + 1),
        RelativeWord::Decade(tens) => Some(decade(reading, i, tens)),
        _ => None,
    }
}

/// «الأحد», «الأحد الماضي», «الأحد 20 أكتوبر 2024», «الأحد، 20/10/2024».
fn weekday(reading: &Reading<'_>, i: usize, day: u8) -> Found {
    let mut next = i + 1;
    if reading.is_sign(next, ['،', ',', '(', '-', '–']) {
        next += 1;
    }
    if matches!(reading.entry(next).glue, Some(Glue::Equals)) {
        next += 1;
    }
    if reading.continues(next)
        && let Some(found) = numeric(reading, next).or_else(|| day_month(reading, next))
    {
        return Found {
            start: i,
            weekday: day,
            ..found
        };
    }
    let which = adjective(reading, i + 1);
    Found {
        start: i,
        end: i + 1 + usize::from(which.is_some()),
        weekday: day,
        relative: Some(Relative::Weekday(which.unwrap_or(0))),
        ..Found::default()
    }
}

/// «الماضي» -1, «الجاري» 0, «المقبل» 1: with its article, right behind what it belongs to.
fn adjective(reading: &Reading<'_>, i: usize) -> Option<i8> {
    if !reading.continues(i) || !reading.cue(i).article() || reading.cue(i).and() {
        return None;
    }
    match reading.entry(i).relative? {
        RelativeWord::Last => Some(-1),
        RelativeWord::This => Some(0),
        RelativeWord::Next => Some(1),
        _ => None,
    }
}

/// Three numbers and two like signs between them.
fn numeric(reading: &Reading<'_>, i: usize) -> Option<Found> {
    let (a, a_digits) = reading.integer(i)?;
    let sign = reading.of(i + 1);
    if !reading.is_sign(i + 1, ['/', '-', '.', '–', '\\']) {
        return None;
    }
    // More of the same is a version, an address, a telephone.
    let longer = |at: usize| reading.of(at) == sign && !reading.spaced(at);
    if let Some(before) = i.checked_sub(1)
        && before > 0
        && !reading.spaced(i)
        && reading.is_number(before - 1)
        && longer(before)
    {
        return None;
    }
    // `10.2024` of `20.10.2024` is one token.
    let glued = if sign == "." {
        two_integers(reading.of(i + 2))
    } else {
        None
    };
    let ((b, b_digits), (c, c_digits), past) = match glued {
        Some((b, c)) => (b, c, i + 3),
        None if reading.of(i + 3) == sign => {
            (reading.integer(i + 2)?, reading.integer(i + 4)?, i + 5)
        }
        None => return None,
    };
    // Spaces only around slashes, and on one line.
    let spaced = (i + 1..past).any(|at| reading.spaced(at));
    let broken = (i + 1..past).any(|at| !reading.continues(at));
    let more = longer(past) && !reading.spaced(past + 1) && reading.is_number(past + 1);
    if broken || more || (spaced && sign != "/") || b_digits > 2 {
        return None;
    }
    let (year, year_digits, month, day) = if a_digits == 4 && c_digits <= 2 {
        (a, a_digits, b, c)
    } else if a_digits <= 2 && c_digits >= 2 && c_digits != 3 && c_digits <= 4 {
        (c, c_digits, b, a)
    } else {
        return None;
    };
    // 10/20/2024 can only be month before day.
    let (month, day) = if month > 12 && day <= 12 {
        (day, month)
    } else {
        (month, day)
    };
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let mut end = past;
    let hijri_mark = is_hijri_mark(reading, end);
    let hijri = hijri_mark || (year_digits == 4 && (1300..1500).contains(&year));
    end += usize::from(hijri_mark || is_common_era_mark(reading, end));
    if hijri {
        let fits = (1..=12).contains(&month) && (1..=30).contains(&day) && year_digits == 4;
        return fits.then_some(Found {
            start: i,
            end,
            calendar: Calendar::Hijri,
            from: Point {
                year: year as i32,
                month,
                day,
            },
            ..Found::default()
        });
    }
    // Of two digits a year is a guess, and no ISO date is made of it.
    let short = year_digits == 2;
    let full = if short {
        if year < 50 { 2000 + year } else { 1900 + year }
    } else {
        year
    };
    if !(1800..=2200).contains(&full) {
        return None;
    }
    let date = CivilDate::new(full as i32, month, day)?;
    Some(Found {
        start: i,
        end,
        from: Point {
            year: date.year,
            month,
            day,
        },
        relative: short.then_some(Relative::Yearless(0)),
        // Both orders possible: a weekday may decide.
        uncertain: sign == "/" && day <= 12 && a_digits <= 2,
        ..Found::default()
    })
    .map(|found| {
        if short {
            // The guess is not kept: the day and month are what is known.
            Found {
                from: Point {
                    year: 0,
                    ..found.from
                },
                uncertain: false,
                ..found
            }
        } else {
            found
        }
    })
}

/// The two integers of a number token with one point, and their digits.
fn two_integers(text: &str) -> Option<((u32, u8), (u32, u8))> {
    let (left, right) = text.split_once('.')?;
    let read = |part: &str| {
        let mut value = 0;
        let mut digits = 0;
        for c in part.chars() {
            if digits == 4 {
                return None;
            }
            value = value * 10 + measure::digit(c)?;
            digits += 1;
        }
        (digits > 0).then_some((value, digits))
    };
    Some((read(left)?, read(right)?))
}

/// هـ behind a year.
fn is_hijri_mark(reading: &Reading<'_>, i: usize) -> bool {
    reading.is_word(i) && reading.continues(i) && {
        let text = reading.of(i);
        matches!(
            text,
            "هـ" | "ه" | "ھ" | "ﻫ" | "هجرية" | "هجري" | "للهجرة" | "هجريا"
        )
    }
}

/// م behind a year, glued or not.
fn is_common_era_mark(reading: &Reading<'_>, i: usize) -> bool {
    reading.is_word(i)
        && reading.continues(i)
        && matches!(reading.of(i), "م" | "ميلادية" | "ميلادي" | "للميلاد")
}

/// «20 أكتوبر 2024», «20-25 أكتوبر», «22 و25 أكتوبر», `20th, October 2024`.
fn day_month(reading: &Reading<'_>, i: usize) -> Option<Found> {
    if i > 0 && !reading.spaced(i) && reading.is_sign(i - 1, ['.', ',', '/', '-']) {
        return None;
    }
    let (first, after) = day_of_month(reading, i)?;
    let mut at = after;
    let mut last = first;
    // The other end of a range.
    let dash = reading.is_sign(at, ['-', '–', 'ـ', '/']) && !reading.spaced(at);
    let joined = matches!(
        reading.entry(at).glue,
        Some(Glue::And | Glue::To | Glue::Until)
    );
    let second = (dash || joined).then_some(at + 1);
    if let Some(second) = second
        && let Some(day) = day_number(reading, second)
        && reading.continues(second)
    {
        if day <= first {
            return None;
        }
        last = day;
        at = second + 1;
    }
    // `20th,`
    if reading.is_word(at)
        && !reading.spaced(at)
        && matches!(reading.of(at), "th" | "st" | "nd" | "rd")
    {
        at += 1;
        if reading.is_sign(at, [',', '،']) {
            at += 1;
        }
        if reading.of(at) == "of" {
            at += 1;
        }
    }
    // «20 من شهر أكتوبر», «5 شهر أكتوبر»
    if reading.entry(at).glue == Some(Glue::From) {
        at += 1;
    }
    if matches!(reading.entry(at).time, Some((TimeUnit::Month, Form::One))) {
        at += 1;
    }
    // «الأول من مايو», not «الثاني أكتوبر»; «فاتح ماي» has no «من».
    if reading.is_word(i)
        && at == after
        && !matches!(reading.of(i), "فاتح" | "غرة" | "وفاتح" | "بفاتح")
    {
        return None;
    }
    if !(i + 1..=at).all(|t| reading.continues(t)) || reading.cue(at).and() {
        return None;
    }
    let month = month_at(reading, at)?;
    let year = year_behind(reading, month.end, month.calendar);
    if month.doubtful && year.is_none() {
        return None;
    }
    if month.calendar == Calendar::Gregorian {
        let year = year.map_or(2000, |y| y.0);
        if last > civil::days_in_month(year, month.number) {
            return None;
        }
    } else if last > 30 {
        return None;
    }
    let mut end = year.map_or(month.end, |(_, end)| end);
    let which = match year {
        None => adjective(reading, end),
        Some(_) => None,
    };
    end += usize::from(which.is_some());
    let point = |day| Point {
        year: year.map_or(0, |y| y.0),
        month: month.number,
        day,
    };
    Some(Found {
        start: i,
        end,
        calendar: month.calendar,
        from: point(first),
        to: (last > first).then(|| point(last)),
        relative: year
            .is_none()
            .then_some(Relative::Yearless(which.unwrap_or(0))),
        ..Found::default()
    })
}

/// A day of a month: in digits, or «السابع», «الحادي عشر», «الخامس والعشرين»; and where it ends.
fn day_of_month(reading: &Reading<'_>, i: usize) -> Option<(u8, usize)> {
    if reading.is_number(i) {
        return Some((day_number(reading, i)?, i + 1));
    }
    let entry = reading.entry(i);
    // «العشرين من مارس»
    if let Some(NumberWord::Tens(tens @ (20 | 30))) = entry.number
        && reading.cue(i).article()
    {
        return Some((tens, i + 1));
    }
    let day = entry.ordinal?;
    let next = i + 1;
    if reading.continues(next) {
        match reading.entry(next).number {
            Some(NumberWord::Ten) if !reading.cue(next).and() => return Some((day + 10, next + 1)),
            Some(NumberWord::Tens(tens @ (20 | 30))) if reading.cue(next).and() => {
                return Some((day + tens, next + 1));
            }
            _ => {}
        }
    }
    Some((day, next))
}

/// A day of a month in one or two digits.
fn day_number(reading: &Reading<'_>, i: usize) -> Option<u8> {
    let (value, digits) = reading.integer(i)?;
    (digits <= 2 && (1..=31).contains(&value)).then_some(value as u8)
}

#[derive(Clone, Copy)]
struct Month {
    number: u8,
    calendar: Calendar,
    end: usize,
    /// A word of another meaning: needs a day or a year.
    common: bool,
    /// أب for آب: needs a year even behind a day.
    doubtful: bool,
    /// Two names: «تشرين الأول/أكتوبر».
    twice: bool,
}

/// A month, with its other name behind a slash.
fn month_at(reading: &Reading<'_>, i: usize) -> Option<Month> {
    let mut month = one_month(reading, i)?;
    let slash = month.end;
    let bracket = reading.is_sign(slash, ['(']) && reading.continues(slash);
    if !bracket && !reading.is_sign(slash, ['/']) {
        return Some(month);
    }
    let other = slash + 1;
    if let Some(again) = one_month(reading, other)
        && again.number == month.number
        && again.calendar == month.calendar
    {
        month.end = again.end
            + usize::from(reading.is_sign(again.end, [')']) && reading.is_sign(slash, ['(']));
        month.common = false;
        month.doubtful = false;
        month.twice = true;
    }
    Some(month)
}

fn one_month(reading: &Reading<'_>, i: usize) -> Option<Month> {
    if !reading.is_word(i) {
        return None;
    }
    let gregorian = |number, common, end| Month {
        number,
        calendar: Calendar::Gregorian,
        end,
        common,
        doubtful: false,
        twice: false,
    };
    Some(match reading.entry(i).calendar? {
        _ if reading.cue(i).article() => return None,
        CalendarWord::Month(number) => gregorian(number, false, i + 1),
        CalendarWord::CommonMonth(number) => {
            let father =
                number == 8 && matches!(reading.of(i).chars().rev().nth(1), Some('أ' | 'ا'));
            Month {
                doubtful: father,
                ..gregorian(number, true, i + 1)
            }
        }
        CalendarWord::Hijri(number) => Month {
            number,
            calendar: Calendar::Hijri,
            end: i + 1,
            common: true,
            doubtful: false,
            twice: false,
        },
        CalendarWord::MonthHead(head) => {
            if !reading.continues(i + 1) {
                return None;
            }
            let (number, calendar) = match (head, reading.entry(i + 1).calendar?) {
                (MonthHead::Tishrin, CalendarWord::Ordinal(n)) => (9 + n, Calendar::Gregorian),
                (MonthHead::Kanun, CalendarWord::Ordinal(1)) => (12, Calendar::Gregorian),
                (MonthHead::Kanun, CalendarWord::Ordinal(_)) => (1, Calendar::Gregorian),
                (MonthHead::Rabi, CalendarWord::Ordinal(n)) => (2 + n, Calendar::Hijri),
                (MonthHead::Jumada, CalendarWord::Ordinal(n)) => (4 + n, Calendar::Hijri),
                (MonthHead::Dhu, CalendarWord::Ordinal(n)) => (10 + n, Calendar::Hijri),
                _ => return None,
            };
            Month {
                number,
                calendar,
                end: i + 2,
                common: false,
                doubtful: false,
                twice: false,
            }
        }
        _ => return None,
    })
}

/// The year behind a month: «2024», «من عام 2024», «، 2024», «1446هـ».
fn year_behind(reading: &Reading<'_>, i: usize, calendar: Calendar) -> Option<(i32, usize)> {
    let mut at = i;
    if reading.is_sign(at, ['،', ',']) {
        at += 1;
    }
    if reading.entry(at).glue == Some(Glue::From) {
        at += 1;
    }
    if matches!(reading.entry(at).time, Some((TimeUnit::Year, Form::One))) {
        at += 1;
    }
    if !(i..=at).all(|t| reading.continues(t)) {
        return None;
    }
    // A comma alone before a number of something else: «في أكتوبر، 2000 شخص».
    let (year, digits) = reading.integer(at)?;
    let range = match calendar {
        Calendar::Gregorian => 1500..2200,
        Calendar::Hijri => 1..1600,
    };
    if (digits != 4 && calendar == Calendar::Gregorian)
        || digits < 3
        || !range.contains(&year)
        || counted(reading, at + 1)
    {
        return None;
    }
    // `2024-10`, `10.5`: part of something longer.
    let end = at + 1;
    let mark = is_hijri_mark(reading, end) || is_common_era_mark(reading, end);
    Some((year as i32, end + usize::from(mark)))
}

/// Whether something countable stands at `i`: then the number before it is no year.
fn counted(reading: &Reading<'_>, i: usize) -> bool {
    if !reading.is_word(i) || !reading.continues(i) {
        return reading.is_sign(i, ['%', '٪', '$', '€']);
    }
    let entry = reading.entry(i);
    let cue = reading.cue(i);
    let noun = entry.people.is_some()
        || entry.unit.is_some()
        || entry.currency.is_some()
        || entry.time.is_some();
    let scale = matches!(
        entry.number,
        Some(NumberWord::Scale(_) | NumberWord::ScalePlural(_))
    );
    (noun || scale) && cue.prefix == 0 && !is_common_era_mark(reading, i)
}

/// A month without a day before it: «أكتوبر 2024», `October 20, 2024`, «في أكتوبر الماضي».
fn month_first(reading: &Reading<'_>, i: usize) -> Option<Found> {
    let month = month_at(reading, i)?;
    // «32 أكتوبر 2024»: a day that is none makes no date.
    let behind_number = i
        .checked_sub(1)
        .is_some_and(|b| reading.integer(b).is_some_and(|(_, digits)| digits <= 2));
    if behind_number && reading.continues(i) {
        return None;
    }
    let found = |day: u8, year: i32, end: usize, relative: Option<Relative>| Found {
        start: i,
        end,
        calendar: month.calendar,
        from: Point {
            year,
            month: month.number,
            day,
        },
        relative,
        ..Found::default()
    };
    if let Some(day) = day_number(reading, month.end)
        && reading.continues(month.end)
    {
        let mut at = month.end + 1;
        if reading.is_word(at)
            && !reading.spaced(at)
            && matches!(reading.of(at), "th" | "st" | "nd" | "rd")
        {
            at += 1;
        }
        if let Some((year, end)) = year_behind(reading, at, month.calendar)
            && CivilDate::new(year, month.number, day).is_some()
        {
            return Some(found(day, year, end, None));
        }
    }
    if let Some((year, end)) = year_behind(reading, month.end, month.calendar) {
        return Some(found(0, year, end, None));
    }
    if month.doubtful {
        return None;
    }
    if let Some(which) = adjective(reading, month.end) {
        return Some(found(0, 0, month.end + 1, Some(Relative::Yearless(which))));
    }
    let before = i.checked_sub(1).filter(|_| reading.continues(i));
    let since = before.is_some_and(|b| {
        reading.entry(b).relative == Some(RelativeWord::Ago) && reading.of(b).ends_with("منذ")
    });
    let introduced = before.is_some_and(|b| {
        let entry = reading.entry(b);
        matches!(entry.time, Some((TimeUnit::Month, _)))
            || (!month.common
                && (matches!(
                    entry.glue,
                    Some(Glue::In | Glue::Until | Glue::From | Glue::To)
                ) || matches!(
                    entry.relative,
                    Some(RelativeWord::Ago | RelativeWord::After | RelativeWord::PartOfYear)
                )))
    });
    (introduced || month.twice || (!month.common && reading.cue(i).preposition())).then(|| {
        found(
            0,
            0,
            month.end,
            Some(Relative::Yearless(if since { -1 } else { 0 })),
        )
    })
}

/// «عام 2019», «عامي 2018 و2019», «العام الماضي», «الأسبوع المقبل».
fn unit_of_time(reading: &Reading<'_>, i: usize, unit: TimeUnit, form: Form) -> Option<Found> {
    let next = i + 1;
    if !reading.continues(next) {
        return None;
    }
    if unit == TimeUnit::Year && form != Form::Many {
        let (year, digits) = reading.integer(next).unwrap_or((0, 0));
        let hijri = is_hijri_mark(reading, next + 1) || (1300..1500).contains(&year);
        let fits = if hijri {
            digits == 4
        } else {
            digits == 4 && (1000..2200).contains(&year)
        };
        if fits && !counted(reading, next + 1) {
            let marked = is_hijri_mark(reading, next + 1) || is_common_era_mark(reading, next + 1);
            let mut end = next + 1 + usize::from(marked);
            let to = second_year(reading, end, year);
            if let Some((_, after)) = to {
                end = after;
            }
            return Some(Found {
                start: i,
                end,
                calendar: if hijri {
                    Calendar::Hijri
                } else {
                    Calendar::Gregorian
                },
                from: Point {
                    year: year as i32,
                    ..Point::default()
                },
                to: to.map(|(year, _)| Point {
                    year,
                    ..Point::default()
                }),
                ..Found::default()
            });
        }
    }
    if form == Form::One && reading.cue(i).article() && unit >= TimeUnit::Day {
        let which = adjective(reading, next)?;
        return Some(Found {
            start: i,
            end: next + 1,
            relative: Some(Relative::Units(unit, i16::from(which))),
            ..Found::default()
        });
    }
    None
}

/// The second year of «2018-2019», «2018 و2019», «2018/2019» at `i`, and where it ends.
fn second_year(reading: &Reading<'_>, i: usize, first: u32) -> Option<(i32, usize)> {
    let sign = reading.is_sign(i, ['-', '–', 'ـ', '/']) && !reading.spaced(i);
    let word = matches!(reading.entry(i).glue, Some(Glue::And | Glue::To)) && reading.continues(i);
    if !sign && !word {
        return None;
    }
    let (year, digits) = reading.integer(i + 1)?;
    let follows = digits == 4
        && year > first
        && year - first <= 60
        && (1900..2200).contains(&year)
        && !counted(reading, i + 2);
    // «و» must be glued to its year: «عام 2018 و 2019» is too, «في 2018 إلى 2019» as well.
    (follows && reading.continues(i + 1)).then_some((year as i32, i + 2))
}

/// «في 2021», «منذ 2011», «مطلع 2019»: a year of four digits that counts nothing.
fn bare_year(reading: &Reading<'_>, i: usize) -> Option<Found> {
    let (year, digits) = reading.integer(i)?;
    if digits != 4
        || !(1900..2100).contains(&year)
        || !reading.continues(i)
        || counted(reading, i + 1)
    {
        return None;
    }
    // «في 2000 قرية»: round numbers count, unless the sentence pauses behind them.
    let next_is_word = reading.is_word(i + 1) && reading.continues(i + 1);
    if year % 100 == 0
        && next_is_word
        && !reading.cue(i + 1).and()
        && reading.entry(i + 1).glue.is_none()
    {
        return None;
    }
    // `2024/10/20` is read from its number.
    if numeric(reading, i).is_some() || decimal_like(reading, i) {
        return None;
    }
    let to = second_year(reading, i + 1, year);
    Some(Found {
        start: i,
        end: to.map_or(i + 1, |(_, end)| end),
        from: Point {
            year: year as i32,
            ..Point::default()
        },
        to: to.map(|(year, _)| Point {
            year,
            ..Point::default()
        }),
        ..Found::default()
    })
}

/// A number token glued to signs and digits before or behind it.
fn decimal_like(reading: &Reading<'_>, i: usize) -> bool {
    let glued = |sign: usize, number: usize| {
        reading.is_sign(sign, ['.', '/', ':'])
            && reading.is_number(number)
            && !reading.spaced(sign)
            && !reading.spaced(number)
    };
    glued(i + 1, i + 2)
}

/// A number that is a year by its company: «2018-2019», «(2021)».
fn years(reading: &Reading<'_>, i: usize) -> Option<Found> {
    let (year, digits) = reading.integer(i)?;
    if digits != 4 || !(1900..2100).contains(&year) {
        return None;
    }
    let point = |year| Point {
        year,
        ..Point::default()
    };
    let before = i.checked_sub(1);
    let glued =
        before.is_some_and(|b| reading.is_sign(b, ['/', '-', '.', ':']) && !reading.spaced(i));
    if !glued
        && reading.is_sign(i + 1, ['-', '–', 'ـ', '/'])
        && let Some((to, end)) = second_year(reading, i + 1, year)
        && (!reading.is_sign(end, ['/', '-', '.']) || reading.spaced(end))
    {
        return Some(Found {
            start: i,
            end,
            from: point(year as i32),
            to: Some(point(to)),
            ..Found::default()
        });
    }
    let bracketed =
        before.is_some_and(|b| reading.is_sign(b, ['('])) && reading.is_sign(i + 1, [')']);
    bracketed.then(|| Found {
        start: i,
        end: i + 1,
        from: point(year as i32),
        ..Found::default()
    })
}

/// «أمس», «اليوم», «غدا», with a weekday or date behind them.
fn day_word(reading: &Reading<'_>, i: usize, days: i8) -> Option<Found> {
    let relative = Found {
        start: i,
        end: i + 1,
        relative: Some(Relative::Days(i16::from(days))),
        ..Found::default()
    };
    let mut next = i + 1;
    if reading.is_sign(next, ['،', ','])
        && matches!(
            reading.entry(next + 1).calendar,
            Some(CalendarWord::Weekday(_))
        )
    {
        next += 1;
    }
    if let Some(CalendarWord::Weekday(day)) = reading.entry(next).calendar
        && reading.continues(next)
        && !reading.cue(next).and()
    {
        let full = weekday(reading, next, day);
        return Some(if matches!(full.relative, Some(Relative::Weekday(_))) {
            Found {
                end: next + 1,
                weekday: day,
                ..relative
            }
        } else {
            Found { start: i, ..full }
        });
    }
    if days == 0 {
        // «اليوم العالمي للاجئين», «في اليوم نفسه», «اليوم السابع»
        let before = i.checked_sub(1).filter(|_| reading.continues(i));
        if before.is_some_and(|b| reading.entry(b).glue == Some(Glue::In)) {
            return None;
        }
        let next = reading.of(i + 1);
        // «في مثل هذا اليوم»
        if i > 1 && reading.of(i - 1) == "هذا" && reading.of(i - 2).ends_with("مثل") {
            return None;
        }
        let adjective =
            reading.is_word(i + 1) && reading.continues(i + 1) && next.starts_with("ال");
        if adjective || matches!(next, "نفسه" | "ذاته" | "عينه" | "واحد") {
            return None;
        }
    }
    Some(relative)
}

/// «قبل ثلاثة أيام», «منذ يومين», «قبل أسبوع».
fn ago(reading: &Reading<'_>, i: usize) -> Option<Found> {
    let mut at = i + 1;
    if !reading.continues(at) {
        return None;
    }
    let mut amount = None;
    if let Some((value, digits)) = reading.integer(at) {
        if digits > 3 {
            return None;
        }
        amount = Some(value);
        at += 1;
    } else {
        match reading.entry(at).number {
            Some(NumberWord::Unit(unit)) => {
                amount = Some(u32::from(unit));
                at += 1;
                if reading.entry(at).number == Some(NumberWord::Ten) {
                    amount = amount.map(|n| n + 10);
                    at += 1;
                } else if let Some(NumberWord::Tens(tens)) = reading.entry(at).number
                    && reading.cue(at).and()
                {
                    amount = amount.map(|n| n + u32::from(tens));
                    at += 1;
                }
            }
            Some(NumberWord::Ten) => {
                amount = Some(10);
                at += 1;
            }
            Some(NumberWord::Tens(tens)) => {
                amount = Some(u32::from(tens));
                at += 1;
            }
            _ => {}
        }
    }
    let (unit, form) = reading.entry(at).time?;
    if !reading.continues(at) || reading.cue(at).article() || unit < TimeUnit::Day {
        return None;
    }
    let amount = match (amount, form) {
        (Some(n), _) => n,
        (None, Form::One) => 1,
        (None, Form::Two) => 2,
        _ => return None,
    };
    // «قبل عام 2011» is a year, not a year ago.
    if amount == 1 && reading.integer(at + 1).is_some() {
        return None;
    }
    Some(Found {
        start: i,
        end: at + 1,
        relative: Some(Relative::Units(unit, -i16::try_from(amount).ok()?)),
        ..Found::default()
    })
}

/// «تسعينيات القرن الماضي», «الثمانينات».
fn decade(reading: &Reading<'_>, i: usize, tens: u8) -> Found {
    let mut end = i + 1;
    let mut century = 0;
    if matches!(
        reading.entry(end).time,
        Some((TimeUnit::Century, Form::One))
    ) && reading.continues(end)
    {
        end += 1;
        if adjective(reading, end) == Some(-1) || reading.of(end) == "العشرين" {
            century = 1900;
            end += 1;
        } else if adjective(reading, end) == Some(0) {
            century = 2000;
            end += 1;
        } else if reading.of(end) == "التاسع"
            && reading.entry(end + 1).number == Some(NumberWord::Ten)
        {
            century = 1800;
            end += 2;
        }
    }
    Found {
        start: i,
        end,
        from: Point {
            year: if century > 0 {
                century + i32::from(tens)
            } else {
                0
            },
            ..Point::default()
        },
        decade: true,
        uncertain: century == 0,
        ..Found::default()
    }
}
