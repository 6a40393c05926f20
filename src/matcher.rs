//! Finds every term of every lexicon in one pass over the words of a text.
//!
//! Terms and text go through the same analysis; each word becomes a few numbers (its lemma, its base form, its exact
//! form), and a term is a path of numbers in a trie. Matching numbers instead of letters respects word boundaries,
//! finds inflected forms without listing them, and is 2-3 times as fast as a character automaton at 20,000 phrases.

use crate::archive::{Packer, Row, Unpacker};
use crate::lexicon::topic_file::Level;
use crate::morph::{Morphology, SegmentKind};
use crate::normalize::{self, Normalizer};
use crate::span::Span;
use crate::token::{RawToken, TokenKind, scan};
use crate::words::{Word, Words};

/// A word of the text as the matcher sees it: a word token, a number, or one part of a hashtag.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    pub word: u32,
    pub token: u32,
    pub span: Span,
    /// A term may not reach over the gap before it (punctuation, line break, start).
    pub breaks: bool,
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

/// What matters of a word to terms; all 0 for a word of no lexicon.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WordKeys {
    /// Numbers of the vocabulary: lemma, two more lemmas ([`Matcher::alias`]), base form and exact form.
    numbers: [u32; 5],
    /// Proclitics, which must agree inside a term.
    clitics: u8,
    /// Which of the numbers begin a term: a bit each.
    opens: u8,
    /// [`bit`]s of the labels that lead on behind it, where it is the first word of a term ...
    leads: u32,
    /// ... and of its own labels.
    bits: u32,
}

impl WordKeys {
    const NONE: WordKeys = WordKeys {
        numbers: [0; 5],
        clitics: 0,
        opens: 0,
        leads: 0,
        bits: 0,
    };

    /// The labels under which edges may lead on over the word; 0 for none.
    #[inline]
    const fn labels(self) -> [u32; 5] {
        let [lemma, alias, other, word, exact] = self.numbers;
        [
            label(lemma, self.clitics),
            label(alias, self.clitics),
            label(other, self.clitics),
            label(word, self.clitics),
            label(exact, 0),
        ]
    }
}

/// Keys of all words of a scratch, and the hits of the last text.
#[derive(Debug, Default)]
pub(crate) struct MatchScratch {
    keys: Vec<WordKeys>,
    generation: u32,
    frontier: Vec<u32>,
    next: Vec<u32>,
    text: String,
    pub hits: Vec<Hit>,
}

impl MatchScratch {
    pub fn memory_usage(&self) -> usize {
        self.keys.capacity() * size_of::<WordKeys>() + self.hits.capacity() * size_of::<Hit>()
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
    key_into(text, out);
    out
}

/// Puts the key of a word into `out`, see [`key_of`].
fn key_into(text: &str, out: &mut String) {
    out.clear();
    // Most letters stay: plain runs are copied whole.
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let folded = match c {
            'أ' | 'إ' | 'آ' => "ا",
            'ؤ' => "و",
            'ئ' | 'ى' => "ي",
            'ة' => "ه",
            'ء'..='غ' | 'ف'..='ي' | '0'..='9' => continue,
            // Stems that would be read as another word carry a fatha.
            '\u{64B}'..='\u{652}' => "",
            _ => {
                out.clear();
                Normalizer::key().fold_into(text, out, |_, _, _| {});
                return;
            }
        };
        out.push_str(text.get(plain..at).unwrap_or(""));
        out.push_str(folded);
        plain = at + c.len_utf8();
    }
    out.push_str(text.get(plain..).unwrap_or(""));
}

/// Open-addressing map from `(state, label)` to the next state, 12 bytes a slot. A state of 0 marks a free slot: no
/// edge comes from it.
#[derive(Clone, Debug, Default)]
struct Edges {
    slots: Vec<Edge>,
    len: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Edge {
    from: u32,
    label: u32,
    to: u32,
}

impl Edges {
    #[inline]
    fn home(from: u32, label: u32, mask: usize) -> usize {
        let key = u64::from(from) << 32 | u64::from(label);
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask
    }

