//! Letters as small numbers, the spelling fold, and hashes of any part of a word in constant time.
//!
//! A word is looked up many times (every split into clitics and base), so its letters are read once
//! into codes, and prefix hashes give the key of any base without touching the letters again.

/// Words of more letters than this are left whole: no Arabic word with all its clitics is as long.
pub const MAX_LETTERS: usize = 30;

/// Letters in [`Letters::head`] and [`Letters::tail`]: twice as many as the longest clitic has.
pub const WINDOW: usize = size_of::<u64>();

/// Code of a character that is not an Arabic letter.
pub const OTHER: u8 = 63;

const ALEF: u8 = 7;

const fn code_table() -> [u8; 256] {
    let mut t = [OTHER; 256];
    let mut i = 0x21;
    while i <= 0x3A {
        t[i] = (i - 0x20) as u8; // 1..=26: hamza to ghain
        i += 1;
    }
    i = 0x41;
    while i <= 0x4A {
        t[i] = (i - 0x41 + 27) as u8; // 27..=36: feh to yeh
        i += 1;
    }
    t[0x7E] = 37; // peh
    t[0x86] = 38; // tcheh
    t[0x98] = 39; // jeh
    t[0xA4] = 40; // veh
    t[0xAF] = 41; // gaf
    t[0xA8] = 42; // Maghrebi gaf
    t
}

static CODES: [u8; 256] = code_table();

/// Code of a letter, 1..=42; [`OTHER`] for everything else.
#[inline]
pub fn code(c: char) -> u8 {
    let u = c as u32;
    if (0x600..0x700).contains(&u) {
        CODES.get((u - 0x600) as usize).copied().unwrap_or(OTHER)
    } else {
        OTHER
    }
}

/// The spelling fold: alef with or without hamza, final alef maqsura and yeh, teh marbuta and heh,
/// the three seats of a hamza that stands alone, on waw or on yeh, and the letters of foreign sounds (پ ب, چ ج, ژ ز, ڤ ف, گ ك, ڨ ق).
#[inline]
pub const fn fold(code: u8) -> u8 {
    match code {
        2 | 3 | 5 => ALEF, // آ أ إ
        35 => 36,          // ى
        9 => 33,           // ة
        1 | 4 => 6,        // ء ؤ
        37 => 8,           // پ ب
        38 => 12,          // چ ج
        39 => 18,          // ژ ز
        40 => 27,          // ڤ ف
        41 => 29,          // گ ك
        42 => 28,          // ڨ ق
        c => c,
    }
}

const M: u64 = 0x9E37_79B9_7F4A_7C15;

const fn powers() -> [u64; MAX_LETTERS + 2] {
    let mut p = [1u64; MAX_LETTERS + 2];
    let mut i = 1;
    while i < p.len() {
        p[i] = p[i - 1].wrapping_mul(M);
        i += 1;
    }
    p
}

static POWERS: [u64; MAX_LETTERS + 2] = powers();

/// Spreads a polynomial hash over all 64 bits.
#[inline]
pub const fn mix(mut x: u64) -> u64 {
    x ^= x >> 32;
    x = x.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    x ^= x >> 32;
    x = x.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    x ^ (x >> 32)
}

/// A word of at most [`MAX_LETTERS`] letters, as codes.
#[derive(Clone, Copy)]
pub struct Letters {
    len: usize,
    exact: [u8; MAX_LETTERS + 2],
    hash: [u64; MAX_LETTERS + 2],
}

impl Letters {
    /// Reads a word; `None` when it is empty, too long, or holds anything but Arabic letters.
    #[inline]
    pub fn read(word: &str) -> Option<Letters> {
        let mut w = Letters {
            len: 0,
            exact: [0; MAX_LETTERS + 2],
            hash: [0; MAX_LETTERS + 2],
        };
        let mut h = 0u64;
        for c in word.chars() {
            let k = code(c);
            if k == OTHER || w.len >= MAX_LETTERS {
                return None;
            }
            *w.exact.get_mut(w.len)? = k;
            h = h.wrapping_mul(M).wrapping_add(fold(k) as u64);
            w.len += 1;
            *w.hash.get_mut(w.len)? = h;
        }
        if w.len == 0 { None } else { Some(w) }
    }

