//! The steps of the generator, in order, and the numbering of what they make.

use std::collections::BTreeMap;

use crate::run::Seed;

use super::areas::{self, Areas, Touch};
use super::blocks::{self, Block, Use};
use super::chance::Dice;
use super::grids::{self, Lot, map_order};
use super::ground;
use super::layout::{self, House};
use super::names::Names;
use super::outline::outlines;
use super::parts::{Links, Piece, divided};
use super::settle::{self, Residents, apportioned};
use super::shape::{Spot, centroid};
use super::size::Size;
use super::{Building, Community, SynthError, Town, TownSpec, centres, cuts, hamlets, lines, network, uses};

/// An invented county.
const COUNTY: &str = "990101";
/// Dwellings are planned for a little more than the households, as some always stand empty.
const SPARE_PERCENT: u64 = 106;

/// Streams of chance: one for each step, and one for each block within a step.
fn dice(draw: &Draw<'_>, step: u64, item: usize) -> Dice {
    Dice::new(draw.seed, (draw.attempt << 48) | (step << 40) | item as u64)
}

/// A wanted town, and how often its ground has been drawn in vain.
struct Draw<'a> {
    spec: &'a TownSpec,
    seed: Seed,
    attempt: u64,
}

/// Very small towns may find no room between river and railway; then the ground is drawn again.
const ATTEMPTS: u64 = 32;

pub(super) fn grown(spec: &TownSpec) -> Result<Town, SynthError> {
    (0..ATTEMPTS)
        .find_map(|attempt| drawn(&Draw { spec, seed: spec.seed, attempt }))
        .ok_or(SynthError::NoRoom { seed: spec.seed.0 })
}

/// One attempt; nothing if there is no room for homes.
fn drawn(draw: &Draw<'_>) -> Option<Town> {
    let spec = draw.spec;
    let size = Size::of(spec.people);
    let mut ground = ground::laid_out(&size, &mut dice(draw, 1, 0));
    cuts::cut(&mut ground, &mut dice(draw, 2, 0));
    let passages = lines::passages(&ground);
    let mut blocks = blocks::found(&ground);
    uses::plan(&mut blocks, &size, &mut dice(draw, 3, 0));
    let (mut houses, households) = town_homes(draw, &size, &mut blocks)?;
    let touch = areas::touching(&ground);
    let by_block: Vec<u32> = households.iter().map(|of| of.iter().sum()).collect();
    let areas = areas::areas(&ground, &blocks, &touch, &by_block, &size, &passages, &mut dice(draw, 5, 0));
    let mut households = households;
    village_homes(draw, &size, &blocks, &areas, &mut houses, &mut households)?;

    let mut names = Names::new(&mut dice(draw, 7, 0));
    let polygons = outlines(&ground.mesh, &areas.of_block, areas.count);
    let (mut communities, rank) = communities(draw, &size, &areas, &touch, &blocks, polygons, &mut names);
    let place_names = place_names(&blocks, &houses, &mut names, &mut dice(draw, 8, 0));
    let of_block: Vec<usize> = areas.of_block.iter().map(|&area| rank[area]).collect();
    let mut buildings = buildings(&blocks, &of_block, houses, &households, &place_names, communities.len());
    people(draw, &mut buildings, &mut communities);
    old_grids(draw, &mut buildings, &communities, &blocks, &touch);

    let centres = centres::centres(&communities, &buildings, spec.people, &mut dice(draw, 11, 0));
    let candidates = centres::candidates(&communities, &buildings, &blocks, &centres, &mut dice(draw, 12, 0));
    let (along_blocks, along_river) = lines::streets(&ground, &passages, &blocks, &mut names);
    let water = lines::water(&ground, &passages);
    let great = (format!("{}河", names.next()), format!("{}铁路", names.next()));
    let of_names = (great.0.as_str(), great.1.as_str());
    let (barriers, openings) =
        lines::barriers(&ground, &passages, &blocks, &place_names, of_names, &mut dice(draw, 13, 0));
    let site = network::Site {
        passages: &passages,
        ground: &ground,
        blocks: &blocks,
        names: &place_names,
        buildings: &buildings,
        barriers: &barriers,
        openings: &openings,
    };
    let streets = network::joined(along_blocks, along_river, &site);
    Some(Town {
        spec: spec.clone(),
        communities,
        buildings,
        blocks,
        block_names: place_names,
        streets,
        water,
        barriers,
        openings,
        centres,
        candidates,
    })
}