    #[inline]
    fn get(&self, from: u32, label: u32) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = Edges::home(from, label, mask);
        loop {
            let edge = self.slots.get(at)?;
            if edge.from == from && edge.label == label {
                return Some(edge.to);
            }
            if edge.from == 0 {
                return None;
            }
            at = (at + 1) & mask;
        }
    }

    /// The same edges between renumbered states, in a table just large enough.
    fn renumbered(self, number: impl Fn(u32) -> u32) -> Edges {
        let size = (self.len * 4 / 3 + 1).next_power_of_two().max(16);
        let mut out = Edges {
            slots: vec![Edge::default(); size],
            len: self.len,
        };
        for edge in self.slots.into_iter().filter(|e| e.from != 0) {
            out.place(Edge {
                from: number(edge.from),
                label: edge.label,
                to: number(edge.to),
            });
        }
        out
    }

    /// Adds an edge that is not there.
    fn insert(&mut self, edge: Edge) {
        // At most three slots of four are taken.
        if self.slots.len() * 3 < (self.len + 1) * 4 {
            let size = (self.slots.len() * 2).max(16);
            let old = std::mem::replace(&mut self.slots, vec![Edge::default(); size]);
            for edge in old.into_iter().filter(|e| e.from != 0) {
                self.place(edge);
            }
        }
        self.place(edge);
        self.len += 1;
    }

    fn place(&mut self, edge: Edge) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = Edges::home(edge.from, edge.label, mask);
        while self.slots.get(at).is_some_and(|e| e.from != 0) {
            at = (at + 1) & mask;
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = edge;
        }
    }
}

/// The words of all terms: level and folded spelling to a number from 1 on.
#[derive(Clone, Debug, Default)]
struct Vocabulary {
    /// Open addressing; free where the number is 0.
    slots: Vec<VocabularySlot>,
    /// By number: the spelling behind a byte for its level. Number 0 is no word.
    words: Row,
}

#[derive(Clone, Copy, Debug, Default)]
struct VocabularySlot {
    check: u32,
    number: u32,
}

impl Vocabulary {
    fn hash(level: Level, key: &str) -> u64 {
        Vocabulary::at_level(level, crate::words::hash(key.as_bytes()))
    }

    /// The hash of a level from that of the letters.
    const fn at_level(level: Level, letters: u64) -> u64 {
        (letters ^ (level as u64) << 60).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn is(&self, number: u32, level: Level, key: &str) -> bool {
        let spelling = self.words.get(number as usize);
        spelling.strip_prefix(level_mark(level)) == Some(key)
    }

    /// The number of a word whose letters have this hash, 0 where no term has it.
    #[inline]
    fn get(&self, level: Level, key: &str, letters: u64) -> u32 {
        self.search(Vocabulary::at_level(level, letters), level, key)
            .unwrap_or(0)
    }

    /// The number of a word, or where it would be put.
    #[inline]
    fn search(&self, hash: u64, level: Level, key: &str) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = (hash >> 32) as usize & mask;
        while let Some(slot) = self.slots.get(at) {
            if slot.number == 0 {
                return Err(at);
            }
            if slot.check == hash as u32 && self.is(slot.number, level, key) {
                return Ok(slot.number);
            }
            at = (at + 1) & mask;
        }
        Err(usize::MAX)
    }

    /// Numbers given, 0 included.
    fn len(&self) -> usize {
        self.words.len().max(1)
    }

