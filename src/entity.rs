//! Named entities: who, where, which body.
//!
//! Every distinct word is looked up once in the gazetteer and scored once by the features it has by itself; a chain of
//! words (a sentence, a line) is then labelled by a conditional random field that adds what stands around.

pub(crate) mod cluster;
#[cfg(feature = "train")]
#[allow(dead_code)]
pub(crate) mod compile;
mod echo;
pub(crate) mod feature;
pub(crate) mod fold;
pub(crate) mod gazetteer;
pub(crate) mod group;
pub(crate) mod model;
pub(crate) mod own;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::document::Document;
use crate::matcher::{MatchScratch, Unit};
use crate::page::PartKind;
use crate::span::Span;
use cluster::Clusters;
use feature::{Cell, NameHit, Votes, WordInfo};
use gazetteer::{Entry, Gazetteer};
use group::Known;
use model::{Model, OFFSETS, Row};
use own::OwnNames;

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
    emissions: Vec<[Row; OFFSETS]>,
    generation: u32,
    /// One for each unit.
    pub(crate) cells: Vec<Cell>,
    /// First units of the chains.
    pub(crate) chains: Vec<u32>,
    pub(crate) hits: Vec<NameHit>,
    sums: Vec<Row>,
    /// Scores of the words of all chains, without what other mentions say; see [`Model::score`].
    rows: Vec<Row>,
    back: Vec<Row>,
    votes: Votes,
    known: Known,
    firsts: Known,
    numbers: Vec<u32>,
    entry_groups: Vec<(u32, u32)>,
    countries: Vec<(&'static str, i32)>,
    pub(crate) labels: Vec<u8>,
    own_matches: MatchScratch,
    /// Names of the caller's own files: first unit, end, target.
    own_taken: Vec<(u32, u32, u32)>,
}

