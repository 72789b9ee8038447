//! What `make package` zips, what it refuses, and how it tries the package out.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use local::package::{Glibc, OLDEST_GLIBC, archive, check_binary, contents, list, try_out, unpack};
use support::{handler, root};
use tempfile::TempDir;
use time::macros::datetime;

/// A copy of what the package is made from, and a stand-in for the binary.
fn app() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in ["host.json", ".funcignore"] {
        fs::copy(root().join(file), dir.path().join(file)).unwrap();
    }
    for function in functions() {
        fs::create_dir(dir.path().join(&function)).unwrap();
        fs::copy(
            root().join(&function).join("function.json"),
            dir.path().join(&function).join("function.json"),
        )
        .unwrap();
    }
    fs::write(dir.path().join("handler"), "an old build").unwrap();
    put(&dir, "target/release/handler", "the binary");
    dir
}

fn functions() -> Vec<String> {
    local::host::read_app(root())
        .unwrap()
        .functions()
        .iter()
        .map(|function| function.name.clone())
        .collect()
}

fn put(dir: &TempDir, file: &str, text: &str) {
    let path = dir.path().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Why there is no package.
fn refusal(dir: &TempDir) -> String {
    contents(dir.path(), &dir.path().join("target/release/handler"))
        .unwrap_err()
        .to_string()
}

#[test]
fn zip_holds_exactly_what_is_published() {
    let dir = app();
    for noise in [
        "src/main.rs",
        "tests/it/api.rs",
        "local.settings.json",
        ".env",
        "InviteUsers/notes.txt",
        "README.md",
        ".git/config",
    ] {
        put(&dir, noise, "not to be published");
    }
    let entries = contents(dir.path(), &dir.path().join("target/release/handler")).unwrap();
    let zipped = list(&archive(&entries, datetime!(2026-02-03 04:05:06 UTC)).unwrap()).unwrap();
    let mut expected: Vec<_> = functions()
        .iter()
        .map(|function| (format!("{function}/function.json"), 0o644))
        .collect();
    expected.extend([
        ("handler".to_owned(), 0o755),
        ("host.json".to_owned(), 0o644),
    ]);
    expected.sort();
    assert_eq!(
        zipped
            .iter()
            .map(|entry| (entry.name.clone(), entry.mode))
            .collect::<Vec<_>>(),
        expected
    );
    let binary = zipped.iter().find(|entry| entry.name == "handler").unwrap();
    assert_eq!(binary.bytes, b"the binary", "not the one that lies about");
}

#[test]
fn zip_is_reproducible() {
    let (one, two) = (app(), app());
    // The files of the second are newer and have other rights.
    fs::set_permissions(
        two.path().join("host.json"),
        fs::Permissions::from_mode(0o600),
    )
    .unwrap();
    let zip = |dir: &TempDir, at| {
        archive(
            &contents(dir.path(), &dir.path().join("target/release/handler")).unwrap(),
            at,
        )
        .unwrap()
    };
    let at = datetime!(2026-02-03 04:05:06 UTC);
    assert_eq!(zip(&one, at), zip(&two, at));
    assert_eq!(
        zip(&one, at),
        zip(&one, datetime!(2026-02-03 06:05:06 +2)),
        "whatever the zone"
    );
    assert_ne!(zip(&one, at), zip(&one, datetime!(2026-02-04 04:05:06 UTC)));
    put(&two, "target/release/handler", "another binary");
    assert_ne!(zip(&one, at), zip(&two, at));
}

#[test]
fn unpacked_handler_is_executable_and_read_only() {
    let (dir, unpacked) = (app(), tempfile::tempdir().unwrap());
    let entries = contents(dir.path(), &dir.path().join("target/release/handler")).unwrap();
    unpack(
        &archive(&entries, datetime!(2026-02-03 04:05:06 UTC)).unwrap(),
        unpacked.path(),
    )
    .unwrap();
    let mode = |file: &str| {
        fs::metadata(unpacked.path().join(file))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(
        (
            mode("handler"),
            mode("host.json"),
            mode("Welcome/function.json")
        ),
        (0o555, 0o444, 0o444)
    );
}

#[test]
fn unexpected_file_is_refused_by_name() {
    for (pattern, file) in [
        ("!src/\n!src/main.rs", "src/main.rs"),
        ("!local.settings.json", "local.settings.json"),
        ("!*.pem", "key.pem"),
    ] {
        let dir = app();
        put(&dir, file, "x");
        let patterns = fs::read_to_string(dir.path().join(".funcignore")).unwrap();
        put(&dir, ".funcignore", &format!("{patterns}\n{pattern}\n"));
        assert!(
            refusal(&dir).contains(&format!("{file} would be published and must not be")),
            "{}",
            refusal(&dir)
        );
    }
}

#[test]
fn extra_files_for_core_tools_are_refused() {
    for file in [
        "handler.debug",
        "host.json.orig",
        "InviteUser/notes.txt",
        "handler-old/secret",
    ] {
        let dir = app();
        put(&dir, file, "x");
        assert!(
            refusal(&dir).contains(&format!("{file} would be published and must not be")),
            "{}",
            refusal(&dir)
        );
    }
}

#[test]
fn omitted_function_is_named() {
    let dir = app();
    let patterns = fs::read_to_string(dir.path().join(".funcignore")).unwrap();
    put(
        &dir,
        ".funcignore",
        &patterns.replace("!Welcome/function.json\n", ""),
    );
    assert_eq!(
        refusal(&dir),
        "the package is not right:\nWelcome/function.json is needed and would not be published"
    );
}

#[test]
fn package_needs_its_regular_files() {
    for file in [".funcignore", "target/release/handler", "host.json"] {
        let dir = app();
        fs::remove_file(dir.path().join(file)).unwrap();
        assert!(
            refusal(&dir).contains(file.rsplit('/').next().unwrap()),
            "{}",
            refusal(&dir)
        );
    }
    let dir = app();
    fs::remove_file(dir.path().join("Welcome/function.json")).unwrap();
    symlink(
        root().join("Welcome/function.json"),
        dir.path().join("Welcome/function.json"),
    )
    .unwrap();
    assert!(refusal(&dir).contains("is not a file"), "{}", refusal(&dir));
}

#[test]
fn newer_glibc_or_builder_paths_are_refused() {
    let binary = fs::read(handler()).unwrap();
    // This one was linked by the system's own linker, for this machine.
    let refused = |glibc, private: &[&str]| {
        check_binary(&binary, glibc, private)
            .map_err(|error| error.to_string())
            .err()
            .unwrap_or_default()
    };
    assert!(
        refused(Glibc(2, 2), &[]).contains("it needs GLIBC_2."),
        "{}",
        refused(Glibc(2, 2), &[])
    );
    assert!(
        !refused(Glibc(2, 999), &[]).contains("GLIBC_2."),
        "{}",
        refused(Glibc(2, 999), &[])
    );
    let private = root().display().to_string();
    let names = format!("it names a folder of this machine: {private}");
    assert!(
        refused(Glibc(2, 999), &[&private]).contains(&names),
        "built without the remapping that `make package` does"
    );
    assert!(!refused(Glibc(2, 999), &["/a/foreign/folder"]).contains("folder of this machine"));
    assert!(check_binary(b"#!/bin/sh", OLDEST_GLIBC, &[]).is_err());
}

/// The command, in a copy of the app, with a handler.
fn package(dir: &TempDir, handler: &Path, time: Option<&str>) -> (bool, String) {
    let mut command = Command::new(support::handler().with_file_name("package"));
    command
        .arg(handler)
        .arg(dir.path().join("out.zip"))
        .current_dir(dir.path())
        .env_remove("SOURCE_DATE_EPOCH");
    if let Some(time) = time {
        command.env("SOURCE_DATE_EPOCH", time);
    }
    let output = command.output().unwrap();
    (
        output.status.success(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn failed_command_explains_and_leaves_no_package() {
    let dir = app();
    put(&dir, "out.zip", "of an earlier run");
    let (done, said) = package(
        &dir,
        &dir.path().join("target/release/handler"),
        Some("1700000000"),
    );
    assert!(!done && said.contains("is not an ELF binary"), "{said}");
    assert!(!dir.path().join("out.zip").exists());
    let (done, said) = package(&dir, &dir.path().join("nothing"), Some("1700000000"));
    assert!(!done && said.contains("nothing"), "{said}");
    assert!(!dir.path().join("out.zip").exists());
}

/// As it would be unpacked, around the handler of the tests.
fn unpacked() -> TempDir {
    let dir = app();
    fs::remove_dir_all(dir.path().join("target")).unwrap();
    fs::remove_file(dir.path().join("handler")).unwrap();
    fs::copy(handler(), dir.path().join("handler")).unwrap();
    dir
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_is_tried_with_a_whole_journey() {
    try_out(unpacked().path()).await.unwrap();
}

#[tokio::test]
async fn trial_fails_without_handler_or_function() {
    let dir = unpacked();
    fs::write(dir.path().join("handler"), "#!/bin/sh\nexit 1\n").unwrap();
    assert!(try_out(dir.path()).await.is_err());
    let dir = unpacked();
    fs::remove_dir_all(dir.path().join("CreateCompany")).unwrap();
    assert!(try_out(dir.path()).await.is_err());
}
