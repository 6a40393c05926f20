//! Named entities: who, where, which body.
//!
//! Every distinct word is looked up once in the gazetteer and scored once by the features it has by itself; a chain of
//! words (a sentence, a line) is then labelled by a conditional random field that adds what stands around.

mod believe;
pub(crate) mod cell;
pub(crate) mod cluster;
#[cfg(feature = "train")]
#[allow(dead_code)]
pub(crate) mod compile;
mod echo;
pub(crate) mod feature;
pub(crate) mod fold;
pub(crate) mod gazetteer;
mod governor;
pub(crate) mod group;
mod label;
mod listed;
pub(crate) mod model;
pub(crate) mod own;
mod repair;
pub(crate) mod votes;

use std::sync::{Arc, OnceLock};

use crate::ahead::fetch;
use crate::document::Document;
use crate::matcher::Unit;
use crate::normalize::table;
use crate::page::PartKind;
use crate::sieve::put_if;
use crate::span::Span;
use crate::token::sentence::TokenRange;
use crate::words::{Renumbering, Words};
use cell::Cell;
use cluster::Clusters;
use feature::{Readings, Spelling, Starts, WordHashes, WordInfo};
use gazetteer::{Entry, Gazetteer, Node};
use group::Known;
use label::Named;
use listed::NameHit;
use model::{FeatureLists, Hoped, HopedWord, Model, NEW_WORDS, Row, Run, Scores};
pub(crate) use model::{Looks, WordRow};
use own::{OwnNames, OwnScratch};
use votes::Votes;

/// What an entity is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum EntityKind {
    /// A human being's name, without title or role.
    #[default]
    Person,
    /// A named place.
    Location,
    /// A named body.
    Organization,
    /// A title, rank or office.
    Role,
    /// A date.
    Date,
}

impl EntityKind {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            EntityKind::Person => "person",
            EntityKind::Location => "location",
            EntityKind::Organization => "organization",
            EntityKind::Role => "role",
            EntityKind::Date => "date",
        }
    }

    /// The kind of a label of the scorer, and whether the label begins an entity.
    pub(crate) const fn of_label(label: u8) -> Option<(EntityKind, bool)> {
        Some(match label {
            1 => (EntityKind::Person, true),
            2 => (EntityKind::Person, false),
            3 => (EntityKind::Location, true),
            4 => (EntityKind::Location, false),
            5 => (EntityKind::Organization, true),
            6 => (EntityKind::Organization, false),
            _ => return None,
        })
    }
}

/// One mention.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct EntityRecord {
    pub kind: EntityKind,
    pub span: Span,
    /// Units: first and one past the last.
    pub units: (u32, u32),
    /// Number of the thing within the text; a role has its person's.
    pub group: u32,
    /// Its entry in the gazetteer, 0 for none.
    pub entry: u32,
    /// Its name in the caller's own files, counted from 1; 0 for none.
    pub own: u32,
    /// Latitude and longitude of a place.
    pub position: Option<(f32, f32)>,
}

/// What is known of the words of a scratch, buffers, and the mentions of the last text in reading order.
#[derive(Debug, Default)]
pub(crate) struct EntityScratch {
    pub found: Vec<EntityRecord>,
    pub(crate) infos: Vec<WordInfo>,
    /// By [`WordInfo::starts`].
    starts: Vec<Starts>,
    /// Beside `infos`.
    pub(crate) hashes: Vec<WordHashes>,
    /// One for each unit.
    pub(crate) cells: Vec<Cell>,
    /// First units of the chains.
    pub(crate) chains: Vec<u32>,
    pub(crate) hits: Vec<NameHit>,
    /// What may hold names: all that is labelled before lists and earlier mentions are asked.
    pub(crate) runs: Vec<Run>,
    /// Cells whose word begins known names of several words.
    beginnings: Vec<u32>,
    /// Cells before which stands another gap than a space.
    odd_gaps: Vec<u32>,
    /// One for each unit.
    looks: Vec<Looks>,
    /// Scores of the words of the runs, without what other mentions say; see [`Model::score`].
    rows: Vec<Row>,
    back: Vec<Row>,
    /// The words of the runs, and some of them.
    hoped: Hoped,
    picked: Vec<HopedWord>,
    /// The names that the labels show.
    named: Vec<Named>,
    votes: Votes,
    known: Known,
    firsts: Known,
    /// By mention: where its name is remembered and number of its group.
    numbers: Vec<(u32, u32)>,
    entry_groups: Vec<(u32, u32)>,
    countries: Vec<([u8; 2], i32)>,
    /// Mentions of places that share a name.
    undecided: Vec<u32>,
    pub(crate) labels: Vec<u8>,
    own: OwnScratch,
}

