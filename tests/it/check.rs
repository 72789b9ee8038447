//! The handler as an operator's tool: `handler check`, `handler settings`.

use std::{process::Stdio, sync::Arc};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use local::{
    mailbox::{Mailbox, MailboxOptions},
    signin::{Fault, SignIn, SignInOptions},
};
use onboarding::{
    check,
    store::table::{
        AnyPage, Continuation, ETag, Page, Range, Row, Table, TableError, Write,
        embedded::EmbeddedTable,
    },
};
use serde_json::json;
use support::{
    Store, WEBHOOK_SECRET, api::send, azurite, dead_port, handler, inside, receiver::Receiver,
    start, table_of,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    process::Command,
};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, header, query_param},
};

const CLIENT_SECRET: &str = "a-secret-of-the-app";
const MAIL_PASSWORD: &str = "hunter2-of-the-mail";

/// All dependencies, well.
struct Dependencies {
    mailbox: Mailbox,
    sign_in: SignIn,
    receiver: Receiver,
    settings: Vec<(String, String)>,
    dir: TempDir,
}

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ran {
    /// How the line of a check begins.
    fn result_of(&self, check: &str) -> &str {
        let line = self
            .stdout
            .lines()
            .find(|line| line.get(7..).is_some_and(|rest| rest.starts_with(check)));
        line.unwrap_or_else(|| panic!("{check}: {}{}", self.stdout, self.stderr))
            .split_whitespace()
            .next()
            .unwrap()
    }

    fn failing(&self) -> Vec<&str> {
        self.stdout
            .lines()
            .filter_map(|line| line.strip_prefix("FAILS  "))
            .map(|rest| rest[..20].trim_end())
            .collect()
    }
}

