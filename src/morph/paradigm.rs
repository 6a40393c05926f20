//! Generates the inflected forms of verbs, nouns and adjectives, and the verbal nouns and participles of a root.
//!
//! Stems are written with vowels first, because vowels decide the seat of a hamza and the fate of a weak letter:
//! consonants as they are, `a i u` short, `A I U` long, `ا ى ة` as literal letters. [`spell`] then drops the vowels
//! and seats the hamzas. Two equal consonants with no vowel between are one doubled letter and written once.

use super::class::Class;

/// A base form and its class.
pub type Form = (String, Class);

fn vowel(c: char) -> bool {
    matches!(c, 'a' | 'i' | 'u' | 'A' | 'I' | 'U')
}

/// Writes a vocalised form without vowels, every hamza on its seat.
pub fn spell(v: &str) -> String {
    let t: Vec<char> = v.chars().collect();
    let at = |i: usize| t.get(i).copied();
    let mut out = String::new();
    let mut i = 0;
    while let Some(c) = at(i) {
        let prev = if i == 0 { None } else { at(i - 1) };
        let next = at(i + 1);
        match c {
            'a' | 'i' | 'u' => {}
            'A' => {
                if out.ends_with('أ') {
                    out.pop();
                    out.push('آ');
                } else {
                    out.push('ا');
                }
            }
            'I' => out.push('ي'),
            'U' => out.push('و'),
            'ء' => {
                if next == Some('ء') {
                    // doubled hamza: the second one is written
                } else if prev.is_none() {
                    // A hamza with a before a vowelless hamza makes a madda.
                    if next == Some('a')
                        && at(i + 2) == Some('ء')
                        && at(i + 3).is_none_or(|x| !vowel(x))
                    {
                        out.push('آ');
                        i += 2;
                    } else {
                        out.push(if matches!(next, Some('i' | 'I')) {
                            'إ'
                        } else {
                            'أ'
                        });
                    }
                } else {
                    let p = prev.unwrap_or('ء');
                    let seat = match next {
                        Some(q) if vowel(q) => {
                            if p == 'I' || p == 'i' || matches!(q, 'i' | 'I') || p == 'ي' {
                                'ئ'
                            } else if p == 'u' || matches!(q, 'u' | 'U') {
                                'ؤ'
                            } else if p == 'A' || p == 'U' {
                                'ء'
                            } else {
                                'أ'
                            }
                        }
                        _ => match p {
                            'a' => 'أ',
                            'i' => 'ئ',
                            'u' => 'ؤ',
                            _ => 'ء',
                        },
                    };
                    out.push(seat);
                }
            }
            _ => {
                if prev != Some(c) {
                    out.push(c);
                }
            }
        }
        i += 1;
    }
    out
}

fn put(out: &mut Vec<Form>, v: String, class: Class) {
    let s = spell(&v);
    if s.contains("ؤو") {
        // Newspapers write all three: قرؤوا قرأوا قرءوا, and مسئولون for مسؤولون.
        out.push((s.replace("ؤو", "أو"), class));
        out.push((s.replace("ؤو", "ئو"), class));
    }
    out.push((s, class));
}

/// How the perfect of a verb with a weak last radical ends.
#[derive(Clone, Copy, PartialEq)]
enum Weak {
    Y,
    W,
    I,
}

fn perfect(out: &mut Vec<Form>, pv: &str, pc: &str, passive: bool) {
    use Class::*;
    let pick = |c: Class| if passive { PerfectPassive } else { c };
    put(out, pv.to_string(), pick(Perfect));
    put(out, format!("{pv}aت"), pick(PerfectFeminine));
    put(out, format!("{pv}Uا"), pick(PerfectClosed));
    put(out, format!("{pv}A"), pick(PerfectClosed));
    put(out, format!("{pv}aتA"), pick(PerfectClosed));
    put(out, format!("{pc}ت"), pick(PerfectSpeaker));
    put(out, format!("{pc}نA"), pick(PerfectSpeaker));
    put(out, format!("{pc}تuم"), pick(PerfectClosed));
    put(out, format!("{pc}ن"), pick(PerfectSpeaker));
    if !passive {
        put(out, format!("{pv}U"), PerfectBeforePronoun);
    }
}

fn perfect_weak(out: &mut Vec<Form>, base: &str, kind: Weak, passive: bool) {
    use Class::*;
    let pick = |c: Class| if passive { PerfectPassive } else { c };
    match kind {
        Weak::I => {
            put(out, format!("{base}iي"), pick(Perfect));
            put(out, format!("{base}iيaت"), pick(PerfectFeminine));
            put(out, format!("{base}Uا"), pick(PerfectClosed));
            put(out, format!("{base}iيA"), pick(PerfectClosed));
            put(out, format!("{base}Iنا"), pick(PerfectSpeaker));
            if !passive {
                put(out, format!("{base}U"), PerfectBeforePronoun);
            }
        }
        _ => {
            let (end, gl) = if kind == Weak::W {
                ('ا', 'و')
            } else {
                (if base.ends_with('ي') { 'ا' } else { 'ى' }, 'ي')
            };
            put(out, format!("{base}a{end}"), pick(Perfect));
            if end == 'ى' {
                put(out, format!("{base}A"), PerfectBeforePronoun);
            }
            put(out, format!("{base}aت"), pick(PerfectFeminine));
            put(out, format!("{base}aتA"), pick(PerfectClosed));
            put(out, format!("{base}aوا"), pick(PerfectClosed));
            put(out, format!("{base}aو"), PerfectBeforePronoun);
            put(out, format!("{base}a{gl}A"), pick(PerfectClosed));
            put(out, format!("{base}a{gl}ت"), pick(PerfectSpeaker));
            put(out, format!("{base}a{gl}نا"), pick(PerfectSpeaker));
            put(out, format!("{base}a{gl}تم"), pick(PerfectClosed));
        }
    }
}

