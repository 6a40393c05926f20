//! What the scorer sees of a word by itself.
//!
//! Features of a word alone are hashed numbers; their weights are summed once for every distinct word, for each of the
//! five places it can have beside the word that is labelled.

use super::fold;
use super::gazetteer::*;
use crate::morph::{SegmentKind, Tag};
use crate::token::TokenKind;
use crate::words::Words;

/// What is known of a distinct word; `key` and `whole` are those of its [`WordHashes`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WordInfo {
    /// What `key` is by itself.
    pub mask: u32,
    /// What `whole` is by itself where it is another word.
    pub whole_mask: u32,
    /// The number of its [`Starts`], 0 for none.
    pub starts: u32,
    /// What the rules behind the scorer have marked `key` and `whole` with, see [`mark`].
    pub key_marks: u16,
    pub whole_marks: u16,
    /// The groups of names that the word is one of by itself, a bit each, and [`COMMON_ALONE`].
    pub alone: u8,
    /// Letters cut in front.
    pub cut: u8,
    pub class: u8,
    /// 0 nothing in front, 1 و or ف, 2 ب, ل or ك, 3 both; 4 and 5 the same where it is a guess; 6 and 7 a word that is
    /// nothing but such a letter.
    pub clitic: u8,
    pub article: bool,
}

/// The names that begin with `key`, and those that begin with `whole` where it is another word: with most words none does.
pub(crate) type Starts = [Node; 2];

/// The hashes of a distinct word. Apart, as many words are asked for them that are asked for nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WordHashes {
    /// Folded hash as written, for words inside a name.
    pub whole: u64,
    /// Folded hash without و ف ب ل ك in front, for the first word of a name.
    pub key: u64,
}

/// In [`WordInfo::alone`]: the word is everyday as well.
pub(crate) const COMMON_ALONE: u8 = 1 << group::COUNT;

/// Number of coarse classes of company, 0 among them for none.
pub(crate) const CLUSTERS: u8 = 65;

/// Number of classes a word can have, 0 among them for «no word».
pub(crate) const CLASSES: usize = 48;

/// Coarse classes of words, for pairs.
pub(crate) mod class {
    pub const NONE: u8 = 0;
    pub const NUMBER: u8 = 1;
    pub const LATIN: u8 = 2;
    pub const KIN: u8 = 3;
    pub const TITLE: u8 = 4;
    pub const SAYING: u8 = 5;
    pub const BODY_HEAD_THE: u8 = 6;
    pub const BODY_HEAD: u8 = 7;
    pub const PLACE_HEAD: u8 = 8;
    pub const COUNTRY: u8 = 9;
    pub const PLACE_NAME: u8 = 10;
    pub const PLACE: u8 = 11;
    pub const MINOR: u8 = 12;
    pub const GIVEN_FAMILY: u8 = 13;
    pub const GIVEN: u8 = 14;
    pub const FAMILY: u8 = 15;
    pub const BODY: u8 = 16;
    pub const NISBA_THE: u8 = 17;
    pub const NISBA: u8 = 18;
    pub const MONTH: u8 = 19;
    pub const PERFECT: u8 = 20;
    pub const VERB: u8 = 21;
    pub const PARTICLE: u8 = 22;
    pub const PRONOUN: u8 = 23;
    pub const ADVERB: u8 = 24;
    pub const NUMBER_WORD: u8 = 25;
    pub const ADJECTIVE_THE: u8 = 26;
    pub const ADJECTIVE: u8 = 27;
    pub const NOUN_THE: u8 = 28;
    pub const NOUN: u8 = 29;
    pub const NOUN_OF: u8 = 30;
    pub const UNKNOWN_THE: u8 = 31;
    pub const UNKNOWN: u8 = 32;
    pub const UNKNOWN_CLITIC: u8 = 33;
    pub const NAME_TAG: u8 = 35;
    pub const PLACE_TAG: u8 = 36;
    pub const BODY_TAG: u8 = 37;
    pub const COMMON_NAME: u8 = 39;
    pub const COMMON_PLACE: u8 = 40;
    pub const RELATION: u8 = 41;
    pub const ROLE: u8 = 42;
    pub const SITE_HEAD: u8 = 43;
    pub const STOP: u8 = 44;
    pub const IN: u8 = 45;
    pub const BODY_HEAD_OF: u8 = 46;
    /// First and further words of a known name of several words.
    pub const BODY_FIRST: u8 = 34;
    pub const BODY_NEXT: u8 = 38;
    pub const PLACE_NEXT: u8 = 47;
}

