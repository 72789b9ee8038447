//! `infra/register-app.sh` against a stand-in for the Azure CLI that writes down what it is asked.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use serde_json::Value;
use tempfile::TempDir;

use support::root;

const CLIENT: &str = "aaaaaaaa-0000-0000-0000-000000000001";
const OBJECT: &str = "bbbbbbbb-0000-0000-0000-000000000002";
const IDENTITY: &str = "cccccccc-0000-0000-0000-000000000003";
const TENANT: &str = "dddddddd-0000-0000-0000-000000000004";

/// What the stand-in knows.
#[derive(Clone, Copy, Default)]
struct Directory {
    registrations: usize,
    trusts: Option<&'static str>,
    without_beta: bool,
}

struct Outcome {
    done: bool,
    said: String,
    /// Each call, one line for each argument.
    calls: Vec<Vec<String>>,
}

impl Outcome {
    fn call(&self, words: &str) -> Option<&Vec<String>> {
        self.calls
            .iter()
            .find(|call| call.join(" ").contains(words))
    }

    /// The body that is sent to an address of Graph.
    fn body(&self, address: &str) -> Value {
        let call = self.call(address).unwrap();
        let at = call
            .iter()
            .position(|word| word == "--body" || word == "--parameters")
            .unwrap();
        serde_json::from_str(&call[at + 1]).unwrap()
    }
}

/// `az`: each argument ends with a NUL, each call with an empty argument.
fn az(dir: &TempDir, directory: Directory) {
    let listed = format!("{CLIENT}\\t{OBJECT}\\n").repeat(directory.registrations);
    let script = format!(
        r#"#!/bin/sh
for word in "$@"; do printf '%s\0' "$word" >>"$CALLS"; done
printf '\0' >>"$CALLS"
case "$*" in
    'ad app list '*) printf '{listed}' ;;
    'ad app create '*) printf '{CLIENT}\n{OBJECT}\n' ;;
    'account show '*) echo {TENANT} ;;
    'ad app federated-credential list '*) echo '{trusts}' ;;
    *'/beta/'*) exit {beta} ;;
esac
"#,
        trusts = directory.trusts.unwrap_or_default(),
        beta = i32::from(directory.without_beta),
    );
    let path = dir.path().join("az");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn register(directory: Directory, arguments: &[&str]) -> Outcome {
    let dir = tempfile::tempdir().unwrap();
    az(&dir, directory);
    let calls = dir.path().join("calls");
    let output = Command::new(root().join("infra/register-app.sh"))
        .args(arguments)
        .env(
            "PATH",
            format!(
                "{}:{}",
                dir.path().display(),
                std::env::var("PATH").unwrap()
            ),
        )
        .env("CALLS", &calls)
        .output()
        .unwrap();
    let written = fs::read_to_string(calls).unwrap_or_default();
    let calls = written
        .split_terminator("\0\0")
        .map(|call| call.split('\0').map(str::to_owned).collect())
        .collect();
    let said = format!(
        "{}{}",
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap()
    );
    Outcome {
        done: output.status.success(),
        said,
        calls,
    }
}

const USUAL: [&str; 6] = [
    "--name",
    "Tom's rConnect",
    "--url",
    "https://invite.example.com/",
    "--identity",
    IDENTITY,
];

