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
    let test = |seen: u8, &b: &u8| seen | test(b);
    let Some(last) = bytes.last_chunk::<BLOCK>() else {
        return bytes.iter().fold(0, test) != 0;
    };
    let blocks = bytes.as_chunks::<BLOCK>().0.as_flattened();
    last.iter().fold(blocks.iter().fold(0, test), test) != 0
}

/// How many bytes are spaces.
pub(super) fn spaces(bytes: &[u8]) -> usize {
    let space = |b: u8| u8::from(b == b' ');
    let sum = |bytes: &[u8]| usize::from(bytes.iter().map(|&b| space(b)).sum::<u8>());
    let (parts, rest) = bytes.as_chunks::<SUMMED>();
    let (blocks, odd) = rest.as_chunks::<BLOCK>();
    let counted = parts.iter().map(|part| sum(part)).sum::<usize>() + sum(blocks.as_flattened());
    let Some(last) = bytes.last_chunk::<BLOCK>() else {
        return counted + sum(odd);
    };
    let new = (BLOCK - odd.len()) as u8;
    let last = last.iter().zip(0_u8..);
    let last = last.map(|(&b, at)| space(b) & u8::from(at >= new));
    counted + usize::from(last.sum::<u8>())
}

/// Bytes of which so few may be counted that a byte holds the sum.
const SUMMED: usize = 15 * BLOCK;

/// How many runs of anything but spaces and controls there are in at most [`SUMMED`] bytes, and whether one of them
/// begins with a sign of ASCII.
pub(super) fn runs(bytes: &[u8]) -> (u8, bool) {
    let begins = |before: u8, b: u8| u8::from(before <= b' ') & u8::from(b > b' ');
    let sign = |b: u8| {
        let letter = (b | 0x20).wrapping_sub(b'a') < 26;
        let digit = b.wrapping_sub(b'0') < 10;
        u8::from(!letter) & u8::from(!digit) & u8::from(b < 0x80)
    };
    let add = |(runs, signs): (u8, u8), (&before, &b): (&u8, &u8)| {
        let begins = begins(before, b);
        (runs.wrapping_add(begins), signs | begins & sign(b))
    };
    let Some((&first, here)) = bytes.split_first() else {
        return (0, false);
    };
    let before = bytes.get(..here.len()).unwrap_or(&[]);
    let seen = add((0, 0), (&b' ', &first));
    let (befores, odd) = before.as_chunks::<BLOCK>();
    let (heres, odd_here) = here.as_chunks::<BLOCK>();
    let blocks = befores.as_flattened().iter().zip(heres.as_flattened());
    let seen = blocks.fold(seen, add);
    let lasts = (before.last_chunk::<BLOCK>(), here.last_chunk::<BLOCK>());
    let (runs, signs) = match lasts {
        (Some(before), Some(here)) => {
            let new = (BLOCK - odd.len()) as u8;
            let last = before.iter().zip(here).zip(0_u8..);
            last.fold(seen, |(runs, signs), ((&before, &b), at)| {
                let begins = begins(before, b) & u8::from(at >= new);
                (runs.wrapping_add(begins), signs | begins & sign(b))
            })
        }
        _ => odd.iter().zip(odd_here).fold(seen, add),
    };
    (runs, signs != 0)
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

/// Whether a text may hold a line break other than a line feed: controls, U+0085 (C2 85), U+2028 and U+2029 (E2 80 A8 and
/// A9).
pub(super) fn has_rare_breaks(bytes: &[u8]) -> bool {
    let control = |b: u8| u8::from(b.wrapping_sub(0x0B) < 3);
    let begins = |b: u8| u8::from(b & 0xDF == 0xC2);
    let ends = |next: u8, third: u8| u8::from(next == 0x85) | u8::from(third & 0xFE == 0xA8);
    let later = |n: usize| bytes.get(n..).unwrap_or(&[]);
    let all = bytes.iter().zip(later(1)).zip(later(2));
    let seen = all.fold(0, |seen, ((&b, &next), &third)| {
        seen | control(b) | begins(b) & ends(next, third)
    });
    // No three begin with the last two.
    let last = later(bytes.len().saturating_sub(2));
    let next = last.iter().skip(1).chain([&0]);
    let last = last.iter().zip(next);
    last.fold(seen, |seen, (&b, &next)| {
        seen | control(b) | begins(b) & ends(next, 0)
    }) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_answers_are_those_of_one_byte_after_the_other() {
        let text =
            "في 20 أكتوبر، قال «متحدث» باسم \u{2028}الحكومة:\n نعم\u{85} لا\u{2029}\r\n".repeat(9);
        for from in 0..40 {
            // Past twice the bytes that are summed at a time.
            for to in from..text.len().min(from + 2 * SUMMED + 3 * BLOCK) {
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
                if bytes.len() <= SUMMED {
                    assert_eq!(runs(bytes), (words.len() as u8, odd));
                }
                let rare = bytes.iter().any(|b| (0x0B..0x0E).contains(b))
                    || bytes.windows(2).any(|w| w == [0xC2, 0x85])
                    || bytes
                        .windows(3)
                        .any(|w| w == [0xE2, 0x80, 0xA8] || w == [0xE2, 0x80, 0xA9]);
                assert_eq!(has_rare_breaks(bytes), rare, "{bytes:x?}");
            }
        }
    }
}
