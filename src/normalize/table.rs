//! Character classes and folds: one 256-entry table for U+0600..=U+06FF, a slow path for everything else.
//!
//! The class of a character is a set of bits, so that the scanner can test several classes at once.
//! One table decides for tokenizing and for folding: two predicates would sooner or later disagree
//! (U+08D3 is no `char::is_alphanumeric`, yet belongs to a word).

/// A letter of a word.
pub(crate) const LETTER: u8 = 1;
/// Beside another bit: the character changes in the normalised form.
pub(crate) const FOLD: u8 = 2;
/// Harakat, Qur'anic marks, tatweel: part of the word, absent from the normalised form.
pub(crate) const MARK: u8 = 4;
/// A letter of another script than Arabic (beside [`LETTER`]).
pub(crate) const FOREIGN: u8 = 8;
/// A decimal digit of any of the three scripts.
pub(crate) const DIGIT: u8 = 16;
/// Punctuation.
pub(crate) const PUNCT: u8 = 32;
/// Any other visible character.
pub(crate) const SYMBOL: u8 = 64;
/// Joiners, bidi controls, byte order marks: ignored, and never the end of a word by themselves.
pub(crate) const INVISIBLE: u8 = 128;
/// White space and control characters.
pub(crate) const SPACE: u8 = 0;

/// Classes of U+0600..=U+06FF, by `code point - 0x600`.
pub(crate) static ARABIC: [u8; 256] = arabic();

const fn arabic() -> [u8; 256] {
    let mut table = [LETTER; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = match 0x600 + i {
            // Number signs, currency, poetic signs.
            0x600..=0x608 | 0x60B | 0x60E | 0x60F => SYMBOL,
            // Percent, per mille, comma, date separator, semicolon, question mark, full stops.
            0x609 | 0x60A | 0x60C | 0x60D | 0x61B | 0x61D..=0x61F | 0x66A | 0x66D | 0x6D4 => PUNCT,
            0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6DC => MARK | FOLD,
            0x6DF..=0x6E4 | 0x6E7 | 0x6E8 | 0x6EA..=0x6ED => MARK | FOLD,
            0x61C => INVISIBLE | FOLD,
            0x640 => MARK | FOLD,
            0x660..=0x669 | 0x6F0..=0x6F9 => DIGIT | FOLD,
            // Decimal and thousands separators.
            0x66B | 0x66C => PUNCT | FOLD,
            0x6DD | 0x6DE | 0x6E9 | 0x6FD | 0x6FE => SYMBOL,
            // Letters that stand for a letter of the Arabic alphabet; see `fold_letter`.
            0x671..=0x673
            | 0x6A9
            | 0x6AA
            | 0x6BE
            | 0x6C0..=0x6C3
            | 0x6CC
            | 0x6CE
            | 0x6D0
            | 0x6D1
            | 0x6D2
            | 0x6D3
            | 0x6D5
            | 0x6E5
            | 0x6E6 => LETTER | FOLD,
            _ => LETTER,
        };
        i += 1;
    }
    table
}

/// Classes of ASCII.
pub(crate) static ASCII: [u8; 128] = ascii();

const fn ascii() -> [u8; 128] {
    let mut table = [SPACE; 128];
    let mut i = 0;
    while i < 128 {
        table[i] = match i as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' => LETTER | FOREIGN,
            b'A'..=b'Z' => LETTER | FOREIGN | FOLD,
            b'$' | b'+' | b'<' | b'=' | b'>' | b'^' | b'`' | b'|' | b'~' | b'&' => SYMBOL,
            0x21..=0x7E => PUNCT,
            _ => SPACE,
        };
        i += 1;
    }
    table
}

/// The class of any character outside the two tables.
pub(crate) fn class_slow(c: char) -> u8 {
    match c as u32 {
        // Next line, no-break space, ogham space, quads, separators, ideographic space: blanks.
        0x80..=0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 => {
            SPACE
        }
        0xAD
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2064
        | 0x2066..=0x206F
        | 0xFEFF
        | 0x180E => INVISIBLE | FOLD,
        // Arabic Supplement, Arabic Extended-B (letters), Arabic Extended-A.
        0x750..=0x77F | 0x870..=0x887 | 0x889..=0x88E => LETTER,
        0x8A0..=0x8C9 => LETTER,
        0x890..=0x8FF => MARK | FOLD,
        // Presentation forms A (letters are left as they are), word ligatures, ornate brackets.
        0xFB50..=0xFBB1 | 0xFBD3..=0xFD3D | 0xFD50..=0xFDC7 => LETTER,
        0xFDF2..=0xFDF4 | 0xFDF6..=0xFDF9 | 0xFDFC => LETTER | FOLD,
        0xFD3E | 0xFD3F => PUNCT,
        0xFBB2..=0xFBC2 | 0xFDF0..=0xFDFF => SYMBOL,
        // Presentation forms B.
        0xFE70..=0xFE72 | 0xFE74 | 0xFE76..=0xFE7F => MARK | FOLD,
        0xFE80..=0xFEFC => LETTER | FOLD,
        0xA1
        | 0xA7
        | 0xAB
        | 0xB6
        | 0xB7
        | 0xBB
        | 0xBF
        | 0x2010..=0x2027
        | 0x2030..=0x205E
        | 0x3001..=0x3003
        | 0x3008..=0x3011
        | 0x3014..=0x301F
        | 0xFF01..=0xFF0F => PUNCT,
        // Combining marks of other scripts belong to the letter before them; they are kept.
        0x300..=0x36F => LETTER | FOREIGN,
        _ if c.is_numeric() && !c.is_alphabetic() => SYMBOL,
        _ if c.is_alphanumeric() => {
            if lower(c) == c {
                LETTER | FOREIGN
            } else {
                LETTER | FOREIGN | FOLD
            }
        }
        _ => SYMBOL,
    }
}

