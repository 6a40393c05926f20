//! The words of number, date and measure: what one word can mean before its neighbours are asked.
//!
//! Every distinct word is looked up once (the caller keeps its [`WordCue`] beside the word table); the grammars of
//! numbers, dates and quantities then walk over cues and never compare letters again.

mod mark;
#[cfg(test)]
pub(crate) mod tests;
mod words;

use std::collections::HashMap;

use crate::words::WordHash;

use crate::calendar::{self, CalendarWord};
use crate::normalize::table;
use crate::span::Span;
use crate::token::scan::plain_run;
use crate::token::{RawToken, TokenKind};

pub(crate) use mark::{Marks, Start};
pub(crate) use words::{Glue, Hedge, LawWord, NumberWord, RelativeWord, TimeUnit};

/// Longest word looked up, in folded bytes.
const MAX_BYTES: usize = 48;

/// What a group of words in `lexicons/language/quantities.toml` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MeasureClass {
    /// `[[people]]`: nouns of people.
    People,
    /// `[[outcome]]` with `form = "noun"`.
    OutcomeNoun,
    /// `[[outcome]]` with `form = "verb"`.
    OutcomeVerb,
    /// `[[outcome]]` with `form = "after"`.
    OutcomeAfter,
    /// `[[unit]]`.
    Unit,
    /// `[[currency]]`.
    Currency,
}

/// One table of `lexicons/language/quantities.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureGroup {
    /// What its words are.
    pub class: MeasureClass,
    /// `id`.
    pub id: String,
    /// `outcome` of people, `kind` of a unit.
    pub about: Option<String>,
    /// `reach`; the default of the class when absent.
    pub reach: Option<u8>,
    /// `bare = false`: the number needs a noun of people.
    pub bare: bool,
    /// `not`: words behind the number that make it something else.
    pub not: Vec<String>,
    /// The terms, as a newspaper prints them; nouns as «singular، plural، ...».
    pub list: Vec<String>,
}

impl MeasureGroup {
    /// A group without terms, with the defaults of the file format.
    pub fn new(class: MeasureClass, id: &str) -> MeasureGroup {
        MeasureGroup {
            class,
            id: id.to_owned(),
            about: None,
            reach: None,
            bare: true,
            not: Vec::new(),
            list: Vec::new(),
        }
    }
}

/// Grammatical number of a noun's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    One,
    /// The dual and nothing else: شخصين.
    Two,
    /// مهاجرين: dual or plural.
    TwoOrMany,
    Many,
}

/// A group as the grammars see it.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) class: MeasureClass,
    pub(crate) id: Box<str>,
    pub(crate) about: Option<Box<str>>,
    pub(crate) reach: u8,
    pub(crate) bare: bool,
    /// Keys of the `not` words, sorted.
    not: Vec<u16>,
}

/// What a word can mean. Most fields of most words are empty; a word may have several.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) calendar: Option<CalendarWord>,
    pub(crate) number: Option<NumberWord>,
    /// الأول 1 .. العاشر 10: the day of a month in words, with عشر and العشرين behind it.
    pub(crate) ordinal: Option<u8>,
    pub(crate) hedge: Option<Hedge>,
    pub(crate) glue: Option<Glue>,
    pub(crate) time: Option<(TimeUnit, Form)>,
    pub(crate) relative: Option<RelativeWord>,
    pub(crate) law: Option<LawWord>,
    pub(crate) people: Option<Noun>,
    pub(crate) unit: Option<Noun>,
    pub(crate) currency: Option<Noun>,
    pub(crate) outcome_noun: Option<u16>,
    pub(crate) outcome_verb: Option<u16>,
    pub(crate) outcome_after: Option<u16>,
    /// It begins a phrase of several words ...
    phrase: bool,
    /// ... which is a noun of people.
    opens_people: bool,
    /// It is the last word of an outcome of several words.
    ends_outcome: bool,
}

/// A form of a noun and the group it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Noun {
    pub(crate) group: u16,
    pub(crate) form: Form,
    /// The noun itself: index of its singular in [`MeasureWords::noun`].
    pub(crate) lemma: u16,
}

