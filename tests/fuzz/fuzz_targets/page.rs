//! Stories and their parts lie in order inside the text. What comes in is cut to lines of markers and words, so that
//! layouts are met more often than chance would.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rasd::{Scratch, Tagger};

const LINES: &[&str] = &[
    "إقرأ أيضاً:", "اقرأ المزيد", "المصدر:", "المصدر: وكالة الأنباء", "تاريخ النشر: 20 أكتوبر 2024", "20th, October 2024 GMT",
    "كلمات دلالية:", "الهجرة، الأمن، تونس", "تحرير : سعيد", "كتب محمد علي", "مواضيع ذات صلة", "شاهد أيضا", "", "",
    "إحباط محاولة للهجرة غير الشرعية قبالة صفاقس", "٢٠٢٤/١٠/٢٠", "الأحد 20 تشرين الأول 2024", "وسوم", "-", "|",
    "أحبط خفر السواحل التونسي محاولة للهجرة غير الشرعية، وأنقذ 40 مهاجرا من قارب مطاطي قبالة صفاقس ونقلهم إلى الميناء.",
    "حقوق النشر محفوظة", "صورة: أرشيف", "رويترز", "القاهرة - أ ف ب", "99/99/9999",
];

fuzz_target!(|data: &[u8]| {
    // Half of the inputs are texts as they are.
    let text = match data.split_first() {
        Some((first, rest)) if first % 2 == 0 => String::from_utf8_lossy(rest).into_owned(),
        Some((_, rest)) => {
            let mut text = String::new();
            for b in rest.iter().take(400) {
                match LINES.get(*b as usize % (LINES.len() + 4)) {
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
        for span in [story.title(), story.published(), story.byline(), story.source()].into_iter().flatten() {
            assert!(text.get(span.range()).is_some_and(|s| !s.is_empty()));
        }
        assert!(story.supplied_keywords().iter().all(|k| text.get(k.range()).is_some_and(|s| !s.is_empty())));
    }
    let report = a.to_report();
    assert!(report.related.len() + 1 >= a.stories().len());
});
