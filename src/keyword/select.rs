//! Picks the keywords among the candidates, and the form to print.

use super::candidate::{Candidate, CandidateScratch, Kind, MAX_WORDS, Place, rank};
use super::join::OTHER;
use super::word::{ACCUSATIVE, ADJECTIVE, FOREIGN, Lights, NAME, PLACE, PROPER, hash64};
use super::{KeywordKind, KeywordRecord, KeywordWord};
use crate::document::Document;
use crate::morph::SegmentKind;
use crate::normalize::table;
use crate::span::Span;
use crate::words::Word;

/// Mentions that are looked at for the form to print.
const FORM_MENTIONS: usize = 32;
/// Different forms that are counted.
const FORMS: usize = 8;
/// So many candidates a keyword are looked at: the rest are variants or parts of better ones.
const DEPTH: usize = 4;

/// A part of a keyword is one of its own where it is said so many times as often; one word says less.
const PART: u32 = 2;
const WORD: u32 = 3;
/// So many of the better keywords may be around or inside one.
const NESTED: usize = 1;
/// A phrase around a keyword is left out where that is said more than so many times as often.
const WHOLE: u32 = 20;
const WHOLE_OF_PHRASE: u32 = 1;

/// A form of a phrase.
#[derive(Clone, Copy, Debug, Default)]
struct Form {
    hash: u64,
    place: u32,
    count: u32,
    /// 2 as it stands, 1 with clitics taken off, 0 in the accusative, with a pronoun taken off or cut out of a phrase.
    quality: u8,
}

/// Buffers of the selection.
#[derive(Debug, Default)]
pub(crate) struct SelectScratch {
    /// Numbers of candidates under [`rank`].
    order: Vec<u64>,
    /// Candidates that are full names of persons.
    persons: Vec<u32>,
    chosen: Vec<Chosen>,
    printed: String,
    lights: Lights,
    /// Places of the mentions of one keyword, in reading order.
    places: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Chosen {
    candidate: u32,
    words: [u32; MAX_WORDS],
    /// A bit for each word: keywords without a common bit have no word in common.
    mask: u64,
    len: usize,
    times: u32,
    score: f32,
    person: bool,
    body: bool,
    /// Always part of a longer candidate.
    piece: bool,
    /// An adjective alone.
    adjective: bool,
}

impl SelectScratch {
    pub fn memory_usage(&self) -> usize {
        (self.order.capacity() * 8 + self.persons.capacity() * 4)
            + self.chosen.capacity() * size_of::<Chosen>()
            + self.printed.capacity()
            + self.lights.memory_usage()
            + self.places.capacity() * 4
    }
}

/// What the caller wants.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub count: usize,
    pub least: f32,
    /// By [`KeywordKind`].
    pub kinds: [bool; 3],
}

/// What a candidate is.
pub(crate) fn kind(c: &Candidate, scratch: &CandidateScratch) -> KeywordKind {
    match c.kind {
        Kind::Person | Kind::Body => return KeywordKind::Name,
        Kind::Place => return KeywordKind::Place,
        Kind::None => {}
    }
    let at = c.first as usize;
    let places = scratch.places.get(at..at + c.words as usize).unwrap_or(&[]);
    let all = |f: u32| places.iter().all(|p| p.info.is(f));
    if all(PLACE) {
        KeywordKind::Place
    } else if all(PROPER) || places.first().is_some_and(|p| p.info.is(NAME)) {
        KeywordKind::Name
    } else {
        KeywordKind::Concept
    }
}

