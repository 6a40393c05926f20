//! Which topics a story has: evidence, weighed.
//!
//! After the category language of Europe Media Monitor: weighted terms with a threshold, sentence rules, blocking
//! phrases. Every number that decides stands in [`Scoring`] or in the lexicon file, and every hit is kept as evidence.

use std::collections::hash_map::Entry as Known;
use std::collections::{BTreeMap, HashMap};

use crate::archive::Row;
use crate::document::{Document, Position, Run};
use crate::lexicon::MAX_SUBTOPICS;
use crate::lexicon::topic_file::{Level, Role, SetTerm, TopicFile};
use crate::matcher::{Growing, Hit, Matcher, MatcherBuilder, word_hash};
use crate::morph::Morphology;
use crate::normalize::match_key_into;
use crate::page::PartKind;
use crate::span::Span;
use crate::words::WordHash;
use doubt::DoubtScratch;
pub(crate) use doubt::{Doubt, DoubtWord, learn as learn_doubt};
use near::{Near, NearTable, RuleBits};
use order::Arranger;
use weigh::Weigher;

mod doubt;
mod near;
mod order;
mod table;
mod weigh;

/// The constants of the score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scoring {
    /// What a hit in the title, the lead and the body counts.
    pub title: f32,
    pub lead: f32,
    pub body: f32,
    /// Evidence that gives 0.5 where the file names no threshold.
    pub threshold: f32,
    /// Support counts at most this share of the threshold without core hits, and this with them.
    pub support_alone: f32,
    pub support_cap: f32,
    /// Terms against the topic take away at most this share of the evidence for it: a court in a war-torn country still
    /// tries thieves.
    pub against_cap: f32,
    /// Repetition: the n-th hit of a term adds `repeat`^(n-1) of its weight.
    pub repeat: f32,
    /// In one sentence the strongest hit counts whole, every further one this share: a sentence that says one thing
    /// often fires a term and several rules.
    pub same_sentence: f32,
    /// A story longer than `words` needs more evidence, by the power 5/8 of its length; one shorter than `short`
    /// needs less, down to a third of it: a headline has no room to repeat itself.
    pub words: f32,
    pub short: f32,
    /// A story whose core hits stand in n sentences needs 1 / (1 - `spread` / n) times the evidence: one sentence is a
    /// mention, several are a subject. Texts of about one sentence (`sentence` words) are spared.
    pub spread: f32,
    pub sentence: f32,
    /// Hits from this sentence of the body on count `late`.
    pub late_after: u32,
    pub late: f32,
    /// A hit behind a negation or in a denial, and one told as a claim, a rumour or a condition (see [`doubt`]).
    pub denied: f32,
    pub hearsay: f32,
}

impl Default for Scoring {
    fn default() -> Self {
        Scoring {
            title: 1.5,
            lead: 1.25,
            body: 1.0,
            threshold: 3.0,
            support_alone: 0.8,
            support_cap: 2.0,
            against_cap: 0.6,
            repeat: 0.5,
            same_sentence: 0.7,
            words: 120.0,
            short: 60.0,
            spread: 0.2,
            sentence: 30.0,
            late_after: 8,
            late: 0.5,
            denied: 0.5,
            hearsay: 0.7,
        }
    }
}

/// What a target of the matcher is.
#[derive(Clone, Copy, Debug)]
enum EntryKind {
    Term {
        role: Role,
        weight: f32,
        subtopic: Subtopic,
    },
    Block,
}

/// The number of a subtopic and one more, or 0 for none: entries are many.
#[derive(Clone, Copy, Debug)]
struct Subtopic(u16);

impl Subtopic {
    fn new(number: Option<u16>) -> Subtopic {
        Subtopic(number.map_or(0, |n| n + 1))
    }

    fn get(self) -> Option<u16> {
        self.0.checked_sub(1)
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    topic: u16,
    /// How its words are compared.
    level: Level,
    kind: EntryKind,
}

#[derive(Clone, Debug)]
struct Rule {
    topic: u16,
    id: Box<str>,
    role: Role,
    weight: f32,
    subtopic: Option<u16>,
    all_of: Box<[u32]>,
    not: Box<[u32]>,
    within: u32,
    /// Its lists may be hit in different sentences.
    across: bool,
    ordered: bool,
}

/// A list of terms that rules are made of.
#[derive(Clone, Copy, Debug)]
struct Set {
    topic: u16,
    /// Number of its terms.
    size: u32,
}

/// A bit for each set.
#[derive(Clone, Debug, Default)]
struct SetBits(Vec<u64>);

impl SetBits {
    /// Makes room for so many sets.
    fn resize(&mut self, sets: usize) {
        self.0.resize(sets.div_ceil(64), 0);
    }

    fn insert(&mut self, set: u32) {
        if let Some(word) = self.0.get_mut(set as usize / 64) {
            *word |= 1 << (set % 64);
        }
    }

    fn clear(&mut self) {
        self.0.fill(0);
    }

