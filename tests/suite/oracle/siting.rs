//! Choices of sites against all choices.

use std::collections::BTreeSet;

use wangge::model::ids::CandidateId;
use wangge::model::place::{Candidate, Place, SetAside};
use wangge::model::plan::Status;
use wangge::model::rules::{Objective, Rules};
use wangge::planner::Parts;
use wangge::run::Seed;

use crate::drawn::{Chance, drawn, planned_with, random_drawing};

/// Where there is no centre, a day stands for the walk.
const DAY_MS: u64 = 86_400_000;

/// Milliseconds, from the rules in words: whole centimetres, stretched, then divided by the pace.
fn walk_ms(from: geo::Point<f64>, to: geo::Point<f64>, rules: &Rules) -> u64 {
    let cm = |v: f64| (v * 100.0).round();
    let straight = (cm(from.x()) - cm(to.x())).hypot(cm(from.y()) - cm(to.y())).round();
    let walked = (straight * f64::from(rules.walking.detour_permille) / 1000.0).round();
    (walked * 10_000.0 / f64::from(rules.walking.adult_mm_per_s)).round() as u64
}

/// Candidates that may be chosen.
fn usable<'a>(place: &'a Place, rules: &Rules) -> Vec<&'a Candidate> {
    let roomy = [Some(rules.siting.objective), rules.siting.then].contains(&Some(Objective::Room));
    let all = place.candidates.iter().filter(|c| c.site.set_aside.is_none());
    all.filter(|c| !roomy || c.site.area_m2.is_some()).collect()
}

/// Walks of everybody after some choice.
struct Truth {
    people: Vec<u64>,
    today: Vec<u64>,
    /// For each candidate that may be chosen.
    to: Vec<Vec<u64>>,
    limit: u64,
    /// Centres in reach of each home today, and its community.
    reach: Vec<usize>,
    community: Vec<usize>,
    costs: Vec<Option<u64>>,
    forced: u32,
    households: Vec<u64>,
    /// Households whom each candidate's floor is enough for; for each centre those and who reaches it.
    room: Vec<u64>,
    standing: Vec<(u64, Vec<bool>)>,
}

impl Truth {
    fn of(place: &Place, rules: &Rules) -> Self {
        let homes: Vec<_> = place.atoms.iter().filter(|a| a.counts.population > 0).collect();
        let counted =
            place.centres.iter().filter(|c| c.open && c.level.is_none_or(|l| l == rules.siting.level));
        let (centres, areas): (Vec<_>, Vec<_>) = counted.map(|c| (c.site.at, c.site.area_m2)).unzip();
        let takes = |area: Option<f64>| (area.unwrap_or(0.0) * 100.0 / 30.0).floor() as u64;
        let usable = usable(place, rules);
        let limit = u64::from(rules.walking.within_s) * 1000;
        let reach = |a: geo::Point<f64>| centres.iter().filter(|c| walk_ms(a, **c, rules) <= limit).count();
        let forced = usable.iter().zip(0..).filter(|(c, _)| rules.siting.force.contains(&c.site.code));
        let walks = |to| homes.iter().map(|a| walk_ms(a.anchor, to, rules)).collect::<Vec<_>>();
        let today = |anchor| centres.iter().map(|&c| walk_ms(anchor, c, rules)).min().unwrap_or(DAY_MS);
        Self {
            people: homes.iter().map(|a| u64::from(a.counts.population)).collect(),
            today: homes.iter().map(|a| today(a.anchor)).collect(),
            to: usable.iter().map(|c| walks(c.site.at)).collect(),
            limit,
            reach: homes.iter().map(|a| reach(a.anchor)).collect(),
            community: homes.iter().map(|a| a.community.index()).collect(),
            costs: usable.iter().map(|c| c.cost).collect(),
            forced: forced.map(|(_, i)| 1u32 << i).sum(),
            households: homes.iter().map(|a| u64::from(a.counts.households)).collect(),
            room: usable.iter().map(|c| takes(c.site.area_m2)).collect(),
            standing: (centres.iter().zip(&areas))
                .map(|(&at, &area)| {
                    (takes(area), homes.iter().map(|a| walk_ms(a.anchor, at, rules) <= limit).collect())
                })
                .collect(),
        }
    }

    fn with(&self, choice: u32) -> Vec<u64> {
        let chosen = (0..self.to.len()).filter(|s| choice >> s & 1 == 1);
        chosen.fold(self.today.clone(), |walks, s| {
            walks.iter().zip(&self.to[s]).map(|(a, b)| *a.min(b)).collect()
        })
    }

    fn covered(&self, choice: u32) -> u64 {
        self.with(choice).iter().zip(&self.people).filter(|(w, _)| **w <= self.limit).map(|(_, p)| p).sum()
    }