static NOTHING: Entry = Entry {
    calendar: None,
    number: None,
    ordinal: None,
    hedge: None,
    glue: None,
    time: None,
    relative: None,
    law: None,
    people: None,
    unit: None,
    currency: None,
    outcome_noun: None,
    outcome_verb: None,
    outcome_after: None,
    phrase: false,
    opens_people: false,
    ends_outcome: false,
};

/// What is known of one distinct word: its entry and what stood in front of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordCue {
    /// Index of the entry; 0 for a word that means nothing here.
    key: u16,
    /// Letters of proclitics and article in front of the entry's word.
    pub(crate) prefix: u8,
    flags: u8,
}

impl WordCue {
    const AND: u8 = 1;
    const ARTICLE: u8 = 2;
    const PREPOSITION: u8 = 4;

    /// Nothing is known of the word.
    pub(crate) const fn is_none(self) -> bool {
        self.key == 0
    }

    /// و or ف stood in front.
    pub(crate) const fn and(self) -> bool {
        self.flags & WordCue::AND != 0
    }

    /// The article stood in front.
    pub(crate) const fn article(self) -> bool {
        self.flags & WordCue::ARTICLE != 0
    }

    /// ب, ك or ل stood in front.
    pub(crate) const fn preposition(self) -> bool {
        self.flags & WordCue::PREPOSITION != 0
    }
}

/// The vocabulary of number, date and measure, compiled.
#[derive(Clone, Debug, Default)]
pub struct MeasureWords {
    entries: Vec<Entry>,
    keys: HashMap<Box<str>, u16, WordHash>,
    /// Phrases: keys of their words (0 behind the last), the entry they stand for. Sorted.
    phrases: Vec<([u16; 4], u16)>,
    groups: Vec<Group>,
    nouns: Vec<Box<str>>,
    /// A bit for the last letters of each key, in [`ENDS`] numbers: proclitics leave these alone, so nearly every word
    /// that is no key behind any of them is told by it.
    ends: Vec<u64>,
    /// Takes what finds no room among the entries.
    spare: Entry,
}

/// Forms of a term on average, roughly.
const FORMS: usize = 4;

/// How many of its last bytes a key is known by: as many of these as it has.
const END_BYTES: [usize; 4] = [8, 6, 4, 2];

/// Length of [`MeasureWords::ends`].
const ENDS: usize = 1024;

/// The slot and the bit of a word's last letters in [`MeasureWords::ends`]; `last` are their bytes, the first the lowest.
#[inline]
const fn end_of(last: u64) -> (usize, u64) {
    let hash = last.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    (hash as usize >> 6 & (ENDS - 1), 1 << (hash & 63))
}

/// Up to eight bytes as a number, the first the lowest.
fn number_of(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().rev();
    bytes.fold(0, |number, &b| number << 8 | u64::from(b))
}

/// The last four letters of a word, folded, the first the lowest; `None` where these are not plain Arabic letters.
#[inline]
fn folded_end(word: &[u8]) -> Option<u64> {
    /// By the seven low bits of a letter.
    const FOLDED: [u16; 128] = {
        let mut folded = [0; 128];
        let mut at = 0;
        while at < 128 {
            let bytes = [0xD8 | (at >> 6) as u8, 0x80 | (at & 0x3F) as u8];
            if let Some(bytes) = crate::normalize::fold_letter(bytes) {
                folded[at] = u16::from_le_bytes(bytes);
            }
            at += 1;
        }
        folded
    };
    let window = u64::from_le_bytes(*word.last_chunk::<8>()?);
    if plain_run(u128::from(window)) < 4 {
        return None;
    }
    let letter = |at: u32| {
        let letter = window >> at;
        let code = (letter & 1) << 6 | letter >> 8 & 0x3F;
        let folded = FOLDED.get(code as usize).copied().unwrap_or(0);
        u64::from(folded) << at
    };
    Some(letter(0) | letter(16) | letter(32) | letter(48))
}

/// The bytes of a letter as a number.
const fn letter(letter: &str) -> u64 {
    match letter.as_bytes() {
        [first, second] => u16::from_le_bytes([*first, *second]) as u64,
        _ => 0,
    }
}

