//! The page's own keyword line, one keyword at a time.

use crate::span::Span;

use super::fold;

/// Appends the keywords of `line`, which starts at byte `at` of the page: split at separators where there are any,
/// else the line as it is. Spans leave out `#`, bullets, quotation marks and space.
pub(super) fn split(line: &str, at: u32, out: &mut Vec<Span>) {
    let mut start = 0;
    let mut chars = line.char_indices().peekable();
    let mut before = ' ';
    while let Some((i, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |&(_, next)| next);
        let cuts = match c {
            '،' | ',' | '؛' | ';' | '|' | '•' | '·' | '#' | '*' | '\t' | '/' => true,
            // «حزب - ليبيا» separates, «كوفيد-19» does not.
            '-' | '–' | '—' => before.is_whitespace() && after.is_whitespace(),
            // Two spaces are what is left of a list.
            ' ' | '\u{A0}' => after == c,
            _ => false,
        };
        if cuts {
            push(line, start, i, at, out);
            start = i + c.len_utf8();
        }
        before = c;
    }
    push(line, start, line.len(), at, out);
}

fn push(line: &str, start: usize, end: usize, at: u32, out: &mut Vec<Span>) {
    let Some(piece) = line.get(start..end) else {
        return;
    };
    // Marks belong to the letter before them; a tatweel alone is nothing.
    let edge = |c: char| match c {
        '(' | ')' | '%' | '+' => false,
        '\u{0640}' => true,
        _ => !fold::is_letter(c) && !fold::is_ignorable(c),
    };
    let kept = piece.trim_start_matches(|c| edge(c) || fold::is_ignorable(c));
    let start = start + (piece.len() - kept.len());
    let kept = kept.trim_end_matches(edge);
    if kept.chars().any(fold::is_letter) {
        let start = at + start as u32;
        out.push(Span::new(start, start + kept.len() as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keywords(line: &str) -> Vec<&str> {
        let mut out = Vec::new();
        split(line, 0, &mut out);
        out.into_iter().map(|span| span.of(line)).collect()
    }

    #[test]
    fn separators() {
        assert_eq!(
            keywords("ليبيا، الهجرة, طرابلس؛ مهاجرون"),
            ["ليبيا", "الهجرة", "طرابلس", "مهاجرون"]
        );
        assert_eq!(
            keywords("#الهجرة_غير_الشرعية #ليبيا"),
            ["الهجرة_غير_الشرعية", "ليبيا"]
        );
        assert_eq!(
            keywords("الأمن | كوفيد-19 - تونس"),
            ["الأمن", "كوفيد-19", "تونس"]
        );
    }

    #[test]
    fn without_separators_the_line_stays_whole() {
        assert_eq!(
            keywords("الهجرة غير الشرعية المجتمع المدني"),
            ["الهجرة غير الشرعية المجتمع المدني"]
        );
        assert!(keywords(" ، - ").is_empty());
    }
}
