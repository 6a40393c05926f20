//! Training of the scorer: stochastic gradient with per-weight step sizes, L2, dropped features, averaged weights.
//!
//! Not part of the public interface: `examples/train_entities.rs` is the documented command.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::entity::cell::{CLITICS, Cell, DENSE, EDGES, Hope, dense, gap};
use crate::entity::compile::{Sources, words};
use crate::entity::feature::{self, class, kind};
use crate::entity::fold;
use crate::entity::gazetteer::Gazetteer;
use crate::entity::model::{
    ALIGN, FEATURE, HopedWord, LABELS, MAGIC, Model, OFFSETS, Run, follows,
};
use crate::entity::votes::Votes;
use crate::entity::{Entities, EntityKind};
use crate::scratch::Scratch;
use crate::tagger::Tagger;

/// An annotated mention: kind and byte range.
#[derive(Clone, Debug)]
pub struct Gold {
    /// Its kind.
    pub kind: EntityKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// An annotated text.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Which one.
    pub id: String,
    /// The text.
    pub text: String,
    /// Its mentions.
    pub gold: Vec<Gold>,
    /// How much it counts in training.
    pub weight: f32,
}

/// Knobs of the training.
#[derive(Clone, Debug)]
pub struct Options {
    /// Passes over the texts.
    pub epochs: usize,
    /// Step size.
    pub rate: f32,
    /// L2 penalty of a weight each time it is touched.
    pub decay: f32,
    /// Share of words whose form and stem are hidden in a step.
    pub drop_words: f32,
    /// Share of known names that are shown as unknown words in a step.
    pub drop_names: f32,
    /// Share of chains that are shown without what the rest of the text says.
    pub drop_votes: f32,
    /// A lexical feature must be seen in so many places.
    pub least: u32,
    /// Weights below this are left out of the file.
    pub prune: f32,
    /// Added to the score of every label that begins an entity: trades precision for recall.
    pub bias: f32,
    /// Trainings, each with other random numbers, whose weights are averaged: what hangs on their order levels out.
    pub rounds: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            epochs: 16,
            rate: 0.1,
            decay: 1e-3,
            drop_words: 0.2,
            drop_names: 0.15,
            drop_votes: 0.4,
            least: 2,
            prune: 0.05,
            bias: 0.4,
            rounds: 4,
        }
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    fn chance(&mut self, p: f32) -> bool {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32 <= p && p > 0.0
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n.max(1)
    }
}

struct Chain {
    cells: Vec<Cell>,
    /// Cells as they would be were their names unknown.
    hidden: Vec<Cell>,
    labels: Vec<u8>,
    document: usize,
    weight: f32,
}

/// Texts read once, ready for any number of trainings.
pub struct Data {
    chains: Vec<Chain>,
    /// By word number: features of the word, and of the same word were it unknown.
    words: Vec<[Vec<(u8, u64)>; 2]>,
    keys: Vec<u64>,
    documents: usize,
}

/// The label of each unit.
fn labels(a: &Analysis<'_>, gold: &[Gold]) -> Vec<u8> {
    let mut out = vec![0u8; a.scratch.units.len()];
    for g in gold {
        let label = match g.kind {
            EntityKind::Person => 1,
            EntityKind::Location => 3,
            EntityKind::Organization => 5,
            _ => continue,
        };
        let mut first = true;
        for (unit, slot) in a.scratch.units.iter().zip(&mut out) {
            if (unit.span.start as usize) < g.end && g.start < unit.span.end as usize {
                *slot = if first { label } else { label + 1 };
                first = false;
            }
        }
    }
    out
}

/// Classes that a hidden word may lose.
fn nameable(c: u8) -> bool {
    matches!(
        c,
        class::COUNTRY
            | class::PLACE_NAME
            | class::PLACE
            | class::MINOR
            | class::GIVEN_FAMILY
            | class::GIVEN
            | class::FAMILY
            | class::BODY
            | class::NAME_TAG
            | class::PLACE_TAG
            | class::BODY_TAG
            | class::COMMON_NAME
            | class::COMMON_PLACE
    )
}

