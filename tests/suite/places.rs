//! Real places, read where they lie: sums kept to the person, every exception explained, and the
//! defects of the sources found.
//!
//! The folder comes from `WANGGE_PLACES`, or lies at `../shared/data/places` beside this
//! repository. Where there is none, each test says so, and under `CI` it fails.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The folder of real places, or `None` after saying that nothing was run.
fn places(test: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = match std::env::var_os("WANGGE_PLACES") {
        Some(folder) => {
            let folder = PathBuf::from(folder);
            assert!(folder.is_dir(), "WANGGE_PLACES names no folder: {}", folder.display());
            Some(folder)
        }
        None => Some(here.join("../shared/data/places")).filter(|folder| folder.is_dir()),
    };
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{test}: set WANGGE_PLACES to the folder of real places; it is needed under CI"
        );
        report_not_run(test);
    }
    found.map(|folder| folder.canonicalize().expect("a folder that is there"))
}

/// Straight to stderr, because the test harness hides what a passing test prints.
fn report_not_run(test: &str) {
    let line = format!("not run: {test}: set WANGGE_PLACES to the folder of real places");
    writeln!(std::io::stderr(), "{line}").expect("stderr is there");
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(path: &Path, content: &str) {
    std::fs::write(path, content).expect("a file can be written");
}

/// Rows of a plain table, the header first; sources with quotation marks are not plain.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = text(path);
    assert!(!text.contains('"'), "{}: quotation marks", path.display());
    text.trim_start_matches('\u{feff}')
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split(',').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// The sum of a column.
fn sum(table: &[Vec<String>], column: &str) -> u64 {
    let index = table[0].iter().position(|name| name == column).expect("the column is there");
    table[1..].iter().map(|row| row[index].parse::<u64>().expect("a count")).sum()
}

/// The row a spreadsheet shows for the line that holds a word.
fn row_of(path: &Path, word: &str) -> String {
    let text = text(path);
    let line = text.lines().position(|line| line.contains(word));
    format!("row {}", line.unwrap_or_else(|| panic!("{word} is not in {}", path.display())) + 1)
}

struct Answer {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Answer {
    fn json(&self) -> Value {
        let parsed = serde_json::from_str(&self.stdout);
        parsed.unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

fn wangge(folder: &Path, arguments: &[&str]) -> Answer {
    let output = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let answer =
        Answer { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!(!answer.stderr.contains("panicked"), "{arguments:?}: {}", answer.stderr);
    answer
}

/// Lays out a place as its template says: every fourth site by name is a centre.
fn lay_out(name: &str, places: &Path) -> TempDir {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/places/{name}.toml"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = places.display().to_string().replace('\\', "/");
    write(&folder.path().join("place.toml"), &text(&template).replace("${PLACES}", &root));
    let mut sites = rows(&places.join(name).join("candidate_sites.csv"));
    let header = sites.remove(0).join(",");
    sites.sort();
    assert!(sites.len() >= 8, "{name}: only {} sites", sites.len());
    for (file, centres) in [("centres.csv", true), ("candidates.csv", false)] {
        let chosen = sites.iter().enumerate().filter(|(i, _)| (i % 4 == 0) == centres);
        let lines: String = chosen.map(|(_, row)| row.join(",") + "\n").collect();
        write(&folder.path().join(file), &format!("{header}\n{lines}"));
    }
    folder
}

/// A place planned and judged: its summary, and the problems `check` finds.
struct Planned {
    folder: TempDir,
    summary: Value,
    problems: Vec<Value>,
}

fn planned(name: &str, places: &Path) -> Planned {
    let folder = lay_out(name, places);
    let plan = wangge(folder.path(), &["plan", ".", "--out", "plan", "--json"]);
    assert!(matches!(plan.code, Some(0 | 1)), "{name}: exit {:?}\n{}", plan.code, plan.stderr);
    let verify = wangge(folder.path(), &["verify", ".", "plan"]);
    assert_eq!(verify.code, Some(0), "{name}: {}{}", verify.stdout, verify.stderr);
    assert_eq!(verify.stdout, "no fault found\n", "{name}");
    let summary: Value =
        serde_json::from_str(&text(&folder.path().join("plan/plan.json"))).expect("plan.json is JSON");
    let check = wangge(folder.path(), &["check", ".", "--json"]);
    let problems = check.json()["problems"].as_array().expect("a list of problems").clone();
    Planned { folder, summary, problems }
}

/// What holds for every place, whatever its shape.
fn judge(name: &str, places: &Path, planned: &Planned) {
    let table = rows(&places.join(name).join("units_population.csv"));
    let (households, population) = (sum(&table, "households"), sum(&table, "population"));
    assert!(population > 1000, "{name}: {population} people");
    let summary = &planned.summary;
    assert_eq!(summary["place"]["households"].as_u64(), Some(households), "{name}");
    assert_eq!(summary["place"]["population"].as_u64(), Some(population), "{name}");

    let partition = &summary["partition"];
    let grids = partition["grids"].as_u64().expect("a number of grids");
    assert!(grids > 0, "{name}");
    assert_eq!(partition["disconnected"], 0, "{name}");
    assert_eq!(partition["empty"], 0, "{name}");
    let out = partition["out_of_range"].as_array().expect("a list");
    let in_range = partition["in_range"].as_u64().expect("a number");
    assert_eq!(in_range + out.len() as u64, grids, "{name}");
    for grid in out {
        let reason = grid["reason"].as_str().unwrap_or_default();
        assert!(!reason.trim().is_empty(), "{name}: {grid} has no reason");
    }
    let plan = planned.folder.path().join("plan");
    let layer: Value = serde_json::from_str(&text(&plan.join("grids.geojson"))).expect("grids are JSON");
    let features = layer["features"].as_array().expect("features");
    let total = |key: &str| features.iter().filter_map(|f| f["properties"][key].as_u64()).sum::<u64>();
    assert_eq!(total("households"), households, "{name}: households of all grids");
    assert_eq!(total("population"), population, "{name}: people of all grids");
    let coverage = rows(&plan.join("coverage.csv"));
    assert_eq!(sum(&coverage, "population"), population, "{name}: people of coverage.csv");
    let errors = planned.problems.iter().filter(|p| p["severity"] == "error").count();
    assert_eq!(errors, 0, "{name}: {:?}", planned.problems);
}

/// The problems of one kind that mention a word.
fn found<'a>(planned: &'a Planned, kinds: &[&str], word: &str) -> Vec<&'a Value> {
    let of_kind = |p: &&Value| kinds.iter().any(|kind| p["kind"] == *kind);
    let says = |p: &&Value| p["message"].as_str().is_some_and(|message| message.contains(word));
    planned.problems.iter().filter(of_kind).filter(says).collect()
}

/// Asserts that a site is reported at its own row of its own file.
#[track_caller]
fn assert_site_reported(planned: &Planned, kinds: &[&str], name: &str) {
    let reported = found(planned, kinds, name);
    assert_eq!(reported.len(), 1, "{name}: {:?}", planned.problems);
    let file = reported[0]["file"].as_str().expect("a file");
    assert!(["centres.csv", "candidates.csv"].contains(&file), "{file}");
    assert_eq!(reported[0]["at"], row_of(&planned.folder.path().join(file), name).as_str());
}

#[test]
fn daan_a_dense_city() {
    let Some(places) = places("daan_a_dense_city") else { return };
    let planned = planned("daan_urban", &places);
    judge("daan_urban", &places, &planned);
    let number = |key: &str| planned.summary["partition"][key].as_u64().expect("a number");
    let (grids, in_range) = (number("grids"), number("in_range"));
    assert!(in_range * 10 >= grids * 9, "{in_range} of {grids} grids are in range");
    // One hall stands in Daan by its position and in another county by its address; three more
    // belong to neighbouring districts.
    let kinds = ["SiteForeign", "CentreForeign"];
    assert_site_reported(&planned, &kinds, "上舘里民眾活動中心");
    assert!(found(&planned, &kinds, "").len() >= 4, "{:?}", planned.problems);
}

#[test]
fn jian_the_edge_of_a_town() {
    let Some(places) = places("jian_the_edge_of_a_town") else { return };
    // Its positions have a height.
    let layer = text(&places.join("jian_suburban/units.geojson"));
    let value: Value = serde_json::from_str(&layer).expect("the layer is JSON");
    let mut position = &value["features"][0]["geometry"]["coordinates"];
    while position[0].is_array() {
        position = &position[0];
    }
    assert_eq!(position.as_array().map(Vec::len), Some(3), "the source has changed");
    let planned = planned("jian_suburban", &places);
    judge("jian_suburban", &places, &planned);
}

#[test]
fn renai_villages_in_the_mountains() {
    let Some(places) = places("renai_villages_in_the_mountains") else { return };
    let planned = planned("renai_mountain", &places);
    judge("renai_mountain", &places, &planned);
    // A village under two codes: one in the polygons, the other in the ledger.
    let pairs = found(&planned, &["LikelyPair"], "10008130017");
    assert_eq!(pairs.len(), 1, "{:?}", planned.problems);
    let (pair, ledger) = (pairs[0], places.join("renai_mountain/communities_population.csv"));
    assert!(pair["message"].as_str().is_some_and(|m| m.contains("10008130007")), "{pair}");
    assert_eq!(pair["severity"], "warning");
    assert!(pair["file"].as_str().is_some_and(|f| f.ends_with("communities_population.csv")), "{pair}");
    assert_eq!(pair["at"], row_of(&ledger, "10008130007").as_str());
    let bare = found(&planned, &["CommunityWithoutRow"], "10008130017");
    assert_eq!(bare.len(), 1, "{:?}", planned.problems);
    // One site lies nowhere: both its coordinates are empty.
    assert_site_reported(&planned, &["PositionMissing"], "力行國小翠巒分校");
}

#[test]
fn nangan_islands_and_skerries() {
    let Some(places) = places("nangan_islands_and_skerries") else { return };
    let planned = planned("nangan_islands", &places);
    judge("nangan_islands", &places, &planned);
}

/// Communities planned from two files alone.
const SHORTCUT_COMMUNITIES: usize = 4;

#[test]
fn two_files_are_enough() {
    let Some(places) = places("two_files_are_enough") else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let daan = places.join("daan_urban");
    let layer = text(&daan.join("communities.geojson"));
    let renamed = layer.replace("\"community_code\"", "\"code\"").replace("\"community_name\"", "\"name\"");
    assert_ne!(layer, renamed);
    // A corner of the district is enough to show it; so are the rows of the ledger that belong to it.
    let mut collection: Value = serde_json::from_str(&renamed).expect("the layer is JSON");
    let features = collection["features"].as_array_mut().expect("features");
    features.truncate(SHORTCUT_COMMUNITIES);
    let codes: Vec<String> =
        features.iter().filter_map(|f| f["properties"]["code"].as_str().map(str::to_owned)).collect();
    assert_eq!(codes.len(), SHORTCUT_COMMUNITIES);
    let mut table = rows(&daan.join("communities_population.csv"));
    let index = |name: &str| table[0].iter().position(|c| c == name).expect("the column is there");
    let (code, households, population) = (index("community_code"), index("households"), index("population"));
    let mut number = 0;
    table.retain(|row| {
        number += 1;
        number == 1 || codes.contains(&row[code])
    });
    assert_eq!(table.len(), SHORTCUT_COMMUNITIES + 1);
    write(&folder.path().join("communities.geojson"), &collection.to_string());
    let lines = table[1..].iter().map(|r| format!("{},{},{}\n", r[code], r[households], r[population]));
    let lines: String = lines.collect();
    write(&folder.path().join("population.csv"), &format!("code,households,population\n{lines}"));

    let shortcut = ["--boundaries", "communities.geojson", "--population", "population.csv"];
    let plan = [&["plan"], &shortcut[..], &["--crs", "EPSG:4326", "--out", "plan"]].concat();
    let answer = wangge(folder.path(), &plan);
    assert!(matches!(answer.code, Some(0 | 1)), "exit {:?}\n{}", answer.code, answer.stderr);
    let summary: Value =
        serde_json::from_str(&text(&folder.path().join("plan/plan.json"))).expect("plan.json is JSON");
    let place = &summary["place"];
    assert_eq!(place["households"].as_u64(), Some(sum(&table, "households")));
    assert_eq!(place["population"].as_u64(), Some(sum(&table, "population")));
    assert_eq!(place["communities"].as_u64(), Some(table.len() as u64 - 1));
    assert_eq!(place["atom_kind"], "hexagons");
    assert_eq!(summary["partition"]["disconnected"], 0);
    assert_eq!(summary["partition"]["empty"], 0);
    let verify = wangge(folder.path(), &[&["verify", "plan"], &shortcut[..]].concat());
    assert_eq!(verify.code, Some(0), "{}{}", verify.stdout, verify.stderr);
    assert_eq!(verify.stdout, "no fault found\n");
}

/// A place of 20 communities whose population table is one of the messy ledgers.
fn with_ledger(places: &Path, file: &str, extra: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = places.display().to_string().replace('\\', "/");
    let layer: Value =
        serde_json::from_str(&text(&places.join("daan_urban/communities.geojson"))).expect("GeoJSON");
    let table = rows(&places.join("daan_urban/communities_population.csv"));
    let code = table[0].iter().position(|name| name == "community_code").expect("a code");
    let first: Vec<&str> = table[1..21].iter().map(|row| row[code].as_str()).collect();
    let features: Vec<&Value> = layer["features"]
        .as_array()
        .expect("features")
        .iter()
        .filter(|f| first.contains(&f["properties"]["community_code"].as_str().unwrap_or_default()))
        .collect();
    let kept = serde_json::json!({"type": "FeatureCollection", "features": features});
    write(&folder.path().join("communities.geojson"), &kept.to_string());
    let toml = format!(
        "[place]\nname = \"messy\"\ncrs = \"EPSG:4326\"\n[communities]\nfile = \"communities.geojson\"\n\
         code = \"community_code\"\nname = \"community_name\"\n[communities.population]\nfile = \"{root}/messy_ledgers/{file}\"\n{extra}"
    );
    write(&folder.path().join("place.toml"), &toml);
    folder
}

#[test]
fn messy_ledgers_are_read_to_the_last_household() {
    let Some(places) = places("messy_ledgers") else { return };
    for file in ["ledger_gbk.csv", "ledger_utf16.txt", "ledger_merged.xlsx"] {
        let folder = with_ledger(&places, file, "");
        let check = wangge(folder.path(), &["check", ".", "--json"]);
        assert_eq!(check.code, Some(0), "{file}: {}", check.stderr);
        let found = check.json();
        let problems = found["problems"].as_array().expect("problems");
        let of = |kind: &str| problems.iter().filter(|p| p["kind"] == kind).count();
        let unmatched = of("RowWithoutCommunity") + of("CommunityWithoutRow") + of("LedgerRowLost");
        assert_eq!(unmatched, 0, "{file}: {problems:#?}");
        let out = wangge(folder.path(), &["partition", ".", "--out", "out", "--json"]);
        assert!(matches!(out.code, Some(0 | 1)), "{file}: {}", out.stderr);
        let place = &out.json()["place"];
        assert_eq!(
            (&place["communities"], &place["households"], &place["population"]),
            (&serde_json::json!(20), &serde_json::json!(46_666), &serde_json::json!(115_655))
        );
        if file == "ledger_gbk.csv" {
            assert_eq!(of("RowRepeated"), 1, "{problems:#?}");
            let repairs = text(&folder.path().join("out/repairs.csv"));
            for part in [",２４９０,2490,width", "\"5,154\",5154,thousands", "missing-mark", "unit"] {
                assert!(repairs.contains(part), "{part}: {repairs}");
            }
        }
    }
}

#[test]
fn centres_in_an_unnamed_system_are_told_and_read_when_it_is_named() {
    let Some(places) = places("messy_ledgers") else { return };
    let root = places.display().to_string().replace('\\', "/");
    let section = |crs: &str| {
        format!("[centres]\nfile = \"{root}/messy_ledgers/centres_bd09.csv\"\nname = \"中心名称\"\n{crs}")
    };
    let folder = with_ledger(&places, "ledger_gbk.csv", &section("crs = \"BD-09\"\n"));
    let out = wangge(folder.path(), &["coverage", ".", "--out", "out", "--json"]);
    assert!(matches!(out.code, Some(0 | 1)), "{}", out.stderr);
    let sites: Value =
        serde_json::from_str(&text(&folder.path().join("out/layers/sites.geojson"))).expect("GeoJSON");
    let expected = rows(&places.join("messy_ledgers/centres_expected.csv"));
    let mut near = 0;
    for row in &expected[1..] {
        let found = sites["features"]
            .as_array()
            .expect("features")
            .iter()
            .find(|f| f["properties"]["name"] == row[0].as_str());
        if row[3] == "no position" {
            assert!(found.is_none(), "{row:?} has a position");
            continue;
        }
        let at = &found.unwrap_or_else(|| panic!("{row:?} is missing"))["geometry"]["coordinates"];
        let off = |axis: usize, text: &str| {
            (at[axis].as_f64().expect("degrees") - text.parse::<f64>().expect("degrees")).abs()
        };
        // Six decimals are written, a tenth of a metre; the shift is undone to a millimetre.
        assert!(off(0, &row[1]) < 2e-6 && off(1, &row[2]) < 2e-6, "{row:?}: {at}");
        near += 1;
    }
    assert_eq!(near, 10);
}

#[test]
fn two_positions_of_a_centre_that_disagree_are_told() {
    let Some(places) = places("kowloon_centres") else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let square = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"code\":\"1\",\
                  \"name\":\"九龍\",\"households\":100,\"population\":260},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":\
                  [[[114.13,22.28],[114.27,22.28],[114.27,22.36],[114.13,22.36],[114.13,22.28]]]}}]}";
    write(&folder.path().join("areas.geojson"), square);
    let root = places.display().to_string().replace('\\', "/");
    let toml = format!(
        "[place]\nname = \"x\"\ncrs = \"EPSG:4326\"\n[communities]\nfile = \"areas.geojson\"\n[centres]\n\
         file = \"{root}/kowloon_centres/centres.csv\"\nname = \"name_zh\"\nx = \"hk80_easting\"\n\
         y = \"hk80_northing\"\nxy_crs = \"EPSG:2326\"\n"
    );
    write(&folder.path().join("place.toml"), &toml);
    let check = wangge(folder.path(), &["check", ".", "--json"]);
    assert_eq!(check.code, Some(0), "{}", check.stderr);
    let found = check.json();
    let apart =
        found["problems"].as_array().expect("a list").iter().filter(|p| p["kind"] == "PositionsDiffer");
    let mut told: Vec<&str> = apart.filter_map(|p| p["message"].as_str()).collect();
    told.sort_unstable();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|text| text.contains("1474 m")) && told.iter().any(|text| text.contains("61 m")));
}
