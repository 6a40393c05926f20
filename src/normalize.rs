//! The normalised view of a text: one spelling for what readers take for the same letters.

mod offsets;
pub(crate) mod table;

pub use offsets::OffsetMap;

use crate::span::Span;
use table::{DIGIT, FOLD, INVISIBLE, LETTER, MARK};

/// What to level. The default is the `norm` of tokens: marks, tatweel and invisible characters go, presentation forms,
/// Persian look-alikes and decomposed letters become Arabic letters, digits and Latin capitals their plain forms;
/// hamza seats, ة and ى stay. [`Normalizer::key`] levels those too.
///
/// Normalising twice gives the same as once, and two words are never merged, nor are two numbers with tatweel between
/// them: that is a dash.
///
/// ```
/// use rasd::Normalizer;
/// let n = Normalizer::new().normalize("غیر الشرعیة، ٢٠٢٤ هـــجرة ﻻجئ");
/// assert_eq!(n.as_str(), "غير الشرعية، 2024 هجرة لاجئ");
/// let at = n.as_str().find("هجرة").unwrap();
/// assert_eq!(n.to_original(at..at + "هجرة".len()).of("غیر الشرعیة، ٢٠٢٤ هـــجرة ﻻجئ"), "هـــجرة");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Normalizer {
    marks: bool,
    invisible: bool,
    forms: bool,
    look_alikes: bool,
    digits: bool,
    case: bool,
    hamza: bool,
    alef_maksura: bool,
    teh_marbuta: bool,
}

impl Default for Normalizer {
    fn default() -> Self {
        Normalizer::new()
    }
}

impl Normalizer {
    /// The normal form of tokens.
    pub const fn new() -> Normalizer {
        Normalizer {
            marks: true,
            invisible: true,
            forms: true,
            look_alikes: true,
            digits: true,
            case: true,
            hamza: false,
            alef_maksura: false,
            teh_marbuta: false,
        }
    }

    /// The match key: the normal form with أ إ آ → ا, ؤ → و, ئ → ي, ى → ي, ة → ه as well. على and علي are one key:
    /// good for finding, not for deciding.
    pub const fn key() -> Normalizer {
        Normalizer {
            hamza: true,
            alef_maksura: true,
            teh_marbuta: true,
            ..Normalizer::new()
        }
    }

    /// Changes nothing; switch on what you want.
    pub const fn none() -> Normalizer {
        Normalizer {
            marks: false,
            invisible: false,
            forms: false,
            look_alikes: false,
            digits: false,
            case: false,
            hamza: false,
            alef_maksura: false,
            teh_marbuta: false,
        }
    }

    /// Drop harakat, Qur'anic marks and tatweel; compose decomposed hamza and madda. Between two digits they are a
    /// dash: 2020ـ2024 → 2020-2024.
    pub const fn marks(mut self, on: bool) -> Self {
        self.marks = on;
        self
    }

    /// Drop bidi controls, joiners, soft hyphens and byte order marks.
    pub const fn invisible(mut self, on: bool) -> Self {
        self.invisible = on;
        self
    }

    /// Expand presentation forms (U+FE70..=U+FEFC) and word ligatures.
    pub const fn forms(mut self, on: bool) -> Self {
        self.forms = on;
        self
    }

    /// Persian, Urdu and Kurdish look-alikes (ی ک ہ ە ...) and alef wasla become Arabic letters.
    pub const fn look_alikes(mut self, on: bool) -> Self {
        self.look_alikes = on;
        self
    }

    /// Arabic-Indic and Persian digits and their separators become ASCII.
    pub const fn digits(mut self, on: bool) -> Self {
        self.digits = on;
        self
    }

    /// Capitals become small letters.
    pub const fn case(mut self, on: bool) -> Self {
        self.case = on;
        self
    }

    /// أ إ آ → ا, ؤ → و, ئ → ي.
    pub const fn hamza(mut self, on: bool) -> Self {
        self.hamza = on;
        self
    }

    /// ى → ي.
    pub const fn alef_maksura(mut self, on: bool) -> Self {
        self.alef_maksura = on;
        self
    }

    /// ة → ه.
    pub const fn teh_marbuta(mut self, on: bool) -> Self {
        self.teh_marbuta = on;
        self
    }

    /// The normalised view of `text`. A text past 4 GiB is cut at a char boundary there.
    pub fn normalize(&self, text: &str) -> Normalized {
        let mut out = Normalized::default();
        self.normalize_into(text, &mut out);
        out
    }

    /// [`normalize`](Self::normalize) into a view whose buffers are used again.
    pub fn normalize_into(&self, text: &str, out: &mut Normalized) {
        let text = crate::span::clip(text);
        out.text.clear();
        out.map.clear();
        let map = &mut out.map;
        self.fold_into(text, &mut out.text, |norm, orig, inner| {
            map.push(norm, orig, inner)
        });
        out.map.finish(out.text.len() as u32, text.len() as u32);
    }

