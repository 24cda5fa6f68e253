//! What people call coordinate systems.
//!
//! Case, spaces, hyphens, underscores, colons and full-width forms do not matter. Understood are
//! `EPSG:` and the registry's number, OGC's URN and address, the names in `.prj` files, and:
//!
//! | written | taken as |
//! |---|---|
//! | WGS84, GPS, CRS84, CGCS2000, 国家2000, 2000国家大地坐标系, 天地图 | degrees |
//! | GCJ-02, 火星坐标, 国测局坐标, 高德, 腾讯 | GCJ-02 |
//! | BD-09, 百度 | BD-09 (degrees; the metres BD-09 MC are not known) |
//! | CGCS2000 3度带 38带, CGCS2000_3_Degree_GK_Zone_38 | EPSG:4526, the number in front of eastings |
//! | 高斯克吕格 114E, CGCS2000 中央经线114 | EPSG:4547, no number in front |
//! | HK80, 香港1980 | EPSG:2326 |
//!
//! A zone by number (带号) has the number in front; numbers 13–23 are 6 degrees wide, 25–45 are 3.
//! A zone by meridian has none and is 3 degrees wide unless the name says 6; both widths have the
//! same metres. Xi'an 1980 and Beijing 1954 are not known: their shifts to CGCS2000 are not public.

use super::{System, Zone};

/// The system of that name; `None` if it is not known.
pub(super) fn system(name: &str) -> Option<System> {
    let plain = plain(name);
    if let Some(code) = registry_number(name, &plain) {
        return System::of_epsg(code);
    }
    let bare = plain.strip_suffix("坐标系").or_else(|| plain.strip_suffix("坐标")).unwrap_or(&plain);
    let bare = bare.strip_suffix("地图").filter(|rest| *rest != "天").unwrap_or(bare);
    match bare {
        "WGS84"
        | "WGS1984"
        | "GCSWGS1984"
        | "GCSWGS84"
        | "GPS"
        | "CRS84"
        | "CGCS2000"
        | "GCSCGCS2000"
        | "天地"
        | "天地图"
        | "TIANDITU"
        | "国家2000"
        | "2000国家大地"
        | "国家大地2000"
        | "大地2000"
        | "CHINAGEODETICCOORDINATESYSTEM2000"
        | "GCSCHINAGEODETICCOORDINATESYSTEM2000" => Some(System::Degrees),
        "GCJ02" | "GCJ" | "火星" | "国测局" | "高德" | "腾讯" | "AMAP" | "GAODE" | "TENCENT" => {
            Some(System::Gcj02)
        }
        "BD09" | "BD09LL" | "百度" | "BAIDU" => Some(System::Bd09),
        "HK80"
        | "HK1980"
        | "HK80GRID"
        | "HK1980GRID"
        | "HONGKONG1980GRID"
        | "HONGKONG1980GRIDSYSTEM"
        | "香港1980"
        | "香港1980方格网" => Some(System::HongKong1980),
        _ if bare.ends_with("CRS84") && bare.contains("OGC") => Some(System::Degrees),
        _ => zone(bare).map(System::GaussKruger),
    }
}

/// Upper case, half width, without separators.
fn plain(name: &str) -> String {
    name.chars()
        .take(200)
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            'ü' | 'Ü' => 'U',
            '°' => '度',
            other => other,
        })
        .filter(|c| !c.is_whitespace() && !"-_:/()[]\"'，,、.—–".contains(*c))
        .flat_map(char::to_uppercase)
        .collect()
}

/// The number of a name that says EPSG, or is nothing but a number.
fn registry_number(name: &str, plain: &str) -> Option<u32> {
    let known = plain.contains("EPSG");
    let last = name.trim().rsplit([':', '：', '/', ' ']).next()?;
    if known && let Ok(code) = self::plain(last).trim_start_matches("EPSG").parse() {
        return Some(code);
    }
    (4..=5).contains(&plain.len()).then(|| plain.parse().ok()).flatten()
}

