//! Denial and hearsay: which evidence of a sentence counts less, and by which words.
//!
//! A negation reaches two words («لم يضبط مهربا») unless a word between affirms («لا يزال»، «ليس إلا») or names what a victim
//! goes without («دون أجر»، «لم يستلم راتبه»: not being paid is evidence itself), a denial or a claim what follows it in the
//! sentence («نفت الوزارة ترحيل ...»), a few phrases the whole sentence («لا صحة لـ...»). A negation inside a term is part
//! of the term and weakens nothing: doubt is asked from the term's first word backwards. The words stand in
//! `lexicons/language/negation.txt` and
//! `hearsay.txt`. Words are asked once each; sentences are read only where evidence stands.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::document::{Document, Position, Run};
use crate::matcher::Unit;
use crate::words::Words;

/// Why evidence counts less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Doubt {
    #[default]
    None,
    /// Told as a claim, a rumour or a condition.
    Hearsay,
    /// Said not to be so.
    Denied,
    /// Negated by one of the two words before it.
    Negated,
}

/// What a cue covers.
#[derive(Clone, Copy, Debug)]
struct Cue {
    doubt: Doubt,
    whole: bool,
}

/// What a word is to the cues; all empty for nearly every word.
#[derive(Clone, Copy, Debug, Default)]
struct WordCue {
    negates: bool,
    /// Turns a negation before it into a statement.
    affirms: bool,
    /// A cue by itself.
    alone: Option<Cue>,
    /// Bits of the two-word cues it begins and ends.
    begins: u32,
    ends: u32,
}

/// The number of a word in the list of cues; 0 for nearly every one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DoubtWord(pub u8);

/// Asks of every word from number `known` on whether it is a cue, and calls `put` with the answer.
pub(crate) fn learn(words: &Words, known: usize, mut put: impl FnMut(DoubtWord)) {
    let list = cues();
    for id in known..words.len() {
        put(DoubtWord(list.of(words.norm(id as u32))));
    }
}

#[derive(Debug, Default)]
struct CueList {
    /// Words to their numbers in `table`; 0 is a word that is no cue.
    words: BTreeMap<String, u8>,
    table: Vec<WordCue>,
    /// Cues of two words: one bit each, so no more than 32.
    pairs: Vec<Cue>,
    longest: usize,
    /// A bit for the hash of each word, in [`KNOWN`] numbers: nearly every other word is told by it.
    known: Vec<u64>,
}

/// Length of [`CueList::known`].
const KNOWN: usize = 64;

/// So many words behind it a negation reaches.
const NEGATED: u32 = 2;

/// What is known of the words and of the sentence read last.
#[derive(Debug, Default)]
pub(crate) struct DoubtScratch {
    /// By unit.
    words: Vec<DoubtWord>,
    sentence: Option<(u32, u32)>,
    /// Where no negation stands near: the units of that sentence, if it has none, from the third on.
    plain: Range<u32>,
    /// First units that the sentence's denial and hearsay cover.
    denied_from: u32,
    hearsay_from: u32,
}

impl DoubtScratch {
    pub fn memory_usage(&self) -> usize {
        self.words.capacity()
    }

    /// Forgets the last text; where the words of the units of the next one go.
    pub fn begin(&mut self, units: usize) -> &mut [DoubtWord] {
        self.sentence = None;
        self.plain = 0..0;
        self.words.resize(units, DoubtWord::default());
        &mut self.words
    }

    /// What is doubtful about evidence that begins at a unit. Amortised linear: a sentence is read when the first of
    /// its evidence is asked for.
    #[inline]
    pub fn of(&mut self, document: &Document<'_>, first: u32) -> Doubt {
        if self.plain.contains(&first) {
            self.covers(first)
        } else {
            self.look(document, first)
        }
    }

    #[inline(never)]
    fn look(&mut self, document: &Document<'_>, first: u32) -> Doubt {
        if self.negated(document.units, first) {
            return Doubt::Negated;
        }
        let Some(here) = document.positions.get(first as usize) else {
            return Doubt::None;
        };
        if self.sentence != Some((here.story, here.sentence)) {
            self.read(document, first, *here);
            self.sentence = Some((here.story, here.sentence));
        }
        self.covers(first)
    }

    /// What a cue of the sentence says of evidence that begins at a unit.
    #[inline]
    fn covers(&self, first: u32) -> Doubt {
        if first >= self.denied_from {
            Doubt::Denied
        } else if first >= self.hearsay_from {
            Doubt::Hearsay
        } else {
            Doubt::None
        }
    }

    /// The number of the word of a unit in the cue list; 0 for nearly every one.
    #[inline]
    fn number(&self, unit: usize) -> u8 {
        self.words.get(unit).map_or(0, |word| word.0)
    }

