//! Wires the steps in order.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::analysis::Analysis;
use crate::brief;
use crate::document::{self, Document};
use crate::entity::Entities;
use crate::entity::own::OwnNames;
use crate::error::{Diagnostic, Error, Severity};
use crate::keyword::background::Background;
use crate::keyword::{KeywordKind, Keywords};
use crate::lexicon::reader::{Place, Placed};
use crate::lexicon::topic_file::{Level, TopicFile};
use crate::lexicon::{Body, Lexicon, LexiconStamp, embedded};
use crate::matcher;
use crate::measure::MeasureWords;
use crate::morph::Morphology;
use crate::page::Layout;
use crate::report::Report;
use crate::scratch::Scratch;
use crate::tokenizer::{TokenScratch, Tokenizer};
use crate::topic::{self, Topics};

/// What a tagger knows; never changes once built.
#[derive(Debug)]
pub(crate) struct Inner {
    id: u64,
    pub morphology: &'static Morphology,
    pub layout: Layout,
    pub measures: Arc<MeasureWords>,
    pub topics: Topics,
    pub entities: Entities,
    pub keywords: Keywords,
    pub stamps: Vec<LexiconStamp>,
    tokenizer: Tokenizer,
}

impl Inner {
    /// Asks every stage about the words that are new since the last text.
    fn learn(&self, scratch: &mut Scratch) {
        let words = &scratch.text.words;
        let (renumbered, new) = scratch.briefs.fit(words);
        let known = words.len() - new.len();
        words.fetch_stems(known);
        let keys = brief::put(new, |brief, keys| brief.keys = keys);
        let hits = &mut scratch.topic_hits;
        self.topics.matcher.learn(words, &renumbered, hits, keys);
        let starts = brief::put(new, |brief, start| brief.start = start);
        let figures = &mut scratch.figures;
        figures.learn(words, &renumbered, &self.measures, starts);
        let doubt = brief::put(new, |brief, doubt| brief.doubt = doubt);
        topic::learn_doubt(words, known, doubt);
        let looks = brief::put(new, |brief, (looks, row)| {
            (brief.looks, brief.row) = (looks, row);
        });
        let entities = &mut scratch.entities;
        self.entities.learn(words, &renumbered, entities, looks);
        let classes = brief::put(new, |brief, class| brief.class = class);
        self.keywords
            .learn(words, known, &mut scratch.keywords, classes);
    }
}

/// Reads Arabic news and says what it is about.
///
/// Immutable, `Send + Sync`, cheap to clone. Building one may fail, tagging never does.
///
/// ```
/// let tagger = rasd::Tagger::new();
/// let report = tagger.tag("أحبط خفر السواحل محاولة للهجرة غير الشرعية، وأنقذ 40 مهاجرا من قارب مطاطي.");
/// assert_eq!(report.topics[0].id, "irregular-migration");
/// ```
#[derive(Clone)]
pub struct Tagger {
    pub(crate) inner: Arc<Inner>,
    pool: Arc<Mutex<Vec<Scratch>>>,
}

/// Scratches kept for [`Tagger::tag`].
const POOL: usize = 64;

impl fmt::Debug for Tagger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tagger")
            .field("lexicons", &self.inner.stamps)
            .finish_non_exhaustive()
    }
}

impl Default for Tagger {
    fn default() -> Self {
        Tagger::new()
    }
}

impl Tagger {
    /// The tagger over the shipped lexicons; their tables are read once a process, in one to four milliseconds.
    pub fn new() -> Tagger {
        static DEFAULT: OnceLock<Arc<Inner>> = OnceLock::new();
        let inner = DEFAULT.get_or_init(|| {
            // Tests prove that the shipped files compile; were one broken, the others would still serve.
            Arc::new(compile(true, &[], Keywords::default()))
        });
        Tagger::from_inner(inner.clone())
    }

    /// The default tagger with another recogniser of names: for training.
    #[cfg(feature = "train")]
    pub(crate) fn with_entities(entities: Entities) -> Tagger {
        let mut inner = compile(true, &[], Keywords::default());
        inner.entities = entities;
        Tagger::from_inner(Arc::new(inner))
    }

    fn from_inner(inner: Arc<Inner>) -> Tagger {
        Tagger {
            inner,
            pool: Arc::default(),
        }
    }

    /// A tagger of your own: more lexicons, or others.
    pub fn builder() -> TaggerBuilder {
        TaggerBuilder::new()
    }

    /// The report on a text: a page, an article, a headline. Never fails, whatever the text is.
    pub fn tag(&self, text: &str) -> Report {
        let mut scratch = self
            .pool
            .lock()
            .ok()
            .and_then(|mut p| p.pop())
            .unwrap_or_default();
        let report = self.analyze(text, &mut scratch).to_report();
        if let Ok(mut pool) = self.pool.lock()
            && pool.len() < POOL
        {
            pool.push(scratch);
        }
        report
    }

