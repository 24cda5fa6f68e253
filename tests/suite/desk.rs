//! The planner's desk: files as an office has them, looked at and read.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use wangge::formats::shapefile::{FieldKind, Outgoing, write};
use wangge::io::read_place;

fn demo() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo")
}

fn wangge(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_wangge")).args(arguments).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_heap_of_files_becomes_a_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("示范街道");
    let demo = demo();
    let mut arguments: Vec<String> = ["init", "--yes", "--out"].map(str::to_owned).to_vec();
    arguments.push(out.display().to_string());
    let mut files: Vec<_> = std::fs::read_dir(&demo)
        .expect("the demo is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv" || e == "geojson"))
        .filter(|path| !path.to_string_lossy().contains("context"))
        .collect();
    files.sort();
    arguments.extend(files.iter().map(|path| path.display().to_string()));
    let borrowed: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, stdout, stderr) = wangge(&borrowed);
    assert!(matches!(code, Some(0 | 1)), "{stdout}{stderr}");
    // The same heap in another order, and what comes of it: the place of the demo's own file.
    let reading = read_place(&out);
    let place = reading.place.unwrap_or_else(|| panic!("{:?}", reading.problems));
    let own = read_place(&demo).place.expect("the demo has no errors");
    assert_eq!(place.name, "示范街道");
    assert_eq!(place.communities.len(), own.communities.len());
    assert_eq!(place.atoms.len(), own.atoms.len());
    assert_eq!(place.candidates.len(), own.candidates.len());
    assert_eq!(place.centres.len(), own.centres.len());
    assert_eq!(place.grids_in_force, own.grids_in_force);
    let people = |place: &wangge::model::place::Place| {
        place.atoms.iter().map(|a| u64::from(a.counts.population)).sum::<u64>()
    };
    assert_eq!(people(&place), people(&own));
    assert!(place.streets.is_some() && !place.barriers.lines.is_empty());
    let (again, _, told) = wangge(&borrowed);
    assert_eq!(again, Some(2), "an earlier place file is not overwritten: {told}");
}

/// The demo's communities as a Shapefile in zone 39, with their people, and a place file that names `crs`.
fn in_a_zone(folder: &Path, crs: &str) {
    let demo = demo();
    let text = std::fs::read_to_string(demo.join("communities.geojson")).expect("the demo is there");
    let layer: geojson::FeatureCollection = text.parse().expect("GeoJSON");
    let zone = wangge::crs::System::named("EPSG:4527").expect("zone 39");
    let into_zone = |position: &geojson::Position| {
        let p = position.as_slice();
        let (x, y) = zone.from_degrees(p[0], p[1]).expect("in reach of the zone");
        geojson::Position::from([x, y])
    };
    let shapes: Vec<geojson::GeometryValue> = layer
        .features
        .iter()
        .map(|feature| {
            let geojson::GeometryValue::Polygon { coordinates } =
                &feature.geometry.as_ref().expect("a shape").value
            else {
                panic!("the demo's communities are polygons")
            };
            let rings = coordinates.iter().map(|ring| ring.iter().map(into_zone).collect()).collect();
            geojson::GeometryValue::Polygon { coordinates: rings }
        })
        .collect();
    let none = geojson::JsonObject::new();
    let features: Vec<Outgoing<'_>> = layer
        .features
        .iter()
        .zip(&shapes)
        .map(|(feature, shape)| Outgoing {
            geometry: Some(shape),
            properties: feature.properties.as_ref().unwrap_or(&none),
        })
        .collect();
    let fields = ["code", "name"].map(|name| (name.to_owned(), FieldKind::Text));
    for (name, bytes) in write("shequ", &features, &fields, Some(4527)).expect("it can be written") {
        std::fs::write(folder.join(name), bytes).expect("writable");
    }
    std::fs::copy(demo.join("communities_population.csv"), folder.join("people.csv")).expect("copied");
    let toml = format!(
        "[place]\nname = \"x\"\ncrs = \"{crs}\"\n[communities]\nfile = \"shequ.shp\"\ncode = \"code\"\n\
         [communities.population]\nfile = \"people.csv\"\n"
    );
    std::fs::write(folder.join("place.toml"), toml).expect("writable");
}

#[test]
fn a_shapefile_of_a_zone_is_read_like_the_layer_it_was_made_of() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    in_a_zone(folder.path(), "EPSG:4326");
    let reading = read_place(folder.path());
    let told: Vec<&str> = reading.problems.iter().map(|problem| problem.kind.id()).collect();
    assert!(told.contains(&"CrsOfFile"), "the file's own system is followed, and that is said: {told:?}");
    let place = reading.place.unwrap_or_else(|| panic!("{:?}", reading.problems));
    let own = read_place(&demo()).place.expect("the demo has no errors");
    assert_eq!(place.communities.len(), own.communities.len());
    for (a, b) in place.communities.iter().zip(&own.communities) {
        use geo::Area as _;
        assert_eq!((&a.code, &a.name), (&b.code, &b.name));
        let (a, b) = (a.outline.unsigned_area(), b.outline.unsigned_area());
        assert!((a - b).abs() < 1e-4 * b, "{a} {b}");
    }
    let listed: Vec<String> = reading.inputs.sorted().into_iter().map(|(file, _)| file).collect();
    for part in ["shequ.shp", "shequ.dbf", "shequ.prj"] {
        assert!(listed.iter().any(|file| file == part), "{part} is an input too: {listed:?}");
    }
}

