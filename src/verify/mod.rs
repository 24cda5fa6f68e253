//! Judges a written plan from the inputs alone, by plain and slow means.
//!
//! Nothing here calls, or is called by, what makes a plan: neighbours are found by comparing edges
//! or bisectors one by one, connection by flood fill, the nearest centre by looking at all of
//! them. Every fault is listed, not only the first.

mod coverage;
mod earth;
mod ground;
mod levels;
mod partition;
mod reasons;
mod rows;
mod scan;
mod siting;
mod streets;
mod together;
mod walks;
mod worth;

use serde_json::Value;

use crate::model::lang::Lang;
use crate::model::place::Place;
use crate::model::rules::Rules;
use crate::model::worded::worded;
use crate::model::written::WrittenPlan;

worded! {
    /// Something in a written plan that the inputs do not bear out.
    pub enum Fault;
    InputChanged { file: String } "{file} has changed since the plan was made" "{file} 在方案完成后有改动";
    InputUnlisted { file: String } "{file} was read, but plan.json does not list it" "读取了 {file}，但 plan.json 未列出";
    SectionMissing { section: &'static str } "plan.json has no section {section}, though its table is there" "plan.json 缺少 {section} 部分，而其表格存在";
    ModelUnknown { model: String } "walks by the model {model} cannot be measured again" "无法按模型 {model} 重新测算步行";
    FileMissing { file: &'static str } "{file} is missing" "缺少 {file}";
    AtomMissing { atom: String } "atom {atom} is in no grid" "单元 {atom} 不在任何网格";
    AtomTwice { atom: String } "atom {atom} is in two grids" "单元 {atom} 在两个网格";
    AtomUnknown { atom: String, file: &'static str } "{file}: {atom} is no atom of the place" "{file}：{atom} 不是本地单元";
    WrongCommunity { atom: String, written: String, community: String }
        "atom {atom} is put in community {written}, but lies in {community}" "单元 {atom} 写为社区 {written}，实在 {community}";
    GridCrosses { grid: String, communities: String }
        "grid {grid} crosses the line between {communities}" "网格 {grid} 跨越 {communities}";
    GridUnknown { grid: String } "grid {grid} is assigned to but not described" "网格 {grid} 有单元而无说明";
    GridEmpty { grid: String } "grid {grid} holds no atom" "网格 {grid} 没有单元";
    GridTwice { grid: String } "grid {grid} is described twice" "网格 {grid} 重复";
    GridInPieces { grid: String, pieces: usize }
        "grid {grid} is in {pieces} pieces" "网格 {grid} 断为 {pieces} 块";
    GivenChanged { name: String }
        "{name} is given and must be one grid of its own, as it is" "{name} 为给定网格，应自成一格、保持不变";
    CodeOdd { grid: String } "the code {grid} is neither the community's code and three digits nor inherited"
        "编码 {grid} 既非社区编码加三位数，也非沿用";
    Differs { what: String, written: String, found: String }
        "{what} is written as {written}, but is {found}" "{what} 写为 {written}，实为 {found}";
    ReasonMissing { grid: String, households: u64 }
        "grid {grid} with {households} households is out of range without a reason" "网格 {grid} 有 {households} 户，超出范围而无理由";
    ReasonFalse { grid: String, cause: String } "grid {grid}: the cause given, {cause}, is not a fact" "网格 {grid} 所给原因 {cause} 不属实";
    ReasonNeedless { grid: String } "grid {grid} is in range and yet listed as out of it" "网格 {grid} 在范围内却列为超出";
    BoundBroken { what: &'static str, value: String, bound: String }
        "{what}: the value {value} is better than the bound {bound}" "{what}：结果 {value} 优于界 {bound}";
    StatusFalse { status: String } "the status {status} does not follow from value and bound" "状态 {status} 与结果和界不符";
    BetterExists { value: String, found: String }
        "called optimal at {value}, but a choice with {found} exists" "称最优值为 {value}，但存在 {found} 的方案";
    SiteForced { site: String } "site {site} must be chosen and is not" "选址 {site} 指定必选而未选";
    SiteUnknown { site: String } "chosen site {site} is no candidate that may be chosen" "选址 {site} 不是可选的候选点";
}

/// Lists every fault of a written plan; an empty list is a pass.
///
/// `hashes` are the inputs as they are now, file by file.
pub fn plan(place: &Place, rules: &Rules, written: &WrittenPlan, hashes: &[(String, String)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    inputs(written, hashes, &mut faults);
    sections(written, &mut faults);
    totals(place, written, &mut faults);
    if written.summary.get("partition").is_some() {
        partition::judge(place, rules, written, &mut faults);
    }
    if written.summary.get("coverage").is_some() {
        coverage::judge(place, rules, written, &mut faults);
    }
    together::judge(place, rules, &written.summary, &mut faults);
    if written.summary.get("siting").is_some() {
        siting::judge(place, rules, written, &mut faults);
    }
    faults
}

fn inputs(written: &WrittenPlan, hashes: &[(String, String)], faults: &mut Vec<Fault>) {
    for input in written.summary["inputs"].as_array().into_iter().flatten() {
        let file = input["file"].as_str().unwrap_or_default();
        let same =
            hashes.iter().any(|(f, hash)| f == file && Some(hash.as_str()) == input["sha256"].as_str());
        if !same {
            faults.push(Fault::InputChanged { file: file.to_owned() });
        }
    }
    let listed = |file: &str| {
        let mut inputs = written.summary["inputs"].as_array().into_iter().flatten();
        inputs.any(|input| input["file"].as_str() == Some(file))
    };
    for (file, _) in hashes.iter().filter(|(file, _)| !listed(file)) {
        faults.push(Fault::InputUnlisted { file: file.clone() });
    }
}

/// A table without its section of `plan.json` has lost what explains it.
fn sections(written: &WrittenPlan, faults: &mut Vec<Fault>) {
    let sections = [
        ("partition", written.assignments.is_some() || written.grids.is_some()),
        ("coverage", written.coverage.is_some()),
        ("siting", written.siting.is_some()),
    ];
    for (section, has_table) in sections {
        if has_table && written.summary.get(section).is_none() {
            faults.push(Fault::SectionMissing { section });
        }
    }
}

fn totals(place: &Place, written: &WrittenPlan, faults: &mut Vec<Fault>) {
    let sum = |of: fn(&crate::model::units::Counts) -> u32| -> f64 {
        place.atoms.iter().map(|a| f64::from(of(&a.counts))).sum()
    };
    let summary = &written.summary;
    expect(summary, "place.communities", place.communities.len() as f64, faults);
    expect(summary, "place.atoms", place.atoms.len() as f64, faults);
    expect(summary, "place.population", sum(|c| c.population), faults);
    expect(summary, "place.households", sum(|c| c.households), faults);
}

/// Compares a number in `plan.json`, named by its path, with what was found.
/// What stands under a path of keys, or of numbers in a list.
fn at<'a>(summary: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(summary, |value, key| match key.parse::<usize>() {
        Ok(number) => &value[number],
        Err(_) => &value[key],
    })
}

fn expect(summary: &Value, path: &str, found: f64, faults: &mut Vec<Fault>) {
    let value = at(summary, path);
    // Counts are whole and have no tolerance; quotients are written with six decimals.
    let tolerance = if value.is_u64() && found.fract() == 0.0 { 0.0 } else { 1.1e-6 * found.abs().max(1.0) };
    let agrees = value.as_f64().is_some_and(|v| (v - found).abs() <= tolerance);
    if !agrees {
        let (written, found) = (value.to_string(), found.to_string());
        faults.push(Fault::Differs { what: path.to_owned(), written, found });
    }
}

/// The same for a number that may be absent because there is nobody to measure.
fn expect_maybe(summary: &Value, path: &str, found: Option<f64>, faults: &mut Vec<Fault>) {
    match found {
        Some(found) => expect(summary, path, found, faults),
        None => {
            let value = at(summary, path);
            if !value.is_null() {
                let (written, found) = (value.to_string(), "nothing".to_owned());
                faults.push(Fault::Differs { what: path.to_owned(), written, found });
            }
        }
    }
}