    #[inline]
    fn has(&self, set: u32) -> bool {
        let word = self.0.get(set as usize / 64);
        word.is_some_and(|word| word >> (set % 64) & 1 != 0)
    }
}

/// A topic as the lexicons describe it.
#[derive(Clone, Debug)]
pub(crate) struct TopicInfo {
    pub id: Box<str>,
    pub name_ar: Box<str>,
    pub name_en: Box<str>,
    pub threshold: f32,
    pub subtopics: Vec<(Box<str>, Box<str>, Box<str>)>,
}

/// Marks the targets of blocking phrases in the matcher: they are sought first, among many hits.
const BLOCK: u32 = 1 << 31;

/// Marks the target of a set while terms are collected, and of a bundle of sets afterwards.
const SETS: u32 = 1 << 30;

/// All topics, compiled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Topics {
    pub topics: Vec<TopicInfo>,
    pub matcher: Matcher,
    entries: Vec<Entry>,
    /// By entry: the term as the lexicon writes it. Apart, because only reports read it.
    texts: Row,
    /// The lists that rules are made of.
    sets: Vec<Set>,
    /// Where the sets of each bundle end in `set_lists`; they begin where those of the one before end. A bundle is the
    /// sets that one word or phrase is in: nearly every word of a set is in several, and is counted once for all.
    bundles: Vec<u32>,
    set_lists: Vec<u32>,
    rules: Vec<Rule>,
    near: NearTable,
    scoring: Scoring,
}

/// One piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct EvidenceRecord {
    pub topic: u16,
    /// Entry number, or rule number where `rule`.
    pub source: u32,
    pub rule: bool,
    pub role: Role,
    pub subtopic: Option<u16>,
    /// Weight of the term before position and repetition.
    pub weight: f32,
    /// What it added to the topic's evidence.
    pub counted: f32,
    pub doubt: Doubt,
    pub span: Span,
    pub part: PartKind,
    pub story: u32,
    /// Sentence within the story.
    pub sentence: u32,
}

/// The score from which a story has a topic.
pub(crate) const DECISION: f32 = 0.5;

/// A topic's score for one story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ScoreRecord {
    pub story: u32,
    pub topic: u16,
    pub score: f32,
    pub core: f32,
    pub support: f32,
    pub against: f32,
    /// Evidence that gives 0.5 for a story of this length.
    pub needed: f32,
    /// Range in the evidence list.
    pub evidence: (u32, u32),
}

/// A term found, with what its entry says.
#[derive(Clone, Copy, Debug)]
struct TermHit {
    hit: Hit,
    topic: u16,
    role: Role,
    weight: f32,
    subtopic: Subtopic,
    /// Inside a blocking phrase.
    blocked: bool,
}

/// Sets found.
#[derive(Clone, Copy, Debug)]
struct SetHit {
    bundle: u32,
    /// The one set of the bundle that counts, where a blocking phrase holds others; else [`ALL`].
    only: u32,
    first: u32,
    end: u32,
}

/// Every set of a bundle; see [`SetHit::only`].
const ALL: u32 = u32::MAX;

/// Buffers, and the results of the last text.
#[derive(Debug, Default)]
pub(crate) struct TopicScratch {
    pub evidence: Vec<EvidenceRecord>,
    /// Every topic with evidence, by story and falling score.
    pub scores: Vec<ScoreRecord>,
    terms: Vec<TermHit>,
    /// Blocking phrases found: topic, first unit, end.
    pub blocks: Vec<(u16, u32, u32)>,
    doubt: DoubtScratch,
    /// Hits of sets in the text ...
    set_hits: Vec<SetHit>,
    /// ... those of the story where rules over a whole story look ...
    story_sets: Vec<SetHit>,
    /// ... those of them that rules which may be near have in their lists ...
    concerned: Vec<SetHit>,
    /// ... and those of the sets asked for, set by set: set, first unit, end.
    sets: Vec<(u32, u32, u32)>,
    /// By set, while they are put in order.
    gathered: Vec<Gathered>,
    /// Rules looked at in the sentence or story, and their sets.
    tried: Vec<u32>,
    asked: SetBits,
    arranger: Arranger,
    weigher: Weigher,
}

impl TopicScratch {
    /// The topics that a story has.
    pub fn decided(&self, story: u32) -> impl Iterator<Item = &ScoreRecord> {
        let from = self.scores.partition_point(|s| s.story < story);
        let of_story = self.scores.get(from..).unwrap_or(&[]).iter();
        let of_story = of_story.take_while(move |s| s.story == story);
        of_story.filter(|s| s.score >= DECISION)
    }

    /// The evidence of a score.
    pub fn evidence_of(&self, score: &ScoreRecord) -> &[EvidenceRecord] {
        let (from, to) = score.evidence;
        self.evidence.get(from as usize..to as usize).unwrap_or(&[])
    }

    /// Where it goes what the words of the units are to denial and hearsay.
    pub fn doubt(&mut self, units: usize) -> &mut [DoubtWord] {
        self.doubt.begin(units)
    }

