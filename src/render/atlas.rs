//! The atlas: an index and one sheet per community, to a round scale on a known size of paper.
//!
//! Offices hand in 1:1,000 to 1:3,000 on 8开, larger areas on 4开; a sheet here has the smallest round
//! denominator at which its community fits 8开, or 4开 where that would pass 3,000.

use super::base;
use super::grids::{self, Heading};
use super::labels::{Form, Otherwise, Placer, Row};
use super::layers::{CommunityShape, GridShape, Lang, Layers, MultiRing, Summary};
use super::palette;
use super::scene::{Item, Scene, Style};
use super::shape::{Point, Rect};
use super::view::View;

/// Denominators that a scale may have.
const SCALES: [u32; 16] = [
    500, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000, 20_000, 30_000, 50_000,
    100_000, 200_000,
];
/// Beyond this a sheet moves to the larger paper.
const SCALE_SMALL_PAPER: u32 = 3_000;

/// Paper in millimetres, landscape (正度).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// 8开 or 4开.
    pub name: &'static str,
    /// Long side.
    pub width_mm: f64,
    /// Short side.
    pub height_mm: f64,
}

const EIGHT: Paper = Paper { name: "8开", width_mm: 368.0, height_mm: 260.0 };
const FOUR: Paper = Paper { name: "4开", width_mm: 520.0, height_mm: 368.0 };

/// One sheet of the atlas.
#[derive(Debug, Clone)]
pub struct AtlasSheet {
    /// File name without ending: a number, and the community's name.
    pub name: String,
    /// What is drawn.
    pub scene: Scene,
    /// Paper, as wide and high as the scene lies on it.
    pub size_mm: (f64, f64),
    /// One metre on the sheet is so many on the ground; `None` for the index.
    pub scale: Option<u32>,
}

/// The index and every community with grids, in order. Linear in what there is to draw.
#[must_use]
pub fn atlas(layers: &Layers) -> Vec<AtlasSheet> {
    let with_grids = |c: &usize| layers.grids.iter().any(|grid| usize::try_from(grid.community) == Ok(*c));
    let communities: Vec<usize> = (0..layers.communities.len()).filter(with_grids).collect();
    let of = communities.len() as u32 + 1;
    let mut sheets = vec![index(layers, &communities, of)];
    for (number, &community) in (2..).zip(&communities) {
        sheets.push(sheet(layers, community, (number, of)));
    }
    sheets
}

/// Communities in colours with the numbers of their pages.
fn index(layers: &Layers, communities: &[usize], of: u32) -> AtlasSheet {
    let page = |c: usize| communities.iter().position(|own| *own == c).map(|at| (at + 2).to_string());
    let grid = |(c, community): (usize, &CommunityShape)| GridShape {
        code: community.code.clone(),
        name: community.name.clone(),
        short_label: page(c).unwrap_or_default(),
        rings: community.rings.clone(),
        community: c as u32,
        households: layers
            .grids
            .iter()
            .filter(|grid| grid.community as usize == c)
            .map(|grid| grid.households)
            .sum(),
        in_range: true,
        ..GridShape::default()
    };
    let shown = Layers {
        grids: layers.communities.iter().enumerate().map(grid).collect(),
        atoms: Vec::new(),
        buildings: Vec::new(),
        centres: Vec::new(),
        isochrones: Vec::new(),
        page: Some((1, of)),
        ..layers.clone()
    };
    let view = View::on_paper(&shown);
    let (title, subtitle) = match layers.lang {
        Lang::Zh => (
            format!("{}网格图集　索引", layers.title_place),
            "编号为各社区（村）网格图的页码，下为户数".to_owned(),
        ),
        Lang::En => (
            format!("{}: atlas of grids, index", layers.title_place),
            "Bold: page; below: households".to_owned(),
        ),
    };
    let heading = Heading { title, subtitle, plain: true };
    let scene = grids::draw(&shown, &view, heading, Vec::new(), |_| {});
    let size_mm = EIGHT.lying(&view);
    AtlasSheet { name: "01".to_owned(), scene, size_mm, scale: None }
}

fn sheet(layers: &Layers, community: usize, page: (u32, u32)) -> AtlasSheet {
    let own = &layers.communities[community];
    let (mut shown, extent) = part(layers, community);
    shown.page = Some(page);
    let fits = |paper: Paper| {
        let mut tried = SCALES.iter().filter_map(|&n| Some((n, View::at_scale(extent, paper.width_mm, n)?)));
        tried.next().unwrap_or_else(|| (0, View::on_paper(&shown)))
    };
    let (mut paper, mut fit) = (EIGHT, fits(EIGHT));
    if fit.0 > SCALE_SMALL_PAPER || fit.0 == 0 {
        (paper, fit) = (FOUR, fits(FOUR));
    }
    let (denominator, view) = fit;
    let figures = super::words::size_line(&shown);
    let scale = match layers.lang {
        _ if denominator == 0 => String::new(),
        Lang::Zh => format!("　1:{denominator}　{}", paper.name),
        Lang::En => format!(" · 1:{denominator} on {:.0} × {:.0} mm", paper.width_mm, paper.height_mm),
    };
    let (title, subtitle) = match layers.lang {
        Lang::Zh => (format!("{}网格图", own.name), format!("{}　{figures}{scale}", layers.title_place)),
        Lang::En => (format!("{}: grids", own.name), format!("{} · {figures}{scale}", layers.title_place)),
    };
    // What lies around, pale, with its name where the sheet shows some of it.
    let seen = view.seen();
    let around: Vec<&CommunityShape> = layers
        .communities
        .iter()
        .enumerate()
        .filter(|(c, other)| *c != community && bounds(&other.rings).is_some_and(|b| b.overlaps(&seen)))
        .map(|(_, other)| other)
        .collect();
    let lines: Vec<Item> = around
        .iter()
        .map(|other| base::merged(&view, std::iter::once(&other.rings), Style::line(palette::QUIET, 1.2)))
        .collect();
    let heading = Heading { title, subtitle, plain: false };
    let scene = grids::draw(&shown, &view, heading, lines, |placer| {
        around.iter().for_each(|other| name_beside(other, &view, placer));
    });
    let name = format!("{:02}-{}", page.0, own.name.replace(['/', '\\', ':'], "_"));
    AtlasSheet { name, scene, size_mm: paper.lying(&view), scale: Some(denominator).filter(|n| *n > 0) }
}