    /// The number of a word, added if it is new.
    fn add(&mut self, level: Level, key: &str) -> u32 {
        if self.words.len() == 0 {
            self.words.push("");
        }
        if self.slots.len() * 3 < (self.words.len() + 1) * 4 {
            self.grow();
        }
        let hash = Vocabulary::hash(level, key);
        match self.search(hash, level, key) {
            Ok(number) => number,
            Err(at) => {
                let number = self.words.len() as u32;
                self.words.push_two(level_mark(level), key);
                if let Some(slot) = self.slots.get_mut(at) {
                    *slot = VocabularySlot {
                        check: hash as u32,
                        number,
                    };
                }
                number
            }
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        self.slots = vec![VocabularySlot::default(); size];
        for number in 1..self.words.len() as u32 {
            let spelling = self.words.get(number as usize);
            let Some((level, key)) = LEVELS.into_iter().find_map(|level| {
                let key = spelling.strip_prefix(level_mark(level))?;
                Some((level, key))
            }) else {
                continue;
            };
            let hash = Vocabulary::hash(level, key);
            let mut at = (hash >> 32) as usize & (size - 1);
            while self.slots.get(at).is_some_and(|s| s.number != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = VocabularySlot {
                    check: hash as u32,
                    number,
                };
            }
        }
    }

    fn memory_usage(&self) -> usize {
        self.slots.len() * size_of::<VocabularySlot>() + self.words.memory_usage()
    }
}

/// How the vocabulary writes a level.
const fn level_mark(level: Level) -> char {
    match level {
        Level::Lemma => 'l',
        Level::Word => 'w',
        Level::Exact => 'x',
    }
}

const LEVELS: [Level; 3] = [Level::Lemma, Level::Word, Level::Exact];

/// What is known of a state.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// Where its targets begin in the list; they end where those of the next state begin.
    targets: u32,
    /// [`bit`] of the labels of all edges that lead on: most words that do not go on are turned away by it, and the
    /// table of edges is left alone.
    leads: u32,
}

/// One of 32 bits for a label.
#[inline]
const fn bit(label: u32) -> u32 {
    1 << (label.wrapping_mul(0x9E37_79B9) >> 27)
}

/// The compiled terms.
///
/// A state is a place in the trie of terms. The state behind the first word of a term has the number of that word in
/// the vocabulary, the deeper ones follow.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matcher {
    vocabulary: Vocabulary,
    /// Base forms of the words of terms ...
    bases: Vocabulary,
    /// ... and by number the lemmas that terms give them: «سيول» alone is read as the city Seoul, «السيول» as floods;
    /// both must find «السيول الجارفة».
    alias: Vec<[u32; 2]>,
    edges: Edges,
    /// State 0 is none, and one more than there are follows the last.
    states: Vec<State>,
    targets: Vec<u32>,
}

/// Collects terms.
#[derive(Debug)]
pub(crate) struct MatcherBuilder<'m> {
    vocabulary: Vocabulary,
    bases: Vocabulary,
    alias: Vec<[u32; 2]>,
    edges: Edges,
    /// Deeper states so far, numbered from [`DEEP`] on until the size of the vocabulary is known.
    deep: u32,
    /// State and target of every term.
    pending: Vec<(u32, u32)>,
    morphology: &'m Morphology,
    words: Words,
    tokens: Vec<RawToken>,
    units: Vec<Unit>,
    key: String,
}

impl<'m> MatcherBuilder<'m> {
    pub fn new(morphology: &'m Morphology) -> Self {
        MatcherBuilder {
            vocabulary: Vocabulary::default(),
            bases: Vocabulary::default(),
            alias: vec![[0; 2]],
            edges: Edges::default(),
            deep: 0,
            pending: Vec::new(),
            morphology,
            words: Words::default(),
            tokens: Vec::new(),
            units: Vec::new(),
            key: String::new(),
        }
    }