impl Data {
    /// Reads the texts with a tagger.
    pub fn read(tagger: &Tagger, samples: &[Sample]) -> Data {
        let mut scratch = Scratch::new();
        let mut out = Data {
            chains: Vec::new(),
            words: Vec::new(),
            keys: Vec::new(),
            documents: samples.len(),
        };
        for (number, sample) in samples.iter().enumerate() {
            let a = tagger.analyze(&sample.text, &mut scratch);
            let gold = labels(&a, &sample.gold);
            let e = &a.scratch.entities;
            for (start, end) in e.ranges() {
                let mut cells: Vec<Cell> = e.cells[start..end].to_vec();
                // What the shipped weights say of the text is not learnt from.
                for cell in &mut cells {
                    cell.document = 0;
                    cell.hope = Hope::NONE;
                }
                let mut hidden = cells.clone();
                for cell in &mut hidden {
                    let info = e.infos[cell.word as usize];
                    let article = info.article;
                    cell.class = info.class;
                    if nameable(cell.class) {
                        cell.class = if article {
                            class::UNKNOWN_THE
                        } else if cell.clitic > 0 {
                            class::UNKNOWN_CLITIC
                        } else {
                            class::UNKNOWN
                        };
                    }
                    cell.names = 0;
                }
                out.chains.push(Chain {
                    cells,
                    hidden,
                    labels: gold[start..end].to_vec(),
                    document: number,
                    weight: sample.weight,
                });
            }
        }
        let words = &scratch.text.words;
        let e = &scratch.entities;
        for (id, (info, hashes)) in e.infos.iter().zip(&e.hashes).enumerate() {
            let key = hashes.key;
            let mut full = Vec::new();
            let mut spelling = feature::Spelling::NONE;
            spelling.read(words.norm(id as u32));
            let clusters = tagger.inner.entities.clusters.get(key);
            feature::hashed(
                words,
                id as u32,
                &spelling,
                key,
                info,
                &clusters,
                &mut |k, f| full.push((k, f)),
            );
            let mut bare = *info;
            bare.mask = 0;
            bare.whole_mask = 0;
            if nameable(bare.class) {
                bare.class = if bare.article {
                    class::UNKNOWN_THE
                } else {
                    class::UNKNOWN
                };
            }
            let mut less = Vec::new();
            feature::hashed(words, id as u32, &spelling, key, &bare, &[], &mut |k, f| {
                if matches!(k, kind::CLASS | kind::PREFIX | kind::SUFFIX | kind::SHAPE) {
                    less.push((k, f));
                }
            });
            out.words.push([full, less]);
            out.keys.push(key);
        }
        out
    }

    /// Tells the second pass how a first one labelled a text: label, and whether the word may be part of a name at all.
    pub fn revise(&mut self, document: usize, first: &[(u8, bool)]) {
        let labels: Vec<u8> = first.iter().map(|f| f.0).collect();
        let mut cells: Vec<Cell> = Vec::new();
        for chain in self.chains.iter().filter(|c| c.document == document) {
            cells.extend_from_slice(&chain.cells);
        }
        cells.iter_mut().for_each(|c| c.document = 0);
        let told = |i: &u32| first[*i as usize].0 != 0 || first[*i as usize].1;
        let mut runs: Vec<Run> = (0..cells.len() as u32)
            .filter(told)
            .map(|i| Run {
                first: i,
                end: i + 1,
                last: false,
                quiet: false,
                doubtful: false,
            })
            .collect();
        let key = |c: &Cell| self.keys[c.word as usize];
        let hoped: Vec<HopedWord> = (runs.iter().map(|r| r.first).zip(0..))
            .map(|(cell, run)| HopedWord { cell, run })
            .collect();
        Votes::default().mark(&mut runs, &hoped, &mut cells, &labels, key, |_| 0);
        let mut marked = cells.iter().map(|c| c.document);
        for chain in self.chains.iter_mut().filter(|c| c.document == document) {
            for (cell, hidden) in chain.cells.iter_mut().zip(&mut chain.hidden) {
                cell.document = marked.next().unwrap_or(0);
                hidden.document = cell.document;
            }
        }
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.documents
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.documents == 0
    }
}

