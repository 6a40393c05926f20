//! Terms to the tables of the [`Matcher`].

use super::map::Growing;
use super::{
    MAX_WORDS, Matcher, State, TWO, Unit, base, clitics, key_into, label, units, word_hash,
};
use crate::lexicon::topic_file::Level;
use crate::morph::Morphology;
use crate::token::{RawToken, scan};
use crate::words::Words;

/// Collects terms.
#[derive(Debug)]
pub(crate) struct MatcherBuilder<'m> {
    /// Words by level and folded spelling, numbered from 1 on.
    vocabulary: Growing<u32>,
    /// Base forms of the words of terms, and the lemmas that terms give them.
    bases: Growing<[u32; 2]>,
    /// By state and label, see [`edge`]. The states behind first words have the numbers of those; deeper ones are
    /// numbered from [`DEEP`] on until the size of the vocabulary is known.
    edges: Growing<u32>,
    /// State and target of every term.
    pending: Vec<(u32, u32)>,
    morphology: &'m Morphology,
    words: Words,
    tokens: Vec<RawToken>,
    units: Vec<Unit>,
    key: String,
}

/// Marks the number of a deeper state while terms are collected.
const DEEP: u32 = 1 << 31;

/// The key of an edge.
const fn edge(from: u32, label: u32) -> u64 {
    (from as u64) << 32 | label as u64
}

impl<'m> MatcherBuilder<'m> {
    pub fn new(morphology: &'m Morphology) -> Self {
        MatcherBuilder {
            vocabulary: Growing::default(),
            bases: Growing::default(),
            edges: Growing::default(),
            pending: Vec::new(),
            morphology,
            words: Words::default(),
            tokens: Vec::new(),
            units: Vec::new(),
            key: String::new(),
        }
    }

    /// A builder that adds to what a matcher has; `targets` tells what each of its targets stands for.
    pub fn over(
        matcher: Matcher,
        morphology: &'m Morphology,
        targets: impl Fn(u32, &mut dyn FnMut(u32)),
    ) -> Self {
        let number = |state: u32| match state.checked_sub(matcher.deep) {
            None => state,
            Some(deep) => DEEP | deep,
        };
        let mut builder = MatcherBuilder::new(morphology);
        for state in 1..matcher.states.len() as u32 {
            let from = number(state);
            for &target in matcher.targets(state) {
                targets(target, &mut |target| builder.pending.push((from, target)));
            }
            let edges = matcher.edges(state);
            let numbers = edges.clone().map(|i| DEEP | i as u32);
            let labels = matcher.labels.get(edges).unwrap_or(&[]).iter();
            let edges = labels.map(|&label| edge(from, label)).zip(numbers);
            builder.edges.extend(edges);
        }
        builder.vocabulary = matcher.vocabulary.iter().collect();
        let lemmas = |value: u32| match value & TWO {
            0 => [value, 0],
            _ => {
                let pair = matcher.aliases.get((value & !TWO) as usize);
                pair.copied().unwrap_or_default()
            }
        };
        let bases = matcher.bases.iter();
        builder.bases = bases.map(|(base, value)| (base, lemmas(value))).collect();
        builder
    }

    /// Adds a term; `false` where it has no word and so can never match.
    pub fn add(&mut self, term: &str, level: Level, target: u32) -> bool {
        self.tokens.clear();
        scan::scan(term, &mut self.tokens);
        self.words.begin();
        self.words
            .intern_all(term, &mut self.tokens, self.morphology);
        self.units.clear();
        units(
            term,
            &self.tokens,
            &mut self.words,
            self.morphology,
            &mut self.units,
        );
        if self.vocabulary.len() + self.units.len() > MAX_WORDS {
            return false;
        }
        let mut state = 0u32;
        for (i, unit) in self.units.iter().enumerate() {
            let Some(word) = self.words.get(unit.word) else {
                return false;
            };
            let norm = self.words.norm(unit.word);
            match level {
                Level::Exact => {
                    self.key.clear();
                    self.key.push_str(norm);
                }
                Level::Word => key_into(base(word, norm), &mut self.key),
                Level::Lemma => key_into(self.words.stem(unit.word), &mut self.key),
            }
            let new = self.vocabulary.len() as u32 + 1;
            let hash = word_hash(level, &self.key);
            let id = *self.vocabulary.entry(hash).or_insert(new);
            if level == Level::Lemma {
                key_into(base(word, norm), &mut self.key);
                // Not for bases of two letters: «أو» would be «أوهم» as well.
                if self.key.chars().count() > 2 {
                    let hash = word_hash(Level::Word, &self.key);
                    let lemmas = self.bases.entry(hash).or_default();
                    if !lemmas.contains(&id)
                        && let Some(free) = lemmas.iter_mut().find(|l| **l == 0)
                    {
                        *free = id;
                    }
                }
            }
            if i == 0 {
                state = id;
                continue;
            }
            let clitics = match level {
                Level::Exact => 0,
                Level::Word | Level::Lemma => clitics(word, norm),
            };
            let new = DEEP | self.edges.len() as u32;
            let edge = edge(state, label(id, clitics));
            state = *self.edges.entry(edge).or_insert(new);
        }
        if state == 0 {
            return false;
        }
        self.pending.push((state, target));
        true
    }

