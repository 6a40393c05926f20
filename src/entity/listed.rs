//! Marks what is known of the words of a chain before anything is scored: listed names, and openers before words.

use super::cell::{Cell, gap, lead};
use super::feature::{CLASSES, COMMON_ALONE, GROUPS, WordInfo, class, group};
use super::fold;
use super::gazetteer::{self, Gazetteer, INNER, Node};

/// Marks what is known of the words of a chain, which begins at cell `base`: names of several words, longest first, group by
/// group, which may begin at the cells `firsts`; openers before words; and the classes that words of such names take. Names
/// of one word are in the cells already.
#[inline(never)]
pub(crate) fn mark(
    chain: &mut [Cell],
    firsts: &[u32],
    infos: &[WordInfo],
    gazetteer: &Gazetteer,
    hits: &mut Vec<NameHit>,
    base: u32,
) {
    let mut free = [0; group::COUNT];
    for first in firsts {
        let i = first.wrapping_sub(base) as usize;
        let Some([cell, next, ..]) = chain.get(i..) else {
            continue;
        };
        if let Some(info) = infos.get(cell.word as usize).filter(|_| joins(next))
            && may_follow(info.key_node.follow | info.whole_node.follow, next)
        {
            mark_name(chain, i, info, infos, gazetteer, hits, base, &mut free);
        }
    }
    let mut state = lead::NONE;
    for cell in chain {
        if ENDS_LEAD >> cell.gap & 1 != 0 {
            state = lead::NONE;
        }
        cell.lead = state;
        state = LEADS[state as usize % lead::COUNT][cell.class as usize % LEAD_CLASSES];
        if cell.names & SEVERAL != 0 {
            if cell.names >> (4 * group::TITLE) & 8 != 0 {
                state = lead::TITLE;
            }
            cell.class = class_in_name(cell);
        }
    }
}

/// Gaps behind which no opener governs any more: a bit each.
const ENDS_LEAD: u16 =
    1 << gap::COMMA | 1 << gap::COLON | 1 << gap::CLOSE | 1 << gap::OTHER | 1 << gap::END;

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
    cell.clitic != 0 || follow & gazetteer::follow(cell.sign) != 0
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
pub(crate) fn names(info: &WordInfo) -> impl Iterator<Item = Node> + use<> {
    let nodes = [info.key_node, info.whole_node].into_iter();
    nodes.filter(|node| node.entry != 0 && node.mask & !INNER != 0)
}

/// The entry of the name of some kind in `mask` that a word is by itself.
pub(crate) fn alone(info: &WordInfo, mask: u32) -> Option<u32> {
    let named = names(info).filter(|node| node.mask & mask != 0);
    named.last().map(|node| node.entry)
}

