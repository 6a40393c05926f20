//! What holds for every text.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rasd::{
    Analysis, Normalizer, Scratch, SegmentKind, Span, Tag, Tagger, TokenKind, TokenScratch,
    Tokenizer,
};

/// Strings of everything that may come: Arabic words, marks, digits of three scripts, presentation forms, bidi
/// controls, Latin, addresses, any character at all.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[\u{621}-\u{64A}]{1,8}",
        2 => "[\u{64B}-\u{65F}\u{670}\u{640}]{1,3}",
        3 => "[ \n\t.،؛؟!:«»\"()-]{1,3}",
        2 => "[0-9٠-٩۰-۹]{1,4}",
        1 => "[.,٫٬،]",
        1 => "[\u{FE70}-\u{FEFC}\u{FB50}-\u{FBFF}\u{FDF0}-\u{FDFF}]{1,3}",
        1 => "[\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{61C}\u{FEFF}\u{AD}]{1,2}",
        1 => "[ یکگچپژہەۆ]{1,3}",
        1 => "[a-zA-Z]{1,6}",
        1 => Just("a.b@example.org".to_owned()),
        1 => Just("https://www.example.org/أخبار؟".to_owned()),
        1 => Just("#الهجرة_غير_الشرعية".to_owned()),
        1 => Just("إقرأ أيضاً:\n".to_owned()),
        1 => Just("غرق قارب يقل مهاجرين غير شرعيين".to_owned()),
        1 => Just("الاتجار بالبشر".to_owned()),
        1 => Just("الدكتور محمد بن عبد الله".to_owned()),
        1 => ".{1,4}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|v| v.concat())
}

/// Ordinary sentences about the three topics, from slots.
fn story() -> impl Strategy<Value = String> {
    let who = prop::sample::select(vec![
        "خفر السواحل",
        "الدرك الملكي",
        "الشرطة القضائية",
        "منظمة الهجرة الدولية",
    ]);
    let did = prop::sample::select(vec!["أنقذ", "أوقفت", "أحبطت محاولة", "حذرت من"]);
    let what = prop::sample::select(vec![
        "الهجرة غير الشرعية",
        "شبكة للاتجار بالبشر",
        "عصابة سرقة",
        "تهريب المهاجرين",
        "ترويج المخدرات",
    ]);
    let place = prop::sample::select(vec![
        "في القاهرة",
        "قرب طنجة",
        "بولاية وهران",
        "في مدينة صفاقس",
    ]);
    prop::collection::vec((who, did, what, place), 1..6).prop_map(|v| {
        let sentences: Vec<_> = v
            .iter()
            .map(|(a, b, c, d)| format!("{b} {a} {c} {d}."))
            .collect();
        sentences.join(" ")
    })
}

