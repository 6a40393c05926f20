//! The borrowed view of what was found in a text.

use std::fmt;

use crate::date::DateMention;
use crate::document::Document;
use crate::entity::{EntityKind, EntityRecord};
use crate::keyword::{KeywordKind, KeywordRecord, KeywordWord};
use crate::lexicon::topic_file::Role;
use crate::number::Bound;
use crate::page::{PartKind, Story};
use crate::quantity::{LawKind, QuantityKind};
use crate::report::Report;
use crate::scratch::Scratch;
use crate::span::Span;
use crate::tagger::Inner;
use crate::tokenizer::Tokens;
use crate::topic::{DECISION, Doubt, EvidenceRecord, ScoreRecord};
use crate::words::Words;

/// What was found in a text; borrows the text, the tagger and the scratch.
#[derive(Clone, Copy)]
pub struct Analysis<'a> {
    pub(crate) text: &'a str,
    pub(crate) truncated: bool,
    pub(crate) inner: &'a Inner,
    pub(crate) scratch: &'a Scratch,
}

/// A topic of a story.
#[derive(Clone, Copy)]
pub struct Topic<'a> {
    /// Its id, as in the lexicon file.
    pub id: &'a str,
    /// Its Arabic name.
    pub name_ar: &'a str,
    /// Its English name.
    pub name_en: &'a str,
    /// 0 to 1; 0.5 is the decision.
    pub score: f32,
    /// Summed evidence of core terms, supporting terms and terms against it, and what gives 0.5 for a story of this length.
    pub core: f32,
    /// See `core`.
    pub support: f32,
    /// See `core`.
    pub against: f32,
    /// See `core`.
    pub needed: f32,
    analysis: Analysis<'a>,
    record: &'a ScoreRecord,
}

/// A subtopic of a topic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Subtopic<'a> {
    /// Its id, as in the lexicon file.
    pub id: &'a str,
    /// Its Arabic name.
    pub name_ar: &'a str,
    /// Its English name.
    pub name_en: &'a str,
    /// Share of the topic's evidence, 0 to 1.
    pub share: f32,
}

/// A piece of evidence for (or against) a topic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence<'a> {
    /// Where it is.
    pub span: Span,
    /// Its text.
    pub text: &'a str,
    /// The term as the lexicon writes it, or the id of the rule.
    pub term: &'a str,
    /// Whether a rule found it.
    pub rule: bool,
    /// Core, support or against.
    pub role: Role,
    /// The lexicon's weight.
    pub weight: f32,
    /// What it counted here: weight by part, repetition, denial and hearsay.
    pub counted: f32,
    /// Whether its sentence denies it or tells it as hearsay, so that it counts less.
    pub negated: bool,
    /// The part it stands in.
    pub part: PartKind,
    /// The subtopic it speaks for.
    pub subtopic: Option<&'a str>,
}

/// A blocking phrase found in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked<'a> {
    /// Id of the topic it blocks.
    pub topic: &'a str,
    /// Where it is.
    pub span: Span,
    /// Its text.
    pub text: &'a str,
}

/// A mention of a person, place, body ...
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entity<'a> {
    /// What it is.
    pub kind: EntityKind,
    /// Where it is, without و ف ب ل ك in front.
    pub span: Span,
    /// Its text.
    pub text: &'a str,
    /// Number of the person, place or body within the text, in the order of first mention: mentions of one thing have one
    /// number, full names and short ones. A role has the number of its person.
    pub group: u32,
    /// Id of a known place or body, the same for all its spellings: `MA`, `MA-FES`, `geonames:1812545`, `UNHCR`.
    pub id: Option<&'a str>,
    /// ISO 3166 code: of the country or first-level division itself, else of the country it belongs to.
    pub code: Option<&'static str>,
    /// Latitude and longitude of a place in degrees, where the place-name data has them.
    pub position: Option<(f32, f32)>,
}

/// A keyword of a story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Keyword<'a> {
    /// The form to print.
    pub text: &'a str,
    /// Its words reduced to their stems.
    pub lemma: Lemma<'a>,
    /// The chance that an archivist takes it, 0 to 1; may be compared between articles.
    pub score: f32,
    /// What it is.
    pub kind: KeywordKind,
    /// Where it is mentioned, in reading order, without و ف ب ل ك in front and pronouns behind.
    pub mentions: &'a [Span],
}