    /// Households that find floor: the least cut between sites and homes, over all sets of sites paid for.
    fn housed(&self, choice: u32) -> u64 {
        let chosen = (0..self.to.len()).filter(|s| choice >> s & 1 == 1);
        let near = |s: usize| self.to[s].iter().map(|walk| *walk <= self.limit).collect::<Vec<bool>>();
        let open: Vec<(u64, Vec<bool>)> =
            self.standing.iter().cloned().chain(chosen.map(|s| (self.room[s], near(s)))).collect();
        let cut = |paid: u32| -> u64 {
            let pays = |i: &usize| paid >> i & 1 == 1;
            let cost: u64 = (0..open.len()).filter(pays).map(|i| open[i].0).sum();
            let met = |home: &usize| (0..open.len()).any(|i| !pays(&i) && open[i].1[*home]);
            cost + (0..self.people.len()).filter(met).map(|home| self.households[home]).sum::<u64>()
        };
        (0..1u32 << open.len()).map(cut).min().unwrap_or(0)
    }

    /// The objective's value, as `plan.json` defines it.
    fn value(&self, objective: Objective, choice: u32) -> u64 {
        match objective {
            Objective::Cover => self.covered(choice) - self.covered(0),
            Objective::Walk => self.with(choice).iter().zip(&self.people).map(|(w, p)| w * p).sum(),
            Objective::Fewest => u64::from((choice & !self.forced).count_ones()),
            Objective::Worst => self.with(choice).into_iter().max().unwrap_or(0),
            Objective::Backup => {
                let also = |h: usize| {
                    (0..self.to.len()).filter(move |s| choice >> s & 1 == 1 && self.to[*s][h] <= self.limit)
                };
                (0..self.people.len())
                    .filter(|&h| self.reach[h] + also(h).count() >= 2)
                    .map(|h| self.people[h])
                    .sum()
            }
            Objective::Room => self.housed(choice),
            Objective::Fair => {
                let walks = self.with(choice);
                let share = |c: usize| {
                    let own = || (0..self.people.len()).filter(|h| self.community[*h] == c);
                    let all: u64 = own().map(|h| self.people[h]).sum();
                    let covered: u64 =
                        own().filter(|h| walks[*h] <= self.limit).map(|h| self.people[h]).sum();
                    (all > 0).then(|| covered * 10_000 / all)
                };
                (0..3).filter_map(share).min().unwrap_or(10_000)
            }
        }
    }

    /// Whether a choice keeps to the number, the budget and what was forced in.
    fn allowed(&self, rules: &Rules, choice: u32) -> bool {
        let asked = &rules.siting;
        let spent: Option<u64> =
            self.costs.iter().enumerate().filter(|(s, _)| choice >> s & 1 == 1).map(|(_, c)| *c).sum();
        let paid = asked.budget.is_none_or(|budget| spent.is_some_and(|spent| spent <= budget));
        paid && choice & self.forced == self.forced && choice.count_ones() <= asked.new
    }

    /// The best value of all choices that are allowed.
    fn best(&self, rules: &Rules) -> Option<u64> {
        let everything = (1u32 << self.to.len()) - 1;
        let objective = rules.siting.objective;
        let most = self.covered(everything);
        let allowed = |choice: &u32| match objective {
            Objective::Fewest => self.covered(*choice) == most && choice & self.forced == self.forced,
            _ => self.allowed(rules, *choice),
        };
        let values = (0..=everything).filter(allowed).map(|choice| self.value(objective, choice));
        if objective.wants_more() { values.max() } else { values.min() }
    }
}

fn town(chance: &mut Chance) -> Place {
    let (rows, columns) = (6 + chance.below(10) as usize, 6 + chance.below(20) as usize);
    let drawing = random_drawing(chance, rows, columns, 10);
    let atoms = drawing.matches('a').count();
    let households: Vec<u32> = (0..atoms).map(|_| [0, 3, 20, 80][chance.below(4) as usize]).collect();
    let mut town = drawn(&drawing).households(&households);
    let at = |chance: &mut Chance| {
        // Half of them on cell corners, where many walks are equally long.
        let (x, y) = (columns as f64 * chance.share(), rows as f64 * chance.share());
        if chance.below(2) == 0 { (x, y) } else { (x.round(), y.round()) }
    };
    for i in 0..chance.below(3) {
        town = town.centre(&format!("c{i}"), at(chance));
    }
    for i in 0..1 + chance.below(8) {
        town = town.candidate(&format!("s{i}"), at(chance));
    }
    let mut place = town.place();
    for candidate in &mut place.candidates {
        if chance.below(8) == 0 {
            candidate.site.set_aside = Some(SetAside::Outside);
        }
    }
    for centre in &mut place.centres {
        centre.level = [None, Some(4), Some(4), Some(3)][chance.below(4) as usize];
    }
    place
}

