//! The weights of the features: a readable file, learnt by `cargo run --release --example learn_keywords`.

use super::feature::{Features, NAMES};

/// One weight for each feature.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    weights: Features,
}

const SHIPPED: &str = include_str!("../../lexicons/keywords/weights.txt");

impl Model {
    /// The shipped weights.
    pub fn shipped() -> Model {
        // A test proves that the file is whole; a line that is not understood would count as weight 0.
        Model::parse(SHIPPED).0
    }

    /// Reads lines of a name and a weight; also gives the first line that is not one.
    pub fn parse(text: &str) -> (Model, Option<usize>) {
        let mut weights = [0.0; NAMES.len()];
        let mut bad = None;
        for (i, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let weight = line
                .split_once(char::is_whitespace)
                .and_then(|(name, weight)| {
                    let slot = weights.get_mut(NAMES.iter().position(|n| *n == name)?)?;
                    *slot = weight
                        .trim()
                        .parse::<f32>()
                        .ok()
                        .filter(|w| w.is_finite())?;
                    Some(())
                });
            if weight.is_none() {
                bad = bad.or(Some(i + 1));
            }
        }
        (Model { weights }, bad)
    }

    /// From 0 to 1: the share of such candidates that an archivist would take.
    pub fn score(&self, x: &Features) -> f32 {
        let sum: f32 = self.weights.iter().zip(x).map(|(w, x)| w * x).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}
