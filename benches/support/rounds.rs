//! Measuring on a machine that does something else as well: all cases in turn, round by round, and medians of the
//! ratios within a round. Processor time of the thread, not wall time.

// Each bench uses a part of this.
#![allow(dead_code)]

use cpu_time::ThreadTime;

/// Nanoseconds this thread has worked: other programs on the machine take no part of it.
pub fn cpu() -> u64 {
    ThreadTime::now().as_duration().as_nanos() as u64
}

/// What is measured: a name, and a run over all texts that gives a number to check.
pub struct Case<'a> {
    pub name: String,
    run: Box<dyn FnMut() -> usize + 'a>,
    /// Nanoseconds of each round.
    pub times: Vec<u64>,
    pub found: usize,
}

pub fn case<'a>(name: impl Into<String>, run: impl FnMut() -> usize + 'a) -> Case<'a> {
    Case {
        name: name.into(),
        run: Box::new(run),
        times: Vec::new(),
        found: 0,
    }
}

/// Runs all cases so many times in turn, once more to warm up; a case that does not find the same each time ends it.
pub fn run(cases: &mut [Case<'_>], rounds: usize) {
    for round in 0..=rounds {
        for case in &mut *cases {
            let start = cpu();
            let found = (case.run)();
            let time = cpu() - start;
            assert!(
                round == 0 || found == case.found,
                "{}: not the same twice",
                case.name
            );
            case.found = found;
            if round > 0 {
                case.times.push(time.max(1));
            }
        }
    }
}

pub fn median<T: Copy + PartialOrd>(list: impl IntoIterator<Item = T>) -> T {
    let mut list: Vec<T> = list.into_iter().collect();
    list.sort_by(|a, b| a.partial_cmp(b).expect("times are numbers"));
    list[list.len() / 2]
}

impl Case<'_> {
    /// How many times as fast as `other` over the same text: the median of the rounds.
    pub fn speed_to(&self, other: &Case<'_>) -> f64 {
        let times = self.times.iter().zip(&other.times);
        median(times.map(|(own, other)| *other as f64 / *own as f64))
    }
}
