//! Finds every term of every lexicon in one pass over the words of a text.
//!
//! Terms and text go through the same analysis; each word becomes a few numbers (its lemma, its base form, its exact
//! form), and a term is a path of numbers in a trie. Matching numbers instead of letters respects word boundaries,
//! finds inflected forms without listing them, and is 2-3 times as fast as a character automaton at 20,000 phrases.

use std::ops::Range;

use crate::ahead::fetch;
use crate::archive::{Packer, Unpacker};
use crate::lexicon::topic_file::Level;
use crate::morph::{Morphology, SegmentKind};
use crate::normalize::{self, match_key_into};
use crate::sieve::put_if;
use crate::span::Span;
use crate::token::{RawToken, TokenKind};
use crate::words::{ByLemma, Renumbering, Word, Words};
pub(crate) use build::MatcherBuilder;
pub(crate) use map::Growing;
use map::WordMap;

mod build;
mod map;

/// A word of the text as the matcher sees it: a word token, a number, or one part of a hashtag.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    pub word: u32,
    pub token: u32,
    pub span: Span,
    /// A term may not reach over the gap before it (punctuation, line break, start).
    pub breaks: bool,
    /// It is the first word or number of its line; signs, hashtags, links and the like may stand before it: «==== السكان ====».
    pub line: bool,
}

/// A term found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// First unit.
    pub first: u32,
    /// One past the last unit.
    pub end: u32,
    /// What the builder was given.
    pub target: u32,
}

/// What the search asks of every word; all 0 for a word of no lexicon. A quarter of a cache line: what the search costs
/// is cache lines.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WordKeys {
    /// [`bit`]s of the labels that lead on behind it, where it is the first word of a term ...
    leads: u32,
    /// ... and of its own labels.
    bits: u32,
    /// The target, where it is one; else where the targets begin in the list of the matcher.
    target: u32,
    /// Targets of the word alone; [`APART`] where they do not stand side by side.
    targets: u8,
    /// Which of its [`WordLabels`] begin a term: a bit each.
    opens: u8,
}

/// See [`WordKeys::targets`].
const APART: u8 = u8::MAX;

/// The labels under which edges may lead on over a word, and 0 behind the last: of its lemma, of two more lemmas
/// ([`Matcher::aliases`]), of its base form and of its exact form. Asked only where a term may go on.
#[derive(Clone, Copy, Debug, Default)]
struct WordLabels([u32; 5]);

impl WordLabels {
    /// Of numbers of the vocabulary, in that order.
    ///
    /// A word as written has its clitics in it, unless it was only found behind them: then it may only be the first of a
    /// term, where clitics do not count.
    fn new(numbers: [u32; 5], clitics: u8, whole: bool) -> WordLabels {
        let exact = numbers.last().filter(|_| whole).copied().unwrap_or(0);
        let mut labels = [0; 5];
        let numbers = numbers.into_iter().filter(|&n| n != 0);
        for (slot, number) in labels.iter_mut().zip(numbers) {
            *slot = label(number, if number == exact { 0 } else { clitics });
        }
        WordLabels(labels)
    }

    #[inline]
    fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().copied().take_while(|&label| label != 0)
    }

    /// The states behind the word as the first of a term.
    #[inline]
    fn opened(&self, opens: u8) -> impl Iterator<Item = u32> {
        let opens = (0..5).map(move |i| opens & 1 << i != 0);
        let labels = self.iter().zip(opens);
        labels.filter_map(|(label, opens)| opens.then_some(number(label)))
    }
}

/// Words that a vocabulary can number; terms with more than that are left out.
const MAX_WORDS: usize = (1 << 24) - 1;

/// What is known of all words of a scratch, and the hits of the last text.
#[derive(Debug, Default)]
pub(crate) struct MatchScratch {
    words: KnownWords,
    /// By unit.
    keys: Vec<WordKeys>,
    /// The units whose word alone is a term, and those behind whose word a term may go on over the next one.
    alone: Vec<u32>,
    pairs: Vec<u32>,
    /// Where a term may go on over the next unit, and where it does: unit and state.
    ways: Vec<Way>,
    steps: Vec<(u32, u32)>,
    frontier: Frontier,
    text: String,
    pub hits: Vec<Hit>,
}