impl EntityScratch {
    pub fn memory_usage(&self) -> usize {
        self.found.capacity() * size_of::<EntityRecord>()
            + self.infos.capacity() * size_of::<WordInfo>()
            + self.starts.capacity() * size_of::<Starts>()
            + self.hashes.capacity() * size_of::<WordHashes>()
            + self.cells.capacity() * size_of::<Cell>()
            + self.chains.capacity() * 4
            + self.hits.capacity() * size_of::<NameHit>()
            + self.runs.capacity() * size_of::<Run>()
            + self.beginnings.capacity() * 4
            + self.odd_gaps.capacity() * 4
            + self.looks.capacity() * size_of::<Looks>()
            + self.rows.capacity() * size_of::<Row>()
            + self.back.capacity() * size_of::<Row>()
            + self.hoped.memory_usage()
            + self.picked.capacity() * size_of::<HopedWord>()
            + self.named.capacity() * size_of::<Named>()
            + self.votes.memory_usage()
            + self.known.memory_usage()
            + self.firsts.memory_usage()
            + self.numbers.capacity() * size_of::<(u32, u32)>()
            + self.undecided.capacity() * 4
            + self.entry_groups.capacity() * size_of::<(u32, u32)>()
            + self.countries.capacity() * size_of::<([u8; 2], i32)>()
            + self.labels.capacity()
            + self.own.memory_usage()
    }

    /// Where the looks of the words of the units go that are read next.
    pub fn looks(&mut self, units: usize) -> &mut [Looks] {
        self.looks.resize(units, Looks::default());
        &mut self.looks
    }

    /// Forgets the starts of words that were forgotten. Their numbers rise with those of the words.
    fn keep_starts(&mut self) {
        let mut kept = 1;
        for info in self.infos.iter_mut().filter(|info| info.starts != 0) {
            let starts = self.starts.get(info.starts as usize).copied();
            if let Some(place) = self.starts.get_mut(kept) {
                *place = starts.unwrap_or_default();
            }
            info.starts = kept as u32;
            kept += 1;
        }
        self.starts.truncate(kept);
    }

    /// The cells of each chain, with the number of the first.
    #[cfg_attr(not(feature = "train"), allow(dead_code))]
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let ends = self
            .chains
            .iter()
            .skip(1)
            .copied()
            .chain([self.cells.len() as u32]);
        self.chains
            .iter()
            .zip(ends)
            .map(|(&a, b)| (a as usize, b as usize))
    }
}

/// What the words of a text with more units say was fetched when it was dealt out, but is no longer near.
const NEAR: usize = 4096;

/// The recogniser.
#[derive(Clone, Debug)]
pub(crate) struct Entities {
    pub(crate) gazetteer: Gazetteer,
    pub(crate) model: Arc<Model>,
    pub(crate) clusters: Clusters,
    pub(crate) own: OwnNames,
}

/// Bytes that begin with a cache line; see [`model::ALIGN`].
#[repr(align(64))]
struct Aligned<T: ?Sized>(T);

