//! The report: owned values, schema `rasd.report/1`.
//!
//! Offsets are UTF-8 bytes of the text. For other units count the text before them:
//!
//! ```
//! let text = "أنقذ خفر السواحل 40 مهاجرا";
//! let byte = text.find("مهاجرا").unwrap();
//! assert_eq!(text[..byte].chars().count(), 20);
//! assert_eq!(text[..byte].encode_utf16().count(), 20);
//! ```

use crate::analysis::{Analysis, Topic};
use crate::date::{Calendar, Precision};
use crate::entity::EntityKind;
use crate::keyword::KeywordKind;
use crate::lexicon::LexiconStamp;
use crate::lexicon::topic_file::Role;
use crate::number::Bound;
use crate::page::{PartKind, Story};
use crate::quantity::{LawKind, QuantityKind};
use crate::span::Span;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

/// The `schema` of every report. Fields are only ever added; a rename makes `/2`.
pub const SCHEMA: &str = "rasd.report/1";

/// What a page is about. The fields of [`StoryReport`] are those of its main story.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// The main story's headline.
    pub title: Option<TextSpan>,
    /// The main story's date line as printed.
    pub published: Option<TextSpan>,
    /// The ISO 8601 date in it, where it is certain.
    #[cfg_attr(feature = "serde", serde(default))]
    pub published_iso: Option<String>,
    /// Who wrote it.
    pub byline: Option<TextSpan>,
    /// Where the page took it from.
    pub source: Option<TextSpan>,
    /// The page's own keywords: as supplied, not as found.
    pub supplied_keywords: Vec<TextSpan>,
    /// Topics of the main story, best first.
    pub topics: Vec<TopicReport>,
    /// Entities of the whole text, in reading order.
    pub entities: Vec<EntityReport>,
    /// Dates of the whole text, in reading order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub dates: Vec<DateReport>,
    /// Money, percentages, weights, durations, numbers of people of the whole text, in reading order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub quantities: Vec<QuantityReport>,
    /// How many people died, were rescued, arrested ... in the whole text, in reading order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub counts: Vec<CountReport>,
    /// Laws and agreements of the whole text, in reading order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub laws: Vec<LawReport>,
    /// Keywords of the main story, best first.
    pub keywords: Vec<KeywordReport>,
    /// The other stories of the page.
    pub related: Vec<StoryReport>,
    /// The lexicons that made this report.
    pub lexicons: Vec<LexiconStamp>,
    /// Whether the text was longer than 4 GiB and cut there.
    pub truncated: bool,
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
pub struct TextSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `text[start..end]`.
    pub text: String,
}

/// A story beside the main one.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct StoryReport {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Its headline.
    pub title: Option<String>,
    /// Its date line as printed.
    pub published: Option<TextSpan>,
    /// The ISO 8601 date in it, where it is certain.
    #[cfg_attr(feature = "serde", serde(default))]
    pub published_iso: Option<String>,
    /// Who wrote it.
    pub byline: Option<TextSpan>,
    /// Where the page took it from.
    pub source: Option<TextSpan>,
    /// Its topics, best first.
    pub topics: Vec<TopicReport>,
    /// Its keywords, best first.
    pub keywords: Vec<KeywordReport>,
}

/// A topic.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct TopicReport {
    /// Its id.
    pub id: String,
    /// Its Arabic name.
    pub name_ar: String,
    /// Its English name.
    pub name_en: String,
    /// 0.5 to 1, three decimals.
    pub score: f64,
    /// Subtopics, strongest first.
    pub subtopics: Vec<SubtopicReport>,
    /// Every hit that counted, in reading order.
    pub evidence: Vec<EvidenceReport>,
}

/// A subtopic.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct SubtopicReport {
    /// Its id.
    pub id: String,
    /// Its Arabic name.
    pub name_ar: String,
    /// Its English name.
    pub name_en: String,
    /// Share of the topic's evidence, 0 to 1, three decimals.
    pub share: f64,
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct EvidenceReport {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `text[start..end]`.
    pub text: String,
    /// The term as the lexicon writes it, or the rule's id.
    pub term: String,
    /// Whether a rule found it.
    pub rule: bool,
    /// Core, support or against.
    pub role: Role,
    /// The lexicon's weight.
    pub weight: f64,
    /// What it counted, three decimals.
    pub counted: f64,
    /// Whether its sentence denies it or tells it as hearsay, so that it counts less.
    pub negated: bool,
    /// The part it stands in.
    pub part: PartKind,
    /// The subtopic it speaks for.
    pub subtopic: Option<String>,
}

