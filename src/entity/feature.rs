//! What the scorer sees of a word and of a place in a sentence.
//!
//! Features of a word alone are hashed numbers; their weights are summed once for every distinct word, for each of the
//! five places it can have beside the word that is labelled. Features of a place are few and dense: rows of a table.

use super::fold;
use super::gazetteer::*;
use super::model::{Row, Run};
use crate::matcher::Unit;
use crate::morph::{SegmentKind, Tag};
use crate::token::TokenKind;
use crate::words::Words;

/// What is known of a distinct word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WordInfo {
    /// Folded hash as written, for words inside a name.
    pub whole: u64,
    /// Folded hash without و ف ب ل ك in front, for the first word of a name.
    pub key: u64,
    /// What `key` is by itself.
    pub mask: u32,
    /// What `whole` is by itself where it is another word.
    pub whole_mask: u32,
    /// The names that begin with `key`; nothing where none does.
    pub key_node: Node,
    /// The names that begin with `whole` where it is another word.
    pub whole_node: Node,
    /// What `Cell::names` gets where the word is a name by itself and begins no longer one.
    pub alone: u32,
    /// Letters cut in front.
    pub cut: u8,
    pub class: u8,
    /// 0 nothing in front, 1 و or ف, 2 ب, ل or ك, 3 both; 4 and 5 the same where it is a guess; 6 and 7 a word that is
    /// nothing but such a letter.
    pub clitic: u8,
    pub article: bool,
}

impl WordInfo {
    /// Seven bits of the key: of two words with other signs it is another, and a cell has it at hand.
    pub const fn sign(&self) -> u8 {
        WordInfo::sign_of(self.key)
    }

    pub const fn sign_of(key: u64) -> u8 {
        (key >> 40) as u8 & 127
    }
}

/// Some signs of words; see [`WordInfo::sign`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signs(u128);

impl Signs {
    #[inline]
    pub const fn add(&mut self, sign: u8) {
        self.0 |= 1 << (sign & 127);
    }

    #[inline]
    pub const fn has(self, sign: u8) -> bool {
        self.0 >> (sign & 127) & 1 != 0
    }
}

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

