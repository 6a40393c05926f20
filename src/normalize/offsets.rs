//! From positions of a normalised text back to the original.

use crate::span::Span;

/// A change of the distance between normalised and original positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    norm: u32,
    orig: u32,
    /// Not 0: this letter is not the first of an expanded character (لا out of U+FEFB) that is so many bytes long.
    inner: u32,
}

/// Sparse map: one entry for each place where the distance changes (Lucene's `BaseCharFilter` is the model).
///
/// A dropped character belongs to the letter before it; an expanded character is never cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    changes: Vec<Change>,
    /// Where the first kept character begins, for text that opens with dropped ones.
    norm_len: u32,
    orig_len: u32,
}

impl OffsetMap {
    pub(crate) fn clear(&mut self) {
        self.changes.clear();
        self.norm_len = 0;
        self.orig_len = 0;
    }

    /// Says that the normalised character at `norm` comes from the original one at `orig`.
    pub(crate) fn push(&mut self, norm: u32, orig: u32, inner: u32) {
        let same = inner == 0
            && match self.changes.last() {
                None => norm == orig,
                Some(l) => l.inner == 0 && norm.wrapping_sub(l.norm) == orig.wrapping_sub(l.orig),
            };
        if !same {
            self.changes.push(Change { norm, orig, inner });
        }
    }

    pub(crate) fn finish(&mut self, norm_len: u32, orig_len: u32) {
        self.norm_len = norm_len;
        self.orig_len = orig_len;
    }

    fn at(&self, norm: u32) -> (u32, u32) {
        let i = self.changes.partition_point(|c| c.norm <= norm);
        match i.checked_sub(1).and_then(|i| self.changes.get(i)) {
            None => (norm, 0),
            Some(c) if c.norm == norm => (c.orig, c.inner),
            Some(c) => (c.orig + (norm - c.norm), 0),
        }
    }

    /// The original range of the normalised range `start..end` (byte positions on char boundaries of the normalised text).
    pub fn to_original(&self, start: u32, end: u32) -> Span {
        let end = end.min(self.norm_len);
        let start = start.min(end);
        let s = if start >= self.norm_len {
            self.orig_len
        } else {
            self.at(start).0
        };
        let e = if start == end {
            s
        } else if end >= self.norm_len {
            self.orig_len
        } else {
            let (orig, inner) = self.at(end);
            orig + inner
        };
        Span::new(s, e)
    }

    /// Number of entries; a text that needs no change of length has none.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Whether positions are the same on both sides.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
