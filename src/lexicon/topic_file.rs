//! `[topic]` files: weighted terms, rules, blocks, examples.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::reader::{Findings, Place, Placed, Table};
use super::{MAX_EXAMPLES, MAX_RULE_LISTS, MAX_RULES, MAX_SETS, MAX_SUBTOPICS, MAX_TERMS};
use crate::normalize::match_key;

/// What a hit does to a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum Role {
    /// Names the subject; can decide alone.
    Core,
    /// Adds up, but never decides without a core hit.
    Support,
    /// Counts against the topic.
    Against,
}

/// How a word of a term is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Level {
    Lemma,
    Word,
    Exact,
}

/// A topic file.
#[derive(Clone, Debug)]
pub(crate) struct TopicFile {
    pub id: String,
    pub name_ar: String,
    pub name_en: String,
    pub threshold: Option<f64>,
    pub subtopics: Vec<Subtopic>,
    pub sets: Vec<Set>,
    pub groups: Vec<TermGroup>,
    pub rules: Vec<Rule>,
    pub blocks: Vec<Block>,
    pub examples: Vec<Example>,
}

#[derive(Clone, Debug)]
pub(crate) struct Subtopic {
    pub id: String,
    pub name_ar: String,
    pub name_en: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub id: String,
    pub terms: Vec<SetTerm>,
}

/// A term of a set, with how its words are compared: a list of a rule may unite sets of several levels.
#[derive(Clone, Debug)]
pub(crate) struct SetTerm {
    pub term: Placed<String>,
    pub level: Level,
}

#[derive(Clone, Debug)]
pub(crate) struct TermGroup {
    pub role: Role,
    pub weight: f64,
    pub level: Level,
    pub subtopic: Option<String>,
    pub terms: Vec<Placed<String>>,
}

/// Phrases whose terms count nothing, for one reason.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub place: Place,
    pub terms: Vec<Placed<String>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub id: String,
    pub role: Role,
    pub weight: f64,
    pub subtopic: Option<String>,
    /// One hit of each; indices into `TopicFile::sets` (inline lists become sets of their own).
    pub all_of: Vec<usize>,
    pub not: Vec<usize>,
    /// All within so many words; `None`: anywhere in the scope.
    pub within: Option<usize>,
    /// Lists may be hit in different sentences of the story.
    pub across: bool,
    pub ordered: bool,
}

/// An `[[example]]`: a text and what must come out.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub text: Placed<String>,
    pub expect: Vec<String>,
    pub reject: Vec<String>,
}

impl TopicFile {
    pub fn terms(&self) -> usize {
        self.groups.iter().map(|g| g.terms.len()).sum::<usize>() + self.rules.len()
    }
}

pub(crate) fn read(top: &Table<'_, '_>, findings: &mut Findings) -> Option<TopicFile> {
    top.only(
        findings,
        &[
            "format", "version", "topic", "subtopic", "set", "terms", "rule", "block", "example",
        ],
    );
    let head = top.table(findings, "topic", "[topic]")?;
    head.only(findings, &["id", "name", "threshold"]);
    let id = head.required(findings, "id")?;
    super::check_id(findings, &id);
    let (name_ar, name_en) = names(&head, findings);
    let threshold = head.number(findings, "threshold").map(|t| {
        super::check_weight(findings, &t, false);
        t.value
    });
    let subtopics = read_subtopics(top, findings);
    let mut sets = read_sets(top, findings);
    let named = sets.len();
    let groups = read_groups(top, findings, &subtopics);
    let mut used = vec![false; named];
    let rules = read_rules(top, findings, &subtopics, &mut sets, &mut used);
    for (set, used) in sets.iter().zip(&used) {
        if !used && let Some(SetTerm { term: first, .. }) = set.terms.first() {
            findings.warn(
                "L011",
                first.place,
                format!("no rule uses the set `{}`", set.id),
                "",
            );
        }
    }
    let mut blocks = Vec::new();
    for table in top.tables(findings, "block", "[[block]]") {
        table.only(findings, &["list", "why", "source"]);
        why(&table, findings);
        blocks.push(Block {
            place: table.place,
            terms: list(&table, findings),
        });
    }
    let mut seen = Seen::default();
    for block in blocks.iter().flat_map(|b| &b.terms) {
        super::check_common(findings, block);
        check_twice(findings, &mut seen, block);
    }
    let examples = read_examples(top, findings);
    let count = groups.iter().map(|g| g.terms.len()).sum::<usize>()
        + sets.iter().map(|s| s.terms.len()).sum::<usize>()
        + blocks.iter().map(|b| b.terms.len()).sum::<usize>();
    check_count(findings, head.place, count);
    Some(TopicFile {
        id: id.value,
        name_ar,
        name_en,
        threshold,
        subtopics,
        sets,
        groups,
        rules,
        blocks,
        examples,
    })
}

