//! A TOML file as a tree with places, and the findings it earns.
//!
//! Tables are walked by hand and not through `serde`, so that every mistake of a file is told at once, each with its
//! line and column and in the words of the lexicon format.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Diagnostic, Severity};

/// A place in a lexicon file: line and column in characters, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub line: u32,
    pub column: u32,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed<T> {
    pub value: T,
    pub place: Place,
}

/// Bytes between two known character counts.
const BLOCK: usize = 1024;

/// Characters that begin in a piece of UTF-8.
fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| b & 0xC0 != 0x80).count()
}

/// The findings of one file.
#[derive(Debug)]
pub(crate) struct Findings {
    file: String,
    line_starts: Vec<usize>,
    /// Characters before each block of the source: a file of one long line is placed in linear time.
    chars_before: Vec<usize>,
    source: String,
    pub list: Vec<Diagnostic>,
}

impl Findings {
    pub fn new(file: &str, source: &str) -> Findings {
        let mut line_starts = vec![0];
        line_starts.extend(
            source
                .bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(i, _)| i + 1),
        );
        let mut chars = 0;
        let chars_before = source
            .as_bytes()
            .chunks(BLOCK)
            .map(|block| {
                let before = chars;
                chars += count_chars(block);
                before
            })
            .collect();
        Findings {
            file: file.to_owned(),
            line_starts,
            chars_before,
            source: source.to_owned(),
            list: Vec::new(),
        }
    }

    pub fn place(&self, offset: usize) -> Place {
        let line = self.line_starts.partition_point(|&s| s <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let column = match self.source.as_bytes().get(start..offset) {
            Some(short) if short.len() < BLOCK => count_chars(short) + 1,
            _ => self.chars_to(offset).saturating_sub(self.chars_to(start)) + 1,
        };
        Place {
            line: line as u32,
            column: column as u32,
        }
    }

    /// Characters of the source before `offset`.
    fn chars_to(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        let before = self.chars_before.get(block).copied().unwrap_or(0);
        let rest = self.source.as_bytes().get(block * BLOCK..offset);
        before + rest.map_or(0, count_chars)
    }

    pub fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        help: &str,
    ) {
        self.list.push(Diagnostic {
            file: self.file.clone(),
            line: place.line,
            column: place.column,
            severity,
            code,
            message: message.into(),
            help: (!help.is_empty()).then(|| help.to_owned()),
        });
    }

    pub fn error(
        &mut self,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        help: &str,
    ) {
        self.add(Severity::Error, code, place, message, help);
    }

    pub fn warn(
        &mut self,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        help: &str,
    ) {
        self.add(Severity::Warning, code, place, message, help);
    }

    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }
}

/// Parses the source; syntax errors become findings.
pub(crate) fn parse<'a>(source: &'a str, findings: &mut Findings) -> Option<Spanned<DeTable<'a>>> {
    match DeTable::parse(source) {
        Ok(table) => Some(table),
        Err(e) => {
            let place = findings.place(e.span().unwrap_or_default().start);
            let message = e
                .message()
                .lines()
                .next()
                .unwrap_or("invalid TOML")
                .to_owned();
            findings.error(
                "L001",
                place,
                format!("not valid TOML: {message}"),
                "quotes around every term, a comma behind it",
            );
            None
        }
    }
}

/// One table of the file and the keys that were asked for.
pub(crate) struct Table<'t, 'a> {
    table: &'t DeTable<'a>,
    name: &'static str,
    pub place: Place,
}

impl<'t, 'a> Table<'t, 'a> {
    pub fn new(table: &'t DeTable<'a>, name: &'static str, place: Place) -> Self {
        Table { table, name, place }
    }

    fn raw(&self, key: &str) -> Option<(&'t Spanned<DeValue<'a>>, Range<usize>)> {
        self.table.get(key).map(|v| (v, v.span()))
    }

    fn wrong(
        &self,
        findings: &mut Findings,
        at: usize,
        key: &str,
        wanted: &str,
        value: &DeValue<'_>,
    ) {
        let place = findings.place(at);
        findings.error(
            "L002",
            place,
            format!(
                "`{key}` in {} must be {wanted}, not {}",
                self.name,
                value.type_str()
            ),
            "",
        );
    }

