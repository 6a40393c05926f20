//! The names that labels show.

use super::cell::Cell;

/// The next name at or behind unit `from`: its first label, its first unit and one past its last.
#[inline]
pub(super) fn next_name(labels: &[u8], from: usize) -> Option<(u8, usize, usize)> {
    let (first, label) = next_first(labels, from)?;
    let rest = labels.get(first + 1..).unwrap_or(&[]);
    let inside = rest.iter().take_while(|l| **l == label + 1).count();
    Some((label, first, first + 1 + inside))
}

/// The next first unit of a name at or behind unit `from`, with its label.
#[inline]
pub(super) fn next_first(labels: &[u8], mut from: usize) -> Option<(usize, u8)> {
    loop {
        let (at, label) = next_labelled(labels, from)?;
        if label % 2 == 1 {
            return Some((at, label));
        }
        from = at + 1;
    }
}

/// The next unit at or behind unit `from` that is not outside of names, with its label.
#[inline]
pub(super) fn next_labelled(labels: &[u8], from: usize) -> Option<(usize, u8)> {
    // Most are outside: eight are looked at together.
    let (eights, rest) = labels.get(from..)?.as_chunks::<8>();
    for (eight, start) in eights.iter().zip((from..).step_by(8)) {
        let bits = u64::from_le_bytes(*eight);
        if bits != 0 {
            let at = bits.trailing_zeros() as usize / 8;
            return Some((start + at, eight[at % 8]));
        }
    }
    let start = labels.len() - rest.len();
    let at = rest.iter().position(|l| *l != 0)?;
    Some((start + at, *rest.get(at)?))
}

/// Cells that are asked together.
const BLOCK: usize = 16;

/// The next unit at or behind unit `from` whose cell and label pass a test. No branch is on one test: which cells pass
/// cannot be foretold, that none of a block does can.
#[inline]
pub(super) fn next_where(
    cells: &[Cell],
    labels: &[u8],
    mut from: usize,
    test: impl Fn(&Cell, u8) -> bool,
) -> Option<usize> {
    loop {
        let cells = cells.get(from..).filter(|c| !c.is_empty())?;
        let both = cells.iter().zip(labels.get(from..)?).take(BLOCK);
        let passed = both.zip(0..).fold(0, |passed, ((cell, label), k)| {
            passed | u32::from(test(cell, *label)) << k
        });
        if passed != 0 {
            return Some(from + passed.trailing_zeros() as usize);
        }
        from += BLOCK;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_name() {
        let mut labels = vec![0u8; 40];
        labels[..6].copy_from_slice(&[4, 1, 2, 2, 1, 4]);
        labels[13..17].copy_from_slice(&[5, 5, 6, 3]);
        labels[36] = 3;
        labels[39] = 1;
        let mut found = Vec::new();
        let mut from = 0;
        while let Some((label, first, end)) = next_name(&labels, from) {
            found.push((label, first, end));
            from = end;
        }
        let expected = [
            (1, 1, 4),
            (1, 4, 5),
            (5, 13, 14),
            (5, 14, 16),
            (3, 16, 17),
            (3, 36, 37),
            (1, 39, 40),
        ];
        assert_eq!(found, expected);
        assert_eq!(next_name(&labels, 41), None);
    }
}
