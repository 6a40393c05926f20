//! rasd reads Arabic news and says what it is about.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod normalize;
mod span;
mod token;

pub use normalize::{Normalized, Normalizer, OffsetMap};
pub use span::Span;
pub use token::TokenKind;
