//! What the scorer sees of a place in a sentence: few features, and dense, rows of a table.

use super::feature::{CLASSES, CLUSTERS, class, group};
use super::model::Row;
use super::votes;

/// What stands between a word and the one before it.
pub(crate) mod gap {
    pub const SPACE: u8 = 0;
    pub const QUOTE: u8 = 1;
    pub const OPEN: u8 = 2;
    pub const CLOSE: u8 = 3;
    pub const COMMA: u8 = 4;
    pub const DASH: u8 = 5;
    pub const DOT: u8 = 6;
    pub const COLON: u8 = 7;
    pub const SLASH: u8 = 8;
    pub const OTHER: u8 = 9;
    /// Start or end of a sentence or line.
    pub const END: u8 = 10;
    pub const TIGHT_DASH: u8 = 11;
    pub const COUNT: usize = 12;
}

/// What went before: which opener governs a word.
pub(crate) mod lead {
    pub const NONE: u8 = 0;
    pub const TITLE: u8 = 1;
    pub const TITLE_1: u8 = 2;
    pub const TITLE_2: u8 = 3;
    pub const TITLE_FAR: u8 = 4;
    pub const SAYING: u8 = 5;
    pub const BODY: u8 = 6;
    pub const BODY_1: u8 = 7;
    pub const BODY_2: u8 = 8;
    pub const BODY_FAR: u8 = 9;
    pub const PLACE: u8 = 10;
    pub const KIN: u8 = 11;
    pub const BODY_THE: u8 = 12;
    pub const BODY_THE_1: u8 = 13;
    pub const SITE: u8 = 14;
    pub const COUNT: usize = 16;
}

/// Whether a word may be part of a name, see [`super::model::Model::score`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hope(pub u8);

impl Hope {
    /// It may not.
    pub const NONE: Hope = Hope(0);
    /// Set where it may beside one of which there is more.
    pub const WEAK: u8 = 1;
    /// Set where it may by itself.
    pub const STRONG: u8 = 2;

    /// Whether it may by itself.
    #[inline]
    pub const fn is_strong(self) -> bool {
        self.0 >= Hope::STRONG
    }
}

/// One unit in its chain.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cell {
    pub word: u32,
    /// By `group`: begins (bit 0), is inside (1), ends (2) the longest known name there; 3 the name has several words.
    pub names: u32,
    /// How the same word is labelled elsewhere in the text, see [`Votes`](super::votes::Votes).
    pub document: u16,
    /// Before it.
    pub gap: u8,
    pub lead: u8,
    /// Whether it may be part of a name at all, by what is said before its place is looked at.
    pub hope: Hope,
    /// Part of the page, in a few sorts.
    pub part: u8,
    pub clitic: u8,
    /// Its class, or that of a word of a known name of several words.
    pub class: u8,
    /// Its class by itself.
    pub plain: u8,
    /// Coarse class of the company it keeps.
    pub cluster: u8,
    /// Seven bits of its key, see [`fold::sign`](super::fold::sign).
    pub sign: u8,
}

impl Cell {
    /// What stands before and behind a chain.
    pub const NONE: Cell = Cell {
        word: u32::MAX,
        class: class::NONE,
        plain: class::NONE,
        gap: gap::END,
        clitic: 0,
        lead: lead::NONE,
        cluster: CLUSTERS,
        sign: 0,
        hope: Hope::NONE,
        part: 0,
        document: 0,
        names: 0,
    };
}

/// A kind of dense feature: of a word of some class, what stands at a place near it has some value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Its first row in a weights file: by value, then by class.
    first: usize,
    /// Number of its values.
    values: usize,
    /// Where its values begin in a block of [`Blocks`], and a mask for them: no index needs to be checked, and what is no
    /// value would fall among those of the places behind.
    at: usize,
    mask: usize,
    /// The value of which nothing is said.
    nothing: usize,
}

impl Place {
    const fn behind(before: Place, values: usize, nothing: usize) -> Place {
        Place {
            first: before.first + before.values * CLASSES,
            values,
            at: before.at + before.values + (before.nothing == before.values) as usize,
            mask: (values + (nothing == values) as usize).next_power_of_two() - 1,
            nothing,
        }
    }

