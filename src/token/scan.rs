//! The single pass over the bytes that finds the tokens.
//!
//! Arabic letters are decided by one table look-up on their two bytes; everything rare goes through [`class_at`].
//! Every byte is looked at a bounded number of times, whatever the text is.

use super::sentence::{Sign, Stop};
use super::shape;
use super::{RawToken, TokenKind};
use crate::normalize::table::{
    ARABIC, ASCII, DIGIT, FOLD, FOREIGN, INVISIBLE, LETTER, MARK, PUNCT, SPACE, SYMBOL,
    class as class_of, class_slow,
};
use crate::span::Span;

/// Class and length in bytes of the character at `i`; (SPACE, 0) at the end of the text.
#[inline]
pub(super) fn class_at(text: &str, i: usize) -> (u8, usize) {
    let bytes = text.as_bytes();
    let Some(&b) = bytes.get(i) else {
        return (SPACE, 0);
    };
    if b < 0x80 {
        return (ASCII[(b & 0x7F) as usize], 1);
    }
    if (0xD8..=0xDB).contains(&b) {
        let b1 = bytes.get(i + 1).copied().unwrap_or(0);
        return (ARABIC[((b & 3) as usize) << 6 | (b1 & 0x3F) as usize], 2);
    }
    match text.get(i..).and_then(|s| s.chars().next()) {
        Some(c) => (class_slow(c), c.len_utf8()),
        None => (SPACE, 1),
    }
}

/// How many plain letters (U+0621..=U+063A, U+0641..=U+064A) the eight bytes of `window` begin with, 0 to 4.
///
/// News is made of them, and where a word ends no branch predictor can guess: asking eight bytes at once, without a
/// branch, takes the guessing out. A lane of 16 bits holds one letter of two bytes.
#[inline]
const fn plain_letters(window: u64) -> u32 {
    /// One in every lane.
    const ONES: u64 = 0x0001_0001_0001_0001;
    /// The bit of a lane in which a test leaves its answer: a lane holds less than twice that.
    const TEST: u64 = 0x100 * ONES;
    // First byte 0xD8 or 0xD9: nothing is left of it but the lowest bit.
    let foreign = ((window ^ (0xD8 * ONES)) & (0xFE * ONES)) + 0xFF * ONES;
    // The letters are D8 A1..BA and D9 81..8A. With 0x20 more behind D9 both ranges begin alike, with 0x10 more again
    // they end alike.
    let second = (window >> 8) & (0xFF * ONES);
    let sixteen = (window & ONES) << 4;
    let from_start = second + 2 * sixteen;
    let to_end = from_start + sixteen;
    let before = (TEST + 0xA0 * ONES) - from_start;
    let behind = to_end + (TEST - 0xBB * ONES);
    ((foreign | before | behind) & TEST).trailing_zeros() / 16
}

/// How many plain letters the sixteen bytes of `window` begin with, 0 to 8.
#[inline]
pub(crate) const fn plain_run(window: u128) -> usize {
    let low = plain_letters(window as u64);
    let high = plain_letters((window >> 64) as u64);
    (low + if low == 4 { high } else { 0 }) as usize
}

/// Where the plain letters from `i` on end, as far as sixteen bytes at a time can be looked at.
#[inline]
fn plain_end(bytes: &[u8], mut i: usize) -> usize {
    while let Some(window) = bytes.get(i..).and_then(<[u8]>::first_chunk::<16>) {
        let run = plain_run(u128::from_le_bytes(*window));
        i += 2 * run;
        if run < 8 {
            break;
        }
    }
    i
}

/// Appends the tokens of `text` to `out`.
pub(crate) fn scan(text: &str, out: &mut Vec<RawToken>) {
    scan_with_stops(text, out, |_| {});
}