/// Reads a word.
#[inline(never)]
pub(crate) fn info(words: &Words, id: u32, gazetteer: &Gazetteer) -> WordInfo {
    let Some(word) = words.get(id) else {
        return WordInfo::default();
    };
    let norm = words.norm(id);
    let whole = fold::word(norm);
    let node_of = |h: u64| gazetteer.get(h).unwrap_or_default();
    let verb = word.analysis.tag == Tag::Verb;
    // Verbs are listed by their dictionary form.
    let lemma = if verb {
        node_of(fold::word(words.stem(id))).mask & (SAYING | ACTING)
    } else {
        0
    };
    let mask_of = |node: Node| node.mask & !(SAYING | ACTING);
    let whole_node = node_of(whole);
    let whole_mask = mask_of(whole_node);
    let mut key_node = whole_node;
    let mut out = WordInfo {
        whole,
        key: whole,
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
        // What the letters allow, the analysis' own choice first.
        let mut letters = norm.chars();
        let first = letters.next().unwrap_or(' ');
        let second = letters.next().unwrap_or(' ');
        let conjunction = matches!(first, 'و' | 'ف');
        let preposition = |c: char| matches!(c, 'ب' | 'ل' | 'ك');
        let allowed = |n: u8| match n {
            0 => true,
            1 => conjunction || preposition(first),
            2 => conjunction && preposition(second),
            _ => false,
        };
        let length = norm.chars().count();
        let key_of = |n: u8| {
            let rest = norm.chars().skip(n as usize).filter_map(fold::fold);
            // «للأمم» is ل and «الأمم».
            let last = if n == 1 { first } else { second };
            if n > 0 && last == 'ل' && norm.chars().nth(n as usize) == Some('ل') {
                let seed = fold::step(fold::SEED, 'ا');
                rest.fold(seed, fold::step)
            } else {
                rest.fold(fold::SEED, fold::step)
            }
        };
        let mut best = (0i32, 0u8, whole, whole_node);
        let mut have = false;
        for n in 0..=2u8 {
            if !allowed(n) || length < n as usize + 2 {
                continue;
            }
            let key = if n == 0 { whole } else { key_of(n) };
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
        out.key = key;
        out.mask = mask;
        out.whole_mask = if cut == 0 { 0 } else { whole_mask };
        let has_preposition = match cut {
            1 => !conjunction,
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
        out.article =
            analysis.has_article() || norm.chars().skip(cut as usize).take(2).eq("ال".chars());
    }
    out.mask |= lemma;
    out.class = classify(words, id, &out);
    if out.mask | out.whole_mask != 0 {
        out.key_node = key_node;
        if out.cut > 0 {
            out.whole_node = whole_node;
        }
        let mask = out.key_node.mask | out.whole_node.mask;
        let bits = if out.mask & COMMON != 0 { 4 } else { 5 };
        for (g, group) in GROUPS.iter().enumerate() {
            if mask & group != 0 {
                out.alone |= bits << (4 * g);
            }
        }
    }
    out
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
    info: &WordInfo,
    clusters: &[u16],
    out: &mut impl FnMut(u8, u64),
) {
    let Some(word) = words.get(id) else { return };
    let a = &word.analysis;
    let mut put = |kind: u8, value: u64| out(kind, fold::feature(kind, value));
    put(kind::BASE, info.key);
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
    let length = norm.chars().count().saturating_sub(info.cut as usize);
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
    if kind_of != 0 || norm.len() > 80 {
        return;
    }
    let skip = info.cut as usize + if info.article { 2 } else { 0 };
    let mut h = fold::SEED;
    for (i, c) in norm
        .chars()
        .skip(skip)
        .filter_map(fold::fold)
        .take(3)
        .enumerate()
    {
        h = fold::step(h, c);
        if i >= 1 {
            put(kind::PREFIX, h);
        }
    }
    let mut h = fold::SEED;
    let least = length.saturating_sub(if info.article { 2 } else { 0 });
    for (i, c) in norm
        .chars()
        .rev()
        .filter_map(fold::fold)
        .take(4.min(least))
        .enumerate()
    {
        h = fold::step(h, c);
        put(kind::SUFFIX, h ^ i as u64);
    }
}

/// What stands between a word and the one before it.
pub(crate) mod gap {
    pub const SPACE: u8 = 0;
    pub const QUOTE: u8 = 1;
    pub const OPEN: u8 = 2;
    pub const CLOSE: u8 = 3;
    pub const COMMA: u8 = 4;
    pub const DASH: u8 = 5;
    pub const DOT: u8 = 6;
    pub const COLON: u8 = 7;
    pub const SLASH: u8 = 8;
    pub const OTHER: u8 = 9;
    /// Start or end of a sentence or line.
    pub const END: u8 = 10;
    pub const TIGHT_DASH: u8 = 11;
    pub const COUNT: usize = 12;
}

/// What went before: which opener governs a word.
pub(crate) mod lead {
    pub const NONE: u8 = 0;
    pub const TITLE: u8 = 1;
    pub const TITLE_1: u8 = 2;
    pub const TITLE_2: u8 = 3;
    pub const TITLE_FAR: u8 = 4;
    pub const SAYING: u8 = 5;
    pub const BODY: u8 = 6;
    pub const BODY_1: u8 = 7;
    pub const BODY_2: u8 = 8;
    pub const BODY_FAR: u8 = 9;
    pub const PLACE: u8 = 10;
    pub const KIN: u8 = 11;
    pub const BODY_THE: u8 = 12;
    pub const BODY_THE_1: u8 = 13;
    pub const SITE: u8 = 14;
    pub const COUNT: usize = 16;
}

/// Whether a word may be part of a name, see [`super::model::Model::score`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Hope {
    #[default]
    None,
    /// Beside one of which there is more.
    Weak,
    Strong,
}

/// One unit in its chain.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cell {
    pub word: u32,
    pub class: u8,
    /// Before it.
    pub gap: u8,
    pub clitic: u8,
    pub lead: u8,
    /// Coarse class of the company it keeps.
    pub cluster: u8,
    /// Seven bits of its key, see [`WordInfo::sign`].
    pub sign: u8,
    /// Whether it may be part of a name at all, by what is said before its place is looked at.
    pub hope: Hope,
    /// Part of the page, in a few sorts.
    pub part: u8,
    /// How the same word is labelled elsewhere in the text, see [`Votes`].
    pub document: u16,
    /// By `group`: begins (bit 0), is inside (1), ends (2) the longest known name there; 3 the name has several words.
    pub names: u32,
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

/// A kind of dense feature: of a word of some class, what stands at a place near it has some value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Its first row in a weights file: by value, then by class.
    first: usize,
    /// Number of its values.
    values: usize,
    /// Where its values begin in a block of [`Blocks`], and a mask for them.
    at: usize,
    mask: usize,
    /// The value of which nothing is said.
    nothing: usize,
}

