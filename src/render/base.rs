//! What both sheets share: title and foot, water and streets, the lines of grids and communities, names and
//! signs.

use super::joined::{Shared, joined};
use super::labels::{Form, Otherwise, Placer, Row};
use super::layers::{ContextKind, Layers, MultiRing, SiteKind};
use super::legend;
use super::palette;
use super::panel::{self, Block};
use super::scene::{Anchor, Group, Item, Line, Paint, Scene, Style, path, rectangle, text};
use super::shape::{Point, Rect, area};
use super::symbols;
use super::text::{fitted, width};
use super::view::{MARGIN, Sheet, View};
use super::words::{self, pick};

/// The parts of a sheet that its map fills in.
pub(super) struct Parts {
    pub(super) title: String,
    pub(super) subtitle: String,
    /// Areas, bottom first.
    pub(super) areas: Vec<Item>,
    /// Lines over the areas.
    pub(super) lines: Vec<Item>,
    /// Blocks of the panel before the notes and the list of sites.
    pub(super) blocks: Vec<Block>,
    /// Signs and labels.
    pub(super) notes: Vec<String>,
    /// Leaders and texts.
    pub(super) placer: Placer,
}

/// Puts a sheet together.
pub(super) fn assemble(layers: &Layers, view: &View, parts: Parts) -> Scene {
    let Parts { title, subtitle, areas, lines, mut blocks, mut notes, placer } = parts;
    let sheet = view.sheet;
    let dropped = placer.dropped;
    if dropped > 0 {
        notes.push(words::dropped_note(layers.lang, dropped));
    }
    // A sheet of one community is not missing what belongs to others.
    let is_whole = layers.page.is_none();
    let outside = layers.centres.iter().filter(|site| is_whole && !on_map(view, site.at)).count();
    if let Some(outside) = u32::try_from(outside).ok().filter(|&count| count > 0) {
        notes.push(words::outside_note(layers.lang, outside));
    }
    blocks.extend(notes.into_iter().map(Block::Note));
    if let Some(extent) = view.beyond {
        blocks.push(Block::Overview { extent });
    }
    blocks.extend(legend::listed_sites(layers, view));
    blocks.extend(legend::shared_sites(layers, view));

    let (leaders, texts) = placer.into_items();
    let group = |class, items| Item::Group(Group { class, items });
    let mut items = vec![
        group("areas", areas),
        group("lines", lines),
        group("margin", margin(&sheet)),
        group("leaders", leaders),
        group("sites", sites(layers, view)),
        group("labels", texts),
    ];
    if layers.atoms.is_empty() && layers.grids.is_empty() && layers.communities.is_empty() {
        let empty = pick(layers.lang, "无数据", "No data");
        items.push(text(sheet.frame.centre(), Anchor::Middle, 40.0, true, palette::HAIR, empty));
    }
    items.push(group("panel", panel::draw(layers, view, &blocks)));
    items.push(group("heading", heading(&sheet, &title, &subtitle)));
    items.push(group("foot", foot(layers, &sheet)));
    Scene { width: sheet.width, height: sheet.height, title, dropped_labels: dropped, items }
}

/// White paper around the frame, over whatever ran past it, and the frame itself. Painting over costs a
/// renderer far less than clipping, which needs a layer and a mask of the whole page.
fn margin(sheet: &Sheet) -> Vec<Item> {
    let ring = |rect: Rect| Line { points: rect.corners().to_vec(), closed: true };
    let page = Rect::new(0.0, 0.0, sheet.width, sheet.height);
    vec![
        path(vec![ring(page), ring(sheet.frame)], Style::fill(palette::PAPER)),
        rectangle(sheet.frame, Style::line(palette::INK, 1.6)),
        rectangle(sheet.frame.grown(5.0), Style::line(palette::INK, 0.7)),
    ]
}

fn heading(sheet: &Sheet, title: &str, subtitle: &str) -> Vec<Item> {
    let room = sheet.width - 2.0 * MARGIN;
    let size = [54.0, 46.0, 38.0, 30.0].into_iter().find(|&size| width(title, size, true) <= room);
    let size = size.unwrap_or(26.0);
    let title = fitted(title, size, true, room);
    let subtitle = fitted(subtitle, 25.0, false, room);
    vec![
        text([MARGIN, 92.0], Anchor::Start, size, true, palette::INK, &title),
        text([MARGIN, 139.0], Anchor::Start, 25.0, false, palette::QUIET, &subtitle),
    ]
}

