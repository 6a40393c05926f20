//! Lines of a page and what can be told from one line alone.

use super::marker::Mark;
use super::{fold, wide};

/// Words counted of one line at most: a line of more is a paragraph.
pub(super) const MANY_WORDS: u16 = 40;

/// No word of a page is longer in bytes.
const LONGEST_WORD: usize = 48;
/// A shorter line is counted exactly.
const FEW_BYTES: usize = 200;

/// A line without the space around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Words, counted up to [`MANY_WORDS`].
    pub(super) words: u16,
    pub(super) ending: Ending,
    /// The marker at its start, if its own conditions hold.
    pub(super) mark: Option<Mark>,
}

impl Line {
    pub(super) fn text<'a>(&self, page: &'a str) -> &'a str {
        page.get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// A full stop.
    Stop,
    /// A comma, semicolon or colon: something must follow.
    Open,
    /// Anything else.
    Other,
}

/// What stands between a marker and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Colon,
    /// A dash, bar, slash, dots ...
    Other,
}

/// The lines of a text with their byte offsets, space and invisible characters trimmed off, empty ones left out.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    // The next line feed; looked for again only where it is passed, however many other breaks come before it.
    let mut feed = None;
    // This runs over the whole text: so many bytes at a time, and once only for what few texts have.
    let rare = wide::has_rare_breaks(text.as_bytes());
    std::iter::from_fn(move || {
        while at < text.len() {
            let start = at;
            let here = match feed {
                Some(here) if here >= at => here,
                _ => {
                    let rest = text.as_bytes().get(at..).unwrap_or(&[]);
                    wide::line_feed(rest).map_or(text.len(), |feed| at + feed)
                }
            };
            feed = Some(here);
            let (end, next) = line_end(text, at, here, rare);
            at = next;
            let line = text.get(start..end).unwrap_or("");
            let mut trimmed = line;
            if !begins_seen(line.as_bytes()) {
                trimmed = line.trim_start_matches(is_blank);
            }
            let lead = line.len() - trimmed.len();
            if !ends_seen(line.as_bytes()) {
                trimmed = trimmed.trim_end_matches(is_blank);
            }
            if !trimmed.is_empty() {
                return Some((start + lead, trimmed));
            }
        }
        None
    })
}

/// Whether a line begins with a visible character of ASCII or a letter, as nearly all do: then nothing is trimmed.
fn begins_seen(line: &[u8]) -> bool {
    match line {
        [b'!'..=b'~', ..] => true,
        [first, second, ..] => is_plain_letter(*first, *second),
        _ => false,
    }
}

/// The same of its end.
fn ends_seen(line: &[u8]) -> bool {
    match line {
        [.., b'!'..=b'~'] => true,
        [.., first, second] => is_plain_letter(*first, *second),
        _ => false,
    }
}

/// U+0621..=U+063A and U+0641..=U+064A as two bytes.
fn is_plain_letter(first: u8, second: u8) -> bool {
    let hamza_to_ghain = (first == 0xD8) & (second.wrapping_sub(0xA1) < 26);
    hamza_to_ghain | (first == 0xD9) & (second.wrapping_sub(0x81) < 10)
}

/// Where the line that holds byte `from` ends and the next one begins: at the next line feed, which is at `feed`, or, where
/// the text has any (`rare`), before it at another control that breaks lines, U+0085, U+2028 or U+2029.
fn line_end(text: &str, from: usize, feed: usize, rare: bool) -> (usize, usize) {
    let line = text.as_bytes().get(from..feed).unwrap_or(&[]);
    if rare && let Some((at, width)) = rare_line_end(line) {
        return (from + at, from + at + width);
    }
    (feed, (feed + 1).min(text.len()))
}

/// The first line break other than a line feed, and its bytes.
fn rare_line_end(line: &[u8]) -> Option<(usize, usize)> {
    let rare = |b: u8| matches!(b, 0x0B..=0x0D | 0xC2 | 0xE2);
    let mut rare = line.iter().enumerate().filter(|&(_, &b)| rare(b));
    rare.find_map(|(at, _)| match line.get(at..) {
        Some([0x0B..=0x0D, ..]) => Some((at, 1)),
        Some([0xC2, 0x85, ..]) => Some((at, 2)),
        Some([0xE2, 0x80, 0xA8 | 0xA9, ..]) => Some((at, 3)),
        _ => None,
    })
}

/// Both sides of the character at `at`, without the space around them.
pub(super) fn cut(line: &str, at: usize) -> (&str, &str) {
    let left = line.get(..at).unwrap_or("").trim_end_matches(is_blank);
    let rest = line.get(at..).unwrap_or("");
    let right = rest
        .get(rest.chars().next().map_or(0, char::len_utf8)..)
        .unwrap_or("");
    (left, right.trim_start_matches(is_blank))
}

/// White space and characters that are not seen; a tatweel is seen.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\0' || (c != '\u{0640}' && fold::is_ignorable(c) && !is_haraka(c))
}

fn is_haraka(c: char) -> bool {
    matches!(c, '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}')
}

/// Words of a text: runs between spaces that hold more than ASCII punctuation; counted up to `most`.
pub(super) fn count_words(text: &str, most: u16) -> u16 {
    if text.len() > FEW_BYTES {
        // Long enough that a double space or a lone dash decides nothing: count the spaces, many bytes at a time.
        let spaces = wide::spaces(text.as_bytes());
        // Text without spaces is no short line either.
        let words = (spaces + 1).max(text.len() / LONGEST_WORD);
        return u16::try_from(words).unwrap_or(u16::MAX).min(most);
    }
    let count = count_runs(text.as_bytes());
    if count <= 2 && !text.chars().any(fold::is_letter) {
        return 0;
    }
    count.min(most)
}

