//! Lexicons change while texts are read: the pattern of `rasd::guide::reliability`, tried with many readers.
#![cfg(feature = "embedded")]

use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rasd::{Error, Lexicon, Scratch, Tagger};

/// A tagger that is replaced while others read with it.
struct Shared {
    current: RwLock<Tagger>,
}

impl Shared {
    /// What a document is read with from beginning to end; held for no longer than a copy of an `Arc` takes.
    fn tagger(&self) -> Tagger {
        self.current.read().unwrap().clone()
    }

    /// Loads first, replaces after: where loading fails, the old one stays.
    fn load(&self, source: &str) -> Result<(), Error> {
        let lexicon = Lexicon::from_toml("live.toml", source)?;
        let tagger = Tagger::builder()
            .without_embedded()
            .lexicon(lexicon)
            .check_examples()
            .build()?;
        *self.current.write().unwrap() = tagger;
        Ok(())
    }
}

/// In version n the topic is called t-n and its term weighs n.
fn lexicon(version: usize) -> String {
    let weight = 1 + version % 9;
    format!(
        "format = 1\nversion = \"{version}\"\n[topic]\nid = \"t-{version}\"\nthreshold = 0.5\n\
         name = {{ ar = \"ا\", en = \"a\" }}\n[[terms]]\nrole = \"core\"\nweight = {weight}\nwhy = \"w\"\n\
         list = [\"السيول الجارفة\"]\n[[example]]\ntext = \"جرفت السيول الجارفة البيوت\"\nexpect = [\"t-{version}\"]\n"
    )
}

/// Sends the readers home, also where an assertion fails: they would read for ever.
struct Closing<'a>(&'a AtomicBool);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_document_sees_exactly_one_version() {
    let shared = Shared {
        current: RwLock::new(Tagger::builder().without_embedded().build().unwrap()),
    };
    shared.load(&lexicon(1)).unwrap();
    let done = AtomicBool::new(false);
    let (reads, changes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let text =
        "وجرفت السيول الجارفة عشرات البيوت في القرية، وقال السكان إن السيول الجارفة جاءت ليلا.";
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut scratch = Scratch::new();
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let tagger = shared.tagger();
                    let report = tagger.analyze(text, &mut scratch).to_report();
                    assert_eq!(report.lexicons.len(), 1);
                    let version: usize = report.lexicons[0].version.parse().unwrap();
                    assert_eq!(report.topics.len(), 1, "version {version}");
                    assert_eq!(report.topics[0].id, format!("t-{version}"));
                    let weight = (1 + version % 9) as f64;
                    assert!(report.topics[0].evidence.iter().all(|e| e.weight == weight));
                    assert!(version >= last, "an older version came back");
                    changes.fetch_add(usize::from(version > last), Ordering::Relaxed);
                    reads.fetch_add(1, Ordering::Relaxed);
                    last = version;
                }
            });
        }
        let _closing = Closing(&done);
        for version in 2..60 {
            shared.load(&lexicon(version)).unwrap();
            // A file that is broken, and one whose own examples fail.
            assert!(shared.load("format = 1").is_err());
            let failing = lexicon(version + 1000).replace("expect", "reject");
            assert!(shared.load(&failing).is_err());
            assert_eq!(shared.tagger().lexicons()[0].version, version.to_string());
            std::thread::yield_now();
        }
    });
    assert!(reads.into_inner() > 60 && changes.into_inner() > 16);
}

#[test]
fn every_byte_of_a_lexicon_is_in_its_stamp() {
    let plain = Lexicon::from_toml("a.toml", &lexicon(1)).unwrap();
    let same = Lexicon::from_toml("other-name.toml", &lexicon(1)).unwrap();
    let blank = Lexicon::from_toml("a.toml", &(lexicon(1) + "\n")).unwrap();
    assert_eq!(plain.stamp(), same.stamp());
    assert_ne!(plain.stamp().hash, blank.stamp().hash);
    // Known from the definition of the hash, so that it is the same on every machine.
    let nothing = "format = 1\nversion = \"1\"\n[entities]\nid = \"x\"\nkind = \"person\"\n";
    let stamp = Lexicon::from_toml("x", nothing).unwrap().stamp().clone();
    assert_eq!(
        (stamp.id.as_str(), stamp.version.as_str(), stamp.terms),
        ("x", "1", 0)
    );
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for b in nothing.bytes() {
        hash = (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
    }
    assert_eq!(stamp.hash, format!("{hash:016x}"));
}