#[test]
fn values_are_optimal_where_they_say_so_and_bounds_always_hold() {
    let mut proved = [0; 4];
    let mut trivial = 0;
    for seed in 0..80 {
        let mut chance = Chance::of(seed);
        let place = town(&mut chance);
        let mut rules = Rules::default();
        rules.walking.within_s = chance.between(120, 600);
        rules.siting.new = chance.between(0, 4);
        let truth = Truth::of(&place, &rules);
        let objectives = [Objective::Cover, Objective::Walk, Objective::Fewest, Objective::Worst];
        for (objective, proved) in objectives.into_iter().zip(&mut proved) {
            rules.siting.objective = objective;
            let planned = planned_with(place.clone(), &rules, Seed(1), Parts::SITING);
            let siting = planned.plan.siting.as_ref().expect("sites were asked for");
            let says = format!("seed {seed}, {objective:?}: {:?}", siting.chosen);
            assert_eq!(planned.faults(), [""; 0], "{says}");

            let usable: Vec<_> = place.candidates.iter().filter(|c| c.site.set_aside.is_none()).collect();
            let position = |code: &str| usable.iter().position(|c| c.site.code == code);
            let choice = siting.chosen.iter().fold(0u32, |choice, chosen| {
                let code = &place.candidates[chosen.candidate.index()].site.code;
                choice | 1 << position(code).expect("only usable candidates are chosen")
            });
            let best = truth.best(&rules).expect("the empty choice or all of them is allowed");
            assert_eq!(siting.covered_before, truth.covered(0), "{says}");
            assert_eq!(siting.covered_after, truth.covered(choice), "{says}");
            assert_eq!(siting.value, truth.value(objective, choice), "{says}");
            if objective == Objective::Cover {
                assert!(siting.value <= best && best <= siting.bound, "{says}: {best}");
            } else {
                assert!(siting.bound <= best && best <= siting.value, "{says}: {best}");
            }
            match siting.status {
                Status::Optimal => assert_eq!(siting.value, best, "{says}"),
                Status::Gap => assert_ne!(siting.value, siting.bound, "{says}"),
                Status::Infeasible => {
                    let nobody_walks = truth.with(choice).iter().all(|walk| *walk == DAY_MS);
                    assert!(nobody_walks && choice == 0, "{says}: called infeasible");
                }
            }
            *proved += usize::from(siting.status == Status::Optimal);
            trivial += usize::from(siting.chosen.is_empty());
            assert_eq!(siting.chosen.len() + siting.rejected.len(), place.candidates.len(), "{says}");
        }
    }
    // With at most eight candidates nothing is left open but what cannot be done at all.
    assert!(proved.iter().all(|proved| *proved >= 65), "proved optimal, of 80: {proved:?}");
    assert!(trivial < 120, "{trivial} of 320 choices are empty");
}

