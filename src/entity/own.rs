//! Names of the caller's own `[entities]` files: what they list is what they say, wherever it stands.

use super::{EntityKind, EntityRecord};
use crate::document::Document;
use crate::lexicon::entity_file::EntityFile;
use crate::lexicon::topic_file::Level;
use crate::matcher::{MatchScratch, Matcher, MatcherBuilder, WordKeys};
use crate::morph::Morphology;

/// The names of the files, compiled.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnNames {
    matcher: Matcher,
    /// By target: kind and id.
    names: Vec<(EntityKind, Option<Box<str>>)>,
}

/// What is known of the words of a scratch, and the names of the last text.
#[derive(Debug, Default)]
pub(crate) struct OwnScratch {
    matches: MatchScratch,
    /// By word.
    keys: Vec<WordKeys>,
    generation: u32,
    /// First unit, end and target of each name.
    taken: Vec<(u32, u32, u32)>,
}

impl OwnScratch {
    pub fn memory_usage(&self) -> usize {
        self.matches.memory_usage()
            + self.keys.capacity() * size_of::<WordKeys>()
            + self.taken.capacity() * size_of::<(u32, u32, u32)>()
    }
}

impl OwnNames {
    /// Clitics and the article before a name are free; its words are compared form by form.
    pub fn new(files: &[&EntityFile], morphology: &'static Morphology) -> OwnNames {
        if files.is_empty() {
            return OwnNames::default();
        }
        let mut builder = MatcherBuilder::new(morphology);
        let mut names = Vec::new();
        for file in files {
            let kind = match file.kind.as_str() {
                "person" => EntityKind::Person,
                "organization" => EntityKind::Organization,
                _ => EntityKind::Location,
            };
            for group in &file.groups {
                for name in &group.names {
                    builder.add(&name.value, Level::Word, names.len() as u32);
                }
                names.push((kind, group.id.as_deref().map(Box::from)));
            }
        }
        OwnNames {
            matcher: builder.build(),
            names,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The id of a record's name, if its file gives one.
    pub fn id(&self, record: &EntityRecord) -> Option<&str> {
        let (_, id) = self.names.get(record.own.checked_sub(1)? as usize)?;
        id.as_deref()
    }

    /// Labels the names, leftmost and longest first.
    pub fn label(&self, document: &Document<'_>, scratch: &mut OwnScratch, labels: &mut Vec<u8>) {
        let OwnScratch {
            matches,
            keys,
            generation,
            taken,
        } = scratch;
        taken.clear();
        if self.is_empty() {
            return;
        }
        labels.resize(document.units.len(), 0);
        let renumbered = document.words.renumbered(generation);
        renumbered.apply(keys);
        let put = |new| keys.push(new);
        self.matcher
            .learn(document.words, &renumbered, matches, put);
        let of = |word: u32| keys.get(word as usize).copied().unwrap_or_default();
        let of_units = document.units.iter().map(|unit| of(unit.word));
        for (place, keys) in matches.keys(document.units.len()).iter_mut().zip(of_units) {
            *place = keys;
        }
        self.matcher.find(document.units, matches);
        let mut free = 0;
        let mut hits = matches.hits.iter().peekable();
        while let Some(hit) = hits.next() {
            // Hits come by first unit, shorter ones first.
            if hits.peek().is_some_and(|next| next.first == hit.first) || hit.first < free {
                continue;
            }
            let Some(&(kind, _)) = self.names.get(hit.target as usize) else {
                continue;
            };
            free = hit.end;
            taken.push((hit.first, hit.end, hit.target));
            let begin = match kind {
                EntityKind::Person => 1,
                EntityKind::Organization => 5,
                _ => 3,
            };
            set(labels, hit.first, hit.end, begin);
        }
    }

    /// Tells the records which name they are.
    pub fn mark(&self, scratch: &OwnScratch, found: &mut [EntityRecord]) {
        let OwnScratch { taken, .. } = scratch;
        for record in found {
            let at = taken.binary_search_by_key(&record.units.0, |t| t.0);
            if let Some(&(_, end, target)) = at.ok().and_then(|i| taken.get(i))
                && end == record.units.1
                && record.kind != EntityKind::Role
            {
                record.own = target + 1;
            }
        }
    }
}

/// Labels units as one name that begins with the label `begin`.
pub(super) fn set(labels: &mut [u8], first: u32, end: u32, begin: u8) {
    let mut rest = labels.iter_mut().skip(first as usize);
    for (i, label) in rest.by_ref().take((end - first) as usize).enumerate() {
        *label = if i == 0 { begin } else { begin + 1 };
    }
    // What was the inside of a longer name has lost its head.
    for label in rest.take_while(|l| **l != 0 && **l % 2 == 0) {
        *label = 0;
    }
}

/// Long names of bodies in the shipped lists are believed, whatever the sequence scorer says of their words: so many
/// words in a row do not come together by chance.
pub(super) const LONG: u32 = 6;
