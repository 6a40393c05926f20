//! `[entities]` files: lists of names of one kind.

use super::reader::{Findings, Placed, Table};

/// A list of names.
#[derive(Clone, Debug)]
pub(crate) struct EntityFile {
    pub id: String,
    pub kind: String,
    pub groups: Vec<NameGroup>,
}

/// Names that share an id (aliases of one thing) or have none.
#[derive(Clone, Debug)]
pub(crate) struct NameGroup {
    pub id: Option<String>,
    pub names: Vec<Placed<String>>,
}

impl EntityFile {
    pub fn terms(&self) -> usize {
        self.groups.iter().map(|g| g.names.len()).sum()
    }
}

/// Kinds a list may give.
const KINDS: [&str; 3] = ["person", "location", "organization"];

pub(crate) fn read(top: &Table<'_, '_>, findings: &mut Findings) -> Option<EntityFile> {
    top.only(findings, &["format", "version", "entities", "terms"]);
    let head = top.table(findings, "entities", "[entities]")?;
    head.only(findings, &["id", "kind"]);
    let id = head.required(findings, "id")?;
    super::check_id(findings, &id);
    let kind = head.required(findings, "kind")?;
    if !KINDS.contains(&kind.value.as_str()) {
        findings.error(
            "L006",
            kind.place,
            format!(
                "kind must be one of {}, found {:?}",
                KINDS.join(", "),
                kind.value
            ),
            "",
        );
    }
    let mut groups = Vec::new();
    let mut seen = super::topic_file::Seen::default();
    let mut count = 0;
    for table in top.tables(findings, "terms", "[[terms]]") {
        table.only(findings, &["id", "list", "why", "source"]);
        let id = table.string(findings, "id").map(|p| p.value);
        let mut names = table.strings(findings, "list");
        if !table.has("list") {
            table.missing(findings, "list");
        }
        names.retain(|n| super::check_term(findings, n));
        for name in &names {
            super::check_common(findings, name);
            super::topic_file::check_twice(findings, &mut seen, name);
        }
        count += names.len();
        groups.push(NameGroup { id, names });
    }
    super::topic_file::check_count(findings, head.place, count);
    Some(EntityFile {
        id: id.value,
        kind: kind.value,
        groups,
    })
}