type Homes = (Vec<Vec<House>>, Vec<Vec<u32>>);

/// Builds the town's blocks and gives every dwelling house its households.
fn town_homes(draw: &Draw<'_>, size: &Size, blocks: &mut [Block]) -> Option<Homes> {
    let wanted = u64::from(size.households - size.rural_households);
    let build = |at: usize, block: &Block| layout::houses(block, &mut dice(draw, 4, at));
    let mut houses: Vec<Vec<House>> = blocks.iter().enumerate().map(|(at, block)| build(at, block)).collect();
    let room = |houses: &[House]| houses.iter().map(|house| u64::from(house.homes)).sum::<u64>();
    let mut capacity: u64 = houses.iter().map(|of| room(of)).sum();

    // More homes than households: the outermost blocks are not built yet, or used otherwise.
    let mut order: Vec<usize> = (0..blocks.len()).filter(|&at| blocks[at].used.is_home()).collect();
    order.sort_by(|&a, &b| blocks[b].reach.total_cmp(&blocks[a].reach).then(a.cmp(&b)));
    let mut chance = dice(draw, 4, blocks.len());
    for at in order {
        let here = room(&houses[at]);
        if (capacity - here) * 100 < wanted * SPARE_PERCENT || chance.happens(0.35) {
            continue;
        }
        capacity -= here;
        blocks[at].used = if chance.happens(0.25) { Use::Factory } else { Use::Vacant };
        houses[at] = build(at, &blocks[at]);
    }
    if capacity == 0 {
        return None;
    }
    let mut weights: Vec<u64> = Vec::new();
    for house in houses.iter().flatten() {
        let empty = house.homes > 0 && capacity > 3_000 && chance.happens(0.012);
        let lived = u64::from(house.homes) * (chance.between(88.0, 112.0) as u64);
        weights.push(if empty { 0 } else { lived });
    }
    let giant = giant_tower(&houses, draw.spec.people);
    let mut fixed = 0;
    if let Some(at) = giant {
        weights[at] = 0;
        fixed = 505 + chance.below(50) as u64;
    }
    let mut shares = apportioned(&weights, wanted - fixed);
    if let Some(at) = giant {
        shares[at] = fixed;
    }
    let mut shares = shares.into_iter();
    let households =
        houses.iter().map(|of| shares.by_ref().take(of.len()).map(|share| share as u32).collect()).collect();
    Some((houses, households))
}

/// In a large town one tower holds more households than a grid may: the case no rule provides for.
fn giant_tower(houses: &[Vec<House>], people: u32) -> Option<usize> {
    let all = houses.iter().flatten().enumerate().filter(|(_, house)| house.storeys > 8 && house.homes > 0);
    let tallest = all.max_by_key(|(at, house)| (house.tower, house.homes, std::cmp::Reverse(*at)));
    tallest.map(|(at, _)| at).filter(|_| people >= 100_000)
}

/// Sets the hamlets of all villages among their fields.
fn village_homes(
    draw: &Draw<'_>,
    size: &Size,
    blocks: &[Block],
    areas: &Areas,
    houses: &mut [Vec<House>],
    households: &mut [Vec<u32>],
) -> Option<()> {
    let mut fields = vec![Vec::new(); areas.count - areas.communities];
    for (at, &area) in areas.of_block.iter().enumerate().filter(|&(_, &area)| area >= areas.communities) {
        if blocks[at].used == Use::Fields {
            fields[area - areas.communities].push(at);
        }
    }
    let mut chance = dice(draw, 6, blocks.len());
    let weights: Vec<u64> = fields.iter().map(|_| chance.between(88.0, 112.0) as u64).collect();
    let shares = apportioned(&weights, u64::from(size.rural_households));
    let mut lots: Vec<(usize, usize)> = Vec::new();
    for (village, share) in fields.iter().zip(shares) {
        for (at, wanted) in hamlets::shared_out(blocks, village, share as u32, &mut chance) {
            houses[at] = hamlets::rows(&blocks[at], wanted, &mut dice(draw, 6, at));
            households[at] = vec![0; houses[at].len()];
            lots.extend((0..houses[at].len()).map(|house| (at, house)));
        }
    }
    let weights: Vec<u64> = lots.iter().map(|&(at, house)| u64::from(houses[at][house].homes)).collect();
    let shares = apportioned(&weights, u64::from(size.rural_households));
    for (&(at, house), share) in lots.iter().zip(&shares) {
        households[at][house] = *share as u32;
    }
    (shares.iter().sum::<u64>() == u64::from(size.rural_households)).then_some(())
}

