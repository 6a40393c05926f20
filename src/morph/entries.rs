//! The lemmas and base forms of the lexicon: those listed, and those that rules make of them.

use super::class::{ALL_CLASSES, Class, ENCLITICS, PROCLITICS, Tag, compatible, proclitic_flags};
use super::letters::{Letters, signature};
use super::paradigm::{
    FORMS, Family, Nominal, conjugate, conjugate_plain, family, nominal, singular,
};
use super::source::{Annotated, Group, Listed, group};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A dictionary entry.
pub struct Lemma {
    pub text: String,
    pub group: Group,
    pub tag: Tag,
    pub root: String,
    pub derived: bool,
}

/// A base form: the hash of its letters, what it is a form of, and the weight it starts with.
pub struct Base {
    pub key: u64,
    pub lemma: u16,
    pub class: Class,
    pub signature: u8,
    pub prior: f64,
}

/// Lemmas and base forms as they are collected.
#[derive(Default)]
pub struct Lexicon {
    pub lemmas: Vec<Lemma>,
    pub ids: HashMap<(String, Group), u16>,
    pub bases: Vec<Base>,
    /// Numbers of the bases with a key and lemma, whatever their spelling.
    pub by_form: HashMap<(u64, u16), Vec<usize>>,
    pub notes: Vec<String>,
}

impl Lexicon {
    /// The number of a lemma, added if it is new; `derived` when a rule made it. `None` when the numbers are used up.
    pub fn lemma(
        &mut self,
        text: &str,
        group: Group,
        tag: Tag,
        root: &str,
        derived: bool,
    ) -> Option<u16> {
        if let Some(&id) = self.ids.get(&(text.to_string(), group)) {
            self.lemmas[id as usize].derived &= derived;
            return Some(id);
        }
        // The last number is «no lemma».
        let id = u16::try_from(self.lemmas.len()).ok()?;
        let id = Some(id).filter(|&id| id < u16::MAX)?;
        self.lemmas.push(Lemma {
            text: text.to_string(),
            group,
            tag,
            root: root.to_string(),
            derived,
        });
        self.ids.insert((text.to_string(), group), id);
        Some(id)
    }

    /// Is there a form of the lemma under the key, whatever its spelling signature, of a class that will do?
    pub fn any_form(&self, key: u64, lemma: u16, class: impl Fn(Class) -> bool) -> bool {
        self.by_form
            .get(&(key, lemma))
            .is_some_and(|v| v.iter().any(|&i| class(self.bases[i].class)))
    }

    /// Adds a form of a lemma unless the same form with the same or wider use is there.
    pub fn form(&mut self, form: &str, class: Class, lemma: u16, prior: f64) {
        let Some(w) = Letters::read(form) else { return };
        let sig = signature(w.exact(0, w.len()));
        let key = w.key(0, w.len());
        let here = self.by_form.entry((key, lemma)).or_default();
        for &i in here.iter() {
            if let Some(b) = self.bases.get_mut(i) {
                let (old, new) = (b.class.attributes(), class.attributes());
                if b.signature == sig && (b.class == class || old & new == new) {
                    b.prior = b.prior.max(prior);
                    return;
                }
            }
        }
        here.push(self.bases.len());
        self.bases.push(Base {
            key,
            lemma,
            class,
            signature: sig,
            prior,
        });
    }
}

/// Which endings a noun or adjective takes, from its tag, its place among the words of its root, and its spelling.
fn nominal_kind(
    lemma: &str,
    root: &str,
    families: &[Family],
    tag: Tag,
    has: &dyn Fn(&str) -> bool,
) -> Nominal {
    let participle = families
        .iter()
        .any(|f| f.actives.iter().chain(&f.passives).any(|a| a == lemma));
    let masdar = families
        .iter()
        .any(|f| f.masdars.iter().any(|a| a == lemma));
    // The final ي of قاضي and توالي belongs to the root.
    let weak_last = lemma.ends_with('ي')
        && root.ends_with(['و', 'ي'])
        && families
            .iter()
            .any(|f| f.actives.iter().chain(&f.masdars).any(|a| a == lemma));
    let adjective = matches!(tag, Tag::Adjective | Tag::Nisba);
    let nisba = lemma.ends_with('ي') && lemma.chars().count() > 3;
    // أكبر and أحمر have other feminines and plurals.
    let elative = adjective
        && lemma.chars().count() == 4
        && lemma.strip_prefix('أ').is_some_and(|r| {
            root.chars().count() == 3
                && !root.starts_with('ء')
                && r.chars().zip(root.chars()).filter(|(a, b)| a == b).count() >= 2
        });
    let own_feminine = has(&format!("{lemma}ة"));
    Nominal {
        feminine: (adjective && !elative)
            || ((participle || nisba) && !masdar && !own_feminine)
            || tag == Tag::Number,
        sound_masculine: adjective || participle || nisba || tag == Tag::Noun && !masdar,
        // The plural of وزيرة is not one of وزير where both are words.
        sound_feminine: !own_feminine || participle,
        weak_last,
        adjective,
    }
}

