//! What must hold whatever the numbers are.

use wangge::geometry::overlap::union;
use wangge::index::hexagons;
use wangge::model::place::{AtomKind, Place};
use wangge::model::rules::{Group, Objective, Rules};
use wangge::model::units::{Counts, apportion, spread_ages};
use wangge::planner::Parts;
use wangge::run::Seed;

use crate::drawn::{Chance, Planned, Town, drawn, planned, planned_with, random_drawing, rules_for};

/// A town of two or three communities with everything in it.
fn town(chance: &mut Chance) -> Town {
    let (rows, columns) = (4 + chance.below(3) as usize, 6 + chance.below(4) as usize);
    let holes = chance.below(5) as usize;
    let drawing = random_drawing(chance, rows, columns, holes);
    // Western, middle and eastern communities.
    let thirds = |(i, c): (usize, char)| match (c, 3 * (i % (columns + 3)) / columns) {
        ('a', 1) => 'b',
        ('a', 2) => 'c',
        _ => c,
    };
    let drawing: String = drawing.chars().enumerate().map(thirds).collect();
    let atoms = drawing.chars().filter(char::is_ascii_lowercase).count();
    let households: Vec<u32> = (0..atoms).map(|_| [0, 12, 40, 55][chance.below(4) as usize]).collect();
    let mut town = drawn(&drawing).households(&households);
    let mut at = || (columns as f64 * chance.share(), rows as f64 * chance.share());
    for i in 0..2 {
        town = town.centre(&format!("c{i}"), at());
    }
    for i in 0..5 {
        town = town.candidate(&format!("s{i}"), at());
    }
    town
}

fn rules() -> Rules {
    let mut rules = rules_for(120, 200);
    rules.walking.within_s = 240;
    rules.siting.new = 2;
    rules
}

/// Runs a law over twenty towns.
fn over_towns(law: impl Fn(u64, &mut Chance, Place)) {
    for seed in 0..20 {
        let mut chance = Chance::of(seed);
        let place = town(&mut chance).place();
        law(seed, &mut chance, place);
    }
}

fn covered(planned: &Planned) -> u64 {
    planned.plan.coverage.as_ref().expect("coverage was asked for").all.covered
}

fn covered_after(planned: &Planned) -> u64 {
    planned.plan.siting.as_ref().expect("sites were asked for").covered_after
}

fn coverage_of(place: Place, rules: &Rules) -> Planned {
    planned_with(place, rules, Seed(1), Parts::COVERAGE)
}

fn sites_of(place: Place, rules: &Rules) -> Planned {
    planned_with(place, rules, Seed(1), Parts::SITING)
}

fn sum(counts: impl IntoIterator<Item = Counts>) -> Counts {
    counts.into_iter().fold(Counts::default(), |sum, c| Counts {
        households: sum.households + c.households,
        population: sum.population + c.population,
        older: sum.older + c.older,
        child: sum.child + c.child,
    })
}

#[test]
fn nobody_is_lost_and_nobody_counted_twice() {
    over_towns(|seed, _, place| {
        let planned = planned(place, &rules());
        let partition = planned.plan.partition.as_ref().expect("grids were asked for");
        for (c, community) in planned.place.communities.iter().enumerate() {
            let atoms = planned.place.atoms.iter().filter(|a| a.community.index() == c);
            let grids = partition.grids.iter().filter(|g| g.community.index() == c);
            let (input, output) = (sum(atoms.map(|a| a.counts)), sum(grids.map(|g| g.counts)));
            assert_eq!(input, output, "seed {seed}, community {}", community.code);
        }
        // Each atom is in one grid, of its own community, and grids name all the atoms they count.
        assert_eq!(partition.grid_of.len(), planned.place.atoms.len());
        for (atom, grid) in planned.place.atoms.iter().zip(&partition.grid_of) {
            assert_eq!(partition.grids[grid.index()].community, atom.community, "seed {seed}, {}", atom.code);
        }
        let counted: u32 = partition.grids.iter().map(|g| g.atoms).sum();
        assert_eq!(counted as usize, planned.place.atoms.len(), "seed {seed}");
        let coverage = planned.plan.coverage.as_ref().expect("coverage was asked for");
        let all = sum(planned.place.atoms.iter().map(|a| a.counts));
        assert_eq!(coverage.all.population, u64::from(all.population));
        let groups: u64 = coverage.groups[..3].iter().map(|g| g.population).sum();
        assert_eq!(groups, u64::from(all.population), "adults, older people and children are everybody");
        let by_community: u64 = coverage.communities.iter().map(|c| c[0].covered).sum();
        assert_eq!(by_community, coverage.all.covered);
        assert_eq!(planned.faults(), [""; 0], "seed {seed}");
    });
}