#[test]
fn first_run_registers_the_app_completely() {
    let outcome = register(Directory::default(), &USUAL);
    assert!(outcome.done, "{}", outcome.said);
    assert!(
        outcome
            .said
            .ends_with(&format!("ENTRA_CLIENT_ID={CLIENT}\n")),
        "{}",
        outcome.said
    );
    let created = outcome.call("ad app create").unwrap().join(" ");
    assert!(
        created.contains(
            "--display-name Tom's rConnect --sign-in-audience AzureADandPersonalMicrosoftAccount"
        ),
        "{created}"
    );
    assert!(
        outcome
            .call("ad app list")
            .unwrap()
            .contains(&"displayName eq 'Tom''s rConnect'".to_owned())
    );

    let registration = outcome.body(&format!("/v1.0/applications/{OBJECT} "));
    assert_eq!(
        registration["web"]["redirectUris"],
        serde_json::json!(["https://invite.example.com/api/AcceptCallback"])
    );
    assert_eq!(
        registration["web"]["implicitGrantSettings"]["enableIdTokenIssuance"],
        false
    );
    let claims: Vec<_> = registration["optionalClaims"]["idToken"]
        .as_array()
        .unwrap()
        .iter()
        .map(|claim| &claim["name"])
        .collect();
    for claim in [
        "email",
        "xms_edov",
        "acct",
        "verified_primary_email",
        "login_hint",
    ] {
        assert!(claims.contains(&&Value::from(claim)), "{claim}");
    }
    assert_eq!(
        outcome.body("/authenticationBehaviors"),
        serde_json::json!({"removeUnverifiedEmailClaim": true})
    );

    let trust = outcome.body("federated-credential create");
    assert_eq!(
        (trust["subject"].as_str(), &trust["audiences"][0]),
        (Some(IDENTITY), &Value::from("api://AzureADTokenExchange"))
    );
    assert_eq!(
        trust["issuer"],
        format!("https://login.microsoftonline.com/{TENANT}/v2.0")
    );
}

#[test]
fn second_run_registers_nothing_twice() {
    let outcome = register(
        Directory {
            registrations: 1,
            trusts: Some(IDENTITY),
            ..Directory::default()
        },
        &USUAL,
    );
    assert!(
        outcome.done
            && outcome
                .said
                .ends_with(&format!("ENTRA_CLIENT_ID={CLIENT}\n")),
        "{}",
        outcome.said
    );
    assert!(
        outcome.call("ad app create").is_none()
            && outcome.call("federated-credential create").is_none()
    );
    assert!(outcome.call("federated-credential update").is_none());
    assert_eq!(
        outcome.body(&format!("/v1.0/applications/{OBJECT} "))["api"]["requestedAccessTokenVersion"],
        2,
        "but brought up to date"
    );
}

#[test]
fn new_identity_replaces_the_first() {
    let outcome = register(
        Directory {
            registrations: 1,
            trusts: Some("somebody-else"),
            ..Directory::default()
        },
        &USUAL,
    );
    assert!(
        outcome.done && outcome.call("federated-credential create").is_none(),
        "{}",
        outcome.said
    );
    assert_eq!(
        outcome.body("federated-credential update")["subject"],
        IDENTITY
    );
}

#[test]
fn missing_identity_or_beta_api_is_tolerated() {
    let outcome = register(
        Directory {
            without_beta: true,
            ..Directory::default()
        },
        &USUAL[..4],
    );
    assert!(
        outcome.done && outcome.call("federated-credential").is_none(),
        "{}",
        outcome.said
    );
    assert!(
        outcome
            .said
            .contains("could not set removeUnverifiedEmailClaim"),
        "{}",
        outcome.said
    );
}

#[test]
fn what_is_ambiguous_or_wrong_changes_nothing() {
    let two = register(
        Directory {
            registrations: 2,
            ..Directory::default()
        },
        &USUAL,
    );
    assert!(
        !two.done && two.said.contains("more than one registration"),
        "{}",
        two.said
    );
    assert_eq!(two.calls.len(), 1);
    for wrong in [
        &["--name", "x"][..],
        &["--name", "x", "--url"],
        &["--name", "x", "--url", "http://plain.example"],
        &["--name", "x", "--url", "https://h/path"],
        &["--what", "x"],
    ] {
        let outcome = register(Directory::default(), wrong);
        assert!(
            !outcome.done && outcome.calls.is_empty(),
            "{wrong:?}: {}",
            outcome.said
        );
    }
}