    /// [`tag`](Self::tag) for many texts on all cores; the reports come in the order of the texts.
    ///
    /// ```
    /// let tagger = rasd::Tagger::new();
    /// let reports = tagger.tag_all(&["خبر أول", "خبر ثان"]);
    /// assert_eq!(reports.len(), 2);
    /// ```
    #[cfg(feature = "rayon")]
    pub fn tag_all<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Vec<Report> {
        use rayon::prelude::*;
        texts.par_iter().map(|t| self.tag(t.as_ref())).collect()
    }

    /// The same as [`tag`](Self::tag) as a view that borrows everything: allocates nothing once `scratch` is warm.
    pub fn analyze<'a>(&'a self, text: &'a str, scratch: &'a mut Scratch) -> Analysis<'a> {
        let inner = &*self.inner;
        let whole = text;
        let text = crate::span::clip(text);
        scratch.begin(inner.id, text.len());
        scratch.text.fill(text, inner.morphology);
        inner.layout.split(text, &mut scratch.page);
        matcher::units(
            text,
            &scratch.text.tokens,
            &mut scratch.text.words,
            inner.morphology,
            &mut scratch.units,
        );
        document::place(
            &scratch.page,
            &scratch.text.tokens,
            &scratch.text.sentences,
            &scratch.units,
            &mut scratch.positions,
            &mut scratch.runs,
            &mut scratch.story_words,
        );
        inner.learn(scratch);
        scratch.deal();
        let document = Document {
            text,
            tokens: &scratch.text.tokens,
            sentences: &scratch.text.sentences,
            words: &scratch.text.words,
            units: &scratch.units,
            positions: &scratch.positions,
            runs: &scratch.runs,
            story_words: &scratch.story_words,
        };
        let hits = &mut scratch.topic_hits;
        inner.topics.matcher.find(document.units, hits);
        inner
            .topics
            .score(&document, &scratch.topic_hits.hits, &mut scratch.topics);
        scratch.figures.read(&document, &inner.measures);
        let row = |word: u32| &scratch.briefs.of(word).row;
        inner.entities.find(&document, row, &mut scratch.entities);
        inner.keywords.extract(
            &document,
            &scratch.topics,
            &scratch.entities.found,
            &mut scratch.keywords,
        );
        Analysis {
            text,
            truncated: text.len() < whole.len(),
            inner,
            scratch,
        }
    }

    /// The tokenizer this tagger reads with.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.inner.tokenizer
    }

    /// The lexicons in use, in the order of their files.
    pub fn lexicons(&self) -> &[LexiconStamp] {
        &self.inner.stamps
    }

    /// Bytes of the compiled topics (terms, rules and what finds them) and of what knows names.
    pub fn memory_usage(&self) -> usize {
        self.inner.topics.memory_usage() + self.inner.entities.memory_usage()
    }
}

/// Builds a [`Tagger`] from the shipped lexicons and your own.
///
/// ```
/// use rasd::{Lexicon, Tagger};
/// let floods = Lexicon::from_toml("floods.toml", r#"
/// format = 1
/// version = "1"
/// [topic]
/// id = "floods"
/// name = { ar = "السيول", en = "Floods" }
/// [[terms]]
/// role = "core"
/// weight = 3.0
/// why = "names the event"
/// list = ["السيول الجارفة"]
/// "#)?;
/// let tagger = Tagger::builder().lexicon(floods).build()?;
/// assert_eq!(tagger.tag("وجرفت سيول جارفة عشرات البيوت").topics[0].id, "floods");
/// # Ok::<(), rasd::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TaggerBuilder {
    lexicons: Vec<Lexicon>,
    embedded: bool,
    keywords: Keywords,
    examples: bool,
}

impl TaggerBuilder {
    fn new() -> TaggerBuilder {
        TaggerBuilder {
            lexicons: Vec::new(),
            embedded: true,
            keywords: Keywords::default(),
            examples: false,
        }
    }

    /// Adds a lexicon. Files are layered: one with the id of an earlier topic adds to it, and a term that both have
    /// takes the later weight (0 takes it out).
    pub fn lexicon(&mut self, lexicon: Lexicon) -> &mut TaggerBuilder {
        self.lexicons.push(lexicon);
        self
    }

    /// Leaves out the shipped topics.
    pub fn without_embedded(&mut self) -> &mut TaggerBuilder {
        self.embedded = false;
        self
    }

    /// How many keywords a story gets at most; 10 unless said otherwise.
    pub fn max_keywords(&mut self, count: usize) -> &mut TaggerBuilder {
        self.keywords.wanted.count = count;
        self
    }

    /// Leaves out keywords with a lower score; 0 to 1, 0 unless said otherwise.
    pub fn min_keyword_score(&mut self, least: f32) -> &mut TaggerBuilder {
        self.keywords.wanted.least = least;
        self
    }

