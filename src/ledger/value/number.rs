//! Counts of people and things, and measured numbers.

use super::{Read, ValueError, is_scientific, missing, plain_with};
use crate::ledger::finding::Rule;

/// More than any place of one row holds: a slipped decimal point or a code.
const COUNT_MAX: u64 = 1_000_000;

/// More than any area, cost or capacity.
const NUMBER_MAX: f64 = 1e12;

/// How numbers may be written beyond what is certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// 约1200 and 100-120 are taken, and flagged.
    pub approximate: bool,
    /// `650,5` is six hundred and fifty and a half.
    pub decimal_comma: bool,
    /// Totals may be larger than any row.
    pub total: bool,
}

/// A count of households, people or things.
pub fn count(text: &str, style: Style) -> Result<Read<u64>, ValueError> {
    let (figure, rules) = match figure(text, style, &COUNT_UNITS)? {
        Read::Missing(rules) => return Ok(Read::Missing(rules)),
        Read::Known { value, rules } => (value, rules),
    };
    let whole = figure.fraction.chars().all(|c| c == '0');
    let zero = whole && figure.whole.chars().all(|c| c == '0');
    if figure.negative && !zero {
        return Err(ValueError::Negative(text.to_owned()));
    }
    if !whole {
        return Err(ValueError::Fractional(text.to_owned()));
    }
    let most = if style.total { u64::MAX } else { COUNT_MAX };
    let value = figure.whole.parse::<u64>().ok().filter(|value| *value <= most);
    let value = value.ok_or_else(|| ValueError::Huge(text.to_owned()))?;
    Ok(Read::Known { value, rules })
}

/// An area in square metres, a cost or another measured number.
pub fn number(text: &str, style: Style) -> Result<Read<f64>, ValueError> {
    let (figure, rules) = match figure(text, style, &NUMBER_UNITS)? {
        Read::Missing(rules) => return Ok(Read::Missing(rules)),
        Read::Known { value, rules } => (value, rules),
    };
    let unreadable = || ValueError::Unreadable(text.to_owned());
    let value: f64 = format!("{}.{}0", figure.whole, figure.fraction).parse().map_err(|_| unreadable())?;
    if figure.negative && value != 0.0 {
        return Err(ValueError::Negative(text.to_owned()));
    }
    if !value.is_finite() || value > NUMBER_MAX {
        return Err(ValueError::Huge(text.to_owned()));
    }
    // A fraction of zeros is as good a number as none.
    let rules = rules.into_iter().filter(|rule| *rule != Rule::Decimal).collect();
    Ok(Read::Known { value, rules })
}

const COUNT_UNITS: [&str; 12] = ["户", "戶", "人", "口", "名", "个", "個", "栋", "棟", "幢", "家", "位"];
const NUMBER_UNITS: [&str; 9] = ["平方米", "平米", "㎡", "m2", "m²", "M2", "元", "人", "米"];
const OTHER_UNITS: [&str; 14] =
    ["亩", "畝", "公顷", "公頃", "平方公里", "km2", "km²", "%", "‰", "亿", "億", "千", "百", "平方千米"];
const ROUND: [&str; 12] = ["大约", "大約", "约", "約", "近", "~", "≈", "超", "逾", "上万", "不足", "将近"];
const ROUND_AFTER: [&str; 8] = ["左右", "以上", "以下", "余", "餘", "多", "+", "上下"];

/// Decimal digits as written, without sign.
#[derive(Debug)]
struct Figure {
    negative: bool,
    whole: String,
    fraction: String,
}