fn check(text: &str, a: &Analysis<'_>) {
    let mut end = 0;
    for token in a.tokens().iter() {
        let span = token.span();
        assert!(span.start as usize >= end && span.end > span.start);
        assert_eq!(text.get(span.range()), Some(token.text()));
        end = span.end as usize;
        let segments: Vec<_> = token.segments().collect();
        let mut at = span.start;
        for s in &segments {
            assert_eq!(s.span.start, at);
            assert!(!s.span.is_empty());
            assert_eq!(text.get(s.span.range()), Some(s.text));
            at = s.span.end;
        }
        assert_eq!(at, span.end, "segments tile {:?}", token.text());
    }
    assert!(end <= text.len());
    let sentences: Vec<_> = a.sentences().collect();
    assert!(sentences.windows(2).all(|w| w[0].end <= w[1].start));
    for token in a.tokens().iter() {
        assert!(
            sentences.iter().any(|s| s.contains(token.span())),
            "a sentence holds every token"
        );
    }
    // Where pieces of words begin and end; a hashtag has words of its own inside.
    let (mut starts, mut ends) = (BTreeSet::new(), BTreeSet::new());
    for token in a.tokens().iter() {
        for s in token.segments() {
            starts.insert(s.span.start);
            ends.insert(s.span.end);
        }
        if token.kind() == TokenKind::Hashtag {
            for (i, c) in token.text().char_indices() {
                if matches!(c, '#' | '_') {
                    ends.insert(token.span().start + i as u32);
                    starts.insert(token.span().start + i as u32 + 1);
                }
            }
        }
    }
    // A name that nobody lists may stand behind a clitic that the morphology could not know: «بتمصلوحت».
    for token in a.tokens().iter().filter(|t| !t.is_known()) {
        let mut letters = token.norm().chars();
        if letters.next().is_some_and(|c| "وفبلك".contains(c))
            && let Some((at, _)) = token.text().char_indices().find(|(i, c)| {
                *i > 0
                    && !Normalizer::new()
                        .normalize(&c.to_string())
                        .as_str()
                        .is_empty()
            })
        {
            starts.insert(token.span().start + at as u32);
        }
    }
    let whole = |span: Span| starts.contains(&span.start) && ends.contains(&span.end);
    let mut last = 0;
    for e in a.entities() {
        assert!(whole(e.span), "{:?} cuts a piece of a word", e.text);
        assert_eq!(text.get(e.span.range()), Some(e.text));
        assert!(!e.span.is_empty() && e.span.start >= last);
        last = e.span.start;
    }
    for i in 0..a.stories().len() {
        for t in a.topics_of(i) {
            assert!((0.0..=1.0).contains(&t.score));
            for e in t.evidence() {
                assert_eq!(text.get(e.span.range()), Some(e.text));
                assert!(!e.text.is_empty());
                assert!(whole(e.span), "{:?} cuts a piece of a word", e.text);
            }
        }
        for k in a.keywords_of(i) {
            assert!(!k.text.is_empty() && (0.0..=1.0).contains(&k.score));
            for m in k.mentions {
                assert!(text.get(m.range()).is_some_and(|s| !s.is_empty()));
            }
        }
    }
    for s in a.stories() {
        for p in s.parts() {
            assert!(text.get(p.span.range()).is_some());
        }
    }
}