/// Weights in training.
struct Weights {
    state: Vec<f32>,
    squares: Vec<f32>,
    sum: Vec<f32>,
    rate: f32,
    decay: f32,
}

impl Weights {
    fn new(n: usize, rate: f32, decay: f32) -> Weights {
        Weights {
            state: vec![0.0; n],
            squares: vec![1e-3; n],
            sum: vec![0.0; n],
            rate,
            decay,
        }
    }
    /// Forgets all but the sum.
    fn restart(&mut self) {
        self.state.fill(0.0);
        self.squares.fill(1e-3);
    }
    #[inline]
    fn step(&mut self, at: usize, gradient: f32) {
        let w = &mut self.state[at];
        let g = gradient - self.decay * *w;
        self.squares[at] += g * g;
        *w += self.rate * g / self.squares[at].sqrt();
    }
}

/// Offsets in the edge weights: all, by gap, by clitic.
const PAIRS: usize = LABELS * LABELS;
const EDGE_WEIGHTS: usize = PAIRS * (1 + gap::COUNT + CLITICS);

fn edge_parts(cell: &Cell) -> [usize; 3] {
    [
        0,
        PAIRS * (1 + cell.gap as usize),
        PAIRS * (1 + gap::COUNT + cell.clitic as usize),
    ]
}