impl Place {
    const fn behind(before: Place, values: usize, nothing: usize) -> Place {
        Place {
            first: before.first + before.values * CLASSES,
            values,
            at: before.at + before.mask + 1,
            mask: (values + (nothing == values) as usize).next_power_of_two() - 1,
            nothing,
        }
    }

    /// The row of a value beside a word of class `class` in a weights file; `None` where nothing is said of it.
    #[cfg_attr(not(feature = "train"), allow(dead_code))]
    pub fn row(self, value: usize, class: u8) -> Option<usize> {
        (value != self.nothing).then_some(self.first + value * CLASSES + class as usize)
    }
}

/// For a place where nothing is left out.
const ALL: usize = usize::MAX;

const PREVIOUS: Place = Place {
    first: 0,
    values: CLASSES,
    at: 0,
    mask: CLASSES.next_power_of_two() - 1,
    nothing: ALL,
};
const NEXT: Place = Place::behind(PREVIOUS, CLASSES, ALL);
const PREVIOUS_2: Place = Place::behind(NEXT, CLASSES, ALL);
const LEAD: Place = Place::behind(PREVIOUS_2, lead::COUNT, ALL);
const LEFT: Place = Place::behind(LEAD, gap::COUNT, gap::SPACE as usize);
const RIGHT: Place = Place::behind(LEFT, gap::COUNT, gap::SPACE as usize);
/// Rows of [`names`] stand between.
const NAMES: usize = RIGHT.first + RIGHT.values * CLASSES;
const CLITIC: Place = {
    let mut place = Place::behind(RIGHT, CLITICS, 0);
    place.first = NAMES + NAME_ROWS;
    place
};
const PART: Place = Place::behind(CLITIC, 4, 0);
/// Rows of [`document`] stand between.
const DOCUMENT: usize = PART.first + PART.values * CLASSES;
const NEAR_BEFORE: Place = {
    let mut place = Place::behind(PART, CLUSTERS as usize, CLUSTERS as usize);
    place.first = DOCUMENT + DOCUMENT_ROWS;
    place
};
const NEAR_AFTER: Place = Place::behind(NEAR_BEFORE, CLUSTERS as usize, CLUSTERS as usize);

/// Number of dense features.
pub(crate) const DENSE: usize = NEAR_AFTER.first + NEAR_AFTER.values * CLASSES;
const NAME_ROWS: usize = group::COUNT * 16;
const DOCUMENT_ROWS: usize = 4 * 16;
/// Slots of a block of [`Blocks`].
const SLOTS: usize = (NEAR_AFTER.at + NEAR_AFTER.mask + 1).next_power_of_two();

/// Weights of the dense features, those of one class side by side: what a word needs is near by, and every index is masked
/// into range.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    by_class: Vec<[Row; SLOTS]>,
    names: Vec<Row>,
    document: Vec<Row>,
}

impl Blocks {
    /// From the rows of a weights file.
    pub fn new(rows: &[Row]) -> Blocks {
        let mut by_class = vec![[Row::default(); SLOTS]; CLASSES];
        for place in [
            PREVIOUS,
            NEXT,
            PREVIOUS_2,
            LEAD,
            LEFT,
            RIGHT,
            CLITIC,
            PART,
            NEAR_BEFORE,
            NEAR_AFTER,
        ] {
            for value in 0..place.values {
                for (class, block) in by_class.iter_mut().enumerate() {
                    let row = place.row(value, class as u8).and_then(|r| rows.get(r));
                    if let (Some(row), Some(slot)) = (row, block.get_mut(place.at + value)) {
                        *slot = *row;
                    }
                }
            }
        }
        let part =
            |first: usize, count: usize| rows.iter().skip(first).take(count).copied().collect();
        Blocks {
            by_class,
            names: part(NAMES, NAME_ROWS),
            document: part(DOCUMENT, DOCUMENT_ROWS),
        }
    }

    /// What the dense features of cell `i` of a chain say, those of [`document`] apart.
    #[inline]
    pub fn sum(&self, chain: &[Cell], i: usize) -> Row {
        let mut sum = Row::default();
        let Some((cell, block)) = chain
            .get(i)
            .and_then(|c| Some((c, self.by_class.get(c.class as usize)?)))
        else {
            return sum;
        };
        places(chain, i, &mut |place, value| {
            if let Some(row) = block.get(place.at + (value & place.mask)) {
                sum += *row;
            }
        });
        names_of(cell, &mut |name| {
            if let Some(row) = self.names.get(name) {
                sum += *row;
            }
        });
        sum
    }