/// Topic ids, and the kinds and normal forms of entities.
fn meaning(tagger: &Tagger, text: &str) -> (Vec<String>, Vec<String>) {
    let report = tagger.tag(text);
    let norm = |s: &str| Normalizer::key().normalize(s).as_str().to_owned();
    (
        report.topics.iter().map(|t| t.id.clone()).collect(),
        report
            .entities
            .iter()
            .map(|e| format!("{} {}", e.kind.as_str(), norm(&e.text)))
            .collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_sound(text in any_text()) {
        let mut scratch = Scratch::new();
        let tagger = Tagger::new();
        check(&text, &tagger.analyze(&text, &mut scratch));
    }

    #[test]
    fn a_reused_scratch_is_as_good_as_new(texts in prop::collection::vec(any_text(), 1..6)) {
        let tagger = Tagger::new();
        let other = Tagger::builder().without_embedded().build().unwrap();
        let mut reused = Scratch::new();
        for text in &texts {
            let _ = other.analyze(text, &mut reused).topics().count();
            let warm = tagger.analyze(text, &mut reused).to_report();
            let fresh = tagger.analyze(text, &mut Scratch::new()).to_report();
            prop_assert_eq!(warm, fresh);
        }
    }

    #[test]
    fn normalising_twice_is_once(text in any_text()) {
        for n in [Normalizer::new(), Normalizer::key(), Normalizer::none()] {
            let once = n.normalize(&text);
            let twice = n.normalize(once.as_str());
            prop_assert_eq!(once.as_str(), twice.as_str());
            let all = once.to_original(0..once.as_str().len());
            prop_assert!(text.get(all.range()).is_some());
            let mut last = 0;
            for (i, c) in once.as_str().char_indices() {
                let span = once.to_original(i..i + c.len_utf8());
                prop_assert!(text.get(span.range()).is_some_and(|s| !s.is_empty()));
                prop_assert!(span.start >= last);
                last = span.start;
            }
        }
    }

    #[test]
    fn normalising_merges_no_arabic_words(text in any_text()) {
        let tokenizer = Tokenizer::new();
        let (mut s, mut t) = (TokenScratch::new(), TokenScratch::new());
        let arabic = |t: &rasd::Token<'_>| {
            t.kind() == TokenKind::Word && t.text().chars().any(|c| matches!(c, '\u{621}'..='\u{64A}'))
        };
        let before: Vec<Span> = tokenizer.tokenize(&text, &mut s).iter().filter(arabic).map(|t| t.span()).collect();
        let normal = Normalizer::new().normalize(&text);
        for token in tokenizer.tokenize(normal.as_str(), &mut t).iter().filter(arabic) {
            let span = normal.to_original(token.span().range());
            let words = before.iter().filter(|b| b.overlaps(span)).count();
            prop_assert!(words <= 1, "{:?} was {} words", token.text(), words);
        }
    }

    #[test]
    fn spelling_changes_no_meaning(text in story(), seed in any::<u64>()) {
        let tagger = Tagger::new();
        let plain = meaning(&tagger, &text);
        let mut state = seed;
        let mut next = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as u32
        };
        let marked: String = text.chars().flat_map(|c| {
            let marks = if c.is_alphabetic() {
                match next() % 5 {
                    0 => "\u{64E}", 1 => "\u{650}\u{651}", 2 => "\u{640}", 3 => "\u{200D}", _ => "",
                }
            } else { "" };
            std::iter::once(c).chain(marks.chars()).collect::<Vec<_>>()
        }).collect();
        prop_assert_eq!(&meaning(&tagger, &marked), &plain, "marks");
        let persian: String = text.chars().map(|c| match c { 'ي' => 'ی', 'ك' => 'ک', c => c }).collect();
        prop_assert_eq!(&meaning(&tagger, &persian), &plain, "Persian letters");
        let decomposed = text.replace('أ', "ا\u{654}").replace('إ', "ا\u{655}").replace('آ', "ا\u{653}");
        prop_assert_eq!(&meaning(&tagger, &decomposed), &plain, "decomposed");
        let forms = text.replace("لا", "\u{FEFB}").replace("لأ", "\u{FEF7}").replace('ه', "\u{FEEB}").replace('ن', "\u{FEE7}");
        prop_assert_eq!(&meaning(&tagger, &forms), &plain, "presentation forms");
        let controls: String = text.split(' ').map(|w| match next() % 4 {
            0 => format!("\u{202B}{w}\u{202C} "),
            1 => format!("\u{200F}{w}\u{200F} "),
            2 => format!("\u{2067}{w}\u{2069} "),
            _ => format!("{w} "),
        }).collect();
        prop_assert_eq!(&meaning(&tagger, controls.trim_end()), &plain, "bidi controls");
    }

    #[test]
    fn concatenated_texts_keep_their_tokens(a in any_text(), b in any_text()) {
        let tokenizer = Tokenizer::new();
        let (mut s, mut t, mut u) = (TokenScratch::new(), TokenScratch::new(), TokenScratch::new());
        let joined = format!("{a}\n\n{b}");
        let shift = a.len() as u32 + 2;
        let mut parts: Vec<_> = tokenizer.tokenize(&a, &mut s).iter().map(|t| (t.span().start, t.span().end)).collect();
        parts.extend(tokenizer.tokenize(&b, &mut t).iter().map(|t| (t.span().start + shift, t.span().end + shift)));
        let whole: Vec<_> = tokenizer.tokenize(&joined, &mut u).iter().map(|t| (t.span().start, t.span().end)).collect();
        prop_assert_eq!(parts, whole);
    }

    #[test]
    fn reports_survive_json(text in any_text()) {
        let report = Tagger::new().tag(&text);
        let json = serde_json::to_string(&report).unwrap();
        let back: rasd::Report = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&back, &report);
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), json);
    }
}

