//! A first division where positions are unknown: halves by breadth-first search, again and again.
//!
//! The search starts at an outlying node, so that the front sweeps the graph from end to end
//! (level structures of George and Liu, 1979).

use super::level::Level;

/// Nodes still to be divided.
struct Job {
    nodes: Vec<u32>,
    label: u32,
    parts: u32,
}

/// Divides by breadth; the level must have at least as many nodes as parts. Every part gets a node,
/// but may lie in several pieces. O((n + m) log parts).
pub(super) fn breadth(level: &Level, parts: u32) -> Vec<u32> {
    let mut part = vec![0u32; level.len()];
    let mut mark = vec![0u32; level.len()];
    let mut now = 0;
    let mut jobs = vec![Job { nodes: level.nodes().collect(), label: 0, parts }];
    while let Some(Job { nodes, label, parts }) = jobs.pop() {
        nodes.iter().for_each(|&node| part[node as usize] = label);
        if parts == 1 {
            continue;
        }
        let mut walk = nodes;
        for _ in 0..3 {
            now += 2;
            let last = walk[walk.len() - 1];
            walk = sweep(level, &walk, last, &mut mark, now);
        }
        let left = parts / 2;
        let people: i64 = walk.iter().map(|&node| level.people[node as usize]).sum();
        let goal = (people as f64 * f64::from(left) / f64::from(parts)) as i64;
        let split = prefix(level, &walk, goal).clamp(left as usize, walk.len() - (parts - left) as usize);
        let right = walk.split_off(split);
        jobs.push(Job { nodes: walk, label, parts: left });
        jobs.push(Job { nodes: right, label: label + left, parts: parts - left });
    }
    part
}

/// The given nodes in order of breadth-first search from `start`; further pieces follow.
fn sweep(level: &Level, nodes: &[u32], start: u32, mark: &mut [u32], now: u32) -> Vec<u32> {
    nodes.iter().for_each(|&node| mark[node as usize] = now);
    let mut walk = Vec::with_capacity(nodes.len());
    for from in std::iter::once(start).chain(nodes.iter().copied()) {
        if mark[from as usize] != now {
            continue;
        }
        mark[from as usize] = now + 1;
        let mut next = walk.len();
        walk.push(from);
        while next < walk.len() {
            for other in level.neighbours(walk[next]) {
                if mark[other as usize] == now {
                    mark[other as usize] = now + 1;
                    walk.push(other);
                }
            }
            next += 1;
        }
    }
    walk
}

/// How many nodes from the front hold `goal` people.
fn prefix(level: &Level, walk: &[u32], goal: i64) -> usize {
    let mut left = goal;
    let holds = |node: &&u32| {
        left -= level.people[**node as usize];
        left >= 0
    };
    walk.iter().take_while(holds).count()
}
