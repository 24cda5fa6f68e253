//! Every format as its maker writes it, and as it should not be.

use serde_json::{Value, json};

use super::samples::{self, Made};
use super::*;
use crate::model::lang::Lang;

fn read_all(made: Made, layer: Option<&str>) -> (Result<Header, FormatError>, Vec<Feature>) {
    let name = made[0].0.clone();
    let mut features = Vec::new();
    let header = read(&name, &Memory(made), layer, &Limits::default(), &mut |f| features.push(f));
    (header, features)
}

fn sound(made: Made, layer: Option<&str>) -> (Header, Vec<Feature>) {
    let (header, features) = read_all(made, layer);
    (header.expect("a sound file"), features)
}

fn fault(made: Made, layer: Option<&str>) -> FormatError {
    read_all(made, layer).0.expect_err("a faulty file")
}

fn shape(feature: &Feature) -> Value {
    let geometry = feature.geometry.clone().expect("readable").map(geojson::Geometry::new);
    serde_json::to_value(geometry).expect("JSON")
}

fn known(header: &Header) -> u32 {
    header.crs.as_ref().expect("a system").epsg("file").expect("a known one")
}

#[test]
fn shapefiles_come_back_as_written() {
    let (header, found) = sound(samples::shapefile(), None);
    assert_eq!((header.format, header.layer.as_str(), known(&header)), (Format::Shapefile, "网格", 4526));
    assert_eq!(header.encoding, Some(Encoding { name: "UTF-8", guessed: false }));
    assert!(header.notes.is_empty(), "{:?}", header.notes);
    let expected = samples::features();
    assert_eq!(found.len(), 3);
    for ((feature, (geometry, properties)), number) in found.iter().zip(&expected).zip(1..) {
        assert_eq!(feature.number, number);
        assert_eq!(feature.properties["社区编"], properties["社区编码"], "names are cut between characters");
        assert_eq!(feature.properties["名称"], properties["名称"]);
        assert_eq!(feature.properties["面积"], properties["面积"]);
        // Winding is the format's own; the areas are what was written.
        let count = |g: &Option<GeometryValue>| {
            serde_json::to_string(&g.clone().map(geojson::Geometry::new)).map(|t| t.len())
        };
        assert_eq!(count(feature.geometry.as_ref().expect("readable")).ok(), count(geometry).ok());
    }
    assert_eq!(
        shape(&found[1])["coordinates"][0].as_array().map(Vec::len),
        Some(2),
        "the hole stays in its part"
    );
    assert_eq!(shape(&found[2]), Value::Null);
}

