//! What place and lists say plainly, after the sequence scorer has spoken.

use std::ops::Range;

use super::cell::{Cell, gap};
use super::feature::{self, Starts, WordInfo};
use super::gazetteer::mark;
use super::listed::NameHit;
use super::model::{HopedWord, Run};
use super::{EntityScratch, begins_with_in, gazetteer, listed, own, repair};
use crate::document::Document;
use crate::page::PartKind;
use crate::sieve::pick;

/// What place and lists say plainly, whatever the sequence scorer makes of it:
///
/// * keyword lines hold no names: without commas, neighbours there are no phrase;
/// * a source line of a few words names a body;
/// * long listed bodies are bodies;
/// * a listed body ends before a stranger in ب: «الدرك الملكي بتمصلوحت», before the head of a place («قوات الدعم السريع
///   مدينة الأبيض») and before a noun, which cannot depend on a definite word («البرلمان العربي الأزمة»);
/// * a listed name of several words is whole where the scorer saw only a place at its end («منتخب المغرب») or a shorter
///   place at its start («ميناء جدة الإسلامي»), and a listed place of several words is one where it saw nothing;
/// * a court or school takes the place behind it: «محكمة استئناف طرابلس»;
/// * a plural opens no name of a body: «منظمات حقوق الإنسان»;
/// * a listed name of a person goes on to its end («عادل إمام»), and so does a given name before a listed family name;
/// * what is left out of shape is [repaired](repair).
#[inline(never)]
pub(crate) fn believe(document: &Document<'_>, scratch: &mut EntityScratch) {
    let EntityScratch {
        cells,
        hits,
        infos,
        starts,
        labels,
        runs,
        hoped,
        picked,
        chains,
        ..
    } = scratch;
    if labels.is_empty() {
        return;
    }
    for (i, &start) in chains.iter().enumerate() {
        let end = chains.get(i + 1).map_or(cells.len(), |&e| e as usize);
        let other = |i: usize| cells.get(i).is_none_or(|c| c.part < 2);
        // Of the other sorts there is nothing to say.
        if !other(start as usize) || !other(end.saturating_sub(1)) {
            line(document, start as usize..end, labels);
        }
    }
    let mut free = 0;
    for (i, hit) in hits.iter().enumerate() {
        // Hits come by first unit; of those at one place the longest counts.
        let longest = hits
            .get(i + 1..)
            .unwrap_or(&[])
            .iter()
            .take_while(|h| h.first == hit.first)
            .all(|h| h.end <= hit.end);
        let (first, end) = (hit.first as usize, hit.end as usize);
        if !longest || hit.first < free {
            continue;
        }
        let body = hit.mask & gazetteer::BODY != 0;
        if body && hit.end - hit.first >= own::LONG {
            free = hit.end;
            own::set(labels, hit.first, hit.end, 5);
        }
        if body
            && end - first >= 2
            && matches!(labels.get(first), Some(5 | 6))
            && labels.get(end) == Some(&6)
            && cells
                .get(end)
                .is_some_and(|c| begins_with_in(document, c, infos))
        {
            own::set(labels, hit.end, hit.end + 1, 3);
        }
        if body && end - first >= 2 && labels.get(first) == Some(&5) && labels.get(end) == Some(&6)
        {
            cut_body(document, cells, infos, labels, end);
        }
        let named = first
            .checked_sub(1)
            .and_then(|before| cells.get(before))
            .is_some_and(|c| {
                use feature::class;
                matches!(
                    c.class,
                    class::BODY_HEAD | class::BODY_HEAD_OF | class::BODY_FIRST
                )
            });
        // Behind «جمعية» even a place is a name of the body.
        if !named
            && hit.end - hit.first >= 2
            && hit.mask & (gazetteer::COMMON | gazetteer::STOP) == 0
        {
            whole(hit, cells, infos, labels);
        } else if named && end - first >= 2 && !body && hit.mask & gazetteer::PLACE != 0 {
            named_after(hit, cells, infos, labels);
        }
    }
    let hoped = hoped.words();
    let label = |labels: &[u8], word: &HopedWord| labels.get(word.cell as usize).map_or(0, |l| *l);
    // Places, bodies, and what may become the first unit of a body.
    let asked = |label: u8| (1u32 << 3 | 1 << 5 | 1 << 6) >> label & 1 != 0;
    let words = hoped.iter().map(|w| (*w, asked(label(labels, w))));
    for word in pick(words, picked) {
        let at = word.cell as usize;
        match label(labels, word) {
            5 => bodies(cells, infos, starts, hits, labels, at),
            3 => seat(document, cells, infos, labels, at),
            _ => {}
        }
    }
    persons(runs, hoped, picked, cells, infos, labels);
    repair::repair(document, hoped, picked, cells, infos, labels);
}