    /// Appends the normal form of `text` to `out`; `at` hears of every character that is written.
    pub(crate) fn fold_into(
        &self,
        text: &str,
        out: &mut String,
        mut at: impl FnMut(u32, u32, u32),
    ) {
        // The last letter written, to compose a following hamza or madda with.
        let mut last = '\0';
        // Where dropped marks behind a digit begin: with a digit behind them too they are a dash, as the press writes
        // «2020ـ2024». Kept in mind and not looked ahead for, so that a flood of marks is read once.
        let mut dash = None;
        for (pos, c) in text.char_indices() {
            let class = table::class(c);
            if dash.is_some()
                && (class & MARK == 0 || !self.marks)
                && (class & INVISIBLE == 0 || !self.invisible)
                && let Some(from) = dash.take()
                && class & DIGIT != 0
            {
                at(out.len() as u32, from, 0);
                out.push('-');
            }
            if class & FOLD == 0
                || class & MARK != 0 && !self.marks
                || class & INVISIBLE != 0 && !self.invisible
            {
                let c = self.letter(c);
                at(out.len() as u32, pos as u32, 0);
                out.push(c);
                last = c;
            } else if class & MARK != 0 {
                if let Some(c) = table::compose(last, c) {
                    let c = self.letter(c);
                    out.pop();
                    out.push(c);
                    last = c;
                } else if table::class(last) & DIGIT != 0 && dash.is_none() {
                    dash = Some(pos as u32);
                }
            } else if class & INVISIBLE != 0 {
                // Dropped.
            } else if let Some(letters) = table::expand_form(c).filter(|_| self.forms) {
                for (i, l) in letters.chars().enumerate() {
                    let l = self.letter(if self.look_alikes {
                        table::fold_letter(l)
                    } else {
                        l
                    });
                    at(
                        out.len() as u32,
                        pos as u32,
                        if i == 0 { 0 } else { c.len_utf8() as u32 },
                    );
                    out.push(l);
                    last = l;
                }
            } else {
                let mut c = c;
                if self.digits && class & LETTER == 0 {
                    c = table::fold_digit(c);
                } else if class & DIGIT == 0 && class & table::FOREIGN == 0 && self.look_alikes {
                    c = table::fold_letter(c);
                } else if self.case && class & table::FOREIGN != 0 {
                    c = table::lower(c);
                }
                let c = self.letter(c);
                at(out.len() as u32, pos as u32, 0);
                out.push(c);
                last = c;
            }
        }
    }

    /// The folds of the match key.
    fn letter(&self, c: char) -> char {
        match c {
            'أ' | 'إ' | 'آ' if self.hamza => 'ا',
            'ؤ' if self.hamza => 'و',
            'ئ' if self.hamza => 'ي',
            'ى' if self.alef_maksura => 'ي',
            'ة' if self.teh_marbuta => 'ه',
            _ => c,
        }
    }
}

/// A normalised text and the way back to the original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalized {
    text: String,
    map: OffsetMap,
}

impl Normalized {
    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The original bytes of a range of the normalised text. A range that cuts a character is widened to hold it whole.
    pub fn to_original(&self, range: std::ops::Range<usize>) -> Span {
        let mut start = range.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = range.end.clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.map.to_original(start as u32, end as u32)
    }

    /// The map itself.
    pub fn offsets(&self) -> &OffsetMap {
        &self.map
    }
}

/// The normal form of a text as of [`Normalizer::key`], quick where the text is letters and spaces.
pub(crate) fn match_key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    match_key_into(text, &mut out);
    out
}

/// [`match_key`] in the place of what is in `out`.
pub(crate) fn match_key_into(text: &str, out: &mut String) {
    let normalizer = Normalizer::key();
    out.clear();
    // Most letters stay: plain runs are copied whole.
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let folded = match c {
            'ء'..='غ' | 'ف'..='ي' | '0'..='9' | ' ' => normalizer.letter(c),
            // Stems that would be read as another word carry a fatha.
            '\u{64B}'..='\u{652}' => {
                out.push_str(text.get(plain..at).unwrap_or(""));
                plain = at + c.len_utf8();
                continue;
            }
            _ => {
                out.clear();
                normalizer.fold_into(text, out, |_, _, _| {});
                return;
            }
        };
        if folded != c {
            out.push_str(text.get(plain..at).unwrap_or(""));
            out.push(folded);
            plain = at + c.len_utf8();
        }
    }
    out.push_str(text.get(plain..).unwrap_or(""));
}

