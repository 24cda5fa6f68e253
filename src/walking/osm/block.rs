//! One block of a PBF file: its nodes, and those of its ways that may be walked.

use super::profile::{Profile, Tags};
use super::wire::{Malformed, Value, Wire};
use crate::walking::metric::Position;

/// What a block holds.
#[derive(Default)]
pub(super) struct Block {
    pub(super) nodes: Vec<Node>,
    pub(super) ways: Ways,
}

/// Ways of a block that may be walked.
#[derive(Default)]
pub(super) struct Ways {
    /// Ids of their nodes, one way after another.
    pub(super) refs: Vec<i64>,
    /// Where each way ends in `refs`.
    pub(super) ends: Vec<u32>,
    pub(super) marks: Vec<u8>,
    /// Ways seen, kept or not.
    pub(super) seen: u64,
}

/// A node and where it lies.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) id: i64,
    pub(super) position: Position,
}

/// Which halves of a block are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    All,
    Nodes,
}

/// How the numbers of a block become positions.
struct Grid {
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

/// Reads a block.
pub(super) fn read(bytes: &[u8], profile: &Profile, want: Want) -> Result<Block, Malformed> {
    let mut strings = Vec::new();
    let mut groups = Vec::new();
    let mut grid = Grid { granularity: 100, lat_offset: 0, lon_offset: 0 };
    let mut wire = Wire(bytes);
    while let Some((field, value)) = wire.field()? {
        match field {
            1 if want == Want::All => {
                let mut table = Wire(value.bytes()?);
                while let Some((field, value)) = table.field()? {
                    if field == 1 {
                        strings.push(value.bytes()?);
                    }
                }
            }
            2 => groups.push(value.bytes()?),
            17 => grid.granularity = value.number()? as i64,
            19 => grid.lat_offset = value.number()? as i64,
            20 => grid.lon_offset = value.number()? as i64,
            _ => {}
        }
    }
    let mut block = Block::default();
    for group in groups {
        let mut wire = Wire(group);
        while let Some((field, value)) = wire.field()? {
            match field {
                1 => block.node(value, &grid)?,
                2 => block.dense(value, &grid)?,
                3 if want == Want::All => block.ways.way(value, &strings, profile)?,
                _ => {}
            }
        }
    }
    Ok(block)
}

impl Grid {
    #[inline]
    fn position(&self, lon: i64, lat: i64) -> Result<Position, Malformed> {
        let (lon, lat) = if self.granularity == 100 && self.lon_offset == 0 && self.lat_offset == 0 {
            (lon, lat)
        } else {
            let unit = |offset: i64, steps: i64| {
                let nano = i128::from(offset) + i128::from(self.granularity) * i128::from(steps);
                i64::try_from((nano + 50).div_euclid(100)).unwrap_or(i64::MAX)
            };
            (unit(self.lon_offset, lon), unit(self.lat_offset, lat))
        };
        if lon.unsigned_abs() > 1_800_000_000 || lat.unsigned_abs() > 900_000_000 {
            return Err(Malformed("a position off the globe"));
        }
        Ok(Position { lon: lon as i32, lat: lat as i32 })
    }
}

impl Block {
    fn node(&mut self, value: Value<'_>, grid: &Grid) -> Result<(), Malformed> {
        let (mut id, mut lat, mut lon) = (None, 0, 0);
        let signed = |number: u64| (number >> 1) as i64 ^ -((number & 1) as i64);
        let mut wire = Wire(value.bytes()?);
        while let Some((field, value)) = wire.field()? {
            match field {
                1 => id = Some(signed(value.number()?)),
                8 => lat = signed(value.number()?),
                9 => lon = signed(value.number()?),
                _ => {}
            }
        }
        let id = id.ok_or(Malformed("a node without id"))?;
        self.nodes.push(Node { id, position: grid.position(lon, lat)? });
        Ok(())
    }

    fn dense(&mut self, value: Value<'_>, grid: &Grid) -> Result<(), Malformed> {
        let (mut ids, mut lats, mut lons) = (Wire(&[]), Wire(&[]), Wire(&[]));
        let mut wire = Wire(value.bytes()?);
        while let Some((field, value)) = wire.field()? {
            match field {
                1 => ids = Wire(value.bytes()?),
                8 => lats = Wire(value.bytes()?),
                9 => lons = Wire(value.bytes()?),
                _ => {}
            }
        }
        let (mut id, mut lat, mut lon) = (0i64, 0i64, 0i64);
        self.nodes.reserve(ids.numbers());
        while !ids.is_empty() {
            id = id.wrapping_add(ids.zigzag()?);
            lat = lat.wrapping_add(lats.zigzag()?);
            lon = lon.wrapping_add(lons.zigzag()?);
            self.nodes.push(Node { id, position: grid.position(lon, lat)? });
        }
        if lats.is_empty() && lons.is_empty() {
            return Ok(());
        }
        Err(Malformed("more positions than nodes"))
    }
}

impl Ways {
    fn way(&mut self, value: Value<'_>, strings: &[&[u8]], profile: &Profile) -> Result<(), Malformed> {
        let (mut keys, mut values, mut refs) = (Wire(&[]), Wire(&[]), Wire(&[]));
        let mut wire = Wire(value.bytes()?);
        while let Some((field, value)) = wire.field()? {
            match field {
                2 => keys = Wire(value.bytes()?),
                3 => values = Wire(value.bytes()?),
                8 => refs = Wire(value.bytes()?),
                _ => {}
            }
        }
        self.seen += 1;
        let string = |number: u64| {
            let found = usize::try_from(number).ok().and_then(|k| strings.get(k));
            found.copied().ok_or(Malformed("a tag that is not in the table of strings"))
        };
        let mut tags = Tags::default();
        while !keys.is_empty() {
            tags.note(string(keys.varint()?)?, string(values.varint()?)?);
        }
        let Some(marks) = profile.judge(&tags) else { return Ok(()) };
        let mut id = 0i64;
        while !refs.is_empty() {
            id = id.wrapping_add(refs.zigzag()?);
            self.refs.push(id);
        }
        self.ends.push(u32::try_from(self.refs.len()).map_err(|_| Malformed("too many nodes in ways"))?);
        self.marks.push(marks);
        Ok(())
    }
}
