//! What does not show in one lexicon and one text: how speed depends on the size of the lexicon, of the stream and of
//! the document, on hostile text, and what a lexicon costs to build.
//!
//! `cargo bench --bench scaling`; `-- --rounds N`, `-- --only WORD` (phrases, stream, document, hostile, build). Every
//! figure is a ratio of processor times within one round, the median of the rounds; behind it stands the aim.

#[path = "support/corpus.rs"]
mod corpus;
#[path = "../tests/support/hostile.rs"]
mod hostile;
#[path = "support/rounds.rs"]
mod rounds;

use std::hint::black_box;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use corpus::{Corpus, lexicon};
use rasd::{Lexicon, Scratch, Tagger};
use rounds::{Case, case, run};

struct Options {
    rounds: usize,
    only: String,
    /// Short texts: that it runs.
    test: bool,
}

impl Options {
    fn wants(&self, what: &str) -> bool {
        what.contains(&self.only)
    }

    fn bytes(&self, megabytes: usize) -> usize {
        if self.test { 1 << 16 } else { megabytes << 20 }
    }
}

fn main() {
    let mut options = Options {
        rounds: 7,
        only: String::new(),
        test: false,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--rounds" => options.rounds = args.next().and_then(|n| n.parse().ok()).unwrap_or(7),
            "--only" => options.only = args.next().unwrap_or_default(),
            // `cargo bench -- --test`.
            "--test" => (options.test, options.rounds) = (true, 1),
            _ => {}
        }
    }
    println!("{:<58} {:>7}  aim", "", "ratio");
    for (name, measure) in [
        ("phrases", phrases as fn(&Options)),
        ("stream", stream),
        ("document", document),
        ("hostile", hostile_text),
        ("build", build),
    ] {
        if options.wants(name) {
            measure(&options);
        }
    }
}

fn line(name: &str, ratio: f64, aim: &str) {
    println!("{name:<58} {ratio:>7.3}  {aim}");
}

fn tagger(phrases: &[String]) -> Tagger {
    let lexicon = Lexicon::from_toml("phrases.toml", &lexicon(phrases)).expect("made to be right");
    let mut builder = Tagger::builder();
    builder
        .lexicon(lexicon)
        .build()
        .expect("there are no examples")
}

/// Topics, entities and keywords of all texts.
fn tag(tagger: &Tagger, texts: &[&str], scratch: &mut Scratch) -> usize {
    let found = texts.iter().map(|text| {
        let a = tagger.analyze(black_box(text), scratch);
        a.topics().count() + a.entities().len() + a.keywords().count()
    });
    found.sum()
}

/// The same text with lexicons of different size.
fn phrases(options: &Options) {
    let sizes = [1_000, 20_000, 100_000];
    let corpus = Corpus::new(options.bytes(2), sizes[2]);
    let texts: Vec<&str> = corpus.articles.iter().map(String::as_str).collect();
    let taggers = sizes.map(|n| tagger(&corpus.phrases[..n]));
    let evidence = taggers.iter().map(|tagger| {
        let mut scratch = Scratch::new();
        let found = texts.iter().map(|t| {
            let a = tagger.analyze(t, &mut scratch);
            let topics = (0..a.stories().count()).flat_map(|story| a.topics_of(story));
            let phrases = topics.filter(|t| t.id == "phrases");
            phrases.map(|t| t.evidence().count()).sum::<usize>()
        });
        found.sum::<usize>()
    });
    let evidence: Vec<usize> = evidence.collect();
    // Phrases lie inside longer ones now and then, and commas stand inside them.
    assert!(evidence[2] > corpus.planted / 10 * 9, "{evidence:?}");
    assert!(evidence.is_sorted(), "{evidence:?}");
    let mut cases: Vec<Case<'_>> = taggers
        .iter()
        .map(|tagger| {
            let mut scratch = Scratch::new();
            let texts = &texts;
            case("", move || tag(tagger, texts, &mut scratch))
        })
        .collect();
    run(&mut cases, options.rounds);
    for (i, aim) in [(1, ""), (2, ">= 0.5")] {
        let name = format!(
            "speed with {} phrases / with {} ({} and {} found)",
            sizes[i], sizes[0], evidence[i], evidence[0]
        );
        line(&name, cases[i].speed_to(&cases[0]), aim);
    }
}

