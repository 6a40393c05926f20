//! The walk over the lines of a page: which story a line belongs to and what it is there.

use crate::calendar;
use crate::span::Span;

use super::fold;
use super::keyword;
use super::line::{self, Ending, Line, MANY_WORDS};
use super::marker::{Mark, MarkerPart, Markers, Place};
use super::{Page, Part, PartKind, StoryRange, wide};

/// Longest title in words.
const TITLE_WORDS: u16 = 25;
/// A line of so many words is a paragraph even without a full stop.
const PARAGRAPH_WORDS: u16 = 26;
/// A first line with a full stop is a title up to this length.
const STOPPED_TITLE_WORDS: u16 = 10;
/// A keyword on a line of its own.
const KEYWORD_WORDS: u16 = 8;
/// A lead is a sentence: shorter lines before it belong to it.
const LEAD_WORDS: u16 = 10;
/// A line of labels is short.
const HEAD_WORDS: u16 = 24;
/// A title under the last paragraph of another story.
const LISTED_TITLE_WORDS: u16 = 14;
/// Characters of a paragraph among which its dateline ends.
const DATELINE: usize = 90;
/// How many lines a page may hold: more than any page, and 4 GiB of them.
const MAX: usize = u32::MAX as usize;

pub(super) fn split(markers: &Markers, text: &str, page: &mut Page) {
    let text = cut(text);
    let mut lines = std::mem::take(&mut page.lines);
    lines.clear();
    for (start, content) in line::lines(text) {
        let mut whole = measure(markers, start, content, lines.is_empty());
        if whole.words <= HEAD_WORDS {
            let mut rest = (start, content);
            while let Some(cut) = head_cut(markers, rest.1) {
                let (left, right) = line::cut(rest.1, cut);
                lines.push(measure(markers, rest.0, left, lines.is_empty()));
                rest = (rest.0 + rest.1.len() - right.len(), right);
                whole = measure(markers, rest.0, right, false);
            }
        }
        lines.push(whole);
    }
    page.stories.clear();
    page.parts.clear();
    page.keywords.clear();
    page.stories.push(StoryRange::default());
    let last_tail = lines.iter().rposition(|l| {
        l.mark
            .is_some_and(|m| matches!(m.part, MarkerPart::Source | MarkerPart::Keywords))
    });
    let mut walk = Walk {
        markers,
        text,
        lines: &lines,
        page,
        last_tail: last_tail.unwrap_or(0),
        story: State::default(),
        among_others: false,
    };
    let mut i = 0;
    while i < lines.len() {
        // Every step takes at least one line.
        i = walk.step(i).max(i + 1);
    }
    walk.close();
    page.lines = lines;
}

fn measure(markers: &Markers, start: usize, content: &str, first: bool) -> Line {
    Line {
        start: start as u32,
        end: (start + content.len()) as u32,
        words: line::count_words(content, MANY_WORDS),
        ending: line::ending(content),
        mark: markers.find(content, first),
    }
}

/// Where a line of two labels is cut: «إعداد: ليلى الحسن | المصدر: نورث برس», «كتب أحمد علي - الأحد 20 أكتوبر 2024».
/// Both sides must be a label with its text, or one of them a date that does not belong to the other's own date.
fn head_cut(markers: &Markers, line: &str) -> Option<usize> {
    let label = |text: &str| {
        markers.find(text, false).map(|m| m.part).filter(|part| {
            matches!(
                part,
                MarkerPart::Published | MarkerPart::Byline | MarkerPart::Source
            )
        })
    };
    // Most lines have none of them, which bytes tell, many at a time.
    let cuts = |b: u8| u8::from(b == b'|') | u8::from(b == b'-') | u8::from(b == 0xE2);
    if !wide::any(line.as_bytes(), cuts) {
        return None;
    }
    line.char_indices()
        .filter(|&(_, c)| matches!(c, '|' | '•' | '-' | '–' | '—'))
        .take(4)
        .map(|(at, _)| at)
        .find(|&at| {
            let (left, right) = line::cut(line, at);
            match (label(left), label(right)) {
                (Some(_), Some(_)) => true,
                (Some(left), None) => left != MarkerPart::Published && is_date_line(right),
                (None, Some(right)) => right != MarkerPart::Published && is_date_line(left),
                (None, None) => false,
            }
        })
}

