//! Contraction, parallel streets and slopes.

use super::*;
use crate::walking::NONE;

fn line_town(lines: &[(&[u32], u8)], nodes: u32) -> Streets {
    let positions =
        (0..nodes).map(|k| Position { lon: (k * 37 % 101) as i32 * 900, lat: k as i32 * 800 }).collect();
    let mut all = Lines { positions, ..Lines::default() };
    lines.iter().for_each(|(line, marks)| all.push(line, *marks));
    Streets::build(&all).expect("the drawing is sound")
}

#[test]
fn nodes_of_degree_two_are_threaded() {
    // Lines, nodes; junctions, chains, nodes on streets, segments, components.
    type Case = (&'static str, &'static [(&'static [u32], u8)], u32, [usize; 5]);
    let cases: &[Case] = &[
        ("one street", &[(&[0, 1, 2, 3], 0)], 4, [1, 1, 4, 3, 1]),
        ("the same in three lines", &[(&[1, 2], 0), (&[0, 1], 0), (&[3, 2], 0)], 4, [1, 1, 4, 3, 1]),
        ("a ring", &[(&[0, 1, 2, 0], 0)], 3, [1, 1, 3, 3, 1]),
        ("a ring of two lines", &[(&[0, 1, 2], 0), (&[0, 3, 2], 0)], 4, [1, 1, 4, 4, 1]),
        ("a crossing", &[(&[0, 1, 2], 0), (&[3, 1, 4], 0)], 5, [1, 4, 5, 4, 1]),
        ("stairs end a chain", &[(&[0, 1], 0), (&[1, 2], mark::STEPS)], 3, [1, 2, 3, 2, 1]),
        (
            "a one-way too",
            &[(&[0, 1], mark::FORWARD_ONLY), (&[1, 2], mark::FORWARD_ONLY)],
            3,
            [1, 2, 3, 2, 1],
        ),
        ("a street twice", &[(&[0, 1], 0), (&[0, 1], 0), (&[2, 1], 0), (&[0, 3], 0)], 4, [2, 3, 4, 3, 1]),
        ("standing still", &[(&[0, 0, 1, 1], 0)], 2, [1, 1, 2, 1, 1]),
        ("two islands", &[(&[0, 1], 0), (&[2, 3], 0)], 4, [2, 2, 4, 2, 2]),
        ("a street and a lone node", &[(&[0, 1], 0), (&[2], 0), (&[2], 0)], 3, [2, 2, 3, 1, 2]),
        ("a lasso", &[(&[0, 1, 2, 3, 1], 0)], 4, [1, 2, 4, 4, 1]),
    ];
    for (name, lines, nodes, expected) in cases {
        let streets = line_town(lines, *nodes);
        let got = [
            streets.junctions(),
            streets.chains(),
            streets.nodes(),
            streets.edges(),
            streets.component_nodes().len(),
        ];
        assert_eq!(got, *expected, "{name}");
        assert_eq!(streets.node_points(*nodes as usize).iter().flatten().count(), streets.nodes(), "{name}");
    }
}

#[test]
fn lengths_do_not_drift_along_a_chain() {
    // 1,000 nodes 1.1 m apart, each segment a fraction of a millimetre off a whole one.
    let nodes: Vec<u32> = (0..1000).collect();
    let positions: Vec<Position> = nodes.iter().map(|k| Position { lon: 0, lat: *k as i32 * 99 }).collect();
    let mut lines = Lines { positions, ..Lines::default() };
    lines.push(&nodes, 0);
    let streets = Streets::build(&lines).expect("sound");
    let total = streets.span(&streets.chains[0]).0;
    let exact = streets.metric().between(lines.positions[0], lines.positions[999]);
    assert!((f64::from(total) - exact).abs() < 1.0, "{total} {exact}");
}

#[test]
fn the_shortest_of_parallel_edges_counts() {
    let at = |lon| Position { lon, lat: 0 };
    let edges = [(0, 1, 9.0), (1, 0, 4.0), (0, 1, 6.0), (1, 2, 1.0), (0, 3, 1.0)];
    let lines = Lines::from_edges(vec![at(0), at(10), at(20), at(-10)], edges).expect("sound");
    let streets = Streets::build(&lines).expect("sound");
    assert_eq!((streets.edges(), streets.chains()), (3, 3));
    let between = streets.chains.iter().find(|chain| chain.to != NONE).expect("one lies between junctions");
    assert_eq!(streets.span(between), (4000, 4000));
}

#[test]
fn stairs_are_slower_and_lists_must_fit() {
    let mut lines =
        Lines { positions: vec![Position::default(), Position { lon: 900, lat: 0 }], ..Lines::default() };
    lines.push(&[0, 1], mark::STEPS);
    lines.steps_percent = 250;
    lines.lengths_mm = Some(vec![10_000]);
    let streets = Streets::build(&lines).expect("sound");
    assert_eq!(streets.span(&streets.chains[0]).0, 25_000);
    assert!(streets.has_steps());
    lines.lengths_mm = Some(vec![]);
    let error = Streets::build(&lines).expect_err("a length is missing");
    assert_eq!(error, StreetsError::Mismatch { list: "lengths_mm", expected: 1, found: 0 });
    lines.lengths_mm = None;
    lines.nodes[1] = 7;
    let error = Streets::build(&lines).expect_err("a node is missing");
    assert_eq!(error, StreetsError::NoSuchNode { edge: 0, node: 7, nodes: 2 });
}
