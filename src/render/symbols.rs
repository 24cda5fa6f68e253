//! Signs for centres and sites. They differ in outline as well as in colour.

use super::layers::SiteKind;
use super::palette;
use super::scene::{Anchor, Colour, Item, Line, Style, path, polygon, text};
use super::shape::{Point, Rect};

/// Height of a pin from its tip to the middle of its head.
const PIN_HEAD: f64 = 24.0;
const PIN_RADIUS: f64 = 14.0;

/// Half the width of the sign for an existing centre.
const fn radius(level: Option<u8>) -> f64 {
    match level {
        Some(1 | 2) => 14.0,
        Some(3) => 12.0,
        Some(5) => 6.5,
        _ => 8.5,
    }
}

/// The paper a sign covers.
pub(super) fn bounds(kind: SiteKind, at: Point) -> Rect {
    match kind {
        SiteKind::Centre { level, .. } => {
            let side = 2.0 * radius(level) + 3.0;
            Rect::around(at, side, side)
        }
        SiteKind::Chosen { .. } | SiteKind::Shared { .. } => Rect::new(
            at[0] - PIN_RADIUS - 2.0,
            at[1] - PIN_HEAD - PIN_RADIUS - 2.0,
            at[0] + PIN_RADIUS + 2.0,
            at[1] + 2.0,
        ),
        SiteKind::Candidate => Rect::around(at, 13.0, 13.0),
    }
}

/// The sign itself.
pub(super) fn draw(kind: SiteKind, at: Point) -> Vec<Item> {
    match kind {
        SiteKind::Centre { level, counts } => centre(level, counts, at),
        SiteKind::Chosen { rank } => pin(&rank.to_string(), palette::CHOSEN, at),
        SiteKind::Shared { letter } => {
            let letter = char::from(b'A'.saturating_add(letter.min(25)));
            pin(&letter.to_string(), palette::SHARED, at)
        }
        SiteKind::Candidate => {
            let style = Style::fill(palette::PAPER).outlined(palette::CANDIDATE, 1.8);
            vec![polygon(ring(at, 5.5, 4, 0.0), style)]
        }
    }
}

fn centre(level: Option<u8>, counts: bool, at: Point) -> Vec<Item> {
    let radius = radius(level);
    let (body, mark) = if counts {
        (Style::fill(palette::CENTRE).outlined(palette::PAPER, 2.0), palette::PAPER)
    } else {
        (Style::fill(palette::PAPER).outlined(palette::CENTRE, 2.2), palette::CENTRE)
    };
    let disc = |radius, style| Item::Disc { at, radius, style };
    match level {
        Some(1 | 2) => {
            let square = Rect::around(at, 2.0 * radius - 2.0, 2.0 * radius - 2.0);
            vec![
                polygon(square.corners().to_vec(), body),
                polygon(star(at, radius * 0.72), Style::fill(mark)),
            ]
        }
        Some(3) => vec![disc(radius, body), polygon(star(at, radius * 0.78), Style::fill(mark))],
        Some(5) => vec![polygon(ring(at, radius + 1.0, 3, -90.0), body)],
        _ => vec![disc(radius, body), disc(radius * 0.33, Style::fill(mark))],
    }
}

fn pin(mark: &str, colour: Colour, at: Point) -> Vec<Item> {
    let head = [at[0], at[1] - PIN_HEAD];
    let mut outline = vec![at];
    for step in 0..=24 {
        let angle = (145.0 + 10.416 * f64::from(step)).to_radians();
        outline.push([head[0] + PIN_RADIUS * angle.cos(), head[1] + PIN_RADIUS * angle.sin()]);
    }
    let size = if mark.len() > 2 { 12.0 } else { 17.0 };
    vec![
        path(vec![Line { points: outline, closed: true }], Style::fill(colour).outlined(palette::PAPER, 2.0)),
        text([head[0], head[1] + size * 0.36], Anchor::Middle, size, true, palette::PAPER, mark),
    ]
}

fn ring(at: Point, radius: f64, corners: u32, turned: f64) -> Vec<Point> {
    let angle = |corner| (turned + 360.0 * f64::from(corner) / f64::from(corners)).to_radians();
    (0..corners).map(|c| [at[0] + radius * angle(c).cos(), at[1] + radius * angle(c).sin()]).collect()
}

/// A five-pointed star.
fn star(at: Point, radius: f64) -> Vec<Point> {
    let outer = ring(at, radius, 5, -90.0);
    let inner = ring(at, radius * 0.4, 5, -54.0);
    outer.into_iter().zip(inner).flat_map(|(a, b)| [a, b]).collect()
}
