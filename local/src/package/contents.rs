//! Which files are published.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use ignore::{DirEntry, WalkBuilder};

use super::model::Entry;
use crate::host::read_app;

/// The one name that publishing makes executable.
const HANDLER: &str = "handler";

/// The files below `root` that `.funcignore` leaves, in order of their names, with the given
/// handler for `handler`.
///
/// # Errors
/// Names every file that is too many or missing: the package is `host.json`, a `function.json` for
/// each function, and the handler. What the Core Tools would publish beyond that is refused as
/// well, so that both publish the same.
pub fn contents(root: &Path, handler: &Path) -> anyhow::Result<Vec<Entry>> {
    let expected = expected(root)?;
    let mut found = left_by_funcignore(root)?;
    found.insert(HANDLER.to_owned());
    let too_many: BTreeSet<_> = found
        .union(&taken_by_core_tools(root)?)
        .filter(|name| !expected.contains(*name))
        .cloned()
        .collect();
    let missing: Vec<_> = expected.difference(&found).cloned().collect();
    let mut wrong: Vec<String> = too_many
        .iter()
        .map(|name| format!("{name} would be published and must not be"))
        .collect();
    wrong.extend(
        missing
            .iter()
            .map(|name| format!("{name} is needed and would not be published")),
    );
    if !wrong.is_empty() {
        bail!("the package is not right:\n{}", wrong.join("\n"));
    }
    expected
        .into_iter()
        .map(|name| entry(root, handler, name))
        .collect()
}

fn entry(root: &Path, handler: &Path, name: String) -> anyhow::Result<Entry> {
    let (path, mode) = if name == HANDLER {
        (handler.to_owned(), 0o755)
    } else {
        (root.join(&name), 0o644)
    };
    let about = || path.display().to_string();
    if !fs::symlink_metadata(&path).with_context(about)?.is_file() {
        bail!("{} is not a file", about());
    }
    Ok(Entry {
        bytes: fs::read(&path).with_context(about)?,
        name,
        mode,
    })
}

fn expected(root: &Path) -> anyhow::Result<BTreeSet<String>> {
    let app = read_app(root).map_err(|wrong| anyhow::anyhow!("{}", wrong.join("\n")))?;
    let functions = app
        .functions()
        .iter()
        .map(|function| format!("{}/function.json", function.name));
    Ok(["host.json".to_owned(), HANDLER.to_owned()]
        .into_iter()
        .chain(functions)
        .collect())
}

fn left_by_funcignore(root: &Path) -> anyhow::Result<BTreeSet<String>> {
    if !root.join(".funcignore").is_file() {
        bail!("without a .funcignore everything would be published");
    }
    let mut walk = WalkBuilder::new(root);
    files(
        root,
        walk.standard_filters(false)
            .add_custom_ignore_filename(".funcignore"),
    )
}

/// The Core Tools (`GitIgnoreParser.cs`) hold a kept pattern against the beginning of a path only:
/// with `!handler` they publish `handler.pdb` as well, with `!InviteUser/` everything in that folder.
fn taken_by_core_tools(root: &Path) -> anyhow::Result<BTreeSet<String>> {
    let patterns = fs::read_to_string(root.join(".funcignore"))?;
    let kept: Vec<&str> = patterns
        .lines()
        .filter_map(|line| line.trim().strip_prefix('!'))
        .map(|line| line.trim_start_matches('/'))
        .collect();
    let begins = |name: &str| {
        kept.iter()
            .any(|pattern| name.starts_with(pattern.split('/').next().unwrap_or(pattern)))
    };
    let mut taken = BTreeSet::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if begins(&entry.file_name().to_string_lossy()) {
            taken.extend(files(
                root,
                WalkBuilder::new(entry.path()).standard_filters(false),
            )?);
        }
    }
    taken.retain(|name| kept.iter().any(|pattern| name.starts_with(pattern)));
    Ok(taken)
}

/// Everything but folders, by its path below `root`.
fn files(root: &Path, walk: &WalkBuilder) -> anyhow::Result<BTreeSet<String>> {
    let files = walk
        .build()
        .filter(|entry| entry.as_ref().map_or(true, |entry| !is_folder(entry)));
    files.map(|entry| name(root, entry?.into_path())).collect()
}

fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

fn name(root: &Path, path: PathBuf) -> anyhow::Result<String> {
    let below = path.strip_prefix(root)?;
    Ok(below
        .to_str()
        .with_context(|| format!("{} is not UTF-8", path.display()))?
        .to_owned())
}
