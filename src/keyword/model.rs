//! The weights of the features: a readable file, learnt by `cargo run --release --example learn_keywords`.

use super::feature::{Features, NAMES};

/// One weight for each feature, and how it changes with the length of the story.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    weights: Features,
    slopes: Features,
}

const SHIPPED: &str = include_str!("../../lexicons/keywords/weights.txt");

impl Model {
    /// The shipped weights.
    pub fn shipped() -> Model {
        // A test proves that the file is whole; a line that is not understood would count as weight 0.
        Model::parse(SHIPPED).0
    }

    /// Reads lines of a name, a weight and its slope; also gives the first line that is not one.
    pub fn parse(text: &str) -> (Model, Option<usize>) {
        let mut model = Model {
            weights: [0.0; NAMES.len()],
            slopes: [0.0; NAMES.len()],
        };
        let mut bad = None;
        for (i, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if model.line(line).is_none() {
                bad = bad.or(Some(i + 1));
            }
        }
        (model, bad)
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split_whitespace();
        let name = fields.next()?;
        let at = NAMES.iter().position(|n| *n == name)?;
        let mut number = || fields.next()?.parse::<f32>().ok().filter(|w| w.is_finite());
        *self.weights.get_mut(at)? = number()?;
        *self.slopes.get_mut(at)? = number()?;
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

/// From 0 to 1: the share of such candidates that an archivist would take.
pub(crate) fn score(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}
