//! The table of a shapefile: dBASE III and its relatives.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Number, Value};

use super::super::error::{Fault, FormatError};
use super::super::text::{self, Charset};
use super::super::{Encoding, Limits, Note};

struct Field {
    name: String,
    kind: u8,
    start: usize,
    length: usize,
    decimals: u8,
}

/// A table, its rows still as bytes.
pub(super) struct Table<'a> {
    data: &'a [u8],
    fields: Vec<Field>,
    row_length: usize,
    /// Rows that are there in full, deleted ones included.
    pub(super) rows: u64,
    charset: Charset,
    guessed: bool,
    cut: Cell<u64>,
    unreadable: Cell<u64>,
}

impl<'a> Table<'a> {
    /// Reads the header and decides on the encoding; `page` is the content of the `.cpg` file.
    pub(super) fn open(
        name: &str,
        bytes: &'a [u8],
        page: Option<&str>,
        limits: &Limits,
        notes: &mut Vec<Note>,
    ) -> Result<Self, FormatError> {
        let short = |at| FormatError::byte(name, at, Fault::CutShort { what: "the header" });
        let head = bytes.get(..32).ok_or_else(|| short(bytes.len()))?;
        let claimed = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let header_length = usize::from(u16::from_le_bytes([head[8], head[9]]));
        let row_length = usize::from(u16::from_le_bytes([head[10], head[11]]));
        if row_length == 0 || header_length < 33 {
            let reason = "its header is no dBASE header".to_owned();
            return Err(FormatError::byte(name, 8, Fault::Damaged { reason }));
        }
        let descriptors = bytes.get(32..header_length).ok_or_else(|| short(bytes.len()))?;
        let data = &bytes[header_length..];
        // Visual FoxPro puts a note of its own behind the end mark.
        let descriptors: Vec<&[u8]> = descriptors.chunks_exact(32).take_while(|d| d[0] != 0x0d).collect();
        let there = (data.len() / row_length) as u64;
        let rows = claimed.min(there);
        if claimed > there {
            notes.push(Note::RowsClaimed { claimed, there });
        }
        if rows > limits.features {
            let fault = Fault::TooMuch { what: "rows", limit: limits.features };
            return Err(FormatError::whole(name, fault));
        }
        let mut raw = Vec::new();
        let mut start = 1;
        for d in &descriptors {
            let length = usize::from(d[16]);
            if start + length > row_length {
                let reason = "its fields are longer than its rows".to_owned();
                return Err(FormatError::byte(name, 32, Fault::Damaged { reason }));
            }
            let end = d[..11].iter().position(|byte| *byte == 0).unwrap_or(11);
            raw.push((&d[..end], d[11], start, length, d[17]));
            start += length;
        }
        let texts = || {
            let names = raw.iter().map(|field| field.0);
            let cells =
                raw.iter().filter(|field| field.1 == b'C').flat_map(move |&(_, _, start, length, _)| {
                    // A guess needs thousands of cells, not millions.
                    (0..rows.min(20_000) as usize)
                        .map(move |row| trimmed(&data[row * row_length + start..][..length]))
                });
            names.chain(cells)
        };
        let said = page.and_then(text::named).or_else(|| text::of_driver(head[29]));
        let (charset, guessed) = match said {
            Some(charset) if texts().all(|t| text::decode(charset, t).is_some()) => (charset, false),
            Some(charset) => {
                notes.push(Note::EncodingWrong { said: charset.name() });
                (text::guess(texts()), true)
            }
            None => (text::guess(texts()), true),
        };
        let mut fields: Vec<Field> = Vec::new();
        let mut taken = BTreeSet::new();
        let mut next: BTreeMap<String, u32> = BTreeMap::new();
        for (own, kind, start, length, decimals) in raw {
            let base = text::decode(charset, own).map_or_else(|| charset.decode(own).0.into_owned(), |t| t.0);
            let base = if base.trim().is_empty() { "field" } else { base.trim() };
            let mut name = base.to_owned();
            let number = next.entry(name.clone()).or_insert(1);
            // Names cut to ten bytes may have become the same.
            while !taken.insert(name.clone()) {
                name = format!("{base}_{number}");
                *number += 1;
            }
            // A field without room holds nothing, and could be claimed a thousand times a row.
            if length > 0 {
                fields.push(Field { name, kind, start, length, decimals });
            }
        }
        let (cut, unreadable) = (Cell::new(0), Cell::new(0));
        Ok(Self { data, fields, row_length, rows, charset, guessed, cut, unreadable })
    }