/// The text up to 4 GiB.
fn cut(text: &str) -> &str {
    if text.len() <= MAX {
        return text;
    }
    let mut end = MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

/// What the walk knows of the story it is in.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    titled: bool,
    /// A byline or date came.
    headed: bool,
    paragraphs: u32,
    /// The lead is complete.
    led: bool,
    /// The source or the keywords came after a paragraph.
    ended: bool,
    /// It ended with its keywords: what follows cannot be its text.
    keyworded: bool,
}

struct Walk<'a> {
    markers: &'a Markers,
    text: &'a str,
    lines: &'a [Line],
    page: &'a mut Page,
    /// The last source or keyword line of the page.
    last_tail: usize,
    story: State,
    /// The main story is behind us.
    among_others: bool,
}

impl<'a> Walk<'a> {
    /// Takes line `i` and what belongs to it; returns the next line.
    fn step(&mut self, i: usize) -> usize {
        let Some(line) = self.lines.get(i) else {
            return i + 1;
        };
        let Some(mark) = line.mark.filter(|mark| self.believed(mark)) else {
            return self.plain(i, line);
        };
        match mark.part {
            MarkerPart::Published => self.published(i, line, &mark),
            MarkerPart::Byline => self.labelled(i, line, &mark, PartKind::Byline),
            MarkerPart::Source => self.labelled(i, line, &mark, PartKind::Source),
            MarkerPart::Keywords => self.keywords(i, line, &mark),
            MarkerPart::Related => self.related(i, line, &mark),
            MarkerPart::Caption => self.whole(i, line, PartKind::Caption),
            MarkerPart::Boilerplate | MarkerPart::Section => {
                self.whole(i, line, PartKind::Boilerplate)
            }
            MarkerPart::Agency => self.agency(i, line),
            MarkerPart::Follow | MarkerPart::Opener => self.plain(i, line),
        }
    }

    /// Whether a marker's condition about its place in the story holds here.
    fn believed(&self, mark: &Mark) -> bool {
        match mark.place {
            Place::Any => true,
            Place::Top => self.story.paragraphs == 0,
            Place::Tail => self.story.titled || self.story.paragraphs > 0 || self.among_others,
        }
    }

    // --- marked lines -------------------------------------------------------------------------------------------------

    fn published(&mut self, i: usize, line: &Line, mark: &Mark) -> usize {
        self.story.headed |= self.story.paragraphs == 0;
        if !mark.is_bare() {
            self.push(PartKind::Published, self.content(line, mark));
            return i + 1;
        }
        match self
            .lines
            .get(i + 1)
            .filter(|next| next.mark.is_none() && self.is_date(next))
        {
            Some(next) => {
                self.push(PartKind::Published, span(next));
                i + 2
            }
            None => self.whole(i, line, PartKind::Boilerplate),
        }
    }

    /// A byline or source, on its own line or on the next one.
    fn labelled(&mut self, i: usize, line: &Line, mark: &Mark, kind: PartKind) -> usize {
        let next = if mark.is_bare() {
            let short = |next: &&Line| {
                next.mark.is_none() && next.words <= 6 && next.ending == Ending::Other
            };
            match self.lines.get(i + 1).filter(short) {
                Some(next) if mark.colon || kind == PartKind::Source => {
                    self.push(kind, span(next));
                    i + 2
                }
                // «خاص», «متابعة», «هيئة التحرير» are their own content.
                _ if kind == PartKind::Byline && !mark.colon => self.whole(i, line, kind),
                _ => self.whole(i, line, PartKind::Boilerplate),
            }
        } else {
            self.push(kind, self.content(line, mark));
            i + 1
        };
        if kind == PartKind::Source {
            self.story.ended |= self.story.paragraphs > 0;
        } else {
            self.story.headed |= self.story.paragraphs == 0;
        }
        next
    }

    fn keywords(&mut self, i: usize, line: &Line, mark: &Mark) -> usize {
        let mut next = i + 1;
        if mark.is_bare() {
            while let Some(below) = self.lines.get(next) {
                let short = below.mark.is_none() && below.ending != Ending::Stop;
                let listed = below.words <= KEYWORD_WORDS || self.is_list(below);
                if !short || !listed || (next > i + 1 && self.opens_story(next)) {
                    break;
                }
                self.supply(span(below));
                next += 1;
            }
        } else {
            self.supply(self.content(line, mark));
        }
        if self.story.paragraphs > 0 {
            self.story.ended = true;
            self.story.keyworded = true;
        }
        next
    }

    fn supply(&mut self, span: Span) {
        self.push(PartKind::Keywords, span);
        keyword::split(span.of(self.text), span.start, &mut self.page.keywords);
    }

