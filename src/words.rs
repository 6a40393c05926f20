//! The distinct words of the texts a scratch has seen, each normalised and analysed once.
//!
//! News repeats itself: a few thousand forms make up nine tenths of a text. Later stages keep what they know of a
//! word in vectors beside this table, indexed by the same number.
//!
//! Looking a word up is the busiest step of the whole pipeline, and what it costs is cache lines. So a slot holds the
//! form itself where it has at most thirteen letters (all but three words of ten thousand): a word is loaded, masked, packed
//! into 92 bits, hashed and compared, and nothing but its slot is touched, a quarter of a cache line.

use crate::ahead::fetch;
use crate::morph::{LemmaId, Morphology, SegmentKind, WordAnalysis};
use crate::normalize::Normalizer;
use crate::sieve::put_if;
use crate::token::scan::plain_run;
use crate::token::{RawToken, TokenKind};

/// When a new document begins with more words than this, those met only once are forgotten first, so that memory stays
/// bounded over any number of documents: half of the words of a table are met once, and each new word costs as much as
/// seven known ones in all stages. A larger table meets fewer new words (12 of 100 words of mixed news at 65,000, 9 at
/// 90,000, 7 at 130,000); this many fill 131,072 slots well. The caller may say otherwise.
const MAX_WORDS: usize = 90_000;

/// Of so many new words of a text, what the stages ask for first is fetched; hardly a text has more.
const NEAR: usize = 1024;

/// Set in the number of a slot whose word was met again since words were last forgotten.
const AGAIN: u32 = 1 << 31;

/// A word that is not found after so many steps is entered once more, without a slot: a text made of colliding words
/// costs memory in proportion to its length, never quadratic time.
const MAX_PROBES: usize = 64;

/// A form longer than this is kept whole and not analysed: no word of any language is.
const MAX_ANALYSED: usize = 120;

/// So many words are looked up side by side: what one has to be fetched for from memory does not hold up the next.
const BATCH: usize = 64;

/// Slots of a new table.
const FIRST_SLOTS: usize = 4096;

/// Room for words, in a few steps: what is outgrown leaves a hole in memory, and room that was not used yet takes none.
/// The last is that of 131,072 slots; a document of more new words doubles it.
const ROOM: [usize; 3] = [1_536, 12_288, 98_304];

/// What a form is looked up by: all of it where it has up to eight bytes or is a word of up to thirteen plain letters, else
/// a hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Key {
    /// The first eight bytes, or a hash.
    low: u64,
    /// Seven bits of each letter behind these, or how many bytes there are, and above that what it is: the same letters may
    /// be a word here and a number there. A word of more than eight letters has seven bits of each here and in `low`.
    high: u32,
}

/// Bytes of a form that a key can hold.
const SHORT: usize = 16;

/// By length of a form: its bytes among sixteen.
const MASKS: [u128; SHORT + 1] = {
    let mut masks = [u128::MAX; SHORT + 1];
    let mut len = 0;
    while len < SHORT {
        masks[len] = (1 << (8 * len)) - 1;
        len += 1;
    }
    masks
};

impl Key {
    const SORT: u32 = 28;
    /// Beside the numbers of [`TokenKind`] and eight for a word that is read as Arabic: a form of which the key is but a hash,
    /// and a word of more than eight plain letters.
    const HASHED: u32 = 15;
    const LONG: u32 = 14;
    /// Bytes of the longest word of plain letters that a key can hold.
    const LONGEST: usize = 26;

