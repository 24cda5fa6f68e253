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

#[test]
fn a_shapefile_of_a_zone_is_read_like_the_layer_it_was_made_of() {
    let folder = tempfile::tempdir().expect("a temporary folder");
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
        std::fs::write(folder.path().join(name), bytes).expect("writable");
    }
    std::fs::copy(demo.join("communities_population.csv"), folder.path().join("people.csv")).expect("copied");
    let toml = "[place]\nname = \"x\"\ncrs = \"EPSG:4326\"\n[communities]\nfile = \"shequ.shp\"\ncode = \"code\"\n\
                [communities.population]\nfile = \"people.csv\"\n";
    std::fs::write(folder.path().join("place.toml"), toml).expect("writable");
    let reading = read_place(folder.path());
    let told: Vec<&str> = reading.problems.iter().map(|problem| problem.kind.id()).collect();
    assert!(told.contains(&"CrsOfFile"), "the file's own system is followed, and that is said: {told:?}");
    let place = reading.place.unwrap_or_else(|| panic!("{:?}", reading.problems));
    let own = read_place(&demo).place.expect("the demo has no errors");
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