/// The other feminines and plurals of أفعل: كبرى, حمراء, أكابر, حمر.
fn elative_feminine(lemma: &str) -> Option<[String; 4]> {
    let c: Vec<char> = lemma.chars().collect();
    match c.as_slice() {
        ['أ', a, b, d] if *d != 'ى' => Some([
            format!("{a}{b}{d}ى"),
            format!("{a}{b}{d}اء"),
            format!("أ{a}ا{b}{d}"),
            format!("{a}{b}{d}"),
        ]),
        _ => None,
    }
}

/// Tags and roots a lemma has in the word lists, with their counts.
type Votes = (BTreeMap<Tag, u64>, BTreeMap<String, u64>);

/// The lemmas of the closed list and of the word lists, each with its usual tag and root.
pub fn lemmas_of_words(
    lex: &mut Lexicon,
    words: &[Annotated],
    closed: &str,
    counts: &HashMap<String, u64>,
) {
    let mut tally: BTreeMap<(String, Group), Votes> = BTreeMap::new();
    for w in words {
        let n = counts.get(&w.word).copied().unwrap_or(1).max(1);
        let t = tally.entry((w.lemma.clone(), group(w.tag))).or_default();
        if w.settled {
            continue;
        }
        *t.0.entry(w.tag).or_default() += n;
        *t.1.entry(w.root.clone()).or_default() += n;
    }
    for line in closed.lines().filter(|l| !l.starts_with('#')) {
        let f: Vec<&str> = line.split('\t').collect();
        if let [form, lemma, tag, class] = f.as_slice() {
            let Some(tag) = Tag::from_lexicon(tag) else {
                continue;
            };
            let Some(class) = ALL_CLASSES
                .iter()
                .copied()
                .find(|c| format!("{c:?}") == *class)
            else {
                lex.notes.push(format!("closed: unknown class {class}"));
                continue;
            };
            let root = tally
                .get(&(lemma.to_string(), group(tag)))
                .and_then(|t| t.1.iter().max_by_key(|x| x.1))
                .map_or("", |x| x.0.as_str())
                .to_string();
            if let Some(id) = lex.lemma(lemma, group(tag), tag, &root, false) {
                lex.form(form, class, id, 1.0);
            }
        }
    }
    for ((text, g), (tags, roots)) in &tally {
        let tag = tags.iter().max_by_key(|x| x.1).map_or(Tag::Noun, |x| *x.0);
        let root = roots
            .iter()
            .filter(|x| !x.0.is_empty())
            .max_by_key(|x| x.1)
            .map_or("", |x| x.0.as_str());
        lex.lemma(text, *g, tag, root, false);
    }
}

/// The lemmas of the lemma files, with the verbal nouns and elatives listed there.
pub fn listed_lemmas(
    lex: &mut Lexicon,
    list: Vec<(String, Tag, String, Listed)>,
) -> Vec<(u16, Listed)> {
    let mut out = Vec::new();
    for (lemma, tag, root, entry) in list {
        let Some(id) = lex.lemma(&lemma, group(tag), tag, &root, false) else {
            continue;
        };
        for m in &entry.masdars {
            lex.lemma(m, Group::Nominal, Tag::Noun, &root, true);
        }
        for e in &entry.elatives {
            lex.lemma(e, Group::Nominal, Tag::Adjective, &root, true);
        }
        out.push((id, entry));
    }
    out
}

