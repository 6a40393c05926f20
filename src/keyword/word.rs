//! What keywords need to know of a word, worked out once for each distinct form.

use super::background::{Background, Frequency};
use super::first::First;
use super::join::Joins;
use crate::ahead::fetch;
use crate::document::Document;
use crate::morph::{SegmentKind, Tag};
use crate::normalize::{Normalizer, fold_letter, fold_letters};
use crate::token::TokenKind;
use crate::words::{ByLemma, Word, Words};

/// May begin a phrase.
pub(crate) const HEAD: u32 = 1;
/// May end a phrase.
pub(crate) const TAIL: u32 = 1 << 1;
/// May stand inside a phrase only: غير, and particles («الحرب على الإرهاب»).
pub(crate) const LINK: u32 = 1 << 2;
pub(crate) const NOT: u32 = 1 << 3;
pub(crate) const ARTICLE: u32 = 1 << 4;
/// و or ف in front.
pub(crate) const CONJUNCTION: u32 = 1 << 5;
/// ب, ل or ك in front.
pub(crate) const PREPOSITION: u32 = 1 << 6;
pub(crate) const PRONOUN: u32 = 1 << 7;
pub(crate) const NOUN: u32 = 1 << 8;
pub(crate) const ADJECTIVE: u32 = 1 << 9;
pub(crate) const NISBA: u32 = 1 << 10;
pub(crate) const NAME: u32 = 1 << 11;
pub(crate) const PLACE: u32 = 1 << 12;
pub(crate) const BODY: u32 = 1 << 13;
pub(crate) const UNKNOWN: u32 = 1 << 14;
/// Says nothing by itself: بلاد, منطقة, تصريح.
pub(crate) const GENERIC: u32 = 1 << 15;
pub(crate) const ACCUSATIVE: u32 = 1 << 16;
pub(crate) const PLURAL: u32 = 1 << 17;
/// Letters of another script.
pub(crate) const FOREIGN: u32 = 1 << 18;
/// بن, آل, أبو: part of a name.
pub(crate) const KIN: u32 = 1 << 19;

/// Ends in ة or ى, or is feminine without an ending.
pub(crate) const FEMININE: u32 = 1 << 20;
/// Feminine or masculine, as far as the form says: plurals, words in اء.
pub(crate) const EITHER: u32 = 1 << 21;

/// A word that may be part of a phrase other than as a link.
pub(crate) const CONTENT: u32 = HEAD | TAIL | TAIL_LATER;
/// A word that goes on: بن, أبو.
pub(crate) const TAIL_LATER: u32 = 1 << 22;
/// The preposition is ل.
pub(crate) const FOR: u32 = 1 << 23;
/// A name of any kind.
pub(crate) const PROPER: u32 = NAME | PLACE | BODY;

/// What collecting needs of a form.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WordClass {
    /// Hash of the folded stem.
    pub key: u64,
    pub flags: u32,
    /// Its sort in [`Joins`].
    pub sort: u8,
    /// Of a word that may be part of a phrase.
    pub frequency: Frequency,
    pub worth: Worth,
}

impl WordClass {
    #[inline]
    pub const fn is(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }
}

/// What a word is worth at first sight: alone, at the beginning and at the end of a phrase.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Worth {
    pub one: f32,
    pub head: f32,
    pub tail: f32,
}

/// Words with a treatment of their own, by the hash of their folded dictionary form.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordLists {
    /// Open addressing by key, a power of two of slots; free where the flags are 0.
    slots: Vec<(u64, u32)>,
    used: usize,
}

/// Of `WordLists` only: a stop word; one in some forms; a word that may end, or begin, a phrase in some forms.
const STOP: u32 = 1 << 31;
const STOP_BARE: u32 = 1 << 30;
const STOP_SINGULAR: u32 = 1 << 29;
const ONLY_TAIL: u32 = 1 << 28;
const ONLY_HEAD: u32 = 1 << 27;

impl WordLists {
    /// Reads `lexicons/keywords/words.txt`.
    pub fn shipped() -> WordLists {
        let mut lists = WordLists::default();
        let mut section = 0;
        for line in include_str!("../../lexicons/keywords/words.txt").lines() {
            match line.trim() {
                "" => {}
                "[stop]" => section = STOP,
                "[article]" => section = STOP_BARE,
                "[plural]" => section = STOP_SINGULAR,
                "[tail]" => section = ONLY_TAIL,
                "[head]" => section = ONLY_HEAD,
                "[generic]" => section = GENERIC,
                "[link]" => section = LINK,
                "[feminine]" => section = FEMININE,
                word if word.starts_with('#') => {}
                word => lists.insert(word, section),
            }
        }
        lists
    }