/// Bytes of the pronoun at the end of a word, where it has one of those that [`MeasureWords::owned`] takes off.
fn pronoun(end: u64) -> usize {
    const HEH: u64 = letter("ه");
    const MEEM: u64 = letter("م");
    const NOON: u64 = letter("ن");
    const ALEF: u64 = letter("ا");
    let (third, second, last) = (end >> 16 & 0xFFFF, end >> 32 & 0xFFFF, end >> 48);
    match (third, second, last) {
        (HEH, MEEM, ALEF) => 6,
        (_, HEH, MEEM | NOON | ALEF) => 4,
        (_, _, HEH) => 2,
        _ => 0,
    }
}

impl MeasureWords {
    /// Compiles the groups of a `quantities` file; number words, months and hedges are known without one.
    pub fn new(groups: &[MeasureGroup]) -> MeasureWords {
        let mut words = MeasureWords::default();
        let terms: usize = groups.iter().map(|group| group.list.len()).sum();
        words.entries.reserve(terms * FORMS);
        words.keys.reserve(terms * FORMS);
        // Key 0: nothing.
        words.entries.push(Entry::default());
        for (name, meaning) in calendar::words() {
            if meaning != CalendarWord::Time {
                words.entry(name).calendar = Some(meaning);
            }
        }
        words::enter(&mut words);
        for group in groups {
            words.add(group);
        }
        words.phrases.sort_unstable();
        words.phrases.dedup_by_key(|(keys, _)| *keys);
        words.mark_phrases();
        words
    }

    /// Tells the first and the last words of phrases what these are.
    fn mark_phrases(&mut self) {
        let MeasureWords {
            entries, phrases, ..
        } = self;
        for &(keys, entry) in phrases.iter() {
            let Some(&Entry {
                people,
                outcome_noun,
                outcome_verb,
                ..
            }) = entries.get(usize::from(entry))
            else {
                continue;
            };
            let mut words = keys.into_iter().take_while(|&key| key > 0);
            let first = words.next().map(usize::from);
            let last = words.last().map(usize::from);
            if let Some(entry) = first.and_then(|key| entries.get_mut(key)) {
                entry.opens_people |= people.is_some();
            }
            if let Some(entry) = last.and_then(|key| entries.get_mut(key)) {
                entry.ends_outcome |= outcome_noun.is_some() || outcome_verb.is_some();
            }
        }
    }

    fn add(&mut self, group: &MeasureGroup) {
        let Ok(index) = u16::try_from(self.groups.len()) else {
            return;
        };
        let reach = group.reach.unwrap_or(match group.class {
            MeasureClass::OutcomeVerb => 7,
            MeasureClass::OutcomeAfter => 5,
            _ => 0,
        });
        let mut not: Vec<u16> = group.not.iter().map(|word| self.key(&fold(word))).collect();
        not.sort_unstable();
        self.groups.push(Group {
            class: group.class,
            id: group.id.as_str().into(),
            about: group.about.as_deref().map(Into::into),
            reach,
            bare: group.bare,
            not,
        });
        for term in &group.list {
            match group.class {
                MeasureClass::People => {
                    self.noun_forms(term, |e, noun| e.people = e.people.or(Some(noun)), index)
                }
                MeasureClass::Unit => {
                    self.noun_forms(term, |e, noun| e.unit = e.unit.or(Some(noun)), index)
                }
                MeasureClass::Currency => self.noun_forms(
                    term,
                    |e, noun| e.currency = e.currency.or(Some(noun)),
                    index,
                ),
                MeasureClass::OutcomeNoun => {
                    let entry = self.term(&fold(term));
                    entry.outcome_noun = entry.outcome_noun.or(Some(index));
                }
                MeasureClass::OutcomeVerb => {
                    let entry = self.term(&fold(term));
                    entry.outcome_verb = entry.outcome_verb.or(Some(index));
                }
                MeasureClass::OutcomeAfter => {
                    let entry = self.term(&fold(term));
                    entry.outcome_after = entry.outcome_after.or(Some(index));
                }
            }
        }
    }

