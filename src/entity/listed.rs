//! Marks what is known of the words of a chain before anything is scored: listed names, and openers before words.

use super::cell::{Cell, gap, lead};
use super::feature::{CLASSES, GROUPS, WordInfo, class, group};
use super::fold;
use super::gazetteer::*;

/// Marks what is known of the words of a chain, which begins at cell `base`: names, longest first, group by group, which
/// may begin at the cells `firsts`; openers before words; and the classes that words of names of several words take.
#[inline(never)]
pub(crate) fn mark(
    chain: &mut [Cell],
    firsts: &[u32],
    infos: &[WordInfo],
    gazetteer: &Gazetteer,
    hits: &mut Vec<NameHit>,
    base: u32,
) {
    let mut free = Free::default();
    for first in firsts {
        let i = first.wrapping_sub(base) as usize;
        if let Some(info) = chain.get(i).and_then(|c| infos.get(c.word as usize)) {
            mark_name(chain, i, info, infos, gazetteer, hits, base, &mut free);
        }
    }
    let mut state = lead::NONE;
    for cell in chain {
        if ENDS_LEAD >> cell.gap & 1 != 0 {
            state = lead::NONE;
        }
        cell.lead = state;
        let next = LEADS
            .get(state as usize)
            .and_then(|l| l.get(cell.class as usize));
        state = next.copied().unwrap_or_default();
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

/// Group by group the first cell behind the last name, and the last of these.
#[derive(Default)]
struct Free {
    of: [usize; group::COUNT],
    all: usize,
}

/// Marks the names that begin at cell `i`, whose word is `info`.
#[inline]
#[allow(clippy::too_many_arguments)]
fn mark_name(
    chain: &mut [Cell],
    i: usize,
    info: &WordInfo,
    infos: &[WordInfo],
    gazetteer: &Gazetteer,
    hits: &mut Vec<NameHit>,
    base: u32,
    free: &mut Free,
) {
    let nodes = [(info.key, info.key_node), (info.whole, info.whole_node)];
    // A longer name begins here only where its second word follows.
    let longer = || {
        let Some(next) = chain.get(i + 1).filter(|next| {
            matches!(
                next.gap,
                gap::SPACE | gap::QUOTE | gap::TIGHT_DASH | gap::DOT
            )
        }) else {
            return false;
        };
        let whole = infos.get(next.word as usize).map_or(0, |i| i.whole);
        nodes.iter().any(|(name, node)| {
            node.mask & INNER != 0 && gazetteer.get(fold::chain(*name, whole)).is_some()
        })
    };
    let goes_on = (info.key_node.mask | info.whole_node.mask) & INNER != 0;
    if free.all <= i && !(goes_on && longer()) {
        for (_, node) in nodes {
            if node.entry != 0 && node.mask & !INNER != 0 {
                hits.push(NameHit {
                    first: base + i as u32,
                    end: base + i as u32 + 1,
                    mask: node.mask,
                    entry: node.entry,
                });
            }
        }
        if let Some(cell) = chain.get_mut(i) {
            cell.names |= info.alone;
        }
        return;
    }
    let mut longest = [0usize; group::COUNT];
    for (start, node) in nodes {
        let mut hash = start;
        let mut end = i + 1;
        let mut node = Some(node).filter(|n| n.mask != 0);
        while let Some(Node { mask, entry }) = node {
            if mask & !INNER != 0 {
                let length = end - i;
                for (longest, group) in longest.iter_mut().zip(&GROUPS) {
                    if length > *longest && mask & group != 0 {
                        *longest = length;
                    }
                }
                if entry != 0 {
                    hits.push(NameHit {
                        first: base + i as u32,
                        end: base + end as u32,
                        mask,
                        entry,
                    });
                }
            }
            if mask & INNER == 0 {
                break;
            }
            let Some(next) = chain.get(end) else { break };
            if !matches!(
                next.gap,
                gap::SPACE | gap::QUOTE | gap::TIGHT_DASH | gap::DOT
            ) {
                break;
            }
            let Some(next) = infos.get(next.word as usize) else {
                break;
            };
            hash = fold::chain(hash, next.whole);
            node = gazetteer.get(hash);
            end += 1;
        }
    }
    for (g, (&length, free_of)) in longest.iter().zip(&mut free.of).enumerate() {
        if length == 0 || *free_of > i {
            continue;
        }
        *free_of = i + length;
        free.all = free.all.max(*free_of);
        for (k, cell) in chain.iter_mut().skip(i).take(length).enumerate() {
            let mut bits = if k == 0 { 1 } else { 2 };
            if k + 1 == length {
                bits |= 4;
            }
            if length > 1 {
                bits |= 8;
            } else if info.mask & COMMON != 0 {
                bits = 4;
            }
            cell.names |= bits << (4 * g);
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

/// A known name in the text.
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

/// By what governs a word and by its class: what governs the word behind it.
const LEADS: [[u8; CLASSES]; lead::COUNT] = {
    let mut out = [OPENS; lead::COUNT];
    let mut state = 0;
    while state < lead::COUNT {
        let mut class = 0;
        while class < CLASSES {
            if OPENS[class] == lead::NONE && MODIFIES[class] {
                out[state][class] = GOES_ON[state];
            }
            class += 1;
        }
        state += 1;
    }
    out
};
