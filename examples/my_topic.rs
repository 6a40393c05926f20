//! A topic of one's own, in code.

fn main() -> Result<(), rasd::Error> {
    let floods = rasd::Lexicon::from_toml("floods.toml", include_str!("support/floods.toml"))?;
    let tagger = rasd::Tagger::builder()
        .lexicon(floods)
        .check_examples()
        .build()?;
    let report = tagger
        .tag("اجتاحت سيول جارفة أحياء مدينة درنة، وانتشلت فرق الإنقاذ عشرات الجثث بعد انهيار سدين.");
    for topic in &report.topics {
        println!("{} {:.2}", topic.name_ar, topic.score);
        for e in &topic.evidence {
            println!("  {:+.2} {} «{}»", e.counted, e.term, e.text);
        }
    }
    Ok(())
}
