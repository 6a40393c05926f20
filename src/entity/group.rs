//! From mentions to who and what: which mentions are of one person, place or body, which id it has, which role.

use super::cell::{Cell, gap};
use super::feature::{WordHashes, WordInfo, class, group};
use super::fold;
use super::gazetteer::{BODY, Candidate, Gazetteer, NOWHERE, Of, PLACE, SHORT};
use super::listed::alone;
use super::votes::Signs;
use super::{EntityKind, EntityRecord, EntityScratch, clitic_bytes};
use crate::document::Document;
use crate::span::Span;
use crate::words::Scatter;

/// Longest name whose parts are remembered; a role reaches over no more words.
const MAX_NAME: usize = 6;
/// Words a role may take, the names of bodies in it not counted.
const MAX_ROLE: usize = 8;

/// Names and parts of names, with the record that has them in full.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Open addressing: hash, record plus one, words of the record's name.
    slots: Vec<(u64, u32, u32)>,
    scatter: Scatter,
    /// The slots taken.
    taken: Vec<u32>,
}

impl Known {
    pub fn clear(&mut self) {
        for at in self.taken.drain(..) {
            if let Some(slot) = self.slots.get_mut(at as usize) {
                slot.1 = 0;
            }
        }
    }

    /// Makes room for so many names in all.
    fn reserve(&mut self, names: usize) {
        if self.slots.len() < names * 2 {
            let size = (names * 2).next_power_of_two().max(256);
            let old = std::mem::replace(&mut self.slots, vec![(0, 0, 0); size]);
            self.taken.clear();
            for slot in old.into_iter().filter(|s| s.1 != 0) {
                if let Some((at, None)) = self.find(slot.0) {
                    self.fill(at, slot);
                }
            }
        }
    }

    fn find(&self, hash: u64) -> Option<(usize, Option<(u32, u32)>)> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = self.scatter.home(hash, mask);
        loop {
            match self.slots.get(at)? {
                (_, 0, _) => return Some((at, None)),
                (h, record, words) if *h == hash => return Some((at, Some((*record - 1, *words)))),
                _ => at = (at + 1) & mask,
            }
        }
    }

    pub fn get(&self, hash: u64) -> Option<u32> {
        self.find(hash)?.1.map(|(record, _)| record)
    }

    /// Remembers a name; of two the longer stays, of two of one length the first. Gives its slot, which is good until there
    /// is more to remember than [room](Self::reserve) was made for.
    pub fn put(&mut self, hash: u64, record: u32, words: u32) -> u32 {
        self.reserve(self.taken.len() + 1);
        let Some((at, have)) = self.find(hash) else {
            return 0;
        };
        match have {
            None => self.fill(at, (hash, record + 1, words)),
            Some((_, have)) if have < words => {
                if let Some(slot) = self.slots.get_mut(at) {
                    *slot = (hash, record + 1, words);
                }
            }
            _ => {}
        }
        at as u32
    }

    /// Lets a longer name stand for one that is remembered.
    fn lengthen(&mut self, hash: u64, record: u32, words: u32) {
        if let Some((at, Some((_, have)))) = self.find(hash)
            && have < words
            && let Some(slot) = self.slots.get_mut(at)
        {
            *slot = (hash, record + 1, words);
        }
    }

    /// The record in a slot.
    fn at(&self, slot: u32) -> Option<u32> {
        self.slots.get(slot as usize)?.1.checked_sub(1)
    }

    fn fill(&mut self, at: usize, with: (u64, u32, u32)) {
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = with;
            self.taken.push(at as u32);
        }
    }

    /// Bytes held.
    pub fn memory_usage(&self) -> usize {
        self.slots.capacity() * size_of::<(u64, u32, u32)>() + self.taken.capacity() * 4
    }
}

/// Hash of the words `from..to`; the first without what is joined to its front.
fn name(cells: &[Cell], hashes: &[WordHashes], kind: EntityKind, from: usize, to: usize) -> u64 {
    let words = cells.get(from..to).unwrap_or(&[]).iter();
    let mut hashes = words.map(|cell| hashes.get(cell.word as usize).copied());
    let Some(first) = hashes.next() else {
        return fold::feature(kind as u8, 0);
    };
    let first = first.unwrap_or_default().key;
    let first = fold::chain(fold::feature(kind as u8, 0), first);
    hashes.fold(first, |hash, word| {
        fold::chain(hash, word.unwrap_or_default().whole)
    })
}

