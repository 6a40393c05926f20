//! Enumerates the analyses of a word: every proclitic × base × enclitic that the tables and the classes allow.

use super::class::{ENCLITICS, PROCLITICS, compatible, proclitic_flags};
use super::letters::{Letters, WINDOW, code, mismatch};
use super::table::{BaseEntry, Tables};

/// The codes of one clitic as the bytes of a number, its length and flags.
#[derive(Clone, Copy)]
struct Clitic {
    codes: u64,
    /// The bytes that are of the clitic.
    mask: u64,
    len: usize,
    flags: u16,
}

/// The clitics as letter codes: of those in front the first letter is the lowest byte, as in [`Letters::head`]; of those
/// behind the last one is the highest, as in [`Letters::tail`].
pub struct Clitics {
    pro: [Clitic; PROCLITICS.len()],
    enc: [Clitic; ENCLITICS.len()],
}

fn encode(text: &str, flags: u16) -> Clitic {
    let mut c = Clitic {
        codes: 0,
        mask: 0,
        len: 0,
        flags,
    };
    for ch in text.chars() {
        c.codes |= u64::from(code(ch)) << (8 * c.len);
        c.mask |= 0xFF << (8 * c.len);
        c.len += 1;
    }
    c
}

impl Clitic {
    /// Its bytes at the upper end.
    fn at_end(self) -> Clitic {
        let free = 8 * (WINDOW - self.len) as u32;
        Clitic {
            codes: self.codes.checked_shl(free).unwrap_or(0),
            mask: self.mask.checked_shl(free).unwrap_or(0),
            ..self
        }
    }
}

impl Clitics {
    /// Encodes the clitic tables.
    pub fn new() -> Clitics {
        Clitics {
            pro: PROCLITICS.map(|p| encode(p.text, proclitic_flags(p.kinds))),
            enc: ENCLITICS.map(|e| encode(e, 0).at_end()),
        }
    }

    /// Calls `f` with the number, length and flags of every proclitic the word may begin with.
    #[inline]
    pub fn proclitics(&self, w: &Letters, mut f: impl FnMut(usize, usize, u16)) {
        let head = w.head();
        for (i, p) in self.pro.iter().enumerate() {
            if head & p.mask == p.codes && p.len < w.len() {
                f(i, p.len, p.flags);
            }
        }
    }

    /// Calls `f` with the number and length of every enclitic the word may end with.
    #[inline]
    pub fn enclitics(&self, w: &Letters, mut f: impl FnMut(usize, usize)) {
        let tail = w.tail();
        for (i, e) in self.enc.iter().enumerate() {
            if tail & e.mask == e.codes && e.len < w.len() {
                f(i, e.len);
            }
        }
    }

    /// Letters of a proclitic.
    #[inline]
    pub fn pro_len(&self, i: usize) -> usize {
        self.pro.get(i).map_or(0, |p| p.len)
    }
    /// Letters of an enclitic.
    #[inline]
    pub fn enc_len(&self, i: usize) -> usize {
        self.enc.get(i).map_or(0, |e| e.len)
    }
}

/// One analysis of a word.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Number of the proclitic.
    pub pro: u8,
    /// Number of the enclitic.
    pub enc: u8,
    /// Number of the base in the tables.
    pub slot: u32,
    /// The base.
    pub base: BaseEntry,
    /// Cost in twelfths of a nat: base, clitics, spelling.
    pub cost: u32,
}

/// A word without a proclitic and an enclitic: their numbers, the flags of the one, the letters between, their key.
#[derive(Clone, Copy, Default)]
struct Cut {
    pro: usize,
    enc: usize,
    flags: u16,
    start: usize,
    end: usize,
    key: u64,
}

/// So many cuts are looked up at a time: hardly a word has more.
const CUTS: usize = 16;

/// Calls `f` with every analysis of a word.
pub fn candidates(t: &Tables, cl: &Clitics, w: &Letters, mut f: impl FnMut(Candidate)) {
    let n = w.len();
    let mut ends = [(0, 0); ENCLITICS.len()];
    let mut k = 0;
    cl.enclitics(w, |i, len| {
        if let Some(e) = ends.get_mut(k) {
            *e = (i, len);
            k += 1;
        }
    });
    let mut cuts = [Cut::default(); CUTS];
    let mut count = 0;
    cl.proclitics(w, |pro, start, flags| {
        for &(enc, len) in ends.iter().take(k) {
            let end = n - len;
            if end <= start {
                continue;
            }
            if count == CUTS {
                of_cuts(t, w, &cuts, &mut f);
                count = 0;
            }
            if let Some(cut) = cuts.get_mut(count) {
                *cut = Cut {
                    pro,
                    enc,
                    flags,
                    start,
                    end,
                    key: w.key(start, end),
                };
                count += 1;
            }
        }
    });
    of_cuts(t, w, cuts.get(..count).unwrap_or(&[]), &mut f);
}

/// Calls `f` with every analysis of a word that is cut in one of these ways.
fn of_cuts(t: &Tables, w: &Letters, cuts: &[Cut], f: &mut impl FnMut(Candidate)) {
    t.fetch_bases(cuts.iter().map(|cut| cut.key));
    for cut in cuts {
        t.bases(cut.key, |slot, base| {
            let class = base.class();
            if compatible(cut.flags, class.attributes(), cut.enc) {
                let spelling = mismatch(w.exact(cut.start, cut.end), base.signature());
                let cost = base.cost()
                    + t.pro_cost(class, cut.pro)
                    + t.enc_cost(class, cut.enc)
                    + spelling;
                f(Candidate {
                    pro: cut.pro as u8,
                    enc: cut.enc as u8,
                    slot: slot as u32,
                    base,
                    cost,
                });
            }
        });
    }
}
