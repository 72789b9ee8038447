//! Every page on every screen: nothing runs over the edge, nothing is missing, and there is a
//! picture to look at.

use std::{fs, path::PathBuf, time::Duration};

use local::signin::Fault;
use onboarding::{
    clock::Clock,
    domain::sign_in_refusal::{RefusalReason, SignInRefusal},
    text::Lang,
    views::Notice,
};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::steps::{consent, create_account, create_company, is_welcomed, mail_to};
use support::{
    KNOWN, Running, Store, UNKNOWN,
    chrome::{Browser, Kind, Screen},
    invitation, invite, link, start,
};

const ANOTHER: &str = "dieter.huber@huber-werkzeug.example";

/// One browser, in one language, on the way through the pages.
pub(crate) struct Tour {
    pub(super) stack: Running,
    pub(super) browser: Browser,
    lang: Lang,
}

impl Tour {
    pub(crate) async fn begin(lang: Lang) -> Self {
        let browser = Browser::of_kind(Kind {
            languages: lang.tag(),
            ..Kind::default()
        })
        .await;
        Self {
            stack: start(Store::Embedded).await,
            browser,
            lang,
        }
    }

    /// Invites a person in the language of the tour; returns the link.
    pub(super) async fn invite(&self, email: &str) -> String {
        let (first_name, last_name) = if self.lang == Lang::ZhHant {
            ("怡君", "陳")
        } else {
            ("Anna", "Meier")
        };
        let mut invitation = invitation(email, first_name, last_name);
        invitation["recipient"]["locale"] = self.lang.tag().into();
        invitation["message"] =
            "It was a pleasure to install your new machine.\nSee you on the platform!".into();
        link(&invite(&self.stack, &invitation).await)
    }

    /// Waits for a page and checks it.
    pub(super) async fn see(&self, css: &str, name: &str) {
        self.browser.find(css).await;
        self.look(name).await;
    }

    /// Waits for a page that says what happened, and checks it.
    async fn see_notice(&self, notice: Notice, name: &str) {
        self.browser.sees(notice.title(self.lang)).await;
        assert!(
            self.browser.count("main .actions .primary").await == 1,
            "a dead end: {notice:?}"
        );
        self.look(name).await;
    }

    /// The HTML of the latest mail to an address.
    pub(super) async fn see_mail(&self, address: &str, name: &str) {
        let mail = mail_to(&self.stack, address).await;
        self.browser
            .open(&format!(
                "{}/mail/{}/html",
                self.stack.mailbox.url(),
                mail.n
            ))
            .await;
        self.see("table a[href], table strong", name).await;
    }

    /// Checks a page of the dependencies, which speak English to everyone.
    async fn see_dependency(&self, css: &str, name: &str) {
        self.browser.find(css).await;
        if self.lang == Lang::En {
            self.look(name).await;
        }
    }

    pub(super) async fn look(&self, name: &str) {
        let head = "[document.documentElement.lang, document.title, document.querySelector('meta[name=viewport]')?.content].every(Boolean)";
        assert_eq!(
            self.browser.value(head).await,
            true,
            "{name} lacks a language, a title or a viewport"
        );
        for screen in [Screen::NARROWEST, Screen::NARROW_WINDOW, Screen::ZOOMED] {
            self.browser.screen(screen).await;
            let wide = self
                .browser
                .value("[document.documentElement.scrollWidth, innerWidth]")
                .await;
            assert!(
                wide[0].as_f64() <= wide[1].as_f64(),
                "{name} is {} pixels wide on a screen of {}",
                wide[0],
                wide[1]
            );
        }
        for (screen, dark) in [
            (Screen::PHONE, true),
            (Screen::PHONE, false),
            (Screen::DESKTOP, false),
            (Screen::DESKTOP, true),
        ] {
            self.browser.screen(screen).await;
            self.browser.dark(dark).await;
            let shade = if dark { "dark" } else { "light" };
            let file = pictures().join(format!(
                "{name}.{}.{}.{shade}.png",
                self.lang.tag(),
                screen.name
            ));
            fs::write(file, self.browser.picture().await).unwrap();
        }
        self.browser.dark(false).await;
        if self
            .browser
            .url()
            .await
            .as_str()
            .starts_with(&self.stack.url())
        {
            self.browser.is_accessible(name).await;
        }
    }