/// «جمعية الأطلس الكبير»: a society behind whose head stands a place of several words that is nothing by itself.
fn named_after(hit: &NameHit, cells: &[Cell], infos: &[WordInfo], labels: &mut [u8]) {
    let (first, end) = (hit.first as usize, hit.end as usize);
    let Some(head) = first.checked_sub(1) else {
        return;
    };
    let free = labels
        .get(head..end)
        .is_some_and(|l| l.iter().all(|l| *l == 0));
    let runs_on = labels.get(end).is_some_and(|l| *l != 0 && l % 2 == 0);
    let joined = cells
        .get(first)
        .is_some_and(|c| c.gap == gap::SPACE && c.clitic == 0);
    let marks = cells
        .get(head)
        .and_then(|c| infos.get(c.word as usize))
        .map_or(0, |i| i.key_marks);
    if free && joined && !runs_on && marks & mark::SEATED != 0 {
        own::set(labels, head as u32, hit.end, 5);
    }
}

/// Keywords and sources.
fn line(document: &Document<'_>, units: Range<usize>, labels: &mut [u8]) {
    let part = |i: usize| document.positions.get(i).map(|p| p.part);
    let mut source = 0;
    for i in units {
        if part(i) == Some(PartKind::Keywords) {
            if let Some(label) = labels.get_mut(i) {
                *label = 0;
            }
        } else if part(i) == Some(PartKind::Source) {
            source += 1;
            if part(i + 1) != Some(PartKind::Source) {
                let first = i + 1 - source;
                let named = labels
                    .get(first..=i)
                    .is_some_and(|l| l.iter().any(|&l| l != 0));
                if !named && source <= 4 {
                    own::set(labels, first as u32, i as u32 + 1, 5);
                }
                source = 0;
            }
        }
    }
}

/// Gives the place at unit `at` to the court or school in front of it.
fn seat(document: &Document<'_>, cells: &[Cell], infos: &[WordInfo], labels: &mut [u8], at: usize) {
    let mut first = at;
    for seated in [mark::SEATED, mark::SEATED | mark::SEATED_OF] {
        let joined = cells
            .get(first)
            .is_some_and(|c| c.gap == gap::SPACE && c.clitic == 0);
        let Some(before) = first
            .checked_sub(1)
            .filter(|b| joined && labels.get(*b) == Some(&0))
        else {
            return;
        };
        let Some(cell) = cells.get(before) else {
            return;
        };
        let Some(info) = infos.get(cell.word as usize) else {
            return;
        };
        first = before;
        if info.key_marks & seated != 0 {
            let place = labels.iter().skip(at + 1).take_while(|l| **l == 4).count();
            let mut end = at + 1 + place;
            // «للأبحاث السياسية».
            let goes_on = |end: usize| {
                let cell = cells.get(end).filter(|c| c.gap == gap::SPACE)?;
                let article = infos.get(cell.word as usize)?.article;
                (labels.get(end) == Some(&0) && article).then_some(cell)
            };
            if goes_on(end)
                .is_some_and(|c| c.clitic == 2 && document.words.norm(c.word).starts_with("لل"))
            {
                end += 1;
                let adjective = |c: &Cell| {
                    use feature::class;
                    c.clitic == 0
                        && (matches!(c.class, class::ADJECTIVE_THE | class::NISBA_THE)
                            || document.words.norm(c.word).ends_with("ية"))
                };
                end += usize::from(goes_on(end).is_some_and(adjective));
            }
            own::set(labels, first as u32, end as u32, 5);
            return;
        }
        if info.whole_marks & mark::OF_COURT == 0 {
            return;
        }
    }
}

