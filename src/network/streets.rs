//! Walks along real streets.
//!
//! A resident walks straight to the nearest street that no river, railway or wall lies before, along
//! the streets, and straight from the nearest one to the centre; both ends count. Where a wall lies
//! before every street, the gates in it are the ways out.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::{Ground, Reached, TravelTimes};
use crate::geometry::projection::LocalFrame;
use crate::index::nearest::Spot;
use crate::model::place::Place;
use crate::model::rules::{Group, Rules};
use crate::model::units::{Distance, Pace, WalkTime};
use crate::walking::isochrone::{self, Contours, Polygon};
use crate::walking::metric::Position;
use crate::walking::search::{self, Entrance, Targets};
use crate::walking::snap::{Barriers, SnapRules, Snapper};
use crate::walking::streets::{Streets, StreetsError, Walker};
use crate::walking::{FAR, NONE};

/// The street graph of a place with what lies in the way to it.
pub struct StreetGround {
    streets: Streets,
    barriers: Barriers,
    gates: Vec<Position>,
    frame: LocalFrame,
}

impl StreetGround {
    /// The graph of a place's streets; `None` if it has none.
    ///
    /// # Errors
    /// [`StreetsError`] where the lines do not make a graph.
    pub fn of(place: &Place) -> Result<Option<Self>, StreetsError> {
        let Some(lines) = &place.streets else { return Ok(None) };
        let streets = Streets::build(lines)?;
        let frame = LocalFrame::around(place.origin);
        let line = |line: &geo::LineString<f64>| -> Vec<Position> {
            line.0.iter().filter_map(|c| position(&frame, c.x, c.y)).collect()
        };
        let lines: Vec<Vec<Position>> = place.barriers.lines.iter().map(|(_, l)| line(l)).collect();
        let barriers = Barriers::new(lines.iter().map(Vec::as_slice));
        let gates = place.barriers.openings.iter().filter_map(|p| position(&frame, p.x(), p.y())).collect();
        Ok(Some(Self { streets, barriers, gates, frame }))
    }

    /// Walking times by the rules' speeds.
    pub fn times(&self, rules: &Rules) -> OnStreets<'_> {
        let largest = self.streets.component_nodes().iter().copied().max().unwrap_or(0);
        let max_mm = rules.walking.snap_max_m * 1000;
        let component_nodes_min = rules.walking.component_nodes_min.min(largest);
        let doors = [Walker::Any, Walker::StepFree].map(|walker| {
            let snap = SnapRules { max_mm, component_nodes_min, walker };
            let open = Snapper::new(&self.streets, None, snap);
            let gates = self.gates.iter().map(|&gate| Some((gate, open.snap(gate)?.entrance(NONE))));
            let gates = gates.collect();
            Doors { snapper: Snapper::new(&self.streets, Some(&self.barriers), snap), gates }
        });
        let paces = Group::ALL.map(|group| rules.pace(group));
        OnStreets { ground: self, doors, max_mm, paces, memory: Mutex::default() }
    }
}

fn walker(group: Group) -> Walker {
    if group == Group::Wheelchair { Walker::StepFree } else { Walker::Any }
}

fn position(frame: &LocalFrame, x: f64, y: f64) -> Option<Position> {
    let (lon, lat) = frame.to_degrees(x, y);
    Position::from_degrees(lon, lat)
}

/// So near to a gate nobody is walled off from it any more.
const AT_GATE_MM: f64 = 500.0;

/// The point a share of the way from one position to another.
fn towards(from: Position, to: Position, share: f64) -> Position {
    let along = |a: i32, b: i32| a + (f64::from(b - a) * share.min(1.0)).round() as i32;
    Position { lon: along(from.lon, to.lon), lat: along(from.lat, to.lat) }
}

