//! How the mentions of a word were labelled over a text: what the second pass knows beside the first.

use super::cell::Cell;
use super::model::Run;

/// Some signs of words; see [`WordInfo::sign`](super::feature::WordInfo::sign).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signs(u128);

impl Signs {
    #[inline]
    pub const fn add(&mut self, sign: u8) {
        self.0 |= 1 << (sign & 127);
    }

    #[inline]
    pub const fn has(self, sign: u8) -> bool {
        self.0 >> (sign & 127) & 1 != 0
    }
}

/// How often each word of a text got which label, as part of how long a name.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    /// Open addressing: key and counts by kind (three) and place in the name (only word, first, middle, last), then
    /// outside any.
    slots: Vec<(u64, [u16; 13])>,
    /// The cells that get something.
    marked: Vec<u32>,
}

impl Votes {
    fn slot(&mut self, key: u64, insert: bool) -> Option<&mut [u16; 13]> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = (key >> 16) as usize & mask;
        // The table is at most half full.
        loop {
            match self.slots.get(at)?.0 {
                0 if insert => {
                    self.slots.get_mut(at)?.0 = key;
                    break;
                }
                0 => return None,
                k if k == key => break,
                _ => at = (at + 1) & mask,
            }
        }
        self.slots.get_mut(at).map(|s| &mut s.1)
    }

    /// Whether a cell labelled so has another kind of label elsewhere.
    pub fn doubts(cell: &Cell, label: u8) -> bool {
        let own = match label {
            0 => 1 << 12,
            l => 0b1111u16 << ((l - 1) / 2 * 4),
        };
        cell.document & !own != 0
    }

    /// Which count a label belongs to; `next` is the label behind it.
    fn place(label: u8, next: u8) -> usize {
        if label == 0 {
            return 12;
        }
        let begins = label % 2 == 1;
        let goes_on = if begins {
            next == label + 1
        } else {
            next == label
        };
        let shape = match (begins, goes_on) {
            (true, false) => 0,
            (true, true) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        (label as usize - 1) / 2 * 4 + shape
    }

    /// Sets `document` of every cell of the runs from the labels of all; gives back whether any cell got something.
    #[inline(never)]
    pub fn mark(
        &mut self,
        runs: &[Run],
        cells: &mut [Cell],
        labels: &[u8],
        key_of: impl Fn(&Cell) -> u64,
    ) -> bool {
        let Votes { marked, .. } = self;
        marked.clear();
        let all = |run: &Run| run.first..run.end;
        let label_of = |i: u32| labels.get(i as usize).copied().unwrap_or(0);
        marked.extend(runs.iter().flat_map(all).filter(|&i| label_of(i) != 0));
        let entities = marked.len();
        if entities == 0 {
            return false;
        }
        self.slots.clear();
        self.slots
            .resize((entities * 2 + 2).next_power_of_two(), (0, [0; 13]));
        // Most words of a text are never part of a name, and this says so.
        let mut signs = Signs::default();
        let place = |i: u32| Votes::place(label_of(i), label_of(i + 1));
        let key_at = |cells: &[Cell], i: u32| cells.get(i as usize).map_or(0, &key_of) | 1;
        for k in 0..entities {
            let Some(&i) = self.marked.get(k) else { break };
            let key = key_at(cells, i);
            signs.add(cells.get(i as usize).map_or(0, |c| c.sign));
            if let Some(counts) = self.slot(key, true)
                && let Some(n) = counts.get_mut(place(i))
            {
                *n = n.saturating_add(1);
            }
        }
        // Mentions that are labelled «outside» count as well.
        for i in runs.iter().flat_map(all) {
            let told = cells.get(i as usize).is_some_and(|c| signs.has(c.sign));
            if told
                && label_of(i) == 0
                && let Some(counts) = self.slot(key_at(cells, i), false)
                && let Some(n) = counts.last_mut()
            {
                *n = n.saturating_add(1);
                self.marked.push(i);
            }
        }
        let mut any = false;
        for k in 0..self.marked.len() {
            let Some(&i) = self.marked.get(k) else { break };
            let own = place(i);
            let counts = self.slot(key_at(cells, i), false).map_or([0; 13], |c| *c);
            let mut document = 0;
            for (place, &n) in counts.iter().enumerate() {
                document |= u16::from(n > u16::from(place == own)) << place;
            }
            if let Some(cell) = cells.get_mut(i as usize) {
                cell.document = document;
            }
            any |= document != 0;
        }
        any
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.slots.capacity() * size_of::<(u64, [u16; 13])>() + self.marked.capacity() * 4
    }
}
