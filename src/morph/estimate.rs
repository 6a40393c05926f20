//! Shares out the counts of raw text among the analyses of its words.

use super::analyse::{Candidate, Clitics, candidates};
use super::class::{
    ALL_CLASSES, ART, Class, ENC, ENCLITICS, FUT, LAM, MIN, NEED_ENC, NI, PREP, PROCLITICS, Tag,
    WANT_ART, YA,
};
use super::entries::{Base, Lexicon};
use super::letters::Letters;
use super::pack::{Costs, Strings, UNIT, base_entry, lay_out, pack};
use super::source::{Annotated, Group, group};
use super::table::Tables;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// An analysis a word may have.
pub struct Possible {
    pub base: u32,
    pub pro: u8,
    pub enc: u8,
    pub spelling: u16,
}

/// A word of raw text, its count, and its line in the word lists.
pub struct Item {
    pub word: String,
    pub count: f64,
    pub annotated: Option<usize>,
}

/// Counts shared out among analyses.
pub struct Estimate {
    pub base_count: Vec<f64>,
    pub pro_count: Vec<f64>,
    pub enc_count: Vec<f64>,
    pub scores: Vec<f64>,
    pub possible: Vec<Vec<Possible>>,
}

/// Weight of the group against the class's own counts.
pub const LEAN: f64 = 200.0;

/// The count at which a lemma made by rule has half the credit of a listed one.
pub const DOUBT: f64 = 6.0;

/// How much of an annotated word's count its annotation gets: the rest stays for homographs.
pub const ANNOTATED: f64 = 0.93;

/// Clitics by class, each class leaning on the classes that take the same ones: a rare combination is seldom seen with
/// every class.
pub fn lean(counts: &[f64], n: usize, mask: u16) -> Vec<f64> {
    let mut together: BTreeMap<u16, Vec<f64>> = BTreeMap::new();
    for (class, row) in ALL_CLASSES.iter().zip(counts.chunks(n)) {
        let sum = together
            .entry(class.attributes() & mask)
            .or_insert_with(|| vec![1e-6; n]);
        for (s, x) in sum.iter_mut().zip(row) {
            *s += x;
        }
    }
    let mut out = Vec::with_capacity(counts.len());
    for (class, row) in ALL_CLASSES.iter().zip(counts.chunks(n)) {
        let group = &together[&(class.attributes() & mask)];
        let all: f64 = group.iter().sum();
        let own: f64 = row.iter().sum();
        out.extend(
            row.iter()
                .zip(group)
                .map(|(x, g)| (x + LEAN * g / all) / (own + LEAN)),
        );
    }
    out
}

/// Shares of the proclitics by class.
pub fn pro_shares(counts: &[f64]) -> Vec<f64> {
    lean(
        counts,
        PROCLITICS.len(),
        ART | PREP | FUT | LAM | MIN | WANT_ART | NEED_ENC | YA,
    )
}

/// Shares of the enclitics by class.
pub fn enc_shares(counts: &[f64]) -> Vec<f64> {
    lean(counts, ENCLITICS.len(), ENC | NEED_ENC | NI | YA | PREP)
}

/// Numbers of the bases by key: those of one key follow each other in the tables.
pub fn in_order(bases: &[Base]) -> Vec<u32> {
    let mut o: Vec<u32> = (0..bases.len() as u32).collect();
    o.sort_by_key(|&i| {
        let b = &bases[i as usize];
        (b.key, b.lemma, b.class, b.signature)
    });
    o
}

