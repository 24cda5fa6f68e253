//! Small files of every format, made for tests.

use geojson::GeometryValue;
use serde_json::{Map, Value, json};

use super::shapefile::{FieldKind, Outgoing, write};
use super::wkt;

pub(super) type Made = Vec<(String, Vec<u8>)>;

/// Areas in zone 38: one plain, one of two parts with a hole, one without shape.
pub(super) fn features() -> Vec<(Option<GeometryValue>, Map<String, Value>)> {
    let text = [
        Some("POLYGON((38500000 3400000,38500100 3400000,38500100 3400100,38500000 3400000))"),
        Some(
            "MULTIPOLYGON(((38500000 3400000,38500900 3400000,38500900 3400900,38500000 3400900,38500000 3400000),\
             (38500100 3400100,38500200 3400100,38500200 3400200,38500100 3400100)),\
             ((38502000 3400000,38502100 3400000,38502100 3400100,38502000 3400000)))",
        ),
        None,
    ];
    let rows = [
        json!({"社区编码": 110_101_001_001i64, "名称": "东华门社区", "面积": 0.5}),
        json!({"社区编码": 110_101_001_002i64, "名称": "多福巷社区", "面积": -1250.25}),
        json!({"社区编码": 110_101_001_003i64, "名称": null, "面积": null}),
    ];
    let properties = |row: Value| row.as_object().cloned().expect("an object");
    text.into_iter().map(|t| t.map(|t| wkt::parse(t).expect("sound"))).zip(rows.map(properties)).collect()
}

pub(super) fn shapefile() -> Made {
    let features = features();
    let out: Vec<Outgoing<'_>> =
        features.iter().map(|(g, p)| Outgoing { geometry: g.as_ref(), properties: p }).collect();
    let fields = [("社区编码", FieldKind::Whole), ("名称", FieldKind::Text), ("面积", FieldKind::Decimal)];
    write("网格", &out, &fields.map(|(n, k)| (n.to_owned(), k)), Some(4526)).expect("fits")
}

/// A table of text columns with raw names and cells; rows that begin with a star are deleted.
pub(super) fn dbf(driver: u8, fields: &[(&[u8], u8, u8)], rows: &[(u8, &[&[u8]])]) -> Vec<u8> {
    let row_length = 1 + fields.iter().map(|f| usize::from(f.2)).sum::<usize>();
    let mut out = vec![3, 100, 1, 1];
    out.extend((rows.len() as u32).to_le_bytes());
    out.extend((33 + 32 * fields.len() as u16).to_le_bytes());
    out.extend((row_length as u16).to_le_bytes());
    out.resize(32, 0);
    out[29] = driver;
    for (name, kind, length) in fields {
        let start = out.len();
        out.extend(*name);
        out.resize(start + 11, 0);
        out.push(*kind);
        out.resize(start + 16, 0);
        out.push(*length);
        out.resize(start + 32, 0);
    }
    out.push(0x0d);
    for (mark, cells) in rows {
        out.push(*mark);
        for (cell, (_, _, length)) in cells.iter().zip(fields) {
            let start = out.len();
            out.extend(*cell);
            out.resize(start + usize::from(*length), b' ');
        }
    }
    out
}

/// Records of points and null shapes.
pub(super) fn point_shp(points: &[Option<(f64, f64)>]) -> Vec<u8> {
    let mut out = vec![0; 100];
    out[2..4].copy_from_slice(&[0x27, 0x0a]);
    for (i, point) in (1u32..).zip(points) {
        let content: Vec<u8> = match point {
            None => 0u32.to_le_bytes().to_vec(),
            Some((x, y)) => [&1u32.to_le_bytes()[..], &x.to_le_bytes(), &y.to_le_bytes()].concat(),
        };
        out.extend(i.to_be_bytes());
        out.extend((content.len() as u32 / 2).to_be_bytes());
        out.extend(content);
    }
    out
}

/// Little-endian WKB of a polygon, two numbers a position.
pub(super) fn wkb_polygon(rings: &[&[(f64, f64)]]) -> Vec<u8> {
    let mut out = vec![1, 3, 0, 0, 0];
    out.extend((rings.len() as u32).to_le_bytes());
    for ring in rings {
        out.extend((ring.len() as u32).to_le_bytes());
        out.extend(ring.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()].concat()));
    }
    out
}

pub(super) const TRIANGLE: [(f64, f64); 4] = [(114.0, 30.0), (114.1, 30.0), (114.1, 30.1), (114.0, 30.0)];

