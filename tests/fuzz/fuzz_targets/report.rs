//! A report survives JSON; JSON that claims to be a report is read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rasd::{Report, Tagger};

fuzz_target!(|text: &str| {
    let report = Tagger::new().tag(text);
    let json = serde_json::to_string(&report).unwrap();
    let back: Report = serde_json::from_str(&json).unwrap();
    assert!(back == report);
    assert_eq!(serde_json::to_string(&back).unwrap(), json);
    if let Ok(foreign) = serde_json::from_str::<Report>(text) {
        let json = serde_json::to_string(&foreign).unwrap();
        assert!(serde_json::from_str::<Report>(&json).unwrap() == foreign);
    }
});
