//! How the mentions of a word were labelled over a text: what the second pass knows beside the first.

use super::cell::Cell;
use super::model::{HopedWord, Run};
use crate::ahead::fetch;
use crate::sieve::pick;
use crate::words::Scatter;

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
pub(super) type Places = u16;

/// Number of the places of a kind.
const OF_KIND: u32 = 4;
/// Number of all.
pub(super) const COUNT: u32 = 3 * OF_KIND + 1;
/// The place outside any name.
const OUTSIDE: Places = 1 << (COUNT - 1);
/// The places of a person, which is the first kind, and all others.
pub(super) const AS_PERSON: Places = (1 << OF_KIND) - 1;
pub(super) const AS_OTHER: Places = (1 << COUNT) - 1 - AS_PERSON;

/// By label, and whether the name goes on behind it.
const PLACES: [[Places; 2]; 8] = {
    let mut out = [[OUTSIDE; 2]; 8];
    let mut kind = 0;
    while kind < 3 {
        let [only, first, middle, last] = [1, 2, 4, 8];
        let at = OF_KIND * kind as u32;
        out[2 * kind + 1] = [only << at, first << at];
        out[2 * kind + 2] = [last << at, middle << at];
        kind += 1;
    }
    out
};

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
    word: HopedWord,
    slot: u32,
    place: Places,
}

/// How each word of a text was labelled, as part of how long a name.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    /// Open addressing.
    slots: Vec<Slot>,
    scatter: Scatter,
    mentions: Vec<Mention>,
    /// Words that are to be counted.
    picked: Vec<HopedWord>,
}

impl Votes {
    /// The slot of a key; `None` where it is not there and not to be taken.
    #[inline]
    fn slot(&mut self, key: u64, take: bool) -> Option<(u32, &mut Slot)> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = self.scatter.home(key, mask);
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
        let goes_on = next == label + (label & 1);
        PLACES[label as usize % PLACES.len()][usize::from(goes_on)]
    }

    /// The places of the kind of label that one of them has.
    #[inline]
    const fn of_kind(place: Places) -> Places {
        let kind = place.trailing_zeros() / OF_KIND;
        ((AS_PERSON as u32) << (kind * OF_KIND)) as Places
    }

    /// Sets `document` of every cell of the runs, whose words are `hoped`, from the labels of all, and `doubtful` of the runs
    /// with a word that is labelled as something else elsewhere. `touch` loads what will be asked of the labelled words.
    #[inline(never)]
    pub fn mark(
        &mut self,
        runs: &mut [Run],
        hoped: &[HopedWord],
        cells: &mut [Cell],
        labels: &[u8],
        key_of: impl Fn(&Cell) -> u64,
        touch: impl Fn(&Cell) -> u32,
    ) {
        self.mentions.clear();
        let label = |word: &HopedWord| labels.get(word.cell as usize).copied().unwrap_or(0);
        let mut picked = std::mem::take(&mut self.picked);
        let labelled = pick(hoped.iter().map(|w| (*w, label(w) != 0)), &mut picked);
        fetch(labelled.iter().map(|word| {
            let cell = cells.get(word.cell as usize);
            cell.map_or(0, &touch)
        }));
        if !labelled.is_empty() {
            self.slots.clear();
            let size = (labelled.len() * 2 + 2).next_power_of_two();
            self.slots.resize(size, Slot::default());
            // Most words of a text are never part of a name, and this says so.
            let mut signs = Signs::default();
            for word in labelled {
                let at = word.cell as usize;
                let Some(cell) = cells.get(at) else { break };
                signs.add(cell.sign);
                let next = labels.get(at + 1).copied().unwrap_or(0);
                self.count(key_of(cell), *word, Votes::place(label(word), next));
            }
            // Mentions that are labelled «outside» count as well.
            let outside = hoped.iter().map(|word| {
                let cell = cells.get(word.cell as usize);
                let sign = cell.map_or(0, |c| c.sign);
                (*word, (label(word) == 0) & signs.has(sign))
            });
            let outside = pick(outside, &mut picked);
            for word in outside {
                if let Some(cell) = cells.get(word.cell as usize) {
                    self.count(key_of(cell), *word, OUTSIDE);
                }
            }
        }
        self.picked = picked;
        for mention in &self.mentions {
            let own = mention.place;
            let Some(slot) = self.slots.get(mention.slot as usize) else {
                continue;
            };
            let document = slot.seen & !own | slot.again & own;
            if let Some(cell) = cells.get_mut(mention.word.cell as usize) {
                cell.document = document;
            }
            if document & !Votes::of_kind(own) != 0
                && let Some(run) = runs.get_mut(mention.word.run as usize)
            {
                run.doubtful = true;
            }
        }
    }

    /// Counts a mention of the word with a key; one outside of names only where there is another within one.
    #[inline]
    fn count(&mut self, key: u64, word: HopedWord, place: Places) {
        let Some((number, slot)) = self.slot(key | 1, place != OUTSIDE) else {
            return;
        };
        slot.again |= slot.seen & place;
        slot.seen |= place;
        self.mentions.push(Mention {
            word,
            slot: number,
            place,
        });
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
            + self.mentions.capacity() * size_of::<Mention>()
            + self.picked.capacity() * size_of::<HopedWord>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text may be made of words whose keys agree in all bits but the highest ones, or in any others.
    #[test]
    fn no_words_can_be_chosen_to_lie_side_by_side() {
        for shift in [0, 16, 32, 44] {
            let mut votes = Votes::default();
            votes.slots.resize(1 << 16, Slot::default());
            let mut state = 7u64;
            for _ in 0..20_000 {
                state = state.wrapping_mul(6_364_136_223_846_793_005) | 1;
                let key = (state >> 20).rotate_left(shift) | 1;
                assert!(votes.slot(key, true).is_some());
            }
            let runs = votes.slots.split(|s| s.key == 0).map(<[Slot]>::len);
            let longest = runs.max().unwrap_or(0);
            assert!(longest < 1000, "{longest} slots in a row are taken");
        }
    }
}