fn figure(text: &str, style: Style, units: &[&str]) -> Result<Read<Figure>, ValueError> {
    let mut rules = Vec::new();
    let plain = plain_with(text, &mut rules);
    if let Some(missing) = missing(text, &plain) {
        return Ok(missing);
    }
    if is_scientific(&plain) {
        return Err(ValueError::Scientific(text.to_owned()));
    }
    let mut body = plain.as_str();
    if let Some(rest) = body.strip_prefix('\'') {
        body = rest.trim_start();
        rules.push(Rule::Apostrophe);
    }
    let unit = |body: &mut &str, rules: &mut Vec<Rule>| {
        if let Some(rest) = units.iter().find_map(|unit| body.strip_suffix(unit)) {
            *body = rest.trim_end();
            rules.push(Rule::Unit);
        }
    };
    let mut round = false;
    if let Some(rest) = ROUND.iter().find_map(|word| body.strip_prefix(word)) {
        (body, round) = (rest.trim_start(), true);
    }
    unit(&mut body, &mut rules);
    if let Some(rest) = ROUND_AFTER.iter().find_map(|word| body.strip_suffix(word)) {
        (body, round) = (rest.trim_end(), true);
        unit(&mut body, &mut rules);
    }
    let other = OTHER_UNITS.iter().find_map(|other| body.strip_suffix(other));
    if other.is_some_and(|rest| rest.trim_end().ends_with(|c: char| c.is_ascii_digit() || c == '万')) {
        return Err(ValueError::Unit(text.to_owned()));
    }
    let range = ["-", "~", "—", "–", "至", "到"].iter().find_map(|dash| {
        let (low, high) = body.split_once(dash)?;
        (!low.trim().is_empty()).then_some((low, high))
    });
    let read = |part: &str, rules: &mut Vec<Rule>| digits(part.trim(), text, style, rules);
    let figure = match range {
        Some((low, high)) => {
            let mut low = low.trim();
            unit(&mut low, &mut rules);
            let whole = |part: &str, rules: &mut Vec<Rule>| {
                let figure = read(part, rules)?;
                let small = figure.whole.len() < 12 && !figure.negative && figure.fraction.is_empty();
                let value = figure.whole.parse::<u64>().ok().filter(|_| small);
                value.ok_or_else(|| ValueError::Unreadable(text.to_owned()))
            };
            let (low, high) = (whole(low, &mut rules)?, whole(high, &mut rules)?);
            if low > high {
                return Err(ValueError::Unreadable(text.to_owned()));
            }
            round = true;
            Figure { negative: false, whole: low.midpoint(high).to_string(), fraction: String::new() }
        }
        None => read(body, &mut rules)?,
    };
    if round {
        if !style.approximate {
            return Err(ValueError::Approximate(text.to_owned()));
        }
        rules.push(Rule::Approximate);
    }
    rules.dedup();
    Ok(Read::Known { value: figure, rules })
}

