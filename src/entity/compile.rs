//! Compiles `lexicons/entities` into the table of [`gazetteer`](super::gazetteer); runs in the build script.

use std::collections::{BTreeMap, BTreeSet};

use super::fold;
use super::gazetteer::{NOWHERE as NO_COUNTRY, *};

/// The files, by name.
#[derive(Debug, Default)]
pub struct Sources {
    /// Name and content of every file of the directory.
    pub files: BTreeMap<String, String>,
}

/// The table and the text of its entries.
#[derive(Debug, Default)]
pub struct Compiled {
    /// See [`Gazetteer::new`].
    pub bytes: Vec<u8>,
    /// Ids and codes.
    pub text: String,
    /// Rows that were not understood.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct EntrySource {
    id: String,
    code: String,
    position: (i32, i32),
    body: bool,
}

/// What is known of a prefix of names.
#[derive(Debug, Default)]
struct Prefix {
    mask: u32,
    follow: u32,
    entries: BTreeSet<usize>,
}

#[derive(Debug, Default)]
struct Builder {
    nodes: BTreeMap<u64, Prefix>,
    entries: Vec<EntrySource>,
    numbers: BTreeMap<EntrySource, usize>,
    marked: BTreeMap<u64, u16>,
    notes: Vec<String>,
}

const NOWHERE: (i32, i32) = (i32::MIN, i32::MIN);

/// Words of a name as the tokenizer parts them.
pub fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| {
        !(c.is_alphanumeric() || matches!(c, 'ـ' | '\u{64B}'..='\u{65F}' | '\u{670}'))
    })
    .filter(|w| !w.is_empty())
}

impl Builder {
    fn entry(&mut self, id: &str, code: &str, position: (i32, i32), body: bool) -> usize {
        let source = EntrySource {
            id: id.to_owned(),
            code: code.to_owned(),
            position,
            body,
        };
        if let Some(&n) = self.numbers.get(&source) {
            return n;
        }
        self.entries.push(source.clone());
        self.numbers.insert(source, self.entries.len() - 1);
        self.entries.len() - 1
    }

    fn add(&mut self, name: &str, mask: u32, entry: Option<usize>) {
        let mut hash = 0;
        let mut count = 0;
        let total = words(name).count();
        if total == 0 {
            self.notes.push(format!("no words: {name:?}"));
        }
        for w in words(name) {
            let h = fold::word(w);
            if count > 0 {
                let before = self.nodes.entry(hash).or_default();
                before.follow |= follow(fold::sign(h));
            }
            hash = if count == 0 { h } else { fold::chain(hash, h) };
            count += 1;
            let node = self.nodes.entry(hash).or_default();
            if count < total {
                node.mask |= INNER;
            } else {
                node.mask |= mask;
                node.entries.extend(entry);
            }
        }
    }

    /// A term and the same with the article on its first word.
    fn both(&mut self, name: &str, mask: u32) {
        self.add(name, mask, None);
        if !name.starts_with("ال") {
            self.add(&format!("ال{name}"), mask, None);
        }
    }