impl Dependencies {
    async fn start() -> Self {
        let mailbox = Mailbox::start(MailboxOptions {
            smtp_port: 0,
            web_port: 0,
            dir: None,
        })
        .await
        .unwrap();
        let sign_in = SignIn::start(SignInOptions {
            port: 0,
            client_id: "app".to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            redirect_uris: vec!["https://invite.example.com/api/AcceptCallback".to_owned()],
            accounts: Vec::new(),
            smtp_url: None,
            dir: None,
            accept_assertions: false,
        })
        .await
        .unwrap();
        let (receiver, dir) = (Receiver::start().await, tempfile::tempdir().unwrap());
        let key: Vec<u8> = (0..64).collect();
        let smtp = mailbox
            .smtp_url()
            .replace("smtp://", &format!("smtp://anna:{MAIL_PASSWORD}@"));
        let settings = [
            ("PUBLIC_BASE_URL", "https://invite.example.com".to_owned()),
            ("ENTRA_AUTHORITY", sign_in.authority("common")),
            ("ENTRA_CLIENT_ID", "app".to_owned()),
            ("ENTRA_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
            ("SESSION_KEYS", STANDARD.encode(key)),
            (
                "INVITATION_STORAGE",
                format!("embedded:{}", dir.path().join("table").display()),
            ),
            ("SMTP_URL", smtp),
            ("MAIL_FROM", "no-reply@example.com".to_owned()),
            (
                "WEBHOOK_URL",
                format!("{}?token=hidden-in-the-address", receiver.url()),
            ),
            ("WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
            ("WEBHOOK_ALLOW_PRIVATE", "true".to_owned()),
            ("PLATFORM_NAME", "My rConnect".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
        Self {
            mailbox,
            sign_in,
            receiver,
            settings,
            dir,
        }
    }

    async fn run(&self, argument: &str, changes: &[(&str, &str)]) -> Ran {
        let mut settings = self.settings.clone();
        for (name, value) in changes {
            settings.retain(|(own, _)| own != name);
            settings.push(((*name).to_owned(), (*value).to_owned()));
        }
        let ran = run(&[argument], &settings).await;
        for secret in [
            CLIENT_SECRET,
            WEBHOOK_SECRET,
            MAIL_PASSWORD,
            "hidden-in-the-address",
            "Eby8vdM02xN",
            "AAECAwQFBgcI",
        ] {
            assert!(
                !ran.stdout.contains(secret) && !ran.stderr.contains(secret),
                "{secret} in {}{}",
                ran.stdout,
                ran.stderr
            );
        }
        ran
    }

    /// With these changes that check fails, and no other.
    async fn fails_at(&self, check: &str, changes: &[(&str, &str)]) -> Ran {
        let ran = self.run("check", changes).await;
        assert_eq!(
            (ran.failing(), ran.code),
            (vec![check], 1),
            "{}{}",
            ran.stdout,
            ran.stderr
        );
        assert!(ran.stdout.contains("-> "), "it says how to mend it");
        ran
    }
}

async fn run(arguments: &[&str], settings: &[(String, String)]) -> Ran {
    let mut command = Command::new(handler());
    command
        .args(arguments)
        .env_clear()
        .envs(settings.iter().cloned())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A mail server that refuses every login.
async fn refusing_mail_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let _ = stream.write_all(b"220 refuses ESMTP\r\n").await;
            let mut line = String::new();
            while matches!(stream.read_line(&mut line).await, Ok(1..)) {
                let answer: &[u8] = match line.split(' ').next().unwrap() {
                    "EHLO" => b"250-refuses\r\n250 AUTH PLAIN LOGIN\r\n",
                    "AUTH" => b"535 5.7.8 no\r\n",
                    _ => b"250 ok\r\n",
                };
                let _ = stream.write_all(answer).await;
                line.clear();
            }
        }
    });
    format!("smtp://anna:{MAIL_PASSWORD}@{address}")
}

#[tokio::test]
async fn valid_setup_passes_and_has_no_side_effects() {
    let dependencies = Dependencies::start().await;
    let ran = dependencies.run("check", &[]).await;
    assert_eq!(
        (ran.code, ran.failing()),
        (0, vec![]),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    let checks = [
        "session keys",
        "storage",
        "sign-in metadata",
        "sign-in keys",
        "client credential",
        "mail server",
        "webhook",
    ];
    assert_eq!(
        checks.map(|check| ran.result_of(check)),
        ["ok"; 7],
        "{}",
        ran.stdout
    );
    assert_eq!(ran.result_of("managed identity"), "-");
    assert_eq!(ran.result_of("desk"), "-", "no DESK_TENANT");
    assert!(dependencies.mailbox.mails().is_empty());
    assert!(
        dependencies
            .receiver
            .received()
            .iter()
            .all(|received| received.body.is_empty()),
        "no event is delivered"
    );
}

#[tokio::test]
async fn unconfigured_parts_are_reported_not_failed() {
    let dependencies = Dependencies::start().await;
    let ran = dependencies
        .run(
            "check",
            &[
                ("SMTP_URL", ""),
                ("MAIL_FROM", ""),
                ("WEBHOOK_URL", ""),
                ("WEBHOOK_SECRET", ""),
            ],
        )
        .await;
    assert_eq!(
        (
            ran.code,
            ran.result_of("mail server"),
            ran.result_of("webhook")
        ),
        (0, "-", "-"),
        "{}",
        ran.stdout
    );
}

#[tokio::test]
async fn sign_in_of_the_desk_is_checked() {
    let dependencies = Dependencies::start().await;
    let tenant = [("DESK_TENANT", "2f9d6c1b-8a7e-4f50-9b3c-6d5e4f3a2b1c")];
    let ran = dependencies.run("check", &tenant).await;
    assert_eq!(
        (ran.code, ran.result_of("desk")),
        (0, "ok"),
        "{}",
        ran.stdout
    );
    for part in [
        "https://invite.example.com/api/desk",
        "Invitations.Manage",
        "Invitations.Read",
    ] {
        assert!(ran.stdout.contains(part), "{}", ran.stdout);
    }
    let unknown = [("DESK_TENANT", "00000000-0000-0000-0000-000000000000")];
    let ran = dependencies.fails_at("desk", &unknown).await;
    assert!(ran.stdout.contains("check DESK_TENANT"), "{}", ran.stdout);
}

#[tokio::test]
async fn check_leaves_no_rows_in_azurite() {
    let (dependencies, connection, table) = (
        Dependencies::start().await,
        azurite::azurite().await,
        azurite::table_name(),
    );
    let ran = dependencies
        .run(
            "check",
            &[
                ("INVITATION_STORAGE", &connection),
                ("INVITATION_TABLE", &table),
            ],
        )
        .await;
    assert_eq!(
        (ran.code, ran.result_of("storage")),
        (0, "ok"),
        "{}",
        ran.stdout
    );
    assert_eq!(table_of(&connection, &table, "check").await, [""; 0]);
}

#[tokio::test]
async fn each_fault_is_found_alone() {
    let dependencies = Dependencies::start().await;
    let dead = dead_port();
    dependencies
        .fails_at(
            "storage",
            &[("INVITATION_STORAGE", &azurite::connection_string(dead))],
        )
        .await;
    dependencies
        .fails_at(
            "storage",
            &[("INVITATION_STORAGE", "embedded:/proc/nothing/here")],
        )
        .await;
    dependencies
        .fails_at(
            "session keys",
            &[("SESSION_KEYS", &STANDARD.encode([7; 64]))],
        )
        .await;
    dependencies
        .fails_at(
            "mail server",
            &[("SMTP_URL", &format!("smtp://127.0.0.1:{dead}"))],
        )
        .await;
}

#[tokio::test]
async fn unreachable_and_forbidden_receivers_differ() {
    let dependencies = Dependencies::start().await;
    let why =
        async |changes: &[(&str, &str)]| dependencies.fails_at("webhook", changes).await.stdout;
    let refused = format!("http://127.0.0.1:{}/", dead_port());
    assert!(
        why(&[("WEBHOOK_URL", &refused)])
            .await
            .contains("  no connection")
    );
    let plain = dependencies.receiver.url().replace("http:", "https:");
    assert!(
        why(&[("WEBHOOK_URL", &plain)])
            .await
            .contains("  no secure connection")
    );

    let private = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    private.set_nonblocking(true).unwrap();
    let by_name = format!(
        "https://localhost:{}/",
        private.local_addr().unwrap().port()
    );
    let said = why(&[("WEBHOOK_URL", &by_name), ("WEBHOOK_ALLOW_PRIVATE", "")]).await;
    assert!(said.contains("  the address is not public"), "{said}");
    assert!(
        private
            .accept()
            .is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock),
        "no connection was made"
    );
}

#[tokio::test]
async fn bad_credentials_differ_from_an_outage() {
    let dependencies = Dependencies::start().await;
    let ran = dependencies
        .fails_at(
            "client credential",
            &[("ENTRA_CLIENT_SECRET", "another-secret")],
        )
        .await;
    assert!(
        ran.stdout.contains("invalid_client") && ran.stdout.contains("ENTRA_CLIENT_SECRET"),
        "{}",
        ran.stdout
    );
    let ran = dependencies
        .fails_at(
            "mail server",
            &[("SMTP_URL", &refusing_mail_server().await)],
        )
        .await;
    assert!(
        ran.stdout.contains("rejects the user or password"),
        "{}",
        ran.stdout
    );
    let away = format!("http://127.0.0.1:{}/common/v2.0", dead_port());
    let ran = dependencies
        .run("check", &[("ENTRA_AUTHORITY", &away)])
        .await;
    assert_eq!(
        (ran.failing(), ran.code),
        (
            vec!["sign-in metadata", "sign-in keys", "client credential"],
            1
        ),
        "{}",
        ran.stdout
    );
}

#[tokio::test]
async fn sign_in_keys_that_cannot_be_used_are_found() {
    let dependencies = Dependencies::start().await;
    dependencies
        .sign_in
        .set_fault(Fault::keys(serde_json::json!({"kid": null})));
    dependencies.fails_at("sign-in keys", &[]).await;
}

#[tokio::test]
async fn a_managed_identity_that_is_not_there_is_found() {
    let dependencies = Dependencies::start().await;
    let endpoint = format!("http://127.0.0.1:{}/token", dead_port());
    let changes = [
        ("ENTRA_CLIENT_SECRET", ""),
        ("ENTRA_CLIENT_ASSERTION", "managed-identity"),
        ("IDENTITY_ENDPOINT", &endpoint),
        ("IDENTITY_HEADER", "x"),
    ];
    let ran = dependencies.run("check", &changes).await;
    assert_eq!(
        (ran.failing(), ran.code),
        (vec!["managed identity", "client credential"], 1),
        "{}",
        ran.stdout
    );
}

/// The account of the host, as far as it can be asked without its key.
#[tokio::test]
async fn host_storage_is_checked_too() {
    let dependencies = Dependencies::start().await;
    let host = |port| {
        format!(
            "DefaultEndpointsProtocol=http;AccountName=host;AccountKey=Eby8vdM02xN=;BlobEndpoint=http://127.0.0.1:{port}/host"
        )
    };
    let unset = dependencies.run("check", &[]).await;
    assert_eq!(unset.result_of("host storage"), "-");
    let answering = url::Url::parse(dependencies.receiver.url()).unwrap();
    let there = host(answering.port().unwrap());
    let ran = dependencies
        .run("check", &[("AzureWebJobsStorage", &there)])
        .await;
    assert_eq!(
        (ran.code, ran.result_of("host storage")),
        (0, "ok"),
        "{}",
        ran.stdout
    );
    let gone = host(dead_port());
    dependencies
        .fails_at("host storage", &[("AzureWebJobsStorage", &gone)])
        .await;
}

/// With the managed identity, whose endpoint gives a token.
#[tokio::test]
async fn host_storage_is_listed_with_the_identity() {
    let dependencies = Dependencies::start().await;
    let identity = MockServer::start().await;
    let token = json!({
        "access_token": "token-of-the-identity",
        "expires_on": "4102444800",
        "resource": "https://storage.azure.com",
        "token_type": "Bearer",
    });
    let gives = ResponseTemplate::new(200).set_body_json(token);
    Mock::given(any())
        .respond_with(gives)
        .mount(&identity)
        .await;
    let (endpoint, blobs) = (
        format!("{}/msi/token", identity.uri()),
        MockServer::start().await,
    );
    let service = blobs.uri();
    let settings = [
        ("AzureWebJobsStorage__blobServiceUri", service.as_str()),
        ("IDENTITY_ENDPOINT", endpoint.as_str()),
        ("IDENTITY_HEADER", "header"),
    ];
    let lists = Mock::given(query_param("comp", "list"))
        .and(header("authorization", "Bearer token-of-the-identity"))
        .respond_with(ResponseTemplate::new(200))
        .mount_as_scoped(&blobs)
        .await;
    let ran = dependencies.run("check", &settings).await;
    assert_eq!(ran.result_of("host storage"), "ok", "{}", ran.stdout);
    drop(lists);
    Mock::given(any())
        .respond_with(ResponseTemplate::new(403))
        .mount(&blobs)
        .await;
    let forbidden = dependencies.fails_at("host storage", &settings).await;
    for said in ["403", "Storage Blob Data Owner"] {
        assert!(forbidden.stdout.contains(said), "{}", forbidden.stdout);
    }
}

/// The same report from where the identity is; to those with the master key.
#[tokio::test]
async fn function_gives_the_same_report() {
    let stack = start(Store::Embedded).await;
    let url = format!("{}/api/Check", stack.host.url());
    let ask = |key: String| {
        reqwest::Client::new()
            .get(&url)
            .header("x-functions-key", key)
    };
    let keys = local::host::Keys::default();
    assert_eq!(send(ask(keys.host)).await.status, 401);
    let answer = send(ask(keys.master)).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/plain; charset=utf-8")
    );
    let found: Vec<_> = answer.body.lines().map(|line| line.get(7..27)).collect();
    for check in [
        "session keys",
        "storage",
        "host storage",
        "client credential",
        "mail server",
    ] {
        assert!(
            found.contains(&Some(&format!("{check:20}"))),
            "{}",
            answer.body
        );
    }
    assert!(answer.body.contains("ok     storage"), "{}", answer.body);
}