    /// A builder that adds to what a matcher has; `targets` tells what a target of the matcher stands for.
    pub fn over(
        matcher: Matcher,
        morphology: &'m Morphology,
        targets: impl Fn(u32, &mut dyn FnMut(u32)),
    ) -> Self {
        let first = matcher.vocabulary.len() as u32;
        let number = |state: u32| match state.checked_sub(first) {
            None => state,
            Some(deep) => DEEP | deep,
        };
        let mut builder = MatcherBuilder::new(morphology);
        builder.deep = (matcher.states.len() as u32).saturating_sub(first + 1);
        for state in 1..first + builder.deep {
            for &target in matcher.state(state).1 {
                targets(target, &mut |target| {
                    builder.pending.push((number(state), target));
                });
            }
        }
        builder.edges = matcher.edges.renumbered(number);
        builder.vocabulary = matcher.vocabulary;
        builder.bases = matcher.bases;
        if !matcher.alias.is_empty() {
            builder.alias = matcher.alias;
        }
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
        let mut state = 0u32;
        for i in 0..self.units.len() {
            let Some(unit) = self.units.get(i).copied() else {
                break;
            };
            let Some(word) = self.words.get(unit.word).copied() else {
                return false;
            };
            let norm = self.words.norm(unit.word);
            match level {
                Level::Exact => {
                    self.key.clear();
                    self.key.push_str(norm);
                }
                Level::Word => key_into(base(&word, norm), &mut self.key),
                Level::Lemma => key_into(self.words.stem(unit.word), &mut self.key),
            }
            let id = self.vocabulary.add(level, &self.key);
            if level == Level::Lemma {
                key_into(base(&word, norm), &mut self.key);
            }
            // Not for bases of two letters: «أو» would be «أوهم» as well.
            if level == Level::Lemma && self.key.chars().count() > 2 {
                let number = self.bases.add(Level::Word, &self.key) as usize;
                if self.alias.len() <= number {
                    self.alias.resize(number + 1, [0; 2]);
                }
                if let Some(aliases) = self.alias.get_mut(number)
                    && !aliases.contains(&id)
                    && let Some(free) = aliases.iter_mut().find(|a| **a == 0)
                {
                    *free = id;
                }
            }
            if i == 0 {
                state = id;
                continue;
            }
            let clitics = match level {
                Level::Exact => 0,
                Level::Word | Level::Lemma => clitics(&word, norm),
            };
            let label = label(id, clitics);
            state = match self.edges.get(state, label) {
                Some(to) => to,
                None => {
                    let to = DEEP | self.deep;
                    self.deep += 1;
                    self.edges.insert(Edge {
                        from: state,
                        label,
                        to,
                    });
                    to
                }
            };
        }
        if state == 0 {
            return false;
        }
        self.pending.push((state, target));
        true
    }

    pub fn build(mut self) -> Matcher {
        let first = self.vocabulary.len() as u32;
        let number = |state: u32| match state & DEEP {
            0 => state,
            _ => first + (state & !DEEP),
        };
        let edges = self.edges.renumbered(number);
        let mut states = vec![State::default(); (first + self.deep) as usize + 1];
        for edge in edges.slots.iter().filter(|e| e.from != 0) {
            if let Some(state) = states.get_mut(edge.from as usize) {
                state.leads |= bit(edge.label);
            }
        }
        for pending in &mut self.pending {
            pending.0 = number(pending.0);
        }
        self.pending.sort_unstable();
        self.pending.dedup();
        let mut pending = self.pending.iter().peekable();
        let mut targets = Vec::with_capacity(self.pending.len());
        for (i, state) in states.iter_mut().enumerate() {
            state.targets = targets.len() as u32;
            while let Some(&(_, target)) = pending.next_if(|p| p.0 as usize == i) {
                targets.push(target);
            }
        }
        Matcher {
            vocabulary: self.vocabulary,
            bases: self.bases,
            alias: self.alias,
            edges,
            states,
            targets,
        }
    }
}

/// Marks the number of a deeper state while terms are collected.
const DEEP: u32 = 1 << 31;

/// The label of an edge: a word and the proclitics before it.
///
/// [`FIRST_LABEL`] and more for a word of the vocabulary.
#[inline]
const fn label(id: u32, clitics: u8) -> u32 {
    id << 3 | (clitics & 7) as u32
}

/// The label of word 1; smaller ones are no word's.
const FIRST_LABEL: u32 = 1 << 3;