#[cfg(feature = "embedded")]
static NAMES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/entities.bin"));
#[cfg(feature = "embedded")]
static NAMES_TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/entities.txt"));
#[cfg(not(feature = "embedded"))]
static NAMES: &[u8] = &[];
#[cfg(not(feature = "embedded"))]
static NAMES_TEXT: &str = "";
#[cfg(feature = "embedded")]
static WEIGHTS: &Aligned<[u8]> = &Aligned(*include_bytes!("entity/weights.bin"));
#[cfg(feature = "embedded")]
static CLUSTERS: &[u8] = include_bytes!("entity/clusters.bin");
#[cfg(not(feature = "embedded"))]
static WEIGHTS: &Aligned<[u8]> = &Aligned([]);
#[cfg(not(feature = "embedded"))]
static CLUSTERS: &[u8] = &[];

impl Default for Entities {
    fn default() -> Entities {
        static MODEL: OnceLock<Arc<Model>> = OnceLock::new();
        Entities {
            gazetteer: Gazetteer::new(NAMES, NAMES_TEXT).unwrap_or_default(),
            model: MODEL
                .get_or_init(|| Arc::new(Model::new(&WEIGHTS.0).unwrap_or_default()))
                .clone(),
            clusters: Clusters::new(CLUSTERS).unwrap_or_default(),
            own: OwnNames::default(),
        }
    }
}