#[tokio::test]
async fn version_names_the_commit() {
    let ran = run(&["--version"], &[]).await;
    let expected = format!("onboarding {} (unknown)\n", env!("CARGO_PKG_VERSION"));
    assert_eq!((ran.code, ran.stdout), (0, expected));
}

#[tokio::test]
async fn unresolved_reference_is_listed_as_that() {
    let dependencies = Dependencies::start().await;
    let reference = "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/x)";
    let ran = dependencies
        .run("settings", &[("WEBHOOK_SECRET", reference)])
        .await;
    let line = ran
        .stdout
        .lines()
        .find(|line| line.starts_with("WEBHOOK_SECRET"));
    assert!(line.unwrap().contains("not resolved"), "{}", ran.stdout);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.starts_with("WEBHOOK_SECRET still reads"),
        "{}",
        ran.stderr
    );
}

#[tokio::test]
async fn invalid_settings_have_their_own_exit_code() {
    let dependencies = Dependencies::start().await;
    for argument in ["check", "settings"] {
        let ran = dependencies
            .run(
                argument,
                &[
                    ("SESSION_KEYS", "short"),
                    ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
                ],
            )
            .await;
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        let named: Vec<_> = ran
            .stderr
            .lines()
            .map(|line| line.split(' ').next().unwrap())
            .collect();
        assert_eq!(named, ["SESSION_KEYS", "OTEL_EXPORTER_OTLP_ENDPOINT"]);
    }
}