    /// Enters every form of «singular، plural، ...».
    fn noun_forms(&mut self, term: &str, set: impl Fn(&mut Entry, Noun), group: u16) {
        let mut forms = term.split('،').map(str::trim).filter(|f| !f.is_empty());
        let Some(first) = forms.next() else {
            return;
        };
        let lemma = u16::try_from(self.nouns.len()).unwrap_or(u16::MAX);
        self.nouns.push(first.into());
        let singular = fold(first);
        let others: Vec<String> = forms.map(fold).collect();
        let plural_in_at = others
            .iter()
            .any(|f| f.strip_suffix("ات") == Some(&singular));
        let sound = others.iter().any(|f| f.ends_with("ون"));
        let mut text = String::new();
        let mut enter = |stem: &str, ending: &str, number: Form| {
            let noun = Noun {
                group,
                form: number,
                lemma,
            };
            text.clear();
            text.push_str(stem);
            text.push_str(ending);
            set(self.term(&text), noun);
        };
        // Plurals first: where a form could be both (مهاجرين), the dual that follows does not replace it.
        for form in &others {
            // A feminine singular has its own dual; «ات» and broken forms are plurals.
            if form.strip_suffix('ه') == Some(&singular)
                && (sound || plural_in_at || singular.ends_with('ي'))
            {
                enter(form, "", Form::One);
                let stem = form.trim_end_matches('ه');
                enter(stem, "تان", Form::Two);
                enter(stem, "تين", Form::Two);
                continue;
            }
            enter(form, "", Form::Many);
            if let Some(stem) = form.strip_suffix("ون") {
                enter(stem, "ين", Form::TwoOrMany);
                enter(stem, "و", Form::Many);
                enter(stem, "ي", Form::Many);
            }
            if !form.ends_with(['ه', 'ا', 'ي', 'ن']) && !form.ends_with("ات") && !form.contains(' ')
            {
                enter(form, "ا", Form::Many);
            }
        }
        enter(&singular, "", Form::One);
        if singular.contains(' ')
            || singular.chars().count() < 3
            || !singular.chars().all(is_arabic_letter)
        {
            return;
        }
        let (stem, ending) = match singular.strip_suffix('ه') {
            Some(stem) => (stem, ["تان", "تين"]),
            None => {
                enter(&singular, "ا", Form::One);
                (singular.trim_end_matches('ا'), ["ان", "ين"])
            }
        };
        for ending in ending {
            enter(stem, ending, Form::Two);
        }
    }

    /// The entry of a folded term of one or more words.
    fn term(&mut self, folded: &str) -> &mut Entry {
        if !folded.contains([' ', '/']) {
            return self.entry(folded);
        }
        let mut keys = [0_u16; 4];
        let mut parts = folded.split(' ').filter(|p| !p.is_empty());
        for slot in &mut keys {
            if let Some(part) = parts.next() {
                *slot = self.key(part);
            }
        }
        if let Some(first) = keys
            .first()
            .and_then(|&k| self.entries.get_mut(usize::from(k)))
        {
            first.phrase = true;
        }
        let entry = match self.phrases.iter().find(|(k, _)| *k == keys) {
            Some(&(_, entry)) => entry,
            None => {
                let entry = u16::try_from(self.entries.len()).unwrap_or(0);
                self.entries.push(Entry::default());
                self.phrases.push((keys, entry));
                entry
            }
        };
        self.at_mut(entry)
    }

    fn knows(&self, folded: &str) -> bool {
        self.keys.contains_key(folded)
    }

    fn entry(&mut self, folded: &str) -> &mut Entry {
        let key = self.key(folded);
        self.at_mut(key)
    }

    /// The key of a folded word, a new one if need be; 0 when there are too many or the word is too long.
    fn key(&mut self, folded: &str) -> u16 {
        if folded.len() > MAX_BYTES {
            return 0;
        }
        if let Some(&key) = self.keys.get(folded) {
            return key;
        }
        let Ok(key) = u16::try_from(self.entries.len()) else {
            return 0;
        };
        self.entries.push(Entry::default());
        self.keys.insert(folded.into(), key);
        self.ends.resize(ENDS, 0);
        // A key of one letter stands behind nothing.
        let bytes = folded.as_bytes();
        let last = |&n: &usize| bytes.get(bytes.len().checked_sub(n)?..);
        if folded.chars().nth(1).is_some()
            && let Some(last) = END_BYTES.iter().find_map(last)
        {
            let (slot, bit) = end_of(number_of(last));
            if let Some(bits) = self.ends.get_mut(slot) {
                *bits |= bit;
            }
        }
        key
    }

