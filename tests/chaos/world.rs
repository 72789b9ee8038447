//! Two instances over one table, and their dependencies.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use local::{
    mailbox::{Mailbox, MailboxOptions, RecipientRule},
    signin::{SignIn, SignInOptions},
};
use onboarding::clock::Clock;
use rand::{Rng, rngs::StdRng};

use crate::{
    instance::{Instance, free_port},
    receiver::Receiver,
};
use support::{WEBHOOK_SECRET, azurite};

const CLIENT_ID: &str = "5d6ee8c7-4f3a-4a8b-9b52-0c2a3f1f7a11";
const CLIENT_SECRET: &str = "local-client-secret";

/// Invitations of one customer.
const COLLEAGUES: usize = 4;

pub(crate) struct World {
    pub(crate) instances: [Instance; 2],
    pub(crate) sign_in: SignIn,
    pub(crate) mailbox: Mailbox,
    pub(crate) receiver: Receiver,
    /// The connection string of the storage.
    pub(crate) storage: String,
    pub(crate) table: String,
    pub(crate) clock: Clock,
    /// For the time of the next kills alone.
    rng: Mutex<StdRng>,
    visits: AtomicUsize,
    invited: AtomicUsize,
}

impl World {
    pub(crate) async fn start(mut rng: StdRng, most_mishaps_per_event: u32) -> Self {
        let mailbox = Mailbox::start(MailboxOptions::default()).await.unwrap();
        let (receiver, webhook) = Receiver::start(rng.r#gen(), most_mishaps_per_event).await;
        let ports = [free_port(&mut rng), free_port(&mut rng)];
        let public = format!("http://127.0.0.1:{}", ports[0]);
        let sign_in = SignIn::start(SignInOptions {
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            redirect_uris: vec![format!("{public}/api/AcceptCallback")],
            ..SignInOptions::default()
        })
        .await
        .unwrap();
        let (storage, table) = (azurite::azurite().await, azurite::table_name());
        let key: Vec<u8> = (0..64).map(|_| rng.r#gen()).collect();
        let settings: Vec<(String, String)> = [
            ("PUBLIC_BASE_URL", public),
            ("ENTRA_AUTHORITY", sign_in.authority("common")),
            ("ENTRA_CLIENT_ID", CLIENT_ID.to_owned()),
            ("ENTRA_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
            ("SESSION_KEYS", BASE64_STANDARD.encode(key)),
            ("INVITATION_STORAGE", storage.clone()),
            ("INVITATION_TABLE", table.clone()),
            ("SMTP_URL", mailbox.smtp_url().to_owned()),
            (
                "MAIL_FROM",
                "My rConnect <no-reply@rconnect.example>".to_owned(),
            ),
            ("PLATFORM_NAME", "My rConnect".to_owned()),
            ("PLATFORM_URL", "https://platform.example/".to_owned()),
            ("WEBHOOK_URL", webhook),
            ("WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
            ("WEBHOOK_ALLOW_PRIVATE", "true".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
        let instances = [("a", ports[0]), ("b", ports[1])]
            .map(|(name, port)| Instance::start(name, port, settings.clone()));
        let (clock, visits) = (Clock::system(), AtomicUsize::new(0));
        Self {
            instances,
            sign_in,
            mailbox,
            receiver,
            storage,
            table,
            clock,
            rng: Mutex::new(rng),
            visits,
            invited: AtomicUsize::new(0),
        }
    }

    /// The customer number of the next invitation: some in a row share one.
    pub(crate) fn a_customer(&self) -> String {
        format!("C-{}", self.invited.fetch_add(1, Relaxed) / COLLEAGUES)
    }

    /// Where people know the app to be.
    pub(crate) fn public(&self) -> &str {
        &self.instances[0].url
    }

    /// The instance that the next request goes to: they take turns, as behind a load balancer.
    pub(crate) fn an_instance(&self) -> &str {
        let visit = self.visits.fetch_add(1, Relaxed);
        &self.instances[visit % self.instances.len()].url
    }

    /// Kills one of them, somewhere in its life.
    pub(crate) async fn kill_one(&self) {
        let unlucky = self.rng.lock().unwrap().gen_range(0..self.instances.len());
        self.instances[unlucky].kill().await;
    }

    /// The next e-mail to the address may not be taken at once.
    pub(crate) fn maybe_disturb_mail(&self, rng: &mut StdRng, address: &str) {
        if rng.gen_bool(0.15) {
            let rule = if rng.r#gen() {
                RecipientRule::temporary(address)
            } else {
                RecipientRule::hang_up(address)
            };
            self.mailbox.refuse(rule.times(1));
        }
    }

    /// Everything around the app works from now on.
    pub(crate) fn calm(&self) {
        self.mailbox.accept_all();
        self.receiver.calm();
    }
}
