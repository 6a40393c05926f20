//! A first look at a candidate: a small linear model of what costs nothing to know.
//!
//! It has weights of its own for a few of the features ([`FEATURES`], third column of `lexicons/keywords/weights.txt`)
//! and only decides which candidates are described in full; their order is the business of the whole model.

use super::candidate::{IN_TITLE, Kind, LINKED, NEIGHBOURS};
use super::feature::{F, Features};
use super::join::{ADJECTIVE_NEXT, GOES_ON, JOINED, NAME_BEFORE, NAME_NEXT, OPEN};
use super::word::{
    ACCUSATIVE, ADJECTIVE, ARTICLE, BODY, GENERIC, NAME, NISBA, NOUN, PLACE, PLURAL, PROPER,
    UNKNOWN, Worth,
};

/// Those of [`FEATURES`] whose weights have slopes at first sight.
pub(crate) const SLOPES: [F; 7] = [
    F::bias,
    F::words_2,
    F::words_3,
    F::words_4,
    F::times_1,
    F::times_2,
    F::times_3,
];

/// What the first look goes by.
pub(crate) const FEATURES: [F; 50] = [
    F::bias,
    F::words_2,
    F::words_3,
    F::words_4,
    F::times_1,
    F::times_2,
    F::times_3,
    F::once,
    F::title,
    F::one_title,
    F::words_2_title,
    F::early,
    F::idf,
    F::idf_last,
    F::one_idf,
    F::word_times,
    F::within_whole,
    F::one_name,
    F::one_place,
    F::one_body,
    F::one_unknown,
    F::one_noun,
    F::one_adjective,
    F::one_nisba,
    F::one_generic,
    F::one_plural,
    F::head_adjective,
    F::head_nisba,
    F::head_generic,
    F::head_proper,
    F::head_article,
    F::tail_article,
    F::tail_adjective,
    F::tail_nisba,
    F::tail_generic,
    F::tail_accusative,
    F::tail_proper,
    F::linked,
    F::left,
    F::right,
    F::in_name,
    F::adjective,
    F::open,
    F::person,
    F::location,
    F::organization,
    F::entity_not,
    F::burst,
    F::title_rate,
    F::late_log,
];

/// Weights by what they are asked for.
#[derive(Clone, Debug)]
pub(crate) struct First {
    /// By words: for the length itself, for the logarithm of the mentions, for standing in the title.
    length: [f32; 5],
    times: [f32; 5],
    length_slope: [f32; 5],
    times_slope: [f32; 5],
    title: [f32; 5],
    /// For flags of a word alone, of the first and of the last word of a phrase.
    one: [(u32, f32); 11],
    head: [(u32, f32); 5],
    tail: [(u32, f32); 6],
    /// For the rarity, burst and title rate of a word alone, of the first and of the last word.
    rare: [f32; 3],
    burst: f32,
    title_rate: f32,
    pub word_times: f32,
    pub within: f32,
    pub once: f32,
    pub early: f32,
    pub late: f32,
    linked: f32,
    /// By what a mention is cut off from.
    neighbours: [f32; NEIGHBOURS],
    /// By [`Kind`], over what no entity is worth.
    entity: [f32; 4],
    /// No weights were given: nothing can be said.
    pub blind: bool,
}

