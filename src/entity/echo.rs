//! What was found once is found again: names of several words, and short forms of persons and bodies.

use super::cell::{Cell, gap};
use super::feature::{WordHashes, WordInfo, class};
use super::label::{Named, names};
use super::votes::Signs;
use super::{EntityScratch, fold};
use crate::sieve::pick;

/// Longest name that is looked for again.
const MAX_WORDS: u32 = 12;

fn key(cell: &Cell, hashes: &[WordHashes]) -> u64 {
    hashes.get(cell.word as usize).map_or(0, |h| h.key)
}

fn whole(cell: &Cell, hashes: &[WordHashes]) -> u64 {
    hashes.get(cell.word as usize).map_or(0, |h| h.whole)
}

/// Hash of a run of words, the first by its base.
fn run(cells: &[Cell], hashes: &[WordHashes], mut each: impl FnMut(usize, u64)) {
    let mut hash = 0;
    for (i, cell) in cells.iter().enumerate() {
        hash = if i == 0 {
            key(cell, hashes)
        } else {
            fold::chain(hash, whole(cell, hashes))
        };
        each(i + 1, hash);
    }
}

/// Labels further mentions of the names that the labels show.
#[inline(never)]
pub(crate) fn repeat(scratch: &mut EntityScratch) {
    let EntityScratch {
        cells,
        labels,
        infos,
        hashes,
        known,
        firsts,
        hoped,
        picked,
        named,
        ..
    } = scratch;
    names(labels, named);
    named.retain(|name| (2..=MAX_WORDS).contains(&(name.end - name.first)));
    // «الطرشاني» for «زغلول الطرشاني».
    let last_name = |name: &Named, cells: &[Cell]| {
        let last = cells.get((name.end as usize).checked_sub(1)?)?;
        (name.label == 1 && surname(last)).then(|| whole(last, hashes))
    };
    // Few words outside of names begin as a name does, and some bits of their hashes say so.
    let mut signs = Signs::default();
    for name in named.iter() {
        signs.add(cells.get(name.first as usize).map_or(0, |c| c.sign));
        signs.add(last_name(name, cells).map_or(0, fold::sign));
    }
    let hoped = hoped.words().iter().map(|word| {
        let at = word.cell as usize;
        let label = labels.get(at).copied().unwrap_or(0);
        let may_be = |c: &Cell| (label == 0) & c.hope.is_strong() & signs.has(c.sign);
        (*word, may_be(cells.get(at).unwrap_or(&Cell::NONE)))
    });
    let picked = pick(hoped, picked);
    if named.is_empty() || picked.is_empty() {
        return;
    }
    // Names that begin as one of these words.
    let mut asked = Signs::default();
    for word in picked.iter() {
        asked.add(cells.get(word.cell as usize).map_or(0, |c| c.sign));
    }
    known.clear();
    firsts.clear();
    for name in named.iter() {
        let (label, words) = (name.label, name.end - name.first);
        let all = cells.get(name.first as usize..name.end as usize);
        let Some(all) = all.filter(|all| !all.is_empty()) else {
            continue;
        };
        if let Some(first) = all.first().filter(|c| asked.has(c.sign)) {
            run(all, hashes, |n, hash| {
                if n == words as usize && (label != 5 || opens_body(all)) {
                    known.put(hash, u32::from(label), words);
                } else if n == 2 && label == 5 && short_body(all, infos) {
                    known.put(hash, u32::from(label), 2);
                }
            });
            firsts.put(key(first, hashes), words, words);
        }
        if let Some(last) = last_name(name, cells).filter(|name| asked.has(fold::sign(*name))) {
            known.put(last, u32::from(label), 1);
            firsts.put(last, 1, 1);
        }
    }
    let mut free = 0;
    for word in picked.iter() {
        let at = word.cell as usize;
        if at < free || labels.get(at) != Some(&0) {
            continue;
        }
        let Some(longest) = cells.get(at).and_then(|c| firsts.get(key(c, hashes))) else {
            continue;
        };
        let rest = cells
            .get(at..(at + longest as usize).min(cells.len()))
            .unwrap_or(&[]);
        let whole = rest
            .iter()
            .skip(1)
            .position(|c| !matches!(c.gap, gap::SPACE | gap::QUOTE | gap::TIGHT_DASH));
        let rest = rest
            .get(..whole.map_or(rest.len(), |p| p + 1))
            .unwrap_or(&[]);
        let unlabelled = labels
            .iter()
            .skip(at)
            .take(rest.len())
            .take_while(|l| **l == 0)
            .count();
        let rest = rest.get(..unlabelled).unwrap_or(&[]);
        let mut best = None;
        run(rest, hashes, |n, hash| {
            if let Some(label) = known.get(hash)
                && (n > 1 || rest.first().is_some_and(surname))
            {
                best = Some((n, label as u8));
            }
        });
        let Some((n, label)) = best else {
            continue;
        };
        // The name must not run into what is labelled behind it.
        if labels.get(at + n).is_none_or(|l| *l == 0 || l % 2 == 1) {
            for (k, slot) in labels.iter_mut().skip(at).take(n).enumerate() {
                *slot = if k == 0 { label } else { label + 1 };
            }
        }
        free = at + n;
    }
}

/// Names of bodies that show it.
fn opens_body(name: &[Cell]) -> bool {
    name.first().is_some_and(|c| {
        matches!(
            c.class,
            class::BODY_FIRST | class::BODY_HEAD | class::BODY_HEAD_THE | class::BODY
        )
    })
}

/// Names that are nothing else.
fn surname(cell: &Cell) -> bool {
    matches!(
        cell.class,
        class::UNKNOWN
            | class::UNKNOWN_THE
            | class::GIVEN_FAMILY
            | class::GIVEN
            | class::FAMILY
            | class::NAME_TAG
            | class::LATIN
    )
}

/// «اللجنة الوطنية» for a longer name: two words with the article.
fn short_body(name: &[Cell], infos: &[WordInfo]) -> bool {
    let the = |c: &Cell| infos.get(c.word as usize).is_some_and(|i| i.article) && c.clitic != 1;
    name.len() > 2
        && name.first().is_some_and(the)
        && name
            .get(1)
            .is_some_and(|c| the(c) && c.clitic == 0 && !matches!(c.class, class::NISBA_THE))
}