impl Entities {
    /// Fills `scratch.found`; `row` is what a word says.
    pub fn find<'b>(
        &self,
        document: &Document<'_>,
        row: impl Fn(u32) -> &'b WordRow,
        scratch: &mut EntityScratch,
    ) {
        scratch.found.clear();
        self.read(document, scratch);
        self.label(row, scratch);
        self.revise(scratch);
        echo::repeat(scratch);
        believe::believe(document, scratch);
        let EntityScratch { own, labels, .. } = &mut *scratch;
        self.own.label(document, own, labels);
        self.spans(document, scratch);
        group::resolve(document, &self.gazetteer, scratch);
        self.own.mark(&scratch.own, &mut scratch.found);
    }

    /// What the lists know of a mention.
    pub fn entry(&self, record: &EntityRecord) -> Option<Entry> {
        self.gazetteer.entries(record.entry).next()
    }

    /// Bytes of the tables.
    pub fn memory_usage(&self) -> usize {
        self.gazetteer.memory_usage() + self.model.memory_usage() + self.clusters.memory_usage()
    }

    /// First pass: every chain by itself.
    #[inline(never)]
    pub(crate) fn label<'b>(&self, row: impl Fn(u32) -> &'b WordRow, scratch: &mut EntityScratch) {
        scratch.labels.clear();
        scratch.runs.clear();
        let EntityScratch {
            cells,
            chains,
            runs,
            rows,
            back,
            hoped,
            labels,
            ..
        } = scratch;
        hoped.clear(cells.len());
        if rows.len() < cells.len() {
            rows.resize(cells.len(), Row::default());
            back.resize(cells.len(), Row::default());
        }
        let far = cells.len() > NEAR;
        for (i, &start) in chains.iter().enumerate() {
            let end = chains.get(i + 1).map_or(cells.len(), |&e| e as usize);
            if far {
                let chain = cells.get(start as usize..end).unwrap_or(&[]);
                fetch(chain.iter().map(|cell| row(cell.word).first()));
            }
            let range = start as usize..end;
            if let (Some(chain), Some(rows)) = (cells.get_mut(range.clone()), rows.get_mut(range)) {
                self.model.score(chain, &row, rows, start, hoped, runs);
            }
        }
        if self.model.is_empty() {
            return;
        }
        labels.resize(cells.len(), 0);
        let loud = runs.iter().filter(|r| !r.quiet);
        self.model.decode::<false>(loud, cells, rows, back, labels);
    }

    /// The first pass once more, for training.
    #[cfg(feature = "train")]
    pub(crate) fn read_again<'b>(
        &self,
        row: impl Fn(u32) -> &'b WordRow,
        scratch: &mut EntityScratch,
    ) {
        scratch.cells.iter_mut().for_each(|c| c.document = 0);
        self.label(row, scratch);
    }

    /// Second pass: chains with a word that is labelled otherwise elsewhere are labelled again, knowing of it.
    #[inline(never)]
    fn revise(&self, scratch: &mut EntityScratch) {
        let EntityScratch {
            cells,
            runs,
            hoped,
            rows,
            back,
            labels,
            votes,
            hashes,
            infos,
            ..
        } = scratch;
        let touch = |c: &Cell| {
            let word = c.word as usize;
            let key = hashes.get(word).map_or(0, |h| h.key as u32);
            key ^ infos.get(word).map_or(0, |info| info.starts)
        };
        let key = |c: &Cell| hashes.get(c.word as usize).map_or(0, |h| h.key);
        votes.mark(runs, hoped.words(), cells, labels, key, touch);
        let doubtful = runs.iter().filter(|r| r.doubtful);
        self.model
            .decode::<true>(doubtful, cells, rows, back, labels);
    }

    /// Looks up and scores the words that are new since the last text, and calls `put` with the looks of each and what it says.
    ///
    /// Lists and weights are far away in memory: what several words want of them is fetched at a time.
    #[inline(never)]
    pub fn learn(
        &self,
        words: &Words,
        renumbered: &Renumbering<'_>,
        scratch: &mut EntityScratch,
        mut put: impl FnMut((Looks, WordRow)),
    ) {
        let known = scratch.infos.len();
        renumbered.apply(&mut scratch.infos);
        if scratch.infos.len() < known {
            scratch.keep_starts();
        }
        renumbered.apply(&mut scratch.hashes);
        if scratch.infos.len() == words.len() {
            // Before room is made for what new words have.
            return;
        }
        let mut features = FeatureLists::new();
        let mut sums = [Scores::default(); NEW_WORDS];
        let mut spellings = [Spelling::NONE; NEW_WORDS];
        let mut readings = [Readings::default(); NEW_WORDS];
        let mut nodes = [Node::default(); NEW_WORDS];
        let mut clusters = [[0; 2]; NEW_WORDS];
        if scratch.starts.is_empty() {
            scratch.starts.push(Starts::default());
        }
        while scratch.infos.len() < words.len() {
            let from = scratch.infos.len();
            let ids = from as u32..words.len().min(from + NEW_WORDS) as u32;
            for ((spelling, reading), id) in
                spellings.iter_mut().zip(&mut readings).zip(ids.clone())
            {
                spelling.read(words.norm(id));
                *reading = Readings::new(words, id, spelling);
            }
            let readings = readings.get(..ids.len()).unwrap_or(&[]);
            let first = |hash| self.gazetteer.first(hash);
            fetch(readings.iter().map(|reading| first(reading.whole)));
            fetch(readings.iter().flat_map(Readings::others).map(first));
            fetch(
                readings
                    .iter()
                    .map(|reading| self.clusters.first(reading.whole)),
            );
            for (node, reading) in nodes.iter_mut().zip(readings) {
                *node = self.gazetteer.get(reading.whole).unwrap_or_default();
            }
            for (id, (reading, &node)) in ids.clone().zip(readings.iter().zip(&nodes)) {
                let (mut info, hashes, starts) =
                    feature::info(words, id, reading, node, &self.gazetteer);
                if starts != Starts::default() {
                    info.starts = scratch.starts.len() as u32;
                    scratch.starts.push(starts);
                }
                scratch.infos.push(info);
                scratch.hashes.push(hashes);
            }
            let infos = scratch.infos.get(from..).unwrap_or(&[]);
            let hashes = scratch.hashes.get(from..).unwrap_or(&[]);
            for (clusters, hashes) in clusters.iter_mut().zip(hashes) {
                *clusters = self.clusters.get(hashes.key);
            }
            features.clear();
            let known = infos.iter().zip(hashes).zip(&clusters).zip(&spellings);
            for (number, (id, (((info, hashes), clusters), spelling))) in ids.zip(known).enumerate()
            {
                let key = hashes.key;
                let mut push = |_, feature| features.push(feature);
                feature::hashed(words, id, spelling, key, info, clusters, &mut push);
                features.end(number);
            }
            let sums = sums.get_mut(..infos.len()).unwrap_or(&mut []);
            self.model.say(&features, sums);
            for (((info, hashes), clusters), sum) in
                infos.iter().zip(hashes).zip(&clusters).zip(sums)
            {
                let starts = scratch.starts.get(info.starts as usize);
                let [first, second] = starts.copied().unwrap_or_default();
                let looks = Looks {
                    follow: first.follow | second.follow,
                    class: info.class,
                    clitic: info.clitic,
                    cluster: clusters[1] as u8 % feature::CLUSTERS,
                    sign: fold::sign(hashes.key),
                    alone: info.alone,
                };
                put((looks, WordRow::new(sum)));
            }
        }
    }

    /// Parts the units into chains and marks what is known of them.
    #[inline(never)]
    fn read(&self, document: &Document<'_>, scratch: &mut EntityScratch) {
        let EntityScratch {
            cells,
            chains,
            hashes,
            infos,
            starts,
            hits,
            beginnings,
            odd_gaps,
            looks,
            ..
        } = scratch;
        cells.clear();
        chains.clear();
        hits.clear();
        if beginnings.len() < document.units.len() {
            beginnings.resize(document.units.len(), 0);
            odd_gaps.resize(document.units.len(), 0);
        }
        // What is known of the words.
        let units = document.units;
        let slots = beginnings.as_mut_slice();
        let odd_slots = odd_gaps.as_mut_slice();
        let mut names = 0;
        let places = units.iter().zip(document.positions).zip(looks.iter());
        let bytes = document.text.as_bytes();
        let mut odd = 0;
        let mut end = u32::MAX;
        cells.extend(places.zip(0..).map(|(((unit, position), looks), i)| {
            // For the most part a space stands before a word, and where not cannot be foreseen either.
            let space = bytes.get(end as usize) == Some(&b' ');
            let space = space & (end.wrapping_add(1) == unit.span.start);
            end = unit.span.end;
            put_if(!space, odd_slots, &mut odd, i);
            // Every other word begins names; which ones cannot be foreseen.
            put_if(looks.follow != 0, slots, &mut names, i);
            Cell {
                word: unit.word,
                class: looks.class,
                plain: looks.class,
                gap: cell::gap::SPACE,
                clitic: looks.clitic,
                cluster: looks.cluster,
                sign: looks.sign,
                part: sort_of(position.part),
                names: listed::names_alone(looks.alone),
                ..Cell::default()
            }
        }));
        // What else stands between them.
        let mut gaps = Gaps {
            text: document.text,
            units,
            sentences: document.sentences.iter(),
            sentence_end: 0,
            cells,
            chains,
        };
        for &i in odd_gaps.get(..odd).unwrap_or(&[]) {
            gaps.behind_spaces(i);
            gaps.read(i);
        }
        gaps.behind_spaces(units.len() as u32);
        let firsts = beginnings.get_mut(..names).unwrap_or(&mut []);
        listed::mark(
            cells,
            chains,
            firsts,
            looks,
            hashes,
            infos,
            starts,
            &self.gazetteer,
            hits,
        );
    }

    /// Labels to spans.
    #[inline(never)]
    fn spans(&self, document: &Document<'_>, scratch: &mut EntityScratch) {
        let EntityScratch {
            labels,
            found,
            cells,
            infos,
            named,
            ..
        } = scratch;
        let mut close = |kind: EntityKind, first: u32, end: u32| {
            let (Some(a), Some(b)) = (
                document.units.get(first as usize),
                (end as usize)
                    .checked_sub(1)
                    .and_then(|e| document.units.get(e)),
            ) else {
                return;
            };
            let cut = match cells.get(first as usize) {
                Some(c) if kind == EntityKind::Location => {
                    let before = (first as usize).checked_sub(1).and_then(|b| cells.get(b));
                    place_cut(document, c, before, infos)
                }
                Some(c) => infos.get(c.word as usize).map_or(0, |i| i.cut),
                None => 0,
            };
            let start = a.span.start + clitic_bytes(a.span.of(document.text), cut);
            found.push(EntityRecord {
                kind,
                span: Span::new(start, b.span.end),
                units: (first, end),
                ..EntityRecord::default()
            });
        };
        label::names(labels, named);
        for name in named.iter() {
            if let Some((kind, _)) = EntityKind::of_label(name.label) {
                close(kind, name.first, name.end);
            }
        }
    }
}

