//! Where labels may stand: on the map, inside what they name, and never on one another.
//!
//! Labels come in order of weight and each takes the first place that is free (the greedy method of
//! Christensen, Marks and Shieber 1995, section 3). A label is offered in several forms, the best first:
//! full, smaller, abbreviated. Each form is tried at the roomy points of its area; after that the smallest
//! may stand outside with a line leading to it; after that it is dropped, and the sheet says how many were.
//! Boxes lie in square buckets, so that a question costs the same on a crowded sheet as on an empty one.

use super::palette;
use super::scene::{Anchor, Colour, Item, Style, Text, segment};
use super::shape::{Point, Rect, Rings, holds_box, roomy_points};
use super::text;

/// Side of a bucket in pixels.
const BUCKET: f64 = 80.0;
/// Free paper between labels.
const GAP: f64 = 2.0;
/// Points of an area that are tried before giving up on a form.
const TRIES: usize = 40;
/// How far out a label may be led, in pixels.
const LEADS: [f64; 4] = [26.0, 44.0, 66.0, 92.0];

/// One line of a label.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) text: String,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: Colour,
}

impl Row {
    pub(super) fn new(text: &str, size: f64, bold: bool, colour: Colour) -> Self {
        Self { text: text.to_owned(), size, bold, colour }
    }
}

/// One way to write a label: rows from top to bottom.
pub(super) type Form = Vec<Row>;

fn size(form: &Form) -> (f64, f64) {
    let width = form.iter().map(|row| text::width(&row.text, row.size, row.bold)).fold(0.0, f64::max);
    (width + 2.0, form.iter().map(|row| row.size * 1.06).sum())
}

/// What becomes of a label that does not fit inside its area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// It stands outside with a line leading to the area, or else is counted as dropped.
    Lead,
    /// It is left out: it was only a repetition.
    Skip,
}

/// The map being labelled.
pub(super) struct Placer {
    sheet: Rect,
    boxes: Vec<Rect>,
    buckets: Vec<Vec<u32>>,
    columns: usize,
    /// What is best left free, though it is not forbidden: where lesser labels would like to stand.
    wishes: Vec<Rect>,
    /// Labels that found no room.
    pub(super) dropped: u32,
    leaders: Vec<Item>,
    texts: Vec<Item>,
}

