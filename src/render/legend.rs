//! What the legend lists: the signs, the lines and the chosen sites that occur on a sheet, and no others.

use super::base;
use super::layers::{ContextKind, Lang, Layers, SiteKind};
use super::palette;
use super::panel::{Block, Swatch};
use super::scene::Style;
use super::view::View;
use super::words::{self, pick};

/// Legend entries for the signs that occur, existing centres by level first.
pub(super) fn site_entries(layers: &Layers, view: &View) -> Vec<Block> {
    let lang = layers.lang;
    let shown = || layers.centres.iter().filter(|site| base::on_map(view, site.at)).map(|site| site.kind);
    let mut levels: Vec<Option<u8>> = Vec::new();
    levels.extend(shown().filter_map(|kind| match kind {
        SiteKind::Centre { level, .. } => Some(level),
        SiteKind::Chosen { .. } | SiteKind::Shared { .. } | SiteKind::Candidate => None,
    }));
    levels.sort_unstable();
    levels.dedup();
    let mut entries = Vec::new();
    for level in levels {
        let mut add = |counts, suffix: &str| {
            let kind = SiteKind::Centre { level, counts };
            let number = shown().filter(|&other| other == kind).count();
            if number > 0 {
                let label = format!("{}{suffix}", words::level(lang, level));
                let value = Some(number.to_string());
                entries.push(Block::Entry { swatch: Swatch::Site(kind), label, value });
            }
        };
        add(true, "");
        add(false, pick(lang, "（不计入）", " (not counted)"));
    }
    let chosen = shown().filter(|kind| matches!(kind, SiteKind::Chosen { .. })).count();
    if chosen > 0 {
        let (swatch, value) = (Swatch::Site(SiteKind::Chosen { rank: 1 }), Some(chosen.to_string()));
        let label = pick(lang, "拟新增，按次序编号", "Proposed, in order").to_owned();
        entries.push(Block::Entry { swatch, label, value });
    }
    let shared = shown().filter(|kind| matches!(kind, SiteKind::Shared { .. })).count();
    if shared > 0 {
        let (swatch, value) = (Swatch::Site(SiteKind::Shared { letter: 0 }), Some(shared.to_string()));
        let label = pick(lang, "多项服务或层级同选", "Services or levels together").to_owned();
        entries.push(Block::Entry { swatch, label, value });
    }
    let candidates = shown().filter(|&kind| kind == SiteKind::Candidate).count();
    if candidates > 0 {
        let (swatch, value) = (Swatch::Site(SiteKind::Candidate), Some(candidates.to_string()));
        let label = pick(lang, "备选未采用", "Candidate, not taken").to_owned();
        entries.push(Block::Entry { swatch, label, value });
    }
    entries
}

/// Legend entries for lines: communities, grids, and the background that occurs.
pub(super) fn line_entries(layers: &Layers, grid_line: Style) -> Vec<Block> {
    let lang = layers.lang;
    let mut entries = Vec::new();
    if !layers.communities.is_empty() {
        let swatch = Swatch::Line(base::community_strokes().into());
        entries.push(Block::entry(swatch, pick(lang, "社区（村）界", "Community boundary")));
    }
    if !layers.grids.is_empty() {
        entries.push(Block::entry(Swatch::Line(vec![grid_line]), pick(lang, "网格界", "Grid boundary")));
    }
    let kinds = [
        (ContextKind::River, pick(lang, "河流", "River")),
        (ContextKind::Arterial, pick(lang, "主干道", "Arterial street")),
        (ContextKind::Railway, pick(lang, "铁路", "Railway")),
        (ContextKind::Wall, pick(lang, "围墙", "Wall")),
        (ContextKind::Barrier, pick(lang, "其他阻隔", "Other barrier")),
    ];
    for (kind, label) in kinds {
        if layers.context.iter().any(|line| line.kind == kind) {
            entries.push(Block::entry(Swatch::Line(base::strokes(kind)), label));
        }
    }
    if !layers.water.is_empty() {
        let swatch = Swatch::Area(vec![Style::fill(palette::WATER)]);
        entries.push(Block::entry(swatch, pick(lang, "水面", "Water")));
    }
    entries
}

/// The chosen sites on the map by name, in order of rank.
pub(super) fn listed_sites(layers: &Layers, view: &View) -> Vec<Block> {
    let mut chosen: Vec<(u32, String)> = Vec::new();
    for site in layers.centres.iter().filter(|site| base::on_map(view, site.at)) {
        if let SiteKind::Chosen { rank } = site.kind {
            let name = if site.name.is_empty() { &site.code } else { &site.name };
            let gain = site.gain.map_or(String::new(), |gain| match layers.lang {
                Lang::Zh => format!("  +{gain} 人"),
                Lang::En => format!("  +{gain}"),
            });
            chosen.push((rank, format!("{name}{gain}")));
        }
    }
    chosen.sort_unstable();
    if chosen.is_empty() {
        return Vec::new();
    }
    let told = layers.centres.iter().any(|site| site.gain.is_some());
    let heading = Block::Heading(if told {
        pick(layers.lang, "拟新增场所及新增人数", "Proposed sites, people gained")
    } else {
        pick(layers.lang, "拟新增场所", "Proposed sites")
    });
    let list = chosen.into_iter().map(|(rank, name)| Block::Listed { kind: SiteKind::Chosen { rank }, name });
    [heading].into_iter().chain(list).collect()
}

/// The sites on the map that take several services or levels, and what goes into each.
pub(super) fn shared_sites(layers: &Layers, view: &View) -> Vec<Block> {
    let on_map = layers.centres.iter().filter(|site| base::on_map(view, site.at));
    let mut sites: Vec<_> = on_map.filter(|site| !site.inside.is_empty()).collect();
    sites.sort_by_key(|site| match site.kind {
        SiteKind::Chosen { rank } => (0, rank),
        SiteKind::Shared { letter } => (1, u32::from(letter)),
        SiteKind::Centre { .. } | SiteKind::Candidate => (2, 0),
    });
    if sites.is_empty() {
        return Vec::new();
    }
    let heading = Block::Heading(pick(layers.lang, "同选场所及内容", "Placed together"));
    let list = sites.into_iter().map(|site| {
        let name = if site.name.is_empty() { &site.code } else { &site.name };
        Block::Listed { kind: site.kind, name: format!("{}  {name}", site.inside) }
    });
    [heading].into_iter().chain(list).collect()
}
