//! Index forms: which lemmas are one term for a search engine. The list is `lexicons/morphology/index.tsv`; rules join
//! the spellings of a name and the verbs that are written and read like their verbal noun.

use super::class::Tag;
use super::entries::Lemma;
use super::pack::{LEAST, shown};
use super::source::{Group, bare_alef};
use std::collections::{BTreeMap, HashMap};

/// The groups a line of the list may speak of.
fn groups(kind: &str) -> Option<&'static [Group]> {
    match kind {
        "closed" => Some(&[Group::Closed]),
        "nominal" => Some(&[Group::Nominal, Group::Name, Group::Seen]),
        "number" | "adverb" => Some(&[Group::Nominal]),
        "verb" => Some(&[Group::Verb]),
        _ => None,
    }
}

/// The index form of every lemma that has another one than its text shows; `counts` is how often each lemma was seen.
pub fn index_forms(
    list: &str,
    lemmas: &[Lemma],
    counts: &[f64],
    notes: &mut Vec<String>,
) -> Vec<Option<String>> {
    let mut listed: HashMap<(Group, &str), &str> = HashMap::new();
    for (n, line) in list
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty())
    {
        let f: Vec<&str> = line.split('\t').map(str::trim).collect();
        let ([kind, form, words], Some(all)) =
            (f.as_slice(), f.first().and_then(|kind| groups(kind)))
        else {
            notes.push(format!("index:{}: kind, index form, words wanted", n + 1));
            continue;
        };
        for word in words.split_whitespace() {
            for &g in all {
                // A word that is no number may be spelled like one, but numbers have their tag.
                if *kind != "number" || lemmas.iter().any(|l| is_number(l, word)) {
                    listed.entry((g, word)).or_insert(form);
                }
            }
        }
    }
    let common = spellings(lemmas, counts);
    lemmas
        .iter()
        .map(|l| {
            let text = shown(l);
            if let Some(form) = listed.get(&(l.group, text)) {
                return Some((*form).to_string());
            }
            if twin(l) {
                return Some(l.text.clone());
            }
            let best = common.get(&bare_alef(text)).filter(|_| spelled(l))?;
            let best = listed
                .get(&(Group::Name, best.as_str()))
                .map_or(best.as_str(), |f| f);
            (best != text).then(|| best.to_string())
        })
        .collect()
}

fn is_number(l: &Lemma, word: &str) -> bool {
    l.tag == Tag::Number && l.text == word
}

/// The verbal noun of a doubled verb of form I sounds like the verb but for its last vowel (رَدَّ, رَدّ).
fn twin(l: &Lemma) -> bool {
    let mut root = l.root.chars();
    let (_, b, c) = (root.next(), root.next(), root.next());
    l.group == Group::Verb && l.text.chars().count() == 2 && b.is_some() && b == c
}

/// Names and strangers are spelled with and without their hamzas (ألبرت, البرت), nisbas with either (أسباني, إسباني).
fn spelled(l: &Lemma) -> bool {
    match l.group {
        Group::Name | Group::Seen => true,
        Group::Nominal => {
            l.text.ends_with('ي')
                && l.text.chars().count() > LEAST + 1
                && matches!(l.tag, Tag::Adjective | Tag::Nisba)
        }
        _ => false,
    }
}

/// The most frequent spelling by the spelling without hamzas.
fn spellings(lemmas: &[Lemma], counts: &[f64]) -> BTreeMap<String, String> {
    let mut best: BTreeMap<String, (f64, &str)> = BTreeMap::new();
    for (l, &n) in lemmas.iter().zip(counts).filter(|(l, _)| spelled(l)) {
        let text = shown(l);
        let e = best.entry(bare_alef(text)).or_insert((n, text));
        if (n, text) > *e {
            *e = (n, text);
        }
    }
    best.into_iter()
        .map(|(k, (_, text))| (k, text.to_string()))
        .collect()
}
