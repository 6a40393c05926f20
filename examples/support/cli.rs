//! What the example binaries share: arguments, files, JSON Lines in and out.
//!
//! Bad input is named and skipped, the run goes on, and the exit status is then 1. A closed pipe or a full disk ends
//! the run with a message.

mod html;
mod input;
mod terminal;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use input::Decode;
use terminal::{for_terminals, is_bidi_control};

/// A line on standard error. `eprintln!` would panic where nobody reads it any more.
macro_rules! say {
    ($($arg:tt)*) => {
        let _ = writeln!(io::stderr().lock(), $($arg)*);
    };
}

/// Longest text read, a file or a line of JSON, unless the caller says otherwise.
const MAX_BYTES: usize = 256 << 20;

/// What every usage text ends with.
pub const INPUT_OPTIONS: &str = "\
  --encoding E    files are in E (windows-1256, iso-8859-6, utf-16le ...); auto: byte order mark, declaration, guess
  --html          the texts are web pages: the text of the article is read, without tags
  --max-bytes N   longest text read, 268435456 without it; a longer one is an error
  --words N       distinct words remembered from text to text, 90000 without it; fewer take less memory and more time
With --encoding or --html the JSON holds the text that the offsets count in, as \"input\".
";

/// What one binary does with a text.
pub trait Command: Sync {
    /// Buffers, one a thread.
    type Scratch: Send;
    /// New buffers.
    fn scratch(&self, options: &Options) -> Self::Scratch;
    /// Appends the report for people.
    fn people(&self, name: &str, text: &str, scratch: &mut Self::Scratch, out: &mut String);
    /// Appends the fields of the JSON object behind `"id"`, each with a comma in front.
    fn json(&self, text: &str, scratch: &mut Self::Scratch, out: &mut String);
}

/// The arguments both binaries know.
#[derive(Debug, Default)]
pub struct Options {
    pub json: bool,
    pub jsonl: bool,
    pub threads: usize,
    pub skip: u64,
    pub html: bool,
    pub encoding: Decode,
    pub max_bytes: usize,
    pub words: Option<usize>,
    pub lexicons: Vec<PathBuf>,
    pub inputs: Vec<PathBuf>,
}

/// Reads the arguments; prints help or the mistake and gives the exit status where there is nothing to run.
pub fn options(usage: &str) -> Result<Options, ExitCode> {
    use lexopt::prelude::*;
    let mut options = Options {
        threads: 1,
        max_bytes: MAX_BYTES,
        ..Options::default()
    };
    let mut parser = lexopt::Parser::from_env();
    let mut read = || -> Result<bool, lexopt::Error> {
        while let Some(arg) = parser.next()? {
            match arg {
                Long("json") => options.json = true,
                Long("jsonl") => options.jsonl = true,
                Long("threads") => {
                    options.threads = parser.value()?.parse::<usize>()?.clamp(1, 256)
                }
                Long("skip") => options.skip = parser.value()?.parse()?,
                Long("html") => options.html = true,
                Long("encoding") => {
                    let label = parser.value()?.string()?;
                    options.encoding = Decode::from_label(&label)
                        .ok_or_else(|| format!("encoding {label:?} is not known"))?;
                }
                Long("max-bytes") => options.max_bytes = parser.value()?.parse()?,
                Long("words") => options.words = Some(parser.value()?.parse()?),
                Long("lexicon") => options.lexicons.push(parser.value()?.into()),
                Short('h') | Long("help") => return Ok(false),
                Value(path) => options.inputs.push(path.into()),
                other => return Err(other.unexpected()),
            }
        }
        if options.jsonl && options.encoding != Decode::Utf8 {
            return Err("JSON Lines are UTF-8: --encoding is for text files".into());
        }
        Ok(true)
    };
    match read() {
        Ok(true) => Ok(options),
        Ok(false) => {
            let mut out = io::stdout().lock();
            match write!(out, "{usage}{INPUT_OPTIONS}").and_then(|()| out.flush()) {
                Ok(()) => Err(ExitCode::SUCCESS),
                Err(_) => Err(ExitCode::FAILURE),
            }
        }
        Err(e) => {
            say!("{e}\n\n{usage}{INPUT_OPTIONS}");
            Err(ExitCode::from(2))
        }
    }
}

