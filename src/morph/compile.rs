//! Compiles the editable word lists into the tables: paradigms are generated, counts of raw text are shared out
//! among the analyses by expectation maximisation, and every frequent word gets its best analysis ready-made.

use super::analyse::{Candidate, Clitics, candidates};
use super::class::Class;
use super::entries::{
    Lemma, Lexicon, families, irregular_bases, lemmas_of_words, listed_lemmas, paradigms,
};
use super::estimate::{Estimate, Item, enc_shares, estimate, in_order, pro_shares};
use super::guess::{hypotheses, unexplained};
use super::index::index_forms;
use super::letters::{Letters, word_key};
use super::pack::{Costs, Strings, base_entry, cost, lay_out, pack, word_entry};
use super::source::{
    Annotated, Group, bare_alef, close, group, read_lemmas, read_words, settle, unify,
};
use super::table::Tables;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The texts of the lexicon files.
#[derive(Default)]
pub struct Sources {
    /// Analysed words (`words-*.tsv`), the more trusted first: word, segments, lemma, root, tag.
    pub words: Vec<(String, String)>,
    /// Closed classes: form, lemma, tag, class.
    pub closed: String,
    /// Lemmas with listed forms: lemma, root, tag, forms.
    pub lemmas: Vec<(String, String)>,
    /// Counts of surface words in raw text.
    pub counts: String,
    /// Index forms: kind, index form, lemmas.
    pub index: String,
}

/// Compiled tables and what was noticed on the way.
pub struct Compiled {
    /// Bytes for [`Tables::new`].
    pub bytes: Vec<u8>,
    /// Text for [`Tables::new`].
    pub text: String,
    /// Lines that could not be used, and figures.
    pub notes: Vec<String>,
}

/// Compiles the sources.
pub fn compile(src: &Sources) -> Compiled {
    let mut lex = Lexicon::default();
    let mut counts: HashMap<String, u64> = HashMap::new();
    let mut surface: Vec<(String, u64)> = Vec::new();
    for line in src.counts.lines() {
        if let Some((w, n)) = line.split_once('\t')
            && let (Ok(n), Some(_)) = (n.trim().parse::<u64>(), Letters::read(w))
        {
            counts.insert(w.to_string(), n);
            surface.push((w.to_string(), n));
        }
    }
    let mut words = read_words(&src.words, &mut lex.notes);
    close(&mut words, &src.closed);
    unify(&mut words, &counts);
    settle(&mut words, &counts);
    lemmas_of_words(&mut lex, &words, &src.closed, &counts);
    let list = read_lemmas(&src.lemmas, &mut lex.notes);
    let listed = listed_lemmas(&mut lex, list);
    let verb_forms = families(&mut lex, &listed);
    paradigms(&mut lex, &verb_forms, &listed);
    irregular_bases(&mut lex, &words);
    let total: f64 = surface.iter().map(|x| x.1 as f64).sum::<f64>() + words.len() as f64;
    let items = items(&surface, &words);
    let explained = estimate(&mut lex, &words, &items, 3, total).and_then(|first| {
        let strange = unexplained(&lex, &items, &first, total);
        lex.notes
            .push(format!("unexplained before guessing: {}", strange.len()));
        hypotheses(&mut lex, &items, &strange);
        estimate(&mut lex, &words, &items, 5, total)
    });
    match explained {
        Some(last) => finish(lex, &words, &items, last, &src.index),
        None => Compiled {
            bytes: vec![],
            text: String::new(),
            notes: lex.notes,
        },
    }
}

/// The words of raw text and of the lists, each once.
fn items(surface: &[(String, u64)], words: &[Annotated]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let index: HashMap<&str, usize> = words
        .iter()
        .enumerate()
        .map(|(i, w)| (w.word.as_str(), i))
        .collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (w, n) in surface {
        seen.insert(w);
        items.push(Item {
            word: w.clone(),
            count: *n as f64,
            annotated: index.get(w.as_str()).copied(),
        });
    }
    for (i, w) in words.iter().enumerate() {
        if !seen.contains(w.word.as_str()) {
            items.push(Item {
                word: w.word.clone(),
                count: 1.0,
                annotated: Some(i),
            });
        }
    }
    items
}

