//! Days of the Gregorian calendar and the tabular Hijri one.

/// A day of the (proleptic) Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate {
    /// Year of the common era.
    pub year: i32,
    /// 1..=12.
    pub month: u8,
    /// 1..=31.
    pub day: u8,
}

impl CivilDate {
    /// The day, if there is such a one.
    pub const fn new(year: i32, month: u8, day: u8) -> Option<CivilDate> {
        if day >= 1 && day <= days_in_month(year, month) && year >= 1 && year <= 9999 {
            Some(CivilDate { year, month, day })
        } else {
            None
        }
    }

    /// Days since 1 March of the year 0: civil days count from there without exceptions.
    pub(super) const fn days(self) -> i64 {
        let y = if self.month <= 2 {
            self.year as i64 - 1
        } else {
            self.year as i64
        };
        let era = y.div_euclid(400);
        let of_era = y.rem_euclid(400);
        let shifted = (self.month as i64 + 9) % 12;
        let of_year = (153 * shifted + 2) / 5 + self.day as i64 - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year
    }

    /// The inverse of [`CivilDate::days`]; out of range is the nearest day in range.
    pub(super) const fn from_days(days: i64) -> CivilDate {
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * shifted + 2) / 5 + 1) as u8;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        } as u8;
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        CivilDate {
            year: year as i32,
            month,
            day,
        }
    }

    /// Monday 1 .. Sunday 7.
    pub const fn weekday(self) -> u8 {
        // 1 March of the year 0 was a Wednesday.
        ((self.days() + 2).rem_euclid(7) + 1) as u8
    }
}

pub(super) const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// The Gregorian day of a Hijri date by the tabular (civil) calendar; months begin by the moon, so it is right to a day
/// or two and no more.
pub(super) const fn from_hijri(year: i32, month: u8, day: u8) -> Option<CivilDate> {
    if year < 1 || year > 2000 || month < 1 || month > 12 || day < 1 || day > 30 {
        return None;
    }
    let (y, m, d) = (year as i64, month as i64, day as i64);
    // Days since the epoch, Friday 16 July 622 (Julian): 19 July 622 (Gregorian).
    let days = d + (59 * (m - 1) + 1) / 2 + (y - 1) * 354 + (3 + 11 * y) / 30 - 1;
    let epoch = CivilDate {
        year: 622,
        month: 7,
        day: 19,
    };
    Some(CivilDate::from_days(epoch.days() + days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_there_and_back() {
        for days in -400_000..1_200_000 {
            if days % 37 == 0 {
                assert_eq!(CivilDate::from_days(days).days(), days);
            }
        }
        assert_eq!(
            CivilDate::new(2024, 10, 20).map(CivilDate::weekday),
            Some(7)
        );
        assert_eq!(CivilDate::new(2000, 1, 1).map(CivilDate::weekday), Some(6));
        assert_eq!(CivilDate::new(2023, 2, 29), None);
        assert_eq!(CivilDate::new(2024, 0, 1), None);
    }

    #[test]
    fn hijri_is_right_to_a_day() {
        // 1 Muharram 1446 was 7 or 8 July 2024; 1 Ramadan 1445 was 11 March 2024.
        let near = |h: (i32, u8, u8), g: (i32, u8, u8)| {
            let got = from_hijri(h.0, h.1, h.2).unwrap().days();
            let want = CivilDate::new(g.0, g.1, g.2).unwrap().days();
            assert!((got - want).abs() <= 1, "{h:?} {got} {want}");
        };
        near((1446, 1, 1), (2024, 7, 7));
        near((1445, 9, 1), (2024, 3, 11));
        near((1446, 4, 17), (2024, 10, 20));
        near((1400, 1, 1), (1979, 11, 21));
    }
}
