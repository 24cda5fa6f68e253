//! The page: what it escapes, what it leaves out, and the same bytes again.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Lang, PageError, html};
use crate::model::layers::WrittenLayers;

fn page(plan: &Value, files: &[(&str, &str)]) -> String {
    let files: BTreeMap<&str, &[u8]> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let layers = WrittenLayers::read(|name| files.get(name).copied()).expect("layers");
    String::from_utf8(html(plan, &layers, &files, Lang::Zh).expect("a page")).expect("UTF-8")
}

/// The data the page carries, read back from between its tags.
fn embedded(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").expect("data begin");
    let (data, _) = rest.split_once("</script>").expect("data end");
    serde_json::from_str(data).expect("data are JSON")
}

const GRIDS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[117,35],[117.001,35],[117.001,35.001],[117,35]]]},
 "properties":{"code":"990101001001001","name":"</script><img src=x onerror=alert(1)>\"'","households":3}}]}"#;

#[test]
fn an_empty_plan_has_a_page() {
    for plan in [json!({}), Value::Null, json!([]), json!({"partition": 3, "siting": null, "coverage": []})] {
        let page = page(&plan, &[]);
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
        assert_eq!(embedded(&page)["plan"], plan);
    }
}

#[test]
fn names_of_markup_are_inert() {
    let evil = "</script><!--<img src=x onerror=alert(1)>\"'{{script}}";
    let plan = json!({"place": {"name": evil, "date": evil}, "partition": {"grids": 1, "in_range": 1}});
    let page = page(&plan, &[("grids.geojson", GRIDS), ("problems.csv", "severity\n</script><b>\n")]);
    assert!(!page.contains("<img") && !page.contains("<!--") && !page.contains("<b>"));
    // Only the tags of the frame: the data and the script.
    assert_eq!(page.matches("</script>").count(), 2);
    let data = embedded(&page);
    assert_eq!(data["plan"], plan);
    assert_eq!(data["grids"]["name"][0], json!("</script><img src=x onerror=alert(1)>\"'"));
    assert!(page.contains("{{script}}"), "a value is not taken for a mark");
}

#[test]
fn the_page_names_no_address_and_forbids_all_requests() {
    let page = page(&json!({}), &[]);
    assert!(page.contains("default-src 'none'"));
    for word in ["src=\"", "href=\"http", "@import", "url(", "fetch(", "XMLHttpRequest", "eval("] {
        assert!(!page.contains(word), "{word}");
    }
    // The only address is the name of the SVG namespace, which nobody asks for.
    assert_eq!(page.matches("http").count(), page.matches("http-equiv").count() + 1);
}

#[test]
fn the_policy_admits_this_script_and_style_only() {
    let page = page(&json!({}), &[]);
    for (begin, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
        let (_, rest) = page.split_once(begin).expect("begin");
        let (source, _) = rest.split_once(end).expect("end");
        assert!(page.contains(&super::source_hash(source)), "{begin}");
    }
    assert!(!page.contains("unsafe-inline"));
}

#[test]
fn equal_plans_give_equal_bytes() {
    let plan = json!({"place": {"name": "甲"}, "partition": {"grids": 2, "in_range": 1}});
    let files = [("grids.geojson", GRIDS), ("siting.csv", "rank,candidate\n1,H1\n")];
    assert_eq!(page(&plan, &files), page(&plan, &files));
}

#[test]
fn a_broken_table_is_named() {
    let files = BTreeMap::from([("plans.csv", [0xff].as_slice())]);
    let error = html(&json!({}), &WrittenLayers::default(), &files, Lang::En).expect_err("no text");
    assert!(matches!(&error, PageError::Table { file } if file == "plans.csv"), "{error}");
}

#[test]
fn main_figures_are_text_without_a_script() {
    let plan = json!({
        "place": {"name": "清禾街道", "population": 1000, "households": 400, "communities": 2},
        "partition": {"grids": 4, "in_range": 3, "exclusive": 1},
        "rules": {"grids": {"households_min": 300, "households_max": 500}},
        "coverage": {"share": 0.5, "covered": 500, "population": 1000, "within_minutes": 15.0,
            "groups": {"older": {"share": 0.25, "population": 200}, "child": {"share": 0.75, "population": 90}}},
        "siting": {"new": 2, "covered_before": 500, "covered_after": 900},
    });
    let page = page(&plan, &[]);
    let head = page.split_once("<main").map(|(head, _)| head).expect("a main part");
    for text in
        ["清禾街道", "基础网格 3 个，专属网格 1 个", "1 个例外", "50.0%", "25.0%", "75.0%", "升至 90.0%"]
    {
        assert!(head.contains(text), "{text}");
    }
}

#[test]
fn every_part_may_be_missing() {
    let coverage =
        json!({"place": {"name": "甲"}, "coverage": {"share": 0.5, "covered": 1, "population": 2}});
    assert!(page(&coverage, &[]).contains("党群服务中心步行覆盖报告"));
    assert!(page(&json!({"partition": {}}), &[]).contains("本辖区网格划分报告"));
}