/// Budgets, sites forced in, a second aim and the other objectives, against every choice.
#[test]
fn wishes_are_kept_and_nothing_better_is_left() {
    let mut proved = 0;
    let mut infeasible = 0;
    for seed in 0..200 {
        let mut chance = Chance::of(1_000 + seed);
        let mut place = town(&mut chance);
        for candidate in &mut place.candidates {
            candidate.cost = (chance.below(6) > 0).then(|| 1 + chance.below(9));
            candidate.site.area_m2 = (chance.below(6) > 0).then(|| 3.0 + 150.0 * chance.share());
        }
        for centre in &mut place.centres {
            centre.site.area_m2 = (chance.below(4) > 0).then(|| 3.0 + 150.0 * chance.share());
        }
        let mut rules = Rules::default();
        rules.walking.within_s = chance.between(120, 600);
        rules.siting.new = chance.between(0, 4);
        let aims: Vec<Objective> = Objective::ALL.into_iter().filter(|o| *o != Objective::Fewest).collect();
        let aim = |chance: &mut Chance| aims[chance.below(aims.len() as u64) as usize];
        rules.siting.objective = aim(&mut chance);
        rules.siting.then = (chance.below(2) == 0).then(|| aim(&mut chance));
        rules.siting.budget = (chance.below(2) == 0).then(|| chance.below(20));
        if let (Some(first), 0) = (usable(&place, &rules).first(), chance.below(3)) {
            rules.siting.force = vec![first.site.code.clone()];
        }
        rules.siting.plans = 1 + chance.below(3) as u32;
        let truth = Truth::of(&place, &rules);
        let planned = planned_with(place.clone(), &rules, Seed(1), Parts::SITING);
        let siting = planned.plan.siting.as_ref().expect("sites were asked for");
        let says = format!("seed {seed}, {:?}: {:?}", rules.siting, siting.chosen);
        assert_eq!(planned.faults(), [""; 0], "{says}");
        let best = truth.best(&rules);
        if siting.status == Status::Infeasible {
            let walks = matches!(rules.siting.objective, Objective::Walk | Objective::Worst);
            assert!(best.is_none() || walks, "{says}: called infeasible");
            infeasible += 1;
            continue;
        }
        let Some(best) = best else { panic!("{says}: nothing is allowed") };
        assert_eq!((siting.value, siting.bound), (best, best), "{says}");
        assert!(siting.complete, "{says}");
        let free = truth.to.len() - rules.siting.force.len();
        let points = siting.curve.len();
        assert!(points == 1 + free.min(10) || rules.siting.budget.is_some(), "{says}: {points} points");
        let sound = |p: &wangge::model::plan::CurvePoint| {
            p.covered == p.covered_bound && p.person_millis == p.person_millis_bound
        };
        assert!(siting.curve.iter().all(sound), "{says}: {:?}", siting.curve);
        let mut values: Vec<u64> = siting.alternatives.iter().map(|other| other.value).collect();
        values.insert(0, siting.value);
        let ordered = |pair: &[u64]| match rules.siting.objective.wants_more() {
            true => pair[0] >= pair[1],
            false => pair[0] <= pair[1],
        };
        assert!(values.windows(2).all(ordered), "{says}: {values:?}");
        if let (Some(aim), Some(value)) = (rules.siting.then, siting.then) {
            let everything = (1u32 << truth.to.len()) - 1;
            let ties = (0..=everything).filter(|choice| {
                truth.allowed(&rules, *choice) && truth.value(rules.siting.objective, *choice) == best
            });
            let values = ties.map(|choice| truth.value(aim, choice));
            let best = if aim.wants_more() { values.max() } else { values.min() };
            assert_eq!(Some(value), best, "{says}: then {aim:?}");
        }
        proved += 1;
    }
    assert!(proved >= 140 && infeasible >= 10, "{proved} proved, {infeasible} infeasible, of 200");
}

/// A share of the people instead of all who can be reached.
#[test]
fn a_share_takes_no_more_sites_than_it_needs() {
    let mut proved = 0;
    for seed in 0..60 {
        let mut chance = Chance::of(2_000 + seed);
        let place = town(&mut chance);
        let mut rules = Rules::default();
        rules.walking.within_s = chance.between(120, 600);
        rules.siting.objective = Objective::Fewest;
        rules.siting.share_permille = Some(chance.between(1, 1000));
        rules.siting.plans = 1 + chance.below(4) as u32;
        let truth = Truth::of(&place, &rules);
        let planned = planned_with(place.clone(), &rules, Seed(1), Parts::SITING);
        let siting = planned.plan.siting.as_ref().expect("sites were asked for");
        let says = format!("seed {seed}, {:?}: {:?}", rules.siting, siting.chosen);
        assert_eq!(planned.faults(), [""; 0], "{says}");
        let all: u64 = truth.people.iter().sum();
        let wanted = (all * u64::from(rules.siting.share_permille.expect("set"))).div_ceil(1000);
        let everything = (1u32 << truth.to.len()) - 1;
        let enough: Vec<u32> = (0..=everything).filter(|choice| truth.covered(*choice) >= wanted).collect();
        match enough.iter().map(|choice| choice.count_ones()).min() {
            Some(least) => {
                assert_eq!((siting.status, siting.value), (Status::Optimal, u64::from(least)), "{says}");
                let codes: Vec<&str> = usable(&place, &rules).iter().map(|c| c.site.code.as_str()).collect();
                let bit = |id: &CandidateId| {
                    let code = &place.candidates[id.index()].site.code;
                    1u32 << codes.iter().position(|c| c == code).expect("a usable candidate")
                };
                let others: BTreeSet<u32> =
                    siting.alternatives.iter().map(|other| other.chosen.iter().map(bit).sum()).collect();
                let as_few = enough.iter().filter(|choice| choice.count_ones() == least).count();
                assert_eq!(others.len(), (rules.siting.plans as usize - 1).min(as_few - 1), "{says}");
                assert!(others.iter().all(|o| enough.contains(o) && o.count_ones() == least), "{says}");
                proved += 1;
            }
            None => assert_eq!(siting.status, Status::Infeasible, "{says}"),
        }
    }
    assert!((10..60).contains(&proved), "{proved} of 60 can be done");
}
