//! Graphs in several components: each component is divided by itself.

use super::super::graph::Graph;
use super::super::instance::Instance;
use std::collections::BinaryHeap;

/// Divides every component by `alone`, which gets the component as an instance and its number.
pub(super) fn divide(
    instance: &Instance,
    component: &[u32],
    alone: impl Fn(&Instance, u64) -> Option<Vec<u32>>,
) -> Option<Vec<u32>> {
    let count = component.iter().max().map_or(0, |last| *last as usize + 1);
    let mut members = vec![Vec::new(); count];
    (0u32..).zip(component).for_each(|(atom, &c)| members[c as usize].push(atom));
    let parts = allot(instance, &members)?;
    let mut rank = vec![0u32; instance.len()];
    let mut part = vec![0u32; instance.len()];
    let mut used = 0;
    for ((number, atoms), count) in (0u64..).zip(&members).zip(parts) {
        let island = island(instance, atoms, &mut rank, count);
        let labels = alone(&island, number)?;
        atoms.iter().zip(labels).for_each(|(&atom, label)| part[atom as usize] = used + label);
        used += count;
    }
    Some(part)
}

/// How many parts each component gets: as many as its people need, the rest where parts are fullest.
fn allot(instance: &Instance, members: &[Vec<u32>]) -> Option<Vec<u32>> {
    let mut parts = Vec::with_capacity(members.len());
    let mut room = Vec::with_capacity(members.len());
    let mut fullest = BinaryHeap::new();
    for (island, atoms) in members.iter().enumerate() {
        let people: i64 = atoms.iter().map(|&atom| instance.people[atom as usize]).sum();
        let fewest = if people > instance.high { (people - 1) / instance.high + 1 } else { 1 };
        let most = if instance.low > 0 { people / instance.low } else { i64::MAX }.min(atoms.len() as i64);
        if fewest > most {
            return None;
        }
        parts.push(fewest as u32);
        room.push((most - fewest) as u32);
        fullest.push((people / fewest, island, people));
    }
    let given: u64 = parts.iter().map(|&count| u64::from(count)).sum();
    for _ in given..u64::from(instance.parts) {
        let (_, island, people) = loop {
            let top = fullest.pop()?;
            if room[top.1] > 0 {
                break top;
            }
        };
        parts[island] += 1;
        room[island] -= 1;
        fullest.push((people / i64::from(parts[island]), island, people));
    }
    (given <= u64::from(instance.parts)).then_some(parts)
}

/// One component as an instance of its own.
fn island(instance: &Instance, atoms: &[u32], rank: &mut [u32], parts: u32) -> Instance {
    (0u32..).zip(atoms).for_each(|(at, &atom)| rank[atom as usize] = at);
    let mut edges = Vec::new();
    for &atom in atoms {
        let onward = instance.graph.priced(atom).filter(|(other, _)| *other > atom);
        edges.extend(onward.map(|(other, price)| (rank[atom as usize], rank[other as usize], price)));
    }
    let pick = |values: &[i64]| -> Vec<i64> {
        if values.len() == instance.len() {
            atoms.iter().map(|&a| values[a as usize]).collect()
        } else {
            Vec::new()
        }
    };
    Instance {
        graph: Graph::from_edges(atoms.len(), &edges),
        people: pick(&instance.people),
        x: pick(&instance.x),
        y: pick(&instance.y),
        parts,
        low: instance.low,
        high: instance.high,
    }
}
