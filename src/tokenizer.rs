//! The tokenizer for callers who want words and no topics.

use crate::morph::{Morphology, SegmentKind, Tag};
use crate::span::Span;
use crate::token::sentence::{Stop, TokenRange};
use crate::token::{RawToken, TokenKind, scan, sentence};
use crate::words::Words;

/// Reusable buffers of a [`Tokenizer`], and the tokens of the last text.
#[derive(Debug, Default)]
pub struct TokenScratch {
    pub(crate) tokens: Vec<RawToken>,
    pub(crate) sentences: Vec<TokenRange>,
    /// Where these may end.
    stops: Vec<Stop>,
    pub(crate) words: Words,
}

impl TokenScratch {
    /// Empty buffers.
    pub fn new() -> TokenScratch {
        TokenScratch::default()
    }

    /// Empty buffers that remember so many distinct words between texts at most, see
    /// [`Scratch::with_words`](crate::Scratch::with_words).
    pub fn with_words(most: usize) -> TokenScratch {
        TokenScratch {
            words: Words::with_most(most),
            ..TokenScratch::default()
        }
    }

    /// Empty buffers of the same kind.
    pub(crate) fn renewed(&self) -> TokenScratch {
        TokenScratch {
            words: self.words.renewed(),
            ..TokenScratch::default()
        }
    }

    /// Bytes held by the buffers.
    pub fn memory_usage(&self) -> usize {
        self.tokens.capacity() * size_of::<RawToken>()
            + self.sentences.capacity() * size_of::<TokenRange>()
            + self.stops.capacity() * size_of::<Stop>()
            + self.words.memory_usage()
    }

    /// Tokens, sentences and words of `text`.
    pub(crate) fn fill(&mut self, text: &str, morphology: &'static Morphology) {
        self.words.begin();
        self.tokens.clear();
        self.sentences.clear();
        self.stops.clear();
        scan::scan_with_stops(text, &mut self.tokens, |stop| self.stops.push(stop));
        sentence::split(text, &self.tokens, &self.stops, &mut self.sentences);
        self.words.intern_all(text, &mut self.tokens, morphology);
    }
}

/// Of so many words, what is known of them has room in a near cache.
const NEAR: usize = 8192;

/// Cuts Arabic text into tokens and sentences, and words into clitics, stem and root.
///
/// ```
/// use rasd::{TokenScratch, Tokenizer};
/// let tokenizer = Tokenizer::new();
/// let mut scratch = TokenScratch::new();
/// let tokens = tokenizer.tokenize("وللمهاجرين 120 قاربا.", &mut scratch);
/// let first = tokens.get(0).unwrap();
/// assert_eq!(first.text(), "وللمهاجرين");
/// assert_eq!(first.segments().map(|s| s.text).collect::<Vec<_>>(), ["و", "ل", "ل", "مهاجرين"]);
/// assert_eq!(first.stem(), "مهاجر");
/// ```
#[derive(Clone, Debug)]
pub struct Tokenizer {
    morphology: &'static Morphology,
}

impl Default for Tokenizer {
    fn default() -> Self {
        Tokenizer::new()
    }
}

impl Tokenizer {
    /// A tokenizer over the shipped morphology.
    pub fn new() -> Tokenizer {
        Tokenizer {
            morphology: Morphology::embedded(),
        }
    }

    /// The tokens and sentences of `text`. Never fails; a text past 4 GiB is cut at a char boundary.
    pub fn tokenize<'a>(&'a self, text: &'a str, scratch: &'a mut TokenScratch) -> Tokens<'a> {
        let text = crate::span::clip(text);
        scratch.fill(text, self.morphology);
        // What is asked next, of as many words as near caches hold.
        let words = scratch.tokens.iter().take(NEAR).map(|token| token.word);
        scratch.words.fetch(words);
        Tokens {
            text,
            scratch,
            morphology: self.morphology,
        }
    }

    /// Spans and kinds alone: four times as fast, where neither normal form nor stem is wanted.
    pub fn spans<'a>(
        &self,
        text: &str,
        scratch: &'a mut TokenScratch,
    ) -> impl ExactSizeIterator<Item = (Span, TokenKind)> + 'a {
        scratch.tokens.clear();
        scratch.sentences.clear();
        scan::scan(crate::span::clip(text), &mut scratch.tokens);
        scratch.tokens.iter().map(|t| (t.span, t.kind))
    }
}

