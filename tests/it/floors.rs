//! The order of the modules: each imports only what is below it, and no two files import each
//! other. Read from the sources themselves, whatever the form of an import.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::{
    Item, ItemUse, UseTree, Visibility,
    visit::{self, Visit},
};

/// From the top to the bottom. Modules on the same floor do not import each other.
const FLOORS: &[&[&str]] = &[
    &["main"],
    &["startup", "transfer", "connector"],
    &["router"],
    &["functions"],
    &["check"],
    &["journey"],
    &["http"],
    &["app"],
    &["events"],
    &["identity", "mail"],
    &["config"],
    &["store"],
    &["views"],
    &["telemetry"],
    &["net"],
    &["domain"],
    &["text"],
    &["seal", "clock", "build_info"],
];

/// A crate whose files were read: the module path of each, and the paths that it names.
struct Sources {
    files: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
    /// What a `mod.rs` re-exports, by the path under which others name it.
    exports: BTreeMap<Vec<String>, Vec<String>>,
}

#[test]
fn every_module_has_a_floor() {
    let sources = Sources::read("src", "onboarding");
    for module in sources.files.keys().filter_map(|path| path.first()) {
        let floors = FLOORS
            .iter()
            .filter(|floor| floor.contains(&module.as_str()));
        assert_eq!(floors.count(), 1, "{module} belongs on exactly one floor");
    }
}

#[test]
fn no_import_points_up() {
    let sources = Sources::read("src", "onboarding");
    let floor = |module: &str| FLOORS.iter().position(|floor| floor.contains(&module));
    let mut up = Vec::new();
    for (from, to) in sources.imports() {
        let (Some(own), Some(other)) = (from.first(), to.first()) else {
            continue;
        };
        if own != other && floor(other) <= floor(own) {
            up.push(format!("{} imports {}", from.join("::"), to.join("::")));
        }
    }
    assert!(up.is_empty(), "imports that point up:\n{}", up.join("\n"));
}

#[test]
fn no_circle_of_imports_in_the_product() {
    assert_no_circle("src", "onboarding");
}

#[test]
fn no_circle_of_imports_in_the_stand_ins() {
    assert_no_circle("local/src", "local");
}

#[test]
fn an_import_is_found_in_any_form() {
    let source = "use crate::{a::{self, B}, c as d}; fn f() { super::e::g(crate::h::I); }
         #[cfg(test)] mod tests { use crate::not::Me; }";
    let module = path("m::n");
    let reader = Reader::read(&syn::parse_file(source).unwrap(), "x", &module);
    let expected = ["a", "a::B", "c", "m::e::g", "h::I"].map(path);
    assert_eq!(reader.named, BTreeSet::from(expected));
}

fn assert_no_circle(folder: &str, name: &str) {
    let mut imports: BTreeSet<_> = Sources::read(folder, name).imports().into_iter().collect();
    // An import of a file that imports nothing, or by a file that nothing imports, is in no circle.
    loop {
        let importing: BTreeSet<_> = imports.iter().map(|(from, _)| from.clone()).collect();
        let imported: BTreeSet<_> = imports.iter().map(|(_, to)| to.clone()).collect();
        let before = imports.len();
        imports.retain(|(from, to)| importing.contains(to) && imported.contains(from));
        if imports.len() == before {
            break;
        }
    }
    let circle: Vec<_> = imports
        .iter()
        .map(|(from, to)| format!("{} imports {}", from.join("::"), to.join("::")))
        .collect();
    assert!(
        circle.is_empty(),
        "circles of imports:\n{}",
        circle.join("\n")
    );
}

impl Sources {
    fn read(folder: &str, name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut sources = Self {
            files: BTreeMap::new(),
            exports: BTreeMap::new(),
        };
        for file in rust_files(&root) {
            let module = module_path(file.strip_prefix(&root).unwrap());
            // The root declares the modules; tests may import what they test.
            if module == ["lib"] || module.iter().any(|part| part == "tests") {
                continue;
            }
            let source = syn::parse_file(&fs::read_to_string(&file).unwrap()).unwrap();
            let Reader { named, exports, .. } = Reader::read(&source, name, &module);
            sources.exports.extend(exports);
            sources.files.insert(module, named);
        }
        sources
    }