/// Packs the final tables: the base forms worth keeping, and every word with its best analysis.
fn finish(
    lex: Lexicon,
    words: &[Annotated],
    items: &[Item],
    last: Estimate,
    index: &str,
) -> Compiled {
    let Estimate {
        base_count,
        pro_count,
        enc_count,
        scores,
        ..
    } = last;
    let clitics = Clitics::new();
    let Lexicon {
        lemmas,
        bases,
        mut notes,
        ids,
        ..
    } = lex;
    let order = in_order(&bases);
    let costs = Costs {
        pro: pro_shares(&pro_count).into_iter().map(cost).collect(),
        enc: enc_shares(&enc_count).into_iter().map(cost).collect(),
    };
    let mut lemma_count = vec![0f64; lemmas.len()];
    for (b, n) in bases.iter().zip(&base_count) {
        lemma_count[b.lemma as usize] += n;
    }
    let kept_base: Vec<bool> = bases
        .iter()
        .zip(&base_count)
        .map(|(b, n)| {
            let l = &lemmas[b.lemma as usize];
            match l.group {
                Group::Seen => *n >= 0.7,
                Group::Verb | Group::Nominal => {
                    *n >= 0.3 || likely(b.class, lemma_count[b.lemma as usize], l.derived)
                }
                _ => true,
            }
        })
        .collect();
    let keep = |i: usize| kept_base[i];
    // Renumber lemmas without those that lost all their forms.
    let mut used = vec![false; lemmas.len()];
    for (i, b) in bases.iter().enumerate() {
        if keep(i) {
            used[b.lemma as usize] = true;
        }
    }
    let mut renumber = vec![0u16; lemmas.len()];
    let mut kept: Vec<Lemma> = Vec::new();
    let mut kept_count: Vec<f64> = Vec::new();
    for (i, l) in lemmas.into_iter().enumerate() {
        if used[i] {
            renumber[i] = kept.len() as u16;
            kept_count.push(lemma_count[i]);
            kept.push(l);
        }
    }
    let nominal: BTreeSet<String> = kept
        .iter()
        .filter(|l| l.group != Group::Verb && l.group != Group::Seen && !l.derived)
        .map(|l| l.text.clone())
        .collect();
    let mut entries: Vec<(u64, u64)> = Vec::new();
    for &i in &order {
        let b = &bases[i as usize];
        if keep(i as usize) {
            entries.push((
                b.key,
                base_entry(
                    b.key,
                    renumber[b.lemma as usize],
                    b.class,
                    cost(scores[i as usize]),
                    b.signature,
                ),
            ));
        }
    }
    let table = lay_out(&entries);
    // Verbs spelled like a noun get the final vowel of the perfect in their index form.
    let strings = Strings {
        verb_like: nominal,
        index: index_forms(index, &kept, &kept_count, &mut notes),
    };
    let (b, t) = pack(&lay_out(&[]), &table, &kept, &strings, &costs);
    let Some(tables) = Tables::new(Cow::Owned(b), Cow::Owned(t)) else {
        return Compiled {
            bytes: vec![],
            text: String::new(),
            notes,
        };
    };

    // Whole words: the annotated analysis, or the best one.
    let mut whole: Vec<(u64, u64)> = Vec::new();
    let mut done: BTreeSet<u64> = BTreeSet::new();
    let mut bare: BTreeMap<String, (f64, u64)> = BTreeMap::new();
    let mut unknown = 0usize;
    for Item {
        word: w,
        count: n,
        annotated: ann,
    } in items
    {
        let Some(l) = Letters::read(w) else { continue };
        let mut best: Option<(u32, Candidate)> = None;
        let mut all: Vec<Candidate> = Vec::new();
        candidates(&tables, &clitics, &l, |c| {
            all.push(c);
        });
        let wanted = ann.map(|a| {
            let a = &words[a];
            (
                a.pro,
                a.enc,
                ids.get(&(a.lemma.clone(), group(a.tag)))
                    .map(|&i| renumber[i as usize]),
                a.tag,
            )
        });
        for c in &all {
            let right = wanted.is_some_and(|(p, e, id, _)| {
                c.pro as usize == p && c.enc as usize == e && Some(c.base.lemma()) == id
            });
            let cost = if right {
                c.cost
            } else {
                c.cost + 10_000 * wanted.is_some() as u32
            };
            if best.is_none_or(|b| (cost, c.slot) < (b.0, b.1.slot)) {
                best = Some((cost, *c));
            }
        }
        let Some((_, c)) = best else {
            unknown += 1;
            continue;
        };
        let rival = all
            .iter()
            .filter(|x| (x.base.lemma(), x.pro, x.enc) != (c.base.lemma(), c.pro, c.enc))
            .map(|x| x.cost)
            .min();
        let ambiguous = rival.is_some_and(|r| r < c.cost + 36);
        let tag = wanted.map_or(tables.tag(c.base.lemma()), |x| x.3);
        let value = |key: u64| word_entry(key, &c, ambiguous, tag);
        let key = word_key(w);
        if done.insert(key) {
            whole.push((key, value(key)));
        }
        let plain = bare_alef(w);
        if plain != *w {
            let k = word_key(&plain);
            let e = bare.entry(plain).or_insert((0.0, 0));
            if *n > e.0 {
                *e = (*n, value(k));
            }
        }
    }
    let exact = whole.len();
    for (w, (_, v)) in &bare {
        let k = word_key(w);
        if done.insert(k) {
            whole.push((k, *v));
        }
    }
    let wtable = lay_out(&whole);
    let (bytes, text) = pack(&wtable, &table, &kept, &strings, &costs);
    let derived = kept.iter().filter(|l| l.derived).count();
    let seen = kept.iter().filter(|l| l.group == Group::Seen).count();
    notes.push(format!(
        "lemmas {} (of which made by rule {}, seen only {seen}); base forms {}; whole words {exact} + {} spelled without hamza; unexplained {unknown}; bytes {}",
        kept.len(), derived - seen, entries.len(), whole.len() - exact, bytes.len() + text.len()
    ));
    Compiled { bytes, text, notes }
}

/// Which forms of a lemma are kept that raw text does not show: all of a word in use, the usual ones of a rare word,
/// the main ones of a word made by rule. The tables would double otherwise, for forms nobody writes.
fn likely(class: Class, count: f64, derived: bool) -> bool {
    use Class::*;
    let main = matches!(
        class,
        Bare | Closed
            | BeforePronoun
            | Feminine
            | PluralFeminine
            | PluralOblique
            | Perfect
            | PerfectFeminine
            | Imperfect
            | ImperfectFeminine
            | ImperfectLong
    );
    let usual = main
        || matches!(
            class,
            Accusative
                | DualOblique
                | PluralNominative
                | FeminineBeforePronoun
                | FeminineBare
                | Broken
                | BrokenClosed
                | BrokenBeforePronoun
                | BrokenAccusative
                | PerfectClosed
                | PerfectSpeaker
                | ImperfectSpeaker
                | ImperfectClosed
                | ImperfectBeforePronoun
                | Jussive
                | PerfectPassive
                | Adverb
        );
    if count >= 8.0 {
        true
    } else if count >= 1.0 || !derived {
        usual
    } else {
        main
    }
}