/// The tokens of a text.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a> {
    pub(crate) text: &'a str,
    pub(crate) scratch: &'a TokenScratch,
    pub(crate) morphology: &'a Morphology,
}

impl<'a> Tokens<'a> {
    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.scratch.tokens.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.scratch.tokens.is_empty()
    }

    /// The token at `index`.
    pub fn get(&self, index: usize) -> Option<Token<'a>> {
        self.scratch.tokens.get(index).map(|raw| self.view(raw))
    }

    /// All tokens, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Token<'a>> + 'a {
        let this = *self;
        self.scratch.tokens.iter().map(move |raw| this.view(raw))
    }

    /// The sentences, in order; together they hold every token.
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = Span> + use<'a> {
        let scratch = self.scratch;
        scratch.sentences.iter().map(move |s| {
            let at = |i: usize| scratch.tokens.get(i).map_or(Span::default(), |t| t.span);
            Span::new(
                at(s.first as usize).start,
                at((s.end as usize).saturating_sub(1)).end,
            )
        })
    }

    fn view(&self, raw: &'a RawToken) -> Token<'a> {
        Token {
            text: self.text,
            raw,
            words: &self.scratch.words,
            morphology: self.morphology,
        }
    }
}

/// One token; everything it hands out is borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    text: &'a str,
    raw: &'a RawToken,
    words: &'a Words,
    morphology: &'a Morphology,
}

/// A piece of a word.
#[derive(Clone, Copy)]
pub struct Segment<'a> {
    /// What it is.
    pub kind: SegmentKind,
    /// Where it is.
    pub span: Span,
    /// Its letters as the text has them.
    pub text: &'a str,
    /// The word it is a piece of; looked at by [`Segment::restored`] only.
    words: &'a Words,
    word: u32,
}

impl PartialEq for Segment<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, self.span, self.text) == (other.kind, other.span, other.text)
    }
}

impl Eq for Segment<'_> {}

impl std::fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {} {:?}", self.kind, self.span, self.text)
    }
}

impl<'a> Segment<'a> {
    /// The piece as it is written when it stands alone: the article in full behind ل, and before a pronoun ة for ت,
    /// ى for ا and ء for its seats, where the dictionary form has them.
    ///
    /// ```
    /// use rasd::{TokenScratch, Tokenizer};
    /// let tokenizer = Tokenizer::new();
    /// let mut scratch = TokenScratch::new();
    /// let tokens = tokenizer.tokenize("للحكومة قيمتها", &mut scratch);
    /// let of = |i: usize| -> Vec<_> { tokens.get(i).unwrap().segments().map(|s| s.restored()).collect() };
    /// assert_eq!(of(0), ["ل", "ال", "حكومة"]);
    /// assert_eq!(of(1), ["قيمة", "ها"]);
    /// ```
    pub fn restored(&self) -> std::borrow::Cow<'a, str> {
        use std::borrow::Cow;
        if self.kind == SegmentKind::Article && self.text == "ل" {
            return Cow::Borrowed("ال");
        }
        let bound = self.words.get(self.word).is_some_and(|w| {
            let mut pieces = w.analysis.segments.iter();
            pieces.any(|(kind, _)| kind == SegmentKind::Pronoun)
        });
        if self.kind != SegmentKind::Base || !bound {
            return Cow::Borrowed(self.text);
        }
        let lemma = self.words.stem(self.word);
        let last = match (self.text.chars().next_back(), lemma.chars().next_back()) {
            (Some('ت'), Some('ة')) => 'ة',
            (Some('ا'), Some('ى')) => 'ى',
            (Some('ؤ' | 'ئ'), Some('ء')) => 'ء',
            _ => return Cow::Borrowed(self.text),
        };
        // Plurals in ات keep their ت.
        if last == 'ة' && self.text.ends_with("ات") && !lemma.ends_with("اة") {
            return Cow::Borrowed(self.text);
        }
        let mut out = self.text.to_owned();
        out.pop();
        out.push(last);
        Cow::Owned(out)
    }
}

