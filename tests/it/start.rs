//! How the handler starts, what it says when it cannot, and what it answers while its dependencies
//! are down.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Client;
use support::{Store, azurite, dead_port, handler, people::Acts, start, start_with};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
};
use uuid::Uuid;

/// Settings with which the handler starts.
pub(crate) fn settings(port: u16, storage: &str) -> Vec<(String, String)> {
    [
        ("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string()),
        ("PUBLIC_BASE_URL", "https://invite.example.com".to_owned()),
        (
            "ENTRA_AUTHORITY",
            format!("http://127.0.0.1:{}/common/v2.0", dead_port()),
        ),
        ("ENTRA_CLIENT_ID", "app".to_owned()),
        ("ENTRA_CLIENT_SECRET", "a-secret-of-the-app".to_owned()),
        ("SESSION_KEYS", STANDARD.encode([7; 64])),
        ("INVITATION_STORAGE", storage.to_owned()),
        ("PLATFORM_NAME", "My rConnect".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

fn with(mut settings: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    settings.retain(|(own, _)| own != name);
    settings.push((name.to_owned(), value.to_owned()));
    settings
}

pub(crate) fn command(settings: &[(String, String)]) -> Command {
    let mut command = Command::new(handler());
    command
        .env_clear()
        .envs(settings.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs until it gives up; returns its stderr lines and all that it wrote.
async fn fails(settings: &[(String, String)]) -> (Vec<String>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = tokio::time::timeout(Duration::from_secs(10), command(settings).output())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        status.code(),
        Some(1),
        "it must exit with an error, or the host does not try again"
    );
    let stderr = String::from_utf8(stderr).unwrap();
    let all = format!("{stderr}{}", String::from_utf8(stdout).unwrap());
    (stderr.lines().map(str::to_owned).collect(), all)
}

/// Runs and answers; ends with the test.
async fn runs(settings: &[(String, String)], port: u16) -> Child {
    let child = command(settings).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while Client::new()
        .get(format!("http://127.0.0.1:{port}/"))
        .send()
        .await
        .is_err()
    {
        assert!(Instant::now() < deadline, "it does not answer");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child
}

fn embedded(dir: &Path) -> String {
    format!("embedded:{}", dir.display())
}

#[tokio::test]
async fn missing_settings_are_all_named() {
    let (lines, _) = fails(&[]).await;
    let names: Vec<_> = lines
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "PUBLIC_BASE_URL",
            "ENTRA_AUTHORITY",
            "ENTRA_CLIENT_ID",
            "ENTRA_CLIENT_SECRET",
            "SESSION_KEYS",
            "INVITATION_STORAGE",
            "PLATFORM_NAME"
        ]
    );
    assert!(
        lines.iter().all(|line| line.contains(" is not set: ")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn invalid_value_is_named_and_not_echoed() {
    let dir = tempfile::tempdir().unwrap();
    let good = settings(dead_port(), &embedded(dir.path()));
    let account_key = "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=bm90LWEta2V5;Surprise=my-hidden-value";
    for (name, value, secret) in [
        ("SESSION_KEYS", "my-hidden-value", "my-hidden-value"),
        (
            "SESSION_KEYS",
            "bXktaGlkZGVuLXZhbHVl",
            "bXktaGlkZGVuLXZhbHVl",
        ),
        ("INVITATION_STORAGE", "my-hidden-value", "my-hidden-value"),
        ("INVITATION_STORAGE", account_key, "my-hidden-value"),
        ("INVITATION_STORAGE", account_key, "bm90LWEta2V5"),
        (
            "SMTP_URL",
            "ftp://user:my-hidden-value@mail.example.com",
            "my-hidden-value",
        ),
        (
            "ENTRA_CLIENT_ASSERTION",
            "my-hidden-value",
            "my-hidden-value",
        ),
        (
            "ENTRA_AUTHORITY",
            "http://my-hidden-value.example.com",
            "my-hidden-value",
        ),
        (
            "ENTRA_ALLOWED_TENANTS",
            "my-hidden-value",
            "my-hidden-value",
        ),
        ("INVITATION_DAYS", "my-hidden-value", "my-hidden-value"),
        (
            "WELCOME_LINKS",
            "[{\"title\":\"my-hidden-value\"}]",
            "my-hidden-value",
        ),
    ] {
        let (lines, all) = fails(&with(good.clone(), name, value)).await;
        assert!(
            lines.iter().any(|line| line.contains(name)),
            "{name}: {lines:?}"
        );
        assert!(!all.contains(secret), "{name}: {all}");
    }
}

#[tokio::test]
async fn all_invalid_settings_are_reported_at_once() {
    let wrong = [
        (
            "ENTRA_AUTHORITY",
            "https://login.microsoftonline.com/common",
        ),
        ("INVITATION_STORAGE", "AccountName=x"),
        ("PLATFORM_NAME", ""),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
        ("OTEL_TRACES_SAMPLER", "sometimes"),
    ];
    let settings = wrong
        .iter()
        .fold(settings(dead_port(), ""), |settings, (name, value)| {
            with(settings, name, value)
        });
    let (lines, _) = fails(&settings).await;
    let names: Vec<_> = lines
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "ENTRA_AUTHORITY",
            "INVITATION_STORAGE",
            "PLATFORM_NAME",
            "OTEL_TRACES_SAMPLER"
        ],
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_folder_that_another_process_uses_is_named() {
    let (dir, port) = (tempfile::tempdir().unwrap(), dead_port());
    let _first = runs(&settings(port, &embedded(dir.path())), port).await;
    let (lines, _) = fails(&settings(dead_port(), &embedded(dir.path()))).await;
    assert!(
        lines[0].contains("INVITATION_STORAGE")
            && lines[0].contains("is in use by another process"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let (lines, _) = fails(&settings(dead_port(), "embedded:/proc/nothing/here")).await;
    assert!(
        lines[0].contains("INVITATION_STORAGE") && lines[0].contains("cannot be made"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let (lines, _) = fails(&settings(port, &embedded(dir.path()))).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains(&format!("127.0.0.1:{port}")), "{lines:?}");
    assert!(
        lines[0].contains("end the process that uses the port"),
        "what to do: {lines:?}"
    );
}

#[tokio::test]
async fn host_needs_the_schedules() {
    let dir = tempfile::tempdir().unwrap();
    let hosted = with(
        settings(dead_port(), &embedded(dir.path())),
        "FUNCTIONS_CUSTOMHANDLER_WORKER_ID",
        "1",
    );
    let (lines, _) = fails(&with(hosted, "PURGE_SCHEDULE", "hourly")).await;
    let names: Vec<_> = lines
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(names, ["DELIVER_SCHEDULE", "PURGE_SCHEDULE"], "{lines:?}");
}

/// Azure hands the reference itself on where it cannot read the secret.
#[tokio::test]
async fn unresolved_secrets_are_named_as_that() {
    let dir = tempfile::tempdir().unwrap();
    let reference = "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/x)";
    let mut unresolved = settings(dead_port(), &embedded(dir.path()));
    for name in ["SESSION_KEYS", "ENTRA_CLIENT_SECRET"] {
        unresolved = with(unresolved, name, reference);
    }
    let (mut lines, _) = fails(&unresolved).await;
    lines.sort();
    assert_eq!(lines.len(), 2, "{lines:?}");
    for (line, name) in lines.iter().zip(["ENTRA_CLIENT_SECRET", "SESSION_KEYS"]) {
        let start = format!("{name} still reads @Microsoft.KeyVault(…)");
        assert!(
            line.starts_with(&start) && line.contains("infra/refresh-secrets"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn it_answers_before_anything_is_asked_of_the_network() {
    // These listen, but never answer.
    let silent = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (sign_in, storage) = (silent(), silent());
    let port = dead_port();
    let storage = azurite::connection_string(storage.local_addr().unwrap().port());
    let authority = format!(
        "http://127.0.0.1:{}/common/v2.0",
        sign_in.local_addr().unwrap().port()
    );
    let started = Instant::now();
    let mut child = runs(
        &with(settings(port, &storage), "ENTRA_AUTHORITY", &authority),
        port,
    )
    .await;
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    let page = Client::new()
        .get(format!("http://127.0.0.1:{port}/api/InviteUser"))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 400);
    child.kill().await.unwrap();
}

/// A table without rows that keeps connections; how many there were.
async fn empty_table() -> (u16, Arc<AtomicUsize>) {
    const NOTHING: &str = "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 43\r\n\r\n\
        {\"odata.error\":{\"code\":\"ResourceNotFound\"}}";
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let (port, connections) = (
        listener.local_addr().unwrap().port(),
        Arc::new(AtomicUsize::new(0)),
    );
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
                while let Ok(length @ 1..) = connection.read(&mut buffer).await {
                    read.extend_from_slice(&buffer[..length]);
                    if read.ends_with(b"\r\n\r\n") {
                        read.clear();
                        connection.write_all(NOTHING.as_bytes()).await.unwrap();
                    }
                }
            });
        }
    });
    (port, connections)
}

#[tokio::test]
async fn storage_connection_is_opened_at_startup() {
    let ((storage, connections), port) = (empty_table().await, dead_port());
    let mut child = runs(&settings(port, &azurite::connection_string(storage)), port).await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while connections.load(Ordering::SeqCst) == 0 {
        assert!(
            Instant::now() < deadline,
            "there was no request, so nothing was prepared"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The answer to the preparation is on its way, and the connection is free after it.
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let page = Client::new()
            .get(format!(
                "http://127.0.0.1:{port}/api/InviteUser?invitationId={}",
                Uuid::new_v4()
            ))
            .send()
            .await;
        assert_eq!(page.unwrap().status(), 404);
    }
    assert_eq!(
        connections.load(Ordering::SeqCst),
        1,
        "the first person has found it"
    );
    child.kill().await.unwrap();
}

#[tokio::test]
async fn storage_outage_asks_people_to_retry() {
    let dead = azurite::connection_string(dead_port());
    let stack = start_with(Store::Azurite, &[("INVITATION_STORAGE", &dead)]).await;
    let mut anna = stack.person().unwrap();
    let link = format!("/api/InviteUser?invitationId={}", Uuid::new_v4());
    let asked = Instant::now();
    let page = anna.opens(&link).await;
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
    assert_eq!(
        (page.status.as_u16(), page.title().as_str()),
        (503, "Please try again in a moment")
    );
    assert!(
        page.headers["retry-after"]
            .to_str()
            .unwrap()
            .parse::<u32>()
            .unwrap()
            > 0
    );
    assert_eq!(
        page.attribute("main a.primary", "href").as_deref(),
        Some(link.as_str()),
        "the way on is the same link; the language of this page was only guessed, and the invitation has its own"
    );
    assert_eq!(page.text("main a.primary").as_deref(), Some("Try again"));
    let chosen = anna.opens(&format!("{link}&lang=de")).await;
    assert_eq!(
        chosen.attribute("main a.primary", "href").unwrap(),
        format!("{link}&lang=de"),
        "what was chosen stays chosen"
    );
    let problem = support::api::post(
        &stack,
        support::invitation(support::KNOWN, "Anna", "Meier").to_string(),
    )
    .await;
    assert_eq!(
        (problem.status, problem.problem().as_str()),
        (503, "unavailable")
    );
    assert!(!problem.header("retry-after").is_empty());
    assert!(
        stack.mailbox.mails().is_empty(),
        "no mail goes out with a link that does not work"
    );
    assert_eq!(
        anna.opens("/api/InviteUser").await.status,
        400,
        "what needs no storage is answered"
    );
}

#[tokio::test]
async fn sign_in_outage_asks_people_to_retry() {
    let authority = format!("http://127.0.0.1:{}/common/v2.0", dead_port());
    let stack = start_with(Store::Embedded, &[("ENTRA_AUTHORITY", &authority)]).await;
    let link = support::invite_known(&stack).await;
    let mut anna = stack.person().unwrap();
    let page = anna.opens(&link).await;
    assert_eq!(page.status, 200, "the invitation can be read");
    let pressed = anna.presses(&page, "#get-started", &[]).await;
    assert_eq!(
        (pressed.status.as_u16(), pressed.title().as_str()),
        (503, "Please try again in a moment")
    );
    assert!(pressed.headers.contains_key("retry-after") && pressed.has("main form .primary"));
}

#[tokio::test]
async fn embedded_store_needs_no_network() {
    let stack = start(Store::Embedded).await;
    let link = support::invite_known(&stack).await;
    assert_eq!(stack.person().unwrap().opens(&link).await.status, 200);
}

/// The host hands the lines on to whatever collects them, which reads JSON.
#[tokio::test]
async fn log_lines_are_json_with_context() {
    let stack = start(Store::Embedded).await;
    let (link, id) = support::invite_quietly(&stack).await;
    stack.person().unwrap().opens(&link).await;
    let line = support::log::answered(&stack.host, 2).await.pop().unwrap();
    for (name, value) in [("level", "DEBUG"), ("message", "request completed")] {
        assert_eq!(line[name], value, "{line}");
    }
    assert_eq!(
        (&line["status"], &line["storage_calls"]),
        (&200.into(), &1.into()),
        "{line}"
    );
    assert_eq!(
        (&line["span"]["name"], &line["span"]["function"]),
        (&"request".into(), &"InviteUser".into()),
        "{line}"
    );
    assert_eq!(line["span"]["invitation"], id, "{line}");
    assert!(
        line["timestamp"]
            .as_str()
            .is_some_and(|at| at.starts_with("20") && at.ends_with('Z')),
        "{line}"
    );
    let own = |line: &&local::host::LogLine| line.text.starts_with('{');
    assert!(
        stack
            .host
            .log()
            .iter()
            .filter(own)
            .all(|line| serde_json::from_str::<serde_json::Value>(&line.text).is_ok())
    );
}
