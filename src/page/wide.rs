//! Questions to all bytes of a line, sixteen at a time.
//!
//! Where a line ends nobody can foretell, and a loop over its bytes that ends with the odd ones costs more there than in
//! all that comes before. So the last sixteen bytes of a line are taken as one block as well, whether or not some of
//! them were in the block before.

/// Bytes of a block: what the instructions of every machine take at a time.
const BLOCK: usize = 16;

/// Whether `test` answers anything but 0 for one of the bytes.
#[inline]
pub(super) fn any(bytes: &[u8], test: impl Fn(u8) -> u8) -> bool {
    let Some(last) = bytes.last_chunk::<BLOCK>() else {
        return bytes.iter().fold(0, |seen, &b| seen | test(b)) != 0;
    };
    let blocks = bytes.as_chunks::<BLOCK>().0;
    let mut seen = [0_u8; BLOCK];
    for block in blocks.iter().chain([last]) {
        for (seen, &b) in seen.iter_mut().zip(block) {
            *seen |= test(b);
        }
    }
    u128::from_ne_bytes(seen) != 0
}

/// How many bytes are spaces, of at most [`MOST`].
pub(super) fn spaces(bytes: &[u8]) -> usize {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let mut counts = [0_u8; BLOCK];
    for block in blocks {
        for (count, &b) in counts.iter_mut().zip(block) {
            *count += u8::from(b == b' ');
        }
    }
    let mut tail = [0_u8; BLOCK];
    if let Some(last) = bytes.last_chunk::<BLOCK>() {
        // Those that were not in a block yet.
        let counted = (BLOCK - rest.len()) as u8;
        for ((tail, &b), at) in tail.iter_mut().zip(last).zip(0_u8..) {
            *tail = u8::from(b == b' ') & u8::from(at >= counted);
        }
    } else {
        for (tail, &b) in tail.iter_mut().zip(rest) {
            *tail = u8::from(b == b' ');
        }
    }
    for (count, tail) in counts.iter_mut().zip(tail) {
        *count += tail;
    }
    sum(counts)
}

/// How many runs of anything but spaces and controls there are in at most [`MOST`] bytes, and whether one of them begins
/// with a sign of ASCII.
pub(super) fn runs(bytes: &[u8]) -> (usize, bool) {
    let begins = |before: u8, b: u8| u8::from(before <= b' ') & u8::from(b > b' ');
    let sign = |b: u8| {
        let letter = (b | 0x20).wrapping_sub(b'a') < 26;
        let digit = b.wrapping_sub(b'0') < 10;
        u8::from(!letter) & u8::from(!digit) & u8::from(b < 0x80)
    };
    let Some((&first, here)) = bytes.split_first() else {
        return (0, false);
    };
    let before = bytes.get(..here.len()).unwrap_or(&[]);
    let (befores, _) = before.as_chunks::<BLOCK>();
    let (heres, rest) = here.as_chunks::<BLOCK>();
    let (mut counts, mut signs) = ([0_u8; BLOCK], [0_u8; BLOCK]);
    for (befores, heres) in befores.iter().zip(heres) {
        let both = befores.iter().zip(heres);
        for ((count, signs), (&before, &b)) in counts.iter_mut().zip(&mut signs).zip(both) {
            let begins = begins(before, b);
            *count += begins;
            *signs |= begins & sign(b);
        }
    }
    let mut add = |befores: &[u8], heres: &[u8], counted: u8| {
        let both = befores.iter().zip(heres);
        let all = counts.iter_mut().zip(&mut signs).zip(both).zip(0_u8..);
        for (((count, signs), (&before, &b)), at) in all {
            let begins = begins(before, b) & u8::from(at >= counted);
            *count += begins;
            *signs |= begins & sign(b);
        }
    };
    match (before.last_chunk::<BLOCK>(), here.last_chunk::<BLOCK>()) {
        (Some(before), Some(here)) => add(before, here, (BLOCK - rest.len()) as u8),
        _ => add(before, here, 0),
    }
    let first_begins = begins(b' ', first);
    let odd = u128::from_ne_bytes(signs) != 0 || first_begins & sign(first) != 0;
    (sum(counts) + usize::from(first_begins), odd)
}