fn foot(layers: &Layers, sheet: &Sheet) -> Vec<Item> {
    let lang = layers.lang;
    let base = sheet.height - MARGIN + 4.0;
    let mut left = Vec::new();
    if !layers.date.is_empty() {
        left.push(format!("{}{}", pick(lang, "数据日期：", "Data as of "), layers.date));
    }
    if !layers.source.is_empty() {
        left.push(format!("{}{}", pick(lang, "资料来源：", "Source: "), layers.source));
    }
    let maker = format!("wangge {}", env!("CARGO_PKG_VERSION"));
    let right = match lang {
        super::layers::Lang::Zh => format!("{maker} 制图"),
        super::layers::Lang::En => format!("Drawn by {maker}"),
    };
    let room = sheet.width - 2.0 * MARGIN - width(&right, 18.0, false) - 30.0;
    if let Some((page, of)) = layers.page {
        left.push(match lang {
            super::layers::Lang::Zh => format!("第 {page} 页，共 {of} 页"),
            super::layers::Lang::En => format!("Page {page} of {of}"),
        });
    }
    let left = fitted(&left.join("　"), 18.0, false, room);
    vec![
        text([MARGIN, base], Anchor::Start, 18.0, false, palette::QUIET, &left),
        text([sheet.width - MARGIN, base], Anchor::End, 18.0, false, palette::QUIET, &right),
    ]
}

/// Many polygons as one path, in which an edge they share does not come twice.
pub(super) fn merged<'a>(view: &View, shapes: impl Iterator<Item = &'a MultiRing>, style: Style) -> Item {
    let lines: Vec<Line> = shapes.flat_map(|rings| view.lines(rings)).collect();
    let lines = match (style.fill, &style.stroke) {
        (_, None) => joined(&lines, Shared::Cancel),
        // Dashes are counted from where a line begins.
        (Paint::None, Some(stroke)) if stroke.dash.is_empty() => joined(&lines, Shared::Merge),
        _ => lines,
    };
    path(lines, style)
}

/// A soft rim along the outer edge of the whole place; the fillings that follow hide its inner half.
pub(super) fn rim(layers: &Layers, view: &View) -> Item {
    let grids = layers.grids.iter().map(|grid| &grid.rings);
    let shapes = layers.communities.iter().map(|community| &community.rings).chain(grids);
    merged(view, shapes, Style::line(palette::RIM, 15.0))
}

/// Water, footprints, atoms' edges and the background lines, to lie over the fillings.
pub(super) fn ground(layers: &Layers, view: &View) -> Vec<Item> {
    // Where footprints show, the cells around them are a construction that would only confuse.
    let cells = if layers.buildings.is_empty() { layers.atoms.as_slice() } else { &[] };
    let atoms = cells.iter().map(|atom| &atom.rings);
    let mut items = vec![
        merged(view, layers.water.iter(), Style::fill(palette::WATER)),
        footprints(layers, view),
        merged(view, atoms, Style::line(palette::INK, 0.6).faded(0.16)),
    ];
    let kinds = [
        ContextKind::River,
        ContextKind::Street,
        ContextKind::Arterial,
        ContextKind::Railway,
        ContextKind::Wall,
        ContextKind::Barrier,
    ];
    for kind in kinds {
        let of_kind = layers.context.iter().filter(|line| line.kind == kind);
        let lines: Vec<Line> = of_kind.map(|line| view.open_line(&line.points)).collect();
        if !lines.is_empty() {
            items.extend(strokes(kind).into_iter().map(|style| path(lines.clone(), style)));
        }
    }
    items
}

/// The least typical side of footprints that a map is given, in pixels: smaller ones are mere dirt.
const FOOTPRINT_MIN: f64 = 2.0;

/// Footprints, few of which share an edge, without the corners that nobody sees.
fn footprints(layers: &Layers, view: &View) -> Item {
    let square = |rings: &MultiRing| rings.iter().map(|part| area(part)).sum::<f64>();
    let side = view.scale * typical(layers.buildings.iter().map(square).collect());
    let shown = if side >= FOOTPRINT_MIN { layers.buildings.as_slice() } else { &[] };
    let lines = shown.iter().flat_map(|rings| view.rough_lines(rings)).collect();
    path(lines, Style::fill(palette::BUILDING).faded(0.3))
}