/// Kinds of hashed features.
pub(crate) mod kind {
    pub const BASE: u8 = 0;
    pub const STEM: u8 = 1;
    pub const TAG: u8 = 2;
    pub const CLASS: u8 = 3;
    pub const PREFIX: u8 = 4;
    pub const SUFFIX: u8 = 5;
    pub const SHAPE: u8 = 6;
    pub const MASK: u8 = 7;
    pub const MASKS: u8 = 8;
    pub const WHOLE: u8 = 9;
    pub const CLUSTER: u8 = 10;
    pub const FORM: u8 = 12;
}

/// Whether features of a kind are used `offset` words away.
#[cfg_attr(not(feature = "train"), allow(dead_code))]
pub(crate) const fn used(kind: u8, offset: i32) -> bool {
    match kind {
        kind::PREFIX | kind::SHAPE | kind::WHOLE => offset == 0,
        kind::SUFFIX => offset.abs() <= 1,
        kind::MASKS | kind::FORM => offset.abs() <= 1,
        _ => true,
    }
}

fn names(mask: u32) -> u32 {
    mask & (PLACE | GIVEN | FAMILY | BODY | SHORT | KIN | FULL)
}

/// A word as a reader of names spells it, read once for all that is asked of its letters.
#[derive(Clone, Copy)]
pub(crate) struct Spelling<'w> {
    text: &'w str,
    /// By character of the text the letter that it is; none for what is no letter.
    letters: [Option<char>; LONGEST],
    count: usize,
}

/// Bytes of a word of which all letters are kept.
const LONGEST: usize = 80;

impl<'w> Spelling<'w> {
    /// Of no word.
    pub const NONE: Spelling<'w> = Spelling {
        text: "",
        letters: [None; LONGEST],
        count: 0,
    };

    /// Reads another word.
    #[inline]
    pub fn read(&mut self, text: &'w str) {
        self.text = text;
        self.count = 0;
        for (letter, c) in self.letters.iter_mut().zip(text.chars()) {
            *letter = fold::fold(c);
            self.count += 1;
        }
    }

    /// Characters of the word; of a longer one than [`LONGEST`] at most so many.
    #[inline]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The letters of its characters from number `first` on; of a longer word than [`LONGEST`] not all.
    #[inline]
    pub fn letters(&self, first: usize) -> impl DoubleEndedIterator<Item = char> {
        let letters = self.letters.get(first..self.count).unwrap_or(&[]);
        letters.iter().filter_map(|&letter| letter)
    }

    /// The number of what begins as `seed` and goes on with the characters from number `first` on.
    #[inline]
    pub fn number(&self, seed: u64, first: usize) -> u64 {
        if self.text.len() <= LONGEST {
            return self.letters(first).fold(seed, fold::step);
        }
        let letters = self.text.chars().skip(first).filter_map(fold::fold);
        letters.fold(seed, fold::step)
    }
}

/// What the gazetteer may know a word by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Readings {
    /// As written.
    pub whole: u64,
    /// Behind one and behind two of و ف ب ل ك, where its letters allow it.
    behind: [Option<u64>; 2],
    /// Its first letter may be a conjunction.
    conjunction: bool,
    /// Of a verb, which is listed by its dictionary form.
    verb: Option<u64>,
}

impl Readings {
    /// Of a word with this spelling.
    #[inline]
    pub fn new(words: &Words, id: u32, spelling: &Spelling<'_>) -> Readings {
        let mut out = Readings {
            whole: spelling.number(fold::SEED, 0),
            ..Readings::default()
        };
        let Some(word) = words.get(id) else {
            return out;
        };
        if word.analysis.tag == Tag::Verb {
            out.verb = Some(fold::word(words.stem(id)));
        }
        if !word.arabic {
            return out;
        }
        let mut letters = words.norm(id).chars();
        let [first, second, third] = [(); 3].map(|()| letters.next().unwrap_or(' '));
        let preposition = |c: char| matches!(c, 'ب' | 'ل' | 'ك');
        let number = |cut: usize, last: char, next: char| {
            // «للأمم» is ل and «الأمم».
            let opened = last == 'ل' && next == 'ل';
            let seed = if opened {
                fold::step(fold::SEED, 'ا')
            } else {
                fold::SEED
            };
            (spelling.count() >= cut + 2).then(|| spelling.number(seed, cut))
        };
        out.conjunction = matches!(first, 'و' | 'ف');
        if out.conjunction || preposition(first) {
            out.behind[0] = number(1, first, second);
        }
        if out.conjunction && preposition(second) {
            out.behind[1] = number(2, second, third);
        }
        out
    }