fn names(table: &Table<'_, '_>, findings: &mut Findings) -> (String, String) {
    match table.table(findings, "name", "name") {
        Some(name) => {
            name.only(findings, &["ar", "en"]);
            let get = |findings: &mut Findings, key| {
                name.required(findings, key)
                    .map(|p| p.value)
                    .unwrap_or_default()
            };
            (get(findings, "ar"), get(findings, "en"))
        }
        None => {
            if !table.has("name") {
                table.missing(findings, "name");
            }
            (String::new(), String::new())
        }
    }
}

fn why(table: &Table<'_, '_>, findings: &mut Findings) {
    if !table.has("why") && !table.has("source") {
        findings.warn(
            "L012",
            table.place,
            "group without a reason",
            "add why = \"...\" or source = \"...\"",
        );
    }
}

fn list(table: &Table<'_, '_>, findings: &mut Findings) -> Vec<Placed<String>> {
    if !table.has("list") {
        table.missing(findings, "list");
    }
    let mut terms = table.strings(findings, "list");
    terms.retain(|t| super::check_term(findings, t));
    terms
}

/// Terms of a file as they are read, each with its first place and, where it is another one, its spelling. With the hash
/// of the standard library, which nobody can make collide: a file may be somebody's who wants to keep us busy.
#[derive(Debug, Default)]
pub(crate) struct Seen(HashMap<String, (Place, Option<String>)>);

/// Whether all white space of a text are single spaces between words.
fn has_single_spaces(text: &str) -> bool {
    let mut before = ' ';
    for c in text.chars() {
        if c == ' ' && before == ' ' || c != ' ' && c.is_whitespace() {
            return false;
        }
        before = c;
    }
    before != ' '
}

