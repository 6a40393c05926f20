//! The names that labels show.

use wide::{CmpEq, i8x16};

/// A name that labels show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// First unit.
    pub first: u32,
    /// One past the last.
    pub end: u32,
    /// The label of the first.
    pub label: u8,
}

/// Labels side by side in a register, and those that are looked at together.
const LANES: usize = 16;
const BLOCK: usize = 64;

/// The names that labels show, into `names`.
///
/// For the most part units are outside of names, and where names begin cannot be foreseen: so starts and ends are found as bits,
/// 64 units at a time.
pub(super) fn names(labels: &[u8], names: &mut Vec<Named>) {
    names.clear();
    // How many have an end.
    let mut whole = 0;
    let mut strays = false;
    for base in (0..labels.len()).step_by(BLOCK) {
        let (mut starts, mut ends) = (0u64, 0u64);
        for shift in (0..BLOCK.min(labels.len() - base)).step_by(LANES) {
            let at = base + shift;
            let (own, before) = (lanes(labels, at), lanes(labels, at.wrapping_sub(1)));
            // What goes on the name before is the inside of the same kind.
            let outside = own.cmp_eq(i8x16::default());
            let other = !own.cmp_eq(before + (before & i8x16::splat(1)));
            let starts_here = !outside & other;
            let ends_here = !before.cmp_eq(i8x16::default()) & (other | outside);
            starts |= (starts_here.move_mask() as u64) << shift;
            ends |= (ends_here.move_mask() as u64) << shift;
        }
        while starts != 0 {
            let first = (base as u32) + starts.trailing_zeros();
            let label = labels.get(first as usize).copied().unwrap_or(0);
            strays |= label % 2 == 0;
            names.push(Named {
                first,
                end: labels.len() as u32,
                label,
            });
            starts &= starts - 1;
        }
        while ends != 0 {
            if let Some(name) = names.get_mut(whole) {
                name.end = (base as u32) + ends.trailing_zeros();
            }
            whole += 1;
            ends &= ends - 1;
        }
    }
    if strays {
        names.retain(|name| name.label % 2 == 1);
    }
}

/// The labels from unit `at` on; 0 where there is none.
#[inline]
fn lanes(labels: &[u8], at: usize) -> i8x16 {
    let all = labels.get(at..).and_then(|l| l.first_chunk::<LANES>());
    let lanes = all.copied().unwrap_or_else(|| some_lanes(labels, at));
    i8x16::new(lanes.map(|label| label as i8))
}

/// The same where they are at an end of the text.
#[cold]
#[inline(never)]
fn some_lanes(labels: &[u8], at: usize) -> [u8; LANES] {
    std::array::from_fn(|k| labels.get(at.wrapping_add(k)).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(labels: &[u8]) -> Vec<(u8, u32, u32)> {
        let mut found = Vec::new();
        names(labels, &mut found);
        found.iter().map(|n| (n.label, n.first, n.end)).collect()
    }

    #[test]
    fn finds_every_name() {
        let mut labels = vec![0u8; 40];
        labels[..6].copy_from_slice(&[4, 1, 2, 2, 1, 4]);
        labels[13..17].copy_from_slice(&[5, 5, 6, 3]);
        labels[36] = 3;
        labels[39] = 1;
        let expected = [
            (1, 1, 4),
            (1, 4, 5),
            (5, 13, 14),
            (5, 14, 16),
            (3, 16, 17),
            (3, 36, 37),
            (1, 39, 40),
        ];
        assert_eq!(all(&labels), expected);
        assert_eq!(all(&[]), []);
    }

    #[test]
    fn finds_the_names_of_any_labels() {
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        };
        for length in 0..300 {
            let labels: Vec<u8> = (0..length)
                .map(|_| {
                    if next() % 3 == 0 {
                        (next() % 7) as u8
                    } else {
                        (next() % 3) as u8
                    }
                })
                .collect();
            let mut expected = Vec::new();
            let mut from = 0;
            while let Some(at) = labels.iter().skip(from).position(|l| l % 2 == 1) {
                let first = from + at;
                let label = labels[first];
                let inside = labels[first + 1..].iter().take_while(|l| **l == label + 1);
                from = first + 1 + inside.count();
                expected.push((label, first as u32, from as u32));
            }
            assert_eq!(all(&labels), expected, "{labels:?}");
        }
    }
}
