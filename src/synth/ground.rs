//! The ground plan: a warped lattice of main streets, with one river and one railway among its rows.
//!
//! Streets of a river town run along its bends and across them, so the lattice is bent by the river and less the
//! farther away; the railway keeps its own, straighter, curve and damps the bends beside it. Cells are uneven,
//! finer in town than in the fields, some are joined in pairs, and the whole is turned a little. The plan is
//! drawn in metres; the cost is linear in the number of cells.

use std::collections::BTreeMap;

use super::chance::{Dice, Noise};
use super::mesh::{Mesh, Side, Way};
use super::shape::Spot;
use super::size::Size;

/// The subdivision and what is known of each face and of the two great lines.
pub(super) struct Ground {
    pub(super) mesh: Mesh,
    /// For each face, whether it is built-up land.
    pub(super) urban: Vec<bool>,
    /// Where lattice columns meet the river and the railway, west to east.
    pub(super) river_nodes: Vec<u32>,
    pub(super) rail_nodes: Vec<u32>,
    /// The next free number for a street.
    pub(super) next_street: u32,
    warp: Warp,
}

impl Ground {
    /// How far out a spot lies: 0 in the middle, about 1 at the edge of the built-up land.
    pub(super) fn reach(&self, spot: Spot) -> f64 {
        self.warp.reach(self.warp.unturned(spot)).max(0.0).sqrt()
    }
}

/// The bends: from the straight lattice to the plane.
struct Warp {
    noise: Noise,
    half: Spot,
    river_y: f64,
    rail_y: f64,
    river_amplitude: f64,
    turn: Spot,
}

impl Warp {
    fn reach(&self, spot: Spot) -> f64 {
        let (x, y) = (spot.x / self.half.x, spot.y / self.half.y);
        x * x + y * y
    }

    fn unturned(&self, spot: Spot) -> Spot {
        Spot::new(spot.dot(self.turn), spot.dot(self.turn.left()))
    }

    fn bent(&self, spot: Spot) -> Spot {
        let Spot { x, y } = spot;
        let toward_river = ((y - self.rail_y) / (self.river_y - self.rail_y)).clamp(0.0, 1.0);
        let off_river = (y - self.river_y) / 900.0;
        let off_rail = (y - self.rail_y) / 900.0;
        let river = self.noise.swing(x / 1150.0) * self.river_amplitude * toward_river
            / (1.0 + off_river * off_river);
        let rail = self.noise.plane(x / 3000.0, 5.5) * self.river_amplitude * 0.6 * (1.0 - toward_river)
            / (1.0 + off_rail * off_rail);
        let calm = ((y - self.rail_y).abs() / 350.0).min(1.0);
        let scale = self.river_amplitude / 320.0;
        let dx =
            self.noise.plane(x / 900.0 + 40.0, y / 900.0) * 60.0 + self.noise.plane(7.5, y / 1700.0) * 130.0;
        let dy = self.noise.plane(x / 850.0, y / 850.0 + 90.0) * 60.0 * calm;
        let wild = (self.reach(spot) - 1.2).clamp(0.0, 1.0) * calm;
        let rough = |shift: f64| self.noise.plane(x / 480.0 + shift, y / 480.0) * 120.0 * wild;
        let bent = Spot::new(x + (dx + rough(200.0)) * scale, y + river + rail + (dy + rough(300.0)) * scale);
        self.turn.times(bent.x).plus(self.turn.left().times(bent.y))
    }
}

/// The lines of the lattice before they are bent.
struct Lines {
    x: Vec<f64>,
    y: Vec<f64>,
    river_row: usize,
    rail_row: usize,
}

/// Draws the ground plan for a town of the given size.
pub(super) fn laid_out(size: &Size, dice: &mut Dice) -> Ground {
    let half = size.urban_half;
    let outer = size.outer_half;
    let (x, _) = stations(half.x, outer.x, dice);
    let (y, first) = stations(half.y, outer.y, dice);
    let rows = y.len() - 1 - 2 * first;
    let river_row = first + ((rows as f64 * 0.62).round() as usize).clamp(1, rows - 1);
    let rail_row = first + if rows >= 4 { (rows / 5).max(1) } else { 0 };
    let t = dice.between(0.04, 0.11) * if dice.happens(0.5) { 1.0 } else { -1.0 };
    let pitch = 2.0 * half.y / rows as f64;
    let warp = Warp {
        noise: Noise(dice.bits()),
        half,
        river_y: y[river_row],
        rail_y: y[rail_row],
        river_amplitude: (pitch * 0.7).min(320.0),
        // The turn by an angle whose half has the tangent t, without an angle.
        turn: Spot::new((1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t)),
    };
    let lines = Lines { x, y, river_row, rail_row };
    Draft { mesh: Mesh::default(), nodes: BTreeMap::new(), lines, warp, urban: Vec::new() }.drawn(dice)
}

/// Uneven positions from `-outer` to `outer`, finer inside `-half..half`; and the index where the fine part starts.
fn stations(half: f64, outer: f64, dice: &mut Dice) -> (Vec<f64>, usize) {
    let mut positions = vec![-outer];
    let mut part = |from: f64, to: f64, pitch: f64, least: usize| {
        let count = (((to - from) / pitch).round() as usize).max(least);
        let widths: Vec<f64> = (0..count).map(|_| dice.between(0.78, 1.22)).collect();
        let total: f64 = widths.iter().sum();
        let mut sum = 0.0;
        for width in &widths[..count - 1] {
            sum += width;
            positions.push(from + (to - from) * sum / total);
        }
        positions.push(to);
        count
    };
    let first = part(-outer, -half, 720.0, 1);
    part(-half, half, 450.0, 2);
    part(half, outer, 720.0, 1);
    (positions, first)
}