/// A stream of 64 MB beside one of 1 MB.
fn stream(options: &Options) {
    let corpus = Corpus::new(options.bytes(64), corpus::PHRASES);
    let texts: Vec<&str> = corpus.articles.iter().map(String::as_str).collect();
    let mut size = 0;
    let short = texts.partition_point(|t| {
        size += t.len();
        size <= options.bytes(1)
    });
    let short = &texts[..short];
    let bytes = |texts: &[&str]| texts.iter().map(|t| t.len()).sum::<usize>() as f64;
    let tagger = Tagger::new();
    let (mut one, mut other) = (Scratch::new(), Scratch::new());
    let mut cases = [
        case("", || tag(&tagger, short, &mut one)),
        case("", || tag(&tagger, &texts, &mut other)),
    ];
    run(&mut cases, options.rounds);
    let ratio = bytes(short) / bytes(&texts) / cases[1].speed_to(&cases[0]);
    line("cost per byte, 64 MB / 1 MB", ratio, "<= 1.05");
}

/// One huge document beside its pieces.
fn document(options: &Options) {
    let corpus = Corpus::new(options.bytes(4), corpus::PHRASES);
    let texts: Vec<&str> = corpus.articles.iter().map(String::as_str).collect();
    let huge = texts.join("\n\n");
    let paragraphs: Vec<&str> = texts.iter().flat_map(|t| t.lines()).collect();
    let tagger = Tagger::new();
    let mut scratches = [Scratch::new(), Scratch::new(), Scratch::new()];
    let [one, two, three] = &mut scratches;
    let mut cases = [
        case("", || tag(&tagger, &texts, one)),
        case("", || tag(&tagger, &[&huge], two)),
        case("", || tag(&tagger, &paragraphs, three)),
    ];
    run(&mut cases, options.rounds);
    let name = "cost, one document of 4 MB / its articles";
    line(name, 1.0 / cases[1].speed_to(&cases[0]), "<= 1.2");
    let name = format!("cost, its {} paragraphs / its articles", paragraphs.len());
    line(&name, 1.0 / cases[2].speed_to(&cases[0]), "<= 1.2");
}

/// A megabyte of each kind of text nobody would write, beside news.
fn hostile_text(options: &Options) {
    let corpus = Corpus::new(options.bytes(1), corpus::PHRASES);
    let texts: Vec<&str> = corpus.articles.iter().map(String::as_str).collect();
    let size = corpus.bytes();
    let tagger = Tagger::new();
    let mut news = Scratch::new();
    let mut cases = vec![case("news", || tag(&tagger, &texts, &mut news))];
    for &(name, unit) in hostile::CLASSES {
        let text = unit.repeat(size / unit.len());
        let (tagger, mut scratch) = (&tagger, Scratch::new());
        cases.push(case(name, move || tag(tagger, &[&text], &mut scratch)));
    }
    run(&mut cases, options.rounds);
    let (news, classes) = cases.split_first().expect("news is one");
    let mut speeds: Vec<(f64, &str)> = classes
        .iter()
        .map(|c| (c.speed_to(news), c.name.as_str()))
        .collect();
    speeds.sort_by(|a, b| a.0.total_cmp(&b.0));
    for &(speed, name) in speeds.iter().take(5) {
        let name = format!("speed on 1 MB of {name:?} / on news");
        line(&name, speed, ">= 0.33");
    }
}

/// Lexicons of different size from their files, beside the automaton over the same phrases.
fn build(options: &Options) {
    for (n, aim) in [(1_000, "<= 0.5"), (20_000, "<= 0.5"), (100_000, "<= 0.5")] {
        let phrases = Corpus::new(0, n).phrases;
        let file = lexicon(&phrases);
        let read = || Lexicon::from_toml("phrases.toml", &file).expect("made to be right");
        let mut builder = Tagger::builder();
        builder.lexicon(read());
        let mut cases = [
            case("", || {
                let automaton = AhoCorasick::builder()
                    .kind(Some(AhoCorasickKind::ContiguousNFA))
                    .match_kind(MatchKind::Standard)
                    .build(&phrases);
                automaton.expect("is small enough").patterns_len()
            }),
            case("", || {
                let tagger = builder.build().expect("there are no examples");
                tagger.lexicons().len()
            }),
            case("", || read().terms().len()),
        ];
        run(&mut cases, options.rounds);
        let [automaton, built, read] = &cases;
        let name = format!("build of {n} phrases / of the automaton");
        line(&name, 1.0 / built.speed_to(automaton), aim);
        let name = "reading their file / build of the automaton";
        line(name, 1.0 / read.speed_to(automaton), "");
    }
}