/// Trains on the texts for which `used` says so; gives the bytes of a weights file.
pub fn train(data: &Data, options: &Options, used: &dyn Fn(usize) -> bool) -> Vec<u8> {
    let chains: Vec<&Chain> = data.chains.iter().filter(|c| used(c.document)).collect();
    // Count and number the features.
    let mut counts: HashMap<(u64, u8), (u8, u32)> = HashMap::new();
    for chain in &chains {
        for i in 0..chain.cells.len() {
            for offset in 0..OFFSETS {
                let Some(n) = (i + offset).checked_sub(2).and_then(|j| chain.cells.get(j)) else {
                    continue;
                };
                for list in &data.words[n.word as usize] {
                    for &(k, f) in list {
                        if feature::used(k, offset as i32 - 2) {
                            counts.entry((f, offset as u8)).or_insert((k, 0)).1 += 1;
                        }
                    }
                }
            }
        }
    }
    let mut kept: Vec<(u64, u8)> = counts
        .iter()
        .filter(|(_, (k, n))| match *k {
            kind::BASE | kind::STEM => *n >= options.least,
            kind::SUFFIX | kind::PREFIX => *n >= 2 * options.least,
            _ => *n >= 2,
        })
        .map(|(f, _)| *f)
        .collect();
    kept.sort_unstable();
    let numbers: HashMap<(u64, u8), u32> = kept
        .iter()
        .enumerate()
        .map(|(i, f)| (*f, i as u32))
        .collect();
    // By word, variant and offset.
    let mut lists: HashMap<u32, Vec<Vec<(bool, u32)>>> = HashMap::new();
    for chain in &chains {
        for cell in &chain.cells {
            lists.entry(cell.word).or_insert_with(|| {
                let mut out = Vec::new();
                for list in &data.words[cell.word as usize] {
                    for offset in 0..OFFSETS as u8 {
                        let all = list
                            .iter()
                            .filter(|(k, _)| feature::used(*k, i32::from(offset) - 2));
                        out.push(
                            all.filter_map(|&(k, f)| {
                                numbers
                                    .get(&(f, offset))
                                    .map(|&n| (matches!(k, kind::BASE | kind::STEM), n))
                            })
                            .collect(),
                        );
                    }
                }
                out
            });
        }
    }
    const STATES: usize = LABELS - 1;
    let dense_base = kept.len();
    let mut state = Weights::new((kept.len() + DENSE) * STATES, options.rate, options.decay);
    let mut edges = Weights::new(EDGE_WEIGHTS, options.rate, options.decay);
    let mut random = Random(1);
    let mut order: Vec<usize> = (0..chains.len()).collect();
    let mut averaged = 0f32;
    let mut cells: Vec<Cell> = Vec::new();
    let mut features: Vec<u32> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    let mut own: Vec<[f32; LABELS]> = Vec::new();
    let mut alpha: Vec<[f32; LABELS]> = Vec::new();
    let mut beta: Vec<[f32; LABELS]> = Vec::new();
    let mut context: Vec<[f32; PAIRS]> = Vec::new();
    for (round, epoch) in (0..options.rounds).flat_map(|r| (0..options.epochs).map(move |e| (r, e)))
    {
        if epoch == 0 {
            state.restart();
            edges.restart();
            random = Random((round + 7).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        }
        for i in (1..order.len()).rev() {
            order.swap(i, random.below(i + 1));
        }
        for &c in &order {
            let chain = chains[c];
            let n = chain.cells.len();
            cells.clear();
            cells.extend_from_slice(&chain.cells);
            let mut variants = vec![(0usize, false); n];
            let blind = random.chance(options.drop_votes);
            for i in 0..n {
                if random.chance(options.drop_names)
                    && (chain.cells[i].names != 0 || nameable(chain.cells[i].class))
                {
                    variants[i].0 = 1;
                    cells[i] = Cell {
                        lead: chain.cells[i].lead,
                        ..chain.hidden[i]
                    };
                }
                variants[i].1 = random.chance(options.drop_words);
                if blind {
                    cells[i].document = 0;
                }
            }
            features.clear();
            ends.clear();
            for i in 0..n {
                for offset in 0..OFFSETS {
                    let Some(j) = (i + offset).checked_sub(2).filter(|&j| j < n) else {
                        continue;
                    };
                    let (variant, drop) = variants[j];
                    let list = &lists[&cells[j].word][variant * OFFSETS + offset];
                    features.extend(
                        list.iter()
                            .filter(|(lexical, _)| !(drop && *lexical))
                            .map(|(_, f)| *f),
                    );
                }
                dense(&cells, i, &mut |f| features.push((dense_base + f) as u32));
                ends.push(features.len());
            }
            // Scores.
            own.clear();
            context.clear();
            let mut at = 0;
            for (i, &end) in ends.iter().enumerate() {
                let mut s = [0f32; LABELS];
                for &f in &features[at..end] {
                    let w = &state.state[f as usize * STATES..f as usize * STATES + STATES];
                    for (k, w) in w.iter().enumerate() {
                        s[k + 1] += w;
                    }
                }
                at = end;
                own.push(s);
                let mut t = [f32::NEG_INFINITY; PAIRS];
                #[allow(clippy::needless_range_loop)] // two arrays, one index
                for p in 0..PAIRS {
                    if follows(p / LABELS, p % LABELS) {
                        t[p] = edge_parts(&cells[i])
                            .iter()
                            .map(|b| edges.state[b + p])
                            .sum();
                    }
                }
                context.push(t);
            }
            // Forward, backward.
            alpha.clear();
            beta.clear();
            for i in 0..n {
                let mut a = [f32::NEG_INFINITY; LABELS];
                for (to, slot) in a.iter_mut().enumerate() {
                    *slot =
                        own[i][to]
                            + if i == 0 {
                                context[0][to]
                            } else {
                                log_sum((0..LABELS).map(|from| {
                                    alpha[i - 1][from] + context[i][from * LABELS + to]
                                }))
                            };
                }
                alpha.push(a);
            }
            beta.resize(n, [0f32; LABELS]);
            for i in (0..n.saturating_sub(1)).rev() {
                for from in 0..LABELS {
                    beta[i][from] = log_sum((0..LABELS).map(|to| {
                        context[i + 1][from * LABELS + to] + own[i + 1][to] + beta[i + 1][to]
                    }));
                }
            }
            let total = log_sum(alpha[n - 1].iter().copied());
            if !total.is_finite() {
                continue;
            }
            // Gradient step.
            let mut at = 0;
            for i in 0..n {
                let mut g = [0f32; LABELS];
                for (l, g) in g.iter_mut().enumerate() {
                    *g = -(alpha[i][l] + beta[i][l] - total).exp();
                }
                g[chain.labels[i] as usize] += 1.0;
                for g in &mut g {
                    *g *= chain.weight;
                }
                for &f in &features[at..ends[i]] {
                    for (k, &g) in g.iter().enumerate().skip(1) {
                        if g.abs() > 1e-4 {
                            state.step(f as usize * STATES + k - 1, g);
                        }
                    }
                }
                at = ends[i];
                let gold_from = if i == 0 {
                    0
                } else {
                    chain.labels[i - 1] as usize
                };
                #[allow(clippy::needless_range_loop)] // two arrays, one index
                for p in 0..PAIRS {
                    let (from, to) = (p / LABELS, p % LABELS);
                    if !follows(from, to) || (i == 0 && from != 0) {
                        continue;
                    }
                    let before = if i == 0 { 0.0 } else { alpha[i - 1][from] };
                    let mut g = -(before + context[i][p] + own[i][to] + beta[i][to] - total).exp();
                    if from == gold_from && to == chain.labels[i] as usize {
                        g += 1.0;
                    }
                    if g.abs() > 1e-4 {
                        for b in edge_parts(&cells[i]) {
                            edges.step(b + p, g * chain.weight);
                        }
                    }
                }
            }
        }
        if epoch * 2 >= options.epochs {
            averaged += 1.0;
            for (s, w) in state.sum.iter_mut().zip(&state.state) {
                *s += w;
            }
            for (s, w) in edges.sum.iter_mut().zip(&edges.state) {
                *s += w;
            }
        }
    }
    let scale = 1.0 / averaged.max(1.0);
    let weights: Vec<f32> = state.sum.iter().map(|s| s * scale).collect();
    let edge_weights: Vec<f32> = edges.sum.iter().map(|s| s * scale).collect();
    write(&kept, &weights, &edge_weights, options)
}

fn log_sum(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let max = values.clone().fold(f32::NEG_INFINITY, f32::max);
    if max == f32::NEG_INFINITY {
        return max;
    }
    max + values.map(|v| (v - max).exp()).sum::<f32>().ln()
}

/// Weight 1.0 in the file.
const UNIT: f32 = 24.0;

fn write(kept: &[(u64, u8)], weights: &[f32], edges: &[f32], options: &Options) -> Vec<u8> {
    const STATES: usize = LABELS - 1;
    let byte = |w: f32| (w * UNIT).round().clamp(-127.0, 127.0) as i8;
    let mut out = Vec::new();
    let number = |out: &mut Vec<u8>, n: usize| out.extend_from_slice(&(n as u32).to_le_bytes());
    out.extend_from_slice(MAGIC);
    number(&mut out, DENSE);
    number(&mut out, EDGES);
    for context in 0..EDGES {
        let cell = Cell {
            gap: (context / CLITICS) as u8,
            clitic: (context % CLITICS) as u8,
            ..Cell::default()
        };
        for p in 0..PAIRS {
            let mut w: f32 = edge_parts(&cell).iter().map(|b| edges[b + p]).sum();
            if p % LABELS % 2 == 1 {
                w += options.bias;
            }
            out.extend_from_slice(&((w * UNIT).round() as i16).to_le_bytes());
        }
    }
    let rows: Vec<(usize, Vec<i8>)> = (0..DENSE)
        .map(|f| {
            let at = (kept.len() + f) * STATES;
            (
                f,
                weights[at..at + STATES]
                    .iter()
                    .map(|&w| byte(w))
                    .collect::<Vec<i8>>(),
            )
        })
        .filter(|(_, row)| row.iter().any(|&w| w != 0))
        .collect();
    number(&mut out, rows.len());
    for (f, row) in &rows {
        out.extend_from_slice(&(*f as u16).to_le_bytes());
        out.extend(row.iter().map(|&w| w as u8));
    }
    // Hashed features: a row of weights for every offset, all labels of an offset side by side.
    let mut features: Vec<(u64, [u8; FEATURE])> = Vec::new();
    for (i, &(f, offset)) in kept.iter().enumerate() {
        for k in 0..STATES {
            let w = weights[i * STATES + k];
            let b = byte(w);
            if w.abs() < options.prune || b == 0 {
                continue;
            }
            if features.last().is_none_or(|l| l.0 != f) {
                features.push((f, [0; FEATURE]));
            }
            if let Some((_, row)) = features.last_mut() {
                row[usize::from(offset) * STATES + k + 1] = b as u8;
            }
        }
    }
    let size = (features.len() * 5 / 4).next_power_of_two().max(16);
    let mut slots: Vec<Option<usize>> = vec![None; size];
    for (number, (f, _)) in features.iter().enumerate() {
        let mut at = *f as usize & (size - 1);
        while slots[at].is_some() {
            at = (at + 1) & (size - 1);
        }
        slots[at] = Some(number);
    }
    number(&mut out, slots.len());
    number(&mut out, features.len());
    for slot in &slots {
        let key = slot.map_or(0, |feature| (features[feature].0 >> 32) as u32 | 1);
        out.extend_from_slice(&key.to_le_bytes());
    }
    // Rows lie in the order of their slots.
    assert!(
        features.len() < usize::from(u16::MAX),
        "rows have numbers of sixteen bits"
    );
    let mut row = 0u16;
    for slot in &slots {
        out.extend_from_slice(&row.to_le_bytes());
        row += u16::from(slot.is_some());
    }
    out.resize(out.len().next_multiple_of(ALIGN), 0);
    for feature in slots.iter().flatten() {
        out.extend(features[*feature].1);
    }
    out
}

/// The files of a directory of lists.
fn sources(directory: &Path) -> std::io::Result<Sources> {
    let mut sources = Sources::default();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".tsv") || name.ends_with(".toml") {
            let text = std::fs::read_to_string(entry.path())?;
            sources.files.insert(name, text);
        }
    }
    Ok(sources)
}

