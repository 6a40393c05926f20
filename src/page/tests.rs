//! Whole pages written in the manner of the Arab press: what the splitter makes of each is written beside it.
//!
//! `RASD_BLESS=1 cargo test --lib page` writes the `.toml` files anew; read the difference before you commit it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Layout, Page, Part, PartKind, Story};

impl Page {
    fn main(&self) -> Story<'_> {
        self.stories().next().unwrap()
    }

    fn related(&self) -> impl Iterator<Item = Story<'_>> {
        self.stories().skip(1)
    }

    fn parts(&self) -> &[Part] {
        &self.parts
    }
}

fn layout() -> Layout {
    crate::lexicon::embedded::layout()
}

/// The stories as TOML: a line a part, long ones by their ends.
fn describe(text: &str, page: &Page) -> String {
    let mut out = String::new();
    for story in page.stories() {
        out.push_str("[[story]]\nparts = [\n");
        for part in story.parts() {
            let words: Vec<&str> = part.span.of(text).split_whitespace().collect();
            let shown = if words.len() > 30 && matches!(part.kind, PartKind::Lead | PartKind::Body)
            {
                format!(
                    "{} ... {}",
                    words[..6].join(" "),
                    words[words.len() - 3..].join(" ")
                )
            } else {
                part.span.of(text).to_owned()
            };
            writeln!(
                out,
                "  [{:?}, {}],",
                part.kind.as_str(),
                toml::Value::String(shown)
            )
            .unwrap();
        }
        out.push_str("]\n");
        if !story.supplied_keywords().is_empty() {
            out.push_str("keywords = [\n");
            for keyword in story.supplied_keywords() {
                writeln!(
                    out,
                    "  {},",
                    toml::Value::String(keyword.of(text).to_owned())
                )
                .unwrap();
            }
            out.push_str("]\n");
        }
        out.push('\n');
    }
    out
}

fn page_files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pages"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "txt"))
            .collect();
    files.sort();
    files
}

