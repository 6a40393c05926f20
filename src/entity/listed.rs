//! What lists know of the words of a text: names of several words.

use super::cell::{Cell, gap};
use super::feature::{COMMON_ALONE, GROUPS, Starts, WordHashes, WordInfo, class, group};
use super::fold;
use super::gazetteer::{self, Gazetteer, INNER, Node};
use super::model::Looks;
use crate::ahead::fetch;
use crate::sieve::sift;

/// Marks names of several words, longest first, group by group, and the classes that words of such names take. They may begin
/// at the cells `firsts`, in order; the rest of that list is spoiled. Names of one word are in the cells already.
///
/// Words that may begin such a name are many, names few, and what tells them apart lies far apart in memory. So there is a
/// sieve after another, each a loop without a branch on what it finds: the loads of many words go on at the same time.
#[inline(never)]
#[allow(clippy::too_many_arguments)]
pub(crate) fn mark(
    cells: &mut [Cell],
    chains: &[u32],
    firsts: &mut [u32],
    looks: &[Looks],
    hashes: &[WordHashes],
    infos: &[WordInfo],
    starts: &[Starts],
    gazetteer: &Gazetteer,
    hits: &mut Vec<NameHit>,
) {
    let kept = sift(firsts, |first| {
        let next = cells.get(first as usize + 1);
        let (Some(looks), Some(next)) = (looks.get(first as usize), next) else {
            return false;
        };
        joins(next) & may_follow(looks.follow, next)
    });
    let hashes_of = |cell: &Cell| hashes.get(cell.word as usize).copied().unwrap_or_default();
    let pair = |first: u32| match cells.get(first as usize..) {
        Some([cell, next, ..]) => Some((hashes_of(cell), hashes_of(next))),
        _ => None,
    };
    let pairs = kept.iter().filter_map(|&first| pair(first));
    let of_words = pairs.clone();
    fetch(of_words.map(|(own, behind)| own.key as u32 ^ behind.whole as u32));
    let step = |start, behind: WordHashes| fold::chain(start, behind.whole);
    fetch(pairs.map(|(own, behind)| gazetteer.first(step(own.whole, behind))));
    let kept = sift(kept, |first| {
        let Some((own, behind)) = pair(first) else {
            return false;
        };
        // For most words the two are one.
        gazetteer.may_have(step(own.key, behind)) | gazetteer.may_have(step(own.whole, behind))
    });
    let info = |cell: &Cell| infos.get(cell.word as usize);
    let starts_of = |cell: &Cell| starts.get(info(cell)?.starts as usize).copied();
    let begin = kept.iter().filter_map(|&first| cells.get(first as usize));
    fetch(begin.clone().filter_map(info).map(|info| info.starts));
    fetch(begin.filter_map(starts_of).map(|[key, _]| key.follow));
    let mut ends = chains.iter().skip(1).map(|&end| end as usize);
    let mut end = 0;
    let mut free = [0; group::COUNT];
    for &mut first in kept {
        let first = first as usize;
        while end <= first {
            end = ends.next().unwrap_or(cells.len());
        }
        if let Some(rest) = cells.get_mut(first..end) {
            mark_name(rest, first, starts_of, hashes, gazetteer, hits, &mut free);
        }
    }
}

/// Whether a name may go on over the gap before a cell.
#[inline]
const fn joins(cell: &Cell) -> bool {
    const JOINING: u16 = 1 << gap::SPACE | 1 << gap::QUOTE | 1 << gap::TIGHT_DASH | 1 << gap::DOT;
    JOINING >> cell.gap & 1 != 0
}

/// Whether a name may go on with the word of a cell, of which only the sign is looked at: that of its key, which is the
/// whole word unless it has something in front.
#[inline]
const fn may_follow(follow: u32, cell: &Cell) -> bool {
    (follow != 0) & ((cell.clitic != 0) | (follow & gazetteer::follow(cell.sign) != 0))
}

/// What `Cell::names` has of a word that is a name by itself, by [`WordInfo::alone`].
const ALONE: [u32; 256] = {
    let mut out = [0; 256];
    let mut alone = 0;
    while alone < out.len() {
        let bits = if alone & COMMON_ALONE as usize != 0 {
            4
        } else {
            5
        };
        let mut group = 0;
        while group < group::COUNT {
            out[alone] |= (bits * (alone as u32 >> group & 1)) << (4 * group);
            group += 1;
        }
        alone += 1;
    }
    out
};

/// What a word that is a name by itself has in `Cell::names`; `alone` is [`WordInfo::alone`].
#[inline]
pub(crate) const fn names_alone(alone: u8) -> u32 {
    ALONE[alone as usize]
}

