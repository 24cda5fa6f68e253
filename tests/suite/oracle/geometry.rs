//! Neighbours and nearest ground against plain means.

use geo::{Area as _, Contains as _, Line, MultiPolygon, Point, Polygon, Rect, line_string};
use wangge::geometry::edges::{SHARED_CM_MIN, shared};
use wangge::geometry::voronoi::cells;

use crate::drawn::Chance;

/// West, south, east, north.
type Plot = [f64; 4];

/// A rectangle cut and cut again: every joint is a corner, a full edge or a T-junction.
fn plots(chance: &mut Chance, ground: Plot, cuts: u32) -> Vec<Plot> {
    let [w, s, e, n] = ground;
    if cuts == 0 || (e - w).min(n - s) < 2.0 {
        return vec![ground];
    }
    let at = |low: f64, high: f64, share: f64| (low + (high - low) * (0.2 + 0.6 * share)).round();
    let share = chance.share();
    let (first, second) = if e - w > n - s {
        let x = at(w, e, share);
        ([w, s, x, n], [x, s, e, n])
    } else {
        let y = at(s, n, share);
        ([w, s, e, y], [w, y, e, n])
    };
    let mut all = plots(chance, first, cuts - 1);
    let fewer = cuts - 1 - chance.below(u64::from(cuts.min(2))) as u32;
    all.extend(plots(chance, second, fewer));
    all
}

fn shape([w, s, e, n]: Plot) -> MultiPolygon<f64> {
    Rect::new((w, s), (e, n)).to_polygon().into()
}

/// Centimetres along which the rims of two plots coincide, side by side.
fn common_rim(a: Plot, b: Plot) -> u32 {
    let overlap = |p: (f64, f64), q: (f64, f64)| (p.1.min(q.1) - p.0.max(q.0)).max(0.0);
    let mut metres = 0.0;
    for x in [a[0], a[2]] {
        for other in [b[0], b[2]] {
            metres += if x == other { overlap((a[1], a[3]), (b[1], b[3])) } else { 0.0 };
        }
    }
    for y in [a[1], a[3]] {
        for other in [b[1], b[3]] {
            metres += if y == other { overlap((a[0], a[2]), (b[0], b[2])) } else { 0.0 };
        }
    }
    (metres * 100.0) as u32
}

fn by_pairs(plots: &[Plot]) -> Vec<(u32, u32, u32)> {
    let mut pairs = Vec::new();
    for (i, &a) in (0u32..).zip(plots) {
        for (j, &b) in (0u32..).zip(plots).skip(i as usize + 1) {
            pairs.push((i, j, common_rim(a, b)));
        }
    }
    pairs.retain(|pair| pair.2 >= SHARED_CM_MIN);
    pairs
}

fn found(shapes: &[MultiPolygon<f64>]) -> Vec<(u32, u32, u32)> {
    shared(shapes).iter().map(|pair| (pair.a, pair.b, pair.length_cm)).collect()
}

#[test]
fn edges_agree_with_comparing_all_pairs() {
    let mut junctions = 0;
    for seed in 0..40 {
        let mut chance = Chance::of(seed);
        let mut all = plots(&mut chance, [0.0, 0.0, 400.0, 300.0], 5);
        // An island off the coast, with a neighbour of its own.
        all.extend([[900.0, 0.0, 950.0, 80.0], [950.0, 20.0, 990.0, 60.0]]);
        chance.shuffle(&mut all);
        let shapes: Vec<_> = all.iter().map(|&plot| shape(plot)).collect();
        let expected = by_pairs(&all);
        junctions +=
            expected.iter().filter(|&&(a, b, cm)| !whole_edge(all[a as usize], all[b as usize], cm)).count();
        assert_eq!(found(&shapes), expected, "seed {seed}: {all:?}");
    }
    assert!(junctions > 300, "only {junctions} T-junctions were tried");
}

/// True if two plots share a whole edge of both.
fn whole_edge(a: Plot, b: Plot, cm: u32) -> bool {
    let is_side = |p: Plot| [p[2] - p[0], p[3] - p[1]].contains(&(f64::from(cm) / 100.0));
    is_side(a) && is_side(b)
}

#[test]
fn lines_drawn_twice_by_unsteady_hands_still_join() {
    // Every corner of every plot is off by up to 1 cm, as in layers digitised one by one.
    for seed in 50..60 {
        let mut chance = Chance::of(seed);
        let all = plots(&mut chance, [0.0, 0.0, 400.0, 300.0], 5);
        let shaken: Vec<_> = all
            .iter()
            .map(|&[w, s, e, n]| {
                let mut at =
                    |x: f64, y: f64| (x + 0.02 * (chance.share() - 0.5), y + 0.02 * (chance.share() - 0.5));
                let ring = [at(w, s), at(e, s), at(e, n), at(w, n)];
                MultiPolygon::from(Polygon::new(ring.to_vec().into(), vec![]))
            })
            .collect();
        let names = |pairs: Vec<(u32, u32, u32)>| -> Vec<(u32, u32)> {
            // Pairs within a decimetre of the threshold may fall either way.
            pairs.into_iter().filter(|p| p.2 > 2 * SHARED_CM_MIN).map(|p| (p.0, p.1)).collect()
        };
        assert_eq!(names(found(&shaken)), names(by_pairs(&all)), "seed {seed}");
    }
}