#[test]
fn files_are_named_from_the_folder_one_stands_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    in_a_zone(folder.path(), "EPSG:4527");
    std::fs::remove_file(folder.path().join("place.toml")).expect("it was written");
    for (out, prj) in [("given", true), ("guessed", false)] {
        if !prj {
            std::fs::remove_file(folder.path().join("shequ.prj")).expect("it was written");
        }
        let output = Command::new(env!("CARGO_BIN_EXE_wangge"))
            .args(["init", "shequ.shp", "people.csv", "--yes", "--out", out])
            .current_dir(folder.path())
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let toml = std::fs::read_to_string(folder.path().join(out).join("place.toml")).expect("written");
        assert!(toml.contains("EPSG:4527"), "the zone stands in the easting, with or without .prj: {toml}");
        let reading = read_place(&folder.path().join(out));
        assert!(reading.place.is_some(), "{:?}", reading.problems);
    }
}

#[test]
fn positions_in_another_system_are_told_and_not_converted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in std::fs::read_dir(demo()).expect("the demo is there") {
        let path = entry.expect("readable").path();
        std::fs::copy(&path, folder.path().join(path.file_name().expect("a file"))).expect("copied");
    }
    // A candidate at every fifteenth building, so that a shift by a kilometre shows at the edges.
    let text = std::fs::read_to_string(demo().join("buildings.geojson")).expect("the demo is there");
    let layer: geojson::FeatureCollection = text.parse().expect("GeoJSON");
    let mut table = String::from("code,name,lon,lat\n");
    for (i, feature) in layer.features.iter().enumerate().step_by(15) {
        if let geojson::GeometryValue::Polygon { coordinates } =
            &feature.geometry.as_ref().expect("a shape").value
        {
            let p = coordinates[0][0].as_slice();
            table.push_str(&format!("H{i},候选{i},{},{}\n", p[0], p[1]));
        }
    }
    std::fs::write(folder.path().join("candidates.csv"), table).expect("writable");
    let toml = std::fs::read_to_string(folder.path().join("place.toml")).expect("copied");
    let (before, section) = toml.split_once("[candidates]").expect("the demo has candidates");
    let rest = section.split_once("[existing_grids]").expect("grids in force come next").1;
    let toml =
        format!("{before}[candidates]\nfile = \"candidates.csv\"\ncrs = \"BD-09\"\n[existing_grids]{rest}");
    std::fs::write(folder.path().join("place.toml"), toml).expect("writable");
    let place = folder.path().display().to_string();
    let (_, stdout, _) = wangge(&["check", &place, "--json"]);
    let found: Value = serde_json::from_str(&stdout).expect("JSON");
    let likely = found["problems"].as_array().expect("a list").iter().find(|p| p["kind"] == "CrsLikely");
    let message = likely.unwrap_or_else(|| panic!("{stdout}"))["message"].as_str().unwrap_or_default();
    assert!(message.contains("BD-09") && message.contains("EPSG:4490"), "{message}");
}

#[test]
fn layers_go_out_in_the_system_they_came_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    in_a_zone(folder.path(), "EPSG:4527");
    let (place, out) = (folder.path().display().to_string(), folder.path().join("out"));
    let (code, _, stderr) =
        wangge(&["partition", &place, "--out", &out.display().to_string(), "--shapefile", "--quiet"]);
    assert!(matches!(code, Some(0 | 1)), "{stderr}");
    let text = |name: &str| std::fs::read(out.join("shapefile").join(name)).expect("written");
    assert!(String::from_utf8_lossy(&text("grids.prj")).contains("False_Easting\",39500000"));
    // The header's box, east and north in metres of the zone.
    let header = text("communities.shp");
    let number = |at: usize| f64::from_le_bytes(header[at..at + 8].try_into().expect("eight bytes"));
    assert!((39_490_000.0..39_510_000.0).contains(&number(36)), "{}", number(36));
    assert!((3_860_000.0..3_890_000.0).contains(&number(44)), "{}", number(44));
    let grids: Value =
        serde_json::from_slice(&std::fs::read(out.join("plan.json")).expect("written")).expect("JSON");
    let rows = u32::from_le_bytes(text("grids.dbf")[4..8].try_into().expect("four bytes"));
    assert_eq!(Some(u64::from(rows)), grids["partition"]["grids"].as_u64());
    let database = readable(&out.join("plan.gpkg"));
    assert!(database.contains("CGCS2000"), "the system's own text is inside");
}