    /// Reports every key that is not in `known`.
    pub fn only(&self, findings: &mut Findings, known: &[&str]) {
        for (key, _) in self.table.iter() {
            if !known.contains(&key.get_ref().as_ref()) {
                let place = findings.place(key.span().start);
                findings.error(
                    "L002",
                    place,
                    format!("unknown key `{}` in {}", key.get_ref(), self.name),
                    &format!("known here: {}", known.join(", ")),
                );
            }
        }
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub fn string(&self, findings: &mut Findings, key: &str) -> Option<Placed<String>> {
        let (value, span) = self.raw(key)?;
        match value.get_ref().as_str() {
            Some(s) => Some(Placed {
                value: s.to_owned(),
                place: findings.place(span.start),
            }),
            None => {
                self.wrong(findings, span.start, key, "a string", value.get_ref());
                None
            }
        }
    }

    pub fn required(&self, findings: &mut Findings, key: &str) -> Option<Placed<String>> {
        if !self.has(key) {
            self.missing(findings, key);
        }
        self.string(findings, key)
    }

    pub fn missing(&self, findings: &mut Findings, key: &str) {
        findings.error(
            "L002",
            self.place,
            format!("{} has no `{key}`", self.name),
            "",
        );
    }

    pub fn number(&self, findings: &mut Findings, key: &str) -> Option<Placed<f64>> {
        let (value, span) = self.raw(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(i) => i.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Float(f) => f.as_str().replace('_', "").parse::<f64>().ok(),
            other => {
                self.wrong(findings, span.start, key, "a number", other);
                return None;
            }
        };
        Some(Placed {
            value: number.unwrap_or(f64::NAN),
            place: findings.place(span.start),
        })
    }

    pub fn boolean(&self, findings: &mut Findings, key: &str) -> Option<bool> {
        let (value, span) = self.raw(key)?;
        match value.get_ref() {
            DeValue::Boolean(b) => Some(*b),
            other => {
                self.wrong(findings, span.start, key, "true or false", other);
                None
            }
        }
    }

    pub fn is_string(&self, key: &str) -> bool {
        self.raw(key).is_some_and(|(v, _)| v.get_ref().is_str())
    }

    /// A list of strings, in order.
    pub fn strings(&self, findings: &mut Findings, key: &str) -> Vec<Placed<String>> {
        match self.raw(key) {
            Some((value, _)) => self.strings_of(findings, key, value),
            None => Vec::new(),
        }
    }

    fn strings_of(
        &self,
        findings: &mut Findings,
        key: &str,
        value: &Spanned<DeValue<'a>>,
    ) -> Vec<Placed<String>> {
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(
                findings,
                value.span().start,
                key,
                "a list of strings",
                value.get_ref(),
            );
            return Vec::new();
        };
        let mut out = Vec::with_capacity(array.len());
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(s) => out.push(Placed {
                    value: s.to_owned(),
                    place: findings.place(item.span().start),
                }),
                None => self.wrong(
                    findings,
                    item.span().start,
                    key,
                    "a list of strings",
                    item.get_ref(),
                ),
            }
        }
        out
    }

    /// A list whose items are strings or lists of strings.
    pub fn choices(&self, findings: &mut Findings, key: &str) -> Vec<Vec<Placed<String>>> {
        let Some((value, span)) = self.raw(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(findings, span.start, key, "a list", value.get_ref());
            return Vec::new();
        };
        let mut out = Vec::with_capacity(array.len());
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(s) => out.push(vec![Placed {
                    value: s.to_owned(),
                    place: findings.place(item.span().start),
                }]),
                None => out.push(self.strings_of(findings, key, item)),
            }
        }
        out
    }

    /// A sub-table.
    pub fn table(
        &self,
        findings: &mut Findings,
        key: &str,
        name: &'static str,
    ) -> Option<Table<'t, 'a>> {
        let (value, span) = self.raw(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Table::new(table, name, findings.place(span.start))),
            None => {
                self.wrong(findings, span.start, key, "a table", value.get_ref());
                None
            }
        }
    }

    /// The tables of `[[key]]`, in order.
    pub fn tables(
        &self,
        findings: &mut Findings,
        key: &str,
        name: &'static str,
    ) -> Vec<Table<'t, 'a>> {
        let Some((value, span)) = self.raw(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(
                findings,
                span.start,
                key,
                "written as [[...]]",
                value.get_ref(),
            );
            return Vec::new();
        };
        let mut out = Vec::with_capacity(array.len());
        for item in array.iter() {
            match item.get_ref().as_table() {
                Some(table) => out.push(Table::new(table, name, findings.place(item.span().start))),
                None => self.wrong(
                    findings,
                    item.span().start,
                    key,
                    "written as [[...]]",
                    item.get_ref(),
                ),
            }
        }
        out
    }
}
