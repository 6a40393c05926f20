//! Entities in sentences of our own: kinds and spans, groups, ids, roles.
#![cfg(feature = "embedded")]

use rasd::{EntityKind, Scratch, Tagger};

type Mention = (EntityKind, usize, usize);

/// A sentence without its marks, and what they mark.
fn unmark(line: &str) -> (String, Vec<Mention>) {
    let mut text = String::new();
    let mut marks = Vec::new();
    let mut open = None;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let kind = match rest.get(..3) {
            Some("[P ") => Some(EntityKind::Person),
            Some("[L ") => Some(EntityKind::Location),
            Some("[O ") => Some(EntityKind::Organization),
            _ => None,
        };
        if let Some(kind) = kind {
            open = Some((kind, text.len()));
            rest = &rest[3..];
            continue;
        }
        match (c, open) {
            (']', Some((kind, start))) => {
                marks.push((kind, start, text.len()));
                open = None;
            }
            _ => text.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    (text, marks)
}

fn found(tagger: &Tagger, text: &str, scratch: &mut Scratch) -> Vec<Mention> {
    let analysis = tagger.analyze(text, scratch);
    let names = analysis.entities().filter(|e| {
        matches!(
            e.kind,
            EntityKind::Person | EntityKind::Location | EntityKind::Organization
        )
    });
    names
        .map(|e| (e.kind, e.span.start as usize, e.span.end as usize))
        .collect()
}

#[test]
fn sentences() {
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let source = include_str!("data/entities.txt");
    let mut wrong = String::new();
    let (mut right, mut count) = (0, 0);
    for line in source
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let known = line.starts_with('~');
        let (text, marks) = unmark(line.trim_start_matches('~'));
        let names = found(&tagger, &text, &mut scratch);
        count += 1;
        right += usize::from(names == marks);
        if names != marks && !known {
            wrong.push_str(line);
            wrong.push('\n');
            for (kind, start, end) in names {
                wrong.push_str(&format!("    {} {}\n", kind.as_str(), &text[start..end]));
            }
        }
    }
    assert!(count >= 100, "{count} sentences");
    // A guard against falling back: 124 of 129 are right; the aim was 115 of 121. Six expectations were corrected to the marking
    // guide and the given annotation (generic «النيابة العامة»; «السلطات» with a nationality, which none of 39 places of the
    // given articles marks; «الجمارك السعودية» like «الشرطة الإيطالية»; heads of companies and parties).
    assert!(
        right * 20 >= count * 19,
        "{right} of {count} sentences are right, these are not:\n{wrong}"
    );
}

#[test]
fn one_thing_has_one_number() {
    let text = "أكد الدكتور طلعت عبد القوي رئيس الاتحاد العام للجمعيات الأهلية أهمية الاتفاق. \
                وأضاف عبد القوي أن الاتحاد العام للجمعيات الأهلية سيوقع عليه. وقالت السفيرة نائلة جبر إن الاتفاق مهم.";
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let analysis = tagger.analyze(text, &mut scratch);
    let of = |kind: EntityKind| -> Vec<(&str, u32)> {
        let all = analysis.entities().filter(move |e| e.kind == kind);
        all.map(|e| (e.text, e.group)).collect()
    };
    let persons = of(EntityKind::Person);
    let names: Vec<_> = persons.iter().map(|p| p.0).collect();
    assert_eq!(names, ["طلعت عبد القوي", "عبد القوي", "نائلة جبر"]);
    assert_eq!(persons[0].1, persons[1].1);
    assert_ne!(persons[0].1, persons[2].1);
    let bodies = of(EntityKind::Organization);
    assert!(bodies.iter().all(|b| b.1 == bodies[0].1), "{bodies:?}");
    let roles = of(EntityKind::Role);
    assert!(roles.contains(&("الدكتور", persons[0].1)), "{roles:?}");
    assert!(roles.contains(&("السفيرة", persons[2].1)), "{roles:?}");
}

#[test]
fn a_role_ends_with_the_name_of_its_body() {
    let text = "أكد الدكتور طلعت عبد القوي رئيس الاتحاد العام للجمعيات الأهلية أهمية الاتفاق.";
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let analysis = tagger.analyze(text, &mut scratch);
    assert!(
        analysis
            .entities()
            .any(|e| e.kind == EntityKind::Role && e.text == "رئيس الاتحاد العام للجمعيات الأهلية")
    );
}

