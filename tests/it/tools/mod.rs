//! What takes long or needs further tools (Node, Python): `make test-tools`.

mod languages;

use std::{fs, path::PathBuf, process::Command};

use local::host::Keys;
use support::{Store, invite_known, root, start};

/// The output of a command that succeeds.
fn output_of(command: &mut Command) -> String {
    let output = command.env("NO_COLOR", "1").output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

#[test]
fn openapi_document_passes_redocly() {
    let document = onboarding::functions::open_api::document("https://invite.example.com");
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
    fs::write(&file, document.to_pretty_json().unwrap()).unwrap();
    let tools = root().join("tests/tools");
    let output = output_of(
        Command::new(tools.join("node_modules/.bin/redocly"))
            .args(["lint", "--max-problems=100", "--config"])
            .arg(tools.join("redocly.yaml"))
            .arg(&file)
            .envs([
                ("REDOCLY_TELEMETRY", "off"),
                ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
                ("CI", "true"),
            ]),
    );
    assert!(output.contains("Your API description is valid"), "{output}");
}

/// Schemathesis derives requests from the document, valid and invalid ones, single and in sequence.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemathesis_finds_no_violation() {
    let stack = start(Store::Embedded).await;
    let schema = format!("{}/api/openapi.json", stack.url());
    let link = invite_known(&stack).await;
    let secret = link.rsplit('=').next().unwrap().to_owned();
    let run = move || {
        output_of(
            Command::new(root().join("tests/with-schemathesis"))
                .arg("--config-file")
                .arg(root().join("tests/tools/schemathesis.toml"))
                .arg("run")
                .arg(schema)
                .env("FUNCTION_KEY", Keys::default().host)
                .env("INVITATION", secret)
                .current_dir(env!("CARGO_TARGET_TMPDIR")),
        )
    };
    println!("{}", tokio::task::spawn_blocking(run).await.unwrap());
}
