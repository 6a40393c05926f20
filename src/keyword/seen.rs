//! The phrases of a story by their keys, and where they are said.

use crate::ahead::fetch;

/// No candidate. It and [`ONCE`] have stand-ins in the table: whether a number is that of a phrase cannot be foretold, so
/// nothing branches on it.
pub(super) const NONE: u32 = 0;
/// A phrase that is said once and not worth a closer look, so it is not in the table.
pub(super) const ONCE: u32 = 1;
/// The first phrase.
pub(super) const FIRST: u32 = 2;

/// No mention.
const NOWHERE: u32 = u32::MAX;

const MAX_PROBES: usize = 64;

/// Slots for a word.
const ROOM: usize = 4;

/// What is kept of a phrase.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub key: u64,
    /// Place of the first and of the last mention.
    pub first: u32,
    pub last: u32,
    pub times: u32,
    /// Mentions of the most frequent longer candidate around it, and how many different ones there are.
    pub longer: u32,
    pub longer_kinds: u32,
    /// The phrase without its last and without its first word.
    pub parts: [u32; 2],
    /// Its last mention in `SeenTable::chains`; [`NOWHERE`] where there is but one, which is not listed.
    chain: u32,
    /// What it is worth at first sight, but for what it is within; known when all its mentions are.
    pub worth: f32,
    pub words: u8,
    pub flags: u8,
}

/// The number of a phrase; of an earlier story, and so free, where the stamp is another one than the table's: no story has
/// to empty the slots.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    stamp: u32,
    id: u32,
}

impl Slot {
    /// The phrase, or [`NONE`].
    #[inline]
    const fn phrase(self, stamp: u32) -> u32 {
        // All ones or none, as a branch could not be foretold.
        self.id & ((self.stamp == stamp) as u32).wrapping_neg()
    }
}

/// The phrases of a story. Numbers of them are places in `seen`.
#[derive(Debug, Default)]
pub(crate) struct SeenTable {
    /// The parts stand before what they are part of.
    seen: Vec<Seen>,
    /// Place of the first word, and the mention before of the same phrase.
    chains: Vec<(u32, u32)>,
    /// Open addressing by key.
    slots: Vec<Slot>,
    /// Of this story.
    stamp: u32,
    /// Size of the part of `slots` in use, less one.
    mask: usize,
    /// Mentions of the most frequent phrase of one word, of two and of more.
    pub most: [u32; 3],
}

impl SeenTable {
    pub fn memory_usage(&self) -> usize {
        self.seen.capacity() * size_of::<Seen>()
            + self.chains.capacity() * 8
            + self.slots.capacity() * size_of::<Slot>()
    }

    /// Empties the table and makes it fit for so many words: with many more slots, as a free slot is found without a
    /// branch and one taken by another phrase is not.
    pub fn clear(&mut self, words: usize) {
        self.seen.clear();
        for times in [0, 1] {
            self.seen.push(Seen {
                times,
                ..Seen::default()
            });
        }
        self.chains.clear();
        self.most = [1; 3];
        self.resize((words * ROOM).next_power_of_two().max(64));
    }

    /// The phrases, from number [`FIRST`] on.
    pub fn phrases(&self) -> &[Seen] {
        self.seen.get(FIRST as usize..).unwrap_or(&[])
    }

    pub fn phrases_mut(&mut self) -> &mut [Seen] {
        self.seen.get_mut(FIRST as usize..).unwrap_or(&mut [])
    }

    #[inline]
    pub fn get(&self, id: u32) -> Option<&Seen> {
        self.seen.get(id as usize)
    }

    #[inline]
    pub fn get_mut(&mut self, id: u32) -> Option<&mut Seen> {
        self.seen.get_mut(id as usize)
    }

    /// How often a phrase is said.
    #[inline]
    pub fn times(&self, id: u32) -> u32 {
        self.get(id).map_or(0, |c| c.times)
    }

