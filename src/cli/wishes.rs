//! What is wished of sites, looked at before anything is searched.

use crate::model::place::Place;
use crate::model::rules::{Objective, Rules};

/// Codes forced in or forbidden must be those of candidates, and not both at once.
pub(super) fn sites_named(rules: &Rules, place: &Place) -> anyhow::Result<()> {
    let asked = &rules.siting;
    for code in asked.force.iter().chain(&asked.forbid) {
        if !place.candidates.iter().any(|c| c.site.code == *code) {
            anyhow::bail!("no candidate has the code `{code}`; see [candidates] in place.toml");
        }
    }
    if asked.objective == Objective::Fewest && asked.budget.is_some() {
        anyhow::bail!(
            "fewest asks how few centres it takes, whatever they cost: leave out the budget, or choose another objective"
        );
    }
    if asked.objective != Objective::Fewest && asked.share_permille.is_some() {
        anyhow::bail!("a share belongs to --objective fewest: choose it, or leave the share out");
    }
    let aims = [Some(asked.objective), asked.then];
    if aims.contains(&Some(Objective::Room)) && rules.coverage.area_m2_per_100_households == 0 {
        anyhow::bail!(
            "room needs a floor area for each 100 households: set coverage.area_m2_per_100_households"
        );
    }
    if asked.then == Some(Objective::Fewest) {
        anyhow::bail!(
            "fewest cannot decide among equals: `then` takes cover, walk, worst, backup, fair or room"
        );
    }
    if !asked.services.is_empty() && !asked.levels.is_empty() {
        anyhow::bail!("services and levels are sited apart: give one of them");
    }
    let services = asked.services.iter().map(|wish| wish.service.clone());
    let mut wished: Vec<String> =
        services.chain(asked.levels.iter().map(|wish| format!("level {}", wish.level))).collect();
    wished.sort();
    if let Some(twice) = wished.windows(2).find(|pair| pair[0] == pair[1]) {
        anyhow::bail!("{} is wished for twice; say once what it takes", twice[0]);
    }
    if let Some(level) = asked.levels.iter().find(|wish| !(1..=5).contains(&wish.level)) {
        anyhow::bail!("there is no level {}; levels are 1 to 5", level.level);
    }
    if let Some(budget) = asked.budget {
        let forced = place.candidates.iter().filter(|c| asked.force.contains(&c.site.code));
        let spent = forced.map(|c| c.cost).sum::<Option<u64>>();
        if spent.is_none_or(|spent| spent > budget) {
            let spent = spent.map_or("an unknown sum".to_owned(), |spent| spent.to_string());
            anyhow::bail!("the candidates forced in cost {spent}, the budget is {budget}");
        }
    }
    match asked.force.iter().find(|code| asked.forbid.contains(code)) {
        Some(code) => anyhow::bail!("`{code}` is both forced in and forbidden; leave one out"),
        None => Ok(()),
    }
}
