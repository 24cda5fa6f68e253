//! Input files: read once, within a limit, and remembered by their hash.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::Problems;
use crate::model::problem::{At, Kind};

/// A place file is settings; nothing longer is one.
pub(super) const PLACE_FILE_BYTES_MAX: u64 = 1 << 20;
/// Layers and tables.
pub(super) const DATA_BYTES_MAX: u64 = 2 << 30;

/// The files a place was read from, with their hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    files: Vec<(String, String)>,
}

impl Inputs {
    /// Name as the place file gives it and SHA-256 in hexadecimal, sorted by name.
    pub fn sorted(&self) -> Vec<(String, String)> {
        let mut files = self.files.clone();
        files.sort();
        files.dedup();
        files
    }
}

/// Reads files relative to the place file.
pub struct Source {
    folder: PathBuf,
    inputs: Inputs,
}

impl Source {
    /// Files named relative to `folder`.
    pub fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), inputs: Inputs::default() }
    }

    /// What has been read so far.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The folder names are relative to.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Remembers files that were read by other means, with their hashes.
    pub(super) fn note(&mut self, files: Vec<(String, String)>) {
        self.inputs.files.extend(files);
    }

    /// True if the file begins like a vector format other than GeoJSON; what cannot be opened does not.
    pub(super) fn is_other_format(&self, file: &str) -> bool {
        let mut head = Vec::new();
        let path = self.folder.join(file);
        let regular = std::fs::metadata(&path).is_ok_and(|meta| meta.is_file());
        let opened = regular.then(|| std::fs::File::open(&path).ok()).flatten();
        let read = opened.and_then(|file| file.take(4096).read_to_end(&mut head).ok());
        read.is_some() && super::vectors::is_other(&head)
    }

    /// True if there is anything of this name.
    pub(super) fn has(&self, file: &str) -> bool {
        self.folder.join(file).exists()
    }

    /// The content of a file, or a problem.
    pub fn read(&mut self, file: &str, limit: u64, problems: &mut Problems) -> Option<Vec<u8>> {
        match read_limited(&self.folder.join(file), limit) {
            Ok(bytes) => {
                let hash = Sha256::digest(&bytes);
                let hex = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                self.inputs.files.push((file.to_owned(), hex));
                Some(bytes)
            }
            Err(kind) => {
                problems.add(file, At::Whole, None, kind);
                None
            }
        }
    }

    /// The same as text, without a byte order mark.
    pub fn read_text(&mut self, file: &str, limit: u64, problems: &mut Problems) -> Option<String> {
        let bytes = self.read(file, limit, problems)?;
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{feff}') {
                    text.drain(..'\u{feff}'.len_utf8());
                }
                Some(text)
            }
            Err(error) => {
                let byte = error.utf8_error().valid_up_to() as u64 + 1;
                let before = String::from_utf8_lossy(&error.as_bytes()[..byte as usize - 1]);
                let line = before.matches('\n').count() as u64 + 1;
                let column = before.chars().rev().take_while(|c| *c != '\n').count() as u64 + 1;
                problems.add(file, At::Line(line, column), None, Kind::NotUtf8 { byte });
                None
            }
        }
    }
}

fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>, Kind> {
    let unreadable = |reason: String| Kind::Unreadable { reason };
    let plain = |error: std::io::Error| {
        unreadable(match error.kind() {
            std::io::ErrorKind::NotFound => "no such file".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            kind => kind.to_string(),
        })
    };
    let meta = std::fs::metadata(path).map_err(plain)?;
    if meta.is_dir() {
        return Err(unreadable("it is a folder".to_owned()));
    }
    if !meta.is_file() {
        return Err(unreadable("it is not a regular file".to_owned()));
    }
    if meta.len() > limit {
        return Err(Kind::TooLarge { bytes: meta.len(), limit });
    }
    let mut bytes = Vec::with_capacity(meta.len() as usize);
    std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(plain)?;
    Ok(bytes)
}
