//! The slow, obvious matcher, and random lexicons and texts for it. The fuzz target `matcher` includes this file too.

use std::collections::BTreeSet;

use rasd::{
    Lexicon, Normalizer, Scratch, SegmentKind, Span, Tagger, TokenKind, TokenScratch, Tokenizer,
};

/// Where decisions come from: dice, or the bytes of a fuzzer.
pub trait Choice {
    /// A number below `n`, which is not 0.
    fn below(&mut self, n: usize) -> usize;

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// Words that share lemmas, bases, prefixes; words of grammar, numbers, names.
const WORDS: &[&str] = &[
    "مهاجر",
    "مهاجرين",
    "المهاجرون",
    "مهاجرات",
    "للمهاجرين",
    "والمهاجرين",
    "بالمهاجرين",
    "هجرة",
    "الهجرة",
    "هجرتهم",
    "غير",
    "شرعية",
    "الشرعية",
    "شرعي",
    "الشرعيين",
    "بالبشر",
    "البشر",
    "بشر",
    "الاتجار",
    "اتجار",
    "والاتجار",
    "تجارة",
    "قارب",
    "قوارب",
    "القوارب",
    "بقارب",
    "قاربهم",
    "غرق",
    "غرقت",
    "الغرق",
    "في",
    "من",
    "البحر",
    "بحر",
    "بحرا",
    "أمن",
    "الأمن",
    "امن",
    "على",
    "علي",
    "مجلس",
    "2024",
    "40",
    "تونس",
    "شبكة",
    "شبكات",
    "وشبكة",
    "لشبكة",
    "كشبكة",
    "تهريب",
    "التهريب",
    "مهرب",
    "مهربين",
    "ومهربو",
    "COVID",
    "كتاب",
    "وكتاب",
    "كتبت",
    "وكتب",
    "لكتابهم",
];
const GAPS: &[&str] = &[
    " ", " ", " ", " ", " ", "  ", "، ", ". ", " «", "» ", " \"", " (", " - ", "؛ ", "\t",
];
const LEVELS: [&str; 3] = ["lemma", "word", "exact"];

/// A word as terms see it.
#[derive(Clone, Debug)]
struct Unit {
    span: Span,
    lemma: String,
    base: String,
    exact: String,
    /// As written behind what stands in front; empty where nothing does.
    behind: String,
    clitics: (bool, Option<char>),
    known: bool,
    /// No term reaches over what stands before it.
    breaks: bool,
}

fn key(text: &str) -> String {
    Normalizer::key().normalize(text).as_str().to_owned()
}

fn units(tokenizer: &Tokenizer, text: &str) -> Vec<Unit> {
    let mut scratch = TokenScratch::new();
    let mut out = Vec::new();
    let mut breaks = true;
    for token in tokenizer.tokenize(text, &mut scratch).iter() {
        match token.kind() {
            TokenKind::Word | TokenKind::Number => {
                let segments: Vec<_> = token.segments().collect();
                let is_base = |s: &rasd::Segment<'_>| s.kind == SegmentKind::Base;
                let from = segments.iter().position(is_base).unwrap_or(0);
                let to = segments
                    .iter()
                    .rposition(is_base)
                    .map_or(segments.len(), |i| i + 1);
                let base: String = segments[from..to].iter().map(|s| s.text).collect();
                let in_front = |s: &&rasd::Segment<'_>| {
                    matches!(s.kind, SegmentKind::Conjunction | SegmentKind::Preposition)
                };
                let letters = |s: &rasd::Segment<'_>| key(s.text).len();
                let cut: usize = segments.iter().take_while(in_front).map(letters).sum();
                let mut behind = String::new();
                if cut > 0 {
                    let opened = segments.iter().find(|s| !in_front(s));
                    let opened = opened.is_some_and(|s| {
                        s.kind == SegmentKind::Article && key(s.text).chars().count() == 1
                    });
                    behind.push_str(if opened { "ا" } else { "" });
                    behind.push_str(token.norm().get(cut..).unwrap_or(""));
                }
                let conjunction = segments.iter().any(|s| s.kind == SegmentKind::Conjunction);
                let preposition = segments
                    .iter()
                    .filter(|s| s.kind == SegmentKind::Preposition)
                    .filter_map(|s| s.text.chars().next())
                    .rfind(|c| matches!(c, 'ب' | 'ل' | 'ك'));
                out.push(Unit {
                    span: token.span(),
                    lemma: key(token.lemma()),
                    base: key(&base),
                    exact: token.norm().to_owned(),
                    behind,
                    clitics: (conjunction, preposition),
                    known: token.is_known() || token.kind() != TokenKind::Word,
                    breaks,
                });
                breaks = false;
            }
            TokenKind::Punctuation if matches!(token.text(), "\"" | "«" | "»") => {}
            _ => breaks = true,
        }
    }
    out
}