/// A ground plan in the making.
struct Draft {
    mesh: Mesh,
    /// The points along each lattice side, by its lower node and whether it runs east.
    nodes: BTreeMap<(usize, usize, u8), Vec<u32>>,
    lines: Lines,
    warp: Warp,
    urban: Vec<bool>,
}

impl Draft {
    fn drawn(mut self, dice: &mut Dice) -> Ground {
        let (columns, rows) = (self.lines.x.len() - 1, self.lines.y.len() - 1);
        let mut joined = vec![false; columns * rows];
        for row in 0..rows {
            for column in 0..columns {
                if joined[row * columns + column] {
                    continue;
                }
                let urban = self.is_urban(column, row);
                let mut wide = 1;
                let share = if urban { 0.2 } else { 0.3 };
                if column + 1 < columns && self.is_urban(column + 1, row) == urban && dice.happens(share) {
                    joined[row * columns + column + 1] = true;
                    wide = 2;
                }
                let cycle = self.cycle(column, row, wide);
                self.mesh.face(cycle);
                self.urban.push(urban);
            }
        }
        self.mark_ways();
        let along = |row: usize, draft: &mut Self| (0..=columns).map(|at| draft.node(at, row)).collect();
        let river_nodes = along(self.lines.river_row, &mut self);
        let rail_nodes = along(self.lines.rail_row, &mut self);
        Ground {
            mesh: self.mesh,
            urban: self.urban,
            river_nodes,
            rail_nodes,
            next_street: (columns + rows + 3) as u32,
            warp: self.warp,
        }
    }

    /// Built-up land is a ragged ellipse of cells.
    fn is_urban(&self, column: usize, row: usize) -> bool {
        let (x, y) = (&self.lines.x, &self.lines.y);
        let outside = column == 0 || row == 0 || column + 2 == x.len() || row + 2 == y.len();
        let middle = Spot::new((x[column] + x[column + 1]) / 2.0, (y[row] + y[row + 1]) / 2.0);
        let ragged = self.warp.noise.plane(middle.x / 700.0 + 11.0, middle.y / 700.0) * 0.22;
        !outside && self.warp.reach(middle) + ragged < 1.12
    }

    fn node(&mut self, column: usize, row: usize) -> u32 {
        if let Some(points) = self.nodes.get(&(column, row, 0)) {
            return points[0];
        }
        let bent = self.warp.bent(Spot::new(self.lines.x[column], self.lines.y[row]));
        let point = self.mesh.point(bent);
        self.nodes.insert((column, row, 0), vec![point]);
        point
    }

    /// The points of a lattice side from its lower or western node, both ends included.
    fn run(&mut self, column: usize, row: usize, east: bool) -> Vec<u32> {
        let id = (column, row, if east { 1 } else { 2 });
        if let Some(points) = self.nodes.get(&id) {
            return points.clone();
        }
        let (next_column, next_row) = if east { (column + 1, row) } else { (column, row + 1) };
        let from = Spot::new(self.lines.x[column], self.lines.y[row]);
        let to = Spot::new(self.lines.x[next_column], self.lines.y[next_row]);
        let pieces = ((from.to(to) / 105.0).round() as usize).max(2);
        let mut points = vec![self.node(column, row)];
        for piece in 1..pieces {
            let bent = self.warp.bent(from.toward(to, piece as f64 / pieces as f64));
            points.push(self.mesh.point(bent));
        }
        points.push(self.node(next_column, next_row));
        self.nodes.insert(id, points.clone());
        points
    }

    fn cycle(&mut self, column: usize, row: usize, wide: usize) -> Vec<u32> {
        let mut cycle = Vec::new();
        let mut add = |points: Vec<u32>| cycle.extend_from_slice(&points[..points.len() - 1]);
        let back = |mut points: Vec<u32>| {
            points.reverse();
            points
        };
        for at in column..column + wide {
            add(self.run(at, row, true));
        }
        add(self.run(column + wide, row, false));
        for at in (column..column + wide).rev() {
            add(back(self.run(at, row + 1, true)));
        }
        add(back(self.run(column, row, false)));
        cycle
    }

    /// Says what runs along each lattice side that is left between two faces.
    fn mark_ways(&mut self) {
        let runs: Vec<_> = self.nodes.iter().filter(|((_, _, kind), _)| *kind > 0).collect();
        for (&(column, row, kind), points) in runs {
            let (line, number) =
                if kind == 1 { (row, row + 1) } else { (column, self.lines.y.len() + column + 1) };
            for pair in points.windows(2) {
                let faces = [self.mesh.left_of(pair[0], pair[1]), self.mesh.left_of(pair[1], pair[0])];
                let built = |face: &Option<u32>| face.is_some_and(|face| self.urban[face as usize]);
                let urban = faces.iter().any(built);
                let way = if kind == 1 && row == self.lines.river_row {
                    Way::River
                } else if kind == 1 && row == self.lines.rail_row {
                    Way::Rail
                } else if faces.contains(&None) {
                    Way::Bound
                } else if urban {
                    if line % 3 == 1 { Way::Collector } else { Way::Arterial }
                } else if line % 2 == 0 {
                    Way::Collector
                } else {
                    Way::Track
                };
                self.mesh.set_side(pair[0], pair[1], Side { way, street: number as u32 });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Seed;

    #[test]
    fn faces_fill_the_outline() {
        for seed in 1..40 {
            let size = Size::of(1000 + 3000 * seed as u32);
            let ground = laid_out(&size, &mut Dice::new(Seed(seed), 0));
            let areas: Vec<f64> =
                (0..ground.mesh.faces.len() as u32).map(|face| ground.mesh.area(face)).collect();
            assert!(areas.iter().all(|&area| area > 1000.0), "seed {seed}: a cell is folded");
        }
    }
}
