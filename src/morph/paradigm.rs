//! Generates the inflected forms of verbs, nouns and adjectives, and the verbal nouns and participles of a root.
//!
//! Stems are written with vowels first, because vowels decide the seat of a hamza and the fate of a weak letter:
//! consonants as they are, `a i u` short, `A I U` long, `ا ى ة` as literal letters. [`spell`] then drops the vowels
//! and seats the hamzas. Two equal consonants with no vowel between are one doubled letter and written once.

use super::class::Class;
use std::sync::OnceLock;

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

/// The radicals of a root.
#[derive(Clone, Copy)]
struct Root([char; 4]);

impl Root {
    /// The radicals of a root of three letters, or of four where the form is one of those.
    fn of(root: &str, form: u8) -> Option<Root> {
        let r: Vec<char> = root.chars().collect();
        match r.as_slice() {
            [a, b, c] if form <= 10 => Some(Root([*a, *b, *c, ' '])),
            [a, b, c, d] if form > 10 => Some(Root([*a, *b, *c, *d])),
            _ => None,
        }
    }
    fn hollow(&self) -> bool {
        weak(self.0[1]) && !weak(self.0[2])
    }
    fn defective(&self) -> bool {
        weak(self.0[2])
    }
    fn doubled(&self) -> bool {
        self.0[1] == self.0[2]
    }
    /// Is it of a kind of `patterns.txt`?
    fn is(&self, kind: &str) -> bool {
        match kind {
            "defective" => self.defective(),
            "hollow" => self.hollow(),
            "doubled" => self.doubled(),
            "final-hamza" => self.0[2] == 'ء',
            _ => true,
        }
    }
    /// Writes the letters of the root into a template.
    fn fill(&self, form: u8, template: &str) -> String {
        let [a, b, c, d] = self.0;
        let hamza = a == 'ء';
        let mut out = String::new();
        for t in template.chars() {
            match t {
                '1' => out.push(a),
                '2' => out.push(b),
                '3' => out.push(c),
                '4' => out.push(d),
                'H' if form == 7 => out.extend(['ن', a]),
                'H' if form == 8 && hamza => out.push_str("تت"),
                'H' if form == 8 => out.push_str(&eighth(a)),
                'H' if hamza => out.push_str("ءA"),
                'H' => out.extend(['ء', 'a', a]),
                'Q' if weak(a) || hamza => out.push_str("ءU"),
                'Q' => out.extend(['ء', 'u', a]),
                'J' => out.push(if weak(a) { 'و' } else { a }),
                'M' if weak(a) => out.push_str("مU"),
                'M' => out.extend(['م', 'u', a]),
                'N' if form == 4 && (weak(a) || hamza) => out.push_str("ءI"),
                'N' if form == 4 => out.extend(['ء', 'i', a]),
                'N' if weak(a) => out.push_str("استI"),
                'N' => out.extend(['ا', 'س', 'ت', 'i', a]),
                'Y' => out.push(if b == 'ي' { 'ا' } else { 'ى' }),
                'Z' => out.push(if c == 'ي' { 'ى' } else { 'ا' }),
                'V' => out.push(if c == 'ي' { 'I' } else { 'U' }),
                'W' => out.push(if b == 'و' { 'U' } else { 'I' }),
                t => out.push(t),
            }
        }
        out
    }
}

/// First radical and infix of form VIII, with their assimilations.
fn eighth(a: char) -> String {
    match a {
        'و' | 'ي' | 'ت' => "تت".to_string(),
        'ز' => "زد".to_string(),
        'د' | 'ذ' => "دد".to_string(),
        'ط' => "طط".to_string(),
        'ص' => "صط".to_string(),
        'ض' => "ضط".to_string(),
        'ظ' => "ظط".to_string(),
        c => format!("{c}ت"),
    }
}

/// A line of `patterns.txt`: form, kind of root, templates.
type Pattern = (u8, &'static str, [&'static str; 10]);

/// The templates of `patterns.txt` for a root in a form.
fn pattern(root: &Root, form: u8) -> Option<[&'static str; 10]> {
    static ALL: OnceLock<Vec<Pattern>> = OnceLock::new();
    let read = |line: &'static str| -> Option<Pattern> {
        let mut fields = line.split(' ');
        let (form, kind) = (fields.next()?.parse().ok()?, fields.next()?);
        let rest: Vec<&str> = fields.collect();
        Some((form, kind, rest.try_into().ok()?))
    };
    let all = ALL.get_or_init(|| {
        include_str!("patterns.txt")
            .lines()
            .filter_map(read)
            .collect()
    });
    // Form VIII is form VII with another beginning.
    let listed = if form == 8 { 7 } else { form };
    all.iter()
        .find(|(f, kind, _)| *f == listed && root.is(kind))
        .map(|p| p.2)
}