impl<'a> Token<'a> {
    /// Where it is.
    pub fn span(&self) -> Span {
        self.raw.span
    }

    /// Its letters as the text has them.
    pub fn text(&self) -> &'a str {
        self.raw.span.of(self.text)
    }

    /// What it is.
    pub fn kind(&self) -> TokenKind {
        self.raw.kind
    }

    /// Its normal form: no harakat, tatweel or invisible marks, one letter for its look-alikes, plain digits.
    pub fn norm(&self) -> &'a str {
        self.words.norm(self.raw.word)
    }

    /// Its index form: one for all inflected forms of a word, and for what means the same to a search engine, see
    /// [`Morphology::index_form`]. Of a token that is no Arabic word, the normal form.
    pub fn stem(&self) -> &'a str {
        self.words.index(self.raw.word)
    }

    /// Its dictionary form; of a word the morphology does not know, the base without inflection. A verb spelled like a
    /// noun ends in a fatha.
    pub fn lemma(&self) -> &'a str {
        self.words.stem(self.raw.word)
    }

    /// Its root, three or four letters, where the lexicon knows one.
    pub fn root(&self) -> Option<&'a str> {
        let lemma = self.words.get(self.raw.word)?.analysis.lemma?;
        Some(self.morphology.root(lemma)).filter(|r| !r.is_empty() && *r != "-")
    }

    /// Whether the morphology knows the word; strangers are left whole.
    pub fn is_known(&self) -> bool {
        self.words
            .get(self.raw.word)
            .is_some_and(|w| w.analysis.known)
    }

    /// Its part of speech.
    pub fn tag(&self) -> Tag {
        self.words
            .get(self.raw.word)
            .map_or(Tag::Unknown, |w| w.analysis.tag)
    }

    /// Clitics and base; the pieces tile the token.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'a>> + 'a {
        let text = self.text();
        let start = self.raw.span.start;
        let word = self.words.get(self.raw.word);
        let count = word.map_or(1, |w| w.analysis.segments.iter().count());
        let (words, id) = (self.words, self.raw.word);
        let mut cut = Cut::new(text);
        word.into_iter()
            .flat_map(|w| w.analysis.segments.iter())
            .enumerate()
            .map(move |(i, (kind, letters))| {
                let (from, to) = if i + 1 == count {
                    (cut.at, text.len())
                } else {
                    cut.next(letters)
                };
                cut.at = to;
                Segment {
                    kind,
                    span: Span::new(start + from as u32, start + to as u32),
                    text: text.get(from..to).unwrap_or(""),
                    words,
                    word: id,
                }
            })
            .filter(|s| !s.span.is_empty())
    }
}

/// Walks the surface form letter by letter of the normal form: marks belong to the letter before them, and a
/// presentation form of two letters is never cut.
struct Cut<'a> {
    text: &'a str,
    at: usize,
    /// Letters of an expanded form that the last piece took too many.
    ahead: usize,
}

impl<'a> Cut<'a> {
    fn new(text: &'a str) -> Self {
        Cut {
            text,
            at: 0,
            ahead: 0,
        }
    }

    fn next(&mut self, letters: usize) -> (usize, usize) {
        use crate::normalize::table::{INVISIBLE, MARK, class, expand_form};
        let from = self.at;
        let mut left = letters.saturating_sub(self.ahead);
        self.ahead = self.ahead.saturating_sub(letters);
        let mut at = from;
        for c in self.text.get(from..).unwrap_or("").chars() {
            let dropped = class(c) & (MARK | INVISIBLE) != 0;
            if !dropped && left == 0 {
                break;
            }
            at += c.len_utf8();
            if !dropped {
                let n = expand_form(c).map_or(1, |s| s.chars().count());
                self.ahead += n.saturating_sub(left);
                left = left.saturating_sub(n);
            }
        }
        (from, at)
    }
}