    fn insert(&mut self, word: &str, flag: u32) {
        if self.used * 4 >= self.slots.len() {
            let size = (self.slots.len() * 2).max(64);
            let old = std::mem::replace(&mut self.slots, vec![(0, 0); size]);
            self.used = 0;
            for (key, flags) in old.into_iter().filter(|s| s.1 != 0) {
                self.put(key, flags);
            }
        }
        self.put(key(word), flag);
    }

    fn put(&mut self, key: u64, flags: u32) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = key as usize & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == 0 || slot.0 == key {
                self.used += usize::from(slot.1 == 0);
                *slot = (key, slot.1 | flags);
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a stop word of the caller's.
    pub fn stop(&mut self, word: &str) {
        self.insert(word, STOP);
    }

    fn of(&self, key: u64) -> u32 {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = key as usize & mask;
        // A quarter of the slots is in use at most, so a free one is near.
        while let Some(&(found, flags)) = self.slots.get(at) {
            if found == key || flags == 0 {
                return flags;
            }
            at = (at + 1) & mask;
        }
        0
    }
}

/// Key of a stem.
pub(crate) fn key(stem: &str) -> u64 {
    let mut folded = String::new();
    key_with(stem, &mut folded)
}

fn key_with(stem: &str, folded: &mut String) -> u64 {
    plain_key(stem.as_bytes()).unwrap_or_else(|| {
        folded.clear();
        Normalizer::key().fold_into(stem, folded, |_, _, _| {});
        hash64(folded.as_bytes())
    })
}

/// [`key`] of a word of the plain Arabic letters, which nearly all are; the letters are folded on the way.
fn plain_key(stem: &[u8]) -> Option<u64> {
    let mut h = FNV;
    let (letters, []) = stem.as_chunks::<2>() else {
        return None;
    };
    for &letter in letters {
        let [lead, trail] = fold_letter(letter)?;
        h = fnv(fnv(h, lead), trail);
    }
    Some(finish(h))
}

const FNV: u64 = 0xcbf2_9ce4_8422_2325;

#[inline]
const fn fnv(h: u64, byte: u8) -> u64 {
    (h ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// FNV-1a with a final mix: the keys stand in shipped tables, so the function must never change.
pub(crate) fn hash64(bytes: &[u8]) -> u64 {
    finish(bytes.iter().fold(FNV, |h, &b| fnv(h, b)))
}

const fn finish(mut h: u64) -> u64 {
    h ^= h >> 32;
    h = h.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    h ^ (h >> 29)
}

/// Key of a phrase that is longer by one word.
#[inline]
pub(crate) fn join(phrase: u64, word: u64) -> u64 {
    finish(phrase.rotate_left(17).wrapping_add(word))
}

/// What is known of the words of a scratch beside their classes.
#[derive(Debug, Default)]
pub(crate) struct WordInfos {
    pub joins: Joins,
    /// By lemma of the morphology, see [`WordInfos::of_lemma`].
    lemmas: ByLemma<LemmaInfo>,
    folded: String,
}

/// The classes of all words of a scratch, for those who count with lists and frequencies of their own.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    list: Vec<WordClass>,
    generation: u32,
}

impl Classes {
    /// Those of the words of some units.
    pub fn of(
        &mut self,
        document: &Document<'_>,
        infos: &mut WordInfos,
        lists: &WordLists,
        background: &Background,
        first: &First,
    ) -> impl Iterator<Item = WordClass> {
        let words = document.words;
        let renumbered = words.renumbered(&mut self.generation);
        renumbered.apply(&mut self.list);
        let (known, list) = (self.list.len(), &mut self.list);
        infos.learn(words, known, lists, background, first, |c| list.push(c));
        let class = |word: u32| self.list.get(word as usize).copied();
        let units = document.units.iter();
        units.map(move |unit| class(unit.word).unwrap_or_default())
    }
}

/// What all forms of a lemma share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct LemmaInfo {
    key: u64,
    /// What [`WordLists`] say of it.
    listed: u32,
    frequency: Frequency,
}

impl WordInfos {
    pub fn memory_usage(&self) -> usize {
        self.joins.memory_usage() + self.lemmas.memory_usage() + self.folded.capacity()
    }

