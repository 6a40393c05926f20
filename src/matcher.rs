//! Finds every term of every lexicon in one pass over the words of a text.
//!
//! Terms and text go through the same analysis; each word becomes a few numbers (its lemma, its base form, its exact
//! form), and a term is a path of numbers in a trie. Matching numbers instead of letters respects word boundaries,
//! finds inflected forms without listing them, and is 2-3 times as fast as a character automaton at 20,000 phrases.

use crate::lexicon::topic_file::Level;
use crate::morph::{Morphology, SegmentKind};
use crate::normalize::Normalizer;
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
    lemma: u32,
    word: u32,
    exact: u32,
    /// Proclitics, which must agree inside a term.
    clitics: u8,
    /// Whether a term begins with it.
    opens: bool,
}

impl WordKeys {
    const fn is_empty(self) -> bool {
        self.lemma | self.word | self.exact == 0
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
    pub fn clear(&mut self) {
        self.keys.clear();
        self.hits.clear();
    }

    pub fn memory_usage(&self) -> usize {
        self.keys.capacity() * size_of::<WordKeys>() + self.hits.capacity() * size_of::<Hit>()
    }
}

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
    let mut ends = norm.char_indices().map(|(i, _)| i).chain([norm.len()]);
    let from = ends.clone().nth(start).unwrap_or(0);
    let to = ends.nth(end).unwrap_or(norm.len());
    norm.get(from..to).unwrap_or(norm)
}

/// The spelling under which a word is looked up: the normal form `text` with the folds of the match key, into `out`.
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
    /// The spellings in a row, each behind a byte for its level.
    text: String,
    /// By number: where the spelling ends in `text`. Number 0 is no word.
    ends: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct VocabularySlot {
    check: u32,
    number: u32,
}

