//! The app with its stand-ins on one machine: host with handler, sign-in service, mailbox.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use rand::RngCore;
use serde_json::{Value, json};

use crate::{
    browser::ScriptedBrowser,
    host::{Host, HostOptions, Keys},
    loopback,
    mailbox::{Mailbox, MailboxOptions},
    signin::{Account, SignIn, SignInOptions},
    staff,
};

/// The app's id at the sign-in service.
pub const CLIENT_ID: &str = "5d6ee8c7-4f3a-4a8b-9b52-0c2a3f1f7a11";
const CLIENT_SECRET: &str = "local-client-secret";

/// Where everything listens; 0: any free port.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ports {
    /// The app, as people open it.
    pub app: u16,
    /// The sign-in service.
    pub sign_in: u16,
    /// The mailbox page.
    pub mailbox: u16,
    /// The mail server.
    pub smtp: u16,
}

/// What to start.
#[derive(Clone, Debug)]
pub struct StackOptions {
    /// The folder with `host.json`.
    pub app_root: PathBuf,
    /// The handler.
    pub handler: PathBuf,
    /// `INVITATION_STORAGE`.
    pub storage: String,
    /// Keeps accounts, mails and keys over a restart.
    pub dir: Option<PathBuf>,
    /// Where to listen.
    pub ports: Ports,
    /// Who can sign in from the start.
    pub accounts: Vec<Account>,
    /// Settings beside or instead of the usual ones; an empty value takes one away.
    pub settings: Vec<(String, String)>,
    /// Whether the timers run by their schedules; [`Host::trigger`] works either way.
    pub timers: bool,
    /// Whether the handler's lines are shown.
    pub echo_logs: bool,
}

/// The running app and its stand-ins.
#[derive(Debug)]
pub struct Stack {
    /// The Functions host with the handler.
    pub host: Host,
    /// The sign-in service.
    pub sign_in: SignIn,
    /// The recipients' mailbox.
    pub mailbox: Mailbox,
    options: StackOptions,
    settings: Vec<(String, String)>,
}

impl Stack {
    /// Starts all of it and returns once the app answers.
    ///
    /// # Errors
    /// A port that is taken, settings that the handler refuses.
    pub async fn start(mut options: StackOptions) -> anyhow::Result<Self> {
        let mailbox = Mailbox::start(MailboxOptions {
            smtp_port: options.ports.smtp,
            web_port: options.ports.mailbox,
            dir: options.dir.as_ref().map(|dir| dir.join("mails")),
        })
        .await?;
        // The sign-in service needs the app's address, and the app that of the sign-in service. So
        // the app's port is bound first.
        let app = loopback::listen(options.ports.app, "the app").await?;
        options.ports.app = app.local_addr()?.port();
        let public = format!("http://127.0.0.1:{}", options.ports.app);
        let assertion = |(name, _): &(String, String)| name == "ENTRA_CLIENT_ASSERTION";
        let sign_in = SignIn::start(SignInOptions {
            port: options.ports.sign_in,
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            redirect_uris: ["AcceptCallback", "AppConsent", "desk/signed-in"]
                .map(|function| format!("{public}/api/{function}"))
                .into(),
            accounts: options.accounts.clone(),
            smtp_url: Some(mailbox.smtp_url().to_owned()),
            dir: options.dir.as_ref().map(|dir| dir.join("sign-in")),
            accept_assertions: options.settings.iter().any(assertion),
        })
        .await?;
        let settings = settings(&options, &public, &sign_in, &mailbox)?;
        let host = host_options(&options, &settings, options.ports.app);
        let host = Host::start_on(app, host).await?;
        Ok(Self {
            host,
            sign_in,
            mailbox,
            options,
            settings,
        })
    }

    /// Another instance of the app beside the first, over the same storage, with further settings.
    ///
    /// # Errors
    /// As [`Stack::start`].
    pub async fn another_instance(&self, settings: &[(&str, &str)]) -> anyhow::Result<Host> {
        let mut all = self.settings.clone();
        for (name, value) in settings {
            set(&mut all, name, value);
        }
        Host::start(host_options(&self.options, &all, 0)).await
    }