/// Codes, names and outlines; also the position of each area among the communities.
fn communities(
    draw: &Draw<'_>,
    size: &Size,
    areas: &Areas,
    touch: &Touch,
    blocks: &[Block],
    polygons: Vec<Vec<super::Rings>>,
    names: &mut Names,
) -> (Vec<Community>, Vec<usize>) {
    let spots: Vec<Spot> =
        polygons.iter().map(|of| of.first().map_or(Spot::new(0.0, 0.0), |p| centroid(&p[0]))).collect();
    let towns = subdistricts(draw, size, areas, touch, &spots);
    let many = towns.iter().any(|&town| town > 0);
    let count = towns.iter().max().map_or(0, |&last| last + 1);
    let town_names: Vec<String> = (0..count)
        .map(|_| if many { format!("{}街道", names.next()) } else { draw.spec.name.clone() })
        .collect();
    let mut order = map_order(&spots, 700.0);
    order.sort_by_key(|&area| (towns[area], area >= areas.communities));
    let mut rank = vec![0; areas.count];
    let mut next: BTreeMap<(usize, bool), u32> = BTreeMap::new();
    let mut found: Vec<Community> = Vec::new();
    let mut polygons: Vec<Option<Vec<super::Rings>>> = polygons.into_iter().map(Some).collect();
    for area in order {
        rank[area] = found.len();
        let (urban, town) = (area < areas.communities, towns[area]);
        let number = next.entry((town, urban)).or_insert(if urban { 0 } else { 200 });
        *number += 1;
        found.push(Community {
            code: format!("{COUNTY}{:03}{number:03}", town + 1),
            name: format!("{}{}", names.next(), if urban { "社区" } else { "村" }),
            urban,
            town,
            town_name: town_names[town].clone(),
            polygons: polygons[area].take().unwrap_or_default(),
            blocks: (0..blocks.len()).filter(|&at| areas.of_block[at] == area).collect(),
            residents: Residents::default(),
            ledger: Residents::default(),
        });
    }
    (found, rank)
}

/// Groups communities into subdistricts of about a dozen.
fn subdistricts(draw: &Draw<'_>, size: &Size, areas: &Areas, touch: &Touch, spots: &[Spot]) -> Vec<usize> {
    if size.towns < 2 {
        return vec![0; areas.count];
    }
    let mut near = vec![BTreeMap::<usize, u64>::new(); areas.count];
    for network in [&touch.links, &touch.bridges] {
        for (at, links) in network.iter().enumerate() {
            for &(to, cost) in links {
                let (a, b) = (areas.of_block[at], areas.of_block[to]);
                if a != b {
                    *near[a].entry(b).or_default() += cost;
                }
            }
        }
    }
    let links: Links = near.into_iter().map(|of| of.into_iter().collect()).collect();
    let pieces: Vec<Piece> = spots.iter().map(|&at| Piece { at, weight: 10 }).collect();
    let target = (areas.count as u64 * 10).div_ceil(u64::from(size.towns));
    divided(&pieces, &links, &links, target, 0.1, &mut dice(draw, 14, 0))
}

/// Names for compounds, sites and hamlets; old streets have none.
fn place_names(
    blocks: &[Block],
    houses: &[Vec<House>],
    names: &mut Names,
    dice: &mut Dice,
) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    for (at, block) in blocks.iter().enumerate().filter(|&(at, _)| !houses[at].is_empty()) {
        let endings: &[&str] = match block.used {
            Use::Old => &["里", "巷片"],
            Use::Slab => &["小区", "新村", "苑", "家属院"],
            Use::Modern => &["花园", "雅苑", "家园"],
            Use::School => &["小学", "小学", "中学"],
            Use::Hospital => &["医院"],
            Use::Market => &["市场"],
            Use::Office => &["办公楼", "商务楼"],
            Use::Factory => &["厂", "物流园", "机械厂", "纺织厂"],
            Use::Park => &["公园"],
            Use::Vacant => &["地块"],
            Use::Fields => &["庄", "屯", "店", "寨"],
        };
        found.insert(at, format!("{}{}", names.next(), endings[dice.below(endings.len())]));
    }
    found
}