/// The class of a character.
#[inline]
pub(crate) fn class(c: char) -> u8 {
    let cp = c as u32;
    match cp {
        0..=0x7F => ASCII[(cp & 0x7F) as usize],
        0x600..=0x6FF => ARABIC[(cp & 0xFF) as usize],
        _ => class_slow(c),
    }
}

/// Lower case where it is one character; else the character itself.
pub(crate) fn lower(c: char) -> char {
    let mut it = c.to_lowercase();
    match (it.next(), it.next()) {
        (Some(l), None) => l,
        _ => c,
    }
}

/// Look-alikes of other languages written in Arabic script → the letter an Arabic reader sees.
pub(crate) fn fold_letter(c: char) -> char {
    match c {
        'ٱ' => 'ا',
        'ٲ' => 'أ',
        'ٳ' => 'إ',
        'ک' | 'ڪ' => 'ك',
        'ھ' | 'ہ' | 'ۀ' | 'ە' | 'ۂ' => 'ه',
        'ۃ' => 'ة',
        'ی' | 'ێ' | 'ې' | 'ۑ' | 'ے' | 'ۓ' => 'ي',
        '\u{6E5}' => 'و',
        '\u{6E6}' => 'ي',
        _ => c,
    }
}

/// A letter followed by a combining madda or hamza → the one letter.
pub(crate) fn compose(base: char, mark: char) -> Option<char> {
    Some(match (base, mark) {
        ('ا', '\u{653}') => 'آ',
        ('ا', '\u{654}') => 'أ',
        ('ا', '\u{655}') => 'إ',
        ('و', '\u{654}') => 'ؤ',
        ('ي' | 'ى', '\u{654}') => 'ئ',
        _ => return None,
    })
}

/// Digits of the three scripts and their separators → ASCII.
pub(crate) fn fold_digit(c: char) -> char {
    match c {
        '\u{660}'..='\u{669}' => char::from(b'0' + (c as u32 - 0x660) as u8),
        '\u{6F0}'..='\u{6F9}' => char::from(b'0' + (c as u32 - 0x6F0) as u8),
        '٫' => '.',
        '٬' => ',',
        _ => c,
    }
}

/// The letters of a presentation form or word ligature; `None` for any other character.
pub(crate) fn expand_form(c: char) -> Option<&'static str> {
    match c as u32 {
        cp @ 0xFE70..=0xFEFC => FORMS_B.get((cp - 0xFE70) as usize).copied(),
        0xFDF2 => Some("الله"),
        0xFDF3 => Some("أكبر"),
        0xFDF4 => Some("محمد"),
        0xFDF6 => Some("رسول"),
        0xFDF7 => Some("عليه"),
        0xFDF8 => Some("وسلم"),
        0xFDF9 => Some("صلى"),
        0xFDFC => Some("ريال"),
        _ => None,
    }
}

/// U+FE70..=U+FEFC: the letters of each presentation form, without harakat and tatweel (Unicode compatibility decompositions).
pub(crate) const FORMS_B: [&str; 141] = [
    "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "ء", "آ", "آ", "أ", "أ", "ؤ",
    "ؤ", "إ", "إ", "ئ", "ئ", "ئ", "ئ", "ا", "ا", "ب", "ب", "ب", "ب", "ة", "ة", "ت", "ت", "ت", "ت",
    "ث", "ث", "ث", "ث", "ج", "ج", "ج", "ج", "ح", "ح", "ح", "ح", "خ", "خ", "خ", "خ", "د", "د", "ذ",
    "ذ", "ر", "ر", "ز", "ز", "س", "س", "س", "س", "ش", "ش", "ش", "ش", "ص", "ص", "ص", "ص", "ض", "ض",
    "ض", "ض", "ط", "ط", "ط", "ط", "ظ", "ظ", "ظ", "ظ", "ع", "ع", "ع", "ع", "غ", "غ", "غ", "غ", "ف",
    "ف", "ف", "ف", "ق", "ق", "ق", "ق", "ك", "ك", "ك", "ك", "ل", "ل", "ل", "ل", "م", "م", "م", "م",
    "ن", "ن", "ن", "ن", "ه", "ه", "ه", "ه", "و", "و", "ى", "ى", "ي", "ي", "ي", "ي", "لآ", "لآ", "لأ",
    "لأ", "لإ", "لإ", "لا", "لا",
];

/// Where the letter `number` of a word as it stands begins, what is written over letters or unseen not counted; the length
/// of the word where it has no more.
pub(crate) fn letter(surface: &str, number: usize) -> u32 {
    let mut letters = surface
        .char_indices()
        .filter(|&(_, c)| class(c) & (MARK | INVISIBLE) == 0);
    letters.nth(number).map_or(surface.len(), |(at, _)| at) as u32
}