    pub fn memory_usage(&self) -> usize {
        self.evidence.capacity() * size_of::<EvidenceRecord>()
            + self.scores.capacity() * size_of::<ScoreRecord>()
            + self.terms.capacity() * size_of::<TermHit>()
            + (self.blocks.capacity() + self.sets.capacity()) * size_of::<(u32, u32, u32)>()
            + (self.set_hits.capacity() + self.story_sets.capacity() + self.concerned.capacity())
                * size_of::<SetHit>()
            + self.tried.capacity() * 4
            + self.asked.0.capacity() * 8
            + self.gathered.capacity() * size_of::<Gathered>()
            + self.arranger.memory_usage()
            + self.weigher.memory_usage()
            + self.doubt.memory_usage()
    }
}

/// Most topics in one tagger, shipped ones included, and most subtopics of one topic over all its files: their numbers
/// are 16 bits wide.
pub(crate) const MAX_TOPICS: usize = 65_000;
pub(crate) const MAX_SUBTOPICS_OF_TOPIC: usize = 65_000;

/// What files layered over each other cannot have: more topics or subtopics than there are numbers. The number of the
/// file that goes too far, and what is wrong with it. `shipped` topics, with no more subtopics than a file may have,
/// stand before them.
pub(crate) fn check_numbers(shipped: usize, files: &[&TopicFile]) -> Result<(), (usize, String)> {
    let mut subtopics: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, file) in files.iter().enumerate() {
        let known = subtopics.entry(&file.id).or_insert(MAX_SUBTOPICS);
        *known += file.subtopics.len();
        if *known > MAX_SUBTOPICS_OF_TOPIC {
            let message = format!(
                "topic {} has too many subtopics, the limit is {MAX_SUBTOPICS_OF_TOPIC} over all files",
                file.id
            );
            return Err((i, message));
        }
        if shipped + subtopics.len() > MAX_TOPICS {
            let message = format!("more topics than a tagger may have, the limit is {MAX_TOPICS}");
            return Err((i, message));
        }
    }
    Ok(())
}

/// So many hits of one list without a word between them are looked at.
const MAX_RUN: u32 = 8;

/// Lexicon files to tables, over the topics of `base`; a later file of the same topic adds to the earlier one, a term
/// that stands in both takes the later weight (0 takes it out), and a rule takes the place of the earlier one with its id.
pub(crate) fn compile(
    base: Topics,
    files: &[&TopicFile],
    morphology: &'static Morphology,
) -> Topics {
    let mut out = base;
    if files.is_empty() {
        return out;
    }
    let matcher = std::mem::take(&mut out.matcher);
    let left_out = out.left_out(&matcher);
    let count: usize = files.iter().map(|f| f.terms()).sum();
    let mut builder = MatcherBuilder::over(matcher, count, morphology, |target, add| match target
        .checked_sub(SETS)
        .filter(|_| target & BLOCK == 0)
    {
        Some(bundle) => out.sets_of(bundle).iter().for_each(|set| add(set | SETS)),
        None => add(target),
    });
    let old = out.entries.len() as u32;
    // Topic, level and folded term, as a hash like that of words → entry.
    let mut known: Growing<u32> = Growing::default();
    known.reserve(count);
    let mut folded = String::new();
    let mut key = |topic: u16, level: Level, term: &str| {
        match_key_into(term, &mut folded);
        word_hash(level, &folded).wrapping_add(u64::from(topic))
    };
    if files
        .iter()
        .any(|f| out.topics.iter().any(|t| *t.id == *f.id))
    {
        for (i, entry) in out.entries.iter().enumerate() {
            if let EntryKind::Term { .. } = entry.kind {
                let key = key(entry.topic, entry.level, out.texts.get(i));
                known.insert(key, i as u32);
            }
        }
    }
    let mut terms: Vec<(u32, Level)> = Vec::new();
    // Topics of the base of which a term has another weight now.
    let mut changed: Vec<u16> = Vec::new();
    for file in files {
        let topic = match out.topics.iter().position(|t| *t.id == *file.id) {
            Some(i) => i as u16,
            None => {
                out.topics.push(TopicInfo {
                    id: file.id.as_str().into(),
                    name_ar: file.name_ar.as_str().into(),
                    name_en: file.name_en.as_str().into(),
                    threshold: out.scoring.threshold,
                    subtopics: Vec::new(),
                });
                (out.topics.len() - 1) as u16
            }
        };
        let Some(info) = out.topics.get_mut(topic as usize) else {
            continue;
        };
        if let Some(t) = file.threshold {
            info.threshold = t as f32;
        }
        for s in &file.subtopics {
            if !info.subtopics.iter().any(|(id, ..)| **id == *s.id) {
                info.subtopics.push((
                    s.id.as_str().into(),
                    s.name_ar.as_str().into(),
                    s.name_en.as_str().into(),
                ));
            }
        }
        let subtopic = |info: &TopicInfo, id: &Option<String>| {
            let id = id.as_ref()?;
            info.subtopics
                .iter()
                .position(|(s, ..)| **s == **id)
                .map(|i| i as u16)
        };
        for group in &file.groups {
            let kind = EntryKind::Term {
                role: group.role,
                weight: group.weight as f32,
                subtopic: Subtopic::new(subtopic(info, &group.subtopic)),
            };
            for term in &group.terms {
                match known.entry(key(topic, group.level, &term.value)) {
                    Known::Occupied(entry) => {
                        let entry = *entry.get();
                        if let Some(e) = out.entries.get_mut(entry as usize) {
                            e.kind = kind;
                        }
                        if entry < old {
                            // The matcher of the base may lack it: it was taken out there.
                            terms.push((entry, group.level));
                            changed.push(topic);
                        }
                    }
                    Known::Vacant(free) => {
                        let entry = out.entries.len() as u32;
                        free.insert(entry);
                        terms.push((entry, group.level));
                        out.entries.push(Entry {
                            topic,
                            level: group.level,
                            kind,
                        });
                        out.texts.push(&term.value);
                    }
                }
            }
        }
        for block in file.blocks.iter().flat_map(|b| &b.terms) {
            let entry = out.entries.len() as u32;
            builder.add(&block.value, Level::Lemma, entry | BLOCK);
            out.entries.push(Entry {
                topic,
                level: Level::Lemma,
                kind: EntryKind::Block,
            });
            out.texts.push(&block.value);
        }
        let first_set = out.sets.len() as u32;
        for set in &file.sets {
            let number = out.sets.len() as u32;
            for SetTerm { term, level } in &set.terms {
                builder.add(&term.value, *level, number | SETS);
            }
            out.sets.push(Set {
                topic,
                size: set.terms.len() as u32,
            });
        }
        for rule in &file.rules {
            let compiled = Rule {
                topic,
                id: rule.id.as_str().into(),
                role: rule.role,
                weight: rule.weight as f32,
                subtopic: subtopic(info, &rule.subtopic),
                all_of: rule.all_of.iter().map(|&s| first_set + s as u32).collect(),
                not: rule.not.iter().map(|&s| first_set + s as u32).collect(),
                within: rule.within.map_or(u32::MAX, |w| w as u32),
                across: rule.across,
                ordered: rule.ordered,
            };
            // A rule of a later file takes the place of the one with its id.
            match out
                .rules
                .iter_mut()
                .find(|r| r.topic == topic && r.id == compiled.id)
            {
                Some(earlier) => *earlier = compiled,
                None => out.rules.push(compiled),
            }
        }
    }
    // What stood behind a heavier term may be the heavier one now.
    changed.sort_unstable();
    terms.extend(left_out.into_iter().filter_map(|entry| {
        let &Entry { topic, level, .. } = out.entries.get(entry as usize)?;
        let changed = changed.binary_search(&topic).is_ok();
        changed.then_some((entry, level))
    }));
    builder.meet(
        terms
            .iter()
            .map(|&(entry, _)| out.texts.get(entry as usize)),
    );
    for (entry, level) in terms {
        if let Some(e) = out.entries.get(entry as usize)
            && !matches!(e.kind, EntryKind::Term { weight, .. } if weight == 0.0)
        {
            builder.add(out.texts.get(entry as usize), level, entry);
        }
    }
    out.matcher = builder.build();
    out.bundle();
    out.index();
    out
}

