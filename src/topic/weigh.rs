//! The score of one topic for one story from its evidence.

use super::{Doubt, EvidenceRecord, PartKind, Role, ScoreRecord, Topics};
use crate::sieve::put_if;

/// Buffers.
#[derive(Debug, Default)]
pub(super) struct Weigher {
    /// By source: whether the topic has evidence of it, and whether more than one piece; all 0 between two topics.
    met: Vec<Met>,
    /// Evidence whose source was met again, as keys to sort it by; the lowest 32 bits are its number.
    repeated: Vec<u128>,
    /// Keys to sort the evidence of one sentence by, see [`strongest_first`].
    sentence: Vec<u64>,
}

type Met = u8;
const ONCE: Met = 1;
const AGAIN: Met = 2;

impl Weigher {
    pub fn memory_usage(&self) -> usize {
        self.met.capacity() * size_of::<Met>()
            + self.repeated.capacity() * size_of::<u128>()
            + self.sentence.capacity() * 8
    }
}

impl Topics {
    /// Weighs the evidence of one topic, in its order; the story has so many words.
    #[inline(never)]
    pub(super) fn weigh(
        &self,
        topic: u16,
        words: u32,
        evidence: &mut [EvidenceRecord],
        weigher: &mut Weigher,
    ) -> ScoreRecord {
        self.count(evidence, weigher);
        let s = &self.scoring;
        // By sentence and role, strongest first: the first counts whole, the others in part.
        let mut sums = [0.0f32; 3];
        let mut core_sentences = 0u32;
        for sentence in evidence.chunk_by_mut(|a, b| a.sentence == b.sentence) {
            let order = &mut weigher.sentence;
            order.clear();
            let numbered = sentence.iter().zip(0u32..);
            order.extend(numbered.map(|(e, number)| strongest_first(e, number)));
            order.sort_unstable();
            let mut last = None;
            for &key in order.iter() {
                let Some(e) = sentence.get_mut((key & NUMBER) as usize) else {
                    continue;
                };
                if e.role == Role::Core {
                    let of_story =
                        e.rule && self.rules.get(e.source as usize).is_some_and(|r| r.across);
                    // What is put together from several sentences is no mention of one.
                    core_sentences += u32::from(last != Some(e.role)) + u32::from(of_story);
                }
                if last == Some(e.role) && e.role != Role::Against {
                    e.counted *= s.same_sentence;
                }
                last = Some(e.role);
                if let Some(sum) = sums.get_mut(e.role as usize) {
                    *sum += e.counted;
                }
            }
        }
        let [core, support, against] = sums;
        let threshold = self
            .topics
            .get(topic as usize)
            .map_or(s.threshold, |t| t.threshold);
        let words = words as f32;
        let length = if words < s.short {
            (words / s.short).max(1.0 / 3.0)
        } else {
            (words / s.words).max(1.0)
        };
        // Square roots round alike on every machine, powers do not.
        let base = threshold * length.sqrt() * length.sqrt().sqrt().sqrt();
        let mut needed = base;
        if core_sentences > 0 && words > s.sentence {
            needed /= 1.0 - s.spread * (1.0 - s.sentence / words) / core_sentences as f32;
        }
        let cap = if core > 0.0 {
            s.support_cap
        } else {
            s.support_alone
        };
        let support = support.min(cap * threshold.min(base));
        let against = against.min(s.against_cap * (core + support));
        ScoreRecord {
            story: 0,
            topic,
            score: calibrated(core + support - against, needed),
            core,
            support,
            against,
            needed,
            evidence: (0, 0),
        }
    }

    /// Says of each piece of evidence what it counts for itself: its weight, less in a late place, where it is doubtful,
    /// and where its source was met in a better place.
    fn count(&self, evidence: &mut [EvidenceRecord], weigher: &mut Weigher) {
        let s = &self.scoring;
        let Weigher { met, repeated, .. } = weigher;
        // Terms, and behind them rules.
        let source = |e: &EvidenceRecord| match e.rule {
            false => e.source as usize,
            true => self.entries.len() + e.source as usize,
        };
        met.resize(self.entries.len() + self.rules.len(), 0);
        for e in evidence.iter_mut() {
            let place = match e.part {
                PartKind::Title => s.title,
                PartKind::Lead => s.lead,
                _ if e.sentence >= s.late_after => s.body * s.late,
                _ => s.body,
            };
            e.counted = place
                * match e.doubt {
                    Doubt::None => 1.0,
                    Doubt::Hearsay => s.hearsay,
                    Doubt::Denied | Doubt::Negated => s.denied,
                };
            if let Some(met) = met.get_mut(source(e)) {
                *met = (*met + ONCE).min(AGAIN);
            }
        }
        // By source, best place first: the first counts whole, each further one less. Of equal places the order of the
        // evidence decides, which is that of the text.
        repeated.resize(evidence.len(), 0);
        let mut count = 0;
        for (e, number) in evidence.iter_mut().zip(0u64..) {
            let by = source(e);
            let again = met.get(by).is_some_and(|&met| met == AGAIN);
            let place = u64::from(falling(e.counted)) << 32 | number;
            put_if(
                again,
                repeated,
                &mut count,
                (by as u128) << 64 | u128::from(place),
            );
            e.counted *= e.weight;
        }
        repeated.truncate(count);
        repeated.sort_unstable();
        let mut last = None;
        let mut factor = 1.0;
        for &key in repeated.iter() {
            let by = key >> 64;
            factor = if last == Some(by) {
                factor * s.repeat
            } else {
                1.0
            };
            last = Some(by);
            if let Some(e) = evidence.get_mut(key as u32 as usize) {
                e.counted *= factor;
            }
        }
        for e in evidence.iter() {
            if let Some(met) = met.get_mut(source(e)) {
                *met = 0;
            }
        }
    }
}

/// A key that puts the evidence of a sentence in order: by role, strongest first, and as it comes. No sentence has 2^30
/// pieces of evidence: they would fill 40 GB.
fn strongest_first(e: &EvidenceRecord, number: u32) -> u64 {
    let strength = u64::from(falling(e.counted)) << 30;
    (e.role as u64) << 62 | strength | u64::from(number) & NUMBER
}

/// The part of [`strongest_first`] that numbers the evidence.
const NUMBER: u64 = (1 << 30) - 1;

/// A sort key that puts larger numbers first.
fn falling(x: f32) -> u32 {
    let bits = x.to_bits();
    // As integers, positive numbers stand in their order, negative ones in the reverse.
    let rising = if x.is_sign_negative() {
        !bits
    } else {
        bits | 1 << 31
    };
    !rising
}

/// Evidence as a score that tells how often such a story has the topic as a main one: 0.5 where it is just what is
/// needed, else the logistic function of its logarithm, with the slope 2 that graded articles show (a borderline one
/// counts half).
fn calibrated(evidence: f32, needed: f32) -> f32 {
    if evidence <= 0.0 {
        return 0.0;
    }
    let ratio = needed / evidence;
    1.0 / (1.0 + ratio * ratio)
}
