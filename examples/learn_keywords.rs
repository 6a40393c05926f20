//! Learns `lexicons/keywords/weights.txt` from annotated articles.
//!
//! `cargo run --release --example learn_keywords -- OUTPUT ANNOTATED.tsv NEWS.jsonl`
//! reads the keywords in `ANNOTATED.tsv` (`lexicons/keywords/annotated.tsv`: number of an article, then `GAIN@BYTE KEYWORD`
//! after `GAIN@BYTE KEYWORD`) and the articles in `NEWS.jsonl` (`{"id": ..., "text": ...}`, a line each; those that are not
//! annotated are passed over). Logistic regression with a quadratic penalty, solved by Newton's method: the same input
//! gives the same file. Every weight has a slope: what a feature is worth changes with the length of the story. The third
//! column is a model of few features that only picks the candidates to look at closely; it learns to find the best fifteen
//! of the whole model. Prints how well five-fold cross-validation finds the annotated phrases.
//!
//! With `--groups` or `--features` for OUTPUT it writes nothing and prints what each group of features, or each feature, is
//! worth: the change of that figure when it is left out.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;

use rasd::{KeywordLab, Tagger};

/// Strength of the penalty on weights and on slopes, in units of the features' standard deviations.
const PENALTY: f64 = 150.0;
const SLOPE_PENALTY: f64 = 1500.0;
const FOLDS: usize = 5;
const STEPS: usize = 12;
/// The first look is to find so many of the best of the whole model.
const BEST: usize = 15;
/// Set by hand, their slopes are 0. News has hardly any headings to learn from. Whoever annotates these articles reads them
/// to the end; other readers tire, and take what is said early rather than what is said often.
const FIXED: [(&str, f64); 6] = [
    ("line", 4.0),
    ("line_one", 3.0),
    ("entry", 6.0),
    ("late", -2.0),
    ("late_log", -0.2),
    ("often", -0.3),
];

struct Article {
    /// Features and slopes, candidate after candidate.
    x: Vec<f32>,
    /// Gain of each candidate, 0 where it was not annotated.
    gains: Vec<f64>,
    phrases: usize,
}

/// A key phrase and how much it matters.
type Mark = (String, f64);

/// Reads the annotation: the keywords of each article.
fn read_marks(path: &str) -> Result<BTreeMap<String, Vec<Mark>>, Box<dyn std::error::Error>> {
    let mut out = BTreeMap::new();
    for (number, line) in std::fs::read_to_string(path)?.lines().enumerate() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let mut fields = line.split('\t');
        let id = fields.next().unwrap_or_default();
        let marks: Option<Vec<Mark>> = fields
            .map(|field| {
                let (place, phrase) = field.split_once(' ')?;
                let gain = place.split('@').next()?.parse().ok()?;
                Some((phrase.to_owned(), gain))
            })
            .collect();
        let marks =
            marks.ok_or_else(|| format!("{path}, line {}: GAIN@BYTE KEYWORD", number + 1))?;
        out.insert(id.to_owned(), marks);
    }
    Ok(out)
}

/// Reads the annotated articles, in the order of their numbers.
fn read(
    marks: &BTreeMap<String, Vec<Mark>>,
    path: &str,
    lab: &mut KeywordLab,
) -> Result<Vec<Article>, Box<dyn std::error::Error>> {
    let mut out = BTreeMap::new();
    for line in BufReader::new(File::open(path)?).lines() {
        let object: serde_json::Value = serde_json::from_str(&line?)?;
        let id = object["id"].as_str().unwrap_or("");
        let Some(marks) = marks.get(id) else {
            continue;
        };
        let mut gold: BTreeMap<u64, f64> = BTreeMap::new();
        for (phrase, gain) in marks {
            if let Some(key) = lab.key(phrase) {
                gold.insert(key, *gain);
            }
        }
        let mut article = Article {
            x: Vec::new(),
            gains: Vec::new(),
            phrases: gold.len(),
        };
        lab.candidates(object["text"].as_str().unwrap_or(""), |c| {
            article.gains.push(gold.get(&c.key).copied().unwrap_or(0.0));
            article.x.extend(c.features);
            article.x.extend(c.features.iter().map(|x| x * c.long));
        });
        out.insert(id.to_owned(), article);
    }
    if let Some(id) = marks.keys().find(|id| !out.contains_key(*id)) {
        return Err(format!("{path} lacks article {id}").into());
    }
    Ok(out.into_values().collect())
}

fn dot(a: &[f64], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * f64::from(*b)).sum()
}

