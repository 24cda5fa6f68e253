//! How many grids a community should get.

use super::task::Task;
use crate::model::rules::Rules;

/// What can be said about a number of households before anything is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Some number of grids puts the mean into the range.
    Multiple,
    /// Fewer than the minimum.
    BelowMin,
    /// Between two multiples.
    Between,
}

/// Whether `households` can be divided into the range at all.
pub(super) fn fit(households: i64, rules: &Rules) -> Fit {
    let (low, high) = (i64::from(rules.grids.households_min), i64::from(rules.grids.households_max));
    if households < low {
        Fit::BelowMin
    } else if households.div_euclid(low) * high >= households {
        // floor(H/L) grids hold at least L each; they can hold H if floor(H/L) * U >= H.
        Fit::Multiple
    } else {
        Fit::Between
    }
}

/// Numbers of grids worth trying, best first.
///
/// Atoms above the maximum are a grid each and the rest is divided by the middle of the range.
/// Between two multiples the number that misses the range by fewest households comes first, and the
/// smaller number at a tie: 550 households with 300 to 500 become one grid of 550 rather than two
/// of 275, and 560 become two of 280.
pub(super) fn wanted(task: &Task, rules: &Rules) -> Vec<usize> {
    let (low, high) = (i64::from(rules.grids.households_min), i64::from(rules.grids.households_max));
    let towers = task.households.iter().filter(|h| **h > high).count() as i64;
    let rest: i64 = task.households.iter().filter(|h| **h <= high).sum();
    let middle = (low + high) / 2;
    let most = task.len() as i64;
    let near = |rest: i64| -> Vec<i64> {
        let (few, many) = ((rest + high - 1).div_euclid(high), rest.div_euclid(low));
        if rest == 0 {
            return vec![0];
        }
        if few > many {
            let mut both = vec![few.max(1), many.max(1)];
            both.sort_by_key(|&k| (misfit(rest, k, low, high), k));
            both.dedup();
            return both;
        }
        let ideal = ((rest + middle / 2) / middle).clamp(few, many);
        let mut all: Vec<i64> = (few..=many).collect();
        all.sort_by_key(|&k| ((k - ideal).abs(), k));
        all
    };
    let mut wanted: Vec<i64> = near(rest).into_iter().map(|k| (k + towers).clamp(1, most)).collect();
    if towers > 0 {
        // What a tower cuts off may have to stay with it, and a remainder below the minimum too.
        let fewer = (wanted[0] - 1).clamp(1, most);
        wanted.push(fewer);
    }
    let mut seen = Vec::new();
    wanted.retain(|k| {
        !seen.contains(k) && {
            seen.push(*k);
            true
        }
    });
    wanted.into_iter().map(|k| k as usize).collect()
}

/// Households by which `k` grids together miss the range at best.
fn misfit(households: i64, k: i64, low: i64, high: i64) -> i64 {
    (low * k - households).max(households - high * k).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples() {
        let rules = Rules::default();
        let cases = [
            (0, Fit::BelowMin),
            (299, Fit::BelowMin),
            (300, Fit::Multiple),
            (500, Fit::Multiple),
            (501, Fit::Between),
            (599, Fit::Between),
            (600, Fit::Multiple),
            (1000, Fit::Multiple),
            (1001, Fit::Multiple),
        ];
        for (households, expected) in cases {
            assert_eq!(fit(households, &rules), expected, "{households}");
        }
    }

    #[test]
    fn between_multiples_the_nearer_wins() {
        assert_eq!(misfit(550, 2, 300, 500), misfit(550, 1, 300, 500));
        assert!(misfit(560, 2, 300, 500) < misfit(560, 1, 300, 500));
        assert!(misfit(510, 1, 300, 500) < misfit(510, 2, 300, 500));
    }
}