    pub fn build(self) -> Matcher {
        let deep = self.vocabulary.len() as u32 + 1;
        let edges = Grouped::new(self.edges.into_iter(), deep, |(edge, to)| {
            ((edge >> 32) as u32, (edge as u32, to))
        });
        let terms = Grouped::new(self.pending.into_iter(), deep, |term| term);
        let mut states = vec![State::default()];
        let mut labels = Vec::with_capacity(edges.all.len());
        let mut targets = Vec::with_capacity(terms.all.len());
        // The deeper states in the order of the edges that lead to them, as they were numbered while terms came.
        let mut below = Vec::with_capacity(edges.all.len());
        for state in 1.. {
            let state = match below.get((state as usize).wrapping_sub(deep as usize)) {
                _ if state < deep => state,
                Some(&deeper) => deeper,
                None => break,
            };
            states.push(State {
                targets: targets.len() as u32,
                edges: labels.len() as u32,
            });
            let of_state = terms.of(state);
            targets.extend(of_state.iter().map(|t| t.1));
            for &(_, (label, to)) in edges.of(state) {
                labels.push(label);
                below.push(to);
            }
        }
        // Where the last state ends.
        states.push(State {
            targets: targets.len() as u32,
            edges: labels.len() as u32,
        });
        let mut aliases = Vec::new();
        let mut bases: Vec<_> = self.bases.into_iter().collect();
        bases.sort_unstable();
        let bases = bases.into_iter().map(|(base, [one, two])| {
            if two == 0 {
                return (base, one);
            }
            aliases.push([one, two]);
            (base, TWO | (aliases.len() - 1) as u32)
        });
        Matcher {
            bases: bases.collect(),
            vocabulary: self.vocabulary.into_iter().collect(),
            aliases,
            states,
            labels,
            deep,
            targets,
        }
    }
}

/// What belongs to states, sorted by state.
struct Grouped<T> {
    all: Vec<(u32, T)>,
    /// Where the list of each state begins: first words, then deeper states as numbered while terms came.
    starts: Vec<u32>,
    deep: u32,
}

impl<T: Copy + Ord> Grouped<T> {
    fn new<U>(all: impl Iterator<Item = U>, deep: u32, part: impl Fn(U) -> (u32, T)) -> Self {
        let mut all: Vec<(u32, T)> = all.map(part).collect();
        all.sort_unstable();
        all.dedup();
        let mut out = Grouped {
            all,
            starts: Vec::new(),
            deep,
        };
        for (i, &(state, _)) in out.all.iter().enumerate() {
            let state = out.index(state);
            if out.starts.len() <= state {
                out.starts.resize(state + 1, i as u32);
            }
        }
        out.starts.push(out.all.len() as u32);
        out
    }

    fn index(&self, state: u32) -> usize {
        match state & DEEP {
            0 => state as usize,
            _ => (self.deep + (state & !DEEP)) as usize,
        }
    }

    fn of(&self, state: u32) -> &[(u32, T)] {
        let at = self.index(state);
        match self.starts.get(at..at + 2) {
            Some(&[start, end]) => self.all.get(start as usize..end as usize).unwrap_or(&[]),
            _ => &[],
        }
    }
}