/// Everything a root makes in a verb form; `None` where the form does not exist for such a root.
pub fn family(root: &str, form: u8) -> Option<Family> {
    let r = Root::of(root, form)?;
    let a = r.0[0];
    let none = match form {
        7 => matches!(a, 'ء' | 'و' | 'ي' | 'ن' | 'ل' | 'ر' | 'م'),
        8 => a == 'ء' && root != "ءخذ",
        9 => r.defective() || r.doubled(),
        _ => false,
    };
    if none {
        return None;
    }
    let [verbs, masdars, actives, passives, ..] = pattern(&r, form)?;
    let all = |field: &str| -> Vec<String> {
        let mut out: Vec<String> = field
            .split(',')
            .filter(|t| *t != "-")
            .map(|t| spell(&r.fill(form, t)))
            .collect();
        out.dedup();
        out
    };
    Some(Family {
        form,
        verbs: all(verbs),
        masdars: all(masdars),
        actives: all(actives),
        passives: all(passives),
    })
}

/// All forms of the verb `lemma` of a root in a verb form.
pub fn conjugate(lemma: &str, root: &str, form: u8) -> Vec<Form> {
    let mut o: Vec<Form> = Vec::new();
    let Some(r) = Root::of(root, form) else {
        return o;
    };
    if form == 1 {
        first(&mut o, lemma, &r);
        return o;
    }
    let Some([.., pre, active, present, passive, passive_present, command]) = pattern(&r, form)
    else {
        return o;
    };
    let [a, b, c, _] = r.0;
    let hamza = b == 'ء' || c == 'ء';
    // A template, unless its mark wants another root.
    let wanted = |t: &'static str| -> Option<&'static str> {
        match t.strip_prefix(['?', '!', '+']) {
            Some(rest) => match t.as_bytes().first() {
                Some(b'?') => hamza,
                Some(b'!') => hamza || a == 'ء',
                _ => weak(b),
            }
            .then_some(rest),
            None => (t != "-").then_some(t),
        }
    };
    // The part before vowels and the part before consonants.
    let two = |t: &str| -> (String, String) {
        let (v, c) = t.split_once('/').unwrap_or((t, t));
        (r.fill(form, v), r.fill(form, c))
    };
    let pre = pre.chars().next().unwrap_or('a');
    if form <= 10 && r.defective() {
        if root == "رءي" && form == 4 {
            perfect_weak(&mut o, "ءaر", Weak::Y, false);
            imperfect_weak(&mut o, 'u', "ر", Weak::I, false);
            return o;
        }
        let (present, kind) = match present.strip_suffix(":Y") {
            Some(t) => (t, Weak::Y),
            None => (present, Weak::I),
        };
        perfect_weak(&mut o, &r.fill(form, active), Weak::Y, false);
        imperfect_weak(&mut o, pre, &r.fill(form, present), kind, false);
        if let Some(t) = wanted(passive) {
            perfect_weak(&mut o, &r.fill(form, t), Weak::I, true);
        }
        if let Some(t) = wanted(passive_present) {
            imperfect_weak(&mut o, 'u', &r.fill(form, t), Weak::Y, true);
        }
    } else {
        let (v, k) = two(active);
        perfect(&mut o, &v, &k, false);
        let (v, k) = two(present);
        imperfect(&mut o, pre, &v, &k, &k, false);
        if let Some(t) = wanted(passive) {
            let (v, k) = two(t);
            perfect(&mut o, &v, &k, true);
        }
        if let Some(t) = wanted(passive_present) {
            let (v, k) = two(t);
            imperfect(&mut o, 'u', &v, &k, &k, true);
        }
    }
    match (command, command.strip_suffix('=')) {
        ("-", _) => {}
        (_, Some(t)) => put(&mut o, r.fill(form, t), Class::Imperative),
        (t, None) => imperative(&mut o, &r.fill(form, t)),
    }
    if form == 4 && r.hollow() {
        // Some verbs keep the letter: أعول, أحوج, أغيل.
        let p = r.fill(form, "H2a3");
        if lemma == spell(&p) {
            o.clear();
            perfect(&mut o, &p, &p, false);
            let i = r.fill(form, "12i3");
            imperfect(&mut o, 'u', &i, &i, &i, false);
        }
    } else if form == 4 && r.doubled() && !r.defective() && a == 'ء' {
        let j = r.fill(form, "12i3");
        imperfect(&mut o, 'u', &r.fill(form, "ءi2"), &j, &j, false);
    }
    o
}

/// Hollow verbs of form I with a long a in the imperfect (خاف يخاف).
const HOLLOW_A: &[&str] = &[
    "خاف", "نام", "كاد", "زال", "نال", "هاب", "حار", "شاء", "غار", "خال",
];

fn first(o: &mut Vec<Form>, lemma: &str, r: &Root) {
    let [a, b, c, _] = r.0;
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
