//! The grid map (网格图): who governs what.
//!
//! Neighbouring grids never share a colour, each carries the last digits of its code, and a grid whose
//! households are outside the range is hatched, one way above it and the other way below. The colours mean
//! nothing beyond telling neighbours apart, so the legend does not list them.

use super::base::{self, Parts};
use super::colour::{self, Neighbours};
use super::labels::{Form, Otherwise, Placer, Row};
use super::layers::{GridShape, Lang, Layers};
use super::legend;
use super::palette;
use super::panel::{Block, Swatch};
use super::scene::{Item, Path, Pattern, Scene, Style};
use super::shape::{Rings, area, roomy_points};
use super::view::View;
use super::words::{self, pick, thousands};

/// Draws the grid map.
#[must_use]
pub fn grids(layers: &Layers) -> Scene {
    let heading =
        Heading { title: words::grids_title(layers), subtitle: words::size_line(layers), plain: false };
    draw(layers, &View::of(layers), heading, Vec::new(), |_| {})
}

/// What stands above a sheet, and whether it is an index without figures.
pub(super) struct Heading {
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) plain: bool,
}

/// The same in a view of its own, over some lines, and with more names once the grids have theirs.
pub(super) fn draw(
    layers: &Layers,
    view: &View,
    heading: Heading,
    mut lines: Vec<Item>,
    more_names: impl FnOnce(&mut Placer),
) -> Scene {
    let mut placer = base::placer(layers, view);
    let codes = Codes::of(layers, view);
    codes.wish(&mut placer);
    // A sheet of one community has its name in the title.
    if layers.communities.len() != 1 || layers.page.is_none() {
        base::name_communities(layers, view, &mut placer);
    }
    codes.place(layers, &mut placer);
    more_names(&mut placer);

    let mut areas = vec![base::rim(layers, view)];
    areas.extend(fillings(layers, view));
    areas.extend(base::ground(layers, view));
    for mark in [Mark::Exclusive, Mark::Above, Mark::Below] {
        let marked = || layers.grids.iter().filter(|grid| Mark::of(layers, grid) == Some(mark));
        if marked().next().is_some() {
            lines.push(base::merged(view, marked().map(|grid| &grid.rings), Style::pattern(mark.pattern())));
        }
    }
    let outlines = layers.grids.iter().map(|grid| &grid.rings);
    lines.push(base::merged(view, outlines, grid_line()));
    lines.extend(base::community_lines(layers, view));

    let parts = Parts {
        title: heading.title,
        subtitle: heading.subtitle,
        areas,
        lines,
        blocks: if heading.plain { Vec::new() } else { blocks(layers, view) },
        notes: Vec::new(),
        placer,
    };
    base::assemble(layers, view, parts)
}

fn grid_line() -> Style {
    Style::line(palette::GRID_LINE, 1.3)
}

/// Each grid in its colour, with its name and figures for whoever opens the SVG in a browser.
fn fillings(layers: &Layers, view: &View) -> Vec<Item> {
    let colours = colour::colour(&Neighbours::of(layers));
    let filling = |(grid, colour): (&GridShape, u8)| {
        let households = if grid.hidden { "—".to_owned() } else { thousands(grid.households.into()) };
        let title = match layers.lang {
            Lang::Zh => format!("{} {} {households}户", grid.code, grid.name),
            Lang::En => format!("{} {} {households} households", grid.code, grid.name),
        };
        // An outline of the same colour closes the hair's breadth that smoothing leaves between neighbours.
        let fill = palette::GRIDS[usize::from(colour)];
        let style = Style::fill(fill).outlined(fill, 0.6);
        Item::Path(Path { lines: view.lines(&grid.rings), style, title: Some(title) })
    };
    layers.grids.iter().zip(colours).map(filling).collect()
}

/// What a grid is marked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Above,
    Below,
    Exclusive,
}

impl Mark {
    fn of(layers: &Layers, grid: &GridShape) -> Option<Self> {
        match grid {
            GridShape { exclusive: true, .. } => Some(Self::Exclusive),
            GridShape { in_range: true, .. } => None,
            _ if grid.households > layers.summary.range.1 => Some(Self::Above),
            _ => Some(Self::Below),
        }
    }

    const fn pattern(self) -> Pattern {
        match self {
            Self::Above => Pattern::Above,
            Self::Below => Pattern::Below,
            Self::Exclusive => Pattern::Exclusive,
        }
    }

    fn label(self, layers: &Layers) -> String {
        let (least, most) = layers.summary.range;
        match (layers.lang, self) {
            (Lang::Zh, Self::Above) => format!("超过{most}户"),
            (Lang::Zh, Self::Below) => format!("不足{least}户"),
            (Lang::Zh, Self::Exclusive) => "专属网格".to_owned(),
            (Lang::En, Self::Above) => format!("Over {most} households"),
            (Lang::En, Self::Below) => format!("Under {least} households"),
            (Lang::En, Self::Exclusive) => "Exclusive grid".to_owned(),
        }
    }
}

