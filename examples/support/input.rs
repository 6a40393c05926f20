//! Bytes to text: how much is read, in which encoding, and whether it is a web page.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};

/// How the bytes of a file become text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decode {
    /// UTF-8 and nothing else.
    #[default]
    Utf8,
    /// A byte order mark, else what a web page declares, else a guess.
    Auto,
    /// This encoding.
    Named(&'static Encoding),
}

impl Decode {
    /// `auto`, or a label of the Encoding Standard (`utf-8`, `windows-1256`, `iso-8859-6`, `utf-16le` ...).
    pub fn from_label(label: &str) -> Option<Decode> {
        if label.eq_ignore_ascii_case("auto") {
            return Some(Decode::Auto);
        }
        let encoding = Encoding::for_label(label.as_bytes())?;
        Some(if encoding == UTF_8 {
            Decode::Utf8
        } else {
            Decode::Named(encoding)
        })
    }

    /// The text of `bytes`, and a remark where it is not the whole truth.
    pub fn decode(self, bytes: Vec<u8>, html: bool) -> Result<(String, Option<String>), String> {
        match self {
            Decode::Utf8 => match String::from_utf8(bytes) {
                Ok(text) => Ok((text, None)),
                Err(e) => Err(format!(
                    "not UTF-8: first bad byte at {}",
                    e.utf8_error().valid_up_to()
                )),
            },
            Decode::Named(encoding) => strict(encoding, &bytes)
                .map(|text| (text, None))
                .ok_or_else(|| format!("not {}", encoding.name())),
            Decode::Auto => Ok(auto(bytes, html)),
        }
    }
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    // The mark of the encoding itself is no letter.
    let bytes = match Encoding::for_bom(bytes) {
        Some((found, len)) if found == encoding => bytes.get(len..).unwrap_or_default(),
        _ => bytes,
    };
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(Cow::into_owned)
}

fn auto(bytes: Vec<u8>, html: bool) -> (String, Option<String>) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, None),
        Err(e) => e.into_bytes(),
    };
    let (encoding, skip) = Encoding::for_bom(&bytes)
        .or_else(|| mostly_utf8(&bytes).then_some((UTF_8, 0)))
        .or_else(|| declared(&bytes).filter(|_| html).map(|e| (e, 0)))
        .unwrap_or_else(|| (guess(&bytes), 0));
    let (text, bad) = encoding.decode_without_bom_handling(bytes.get(skip..).unwrap_or_default());
    let name = encoding.name();
    let remark = if bad {
        format!("read as {name}, bad bytes replaced by U+FFFD")
    } else {
        format!("read as {name}")
    };
    (text.into_owned(), Some(remark))
}

/// A page of UTF-8 with a few broken letters is UTF-8: of the letters beyond ASCII at least nine in ten are whole.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 0 && broken * 10 <= whole + broken
}

/// `charset=` in the first kilobyte.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024))?.to_ascii_lowercase();
    let at = head.windows(8).position(|w| w == b"charset=")? + 8;
    let label: Vec<u8> = head
        .get(at..)?
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
        .collect();
    Encoding::for_label(&label)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    // A hundred kilobytes tell as much as all.
    let head = bytes.get(..bytes.len().min(100_000)).unwrap_or_default();
    detector.feed(head, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

/// A whole file, or standard input for `-`, up to `limit` bytes.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    // One byte more tells that there is more; /dev/zero has no end.
    let most = (limit as u64).saturating_add(1);
    let read = if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|f| f.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|e| e.to_string())?;
    if bytes.len() > limit {
        return Err(too_long(limit));
    }
    Ok(bytes)
}

/// What is said of an input past the limit.
pub fn too_long(limit: usize) -> String {
    format!("longer than the limit of {limit} bytes (see --max-bytes)")
}
