//! The example programs as a batch job meets them: bad lines, bad files, closed pipes, full disks.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// A page in the manner of the aggregators: title, date, body, a related story.
const PAGE: &str = "إحباط محاولة للهجرة غير الشرعية قبالة صفاقس\n\
    تاريخ النشر: 20 أكتوبر 2024\n\n\
    أحبط خفر السواحل التونسي محاولة للهجرة غير الشرعية، وأنقذ 40 مهاجرا من قارب مطاطي قبالة صفاقس.\n\
    وقال المتحدث محمد بن عبد الله إن المهاجرين غير الشرعيين نقلوا إلى الميناء.\n\n\
    المصدر: وكالة الأنباء\n\n\
    إقرأ أيضاً:\n\
    افتتاح معرض الكتاب في تونس\n\
    افتتح وزير الثقافة معرض الكتاب وسط حضور كبير من القراء والناشرين.\n";

/// The examples stand beside the tests; `cargo test` builds both, `cargo test --test cli` builds tests alone.
fn examples() -> &'static Path {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let profile = test.parent().unwrap().parent().unwrap();
        let directory = profile.join("examples");
        if !directory.join("tag").exists() || !directory.join("tokenize").exists() {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args([
                "build",
                "--quiet",
                "--example",
                "tag",
                "--example",
                "tokenize",
            ]);
            // Into the folder of this test, wherever `--target-dir` put it.
            cargo.arg("--target-dir").arg(profile.parent().unwrap());
            if profile.ends_with("release") {
                cargo.arg("--release");
            }
            assert!(cargo.status().unwrap().success());
        }
        directory
    })
}