#[test]
fn odd_grounds_join_where_they_should() {
    let park = line_string![(x: 3., y: 3.), (x: 6., y: 3.), (x: 6., y: 6.), (x: 3., y: 6.), (x: 3., y: 3.)];
    let ring = Rect::new((0., 0.), (9., 9.)).to_polygon();
    let around = MultiPolygon::from(Polygon::new(ring.exterior().clone(), vec![park.clone()]));
    let inside = MultiPolygon::from(Polygon::new(park, vec![]));
    let two_isles = MultiPolygon::new(vec![
        Rect::new((0., 0.), (1., 1.)).to_polygon(),
        Rect::new((5., 0.), (6., 1.)).to_polygon(),
    ]);
    let between = shape([1., 0., 5., 1.]);
    type Case = (&'static str, Vec<MultiPolygon<f64>>, &'static [(u32, u32, u32)]);
    let cases: [Case; 5] = [
        ("a park in a hole", vec![around, inside], &[(0, 1, 1200)]),
        ("ground between two isles of one", vec![two_isles, between], &[(0, 1, 200)]),
        ("the same ground twice", vec![shape([0., 0., 2., 1.]); 2], &[(0, 1, 600)]),
        ("nothing", vec![MultiPolygon::new(vec![]), shape([0., 0., 1., 1.])], &[]),
        (
            "three at one corner",
            vec![shape([0., 0., 2., 1.]), shape([2., 1., 3., 2.]), shape([2., 0., 3., 1.])],
            &[(0, 2, 100), (1, 2, 100)],
        ),
    ];
    for (name, shapes, expected) in cases {
        assert_eq!(found(&shapes), expected, "{name}");
    }
}

/// An outline that is neither convex nor in one piece, with a hole.
fn outline() -> MultiPolygon<f64> {
    let shore = line_string![
        (x: 0., y: 0.), (x: 500., y: 0.), (x: 500., y: 200.), (x: 200., y: 200.), (x: 200., y: 400.),
        (x: 0., y: 400.), (x: 0., y: 0.)
    ];
    let lake = line_string![(x: 50., y: 50.), (x: 150., y: 50.), (x: 150., y: 150.), (x: 50., y: 150.), (x: 50., y: 50.)];
    MultiPolygon::new(vec![
        Polygon::new(shore, vec![lake]),
        Rect::new((700., 100.), (800., 300.)).to_polygon(),
    ])
}

fn random_sites(chance: &mut Chance) -> Vec<Point<f64>> {
    let n = [1, 2, 3, 7, 25, 60][chance.below(6) as usize];
    let mut sites: Vec<Point<f64>> = Vec::new();
    while sites.len() < n {
        // Inside or not: buildings may stand a little outside their community.
        sites.push(Point::new(820.0 * chance.share(), 410.0 * chance.share()));
        if chance.below(5) == 0 && sites.len() < n {
            // Two buildings on one spot; they are set 2 cm apart.
            sites.push(sites[sites.len() - 1]);
        }
    }
    sites
}

/// In a convex outline a cell is all that is nearest; elsewhere, at least what its site can see of it.
#[test]
fn every_spot_lies_in_the_cell_of_its_nearest_site() {
    let plain = MultiPolygon::from(Rect::new((0., 0.), (820., 410.)).to_polygon());
    let mut strict = 0;
    for seed in 0..24 {
        let outline = if seed % 2 == 0 { plain.clone() } else { outline() };
        let mut chance = Chance::of(seed);
        let sites = random_sites(&mut chance);
        let cells = cells(&sites, &outline).ground;
        assert_eq!(cells.len(), sites.len());
        let area: f64 = cells.iter().map(geo::Area::unsigned_area).sum();
        assert!((area - outline.unsigned_area()).abs() < 2.0, "seed {seed}: {area}");
        for _ in 0..300 {
            let spot = Point::new(820.0 * chance.share(), 410.0 * chance.share());
            if !outline.contains(&spot) {
                continue;
            }
            let away = |site: &Point<f64>| (site.x() - spot.x()).hypot(site.y() - spot.y());
            let nearest = sites.iter().min_by(|p, q| away(p).total_cmp(&away(q))).expect("there is a site");
            // None on the very line between two cells.
            let holders: Vec<usize> = (0..sites.len()).filter(|&i| cells[i].contains(&spot)).collect();
            assert!(holders.len() <= 1, "seed {seed}: {spot:?} is in {holders:?}");
            let seen = outline.contains(&Line::new(spot.0, nearest.0));
            for &holder in holders.iter().filter(|_| seen) {
                let late = away(&sites[holder]) - away(nearest);
                assert!(late < 0.2, "seed {seed}: {spot:?} went to {holder}, {late} m farther");
                strict += 1;
            }
        }
    }
    assert!(strict > 3000, "only {strict} spots were tried");
}
