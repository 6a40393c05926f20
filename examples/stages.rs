use std::sync::atomic::Ordering;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let runs: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let articles: Vec<String> = text.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()["text"].as_str().unwrap().to_owned()).collect();
    let (first, second) = articles.split_at(articles.len() / 2);
    let bytes: usize = second.iter().map(String::len).sum();
    let tagger = rasd::Tagger::new();
    let mut best = [u64::MAX; 10];
    for _ in 0..runs {
        let mut scratch = rasd::Scratch::new();
        for a in first { std::hint::black_box(tagger.analyze(a, &mut scratch).entities().len()); }
        for s in &rasd::STAGES { s.store(0, Ordering::Relaxed); }
        let t = std::time::Instant::now();
        for a in second { std::hint::black_box(tagger.analyze(a, &mut scratch).entities().len()); }
        let all = t.elapsed().as_nanos() as u64;
        for (b, s) in best.iter_mut().zip(&rasd::STAGES) { *b = (*b).min(s.load(Ordering::Relaxed)); }
        best[9] = best[9].min(all);
    }
    let names = ["fill", "split", "units", "place", "find", "score", "figures", "entities", "keywords", "all"];
    for (n, b) in names.iter().zip(best) { println!("{n:9} {:7.3} ns/B", b as f64 / bytes as f64); }
    println!("{:.2} MB/s", bytes as f64 * 1e3 / best[9] as f64);
}
