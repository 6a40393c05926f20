//! How the mentions of a word were labelled over a text: what the second pass knows beside the first.

use super::cell::Cell;
use super::model::Run;

/// Some signs of words; see [`fold::sign`](super::fold::sign).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signs([bool; 128]);

impl Default for Signs {
    fn default() -> Signs {
        Signs([false; 128])
    }
}

impl Signs {
    #[inline]
    pub const fn add(&mut self, sign: u8) {
        self.0[(sign & 127) as usize] = true;
    }

    #[inline]
    pub const fn has(&self, sign: u8) -> bool {
        self.0[(sign & 127) as usize]
    }
}

/// Places a mention may have: by kind (three) only word of the name, first, middle, last, then outside any; a bit each.
type Places = u16;

/// The place outside any name.
const OUTSIDE: Places = 1 << 12;

/// Which places the mentions of a word have.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Key of the word, with its lowest bit set; 0 where the slot is free.
    key: u64,
    /// Those of some mention.
    seen: Places,
    /// Those of more than one.
    again: Places,
}

/// A mention of a word of which there is something to say.
#[derive(Clone, Copy, Debug)]
struct Mention {
    cell: u32,
    run: u32,
    slot: u32,
    place: Places,
}

/// How each word of a text was labelled, as part of how long a name.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    /// Open addressing.
    slots: Vec<Slot>,
    mentions: Vec<Mention>,
}

impl Votes {
    /// The slot of a key; `None` where it is not there and not to be taken.
    #[inline]
    fn slot(&mut self, key: u64, take: bool) -> Option<(u32, &mut Slot)> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = (key >> 16) as usize & mask;
        // The table is at most half full.
        loop {
            match self.slots.get(at)?.key {
                0 if take => {
                    self.slots.get_mut(at)?.key = key;
                    break;
                }
                0 => return None,
                k if k == key => break,
                _ => at = (at + 1) & mask,
            }
        }
        Some((at as u32, self.slots.get_mut(at)?))
    }

    /// The place of a mention labelled so; `next` is the label behind it.
    #[inline]
    fn place(label: u8, next: u8) -> Places {
        if label == 0 {
            return OUTSIDE;
        }
        let begins = label & 1;
        let goes_on = u8::from(next == label + begins);
        // Only, first, last, middle by these two bits.
        let shape = [3, 2, 0, 1][usize::from(begins << 1 | goes_on) & 3];
        1 << ((label - 1) / 2 * 4 + shape)
    }

    /// The places of the kind of label that one of them has.
    #[inline]
    const fn of_kind(place: Places) -> Places {
        let kind = place.trailing_zeros() / 4;
        (0b1111u32 << (kind * 4)) as Places
    }

    /// Sets `document` of every cell of the runs from the labels of all, and `doubtful` of the runs with a word that is
    /// labelled as something else elsewhere.
    #[inline(never)]
    pub fn mark(
        &mut self,
        runs: &mut [Run],
        cells: &mut [Cell],
        labels: &[u8],
        key_of: impl Fn(&Cell) -> u64,
    ) {
        self.mentions.clear();
        let labelled = labels.iter().filter(|l| **l != 0).count();
        if labelled == 0 {
            return;
        }
        self.slots.clear();
        let size = (labelled * 2 + 2).next_power_of_two();
        self.slots.resize(size, Slot::default());
        // Most words of a text are never part of a name, and this says so.
        let mut signs = Signs::default();
        for (number, run) in runs.iter().enumerate().filter(|(_, r)| !r.quiet) {
            self.count(number, *run, cells, labels, &key_of, |cell, label| {
                if label != 0 {
                    signs.add(cell.sign);
                }
                label != 0
            });
        }
        // Mentions that are labelled «outside» count as well.
        for (number, run) in runs.iter().enumerate() {
            self.count(number, *run, cells, labels, &key_of, |cell, label| {
                label == 0 && signs.has(cell.sign)
            });
        }
        for mention in &self.mentions {
            let own = mention.place;
            let Some(slot) = self.slots.get(mention.slot as usize) else {
                continue;
            };
            let document = slot.seen & !own | slot.again & own;
            if let Some(cell) = cells.get_mut(mention.cell as usize) {
                cell.document = document;
            }
            if document & !Votes::of_kind(own) != 0
                && let Some(run) = runs.get_mut(mention.run as usize)
            {
                run.doubtful = true;
            }
        }
    }

    /// Counts the mentions in a run that `tells` chooses.
    #[inline]
    fn count(
        &mut self,
        number: usize,
        run: Run,
        cells: &[Cell],
        labels: &[u8],
        key_of: impl Fn(&Cell) -> u64,
        mut tells: impl FnMut(&Cell, u8) -> bool,
    ) {
        let range = run.range();
        let (Some(cells), Some(labels)) = (cells.get(range.clone()), labels.get(range.start..))
        else {
            return;
        };
        for (i, (cell, &label)) in cells.iter().zip(labels).enumerate() {
            if !tells(cell, label) {
                continue;
            }
            let place = Votes::place(label, labels.get(i + 1).copied().unwrap_or(0));
            let Some((number_of_slot, slot)) = self.slot(key_of(cell) | 1, label != 0) else {
                continue;
            };
            slot.again |= slot.seen & place;
            slot.seen |= place;
            self.mentions.push(Mention {
                cell: run.first + i as u32,
                run: number as u32,
                slot: number_of_slot,
                place,
            });
        }
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>() + self.mentions.capacity() * size_of::<Mention>()
    }
}
