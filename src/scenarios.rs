//! Scenarios of a place: other people, closed centres, other rules; then sites for all of them.

use crate::index::fabric::Fabric;
use crate::model::place::Place;
use crate::model::rules::{InvalidRules, Rules};
use crate::model::scenario::{Comparison, Scenario};
use crate::model::units::{Counts, apportion};
use crate::network::{StraightLine, StreetGround, TravelTimes};
use crate::run::Run;
use crate::siting;

/// Codes that a scenario names and the place does not have: the scenario, what it is, the code.
pub fn unknown_codes<'a>(place: &Place, scenarios: &'a [Scenario]) -> Vec<(&'a str, &'static str, &'a str)> {
    let mut unknown = Vec::new();
    for scenario in scenarios {
        let mut look = |what, code: &'a str, known: bool| {
            if !known {
                unknown.push((scenario.name.as_str(), what, code));
            }
        };
        for code in scenario.communities.keys() {
            look("community", code, place.communities.iter().any(|c| c.code == *code));
        }
        for code in &scenario.close {
            look("centre", code, place.centres.iter().any(|c| c.site.code == *code));
        }
        for code in &scenario.forbid {
            look("candidate", code, place.candidates.iter().any(|c| c.site.code == *code));
        }
    }
    unknown
}

/// The rules of a scenario.
///
/// # Errors
/// [`InvalidRules`] if its numbers make no rules.
pub fn rules_of(scenario: &Scenario, rules: &Rules) -> Result<Rules, InvalidRules> {
    let mut rules = rules.clone();
    if let Some(minutes) = scenario.within_minutes {
        rules.walking.within_s = (minutes * 60.0).round() as u32;
    }
    if let Some(pace) = scenario.adult_m_per_s {
        rules.walking.adult_mm_per_s = (pace * 1000.0).round() as u32;
    }
    rules.siting.new = scenario.new.unwrap_or(rules.siting.new);
    rules.siting.budget = scenario.budget.or(rules.siting.budget);
    rules.siting.forbid.extend(scenario.forbid.iter().cloned());
    rules.siting.plans = 1;
    rules.validate()?;
    Ok(rules)
}

/// The place of a scenario: each community's people times its factor, to whole people, spread over its
/// atoms as they are now; closed centres closed.
pub fn place_of(scenario: &Scenario, place: &Place) -> Place {
    let mut changed = place.clone();
    for (i, community) in place.communities.iter().enumerate() {
        let factor = scenario.communities.get(&community.code).copied().or(scenario.population);
        let Some(factor) = factor else { continue };
        let members: Vec<usize> =
            (0..place.atoms.len()).filter(|&a| place.atoms[a].community.index() == i).collect();
        let mut scale = |of: fn(&mut Counts) -> &mut u32| {
            let before: Vec<u64> =
                members.iter().map(|&a| u64::from(*of(&mut changed.atoms[a].counts))).collect();
            let total = (before.iter().sum::<u64>() as f64 * factor).round() as u64;
            for (&a, after) in members.iter().zip(apportion(total, &before)) {
                *of(&mut changed.atoms[a].counts) = u32::try_from(after).unwrap_or(u32::MAX);
            }
        };
        scale(|counts| &mut counts.households);
        scale(|counts| &mut counts.population);
        scale(|counts| &mut counts.older);
        scale(|counts| &mut counts.child);
    }
    for centre in &mut changed.centres {
        centre.open &= !scenario.close.contains(&centre.site.code);
    }
    changed
}

/// Every scenario solved, every choice weighed in all of them. `fabric` is that of `place`; rules have
/// been made by [`rules_of`], one for each scenario.
pub fn compare(
    place: &Place,
    fabric: &Fabric,
    scenarios: &[Scenario],
    rules: &[Rules],
    ground: Option<&StreetGround>,
    run: &Run<'_>,
) -> Comparison {
    let places: Vec<Place> = scenarios.iter().map(|scenario| place_of(scenario, place)).collect();
    let fabrics: Vec<Fabric> = places
        .iter()
        .map(|place| Fabric { counts: place.atoms.iter().map(|a| a.counts).collect(), ..fabric.clone() })
        .collect();
    let times: Vec<Box<dyn TravelTimes + '_>> = rules
        .iter()
        .map(|rules| match ground {
            Some(ground) => Box::new(ground.times(rules)) as Box<dyn TravelTimes + '_>,
            None => Box::new(StraightLine::by(rules)),
        })
        .collect();
    let cases: Vec<siting::Case<'_>> = (0..scenarios.len())
        .map(|i| siting::Case {
            name: &scenarios[i].name,
            place: &places[i],
            fabric: &fabrics[i],
            times: times[i].as_ref(),
            rules: &rules[i],
        })
        .collect();
    siting::compare(&cases, run)
}
