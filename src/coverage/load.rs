//! What each centre carries: who depends on it alone, and how much floor there is for whom.

use crate::index::fabric::Fabric;
use crate::model::ids::CentreId;
use crate::model::place::Place;
use crate::model::plan::CentreLoad;
use crate::model::units::WalkTime;
use crate::network::Reached;
use crate::walking::access::{Decay, floating_catchment};
use crate::walking::search::Pairs;

/// People in time of each centre, those of them in time of no other, and the latter's households: what
/// is lost if it closes. `reached` gives for each atom the centres in time, by position in `ids`.
pub(super) fn loads(fabric: &Fabric, reached: &Reached, ids: &[CentreId]) -> Vec<CentreLoad> {
    let mut loads: Vec<CentreLoad> =
        ids.iter().map(|&centre| CentreLoad { centre, in_time: 0, alone: 0, households_alone: 0 }).collect();
    for (atom, counts) in fabric.counts.iter().enumerate() {
        let row = reached.of(atom);
        for &(centre, _) in row {
            loads[centre as usize].in_time += u64::from(counts.population);
        }
        if let [(centre, _)] = row {
            loads[*centre as usize].alone += u64::from(counts.population);
            loads[*centre as usize].households_alone += u64::from(counts.households);
        }
    }
    loads
}

/// Square metres of floor for each 100 households of every atom: the enhanced two-step floating
/// catchment area of the centres in time (Luo and Qi 2009), nearer thirds of the walk counting more.
/// `None` unless every counted centre's area is known.
pub(super) fn floor(
    place: &Place,
    fabric: &Fabric,
    reached: &Reached,
    ids: &[CentreId],
    within: WalkTime,
) -> Option<Vec<f64>> {
    let areas: Option<Vec<f64>> = ids.iter().map(|id| place.centres[id.index()].site.area_m2).collect();
    let areas = areas.filter(|areas| !areas.is_empty())?;
    let mut rows = vec![Vec::new(); ids.len()];
    for atom in 0..fabric.len() {
        for &(centre, time) in reached.of(atom) {
            rows[centre as usize].push((atom as u32, time.millis()));
        }
    }
    let mut pairs = Pairs { first: vec![0], entries: Vec::new() };
    for row in rows {
        pairs.entries.extend(row);
        pairs.first.push(pairs.entries.len());
    }
    let demand: Vec<f64> = fabric.counts.iter().map(|c| f64::from(c.households)).collect();
    let found = floating_catchment(&pairs, &areas, &demand, &Decay::thirds(within.millis()));
    Some(found.score.into_iter().map(|score| score * 100.0).collect())
}
