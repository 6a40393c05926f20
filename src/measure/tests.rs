//! Data-driven tests of numbers, dates and counts: `tests/data/*.tsv`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{Marks, MeasureWords, Reading, Start, WordCue};
use crate::date::{self, CivilDate, DateMention};
use crate::normalize::Normalizer;
use crate::number::{self, Bound};
use crate::quantity::{CountRecord, Figures};
use crate::token::sentence::{Stop, TokenRange};
use crate::token::{RawToken, scan, sentence};

/// The tokens of a text, every one a word of its own, and what is known of them.
struct Text<'a> {
    text: &'a str,
    tokens: Vec<RawToken>,
    stops: Vec<Stop>,
    cues: Vec<WordCue>,
    starts: Vec<Start>,
    marks: Marks,
    words: &'a MeasureWords,
}

impl<'a> Text<'a> {
    fn new(text: &'a str, words: &'a MeasureWords) -> Text<'a> {
        let mut tokens = Vec::new();
        let mut stops = Vec::new();
        scan::scan_with_stops(text, &mut tokens, |stop| stops.push(stop));
        for (word, token) in (0..).zip(&mut tokens) {
            token.word = word;
        }
        let read = |token: &RawToken| {
            let norm = Normalizer::new().normalize(token.span.of(text));
            words.read(token.kind, norm.as_str())
        };
        let (cues, starts): (Vec<_>, Vec<_>) = tokens.iter().map(read).unzip();
        let mut marks = Marks::default();
        marks.find(&starts);
        Text {
            text,
            tokens,
            stops,
            cues,
            starts,
            marks,
            words,
        }
    }

    fn reading(&self) -> Reading<'_> {
        Reading {
            text: self.text,
            tokens: &self.tokens,
            cues: &self.cues,
            starts: &self.starts,
            marks: &self.marks,
            words: self.words,
        }
    }

    fn sentences(&self) -> Vec<TokenRange> {
        let mut sentences = Vec::new();
        sentence::split(self.text, &self.tokens, &self.stops, &mut sentences);
        sentences
    }
}

/// Lines of a table: what stands before the first tab, and the columns behind it.
pub(crate) fn table(name: &str) -> Vec<(String, Vec<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let mut columns = line.split('\t').map(str::to_owned);
            (columns.next().unwrap(), columns.collect())
        })
        .collect()
}

fn show(value: f64, high: Option<f64>, bound: Bound) -> String {
    let sign = match bound {
        Bound::Exact => "",
        Bound::About => "~",
        Bound::AtLeast => ">=",
        Bound::AtMost => "<=",
    };
    match high {
        Some(high) => format!("{sign}{value}..{high}"),
        None => format!("{sign}{value}"),
    }
}

fn show_date(date: &DateMention, text: &str) -> String {
    let span = date.span.of(text);
    let reference = CivilDate::new(2024, 10, 20).unwrap();
    match (date.iso(), date.resolve(reference)) {
        (Some(iso), _) => format!("{span}={iso}"),
        (None, Some(iso)) => format!("{span}~{iso}"),
        (None, None) => format!("{span}?"),
    }
}

