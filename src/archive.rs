//! Tables as bytes: how the build script hands compiled lexicons to the library.
//!
//! Numbers are little-endian `u32`s in one file, texts stand one behind the other in another, which the library
//! embeds as a `str`: nothing is parsed or validated at start-up, tables are copied in the order they were written.
//! Reading never fails badly: what is not there is `None`.

/// Writes.
#[derive(Debug, Default)]
pub(crate) struct Packer {
    pub bytes: Vec<u8>,
    pub text: String,
}

impl Packer {
    pub fn number(&mut self, n: u32) {
        self.bytes.extend_from_slice(&n.to_le_bytes());
    }

    pub fn decimal(&mut self, x: f32) {
        self.number(x.to_bits());
    }

    /// 0 for none.
    pub fn maybe(&mut self, n: Option<u16>) {
        self.number(n.map_or(0, |n| u32::from(n) + 1));
    }

    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.text.push_str(text);
    }

    pub fn numbers(&mut self, list: impl ExactSizeIterator<Item = u32>) {
        self.number(list.len() as u32);
        list.for_each(|n| self.number(n));
    }

    pub fn row(&mut self, row: &Row) {
        self.text(&row.text);
        self.numbers(row.ends.iter().copied());
    }
}

/// Reads what a [`Packer`] wrote, in the same order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unpacker<'a> {
    bytes: &'a [u8],
    text: &'a str,
}

impl<'a> Unpacker<'a> {
    pub const fn new(bytes: &'a [u8], text: &'a str) -> Self {
        Unpacker { bytes, text }
    }

    pub fn number(&mut self) -> Option<u32> {
        let (first, rest) = self.bytes.split_first_chunk::<4>()?;
        self.bytes = rest;
        Some(u32::from_le_bytes(*first))
    }

    pub fn decimal(&mut self) -> Option<f32> {
        self.number().map(f32::from_bits)
    }

    pub fn maybe(&mut self) -> Option<Option<u16>> {
        let n = self.number()?;
        Some(n.checked_sub(1).and_then(|n| u16::try_from(n).ok()))
    }

    pub fn text(&mut self) -> Option<&'a str> {
        let len = self.number()? as usize;
        let (text, rest) = self.text.split_at_checked(len)?;
        self.text = rest;
        Some(text)
    }

    pub fn numbers(&mut self) -> Option<impl ExactSizeIterator<Item = u32> + use<'a>> {
        let len = (self.number()? as usize).checked_mul(4)?;
        let (list, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        let (list, _) = list.as_chunks::<4>();
        Some(list.iter().map(|n| u32::from_le_bytes(*n)))
    }

    /// A list of numbers, `N` of them each entry.
    pub fn groups<const N: usize, T>(&mut self, entry: impl Fn([u32; N]) -> T) -> Option<Vec<T>> {
        let len = (self.number()? as usize).checked_mul(4)?;
        let (list, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        let (numbers, _) = list.as_chunks::<4>();
        let (groups, _) = numbers.as_chunks::<N>();
        Some(
            groups
                .iter()
                .map(|g| entry(g.map(u32::from_le_bytes)))
                .collect(),
        )
    }

    pub fn row(&mut self) -> Option<Row> {
        Some(Row {
            text: self.text()?.to_owned(),
            ends: self.numbers()?.collect(),
        })
    }
}

/// Many short texts in one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    text: String,
    ends: Vec<u32>,
}

impl Row {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
    }

    /// The text of a number; empty where there is none.
    pub fn get(&self, i: usize) -> &str {
        let end = |i: usize| self.ends.get(i).map(|&e| e as usize);
        let start = i.checked_sub(1).map_or(Some(0), end);
        start
            .zip(end(i))
            .and_then(|(start, end)| self.text.get(start..end))
            .unwrap_or("")
    }

    pub fn memory_usage(&self) -> usize {
        self.text.len() + self.ends.len() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_was_written_and_nothing_behind_it() {
        let mut row = Row::default();
        ["خبر", "", "عاجل"].iter().for_each(|t| row.push(t));
        let mut p = Packer::default();
        p.text("رصد");
        p.decimal(2.5);
        p.maybe(None);
        p.maybe(Some(0));
        p.numbers([7, u32::MAX].into_iter());
        p.row(&row);
        let mut u = Unpacker::new(&p.bytes, &p.text);
        assert_eq!(u.text(), Some("رصد"));
        assert_eq!(u.decimal(), Some(2.5));
        assert_eq!((u.maybe(), u.maybe()), (Some(None), Some(Some(0))));
        assert_eq!(u.numbers().unwrap().collect::<Vec<_>>(), [7, u32::MAX]);
        let row = u.row().unwrap();
        assert_eq!(
            (row.get(0), row.get(1), row.get(2), row.get(3)),
            ("خبر", "", "عاجل", "")
        );
        assert_eq!((u.number(), u.text()), (None, None));
        assert!(Unpacker::new(&[200, 0, 0, 0], "").text().is_none());
        assert!(Unpacker::new(&[200, 0, 0, 0], "").numbers().is_none());
    }
}