    /// Only keywords of these kinds; all unless said otherwise.
    pub fn keyword_kinds(&mut self, kinds: &[KeywordKind]) -> &mut TaggerBuilder {
        for kind in [KeywordKind::Concept, KeywordKind::Name, KeywordKind::Place] {
            if let Some(wanted) = self.keywords.wanted.kinds.get_mut(kind as usize) {
                *wanted = kinds.contains(&kind);
            }
        }
        self
    }

    /// Adds words, in their dictionary form, with which no keyword begins or ends.
    pub fn keyword_stop_words<'w>(
        &mut self,
        words: impl IntoIterator<Item = &'w str>,
    ) -> &mut TaggerBuilder {
        for word in words {
            self.keywords.lists.stop(word);
        }
        self
    }

    /// Weights of your own, as the lines of `lexicons/keywords/weights.txt`; what is not there counts 0.
    #[doc(hidden)]
    pub fn keyword_weights(&mut self, lines: &str) -> &mut TaggerBuilder {
        self.keywords.model = crate::keyword::model::Model::parse(lines).0;
        self
    }

    /// Background frequencies of your own instead of the shipped ones of news.
    pub fn background(&mut self, background: Background) -> &mut TaggerBuilder {
        self.keywords.background = background;
        self
    }

    /// Also runs the `[[example]]` blocks of the added lexicons: a failed one is an error.
    pub fn check_examples(&mut self) -> &mut TaggerBuilder {
        self.examples = true;
        self
    }

    /// Compiles the lexicons.
    ///
    /// # Errors
    /// Where [`check_examples`](Self::check_examples) was asked for and an example fails.
    pub fn build(&self) -> Result<Tagger, Error> {
        let own: Vec<&Lexicon> = self.lexicons.iter().collect();
        check_numbers(self.embedded, &own)?;
        let inner = compile(self.embedded, &own, self.keywords.clone());
        let tagger = Tagger::from_inner(Arc::new(inner));
        if self.examples {
            let findings: Vec<_> = self
                .lexicons
                .iter()
                .flat_map(|l| tagger.run_examples(l))
                .collect();
            if !findings.is_empty() {
                return Err(Error::new(findings));
            }
        }
        Ok(tagger)
    }
}

impl Tagger {
    /// Runs the `[[example]]` blocks of a lexicon on this tagger: one finding for each that fails.
    pub fn run_examples(&self, lexicon: &Lexicon) -> Vec<Diagnostic> {
        let Body::Topic(file) = &lexicon.body else {
            return Vec::new();
        };
        let mut scratch = Scratch::new();
        let mut out = Vec::new();
        for example in &file.examples {
            let analysis = self.analyze(&example.text.value, &mut scratch);
            let score = |id: &str| analysis.score(id).unwrap_or(0.0);
            let missing = example
                .expect
                .iter()
                .filter(|t| score(t) < topic::DECISION)
                .map(|t| (t, "must be assigned"));
            let wrong = example
                .reject
                .iter()
                .filter(|t| score(t) >= topic::DECISION)
                .map(|t| (t, "must not be assigned"));
            for (topic, what) in missing.chain(wrong) {
                let evidence: Vec<String> = analysis
                    .evidence_of(topic)
                    .map(|e| format!("{} ({:+.1})", e.term, e.counted))
                    .collect();
                out.push(Diagnostic {
                    file: lexicon.file().to_owned(),
                    line: example.text.place.line,
                    column: example.text.place.column,
                    severity: Severity::Error,
                    code: "L013",
                    message: format!(
                        "example fails: {topic} {what}, its score is {:.2}: {}",
                        score(topic),
                        example.text.value
                    ),
                    help: Some(if evidence.is_empty() {
                        "no term was found".to_owned()
                    } else {
                        format!("found: {}", evidence.join("; "))
                    }),
                });
            }
        }
        out
    }
}

