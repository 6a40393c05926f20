//! A slow, obvious matcher; the fast one must find the same over random lexicons and random texts made of their terms.
//!
//! `RASD_LONG=1 cargo test --release --test oracle` reads a hundred thousand documents.
#![cfg(feature = "embedded")]

mod obvious;

use obvious::{Case, Choice};
use rasd::Scratch;

/// A sequence of numbers that is the same on every machine.
struct Dice(u64);

impl Choice for Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

#[test]
fn the_fast_matcher_finds_what_the_obvious_one_finds() {
    let (lexicons, texts) = match (std::env::var_os("RASD_LONG"), cfg!(debug_assertions)) {
        (Some(_), _) => (2000, 50),
        (None, true) => (120, 40),
        (None, false) => (200, 50),
    };
    let mut dice = Dice(20_241_020);
    let mut scratch = Scratch::new();
    let (mut found_any, mut blocked) = (0usize, 0usize);
    for _ in 0..lexicons {
        let case = Case::new(&mut dice);
        for _ in 0..texts {
            let text = case.text(&mut dice);
            let (found, blocks) = case.check(&text, &mut scratch);
            found_any += usize::from(found > 0);
            blocked += blocks;
        }
    }
    // The dice are thrown well: most texts hold terms, and blocks are met.
    assert!(found_any * 2 > lexicons * texts, "{found_any}");
    assert!(blocked > lexicons, "{blocked}");
}
