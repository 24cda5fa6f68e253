//! The legend panel: blocks that flow down one column, or across several.
//!
//! What must be read comes first and always fits; the list of sites comes last and is cut short with a count
//! when it is longer than the paper. Scale bar and north arrow keep a place of their own at the end.

use super::layers::{Lang, Layers, SiteKind};
use super::palette;
use super::scene::{Anchor, Item, Style, path, rectangle, segment, text};
use super::shape::{Point, Rect};
use super::symbols;
use super::text::{fitted, width, wrap};
use super::view::{Sheet, View};
use super::words::pick;

/// Height kept for scale bar and north arrow.
const COMPASS_HEIGHT: f64 = 104.0;
const SWATCH: f64 = 46.0;
const ROW: f64 = 33.0;
const COLUMN_GAP: f64 = 36.0;
/// Between a count and its share in the value of an entry.
pub(super) const SHARE: char = '|';

/// The sign before a legend entry.
pub(super) enum Swatch {
    /// An area, painted with each style in turn.
    Area(Vec<Style>),
    /// Lines, painted in turn.
    Line(Vec<Style>),
    /// A site's sign.
    Site(SiteKind),
    /// A specimen of a label.
    Label(&'static str),
}

/// A piece of the panel.
pub(super) enum Block {
    /// One large figure with what it means.
    Figure { value: String, caption: String },
    /// A heading.
    Heading(&'static str),
    /// A sign, what it means, and perhaps a figure.
    Entry { swatch: Swatch, label: String, value: Option<String> },
    /// A sentence in small type.
    Note(String),
    /// The whole place, small, with the extent of the map marked.
    Overview { extent: Rect },
    /// A chosen site: the only block that may be cut off.
    Listed { kind: SiteKind, name: String },
}

impl Block {
    /// An entry without a figure.
    pub(super) fn entry(swatch: Swatch, label: &str) -> Self {
        Self::Entry { swatch, label: label.to_owned(), value: None }
    }

