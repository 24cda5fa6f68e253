//! A sheet as a list of things to draw, in order, in pixels of the page.
//!
//! The scene stands between deciding and drawing: tests look at it, `svg.rs` writes it, and nothing in
//! it knows about files, fonts or renderers. Items are painted in the order of the list.

use super::shape::{Point, Rect};

/// A colour without transparency, `0xRRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u32);

/// What fills an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Nothing.
    None,
    /// One colour.
    Solid(Colour),
    /// A pattern; the sheet beneath shows between its strokes.
    Pattern(Pattern),
}

/// Hatches. They carry meaning where colour cannot, so that a sheet survives a black and white copier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// Strong diagonal lines: people beyond reach.
    Beyond,
    /// Dots: people gained by the chosen sites.
    Gained,
    /// Diagonal lines rising to the right: a grid above its range.
    Above,
    /// Lines falling to the right: a grid below its range.
    Below,
    /// Fine crosses: an exclusive grid.
    Exclusive,
    /// Sparse specks: land without residents.
    Empty,
}

/// A line's look.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub colour: Colour,
    /// Width in pixels.
    pub width: f64,
    /// Lengths of dashes and gaps; empty for a solid line.
    pub dash: Vec<f64>,
    /// 1 is opaque.
    pub opacity: f64,
}

/// An area's look.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    /// Filling.
    pub fill: Paint,
    /// Outline.
    pub stroke: Option<Stroke>,
    /// Opacity of the filling, 1 is opaque.
    pub opacity: f64,
}

impl Style {
    /// A filling without outline.
    #[must_use]
    pub const fn fill(colour: Colour) -> Self {
        Self { fill: Paint::Solid(colour), stroke: None, opacity: 1.0 }
    }

    /// A hatch without outline.
    #[must_use]
    pub const fn pattern(pattern: Pattern) -> Self {
        Self { fill: Paint::Pattern(pattern), stroke: None, opacity: 1.0 }
    }

    /// A line without filling.
    #[must_use]
    pub const fn line(colour: Colour, width: f64) -> Self {
        let stroke = Stroke { colour, width, dash: Vec::new(), opacity: 1.0 };
        Self { fill: Paint::None, stroke: Some(stroke), opacity: 1.0 }
    }

    /// The same with an outline.
    #[must_use]
    pub fn outlined(mut self, colour: Colour, width: f64) -> Self {
        self.stroke = Some(Stroke { colour, width, dash: Vec::new(), opacity: 1.0 });
        self
    }

    /// The same with its outline dashed.
    #[must_use]
    pub fn dashed(mut self, dash: &[f64]) -> Self {
        if let Some(stroke) = &mut self.stroke {
            stroke.dash = dash.to_vec();
        }
        self
    }

    /// The same, thinned to an opacity, filling and outline alike.
    #[must_use]
    pub fn faded(mut self, opacity: f64) -> Self {
        self.opacity = opacity;
        if let Some(stroke) = &mut self.stroke {
            stroke.opacity = opacity;
        }
        self
    }
}

/// A run of points.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Vertices; a closed line does not repeat its first.
    pub points: Vec<Point>,
    /// Whether the last vertex joins the first.
    pub closed: bool,
}

/// Several lines painted as one, filled by the even-odd rule, so that holes stay open whatever their
/// winding and neighbours that share an edge show no seam.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The lines.
    pub lines: Vec<Line>,
    /// The look.
    pub style: Style,
    /// What a viewer of the SVG shows on hovering.
    pub title: Option<String>,
}

/// Which point of a text is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Anchor on the baseline.
    pub at: Point,
    /// Which end of the text it is.
    pub anchor: Anchor,
    /// Size in pixels.
    pub size: f64,
    /// Bold or regular.
    pub bold: bool,
    /// Colour.
    pub fill: Colour,
    /// Colour and width of the rim that parts it from the map.
    pub halo: Option<(Colour, f64)>,
    /// What it says.
    pub text: String,
}

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Lines and areas.
    Path(Path),
    /// A disc.
    Disc {
        /// Centre.
        at: Point,
        /// Radius.
        radius: f64,
        /// Look.
        style: Style,
    },
    /// Text.
    Text(Text),
    /// Several items under a name.
    Group(Group),
}

/// Items under a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Class of the SVG group, which is how a test or a style sheet finds the layer.
    pub class: &'static str,
    /// The items, painted in order.
    pub items: Vec<Item>,
}

/// A whole sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
    /// Title, for the document.
    pub title: String,
    /// Labels that found no room, which a note on the sheet admits.
    pub dropped_labels: u32,
    /// The items, painted in order.
    pub items: Vec<Item>,
}

impl Scene {
    /// The sheet as an SVG document; equal scenes give equal bytes.
    #[must_use]
    pub fn to_svg(&self) -> String {
        super::svg::write(self)
    }

    /// Every text on the sheet, in painting order.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        fn walk<'a>(items: &'a [Item], out: &mut Vec<&'a Text>) {
            for item in items {
                match item {
                    Item::Text(text) => out.push(text),
                    Item::Group(group) => walk(&group.items, out),
                    Item::Path(_) | Item::Disc { .. } => {}
                }
            }
        }
        let mut out = Vec::new();
        walk(&self.items, &mut out);
        out
    }
}

/// A path without a title.
pub(super) const fn path(lines: Vec<Line>, style: Style) -> Item {
    Item::Path(Path { lines, style, title: None })
}

/// A closed shape from its corners.
pub(super) fn polygon(points: Vec<Point>, style: Style) -> Item {
    path(vec![Line { points, closed: true }], style)
}

/// A rectangle.
pub(super) fn rectangle(rect: Rect, style: Style) -> Item {
    polygon(rect.corners().to_vec(), style)
}

/// A straight line.
pub(super) fn segment(from: Point, to: Point, style: Style) -> Item {
    path(vec![Line { points: vec![from, to], closed: false }], style)
}

/// Text without a halo.
pub(super) fn text(at: Point, anchor: Anchor, size: f64, bold: bool, fill: Colour, text: &str) -> Item {
    Item::Text(Text { at, anchor, size, bold, fill, halo: None, text: text.to_owned() })
}