/// The words of a keyword reduced to their stems, looked up when asked for; displayed with spaces between them.
///
/// ```
/// use rasd::{Scratch, Tagger};
/// let tagger = Tagger::new();
/// let mut scratch = Scratch::new();
/// let analysis = tagger.analyze("احتجاز المهاجرين في ليبيا. وقالت منظمة إن احتجاز المهاجرين مستمر.", &mut scratch);
/// let keyword = analysis.keywords().find(|k| k.text == "احتجاز المهاجرين").unwrap();
/// assert_eq!(keyword.lemma.to_string(), "احتجاز مهاجر");
/// ```
#[derive(Clone, Copy)]
pub struct Lemma<'a> {
    words: &'a Words,
    of: &'a [KeywordWord],
}

impl<'a> Lemma<'a> {
    /// The stems.
    pub fn words(&self) -> impl Iterator<Item = &'a str> + 'a {
        let Lemma { words, of } = *self;
        of.iter().map(|of| {
            let stem = words.stem(of.word);
            // Letters of its words take two bytes.
            stem.get(usize::from(of.skip) * 2..).unwrap_or(stem)
        })
    }
}

impl fmt::Display for Lemma<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, word) in self.words().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Lemma<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl PartialEq for Lemma<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.words().eq(other.words())
    }
}

/// A quantity: money, a percentage, a weight, a duration, a number of people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity<'a> {
    /// Where it is, with what is said about its certainty.
    pub span: Span,
    /// Its text.
    pub text: &'a str,
    /// What it is of.
    pub kind: QuantityKind,
    /// The value; the lower one of a range.
    pub value: f64,
    /// The upper value of a range.
    pub high: Option<f64>,
    /// Exact, about, at least, at most.
    pub bound: Bound,
    /// ISO 4217 code, symbol, unit of time or group of people; `%` for percentages.
    pub unit: &'a str,
}

/// How many people something happened to.
///
/// ```
/// use rasd::{Scratch, Tagger};
/// let tagger = Tagger::new();
/// let mut scratch = Scratch::new();
/// let analysis = tagger.analyze("أسفر غرق القارب عن فقدان نحو 20 مهاجرا وإنقاذ شخصين.", &mut scratch);
/// let counts: Vec<_> = analysis.counts().map(|c| (c.value, c.bound.as_str(), c.group, c.outcome)).collect();
/// assert_eq!(counts, [(20, "about", "migrants", "missing"), (2, "exact", "people", "rescued")]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count<'a> {
    /// Number and noun, with what is said about their certainty.
    pub span: Span,
    /// Its text.
    pub text: &'a str,
    /// The sentence it stands in.
    pub sentence: Span,
    /// How many; the lower number of a range.
    pub value: u64,
    /// The upper number of a range.
    pub high: Option<u64>,
    /// Exact, about, at least, at most.
    pub bound: Bound,
    /// The group of people: `people` where nothing more is said.
    pub group: &'a str,
    /// The noun, in the singular.
    pub noun: Option<&'a str>,
    /// What happened to them: `dead`, `missing`, `rescued`, `injured`, `arrested`, `deported`, `intercepted`, `released`,
    /// `victims`, or an outcome of your own lexicon.
    pub outcome: &'a str,
    /// Among those of the count before it: «بينهم ستة أطفال».
    pub part: bool,
}

/// A law, decree, resolution or agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Law<'a> {
    /// Where it is.
    pub span: Span,
    /// Its text.
    pub text: &'a str,
    /// What it is.
    pub kind: LawKind,
    /// Its number as printed: `82`, `1.03.196`.
    pub number: Option<&'a str>,
    /// Its year.
    pub year: Option<u16>,
}

