//! What if: the same place and question with other people, centres, paces or means.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A file of scenarios.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Scenarios {
    /// One after the other, in the order of the file.
    pub scenario: Vec<Scenario>,
}

/// One of them; what is not said stays as it is.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// Everybody times this, 1 for as many as now.
    pub population: Option<f64>,
    /// The same for single communities, by code.
    pub communities: BTreeMap<String, f64>,
    /// Codes of existing centres that are closed.
    pub close: Vec<String>,
    /// The longest walk that counts, in minutes.
    pub within_minutes: Option<f64>,
    /// Metres an adult walks in a second.
    pub adult_m_per_s: Option<f64>,
    /// New centres.
    pub new: Option<u32>,
    /// What they may cost together.
    pub budget: Option<u64>,
    /// Candidates that cannot be had.
    pub forbid: Vec<String>,
}

/// Most scenarios in one comparison.
pub const SCENARIOS_MAX: usize = 50;

/// The most by which people may be multiplied.
pub const SCALE_MAX: f64 = 20.0;

impl Scenarios {
    /// Every fault of the numbers and names, one line each; codes are looked at with the place.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.scenario.is_empty() || self.scenario.len() > SCENARIOS_MAX {
            faults.push(format!(
                "there are {} scenarios; 1 to {SCENARIOS_MAX} can be compared",
                self.scenario.len()
            ));
        }
        for (i, scenario) in self.scenario.iter().enumerate() {
            let mut fault =
                |text: String| faults.push(format!("scenario {} ({}): {text}", i + 1, scenario.name));
            if scenario.name.trim().is_empty() {
                fault("has no name".to_owned());
            }
            if self.scenario[..i].iter().any(|other| other.name == scenario.name) {
                fault("the name is used twice".to_owned());
            }
            for scale in scenario.population.iter().chain(scenario.communities.values()) {
                if !(0.0..=SCALE_MAX).contains(scale) {
                    fault(format!("people times {scale}; write 0 to {SCALE_MAX}"));
                }
            }
            if scenario.within_minutes.is_some_and(|m| !(0.1..=1440.0).contains(&m)) {
                fault("within_minutes must be 0.1 to 1440".to_owned());
            }
            if scenario.adult_m_per_s.is_some_and(|m| !(0.1..=5.0).contains(&m)) {
                fault("adult_m_per_s must be 0.1 to 5".to_owned());
            }
        }
        faults
    }
}

/// Every plan in every scenario. A plan is the best choice found for one scenario, or the robust one.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Names of the scenarios, with the best value found for each and a bound on it.
    pub scenarios: Vec<ScenarioBest>,
    /// The plans, the robust one last.
    pub plans: Vec<ComparedPlan>,
    /// Position of the plan whose largest regret is least.
    pub robust: usize,
}

/// A scenario and the best that can be had in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioBest {
    /// Its name.
    pub name: String,
    /// People in it.
    pub people: u64,
    /// Value of its own best choice.
    pub value: u64,
    /// No choice is better.
    pub bound: u64,
}

/// One choice of sites, weighed in every scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedPlan {
    /// The scenario it is best for; `None` for a choice that was looked for across all.
    pub of: Option<usize>,
    /// Codes of its sites.
    pub sites: Vec<String>,
    /// What it is worth in each scenario; `None` where it may not be chosen.
    pub values: Vec<Option<u64>>,
    /// What is lost against the best value of each, in ten-thousandths of it.
    pub regrets: Vec<Option<u64>>,
}

impl ComparedPlan {
    /// The largest regret; a plan that cannot be chosen everywhere has none.
    pub fn worst(&self) -> Option<u64> {
        let all: Option<Vec<u64>> = self.regrets.iter().copied().collect();
        all?.into_iter().max()
    }
}
