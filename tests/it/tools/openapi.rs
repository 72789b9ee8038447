//! The OpenAPI documents and the connector's definition, by validators that others maintain.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use onboarding::functions::open_api::Version;
use support::root;

use super::output_of;
use crate::openapi_versions::document;

/// A file with the document in each version.
fn documents() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("openapi");
    fs::create_dir_all(&folder).unwrap();
    let write = |version: Version| {
        let file = folder.join(format!("{}.json", version.number()));
        fs::write(&file, document(version).to_string()).unwrap();
        file
    };
    Version::ALL.map(write).into()
}

fn documents_and_connector() -> Vec<PathBuf> {
    let connector = root().join("connectors/power-platform/apiDefinition.swagger.json");
    [documents(), vec![connector]].concat()
}

fn tools() -> PathBuf {
    root().join("tests/openapi")
}

#[test]
fn redocly_accepts_every_version() {
    let redocly = |file: &Path| {
        output_of(
            Command::new(tools().join("node_modules/.bin/redocly"))
                .args(["lint", "--max-problems=100", "--config"])
                .arg(tools().join("redocly.yaml"))
                .arg(file)
                .envs([
                    ("REDOCLY_TELEMETRY", "off"),
                    ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
                    ("CI", "true"),
                ]),
        )
    };
    for file in documents() {
        let output = redocly(&file);
        assert!(output.contains("Your API description is valid"), "{output}");
    }
}

#[test]
fn spectral_accepts_every_version_and_the_connector() {
    let output = output_of(
        Command::new(tools().join("node_modules/.bin/spectral"))
            .args(["lint", "--fail-severity=warn", "--ruleset"])
            .arg(tools().join("spectral.yaml"))
            .args(documents_and_connector()),
    );
    assert!(output.contains("No results"), "{output}");
}

#[test]
fn swagger_parser_accepts_every_version_and_the_connector() {
    let files = documents_and_connector();
    let output = output_of(
        Command::new("node")
            .arg(tools().join("validate.mjs"))
            .args(&files),
    );
    assert_eq!(output.matches("is valid").count(), files.len(), "{output}");
}
