//! The demo place is what the generator makes, byte for byte, and the README's first command works on it.

use std::path::Path;

use wangge::run::Seed;
use wangge::synth::{TownSpec, town};

#[test]
fn the_demo_is_generated() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let files = town(&TownSpec::new(60_000, Seed(1))).expect("a town of this size").files();
    for (name, bytes) in &files {
        let path = folder.join(name);
        let committed = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(committed == *bytes, "data/demo/{name} is not what `wangge synth` makes; see data/README.md");
    }
    let there = std::fs::read_dir(&folder).expect("data/demo is a folder").count();
    assert_eq!(there, files.len(), "data/demo holds a file that `wangge synth` does not make");
    let size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(size < 3_000_000, "{size} bytes are too many to carry");
}