    fn build(mut self) -> Compiled {
        let mut bytes = Vec::new();
        let mut text = String::new();
        let mut places: BTreeMap<String, u32> = BTreeMap::new();
        // Entries of one name lie side by side; all but the last say that more follow.
        let mut rows: Vec<[u8; ENTRY]> = Vec::new();
        let size = (self.nodes.len() * 8 / 5).next_power_of_two().max(16);
        let mut slots = vec![[0u8; SLOT]; size];
        for (hash, node) in &self.nodes {
            let numbers = &node.entries;
            let first = if numbers.is_empty() {
                0
            } else {
                rows.len() as u32 + 1
            };
            for (i, &n) in numbers.iter().enumerate() {
                let e = &self.entries[n];
                let stored = format!("{}{}", e.id, e.code);
                if e.code.len() >= 1 << (8 - entry::CODE) {
                    self.notes.push(format!("code {}", e.code));
                }
                let at = *places.entry(stored.clone()).or_insert_with(|| {
                    text.push_str(&stored);
                    (text.len() - stored.len()) as u32
                });
                let same = |other: &&usize| self.entries[**other].body == e.body;
                let only = numbers.iter().filter(same).count() == 1;
                let mut row = [0u8; ENTRY];
                row[0..4].copy_from_slice(&at.to_le_bytes());
                row[4] = e.id.len() as u8;
                let bits = [
                    (i + 1 < numbers.len(), entry::MORE),
                    (e.body, entry::BODY),
                    (e.id.starts_with(BIG), entry::BIG),
                    (only, entry::ONLY),
                ];
                let bits = bits.iter().filter(|(set, _)| *set);
                row[5] = bits.fold((e.code.len().min(15) as u8) << entry::CODE, |all, b| {
                    all | b.1
                });
                let country = e.code.as_bytes().first_chunk();
                row[6..8].copy_from_slice(country.unwrap_or(&NO_COUNTRY));
                row[8..12].copy_from_slice(&e.position.0.to_le_bytes());
                row[12..16].copy_from_slice(&e.position.1.to_le_bytes());
                rows.push(row);
            }
            let key = (hash >> 32) as u32 | 1;
            let mut at = *hash as usize & (size - 1);
            while slots[at][..4] != [0; 4] {
                if slots[at][..4] == key.to_le_bytes() {
                    self.notes
                        .push(format!("two names share the hash {hash:x}"));
                }
                at = (at + 1) & (size - 1);
            }
            slots[at][0..4].copy_from_slice(&key.to_le_bytes());
            slots[at][4..8].copy_from_slice(&node.mask.to_le_bytes());
            slots[at][8..12].copy_from_slice(&first.to_le_bytes());
            slots[at][12..16].copy_from_slice(&node.follow.to_le_bytes());
        }
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&(size as u32).to_le_bytes());
        bytes.extend_from_slice(&(rows.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&(self.marked.len() as u32).to_le_bytes());
        bytes.extend(slots.iter().flatten());
        bytes.extend(rows.iter().flatten());
        for (hash, marks) in &self.marked {
            bytes.extend_from_slice(&hash.to_le_bytes());
            bytes.extend_from_slice(&marks.to_le_bytes());
        }
        Compiled {
            bytes,
            text,
            notes: self.notes,
        }
    }
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .map(|l| l.trim_end_matches('\r'))
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
        .map(|l| l.split('\t').map(str::trim).collect())
}

fn place_mask(kind: &str) -> Option<u32> {
    Some(match kind {
        "country" => COUNTRY,
        "region" | "governorate" => REGION,
        "city" | "town" | "district" | "village" => CITY,
        "camp" | "crossing" | "port" | "airport" | "prison" | "street" | "building" | "route" => {
            SITE
        }
        "sea" | "strait" | "river" | "mountain" | "desert" | "island" | "continent" | "area" => {
            NATURE
        }
        _ => return None,
    })
}

/// ISO code of a place: its own where it is a country or first-level division, else its country's.
fn place_code<'a>(kind: &str, country: &'a str, id: &'a str) -> &'a str {
    let iso2 = id.split_once('-').is_some_and(|(a, b)| {
        a.len() == 2
            && (1..=3).contains(&b.len())
            && b.bytes()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
    });
    match country {
        _ if iso2 && matches!(kind, "governorate" | "region") => id,
        "-" => "",
        _ => country,
    }
}

/// The strings of a `list`, whatever else the table holds.
fn list<'a>(table: &'a toml::de::DeTable<'a>, key: &str) -> Vec<&'a str> {
    let array = table.get(key).and_then(|v| v.get_ref().as_array());
    array
        .into_iter()
        .flat_map(|a| a.iter())
        .filter_map(|v| v.get_ref().as_str())
        .collect()
}

fn text_of<'a>(table: &'a toml::de::DeTable<'a>, key: &str) -> &'a str {
    table
        .get(key)
        .and_then(|v| v.get_ref().as_str())
        .unwrap_or("")
}

/// The tables of an array of tables.
fn tables<'a>(top: &'a toml::de::DeTable<'a>, key: &str) -> Vec<&'a toml::de::DeTable<'a>> {
    let array = top.get(key).and_then(|v| v.get_ref().as_array());
    array
        .into_iter()
        .flat_map(|a| a.iter())
        .filter_map(|v| v.get_ref().as_table())
        .collect()
}