    /// The key of `bytes[start..end]`; `plain` where these are known to be plain Arabic letters.
    #[inline]
    fn of(bytes: &[u8], start: usize, end: usize, sort: u32, plain: bool) -> Key {
        let len = end.saturating_sub(start);
        let window = match bytes.get(start..).and_then(<[u8]>::first_chunk::<SHORT>) {
            Some(window) => *window,
            // The last word of a text.
            None => {
                let mut window = [0; SHORT];
                for (to, from) in window.iter_mut().zip(bytes.get(start..end).unwrap_or(&[])) {
                    *to = *from;
                }
                window
            }
        };
        let mask = MASKS.get(len).unwrap_or(&0);
        let window = u128::from_le_bytes(window) & mask;
        // One branch for nearly all: how long a word is nobody can foretell.
        if len > 8 << u32::from(plain) {
            let plain = sort == Key::sort(TokenKind::Word, true) && plain_run(window) * 2 == len;
            if !plain {
                return Key::long(bytes.get(start..end).unwrap_or(&[]), sort);
            }
        }
        // The length where there is nothing behind the eighth byte. All ones or none, as a branch could not be foretold.
        let short = ((len as i32 - 9) >> 31) as u32;
        let rest = Key::packed((window >> 64) as u64) | len as u32 & short;
        Key {
            low: window as u64,
            high: sort << Key::SORT | rest,
        }
    }

    /// What a form is.
    #[inline]
    const fn sort(kind: TokenKind, arabic: bool) -> u32 {
        kind as u32 | (arabic as u32) << 3
    }

    /// Up to four plain letters as 28 bits.
    #[inline]
    const fn packed(letters: u64) -> u32 {
        const ONES: u64 = 0x0001_0001_0001_0001;
        // A lane of 16 bits is a letter: the last bit of its first byte and six of the other.
        let letters = (letters & ONES) << 6 | letters >> 8 & (0x3F * ONES);
        let pairs = (letters | letters >> 9) & 0x0000_3FFF_0000_3FFF;
        (pairs | pairs >> 18) as u32 & 0x0FFF_FFFF
    }

    /// The key of a form that is too long for the usual way.
    #[inline(never)]
    fn long(bytes: &[u8], sort: u32) -> Key {
        let mut letters = [0; 2 * SHORT];
        if sort != Key::sort(TokenKind::Word, true)
            || !(SHORT..=Key::LONGEST).contains(&bytes.len())
        {
            return Key::hashed(bytes);
        }
        for (to, from) in letters.iter_mut().zip(bytes) {
            *to = *from;
        }
        let [first, rest] = [0, SHORT].map(|at| {
            let half = letters.get(at..).and_then(<[u8]>::first_chunk);
            u128::from_le_bytes(half.copied().unwrap_or_default())
        });
        if plain_run(first) * 2 < SHORT || plain_run(rest) * 2 + SHORT < bytes.len() {
            return Key::hashed(bytes);
        }
        let packed = |half: u128| {
            let (low, high) = (Key::packed(half as u64), Key::packed((half >> 64) as u64));
            u128::from(low) | u128::from(high) << 28
        };
        let all = packed(first) | packed(rest) << 56;
        Key {
            low: all as u64,
            high: Key::LONG << Key::SORT | (all >> 64) as u32,
        }
    }

    #[cold]
    #[inline(never)]
    fn hashed(bytes: &[u8]) -> Key {
        let low = hash(bytes);
        Key {
            low,
            high: Key::HASHED << Key::SORT | bytes.len() as u32 & 0x0FFF_FFFF,
        }
    }

    const fn is_hashed(self) -> bool {
        self.high >> Key::SORT == Key::HASHED
    }

    /// Where the search begins. Who wants collisions can have them; see [`MAX_PROBES`].
    #[inline]
    const fn home(self, mask: usize) -> usize {
        let high = (self.high as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let product = (self.low ^ high) as u128 * 0xD6E8_FEB8_6659_FD93;
        ((product >> 64) as u64 ^ product as u64) as usize & mask
    }
}

/// A place of the hash table; free where `id` is 0. See [`AGAIN`].
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    low: u64,
    high: u32,
    id: u32,
}

impl Slot {
    const fn new(Key { low, high }: Key, id: u32) -> Slot {
        Slot { low, high, id }
    }

    #[inline]
    const fn key(&self) -> Key {
        let Slot { low, high, .. } = *self;
        Key { low, high }
    }
}