/// Appends the keywords of a story, best first.
#[allow(clippy::too_many_arguments)]
pub(crate) fn select(
    document: &Document<'_>,
    story: u32,
    candidates: &CandidateScratch,
    wanted: &Wanted,
    scratch: &mut SelectScratch,
    found: &mut Vec<KeywordRecord>,
    text: &mut String,
    words: &mut Vec<KeywordWord>,
    mentions: &mut Vec<Span>,
) {
    let list = &candidates.list;
    let of = |id: u32| list.get(id as usize);
    scratch.lights.fit(document.words);
    scratch.order.clear();
    scratch.persons.clear();
    for (i, c) in list.iter().enumerate() {
        if c.kind == Kind::Person && (2..=4).contains(&c.words) {
            scratch.persons.push(i as u32);
        }
        let kinds = &wanted.kinds;
        let fits = c.score >= wanted.least
            && (!kinds.contains(&false)
                || kinds
                    .get(kind(c, candidates) as usize)
                    .is_none_or(|&wanted| wanted));
        if fits {
            scratch.order.push(rank(c.score, i as u32));
        }
    }
    let depth = wanted.count.saturating_mul(DEPTH).saturating_add(8);
    if scratch.order.len() > depth {
        scratch.order.select_nth_unstable(depth);
        scratch.order.truncate(depth);
    }
    scratch.order.sort_unstable();
    let words_of = |&ranked: &u64| {
        let c = of(ranked as u32)?;
        let at = c.first as usize;
        candidates.places.get(at..at + c.words as usize)
    };
    let places = scratch.order.iter().filter_map(words_of).flatten();
    scratch.lights.fetch(places.clone().map(|p| p.word));
    let cut = places.filter(|p| p.has_clitics());
    document.words.fetch(cut.map(|p| p.word));
    scratch.chosen.clear();
    for i in 0..scratch.order.len() {
        if scratch.chosen.len() >= wanted.count {
            break;
        }
        let Some(&ranked) = scratch.order.get(i) else {
            continue;
        };
        let Some(best) = of(ranked as u32) else {
            continue;
        };
        // A person is printed under the full name.
        let id = full_name(best, &scratch.persons, candidates).unwrap_or(ranked as u32);
        let Some(c) = of(id) else {
            continue;
        };
        let mut words = [0; MAX_WORDS];
        let mut mask = 0;
        let at = c.first as usize;
        for (slot, place) in words.iter_mut().zip(
            candidates
                .places
                .get(at..at + c.words as usize)
                .unwrap_or(&[]),
        ) {
            *slot = light(document, place, &mut scratch.lights);
            mask |= 1u64 << (*slot % u64::BITS);
        }
        let new = Chosen {
            candidate: id,
            words,
            mask,
            len: c.words as usize,
            times: c.times,
            score: best.score,
            person: c.kind == Kind::Person,
            body: c.kind == Kind::Body,
            piece: c.longer >= c.times,
            adjective: c.words == 1
                && candidates
                    .places
                    .get(at)
                    .is_some_and(|p| p.info.is(ADJECTIVE) && !p.info.is(PROPER)),
        };
        let near = || scratch.chosen.iter().filter(|old| old.mask & mask != 0);
        if near().all(|old| !redundant(&new, old))
            && near().filter(|old| nested(&new, old)).count() <= NESTED
        {
            scratch.chosen.push(new);
        }
    }
    for chosen in &scratch.chosen {
        let Some(c) = of(chosen.candidate) else {
            continue;
        };
        in_reading_order(candidates, c, &mut scratch.places);
        let place = best_form(
            document,
            candidates,
            chosen.len,
            &scratch.places,
            &mut scratch.printed,
        );
        let start = text.len() as u32;
        print(document, candidates, place, chosen.len, text);
        let first_word = words.len() as u32;
        let at = c.first as usize;
        let places = candidates.places.get(at..at + chosen.len);
        words.extend(places.unwrap_or(&[]).iter().map(|p| KeywordWord {
            word: p.word,
            skip: p.skip,
        }));
        let first = mentions.len() as u32;
        mentions.extend(
            scratch
                .places
                .iter()
                .map(|&place| span(document, candidates, place, chosen.len)),
        );
        found.push(KeywordRecord {
            story,
            score: chosen.score,
            kind: kind(c, candidates),
            text: (start, text.len() as u32),
            words: (first_word, words.len() as u32),
            mentions: (first, mentions.len() as u32),
        });
    }
}

/// Fills `places` with those of the mentions of a candidate.
fn in_reading_order(candidates: &CandidateScratch, c: &Candidate, places: &mut Vec<u32>) {
    places.clear();
    places.extend(candidates.table.mentions(c.seen));
    places.reverse();
    if !places.is_sorted() {
        places.sort_unstable();
    }
}

/// The commonest full name, among `persons`, of a person who is mostly called by a part of it.
fn full_name(c: &Candidate, persons: &[u32], candidates: &CandidateScratch) -> Option<u32> {
    if c.words > 2
        || c.kind == Kind::Place
        || c.words == 2 && c.kind != Kind::Person && c.longer < c.times
    {
        return None;
    }
    let singles = |c: &Candidate| {
        let at = c.first as usize;
        let places = candidates.places.get(at..at + c.words as usize);
        places.unwrap_or(&[]).iter().map(|p| p.single)
    };
    let mut found: Option<(u32, &Candidate)> = None;
    for &i in persons {
        let Some(name) = candidates.list.get(i as usize) else {
            continue;
        };
        if name.words <= c.words {
            continue;
        }
        let skip = (name.words - c.words) as usize;
        // By the family name; by the first name only where it hardly ever stands alone.
        let last = singles(name).skip(skip).eq(singles(c)) && name.times * 8 >= c.times;
        let first = singles(name).take(c.words as usize).eq(singles(c)) && name.times * 2 > c.times;
        if (last || first)
            && found.is_none_or(|(_, f)| (name.times, f.words) > (f.times, name.words))
        {
            found = Some((i, name));
        }
    }
    found.map(|f| f.0)
}

