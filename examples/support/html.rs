//! The readable text of a web page.
//!
//! A stream of tags, not a tree: nothing here is as deep as the page, so a hundred thousand nested elements cost what
//! their letters cost. Entities are decoded, whatever is no text for readers is left out, every block is a line.

use std::convert::Infallible;

use html5gum::Tokenizer;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};

/// Never for readers. What they hold is dropped, to their end tag or, where it is missing, to the end of the page.
const HIDDEN: [&[u8]; 9] = [
    b"script",
    b"style",
    b"template",
    b"noscript",
    b"svg",
    b"math",
    b"iframe",
    b"object",
    b"select",
];
/// Around the article, not in it: dropped from pages that mark their article, and from the others as well.
const AROUND: [&[u8]; 4] = [b"nav", b"footer", b"form", b"button"];
/// These hold the article where a page has them.
const ARTICLE: [&[u8]; 2] = [b"article", b"main"];
/// Parts of a line; every other element begins a new one.
const INLINE: [&[u8]; 25] = [
    b"a", b"abbr", b"b", b"bdi", b"bdo", b"big", b"cite", b"code", b"em", b"font", b"i", b"ins",
    b"kbd", b"label", b"mark", b"q", b"s", b"small", b"span", b"strong", b"sub", b"sup", b"time",
    b"u", b"wbr",
];
/// An article shorter than this many bytes is none: the page keeps its text elsewhere.
const SHORTEST: usize = 400;

/// Text of an HTML page: its title, unless a heading says the same, and the text of its article; the text of the whole
/// page where no article is marked.
pub fn text(html: &str) -> String {
    let mut page = Page::default();
    let mut emitter = CallbackEmitter::new(
        |event: CallbackEvent<'_>, _: html5gum::Span<()>| -> Option<Infallible> {
            page.event(event);
            None
        },
    );
    // Script, style and title are not read for tags.
    emitter.naively_switch_states(true);
    if let Some(token) = Tokenizer::new_with_emitter(html, emitter).next() {
        match token {
            Ok(never) => match never {},
        }
    }
    page.finish()
}

#[derive(Default)]
struct Page {
    title: String,
    all: Lines,
    article: Lines,
    in_title: bool,
    /// Depth of open `article` and `main`.
    articles: usize,
    /// The hidden element that is open, and how many of its name stand inside one another.
    hidden: Option<(Vec<u8>, usize)>,
}

impl Page {
    fn event(&mut self, event: CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => self.open(name),
            CallbackEvent::EndTag { name } => self.close(name),
            CallbackEvent::String { value } => self.string(value),
            _ => {}
        }
    }

    fn open(&mut self, name: &[u8]) {
        match &mut self.hidden {
            Some((open, depth)) if *open == name => *depth += 1,
            Some(_) => {}
            None if HIDDEN.contains(&name) || AROUND.contains(&name) => {
                self.hidden = Some((name.to_vec(), 1));
                self.line();
            }
            None => {
                self.articles += usize::from(ARTICLE.contains(&name));
                // An SVG may have titles of its own, but SVG is hidden.
                self.in_title = name == b"title" && self.title.is_empty();
                if !INLINE.contains(&name) {
                    self.line();
                }
            }
        }
    }

    fn close(&mut self, name: &[u8]) {
        self.in_title = false;
        if let Some((open, depth)) = &mut self.hidden {
            // A forgotten </nav> must not swallow the article behind it.
            if *open == name {
                *depth -= 1;
            } else if name != b"body" && !ARTICLE.contains(&name) || HIDDEN.contains(&&open[..]) {
                return;
            } else {
                *depth = 0;
            }
            if *depth == 0 {
                self.hidden = None;
                self.line();
            }
            return;
        }
        if ARTICLE.contains(&name) {
            self.articles = self.articles.saturating_sub(1);
        }
        if !INLINE.contains(&name) {
            self.line();
        }
    }

    fn line(&mut self) {
        self.all.end();
        if self.articles > 0 {
            self.article.end();
        }
    }

    fn string(&mut self, value: &[u8]) {
        if self.hidden.is_some() {
            return;
        }
        let value = String::from_utf8_lossy(value);
        if self.in_title {
            self.title.push_str(&value);
            return;
        }
        self.all.push(&value);
        if self.articles > 0 {
            self.article.push(&value);
        }
    }

    fn finish(self) -> String {
        let body = if self.article.text.len() >= SHORTEST {
            self.article.text
        } else {
            self.all.text
        };
        let title: Vec<_> = self.title.split_ascii_whitespace().collect();
        let title = title.join(" ");
        // «Headline - Newspaper»: the heading says it better.
        let heading = |line: &str| line.len() > 10 && title.contains(line.trim());
        if title.is_empty() || body.lines().take(20).any(heading) {
            body
        } else {
            format!("{title}\n{body}")
        }
    }
}

/// Lines of text: white space of the source is one blank, tags make the lines.
#[derive(Default)]
struct Lines {
    text: String,
    blank: bool,
}

impl Lines {
    fn end(&mut self) {
        self.blank = false;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn push(&mut self, value: &str) {
        for c in value.chars() {
            if c.is_ascii_whitespace() {
                self.blank = true;
            } else {
                if self.blank && !self.text.is_empty() && !self.text.ends_with('\n') {
                    self.text.push(' ');
                }
                self.blank = false;
                self.text.push(c);
            }
        }
    }
}
