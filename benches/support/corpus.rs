//! Text and lexicon for the benches: made from our own word counts and test pages, the same on every machine.
//!
//! Words are drawn as often as news has them (`lexicons/morphology/counts.tsv`), so that word lengths, the share of
//! rare words and with them branches and caches behave as on news; nothing repeats but what repeats in news. Every
//! third paragraph is one of the pages of the tests with half of its words drawn anew.

// Each bench uses a part of this.
#![allow(dead_code)]

/// Bytes of text at least.
pub const BYTES: usize = 2 << 20;

/// Phrases of the large lexicon.
pub const PHRASES: usize = 20_000;

/// So many of the commonest words neither begin nor end a phrase.
const COMMON: usize = 600;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// Words by frequency, and how often each is drawn.
struct Counts {
    words: Vec<&'static str>,
    /// Sums of the counts up to each word.
    sums: Vec<u64>,
}

impl Counts {
    fn new() -> Counts {
        let mut counts = Counts {
            words: Vec::new(),
            sums: Vec::new(),
        };
        let mut sum = 0;
        for line in include_str!("../../lexicons/morphology/counts.tsv").lines() {
            if let Some((word, count)) = line.split_once('\t') {
                sum += count.parse::<u64>().unwrap_or(0);
                counts.words.push(word);
                counts.sums.push(sum);
            }
        }
        counts
    }

    fn draw(&self, random: &mut Random) -> &'static str {
        let at = random.next() % self.sums.last().unwrap();
        self.words[self.sums.partition_point(|&s| s <= at)]
    }
}

pub struct Corpus {
    /// One article each: a title, then paragraphs.
    pub articles: Vec<String>,
    pub phrases: Vec<String>,
    /// How often a phrase was put into the text on purpose.
    pub planted: usize,
}

impl Corpus {
    /// `bytes` of text and `phrases` phrases; of the same seed the same.
    pub fn new(bytes: usize, phrases: usize) -> Corpus {
        let counts = Counts::new();
        let mut random = Random(20_241_020);
        let phrases = make_phrases(&counts, phrases, &mut random);
        let pages = pages();
        let mut articles = Vec::new();
        let mut size = 0;
        let mut planted = 0;
        while size < bytes {
            let article = article(&counts, &phrases, &pages, &mut random, &mut planted);
            size += article.len();
            articles.push(article);
        }
        Corpus {
            articles,
            phrases,
            planted,
        }
    }

    pub fn standard() -> Corpus {
        Corpus::new(BYTES, PHRASES)
    }

    pub fn bytes(&self) -> usize {
        self.articles.iter().map(String::len).sum()
    }

    /// The phrases as a lexicon file.
    pub fn lexicon(&self) -> String {
        lexicon(&self.phrases)
    }
}

/// Phrases as a lexicon file.
pub fn lexicon(phrases: &[String]) -> String {
    let mut out = String::from(
        "format = 1\nversion = \"1\"\n[topic]\nid = \"phrases\"\nname = { ar = \"عبارات\", en = \"Phrases\" }\n\
             [[terms]]\nrole = \"support\"\nweight = 1.0\nwhy = \"bench\"\nlist = [\n",
    );
    for phrase in phrases {
        out.push_str(&format!("  \"{phrase}\",\n"));
    }
    out.push_str("]\n");
    out
}

/// Different phrases of one to four words (40, 35, 18 and 7 of a hundred).
fn make_phrases(counts: &Counts, n: usize, random: &mut Random) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    let mut phrases = Vec::new();
    let rare = |random: &mut Random| {
        let spread = counts.words.len() - COMMON;
        counts.words[COMMON + random.below(spread)]
    };
    while phrases.len() < n {
        let words = match random.below(100) {
            0..40 => 1,
            40..75 => 2,
            75..93 => 3,
            _ => 4,
        };
        let mut phrase = rare(random).to_owned();
        for i in 1..words {
            phrase.push(' ');
            phrase.push_str(if i + 1 == words {
                rare(random)
            } else {
                counts.draw(random)
            });
        }
        // Shorter ones may be clitics alone, which a lexicon file may not hold.
        if phrase.chars().count() > 4 && seen.insert(phrase.clone()) {
            phrases.push(phrase);
        }
    }
    phrases
}

/// The pages of the tests, paragraph by paragraph.
fn pages() -> Vec<String> {
    let mut paths: Vec<_> =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pages"))
            .expect("the crate's tests stand beside its benches")
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "txt"))
            .collect();
    paths.sort();
    let mut paragraphs = Vec::new();
    for path in paths {
        let page = std::fs::read_to_string(path).unwrap();
        paragraphs.extend(page.lines().filter(|l| l.len() > 200).map(str::to_owned));
    }
    assert!(paragraphs.len() >= 12);
    paragraphs
}

fn article(
    counts: &Counts,
    phrases: &[String],
    pages: &[String],
    random: &mut Random,
    planted: &mut usize,
) -> String {
    let mut out = String::new();
    for i in 0..6 + random.below(6) {
        if i > 0 {
            out.push(' ');
        }
        out.push_str(counts.draw(random));
    }
    for _ in 0..3 + random.below(8) {
        out.push('\n');
        if random.one_in(3) {
            let page = &pages[random.below(pages.len())];
            for (i, word) in page.split(' ').enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                let plain = word.chars().all(|c| matches!(c, 'ء'..='ي'));
                out.push_str(if plain && random.one_in(2) {
                    counts.draw(random)
                } else {
                    word
                });
            }
        } else {
            for i in 0..2 + random.below(4) {
                if i > 0 {
                    out.push(' ');
                }
                *planted += sentence(counts, phrases, random, &mut out);
            }
        }
    }
    out
}

/// A sentence; the number of phrases in it.
fn sentence(counts: &Counts, phrases: &[String], random: &mut Random, out: &mut String) -> usize {
    let mut planted = 0;
    let words = 8 + random.below(22);
    for i in 0..words {
        if i > 0 {
            out.push_str(if random.one_in(14) { "، " } else { " " });
        }
        match random.below(200) {
            0..3 => out.push_str(&random.below(2_100).to_string()),
            3 => out.push_str(&format!("{}.{}%", random.below(100), random.below(10))),
            4..8 => {
                out.push('"');
                out.push_str(counts.draw(random));
                out.push('"');
            }
            8 => {
                out.push('(');
                out.push_str(counts.draw(random));
                out.push(')');
            }
            9 => out
                .push_str(["UNHCR", "Reuters", "AFP", "#عاجل", "كـورونا", "مُدَّة"][random.below(6)]),
            10..24 => {
                out.push_str(&phrases[random.below(phrases.len())]);
                planted += 1;
            }
            _ => out.push_str(counts.draw(random)),
        }
    }
    out.push('.');
    planted
}

/// The `text` of every line, up to `bytes`.
pub fn read_jsonl(path: &str, bytes: usize) -> Vec<String> {
    let mut size = 0;
    std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|l| {
            let value: serde_json::Value = serde_json::from_str(l).unwrap();
            value["text"].as_str().unwrap().to_owned()
        })
        .take_while(|t| {
            size += t.len();
            size <= bytes
        })
        .collect()
}