    /// What the gazetteer is asked for beside the word as written.
    #[inline]
    pub fn others(&self) -> impl Iterator<Item = u64> {
        let [one, two] = self.behind;
        [one, two, self.verb].into_iter().flatten()
    }
}

/// Reads a word, of which its readings and what the gazetteer has of it as written are at hand. The number of its starts is
/// left to the caller.
#[inline(never)]
pub(crate) fn info(
    words: &Words,
    id: u32,
    readings: &Readings,
    whole_node: Node,
    gazetteer: &Gazetteer,
) -> (WordInfo, WordHashes, Starts) {
    let whole = readings.whole;
    let mut hashes = WordHashes { whole, key: whole };
    let Some(word) = words.get(id) else {
        return (WordInfo::default(), hashes, Starts::default());
    };
    let norm = words.norm(id);
    let node_of = |h: u64| gazetteer.get(h).unwrap_or_default();
    let verb = readings.verb.map_or(0, |verb| node_of(verb).mask);
    let mask_of = |node: Node| node.mask & !(SAYING | ACTING);
    let whole_mask = mask_of(whole_node);
    let mut key_node = whole_node;
    let mut out = WordInfo {
        mask: whole_mask,
        ..WordInfo::default()
    };
    let analysis = &word.analysis;
    if word.arabic {
        let mut expected = 0u8;
        for (kind, _) in analysis.segments.iter() {
            match kind {
                SegmentKind::Conjunction => expected += 1,
                SegmentKind::Preposition => expected += 1,
                _ => break,
            }
        }
        let mut best = (0i32, 0u8, whole, whole_node);
        let mut have = false;
        // What the letters allow.
        let [one, two] = readings.behind;
        for (n, key) in (0..).zip([Some(whole), one, two]) {
            let Some(key) = key else { continue };
            let node = if n == 0 { whole_node } else { node_of(key) };
            let mask = mask_of(node);
            let named = names(mask) != 0;
            // An analysis of a word that is in the lexicon is trusted, a guess less.
            let mut score = match (n == expected, analysis.known) {
                (true, true) => 5,
                (true, false) => 2,
                _ => 0,
            };
            score += match (named, mask & COMMON != 0) {
                (true, false) => 6,
                (true, true) => 2,
                _ if mask & !INNER != 0 => 2,
                _ if mask != 0 => 1,
                _ => 0,
            };
            if n != expected && !named {
                score -= 5;
            }
            if !have || score > best.0 {
                best = (score, n, key, node);
                have = true;
            }
        }
        let (_, cut, key, node) = best;
        let mask = mask_of(node);
        key_node = node;
        out.cut = cut;
        hashes.key = key;
        out.mask = mask;
        out.whole_mask = if cut == 0 { 0 } else { whole_mask };
        let has_preposition = match cut {
            1 => !readings.conjunction,
            2 => true,
            _ => false,
        };
        let sure = analysis.known && cut == expected || names(mask) != 0;
        out.clitic = match (cut, has_preposition, sure) {
            (0, ..) if matches!(norm, "و" | "ف") => 6,
            (0, ..) if matches!(norm, "ب" | "ل" | "ك") => 7,
            (0, ..) => 0,
            (1, false, true) => 1,
            (1, true, true) => 2,
            (1, false, false) => 4,
            (_, true, false) => 5,
            _ => 3,
        };
        if analysis.known && matches!(analysis.tag, Tag::Particle | Tag::Pronoun) {
            // على is not علي, إلى is no name.
            out.mask &= !(GIVEN | FAMILY | CITY | MINOR);
        }
        // Letters that are cut take two bytes.
        let rest = norm.get(2 * cut as usize..);
        out.article = analysis.has_article() || rest.is_some_and(|rest| rest.starts_with("ال"));
    }
    out.key_marks = gazetteer.marks(hashes.key);
    out.whole_marks = if hashes.whole == hashes.key {
        out.key_marks
    } else {
        gazetteer.marks(hashes.whole)
    };
    out.mask |= verb & (SAYING | ACTING);
    out.class = classify(words, id, &out);
    let mut starts = Starts::default();
    if out.mask | out.whole_mask != 0 {
        let second = if out.cut > 0 {
            whole_node
        } else {
            Node::default()
        };
        starts = [key_node, second];
        let mask = key_node.mask | second.mask;
        for (g, group) in GROUPS.iter().enumerate() {
            out.alone |= u8::from(mask & group != 0) << g;
        }
        if out.mask & COMMON != 0 {
            out.alone |= COMMON_ALONE;
        }
    }
    (out, hashes, starts)
}

