//! What people read on a terminal: nothing that steers it, and no panic where nobody reads it any more.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

/// Control characters, and bidi controls that reach over a line, as escapes: a page must not steer a terminal.
pub fn for_terminals(text: String) -> String {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || is_bidi_control(c);
    if !text.chars().any(steers) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if steers(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Embeddings, overrides, isolates. The plain marks U+200E, U+200F and U+061C harm nobody.
pub const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Writes a line to `out`.
#[allow(dead_code)]
pub fn line(out: &mut impl Write, text: impl Display) -> io::Result<()> {
    writeln!(out, "{}", for_terminals(text.to_string()))
}

/// Writes a line to standard error; `eprintln!` would panic where that is closed.
#[allow(dead_code)]
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{}", for_terminals(text.to_string()));
}

/// Runs `program` with standard output; a full disk or a closed pipe ends it with a message and exit status 1.
#[allow(dead_code)]
pub fn run(
    program: impl FnOnce(&mut io::BufWriter<io::StdoutLock<'static>>) -> io::Result<ExitCode>,
) -> ExitCode {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match program(&mut out).and_then(|status| out.flush().map(|()| status)) {
        Ok(status) => status,
        Err(e) => {
            note(format_args!("cannot write: {e}"));
            ExitCode::FAILURE
        }
    }
}
