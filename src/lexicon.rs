//! Lexicon files: TOML an analyst edits, read, checked and stamped.
//!
//! Reading a file is the only thing in rasd that can fail; see [`Error`]. The format is explained in
//! [`guide::lexicons`](crate::guide::lexicons).

pub(crate) mod embedded;
pub(crate) mod entity_file;
pub(crate) mod language_file;
pub(crate) mod layout_file;
pub(crate) mod packed;
pub(crate) mod reader;
pub(crate) mod topic_file;

use std::path::Path;

use crate::error::{Diagnostic, Error, Severity};
use entity_file::EntityFile;
use language_file::LanguageFile;
use layout_file::LayoutFile;
use reader::{Findings, Place, Table};
use topic_file::TopicFile;

/// The format this version reads.
pub(crate) const FORMAT: f64 = 1.0;

/// Largest lexicon file, in bytes.
pub const MAX_FILE_BYTES: usize = 32 << 20;
/// Most terms in one file.
pub const MAX_TERMS: usize = 1_000_000;
/// Longest term, in bytes.
pub const MAX_TERM_BYTES: usize = 512;
/// Most words in one term.
pub const MAX_TERM_WORDS: usize = 16;
/// Most rules in one file.
pub const MAX_RULES: usize = 10_000;
/// Most lists in one rule.
pub const MAX_RULE_LISTS: usize = 8;
/// Most named sets in one file.
pub const MAX_SETS: usize = 10_000;
/// Most subtopics in one file.
pub const MAX_SUBTOPICS: usize = 1_000;
/// Most examples in one file.
pub const MAX_EXAMPLES: usize = 10_000;

/// Which lexicon, in which state, made a result: stands in every report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct LexiconStamp {
    /// Id of the topic or list.
    pub id: String,
    /// The `version` of the file.
    pub version: String,
    /// 64-bit FNV-1a hash of the file's bytes, 16 hexadecimal digits.
    pub hash: String,
    /// Number of terms and rules.
    pub terms: usize,
}

/// One lexicon file, read and checked.
///
/// ```
/// let lexicon = rasd::Lexicon::from_toml("floods.toml", r#"
/// format = 1
/// version = "1"
/// [topic]
/// id = "floods"
/// name = { ar = "السيول", en = "Floods" }
/// [[terms]]
/// role = "core"
/// weight = 3.0
/// why = "names the event"
/// list = ["السيول الجارفة", "فيضان"]
/// "#)?;
/// assert_eq!(lexicon.stamp().terms, 2);
/// # Ok::<(), rasd::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Lexicon {
    file: String,
    stamp: LexiconStamp,
    pub(crate) body: Body,
    warnings: Vec<Diagnostic>,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Topic(Box<TopicFile>),
    Entities(Box<EntityFile>),
    Layout(Box<LayoutFile>),
    Language(Box<LanguageFile>),
}

impl Lexicon {
    /// Reads a lexicon from TOML; `name` is what messages call the file.
    ///
    /// # Errors
    /// Every syntax error, unknown key, bad weight, empty or repeated term ... of the file, each with line and column.
    pub fn from_toml(name: &str, source: &str) -> Result<Lexicon, Error> {
        let mut findings = Findings::new(name, source);
        let body = read(source, &mut findings);
        match body {
            Some((id, version, body)) if !findings.has_errors() => Ok(Lexicon {
                file: name.to_owned(),
                stamp: LexiconStamp {
                    id,
                    version,
                    hash: fingerprint(source.as_bytes()),
                    terms: match &body {
                        Body::Topic(t) => t.terms(),
                        Body::Entities(e) => e.terms(),
                        Body::Layout(l) => l.terms(),
                        Body::Language(l) => l.terms(),
                    },
                },
                body,
                warnings: findings.list,
            }),
            _ => Err(Error::new(findings.list)),
        }
    }

