//! Guides: how things are done and why.

#[doc = include_str!("guide/design.md")]
pub mod design {}

#[doc = include_str!("guide/accuracy.md")]
pub mod accuracy {}

#[doc = include_str!("guide/lexicons.md")]
pub mod lexicons {}

#[doc = include_str!("guide/performance.md")]
pub mod performance {}

#[doc = include_str!("guide/reliability.md")]
pub mod reliability {}

#[doc = include_str!("guide/security.md")]
pub mod security {}

#[doc = include_str!("guide/keywords.md")]
pub mod keywords {}
