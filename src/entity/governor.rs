//! What the openers before a word put it under: «رئيس», «وزارة», «مدينة», and how far they reach.

use super::cell::{Cell, gap, lead, opens};
use super::feature::{CLASSES, class, group};

/// By class: the state a word puts those behind it in; `lead::NONE` where it opens nothing.
const OPENS: [u8; CLASSES] = {
    let mut out = [lead::NONE; CLASSES];
    out[class::TITLE as usize] = lead::TITLE;
    out[class::ROLE as usize] = lead::TITLE;
    out[class::RELATION as usize] = lead::TITLE;
    out[class::KIN as usize] = lead::KIN;
    out[class::BODY_HEAD as usize] = lead::BODY;
    out[class::BODY_HEAD_THE as usize] = lead::BODY_THE;
    out[class::PLACE_HEAD as usize] = lead::PLACE;
    out[class::SITE_HEAD as usize] = lead::SITE;
    out[class::SAYING as usize] = lead::SAYING;
    out
};

/// By class: whether it goes on what was opened.
const MODIFIES: [bool; CLASSES] = {
    use class as c;
    let mut out = [false; CLASSES];
    let list = [
        c::NISBA_THE,
        c::NISBA,
        c::ADJECTIVE_THE,
        c::ADJECTIVE,
        c::NOUN_THE,
        c::NOUN,
        c::COUNTRY,
        c::PLACE,
        c::BODY_HEAD,
        c::BODY_HEAD_THE,
        c::BODY,
        c::UNKNOWN_THE,
        c::NUMBER_WORD,
        c::PLACE_TAG,
    ];
    let mut i = 0;
    while i < list.len() {
        out[list[i] as usize] = true;
        i += 1;
    }
    out
};

/// By state: the next one behind a modifier.
const GOES_ON: [u8; lead::COUNT] = {
    let mut out = [lead::NONE; lead::COUNT];
    out[lead::TITLE as usize] = lead::TITLE_1;
    out[lead::TITLE_1 as usize] = lead::TITLE_2;
    out[lead::TITLE_2 as usize] = lead::TITLE_FAR;
    out[lead::TITLE_FAR as usize] = lead::TITLE_FAR;
    out[lead::BODY as usize] = lead::BODY_1;
    out[lead::BODY_1 as usize] = lead::BODY_2;
    out[lead::BODY_2 as usize] = lead::BODY_FAR;
    out[lead::BODY_FAR as usize] = lead::BODY_FAR;
    out[lead::BODY_THE as usize] = lead::BODY_THE_1;
    out[lead::BODY_THE_1 as usize] = lead::BODY_2;
    out
};

/// [`CLASSES`], rounded up.
const LEAD_CLASSES: usize = CLASSES.next_power_of_two();

/// What a word does to those behind it, by its class: four bits for each state in which the word itself may be, two bits further
/// up than their place, see [`Governor`]; and whether it [opens](opens) names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leads(u64);

const LEADS: [Leads; LEAD_CLASSES] = {
    let mut out = [Leads(0); LEAD_CLASSES];
    let mut class = 0;
    while class < CLASSES {
        let opened = OPENS[class];
        let goes_on = opened == lead::NONE && MODIFIES[class];
        let mut bits = 0;
        let mut state = 0;
        // There is none with the last number, which leaves the lowest bits.
        while state < lead::COUNT - 1 {
            let next = if goes_on { GOES_ON[state] } else { opened };
            bits |= (next as u64) << (4 * state);
            state += 1;
        }
        out[class] = Leads(bits << 2 | opens(class as u8) as u64);
        class += 1;
    }
    out
};

/// The same for the words of a listed title of several words.
const TITLE_LEADS: u64 = (u64::MAX / 15 * lead::TITLE as u64) << 2;

impl Leads {
    /// Those of the word of a cell by itself.
    #[inline]
    pub const fn of(cell: &Cell) -> Leads {
        LEADS[cell.plain as usize % LEAD_CLASSES]
    }

    /// Whether it opens names or offices.
    #[inline]
    pub const fn opens_names(self) -> bool {
        self.0 & 1 != 0
    }
}

/// What governs a word: one of [`lead`], times four. So it is the number of bits by which what it leads to is shifted down,
/// and every word waits for the one before it, but only for two instructions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Governor(u64);

impl Governor {
    /// What is left of it at a cell, behind what stands before that.
    #[inline]
    pub const fn at(self, cell: &Cell) -> Governor {
        Governor(self.0 & (ENDS_LEAD >> cell.gap & 1).wrapping_sub(1))
    }

    /// Its name in [`lead`].
    #[inline]
    pub const fn lead(self) -> u8 {
        (self.0 / 4) as u8
    }

    /// What governs the word behind a cell that it governs; `leads` are of the cell.
    #[inline]
    pub const fn behind(self, cell: &Cell, leads: Leads) -> Governor {
        let titled = cell.names >> (4 * group::TITLE) & 8 != 0;
        let leads = if titled { TITLE_LEADS } else { leads.0 };
        Governor(leads >> self.0 & 60)
    }
}

/// Gaps behind which no opener governs any more: a bit each.
const ENDS_LEAD: u64 =
    1 << gap::COMMA | 1 << gap::COLON | 1 << gap::CLOSE | 1 << gap::OTHER | 1 << gap::END;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn governors_go_by_the_tables() {
        for state in 0..lead::COUNT as u8 - 1 {
            for class in 0..CLASSES as u8 {
                let cell = Cell {
                    plain: class,
                    ..Cell::default()
                };
                let governor = Governor(4 * u64::from(state)).at(&cell);
                assert_eq!(governor.lead(), state);
                assert_eq!(Leads::of(&cell).opens_names(), opens(class));
                let expected = match OPENS[class as usize] {
                    lead::NONE if MODIFIES[class as usize] => GOES_ON[state as usize],
                    opens => opens,
                };
                assert_eq!(governor.behind(&cell, Leads::of(&cell)).lead(), expected);
                let comma = Cell {
                    gap: gap::COMMA,
                    ..cell
                };
                assert_eq!(governor.at(&comma).lead(), lead::NONE);
                let title = Cell {
                    names: 8 << (4 * group::TITLE),
                    ..cell
                };
                assert_eq!(
                    governor.behind(&title, Leads::of(&title)).lead(),
                    lead::TITLE
                );
            }
        }
    }
}
