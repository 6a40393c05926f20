//! The folded head of a line: enough of it to know a marker by.

use crate::token::scan::plain_run;

/// Most folded bytes kept of a line: the longest marker is far shorter.
const HEAD: usize = 128;
/// Longest first word of a marker in folded bytes.
pub(super) const FIRST: usize = 32;

/// The first letters of a line, folded so that one spelling of a marker stands for all.
///
/// Bullets, brackets and quotation marks before the first letter are skipped; marks, tatweel and
/// invisible characters are dropped; runs of spaces are one space; hamza forms, ى/ي, ة/ه and the
/// Persian ی ک become one letter each; Latin letters are lower case.
pub(super) struct Head {
    bytes: [u8; HEAD],
    /// For each folded byte that ends a character: the offset in the line just past that character.
    ends: [u16; HEAD],
    len: usize,
}

impl Head {
    /// The head of `line`, with one character more than `most` folded bytes hold if there are so many.
    pub(super) fn of(line: &str, most: usize) -> Head {
        let mut head = Head {
            bytes: [0; HEAD],
            ends: [0; HEAD],
            len: 0,
        };
        let mut started = false;
        for (at, c) in line.char_indices() {
            let past = at + c.len_utf8();
            if is_ignorable(c) {
                // A mark belongs to the letter before it: the letter now ends after the mark.
                if let Some(end) = head.len.checked_sub(1).and_then(|i| head.ends.get_mut(i)) {
                    *end = offset(past);
                }
                continue;
            }
            if head.len > most {
                break;
            }
            if !started {
                if !is_letter(c) && c != '©' {
                    continue;
                }
                started = true;
            }
            let c = if c.is_whitespace() { ' ' } else { fold(c) };
            if c == ' ' && head.bytes.get(head.len.wrapping_sub(1)) == Some(&b' ') {
                continue;
            }
            let mut utf8 = [0; 4];
            let encoded = c.encode_utf8(&mut utf8).as_bytes();
            let end = head.len + encoded.len();
            let Some(room) = head.bytes.get_mut(head.len..end) else {
                break;
            };
            room.copy_from_slice(encoded);
            if let Some(slot) = head.ends.get_mut(end - 1) {
                *slot = offset(past);
            }
            head.len = end;
        }
        head
    }

    pub(super) fn as_str(&self) -> &str {
        self.bytes
            .get(..self.len)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or("")
    }

    /// Where, in the line, the first `folded` bytes of the head end.
    pub(super) fn line_offset(&self, folded: usize) -> usize {
        folded
            .checked_sub(1)
            .and_then(|i| self.ends.get(i))
            .map_or(0, |&end| usize::from(end))
    }
}

/// What a letter of the Arabic block is folded to; [`IGNORED`] and [`NO_LETTER`] for what is none.
const ARABIC: [u16; 256] = {
    let mut table = [NO_LETTER; 256];
    let mut at = 0;
    while at < 256 {
        if let Some(c) = char::from_u32(0x600 + at as u32) {
            table[at] = match c {
                _ if is_ignorable(c) => IGNORED,
                _ if is_arabic_letter(c) => fold(c) as u16,
                _ => NO_LETTER,
            };
        }
        at += 1;
    }
    table
};
const NO_LETTER: u16 = 0;
const IGNORED: u16 = 1;

/// Letters that [`first_letters`] looks at.
const LETTERS: usize = 4;

/// The first letters of the first word of a line, folded: four of seven bits, fewer for a shorter word. `None` where the
/// line begins with anything but plain letters, or a shorter word ends with anything but a space.
pub(super) fn first_letters(line: &[u8]) -> Option<u32> {
    let window = u64::from_le_bytes(*line.first_chunk::<{ 2 * LETTERS }>()?);
    let count = plain_run(u128::from(window));
    let end = line.get(2 * count);
    if count == 0 || count < LETTERS && end != Some(&b' ') {
        return None;
    }
    let mask = u64::MAX.checked_shr(64 - 16 * count as u32)?;
    let letters = window & mask;
    let at = |n: usize| {
        let (first, second) = (letters >> (16 * n) & 1, letters >> (16 * n + 8) & 0x3F);
        let folded = ARABIC.get((first << 6 | second) as usize).copied();
        u32::from(folded.unwrap_or(NO_LETTER) & 0x7F) << (7 * n)
    };
    Some(at(0) | at(1) | at(2) | at(3))
}

/// The same of the folded first word of a marker; `None` where no line can begin with it of which `first_letters` tells.
pub(super) fn first_letters_of(word: &str) -> Option<u32> {
    word.chars()
        .take(LETTERS)
        .zip(0..)
        .try_fold(0, |letters, (c, n)| {
            let plain = matches!(c, '\u{0621}'..='\u{063A}' | '\u{0641}'..='\u{064A}');
            plain.then_some(letters | (u32::from(c) & 0x7F) << (7 * n))
        })
}

