//! What can go wrong, all of it while lexicons are read: tagging a text never fails.

use std::fmt;

/// How serious a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The file works, but probably not as meant.
    Warning,
    /// The file is refused.
    Error,
}

/// One finding in a lexicon file.
///
/// It prints as `file:line:column: message [L005]` with a second line `  help: ...` where there is advice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The file as it was named by the caller.
    pub file: String,
    /// Line, from 1; 0 where the whole file is meant.
    pub line: u32,
    /// Column in characters, from 1; 0 where the whole file is meant.
    pub column: u32,
    /// Error or warning.
    pub severity: Severity,
    /// A stable code, `L001` ...; the table stands in [`guide::lexicons`](crate::guide::lexicons).
    pub code: &'static str,
    /// What is wrong. The offending Arabic text stands last, so that the line stays readable in both directions.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.severity {
            Severity::Warning => "warning: ",
            Severity::Error => "",
        };
        write!(f, "{}:", Shown(&self.file))?;
        if self.line > 0 {
            write!(f, "{}:{}:", self.line, self.column)?;
        }
        write!(f, " {kind}{} [{}]", Shown(&self.message), self.code)?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", Shown(help))?;
        }
        Ok(())
    }
}

/// Text of a lexicon as a message shows it: control characters and bidi controls as escapes, so that a file from
/// somebody else cannot steer the terminal of whoever reads the message, or turn its line around.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |c: char| {
            c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        };
        let mut rest = self.0;
        while let Some((at, c)) = rest.char_indices().find(|&(_, c)| hidden(c)) {
            let (plain, from) = rest.split_at(at);
            write!(f, "{plain}{}", c.escape_unicode())?;
            rest = from.get(c.len_utf8()..).unwrap_or("");
        }
        f.write_str(rest)
    }
}

/// Why lexicons were refused: every finding of every file, so that they are mended in one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    diagnostics: Vec<Diagnostic>,
}

impl Error {
    pub(crate) fn new(mut diagnostics: Vec<Diagnostic>) -> Error {
        diagnostics.sort();
        diagnostics.dedup();
        Error { diagnostics }
    }

    /// The findings, by file and place.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether a file could not be read at all.
    pub fn is_io(&self) -> bool {
        self.diagnostics.iter().any(|d| d.code == "L016")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, d) in self.diagnostics.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{d}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
