//! Which system are these positions in? A test against what is known of the place.
//!
//! Every reading the numbers allow is tried: degrees, GCJ-02, BD-09, each Gauss–Krüger zone with
//! and without its number, the Hong Kong grid, longitude and latitude swapped, millionths, packed
//! degrees-minutes-seconds. A reading earns, for each point, the logarithm of a likelihood: 0.95
//! against 0.05 for lying inside its community or not, and if the distance to the nearest building
//! is known, that of a Cauchy law whose scale is the best reading's median distance (2–50 m).
//!
//! *Rule.* One reading is clearly better than another if the sum of differences is at least ln 1000 and
//! at least twice its own standard error; with inside or outside alone that takes four points
//! more. Readings within 5 m of each other are the same. Nothing is converted here.
//!
//! Cost: readings × points × the caller's test, on at most [`SAMPLE`] points spread over the list.

use super::readings::plausible;
use super::{Reading, System, distance_m};

/// The most points looked at.
const SAMPLE: usize = 2_000;
/// The fewest points that say anything.
const POINTS_MIN: usize = 4;
/// ln 1000.
const MARGIN_MIN: f64 = 6.907_755_278_982_137;
/// Standard errors.
const ERRORS_MIN: f64 = 2.0;
/// Readings closer than this are the same for every purpose here, metres.
const SAME_M: f64 = 5.0;
/// ln 0.95 and ln 0.05.
const LOG_INSIDE: f64 = -0.051_293_294_387_550_58;
const LOG_OUTSIDE: f64 = -2.995_732_273_553_991;
/// Further than this counts as this far, metres.
const FAR_M: f64 = 3_000.0;

/// What is known of the place, in true degrees.
pub struct Truth<'a> {
    /// True if point `i` at this longitude and latitude lies in its community, or in any
    /// community if its own is not known.
    pub inside: &'a dyn Fn(usize, f64, f64) -> bool,
    /// Metres from there to the nearest building or other true thing of the point, if known.
    pub distance_m: Option<&'a dyn Fn(usize, f64, f64) -> f64>,
}

/// How well one reading fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The reading.
    pub reading: Reading,
    /// Points tested.
    pub points: usize,
    /// Of these, points that can be read this way at all.
    pub readable: usize,
    /// Of these, points inside their community.
    pub inside: usize,
    /// Median metres to the nearest true thing, if distances are known.
    pub median_m: Option<f64>,
    /// Mean metres from where the best reading puts the points; 0 for the best itself,
    /// infinite if no point can be read both ways.
    pub shift_m: f64,
    /// Sum of logarithms of likelihoods; only differences mean anything.
    pub score: f64,
    /// Score of the best reading less this one's.
    pub behind: f64,
    /// True if the best reading is clearly better than this one.
    pub excluded: bool,
}

impl Evidence {
    /// Share of all tested points inside, 0 to 1.
    pub fn share(&self) -> f64 {
        self.inside as f64 / self.points.max(1) as f64
    }
}

/// Why no verdict could be given.
#[derive(Clone, Debug, PartialEq)]
pub enum Doubt {
    /// Fewer than four points are numbers.
    FewPoints,
    /// No reading puts half of the points inside.
    NoneFits,
    /// The best reading is not clearly better than this other one: `shift_m` metres between them
    /// is less than so few points, or so wide communities, can show.
    Close {
        /// The best reading.
        best: Reading,
        /// The one that is not excluded.
        rival: Reading,
        /// Mean metres between the two.
        shift_m: f64,
        /// True if what was declared is excluded all the same.
        declared_excluded: bool,
    },
}

/// What the test says.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The declared reading is clearly better than all others; by how much, as a logarithm.
    Agrees {
        /// Score less that of the next best.
        margin: f64,
    },
    /// Another reading than the declared one is clearly better than all others.
    Another {
        /// That reading.
        reading: Reading,
        /// Score less that of the declared one; of the next best if nothing was declared.
        margin: f64,
    },
    /// The test cannot tell.
    CannotTell(Doubt),
}

/// The verdict and what it rests on, best reading first.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// What the test says.
    pub verdict: Verdict,
    /// All readings the numbers allow.
    pub evidence: Vec<Evidence>,
}

/// One reading's places and scores, point by point.
struct Trial {
    reading: Reading,
    places: Vec<Option<(f64, f64)>>,
    inside: Vec<bool>,
    distances: Option<Vec<f64>>,
    scores: Vec<f64>,
}