/// Runs the command over the inputs.
pub fn run<C: Command>(command: &C, options: &Options) -> ExitCode {
    let out = io::stdout();
    let mut out = BufWriter::with_capacity(1 << 16, out.lock());
    let result = if options.jsonl {
        lines(command, options, &mut out)
    } else {
        files(command, options, &mut out)
    };
    match result.and_then(|bad| out.flush().map(|()| bad)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(e) => {
            say!("cannot write: {e}");
            ExitCode::FAILURE
        }
    }
}

/// Text files, directories, `-`; the number of bad ones.
fn files<C: Command>(command: &C, options: &Options, out: &mut impl Write) -> io::Result<u64> {
    let (paths, mut bad) = expand(&options.inputs);
    let bar = (paths.len() > 1 && io::stderr().is_terminal() && !io::stdout().is_terminal())
        .then(|| indicatif::ProgressBar::new(paths.len() as u64));
    let mut scratch = command.scratch(options);
    let mut line = String::new();
    for path in &paths {
        let name = path.display().to_string();
        let read = input::read(path, options.max_bytes)
            .and_then(|bytes| options.encoding.decode(bytes, options.html));
        match read {
            Ok((text, remark)) => {
                if let Some(remark) = remark {
                    say!("{name}: {remark}");
                }
                let text = if options.html {
                    html::text(&text)
                } else {
                    text
                };
                line.clear();
                if options.json {
                    object(command, options, &name, &text, &mut scratch, &mut line);
                } else {
                    command.people(&name, &text, &mut scratch, &mut line);
                    line = for_terminals(line);
                }
                out.write_all(line.as_bytes())?;
            }
            Err(e) => {
                say!("{name}: {e}");
                bad += 1;
            }
        }
        if let Some(bar) = &bar {
            bar.inc(1);
        }
    }
    if let Some(bar) = &bar {
        bar.finish_and_clear();
    }
    Ok(bad)
}

/// The files under the inputs, in order, and how many directories could not be read.
fn expand(inputs: &[PathBuf]) -> (Vec<PathBuf>, u64) {
    let mut bad = 0;
    let mut queue: VecDeque<PathBuf> = inputs.iter().cloned().collect();
    if queue.is_empty() {
        queue.push_back("-".into());
    }
    let mut paths = Vec::new();
    while let Some(path) = queue.pop_front() {
        if !path.is_dir() {
            paths.push(path);
            continue;
        }
        match std::fs::read_dir(&path) {
            Ok(entries) => {
                let mut inside: Vec<_> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
                inside.sort();
                // Symbolic links to directories are not followed: they may go in circles.
                inside.retain(|p| p.is_file() || p.is_dir() && !p.is_symlink());
                inside.into_iter().rev().for_each(|p| queue.push_front(p));
            }
            Err(e) => {
                say!("{}: {e}", path.display());
                bad += 1;
            }
        }
    }
    (paths, bad)
}

/// Appends the JSON object of a text, with a line feed.
fn object<C: Command>(
    command: &C,
    options: &Options,
    id: &str,
    text: &str,
    scratch: &mut C::Scratch,
    out: &mut String,
) {
    out.push_str("{\"id\": ");
    json_string(id, out);
    command.json(text, scratch, out);
    if options.html || options.encoding != Decode::Utf8 {
        // Offsets count in this text, which the reader does not have.
        out.push_str(", \"input\": ");
        json_string(text, out);
    }
    out.push_str("}\n");
}

/// Bytes of input a thread takes in one round.
const ROUND: usize = 1 << 20;

/// Counts over all inputs.
#[derive(Default)]
struct Counts {
    /// Lines that earn an answer: all but blank ones.
    lines: u64,
    bad: u64,
}