impl<'a> Analysis<'a> {
    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Whether the text was longer than 4 GiB and cut there.
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    /// Tokens and sentences.
    pub fn tokens(&self) -> Tokens<'a> {
        Tokens {
            text: self.text,
            scratch: &self.scratch.text,
            morphology: self.inner.morphology,
        }
    }

    /// What the analysis was made from.
    pub(crate) fn document(&self) -> Document<'a> {
        let scratch = self.scratch;
        Document {
            text: self.text,
            tokens: &scratch.text.tokens,
            sentences: &scratch.text.sentences,
            words: &scratch.text.words,
            units: &scratch.units,
            positions: &scratch.positions,
            runs: &scratch.runs,
            story_words: &scratch.story_words,
        }
    }

    /// The sentences, in order.
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = Span> + use<'a> {
        self.tokens().sentences()
    }

    /// The stories of the page; the first is the main one.
    pub fn stories(&self) -> impl ExactSizeIterator<Item = Story<'a>> + 'a {
        self.scratch.page.stories()
    }

    /// The topics assigned to the main story, best first.
    pub fn topics(&self) -> impl Iterator<Item = Topic<'a>> + 'a {
        self.topics_of(0).filter(|t| t.score >= DECISION)
    }

    /// Every topic with any evidence in a story, best first, assigned (score at least 0.5) or not.
    pub fn topics_of(&self, story: usize) -> impl Iterator<Item = Topic<'a>> + 'a {
        let this = *self;
        let records = self.scratch.topics.scores.iter();
        records
            .filter(move |s| s.story as usize == story)
            .filter_map(move |record| {
                let info = this.inner.topics.topics.get(record.topic as usize)?;
                Some(Topic {
                    id: &info.id,
                    name_ar: &info.name_ar,
                    name_en: &info.name_en,
                    score: record.score,
                    core: record.core,
                    support: record.support,
                    against: record.against,
                    needed: record.needed,
                    analysis: this,
                    record,
                })
            })
    }

    /// The blocking phrases of a story: where they stand, terms of their topic count nothing.
    pub fn blocked_of(&self, story: usize) -> impl Iterator<Item = Blocked<'a>> + 'a {
        let this = *self;
        self.scratch
            .topics
            .blocks
            .iter()
            .filter_map(move |&(topic, first, end)| {
                let units = &this.scratch.units;
                let place = this.scratch.positions.get(first as usize)?;
                if place.story as usize != story {
                    return None;
                }
                let span = Span::new(
                    units.get(first as usize)?.span.start,
                    units.get(end as usize - 1)?.span.end,
                );
                Some(Blocked {
                    topic: &this.inner.topics.topics.get(topic as usize)?.id,
                    span,
                    text: span.of(this.text),
                })
            })
    }

    pub(crate) fn score(&self, id: &str) -> Option<f32> {
        self.topics_of(0).find(|t| t.id == id).map(|t| t.score)
    }

    pub(crate) fn evidence_of(&self, id: &str) -> impl Iterator<Item = Evidence<'a>> + 'a {
        let found = self.topics_of(0).find(|t| t.id == id);
        found.into_iter().flat_map(Topic::into_evidence)
    }

    /// All entities of the whole text, in reading order.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = Entity<'a>> + 'a {
        let text = self.text;
        let entities = &self.inner.entities;
        self.scratch
            .entities
            .found
            .iter()
            .map(move |e: &EntityRecord| {
                let entry = entities.entry(e);
                Entity {
                    kind: e.kind,
                    span: e.span,
                    text: e.span.of(text),
                    group: e.group,
                    id: entities.own.id(e).or(entry.map(|e| e.id)),
                    code: entry.map(|e| e.code).filter(|c| !c.is_empty()),
                    position: e.position,
                }
            })
    }

    /// The dates of the whole text, in reading order.
    pub fn dates(&self) -> impl ExactSizeIterator<Item = DateMention> + 'a {
        self.scratch.figures.found.dates.iter().copied()
    }

    /// The day of publication of a story, where its date line holds a certain date.
    pub fn published_of(&self, story: usize) -> Option<DateMention> {
        let line = self.stories().nth(story)?.published()?;
        let dates = &self.scratch.figures.found.dates;
        let first = dates.partition_point(|d| d.span.start < line.start);
        dates
            .get(first..)?
            .iter()
            .take_while(|d| d.span.end <= line.end)
            .find(|d| d.iso().is_some())
            .copied()
    }

    /// Money, percentages, weights, lengths, durations and numbers of people, in reading order.
    pub fn quantities(&self) -> impl ExactSizeIterator<Item = Quantity<'a>> + 'a {
        let this = *self;
        let words = &*self.inner.measures;
        self.scratch
            .figures
            .found
            .quantities
            .iter()
            .map(move |q| Quantity {
                span: q.span,
                text: q.span.of(this.text),
                kind: q.kind,
                value: q.value,
                high: q.high,
                bound: q.bound,
                unit: q.unit_name(words),
            })
    }

    /// How many people died, went missing, were rescued, injured, arrested, deported ..., in reading order.
    pub fn counts(&self) -> impl ExactSizeIterator<Item = Count<'a>> + 'a {
        let this = *self;
        let words = &*self.inner.measures;
        self.scratch
            .figures
            .found
            .counts
            .iter()
            .map(move |c| Count {
                span: c.span,
                text: c.span.of(this.text),
                sentence: this.sentences().nth(c.sentence as usize).unwrap_or(c.span),
                value: c.value,
                high: c.high,
                bound: c.bound,
                group: c.group(words),
                noun: c.noun.map(|n| words.noun(n.lemma)),
                outcome: words.outcome(c.outcome),
                part: c.part,
            })
    }

    /// Laws, decrees, resolutions and agreements with number and year, in reading order.
    pub fn laws(&self) -> impl ExactSizeIterator<Item = Law<'a>> + 'a {
        let this = *self;
        self.scratch.figures.found.laws.iter().map(move |l| Law {
            span: l.span,
            text: l.span.of(this.text),
            kind: l.kind,
            number: (!l.number.is_empty()).then(|| l.number.of(this.text)),
            year: l.year,
        })
    }

    /// The keywords of the main story, best first.
    pub fn keywords(&self) -> impl Iterator<Item = Keyword<'a>> + 'a {
        self.keywords_of(0)
    }

    /// The keywords of a story, best first.
    pub fn keywords_of(&self, story: usize) -> impl Iterator<Item = Keyword<'a>> + 'a {
        let scratch = &self.scratch.keywords;
        let slice =
            |(start, end): (u32, u32)| scratch.text.get(start as usize..end as usize).unwrap_or("");
        let words = &self.scratch.text.words;
        let lemma = |(start, end): (u32, u32)| Lemma {
            words,
            of: scratch
                .words
                .get(start as usize..end as usize)
                .unwrap_or(&[]),
        };
        let of_story = move |k: &&KeywordRecord| k.story as usize == story;
        scratch.found.iter().filter(of_story).map(move |k| Keyword {
            text: slice(k.text),
            lemma: lemma(k.words),
            score: k.score,
            kind: k.kind,
            mentions: scratch
                .mentions
                .get(k.mentions.0 as usize..k.mentions.1 as usize)
                .unwrap_or(&[]),
        })
    }

    /// Everything as owned values.
    pub fn to_report(&self) -> Report {
        Report::new(self)
    }
}

