//! rasd reads Arabic news and says what it is about.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod calendar;
mod normalize;
pub mod page;
mod span;
mod token;

pub use normalize::{Normalized, Normalizer, OffsetMap};
pub use span::Span;
pub use token::TokenKind;