/// Imperfect of stems that keep their last consonant. `pre` is the vowel of the prefix.
fn imperfect(out: &mut Vec<Form>, pre: char, iv: &str, ic: &str, ij: &str, passive: bool) {
    use Class::*;
    let pick = |c: Class| if passive { ImperfectPassive } else { c };
    for p in ["ي", "ت", "ن", "ء"] {
        let c = match p {
            "ي" => Imperfect,
            "ت" => ImperfectFeminine,
            _ => ImperfectSpeaker,
        };
        put(out, format!("{p}{pre}{iv}"), pick(c));
        if iv.ends_with('ء') && !passive {
            for v in ["u", "i"] {
                put(out, format!("{p}{pre}{iv}{v}"), ImperfectBeforePronoun);
            }
        }
        if ij != iv {
            put(out, format!("{p}{pre}{ij}"), Jussive);
        }
        if p == "ي" || p == "ت" {
            put(out, format!("{p}{pre}{iv}Uن"), pick(ImperfectLong));
            put(out, format!("{p}{pre}{iv}Uا"), pick(ImperfectClosed));
            put(out, format!("{p}{pre}{iv}Aن"), pick(ImperfectLong));
            put(out, format!("{p}{pre}{iv}A"), pick(ImperfectClosed));
            put(out, format!("{p}{pre}{ic}ن"), pick(ImperfectLong));
            if !passive {
                put(out, format!("{p}{pre}{iv}U"), ImperfectBeforePronoun);
            }
        }
        if p == "ت" && !passive {
            put(out, format!("{p}{pre}{iv}Iن"), ImperfectLong);
            put(out, format!("{p}{pre}{iv}I"), ImperfectClosed);
        }
    }
}

fn imperfect_weak(out: &mut Vec<Form>, pre: char, base: &str, kind: Weak, passive: bool) {
    use Class::*;
    let pick = |c: Class| if passive { ImperfectPassive } else { c };
    for p in ["ي", "ت", "ن", "ء"] {
        let c = match p {
            "ي" => Imperfect,
            "ت" => ImperfectFeminine,
            _ => ImperfectSpeaker,
        };
        let b = format!("{p}{pre}{base}");
        match kind {
            Weak::I => put(out, format!("{b}I"), pick(c)),
            Weak::W => put(out, format!("{b}U"), pick(c)),
            Weak::Y => {
                let end = if base.ends_with('ي') { 'ا' } else { 'ى' };
                put(out, format!("{b}a{end}"), pick(c));
                if end == 'ى' && !passive {
                    put(out, format!("{b}A"), ImperfectBeforePronoun);
                }
            }
        }
        let v = match kind {
            Weak::I => 'i',
            Weak::W => 'u',
            Weak::Y => 'a',
        };
        put(out, format!("{b}{v}"), Jussive);
        if p == "ي" || p == "ت" {
            let w = if kind == Weak::Y { "aو" } else { "U" };
            put(out, format!("{b}{w}ن"), pick(ImperfectLong));
            put(out, format!("{b}{w}ا"), pick(ImperfectClosed));
            if !passive {
                put(out, format!("{b}{w}"), ImperfectBeforePronoun);
            }
            let d = match kind {
                Weak::I => "iي",
                Weak::W => "uو",
                Weak::Y => "aي",
            };
            put(out, format!("{b}{d}Aن"), pick(ImperfectLong));
            put(out, format!("{b}{d}A"), pick(ImperfectClosed));
            let f = match kind {
                Weak::I => "Iن",
                Weak::W => "Uن",
                Weak::Y => "aين",
            };
            put(out, format!("{b}{f}"), pick(ImperfectLong));
            if kind == Weak::W && p == "ت" {
                put(out, format!("{b}Iن"), ImperfectLong);
            }
        }
    }
}

fn imperative(out: &mut Vec<Form>, v: &str) {
    put(out, v.to_string(), Class::Imperative);
    put(out, format!("{v}Uا"), Class::Imperative);
}

/// Verb forms I to X of a root of three letters, and I to IV of a root of four, by number; 11 and up for four letters.
pub const FORMS: std::ops::RangeInclusive<u8> = 1..=13;

/// What a root makes in one form.
pub struct Family {
    /// Verb form, see [`FORMS`].
    pub form: u8,
    /// Spellings of the dictionary form (third person of the perfect); several for form I.
    pub verbs: Vec<String>,
    /// Verbal nouns made by rule (none for form I).
    pub masdars: Vec<String>,
    /// Active participles.
    pub actives: Vec<String>,
    /// Passive participles.
    pub passives: Vec<String>,
}

fn weak(c: char) -> bool {
    matches!(c, 'و' | 'ي')
}

struct Root {
    a: char,
    b: char,
    c: char,
}

impl Root {
    fn of(root: &str) -> Option<Root> {
        let r: Vec<char> = root.chars().collect();
        match r.as_slice() {
            [a, b, c] => Some(Root {
                a: *a,
                b: *b,
                c: *c,
            }),
            _ => None,
        }
    }
    fn hollow(&self) -> bool {
        weak(self.b) && !weak(self.c)
    }
    fn defective(&self) -> bool {
        weak(self.c)
    }
    fn doubled(&self) -> bool {
        self.b == self.c
    }
    fn y3(&self) -> bool {
        self.c == 'ي'
    }
}

