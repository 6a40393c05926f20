//! Compiles the editable word lists into the tables: paradigms are generated, counts of raw text are shared out
//! among the analyses by expectation maximisation, and every frequent word gets its best analysis ready-made.

use super::analyse::{Candidate, Clitics, candidates};
use super::class::{
    ALL_CLASSES, ART, Class, ENC, ENCLITICS, FUT, LAM, MIN, NEED_ENC, NI, P_ART, P_CONJ, P_KAF,
    P_LAM, P_PREP, PREP, PROCLITICS, Tag, WANT_ART, YA, compatible, proclitic_flags,
};
use super::letters::{Letters, signature, word_key};
use super::paradigm::{FORMS, Nominal, conjugate, conjugate_plain, family, nominal, singular};
use super::table::{MAGIC, Tables, check, home};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The texts of the lexicon files.
#[derive(Default)]
pub struct Sources {
    /// Analysed words (`words-*.tsv`), the more trusted first: word, segments, lemma, root, tag.
    pub words: Vec<(String, String)>,
    /// Closed classes: form, lemma, tag, class.
    pub closed: String,
    /// Lemmas with listed forms: lemma, root, tag, forms.
    pub lemmas: Vec<(String, String)>,
    /// Counts of surface words in raw text.
    pub counts: String,
}

/// Compiled tables and what was noticed on the way.
pub struct Compiled {
    /// Bytes for [`Tables::new`].
    pub bytes: Vec<u8>,
    /// Text for [`Tables::new`].
    pub text: String,
    /// Lines that could not be used, and figures.
    pub notes: Vec<String>,
}

/// Lemmas of one spelling are told apart by group only.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
enum Group {
    Verb,
    Nominal,
    Name,
    Closed,
    Seen,
}

fn group(tag: Tag) -> Group {
    match tag {
        Tag::Verb => Group::Verb,
        Tag::Noun | Tag::Adjective | Tag::Adverb | Tag::Number | Tag::Nisba => Group::Nominal,
        Tag::Particle | Tag::Pronoun => Group::Closed,
        Tag::Unknown => Group::Seen,
        _ => Group::Name,
    }
}

fn bare_alef(s: &str) -> String {
    s.chars()
        .map(|c| {
            if matches!(c, 'أ' | 'إ' | 'آ') {
                'ا'
            } else {
                c
            }
        })
        .collect()
}

struct Annotated {
    word: String,
    pro: usize,
    base: String,
    enc: usize,
    lemma: String,
    root: String,
    tag: Tag,
    /// The lemma was changed to that of the other words with this base.
    settled: bool,
}

struct Lemma {
    text: String,
    group: Group,
    tag: Tag,
    root: String,
    derived: bool,
}

/// Irregular forms listed with a lemma.
#[derive(Default)]
struct Listed {
    plurals: Vec<String>,
    feminines: Vec<String>,
    imperfects: Vec<String>,
    masdars: Vec<String>,
    elatives: Vec<String>,
}

fn root_letters(root: &str) -> String {
    if root == "-" {
        String::new()
    } else {
        root.replace(['أ', 'إ', 'ؤ', 'ئ'], "ء")
    }
}

struct Base {
    key: u64,
    lemma: u16,
    class: Class,
    signature: u8,
    prior: f64,
}

#[derive(Default)]
struct Lexicon {
    lemmas: Vec<Lemma>,
    ids: HashMap<(String, Group), u16>,
    bases: Vec<Base>,
    by_form: HashMap<(u64, u8, u16), Vec<usize>>,
    notes: Vec<String>,
}

