//! How much of everything a town of so many people has.

use super::shape::Spot;

/// Square metres of built-up land for a town dweller; the national standard for town land plans with 85 to 115.
const URBAN_M2_PER_PERSON: f64 = 106.0;
/// Square metres of village land for a rural household: about eight mu, its share of tracks and ditches included.
const RURAL_M2_PER_HOUSEHOLD: f64 = 5_600.0;
/// The share of households that live in villages, in percent.
const RURAL_PERCENT: u32 = 9;

/// The numbers that follow from the number of people.
#[derive(Clone, Debug)]
pub(super) struct Size {
    pub(super) people: u32,
    pub(super) households: u32,
    pub(super) rural_households: u32,
    pub(super) communities: u32,
    pub(super) villages: u32,
    /// Subdistricts, of about a dozen communities each.
    pub(super) towns: u32,
    /// Half the width and height of the built-up ellipse.
    pub(super) urban_half: Spot,
    /// Half the width and height of the whole.
    pub(super) outer_half: Spot,
}

impl Size {
    pub(super) fn of(people: u32) -> Self {
        let households = (people * 10 + 13) / 26;
        let rural_households = households * RURAL_PERCENT / 100;
        let urban = households - rural_households;
        let villages = ((people + 12_000) / 24_000).max(if people < 5_000 { 1 } else { 2 });
        let communities = ((urban + 1_150) / 2_300).max(1);
        // The river, the railway and the bigger sites take their land in the smallest town too.
        let urban_m2 = f64::from(urban) * 2.6 * URBAN_M2_PER_PERSON + 150_000.0;
        let all_m2 = urban_m2 * 1.5 + f64::from(rural_households) * RURAL_M2_PER_HOUSEHOLD;
        let (urban_half, outer_half) = (half(urban_m2 / 0.85), half(all_m2));
        let towns = ((communities + villages + 6) / 13).max(1);
        Self { people, households, rural_households, communities, villages, towns, urban_half, outer_half }
    }

    /// One for each so many people, rounded, but no fewer than `least`.
    pub(super) fn one_per(&self, people: u32, least: u32) -> usize {
        ((self.people + people / 2) / people).max(least) as usize
    }
}

/// Half the sides of a box of this area, wider than high. An ellipse fills 0.785 of its box.
fn half(area: f64) -> Spot {
    let x = (area * 1.25).sqrt() / 2.0;
    Spot::new(x, x / 1.25)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_of_sixty_thousand_has_a_dozen_communities() {
        let size = Size::of(60_000);
        assert_eq!((size.households, size.communities, size.villages, size.towns), (23_077, 9, 3, 1));
    }
}
