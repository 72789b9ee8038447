//! What docs/OPERATIONS.md has an operator type.

use std::{collections::BTreeSet, fs};

use axum::http::Method;
use serde_json::Value;
use support::{Store, inside::Inside, root};
use time::macros::datetime;

const PAGES: [&str; 3] = ["README.md", "CONTRIBUTING.md", "docs/OPERATIONS.md"];

/// The words that follow a mark, up to the first character that is not part of a name.
fn names_after<'a>(page: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    page.split(mark).skip(1).map(move |rest| {
        let end = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
        rest[..end].trim_end_matches(['.', '/'])
    })
}

#[test]
fn pages_name_files_and_targets_that_exist() {
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let mut count = 0;
    for file in PAGES {
        let page = fs::read_to_string(root().join(file)).unwrap();
        for name in names_after(&page, "infra/") {
            assert!(root().join("infra").join(name).exists(), "{file}: {name}");
            count += 1;
        }
        let commands = page.replace("\nmake ", "\n`make ");
        for target in names_after(&commands, "`make ") {
            let rule = format!("\n{target}:");
            assert!(makefile.contains(&rule), "{file}: make {target}");
            count += 1;
        }
    }
    assert!(count >= 40, "{count}");
}

/// What a command of the page reads is set by an earlier command, or is an output of the deployment.
#[test]
fn commands_read_variables_that_are_set() {
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let template = fs::read_to_string(root().join("infra/main.bicep")).unwrap();
    let parameters = fs::read_to_string(root().join("infra/main.bicepparam")).unwrap();
    let mut known: BTreeSet<&str> = names_after(&template, "\noutput ").collect();
    known.extend(names_after(&parameters, "readEnvironmentVariable('"));
    // Of bash: the argument of a function, and the loop that reads the outputs.
    known.extend(["1", "name"]);
    let mut count = 0;
    for fence in page.split("```sh\n").skip(1) {
        let script = fence.split("```").next().unwrap();
        for line in script.lines() {
            for name in names_after(line, "$").filter(|name| !name.is_empty()) {
                let name = name.split(['.', '/']).next().unwrap();
                assert!(known.contains(name), "{name} is set nowhere: {line}");
                count += 1;
            }
            for word in line.split_whitespace() {
                if let Some((name, _)) = word.split_once('=') {
                    known.insert(name);
                }
            }
        }
    }
    assert!(count >= 30, "{count}");
}

/// As `az functionapp config appsettings list` prints the settings.
#[test]
fn settings_come_back_from_their_file() {
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let at = page.find("python3 -c 'import json, shlex").unwrap();
    let (program, _) = page[at..].split_once(" >onboarding.env").unwrap();
    let value = "My 'rConnect' <a@b.example> $HOME";
    let listed = serde_json::json!([
        {"name": "MAIL_FROM", "slotSetting": false, "value": value},
        {"name": "DESK_TENANT", "slotSetting": false, "value": null},
    ]);
    let script = format!(
        "set -a; eval \"$(printf %s \"$LISTED\" | {program})\"; printenv MAIL_FROM DESK_TENANT"
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .env("LISTED", listed.to_string())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed, format!("{value}\n\n"));
}

#[tokio::test]
async fn go_live_invitation_is_accepted() {
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let (_, rest) = page.split_once("--data '").unwrap();
    let (body, _) = rest.split_once('\'').unwrap();
    let mut body: Value = serde_json::from_str(body).unwrap();
    // This app has no mail server.
    body["sendEmail"] = false.into();
    let inside = Inside::start(Store::Embedded, datetime!(2026-11-22 12:00 UTC), &[]).await;
    let (status, answer) = inside.call(Method::POST, "/api/Invitations", &body).await;
    assert_eq!(status, 201, "{answer}");
}