fn compiled(sources: &Sources) -> Lists {
    let made = crate::entity::compile::compile(sources);
    let gazetteer = Gazetteer::new(
        Box::leak(made.bytes.into_boxed_slice()),
        Box::leak(made.text.into_boxed_str()),
    );
    Lists(gazetteer.unwrap_or_default())
}

/// Lists compiled anew from a directory.
pub fn lists(directory: &Path) -> std::io::Result<Lists> {
    Ok(compiled(&sources(directory)?))
}

/// Letters of a name, its words parted by one space.
fn letters(name: &str) -> String {
    let words = words(name).map(|w| w.chars().filter_map(fold::fold).collect::<String>());
    words.collect::<Vec<_>>().join(" ")
}

/// Number of the first words of a name.
fn number_of(letters: &str) -> u64 {
    let mut words = letters.split(' ').map(fold::word).take(LONGEST);
    let first = words.next().unwrap_or(0);
    words.fold(first, fold::chain)
}

/// So many words of a name are counted.
const LONGEST: usize = 4;

/// How much of the names of unread articles the lists have: shares of the bodies, of the places and of the words of
/// persons, measured before any of them were listed.
const UNREAD: [f64; 3] = [0.635, 0.915, 0.826];

/// Lists as they were had nobody read `read`: of the names that one of these texts has, those rarest in the `raw` texts
/// are left out until the lists have no more of them than of the names of other texts. Who learns from full lists trusts
/// them too much.
pub fn reduced_lists(
    directory: &Path,
    read: &[Sample],
    raw: impl Iterator<Item = String>,
) -> std::io::Result<Lists> {
    let mut sources = sources(directory)?;
    let names_of = |files: &[&str]| -> HashSet<String> {
        let rows = files.iter().filter_map(|f| sources.files.get(*f));
        rows.flat_map(|text| text.lines().filter(|l| !l.starts_with('#')))
            .map(|row| letters(row.split('\t').next().unwrap_or("")))
            .collect()
    };
    const FILES: [&[&str]; 3] = [
        &["organizations.tsv"],
        &["places.tsv", "geonames.tsv"],
        &["given-names.tsv", "family-names.tsv"],
    ];
    // By kind and name: the texts it is in, and how often it is met.
    let mut met: [BTreeMap<String, (BTreeSet<usize>, usize)>; 3] = Default::default();
    for (number, sample) in read.iter().enumerate() {
        for gold in &sample.gold {
            let name = letters(sample.text.get(gold.start..gold.end).unwrap_or(""));
            let (kind, parts) = match gold.kind {
                EntityKind::Organization => (0, vec![name.as_str()]),
                EntityKind::Location => (1, vec![name.as_str()]),
                _ => (2, name.split(' ').collect()),
            };
            for part in parts {
                let entry = met[kind].entry(part.to_owned()).or_default();
                entry.0.insert(number);
                entry.1 += 1;
            }
        }
    }
    let mut counts: HashMap<u64, usize> = met
        .iter()
        .flat_map(|m| m.keys())
        .map(|name| (number_of(name), 0))
        .collect();
    for text in raw {
        let words: Vec<u64> = words(&text).map(fold::word).collect();
        for first in 0..words.len() {
            let mut number = 0;
            for (i, word) in words[first..].iter().take(LONGEST).enumerate() {
                number = if i == 0 {
                    *word
                } else {
                    fold::chain(number, *word)
                };
                if let Some(count) = counts.get_mut(&number) {
                    *count += 1;
                }
            }
        }
    }
    let mut gone: [HashSet<String>; 3] = Default::default();
    for (kind, files) in FILES.iter().enumerate() {
        let listed = names_of(files);
        // With what may be joined in front.
        let forms = |name: &str| -> Vec<String> {
            let behind = |n: usize| name.chars().skip(n).collect::<String>();
            let mut forms = vec![name.to_owned(), behind(1), behind(2)];
            if name.starts_with("لل") {
                forms.push(format!("ا{}", behind(1)));
            }
            forms.retain(|f| listed.contains(f));
            forms
        };
        let all: usize = met[kind].values().map(|m| m.1).sum();
        let known = met[kind].iter().filter(|(name, _)| !forms(name).is_empty());
        let mut known: Vec<_> = known.collect();
        let mut have: usize = known.iter().map(|(_, m)| m.1).sum();
        known.retain(|(_, m)| m.0.len() < 2);
        known.sort_by_key(|(name, _)| (counts[&number_of(name)], *name));
        for (name, m) in known {
            if have as f64 <= UNREAD[kind] * all as f64 {
                break;
            }
            have -= m.1;
            gone[kind].extend(forms(name));
        }
    }
    for (files, gone) in FILES.iter().zip(&gone) {
        for file in *files {
            if let Some(text) = sources.files.get_mut(*file) {
                let kept = text.lines().filter(|row| {
                    let name = row.split('\t').next().unwrap_or("");
                    row.starts_with('#') || !gone.contains(&letters(name))
                });
                *text = kept.collect::<Vec<_>>().join("\n");
            }
        }
    }
    Ok(compiled(&sources))
}