impl Placer {
    pub(super) fn new(sheet: Rect) -> Self {
        let count = |length: f64| index(length / BUCKET) + 1;
        let (columns, rows) = (count(sheet.width()), count(sheet.height()));
        Self {
            sheet: sheet.grown(-4.0),
            boxes: Vec::new(),
            buckets: vec![Vec::new(); columns * rows],
            columns,
            wishes: Vec::new(),
            dropped: 0,
            leaders: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// Leader lines, then texts: what was placed, in painting order.
    pub(super) fn into_items(self) -> (Vec<Item>, Vec<Item>) {
        (self.leaders, self.texts)
    }

    /// Keeps labels off a box.
    pub(super) fn block(&mut self, rect: Rect) {
        let at = u32::try_from(self.boxes.len()).expect("fewer labels than four thousand million");
        self.boxes.push(rect);
        for bucket in self.buckets_of(&rect) {
            self.buckets[bucket].push(at);
        }
    }

    /// Keeps labels off a box as long as they have a choice.
    pub(super) fn wish_free(&mut self, rect: Rect) {
        self.wishes.push(rect);
    }

    fn buckets_of(&self, rect: &Rect) -> Vec<usize> {
        let rows = self.buckets.len() / self.columns;
        let span = |low: f64, high: f64, start: f64, count: usize| {
            let bucket = |v: f64| index((v - start) / BUCKET).min(count - 1);
            bucket(low)..=bucket(high)
        };
        let columns = span(rect.x0, rect.x1, self.sheet.x0, self.columns);
        let rows = span(rect.y0, rect.y1, self.sheet.y0, rows);
        rows.flat_map(|row| columns.clone().map(move |column| row * self.columns + column)).collect()
    }

    fn free(&self, rect: &Rect) -> bool {
        let blocked = |&at: &u32| self.boxes[at as usize].overlaps(rect);
        self.sheet.contains(rect)
            && !self.buckets_of(rect).iter().any(|&b| self.buckets[b].iter().any(blocked))
    }

    fn free_line(&self, from: Point, to: Point) -> bool {
        let around =
            Rect::new(from[0].min(to[0]), from[1].min(to[1]), from[0].max(to[0]), from[1].max(to[1]));
        let crossed = |&at: &u32| self.boxes[at as usize].meets(from, to);
        !self.buckets_of(&around).iter().any(|&b| self.buckets[b].iter().any(crossed))
    }

    fn wished(&self, rect: &Rect) -> usize {
        self.wishes.iter().filter(|wish| wish.overlaps(rect)).count()
    }

    /// Labels an area; `first` is tried before the points found in it. Returns whether a place was found.
    pub(super) fn area(
        &mut self,
        rings: &Rings,
        first: Option<Point>,
        forms: &[Form],
        otherwise: Otherwise,
    ) -> bool {
        let roomy = roomy_points(rings);
        let points: Vec<Point> = first.into_iter().chain(roomy.iter().map(|(p, _)| *p)).take(TRIES).collect();
        for form in forms {
            let (width, height) = size(form);
            let boxes = points.iter().map(|&p| Rect::around(p, width, height));
            let fits = |rect: &Rect| self.free(rect) && holds_box(rings, rect);
            let best = boxes.filter(fits).take(12).min_by_key(|rect| self.wished(rect));
            if let Some(rect) = best {
                self.put(form, rect);
                return true;
            }
        }
        if otherwise == Otherwise::Skip {
            return false;
        }
        let Some((form, &at)) = forms.last().zip(points.first()) else { return false };
        let placed = self.sheet.holds(at) && self.led(form, at);
        self.dropped += u32::from(!placed);
        placed
    }

    /// Labels a point with its name beside a symbol of the given half width.
    pub(super) fn beside(&mut self, at: Point, radius: f64, forms: &[Form]) -> bool {
        for form in forms {
            let (width, height) = size(form);
            let (dx, dy) = (radius + width / 2.0 + 3.0, radius + height / 2.0 + 2.0);
            let offsets =
                [[dx, 0.0], [-dx, 0.0], [0.0, dy], [0.0, -dy], [dx, dy], [dx, -dy], [-dx, dy], [-dx, -dy]];
            let boxes = offsets.map(|[x, y]| Rect::around([at[0] + x, at[1] + y], width, height));
            let best = boxes.into_iter().filter(|rect| self.free(rect)).min_by_key(|rect| self.wished(rect));
            if let Some(rect) = best {
                self.put(form, rect);
                return true;
            }
        }
        self.dropped += u32::from(!forms.is_empty());
        false
    }

    /// Labels a point from a distance, with a line that crosses no other label. It never ends where another
    /// area would have its own label: a code there would be read as that area's.
    fn led(&mut self, form: &Form, at: Point) -> bool {
        const TURNS: u32 = 16;
        let (width, height) = size(form);
        let around = LEADS.iter().flat_map(|&distance| (0..TURNS).map(move |turn| (distance, turn)));
        let boxes = around.map(|(distance, turn)| {
            let angle = f64::from(turn) * std::f64::consts::TAU / f64::from(TURNS);
            let (dx, dy) = (angle.cos() * (distance + width / 2.0), angle.sin() * (distance + height / 2.0));
            Rect::around([at[0] + dx, at[1] + dy], width, height)
        });
        let mut boxes = boxes.filter(|rect| self.free(rect) && self.free_line(at, end(rect, at)));
        let Some(rect) = boxes.find(|rect| self.wished(rect) == 0) else { return false };
        let to = end(&rect, at);
        self.leaders.push(segment(at, to, Style::line(palette::PAPER, 3.0)));
        self.leaders.push(segment(at, to, Style::line(palette::QUIET, 1.1)));
        self.leaders.push(Item::Disc { at, radius: 2.2, style: Style::fill(palette::QUIET) });
        for step in 0..5 {
            let t = f64::from(step) / 5.0;
            self.block(Rect::around([at[0] + (to[0] - at[0]) * t, at[1] + (to[1] - at[1]) * t], 3.0, 3.0));
        }
        self.put(form, rect);
        true
    }

    fn put(&mut self, form: &Form, rect: Rect) {
        let mut top = rect.y0;
        for row in form {
            let height = row.size * 1.06;
            let at = [rect.centre()[0], top + height / 2.0 + row.size * 0.365];
            self.texts.push(Item::Text(Text {
                at,
                anchor: Anchor::Middle,
                size: row.size,
                bold: row.bold,
                fill: row.colour,
                halo: Some((palette::PAPER, (row.size * 0.22).clamp(2.5, 5.0))),
                text: row.text.clone(),
            }));
            top += height;
        }
        self.block(rect.grown(GAP));
    }
}

/// Where a leader meets its label: the point of the box nearest to the target.
fn end(rect: &Rect, target: Point) -> Point {
    [target[0].clamp(rect.x0, rect.x1), target[1].clamp(rect.y0, rect.y1)]
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a page holds")]
const fn index(value: f64) -> usize {
    value.clamp(0.0, 1e6) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The box a placed text fills.
    fn box_of(item: &Item) -> Rect {
        let Item::Text(text) = item else { panic!("only texts are placed") };
        let width = text::width(&text.text, text.size, text.bold);
        Rect::around([text.at[0], text.at[1] - text.size * 0.365], width, text.size)
    }

    fn crowd(side: u32, step: f64) -> (Rect, Placer) {
        let sheet = Rect::new(0.0, 0.0, f64::from(side) * step, f64::from(side) * step);
        let mut placer = Placer::new(sheet);
        for at in 0..side * side {
            let (x, y) = (f64::from(at % side) * step, f64::from(at / side) * step);
            let cell = vec![Rect::new(x, y, x + step, y + step).corners().to_vec()];
            let row = |size| vec![Row::new("001", size, true, palette::INK)];
            placer.area(&cell, None, &[row(16.0), row(10.0)], Otherwise::Lead);
        }
        (sheet, placer)
    }

    #[test]
    fn labels_neither_touch_nor_leave_the_sheet() {
        for (side, step) in [(3, 90.0), (12, 40.0), (20, 16.0), (30, 9.0)] {
            let (sheet, placer) = crowd(side, step);
            let dropped = placer.dropped;
            let (_, texts) = placer.into_items();
            assert_eq!(u32::try_from(texts.len()).expect("few") + dropped, side * side);
            let boxes: Vec<Rect> = texts.iter().map(box_of).collect();
            for (at, rect) in boxes.iter().enumerate() {
                assert!(sheet.contains(rect), "{rect:?}");
                assert!(!boxes[at + 1..].iter().any(|other| other.overlaps(rect)), "{rect:?}");
            }
        }
    }

    #[test]
    fn a_small_area_is_led_out_or_counted() {
        let tiny = vec![Rect::new(100.0, 100.0, 104.0, 104.0).corners().to_vec()];
        let form = vec![vec![Row::new("017", 14.0, true, palette::INK)]];
        let mut wide = Placer::new(Rect::new(0.0, 0.0, 300.0, 300.0));
        assert!(
            wide.area(&tiny, None, &form, Otherwise::Lead) && wide.dropped == 0 && !wide.leaders.is_empty()
        );
        let mut narrow = Placer::new(Rect::new(90.0, 90.0, 112.0, 112.0));
        assert!(!narrow.area(&tiny, None, &form, Otherwise::Lead) && narrow.dropped == 1);
    }
}