impl Topics {
    /// Bytes of the tables.
    pub fn memory_usage(&self) -> usize {
        let rules = self
            .rules
            .iter()
            .map(|r| size_of::<Rule>() + r.id.len() + (r.all_of.len() + r.not.len()) * 4);
        self.matcher.memory_usage()
            + self.texts.memory_usage()
            + self.entries.len() * size_of::<Entry>()
            + self.sets.len() * (size_of::<Set>() + 2 * size_of::<Vec<u32>>())
            + (self.bundles.len() + self.set_lists.len()) * 4
            + self.near.memory_usage()
            + rules.sum::<usize>()
    }

    /// The terms that are no target of a matcher: those that stand behind others, see `bundle`, or weigh nothing.
    fn left_out(&self, matcher: &Matcher) -> Vec<u32> {
        let mut found = vec![false; self.entries.len()];
        for &target in matcher.all_targets() {
            if let Some(found) = found.get_mut(target as usize) {
                *found = true;
            }
        }
        let is_term = |entry: &Entry| matches!(entry.kind, EntryKind::Term { .. });
        let entries = (0..).zip(&self.entries).zip(&found);
        let left_out = entries.filter(|&((_, entry), found)| !found && is_term(entry));
        left_out.map(|((number, _), _)| number).collect()
    }

    /// The sets of a bundle.
    fn sets_of(&self, bundle: u32) -> &[u32] {
        let at = bundle as usize;
        let from = at.checked_sub(1).and_then(|b| self.bundles.get(b));
        let from = from.copied().unwrap_or(0) as usize;
        let to = self.bundles.get(at).copied().unwrap_or(0) as usize;
        self.set_lists.get(from..to).unwrap_or(&[])
    }

