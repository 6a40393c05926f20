//! `[language]` files of quantities: what is counted, weighed and paid, and what happened to how many people.

use super::reader::{Findings, Table};
use crate::measure::{MeasureClass, MeasureGroup};

/// A file of measures.
#[derive(Clone, Debug)]
pub(crate) struct LanguageFile {
    pub id: String,
    pub groups: Vec<MeasureGroup>,
}

impl LanguageFile {
    pub fn terms(&self) -> usize {
        self.groups.iter().map(|g| g.list.len()).sum()
    }
}

pub(crate) fn read(top: &Table<'_, '_>, findings: &mut Findings) -> Option<LanguageFile> {
    top.only(
        findings,
        &[
            "format", "version", "language", "people", "outcome", "unit", "currency",
        ],
    );
    let head = top.table(findings, "language", "[language]")?;
    head.only(findings, &["id"]);
    let id = head.required(findings, "id")?;
    super::check_id(findings, &id);
    let mut groups = Vec::new();
    for table in top.tables(findings, "people", "[[people]]") {
        table.only(findings, &["id", "outcome", "list", "why"]);
        let mut group = group(findings, &table, MeasureClass::People);
        group.about = table.string(findings, "outcome").map(|o| o.value);
        groups.push(group);
    }
    for table in top.tables(findings, "outcome", "[[outcome]]") {
        table.only(
            findings,
            &["id", "form", "reach", "bare", "not", "list", "why"],
        );
        let Some(form) = table.required(findings, "form") else {
            continue;
        };
        let class = match form.value.as_str() {
            "noun" => MeasureClass::OutcomeNoun,
            "verb" => MeasureClass::OutcomeVerb,
            "after" => MeasureClass::OutcomeAfter,
            other => {
                let message = format!("form must be noun, verb or after, found {other:?}");
                findings.error("L006", form.place, message, "");
                continue;
            }
        };
        let mut group = group(findings, &table, class);
        if let Some(n) = table.number(findings, "reach") {
            if (0.0..=12.0).contains(&n.value) {
                group.reach = Some(n.value as u8);
            } else {
                findings.error(
                    "L006",
                    n.place,
                    format!("reach must be 0 to 12, found {}", n.value),
                    "",
                );
            }
        }
        if let Some(bare) = table.boolean(findings, "bare") {
            group.bare = bare;
        }
        group.not = table
            .strings(findings, "not")
            .into_iter()
            .map(|w| w.value)
            .collect();
        groups.push(group);
    }
    for table in top.tables(findings, "unit", "[[unit]]") {
        table.only(findings, &["id", "kind", "list", "why"]);
        let mut group = group(findings, &table, MeasureClass::Unit);
        group.about = table.required(findings, "kind").map(|k| k.value);
        groups.push(group);
    }
    for table in top.tables(findings, "currency", "[[currency]]") {
        table.only(findings, &["id", "list", "why"]);
        groups.push(group(findings, &table, MeasureClass::Currency));
    }
    Some(LanguageFile {
        id: id.value,
        groups,
    })
}

fn group(findings: &mut Findings, table: &Table<'_, '_>, class: MeasureClass) -> MeasureGroup {
    let id = table
        .required(findings, "id")
        .map(|id| id.value)
        .unwrap_or_default();
    let mut group = MeasureGroup::new(class, &id);
    if !table.has("list") {
        table.missing(findings, "list");
    }
    group.list = table
        .strings(findings, "list")
        .into_iter()
        .map(|term| term.value)
        .collect();
    group
}
