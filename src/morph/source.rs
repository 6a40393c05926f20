//! Reads the word lists: analysed words and lemmas with their listed forms.

use super::class::{ENCLITICS, PROCLITICS, Tag};
use super::letters::Letters;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Lemmas of one spelling are told apart by group only.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Group {
    Verb,
    Nominal,
    Name,
    Closed,
    Seen,
}

/// The group of a tag.
pub fn group(tag: Tag) -> Group {
    match tag {
        Tag::Verb => Group::Verb,
        Tag::Noun | Tag::Adjective | Tag::Adverb | Tag::Number | Tag::Nisba => Group::Nominal,
        Tag::Particle | Tag::Pronoun => Group::Closed,
        Tag::Unknown => Group::Seen,
        _ => Group::Name,
    }
}

/// The spelling without the hamzas of alef.
pub fn bare_alef(s: &str) -> String {
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

/// A line of a word list.
pub struct Annotated {
    pub word: String,
    pub pro: usize,
    pub base: String,
    pub enc: usize,
    pub lemma: String,
    pub root: String,
    pub tag: Tag,
    /// The lemma was changed to that of the other words with this base.
    pub settled: bool,
}

/// Irregular forms listed with a lemma.
#[derive(Default)]
pub struct Listed {
    pub plurals: Vec<String>,
    pub feminines: Vec<String>,
    pub imperfects: Vec<String>,
    pub masdars: Vec<String>,
    pub elatives: Vec<String>,
}

/// A root with every hamza written ء; empty for `-`.
pub fn root_letters(root: &str) -> String {
    if root == "-" {
        String::new()
    } else {
        root.replace(['أ', 'إ', 'ؤ', 'ئ'], "ء")
    }
}

/// Reads the word lists; the first line for a word counts.
pub fn read_words(files: &[(String, String)], notes: &mut Vec<String>) -> Vec<Annotated> {
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
pub fn unify(words: &mut [Annotated], counts: &HashMap<String, u64>) {
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
        if bare == w.lemma
            && let Some(all) = spellings.get(&(bare.clone(), g))
        {
            let own = all.iter().find(|x| x.1 == bare).map_or(0, |x| x.0);
            let best = all.iter().filter(|x| x.1 != bare).max();
            if let Some((n, text)) = best
                && (own < n * 2 || w.root.starts_with('ء'))
            {
                w.lemma = text.clone();
            }
        }
    }
}

/// Gives a base one lemma within its group: out of context, two lemmas for one form are a slip of the list more often
/// than a difference.
pub fn settle(words: &mut [Annotated], counts: &HashMap<String, u64>) {
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

/// The closed list decides the lemma of a particle or pronoun where it has one.
pub fn close(words: &mut [Annotated], list: &str) {
    let mut closed: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for line in list.lines().filter(|l| !l.starts_with('#')) {
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
}

/// Reads the lemma files: lemma, tag, root, listed forms.
pub fn read_lemmas(
    files: &[(String, String)],
    notes: &mut Vec<String>,
) -> Vec<(String, Tag, String, Listed)> {
    let mut out = Vec::new();
    for (name, text) in files {
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
                    notes.push(format!("{name}:{}: three or four fields wanted", n + 1));
                    continue;
                }
            };
            let Some(tag) = Tag::from_lexicon(tag) else {
                notes.push(format!("{name}:{}: unknown tag {tag}", n + 1));
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
                    _ => notes.push(format!("{name}:{}: unknown form {key}", n + 1)),
                }
            }
            out.push((lemma.to_string(), tag, root, entry));
        }
    }
    out
}
