//! rasd reads Arabic news and says what it is about.
#![forbid(unsafe_code)]
#![warn(missing_docs)]