/// Appends the tokens of `text` to `out`, and tells where a sentence may end.
pub(crate) fn scan_with_stops(text: &str, out: &mut Vec<RawToken>, mut stop: impl FnMut(Stop)) {
    let bytes = text.as_bytes();
    let mut looks = shape::Looks::default();
    let mut flags = RawToken::SPACE_BEFORE | RawToken::LINE_BEFORE;
    let mut i = 0;
    while let Some(&b) = bytes.get(i) {
        // Eight words of ten: plain letters, and something that is no letter behind them.
        let plain = if b & 0xFE == 0xD8 {
            plain_end(bytes, i)
        } else {
            i
        };
        if plain > i {
            let mut end = plain;
            flags |= RawToken::ARABIC | RawToken::PLAIN;
            if may_continue(bytes, plain) {
                let (more, _, extra) = arabic_word(text, plain, LETTER);
                end = more;
                flags |= extra;
                if end > plain || flags & RawToken::FOLDED != 0 {
                    flags &= !RawToken::PLAIN;
                }
            }
            out.push(RawToken {
                span: Span {
                    start: i as u32,
                    end: end as u32,
                },
                word: 0,
                kind: TokenKind::Word,
                flags,
            });
            // A space stands behind nearly every word: taken along, and without a branch.
            let space = u8::from(bytes.get(end) == Some(&b' '));
            flags = RawToken::SPACE_BEFORE * space;
            i = end + usize::from(space);
            continue;
        }
        if b == b' ' {
            flags |= RawToken::SPACE_BEFORE;
            i += 1;
            continue;
        }
        let (class, len) = class_at(text, i);
        if class == SPACE {
            flags |= RawToken::SPACE_BEFORE;
            if b == b'\n' || b == b'\r' || b >= 0x80 && is_line_separator(text, i) {
                if flags & RawToken::LINE_BEFORE == 0 {
                    stop(Stop::new(out.len(), Sign::Line));
                }
                flags |= RawToken::LINE_BEFORE;
            }
            i += len.max(1);
            continue;
        }
        if class & INVISIBLE != 0 {
            i += len;
            continue;
        }
        let (end, kind, extra) = if class & (LETTER | FOREIGN) == LETTER {
            arabic_word(text, i + len, class)
        } else if class & LETTER != 0 {
            match looks.address(text, i) {
                Some((end, kind)) => (end, kind, RawToken::FOLDED),
                None => foreign_word(text, i, class),
            }
        } else if class & DIGIT != 0 {
            if let Some(end) = shape::digits_alone(bytes, i) {
                (end, TokenKind::Number, 0)
            } else if let Some(end) = looks.email(text, i) {
                (end, TokenKind::Email, RawToken::FOLDED)
            } else {
                let (end, folded) = shape::number(text, i);
                let folded = u8::from(folded) * RawToken::FOLDED;
                (end, TokenKind::Number, folded)
            }
        } else if class & MARK != 0 {
            marks(text, i, i + len)
        } else if class & PUNCT != 0 {
            match b {
                b'#' => match shape::hashtag(text, i) {
                    Some(end) => (end, TokenKind::Hashtag, RawToken::FOLDED),
                    None => (i + 1, TokenKind::Punctuation, 0),
                },
                b'@' => match shape::mention(text, i) {
                    Some(end) => (end, TokenKind::Mention, RawToken::FOLDED),
                    None => (i + 1, TokenKind::Punctuation, 0),
                },
                _ => {
                    let sign = text.get(i..).and_then(|rest| rest.chars().next());
                    if let Some(sign) = sign.and_then(Sign::of) {
                        stop(Stop::new(out.len(), sign));
                    }
                    let folded = u8::from(class & FOLD != 0) * RawToken::FOLDED;
                    (i + len, TokenKind::Punctuation, folded)
                }
            }
        } else {
            (symbol(text, i + len), TokenKind::Symbol, 0)
        };
        out.push(RawToken {
            span: Span {
                start: i as u32,
                end: end as u32,
            },
            word: 0,
            kind,
            flags: flags | extra,
        });
        // `end` is always past `i`; the maximum makes a mistake here slow, never endless.
        i = end.max(i + 1);
        let space = u8::from(bytes.get(i) == Some(&b' '));
        flags = RawToken::SPACE_BEFORE * space;
        i += usize::from(space);
    }
}

/// Whether an Arabic word may go on at `i`, where its plain letters end: `false` for what stands behind nearly all words,
/// ASCII and the Arabic comma.
#[inline]
fn may_continue(bytes: &[u8], i: usize) -> bool {
    match bytes.get(i..).and_then(<[u8]>::first_chunk::<2>) {
        Some(&[first, second]) => (first >= 0x80) & ((first != 0xD8) | (second != 0x8C)),
        None => false,
    }
}