/// Two layers, 网格 with an area and 中心 with a point, and whatever else is asked for.
pub(super) fn geopackage(extra: &str) -> Vec<u8> {
    let mut connection = rusqlite::Connection::open_in_memory().expect("memory");
    let head = |rest: Vec<u8>| [b"GP\0\x01\0\0\0\0".to_vec(), rest].concat();
    connection
        .execute_batch(
            "CREATE TABLE gpkg_spatial_ref_sys(srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
               organization_coordsys_id INTEGER, definition TEXT, description TEXT);
             INSERT INTO gpkg_spatial_ref_sys VALUES('CGCS2000', 4490, 'EPSG', 4490, '', '');
             CREATE TABLE gpkg_contents(table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
             CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, geometry_type_name TEXT,
               srs_id INTEGER, z INTEGER, m INTEGER);
             CREATE TABLE 网格(fid INTEGER PRIMARY KEY, geom BLOB, 编码 TEXT, 户数 INTEGER, 面积 REAL, 专属 BOOLEAN);
             CREATE TABLE 中心(fid INTEGER PRIMARY KEY, geom BLOB, 名称 TEXT);
             INSERT INTO gpkg_contents VALUES('网格', 'features', 4490), ('中心', 'features', 4490);
             INSERT INTO gpkg_geometry_columns VALUES('网格', 'geom', 'POLYGON', 4490, 0, 0),
               ('中心', 'geom', 'POINT', 0, 0, 0);",
        )
        .expect("tables");
    let point = [&[0u8, 0, 0, 0, 1][..], &114.05f64.to_be_bytes(), &30.02f64.to_be_bytes()].concat();
    connection
        .execute(
            "INSERT INTO 网格 VALUES(1, ?1, '110101001001001', 412, 0.5, 1)",
            [head(wkb_polygon(&[&TRIANGLE]))],
        )
        .expect("a row");
    connection.execute("INSERT INTO 中心 VALUES(1, ?1, '党群服务中心')", [head(point)]).expect("a row");
    connection.execute_batch(extra).expect("sound additions");
    connection.serialize("main").expect("bytes").to_vec()
}

pub(super) const KML: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>图</name><Folder><name>大安区</name>
<Placemark><name>甲 &amp; 乙&#x793e;</name><description><![CDATA[<b>说明</b>]]></description>
<ExtendedData><Data name="户数"><value>412</value></Data>
<SchemaData schemaUrl="#s"><SimpleData name="编码">001</SimpleData></SchemaData></ExtendedData>
<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>
114,30,5 114.1,30,5 114.1,30.1,5 114,30,5</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>114.05,30.02 114.06,30.02 114.06,30.03 114.05,30.02</coordinates>
</LinearRing></innerBoundaryIs></Polygon><Polygon><outerBoundaryIs><LinearRing><coordinates>
115,30 115.1,30 115.1,30.1 115,30</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark>
<Folder><name>里</name><Placemark><name>点</name><Point><coordinates>114.05, 30.02, 0</coordinates></Point></Placemark></Folder>
</Folder><Placemark/><Placemark><LineString><coordinates>1,2 x,4</coordinates></LineString></Placemark></Document></kml>"##;

/// A zip archive of deflated files.
pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(content).expect("memory");
        let packed = packer.finish().expect("memory");
        let mut sum = flate2::Crc::new();
        sum.update(content);
        let at = out.len() as u32;
        let mut common = vec![20, 0, 0, 8, 8, 0, 0, 0, 0, 0];
        common.extend(sum.sum().to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        out.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), &packed].concat());
        list.extend(
            [b"PK\x01\x02\x14\0", common.as_slice(), &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat(),
        );
    }
    let (at, count) = (out.len() as u32, (files.len() as u16).to_le_bytes());
    out.extend(&list);
    out.extend(
        [
            b"PK\x05\x06\0\0\0\0",
            &count[..],
            &count,
            &(list.len() as u32).to_le_bytes(),
            &at.to_le_bytes(),
            &[0, 0],
        ]
        .concat(),
    );
    out
}

/// A value of a FlatBuffers table, or what it points at.
enum Fb {
    None,
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    Bytes(usize, Vec<u8>),
    Table(Vec<Fb>),
    Tables(Vec<Fb>),
}

impl Fb {
    fn text(text: &str) -> Self {
        Self::Bytes(text.len(), text.as_bytes().to_vec())
    }

    fn doubles(values: &[f64]) -> Self {
        Self::Bytes(values.len(), values.iter().flat_map(|v| v.to_le_bytes()).collect())
    }