#[test]
fn dates() {
    let words = crate::lexicon::embedded::measure_words();
    let mut wrong = String::new();
    for (text, expected) in table("dates.tsv") {
        let read = Text::new(&text, &words);
        let reading = read.reading();
        let mut found = Vec::new();
        date::read(&reading, &mut found);
        let got: Vec<String> = found.iter().map(|d| show_date(d, &text)).collect();
        let got = if got.is_empty() {
            "-".to_owned()
        } else {
            got.join(" | ")
        };
        if got != expected[0] {
            writeln!(
                wrong,
                "{text}\n    expected {}\n    got      {got}",
                expected[0]
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn numbers() {
    let words = crate::lexicon::embedded::measure_words();
    let mut wrong = String::new();
    for (text, expected) in table("numbers.tsv") {
        let read = Text::new(&text, &words);
        let reading = read.reading();
        let (mut dates, mut found) = (Vec::new(), Vec::new());
        date::read(&reading, &mut dates);
        number::read(&reading, &mut found);
        let mut at = 0;
        let got: Vec<String> = found
            .iter()
            .filter(|n| !date::covers(&dates, &mut at, n))
            .map(|n| show(n.value, n.high(), n.bound))
            .collect();
        let got = if got.is_empty() {
            "-".to_owned()
        } else {
            got.join(" | ")
        };
        if got != expected[0] {
            writeln!(
                wrong,
                "{text}\n    expected {}\n    got      {got}",
                expected[0]
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn counts() {
    let words = crate::lexicon::embedded::measure_words();
    let mut wrong = String::new();
    let (mut expected_counts, mut got_counts, mut right) = (0, 0, 0);
    for (text, expected) in table("counts.tsv") {
        let read = Text::new(&text, &words);
        let reading = read.reading();
        let sentences = read.sentences();
        let mut figures = Figures::default();
        figures.read(&reading, &sentences);
        let got: Vec<String> = figures
            .counts
            .iter()
            .map(|c| show_count(c, &words))
            .collect();
        let wanted: Vec<&str> = expected[0].split(" | ").filter(|e| *e != "-").collect();
        expected_counts += wanted.len();
        got_counts += got.len();
        let mut rest = got.clone();
        for want in &wanted {
            if let Some(at) = rest.iter().position(|g| g == want) {
                rest.remove(at);
                right += 1;
            }
        }
        if got != wanted {
            writeln!(
                wrong,
                "{text}\n    expected {}\n    got      {}",
                expected[0],
                got.join(" | ")
            )
            .unwrap();
        }
    }
    let precision = 100.0 * f64::from(right) / got_counts as f64;
    let recall = 100.0 * f64::from(right) / expected_counts as f64;
    println!(
        "counts: precision {precision:.1}, recall {recall:.1} ({right} of {expected_counts}, {got_counts} found)"
    );
    assert!(
        wrong.is_empty(),
        "precision {precision:.1}, recall {recall:.1}\n{wrong}"
    );
}

fn show_count(count: &CountRecord, words: &MeasureWords) -> String {
    let sign = match count.bound {
        Bound::Exact => "",
        Bound::About => "~",
        Bound::AtLeast => ">=",
        Bound::AtMost => "<=",
    };
    let high = count.high.map_or(String::new(), |h| format!("..{h}"));
    let group = count
        .noun
        .and_then(|n| words.group(n.group))
        .map_or("people", |g| &g.id);
    let part = if count.part { " part" } else { "" };
    format!(
        "{sign}{}{high} {group} {}{part}",
        count.value,
        words.outcome(count.outcome)
    )
}

#[test]
fn spans_are_whole_and_ordered_in_any_piece_of_a_text() {
    let words = crate::lexicon::embedded::measure_words();
    let mut figures = Figures::default();
    let mut check = |text: &str| {
        let read = Text::new(text, &words);
        let reading = read.reading();
        let sentences = read.sentences();
        figures.read(&reading, &sentences);
        let ordered = |spans: Vec<crate::span::Span>| {
            for span in &spans {
                assert!(
                    text.get(span.range()).is_some_and(|t| !t.is_empty()),
                    "{span:?} of {text}"
                );
            }
            assert!(spans.is_sorted_by_key(|s| s.start), "{spans:?} of {text}");
        };
        ordered(figures.dates.iter().map(|d| d.span).collect());
        ordered(figures.quantities.iter().map(|q| q.span).collect());
        ordered(figures.counts.iter().map(|c| c.span).collect());
        ordered(figures.laws.iter().map(|l| l.span).collect());
    };
    for name in ["dates.tsv", "numbers.tsv", "counts.tsv"] {
        for (text, _) in table(name) {
            let marked: String = text.chars().flat_map(|c| [c, '\u{64E}']).collect();
            check(&marked);
            for (cut, _) in text.char_indices() {
                check(&text[cut..]);
                check(&text[..cut]);
            }
        }
    }
    for text in [
        "",
        "20",
        "و",
        "من",
        "عام",
        "بين 5",
        "القانون رقم",
        "مقتل",
        "99/99",
        "20/",
        "%",
        "$",
        "ألف و",
        "مليون ونصف",
        "قبل",
    ] {
        check(text);
        check(&text.repeat(50));
        check(&format!("{text} ").repeat(50));
    }
}

#[test]
fn nothing_begins_where_no_mark_is() {
    let words = crate::lexicon::embedded::measure_words();
    let (mut figures, mut all) = (Figures::default(), Figures::default());
    let mut check = |text: &str| {
        let mut read = Text::new(text, &words);
        let sentences = read.sentences();
        figures.read(&read.reading(), &sentences);
        read.marks = Marks::everywhere(read.tokens.len());
        all.read(&read.reading(), &sentences);
        assert_eq!(figures.dates, all.dates, "{text}");
        assert_eq!(figures.numbers, all.numbers, "{text}");
        assert_eq!(figures.laws, all.laws, "{text}");
        assert_eq!(figures.counts, all.counts, "{text}");
    };
    for name in ["dates.tsv", "numbers.tsv", "counts.tsv", "quantities.tsv"] {
        for (text, _) in table(name) {
            for (cut, _) in text.char_indices() {
                check(&text[cut..]);
            }
        }
    }
    for page in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pages")).unwrap()
    {
        check(&fs::read_to_string(page.unwrap().path()).unwrap());
    }
    // Pairs of words of all meanings, and signs.
    let some = "في من بين العام الأسبوع عام الماضي المقبل منذ قبل بعد أول أمس غد الثاني الأول العشرين تشرين أكتوبر \
                شهر عشر وعشرين أحد نصف مليون مادة القانون قرار ملكي رقم اتفاقية مقتل بينهم رجل وطفل شخصين قتيل رجال \
                إلى و 20 2019 - / . ( ) ، th";
    for first in some.split(' ') {
        for second in some.split(' ') {
            for third in some.split(' ') {
                check(&format!("مقتل {first} {second} {third} 2019"));
                check(&format!("{first}{second}{third}"));
            }
        }
    }
}

#[test]
fn a_stranger_by_its_last_letters_is_none_letter_by_letter() {
    let words = crate::lexicon::embedded::measure_words();
    let (mut told, mut all) = (0, 0);
    let mut check = |word: &str| {
        let (cue, closely) = (words.look_up(word), words.look_up_closely(word));
        assert_eq!(cue, closely, "{word}");
        told += usize::from(words.is_stranger(word));
        all += 1;
    };
    for page in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pages")).unwrap()
    {
        let text = fs::read_to_string(page.unwrap().path()).unwrap();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            for front in ["", "و", "وال", "بال", "لل", "ك"] {
                for end in ["", "ه", "ها", "هم", "هن", "هما", "ة", "ين", "ات"] {
                    check(&format!("{front}{word}{end}"));
                }
            }
        }
    }
    for key in words.keys.keys() {
        for front in ["", "و", "وال", "بال", "لل", "ك", "تت"] {
            for end in ["", "ه", "ها", "هم", "هن", "هما", "ة"] {
                check(&format!("{front}{key}{end}"));
                let seat = key
                    .strip_suffix('ء')
                    .map(|base| format!("{front}{base}ئ{end}"));
                check(&seat.unwrap_or_default());
            }
        }
    }
    assert!(told > all / 50, "{told} of {all}");
}

#[test]
fn quantities_and_laws() {
    let words = crate::lexicon::embedded::measure_words();
    let mut wrong = String::new();
    for (text, expected) in table("quantities.tsv") {
        let read = Text::new(&text, &words);
        let reading = read.reading();
        let sentences = read.sentences();
        let mut figures = Figures::default();
        figures.read(&reading, &sentences);
        let mut got: Vec<(u32, String)> = Vec::new();
        for q in &figures.quantities {
            got.push((
                q.span.start,
                format!("{} {}", show(q.value, q.high, q.bound), q.unit_name(&words)),
            ));
        }
        for l in &figures.laws {
            let year = l.year.map_or(String::new(), |y| format!(" {y}"));
            got.push((
                l.span.start,
                format!("{} {}{year}", l.kind.as_str(), l.number.of(&text)),
            ));
        }
        got.sort();
        let got: Vec<String> = got.into_iter().map(|g| g.1).collect();
        let got = if got.is_empty() {
            "-".to_owned()
        } else {
            got.join(" | ")
        };
        if got != expected[0] {
            writeln!(
                wrong,
                "{text}\n    expected {}\n    got      {got}",
                expected[0]
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
