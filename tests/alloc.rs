//! Once warm, `analyze` allocates nothing: counted by an allocator of its own, so this file is its own binary.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use rasd::{Scratch, Tagger, TokenScratch, Tokenizer};

struct Counting;

thread_local! {
    /// Blocks of this thread: the other test and the harness count for themselves.
    static COUNT: Cell<usize> = const { Cell::new(0) };
    /// Bytes in use, and the most there ever were.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count() -> usize {
    COUNT.with(Cell::get)
}

fn used(bytes: isize) {
    LIVE.with(|live| {
        live.set(live.get() + bytes);
        PEAK.with(|peak| peak.set(peak.get().max(live.get())));
    });
}

// The crate forbids unsafe code; a test may not do without it here: an allocator is unsafe by its signature.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|c| c.set(c.get() + 1));
        used(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        used(-(layout.size() as isize));
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.with(|c| c.set(c.get() + 1));
        // Old and new may both be there while the bytes are copied.
        used(size as isize);
        let new = unsafe { System.realloc(ptr, layout, size) };
        used(-(layout.size() as isize));
        new
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

/// The k of `rasd::guide::reliability`: bytes of memory a byte of text at the very worst.
const BYTES_A_BYTE: usize = 240;
/// And what is there whatever the text is.
const FIXED: usize = 2 << 20;

#[test]
fn memory_is_bounded_by_the_text() {
    let tagger = Tagger::new();
    let _ = tagger.tag("الهجرة غير الشرعية");
    let bytes = if cfg!(debug_assertions) {
        50_000
    } else {
        1_000_000
    };
    let mut worst = Vec::new();
    for unit in [
        "ا ",
        ". ",
        "a.",
        "1,",
        "؟",
        "#ا ",
        "\n",
        "خ\n",
        "\"",
        "👩",
        "ً",
        "ﷲ",
        "ﷺ",
        "الهجرة غير الشرعية ",
        "غرق قارب مهاجرين ",
        "محمد بن ",
        "اللجنة الوطنية ",
        "القاهرة وتونس ",
        "المصدر:\n",
        "إقرأ أيضاً:\nعنوان\n",
        "20 أكتوبر 2024 ",
    ] {
        let text = unit.repeat(bytes / unit.len());
        let before = LIVE.with(Cell::get);
        PEAK.with(|p| p.set(before));
        let mut scratch = Scratch::new();
        let a = tagger.analyze(&text, &mut scratch);
        std::hint::black_box(a.topics().count());
        let peak = PEAK.with(Cell::get) - before;
        drop(scratch);
        worst.push((peak as usize, unit));
        assert!(
            LIVE.with(Cell::get) - before < 10_000,
            "{unit:?} left memory behind"
        );
    }
    // Different words: the word table grows.
    let letters: Vec<char> = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي".chars().collect();
    let mut text = String::new();
    let mut n = 0usize;
    while text.len() < bytes {
        let mut k = n;
        for _ in 0..4 {
            text.push(letters[k % letters.len()]);
            k /= letters.len();
        }
        text.push(' ');
        n += 1;
    }
    let before = LIVE.with(Cell::get);
    PEAK.with(|p| p.set(before));
    let mut scratch = Scratch::new();
    std::hint::black_box(tagger.analyze(&text, &mut scratch).topics().count());
    worst.push(((PEAK.with(Cell::get) - before) as usize, "distinct words"));
    let news = pages().concat();
    let before = LIVE.with(Cell::get);
    PEAK.with(|p| p.set(before));
    let mut scratch = Scratch::new();
    std::hint::black_box(tagger.analyze(&news, &mut scratch).topics().count());
    let peak = (PEAK.with(Cell::get) - before) as usize;
    println!("news: {:.1} bytes a byte", peak as f64 / news.len() as f64);
    worst.sort();
    for (peak, unit) in worst.iter().rev().take(5) {
        println!("{unit:?}: {:.1} bytes a byte", *peak as f64 / bytes as f64);
    }
    let (peak, unit) = worst[worst.len() - 1];
    assert!(
        peak < BYTES_A_BYTE * bytes + FIXED,
        "{unit:?}: {peak} for {bytes}"
    );
}