/// An entity.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct EntityReport {
    /// What it is.
    pub kind: EntityKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `text[start..end]`.
    pub text: String,
    /// Number of the thing within the text; mentions of one thing share it, a role has its person's.
    pub group: u32,
    /// Id of a known place or body.
    pub id: Option<String>,
    /// ISO 3166 code of a place or of a body's country.
    pub code: Option<String>,
    /// Degrees north, four decimals.
    pub latitude: Option<f64>,
    /// Degrees east, four decimals.
    pub longitude: Option<f64>,
}

/// A date.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct DateReport {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `text[start..end]`.
    pub text: String,
    /// The ISO 8601 date, where it is certain: `2024-10-20`, `2024-10`, `2024`, `199X`, `2018/2019`.
    pub iso: Option<String>,
    /// What a relative date («أمس», «20 أكتوبر») means on the day its story was published, where that is known.
    pub resolved: Option<String>,
    /// How exact it is.
    pub precision: Precision,
    /// The calendar it is written in.
    pub calendar: Calendar,
}

/// A quantity.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct QuantityReport {
    /// What it is of.
    pub kind: QuantityKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `text[start..end]`.
    pub text: String,
    /// The value; the lower one of a range.
    pub value: f64,
    /// The upper value of a range.
    pub high: Option<f64>,
    /// Exact, about, at least, at most.
    pub bound: Bound,
    /// ISO 4217 code, symbol, unit of time or group of people; `%` for percentages.
    pub unit: String,
}

/// How many people something happened to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct CountReport {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `text[start..end]`.
    pub text: String,
    /// How many; the lower number of a range.
    pub value: u64,
    /// The upper number of a range.
    pub high: Option<u64>,
    /// Exact, about, at least, at most.
    pub bound: Bound,
    /// The group of people.
    pub group: String,
    /// The noun, in the singular.
    pub noun: Option<String>,
    /// What happened to them.
    pub outcome: String,
    /// Among those of the count before it.
    pub part: bool,
    /// The sentence.
    pub sentence: Span,
}

/// A law, decree, resolution or agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct LawReport {
    /// What it is.
    pub kind: LawKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `text[start..end]`.
    pub text: String,
    /// Its number as printed.
    pub number: Option<String>,
    /// Its year.
    pub year: Option<u16>,
}

/// A keyword.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct KeywordReport {
    /// The form to print.
    pub text: String,
    /// Its words reduced to their stems.
    pub lemma: String,
    /// 0 to 1, three decimals.
    pub score: f64,
    /// What it is.
    pub kind: KeywordKind,
    /// Where it is mentioned, in reading order.
    pub mentions: Vec<Span>,
}

fn round(x: f32) -> f64 {
    (f64::from(x) * 1000.0).round() / 1000.0
}

fn degrees(x: f32) -> f64 {
    (f64::from(x) * 1e4).round() / 1e4
}

fn piece(text: &str, span: Span) -> TextSpan {
    TextSpan {
        start: span.start as usize,
        end: span.end as usize,
        text: span.of(text).to_owned(),
    }
}