    /// Puts the sets of each word and phrase of the matcher into a bundle, and leaves one term a topic for each: where
    /// several share their words (forms of one lemma), only the heaviest, or the first of the heaviest, ever counts.
    fn bundle(&mut self) {
        let Topics {
            matcher,
            entries,
            bundles,
            set_lists,
            ..
        } = self;
        bundles.clear();
        set_lists.clear();
        let mut known: HashMap<Box<[u32]>, u32, WordHash> = HashMap::default();
        let mut terms: Vec<(u16, u32, u32)> = Vec::new();
        matcher.change_targets(|targets, out| {
            // Terms, sets, blocking phrases.
            let (targets, blocks) =
                targets.split_at(targets.partition_point(|&target| target & BLOCK == 0));
            let (entry_numbers, sets) =
                targets.split_at(targets.partition_point(|&target| target & SETS == 0));
            match entry_numbers {
                [] | [_] => out.extend(entry_numbers),
                _ => {
                    terms.clear();
                    terms.extend(entry_numbers.iter().filter_map(|&number| {
                        let entry = entries.get(number as usize)?;
                        let EntryKind::Term { weight, .. } = entry.kind else {
                            return None;
                        };
                        // No weight is negative, so its bits rise with it.
                        Some((entry.topic, !weight.to_bits(), number))
                    }));
                    terms.sort_unstable();
                    terms.dedup_by_key(|&mut (topic, ..)| topic);
                    let first = out.len();
                    out.extend(terms.iter().map(|&(.., number)| number));
                    out.get_mut(first..).unwrap_or(&mut []).sort_unstable();
                }
            }
            out.extend(blocks);
            if !sets.is_empty() {
                out.push(*known.entry(sets.into()).or_insert_with(|| {
                    set_lists.extend(sets.iter().map(|t| t & !SETS));
                    bundles.push(set_lists.len() as u32);
                    (bundles.len() as u32 - 1) | SETS
                }));
            }
        });
    }

    /// Says of every bundle which rules it brings near.
    fn index(&mut self) {
        // The smallest lists are those that are hit least.
        let size = |&set: &u32| (self.sets.get(set as usize).map_or(0, |s| s.size), set);
        let rarest_first = |rule: &Rule| {
            let mut lists = rule.all_of.to_vec();
            lists.sort_by_key(size);
            (lists, rule.across)
        };
        let rules: Vec<(Vec<u32>, bool)> = self.rules.iter().map(rarest_first).collect();
        let rules = rules.iter().map(|(lists, across)| (&lists[..], *across));
        let bundles = (0..self.bundles.len() as u32).map(|bundle| self.sets_of(bundle));
        self.near = NearTable::new(rules, self.sets.len(), bundles);
    }

    /// The text of a piece of evidence: the term as the lexicon writes it, or the rule's id.
    pub fn source(&self, record: &EvidenceRecord) -> &str {
        if record.rule {
            self.rules.get(record.source as usize).map_or("", |r| &r.id)
        } else {
            self.texts.get(record.source as usize)
        }
    }

    /// Scores every story.
    #[inline(never)]
    pub fn score(&self, document: &Document<'_>, hits: &[Hit], scratch: &mut TopicScratch) {
        scratch.evidence.clear();
        scratch.scores.clear();
        self.sort_hits(hits, scratch);
        self.terms(document, scratch);
        let terms = scratch.evidence.len();
        self.rules(document, scratch);
        let TopicScratch {
            evidence, arranger, ..
        } = &mut *scratch;
        arranger.arrange(evidence, terms, self.topics.len());
        let mut at = 0;
        while let Some(&EvidenceRecord { story, topic, .. }) = scratch.evidence.get(at) {
            let len = scratch
                .evidence
                .get(at..)
                .unwrap_or(&[])
                .iter()
                .take_while(|e| e.story == story && e.topic == topic)
                .count();
            let words = document
                .story_words
                .get(story as usize)
                .copied()
                .unwrap_or(0);
            if let Some(group) = scratch.evidence.get_mut(at..at + len) {
                let mut score = self.weigh(topic, words, group, &mut scratch.weigher);
                score.story = story;
                score.evidence = (at as u32, (at + len) as u32);
                scratch.scores.push(score);
            }
            at += len;
        }
        scratch.scores.sort_by(|a, b| {
            a.story
                .cmp(&b.story)
                .then(b.score.total_cmp(&a.score))
                .then(a.topic.cmp(&b.topic))
        });
    }

    /// Sorts the hits into terms and sets; what lies inside a blocking phrase of its topic is gone.
    #[inline(never)]
    fn sort_hits(&self, hits: &[Hit], scratch: &mut TopicScratch) {
        scratch.terms.clear();
        scratch.set_hits.clear();
        scratch.blocks.clear();
        let mut longest_block = 0;
        for hit in hits.iter().filter(|h| h.target & BLOCK != 0) {
            if let Some(entry) = self.entries.get((hit.target & !BLOCK) as usize) {
                scratch.blocks.push((entry.topic, hit.first, hit.end));
                longest_block = longest_block.max(hit.end - hit.first);
            }
        }
        if longest_block == 0 {
            for &hit in hits {
                self.sort_hit(hit, &[], scratch);
            }
            return;
        }
        let blocks = std::mem::take(&mut scratch.blocks);
        let mut block_from = 0;
        for &hit in hits.iter().filter(|h| h.target & BLOCK == 0) {
            // Blocks come by first unit, so only near ones can hold a hit.
            while blocks
                .get(block_from)
                .is_some_and(|b| b.1 + longest_block < hit.first)
            {
                block_from += 1;
            }
            self.sort_hit(hit, blocks.get(block_from..).unwrap_or(&[]), scratch);
        }
        scratch.blocks = blocks;
    }