/// Reports a term that stands in the file already, at the later place.
pub(crate) fn check_twice(findings: &mut Findings, seen: &mut Seen, term: &Placed<String>) {
    let key = match_key(&term.value);
    let key = if has_single_spaces(&key) {
        key
    } else {
        key.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    match seen.0.entry(key) {
        Entry::Occupied(first) => {
            let (place, spelling) = first.get();
            let spelling = spelling.as_ref().unwrap_or(first.key());
            if *spelling == term.value {
                findings.error(
                    "L003",
                    term.place,
                    format!(
                        "term is already in this file, line {}: {}",
                        place.line, term.value
                    ),
                    "keep one",
                );
            } else {
                findings.warn(
                    "L003",
                    term.place,
                    format!(
                        "term reads as the one in line {} ({spelling}): {}",
                        place.line, term.value
                    ),
                    "hamza, ى and ة are levelled; keep one",
                );
            }
        }
        Entry::Vacant(free) => {
            let spelling = (*free.key() != term.value).then(|| term.value.clone());
            free.insert((term.place, spelling));
        }
    }
}

pub(crate) fn check_count(findings: &mut Findings, place: Place, count: usize) {
    within_limit(findings, place, count, "terms", MAX_TERMS);
}

fn within_limit(
    findings: &mut Findings,
    place: Place,
    count: usize,
    what: &str,
    limit: usize,
) -> bool {
    if count > limit {
        let message = format!("the file has {count} {what}, the limit is {limit}");
        findings.error("L009", place, message, "split it");
    }
    count <= limit
}

/// The tables of `[[key]]`, or none and an error where they are more than `limit`.
fn limited<'t, 'a>(
    top: &Table<'t, 'a>,
    findings: &mut Findings,
    key: &str,
    name: &'static str,
    what: &str,
    limit: usize,
) -> Vec<Table<'t, 'a>> {
    let tables = top.tables(findings, key, name);
    if within_limit(findings, top.place, tables.len(), what, limit) {
        tables
    } else {
        Vec::new()
    }
}

/// The `id` of a block, checked and told where it stands twice.
fn new_id<'k>(
    table: &Table<'_, '_>,
    findings: &mut Findings,
    what: &str,
    mut known: impl Iterator<Item = &'k String>,
) -> Option<Placed<String>> {
    let id = table.required(findings, "id")?;
    super::check_id(findings, &id);
    if known.any(|k| *k == id.value) {
        let message = format!("{what} stands twice: {}", id.value);
        findings.error("L003", id.place, message, "");
    }
    Some(id)
}

fn read_subtopics(top: &Table<'_, '_>, findings: &mut Findings) -> Vec<Subtopic> {
    let mut out: Vec<Subtopic> = Vec::new();
    for table in limited(
        top,
        findings,
        "subtopic",
        "[[subtopic]]",
        "subtopics",
        MAX_SUBTOPICS,
    ) {
        table.only(findings, &["id", "name"]);
        let Some(id) = new_id(&table, findings, "subtopic", out.iter().map(|s| &s.id)) else {
            continue;
        };
        let (name_ar, name_en) = names(&table, findings);
        out.push(Subtopic {
            id: id.value,
            name_ar,
            name_en,
        });
    }
    out
}

fn read_sets(top: &Table<'_, '_>, findings: &mut Findings) -> Vec<Set> {
    let mut out: Vec<Set> = Vec::new();
    for table in limited(top, findings, "set", "[[set]]", "sets", MAX_SETS) {
        table.only(findings, &["id", "list", "match", "why", "source"]);
        let Some(id) = new_id(&table, findings, "set", out.iter().map(|s| &s.id)) else {
            continue;
        };
        let level = level(&table, findings);
        let terms = list(&table, findings);
        let mut seen = Seen::default();
        for term in &terms {
            check_twice(findings, &mut seen, term);
        }
        let terms = terms.into_iter();
        out.push(Set {
            id: id.value,
            terms: terms.map(|term| SetTerm { term, level }).collect(),
        });
    }
    out
}

/// What one of a few words stands for; another word is an error with the code and what it should have been.
fn one_of<T: Copy, const N: usize>(
    findings: &mut Findings,
    word: &Placed<String>,
    key: &str,
    code: &'static str,
    words: [(&str, T); N],
) -> Option<T> {
    let found = words.iter().find(|(name, _)| *name == word.value);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let known = known.join(", ");
        let known = match known.rsplit_once(", ") {
            Some((first, last)) => format!("{first} or {last}"),
            None => known,
        };
        let message = format!("{key} must be {known}, found {:?}", word.value);
        findings.error(code, word.place, message, "");
    }
    found.map(|&(_, value)| value)
}

fn level(table: &Table<'_, '_>, findings: &mut Findings) -> Level {
    let words = [
        ("lemma", Level::Lemma),
        ("word", Level::Word),
        ("exact", Level::Exact),
    ];
    table
        .string(findings, "match")
        .and_then(|m| one_of(findings, &m, "match", "L006", words))
        .unwrap_or(Level::Lemma)
}