    fn related(&mut self, i: usize, line: &Line, mark: &Mark) -> usize {
        if mark.is_bare() {
            return self.related_alone(i, mark);
        }
        let title = self.content(line, mark);
        let below = self.lines.get(i + 1);
        let head_below = self.is_head_of_story(i + 1);
        let opens = if self.story.paragraphs == 0 {
            false
        } else if head_below {
            true
        } else if self.among_others && !self.story.ended {
            // A link inside another story, or the next one: its first paragraph tells.
            below.is_some_and(|b| {
                b.mark.is_none() && self.repeats_title(title.of(self.text), b) && !self.follows(b)
            })
        } else {
            self.story.ended
        };
        if !opens {
            self.push(PartKind::Link, title);
            return i + 1;
        }
        self.open(Some(title));
        i + 1
    }

    /// Rule 4: titles of other stories, or links in the middle.
    fn related_alone(&mut self, i: usize, mark: &Mark) -> usize {
        let run = self.lines.get(i + 1..).unwrap_or(&[]);
        let titles = run
            .iter()
            .take_while(|l| l.mark.is_none() && is_title_like(l))
            .count();
        let after = i + 1 + titles;
        let opens = match self.lines.get(after) {
            _ if self.story.paragraphs == 0 && !self.among_others => false,
            _ if self.story.ended || self.among_others => true,
            None => true,
            Some(_) if titles > 0 && self.is_head_of_story(after) => true,
            Some(next) => match next.mark {
                Some(m) => {
                    matches!(m.part, MarkerPart::Related | MarkerPart::Boilerplate)
                        && i > self.last_tail
                }
                None if titles == 0 => mark.to_end && i > self.last_tail,
                None => {
                    let title = self.lines.get(after - 1).map_or("", |l| l.text(self.text));
                    let repeats = self.repeats_title(title, next);
                    let follows = self.follows(next);
                    if mark.to_end {
                        repeats || (!follows && i > self.last_tail)
                    } else {
                        repeats && !follows
                    }
                }
            },
        };
        if opens {
            self.open(None);
            return i + 1;
        }
        for link in self.lines.get(i + 1..after).unwrap_or(&[]) {
            self.push(PartKind::Link, span(link));
        }
        after
    }

    /// A line of an agency's name alone.
    fn agency(&mut self, i: usize, line: &Line) -> usize {
        let last = self.lines.get(i + 1).is_none_or(|next| next.mark.is_some());
        if self.story.paragraphs == 0 || last {
            return self.whole(i, line, PartKind::Source);
        }
        self.plain(i, line)
    }

    fn whole(&mut self, i: usize, line: &Line, kind: PartKind) -> usize {
        self.push(kind, span(line));
        i + 1
    }

    // --- lines without a marker ---------------------------------------------------------------------------------------

    fn plain(&mut self, i: usize, line: &Line) -> usize {
        if self.story.paragraphs == 0 {
            return self.above_text(i, line);
        }
        if self.story.ended {
            if self.story.keyworded && is_title_like(line) && self.paragraph_follows(i + 1) {
                self.open(None);
                return self.above_text(i, line);
            }
            if !is_paragraph(line) && !self.paragraph_follows(i + 1) {
                // Menus and labels under the last line of the story.
                return self.whole(i, line, PartKind::Boilerplate);
            }
            self.story.ended = false;
            self.story.keyworded = false;
        }
        // A heading has a paragraph below it; a short line without one is the next title of a list.
        let listed = is_title_like(line)
            && line.words <= LISTED_TITLE_WORDS
            && !self.paragraph_follows(i + 1)
            && !self.follows(line);
        if self.among_others && (listed || self.opens_story(i)) {
            self.open(None);
            return self.above_text(i, line);
        }
        if self.is_credit(line) && self.lines.get(i + 1).is_none_or(|next| next.mark.is_some()) {
            return self.whole(i, line, PartKind::Source);
        }
        self.paragraph(line).map_or(i + 1, |()| i + 1)
    }

    /// Between the start of a story and its first paragraph.
    fn above_text(&mut self, i: usize, line: &Line) -> usize {
        if self.is_date(line) {
            self.story.headed = true;
            return self.whole(i, line, PartKind::Published);
        }
        if !self.story.titled {
            if self.is_title(i, line) {
                self.story.titled = true;
                return self.whole(i, line, PartKind::Title);
            }
        } else if self.is_credit(line) {
            let place = !self
                .markers
                .is_whole(line.text(self.text), MarkerPart::Agency);
            return self.whole(
                i,
                line,
                if place {
                    PartKind::Dateline
                } else {
                    PartKind::Source
                },
            );
        } else if self.among_others && !self.story.headed && is_title_like(line) {
            // A list of titles: the one before stays a story of a title only.
            self.open(None);
            self.story.titled = true;
            return self.whole(i, line, PartKind::Title);
        }
        self.paragraph(line);
        i + 1
    }