/// Names collide once cut; a rerun gives the same bytes; mixed kinds are refused.
#[test]
fn shapefile_writer_keeps_to_the_format() {
    use shapefile::{FieldKind, Outgoing, write};
    let row = json!({"population_2020": 1, "population_2021": 2, "备注": "好"})
        .as_object()
        .cloned()
        .expect("object");
    let line = wkt::parse("LINESTRING(1 2,3 4)").expect("sound");
    let point = wkt::parse("POINT(1 2)").expect("sound");
    let fields: Vec<(String, FieldKind)> = [
        ("population_2020", FieldKind::Whole),
        ("population_2021", FieldKind::Whole),
        ("备注", FieldKind::Text),
    ]
    .map(|(n, k)| (n.to_owned(), k))
    .to_vec();
    let one = [Outgoing { geometry: Some(&line), properties: &row }];
    let made = write("a", &one, &fields, None).expect("fits");
    assert_eq!(made, write("a", &one, &fields, None).expect("fits"));
    let (header, found) = sound(made, None);
    assert_eq!(header.crs, None);
    assert_eq!(
        Value::Object(found[0].properties.clone()),
        json!({"population": 1, "populati_1": 2, "备注": "好"})
    );
    let mixed = [one[0], Outgoing { geometry: Some(&point), properties: &row }];
    assert_eq!(write("a", &mixed, &fields, None).expect_err("mixed").at, Place::Record(2));
    assert_eq!(write("a", &one, &fields, Some(3857)).expect_err("unknown").fault.id(), "SystemUnknown");
    let long = json!({"备注": "长".repeat(100)}).as_object().cloned().expect("object");
    let long = [Outgoing { geometry: None, properties: &long }];
    assert_eq!(write("a", &long, &fields, None).expect_err("too long").fault.id(), "FieldUnfit");
    assert_eq!(sound(write("a", &[], &[], None).expect("fits"), None).1.len(), 0);
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[test]
fn tables_in_gbk_with_torn_names_deleted_rows_and_long_codes() {
    let torn = gbk("社区服务中心名称");
    let (a, b, cut) = (gbk("东华门社区"), gbk("景山社区"), gbk("多福巷"));
    let fields: [(&[u8], u8, u8); 4] =
        [(&torn[..9], b'C', 10), (b"CODE", b'N', 12), (b"DAY", b'D', 8), (b"OK", b'L', 1)];
    let rows: [(u8, &[&[u8]]); 4] = [
        (b' ', &[&a, b"110101001001", b"20240131", b"T"]),
        (b'*', &[&b, b"110101001002", b"20240131", b"F"]),
        (b' ', &[&b, b"************", b"        ", b"?"]),
        (b' ', &[&cut[..5], b"  -7", b"", b"N"]),
    ];
    let shp = samples::point_shp(&[Some((1.0, 2.0)), Some((3.0, 4.0)), None, Some((5.0, 6.0))]);
    for (page, driver, guessed) in
        [(Some("GBK"), 0, false), (None, 0x4d, false), (None, 0, true), (Some("UTF-8"), 0, true)]
    {
        let mut made = vec![
            ("A.SHP".to_owned(), shp.clone()),
            ("a.Dbf".to_owned(), samples::dbf(driver, &fields, &rows)),
        ];
        made.extend(page.map(|page| ("a.cpg".to_owned(), page.as_bytes().to_vec())));
        let (header, found) = sound(made, None);
        assert_eq!(header.encoding, Some(Encoding { name: "GB18030", guessed }), "{page:?}");
        let row = |i: usize| Value::Object(found[i].properties.clone());
        assert_eq!(found.len(), 3);
        assert_eq!(
            row(0),
            json!({"社区服务": "东华门社区", "CODE": 110_101_001_001i64, "DAY": "2024-01-31", "OK": true})
        );
        assert_eq!(row(1), json!({"社区服务": "景山社区", "CODE": null, "DAY": null, "OK": null}));
        assert_eq!(row(2), json!({"社区服务": "多福", "CODE": -7, "DAY": null, "OK": false}));
        assert_eq!(shape(&found[1]), Value::Null, "the deleted row took its shape along");
        assert_eq!(shape(&found[2])["coordinates"], json!([5.0, 6.0]));
        assert!(
            header.notes.contains(&Note::RowsDeleted { rows: 1 })
                && header.notes.contains(&Note::TextsCut { count: 1 })
        );
        assert_eq!(header.crs, None);
    }
}

#[test]
fn parts_of_a_shapefile_that_are_missing() {
    let without = |ending: &str| -> Made {
        samples::shapefile().into_iter().filter(|(n, _)| !n.ends_with(ending)).collect()
    };
    assert_eq!(fault(without("dbf"), None).fault, Fault::SidecarMissing { ending: "dbf" });
    assert_eq!(sound(without("shx"), None).1, sound(samples::shapefile(), None).1);
    assert_eq!(sound(without("prj"), None).0.crs, None);
    let mut odd = samples::shapefile();
    odd[1].1[100..104].fill(0xff);
    let (header, found) = sound(odd, None);
    assert_eq!(found, sound(samples::shapefile(), None).1);
    assert_eq!(header.notes, [Note::IndexUnused {}]);
    assert!(header.notes[0].message(Lang::Zh).contains(".shx"));
    let mut cut = without("shx");
    let end = cut[0].1.len() - 20;
    cut[0].1.truncate(end);
    let error = fault(cut, None);
    assert!(
        matches!((&error.fault, error.at), (Fault::CutShort { .. }, Place::Byte(b)) if b > 100),
        "{error}"
    );
    assert!(error.line(Lang::Zh).contains("第") && error.line(Lang::En).contains("byte"));
}

#[test]
fn geopackage_layers() {
    let made = || vec![("a.gpkg".to_owned(), samples::geopackage(""))];
    assert_eq!(fault(made(), None).fault, Fault::LayersSeveral { there: "网格, 中心".to_owned() });
    assert_eq!(fault(made(), Some("无")).fault.id(), "LayerMissing");
    let (header, found) = sound(made(), Some("网格"));
    assert_eq!((known(&header), header.layers.len(), found.len()), (4490, 2, 1));
    let expected = json!({"fid": 1, "编码": "110101001001001", "户数": 412, "面积": 0.5, "专属": true});
    assert_eq!(Value::Object(found[0].properties.clone()), expected);
    assert_eq!(shape(&found[0])["coordinates"][0][2], json!([114.1, 30.1]));
    let (header, found) = sound(made(), Some("中心"));
    let mut ahead = made();
    ahead[0].1[18] = 2;
    assert!(read_all(ahead.clone(), Some("网格")).0.is_ok());
    ahead.push(("a.gpkg-wal".to_owned(), vec![0; 100]));
    assert_eq!(fault(ahead, Some("网格")).fault, Fault::Journal {});
    assert_eq!(header.crs, None, "0 stands for an unknown system");
    assert_eq!(shape(&found[0])["coordinates"], json!([114.05, 30.02]), "big-endian");
}

/// A view could run for ever, and a virtual table could run code.
#[test]
fn geopackage_views_are_not_run() {
    let endless = "DROP TABLE 网格; CREATE VIEW 网格 AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                   SELECT i AS geom FROM n;";
    let made = vec![("a.gpkg".to_owned(), samples::geopackage(endless))];
    assert_eq!(fault(made, Some("网格")).fault, Fault::LayerForeign { layer: "网格".to_owned() });
    // The catalogue itself may be the view.
    let catalogue = "DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS WITH RECURSIVE n(i) AS \
                     (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'x' || i AS table_name, 'features' AS data_type FROM n;";
    let made = vec![("a.gpkg".to_owned(), samples::geopackage(catalogue))];
    assert_eq!(fault(made, None).fault.id(), "Database");
}

#[test]
fn well_known_binary_of_every_make() {
    let limits = Limits { nesting: 4, ..Limits::default() };
    let numbers = |values: &[f64]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let code = |kind: u32| [&[1][..], &kind.to_le_bytes()].concat();
    let point = |kind: u32, values: &[f64]| [code(kind), numbers(values)].concat();
    for bytes in [
        point(1, &[1.0, 2.0]),
        point(1001, &[1.0, 2.0, 3.0]),
        point(2001, &[1.0, 2.0, 3.0]),
        point(3001, &[1.0, 2.0, 3.0, 4.0]),
        point(0x8000_0001, &[1.0, 2.0, 3.0]),
        point(0xc000_0001, &[1.0, 2.0, 3.0, 4.0]),
        [code(0x2000_0001), 4490u32.to_le_bytes().to_vec(), numbers(&[1.0, 2.0])].concat(),
        [&[0u8, 0, 0, 0, 1][..], &1f64.to_be_bytes(), &2f64.to_be_bytes()].concat(),
    ] {
        let found = wkb::parse(&bytes, &limits).expect("sound").expect("not empty");
        assert_eq!(found, wkt::parse("POINT(1 2)").expect("sound"), "{bytes:?}");
    }
    assert_eq!(wkb::parse(&point(1, &[f64::NAN, f64::NAN]), &limits), Ok(None));
    let nest = |depth: usize| {
        let one = [code(7), 1u32.to_le_bytes().to_vec()].concat();
        [one.repeat(depth), point(1, &[1.0, 2.0])].concat()
    };
    assert!(wkb::parse(&nest(4), &limits).is_ok());
    assert!(wkb::parse(&nest(5), &limits).expect_err("too deep").contains("nested"));
    assert!(wkb::parse(&nest(1_000_000), &limits).is_err());
    for claimed in [
        [code(2), u32::MAX.to_le_bytes().to_vec()].concat(),
        [code(6), vec![0xff; 4]].concat(),
        code(8),
        code(99),
        vec![2],
    ] {
        assert!(wkb::parse(&claimed, &limits).is_err(), "{claimed:?}");
    }
}

#[test]
fn flatgeobuf_features() {
    let (header, found) = sound(vec![("x.fgb".to_owned(), samples::flatgeobuf())], None);
    assert_eq!((header.layer.as_str(), known(&header)), ("网格", 4490));
    assert!(header.notes.is_empty(), "{:?}", header.notes);
    assert_eq!(Value::Object(found[0].properties.clone()), json!({"编码": "001", "户数": 412}));
    assert_eq!(shape(&found[0])["coordinates"].as_array().map(Vec::len), Some(2));
    let (_, found) = sound(vec![("x.fgb".to_owned(), samples::flatgeobuf_repeating())], None);
    assert!(found[0].geometry.as_ref().expect_err("the same part many times").contains("many times over"));
    let mut short = samples::flatgeobuf();
    short.truncate(short.len() - 3);
    assert!(matches!(fault(vec![("x.fgb".to_owned(), short)], None).at, Place::Byte(_)));
}

#[test]
fn kml_placemarks() {
    let (header, found) = sound(vec![("图.kml".to_owned(), samples::KML.as_bytes().to_vec())], None);
    assert_eq!((known(&header), found.len()), (4326, 4));
    let first = json!({"name": "甲 & 乙社", "description": "<b>说明</b>", "户数": "412", "编码": "001", "folder": "大安区"});
    assert_eq!(Value::Object(found[0].properties.clone()), first);
    assert_eq!(shape(&found[0])["type"], "MultiPolygon");
    assert_eq!(shape(&found[0])["coordinates"][0].as_array().map(Vec::len), Some(2));
    assert_eq!(found[1].properties["folder"], "大安区/里");
    assert_eq!(shape(&found[1])["coordinates"], json!([114.05, 30.02]), "blanks beside commas are forgiven");
    assert_eq!(shape(&found[2]), Value::Null);
    assert!(found[3].geometry.as_ref().expect_err("no number").contains("\"x\""));
    let chinese = samples::KML.replace("UTF-8", "GB2312");
    let (_, found) = sound(vec![("图.kml".to_owned(), gbk(&chinese))], None);
    assert_eq!(found[0].properties["name"], "甲 & 乙社");
}

#[test]
fn kml_bombs() {
    let bomb = "<!DOCTYPE kml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><kml><Placemark><name>&b;</name></Placemark></kml>";
    let (_, found) = sound(vec![("a.kml".to_owned(), bomb.as_bytes().to_vec())], None);
    assert_eq!(found[0].properties["name"], "&b;", "never expanded");
    let deep = format!("<kml>{}", "<Folder>".repeat(100_000));
    assert_eq!(fault(vec![("a.kml".to_owned(), deep.into_bytes())], None).fault, Fault::NestedTooDeep {});
    let open = "<kml><Document><Placemark>".to_owned();
    assert_eq!(fault(vec![("a.kml".to_owned(), open.into_bytes())], None).fault.id(), "CutShort");
}

#[test]
fn archives() {
    let kmz = samples::zip(&[("doc.kml", samples::KML.as_bytes()), ("files/other.kml", b"<kml/>")]);
    let (header, found) = sound(vec![("a.kmz".to_owned(), kmz)], None);
    assert_eq!((header.format, found.len()), (Format::Kml, 4));
    let shp = samples::shapefile();
    let named: Vec<(String, &[u8])> =
        shp.iter().map(|(n, b)| (format!("数据/{}", n.to_uppercase()), b.as_slice())).collect();
    let packed: Vec<(&str, &[u8])> = named.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    let (header, found) = sound(vec![("a.zip".to_owned(), samples::zip(&packed))], None);
    assert_eq!((header.format, found.len(), known(&header)), (Format::Shapefile, 3, 4526));
    let two = samples::zip(&[("a.kml", samples::KML.as_bytes()), ("b.kml", b"<kml></kml>")]);
    assert_eq!(fault(vec![("a.zip".to_owned(), two.clone())], None).fault.id(), "ArchiveMany");
    assert_eq!(sound(vec![("a.zip".to_owned(), two)], Some("a")).1.len(), 4);
    let bomb = samples::zip(&[("doc.kml", &vec![b' '; 50 << 20])]);
    let limits = Limits { bytes: 1 << 20, ..Limits::default() };
    let made = Memory(vec![("a.kmz".to_owned(), bomb)]);
    let error = read("a.kmz", &made, None, &limits, &mut |_| {}).expect_err("too much");
    assert_eq!(error.fault, Fault::TooMuch { what: "inflated bytes", limit: 1 << 20 });
    let inner = samples::zip(&[("a.kml", b"<kml/>")]);
    let nested = samples::zip(&[("a.kml", &inner)]);
    assert_eq!(fault(vec![("a.zip".to_owned(), nested)], None).fault.id(), "ArchiveKind");
}

#[test]
fn formats_are_known_by_content() {
    for (bytes, expected) in [
        (&b" \n{\"type\":\"FeatureCollection\"}"[..], "GeoJson"),
        (b"\xef\xbb\xbf{}", "GeoJson"),
        (b"", "Unknown"),
        (b"name,lon,lat\n", "Unknown"),
        (b"<html></html>", "Unknown"),
        (b"SQLite format 3\0", "Database"),
        (b"PK\x03\x04", "ArchiveKind"),
    ] {
        let error = fault(vec![("a.shp".to_owned(), bytes.to_vec())], None);
        assert_eq!(error.fault.id(), expected, "{error}");
        assert!(!error.line(Lang::Zh).is_empty());
    }
    for made in samples::all() {
        let renamed = vec![("无.txt".to_owned(), made[0].1.clone())];
        let (found, _) = read_all(renamed, None);
        assert_ne!(found.err().map(|e| e.fault), Some(Fault::Unknown {}), "{}", made[0].0);
    }
}

#[test]
fn limits_hold_everywhere() {
    let small = Limits { features: 0, ..Limits::default() };
    let few = Limits { points: 2, ..Limits::default() };
    for made in samples::all() {
        let name = made[0].0.clone();
        let files = Memory(made);
        let error = read(&name, &files, None, &small, &mut |_| {}).expect_err("no feature allowed");
        assert_eq!(error.fault.id(), "TooMuch", "{error}");
        let mut refused = 0;
        read(&name, &files, None, &few, &mut |f| refused += u32::from(f.geometry.is_err()))
            .expect("readable");
        assert!(refused > 0, "{name}");
        let tight = Limits { bytes: 50, ..Limits::default() };
        assert!(read(&name, &files, None, &tight, &mut |_| {}).is_err());
    }
}
