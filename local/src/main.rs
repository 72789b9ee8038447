//! `make run`: the app and its stand-ins on this machine, with sample invitations, until ctrl-C.

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use local::{
    host::Keys,
    samples,
    stack::{Ports, Stack, StackOptions},
    staff,
    webhook::{WebhookOptions, WebhookReceiver},
};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    local::exit("make run", run().await)
}

/// Known to the app and to the page that receives its webhooks.
const WEBHOOK_SECRET: &str = "whsec_bG9jYWwtd2ViaG9vay1zZWNyZXQtZm9yLW1ha2UtcnVu";

/// Where the app sends its events.
struct Webhook {
    /// The page; `None`: a receiver of the caller's.
    page: Option<WebhookReceiver>,
    settings: Vec<(String, String)>,
}

impl Webhook {
    /// `WEBHOOK_URL` and `WEBHOOK_SECRET` of the environment, or the page.
    async fn start(dir: &Path) -> anyhow::Result<Self> {
        let own = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let (page, url, secret) = match (own("WEBHOOK_URL"), own("WEBHOOK_SECRET")) {
            (Some(url), Some(secret)) => (None, url, secret),
            (Some(_), None) => return Err(incomplete("WEBHOOK_URL", "WEBHOOK_SECRET")),
            (None, Some(_)) => return Err(incomplete("WEBHOOK_SECRET", "WEBHOOK_URL")),
            (None, None) => {
                let page = WebhookReceiver::start(WebhookOptions {
                    port: port("PORT_WEBHOOK", 7075)?,
                    secret: WEBHOOK_SECRET.to_owned(),
                    dir: Some(dir.join("webhooks")),
                })
                .await?;
                let url = page.hook();
                (Some(page), url, WEBHOOK_SECRET.to_owned())
            }
        };
        let settings = [
            ("WEBHOOK_URL", url.as_str()),
            ("WEBHOOK_SECRET", &secret),
            ("WEBHOOK_ALLOW_PRIVATE", "true"),
        ];
        Ok(Self {
            page,
            settings: settings
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        })
    }
}

fn incomplete(given: &str, missing: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{given} is set, and {missing} is not: set both to send the events to your own receiver, \
         or neither to see them on a page"
    )
}

async fn run() -> anyhow::Result<()> {
    // From the beginning: it may be stopped before the start is complete.
    let mut stop = std::pin::pin!(stop_signal()?);
    let dir = env::var_os("LOCAL_DIR").map_or_else(|| PathBuf::from(".local"), PathBuf::from);
    let webhook = Webhook::start(&dir).await?;
    let stack = tokio::select! {
        () = &mut stop => return Ok(()),
        stack = start(&dir, webhook.settings.clone()) => stack?,
    };
    let ended = tokio::select! {
        () = stop => Ok(()),
        failed = serve(&stack, &webhook, &dir) => failed,
    };
    stack.stop().await;
    if let Some(page) = &webhook.page {
        page.stop().await;
    }
    ended
}

async fn start(dir: &Path, settings: Vec<(String, String)>) -> anyhow::Result<Stack> {
    let handler = env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("target/debug/handler"), PathBuf::from);
    Stack::start(StackOptions {
        app_root: env::current_dir()?,
        handler: handler
            .canonicalize()
            .map_err(|error| anyhow::anyhow!("no handler at {}: {error}", handler.display()))?,
        storage: format!(
            "embedded:{}",
            std::path::absolute(dir.join("table"))?.display()
        ),
        dir: Some(dir.to_owned()),
        ports: ports()?,
        accounts: samples::accounts(),
        settings,
        timers: true,
        echo_logs: env::var_os("SHOW_LOGS").is_some(),
    })
    .await
}

/// Returns only where something fails.
async fn serve(stack: &Stack, webhook: &Webhook, dir: &Path) -> anyhow::Result<()> {
    tokio::select! {
        prepared = prepare(stack, webhook, dir) => prepared?,
        () = stack.host.gave_up() => {}
    }
    stack.host.gave_up().await;
    anyhow::bail!("the handler crashed three times; `SHOW_LOGS=1 make run` shows why")
}

/// Up to the greeting.
async fn prepare(stack: &Stack, webhook: &Webhook, dir: &Path) -> anyhow::Result<()> {
    let begins = samples::are_due(dir);
    if begins {
        say(&format!(
            "  All is up. The sample invitations are being sent to the mailbox, {}/, and one of them has to expire…",
            stack.mailbox.url()
        ));
    }
    samples::send(stack, dir).await?;
    greet(stack, webhook, dir, begins);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
fn say(line: &str) {
    println!("{line}");
}

/// Ctrl-C, a closed terminal, or a kill: each also stops the stand-ins.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

fn port(name: &str, usual: u16) -> anyhow::Result<u16> {
    match env::var(name) {
        Ok(text) => text
            .parse()
            .with_context(|| format!("{name} is not a port number")),
        Err(_) => Ok(usual),
    }
}

/// 7071 is the port of `func start`. `PORT_APP=0` and the like choose others.
fn ports() -> anyhow::Result<Ports> {
    Ok(Ports {
        app: port("PORT_APP", 7071)?,
        sign_in: port("PORT_SIGN_IN", 7072)?,
        mailbox: port("PORT_MAILBOX", 7073)?,
        smtp: port("PORT_SMTP", 7074)?,
    })
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
fn greet(stack: &Stack, webhook: &Webhook, dir: &Path, begins: bool) {
    let (app, mailbox, sign_in) = (stack.url(), stack.mailbox.url(), stack.sign_in.url());
    let key = Keys::default().host;
    let events = match &webhook.page {
        Some(page) => format!("Every event is shown at {}/.", page.url()),
        None => "Every event is sent to your WEBHOOK_URL.".to_owned(),
    };
    let dir = dir.display();
    let waits = if begins {
        "Eight invitations wait there. Press \"Get started now\" in one of them:".to_owned()
    } else {
        format!("All is as you left it; without {dir} it begins anew. The samples were:")
    };
    let (manager, reader, without_role) = (staff::MANAGER, staff::READER, staff::WITHOUT_ROLE);
    println!(
        r#"
  Open the mailbox:  {mailbox}/

  {waits}
    Anna Meier     has a Microsoft account        (case 1)
    Ben Carter     has none yet and creates one   (case 2; the code comes to the same mailbox)
    陳怡君          in Traditional Chinese
    Carla Rossi    her invitation has expired
    Dieter Huber   has completed everything
    Emma Weber     and Felix Brandt are colleagues: the first creates the company, the other joins it
    Greta Keller   is stopped by her organisation until its administrator approves the app: open the link
                   in the text for the IT department

  Open the desk, where the seller's staff invite:  {app}/api/desk
    {manager}    invites and changes invitations
    {reader}        sees them
    {without_role}    has no role

  The app is at {app}, the stand-in for Microsoft's sign-in at {sign_in}.
  {events}
  Create another invitation as an integrator does:

    curl -s {app}/api/Invitations -H 'x-functions-key: {key}' -H 'content-type: application/json' -d '{{
      "recipient": {{"email": "you@example.com", "firstName": "Yu", "lastName": "Example", "locale": "en"}},
      "inviter": {{"name": "Thomas Keller", "organization": "GFMS", "email": "thomas.keller@gfms.example"}},
      "company": {{"name": "Example Ltd", "street": "1 High Street", "postalCode": "SW1A 1AA", "city": "London", "country": "GB"}}
    }}'

  Everything is kept in {dir}; ctrl-C stops it."#
    );
}