/// Gives every mention its group, its entry, and persons their roles.
#[inline(never)]
pub(crate) fn resolve(document: &Document<'_>, gazetteer: &Gazetteer, scratch: &mut EntityScratch) {
    entries(gazetteer, scratch);
    groups(scratch);
    roles(document, scratch);
}

/// Which mask a kind of entity asks for.
const fn wanted(kind: EntityKind) -> Option<(u32, Of)> {
    match kind {
        EntityKind::Location => Some((PLACE, Of::Place)),
        EntityKind::Organization => Some((BODY | SHORT, Of::Body)),
        _ => None,
    }
}

/// Looks up the entry of each place and body; of places that share a name the one whose country the text speaks of.
#[inline(never)]
fn entries(gazetteer: &Gazetteer, scratch: &mut EntityScratch) {
    let EntityScratch {
        found,
        cells,
        infos,
        starts,
        hits,
        countries,
        undecided,
        ..
    } = scratch;
    countries.clear();
    undecided.clear();
    let mut from = 0usize;
    for (r, record) in found.iter_mut().enumerate() {
        let Some((mask, of)) = wanted(record.kind) else {
            continue;
        };
        let (first, end) = record.units;
        let entry = if end - first == 1 {
            let info = cells
                .get(first as usize)
                .and_then(|c| infos.get(c.word as usize));
            info.and_then(|i| alone(i, starts, mask))
        } else {
            while hits.get(from).is_some_and(|h| h.first < first) {
                from += 1;
            }
            let here = hits.get(from..).unwrap_or(&[]).iter();
            here.take_while(|h| h.first == first)
                .filter(|h| h.end == end && h.mask & mask != 0)
                .last()
                .map(|hit| hit.entry)
        };
        let Some(entry) = entry else { continue };
        let mut all = (entry..).zip(gazetteer.candidates(entry));
        let Some((number, candidate)) = all.find(|(_, c)| c.of == of) else {
            continue;
        };
        record.entry = entry;
        if !candidate.only {
            undecided.push(r as u32);
            continue;
        }
        record.entry = number;
        if of == Of::Place {
            record.position = position(gazetteer, entry, &candidate);
        }
        if candidate.country != NOWHERE {
            if let Some(c) = countries.iter_mut().find(|c| c.0 == candidate.country) {
                c.1 += 1;
            } else if countries.len() < 32 {
                // A text speaks of few countries; a list of all of them would be no evidence.
                countries.push((candidate.country, 1));
            }
        }
    }
    for r in undecided.iter() {
        let Some(record) = found.get_mut(*r as usize) else {
            continue;
        };
        let Some((_, of)) = wanted(record.kind) else {
            continue;
        };
        let first = record.entry;
        let mut best = None;
        let mut most = -1;
        for (number, candidate) in (first..).zip(gazetteer.candidates(first)) {
            if candidate.of != of {
                continue;
            }
            let country = countries.iter().find(|c| c.0 == candidate.country);
            // Our own list before the big one.
            let score = country.map_or(0, |c| c.1) * 4 + i32::from(!candidate.big);
            if score > most {
                best = Some((number, candidate));
                most = score;
            }
        }
        record.entry = best.map_or(0, |b| b.0);
        if let Some((_, chosen)) = best
            && of == Of::Place
        {
            record.position = position(gazetteer, first, &chosen);
        }
    }
}

/// The position of a place, or of another in its country that has the same entry `first`.
fn position(gazetteer: &Gazetteer, first: u32, place: &Candidate) -> Option<(f32, f32)> {
    place.position.or_else(|| {
        let country = place.country;
        let mut same = gazetteer
            .candidates(first)
            .filter(|c| c.country == country && country != NOWHERE);
        same.find_map(|c| c.position)
    })
}