    /// Appends what an offset points at and says where it begins.
    fn put(&self, out: &mut Vec<u8>) -> usize {
        let patch = |out: &mut Vec<u8>, hole: usize, target: usize| {
            out[hole..hole + 4].copy_from_slice(&((target - hole) as u32).to_le_bytes());
        };
        match self {
            Self::Bytes(count, bytes) => {
                let at = out.len();
                out.extend((*count as u32).to_le_bytes());
                out.extend(bytes);
                at
            }
            Self::Tables(items) => {
                let at = out.len();
                out.extend((items.len() as u32).to_le_bytes());
                out.resize(at + 4 + 4 * items.len(), 0);
                for (i, item) in items.iter().enumerate() {
                    let target = item.put(out);
                    patch(out, at + 4 + 4 * i, target);
                }
                at
            }
            Self::Table(fields) => {
                let list = out.len();
                out.resize(list + 4 + 2 * fields.len(), 0);
                let at = out.len();
                out.extend(((at - list) as i32).to_le_bytes());
                let mut holes = Vec::new();
                for (i, field) in fields.iter().enumerate() {
                    let offset = ((out.len() - at) as u16).to_le_bytes();
                    match field {
                        Self::None => continue,
                        Self::U8(v) => out.push(*v),
                        Self::U16(v) => out.extend(v.to_le_bytes()),
                        Self::U32(v) => out.extend(v.to_le_bytes()),
                        Self::U64(v) => out.extend(v.to_le_bytes()),
                        pointed => {
                            holes.push((out.len(), pointed));
                            out.extend([0; 4]);
                        }
                    }
                    out[list + 4 + 2 * i..list + 6 + 2 * i].copy_from_slice(&offset);
                }
                let (size, room) = ((4 + 2 * fields.len()) as u16, (out.len() - at) as u16);
                out[list..list + 2].copy_from_slice(&size.to_le_bytes());
                out[list + 2..list + 4].copy_from_slice(&room.to_le_bytes());
                for (hole, pointed) in holes {
                    let target = pointed.put(out);
                    patch(out, hole, target);
                }
                at
            }
            _ => unreachable!("a number stands in its table"),
        }
    }

    fn sized(&self) -> Vec<u8> {
        let mut buffer = vec![0; 4];
        let root = self.put(&mut buffer) as u32;
        buffer[..4].copy_from_slice(&root.to_le_bytes());
        [(buffer.len() as u32).to_le_bytes().to_vec(), buffer].concat()
    }
}

/// One area with a hole and two columns, without an index.
pub(super) fn flatgeobuf() -> Vec<u8> {
    let column = |name: &str, kind| Fb::Table(vec![Fb::text(name), Fb::U8(kind)]);
    let crs = Fb::Table(vec![Fb::text("EPSG"), Fb::U32(4490)]);
    let header = Fb::Table(vec![
        Fb::text("网格"),
        Fb::None,
        Fb::U8(3),
        Fb::None,
        Fb::None,
        Fb::None,
        Fb::None,
        Fb::Tables(vec![column("编码", 11), column("户数", 5)]),
        Fb::U64(1),
        Fb::U16(0),
        crs,
    ]);
    let hole = [114.05, 30.02, 114.06, 30.02, 114.06, 30.03, 114.05, 30.02];
    let xy: Vec<f64> = TRIANGLE.iter().flat_map(|p| [p.0, p.1]).chain(hole).collect();
    let ends = Fb::Bytes(2, [4u32.to_le_bytes(), 8u32.to_le_bytes()].concat());
    let values = [&[0, 0, 3, 0, 0, 0][..], b"001", &[1, 0], &412i32.to_le_bytes()].concat();
    let feature = Fb::Table(vec![Fb::Table(vec![ends, Fb::doubles(&xy)]), Fb::Bytes(values.len(), values)]);
    [b"fgb\x03fgb\0".to_vec(), header.sized(), feature.sized()].concat()
}

/// Every sample under the name of its main file, which comes first.
pub(super) fn all() -> Vec<Made> {
    let shp = shapefile();
    let packed: Vec<(&str, &[u8])> = shp.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let zipped = zip(&packed);
    vec![
        shp,
        vec![("a.gpkg".to_owned(), geopackage("DELETE FROM gpkg_contents WHERE table_name = '中心'"))],
        vec![("a.fgb".to_owned(), flatgeobuf())],
        vec![("a.kml".to_owned(), KML.as_bytes().to_vec())],
        vec![("a.kmz".to_owned(), zip(&[("doc.kml", KML.as_bytes())]))],
        vec![("a.zip".to_owned(), zipped)],
    ]
}

/// A collection of polygons whose parts are one and the same, two thousand times.
pub(super) fn flatgeobuf_repeating() -> Vec<u8> {
    const PARTS: usize = 2_000;
    let mut part = Vec::new();
    let at = Fb::Table(vec![Fb::None, Fb::doubles(&[114.0; 4_000])]).put(&mut part);
    let lead = |k: usize| ((4 * (PARTS - k) + at) as u32).to_le_bytes();
    let parts = Fb::Bytes(PARTS, (0..PARTS).flat_map(lead).chain(part).collect());
    let none = || Fb::None;
    let geometry = Fb::Table(vec![none(), none(), none(), none(), none(), none(), none(), parts]);
    let header = Fb::Table(vec![Fb::text("x"), none(), Fb::U8(6)]);
    [b"fgb\x03fgb\0".to_vec(), header.sized(), Fb::Table(vec![geometry]).sized()].concat()
}