fn is_line_separator(text: &str, i: usize) -> bool {
    matches!(
        text.get(i..).and_then(|s| s.chars().next()),
        Some('\u{85}' | '\u{2028}' | '\u{2029}')
    )
}

/// The end of an Arabic word of which what ends before `i` was read; `class` are the classes of that.
#[inline(never)]
fn arabic_word(text: &str, mut i: usize, class: u8) -> (usize, TokenKind, u8) {
    let bytes = text.as_bytes();
    let mut seen = class;
    loop {
        // Letters and marks of U+0600..=U+06FF one by one: a word that is not plain to its end is seldom long.
        while let Some(&[b0, b1]) = bytes.get(i..i + 2) {
            if !(0xD8..=0xDB).contains(&b0) {
                break;
            }
            let class = ARABIC[((b0 & 3) as usize) << 6 | (b1 & 0x3F) as usize];
            if class & (LETTER | MARK) == 0 {
                break;
            }
            seen |= class;
            i += 2;
        }
        // The rest: presentation forms, supplements, joiners and bidi marks, also behind the last letter.
        let (class, len) = match bytes.get(i) {
            Some(&b) if b >= 0x80 => class_at(text, i),
            _ => break,
        };
        if class & (LETTER | FOREIGN) == LETTER || class & MARK != 0 {
            seen |= class;
        } else if class & INVISIBLE != 0 {
            seen |= FOLD;
        } else {
            break;
        }
        i += len;
    }
    let folded = if seen & FOLD != 0 {
        RawToken::FOLDED
    } else {
        0
    };
    (i, TokenKind::Word, RawToken::ARABIC | folded)
}

/// A word of another script; digits may follow Latin letters (`A320`, `H1N1`).
fn foreign_word(text: &str, mut i: usize, class: u8) -> (usize, TokenKind, u8) {
    let mut seen = class;
    let mut end = i;
    loop {
        let (class, len) = class_at(text, i);
        if class & FOREIGN != 0 || class == DIGIT && end > 0 {
            seen |= class;
            i += len;
            end = i;
        } else if class & INVISIBLE != 0 {
            seen |= FOLD;
            i += len;
        } else {
            break;
        }
    }
    (
        end,
        TokenKind::Word,
        if seen & FOLD != 0 {
            RawToken::FOLDED
        } else {
            0
        },
    )
}

/// Marks or tatweel without a letter before them, from `start` on: with a letter behind them they open a word, between
/// two digits they are a dash (2020ـ2024), else they are one symbol.
fn marks(text: &str, start: usize, mut i: usize) -> (usize, TokenKind, u8) {
    let mut end = i;
    loop {
        let (class, len) = class_at(text, i);
        if class & (LETTER | FOREIGN) == LETTER {
            return arabic_word(text, i + len, class | FOLD);
        } else if class & MARK != 0 {
            i += len;
            end = i;
        } else if class & INVISIBLE != 0 {
            i += len;
        } else {
            let before = text.get(..start).and_then(|s| s.chars().next_back());
            let dash = class & DIGIT != 0 && before.is_some_and(|c| class_of(c) & DIGIT != 0);
            let kind = if dash {
                TokenKind::Punctuation
            } else {
                TokenKind::Symbol
            };
            return (end, kind, 0);
        }
    }
}

/// The end of a symbol: variation selectors, skin tones and joined emoji belong to it.
fn symbol(text: &str, mut i: usize) -> usize {
    while let Some(c) = text.get(i..).and_then(|s| s.chars().next()) {
        match c as u32 {
            0xFE00..=0xFE0F | 0x1F3FB..=0x1F3FF | 0x20E3 | 0xE0020..=0xE007F => i += c.len_utf8(),
            0x200D => {
                let next = i + c.len_utf8();
                match class_at(text, next) {
                    (class, len) if class & SYMBOL != 0 => i = next + len,
                    _ => break,
                }
            }
            _ => break,
        }
    }
    i
}