    /// What other mentions of its word say of a cell.
    #[inline]
    pub fn of_document(&self, cell: &Cell, to: &mut Row) {
        document(cell, &mut |row| {
            if let Some(row) = self.document.get(row) {
                *to += *row;
            }
        });
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.by_class.len() * size_of::<[Row; SLOTS]>()
            + (self.names.len() + self.document.len()) * size_of::<Row>()
    }
}

/// The rows in a weights file of the dense features of cell `i` of a chain.
#[cfg_attr(not(feature = "train"), allow(dead_code))]
pub(crate) fn dense(chain: &[Cell], i: usize, put: &mut impl FnMut(usize)) {
    let Some(cell) = chain.get(i) else { return };
    places(chain, i, &mut |place, value| {
        if let Some(row) = place.row(value, cell.class) {
            put(row);
        }
    });
    names_of(cell, &mut |name| put(NAMES + name));
    document(cell, &mut |row| put(DOCUMENT + row));
}

/// What stands where near cell `i` of a chain.
#[inline]
fn places(chain: &[Cell], i: usize, put: &mut impl FnMut(Place, usize)) {
    let Some(cell) = chain.get(i) else { return };
    let class = |c: Option<&Cell>| c.map_or(0, |c| c.class as usize);
    let cluster = |c: Option<&Cell>| c.map_or(CLUSTERS, |c| c.cluster) as usize;
    let before = i.checked_sub(1).and_then(|j| chain.get(j));
    let after = chain.get(i + 1);
    put(PREVIOUS, class(before));
    put(NEXT, class(after));
    put(
        PREVIOUS_2,
        class(i.checked_sub(2).and_then(|j| chain.get(j))),
    );
    put(LEAD, cell.lead as usize);
    put(LEFT, cell.gap as usize);
    put(RIGHT, after.map_or(gap::END, |c| c.gap) as usize);
    put(CLITIC, cell.clitic as usize);
    put(PART, cell.part as usize);
    put(NEAR_BEFORE, cluster(before));
    put(NEAR_AFTER, cluster(after));
}

/// By group, how a cell is part of a known name.
#[inline]
fn names_of(cell: &Cell, put: &mut impl FnMut(usize)) {
    let mut names = cell.names;
    while names != 0 {
        let group = names.trailing_zeros() / 4;
        let bits = names >> (4 * group) & 15;
        put((group * 16 + bits) as usize);
        names &= !(15 << (4 * group));
    }
}

/// What other mentions of its word say of a cell: rows beside each other for sorts of classes.
#[inline]
fn document(cell: &Cell, put: &mut impl FnMut(usize)) {
    let mut votes = cell.document;
    while votes != 0 {
        put(sort_of(cell.class) * 16 + votes.trailing_zeros() as usize);
        votes &= votes - 1;
    }
}

/// Whether a word is part of a known name of a place, body or person.
#[inline]
pub(crate) const fn named(cell: &Cell) -> bool {
    cell.names & ((1 << (4 * group::TITLE)) - 1) != 0
}

/// Whether a word opens names or offices: «وزارة», «مدينة», «رئيس».
#[inline]
pub(crate) const fn opens(cell: &Cell) -> bool {
    const OPENERS: u64 = 1 << class::BODY_HEAD_THE
        | 1 << class::BODY_HEAD
        | 1 << class::BODY_HEAD_OF
        | 1 << class::BODY_FIRST
        | 1 << class::PLACE_HEAD
        | 1 << class::SITE_HEAD
        | 1 << class::ROLE;
    OPENERS >> cell.class & 1 != 0
}

/// Whether a word may not go on a name of a person or place: one with و in front that is no part of a known name.
pub(crate) const fn separate(cell: &Cell) -> bool {
    const INSIDE: u32 = 0x222_2222;
    cell.clitic == 1 && cell.names & INSIDE == 0 || cell.clitic == 6
}

/// The context in which a label follows another: the gap between the two and what the later word has in front.
#[inline]
pub(crate) fn edge(cell: &Cell) -> usize {
    cell.gap as usize * CLITICS + cell.clitic as usize
}

/// Number of such contexts.
pub(crate) const EDGES: usize = gap::COUNT * CLITICS;
/// Number of values of `clitic`.
pub(crate) const CLITICS: usize = 8;