/// The bytes of the first word of a line, folded; empty when there is none or it is longer than any marker's. It tells for
/// nearly every line that no marker stands there, so it gets by without the offsets of a [`Head`].
pub(super) fn first_word<'b>(line: &str, buffer: &'b mut [u8; FIRST]) -> &'b [u8] {
    let mut len = 0;
    for c in line.chars() {
        // Nearly every letter.
        let block = (c as usize).wrapping_sub(0x600);
        if let Some(&folded) = ARABIC.get(block) {
            match folded {
                IGNORED => {}
                NO_LETTER if len > 0 => break,
                NO_LETTER => {}
                folded => {
                    let Some([first, second]) = buffer.get_mut(len..len + 2) else {
                        return &[];
                    };
                    *first = 0xC0 | (folded >> 6) as u8;
                    *second = 0x80 | (folded & 0x3F) as u8;
                    len += 2;
                }
            }
            continue;
        }
        if is_ignorable(c) {
            continue;
        }
        if !is_letter(c) {
            if len > 0 {
                break;
            }
            if c != '©' {
                continue;
            }
        }
        let mut utf8 = [0; 4];
        let encoded = fold(c).encode_utf8(&mut utf8).as_bytes();
        let Some(room) = buffer.get_mut(len..len + encoded.len()) else {
            return &[];
        };
        room.copy_from_slice(encoded);
        len += encoded.len();
        if c == '©' {
            break;
        }
    }
    buffer.get(..len).unwrap_or(&[])
}

/// Lines are longer than `u16::MAX` at times, heads are not: marks alone could fill that much, and then no marker follows.
fn offset(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// Folds a marker of the lexicon the way lines are folded.
pub(super) fn fold_marker(term: &str) -> String {
    let mut out = String::with_capacity(term.len());
    for c in term.trim().chars().filter(|&c| !is_ignorable(c)) {
        let c = if c.is_whitespace() { ' ' } else { fold(c) };
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

/// A letter or digit; the Arabic block is decided here, the tables of the standard library are slow for it.
pub(super) fn is_letter(c: char) -> bool {
    match c {
        '0'..='9' | 'a'..='z' | 'A'..='Z' => true,
        _ if is_arabic_letter(c) => true,
        '\0'..='\u{7F}'
        | '\u{0600}'..='\u{061F}'
        | '\u{064B}'..='\u{06FF}'
        | '\u{2000}'..='\u{206F}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// The letters and digits of the Arabic block.
const fn is_arabic_letter(c: char) -> bool {
    matches!(
        c,
        '\u{0620}'..='\u{063F}'
            | '\u{0641}'..='\u{064A}'
            | '\u{0660}'..='\u{0669}'
            | '\u{066E}'
            | '\u{066F}'
            | '\u{0671}'..='\u{06D3}'
            | '\u{06F0}'..='\u{06FC}'
    )
}

/// One letter for all its spellings.
pub(super) const fn fold(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ئ' => 'ي',
        'ؤ' => 'و',
        'ة' => 'ه',
        'ک' => 'ك',
        'A'..='Z' => c.to_ascii_lowercase(),
        _ => c,
    }
}

/// Characters that change nothing: harakat and Qur'anic marks, tatweel, zero-width and bidi controls.
pub(super) const fn is_ignorable(c: char) -> bool {
    // Nearly every character is one of these.
    if matches!(c, '\0'..='\u{7F}' | '\u{0620}'..='\u{063F}' | '\u{0641}'..='\u{064A}') {
        return false;
    }
    matches!(
        c,
        '\u{0610}'..='\u{061A}'
            | '\u{061C}'
            | '\u{0640}'
            | '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{06D6}'..='\u{06DC}'
            | '\u{06DF}'..='\u{06E8}'
            | '\u{06EA}'..='\u{06ED}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{00AD}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_marker_fold_alike() {
        for spelling in [
            "إقرأ أيضاً",
            "اقرأ ايضا",
            "أقرأ أيضًا",
            "إقـرأ   أيضاً",
            "• \u{200F}«إقرأ أيضا",
        ] {
            assert_eq!(
                Head::of(spelling, HEAD).as_str(),
                fold_marker("إقرأ أيضا"),
                "{spelling}"
            );
        }
    }

    #[test]
    fn offsets_point_past_marks() {
        let line = "– أيضاً: نص";
        let head = Head::of(line, HEAD);
        let end = head.line_offset("ايضا".len());
        assert_eq!(&line[..end], "– أيضاً");
    }

    #[test]
    fn a_line_of_marks_is_an_empty_head() {
        assert_eq!(Head::of(&"\u{064B}".repeat(100_000), HEAD).as_str(), "");
        assert_eq!(Head::of("", HEAD).as_str(), "");
    }
}
