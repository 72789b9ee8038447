//! What the tests of the sign-in have in common: an instance of the app, an attempt to sign in, and
//! how it may end.

use std::path::Path;

use local::{
    browser::{Page, ScriptedBrowser},
    host::{Host, Keys, Level},
    signin::SignIn,
    stack::Stack,
};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use support::{KNOWN, Running, Store, invitation, people::Acts, start_with};

/// The organisation that the account of [`KNOWN`] belongs to.
pub(crate) fn organisation(service: &SignIn) -> uuid::Uuid {
    service
        .accounts()
        .into_iter()
        .find(|account| account.email == KNOWN)
        .unwrap()
        .tid
}

/// The app as people and integrators reach it.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Where this instance listens.
    pub(crate) base: String,
    /// What its links begin with.
    pub(crate) public: String,
}

/// A site with dependencies of its own.
pub(crate) struct Scene {
    pub(crate) stack: Running,
    pub(crate) site: Site,
}

/// Another instance of the app beside a stack, over a store of its own.
pub(crate) struct Instance {
    pub(crate) host: Host,
    pub(crate) site: Site,
}

/// An attempt to accept an invitation, up to the answer of the callback.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) person: ScriptedBrowser,
    pub(crate) link: String,
    pub(crate) page: Page,
}

/// The desk fetches metadata and keys of its own; without it, those of the recipients' sign-in are
/// the only ones that are counted.
const NO_DESK: (&str, &str) = ("DESK_TENANT", "");