/// Marks what is known of the words of a chain, which begins at cell `base`: names, longest first, group by group, which
/// may begin at the cells `firsts`; openers before words; and the classes that words of names of several words take.
#[inline(never)]
pub(crate) fn mark(
    chain: &mut [Cell],
    firsts: &[u32],
    infos: &[WordInfo],
    gazetteer: &Gazetteer,
    hits: &mut Vec<NameHit>,
    base: u32,
) {
    let mut free = Free::default();
    for first in firsts {
        let i = first.wrapping_sub(base) as usize;
        if let Some(info) = chain.get(i).and_then(|c| infos.get(c.word as usize)) {
            mark_name(chain, i, info, infos, gazetteer, hits, base, &mut free);
        }
    }
    let mut state = lead::NONE;
    for cell in chain {
        if ENDS_LEAD >> cell.gap & 1 != 0 {
            state = lead::NONE;
        }
        cell.lead = state;
        let next = LEADS
            .get(state as usize)
            .and_then(|l| l.get(cell.class as usize));
        state = next.copied().unwrap_or_default();
        if cell.names & SEVERAL != 0 {
            if cell.names >> (4 * group::TITLE) & 8 != 0 {
                state = lead::TITLE;
            }
            cell.class = class_in_name(cell);
        }
    }
}

/// Gaps behind which no opener governs any more: a bit each.
const ENDS_LEAD: u16 =
    1 << gap::COMMA | 1 << gap::COLON | 1 << gap::CLOSE | 1 << gap::OTHER | 1 << gap::END;

/// Group by group the first cell behind the last name, and the last of these.
#[derive(Default)]
struct Free {
    of: [usize; group::COUNT],
    all: usize,
}

/// Marks the names that begin at cell `i`, whose word is `info`.
#[inline]
#[allow(clippy::too_many_arguments)]
fn mark_name(
    chain: &mut [Cell],
    i: usize,
    info: &WordInfo,
    infos: &[WordInfo],
    gazetteer: &Gazetteer,
    hits: &mut Vec<NameHit>,
    base: u32,
    free: &mut Free,
) {
    let nodes = [(info.key, info.key_node), (info.whole, info.whole_node)];
    // A longer name begins here only where its second word follows.
    let longer = || {
        let Some(next) = chain.get(i + 1).filter(|next| {
            matches!(
                next.gap,
                gap::SPACE | gap::QUOTE | gap::TIGHT_DASH | gap::DOT
            )
        }) else {
            return false;
        };
        let whole = infos.get(next.word as usize).map_or(0, |i| i.whole);
        nodes.iter().any(|(name, node)| {
            node.mask & INNER != 0 && gazetteer.get(fold::chain(*name, whole)).is_some()
        })
    };
    let goes_on = (info.key_node.mask | info.whole_node.mask) & INNER != 0;
    if free.all <= i && !(goes_on && longer()) {
        for (_, node) in nodes {
            if node.entry != 0 && node.mask & !INNER != 0 {
                hits.push(NameHit {
                    first: base + i as u32,
                    end: base + i as u32 + 1,
                    mask: node.mask,
                    entry: node.entry,
                });
            }
        }
        if let Some(cell) = chain.get_mut(i) {
            cell.names |= info.alone;
        }
        return;
    }
    let mut longest = [0usize; group::COUNT];
    for (start, node) in nodes {
        let mut hash = start;
        let mut end = i + 1;
        let mut node = Some(node).filter(|n| n.mask != 0);
        while let Some(Node { mask, entry }) = node {
            if mask & !INNER != 0 {
                let length = end - i;
                for (longest, group) in longest.iter_mut().zip(&GROUPS) {
                    if length > *longest && mask & group != 0 {
                        *longest = length;
                    }
                }
                if entry != 0 {
                    hits.push(NameHit {
                        first: base + i as u32,
                        end: base + end as u32,
                        mask,
                        entry,
                    });
                }
            }
            if mask & INNER == 0 {
                break;
            }
            let Some(next) = chain.get(end) else { break };
            if !matches!(
                next.gap,
                gap::SPACE | gap::QUOTE | gap::TIGHT_DASH | gap::DOT
            ) {
                break;
            }
            let Some(next) = infos.get(next.word as usize) else {
                break;
            };
            hash = fold::chain(hash, next.whole);
            node = gazetteer.get(hash);
            end += 1;
        }
    }
    for (g, (&length, free_of)) in longest.iter().zip(&mut free.of).enumerate() {
        if length == 0 || *free_of > i {
            continue;
        }
        *free_of = i + length;
        free.all = free.all.max(*free_of);
        for (k, cell) in chain.iter_mut().skip(i).take(length).enumerate() {
            let mut bits = if k == 0 { 1 } else { 2 };
            if k + 1 == length {
                bits |= 4;
            }
            if length > 1 {
                bits |= 8;
            } else if info.mask & COMMON != 0 {
                bits = 4;
            }
            cell.names |= bits << (4 * g);
        }
    }
}