/// Puts the buildings of each community one after the other and numbers them.
fn buildings(
    blocks: &[Block],
    of_block: &[usize],
    houses: Vec<Vec<House>>,
    households: &[Vec<u32>],
    names: &BTreeMap<usize, String>,
    communities: usize,
) -> Vec<Building> {
    let mut by_community = vec![Vec::new(); communities];
    for (at, of) in houses.into_iter().enumerate() {
        by_community[of_block[at]].push((at, of));
    }
    let mut found: Vec<Building> = Vec::new();
    let mut compounds = 0;
    for (community, members) in by_community.into_iter().enumerate() {
        for (at, of) in members.into_iter().filter(|(_, of)| !of.is_empty()) {
            let used = blocks[at].used;
            let compound = (used != Use::Old).then(|| {
                compounds += 1;
                format!("C{compounds:04}")
            });
            for (number, house) in of.into_iter().enumerate() {
                let ending = match used {
                    Use::Park => String::new(),
                    Use::Fields => format!("{}排", number + 1),
                    Use::Old => format!("{}号", 2 * number + 1),
                    _ => format!("{}号楼", number + 1),
                };
                found.push(Building {
                    code: format!("B{:05}", found.len() + 1),
                    name: format!("{}{ending}", names[&at]),
                    kind: kind(used, house.tower),
                    used,
                    block: at,
                    community,
                    compound: compound.clone(),
                    at: centroid(&house.ring),
                    ring: house.ring,
                    storeys: house.storeys,
                    residents: Residents { households: households[at][number], ..Residents::default() },
                    grid: String::new(),
                });
            }
        }
    }
    found
}

fn kind(used: Use, tower: bool) -> &'static str {
    match used {
        Use::Slab => "slab",
        Use::Modern if tower => "tower",
        Use::Modern => "midrise",
        Use::Fields => "hamlet",
        _ => used.name(),
    }
}

/// Fills the houses with people and adds them up, once truly and once as the ledgers have it.
fn people(draw: &Draw<'_>, buildings: &mut [Building], communities: &mut [Community]) {
    let houses: Vec<(u32, Use)> =
        buildings.iter().map(|building| (building.residents.households, building.used)).collect();
    let residents = settle::residents(&houses, draw.spec.people, &mut dice(draw, 9, 0));
    for (building, residents) in buildings.iter_mut().zip(residents) {
        building.residents = residents;
        let sum = &mut communities[building.community].residents;
        *sum = sum.plus(residents);
    }
    for community in communities.iter_mut() {
        community.ledger = community.residents;
    }
    // The ledgers of one community in six lag behind by a few households.
    let late: Vec<usize> = (0..communities.len()).filter(|at| at % 6 == 3).collect();
    for at in late {
        let ledger = &mut communities[at].ledger;
        ledger.households += 7;
        ledger.population += 19;
        ledger.age_0_14 = ledger.age_0_14.saturating_sub(2);
    }
}

/// Draws the grids in force, community by community.
fn old_grids(
    draw: &Draw<'_>,
    buildings: &mut [Building],
    communities: &[Community],
    blocks: &[Block],
    touch: &Touch,
) {
    let mut start = 0;
    for (number, community) in communities.iter().enumerate() {
        let count = buildings[start..].iter().take_while(|building| building.community == number).count();
        let own = &mut buildings[start..start + count];
        start += count;
        let lots: Vec<Lot> = own
            .iter()
            .map(|b| Lot { block: b.block, at: b.at, households: b.residents.households })
            .collect();
        let drawn = grids::drawn(&lots, blocks, touch, community.urban, &mut dice(draw, 10, number));
        for (building, grid) in own.iter_mut().zip(drawn) {
            building.grid = format!("{}{:03}", community.code, grid + 1);
        }
    }
}
