//! Quantities with their units. Whatever is compared or summed into a decision is an integer.

use serde::{Deserialize, Serialize};

/// A length on the ground, in whole centimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Distance(u32);

impl Distance {
    /// From whole centimetres.
    pub const fn from_cm(cm: u32) -> Self {
        Self(cm)
    }

    /// Whole centimetres.
    pub const fn cm(self) -> u32 {
        self.0
    }

    /// Metres, for printing.
    pub fn metres(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Longer by a factor in thousandths, rounded to the nearest centimetre; saturates.
    pub fn stretched(self, permille: u32) -> Self {
        let stretched = (u64::from(self.0) * u64::from(permille) + 500) / 1000;
        Self(u32::try_from(stretched).unwrap_or(u32::MAX))
    }
}

/// How fast somebody walks, in millimetres a second. Never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pace(u32);

/// A pace that is no pace.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("a walking speed must lie between 0.1 and 10 m/s, not {metres_per_second}")]
pub struct InvalidPace {
    /// What was given.
    pub metres_per_second: f64,
}

impl Pace {
    /// From millimetres a second, if it is a pace a person walks at.
    ///
    /// # Errors
    /// [`InvalidPace`] outside 0.1 to 10 m/s.
    pub fn from_mm_per_s(mm: u32) -> Result<Self, InvalidPace> {
        let sensible = (100..=10_000).contains(&mm);
        sensible.then_some(Self(mm)).ok_or(InvalidPace { metres_per_second: f64::from(mm) / 1000.0 })
    }

    /// Millimetres a second.
    pub const fn mm_per_s(self) -> u32 {
        self.0
    }

    /// How long a way takes at this pace, rounded to the nearest millisecond; saturates.
    pub fn time_for(self, way: Distance) -> WalkTime {
        let pace = u64::from(self.0);
        let millis = (u64::from(way.0) * 10_000 + pace / 2) / pace;
        WalkTime(u32::try_from(millis).unwrap_or(u32::MAX))
    }

    /// The longest way whose time does not exceed `time`; saturates.
    pub fn reach_in(self, time: WalkTime) -> Distance {
        // time_for(d) <= t  <=>  10000 d + p/2 < (t + 1) p
        let pace = u64::from(self.0);
        let room = (u64::from(time.0) + 1) * pace - 1 - pace / 2;
        Distance(u32::try_from(room / 10_000).unwrap_or(u32::MAX))
    }
}

/// How long a walk takes, in whole milliseconds.
///
/// Integers keep sums exact and the order total, so the nearest centre is the same whatever
/// order centres, or threads, were visited in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct WalkTime(u32);

/// A duration that cannot be a walk.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("a walking time must lie between 0 and 24 hours, not {seconds} s")]
pub struct InvalidWalkTime {
    /// What was given.
    pub seconds: f64,
}

impl WalkTime {
    /// The reach of the 15-minute life circle (GB 50180-2018), a default that rules may change.
    pub const QUARTER_HOUR: Self = Self(15 * 60 * 1000);

    /// From whole milliseconds.
    pub const fn from_millis(millis: u32) -> Self {
        Self(millis)
    }

    /// From seconds, rounded to the nearest millisecond.
    ///
    /// # Errors
    /// [`InvalidWalkTime`] if `seconds` is negative, not finite, or over 24 hours.
    pub fn from_seconds(seconds: f64) -> Result<Self, InvalidWalkTime> {
        let millis = (seconds * 1000.0).round();
        let fits = (0.0..=86_400_000.0).contains(&millis);
        fits.then_some(Self(millis as u32)).ok_or(InvalidWalkTime { seconds })
    }

    /// Whole milliseconds.
    pub const fn millis(self) -> u32 {
        self.0
    }

    /// Minutes, for printing.
    pub fn minutes(self) -> f64 {
        f64::from(self.0) / 60_000.0
    }
}

/// Households and people counted in one place; both are kept because ledgers often have one only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// 户.
    pub households: u32,
    /// 人口, on whatever basis the ledger uses.
    pub population: u32,
    /// People at or over the profile's older age.
    pub older: u32,
    /// People at or under the profile's child age.
    pub child: u32,
}

/// A share in parts per million of a whole, rounded down; 0 of nothing.
pub fn share_ppm(part: u64, whole: u64) -> u32 {
    if whole == 0 {
        return 0;
    }
    u32::try_from(u128::from(part) * 1_000_000 / u128::from(whole)).unwrap_or(u32::MAX)
}

/// Splits `total` whole units over `weights`, in proportion, by largest remainders (Hamilton).
///
/// The parts sum to `total` exactly unless every weight is zero; ties go to the lower index.
pub fn apportion(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&w| u128::from(w)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact = |w: u64| u128::from(w) * u128::from(total);
    let mut parts: Vec<u64> = weights.iter().map(|&w| (exact(w) / sum) as u64).collect();
    let mut left = total - parts.iter().sum::<u64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(exact(weights[i]) % sum), i));
    for i in order {
        if left == 0 {
            break;
        }
        parts[i] += 1;
        left -= 1;
    }
    parts
}

/// Splits a ledger's older people and children over pieces whose people are already counted.
///
/// Sums are exact where they can be: no piece gets more older people and children than it has
/// people, so a ledger that counts more than all pieces hold is capped. Returns false if it was.
pub fn spread_ages(pieces: &mut [Counts], ledger: Counts) -> bool {
    let people: Vec<u64> = pieces.iter().map(|c| u64::from(c.population)).collect();
    let total: u64 = people.iter().sum();
    let older = u64::from(ledger.older).min(total);
    let older_parts = apportion(older, &people);
    let rest: Vec<u64> = people.iter().zip(&older_parts).map(|(p, o)| p - o).collect();
    let child = u64::from(ledger.child).min(total - older);
    for ((piece, older), child) in pieces.iter_mut().zip(&older_parts).zip(apportion(child, &rest)) {
        piece.older = *older as u32;
        piece.child = child as u32;
    }
    older == u64::from(ledger.older) && child == u64::from(ledger.child)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_is_the_inverse_of_time() {
        for mm in [100, 800, 900, 1100, 1333, 10_000] {
            let pace = Pace::from_mm_per_s(mm).expect("a pace");
            for ms in [0, 1, 999, 900_000, 1_234_567] {
                let time = WalkTime::from_millis(ms);
                let reach = pace.reach_in(time);
                assert!(pace.time_for(reach) <= time, "{mm} mm/s, {ms} ms");
                assert!(pace.time_for(Distance::from_cm(reach.cm() + 1)) > time, "{mm} mm/s, {ms} ms");
            }
        }
    }

    #[test]
    fn a_quarter_hour_is_990_metres_for_an_adult() {
        let adult = Pace::from_mm_per_s(1100).expect("a pace");
        assert_eq!(adult.time_for(Distance::from_cm(99_000)), WalkTime::QUARTER_HOUR);
    }

    #[test]
    fn apportioned_parts_sum_to_the_total() {
        let cases: &[(u64, &[u64], &[u64])] = &[
            (10, &[1, 1, 1], &[4, 3, 3]),
            (7, &[0, 0], &[0, 0]),
            (5, &[3, 0, 2], &[3, 0, 2]),
            (1, &[1, 9], &[0, 1]),
            (0, &[4, 4], &[0, 0]),
        ];
        for (total, weights, expected) in cases {
            assert_eq!(apportion(*total, weights), *expected, "{total} over {weights:?}");
        }
    }
}