fn blocks(layers: &Layers, view: &View) -> Vec<Block> {
    let (lang, summary) = (layers.lang, &layers.summary);
    let (least, most) = summary.range;
    let caption = match lang {
        Lang::Zh => format!("的网格在{least}—{most}户之间（{}/{}）", summary.in_range, summary.grids),
        Lang::En => format!("of grids hold {least}–{most} households"),
    };
    let share = words::permille(summary.in_range.into(), summary.grids.into());
    let mut blocks = vec![if layers.grids.iter().any(|grid| grid.hidden) {
        // A share of grids in range would tell of the one whose number is hidden.
        let caption = pick(lang, "个网格", "grids").to_owned();
        Block::Figure { value: summary.grids.to_string(), caption }
    } else {
        Block::Figure { value: words::percent(share), caption }
    }];
    blocks.push(Block::Heading(pick(lang, "图例", "Legend")));
    if !layers.grids.is_empty() {
        let label = pick(lang, "网格编码末三位，下为户数", "Grid code; households below");
        blocks.push(Block::entry(Swatch::Label("001"), label));
    }
    blocks.extend(legend::line_entries(layers, grid_line()));
    for mark in [Mark::Above, Mark::Below, Mark::Exclusive] {
        let count = layers.grids.iter().filter(|grid| Mark::of(layers, grid) == Some(mark)).count();
        if count > 0 {
            let fill = Style::fill(palette::GRIDS[0]).outlined(palette::GRID_LINE, 1.0);
            let swatch = Swatch::Area(vec![fill, Style::pattern(mark.pattern())]);
            let value = Some(count.to_string());
            blocks.push(Block::Entry { swatch, label: mark.label(layers), value });
        }
    }
    blocks.extend(legend::site_entries(layers, view));
    blocks
}

/// The grids' codes with the parts they are to stand in.
struct Codes {
    /// Polygons of each grid, the largest first.
    parts: Vec<Vec<Rings>>,
    firsts: Vec<Option<[f64; 2]>>,
    size: f64,
}

impl Codes {
    fn of(layers: &Layers, view: &View) -> Self {
        let parts: Vec<_> = layers.grids.iter().map(|grid| view.parts(&grid.rings)).collect();
        let given = |grid: &GridShape| grid.label_at.filter(|p| p[0].is_finite() && p[1].is_finite());
        let firsts = layers.grids.iter().map(|grid| given(grid).map(|p| view.point(p))).collect();
        let size =
            (base::typical(parts.iter().map(|parts| area(&parts[0])).collect()) / 3.6).clamp(12.0, 32.0);
        Self { parts, firsts, size: size.round() }
    }

    /// Asks community names to stay off the places where codes would stand.
    fn wish(&self, placer: &mut Placer) {
        for (parts, first) in self.parts.iter().zip(&self.firsts) {
            let at = first.or_else(|| roomy_points(&parts[0]).first().map(|(p, _)| *p));
            if let Some(at) = at {
                placer.wish_free(base::label_wish(at, self.size));
            }
        }
    }

    /// Small grids choose first: a large one finds another place more easily.
    fn place(&self, layers: &Layers, placer: &mut Placer) {
        let mut order: Vec<usize> = (0..self.parts.len()).collect();
        order.sort_by(|&a, &b| area(&self.parts[a][0]).total_cmp(&area(&self.parts[b][0])));
        for &at in &order {
            let forms = self.forms(layers, &layers.grids[at]);
            placer.area(&self.parts[at][0], self.firsts[at], &forms, Otherwise::Lead);
        }
        for at in order {
            let forms = self.forms(layers, &layers.grids[at]);
            for part in &self.parts[at][1..] {
                placer.area(part, None, &forms[1..], Otherwise::Skip);
            }
        }
    }

    fn forms(&self, layers: &Layers, grid: &GridShape) -> Vec<Form> {
        let label = grid.short_label.as_str();
        let code = |size| Row::new(label, size, true, palette::INK);
        let count = match layers.lang {
            _ if grid.hidden => "—".to_owned(),
            Lang::Zh => format!("{}户", grid.households),
            Lang::En => format!("{} hh", grid.households),
        };
        let count = Row::new(&count, (self.size * 0.72).max(11.5), false, palette::INK);
        let short = label.trim_start_matches('0');
        let short = if short.is_empty() { label } else { short };
        vec![
            vec![code(self.size), count],
            vec![code(self.size)],
            vec![code((self.size * 0.85).max(11.0))],
            vec![code(11.0)],
            vec![Row::new(short, 11.0, true, palette::INK)],
        ]
    }
}
