//! Service centres as a town finds them, and the places it could still use.
//!
//! About half the communities have a centre, some of them in a corner; several arrangements are drawn per
//! subdistrict and the one nearest to the coverage usually found before a planner comes is kept. Candidates are of
//! four kinds: rooms in stock, supporting rooms of compounds, centres to extend, and empty land.

use super::blocks::{Block, Use};
use super::chance::Dice;
use super::shape::Spot;
use super::{Building, Community};

/// The share of residents the existing centres are to reach, and how far that is in a straight line: a quarter of
/// an hour at 1.1 metres a second, less the detour of streets.
const COVERED: f64 = 0.70;
const REACH_M: f64 = 990.0 / 1.3;

/// A centre in use.
#[derive(Clone, Debug)]
pub struct Centre {
    /// Its code, `S` and a number.
    pub code: String,
    /// Its name.
    pub name: String,
    /// 3 for the subdistrict, 4 for a community, 5 for a micro-station.
    pub level: u8,
    /// Where it is.
    pub at: Spot,
    /// The position of its community among the town's communities.
    pub community: usize,
    /// Floor area.
    pub area_m2: u32,
    /// What it offers, in Chinese, separated by semicolons.
    pub functions: &'static str,
    /// In words.
    pub address: String,
}

/// A place where a centre could be.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its code, `H` and a number.
    pub code: String,
    /// Its name.
    pub name: String,
    /// 库存房源, 配套用房, 现有中心 or 空地.
    pub kind: &'static str,
    /// 改 (convert), 扩 (extend) or 建 (build).
    pub action: &'static str,
    /// Where it is.
    pub at: Spot,
    /// The position of its community among the town's communities.
    pub community: usize,
    /// Floor area when ready.
    pub area_m2: u32,
    /// Cost in units of 10,000 yuan.
    pub cost: u32,
    /// In words.
    pub address: String,
    /// The floor.
    pub floor: u8,
}

const FULL: &str = "一站式大厅;党员活动室;会议室;图书阅览;养老助餐;儿童活动;法律咨询";
const SOME: [&str; 4] = [
    "一站式大厅;党员活动室",
    "一站式大厅;党员活动室;图书阅览;儿童活动",
    "一站式大厅;会议室;养老助餐",
    "一站式大厅;党员活动室;会议室;养老助餐;健身",
];

/// Places the centres of all levels.
pub(super) fn centres(
    communities: &[Community],
    buildings: &[Building],
    people: u32,
    dice: &mut Dice,
) -> Vec<Centre> {
    let members = members(communities.len(), buildings);
    let towns = communities.iter().map(|community| community.town).max().map_or(0, |last| last + 1);
    let mut found = Vec::new();
    for town in 0..towns {
        let own: Vec<usize> = (0..communities.len())
            .filter(|&at| communities[at].town == town && !members[at].is_empty())
            .collect();
        if own.is_empty() {
            continue;
        }
        found.push(town_centre(communities, buildings, &members, &own, dice));
        for building in arrangement(communities, buildings, &members, &own, dice) {
            let community = buildings[building].community;
            found.push(Centre {
                code: String::new(),
                name: format!("{}党群服务中心", communities[community].name),
                level: 4,
                at: buildings[building].at,
                community,
                area_m2: 20 * dice.between(9.0, 38.0) as u32,
                functions: SOME[dice.below(SOME.len())],
                address: buildings[building].name.clone(),
            });
        }
    }
    let lived: Vec<usize> = (0..buildings.len()).filter(|&at| has_rooms(&buildings[at])).collect();
    for _ in 0..(people / 9_000).max(1) {
        let Some(&at) = lived.get(dice.below(lived.len())) else { break };
        found.push(Centre {
            code: String::new(),
            name: format!("{}微站", buildings[at].name),
            level: 5,
            at: buildings[at].at,
            community: buildings[at].community,
            area_m2: 15 + dice.below(45) as u32,
            functions: "休息;饮水;充电",
            address: buildings[at].name.clone(),
        });
    }
    for (number, centre) in found.iter_mut().enumerate() {
        centre.code = format!("S{:03}", number + 1);
    }
    found
}