/// One distinct form. Its normal form stands in the text of the table, and behind it, up to the next word, the
/// dictionary form where the morphology has no lemma for it and it is another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    start: u32,
    /// Where the normal form ends.
    end: u32,
    /// What it is made of; one base segment for anything but an Arabic word.
    pub analysis: WordAnalysis,
    pub kind: TokenKind,
    pub arabic: bool,
}

impl Word {
    /// Word 0 of every table.
    const EMPTY: Word = Word {
        start: 0,
        end: 0,
        analysis: WordAnalysis::whole(0),
        kind: TokenKind::Symbol,
        arabic: false,
    };

    /// Bytes of the normal form before the article or base, and whether the article must be opened (لل).
    pub fn cut(&self) -> (usize, bool) {
        let mut letters = 0;
        let mut open = false;
        for (kind, n) in self.analysis.segments.iter() {
            match kind {
                SegmentKind::Conjunction | SegmentKind::Preposition => letters += n,
                SegmentKind::Article => open = n == 1,
                _ => break,
            }
        }
        // Letters of a word with segments take two bytes. An open article begins with its ل, which gets its alef back.
        (letters * 2, open)
    }
}

/// The table. Word 0 is always the empty form.
#[derive(Debug, Default)]
pub(crate) struct Words {
    list: Vec<Word>,
    /// Open addressing.
    slots: Vec<Slot>,
    text: String,
    norm: String,
    /// Who knows the lemmas of the words.
    morphology: Option<&'static Morphology>,
    /// Raised whenever words are forgotten, so that vectors beside the table know.
    generation: u32,
    /// The numbers that the words kept then had before.
    kept: Vec<u32>,
    most: Most,
}

/// What stands for [`MAX_WORDS`] in a table.
#[derive(Clone, Copy, Debug)]
struct Most(usize);

impl Default for Most {
    fn default() -> Most {
        Most(MAX_WORDS)
    }
}

/// What a vector beside the table has to do to have the numbers of the table again, and to have room for its words.
pub(crate) struct Renumbering<'w> {
    change: Change<'w>,
    room: usize,
}

enum Change<'w> {
    None,
    /// The words now numbered 0, 1, 2 ... had these numbers before.
    Kept(&'w [u32]),
    Unknown,
}

impl Renumbering<'_> {
    /// Brings a vector up to date; words it does not know yet stand at its end as always.
    #[inline(never)]
    pub fn apply<T: Copy>(&self, beside: &mut Vec<T>) {
        match self.change {
            Change::None => {}
            Change::Unknown => beside.clear(),
            Change::Kept(kept) => {
                let mut known = 0;
                for &old in kept {
                    // Numbers rise and never fall behind the new ones.
                    let Some(&value) = beside.get(old as usize) else {
                        break;
                    };
                    if let Some(slot) = beside.get_mut(known) {
                        *slot = value;
                        known += 1;
                    }
                }
                beside.truncate(known);
            }
        }
        if beside.capacity() < self.room {
            beside.reserve_exact(self.room - beside.len());
        }
    }
}

impl Words {
    /// A table that forgets words when a document begins and it has more than `most`.
    pub fn with_most(most: usize) -> Words {
        Words {
            most: Most(most),
            ..Words::default()
        }
    }

    /// An empty table with the same bound.
    pub fn renewed(&self) -> Words {
        Words::with_most(self.most.0)
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// What happened to the numbers since `generation`, which is brought up to date.
    pub fn renumbered(&self, generation: &mut u32) -> Renumbering<'_> {
        let steps = self.generation.wrapping_sub(*generation);
        *generation = self.generation;
        Renumbering {
            change: match steps {
                0 => Change::None,
                1 => Change::Kept(&self.kept),
                _ => Change::Unknown,
            },
            room: self.list.capacity(),
        }
    }

    pub fn get(&self, id: u32) -> Option<&Word> {
        self.list.get(id as usize)
    }