impl Matcher {
    /// The keys of a word; runs once a distinct word of the text.
    fn keys(&self, words: &Words, id: u32, key: &mut String) -> WordKeys {
        let Some(word) = words.get(id) else {
            return WordKeys::NONE;
        };
        let norm = words.norm(id);
        let letters = |key: &str| crate::words::hash(key.as_bytes());
        let exact = self.vocabulary.get(Level::Exact, norm, letters(norm));
        let (form, stem) = (base(word, norm), words.stem(id));
        let mut folded = key_of(form, key);
        let mut hash = letters(folded);
        let base = self.vocabulary.get(Level::Word, folded, hash);
        let alias = self.bases.get(Level::Word, folded, hash);
        if form != stem {
            folded = key_of(stem, key);
            hash = letters(folded);
        }
        let lemma = self.vocabulary.get(Level::Lemma, folded, hash);
        let [alias, other] = self
            .alias
            .get(alias as usize)
            .map_or([0; 2], |a| a.map(|n| if n == lemma { 0 } else { n }));
        let mut out = WordKeys {
            numbers: [lemma, alias, other, base, exact],
            ..WordKeys::NONE
        };
        if out.numbers == [0; 5] {
            let Some((found, behind)) = self.stranger(word, norm, key) else {
                return WordKeys::NONE;
            };
            out.numbers = found;
            out.clitics = behind;
        } else {
            out.clitics = clitics(word, norm);
        }
        for (i, &number) in out.numbers.iter().enumerate().filter(|(_, n)| **n != 0) {
            let (leads, targets) = self.state(number);
            out.opens |= u8::from(leads != 0 || !targets.is_empty()) << i;
            out.leads |= leads;
        }
        for label in out.labels().into_iter().filter(|&l| l >= FIRST_LABEL) {
            out.bits |= bit(label);
        }
        out
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
            let base = self.vocabulary.get(Level::Word, key, hash);
            let alias = self.bases.get(Level::Word, key, hash);
            let [alias, other] = self.alias.get(alias as usize).copied().unwrap_or_default();
            let numbers = [0, alias, other, base, 0];
            if numbers != [0; 5] {
                return Some((numbers, clitics));
            }
        }
        None
    }

    /// The [`bit`]s of the labels that lead on from a state, and the targets that end there.
    #[inline]
    fn state(&self, state: u32) -> (u32, &[u32]) {
        let at = state as usize;
        match self.states.get(at..at + 2) {
            Some(&[s, next]) => (
                s.leads,
                self.targets
                    .get(s.targets as usize..next.targets as usize)
                    .unwrap_or(&[]),
            ),
            _ => (0, &[]),
        }
    }

    /// Puts in the place of all targets of a state that are `members` the one that `bundle` gives for them.
    pub fn bundle(
        &mut self,
        member: impl Fn(u32) -> bool,
        mut bundle: impl FnMut(&[u32]) -> u32,
    ) {
        let mut targets = Vec::with_capacity(self.targets.len());
        let mut members = Vec::new();
        for state in 0..self.states.len() {
            let first = targets.len() as u32;
            members.clear();
            for &target in self.state(state as u32).1 {
                if member(target) {
                    members.push(target);
                } else {
                    targets.push(target);
                }
            }
            if !members.is_empty() {
                targets.push(bundle(&members));
            }
            if let Some(state) = self.states.get_mut(state) {
                state.targets = first;
            }
        }
        self.targets = targets;
    }

    /// Fills `scratch.hits` with all terms in `units`, by first unit, shorter ones first.
    #[inline(never)]
    pub fn find(&self, words: &Words, units: &[Unit], scratch: &mut MatchScratch) {
        let renumbered = words.renumbered(&mut scratch.generation);
        renumbered.apply(&mut scratch.keys);
        for id in scratch.keys.len()..words.len() {
            let keys = self.keys(words, id as u32, &mut scratch.text);
            scratch.keys.push(keys);
        }
        let MatchScratch {
            keys,
            frontier,
            next,
            hits,
            ..
        } = scratch;
        let keys_of = |unit: &Unit| keys.get(unit.word as usize).unwrap_or(&WordKeys::NONE);
        hits.clear();
        for (i, unit) in units.iter().enumerate() {
            let keys = keys_of(unit);
            if keys.opens == 0 {
                continue;
            }
            let mut end = i + 1;
            // What the next unit can lead on by; nothing where a term may not reach it.
            let follower = |at: usize| units.get(at).filter(|u| !u.breaks).map(keys_of);
            let mut ahead = follower(end).filter(|k| k.bits & keys.leads != 0);
            frontier.clear();
            let mut open = keys.opens;
            while let Some(&state) = keys.numbers.get(open.trailing_zeros() as usize) {
                open &= open - 1;
                // Nearly every term that begins here ends here, or does not go on with the next word.
                if ahead.is_some() {
                    frontier.push(state);
                } else {
                    for &target in self.state(state).1 {
                        hits.push(Hit {
                            first: i as u32,
                            end: end as u32,
                            target,
                        });
                    }
                }
            }
            while !frontier.is_empty() {
                let labels = ahead.map_or([0; 5], |k| k.labels());
                let bits = ahead.map_or(0, |k| k.bits);
                next.clear();
                for &state in frontier.iter() {
                    let (leads, targets) = self.state(state);
                    for &target in targets {
                        hits.push(Hit {
                            first: i as u32,
                            end: end as u32,
                            target,
                        });
                    }
                    if leads & bits == 0 {
                        continue;
                    }
                    for label in labels {
                        if label >= FIRST_LABEL
                            && leads & bit(label) != 0
                            && let Some(to) = self.edges.get(state, label)
                            && !next.contains(&to)
                        {
                            next.push(to);
                        }
                    }
                }
                std::mem::swap(frontier, next);
                end += 1;
                ahead = follower(end);
            }
        }
    }

    pub fn pack(&self, out: &mut Packer) {
        for vocabulary in [&self.vocabulary, &self.bases] {
            out.row(&vocabulary.words);
            let slots: Vec<u32> = vocabulary
                .slots
                .iter()
                .flat_map(|s| [s.check, s.number])
                .collect();
            out.numbers(slots.into_iter());
        }
        let alias: Vec<u32> = self.alias.iter().copied().flatten().collect();
        out.numbers(alias.into_iter());
        let edges: Vec<u32> = self
            .edges
            .slots
            .iter()
            .flat_map(|e| [e.from, e.label, e.to])
            .collect();
        out.numbers(edges.into_iter());
        out.number(self.edges.len as u32);
        let states: Vec<u32> = self
            .states
            .iter()
            .flat_map(|s| [s.targets, s.leads])
            .collect();
        out.numbers(states.into_iter());
        out.numbers(self.targets.iter().copied());
    }

    pub fn unpack(from: &mut Unpacker<'_>) -> Option<Matcher> {
        let mut vocabulary = || {
            let words = from.row()?;
            let slots = from.groups(|[check, number]| VocabularySlot { check, number })?;
            Some(Vocabulary { slots, words })
        };
        let (vocabulary, bases) = (vocabulary()?, vocabulary()?);
        let alias = from.groups(|pair| pair)?;
        let slots = from.groups(|[from, label, to]| Edge { from, label, to })?;
        let edges = Edges {
            slots,
            len: from.number()? as usize,
        };
        let states = from.groups(|[targets, leads]| State { targets, leads })?;
        Some(Matcher {
            vocabulary,
            bases,
            alias,
            edges,
            states,
            targets: from.numbers()?.collect(),
        })
    }

    /// Bytes of the tables.
    pub fn memory_usage(&self) -> usize {
        self.vocabulary.memory_usage()
            + self.bases.memory_usage()
            + self.alias.len() * 8
            + self.edges.slots.len() * size_of::<Edge>()
            + self.states.len() * size_of::<State>()
            + self.targets.len() * 4
    }
}

/// The units of a token string; the parts of a hashtag become words of their own.
pub(crate) fn units(
    text: &str,
    tokens: &[RawToken],
    words: &mut Words,
    morphology: &Morphology,
    out: &mut Vec<Unit>,
) {
    let mut breaks = true;
    out.reserve(tokens.len());
    for (t, token) in tokens.iter().enumerate() {
        breaks |= token.is(RawToken::LINE_BEFORE);
        match token.kind {
            TokenKind::Word | TokenKind::Number => {
                out.push(Unit {
                    word: token.word,
                    token: t as u32,
                    span: token.span,
                    breaks,
                });
                breaks = false;
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
                    });
                    breaks = false;
                }
                breaks = true;
            }
            // «الاتجار» بالبشر: quotation marks do not part a term; nor does the stroke of «رقم 126/2008».
            TokenKind::Punctuation => match token.span.of(text) {
                "\"" | "«" | "»" | "“" | "”" | "'" | "‘" | "’" => {}
                "/" | "-" if is_stroke(tokens, t) => {}
                _ => breaks = true,
            },
            _ => breaks = true,
        }
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