/// JSON Lines: one object in, one object out, in input order; the number of bad lines.
fn lines<C: Command>(command: &C, options: &Options, out: &mut impl Write) -> io::Result<u64> {
    let mut counts = Counts::default();
    let mut workers: Vec<Worker<C::Scratch>> = (0..options.threads)
        .map(|_| Worker {
            lines: Vec::new(),
            ends: Vec::new(),
            out: String::new(),
            notes: Vec::new(),
            scratch: command.scratch(options),
        })
        .collect();
    let inputs = if options.inputs.is_empty() {
        vec!["-".into()]
    } else {
        options.inputs.clone()
    };
    for path in &inputs {
        let source: Box<dyn Read> = if path == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            match File::open(path) {
                Ok(file) => Box::new(file),
                Err(e) => {
                    say!("{}: {e}", path.display());
                    counts.bad += 1;
                    continue;
                }
            }
        };
        let mut lines = Lines {
            source: BufReader::with_capacity(1 << 16, source),
            number: 0,
            limit: options.max_bytes,
            done: false,
        };
        while !lines.done {
            for worker in &mut workers {
                worker.lines.clear();
                worker.ends.clear();
                while !lines.done && worker.lines.len() < ROUND {
                    if lines.source.buffer().is_empty() {
                        // The next read may wait: a reader at the other end of a pipe gets what there is.
                        out.flush()?;
                    }
                    let before = worker.lines.len();
                    match lines.next(&mut worker.lines) {
                        Ok(None) => {}
                        Ok(Some(fits)) => {
                            counts.lines += 1;
                            if counts.lines <= options.skip {
                                worker.lines.truncate(before);
                            } else {
                                let end = worker.lines.len();
                                worker.ends.push((end, lines.number, fits));
                            }
                        }
                        Err(e) => {
                            say!("{}: {e}", path.display());
                            counts.bad += 1;
                        }
                    }
                    // One thread answers each line at once.
                    if options.threads == 1 && !worker.ends.is_empty() {
                        break;
                    }
                }
            }
            if let [worker] = &mut workers[..] {
                worker.work(command, options);
            } else {
                std::thread::scope(|scope| {
                    for worker in workers.iter_mut().filter(|w| !w.ends.is_empty()) {
                        scope.spawn(|| worker.work(command, options));
                    }
                });
            }
            for worker in &mut workers {
                out.write_all(worker.out.as_bytes())?;
                worker.out.clear();
                counts.bad += worker.notes.len() as u64;
                for note in worker.notes.drain(..) {
                    say!("{}: {note}", path.display());
                }
            }
        }
    }
    if counts.bad > 0 {
        let Counts { lines, bad } = counts;
        say!("{lines} lines read, {bad} bad");
    }
    Ok(counts.bad)
}

/// The lines of one input that are not blank.
struct Lines {
    source: BufReader<Box<dyn Read>>,
    /// Lines so far, blank ones too.
    number: u64,
    limit: usize,
    done: bool,
}

impl Lines {
    /// Appends the next line to `into`: `Some(true)`. One past the limit is read over and not kept: `Some(false)`.
    /// `None` for a blank line, and at the end, where `done` is set, as after an error.
    fn next(&mut self, into: &mut Vec<u8>) -> io::Result<Option<bool>> {
        let before = into.len();
        let mut whole = true;
        let mut any = false;
        loop {
            let buffer = match self.source.fill_buf() {
                Ok(buffer) => buffer,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => {
                    self.done = true;
                    into.truncate(before);
                    return Err(e);
                }
            };
            if buffer.is_empty() {
                self.done = true;
                break;
            }
            any = true;
            let end = memchr::memchr(b'\n', buffer);
            let take = end.map_or(buffer.len(), |e| e + 1);
            if whole && into.len() - before + take <= self.limit {
                into.extend_from_slice(buffer.get(..take).unwrap_or_default());
            } else {
                whole = false;
                into.truncate(before);
            }
            self.source.consume(take);
            if end.is_some() {
                break;
            }
        }
        self.number += u64::from(any);
        if self.number == 1
            && into
                .get(before..)
                .is_some_and(|l| l.starts_with(b"\xEF\xBB\xBF"))
        {
            into.drain(before..before + 3);
        }
        let blank = into.get(before..).is_none_or(|l| l.trim_ascii().is_empty());
        if whole && blank {
            into.truncate(before);
            return Ok(None);
        }
        Ok(any.then_some(whole))
    }
}

struct Worker<S> {
    lines: Vec<u8>,
    /// End in `lines` and number of each line, and whether it was short enough to be kept.
    ends: Vec<(usize, u64, bool)>,
    out: String,
    notes: Vec<String>,
    scratch: S,
}

impl<S: Send> Worker<S> {
    fn work<C: Command<Scratch = S>>(&mut self, command: &C, options: &Options) {
        let mut start = 0;
        for &(end, number, fits) in &self.ends {
            let line = self.lines.get(start..end).unwrap_or_default();
            start = end;
            let parsed = if fits {
                parse(line.trim_ascii())
            } else {
                Err((None, input::too_long(options.max_bytes)))
            };
            match parsed {
                Ok(Article { id, text }) if options.html => {
                    let text = html::text(&text);
                    object(
                        command,
                        options,
                        &id,
                        &text,
                        &mut self.scratch,
                        &mut self.out,
                    );
                }
                Ok(Article { id, text }) => {
                    object(
                        command,
                        options,
                        &id,
                        &text,
                        &mut self.scratch,
                        &mut self.out,
                    );
                }
                Err((id, message)) => {
                    self.out.push_str("{\"id\": ");
                    match &id {
                        Some(id) => json_string(id, &mut self.out),
                        None => self.out.push_str("null"),
                    }
                    self.out
                        .push_str(&format!(", \"line\": {number}, \"error\": "));
                    json_string(&message, &mut self.out);
                    self.out.push_str("}\n");
                    self.notes.push(format!("line {number}: {message}"));
                }
            }
        }
    }
}