/// Features that say the same sort of thing.
const GROUPS: [(&str, &str); 12] = [
    (
        "how often",
        "times share_1 share_2 share_3 once times_idf times_dense times_1 times_2 times_3 sentences named_times \
         idf_times_word often",
    ),
    (
        "how rare the words",
        "idf idf_least idf_most idf_last times_idf word_times_idf one_idf idf_times_word burst title_rate",
    ),
    ("how usual the pair", "pair pair_new cohesion"),
    (
        "where",
        "title lead early place_first late late_log spread one_title words_2_title word_in_title",
    ),
    (
        "how often its words",
        "word_times word_times_least word_times_idf word_in_title idf_times_word",
    ),
    (
        "nesting",
        "within within_whole within_kinds covers_prefix covers_suffix covers_all",
    ),
    (
        "entities",
        "person location organization entity_not named_once named_times",
    ),
    (
        "classes of a word alone",
        "one_name one_place one_body one_unknown one_noun one_adjective one_nisba one_generic one_plural",
    ),
    (
        "classes in a phrase",
        "proper some_name some_place some_body some_unknown head_adjective head_nisba head_generic head_proper \
         head_article tail_article tail_adjective tail_generic tail_accusative tail_proper tail_nisba preposition \
         linked foreign kin negated apposed disagree",
    ),
    (
        "cut out of a phrase",
        "left right in_name adjective open goes_not goes_prep",
    ),
    ("form and quotation marks", "unclean quoted"),
    ("headings", "line line_one entry"),
];

/// Weights, then slopes.
fn learn(articles: &[&Article], n: usize, without: &str) -> Vec<f64> {
    let names = KeywordLab::names();
    // Kept out of the sums; their weights stand in `FIXED`.
    let free: Vec<bool> = (0..2 * n)
        .map(|i| {
            let name = names[i % n];
            FIXED.iter().all(|f| f.0 != name) && without.split_whitespace().all(|w| w != name)
        })
        .collect();
    let mut w = fit(articles, n, &free);
    for (name, weight) in FIXED {
        if without.split_whitespace().any(|w| w == name) {
            continue;
        }
        if let Some(i) = names.iter().position(|n| *n == name) {
            w[i] = weight;
        }
    }
    w
}

/// Weights of the first look: what tells the candidates that the whole model likes best.
fn learn_first(articles: &[&Article], n: usize, whole: &[f64]) -> Vec<f64> {
    let mut free = vec![false; 2 * n];
    KeywordLab::first().for_each(|i| free[i] = true);
    KeywordLab::first_slopes().for_each(|i| free[n + i] = true);
    let bests: Vec<Vec<f64>> = articles
        .iter()
        .map(|a| {
            let scores: Vec<f64> = a.x.chunks_exact(2 * n).map(|x| dot(whole, x)).collect();
            let mut sorted = scores.clone();
            sorted.sort_by(|a, b| b.total_cmp(a));
            let least = sorted.get(BEST).copied().unwrap_or(f64::NEG_INFINITY);
            scores
                .iter()
                .map(|&s| f64::from(u8::from(s > least)))
                .collect()
        })
        .collect();
    let relabelled: Vec<Article> = articles
        .iter()
        .zip(bests)
        .map(|(a, gains)| Article {
            x: a.x.clone(),
            gains,
            phrases: BEST,
        })
        .collect();
    let relabelled: Vec<&Article> = relabelled.iter().collect();
    fit(&relabelled, n, &free)
}

/// Weights and slopes of the features that are `free`; the others get 0.
fn fit(articles: &[&Article], n: usize, free: &[bool]) -> Vec<f64> {
    let width = 2 * n;
    let count: usize = articles.iter().map(|a| a.gains.len()).sum();
    let mut deviation = vec![0.0; width];
    let mut mean = vec![0.0; width];
    for row in articles.iter().flat_map(|a| a.x.chunks_exact(width)) {
        for ((m, d), x) in mean.iter_mut().zip(&mut deviation).zip(row) {
            *m += f64::from(*x);
            *d += f64::from(*x) * f64::from(*x);
        }
    }
    let penalty: Vec<f64> = (0..width)
        .map(|i| {
            let m = mean[i] / count as f64;
            let variance = (deviation[i] / count as f64 - m * m).max(0.0);
            // Weights of features that never vary are held at 0; the first feature is the constant.
            let scale = if variance < 1e-9 { 1.0 } else { variance };
            if i == 0 {
                1e-6
            } else {
                scale * if i < n { PENALTY } else { SLOPE_PENALTY }
            }
        })
        .collect();
    let mut w = vec![0.0; width];
    let mut row = vec![0.0f32; width];
    for _ in 0..STEPS {
        let mut gradient: Vec<f64> = w.iter().zip(&penalty).map(|(w, p)| w * p).collect();
        let mut hessian = vec![0.0; width * width];
        for i in 0..width {
            hessian[i * width + i] = penalty[i];
        }
        for a in articles {
            for (full, &gain) in a.x.chunks_exact(width).zip(&a.gains) {
                for ((to, from), free) in row.iter_mut().zip(full).zip(free) {
                    *to = if *free { *from } else { 0.0 };
                }
                let weight = if gain > 0.0 { 0.6 + 0.2 * gain } else { 1.0 };
                let p = 1.0 / (1.0 + (-dot(&w, &row)).exp());
                let error = weight * (p - f64::from(u8::from(gain > 0.0)));
                let curve = weight * p * (1.0 - p);
                for i in 0..width {
                    let x = f64::from(row[i]);
                    if x == 0.0 {
                        continue;
                    }
                    gradient[i] += error * x;
                    let cx = curve * x;
                    for (h, y) in hessian[i * width..i * width + i + 1].iter_mut().zip(&row) {
                        *h += cx * f64::from(*y);
                    }
                }
            }
        }
        let step = solve(hessian, gradient, width);
        for (w, s) in w.iter_mut().zip(&step) {
            *w -= s;
        }
        for (w, free) in w.iter_mut().zip(free) {
            if !free {
                *w = 0.0;
            }
        }
    }
    w
}

