//! The sequence scorer: a linear-chain conditional random field over BIO labels, weights as sorted bytes.

use wide::{CmpEq, CmpGt, i16x8, i32x8};

use super::cell::{
    Around, Blocks, CLITICS, Cell, DENSE, EDGES, Hope, edge, gap, lead, named, separate,
};
use super::governor::{Governor, Leads};
use crate::ahead::fetch;
use crate::sieve::put_if;

/// Labels: outside, then begin and inside of each kind.
pub(crate) const LABELS: usize = 7;
/// Offsets at which a word's features are seen: two before to two behind.
pub(crate) const OFFSETS: usize = 5;
/// Scores of the labels, side by side in one register; label 0 is the origin and has none, the last lane pads.
pub(crate) type Row = i16x8;

/// Bytes of a feature in a weights file: a weight for each label but «outside» at each offset, between two that are 0.
/// They are the lanes of a [`WordRow`].
pub(crate) const FEATURE: usize = (LABELS - 1) * OFFSETS + 2;

/// The features of a weights file begin at a multiple of this, so that none lies in two cache lines.
pub(crate) const ALIGN: usize = 64;

/// Sums of the weights of features.
pub(crate) type Scores = [Row; FEATURE / 8];

/// What a distinct word says for the labels of the words around it and for its own: one cache line.
///
/// For each offset six labels, side by side. A [`Row`] of it is two lanes wider: «outside», for which no word says anything, and
/// the pad. These hold what stands beside the six and count for nothing; see [`Model::score`].
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(crate) struct WordRow {
    lanes: [i16; WordRow::LANES],
}

impl Default for WordRow {
    fn default() -> WordRow {
        WordRow::NONE
    }
}

impl WordRow {
    const LANES: usize = FEATURE;
    /// That of no word.
    pub const NONE: WordRow = WordRow {
        lanes: [0; WordRow::LANES],
    };

    /// The scores a word gives at each offset.
    pub fn new(scores: &Scores) -> WordRow {
        let mut out = WordRow::NONE;
        for (to, from) in out.lanes.as_chunks_mut().0.iter_mut().zip(scores) {
            *to = *from.as_array_ref();
        }
        out
    }

    /// Its first lane, for [`fetch`](crate::ahead::fetch).
    pub fn first(&self) -> u32 {
        self.lanes[0] as u32
    }

    /// What it says at the offset `K`.
    #[inline]
    fn row<const K: usize>(&self) -> Row {
        let lanes = self.lanes.split_at((LABELS - 1) * K).1.first_chunk();
        Row::new(*lanes.unwrap_or(&[0; 8]))
    }
}

/// What every mention of a word needs beside scores; there is no room to spare for it where it stands.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, packed)]
pub(crate) struct Looks {
    /// Which words may go on the known names of several words that begin with it; 0 where there is none.
    pub follow: u32,
    pub class: u8,
    pub clitic: u8,
    pub cluster: u8,
    pub sign: u8,
    /// See [`WordInfo::alone`](super::feature::WordInfo::alone).
    pub alone: u8,
}

/// The lanes of the six labels that a word speaks of.
const SPOKEN_OF: Row = Row::new([0, -1, -1, -1, -1, -1, -1, 0]);
/// This for each of these, and of the two others more than ever is said.
const fn of_each(least: i16) -> Row {
    Row::new([MAX, least, least, least, least, least, least, MAX])
}

/// A run of words of a chain that may be part of names, between words that are not.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    /// First cell.
    pub first: u32,
    /// One past the last.
    pub end: u32,
    /// Its last word is the last of the chain.
    pub last: bool,
    /// Nothing speaks for a name in it, unless other mentions do.
    pub quiet: bool,
    /// A word of it is labelled as something else elsewhere; see [`Votes`](super::votes::Votes).
    pub doubtful: bool,
}

impl Run {
    /// Its cells.
    pub fn range(self) -> std::ops::Range<usize> {
        self.first as usize..self.end as usize
    }
}

