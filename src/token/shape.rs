//! Shapes that reach over letters, digits and signs: numbers, addresses, tags.
//!
//! Written by hand and not as regexes: each is a few lines, runs only where its first character stands, and must be
//! linear over the whole text, which a search restarted at every word would not be.

use super::TokenKind;
use super::scan::class_at;
use crate::normalize::table::{DIGIT, FOLD, FOREIGN, INVISIBLE, LETTER, MARK};

/// Where earlier look-aheads failed, so that none is repeated over the same bytes.
#[derive(Default)]
pub(super) struct Looks {
    /// No mail address begins before this position.
    no_email_before: usize,
}

impl Looks {
    /// A web or mail address that begins with the Latin letter at `i`.
    pub(super) fn address(&mut self, text: &str, i: usize) -> Option<(usize, TokenKind)> {
        if let Some(end) = url(text, i) {
            return Some((end, TokenKind::Url));
        }
        self.email(text, i).map(|end| (end, TokenKind::Email))
    }

    /// A mail address that begins at `i`: `local@domain.tld`.
    pub(super) fn email(&mut self, text: &str, i: usize) -> Option<usize> {
        if i < self.no_email_before {
            return None;
        }
        let bytes = text.as_bytes();
        let mut at = i;
        while bytes
            .get(at)
            .is_some_and(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(b))
        {
            at += 1;
        }
        if bytes.get(at) != Some(&b'@') {
            self.no_email_before = at;
            return None;
        }
        let mut end = at + 1;
        let mut good = None;
        let mut dot = None;
        while let Some(&b) = bytes.get(end) {
            if b.is_ascii_alphanumeric() {
                end += 1;
                if dot.is_some_and(|d| end - d > 2) {
                    good = Some(end);
                }
            } else if (b == b'.' || b == b'-')
                && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
            {
                if b == b'.' {
                    dot = Some(end);
                }
                end += 1;
            } else {
                break;
            }
        }
        if good.is_none() {
            self.no_email_before = at;
        }
        good
    }
}

/// A web address that begins at `i`; closing punctuation and unopened brackets at its end do not belong to it.
fn url(text: &str, i: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let rest = bytes.get(i..)?;
    // Of the heads below.
    if !matches!(rest.first()?, b'h' | b'H' | b'f' | b'F' | b'w' | b'W') {
        return None;
    }
    let starts = |p: &[u8]| {
        rest.get(..p.len())
            .is_some_and(|r| r.eq_ignore_ascii_case(p))
    };
    let head = [&b"https://"[..], b"http://", b"ftp://", b"www."]
        .into_iter()
        .find(|p| starts(p))?
        .len();
    let mut end = i + head;
    let mut opened = 0usize;
    for c in text.get(end..)?.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() => break,
            '<' | '>' | '"' | '«' | '»' | '“' | '”' | '‘' | '’' | '،' | '؛' | '؟' | '{' | '}'
            | '|' | '\\' | '^' | '`' => break,
            '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}' => break,
            '(' => opened += 1,
            ')' if opened == 0 => break,
            ')' => opened -= 1,
            _ => {}
        }
        end += c.len_utf8();
    }
    while end > i + head
        && bytes
            .get(end - 1)
            .is_some_and(|b| b".,:;!?'*_~]([".contains(b))
    {
        end -= 1;
    }
    (end > i + head).then_some(end)
}

/// The end of at most seven digits of ASCII at `i`, where behind them nothing can stand that makes more of them: most
/// numbers, all digits at once.
#[inline]
pub(super) fn digits_alone(bytes: &[u8], i: usize) -> Option<usize> {
    let window = bytes.get(i..).and_then(<[u8]>::first_chunk::<8>)?;
    let digits = u64::from_le_bytes(*window) ^ 0x3030_3030_3030_3030;
    // A byte above nine is above fifteen, or becomes so when six is added; what that carries over lies behind it.
    let above = digits | digits.wrapping_add(0x0606_0606_0606_0606);
    let count = (above & 0xF0F0_F0F0_F0F0_F0F0).trailing_zeros() as usize / 8;
    let alone = matches!(window.get(count)?, b' ' | b'\n' | b')' | b':' | b'/' | b'"');
    (alone && count > 0).then_some(i + count)
}