#[tokio::test]
async fn settings_are_listed_without_secrets() {
    let dependencies = Dependencies::start().await;
    let connection = azurite::connection_string(1);
    let changes = [
        ("PUBLIC_BASE_URL", ""),
        ("WEBSITE_HOSTNAME", "app.example"),
        ("INVITATION_STORAGE", ""),
        ("AzureWebJobsStorage", connection.as_str()),
    ];
    let ran = dependencies.run("settings", &changes).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let line = |name: &str| {
        let line = ran
            .stdout
            .lines()
            .find(|line| line.split_whitespace().next() == Some(name))
            .unwrap();
        line.split_whitespace()
            .skip(1)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        ran.stdout.lines().count(),
        onboarding::config::SETTINGS.len()
    );
    assert_eq!(
        line("PUBLIC_BASE_URL"),
        "WEBSITE_HOSTNAME https://app.example"
    );
    assert_eq!(
        line("INVITATION_STORAGE"),
        "fallback see AzureWebJobsStorage"
    );
    assert_eq!(
        line("AzureWebJobsStorage"),
        "environment (secret) account devstoreaccount1"
    );
    assert_eq!(line("INVITATION_DAYS"), "default 30");
    assert_eq!(line("PLATFORM_NAME"), "environment My rConnect");
    assert_eq!(line("ENTRA_CLIENT_SECRET"), "environment (secret)");
    assert_eq!(line("SUPPORT_URL"), "not set");
    assert!(line("SMTP_URL").starts_with("environment smtp://(secret)@127.0.0.1:"));
    assert!(line("WEBHOOK_URL").ends_with("/…"));
    assert!(dependencies.dir.path().exists());
}