/// First radical and infix of form VIII, with their assimilations.
fn eighth(a: char) -> String {
    match a {
        'و' | 'ي' => "تت".to_string(),
        'ز' => "زد".to_string(),
        'د' => "دد".to_string(),
        'ذ' => "دد".to_string(),
        'ط' => "طط".to_string(),
        'ص' => "صط".to_string(),
        'ض' => "ضط".to_string(),
        'ظ' => "ظط".to_string(),
        'ث' => "ثت".to_string(),
        'ت' => "تت".to_string(),
        c => format!("{c}ت"),
    }
}

/// Everything a root makes in a verb form; `None` where the form does not exist for such a root.
pub fn family(root: &str, form: u8) -> Option<Family> {
    let s = |v: String| spell(&v);
    let mut f = Family {
        form,
        verbs: vec![],
        masdars: vec![],
        actives: vec![],
        passives: vec![],
    };
    if form > 10 {
        let r: Vec<char> = root.chars().collect();
        let [a, b, c, d] = r.as_slice() else {
            return None;
        };
        match form {
            11 => {
                f.verbs.push(s(format!("{a}a{b}{c}a{d}")));
                f.masdars.push(s(format!("{a}a{b}{c}a{d}aة")));
                f.actives.push(s(format!("مu{a}a{b}{c}i{d}")));
                f.passives.push(s(format!("مu{a}a{b}{c}a{d}")));
            }
            12 => {
                f.verbs.push(s(format!("تa{a}a{b}{c}a{d}")));
                f.masdars.push(s(format!("تa{a}a{b}{c}u{d}")));
                f.actives.push(s(format!("مuتa{a}a{b}{c}i{d}")));
            }
            _ => {
                f.verbs.push(s(format!("ا{a}{b}a{c}a{d}")));
                f.masdars.push(s(format!("ا{a}{b}i{c}{d}A{d}")));
                f.actives.push(s(format!("مu{a}{b}a{c}i{d}")));
            }
        }
        return Some(f);
    }
    let r = Root::of(root)?;
    let (a, b, c) = (r.a, r.b, r.c);
    match form {
        1 => {
            if r.defective() {
                let end = if r.y3() { 'ى' } else { 'ا' };
                f.verbs.push(s(format!("{a}a{b}a{end}")));
                f.verbs.push(s(format!("{a}a{b}iي")));
                f.actives.push(s(format!("{a}A{b}I")));
                f.passives.push(s(if r.y3() {
                    format!("مa{a}{b}I")
                } else {
                    format!("مa{a}{b}U")
                }));
            } else if r.hollow() {
                f.verbs.push(s(format!("{a}A{c}")));
                f.actives.push(s(format!("{a}Aءi{c}")));
                f.passives.push(s(if b == 'و' {
                    format!("مa{a}U{c}")
                } else {
                    format!("مa{a}I{c}")
                }));
            } else if r.doubled() {
                f.verbs.push(s(format!("{a}a{b}")));
                f.actives.push(s(format!("{a}A{b}")));
                f.passives.push(s(format!("مa{a}{b}U{c}")));
            } else {
                for v in ['a', 'i', 'u'] {
                    f.verbs.push(s(format!("{a}a{b}{v}{c}")));
                }
                f.actives.push(s(format!("{a}A{b}i{c}")));
                f.passives.push(s(format!("مa{a}{b}U{c}")));
            }
            f.verbs.dedup();
        }
        2 => {
            if r.defective() {
                f.verbs
                    .push(s(format!("{a}a{b}a{}", if b == 'ي' { 'ا' } else { 'ى' })));
                f.masdars.push(s(format!("تa{a}{b}iيaة")));
                f.actives.push(s(format!("مu{a}a{b}I")));
                f.passives.push(s(format!("مu{a}a{b}aى")));
            } else {
                f.verbs.push(s(format!("{a}a{b}a{c}")));
                if r.doubled() && b == c {
                    *f.verbs.last_mut()? = s(format!("{a}a{b}{b}a{c}"));
                }
                if c == 'ء' {
                    f.masdars.push(s(format!("تa{a}{b}iءaة")));
                } else {
                    f.masdars.push(s(format!("تa{a}{b}I{c}")));
                }
                f.actives.push(s(format!("مu{a}a{b}i{c}")));
                f.passives.push(s(format!("مu{a}a{b}a{c}")));
            }
        }
        3 => {
            if r.defective() {
                f.verbs.push(s(format!("{a}A{b}aى")));
                f.masdars.push(s(format!("مu{a}A{b}Aة")));
                f.actives.push(s(format!("مu{a}A{b}I")));
                f.passives.push(s(format!("مu{a}A{b}aى")));
            } else {
                f.verbs.push(s(format!("{a}A{b}a{c}")));
                f.masdars.push(s(format!("مu{a}A{b}a{c}aة")));
                f.masdars.push(s(format!("{a}i{b}A{c}")));
                f.actives.push(s(format!("مu{a}A{b}i{c}")));
                f.passives.push(s(format!("مu{a}A{b}a{c}")));
            }
        }
        4 => {
            let head = if a == 'ء' {
                "ءA".to_string()
            } else {
                format!("ءa{a}")
            };
            let mhead = match a {
                'و' | 'ي' => "مU".to_string(),
                'ء' => "مuء".to_string(),
                _ => format!("مu{a}"),
            };
            let nhead = if weak(a) || a == 'ء' {
                "ءI".to_string()
            } else {
                format!("ءi{a}")
            };
            if r.defective() {
                f.verbs
                    .push(s(format!("{head}{b}a{}", if b == 'ي' { 'ا' } else { 'ى' })));
                f.masdars.push(s(format!("{nhead}{b}Aء")));
                f.actives.push(s(format!("{mhead}{b}I")));
                f.passives.push(s(format!("{mhead}{b}aى")));
            } else if r.hollow() {
                f.verbs.push(s(format!("{head}A{c}")));
                f.masdars.push(s(format!("ءi{a}A{c}aة")));
                f.actives.push(s(format!("مu{a}I{c}")));
                f.passives.push(s(format!("مu{a}A{c}")));
            } else if r.doubled() {
                f.verbs.push(s(format!("ءa{a}a{b}")));
                f.masdars.push(s(format!("{nhead}{b}A{c}")));
                f.actives.push(s(format!("مu{a}i{b}")));
                f.passives.push(s(format!("مu{a}a{b}")));
            } else {
                f.verbs.push(s(format!("{head}{b}a{c}")));
                f.masdars.push(s(format!("{nhead}{b}A{c}")));
                f.actives.push(s(format!("{mhead}{b}i{c}")));
                f.passives.push(s(format!("{mhead}{b}a{c}")));
            }
        }
        5 | 6 => {
            let head = if form == 5 {
                format!("تa{a}a")
            } else {
                format!("تa{a}A")
            };
            if r.defective() {
                f.verbs
                    .push(s(format!("{head}{b}a{}", if b == 'ي' { 'ا' } else { 'ى' })));
                f.masdars.push(s(format!("{head}{b}I")));
                f.actives.push(s(format!("مu{head}{b}I")));
                f.passives.push(s(format!("مu{head}{b}aى")));
            } else {
                f.verbs.push(if form == 5 && b == c {
                    s(format!("{head}{b}{b}a{c}"))
                } else {
                    s(format!("{head}{b}a{c}"))
                });
                f.masdars.push(s(format!("{head}{b}u{c}")));
                f.actives.push(s(format!("مu{head}{b}i{c}")));
                f.passives.push(s(format!("مu{head}{b}a{c}")));
            }
        }
        7 | 8 => {
            if form == 7 && matches!(a, 'ء' | 'و' | 'ي' | 'ن' | 'ل' | 'ر' | 'م') {
                return None;
            }
            if form == 8 && a == 'ء' && root != "ءخذ" {
                return None;
            }
            let h = if form == 7 {
                format!("ن{a}")
            } else if a == 'ء' {
                "تت".to_string()
            } else {
                eighth(a)
            };
            if r.defective() {
                f.verbs.push(s(format!("ا{h}a{b}aى")));
                f.masdars.push(s(format!("ا{h}i{b}Aء")));
                f.actives.push(s(format!("مu{h}a{b}I")));
                f.passives.push(s(format!("مu{h}a{b}aى")));
            } else if r.hollow() {
                f.verbs.push(s(format!("ا{h}A{c}")));
                f.masdars.push(s(format!("ا{h}iيA{c}")));
                f.actives.push(s(format!("مu{h}A{c}")));
                // A hollow root may keep its letter in form VIII: ازدوج, احتوش.
            } else if r.doubled() {
                f.verbs.push(s(format!("ا{h}a{b}")));
                f.masdars.push(s(format!("ا{h}i{b}A{c}")));
                f.actives.push(s(format!("مu{h}a{b}")));
            } else {
                f.verbs.push(s(format!("ا{h}a{b}a{c}")));
                f.masdars.push(s(format!("ا{h}i{b}A{c}")));
                f.actives.push(s(format!("مu{h}a{b}i{c}")));
                f.passives.push(s(format!("مu{h}a{b}a{c}")));
            }
        }
        9 => {
            if r.defective() || r.doubled() {
                return None;
            }
            f.verbs.push(s(format!("ا{a}{b}a{c}")));
            f.masdars.push(s(format!("ا{a}{b}i{c}A{c}")));
            f.actives.push(s(format!("مu{a}{b}a{c}")));
        }
        10 => {
            let h = format!("ستa{a}");
            let n = if weak(a) {
                "استI".to_string()
            } else {
                format!("استi{a}")
            };
            if r.defective() {
                f.verbs.push(s(format!("ا{h}{b}aى")));
                f.masdars.push(s(format!("{n}{b}Aء")));
                f.actives.push(s(format!("مu{h}{b}I")));
                f.passives.push(s(format!("مu{h}{b}aى")));
            } else if r.hollow() {
                f.verbs.push(s(format!("ا{h}A{c}")));
                f.masdars.push(s(format!("است{a}A{c}aة")));
                f.actives.push(s(format!("مuست{a}I{c}")));
                f.passives.push(s(format!("مuست{a}A{c}")));
            } else if r.doubled() {
                f.verbs.push(s(format!("ا{h}a{b}")));
                f.masdars.push(s(format!("{n}{b}A{c}")));
                f.actives.push(s(format!("مu{h}i{b}")));
            } else {
                f.verbs.push(s(format!("ا{h}{b}a{c}")));
                // Sacred exceptions keep a hollow letter (استحوذ, استجوب); they are listed as words.
                let head = if a == 'ء' {
                    "استiء".to_string()
                } else {
                    n
                };
                f.masdars.push(s(format!("{head}{b}A{c}")));
                f.actives.push(s(format!("مu{h}{b}i{c}")));
                f.passives.push(s(format!("مu{h}{b}a{c}")));
            }
        }
        _ => return None,
    }
    Some(f)
}