    /// Number of letters.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Letter codes as written, `start..end` in letters.
    #[inline]
    pub fn exact(&self, start: usize, end: usize) -> &[u8] {
        self.exact.get(start..end.min(self.len)).unwrap_or(&[])
    }

    /// The first codes as written, the first one in the lowest byte; zeros behind the last letter.
    #[inline]
    pub fn head(&self) -> u64 {
        self.exact
            .first_chunk()
            .map_or(0, |c| u64::from_le_bytes(*c))
    }

    /// The last codes as written, the last one in the highest byte; zeros before the first letter.
    #[inline]
    pub fn tail(&self) -> u64 {
        let start = self.len.saturating_sub(WINDOW);
        let codes = self.exact.get(start..).and_then(<[u8]>::first_chunk);
        let codes = codes.map_or(0, |c| u64::from_le_bytes(*c));
        codes
            .checked_shl(8 * (WINDOW - self.len.min(WINDOW)) as u32)
            .unwrap_or(0)
    }

    /// Key of the letters `start..end` after the spelling fold.
    #[inline]
    pub fn key(&self, start: usize, end: usize) -> u64 {
        let at = |i: usize| self.hash.get(i).copied().unwrap_or(0);
        let p = POWERS.get(end.wrapping_sub(start)).copied().unwrap_or(0);
        mix(at(end).wrapping_sub(at(start).wrapping_mul(p)))
    }
}

/// Key of a whole word as written, over its bytes, eight at a time.
#[inline]
pub fn word_key(word: &str) -> u64 {
    let mut h = word.len() as u64;
    let mut chunks = word.as_bytes().chunks_exact(8);
    for c in &mut chunks {
        if let Some(c) = c.first_chunk::<8>() {
            h = (h ^ u64::from_le_bytes(*c)).wrapping_mul(M);
            h ^= h >> 29;
        }
    }
    let mut tail = 0u64;
    for &b in chunks.remainder() {
        tail = tail << 8 | b as u64;
    }
    mix(h ^ tail)
}

/// Eight bits that tell spellings with one folded form apart: which alefs carry a hamza (5 bits, 0 = none does),
/// final alef maqsura, final teh marbuta, and the seats of the other hamzas.
#[inline]
pub fn signature(exact: &[u8]) -> u8 {
    let (mut alef, mut any, mut seat) = (0u32, false, 0u8);
    for &c in exact {
        match c {
            7 => alef = alef.wrapping_mul(5),
            2 | 3 | 5 => {
                any = true;
                alef = alef
                    .wrapping_mul(5)
                    .wrapping_add(if c == 5 { 4 } else { c as u32 });
            }
            4 | 6 => seat ^= 1,
            _ => {}
        }
    }
    // ؤ and ئ are the confusable pair, yet both differ from ء: the seat bit keeps "on a seat" from "alone".
    let low = if any { (alef % 31) as u8 + 1 } else { 0 };
    let low = low.min(31);
    let last = exact.last().copied().unwrap_or(0);
    low | (((last == 35) as u8) << 5) | (((last == 9) as u8) << 6) | (seat << 7)
}

/// Cost, in twelfths of a nat, of reading a base spelled `exact` as the form with the signature `listed`.
#[inline]
pub fn mismatch(exact: &[u8], listed: u8) -> u32 {
    let written = signature(exact);
    if written == listed {
        return 0;
    }
    let mut cost = 0;
    let (a, b) = (written & 31, listed & 31);
    if a != b {
        // A writer who drops hamzas is common; one who writes a hamza on the first alef where none belongs (إستقبال) less so;
        // any other wrong hamza is another word.
        let inside = exact.iter().skip(1).any(|&c| matches!(c, 2 | 3 | 5));
        cost += match (a, b) {
            (0, _) => 3,
            (_, 0) if !inside => 20,
            _ => 40,
        };
    }
    if (written ^ listed) & 32 != 0 {
        cost += 22;
    }
    if (written ^ listed) & 64 != 0 {
        cost += if listed & 64 != 0 { 36 } else { 60 };
    }
    if (written ^ listed) & 128 != 0 {
        cost += 26;
    }
    cost
}