impl First {
    /// Sorts the weights out.
    pub fn new([weights, slopes]: &[Features; 2]) -> First {
        let w = |f: F| weights.get(f as usize).copied().unwrap_or(0.0);
        let slope = |f: F| slopes.get(f as usize).copied().unwrap_or(0.0);
        let of_times = |w: &dyn Fn(F) -> f32| {
            let three = w(F::times_3);
            [0.0, w(F::times_1), w(F::times_2), three, three]
        };
        let of_length = |w: &dyn Fn(F) -> f32| {
            [0.0, 0.0, w(F::words_2), w(F::words_3), w(F::words_4)].map(|x| x + w(F::bias))
        };
        let (title, head_article, accusative) =
            (w(F::title), w(F::head_article), w(F::tail_accusative));
        let (idf, last) = (w(F::idf), w(F::idf_last));
        First {
            length: of_length(&w).map(|x| x + w(F::entity_not)),
            times: of_times(&w),
            length_slope: of_length(&slope),
            times_slope: of_times(&slope),
            title: [
                0.0,
                title + w(F::one_title),
                title + w(F::words_2_title),
                title,
                title,
            ],
            one: [
                (NAME, w(F::one_name)),
                (PLACE, w(F::one_place)),
                (BODY, w(F::one_body)),
                (UNKNOWN, w(F::one_unknown)),
                (NOUN, w(F::one_noun)),
                (ADJECTIVE, w(F::one_adjective)),
                (NISBA, w(F::one_nisba)),
                (GENERIC, w(F::one_generic)),
                (PLURAL, w(F::one_plural)),
                (ARTICLE, head_article),
                (ACCUSATIVE, accusative),
            ],
            head: [
                (ADJECTIVE, w(F::head_adjective)),
                (NISBA, w(F::head_nisba)),
                (GENERIC, w(F::head_generic)),
                (PROPER, w(F::head_proper)),
                (ARTICLE, head_article),
            ],
            tail: [
                (ARTICLE, w(F::tail_article)),
                (ADJECTIVE, w(F::tail_adjective)),
                (NISBA, w(F::tail_nisba)),
                (GENERIC, w(F::tail_generic)),
                (ACCUSATIVE, accusative),
                (PROPER, w(F::tail_proper)),
            ],
            rare: [idf + w(F::one_idf) + last, 0.5 * idf, 0.5 * idf + last],
            burst: w(F::burst),
            title_rate: w(F::title_rate),
            word_times: w(F::word_times),
            within: w(F::within_whole),
            once: w(F::once),
            early: w(F::early),
            late: w(F::late_log),
            linked: w(F::linked),
            neighbours: std::array::from_fn(|bits| {
                let set = |mask: u16| f32::from(u8::from(bits as u16 & mask != 0));
                w(F::open) * set(OPEN)
                    + w(F::adjective) * set(ADJECTIVE_NEXT)
                    + w(F::in_name) * set(NAME_NEXT | NAME_BEFORE)
                    + w(F::right) * set(GOES_ON)
                    + w(F::left) * set(JOINED)
            }),
            entity: [
                0.0,
                w(F::person) - w(F::entity_not),
                w(F::location) - w(F::entity_not),
                w(F::organization) - w(F::entity_not),
            ],
            blind: weights.iter().all(|&w| w == 0.0),
        }
    }

    /// The weights for a story of a length (see [`Story::long`](super::feature::Story::long)).
    pub fn at(&self, long: f32) -> First {
        let mut out = self.clone();
        let tables = out.length.iter_mut().chain(&mut out.times);
        for (w, slope) in tables.zip(self.length_slope.iter().chain(&self.times_slope)) {
            *w += slope * long;
        }
        out
    }

    /// What the class and the rarity of a word are worth: alone, at the beginning, at the end of a phrase.
    pub fn of_word(&self, flags: u32, rare: f32, burst: f32, title: f32) -> Worth {
        let sum = |list: &[(u32, f32)]| -> f32 {
            let set = list.iter().filter(|(flag, _)| flags & flag != 0);
            set.map(|(_, w)| w).sum()
        };
        let [one, head, tail] = self.rare.map(|w| w * rare);
        let seen = self.burst * burst + self.title_rate * title;
        Worth {
            one: sum(&self.one) + one + seen,
            head: sum(&self.head) + head + 0.5 * seen,
            tail: sum(&self.tail) + tail + 0.5 * seen,
        }
    }

    /// What a length, a number of mentions and the title are worth.
    #[inline]
    pub fn of_length(&self, words: usize, times: f32, flags: u8) -> f32 {
        let at = words.min(4);
        let of = |table: &[f32; 5]| table.get(at).copied().unwrap_or(0.0);
        let mut sum = of(&self.length) + of(&self.times) * times;
        if flags & IN_TITLE != 0 {
            sum += of(&self.title);
        }
        if flags & LINKED != 0 {
            sum += self.linked;
        }
        sum
    }

    /// What the neighbours of a mention are worth.
    #[inline]
    pub fn of_neighbours(&self, bits: u16) -> f32 {
        self.neighbours.get(bits as usize).copied().unwrap_or(0.0)
    }

    /// What being an entity is worth.
    #[inline]
    pub fn of_entity(&self, kind: Kind) -> f32 {
        self.entity.get(kind as usize).copied().unwrap_or(0.0)
    }
}
