//! Terms to the tables of the [`Matcher`].

use super::map::Growing;
use super::{MAX_WORDS, Matcher, State, TWO, Unit, base, clitics, key_of, label, units, word_hash};
use crate::lexicon::topic_file::Level;
use crate::morph::Morphology;
use crate::token::{RawToken, scan};
use crate::words::Words;

/// Collects terms.
#[derive(Debug)]
pub(crate) struct MatcherBuilder {
    /// Words by level and folded spelling, numbered from 1 on.
    vocabulary: Growing<u32>,
    /// Base forms of the words of terms, and the lemmas that terms give them.
    bases: Growing<[u32; 2]>,
    /// By state and label, see [`edge`]. The states behind first words have the numbers of those; deeper ones are
    /// numbered from [`DEEP`] on until the size of the vocabulary is known.
    edges: Growing<u32>,
    /// State and target of every term.
    pending: Vec<(u32, u32)>,
    morphology: &'static Morphology,
    words: Words,
    /// By number of a word; its generation is `generation`.
    forms: Vec<Forms>,
    generation: u32,
    tokens: Vec<RawToken>,
    units: Vec<Unit>,
    key: String,
    /// Terms that are met together.
    text: String,
}

/// So many of them.
const TERMS: usize = 256;

/// What terms are made of for a word.
#[derive(Clone, Copy, Debug)]
struct Forms {
    /// By level: its hash in the vocabulary.
    hashes: [u64; 3],
    /// The hash of its base form, where that is long enough to stand for its lemma; else 0.
    base: u64,
    clitics: u8,
}

/// Marks the number of a deeper state while terms are collected.
const DEEP: u32 = 1 << 31;

/// The key of an edge.
const fn edge(from: u32, label: u32) -> u64 {
    (from as u64) << 32 | label as u64
}

impl MatcherBuilder {
    pub fn new(morphology: &'static Morphology) -> Self {
        MatcherBuilder {
            vocabulary: Growing::default(),
            bases: Growing::default(),
            edges: Growing::default(),
            pending: Vec::new(),
            morphology,
            words: Words::default(),
            forms: Vec::new(),
            generation: 0,
            tokens: Vec::new(),
            units: Vec::new(),
            key: String::new(),
            text: String::new(),
        }
    }

    /// A builder that adds about `terms` terms to what a matcher has; `targets` tells what each of its targets stands
    /// for.
    pub fn over(
        matcher: Matcher,
        terms: usize,
        morphology: &'static Morphology,
        targets: impl Fn(u32, &mut dyn FnMut(u32)),
    ) -> Self {
        let number = |state: u32| match state.checked_sub(matcher.deep) {
            None => state,
            Some(deep) => DEEP | deep,
        };
        let mut builder = MatcherBuilder::new(morphology);
        builder.edges.reserve(matcher.labels.len() + terms);
        builder
            .vocabulary
            .reserve(matcher.deep as usize + terms / 2);
        builder.bases.reserve(matcher.deep as usize + terms / 2);
        builder.pending.reserve(matcher.targets.len() + terms);
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
        builder.vocabulary.extend(matcher.vocabulary.iter());
        let lemmas = |value: u32| match value & TWO {
            0 => [value, 0],
            _ => {
                let pair = matcher.aliases.get((value & !TWO) as usize);
                pair.copied().unwrap_or_default()
            }
        };
        let bases = matcher.bases.iter();
        let bases = bases.map(|(base, value)| (base, lemmas(value)));
        builder.bases.extend(bases);
        builder
    }