/// The states that the words so far lead to, and those behind the next word.
#[derive(Debug, Default)]
struct Frontier {
    states: Vec<u32>,
    next: Vec<u32>,
}

/// What the search asks of few words, by their number.
#[derive(Debug, Default)]
struct KnownWords {
    labels: Vec<WordLabels>,
    /// The number of a lemma in the vocabulary, and one more.
    lemmas: ByLemma<u32>,
}

impl KnownWords {
    #[inline]
    fn labels(&self, word: u32) -> WordLabels {
        self.labels.get(word as usize).copied().unwrap_or_default()
    }
}

/// A first word behind which terms go on.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Its unit.
    at: u32,
    /// The edges that lead on, and the bits of their labels.
    start: u32,
    end: u32,
    leads: u64,
}

impl MatchScratch {
    /// Asks every unit whether a term ends or may go on there: one walk for all and without a branch.
    fn look(&mut self, units: &[Unit]) {
        let MatchScratch {
            keys, alone, pairs, ..
        } = self;
        alone.resize(units.len(), 0);
        pairs.resize(units.len(), 0);
        let (mut ends, mut goes_on) = (0, 0);
        let mut leads = 0;
        for ((at, unit), keys) in (0u32..).zip(units).zip(keys) {
            // A term may not reach over what breaks.
            let bits = if unit.breaks { 0 } else { keys.bits };
            put_if(leads & bits != 0, pairs, &mut goes_on, at.wrapping_sub(1));
            put_if(keys.targets != 0, alone, &mut ends, at);
            leads = keys.leads;
        }
        alone.truncate(ends);
        pairs.truncate(goes_on);
    }

    /// Where the keys of the words of the units go that are searched next.
    pub fn keys(&mut self, units: usize) -> &mut [WordKeys] {
        self.keys.resize(units, WordKeys::default());
        &mut self.keys
    }

    pub fn memory_usage(&self) -> usize {
        self.keys.capacity() * size_of::<WordKeys>()
            + self.words.labels.capacity() * size_of::<WordLabels>()
            + self.words.lemmas.memory_usage()
            + (self.alone.capacity() + self.pairs.capacity()) * 4
            + self.ways.capacity() * size_of::<Way>()
            + self.steps.capacity() * size_of::<(u32, u32)>()
            + self.hits.capacity() * size_of::<Hit>()
            + (self.frontier.states.capacity() + self.frontier.next.capacity()) * 4
            + self.text.capacity()
    }
}

/// What may stand in front of a word that only the lexicons know, and its number as of [`clitics`].
const STRANGER_CLITICS: [(&str, u8); 20] = [
    ("و", 4),
    ("ف", 4),
    ("ب", 1),
    ("ل", 2),
    ("ك", 3),
    ("ال", 0),
    ("لل", 2),
    ("بال", 1),
    ("كال", 3),
    ("وال", 4),
    ("فال", 4),
    ("وب", 5),
    ("ول", 6),
    ("وك", 7),
    ("فب", 5),
    ("فل", 6),
    ("وبال", 5),
    ("ولل", 6),
    ("وكال", 7),
    ("فلل", 6),
];

/// Proclitics before the base: conjunction 4, ب 1, ل 2, ك 3 (added up).
fn clitics(word: &Word, norm: &str) -> u8 {
    let mut out = 0;
    let mut at = norm.chars();
    for (kind, len) in word.analysis.segments.iter() {
        let first = at.next();
        for _ in 1..len {
            at.next();
        }
        match (kind, first) {
            (SegmentKind::Conjunction, _) => out |= 4,
            (SegmentKind::Preposition, Some('ب')) => out = out & 4 | 1,
            (SegmentKind::Preposition, Some('ل')) => out = out & 4 | 2,
            (SegmentKind::Preposition, Some('ك')) => out = out & 4 | 3,
            _ => {}
        }
    }
    out
}

