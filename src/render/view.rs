//! The sheet's layout, and the way from metres to pixels.
//!
//! Three layouts are tried, and the one that shows the place largest wins: a landscape sheet with the legend
//! at its side, a landscape sheet with the legend below (for wide places), a portrait sheet (for tall ones).

use super::layers::{Layers, MultiRing};
use super::scene::Line;
use super::shape::{Point, Rect, Rings, area, rough};

/// Free paper around everything.
pub(super) const MARGIN: f64 = 44.0;
/// Free map between the frame and the place.
const PADDING: f64 = 26.0;
/// Where the map frame begins, below title and subtitle.
const FRAME_TOP: f64 = 168.0;
/// Height kept below the frame for date and source.
const FOOT: f64 = 78.0;
/// How much larger the inhabited part must come out for the rest to be left to an overview.
const GAIN_MIN: f64 = 1.25;
/// A place is never taken to be smaller than this, in metres: a single point has a map too.
const SPAN_MIN_M: f64 = 50.0;

/// Where things stand on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The map.
    pub(super) frame: Rect,
    /// Legend, figures, scale.
    pub(super) panel: Rect,
    /// Columns of the panel.
    pub(super) columns: u32,
}

impl Sheet {
    fn beside(width: f64, height: f64, panel: f64) -> Self {
        let (bottom, edge) = (height - FOOT, width - MARGIN);
        Self {
            width,
            height,
            frame: Rect::new(MARGIN, FRAME_TOP, edge - panel - 28.0, bottom),
            panel: Rect::new(edge - panel, FRAME_TOP, edge, bottom),
            columns: 1,
        }
    }

    fn below(width: f64, height: f64, panel: f64) -> Self {
        let (bottom, edge) = (height - FOOT, width - MARGIN);
        Self {
            width,
            height,
            frame: Rect::new(MARGIN, FRAME_TOP, edge, bottom - panel - 24.0),
            panel: Rect::new(MARGIN, bottom - panel, edge, bottom),
            columns: 4,
        }
    }

    /// Pixels per metre at which a place of this size fills the frame.
    fn scale(&self, width_m: f64, height_m: f64) -> f64 {
        let frame = self.frame.grown(-PADDING);
        (frame.width() / width_m).min(frame.height() / height_m)
    }
}

/// 8开 and 4开 have these proportions, lying and standing.
fn papers() -> [Sheet; 2] {
    [Sheet::beside(2264.0, 1600.0, 372.0), Sheet::beside(1600.0, 2264.0, 348.0)]
}

/// From metres to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    pub(super) sheet: Sheet,
    /// Pixels per metre.
    pub(super) scale: f64,
    /// What lies in the middle of the frame, in metres.
    middle: Point,
    /// The whole place, if part of it lies outside the frame.
    pub(super) beyond: Option<Rect>,
}

/// The box around all shapes.
fn extent(layers: &Layers) -> Rect {
    let shapes = layers.atoms.iter().map(|atom| &atom.rings);
    let shapes = shapes.chain(layers.grids.iter().map(|grid| &grid.rings));
    let shapes = shapes.chain(layers.communities.iter().map(|community| &community.rings));
    let extent = Rect::of(shapes.flatten().flatten().flatten().copied());
    extent.unwrap_or_else(|| Rect::new(0.0, 0.0, 0.0, 0.0))
}

/// The box around the pieces of land where anybody lives: the parts of grids with an inhabited atom in their
/// box. Uninhabited rocks far out at sea would otherwise shrink the place that the map is about.
fn inhabited_extent(layers: &Layers) -> Option<Rect> {
    let inhabited = layers.atoms.iter().filter(|atom| atom.population > 0);
    let homes: Vec<Rect> =
        inhabited.filter_map(|atom| Rect::of(atom.rings.iter().flatten().flatten().copied())).collect();
    let parts = layers.grids.iter().flat_map(|grid| &grid.rings);
    let boxes = parts.filter_map(|part| Rect::of(part.iter().flatten().copied()));
    let lived_in = boxes.filter(|part| homes.iter().any(|home| part.contains(home)));
    Rect::of(lived_in.chain(homes.iter().copied()).flat_map(|part| part.corners()))
}

impl View {
    /// The best layout for the place and the view that fills it.
    pub(super) fn of(layers: &Layers) -> Self {
        let whole = extent(layers);
        let whole_view = Self::best(whole);
        let Some(main) = inhabited_extent(layers) else { return whole_view };
        let main_view = Self::best(main);
        if main_view.scale < whole_view.scale * GAIN_MIN {
            return whole_view;
        }
        Self { beyond: Some(whole), ..main_view }
    }

    /// A view of an extent inside another box of the sheet.
    pub(super) fn inset(&self, extent: Rect, frame: Rect) -> Self {
        let sheet = Sheet { frame, ..self.sheet };
        let width = frame.width() / extent.width().max(SPAN_MIN_M);
        let scale = 0.92 * width.min(frame.height() / extent.height().max(SPAN_MIN_M));
        Self { sheet, scale, middle: extent.centre(), beyond: None }
    }

    fn best(extent: Rect) -> Self {
        let (width, height) = (extent.width().max(SPAN_MIN_M), extent.height().max(SPAN_MIN_M));
        let sheets = [
            (1.0, Sheet::beside(2000.0, 1600.0, 372.0)),
            (0.95, Sheet::below(2000.0, 1600.0, 318.0)),
            (0.95, Sheet::beside(1600.0, 2000.0, 348.0)),
        ];
        let gain = |&(liking, sheet): &(f64, Sheet)| liking * sheet.scale(width, height);
        let [first, rest @ ..] = sheets;
        let best =
            rest.into_iter().fold(first, |best, next| if gain(&next) > gain(&best) { next } else { best });
        Self { sheet: best.1, scale: best.1.scale(width, height), middle: extent.centre(), beyond: None }
    }