    /// Analyses the words of terms that will be added: many at a time, as what the morphology knows of them is far away.
    pub fn meet<'t>(&mut self, terms: impl Iterator<Item = &'t str>) {
        let mut terms = terms.peekable();
        while terms.peek().is_some() {
            self.text.clear();
            for term in terms.by_ref().take(TERMS) {
                self.text.push_str(term);
                self.text.push('\n');
            }
            self.tokens.clear();
            scan::scan(&self.text, &mut self.tokens);
            self.words.begin();
            self.words
                .intern_all(&self.text, &mut self.tokens, self.morphology);
        }
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
        let renumbered = self.words.renumbered(&mut self.generation);
        renumbered.apply(&mut self.forms);
        for id in self.forms.len()..self.words.len() {
            let forms = forms(&self.words, id as u32, &mut self.key);
            self.forms.push(forms);
        }
        let mut state = 0u32;
        for (i, unit) in self.units.iter().enumerate() {
            let Some(forms) = self.forms.get(unit.word as usize) else {
                return false;
            };
            let new = self.vocabulary.len() as u32 + 1;
            let [lemma, word, exact] = forms.hashes;
            let (hash, clitics) = match level {
                Level::Lemma => (lemma, forms.clitics),
                Level::Word => (word, forms.clitics),
                Level::Exact => (exact, 0),
            };
            let id = *self.vocabulary.entry(hash).or_insert(new);
            if level == Level::Lemma && forms.base != 0 {
                let lemmas = self.bases.entry(forms.base).or_default();
                if !lemmas.contains(&id)
                    && let Some(free) = lemmas.iter_mut().find(|l| **l == 0)
                {
                    *free = id;
                }
            }
            if i == 0 {
                state = id;
                continue;
            }
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
        let more = self.edges.len();
        let edges = self.edges.iter();
        let edges = edges.map(|(&edge, &to)| ((edge >> 32) as u32, (edge as u32, to)));
        let edges = Grouped::new(edges, deep, more);
        let terms = Grouped::new(self.pending.iter().copied(), deep, more);
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
            let first = targets.len();
            states.push(State {
                targets: first as u32,
                edges: labels.len() as u32,
            });
            for &target in terms.of(state) {
                // A term may have been added twice.
                if targets.last() != Some(&target) || targets.len() == first {
                    targets.push(target);
                }
            }
            for &(label, to) in edges.of(state) {
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
        let bases = self.bases.into_iter().map(|(base, [one, two])| {
            if two == 0 {
                return (base, one);
            }
            aliases.push([one, two]);
            (base, TWO | (aliases.len() - 1) as u32)
        });
        let mut matcher = Matcher {
            bases: bases.collect(),
            vocabulary: self.vocabulary.into_iter().collect(),
            aliases,
            states,
            labels,
            deep,
            targets,
            leads: Vec::new(),
        };
        matcher.lead();
        matcher
    }
}

/// What terms are made of for a word; runs once a distinct word.
fn forms(words: &Words, id: u32, key: &mut String) -> Forms {
    let norm = words.norm(id);
    let exact = word_hash(Level::Exact, norm);
    let lemma = word_hash(Level::Lemma, key_of(words.stem(id), key));
    let whole = words.get(id);
    let base = key_of(whole.map_or(norm, |w| base(w, norm)), key);
    let word = word_hash(Level::Word, base);
    Forms {
        hashes: [lemma, word, exact],
        // Not for bases of two letters: «أو» would be «أوهم» as well.
        base: if base.chars().nth(2).is_some() {
            word
        } else {
            0
        },
        clitics: whole.map_or(0, |w| clitics(w, norm)),
    }
}

/// What belongs to states, state by state and rising: first words, then deeper states as numbered while terms came.
struct Grouped<T> {
    all: Vec<T>,
    /// Where the list of each state begins; one more than there are states.
    starts: Vec<u32>,
    deep: u32,
}

impl<T: Copy + Ord + Default> Grouped<T> {
    /// `deep` and so many more are the states.
    fn new(all: impl Iterator<Item = (u32, T)> + Clone, deep: u32, more: usize) -> Self {
        let index = |state| Grouped::<T>::index(state, deep);
        // Lengths, one place further on; then where each list begins, and last where it ends.
        let mut starts = vec![0u32; deep as usize + more + 2];
        let mut count = 0;
        for (state, _) in all.clone() {
            count += 1;
            if let Some(length) = starts.get_mut(index(state) + 2) {
                *length += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut sorted = vec![T::default(); count];
        for (state, item) in all {
            if let Some(end) = starts.get_mut(index(state) + 1) {
                if let Some(place) = sorted.get_mut(*end as usize) {
                    *place = item;
                }
                *end += 1;
            }
        }
        let mut start = 0;
        for &end in &starts {
            if end > start + 1
                && let Some(list) = sorted.get_mut(start as usize..end as usize)
            {
                list.sort_unstable();
            }
            start = end;
        }
        Grouped {
            all: sorted,
            starts,
            deep,
        }
    }

    fn index(state: u32, deep: u32) -> usize {
        match state & DEEP {
            0 => state as usize,
            _ => (deep + (state & !DEEP)) as usize,
        }
    }

    fn of(&self, state: u32) -> &[T] {
        let at = Grouped::<T>::index(state, self.deep);
        match self.starts.get(at..at + 2) {
            Some(&[start, end]) => self.all.get(start as usize..end as usize).unwrap_or(&[]),
            _ => &[],
        }
    }
}