/// What a word is as written behind و, ف, ب, ل or ك, with its article and pronoun: «وحبسها» is «حبسها», «للرق» is «الرق».
fn behind_clitics<'a>(word: &Word, norm: &'a str, key: &'a mut String) -> Option<&'a str> {
    let (cut, opened) = word.cut();
    let rest = norm.get(cut..).filter(|_| cut > 0)?;
    if !opened {
        return Some(rest);
    }
    key.clear();
    key.push('ا');
    key.push_str(rest);
    Some(key)
}

/// The base of a word: no proclitics, no article, no pronoun.
pub(crate) fn base<'a>(word: &Word, norm: &'a str) -> &'a str {
    let mut start = 0usize;
    let mut end = 0usize;
    let mut at = 0usize;
    for (kind, len) in word.analysis.segments.iter() {
        if kind == SegmentKind::Base {
            start = if end == 0 { at } else { start };
            end = at + len;
        }
        at += len;
    }
    if start == 0 && end == at {
        return norm;
    }
    let bytes = norm.as_bytes();
    let from = after_chars(bytes, 0, start);
    let to = after_chars(bytes, from, end - start);
    norm.get(from..to).unwrap_or(norm)
}

/// Where `count` characters from `at` on end; the length where there are not so many.
fn after_chars(bytes: &[u8], mut at: usize, mut count: usize) -> usize {
    while let Some(&b) = bytes.get(at) {
        if b & 0xC0 != 0x80 {
            if count == 0 {
                break;
            }
            count -= 1;
        }
        at += 1;
    }
    at
}

/// The spelling under which a word is looked up: the normal form `text` with the folds of the match key. It is made in
/// `out` where it is another one.
fn key_of<'a>(text: &'a str, out: &'a mut String) -> &'a str {
    if normalize::is_plain(text) {
        return text;
    }
    match_key_into(text, out);
    out
}

/// The hash of a word or term, by its level and folded spelling.
pub(crate) fn word_hash(level: Level, key: &str) -> u64 {
    at_level(level, crate::words::hash(key.as_bytes()))
}

/// The hash of a word, by its level and the hash of its letters.
const fn at_level(level: Level, letters: u64) -> u64 {
    (letters ^ (level as u64) << 60).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Where the targets and the edges of a state begin in their lists; they end where those of the next state begin.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    targets: u32,
    edges: u32,
}

/// One of 64 bits for a label.
#[inline]
const fn wide_bit(label: u32) -> u64 {
    1 << (label.wrapping_mul(0x9E37_79B9) >> 26)
}

/// Such bits as 32: two of them become one.
#[inline]
const fn narrow(wide: u64) -> u32 {
    (wide | wide >> 32) as u32
}

/// One of 32 bits for a label.
#[inline]
const fn bit(label: u32) -> u32 {
    narrow(wide_bit(label))
}

/// The compiled terms.
///
/// A state is a place in the trie of terms. The state behind the first word of a term has the number of that word in
/// the vocabulary; the deeper ones follow in the order of the edges that lead to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matcher {
    /// The words of all terms: level and folded spelling to a number from 1 on.
    vocabulary: WordMap,
    /// Base forms of the words of terms, and the lemma that terms give them: «سيول» alone is read as the city Seoul,
    /// «السيول» as floods; both must find «السيول الجارفة». Or [`TWO`] and a number in `aliases`.
    bases: WordMap,
    /// Two lemmas of one base form.
    aliases: Vec<[u32; 2]>,
    /// State 0 is none, and one more than there are follows the last.
    states: Vec<State>,
    /// Labels of the edges, state by state and rising.
    labels: Vec<u32>,
    /// The first deeper state, to which the first edge leads.
    deep: u32,
    targets: Vec<u32>,
    /// By state behind a first word: a [`wide_bit`] for each label that leads on.
    leads: Vec<u64>,
}

/// Marks a number of a pair of lemmas.
const TWO: u32 = 1 << 31;

/// The label of an edge: a word of the vocabulary and the proclitics before it, which must agree inside a term.
#[inline]
const fn label(id: u32, clitics: u8) -> u32 {
    id << 3 | (clitics & 7) as u32
}