/// Whatever form of a root one of its words attests has its verb, verbal noun and participles. Gives the forms of each verb.
pub fn families(lex: &mut Lexicon, listed: &[(u16, Listed)]) -> BTreeMap<u16, Vec<u8>> {
    let mut by_root: BTreeMap<String, BTreeSet<(String, bool)>> = BTreeMap::new();
    for l in &lex.lemmas {
        let n = l.root.chars().count();
        if (n == 3 || n == 4) && matches!(l.group, Group::Verb | Group::Nominal) {
            by_root
                .entry(l.root.clone())
                .or_default()
                .insert((l.text.clone(), l.group == Group::Verb));
        }
    }
    let mut verb_forms: BTreeMap<u16, Vec<u8>> = BTreeMap::new();
    let listed_imperfects: HashMap<u16, Vec<String>> = listed
        .iter()
        .filter(|x| !x.1.imperfects.is_empty())
        .map(|x| (x.0, x.1.imperfects.clone()))
        .collect();
    for (root, have) in &by_root {
        for form in FORMS {
            let Some(f) = family(root, form) else {
                continue;
            };
            let verb = f
                .verbs
                .iter()
                .find(|v| have.contains(&((*v).clone(), true)));
            let masdar = f.masdars.iter().any(|m| have.contains(&(m.clone(), false)));
            let active = f.actives.iter().any(|m| have.contains(&(m.clone(), false)));
            let passive = f
                .passives
                .iter()
                .any(|m| have.contains(&(m.clone(), false)));
            // Form II is written like form I: the verb alone does not show which one it is.
            let own = match form {
                1 => verb.is_some() || active,
                2 => masdar || active || passive || verb.is_some(),
                9 | 13 => verb.is_some() || masdar,
                7 => verb.is_some() || masdar,
                _ => verb.is_some() || masdar || active,
            };
            if !own {
                continue;
            }
            let strong = if form == 2 { masdar } else { true };
            let Some(v) = verb.or(f.verbs.first()) else {
                continue;
            };
            let Some(id) = lex.lemma(v, Group::Verb, Tag::Verb, root, true) else {
                continue;
            };
            if let Some(i) = listed_imperfects.get(&id)
                && !masdar
                && !conjugate(v, root, form).iter().any(|x| i.contains(&x.0))
            {
                continue;
            }
            verb_forms.entry(id).or_default().push(form);
            let m = if form == 3 {
                f.masdars.get(..1).unwrap_or(&[])
            } else {
                &f.masdars
            };
            if strong {
                for x in m.iter().chain(&f.actives).chain(&f.passives) {
                    lex.lemma(
                        x,
                        Group::Nominal,
                        if f.masdars.contains(x) {
                            Tag::Noun
                        } else {
                            Tag::Adjective
                        },
                        root,
                        true,
                    );
                }
            }
        }
    }

    verb_forms
}

/// The inflected forms of every lemma.
pub fn paradigms(lex: &mut Lexicon, verb_forms: &BTreeMap<u16, Vec<u8>>, listed: &[(u16, Listed)]) {
    let imperfects: HashMap<u16, &Listed> = listed
        .iter()
        .filter(|x| !x.1.imperfects.is_empty())
        .map(|x| (x.0, &x.1))
        .collect();
    let mut made: HashMap<String, Vec<Family>> = HashMap::new();
    for id in 0..lex.lemmas.len() {
        let (text, g, tag, root, derived) = {
            let l = &lex.lemmas[id];
            (l.text.clone(), l.group, l.tag, l.root.clone(), l.derived)
        };
        let prior = if derived { 0.01 } else { 0.1 };
        let id16 = id as u16;
        match g {
            Group::Verb => {
                let forms = verb_forms.get(&id16).cloned().unwrap_or_default();
                let mut all: Vec<_> = forms
                    .iter()
                    .flat_map(|f| conjugate(&text, &root, *f))
                    .collect();
                for i in imperfects
                    .get(&id16)
                    .into_iter()
                    .flat_map(|l| l.imperfects.iter())
                {
                    // A listed imperfect that the root does not give is taken letter by letter.
                    if !all.iter().any(|x| x.0 == *i) {
                        all.extend(conjugate_plain(&text, Some(i)));
                    }
                }
                if all.is_empty() {
                    all = conjugate_plain(&text, None);
                }
                for (f, c) in all {
                    lex.form(&f, c, id16, prior);
                }
            }
            Group::Nominal => {
                let families = made
                    .entry(root.clone())
                    .or_insert_with(|| FORMS.filter_map(|f| family(&root, f)).collect());
                let kind = {
                    let has = |s: &str| {
                        lex.ids
                            .get(&(s.to_string(), Group::Nominal))
                            .is_some_and(|&i| {
                                lex.lemmas.get(i as usize).is_some_and(|l| !l.derived)
                            })
                    };
                    nominal_kind(&text, &root, families, tag, &has)
                };
                for (f, c) in nominal(&text, kind) {
                    // Who lists a word means it to be found as it stands.
                    let weight = if f == text && !derived { 2.0 } else { prior };
                    lex.form(&f, c, id16, weight);
                }
                if let (true, Some([f, g, p, q])) = (kind.adjective, elative_feminine(&text)) {
                    for x in [f, g] {
                        lex.form(&x, Class::FeminineBare, id16, prior / 4.0);
                    }
                    for x in [p, q] {
                        for (s, c) in singular(&x, true) {
                            lex.form(&s, c, id16, prior / 4.0);
                        }
                    }
                }
            }
            Group::Name => {
                if let Some(rest) = text.strip_prefix("ال").filter(|r| r.chars().count() > 2) {
                    lex.form(rest, Class::NameWithArticle, id16, prior);
                }
                lex.form(&text, Class::Name, id16, prior);
            }
            Group::Closed => lex.form(&text, Class::ParticlePrep, id16, prior),
            Group::Seen => {}
        }
    }
    for (id, entry) in listed {
        for p in &entry.plurals {
            for (s, c) in singular(p, true) {
                lex.form(&s, c, *id, 0.1);
            }
        }
        for f in &entry.feminines {
            let closed = f.ends_with('ة') || f.ends_with('ى');
            for (s, c) in singular(f, false) {
                let c = match c {
                    Class::Closed => Class::FeminineBare,
                    Class::BeforePronoun => Class::FeminineBeforePronoun,
                    Class::Bare if closed => continue,
                    c => c,
                };
                lex.form(&s, c, *id, 0.1);
            }
        }
    }
}

