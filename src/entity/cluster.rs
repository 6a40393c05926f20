//! Classes of words that stand in the same company, so that a word of no list is not a stranger.

/// First bytes of a cluster file.
pub(crate) const MAGIC: &[u8; 8] = b"RASDCLU1";

/// Classes by folded base form, read in place: open addressing over six bytes: 32 bits of the hash, the class.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clusters {
    slots: &'static [[u8; 8]],
}

impl Clusters {
    /// Reads a cluster file; `None` where the bytes are not one.
    pub fn new(bytes: &'static [u8]) -> Option<Clusters> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (head, rest) = rest.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*head) as usize;
        let slots = rest.get(..count.checked_mul(8)?)?.as_chunks().0;
        count.is_power_of_two().then_some(Clusters { slots })
    }

    /// The fine and the coarse class of a word, 0 where it has none.
    pub fn get(&self, key: u64) -> [u16; 2] {
        let Some(mask) = self.slots.len().checked_sub(1) else {
            return [0; 2];
        };
        let print = (key >> 32) as u32 | 1;
        let mut at = key as usize & mask;
        while let Some(&[a, b, c, d, e, f, g, h]) = self.slots.get(at) {
            match u32::from_le_bytes([a, b, c, d]) {
                0 => break,
                k if k == print => return [u16::from_le_bytes([e, f]), u16::from_le_bytes([g, h])],
                _ => at = (at + 1) & mask,
            }
        }
        [0; 2]
    }

    /// Where the search for a word begins, as it stands in the table.
    #[inline]
    pub fn first(&self, key: u64) -> u32 {
        let slot = self
            .slots
            .get(key as usize & self.slots.len().wrapping_sub(1));
        slot.map_or(0, |&[a, b, c, d, ..]| u32::from_le_bytes([a, b, c, d]))
    }

    /// Bytes of the table.
    pub fn memory_usage(&self) -> usize {
        self.slots.len() * 8
    }
}

/// Learns classes from raw text by the exchange algorithm: every word in turn moves to the class where the classes of
/// its neighbours are least surprising (Kneser and Ney 1993, two-sided).
#[cfg(feature = "train")]
pub(crate) mod learn {
    use std::collections::HashMap;

    /// Words seen less often have no class of their own.
    pub const LEAST: u32 = 4;

    /// Bigrams of a text: words by number, 0 for a rare one.
    #[derive(Default)]
    pub struct Counts {
        numbers: HashMap<u64, u32>,
        /// By number: the word and its count.
        pub words: Vec<(u64, u32)>,
        sequence: Vec<u32>,
    }

    /// Parts two chains.
    const BREAK: u32 = u32::MAX;

    impl Counts {
        /// Appends a word.
        pub fn push(&mut self, word: u64) {
            let next = self.words.len() as u32;
            let n = *self.numbers.entry(word).or_insert(next);
            if n == next {
                self.words.push((word, 0));
            }
            self.words[n as usize].1 += 1;
            self.sequence.push(n);
        }

        /// Ends a chain.
        pub fn end(&mut self) {
            self.sequence.push(BREAK);
        }

        /// Numbers of kept words by falling count, and the text in those numbers.
        fn prepare(&self) -> (Vec<u64>, Vec<u32>) {
            let mut order: Vec<u32> = (0..self.words.len() as u32)
                .filter(|&n| self.words[n as usize].1 >= LEAST)
                .collect();
            order.sort_by_key(|&n| {
                (
                    std::cmp::Reverse(self.words[n as usize].1),
                    self.words[n as usize].0,
                )
            });
            let mut rank = vec![0u32; self.words.len()];
            for (i, &n) in order.iter().enumerate() {
                rank[n as usize] = i as u32 + 1;
            }
            let text = self
                .sequence
                .iter()
                .map(|&n| if n == BREAK { BREAK } else { rank[n as usize] })
                .collect();
            (
                order.iter().map(|&n| self.words[n as usize].0).collect(),
                text,
            )
        }