    /// Which file imports which other.
    fn imports(&self) -> Vec<(Vec<String>, Vec<String>)> {
        let of_file = |(from, named): (&Vec<String>, &BTreeSet<Vec<String>>)| {
            let targets: BTreeSet<_> = named.iter().filter_map(|path| self.file_of(path)).collect();
            let others = targets.into_iter().filter(|to| to != from);
            others.map(|to| (from.clone(), to)).collect::<Vec<_>>()
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// The file that defines what a path names.
    fn file_of(&self, path: &[String]) -> Option<Vec<String>> {
        for length in (1..=path.len()).rev() {
            let prefix = &path[..length];
            if self.files.contains_key(prefix) {
                // The parent of a re-export is left in favour of the file that defines it.
                return match path
                    .get(length)
                    .map(|next| [prefix, std::slice::from_ref(next)].concat())
                {
                    Some(export) if self.exports.contains_key(&export) => {
                        self.file_of(&[&self.exports[&export], &path[length + 1..]].concat())
                    }
                    _ => Some(prefix.to_vec()),
                };
            }
        }
        None
    }
}

/// Collects the paths of this crate that a file names. Macro calls are not read.
struct Reader<'a> {
    /// Of the crate, for files that name it so: `main.rs`.
    name: &'a str,
    module: &'a [String],
    named: BTreeSet<Vec<String>>,
    exports: BTreeMap<Vec<String>, Vec<String>>,
}

impl<'a> Reader<'a> {
    fn read(source: &syn::File, name: &'a str, module: &'a [String]) -> Self {
        let mut reader = Self {
            name,
            module,
            named: BTreeSet::new(),
            exports: BTreeMap::new(),
        };
        reader.visit_file(source);
        reader
    }

    /// The path from the root of the crate; `None` where it leads to another crate.
    fn resolve_from_root(&self, path: &[String]) -> Option<Vec<String>> {
        let first = path.first()?;
        let supers = path.iter().take_while(|part| *part == "super").count();
        let base = match first.as_str() {
            "crate" => &[],
            "self" => self.module,
            "super" => &self.module[..self.module.len().checked_sub(supers)?],
            first if first == self.name => &[],
            _ => return None,
        };
        Some([base, &path[supers.max(1)..]].concat())
    }

    /// A path, or, in a `mod.rs`, one that begins with a module declared there.
    fn resolve(&self, path: &[String]) -> Option<Vec<String>> {
        self.resolve_from_root(path)
            .or_else(|| Some([self.module, path].concat()))
    }
}

impl Visit<'_> for Reader<'_> {
    fn visit_item(&mut self, item: &Item) {
        let is_test = |attribute: &syn::Attribute| {
            attribute.path().is_ident("cfg")
                && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
        };
        match item {
            Item::Mod(module) if module.attrs.iter().any(is_test) => {}
            item => visit::visit_item(self, item),
        }
    }

    fn visit_item_use(&mut self, item: &ItemUse) {
        let mut leaves = Vec::new();
        expand(&item.tree, &mut Vec::new(), &mut leaves);
        for (path, name) in leaves {
            let Some(path) = self.resolve(&path) else {
                continue;
            };
            if matches!(item.vis, Visibility::Inherited) {
                self.named.insert(path);
            } else {
                self.exports.insert([self.module, &[name]].concat(), path);
            }
        }
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let parts: Vec<_> = path
            .segments
            .iter()
            .map(|part| part.ident.to_string())
            .collect();
        if parts.len() > 1 {
            self.named.extend(self.resolve_from_root(&parts));
        }
        visit::visit_path(self, path);
    }
}

/// The paths of a `use`, each with the name that it gets here.
fn expand(tree: &UseTree, prefix: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            expand(&path.tree, prefix, leaves);
            prefix.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                expand(tree, prefix, leaves);
            }
        }
        UseTree::Name(name) => leaf(
            name.ident.to_string(),
            name.ident.to_string(),
            prefix,
            leaves,
        ),
        UseTree::Rename(name) => {
            leaf(
                name.ident.to_string(),
                name.rename.to_string(),
                prefix,
                leaves,
            );
        }
        UseTree::Glob(_) => leaves.push((prefix.clone(), "*".to_owned())),
    }
}

fn leaf(ident: String, name: String, prefix: &[String], leaves: &mut Vec<(Vec<String>, String)>) {
    let mut path = prefix.to_vec();
    if ident != "self" {
        path.push(ident);
    }
    leaves.push((path, name));
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let of_entry = |path: PathBuf| match path.is_dir() {
        true => rust_files(&path),
        false => vec![path],
    };
    let files = entries.flat_map(of_entry);
    files
        .filter(|file| file.extension().is_some_and(|end| end == "rs"))
        .collect()
}

/// `store/table/mod.rs` is `store::table`.
fn module_path(file: &Path) -> Vec<String> {
    let parts = file.with_extension("");
    let mut parts: Vec<_> = parts
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

fn path(text: &str) -> Vec<String> {
    text.split("::").map(str::to_owned).collect()
}
