//! Which build this is.

/// The version of the crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit that it was built from, with `-dirty` where the tree had changes. `infra/package` sets
/// it; other builds do not know it, so that a commit alone makes nothing compile again.
pub const COMMIT: &str = match option_env!("ONBOARDING_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};