impl std::fmt::Debug for Analysis<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Analysis")
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Topic<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Topic")
            .field("id", &self.id)
            .field("score", &self.score)
            .finish_non_exhaustive()
    }
}

impl<'a> Topic<'a> {
    fn into_evidence(self) -> impl ExactSizeIterator<Item = Evidence<'a>> + use<'a> {
        Topic::evidence(&self)
    }

    /// Every hit that counted, in reading order.
    pub fn evidence(&self) -> impl ExactSizeIterator<Item = Evidence<'a>> + use<'a> {
        let analysis = self.analysis;
        let topic = self.record.topic as usize;
        let (start, end) = self.record.evidence;
        let records = analysis
            .scratch
            .topics
            .evidence
            .get(start as usize..end as usize)
            .unwrap_or(&[]);
        records.iter().map(move |e: &EvidenceRecord| Evidence {
            span: e.span,
            text: e.span.of(analysis.text),
            term: analysis.inner.topics.source(e),
            rule: e.rule,
            role: e.role,
            weight: e.weight,
            counted: e.counted,
            negated: e.doubt != Doubt::None,
            part: e.part,
            subtopic: e.subtopic.and_then(|s| {
                let info = analysis.inner.topics.topics.get(topic)?;
                info.subtopics.get(s as usize).map(|(id, ..)| &**id)
            }),
        })
    }

    /// The subtopics with evidence, strongest first.
    pub fn subtopics(&self) -> Vec<Subtopic<'a>> {
        let (start, end) = self.record.evidence;
        let records = self
            .analysis
            .scratch
            .topics
            .evidence
            .get(start as usize..end as usize)
            .unwrap_or(&[]);
        let Some(info) = self
            .analysis
            .inner
            .topics
            .topics
            .get(self.record.topic as usize)
        else {
            return Vec::new();
        };
        let counts = |e: &&EvidenceRecord| e.role != Role::Against;
        let total: f32 = records.iter().filter(counts).map(|e| e.counted).sum();
        let mut out = Vec::new();
        for (i, (id, ar, en)) in info.subtopics.iter().enumerate() {
            let of_this = |e: &&EvidenceRecord| e.subtopic == Some(i as u16);
            let sum: f32 = records
                .iter()
                .filter(counts)
                .filter(of_this)
                .map(|e| e.counted)
                .sum();
            if sum > 0.0 {
                out.push(Subtopic {
                    id,
                    name_ar: ar,
                    name_en: en,
                    share: sum / total,
                });
            }
        }
        out.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.id.cmp(b.id)));
        out
    }
}