    /// Sorts one hit that is no blocking phrase; the first of `blocks` may hold it.
    #[inline]
    fn sort_hit(&self, hit: Hit, blocks: &[(u16, u32, u32)], scratch: &mut TopicScratch) {
        let mut holding = blocks
            .iter()
            .take_while(|b| b.1 <= hit.first)
            .filter(|b| hit.end <= b.2);
        if let Some(bundle) = hit.target.checked_sub(SETS) {
            let found = |only| SetHit {
                bundle,
                only,
                first: hit.first,
                end: hit.end,
            };
            if holding.clone().next().is_none() {
                scratch.set_hits.push(found(ALL));
                return;
            }
            for &set in self.sets_of(bundle) {
                let topic = self.sets.get(set as usize).map(|s| s.topic);
                if !holding.clone().any(|b| Some(b.0) == topic) {
                    scratch.set_hits.push(found(set));
                }
            }
        } else if let Some(&Entry {
            topic,
            kind:
                EntryKind::Term {
                    role,
                    weight,
                    subtopic,
                },
            ..
        }) = self.entries.get(hit.target as usize)
        {
            scratch.terms.push(TermHit {
                hit,
                topic,
                role,
                weight,
                subtopic,
                blocked: holding.any(|b| b.0 == topic),
            });
        }
    }

    /// Evidence of the terms that do not lie inside longer terms of their topic.
    #[inline(never)]
    fn terms(&self, document: &Document<'_>, scratch: &mut TopicScratch) {
        let &Document {
            units, positions, ..
        } = document;
        let terms = std::mem::take(&mut scratch.terms);
        // Terms come by first unit, so only near neighbours can hold one another: as near as the longest so far is
        // long, and none before number `from`, where no earlier term goes on to here.
        let (mut reach, mut from, mut farthest) = (0, 0, 0);
        for (i, term) in terms.iter().enumerate() {
            let hit = term.hit;
            if farthest <= hit.first {
                from = i;
            }
            farthest = farthest.max(hit.end);
            reach = reach.max(hit.end - hit.first);
            // A weight of 0 takes a term out.
            if term.blocked || term.weight == 0.0 {
                continue;
            }
            let (Some(first), Some(last), Some(position)) = (
                units.get(hit.first as usize),
                units.get(hit.end as usize - 1),
                positions.get(hit.first as usize),
            ) else {
                continue;
            };
            if !position.part.is_text() {
                continue;
            }
            let holds = |other: &TermHit, earlier: bool| {
                let (inner, outer, weight) = (&hit, &other.hit, other.weight);
                let longer = outer.end - outer.first > inner.end - inner.first;
                other.topic == term.topic
                    && weight > 0.0
                    && outer.first <= inner.first
                    && inner.end <= outer.end
                    && (longer || weight > term.weight || weight == term.weight && earlier)
            };
            let beside = |t: &TermHit| t.hit.first == hit.first;
            // Nearly every term stands alone.
            if from < i || terms.get(i + 1).is_some_and(beside) {
                let before = terms.get(from..i).unwrap_or(&[]).iter().rev();
                let after = terms.get(i + 1..).unwrap_or(&[]).iter();
                let near = |t: &&TermHit| t.hit.first + reach >= hit.first;
                if before.take_while(near).any(|t| holds(t, true))
                    || after.take_while(|t| beside(t)).any(|t| holds(t, false))
                {
                    continue;
                }
            }
            scratch.evidence.push(EvidenceRecord {
                topic: term.topic,
                source: hit.target,
                rule: false,
                role: term.role,
                subtopic: term.subtopic.get(),
                weight: term.weight,
                counted: 0.0,
                doubt: scratch.doubt.of(document, hit.first),
                span: Span::new(first.span.start, last.span.end),
                part: position.part,
                story: position.story,
                sentence: position.sentence,
            });
        }
        scratch.terms = terms;
    }

    /// Evidence of the rules: sentence by sentence, and those over a whole story at its end.
    #[inline(never)]
    fn rules(&self, document: &Document<'_>, scratch: &mut TopicScratch) {
        let hits = std::mem::take(&mut scratch.set_hits);
        self.near.fetch(hits.iter().map(|hit| hit.bundle));
        let (mut story, mut story_from, mut story_near) = (0, 0, Near::default());
        let mut at = 0;
        for Run { position, end } in document.runs {
            let from = at;
            let rest = hits.get(from..).unwrap_or(&[]).iter();
            at += rest.take_while(|hit| hit.first < *end).count();
            let here = hits.get(from..at).unwrap_or(&[]);
            if here.is_empty() || !position.part.is_text() {
                continue;
            }
            let near = self.near.of(here.iter().map(|hit| hit.bundle));
            if let Some(rules) = near.in_sentence() {
                self.fire(document, here, rules, scratch);
            }
            if story != position.story {
                let hits = hits.get(story_from..from).unwrap_or(&[]);
                self.fire_story(document, hits, &story_near, scratch);
                (story, story_from, story_near) = (position.story, from, Near::default());
            }
            story_near.add(&near);
        }
        let last = hits.get(story_from..).unwrap_or(&[]);
        self.fire_story(document, last, &story_near, scratch);
        scratch.set_hits = hits;
    }

