//! Tokens: words, numbers, punctuation, addresses; spans of the original text and nothing else.

pub(crate) mod scan;
pub(crate) mod sentence;
mod shape;

use crate::span::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum TokenKind {
    /// Letters of one script, with their marks, tatweel and joiners.
    Word,
    /// Digits of any script with their decimal and thousands signs.
    Number,
    /// One punctuation character.
    Punctuation,
    /// Any other visible character; an emoji sequence is one.
    Symbol,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// `#` and the word behind it, underscores included.
    Hashtag,
    /// `@` and a user name.
    Mention,
}

impl TokenKind {
    /// The name in reports: `word`, `number` ...
    pub const fn as_str(self) -> &'static str {
        match self {
            TokenKind::Word => "word",
            TokenKind::Number => "number",
            TokenKind::Punctuation => "punctuation",
            TokenKind::Symbol => "symbol",
            TokenKind::Url => "url",
            TokenKind::Email => "email",
            TokenKind::Hashtag => "hashtag",
            TokenKind::Mention => "mention",
        }
    }
}

/// A token as the scanner leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RawToken {
    pub span: Span,
    /// Index of the word in the scratch's word table; set by the analysis.
    pub word: u32,
    pub kind: TokenKind,
    pub flags: u8,
}

impl RawToken {
    /// The normal form differs from the text.
    pub const FOLDED: u8 = 1;
    /// A word in Arabic script.
    pub const ARABIC: u8 = 2;
    /// White space (or the start of the text) stands before it.
    pub const SPACE_BEFORE: u8 = 4;
    /// A line break (or the start of the text) stands before it.
    pub const LINE_BEFORE: u8 = 8;
    /// A word of plain Arabic letters and nothing else, see [`scan::plain_run`]; some that are have it not.
    pub const PLAIN: u8 = 16;

    pub const fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub const fn is_arabic(&self) -> bool {
        matches!(self.kind, TokenKind::Word) && self.is(RawToken::ARABIC)
    }
}
