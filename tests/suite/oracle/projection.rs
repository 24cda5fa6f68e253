//! Local metres against geodesics of the ellipsoid (Karney 2013, as the crate `geo` has them).

use geo::{Distance as _, Geodesic, Point};
use wangge::geometry::projection::LocalFrame;
use wangge::model::place::Origin;

use crate::drawn::Chance;

/// The documented relative error `x` metres from the middle: x²/2R².
fn documented(x: f64) -> f64 {
    x * x / (2.0 * 6_371_000.0f64.powi(2))
}

#[test]
fn lengths_in_a_county_are_as_true_as_promised() {
    let mut worst = 0.0f64;
    for (seed, lat) in (0..).zip([18.2, 25.0, 31.0, 39.9, 47.5, 53.0]) {
        let frame = LocalFrame::around(Origin { lon: 117.0, lat });
        let mut chance = Chance::of(seed);
        for _ in 0..300 {
            // A county 60 km wide; pairs from next door to end to end.
            let mut at = || 60_000.0 * (chance.share() - 0.5);
            let (p, q) = ((at(), at()), (at(), at()));
            let near = 10f64.powf(-3.0 * chance.share());
            let q = (p.0 + near * (q.0 - p.0), p.1 + near * (q.1 - p.1));
            let (p_degrees, q_degrees) = (frame.to_degrees(p.0, p.1), frame.to_degrees(q.0, q.1));
            let plane = (p.0 - q.0).hypot(p.1 - q.1);
            let ground = Geodesic.distance(Point::from(p_degrees), Point::from(q_degrees));
            let error = (plane - ground) / ground;
            let allowed = documented(p.0.abs().max(q.0.abs()));
            // One in a hundred for the radius, which the promise rounds, and a micrometre for floats.
            assert!(
                error.abs() <= 1.01 * allowed + 1e-6 / ground,
                "{error} over {allowed}: {p:?} {q:?} at {lat}"
            );
            assert!(error > -1e-6 / ground, "the plane is never shorter: {error} {p:?} {q:?}");
            worst = worst.max(error.abs());
        }
    }
    // 30 km from the middle that is a centimetre a kilometre; much less would mean nothing was tried.
    assert!((7e-6..1.12e-5).contains(&worst), "{worst}");
}

#[test]
fn the_promise_is_nearly_met_far_out() {
    // Short lengths at the rim of a wide place: the error is there, and it is the documented one.
    let frame = LocalFrame::around(Origin { lon: 117.0, lat: 35.0 });
    for x in [15_000.0, 50_000.0, 100_000.0] {
        let (p, q) = (frame.to_degrees(x, -500.0), frame.to_degrees(x, 500.0));
        let ground = Geodesic.distance(Point::from(p), Point::from(q));
        let error = (1000.0 - ground) / ground;
        assert!((error / documented(x) - 1.0).abs() < 0.01, "{error} against {} at {x}", documented(x));
    }
}
