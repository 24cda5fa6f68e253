//! GeoPackages: opened again, counted, and judged by SQLite itself.

use geojson::Position;

use super::*;

fn square(x: f64, y: f64) -> GeometryValue {
    let ring = [[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0], [x, y]].map(Position::from);
    GeometryValue::Polygon { coordinates: vec![ring.into()] }
}

fn layer(count: usize) -> Layer {
    let fields = [
        ("编码", FieldKind::Text),
        ("户\"数", FieldKind::Whole),
        ("面积", FieldKind::Number),
        ("达标", FieldKind::Flag),
    ];
    let feature = |i: usize| {
        let values = vec![
            Value::Text(format!("00{i}'; DROP TABLE x; --")),
            Value::Whole(i as i64),
            Value::Whole(7),
            Value::Flag(i.is_multiple_of(2)),
        ];
        (square(i as f64 / 100.0, 30.0), values)
    };
    let category = |value: &str, red| Category {
        value: value.to_owned(),
        label: format!("<{value}>&"),
        colour: Colour(red, 0, 0, 128),
    };
    Layer {
        name: "网格 \"a\"".to_owned(),
        title: "网格".to_owned(),
        kind: GeometryKind::MultiPolygon,
        srs: Srs::Cgcs2000,
        fields: fields.map(|(name, kind)| (name.to_owned(), kind)).into(),
        features: (0..count).map(feature).collect(),
        style: Some(Style {
            fill: Fill::Categories {
                field: "编码".to_owned(),
                categories: vec![category("a", 1), category("", 2)],
            },
            outline: Colour(0, 0, 0, 255),
            width_mm: 0.4,
            label: Some("编码".to_owned()),
        }),
    }
}

fn open(bytes: &[u8]) -> Connection {
    let mut database = Connection::open_in_memory().expect("memory");
    database.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), false).expect("a database");
    database
}

fn ask<T: rusqlite::types::FromSql>(database: &Connection, sql: &str) -> T {
    database.query_row(sql, [], |row| row.get(0)).expect("an answer")
}

#[test]
fn a_sound_database_with_every_feature_and_its_extent() {
    let database = open(&geopackage(&[layer(300)]).expect("a package"));
    assert_eq!(ask::<String>(&database, "PRAGMA integrity_check"), "ok");
    assert_eq!(ask::<i64>(&database, "PRAGMA application_id"), 0x4750_4B47);
    assert_eq!(ask::<i64>(&database, "SELECT count(*) FROM \"网格 \"\"a\"\"\""), 300);
    assert_eq!(ask::<i64>(&database, "SELECT sum(\"户\"\"数\") FROM \"网格 \"\"a\"\"\""), 300 * 299 / 2);
    assert_eq!(ask::<f64>(&database, "SELECT max_x FROM gpkg_contents WHERE srs_id = 4490"), 3.99);
    let near = "SELECT count(*) FROM \"rtree_网格 \"\"a\"\"_geom\" WHERE minx <= 0.005 AND maxx >= 0.005";
    assert_eq!(ask::<i64>(&database, near), 1);
    assert_eq!(ask::<i64>(&database, "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"), 6);
    let broken = database.prepare("PRAGMA foreign_key_check").expect("sql").exists([]).expect("rows");
    assert!(!broken);
}

#[test]
fn the_same_layers_give_the_same_bytes() {
    let first = geopackage(&[layer(50)]).expect("a package");
    assert_eq!(geopackage(&[layer(50)]).expect("a package"), first);
}

#[test]
fn empty_layers_and_no_layers() {
    let database = open(&geopackage(&[layer(0)]).expect("a package"));
    let none = "SELECT count(*) FROM gpkg_contents WHERE data_type = 'features' AND min_x IS NULL";
    assert_eq!(ask::<i64>(&database, none), 1);
    assert!(geopackage(&[]).is_ok());
}

#[test]
fn names_are_checked() {
    let named = |name: &str| geopackage(&[Layer { name: name.to_owned(), ..layer(1) }]);
    for name in ["", " ", "gpkg_contents", "Layer_Styles", "rtree_x"] {
        assert_eq!(named(name), Err(OfficeError::Name { name: name.to_owned() }), "{name}");
    }
    assert!(matches!(geopackage(&[layer(1), layer(1)]), Err(OfficeError::Name { .. })));
    let mut twice = layer(1);
    twice.fields[0].0 = "FID".to_owned();
    assert_eq!(geopackage(&[twice]), Err(OfficeError::Name { name: "FID".to_owned() }));
}

#[test]
fn values_and_geometries_have_to_fit() {
    let mut wrong = layer(2);
    wrong.features[1].1[1] = Value::Text("12".to_owned());
    let error = OfficeError::Value { layer: wrong.name.clone(), feature: 1, field: "户\"数".to_owned() };
    assert_eq!(geopackage(&[wrong]), Err(error));
    let mut point = layer(2);
    point.features[0].0 = GeometryValue::Point { coordinates: Position::from([0.0, 0.0]) };
    assert_eq!(
        geopackage(&[point]),
        Err(OfficeError::Geometry { layer: "网格 \"a\"".to_owned(), feature: 0 })
    );
    let mut long = layer(1);
    long.features[0].1.push(Value::Empty);
    assert!(matches!(geopackage(&[long]), Err(OfficeError::RowTooLong { row: 0, .. })));
}

#[test]
fn styles_are_the_default_of_their_layer() {
    let database = open(&geopackage(&[layer(1)]).expect("a package"));
    let qml: String = ask(&database, "SELECT styleQML FROM layer_styles WHERE useAsDefault = 1");
    assert!(qml.contains("attr=\"编码\"") && qml.contains("value=\"1,0,0,128\""));
    assert!(qml.contains("label=\"&lt;a&gt;&amp;\"") && qml.contains("fieldName=\"编码\""));
    assert_eq!(qml.matches("<symbol ").count(), qml.matches("<category ").count());
}