impl Lexicon {
    fn lemma(
        &mut self,
        text: &str,
        group: Group,
        tag: Tag,
        root: &str,
        derived: bool,
    ) -> Option<u16> {
        if let Some(&id) = self.ids.get(&(text.to_string(), group)) {
            return Some(id);
        }
        let id = u16::try_from(self.lemmas.len()).ok()?;
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

    /// Adds a form of a lemma unless the same form with the same or wider use is there.
    fn form(&mut self, form: &str, class: Class, lemma: u16, prior: f64) {
        let Some(w) = Letters::read(form) else { return };
        let sig = signature(w.exact(0, w.len()));
        let key = w.key(0, w.len());
        let here = self.by_form.entry((key, sig, lemma)).or_default();
        for &i in here.iter() {
            if let Some(b) = self.bases.get_mut(i) {
                let (old, new) = (b.class.attributes(), class.attributes());
                if b.class == class || old & new == new {
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

fn read_words(files: &[(String, String)], notes: &mut Vec<String>) -> Vec<Annotated> {
    let mut out: Vec<Annotated> = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, text) in files {
        for (n, line) in text.lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let f: Vec<&str> = line.split('\t').map(str::trim).collect();
            let [word, segs, lemma, root, tag] = f.as_slice() else {
                notes.push(format!("{name}:{}: five fields wanted", n + 1));
                continue;
            };
            if *word == "word" || Letters::read(word).is_none() {
                continue;
            }
            let Some(tag) = Tag::from_lexicon(tag) else {
                notes.push(format!("{name}:{}: unknown tag {tag}", n + 1));
                continue;
            };
            if !seen.insert(word.to_string()) {
                continue;
            }
            let parts: Vec<&str> = segs.split('+').collect();
            let mut found = None;
            if parts.concat() == *word {
                // The pieces before the base must be one proclitic, those after it one enclitic.
                for cut in 0..parts.len() {
                    let (head, rest) = parts.split_at(cut);
                    let Some((base, tail)) = rest.split_first() else {
                        continue;
                    };
                    let head = head.concat();
                    let tail = tail.concat();
                    let pro = PROCLITICS
                        .iter()
                        .position(|p| p.text == head && p.kinds.len() == cut);
                    let enc = ENCLITICS.iter().position(|e| *e == tail);
                    if let (Some(p), Some(e)) = (pro, enc) {
                        // منا is م + نا: only ما and من follow a fused preposition.
                        let fused =
                            PROCLITICS[p].kinds.ends_with('m') && !matches!(*base, "ما" | "من");
                        // لهم is ل + هم with the base ل, as its lemma says; otherwise the longer base is the base.
                        let named = found
                            .as_ref()
                            .is_some_and(|(_, b, _): &(usize, String, usize)| b == lemma);
                        if !fused
                            && rest.len() <= 2
                            && (found.is_none() || base.chars().count() > 1 && !named)
                        {
                            found = Some((p, base.to_string(), e));
                        }
                    }
                }
            }
            let (pro, base, enc) = found.unwrap_or_else(|| {
                notes.push(format!(
                    "{name}:{}: segments {segs} taken as one word",
                    n + 1
                ));
                (0, word.to_string(), 0)
            });
            out.push(Annotated {
                word: word.to_string(),
                pro,
                base,
                enc,
                lemma: lemma.to_string(),
                root: root_letters(root),
                tag,
                settled: false,
            });
        }
    }
    out
}

/// Gives every lemma one spelling: the adverb is its adjective, a spelling without hamza is the one with it.
fn unify(words: &mut [Annotated], counts: &HashMap<String, u64>) {
    let mut seen: HashMap<(String, Group), u64> = HashMap::new();
    for w in words.iter() {
        *seen.entry((w.lemma.clone(), group(w.tag))).or_default() +=
            counts.get(&w.word).copied().unwrap_or(1).max(1);
    }
    let mut spellings: BTreeMap<(String, Group), Vec<(u64, String)>> = BTreeMap::new();
    for ((l, g), n) in &seen {
        spellings
            .entry((bare_alef(l), *g))
            .or_default()
            .push((*n, l.clone()));
    }
    for w in words.iter_mut() {
        let g = group(w.tag);
        if w.tag == Tag::Adverb && w.lemma.ends_with('ا') {
            let mut cut = w.lemma.clone();
            cut.pop();
            if seen.contains_key(&(cut.clone(), Group::Nominal)) || cut.ends_with('ي') {
                w.lemma = cut;
            }
        }
        let bare = bare_alef(&w.lemma);
        if bare == w.lemma {
            if let Some(all) = spellings.get(&(bare.clone(), g)) {
                let own = all.iter().find(|x| x.1 == bare).map_or(0, |x| x.0);
                let best = all.iter().filter(|x| x.1 != bare).max();
                if let Some((n, text)) = best {
                    if own < n * 2 || w.root.starts_with('ء') {
                        w.lemma = text.clone();
                    }
                }
            }
        }
    }
}

/// Gives a base one lemma within its group: out of context, two lemmas for one form are a slip of the list more often
/// than a difference.
fn settle(words: &mut [Annotated], counts: &HashMap<String, u64>) {
    let base = |w: &Annotated| -> (String, Group) {
        let mut b = w.base.clone();
        if w.enc > 0 && b.ends_with('ت') && !b.ends_with("ات") {
            b.pop();
            b.push('ة');
        }
        (b, group(w.tag))
    };
    let mut votes: BTreeMap<(String, Group), BTreeMap<String, u64>> = BTreeMap::new();
    for w in words.iter() {
        let n = counts.get(&w.word).copied().unwrap_or(1).max(1);
        *votes
            .entry(base(w))
            .or_default()
            .entry(w.lemma.clone())
            .or_default() += n;
    }
    let chosen = |form: &(String, Group)| -> Option<&String> {
        let v = votes.get(form)?;
        let all: u64 = v.values().sum();
        let (lemma, n) = v.iter().max_by_key(|x| (x.1, x.0))?;
        (*n * 100 >= all * 60).then_some(lemma)
    };
    for w in words.iter_mut().filter(|w| group(w.tag) == Group::Nominal) {
        // A lemma that is itself an inflected form of another one (حدود of حد) is that one.
        let base = chosen(&base(w)).unwrap_or(&w.lemma);
        let lemma = chosen(&(base.clone(), Group::Nominal))
            .unwrap_or(base)
            .clone();
        if lemma != w.lemma {
            w.lemma = lemma;
            w.settled = true;
        }
    }
}

/// Words whose final ي belongs to the root (قاضي, موازي): participles of a root with a weak last letter.
fn weak_last(lemma: &str, root: &str) -> bool {
    lemma.ends_with('ي')
        && (root.ends_with('و') || root.ends_with('ي'))
        && FORMS
            .clone()
            .filter_map(|f| family(root, f))
            .any(|f| f.actives.iter().chain(&f.masdars).any(|a| a == lemma))
}

fn nominal_kind(lemma: &str, root: &str, tag: Tag, has: &dyn Fn(&str) -> bool) -> Nominal {
    let fams: Vec<_> = FORMS.clone().filter_map(|f| family(root, f)).collect();
    let participle = fams
        .iter()
        .any(|f| f.actives.iter().chain(&f.passives).any(|a| a == lemma));
    let masdar = fams.iter().any(|f| f.masdars.iter().any(|a| a == lemma));
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
        weak_last: weak_last(lemma, root),
        adjective,
    }
}

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

/// Compiles the sources.
pub fn compile(src: &Sources) -> Compiled {
    let mut lex = Lexicon::default();
    let mut counts: HashMap<String, u64> = HashMap::new();
    let mut surface: Vec<(String, u64)> = Vec::new();
    for line in src.counts.lines() {
        if let Some((w, n)) = line.split_once('\t') {
            if let (Ok(n), Some(_)) = (n.trim().parse::<u64>(), Letters::read(w)) {
                counts.insert(w.to_string(), n);
                surface.push((w.to_string(), n));
            }
        }
    }
    let mut words = read_words(&src.words, &mut lex.notes);
    let mut closed: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for line in src.closed.lines().filter(|l| !l.starts_with('#')) {
        let mut f = line.split('\t');
        if let (Some(form), Some(lemma)) = (f.next(), f.next()) {
            closed.entry(form).or_default().insert(lemma);
        }
    }
    for w in words.iter_mut().filter(|w| group(w.tag) == Group::Closed) {
        // The closed list decides the lemma where it has one.
        if let Some(only) = closed
            .get(w.base.as_str())
            .filter(|l| l.len() == 1)
            .and_then(|l| l.first())
        {
            w.lemma = only.to_string();
        }
    }
    unify(&mut words, &counts);
    settle(&mut words, &counts);

    // Lemmas: majority tag and root.
    let mut tally: BTreeMap<(String, Group), (BTreeMap<Tag, u64>, BTreeMap<String, u64>)> =
        BTreeMap::new();
    for w in &words {
        let n = counts.get(&w.word).copied().unwrap_or(1).max(1);
        let t = tally.entry((w.lemma.clone(), group(w.tag))).or_default();
        if w.settled {
            continue;
        }
        *t.0.entry(w.tag).or_default() += n;
        *t.1.entry(w.root.clone()).or_default() += n;
    }
    for line in src.closed.lines().filter(|l| !l.starts_with('#')) {
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
    // Listed lemmas with their irregular forms.
    let mut listed: Vec<(u16, Listed)> = Vec::new();
    for (name, text) in &src.lemmas {
        for (n, line) in text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty())
        {
            let f: Vec<&str> = line.split('\t').map(str::trim).collect();
            let (lemma, root, tag, forms) = match f.as_slice() {
                [l, r, t] => (*l, *r, *t, ""),
                [l, r, t, f] => (*l, *r, *t, *f),
                _ => {
                    lex.notes
                        .push(format!("{name}:{}: three or four fields wanted", n + 1));
                    continue;
                }
            };
            let Some(tag) = Tag::from_lexicon(tag) else {
                lex.notes
                    .push(format!("{name}:{}: unknown tag {tag}", n + 1));
                continue;
            };
            let root = root_letters(root);
            let mut entry = Listed::default();
            for part in forms.split('|').filter(|p| !p.is_empty()) {
                let (key, values) = part.split_once('=').unwrap_or((part, ""));
                let values = values
                    .split(',')
                    .map(|v| v.trim().to_string())
                    .filter(|v| Letters::read(v).is_some());
                match key.trim() {
                    "pl" => entry.plurals.extend(values),
                    "f" => entry.feminines.extend(values),
                    "impf" => entry.imperfects.extend(values),
                    "masdar" => entry.masdars.extend(values),
                    "el" => entry.elatives.extend(values),
                    _ => lex
                        .notes
                        .push(format!("{name}:{}: unknown form {key}", n + 1)),
                }
            }
            if let Some(id) = lex.lemma(lemma, group(tag), tag, &root, false) {
                for m in &entry.masdars {
                    lex.lemma(m, Group::Nominal, Tag::Noun, &root, true);
                }
                for e in &entry.elatives {
                    lex.lemma(e, Group::Nominal, Tag::Adjective, &root, true);
                }
                listed.push((id, entry));
            }
        }
    }

    // Families: whatever form of a root is attested by one of its words has its verb, verbal noun and participles.
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
            if let Some(i) = listed_imperfects.get(&id) {
                if !masdar && !conjugate(v, root, form).iter().any(|x| i.contains(&x.0)) {
                    continue;
                }
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

    // Paradigms.
    let imperfects: HashMap<u16, &Listed> = listed
        .iter()
        .filter(|x| !x.1.imperfects.is_empty())
        .map(|x| (x.0, &x.1))
        .collect();
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
                let kind = {
                    let has = |s: &str| {
                        lex.ids
                            .get(&(s.to_string(), Group::Nominal))
                            .is_some_and(|&i| {
                                lex.lemmas.get(i as usize).is_some_and(|l| !l.derived)
                            })
                    };
                    nominal_kind(&text, &root, tag, &has)
                };
                for (f, c) in nominal(&text, kind) {
                    lex.form(&f, c, id16, prior);
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
    for (id, entry) in &listed {
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

    // Annotated bases that no paradigm makes: broken plurals and other irregular forms.
    for w in &words {
        let Some(&id) = lex.ids.get(&(w.lemma.clone(), group(w.tag))) else {
            continue;
        };
        let flags = proclitic_flags(PROCLITICS[w.pro].kinds);
        let Some(l) = Letters::read(&w.base) else {
            continue;
        };
        let key = l.key(0, l.len());
        let made = lex.by_form.iter_any(key, id, |i| {
            compatible(flags, lex.bases[i].class.attributes(), w.enc)
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
        let made = lex.by_form.iter_any(key, id, |i| {
            compatible(flags, lex.bases[i].class.attributes(), w.enc)
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

    finish(lex, words, surface)
}

trait ByForm {
    fn iter_any(&self, key: u64, lemma: u16, f: impl Fn(usize) -> bool) -> bool;
}

impl ByForm for HashMap<(u64, u8, u16), Vec<usize>> {
    // Any form of the lemma under the key, whatever its spelling signature.
    fn iter_any(&self, key: u64, lemma: u16, f: impl Fn(usize) -> bool) -> bool {
        (0..=255u8).any(|s| {
            self.get(&(key, s, lemma))
                .is_some_and(|v| v.iter().any(|&i| f(i)))
        })
    }
}

const UNIT: f64 = 12.0;

fn cost(p: f64) -> u8 {
    (-p.max(1e-12).ln() * UNIT).round().clamp(0.0, 255.0) as u8
}

fn base_entry(key: u64, lemma: u16, class: Class, cost: u8, signature: u8) -> u64 {
    lemma as u64
        | (class as u64) << 16
        | (cost as u64) << 22
        | (signature as u64) << 30
        | check(key) << 38
}

fn word_entry(key: u64, c: &Candidate, ambiguous: bool, tag: Tag) -> u64 {
    c.base.lemma() as u64
        | (c.base.class() as u64) << 16
        | (c.pro as u64 & 63) << 22
        | (c.enc as u64 & 15) << 28
        | (ambiguous as u64) << 32
        | (tag as u64 & 15) << 33
        | check(key) << 38
}

/// Lays entries out in open addressing; entries of one key follow each other in the given order.
fn lay_out(entries: &[(u64, u64)]) -> (Vec<u64>, Vec<u32>) {
    let slots = entries.len() * 7 / 6 + 8;
    let mut table = vec![0u64; slots];
    let mut place = vec![0u32; entries.len()];
    for (i, &(key, value)) in entries.iter().enumerate() {
        let mut at = home(key, slots);
        while table[at] != 0 {
            at = (at + 1) % slots;
        }
        table[at] = value;
        place[i] = at as u32;
    }
    (table, place)
}

struct Costs {
    pro: Vec<u8>,
    enc: Vec<u8>,
}

struct Possible {
    base: u32,
    pro: u8,
    enc: u8,
    spelling: u16,
}

struct Item {
    word: String,
    count: f64,
    annotated: Option<usize>,
}

/// Counts shared out among analyses.
struct Estimate {
    base_count: Vec<f64>,
    pro_count: Vec<f64>,
    enc_count: Vec<f64>,
    scores: Vec<f64>,
    possible: Vec<Vec<Possible>>,
}

/// Clitics by class, each class leaning on the classes that take the same ones: a rare combination is seldom seen with
/// every class.
fn lean(counts: &[f64], n: usize, mask: u16) -> Vec<f64> {
    let mut together: BTreeMap<u16, Vec<f64>> = BTreeMap::new();
    for (class, row) in ALL_CLASSES.iter().zip(counts.chunks(n)) {
        let sum = together
            .entry(class.attributes() & mask)
            .or_insert_with(|| vec![1e-6; n]);
        for (s, x) in sum.iter_mut().zip(row) {
            *s += x;
        }
    }
    let mut out = Vec::with_capacity(counts.len());
    for (class, row) in ALL_CLASSES.iter().zip(counts.chunks(n)) {
        let group = &together[&(class.attributes() & mask)];
        let all: f64 = group.iter().sum();
        let own: f64 = row.iter().sum();
        out.extend(
            row.iter()
                .zip(group)
                .map(|(x, g)| (x + LEAN * g / all) / (own + LEAN)),
        );
    }
    out
}

/// Weight of the group against the class's own counts.
const LEAN: f64 = 200.0;

fn pro_shares(counts: &[f64]) -> Vec<f64> {
    lean(
        counts,
        PROCLITICS.len(),
        ART | PREP | FUT | LAM | MIN | WANT_ART | NEED_ENC | YA,
    )
}

fn enc_shares(counts: &[f64]) -> Vec<f64> {
    lean(counts, ENCLITICS.len(), ENC | NEED_ENC | NI | YA | PREP)
}

fn in_order(bases: &[Base]) -> Vec<u32> {
    let mut o: Vec<u32> = (0..bases.len() as u32).collect();
    o.sort_by_key(|&i| {
        let b = &bases[i as usize];
        (b.key, b.lemma, b.class, b.signature)
    });
    o
}

/// Expectation maximisation: a word's count goes to its analyses in proportion to base × proclitic × enclitic; an
/// annotated word gives nearly all of it to the annotated analysis.
fn estimate(
    lex: &mut Lexicon,
    words: &[Annotated],
    items: &[Item],
    rounds: usize,
    total: f64,
) -> Option<Estimate> {
    let (np, ne, nc) = (PROCLITICS.len(), ENCLITICS.len(), ALL_CLASSES.len());
    let (lemmas, bases, ids) = (&lex.lemmas, &lex.bases, &lex.ids);
    let mut pro_count = vec![0.05f64; nc * np];
    let mut enc_count = vec![0.02f64; nc * ne];
    // A first guess of the clitics, enough to start from.
    for c in 0..nc {
        for (p, x) in PROCLITICS.iter().enumerate() {
            pro_count[c * np + p] = match x.kinds.len() {
                0 => 10.0,
                1 => 1.0,
                2 => 0.3,
                _ => 0.1,
            };
        }
        for e in 0..ne {
            enc_count[c * ne + e] = if e == 0 { 10.0 } else { 0.2 };
        }
    }
    let order = in_order(bases);
    let entries: Vec<(u64, u64)> = order
        .iter()
        .map(|&i| {
            let b = &bases[i as usize];
            (b.key, base_entry(b.key, b.lemma, b.class, 0, b.signature))
        })
        .collect();
    let (table, place) = lay_out(&entries);
    let mut back = vec![u32::MAX; table.len()];
    for (k, &slot) in place.iter().enumerate() {
        back[slot as usize] = order[k];
    }
    let zero = Costs {
        pro: vec![0; nc * np],
        enc: vec![0; nc * ne],
    };
    let (b, t) = pack(&[1], &table, lemmas, &Strings::default(), &zero);
    let tables = Tables::new(Cow::Owned(b), Cow::Owned(t))?;
    let clitics = Clitics::new();
    let mut possible: Vec<Vec<Possible>> = Vec::with_capacity(items.len());
    for item in items {
        let mut v = Vec::new();
        if let Some(l) = Letters::read(&item.word) {
            // The tables hold no costs yet: what a candidate costs is its spelling.
            candidates(&tables, &clitics, &l, |c: Candidate| {
                v.push(Possible {
                    base: back[c.slot as usize],
                    pro: c.pro,
                    enc: c.enc,
                    spelling: c.cost as u16,
                })
            });
        }
        possible.push(v);
    }
    let mut base_count: Vec<f64> = bases.iter().map(|b| b.prior).collect();
    let mut scores = vec![0f64; bases.len()];
    let mut lost: Vec<String> = Vec::new();
    for round in 0..=rounds {
        // Scores: own count, a share of the lemma's by class, and the prior.
        let mut lemma_count = vec![0f64; lemmas.len()];
        let mut class_count: BTreeMap<(Tag, Class), f64> = BTreeMap::new();
        let mut tag_count: BTreeMap<Tag, f64> = BTreeMap::new();
        for (b, n) in bases.iter().zip(&base_count) {
            let l = &lemmas[b.lemma as usize];
            lemma_count[b.lemma as usize] += n;
            *class_count.entry((l.tag, b.class)).or_insert(0.1) += n;
            *tag_count.entry(l.tag).or_insert(5.0) += n;
        }
        for (i, b) in bases.iter().enumerate() {
            let l = &lemmas[b.lemma as usize];
            let share = class_count.get(&(l.tag, b.class)).copied().unwrap_or(0.1)
                / tag_count.get(&l.tag).copied().unwrap_or(5.0);
            scores[i] = if l.group == Group::Seen {
                (base_count[i] - 0.3).max(0.004)
            } else {
                base_count[i] + 0.3 * share.min(1.0) * lemma_count[b.lemma as usize] + b.prior * 0.5
            } / total;
        }
        if round == rounds {
            break;
        }
        let (pp, pe) = (pro_shares(&pro_count), enc_shares(&enc_count));
        let mut nb: Vec<f64> = vec![0.0; bases.len()];
        let mut npc = vec![0.02f64; nc * np];
        let mut nec = vec![0.01f64; nc * ne];
        for (item, cands) in items.iter().zip(&possible) {
            let mut weights: Vec<f64> = cands
                .iter()
                .map(|c| {
                    let k = bases[c.base as usize].class as usize;
                    scores[c.base as usize]
                        * pp[k * np + c.pro as usize]
                        * pe[k * ne + c.enc as usize]
                        * (-(c.spelling as f64) / UNIT).exp()
                })
                .collect();
            let mut sum: f64 = weights.iter().sum();
            if let Some(a) = item.annotated {
                let a = &words[a];
                let id = ids.get(&(a.lemma.clone(), group(a.tag))).copied();
                let right: Vec<bool> = cands
                    .iter()
                    .map(|c| {
                        c.pro as usize == a.pro
                            && c.enc as usize == a.enc
                            && Some(bases[c.base as usize].lemma) == id
                    })
                    .collect();
                let good: f64 = weights
                    .iter()
                    .zip(&right)
                    .filter(|x| *x.1)
                    .map(|x| *x.0)
                    .sum();
                if good > 0.0 {
                    let rest = sum - good;
                    for (x, r) in weights.iter_mut().zip(&right) {
                        *x = match (*r, rest > 0.0) {
                            (true, true) => *x / good * ANNOTATED,
                            (true, false) => *x / good,
                            (false, _) => *x / rest * (1.0 - ANNOTATED),
                        };
                    }
                    sum = 1.0;
                } else if round == 0 {
                    lost.push(format!("annotation not reachable: {}", item.word));
                }
            } else if round == 0 {
                continue;
            }
            if sum > 0.0 {
                for (c, x) in cands.iter().zip(&weights) {
                    let p = item.count * x / sum;
                    let k = bases[c.base as usize].class as usize;
                    nb[c.base as usize] += p;
                    npc[k * np + c.pro as usize] += p.min(300.0);
                    nec[k * ne + c.enc as usize] += p.min(300.0);
                }
            }
        }
        if round == 0 {
            // The first round sees annotated words only: the other bases keep their chance.
            for (n, b) in nb.iter_mut().zip(bases) {
                *n += b.prior;
            }
        }
        base_count = nb;
        pro_count = npc;
        enc_count = nec;
    }
    lex.notes.append(&mut lost);
    Some(Estimate {
        base_count,
        pro_count,
        enc_count,
        scores,
        possible,
    })
}

/// How much of an annotated word's count its annotation gets: the rest stays for homographs.
const ANNOTATED: f64 = 0.93;

/// The smallest base a guess may leave.
const LEAST: usize = 3;

/// Bases guessed from raw text for the words that no listed lemma explains: a hypothesis is a stem with regular
/// endings, kept when several spellings support it or when it is the word itself.
fn hypotheses(lex: &mut Lexicon, items: &[Item], unexplained: &[usize]) {
    // What the known roots could make by rule: a guessed base among them is a word of that root.
    let mut made: HashMap<String, (String, String, Tag)> = HashMap::new();
    let mut verbs: HashMap<String, Vec<(String, String, u8)>> = HashMap::new();
    let mut roots: BTreeMap<&str, usize> = BTreeMap::new();
    for l in lex
        .lemmas
        .iter()
        .filter(|l| matches!(l.group, Group::Verb | Group::Nominal))
    {
        *roots.entry(l.root.as_str()).or_default() += 1;
    }
    for root in roots.keys().filter(|r| matches!(r.chars().count(), 3 | 4)) {
        for f in FORMS.filter_map(|f| family(root, f)) {
            for m in &f.masdars {
                made.entry(bare_alef(m))
                    .or_insert((m.clone(), root.to_string(), Tag::Noun));
            }
            for m in f.actives.iter().chain(&f.passives) {
                made.entry(bare_alef(m))
                    .or_insert((m.clone(), root.to_string(), Tag::Adjective));
            }
            for v in &f.verbs {
                verbs
                    .entry(bare_alef(v))
                    .or_default()
                    .push((v.clone(), root.to_string(), f.form));
            }
        }
    }
    let nouns: HashMap<String, (String, String)> = lex
        .lemmas
        .iter()
        .filter(|l| matches!(l.group, Group::Nominal | Group::Name))
        .map(|l| {
            (
                bare_alef(
                    l.text
                        .strip_prefix("ال")
                        .filter(|r| r.chars().count() >= LEAST)
                        .unwrap_or(&l.text),
                ),
                (l.text.clone(), l.root.clone()),
            )
        })
        .collect();
    let known_roots: BTreeSet<String> = roots
        .iter()
        .filter(|x| *x.1 >= 2)
        .map(|x| x.0.to_string())
        .collect();
    // How many spellings support a stem, whether one of them is the stem itself, and whether one has the article.
    let mut support: BTreeMap<String, (usize, bool, bool)> = BTreeMap::new();
    let clitics = Clitics::new();
    for &i in unexplained {
        let word = &items[i].word;
        let Some(l) = Letters::read(word) else {
            continue;
        };
        let chars: Vec<char> = word.chars().collect();
        let n = chars.len();
        let mut pros: Vec<(usize, bool)> = Vec::new();
        clitics.proclitics(&l, |_, len, flags| {
            if flags & !(P_ART | P_PREP | P_LAM | P_KAF | P_CONJ) == 0 && n - len >= LEAST {
                pros.push((len, flags & P_ART != 0));
            }
        });
        verb_hypotheses(lex, &verbs, word);
        // An article in front is one.
        let longest = pros.iter().filter(|p| p.1).map(|p| p.0).max();
        let mut own: BTreeSet<(String, bool)> = BTreeSet::new();
        for &(plen, _) in pros.iter().filter(|p| longest.is_none_or(|m| p.0 == m)) {
            let mut ends: Vec<usize> = Vec::new();
            clitics.enclitics(&l, |e, len| {
                if e == 0
                    || (longest.is_none() && matches!(e, 1..=4 | 6) && n - plen >= LEAST + len)
                {
                    ends.push(len);
                }
            });
            for elen in ends {
                let base: String = chars[plen..n - elen].iter().collect();
                let whole = elen == 0 && (plen == 0 || longest.is_some());
                let stem = |cut: usize| -> Option<String> {
                    let m = base.chars().count();
                    (m >= LEAST + cut).then(|| base.chars().take(m - cut).collect())
                };
                let mut add = |s: Option<String>, whole: bool| {
                    if let Some(s) = s {
                        own.insert((s, whole));
                    }
                };
                if base.ends_with('ة') {
                    let s = stem(1);
                    if s.as_ref()
                        .is_some_and(|s| s.ends_with('ي') && s.chars().count() > LEAST)
                    {
                        add(s, whole);
                    } else {
                        add(Some(base.clone()), whole);
                    }
                    continue;
                }
                if elen > 0 && base.ends_with('ت') && !base.ends_with("ات") {
                    add(stem(1).map(|s| s + "ة"), false);
                }
                add(Some(base.clone()), whole);
                if base.ends_with("ات") {
                    add(stem(2), false);
                    add(stem(2).map(|s| s + "ة"), false);
                } else if base.ends_with("ون") || base.ends_with("ين") || base.ends_with("ان")
                {
                    add(stem(2), false);
                } else if base.ends_with('ا') && elen == 0 && longest.is_none() {
                    add(stem(1), false);
                }
            }
        }
        for (s, whole) in own {
            let e = support.entry(s).or_insert((0, false, false));
            e.0 += 1;
            e.1 |= whole;
            e.2 |= longest.is_some();
        }
    }
    let mut spelled: HashMap<String, u16> = HashMap::new();
    for (stem, (n, whole, article)) in support {
        let plain = bare_alef(&stem);
        let ruled = made.get(&plain);
        if n < 2 && !whole && ruled.is_none() {
            continue;
        }
        let prior = 0.02 * n as f64;
        let nisba = stem.ends_with('ي');
        let adjective = nisba || ruled.is_some_and(|m| m.2 == Tag::Adjective);
        let kind = Nominal {
            feminine: adjective,
            sound_masculine: true,
            sound_feminine: true,
            adjective,
            weak_last: false,
        };
        let (text, group, tag, root) = match ruled {
            Some((text, root, tag)) => (text.clone(), Group::Nominal, *tag, root.clone()),
            None => {
                let noun = plain.strip_suffix('ي').and_then(|n| {
                    [n.to_string(), format!("{n}ة"), format!("{n}ا")]
                        .iter()
                        .find_map(|n| nouns.get(n))
                });
                match noun {
                    // A nisba of a known noun.
                    Some((_, r)) => (stem.clone(), Group::Seen, Tag::Adjective, r.clone()),
                    None => {
                        let root = pattern_root(&plain, &known_roots).unwrap_or_default();
                        (plain.clone(), Group::Seen, Tag::Unknown, root)
                    }
                }
            }
        };
        let id = match spelled.get(&plain) {
            Some(&id) => id,
            None => {
                let Some(id) = lex.lemma(&text, group, tag, &root, true) else {
                    continue;
                };
                spelled.insert(plain, id);
                id
            }
        };
        // A stem that never has the article is a name: رون, رونا and رونان are three of them.
        let name = !article && tag == Tag::Unknown;
        for (f, c) in nominal(&stem, kind) {
            if !name || f == stem {
                lex.form(&f, c, id, if f == stem { prior } else { prior / 8.0 });
            }
        }
    }
}

/// Verbs of known roots in forms no list has, for words that look like one of their forms.
fn verb_hypotheses(
    lex: &mut Lexicon,
    verbs: &HashMap<String, Vec<(String, String, u8)>>,
    word: &str,
) {
    let bare = bare_alef(word);
    let mut bases: BTreeSet<&str> = BTreeSet::from([bare.as_str()]);
    for pro in ["و", "ف", "س", "ل", "وس", "فس", "ول", "فل"] {
        bases.extend(bare.strip_prefix(pro));
    }
    for base in bases.clone() {
        for enc in &ENCLITICS[1..] {
            bases.extend(base.strip_suffix(enc));
        }
    }
    for base in bases {
        if base.chars().count() <= LEAST {
            continue;
        }
        let mut stems: BTreeSet<String> = BTreeSet::new();
        for end in ["", "ت", "وا", "و", "ا", "تا", "نا", "ون", "ان", "ين", "ن"] {
            let Some(cut) = base.strip_suffix(end) else {
                continue;
            };
            let mut add = |x: &str| {
                stems.insert(x.to_string());
                stems.insert(format!("{x}ى"));
                for weak in ['ي', 'ا', 'ى'] {
                    if let Some(y) = x.strip_suffix(weak) {
                        stems.insert(format!("{y}ى"));
                    }
                }
            };
            add(cut);
            for pre in ["ي", "ت", "ن", "ا"] {
                if let Some(i) = cut.strip_prefix(pre) {
                    add(i);
                    add(&format!("ا{i}"));
                }
            }
        }
        for (text, root, form) in stems.iter().filter_map(|s| verbs.get(s)).flatten() {
            if lex.ids.contains_key(&(text.clone(), Group::Verb)) {
                continue;
            }
            let forms = conjugate(text, root, *form);
            if forms.iter().any(|x| bare_alef(&x.0) == base) {
                let Some(id) = lex.lemma(text, Group::Verb, Tag::Verb, root, true) else {
                    continue;
                };
                for (f, c) in forms {
                    lex.form(&f, c, id, 0.01);
                }
            }
        }
    }
}

/// The root of a base of a common noun pattern, when the lexicon knows the root.
fn pattern_root(stem: &str, known: &BTreeSet<String>) -> Option<String> {
    let mut c: Vec<char> = stem
        .chars()
        .map(|c| {
            if matches!(c, 'أ' | 'إ' | 'ؤ' | 'ئ') {
                'ء'
            } else {
                c
            }
        })
        .collect();
    if c.ends_with(&['ي']) && c.len() > 4 {
        c.pop();
    }
    if c.ends_with(&['ة']) {
        c.pop();
    }
    let pick = |at: &[usize]| -> Option<String> {
        let r: String = at.iter().filter_map(|&i| c.get(i)).collect();
        (r.chars().count() == at.len() && known.contains(&r)).then_some(r)
    };
    let is = |i: usize, x: char| c.get(i) == Some(&x);
    let doubled = || -> Option<String> {
        let r: String = [c.first()?, c.get(1)?, c.get(1)?].into_iter().collect();
        known.contains(&r).then_some(r)
    };
    match c.len() {
        2 => doubled(),
        3 => pick(&[0, 1, 2]),
        4 if is(2, 'ا') || is(2, 'و') || is(2, 'ي') => {
            pick(&[0, 1, 3]).or_else(|| pick(&[0, 1, 2, 3]))
        }
        4 if is(1, 'ا') || is(1, 'و') => pick(&[0, 2, 3]).or_else(|| pick(&[0, 1, 2, 3])),
        4 if is(0, 'م') || is(0, 'ا') || is(0, 'ت') => {
            pick(&[1, 2, 3]).or_else(|| pick(&[0, 1, 2, 3]))
        }
        4 => pick(&[0, 1, 2, 3]),
        5 if is(0, 'ا') && is(3, 'ا') => pick(&[1, 2, 4]),
        5 if is(0, 'م') && (is(3, 'و') || is(3, 'ا') || is(3, 'ي')) => pick(&[1, 2, 4]),
        5 if is(0, 'م') && is(2, 'ا') => pick(&[1, 3, 4]),
        5 if is(3, 'ا') && is(4, 'ن') => pick(&[0, 1, 2]),
        5 if is(1, 'و') && is(2, 'ا') => pick(&[0, 3, 4]),
        5 if is(2, 'ا') => pick(&[0, 1, 3, 4]),
        _ => None,
    }
}

/// A word is unexplained when its best analysis makes it rarer than it is by this many nats.
const UNEXPLAINED: f64 = 4.5;

/// Nats a letter of the base beyond the third is worth in that.
const CREDIT: f64 = 1.0;

fn finish(mut lex: Lexicon, words: Vec<Annotated>, surface: Vec<(String, u64)>) -> Compiled {
    let (np, ne) = (PROCLITICS.len(), ENCLITICS.len());
    let total: f64 = surface.iter().map(|x| x.1 as f64).sum::<f64>() + words.len() as f64;
    let mut items: Vec<Item> = Vec::new();
    let index: HashMap<&str, usize> = words
        .iter()
        .enumerate()
        .map(|(i, w)| (w.word.as_str(), i))
        .collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (w, n) in &surface {
        seen.insert(w);
        items.push(Item {
            word: w.clone(),
            count: *n as f64,
            annotated: index.get(w.as_str()).copied(),
        });
    }
    for (i, w) in words.iter().enumerate() {
        if !seen.contains(w.word.as_str()) {
            items.push(Item {
                word: w.word.clone(),
                count: 1.0,
                annotated: Some(i),
            });
        }
    }
    let failed = |notes: Vec<String>| Compiled {
        bytes: vec![],
        text: String::new(),
        notes,
    };
    let Some(first) = estimate(&mut lex, &words, &items, 3, total) else {
        return failed(lex.notes);
    };
    let (pp, pe) = (pro_shares(&first.pro_count), enc_shares(&first.enc_count));
    let unexplained: Vec<usize> = items
        .iter()
        .enumerate()
        .filter(|(i, item)| {
            let best = first.possible[*i]
                .iter()
                .map(|c| {
                    let k = lex.bases[c.base as usize].class as usize;
                    // The longer the base, the less likely that the lexicon has it by accident.
                    let base = item.word.chars().count()
                        - PROCLITICS[c.pro as usize].text.chars().count()
                        - ENCLITICS[c.enc as usize].chars().count();
                    first.scores[c.base as usize]
                        * pp[k * np + c.pro as usize]
                        * pe[k * ne + c.enc as usize]
                        * (base.saturating_sub(LEAST) as f64 * CREDIT - c.spelling as f64 / UNIT)
                            .exp()
                })
                .fold(0.0, f64::max);
            item.annotated.is_none()
                && item.word.chars().count() >= LEAST
                && (best * total).max(1e-9).ln() < item.count.ln() - UNEXPLAINED
        })
        .map(|x| x.0)
        .collect();
    drop(first);
    hypotheses(&mut lex, &items, &unexplained);
    let Some(last) = estimate(&mut lex, &words, &items, 5, total) else {
        return failed(lex.notes);
    };
    let Estimate {
        base_count,
        pro_count,
        enc_count,
        scores,
        ..
    } = last;
    let clitics = Clitics::new();
    let Lexicon {
        lemmas,
        bases,
        mut notes,
        ids,
        ..
    } = lex;
    let order = in_order(&bases);
    notes.push(format!(
        "unexplained before guessing: {}",
        unexplained.len()
    ));
    let costs = Costs {
        pro: pro_shares(&pro_count).into_iter().map(cost).collect(),
        enc: enc_shares(&enc_count).into_iter().map(cost).collect(),
    };
    let mut lemma_count = vec![0f64; lemmas.len()];
    for (b, n) in bases.iter().zip(&base_count) {
        lemma_count[b.lemma as usize] += n;
    }
    let kept_base: Vec<bool> = bases
        .iter()
        .zip(&base_count)
        .map(|(b, n)| {
            let l = &lemmas[b.lemma as usize];
            match l.group {
                Group::Seen => *n >= 0.7,
                Group::Verb | Group::Nominal => {
                    *n >= 0.3 || likely(b.class, lemma_count[b.lemma as usize], l.derived)
                }
                _ => true,
            }
        })
        .collect();
    let keep = |i: usize| kept_base[i];
    // Renumber lemmas without those that lost all their forms.
    let mut used = vec![false; lemmas.len()];
    for (i, b) in bases.iter().enumerate() {
        if keep(i) {
            used[b.lemma as usize] = true;
        }
    }
    let mut renumber = vec![0u16; lemmas.len()];
    let mut kept: Vec<Lemma> = Vec::new();
    for (i, l) in lemmas.into_iter().enumerate() {
        if used[i] {
            renumber[i] = kept.len() as u16;
            kept.push(l);
        }
    }
    let nominal: BTreeSet<String> = kept
        .iter()
        .filter(|l| l.group != Group::Verb && l.group != Group::Seen && !l.derived)
        .map(|l| l.text.clone())
        .collect();
    let mut entries: Vec<(u64, u64)> = Vec::new();
    for &i in &order {
        let b = &bases[i as usize];
        if keep(i as usize) {
            entries.push((
                b.key,
                base_entry(
                    b.key,
                    renumber[b.lemma as usize],
                    b.class,
                    cost(scores[i as usize]),
                    b.signature,
                ),
            ));
        }
    }
    let (table, _) = lay_out(&entries);
    // Verbs spelled like a noun get the final vowel of the perfect in their index form.
    let strings = Strings { verb_like: nominal };
    let (b, t) = pack(&[1], &table, &kept, &strings, &costs);
    let Some(tables) = Tables::new(Cow::Owned(b), Cow::Owned(t)) else {
        return Compiled {
            bytes: vec![],
            text: String::new(),
            notes,
        };
    };

    // Whole words: the annotated analysis, or the best one.
    let mut whole: Vec<(u64, u64)> = Vec::new();
    let mut done: BTreeSet<u64> = BTreeSet::new();
    let mut bare: BTreeMap<String, (f64, u64)> = BTreeMap::new();
    let mut unknown = 0usize;
    for Item {
        word: w,
        count: n,
        annotated: ann,
    } in &items
    {
        let Some(l) = Letters::read(w) else { continue };
        let mut best: Option<(u32, Candidate)> = None;
        let mut all: Vec<Candidate> = Vec::new();
        candidates(&tables, &clitics, &l, |c| {
            all.push(c);
        });
        let wanted = ann.map(|a| {
            let a = &words[a];
            (
                a.pro,
                a.enc,
                ids.get(&(a.lemma.clone(), group(a.tag)))
                    .map(|&i| renumber[i as usize]),
                a.tag,
            )
        });
        for c in &all {
            let right = wanted.is_some_and(|(p, e, id, _)| {
                c.pro as usize == p && c.enc as usize == e && Some(c.base.lemma()) == id
            });
            let cost = if right {
                c.cost
            } else {
                c.cost + 10_000 * wanted.is_some() as u32
            };
            if best.is_none_or(|b| (cost, c.slot) < (b.0, b.1.slot)) {
                best = Some((cost, *c));
            }
        }
        let Some((_, c)) = best else {
            unknown += 1;
            continue;
        };
        let rival = all
            .iter()
            .filter(|x| (x.base.lemma(), x.pro, x.enc) != (c.base.lemma(), c.pro, c.enc))
            .map(|x| x.cost)
            .min();
        let ambiguous = rival.is_some_and(|r| r < c.cost + 36);
        let tag = wanted.map_or(tables.tag(c.base.lemma()), |x| x.3);
        let value = |key: u64| word_entry(key, &c, ambiguous, tag);
        let key = word_key(w);
        if done.insert(key) {
            whole.push((key, value(key)));
        }
        let plain = bare_alef(w);
        if plain != *w {
            let k = word_key(&plain);
            let e = bare.entry(plain).or_insert((0.0, 0));
            if *n > e.0 {
                *e = (*n, value(k));
            }
        }
    }
    let exact = whole.len();
    for (w, (_, v)) in &bare {
        let k = word_key(w);
        if done.insert(k) {
            whole.push((k, *v));
        }
    }
    let (wtable, _) = lay_out(&whole);
    let (bytes, text) = pack(&wtable, &table, &kept, &strings, &costs);
    let derived = kept.iter().filter(|l| l.derived).count();
    let seen = kept.iter().filter(|l| l.group == Group::Seen).count();
    notes.push(format!(
        "lemmas {} (of which made by rule {}, seen only {seen}); base forms {}; whole words {exact} + {} spelled without hamza; unexplained {unknown}; bytes {}",
        kept.len(), derived - seen, entries.len(), whole.len() - exact, bytes.len() + text.len()
    ));
    Compiled { bytes, text, notes }
}

/// Which forms of a lemma are kept that raw text does not show: all of a word in use, the usual ones of a rare word,
/// the main ones of a word made by rule. The tables would double otherwise, for forms nobody writes.
fn likely(class: Class, count: f64, derived: bool) -> bool {
    use Class::*;
    let main = matches!(
        class,
        Bare | Closed
            | BeforePronoun
            | Feminine
            | PluralFeminine
            | PluralOblique
            | Perfect
            | PerfectFeminine
            | Imperfect
            | ImperfectFeminine
            | ImperfectLong
    );
    let usual = main
        || matches!(
            class,
            Accusative
                | DualOblique
                | PluralNominative
                | FeminineBeforePronoun
                | FeminineBare
                | Broken
                | BrokenClosed
                | BrokenBeforePronoun
                | BrokenAccusative
                | PerfectClosed
                | PerfectSpeaker
                | ImperfectSpeaker
                | ImperfectClosed
                | ImperfectBeforePronoun
                | Jussive
                | PerfectPassive
                | Adverb
        );
    if count >= 8.0 {
        true
    } else if count >= 1.0 || !derived {
        usual
    } else {
        main
    }
}

#[derive(Default)]
struct Strings {
    verb_like: BTreeSet<String>,
}

fn pack(
    words: &[u64],
    bases: &[u64],
    lemmas: &[Lemma],
    strings: &Strings,
    costs: &Costs,
) -> (Vec<u8>, String) {
    let mut text = String::new();
    let mut lemma_at: Vec<u32> = Vec::new();
    for l in lemmas {
        lemma_at.push(text.len() as u32);
        // The index form of a name that always has the article leaves it out, as the segments do.
        let name = if l.group == Group::Name {
            l.text
                .strip_prefix("ال")
                .filter(|r| r.chars().count() >= LEAST)
        } else {
            None
        };
        text.push_str(name.unwrap_or(&l.text));
        if l.group == Group::Verb && strings.verb_like.contains(&l.text) {
            // The fatha of the perfect: قتلَ, and before a final alef حمَى.
            let last = text.pop();
            match last {
                Some(c @ ('ى' | 'ا')) => text.extend(['\u{64E}', c]),
                Some(c) => text.extend([c, '\u{64E}']),
                None => {}
            }
        }
    }
    lemma_at.push(text.len() as u32);
    let mut roots: Vec<&str> = vec![""];
    let mut root_id: HashMap<&str, u16> = HashMap::from([("", 0)]);
    for l in lemmas {
        if !root_id.contains_key(l.root.as_str()) {
            root_id.insert(&l.root, roots.len() as u16);
            roots.push(&l.root);
        }
    }
    let mut root_at: Vec<u32> = Vec::new();
    for r in &roots {
        root_at.push(text.len() as u32);
        text.push_str(r);
    }
    root_at.push(text.len() as u32);
    let mut out: Vec<u8> = MAGIC.to_vec();
    for n in [
        words.len(),
        bases.len(),
        lemmas.len(),
        roots.len(),
        ALL_CLASSES.len(),
        PROCLITICS.len(),
        ENCLITICS.len(),
    ] {
        out.extend((n as u32).to_le_bytes());
    }
    for w in words.iter().chain(bases) {
        out.extend(w.to_le_bytes());
    }
    for a in &lemma_at {
        out.extend(a.to_le_bytes());
    }
    for l in lemmas {
        out.extend(
            root_id
                .get(l.root.as_str())
                .copied()
                .unwrap_or(0)
                .to_le_bytes(),
        );
    }
    for l in lemmas {
        out.push(l.tag as u8);
    }
    for a in &root_at {
        out.extend(a.to_le_bytes());
    }
    out.extend(&costs.pro);
    out.extend(&costs.enc);
    (out, text)
}
