//! Which rules are near: those whose rarest lists are all hit.
//!
//! A rule is satisfied where words of all its lists stand together, and nearly no sentence satisfies any. So every word
//! of a list has bits that say whose rarest list it is in, whose second, third and fourth one; the bits of a sentence are
//! gathered word by word without asking anything, and one look tells whether some rule may have them all. A few rules share
//! a bit, so that what a word says is two cache lines: which of them it is, is asked of one
//! sentence in twenty and of three stories in five.

use crate::ahead::fetch;

/// Lists of a rule that are told apart; a rule of fewer lists has its last one in the place of the others, one of more lists
/// is taken to have the fourth one where any of the later ones is hit.
const LISTS: usize = 4;

/// Words of bits: the first half of them for the rules over a sentence, the other for those over a story.
const WORDS: usize = 4;

/// A bit for every few rules.
pub(super) type RuleBits = [u64; WORDS];

/// The rules that some words bring near, by list, the rarest first.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Near([RuleBits; LISTS]);

impl Near {
    #[inline]
    pub fn add(&mut self, other: &Near) {
        for (bits, other) in self.0.iter_mut().zip(&other.0) {
            for (bits, other) in bits.iter_mut().zip(other) {
                *bits |= other;
            }
        }
    }

    /// The bits that all lists have.
    #[inline]
    fn all(&self) -> RuleBits {
        std::array::from_fn(|word| self.0.iter().fold(u64::MAX, |all, bits| all & bits[word]))
    }

    /// Those of the rules over a sentence, if there are any.
    #[inline]
    pub fn in_sentence(&self) -> Option<RuleBits> {
        let [low, high, ..] = self.all();
        (low | high != 0).then_some([low, high, 0, 0])
    }

    /// Those of the rules over a story, if there are any.
    #[inline]
    pub fn in_story(&self) -> Option<RuleBits> {
        let [.., low, high] = self.all();
        (low | high != 0).then_some([0, 0, low, high])
    }

    /// Whether any of some rules has a list that is hit.
    #[inline]
    fn concerns(&self, rules: &RuleBits) -> bool {
        let common = |bits: &RuleBits| bits.iter().zip(rules).fold(0, |all, (a, b)| all | a & b);
        self.0.iter().fold(0, |all, bits| all | common(bits)) != 0
    }
}

/// Which rules the words of the lists bring near.
#[derive(Clone, Debug, Default)]
pub(super) struct NearTable {
    /// By bundle of lists.
    bundles: Vec<Near>,
    /// By bit: the rules that share it.
    rules: Vec<Vec<u32>>,
}

impl NearTable {
    /// Of `rules`, each with its lists, the rarest first, and whether it is over a story; a bundle is so many of `sets` lists.
    pub fn new<'r, 'b>(
        rules: impl Iterator<Item = (&'r [u32], bool)>,
        sets: usize,
        bundles: impl Iterator<Item = &'b [u32]>,
    ) -> NearTable {
        let mut of_bit = vec![Vec::new(); 64 * WORDS];
        let mut of_set = vec![Near::default(); sets];
        for (rule, (lists, across)) in (0..).zip(rules) {
            let half = 64 * WORDS / 2;
            let bit = rule as usize % half + if across { half } else { 0 };
            if let Some(rules) = of_bit.get_mut(bit) {
                rules.push(rule);
            }
            let last = lists.len().saturating_sub(1);
            for i in 0..lists.len().max(LISTS) {
                let set = lists.get(i.min(last));
                let near = set.and_then(|&set| of_set.get_mut(set as usize));
                let list = near.and_then(|near| near.0.get_mut(i.min(LISTS - 1)));
                if let Some(bits) = list.and_then(|list| list.get_mut(bit / 64)) {
                    *bits |= 1 << (bit % 64);
                }
            }
        }
        let of_bundle = |sets: &[u32]| {
            let mut all = Near::default();
            let known = sets.iter().filter_map(|&set| of_set.get(set as usize));
            known.for_each(|near| all.add(near));
            all
        };
        NearTable {
            bundles: bundles.map(of_bundle).collect(),
            rules: of_bit,
        }
    }

    /// Brings near in memory what some bundles say.
    pub fn fetch(&self, bundles: impl Iterator<Item = u32>) {
        let of = |bundle: u32| self.bundles.get(bundle as usize);
        let of_lines = |Near([first, .., last]): &Near| (first[0] ^ last[0]) as u32;
        fetch(bundles.map(|bundle| of(bundle).map_or(0, of_lines)));
    }

    /// What some bundles bring near.
    #[inline]
    pub fn of(&self, bundles: impl Iterator<Item = u32>) -> Near {
        let mut near = Near::default();
        let known = bundles.filter_map(|bundle| self.bundles.get(bundle as usize));
        known.for_each(|bundle| near.add(bundle));
        near
    }

    /// Whether a bundle has a list of any of the rules of some bits.
    #[inline]
    pub fn concerns(&self, bundle: u32, rules: &RuleBits) -> bool {
        let near = self.bundles.get(bundle as usize);
        near.is_some_and(|near| near.concerns(rules))
    }

    /// The rules of some bits.
    pub fn rules(&self, bits: RuleBits) -> impl Iterator<Item = u32> {
        let words = bits.into_iter().enumerate();
        let bits = words.flat_map(|(word, mut bits)| {
            std::iter::from_fn(move || {
                let bit = 64 * word + bits.trailing_zeros() as usize;
                bits = (bits != 0).then(|| bits & (bits - 1))?;
                Some(bit)
            })
        });
        let rules = bits.filter_map(|bit| self.rules.get(bit));
        rules.flatten().copied()
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        let rules = self.rules.iter().map(|rules| size_of_val(&rules[..]));
        self.bundles.len() * size_of::<Near>()
            + self.rules.len() * size_of::<Vec<u32>>()
            + rules.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_near_where_all_its_lists_are_hit() {
        // Five hundred rules of one to six lists, of ten each; every third is over a story.
        let lists =
            |rule: u32| -> Vec<u32> { (0..=rule % 6).map(|i| (rule * 7 + i) % 500).collect() };
        let rules: Vec<(Vec<u32>, bool)> = (0..500).map(|r| (lists(r), r % 3 == 0)).collect();
        let bundles: Vec<[u32; 1]> = (0..500).map(|set| [set]).collect();
        let table = NearTable::new(
            rules.iter().map(|(lists, across)| (&lists[..], *across)),
            500,
            bundles.iter().map(|b| &b[..]),
        );
        let found = |near: &Near, across: bool| -> Vec<u32> {
            let bits = match across {
                true => near.in_story(),
                false => near.in_sentence(),
            };
            table.rules(bits.unwrap_or_default()).collect()
        };
        for (rule, (lists, across)) in (0..).zip(&rules) {
            let near = table.of(lists.iter().copied());
            assert!(found(&near, *across).contains(&rule));
            assert!(
                found(&near, *across)
                    .iter()
                    .all(|&r| rules[r as usize].1 == *across)
            );
            // Without one of its first lists it is near only by the rules that share its bit.
            for missing in lists.iter().take(LISTS) {
                let near = table.of(lists.iter().copied().filter(|set| set != missing));
                let others = |r: &u32| r % 128 == rule % 128;
                let near = found(&near, *across);
                assert!(!near.contains(&rule) || near.iter().filter(|r| others(r)).count() > 1);
            }
        }
        assert!(found(&table.of(std::iter::empty()), false).is_empty());
        assert!(found(&table.of(std::iter::empty()), true).is_empty());
    }
}