/// Numbers the groups in the order in which they are first mentioned.
#[inline(never)]
fn groups(scratch: &mut EntityScratch) {
    let EntityScratch {
        found,
        cells,
        hashes,
        known,
        numbers,
        entry_groups,
        ..
    } = scratch;
    known.clear();
    known.reserve(found.len());
    numbers.clear();
    // Full names. Of the parts of names few stand by themselves elsewhere, and some bits of their hashes say so.
    let mut full = Signs::default();
    for (r, record) in found.iter().enumerate() {
        let (a, b) = (record.units.0 as usize, record.units.1 as usize);
        let words = b.saturating_sub(a) as u32;
        let own = name(cells, hashes, record.kind, a, b);
        full.add(fold::sign(own));
        numbers.push((known.put(own, r as u32, words), u32::MAX));
    }
    // What may stand for them.
    for (r, record) in found.iter().enumerate() {
        let (a, b) = (record.units.0 as usize, record.units.1 as usize);
        let words = b.saturating_sub(a);
        let mut part = |from, to| {
            let hash = name(cells, hashes, record.kind, from, to);
            if full.has(fold::sign(hash)) {
                known.lengthen(hash, r as u32, words as u32);
            }
        };
        match record.kind {
            EntityKind::Person if words > 1 => {
                for k in 1..words.min(MAX_NAME) {
                    // «عبد القوي» for «طلعت عبد القوي», «طلعت» for it as well.
                    part(b - k, b);
                    part(a, a + k);
                }
            }
            EntityKind::Organization if words > 2 => {
                // «اللجنة الوطنية» for a longer name that begins so.
                for k in 2..words.min(MAX_NAME) {
                    part(a, a + k);
                }
                // «المنظمة الدولية للهجرة (IOM)».
                if let Some(next) = found.get(r + 1)
                    && next.kind == record.kind
                    && next.units.0 == record.units.1
                    && next.units.1 == next.units.0 + 1
                    && cells.get(b).is_some_and(|c| c.gap == gap::OPEN)
                {
                    part(b, b + 1);
                }
            }
            _ => {}
        }
    }
    let mut next = 0u32;
    // One id is one thing, however it is spelled.
    entry_groups.clear();
    for r in 0..found.len() {
        let Some(record) = found.get(r).copied() else {
            break;
        };
        let slot = numbers.get(r).map_or(0, |n| n.0);
        let leader = known.at(slot).unwrap_or(r as u32);
        let entry = match record.entry {
            0 => found.get(leader as usize).map_or(0, |l| l.entry),
            e => e,
        };
        let same_entry = match entry {
            0 => None,
            _ => entry_groups.iter().find(|x| x.0 == entry).map(|x| x.1),
        };
        let of = |number: Option<&(u32, u32)>| number.map(|n| n.1).filter(|&n| n != u32::MAX);
        let number = same_entry.or_else(|| of(numbers.get(leader as usize)));
        let number = number.unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        for at in [r, leader as usize] {
            if let Some((_, n)) = numbers.get_mut(at)
                && *n == u32::MAX
            {
                *n = number;
            }
        }
        // A bound on the list keeps the time linear; a text names fewer things.
        if entry != 0 && same_entry.is_none() && entry_groups.len() < 256 {
            entry_groups.push((entry, number));
        }
        if let Some(record) = found.get_mut(r) {
            record.group = numbers.get(r).map_or(number, |n| n.1);
        }
    }
}

/// Titles before and offices behind persons.
#[inline(never)]
fn roles(document: &Document<'_>, scratch: &mut EntityScratch) {
    let EntityScratch {
        found,
        cells,
        infos,
        labels,
        chains,
        ..
    } = scratch;
    let count = found.len();
    let mut chain = 0usize;
    for r in 0..count {
        let Some(person) = found
            .get(r)
            .copied()
            .filter(|p| p.kind == EntityKind::Person)
        else {
            continue;
        };
        while chains.get(chain + 1).is_some_and(|&c| c <= person.units.0) {
            chain += 1;
        }
        let start = chains.get(chain).copied().unwrap_or(0);
        let end = chains.get(chain + 1).copied().unwrap_or(cells.len() as u32);
        let mut add = |from: u32, to: u32| {
            let (Some(a), Some(b)) = (
                document.units.get(from as usize),
                (to as usize)
                    .checked_sub(1)
                    .and_then(|i| document.units.get(i)),
            ) else {
                return;
            };
            let cut = cells
                .get(from as usize)
                .and_then(|c| infos.get(c.word as usize))
                .map_or(0, |i| i.cut);
            found.push(EntityRecord {
                kind: EntityKind::Role,
                span: Span::new(
                    a.span.start + clitic_bytes(a.span.of(document.text), cut),
                    b.span.end,
                ),
                units: (from, to),
                group: person.group,
                ..EntityRecord::default()
            });
        };
        if let Some(from) = before(cells, labels, start, person.units.0) {
            add(from, person.units.0);
        }
        if let Some((from, to)) = behind(cells, labels, infos, person.units.1, end) {
            add(from, to);
        }
    }
    if found.len() > count {
        found.sort_unstable_by_key(|e| (e.span.start, e.span.end, e.kind as u8));
    }
}

