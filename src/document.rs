//! A text after tokens, parts, sentences and words are known: what topics, entities and keywords read.

use crate::matcher::Unit;
use crate::page::{Page, PartKind};
use crate::span::Span;
use crate::token::sentence::TokenRange;
use crate::token::{RawToken, TokenKind};
use crate::words::Words;

/// Where a unit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Story of the page, 0 for the main one.
    pub story: u32,
    pub part: PartKind,
    /// Sentence within the story, over title, lead and body.
    pub sentence: u32,
}

impl Position {
    /// Of a unit that was not placed yet.
    const UNKNOWN: Position = Position {
        story: 0,
        part: PartKind::Boilerplate,
        sentence: 0,
    };
}

/// Units in a row that stand in one sentence of one part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub position: Position,
    /// One past its last unit; it begins where the one before ends.
    pub end: u32,
}

/// Borrowed view of everything upstream of topics, entities and keywords.
#[derive(Clone, Copy)]
pub(crate) struct Document<'a> {
    pub text: &'a str,
    pub tokens: &'a [RawToken],
    pub sentences: &'a [TokenRange],
    pub words: &'a Words,
    pub units: &'a [Unit],
    /// One for each unit.
    pub positions: &'a [Position],
    pub runs: &'a [Run],
    /// By story: words of its title, lead and body.
    pub story_words: &'a [u32],
}

impl<'a> Document<'a> {
    /// The normal form of a unit, from the text where that is normal: it is nearer than the words.
    #[inline]
    pub fn norm(&self, unit: &Unit) -> &'a str {
        match self.tokens.get(unit.token as usize) {
            Some(t) if t.kind == TokenKind::Word && !t.is(RawToken::FOLDED) => {
                unit.span.of(self.text)
            }
            _ => self.words.norm(unit.word),
        }
    }
}

/// Fills `positions` (one a unit), `runs` and `story_words` (one a story).
#[inline(never)]
pub(crate) fn place(
    page: &Page,
    tokens: &[RawToken],
    sentences: &[TokenRange],
    units: &[Unit],
    positions: &mut Vec<Position>,
    runs: &mut Vec<Run>,
    story_words: &mut Vec<u32>,
) {
    runs.clear();
    story_words.clear();
    story_words.resize(page.stories().len().max(1), 0);
    let mut parts = page
        .stories()
        .enumerate()
        .flat_map(|(i, s)| s.parts().iter().map(move |p| (i as u32, *p)))
        .peekable();
    let mut here: Option<(u32, crate::page::Part)> = None;
    let mut sentence_at = 0usize;
    // Sentences are numbered anew in every story; a sentence that reaches over two parts counts twice.
    let mut last: Option<(u32, usize, Span)> = None;
    let mut number = 0u32;
    let mut rest = units;
    positions.resize(units.len(), Position::UNKNOWN);
    let mut places = positions.as_mut_slice();
    while let Some(unit) = rest.first() {
        while let Some(next) = parts.next_if(|(_, p)| p.span.start <= unit.span.start) {
            here = Some(next);
        }
        while sentences
            .get(sentence_at)
            .is_some_and(|s| s.end <= unit.token)
        {
            sentence_at += 1;
        }
        let inside = |part: &crate::page::Part| unit.span.start < part.span.end;
        let (story, part, span) = match here {
            Some((story, part)) if inside(&part) => (story, part.kind, part.span),
            Some((story, _)) => (story, PartKind::Boilerplate, Span::default()),
            None => (0, PartKind::Boilerplate, Span::default()),
        };
        let next_part = parts.peek().map_or(u32::MAX, |(_, p)| p.span.start);
        let same_until = match here {
            Some((_, part)) if inside(&part) => next_part.min(part.span.end),
            _ => next_part,
        };
        let sentence_end = sentences.get(sentence_at).map_or(u32::MAX, |s| s.end);
        if part.is_text() {
            match last {
                Some((s, ..)) if s != story => number = 0,
                Some((_, sentence, p)) if sentence != sentence_at || p != span => number += 1,
                _ => {}
            }
            last = Some((story, sentence_at, span));
        }
        let position = Position {
            story,
            part,
            sentence: number,
        };
        // Most units stand in the part and the sentence of the one before. They are counted and their places filled in
        // one loop: where it ends cannot be foretold.
        let mut count = 0;
        for (unit, place) in rest.iter().zip(places.iter_mut()) {
            let same = (unit.span.start < same_until) & (unit.token < sentence_end);
            if !same && count > 0 {
                break;
            }
            *place = position;
            count += 1;
        }
        rest = rest.get(count..).unwrap_or(&[]);
        places = std::mem::take(&mut places)
            .get_mut(count..)
            .unwrap_or(&mut []);
        runs.push(Run {
            position,
            end: (units.len() - rest.len()) as u32,
        });
        if part.is_text()
            && let Some(n) = story_words.get_mut(story as usize)
        {
            *n += count as u32;
        }
    }
    debug_assert!(
        tokens.len()
            >= units
                .iter()
                .map(|u| u.token as usize + 1)
                .max()
                .unwrap_or(0)
    );
}