/// Marks the names of several words that begin at cell `i`, whose word is `info`; `free` is group by group the first cell
/// behind the last name.
#[allow(clippy::too_many_arguments)]
fn mark_name(
    chain: &mut [Cell],
    i: usize,
    info: &WordInfo,
    infos: &[WordInfo],
    gazetteer: &Gazetteer,
    hits: &mut Vec<NameHit>,
    base: u32,
    free: &mut [usize; group::COUNT],
) {
    let mut longest = [0usize; group::COUNT];
    let mut found = false;
    for (start, mut node) in [(info.key, info.key_node), (info.whole, info.whole_node)] {
        let mut hash = start;
        let rest = chain.get(i + 1..).unwrap_or(&[]);
        for (next, length) in rest.iter().zip(2..) {
            if !joins(next) || !may_follow(node.follow, next) {
                break;
            }
            let Some(next) = infos.get(next.word as usize) else {
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
            found = true;
            for (longest, group) in longest.iter_mut().zip(&GROUPS) {
                if node.mask & group != 0 {
                    *longest = length.max(*longest);
                }
            }
            if node.entry != 0 {
                hits.push(NameHit {
                    first: base + i as u32,
                    end: base + (i + length) as u32,
                    mask: node.mask,
                    entry: node.entry,
                });
            }
        }
    }
    if !found {
        return;
    }
    for (g, (&length, free)) in longest.iter().zip(free).enumerate() {
        if length == 0 || *free > i {
            continue;
        }
        *free = i + length;
        for (k, cell) in chain.iter_mut().skip(i).take(length).enumerate() {
            let first = if k == 0 { 1 } else { 2 };
            let last = if k + 1 == length { 4 } else { 0 };
            cell.names &= !(15 << (4 * g));
            cell.names |= (8 | first | last) << (4 * g);
        }
    }
}

/// The bits of `Cell::names` of names of several words.
const SEVERAL: u32 = 0x888_8888;

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
        _ => cell.class,
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

/// By class: the state a word puts those behind it in; `lead::NONE` where it opens nothing.
const OPENS: [u8; CLASSES] = {
    let mut out = [lead::NONE; CLASSES];
    out[class::TITLE as usize] = lead::TITLE;
    out[class::ROLE as usize] = lead::TITLE;
    out[class::RELATION as usize] = lead::TITLE;
    out[class::KIN as usize] = lead::KIN;
    out[class::BODY_HEAD as usize] = lead::BODY;
    out[class::BODY_HEAD_THE as usize] = lead::BODY_THE;
    out[class::PLACE_HEAD as usize] = lead::PLACE;
    out[class::SITE_HEAD as usize] = lead::SITE;
    out[class::SAYING as usize] = lead::SAYING;
    out
};

/// By class: whether it goes on what was opened.
const MODIFIES: [bool; CLASSES] = {
    use class as c;
    let mut out = [false; CLASSES];
    let list = [
        c::NISBA_THE,
        c::NISBA,
        c::ADJECTIVE_THE,
        c::ADJECTIVE,
        c::NOUN_THE,
        c::NOUN,
        c::COUNTRY,
        c::PLACE,
        c::BODY_HEAD,
        c::BODY_HEAD_THE,
        c::BODY,
        c::UNKNOWN_THE,
        c::NUMBER_WORD,
        c::PLACE_TAG,
    ];
    let mut i = 0;
    while i < list.len() {
        out[list[i] as usize] = true;
        i += 1;
    }
    out
};

/// By state: the next one behind a modifier.
const GOES_ON: [u8; lead::COUNT] = {
    let mut out = [lead::NONE; lead::COUNT];
    out[lead::TITLE as usize] = lead::TITLE_1;
    out[lead::TITLE_1 as usize] = lead::TITLE_2;
    out[lead::TITLE_2 as usize] = lead::TITLE_FAR;
    out[lead::TITLE_FAR as usize] = lead::TITLE_FAR;
    out[lead::BODY as usize] = lead::BODY_1;
    out[lead::BODY_1 as usize] = lead::BODY_2;
    out[lead::BODY_2 as usize] = lead::BODY_FAR;
    out[lead::BODY_FAR as usize] = lead::BODY_FAR;
    out[lead::BODY_THE as usize] = lead::BODY_THE_1;
    out[lead::BODY_THE_1 as usize] = lead::BODY_2;
    out
};

/// [`CLASSES`], rounded up.
const LEAD_CLASSES: usize = CLASSES.next_power_of_two();

/// By what governs a word and by its class: what governs the word behind it.
const LEADS: [[u8; LEAD_CLASSES]; lead::COUNT] = {
    let mut out = [[lead::NONE; LEAD_CLASSES]; lead::COUNT];
    let mut state = 0;
    while state < lead::COUNT {
        let mut class = 0;
        while class < CLASSES {
            out[state][class] = if OPENS[class] == lead::NONE && MODIFIES[class] {
                GOES_ON[state]
            } else {
                OPENS[class]
            };
            class += 1;
        }
        state += 1;
    }
    out
};