/// The bits of `Cell::names` of names of several words.
const SEVERAL: u32 = 0x888_8888;

/// The class of a word of a known name of several words.
fn class_in_name(cell: &Cell) -> u8 {
    let bits = |g: u32| cell.names >> (4 * g) & 15;
    let inside = |b: u32| b & 2 != 0;
    let (place, minor, body, person) = (
        bits(group::PLACE),
        bits(group::MINOR),
        bits(group::BODY),
        bits(group::PERSON),
    );
    match (body, place, person, minor) {
        (b, ..) if b & 8 != 0 && inside(b) => class::BODY_NEXT,
        (b, ..) if b & 8 != 0 => class::BODY_FIRST,
        (_, p, ..) if p & 8 != 0 && inside(p) => class::PLACE_NEXT,
        (_, p, ..) if p & 8 != 0 => class::PLACE,
        (_, _, p, _) if p & 8 != 0 && inside(p) => class::FAMILY,
        (_, _, p, _) if p & 8 != 0 => class::GIVEN,
        (.., m) if m & 8 != 0 && inside(m) => class::PLACE_NEXT,
        (.., m) if m & 8 != 0 => class::MINOR,
        _ => cell.class,
    }
}

/// Masks of the groups.
const GROUPS: [u32; group::COUNT] = [
    COUNTRY | REGION | CITY | NATURE | SITE,
    MINOR,
    BODY,
    SHORT,
    GIVEN | FAMILY | FULL,
    TITLE | ROLE_HEAD | AFTER,
    GROUP | NISBA,
];

/// A known name in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameHit {
    pub first: u32,
    pub end: u32,
    pub mask: u32,
    pub entry: u32,
}

/// By class: the state a word puts those behind it in; `lead::NONE` where it opens nothing.
const OPENS: [u8; CLASSES] = {
    let mut out = [lead::NONE; CLASSES];
    out[class::TITLE as usize] = lead::TITLE;
    out[class::ROLE as usize] = lead::TITLE;
    out[class::RELATION as usize] = lead::TITLE;
    out[class::KIN as usize] = lead::KIN;
    out[class::BODY_HEAD as usize] = lead::BODY;
    out[class::BODY_HEAD_THE as usize] = lead::BODY_THE;
    out[class::PLACE_HEAD as usize] = lead::PLACE;
    out[class::SITE_HEAD as usize] = lead::SITE;
    out[class::SAYING as usize] = lead::SAYING;
    out
};

/// By class: whether it goes on what was opened.
const MODIFIES: [bool; CLASSES] = {
    use class as c;
    let mut out = [false; CLASSES];
    let list = [
        c::NISBA_THE,
        c::NISBA,
        c::ADJECTIVE_THE,
        c::ADJECTIVE,
        c::NOUN_THE,
        c::NOUN,
        c::COUNTRY,
        c::PLACE,
        c::BODY_HEAD,
        c::BODY_HEAD_THE,
        c::BODY,
        c::UNKNOWN_THE,
        c::NUMBER_WORD,
        c::PLACE_TAG,
    ];
    let mut i = 0;
    while i < list.len() {
        out[list[i] as usize] = true;
        i += 1;
    }
    out
};

/// By state: the next one behind a modifier.
const GOES_ON: [u8; lead::COUNT] = {
    let mut out = [lead::NONE; lead::COUNT];
    out[lead::TITLE as usize] = lead::TITLE_1;
    out[lead::TITLE_1 as usize] = lead::TITLE_2;
    out[lead::TITLE_2 as usize] = lead::TITLE_FAR;
    out[lead::TITLE_FAR as usize] = lead::TITLE_FAR;
    out[lead::BODY as usize] = lead::BODY_1;
    out[lead::BODY_1 as usize] = lead::BODY_2;
    out[lead::BODY_2 as usize] = lead::BODY_FAR;
    out[lead::BODY_FAR as usize] = lead::BODY_FAR;
    out[lead::BODY_THE as usize] = lead::BODY_THE_1;
    out[lead::BODY_THE_1 as usize] = lead::BODY_2;
    out
};

/// By what governs a word and by its class: what governs the word behind it.
const LEADS: [[u8; CLASSES]; lead::COUNT] = {
    let mut out = [OPENS; lead::COUNT];
    let mut state = 0;
    while state < lead::COUNT {
        let mut class = 0;
        while class < CLASSES {
            if OPENS[class] == lead::NONE && MODIFIES[class] {
                out[state][class] = GOES_ON[state];
            }
            class += 1;
        }
        state += 1;
    }
    out
};