/// First bytes of a weights file.
pub(crate) const MAGIC: &[u8; 8] = b"RASDNER4";

/// Whether `to` may follow `from`: a name goes on only as what it began as.
pub(crate) const fn follows(from: usize, to: usize) -> bool {
    to == 0 || to % 2 == 1 || from == to || from + 1 == to
}

/// Whether a name may go on over the gap of an edge context: not over commas, colons and ends.
pub(crate) const fn joins(context: usize) -> bool {
    !matches!(
        (context / CLITICS) as u8,
        gap::COMMA | gap::COLON | gap::END | gap::OTHER
    )
}

/// Scores of each label after each, in one context: see [`edge`].
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Steps {
    /// By label before: those of the labels behind it.
    from: [Row; LABELS],
    /// By label before: that of «outside» behind it.
    out: Row,
}

/// The weights.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// By edge context; then the same where the later word is [`separate`].
    steps: Vec<Steps>,
    dense: Blocks,
    /// Open addressing by feature hash: 32 bits of it, 0 where the slot is free.
    keys: &'static [[u8; 4]],
    /// Beside the keys: the numbers of the rows.
    numbers: &'static [[u8; 2]],
    /// By feature: a weight for each offset and label.
    rows: &'static [[u8; FEATURE]],
}

/// The number of no slot.
const NO_SLOT: u32 = u32::MAX;

/// Score of what cannot be; sums with it stay below every other sum.
const NEVER: i16 = -20_000;

/// Where what a word and its neighbours say puts some label above this, or where a list knows its name, the word may be part
/// of a name; behind a title, a verb of saying or the head of a body less is asked for. Beside such a word [`WEAK`] will
/// do, and for a head nothing. All others are outside. Of 25,000 words in names of news this loses one in two hundred, and
/// six words of ten need not be looked at.
const STRONG: i16 = -15;
const LED: i16 = -80;
const WEAK: i16 = -55;

/// A run is all outside where no label of any word has more than this: so were all but one in two thousand words of names.
const QUIET: i16 = -40;

/// By what governs a word, what must be said of some label for it to be strong.
const LEAST: [Row; lead::COUNT] = {
    let mut out = [of_each(LED); lead::COUNT];
    out[lead::NONE as usize] = of_each(STRONG);
    out
};

/// Scores where nothing but «outside» may be.
const ONLY_OUTSIDE: Row = Row::new([0, MIN, MIN, MIN, MIN, MIN, MIN, MIN]);
const MIN: i16 = i16::MIN;

/// Upper bounds of steps where no person or place may go on, and where nothing may begin either.
const NOT_INSIDE: Row = Row::new([MAX, MAX, NEVER, MAX, NEVER, MAX, MAX, MAX]);
const NO_NAME: Row = Row::new([MAX, NEVER, NEVER, NEVER, NEVER, NEVER, MAX, MAX]);
const MAX: i16 = i16::MAX;

/// A label so far behind «outside» does not catch up: 24 is a factor of e, so this is one to 10^7.
const BEAM: i16 = -400;

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

/// So many new words are looked up side by side.
pub(crate) const NEW_WORDS: usize = 16;

/// The hashed features of some new words, those of one behind those of the other.
pub(crate) struct FeatureLists {
    list: [u64; FeatureLists::MOST],
    count: usize,
    /// Where those of each word end.
    ends: [usize; NEW_WORDS],
}

impl FeatureLists {
    /// More features than the words have: one of them has one for each bit of its mask, a few clusters, beginnings and ends,
    /// and ten others.
    const MOST: usize = 64 * NEW_WORDS;

    pub fn new() -> FeatureLists {
        FeatureLists {
            list: [0; FeatureLists::MOST],
            count: 0,
            ends: [0; NEW_WORDS],
        }
    }

    pub fn clear(&mut self) {
        self.count = 0;
    }

    #[inline]
    pub fn push(&mut self, feature: u64) {
        if let Some(place) = self.list.get_mut(self.count) {
            *place = feature;
            self.count += 1;
        }
    }

