//! Once warm, `analyze` allocates nothing: counted by an allocator of its own, so this file is its own binary.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use rasd::{Scratch, Tagger, TokenScratch, Tokenizer};

struct Counting;

thread_local! {
    /// Blocks of this thread: the other test and the harness count for themselves.
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn count() -> usize {
    COUNT.with(Cell::get)
}

// The crate forbids unsafe code; a test may not do without it here: an allocator is unsafe by its signature.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|c| c.set(c.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.with(|c| c.set(c.get() + 1));
        unsafe { System.realloc(ptr, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// All pages written for the tests.
fn pages() -> Vec<String> {
    let mut paths: Vec<_> = std::fs::read_dir("tests/data/pages")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 12);
    paths
        .iter()
        .map(|p| std::fs::read_to_string(p).unwrap())
        .collect()
}

#[test]
fn warm_analyze_allocates_nothing() {
    let pages = pages();
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let mut run = || -> usize {
        pages
            .iter()
            .map(|p| {
                let a = tagger.analyze(p, &mut scratch);
                a.topics().count() + a.entities().len() + a.keywords().count() + a.tokens().len()
            })
            .sum()
    };
    let first = run();
    run();
    let before = count();
    let again = run();
    let allocated = count() - before;
    assert_eq!(first, again);
    assert_eq!(allocated, 0, "blocks for {} pages", pages.len());
}

#[test]
fn warm_tokenize_allocates_nothing() {
    let pages = pages();
    let tokenizer = Tokenizer::new();
    let mut scratch = TokenScratch::new();
    let mut run = || -> usize {
        pages
            .iter()
            .map(|p| {
                let tokens = tokenizer.tokenize(p, &mut scratch);
                tokens
                    .iter()
                    .map(|t| t.stem().len() + t.segments().count())
                    .sum::<usize>()
            })
            .sum()
    };
    run();
    let before = count();
    run();
    assert_eq!(count() - before, 0);
}
