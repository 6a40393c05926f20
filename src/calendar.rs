//! Names of months and weekdays, and the words that stand beside a date.
//!
//! Closed sets, so they live in code: a reader of a lexicon file could add nothing to them. All names are folded:
//! أ إ آ → ا, ى ئ → ي, ؤ → و, ة → ه, no marks.

/// A word of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CalendarWord {
    /// A Gregorian month, 1..=12.
    Month(u8),
    /// A Gregorian month whose name means something else as well (مارس، ماي، آب، أوت): needs a day or a year beside it.
    CommonMonth(u8),
    /// «تشرين», «كانون», «ربيع», «جمادى», «ذو»: a month together with the next word.
    MonthHead(MonthHead),
    /// «الأول»/«الثاني» and their like: which of two months of one name.
    Ordinal(u8),
    /// A Hijri month, 1..=12.
    Hijri(u8),
    /// A weekday, Monday 1 .. Sunday 7.
    Weekday(u8),
    /// «الساعة», «مساء», «بتوقيت», «GMT»: what else a published line holds.
    Time,
}

/// First words of months of two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MonthHead {
    /// تشرين: الأول 10, الثاني 11.
    Tishrin,
    /// كانون: الأول 12, الثاني 1.
    Kanun,
    /// ربيع: الأول 3, الآخر/الثاني 4 (Hijri).
    Rabi,
    /// جمادى: الأولى 5, الآخرة/الثانية 6 (Hijri).
    Jumada,
    /// ذو، ذي: القعدة 11, الحجة 12 (Hijri).
    Dhu,
}

use CalendarWord::{CommonMonth, Hijri, Month, MonthHead as Head, Ordinal, Time, Weekday};