fn classify(words: &Words, id: u32, info: &WordInfo) -> u8 {
    use class as c;
    let Some(word) = words.get(id) else {
        return c::NONE;
    };
    match word.kind {
        TokenKind::Number => return c::NUMBER,
        TokenKind::Word if !word.arabic => return c::LATIN,
        _ => {}
    }
    let a = &word.analysis;
    let m = info.mask;
    let tag = a.tag;
    let everyday = matches!(
        tag,
        Tag::Noun | Tag::Adjective | Tag::Verb | Tag::Adverb | Tag::Particle | Tag::Pronoun
    );
    if m & KIN != 0 {
        return c::KIN;
    }
    if matches!(tag, Tag::Particle | Tag::Pronoun) && m & (COUNTRY | CITY) == 0 {
        let norm = words.norm(id);
        if tag == Tag::Particle
            && matches!(norm, "في" | "وفي" | "من" | "ومن" | "إلى" | "الى" | "وإلى")
        {
            return c::IN;
        }
        return if tag == Tag::Particle {
            c::PARTICLE
        } else {
            c::PRONOUN
        };
    }
    if m & BODY_HEAD != 0 {
        return match (info.article, a.has_pronoun()) {
            (true, _) => c::BODY_HEAD_THE,
            (_, true) => c::BODY_HEAD_OF,
            _ => c::BODY_HEAD,
        };
    }
    if m & PLACE_HEAD != 0 {
        return c::PLACE_HEAD;
    }
    if m & SITE_HEAD != 0 {
        return c::SITE_HEAD;
    }
    if m & TITLE != 0 {
        return c::TITLE;
    }
    if m & ROLE_HEAD != 0 {
        return c::ROLE;
    }
    if m & RELATION != 0 && m & GIVEN == 0 {
        return c::RELATION;
    }
    if m & SAYING != 0 {
        return c::SAYING;
    }
    if m & NISBA != 0 && m & (COUNTRY | CITY) == 0 {
        return if info.article { c::NISBA_THE } else { c::NISBA };
    }
    if m & COUNTRY != 0 {
        return c::COUNTRY;
    }
    // A name that is an everyday verb or adverb stands for that.
    let rare = m & COMMON != 0 && matches!(tag, Tag::Verb | Tag::Adverb | Tag::Number);
    let place = m & PLACE != 0 && !rare;
    let name = m & (GIVEN | FAMILY) != 0 && !rare;
    if (m | info.whole_mask) & STOP != 0 && !name && !place {
        return c::STOP;
    }
    if m & (BODY | SHORT) != 0 && !name && !(m & COMMON != 0 && everyday) {
        return c::BODY;
    }
    if place && name {
        return if m & COMMON != 0 || everyday {
            c::COMMON_NAME
        } else {
            c::PLACE_NAME
        };
    }
    if place {
        return match (m & COMMON != 0 || everyday, m & PLACE == MINOR) {
            (true, _) => c::COMMON_PLACE,
            (_, true) => c::MINOR,
            _ => c::PLACE,
        };
    }
    if name {
        if m & COMMON != 0 || everyday {
            return c::COMMON_NAME;
        }
        return match (m & GIVEN != 0, m & FAMILY != 0) {
            (true, true) => c::GIVEN_FAMILY,
            (true, _) => c::GIVEN,
            _ => c::FAMILY,
        };
    }
    match tag {
        Tag::Month => c::MONTH,
        Tag::Verb if a.is_perfect() => c::PERFECT,
        Tag::Verb => c::VERB,
        Tag::Particle => c::PARTICLE,
        Tag::Pronoun => c::PRONOUN,
        Tag::Adverb => c::ADVERB,
        Tag::Number => c::NUMBER_WORD,
        Tag::Nisba if info.article => c::NISBA_THE,
        Tag::Nisba => c::NISBA,
        Tag::Adjective if info.article => c::ADJECTIVE_THE,
        Tag::Adjective => c::ADJECTIVE,
        Tag::Noun if info.article => c::NOUN_THE,
        Tag::Noun if a.has_pronoun() => c::NOUN_OF,
        Tag::Noun => c::NOUN,
        Tag::GivenName | Tag::FamilyName => c::NAME_TAG,
        Tag::Place => c::PLACE_TAG,
        Tag::Organization | Tag::Abbreviation => c::BODY_TAG,
        _ if info.article => c::UNKNOWN_THE,
        _ if info.cut > 0 => c::UNKNOWN_CLITIC,
        _ => c::UNKNOWN,
    }
}

