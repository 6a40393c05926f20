//! What must hold for any bytes at all. The fuzz targets are one line each and call these; `tests/corpus.rs` calls them
//! on stable Rust over the committed corpora and over random changes of them.

use std::borrow::Cow;
use std::cell::RefCell;

use rasd::{
    Lexicon, Normalizer, Report, Scratch, Severity, Stemmer, Tagger, TokenScratch, Tokenizer,
};

#[path = "../../examples/support/html.rs"]
mod html_text;
#[allow(dead_code)]
#[path = "../../examples/support/input.rs"]
mod input;
#[path = "../oracle/obvious.rs"]
mod obvious;

thread_local! {
    /// One for all inputs: what is used must be as good as new.
    static USED: RefCell<Scratch> = RefCell::new(Scratch::new());
}

/// Takes any bytes, and panics where something does not hold.
pub type Check = fn(&[u8]);

/// The names of the checks, which are those of the fuzz targets and of the corpora.
pub const ALL: &[(&str, Check)] = &[
    ("tokenize", tokenize),
    ("analyze", analyze),
    ("page", page),
    ("lexicon", lexicon),
    ("normalize", normalize),
    ("report", report),
    ("matcher", matcher),
    ("html", html),
];

fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// Tokens tile the text, sentences hold every token, pieces tile their token; spans alone are the same spans. The
/// stemmer, which sees one word, cuts it too.
pub fn tokenize(data: &[u8]) {
    let text = &*text(data);
    let tokenizer = Tokenizer::new();
    let stemmer = Stemmer::new();
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
            assert!(!piece.restored().is_empty());
            at = piece.span.end;
        }
        assert_eq!(at, span.end);
        assert!(!token.norm().is_empty() && !token.stem().is_empty());
        let _ = (token.root(), token.tag(), token.is_known());
        assert!(!stemmer.stem(token.text()).is_empty());
    }
}

/// The whole pipeline: spans in bounds, scores in range, a used scratch as good as a new one.
pub fn analyze(data: &[u8]) {
    let text = &*text(data);
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
            assert!(
                t.subtopics()
                    .iter()
                    .all(|s| (0.0..=1.001).contains(&s.share))
            );
        }
        for k in a.keywords_of(story) {
            assert!(!k.text.is_empty() && (0.0..=1.0).contains(&k.score));
            let whole = |m: &rasd::Span| text.get(m.range()).is_some_and(|s| !s.is_empty());
            assert!(k.mentions.iter().all(whole));
        }
        assert!(a.blocked_of(story).all(|b| !b.text.is_empty()));
    }
    let fresh = a.to_report();
    USED.with_borrow_mut(|used| assert!(tagger.analyze(text, used).to_report() == fresh));
}

/// Lines of page layouts, so that they are met more often than chance would.
const LINES: &[&str] = &[
    "إقرأ أيضاً:",
    "اقرأ المزيد",
    "المصدر:",
    "المصدر: وكالة الأنباء",
    "تاريخ النشر: 20 أكتوبر 2024",
    "20th, October 2024 GMT",
    "كلمات دلالية:",
    "الهجرة، الأمن، تونس",
    "تحرير : سعيد",
    "كتب محمد علي",
    "مواضيع ذات صلة",
    "شاهد أيضا",
    "",
    "",
    "إحباط محاولة للهجرة غير الشرعية قبالة صفاقس",
    "٢٠٢٤/١٠/٢٠",
    "الأحد 20 تشرين الأول 2024",
    "وسوم",
    "-",
    "|",
    "أحبط خفر السواحل التونسي محاولة للهجرة غير الشرعية، وأنقذ 40 مهاجرا من قارب مطاطي قبالة صفاقس ونقلهم إلى الميناء.",
    "حقوق النشر محفوظة",
    "صورة: أرشيف",
    "رويترز",
    "القاهرة - أ ف ب",
    "99/99/9999",
    "ونصت المادة 12 من القانون رقم 64 لسنة 2010 على السجن 5 سنوات وغرامة 10 آلاف دينار.",
    "بين 2020ـ2024 ارتفع العدد بنسبة 12٫5% إلى نحو 1,554 مهاجرا، بينهم 3 أطفال وعشرات النساء.",
    "اليوم الثلاثاء، أمس، قبل ثلاثة أيام، ١٥ محرم ١٤٤٦هـ، في 5 و6 مايو الماضي",
];