#[tokio::test]
async fn unknown_argument_prints_the_usage() {
    for arguments in [&["serve"][..], &["check", "now"]] {
        let ran = run(arguments, &[]).await;
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        let reason = format!(
            "handler: cannot run `{}`\nusage: handler",
            arguments.join(" ")
        );
        assert!(ran.stderr.starts_with(&reason), "{}", ran.stderr);
    }
    let ran = run(&["--help"], &[]).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with("usage: handler"), "{}", ran.stdout);
}

/// A table service with one of the faults that the store cannot live with.
#[derive(Debug)]
struct BrokenTable {
    table: EmbeddedTable,
    fault: Defect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Defect {
    InsertsTwice,
    IgnoresVersions,
    WritesInPart,
    EndsAfterAPage,
}

#[async_trait]
impl Table for BrokenTable {
    async fn get(&self, partition: &str, key: &str) -> Result<Option<Row>, TableError> {
        self.table.get(partition, key).await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        let mut page = self.table.query(partition, range, limit, after).await?;
        if self.fault == Defect::EndsAfterAPage {
            page.next = None;
        }
        Ok(page)
    }

    async fn scan(
        &self,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<AnyPage, TableError> {
        self.table.scan(limit, after).await
    }

    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        let mut writes = writes.to_vec();
        match self.fault {
            Defect::WritesInPart => {
                let mut etags = Vec::new();
                for write in writes {
                    etags.extend(self.table.commit(partition, &[write]).await?);
                }
                return Ok(etags);
            }
            Defect::IgnoresVersions => {
                for write in &mut writes {
                    if let Write::Replace { if_match, .. } = write {
                        *if_match = ETag::any();
                    }
                }
            }
            Defect::InsertsTwice => match self.table.commit(partition, &writes).await {
                Err(TableError::Exists) => return Ok(vec![None; writes.len()]),
                other => return other,
            },
            Defect::EndsAfterAPage => {}
        }
        self.table.commit(partition, &writes).await
    }
}

#[tokio::test]
async fn wrong_table_service_is_found() {
    for (fault, expected) in [
        (Defect::InsertsTwice, "inserted twice"),
        (Defect::IgnoresVersions, "its old version"),
        (Defect::WritesInPart, "done in part"),
        (Defect::EndsAfterAPage, "where its page ended"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let table = EmbeddedTable::open(dir.path()).unwrap();
        let wrong = Arc::new(BrokenTable {
            table: table.clone(),
            fault,
        });
        let report = check::run(&inside::config(&[]), Ok(wrong))
            .await
            .to_string();
        let line = report.lines().find(|line| line[7..].starts_with("storage"));
        assert!(line.unwrap().contains(expected), "{fault:?}: {report}");
        let left = table.query("check", &Range::default(), 10, None).await;
        assert_eq!(left.unwrap().rows, [], "{fault:?}");
    }
}
