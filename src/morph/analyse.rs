//! Enumerates the analyses of a word: every proclitic × base × enclitic that the tables and the classes allow.

use super::class::{ENCLITICS, MAX_ENC, MAX_PRO, PROCLITICS, compatible, proclitic_flags};
use super::letters::{Letters, code, mismatch};
use super::table::{BaseEntry, Tables};

/// Codes, length and flags of one clitic.
#[derive(Clone, Copy)]
struct Clitic<const N: usize> {
    codes: [u8; N],
    len: usize,
    flags: u16,
}

/// The clitics as letter codes.
pub struct Clitics {
    pro: [Clitic<MAX_PRO>; PROCLITICS.len()],
    enc: [Clitic<MAX_ENC>; ENCLITICS.len()],
}

fn encode<const N: usize>(text: &str, flags: u16) -> Clitic<N> {
    let mut c = Clitic {
        codes: [0; N],
        len: 0,
        flags,
    };
    for (slot, ch) in c.codes.iter_mut().zip(text.chars()) {
        *slot = code(ch);
        c.len += 1;
    }
    c
}

impl Clitics {
    /// Encodes the clitic tables.
    pub fn new() -> Clitics {
        Clitics {
            pro: PROCLITICS.map(|p| encode(p.text, proclitic_flags(p.kinds))),
            enc: ENCLITICS.map(|e| encode(e, 0)),
        }
    }

    /// Calls `f` with the number, length and flags of every proclitic the word may begin with.
    #[inline]
    pub fn proclitics(&self, w: &Letters, mut f: impl FnMut(usize, usize, u16)) {
        let head = w.exact(0, MAX_PRO.min(w.len()));
        for (i, p) in self.pro.iter().enumerate() {
            if p.len < w.len() && head.get(..p.len) == p.codes.get(..p.len) {
                f(i, p.len, p.flags);
            }
        }
    }

    /// Calls `f` with the number and length of every enclitic the word may end with.
    #[inline]
    pub fn enclitics(&self, w: &Letters, mut f: impl FnMut(usize, usize)) {
        let n = w.len();
        for (i, e) in self.enc.iter().enumerate() {
            if e.len < n && Some(w.exact(n - e.len, n)) == e.codes.get(..e.len) {
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

/// Calls `f` with every analysis of a word.
pub fn candidates(t: &Tables, cl: &Clitics, w: &Letters, mut f: impl FnMut(Candidate)) {
    let n = w.len();
    let mut ends = [(0u8, 0u8); ENCLITICS.len()];
    let mut k = 0;
    cl.enclitics(w, |i, len| {
        if let Some(e) = ends.get_mut(k) {
            *e = (i as u8, len as u8);
            k += 1;
        }
    });
    cl.proclitics(w, |pro, plen, flags| {
        for &(enc, elen) in ends.iter().take(k) {
            let end = n - elen as usize;
            if end <= plen {
                continue;
            }
            let key = w.key(plen, end);
            t.bases(key, |slot, base| {
                let class = base.class();
                if compatible(flags, class.attributes(), enc as usize) {
                    let spelling = mismatch(w.exact(plen, end), base.signature());
                    let cost = base.cost()
                        + t.pro_cost(class, pro)
                        + t.enc_cost(class, enc as usize)
                        + spelling;
                    f(Candidate {
                        pro: pro as u8,
                        enc,
                        slot: slot as u32,
                        base,
                        cost,
                    });
                }
            });
        }
    });
}