/// Folded name → meaning, sorted by name.
static WORDS: [(&str, CalendarWord); 222] = [
    ("am", Time),
    ("aout", Month(8)),
    ("août", Month(8)),
    ("apr", Month(4)),
    ("april", Month(4)),
    ("at", Time),
    ("aug", Month(8)),
    ("august", Month(8)),
    ("avril", Month(4)),
    ("dec", Month(12)),
    ("december", Month(12)),
    ("decembre", Month(12)),
    ("dimanche", Weekday(7)),
    ("décembre", Month(12)),
    ("feb", Month(2)),
    ("february", Month(2)),
    ("fevrier", Month(2)),
    ("fri", Weekday(5)),
    ("friday", Weekday(5)),
    ("février", Month(2)),
    ("gmt", Time),
    ("jan", Month(1)),
    ("january", Month(1)),
    ("janvier", Month(1)),
    ("jeudi", Weekday(4)),
    ("juillet", Month(7)),
    ("juin", Month(6)),
    ("jul", Month(7)),
    ("july", Month(7)),
    ("jun", Month(6)),
    ("june", Month(6)),
    ("lundi", Weekday(1)),
    ("mai", Month(5)),
    ("mar", Month(3)),
    ("march", Month(3)),
    ("mardi", Weekday(2)),
    ("mars", CommonMonth(3)),
    ("may", Month(5)),
    ("mercredi", Weekday(3)),
    ("mon", Weekday(1)),
    ("monday", Weekday(1)),
    ("nd", Time),
    ("nov", Month(11)),
    ("november", Month(11)),
    ("novembre", Month(11)),
    ("oct", Month(10)),
    ("october", Month(10)),
    ("octobre", Month(10)),
    ("on", Time),
    ("pm", Time),
    ("rd", Time),
    ("samedi", Weekday(6)),
    ("sat", Weekday(6)),
    ("saturday", Weekday(6)),
    ("sep", Month(9)),
    ("sept", Month(9)),
    ("september", Month(9)),
    ("septembre", Month(9)),
    ("st", Time),
    ("sun", Weekday(7)),
    ("sunday", Weekday(7)),
    ("th", Time),
    ("thu", Weekday(4)),
    ("thursday", Weekday(4)),
    ("tue", Weekday(2)),
    ("tuesday", Weekday(2)),
    ("utc", Time),
    ("vendredi", Weekday(5)),
    ("wed", Weekday(3)),
    ("wednesday", Weekday(3)),
    ("اب", CommonMonth(8)),
    ("ابريل", Month(4)),
    ("ابوظبي", Time),
    ("اخر", Time),
    ("اذار", Month(3)),
    ("اشباط", Month(2)),
    ("اغسطس", Month(8)),
    ("اغسطوس", Month(8)),
    ("افريل", Month(4)),
    ("اكتوبر", Month(10)),
    ("اكتوبير", Month(10)),
    ("الاثنين", Weekday(1)),
    ("الاحد", Weekday(7)),
    ("الاخر", Ordinal(2)),
    ("الاخره", Ordinal(2)),
    ("الاربعا", Weekday(3)),
    ("الاربعاء", Weekday(3)),
    ("الاول", Ordinal(1)),
    ("الاولي", Ordinal(1)),
    ("التحديث", Time),
    ("التوقيت", Time),
    ("الثاني", Ordinal(2)),
    ("الثانيه", Ordinal(2)),
    ("الثلاثا", Weekday(2)),
    ("الثلاثاء", Weekday(2)),
    ("الثلثاء", Weekday(2)),
    ("الجمعه", Weekday(5)),
    ("الحجه", Ordinal(2)),
    ("الخميس", Weekday(4)),
    ("الرباط", Time),
    ("الرياض", Time),
    ("الساعه", Time),
    ("السبت", Weekday(6)),
    ("القاهره", Time),
    ("القعده", Ordinal(1)),
    ("المحرم", Hijri(1)),
    ("المحلي", Time),
    ("المكرمه", Time),
    ("الموافق", Time),
    ("النشر", Time),
    ("اليوم", Time),
    ("امس", Time),
    ("اوت", CommonMonth(8)),
    ("اوكتوبر", Month(10)),
    ("اول", Ordinal(1)),
    ("ايار", Month(5)),
    ("ايلول", Month(9)),
    ("بتاريخ", Time),
    ("بتوقيت", Time),
    ("بغداد", Time),
    ("بيروت", Time),
    ("ت", Time),
    ("تاريخ", Time),
    ("تحديث", Time),
    ("تشرين", Head(MonthHead::Tishrin)),
    ("تم", Time),
    ("تموز", Month(7)),
    ("توقيت", Time),
    ("تونس", Time),
    ("ثاني", Ordinal(2)),
    ("جانفي", Month(1)),
    ("جانفيي", Month(1)),
    ("جرينتش", Time),
    ("جرينيتش", Time),
    ("جماد", Head(MonthHead::Jumada)),
    ("جمادي", Head(MonthHead::Jumada)),
    ("جنفي", Month(1)),
    ("جوان", Month(6)),
    ("جويليه", Month(7)),
    ("حزيران", Month(6)),
    ("دجنبر", Month(12)),
    ("دسمبر", Month(12)),
    ("دقايق", Time),
    ("دقيقه", Time),
    ("دمشق", Time),
    ("ديسمبر", Month(12)),
    ("ديسمبير", Month(12)),
    ("ذو", Head(MonthHead::Dhu)),
    ("ذوالحجه", Hijri(12)),
    ("ذوالقعده", Hijri(11)),
    ("ذي", Head(MonthHead::Dhu)),
    ("ذيالحجه", Hijri(12)),
    ("ذيالقعده", Hijri(11)),
    ("ربيع", Head(MonthHead::Rabi)),
    ("رجب", Hijri(7)),
    ("رمضان", Hijri(9)),
    ("ساعه", Time),
    ("سبتمبر", Month(9)),
    ("سنه", Time),
    ("سيبتمبر", Month(9)),
    ("شباط", Month(2)),
    ("شتمبر", Month(9)),
    ("شتنبر", Month(9)),
    ("شعبان", Hijri(8)),
    ("شهر", Time),
    ("شوال", Hijri(10)),
    ("ص", Time),
    ("صباح", Time),
    ("صباحا", Time),
    ("صفر", Hijri(2)),
    ("ظهرا", Time),
    ("عام", Time),
    ("عصرا", Time),
    ("عمان", Time),
    ("غ", Time),
    ("غرينتش", Time),
    ("غرينيتش", Time),
    ("غشت", Month(8)),
    ("فبراير", Month(2)),
    ("فبرايير", Month(2)),
    ("فجرا", Time),
    ("في", Time),
    ("فيفري", Month(2)),
    ("فيفيري", Month(2)),
    ("قبل", Time),
    ("كانون", Head(MonthHead::Kanun)),
    ("كانون2", Month(1)),
    ("ل", Time),
    ("لـ", Time),
    ("ليلا", Time),
    ("م", Time),
    ("مارس", CommonMonth(3)),
    ("ماي", CommonMonth(5)),
    ("مايو", Month(5)),
    ("محرم", Hijri(1)),
    ("مساء", Time),
    ("مكه", Time),
    ("من", Time),
    ("منذ", Time),
    ("موافق", Time),
    ("ميلادي", Time),
    ("ميلاديه", Time),
    ("نشر", Time),
    ("نشرت", Time),
    ("نوفمبر", Month(11)),
    ("نوفمبير", Month(11)),
    ("نونبر", Month(11)),
    ("نيسان", Month(4)),
    ("ه", Time),
    ("هجري", Time),
    ("هجريه", Time),
    ("هـ", Time),
    ("و", Time),
    ("يناير", Month(1)),
    ("ينايير", Month(1)),
    ("يوليه", Month(7)),
    ("يوليو", Month(7)),
    ("يوليوز", Month(7)),
    ("يوم", Time),
    ("يومه", Time),
    ("يونيه", Month(6)),
    ("يونيو", Month(6)),
];

/// All names and their meanings.
pub(crate) fn words() -> impl Iterator<Item = (&'static str, CalendarWord)> {
    WORDS.iter().copied()
}

/// The meaning of a folded word without proclitics.
pub(crate) fn calendar_word(folded: &str) -> Option<CalendarWord> {
    WORDS
        .binary_search_by(|(name, _)| (*name).cmp(folded))
        .ok()
        .and_then(|i| WORDS.get(i))
        .map(|&(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_found() {
        assert!(WORDS.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(calendar_word("اكتوبر"), Some(Month(10)));
        assert_eq!(calendar_word("شتنبر"), Some(Month(9)));
        assert_eq!(calendar_word("جويليه"), Some(Month(7)));
        assert_eq!(calendar_word("الاحد"), Some(Weekday(7)));
        assert_eq!(calendar_word("كتاب"), None);
    }
}
