//! A file is read or refused with findings that have a place; what is read can be used.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rasd::{Lexicon, Severity, Tagger};

fuzz_target!(|source: &str| {
    // With a head in front, the rest of the grammar is reached.
    let head = "format = 1\nversion = \"1\"\n[topic]\nid = \"t\"\nname = { ar = \"ا\", en = \"a\" }\n";
    for source in [source.to_owned(), format!("{head}{source}")] {
        let lines = source.lines().count() as u32 + 1;
        match Lexicon::from_toml("f", &source) {
            Ok(lexicon) => {
                assert!(lexicon.warnings().iter().all(|d| d.severity == Severity::Warning));
                assert_eq!(lexicon.stamp().hash.len(), 16);
                let tagger = Tagger::builder().without_embedded().lexicon(lexicon.clone()).build();
                let tagger = tagger.unwrap_or_else(|e| panic!("{e}"));
                let _ = (tagger.lint(&lexicon), tagger.run_examples(&lexicon));
                // Its own terms are its best text.
                let _ = tagger.tag(&lexicon.terms().join(" . "));
            }
            Err(e) => {
                assert!(e.diagnostics().iter().any(|d| d.severity == Severity::Error));
                for d in e.diagnostics() {
                    assert!(d.line <= lines, "{d}");
                    assert!(d.to_string().starts_with("f:"));
                }
            }
        }
    }
});