    pub(crate) async fn way_in(self) {
        let browser = &self.browser;
        let link = self.invite(KNOWN).await;
        mail_to(&self.stack, KNOWN).await;
        browser.open(self.stack.mailbox.url()).await;
        self.see_dependency("li a", "mailbox").await;
        browser.press("li a").await;
        self.see_dependency("iframe", "mail").await;
        self.see_mail(KNOWN, "mail-invitation").await;

        browser.open(&link).await;
        self.see("#get-started", "invitation").await;
        browser.press("#get-started").await;
        self.see_dependency("#account", "sign-in-account").await;
        browser.press("#next").await;
        self.see_dependency("#use-another", "sign-in-confirm").await;
        browser.press("#next").await;
        self.see_dependency("#decline", "sign-in-consent").await;
        browser.press("#decline").await;
        self.see_notice(
            Notice::Stopped(SignInRefusal::parse("AADSTS65004")),
            "notice-declined",
        )
        .await;
        browser.press("main .primary").await;
        consent(browser).await;

        self.see("#create-company:not(.off)", "company-orange")
            .await;
        browser.open(&link).await;
        self.see("#get-started", "invitation-accepted").await;
        browser.press("#get-started").await;
        browser.press("summary").await;
        self.look("company-fields").await;
        browser.fill("#postalCode", "80O2").await;
        browser.fill("#phone", "ask me").await;
        browser.press("#create-company").await;
        browser
            .becomes("document.activeElement.id", &Value::from("postalCode"))
            .await;
        self.look("company-grey").await;
        browser.fill("#postalCode", "8002").await;
        browser.fill("#phone", "").await;
        browser.press("#create-company").await;
        self.see(".tiles", "welcome").await;
        browser.open(&link).await;
        self.see("#get-started", "invitation-completed").await;
        self.browser.end(&["status of 403"]).await;
    }

    pub(crate) async fn every_error_page(self) {
        let browser = &self.browser;
        let (link, soon) = (
            self.invite(KNOWN).await,
            Clock::system().now() + Duration::from_secs(1),
        );
        let late = self.invite_until(soon).await;

        browser
            .open(&format!(
                "{}/api/InviteUser?invitationId=1",
                self.stack.url()
            ))
            .await;
        self.see_notice(Notice::MalformedLink, "notice-malformed")
            .await;
        browser
            .open(&format!(
                "{}/api/InviteUser?invitationId={}",
                self.stack.url(),
                uuid::Uuid::new_v4()
            ))
            .await;
        self.see_notice(Notice::UnknownInvitation, "notice-unknown")
            .await;
        browser
            .open(&format!("{}/api/CreateCompany", self.stack.url()))
            .await;
        self.see_notice(Notice::SessionLost, "notice-session-lost")
            .await;
        browser
            .open(&format!(
                "{}/api/AcceptCallback?state=x&code=y",
                self.stack.url()
            ))
            .await;
        self.see_notice(Notice::SignInRestart, "notice-restart")
            .await;

        browser.open(&late).await;
        self.see_notice(Notice::Expired, "notice-expired").await;
        browser.press("main .primary").await;
        browser
            .sees(self.lang.text().contact.renewal_requested.title)
            .await;
        self.look("notice-renewal-requested").await;
        self.see_mail("thomas.keller@gfms.example", "mail-renewal")
            .await;

        browser.open(&link).await;
        browser
            .value("document.querySelector('[name=token]').value = ''")
            .await;
        browser.press("#get-started").await;
        self.see_notice(Notice::FormRefused, "notice-form-refused")
            .await;

        self.stack.sign_in.set_fault(Fault::authorize(
            "server_error",
            "AADSTS90033: A transient error has occurred.",
        ));
        browser.open(&link).await;
        browser.press("#get-started").await;
        self.see_notice(Notice::TryAgainLater, "notice-try-again-later")
            .await;
        self.stack.sign_in.clear_faults();

        // Dieter has the link, too, but not the mailbox.
        browser.open(&link).await;
        browser.press("#get-started").await;
        browser.fill("#account", ANOTHER).await;
        browser.press("#next").await;
        browser.find("main .who").await;
        browser.press("#next").await;
        consent(browser).await;
        browser.sees(self.lang.text().confirm.offer_title).await;
        self.look("confirm-offer").await;

        // Anna accepts, and then Dieter tries once more.
        browser.press("main .quiet").await;
        self.see_dependency(".known", "sign-in-choose").await;
        browser.fill("#account", KNOWN).await;
        browser.press("#next").await;
        browser.find("main .who").await;
        browser.press("#next").await;
        consent(browser).await;
        browser.find("#create-company").await;
        browser
            .open(&format!(
                "{}/common/oauth2/v2.0/logout",
                self.stack.sign_in.url()
            ))
            .await;
        browser.open(&link).await;
        browser.press("#get-started").await;
        browser.fill("#account", ANOTHER).await;
        browser.press("#next").await;
        browser.find("main .who").await;
        browser.press("#next").await;
        browser
            .sees(self.lang.text().notice.used_by_another.title)
            .await;
        self.look("notice-already-accepted").await;
        self.browser
            .end(&[
                "status of 400",
                "status of 401",
                "status of 403",
                "status of 404",
                "status of 410",
                "status of 503",
            ])
            .await;
    }