fn command<S: AsRef<OsStr>>(example: &str, args: &[S]) -> Command {
    let mut command = Command::new(examples().join(example));
    command
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs to the end with `input` on standard input.
fn run<S: AsRef<OsStr>>(example: &str, args: &[S], input: &[u8]) -> Output {
    let mut child = command(example, args).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A program that stops early closes its end: that is no failure of the test.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    output
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn objects(output: &Output) -> Vec<Value> {
    stdout(output)
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

/// A directory of its own for each test.
fn scratch(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn line(id: &str, text: &str) -> String {
    format!(
        "{}\n",
        serde_json::json!({ "id": id, "text": text, "url": "ignored" })
    )
}

/// `text[start..end] == "text"` wherever an object has the three.
fn check_slices(value: &Value, text: &str) -> usize {
    let mut count = 0;
    if let (Some(start), Some(end), Some(piece)) = (
        value["start"].as_u64(),
        value["end"].as_u64(),
        value["text"].as_str(),
    ) {
        assert_eq!(text.get(start as usize..end as usize), Some(piece));
        count += 1;
    }
    let inside: Vec<&Value> = match value {
        Value::Array(list) => list.iter().collect(),
        Value::Object(map) => map.values().collect(),
        _ => Vec::new(),
    };
    count + inside.iter().map(|v| check_slices(v, text)).sum::<usize>()
}

#[test]
fn tokenize_keeps_its_contract() {
    let output = run("tokenize", &["--jsonl"], line("a1", PAGE).as_bytes());
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        stderr(&output)
    );
    let object = &objects(&output)[0];
    assert_eq!(object["id"], "a1");
    let tokens = object["tokens"].as_array().unwrap();
    assert_eq!(check_slices(object, PAGE), tokens.len());
    let mut end = 0;
    for token in tokens {
        assert!(token["start"].as_u64().unwrap() >= end);
        end = token["end"].as_u64().unwrap();
        let kind = token["kind"].as_str().unwrap();
        assert!(
            [
                "word",
                "number",
                "punctuation",
                "symbol",
                "url",
                "email",
                "hashtag",
                "mention"
            ]
            .contains(&kind)
        );
        for key in ["norm", "stem"] {
            assert!(!token[key].as_str().unwrap().is_empty());
        }
        assert!(token["root"].is_null() || token["root"].is_string());
        let segments: String = token["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s.as_str().unwrap())
            .collect();
        assert_eq!(segments, token["text"].as_str().unwrap());
    }
    let sentences = object["sentences"].as_array().unwrap();
    assert!(sentences.len() > 4);
    for token in tokens {
        assert!(sentences.iter().any(|s| {
            s["start"].as_u64() <= token["start"].as_u64()
                && token["end"].as_u64() <= s["end"].as_u64()
        }));
    }
}

#[test]
fn tag_keeps_its_contract() {
    let directory = scratch("contract");
    let file = directory.join("page.txt");
    fs::write(&file, PAGE).unwrap();
    let output = run("tag", &["--json".as_ref(), file.as_os_str()], b"");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        stderr(&output)
    );
    let object = &objects(&output)[0];
    assert_eq!(object["id"], file.display().to_string());
    assert!(check_slices(object, PAGE) > 3);
    let topic = &object["topics"][0];
    assert_eq!(topic["id"], "irregular-migration");
    assert!((0.5..=1.0).contains(&topic["score"].as_f64().unwrap()));
    let evidence = &topic["evidence"][0];
    for key in ["start", "end", "weight"] {
        assert!(evidence[key].is_number(), "{key}");
    }
    for key in ["text", "term", "part"] {
        assert!(evidence[key].is_string(), "{key}");
    }
    assert!(object["entities"].is_array());
    for keyword in object["keywords"].as_array().unwrap() {
        assert!(keyword["text"].is_string() && keyword["score"].is_number());
    }
    let related = &object["related"][0];
    assert_eq!(related["title"], "افتتاح معرض الكتاب في تونس");
    assert_eq!(related["topics"].as_array().unwrap().len(), 0);
    assert!(related["start"].as_u64().unwrap() < related["end"].as_u64().unwrap());
    // The same through JSON Lines, but for the id.
    let lines = run("tag", &["--jsonl"], line("x", PAGE).as_bytes());
    let mut again = objects(&lines).remove(0);
    again["id"] = object["id"].clone();
    assert_eq!(&again, object);
}

/// What a line of a feed may be, and how its error begins; `None` for a good one.
fn bad_lines() -> Vec<(Vec<u8>, Option<&'static str>)> {
    let deep = format!("{{\"id\": \"d\", \"x\": {}", "[".repeat(100_000));
    vec![
        (line("first", "خبر أول").into_bytes(), None),
        (
            b"{\"id\": \"cut\", \"te\n".to_vec(),
            Some("EOF while parsing"),
        ),
        (b"not json\n".to_vec(), Some("expected")),
        (b"[1, 2]\n".to_vec(), Some("invalid type")),
        (
            b"{\"text\": \"no id\"}\n".to_vec(),
            Some("missing field `id`"),
        ),
        (b"{\"id\": \"n\"}\n".to_vec(), Some("missing field `text`")),
        (
            b"{\"id\": \"n\", \"text\": null}\n".to_vec(),
            Some("invalid type: null"),
        ),
        (
            b"{\"id\": 5, \"text\": \"a\"}\n".to_vec(),
            Some("invalid type: integer"),
        ),
        (
            b"{\"id\": \"s\", \"text\": \"\\ud800\"}\n".to_vec(),
            Some("unexpected end of hex escape"),
        ),
        (
            b"{\"id\": \"s\", \"text\": \"\\ud800\\u0041\"}\n".to_vec(),
            Some("lone leading surrogate"),
        ),
        (
            b"{\"id\": \"s\", \"text\": \"\\udc00\"}\n".to_vec(),
            Some("lone leading surrogate"),
        ),
        (
            b"{\"id\": \"d\", \"id\": \"e\", \"text\": \"a\"}\n".to_vec(),
            Some("duplicate field `id`"),
        ),
        (
            b"{\"id\": \"n\", \"text\": NaN}\n".to_vec(),
            Some("expected"),
        ),
        (
            b"{\"id\": \"u\", \"text\": \"\xFF\xFE\"}\n".to_vec(),
            Some("not UTF-8: first bad byte at 21"),
        ),
        (
            b"{\"id\": \"c\", \"text\": \"a\x01b\"}\n".to_vec(),
            Some("control character"),
        ),
        (
            format!("{deep}\n").into_bytes(),
            Some("EOF while parsing a list"),
        ),
        (
            b"{\"id\": \"two\", \"text\": \"a\"} {}\n".to_vec(),
            Some("trailing characters"),
        ),
        (line("empty", "").into_bytes(), None),
        (line("nul", "قبل\0بعد").into_bytes(), None),
        (
            b"{\"id\": \"pair\", \"text\": \"\\ud83d\\ude00\"}\r\n".to_vec(),
            None,
        ),
        // The last line of a file that was cut.
        (
            b"{\"id\": \"last\", \"text\": \"\xD8".to_vec(),
            Some("not UTF-8"),
        ),
    ]
}

#[test]
fn every_bad_line_yields_one_record_and_no_good_one_is_lost() {
    let lines = bad_lines();
    let feed: Vec<u8> = lines.iter().flat_map(|(l, _)| l.clone()).collect();
    let mut outputs = Vec::new();
    for threads in ["1", "3"] {
        let output = run("tokenize", &["--jsonl", "--threads", threads], &feed);
        assert_eq!(output.status.code(), Some(1));
        let objects = objects(&output);
        assert_eq!(objects.len(), lines.len());
        for (i, (object, (line, wanted))) in objects.iter().zip(&lines).enumerate() {
            let shown = String::from_utf8_lossy(line)
                .chars()
                .take(60)
                .collect::<String>();
            match wanted {
                None => assert!(object["tokens"].is_array(), "{shown}"),
                Some(wanted) => {
                    assert_eq!(object["line"], i + 1, "{shown}");
                    let error = object["error"].as_str().unwrap();
                    assert!(error.contains(wanted), "{shown}: {error}");
                    assert!(object["id"].is_null() || object["id"].is_string());
                }
            }
        }
        // The id is told where it can be read.
        assert_eq!(objects[5]["id"], "n");
        assert_eq!(objects[6]["id"], "n");
        let notes = stderr(&output);
        let bad = lines.iter().filter(|(_, wanted)| wanted.is_some()).count();
        assert_eq!(notes.lines().count(), bad + 1, "{notes}");
        assert!(notes.contains("-: line 2: EOF while parsing"), "{notes}");
        assert!(
            notes.ends_with(&format!("{} lines read, {bad} bad\n", lines.len())),
            "{notes}"
        );
        outputs.push((output.stdout, output.stderr));
    }
    assert_eq!(outputs[0], outputs[1]);
}

/// A feed with blank lines and bad ones.
fn feed(n: usize) -> String {
    let mut out = String::from("\u{FEFF}");
    for i in 0..n {
        if i % 7 == 3 {
            out.push_str("\n  \r\n");
        }
        if i % 10 == 9 {
            out.push_str("{\"id\": \"bad\"}\n");
        } else {
            let text = &PAGE[..(0..=40 + i * 7 % 200)
                .rev()
                .find(|&at| PAGE.is_char_boundary(at))
                .unwrap_or(0)];
            // What else stands in a line is read over; here it makes a round of lines full.
            let rest = "x".repeat(i % 3 * 1000);
            let object = serde_json::json!({ "id": i.to_string(), "html": rest, "text": text });
            out.push_str(&format!("{object}\n"));
        }
    }
    out
}

#[test]
fn threads_change_no_byte() {
    let directory = scratch("threads");
    let file = directory.join("feed.jsonl");
    // More than a round of all threads.
    fs::write(&file, feed(3000)).unwrap();
    let args = |threads: &'static str| {
        ["--jsonl", "--threads", threads, file.to_str().unwrap()].map(str::to_owned)
    };
    let one = run("tokenize", &args("1"), b"");
    assert_eq!(objects(&one).len(), 3000);
    for threads in ["2", "8"] {
        let many = run("tokenize", &args(threads), b"");
        assert!(
            one.stdout == many.stdout && one.stderr == many.stderr,
            "{threads} threads"
        );
    }
}

#[test]
fn threads_change_no_byte_of_a_report() {
    let mut pages: Vec<_> = fs::read_dir("tests/data/pages")
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    pages.sort();
    let mut feed = String::new();
    for i in 0..120 {
        let page = fs::read_to_string(&pages[i * 7 % pages.len()]).unwrap();
        feed.push_str(&line(&i.to_string(), &page));
        if i % 20 == 19 {
            feed.push_str("{\"id\": \"bad\"\n");
        }
    }
    let one = run("tag", &["--jsonl", "--threads", "1"], feed.as_bytes());
    assert_eq!(objects(&one).len(), 126);
    assert_eq!(one.status.code(), Some(1));
    for threads in ["2", "8"] {
        let many = run("tag", &["--jsonl", "--threads", threads], feed.as_bytes());
        assert!(
            one.stdout == many.stdout && one.stderr == many.stderr,
            "{threads} threads"
        );
    }
}

#[test]
fn a_stopped_run_goes_on_where_it_stopped() {
    let feed = feed(60);
    for example in ["tokenize", "tag"] {
        let whole = run(example, &["--jsonl"], feed.as_bytes());
        assert_eq!(stdout(&whole).lines().count(), 60);
        for answered in [0, 1, 17, 59, 60, 100] {
            let rest = run(
                example,
                &["--jsonl", "--skip", &answered.to_string()],
                feed.as_bytes(),
            );
            let wanted: String = stdout(&whole)
                .split_inclusive('\n')
                .skip(answered)
                .collect();
            assert_eq!(stdout(&rest), wanted, "{example} {answered}");
        }
    }
}

/// Killed while it writes: what stands there in whole lines, and the rest behind `--skip`, are the whole.
#[cfg(unix)]
#[test]
fn a_killed_run_loses_no_line_and_answers_none_twice() {
    let feed = feed(400);
    let whole = run("tag", &["--jsonl"], feed.as_bytes());
    let directory = scratch("killed");
    let (input, half) = (directory.join("feed.jsonl"), directory.join("half"));
    fs::write(&input, &feed).unwrap();
    let mut child = command("tag", &["--jsonl"])
        .stdout(fs::File::create(&half).unwrap())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let (first, rest) = feed.as_bytes().split_at(feed.len() / 2);
    stdin.write_all(first).unwrap();
    // Until it has answered some lines of what it was given; it waits for more when it is killed.
    while fs::metadata(&half).unwrap().len() < whole.stdout.len() as u64 / 4 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    drop((stdin, rest));
    let written = fs::read(&half).unwrap();
    let end = written.iter().rposition(|b| *b == b'\n').unwrap() + 1;
    let answered = written[..end].iter().filter(|b| **b == b'\n').count();
    assert!(answered > 50 && answered < 400, "{answered}");
    let skip = answered.to_string();
    let args = ["--jsonl", "--skip", &skip, input.to_str().unwrap()];
    let output = run("tag", &args, b"");
    assert_eq!([&written[..end], &output.stdout].concat(), whole.stdout);
}

#[test]
fn bad_files_are_named_and_skipped() {
    let directory = scratch("files");
    fs::create_dir(directory.join("inner")).unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(directory.join(name), bytes).unwrap();
    write("a-good.txt", "خبر".as_bytes());
    write("b-bad.txt", b"abc\xD8");
    write("c-empty.txt", b"");
    write("d-nul.txt", "قبل\0بعد".as_bytes());
    write("inner/e.txt", "خبر آخر".as_bytes());
    #[cfg(unix)]
    std::os::unix::fs::symlink(&directory, directory.join("inner/loop")).unwrap();
    let path = |name: &str| directory.join(name).display().to_string();
    let output = run(
        "tokenize",
        &[
            "--json",
            directory.to_str().unwrap(),
            &path("missing.txt"),
            "-",
        ],
        "من القناة".as_bytes(),
    );
    assert_eq!(output.status.code(), Some(1));
    let objects = objects(&output);
    let ids: Vec<_> = objects.iter().map(|o| o["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        [
            &path("a-good.txt"),
            &path("c-empty.txt"),
            &path("d-nul.txt"),
            &path("inner/e.txt"),
            "-"
        ]
    );
    assert_eq!(objects[1]["tokens"].as_array().unwrap().len(), 0);
    assert_eq!(objects[2]["tokens"].as_array().unwrap().len(), 2);
    let notes = stderr(&output);
    assert!(
        notes.contains("b-bad.txt: not UTF-8: first bad byte at 3\n"),
        "{notes}"
    );
    assert!(notes.contains("missing.txt: No such file"), "{notes}");
    assert_eq!(
        notes.lines().count(),
        2,
        "no progress bar in a pipe: {notes}"
    );
    // A directory is no JSON Lines.
    let output = run("tokenize", &["--jsonl", directory.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("Is a directory"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn wrong_arguments_are_told() {
    for (args, wanted) in [
        (&["--frobnicate"][..], "invalid option '--frobnicate'"),
        (&["--threads", "many"], "cannot parse argument"),
        (
            &["--encoding", "klingon"],
            "encoding \"klingon\" is not known",
        ),
        (&["--jsonl", "--encoding", "auto"], "JSON Lines are UTF-8"),
        (&["--skip"], "missing argument"),
    ] {
        let output = run("tokenize", args, b"");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let notes = stderr(&output);
        assert!(
            notes.starts_with(wanted) && notes.contains("usage: tokenize"),
            "{notes}"
        );
    }
    let output = run("tag", &["--lexicon", "tests/errors/weight-range.toml"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("tests/errors/weight-range.toml:10:10: weight"));
    let output = run("tokenize", &["--help"], b"");
    assert!(output.status.success() && stdout(&output).contains("--encoding"));
}

#[test]
fn fewer_words_are_remembered_without_a_trace() {
    let feed: String = ["a", "b", "c"]
        .map(|id| line(id, "وصل 120 مهاجرا إلى القاهرة"))
        .concat();
    let all = run("tag", &["--jsonl"], feed.as_bytes());
    let few = run("tag", &["--jsonl", "--words", "2"], feed.as_bytes());
    assert_eq!(objects(&all).len(), 3);
    assert_eq!(all.stdout, few.stdout);
    assert_eq!(run("tag", &["--words", "few"], b"").status.code(), Some(2));
}

#[test]
fn limits_are_errors() {
    let long = line("long", &"كلمة ".repeat(100_000));
    let feed = format!("{}{long}{}", line("a", "خبر"), line("b", "خبر"));
    let output = run(
        "tokenize",
        &["--jsonl", "--max-bytes", "10000"],
        feed.as_bytes(),
    );
    assert_eq!(output.status.code(), Some(1));
    let found = objects(&output);
    assert_eq!(found.len(), 3);
    assert_eq!(found[1]["line"], 2);
    assert_eq!(
        found[1]["error"],
        "longer than the limit of 10000 bytes (see --max-bytes)"
    );
    assert_eq!(found[2]["id"], "b");
    if Path::new("/dev/zero").exists() {
        for mode in ["--json", "--jsonl"] {
            // As JSON Lines it is a line without end: read over until somebody stops it, so only a part is offered.
            let zeros = vec![0; 1 << 20];
            let output = match mode {
                "--json" => run("tokenize", &[mode, "--max-bytes", "1000", "/dev/zero"], b""),
                _ => run("tokenize", &[mode, "--max-bytes", "1000"], &zeros),
            };
            assert_eq!(output.status.code(), Some(1));
            assert!(stderr(&output).contains("longer than the limit of 1000 bytes"));
        }
    }
}

#[cfg(unix)]
#[test]
fn closed_pipes_and_full_disks_end_with_a_message() {
    // The reader goes after a line, as `head -1` does.
    let mut child = command("tokenize", &["--jsonl"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(
        move || {
            while stdin.write_all(line("a", PAGE).as_bytes()).is_ok() {}
        },
    );
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(serde_json::from_str::<Value>(&first).is_ok());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    assert!(stderr(&output).starts_with("cannot write: Broken pipe"));

    // Nobody reads the notes.
    let mut child = command("tokenize", &["--jsonl"]).spawn().unwrap();
    drop(child.stderr.take());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all("bad\n".repeat(100).as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output).lines().count(), 100);

    // Nobody reads the help.
    let mut child = command("tokenize", &["--help"]).spawn().unwrap();
    drop(child.stdout.take());
    assert!(!stderr(&child.wait_with_output().unwrap()).contains("panicked"));

    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let ways = [&["--jsonl"][..], &["--json", "-"], &["-"]];
        let both = ["tokenize", "tag"].map(|example| ways.map(|args| (example, args)));
        for (example, args) in both.into_iter().flatten() {
            let mut child = command(example, args)
                .stdout(full.try_clone().unwrap())
                .spawn()
                .unwrap();
            let mut stdin = child.stdin.take().unwrap();
            let _ = stdin.write_all(line("a", PAGE).as_bytes());
            drop(stdin);
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{args:?}");
            assert!(
                stderr(&output).starts_with("cannot write: No space left"),
                "{}",
                stderr(&output)
            );
        }
    }
}

#[test]
fn one_line_is_answered_before_the_next_is_asked_for() {
    let mut child = command("tokenize", &["--jsonl"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for id in ["a", "b", "c"] {
        stdin.write_all(line(id, "خبر").as_bytes()).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&answer).unwrap()["id"], id);
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn encodings_are_read() {
    let text = "أنقذ خفر السواحل التونسي أربعين مهاجرا قبالة صفاقس، وقال المتحدث إن القارب انقلب.";
    let directory = scratch("encodings");
    let utf16: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf16_be: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    let legacy = |e: &'static encoding_rs::Encoding| e.encode(text).0.into_owned();
    let mut broken = text.repeat(3).into_bytes();
    broken.truncate(broken.len() - 2);
    for (name, bytes, label, wanted) in [
        (
            "1256",
            legacy(encoding_rs::WINDOWS_1256),
            "windows-1256",
            text.to_owned(),
        ),
        (
            "8859-6",
            legacy(encoding_rs::ISO_8859_6),
            "iso-8859-6",
            text.to_owned(),
        ),
        ("utf-16", utf16, "utf-16le", text.to_owned()),
        ("utf-16-be", utf16_be, "utf-16be", text.to_owned()),
        ("utf-8", text.as_bytes().to_vec(), "utf-8", text.to_owned()),
        ("broken", broken, "", {
            let mut wanted = text.repeat(3);
            wanted.truncate(wanted.len() - 3); // the whole letter
            wanted + "\u{FFFD}"
        }),
    ] {
        let file = directory.join(name);
        fs::write(&file, &bytes).unwrap();
        for label in [label, "auto"] {
            if label.is_empty() {
                continue;
            }
            let output = run(
                "tokenize",
                &["--json", "--encoding", label, file.to_str().unwrap()],
                b"",
            );
            assert!(
                output.status.success(),
                "{name} as {label}: {}",
                stderr(&output)
            );
            let object = &objects(&output)[0];
            let read = if label == "utf-8" {
                text
            } else {
                object["input"].as_str().unwrap()
            };
            assert_eq!(read, wanted, "{name} as {label}");
            assert!(check_slices(object, read) > 10);
            if label == "auto" && name != "utf-8" {
                assert!(
                    stderr(&output).contains(": read as "),
                    "{}",
                    stderr(&output)
                );
            }
        }
        if name != "utf-8" {
            let output = run("tokenize", &["--json", file.to_str().unwrap()], b"");
            assert!(stderr(&output).contains("not UTF-8"), "{name}");
        }
    }
    // A named encoding is taken at its word: these bytes are not of it.
    let file = directory.join("8859-6");
    fs::write(&file, b"\xC7\xFF\xFE").unwrap();
    let output = run(
        "tokenize",
        &["--encoding", "iso-8859-6", file.to_str().unwrap()],
        b"",
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).ends_with("8859-6: not ISO-8859-6\n"),
        "{}",
        stderr(&output)
    );
}

fn html(page: &str) -> String {
    let output = run("tokenize", &["--json", "--html", "-"], page.as_bytes());
    assert!(output.status.success(), "{}", stderr(&output));
    objects(&output)[0]["input"].as_str().unwrap().to_owned()
}

#[test]
fn web_pages_are_read_without_their_tags() {
    let body =
        "أحبط خفر السواحل محاولة للهجرة غير الشرعية قبالة سواحل صفاقس، وأنقذ أربعين مهاجرا. "
            .repeat(6);
    let page = format!(
        "<!DOCTYPE html><html><head><title>عنوان الخبر الطويل - صحيفة</title>\n\
         <style>p {{ color: red }}</style><script>var x = '<p>خطأ</p>';</script></head>\n\
         <body><nav><a href=/>الرئيسية</a></nav><div>أخبار أخرى</div>\n\
         <article><h1>عنوان <b>الخبر</b> الطويل</h1><!-- تعليق --><p>{body}</p>\
         <p>&#1607;&#x630;&#1575;&nbsp;&lt;نص&gt; &amp; آخر<br>سطر<script>document.write('خطأ')</script></p>\
         <noscript>خطأ</noscript><form>بحث</form></article><footer>حقوق النشر</footer></body></html>"
    );
    let text = html(&page);
    let wanted = format!(
        "عنوان الخبر الطويل\n{}\nهذا\u{A0}<نص> & آخر\nسطر\n",
        body.trim_end()
    );
    assert_eq!(text, wanted);

    // No article: the whole page, with its title.
    assert_eq!(
        html("<title>خبر</title><p>نص<p>آخر<div>ثالث</div>"),
        "خبر\nنص\nآخر\nثالث\n"
    );
    // Tags nobody closed: a nav swallows no article, a script swallows what it must.
    assert_eq!(html("<body><nav>قائمة<article>نص</article>بعد"), "بعد");
    assert_eq!(html("نص<script>var x = 1"), "نص\n");
    assert_eq!(html("نص بلا وسوم"), "نص بلا وسوم");
    assert_eq!(html(""), "");
    // Text that only looks like tags or entities.
    assert_eq!(
        html("5 < 7 & 8 > 3 &bogus; &#x110000; &#0;"),
        "5 < 7 & 8 > 3 &bogus; \u{FFFD} \u{FFFD}"
    );
}

#[test]
fn web_pages_of_any_depth_are_read() {
    for unit in [
        "<div>",
        "<b>",
        "<p>",
        "<table><tr><td>",
        "<article>",
        "<nav>",
        "<svg>",
        "<a href='",
        "<!--",
        "&",
    ] {
        let page = format!("<p>قبل</p>{}نص", unit.repeat(100_000));
        let text = html(&page);
        assert!(text.starts_with("قبل"), "{unit}");
    }
    let mut bytes = Vec::new();
    let bad = b"<p>\xD8\xA3<\xFF script></";
    bad.repeat(1000).as_slice().read_to_end(&mut bytes).unwrap();
    let output = run("tokenize", &["--html", "--encoding", "auto", "-"], &bytes);
    assert!(output.status.success());
}

#[test]
fn declared_encodings_of_web_pages_are_used() {
    let page = "<html><head><meta charset=\"windows-1256\"></head><body><p>خبر</p></body></html>";
    let (bytes, ..) = encoding_rs::WINDOWS_1256.encode(page);
    let output = run(
        "tokenize",
        &["--json", "--html", "--encoding", "auto", "-"],
        &bytes,
    );
    assert_eq!(objects(&output)[0]["input"], "خبر\n");
}

#[test]
fn a_page_steers_no_terminal() {
    let text = "قال \u{1b}[31m\u{1b}]0;x\u{7} محمد\u{202E}abc\u{2066} \u{85}\u{9b}31m نص";
    let output = run("tokenize", &["-"], text.as_bytes());
    assert!(stdout(&output).chars().all(|c| {
        !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\n' | '\t')
    }));
    let long = format!("{text} </script>\u{2028}\"\\");
    let output = run(
        "tokenize",
        &["--jsonl"],
        line("\u{202E}\u{1b}\"</script>", &long).as_bytes(),
    );
    assert!(stdout(&output).chars().all(|c| {
        !c.is_control() && !matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
            || c == '\n'
    }));
    let object = &objects(&output)[0];
    assert_eq!(object["id"], "\u{202E}\u{1b}\"</script>");
    assert!(check_slices(object, &long) > 5);
}

/// Runs an example that takes no part in `cargo test --test cli` alone: all of them are built once.
fn tool(name: &str, args: &[&str]) -> Output {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let profile = examples().parent().unwrap();
        if !profile.join("examples/compare_lexicons").exists()
            || !profile.join("examples/check_lexicon").exists()
        {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.args(["build", "--quiet", "--example", "compare_lexicons"]);
            cargo.args(["--example", "check_lexicon"]);
            // Into the folder of this test, wherever `--target-dir` put it.
            cargo.arg("--target-dir").arg(profile.parent().unwrap());
            if profile.ends_with("release") {
                cargo.arg("--release");
            }
            assert!(cargo.status().unwrap().success());
        }
    });
    run(name, args, b"")
}

#[test]
fn two_lexicons_are_compared_on_a_corpus() {
    let directory = scratch("compare");
    let old = fs::read_to_string("examples/support/floods.toml").unwrap();
    // Without its terms the topic is found nowhere.
    let new = directory.join("new.toml");
    fs::write(&new, old.replace("weight = 3", "weight = 0")).unwrap();
    let corpus = directory.join("corpus.jsonl");
    let text =
        "\u{1b}[31mجرفت السيول الجارفة بيوتا\nوغمرت الفيضانات القرية ليلا وأجلت السلطات السكان.";
    fs::write(
        &corpus,
        line("a", text) + "not json\n" + &line("b", "فاز المنتخب بهدفين"),
    )
    .unwrap();
    let args = [
        "examples/support/floods.toml",
        new.to_str().unwrap(),
        corpus.to_str().unwrap(),
    ];
    let output = tool("compare_lexicons", &args);
    let said = stdout(&output);
    assert!(said.starts_with("a: 0."), "{said}{}", stderr(&output));
    assert!(said.ends_with("2 articles: 0 gained, 1 lost\n"), "{said}");
    assert!(!said.contains('\u{1b}'), "a title steers no terminal");
    assert!(stderr(&output).contains("corpus.jsonl: line 2: expected"));
    assert_eq!(output.status.code(), Some(1));
    let output = tool("compare_lexicons", &["missing.toml", args[1], args[2]]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("missing.toml: "));
}

#[cfg(unix)]
#[test]
fn lexicons_are_checked_and_mistakes_told() {
    let good = "examples/support/floods.toml";
    let output = tool("check_lexicon", &[good]);
    assert!(output.status.success(), "{}", stdout(&output));
    assert!(
        stdout(&output).starts_with(&format!("{good}: floods ")),
        "{}",
        stdout(&output)
    );
    let bad = "tests/errors/weight-range.toml";
    let output = tool("check_lexicon", &[bad, good]);
    assert_eq!(output.status.code(), Some(1));
    let said = stdout(&output);
    assert!(said.starts_with(&fs::read_to_string("tests/errors/weight-range.stderr").unwrap()));
    assert!(
        said.contains("floods.toml: floods "),
        "the others are looked at"
    );
    let output = tool("check_lexicon", &["--corpus", "missing.jsonl", good]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("missing.jsonl: No such file"));
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let child = command("check_lexicon", &[good])
            .stdout(full)
            .spawn()
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            stderr(&output),
            "cannot write: No space left on device (os error 28)\n"
        );
    }
}
