//! Maps for special readers: the atlas, a sheet for every community, and the map for the public.

use rayon::prelude::*;
use serde_json::Value;

use super::{MapError, Maps, layers};
use crate::model::layers::WrittenLayers;
use crate::render::{self, layers::Lang};

/// The grid map for the public: the same, but where a number of households is hidden it is not drawn
/// and not in the file.
///
/// # Errors
/// [`MapError`] as for [`super::draw`].
pub fn draw_public(
    summary: &Value,
    written: &WrittenLayers,
    hidden: &std::collections::BTreeSet<String>,
    lang: Lang,
) -> Result<Vec<(String, Vec<u8>)>, MapError> {
    let mut layers = layers(summary, written, lang);
    for grid in layers.grids.iter_mut().filter(|grid| hidden.contains(&grid.code)) {
        (grid.hidden, grid.households, grid.population) = (true, 0, 0);
        // Whether it is over or under the range would tell too.
        grid.in_range = true;
    }
    layers.centres.iter_mut().for_each(|site| site.gain = None);
    let svg = render::grids(&layers).to_svg();
    let png = render::rasterise(&svg, 1.0)
        .map_err(|source| MapError::Raster { name: "公示图".to_owned(), source })?;
    Ok(vec![("public/公示图.svg".to_owned(), svg.into_bytes()), ("public/公示图.png".to_owned(), png)])
}

/// Width of an atlas page in pixels, of its PNG; the PDF has no pixels.
const ATLAS_SHARE: f32 = 0.6;

/// The atlas of a plan with grids: one PDF, and a PNG of every sheet.
///
/// # Errors
/// [`MapError`] if a sheet cannot be made.
pub fn draw_atlas(
    summary: &Value,
    written: &WrittenLayers,
    lang: Lang,
    tick: &(dyn Fn(u64, u64) + Sync),
) -> Result<Maps, MapError> {
    let layers = layers(summary, written, lang);
    let sheets = render::atlas::atlas(&layers);
    let done = std::sync::atomic::AtomicU64::new(0);
    let drawn: Result<Vec<(String, Vec<u8>)>, MapError> = sheets
        .par_iter()
        .map(|sheet| {
            let svg = sheet.scene.to_svg();
            let png = render::rasterise(&svg, ATLAS_SHARE)
                .map_err(|source| MapError::Raster { name: sheet.name.clone(), source })?;
            tick(1 + done.fetch_add(1, std::sync::atomic::Ordering::Relaxed), sheets.len() as u64);
            Ok((svg, png))
        })
        .collect();
    let mut maps = Maps::default();
    let mut pages = Vec::with_capacity(sheets.len());
    for (sheet, (svg, png)) in sheets.iter().zip(drawn?) {
        for text in sheet.scene.texts() {
            maps.missing_glyphs.extend(render::missing_glyphs(&text.text));
        }
        maps.files.push((format!("maps/atlas/{}.png", sheet.name), png));
        pages.push((svg, sheet.size_mm));
    }
    let made =
        render::pdf::pdf(&pages, &format!("{}网格图集", layers.title_place)).map_err(MapError::Atlas)?;
    maps.files.push(("maps/atlas.pdf".to_owned(), made));
    maps.missing_glyphs.sort_unstable();
    maps.missing_glyphs.dedup();
    Ok(maps)
}
