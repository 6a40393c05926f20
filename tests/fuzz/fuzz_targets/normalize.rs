//! Every switch: twice is once, and every piece of the view leads back to letters of the text, in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rasd::Normalizer;

fuzz_target!(|input: (u16, &str)| {
    let (switches, text) = input;
    let on = |bit: u16| switches >> bit & 1 == 1;
    let n = Normalizer::none()
        .marks(on(0))
        .invisible(on(1))
        .forms(on(2))
        .look_alikes(on(3))
        .digits(on(4))
        .case(on(5))
        .hamza(on(6))
        .alef_maksura(on(7))
        .teh_marbuta(on(8));
    let once = n.normalize(text);
    assert_eq!(n.normalize(once.as_str()).as_str(), once.as_str());
    let mut last = 0;
    for (i, c) in once.as_str().char_indices() {
        let span = once.to_original(i..i + c.len_utf8());
        assert!(text.get(span.range()).is_some_and(|s| !s.is_empty()));
        assert!(span.start >= last);
        last = span.start;
    }
    let all = once.to_original(0..once.as_str().len());
    assert!(text.get(all.range()).is_some());
    // Any range at all, also one that cuts letters.
    let (a, b) = (usize::from(switches), usize::from(switches >> 3));
    assert!(text.get(once.to_original(a..b).range()).is_some());
});