    /// Where people open the app.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.options.ports.app)
    }

    /// The value of a setting of the handler.
    pub fn setting(&self, name: &str) -> Option<&str> {
        let setting = self.settings.iter().find(|(own, _)| own == name);
        setting.map(|(_, value)| value.as_str())
    }

    /// A recipient with a fresh browser.
    ///
    /// # Errors
    /// Where no client can be made.
    pub fn person(&self) -> anyhow::Result<ScriptedBrowser> {
        ScriptedBrowser::new(self.host.url(), &self.url())
    }

    /// Creates an invitation as an integrator does; answers with the JSON of the creation.
    ///
    /// # Errors
    /// Any answer but 201.
    pub async fn invite(&self, invitation: &Value) -> anyhow::Result<Value> {
        self.create(invitation, &[]).await
    }

    /// As [`Stack::invite`], with an `Idempotency-Key`.
    ///
    /// # Errors
    /// As [`Stack::invite`].
    pub async fn invite_once(&self, key: &str, invitation: &Value) -> anyhow::Result<Value> {
        self.create(invitation, &[("idempotency-key", key)]).await
    }

    async fn create(&self, invitation: &Value, headers: &[(&str, &str)]) -> anyhow::Result<Value> {
        let mut request = reqwest::Client::new()
            .post(format!("{}/api/Invitations", self.host.url()))
            .header("x-functions-key", Keys::default().host)
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(invitation.to_string()).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        if status != reqwest::StatusCode::CREATED {
            bail!("the invitation was not created: {status} {text}");
        }
        serde_json::from_str(&text).context("the creation's answer")
    }

    /// Ends everything; the handler is killed as the platform does it.
    pub async fn stop(self) {
        self.host.stop().await;
        self.sign_in.stop().await;
        self.mailbox.stop().await;
    }
}

fn host_options(options: &StackOptions, settings: &[(String, String)], port: u16) -> HostOptions {
    HostOptions {
        app_root: options.app_root.clone(),
        handler: Some(options.handler.clone()),
        env: settings.to_vec(),
        port,

        keys: Keys::default(),
        echo_logs: options.echo_logs,
        timers: options.timers,
        ..HostOptions::default()
    }
}