    fn at_mut(&mut self, key: u16) -> &mut Entry {
        match self.entries.get_mut(usize::from(key)) {
            Some(entry) if key > 0 => entry,
            _ => &mut self.spare,
        }
    }

    /// Entry 0 is always empty: no need to ask for it, which cannot be foretold.
    fn at(&self, key: u16) -> &Entry {
        self.entries.get(usize::from(key)).unwrap_or(&NOTHING)
    }

    pub(crate) fn group(&self, index: u16) -> Option<&Group> {
        self.groups.get(usize::from(index))
    }

    /// The outcome a group stands for: its `outcome` for people, its id otherwise.
    pub(crate) fn outcome(&self, index: u16) -> &str {
        self.group(index).map_or("", |group| match group.class {
            MeasureClass::People => group.about.as_deref().unwrap_or(""),
            _ => &group.id,
        })
    }

    /// The singular of a noun as the lexicon writes it.
    pub(crate) fn noun(&self, lemma: u16) -> &str {
        self.nouns.get(usize::from(lemma)).map_or("", |n| n)
    }

    /// Whether a key may end like the word; `false` for most words.
    fn may_end(&self, folded: &str) -> bool {
        let bytes = folded.as_bytes();
        // One letter is at most four bytes.
        if bytes.len() <= 4 {
            return true;
        }
        let (end, shorter) = match bytes.last_chunk::<8>() {
            Some(last) => (u64::from_le_bytes(*last), 0),
            None => (number_of(bytes), 8 - bytes.len()),
        };
        let end = end << (8 * shorter);
        END_BYTES.iter().any(|&n| self.is_end(end, n))
    }

    /// Whether a key may end with the last `n` of these bytes, the last of them the highest.
    #[inline]
    fn is_end(&self, end: u64, n: usize) -> bool {
        let (slot, bit) = end_of(end >> (64 - 8 * n));
        self.ends.get(slot).copied().unwrap_or(0) & bit != 0
    }

    /// Whether a key may end with these four letters: a longer one, or a shorter one behind و, ف, ب, ك, ل or ال. How many
    /// of the letters decide cannot be foretold: no branch for each.
    #[inline]
    fn may_be_end(&self, end: u64) -> bool {
        const CLITICS: [u64; 5] = [
            letter("و"),
            letter("ف"),
            letter("ب"),
            letter("ك"),
            letter("ل"),
        ];
        let clitic = |at: u32| {
            let letter = end >> at & 0xFFFF;
            (CLITICS.iter()).fold(false, |any, &clitic| any | (letter == clitic))
        };
        self.is_end(end, 8) | (self.is_end(end, 6) & clitic(0)) | (self.is_end(end, 4) & clitic(16))
    }

    /// Whether the last letters tell that a word means nothing here; not all that do are told.
    #[inline]
    fn is_stranger(&self, norm: &str) -> bool {
        let word = norm.as_bytes();
        let Some(end) = folded_end(word) else {
            return false;
        };
        if self.may_be_end(end) {
            return false;
        }
        let pronoun = pronoun(end);
        if pronoun == 0 {
            return true;
        }
        let stem = word.len().checked_sub(pronoun);
        let stem = stem.and_then(|at| folded_end(word.get(..at)?));
        // «زملائه» is looked for as زملاء.
        let seat = u64::from(u32::from_le_bytes([0xD8, 0xA7, 0xD9, 0x8A]));
        stem.is_some_and(|stem| !self.may_be_end(stem) && stem >> 32 != seat)
    }

    /// What a word can mean: as it stands, else without proclitics and article. `norm` is the token's normal form.
    pub(crate) fn look_up(&self, norm: &str) -> WordCue {
        if self.is_stranger(norm) {
            return WordCue::default();
        }
        self.look_up_closely(norm)
    }