/// The class of a gap, from the characters between two units.
pub(crate) fn gap_of(between: &str) -> u8 {
    let mut out = gap::SPACE;
    let mut space = false;
    for c in between.chars() {
        let g = match c {
            c if c.is_whitespace() => {
                space = true;
                continue;
            }
            // Hashtags are words like others; bidi marks and joiners are nothing.
            '#' | '_' => continue,
            c if crate::normalize::table::class(c) & crate::normalize::table::INVISIBLE != 0 => {
                continue;
            }
            '"' | '«' | '»' | '“' | '”' | '\'' | '‘' | '’' | '„' => gap::QUOTE,
            '(' | '[' | '{' => gap::OPEN,
            ')' | ']' | '}' => gap::CLOSE,
            ',' | '،' | ';' | '؛' => gap::COMMA,
            '-' | '–' | '—' | '‑' | '‐' => gap::DASH,
            '.' | '…' => gap::DOT,
            ':' => gap::COLON,
            '/' | '\\' | '|' => gap::SLASH,
            _ => gap::OTHER,
        };
        if out == gap::SPACE || out == gap::QUOTE {
            out = g;
        }
    }
    if out == gap::DASH && !space {
        out = gap::TIGHT_DASH;
    }
    out
}

/// Whether a unit begins a chain of its own: a new line.
pub(crate) fn starts_line(between: &str) -> bool {
    between.contains('\n')
}

/// The text between two units.
pub(crate) fn between<'t>(text: &'t str, before: Option<&Unit>, unit: &Unit) -> &'t str {
    let from = before.map_or(0, |u| u.span.end as usize);
    text.get(from..unit.span.start as usize).unwrap_or("")
}

/// Four sorts of classes: strangers, names, other open words, openers.
const fn sort_of(c: u8) -> usize {
    match c {
        class::UNKNOWN | class::UNKNOWN_THE | class::UNKNOWN_CLITIC | class::LATIN => 0,
        class::COUNTRY..=class::BODY
        | class::BODY_FIRST
        | class::BODY_NEXT
        | class::PLACE_NEXT
        | class::COMMON_NAME
        | class::COMMON_PLACE
        | class::NAME_TAG
        | class::PLACE_TAG
        | class::BODY_TAG => 1,
        class::NISBA_THE | class::NISBA | class::PERFECT..=class::NOUN_OF => 2,
        _ => 3,
    }
}

/// How often each word of a text got which label, as part of how long a name.
#[derive(Debug, Default)]
pub(crate) struct Votes {
    /// Open addressing: key and counts by kind (three) and place in the name (only word, first, middle, last), then
    /// outside any.
    slots: Vec<(u64, [u16; 13])>,
    /// The cells that get something.
    marked: Vec<u32>,
}

