//! Bases and verbs guessed from raw text for the words that no list explains.

use super::analyse::Clitics;
use super::class::{ENCLITICS, P_ART, P_CONJ, P_KAF, P_LAM, P_PREP, PROCLITICS, Tag};
use super::entries::Lexicon;
use super::estimate::{Estimate, Item, enc_shares, pro_shares};
use super::letters::Letters;
use super::pack::{LEAST, UNIT};
use super::paradigm::{FORMS, Nominal, conjugate, family, nominal};
use super::source::{Group, bare_alef};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A word is unexplained when its best analysis makes it rarer than it is by this many nats.
pub const UNEXPLAINED: f64 = 4.5;

/// Nats a letter of the base beyond the third is worth in that.
pub const CREDIT: f64 = 1.0;

/// Numbers of the words whose best analysis makes them much rarer than they are.
pub fn unexplained(lex: &Lexicon, items: &[Item], first: &Estimate, total: f64) -> Vec<usize> {
    let (np, ne) = (PROCLITICS.len(), ENCLITICS.len());
    let (pp, pe) = (pro_shares(&first.pro_count), enc_shares(&first.enc_count));
    items
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
        .collect()
}

/// Bases guessed from raw text for the words that no listed lemma explains: a hypothesis is a stem with regular
/// endings, kept when several spellings support it or when it is the word itself.
pub fn hypotheses(lex: &mut Lexicon, items: &[Item], unexplained: &[usize]) {
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
pub fn verb_hypotheses(
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
pub fn pattern_root(stem: &str, known: &BTreeSet<String>) -> Option<String> {
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
