//! `handler openapi` and `handler connector`.

use std::{fs, process::Output};

use serde_json::Value;

use crate::start::{command, settings};

async fn handler(arguments: &[&str]) -> Output {
    let mut command = command(&settings(7071, "embedded:unused"));
    command.args(arguments).output().await.unwrap()
}

#[tokio::test]
async fn openapi_is_printed_in_every_format() {
    for (arguments, member, number) in [
        (&["openapi"][..], "openapi", "3.1.0"),
        (&["openapi", "--format", "3.1"], "openapi", "3.1.0"),
        (&["openapi", "--format", "3.0"], "openapi", "3.0.3"),
        (&["openapi", "--format", "2.0"], "swagger", "2.0"),
        (&["openapi", "--format", "swagger2"], "swagger", "2.0"),
    ] {
        let output = handler(arguments).await;
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document[member], number, "{arguments:?}");
        assert_eq!(document["info"]["contact"]["name"], "My rConnect");
    }
    let wrong = handler(&["openapi", "--format", "1.2"]).await;
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(
        said.starts_with("handler: cannot run `openapi --format 1.2`\nusage: "),
        "{said}"
    );
}

#[tokio::test]
async fn connector_is_written_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let output = handler(&["connector", path]).await;
    assert_eq!(output.status.code(), Some(0));
    for (name, text) in onboarding::connector::files().unwrap() {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), text);
    }
    let missing = handler(&["connector", "/no/such/folder"]).await;
    assert_eq!(missing.status.code(), Some(1));
}