#[test]
fn every_term_finds_itself() {
    // Alone and behind و ف ب ل ك ال: at least 99 of 100 (a clitic may make another word of a short one).
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let tokenizer = Tokenizer::new();
    let mut words = TokenScratch::new();
    for id in ["human-trafficking", "irregular-migration", "local-security"] {
        let lexicon = rasd::Lexicon::from_path(format!("lexicons/topics/{id}.toml")).unwrap();
        let (mut tried, mut lost) = (0, Vec::new());
        let mut run = |text: &str, term: &str| {
            let a = tagger.analyze(text, &mut scratch);
            let found = a.topics_of(0).filter(|t| t.id == id).any(|t| {
                t.evidence()
                    .any(|e| e.span.len() >= term.len().min(e.span.len()) && !e.text.is_empty())
            });
            let blocked = a.blocked_of(0).any(|b| b.topic == id);
            tried += 1;
            if !found && !blocked {
                lost.push(text.to_owned());
            }
        };
        for term in lexicon.terms() {
            // Rules are named by ids, in Latin letters.
            if term.is_ascii() {
                continue;
            }
            run(term, term);
            // A word with a letter outside the alphabet (الحراڤة) is left whole, clitics and all.
            // Numbers of laws are matched as written.
            if term.contains(|c: char| c.is_ascii_digit())
                || term.contains(['ڤ', 'ڨ', 'گ', 'ڭ', 'پ', 'چ', 'ژ'])
            {
                continue;
            }
            // A preposition does not stand before a verb or a particle.
            let first = tokenizer.tokenize(term, &mut words).get(0);
            let governed =
                first.is_some_and(|t| t.segments().any(|s| s.kind == SegmentKind::Preposition));
            let first = first.filter(|_| !governed).map(|t| (t.tag(), t.kind()));
            let noun = !matches!(
                first,
                Some((Tag::Verb | Tag::Particle | Tag::Pronoun | Tag::Adverb, _)) | None
            );
            let clitics: &[&str] = if noun {
                &["و", "ف", "ب", "ل", "ك"]
            } else {
                &["و", "ف"]
            };
            for &clitic in clitics {
                let joined = match (clitic, term.strip_prefix("ال")) {
                    ("ل", Some(rest)) => format!("لل{rest}"),
                    _ => format!("{clitic}{term}"),
                };
                run(&joined, term);
            }
        }
        assert!(tried > 3000);
        assert!(
            lost.len() * 100 <= tried,
            "{id}: {} of {tried} lost: {:?}",
            lost.len(),
            &lost[..lost.len().min(40)]
        );
    }
}

#[test]
fn threads_agree() {
    let pages: Vec<String> = std::fs::read_dir("tests/data/pages")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .map(|p| std::fs::read_to_string(p).unwrap())
        .collect();
    let tagger = Tagger::new();
    let alone: Vec<_> = pages
        .iter()
        .map(|p| serde_json::to_string(&tagger.tag(p)).unwrap())
        .collect();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for (page, wanted) in pages.iter().zip(&alone) {
                    assert_eq!(
                        &serde_json::to_string(&tagger.clone().tag(page)).unwrap(),
                        wanted
                    );
                }
            });
        }
    });
}

#[test]
fn related_stories_change_no_topic_of_the_main_one() {
    let page = std::fs::read_to_string("tests/data/pages/01-egypt-aggregator.txt").unwrap();
    let tagger = Tagger::new();
    let report = tagger.tag(&page);
    assert!(!report.related.is_empty());
    let main = &page[..report.related[0].start];
    let alone = tagger.tag(main);
    let ids = |r: &rasd::Report| {
        r.topics
            .iter()
            .map(|t| (t.id.clone(), t.score.to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&report), ids(&alone));
}

#[test]
fn kinds_have_names() {
    for kind in [TokenKind::Word, TokenKind::Url, TokenKind::Hashtag] {
        assert_eq!(
            serde_json::to_string(&kind).unwrap(),
            format!("\"{}\"", kind.as_str())
        );
    }
}

/// Found by the fuzzer `analyze`: a tag that began with an unseen character made a word no Arabic one for the texts behind
/// it.
#[test]
fn a_tag_with_an_unseen_character_does_not_spoil_its_word() {
    let tagger = rasd::Tagger::new();
    let plain = "ضبط مهربي المهاجرين على الحدود";
    let tagged = "خبر عاجل #\u{2067}الحدود";
    let mut used = rasd::Scratch::new();
    tagger.analyze(tagged, &mut used).to_report();
    assert!(tagger.analyze(plain, &mut used).to_report() == tagger.tag(plain));
    let mut other = rasd::Scratch::new();
    tagger.analyze(plain, &mut other).to_report();
    assert!(tagger.analyze(tagged, &mut other).to_report() == tagger.tag(tagged));
}