/// Stories and their parts lie in order inside the text. Half of the inputs are texts as they are, of the other half
/// each byte is a line of a page.
pub fn page(data: &[u8]) {
    let text = match data.split_first() {
        Some((first, rest)) if first % 2 == 0 => text(rest).into_owned(),
        Some((_, rest)) => {
            let mut text = String::new();
            for b in rest.iter().take(200) {
                match LINES.get(usize::from(b & 0x7F) % (LINES.len() + 4)) {
                    Some(line) => text.push_str(line),
                    None => text.push(char::from(*b)),
                }
                text.push(if b & 0x80 == 0 { '\n' } else { ' ' });
            }
            text
        }
        None => String::new(),
    };
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let a = tagger.analyze(&text, &mut scratch);
    let mut end = 0;
    for story in a.stories() {
        let span = story.span();
        assert!(text.get(span.range()).is_some());
        for part in story.parts() {
            assert!(part.span.start >= end && part.span.end >= part.span.start);
            assert!(text.get(part.span.range()).is_some());
            end = part.span.end;
        }
        let whole = |s: &rasd::Span| text.get(s.range()).is_some_and(|s| !s.is_empty());
        for span in [
            story.title(),
            story.published(),
            story.byline(),
            story.source(),
        ] {
            assert!(span.as_ref().is_none_or(whole));
        }
        assert!(story.supplied_keywords().iter().all(whole));
    }
    let report = a.to_report();
    assert!(report.related.len() + 1 >= a.stories().len());
}

/// A file is read or refused with findings that have a place; what is read can be used.
pub fn lexicon(data: &[u8]) {
    let source = text(data).into_owned();
    // With a head in front, the rest of the grammar is reached.
    let head =
        "format = 1\nversion = \"1\"\n[topic]\nid = \"t\"\nname = { ar = \"ا\", en = \"a\" }\n";
    for source in [format!("{head}{source}"), source] {
        let lines = source.lines().count() as u32 + 1;
        match Lexicon::from_toml("f", &source) {
            Ok(lexicon) => {
                assert!(
                    lexicon
                        .warnings()
                        .iter()
                        .all(|d| d.severity == Severity::Warning)
                );
                assert_eq!(lexicon.stamp().hash.len(), 16);
                let tagger = Tagger::builder()
                    .without_embedded()
                    .lexicon(lexicon.clone())
                    .build();
                let tagger = tagger.unwrap_or_else(|e| panic!("{e}"));
                let _ = (tagger.lint(&lexicon), tagger.run_examples(&lexicon));
                // Its own terms are its best text.
                let _ = tagger.tag(&lexicon.terms().join(" . "));
            }
            Err(e) => {
                assert!(
                    e.diagnostics()
                        .iter()
                        .any(|d| d.severity == Severity::Error)
                );
                for d in e.diagnostics() {
                    assert!(d.line <= lines, "{d}");
                    let said = d.to_string();
                    assert!(said.starts_with("f:"));
                    // It may be printed to a terminal.
                    let steers = |c: char| c.is_control() && c != '\n';
                    assert!(!said.contains(steers), "{said:?}");
                }
            }
        }
    }
}

/// Every switch: twice is once, and every piece of the view leads back to letters of the text, in order. The switches
/// are the first two bytes.
pub fn normalize(data: &[u8]) {
    let (switches, rest) = match data {
        [a, b, rest @ ..] => (u16::from_le_bytes([*a, *b]), rest),
        _ => return,
    };
    let text = &*text(rest);
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
}

/// A report survives JSON; JSON that claims to be a report is read or refused.
pub fn report(data: &[u8]) {
    let text = &*text(data);
    let report = Tagger::new().tag(text);
    let json = serde_json::to_string(&report).unwrap();
    let back: Report = serde_json::from_str(&json).unwrap();
    assert!(back == report);
    assert_eq!(serde_json::to_string(&back).unwrap(), json);
    if let Ok(foreign) = serde_json::from_str::<Report>(text) {
        let json = serde_json::to_string(&foreign).unwrap();
        assert!(serde_json::from_str::<Report>(&json).unwrap() == foreign);
    }
}

/// Decisions out of bytes; when these are used up, the first of every choice.
struct Bytes<'a>(&'a [u8]);

impl obvious::Choice for Bytes<'_> {
    fn below(&mut self, n: usize) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first) % n
            }
            None => 0,
        }
    }
}

/// The fast matcher finds what the obvious one finds.
pub fn matcher(data: &[u8]) {
    let mut bytes = Bytes(data);
    let case = obvious::Case::new(&mut bytes);
    let text = case.text(&mut bytes);
    USED.with_borrow_mut(|used| case.check(&text, used));
}

/// Bytes in any encoding, and any page: text comes out, no longer than what went in allows.
pub fn html(data: &[u8]) {
    let (text, remark) = input::Decode::Auto.decode(data.to_vec(), true).unwrap();
    // Bytes of no encoding become U+FFFD, three bytes; single-byte letters become up to three.
    assert!(text.len() <= data.len() * 3 + 3, "{}", text.len());
    assert!(remark.is_some() || std::str::from_utf8(data).is_ok());
    let read = html_text::text(&text);
    // `&nGt;` becomes two letters of six bytes; a title is told once more.
    assert!(
        read.len() <= text.len() * 3 + 3,
        "{} {}",
        read.len(),
        text.len()
    );
    assert!(!read.contains('\r'));
}