    /// What was pushed since the word before are the features of word number `word`.
    pub fn end(&mut self, word: usize) {
        if let Some(end) = self.ends.get_mut(word) {
            *end = self.count;
        }
    }

    fn as_slice(&self) -> &[u64] {
        self.list.get(..self.count).unwrap_or(&[])
    }
}

impl Model {
    /// Reads a weights file; `None` where the bytes are not one of this version.
    pub fn new(bytes: &'static [u8]) -> Option<Model> {
        let mut r = Reader(bytes);
        if r.take(8)? != MAGIC || r.u32()? != DENSE || r.u32()? != EDGES {
            return None;
        }
        let mut edges = vec![[Row::splat(NEVER); LABELS]; EDGES];
        for (number, context) in edges.iter_mut().enumerate() {
            for (from, row) in context.iter_mut().enumerate() {
                for (to, score) in row.as_array_mut().iter_mut().take(LABELS).enumerate() {
                    let w = i16::from_le_bytes(*r.take(2)?.first_chunk()?);
                    if follows(from, to) && (to % 2 == 1 || to == 0 || joins(number)) {
                        *score = w;
                    }
                }
            }
        }
        let mut dense = vec![Row::default(); DENSE];
        for _ in 0..r.u32()? {
            let at = usize::from(u16::from_le_bytes(*r.take(2)?.first_chunk()?));
            let weights = r.take(LABELS - 1)?;
            for (slot, &w) in dense
                .get_mut(at)?
                .as_array_mut()
                .iter_mut()
                .skip(1)
                .zip(weights)
            {
                *slot = i16::from(w as i8);
            }
        }
        let slots = r.u32()?;
        let rows = r.u32()?;
        if !slots.is_power_of_two() {
            return None;
        }
        let keys = r.take(slots.checked_mul(4)?)?.as_chunks().0;
        let numbers = r.take(slots.checked_mul(2)?)?.as_chunks().0;
        let read = bytes.len() - r.0.len();
        r.take(read.next_multiple_of(ALIGN) - read)?;
        let rows = r.take(rows.checked_mul(FEATURE)?)?.as_chunks().0;
        Some(Model {
            steps: steps(&edges),
            dense: Blocks::new(&dense),
            keys,
            numbers,
            rows,
        })
    }

    /// Whether there are weights.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// What the hashed features of some words say at each offset: the sums of their weights.
    ///
    /// The tables are far away, and half of the features are not in them. So each is asked in loops that only load, for all
    /// words at once.
    #[inline(never)]
    pub fn say(&self, features: &FeatureLists, sums: &mut [Scores]) {
        let list = features.as_slice();
        fetch(list.iter().map(|&feature| {
            let home = self.keys.get(self.home(feature));
            home.map_or(0, |key| u32::from_le_bytes(*key))
        }));
        let mut slots = [0; FeatureLists::MOST];
        let mut ends = [0; NEW_WORDS];
        let mut count = 0;
        let mut start = 0;
        for (end, &features_end) in ends.iter_mut().zip(&features.ends).take(sums.len()) {
            for &feature in list.get(start..features_end).unwrap_or(&[]) {
                let slot = self.slot(feature);
                put_if(slot != NO_SLOT, &mut slots, &mut count, slot);
            }
            (*end, start) = (count, features_end);
        }
        let slots = slots.get_mut(..count).unwrap_or(&mut []);
        for slot in &mut *slots {
            let number = self.numbers.get(*slot as usize).copied();
            *slot = number.map_or(0, |number| u32::from(u16::from_le_bytes(number)));
        }
        let row = |number: &u32| self.rows.get(*number as usize);
        fetch(slots.iter().filter_map(row).map(|row| u32::from(row[0])));
        let mut start = 0;
        for (said, &end) in sums.iter_mut().zip(&ends) {
            let mut sum = Scores::default();
            let slots = slots.get(start..end).unwrap_or(&[]);
            for weights in slots.iter().filter_map(row) {
                let (weights, _) = weights.as_chunks::<8>();
                for (row, weights) in sum.iter_mut().zip(weights) {
                    // A loop over a place on the stack becomes two instructions; `map` does not.
                    let mut lanes = [0i16; 8];
                    for k in 0..8 {
                        lanes[k] = i16::from(weights[k] as i8);
                    }
                    *row += Row::new(lanes);
                }
            }
            (*said, start) = (sum, end);
        }
    }