    /// Brings near in memory what is known of some words.
    pub fn fetch(&self, words: impl Iterator<Item = u32>) {
        fetch(words.map(|id| self.get(id).map_or(0, |word| word.start)));
    }

    /// The words from number `known` on, at most so many as have room near.
    fn new_near(&self, known: usize) -> impl Iterator<Item = u32> + Clone + use<> {
        (known as u32..self.len() as u32).take(NEAR)
    }

    /// Brings near in memory the dictionary forms of the words from number `known` on, which are near themselves.
    pub fn fetch_stems(&self, known: usize) {
        if let Some(morphology) = self.morphology {
            let lemma = |id: u32| self.get(id).and_then(|word| word.analysis.lemma);
            morphology.fetch_lemmas(self.new_near(known).filter_map(lemma));
        }
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Word> {
        self.list.iter()
    }

    pub fn norm(&self, id: u32) -> &str {
        self.get(id).map_or("", |w| self.slice(w.start, w.end))
    }

    /// The dictionary form.
    pub fn stem(&self, id: u32) -> &str {
        self.form(id, Morphology::lemma)
    }

    /// The index form.
    pub fn index(&self, id: u32) -> &str {
        let index = self.form(id, Morphology::index_form);
        if index.is_empty() {
            self.stem(id)
        } else {
            index
        }
    }

    /// A form of the lemma of a word; of a word without one what stands behind its normal form, else the normal form.
    fn form<'w>(&'w self, id: u32, of: fn(&'w Morphology, LemmaId) -> &'w str) -> &'w str {
        let Some(word) = self.get(id) else { return "" };
        if let (Some(lemma), Some(morphology)) = (word.analysis.lemma, self.morphology) {
            return of(morphology, lemma);
        }
        let end = self.end(id);
        let start = if end == word.end {
            word.start
        } else {
            word.end
        };
        self.slice(start, end)
    }

    /// Where the letters of a word end in the text.
    fn end(&self, id: u32) -> u32 {
        let next = self.get(id + 1);
        next.map_or(self.text.len() as u32, |next| next.start)
    }

    fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Forgets every word; the buffers stay.
    pub fn clear(&mut self) {
        self.list.clear();
        self.slots.fill(Slot::default());
        self.text.clear();
        self.kept.clear();
        self.generation = self.generation.wrapping_add(1);
    }

    /// Forgets the words met only once since this was last done.
    fn keep_repeated(&mut self) {
        self.kept.clear();
        self.kept.push(0);
        let again = self.slots.iter().filter(|s| s.id & AGAIN != 0);
        self.kept.extend(again.map(|s| s.id & !AGAIN));
        // Where more than three quarters would be kept all are forgotten.
        if self.kept.len() > self.most.0 / 4 * 3 {
            self.clear();
            return;
        }
        self.kept.sort_unstable();
        self.slots.fill(Slot::default());
        // In place: neither words nor letters move behind where they stood.
        let mut text = std::mem::take(&mut self.text).into_bytes();
        let mut len = 0;
        for id in 1..self.kept.len() {
            let old = self.kept.get(id).map_or(0, |&old| old);
            let Some(mut word) = self.get(old).copied() else {
                continue;
            };
            let next = self.get(old + 1).map_or(text.len(), |w| w.start as usize);
            let next = next.min(text.len());
            let from = (word.start as usize).min(next);
            let start = len.min(from);
            text.copy_within(from..next, start);
            len = start + (next - from);
            let end = start + (word.end - word.start) as usize;
            let sort = Key::sort(word.kind, word.arabic);
            let key = Key::of(&text, start, end, sort, false);
            (word.start, word.end) = (start as u32, end as u32);
            if let Some(place) = self.list.get_mut(id) {
                *place = word;
            }
            self.place(key, id as u32);
        }
        text.truncate(len);
        // Whole words were moved, so it is a text; were it none, all would be forgotten.
        let Ok(text) = String::from_utf8(text) else {
            self.clear();
            return;
        };
        self.text = text;
        self.list.truncate(self.kept.len());
        self.generation = self.generation.wrapping_add(1);
    }

