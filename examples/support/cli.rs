//! What the example binaries share: arguments, files, JSON Lines in and out.
//!
//! Bad input is named and skipped, the run goes on, and the exit status is then 1. A closed pipe or a full disk ends
//! the run with a message.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What one binary does with a text.
pub trait Command: Sync {
    /// Buffers, one a thread.
    type Scratch: Send;
    /// New buffers.
    fn scratch(&self) -> Self::Scratch;
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
    pub lexicons: Vec<PathBuf>,
    pub inputs: Vec<PathBuf>,
}

/// Reads the arguments; prints help or the mistake and gives the exit status where there is nothing to run.
pub fn options(usage: &str) -> Result<Options, ExitCode> {
    use lexopt::prelude::*;
    let mut options = Options {
        threads: 1,
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
                Long("lexicon") => options.lexicons.push(parser.value()?.into()),
                Short('h') | Long("help") => return Ok(false),
                Value(path) => options.inputs.push(path.into()),
                other => return Err(other.unexpected()),
            }
        }
        Ok(true)
    };
    match read() {
        Ok(true) => Ok(options),
        Ok(false) => {
            print!("{usage}");
            Err(ExitCode::SUCCESS)
        }
        Err(e) => {
            eprint!("{e}\n\n{usage}");
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
            eprintln!("cannot write: {e}");
            ExitCode::FAILURE
        }
    }
}

/// Text files, directories, `-`; the number of bad ones.
fn files<C: Command>(command: &C, options: &Options, out: &mut impl Write) -> io::Result<u64> {
    let mut bad = 0;
    let mut queue: VecDeque<PathBuf> = options.inputs.iter().cloned().collect();
    if queue.is_empty() {
        queue.push_back("-".into());
    }
    let mut paths = Vec::new();
    while let Some(path) = queue.pop_front() {
        if path.is_dir() {
            match std::fs::read_dir(&path) {
                Ok(entries) => {
                    let mut inside: Vec<_> =
                        entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
                    inside.sort();
                    // Symbolic links to directories are not followed: they may go in circles.
                    inside.retain(|p| p.is_file() || p.is_dir() && !p.is_symlink());
                    inside.into_iter().rev().for_each(|p| queue.push_front(p));
                }
                Err(e) => {
                    eprintln!("{}: {e}", path.display());
                    bad += 1;
                }
            }
        } else {
            paths.push(path);
        }
    }
    let bar = (paths.len() > 1 && io::stderr().is_terminal() && !io::stdout().is_terminal())
        .then(|| indicatif::ProgressBar::new(paths.len() as u64));
    let mut scratch = command.scratch();
    let mut line = String::new();
    for path in &paths {
        match read_text(path) {
            Ok(text) => {
                line.clear();
                let name = path.display().to_string();
                if options.json {
                    line.push_str("{\"id\": ");
                    json_string(&name, &mut line);
                    command.json(&text, &mut scratch, &mut line);
                    line.push_str("}\n");
                } else {
                    command.people(&name, &text, &mut scratch, &mut line);
                }
                out.write_all(line.as_bytes())?;
            }
            Err(e) => {
                eprintln!("{}: {e}", path.display());
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

/// A whole file, or standard input for `-`.
fn read_text(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut f| f.read_to_end(&mut bytes))
    };
    read.map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| {
        format!(
            "not UTF-8: first bad byte at {}",
            e.utf8_error().valid_up_to()
        )
    })
}

/// Bytes of input a thread takes in one round.
const ROUND: usize = 1 << 20;

/// JSON Lines: one object in, one object out, in input order; the number of bad lines.
fn lines<C: Command>(command: &C, options: &Options, out: &mut impl Write) -> io::Result<u64> {
    let mut bad = 0;
    let mut number = 0;
    let mut workers: Vec<Worker<C::Scratch>> = (0..options.threads)
        .map(|_| Worker {
            lines: Vec::new(),
            ends: Vec::new(),
            out: String::new(),
            notes: Vec::new(),
            scratch: command.scratch(),
        })
        .collect();
    let inputs = if options.inputs.is_empty() {
        vec!["-".into()]
    } else {
        options.inputs.clone()
    };
    for path in &inputs {
        let mut reader: Box<dyn BufRead> = if path == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            match File::open(path) {
                Ok(file) => Box::new(BufReader::with_capacity(1 << 16, file)),
                Err(e) => {
                    eprintln!("{}: {e}", path.display());
                    bad += 1;
                    continue;
                }
            }
        };
        let mut more = true;
        while more {
            for worker in &mut workers {
                worker.lines.clear();
                worker.ends.clear();
                while more && worker.lines.len() < ROUND {
                    let before = worker.lines.len();
                    match reader.read_until(b'\n', &mut worker.lines) {
                        Ok(0) => more = false,
                        Ok(_) => {
                            number += 1;
                            if number <= options.skip {
                                worker.lines.truncate(before);
                            } else {
                                worker.ends.push((worker.lines.len(), number));
                            }
                        }
                        Err(e) => {
                            eprintln!("{}: {e}", path.display());
                            bad += 1;
                            more = false;
                        }
                    }
                    // One thread answers each line at once: a reader at the other end of a pipe is not kept waiting.
                    if options.threads == 1 && !worker.ends.is_empty() {
                        break;
                    }
                }
            }
            if let [worker] = &mut workers[..] {
                worker.work(command);
            } else {
                std::thread::scope(|scope| {
                    for worker in &mut workers {
                        scope.spawn(|| worker.work(command));
                    }
                });
            }
            for worker in &mut workers {
                out.write_all(worker.out.as_bytes())?;
                bad += worker.notes.len() as u64;
                for note in worker.notes.drain(..) {
                    eprintln!("{}: {note}", path.display());
                }
            }
        }
    }
    if bad > 0 {
        eprintln!("{} lines read, {bad} bad", number);
    }
    Ok(bad)
}

struct Worker<S> {
    lines: Vec<u8>,
    /// End in `lines` and number of each line.
    ends: Vec<(usize, u64)>,
    out: String,
    notes: Vec<String>,
    scratch: S,
}

impl<S: Send> Worker<S> {
    fn work<C: Command<Scratch = S>>(&mut self, command: &C) {
        self.out.clear();
        let mut start = 0;
        for &(end, number) in &self.ends {
            let line = self.lines[start..end].trim_ascii();
            start = end;
            if line.is_empty() {
                continue;
            }
            match parse(line) {
                Ok(article) => {
                    self.out.push_str("{\"id\": ");
                    json_string(&article.id, &mut self.out);
                    command.json(&article.text, &mut self.scratch, &mut self.out);
                    self.out.push_str("}\n");
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

/// Appends `text` as a JSON string. Bidi controls are escaped, so that a terminal shows what is there.
pub fn json_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (i, b) in text.bytes().enumerate() {
        let escape = match b {
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