/// Longest text that [`spaces`] counts: a byte counts every sixteenth, and two of them are added.
pub(super) const MOST: usize = BLOCK * 100;

/// The sum of bytes that are at most half of what a byte holds.
fn sum(counts: [u8; BLOCK]) -> usize {
    const EVEN: u64 = 0x00FF_00FF_00FF_00FF;
    let counts = u128::from_le_bytes(counts);
    let counts = counts as u64 + (counts >> 64) as u64;
    let counts = (counts & EVEN) + (counts >> 8 & EVEN);
    (counts.wrapping_mul(0x0001_0001_0001_0001) >> 48) as usize
}

/// Where the first line feed is.
pub(super) fn line_feed(bytes: &[u8]) -> Option<usize> {
    const WIDE: usize = 4 * BLOCK;
    let mut at = 0;
    for block in bytes.as_chunks::<WIDE>().0 {
        if block.iter().fold(0, |seen, &b| seen | u8::from(b == b'\n')) != 0 {
            break;
        }
        at += WIDE;
    }
    let rest = bytes.get(at..)?;
    let (words, odd) = rest.as_chunks::<8>();
    for word in words {
        // The lowest bit set is that of the first line feed.
        let other = u64::from_le_bytes(*word) ^ 0x0A0A_0A0A_0A0A_0A0A;
        let feeds = other.wrapping_sub(0x0101_0101_0101_0101) & !other & 0x8080_8080_8080_8080;
        if feeds != 0 {
            return Some(at + feeds.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    odd.iter().position(|&b| b == b'\n').map(|i| at + i)
}

/// Whether a text may hold a line break other than a line feed: controls, U+0085, U+2028, U+2029.
pub(super) fn has_rare_breaks(bytes: &[u8]) -> bool {
    let control = |b: u8| u8::from(b.wrapping_sub(0x0B) < 3);
    let later = |n: usize| bytes.get(n..).unwrap_or(&[]);
    let two = |b: u8, next: u8| u8::from(b == 0xC2) & u8::from(next == 0x85);
    let three = |b: u8, third: u8| u8::from(b == 0xE2) & u8::from(third & 0xFE == 0xA8);
    let all = bytes.iter().zip(later(1)).zip(later(2));
    let seen = all.fold(0, |seen, ((&b, &next), &third)| {
        seen | control(b) | two(b, next) | three(b, third)
    });
    // The last two bytes were not first of three.
    let last = bytes.last_chunk::<2>().map_or(bytes, |last| last);
    let end = last.iter().zip(last.get(1..).unwrap_or(&[]));
    let end = end.fold(0, |seen, (&b, &next)| seen | two(b, next));
    last.iter().fold(seen | end, |seen, &b| seen | control(b)) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_answers_are_those_of_one_byte_after_the_other() {
        let text = "في 20 أكتوبر، قال «متحدث» باسم \u{2028}الحكومة:\n نعم\u{85} لا\r\n".repeat(9);
        for from in 0..40 {
            for to in from..text.len().min(from + 150) {
                let bytes = &text.as_bytes()[from..to];
                let feed = bytes.iter().position(|&b| b == b'\n');
                assert_eq!(line_feed(bytes), feed);
                let count = bytes.iter().filter(|&&b| b == b' ').count();
                assert_eq!(spaces(bytes), count);
                let colon = bytes.contains(&b':');
                assert_eq!(any(bytes, |b| u8::from(b == b':')), colon);
                let words: Vec<&[u8]> = bytes
                    .split(|&b| b <= b' ')
                    .filter(|w| !w.is_empty())
                    .collect();
                let odd = words
                    .iter()
                    .any(|w| w[0].is_ascii_punctuation() || w[0] == 0x7F);
                assert_eq!(runs(bytes), (words.len(), odd));
                let rare = bytes.iter().any(|b| (0x0B..0x0E).contains(b))
                    || bytes.windows(2).any(|w| w == [0xC2, 0x85])
                    || bytes.windows(3).any(|w| w == [0xE2, 0x80, 0xA8]);
                assert_eq!(has_rare_breaks(bytes), rare, "{bytes:x?}");
            }
        }
    }
}
