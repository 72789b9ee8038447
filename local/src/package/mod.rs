//! The package: what `func azure functionapp publish` would upload, in a zip whose bytes depend on
//! what is in it alone.
//!
//! [`contents()`] chooses the files and refuses whatever is there by mistake, [`check_binary`]
//! reads what the handler asks of the machine it will run on, [`archive()`] and [`unpack`] write
//! and read the zip, [`try_out`] runs it.

mod archive;
mod binary;
mod contents;
mod trial;

pub use archive::{archive, list, unpack};
pub use binary::{Glibc, check_binary};
pub use contents::contents;
pub use trial::try_out;

/// The oldest C library among the host images that the project supports.
pub const OLDEST_GLIBC: Glibc = Glibc(2, 28);
/// Larger than this and a cold start shows it. Bytes of the zip.
pub const LARGEST: usize = 6_000_000;

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