struct Term {
    level: usize,
    units: Vec<Unit>,
    block: bool,
}

/// What a word is to terms that are matched exactly: itself where one of them has it, else what stands behind its clitics.
fn as_written<'u>(terms: &[Term], unit: &'u Unit) -> &'u str {
    let mut words = terms.iter().filter(|t| t.level == 2).flat_map(|t| &t.units);
    if unit.behind.is_empty() || words.any(|w| w.exact == unit.exact) {
        &unit.exact
    } else {
        &unit.behind
    }
}

/// A word that nobody knows but a term has is found behind clitics.
fn strangers(terms: &[Term], text: &mut [Unit]) {
    for unit in text.iter_mut().filter(|u| !u.known && !u.exact.is_ascii()) {
        let is_in_a_term = |u: &Unit| {
            terms.iter().any(|t| {
                t.units.iter().any(|w| match t.level {
                    0 => w.lemma == u.lemma || w.base == u.base && u.base.chars().count() > 2,
                    1 => w.base == u.base,
                    _ => w.exact == as_written(terms, u),
                })
            })
        };
        if is_in_a_term(unit) {
            continue;
        }
        for conjunction in ["", "و", "ف"] {
            for (preposition, article) in [
                ("", ""),
                ("ب", ""),
                ("ل", ""),
                ("ك", ""),
                ("", "ال"),
                ("ل", "ل"),
                ("ب", "ال"),
                ("ك", "ال"),
            ] {
                let prefix = format!("{conjunction}{preposition}{article}");
                let Some(rest) = unit.exact.strip_prefix(prefix.as_str()) else {
                    continue;
                };
                let found = Unit {
                    lemma: String::new(),
                    base: key(rest),
                    exact: String::new(),
                    behind: String::new(),
                    clitics: (!conjunction.is_empty(), preposition.chars().next()),
                    ..unit.clone()
                };
                if !prefix.is_empty() && rest.chars().count() >= 3 && is_in_a_term(&found) {
                    *unit = found;
                    break;
                }
            }
            if unit.exact.is_empty() {
                break;
            }
        }
    }
}

/// Whether `term` stands in `text` from unit `at` on.
fn stands(term: &Term, terms: &[Term], text: &[Unit], at: usize) -> bool {
    term.units.iter().enumerate().all(|(i, wanted)| {
        let Some(found) = text.get(at + i) else {
            return false;
        };
        let same = match term.level {
            // A form of a term's word is that word, also where alone it is read as another lemma.
            0 => {
                wanted.lemma == found.lemma
                    || found.base.chars().count() > 2
                        && terms.iter().filter(|t| t.level == 0).any(|t| {
                            t.units
                                .iter()
                                .any(|u| u.base == found.base && u.lemma == wanted.lemma)
                        })
            }
            1 => wanted.base == found.base,
            _ => wanted.exact == as_written(terms, found),
        };
        // Clitics of the first word are free; a word written exactly has its own.
        let agree = match term.level {
            _ if i == 0 => true,
            2 => wanted.exact == found.exact,
            _ => wanted.clitics == found.clitics,
        };
        same && agree && (i == 0 || !found.breaks)
    })
}

/// Spans of the evidence: hits inside no block and inside no longer hit.
fn oracle(terms: &[Term], text: &[Unit]) -> BTreeSet<Span> {
    let mut hits: Vec<(usize, usize)> = Vec::new();
    let mut blocks: Vec<(usize, usize)> = Vec::new();
    for at in 0..text.len() {
        for term in terms {
            if stands(term, terms, text, at) {
                let list = if term.block { &mut blocks } else { &mut hits };
                list.push((at, at + term.units.len()));
            }
        }
    }
    let inside = |(a, b): (usize, usize), (c, d): (usize, usize)| c <= a && b <= d;
    hits.iter()
        .filter(|&&h| !blocks.iter().any(|&b| inside(h, b)))
        .filter(|&&h| !hits.iter().any(|&o| o != h && inside(h, o)))
        .map(|&(first, end)| Span::new(text[first].span.start, text[end - 1].span.end))
        .collect()
}