    /// The same, letter by letter.
    fn look_up_closely(&self, norm: &str) -> WordCue {
        let (mut letters, mut buffer) = ([0_u8; MAX_BYTES], [0_u8; MAX_BYTES]);
        let folded = if norm.len() <= MAX_BYTES && crate::normalize::is_plain(norm) {
            Some(norm)
        } else {
            crate::normalize::fold_letters(norm, &mut letters)
                .and_then(|letters| std::str::from_utf8(letters).ok())
                .or_else(|| fold_into(norm, &mut buffer))
        };
        let Some(folded) = folded else {
            return WordCue::default();
        };
        if !self.may_end(folded) {
            return self.owned(folded).unwrap_or_default();
        }
        let find = |word: &str, prefix: u8, flags: u8| {
            (self.keys.get(word)).map(|&key| WordCue { key, prefix, flags })
        };
        if let Some(cue) = find(folded, 0, 0) {
            return cue;
        }
        let bare = |word: &str| word.chars().nth(1).is_some();
        let article = |word: &str, prefix: u8, flags: u8| {
            (word.strip_prefix("ال"))
                .filter(|w| bare(w))
                .and_then(|w| find(w, prefix + 2, flags | WordCue::ARTICLE))
        };
        let inner = |word: &str, prefix: u8, flags: u8| {
            if let Some(cue) = article(word, prefix, flags) {
                return Some(cue);
            }
            let flags = flags | WordCue::PREPOSITION;
            if let Some(rest) = word.strip_prefix("لل").filter(|w| bare(w))
                && let Some(cue) = find(rest, prefix + 2, flags | WordCue::ARTICLE)
            {
                return Some(cue);
            }
            let rest = word.strip_prefix(['ب', 'ل', 'ك']).filter(|w| bare(w))?;
            find(rest, prefix + 1, flags).or_else(|| article(rest, prefix + 1, flags))
        };
        if let Some(cue) = inner(folded, 0, 0) {
            return cue;
        }
        let joined = folded.strip_prefix(['و', 'ف']).filter(|w| bare(w));
        if let Some(cue) = joined
            .and_then(|rest| find(rest, 1, WordCue::AND).or_else(|| inner(rest, 1, WordCue::AND)))
        {
            return cue;
        }
        self.owned(folded).unwrap_or_default()
    }

    /// A noun of people with a pronoun behind it: موظفيه, زملائه.
    fn owned(&self, folded: &str) -> Option<WordCue> {
        let stem = ["هما", "هم", "هن", "ها", "ه"]
            .iter()
            .find_map(|pronoun| folded.strip_suffix(pronoun))?;
        let find = |word: &str| {
            if !self.may_end(word) {
                return None;
            }
            let key = *self.keys.get(word)?;
            // A singular in ه lost its ending here (طفل of طفله is another word).
            let many = self
                .at(key)
                .people
                .is_some_and(|noun| noun.form == Form::Many);
            many.then_some(WordCue {
                key,
                prefix: 0,
                flags: WordCue::ARTICLE,
            })
        };
        find(stem).or_else(|| {
            // زملائه is written with ئ for the ء of زملاء.
            let mut buffer = [0_u8; MAX_BYTES];
            let base = stem.strip_suffix("اي")?;
            let len = base.len() + "اء".len();
            buffer
                .get_mut(..base.len())?
                .copy_from_slice(base.as_bytes());
            buffer
                .get_mut(base.len()..len)?
                .copy_from_slice("اء".as_bytes());
            find(std::str::from_utf8(buffer.get(..len)?).ok()?)
        })
    }
}

/// A letter of the Arabic script.
fn is_arabic_letter(c: char) -> bool {
    // The tables of the standard library are slow for these.
    c > '\u{600}' && table::class(c) & (table::LETTER | table::FOREIGN) == table::LETTER
}

/// أ إ آ → ا, ؤ → و, ئ → ي, ى → ي, ة → ه, small Latin letters, no marks.
fn fold(term: &str) -> String {
    let mut out = String::with_capacity(term.len());
    for c in term.trim().chars() {
        out.extend(fold_char(c));
    }
    out
}