    /// Puts a word into the first free slot of its search. Colliding words past the bound lose their slot, as in `find`:
    /// they are entered again when met again.
    fn place(&mut self, key: Key, id: u32) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = key.home(mask);
        let mut steps = 0;
        while steps < MAX_PROBES && self.slots.get(at).is_some_and(|s| s.id != 0) {
            at = (at + 1) & mask;
            steps += 1;
        }
        if let Some(slot) = self.slots.get_mut(at)
            && slot.id == 0
        {
            *slot = Slot::new(key, id);
        }
    }

    /// Makes room for a new document.
    pub fn begin(&mut self) {
        if self.list.len() > self.most.0 {
            self.keep_repeated();
        }
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.list.capacity() * size_of::<Word>()
            + self.slots.capacity() * size_of::<Slot>()
            + self.text.capacity()
            + self.norm.capacity()
            + self.kept.capacity() * 4
    }

    /// Numbers the word of every token.
    pub fn intern_all(
        &mut self,
        text: &str,
        tokens: &mut [RawToken],
        morphology: &'static Morphology,
    ) {
        self.prepare();
        let bytes = text.as_bytes();
        let mut keys = [Key::default(); BATCH];
        let mut homes = [0; BATCH];
        for tokens in tokens.chunks_mut(BATCH) {
            let mask = self.slots.len().wrapping_sub(1);
            for ((key, home), token) in keys.iter_mut().zip(&mut homes).zip(&*tokens) {
                let (start, end) = (token.span.start as usize, token.span.end as usize);
                let sort = Key::sort(token.kind, token.is(RawToken::ARABIC));
                *key = Key::of(bytes, start, end, sort, token.is(RawToken::PLAIN));
                *home = key.home(mask);
            }
            let homes = homes.get(..tokens.len()).unwrap_or(&[]);
            fetch(
                homes
                    .iter()
                    .map(|&home| self.slots.get(home).map_or(0, |slot| slot.id)),
            );
            let mut rest = [0; BATCH];
            let mut count = 0;
            for (i, ((key, &home), token)) in keys.iter().zip(homes).zip(&mut *tokens).enumerate() {
                let slot = self.slots.get(home).copied().unwrap_or_default();
                let same = (slot.low == key.low) & (slot.high == key.high);
                let exact = !key.is_hashed() & !token.is(RawToken::FOLDED);
                token.word = slot.id & !AGAIN;
                let found = same & exact & (slot.id & AGAIN != 0);
                put_if(!found, &mut rest, &mut count, i as u8);
            }
            if let Some(rest) = rest.get_mut(..count).filter(|rest| !rest.is_empty()) {
                self.meet_all(text, tokens, &keys, rest, morphology);
            }
        }
    }

    /// Numbers those tokens of a batch, with numbers `rest`, whose words are not in the slots where their search begins, or
    /// met for the second time.
    #[inline(never)]
    fn meet_all(
        &mut self,
        text: &str,
        tokens: &mut [RawToken],
        keys: &[Key; BATCH],
        rest: &mut [u8],
        morphology: &'static Morphology,
    ) {
        // The numbers of new ones, the slots where they were not found, and what the morphology knows them by, which is far
        // away.
        let mut new = 0;
        let mut free = [usize::MAX; BATCH];
        let mut known_by = [0; BATCH];
        for i in 0..rest.len() {
            let Some(&at) = rest.get(i) else { break };
            let (Some(token), Some(key)) = (tokens.get_mut(at as usize), keys.get(at as usize))
            else {
                break;
            };
            let form = token.span.of(text);
            let arabic = is_arabic(token.kind, token.flags);
            let mut slot = usize::MAX;
            if !token.is(RawToken::FOLDED) {
                match self.find(*key, form, token.kind, arabic) {
                    Ok(word) => {
                        token.word = word;
                        continue;
                    }
                    Err(found) => slot = found,
                }
            }
            if let (Some(place), Some(free), Some(known_by)) =
                (rest.get_mut(new), free.get_mut(new), known_by.get_mut(new))
            {
                (*place, *free) = (at, slot);
                *known_by = if arabic { Morphology::key(form) } else { 0 };
            }
            new += 1;
        }
        morphology.fetch_words(known_by.get(..new).unwrap_or(&[]));
        let size = self.slots.len();
        for (&at, &slot) in rest.iter().zip(&free).take(new) {
            let (Some(token), Some(key)) = (tokens.get_mut(at as usize), keys.get(at as usize))
            else {
                break;
            };
            // Another new word may be there by now, this one among them, or the table may have grown.
            let still = self.slots.len() == size && self.slots.get(slot).is_some_and(|s| s.id == 0);
            token.word = if still {
                let form = token.span.of(text);
                self.enter(*key, slot, form, token.kind, token.flags, morphology)
            } else {
                self.meet(text, token, *key, morphology)
            };
        }
    }

    /// The number of the word of a token that may be new.
    fn meet(
        &mut self,
        text: &str,
        token: &RawToken,
        key: Key,
        morphology: &'static Morphology,
    ) -> u32 {
        let form = token.span.of(text);
        if token.is(RawToken::FOLDED) {
            self.intern(form, token.kind, token.flags, morphology)
        } else {
            self.number(key, form, token.kind, token.flags, morphology)
        }
    }

    /// The number of the word `surface`, added if it is new.
    pub fn intern(
        &mut self,
        surface: &str,
        kind: TokenKind,
        flags: u8,
        morphology: &'static Morphology,
    ) -> u32 {
        self.prepare();
        let mut buffer = std::mem::take(&mut self.norm);
        let norm = if flags & RawToken::FOLDED == 0 {
            surface
        } else {
            buffer.clear();
            Normalizer::new().fold_into(surface, &mut buffer, |_, _, _| {});
            &buffer
        };
        let sort = Key::sort(kind, is_arabic(kind, flags));
        let key = Key::of(norm.as_bytes(), 0, norm.len(), sort, false);
        let id = self.number(key, norm, kind, flags, morphology);
        self.norm = buffer;
        id
    }

    /// The number of a form, added if it is new.
    fn number(
        &mut self,
        key: Key,
        norm: &str,
        kind: TokenKind,
        flags: u8,
        morphology: &'static Morphology,
    ) -> u32 {
        match self.find(key, norm, kind, is_arabic(kind, flags)) {
            Ok(id) => id,
            Err(slot) => self.enter(key, slot, norm, kind, flags, morphology),
        }
    }

    /// Word 0, and slots.
    fn prepare(&mut self) {
        if self.list.is_empty() {
            if self.list.capacity() == 0 {
                self.make_room();
            }
            self.list.push(Word::EMPTY);
        }
        if self.slots.is_empty() {
            self.slots.resize(FIRST_SLOTS, Slot::default());
        }
    }

    /// The number of a form, or the free slot where its search ended; `usize::MAX` where it was given up.
    #[inline]
    fn find(&mut self, key: Key, norm: &str, kind: TokenKind, arabic: bool) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = key.home(mask);
        for _ in 0..MAX_PROBES {
            let Some(slot) = self.slots.get(at) else {
                break;
            };
            if slot.id == 0 {
                return Err(at);
            }
            let (found, id) = (slot.key() == key, slot.id & !AGAIN);
            let same = |w: &Word| (w.kind, w.arabic) == (kind, arabic) && self.norm(id) == norm;
            if found && (!key.is_hashed() || self.get(id).is_some_and(same)) {
                if let Some(slot) = self.slots.get_mut(at) {
                    slot.id |= AGAIN;
                }
                return Ok(id);
            }
            at = (at + 1) & mask;
        }
        Err(usize::MAX)
    }

    /// Analyses a new form and adds it.
    #[inline(never)]
    fn enter(
        &mut self,
        key: Key,
        slot: usize,
        norm: &str,
        kind: TokenKind,
        flags: u8,
        morphology: &'static Morphology,
    ) -> u32 {
        let id = self.list.len() as u32;
        self.morphology = Some(morphology);
        let start = self.text.len() as u32;
        self.text.push_str(norm);
        let end = self.text.len() as u32;
        let arabic = is_arabic(kind, flags);
        let analysis = if arabic && norm.len() <= MAX_ANALYSED {
            let analysis = morphology.read(norm, &mut self.text);
            let stem = self.text.get(end as usize..);
            if stem == Some(norm) {
                self.text.truncate(end as usize);
            }
            analysis
        } else {
            WordAnalysis::whole(norm.chars().count())
        };
        if self.list.len() == self.list.capacity() {
            self.make_room();
        }
        self.list.push(Word {
            start,
            end,
            analysis,
            kind,
            arabic,
        });
        if let Some(s) = self.slots.get_mut(slot) {
            *s = Slot::new(key, id);
        }
        if self.slots.len() * 3 < self.list.len() * 4 {
            self.grow();
        }
        id
    }

    /// Room for more words, see [`ROOM`].
    fn make_room(&mut self) {
        let len = self.list.len();
        let room = ROOM.into_iter().find(|&room| room > len);
        // Not much more than there will be words.
        let bound = self.most.0.saturating_add(self.most.0 / 8);
        let room = room.map(|room| if len < bound { room.min(bound) } else { room });
        self.list.reserve_exact(room.unwrap_or(2 * len) - len);
    }

    /// Twice as many slots; three of four may be taken.
    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        // Words that were met again will be met most: they get the slots where the search begins.
        for again in [AGAIN, 0] {
            let of = |s: &&Slot| s.id != 0 && s.id & AGAIN == again;
            for slot in old.iter().filter(of) {
                self.place(slot.key(), slot.id);
            }
        }
    }
}