    /// The row of a value beside a word of class `class` in a weights file; `None` where nothing is said of it.
    #[cfg_attr(not(feature = "train"), allow(dead_code))]
    pub fn row(self, value: usize, class: u8) -> Option<usize> {
        (value != self.nothing).then_some(self.first + value * CLASSES + class as usize)
    }
}

/// For a place where nothing is left out.
const ALL: usize = usize::MAX;

const PREVIOUS: Place = Place {
    first: 0,
    values: CLASSES,
    at: 0,
    mask: CLASSES.next_power_of_two() - 1,
    nothing: ALL,
};
const NEXT: Place = Place::behind(PREVIOUS, CLASSES, ALL);
const PREVIOUS_2: Place = Place::behind(NEXT, CLASSES, ALL);
const LEAD: Place = Place::behind(PREVIOUS_2, lead::COUNT, ALL);
const LEFT: Place = Place::behind(LEAD, gap::COUNT, gap::SPACE as usize);
const RIGHT: Place = Place::behind(LEFT, gap::COUNT, gap::SPACE as usize);
/// Rows of [`names_of`] stand between.
const NAMES: usize = RIGHT.first + RIGHT.values * CLASSES;
const CLITIC: Place = {
    let mut place = Place::behind(RIGHT, CLITICS, 0);
    place.first = NAMES + NAME_ROWS;
    place
};
const PART: Place = Place::behind(CLITIC, 4, 0);
/// Rows of [`document`] stand between.
const DOCUMENT: usize = PART.first + PART.values * CLASSES;
const NEAR_BEFORE: Place = {
    let mut place = Place::behind(PART, CLUSTERS as usize, CLUSTERS as usize);
    place.first = DOCUMENT + DOCUMENT_ROWS;
    place
};
const NEAR_AFTER: Place = Place::behind(NEAR_BEFORE, CLUSTERS as usize, CLUSTERS as usize);

/// All kinds that go by place.
const PLACES: [Place; 10] = [
    PREVIOUS,
    NEXT,
    PREVIOUS_2,
    LEAD,
    LEFT,
    RIGHT,
    CLITIC,
    PART,
    NEAR_BEFORE,
    NEAR_AFTER,
];

/// Number of dense features.
pub(crate) const DENSE: usize = NEAR_AFTER.first + NEAR_AFTER.values * CLASSES;
const NAME_ROWS: usize = group::COUNT * 16;
/// Bytes of [`Cell::names`].
const NAME_BYTES: usize = 4;
const DOCUMENT_ROWS: usize = SORTS * 16;
/// Number of values of [`sort_of`].
const SORTS: usize = 4;
/// Half of the bits of [`Cell::document`], rounded up, and the number of values they have.
const HALF: usize = votes::COUNT.div_ceil(2) as usize;
const VOTES: usize = 1 << HALF;
/// Slots of a block of [`Blocks`].
const SLOTS: usize = NEAR_AFTER.at + NEAR_AFTER.mask + 1;

/// Weights of a dense feature, as they stand in a weights file, each [`BIAS`] more than it is: bytes without a sign are
/// widened by one instruction.
type ByteRow = [u8; 8];
const BIAS: u8 = 128;

/// Weights of the dense features, those of one class side by side, in bytes: ten of them are asked for each word that may be
/// part of a name, so they have to stay in the nearest caches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    by_class: Vec<[ByteRow; SLOTS]>,
    /// By byte of `Cell::names`, that is by two groups: what their rows say together.
    names: Vec<[[Row; 256]; NAME_BYTES]>,
    /// By sort of class: what the rows of [`document`] say together, for each half of its bits.
    document: Vec<[[Row; VOTES]; 2]>,
}