/// The word of a label.
#[inline]
const fn number(label: u32) -> u32 {
    label >> 3
}

impl Matcher {
    /// What is to know of a word; runs once a distinct word of the text.
    fn keys(
        &self,
        words: &Words,
        id: u32,
        lemmas: &mut ByLemma<u32>,
        key: &mut String,
    ) -> (WordKeys, WordLabels) {
        let mut out = WordKeys::default();
        let Some(word) = words.get(id) else {
            return (out, WordLabels::default());
        };
        let norm = words.norm(id);
        let letters = |key: &str| crate::words::hash(key.as_bytes());
        let known = |level, hash| self.vocabulary.get(at_level(level, hash));
        let whole = known(Level::Exact, letters(norm));
        let exact = match whole {
            0 => behind_clitics(word, norm, key)
                .map_or(0, |behind| known(Level::Exact, letters(behind))),
            number => number,
        };
        let hash = letters(key_of(base(word, norm), key));
        let base = known(Level::Word, hash);
        let [alias, other] = self.aliases(hash);
        let lemma = lemmas.get(word.analysis.lemma, || {
            known(Level::Lemma, letters(key_of(words.stem(id), key)))
        });
        let other_than_lemma = |n: u32| if n == lemma { 0 } else { n };
        let mut numbers = [
            lemma,
            other_than_lemma(alias),
            other_than_lemma(other),
            base,
            exact,
        ];
        let before;
        if numbers == [0; 5] {
            let Some((found, behind)) = self.stranger(word, norm, key) else {
                return (out, WordLabels::default());
            };
            (numbers, before) = (found, behind);
        } else {
            before = clitics(word, norm);
        }
        let labels = WordLabels::new(numbers, before, whole != 0);
        for (i, label) in labels.iter().enumerate() {
            out.bits |= bit(label);
            let number = number(label);
            let targets = self.targets(number).len();
            let leads = self.leads.get(number as usize).copied().unwrap_or(0);
            out.opens |= u8::from(targets > 0 || leads != 0) << i;
            out.leads |= narrow(leads);
            if targets == 0 {
                continue;
            }
            let only = self.states.get(number as usize).map_or(0, |s| s.targets);
            (out.targets, out.target) = match (out.targets, u8::try_from(targets)) {
                (0, Ok(1)) => (1, self.targets.get(only as usize).copied().unwrap_or(0)),
                (0, Ok(targets)) => (targets, only),
                _ => (APART, 0),
            };
        }
        (out, labels)
    }

    /// The lemmas that terms give a base form whose letters have this hash.
    fn aliases(&self, letters: u64) -> [u32; 2] {
        match self.bases.get(at_level(Level::Word, letters)) {
            two if two & TWO != 0 => {
                let pair = self.aliases.get((two & !TWO) as usize);
                pair.copied().unwrap_or_default()
            }
            one => [one, 0],
        }
    }

    /// A word that the morphology does not know is left whole there; a word of the lexicons is known, so it is found
    /// behind clitics here: «لدنكيرك», «والحريك».
    fn stranger(&self, word: &Word, norm: &str, key: &mut String) -> Option<([u32; 5], u8)> {
        if !word.arabic || word.analysis.known {
            return None;
        }
        for (prefix, clitics) in STRANGER_CLITICS {
            let Some(rest) = norm.strip_prefix(prefix) else {
                continue;
            };
            // At least three letters of two bytes.
            if rest.len() < 6 {
                continue;
            }
            let key = key_of(rest, key);
            let hash = crate::words::hash(key.as_bytes());
            let base = self.vocabulary.get(at_level(Level::Word, hash));
            let [alias, other] = self.aliases(hash);
            let numbers = [0, alias, other, base, 0];
            if numbers != [0; 5] {
                return Some((numbers, clitics));
            }
        }
        None
    }

    /// The targets that end in a state.
    #[inline]
    fn targets(&self, state: u32) -> &[u32] {
        let at = state as usize;
        match self.states.get(at..at + 2) {
            Some(&[s, next]) => self
                .targets
                .get(s.targets as usize..next.targets as usize)
                .unwrap_or(&[]),
            _ => &[],
        }
    }

