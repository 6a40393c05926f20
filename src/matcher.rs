//! Finds every term of every lexicon in one pass over the words of a text.
//!
//! Terms and text go through the same analysis; each word becomes a few numbers (its lemma, its base form, its exact
//! form), and a term is a path of numbers in a trie. Matching numbers instead of letters respects word boundaries,
//! finds inflected forms without listing them, and is 2-3 times as fast as a character automaton at 20,000 phrases.

use std::ops::Range;

use crate::archive::{Packer, Unpacker};
use crate::lexicon::topic_file::Level;
use crate::morph::{Morphology, SegmentKind};
use crate::normalize::{self, match_key_into};
use crate::span::Span;
use crate::token::{RawToken, TokenKind};
use crate::words::{Word, Words};
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

/// What matters of a word to terms; all 0 for a word of no lexicon. Half a cache line: what the search costs is cache
/// lines.
#[derive(Clone, Copy, Debug, Default)]
struct WordKeys {
    /// [`bit`]s of the labels that lead on behind it, where it is the first word of a term ...
    leads: u32,
    /// ... and of its own labels.
    bits: u32,
    /// The target, where it is one; else where the targets begin in the list of the matcher.
    target: u32,
    /// Targets of the word alone; [`APART`] where they do not stand side by side.
    targets: u8,
    /// Which of the numbers begin a term: a bit each.
    opens: u8,
    /// Proclitics, which must agree inside a term.
    clitics: u8,
    /// Numbers of the vocabulary: lemma, two more lemmas ([`Matcher::aliases`]), base form and exact form.
    numbers: [Number; 5],
}

/// See [`WordKeys::targets`].
const APART: u8 = u8::MAX;

/// A number of the vocabulary, least byte first.
type Number = [u8; 3];

/// Words that a vocabulary can number; terms with more than that are left out.
const MAX_WORDS: usize = (1 << 24) - 1;

#[inline]
const fn number([a, b, c]: Number) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

impl WordKeys {
    /// The labels under which edges may lead on over the word; less than [`FIRST_LABEL`] for none.
    #[inline]
    const fn labels(&self) -> [u32; 5] {
        let [lemma, alias, other, word, exact] = self.numbers;
        [
            label(number(lemma), self.clitics),
            label(number(alias), self.clitics),
            label(number(other), self.clitics),
            label(number(word), self.clitics),
            label(number(exact), 0),
        ]
    }

    /// The states behind the word as the first of a term.
    #[inline]
    fn opened(&self) -> impl Iterator<Item = u32> {
        let opens = self.opens;
        let numbers = self.numbers.iter().enumerate();
        numbers
            .filter(move |(i, _)| opens & 1 << i != 0)
            .map(|(_, &n)| number(n))
    }
}

/// Keys of all words of a scratch, and the hits of the last text.
#[derive(Debug, Default)]
pub(crate) struct MatchScratch {
    keys: Vec<WordKeys>,
    generation: u32,
    /// Keys of the units of a [`WINDOW`], one behind the other.
    window: Vec<WordKeys>,
    /// Where a term may go on over the next unit, and where it does.
    ways: Vec<Way>,
    steps: Vec<(u32, u32)>,
    frontier: Vec<u32>,
    next: Vec<u32>,
    text: String,
    pub hits: Vec<Hit>,
}

/// Units whose keys are fetched in one go: nothing waits for anything, so several come at a time.
const WINDOW: usize = 256;

/// A first word behind which terms go on.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Its place in the window.
    at: u32,
    /// The edges that lead on, and the label of the first.
    start: u32,
    end: u32,
    label: u32,
}

