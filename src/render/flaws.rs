//! The map of doubts (界线疑点): where drawn areas overlap, and where ground belongs to no community.
//!
//! Most are slivers that no scale would show, so each is ringed and numbered; the panel says what it is.

use super::base::{self, Parts};
use super::labels::Row;
use super::layers::{FlawShape, Lang, Layers};
use super::palette;
use super::panel::{Block, Swatch};
use super::scene::{Item, Scene, Style};
use super::shape::Rect;
use super::view::View;
use super::words::pick;

/// Doubts told in the panel; all are in `problems.csv`.
const TOLD: usize = 14;

/// Radius of the ring around a doubt, in pixels.
const RING: f64 = 15.0;

/// Draws the map of doubts.
#[must_use]
pub fn flaws(layers: &Layers) -> Scene {
    let view = View::of(layers);
    let mut placer = base::placer(layers, &view);
    let mut lines = base::community_lines(layers, &view);
    for (gap, colour) in [(false, palette::FLAW_OVERLAP), (true, palette::FLAW_GAP)] {
        let own = || layers.flaws.iter().filter(|flaw| flaw.gap == gap);
        lines.push(base::merged(
            &view,
            own().map(|flaw| &flaw.rings),
            Style::fill(colour).outlined(colour, 2.0),
        ));
        for flaw in own() {
            let points = flaw.rings.iter().flatten().flatten().map(|p| view.point(*p));
            let Some(bounds) = Rect::of(points) else { continue };
            let at = bounds.centre();
            let radius = RING.max(bounds.width().hypot(bounds.height()) / 2.0 + 4.0);
            lines.push(Item::Disc { at, radius, style: Style::line(colour, 2.6) });
            placer.block(Rect::around(at, 2.0 * radius, 2.0 * radius));
            let number = Row::new(&flaw.number.to_string(), 22.0, true, colour);
            placer.beside(at, radius, &[vec![number]]);
        }
    }
    base::name_communities(layers, &view, &mut placer);
    let mut areas = vec![base::rim(layers, &view)];
    areas.extend(base::ground(layers, &view));
    let (title, subtitle) = match layers.lang {
        Lang::Zh => (
            format!("{}界线疑点图", layers.title_place),
            format!("共 {} 处：重叠或无主，请在原图上改正", layers.flaws.len()),
        ),
        Lang::En => (
            format!("{}: doubtful lines", layers.title_place),
            format!("{} pieces of ground that overlap or belong to nobody", layers.flaws.len()),
        ),
    };
    let parts = Parts { title, subtitle, areas, lines, blocks: blocks(layers), notes: Vec::new(), placer };
    base::assemble(layers, &view, parts)
}

fn blocks(layers: &Layers) -> Vec<Block> {
    let lang = layers.lang;
    let mut blocks = vec![Block::Heading(pick(lang, "图例", "Legend"))];
    let kinds = [
        (false, palette::FLAW_OVERLAP, pick(lang, "两区重叠", "Two areas overlap")),
        (true, palette::FLAW_GAP, pick(lang, "不属于任何社区", "Belongs to no community")),
    ];
    for (gap, colour, label) in kinds {
        if layers.flaws.iter().any(|flaw| flaw.gap == gap) {
            blocks.push(Block::entry(Swatch::Area(vec![Style::fill(colour)]), label));
        }
    }
    blocks.push(Block::Heading(pick(lang, "各处", "One by one")));
    let line = |flaw: &FlawShape| {
        let area = format!("{:.1}", flaw.area_m2);
        Block::Note(match lang {
            Lang::Zh => format!("{}　{}：{area} 平方米", flaw.number, flaw.between),
            Lang::En => format!("{}  {}: {area} m²", flaw.number, flaw.between),
        })
    };
    blocks.extend(layers.flaws.iter().take(TOLD).map(line));
    if layers.flaws.len() > TOLD {
        let more = layers.flaws.len() - TOLD;
        blocks.push(Block::Note(match lang {
            Lang::Zh => format!("另有 {more} 处，见 problems.csv"),
            Lang::En => format!("{more} more in problems.csv"),
        }));
    }
    blocks
}
