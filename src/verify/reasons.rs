//! Grids out of range are listed, no others are, and what is given as the cause is a fact.

use std::collections::BTreeMap;

use super::Fault;
use super::ground::Ground;
use crate::model::place::GivenKind;
use crate::model::rules::Rules;
use crate::model::written::{GridRow, WrittenPlan};

/// What the check of a cause needs to know.
struct Case<'a> {
    ground: &'a Ground<'a>,
    rules: &'a Rules,
    members: &'a BTreeMap<&'a str, Vec<usize>>,
    row: &'a GridRow,
    atoms: &'a [usize],
    community: &'a [usize],
}

pub(super) fn judge(
    ground: &Ground<'_>,
    rules: &Rules,
    written: &WrittenPlan,
    rows: &[GridRow],
    members: &BTreeMap<&str, Vec<usize>>,
    faults: &mut Vec<Fault>,
) {
    let range = u64::from(rules.grids.households_min)..=u64::from(rules.grids.households_max);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let listed: BTreeMap<String, (String, String)> = written.summary["partition"]["out_of_range"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|o| (text(&o["grid"]), (text(&o["cause"]), text(&o["reason"]))))
        .collect();
    for entry in written.summary["partition"]["out_of_range"].as_array().into_iter().flatten() {
        let code = text(&entry["grid"]);
        let households = rows.iter().find(|row| row.code == code).map(|row| row.households);
        match households {
            None => faults.push(Fault::GridUnknown { grid: code }),
            Some(found) if entry["households"].as_u64() != Some(found) => {
                let (written, found) = (entry["households"].to_string(), found.to_string());
                faults.push(Fault::Differs {
                    what: format!("out_of_range {code} households"),
                    written,
                    found,
                });
            }
            Some(_) => {}
        }
    }
    for row in rows {
        let (grid, households) = (row.code.clone(), row.households);
        let first = members.get(row.code.as_str()).and_then(|atoms| atoms.first());
        if first.is_some_and(|&a| exclusive(ground, a)) {
            if listed.contains_key(&row.code) {
                faults.push(Fault::ReasonNeedless { grid });
            }
            continue;
        }
        match listed.get(&row.code) {
            Some(_) if range.contains(&households) => faults.push(Fault::ReasonNeedless { grid }),
            None if range.contains(&households) => {}
            None => faults.push(Fault::ReasonMissing { grid, households }),
            Some((_, reason)) if reason.is_empty() => faults.push(Fault::ReasonMissing { grid, households }),
            Some((cause, _)) => {
                let Some(atoms) = members.get(row.code.as_str()) else { continue };
                let community = ground.block_of(atoms[0]);
                let case = Case { ground, rules, members, row, atoms, community };
                if !case.holds(cause) {
                    faults.push(Fault::ReasonFalse { grid, cause: cause.clone() });
                }
            }
        }
    }
}

/// True if an atom belongs to an exclusive site, which no range binds.
pub(super) fn exclusive(ground: &Ground<'_>, atom: usize) -> bool {
    let given = ground.place.atoms[atom].given;
    given.is_some_and(|given| matches!(ground.place.given[given as usize].kind, GivenKind::Exclusive { .. }))
}

impl Case<'_> {
    fn holds(&self, cause: &str) -> bool {
        let (low, high) =
            (u64::from(self.rules.grids.households_min), u64::from(self.rules.grids.households_max));
        let all = self.households(self.community);
        match cause {
            "locked" => {
                let given = self.ground.place.atoms[self.atoms[0]].given;
                given.is_some_and(|given| {
                    matches!(self.ground.place.given[given as usize].kind, GivenKind::Locked { .. })
                })
            }
            "atom-over-max" => self.atoms.iter().any(|&a| self.households(&[a]) > high),
            "community-below-min" => all < low && all > 0,
            "between-multiples" => all >= low && !divisible(all, low, high),
            "cut-off" => {
                let pieces = self.ground.pieces(self.community);
                let here = pieces.iter().filter(|piece| piece.iter().any(|a| self.atoms.contains(a)));
                let here: u64 = here.map(|piece| self.households(piece)).sum();
                here < all && !divisible(here, low, high)
            }
            "coarse" => divisible(all, low, high) && !self.one_move_helps(),
            "uninhabited" => all == 0,
            _ => false,
        }
    }

    fn households(&self, atoms: &[usize]) -> u64 {
        atoms.iter().map(|&a| u64::from(self.ground.place.atoms[a].counts.households)).sum()
    }

    /// How far a number of households lies outside the range.
    fn off(&self, households: u64) -> u64 {
        let (low, high) =
            (u64::from(self.rules.grids.households_min), u64::from(self.rules.grids.households_max));
        low.saturating_sub(households).max(households.saturating_sub(high))
    }

    /// True if one atom, moved in or out, would bring this grid and its neighbour nearer to the
    /// range together, with neither cut in two and no more of them outside it than before.
    fn one_move_helps(&self) -> bool {
        let pieces = |set: &[usize]| self.ground.pieces(set).len();
        let joins = |a: usize, set: &[usize]| set.iter().any(|&b| self.ground.join(a, b));
        let neighbours = self
            .members
            .iter()
            .filter(|(code, atoms)| **code != self.row.code && self.community.contains(&atoms[0]));
        for (_, other) in neighbours {
            for (from, to) in [(self.atoms, other.as_slice()), (other.as_slice(), self.atoms)] {
                for &atom in from {
                    let less: Vec<usize> = from.iter().copied().filter(|&a| a != atom).collect();
                    let more: Vec<usize> = to.iter().copied().chain([atom]).collect();
                    let before = [self.off(self.households(from)), self.off(self.households(to))];
                    let after = [self.off(self.households(&less)), self.off(self.households(&more))];
                    let outside = |pair: [u64; 2]| pair.iter().filter(|off| **off > 0).count();
                    let better = after.iter().sum::<u64>() < before.iter().sum::<u64>()
                        && outside(after) <= outside(before)
                        && !less.is_empty();
                    if better
                        && joins(atom, to)
                        && pieces(&less) <= pieces(from)
                        && pieces(&more) <= pieces(to)
                    {
                        return true;
                    }
                }
            }
        }
        false
    }
}

/// True if some number of grids of `low` to `high` makes up the whole.
fn divisible(households: u64, low: u64, high: u64) -> bool {
    (1..=households / low).any(|grids| grids * low <= households && households <= grids * high)
}
