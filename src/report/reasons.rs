//! Reasons in words.

use super::Subject;
use crate::model::keeping::FellBack;
use crate::model::lang::Lang;
use crate::model::place::Place;
use crate::model::plan::{Infeasible, OutOfRange, Rejection};
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
        (OutOfRange::Locked, Lang::En) => "it is locked and stays as it is".to_owned(),
        (OutOfRange::Locked, Lang::Zh) => "该网格已锁定，保持不变".to_owned(),
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
        (Rejection::Forbidden, Lang::En) => "was not to be chosen".to_owned(),
        (Rejection::Forbidden, Lang::Zh) => "按要求排除".to_owned(),
        (Rejection::NoArea, Lang::En) => "has no floor area, and floor is what is asked for".to_owned(),
        (Rejection::NoArea, Lang::Zh) => "未填面积，无法计算可容户数".to_owned(),
        (Rejection::NoCost, Lang::En) => "has no cost, and there is a budget".to_owned(),
        (Rejection::NoCost, Lang::Zh) => "未填成本，无法计入预算".to_owned(),
        (Rejection::OverBudget(cost), Lang::En) => format!("costs {cost}, more than the budget leaves"),
        (Rejection::OverBudget(cost), Lang::Zh) => format!("成本 {cost}，超出预算余额"),
        (Rejection::Outside, Lang::En) => "stands outside the place".to_owned(),
        (Rejection::Outside, Lang::Zh) => "位于范围之外".to_owned(),
        (Rejection::ForeignAddress, Lang::En) => "its address names another district".to_owned(),
        (Rejection::ForeignAddress, Lang::Zh) => "地址不属于本地".to_owned(),
    }
}

/// Why what was asked of sites cannot be done.
pub fn infeasible(why: &Infeasible, place: &Place, lang: Lang) -> String {
    match (why, lang) {
        (Infeasible::ForcedTooMany { forced, new }, Lang::En) => {
            format!("{forced} candidates are forced in, but only {new} new centres are wanted; raise --new")
        }
        (Infeasible::ForcedTooMany { forced, new }, Lang::Zh) => {
            format!("指定必选 {forced} 处，多于新增数 {new}，请调高 --new")
        }
        (Infeasible::ForcedTooDear { cost, budget }, Lang::En) => {
            format!("the candidates forced in cost {cost}, more than the budget of {budget}")
        }
        (Infeasible::ForcedTooDear { cost, budget }, Lang::Zh) => {
            format!("指定必选的候选点共需 {cost}，超出预算 {budget}")
        }
        (Infeasible::ForcedBarred { candidate, reason }, lang) => {
            let code = &place.candidates[candidate.index()].site.code;
            let reason = rejection(reason, place, lang);
            match lang {
                Lang::En => format!("{code} is forced in but {reason}"),
                Lang::Zh => format!("指定必选的 {code} 不能入选：{reason}"),
            }
        }
        (Infeasible::TooMuchAsked { most, wanted }, Lang::En) => {
            format!("{wanted} people are to be covered, but all candidates together cover {most}")
        }
        (Infeasible::TooMuchAsked { most, wanted }, Lang::Zh) => {
            format!("要求覆盖 {wanted} 人，但全部候选点合计只能覆盖 {most} 人")
        }
        (Infeasible::NoSite, Lang::En) => {
            "there is no centre, and no candidate may be chosen: nobody has a walk".to_owned()
        }
        (Infeasible::NoSite, Lang::Zh) => "既无现有中心，也无可选候选点，无从计算步行".to_owned(),
    }
}

/// Why the grids in force of a community were not kept strictly.
pub fn fell_back(reason: FellBack, place: &Place, rules: &Rules, lang: Lang) -> String {
    let (low, high) = (rules.grids.households_min, rules.grids.households_max);
    let grid_code = |grid: u32| &place.grids_in_force[grid as usize];
    match (reason, lang) {
        (FellBack::NothingInForce, Lang::En) => "no grid is in force here".to_owned(),
        (FellBack::NothingInForce, Lang::Zh) => "本社区没有现行网格".to_owned(),
        (FellBack::AtomsWithout { atoms }, Lang::En) => {
            format!("{atoms} inhabited atoms belong to no grid in force")
        }
        (FellBack::AtomsWithout { atoms }, Lang::Zh) => format!("{atoms} 个有人居住的单元不属于任何现行网格"),
        (FellBack::InPieces { pieces }, Lang::En) => {
            format!("the community is in {pieces} pieces and not all its grids are in range")
        }
        (FellBack::InPieces { pieces }, Lang::Zh) => {
            format!("本社区断为 {pieces} 块，且现行网格未全部达标")
        }
        (FellBack::AcrossLine { grid }, Lang::En) => {
            format!("grid {} also holds atoms of another community", grid_code(grid))
        }
        (FellBack::AcrossLine { grid }, Lang::Zh) => format!("现行网格 {} 跨越社区界线", grid_code(grid)),
        (FellBack::ForeignCode { grid }, Lang::En) => {
            format!("grid {} carries another community's code", grid_code(grid))
        }
        (FellBack::ForeignCode { grid }, Lang::Zh) => {
            format!("现行网格 {} 用的是其他社区的编码", grid_code(grid))
        }
        (FellBack::AtomOverMax { atom, households }, lang) => {
            let code = &place.atoms[atom.index()].code;
            match lang {
                Lang::En => format!("atom {code} alone holds {households} households, over {high}"),
                Lang::Zh => format!("单元 {code} 一处即有 {households} 户，超过 {high} 户"),
            }
        }
        (FellBack::TooManyGrids { households, grids }, Lang::En) => format!(
            "{households} households are too few for its {grids} grids of at least {low}; some must merge"
        ),
        (FellBack::TooManyGrids { households, grids }, Lang::Zh) => {
            format!("全社区 {households} 户，不够现有 {grids} 个网格每个 {low} 户，须合并网格")
        }
        (FellBack::BetweenMultiples { households }, Lang::En) => {
            format!("its {households} households cannot be divided into grids of {low} to {high}")
        }
        (FellBack::BetweenMultiples { households }, Lang::Zh) => {
            format!("全社区 {households} 户，无法分成若干个 {low} 至 {high} 户的网格")
        }
        (FellBack::Impossible { grids }, Lang::En) => {
            format!("no connected division into {grids} grids has all of them in range")
        }
        (FellBack::Impossible { grids }, Lang::Zh) => {
            format!("分成 {grids} 个连片网格时，无法全部达标")
        }
        (FellBack::NotFound { grids }, Lang::En) => {
            format!("no division into {grids} grids in range was found within the work allowed")
        }
        (FellBack::NotFound { grids }, Lang::Zh) => {
            format!("在规定的计算量内，未找到 {grids} 个网格全部达标的划分")
        }
        (FellBack::TooLarge { atoms }, Lang::En) => {
            format!("its {atoms} atoms are more than strict keeping takes")
        }
        (FellBack::TooLarge { atoms }, Lang::Zh) => format!("单元达 {atoms} 个，超出严格保留的计算规模"),
    }
}

impl Subject<'_> {
    pub(super) fn reason(&self, reason: &OutOfRange) -> String {
        out_of_range(reason, self.place, self.rules, self.lang)
    }
}
