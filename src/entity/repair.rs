//! Spans that the letters around them show to be out of shape.

use super::cell::{Cell, gap};
use super::feature::{WordInfo, class, group};
use super::gazetteer::{self, mark};
use super::model::HopedWord;
use super::own;
use super::votes::{AS_OTHER, AS_PERSON};
use crate::document::Document;
use crate::sieve::{pick, sift};

/// A person is label 1 and on, a place 3, a body 5.
const PERSON: u8 = 1;
const PLACE: u8 = 3;
const BODY: u8 = 5;

/// The bits of [`Cell::names`] of bodies and of short names of bodies.
const BODIES: u32 = 15 << (4 * group::BODY) | 15 << (4 * group::BODY + 4);

/// What the rules look at.
struct View<'a> {
    document: &'a Document<'a>,
    cells: &'a [Cell],
    infos: &'a [WordInfo],
}

/// Goes over the labels once more:
///
/// * no name goes on behind « - », a place or body not into a parenthesis, and none ends with a lone و or ال;
/// * words in Latin letters are a body where they are listed, stand beside one, or are capitals in a text that has few of
///   them: elsewhere they gloss a term or name a product;
/// * «دي», «فان» join what stands on both sides of them;
/// * «الشاعر السوري ...»: the adjective is the title's, not the person's;
/// * a stranger with «in» before a region with «in» is a place («بتمصلوحت، بإقليم الحوز»);
/// * «حي», «مدينة» are no part of a name unless a list says so;
/// * who is blessed is a person («قبر الحسين عليه السلام»), and so is a known name behind «الخليفة», «الإمام».
#[inline(never)]
pub(super) fn repair(
    document: &Document<'_>,
    hoped: &[HopedWord],
    picked: &mut Vec<HopedWord>,
    cells: &[Cell],
    infos: &[WordInfo],
    labels: &mut [u8],
) {
    let view = View {
        document,
        cells,
        infos,
    };
    let cell = |w: &HopedWord| cells.get(w.cell as usize).unwrap_or(&Cell::NONE);
    let label = |labels: &[u8], w: &HopedWord| labels.get(w.cell as usize).map_or(0, |l| *l);
    // Words within a name may become the first of another. Words outside of names stay there until their turn.
    let words = hoped.iter().map(|w| {
        let asked = (label(labels, w) != 0) | may_be_name(cell(w));
        (*w, asked)
    });
    let words = sift(pick(words, picked), |w| {
        let next = cells.get(w.cell as usize + 1).unwrap_or(&Cell::NONE);
        (label(labels, &w) != 0) | concerned(cell(&w), next)
    });
    let mut latin = None;
    for word in words {
        let at = word.cell as usize;
        match label(labels, word) {
            0 if may_be_name(cell(word)) => view.unlabelled(labels, at),
            label if label % 2 == 1 => {
                if labels.get(at + 1) == Some(&(label + 1)) {
                    view.shape(labels, at, label);
                }
                if label == PERSON {
                    view.person(labels, at);
                } else if label == PLACE && view.wish(end_of(labels, at)) {
                    view.blessed(labels, end_of(labels, at) - 1);
                }
                if cells.get(at).is_some_and(|c| c.class == class::LATIN) {
                    view.latin(labels, at, label, &mut latin);
                }
            }
            _ => {}
        }
    }
}

/// Classes of words that may be names without the scorer's knowing.
const STRANGERS_AND_NAMES: u64 = 1 << class::UNKNOWN
    | 1 << class::UNKNOWN_CLITIC
    | 1 << class::NAME_TAG
    | 1 << class::GIVEN
    | 1 << class::GIVEN_FAMILY
    | 1 << class::FAMILY
    | 1 << class::COMMON_NAME;

/// Those of words that nobody knows.
const STRANGERS: u64 = 1 << class::UNKNOWN | 1 << class::UNKNOWN_CLITIC | 1 << class::NAME_TAG;
/// Those that words may have which are a name behind a title that shows it.
const NAMES: u64 = STRANGERS_AND_NAMES & !(1 << class::UNKNOWN | 1 << class::UNKNOWN_CLITIC);

/// Whether the rules for words outside of names have to do with a cell.
#[inline]
fn may_be_name(cell: &Cell) -> bool {
    STRANGERS_AND_NAMES >> cell.class & 1 == 1
}

/// Whether some of those rules, see [`View::unlabelled`], may say something of a cell that stands before `next`.
#[inline]
fn concerned(cell: &Cell, next: &Cell) -> bool {
    let stranger = STRANGERS >> cell.class & 1 == 1;
    let name = NAMES >> cell.class & 1 == 1;
    stranger & ((next.class == class::PLACE_HEAD) | person_elsewhere(cell))
        | title_words(next)
        | name & (cell.gap == gap::SPACE) & (cell.clitic == 0)
}