    /// A paragraph or a heading between paragraphs.
    fn paragraph(&mut self, line: &Line) -> Option<()> {
        let mut span = span(line);
        if self.story.paragraphs == 0 {
            let dateline = self.dateline(line.text(self.text));
            if dateline > 0 {
                let at = span.start + dateline as u32;
                self.push(PartKind::Dateline, Span::new(span.start, at));
                let rest = Span::new(at, span.end);
                let lead = rest.of(self.text);
                span.start = span.end - lead.trim_start().len() as u32;
            }
        }
        let kind = if self.story.titled && !self.story.led {
            self.story.led = line.words >= LEAD_WORDS || line.ending == Ending::Stop;
            PartKind::Lead
        } else {
            PartKind::Body
        };
        self.story.paragraphs += 1;
        self.push(kind, span);
        Some(())
    }

    fn is_title(&self, i: usize, line: &Line) -> bool {
        if line.words == 0 {
            return false;
        }
        if self.among_others {
            // Under a marker a title stands by itself as well.
            return is_title_like(line);
        }
        let below = self.lines.get(i + 1);
        if is_title_like(line) {
            return below.is_some();
        }
        // «تركيا وسوريا... المأساة تجمع.» above a paragraph.
        line.ending == Ending::Stop
            && line.words <= STOPPED_TITLE_WORDS
            && below.is_some_and(|next| is_paragraph(next) && next.words >= 2 * line.words)
    }

    // --- looking ahead ------------------------------------------------------------------------------------------------

    /// Whether line `i` is a byline or date right above a paragraph or another such line.
    fn is_head_of_story(&self, i: usize) -> bool {
        let is_head = |l: &Line| match l.mark {
            Some(mark) => match mark.part {
                MarkerPart::Published => true,
                MarkerPart::Byline => mark.separated || mark.is_bare(),
                _ => false,
            },
            None => self.is_date(l),
        };
        self.lines.get(i).is_some_and(is_head)
            && self
                .lines
                .get(i + 1..)
                .unwrap_or(&[])
                .iter()
                .take(4)
                .find(|l| !is_head(l))
                .is_some_and(|l| l.mark.is_none())
    }

    /// Whether line `i` is a title with a byline or date below it: another story begins.
    fn opens_story(&self, i: usize) -> bool {
        self.lines
            .get(i)
            .is_some_and(|l| l.mark.is_none() && is_title_like(l) && self.is_head_of_story(i + 1))
    }

    /// Whether a paragraph comes before the next marker; looks at a few lines.
    fn paragraph_follows(&self, i: usize) -> bool {
        self.lines
            .get(i..)
            .unwrap_or(&[])
            .iter()
            .take(8)
            .take_while(|l| l.mark.is_none())
            .any(is_paragraph)
    }

    /// Whether a paragraph goes on with the story before it: it begins with «و» and a word that is not in و itself,
    /// or with «كما», «من جهته» ...
    fn follows(&self, line: &Line) -> bool {
        let text = line.text(self.text);
        if self.markers.begins_with(text, MarkerPart::Follow) {
            return true;
        }
        let letters = text.trim_start_matches(|c: char| !fold::is_letter(c));
        letters.starts_with('و') && !self.markers.begins_with(text, MarkerPart::Opener)
    }

    /// Whether the first words of a paragraph repeat at least two words of a title, and a quarter of them.
    fn repeats_title(&self, title: &str, line: &Line) -> bool {
        let mut words = [0_u64; TITLE_WORDS as usize];
        let mut count = 0;
        for (slot, word) in words.iter_mut().zip(content_words(title)) {
            *slot = word;
            count += 1;
        }
        let mut seen = 0_u32;
        for word in content_words(line.text(self.text)).take(80) {
            if let Some(at) = words.iter().take(count).position(|&w| w == word) {
                seen |= 1 << at;
            }
        }
        let repeated = seen.count_ones() as usize;
        repeated >= 2 && repeated * 4 >= count
    }

    /// «الأحد 20 أكتوبر 2024 - 10:30»: a short line of a date and nothing else.
    fn is_date(&self, line: &Line) -> bool {
        line.words > 0 && line.words <= 14 && is_date_line(line.text(self.text))
    }