impl EntityScratch {
    pub fn memory_usage(&self) -> usize {
        self.found.capacity() * size_of::<EntityRecord>()
            + self.infos.capacity() * size_of::<WordInfo>()
            + self.emissions.capacity() * size_of::<[Row; OFFSETS]>()
            + self.cells.capacity() * size_of::<Cell>()
            + self.chains.capacity() * 4
            + self.hits.capacity() * size_of::<NameHit>()
            + (self.rows.capacity() + self.sums.capacity()) * size_of::<Row>()
            + self.back.capacity() * size_of::<Row>()
            + self.votes.memory_usage()
            + self.known.memory_usage()
            + self.firsts.memory_usage()
            + self.numbers.capacity() * 4
            + self.labels.capacity()
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

/// The recogniser.
#[derive(Clone, Debug)]
pub(crate) struct Entities {
    pub(crate) gazetteer: Gazetteer,
    pub(crate) model: Arc<Model>,
    pub(crate) clusters: Clusters,
    pub(crate) own: OwnNames,
}

#[cfg(feature = "embedded")]
static NAMES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/entities.bin"));
#[cfg(feature = "embedded")]
static NAMES_TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/entities.txt"));
#[cfg(not(feature = "embedded"))]
static NAMES: &[u8] = &[];
#[cfg(not(feature = "embedded"))]
static NAMES_TEXT: &str = "";
#[cfg(feature = "embedded")]
static WEIGHTS: &[u8] = include_bytes!("entity/weights.bin");
#[cfg(feature = "embedded")]
static CLUSTERS: &[u8] = include_bytes!("entity/clusters.bin");
#[cfg(not(feature = "embedded"))]
static WEIGHTS: &[u8] = &[];
#[cfg(not(feature = "embedded"))]
static CLUSTERS: &[u8] = &[];

impl Default for Entities {
    fn default() -> Entities {
        static MODEL: OnceLock<Arc<Model>> = OnceLock::new();
        Entities {
            gazetteer: Gazetteer::new(NAMES, NAMES_TEXT).unwrap_or_default(),
            model: MODEL
                .get_or_init(|| Arc::new(Model::new(WEIGHTS).unwrap_or_default()))
                .clone(),
            clusters: Clusters::new(CLUSTERS).unwrap_or_default(),
            own: OwnNames::default(),
        }
    }
}

impl Entities {
    /// Fills `scratch.found`.
    pub fn find(&self, document: &Document<'_>, scratch: &mut EntityScratch) {
        scratch.found.clear();
        self.read(document, scratch);
        self.label(scratch);
        self.revise(scratch);
        echo::repeat(scratch);
        believe(document, scratch);
        self.own.label(
            document,
            &mut scratch.own_matches,
            &mut scratch.labels,
            &mut scratch.own_taken,
        );
        self.spans(document, scratch);
        group::resolve(document, &self.gazetteer, scratch);
        self.own.mark(&scratch.own_taken, &mut scratch.found);
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
    pub(crate) fn label(&self, scratch: &mut EntityScratch) {
        scratch.labels.clear();
        if self.model.is_empty() {
            return;
        }
        let EntityScratch {
            cells,
            chains,
            emissions,
            sums,
            rows,
            back,
            labels,
            ..
        } = scratch;
        labels.resize(cells.len(), 0);
        rows.resize(cells.len(), Row::default());
        for (i, &start) in chains.iter().enumerate() {
            let start = start as usize;
            let end = chains.get(i + 1).map_or(cells.len(), |&e| e as usize);
            let (Some(chain), Some(rows), Some(labels)) = (
                cells.get_mut(start..end),
                rows.get_mut(start..end),
                labels.get_mut(start..end),
            ) else {
                continue;
            };
            self.model.score(chain, emissions, sums, rows);
            for run in runs(chain) {
                if let (Some(rows), Some(labels)) =
                    (rows.get(run.clone()), labels.get_mut(run.clone()))
                {
                    self.model.decode(chain, run, rows, back, labels);
                }
            }
        }
    }

    /// The first pass once more, for training.
    #[cfg(feature = "train")]
    pub(crate) fn read_again(&self, scratch: &mut EntityScratch) {
        scratch.cells.iter_mut().for_each(|c| c.document = 0);
        self.label(scratch);
    }

    /// Second pass: chains with a word that is labelled otherwise elsewhere are labelled again, knowing of it.
    #[inline(never)]
    fn revise(&self, scratch: &mut EntityScratch) {
        let EntityScratch {
            cells,
            chains,
            rows,
            back,
            labels,
            votes,
            infos,
            ..
        } = scratch;
        let key = |c: &Cell| infos.get(c.word as usize).map_or(0, |i| i.key);
        if labels.is_empty() || !votes.mark(cells, labels, key) {
            return;
        }
        for (i, &start) in chains.iter().enumerate() {
            let start = start as usize;
            let end = chains.get(i + 1).map_or(cells.len(), |&e| e as usize);
            let chain = cells.get(start..end).unwrap_or(&[]);
            for run in runs(chain) {
                let at = start + run.start..start + run.end;
                let (Some(rows), Some(labels)) = (rows.get(at.clone()), labels.get_mut(at)) else {
                    continue;
                };
                let cells = chain.get(run.clone()).unwrap_or(&[]);
                if cells
                    .iter()
                    .zip(&*labels)
                    .any(|(c, &l)| Votes::doubts(c, l))
                {
                    self.model.decode(chain, run, rows, back, labels);
                }
            }
        }
    }

    /// Learns the new words, parts the units into chains and marks what is known of them.
    #[inline(never)]
    pub(crate) fn read(&self, document: &Document<'_>, scratch: &mut EntityScratch) {
        let words = document.words;
        let renumbered = words.renumbered(&mut scratch.generation);
        renumbered.apply(&mut scratch.infos);
        renumbered.apply(&mut scratch.emissions);
        for id in scratch.infos.len()..words.len() {
            let mut info = feature::info(words, id as u32, &self.gazetteer);
            let clusters = self.clusters.get(info.key);
            info.cluster = clusters[1] as u8 % feature::CLUSTERS;
            let mut sum = [Row::default(); OFFSETS];
            feature::hashed(words, id as u32, &info, &clusters, &mut |_, f| {
                self.model.add(f, &mut sum)
            });
            scratch.infos.push(info);
            scratch.emissions.push(sum);
        }
        scratch.cells.clear();
        scratch.chains.clear();
        scratch.hits.clear();
        let mut sentence = 0usize;
        let mut previous = None;
        let bytes = document.text.as_bytes();
        let parts = document.positions.iter().map(|p| sort_of(p.part));
        for (i, (unit, part)) in document.units.iter().zip(parts).enumerate() {
            let mut starts = i == 0;
            while document
                .sentences
                .get(sentence)
                .is_some_and(|s| s.end <= unit.token)
            {
                sentence += 1;
                starts = true;
            }
            let space = previous.is_some_and(|p: &Unit| {
                p.span.end + 1 == unit.span.start && bytes.get(p.span.end as usize) == Some(&b' ')
            });
            let mut gap = feature::gap::SPACE;
            if !space {
                let between = feature::between(document.text, previous, unit);
                gap = feature::gap_of(between);
                starts |= feature::starts_line(between);
            }
            if starts {
                scratch.chains.push(i as u32);
                if gap == feature::gap::SPACE {
                    gap = feature::gap::END;
                }
            }
            previous = Some(unit);
            let mut cell = Cell {
                word: unit.word,
                gap,
                part,
                ..Cell::default()
            };
            if let Some(info) = scratch.infos.get(unit.word as usize) {
                cell.class = info.class;
                cell.clitic = info.clitic;
                cell.cluster = info.cluster;
            }
            scratch.cells.push(cell);
        }
        let EntityScratch {
            cells,
            chains,
            infos,
            hits,
            ..
        } = scratch;
        for (i, &start) in chains.iter().enumerate() {
            let end = chains.get(i + 1).map_or(cells.len(), |&e| e as usize);
            if let Some(chain) = cells.get_mut(start as usize..end) {
                feature::mark(chain, infos, &self.gazetteer, hits, start);
            }
        }
    }

    /// Labels to spans.
    #[inline(never)]
    fn spans(&self, document: &Document<'_>, scratch: &mut EntityScratch) {
        let mut open: Option<(EntityKind, u32)> = None;
        let EntityScratch {
            labels,
            found,
            cells,
            infos,
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
        for (i, &label) in labels.iter().enumerate() {
            if label == 0 && open.is_none() {
                continue;
            }
            let next = EntityKind::of_label(label);
            if let Some((kind, first)) = open
                && !matches!(next, Some((k, false)) if k == kind)
            {
                close(kind, first, i as u32);
                open = None;
            }
            if let Some((kind, true)) = next {
                open = Some((kind, i as u32));
            }
        }
        if let Some((kind, first)) = open {
            close(kind, first, labels.len() as u32);
        }
    }
}

/// The runs of words of a chain that may be part of names: what stands between them is outside, whatever is decided here.
fn runs(chain: &[Cell]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let hope = |c: &Cell| c.hope;
        let first = at + chain.get(at..)?.iter().position(hope)?;
        let rest = chain.get(first..)?;
        at = first + rest.iter().position(|c| !hope(c)).unwrap_or(rest.len());
        Some(first..at)
    })
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

/// What place and lists say plainly, whatever the sequence scorer makes of it:
///
/// * keyword lines hold no names: without commas, neighbours there are no phrase;
/// * a source line of a few words names a body;
/// * long listed bodies are bodies;
/// * a listed body ends before a stranger in ب: «الدرك الملكي بتمصلوحت», before the head of a place («قوات الدعم السريع
///   مدينة الأبيض») and before a noun, which cannot depend on a definite word («البرلمان العربي الأزمة»);
/// * a listed name of several words is whole where the scorer saw only a place at its end («منتخب المغرب») or a shorter
///   place at its start («ميناء جدة الإسلامي»), and a listed place of several words is one where it saw nothing;
/// * a court or school takes the place behind it: «محكمة استئناف طرابلس»;
/// * a plural opens no name of a body: «منظمات حقوق الإنسان»;
/// * a listed name of a person goes on to its end («عادل إمام»), and so does a given name before a listed family name;
/// * a listed place behind «إقليم», «مدينة» ... is one.
#[inline(never)]
fn believe(document: &Document<'_>, scratch: &mut EntityScratch) {
    let EntityScratch {
        cells,
        hits,
        infos,
        labels,
        ..
    } = scratch;
    if labels.is_empty() {
        return;
    }
    let part = |i: usize| document.positions.get(i).map(|p| p.part);
    let mut source = 0;
    for (i, cell) in cells.iter().enumerate() {
        // Of the other sorts there is nothing to say.
        if cell.part < 2 {
            continue;
        }
        if matches!(part(i), Some(PartKind::Keywords)) {
            if let Some(label) = labels.get_mut(i) {
                *label = 0;
            }
        } else if part(i) == Some(PartKind::Source) {
            source += 1;
            if part(i + 1) != Some(PartKind::Source) {
                let first = i + 1 - source;
                let named = labels
                    .get(first..=i)
                    .is_some_and(|l| l.iter().any(|&l| l != 0));
                if !named && source <= 4 {
                    own::set(labels, first as u32, i as u32 + 1, 5);
                }
                source = 0;
            }
        }
    }
    let mut free = 0;
    for (i, hit) in hits.iter().enumerate() {
        // Hits come by first unit; of those at one place the longest counts.
        let longest = hits
            .get(i + 1..)
            .unwrap_or(&[])
            .iter()
            .take_while(|h| h.first == hit.first)
            .all(|h| h.end <= hit.end);
        let (first, end) = (hit.first as usize, hit.end as usize);
        if !longest || hit.first < free {
            continue;
        }
        let body = hit.mask & gazetteer::BODY != 0;
        if body && hit.end - hit.first >= own::LONG {
            free = hit.end;
            own::set(labels, hit.first, hit.end, 5);
        }
        if body
            && end - first >= 2
            && matches!(labels.get(first), Some(5 | 6))
            && labels.get(end) == Some(&6)
            && cells
                .get(end)
                .is_some_and(|c| begins_with_in(document, c, infos))
        {
            own::set(labels, hit.end, hit.end + 1, 3);
        }
        if body && end - first >= 2 && labels.get(first) == Some(&5) && labels.get(end) == Some(&6)
        {
            cut_body(document, cells, infos, labels, end);
        }
        let named = first
            .checked_sub(1)
            .and_then(|before| cells.get(before))
            .is_some_and(|c| {
                use feature::class;
                matches!(
                    c.class,
                    class::BODY_HEAD | class::BODY_HEAD_OF | class::BODY_FIRST
                )
            });
        // Behind «جمعية» even a place is a name of the body.
        if !named
            && hit.end - hit.first >= 2
            && hit.mask & (gazetteer::COMMON | gazetteer::STOP) == 0
        {
            whole(hit, cells, infos, labels);
        }
        let governed = first
            .checked_sub(1)
            .and_then(|before| cells.get(before))
            .is_some_and(|c| c.class == feature::class::PLACE_HEAD);
        if governed
            && hit.mask & gazetteer::PLACE != 0
            && hit.mask & (gazetteer::COMMON | gazetteer::STOP) == 0
            && labels.get(first) == Some(&0)
            && cells
                .get(first)
                .is_some_and(|c| c.gap == feature::gap::SPACE)
        {
            own::set(labels, hit.first, hit.end, 3);
        }
    }
    for at in 0..labels.len() {
        if labels.get(at) == Some(&5) {
            bodies(document, cells, infos, hits, labels, at);
        } else if labels.get(at) == Some(&3) {
            seat(document, cells, infos, labels, at);
        }
    }
    persons(cells, infos, labels);
}

/// Courts and schools have their seat in their name: «محكمة استئناف طرابلس», «معهد إسطنبول».
const SEATED: [&str; 6] = ["محكمة", "جامعة", "معهد", "كلية", "أكاديمية", "نيابة"];
/// What stands between a court and its seat.
const OF_COURT: [&str; 5] = ["استئناف", "إستئناف", "جنايات", "جنح", "بداية"];

/// Gives the place at unit `at` to the court or school in front of it.
fn seat(document: &Document<'_>, cells: &[Cell], infos: &[WordInfo], labels: &mut [u8], at: usize) {
    let mut first = at;
    for _ in 0..2 {
        let joined = cells
            .get(first)
            .is_some_and(|c| c.gap == feature::gap::SPACE && c.clitic == 0);
        let Some(before) = first
            .checked_sub(1)
            .filter(|b| joined && labels.get(*b) == Some(&0))
        else {
            return;
        };
        let Some(cell) = cells.get(before) else {
            return;
        };
        let cut = infos.get(cell.word as usize).map_or(0, |i| i.cut);
        let norm = document.words.norm(cell.word);
        let base = norm
            .char_indices()
            .nth(usize::from(cut))
            .and_then(|(i, _)| norm.get(i..))
            .unwrap_or(norm);
        first = before;
        if SEATED.contains(&base) {
            let place = labels.iter().skip(at + 1).take_while(|l| **l == 4).count();
            let mut end = at + 1 + place;
            // «للأبحاث السياسية».
            let goes_on = |end: usize| {
                let cell = cells.get(end).filter(|c| c.gap == feature::gap::SPACE)?;
                let article = infos.get(cell.word as usize)?.article;
                (labels.get(end) == Some(&0) && article).then_some(cell)
            };
            if goes_on(end)
                .is_some_and(|c| c.clitic == 2 && document.words.norm(c.word).starts_with("لل"))
            {
                end += 1;
                let adjective = |c: &Cell| {
                    use feature::class;
                    c.clitic == 0
                        && (matches!(c.class, class::ADJECTIVE_THE | class::NISBA_THE)
                            || document.words.norm(c.word).ends_with("ية"))
                };
                end += usize::from(goes_on(end).is_some_and(adjective));
            }
            own::set(labels, first as u32, end as u32, 5);
            return;
        }
        if !OF_COURT.contains(&norm) {
            return;
        }
    }
}

/// Plurals that name no single body: «منظمات حقوق الإنسان».
const PLURALS: [&str; 13] = [
    "منظمات",
    "جماعات",
    "جمعيات",
    "مؤسسات",
    "شركات",
    "أحزاب",
    "وكالات",
    "هيئات",
    "لجان",
    "محاكم",
    "وزارات",
    "فصائل",
    "عناصر",
];

/// Takes a plural from the front of the body that begins at unit `at`, and with it what is no name by itself.
fn bodies(
    document: &Document<'_>,
    cells: &[Cell],
    infos: &[WordInfo],
    hits: &[NameHit],
    labels: &mut [u8],
    at: usize,
) {
    let Some(cell) = cells.get(at) else { return };
    let cut = infos.get(cell.word as usize).map_or(0, |i| i.cut);
    let norm = document.words.norm(cell.word);
    let base = norm
        .char_indices()
        .nth(usize::from(cut))
        .and_then(|(i, _)| norm.get(i..))
        .unwrap_or(norm);
    if !PLURALS.contains(&base) {
        return;
    }
    let end = at + 1 + labels.iter().skip(at + 1).take_while(|l| **l == 6).count();
    let from = hits.partition_point(|h| (h.first as usize) < at);
    let near = hits.get(from..).unwrap_or(&[]).iter();
    let mut near = near.take_while(|h| h.first as usize <= at + 1);
    let listed = |h: &NameHit| {
        h.mask & (gazetteer::BODY | gazetteer::SHORT) != 0 && h.mask & gazetteer::COMMON == 0
    };
    // «جماعات الهيكل»: a listed name keeps what the scorer gave it.
    let mut behind = false;
    for hit in near.by_ref().filter(|h| listed(h)) {
        if hit.first as usize == at && hit.end as usize > at + 1 {
            return;
        }
        behind |= hit.first as usize == at + 1 && hit.end as usize == end;
    }
    labels
        .iter_mut()
        .take(end)
        .skip(at)
        .for_each(|label| *label = 0);
    if behind {
        own::set(labels, at as u32 + 1, end as u32, 5);
    }
}

/// Ends the name of a body before the unit `end`, if the word there cannot belong to it.
fn cut_body(
    document: &Document<'_>,
    cells: &[Cell],
    infos: &[WordInfo],
    labels: &mut [u8],
    end: usize,
) {
    use feature::{class, gap};
    let info = |i: usize| {
        let cell = cells.get(i).filter(|c| c.gap == gap::SPACE)?;
        Some((cell, infos.get(cell.word as usize)?))
    };
    let Some((cell, known)) = info(end).filter(|(c, _)| c.clitic == 0) else {
        return;
    };
    let definite = end
        .checked_sub(1)
        .and_then(|last| cells.get(last))
        .and_then(|last| infos.get(last.word as usize))
        .is_some_and(|last| last.article);
    let head = known.mask & gazetteer::PLACE_HEAD != 0;
    // «الإسرائيلية العامة», «القوات الشرعية»: adjectives that are nouns as well.
    let norm = document.words.norm(cell.word);
    let adjective = cell.class == class::NOUN_THE
        && (norm.ends_with("ية") || matches!(norm, "العام" | "العامة"));
    let noun = matches!(cell.class, class::NOUN_THE | class::NOUN | class::NOUN_OF);
    let stranger = definite && noun && !adjective;
    if !head && !stranger {
        return;
    }
    let rest = labels.iter_mut().skip(end);
    rest.take_while(|l| **l == 6).for_each(|l| *l = 0);
    if head && info(end + 1).is_some_and(|(_, i)| i.mask & gazetteer::PLACE != 0) {
        own::set(labels, end as u32 + 1, end as u32 + 2, 3);
    }
}

/// Makes a listed name of several words whole, where nothing the scorer found contradicts it.
fn whole(hit: &NameHit, cells: &[Cell], infos: &[WordInfo], labels: &mut [u8]) {
    let (first, end) = (hit.first as usize, hit.end as usize);
    let Some(inside) = labels.get(first..end) else {
        return;
    };
    let runs_on = labels.get(end).is_some_and(|l| *l != 0 && l % 2 == 0);
    let place = hit.mask & gazetteer::PLACE != 0;
    let body = hit.mask & gazetteer::BODY != 0;
    let nothing = inside.iter().all(|l| *l == 0);
    let places = inside.iter().all(|l| matches!(l, 0 | 3 | 4));
    if runs_on || place == body || !places || inside.first() == Some(&4) {
        return;
    }
    // «ميناء جدة الإسلامي», «البوسنة والهرسك»; but «فلسطين المحتلة» and «تونس العاصمة» are a place and what is said of it.
    let cell = |i: usize| cells.get(i);
    let site = cell(first)
        .and_then(|c| infos.get(c.word as usize))
        .is_some_and(|i| i.mask & gazetteer::SITE_HEAD != 0);
    let and = inside
        .iter()
        .position(|l| *l == 0)
        .and_then(|rest| cell(first + rest))
        .is_some_and(|c| c.clitic & 1 == 1);
    if body && !nothing && inside.last() != Some(&0) && inside.first() == Some(&0) {
        own::set(labels, hit.first, hit.end, 5);
    } else if place
        && hit.mask & gazetteer::PLACE != gazetteer::MINOR
        && (nothing || (site || and) && inside.first() == Some(&3) && inside.last() == Some(&0))
    {
        own::set(labels, hit.first, hit.end, 3);
    }
}

/// Carries names of persons on to the end that the lists know.
fn persons(cells: &[Cell], infos: &[WordInfo], labels: &mut [u8]) {
    use feature::{class, gap, group};
    let several = |c: &Cell| c.names >> (4 * group::PERSON) & 15;
    for at in 1..cells.len() {
        let (Some(before), Some(cell)) = (cells.get(at - 1), cells.get(at)) else {
            return;
        };
        // «زار الملك سلمان»: the title is whose the name is, unless both are of a bridge or a college.
        if labels.get(at - 1) == Some(&0)
            && labels.get(at) == Some(&0)
            && before.class == class::TITLE
            && cell.gap == gap::SPACE
            && cell.clitic == 0
            && matches!(cell.class, class::GIVEN | class::GIVEN_FAMILY)
            && infos.get(before.word as usize).is_some_and(|i| i.article)
            && at
                .checked_sub(2)
                .and_then(|b| cells.get(b))
                .is_some_and(|c| {
                    before.gap != gap::SPACE
                        || matches!(
                            c.class,
                            class::PERFECT
                                | class::VERB
                                | class::SAYING
                                | class::NISBA_THE
                                | class::PARTICLE
                        )
                })
            && labels.get(at + 1).is_none_or(|l| *l == 0 || l % 2 == 1)
        {
            own::set(labels, at as u32, at as u32 + 1, 1);
            continue;
        }
        if !matches!(labels.get(at - 1), Some(1 | 2))
            || labels.get(at) != Some(&0)
            || cell.gap != gap::SPACE
            || labels.get(at + 1).is_some_and(|l| *l != 0 && l % 2 == 0)
        {
            continue;
        }
        let mask = |c: &Cell| infos.get(c.word as usize).map_or(0, |i| i.mask);
        // Within a listed name of several words.
        let inside = several(cell) & 10 == 10 && several(before) & 4 == 0;
        let family = cell.clitic == 0
            && mask(cell) & gazetteer::FAMILY != 0
            && mask(cell) & (gazetteer::COMMON | gazetteer::STOP | gazetteer::NISBA) == 0
            && labels.get(at - 1) == Some(&1)
            && mask(before) & gazetteer::GIVEN != 0
            && mask(before) & gazetteer::COMMON == 0;
        if (inside || family)
            && let Some(label) = labels.get_mut(at)
        {
            *label = 2;
        }
    }
}

/// Whether a stranger begins with ب: «in» and a village that nobody lists.
fn begins_with_in(document: &Document<'_>, cell: &Cell, infos: &[WordInfo]) -> bool {
    let Some(info) = infos.get(cell.word as usize) else {
        return false;
    };
    let norm = document.words.norm(cell.word);
    info.cut == 0
        && info.mask == 0
        && cell.class == feature::class::UNKNOWN
        && cell.gap == feature::gap::SPACE
        && norm.starts_with('ب')
        && norm.chars().count() >= 5
}

/// Bytes of the first `letters` letters of a word with the marks behind them; the ل of «للأمم» stays.
fn clitic_bytes(word: &str, letters: u8) -> u32 {
    use crate::normalize::table::{INVISIBLE, MARK, class};
    if letters == 0 {
        return 0;
    }
    let mut left = letters;
    let mut last = (0, ' ');
    for (at, c) in word.char_indices() {
        if class(c) & (MARK | INVISIBLE) != 0 {
            continue;
        }
        if left == 0 {
            // Something unseen may stand between the two: back to where the ل begins.
            let kept = last.1 == 'ل' && c == 'ل';
            return if kept { last.0 } else { at } as u32;
        }
        last = (at, c);
        left -= 1;
    }
    0
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