/// All hashed features of a word, with their kinds.
#[inline(never)]
pub(crate) fn hashed(
    words: &Words,
    id: u32,
    spelling: &Spelling<'_>,
    key: u64,
    info: &WordInfo,
    clusters: &[u16],
    out: &mut impl FnMut(u8, u64),
) {
    let Some(word) = words.get(id) else { return };
    let a = &word.analysis;
    let mut put = |kind: u8, value: u64| out(kind, fold::feature(kind, value));
    put(kind::BASE, key);
    if word.arabic {
        put(kind::STEM, fold::word(words.stem(id)));
    }
    let article = u64::from(info.article);
    put(kind::TAG, a.tag as u64 * 2 + article);
    put(kind::CLASS, u64::from(info.class));
    let form = u64::from(a.is_dual())
        | u64::from(a.is_plural()) << 1
        | u64::from(a.is_feminine()) << 2
        | u64::from(a.is_perfect()) << 3
        | u64::from(a.is_imperfect()) << 4
        | u64::from(a.is_accusative()) << 5
        | u64::from(a.has_pronoun()) << 6
        | u64::from(a.known) << 7
        | u64::from(a.ambiguous) << 8;
    put(kind::FORM, (form << 8) | (a.tag as u64 * 2 + article));
    let mut bits = info.mask & !INNER;
    while bits != 0 {
        put(kind::MASK, u64::from(bits.trailing_zeros()));
        bits &= bits - 1;
    }
    put(kind::MASKS, u64::from(info.mask & !INNER));
    if info.whole_mask & !INNER != 0 {
        put(kind::WHOLE, u64::from(names(info.whole_mask)));
    }
    for (i, &c) in clusters.iter().enumerate() {
        if c != 0 {
            put(kind::CLUSTER, (i as u64) << 16 | u64::from(c));
        }
    }
    let norm = words.norm(id);
    let length = spelling.count().saturating_sub(info.cut as usize);
    // A stranger may have a clitic that nobody knows of.
    let first = match norm.chars().next() {
        Some('و' | 'ف') if info.cut == 0 && !a.known => 1u64,
        Some('ب') if info.cut == 0 && !a.known => 2,
        Some('ل' | 'ك') if info.cut == 0 && !a.known => 3,
        _ => 0,
    };
    let kind_of = match (word.kind, word.arabic) {
        (TokenKind::Number, _) => 1,
        (_, true) => 0,
        _ => 2,
    };
    put(
        kind::SHAPE,
        first << 20
            | kind_of << 16
            | u64::from(info.clitic) << 12
            | u64::from(info.article) << 8
            | length.min(9) as u64,
    );
    if kind_of != 0 || norm.len() > LONGEST {
        return;
    }
    let skip = info.cut as usize + if info.article { 2 } else { 0 };
    let mut h = fold::SEED;
    for (i, c) in spelling.letters(skip).take(3).enumerate() {
        h = fold::step(h, c);
        if i >= 1 {
            put(kind::PREFIX, h);
        }
    }
    let mut h = fold::SEED;
    let least = length.saturating_sub(if info.article { 2 } else { 0 });
    for (i, c) in spelling.letters(0).rev().take(4.min(least)).enumerate() {
        h = fold::step(h, c);
        put(kind::SUFFIX, h ^ i as u64);
    }
}

/// Kinds of known names, by four bits of `Cell::names` each.
pub(crate) mod group {
    pub const PLACE: u32 = 0;
    pub const MINOR: u32 = 1;
    pub const BODY: u32 = 2;
    // 3: short names of bodies.
    pub const PERSON: u32 = 4;
    pub const TITLE: u32 = 5;
    // 6: everything else.
    pub const COUNT: usize = 7;
}

/// Masks of the groups.
pub(crate) const GROUPS: [u32; group::COUNT] = [
    COUNTRY | REGION | CITY | NATURE | SITE,
    MINOR,
    BODY,
    SHORT,
    GIVEN | FAMILY | FULL,
    TITLE | ROLE_HEAD | AFTER,
    GROUP | NISBA,
];