/// Schools and hospitals keep their rooms, and a park has none.
fn has_rooms(building: &Building) -> bool {
    !matches!(building.used, Use::Park | Use::School | Use::Hospital)
}

/// The buildings of each community that could hold a centre.
fn members(communities: usize, buildings: &[Building]) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); communities];
    for (at, building) in buildings.iter().enumerate() {
        if has_rooms(building) {
            members[building.community].push(at);
        }
    }
    members
}

/// The subdistrict's own centre: in an office building near the middle of its people.
fn town_centre(
    communities: &[Community],
    buildings: &[Building],
    members: &[Vec<usize>],
    own: &[usize],
    dice: &mut Dice,
) -> Centre {
    let all: Vec<usize> = own.iter().flat_map(|&at| members[at].iter().copied()).collect();
    let middle = middle(buildings, &all);
    let worth = |at: usize| {
        buildings[at].at.to(middle) + if buildings[at].used == Use::Office { 0.0 } else { 1_500.0 }
    };
    let best = all.iter().copied().min_by(|&a, &b| worth(a).total_cmp(&worth(b)).then(a.cmp(&b)));
    let best = best.expect("communities without buildings were left out");
    Centre {
        code: String::new(),
        name: format!("{}党群服务中心", communities[buildings[best].community].town_name),
        level: 3,
        at: buildings[best].at,
        community: buildings[best].community,
        area_m2: 100 * dice.between(9.0, 15.0) as u32,
        functions: FULL,
        address: buildings[best].name.clone(),
    }
}

/// The middle of the people of some buildings.
fn middle(buildings: &[Building], some: &[usize]) -> Spot {
    let (mut sum, mut weight) = (Spot::new(0.0, 0.0), 0.0);
    for &at in some {
        let people = f64::from(buildings[at].residents.population) + 0.01;
        sum = sum.plus(buildings[at].at.times(people));
        weight += people;
    }
    if weight > 0.0 { sum.times(1.0 / weight) } else { sum }
}

/// Buildings that hold a community's centre: of many draws the one whose coverage is nearest to the usual.
fn arrangement(
    communities: &[Community],
    buildings: &[Building],
    members: &[Vec<usize>],
    own: &[usize],
    dice: &mut Dice,
) -> Vec<usize> {
    let count = own.len().div_ceil(2);
    let all: Vec<usize> = own.iter().flat_map(|&at| members[at].iter().copied()).collect();
    let total: f64 = all.iter().map(|&at| f64::from(buildings[at].residents.population)).sum();
    let mut best: (f64, Vec<usize>) = (f64::INFINITY, Vec::new());
    for _ in 0..40 {
        let mut order = own.to_vec();
        dice.shuffle(&mut order);
        // Half of the villages come last, so that hardly any of those gets a centre of its own.
        let villages = order.iter().filter(|&&at| !communities[at].urban).count();
        let mut seen = 0;
        let (mut order, last): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|&at| {
            seen += usize::from(!communities[at].urban);
            communities[at].urban || seen > villages / 2
        });
        order.extend(last);
        let drawn: Vec<usize> = order[..count]
            .iter()
            .map(|&community| {
                let inside = &members[community];
                let middle = middle(buildings, inside);
                let near = |&a: &usize, &b: &usize| {
                    buildings[a].at.to(middle).total_cmp(&buildings[b].at.to(middle)).then(a.cmp(&b))
                };
                let central = inside.iter().copied().min_by(near).unwrap_or(inside[0]);
                if dice.happens(0.45) { inside[dice.below(inside.len())] } else { central }
            })
            .collect();
        let reached =
            |&at: &usize| drawn.iter().any(|&centre| buildings[centre].at.to(buildings[at].at) <= REACH_M);
        let covered: f64 = all
            .iter()
            .filter(|&at| reached(at))
            .map(|&at| f64::from(buildings[at].residents.population))
            .sum();
        let miss = (covered / total.max(1.0) - COVERED).abs();
        if miss < best.0 {
            best = (miss, drawn);
        }
    }
    best.1.sort_unstable();
    best.1
}