/// How a background line is drawn: strokes one over the other.
pub(super) fn strokes(kind: ContextKind) -> Vec<Style> {
    match kind {
        ContextKind::River => vec![Style::line(palette::RIVER, 4.0)],
        ContextKind::Street => vec![Style::line(palette::PAPER, 1.8).faded(0.8)],
        ContextKind::Arterial => vec![Style::line(palette::HAIR, 6.0), Style::line(palette::PAPER, 4.2)],
        ContextKind::Railway => {
            vec![Style::line(palette::INK, 4.2), Style::line(palette::PAPER, 2.4).dashed(&[11.0, 11.0])]
        }
        ContextKind::Wall => vec![Style::line(palette::QUIET, 2.0).dashed(&[2.0, 4.0])],
        ContextKind::Barrier => vec![Style::line(palette::QUIET, 3.0).dashed(&[14.0, 4.0, 3.0, 4.0])],
    }
}

/// Community outlines: a dark line in a white bed.
pub(super) fn community_lines(layers: &Layers, view: &View) -> Vec<Item> {
    let rings = || layers.communities.iter().map(|community| &community.rings);
    community_strokes().map(|style| merged(view, rings(), style)).into()
}

pub(super) fn community_strokes() -> [Style; 2] {
    [Style::line(palette::PAPER, 6.0).faded(0.75), Style::line(palette::COMMUNITY, 2.6)]
}

pub(super) fn on_map(view: &View, at: Point) -> bool {
    at[0].is_finite() && at[1].is_finite() && view.sheet.frame.holds(view.point(at))
}

/// Signs, the most important on top.
fn sites(layers: &Layers, view: &View) -> Vec<Item> {
    let weight = |kind: SiteKind| match kind {
        SiteKind::Candidate => 0,
        SiteKind::Centre { counts, .. } => 1 + u32::from(counts),
        SiteKind::Shared { .. } => 3,
        SiteKind::Chosen { .. } => 4,
    };
    let mut shown: Vec<(SiteKind, Point)> = Vec::new();
    shown.extend(layers.centres.iter().filter(|s| on_map(view, s.at)).map(|s| (s.kind, view.point(s.at))));
    shown.sort_by(|a, b| weight(a.0).cmp(&weight(b.0)).then(a.1[1].total_cmp(&b.1[1])));
    shown.into_iter().flat_map(|(kind, at)| symbols::draw(kind, at)).collect()
}

/// A labelled map to be, with the signs already taking their room.
pub(super) fn placer(layers: &Layers, view: &View) -> Placer {
    let mut placer = Placer::new(view.sheet.frame);
    for site in layers.centres.iter().filter(|site| on_map(view, site.at)) {
        placer.block(symbols::bounds(site.kind, view.point(site.at)));
    }
    placer
}

/// Writes the communities' names, sized to the communities.
pub(super) fn name_communities(layers: &Layers, view: &View, placer: &mut Placer) {
    let parts: Vec<_> = layers.communities.iter().map(|c| view.parts(&c.rings).swap_remove(0)).collect();
    let base = (typical(parts.iter().map(|part| area(part)).collect()) / 6.2).clamp(17.0, 30.0).round();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|&a, &b| area(&parts[b]).total_cmp(&area(&parts[a])));
    for at in order {
        let name = &layers.communities[at].name;
        if name.is_empty() {
            continue;
        }
        let form = |size: f64| -> Form { vec![Row::new(name, size, true, palette::COMMUNITY)] };
        let sizes = [base, base * 0.86, base * 0.72, 14.0];
        let forms: Vec<Form> = sizes.into_iter().filter(|&size| size >= 14.0).map(form).collect();
        placer.area(&parts[at], None, &forms, Otherwise::Lead);
    }
}

/// Side of a square as large as the middle one of these areas.
pub(super) fn typical(mut areas: Vec<f64>) -> f64 {
    areas.sort_by(f64::total_cmp);
    areas.get(areas.len() / 2).map_or(0.0, |area| area.sqrt())
}

/// Writes names beside signs: chosen sites first, then centres that count.
pub(super) fn name_sites(layers: &Layers, view: &View, placer: &mut Placer) {
    for site in layers.centres.iter().filter(|site| on_map(view, site.at) && !site.name.is_empty()) {
        let SiteKind::Centre { counts: true, .. } = site.kind else { continue };
        let at = view.point(site.at);
        let radius = symbols::bounds(site.kind, at).width() / 2.0;
        let short = fitted(&site.name, 14.0, false, 170.0);
        let forms = [16.0, 14.0].map(|size| vec![Row::new(&short, size, false, palette::CENTRE)]);
        placer.beside(at, radius, &forms);
    }
}

/// The box around a point that a short label would fill.
pub(super) fn label_wish(at: Point, size: f64) -> Rect {
    Rect::around(at, size * 1.9, size * 1.1)
}