#[test]
fn every_rearrangement_verifies() {
    // Points, old grids, compounds and rivers, all together.
    let old = "11.222 / 113322 / 444433 / 444555";
    let compounds = "xx.... / xx..yy / ..z.yy / ..zz..";
    let base = drawn("aa.aaa / aaabbb / aaabbb / aabbbb").in_force(old).compounds(compounds);
    let river = base.clone().river(&[(0.0, 2.0), (4.0, 2.0)]).opening((1.0, 2.0));
    for (name, town) in [
        ("areas", base.clone()),
        ("points", base.into_sites()),
        ("river", river.clone()),
        ("both", river.into_sites()),
    ] {
        for (low, high) in [(30, 50), (25, 45), (70, 90), (300, 500)] {
            let town = town.clone().centre("c", (1.0, 1.0)).candidate("s", (4.5, 3.5));
            let planned = planned(town.place(), &rules_for(low, high));
            assert_eq!(planned.faults(), [""; 0], "{name}, {low} to {high}");
            let partition = planned.plan.partition.as_ref().expect("grids were asked for");
            let moved = partition.households_moved.expect("a plan is in force");
            let codes: Vec<&str> = partition.grids.iter().map(|g| g.code.as_str()).collect();
            let kept = planned.place.grids_in_force.iter().filter(|c| codes.contains(&c.as_str())).count();
            assert_eq!(partition.codes_kept as usize, kept, "{name}, {low} to {high}");
            let told: u64 = partition
                .changes
                .iter()
                .filter(|c| c.old.is_some() && c.new.is_some())
                .map(|c| c.households)
                .sum();
            let stays: u64 = partition.changes.iter().filter(|c| c.old == c.new).map(|c| c.households).sum();
            assert_eq!(told - stays, moved, "{name}, {low} to {high}: {:?}", partition.changes);
        }
    }
}

#[test]
fn a_new_centre_never_lowers_coverage() {
    over_towns(|seed, chance, mut place| {
        let before = coverage_of(place.clone(), &rules());
        let mut new = place.centres[0].clone();
        new.site.code = "c9".to_owned();
        new.site.at = place.atoms[chance.below(place.atoms.len() as u64) as usize].anchor;
        place.centres.push(new);
        let after = coverage_of(place, &rules());
        assert!(covered(&after) >= covered(&before), "seed {seed}");
        let (before, after) =
            (before.plan.coverage.expect("asked for"), after.plan.coverage.expect("asked for"));
        for (then, now) in before.nearest.iter().zip(&after.nearest) {
            assert!(now.map(|n| n.1) <= then.map(|t| t.1), "seed {seed}: somebody walks farther");
        }
    });
}

#[test]
fn longer_walks_never_lower_coverage() {
    over_towns(|seed, _, place| {
        let mut rules = rules();
        let mut last = 0;
        for within_s in [60, 90, 120, 200, 400, 1600] {
            rules.walking.within_s = within_s;
            let now = covered(&coverage_of(place.clone(), &rules));
            assert!(now >= last, "seed {seed}: {now} within {within_s} s, {last} before");
            last = now;
        }
        let everybody: u64 = place.atoms.iter().map(|a| u64::from(a.counts.population)).sum();
        assert_eq!(last, everybody, "seed {seed}: the town is less than a kilometre wide");
    });
}

#[test]
fn more_sites_never_lower_what_is_covered() {
    over_towns(|seed, _, place| {
        let mut rules = rules();
        rules.walking.within_s = 100;
        for objective in [Objective::Cover, Objective::Walk, Objective::Worst] {
            rules.siting.objective = objective;
            let mut last: Option<(u64, u64)> = None;
            for new in 0..=5 {
                rules.siting.new = new;
                let planned = sites_of(place.clone(), &rules);
                let siting = planned.plan.siting.as_ref().expect("sites were asked for");
                assert!(siting.chosen.len() <= new as usize);
                assert!(siting.covered_after >= siting.covered_before, "seed {seed}");
                if let Some((value, after)) = last {
                    match objective {
                        Objective::Cover => assert!(
                            siting.value >= value && siting.covered_after >= after,
                            "seed {seed}, {new}"
                        ),
                        _ => assert!(siting.value <= value, "seed {seed}, {objective:?}, {new}"),
                    }
                }
                last = Some((siting.value, covered_after(&planned)));
            }
        }
    });
}