/// A plain Arabic letter as `Normalizer::key` folds it: أ إ آ, ؤ, ئ, ى, ة are other letters; `None` for any other.
#[inline]
pub(crate) const fn fold_letter([lead, trail]: [u8; 2]) -> Option<[u8; 2]> {
    Some(match (lead, trail) {
        (0xD8, 0xA2 | 0xA3 | 0xA5) => [0xD8, 0xA7],
        (0xD8, 0xA4) => [0xD9, 0x88],
        (0xD8, 0xA6) | (0xD9, 0x89) => [0xD9, 0x8A],
        (0xD8, 0xA9) => [0xD9, 0x87],
        (0xD8, 0xA1..=0xBA) | (0xD9, 0x81..=0x8A) => [lead, trail],
        _ => return None,
    })
}

/// The match key of a word of plain Arabic letters, in `out`; `None` for other and for longer words.
pub(crate) fn fold_letters<'b>(word: &str, out: &'b mut [u8]) -> Option<&'b [u8]> {
    let to = out.get_mut(..word.len())?;
    let (pairs, []) = word.as_bytes().as_chunks::<2>() else {
        return None;
    };
    for (to, &pair) in to.as_chunks_mut::<2>().0.iter_mut().zip(pairs) {
        *to = fold_letter(pair)?;
    }
    Some(to)
}

/// Whether a word is made of Arabic letters that no fold changes: ء ا ب ت .. غ ف .. و ي.
pub(crate) fn is_plain(word: &str) -> bool {
    // By the second byte of a letter; the first is D8 or D9.
    const PLAIN: [u64; 2] = [0x07FF_FD82_0000_0000, 0x0000_0000_0000_05FE];
    let (letters, rest) = word.as_bytes().as_chunks::<2>();
    let plain = |&[lead, b]: &[u8; 2]| {
        let [first, second] = PLAIN;
        let block = if lead == 0xD8 { first } else { second };
        lead & !1 == 0xD8 && block >> (b & 63) & 1 != 0
    };
    rest.is_empty() && letters.iter().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn match_keys_are_those_of_the_normalizer() {
        for c in '\0'..=char::MAX {
            let text: String = ['ة', c, ' ', c, 'أ'].iter().collect();
            let key = Normalizer::key().normalize(&text);
            assert_eq!(match_key(&text), key.as_str(), "{c:?}");
        }
    }

    #[test]
    fn idempotent_for_every_char() {
        for n in [Normalizer::new(), Normalizer::key(), Normalizer::none()] {
            for c in '\0'..=char::MAX {
                let s: String = ['ب', c, 'ا', c, '\u{654}', 'م'].iter().collect();
                let once = n.normalize(&s);
                let twice = n.normalize(once.as_str());
                assert_eq!(once.as_str(), twice.as_str(), "U+{:04X}", c as u32);
            }
        }
    }

    #[test]
    fn tatweel_between_digits_is_a_dash() {
        let n = |s: &str| Normalizer::new().normalize(s).as_str().to_owned();
        assert_eq!(n("2020ـ2024"), "2020-2024");
        assert_eq!(n("٢٠ــــ\u{200F}٣٠ـ٤٠"), "20-30-40");
        assert_eq!(n("عام 2020ـ و3ـ م4 5ـ 6ـ"), "عام 2020 و3 م4 5 6");
        assert_eq!(n("بـ15"), "ب15");
        // A mark that is kept parts the digits itself.
        let kept = Normalizer::new().invisible(false);
        assert_eq!(kept.normalize("2ـ\u{200F}3").as_str(), "2\u{200F}3");
        let text = "(2020ــ2024)";
        let view = Normalizer::new().normalize(text);
        assert_eq!(view.as_str(), "(2020-2024)");
        assert_eq!(view.to_original(5..6).of(text), "ــ");
        assert_eq!(view.to_original(1..5).of(text), "2020");
        assert_eq!(view.to_original(6..10).of(text), "2024");
    }

    #[test]
    fn maps_back() {
        let text = "\u{FEFF}مُبْرَم ﻻجئ ا\u{653}";
        let n = Normalizer::new().normalize(text);
        assert_eq!(n.as_str(), "مبرم لاجئ آ");
        assert_eq!(n.to_original(0..8).of(text), "مُبْرَم");
        // The alef of the ligature cannot be had without its lam.
        assert_eq!(n.to_original(9..11).of(text), "ﻻ");
        assert_eq!(n.to_original(11..13).of(text), "ﻻ");
        assert_eq!(n.to_original(9..17).of(text), "ﻻجئ");
        assert_eq!(n.to_original(18..20).of(text), "ا\u{653}");
        assert_eq!(n.to_original(0..n.as_str().len()).end as usize, text.len());
    }
}