/// One number with its sign, separators of thousands and 万.
fn digits(body: &str, text: &str, style: Style, rules: &mut Vec<Rule>) -> Result<Figure, ValueError> {
    let unreadable = || ValueError::Unreadable(text.to_owned());
    let accounting = body.strip_prefix('(').and_then(|b| b.strip_suffix(')'));
    let signed = body.strip_prefix('-').or(accounting);
    let (negative, body) = (signed.is_some(), signed.unwrap_or(body).trim());
    let many = body.strip_suffix(['万', '萬']);
    let body = many.unwrap_or(body).trim_end();
    let (whole, fraction) = body.split_once('.').map_or((body, None), |(w, f)| (w, Some(f)));
    let is_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let mut fraction = fraction.unwrap_or("").to_owned();
    let mut whole = whole.to_owned();
    if body.contains('.') && !is_digits(&fraction) {
        return Err(unreadable());
    }
    if whole.contains(',') {
        let groups: Vec<&str> = whole.split(',').collect();
        let sound = groups.iter().all(|group| is_digits(group))
            && (1..=3).contains(&groups[0].len())
            && groups[1..].iter().all(|group| group.len() == 3);
        let pair = groups.len() == 2 && groups.iter().all(|group| is_digits(group)) && fraction.is_empty();
        if style.decimal_comma && pair {
            rules.push(Rule::DecimalComma);
            (whole, fraction) = (groups[0].to_owned(), groups[1].to_owned());
        } else if sound && groups[0] != "0" {
            rules.push(Rule::Thousands);
            whole = groups.concat();
        } else if pair {
            return Err(ValueError::DecimalComma(text.to_owned()));
        } else {
            return Err(unreadable());
        }
    }
    if !is_digits(&whole) || whole.len() + fraction.len() > 40 {
        return Err(unreadable());
    }
    if many.is_some() {
        rules.push(Rule::TenThousand);
        while fraction.len() < 4 {
            fraction.push('0');
        }
        whole.push_str(&fraction[..4]);
        fraction.drain(..4);
    } else if !fraction.is_empty() && fraction.bytes().all(|b| b == b'0') {
        rules.push(Rule::Decimal);
    }
    let short = whole.trim_start_matches('0');
    if short.len() < whole.len() && whole.len() > 1 {
        if many.is_none() && !(whole.len() == 1 && short.is_empty()) {
            rules.push(Rule::LeadingZeros);
        }
        whole = if short.is_empty() { "0".to_owned() } else { short.to_owned() };
    }
    Ok(Figure { negative, whole, fraction })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Option<u64> {
        match count(text, Style::default()) {
            Ok(Read::Known { value, .. }) => Some(value),
            Ok(Read::Missing(_)) => None,
            Err(error) => panic!("{text}: {error:?}"),
        }
    }

    #[test]
    fn certain_writings_are_read() {
        for (text, expected) in [
            ("12", 12),
            ("１，２００", 1200),
            ("1,200户", 1200),
            ("12.0", 12),
            ("1.2万", 12000),
            ("1.2345万人", 12345),
            ("０．５萬", 5000),
            ("\u{3000}35\u{a0}", 35),
            ("7588人", 7588),
            ("0", 0),
            ("0012", 12),
            ("'15", 15),
            ("1.23450万", 12345),
        ] {
            assert_eq!(known(text), Some(expected), "{text}");
        }
        for text in ["", "—", "－", "-", "无", "無", "/", "\\", "空", "N/A", "暂无", "\u{3000}"] {
            assert_eq!(known(text), None, "{text}");
        }
    }

    #[test]
    fn the_rest_is_refused() {
        let error = |text: &str| count(text, Style::default()).expect_err(text);
        for text in ["约1200", "100-120", "1200余人", "近1万", "100至120户", "1200+"] {
            assert_eq!(error(text), ValueError::Approximate(text.to_owned()));
        }
        assert_eq!(error("-5"), ValueError::Negative("-5".to_owned()));
        assert_eq!(error("2.5"), ValueError::Fractional("2.5".to_owned()));
        assert_eq!(error("1.23456万"), ValueError::Fractional("1.23456万".to_owned()));
        assert_eq!(error("1.2E+3"), ValueError::Scientific("1.2E+3".to_owned()));
        assert_eq!(error("12,34"), ValueError::DecimalComma("12,34".to_owned()));
        assert_eq!(error("3千"), ValueError::Unit("3千".to_owned()));
        for text in ["NaN1", "一百", "1 200", "1,2,3", "++1", "1..2", ".", "万", "户", "5.万"] {
            assert_eq!(error(text), ValueError::Unreadable(text.to_owned()));
        }
        assert!(matches!(error("120106001001"), ValueError::Huge(_)));
    }

    #[test]
    fn round_figures_are_taken_if_allowed() {
        let style = Style { approximate: true, ..Style::default() };
        let rules = vec![Rule::Approximate];
        assert_eq!(count("约1200", style), Ok(Read::Known { value: 1200, rules: rules.clone() }));
        assert_eq!(count("100-120", style), Ok(Read::Known { value: 110, rules }));
        assert!(count("120-100", style).is_err());
    }

    #[test]
    fn areas_lose_their_unit() {
        let read = |text| number(text, Style::default());
        assert_eq!(read("650㎡"), Ok(Read::Known { value: 650.0, rules: vec![Rule::Unit] }));
        assert_eq!(
            read("1,650.5平方米"),
            Ok(Read::Known { value: 1650.5, rules: vec![Rule::Unit, Rule::Thousands] })
        );
        assert!(matches!(read("650,5"), Err(ValueError::DecimalComma(_))));
        assert!(matches!(read("3亩"), Err(ValueError::Unit(_))));
        let style = Style { decimal_comma: true, ..Style::default() };
        assert_eq!(number("650,5", style), Ok(Read::Known { value: 650.5, rules: vec![Rule::DecimalComma] }));
    }
}
