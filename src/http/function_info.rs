//! What the layer around the functions needs to know of each function.

/// A function as the layer sees it. The router has the full table.
#[derive(Clone, Copy, Debug)]
pub struct FunctionInfo {
    /// Its name: that of its folder.
    pub name: &'static str,
    /// The first segment of its path below `/api`; for a timer, of the path itself.
    pub segment: &'static str,
    /// Whether programs call it, so that errors are problems (RFC 9457) and never pages.
    pub is_api: bool,
    /// Whether a form of its pages sends files.
    pub takes_files: bool,
}

/// All functions, timers included.
pub type FunctionInfos = &'static [FunctionInfo];

/// The first segment of a path, without `/api`: never an id or a query. Empty for `/`, which the
/// host polls until the process is ready.
#[must_use]
pub fn segment(path: &str) -> &str {
    path.strip_prefix("/api/")
        .unwrap_or(path.trim_start_matches('/'))
        .split('/')
        .next()
        .unwrap_or_default()
}

/// The function of a path that is spelled as its route is.
#[must_use]
pub fn of_path(functions: FunctionInfos, path: &str) -> Option<&'static FunctionInfo> {
    let segment = segment(path);
    functions
        .iter()
        .find(|function| function.segment == segment)
}
