//! Tokens tile the text, sentences hold every token, pieces tile their token; spans alone are the same spans.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rasd::{TokenScratch, Tokenizer};

fuzz_target!(|text: &str| {
    let tokenizer = Tokenizer::new();
    let (mut a, mut b) = (TokenScratch::new(), TokenScratch::new());
    let tokens = tokenizer.tokenize(text, &mut a);
    let spans: Vec<_> = tokenizer.spans(text, &mut b).collect();
    assert_eq!(spans.len(), tokens.len());
    let sentences: Vec<_> = tokens.sentences().collect();
    assert!(sentences.windows(2).all(|w| w[0].end <= w[1].start));
    let mut sentence = 0;
    let mut end = 0;
    for (token, (span, kind)) in tokens.iter().zip(spans) {
        assert_eq!((token.span(), token.kind()), (span, kind));
        assert!(span.start >= end && span.end > span.start);
        assert_eq!(text.get(span.range()), Some(token.text()));
        end = span.end;
        while !sentences[sentence].contains(span) {
            sentence += 1;
        }
        let mut at = span.start;
        for piece in token.segments() {
            assert_eq!(piece.span.start, at);
            assert_eq!(text.get(piece.span.range()), Some(piece.text));
            at = piece.span.end;
        }
        assert_eq!(at, span.end);
        assert!(!token.norm().is_empty() && !token.stem().is_empty());
    }
});