    /// Where the search for a hashed feature begins.
    #[inline]
    const fn home(&self, feature: u64) -> usize {
        feature as usize & self.keys.len().wrapping_sub(1)
    }

    /// The slot of a hashed feature, [`NO_SLOT`] where it has none.
    #[inline]
    fn slot(&self, feature: u64) -> u32 {
        let home = self.home(feature);
        let key = (feature >> 32) as u32 | 1;
        let near = self.keys.get(home..).and_then(<[_]>::first_chunk::<8>);
        if let Some(near) = near {
            // Whether a feature is in the table, and how far from home, nobody can foretell: eight slots are looked at side
            // by side. One in fifty features has to be looked for farther on.
            // A loop over a place on the stack becomes two instructions; `map` does not.
            let mut lanes = [0; 8];
            for k in 0..8 {
                lanes[k] = i32::from_le_bytes(near[k]);
            }
            let near = i32x8::new(lanes);
            let equal = near.cmp_eq(i32x8::splat(key as i32)).move_mask();
            let free = near.cmp_eq(i32x8::ZERO).move_mask();
            if equal | free != 0 {
                // One behind a free slot would be another feature with the same 31 bits: as likely as one before it.
                let slot = home as u32 + equal.trailing_zeros();
                return if equal != 0 { slot } else { NO_SLOT };
            }
        }
        self.slot_by_steps(home, key)
    }

    /// The same, slot by slot.
    #[inline(never)]
    fn slot_by_steps(&self, mut at: usize, key: u32) -> u32 {
        while let Some(&slot) = self.keys.get(at) {
            match u32::from_le_bytes(slot) {
                0 => break,
                k if k == key => return at as u32,
                _ => at = (at + 1) % self.keys.len(),
            }
        }
        NO_SLOT
    }