/// More groups of three than any real number has.
const MAX_GROUPS: usize = 10;

/// The end of the number that begins at `i`, and whether its normal form differs.
///
/// `1,250.75`, `١٬٢٥٠`, `٣٫٥`, `1.554.000`; but `20.10.2024` and `20/10/2024` are several numbers.
pub(super) fn number(text: &str, i: usize) -> (usize, bool) {
    let mut folded = false;
    let mut digits = |mut at: usize| {
        let begin = at;
        let next = |at: usize| text.as_bytes().get(at).copied().unwrap_or(b' ');
        while next(at).is_ascii_digit() {
            at += 1;
        }
        let mut count = at - begin;
        while !next(at).is_ascii() || next(at).is_ascii_digit() {
            let (class, len) = class_at(text, at);
            if class & DIGIT == 0 {
                break;
            }
            folded |= class & FOLD != 0;
            at += len;
            count += 1;
        }
        (at, count, at > begin)
    };
    let (first_end, count, _) = digits(i);
    let mut end = first_end;
    // Thousands: groups of three behind one and the same sign.
    let mut thousands = None;
    if count <= 3 {
        // Bounded, because a group may be given back below and read again.
        for _ in 0..MAX_GROUPS {
            let Some((sign, len)) = sign(text, end) else {
                break;
            };
            if sign == '٫' || thousands.is_some_and(|t| t != sign) {
                break;
            }
            let (next, n, _) = digits(end + len);
            if n != 3 {
                break;
            }
            thousands = Some(sign);
            end = next;
        }
    }
    // One decimal sign.
    if let Some((sign, len)) = sign(text, end) {
        let (next, n, _) = digits(end + len);
        // «7،3 درجات»: the Arabic comma is a decimal sign in the press, between few digits; «2020،2021» is a list.
        let comma = sign == '،' && (count > 3 || n > 2 || thousands.is_some());
        if n > 0 && sign != '٬' && !comma && thousands != Some(sign) {
            end = next;
            // A further sign with digits behind it: a date or a version, not a number.
            if let Some((again, len)) = self::sign(text, end)
                && digits(end + len).1 > 0
                && (again == sign || thousands.is_none())
            {
                end = first_end;
            }
        } else if n > 0 && thousands == Some(sign) && sign == '.' {
            // `192.168.1`: the groups are no thousands after all.
            end = first_end;
        }
    }
    let folded = folded
        || text
            .get(i..end)
            .is_some_and(|s| s.contains(['٫', '٬', '،']));
    (end, folded)
}

/// A decimal or thousands sign at `i`.
fn sign(text: &str, i: usize) -> Option<(char, usize)> {
    let &first = text.as_bytes().get(i)?;
    if first.is_ascii() {
        return matches!(first, b'.' | b',').then_some((char::from(first), 1));
    }
    let c = text.get(i..)?.chars().next()?;
    matches!(c, '٫' | '٬' | '،').then_some((c, c.len_utf8()))
}

/// The end of `#tag`, which has a letter or digit.
pub(super) fn hashtag(text: &str, i: usize) -> Option<usize> {
    let mut at = i + 1;
    let mut end = None;
    let mut seen = 0;
    loop {
        let (class, len) = class_at(text, at);
        if class & (LETTER | MARK | DIGIT) != 0 {
            at += len;
            end = Some(at);
            seen |= class;
        } else if text.as_bytes().get(at) == Some(&b'_') {
            at += 1;
            if end.is_some() {
                end = Some(at);
            }
        } else if class & INVISIBLE != 0 {
            at += len;
        } else {
            break;
        }
    }
    end.filter(|_| seen & (LETTER | DIGIT) != 0)
}

/// The end of `@name`: Latin letters, digits, underscores.
pub(super) fn mention(text: &str, i: usize) -> Option<usize> {
    let mut at = i + 1;
    loop {
        let (class, len) = class_at(text, at);
        if class & FOREIGN != 0 && len == 1
            || class == DIGIT
            || text.as_bytes().get(at) == Some(&b'_')
        {
            at += len;
        } else {
            break;
        }
    }
    (at > i + 1).then_some(at)
}