    /// Answers when the invitation has expired.
    async fn invite_until(&self, moment: OffsetDateTime) -> String {
        let (mut invitation, http) = (invitation(KNOWN, "Anna", "Meier"), reqwest::Client::new());
        invitation["recipient"]["locale"] = self.lang.tag().into();
        invitation["expiresAt"] = moment.format(&Rfc3339).unwrap().into();
        let link = link(&invite(&self.stack, &invitation).await);
        loop {
            let answer = http
                .get(&link)
                .header("accept", "application/json")
                .send()
                .await
                .unwrap();
            if answer.text().await.unwrap().contains("\"expired\"") {
                return link;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Who has no account and presses the ordinary button is led to one, too.
    async fn new_account(self) {
        let browser = &self.browser;
        browser.open(&self.invite(UNKNOWN).await).await;
        browser.press("#get-started").await;
        browser.find("#account").await;
        browser.press("#next").await;
        browser.find("#create").await;
        self.look("sign-in-unknown").await;
        browser.press("#create").await;
        browser.find("#name").await;
        self.look("sign-in-create").await;
        browser.fill("#name", "Ben Carter").await;
        browser.press("#next").await;
        browser.find("#code").await;
        self.look("sign-in-code").await;
        browser.fill("#code", "1").await;
        browser.press("#next").await;
        self.see(".error", "sign-in-wrong-code").await;
        browser.press("#cancel").await;
        browser
            .sees(Notice::Stopped(RefusalReason::Declined.into()).title(self.lang))
            .await;
        browser.press("main .primary").await;
        browser.find("#account").await;
        browser.press("#next").await;
        browser.press("#create").await;
        create_account(browser, &self.stack, UNKNOWN, "Ben Carter").await;
        consent(browser).await;
        create_company(browser).await;
        is_welcomed(browser, "Anna").await;
        self.browser.end(&["status of 403"]).await;
    }
}

/// The folder of the pictures.
pub(crate) fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test]
async fn sign_in_fits_every_screen_in_english() {
    Tour::begin(Lang::En).await.way_in().await;
}

#[tokio::test]
async fn error_pages_fit_every_screen_in_english() {
    Tour::begin(Lang::En).await.every_error_page().await;
}

#[tokio::test]
async fn ordinary_button_allows_sign_up_on_every_screen() {
    Tour::begin(Lang::En).await.new_account().await;
}
