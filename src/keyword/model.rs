//! The weights of the features: a readable file, learnt by `cargo run --release --example learn_keywords`.

use super::feature::{Features, NAMES};
use super::first::First;

/// One weight for each feature, and how it changes with the length of the story.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    weights: Features,
    slopes: Features,
    /// What picks the candidates that the weights are asked about.
    pub first: First,
    pub logs: Logs,
}

/// Logarithms of one more than small numbers: counts and places.
#[derive(Clone, Debug)]
pub(crate) struct Logs(Box<[f32]>);

impl Logs {
    fn new() -> Logs {
        Logs((0..1024).map(|n| (n as f32).ln_1p()).collect())
    }

    /// ln(1 + n).
    #[inline]
    pub fn of(&self, n: u32) -> f32 {
        match self.0.get(n as usize) {
            Some(&x) => x,
            None => (n as f32).ln_1p(),
        }
    }
}

const SHIPPED: &str = include_str!("../../lexicons/keywords/weights.txt");

impl Model {
    /// The shipped weights.
    pub fn shipped() -> Model {
        // A test proves that the file is whole; a line that is not understood would count as weight 0.
        Model::parse(SHIPPED).0
    }

    /// Reads lines of a name, a weight, its slope and perhaps its weight and slope at first sight; also gives the first line that
    /// is not one.
    pub fn parse(text: &str) -> (Model, Option<usize>) {
        let mut model = Model {
            weights: [0.0; NAMES.len()],
            slopes: [0.0; NAMES.len()],
            first: First::new(&[[0.0; NAMES.len()]; 2]),
            logs: Logs::new(),
        };
        let mut first = [[0.0; NAMES.len()]; 2];
        let mut bad = None;
        for (i, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if model.line(line, &mut first).is_none() {
                bad = bad.or(Some(i + 1));
            }
        }
        model.first = First::new(&first);
        (model, bad)
    }

    fn line(&mut self, line: &str, first: &mut [Features; 2]) -> Option<()> {
        let mut fields = line.split_whitespace();
        let name = fields.next()?;
        let at = NAMES.iter().position(|n| *n == name)?;
        let number = |s: &str| s.parse::<f32>().ok().filter(|w| w.is_finite());
        *self.weights.get_mut(at)? = number(fields.next()?)?;
        *self.slopes.get_mut(at)? = number(fields.next()?)?;
        for (column, field) in first.iter_mut().zip(fields) {
            *column.get_mut(at)? = number(field)?;
        }
        Some(())
    }

    /// The weights for a story of a length (see [`Story::long`](super::feature::Story::long)).
    pub fn at(&self, long: f32) -> Features {
        let mut out = self.weights;
        for (w, slope) in out.iter_mut().zip(&self.slopes) {
            *w += slope * long;
        }
        out
    }
}

/// The sum of the features by their weights, in eight sums beside each other: one could not begin before the other has ended.
#[inline]
pub(crate) fn sum(weights: &Features, features: &Features) -> f32 {
    let mut sums = [0.0; 8];
    let (rows, rest) = (weights.as_chunks::<8>(), features.as_chunks::<8>());
    for (weights, features) in rows.0.iter().zip(rest.0) {
        for ((sum, w), x) in sums.iter_mut().zip(weights).zip(features) {
            *sum += w * x;
        }
    }
    for ((sum, w), x) in sums.iter_mut().zip(rows.1).zip(rest.1) {
        *sum += w * x;
    }
    sums.iter().sum()
}

/// From 0 to 1: the share of such candidates that an archivist would take.
pub(crate) fn score(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}