fn phrase(dice: &mut impl Choice) -> Vec<&'static str> {
    // Short ones are more common: they hit more.
    let words = [1, 1, 2, 2, 2, 3, 4][dice.below(7)];
    (0..words).map(|_| dice.of(WORDS)).collect()
}

/// A random lexicon, and the tagger that reads with it.
pub struct Case {
    source: String,
    phrases: Vec<Vec<&'static str>>,
    terms: Vec<Term>,
    tokenizer: Tokenizer,
    tagger: Tagger,
}

impl Case {
    pub fn new(dice: &mut impl Choice) -> Case {
        let tokenizer = Tokenizer::new();
        let mut source = String::from(
            "format = 1\nversion = \"1\"\n[topic]\nid = \"t\"\nname = { ar = \"ا\", en = \"a\" }\n",
        );
        let mut phrases: Vec<Vec<&str>> = Vec::new();
        let mut terms = Vec::new();
        let mut seen = BTreeSet::new();
        for i in 0..12 {
            let words = phrase(dice);
            let text = words.join(" ");
            // A word of grammar alone is refused, and so is the same term twice.
            let refused =
                words.len() == 1 && matches!(words[0], "في" | "من" | "على" | "علي" | "غير");
            if refused || !seen.insert(key(&text)) {
                continue;
            }
            let (block, level) = if i > 9 {
                (true, 0)
            } else {
                (false, dice.below(3))
            };
            if block {
                source.push_str(&format!("[[block]]\nwhy = \"w\"\nlist = [\"{text}\"]\n"));
            } else {
                let level = LEVELS[level];
                source.push_str(&format!(
                    "[[terms]]\nrole = \"core\"\nweight = {}\nmatch = \"{level}\"\nwhy = \"w\"\nlist = [\"{text}\"]\n",
                    1 + i % 3
                ));
            }
            terms.push(Term {
                level,
                units: units(&tokenizer, &text),
                block,
            });
            phrases.push(words);
        }
        let lexicon = Lexicon::from_toml("random.toml", &source).unwrap();
        let tagger = Tagger::builder()
            .without_embedded()
            .lexicon(lexicon)
            .build()
            .unwrap();
        Case {
            source,
            phrases,
            terms,
            tokenizer,
            tagger,
        }
    }

    /// A text of words, terms and all but the last word of terms, some behind clitics, some with marks.
    pub fn text(&self, dice: &mut impl Choice) -> String {
        let mut text = String::new();
        for _ in 0..1 + dice.below(30) {
            match dice.below(4) {
                0 => text.push_str(dice.of(WORDS)),
                n if !self.phrases.is_empty() => {
                    let words = &self.phrases[dice.below(self.phrases.len())];
                    let keep = words.len() - usize::from(n == 1 && words.len() > 1);
                    for (i, word) in words[..keep].iter().enumerate() {
                        if i > 0 {
                            text.push_str(if dice.below(8) == 0 {
                                dice.of(GAPS)
                            } else {
                                " "
                            });
                        } else if dice.below(4) == 0 {
                            text.push_str(dice.of(&["و", "ب", "ل", "ك", "ف", "ال"]));
                        }
                        if dice.below(8) == 0 {
                            // Spelt otherwise, and still the same word.
                            let mark =
                                dice.of(&["\u{64E}", "\u{640}", "\u{200D}", "\u{651}\u{650}"]);
                            let (first, rest) =
                                word.split_at(word.chars().next().map_or(0, char::len_utf8));
                            text.extend([first, mark, rest]);
                        } else {
                            text.push_str(word);
                        }
                    }
                }
                _ => {}
            }
            text.push_str(dice.of(GAPS));
        }
        // Long enough that no page layout takes it for a label.
        text.push_str(" ثم عاد الرجل مساء أمس إلى بيته الكبير قرب الجبل الأخضر وجلس ينظر طويلا.");
        text
    }

    /// Compares the two matchers over `text`; how many spans they found, and how many blocks.
    pub fn check(&self, text: &str, scratch: &mut Scratch) -> (usize, usize) {
        let mut read = units(&self.tokenizer, text);
        strangers(&self.terms, &mut read);
        let wanted = oracle(&self.terms, &read);
        let a = self.tagger.analyze(text, scratch);
        let found: BTreeSet<Span> = a
            .topics_of(0)
            .flat_map(|t| t.evidence().map(|e| e.span).collect::<Vec<_>>())
            .collect();
        assert_eq!(found, wanted, "lexicon:\n{}\ntext: {text}", self.source);
        (found.len(), a.blocked_of(0).count())
    }
}
