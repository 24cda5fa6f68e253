//! The outline of a group of faces: their sides, less those that two of them share.

use std::collections::BTreeMap;

use super::mesh::{Mesh, turns};
use super::shape::{Spot, area};

/// One polygon: its outer ring counter-clockwise, then its holes clockwise.
pub type Rings = Vec<Vec<Spot>>;

/// The polygons of every group of faces; `group_of` names the group of each face, from 0 to `count`.
pub(super) fn outlines(mesh: &Mesh, group_of: &[usize], count: usize) -> Vec<Vec<Rings>> {
    let mut borders: Vec<BTreeMap<u32, Vec<u32>>> = vec![BTreeMap::new(); count];
    for (face, cycle) in mesh.faces.iter().enumerate() {
        for (a, b) in turns(cycle) {
            let across = mesh.left_of(b, a).map(|other| group_of[other as usize]);
            if across != Some(group_of[face]) {
                borders[group_of[face]].entry(a).or_default().push(b);
            }
        }
    }
    borders.into_iter().map(|border| polygons(mesh, border)).collect()
}

fn polygons(mesh: &Mesh, mut border: BTreeMap<u32, Vec<u32>>) -> Vec<Rings> {
    let mut rings: Vec<Vec<Spot>> = Vec::new();
    while let Some((&start, _)) = border.first_key_value() {
        let mut walk = vec![start];
        let mut before: Option<u32> = None;
        loop {
            let here = walk[walk.len() - 1];
            let Some(next) = step(mesh, &mut border, before, here) else { break };
            // A corner met twice closes a ring of its own; what came before goes on.
            if let Some(at) = walk.iter().position(|&point| point == next) {
                rings.push(walk.drain(at..).map(|point| mesh.spot(point)).collect());
                before = walk.last().copied();
                walk.push(next);
                if walk.len() == 1 {
                    break;
                }
                before = before.or(Some(here));
            } else {
                before = Some(here);
                walk.push(next);
            }
        }
    }
    nested(rings)
}

/// Takes the next side of the border from a corner: the one most to the left.
fn step(mesh: &Mesh, border: &mut BTreeMap<u32, Vec<u32>>, before: Option<u32>, here: u32) -> Option<u32> {
    let ways = border.get_mut(&here)?;
    let at = match before {
        Some(before) if ways.len() > 1 => {
            let heading = mesh.spot(here).minus(mesh.spot(before)).unit();
            let turn = |&to: &u32| {
                let way = mesh.spot(to).minus(mesh.spot(here)).unit();
                // Grows with the angle to the left, from straight back on the right to straight back on the left.
                if heading.cross(way) >= 0.0 { 1.0 - heading.dot(way) } else { heading.dot(way) - 1.0 }
            };
            (0..ways.len()).max_by(|&a, &b| turn(&ways[a]).total_cmp(&turn(&ways[b])))?
        }
        _ => 0,
    };
    let next = ways.remove(at);
    if ways.is_empty() {
        border.remove(&here);
    }
    Some(next)
}

/// Puts every hole into the smallest outer ring that holds it.
fn nested(rings: Vec<Vec<Spot>>) -> Vec<Rings> {
    let (outer, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| area(ring) > 0.0);
    let mut polygons: Vec<Rings> = outer.into_iter().map(|ring| vec![ring]).collect();
    for hole in holes {
        let within = |rings: &&mut Rings| {
            let middle = hole[0].toward(hole[1], 0.5);
            super::shape::inside(&rings[0], middle)
        };
        let home = polygons.iter_mut().filter(within).min_by(|a, b| area(&a[0]).total_cmp(&area(&b[0])));
        if let Some(home) = home {
            home.push(hole);
        }
    }
    polygons
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkerboard of unit faces, three by three.
    fn board() -> Mesh {
        let mut mesh = Mesh::default();
        for at in 0..16 {
            mesh.point(Spot::new(f64::from(at % 4), f64::from(at / 4)));
        }
        for row in 0..3 {
            for column in 0..3 {
                let low = row * 4 + column;
                mesh.face(vec![low, low + 1, low + 5, low + 4]);
            }
        }
        mesh
    }

    #[test]
    fn a_ring_of_faces_has_a_hole() {
        let groups = outlines(&board(), &[0, 0, 0, 0, 1, 0, 0, 0, 0], 2);
        assert_eq!(groups[0].len(), 1);
        let areas: Vec<f64> = groups[0][0].iter().map(|ring| area(ring)).collect();
        assert_eq!(areas, vec![9.0, -1.0]);
        assert_eq!(area(&groups[1][0][0]), 1.0);
    }

    #[test]
    fn a_hole_that_touches_the_outside_is_still_a_hole() {
        let groups = outlines(&board(), &[1, 0, 0, 0, 1, 0, 0, 0, 0], 2);
        let total: f64 = groups[0].iter().flatten().map(|ring| area(ring)).sum();
        assert_eq!(total, 7.0);
        assert_eq!(groups[0].len(), 1);
        assert_eq!(groups[1].len(), 2);
    }
}