/// Takes a plural from the front of the body that begins at unit `at`, and with it what is no name by itself.
fn bodies(
    cells: &[Cell],
    infos: &[WordInfo],
    starts: &[Starts],
    hits: &[NameHit],
    labels: &mut [u8],
    at: usize,
) {
    let marks = cells
        .get(at)
        .and_then(|c| infos.get(c.word as usize))
        .map_or(0, |i| i.key_marks);
    if marks & mark::PLURAL == 0 {
        return;
    }
    let end = at + 1 + labels.iter().skip(at + 1).take_while(|l| **l == 6).count();
    let from = hits.partition_point(|h| (h.first as usize) < at);
    let near = hits.get(from..).unwrap_or(&[]).iter();
    let mut near = near.take_while(|h| h.first as usize <= at + 1);
    let body = |mask: u32| {
        mask & (gazetteer::BODY | gazetteer::SHORT) != 0 && mask & gazetteer::COMMON == 0
    };
    // «جماعات الهيكل»: a listed name keeps what the scorer gave it.
    let mut behind = end == at + 2
        && cells
            .get(at + 1)
            .and_then(|c| infos.get(c.word as usize))
            .is_some_and(|i| listed::names(i, starts).any(|node| body(node.mask)));
    for hit in near.by_ref().filter(|h| body(h.mask)) {
        if hit.first as usize == at {
            return;
        }
        behind |= hit.first as usize == at + 1 && hit.end as usize == end;
    }
    labels
        .iter_mut()
        .take(end)
        .skip(at)
        .for_each(|label| *label = 0);
    if behind {
        own::set(labels, at as u32 + 1, end as u32, 5);
    }
}

/// Ends the name of a body before the unit `end`, if the word there cannot belong to it.
fn cut_body(
    document: &Document<'_>,
    cells: &[Cell],
    infos: &[WordInfo],
    labels: &mut [u8],
    end: usize,
) {
    use feature::class;
    let info = |i: usize| {
        let cell = cells.get(i).filter(|c| c.gap == gap::SPACE)?;
        Some((cell, infos.get(cell.word as usize)?))
    };
    let Some((cell, known)) = info(end).filter(|(c, _)| c.clitic == 0) else {
        return;
    };
    let definite = end
        .checked_sub(1)
        .and_then(|last| cells.get(last))
        .and_then(|last| infos.get(last.word as usize))
        .is_some_and(|last| last.article);
    let head = known.mask & gazetteer::PLACE_HEAD != 0;
    // «الإسرائيلية العامة», «القوات الشرعية»: adjectives that are nouns as well.
    let norm = document.words.norm(cell.word);
    let adjective = cell.class == class::NOUN_THE
        && (norm.ends_with("ية") || known.whole_marks & mark::ADJECTIVE != 0);
    let noun = matches!(cell.class, class::NOUN_THE | class::NOUN | class::NOUN_OF);
    let stranger = definite && noun && !adjective;
    if !head && !stranger {
        return;
    }
    let rest = labels.iter_mut().skip(end);
    rest.take_while(|l| **l == 6).for_each(|l| *l = 0);
    if head && info(end + 1).is_some_and(|(_, i)| i.mask & gazetteer::PLACE != 0) {
        own::set(labels, end as u32 + 1, end as u32 + 2, 3);
    }
}

/// Makes a listed name of several words whole, where nothing the scorer found contradicts it.
fn whole(hit: &NameHit, cells: &[Cell], infos: &[WordInfo], labels: &mut [u8]) {
    let (first, end) = (hit.first as usize, hit.end as usize);
    let Some(inside) = labels.get(first..end) else {
        return;
    };
    let runs_on = labels.get(end).is_some_and(|l| *l != 0 && l % 2 == 0);
    let place = hit.mask & gazetteer::PLACE != 0;
    let body = hit.mask & gazetteer::BODY != 0;
    let nothing = inside.iter().all(|l| *l == 0);
    let places = inside.iter().all(|l| matches!(l, 0 | 3 | 4));
    if runs_on || place == body || !places || inside.first() == Some(&4) {
        return;
    }
    // «ميناء جدة الإسلامي», «البوسنة والهرسك»; but «فلسطين المحتلة» and «تونس العاصمة» are a place and what is said of it.
    let cell = |i: usize| cells.get(i);
    let site = cell(first)
        .and_then(|c| infos.get(c.word as usize))
        .is_some_and(|i| i.mask & gazetteer::SITE_HEAD != 0);
    let and = inside
        .iter()
        .position(|l| *l == 0)
        .and_then(|rest| cell(first + rest))
        .is_some_and(|c| c.clitic & 1 == 1);
    if body && !nothing && inside.last() != Some(&0) && inside.first() == Some(&0) {
        own::set(labels, hit.first, hit.end, 5);
    } else if place
        && hit.mask & gazetteer::PLACE != gazetteer::MINOR
        && (nothing || (site || and) && inside.first() == Some(&3) && inside.last() == Some(&0))
    {
        own::set(labels, hit.first, hit.end, 3);
    }
}