/// See [`lists`].
#[derive(Clone, Copy, Debug)]
pub struct Lists(Gazetteer);

/// A tagger that scores with other weights, over other lists where they are given.
pub fn tagger_with(weights: Option<&[u8]>, lists: Option<Lists>) -> Option<Tagger> {
    let mut entities = Entities::default();
    if let Some(weights) = weights {
        let leaked: &'static [u8] = Box::leak(weights.to_vec().into_boxed_slice());
        entities.model = Arc::new(Model::new(leaked)?);
    }
    if let Some(lists) = lists {
        entities.gazetteer = lists.0;
    }
    Some(Tagger::with_entities(entities))
}

/// Gold and found mentions of a text as ranges of units.
pub fn compare(tagger: &Tagger, sample: &Sample, scratch: &mut Scratch) -> Outcome {
    let a = tagger.analyze(&sample.text, scratch);
    let gold = labels(&a, &sample.gold);
    let mut out = Outcome::default();
    let mut open: Option<(EntityKind, u32)> = None;
    for (i, &label) in gold.iter().chain([&0]).enumerate() {
        let next = EntityKind::of_label(label);
        if let Some((kind, first)) = open
            && !matches!(next, Some((_, false)))
        {
            out.gold.push((kind, first, i as u32));
            open = None;
        }
        if let Some((kind, true)) = next {
            open = Some((kind, i as u32));
        }
    }
    let ours = |k: EntityKind| {
        matches!(
            k,
            EntityKind::Person | EntityKind::Location | EntityKind::Organization
        )
    };
    for e in a.scratch.entities.found.iter().filter(|e| ours(e.kind)) {
        out.found.push((e.kind, e.units.0, e.units.1));
    }
    out
}