    /// Reads the sentence around a unit for its cues.
    fn read(&mut self, document: &Document<'_>, at: u32, here: Position) {
        let runs = document.runs;
        (self.denied_from, self.hearsay_from) = (u32::MAX, u32::MAX);
        // The sentence, and what stands between its part and the next.
        let run = runs.partition_point(|run| run.end <= at);
        let (before, behind) = runs.split_at_checked(run).unwrap_or_default();
        let same = |run: &&Run| {
            let Run { position, .. } = run;
            (position.story, position.sentence) == (here.story, here.sentence)
        };
        let count = before.iter().rev().take_while(same).count();
        let outside = before.get(..before.len() - count).unwrap_or(&[]);
        let from = outside.last().map_or(0, |run| run.end);
        let to = behind.iter().take_while(same).last();
        let to = to.map_or(from, |run| run.end);
        let mut previous = WordCue::default();
        self.plain = from + NEGATED..to;
        let list = cues();
        let sentence = self.words.get(from as usize..to as usize);
        for (i, &DoubtWord(number)) in (from..to).zip(sentence.unwrap_or(&[])) {
            if number == 0 {
                previous = WordCue::default();
                continue;
            }
            let word = list.cue(number);
            if word.negates | word.affirms {
                self.plain = 0..0;
            }
            let both = previous.begins & word.ends;
            let pair = list.pairs.get(both.trailing_zeros() as usize);
            for cue in word.alone.iter().chain(pair) {
                let start = if cue.whole { from } else { i + 1 };
                match cue.doubt {
                    Doubt::Denied => self.denied_from = self.denied_from.min(start),
                    _ => self.hearsay_from = self.hearsay_from.min(start),
                }
            }
            previous = word;
        }
    }

    /// Whether one of the two words before the unit denies it.
    fn negated(&self, units: &[Unit], first: u32) -> bool {
        let mut at = first as usize;
        for _ in 0..NEGATED {
            if units.get(at).is_none_or(|u| u.breaks) {
                return false;
            }
            let Some(before) = at.checked_sub(1) else {
                return false;
            };
            let number = self.number(before);
            if number != 0 {
                let cue = cues().cue(number);
                if cue.negates || cue.affirms {
                    return cue.negates;
                }
            }
            at -= 1;
        }
        false
    }
}

impl CueList {
    fn cue(&self, number: u8) -> WordCue {
        let cue = self.table.get(number as usize);
        cue.copied().unwrap_or_default()
    }

    /// The slot and the bit of a word in `known`.
    fn mark(norm: &str) -> (usize, u64) {
        let hash = crate::words::hash(norm.as_bytes()) >> 32;
        (hash as usize >> 6 & (KNOWN - 1), 1 << (hash & 63))
    }

    /// The number of the word, with or without و or ف in front.
    fn of(&self, norm: &str) -> u8 {
        if norm.len() > self.longest + "و".len() {
            return 0;
        }
        let may = |word: &str| {
            let (slot, bit) = CueList::mark(word);
            self.known.get(slot).is_some_and(|bits| bits & bit != 0)
        };
        if !may(norm) && !norm.strip_prefix(['و', 'ف']).is_some_and(may) {
            return 0;
        }
        let bare = || {
            norm.strip_prefix(['و', 'ف'])
                .and_then(|w| self.words.get(w))
        };
        let number = self.words.get(norm).or_else(bare);
        number.copied().unwrap_or_default()
    }

    fn change(&mut self, word: &str, change: impl FnOnce(&mut WordCue)) {
        self.longest = self.longest.max(word.len());
        let (slot, bit) = CueList::mark(word);
        self.known.resize(KNOWN, 0);
        if let Some(bits) = self.known.get_mut(slot) {
            *bits |= bit;
        }
        let new = self.table.len() as u8;
        let number = *self.words.entry(word.to_owned()).or_insert(new);
        if number == new {
            self.table.push(WordCue::default());
        }
        if let Some(cue) = self.table.get_mut(number as usize) {
            change(cue);
        }
    }

    fn add(&mut self, line: &str, cue: Cue) {
        match line.split_once(' ') {
            None => self.change(line, |w| w.alone = Some(cue)),
            Some((first, second)) => {
                let bit = 1 << self.pairs.len();
                self.change(first, |w| w.begins |= bit);
                self.change(second, |w| w.ends |= bit);
                self.pairs.push(cue);
            }
        }
    }
}

/// The lines of a word list.
fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
}

fn cues() -> &'static CueList {
    static LIST: OnceLock<CueList> = OnceLock::new();
    LIST.get_or_init(|| {
        let mut list = CueList::default();
        list.table.push(WordCue::default());
        let mut affirms = false;
        for word in lines(include_str!("../../lexicons/language/negation.txt")) {
            if word == "[affirms]" {
                affirms = true;
                continue;
            }
            list.change(word, |w| (w.negates, w.affirms) = (!affirms, affirms));
        }
        let mut cue = None;
        for line in lines(include_str!("../../lexicons/language/hearsay.txt")) {
            if let Some(group) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                cue = match group {
                    "denied after" => Some((Doubt::Denied, false)),
                    "denied whole" => Some((Doubt::Denied, true)),
                    "hearsay after" => Some((Doubt::Hearsay, false)),
                    "hearsay whole" => Some((Doubt::Hearsay, true)),
                    _ => None,
                }
                .map(|(doubt, whole)| Cue { doubt, whole });
            } else if let Some(cue) = cue {
                list.add(line, cue);
            }
        }
        list
    })
}

#[cfg(test)]
mod tests {
    /// The files of the repository fit the small tables: a word one byte, a pair one bit.
    #[test]
    fn the_cues_fit_their_tables() {
        let list = super::cues();
        assert!(list.table.len() <= usize::from(u8::MAX));
        assert!(list.pairs.len() <= 32);
        assert!(list.pairs.len() > 5 && list.words.len() > 50);
        for (word, &number) in &list.words {
            assert_eq!(list.of(word), number);
            assert_ne!(number, 0, "{word}");
        }
    }
}