    /// The whole place on the atlas's paper.
    pub(super) fn on_paper(layers: &Layers) -> Self {
        let extent = extent(layers);
        let (width, height) = (extent.width().max(SPAN_MIN_M), extent.height().max(SPAN_MIN_M));
        let [wide, tall] = papers();
        let sheet = if wide.scale(width, height) >= tall.scale(width, height) { wide } else { tall };
        Self { sheet, scale: sheet.scale(width, height), middle: extent.centre(), beyond: None }
    }

    /// A box at 1:`denominator` on paper whose long side is so many millimetres; `None` if it does not fit.
    pub(super) fn at_scale(extent: Rect, long_mm: f64, denominator: u32) -> Option<Self> {
        let fits = |sheet: &Sheet| {
            let scale = sheet.width.max(sheet.height) / long_mm * 1000.0 / f64::from(denominator);
            let (width, height) = (extent.width().max(SPAN_MIN_M), extent.height().max(SPAN_MIN_M));
            (scale <= sheet.scale(width, height)).then_some(scale)
        };
        let [wide, tall] = papers();
        let found = fits(&wide).map(|scale| (wide, scale)).or_else(|| fits(&tall).map(|scale| (tall, scale)));
        found.map(|(sheet, scale)| Self { sheet, scale, middle: extent.centre(), beyond: None })
    }

    /// What of the place the frame shows, in metres.
    pub(super) fn seen(&self) -> Rect {
        let corners = self.sheet.frame.corners().map(|corner| self.place(corner));
        Rect::of(corners).unwrap_or(Rect::new(0.0, 0.0, 0.0, 0.0))
    }

    /// A point of the place on the page.
    pub(super) fn point(&self, p: Point) -> Point {
        let [x, y] = self.sheet.frame.centre();
        [x + (p[0] - self.middle[0]) * self.scale, y - (p[1] - self.middle[1]) * self.scale]
    }

    /// A point of the page in the place.
    pub(super) fn place(&self, p: Point) -> Point {
        let [x, y] = self.sheet.frame.centre();
        [self.middle[0] + (p[0] - x) / self.scale, self.middle[1] - (p[1] - y) / self.scale]
    }

    fn ring(&self, ring: &[Point]) -> Vec<Point> {
        let finite = ring.iter().filter(|p| p[0].is_finite() && p[1].is_finite());
        let mut points: Vec<Point> =
            finite.map(|&p| self.point(p).map(|v| (v * 10.0).round() / 10.0)).collect();
        points.dedup();
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        points
    }

    /// Polygons on the page, as closed lines of whole tenths without repeated points, so that the many
    /// vertices of a finely drawn coast cost nothing where they fall together.
    pub(super) fn lines(&self, rings: &MultiRing) -> Vec<Line> {
        let rings = rings.iter().flatten().map(|ring| self.ring(ring));
        rings.filter(|points| points.len() > 1).map(|points| Line { points, closed: true }).collect()
    }

    /// The same without corners that nobody sees, see [`rough`].
    pub(super) fn rough_lines(&self, rings: &MultiRing) -> Vec<Line> {
        let lines = self.lines(rings).into_iter();
        lines.map(|line| Line { points: rough(line.points, true), closed: true }).collect()
    }

    /// An open line on the page.
    pub(super) fn open_line(&self, points: &[Point]) -> Line {
        let finite = points.iter().filter(|p| p[0].is_finite() && p[1].is_finite());
        Line { points: finite.map(|&p| self.point(p)).collect(), closed: false }
    }

    /// The polygons on the page, the largest first, thinned to about a pixel, which is all that placing a
    /// label needs. Never empty.
    pub(super) fn parts(&self, rings: &MultiRing) -> Vec<Rings> {
        let thin = |ring: &Vec<Point>| {
            let mut kept: Vec<Point> = Vec::new();
            for p in self.ring(ring) {
                let near = kept.last().is_some_and(|q| (q[0] - p[0]).abs() + (q[1] - p[1]).abs() < 1.2);
                if !near {
                    kept.push(p);
                }
            }
            kept
        };
        let parts = rings.iter().map(|part| part.iter().map(thin).collect::<Rings>());
        let mut parts: Vec<Rings> = parts.collect();
        parts.sort_by(|a, b| area(b).total_cmp(&area(a)));
        if parts.is_empty() {
            parts.push(Rings::new());
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::super::layers::CommunityShape;
    use super::*;

    fn place(width: f64, height: f64) -> Layers {
        let rings = vec![vec![vec![[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]]]];
        let community = CommunityShape { rings, ..CommunityShape::default() };
        Layers { communities: vec![community], ..Layers::default() }
    }

    #[test]
    fn the_sheet_follows_the_shape_of_the_place() {
        let cases =
            [((1000.0, 900.0), 2000.0, 1), ((3000.0, 900.0), 2000.0, 4), ((900.0, 2500.0), 1600.0, 1)];
        for ((width, height), page, columns) in cases {
            let view = View::of(&place(width, height));
            assert!(
                (view.sheet.width - page).abs() < 1e-9 && view.sheet.columns == columns,
                "{width} {height}"
            );
            assert!(view.sheet.frame.holds(view.point([0.0, 0.0])));
            assert!(view.sheet.frame.holds(view.point([width, height])));
        }
    }

    #[test]
    fn points_and_nothing_have_a_view() {
        for layers in [Layers::default(), place(0.0, 0.0), place(f64::NAN, 1.0)] {
            let view = View::of(&layers);
            assert!(view.scale.is_finite() && view.scale > 0.0);
            assert!(view.point([1.0, 1.0])[0].is_finite());
        }
    }
}