    /// Puts in the place of the targets of each state, which rise, those that `change` adds to a list.
    pub fn change_targets(&mut self, mut change: impl FnMut(&[u32], &mut Vec<u32>)) {
        let mut targets = Vec::with_capacity(self.targets.len());
        for state in 0..self.states.len() {
            let first = targets.len() as u32;
            change(self.targets(state as u32), &mut targets);
            if let Some(state) = self.states.get_mut(state) {
                state.targets = first;
            }
        }
        self.targets = targets;
    }

    /// The targets of all terms.
    pub fn all_targets(&self) -> &[u32] {
        &self.targets
    }

    /// The edges that lead on from a state.
    #[inline]
    fn edges(&self, state: u32) -> Range<usize> {
        let at = state as usize;
        match self.states.get(at..at + 2) {
            Some(&[s, next]) => s.edges as usize..next.edges as usize,
            _ => 0..0,
        }
    }

    /// The state to which one of the edges leads under a label.
    #[inline]
    fn step(&self, edges: Range<usize>, label: u32) -> Option<u32> {
        let first = self.deep + edges.start as u32;
        let labels = self.labels.get(edges)?;
        let at = labels.binary_search(&label).ok()?;
        Some(first + at as u32)
    }

    /// Looks up the words that are new since the last text, and calls `put` with the keys of each.
    #[inline(never)]
    pub fn learn(
        &self,
        words: &Words,
        renumbered: &Renumbering<'_>,
        scratch: &mut MatchScratch,
        mut put: impl FnMut(WordKeys),
    ) {
        let known = &mut scratch.words;
        renumbered.apply(&mut known.labels);
        if known.labels.is_empty() {
            // The words may have been those of another tagger.
            known.lemmas.clear();
        }
        known
            .lemmas
            .fetch(words, known.labels.len(), |&number| number);
        for id in known.labels.len()..words.len() {
            let text = &mut scratch.text;
            let (keys, labels) = self.keys(words, id as u32, &mut known.lemmas, text);
            known.labels.push(labels);
            put(keys);
        }
    }

    /// Fills `scratch.hits` with all terms in `units`, by first unit, shorter ones first.
    #[inline(never)]
    pub fn find(&self, units: &[Unit], scratch: &mut MatchScratch) {
        scratch.hits.clear();
        scratch.look(units);
        self.go_on(units, scratch);
        self.collect(units, scratch);
    }

    /// Finds behind which words of `scratch.pairs` terms go on over the next one: units and states into `steps`.
    ///
    /// One loop after the other, so that what one word has to wait for does not hold up the next: few words can lead
    /// on, fewer do, and none of them can be foretold.
    fn go_on(&self, units: &[Unit], scratch: &mut MatchScratch) {
        let MatchScratch {
            words,
            keys,
            pairs,
            ways,
            steps,
            ..
        } = scratch;
        let keys_of = |at: u32| keys.get(at as usize).copied().unwrap_or_default();
        let word = |at: u32| units.get(at as usize).map_or(0, |u| u.word);
        fetch(pairs.iter().map(|&at| {
            let [first, next] = [at, at + 1].map(|at| words.labels(word(at)).0[0]);
            first ^ next
        }));
        ways.clear();
        for &at in pairs.iter() {
            let labels = words.labels(word(at));
            let states = labels.opened(keys_of(at).opens);
            ways.extend(states.map(|state| {
                let edges = self.edges(state);
                Way {
                    at,
                    start: edges.start as u32,
                    end: edges.end as u32,
                    leads: self.leads.get(state as usize).copied().unwrap_or(0),
                }
            }));
        }
        steps.clear();
        for way in ways.iter() {
            for label in words.labels(word(way.at + 1)).iter() {
                if way.leads & wide_bit(label) != 0
                    && let Some(to) = self.step(way.start as usize..way.end as usize, label)
                    && !steps
                        .iter()
                        .rev()
                        .take_while(|s| s.0 == way.at)
                        .any(|s| s.1 == to)
                {
                    steps.push((way.at, to));
                }
            }
        }
    }