/// All forms of the verb `lemma` of a root in a verb form.
pub fn conjugate(lemma: &str, root: &str, form: u8) -> Vec<Form> {
    let mut o: Vec<Form> = Vec::new();
    if form > 10 {
        let r: Vec<char> = root.chars().collect();
        let [a, b, c, d] = r.as_slice() else { return o };
        match form {
            11 => {
                let p = format!("{a}a{b}{c}a{d}");
                perfect(&mut o, &p, &p, false);
                let i = format!("{a}a{b}{c}i{d}");
                imperfect(&mut o, 'u', &i, &i, &i, false);
                if *b == 'و' || *b == 'ي' {
                    let q = format!("{a}U{c}i{d}");
                    perfect(&mut o, &q, &q, true);
                }
            }
            12 => {
                let p = format!("تa{a}a{b}{c}a{d}");
                perfect(&mut o, &p, &p, false);
                imperfect(&mut o, 'a', &p, &p, &p, false);
            }
            _ => {
                let v = format!("{a}{b}a{c}a{d}");
                let k = format!("{a}{b}a{c}{d}a{d}");
                perfect(&mut o, &format!("ا{v}"), &format!("ا{k}"), false);
                let i = format!("{a}{b}a{c}i{d}");
                imperfect(&mut o, 'a', &i, &i, &i, false);
            }
        }
        return o;
    }
    let Some(r) = Root::of(root) else { return o };
    let (a, b, c) = (r.a, r.b, r.c);
    match form {
        1 => first(&mut o, lemma, &r),
        2 => {
            if r.defective() {
                let base = format!("{a}a{b}{b}");
                perfect_weak(&mut o, &base, Weak::Y, false);
                imperfect_weak(&mut o, 'u', &base, Weak::I, false);
                perfect_weak(&mut o, &format!("{a}u{b}{b}"), Weak::I, true);
                imperfect_weak(&mut o, 'u', &base, Weak::Y, true);
                put(&mut o, format!("{base}i"), Class::Imperative);
            } else {
                let p = format!("{a}a{b}{b}a{c}");
                let i = format!("{a}a{b}{b}i{c}");
                perfect(&mut o, &p, &p, false);
                imperfect(&mut o, 'u', &i, &i, &i, false);
                if b == 'ء' || c == 'ء' {
                    let q = format!("{a}u{b}{b}i{c}");
                    perfect(&mut o, &q, &q, true);
                    imperfect(&mut o, 'u', &p, &p, &p, true);
                }
                imperative(&mut o, &i);
            }
        }
        3 => {
            if r.defective() {
                let base = format!("{a}A{b}");
                perfect_weak(&mut o, &base, Weak::Y, false);
                imperfect_weak(&mut o, 'u', &base, Weak::I, false);
                perfect_weak(&mut o, &format!("{a}U{b}"), Weak::I, true);
                imperfect_weak(&mut o, 'u', &base, Weak::Y, true);
            } else {
                let p = format!("{a}A{b}a{c}");
                let i = format!("{a}A{b}i{c}");
                perfect(&mut o, &p, &p, false);
                imperfect(&mut o, 'u', &i, &i, &i, false);
                let q = format!("{a}U{b}i{c}");
                perfect(&mut o, &q, &q, true);
                if b == 'ء' || c == 'ء' {
                    imperfect(&mut o, 'u', &p, &p, &p, true);
                }
            }
        }
        4 => {
            let head = if a == 'ء' {
                "ءA".to_string()
            } else {
                format!("ءa{a}")
            };
            let qhead = match a {
                'ء' => "ءU".to_string(),
                'و' | 'ي' => "ءU".to_string(),
                _ => format!("ءu{a}"),
            };
            // The imperfect drops the hamza: يُفعل; a weak first radical becomes long u.
            let ih = match a {
                'و' | 'ي' => "و".to_string(),
                _ => format!("{a}"),
            };
            if r.defective() {
                if root == "رءي" {
                    perfect_weak(&mut o, "ءaر", Weak::Y, false);
                    imperfect_weak(&mut o, 'u', "ر", Weak::I, false);
                    return o;
                }
                perfect_weak(&mut o, &format!("{head}{b}"), Weak::Y, false);
                imperfect_weak(&mut o, 'u', &format!("{ih}{b}"), Weak::I, false);
                perfect_weak(&mut o, &format!("{qhead}{b}"), Weak::I, true);
                imperfect_weak(&mut o, 'u', &format!("{ih}{b}"), Weak::Y, true);
            } else if r.hollow() {
                perfect(
                    &mut o,
                    &format!("{head}A{c}"),
                    &format!("{head}a{c}"),
                    false,
                );
                imperfect(
                    &mut o,
                    'u',
                    &format!("{a}I{c}"),
                    &format!("{a}i{c}"),
                    &format!("{a}i{c}"),
                    false,
                );
                perfect(&mut o, &format!("ءu{a}I{c}"), &format!("ءu{a}i{c}"), true);
                imperfect(
                    &mut o,
                    'u',
                    &format!("{a}A{c}"),
                    &format!("{a}a{c}"),
                    &format!("{a}a{c}"),
                    true,
                );
                put(&mut o, format!("{head}i{c}"), Class::Imperative);
                // Some verbs keep the letter: أعول, أحوج, أغيل.
                let (p, i) = (format!("{head}{b}a{c}"), format!("{a}{b}i{c}"));
                if lemma == spell(&p) {
                    o.clear();
                    perfect(&mut o, &p, &p, false);
                    imperfect(&mut o, 'u', &i, &i, &i, false);
                }
            } else if r.doubled() {
                perfect(
                    &mut o,
                    &format!("ءa{a}a{b}"),
                    &format!("ءa{a}{b}a{c}"),
                    false,
                );
                let j = format!("{a}{b}i{c}");
                imperfect(&mut o, 'u', &format!("{a}i{b}"), &j, &j, false);
                if a == 'ء' {
                    imperfect(&mut o, 'u', &format!("ءi{b}"), &j, &j, false);
                }
            } else {
                let p = format!("{head}{b}a{c}");
                perfect(&mut o, &p, &p, false);
                let i = format!("{ih}{b}i{c}");
                imperfect(&mut o, 'u', &i, &i, &i, false);
                let q = format!("{qhead}{b}i{c}");
                perfect(&mut o, &q, &q, true);
                if b == 'ء' || c == 'ء' {
                    let j = format!("{ih}{b}a{c}");
                    imperfect(&mut o, 'u', &j, &j, &j, true);
                }
                imperative(&mut o, &format!("{head}{b}i{c}"));
            }
        }
        5 | 6 => {
            let head = if form == 5 {
                format!("تa{a}a{b}")
            } else {
                format!("تa{a}A")
            };
            if r.defective() {
                let base = format!("{head}{b}");
                perfect_weak(&mut o, &base, Weak::Y, false);
                imperfect_weak(&mut o, 'a', &base, Weak::Y, false);
                let q = if form == 5 {
                    format!("تu{a}u{b}{b}")
                } else {
                    format!("تu{a}U{b}")
                };
                perfect_weak(&mut o, &q, Weak::I, true);
            } else {
                let p = format!("{head}{b}a{c}");
                perfect(&mut o, &p, &p, false);
                imperfect(&mut o, 'a', &p, &p, &p, false);
                if form == 6 {
                    let q = format!("تu{a}U{b}i{c}");
                    perfect(&mut o, &q, &q, true);
                }
                // The prefix of the imperfect may swallow the ت: تذكر for تتذكر is the verb itself; nothing to add.
            }
        }
        7 | 8 => {
            let h = if form == 7 {
                format!("ن{a}")
            } else if a == 'ء' {
                "تت".to_string()
            } else {
                eighth(a)
            };
            if r.defective() {
                perfect_weak(&mut o, &format!("ا{h}a{b}"), Weak::Y, false);
                imperfect_weak(&mut o, 'a', &format!("{h}a{b}"), Weak::I, false);
                perfect_weak(&mut o, &format!("ا{h}u{b}"), Weak::I, true);
                imperfect_weak(&mut o, 'u', &format!("{h}a{b}"), Weak::Y, true);
            } else if r.hollow() {
                perfect(&mut o, &format!("ا{h}A{c}"), &format!("ا{h}a{c}"), false);
                imperfect(
                    &mut o,
                    'a',
                    &format!("{h}A{c}"),
                    &format!("{h}a{c}"),
                    &format!("{h}a{c}"),
                    false,
                );
                perfect(&mut o, &format!("ا{h}I{c}"), &format!("ا{h}i{c}"), true);
            } else if r.doubled() {
                perfect(
                    &mut o,
                    &format!("ا{h}a{b}"),
                    &format!("ا{h}a{b}a{c}"),
                    false,
                );
                let j = format!("{h}a{b}i{c}");
                imperfect(&mut o, 'a', &format!("{h}a{b}"), &j, &j, false);
            } else {
                let p = format!("ا{h}a{b}a{c}");
                perfect(&mut o, &p, &p, false);
                let i = format!("{h}a{b}i{c}");
                imperfect(&mut o, 'a', &i, &i, &i, false);
                if b == 'ء' || c == 'ء' {
                    let q = format!("ا{h}u{b}i{c}");
                    perfect(&mut o, &q, &q, true);
                    let i = format!("{h}a{b}a{c}");
                    imperfect(&mut o, 'u', &i, &i, &i, true);
                }
            }
        }
        9 => {
            perfect(
                &mut o,
                &format!("ا{a}{b}a{c}"),
                &format!("ا{a}{b}a{c}a{c}"),
                false,
            );
            let j = format!("{a}{b}a{c}i{c}");
            imperfect(&mut o, 'a', &format!("{a}{b}a{c}"), &j, &j, false);
        }
        _ => {
            let h = format!("ستa{a}");
            if r.defective() {
                perfect_weak(&mut o, &format!("ا{h}{b}"), Weak::Y, false);
                imperfect_weak(&mut o, 'a', &format!("{h}{b}"), Weak::I, false);
                perfect_weak(&mut o, &format!("استu{a}{b}"), Weak::I, true);
                imperfect_weak(&mut o, 'u', &format!("{h}{b}"), Weak::Y, true);
            } else if r.hollow() {
                perfect(&mut o, &format!("ا{h}A{c}"), &format!("ا{h}a{c}"), false);
                imperfect(
                    &mut o,
                    'a',
                    &format!("ست{a}I{c}"),
                    &format!("ست{a}i{c}"),
                    &format!("ست{a}i{c}"),
                    false,
                );
                perfect(&mut o, &format!("است{a}I{c}"), &format!("است{a}i{c}"), true);
                imperfect(
                    &mut o,
                    'u',
                    &format!("{h}A{c}"),
                    &format!("{h}a{c}"),
                    &format!("{h}a{c}"),
                    true,
                );
            } else if r.doubled() {
                perfect(&mut o, &format!("ا{h}a{b}"), &format!("ا{h}{b}a{c}"), false);
                let j = format!("ست{a}{b}i{c}");
                imperfect(&mut o, 'a', &format!("{h}i{b}"), &j, &j, false);
            } else {
                let p = format!("ا{h}{b}a{c}");
                perfect(&mut o, &p, &p, false);
                let i = format!("{h}{b}i{c}");
                imperfect(&mut o, 'a', &i, &i, &i, false);
                if b == 'ء' || c == 'ء' || a == 'ء' {
                    let q = format!("استu{a}{b}i{c}");
                    perfect(&mut o, &q, &q, true);
                    let i = format!("{h}{b}a{c}");
                    imperfect(&mut o, 'u', &i, &i, &i, true);
                }
            }
        }
    }
    o
}

