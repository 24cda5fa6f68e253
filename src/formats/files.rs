//! Where bytes come from: memory, or whatever a caller brings.

use super::error::Fault;

/// The bytes of a file and of the files beside it.
pub trait Files {
    /// The bytes of the file of exactly this name, at most `limit`.
    ///
    /// # Errors
    ///
    /// [`Fault::Unreadable`] or [`Fault::TooMuch`].
    fn bytes(&self, name: &str, limit: u64) -> Result<Vec<u8>, Fault>;

    /// The names of all files beside this one, itself included, as [`Files::bytes`] takes them.
    fn beside(&self, name: &str) -> Vec<String>;
}

/// The name of the file beside `name` that differs in its ending only, in any letter case.
pub(super) fn sidecar(files: &dyn Files, name: &str, ending: &str) -> Option<String> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let fits = |exact: bool, other: &str| {
        other.rsplit_once('.').is_some_and(|(s, e)| {
            e.eq_ignore_ascii_case(ending)
                && if exact { s == stem } else { s.to_lowercase() == stem.to_lowercase() }
        })
    };
    let mut names = files.beside(name);
    names.sort();
    let exact = names.iter().find(|other| fits(true, other));
    exact.or_else(|| names.iter().find(|other| fits(false, other))).cloned()
}

/// Files held in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory(pub Vec<(String, Vec<u8>)>);

impl Files for Memory {
    fn bytes(&self, name: &str, limit: u64) -> Result<Vec<u8>, Fault> {
        let found = self.0.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes);
        let bytes = found.ok_or_else(|| Fault::Unreadable { reason: "no such file".to_owned() })?;
        if bytes.len() as u64 > limit {
            return Err(Fault::TooMuch { what: "bytes", limit });
        }
        Ok(bytes.clone())
    }

    fn beside(&self, _: &str) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }
}