/// Compiles the files; those it does not know are left alone.
pub fn compile(sources: &Sources) -> Compiled {
    let mut b = Builder::default();
    for (name, text) in &sources.files {
        match name.as_str() {
            "places.tsv" => places(&mut b, text),
            "geonames.tsv" => geonames(&mut b, text),
            "given-names.tsv" => names(&mut b, text, GIVEN),
            "family-names.tsv" => names(&mut b, text, FAMILY),
            "organizations.tsv" => bodies(&mut b, text),
            "nationalities.tsv" => nationalities(&mut b, text),
            "persons.tsv" => {
                for row in rows(text) {
                    b.add(row.first().unwrap_or(&""), FULL, None);
                }
            }
            "titles.toml" => parsed(&mut b, name, text, titles),
            "cues.toml" => parsed(&mut b, name, text, cues),
            _ => {}
        }
    }
    b.build()
}

fn parsed(b: &mut Builder, name: &str, text: &str, read: fn(&mut Builder, &toml::de::DeTable<'_>)) {
    match toml::de::DeTable::parse(text) {
        Ok(top) => read(b, top.get_ref()),
        Err(e) => b.notes.push(format!("{name}: {e}")),
    }
}

fn common(flag: Option<&&str>) -> u32 {
    if flag.is_some_and(|f| f.contains("ambiguous")) {
        COMMON
    } else {
        0
    }
}

fn places(b: &mut Builder, text: &str) {
    for row in rows(text) {
        let [name, kind, country, id, ..] = row[..] else {
            b.notes.push(format!("places.tsv: {}", row.join("|")));
            continue;
        };
        let Some(mask) = place_mask(kind) else {
            b.notes.push(format!("places.tsv: kind {kind}"));
            continue;
        };
        let entry = b.entry(id, place_code(kind, country, id), NOWHERE, false);
        b.add(name, mask | common(row.get(4)), Some(entry));
    }
}

fn geonames(b: &mut Builder, text: &str) {
    for row in rows(text) {
        let [name, id, country, _, lat, lon, ..] = row[..] else {
            b.notes.push(format!("geonames.tsv: {}", row.join("|")));
            continue;
        };
        let degrees = |s: &str| {
            s.parse::<f64>()
                .map_or(i32::MIN, |d| (d * 1e4).round() as i32)
        };
        let entry = b.entry(
            &format!("{BIG}{id}"),
            country,
            (degrees(lat), degrees(lon)),
            false,
        );
        b.add(name, MINOR | common(row.get(7)), Some(entry));
    }
}

fn names(b: &mut Builder, text: &str, mask: u32) {
    for row in rows(text) {
        let Some(name) = row.first() else { continue };
        b.add(name, mask | common(row.get(3)), None);
    }
}

fn bodies(b: &mut Builder, text: &str) {
    for row in rows(text) {
        let [name, _, country, id, ..] = row[..] else {
            b.notes
                .push(format!("organizations.tsv: {}", row.join("|")));
            continue;
        };
        let mask = if words(name).count() > 1 { BODY } else { SHORT };
        let entry = b.entry(id, if country == "-" { "" } else { country }, NOWHERE, true);
        b.add(name, mask | common(row.get(4)), Some(entry));
    }
}

/// Every inflected form of a nationality, with and without the article.
fn nationalities(b: &mut Builder, text: &str) {
    for row in rows(text) {
        let Some(&nisba) = row.first() else { continue };
        let mut forms: Vec<String> = ["", "ة", "ون", "ين", "ات", "ان", "تان", "تين"]
            .iter()
            .map(|e| format!("{nisba}{e}"))
            .collect();
        // «كوري جنوبي»: both words change.
        if let Some((first, last)) = nisba.split_once(' ') {
            forms.extend(
                ["ة", "ون", "ين", "ات"]
                    .iter()
                    .map(|e| format!("{first}{e} {last}{e}")),
            );
            forms.extend(
                ["", "ة", "ون", "ين", "ات"]
                    .iter()
                    .map(|e| format!("ال{first}{e} ال{last}{e}")),
            );
        }
        forms.extend(
            row.get(2)
                .filter(|p| !p.is_empty() && **p != "-")
                .map(|p| (*p).to_owned()),
        );
        for form in forms {
            b.both(&form, NISBA | common(row.get(3)));
        }
    }
}

fn titles(b: &mut Builder, top: &toml::de::DeTable<'_>) {
    for group in tables(top, "titles") {
        let kind = text_of(group, "kind");
        let complement = group
            .get("complement")
            .and_then(|v| v.get_ref().as_bool())
            .unwrap_or(false);
        let mask = match (text_of(group, "position"), kind) {
            ("after", _) => AFTER,
            (_, "family") => RELATION,
            _ if complement => ROLE_HEAD,
            _ => TITLE,
        };
        for term in list(group, "list") {
            for form in term.split('/') {
                // «باسم», «لـ» behind a head: the clitic is glued to the next word.
                let form = match form.trim().strip_suffix('ـ') {
                    Some(head) => head.rsplit_once(' ').map_or("", |(head, _)| head),
                    None => form.trim(),
                };
                if form.is_empty() {
                    continue;
                }
                // A lone letter counts before a full stop only: the tokenizer's business.
                if form.chars().count() == 1 {
                    b.add(form, INITIAL, None);
                } else {
                    b.both(form, mask);
                }
            }
        }
    }
}

/// The forms of the terms of a list.
fn forms<'a>(table: &'a toml::de::DeTable<'a>) -> impl Iterator<Item = &'a str> {
    list(table, "list")
        .into_iter()
        .flat_map(|t| t.split('/'))
        .map(str::trim)
        .filter(|t| !t.is_empty() && !t.contains('ـ'))
}

fn cues(b: &mut Builder, top: &toml::de::DeTable<'_>) {
    stops(b, top);
    rules(b, top);
    for group in tables(top, "verbs") {
        let mask = match text_of(group, "kind") {
            "saying" => SAYING,
            "acting" => ACTING,
            _ => continue,
        };
        for form in forms(group) {
            b.add(form, mask, None);
        }
    }
    let parts = tables(top, "name-parts");
    for group in &parts {
        let mask = match text_of(group, "kind") {
            "kinship" | "kunya" | "abd" => KIN,
            "abd-second" | "din" | "foreign" | "berber" => FAMILY | COMMON,
            "din-first" => GIVEN | COMMON,
            _ => continue,
        };
        for form in forms(group) {
            b.add(form, mask, None);
        }
    }
    // عبد الرحمن, نور الدين: two words, one given name.
    let of = |kind: &str| {
        parts
            .iter()
            .filter(|p| text_of(p, "kind") == kind)
            .flat_map(|p| forms(p))
            .collect::<Vec<_>>()
    };
    for (first, second) in [("abd", "abd-second"), ("din-first", "din")] {
        for f in of(first) {
            for s in of(second) {
                b.add(&format!("{f} {s}"), GIVEN, None);
            }
        }
    }
    for group in tables(top, "place-heads") {
        let inside = group
            .get("part-of-name")
            .and_then(|v| v.get_ref().as_bool())
            .unwrap_or(false);
        for form in forms(group) {
            b.both(form, if inside { SITE_HEAD } else { PLACE_HEAD });
        }
    }
    for group in tables(top, "place-words") {
        if text_of(group, "kind") == "event-or-state" {
            for form in forms(group) {
                b.add(form, PLACE_WORD, None);
            }
        }
    }
    for group in tables(top, "person-words") {
        for form in forms(group) {
            b.add(form, PERSON_WORD, None);
        }
    }
    for group in tables(top, "org-heads") {
        let mask = BODY_HEAD
            | match text_of(group, "kind") {
                "force" => FORCE,
                "armed-group" | "party" | "club" | "bank-company" | "school" => PROPER,
                "media-out" => PROPER | OUTSIDE,
                _ => 0,
            };
        for form in forms(group) {
            b.both(form, mask);
        }
    }
}

/// Adds the words of the rules behind the scorer.
fn rules(b: &mut Builder, top: &toml::de::DeTable<'_>) {
    for group in tables(top, "rules") {
        let kind = text_of(group, "kind");
        let Some((_, bit)) = mark::KINDS.iter().find(|(name, _)| *name == kind) else {
            b.notes.push(format!("cues.toml: no rule of kind {kind:?}"));
            continue;
        };
        for form in forms(group) {
            if words(form).count() != 1 {
                b.notes.push(format!("cues.toml: {form:?} is not one word"));
            }
            *b.marked.entry(fold::word(form)).or_default() |= bit;
        }
    }
}

/// Adds the words at which names end.
fn stops(b: &mut Builder, top: &toml::de::DeTable<'_>) {
    let complements = tables(top, "org-complement");
    let stops = complements
        .iter()
        .filter(|g| text_of(g, "kind") == "stops")
        .copied();
    for group in stops.chain(tables(top, "never-in-name")) {
        for form in forms(group) {
            b.add(form, STOP, None);
        }
    }
}