#[test]
fn places_have_codes() {
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let code = |text: &str, name: &str, scratch: &mut Scratch| {
        let analysis = tagger.analyze(text, scratch);
        let place = analysis
            .entities()
            .find(|e| e.kind == EntityKind::Location && e.text == name);
        place.and_then(|e| e.code).map(str::to_owned)
    };
    let morocco = code("وصل الوفد إلى المغرب أمس.", "المغرب", &mut scratch);
    assert_eq!(morocco.as_deref(), Some("MA"));
    // Two cities of one name: the country the text speaks of decides.
    let libya = "أعلنت حكومة الوحدة في ليبيا وصول الوفد إلى طرابلس قادما من بنغازي.";
    let libya = code(libya, "طرابلس", &mut scratch).unwrap_or_default();
    assert!(libya.starts_with("LY"), "{libya}");
    let lebanon = "أعلن الجيش في لبنان انتشاره في طرابلس وفي بيروت وصيدا.";
    let lebanon = code(lebanon, "طرابلس", &mut scratch).unwrap_or_default();
    assert!(lebanon.starts_with("LB"), "{lebanon}");
}

#[test]
fn spans_leave_out_what_is_joined_in_front() {
    let tagger = Tagger::new();
    let report = tagger.tag("وصل الوفد إلى القاهرة وبغداد، وسافر منهما لتونس.");
    let names: Vec<_> = report.entities.iter().map(|e| e.text.as_str()).collect();
    assert_eq!(names, ["القاهرة", "بغداد", "تونس"]);
}

#[test]
fn short_forms_take_the_kind_of_the_full_name() {
    let tagger = Tagger::new();
    let report = tagger.tag("قال الوزير زغلول الطرشاني إن الخطة جاهزة. وعاد الطرشاني إلى مكتبه.");
    let persons = report
        .entities
        .iter()
        .filter(|e| e.kind == EntityKind::Person);
    let persons: Vec<_> = persons.map(|e| (e.text.as_str(), e.group)).collect();
    assert_eq!(persons, [("زغلول الطرشاني", 0), ("الطرشاني", 0)]);
}

#[test]
fn own_lists_are_believed() {
    let source = r#"
format = 1
version = "1"
[entities]
id = "villages"
kind = "location"
[[terms]]
id = "village-1"
list = ["تيزي نبشار", "النبوشة"]
"#;
    let lexicon = rasd::Lexicon::from_toml("villages.toml", source).unwrap();
    let tagger = Tagger::builder().lexicon(lexicon).build().unwrap();
    let mut scratch = Scratch::new();
    let text = "انطلقت القافلة من تيزي نبشار نحو النبوشة صباح أمس، ثم عادت لتيزي نبشار.";
    let analysis = tagger.analyze(text, &mut scratch);
    let found: Vec<_> = analysis
        .entities()
        .filter(|e| e.kind == EntityKind::Location)
        .map(|e| (e.text, e.id))
        .collect();
    assert_eq!(
        found,
        [
            ("تيزي نبشار", Some("village-1")),
            ("النبوشة", Some("village-1")),
            ("تيزي نبشار", Some("village-1")),
        ]
    );
}

/// Found by the fuzzer `analyze`: an unseen character inside للـ, and the span began in the middle of it.
#[test]
fn an_unseen_character_in_a_clitic_is_not_cut() {
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    for unseen in ["\u{202E}", "\u{200F}", "\u{64B}", "\u{640}"] {
        let text = format!(
            "قدمت البحرية الملكية المساعدة. قدمت وحدة تابعة ل{unseen}لبحرية الملكية، أمس الثلاثاء، المساعدة."
        );
        let analysis = tagger.analyze(&text, &mut scratch);
        let names: Vec<&str> = analysis.entities().map(|e| e.text).collect();
        assert!(names.iter().all(|n| !n.is_empty()), "{unseen:?}: {names:?}");
        assert_eq!(
            names
                .iter()
                .filter(|n| n.ends_with("بحرية الملكية"))
                .count(),
            2,
            "{unseen:?}: {names:?}"
        );
    }
}

/// What the scorer cannot know is repaired: where names of persons and places end, and what Latin letters are.
#[test]
fn spans_are_repaired() {
    let tagger = Tagger::new();
    let mut scratch = Scratch::new();
    let mut names = |text: &str| -> Vec<String> {
        let found = found(&tagger, text, &mut scratch);
        found.iter().map(|m| text[m.1..m.2].to_owned()).collect()
    };
    for name in ["ألفريدو دي ستيفانو", "رود فان نيستلروي"] {
        assert_eq!(names(&format!("سجل {name} هدفين في المباراة.")), [name]);
    }
    // Terms in Latin letters are no bodies, what is listed is.
    assert!(names("يعمل الجهاز بنظام Harmony ومعالج Kirin من الجيل الجديد.").is_empty());
    assert!(names("وقال المتحدث لشبكة CNN إن الاجتماع تأجل.").contains(&"CNN".to_owned()));
    // A wish belongs to nobody's name.
    assert_eq!(
        names("زار الوفد مرقد الإمام الحسين (عليه السلام) صباح أمس."),
        ["الحسين"]
    );
}