    /// The rules over a story that its hits, those outside of its text included, bring near and satisfy.
    fn fire_story(
        &self,
        document: &Document<'_>,
        hits: &[SetHit],
        near: &Near,
        scratch: &mut TopicScratch,
    ) {
        let Some(rules) = near.in_story() else {
            return;
        };
        let mut of_text = std::mem::take(&mut scratch.story_sets);
        let position = |hit: &&SetHit| document.positions.get(hit.first as usize);
        let is_text = |hit: &&SetHit| position(hit).is_some_and(|p| p.part.is_text());
        of_text.clear();
        of_text.extend(hits.iter().filter(is_text));
        self.fire(document, &of_text, rules, scratch);
        scratch.story_sets = of_text;
    }

    /// Those of the rules of some bits that the hits of one sentence, or of one story, satisfy.
    fn fire(
        &self,
        document: &Document<'_>,
        hits: &[SetHit],
        near: RuleBits,
        scratch: &mut TopicScratch,
    ) {
        let &Document {
            units, positions, ..
        } = document;
        let TopicScratch {
            tried,
            asked,
            sets,
            gathered,
            concerned,
            ..
        } = scratch;
        concerned.clear();
        let concerns = |hit: &&SetHit| self.near.concerns(hit.bundle, &near);
        concerned.extend(hits.iter().filter(concerns));
        asked.resize(self.sets.len());
        let sets_hit = concerned.iter().flat_map(|hit| self.sets_hit(hit));
        sets_hit.for_each(|&set| asked.insert(set));
        let lists = |r: u32| self.rules.get(r as usize).map_or(&[][..], |r| &r.all_of);
        let is_hit = |&r: &u32| lists(r).iter().all(|&set| asked.has(set));
        tried.clear();
        tried.extend(self.near.rules(near).filter(is_hit));
        asked.clear();
        if tried.is_empty() {
            return;
        }
        tried.sort_unstable();
        let lists = tried.iter().flat_map(|&r| lists(r));
        lists.for_each(|&set| asked.insert(set));
        self.gather(concerned, asked, gathered, sets);
        asked.clear();
        // The lists of all hits are noted once, where a rule comes so far that some may rule out: few do.
        let mut heard = false;
        for &r in &scratch.tried {
            if let Some(rule) = self.rules.get(r as usize) {
                let Some(fit) = fits(rule, &scratch.sets) else {
                    continue;
                };
                let asked = &mut scratch.asked;
                if !heard && !rule.not.is_empty() {
                    heard = true;
                    let sets = hits.iter().flat_map(|hit| self.sets_hit(hit));
                    sets.for_each(|&set| asked.insert(set));
                }
                if rule.not.iter().any(|&set| asked.has(set)) {
                    continue;
                }
                let at = |unit: u32| positions.get(unit as usize);
                let same = |a: &Position, b: &Position| a.sentence == b.sentence;
                // Evidence that runs over sentences is shown by the hit of its first list.
                let (first, end) = match (at(fit.first), at(fit.end - 1)) {
                    (Some(a), Some(b)) if same(a, b) => (fit.first, fit.end),
                    _ => fit.anchor,
                };
                if let (Some(a), Some(b), Some(position)) = (
                    units.get(first as usize),
                    units.get(end as usize - 1),
                    at(first),
                ) {
                    scratch.evidence.push(EvidenceRecord {
                        topic: rule.topic,
                        source: r,
                        rule: true,
                        role: rule.role,
                        subtopic: rule.subtopic,
                        weight: rule.weight,
                        counted: 0.0,
                        doubt: scratch.doubt.of(document, first),
                        span: Span::new(a.span.start, b.span.end),
                        part: position.part,
                        story: position.story,
                        sentence: position.sentence,
                    });
                }
            }
        }
        if heard {
            scratch.asked.clear();
        }
    }

    /// The sets of a hit.
    #[inline]
    fn sets_hit<'a>(&'a self, hit: &'a SetHit) -> &'a [u32] {
        match hit.only {
            ALL => self.sets_of(hit.bundle),
            ref only => std::slice::from_ref(only),
        }
    }

    /// Puts the hits of the sets `asked` for in order, set by set: of each the first [`MAX_SET_HITS`].
    fn gather(
        &self,
        hits: &[SetHit],
        asked: &SetBits,
        gathered: &mut Vec<Gathered>,
        out: &mut Vec<(u32, u32, u32)>,
    ) {
        out.clear();
        gathered.resize(self.sets.len(), Gathered::default());
        // Those of one set come in the order of the text.
        for hit in hits {
            let sets = self.sets_hit(hit).iter();
            for &set in sets.filter(|&&set| asked.has(set)) {
                if let Some(gathered) = gathered.get_mut(set as usize)
                    && gathered.take(hit.first, hit.end)
                {
                    out.push((set, hit.first, hit.end));
                }
            }
        }
        for &(set, ..) in &*out {
            if let Some(gathered) = gathered.get_mut(set as usize) {
                *gathered = Gathered::default();
            }
        }
        out.sort_unstable();
    }
}

