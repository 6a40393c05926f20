//! Which rules are near: those whose rarest lists are all hit.
//!
//! A rule is satisfied where words of all its lists stand together, and nearly no sentence satisfies any. So every word
//! of a list has bits that say whose rarest list it is in, whose second, third and fourth one; the bits of a sentence are
//! gathered word by word without asking anything, and one look tells whether some rule has them all.

/// Lists of a rule that have bits; a rule of fewer lists has those of its last one in the place of the others.
pub(super) const LISTS: usize = 4;

/// Words of 64 bits: as many bits as the shipped topics have rules.
const WORDS: usize = 7;

/// Rules with a bit of their own; the next ones share theirs, which costs time where both are near.
const SLOTS: usize = 64 * WORDS;

/// A bit for each rule.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RuleBits([u64; WORDS]);

impl RuleBits {
    pub fn insert(&mut self, rule: usize) {
        if let Some(bits) = self.0.get_mut(rule % SLOTS / 64) {
            *bits |= 1 << (rule % 64);
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |any, bits| any | bits) == 0
    }

    /// The rules below `count` with their bit in it.
    pub fn numbers(&self, count: usize) -> impl Iterator<Item = usize> {
        let words = self.0.into_iter().enumerate();
        let slots = words.flat_map(|(at, mut bits)| {
            std::iter::from_fn(move || {
                let slot = 64 * at + bits.trailing_zeros() as usize;
                bits = (bits != 0).then(|| bits & (bits - 1))?;
                Some(slot)
            })
        });
        slots.flat_map(move |slot| (slot..count).step_by(SLOTS))
    }
}

/// The rules that some words bring near, by list, the rarest first.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(16))]
pub(super) struct Near([RuleBits; LISTS]);

impl Near {
    /// List number `list` of a rule is hit.
    pub fn insert(&mut self, list: usize, rule: usize) {
        if let Some(rules) = self.0.get_mut(list) {
            rules.insert(rule);
        }
    }

    #[inline]
    pub fn add(&mut self, other: &Near) {
        for (rules, other) in self.0.iter_mut().zip(&other.0) {
            for (bits, other) in rules.0.iter_mut().zip(&other.0) {
                *bits |= other;
            }
        }
    }

    /// Those of the rules `of` that have all their lists.
    #[inline]
    pub fn rules(&self, of: &RuleBits) -> RuleBits {
        let mut all = *of;
        for rules in &self.0 {
            for (bits, other) in all.0.iter_mut().zip(&rules.0) {
                *bits &= other;
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_near_where_all_its_lists_are_hit() {
        for rule in [0, 63, 64, SLOTS - 1, SLOTS, 2 * SLOTS + 70] {
            let mut of = RuleBits::default();
            of.insert(rule);
            let mut near = Near::default();
            for list in 0..LISTS {
                assert!(near.rules(&of).is_empty());
                let mut hit = Near::default();
                hit.insert(list, rule);
                near.add(&hit);
            }
            let rules: Vec<usize> = near.rules(&of).numbers(rule + SLOTS).collect();
            assert!(rules.contains(&rule));
            assert!(rules.iter().all(|r| r % SLOTS == rule % SLOTS));
            assert!(near.rules(&RuleBits::default()).is_empty());
        }
    }
}