fn fold_into<'b>(norm: &str, buffer: &'b mut [u8; MAX_BYTES]) -> Option<&'b str> {
    let mut len = 0;
    for c in norm.chars().filter_map(fold_char) {
        let mut utf8 = [0; 4];
        let encoded = c.encode_utf8(&mut utf8).as_bytes();
        buffer
            .get_mut(len..len + encoded.len())?
            .copy_from_slice(encoded);
        len += encoded.len();
    }
    std::str::from_utf8(buffer.get(..len)?).ok()
}

fn fold_char(c: char) -> Option<char> {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        'ى' | 'ئ' | 'ی' => Some('ي'),
        'ؤ' => Some('و'),
        'ة' => Some('ه'),
        'ک' => Some('ك'),
        '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' => None,
        // The tables of the standard library are slow to say that these have no case.
        '\0'..='\u{7F}' => Some(c.to_ascii_lowercase()),
        '\u{0600}'..='\u{06FF}' => Some(c),
        c => c.to_lowercase().next(),
    }
}

/// A text as the grammars read it: tokens and, beside each, what its word can mean.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a [RawToken],
    /// One a word.
    pub(crate) cues: &'a [WordCue],
    /// One a token.
    pub(crate) starts: &'a [Start],
    /// The tokens at which a number, a date, a law or a noun of people may begin.
    pub(crate) marks: &'a Marks,
    pub(crate) words: &'a MeasureWords,
}

impl<'a> Reading<'a> {
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(crate) fn kind(&self, i: usize) -> Option<TokenKind> {
        self.tokens.get(i).map(|t| t.kind)
    }

    pub(crate) fn cue(&self, i: usize) -> WordCue {
        let token = self.tokens.get(i);
        let cue = token.and_then(|token| self.cues.get(token.word as usize));
        cue.copied().unwrap_or_default()
    }

    pub(crate) fn start(&self, i: usize) -> Start {
        self.starts.get(i).copied().unwrap_or_default()
    }

