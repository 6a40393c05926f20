//! The order of the evidence: by story, topic, span and source.
//!
//! Terms are found in the order of the text, rules nearly so, sentence by sentence. So nothing is sorted but the few
//! pieces of evidence of rules; they are put between those of terms, and all are dealt out to their topics.

use super::EvidenceRecord;

/// Buffers.
#[derive(Debug, Default)]
pub(super) struct Arranger {
    /// Places of the evidence of rules, see [`place`]; the lowest 32 bits are its number.
    rules: Vec<u128>,
    /// The numbers of all evidence in the order of the text.
    in_text: Vec<u32>,
    /// Topics that the story has evidence of, and how much.
    topics: Vec<(u16, u32)>,
    /// By topic: 0, or while a story is dealt out one more than its number in `topics`, then where its next piece goes.
    slots: Vec<u32>,
    mixed: Vec<EvidenceRecord>,
}

/// The place of a piece of evidence among those of its topic: by beginning, length and source. Spans of more than 32 kB
/// count as equally long.
fn place(e: &EvidenceRecord) -> u128 {
    let length = e.span.end.saturating_sub(e.span.start).min(0x7FFF);
    let span = u64::from(e.span.start) << 15 | u64::from(length);
    u128::from(span) << 33 | u128::from(e.rule) << 32 | u128::from(e.source)
}

impl Arranger {
    /// Puts evidence in order of which the first `terms` pieces are of terms: in the order of the text, and of no two
    /// that begin together with the same topic.
    #[inline(never)]
    pub fn arrange(&mut self, evidence: &mut [EvidenceRecord], terms: usize, topics: usize) {
        let before = |a: &EvidenceRecord, b: &EvidenceRecord| {
            let (topic, next) = ((a.story, a.topic), (b.story, b.topic));
            topic < next || topic == next && place(a) <= place(b)
        };
        if evidence.is_sorted_by(before) {
            return;
        }
        self.merge(evidence, terms);
        let Arranger {
            in_text,
            topics: met,
            slots,
            mixed,
            ..
        } = self;
        mixed.clear();
        mixed.extend_from_slice(evidence);
        let record = |number: u32| mixed.get(number as usize);
        slots.resize(topics, 0);
        let mut next = 0;
        let mut rest = in_text.as_slice();
        // Stories follow one another.
        while let Some(story) = rest.first().and_then(|&n| record(n)).map(|e| e.story) {
            let same = |&n: &u32| record(n).is_some_and(|e| e.story == story);
            let count = rest.partition_point(same);
            let (of_story, later) = rest.split_at_checked(count).unwrap_or_default();
            rest = later;
            met.clear();
            for topic in of_story.iter().filter_map(|&n| record(n)).map(|e| e.topic) {
                let Some(slot) = slots.get_mut(usize::from(topic)) else {
                    continue;
                };
                if *slot == 0 {
                    met.push((topic, 0));
                    *slot = met.len() as u32;
                }
                if let Some((_, count)) = met.get_mut(*slot as usize - 1) {
                    *count += 1;
                }
            }
            met.sort_unstable();
            for &(topic, count) in met.iter() {
                if let Some(slot) = slots.get_mut(usize::from(topic)) {
                    *slot = next;
                }
                next += count;
            }
            for record in of_story.iter().filter_map(|&n| record(n)) {
                let Some(slot) = slots.get_mut(usize::from(record.topic)) else {
                    continue;
                };
                if let Some(place) = evidence.get_mut(*slot as usize) {
                    *place = *record;
                }
                *slot += 1;
            }
            for &(topic, _) in met.iter() {
                if let Some(slot) = slots.get_mut(usize::from(topic)) {
                    *slot = 0;
                }
            }
        }
    }

    /// Fills `in_text`.
    fn merge(&mut self, evidence: &[EvidenceRecord], terms: usize) {
        let Arranger { rules, in_text, .. } = self;
        rules.clear();
        let of_rules = evidence.iter().zip(0u32..).skip(terms);
        rules.extend(of_rules.map(|(e, number)| place(e) << 32 | u128::from(number)));
        rules.sort_unstable();
        in_text.clear();
        let mut from = 0;
        let terms = evidence.get(..terms).unwrap_or(&[]);
        for &rule in rules.iter() {
            // The terms before it.
            let rest = terms.get(from..).unwrap_or(&[]);
            let before = rest.iter().take_while(|e| place(e) << 32 < rule).count();
            in_text.extend(from as u32..(from + before) as u32);
            in_text.push(rule as u32);
            from += before;
        }
        in_text.extend(from as u32..terms.len() as u32);
    }

    pub fn memory_usage(&self) -> usize {
        self.rules.capacity() * size_of::<u128>()
            + (self.in_text.capacity() + self.slots.capacity()) * 4
            + self.topics.capacity() * size_of::<(u16, u32)>()
            + self.mixed.capacity() * size_of::<EvidenceRecord>()
    }
}