fn opens_role(cell: &Cell) -> bool {
    matches!(cell.plain, class::TITLE | class::ROLE) || cell.names >> (4 * group::TITLE) & 9 == 9
}

fn modifies(cell: &Cell) -> bool {
    use class as c;
    matches!(
        cell.class,
        c::NISBA_THE
            | c::NISBA
            | c::ADJECTIVE_THE
            | c::NOUN_THE
            | c::NOUN
            | c::COUNTRY
            | c::PLACE
            | c::PLACE_NAME
            | c::PLACE_NEXT
            | c::BODY_HEAD
            | c::BODY_HEAD_THE
            | c::BODY
            | c::BODY_FIRST
            | c::BODY_NEXT
            | c::UNKNOWN_THE
            | c::PLACE_TAG
            | c::NUMBER_WORD
    ) || cell.names >> (4 * group::TITLE) & 8 != 0
}

/// The first unit of the role in front of a person at `at`.
fn before(cells: &[Cell], labels: &[u8], start: u32, at: u32) -> Option<u32> {
    let mut found = None;
    let mut words = 0;
    let mut at = at;
    while at > start && words < MAX_ROLE {
        if !matches!(cells.get(at as usize)?.gap, gap::SPACE | gap::QUOTE) {
            break;
        }
        at -= 1;
        let cell = cells.get(at as usize)?;
        let label = labels.get(at as usize).copied().unwrap_or(0);
        if matches!(label, 1 | 2) {
            break;
        }
        if opens_role(cell) && label == 0 {
            found = Some(at);
            if cell.clitic != 0 {
                break;
            }
        } else if label == 0 && !modifies(cell) {
            break;
        }
        words += u32::from(label == 0) as usize;
    }
    found
}

/// The units of an office in apposition behind a person.
fn behind(
    cells: &[Cell],
    labels: &[u8],
    infos: &[WordInfo],
    at: u32,
    end: u32,
) -> Option<(u32, u32)> {
    let first = cells.get(at as usize).filter(|_| at < end)?;
    if !matches!(first.gap, gap::SPACE | gap::COMMA) || first.clitic != 0 || !opens_role(first) {
        return None;
    }
    let info = infos.get(first.word as usize)?;
    if info.article && first.gap == gap::SPACE {
        return None;
    }
    let mut to = at + 1;
    let mut words = 1;
    while to < end && words < MAX_ROLE {
        let cell = cells.get(to as usize)?;
        let label = labels.get(to as usize).copied().unwrap_or(0);
        let goes_on = matches!(label, 2 | 4 | 6);
        // The name of the body is over; only an adjective of the office may follow: «رئيس مجلس النواب السابق».
        let named = labels.get(to as usize - 1).is_some_and(|l| *l > 2);
        if named && label == 0 && !matches!(cell.class, class::NISBA_THE | class::ADJECTIVE_THE) {
            break;
        }
        if !goes_on
            && (!matches!(cell.gap, gap::SPACE | gap::QUOTE)
                || label == 1
                || (label == 0 && (!(modifies(cell) || opens_role(cell)) || cell.clitic & 1 == 1)))
        {
            break;
        }
        // A second body or place after the first is another story: «وزير الداخلية التونسي في الرباط».
        words += usize::from(label == 0);
        to += 1;
    }
    Some((at, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_names_can_be_chosen_to_lie_side_by_side() {
        for shift in [0, 20, 32, 44] {
            let mut known = Known::default();
            known.reserve(20_000);
            let mut state = 7u64;
            for record in 0..20_000 {
                state = state.wrapping_mul(6_364_136_223_846_793_005) | 1;
                let hash = (state >> 20).rotate_left(shift);
                known.put(hash, record, 2);
                assert!(known.get(hash).is_some());
            }
            let runs = known.slots.split(|s| s.1 == 0);
            let longest = runs.map(<[_]>::len).max().unwrap_or(0);
            assert!(longest < 1000, "{longest} slots in a row are taken");
        }
    }
}
