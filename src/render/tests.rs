//! Whole sheets, judged by what is on them.

use super::layers::{AtomShape, CommunityShape, GridShape, Lang, Layers, MultiRing, Service, Site, SiteKind};
use super::scene::{Scene, Text};
use super::shape::Rect;
use super::{coverage, grids, text};

fn square(x: f64, y: f64, side: f64) -> MultiRing {
    vec![vec![vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]]
}

/// A town of `side` × `side` square atoms of 100 m, one grid each, one community to each row.
fn town(side: u32) -> Layers {
    let mut layers =
        Layers { title_place: "测试<镇>".into(), date: "2024-06".into(), ..Layers::default() };
    for at in 0..side * side {
        let (x, y) = (f64::from(at % side) * 100.0, f64::from(at / side) * 100.0);
        let service = if at % 3 == 0 { Service::Beyond } else { Service::Reached };
        let rings = square(x, y, 100.0);
        layers.atoms.push(AtomShape {
            rings: rings.clone(),
            grid: at,
            population: at % 7 * 100,
            service,
            minutes: Some(f64::from(at % 15)),
        });
        layers.grids.push(GridShape {
            short_label: format!("{:03}", at % side + 1),
            rings,
            community: at / side,
            households: 250 + at % 400,
            in_range: at % 5 != 0,
            exclusive: at % 11 == 0,
            ..GridShape::default()
        });
        let kind = match at % 9 {
            0 => SiteKind::Centre {
                level: Some(u8::try_from(at % 5).expect("below 5") + 1),
                counts: at % 2 == 0,
            },
            1 => SiteKind::Chosen { rank: at },
            2 => SiteKind::Candidate,
            3 => SiteKind::Shared { letter: u8::try_from(at % 26).expect("below 26") },
            _ => continue,
        };
        let (code, name) = (format!("c{at}"), format!("第{at}党群服务中心"));
        layers.centres.push(Site {
            code,
            name,
            at: [x + 30.0, y + 60.0],
            kind,
            reach_m: Some(250.0),
            gain: Some(40),
            inside: if at % 4 == 1 { "养老助餐".to_owned() } else { String::new() },
        });
    }
    for row in 0..side {
        let (y, width) = (f64::from(row) * 100.0, f64::from(side) * 100.0);
        let rings = vec![vec![vec![[0.0, y], [width, y], [width, y + 100.0], [0.0, y + 100.0]]]];
        layers
            .communities
            .push(CommunityShape { code: String::new(), name: format!("第{row}社区"), rings });
    }
    layers
}

fn box_of(label: &Text) -> Rect {
    let width = text::width(&label.text, label.size, label.bold);
    Rect::around([label.at[0], label.at[1] - label.size * 0.365], width, label.size)
}

/// Texts with a halo are the map's labels.
fn labels(scene: &Scene) -> Vec<Rect> {
    scene.texts().into_iter().filter(|text| text.halo.is_some()).map(box_of).collect()
}

#[test]
fn labels_of_whole_sheets_stay_apart_and_on_the_sheet() {
    for side in [1, 3, 8, 20] {
        for scene in [grids(&town(side)), coverage(&town(side))] {
            let page = Rect::new(0.0, 0.0, scene.width, scene.height);
            let labels = labels(&scene);
            for (at, label) in labels.iter().enumerate() {
                assert!(page.contains(label), "{label:?}");
                assert!(
                    !labels[at + 1..].iter().any(|other| other.overlaps(label)),
                    "side {side}: {label:?}"
                );
            }
        }
    }
}

#[test]
fn sheets_are_sound_svg_and_the_same_each_time() {
    for (side, lang) in [(1, Lang::Zh), (6, Lang::En), (6, Lang::Zh)] {
        let layers = Layers { lang, ..town(side) };
        for draw in [grids, coverage] {
            let svg = draw(&layers).to_svg();
            assert_eq!(svg, draw(&layers).to_svg());
            let tree = resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default());
            assert!(tree.is_ok_and(|tree| tree.root().has_children()));
            assert!(!svg.contains("NaN") && !svg.contains("inf"));
        }
    }
}

#[test]
fn a_sheet_lists_the_sites_it_shows() {
    let mut layers = town(3);
    let site = |name: &str, at, rank| Site {
        code: name.to_owned(),
        name: name.to_owned(),
        at,
        kind: SiteKind::Chosen { rank },
        reach_m: None,
        gain: Some(40),
        inside: "养老助餐".to_owned(),
    };
    layers.centres = vec![site("近处", [150.0, 50.0], 1), site("远处", [150.0, 380.0], 2)];
    let sheets = super::atlas::atlas(&layers);
    let first = sheets.iter().find(|sheet| sheet.name.contains("第0社区")).expect("a sheet a community");
    let texts: Vec<String> = first.scene.texts().into_iter().map(|text| text.text.clone()).collect();
    assert!(texts.iter().any(|text| text.contains("近处")), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("远处")), "{texts:?}");
}

#[test]
fn strange_places_do_not_break_a_sheet() {
    let point = vec![vec![vec![[5.0, 5.0]]]];
    let broken = vec![vec![vec![[f64::NAN, 0.0], [1.0, f64::INFINITY]], Vec::new()], Vec::new()];
    for rings in [Vec::new(), point, broken, square(0.0, 0.0, 0.0), square(1e7, -1e7, 1e6)] {
        let mut layers = Layers::default();
        layers.atoms.push(AtomShape { rings: rings.clone(), grid: 9, population: 1, ..AtomShape::default() });
        layers.grids.push(GridShape {
            rings: rings.clone(),
            label_at: Some([f64::NAN; 2]),
            ..GridShape::default()
        });
        layers.communities.push(CommunityShape { rings, name: "甲".into(), ..CommunityShape::default() });
        let at = [f64::NAN, 0.0];
        let (code, name, kind) = (String::new(), "乙".to_owned(), SiteKind::Candidate);
        layers.centres.push(Site {
            code,
            name,
            at,
            kind,
            reach_m: Some(f64::NAN),
            gain: None,
            inside: String::new(),
        });
        for scene in
            [grids(&layers), coverage(&layers), grids(&Layers::default()), coverage(&Layers::default())]
        {
            let svg = scene.to_svg();
            assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf"));
        }
    }
}
