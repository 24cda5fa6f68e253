//! Sides of lines in square cells, to ask what is near and what is crossed.

use crate::synth::shape::Spot;

/// Two ends.
pub(in crate::synth) type Side = (Spot, Spot);

/// Sides by the cells their boxes touch. Building is linear in the sides, asking in those nearby.
pub(in crate::synth) struct Index {
    pub(super) sides: Vec<Side>,
    low: Spot,
    cell: f64,
    columns: usize,
    rows: usize,
    /// Where the sides of each cell start in `ids`.
    starts: Vec<u32>,
    ids: Vec<u32>,
}

impl Index {
    pub(in crate::synth) fn new(sides: Vec<Side>, cell: f64) -> Self {
        let (mut low, mut high) = (Spot::new(f64::MAX, f64::MAX), Spot::new(f64::MIN, f64::MIN));
        for spot in sides.iter().flat_map(|&(a, b)| [a, b]) {
            low = Spot::new(low.x.min(spot.x), low.y.min(spot.y));
            high = Spot::new(high.x.max(spot.x), high.y.max(spot.y));
        }
        let count = |low: f64, high: f64| if high < low { 1 } else { ((high - low) / cell) as usize + 1 };
        let (columns, rows) = (count(low.x, high.x), count(low.y, high.y));
        let mut index = Self { sides, low, cell, columns, rows, starts: Vec::new(), ids: Vec::new() };
        let mut starts = vec![0_u32; columns * rows + 1];
        for &(a, b) in &index.sides {
            index.within(a, b, 0.0).for_each(|cell| starts[cell + 1] += 1);
        }
        for cell in 1..starts.len() {
            starts[cell] += starts[cell - 1];
        }
        let mut next = starts.clone();
        let mut ids = vec![0; starts[columns * rows] as usize];
        for (id, &(a, b)) in index.sides.iter().enumerate() {
            for cell in index.within(a, b, 0.0) {
                ids[next[cell] as usize] = id as u32;
                next[cell] += 1;
            }
        }
        (index.starts, index.ids) = (starts, ids);
        index
    }

    /// The sides in a cell.
    fn of(&self, cell: usize) -> &[u32] {
        &self.ids[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }

    /// The cells of the box around two spots, widened.
    fn within(&self, a: Spot, b: Spot, wider: f64) -> impl Iterator<Item = usize> + use<> {
        let range = |a: f64, b: f64, low: f64, count: usize| {
            let place = |value: f64| (((value - low) / self.cell).max(0.0) as usize).min(count - 1);
            place(a.min(b) - wider)..=place(a.max(b) + wider)
        };
        let (columns, across) = (range(a.x, b.x, self.low.x, self.columns), self.columns);
        range(a.y, b.y, self.low.y, self.rows)
            .flat_map(move |row| columns.clone().map(move |column| row * across + column))
    }

    /// The sides whose boxes may touch the box of two spots, each once, in order.
    pub(super) fn around(&self, a: Spot, b: Spot, wider: f64) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        self.within(a, b, wider).for_each(|cell| found.extend_from_slice(self.of(cell)));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether the straight way meets any side.
    pub(in crate::synth) fn is_crossed(&self, a: Spot, b: Spot) -> bool {
        self.within(a, b, 0.0)
            .any(|cell| self.of(cell).iter().any(|&id| meets((a, b), self.sides[id as usize])))
    }

    /// The nearest point of a side that is acceptable, no farther than `reach`.
    pub(super) fn nearest(
        &self,
        spot: Spot,
        reach: f64,
        accept: &dyn Fn(u32, Spot) -> bool,
    ) -> Option<(f64, Spot)> {
        // Wider and wider: most spots have a street at hand.
        let mut radius = (self.cell * 0.75).min(reach);
        loop {
            let mut near: Vec<(f64, u32, Spot)> = self
                .around(spot, spot, radius)
                .into_iter()
                .map(|id| {
                    let foot = foot(self.sides[id as usize], spot);
                    (foot.to(spot), id, foot)
                })
                .filter(|&(distance, _, _)| distance <= radius)
                .collect();
            near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let found = near.into_iter().find(|&(_, id, foot)| accept(id, foot));
            if let Some((distance, _, foot)) = found {
                return Some((distance, foot));
            }
            if radius >= reach {
                return None;
            }
            radius = (radius * 2.5).min(reach);
        }
    }
}

/// The point of a side nearest to a spot.
pub(super) fn foot((a, b): Side, spot: Spot) -> Spot {
    let along = b.minus(a);
    let square = along.dot(along);
    let t = if square > 0.0 { (spot.minus(a).dot(along) / square).clamp(0.0, 1.0) } else { 0.0 };
    a.toward(b, t)
}

/// Whether two sides have a point in common, ends included.
pub(super) fn meets((a, b): Side, (c, d): Side) -> bool {
    let turn = |a: Spot, b: Spot, c: Spot| b.minus(a).cross(c.minus(a));
    let apart = |a: f64, b: f64| (a > 0.0 && b > 0.0) || (a < 0.0 && b < 0.0);
    let boxes = |a: f64, b: f64, c: f64, d: f64| a.max(b) >= c.min(d) && c.max(d) >= a.min(b);
    boxes(a.x, b.x, c.x, d.x)
        && boxes(a.y, b.y, c.y, d.y)
        && !apart(turn(a, b, c), turn(a, b, d))
        && !apart(turn(c, d, a), turn(c, d, b))
}