/// An input line.
#[derive(serde::Deserialize)]
struct Article<'a> {
    #[serde(borrow)]
    id: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    text: std::borrow::Cow<'a, str>,
}

fn parse(line: &[u8]) -> Result<Article<'_>, (Option<String>, String)> {
    let line = std::str::from_utf8(line).map_err(|e| {
        (
            None,
            format!("not UTF-8: first bad byte at {}", e.valid_up_to()),
        )
    })?;
    serde_json::from_str::<Article<'_>>(line).map_err(|e| {
        let value = serde_json::from_str::<serde_json::Value>(line).ok();
        let id = value
            .as_ref()
            .and_then(|v| v.get("id"))
            .and_then(|v| v.as_str())
            .map(str::to_owned);
        (id, e.to_string())
    })
}

/// Appends `text` as a JSON string. Control characters, bidi controls and line separators are escaped: neither a
/// terminal nor a script that holds the line is steered by it.
pub fn json_string(text: &str, out: &mut String) {
    out.push('"');
    // Nearly every string is plain; eight bytes and more are looked at together.
    let odd = |b: u8| b < 0x20 || matches!(b, b'"' | b'\\' | 0x7F | 0xC2 | 0xE2);
    if !text.bytes().fold(false, |any, b| any | odd(b)) {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut plain = 0;
    for (i, b) in text.bytes().enumerate() {
        let escape = match b {
            // U+2028 to U+202E, U+2066 to U+2069, and all else that begins with this byte.
            0xE2 | 0xC2 | 0x7F => {
                let rest = text.get(i..).unwrap_or("");
                if let Some(c) = rest.chars().next().filter(|&c| {
                    c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}')
                }) {
                    out.push_str(text.get(plain..i).unwrap_or(""));
                    out.push_str(&format!("\\u{:04x}", c as u32));
                    plain = i + c.len_utf8();
                }
                continue;
            }
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1F => {
                out.push_str(&text[plain..i]);
                out.push_str(&format!("\\u{b:04x}"));
                plain = i + 1;
                continue;
            }
            _ => continue,
        };
        out.push_str(&text[plain..i]);
        out.push_str(escape);
        plain = i + 1;
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

/// Appends a whole number.
pub fn json_number(mut n: usize, out: &mut String) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or("0"));
}

/// Appends a number with three decimals, as `{:.3}` prints it.
#[allow(dead_code)]
pub fn json_decimal(x: f32, out: &mut String) {
    if x.is_sign_negative() || !(0.0..1000.0).contains(&x) {
        out.push_str(&format!("{x:.3}"));
        return;
    }
    // The product is exact: 24 bits and ten more.
    let thousandths = (f64::from(x) * 1000.0).round_ties_even() as usize;
    json_number(thousandths / 1000, out);
    out.push('.');
    for unit in [100, 10, 1] {
        out.push(char::from(b'0' + (thousandths / unit % 10) as u8));
    }
}

/// The tagger with the lexicons of the command line.
#[allow(dead_code)]
pub fn tagger(paths: &[PathBuf]) -> Result<rasd::Tagger, rasd::Error> {
    if paths.is_empty() {
        return Ok(rasd::Tagger::new());
    }
    let mut builder = rasd::Tagger::builder();
    for path in paths {
        builder.lexicon(rasd::Lexicon::from_path(path)?);
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_printed_as_the_standard_library_prints_them() {
        // Ties, which are eighths and sixteenths, and what lies beside them.
        let near = |x: f32| [x, x.next_up(), x.next_down()];
        let eighths = (0..4000).map(|n| n as f32 / 16.0).flat_map(near);
        let others = (0..100_000).map(|n| n as f32 / 98_765.4);
        for x in eighths
            .chain(others)
            .chain([-0.0, -0.0005, -1.5, 1e9, f32::NAN])
        {
            let mut out = String::new();
            json_decimal(x, &mut out);
            assert_eq!(out, format!("{x:.3}"));
        }
    }
}
