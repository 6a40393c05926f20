//! Words to numbers: what the matcher knows of spellings once terms are compiled.
//!
//! A word is its 64-bit hash; its letters are not kept. Two words in a billion billion have the same one, so a text of
//! a million different words over a lexicon of a million meets a wrong word once in ten million such texts.

use std::collections::HashMap;

use crate::archive::{Packer, Unpacker};
use crate::words::WordHash;

/// A finished map: entries by rising hash, and where each of equally many hashes begins. No place is left free, and a
/// look-up touches two cache lines; one of a word that is not in the map mostly touches a small table and none of these.
#[derive(Clone, Debug, Default)]
pub(crate) struct WordMap {
    /// A bit for each hash (Bloom 1970, with one function): of eight words that are not in the map seven have none.
    bits: Vec<u32>,
    /// Where each bucket begins; one more than there are buckets.
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

/// Bits of `WordMap::bits` for an entry.
const BITS: usize = 8;

/// A hash in two halves, and the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    high: u32,
    low: u32,
    value: u32,
}

/// Entries a bucket on average.
const PER_BUCKET: usize = 4;

impl WordMap {
    /// The bucket of a hash, rising with it.
    #[inline]
    fn bucket(hash: u64, buckets: usize) -> usize {
        ((u128::from(hash) * buckets as u128) >> 64) as usize
    }

    /// Place and value of the bit of a hash in a table of `words` words of 32.
    #[inline]
    fn bit(hash: u64, words: usize) -> (usize, u32) {
        // Not the high half of the hash alone, which says where the entry is: all of it, mixed anew.
        let mixed = hash.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let at = ((u128::from(mixed) * words as u128) >> 64) as usize;
        (at, 1 << (mixed & 31))
    }

    /// The value of a word, 0 where it has none.
    #[inline]
    pub fn get(&self, hash: u64) -> u32 {
        let (at, bit) = WordMap::bit(hash, self.bits.len());
        if self.bits.get(at).is_none_or(|bits| bits & bit == 0) {
            return 0;
        }
        self.find(hash)
    }

    /// The same of a word that has its bit.
    fn find(&self, hash: u64) -> u32 {
        let at = WordMap::bucket(hash, self.starts.len().saturating_sub(1));
        let Some(&[start, end]) = self.starts.get(at..at + 2) else {
            return 0;
        };
        let (high, low) = ((hash >> 32) as u32, hash as u32);
        let bucket = self.entries.get(start as usize..end as usize);
        let mut entries = bucket.unwrap_or(&[]).iter();
        entries
            .find(|e| e.low == low && e.high == high)
            .map_or(0, |e| e.value)
    }

    /// The hashes and their values.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u32)> {
        self.entries
            .iter()
            .map(|e| (u64::from(e.high) << 32 | u64::from(e.low), e.value))
    }

    pub fn memory_usage(&self) -> usize {
        self.entries.len() * size_of::<Entry>() + (self.starts.len() + self.bits.len()) * 4
    }

    pub fn pack(&self, out: &mut Packer) {
        out.numbers(self.bits.iter().copied());
        out.numbers(self.starts.iter().copied());
        let entries: Vec<u32> = self
            .entries
            .iter()
            .flat_map(|e| [e.high, e.low, e.value])
            .collect();
        out.numbers(entries.into_iter());
    }

    pub fn unpack(from: &mut Unpacker<'_>) -> Option<WordMap> {
        Some(WordMap {
            bits: from.numbers()?.collect(),
            starts: from.numbers()?.collect(),
            entries: from.groups(|[high, low, value]| Entry { high, low, value })?,
        })
    }
}

impl FromIterator<(u64, u32)> for WordMap {
    /// Each hash must come once.
    fn from_iter<I: IntoIterator<Item = (u64, u32)>>(words: I) -> WordMap {
        let words: Vec<(u64, u32)> = words.into_iter().collect();
        let buckets = words.len() / PER_BUCKET + 1;
        let mut bits = vec![0; (words.len() * BITS).div_ceil(32)];
        for &(hash, _) in &words {
            let (at, bit) = WordMap::bit(hash, bits.len());
            if let Some(bits) = bits.get_mut(at) {
                *bits |= bit;
            }
        }
        // Lengths, one place further on; then where each bucket begins, and last where it ends.
        let mut starts = vec![0u32; buckets + 2];
        for &(hash, _) in &words {
            if let Some(length) = starts.get_mut(WordMap::bucket(hash, buckets) + 2) {
                *length += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut entries = vec![Entry::default(); words.len()];
        for (hash, value) in words {
            if let Some(end) = starts.get_mut(WordMap::bucket(hash, buckets) + 1) {
                if let Some(entry) = entries.get_mut(*end as usize) {
                    *entry = Entry {
                        high: (hash >> 32) as u32,
                        low: hash as u32,
                        value,
                    };
                }
                *end += 1;
            }
        }
        starts.pop();
        for (start, end) in starts.iter().zip(starts.iter().skip(1)) {
            if let Some(bucket) = entries.get_mut(*start as usize..*end as usize) {
                bucket.sort_unstable();
            }
        }
        WordMap {
            bits,
            starts,
            entries,
        }
    }
}

/// A map that grows, by keys that are hashes or nearly so.
pub(crate) type Growing<V> = HashMap<u64, V, WordHash>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_word_and_no_other() {
        for count in [0u64, 1, 4, 5, 1000] {
            let hash = |n: u64| n.wrapping_mul(0xD6E8_FEB8_6659_FD93);
            let map: WordMap = (1..=count).map(|n| (hash(n), n as u32)).collect();
            assert!((1..=count).all(|n| map.get(hash(n)) == n as u32));
            assert!((count + 1..count + 3000).all(|n| map.get(hash(n)) == 0));
            assert!([0, 1, u64::MAX].into_iter().all(|h| map.get(h) == 0));
            let mut out = Packer::default();
            map.pack(&mut out);
            let read = WordMap::unpack(&mut Unpacker::new(&out.bytes, "")).unwrap();
            assert!(read.iter().eq(map.iter()));
            assert_eq!(read.get(hash(1)), u32::from(count > 0));
        }
        assert_eq!(WordMap::default().get(7), 0);
    }
}