/// Bases of the word lists that no paradigm makes: broken plurals and other irregular forms.
pub fn irregular_bases(lex: &mut Lexicon, words: &[Annotated]) {
    for w in words {
        let Some(&id) = lex.ids.get(&(w.lemma.clone(), group(w.tag))) else {
            continue;
        };
        let flags = proclitic_flags(PROCLITICS[w.pro].kinds);
        let Some(l) = Letters::read(&w.base) else {
            continue;
        };
        let key = l.key(0, l.len());
        let made = lex.any_form(key, id, |class| {
            compatible(flags, class.attributes(), w.enc)
        });
        if made {
            continue;
        }
        let g = group(w.tag);
        let classes: Vec<(String, Class)> = match g {
            Group::Verb => {
                let c = match w.base.chars().next() {
                    Some('ي') => Class::Imperfect,
                    Some('ت') if !w.lemma.starts_with('ت') => Class::ImperfectFeminine,
                    Some('ن') if !w.lemma.starts_with('ن') => Class::ImperfectSpeaker,
                    Some('أ') if !w.lemma.starts_with('أ') => Class::ImperfectSpeaker,
                    _ => Class::Perfect,
                };
                vec![(w.base.clone(), c)]
            }
            Group::Nominal if w.tag == Tag::Adverb => vec![(w.base.clone(), Class::Adverb)],
            Group::Nominal => {
                let mut stem = w.base.clone();
                if w.enc > 0 && stem.ends_with('ت') && !stem.ends_with("ات") {
                    stem.pop();
                    stem.push('ة');
                } else if w.enc > 0
                    && (stem.ends_with('ئ') || stem.ends_with('ؤ'))
                    && stem.chars().rev().nth(1) == Some('ا')
                {
                    stem.pop();
                    stem.push('ء');
                } else if w.enc == 0
                    && flags == 0
                    && stem.ends_with('ا')
                    && !stem.ends_with("ايا")
                    && stem.chars().count() > 3
                {
                    stem.pop();
                }
                let mut v = singular(&stem, true);
                if !v.iter().any(|x| x.0 == w.base) {
                    v.push((w.base.clone(), Class::Broken));
                }
                v
            }
            Group::Name if w.enc > 0 => vec![(w.base.clone(), Class::Bare)],
            Group::Name => vec![(
                w.base.clone(),
                if flags & 1 != 0 {
                    Class::NameWithArticle
                } else {
                    Class::Name
                },
            )],
            Group::Closed | Group::Seen => vec![(
                w.base.clone(),
                if w.enc > 0 {
                    Class::ParticleEnc
                } else {
                    Class::ParticlePrep
                },
            )],
        };
        for (f, c) in classes {
            lex.form(&f, c, id, 0.1);
        }
        // What is annotated must be possible, whatever its class says.
        let made = lex.any_form(key, id, |class| {
            compatible(flags, class.attributes(), w.enc)
        });
        if !made {
            let c = if g == Group::Verb {
                Class::Imperfect
            } else {
                Class::Bare
            };
            lex.form(&w.base, c, id, 0.05);
            lex.notes.push(format!(
                "irregular: {} {} + {} + {} of {} {:?}",
                w.word, PROCLITICS[w.pro].text, w.base, ENCLITICS[w.enc], w.lemma, w.tag
            ));
        }
    }
}