    /// Looks up the words from number `known` on, and calls `put` with the class of each.
    #[inline(never)]
    pub fn learn(
        &mut self,
        words: &Words,
        known: usize,
        lists: &WordLists,
        background: &Background,
        first: &First,
        mut put: impl FnMut(WordClass),
    ) {
        if known == words.len() {
            return;
        }
        if known == 0 {
            // The words may have been those of another tagger, with other lists.
            self.lemmas.clear();
        }
        self.lemmas.fetch(words, known, |info| info.listed);
        let all = (background.documents() as f32).ln().max(1.0);
        for (id, word) in words.iter().enumerate().skip(known) {
            let id = id as u32;
            let LemmaInfo {
                key,
                listed,
                frequency,
                ..
            } = self.of_lemma(words, id, word, lists, background);
            let flags = classify(word, words.norm(id), listed);
            let mut class = WordClass {
                key,
                flags,
                sort: self.joins.sort(flags),
                ..WordClass::default()
            };
            if flags & (CONTENT | LINK | NOT) != 0 {
                let (burst, title) = (frequency.burst(), frequency.title());
                let rare = (all - frequency.documents()) / all;
                class.frequency = frequency;
                class.worth = first.of_word(flags, rare, burst, title);
            }
            put(class);
        }
    }

    /// What a word has from its lemma.
    fn of_lemma(
        &mut self,
        words: &Words,
        id: u32,
        word: &Word,
        lists: &WordLists,
        background: &Background,
    ) -> LemmaInfo {
        let WordInfos { lemmas, folded, .. } = self;
        lemmas.get(word.analysis.lemma, || {
            let key = key_with(words.stem(id), folded);
            LemmaInfo {
                key,
                listed: lists.of(key),
                frequency: background.word(key),
            }
        })
    }
}

/// The flags of a word with this normal form, of whose stem the lists say `listed`.
fn classify(word: &Word, norm: &str, listed: u32) -> u32 {
    if word.kind != TokenKind::Word {
        return 0;
    }
    if !word.arabic {
        let letters = norm.chars().count();
        return if letters >= 2 && listed & STOP == 0 {
            HEAD | TAIL | UNKNOWN | FOREIGN
        } else {
            0
        };
    }
    let a = &word.analysis;
    let mut flags = 0;
    let mut base = 0;
    let mut before = 0;
    for (kind, len) in a.segments.iter() {
        match kind {
            SegmentKind::Conjunction => flags |= CONJUNCTION,
            SegmentKind::Preposition => {
                flags |= PREPOSITION;
                // The article is written without its alef behind ل.
                if norm.get(before * 2..).is_some_and(|n| n.starts_with('ل')) {
                    flags |= FOR;
                }
            }
            SegmentKind::Article => flags |= ARTICLE,
            SegmentKind::Pronoun => flags |= PRONOUN,
            SegmentKind::Base => base += len,
            SegmentKind::Future | SegmentKind::Interrogative => {}
        }
        if base == 0 {
            before += len;
        }
    }
    // Parts of names that end none; بن begins none either.
    match norm {
        _ if norm.len() > 6 => {}
        "غير" => return NOT,
        "بن" | "بنت" | "ولد" => return TAIL_LATER | NAME | KIN,
        "ابن" | "آل" | "أبو" | "أبي" | "أبا" | "أم" | "عبد" | "ذو" => {
            return HEAD | TAIL_LATER | NAME | KIN;
        }
        _ => {}
    }
    flags |= match a.tag {
        Tag::Noun => NOUN,
        Tag::Adjective => ADJECTIVE,
        Tag::Nisba => ADJECTIVE | NISBA,
        Tag::GivenName | Tag::FamilyName => NAME,
        Tag::Place => PLACE,
        Tag::Organization | Tag::Abbreviation => BODY,
        Tag::Unknown => UNKNOWN,
        Tag::Particle
            if listed & LINK != 0 && flags & (CONJUNCTION | PREPOSITION | PRONOUN) == 0 =>
        {
            return LINK;
        }
        Tag::Verb | Tag::Adverb | Tag::Number | Tag::Particle | Tag::Pronoun | Tag::Month => {
            return 0;
        }
    };
    // Letters of a normalised Arabic word take two bytes.
    let end = (before + base.max(1)) * 2;
    match norm.get(end - 2..end) {
        Some("ة" | "ى") => flags |= FEMININE,
        Some("ء") => flags |= EITHER,
        _ => flags |= listed & FEMININE,
    }
    if matches!(norm, "الأول" | "الأولى") {
        // «الحرب العالمية الأولى»
        return flags | ADJECTIVE | TAIL;
    }
    let plural = a.is_plural() || a.is_dual();
    let adjective = flags & ADJECTIVE != 0;
    let stop = listed & STOP != 0
        || listed & STOP_BARE != 0 && flags & ARTICLE == 0 && !plural && !adjective
        || listed & STOP_SINGULAR != 0 && !plural;
    if base < 2 || stop {
        return 0;
    }
    if listed & ONLY_TAIL != 0 {
        // «القطاع الخاص»; «العام الماضي» is none, nor is «خاصة أن».
        return if flags & ARTICLE != 0 {
            flags & !NOUN | ADJECTIVE | TAIL_LATER | TAIL
        } else {
            0
        };
    }
    if listed & ONLY_HEAD != 0 {
        return if flags & ARTICLE != 0 || flags & ADJECTIVE != 0 {
            flags | HEAD
        } else {
            0
        };
    }
    if listed & (STOP_BARE | STOP_SINGULAR) != 0 && !plural && !adjective {
        flags |= GENERIC;
    }
    if flags & PROPER == 0 {
        flags |= listed & GENERIC;
    }
    if a.is_accusative() {
        flags |= ACCUSATIVE;
    }
    if plural {
        flags |= PLURAL | EITHER;
    }
    flags | HEAD | TAIL
}

/// What two spellings of a word have in common, see [`light`]: few words are asked for it, but these again and again.
#[derive(Debug, Default)]
pub(super) struct Lights {
    /// By word; 0 where it was not asked for.
    known: Vec<u32>,
    generation: u32,
    folded: String,
}

impl Lights {
    /// Brings the list up to date.
    pub fn fit(&mut self, words: &Words) {
        let renumbered = words.renumbered(&mut self.generation);
        renumbered.apply(&mut self.known);
        self.known.resize(words.len(), 0);
    }