/// Runs between spaces that hold more than ASCII punctuation, of at most [`FEW_BYTES`].
fn count_runs(bytes: &[u8]) -> u16 {
    // Where every run begins with a letter, as nearly always, the beginnings tell.
    let (runs, odd) = wide::runs(bytes);
    if !odd {
        return u16::from(runs);
    }
    let mut count = 0_u16;
    let mut inside = false;
    for &b in bytes {
        if b <= b' ' {
            inside = false;
        } else if !inside && (b >= 0x80 || b.is_ascii_alphanumeric()) {
            inside = true;
            count += 1;
        }
    }
    count
}

pub(super) fn ending(text: &str) -> Ending {
    // What nearly all lines end with.
    match text.as_bytes() {
        [.., b'.', b'.'] => return Ending::Other,
        [.., b'.'] => return Ending::Stop,
        [.., first, second] if is_plain_letter(*first, *second) => return Ending::Other,
        _ => {}
    }
    let mut chars = text
        .chars()
        .rev()
        .skip_while(|&c| is_blank(c) || is_closing(c));
    match chars.next() {
        // Dots of omission end titles: «شاهد.. لحظة الإنقاذ...»
        Some('.') if chars.next() == Some('.') => Ending::Other,
        Some('.' | '۔') => Ending::Stop,
        Some('،' | ',' | ':' | '؛' | ';') => Ending::Open,
        _ => Ending::Other,
    }
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '»' | '”' | '’' | ')' | ']' | '›')
}

/// The separator that `rest` begins with, and the bytes up to the text after it.
pub(super) fn separator(rest: &str) -> (Option<Separator>, usize) {
    let mut found = None;
    for (at, c) in rest.char_indices() {
        match c {
            ':' | '：' | '﹕' | '꞉' | '∶' => found = Some(Separator::Colon),
            '-' | '–' | '—' | '―' | '−' | '|' | '/' | '\\' | '.' | '…' | '•' | '*' | '_' | '>'
            | '»' | '›' | '←' | '→' | '=' | '~' => {
                found = found.or(Some(Separator::Other));
            }
            ')' | ']' | '”' => {}
            _ if is_blank(c) || c == '\u{0640}' || fold::is_ignorable(c) => {}
            _ => return (found, at),
        }
    }
    (found, rest.len())
}

/// `text[from..]` without space, and without a closing bracket or quotation mark that was opened before `from`.
pub(super) fn trim_content(text: &str, from: usize) -> (usize, usize) {
    let Some(rest) = text.get(from..) else {
        return (text.len(), text.len());
    };
    let mut content = rest.trim_end_matches(is_blank);
    // A few at most: each look for the opening one reads the whole text.
    for _ in 0..3 {
        let Some(last) = content.chars().next_back() else {
            break;
        };
        let opening = match last {
            ')' => '(',
            ']' => '[',
            '»' => '«',
            '”' => '“',
            _ => break,
        };
        if content.contains(opening) {
            break;
        }
        content = content
            .get(..content.len() - last.len_utf8())
            .unwrap_or("")
            .trim_end_matches(is_blank);
    }
    (from, from + content.len())
}

/// A digit or a relative time: enough to believe «نشر في» without a colon.
pub(super) fn has_date_hint(content: &str) -> bool {
    const RELATIVE: [&str; 9] = [
        "منذ",
        "أمس",
        "امس",
        "اليوم",
        "قبل",
        "دقيقة",
        "دقائق",
        "ساعة",
        "ساعات",
    ];
    (content.chars().take(200)).any(|c| c.is_numeric())
        || RELATIVE.iter().any(|word| content.contains(word))
}

/// Titles that may stand between «بقلم» and the name.
const TITLES: [&str; 9] = [
    "الدكتور",
    "الدكتورة",
    "الأستاذ",
    "الأستاذة",
    "المهندس",
    "المهندسة",
    "الشيخ",
    "د.",
    "أ.",
];

/// Could the text after «كتب:» be names? Short (the caller knows), no digits, no sentence.
pub(super) fn is_name_like(content: &str, separator: Option<Separator>) -> bool {
    if content
        .chars()
        .any(|c| c.is_numeric() || matches!(c, '"' | '«' | '“' | '؟' | '?' | '!' | '…' | ';' | '؛'))
    {
        return false;
    }
    if ending(content) != Ending::Other {
        // «د. محمد علي.» loses its stop, nothing longer may have one; and initials are no sentence ends.
        if separator.is_none() || count_words(content, 6) > 5 {
            return false;
        }
    }
    if separator.is_none() {
        // «كتب الشاعر ...», «متابعة الوضع ...» are sentences and titles; a name has two words and rarely the article first.
        let first = content.split_whitespace().next().unwrap_or("");
        let titled = TITLES.contains(&first);
        let article = first.starts_with("ال") && !titled;
        return count_words(content, 2) == 2
            && !article
            && !content.contains(['،', ',', ':'])
            && (titled || !content.contains(". "));
    }
    // A clause would go on after a colon or a stop.
    !content.contains(':') && !content.contains(". ") || content.chars().count() < 30
}

/// Does the text after «المصدر:» read like a sentence rather than a name?
pub(super) fn is_sentence(content: &str) -> bool {
    content.contains("، و") && count_words(content, 13) > 12
}
