//! Folders written whole or not at all.
//!
//! Files go to a folder beside the target under a temporary name, which is renamed at the end. An
//! earlier plan in the way is kept under the next free number; any other folder is left alone.

use std::path::{Path, PathBuf};

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The folder holds something that is not an earlier result.
    #[error("`{}` holds other files; nothing was written", .path.display())]
    Occupied {
        /// The folder asked for.
        path: PathBuf,
    },
    /// There is a file of this name.
    #[error("`{}` is a file; nothing was written", .path.display())]
    NotAFolder {
        /// The folder asked for.
        path: PathBuf,
    },
    /// The file system refused.
    #[error("cannot write `{}`: {source}", .path.display())]
    Refused {
        /// What was being written.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// Files that together mark a folder as an earlier plan or comparison of this program. A place is never one: it
/// may be somebody's only copy.
const MARKS: [[&str; 2]; 2] = [["plan.json", "run.json"], ["compare.json", "compare.csv"]];

/// True if `path` may be written to: new, empty, or an earlier result.
///
/// # Errors
/// [`OutputError::Occupied`] or [`OutputError::NotAFolder`] otherwise.
pub fn claim(path: &Path) -> Result<(), OutputError> {
    let occupied = || OutputError::Occupied { path: path.to_owned() };
    if path.is_dir() {
        let refused = |source| OutputError::Refused { path: path.to_owned(), source };
        let empty = std::fs::read_dir(path).map_err(refused)?.next().is_none();
        let own = MARKS.iter().any(|marks| marks.iter().all(|mark| path.join(mark).is_file()))
            && !path.join("place.toml").exists()
            && !is_current(path);
        return if empty || own { Ok(()) } else { Err(occupied()) };
    }
    if path.exists() { Err(OutputError::NotAFolder { path: path.to_owned() }) } else { Ok(()) }
}

/// The folder one stands in cannot be moved aside.
fn is_current(path: &Path) -> bool {
    let here = std::env::current_dir().and_then(|p| p.canonicalize());
    matches!((here, path.canonicalize()), (Ok(here), Ok(there)) if here.starts_with(&there))
}

/// Writes `files` as the whole content of `folder`; returns where an earlier result was kept.
///
/// # Errors
/// [`OutputError`]; the folder is then as it was before.
pub fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<Option<PathBuf>, OutputError> {
    claim(folder)?;
    let temporary = beside(folder, &format!("tmp-{}", std::process::id()));
    let written = write_all(&temporary, files).and_then(|()| move_in(&temporary, folder));
    if written.is_err() {
        // The error that matters is the one already in hand.
        let _ = std::fs::remove_dir_all(&temporary);
    }
    written
}

/// Writes single files into an existing folder, each renamed into place.
///
/// # Errors
/// [`OutputError::Refused`] at the first file that cannot be written.
pub fn write_into(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), OutputError> {
    for (name, bytes) in files {
        let path = folder.join(name);
        let temporary = beside(&path, &format!("tmp-{}", std::process::id()));
        let refused = |source| OutputError::Refused { path: path.clone(), source };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(refused)?;
        }
        std::fs::write(&temporary, bytes)
            .and_then(|()| std::fs::rename(&temporary, &path))
            .map_err(refused)?;
    }
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{suffix}"));
    path.with_file_name(name)
}

fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), OutputError> {
    for (name, bytes) in files {
        let path = folder.join(name);
        let refused = |source| OutputError::Refused { path: path.clone(), source };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(refused)?;
        }
        std::fs::write(&path, bytes).map_err(refused)?;
    }
    Ok(())
}

fn move_in(temporary: &Path, folder: &Path) -> Result<Option<PathBuf>, OutputError> {
    let refused = |source| OutputError::Refused { path: folder.to_owned(), source };
    let mut kept = None;
    if folder.is_dir() {
        if std::fs::read_dir(folder).map_err(refused)?.next().is_none() {
            std::fs::remove_dir(folder).map_err(refused)?;
        } else {
            let free = (1..).map(|n| beside(folder, &n.to_string())).find(|path| !path.exists());
            let free = free.expect("some number is free");
            std::fs::rename(folder, &free).map_err(refused)?;
            kept = Some(free);
        }
    }
    std::fs::rename(temporary, folder).map_err(refused)?;
    Ok(kept)
}
