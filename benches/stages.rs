//! Every stage by itself, megabytes of text a second: `cargo bench --bench stages`.
//!
//! Each group begins with `std::str::from_utf8` or what else one would use for that stage: absolute figures change from
//! machine to machine and from minute to minute, their ratios do not. Everything found is counted and the count is
//! checked, so that no stage can get fast by finding less.

#[path = "support/corpus.rs"]
mod corpus;

use std::hint::black_box;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use corpus::Corpus;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use rasd::{
    Lexicon, Normalized, Normalizer, Scratch, StemLevel, Stemmer, Tagger, TokenKind, TokenScratch,
    Tokenizer,
};
use unicode_segmentation::UnicodeSegmentation;

type Group<'a> = BenchmarkGroup<'a, criterion::measurement::WallTime>;

/// A case: a run over one article that counts something. Every pass must count the same, and as `right` says.
fn case(
    group: &mut Group<'_>,
    name: &str,
    articles: &[String],
    right: impl Fn(usize) -> bool,
    mut run: impl FnMut(&str) -> usize,
) {
    let mut pass = || articles.iter().map(|a| run(black_box(a))).sum::<usize>();
    let count = pass();
    assert!(right(count), "{name}: {count} found");
    group.bench_function(name, |b| {
        b.iter(|| assert_eq!(pass(), count, "{name}"));
    });
}

fn anchor(group: &mut Group<'_>, articles: &[String]) {
    let bytes: usize = articles.iter().map(String::len).sum();
    case(
        group,
        "std::str::from_utf8",
        articles,
        |n| n == bytes,
        |a| std::str::from_utf8(a.as_bytes()).map_or(0, str::len),
    );
}

fn stages(c: &mut Criterion) {
    let corpus = if std::env::args().any(|a| a == "--test") {
        Corpus::new(1 << 18, corpus::PHRASES)
    } else {
        Corpus::standard()
    };
    let articles = &corpus.articles[..];
    let bytes = corpus.bytes();
    // Runs of letters as the generator made them: a stage that counts words must come close.
    let words: usize = articles.iter().map(|a| a.split_whitespace().count()).sum();
    let about = |n: usize| n > words * 9 / 10 && n < words * 11 / 10;
    let tagger = Tagger::new();
    let lexicon = Lexicon::from_toml("phrases.toml", &corpus.lexicon()).expect("made to be right");
    let large = Tagger::builder()
        .lexicon(lexicon)
        .build()
        .expect("has no examples");

    let group = |c: &mut Criterion, name: &str, run: &mut dyn FnMut(&mut Group<'_>)| {
        let mut group = c.benchmark_group(name);
        group
            .throughput(Throughput::Bytes(bytes as u64))
            .sample_size(10);
        run(&mut group);
        group.finish();
    };
    group(c, "decode", &mut |g| {
        anchor(g, articles);
        case(
            g,
            "chars",
            articles,
            |n| n > bytes / 2,
            |a| a.chars().count(),
        );
    });
    group(c, "normalize", &mut |g| {
        anchor(g, articles);
        let mut out = Normalized::default();
        let normalizer = Normalizer::new();
        case(
            g,
            "normal form and offsets",
            articles,
            |n| n > bytes * 9 / 10,
            |a| {
                normalizer.normalize_into(a, &mut out);
                out.as_str().len()
            },
        );
    });
    group(c, "tokenize", &mut |g| {
        anchor(g, articles);
        case(g, "unicode-segmentation: words", articles, about, |a| {
            a.unicode_words().count()
        });
        let tokenizer = Tokenizer::new();
        let mut scratch = TokenScratch::new();
        case(g, "spans and kinds", articles, about, |a| {
            let tokens = tokenizer.spans(a, &mut scratch);
            tokens
                .filter(|t| matches!(t.1, TokenKind::Word | TokenKind::Number))
                .count()
        });
        case(
            g,
            "span, norm, stem",
            articles,
            |n| n > bytes,
            |a| {
                let tokens = tokenizer.tokenize(a, &mut scratch);
                tokens
                    .iter()
                    .map(|t| t.span().len() + t.norm().len() + t.stem().len())
                    .sum()
            },
        );
        case(
            g,
            "clitics and base",
            articles,
            |n| n > words,
            |a| {
                tokenizer
                    .tokenize(a, &mut scratch)
                    .iter()
                    .map(|t| t.segments().count())
                    .sum()
            },
        );
    });
    // The words alone, ready in memory: what a stemmer costs without a tokenizer.
    let list: Vec<String> = articles
        .iter()
        .flat_map(|a| a.unicode_words())
        .map(str::to_owned)
        .collect();
    let letters: usize = list.iter().map(String::len).sum();
    let mut g = c.benchmark_group("stem of a ready word list");
    g.throughput(Throughput::Bytes(letters as u64))
        .sample_size(10);
    // Index forms are shorter than the words, and no word has none.
    let stems = |n: usize| n > letters / 2 && n < letters;
    let peer = rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::Arabic);
    case(&mut g, "rust-stemmers", &list, stems, |w| {
        peer.stem(w).len()
    });
    for (name, level) in [
        ("rasd: index form", StemLevel::Index),
        ("rasd: dictionary form", StemLevel::Lemma),
        ("rasd: base as written", StemLevel::Light),
        ("rasd: root", StemLevel::Root),
    ] {
        let own = Stemmer::new().level(level);
        case(&mut g, name, &list, stems, |w| own.stem(w).len());
    }
    g.finish();
    group(c, "analyze", &mut |g| {
        anchor(g, articles);
        let mut scratch = Scratch::new();
        case(g, "analyze", articles, about, |a| {
            let analysis = tagger.analyze(a, &mut scratch);
            analysis
                .tokens()
                .iter()
                .filter(|t| matches!(t.kind(), TokenKind::Word | TokenKind::Number))
                .count()
        });
    });
    group(c, "match", &mut |g| {
        anchor(g, articles);
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&corpus.phrases)
            .expect("20,000 phrases fit");
        let planted = corpus.planted;
        case(
            g,
            "aho-corasick, search only",
            articles,
            |n| n >= planted,
            |a| automaton.find_overlapping_iter(a).count(),
        );
        let mut scratch = Scratch::new();
        // Every planted phrase is found, unless it lies within a longer one.
        case(
            g,
            "analyze with the phrases",
            articles,
            |n| n >= planted * 9 / 10,
            |a| {
                let analysis = large.analyze(a, &mut scratch);
                let topic = analysis.topics_of(0).find(|t| t.id == "phrases");
                topic.map_or(0, |t| t.evidence().len())
            },
        );
    });
    group(c, "tag", &mut |g| {
        anchor(g, articles);
        case(
            g,
            "tag, owned report",
            articles,
            |n| n >= articles.len(),
            |a| tagger.tag(a).keywords.len() + 1,
        );
    });
}

criterion_group!(benches, stages);
criterion_main!(benches);