    /// Brings near in memory what is known of some words.
    pub fn fetch(&self, words: impl Iterator<Item = u32>) {
        fetch(words.map(|id| self.known.get(id as usize).copied().unwrap_or(0)));
    }

    /// Of a word without what stands before its article or base.
    #[inline]
    pub fn of(&mut self, words: &Words, id: u32) -> u32 {
        match self.known.get(id as usize) {
            Some(&light) if light != 0 => light,
            _ => self.ask(words, id),
        }
    }

    #[inline(never)]
    fn ask(&mut self, words: &Words, id: u32) -> u32 {
        let start = words.get(id).map_or(0, |word| word.cut().0);
        let light = self.behind(words, id, start);
        if let Some(place) = self.known.get_mut(id as usize) {
            *place = light;
        }
        light
    }

    /// Of a word from byte `start` of its normal form on.
    pub fn behind(&mut self, words: &Words, id: u32, start: usize) -> u32 {
        let norm = words.norm(id);
        light(norm.get(start..).unwrap_or(norm), &mut self.folded).max(1)
    }

    pub fn memory_usage(&self) -> usize {
        self.known.capacity() * 4 + self.folded.capacity()
    }
}

/// Hash of a crude stem: what two spellings of a word have in common whatever the morphology makes of them.
fn light(base: &str, folded: &mut String) -> u32 {
    let mut letters = [0; LIGHT];
    let mut w = fold_letters(base, &mut letters).unwrap_or_else(|| {
        folded.clear();
        Normalizer::key().fold_into(base, folded, |_, _, _| {});
        folded.as_bytes()
    });
    for article in ["ال", "لل"] {
        if let Some(rest) = w.strip_prefix(article.as_bytes())
            && rest.len() >= 4
        {
            w = rest;
            break;
        }
    }
    // The last letters of these.
    if !["ا", "ن", "ت", "ه", "ي"]
        .iter()
        .any(|s| w.ends_with(s.as_bytes()))
    {
        return hash64(w) as u32;
    }
    for suffix in ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"] {
        if let Some(rest) = w.strip_suffix(suffix.as_bytes())
            && rest.len() >= 4
        {
            w = rest;
        }
    }
    hash64(w) as u32
}

/// Longest word in bytes that is folded where it stands.
const LIGHT: usize = 32;