impl Blocks {
    /// From the rows of a weights file.
    pub fn new(rows: &[Row]) -> Blocks {
        let byte = |weight: i16| (weight.clamp(-128, 127) + i16::from(BIAS)) as u8;
        let mut by_class = vec![[[BIAS; 8]; SLOTS]; CLASSES];
        for place in PLACES {
            for value in 0..place.values {
                for (class, block) in by_class.iter_mut().enumerate() {
                    let row = place.row(value, class as u8).and_then(|r| rows.get(r));
                    if let (Some(row), Some(slot)) = (row, block.get_mut(place.at + value)) {
                        *slot = row.as_array_ref().map(byte);
                    }
                }
            }
        }
        let mut names = vec![[[Row::default(); 256]; NAME_BYTES]];
        for (byte, sums) in names.iter_mut().flatten().enumerate() {
            for (value, sum) in sums.iter_mut().enumerate() {
                names_of((value as u32) << (8 * byte), &mut |name| {
                    let said = rows.get(NAMES + name).filter(|_| name < NAME_ROWS);
                    *sum += said.copied().unwrap_or_default();
                });
            }
        }
        let mut document = vec![[[Row::default(); VOTES]; 2]; SORTS];
        for (sort, halves) in document.iter_mut().enumerate() {
            for (half, sums) in halves.iter_mut().enumerate() {
                for (bits, sum) in sums.iter_mut().enumerate() {
                    for vote in (0..HALF).filter(|vote| bits >> vote & 1 == 1) {
                        let row = DOCUMENT + sort * 16 + half * HALF + vote;
                        *sum += rows.get(row).copied().unwrap_or_default();
                    }
                }
            }
        }
        Blocks {
            by_class,
            names,
            document,
        }
    }

    /// What the dense features of a cell say, those of [`document`] apart.
    #[inline]
    pub fn sum(&self, around: Around<'_>) -> Row {
        let Some(block) = self.by_class.get(around.cell.class as usize) else {
            return Row::default();
        };
        let mut sum = Row::splat(-(PLACES.len() as i16 * i16::from(BIAS)));
        places(around, &mut |place, value| {
            if let Some(row) = block.get(place.at + (value & place.mask)) {
                sum += widened(row);
            }
        });
        // Few words are part of names in more than one way: adding nothing is quicker than asking.
        if let Some(names) = self.names.first() {
            for (rows, byte) in names.iter().zip(around.cell.names.to_le_bytes()) {
                sum += rows[byte as usize];
            }
        }
        sum
    }

    /// What other mentions of its word say of a cell.
    #[inline]
    pub fn of_document(&self, cell: &Cell) -> Row {
        let votes = cell.document as usize;
        match self.document.get(sort_of(cell.class)) {
            Some([low, high]) => low[votes % VOTES] + high[votes / VOTES % VOTES],
            None => Row::default(),
        }
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.by_class.len() * size_of::<[ByteRow; SLOTS]>()
            + self.names.len() * size_of::<[[Row; 256]; NAME_BYTES]>()
            + self.document.len() * size_of::<[[Row; VOTES]; 2]>()
    }
}

/// The bytes of a row side by side in a register.
#[inline]
fn widened(row: &ByteRow) -> Row {
    // A loop over a place on the stack becomes two instructions; `map` does not.
    let mut lanes = [0i16; 8];
    for k in 0..8 {
        lanes[k] = i16::from(row[k]);
    }
    Row::new(lanes)
}

/// The rows in a weights file of the dense features of cell `i` of a chain.
#[cfg_attr(not(feature = "train"), allow(dead_code))]
pub(crate) fn dense(chain: &[Cell], i: usize, put: &mut impl FnMut(usize)) {
    let Some(around) = Around::of(chain, i) else {
        return;
    };
    let cell = around.cell;
    places(around, &mut |place, value| {
        if let Some(row) = place.row(value, cell.class) {
            put(row);
        }
    });
    names_of(cell.names, &mut |name| put(NAMES + name));
    document(cell, &mut |row| put(DOCUMENT + row));
}

/// A cell among those near it in its chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<'c> {
    before2: &'c Cell,
    before: &'c Cell,
    pub cell: &'c Cell,
    after: &'c Cell,
}