    pub(crate) fn entry(&self, i: usize) -> &'a Entry {
        self.words.at(self.cue(i).key)
    }

    pub(crate) fn of(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| t.span.of(self.text))
    }

    pub(crate) fn is_word(&self, i: usize) -> bool {
        self.kind(i) == Some(TokenKind::Word)
    }

    pub(crate) fn is_number(&self, i: usize) -> bool {
        self.kind(i) == Some(TokenKind::Number)
    }

    /// A sign of one character.
    #[inline]
    pub(crate) fn is_sign<const N: usize>(&self, i: usize, signs: [char; N]) -> bool {
        let Some(token) = self.tokens.get(i) else {
            return false;
        };
        if !matches!(token.kind, TokenKind::Punctuation | TokenKind::Symbol) {
            return false;
        }
        let first = match self.text.as_bytes().get(token.span.start as usize) {
            Some(&b) if b.is_ascii() => Some(char::from(b)),
            _ => token.span.of(self.text).chars().next(),
        };
        // Which of them it is does not matter: no branch for each.
        first.is_some_and(|first| (signs.iter()).fold(false, |any, &sign| any | (first == sign)))
    }

    /// A word of which nothing is known.
    pub(crate) fn is_plain_word(&self, i: usize) -> bool {
        self.is_word(i) && self.cue(i).is_none()
    }

    /// Whether `i` stands on the same line as the token before it.
    pub(crate) fn continues(&self, i: usize) -> bool {
        self.tokens
            .get(i)
            .is_some_and(|t| !t.is(RawToken::LINE_BEFORE))
    }

    /// Whether white space stands before `i`.
    pub(crate) fn spaced(&self, i: usize) -> bool {
        self.tokens
            .get(i)
            .is_none_or(|t| t.is(RawToken::SPACE_BEFORE))
    }

    /// The value of a number token that is a plain integer of at most nine digits, and how many digits it has.
    pub(crate) fn integer(&self, i: usize) -> Option<(u32, u8)> {
        if !self.is_number(i) {
            return None;
        }
        if let Some(found) = self.ascii_integer(i) {
            return Some(found);
        }
        let mut value = 0_u32;
        let mut digits = 0;
        for c in self.of(i).chars() {
            if digits == 9 {
                return None;
            }
            value = value * 10 + digit(c)?;
            digits += 1;
        }
        Some((value, digits))
    }

    /// The same for ASCII digits, eight at most.
    pub(crate) fn ascii_integer(&self, i: usize) -> Option<(u32, u8)> {
        let span = self.tokens.get(i)?.span;
        let value = ascii_integer(self.text, span)?;
        Some((value, span.len() as u8))
    }

    /// The entry of the longest phrase that begins at `i`, and its tokens; the word's own entry where there is none.
    pub(crate) fn phrase(&self, i: usize) -> (&'a Entry, usize) {
        let first = self.entry(i);
        if !first.phrase {
            return (first, 1);
        }
        let mut keys = [self.cue(i).key, 0, 0, 0];
        let mut best = (first, 1);
        for n in 1..4 {
            let cue = self.cue(i + n);
            if cue.is_none() || !self.continues(i + n) || cue.and() {
                break;
            }
            if let Some(slot) = keys.get_mut(n) {
                *slot = cue.key;
            }
            if let Ok(at) = self.words.phrases.binary_search_by(|(k, _)| k.cmp(&keys))
                && let Some(&(_, entry)) = self.words.phrases.get(at)
            {
                best = (self.words.at(entry), n + 1);
            }
        }
        best
    }

    /// From the word at `first` without its proclitics (and article) to the end of token `last`.
    pub(crate) fn span(&self, first: usize, last: usize) -> Span {
        let start = self.tokens.get(first).map_or(Span::default(), |t| t.span);
        let end = self.tokens.get(last).map_or(start.end, |t| t.span.end);
        Span::new(start.start + self.prefix_bytes(first), end)
    }

    /// Bytes of the proclitics in front of the word at `i`; its article counts as part of the word.
    fn prefix_bytes(&self, i: usize) -> u32 {
        let cue = self.cue(i);
        if cue.prefix == 0 {
            return 0;
        }
        let article = if cue.article() { 2 } else { 0 };
        let mut letters = cue.prefix.saturating_sub(article);
        let mut bytes = 0;
        for c in self.of(i).chars() {
            if fold_char(c).is_some() {
                if letters == 0 {
                    break;
                }
                letters -= 1;
            }
            bytes += c.len_utf8();
        }
        bytes as u32
    }

    /// Whether one of a group's `not` words is among the tokens `range`.
    pub(crate) fn excludes(&self, group: &Group, range: std::ops::Range<usize>) -> bool {
        !group.not.is_empty()
            && range.into_iter().any(|i| {
                group.not.binary_search(&self.cue(i).key).is_ok() && !self.cue(i).is_none()
            })
    }
}

/// The value of a token of at most eight digits of ASCII, as nearly all numbers are: all at once, for how many there are
/// nobody can foretell. `None` at the very start of a text as well.
fn ascii_integer(text: &str, span: Span) -> Option<u32> {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    let before_end = text.as_bytes().get(..span.end as usize)?;
    // The last digit in the highest byte.
    let window = u64::from_le_bytes(*before_end.last_chunk::<8>()?);
    let others = 8_usize.checked_sub(span.len())?;
    let keep = u64::MAX.checked_shl(8 * others as u32)?;
    let digits = (window ^ ZEROS) & keep;
    // A byte above nine is above fifteen, or becomes so when six is added.
    let above = digits | digits.wrapping_add(0x0606_0606_0606_0606);
    if above & 0xF0F0_F0F0_F0F0_F0F0 != 0 {
        return None;
    }
    // Pairs of digits, pairs of these, and once more.
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    Some((fours.wrapping_mul(10_000).wrapping_add(fours >> 32)) as u32)
}

/// The value of a digit of any of the three scripts.
pub(crate) fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '\u{0660}'..='\u{0669}' => Some(u32::from(c) - 0x0660),
        '\u{06F0}'..='\u{06F9}' => Some(u32::from(c) - 0x06F0),
        _ => None,
    }
}
