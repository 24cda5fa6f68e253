//! Whether positions are in the system they are said to be in: a test against the communities, which
//! only tells and never converts.

use geo::{Contains as _, Point};

use crate::crs::{Doubt, Reading, Truth, Verdict, detect};
use crate::geometry::projection::LocalFrame;
use crate::io::Problems;
use crate::io::vectors::Named;
use crate::model::place::Community;
use crate::model::problem::{At, Kind};

/// Says so where another reading of the positions puts clearly more of them into communities.
pub(super) fn judge(
    written: &[(f64, f64)],
    declared: &Named,
    file: &str,
    communities: &[Community],
    frame: LocalFrame,
    problems: &mut Problems,
) {
    if communities.is_empty() {
        return;
    }
    let inside = |_: usize, lon: f64, lat: f64| {
        let at: Point<f64> = frame.to_metres(lon, lat).into();
        communities.iter().any(|community| community.outline.contains(&at))
    };
    let found = detect(written, Some(declared.0), &Truth { inside: &inside, distance_m: None });
    // Another reading than the one declared is surely right, or one of several is.
    let reading = match &found.verdict {
        Verdict::Another { reading, .. } => reading,
        Verdict::CannotTell(Doubt::Close { best, declared_excluded: true, .. }) => best,
        _ => return,
    };
    let of = |wanted: &dyn Fn(&crate::crs::Evidence) -> bool| {
        found.evidence.iter().find(|evidence| wanted(evidence)).map_or(0, |evidence| evidence.inside)
    };
    let points = found.evidence.first().map_or(0, |evidence| evidence.points);
    let as_likely = of(&|evidence| evidence.reading == *reading);
    let as_declared = of(&|evidence| evidence.reading == Reading::plain(declared.0));
    let kind = Kind::CrsLikely {
        declared: declared.1.clone(),
        likely: reading.label(),
        inside: as_likely,
        before: as_declared,
        points,
    };
    problems.add(file, At::Whole, Some("crs"), kind);
}