    /// Keywords between separators.
    fn is_list(&self, line: &Line) -> bool {
        line.text(self.text)
            .matches(['،', ',', '#', '|', '؛', ';'])
            .count()
            * 6
            >= usize::from(line.words)
    }

    /// «القاهرة - وكالات», «الرباط (و م ع)», «فرانس24/ أ ف ب»: agencies, and at most one place.
    fn is_credit(&self, line: &Line) -> bool {
        if line.words > 8 || line.ending == Ending::Open {
            return false;
        }
        let text = line.text(self.text);
        if self.markers.is_whole(text, MarkerPart::Agency) {
            return true;
        }
        let mut agencies = 0;
        let mut others = 0;
        for piece in text
            .split(is_dateline_cut)
            .filter(|p| p.chars().any(fold::is_letter))
        {
            // All of the line was asked for above.
            if piece.len() < text.len() && self.markers.is_whole(piece, MarkerPart::Agency) {
                agencies += 1;
            } else if line::count_words(piece, 4) <= 3 {
                others += 1;
            } else {
                return false;
            }
        }
        agencies > 0 && others <= 1
    }

    /// Bytes of a dateline in front of a paragraph: «القاهرة - رويترز: », «دبي، الإمارات (CNN)-- »; 0 when there is none.
    fn dateline(&self, text: &str) -> usize {
        // It ends with a colon or a dash, and most paragraphs have none among their first letters, of two bytes each.
        let near = text
            .as_bytes()
            .get(..2 * DATELINE)
            .unwrap_or(text.as_bytes());
        let closes = |b: u8| u8::from(b == b':') | u8::from(b == b'-') | u8::from(b >= 0xE0);
        if !wide::any(near, closes) {
            return 0;
        }
        let mut pieces = 0;
        let mut agency = false;
        let mut start = 0;
        let mut bracket = false;
        for (at, c) in text.char_indices().take(DATELINE) {
            if c == '(' {
                bracket = true;
            }
            if !is_dateline_cut(c) && c != '،' {
                continue;
            }
            let piece = text.get(start..at).unwrap_or("");
            start = at + c.len_utf8();
            if piece.chars().any(fold::is_letter) {
                if line::count_words(piece, 5) > 4 {
                    return 0;
                }
                agency |= self.markers.is_whole(piece, MarkerPart::Agency);
                pieces += 1;
            }
            let rest = text.get(start..).unwrap_or("");
            // The separator run goes on, or the text begins here.
            let over = !rest.trim_start().starts_with(is_dateline_cut);
            let closes = matches!(c, ':' | '-' | '–' | '—');
            if agency && (pieces > 1 || bracket) && over && closes && line::count_words(rest, 4) > 3
            {
                return start + (rest.len() - rest.trim_start().len());
            }
            if pieces > 3 {
                return 0;
            }
        }
        0
    }

    // --- output -------------------------------------------------------------------------------------------------------

    fn content(&self, line: &Line, mark: &Mark) -> Span {
        Span::new(line.start + mark.start, line.start + mark.end)
    }

    fn push(&mut self, kind: PartKind, span: Span) {
        if !span.is_empty() {
            self.page.parts.push(Part { kind, span });
        }
    }

    /// Ends the story and begins another one.
    fn open(&mut self, title: Option<Span>) {
        self.close();
        let parts = self.page.parts.len() as u32;
        let keywords = self.page.keywords.len() as u32;
        // A marker at once after a marker leaves no empty story behind.
        let empty = (self.page.stories.last())
            .is_some_and(|last| last.parts.0 == last.parts.1 && self.among_others);
        if !empty {
            self.page.stories.push(StoryRange {
                parts: (parts, parts),
                keywords: (keywords, keywords),
            });
        }
        self.among_others = true;
        self.story = State {
            titled: title.is_some(),
            ..State::default()
        };
        if let Some(title) = title {
            self.push(PartKind::Title, title);
        }
    }

    fn close(&mut self) {
        let parts = self.page.parts.len() as u32;
        let keywords = self.page.keywords.len() as u32;
        if let Some(last) = self.page.stories.last_mut() {
            last.parts.1 = parts;
            last.keywords.1 = keywords;
        }
    }
}

fn span(line: &Line) -> Span {
    Span::new(line.start, line.end)
}

fn is_title_like(line: &Line) -> bool {
    line.words > 0 && line.words <= TITLE_WORDS && line.ending == Ending::Other
}