/// The names a word is by itself that have entries: without and with what it has in front.
pub(crate) fn names(info: &WordInfo, starts: &[Starts]) -> impl Iterator<Item = Node> + use<> {
    let nodes = starts.get(info.starts as usize).copied();
    let nodes = nodes.unwrap_or_default().into_iter();
    nodes.filter(|node| node.entry != 0 && node.mask & !INNER != 0)
}

/// The entry of the name of some kind in `mask` that a word is by itself.
pub(crate) fn alone(info: &WordInfo, starts: &[Starts], mask: u32) -> Option<u32> {
    let &[key, whole] = starts.get(info.starts as usize)?;
    let entry = |node: Node| {
        if node.mask & mask & !INNER != 0 {
            node.entry
        } else {
            0
        }
    };
    match (entry(key), entry(whole)) {
        (0, 0) => None,
        (key, 0) => Some(key),
        (_, whole) => Some(whole),
    }
}

/// Marks the names of several words that begin with the first of the cells `rest` of a chain, which is cell `first` of the
/// text; `free` is group by group the first cell behind the last name.
fn mark_name(
    rest: &mut [Cell],
    first: usize,
    starts: impl Fn(&Cell) -> Option<Starts>,
    hashes: &[WordHashes],
    gazetteer: &Gazetteer,
    hits: &mut Vec<NameHit>,
    free: &mut [usize; group::COUNT],
) {
    // Group by group the words of the longest name.
    let mut longest = [0usize; group::COUNT];
    // The groups of them, a bit each.
    let mut known = 0;
    let mut most = 0;
    let Some((cell, behind)) = rest.split_first() else {
        return;
    };
    let (Some(own), Some([key, whole])) = (hashes.get(cell.word as usize), starts(cell)) else {
        return;
    };
    for (start, mut node) in [(own.key, key), (own.whole, whole)] {
        let mut hash = start;
        for (next, length) in behind.iter().zip(2..) {
            if !joins(next) || !may_follow(node.follow, next) {
                break;
            }
            let Some(next) = hashes.get(next.word as usize) else {
                break;
            };
            hash = fold::chain(hash, next.whole);
            let Some(longer) = gazetteer.get(hash) else {
                break;
            };
            node = longer;
            if node.mask & !INNER == 0 {
                continue;
            }
            most = length.max(most);
            let groups = groups_of(node.mask);
            known |= groups;
            for g in bits(groups) {
                if let Some(longest) = longest.get_mut(g) {
                    *longest = length.max(*longest);
                }
            }
            if node.entry != 0 {
                hits.push(NameHit {
                    first: first as u32,
                    end: (first + length) as u32,
                    mask: node.mask,
                    entry: node.entry,
                });
            }
        }
    }
    if most == 0 {
        return;
    }
    for g in bits(known) {
        let (Some(&length), Some(free)) = (longest.get(g), free.get_mut(g)) else {
            break;
        };
        if *free > first {
            continue;
        }
        *free = first + length;
        for (k, cell) in rest.iter_mut().take(length).enumerate() {
            let begin = if k == 0 { 1 } else { 2 };
            let last = if k + 1 == length { 4 } else { 0 };
            cell.names &= !(15 << (4 * g));
            cell.names |= (8 | begin | last) << (4 * g);
        }
    }
    for cell in rest.iter_mut().take(most) {
        cell.class = class_in_name(cell);
    }
}

/// The groups of names with a mask, a bit each.
#[inline]
fn groups_of(mask: u32) -> u32 {
    let groups = GROUPS.iter().zip(0..);
    groups.fold(0, |all, (group, g)| all | u32::from(mask & group != 0) << g)
}

/// The numbers of the bits that are set.
#[inline]
fn bits(mut set: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let first = (set != 0).then(|| set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        first
    })
}

/// The class of a word of a known name of several words.
fn class_in_name(cell: &Cell) -> u8 {
    let bits = |g: u32| cell.names >> (4 * g) & 15;
    let inside = |b: u32| b & 2 != 0;
    let (place, minor, body, person) = (
        bits(group::PLACE),
        bits(group::MINOR),
        bits(group::BODY),
        bits(group::PERSON),
    );
    match (body, place, person, minor) {
        (b, ..) if b & 8 != 0 && inside(b) => class::BODY_NEXT,
        (b, ..) if b & 8 != 0 => class::BODY_FIRST,
        (_, p, ..) if p & 8 != 0 && inside(p) => class::PLACE_NEXT,
        (_, p, ..) if p & 8 != 0 => class::PLACE,
        (_, _, p, _) if p & 8 != 0 && inside(p) => class::FAMILY,
        (_, _, p, _) if p & 8 != 0 => class::GIVEN,
        (.., m) if m & 8 != 0 && inside(m) => class::PLACE_NEXT,
        (.., m) if m & 8 != 0 => class::MINOR,
        _ => cell.plain,
    }
}

/// A known name of several words in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameHit {
    pub first: u32,
    pub end: u32,
    pub mask: u32,
    pub entry: u32,
}