    fn height(&self, room: f64) -> f64 {
        match self {
            Self::Figure { .. } => 112.0,
            Self::Heading(_) => 50.0,
            Self::Entry { .. } => ROW,
            Self::Note(note) => {
                let lines = u32::try_from(wrap(note, 17.0, false, room).len()).unwrap_or(1);
                24.0 * f64::from(lines) + 8.0
            }
            Self::Overview { extent } => {
                let shape = extent.height().max(1.0) / extent.width().max(1.0);
                (room * shape).clamp(110.0, 240.0) + 40.0
            }
            Self::Listed { .. } => 40.0,
        }
    }
}

/// Draws the panel.
pub(super) fn draw(layers: &Layers, view: &View, blocks: &[Block]) -> Vec<Item> {
    let lang = layers.lang;
    let Sheet { panel, columns, .. } = view.sheet;
    let gaps = COLUMN_GAP * f64::from(columns - 1);
    let room = (panel.width() - gaps) / f64::from(columns);
    let left = |column: u32| panel.x0 + f64::from(column) * (room + COLUMN_GAP);
    let compass_top = panel.y1 - COMPASS_HEIGHT;
    let bottom = |column: u32| if column + 1 == columns { compass_top } else { panel.y1 };

    let mut items = Vec::new();
    let (mut column, mut y) = (0, panel.y0);
    for (at, block) in blocks.iter().enumerate() {
        let mut needed = block.height(room);
        if matches!(block, Block::Heading(_)) {
            needed += blocks.get(at + 1).map_or(0.0, |next| next.height(room));
        }
        let listed = matches!(block, Block::Listed { .. });
        let last_column = column + 1 == columns;
        let left_over = blocks.len() - at;
        let more = if listed && last_column && left_over > 1 { ROW } else { 0.0 };
        if y + needed + more > bottom(column) + 0.5 {
            if !last_column {
                (column, y) = (column + 1, panel.y0);
            } else if listed && y + ROW <= bottom(column) {
                let rest = match lang {
                    Lang::Zh => format!("…… 另有{left_over}处"),
                    Lang::En => format!("… and {left_over} more"),
                };
                items.push(text([left(column), y + 22.0], Anchor::Start, 18.0, false, palette::QUIET, &rest));
                break;
            }
            if matches!(block, Block::Listed { .. }) && last_column {
                break;
            }
        }
        if let Block::Overview { extent } = block {
            let frame = Rect::new(left(column), y + 36.0, left(column) + room, y + block.height(room) - 4.0);
            items.extend(overview(layers, view, *extent, frame));
        }
        items.extend(draw_block(block, [left(column), y], room));
        y += block.height(room);
    }
    items.extend(compass(view, lang, Rect::new(left(columns - 1), compass_top, panel.x1, panel.y1)));
    items
}

fn draw_block(block: &Block, [x, y]: Point, room: f64) -> Vec<Item> {
    let ink = palette::INK;
    match block {
        Block::Figure { value, caption } => vec![
            text([x, y + 62.0], Anchor::Start, 68.0, true, ink, value),
            text(
                [x, y + 94.0],
                Anchor::Start,
                20.0,
                false,
                palette::QUIET,
                &fitted(caption, 20.0, false, room),
            ),
        ],
        Block::Heading(heading) => vec![
            segment([x, y + 8.0], [x + room, y + 8.0], Style::line(palette::HAIR, 1.0)),
            text([x, y + 37.0], Anchor::Start, 21.0, true, ink, heading),
        ],
        Block::Entry { swatch, label, value } => {
            let middle = y + ROW / 2.0;
            let mut items = draw_swatch(swatch, [x, middle]);
            let value = value.as_deref().unwrap_or_default();
            let free = room - SWATCH - 14.0 - width(value, 18.0, false);
            let label = fitted(label, 18.0, false, free);
            let base = middle + 6.6;
            items.push(text([x + SWATCH + 12.0, base], Anchor::Start, 18.0, false, ink, &label));
            // A share, if there is one, has a column of its own, so that digits stand under digits.
            let (count, share) = value.split_once(SHARE).unwrap_or((value, ""));
            let counts_end = if share.is_empty() { x + room } else { x + room - 62.0 };
            for (end, figure) in [(counts_end, count), (x + room, share)] {
                if !figure.is_empty() {
                    items.push(text([end, base], Anchor::End, 18.0, false, palette::QUIET, figure));
                }
            }
            items
        }
        Block::Note(note) => {
            let lines = wrap(note, 17.0, false, room);
            let bases = (0..).map(|line| y + 20.0 + 24.0 * f64::from(line));
            let line = |(base, line): (f64, &String)| {
                text([x, base], Anchor::Start, 17.0, false, palette::QUIET, line)
            };
            bases.zip(&lines).map(line).collect()
        }
        Block::Overview { .. } => Vec::new(),
        Block::Listed { kind, name } => {
            let mut items = symbols::draw(*kind, [x + 20.0, y + 38.0]);
            let name = fitted(name, 18.0, false, room - 46.0);
            items.push(text([x + 44.0, y + 21.0], Anchor::Start, 18.0, false, ink, &name));
            items
        }
    }
}

/// The whole place in one tone, with the box of the main map over it.
fn overview(layers: &Layers, view: &View, extent: Rect, frame: Rect) -> Vec<Item> {
    let small = view.inset(extent, frame);
    let lines = layers.grids.iter().flat_map(|grid| small.lines(&grid.rings)).collect();
    let fill = Style::fill(palette::HAIR).outlined(palette::QUIET, 0.8);
    let [x0, y0] = small.point(view.place(view.sheet.frame.corners()[0]));
    let [x1, y1] = small.point(view.place(view.sheet.frame.corners()[2]));
    let marked = Rect::new(x0.max(frame.x0), y0.max(frame.y0), x1.min(frame.x1), y1.min(frame.y1));
    let heading = pick(layers.lang, "全域示意（方框为主图范围）", "Whole place; the box is the map");
    vec![
        text([frame.x0, frame.y0 - 12.0], Anchor::Start, 17.0, false, palette::QUIET, heading),
        path(lines, fill),
        rectangle(frame, Style::line(palette::HAIR, 1.0)),
        rectangle(marked, Style::line(palette::RANGE_MARK, 1.6)),
    ]
}

fn draw_swatch(swatch: &Swatch, [x, middle]: Point) -> Vec<Item> {
    let area = Rect::new(x, middle - 11.0, x + SWATCH, middle + 11.0);
    match swatch {
        Swatch::Area(styles) => styles.iter().map(|style| rectangle(area, style.clone())).collect(),
        Swatch::Line(styles) => {
            let line = |style: &Style| segment([x, middle], [x + SWATCH, middle], style.clone());
            styles.iter().map(line).collect()
        }
        Swatch::Site(kind) => {
            let raised = symbols::bounds(*kind, [0.0, 0.0]).centre()[1];
            symbols::draw(*kind, [x + SWATCH / 2.0, middle - raised])
        }
        Swatch::Label(specimen) => {
            vec![text([x + SWATCH / 2.0, middle + 6.5], Anchor::Middle, 18.0, true, palette::INK, specimen)]
        }
    }
}

/// The longest round distance (1, 2 or 5 times a power of ten, in metres) within `limit`.
pub(super) fn round_length(limit: f64) -> f64 {
    if !limit.is_finite() || limit <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(limit.log10().floor());
    let steps = [5.0, 2.0, 1.0].map(|step| step * power);
    steps.into_iter().find(|&step| step <= limit * (1.0 + 1e-9)).unwrap_or(power)
}

fn distance(metres: f64, unit: bool, lang: Lang) -> String {
    let (value, name) = if metres >= 1000.0 {
        (metres / 1000.0, pick(lang, "公里", " km"))
    } else {
        (metres, pick(lang, "米", " m"))
    };
    if unit { format!("{value}{name}") } else { format!("{value}") }
}

/// Scale bar and north arrow.
fn compass(view: &View, lang: Lang, room: Rect) -> Vec<Item> {
    let ink = palette::INK;
    let length = round_length((room.width() - 130.0) / view.scale);
    let pixels = length * view.scale;
    let (x, y) = (room.x0 + 4.0, room.y1 - 22.0);
    let mut items = Vec::new();
    for quarter in 0..4 {
        let at = x + pixels * f64::from(quarter) / 4.0;
        let fill = if quarter % 2 == 0 { ink } else { palette::PAPER };
        let bar = Rect::new(at, y, at + pixels / 4.0, y + 9.0);
        items.push(rectangle(bar, Style::fill(fill).outlined(ink, 1.2)));
    }
    // Half a kilometre under a label in kilometres would read as a bare 0.5 without its unit: both ends
    // share the unit of the whole.
    let half =
        if length >= 1000.0 { format!("{}", length / 2000.0) } else { distance(length / 2.0, false, lang) };
    let labels = [(0.0, "0".to_owned()), (0.5, half), (1.0, distance(length, true, lang))];
    for (share, label) in labels {
        let at = [x + pixels * share, y - 8.0];
        items.push(text(at, Anchor::Middle, 17.0, false, ink, &label));
    }
    items.extend(arrow([room.x1 - 30.0, room.y1 - 14.0], lang));
    items
}

/// A north arrow standing on its foot, half dark and half light.
fn arrow([x, y]: Point, lang: Lang) -> Vec<Item> {
    let ink = palette::INK;
    let (top, notch) = (y - 58.0, y - 12.0);
    let half = |side: f64, style| super::scene::polygon(vec![[x, top], [x + side, y], [x, notch]], style);
    vec![
        half(-17.0, Style::fill(ink).outlined(ink, 1.2)),
        half(17.0, Style::fill(palette::PAPER).outlined(ink, 1.2)),
        text([x, top - 7.0], Anchor::Middle, 22.0, true, ink, pick(lang, "北", "N")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_bars_are_round() {
        let cases = [
            (999.0, 500.0),
            (1000.0, 1000.0),
            (1999.9, 1000.0),
            (4.9, 2.0),
            (0.3, 0.2),
            (12_345.0, 10_000.0),
            (0.0, 1.0),
            (f64::NAN, 1.0),
        ];
        for (limit, expected) in cases {
            assert!((round_length(limit) - expected).abs() < 1e-9, "{limit} {}", round_length(limit));
        }
        assert_eq!(distance(2000.0, true, Lang::Zh), "2公里");
        assert_eq!(distance(500.0, true, Lang::En), "500 m");
    }
}