    /// Empties the hash table and gives it a size, which is a power of two.
    fn resize(&mut self, size: usize) {
        if self.slots.len() < size {
            self.slots.resize(size, Slot::default());
        }
        self.mask = size - 1;
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.slots.fill(Slot::default());
            self.stamp = 1;
        }
    }

    /// Brings near in memory what the table has of words with some keys.
    pub fn fetch(&self, keys: impl Iterator<Item = u64> + Clone) {
        let slot = |key: u64| {
            let slot = self.slots.get(key as usize & self.mask);
            slot.copied().unwrap_or_default().phrase(self.stamp)
        };
        fetch(keys.clone().map(slot));
        fetch(keys.map(|key| self.times(slot(key))));
    }

    /// Notes a mention of a word, of which the table has nothing but words yet; its candidate.
    #[inline]
    pub fn enter_word(&mut self, key: u64, at: u32, flags: u8) -> u32 {
        let (new, chain) = (self.seen.len() as u32, self.chains.len() as u32);
        let Some(slot) = self.slots.get_mut(key as usize & self.mask) else {
            return NONE;
        };
        let found = slot.phrase(self.stamp);
        let known = self.seen.get(found as usize).map_or(0, |c| c.key) == key;
        if (found != NONE) & !known | (key == 0) {
            return self.enter(key, 1, at, flags, [NONE; 2]);
        }
        // Whether a word was said before nobody can foretell: it is entered as a new one and is the old one or not.
        let word = Seen {
            key,
            first: at,
            last: at,
            times: 1,
            chain: NOWHERE,
            worth: f32::NAN,
            words: 1,
            flags,
            ..Seen::default()
        };
        self.seen.push(word);
        let id = if known { found } else { new };
        let stamp = self.stamp;
        *slot = Slot { stamp, id };
        let mut before = NOWHERE;
        if let Some(c) = self.seen.get_mut(id as usize) {
            before = c.chain;
            c.chain = chain;
            c.last = at;
            c.times += u32::from(known);
            c.flags |= flags;
            let [most, ..] = &mut self.most;
            *most = c.times.max(*most);
        }
        self.chains.push((at, before));
        self.seen.truncate(new as usize + usize::from(!known));
        id
    }

    /// Notes a mention of a phrase that may be there already; its candidate.
    #[inline]
    pub fn enter(&mut self, key: u64, words: u8, at: u32, flags: u8, parts: [u32; 2]) -> u32 {
        let mut at_slot = key as usize & self.mask;
        let stamp = self.stamp;
        // A text made of colliding words may cost memory, never quadratic time.
        for _ in 0..MAX_PROBES {
            match self.slots.get_mut(at_slot) {
                Some(&mut slot) if slot.stamp == stamp => {
                    let id = slot.id;
                    if let Some(c) = self.seen.get_mut(id as usize)
                        && c.key == key
                        && c.words == words
                    {
                        let chain = self.chains.len() as u32;
                        self.chains.push((at, c.chain));
                        c.chain = chain;
                        // Within a stretch the later ones come first.
                        c.first = c.first.min(at);
                        c.last = c.last.max(at);
                        c.times += 1;
                        c.flags |= flags;
                        if let Some(most) = self.most.get_mut((words as usize).min(3) - 1) {
                            *most = c.times.max(*most);
                        }
                        return id;
                    }
                }
                Some(free) => {
                    let id = self.seen.len() as u32;
                    *free = Slot { stamp, id };
                    break;
                }
                None => break,
            }
            at_slot = (at_slot + 1) & self.mask;
        }
        self.part_of(parts);
        let id = self.push(key, words, at, flags, parts, f32::NAN);
        if let Some(c) = self.seen.last_mut() {
            c.chain = self.chains.len() as u32;
            self.chains.push((at, NOWHERE));
        }
        if self.seen.len() * 2 > self.mask {
            self.grow();
        }
        id
    }

    /// Doubles the hash table.
    #[cold]
    fn grow(&mut self) {
        let size = (self.mask + 1) * 4;
        self.resize(size);
        for (i, c) in self.seen.iter().enumerate().skip(FIRST as usize) {
            let mut at = c.key as usize & self.mask;
            for _ in 0..MAX_PROBES {
                match self.slots.get_mut(at) {
                    Some(free) if free.stamp != self.stamp => {
                        *free = Slot {
                            stamp: self.stamp,
                            id: i as u32,
                        };
                        break;
                    }
                    _ => at = (at + 1) & self.mask,
                }
            }
        }
    }

    /// Notes at the parts of a new phrase what they are within.
    #[inline]
    pub fn part_of(&mut self, parts: [u32; 2]) {
        for part in parts {
            if let Some(p) = self.seen.get_mut(part as usize) {
                p.longer_kinds += 1;
                p.longer = p.longer.max(1);
            }
        }
    }

    /// Adds a phrase of which there is but this mention, without a look whether it is there; its number.
    #[inline]
    pub fn push(
        &mut self,
        key: u64,
        words: u8,
        at: u32,
        flags: u8,
        parts: [u32; 2],
        worth: f32,
    ) -> u32 {
        self.seen.push(Seen {
            key,
            first: at,
            last: at,
            times: 1,
            longer: 0,
            longer_kinds: 0,
            parts,
            chain: NOWHERE,
            worth,
            words,
            flags,
        });
        self.seen.len() as u32 - 1
    }

    /// Places of the mentions of a phrase, the last one first but within a stretch.
    pub fn mentions(&self, id: u32) -> impl Iterator<Item = u32> + '_ {
        self.get(id).into_iter().flat_map(|c| self.mentions_of(c))
    }

    /// The same of what the table holds of a phrase.
    pub fn mentions_of(&self, c: &Seen) -> impl Iterator<Item = u32> + '_ {
        let mut chain = c.chain;
        // A single mention is not listed.
        let only = (chain == NOWHERE).then_some(c.first);
        only.into_iter().chain(std::iter::from_fn(move || {
            let &(place, before) = self.chains.get(chain as usize)?;
            chain = before;
            Some(place)
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Keys that meet in the same slots, the odd key 0 among them.
    fn keys() -> impl Iterator<Item = u64> {
        (0..300u64).map(|n| ((n * n % 17) << 40) | (n % 5))
    }

    /// What a story of these words has by the obvious way: first, last and number of mentions by key.
    fn expected() -> HashMap<u64, (u32, u32, u32)> {
        let mut out = HashMap::new();
        for (key, at) in keys().zip(0..) {
            let seen = out.entry(key).or_insert((at, at, 0));
            (seen.1, seen.2) = (at, seen.2 + 1);
        }
        out
    }

    #[test]
    fn words_that_collide_are_told_apart_in_every_story() {
        // The last stamp and the one after it are among the stories; the table is too small at first, too.
        let mut table = SeenTable {
            stamp: u32::MAX - 2,
            ..SeenTable::default()
        };
        for words in [300, 20, 300, 40, 300] {
            table.clear(words);
            let ids: Vec<u32> = keys()
                .zip(0..)
                .map(|(k, at)| table.enter_word(k, at, 0))
                .collect();
            let expected = expected();
            assert_eq!(table.phrases().len(), expected.len());
            for (key, id) in keys().zip(&ids) {
                let seen = table.get(*id).expect("was entered");
                assert_eq!(seen.key, key);
                assert_eq!((seen.first, seen.last, seen.times), expected[&key]);
                let places = keys().zip(0..).filter(|(k, _)| *k == key).map(|(_, at)| at);
                let mut mentions: Vec<u32> = table.mentions(*id).collect();
                mentions.reverse();
                assert_eq!(mentions, places.collect::<Vec<u32>>());
            }
            // A phrase of two words with the key of a word is another one.
            let key = keys().nth(3).expect("there are more");
            let pair = table.enter(key, 2, 7, 0, [ids[0], ids[1]]);
            assert_eq!(table.times(pair), 1);
            assert_eq!(table.enter(key, 2, 9, 0, [ids[0], ids[1]]), pair);
            assert_eq!(table.times(pair), 2);
        }
    }

    #[test]
    fn a_story_of_more_phrases_than_expected_keeps_all() {
        let mut table = SeenTable::default();
        table.clear(20);
        let slots = table.mask + 1;
        let key = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let ids: Vec<u32> = (0..2000)
            .map(|n| table.enter(key(n), 2, n as u32, 0, [NONE; 2]))
            .collect();
        assert!(table.mask + 1 > slots * 8, "{}", table.mask);
        for (n, id) in (0..2000).zip(&ids) {
            assert_eq!(table.enter(key(n), 2, 5000, 0, [NONE; 2]), *id);
            assert_eq!(table.times(*id), 2);
        }
        assert_eq!(table.phrases().len(), 2000);
    }
}