/// What is known of lemmas of the morphology: most new words are forms of lemmas that were met.
#[derive(Debug)]
pub(crate) struct ByLemma<T> {
    /// By number of a lemma: one more than its place in `known`; 0 where it was not met.
    places: Vec<u16>,
    known: Vec<T>,
}

impl<T> Default for ByLemma<T> {
    fn default() -> Self {
        ByLemma {
            places: Vec::new(),
            known: Vec::new(),
        }
    }
}

impl<T: Copy> ByLemma<T> {
    /// What is known of a lemma; `ask` is asked once, or each time where there is no lemma.
    pub fn get(&mut self, lemma: Option<LemmaId>, ask: impl FnOnce() -> T) -> T {
        let Some(lemma) = lemma else {
            return ask();
        };
        if let Some(&known) = self.of(lemma) {
            return known;
        }
        let said = ask();
        let at = lemma.index();
        if self.places.len() <= at {
            self.places.resize(at + 1, 0);
        }
        // There are at most 65,535 lemmas.
        if let (Some(place), Ok(next)) =
            (self.places.get_mut(at), u16::try_from(self.known.len() + 1))
        {
            self.known.push(said);
            *place = next;
        }
        said
    }

    #[inline]
    fn of(&self, lemma: LemmaId) -> Option<&T> {
        let place = self.places.get(lemma.index()).copied().unwrap_or(0);
        self.known.get(usize::from(place).checked_sub(1)?)
    }

