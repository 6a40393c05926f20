//! The sequence scorer: a linear-chain conditional random field over BIO labels, weights as sorted bytes.

use super::feature::{CLITICS, Cell, DENSE, EDGES, dense, edge, gap};

/// Labels: outside, then begin and inside of each kind.
pub(crate) const LABELS: usize = 7;
/// Offsets at which a word's features are seen: two before to two behind.
pub(crate) const OFFSETS: usize = 5;
/// Scores of labels 1 to 6 (0 is the origin), padded for the processor.
pub(crate) type Row = [i16; 8];

/// First bytes of a weights file.
pub(crate) const MAGIC: &[u8; 8] = b"RASDNER1";

/// Whether `to` may follow `from`: a name goes on only as what it began as.
pub(crate) const fn follows(from: usize, to: usize) -> bool {
    to == 0 || to % 2 == 1 || from == to || from + 1 == to
}

/// Whether a name may go on over the gap of an edge context: not over commas, colons and ends.
pub(crate) const fn joins(context: usize) -> bool {
    !matches!((context / CLITICS) as u8, gap::COMMA | gap::COLON | gap::END | gap::OTHER)
}

/// The weights.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// By edge context: score of each label after each.
    edges: Vec<[[i32; 8]; LABELS]>,
    dense: Vec<Row>,
    /// Open addressing by feature hash: 32 bits of it, then place (24 bits) and length (8) in `data`.
    slots: &'static [[u8; 8]],
    /// Pairs: offset and label, weight.
    data: &'static [[u8; 2]],
}

const NEVER: i32 = -1_000_000;

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }
    fn u32(&mut self) -> Option<usize> {
        self.take(4)?
            .first_chunk()
            .map(|c| u32::from_le_bytes(*c) as usize)
    }
}

impl Model {
    /// Reads a weights file; `None` where the bytes are not one of this version.
    pub fn new(bytes: &'static [u8]) -> Option<Model> {
        let mut r = Reader(bytes);
        if r.take(8)? != MAGIC || r.u32()? != DENSE || r.u32()? != EDGES {
            return None;
        }
        let mut edges = vec![[[NEVER; 8]; LABELS]; EDGES];
        for (number, context) in edges.iter_mut().enumerate() {
            for (from, row) in context.iter_mut().enumerate() {
                for (to, score) in row.iter_mut().take(LABELS).enumerate() {
                    let w = i32::from(i16::from_le_bytes(*r.take(2)?.first_chunk()?));
                    *score = if follows(from, to) && (to % 2 == 1 || to == 0 || joins(number)) {
                        w
                    } else {
                        NEVER
                    };
                }
            }
        }
        let mut rows = vec![[0i16; 8]; DENSE];
        for _ in 0..r.u32()? {
            let at = usize::from(u16::from_le_bytes(*r.take(2)?.first_chunk()?));
            let weights = r.take(LABELS - 1)?;
            let row = rows.get_mut(at)?;
            for (slot, &w) in row.iter_mut().zip(weights) {
                *slot = i16::from(w as i8);
            }
        }
        let slots = r.u32()?;
        let data = r.u32()?;
        if !slots.is_power_of_two() {
            return None;
        }
        let slots = r.take(slots.checked_mul(8)?)?.as_chunks().0;
        let data = r.take(data.checked_mul(2)?)?.as_chunks().0;
        Some(Model {
            edges,
            dense: rows,
            slots,
            data,
        })
    }

    /// Whether there are weights.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds the weights of a hashed feature to the scores a word gives at each offset.
    pub fn add(&self, feature: u64, to: &mut [Row; OFFSETS]) {
        let Some(mask) = self.slots.len().checked_sub(1) else {
            return;
        };
        let key = (feature >> 32) as u32 | 1;
        let mut at = feature as usize & mask;
        loop {
            let Some(&[a, b, c, d, e, f, g, n]) = self.slots.get(at) else {
                return;
            };
            match u32::from_le_bytes([a, b, c, d]) {
                0 => return,
                k if k == key => {
                    let first = u32::from_le_bytes([e, f, g, 0]) as usize;
                    for &[place, weight] in self.data.get(first..first + n as usize).unwrap_or(&[])
                    {
                        let (offset, label) = ((place >> 3) as usize, (place & 7) as usize);
                        if let Some(w) = to.get_mut(offset).and_then(|r| r.get_mut(label)) {
                            *w = w.saturating_add(i16::from(weight as i8));
                        }
                    }
                    return;
                }
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// The best labels of a chain.
    pub fn decode(
        &self,
        chain: &[Cell],
        emissions: &[[Row; OFFSETS]],
        back: &mut Vec<[u8; 8]>,
        labels: &mut Vec<u8>,
    ) {
        back.clear();
        let mut scores = [NEVER; 8];
        for (i, cell) in chain.iter().enumerate() {
            let mut own = [0i16; 8];
            for offset in 0..OFFSETS {
                // Features seen at offset k are those of the word k - 2 places away.
                let Some(neighbour) = (i + offset).checked_sub(2).and_then(|j| chain.get(j)) else {
                    continue;
                };
                if let Some(row) = emissions
                    .get(neighbour.word as usize)
                    .and_then(|e| e.get(offset))
                {
                    for (o, w) in own.iter_mut().zip(row) {
                        *o = o.wrapping_add(*w);
                    }
                }
            }
            dense(chain, i, &mut |f| {
                if let Some(row) = self.dense.get(f) {
                    for (o, w) in own.iter_mut().zip(row) {
                        *o = o.wrapping_add(*w);
                    }
                }
            });
            let mut next = [NEVER; 8];
            let mut from_of = [0u8; 8];
            let Some(context) = self.edges.get(edge(cell)) else {
                continue;
            };
            if i == 0 {
                // Before a chain stands «outside».
                if let Some(row) = context.first() {
                    next = *row;
                }
            } else {
                for (from, (row, &score)) in context.iter().zip(&scores).enumerate() {
                    for (to, (slot, &w)) in next.iter_mut().zip(row).enumerate() {
                        let s = score + w;
                        if s > *slot {
                            *slot = s;
                            if let Some(f) = from_of.get_mut(to) {
                                *f = from as u8;
                            }
                        }
                    }
                }
            }
            for (slot, &w) in next.iter_mut().skip(1).zip(&own) {
                *slot = (*slot + i32::from(w)).max(NEVER);
            }
            scores = next;
            back.push(from_of);
        }
        let mut best = 0usize;
        for (label, score) in scores.iter().enumerate().take(LABELS) {
            if Some(score) > scores.get(best) {
                best = label;
            }
        }
        let at = labels.len();
        for from_of in back.iter().rev() {
            labels.push(best as u8);
            best = from_of.get(best).copied().unwrap_or(0) as usize;
        }
        if let Some(new) = labels.get_mut(at..) {
            new.reverse();
        }
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.edges.len() * size_of::<[[i32; 8]; LABELS]>()
            + self.dense.len() * size_of::<Row>()
            + self.slots.len() * 8
            + self.data.len() * 2
    }
}