/// Hollow verbs of form I with a long a in the imperfect (خاف يخاف).
const HOLLOW_A: &[&str] = &[
    "خاف", "نام", "كاد", "زال", "نال", "هاب", "حار", "شاء", "غار", "خال",
];

fn first(o: &mut Vec<Form>, lemma: &str, r: &Root) {
    let (a, b, c) = (r.a, r.b, r.c);
    if r.defective() {
        if (a, b, c) == ('ر', 'ء', 'ي') {
            perfect_weak(o, "رaء", Weak::Y, false);
            imperfect_weak(o, 'a', "ر", Weak::Y, false);
            perfect_weak(o, "رuء", Weak::I, true);
            return;
        }
        let base = format!("{a}a{b}");
        // A first و falls in the imperfect: وعى يعي, ولي يلي.
        let ib = if a == 'و' {
            b.to_string()
        } else {
            format!("{a}{b}")
        };
        if lemma.ends_with('ي') {
            perfect_weak(o, &base, Weak::I, false);
            if a == 'و' {
                imperfect_weak(o, 'a', &ib, Weak::I, false);
            } else {
                imperfect_weak(o, 'a', &ib, Weak::Y, false);
            }
        } else {
            let w = lemma.ends_with('ا') && b != 'ي';
            perfect_weak(o, &base, if w { Weak::W } else { Weak::Y }, false);
            if w {
                imperfect_weak(o, 'a', &ib, Weak::W, false);
            } else {
                imperfect_weak(o, 'a', &ib, Weak::I, false);
                imperfect_weak(o, 'a', &ib, Weak::Y, false);
            }
        }
        perfect_weak(o, &format!("{a}u{b}"), Weak::I, true);
        imperfect_weak(o, 'u', &format!("{a}{b}"), Weak::Y, true);
        return;
    }
    if r.hollow() {
        let long = if HOLLOW_A.contains(&lemma) {
            'A'
        } else if b == 'و' {
            'U'
        } else {
            'I'
        };
        let sh = match long {
            'A' => 'a',
            'U' => 'u',
            _ => 'i',
        };
        let pc = if long == 'U' { 'u' } else { 'i' };
        perfect(o, &format!("{a}A{c}"), &format!("{a}{pc}{c}"), false);
        imperfect(
            o,
            'a',
            &format!("{a}{long}{c}"),
            &format!("{a}{sh}{c}"),
            &format!("{a}{sh}{c}"),
            false,
        );
        perfect(o, &format!("{a}I{c}"), &format!("{a}i{c}"), true);
        imperfect(
            o,
            'u',
            &format!("{a}A{c}"),
            &format!("{a}a{c}"),
            &format!("{a}a{c}"),
            true,
        );
        put(o, format!("{a}{sh}{c}"), Class::Imperative);
        put(o, format!("{a}{long}{c}Uا"), Class::Imperative);
        return;
    }
    if r.doubled() {
        perfect(o, &format!("{a}a{b}"), &format!("{a}a{b}a{c}"), false);
        let j = format!("{a}{b}u{c}");
        imperfect(o, 'a', &format!("{a}u{b}"), &j, &j, false);
        return;
    }
    let v = if lemma.ends_with('ئ') || lemma.chars().nth(1) == Some('ئ') {
        'i'
    } else if lemma.ends_with('ؤ') {
        'u'
    } else {
        'a'
    };
    let p = format!("{a}a{b}{v}{c}");
    perfect(o, &p, &p, false);
    let iv = if v == 'u' { 'u' } else { 'a' };
    if a == 'و' {
        let i = format!("{b}a{c}");
        imperfect(o, 'a', &i, &i, &i, false);
        let q = format!("و{b}a{c}");
        imperfect(o, 'u', &q, &q, &q, true);
        put(o, i, Class::Imperative);
    } else {
        let i = format!("{a}{b}{iv}{c}");
        imperfect(o, 'a', &i, &i, &i, false);
        if a == 'ء' {
            imperfect(o, 'u', &i, &i, &i, true);
            imperative(o, &format!("{b}u{c}"));
        } else {
            imperative(o, &format!("ا{i}"));
        }
    }
    if b == 'ء' || c == 'ء' {
        let q = format!("{a}u{b}i{c}");
        perfect(o, &q, &q, true);
    }
}