fn role(table: &Table<'_, '_>, findings: &mut Findings) -> Role {
    let words = [
        ("core", Role::Core),
        ("support", Role::Support),
        ("against", Role::Against),
    ];
    table
        .required(findings, "role")
        .and_then(|r| one_of(findings, &r, "role", "L006", words))
        .unwrap_or(Role::Support)
}

fn weight(table: &Table<'_, '_>, findings: &mut Findings) -> f64 {
    match table.number(findings, "weight") {
        Some(w) => {
            super::check_weight(findings, &w, true);
            w.value
        }
        None => {
            if !table.has("weight") {
                table.missing(findings, "weight");
            }
            1.0
        }
    }
}

fn subtopic(table: &Table<'_, '_>, findings: &mut Findings, known: &[Subtopic]) -> Option<String> {
    let id = table.string(findings, "subtopic")?;
    if !known.iter().any(|s| s.id == id.value) {
        findings.error(
            "L015",
            id.place,
            format!("no [[subtopic]] has the id {:?}", id.value),
            "write its [[subtopic]] block",
        );
    }
    Some(id.value)
}

fn read_groups(
    top: &Table<'_, '_>,
    findings: &mut Findings,
    subtopics: &[Subtopic],
) -> Vec<TermGroup> {
    let mut out = Vec::new();
    let mut seen = Seen::default();
    for table in top.tables(findings, "terms", "[[terms]]") {
        table.only(
            findings,
            &[
                "role", "weight", "match", "subtopic", "source", "why", "list",
            ],
        );
        why(&table, findings);
        let group = TermGroup {
            role: role(&table, findings),
            weight: weight(&table, findings),
            level: level(&table, findings),
            subtopic: subtopic(&table, findings, subtopics),
            terms: list(&table, findings),
        };
        for term in &group.terms {
            super::check_common(findings, term);
            check_twice(findings, &mut seen, term);
        }
        out.push(group);
    }
    out
}

fn read_rules(
    top: &Table<'_, '_>,
    findings: &mut Findings,
    subtopics: &[Subtopic],
    sets: &mut Vec<Set>,
    used: &mut [bool],
) -> Vec<Rule> {
    let mut out: Vec<Rule> = Vec::new();
    // Sets by name: lists of rules become sets too, but those have none.
    let names: BTreeMap<String, usize> = sets
        .iter()
        .enumerate()
        .map(|(i, s)| (s.id.clone(), i))
        .rev()
        .collect();
    // Terms copied from sets into lists of rules so far.
    let mut copied = 0;
    for table in limited(top, findings, "rule", "[[rule]]", "rules", MAX_RULES) {
        table.only(
            findings,
            &[
                "id", "role", "weight", "subtopic", "all-of", "within", "scope", "ordered", "not",
                "why", "source",
            ],
        );
        why(&table, findings);
        let Some(id) = new_id(&table, findings, "rule", out.iter().map(|r| &r.id)) else {
            continue;
        };
        let mut lists = |findings: &mut Findings, key| {
            lists(
                &table,
                findings,
                key,
                &id.value,
                sets,
                &names,
                used,
                &mut copied,
            )
        };
        let all_of = lists(findings, "all-of");
        let not = lists(findings, "not");
        if all_of.is_empty() || all_of.len() > MAX_RULE_LISTS {
            findings.error(
                "L020",
                id.place,
                format!(
                    "a rule needs 1 to {MAX_RULE_LISTS} lists in all-of, found {}",
                    all_of.len()
                ),
                "",
            );
        }
        let within = if table.is_string("within") {
            if let Some(w) = table.string(findings, "within")
                && w.value != "sentence"
            {
                let found = &w.value;
                let message =
                    format!("within must be \"sentence\" or a number of words, found {found:?}");
                findings.error("L020", w.place, message, "");
            }
            None
        } else {
            let near = table.number(findings, "within");
            if let Some(w) = near.as_ref().filter(|w| !(2.0..=200.0).contains(&w.value)) {
                let message = format!("within must be 2 to 200 words, found {}", w.value);
                findings.error("L020", w.place, message, "");
            }
            near.map(|w| w.value as usize)
        };
        let across = table
            .string(findings, "scope")
            .and_then(|s| {
                let words = [("sentence", false), ("story", true)];
                one_of(findings, &s, "scope", "L020", words)
            })
            .unwrap_or(false);
        out.push(Rule {
            id: id.value,
            role: role(&table, findings),
            weight: weight(&table, findings),
            subtopic: subtopic(&table, findings, subtopics),
            all_of,
            not,
            within,
            across,
            ordered: table.boolean(findings, "ordered").unwrap_or(false),
        });
    }
    out
}

