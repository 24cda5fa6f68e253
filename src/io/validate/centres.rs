//! Centres and candidates put on the ground: which community they belong to, and which are doubtful.

use geo::{Contains as _, Point};

use super::super::Problems;
use super::super::config::PlaceFile;
use super::super::sites::{self, RawSite, RawSites};
use super::super::specs::SiteSpec;
use super::{metres_point, whereabouts};
use crate::geometry::projection::LocalFrame;
use crate::model::ids::CommunityId;
use crate::model::place::{Candidate, Centre, Community, SetAside};
use crate::model::problem::Kind;

/// Centres and candidates in metres; candidates with a doubt are set aside.
pub(super) fn build(
    file: &PlaceFile,
    centres: RawSites,
    candidates: RawSites,
    communities: &[Community],
    frame: LocalFrame,
    problems: &mut Problems,
) -> (Vec<Centre>, Vec<Candidate>) {
    let found = |p: Point<f64>| communities.iter().position(|c| c.outline.contains(&p));
    let spec_file =
        |spec: &Option<SiteSpec>| spec.as_ref().map(|s| s.source.file.clone()).unwrap_or_default();
    for (raw, spec) in [(&centres, &file.centres), (&candidates, &file.candidates)] {
        whereabouts::judge(&raw.written, &raw.crs, &spec_file(spec), communities, frame, problems);
    }
    let mut doubts = |sites: &mut Vec<RawSite>, name: String, existing: bool| {
        for raw in sites.iter_mut() {
            raw.site.at = metres_point(raw.site.at, frame);
        }
        let stands: Vec<Option<usize>> = sites.iter().map(|raw| found(raw.site.at)).collect();
        let mut doubts = vec![None; sites.len()];
        if let Some((usual, odd)) = sites::foreign(sites) {
            for i in odd {
                doubts[i] = Some(SetAside::ForeignAddress);
                let code = sites[i].site.code.clone();
                let (address, usual) = (sites[i].site.address.clone().unwrap_or_default(), usual.clone());
                let kind = if existing {
                    Kind::CentreForeign { code, address, usual }
                } else {
                    Kind::SiteForeign { code, address, usual }
                };
                if !sites[i].confirmed {
                    problems.add(&name, sites[i].at, None, kind);
                }
            }
        }
        for ((raw, stands), doubt) in sites.iter().zip(&stands).zip(&mut doubts) {
            if !communities.is_empty() && stands.is_none() && !raw.confirmed && doubt.is_none() {
                *doubt = Some(SetAside::Outside);
                let code = raw.site.code.clone();
                let kind = if existing { Kind::CentreOutside { code } } else { Kind::SiteOutside { code } };
                problems.add(&name, raw.at, None, kind);
            }
        }
        let own = sites.iter().zip(stands).map(|(raw, stands)| {
            // A column may hold other words, such as a district; then the position tells.
            let said = raw.community.as_ref();
            let named =
                said.and_then(|word| communities.iter().position(|c| c.code == *word || c.name == *word));
            named.or(stands).map(CommunityId::at)
        });
        (own.collect(), doubts)
    };
    let (mut centres, mut candidates) = (centres.sites, candidates.sites);
    let (own, _): (Vec<Option<CommunityId>>, _) = doubts(&mut centres, spec_file(&file.centres), true);
    let (homes, aside) = doubts(&mut candidates, spec_file(&file.candidates), false);
    let candidates = candidates.into_iter().zip(homes).zip(aside);
    let candidates = candidates.map(|(raw, why)| sites::candidate(raw, why)).collect();
    (centres.into_iter().zip(own).map(sites::centre).collect(), candidates)
}
