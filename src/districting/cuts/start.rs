//! A first division: parts grown from random atoms, the lightest part first.

use super::chance::Chance;
use super::net::Net;

const NONE: u32 = u32::MAX;

/// Grows `parts` connected parts that cover the net; people are near to even, no more.
/// O(n · degree) expected. The net has at least as many atoms as parts.
pub(crate) fn grow(net: &Net, chance: &mut Chance) -> Vec<u32> {
    let atoms = net.len();
    let mut part_of = vec![NONE; atoms];
    let mut people = vec![0i64; net.parts as usize];
    let mut fringe = vec![Vec::new(); net.parts as usize];
    for part in 0..net.parts {
        let seed = loop {
            let atom = chance.below(atoms);
            if part_of[atom] == NONE {
                break atom;
            }
        };
        part_of[seed] = part;
        people[part as usize] = net.people[seed];
        fringe[part as usize].extend(net.arcs(seed as u32).iter().map(|arc| arc.0));
    }
    let mut open: Vec<u32> = (0..net.parts).collect();
    while let Some(slot) = (0..open.len()).min_by_key(|s| people[open[*s] as usize]) {
        let part = open[slot];
        let Some(atom) = draw(&mut fringe[part as usize], chance) else {
            open.swap_remove(slot);
            continue;
        };
        if part_of[atom as usize] == NONE {
            part_of[atom as usize] = part;
            people[part as usize] += net.people[atom as usize];
            fringe[part as usize].extend(net.arcs(atom).iter().map(|arc| arc.0));
        }
    }
    part_of
}

fn draw(fringe: &mut Vec<u32>, chance: &mut Chance) -> Option<u32> {
    if fringe.is_empty() {
        return None;
    }
    let slot = chance.below(fringe.len());
    Some(fringe.swap_remove(slot))
}