    /// The hits of the units in `scratch.alone`, and of those where `scratch.steps` go on.
    fn collect(&self, units: &[Unit], scratch: &mut MatchScratch) {
        let MatchScratch {
            words,
            keys,
            alone,
            steps,
            frontier,
            hits,
            ..
        } = scratch;
        let mut steps = &steps[..];
        for &first in alone.iter() {
            while steps.first().is_some_and(|&(at, _)| at < first) {
                steps = self.longer(units, words, steps, frontier, hits);
            }
            let keys = keys.get(first as usize).copied().unwrap_or_default();
            let end = first + 1;
            let hit = |target| Hit { first, end, target };
            match keys.targets {
                1 => hits.push(hit(keys.target)),
                APART => {
                    let word = units.get(first as usize).map_or(0, |u| u.word);
                    for state in words.labels(word).opened(keys.opens) {
                        hits.extend(self.targets(state).iter().map(|&t| hit(t)));
                    }
                }
                count => {
                    let from = keys.target as usize;
                    let targets = self.targets.get(from..from + usize::from(count));
                    hits.extend(targets.unwrap_or(&[]).iter().map(|&t| hit(t)));
                }
            }
        }
        while !steps.is_empty() {
            steps = self.longer(units, words, steps, frontier, hits);
        }
    }

    /// The hits of two words and more of the unit that `steps` begin with; returns the steps of later units.
    #[inline(never)]
    fn longer<'s>(
        &self,
        units: &[Unit],
        words: &KnownWords,
        steps: &'s [(u32, u32)],
        frontier: &mut Frontier,
        hits: &mut Vec<Hit>,
    ) -> &'s [(u32, u32)] {
        let first = steps.first().map_or(0, |s| s.0);
        let count = steps.iter().take_while(|s| s.0 == first).count();
        let (here, later) = steps.split_at_checked(count).unwrap_or_default();
        let Frontier { states, next } = frontier;
        states.clear();
        states.extend(here.iter().map(|s| s.1));
        let mut end = first + 1;
        while !states.is_empty() {
            end += 1;
            let mut goes_on = false;
            for &state in states.iter() {
                let targets = self.targets(state).iter();
                hits.extend(targets.map(|&target| Hit { first, end, target }));
                goes_on |= !self.edges(state).is_empty();
            }
            // A term may not reach over what breaks.
            let ahead = units.get(end as usize).filter(|u| goes_on && !u.breaks);
            let Some(ahead) = ahead else {
                break;
            };
            next.clear();
            let labels = words.labels(ahead.word);
            for edges in states.iter().map(|&state| self.edges(state)) {
                for label in labels.iter() {
                    if let Some(to) = self.step(edges.clone(), label)
                        && !next.contains(&to)
                    {
                        next.push(to);
                    }
                }
            }
            std::mem::swap(states, next);
        }
        later
    }

    pub fn pack(&self, out: &mut Packer) {
        self.vocabulary.pack(out);
        self.bases.pack(out);
        let aliases: Vec<u32> = self.aliases.iter().copied().flatten().collect();
        out.numbers(aliases.into_iter());
        let states: Vec<u32> = self
            .states
            .iter()
            .flat_map(|s| [s.targets, s.edges])
            .collect();
        out.numbers(states.into_iter());
        out.numbers(self.labels.iter().copied());
        out.number(self.deep);
        out.numbers(self.targets.iter().copied());
    }

    pub fn unpack(from: &mut Unpacker<'_>) -> Option<Matcher> {
        let mut matcher = Matcher {
            vocabulary: WordMap::unpack(from)?,
            bases: WordMap::unpack(from)?,
            aliases: from.groups(|pair| pair)?,
            states: from.groups(|[targets, edges]| State { targets, edges })?,
            labels: from.numbers()?.collect(),
            deep: from.number()?,
            targets: from.numbers()?.collect(),
            leads: Vec::new(),
        };
        matcher.lead();
        Some(matcher)
    }

    /// Fills `leads`.
    fn lead(&mut self) {
        let labels = |state| self.labels.get(self.edges(state)).unwrap_or(&[]);
        let leads = |state| labels(state).iter().fold(0, |all, &l| all | wide_bit(l));
        self.leads = (0..self.deep).map(leads).collect();
    }

    /// Bytes of the tables.
    pub fn memory_usage(&self) -> usize {
        self.vocabulary.memory_usage()
            + self.bases.memory_usage()
            + self.aliases.len() * 8
            + self.states.len() * size_of::<State>()
            + (self.labels.len() + self.targets.len()) * 4
            + self.leads.len() * 8
    }
}