/// Whether a candidate says nothing that a better one does not say.
fn redundant(new: &Chosen, old: &Chosen) -> bool {
    let a = new.words.get(..new.len).unwrap_or(&[]);
    let b = old.words.get(..old.len).unwrap_or(&[]);
    if a == b {
        return true;
    }
    // شادي الحلاق, شادي رشيد الحلاق
    if new.person && old.person && a.first() == b.first() && a.last() == b.last() {
        return true;
    }
    // «مكافحة الاتجار» beside «الاتجار بالبشر» is but a piece of what they are together.
    if new.piece
        && (b.starts_with(a.get(1..).unwrap_or(&[])) || b.ends_with(a.get(..1).unwrap_or(&[])))
        && new.len == 2
        && old.len > 1
    {
        return true;
    }
    if new.len < old.len && holds(b, a) {
        // A part is worth a line of its own where it is a subject of its own.
        let part = if new.len == 1 { WORD } else { PART };
        return old.person || new.adjective || new.times < old.times * part;
    }
    if new.len > old.len && holds(a, b) {
        // «المهاجم ياسين الطرابلسي» says no more than the name; «مركز سلطان بن زايد» does.
        if old.person && !new.person && !new.body {
            return true;
        }
        let most = if old.len > 1 { WHOLE_OF_PHRASE } else { WHOLE };
        return new.times * most < old.times + u32::from(old.len > 1);
    }
    false
}

fn holds(big: &[u32], small: &[u32]) -> bool {
    big.windows(small.len().max(1)).any(|w| w == small)
}

/// Whether one is part of the other.
fn nested(new: &Chosen, old: &Chosen) -> bool {
    let a = new.words.get(..new.len).unwrap_or(&[]);
    let b = old.words.get(..old.len).unwrap_or(&[]);
    holds(a, b) || holds(b, a)
}

/// What the word of a place has in common with other spellings of it.
fn light(document: &Document<'_>, place: &Place, lights: &mut Lights) -> u32 {
    if place.skip == 0 && place.info.sort != OTHER {
        return lights.of(document.words, place.word);
    }
    lights.behind(document.words, place.word, cut(document, place).0)
}

/// Bytes of the normal form before the article or base, and whether the article must be opened (لل).
fn cut(document: &Document<'_>, place: &Place) -> (usize, bool) {
    if !place.has_clitics() {
        return (0, false);
    }
    if place.skip > 0 {
        return (place.skip as usize * 2, false);
    }
    document.words.get(place.word).map_or((0, false), Word::cut)
}

/// Prints the phrase of `len` words at a place: no clitics, the article opened, spelling normalised.
fn print(
    document: &Document<'_>,
    candidates: &CandidateScratch,
    at: u32,
    len: usize,
    out: &mut String,
) {
    let places = candidates
        .places
        .get(at as usize..at as usize + len)
        .unwrap_or(&[]);
    for (i, place) in places.iter().enumerate() {
        let Some(unit) = document.units.get(place.unit as usize) else {
            continue;
        };
        if i > 0 {
            out.push(' ');
        }
        if place.info.is(FOREIGN) {
            out.push_str(unit.span.of(document.text));
            continue;
        }
        let norm = document.norm(unit);
        let mut start = 0;
        if i == 0 {
            let (cut, open) = cut(document, place);
            start = cut;
            if open {
                out.push('ا');
            }
        }
        let mut end = norm.len();
        if i + 1 == len
            && place.has_pronoun()
            && let Some(word) = document.words.get(unit.word)
        {
            for (kind, n) in word.analysis.segments.iter() {
                if kind == SegmentKind::Pronoun {
                    end = end.saturating_sub(n * 2);
                }
            }
        }
        let base = norm.get(start..end).unwrap_or(norm);
        if end == norm.len() {
            out.push_str(base);
            continue;
        }
        // What a pronoun had changed: عائلتها, أبناؤه.
        let stem = document.words.stem(unit.word);
        if let Some(rest) = base.strip_suffix('ت').filter(|_| stem.ends_with('ة')) {
            out.push_str(rest);
            out.push('ة');
        } else if let Some(rest) = base.strip_suffix(['ؤ', 'ئ']) {
            out.push_str(rest);
            out.push('ء');
        } else {
            out.push_str(base);
        }
    }
}