/// A Gauss–Krüger zone of CGCS2000 described in words.
fn zone(text: &str) -> Option<Zone> {
    let other = ["XIAN", "XI'AN", "西安", "BEIJING", "北京", "1954", "1980", "WGS", "UTM", "PULKOVO", "TWD"];
    let ours = ["CGCS2000", "国家2000", "2000国家", "大地2000", "高斯", "GAUSSKR", "3度带", "6度带"];
    if other.iter().any(|word| text.contains(word)) || !ours.iter().any(|word| text.contains(word)) {
        return None;
    }
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let narrow = says(&["3度", "三度", "3DEG"]) && !says(&["13度", "23度", "33度"]);
    let wide = says(&["6度带", "六度", "6DEG"]);
    if narrow && wide {
        return None;
    }
    // Words of the width and of the datum hold digits of their own.
    let mut rest = text.to_owned();
    for word in ["CGCS2000", "国家2000", "2000国家大地", "大地2000", "3度分带", "6度分带", "3度带", "6度带"]
    {
        rest = rest.replace(word, " ");
    }
    for word in ["三度带", "六度带", "3DEGREE", "6DEGREE", "3DEG", "6DEG"] {
        rest = rest.replace(word, " ");
    }
    let (value, before, after) = only_number(&rest)?;
    let by_number = before.ends_with("ZONE") || before.ends_with("带号") || after.starts_with('带');
    let by_meridian = after.starts_with('E')
        || after.starts_with('度')
        || before.ends_with("CM")
        || before.ends_with("经线")
        || before.ends_with("子午线");
    if by_number && !by_meridian {
        return Zone::of_number(value)
            .filter(|zone| !(narrow && zone.width() == 6 || wide && zone.width() == 3));
    }
    let english = !narrow && (before.ends_with("GKCM") || before.ends_with("KRUGERCM"));
    by_meridian.then(|| Zone::around(value, wide || english)).flatten()
}

/// The one number in a text, with what stands before and after it.
fn only_number(text: &str) -> Option<(u32, &str, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let length = text[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - start);
    let (before, after) = (&text[..start], &text[start + length..]);
    let alone = !after.contains(|c: char| c.is_ascii_digit());
    let value = text[start..start + length].parse().ok()?;
    alone.then_some((value, before.trim_end(), after.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write() {
        for (written, label) in [
            ("EPSG:4547", "EPSG:4547"),
            ("EPSG：4547", "EPSG:4547"),
            ("ｅｐｓｇ：４５４７", "EPSG:4547"),
            ("urn:ogc:def:crs:EPSG::4547", "EPSG:4547"),
            ("http://www.opengis.net/def/crs/EPSG/0/4526", "EPSG:4526"),
            ("4547", "EPSG:4547"),
            ("wgs84", "EPSG:4490"),
            ("WGS-84", "EPSG:4490"),
            ("WGS 84 坐标系", "EPSG:4490"),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4490"),
            ("天地图", "EPSG:4490"),
            ("2000国家大地坐标系", "EPSG:4490"),
            ("火星坐标", "GCJ-02"),
            ("火星坐标系", "GCJ-02"),
            ("高德地图", "GCJ-02"),
            ("gcj02", "GCJ-02"),
            ("百度坐标", "BD-09"),
            ("BD-09", "BD-09"),
            ("CGCS2000 3度带 38带", "EPSG:4526"),
            ("CGCS2000 三度带 第38带", "EPSG:4526"),
            ("CGCS2000 6度带 19带", "EPSG:4497"),
            ("高斯克吕格 114E", "EPSG:4547"),
            ("高斯-克吕格 中央经线 114", "EPSG:4547"),
            ("高斯克吕格 6度带 117°E", "EPSG:4509"),
            ("CGCS2000 3度带 中央子午线114°", "EPSG:4547"),
            ("CGCS2000_3_Degree_GK_Zone_38", "EPSG:4526"),
            ("CGCS2000_3_Degree_GK_CM_114E", "EPSG:4547"),
            ("CGCS2000_GK_Zone_19", "EPSG:4497"),
            ("CGCS2000_GK_CM_117E", "EPSG:4509"),
            ("CGCS2000 / 3-degree Gauss-Kruger CM 114E", "EPSG:4547"),
            ("CGCS2000 / Gauss-Krüger zone 19", "EPSG:4497"),
            ("HK80", "EPSG:2326"),
            ("EPSG:2326", "EPSG:2326"),
        ] {
            assert_eq!(system(written).map(System::label).as_deref(), Some(label), "{written}");
        }
    }

    #[test]
    fn what_is_not_known() {
        for written in [
            "",
            " ",
            "EPSG:3857",
            "EPSG:2383",
            "西安80 3度带 38带",
            "Xian_1980_3_Degree_GK_Zone_38",
            "北京54",
            "Beijing_1954_GK_Zone_19",
            "经纬度",
            "38带",
            "CGCS2000 3度带",
            "CGCS2000 3度带 19带",
            "CGCS2000 6度带 38带",
            "高斯克吕格 115E",
            "UTM zone 50N",
            "BD09MC",
            "EPSG:",
            "EPSG:99999999999",
            "CGCS2000 38带 114E",
            "4",
        ] {
            assert_eq!(system(written), None, "{written}");
        }
    }

    #[test]
    fn labels_and_names_read_back() {
        for code in (4491..=4554).chain([2326, 4490]) {
            let found = System::of_epsg(code).expect("supported");
            assert_eq!(system(&found.label()), Some(found));
            if let System::GaussKruger(zone) = found {
                assert_eq!(system(&zone.name()), Some(found), "{}", zone.name());
            }
        }
    }
}
