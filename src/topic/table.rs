//! Compiled topics as bytes, see [`crate::archive`].

use super::{Entry, EntryKind, Rule, Set, Subtopic, TopicInfo, Topics};
use crate::archive::{Packer, Unpacker};
use crate::lexicon::topic_file::{Level, Role};
use crate::matcher::Matcher;

/// In the order of their numbers.
const ROLES: [Role; 3] = [Role::Core, Role::Support, Role::Against];
const LEVELS: [Level; 3] = [Level::Lemma, Level::Word, Level::Exact];

const TERM: u32 = 0;
const BLOCK: u32 = 1;

// The build script writes and never reads, the library reads and never writes.
#[allow(dead_code)]
impl Topics {
    pub fn pack(&self, out: &mut Packer) {
        out.number(self.topics.len() as u32);
        for topic in &self.topics {
            out.text(&topic.id);
            out.text(&topic.name_ar);
            out.text(&topic.name_en);
            out.decimal(topic.threshold);
            out.number(topic.subtopics.len() as u32);
            for (id, ar, en) in &topic.subtopics {
                out.text(id);
                out.text(ar);
                out.text(en);
            }
        }
        out.row(&self.texts);
        for entry in &self.entries {
            out.number(u32::from(entry.topic));
            out.number(entry.level as u32);
            match entry.kind {
                EntryKind::Term {
                    role,
                    weight,
                    subtopic,
                } => {
                    out.number(TERM);
                    out.number(role as u32);
                    out.decimal(weight);
                    out.maybe(subtopic.get());
                }
                EntryKind::Block => out.number(BLOCK),
            }
        }
        out.number(self.sets.len() as u32);
        for set in &self.sets {
            out.number(u32::from(set.topic));
            out.number(set.size);
        }
        out.numbers(self.bundles.iter().copied());
        out.numbers(self.set_lists.iter().copied());
        out.number(self.rules.len() as u32);
        for rule in &self.rules {
            out.number(u32::from(rule.topic));
            out.text(&rule.id);
            out.number(rule.role as u32);
            out.decimal(rule.weight);
            out.maybe(rule.subtopic);
            out.numbers(rule.all_of.iter().copied());
            out.numbers(rule.not.iter().copied());
            out.number(rule.within);
            out.number(u32::from(rule.across));
            out.number(u32::from(rule.ordered));
        }
        self.matcher.pack(out);
    }

    pub fn unpack(from: &mut Unpacker<'_>) -> Option<Topics> {
        let mut out = Topics::default();
        for _ in 0..from.number()? {
            let mut topic = TopicInfo {
                id: from.text()?.into(),
                name_ar: from.text()?.into(),
                name_en: from.text()?.into(),
                threshold: from.decimal()?,
                subtopics: Vec::new(),
            };
            for _ in 0..from.number()? {
                let texts = (
                    from.text()?.into(),
                    from.text()?.into(),
                    from.text()?.into(),
                );
                topic.subtopics.push(texts);
            }
            out.topics.push(topic);
        }
        out.texts = from.row()?;
        for _ in 0..out.texts.len() {
            let topic = from.number()? as u16;
            let level = *LEVELS.get(from.number()? as usize)?;
            let kind = match from.number()? {
                TERM => EntryKind::Term {
                    role: *ROLES.get(from.number()? as usize)?,
                    weight: from.decimal()?,
                    subtopic: Subtopic::new(from.maybe()?),
                },
                BLOCK => EntryKind::Block,
                _ => return None,
            };
            out.entries.push(Entry { topic, level, kind });
        }
        for _ in 0..from.number()? {
            out.sets.push(Set {
                topic: from.number()? as u16,
                size: from.number()?,
            });
        }
        out.bundles = from.numbers()?.collect();
        out.set_lists = from.numbers()?.collect();
        for _ in 0..from.number()? {
            out.rules.push(Rule {
                topic: from.number()? as u16,
                id: from.text()?.into(),
                role: *ROLES.get(from.number()? as usize)?,
                weight: from.decimal()?,
                subtopic: from.maybe()?,
                all_of: from.numbers()?.collect(),
                not: from.numbers()?.collect(),
                within: from.number()?,
                across: from.number()? != 0,
                ordered: from.number()? != 0,
            });
        }
        out.matcher = Matcher::unpack(from)?;
        out.index();
        Some(out)
    }
}