/// Conjugates a verb whose root tells nothing: all its letters, and those of a listed imperfect, are taken as they are.
pub fn conjugate_plain(lemma: &str, listed: Option<&str>) -> Vec<Form> {
    let mut o = Vec::new();
    let p: String = lemma
        .chars()
        .map(|c| if matches!(c, 'أ' | 'إ') { 'أ' } else { c })
        .collect();
    // No vowels are known, so none is written; hamzas are already seated.
    use Class::*;
    for (end, class) in [
        ("", Perfect),
        ("ت", PerfectFeminine),
        ("وا", PerfectClosed),
        ("و", PerfectBeforePronoun),
        ("ا", PerfectClosed),
        ("تا", PerfectClosed),
        ("نا", PerfectSpeaker),
        ("ن", PerfectSpeaker),
        ("تم", PerfectClosed),
    ] {
        o.push((format!("{p}{end}"), class));
    }
    let i: String = if let Some(l) = listed {
        l.chars().skip(1).collect()
    } else if p.starts_with('ا') || p.starts_with('أ') {
        p.chars().skip(1).collect()
    } else {
        p.clone()
    };
    for pre in ["ي", "ت", "ن", "أ"] {
        let c = match pre {
            "ي" => Imperfect,
            "ت" => ImperfectFeminine,
            _ => ImperfectSpeaker,
        };
        o.push((format!("{pre}{i}"), c));
        if pre == "ي" || pre == "ت" {
            for (end, class) in [
                ("ون", ImperfectLong),
                ("وا", ImperfectClosed),
                ("و", ImperfectBeforePronoun),
                ("ان", ImperfectLong),
                ("ا", ImperfectClosed),
                ("ن", ImperfectLong),
                ("ين", ImperfectLong),
            ] {
                o.push((format!("{pre}{i}{end}"), class));
            }
        }
    }
    o
}