/// Solves a symmetric system by Cholesky's method; the lower half of `a` is given.
fn solve(mut a: Vec<f64>, mut b: Vec<f64>, n: usize) -> Vec<f64> {
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| a[i * n + k] * a[j * n + k]).sum();
            let rest = a[i * n + j] - sum;
            a[i * n + j] = if i == j {
                rest.max(1e-9).sqrt()
            } else {
                rest / a[j * n + j]
            };
        }
    }
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| a[i * n + k] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i * n + i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| a[k * n + i] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i * n + i];
    }
    b
}

/// Mean F1 of the ten best candidates.
fn f1(articles: &[&Article], w: &[f64]) -> f64 {
    let mut sum = 0.0;
    for a in articles {
        let mut scored: Vec<(f64, f64)> =
            a.x.chunks_exact(w.len())
                .map(|x| dot(w, x))
                .zip(a.gains.iter().copied())
                .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let printed = scored.len().min(10);
        let hits = scored.iter().take(10).filter(|s| s.1 > 0.0).count();
        sum += 2.0 * hits as f64 / (printed + a.phrases).max(1) as f64;
    }
    sum / articles.len().max(1) as f64
}

fn run(output: &str, marks: &str, news: &str) -> Result<(), Box<dyn std::error::Error>> {
    let names = KeywordLab::names();
    let mut lab = KeywordLab::new(Tagger::new());
    let articles = read(&read_marks(marks)?, news, &mut lab)?;
    let all: Vec<&Article> = articles.iter().collect();
    let candidates: usize = all.iter().map(|a| a.gains.len()).sum();
    println!(
        "{} articles, {candidates} candidates, {} features",
        all.len(),
        names.len()
    );
    let validate = |without: &str| {
        let mut validated = 0.0;
        for fold in 0..FOLDS {
            let (test, train): (Vec<_>, Vec<_>) =
                all.iter().enumerate().partition(|(i, _)| i % FOLDS == fold);
            let pick = |set: Vec<(usize, &&'_ Article)>| {
                set.into_iter()
                    .map(|(i, _)| &articles[i])
                    .collect::<Vec<_>>()
            };
            let (test, train) = (pick(test), pick(train));
            validated += f1(&test, &learn(&train, names.len(), without)) * test.len() as f64;
        }
        100.0 * validated / all.len().max(1) as f64
    };
    let whole = validate("");
    println!("F1 of the ten best by {FOLDS}-fold cross-validation: {whole:.2}");
    if output == "--groups" {
        for (group, features) in GROUPS {
            println!("{:+.2} without {group}", validate(features) - whole);
        }
        return Ok(());
    }
    if output == "--features" {
        for name in names {
            println!("{:+.2} without {name}", validate(name) - whole);
        }
        return Ok(());
    }
    let w = learn(&all, names.len(), "");
    let first = learn_first(&all, names.len(), &w);
    let mut text = String::from(
        "# What speaks for a keyword: features (src/keyword/feature.rs), their weights, and the change of each weight with\n\
         # the length of the story (per unit of the logarithm of its words over 200); a third number is the weight at\n\
         # first sight, a fourth its slope (src/keyword/first.rs), which picks the candidates that are looked at closely.\n\
         # Learnt by: cargo run --release --example learn_keywords -- lexicons/keywords/weights.txt lexicons/keywords/annotated.tsv NEWS.jsonl\n",
    );
    for (i, name) in names.iter().enumerate() {
        write!(text, "{name} {:.4} {:.4}", w[i], w[names.len() + i])?;
        if KeywordLab::first().any(|f| f == i) {
            write!(text, " {:.4}", first[i])?;
        }
        if KeywordLab::first_slopes().any(|f| f == i) {
            write!(text, " {:.4}", first[names.len() + i])?;
        }
        writeln!(text)?;
    }
    std::fs::write(output, text)?;
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [output, marks, news] = arguments.as_slice() else {
        eprintln!("usage: learn_keywords OUTPUT|--groups|--features ANNOTATED.tsv NEWS.jsonl");
        return ExitCode::from(2);
    };
    match run(output, marks, news) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}
