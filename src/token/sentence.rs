//! Sentence ends: `.` `!` `?` `؟` `…` and line breaks, with the exceptions of the Arab press.

use std::sync::OnceLock;

use super::{RawToken, TokenKind};

/// Consecutive tokens `first..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenRange {
    pub first: u32,
    pub end: u32,
}

impl TokenRange {
    pub const fn range(self) -> std::ops::Range<usize> {
        self.first as usize..self.end as usize
    }
}

/// An opening bracket whose partner does not come within so many tokens is a slip of the pen, not a bracket.
const MAX_BRACKET: usize = 60;

/// Words whose number is no sentence end: «المادة 5. تنص».
const NUMBERED: [&str; 12] = [
    "المادة",
    "مادة",
    "الفقرة",
    "فقرة",
    "البند",
    "بند",
    "الفصل",
    "الباب",
    "القسم",
    "رقم",
    "ص",
    "صفحة",
];

/// What a sentence may end at, or a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A line break before a token.
    Line,
    Opens,
    Closes,
    Ends,
}

impl Sign {
    /// Of a punctuation token.
    pub(super) const fn of(token: char) -> Option<Sign> {
        match token {
            '(' | '[' => Some(Sign::Opens),
            ')' | ']' => Some(Sign::Closes),
            '.' | '!' | '?' | '؟' | '…' | '۔' => Some(Sign::Ends),
            _ => None,
        }
    }
}

/// A sign and its token; the scanner notes them, so that nobody has to look for them among all tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    token: u32,
    sign: Sign,
}

impl Stop {
    pub(super) const fn new(token: usize, sign: Sign) -> Stop {
        Stop {
            token: token as u32,
            sign,
        }
    }
}

/// Appends the sentences of `text` to `out`; together they hold every token.
pub(crate) fn split(text: &str, tokens: &[RawToken], stops: &[Stop], out: &mut Vec<TokenRange>) {
    let mut first = 0;
    let mut bracket: Option<usize> = None;
    // Where the last run of closing marks ended.
    let mut past = 0;
    let mut close = |first: &mut usize, end: usize| {
        if end > *first {
            out.push(TokenRange {
                first: *first as u32,
                end: end as u32,
            });
            *first = end;
        }
    };
    for &Stop { token, sign } in stops {
        let t = token as usize;
        if t < past {
            continue;
        }
        match sign {
            Sign::Line => {
                close(&mut first, t);
                bracket = None;
            }
            Sign::Opens => bracket = Some(t),
            Sign::Closes => bracket = None,
            Sign::Ends => {
                let end = mark_end(text, tokens, t);
                let open = bracket.is_some_and(|b| t - b < MAX_BRACKET);
                if !open && ends(text, tokens, first, t, end) {
                    close(&mut first, end);
                    bracket = None;
                }
                past = end;
            }
        }
    }
    close(&mut first, tokens.len());
}

/// The end of a run of closing marks and the quotes behind it.
fn mark_end(text: &str, tokens: &[RawToken], t: usize) -> usize {
    let mut end = t + 1;
    // Nearly always it is followed by a space, a word or a number.
    let over = |token: &RawToken| {
        token.is(RawToken::SPACE_BEFORE)
            || matches!(token.kind, TokenKind::Word | TokenKind::Number)
    };
    while let Some(token) = tokens.get(end) {
        if over(token) || !matches!(token.span.of(text), "." | "!" | "?" | "؟" | "…" | "۔") {
            break;
        }
        end += 1;
    }
    while let Some(token) = tokens.get(end) {
        if over(token)
            || !matches!(
                token.span.of(text),
                "\"" | "»" | "”" | "'" | "’" | ")" | "]"
            )
        {
            break;
        }
        // A straight quote that touches the next word opens a quotation.
        let opens = tokens
            .get(end + 1)
            .is_some_and(|n| !n.is(RawToken::SPACE_BEFORE) && n.kind == TokenKind::Word);
        if opens {
            break;
        }
        end += 1;
    }
    end
}

/// Whether the marks `t..end` close the sentence that began at `first`.
fn ends(text: &str, tokens: &[RawToken], first: usize, t: usize, end: usize) -> bool {
    let (Some(mark), Some(next)) = (tokens.get(t), tokens.get(end)) else {
        return true;
    };
    if next.is(RawToken::LINE_BEFORE) {
        return true;
    }
    let at = |i: usize| tokens.get(i).map_or("", |x| x.span.of(text));
    let spaced = next.is(RawToken::SPACE_BEFORE);
    // «لن تتوقف.» وغادر: the quotation ends, its sentence goes on.
    let said = at(t);
    let marks = (t..end)
        .take_while(|&i| matches!(at(i), "." | "!" | "?" | "؟" | "…" | "۔"))
        .count();
    if marks < end - t {
        return false;
    }
    if said == "…" || said == "." && marks > 1 {
        // «انتظر البحر... ثم عاد» ends, «كانت ... طويلة» does not.
        return spaced && !mark.is(RawToken::SPACE_BEFORE);
    }
    if said != "." {
        return true;
    }
    let Some(before) = t
        .checked_sub(1)
        .filter(|&i| i >= first)
        .and_then(|i| tokens.get(i))
    else {
        return false;
    };
    match before.kind {
        TokenKind::Number => {
            if !spaced {
                // «2024.وقال» ends, 20.10.2024 does not.
                return next.kind == TokenKind::Word && next.is_arabic() && t - 1 > first;
            }
            // «1. أولا» at the head of a line, «المادة 5. تنص».
            t - 1 > first && !NUMBERED.contains(&at(t - 2))
        }
        TokenKind::Word if mark.is(RawToken::SPACE_BEFORE) => spaced,
        TokenKind::Word => {
            let word = before.span.of(text);
            if is_abbreviation(word) {
                return false;
            }
            spaced || before.is_arabic() && next.is_arabic() && !is_abbreviation(next.span.of(text))
        }
        _ => spaced,
    }
}

/// One letter, alone or behind و ف ب ل ك, or a listed abbreviation.
fn is_abbreviation(word: &str) -> bool {
    // Anything longer is a word; the cut keeps a token of a megabyte from being walked.
    if word.len() > 16 {
        return false;
    }
    let bare = |w: &str| {
        let letters = w
            .chars()
            .filter(|&c| crate::normalize::table::class(c) & crate::normalize::table::MARK == 0);
        letters.count() == 1 || abbreviations().binary_search(&w).is_ok()
    };
    bare(word)
        || word
            .strip_prefix(['و', 'ف', 'ب', 'ل', 'ك'])
            .is_some_and(|w| !w.is_empty() && bare(w))
}

fn abbreviations() -> &'static [&'static str] {
    static LIST: OnceLock<Vec<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| {
        let mut list: Vec<_> = include_str!("../../lexicons/language/abbreviations.txt")
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty() && !l.starts_with('#'))
            .collect();
        list.sort_unstable();
        list
    })
}