fn chop(s: &str, n: usize) -> String {
    let k = s.chars().count().saturating_sub(n);
    s.chars().take(k).collect()
}

/// Which endings a nominal lemma takes.
#[derive(Clone, Copy, Default)]
pub struct Nominal {
    /// Takes ة for the feminine.
    pub feminine: bool,
    /// Takes ون and ين.
    pub sound_masculine: bool,
    /// Takes ات.
    pub sound_feminine: bool,
    /// Its root ends in a weak letter, so a final ي falls in the indefinite (قاض).
    pub weak_last: bool,
    /// The lemma is an adjective.
    pub adjective: bool,
}

/// Forms of one stem that is inflected like a singular: bare, before pronouns, accusative.
pub fn singular(stem: &str, broken: bool) -> Vec<Form> {
    use Class::*;
    let (bare, closed, before, acc) = if broken {
        (Broken, BrokenClosed, BrokenBeforePronoun, BrokenAccusative)
    } else {
        (Bare, Closed, BeforePronoun, Accusative)
    };
    let mut o = Vec::new();
    let last = stem.chars().last().unwrap_or(' ');
    let cut = chop(stem, 1);
    let prev = cut.chars().last().unwrap_or(' ');
    match last {
        'ة' => {
            o.push((stem.to_string(), closed));
            o.push((format!("{cut}ت"), before));
        }
        'ى' => {
            o.push((stem.to_string(), closed));
            o.push((format!("{cut}ا"), before));
        }
        'ا' => o.push((stem.to_string(), bare)),
        'ء' => {
            o.push((stem.to_string(), bare));
            for k in ['ئ', 'ؤ'] {
                o.push((format!("{cut}{k}"), before));
            }
            if prev != 'ا' {
                o.push((format!("{stem}ا"), acc));
                o.push((format!("{cut}ئا"), acc));
            }
        }
        'أ' => {
            o.push((stem.to_string(), bare));
            for k in ['ئ', 'ؤ'] {
                o.push((format!("{cut}{k}"), before));
            }
        }
        'ؤ' | 'ئ' => {
            o.push((stem.to_string(), bare));
            o.push((format!("{stem}ا"), acc));
        }
        _ => {
            o.push((stem.to_string(), bare));
            o.push((format!("{stem}ا"), acc));
        }
    }
    o
}

