//! Who is measured: the handler over either store, a bare axum, and the team's way.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use local::samples::{KNOWN, invitation};
use onboarding::domain::invitation::Link;
use serde_json::Value;
use tempfile::TempDir;

use super::{
    client::{Connection, get, post},
    server::Server,
};

/// The programs to measure, and the table that two of them read.
pub(crate) struct Programs {
    /// A storage connection string of Azurite.
    pub(crate) azurite: String,
    /// The table that the handler and the team's way read.
    pub(crate) table: String,
    handler: PathBuf,
    bare: PathBuf,
}

impl Programs {
    /// The programs lie where cargo has put them beside this one; `tests/with-azurite` says where
    /// Azurite is.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let own = env::current_exe()?;
        let examples = own.parent().context("a folder")?;
        let programs = Self {
            azurite: env::var("TEST_AZURITE")
                .context("run it by `make bench`, which starts Azurite")?,
            table: format!("B{}", uuid::Uuid::new_v4().simple()),
            handler: examples.with_file_name("handler"),
            bare: examples.join("bare"),
        };
        for program in [&programs.handler, &programs.bare] {
            anyhow::ensure!(
                program.exists(),
                "{} is not built: run `make bench`",
                program.display()
            );
        }
        Ok(programs)
    }

    /// The release binary.
    pub(crate) fn handler_path(&self) -> &Path {
        &self.handler
    }

    /// Over Azurite, with everything configured that a deployment has.
    pub(crate) fn handler(&self) -> Command {
        self.with_settings(Command::new(&self.handler), &self.azurite)
    }

    /// Over the embedded store in `dir`.
    pub(crate) fn embedded(&self, dir: &TempDir) -> Command {
        self.embedded_by(Command::new(&self.handler), dir)
    }

    /// The same, by a command that runs the handler.
    pub(crate) fn embedded_by(&self, command: Command, dir: &TempDir) -> Command {
        let storage = format!("embedded:{}", dir.path().join("table").display());
        self.with_settings(command, &storage)
    }

    /// axum and nothing else, with a page of `size` bytes.
    pub(crate) fn bare(&self, size: usize) -> Command {
        let mut command = Command::new(&self.bare);
        command.env_clear().env("BARE_SIZE", size.to_string());
        command
    }

    /// axum and the point read: see `bare_read`.
    pub(crate) fn bare_read(&self, id: &str, size: usize) -> anyhow::Result<Command> {
        let mut command = Command::new(env::current_exe()?);
        command.args([
            "bare-read",
            &self.azurite,
            &self.table,
            id,
            &size.to_string(),
        ]);
        Ok(command)
    }

    /// Node, Express, @azure/data-tables, openid-client.
    pub(crate) fn team(&self) -> Command {
        let mut command = self.with_settings(Command::new("node"), &self.azurite);
        command
            .arg(baseline().join("server.mjs"))
            .env("NODE_ENV", "production");
        command
    }

    fn with_settings(&self, mut command: Command, storage: &str) -> Command {
        let path = env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).envs([
            ("PUBLIC_BASE_URL", "https://invite.example.com"),
            ("ENTRA_AUTHORITY", "http://127.0.0.1:9/common/v2.0"),
            ("ENTRA_CLIENT_ID", "app"),
            ("ENTRA_CLIENT_SECRET", "secret"),
            ("PLATFORM_NAME", "My rConnect"),
            ("SUPPORT_URL", "https://support.example.com/"),
            ("SMTP_URL", "smtp://127.0.0.1:9"),
            ("MAIL_FROM", "My rConnect <no-reply@rconnect.example>"),
            ("WEBHOOK_URL", "https://hooks.example.com/"),
            (
                "WEBHOOK_SECRET",
                "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            ),
            ("INVITATION_STORAGE", storage),
            ("INVITATION_TABLE", &self.table),
            ("SESSION_KEYS", &STANDARD.encode([7; 64])),
        ]);
        command
    }
}

/// The folder of the team's way.
pub(crate) fn baseline() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bench/baseline")
}

/// In memory where the machine has such a folder: a disk says nothing about the program.
pub(crate) fn quick_dir() -> anyhow::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }?)
}

/// An invitation without e-mail, as an integrator posts it.
pub(crate) fn quiet_invitation() -> Value {
    let mut posted = invitation(KNOWN, "Anna", "Meier");
    posted["sendEmail"] = false.into();
    // Each creates a company of its own.
    let customer = uuid::Uuid::new_v4().simple().to_string();
    posted["company"]["customerNumber"] = customer.into();
    posted
}

/// Invites at the handler; answers with the link.
pub(crate) fn invite(server: &Server) -> anyhow::Result<Link> {
    let answer = Connection::open(server.port)?
        .send(&post("/api/Invitations", &quiet_invitation().to_string()))?;
    if answer.status != 201 {
        bail!("not invited: {}", answer.status);
    }
    let created: Value = serde_json::from_slice(&answer.body)?;
    let link = created["link"]
        .as_str()
        .and_then(|link| link.rsplit('=').next())
        .context("a link")?;
    Ok(link.parse()?)
}

/// The request of a person who opens the link.
pub(crate) fn open(link: &Link) -> Vec<u8> {
    get(&format!("/api/InviteUser?invitationId={}", link.reveal()))
}