/// [`TravelTimes`] along the streets of a place.
pub struct OnStreets<'a> {
    ground: &'a StreetGround,
    /// For those who take stairs, and for those who do not.
    doors: [Doors<'a>; 2],
    max_mm: u32,
    paces: [Pace; Group::ALL.len()],
    memory: Mutex<Memory>,
}

/// What was found lately: every group, level and service asks for the same homes, and those of one
/// walker differ in pace alone.
#[derive(Default)]
struct Memory {
    met: Vec<Arc<Met>>,
    walks: Vec<Walks>,
}

/// Spots and where they meet the streets.
struct Met {
    walker: Walker,
    spots: Vec<Spot>,
    entrances: Vec<Entrance>,
    targets: OnceLock<Targets>,
}

/// Walks from some spots to the nearest of others.
#[derive(Clone)]
struct Walks {
    from: Arc<Met>,
    to: Arc<Met>,
    found: Arc<search::Nearest>,
}

/// How many of each are remembered.
const REMEMBERED: usize = 6;

/// Adds to a list of which the oldest is forgotten.
fn remember<T>(list: &mut Vec<T>, new: T) {
    if list.len() == REMEMBERED {
        list.remove(0);
    }
    list.push(new);
}

/// How one kind of walker gets onto the streets.
struct Doors<'a> {
    snapper: Snapper<'a>,
    /// Each gate, bridge or crossing that has a street, and how that is met.
    gates: Vec<Option<(Position, Entrance)>>,
}

impl OnStreets<'_> {
    fn positions(&self, spots: &[Spot]) -> Vec<Position> {
        let degrees = |spot: &Spot| {
            let at = position(&self.ground.frame, spot[0] as f64 / 100.0, spot[1] as f64 / 100.0);
            at.expect("a spot of a place lies on the globe")
        };
        spots.iter().map(degrees).collect()
    }

    /// How each spot meets the streets; some more than once, some not at all.
    fn entrances(&self, spots: &[Spot], walker: Walker) -> Vec<Entrance> {
        let Doors { snapper, gates } = &self.doors[usize::from(walker == Walker::StepFree)];
        let positions = self.positions(spots);
        let snapped = snapper.snap_all(&positions);
        let direct =
            snapped.snaps.iter().zip(0u32..).filter_map(|(snap, i)| Some(snap.as_ref()?.entrance(i)));
        let mut entrances: Vec<Entrance> = direct.collect();
        let metric = self.ground.streets.metric();
        for &place in &snapped.unsnapped {
            let here = positions[place as usize];
            for (gate, entrance) in gates.iter().flatten() {
                let way = metric.between(here, *gate).round();
                // The gate stands in the wall: what counts is the way up to it.
                let before = towards(*gate, here, AT_GATE_MM / way.max(1.0));
                if way <= f64::from(self.max_mm) && !self.ground.barriers.block(here, before) {
                    entrances.push(Entrance {
                        place,
                        access_mm: entrance.access_mm + way as u32,
                        ..*entrance
                    });
                }
            }
        }
        entrances
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn met(&self, spots: &[Spot], walker: Walker) -> Arc<Met> {
        let known = |met: &&Arc<Met>| met.walker == walker && met.spots == spots;
        if let Some(met) = self.memory().met.iter().find(known) {
            return Arc::clone(met);
        }
        let entrances = self.entrances(spots, walker);
        let met = Met { walker, spots: spots.to_vec(), entrances, targets: OnceLock::new() };
        let met = Arc::new(met);
        remember(&mut self.memory().met, Arc::clone(&met));
        met
    }

    fn targets<'m>(&self, met: &'m Met) -> &'m Targets {
        met.targets.get_or_init(|| Targets::new(&self.ground.streets, met.spots.len(), &met.entrances))
    }

    /// Walks to the nearest, in millimetres.
    fn found(&self, from: &[Spot], to: &[Spot], walker: Walker) -> Arc<search::Nearest> {
        let (from, to) = (self.met(from, walker), self.met(to, walker));
        let known = |walks: &&Walks| Arc::ptr_eq(&walks.from, &from) && Arc::ptr_eq(&walks.to, &to);
        if let Some(walks) = self.memory().walks.iter().find(known) {
            return Arc::clone(&walks.found);
        }
        let streets = &self.ground.streets;
        let found = search::nearest(streets, self.targets(&from), &to.entrances, FAR, walker);
        let walks = Walks { from, to, found: Arc::new(found) };
        let found = Arc::clone(&walks.found);
        remember(&mut self.memory().walks, walks);
        found
    }

    fn time(&self, group: Group, mm: u32) -> WalkTime {
        self.paces[group as usize].time_for(Distance::from_cm((mm + 5) / 10))
    }

    /// No walk within `limit` is longer, in millimetres.
    fn reach(&self, group: Group, limit: WalkTime) -> u32 {
        self.paces[group as usize].reach_in(limit).cm().saturating_mul(10).saturating_add(9).min(FAR)
    }
}