        /// The words and a class from 1 to `classes` for each.
        pub fn cluster(&self, classes: usize, rounds: usize) -> Vec<(u64, u16)> {
            let (words, text) = self.prepare();
            let n = words.len() + 1;
            let mut right: Vec<HashMap<u32, u32>> = vec![HashMap::new(); n];
            let mut left: Vec<HashMap<u32, u32>> = vec![HashMap::new(); n];
            let mut count = vec![0u64; n];
            for pair in text.windows(2) {
                let &[a, b] = pair else { continue };
                if a != BREAK && b != BREAK {
                    *right[a as usize].entry(b).or_default() += 1;
                    *left[b as usize].entry(a).or_default() += 1;
                    count[a as usize] += 1;
                    count[b as usize] += 1;
                }
            }
            let sorted = |maps: Vec<HashMap<u32, u32>>| -> Vec<Vec<(u32, u32)>> {
                maps.into_iter()
                    .map(|m| {
                        let mut v: Vec<_> = m.into_iter().collect();
                        v.sort_unstable();
                        v
                    })
                    .collect()
            };
            let (right, left) = (sorted(right), sorted(left));
            // Class 0 is the rare words' and stays.
            let k = classes + 1;
            let mut class: Vec<u16> = (0..n)
                .map(|w| {
                    if w == 0 {
                        0
                    } else {
                        (1 + (w - 1) % classes) as u16
                    }
                })
                .collect();
            let mut pairs = vec![0i64; k * k];
            let mut rows = vec![0i64; k];
            for w in 0..n {
                for &(v, c) in &right[w] {
                    pairs[class[w] as usize * k + class[v as usize] as usize] += i64::from(c);
                }
                rows[class[w] as usize] += count[w] as i64;
            }
            let table: Vec<f64> = (0..1 << 16)
                .map(|n| {
                    if n < 2 {
                        0.0
                    } else {
                        n as f64 * (n as f64).ln()
                    }
                })
                .collect();
            let f = |n: i64| match table.get(n as usize) {
                Some(v) => *v,
                None => n as f64 * (n as f64).ln(),
            };
            let mut after = vec![0i64; k];
            let mut before = vec![0i64; k];
            for round in 0..rounds {
                let mut moved = 0;
                for w in 1..n {
                    let a = class[w] as usize;
                    after.fill(0);
                    before.fill(0);
                    let mut own = 0i64;
                    for &(v, c) in &right[w] {
                        if v as usize == w {
                            own = i64::from(c);
                        } else {
                            after[class[v as usize] as usize] += i64::from(c);
                        }
                    }
                    for &(v, c) in &left[w] {
                        if v as usize != w {
                            before[class[v as usize] as usize] += i64::from(c);
                        }
                    }
                    let near: Vec<(usize, i64, i64)> = (0..k)
                        .filter(|&c| after[c] + before[c] > 0)
                        .map(|c| (c, after[c], before[c]))
                        .collect();
                    for &(c, r, l) in &near {
                        pairs[a * k + c] -= r;
                        pairs[c * k + a] -= l;
                    }
                    pairs[a * k + a] -= own;
                    rows[a] -= count[w] as i64;
                    let mut best = (f64::NEG_INFINITY, a);
                    for b in 1..k {
                        let mut gain = f(rows[b]) - f(rows[b] + count[w] as i64);
                        for &(c, r, l) in &near {
                            if c == b {
                                continue;
                            }
                            if r > 0 {
                                let p = pairs[b * k + c];
                                gain += f(p + r) - f(p);
                            }
                            if l > 0 {
                                let p = pairs[c * k + b];
                                gain += f(p + l) - f(p);
                            }
                        }
                        let p = pairs[b * k + b];
                        gain += f(p + after[b] + before[b] + own) - f(p);
                        if gain > best.0 + 1e-9 || (b == a && gain >= best.0 - 1e-9) {
                            best = (gain, b);
                        }
                    }
                    let b = best.1;
                    for &(c, r, l) in &near {
                        pairs[b * k + c] += r;
                        pairs[c * k + b] += l;
                    }
                    pairs[b * k + b] += own;
                    rows[b] += count[w] as i64;
                    if b != a {
                        class[w] = b as u16;
                        moved += 1;
                    }
                }
                eprintln!(
                    "{classes} classes, round {}: {moved} of {} words moved",
                    round + 1,
                    n - 1
                );
                if moved * 200 < n {
                    break;
                }
            }
            words.into_iter().zip(class.into_iter().skip(1)).collect()
        }
    }

    /// A cluster file of a fine and a coarse clustering of the same words.
    pub fn write(fine: &[(u64, u16)], coarse: &[(u64, u16)]) -> Vec<u8> {
        let size = (fine.len() * 4 / 3).next_power_of_two().max(16);
        let mut slots = vec![[0u8; 8]; size];
        for (&(key, a), &(_, b)) in fine.iter().zip(coarse) {
            let mut at = key as usize & (size - 1);
            while slots[at][..4] != [0; 4] {
                at = (at + 1) & (size - 1);
            }
            slots[at][..4].copy_from_slice(&((key >> 32) as u32 | 1).to_le_bytes());
            slots[at][4..6].copy_from_slice(&a.to_le_bytes());
            slots[at][6..8].copy_from_slice(&b.to_le_bytes());
        }
        let mut out = super::MAGIC.to_vec();
        out.extend_from_slice(&(size as u32).to_le_bytes());
        out.extend(slots.iter().flatten());
        out
    }
}