impl<'c> Around<'c> {
    /// Cell `i` of a chain.
    #[inline]
    pub fn of(chain: &'c [Cell], i: usize) -> Option<Around<'c>> {
        let before = |n: usize| chain.get(i.wrapping_sub(n));
        Some(Around {
            before2: before(2).unwrap_or(&Cell::NONE),
            before: before(1).unwrap_or(&Cell::NONE),
            cell: chain.get(i)?,
            after: chain.get(i + 1).unwrap_or(&Cell::NONE),
        })
    }
}

/// What stands where near a cell.
#[inline]
fn places(around: Around<'_>, put: &mut impl FnMut(Place, usize)) {
    let Around {
        before2,
        before,
        cell,
        after,
    } = around;
    put(PREVIOUS, before.class as usize);
    put(NEXT, after.class as usize);
    put(PREVIOUS_2, before2.class as usize);
    put(LEAD, cell.lead as usize);
    put(LEFT, cell.gap as usize);
    put(RIGHT, after.gap as usize);
    put(CLITIC, cell.clitic as usize);
    put(PART, cell.part as usize);
    put(NEAR_BEFORE, before.cluster as usize);
    put(NEAR_AFTER, after.cluster as usize);
}

/// By group, how a cell with these `names` is part of a known name.
#[inline]
fn names_of(mut names: u32, put: &mut impl FnMut(usize)) {
    while names != 0 {
        let group = names.trailing_zeros() / 4;
        let bits = names >> (4 * group) & 15;
        put((group * 16 + bits) as usize);
        names &= !(15 << (4 * group));
    }
}

/// What other mentions of its word say of a cell: rows beside each other for sorts of classes.
#[inline]
fn document(cell: &Cell, put: &mut impl FnMut(usize)) {
    let mut votes = cell.document;
    while votes != 0 {
        put(sort_of(cell.class) * 16 + votes.trailing_zeros() as usize);
        votes &= votes - 1;
    }
}

/// Whether a word is part of a known name of a place, body or person.
#[inline]
pub(crate) const fn named(cell: &Cell) -> bool {
    cell.names & ((1 << (4 * group::TITLE)) - 1) != 0
}

/// Whether words of a class open names or offices: «وزارة», «مدينة», «رئيس».
pub(crate) const fn opens(class: u8) -> bool {
    const OPENERS: u64 = 1 << class::BODY_HEAD_THE
        | 1 << class::BODY_HEAD
        | 1 << class::BODY_HEAD_OF
        | 1 << class::BODY_FIRST
        | 1 << class::PLACE_HEAD
        | 1 << class::SITE_HEAD
        | 1 << class::ROLE;
    OPENERS >> class & 1 != 0
}

/// Whether a word may not go on a name of a person or place: one with و in front that is no part of a known name.
#[inline]
pub(crate) const fn separate(cell: &Cell) -> bool {
    const INSIDE: u32 = 0x222_2222;
    (cell.clitic == 1) & (cell.names & INSIDE == 0)
}

/// The context in which a label follows another: the gap between the two and what the later word has in front.
#[inline]
pub(crate) fn edge(cell: &Cell) -> usize {
    cell.gap as usize * CLITICS + cell.clitic as usize
}

/// Number of such contexts.
pub(crate) const EDGES: usize = gap::COUNT * CLITICS;
/// Number of values of `clitic`.
pub(crate) const CLITICS: usize = 8;

/// Four sorts of classes: strangers, names, other open words, openers.
const fn sort_of(c: u8) -> usize {
    match c {
        class::UNKNOWN | class::UNKNOWN_THE | class::UNKNOWN_CLITIC | class::LATIN => 0,
        class::COUNTRY..=class::BODY
        | class::BODY_FIRST
        | class::BODY_NEXT
        | class::PLACE_NEXT
        | class::COMMON_NAME
        | class::COMMON_PLACE
        | class::NAME_TAG
        | class::PLACE_TAG
        | class::BODY_TAG => 1,
        class::NISBA_THE | class::NISBA | class::PERFECT..=class::NOUN_OF => 2,
        _ => 3,
    }
}

/// What a character between two units makes of the gap: its class in [`gap`], unless it has one of the bits here.
mod between {
    /// Space: between words otherwise, but not between «كوفيد» and 19.
    pub const SPACE: u8 = 16;
    /// Nothing.
    pub const NOTHING: u8 = 32;
    /// A new line, beside `SPACE`.
    pub const LINE: u8 = 64;
}

/// What any character makes of it.
#[inline]
fn between(c: char) -> u8 {
    use crate::normalize::table;
    match c {
        '\0'..='\x7F' => ASCII_BETWEEN[c as usize % 128],
        '،' | '؛' => gap::COMMA,
        '«' | '»' | '“' | '”' | '‘' | '’' | '„' => gap::QUOTE,
        '–' | '—' | '‑' | '‐' => gap::DASH,
        '…' => gap::DOT,
        c if c.is_whitespace() => between::SPACE,
        // Bidi marks and joiners are nothing.
        c if table::class(c) & table::INVISIBLE != 0 => between::NOTHING,
        _ => gap::OTHER,
    }
}

/// What an ASCII character makes of it.
const ASCII_BETWEEN: [u8; 128] = {
    let mut out = [gap::OTHER; 128];
    let mut c = 0;
    while c < 128 {
        out[c] = match c as u8 {
            b'\n' => between::SPACE | between::LINE,
            b'\t'..=b'\r' | b' ' => between::SPACE,
            // Hashtags are words like others.
            b'#' | b'_' => between::NOTHING,
            b'"' | b'\'' => gap::QUOTE,
            b'(' | b'[' | b'{' => gap::OPEN,
            b')' | b']' | b'}' => gap::CLOSE,
            b',' | b';' => gap::COMMA,
            b'-' => gap::DASH,
            b'.' => gap::DOT,
            b':' => gap::COLON,
            b'/' | b'\\' | b'|' => gap::SLASH,
            _ => gap::OTHER,
        };
        c += 1;
    }
    out
};

/// The class of a gap, from the characters between two units, and whether a new line begins there.
pub(crate) fn gap_of(text: &str) -> (u8, bool) {
    let mut out = gap::SPACE;
    let mut bits = 0;
    for c in text.chars() {
        let code = between(c);
        if code < between::SPACE {
            if out == gap::SPACE || out == gap::QUOTE {
                out = code;
            }
        } else {
            bits |= code;
        }
    }
    if out == gap::DASH && bits & between::SPACE == 0 {
        out = gap::TIGHT_DASH;
    }
    (out, bits & between::LINE != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without a pattern.
    fn numbers(seed: u32) -> impl FnMut(u32) -> u32 {
        let mut state = seed;
        move |below| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        }
    }

    #[test]
    fn blocks_say_what_the_rows_of_a_weights_file_say() {
        let mut next = numbers(7);
        let rows: Vec<Row> = (0..DENSE)
            .map(|_| Row::splat(next(200) as i16 - 100))
            .collect();
        let blocks = Blocks::new(&rows);
        let chain: Vec<Cell> = (0..500)
            .map(|_| Cell {
                class: next(CLASSES as u32) as u8,
                gap: next(gap::COUNT as u32) as u8,
                clitic: next(CLITICS as u32) as u8,
                lead: next(lead::COUNT as u32) as u8,
                cluster: next(u32::from(CLUSTERS)) as u8,
                part: next(4) as u8,
                document: next(1 << 13) as u16,
                names: next(1 << 24) << 4 | next(16),
                ..Cell::default()
            })
            .collect();
        for (i, cell) in chain.iter().enumerate() {
            let mut said = Row::default();
            dense(&chain, i, &mut |row| said += rows[row]);
            let mut sum = blocks.sum(Around::of(&chain, i).unwrap());
            sum += blocks.of_document(cell);
            assert_eq!(sum, said, "cell {i}: {cell:?}");
        }
    }

    #[test]
    fn every_row_of_a_weights_file_has_one_meaning() {
        let mut used = vec![false; DENSE];
        let mut take = |row: usize| assert!(!std::mem::replace(&mut used[row], true), "row {row}");
        for place in PLACES {
            for value in 0..place.values {
                for class in 0..CLASSES as u8 {
                    place.row(value, class).into_iter().for_each(&mut take);
                }
            }
        }
        (NAMES..NAMES + NAME_ROWS).for_each(&mut take);
        (DOCUMENT..DOCUMENT + DOCUMENT_ROWS).for_each(&mut take);
        let mut slots = [false; SLOTS];
        for place in PLACES {
            assert!(place.values <= place.mask + 1);
            assert!(place.at + place.mask < SLOTS);
            let nothing = usize::from(place.nothing == place.values);
            for slot in &mut slots[place.at..place.at + place.values + nothing] {
                assert!(!std::mem::replace(slot, true), "{place:?}");
            }
        }
    }
}