    /// Reads a lexicon file.
    ///
    /// # Errors
    /// As [`from_toml`](Self::from_toml), and where the file cannot be read, is not a regular file, is too large or is not UTF-8.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Lexicon, Error> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let fail = |code, message: String, help: &str| {
            let mut findings = Findings::new(&name, "");
            findings.error(code, Place::default(), message, help);
            Err(Error::new(findings.list))
        };
        // Asked before the file is opened: reading /dev/zero or a pipe would never end.
        match std::fs::metadata(path) {
            Err(e) => return fail("L016", format!("cannot be read: {e}"), ""),
            Ok(m) if !m.is_file() => return fail("L016", "is not a regular file".into(), ""),
            Ok(m) if m.len() > MAX_FILE_BYTES as u64 => {
                return fail(
                    "L009",
                    format!("has {} bytes, the limit is {MAX_FILE_BYTES}", m.len()),
                    "split it",
                );
            }
            Ok(_) => {}
        }
        match std::fs::read(path) {
            Err(e) => fail("L016", format!("cannot be read: {e}"), ""),
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(source) => Lexicon::from_toml(&name, &source),
                Err(e) => fail(
                    "L017",
                    format!(
                        "is not UTF-8: first bad byte at {}",
                        e.utf8_error().valid_up_to()
                    ),
                    "save it as UTF-8 (Windows-1256 is not read)",
                ),
            },
        }
    }

    /// Id, version and hash.
    pub fn stamp(&self) -> &LexiconStamp {
        &self.stamp
    }

    /// The name the file was given.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The terms as written and the ids of the rules, in the order of the file.
    pub fn terms(&self) -> Vec<&str> {
        match &self.body {
            Body::Topic(file) => {
                let terms = file
                    .groups
                    .iter()
                    .flat_map(|g| &g.terms)
                    .map(|t| t.value.as_str());
                terms
                    .chain(file.rules.iter().map(|r| r.id.as_str()))
                    .collect()
            }
            Body::Entities(file) => file
                .groups
                .iter()
                .flat_map(|g| &g.names)
                .map(|t| t.value.as_str())
                .collect(),
            Body::Layout(file) => file
                .groups
                .iter()
                .flat_map(|g| &g.list)
                .map(String::as_str)
                .collect(),
            Body::Language(_) => Vec::new(),
        }
    }

    /// What is allowed but probably not meant: a set that no rule uses, a group without a reason ...
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }
}