#[test]
fn pages_are_split_as_written_beside_them() {
    let layout = layout();
    let mut page = Page::default();
    let mut wrong = String::new();
    for file in page_files() {
        let text = std::fs::read_to_string(&file).unwrap();
        layout.split(&text, &mut page);
        let got = describe(&text, &page);
        let expected_file = file.with_extension("toml");
        if std::env::var_os("RASD_BLESS").is_some() {
            std::fs::write(&expected_file, &got).unwrap();
        }
        let expected = std::fs::read_to_string(&expected_file).unwrap_or_default();
        if got != expected {
            writeln!(wrong, "{}:\n{got}", file.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn spans_are_ordered_and_whole() {
    let layout = layout();
    let mut page = Page::default();
    for file in page_files() {
        let text = std::fs::read_to_string(&file).unwrap();
        for cut in (0..text.len())
            .filter(|&i| text.is_char_boundary(i))
            .step_by(7)
        {
            layout.split(&text[cut..], &mut page);
            let mut end = 0;
            for part in page.parts() {
                assert!(
                    part.span.start >= end && part.span.end > part.span.start,
                    "{} from {cut}",
                    file.display()
                );
                assert!(text[cut..].get(part.span.range()).is_some());
                end = part.span.end;
            }
            let counted: usize = page.stories().map(|s| s.parts().len()).sum();
            assert_eq!(counted, page.parts().len());
        }
    }
}

#[test]
fn every_spelling_of_a_marker_is_one() {
    let layout = layout();
    let mut page = Page::default();
    for marker in [
        "إقرأ أيضاً:",
        "اقرأ أيضًا :",
        "أقرأ ايضا",
        "إقرا أيضا：",
        "«إقـرأ أيضاً»",
        "• اقرأ أيضا -",
        "\u{200F}إقرأ أيضاً:\u{200F}",
        "اقرأ ایضا:",
        "ا\u{655}قرا\u{654} ا\u{654}يضاً:",
    ] {
        let text = format!(
            "عنوان الخبر الأول\nمتن الخبر الأول كله هنا.\nالمصدر: وكالات\n{marker}\nعنوان الخبر الثاني\nمتن الخبر الثاني كله هنا.\n"
        );
        layout.split(&text, &mut page);
        assert_eq!(page.stories().len(), 2, "{marker}");
        let related = page.related().next().unwrap();
        assert_eq!(
            related.title().unwrap().of(&text),
            "عنوان الخبر الثاني",
            "{marker}"
        );
    }
    for marker in [
        "تاريخ النشر:",
        "تاريخ النشر :",
        "تَاريخ النشر",
        "تاريخ النشر -",
        "نشر في",
        "آخر تحديث",
        "اخر تحديث :",
    ] {
        let text = format!("عنوان الخبر\n{marker} 20/10/2024\nمتن الخبر كله هنا.");
        layout.split(&text, &mut page);
        assert_eq!(
            page.main().published().unwrap().of(&text),
            "20/10/2024",
            "{marker}"
        );
    }
    for marker in [
        "تحرير :",
        "تحرير:",
        "كتب:",
        "كتبت -",
        "بقلم",
        "بقلم :",
        "إعداد|",
        "كتب/",
        "اعداد:",
    ] {
        let text = format!("عنوان الخبر\n{marker}زكرياء عبد الله\nمتن الخبر كله هنا.");
        let text = text.replace("بقلمزكرياء", "بقلم زكرياء");
        layout.split(&text, &mut page);
        assert_eq!(
            page.main().byline().unwrap().of(&text),
            "زكرياء عبد الله",
            "{marker}"
        );
    }
}

#[test]
fn running_sentences_are_no_markers() {
    let layout = layout();
    let mut page = Page::default();
    for line in [
        "كتب الشاعر محمود درويش قصيدته الأخيرة في رام الله.",
        "كتبت الصحيفة في افتتاحيتها أن الوضع خطير.",
        "تحرير الموصل استغرق تسعة أشهر من القتال.",
        "المصدر الأمني أكد أن العملية انتهت.",
        "نشر في المنطقة ثلاثة آلاف جندي لحفظ الأمن، وقال القائد إن العدد سيزداد في الأيام المقبلة بعد وصول تعزيزات من العاصمة.",
        "شاهد الجيران النيران تتصاعد من الطابق الثالث.",
        "تابع الرئيس سير العمليات من غرفة القيادة.",
        "صور الضحايا انتشرت على مواقع التواصل.",
        "للمزيد من الأمن، نشرت الوزارة ألف شرطي.",
        "وسوم الولاء تظهر على جدران المدينة.",
        "شارك الخبراء في ندوة عن الهجرة بمدينة فاس.",
        "مصادر: مقتل ثلاثة جنود في كمين.",
    ] {
        let text = format!(
            "عنوان الخبر الأول\nمقدمة الخبر الأول في جملة واحدة كاملة المعنى.\n{line}\nوأضاف المصدر أن التحقيق جار.\n"
        );
        layout.split(&text, &mut page);
        assert_eq!(page.stories().len(), 1, "{line}");
        let part = page.main().parts()[2];
        assert_eq!((part.kind, part.span.of(&text)), (PartKind::Body, line));
        // And as the first paragraph.
        let text = format!("عنوان الخبر الأول\n{line}\nوأضاف المصدر أن التحقيق جار.\n");
        layout.split(&text, &mut page);
        let part = page.main().parts()[1];
        assert_eq!((part.kind, part.span.of(&text)), (PartKind::Lead, line));
    }
}

#[test]
fn odd_texts_are_one_story() {
    let layout = layout();
    let mut page = Page::default();
    for text in [
        "",
        " \n\r\n\t",
        "\u{FEFF}",
        "\0\0",
        "نص",
        "المصدر:",
        "إقرأ أيضاً:",
        "كلمات دلالية:\n\n",
        "...\n...\n",
        "a\u{2028}b",
        "((((((",
        "))))))",
    ] {
        layout.split(text, &mut page);
        assert_eq!(
            page.main().title().is_some(),
            text == "a\u{2028}b",
            "{text:?}"
        );
        assert!(page.stories().len() >= 1, "{text:?}");
    }
    layout.split("خبر قصير من سطر واحد", &mut page);
    assert_eq!(page.parts().len(), 1);
    assert_eq!(page.parts()[0].kind, PartKind::Body);
}

#[test]
fn time_is_linear() {
    let layout = layout();
    let mut page = Page::default();
    let bytes = if cfg!(debug_assertions) {
        100_000
    } else {
        1_000_000
    };
    let started = std::time::Instant::now();
    for unit in [
        "ا",
        "إقرأ أيضاً:\n",
        "عنوان\n",
        "\u{64B}",
        "(",
        ")",
        "كلمات دلالية:\nا\n",
        "المصدر: )",
        "تحرير ",
        "\n",
        "إقرأ أيضاً:\nعنوان من كلمات\n",
    ] {
        layout.split(&unit.repeat(bytes / unit.len()), &mut page);
        layout.split(
            &format!(
                "عنوان\nمتن الخبر كله هنا.\nالمصدر: {}",
                unit.repeat(bytes / unit.len())
            ),
            &mut page,
        );
    }
    // Twenty-two megabytes in a release build; a quadratic step over one of them would take minutes.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