    /// The encoding and whether it was judged from the bytes.
    pub(super) fn encoding(&self) -> Encoding {
        let name = match self.charset.name() {
            "gb18030" => "GB18030",
            other => other,
        };
        Encoding { name, guessed: self.guessed }
    }

    fn row(&self, row: u64) -> Option<&'a [u8]> {
        (row < self.rows).then(|| &self.data[row as usize * self.row_length..][..self.row_length])
    }

    /// True if the row is there and marked as deleted.
    pub(super) fn is_deleted(&self, row: u64) -> bool {
        self.row(row).is_some_and(|bytes| bytes[0] == b'*')
    }

    /// The attributes of a row; none if there is no such row.
    pub(super) fn properties(&self, row: u64) -> Map<String, Value> {
        let Some(bytes) = self.row(row) else { return Map::new() };
        let value = |f: &Field| (f.name.clone(), self.value(f, &bytes[f.start..][..f.length]));
        self.fields.iter().map(value).collect()
    }

    fn value(&self, field: &Field, bytes: &[u8]) -> Value {
        let ascii = || str::from_utf8(bytes).unwrap_or_default().trim_matches(['\0', ' ']);
        match field.kind {
            b'N' | b'F' => number(ascii(), field.decimals),
            b'L' => match bytes.first() {
                Some(b'T' | b't' | b'Y' | b'y') => Value::Bool(true),
                Some(b'F' | b'f' | b'N' | b'n') => Value::Bool(false),
                _ => Value::Null,
            },
            b'D' => {
                let day = ascii();
                let whole = day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) && day != "00000000";
                if whole { format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]).into() } else { Value::Null }
            }
            b'I' | b'+' => bytes.try_into().map_or(Value::Null, |four| i32::from_le_bytes(four).into()),
            b'O' | b'B' if bytes.len() == 8 => bytes.try_into().map_or(Value::Null, |eight| {
                Number::from_f64(f64::from_le_bytes(eight)).map_or(Value::Null, Value::Number)
            }),
            b'C' => self.text(trimmed(bytes)),
            _ => Value::Null,
        }
    }

    fn text(&self, bytes: &[u8]) -> Value {
        if bytes.is_empty() {
            return Value::Null;
        }
        match text::decode(self.charset, bytes) {
            Some((text, cut)) => {
                self.cut.set(self.cut.get() + u64::from(cut));
                text.into()
            }
            None => {
                self.unreadable.set(self.unreadable.get() + 1);
                self.charset.decode_without_bom_handling(bytes).0.into_owned().into()
            }
        }
    }

    /// What befell texts, once all rows are read.
    pub(super) fn cut_note(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.cut.get() > 0 {
            notes.push(Note::TextsCut { count: self.cut.get() });
        }
        if self.unreadable.get() > 0 {
            let encoding = self.encoding().name;
            notes.push(Note::TextsReplaced { count: self.unreadable.get(), encoding });
        }
        notes
    }
}

/// Without the padding of spaces and zero bytes behind; spaces in front stay out as well.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    bytes[..end].trim_ascii()
}

/// A number as it stands: whole ones exactly, others as decimals, stars and blanks as nothing.
fn number(text: &str, decimals: u8) -> Value {
    if text.is_empty() || text.contains('*') {
        return Value::Null;
    }
    if decimals == 0 || !text.contains(['.', 'e', 'E']) {
        if let Ok(whole) = text.parse::<i64>() {
            return whole.into();
        }
        if let Ok(whole) = text.parse::<u64>() {
            return whole.into();
        }
        // Longer than any number of the machine: its digits are what matters.
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return text.into();
        }
    }
    match text.replace(',', ".").parse::<f64>() {
        Ok(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
        Err(_) => text.into(),
    }
}