/// Whether a word that may be a name by itself is a person wherever else the text has it.
#[inline]
fn person_elsewhere(cell: &Cell) -> bool {
    cell.hope.is_strong() & (cell.document & AS_PERSON != 0) & (cell.document & AS_OTHER == 0)
}

/// Whether a listed title, office or wish of several words begins at a cell.
#[inline]
fn title_words(cell: &Cell) -> bool {
    cell.names >> (4 * group::TITLE) & 9 == 9
}

/// One past the last unit of the span that begins at unit `at`.
fn end_of(labels: &[u8], at: usize) -> usize {
    let inside = labels.get(at).map_or(0, |l| l + 1);
    at + 1
        + labels
            .iter()
            .skip(at + 1)
            .take_while(|l| **l == inside)
            .count()
}

fn put(labels: &mut [u8], at: usize, label: u8) {
    if let Some(slot) = labels.get_mut(at) {
        *slot = label;
    }
}

impl View<'_> {
    fn cell(&self, at: usize) -> Option<(&Cell, &WordInfo)> {
        let cell = self.cells.get(at)?;
        Some((cell, self.infos.get(cell.word as usize)?))
    }

    /// The marks of a unit behind a space that the lists have as part of persons.
    fn marks(&self, at: usize) -> u16 {
        match self.cells.get(at) {
            Some(cell) if cell.gap == gap::SPACE && cell.names >> (4 * group::PERSON) & 15 != 0 => {
                let info = self.infos.get(cell.word as usize);
                info.map_or(0, |i| i.whole_marks)
            }
            _ => 0,
        }
    }

    /// Ends and parts a span where it cannot go on.
    fn shape(&self, labels: &mut [u8], at: usize, label: u8) {
        let mut end = end_of(labels, at);
        // «حي الزيتون»: the head is no part of the name, unless a list has it.
        let listed = |c: &Cell| c.names >> (4 * group::PLACE) & 9 == 9;
        if label == PLACE
            && self
                .cell(at)
                .is_some_and(|(c, i)| c.class == class::PLACE_HEAD && !i.article && !listed(c))
            && self.cells.get(at + 1).is_some_and(|c| c.gap == gap::SPACE)
        {
            put(labels, at, 0);
            put(labels, at + 1, PLACE);
            return;
        }
        for i in at + 1..end {
            let gap = self.cells.get(i).map_or(gap::SPACE, |c| c.gap);
            if gap == gap::DASH || gap == gap::OPEN && label != PERSON {
                self.part(labels, i, end, label, gap);
                end = i;
                break;
            }
        }
        // «أرامكو و», «ستيفانو ال».
        while end > at + 1
            && let Some((cell, info)) = self.cell(end - 1)
            && (cell.clitic == 6 || info.article && self.norm(end - 1) == "ال")
        {
            end -= 1;
            put(labels, end, 0);
        }
        // What the name is called in other letters is not part of it.
        let of = |i: usize| self.cells.get(i).map_or(0, |c| c.class);
        while label != BODY && end > at + 1 && of(end - 1) == class::LATIN && of(at) != class::LATIN
        {
            end -= 1;
            put(labels, end, 0);
        }
    }

    /// Makes what stands behind a dash or in a parenthesis, the units `from..end` of a span with `label`, what it is by
    /// itself.
    fn part(&self, labels: &mut [u8], from: usize, end: usize, label: u8, behind: u8) {
        let Some((cell, info)) = self.cell(from) else {
            return;
        };
        let own = if behind == gap::DASH {
            let word = self.norm(from);
            let wish = info.whole_marks & mark::BLESSING != 0;
            // «ص 12».
            if wish || word.chars().nth(1).is_none() {
                0
            } else {
                label
            }
        } else if matches!(
            cell.class,
            class::COUNTRY | class::PLACE | class::PLACE_NAME | class::MINOR
        ) {
            PLACE
        } else if label == PLACE || cell.class == class::LATIN || cell.names & BODIES != 0 {
            label
        } else {
            0
        };
        let close =
            (from + 1..end).find(|i| self.cells.get(*i).is_some_and(|c| c.gap == gap::CLOSE));
        let inside = close.filter(|_| behind == gap::OPEN).unwrap_or(end);
        for i in from..inside {
            let next = if i == from || own == 0 { own } else { own + 1 };
            put(labels, i, next);
        }
        if inside < end {
            put(labels, inside, label);
        }
    }

    /// Joins the parts of a foreign name, and takes the title's adjective from a person.
    fn person(&self, labels: &mut [u8], at: usize) {
        let mut end = end_of(labels, at);
        let joined = |i: usize| {
            self.cell(i)
                .is_some_and(|(c, _)| c.gap == gap::SPACE && c.clitic == 0)
        };
        let stranger = |i: usize| {
            self.cell(i).is_some_and(|(c, _)| {
                matches!(
                    c.class,
                    class::UNKNOWN | class::UNKNOWN_CLITIC | class::FAMILY | class::NAME_TAG
                )
            })
        };
        loop {
            let first = labels.get(end).copied();
            let last = end > at + 1 && self.marks(end - 1) & mark::PARTICLE != 0;
            if last && joined(end) && (first == Some(PERSON) || first == Some(0) && stranger(end)) {
                put(labels, end, PERSON + 1);
            } else if first == Some(0)
                && labels.get(end + 1) == Some(&PERSON)
                && joined(end + 1)
                && self.marks(end) & mark::PARTICLE != 0
            {
                put(labels, end, PERSON + 1);
                put(labels, end + 1, PERSON + 1);
            } else {
                break;
            }
            end = end_of(labels, at);
        }
        let before = at.checked_sub(1);
        // «فان نيستلروي», a family name by itself.
        if let Some(before) = before
            && labels.get(before) == Some(&0)
            && joined(at)
            && match self.marks(before) {
                m if m & mark::PARTICLE == 0 => false,
                m => m & mark::WEAK == 0 || stranger(at),
            }
        {
            put(labels, before, PERSON);
            put(labels, at, PERSON + 1);
            return;
        }
        let title = before.is_some_and(|b| {
            labels.get(b) == Some(&0)
                && self
                    .cells
                    .get(b)
                    .is_some_and(|c| matches!(c.class, class::TITLE | class::ROLE))
        });
        if title
            && end > at + 1
            && joined(at)
            && self.cell(at).is_some_and(|(c, i)| {
                c.class == class::NISBA_THE && i.mask & (gazetteer::GIVEN | gazetteer::FAMILY) == 0
            })
        {
            put(labels, at, 0);
            put(labels, at + 1, PERSON);
        }
    }

    /// Words in Latin letters.
    fn latin(&self, labels: &mut [u8], at: usize, label: u8, share: &mut Option<bool>) {
        let end = end_of(labels, at);
        let Some(span) = self.cells.get(at..end) else {
            return;
        };
        if label == PLACE || !span.iter().all(|c| c.class == class::LATIN) {
            return;
        }
        let before = at.checked_sub(1).and_then(|b| self.cells.get(b));
        let opened = before.is_some_and(|c| {
            matches!(
                c.class,
                class::BODY_HEAD
                    | class::BODY_HEAD_THE
                    | class::BODY_HEAD_OF
                    | class::TITLE
                    | class::ROLE
            )
        });
        let beside = at
            .checked_sub(1)
            .is_some_and(|b| labels.get(b).is_some_and(|l| *l != 0));
        let listed = span.iter().any(|c| c.names & BODIES != 0);
        if opened || beside || listed {
            return;
        }
        let many = *share.get_or_insert_with(|| {
            let latin = self.cells.iter().filter(|c| c.class == class::LATIN);
            latin.count() * LATIN_SHARE > self.cells.len()
        });
        let capitals = |i: usize| {
            self.document.units.get(i).is_some_and(|u| {
                let word = u.span.of(self.document.text);
                word.len() > 2 && word.bytes().all(|b| b.is_ascii_uppercase())
            })
        };
        let name = match label {
            BODY => !many && end == at + 1 && capitals(at),
            _ => !many && end > at + 1,
        };
        if !name {
            labels
                .iter_mut()
                .take(end)
                .skip(at)
                .for_each(|label| *label = 0);
        }
    }

    /// Persons that their titles and blessings show, places that their region does.
    fn unlabelled(&self, labels: &mut [u8], at: usize) {
        let Some(cell) = self.cells.get(at) else {
            return;
        };
        let stranger = matches!(
            cell.class,
            class::UNKNOWN | class::UNKNOWN_CLITIC | class::NAME_TAG
        );
        if stranger && self.in_region(labels, at) {
            put(labels, at, PLACE);
            return;
        }
        let stranger = stranger && cell.class != class::UNKNOWN_CLITIC;
        if stranger && self.elsewhere(labels, at, cell) {
            put(labels, at, PERSON);
            return;
        }
        let Some(info) = self.infos.get(cell.word as usize) else {
            return;
        };
        if self.wish(at + 1) {
            self.blessed(labels, at);
            return;
        }
        if matches!(cell.class, class::UNKNOWN | class::UNKNOWN_CLITIC)
            || cell.gap != gap::SPACE
            || cell.clitic != 0
            || labels
                .get(at + 1)
                .is_some_and(|l| *l == PERSON || *l != 0 && l % 2 == 0)
        {
            return;
        }
        let Some(mut title) = at.checked_sub(1) else {
            return;
        };
        if self
            .cells
            .get(title)
            .is_some_and(|c| c.class == class::NISBA_THE)
        {
            title = title.saturating_sub(1);
        }
        let Some((head, known)) = self.cell(title) else {
            return;
        };
        let named = title
            .checked_sub(1)
            .and_then(|b| self.cells.get(b))
            .is_some_and(|c| {
                head.gap == gap::SPACE
                    && matches!(
                        c.class,
                        class::BODY_HEAD | class::SITE_HEAD | class::PLACE_HEAD
                    )
            });
        if labels.get(title) == Some(&0)
            && !named
            && known.key_marks & mark::REIGNING != 0
            && info.whole_marks & (mark::REIGNING | mark::ADJECTIVE) == 0
        {
            put(labels, at, PERSON);
            // «سليم الأول».
            let number = self.cell(at + 1).is_some_and(|(c, i)| {
                i.mask & gazetteer::AFTER != 0 && i.article && c.gap == gap::SPACE && c.clitic == 0
            });
            if number && labels.get(at + 1) == Some(&0) {
                put(labels, at + 1, PERSON + 1);
            }
        }
    }

    /// «بتمصلوحت، بإقليم الحوز»: a stranger with «in» before a region with «in».
    fn in_region(&self, labels: &[u8], at: usize) -> bool {
        let with_in = |at: usize| self.norm(at).starts_with('ب');
        self.cells.get(at + 1).is_some_and(|next| {
            next.class == class::PLACE_HEAD
                && matches!(next.gap, gap::SPACE | gap::COMMA)
                && with_in(at + 1)
        }) && labels.get(at + 1) == Some(&0)
            && with_in(at)
    }

    /// The normal form of a unit.
    fn norm(&self, at: usize) -> &str {
        let unit = self.document.units.get(at);
        unit.map_or("", |unit| self.document.norm(unit))
    }

    /// Whether a word nobody knows is a person wherever else the text has it.
    fn elsewhere(&self, labels: &[u8], at: usize, cell: &Cell) -> bool {
        let beside = |i: Option<usize>| i.and_then(|i| labels.get(i)).is_some_and(|l| *l != 0);
        person_elsewhere(cell) && !beside(at.checked_sub(1)) && !beside(Some(at + 1))
    }

    /// Whether a known wish of several words begins at unit `at`.
    fn wish(&self, at: usize) -> bool {
        self.cells.get(at).is_some_and(|cell| {
            title_words(cell)
                && matches!(cell.gap, gap::SPACE | gap::OPEN)
                && self
                    .infos
                    .get(cell.word as usize)
                    .is_some_and(|i| i.whole_marks & mark::BLESSING != 0)
        })
    }

    /// The word `last`, behind which stands a wish, is of a person.
    fn blessed(&self, labels: &mut [u8], last: usize) {
        match labels.get(last) {
            Some(0) => {
                let name = self.cell(last).is_some_and(|(c, i)| {
                    let given = i.mask & gazetteer::GIVEN != 0;
                    let family =
                        i.mask & (gazetteer::FAMILY | gazetteer::COMMON) == gazetteer::FAMILY;
                    let stranger = matches!(
                        c.class,
                        class::UNKNOWN | class::UNKNOWN_THE | class::NAME_TAG
                    );
                    (given || family || stranger) && i.key_marks & mark::REIGNING == 0
                });
                if name {
                    put(labels, last, PERSON);
                }
            }
            Some(3 | 4) => {
                // «مرقد الإمام الحسين عليه السلام»: the head and the title are where, the rest is who.
                let mut start = last;
                while labels.get(start) == Some(&(PLACE + 1)) && start > 0 {
                    start -= 1;
                }
                let head = |i: &usize| {
                    self.cell(*i).is_some_and(|(c, known)| {
                        matches!(c.class, class::SITE_HEAD | class::PLACE_HEAD | class::TITLE)
                            || known.key_marks & mark::REIGNING != 0
                    })
                };
                let first = match (start..last).rev().find(head) {
                    Some(head) => head + 1,
                    None if start == last => start,
                    None => return,
                };
                for i in start..first {
                    put(labels, i, 0);
                }
                own::set(labels, first as u32, last as u32 + 1, PERSON);
            }
            _ => {}
        }
    }
}

/// A text with more than one word in so many in Latin letters is about things with Latin names.
const LATIN_SHARE: usize = 25;
