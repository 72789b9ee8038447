//! The package: what `func azure functionapp publish` would upload, in a zip whose bytes depend on
//! its contents alone.
//!
//! [`contents()`] chooses the files and refuses files that are there by mistake, [`check_binary`]
//! reads what the handler requires of its machine, [`archive()`] and [`unpack`] write
//! and read the zip, [`try_out`] runs it.

mod archive;
mod binary;
mod contents;
mod model;
mod trial;

pub use archive::{archive, list, unpack};
pub use binary::{Glibc, check_binary};
pub use contents::contents;
pub use model::Entry;
pub use trial::try_out;

/// The oldest C library among the host images that the project supports.
pub const OLDEST_GLIBC: Glibc = Glibc(2, 28);
/// Larger than this and a cold start shows it. Bytes of the zip.
pub const LARGEST: usize = 6_000_000;