impl MatchScratch {
    pub fn memory_usage(&self) -> usize {
        (self.keys.capacity() + self.window.capacity()) * size_of::<WordKeys>()
            + self.ways.capacity() * size_of::<Way>()
            + self.steps.capacity() * size_of::<(u32, u32)>()
            + self.hits.capacity() * size_of::<Hit>()
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

/// One of 32 bits for a label.
#[inline]
const fn bit(label: u32) -> u32 {
    1 << (label.wrapping_mul(0x9E37_79B9) >> 27)
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
}

/// Marks a number of a pair of lemmas.
const TWO: u32 = 1 << 31;

/// A state with more edges than this is taken to go on with every word.
const MANY_EDGES: usize = 512;

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
        let mut out = WordKeys::default();
        let Some(word) = words.get(id) else {
            return out;
        };
        let norm = words.norm(id);
        let letters = |key: &str| crate::words::hash(key.as_bytes());
        let known = |level, hash| self.vocabulary.get(at_level(level, hash));
        let exact = known(Level::Exact, letters(norm));
        let (form, stem) = (base(word, norm), words.stem(id));
        let mut hash = letters(key_of(form, key));
        let base = known(Level::Word, hash);
        let [alias, other] = self.aliases(hash);
        if form != stem {
            hash = letters(key_of(stem, key));
        }
        let lemma = known(Level::Lemma, hash);
        let other_than_lemma = |n: u32| if n == lemma { 0 } else { n };
        let mut numbers = [
            lemma,
            other_than_lemma(alias),
            other_than_lemma(other),
            base,
            exact,
        ];
        if numbers == [0; 5] {
            let Some((found, behind)) = self.stranger(word, norm, key) else {
                return out;
            };
            numbers = found;
            out.clitics = behind;
        } else {
            out.clitics = clitics(word, norm);
        }
        out.numbers = numbers.map(|n| {
            let [a, b, c, _] = n.to_le_bytes();
            [a, b, c]
        });
        let numbers = numbers.iter().enumerate().filter(|(_, n)| **n != 0);
        for (i, &number) in numbers {
            let targets = self.targets(number).len();
            let edges = self.labels.get(self.edges(number)).unwrap_or(&[]);
            out.opens |= u8::from(targets > 0 || !edges.is_empty()) << i;
            out.leads |= match edges.len() {
                0..MANY_EDGES => edges.iter().fold(0, |bits, &l| bits | bit(l)),
                _ => u32::MAX,
            };
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
        for label in out.labels().into_iter().filter(|&l| l >= FIRST_LABEL) {
            out.bits |= bit(label);
        }
        out
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

    /// Puts in the place of all targets of a state that are members the one that `bundle` gives for them.
    pub fn bundle(&mut self, member: impl Fn(u32) -> bool, mut bundle: impl FnMut(&[u32]) -> u32) {
        let mut targets = Vec::with_capacity(self.targets.len());
        let mut members = Vec::new();
        for state in 0..self.states.len() {
            let first = targets.len() as u32;
            members.clear();
            for &target in self.targets(state as u32) {
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

    /// Fills `scratch.hits` with all terms in `units`, by first unit, shorter ones first.
    #[inline(never)]
    pub fn find(&self, words: &Words, units: &[Unit], scratch: &mut MatchScratch) {
        let renumbered = words.renumbered(&mut scratch.generation);
        renumbered.apply(&mut scratch.keys);
        for id in scratch.keys.len()..words.len() {
            let keys = self.keys(words, id as u32, &mut scratch.text);
            scratch.keys.push(keys);
        }
        scratch.hits.clear();
        for (i, chunk) in units.chunks(WINDOW).enumerate() {
            let start = i * WINDOW;
            let all = &scratch.keys;
            let keys_of = |unit: &Unit| {
                let mut keys = all.get(unit.word as usize).copied().unwrap_or_default();
                // No term reaches it from before.
                keys.bits = if unit.breaks { 0 } else { keys.bits };
                keys
            };
            scratch.window.clear();
            scratch.window.extend(chunk.iter().map(keys_of));
            let behind = units.get(start + chunk.len()).map(keys_of);
            scratch.window.push(behind.unwrap_or_default());
            self.go_on(scratch);
            self.window(start as u32, units, scratch);
        }
    }

    /// Finds behind which words of the window terms go on over the next one: places and states into `steps`.
    ///
    /// One loop after the other, so that what one word has to wait for does not hold up the next: few words can lead
    /// on, fewer do, and none of them can be foretold.
    fn go_on(&self, scratch: &mut MatchScratch) {
        let MatchScratch {
            window,
            ways,
            steps,
            ..
        } = scratch;
        ways.clear();
        for (at, pair) in window.windows(2).enumerate() {
            let [keys, next] = pair else { continue };
            if keys.leads & next.bits != 0 {
                let edges = keys.opened().map(|state| self.edges(state));
                ways.extend(edges.map(|edges| Way {
                    at: at as u32,
                    start: edges.start as u32,
                    end: edges.end as u32,
                    label: 0,
                }));
            }
        }
        for way in ways.iter_mut() {
            way.label = self.labels.get(way.start as usize).copied().unwrap_or(0);
        }
        steps.clear();
        for way in ways.iter() {
            let pair = window.get(way.at as usize..way.at as usize + 2);
            let Some([keys, next]) = pair else { continue };
            for label in next.labels() {
                // Labels rise from the first on.
                if label >= way.label.max(FIRST_LABEL)
                    && keys.leads & bit(label) != 0
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

    /// Adds the hits of a window that begins with unit `start`.
    fn window(&self, start: u32, units: &[Unit], scratch: &mut MatchScratch) {
        let MatchScratch {
            keys,
            window,
            steps,
            frontier,
            next,
            hits,
            ..
        } = scratch;
        let mut steps = steps.iter().peekable();
        let words = window.iter().take(window.len().saturating_sub(1));
        for (at, word) in words.enumerate() {
            let first = start + at as u32;
            let mut end = first + 1;
            let hit = |end, target| Hit { first, end, target };
            match word.targets {
                0 => {}
                1 => hits.push(hit(end, word.target)),
                APART => {
                    for state in word.opened() {
                        hits.extend(self.targets(state).iter().map(|&t| hit(end, t)));
                    }
                }
                count => {
                    let from = word.target as usize;
                    let targets = self.targets.get(from..from + usize::from(count));
                    hits.extend(targets.unwrap_or(&[]).iter().map(|&t| hit(end, t)));
                }
            }
            // Nearly every term that begins here ends here, or does not go on with the next word.
            if steps.peek().is_none_or(|s| s.0 != at as u32) {
                continue;
            }
            frontier.clear();
            while let Some(&(_, state)) = steps.next_if(|s| s.0 == at as u32) {
                frontier.push(state);
            }
            while !frontier.is_empty() {
                end += 1;
                // A term may not reach over what breaks.
                let ahead = units.get(end as usize).filter(|u| !u.breaks);
                let ahead = ahead.and_then(|u| keys.get(u.word as usize));
                let labels = ahead.map_or([0; 5], WordKeys::labels);
                next.clear();
                for &state in frontier.iter() {
                    hits.extend(self.targets(state).iter().map(|&t| hit(end, t)));
                    let edges = self.edges(state);
                    if edges.is_empty() {
                        continue;
                    }
                    for label in labels.into_iter().filter(|&l| l >= FIRST_LABEL) {
                        if let Some(to) = self.step(edges.clone(), label)
                            && !next.contains(&to)
                        {
                            next.push(to);
                        }
                    }
                }
                std::mem::swap(frontier, next);
            }
        }
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
        Some(Matcher {
            vocabulary: WordMap::unpack(from)?,
            bases: WordMap::unpack(from)?,
            aliases: from.groups(|pair| pair)?,
            states: from.groups(|[targets, edges]| State { targets, edges })?,
            labels: from.numbers()?.collect(),
            deep: from.number()?,
            targets: from.numbers()?.collect(),
        })
    }

    /// Bytes of the tables.
    pub fn memory_usage(&self) -> usize {
        self.vocabulary.memory_usage()
            + self.bases.memory_usage()
            + self.aliases.len() * 8
            + self.states.len() * size_of::<State>()
            + (self.labels.len() + self.targets.len()) * 4
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
