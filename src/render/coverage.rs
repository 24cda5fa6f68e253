//! The coverage map (覆盖图): who walks to a centre in time, and who does not.
//!
//! Served people are shown in three tints by the length of their walk, people the chosen sites would add are
//! dotted, people beyond reach are hatched over a darker tone, and land without residents is pale grey. The
//! four differ in texture as well as in colour. Atoms of a class are painted as one path, so that no seam
//! shows between neighbours.

use super::base::{self, Parts};
use super::layers::{AtomShape, Lang, Layers, MultiRing, Service, SiteKind};
use super::legend;
use super::palette;
use super::panel::{Block, SHARE, Swatch};
use super::scene::{Item, Pattern, Scene, Style};
use super::view::View;
use super::words::{self, percent, permille, pick, thousands};

/// Draws the coverage map.
#[must_use]
pub fn coverage(layers: &Layers) -> Scene {
    let view = View::of(layers);
    let mut placer = base::placer(layers, &view);
    base::name_communities(layers, &view, &mut placer);
    base::name_sites(layers, &view, &mut placer);

    let mut areas = vec![base::rim(layers, &view)];
    for class in Class::ALL {
        let members = || layers.atoms.iter().filter(|atom| Class::of(layers, atom) == class);
        if members().next().is_some() {
            for style in class.styles() {
                areas.push(base::merged(&view, members().map(|atom| &atom.rings), style));
            }
        }
    }
    areas.extend(base::ground(layers, &view));
    let outlines = layers.grids.iter().map(|grid| &grid.rings);
    let mut lines = vec![base::merged(&view, outlines, grid_line())];
    lines.extend(base::community_lines(layers, &view));
    lines.extend(
        farthest(layers)
            .into_iter()
            .map(|(_, rings)| base::merged(&view, std::iter::once(rings), isochrone_line())),
    );
    lines.extend(reaches(layers, &view));
    lines.extend(gains(layers, &view));

    let parts = Parts {
        title: words::coverage_title(layers),
        subtitle: words::coverage_line(layers),
        areas,
        lines,
        blocks: blocks(layers, &view),
        notes: vec![words::walk_note(layers)],
        placer,
    };
    base::assemble(layers, &view, parts)
}

fn grid_line() -> Style {
    Style::line(palette::QUIET, 0.9).faded(0.55)
}

/// The ground of the longest walk: the shorter ones are in the tints already.
fn farthest(layers: &Layers) -> Option<&(u32, MultiRing)> {
    layers.isochrones.iter().max_by_key(|(minutes, _)| *minutes)
}

fn isochrone_line() -> Style {
    Style::line(palette::ISOCHRONE, 1.6)
}

fn reach_line() -> Style {
    Style::line(palette::CHOSEN, 1.7).dashed(&[9.0, 6.0]).faded(0.8)
}

/// Circles around chosen sites, where the walk is measured along straight lines.
fn reaches(layers: &Layers, view: &View) -> Vec<Item> {
    let mut circles = Vec::new();
    for site in &layers.centres {
        if let (SiteKind::Chosen { .. }, Some(reach)) = (site.kind, site.reach_m)
            && base::on_map(view, site.at)
            && reach.is_finite()
        {
            let (at, radius) = (view.point(site.at), reach * view.scale);
            circles.push(Item::Disc { at, radius, style: reach_line() });
        }
    }
    circles
}

/// Radius of the disc of the site that gains most, and of the least one can see.
const DISC: (f64, f64) = (52.0, 9.0);

/// Discs whose area is the number of people newly covered, the largest beneath.
fn gains(layers: &Layers, view: &View) -> Vec<Item> {
    let most = layers.centres.iter().filter_map(|site| site.gain).max().unwrap_or(0).max(1);
    let mut discs: Vec<(u32, [f64; 2])> = layers
        .centres
        .iter()
        .filter(|site| base::on_map(view, site.at))
        .filter_map(|site| Some((site.gain.filter(|gain| *gain > 0)?, site.at)))
        .collect();
    discs.sort_by_key(|disc| std::cmp::Reverse(disc.0));
    let disc = |(gain, at): (u32, [f64; 2])| {
        let radius = (DISC.0 * (f64::from(gain) / f64::from(most)).sqrt()).max(DISC.1);
        let stroke = Style::line(palette::CHOSEN, 1.2).stroke;
        let style = Style { stroke, ..Style::fill(palette::CHOSEN).faded(0.28) };
        Item::Disc { at: view.point(at), radius, style }
    };
    discs.into_iter().map(disc).collect()
}

/// How an atom is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Served, by thirds of the allowed walk.
    Served(usize),
    Gained,
    Beyond,
    Empty,
}

impl Class {
    const ALL: [Self; 6] =
        [Self::Empty, Self::Served(0), Self::Served(1), Self::Served(2), Self::Gained, Self::Beyond];