impl Report {
    pub(crate) fn new(a: &Analysis<'_>) -> Report {
        let text = a.text();
        let mut stories = a.stories();
        let main = stories.next();
        let part =
            |f: fn(&Story<'_>) -> Option<Span>| main.as_ref().and_then(f).map(|s| piece(text, s));
        Report {
            schema: SCHEMA.to_owned(),
            title: part(|s| s.title()),
            published: part(|s| s.published()),
            published_iso: iso(a, 0),
            byline: part(|s| s.byline()),
            source: part(|s| s.source()),
            supplied_keywords: main
                .iter()
                .flat_map(|s| s.supplied_keywords())
                .map(|&s| piece(text, s))
                .collect(),
            topics: topics(a, 0),
            entities: a
                .entities()
                .map(|e| EntityReport {
                    kind: e.kind,
                    start: e.span.start as usize,
                    end: e.span.end as usize,
                    text: e.text.to_owned(),
                    group: e.group,
                    id: e.id.map(str::to_owned),
                    code: e.code.map(str::to_owned),
                    latitude: e.position.map(|p| degrees(p.0)),
                    longitude: e.position.map(|p| degrees(p.1)),
                })
                .collect(),
            dates: dates(a),
            quantities: a
                .quantities()
                .map(|q| QuantityReport {
                    kind: q.kind,
                    start: q.span.start as usize,
                    end: q.span.end as usize,
                    text: q.text.to_owned(),
                    value: q.value,
                    high: q.high,
                    bound: q.bound,
                    unit: q.unit.to_owned(),
                })
                .collect(),
            counts: a
                .counts()
                .map(|c| CountReport {
                    start: c.span.start as usize,
                    end: c.span.end as usize,
                    text: c.text.to_owned(),
                    value: c.value,
                    high: c.high,
                    bound: c.bound,
                    group: c.group.to_owned(),
                    noun: c.noun.map(str::to_owned),
                    outcome: c.outcome.to_owned(),
                    part: c.part,
                    sentence: c.sentence,
                })
                .collect(),
            laws: a
                .laws()
                .map(|l| LawReport {
                    kind: l.kind,
                    start: l.span.start as usize,
                    end: l.span.end as usize,
                    text: l.text.to_owned(),
                    number: l.number.map(str::to_owned),
                    year: l.year,
                })
                .collect(),
            keywords: keywords(a, 0),
            related: stories
                .enumerate()
                .map(|(i, s)| StoryReport {
                    start: s.span().start as usize,
                    end: s.span().end as usize,
                    title: s.title().map(|t| t.of(text).to_owned()),
                    published: s.published().map(|p| piece(text, p)),
                    published_iso: iso(a, i + 1),
                    byline: s.byline().map(|p| piece(text, p)),
                    source: s.source().map(|p| piece(text, p)),
                    topics: topics(a, i + 1),
                    keywords: keywords(a, i + 1),
                })
                .collect(),
            lexicons: a.inner.stamps.clone(),
            truncated: a.truncated(),
        }
    }
}

fn iso(a: &Analysis<'_>, story: usize) -> Option<String> {
    Some(a.published_of(story)?.iso()?.to_string())
}

/// Every date, the relative ones seen from the day their story was published, failing that the main story.
fn dates(a: &Analysis<'_>) -> Vec<DateReport> {
    let published: Vec<_> = a
        .stories()
        .enumerate()
        .map(|(i, s)| (s.span(), a.published_of(i).and_then(|d| d.civil())))
        .collect();
    let main = published.first().and_then(|p| p.1);
    a.dates()
        .map(|d| {
            let own = published.iter().find(|(span, _)| span.contains(d.span));
            let day = own.and_then(|p| p.1).or(main);
            DateReport {
                start: d.span.start as usize,
                end: d.span.end as usize,
                text: d.span.of(a.text()).to_owned(),
                iso: d.iso().map(|iso| iso.to_string()),
                resolved: day
                    .filter(|_| d.is_relative())
                    .and_then(|day| d.resolve(day))
                    .map(|iso| iso.to_string()),
                precision: d.precision(),
                calendar: d.calendar(),
            }
        })
        .collect()
}

fn topics(a: &Analysis<'_>, story: usize) -> Vec<TopicReport> {
    a.topics_of(story)
        .filter(|t| t.score >= crate::topic::DECISION)
        .map(|t| topic(&t))
        .collect()
}

fn topic(t: &Topic<'_>) -> TopicReport {
    TopicReport {
        id: t.id.to_owned(),
        name_ar: t.name_ar.to_owned(),
        name_en: t.name_en.to_owned(),
        score: round(t.score),
        subtopics: t
            .subtopics()
            .into_iter()
            .map(|s| SubtopicReport {
                id: s.id.to_owned(),
                name_ar: s.name_ar.to_owned(),
                name_en: s.name_en.to_owned(),
                share: round(s.share),
            })
            .collect(),
        evidence: t
            .evidence()
            .map(|e| EvidenceReport {
                start: e.span.start as usize,
                end: e.span.end as usize,
                text: e.text.to_owned(),
                term: e.term.to_owned(),
                rule: e.rule,
                role: e.role,
                weight: round(e.weight),
                counted: round(e.counted),
                negated: e.negated,
                part: e.part,
                subtopic: e.subtopic.map(str::to_owned),
            })
            .collect(),
    }
}

fn keywords(a: &Analysis<'_>, story: usize) -> Vec<KeywordReport> {
    a.keywords_of(story)
        .map(|k| KeywordReport {
            text: k.text.to_owned(),
            lemma: k.lemma.to_string(),
            score: round(k.score),
            kind: k.kind,
            mentions: k.mentions.to_vec(),
        })
        .collect()
}