/// Expectation maximisation: a word's count goes to its analyses in proportion to base × proclitic × enclitic; an
/// annotated word gives nearly all of it to the annotated analysis.
pub fn estimate(
    lex: &mut Lexicon,
    words: &[Annotated],
    items: &[Item],
    rounds: usize,
    total: f64,
) -> Option<Estimate> {
    let (np, ne, nc) = (PROCLITICS.len(), ENCLITICS.len(), ALL_CLASSES.len());
    let (lemmas, bases, ids) = (&lex.lemmas, &lex.bases, &lex.ids);
    let mut pro_count = vec![0.05f64; nc * np];
    let mut enc_count = vec![0.02f64; nc * ne];
    // A first guess of the clitics, enough to start from.
    for c in 0..nc {
        for (p, x) in PROCLITICS.iter().enumerate() {
            pro_count[c * np + p] = match x.kinds.len() {
                0 => 10.0,
                1 => 1.0,
                2 => 0.3,
                _ => 0.1,
            };
        }
        for e in 0..ne {
            enc_count[c * ne + e] = if e == 0 { 10.0 } else { 0.2 };
        }
    }
    let order = in_order(bases);
    let entries: Vec<(u64, u64)> = order
        .iter()
        .map(|&i| {
            let b = &bases[i as usize];
            (b.key, base_entry(b.key, b.lemma, b.class, 0, b.signature))
        })
        .collect();
    let table = lay_out(&entries);
    let mut back = vec![u32::MAX; table.place.len()];
    for (k, &slot) in table.place.iter().enumerate() {
        back[slot as usize] = order[k];
    }
    let zero = Costs {
        pro: vec![0; nc * np],
        enc: vec![0; nc * ne],
    };
    let (b, t) = pack(&lay_out(&[]), &table, lemmas, &Strings::default(), &zero);
    let tables = Tables::new(Cow::Owned(b), Cow::Owned(t))?;
    let clitics = Clitics::new();
    let mut possible: Vec<Vec<Possible>> = Vec::with_capacity(items.len());
    for item in items {
        let mut v = Vec::new();
        if let Some(l) = Letters::read(&item.word) {
            // The tables hold no costs yet: what a candidate costs is its spelling.
            candidates(&tables, &clitics, &l, |c: Candidate| {
                v.push(Possible {
                    base: back[c.slot as usize],
                    pro: c.pro,
                    enc: c.enc,
                    spelling: c.cost as u16,
                })
            });
        }
        possible.push(v);
    }
    let mut base_count: Vec<f64> = bases.iter().map(|b| b.prior).collect();
    let annotated_ids: Vec<Option<u16>> = words
        .iter()
        .map(|a| ids.get(&(a.lemma.clone(), group(a.tag))).copied())
        .collect();
    let mut scores = vec![0f64; bases.len()];
    let mut lost: Vec<String> = Vec::new();
    for round in 0..=rounds {
        // Scores: own count, a share of the lemma's by class, and the prior.
        let mut lemma_count = vec![0f64; lemmas.len()];
        let mut class_count: BTreeMap<(Tag, Class), f64> = BTreeMap::new();
        let mut tag_count: BTreeMap<Tag, f64> = BTreeMap::new();
        for (b, n) in bases.iter().zip(&base_count) {
            let l = &lemmas[b.lemma as usize];
            lemma_count[b.lemma as usize] += n;
            *class_count.entry((l.tag, b.class)).or_insert(0.1) += n;
            *tag_count.entry(l.tag).or_insert(5.0) += n;
        }
        for (i, b) in bases.iter().enumerate() {
            let l = &lemmas[b.lemma as usize];
            let share = class_count.get(&(l.tag, b.class)).copied().unwrap_or(0.1)
                / tag_count.get(&l.tag).copied().unwrap_or(5.0);
            scores[i] = if l.group == Group::Seen {
                (base_count[i] - 0.3).max(0.004)
            } else {
                // A lemma made by rule that only a few words speak for is less credible than its count says.
                let trust = if l.derived {
                    let n = lemma_count[b.lemma as usize];
                    n / (n + DOUBT)
                } else {
                    1.0
                };
                trust * (base_count[i] + 0.3 * share.min(1.0) * lemma_count[b.lemma as usize])
                    + b.prior * 0.5
            } / total;
        }
        if round == rounds {
            break;
        }
        let (pp, pe) = (pro_shares(&pro_count), enc_shares(&enc_count));
        let mut nb: Vec<f64> = vec![0.0; bases.len()];
        let mut npc = vec![0.02f64; nc * np];
        let mut nec = vec![0.01f64; nc * ne];
        for (item, cands) in items.iter().zip(&possible) {
            let mut weights: Vec<f64> = cands
                .iter()
                .map(|c| {
                    let k = bases[c.base as usize].class as usize;
                    scores[c.base as usize]
                        * pp[k * np + c.pro as usize]
                        * pe[k * ne + c.enc as usize]
                        * (-(c.spelling as f64) / UNIT).exp()
                })
                .collect();
            let mut sum: f64 = weights.iter().sum();
            if let Some(a) = item.annotated {
                let id = annotated_ids[a];
                let a = &words[a];
                let right: Vec<bool> = cands
                    .iter()
                    .map(|c| {
                        c.pro as usize == a.pro
                            && c.enc as usize == a.enc
                            && Some(bases[c.base as usize].lemma) == id
                    })
                    .collect();
                let good: f64 = weights
                    .iter()
                    .zip(&right)
                    .filter(|x| *x.1)
                    .map(|x| *x.0)
                    .sum();
                if good > 0.0 {
                    let rest = sum - good;
                    for (x, r) in weights.iter_mut().zip(&right) {
                        *x = match (*r, rest > 0.0) {
                            (true, true) => *x / good * ANNOTATED,
                            (true, false) => *x / good,
                            (false, _) => *x / rest * (1.0 - ANNOTATED),
                        };
                    }
                    sum = 1.0;
                } else if round == 0 {
                    lost.push(format!("annotation not reachable: {}", item.word));
                }
            } else if round == 0 {
                continue;
            }
            if sum > 0.0 {
                for (c, x) in cands.iter().zip(&weights) {
                    let p = item.count * x / sum;
                    let k = bases[c.base as usize].class as usize;
                    nb[c.base as usize] += p;
                    npc[k * np + c.pro as usize] += p.min(300.0);
                    nec[k * ne + c.enc as usize] += p.min(300.0);
                }
            }
        }
        if round == 0 {
            // The first round sees annotated words only: the other bases keep their chance.
            for (n, b) in nb.iter_mut().zip(bases) {
                *n += b.prior;
            }
        }
        base_count = nb;
        pro_count = npc;
        enc_count = nec;
    }
    lex.notes.append(&mut lost);
    Some(Estimate {
        base_count,
        pro_count,
        enc_count,
        scores,
        possible,
    })
}