impl Paper {
    /// Width and height as the view's sheet lies on it.
    fn lying(self, view: &View) -> (f64, f64) {
        if view.sheet.width >= view.sheet.height {
            (self.width_mm, self.height_mm)
        } else {
            (self.height_mm, self.width_mm)
        }
    }
}

fn bounds(rings: &MultiRing) -> Option<Rect> {
    Rect::of(rings.iter().flatten().flatten().copied())
}

/// One community's own layers, and the box around it.
fn part(layers: &Layers, community: usize) -> (Layers, Rect) {
    let own = layers.communities[community].clone();
    let kept: Vec<usize> =
        (0..layers.grids.len()).filter(|&g| layers.grids[g].community as usize == community).collect();
    let grids: Vec<GridShape> =
        kept.iter().map(|&g| GridShape { community: 0, ..layers.grids[g].clone() }).collect();
    let position = |grid: u32| kept.binary_search(&(grid as usize)).ok().map(|at| at as u32);
    let atoms: Vec<_> = layers
        .atoms
        .iter()
        .filter_map(|atom| {
            let grid = position(atom.grid)?;
            Some(super::layers::AtomShape { grid, ..atom.clone() })
        })
        .collect();
    let shapes = std::iter::once(&own.rings).chain(grids.iter().map(|grid| &grid.rings));
    let extent = Rect::of(shapes.flatten().flatten().flatten().copied());
    let extent = extent.unwrap_or_else(|| Rect::new(0.0, 0.0, 50.0, 50.0));
    let reach = extent.grown(extent.width().max(extent.height()));
    let near = |rings: &MultiRing| bounds(rings).is_some_and(|b| b.overlaps(&reach));
    let summary = Summary {
        grids: grids.len() as u32,
        in_range: grids.iter().filter(|grid| grid.in_range).count() as u32,
        households: grids.iter().map(|grid| grid.households).sum(),
        population: grids.iter().map(|grid| grid.population).sum(),
        ..layers.summary.clone()
    };
    let shown = Layers {
        communities: vec![own],
        atoms,
        grids,
        centres: layers.centres.iter().filter(|site| reach.holds(site.at)).cloned().collect(),
        context: layers
            .context
            .iter()
            .filter(|line| Rect::of(line.points.iter().copied()).is_some_and(|b| b.overlaps(&reach)))
            .cloned()
            .collect(),
        water: layers.water.iter().filter(|rings| near(rings)).cloned().collect(),
        buildings: layers.buildings.iter().filter(|rings| near(rings)).cloned().collect(),
        isochrones: Vec::new(),
        flaws: Vec::new(),
        summary,
        title_place: layers.title_place.clone(),
        date: layers.date.clone(),
        source: layers.source.clone(),
        lang: layers.lang,
        page: None,
    };
    (shown, extent)
}

/// The name of a neighbour in the part of it that the sheet shows.
fn name_beside(other: &CommunityShape, view: &View, placer: &mut Placer) {
    let frame = view.sheet.frame.grown(-6.0);
    let parts = view.parts(&other.rings);
    let cut =
        parts.iter().filter_map(|rings| Some(clipped(rings.first()?, &frame))).filter(|ring| ring.len() > 2);
    let largest = cut.max_by(|a, b| {
        super::shape::area(std::slice::from_ref(a)).total_cmp(&super::shape::area(std::slice::from_ref(b)))
    });
    if let Some(ring) = largest {
        let form = |size: f64| -> Form { vec![Row::new(&other.name, size, false, palette::QUIET)] };
        placer.area(&vec![ring], None, &[form(20.0), form(16.0), form(13.0)], Otherwise::Skip);
    }
}

/// A ring cut to a box, side by side (Sutherland and Hodgman 1974).
fn clipped(ring: &[Point], to: &Rect) -> Vec<Point> {
    let [a, _, c, _] = to.corners();
    let (low, high) = ([a[0].min(c[0]), a[1].min(c[1])], [a[0].max(c[0]), a[1].max(c[1])]);
    let mut points = ring.to_vec();
    for (axis, limit, keeps_more) in
        [(0, low[0], true), (0, high[0], false), (1, low[1], true), (1, high[1], false)]
    {
        let within = |p: &Point| if keeps_more { p[axis] >= limit } else { p[axis] <= limit };
        let mut kept = Vec::with_capacity(points.len() + 4);
        for (i, &p) in points.iter().enumerate() {
            let q = points[(i + 1) % points.len()];
            if within(&p) {
                kept.push(p);
            }
            if within(&p) != within(&q) {
                let t = (limit - p[axis]) / (q[axis] - p[axis]);
                kept.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
            }
        }
        points = kept;
    }
    points
}