    /// Brings near in memory what is known of the lemmas of the words from number `known` on; `touch` reads some of it.
    pub fn fetch(&self, words: &Words, known: usize, touch: impl Fn(&T) -> u32) {
        let lemmas = words
            .new_near(known)
            .filter_map(|id| words.get(id)?.analysis.lemma);
        let places = lemmas.clone().map(|lemma| self.places.get(lemma.index()));
        fetch(places.map(|place| place.map_or(0, |&place| u32::from(place))));
        fetch(lemmas.map(|lemma| self.of(lemma).map_or(0, &touch)));
    }

    pub fn clear(&mut self) {
        self.places.clear();
        self.known.clear();
    }

    pub fn memory_usage(&self) -> usize {
        self.places.capacity() * 2 + self.known.capacity() * size_of::<T>()
    }
}

/// Whether a token is an Arabic word, which the morphology reads.
#[inline]
fn is_arabic(kind: TokenKind, flags: u8) -> bool {
    kind == TokenKind::Word && flags & RawToken::ARABIC != 0
}

/// Fx-style hash of a byte string, eight bytes a step.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    const K: u64 = 0x517c_c1b7_2722_0a95;
    let mut h = bytes.len() as u64;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        h = (h.rotate_left(5) ^ u64::from_le_bytes(*chunk)).wrapping_mul(K);
    }
    let mut tail = 0u64;
    for &b in rest {
        tail = tail << 8 | u64::from(b);
    }
    h = (h.rotate_left(5) ^ tail).wrapping_mul(K);
    h ^ (h >> 32)
}

