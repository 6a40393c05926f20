//! The whole pipeline: spans in bounds, scores in range, a used scratch as good as a new one.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use rasd::{Scratch, Tagger};

thread_local! {
    static USED: RefCell<Scratch> = RefCell::new(Scratch::new());
}

fuzz_target!(|text: &str| {
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let a = tagger.analyze(text, &mut scratch);
    let mut last = 0;
    for e in a.entities() {
        assert!(!e.text.is_empty() && e.span.start >= last);
        assert_eq!(text.get(e.span.range()), Some(e.text));
        last = e.span.start;
    }
    for story in 0..a.stories().len() {
        for t in a.topics_of(story) {
            assert!((0.0..=1.0).contains(&t.score), "{}", t.score);
            for e in t.evidence() {
                assert!(!e.text.is_empty());
                assert_eq!(text.get(e.span.range()), Some(e.text));
            }
            assert!(t.subtopics().iter().all(|s| (0.0..=1.001).contains(&s.share)));
        }
        for k in a.keywords_of(story) {
            assert!(!k.text.is_empty() && (0.0..=1.0).contains(&k.score));
            assert!(k.mentions.iter().all(|m| text.get(m.range()).is_some_and(|s| !s.is_empty())));
        }
        assert!(a.blocked_of(story).all(|b| !b.text.is_empty()));
    }
    let fresh = a.to_report();
    USED.with_borrow_mut(|used| assert!(tagger.analyze(text, used).to_report() == fresh));
});
