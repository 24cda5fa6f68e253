//! Values of options, with a table of cases beside each parser.

use crate::model::lang::Lang;
use crate::model::rules::{Effort, Keep, LevelWish, Objective, ServiceWish};
use crate::model::services;
use crate::model::units::WalkTime;

/// `15min`, `900s`, `0.25h`; a bare number is minutes.
pub(super) fn walk_time(text: &str) -> Result<WalkTime, String> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let seconds = match unit.trim() {
        "" | "min" | "m" | "分钟" => 60.0,
        "s" | "sec" | "秒" => 1.0,
        "h" | "小时" => 3600.0,
        other => return Err(format!("`{other}` is no unit of time; write for example 15min")),
    };
    let number: f64 = number.parse().map_err(|_| "write for example 15min or 900s".to_owned())?;
    let time = WalkTime::from_seconds(number * seconds).map_err(|error| error.to_string())?;
    if time.millis() < 1000 { Err("a walk takes at least a second".to_owned()) } else { Ok(time) }
}

/// `300-500` or `300..500`.
pub(super) fn range(text: &str) -> Result<(u32, u32), String> {
    let usage = || "write for example 300-500".to_owned();
    let (low, high) = text.split_once("..").or_else(|| text.split_once('-')).ok_or_else(usage)?;
    let number = |part: &str| part.trim().parse::<u32>().map_err(|_| usage());
    let (low, high) = (number(low)?, number(high)?);
    if low == 0 || low > high {
        Err("the first number must be at least 1 and at most the second".to_owned())
    } else {
        Ok((low, high))
    }
}

/// `zh` or `en`.
pub(super) fn lang(text: &str) -> Result<Lang, String> {
    match text.to_ascii_lowercase().as_str() {
        "zh" | "zh-cn" | "zh_cn" | "cn" => Ok(Lang::Zh),
        "en" => Ok(Lang::En),
        _ => Err("there are zh and en".to_owned()),
    }
}

/// One of the objectives.
pub(super) fn objective(text: &str) -> Result<Objective, String> {
    let found = Objective::ALL.into_iter().find(|o| o.name() == text);
    found.ok_or_else(|| "there are cover, walk, fewest, worst, backup, fair and room".to_owned())
}

/// What may decide among equals: anything but a number of sites.
pub(super) fn then(text: &str) -> Result<Objective, String> {
    let found = objective(text).ok().filter(|o| *o != Objective::Fewest);
    found.ok_or_else(|| "there are cover, walk, worst, backup, fair and room".to_owned())
}

/// `95%`, `0.95`, in thousandths.
pub(super) fn share(text: &str) -> Result<u32, String> {
    let usage = || "write for example 95% or 0.95".to_owned();
    let (number, whole) = match text.trim().strip_suffix(['%', '％']) {
        Some(percent) => (percent, 100.0),
        None => (text, 1.0),
    };
    let share = number.trim().parse::<f64>().map_err(|_| usage())? / whole;
    let permille = (share * 1000.0).round();
    if (1.0..=1000.0).contains(&permille) { Ok(permille as u32) } else { Err(usage()) }
}

/// `养老助餐:150`: a service and its floor area.
pub(super) fn service_wish(text: &str) -> Result<ServiceWish, String> {
    let usage = || "write a service and its square metres, such as 养老助餐:150".to_owned();
    let (service, area) = text.trim().rsplit_once([':', '：']).ok_or_else(usage)?;
    let area_m2 = area.trim().parse().map_err(|_| usage())?;
    let service = services::functions(service).pop().ok_or_else(usage)?;
    Ok(ServiceWish { service, area_m2 })
}

/// `5:4`: a level and a number of centres.
pub(super) fn level_wish(text: &str) -> Result<LevelWish, String> {
    let usage = || "write a level from 1 to 5 and a number, such as 5:4".to_owned();
    let (level, new) = text.trim().split_once([':', '：']).ok_or_else(usage)?;
    let level = level.trim().parse().ok().filter(|level| (1..=5).contains(level)).ok_or_else(usage)?;
    Ok(LevelWish { level, new: new.trim().parse().map_err(|_| usage())? })
}

/// What grids in force are worth.
pub(super) fn keep(text: &str) -> Result<Keep, String> {
    let found = Keep::ALL.into_iter().find(|keep| keep.name() == text);
    found.ok_or_else(|| "there are none, prefer and strict".to_owned())
}

/// How much is tried and proved.
pub(super) fn effort(text: &str) -> Result<Effort, String> {
    let found = Effort::ALL.into_iter().find(|effort| effort.name() == text);
    found.ok_or_else(|| "there are fast, normal and prove".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walk_times() {
        let cases: [(&str, Option<u32>); 9] = [
            ("15min", Some(900_000)),
            ("15", Some(900_000)),
            ("900s", Some(900_000)),
            ("0.25h", Some(900_000)),
            ("12.5min", Some(750_000)),
            ("", None),
            ("15 parsecs", None),
            ("-3min", None),
            ("0min", None),
        ];
        for (text, millis) in cases {
            assert_eq!(walk_time(text).ok().map(WalkTime::millis), millis, "{text}");
        }
    }

    #[test]
    fn ranges() {
        for (text, expected) in [
            ("300-500", Some((300, 500))),
            ("200..250", Some((200, 250))),
            ("5-3", None),
            ("x", None),
            ("0-9", None),
        ] {
            assert_eq!(range(text).ok(), expected, "{text}");
        }
    }
}