/// All regular forms of a noun or adjective.
pub fn nominal(lemma: &str, n: Nominal) -> Vec<Form> {
    use Class::*;
    let mut o = singular(lemma, false);
    let last = lemma.chars().last().unwrap_or(' ');
    let cut = chop(lemma, 1);
    let duals = |o: &mut Vec<Form>, base: &str| {
        o.push((format!("{base}ان"), DualNominative));
        o.push((format!("{base}ين"), DualOblique));
        o.push((format!("{base}ا"), DualConstruct));
        o.push((format!("{base}ي"), DualObliqueConstruct));
    };
    let plural = |o: &mut Vec<Form>, base: &str| {
        o.push((format!("{base}ون"), PluralNominative));
        o.push((format!("{base}ين"), PluralOblique));
        o.push((format!("{base}و"), PluralConstruct));
        o.push((format!("{base}ي"), PluralObliqueConstruct));
    };
    let fem = |o: &mut Vec<Form>, base: &str| {
        o.push((format!("{base}ة"), Feminine));
        o.push((format!("{base}ت"), FeminineBeforePronoun));
        o.push((format!("{base}تان"), FeminineDual));
        o.push((format!("{base}تين"), FeminineDualOblique));
        o.push((format!("{base}تا"), FeminineDualConstruct));
        o.push((format!("{base}تي"), FeminineDualConstruct));
    };
    let ats = |base: &str| -> String {
        if base.ends_with('أ') {
            format!("{}آت", chop(base, 1))
        } else {
            format!("{base}ات")
        }
    };
    match last {
        'ة' => {
            o.push((format!("{cut}تان"), DualNominative));
            o.push((format!("{cut}تين"), DualOblique));
            o.push((format!("{cut}تا"), DualConstruct));
            o.push((format!("{cut}تي"), DualObliqueConstruct));
            if cut.ends_with('ا') {
                // فتاة فتيات، قناة قنوات، مباراة مباريات
                let c2 = chop(&cut, 1);
                o.push((format!("{c2}يات"), PluralFeminine));
                o.push((format!("{c2}وات"), PluralFeminine));
            } else {
                o.push((ats(&cut), PluralFeminine));
            }
        }
        'ى' => {
            let b = format!("{cut}ي");
            duals(&mut o, &b);
            o.push((ats(&b), PluralFeminine));
            if n.adjective || n.sound_masculine {
                o.push((format!("{cut}ون"), PluralNominative));
                o.push((format!("{cut}ين"), PluralOblique));
            }
            if n.feminine {
                o.push((format!("{cut}اة"), Feminine));
            }
        }
        'ا' => {
            o.push((ats(&chop(lemma, 1)), PluralFeminine));
        }
        'ي' if n.weak_last => {
            o.push((cut.clone(), Adverb));
            duals(&mut o, lemma);
            plural(&mut o, &cut);
            if n.feminine {
                fem(&mut o, lemma);
                o.push((ats(lemma), PluralFeminine));
            } else if n.sound_feminine {
                o.push((ats(lemma), PluralFeminine));
            }
        }
        _ => {
            duals(&mut o, lemma);
            if n.sound_masculine {
                plural(&mut o, lemma);
            }
            if n.feminine {
                fem(&mut o, lemma);
                o.push((ats(lemma), PluralFeminine));
            } else if n.sound_feminine {
                o.push((ats(lemma), PluralFeminine));
            }
            if last == 'أ' {
                // خطأين، مبدآن
                o.push((format!("{cut}آن"), DualNominative));
            }
        }
    }
    o
}