/// Prints the form that a keyword would be printed in.
pub(crate) fn print_best(
    document: &Document<'_>,
    candidates: &CandidateScratch,
    c: &Candidate,
    scratch: &mut SelectScratch,
    out: &mut String,
) {
    let len = c.words as usize;
    in_reading_order(candidates, c, &mut scratch.places);
    let mentions = &scratch.places;
    let place = best_form(document, candidates, len, mentions, &mut scratch.printed);
    print(document, candidates, place, len, out);
}

/// The place of the mention to print: the commonest form, of those the one that stands so in the text.
fn best_form(
    document: &Document<'_>,
    candidates: &CandidateScratch,
    len: usize,
    mentions: &[u32],
    printed: &mut String,
) -> u32 {
    if let &[only] = mentions {
        return only;
    }
    let of = |at: u32| {
        let places = candidates.places.get(at as usize..at as usize + len);
        places.unwrap_or(&[])
    };
    let mut forms = [Form::default(); FORMS];
    let mut used = 0;
    for &at in mentions.iter().take(FORM_MENTIONS) {
        let places = of(at);
        let pronoun = places
            .last()
            .is_some_and(|p| p.info.is(super::word::PRONOUN));
        let quality = if pronoun
            || places.iter().any(|p| p.info.is(ACCUSATIVE))
            || candidates.goes_on(at, len)
        {
            0
        } else if places
            .first()
            .is_some_and(|p| cut(document, p) != (0, false))
        {
            1
        } else {
            2
        };
        // The same words are printed the same.
        let known = forms
            .iter_mut()
            .take(used)
            .find(|f| same_words(of(f.place), places));
        if let Some(f) = known {
            f.count += 1;
            f.quality = f.quality.max(quality);
            continue;
        }
        printed.clear();
        print(document, candidates, at, len, printed);
        let hash = hash64(printed.as_bytes());
        match forms.iter_mut().take(used).find(|f| f.hash == hash) {
            Some(f) => {
                f.count += 1;
                f.quality = f.quality.max(quality);
            }
            None => {
                if let Some(f) = forms.get_mut(used) {
                    *f = Form {
                        hash,
                        place: at,
                        count: 1,
                        quality,
                    };
                    used += 1;
                }
            }
        }
    }
    forms
        .iter()
        .take(used)
        .max_by_key(|f| {
            (
                f.quality > 0,
                f.count,
                f.quality,
                std::cmp::Reverse(f.place),
            )
        })
        .map_or(0, |f| f.place)
}

/// Whether two mentions are of the same normal forms, so that they are printed the same.
fn same_words(a: &[Place], b: &[Place]) -> bool {
    let same = |(a, b): (&Place, &Place)| {
        // Of other scripts the text itself is printed.
        a.word == b.word && a.skip == b.skip && !a.info.is(FOREIGN)
    };
    a.iter().zip(b).all(same)
}

/// The bytes of a mention, without clitics of its first and the pronoun of its last word.
fn span(document: &Document<'_>, candidates: &CandidateScratch, at: u32, len: usize) -> Span {
    let places = candidates
        .places
        .get(at as usize..at as usize + len)
        .unwrap_or(&[]);
    let unit = |p: Option<&Place>| p.and_then(|p| document.units.get(p.unit as usize));
    let (Some(first), Some(last)) = (unit(places.first()), unit(places.last())) else {
        return Span::default();
    };
    let mut start = first.span.start;
    if let Some(p) = places.first().filter(|p| p.has_clitics()) {
        let skip = cut(document, p).0 / 2;
        start += table::letter(first.span.of(document.text), skip);
    }
    let mut end = last.span.end;
    if places.last().is_some_and(Place::has_pronoun)
        && let Some(word) = document.words.get(last.word)
    {
        let mut letters = 0;
        let mut pronoun = false;
        for (kind, n) in word.analysis.segments.iter() {
            if kind == SegmentKind::Pronoun {
                pronoun = true;
            } else {
                letters += n;
            }
        }
        if pronoun {
            end = last.span.start + table::letter(last.span.of(document.text), letters);
        }
    }
    Span::new(start, end)
}