/// Tries every plausible reading of `points`, which are pairs of numbers as written.
pub fn detect(points: &[(f64, f64)], declared: Option<System>, truth: &Truth<'_>) -> Detection {
    let usable: Vec<usize> =
        (0..points.len()).filter(|&i| points[i].0.is_finite() && points[i].1.is_finite()).collect();
    let step = usable.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<usize> = usable.into_iter().step_by(step).collect();
    let pairs: Vec<(f64, f64)> = sample.iter().map(|&i| points[i]).collect();
    let mut readings = plausible(&pairs);
    let declared = declared.map(Reading::plain);
    if let Some(declared) = declared.filter(|d| !readings.contains(d)) {
        readings.insert(0, declared);
    }
    let mut trials: Vec<Trial> =
        readings.into_iter().map(|reading| try_reading(reading, &sample, &pairs, truth)).collect();
    score(&mut trials);
    let total = |trial: &Trial| trial.scores.iter().sum::<f64>();
    // Stable, so that equals stay in the order of plausibility; the declared one wins a tie.
    trials.sort_by(|a, b| {
        let told = |t: &Trial| u8::from(Some(t.reading) != declared);
        total(b).total_cmp(&total(a)).then(told(a).cmp(&told(b)))
    });
    let evidence: Vec<Evidence> = trials.iter().map(|trial| compare(&trials[0], trial)).collect();
    Detection { verdict: judge(&evidence, declared, sample.len()), evidence }
}

fn try_reading(reading: Reading, sample: &[usize], pairs: &[(f64, f64)], truth: &Truth<'_>) -> Trial {
    let places: Vec<_> = pairs.iter().map(|p| reading.degrees(p.0, p.1)).collect();
    let of = |k: usize| places[k].map(|(lon, lat)| (sample[k], lon, lat));
    let inside = (0..places.len()).map(|k| of(k).is_some_and(|(i, x, y)| (truth.inside)(i, x, y))).collect();
    let distances = truth.distance_m.map(|distance| {
        let at = |k| of(k).map_or(FAR_M, |(i, x, y)| distance(i, x, y));
        (0..places.len()).map(at).map(|d| if d.is_nan() { FAR_M } else { d.clamp(0.0, FAR_M) }).collect()
    });
    Trial { reading, places, inside, distances, scores: Vec::new() }
}

fn score(trials: &mut [Trial]) {
    let smallest =
        trials.iter().filter_map(|t| t.distances.as_ref().map(|d| median(d))).min_by(f64::total_cmp);
    let scale = smallest.unwrap_or(0.0).clamp(2.0, 50.0);
    for trial in trials {
        let of_inside = trial.inside.iter().map(|&inside| if inside { LOG_INSIDE } else { LOG_OUTSIDE });
        trial.scores = match &trial.distances {
            None => of_inside.collect(),
            Some(distances) => {
                let of_distance = distances.iter().map(|d| -(d / scale).powi(2).ln_1p());
                of_inside.zip(of_distance).map(|(a, b)| a + b).collect()
            }
        };
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(FAR_M)
}

/// A reading beside the best one.
fn compare(best: &Trial, trial: &Trial) -> Evidence {
    let count = trial.scores.len();
    let differences: Vec<f64> = best.scores.iter().zip(&trial.scores).map(|(a, b)| a - b).collect();
    let behind: f64 = differences.iter().sum();
    let mean = behind / count.max(1) as f64;
    let error = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>().sqrt();
    let apart: Vec<f64> =
        best.places.iter().zip(&trial.places).filter_map(|(a, b)| Some(distance_m((*a)?, (*b)?))).collect();
    let shift_m =
        if apart.is_empty() { f64::INFINITY } else { apart.iter().sum::<f64>() / apart.len() as f64 };
    Evidence {
        reading: trial.reading,
        points: count,
        readable: trial.places.iter().flatten().count(),
        inside: trial.inside.iter().filter(|inside| **inside).count(),
        median_m: trial.distances.as_ref().map(|d| median(d)),
        shift_m,
        score: trial.scores.iter().sum(),
        behind,
        excluded: behind >= MARGIN_MIN && behind >= ERRORS_MIN * error,
    }
}

fn judge(evidence: &[Evidence], declared: Option<Reading>, points: usize) -> Verdict {
    if points < POINTS_MIN {
        return Verdict::CannotTell(Doubt::FewPoints);
    }
    let Some(best) = evidence.first().filter(|e| 2 * e.inside >= e.points) else {
        return Verdict::CannotTell(Doubt::NoneFits);
    };
    let of_declared = evidence.iter().find(|e| Some(e.reading) == declared);
    let rivals = || evidence.iter().skip(1).filter(|e| e.shift_m.is_nan() || e.shift_m > SAME_M);
    if let Some(rival) = rivals().find(|e| !e.excluded) {
        return Verdict::CannotTell(Doubt::Close {
            best: best.reading,
            rival: rival.reading,
            shift_m: rival.shift_m,
            declared_excluded: of_declared.is_some_and(|e| e.excluded),
        });
    }
    let next = rivals().map(|e| e.behind).min_by(f64::total_cmp).unwrap_or(f64::INFINITY);
    match of_declared {
        Some(e) if e.shift_m <= SAME_M => Verdict::Agrees { margin: next },
        Some(e) => Verdict::Another { reading: best.reading, margin: e.behind },
        None => Verdict::Another { reading: best.reading, margin: next },
    }
}

#[cfg(test)]
#[path = "detect_tests.rs"]
mod tests;