#[test]
fn other_levels_and_closed_doors_do_not_count() {
    over_towns(|seed, _, mut place| {
        let base = covered(&coverage_of(place.clone(), &rules()));
        let mut hub = place.centres[0].clone();
        hub.site.code = "c9".to_owned();
        hub.site.at = place.atoms[0].anchor;
        for (level, open) in
            [(Some(3), true), (Some(1), true), (Some(5), true), (Some(4), false), (None, false)]
        {
            let mut with = place.clone();
            (hub.level, hub.open) = (level, open);
            with.centres.push(hub.clone());
            assert_eq!(covered(&coverage_of(with, &rules())), base, "seed {seed}: {level:?}, {open}");
        }
        // And where all are of another level, nobody is served.
        place.centres.iter_mut().for_each(|c| c.level = Some(2));
        assert_eq!(covered(&coverage_of(place, &rules())), 0, "seed {seed}");
    });
}

/// All of a plan but names: grids as sets of positions, figures as they are.
fn substance(planned: &Planned) -> String {
    let partition = planned.plan.partition.as_ref().expect("grids were asked for");
    let grids: Vec<_> = partition
        .grids
        .iter()
        .map(|g| (g.community, g.counts, g.duty_point, g.inertia, g.pieces, g.reason.clone()))
        .collect();
    let coverage = planned.plan.coverage.as_ref().expect("coverage was asked for");
    let siting = planned.plan.siting.as_ref().expect("sites were asked for");
    format!(
        "{:?} {grids:?} {} {:?} {:?} {:?} {:?}",
        partition.grid_of,
        partition.inertia_bound,
        coverage.nearest,
        coverage.all,
        siting.chosen,
        siting.rejected
    )
}

#[test]
fn new_names_change_only_names() {
    over_towns(|seed, _, place| {
        let mut renamed = place.clone();
        renamed.communities.iter_mut().for_each(|c| {
            c.code = format!("3301{}", c.code);
            c.name = "无名".to_owned();
        });
        renamed.atoms.iter_mut().for_each(|a| a.code = format!("unit {}", a.code));
        renamed.centres.iter_mut().for_each(|c| c.site.code = format!("党{}", c.site.code));
        renamed.candidates.iter_mut().for_each(|c| c.site.code = format!("选{}", c.site.code));
        let (one, other) = (planned(place, &rules()), planned(renamed, &rules()));
        assert_eq!(substance(&one), substance(&other), "seed {seed}");
        assert_eq!(other.faults(), [""; 0], "seed {seed}");
    });
}

/// Moves everything by whole metres. With these offsets no coordinate of a drawn town is rounded.
fn shifted(mut place: Place, dx: f64, dy: f64) -> Place {
    use geo::MapCoords as _;
    let by = |c: geo::Coord<f64>| geo::Coord { x: c.x + dx, y: c.y + dy };
    place.communities.iter_mut().for_each(|c| c.outline = c.outline.map_coords(by));
    for atom in &mut place.atoms {
        atom.anchor = atom.anchor.map_coords(by);
        atom.shape = atom.shape.as_ref().map(|s| s.map_coords(by));
    }
    place.centres.iter_mut().for_each(|c| c.site.at = c.site.at.map_coords(by));
    place.candidates.iter_mut().for_each(|c| c.site.at = c.site.at.map_coords(by));
    place
}

#[test]
fn the_same_town_elsewhere_is_planned_the_same() {
    over_towns(|seed, _, mut place| {
        // Whole metres, so that what rounds to a centimetre here rounds to it there.
        for site in place
            .centres
            .iter_mut()
            .map(|c| &mut c.site)
            .chain(place.candidates.iter_mut().map(|c| &mut c.site))
        {
            site.at = geo::Point::new(site.at.x().round(), site.at.y().round());
        }
        let here = planned(place.clone(), &rules());
        for (dx, dy) in [(7_000.0, -13_000.0), (-1.0, 1.0), (200_003.0, 90_001.0)] {
            let there = planned(shifted(place.clone(), dx, dy), &rules());
            assert_eq!(substance(&here), substance(&there), "seed {seed}, {dx} {dy}");
        }
    });
}

#[test]
fn twice_the_people_in_twice_the_range_are_divided_alike() {
    over_towns(|seed, _, place| {
        let once = planned(place.clone(), &rules_for(120, 200));
        let mut doubled = place;
        for atom in &mut doubled.atoms {
            let c = atom.counts;
            atom.counts = Counts {
                households: 2 * c.households,
                population: 2 * c.population,
                older: 2 * c.older,
                child: 2 * c.child,
            };
        }
        let twice = planned(doubled, &rules_for(240, 400));
        let out = |p: &Planned| {
            p.plan.partition.as_ref().expect("asked for").grids.iter().filter(|g| g.reason.is_some()).count()
        };
        if out(&once) == 0 {
            assert_eq!(once.grids(), twice.grids(), "seed {seed}");
        } else {
            // The charge for a grid out of range is a number of households and does not double.
            assert_eq!(out(&once), out(&twice), "seed {seed}");
        }
    });
}