    /// What speaks for each label of each word of a chain, where `row` is what a word says and what other mentions say is not
    /// counted, into `rows`: of the words that may be part of a name at all, which are added to `hoped` and their runs to
    /// `runs`. The chain begins at cell `base`.
    #[inline(never)]
    pub fn score<'b>(
        &self,
        chain: &mut [Cell],
        row: impl Fn(u32) -> &'b WordRow,
        rows: &mut [Row],
        base: u32,
        hoped: &mut Hoped,
        runs: &mut Vec<Run>,
    ) {
        let known = hoped.count;
        hopes(chain, row, rows, base, hoped);
        // All words of the chain in one loop, without a branch on where a run ends: that cannot be foreseen.
        let words = hoped.words.get_mut(known..hoped.count).unwrap_or(&mut []);
        let mut count = runs.len();
        runs.resize(count + words.len(), Run::default());
        let last = base + chain.len() as u32;
        let mut run = Run {
            end: u32::MAX,
            ..Run::default()
        };
        for word in words {
            let i = word.cell.wrapping_sub(base) as usize;
            let (Some(around), Some(row)) = (Around::of(chain, i), rows.get_mut(i)) else {
                break;
            };
            *row += self.dense.sum(around);
            let silent = row.cmp_gt(of_each(QUIET)).none();
            let begins = word.cell != run.end;
            count += usize::from(begins);
            run = Run {
                first: if begins { word.cell } else { run.first },
                end: word.cell + 1,
                last: word.cell + 1 == last,
                quiet: (begins | run.quiet) & silent,
                doubtful: false,
            };
            let number = count.wrapping_sub(1);
            word.run = number as u32;
            if let Some(slot) = runs.get_mut(number) {
                *slot = run;
            }
        }
        runs.truncate(count);
    }

    /// The best labels of the words of runs, between words outside of names; `rows` are their scores, see
    /// [`score`](Self::score), to which is added what other mentions say, where they have been `TOLD`. There is room in `back` for those of a run.
    #[inline(never)]
    pub fn decode<'r, const TOLD: bool>(
        &self,
        runs: impl Iterator<Item = &'r Run>,
        cells: &[Cell],
        rows: &[Row],
        back: &mut [Row],
        labels: &mut [u8],
    ) {
        for run in runs {
            let range = run.range();
            let behind = cells.get(range.end).filter(|_| !run.last);
            if let (Some(cells), Some(rows), Some(labels)) = (
                cells.get(range.clone()),
                rows.get(range.clone()),
                labels.get_mut(range),
            ) {
                self.decode_run::<TOLD>(cells, behind, rows, back, labels);
            }
        }
    }

    /// The best labels of the words of a run, behind which stands `behind`.
    #[inline(always)]
    fn decode_run<const TOLD: bool>(
        &self,
        run: &[Cell],
        behind: Option<&Cell>,
        rows: &[Row],
        back: &mut [Row],
        labels: &mut [u8],
    ) {
        let own = |cell: &Cell, row: &Row| {
            if TOLD {
                *row + self.dense.of_document(cell)
            } else {
                *row
            }
        };
        // Scores are kept relative to «outside»: it may follow every other. Labels that fall out of the beam come to
        // nothing.
        let relative = |next: Row| {
            let scores = next.saturating_sub(Row::splat(next.as_array_ref()[0]));
            let lives = scores.cmp_gt(Row::splat(BEAM));
            lives.blend(scores, ONLY_OUTSIDE)
        };
        let mut cells = run.iter().zip(rows).zip(&mut *back);
        // Before a run stands «outside».
        let Some(((cell, row), back_of_first)) = cells.next() else {
            return;
        };
        let Some(steps) = self.steps.get(step(cell)) else {
            return;
        };
        *back_of_first = Row::splat(1);
        let mut scores = relative(steps.from[0].saturating_add(own(cell, row)));
        for ((cell, row), back) in cells {
            let Some(steps) = self.steps.get(step(cell)) else {
                return;
            };
            let mut reached = steps.from;
            for (reached, score) in reached.iter_mut().zip(scores.as_array_ref()) {
                *reached = reached.saturating_add(Row::splat(*score));
            }
            let next = reached.iter().fold(reached[0], |a, b| a.max(*b));
            // A bit for each label from which the best score is reached.
            let mut from = Row::default();
            for (label, reached) in reached.iter().enumerate() {
                from |= reached.cmp_eq(next) & Row::splat(1 << label);
            }
            *back = from;
            scores = relative(next.saturating_add(own(cell, row)));
        }
        // What follows a run is outside.
        if let Some(Steps { out, .. }) = behind.and_then(|cell| self.steps.get(step(cell))) {
            scores = scores.saturating_add(*out);
        }
        let best = scores.cmp_eq(Row::splat(scores.reduce_max())).move_mask();
        let mut best = best.trailing_zeros() as usize;
        for (label, from) in labels.iter_mut().zip(back.iter()).rev() {
            *label = best as u8;
            best = from.as_array_ref()[best % 8].trailing_zeros() as usize;
        }
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.steps.len() * size_of::<Steps>()
            + self.dense.memory_usage()
            + self.keys.len() * 4
            + self.numbers.len() * 2
            + self.rows.len() * FEATURE
    }
}

/// Which of [`Model::steps`] leads to a cell.
#[inline]
fn step(cell: &Cell) -> usize {
    edge(cell) + EDGES * usize::from(separate(cell))
}