/// Finds places for further centres: one or two in every community, and some centres to extend.
pub(super) fn candidates(
    communities: &[Community],
    buildings: &[Building],
    blocks: &[Block],
    centres: &[Centre],
    dice: &mut Dice,
) -> Vec<Candidate> {
    let members = members(communities.len(), buildings);
    let mut found = Vec::new();
    for (at, community) in communities.iter().enumerate() {
        for extra in 0..2 {
            if members[at].is_empty() || (extra == 1 && !dice.happens(0.45)) {
                continue;
            }
            let land: Vec<usize> =
                community.blocks.iter().copied().filter(|&block| is_building_land(&blocks[block])).collect();
            let draft = if !land.is_empty() && dice.happens(0.5) {
                on_land(&blocks[land[dice.below(land.len())]], &community.name, dice)
            } else {
                in_building(far_building(buildings, &members[at], centres, dice), dice)
            };
            found.push(Candidate { community: at, ..draft });
        }
    }
    for centre in centres.iter().filter(|centre| centre.level == 4) {
        if dice.happens(0.34) || found.iter().all(|candidate| candidate.action != "扩") {
            let added = 10 * dice.between(15.0, 45.0) as u32;
            found.push(Candidate {
                code: String::new(),
                name: format!("{}扩建", centre.name),
                kind: "现有中心",
                action: "扩",
                at: centre.at,
                community: centre.community,
                area_m2: centre.area_m2 + added,
                cost: (f64::from(added) * dice.between(0.22, 0.32)) as u32,
                address: centre.address.clone(),
                floor: 1,
            });
        }
    }
    for (number, candidate) in found.iter_mut().enumerate() {
        candidate.code = format!("H{:03}", number + 1);
    }
    found
}

fn is_building_land(block: &Block) -> bool {
    block.urban && block.used == Use::Vacant && block.site_m2 > 3_000.0
}

/// Of a few buildings drawn, mostly the one farthest from any community centre.
fn far_building<'a>(
    buildings: &'a [Building],
    members: &[usize],
    centres: &[Centre],
    dice: &mut Dice,
) -> &'a Building {
    let tries = if dice.happens(0.7) { 5 } else { 1 };
    let drawn: Vec<usize> = (0..tries).map(|_| members[dice.below(members.len())]).collect();
    let distance = |at: usize| {
        let level_4 = centres.iter().filter(|centre| centre.level == 4);
        level_4.map(|centre| centre.at.to(buildings[at].at)).fold(f64::INFINITY, f64::min)
    };
    let best = drawn.into_iter().max_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(b.cmp(&a)));
    &buildings[best.expect("at least one building is drawn")]
}

fn on_land(block: &Block, community: &str, dice: &mut Dice) -> Candidate {
    let area_m2 = 50 * dice.between(12.0, 30.0) as u32;
    Candidate {
        code: String::new(),
        name: format!("{community}空地"),
        kind: "空地",
        action: "建",
        at: block.centre,
        community: 0,
        area_m2,
        cost: (f64::from(area_m2) * dice.between(0.42, 0.58)) as u32,
        address: format!("{community}待建地块"),
        floor: 1,
    }
}

fn in_building(building: &Building, dice: &mut Dice) -> Candidate {
    let supporting = matches!(building.used, Use::Slab | Use::Modern) && dice.happens(0.6);
    let (kind, ending) =
        if supporting { ("配套用房", "配套用房") } else { ("库存房源", "闲置用房") };
    let (least, most) = match building.used {
        Use::Fields => (12.0, 36.0),
        _ if supporting => (24.0, 65.0),
        _ => (18.0, 90.0),
    };
    let area_m2 = 10 * dice.between(least, most) as u32;
    let each = if supporting { dice.between(0.06, 0.1) } else { dice.between(0.1, 0.18) };
    let upper = building.storeys > 1 && dice.happens(0.25);
    Candidate {
        code: String::new(),
        name: format!("{}{ending}", building.name),
        kind,
        action: "改",
        at: building.at,
        community: 0,
        area_m2,
        cost: ((f64::from(area_m2) * each) as u32).max(5),
        address: building.name.clone(),
        floor: if upper { 2 } else { 1 },
    }
}