/// The lists of a rule as set numbers: `@name` is looked up; an inline list becomes a set of its own.
/// In `not`, bare strings are terms, gathered into one list.
#[allow(clippy::too_many_arguments)] // what a rule's reader holds, handed on
fn lists(
    table: &Table<'_, '_>,
    findings: &mut Findings,
    key: &str,
    rule: &str,
    sets: &mut Vec<Set>,
    names: &BTreeMap<String, usize>,
    used: &mut [bool],
    copied: &mut usize,
) -> Vec<usize> {
    let mut out = Vec::new();
    let mut loose: Vec<SetTerm> = Vec::new();
    let inline = |sets: &mut Vec<Set>, terms: Vec<SetTerm>| {
        sets.push(Set {
            id: format!("{rule}/{key}/{}", sets.len()),
            terms,
        });
        sets.len() - 1
    };
    for item in table.choices(findings, key) {
        let alone = item.len() == 1;
        let mut terms = Vec::new();
        let mut named = false;
        for term in item {
            if let Some(name) = term.value.strip_prefix('@') {
                match names.get(name).copied() {
                    Some(i) => {
                        if let Some(u) = used.get_mut(i) {
                            *u = true;
                        }
                        named = true;
                        if alone {
                            out.push(i);
                        } else if let Some(set) = sets.get(i)
                            && *copied <= MAX_TERMS
                        {
                            // A list of sets and terms is their union, each term compared as in its set. A set that a
                            // thousand lists name is copied a thousand times, so copies count: past the limit the
                            // file is refused below.
                            *copied += set.terms.len();
                            terms.extend(set.terms.iter().cloned());
                        }
                    }
                    None => findings.error(
                        "L010",
                        term.place,
                        format!("no [[set]] has the id {name:?}"),
                        "write its [[set]] block: id = \"...\", list = [...]",
                    ),
                }
            } else if super::check_term(findings, &term) {
                terms.push(SetTerm {
                    term,
                    level: Level::Lemma,
                });
            }
        }
        if key == "not" && !named {
            loose.append(&mut terms);
        } else if !terms.is_empty() {
            out.push(inline(sets, terms));
        }
    }
    if !loose.is_empty() {
        out.push(inline(sets, loose));
    }
    out
}

fn read_examples(top: &Table<'_, '_>, findings: &mut Findings) -> Vec<Example> {
    let mut out = Vec::new();
    for table in limited(
        top,
        findings,
        "example",
        "[[example]]",
        "examples",
        MAX_EXAMPLES,
    ) {
        table.only(findings, &["text", "expect", "reject", "why"]);
        let Some(text) = table.required(findings, "text") else {
            continue;
        };
        let mut topics = |key| -> Vec<String> {
            let ids = table.strings(findings, key).into_iter();
            ids.map(|p| p.value).collect()
        };
        let (expect, reject) = (topics("expect"), topics("reject"));
        if expect.is_empty() && reject.is_empty() {
            findings.error(
                "L002",
                text.place,
                "an example needs `expect` or `reject`",
                "",
            );
        }
        out.push(Example {
            text,
            expect,
            reject,
        });
    }
    out
}