fn settings(
    options: &StackOptions,
    public: &str,
    sign_in: &SignIn,
    mailbox: &Mailbox,
) -> anyhow::Result<Vec<(String, String)>> {
    let session_key = session_key(options.dir.as_deref())?;
    let welcome_links = welcome_links(mailbox.url());
    let legal_links = legal_links(mailbox.url());
    let purpose = localized(PURPOSE).to_string();
    let platform = format!("{}/", mailbox.url());
    let settings = [
        ("PUBLIC_BASE_URL", public),
        ("ENTRA_AUTHORITY", &sign_in.authority("common")),
        ("ENTRA_CLIENT_ID", CLIENT_ID),
        ("ENTRA_CLIENT_SECRET", CLIENT_SECRET),
        ("ENTRA_SIGN_UP_PROMPT", "create"),
        ("DESK_TENANT", &staff::SELLER.to_string()),
        ("SESSION_KEYS", &session_key),
        ("INVITATION_STORAGE", &options.storage),
        ("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
        ("DELIVER_SCHEDULE", "0 * * * * *"),
        ("PURGE_SCHEDULE", "0 17 * * * *"),
        ("SMTP_URL", mailbox.smtp_url()),
        ("MAIL_FROM", "My rConnect <no-reply@rconnect.example>"),
        ("PLATFORM_NAME", "My rConnect"),
        ("PLATFORM_URL", &platform),
        ("SUPPORT_URL", &platform),
        ("DOCS_URL", &platform),
        ("LEGAL_LINKS", &legal_links),
        ("PLATFORM_PURPOSE", &purpose),
        ("WELCOME_LINKS", &welcome_links),
    ];
    let mut settings = settings
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    for (name, value) in &options.settings {
        set(&mut settings, name, value);
    }
    Ok(settings)
}

fn set(settings: &mut Vec<(String, String)>, name: &str, value: &str) {
    settings.retain(|(own, _)| own != name);
    if !value.is_empty() {
        settings.push((name.to_owned(), value.to_owned()));
    }
}

/// The languages of the samples, as the members of a setting have them.
const LANGUAGES: [&str; 8] = ["en", "de", "fr", "it", "es", "ja", "zh-Hans", "zh-Hant"];

const PURPOSE: [&str; 8] = [
    "Manuals, service requests and production figures for your machines.",
    "Handbücher, Serviceanfragen und Produktionsdaten zu Ihren Maschinen.",
    "Manuels, demandes d’intervention et données de production de vos machines.",
    "Manuali, richieste di assistenza e dati di produzione delle Sue macchine.",
    "Manuales, solicitudes de servicio y datos de producción de sus máquinas.",
    "お使いの工作機械のマニュアル、修理のご依頼、稼働データをご覧いただけます。",
    "您的机床手册、维修申请和生产数据，都在这里。",
    "您的機台手冊、維修申請與生產數據，都在這裡。",
];

const PRIVACY: [&str; 8] = [
    "Privacy",
    "Datenschutz",
    "Confidentialité",
    "Privacy",
    "Privacidad",
    "プライバシー",
    "隐私政策",
    "隱私權",
];

const IMPRINT: [&str; 8] = [
    "Imprint",
    "Impressum",
    "Mentions légales",
    "Note legali",
    "Aviso legal",
    "運営者情報",
    "网站信息",
    "網站資訊",
];

/// The titles of the links on the welcome page, with their icons.
const TILES: [([&str; 8], &str); 4] = [
    (
        [
            "Connect a machine",
            "Maschine anbinden",
            "Connecter une machine",
            "Collegare una macchina",
            "Conectar una máquina",
            "機械を接続する",
            "连接机床",
            "連接機台",
        ],
        "machine",
    ),
    (
        [
            "Invite your colleagues",
            "Kolleginnen und Kollegen einladen",
            "Inviter vos collègues",
            "Invitare i colleghi",
            "Invitar a sus compañeros",
            "同僚を招待する",
            "邀请同事",
            "邀請同事",
        ],
        "users",
    ),
    (
        [
            "Read the manuals",
            "Handbücher lesen",
            "Lire les manuels",
            "Leggere i manuali",
            "Leer los manuales",
            "マニュアルを読む",
            "阅读手册",
            "閱讀手冊",
        ],
        "book",
    ),
    (
        [
            "Talk to a service engineer",
            "Mit dem Service sprechen",
            "Parler à un technicien",
            "Parlare con un tecnico",
            "Hablar con un técnico",
            "サービス担当に相談する",
            "联系服务工程师",
            "聯絡服務工程師",
        ],
        "support",
    ),
];

/// A text in every language, as a setting has it.
fn localized(texts: [&str; 8]) -> Value {
    let members = LANGUAGES.into_iter().zip(texts);
    members
        .map(|(lang, text)| (lang.to_owned(), Value::from(text)))
        .collect()
}

fn legal_links(url: &str) -> String {
    json!([
        {"title": localized(PRIVACY), "url": url},
        {"title": localized(IMPRINT), "url": url},
    ])
    .to_string()
}

/// The platform itself is not here; its links lead back to the mailbox.
fn welcome_links(url: &str) -> String {
    let link = |(titles, icon)| json!({"title": localized(titles), "url": format!("{url}/"), "icon": icon});
    Value::from_iter(TILES.map(link)).to_string()
}

/// Random, and kept over a restart, so that links in the table stay readable.
fn session_key(dir: Option<&Path>) -> anyhow::Result<String> {
    let mut key = [0; 64];
    rand::rngs::OsRng.fill_bytes(&mut key);
    let fresh = STANDARD.encode(key);
    let Some(dir) = dir else { return Ok(fresh) };
    let file = dir.join("session-key");
    if let Ok(kept) = std::fs::read_to_string(&file) {
        return Ok(kept);
    }
    std::fs::create_dir_all(dir)?;
    std::fs::write(&file, &fresh)?;
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_in_the_language_of_the_reader() {
        for (titles, icon) in TILES {
            let members = localized(titles);
            assert_eq!(members.as_object().unwrap().len(), LANGUAGES.len());
            let english = members["en"].as_str();
            for lang in LANGUAGES.into_iter().skip(1) {
                assert_ne!(members[lang].as_str(), english, "{icon} {lang}");
            }
        }
    }
}