/// All that is readable in a file.
fn readable(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).expect("written")).into_owned()
}

#[test]
fn doubtful_lines_are_listed_and_drawn() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in std::fs::read_dir(demo()).expect("the demo is there") {
        let path = entry.expect("readable").path();
        std::fs::copy(&path, folder.path().join(path.file_name().expect("a file"))).expect("copied");
    }
    let file = folder.path().join("communities.geojson");
    let text = std::fs::read_to_string(&file).expect("copied");
    let mut layer: geojson::FeatureCollection = text.parse().expect("GeoJSON");
    let shape = &mut layer.features[2].geometry.as_mut().expect("a shape").value;
    let geojson::GeometryValue::Polygon { coordinates } = shape else { panic!("a polygon") };
    // A common corner moved in one of two neighbours opens a gap on one side and overlaps on the other.
    let corners = coordinates[0].len();
    for (corner, way) in [(corners / 3, 1.0), (corners / 2, -1.0), (corners * 2 / 3, 1.0)] {
        let p = coordinates[0][corner].as_slice();
        coordinates[0][corner] = geojson::Position::from([p[0] + 0.0003 * way, p[1] + 0.0002 * way]);
    }
    std::fs::write(&file, layer.to_string()).expect("writable");
    let (place, out) = (folder.path().display().to_string(), folder.path().join("out"));
    let (code, _, stderr) =
        wangge(&["coverage", &place, "--out", &out.display().to_string(), "--lang", "en"]);
    assert!(matches!(code, Some(0 | 1)), "{stderr}");
    assert!(stderr.contains("belongs to no community") && stderr.contains("overlap by"), "{stderr}");
    let text = std::fs::read_to_string(out.join("layers/qa.geojson")).expect("written");
    let drawn: geojson::FeatureCollection = text.parse().expect("GeoJSON");
    let kinds: Vec<&str> = drawn.features.iter().filter_map(|f| f.property("kind")?.as_str()).collect();
    assert!(kinds.contains(&"gap") && kinds.contains(&"overlap"), "{kinds:?}");
    let svg = std::fs::read_to_string(out.join("maps/qa.svg")).expect("drawn");
    assert!(svg.contains("doubtful lines"), "the map says what it is");
}

#[test]
fn names_and_telephones_stay_in_the_offices_own_ledgers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in std::fs::read_dir(demo()).expect("the demo is there") {
        let path = entry.expect("readable").path();
        std::fs::copy(&path, folder.path().join(path.file_name().expect("a file"))).expect("copied");
    }
    let table = "网格编码,姓名,性别,政治面貌,职务,专职/兼职,电话\n\
                 990101001001001,欧阳静好,女,中共党员,网格长,专职,13800001234\n\
                 990101001001001,司徒南,男,群众,网格员,兼职,13900005678\n\
                 990101001001888,上官云,男,群众,网格员,兼职,13700009999\n";
    std::fs::write(folder.path().join("staff.csv"), table).expect("writable");
    let toml = std::fs::read_to_string(folder.path().join("place.toml")).expect("copied");
    let toml = format!("{toml}\n[staff]\nfile = \"staff.csv\"\n");
    std::fs::write(folder.path().join("place.toml"), toml).expect("writable");
    let (place, out) = (folder.path().display().to_string(), folder.path().join("out"));
    let out_text = out.display().to_string();
    let (code, _, stderr) =
        wangge(&["partition", &place, "--out", &out_text, "--public", "--effort", "fast"]);
    assert!(matches!(code, Some(0 | 1)), "{stderr}");
    let read = |name: &str| readable(&out.join(name));
    let staff = read("ledgers/网格员配备表.csv");
    for word in ["欧阳静好", "13800001234", "司徒南", "上官云", "原网格编码已不存在"] {
        assert!(staff.contains(word), "{word} in {staff}");
    }
    let grids = read("ledgers/网格一览表.csv");
    let line = grids.lines().find(|line| line.contains("990101001001001")).expect("the grid lives on");
    assert!(line.contains("欧阳静好,司徒南,13800001234"), "{line}");
    // Nowhere else: not on maps, in layers, on the page, in the document, nor in public tables.
    let mut looked_at = 0;
    let mut folders = vec![out.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("written") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.starts_with(out.join("ledgers")) && !path.ends_with("ledgers.xlsx") {
                let text = readable(&path);
                looked_at += 1;
                for word in ["欧阳静好", "13800001234", "司徒南", "上官云"] {
                    assert!(!text.contains(word), "{word} in {}", path.display());
                }
            }
        }
    }
    assert!(looked_at > 10, "{looked_at} files");
}
