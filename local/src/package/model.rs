//! What is zipped.

/// A file of the package.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The path in the zip, with slashes.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Unix permissions.
    pub mode: u32,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:o} {} ({} bytes)",
            self.mode,
            self.name,
            self.bytes.len()
        )
    }
}