/// Reads what stands between units.
struct Gaps<'a> {
    text: &'a str,
    units: &'a [Unit],
    sentences: std::slice::Iter<'a, TokenRange>,
    /// Where the sentence of the last unit that was read ends.
    sentence_end: u32,
    cells: &'a mut [Cell],
    chains: &'a mut Vec<u32>,
}

impl Gaps<'_> {
    /// The gap before unit `number`.
    #[inline(never)]
    fn read(&mut self, number: u32) {
        let before = (number as usize).checked_sub(1);
        let from = before.and_then(|b| self.units.get(b));
        let from = from.map_or(0, |u| u.span.end);
        let at = number as usize;
        let (Some(unit), Some(cell)) = (self.units.get(at), self.cells.get_mut(at)) else {
            return;
        };
        let (gap, line) = cell::gap_of(Span::new(from, unit.span.start).of(self.text));
        let mut starts = line || number == 0;
        while self.sentence_end <= unit.token {
            self.sentence_end = self.sentences.next().map_or(u32::MAX, |s| s.end);
            starts = true;
        }
        if starts {
            self.chains.push(number);
        }
        cell.gap = match gap {
            cell::gap::SPACE if starts => cell::gap::END,
            gap => gap,
        };
    }

    /// The gaps of spaces where sentences begin, of the units before the unit `number`.
    #[inline]
    fn behind_spaces(&mut self, number: u32) {
        let last = (number as usize).checked_sub(1);
        let last = last.and_then(|l| self.units.get(l)).map(|u| u.token);
        while last.is_some_and(|token| token >= self.sentence_end) {
            let begins = self.units.partition_point(|u| u.token < self.sentence_end);
            self.read(begins as u32);
        }
    }
}