impl Votes {
    fn slot(&mut self, key: u64, insert: bool) -> Option<&mut [u16; 13]> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = (key >> 16) as usize & mask;
        // The table is at most half full.
        loop {
            match self.slots.get(at)?.0 {
                0 if insert => {
                    self.slots.get_mut(at)?.0 = key;
                    break;
                }
                0 => return None,
                k if k == key => break,
                _ => at = (at + 1) & mask,
            }
        }
        self.slots.get_mut(at).map(|s| &mut s.1)
    }

    /// Whether a cell labelled so has another kind of label elsewhere.
    pub fn doubts(cell: &Cell, label: u8) -> bool {
        let own = match label {
            0 => 1 << 12,
            l => 0b1111u16 << ((l - 1) / 2 * 4),
        };
        cell.document & !own != 0
    }

    /// Which count a label belongs to; `next` is the label behind it.
    fn place(label: u8, next: u8) -> usize {
        if label == 0 {
            return 12;
        }
        let begins = label % 2 == 1;
        let goes_on = if begins {
            next == label + 1
        } else {
            next == label
        };
        let shape = match (begins, goes_on) {
            (true, false) => 0,
            (true, true) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        (label as usize - 1) / 2 * 4 + shape
    }

    /// Sets `document` of every cell of the runs from the labels of all; gives back whether any cell got something.
    #[inline(never)]
    pub fn mark(
        &mut self,
        runs: &[Run],
        cells: &mut [Cell],
        labels: &[u8],
        key_of: impl Fn(&Cell) -> u64,
    ) -> bool {
        let Votes { marked, .. } = self;
        marked.clear();
        let all = |run: &Run| run.first..run.end;
        let label_of = |i: u32| labels.get(i as usize).copied().unwrap_or(0);
        marked.extend(runs.iter().flat_map(all).filter(|&i| label_of(i) != 0));
        let entities = marked.len();
        if entities == 0 {
            return false;
        }
        self.slots.clear();
        self.slots
            .resize((entities * 2 + 2).next_power_of_two(), (0, [0; 13]));
        // Most words of a text are never part of a name, and this says so.
        let mut signs = Signs::default();
        let place = |i: u32| Votes::place(label_of(i), label_of(i + 1));
        let key_at = |cells: &[Cell], i: u32| cells.get(i as usize).map_or(0, &key_of) | 1;
        for k in 0..entities {
            let Some(&i) = self.marked.get(k) else { break };
            let key = key_at(cells, i);
            signs.add(cells.get(i as usize).map_or(0, |c| c.sign));
            if let Some(counts) = self.slot(key, true)
                && let Some(n) = counts.get_mut(place(i))
            {
                *n = n.saturating_add(1);
            }
        }
        // Mentions that are labelled «outside» count as well.
        for i in runs.iter().flat_map(all) {
            let told = cells.get(i as usize).is_some_and(|c| signs.has(c.sign));
            if told
                && label_of(i) == 0
                && let Some(counts) = self.slot(key_at(cells, i), false)
                && let Some(n) = counts.last_mut()
            {
                *n = n.saturating_add(1);
                self.marked.push(i);
            }
        }
        let mut any = false;
        for k in 0..self.marked.len() {
            let Some(&i) = self.marked.get(k) else { break };
            let own = place(i);
            let counts = self.slot(key_at(cells, i), false).map_or([0; 13], |c| *c);
            let mut document = 0;
            for (place, &n) in counts.iter().enumerate() {
                document |= u16::from(n > u16::from(place == own)) << place;
            }
            if let Some(cell) = cells.get_mut(i as usize) {
                cell.document = document;
            }
            any |= document != 0;
        }
        any
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.slots.capacity() * size_of::<(u64, [u16; 13])>() + self.marked.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without a pattern.
    fn numbers(seed: u32) -> impl FnMut(u32) -> u32 {
        let mut state = seed;
        move |below| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        }
    }

    #[test]
    fn blocks_say_what_the_rows_of_a_weights_file_say() {
        let mut next = numbers(7);
        let rows: Vec<Row> = (0..DENSE)
            .map(|_| Row::splat(next(200) as i16 - 100))
            .collect();
        let blocks = Blocks::new(&rows);
        let chain: Vec<Cell> = (0..500)
            .map(|_| Cell {
                class: next(CLASSES as u32) as u8,
                gap: next(gap::COUNT as u32) as u8,
                clitic: next(CLITICS as u32) as u8,
                lead: next(lead::COUNT as u32) as u8,
                cluster: next(u32::from(CLUSTERS)) as u8,
                part: next(4) as u8,
                document: next(1 << 13) as u16,
                names: next(1 << 24) << 4 | next(16),
                ..Cell::default()
            })
            .collect();
        for (i, cell) in chain.iter().enumerate() {
            let mut said = Row::default();
            dense(&chain, i, &mut |row| said += rows[row]);
            let mut sum = blocks.sum(&chain, i);
            blocks.of_document(cell, &mut sum);
            assert_eq!(sum, said, "cell {i}: {cell:?}");
        }
    }

    #[test]
    fn every_row_of_a_weights_file_has_one_meaning() {
        let places = [
            PREVIOUS,
            NEXT,
            PREVIOUS_2,
            LEAD,
            LEFT,
            RIGHT,
            CLITIC,
            PART,
            NEAR_BEFORE,
            NEAR_AFTER,
        ];
        let mut used = vec![false; DENSE];
        let mut take = |row: usize| assert!(!std::mem::replace(&mut used[row], true), "row {row}");
        for place in places {
            for value in 0..place.values {
                for class in 0..CLASSES as u8 {
                    place.row(value, class).into_iter().for_each(&mut take);
                }
            }
        }
        (NAMES..NAMES + NAME_ROWS).for_each(&mut take);
        (DOCUMENT..DOCUMENT + DOCUMENT_ROWS).for_each(&mut take);
        let mut slots = [false; SLOTS];
        for place in places {
            for slot in place.at..=place.at + place.mask {
                assert!(!std::mem::replace(&mut slots[slot], true), "slot {slot}");
            }
        }
    }
}
