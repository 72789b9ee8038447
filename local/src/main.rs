//! `make run`: the app and its neighbours on this machine, with sample invitations, until ctrl-C.

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
    task::Poll,
};

use local::{
    host::Keys,
    samples,
    stack::{Ports, Stack, StackOptions},
};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    local::exit("make run", run().await)
}

async fn run() -> anyhow::Result<()> {
    // Listened for from the beginning: it may be stopped before it has greeted.
    let mut told_to_stop = std::pin::pin!(told_to_stop()?);
    let dir = env::var_os("LOCAL_DIR").map_or_else(|| PathBuf::from(".local"), PathBuf::from);
    let stack = tokio::select! {
        // What has been started goes with what would have become of it.
        () = &mut told_to_stop => return Ok(()),
        stack = start(&dir) => stack?,
    };
    let ended = tokio::select! {
        () = told_to_stop => Ok(()),
        failed = serve(&stack, &dir) => failed,
    };
    stack.stop().await;
    ended
}

async fn start(dir: &Path) -> anyhow::Result<Stack> {
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
        settings: Vec::new(),
        echo_logs: env::var_os("SHOW_LOGS").is_some(),
    })
    .await
}

/// Returns only where something fails.
async fn serve(stack: &Stack, dir: &Path) -> anyhow::Result<()> {
    tokio::select! {
        prepared = prepare(stack, dir) => prepared?,
        () = stack.host.gave_up() => {}
    }
    stack.host.gave_up().await;
    anyhow::bail!("the handler crashed three times; `SHOW_LOGS=1 make run` shows why")
}

/// Up to the greeting.
async fn prepare(stack: &Stack, dir: &Path) -> anyhow::Result<()> {
    if samples::are_due(dir) {
        say(&format!(
            "  All is up. The sample invitations are on their way to the mailbox, {}/, and one of them has to expire…",
            stack.mailbox.url()
        ));
    }
    samples::send(stack, dir).await?;
    greet(stack);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
fn say(line: &str) {
    println!("{line}");
}

/// Ctrl-C, a terminal that is closed, or a kill: all stop the neighbours too.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut signals = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ]
    .map(signal);
    if let Some(error) = signals.iter().find_map(|signal| signal.as_ref().err()) {
        anyhow::bail!("cannot listen for signals: {error}");
    }
    Ok(std::future::poll_fn(move |context| {
        let told = signals
            .iter_mut()
            .flatten()
            .any(|signal| signal.poll_recv(context).is_ready());
        if told { Poll::Ready(()) } else { Poll::Pending }
    }))
}

/// The ports people know: 7071 is that of `func start`. `PORT_APP=0` and the like choose others.
fn ports() -> anyhow::Result<Ports> {
    let port = |name: &str, usual: u16| match env::var(name) {
        Ok(text) => text
            .parse()
            .map_err(|_| anyhow::anyhow!("{name} is not a port number")),
        Err(_) => Ok(usual),
    };
    Ok(Ports {
        app: port("PORT_APP", 7071)?,
        sign_in: port("PORT_SIGN_IN", 7072)?,
        mailbox: port("PORT_MAILBOX", 7073)?,
        smtp: port("PORT_SMTP", 7074)?,
    })
}

#[expect(clippy::print_stdout, reason = "this is what the command is for")]
fn greet(stack: &Stack) {
    let (app, mailbox, sign_in) = (stack.url(), stack.mailbox.url(), stack.sign_in.url());
    let key = Keys::default().host;
    println!(
        r#"
  Open the mailbox:  {mailbox}/

  Five invitations wait there. Press "Get started now" in one of them:
    Anna Meier     has a Microsoft account        (case 1)
    Ben Carter     has none yet and creates one   (case 2; the code comes to the same mailbox)
    陳怡君          in Traditional Chinese
    Carla Rossi    came too late: the invitation has expired
    Dieter Huber   has been through it all: the way in

  The app is at {app}, the stand-in for Microsoft's sign-in at {sign_in}.
  Create another invitation as an integrator does:

    curl -s {app}/api/Invitations -H 'x-functions-key: {key}' -H 'content-type: application/json' -d '{{
      "recipient": {{"email": "you@example.com", "firstName": "Yu", "lastName": "Example", "locale": "en"}},
      "inviter": {{"name": "Thomas Keller", "organization": "GFMS", "email": "thomas.keller@gfms.example"}},
      "company": {{"name": "Example Ltd", "street": "1 High Street", "postalCode": "SW1A 1AA", "city": "London", "country": "GB"}}
    }}'

  Everything is kept in .local; ctrl-C stops it."#
    );
}