/// Carries names of persons on to the end that the lists know.
fn persons(
    runs: &[Run],
    hoped: &[HopedWord],
    picked: &mut Vec<HopedWord>,
    cells: &[Cell],
    infos: &[WordInfo],
    labels: &mut [u8],
) {
    use feature::class;
    // What goes on stands behind a title or a person, outside of names.
    let mut opened = u32::MAX;
    let words = hoped.iter().map(|word| {
        let at = word.cell as usize;
        let (cell, label) = (cells.get(at).unwrap_or(&Cell::NONE), labels.get(at));
        let label = label.copied().unwrap_or(0);
        let goes_on = (opened == word.run) & (label == 0) & (cell.gap == gap::SPACE);
        let title = (cell.class == class::TITLE) & (label == 0);
        let person = label.wrapping_sub(1) < 2;
        opened = if title | person { word.run } else { u32::MAX };
        (*word, goes_on)
    });
    let mut done = 0;
    for word in pick(words, picked) {
        let end = runs.get(word.run as usize).map_or(0, |r| r.end as usize);
        let mut at = word.cell as usize;
        while at < end && at > done {
            done = at;
            if !goes_on(at, cells, infos, labels) {
                break;
            }
            at += 1;
        }
    }
}

/// Whether the word of unit `at` goes on the name in front of it or is one behind a title; then it is labelled so.
fn goes_on(at: usize, cells: &[Cell], infos: &[WordInfo], labels: &mut [u8]) -> bool {
    use feature::{class, group};
    let several = |c: &Cell| c.names >> (4 * group::PERSON) & 15;
    let before = at.checked_sub(1).and_then(|b| cells.get(b));
    let (Some(before), Some(cell)) = (before, cells.get(at)) else {
        return false;
    };
    // «زار الملك سلمان»: the title is whose the name is, unless both are of a bridge or a college.
    if labels.get(at - 1) == Some(&0)
        && labels.get(at) == Some(&0)
        && before.class == class::TITLE
        && cell.gap == gap::SPACE
        && cell.clitic == 0
        && matches!(cell.class, class::GIVEN | class::GIVEN_FAMILY)
        && infos.get(before.word as usize).is_some_and(|i| i.article)
        && at
            .checked_sub(2)
            .and_then(|b| cells.get(b))
            .is_some_and(|c| {
                before.gap != gap::SPACE
                    || matches!(
                        c.class,
                        class::PERFECT
                            | class::VERB
                            | class::SAYING
                            | class::NISBA_THE
                            | class::PARTICLE
                    )
            })
        && labels.get(at + 1).is_none_or(|l| *l == 0 || l % 2 == 1)
    {
        own::set(labels, at as u32, at as u32 + 1, 1);
        return true;
    }
    if !matches!(labels.get(at - 1), Some(1 | 2))
        || labels.get(at) != Some(&0)
        || cell.gap != gap::SPACE
        || labels.get(at + 1).is_some_and(|l| *l != 0 && l % 2 == 0)
    {
        return false;
    }
    let mask = |c: &Cell| infos.get(c.word as usize).map_or(0, |i| i.mask);
    // Within a listed name of several words.
    let inside = several(cell) & 10 == 10 && several(before) & 4 == 0;
    let family = cell.clitic == 0
        && mask(cell) & gazetteer::FAMILY != 0
        && mask(cell) & (gazetteer::COMMON | gazetteer::STOP | gazetteer::NISBA) == 0
        && labels.get(at - 1) == Some(&1)
        && mask(before) & gazetteer::GIVEN != 0
        && mask(before) & gazetteer::COMMON == 0;
    if (inside || family)
        && let Some(label) = labels.get_mut(at)
    {
        *label = 2;
    }
    inside || family
}
