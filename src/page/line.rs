//! Lines of a page and what can be told from one line alone.

use super::fold;
use super::marker::Mark;

/// Words counted of one line at most: a line of more is a paragraph.
pub(super) const MANY_WORDS: u16 = 64;

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
        page.get(self.start as usize..self.end as usize).unwrap_or("")
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
    let mut rest = text;
    let mut at = 0;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = rest.find(is_line_end).unwrap_or(rest.len());
            let (line, tail) = rest.split_at(end);
            let break_len = tail.chars().next().map_or(0, char::len_utf8);
            let start = at;
            at += end + break_len;
            rest = tail.get(break_len..).unwrap_or("");
            let trimmed = line.trim_start_matches(is_blank);
            let lead = line.len() - trimmed.len();
            let trimmed = trimmed.trim_end_matches(is_blank);
            if !trimmed.is_empty() {
                return Some((start + lead, trimmed));
            }
        }
        None
    })
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// White space and characters that are not seen; a tatweel is seen.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\0' || (c != '\u{0640}' && fold::is_ignorable(c) && !is_haraka(c))
}

fn is_haraka(c: char) -> bool {
    matches!(c, '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}')
}

/// Words of a text: runs between white space that hold a letter or digit; counted up to `most`.
pub(super) fn count_words(text: &str, most: u16) -> u16 {
    let mut count = 0;
    let mut inside = false;
    for c in text.chars() {
        if c.is_whitespace() {
            inside = false;
        } else if !inside && c.is_alphanumeric() {
            inside = true;
            count += 1;
            if count >= most {
                break;
            }
        }
    }
    count
}

pub(super) fn ending(text: &str) -> Ending {
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
            '-' | '–' | '—' | '―' | '−' | '|' | '/' | '\\' | '.' | '…' | '؛' | '•' | '*' | '_' | '>' | '»' | '›' | '←'
            | '→' | '=' | '~' | '،' | ',' | '!' | '؟' => {
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
    loop {
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
    const RELATIVE: [&str; 9] = ["منذ", "أمس", "امس", "اليوم", "قبل", "دقيقة", "دقائق", "ساعة", "ساعات"];
    (content.chars().take(200)).any(|c| c.is_numeric()) || RELATIVE.iter().any(|word| content.contains(word))
}

/// Could the text after «كتب:» be names? Short (the caller knows), no digits, no sentence.
pub(super) fn is_name_like(content: &str, separator: Option<Separator>) -> bool {
    if content.chars().any(|c| c.is_numeric() || matches!(c, '"' | '«' | '“' | '؟' | '?' | '!' | '…' | ';' | '؛')) {
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
        return count_words(content, 2) == 2 && !first.starts_with("ال") && !content.contains(['،', ',', ':', '.']);
    }
    // A clause would go on after a colon or a stop.
    !content.contains(':') && !content.contains(". ") || content.chars().count() < 30
}

/// Does the text after «المصدر:» read like a sentence rather than a name?
pub(super) fn is_sentence(content: &str) -> bool {
    content.contains("، و") && count_words(content, 13) > 12
}