impl Vocabulary {
    fn hash(level: Level, key: &str) -> u64 {
        let h = crate::words::hash(key.as_bytes()) ^ (level as u64) << 60;
        h.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn spelling(&self, number: u32) -> &str {
        let end = |n: u32| self.ends.get(n as usize).map_or(0, |&e| e as usize);
        let start = number.checked_sub(1).map_or(0, end);
        self.text.get(start..end(number)).unwrap_or("")
    }

    fn is(&self, number: u32, level: Level, key: &str) -> bool {
        let spelling = self.spelling(number);
        spelling.as_bytes().first() == Some(&level_mark(level))
            && spelling.get(1..) == Some(key)
    }

    /// The number of a word, 0 where no term has it.
    #[inline]
    fn get(&self, level: Level, key: &str) -> u32 {
        self.search(Vocabulary::hash(level, key), level, key)
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

    /// The number of a word, added if it is new.
    fn add(&mut self, level: Level, key: &str) -> u32 {
        if self.ends.is_empty() {
            self.ends.push(0);
        }
        if self.slots.len() * 3 < (self.ends.len() + 1) * 4 {
            self.grow();
        }
        let hash = Vocabulary::hash(level, key);
        match self.search(hash, level, key) {
            Ok(number) => number,
            Err(at) => {
                let number = self.ends.len() as u32;
                self.text.push(char::from(level_mark(level)));
                self.text.push_str(key);
                self.ends.push(self.text.len() as u32);
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
        for number in 1..self.ends.len() as u32 {
            let spelling = self.spelling(number);
            let (Some(level), Some(key)) = (
                spelling.bytes().next().and_then(marked_level),
                spelling.get(1..),
            ) else {
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
        self.slots.len() * size_of::<VocabularySlot>() + self.text.len() + self.ends.len() * 4
    }
}

/// How the vocabulary writes a level.
const fn level_mark(level: Level) -> u8 {
    match level {
        Level::Lemma => b'l',
        Level::Word => b'w',
        Level::Exact => b'x',
    }
}

fn marked_level(mark: u8) -> Option<Level> {
    [Level::Lemma, Level::Word, Level::Exact]
        .into_iter()
        .find(|&l| level_mark(l) == mark)
}

/// What is known of a state: where its targets begin in the list (they end where those of the next state begin), and
/// whether edges lead on.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    targets: u32,
    inner: bool,
}

/// The compiled terms.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matcher {
    vocabulary: Vocabulary,
    /// By vocabulary number: the state after a first word; 0 where none begins with it.
    first: Vec<u32>,
    edges: Edges,
    /// State 0 is none, and one more than there are follows the last.
    states: Vec<State>,
    targets: Vec<u32>,
}

/// Collects terms.
#[derive(Debug)]
pub(crate) struct MatcherBuilder<'m> {
    matcher: Matcher,
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
            matcher: Matcher {
                first: vec![0],
                states: vec![State::default()],
                ..Matcher::default()
            },
            pending: Vec::new(),
            morphology,
            words: Words::default(),
            tokens: Vec::new(),
            units: Vec::new(),
            key: String::new(),
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
            let id = self.matcher.word_id(level, &self.key);
            state = if i == 0 {
                match self.matcher.first.get(id as usize).copied() {
                    Some(0) | None => {
                        let new = self.matcher.new_state();
                        if let Some(f) = self.matcher.first.get_mut(id as usize) {
                            *f = new;
                        }
                        new
                    }
                    Some(s) => s,
                }
            } else {
                let clitics = match level {
                    Level::Exact => 0,
                    Level::Word | Level::Lemma => clitics(&word, norm),
                };
                let label = label(id, clitics);
                match self.matcher.edges.get(state, label) {
                    Some(s) => s,
                    None => {
                        if let Some(s) = self.matcher.states.get_mut(state as usize) {
                            s.inner = true;
                        }
                        let new = self.matcher.new_state();
                        self.matcher.edges.insert(Edge {
                            from: state,
                            label,
                            to: new,
                        });
                        new
                    }
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
        self.pending.sort_unstable();
        self.pending.dedup();
        let mut pending = self.pending.iter().peekable();
        for (i, state) in self.matcher.states.iter_mut().enumerate() {
            state.targets = self.matcher.targets.len() as u32;
            while let Some(&(_, target)) = pending.next_if(|p| p.0 as usize == i) {
                self.matcher.targets.push(target);
            }
        }
        self.matcher.states.push(State {
            targets: self.matcher.targets.len() as u32,
            inner: false,
        });
        self.matcher
    }
}

/// The label of an edge: a word and the proclitics before it.
#[inline]
const fn label(id: u32, clitics: u8) -> u32 {
    id << 3 | (clitics & 7) as u32
}

impl Matcher {
    fn new_state(&mut self) -> u32 {
        self.states.push(State::default());
        self.states.len() as u32 - 1
    }

    fn word_id(&mut self, level: Level, key: &str) -> u32 {
        let id = self.vocabulary.add(level, key);
        if self.first.len() <= id as usize {
            self.first.resize(id as usize + 1, 0);
        }
        id
    }

    /// The keys of a word; runs once a distinct word of the text.
    fn keys(&self, words: &Words, id: u32, key: &mut String) -> WordKeys {
        let Some(word) = words.get(id) else {
            return WordKeys::default();
        };
        let norm = words.norm(id);
        let exact = self.vocabulary.get(Level::Exact, norm);
        let base = base(word, norm);
        key_into(base, key);
        let base = self.vocabulary.get(Level::Word, key);
        key_into(words.stem(id), key);
        let lemma = self.vocabulary.get(Level::Lemma, key);
        if lemma | base | exact == 0 {
            return WordKeys::default();
        }
        let first = |id: u32| self.first.get(id as usize).copied().unwrap_or(0);
        WordKeys {
            lemma,
            word: base,
            exact,
            clitics: clitics(word, norm),
            opens: first(lemma) | first(base) | first(exact) != 0,
        }
    }

    /// Whether edges lead on from a state, and the targets that end there.
    #[inline]
    fn state(&self, state: u32) -> (bool, &[u32]) {
        let at = state as usize;
        match self.states.get(at..at + 2) {
            Some(&[s, next]) => (
                s.inner,
                self.targets
                    .get(s.targets as usize..next.targets as usize)
                    .unwrap_or(&[]),
            ),
            _ => (false, &[]),
        }
    }

    /// Fills `scratch.hits` with all terms in `units`, by first unit, shorter ones first.
    pub fn find(&self, words: &Words, units: &[Unit], scratch: &mut MatchScratch) {
        if scratch.generation != words.generation() {
            scratch.generation = words.generation();
            scratch.keys.clear();
        }
        for id in scratch.keys.len()..words.len() {
            let keys = self.keys(words, id as u32, &mut scratch.text);
            scratch.keys.push(keys);
        }
        scratch.hits.clear();
        for (i, unit) in units.iter().enumerate() {
            let keys = scratch
                .keys
                .get(unit.word as usize)
                .copied()
                .unwrap_or_default();
            if !keys.opens {
                continue;
            }
            scratch.frontier.clear();
            for id in [keys.lemma, keys.word, keys.exact] {
                if let Some(&state) = self.first.get(id as usize)
                    && state != 0
                {
                    scratch.frontier.push(state);
                }
            }
            let mut end = i + 1;
            while !scratch.frontier.is_empty() {
                let mut inner = false;
                for &state in &scratch.frontier {
                    let (leads_on, targets) = self.state(state);
                    inner |= leads_on;
                    for &target in targets {
                        scratch.hits.push(Hit {
                            first: i as u32,
                            end: end as u32,
                            target,
                        });
                    }
                }
                let Some(next) = units.get(end).filter(|u| inner && !u.breaks) else {
                    break;
                };
                let keys = scratch
                    .keys
                    .get(next.word as usize)
                    .copied()
                    .unwrap_or_default();
                if keys.is_empty() {
                    break;
                }
                scratch.next.clear();
                for &state in &scratch.frontier {
                    for (id, clitics) in [
                        (keys.lemma, keys.clitics),
                        (keys.word, keys.clitics),
                        (keys.exact, 0),
                    ] {
                        if id != 0
                            && let Some(to) = self.edges.get(state, label(id, clitics))
                            && !scratch.next.contains(&to)
                        {
                            scratch.next.push(to);
                        }
                    }
                }
                std::mem::swap(&mut scratch.frontier, &mut scratch.next);
                end += 1;
            }
        }
    }

    /// Bytes of the tables.
    pub fn memory_usage(&self) -> usize {
        self.vocabulary.memory_usage()
            + self.first.len() * 4
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
                    let arabic = part.chars().next().is_some_and(|c| {
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
            // «الاتجار» بالبشر: quotation marks do not part a term.
            TokenKind::Punctuation
                if matches!(
                    token.span.of(text),
                    "\"" | "«" | "»" | "“" | "”" | "'" | "‘" | "’"
                ) => {}
            _ => breaks = true,
        }
    }
}