/// The steps of edges between labels.
fn steps(edges: &[[Row; LABELS]]) -> Vec<Steps> {
    // «و» by itself is no name.
    let alone = |number: usize| number % CLITICS == 6;
    let below = |bound: Row| {
        let rows = edges.iter().enumerate();
        rows.map(move |(number, from)| {
            let bound = if alone(number) { NO_NAME } else { bound };
            let mut out = [NEVER; 8];
            for (out, row) in out.iter_mut().zip(from) {
                *out = row.as_array_ref()[0];
            }
            Steps {
                from: from.map(|row| row.min(bound)),
                out: Row::new(out),
            }
        })
    };
    below(Row::splat(MAX)).chain(below(NOT_INSIDE)).collect()
}

/// A word that may be part of a name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HopedWord {
    pub cell: u32,
    pub run: u32,
}

/// The words of a text that may be part of names, in order.
#[derive(Debug, Default)]
pub(crate) struct Hoped {
    /// Those found, then some without meaning.
    words: Vec<HopedWord>,
    count: usize,
}

impl Hoped {
    /// Forgets all and makes room for so many words.
    pub fn clear(&mut self, room: usize) {
        self.count = 0;
        if self.words.len() < room {
            self.words.resize(room, HopedWord::default());
        }
    }

    /// The words.
    pub fn words(&self) -> &[HopedWord] {
        self.words.get(..self.count).unwrap_or(&[])
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.words.capacity() * size_of::<HopedWord>()
    }
}

/// Sums what the words of a chain say into `rows` and adds those that may be part of a name to `hoped`.
#[inline]
fn hopes<'b>(
    chain: &mut [Cell],
    row: impl Fn(u32) -> &'b WordRow,
    rows: &mut [Row],
    base: u32,
    hoped: &mut Hoped,
) {
    let says = |cell: Option<&Cell>| cell.map_or(&WordRow::NONE, |cell| row(cell.word));
    // Features seen at offset k are those of the word k - 2 places away. So each word adds to five sums that are under way,
    // and the oldest is whole.
    let (first, second) = (says(chain.first()), says(chain.get(1)));
    let mut sums = [
        first.row::<2>() + second.row::<3>(),
        first.row::<1>() + second.row::<2>(),
        first.row::<0>() + second.row::<1>(),
        second.row::<0>(),
    ];
    let slots = hoped.words.as_mut_slice();
    let mut count = hoped.count;
    // A cell is within a run where it is strong, or weak beside a strong one, that is, where its bits and half of those of
    // its neighbours are more than 1. Whether it will be cannot be foreseen, so each cell is written, and kept where it is.
    let (mut before2, mut before) = (0u8, 0u8);
    let mut tell = |at: u32, before2: u8, own: u8, after: u8| {
        if let Some(slot) = slots.get_mut(count) {
            slot.cell = at;
        }
        count += usize::from(own + ((before2 | after) >> 1) > 1);
        count
    };
    let mut governor = Governor::default();
    for (i, row) in rows.iter_mut().enumerate() {
        let ahead = says(chain.get(i + 2));
        let [own, one_after, two_after, three_after] = sums;
        let said = (own + ahead.row::<4>()) & SPOKEN_OF;
        sums = [
            one_after + ahead.row::<3>(),
            two_after + ahead.row::<2>(),
            three_after + ahead.row::<1>(),
            ahead.row::<0>(),
        ];
        let Some(cell) = chain.get_mut(i) else { break };
        governor = governor.at(cell);
        cell.lead = governor.lead();
        let leads = Leads::of(cell);
        governor = governor.behind(cell, leads);
        *row = said;
        let least = LEAST[cell.lead as usize % LEAST.len()];
        let strong = named(cell) | said.cmp_gt(least).any();
        let weak = leads.opens_names() | said.cmp_gt(of_each(WEAK)).any();
        let hope = u8::from(weak) * Hope::WEAK + u8::from(strong) * Hope::STRONG;
        cell.hope = Hope(hope);
        if i > 0 {
            tell(base + i as u32 - 1, before2, before, hope);
        }
        (before2, before) = (before, hope);
    }
    let last = base + (chain.len() as u32).wrapping_sub(1);
    hoped.count = tell(last, before2, before, 0);
}