impl TravelTimes for OnStreets<'_> {
    fn model(&self) -> &str {
        "streets"
    }

    fn nearest(&self, group: Group, from: &[Spot], to: &[Spot]) -> Vec<Option<(u32, WalkTime)>> {
        let found = self.found(from, to, walker(group));
        (0..from.len()).map(|i| Some((found.centre(i)?, self.time(group, found.mm(i)?)))).collect()
    }

    fn within(&self, group: Group, from: &[Spot], to: &[Spot], limit: WalkTime) -> Reached {
        let streets = &self.ground.streets;
        let walker = walker(group);
        let (met, sites) = (self.met(from, walker), self.met(to, walker));
        let limit_mm = self.reach(group, limit);
        let pairs = search::within(streets, self.targets(&met), to.len(), &sites.entrances, limit_mm, walker);
        let by_origin = pairs.transposed(from.len());
        let row = |i: usize| {
            let timed = by_origin.row(i).iter().map(|&(to, mm)| (to, self.time(group, mm)));
            timed.filter(|(_, time)| *time <= limit).collect()
        };
        Reached::from_rows((0..from.len()).map(row))
    }

    fn off_street(&self, from: &[Spot]) -> Vec<u32> {
        let mut met = vec![false; from.len()];
        let entrances = &self.met(from, Walker::Any).entrances;
        entrances.iter().for_each(|entrance| met[entrance.place as usize] = true);
        (0u32..).zip(met).filter(|(_, met)| !met).map(|(i, _)| i).collect()
    }

    fn isochrones(&self, group: Group, to: &[Spot], limits: &[WalkTime]) -> Vec<Ground> {
        let streets = &self.ground.streets;
        let walker = walker(group);
        let (entrances, positions) = (self.entrances(to, walker), self.positions(to));
        let contours =
            Contours::of(&limits.iter().map(|&limit| self.reach(group, limit)).collect::<Vec<_>>());
        let each = isochrone::each(streets, &entrances, &positions, &contours, walker);
        let union = isochrone::together(streets, &entrances, &positions, &contours, walker);
        let all = each.iter().zip(0u32..).map(|(regions, i)| (Some(i), regions)).chain([(None, &union)]);
        let by_limit = |(of, regions): (Option<u32>, &Vec<isochrone::Region>)| -> Vec<Ground> {
            let grounds = limits.iter().zip(regions);
            grounds.map(|(&limit, region)| Ground { of, limit, shape: shape(region) }).collect()
        };
        all.flat_map(by_limit).collect()
    }
}

fn shape(region: &[Polygon]) -> geo::MultiPolygon<f64> {
    let ring = |positions: &Vec<Position>| -> geo::LineString<f64> {
        positions.iter().map(|p| geo::Coord::from(p.degrees())).collect()
    };
    let polygon = |p: &Polygon| geo::Polygon::new(ring(&p.outer), p.holes.iter().map(ring).collect());
    geo::MultiPolygon::new(region.iter().map(polygon).collect())
}