/// Where keys begin their search in a table that a text fills and that has no bound of steps: scattered by an odd factor
/// of this process that nobody can know, so nobody can write a text whose keys meet. What is found does not depend on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scatter(u64);

impl Default for Scatter {
    fn default() -> Scatter {
        use std::hash::{BuildHasher, Hasher, RandomState};
        Scatter(RandomState::new().build_hasher().finish() | 1)
    }
}

impl Scatter {
    /// The first slot of a key in a table of `mask` + 1 slots, a power of two.
    #[inline]
    pub const fn home(self, key: u64, mask: usize) -> usize {
        // The high bits of the product: each bit of the key has its part in them.
        ((key.wrapping_mul(self.0) as u128 * (mask as u128 + 1)) >> 64) as usize
    }
}

/// [`hash`] for the maps of the standard library: theirs guards against keys chosen to collide, which lexicon words that
/// are compiled once and never grow need not.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordHash;

impl std::hash::BuildHasher for WordHash {
    type Hasher = WordHasher;

    fn build_hasher(&self) -> WordHasher {
        WordHasher(0)
    }
}

/// See [`WordHash`].
#[derive(Debug)]
pub(crate) struct WordHasher(u64);

impl std::hash::Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.rotate_left(5) ^ hash(bytes);
    }

    fn write_u64(&mut self, n: u64) {
        let mixed = (self.0 ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed >> 32;
    }

    // What strings end with.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::scan::scan;

    #[test]
    fn a_form_has_one_key_and_no_other_has_it() {
        let text = "في وفي من محمد المهاجر والمهاجر بالمهاجرين والمتظاهرون والمتظاهرين فالمتظاهرون پاکستان پپپپپ \
                    ققققققققق قققققققققق والمستوصفات للمستوصفات وبالمستشفيات والاستراتيجيا والاستراتيجية \
                    والاستراتيجيات وللاستراتيجيات والاستراتيجیة المتظاهرونپ 12 1 ١ «a» abcdefgh abcdefghi A320 ؛ السودان، \
                    السوداني# #السودان قال 12345678901234567890 abcdefghijklmnopqrst";
        let mut tokens = Vec::new();
        scan(text, &mut tokens);
        let mut keys = Vec::new();
        for token in tokens.iter().filter(|t| !t.is(RawToken::FOLDED)) {
            let form = token.span.of(text);
            let sort = Key::sort(token.kind, token.is(RawToken::ARABIC));
            let (start, end) = (token.span.start as usize, token.span.end as usize);
            let key = Key::of(text.as_bytes(), start, end, sort, token.is(RawToken::PLAIN));
            // Known or not to be plain, in the middle of a text or at its end.
            assert_eq!(
                key,
                Key::of(form.as_bytes(), 0, form.len(), sort, false),
                "{form}"
            );
            keys.push((form, key));
        }
        assert!(keys.len() > 20);
        for (i, (form, key)) in keys.iter().enumerate() {
            for (other, same) in keys.iter().take(i) {
                assert_eq!(form == other, key == same, "{form} {other}");
            }
        }
    }
}
