//! Wires the steps in order.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::analysis::Analysis;
use crate::document::{self, Document};
use crate::entity::Entities;
use crate::error::{Diagnostic, Error, Severity};
use crate::keyword::Keywords;
use crate::lexicon::{Body, Lexicon, LexiconStamp, embedded};
use crate::matcher;
use crate::morph::Morphology;
use crate::page::Layout;
use crate::report::Report;
use crate::scratch::Scratch;
use crate::tokenizer::Tokenizer;
use crate::topic::{self, Topics};

/// What a tagger knows; never changes once built.
#[derive(Debug)]
pub(crate) struct Inner {
    id: u64,
    pub morphology: &'static Morphology,
    pub layout: Layout,
    pub topics: Topics,
    pub entities: Entities,
    pub keywords: Keywords,
    pub stamps: Vec<LexiconStamp>,
    tokenizer: Tokenizer,
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
    /// The tagger over the shipped lexicons; they are compiled once a process.
    pub fn new() -> Tagger {
        static DEFAULT: OnceLock<Arc<Inner>> = OnceLock::new();
        let inner = DEFAULT.get_or_init(|| {
            // Tests prove that the shipped files compile; were one broken, the others would still serve.
            Arc::new(compile(
                &embedded::topics().iter().collect::<Vec<_>>(),
                TaggerBuilder::new().max_keywords,
            ))
        });
        Tagger::from_inner(inner.clone())
    }

    /// The default tagger with another recogniser of names: for training.
    #[cfg(feature = "train")]
    pub(crate) fn with_entities(entities: Entities) -> Tagger {
        let mut inner = compile(
            &embedded::topics().iter().collect::<Vec<_>>(),
            TaggerBuilder::new().max_keywords,
        );
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
            &mut scratch.story_words,
        );
        let document = Document {
            text,
            page: &scratch.page,
            tokens: &scratch.text.tokens,
            sentences: &scratch.text.sentences,
            words: &scratch.text.words,
            units: &scratch.units,
            positions: &scratch.positions,
            story_words: &scratch.story_words,
            morphology: inner.morphology,
        };
        inner
            .topics
            .matcher
            .find(document.words, document.units, &mut scratch.topic_hits);
        inner
            .topics
            .score(&document, &scratch.topic_hits.hits, &mut scratch.topics);
        inner.entities.find(&document, &mut scratch.entities);
        inner
            .keywords
            .extract(&document, &scratch.entities.found, &mut scratch.keywords);
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

    /// Bytes of the compiled lexicons.
    pub fn memory_usage(&self) -> usize {
        self.inner.topics.matcher.memory_usage()
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
    max_keywords: usize,
    examples: bool,
}

impl TaggerBuilder {
    fn new() -> TaggerBuilder {
        TaggerBuilder {
            lexicons: Vec::new(),
            embedded: true,
            max_keywords: 10,
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
        self.max_keywords = count;
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
        let mut all: Vec<&Lexicon> = Vec::new();
        if self.embedded {
            all.extend(embedded::topics());
        }
        all.extend(&self.lexicons);
        let tagger = Tagger::from_inner(Arc::new(compile(&all, self.max_keywords)));
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
                .filter(|t| score(t) < 0.5)
                .map(|t| (t, "must be assigned"));
            let wrong = example
                .reject
                .iter()
                .filter(|t| score(t) >= 0.5)
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

fn compile(lexicons: &[&Lexicon], max_keywords: usize) -> Inner {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let morphology = Morphology::embedded();
    let files: Vec<_> = lexicons
        .iter()
        .filter_map(|l| match &l.body {
            Body::Topic(file) => Some(&**file),
            Body::Entities(_) | Body::Layout(_) => None,
        })
        .collect();
    Inner {
        id: NEXT.fetch_add(1, Ordering::Relaxed),
        morphology,
        layout: embedded::layout(),
        topics: topic::compile(&files, morphology),
        entities: Entities::default(),
        keywords: Keywords {
            count: max_keywords,
        },
        stamps: lexicons.iter().map(|l| l.stamp().clone()).collect(),
        tokenizer: Tokenizer::new(),
    }
}