impl Tagger {
    /// What is odd about a topic file beside the rules of the format: terms of one role that reduce to the same words,
    /// and blocks without an example that shows them at work.
    pub fn lint(&self, lexicon: &Lexicon) -> Vec<Diagnostic> {
        let Body::Topic(file) = &lexicon.body else {
            return Vec::new();
        };
        let mut out = Vec::new();
        let mut warn = |place: Place, code, message: String, help: &str| {
            out.push(Diagnostic {
                file: lexicon.file().to_owned(),
                line: place.line,
                column: place.column,
                severity: Severity::Warning,
                code,
                message,
                help: Some(help.to_owned()),
            });
        };
        let mut scratch = TokenScratch::new();
        let mut stems = |text: &str| {
            let tokens = self.inner.tokenizer.tokenize(text, &mut scratch);
            let words: Vec<&str> = tokens.iter().map(|t| t.lemma()).collect();
            words.join(" ")
        };
        let mut seen: BTreeMap<String, &Placed<String>> = BTreeMap::new();
        for group in file.groups.iter().filter(|g| g.level == Level::Lemma) {
            for term in &group.terms {
                match seen.entry(stems(&term.value)) {
                    std::collections::btree_map::Entry::Occupied(first) => warn(
                        term.place,
                        "L021",
                        format!(
                            "term has the same lemmas as the one in line {} ({}): {}",
                            first.get().place.line,
                            first.get().value,
                            term.value
                        ),
                        "one entry finds both; keep the clearer one",
                    ),
                    std::collections::btree_map::Entry::Vacant(free) => {
                        free.insert(term);
                    }
                }
            }
        }
        let shown: Vec<String> = file
            .examples
            .iter()
            .map(|e| format!(" {} ", stems(&e.text.value)))
            .collect();
        for block in &file.blocks {
            let shows = |t: &Placed<String>| {
                let phrase = format!(" {} ", stems(&t.value));
                shown.iter().any(|text| text.contains(&phrase))
            };
            let mut terms = block.terms.iter();
            if !terms.any(shows) {
                warn(
                    block.place,
                    "L024",
                    "no example shows this block at work".into(),
                    "write an [[example]] with one of its phrases and what must be rejected",
                );
            }
        }
        if file.examples.is_empty() {
            warn(
                Place { line: 1, column: 1 },
                "L022",
                "the file has no [[example]]".into(),
                "examples are its tests",
            );
        }
        out
    }
}

/// The shipped markers, and those of the caller's own layout files.
fn layout(lexicons: &[&Lexicon]) -> Layout {
    let own = lexicons.iter().filter_map(|l| match &l.body {
        Body::Layout(file) => Some(&file.groups),
        _ => None,
    });
    let own: Vec<_> = own.flatten().cloned().collect();
    if own.is_empty() {
        return embedded::layout();
    }
    Layout::new(&[embedded::markers(), &own].concat())
}

/// The shipped words of number, date and measure, and those of the caller's own language files.
fn measures(lexicons: &[&Lexicon]) -> Arc<MeasureWords> {
    let own = lexicons.iter().filter_map(|l| match &l.body {
        Body::Language(file) => Some(&file.groups),
        _ => None,
    });
    let own: Vec<_> = own.flatten().cloned().collect();
    if own.is_empty() {
        return embedded::measure_words();
    }
    Arc::new(MeasureWords::new(&[embedded::measures(), &own].concat()))
}

/// Refuses lexicons with more topics, or a topic with more subtopics, than can be numbered.
fn check_numbers(shipped: bool, lexicons: &[&Lexicon]) -> Result<(), Error> {
    let shipped = if shipped { embedded::stamps().len() } else { 0 };
    let (of, files): (Vec<&Lexicon>, Vec<&TopicFile>) = lexicons
        .iter()
        .filter_map(|&l| match &l.body {
            Body::Topic(file) => Some((l, &**file)),
            _ => None,
        })
        .unzip();
    topic::check_numbers(shipped, &files).map_err(|(i, message)| {
        let finding = Diagnostic {
            file: of.get(i).map_or("", |l| l.file()).to_owned(),
            line: 1,
            column: 1,
            severity: Severity::Error,
            code: "L023",
            message,
            help: Some("put them into fewer files, or use several taggers".to_owned()),
        };
        Error::new(vec![finding])
    })
}

/// The shipped topics, already compiled, with one's own lexicons over them.
fn compile(shipped: bool, lexicons: &[&Lexicon], keywords: Keywords) -> Inner {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let morphology = Morphology::embedded();
    let files: Vec<_> = lexicons
        .iter()
        .filter_map(|l| match &l.body {
            Body::Topic(file) => Some(&**file),
            Body::Entities(_) | Body::Layout(_) | Body::Language(_) => None,
        })
        .collect();
    let own_names: Vec<_> = lexicons
        .iter()
        .filter_map(|l| match &l.body {
            Body::Entities(file) => Some(&**file),
            _ => None,
        })
        .collect();
    let base = shipped.then(|| Topics::unpack(&mut embedded::topics()));
    let base = base.flatten().unwrap_or_default();
    let stamps = if shipped { embedded::stamps() } else { &[] };
    let own = lexicons.iter().map(|l| l.stamp());
    Inner {
        id: NEXT.fetch_add(1, Ordering::Relaxed),
        morphology,
        layout: layout(lexicons),
        measures: measures(lexicons),
        topics: topic::compile(base, &files, morphology),
        entities: Entities {
            own: OwnNames::new(&own_names, morphology),
            ..Entities::default()
        },
        keywords,
        stamps: stamps.iter().chain(own).cloned().collect(),
        tokenizer: Tokenizer::new(),
    }
}