    fn of(layers: &Layers, atom: &AtomShape) -> Self {
        if atom.population == 0 {
            return Self::Empty;
        }
        match atom.service {
            Service::Beyond => Self::Beyond,
            Service::Gained => Self::Gained,
            Service::Reached => {
                let third = f64::from(layers.summary.within_minutes) / 3.0;
                match atom.minutes {
                    Some(minutes) if minutes <= third => Self::Served(0),
                    Some(minutes) if minutes > 2.0 * third => Self::Served(2),
                    _ => Self::Served(1),
                }
            }
        }
    }

    fn styles(self) -> Vec<Style> {
        match self {
            Self::Served(step) => vec![Style::fill(palette::WALK[step])],
            Self::Gained => vec![Style::fill(palette::GAINED), Style::pattern(Pattern::Gained)],
            Self::Beyond => vec![Style::fill(palette::BEYOND), Style::pattern(Pattern::Beyond)],
            Self::Empty => vec![Style::fill(palette::EMPTY), Style::pattern(Pattern::Empty)],
        }
    }

    fn label(self, layers: &Layers) -> String {
        let within = layers.summary.within_minutes;
        // Limits that thirds do not divide evenly are written with one digit.
        let bound = |step: usize| {
            let tenths = within * 10 * u32::try_from(step).unwrap_or(0) / 3;
            if tenths.is_multiple_of(10) {
                (tenths / 10).to_string()
            } else {
                format!("{}.{}", tenths / 10, tenths % 10)
            }
        };
        match (layers.lang, self) {
            (Lang::Zh, Self::Served(step)) => format!("{}—{}分钟", bound(step), bound(step + 1)),
            (Lang::Zh, Self::Gained) => format!("新增后{within}分钟内"),
            (Lang::Zh, Self::Beyond) => format!("超过{within}分钟（盲区）"),
            (Lang::Zh, Self::Empty) => "无人居住".to_owned(),
            (Lang::En, Self::Served(step)) => format!("{}–{} min", bound(step), bound(step + 1)),
            (Lang::En, Self::Gained) => "Gained by new sites".to_owned(),
            (Lang::En, Self::Beyond) => format!("Over {within} min"),
            (Lang::En, Self::Empty) => "Uninhabited".to_owned(),
        }
    }
}

fn blocks(layers: &Layers, view: &View) -> Vec<Block> {
    let (lang, summary) = (layers.lang, &layers.summary);
    let minutes = summary.within_minutes;
    let (value, caption) = match (summary.planned_permille, lang) {
        (Some(planned), Lang::Zh) => (planned, format!("居民{minutes}分钟内可达（建成后）")),
        (Some(planned), Lang::En) => (planned, format!("of residents within {minutes} min, once built")),
        (None, Lang::Zh) => (summary.covered_permille, format!("居民{minutes}分钟内可达")),
        (None, Lang::En) => (summary.covered_permille, format!("of residents within {minutes} min")),
    };
    let mut blocks = vec![Block::Figure { value: percent(value), caption }];
    blocks.push(Block::Heading(pick(lang, "步行时间与居民人数", "Walk and residents")));
    let all: u64 = layers.atoms.iter().map(|atom| u64::from(atom.population)).sum();
    let order =
        [Class::Served(0), Class::Served(1), Class::Served(2), Class::Gained, Class::Beyond, Class::Empty];
    for class in order {
        let members = || layers.atoms.iter().filter(|atom| Class::of(layers, atom) == class);
        let people: u64 = members().map(|atom| u64::from(atom.population)).sum();
        if members().next().is_some() {
            let share = || format!("{}{SHARE}{}", thousands(people), percent(permille(people, all)));
            let value = (class != Class::Empty).then(share);
            let swatch = Swatch::Area(outlined(class.styles()));
            blocks.push(Block::Entry { swatch, label: class.label(layers), value });
        }
    }
    blocks.push(Block::Heading(pick(lang, "图例", "Legend")));
    blocks.extend(legend::site_entries(layers, view));
    if !reaches(layers, view).is_empty() {
        let label = pick(lang, "拟新增场所服务半径", "Reach of a proposed site");
        blocks.push(Block::entry(Swatch::Line(vec![reach_line()]), label));
    }
    if let Some((minutes, _)) = farthest(layers) {
        let label = match lang {
            Lang::Zh => format!("{minutes}分钟步行范围（成人）"),
            Lang::En => format!("{minutes} minutes' walk, adults"),
        };
        blocks.push(Block::entry(Swatch::Line(vec![isochrone_line()]), &label));
    }
    blocks.extend(legend::line_entries(layers, grid_line()));
    blocks
}

/// A swatch's outermost style gets a thin edge, or the palest would vanish on paper.
fn outlined(mut styles: Vec<Style>) -> Vec<Style> {
    if let Some(last) = styles.last_mut() {
        *last = last.clone().outlined(palette::HAIR, 1.0);
    }
    styles
}