impl Scene {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let stack = start_with(Store::Embedded, &[&[NO_DESK], settings].concat()).await;
        let site = Site {
            base: stack.host.url().to_owned(),
            public: stack.url(),
        };
        Self { stack, site }
    }

    pub(crate) fn sign_in(&self) -> &SignIn {
        &self.stack.sign_in
    }

    /// A fresh invitation, and the person with the account of that mailbox on the way to accept it.
    pub(crate) async fn attempt(&self) -> Attempt {
        self.attempt_as(KNOWN, KNOWN).await
    }

    /// As [`Scene::attempt`], with the mailbox that is invited and the account that signs in.
    pub(crate) async fn attempt_as(&self, mailbox: &str, account: &str) -> Attempt {
        self.site.attempt(self.sign_in(), mailbox, account).await
    }

    /// Up to the address that the sign-in service sends the browser back to.
    pub(crate) async fn on_the_way_back(&self) -> (ScriptedBrowser, String, String) {
        let (mut person, link) = (self.site.person(), self.site.invite(KNOWN).await);
        let authorize = person.get_started(&link).await.unwrap();
        let back = person.signs_in_at(self.sign_in(), &authorize, KNOWN).await;
        (person, link, back)
    }

    /// An attempt that the sign-in service sends straight back, as a fault of its authorization
    /// endpoint makes it do.
    pub(crate) async fn straight_back(&self) -> Attempt {
        let (mut person, link, back) = self.on_the_way_back().await;
        let page = person.opens(&back).await;
        Attempt { person, link, page }
    }

    pub(crate) fn token_requests(&self) -> usize {
        self.sign_in().counts().token
    }

    /// Everything that the handler and the host have logged.
    pub(crate) fn log(&self) -> String {
        log_of(&self.stack.host)
    }

    /// A line of the log that is marked as an error.
    pub(crate) fn has_logged_an_error(&self) -> bool {
        self.stack
            .host
            .log()
            .iter()
            .any(|line| line.level == Level::Error || line.text.contains(r#""level":"ERROR""#))
    }
}

pub(crate) fn log_of(host: &Host) -> String {
    host.log()
        .iter()
        .map(|line| line.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

impl Instance {
    /// Over the store in `dir`, which no other instance may have open.
    pub(crate) async fn start(stack: &Stack, dir: &Path, settings: &[(&str, &str)]) -> Self {
        let storage = format!("embedded:{}", dir.display());
        let mut all = vec![NO_DESK, ("INVITATION_STORAGE", storage.as_str())];
        all.extend(settings);
        let host = stack.another_instance(&all).await.unwrap();
        let public = settings
            .iter()
            .find(|(name, _)| *name == "PUBLIC_BASE_URL")
            .map_or_else(|| stack.url(), |(_, url)| (*url).to_owned());
        let site = Site {
            base: host.url().to_owned(),
            public,
        };
        Self { host, site }
    }
}

impl Site {
    /// A recipient with a fresh browser.
    pub(crate) fn person(&self) -> ScriptedBrowser {
        ScriptedBrowser::new(&self.base, &self.public).unwrap()
    }

    /// Invites a mailbox without sending mail; answers with the link.
    pub(crate) async fn invite(&self, mailbox: &str) -> String {
        self.invite_with(mailbox, &json!({})).await
    }

    /// As [`Site::invite`], with further members.
    pub(crate) async fn invite_with(&self, mailbox: &str, members: &Value) -> String {
        let mut invitation = invitation(mailbox, "Anna", "Meier");
        invitation["sendEmail"] = false.into();
        // Each customer has a company of its own, unless the members say otherwise.
        let number = format!("C-{}", Uuid::new_v4().simple());
        invitation["company"]["customerNumber"] = number.into();
        for (name, value) in members.as_object().unwrap() {
            invitation[name] = value.clone();
        }
        let answer = reqwest::Client::new()
            .post(format!("{}/api/Invitations", self.base))
            .header("x-functions-key", Keys::default().host)
            .header("content-type", "application/json")
            .body(invitation.to_string())
            .send()
            .await
            .unwrap();
        let (status, body) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 201, "{body}");
        serde_json::from_str::<Value>(&body).unwrap()["link"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// What the link answers programs.
    pub(crate) async fn status(&self, link: &str) -> String {
        let mut program = self.person();
        program
            .headers
            .push(("accept", "application/json".to_owned()));
        let answer = program.opens(link).await;
        serde_json::from_str::<Value>(&answer.body).unwrap()["status"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn attempt(&self, service: &SignIn, mailbox: &str, account: &str) -> Attempt {
        let (mut person, link) = (self.person(), self.invite(mailbox).await);
        let page = person.signs_in(&link, service, account).await;
        Attempt { person, link, page }
    }
}

impl Attempt {
    /// The page says so with `status` and offers a way on; no one is signed in and the invitation
    /// is still pending.
    pub(crate) async fn assert_refused(&self, site: &Site, case: &str, status: u16) {
        let Self { person, link, page } = self;
        assert_eq!(page.status, status, "{case}: «{}»", page.title());
        assert_has_a_way_on(case, page);
        assert_gets_no_further(case, person).await;
        assert_eq!(site.status(link).await, "pending", "{case}");
    }

    /// The account has to confirm the mailbox first; its page is the attempt's from now on.
    pub(crate) async fn assert_must_confirm(&mut self, site: &Site, case: &str) {
        assert_eq!(self.page.status, 303, "{case}: «{}»", self.page.title());
        let location = self.page.location().unwrap();
        let expected = session_url(site, &self.link, "ConfirmMailbox");
        assert_eq!(location, expected, "{case}");
        self.page = self.person.open(&location).await.unwrap();
        self.assert_refused(site, case, 200).await;
    }

    /// The account is bound to the invitation, and the browser is sent to the company form.
    pub(crate) async fn assert_let_in(&self, site: &Site, case: &str) {
        let Self { link, page, .. } = self;
        assert_eq!(page.status, 303, "{case}: «{}»", page.title());
        assert_eq!(
            page.location().unwrap(),
            session_url(site, link, "CreateCompany"),
            "{case}"
        );
        assert_eq!(site.status(link).await, "accepted", "{case}");
    }
}

impl Attempt {
    /// The company was created for this invitation.
    pub(crate) async fn assert_completed(&self, site: &Site, case: &str) {
        assert_eq!(site.status(&self.link).await, "completed", "{case}");
    }
}

/// Something to press that leads on: a form's button, or a link.
pub(crate) fn assert_has_a_way_on(case: &str, page: &Page) {
    assert!(
        page.has("main .actions button, main .actions a[href]"),
        "{case}: a dead end, «{}»",
        page.title()
    );
}

/// A button that begins the sign-in again.
pub(crate) fn assert_has_a_restart_button(case: &str, page: &Page) {
    let form = page.form("main .actions button");
    assert!(
        form.is_ok_and(|form| form.action.ends_with("/api/InviteUser")),
        "{case}: no restart button, «{}»",
        page.title()
    );
}

pub(crate) fn assert_has_no_session(case: &str, person: &ScriptedBrowser) {
    assert!(
        !person.cookies.keys().any(|name| name.contains("session")),
        "{case}: a session was opened"
    );
}

/// A person who has signed in without proof may have a session to prove the mailbox in; it opens nothing
/// else.
pub(crate) async fn assert_gets_no_further(case: &str, person: &ScriptedBrowser) {
    for path in ["/api/CreateCompany", "/api/Welcome"] {
        let page = person.clone().opens(path).await;
        let leads_back = page.location().is_ok_and(|there| {
            ["/api/ConfirmMailbox?", "/api/CreateCompany?"]
                .iter()
                .any(|step| there.contains(step))
        });
        assert!(page.status == 401 || leads_back, "{case}: {path} is open");
    }
}

/// The address of a page of the session for the invitation of this link.
pub(crate) fn session_url(site: &Site, link: &str, function: &str) -> String {
    let id = support::table::link_of(link).id();
    format!("{}/api/{function}?invitation={id}", site.public)
}

/// The only session of a browser.
pub(crate) fn session(person: &ScriptedBrowser) -> (String, String) {
    let mut sessions = person.cookies.iter();
    let found = sessions.find(|(name, _)| name.contains("session-"));
    let (name, value) = found.unwrap();
    (name.clone(), value.clone())
}

/// The address with these parameters in place of those of the same name; `None` removes one.
pub(crate) fn with_parameters(address: &str, changes: &[(&str, Option<&str>)]) -> String {
    let mut url = Url::parse(address).unwrap();
    let kept: Vec<_> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| changes.iter().all(|(own, _)| own != name))
        .collect();
    let set = changes
        .iter()
        .filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .extend_pairs(set);
    url.into()
}

/// A parameter of the address.
pub(crate) fn parameter(address: &str, name: &str) -> Option<String> {
    Url::parse(address)
        .unwrap()
        .query_pairs()
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.into_owned())
}
