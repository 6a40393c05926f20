//! `[layout]` files: the markers that say what a line of a page is.

use super::reader::{Findings, Table};
use crate::page::{MarkerGroup, MarkerPart, Place};

/// A file of markers.
#[derive(Clone, Debug)]
pub(crate) struct LayoutFile {
    pub id: String,
    pub groups: Vec<MarkerGroup>,
}

impl LayoutFile {
    pub fn terms(&self) -> usize {
        self.groups.iter().map(|g| g.list.len()).sum()
    }
}

pub(crate) fn read(top: &Table<'_, '_>, findings: &mut Findings) -> Option<LayoutFile> {
    top.only(findings, &["format", "version", "layout", "marker"]);
    let head = top.table(findings, "layout", "[layout]")?;
    head.only(findings, &["id"]);
    let id = head.required(findings, "id")?;
    super::check_id(findings, &id);
    let mut groups = Vec::new();
    for table in top.tables(findings, "marker", "[[marker]]") {
        table.only(
            findings,
            &[
                "part",
                "separator",
                "whole-line",
                "prefix",
                "to-end",
                "needs",
                "place",
                "max-words",
                "list",
                "why",
                "source",
            ],
        );
        let Some(part) = table.required(findings, "part") else {
            continue;
        };
        let Some(kind) = MarkerPart::from_name(&part.value) else {
            let known: Vec<_> = MarkerPart::ALL.iter().map(|p| p.name()).collect();
            let message = format!(
                "part must be one of {}, found {:?}",
                known.join(", "),
                part.value
            );
            findings.error("L006", part.place, message, "");
            continue;
        };
        let mut group = MarkerGroup::new(kind);
        if let Some(s) = table.string(findings, "separator") {
            match s.value.as_str() {
                "required" => group.separator_required = true,
                "optional" => group.separator_required = false,
                other => {
                    let message =
                        format!("separator must be required or optional, found {other:?}");
                    findings.error("L006", s.place, message, "");
                }
            }
        }
        if let Some(on) = table.boolean(findings, "whole-line") {
            group.whole_line = on;
        }
        if let Some(on) = table.boolean(findings, "prefix") {
            group.prefix = on;
        }
        if let Some(on) = table.boolean(findings, "to-end") {
            group.to_end = on;
        }
        if let Some(n) = table.string(findings, "needs") {
            group.needs_date = n.value == "date";
            if !group.needs_date {
                findings.error(
                    "L006",
                    n.place,
                    format!("needs must be \"date\", found {:?}", n.value),
                    "",
                );
            }
        }
        if let Some(p) = table.string(findings, "place") {
            match p.value.as_str() {
                "any" => group.place = Place::Any,
                "top" => group.place = Place::Top,
                "tail" => group.place = Place::Tail,
                other => {
                    let message = format!("place must be any, top or tail, found {other:?}");
                    findings.error("L006", p.place, message, "");
                }
            }
        }
        if let Some(n) = table.number(findings, "max-words") {
            if (1.0..=200.0).contains(&n.value) {
                group.max_words = n.value as u16;
            } else {
                findings.error(
                    "L006",
                    n.place,
                    format!("max-words must be 1 to 200, found {}", n.value),
                    "",
                );
            }
        }
        if !table.has("list") {
            table.missing(findings, "list");
        }
        group.list = table
            .strings(findings, "list")
            .into_iter()
            .map(|p| p.value)
            .collect();
        groups.push(group);
    }
    Some(LayoutFile {
        id: id.value,
        groups,
    })
}