#[test]
fn slow_walkers_are_covered_no_more_than_fast_ones() {
    over_towns(|seed, _, place| {
        let mut rules = rules();
        let mut last = u64::MAX;
        for pace in [1500, 1100, 800, 400] {
            rules.walking.adult_mm_per_s = pace;
            let now = covered(&coverage_of(place.clone(), &rules));
            assert!(now <= last, "seed {seed}: {pace} mm/s");
            last = now;
        }
        assert_eq!(rules.pace(Group::Adult).mm_per_s(), 400);
    });
}

#[test]
fn shares_sum_to_the_whole() {
    let mut chance = Chance::of(5);
    for _ in 0..3000 {
        let n = 1 + chance.below(40) as usize;
        let size = [3, 1000, 1 << 40][chance.below(3) as usize];
        let weights: Vec<u64> =
            (0..n).map(|_| if chance.below(4) == 0 { 0 } else { chance.below(size) }).collect();
        let most = [10, 5000, 1 << 33][chance.below(3) as usize];
        let total = chance.below(most);
        let parts = apportion(total, &weights);
        let all: u128 = weights.iter().map(|&w| u128::from(w)).sum();
        if all == 0 {
            assert!(parts.iter().all(|p| *p == 0));
            continue;
        }
        assert_eq!(parts.iter().sum::<u64>(), total, "{weights:?}");
        for (&part, &weight) in parts.iter().zip(&weights) {
            // Quota rule: the exact share, rounded down or up.
            let exact = u128::from(total) * u128::from(weight);
            let (floor, ceiling) = (exact / all, exact.div_ceil(all));
            assert!((floor..=ceiling).contains(&u128::from(part)), "{part} of {total} for {weight} of {all}");
        }
    }
}

#[test]
fn ages_are_spread_over_people_who_are_there() {
    let mut chance = Chance::of(6);
    for _ in 0..2000 {
        let n = 1 + chance.below(20) as usize;
        let mut pieces: Vec<Counts> =
            (0..n).map(|_| Counts { population: chance.between(0, 200), ..Counts::default() }).collect();
        let people = sum(pieces.iter().copied()).population;
        let ledger = Counts {
            older: chance.between(0, people + 5),
            child: chance.between(0, people / 2 + 5),
            ..Counts::default()
        };
        let exact = spread_ages(&mut pieces, ledger);
        let all = sum(pieces.iter().copied());
        assert!(pieces.iter().all(|c| c.older + c.child <= c.population), "{pieces:?}");
        assert_eq!(
            exact,
            ledger.older + ledger.child <= people && ledger.older <= people,
            "{ledger:?} of {people}"
        );
        if exact {
            assert_eq!((all.older, all.child), (ledger.older, ledger.child));
        }
    }
}

#[test]
fn hexagons_hold_everybody_and_leave_no_gap() {
    use geo::Area as _;
    let rules = rules_for(300, 500);
    for (drawing, households) in
        [("aaab / aabb / aabb", [1350, 640]), ("a.ab / a..b", [410, 90]), ("ab", [0, 7])]
    {
        let mut place = drawn(drawing).place();
        place.atoms.clear();
        for (community, households) in place.communities.iter_mut().zip(households) {
            community.ledger = Some(Counts {
                households,
                population: 2 * households + 7,
                older: households / 3,
                child: households / 9,
            });
        }
        hexagons::fill(&mut place, &rules);
        assert_eq!(place.atom_kind, AtomKind::Hexagons);
        for (c, community) in place.communities.iter().enumerate() {
            let own: Vec<_> = place.atoms.iter().filter(|a| a.community.index() == c).collect();
            assert_eq!(Some(sum(own.iter().map(|a| a.counts))), community.ledger, "{drawing}");
            let grids = community.ledger.map_or(0, |l| l.households).div_ceil(400).max(1);
            let wanted = grids * rules.grids.hexagons_per_grid;
            assert!(own.len() >= wanted as usize, "{drawing}: {} cells for {grids} grids", own.len());
            let shapes: Vec<_> =
                own.iter().map(|a| a.shape.as_ref().expect("hexagons have ground")).collect();
            let together: f64 = shapes.iter().map(|s| s.unsigned_area()).sum();
            let area = community.outline.unsigned_area();
            assert!((together - area).abs() < 0.001 * area, "{drawing}: {together} of {area}");
            assert!((union(&shapes).unsigned_area() - area).abs() < 0.001 * area, "{drawing}: cells overlap");
        }
        let codes: Vec<&str> = place.atoms.iter().map(|a| a.code.as_str()).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "codes are unique and in order");
        let planned = planned(place, &rules);
        assert_eq!(planned.faults(), [""; 0], "{drawing}");
    }
}