/// See [`compare`].
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Kind, first unit, one past the last.
    pub gold: Vec<(EntityKind, u32, u32)>,
    /// The same of what was found.
    pub found: Vec<(EntityKind, u32, u32)>,
}

/// Learns word classes from raw texts; gives the bytes of a cluster file.
pub fn clusters(
    tagger: &Tagger,
    texts: impl Iterator<Item = String>,
    fine: usize,
    coarse: usize,
) -> Vec<u8> {
    use crate::entity::cluster::learn;
    let mut scratch = Scratch::new();
    let mut counts = learn::Counts::default();
    for text in texts {
        let a = tagger.analyze(&text, &mut scratch);
        let e = &a.scratch.entities;
        for (start, end) in e.ranges() {
            for cell in &e.cells[start..end] {
                if cell.class == class::NUMBER {
                    counts.push(fold::word("0"));
                    continue;
                }
                // A clitic is a word of the company.
                if cell.clitic != 0 {
                    counts.push(u64::from(cell.clitic));
                }
                counts.push(e.hashes[cell.word as usize].key);
            }
            counts.end();
        }
    }
    learn::write(&counts.cluster(fine, 12), &counts.cluster(coarse, 12))
}

/// What a first pass over a text says of each word: its label, and whether it may be part of a name at all.
pub fn first_pass(tagger: &Tagger, sample: &Sample, scratch: &mut Scratch) -> Vec<(u8, bool)> {
    let _ = tagger.analyze(&sample.text, scratch);
    let Scratch {
        briefs, entities, ..
    } = &mut *scratch;
    (tagger.inner.entities).read_again(|word| &briefs.of(word).row, entities);
    let e = &scratch.entities;
    let hopes = e.cells.iter().map(|c| c.hope != Hope::NONE);
    e.labels.iter().copied().zip(hopes).collect()
}

/// What the scorer sees of each word of a text, a line each.
pub fn describe(tagger: &Tagger, text: &str) -> String {
    let mut scratch = Scratch::new();
    let a = tagger.analyze(text, &mut scratch);
    let e = &a.scratch.entities;
    let mut out = String::new();
    for ((unit, cell), label) in a.scratch.units.iter().zip(&e.cells).zip(&e.labels) {
        let info = e.infos[cell.word as usize];
        out.push_str(&format!(
            "{}\tlabel {label} class {} gap {} clitic {} cut {} lead {} names {:x} document {:b} mask {:?} clusters {:?}\n",
            unit.span.of(text),
            cell.class,
            cell.gap,
            cell.clitic,
            info.cut,
            cell.lead,
            cell.names,
            cell.document,
            (0..32).filter(|b| info.mask >> b & 1 == 1).collect::<Vec<_>>(),
            tagger.inner.entities.clusters.get(e.hashes[cell.word as usize].key),
        ));
    }
    out
}
