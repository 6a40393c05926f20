//! Compiles the editable word lists into the tables: paradigms are generated, counts of raw text are shared out
//! among the analyses by expectation maximisation, and every frequent word gets its best analysis ready-made.

use super::analyse::{Candidate, Clitics, candidates};
use super::class::{ALL_CLASSES, Class, ENCLITICS, PROCLITICS, Tag, compatible, proclitic_flags};
use super::letters::{Letters, signature};
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
}

struct Lemma {
    text: String,
    group: Group,
    tag: Tag,
    root: String,
    derived: bool,
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
                        if rest.len() <= 2 && (found.is_none() || base.chars().count() > 1) {
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
                root: if *root == "-" {
                    String::new()
                } else {
                    root.replace(['أ', 'إ', 'ؤ', 'ئ'], "ء")
                },
                tag,
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
    let own_feminine = has(&format!("{lemma}ة"));
    Nominal {
        feminine: adjective
            || ((participle || nisba) && !masdar && !own_feminine)
            || tag == Tag::Number,
        sound_masculine: adjective || participle || nisba || tag == Tag::Noun && !masdar,
        sound_feminine: true,
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
    unify(&mut words, &counts);

    // Lemmas: majority tag and root.
    let mut tally: BTreeMap<(String, Group), (BTreeMap<Tag, u64>, BTreeMap<String, u64>)> =
        BTreeMap::new();
    for w in &words {
        let n = counts.get(&w.word).copied().unwrap_or(1).max(1);
        let t = tally.entry((w.lemma.clone(), group(w.tag))).or_default();
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
    let mut listed: Vec<(u16, Vec<String>)> = Vec::new();
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
            let root = if root == "-" {
                String::new()
            } else {
                root.replace(['أ', 'إ', 'ؤ', 'ئ'], "ء")
            };
            if let Some(id) = lex.lemma(lemma, group(tag), tag, &root, false) {
                listed.push((id, forms.split_whitespace().map(str::to_string).collect()));
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
                let all: Vec<_> = if forms.is_empty() {
                    conjugate_plain(&text)
                } else {
                    forms
                        .iter()
                        .flat_map(|f| conjugate(&text, &root, *f))
                        .collect()
                };
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
    for (id, forms) in &listed {
        for f in forms {
            for (s, c) in singular(f, true) {
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

    // Words of raw text that no list explains may be bases of their own.
    let annotated: HashMap<&str, usize> = words
        .iter()
        .enumerate()
        .map(|(i, w)| (w.word.as_str(), i))
        .collect();
    let first_seen = lex.lemmas.len();
    for (w, n) in &surface {
        if !annotated.contains_key(w.as_str()) && w.chars().count() >= 3 && *n >= 2 {
            let text = bare_alef(w);
            if let Some(id) = lex.lemma(&text, Group::Seen, Tag::Unknown, "", true) {
                lex.form(w, Class::Seen, id, 0.02);
            }
        }
    }
    finish(lex, words, surface, first_seen)
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
    let slots = entries.len() * 4 / 3 + 8;
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

fn finish(
    lex: Lexicon,
    words: Vec<Annotated>,
    surface: Vec<(String, u64)>,
    first_seen: usize,
) -> Compiled {
    let Lexicon {
        lemmas,
        bases,
        mut notes,
        ids,
        ..
    } = lex;
    let (np, ne, nc) = (PROCLITICS.len(), ENCLITICS.len(), ALL_CLASSES.len());
    let total: f64 = surface.iter().map(|x| x.1 as f64).sum::<f64>() + words.len() as f64;
    let mut base_count: Vec<f64> = bases.iter().map(|b| b.prior).collect();
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
    let clitics = Clitics::new();
    // Every word with its possible analyses, found once.
    let mut items: Vec<(String, f64, Option<usize>)> = Vec::new();
    let index: HashMap<&str, usize> = words
        .iter()
        .enumerate()
        .map(|(i, w)| (w.word.as_str(), i))
        .collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (w, n) in &surface {
        seen.insert(w);
        items.push((w.clone(), *n as f64, index.get(w.as_str()).copied()));
    }
    for (i, w) in words.iter().enumerate() {
        if !seen.contains(w.word.as_str()) {
            items.push((w.word.clone(), 1.0, Some(i)));
        }
    }
    let order: Vec<u32> = {
        let mut o: Vec<u32> = (0..bases.len() as u32).collect();
        o.sort_by_key(|&i| {
            (
                bases[i as usize].key,
                bases[i as usize].lemma,
                bases[i as usize].class,
            )
        });
        o
    };
    let assemble =
        |costs: Option<(&[f64], &Costs)>, keep: &dyn Fn(usize) -> bool| -> (Vec<u64>, Vec<u32>) {
            let mut kept: Vec<u32> = Vec::new();
            let mut entries: Vec<(u64, u64)> = Vec::new();
            for &i in &order {
                let b = &bases[i as usize];
                if keep(i as usize) {
                    let c = costs.map_or(0, |(s, _)| cost(s[i as usize]));
                    entries.push((b.key, base_entry(b.key, b.lemma, b.class, c, b.signature)));
                    kept.push(i);
                }
            }
            let (table, place) = lay_out(&entries);
            let mut back = vec![u32::MAX; table.len()];
            for (k, &slot) in place.iter().enumerate() {
                back[slot as usize] = kept[k];
            }
            (table, back)
        };
    let zero = Costs {
        pro: vec![0; nc * np],
        enc: vec![0; nc * ne],
    };
    let (table, back) = assemble(None, &|_| true);
    let strings = Strings::default();
    let tables = pack(&[1], &table, &lemmas, &strings, &zero);
    let Some(tables) = Tables::new(Cow::Owned(tables.0), Cow::Owned(tables.1)) else {
        notes.push("tables could not be packed".into());
        return Compiled {
            bytes: vec![],
            text: String::new(),
            notes,
        };
    };
    struct Cand {
        base: u32,
        pro: u8,
        enc: u8,
        spelling: u16,
    }
    let mut possible: Vec<Vec<Cand>> = Vec::with_capacity(items.len());
    for (w, _, _) in &items {
        let mut v = Vec::new();
        if let Some(l) = Letters::read(w) {
            candidates(&tables, &clitics, &l, |c: Candidate| {
                v.push(Cand { base: back[c.slot as usize], pro: c.pro, enc: c.enc, spelling: c.cost as u16 /* the tables hold no costs yet: only spelling is left */ });
            });
        }
        possible.push(v);
    }
    let mut lemma_count = vec![0f64; lemmas.len()];
    let mut scores = vec![0f64; bases.len()];
    let rounds = 5;
    for round in 0..rounds {
        // Scores: own count, a share of the lemma's by class, and the prior.
        lemma_count.iter_mut().for_each(|x| *x = 0.0);
        let mut class_count: BTreeMap<(Tag, Class), f64> = BTreeMap::new();
        let mut tag_count: BTreeMap<Tag, f64> = BTreeMap::new();
        for (i, b) in bases.iter().enumerate() {
            let l = &lemmas[b.lemma as usize];
            lemma_count[b.lemma as usize] += base_count[i];
            *class_count.entry((l.tag, b.class)).or_insert(0.1) += base_count[i];
            *tag_count.entry(l.tag).or_insert(5.0) += base_count[i];
        }
        for (i, b) in bases.iter().enumerate() {
            let l = &lemmas[b.lemma as usize];
            let share = class_count.get(&(l.tag, b.class)).copied().unwrap_or(0.1)
                / tag_count.get(&l.tag).copied().unwrap_or(5.0);
            let seen = l.group == Group::Seen;
            scores[i] = if seen {
                (base_count[i] - 0.3).max(0.004)
            } else {
                base_count[i] + 0.3 * share.min(1.0) * lemma_count[b.lemma as usize] + b.prior * 0.5
            } / total;
        }
        let norm = |v: &[f64], n: usize| -> Vec<f64> {
            v.chunks(n)
                .flat_map(|c| {
                    let s: f64 = c.iter().sum();
                    c.iter().map(move |x| x / s).collect::<Vec<_>>()
                })
                .collect()
        };
        let (pp, pe) = (norm(&pro_count, np), norm(&enc_count, ne));
        let mut nb: Vec<f64> = vec![0.0; bases.len()];
        let mut npc = vec![0.02f64; nc * np];
        let mut nec = vec![0.01f64; nc * ne];
        for ((w, n, ann), cands) in items.iter().zip(&possible) {
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
            if let Some(a) = ann {
                // The annotated analysis takes nearly all of the count.
                let a = &words[*a];
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
                    let share = 0.93;
                    for (x, r) in weights.iter_mut().zip(&right) {
                        *x = if *r {
                            *x / good * if rest > 0.0 { share } else { 1.0 }
                        } else {
                            *x / rest * (1.0 - share)
                        };
                    }
                    sum = 1.0;
                } else if round == 0 {
                    notes.push(format!("annotation not reachable: {w}"));
                }
            } else if round == 0 {
                continue;
            }
            if sum > 0.0 {
                for (c, x) in cands.iter().zip(&weights) {
                    let p = n * x / sum;
                    let k = bases[c.base as usize].class as usize;
                    nb[c.base as usize] += p;
                    npc[k * np + c.pro as usize] += p.min(300.0);
                    nec[k * ne + c.enc as usize] += p.min(300.0);
                }
            }
        }
        if round == 0 {
            // Bases seen in annotated words only must leave the others a chance.
            for (i, b) in bases.iter().enumerate() {
                nb[i] += b.prior;
            }
        }
        base_count = nb;
        pro_count = npc;
        enc_count = nec;
    }
    let norm_cost = |v: &[f64], n: usize| -> Vec<u8> {
        v.chunks(n)
            .flat_map(|c| {
                let s: f64 = c.iter().sum();
                c.iter().map(move |x| cost(x / s)).collect::<Vec<_>>()
            })
            .collect()
    };
    let costs = Costs {
        pro: norm_cost(&pro_count, np),
        enc: norm_cost(&enc_count, ne),
    };
    let kept_base: Vec<bool> = bases
        .iter()
        .enumerate()
        .map(|(i, b)| lemmas[b.lemma as usize].group != Group::Seen || base_count[i] >= 1.5)
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
    for (w, n, ann) in &items {
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
        let key = l.exact_key();
        if done.insert(key) {
            whole.push((key, value(key)));
        }
        let plain = bare_alef(w);
        if plain != *w {
            if let Some(k) = Letters::read(&plain).map(|l| l.exact_key()) {
                let e = bare.entry(plain).or_insert((0.0, 0));
                if *n > e.0 {
                    *e = (*n, value(k));
                }
            }
        }
    }
    let exact = whole.len();
    for (w, (_, v)) in &bare {
        if let Some(k) = Letters::read(w).map(|l| l.exact_key()) {
            if done.insert(k) {
                whole.push((k, *v));
            }
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
    let _ = first_seen;
    Compiled { bytes, text, notes }
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
        text.push_str(&l.text);
        if l.group == Group::Verb && strings.verb_like.contains(&l.text) {
            text.push('\u{64E}');
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