fn is_paragraph(line: &Line) -> bool {
    line.words >= PARAGRAPH_WORDS || (line.ending == Ending::Stop && line.words > 3)
}

fn is_dateline_cut(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―' | '/' | '|' | '(' | ')' | ':' | '+')
}

/// Every word belongs to a date, and a year, a numeric date or a clock time is among them.
fn is_date_line(text: &str) -> bool {
    if !may_hold_digit(text) {
        return false;
    }
    let mut digits = 0_u32;
    let mut named = false;
    let mut folded = [0_u8; 40];
    for word in text.split(|c: char| !fold::is_letter(c) && !fold::is_ignorable(c)) {
        if word.is_empty() {
            continue;
        }
        let mut len = 0;
        let mut run = 0;
        for c in word.chars().filter(|&c| !fold::is_ignorable(c)) {
            if c.is_numeric() {
                digits += 1;
                run += 1;
                continue;
            }
            let mut utf8 = [0; 4];
            let encoded = lower(fold::fold(c)).encode_utf8(&mut utf8).as_bytes();
            let Some(room) = folded.get_mut(len..len + encoded.len()) else {
                return false;
            };
            room.copy_from_slice(encoded);
            len += encoded.len();
        }
        if run > 4 && len == 0 {
            // 20241020 and longer are no dates of the press.
            return false;
        }
        if len == 0 {
            continue;
        }
        let name = folded
            .get(..len)
            .and_then(|b| std::str::from_utf8(b).ok())
            .unwrap_or("");
        match calendar::calendar_word(name) {
            Some(calendar::CalendarWord::Time) => {}
            Some(_) => named = true,
            None => return false,
        }
    }
    digits >= 4 || (named && digits > 0)
}

/// Whether a digit may be in a text: `false` for letters and signs of ASCII and the Arabic block alone. Bytes tell, many
/// at a time.
fn may_hold_digit(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Digits of the Arabic block are D9 A0..A9 and DB B0..B9; other blocks begin with another byte.
    let digit = |b: u8| u8::from(b.wrapping_sub(b'0') < 10);
    let other = |b: u8| u8::from(b >= 0xC0) & u8::from(b.wrapping_sub(0xD8) > 3);
    let arabic = |first: u8, second: u8| {
        u8::from(first == 0xD9) & u8::from(second.wrapping_sub(0xA0) < 10)
            | u8::from(first == 0xDB) & u8::from(second.wrapping_sub(0xB0) < 10)
    };
    let single = bytes.iter().fold(0, |any, &b| any | digit(b) | other(b));
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or(&[]));
    pairs.fold(single, |any, (&first, &second)| any | arabic(first, second)) != 0
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Hashes of the words of a text that say what it is about: three letters or more without و ف ب ل ك and the article.
fn content_words(text: &str) -> impl Iterator<Item = u64> + '_ {
    text.split(|c: char| !fold::is_letter(c) && !fold::is_ignorable(c))
        .filter_map(|word| {
            let word = word.trim_start_matches(['و', 'ف']);
            let word = word
                .strip_prefix(['ب', 'ك', 'ل'])
                .filter(|rest| rest.starts_with("ال"))
                .unwrap_or(word);
            let word = word
                .strip_prefix("لل")
                .or_else(|| word.strip_prefix("ال"))
                .unwrap_or(word);
            let mut letters = 0;
            let mut hash = 0xcbf2_9ce4_8422_2325_u64;
            for c in word.chars().filter(|&c| !fold::is_ignorable(c)).take(24) {
                hash = (hash ^ u64::from(u32::from(fold::fold(c)))).wrapping_mul(0x0100_0000_01b3);
                letters += 1;
            }
            (letters >= 3 && !is_common(word)).then_some(hash)
        })
}

/// Prepositions and pronouns of three letters or more: repeated by every paragraph.
fn is_common(word: &str) -> bool {
    matches!(
        word,
        "على"
            | "إلى"
            | "الى"
            | "بعد"
            | "قبل"
            | "هذا"
            | "هذه"
            | "التي"
            | "الذي"
            | "بين"
            | "خلال"
            | "عند"
            | "حول"
            | "منذ"
            | "أمام"
            | "ذلك"
            | "تلك"
            | "كان"
            | "كانت"
            | "غير"
            | "تي"
            | "ذي"
            | "حتى"
            | "أكثر"
            | "بسبب"
            | "عبر"
            | "ضمن"
            | "لدى"
            | "مع"
    )
}