/// Which hits of a set were gathered so far.
#[derive(Clone, Copy, Debug, Default)]
struct Gathered {
    /// The last hit; no hit ends at unit 0.
    first: u32,
    end: u32,
    /// Hits right before it without a word between them, of which but the first [`MAX_RUN`] can be part of a fit.
    run: u32,
    count: u32,
}

impl Gathered {
    /// Whether the next hit of the set is taken.
    fn take(&mut self, first: u32, end: u32) -> bool {
        if (first, end) == (self.first, self.end) || self.count == MAX_SET_HITS {
            return false;
        }
        self.run = if first == self.end && self.count > 0 {
            self.run + 1
        } else {
            0
        };
        (self.first, self.end) = (first, end);
        let taken = self.run < MAX_RUN;
        self.count += u32::from(taken);
        taken
    }
}

/// So many hits of a list in one sentence are tried; a sentence of a megabyte stays linear.
const MAX_SET_HITS: u32 = 48;

/// How the hits of a sentence or story satisfy a rule.
#[derive(Clone, Copy)]
struct Fit {
    /// First unit, and one past the last, of all hits.
    first: u32,
    end: u32,
    /// The hit of the rule's first list.
    anchor: (u32, u32),
}

/// The tightest fit of a rule, where the hits satisfy it.
fn fits(rule: &Rule, sets: &[(u32, u32, u32)]) -> Option<Fit> {
    let of = |set: u32| {
        let from = sets.partition_point(|&(s, ..)| s < set);
        let to = sets.partition_point(|&(s, ..)| s <= set);
        sets.get(from..to).unwrap_or(&[])
    };
    let mut best: Option<Fit> = None;
    // From each hit of the first list, take for every other list the nearest hit that is free.
    let first_set = rule.all_of.first().copied()?;
    for &(_, first, end) in of(first_set) {
        let mut taken = [(0u32, 0u32); crate::lexicon::MAX_RULE_LISTS];
        let mut n = 1;
        if let Some(t) = taken.first_mut() {
            *t = (first, end);
        }
        let (mut low, mut high) = (first, end);
        let mut whole = true;
        for &set in rule.all_of.iter().skip(1) {
            let after = if rule.ordered {
                taken.get(n - 1).map_or(0, |t| t.1)
            } else {
                0
            };
            let free = |&&(_, f, e): &&(u32, u32, u32)| {
                f >= after && taken.iter().take(n).all(|&(tf, te)| e <= tf || te <= f)
            };
            let near = of(set).iter().filter(free).min_by_key(|&&(_, f, e)| {
                let width = e.max(high) - f.min(low);
                (width, f)
            });
            match near {
                Some(&(_, f, e)) => {
                    low = low.min(f);
                    high = high.max(e);
                    if let Some(t) = taken.get_mut(n) {
                        *t = (f, e);
                    }
                    n += 1;
                }
                None => {
                    whole = false;
                    break;
                }
            }
        }
        let width = high - low;
        if whole && width <= rule.within && best.is_none_or(|b| width < b.end - b.first) {
            best = Some(Fit {
                first: low,
                end: high,
                anchor: (first, end),
            });
        }
    }
    best
}

#[cfg(all(test, feature = "embedded"))]
mod tests {
    use super::*;
    use crate::lexicon::{Body, Lexicon};

    /// Terms of one topic and their weights, over what is compiled already.
    fn over(base: Topics, terms: &[(&str, f32)]) -> Topics {
        let mut toml = String::from(
            "format = 1\nversion = \"1\"\n[topic]\nid = \"books\"\nname = { ar = \"كتب\", en = \"Books\" }\n",
        );
        for (term, weight) in terms {
            toml += &format!(
                "[[terms]]\nrole = \"core\"\nweight = {weight:.1}\nwhy = \"test\"\nlist = [\"{term}\"]\n"
            );
        }
        let lexicon = Lexicon::from_toml("books.toml", &toml).unwrap();
        let Body::Topic(file) = &lexicon.body else {
            panic!("a topic")
        };
        compile(base, &[file], Morphology::embedded())
    }

    #[test]
    fn of_terms_with_the_same_words_one_is_sought() {
        let topics = over(Topics::default(), &[("كتاب", 3.0), ("الكتاب", 1.0)]);
        assert_eq!(topics.matcher.all_targets(), [0]);
        // Where a later file makes it lighter or takes it out, the other counts.
        for weight in [0.5, 0.0] {
            let topics = over(topics.clone(), &[("كتاب", weight)]);
            assert_eq!(topics.matcher.all_targets(), [1]);
            assert_eq!(topics.texts.get(1), "الكتاب");
        }
        let topics = over(topics, &[("الكتاب", 1.0)]);
        assert_eq!(topics.matcher.all_targets(), [0]);
    }
}
