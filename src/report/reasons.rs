//! Reasons in words.

use super::Subject;
use crate::model::lang::Lang;
use crate::model::place::Place;
use crate::model::plan::{OutOfRange, Rejection};
use crate::model::rules::Rules;

/// Why a grid lies outside the range.
pub fn out_of_range(reason: &OutOfRange, place: &Place, rules: &Rules, lang: Lang) -> String {
    let (low, high) = (rules.grids.households_min, rules.grids.households_max);
    match (reason, lang) {
        (OutOfRange::AtomOverMax { atom, households }, lang) => {
            let code = &place.atoms[atom.index()].code;
            match lang {
                Lang::En => format!("its atom {code} alone holds {households} households, over {high}"),
                Lang::Zh => format!("其中单元 {code} 一处即有 {households} 户，超过 {high} 户，不可再分"),
            }
        }
        (OutOfRange::CommunityBelowMin { households }, Lang::En) => {
            format!("the whole community holds {households} households, under {low}")
        }
        (OutOfRange::CommunityBelowMin { households }, Lang::Zh) => {
            format!("全社区只有 {households} 户，不足 {low} 户")
        }
        (OutOfRange::BetweenMultiples { households, grids }, Lang::En) => format!(
            "the community's {households} households cannot be divided into grids of {low} to {high}; \
             {grids} comes nearest"
        ),
        (OutOfRange::BetweenMultiples { households, grids }, Lang::Zh) => {
            format!(
                "全社区 {households} 户，无法分成若干个 {low} 至 {high} 户的网格，设 {grids} 个网格最接近"
            )
        }
        (OutOfRange::CutOff { households }, Lang::En) => format!(
            "the ground it stands on is cut off by water or a barrier and holds {households} households, \
             which cannot be divided into grids of {low} to {high}"
        ),
        (OutOfRange::CutOff { households }, Lang::Zh) => {
            format!("所在地块被水面或屏障隔开，共 {households} 户，无法分成 {low} 至 {high} 户的网格")
        }
        (OutOfRange::Coarse { largest }, Lang::En) => format!(
            "atoms here hold up to {largest} households; no move or swap of border atoms brings it nearer \
             without taking others as far out or cutting a grid in two"
        ),
        (OutOfRange::Coarse { largest }, Lang::Zh) => {
            format!("此处单元最大 {largest} 户，移动或对换任一边界单元，都会使别的网格同样超出范围或断开")
        }
        (OutOfRange::Uninhabited, Lang::En) => "nobody lives in the community".to_owned(),
        (OutOfRange::Uninhabited, Lang::Zh) => "该社区无人居住".to_owned(),
    }
}

/// Why a candidate was not chosen.
pub fn rejection(reason: &Rejection, place: &Place, lang: Lang) -> String {
    match (reason, lang) {
        (Rejection::AddsNobody, Lang::En) => "reaches nobody who is not covered already".to_owned(),
        (Rejection::AddsNobody, Lang::Zh) => "所及居民均已覆盖，无新增".to_owned(),
        (Rejection::DominatedBy(other), lang) => {
            let code = &place.candidates[other.index()].site.code;
            match lang {
                Lang::En => format!("everybody it would add is also reached by {code}, which reaches more"),
                Lang::Zh => format!("其新增居民 {code} 均可覆盖，且更多"),
            }
        }
        (Rejection::AddsFewer(n), Lang::En) => {
            format!("beside the chosen it would add {n} people, fewer than the last chosen")
        }
        (Rejection::AddsFewer(n), Lang::Zh) => format!("在已选之外只新增 {n} 人，少于末位入选者"),
        (Rejection::NotAmongBest(n), Lang::En) => {
            format!("would add {n} people, but the chosen serve the objective better together")
        }
        (Rejection::NotAmongBest(n), Lang::Zh) => format!("可新增 {n} 人，但已选组合整体更优"),
        (Rejection::Outside, Lang::En) => "stands outside the place".to_owned(),
        (Rejection::Outside, Lang::Zh) => "位于范围之外".to_owned(),
        (Rejection::ForeignAddress, Lang::En) => "its address names another district".to_owned(),
        (Rejection::ForeignAddress, Lang::Zh) => "地址不属于本地".to_owned(),
    }
}

impl Subject<'_> {
    pub(super) fn reason(&self, reason: &OutOfRange) -> String {
        out_of_range(reason, self.place, self.rules, self.lang)
    }
}