/// The units of a token string; the parts of a hashtag become words of their own.
pub(crate) fn units(
    text: &str,
    tokens: &[RawToken],
    words: &mut Words,
    morphology: &'static Morphology,
    out: &mut Vec<Unit>,
) {
    let mut breaks = true;
    let mut line = true;
    out.reserve(tokens.len());
    for (t, token) in tokens.iter().enumerate() {
        line |= token.is(RawToken::LINE_BEFORE);
        breaks |= line;
        match token.kind {
            TokenKind::Word | TokenKind::Number => {
                out.push(Unit {
                    word: token.word,
                    token: t as u32,
                    span: token.span,
                    breaks,
                    line,
                });
                (breaks, line) = (false, false);
            }
            TokenKind::Hashtag => {
                breaks = true;
                let mut at = token.span.start + 1;
                for part in token.span.of(text).get(1..).unwrap_or("").split('_') {
                    let span = Span::new(at, at + part.len() as u32);
                    at = span.end + 1;
                    if part.is_empty() {
                        continue;
                    }
                    // What is unseen before the first letter says nothing of the word.
                    let unseen = crate::normalize::table::MARK | crate::normalize::table::INVISIBLE;
                    let mut seen = part
                        .chars()
                        .filter(|&c| crate::normalize::table::class(c) & unseen == 0);
                    let arabic = seen.next().is_some_and(|c| {
                        let class = crate::normalize::table::class(c);
                        class & crate::normalize::table::LETTER != 0
                            && class & crate::normalize::table::FOREIGN == 0
                    });
                    let flags = RawToken::FOLDED | if arabic { RawToken::ARABIC } else { 0 };
                    out.push(Unit {
                        word: words.intern(part, TokenKind::Word, flags, morphology),
                        token: t as u32,
                        span,
                        breaks,
                        line: line & breaks,
                    });
                    breaks = false;
                }
                breaks = true;
            }
            // «الاتجار» بالبشر: quotation marks do not part a term; nor does the stroke of «رقم 126/2008».
            TokenKind::Punctuation => breaks |= parts(text, tokens, t, token),
            _ => breaks = true,
        }
    }
}

/// Whether a term may not reach over the punctuation at token `t`.
#[inline]
fn parts(text: &str, tokens: &[RawToken], t: usize, token: &RawToken) -> bool {
    // Nearly all is told by its first byte: commas and full stops.
    let first = text.as_bytes().get(token.span.start as usize);
    if !matches!(first, Some(b'"' | b'\'' | b'/' | b'-' | 0xC2 | 0xE2)) {
        return true;
    }
    match token.span.of(text) {
        "\"" | "«" | "»" | "“" | "”" | "'" | "‘" | "’" => false,
        "/" | "-" => !is_stroke(tokens, t),
        _ => true,
    }
}

/// Whether the `/` or `-` at token `t` stands without space between two numbers, or a number and a letter: «126/2008»,
/// «م/40».
fn is_stroke(tokens: &[RawToken], t: usize) -> bool {
    let at = |i: Option<usize>| {
        i.and_then(|i| tokens.get(i))
            .filter(|x| matches!(x.kind, TokenKind::Number | TokenKind::Word))
    };
    let (Some(token), Some(last), Some(next)) =
        (tokens.get(t), at(t.checked_sub(1)), at(Some(t + 1)))
    else {
        return false;
    };
    (last.kind == TokenKind::Number || next.kind == TokenKind::Number)
        && !token.is(RawToken::SPACE_BEFORE)
        && !next.is(RawToken::SPACE_BEFORE)
}
