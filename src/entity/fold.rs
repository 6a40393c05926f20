//! One spelling for names: what writers of names confuse is levelled, and words become 64-bit numbers.
//!
//! Shared with the build script, so that lists and texts are folded by the same code.

const K: u64 = 0x517c_c1b7_2722_0a95;

/// Hash of no letters; the first step of every word.
pub const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// The letter a reader of names takes `c` for; `None` for what is no letter of the name (harakat, tatweel).
#[inline]
pub fn fold(c: char) -> Option<char> {
    let at = (c as usize).wrapping_sub(ARABIC_FIRST);
    match ARABIC.get(at) {
        Some(&0) => None,
        Some(&letter) => char::from_u32(u32::from(letter)),
        None => fold_by_rule(c),
    }
}

/// First character of [`ARABIC`].
const ARABIC_FIRST: usize = 0x600;

/// What [`fold_by_rule`] makes of U+0600 to U+06FF; 0 for nothing.
static ARABIC: [u16; 256] = {
    let mut out = [0; 256];
    let mut at = 0;
    while at < out.len() {
        if let Some(c) = char::from_u32((ARABIC_FIRST + at) as u32)
            && let Some(letter) = fold_by_rule(c)
        {
            out[at] = letter as u16;
        }
        at += 1;
    }
    out
};

const fn fold_by_rule(c: char) -> Option<char> {
    Some(match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ؤ' => 'و',
        'ئ' | 'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ڤ' | 'ڨ' => 'ف',
        'گ' | 'ڭ' => 'غ',
        'ک' => 'ك',
        'پ' => 'ب',
        'چ' => 'ج',
        'ژ' => 'ز',
        'ـ' | '\u{64B}'..='\u{65F}' | '\u{670}' => return None,
        'A'..='Z' => (c as u8 + 32) as char,
        _ => c,
    })
}

/// One more letter.
#[inline]
pub const fn step(hash: u64, letter: char) -> u64 {
    (hash.rotate_left(5) ^ letter as u64).wrapping_mul(K)
}

/// The number of a word.
pub fn word(text: &str) -> u64 {
    text.chars().filter_map(fold).fold(SEED, step)
}

/// The number of a name that goes on with the word `next`.
#[inline]
pub const fn chain(name: u64, next: u64) -> u64 {
    let h = (name.rotate_left(23) ^ next).wrapping_mul(K);
    h ^ (h >> 29)
}

/// Seven bits of the number of a word: of two words with other signs the numbers are others.
#[inline]
pub const fn sign(hash: u64) -> u8 {
    (hash >> 40) as u8 & 127
}

/// A feature of kind `kind` and value `value` as one number.
#[inline]
pub const fn feature(kind: u8, value: u64) -> u64 {
    chain(value, kind as u64 + 1)
}
