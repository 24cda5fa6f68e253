//! The layers of a written plan, read once for all who draw, bind or tell them.

use std::collections::BTreeMap;

use geojson::{Feature, FeatureCollection};
use rayon::prelude::*;

/// The files that are layers, beside `plan.json`.
pub const FILES: [&str; 7] = [
    "isochrones.geojson",
    "grids.geojson",
    "layers/atoms.geojson",
    "layers/communities.geojson",
    "layers/sites.geojson",
    "layers/context.geojson",
    "layers/qa.geojson",
];

/// A layer is not what this program writes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{file}` is not a layer of a plan: {reason}")]
pub struct LayerError {
    /// The file.
    pub file: String,
    /// Why not.
    pub reason: String,
}

/// The features of every layer a plan has.
#[derive(Clone, Debug, Default)]
pub struct WrittenLayers(BTreeMap<&'static str, Vec<Feature>>);

impl WrittenLayers {
    /// Reads those of [`FILES`] that `bytes` has, side by side.
    ///
    /// # Errors
    /// [`LayerError`] for the first layer that is malformed.
    pub fn read<'a>(bytes: impl Fn(&str) -> Option<&'a [u8]>) -> Result<Self, LayerError> {
        let there: Vec<(&'static str, &[u8])> =
            FILES.into_iter().filter_map(|file| Some((file, bytes(file)?))).collect();
        let parse = |&(file, bytes): &(&'static str, &[u8])| {
            let parsed: FeatureCollection = serde_json::from_slice(bytes)
                .map_err(|e| LayerError { file: file.to_owned(), reason: e.to_string() })?;
            Ok((file, parsed.features))
        };
        let read: Vec<Result<_, LayerError>> = there.par_iter().map(parse).collect();
        read.into_iter().collect::<Result<_, _>>().map(Self)
    }

    /// Layers with their names, as they are about to be written.
    pub fn of(layers: Vec<(&'static str, Vec<Feature>)>) -> Self {
        Self(layers.into_iter().collect())
    }

    /// The features of one layer in their order; none if the plan has no such layer.
    pub fn features(&self, file: &str) -> &[Feature] {
        self.0.get(file).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the plan has this layer.
    pub fn has(&self, file: &str) -> bool {
        self.0.contains_key(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_layer_is_named() {
        let sound = br#"{"type":"FeatureCollection","features":[]}"#.as_slice();
        let with = |broken: &'static [u8]| {
            WrittenLayers::read(|file| match file {
                "grids.geojson" => Some(sound),
                "layers/qa.geojson" => Some(broken),
                _ => None,
            })
        };
        let layers = with(sound).expect("both are layers");
        assert!(layers.has("layers/qa.geojson") && !layers.has("layers/atoms.geojson"));
        let error = with(b"{").expect_err("half a layer");
        assert_eq!(error.file, "layers/qa.geojson");
    }
}
