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

/// A text of a thousand words that stand in no text of another number, two hundred of them twice: a table of 90,000 words
/// is full after ninety.
fn of_new_words(number: usize) -> String {
    let letters: Vec<char> = "بتثجحخدذرزسشصضطظعغفقكلمنهوي".chars().collect();
    let word = |mut n: usize| {
        let mut out = String::from("ق");
        while n > 0 {
            out.push(letters[n % letters.len()]);
            n /= letters.len();
        }
        out
    };
    let first = number * 1000;
    let all = (first..first + 1000).chain(first..first + 200);
    all.map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn fewer_words_take_less_memory_and_change_no_result() {
    let mut texts = pages();
    texts.extend((0..20).map(of_new_words));
    let tagger = Tagger::new();
    let mut scratches = [
        Scratch::new(),
        Scratch::with_words(500),
        Scratch::with_words(0),
    ];
    let mut most = [0; 3];
    for text in texts.iter().chain(&texts) {
        let mut reports = scratches.iter_mut().zip(&mut most).map(|(scratch, most)| {
            let report = tagger.analyze(text, scratch).to_report();
            *most = scratch.memory_usage().max(*most);
            report
        });
        let first = reports.next().unwrap();
        assert!(reports.all(|report| report == first), "{text}");
    }
    let [all, some, none] = most;
    assert!(some < all / 2 && none < all / 2, "{most:?}");
}

/// A stream of ever new words: those met once are forgotten again and again, and that too allocates nothing once warm.
#[test]
fn forgetting_words_allocates_nothing() {
    let tokenizer = Tokenizer::new();
    let mut scratch = TokenScratch::new();
    let texts: Vec<String> = (0..400).map(of_new_words).collect();
    let mut read = |texts: &[String]| {
        for text in texts {
            assert_eq!(tokenizer.tokenize(text, &mut scratch).len(), 1200);
        }
    };
    let (first, rest) = texts.split_at(200);
    read(first);
    let before = count();
    read(rest);
    assert_eq!(count() - before, 0);
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

/// The k of `rasd::guide::reliability`: bytes of memory a byte of text at the very worst. The worst text that was found
/// takes 331 («مهاجر» again and again, 200 kB: a hit and a name for the keywords each time); short Latin words that all
/// differ take 305, and took 440 before the candidates for keywords were counted otherwise.
const BYTES_A_BYTE: usize = 480;
/// And what is there whatever the text is.
const FIXED: usize = 2 << 20;

/// What is repeated: many tokens, many sentences, many lines, many hits, many names, many figures in few bytes.
const UNITS: &[&str] = &[
    "ا ",
    "ب\n",
    "a ",
    ".",
    ". ",
    "a.",
    "a-",
    "1,",
    "1 ",
    "1-",
    "1.\n",
    "؟",
    "!",
    "! ",
    "#ا ",
    "#a",
    "@a ",
    "\n",
    "خ\n",
    "خ.\n",
    "\"",
    "(",
    "«",
    "👩",
    "=",
    "ً",
    "ﷲ",
    "ﷺ",
    "الهجرة غير الشرعية ",
    "غرق قارب مهاجرين ",
    "مهاجر ",
    "مهاجر\n",
    "هجرة سرية. ",
    "محمد بن ",
    "محمد\n",
    "تونس ",
    "تونس،",
    "مصر ",
    "مصر\n",
    "اللجنة الوطنية ",
    "القاهرة وتونس ",
    "أمس ",
    "أمس،",
    "3 % ",
    "5%",
    "5 م ",
    "٪5",
    "20 يوما ",
    "مئة ",
    "المادة 1 ",
    "المادة 1،",
    "1/1/20 ",
    "المصدر:\n",
    "إقرأ أيضاً:\nعنوان\n",
    "20 أكتوبر 2024 ",
];

/// Texts of words that differ: the table of words grows, and with it what is kept of each.
const DISTINCT: &[(&str, &str)] = &[
    ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", " "),
    ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", ". "),
    ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "\n"),
    ("abcdefghijklmnopqrstuvwxyz", " "),
    ("abcdefghijklmnopqrstuvwxyz", "."),
    ("abcdefghijklmnopqrstuvwxyz", "-"),
    ("0123456789", " "),
    ("0123456789", "-"),
    ("0123456789", "%"),
    ("0123456789", "\n"),
];

/// Words in random order: all pairs and triples of them differ, and each may be a keyword.
const SHUFFLED: &[&str] = &[
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "ab cd ef gh ij kl mn op qr st uv wx yz ba dc fe hg ji lk nm po rq ts vu xw zy",
    "دم مال بلد أمن نار سلم حرب نفط غاز ذهب قمح ماء شعب حزب وزير بحر نهر جبل خبر قصر باب بيت ثمن سوق مصر قطر",
    "مهاجر مهاجرون مهرب مهربون قارب قوارب هجرة تهريب شرطة سرقة عصابة مخدرات سلاح",
    "محمد أحمد علي حسن عمر خالد سعيد مصر تونس ليبيا قطر بن أبو",
];

const KINDS: usize = UNITS.len() + DISTINCT.len() + SHUFFLED.len();

/// `kind` below `UNITS.len()` repeats a unit, above it counts through words or shuffles them.
fn costly(kind: usize, bytes: usize) -> (String, String) {
    if let Some(unit) = UNITS.get(kind) {
        return (format!("{unit:?}"), unit.repeat(bytes / unit.len()));
    }
    if let Some(words) = kind
        .checked_sub(UNITS.len() + DISTINCT.len())
        .and_then(|k| SHUFFLED.get(k))
    {
        let list: Vec<&str> = words.split(' ').collect();
        let (mut text, mut state) = (String::new(), 7u64);
        while text.len() < bytes {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(list[(state >> 33) as usize % list.len()]);
            text.push(' ');
        }
        return (format!("shuffled {words}"), text);
    }
    let (letters, gap) = DISTINCT[kind - UNITS.len()];
    let letters: Vec<char> = letters.chars().collect();
    let mut text = String::new();
    let mut n = 0usize;
    while text.len() < bytes {
        let mut k = n;
        loop {
            text.push(letters[k % letters.len()]);
            k /= letters.len();
            if k == 0 {
                break;
            }
        }
        text.push_str(gap);
        n += 1;
    }
    (format!("distinct words of {letters:?} and {gap:?}"), text)
}

/// The most bytes that are in use while a fresh scratch reads `text`.
fn peak(tagger: &Tagger, text: &str) -> usize {
    let before = LIVE.with(Cell::get);
    PEAK.with(|p| p.set(before));
    let mut scratch = Scratch::new();
    let a = tagger.analyze(text, &mut scratch);
    std::hint::black_box(a.topics().count() + a.entities().len() + a.keywords().count());
    let peak = PEAK.with(Cell::get) - before;
    drop(scratch);
    assert!(
        LIVE.with(Cell::get) - before < 10_000,
        "memory was left behind"
    );
    peak as usize
}

/// Buffers double, so where between two doublings a text ends makes a difference of two.
fn memory_of(kinds: &[usize], sizes: &[usize]) {
    let tagger = Tagger::new();
    let _ = tagger.tag("الهجرة غير الشرعية");
    let mut worst = Vec::new();
    for &bytes in sizes {
        for &kind in kinds {
            let (name, text) = costly(kind, bytes);
            let peak = peak(&tagger, &text);
            let over = peak.saturating_sub(FIXED) as f64 / text.len() as f64;
            worst.push((
                over,
                peak as f64 / text.len() as f64,
                text.len(),
                kind,
                name,
            ));
        }
    }
    let news = pages().concat();
    println!(
        "news: {:.1} bytes a byte",
        peak(&tagger, &news) as f64 / news.len() as f64
    );
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (over, all, bytes, kind, name) in worst.iter().take(40) {
        println!("{over:.1} ({all:.1} with what is fixed) bytes a byte of {bytes}: {kind} {name}");
    }
    let (over, .., name) = &worst[0];
    assert!(*over < BYTES_A_BYTE as f64, "{name}: {over:.1}");
}

#[test]
fn memory_is_bounded_by_the_text() {
    let first = std::env::var("RASD_KIND").ok().and_then(|k| k.parse().ok());
    let kinds: Vec<usize> = (first.unwrap_or(0)..KINDS).collect();
    let sizes: &[usize] = if cfg!(debug_assertions) {
        &[60_000]
    } else {
        &[1_000_000]
    };
    memory_of(&kinds, sizes);
}

/// All of them at many sizes, `RASD_KIND=58` those from number 58 on:
/// `cargo test --release --test alloc -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes"]
fn memory_is_bounded_at_every_size() {
    let first = std::env::var("RASD_KIND").ok().and_then(|k| k.parse().ok());
    let kinds: Vec<usize> = (first.unwrap_or(0)..KINDS).collect();
    memory_of(
        &kinds,
        &[
            20_000, 30_000, 38_000, 48_000, 60_000, 75_000, 100_000, 140_000, 200_000, 300_000,
            530_000, 1_060_000,
        ],
    );
}