/// Parts of a page in the sorts the scorer knows.
const fn sort_of(part: PartKind) -> u8 {
    match part {
        PartKind::Title | PartKind::Link => 1,
        PartKind::Byline | PartKind::Source | PartKind::Dateline | PartKind::Caption => 2,
        PartKind::Keywords | PartKind::Boilerplate => 3,
        _ => 0,
    }
}

/// Whether a stranger begins with ب: «in» and a village that nobody lists.
fn begins_with_in(document: &Document<'_>, cell: &Cell, infos: &[WordInfo]) -> bool {
    let Some(info) = infos.get(cell.word as usize) else {
        return false;
    };
    let begins = || {
        let norm = document.words.norm(cell.word);
        norm.starts_with('ب') && norm.chars().count() >= 5
    };
    cell.class == feature::class::UNKNOWN
        && cell.gap == cell::gap::SPACE
        && info.cut == 0
        && info.mask == 0
        && begins()
}

/// Bytes of the first `letters` letters of a word with the marks behind them; the ل of «للأمم» stays.
fn clitic_bytes(word: &str, letters: u8) -> u32 {
    let Some(before) = usize::from(letters).checked_sub(1) else {
        return 0;
    };
    let last = table::letter(word, before);
    let at = table::letter(word, usize::from(letters));
    let lam = |at: u32| word.get(at as usize..).is_some_and(|w| w.starts_with('ل'));
    match word.len() as u32 == at {
        true => 0,
        false if lam(last) && lam(at) => last,
        false => at,
    }
}

/// Letters in front of the first word of a place. Nobody lists all villages: a stranger that begins with ب stands for «in»
/// and the village, unless a preposition or a head noun stands before it already.
fn place_cut(
    document: &Document<'_>,
    cell: &Cell,
    before: Option<&Cell>,
    infos: &[WordInfo],
) -> u8 {
    use feature::class;
    if !begins_with_in(document, cell, infos) {
        return infos.get(cell.word as usize).map_or(0, |i| i.cut);
    }
    let governed = before.is_none_or(|b| {
        matches!(
            b.class,
            class::IN | class::PARTICLE | class::PLACE_HEAD | class::SITE_HEAD
        )
    });
    u8::from(!governed)
}