/// 64-bit FNV-1a.
pub(crate) fn fingerprint(bytes: &[u8]) -> String {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for &b in bytes {
        h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{h:016x}")
}

fn read(source: &str, findings: &mut Findings) -> Option<(String, String, Body)> {
    if source.len() > MAX_FILE_BYTES {
        let message = format!("has {} bytes, the limit is {MAX_FILE_BYTES}", source.len());
        findings.error("L009", Place::default(), message, "split it");
        return None;
    }
    let tree = reader::parse(source, findings)?;
    let top = Table::new(tree.get_ref(), "the file", Place { line: 1, column: 1 });
    match top.number(findings, "format") {
        Some(f) if f.value == FORMAT => {}
        Some(f) => findings.error(
            "L004",
            f.place,
            format!("format {} is not known", f.value),
            "this version of rasd reads format 1",
        ),
        None => {
            if !top.has("format") {
                top.missing(findings, "format");
            }
        }
    }
    let version = top
        .required(findings, "version")
        .map(|v| v.value)
        .unwrap_or_default();
    if top.has("topic") {
        let file = topic_file::read(&top, findings)?;
        Some((file.id.clone(), version, Body::Topic(Box::new(file))))
    } else if top.has("entities") {
        let file = entity_file::read(&top, findings)?;
        Some((file.id.clone(), version, Body::Entities(Box::new(file))))
    } else if top.has("layout") {
        let file = layout_file::read(&top, findings)?;
        Some((file.id.clone(), version, Body::Layout(Box::new(file))))
    } else if top.has("language") {
        let file = language_file::read(&top, findings)?;
        Some((file.id.clone(), version, Body::Language(Box::new(file))))
    } else {
        findings.error(
            "L002",
            top.place,
            "the file has no [topic], [entities], [layout] or [language]",
            "say what it is",
        );
        None
    }
}

/// An id: small Latin letters, digits, hyphens.
pub(crate) fn check_id(findings: &mut Findings, id: &reader::Placed<String>) {
    let ok = !id.value.is_empty()
        && id.value.len() <= 64
        && id
            .value
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !ok {
        findings.error(
            "L014",
            id.place,
            format!("an id is 1 to 64 of a-z, 0-9 and -: {:?}", id.value),
            "",
        );
    }
}

/// A weight in (0, 10].
pub(crate) fn check_weight(findings: &mut Findings, weight: &reader::Placed<f64>, zero: bool) {
    let low = if zero {
        weight.value >= 0.0
    } else {
        weight.value > 0.0
    };
    if !(low && weight.value <= 10.0) {
        findings.error(
            "L005",
            weight.place,
            if weight.value.abs() > 1e6 {
                format!("weight must be between 0 and 10, found {:e}", weight.value)
            } else {
                format!("weight must be between 0 and 10, found {}", weight.value)
            },
            "a term that names the subject is 3, a supporting word is 1",
        );
    }
}

/// How many of the characters are letters that stay letters in every normal form, counted up to `limit`.
fn lasting_letters(text: &str, limit: usize) -> usize {
    let letters = text.chars().filter(|c| matches!(c, 'ء'..='غ' | 'ف'..='ي'));
    letters.take(limit).count()
}

/// Counts the words of a term and refuses what could never or always match.
pub(crate) fn check_term(findings: &mut Findings, term: &reader::Placed<String>) -> bool {
    let before = findings.list.len();
    let text = term.value.trim();
    let words = text.split_whitespace().count();
    if term.value.len() > MAX_TERM_BYTES {
        let message = format!(
            "term has {} bytes, the limit is {MAX_TERM_BYTES}",
            term.value.len()
        );
        findings.error("L008", term.place, message, "");
    } else if words > MAX_TERM_WORDS {
        let message = format!("term has {words} words, the limit is {MAX_TERM_WORDS}: {text}");
        findings.error(
            "L008",
            term.place,
            message,
            "a rule says the same with fewer words",
        );
    } else {
        let letters = match lasting_letters(text, 3) {
            3 => 3,
            _ => crate::normalize::Normalizer::new()
                .normalize(text)
                .as_str()
                .chars()
                .filter(|c| c.is_alphanumeric())
                .count(),
        };
        let bare = text.trim_start_matches(['و', 'ف', 'ب', 'ل', 'ك']);
        if letters == 0 {
            findings.error(
                "L007",
                term.place,
                format!("term has no letters: {text:?}"),
                "",
            );
        } else if words == 1 && (letters == 1 || bare == "ال" || letters == 2 && bare.is_empty())
        {
            findings.error(
                "L007",
                term.place,
                format!("term is only a letter or clitics and would match everywhere: {text}"),
                "write the whole word",
            );
        }
    }
    findings.list[before..]
        .iter()
        .all(|d| d.severity != Severity::Error)
}

/// Words that stand in every text, levelled as by [`Normalizer::key`](crate::Normalizer::key).
const EVERYWHERE: [&str; 42] = [
    "من",
    "في",
    "علي",
    "الي",
    "عن",
    "مع",
    "ان",
    "لا",
    "ما",
    "لم",
    "لن",
    "قد",
    "او",
    "ام",
    "ثم",
    "بل",
    "هو",
    "هي",
    "هم",
    "هذا",
    "هذه",
    "ذلك",
    "تلك",
    "الذي",
    "التي",
    "الذين",
    "كان",
    "كانت",
    "كل",
    "بعد",
    "قبل",
    "بين",
    "عند",
    "حتي",
    "منذ",
    "كما",
    "اي",
    "غير",
    "ايضا",
    "حيث",
    "لكن",
    "اذا",
];

/// Refuses a term that is a word of grammar alone: it would be found in every text. Lists of rules may hold one.
pub(crate) fn check_common(findings: &mut Findings, term: &reader::Placed<String>) {
    // None of them has more than five letters.
    if lasting_letters(&term.value, 6) == 6 {
        return;
    }
    let key = crate::normalize::match_key(&term.value);
    let word = key.trim();
    if EVERYWHERE.contains(&word) {
        findings.error(
            "L007",
            term.place,
            format!(
                "term is a word of grammar and would match everywhere: {}",
                term.value
            ),
            "in a rule it may stand beside other words",
        );
    }
}
