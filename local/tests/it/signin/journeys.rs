//! People who sign in.

use local::{
    browser::{Page, ScriptedBrowser},
    mailbox::{Mailbox, MailboxOptions, RecipientRule},
    signin::{Account, NewPerson, PERSONAL_TENANT, SignInOptions},
};
use serde_json::json;

use super::support::{App, CALLBACK, CONTOSO, json, options, parameters, part};

const ZOE: &str = "zoe@home.test";
const NEW: NewPerson<'_> = NewPerson {
    email: "new@home.test",
    name: "Nina <b>",
};

/// A browser with cookies that follows redirects within the service.
struct Browser(ScriptedBrowser);

impl Browser {
    fn new(app: &App) -> Self {
        Self(ScriptedBrowser::new(app.signin.url(), app.signin.url()).unwrap())
    }

    async fn open(&mut self, url: &str) -> Page {
        let page = self.0.open(url).await.unwrap();
        self.follow(page).await
    }

    async fn press(&mut self, page: &Page, button: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.0.press(page, button, fields).await.unwrap();
        self.follow(page).await
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        while let Some(location) = page.location().ok().filter(|to| to.starts_with('/')) {
            page = self.0.open(&location).await.unwrap();
        }
        page
    }
}

async fn app_with_mailbox() -> (App, Mailbox) {
    let mailbox = Mailbox::start(MailboxOptions::default()).await.unwrap();
    let smtp_url = Some(mailbox.smtp_url().to_owned());
    (
        App::with(SignInOptions {
            smtp_url,
            ..options()
        })
        .await,
        mailbox,
    )
}

#[tokio::test]
async fn a_known_account_comes_back_with_a_code() {
    let app = App::start().await;
    let url = app.authorize_url("common", &[("login_hint", ZOE)]);
    let callback = app
        .signin
        .sign_in_as(&app.http, &url, "Zoe@home.test")
        .await
        .unwrap();
    assert!(callback.starts_with(&format!("{CALLBACK}?")));
    let parameters = parameters(&callback);
    assert_eq!(parameters["state"], "st 1");
    assert!(parameters.contains_key("session_state"));
    let (_, answer) = json(app.redeem(&parameters["code"]).await).await;
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["scope"], "openid profile email");
    assert_eq!(
        (&answer["expires_in"], &answer["ext_expires_in"]),
        (&json!(3600), &json!(3600))
    );
    assert!(answer["access_token"].is_string());
}

#[tokio::test]
async fn personal_tokens_have_entras_claims() {
    let app = App::start().await;
    let token = app.id_token(ZOE).await;
    let claims = part(&token, 1);
    for (name, value) in [
        ("iss", app.signin.authority(&PERSONAL_TENANT.to_string())),
        ("tid", PERSONAL_TENANT.to_string()),
        ("aud", "app-1".into()),
        ("nonce", "n-1".into()),
        ("email", ZOE.into()),
        ("preferred_username", ZOE.into()),
        ("name", "Zoë".into()),
        ("ver", "2.0".into()),
    ] {
        assert_eq!(claims[name], value);
    }
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        3600
    );
    assert_eq!(claims["nbf"], claims["iat"]);
    assert!(
        ["rh", "uti", "sub", "oid"]
            .iter()
            .all(|name| claims[name].is_string())
    );
    assert!(claims.get("xms_edov").is_none());
    assert_eq!(
        app.verified_by(&token).await.unwrap()["issuer"],
        claims["iss"]
    );
}

#[tokio::test]
async fn organisation_tokens_have_the_templated_key() {
    let app = App::start().await;
    let account = Account {
        xms_edov: Some(false),
        email_claim: Some("victim@other.test".into()),
        ..app.signin.accounts().remove(1)
    };
    app.signin.add_account(account.clone());
    let token = app.id_token("max@contoso.test").await;
    let claims = part(&token, 1);
    assert_eq!(claims["iss"], app.signin.authority(&CONTOSO.to_string()));
    assert_eq!(
        (&claims["oid"], &claims["xms_edov"]),
        (&json!(account.oid), &json!(false))
    );
    assert_eq!(claims["email"], "victim@other.test");
    assert_eq!(claims["preferred_username"], "max@contoso.test");
    let key = app.verified_by(&token).await.unwrap();
    assert_eq!(key["issuer"], app.signin.authority("{tenantid}"));
}

#[tokio::test]
async fn the_subject_stays_and_claims_follow_the_scope() {
    let app = App::start().await;
    let first = part(&app.id_token(ZOE).await, 1);
    let callback = app.callback(ZOE, &[("scope", "openid")]).await;
    let (_, answer) = json(app.redeem(&callback["code"]).await).await;
    let bare = part(answer["id_token"].as_str().unwrap(), 1);
    assert_eq!(bare["sub"], first["sub"]);
    for name in ["email", "name", "oid", "preferred_username"] {
        assert!(bare.get(name).is_none());
    }
}

#[tokio::test]
async fn a_new_account_needs_the_mailed_code() {
    let (app, mailbox) = app_with_mailbox().await;
    for (email, prompt) in [("new@home.test", ""), ("second@home.test", "create")] {
        let url = app.authorize_url("common", &[("prompt", prompt)]);
        let new = NewPerson { email, ..NEW };
        let callback = app
            .signin
            .create_account_as(&app.http, &url, new, &mailbox)
            .await
            .unwrap();
        let (_, answer) = json(app.redeem(&parameters(&callback)["code"]).await).await;
        let claims = part(answer["id_token"].as_str().unwrap(), 1);
        assert_eq!(
            (&claims["email"], &claims["name"]),
            (&json!(email), &json!("Nina <b>"))
        );
        assert_eq!(claims["tid"], json!(PERSONAL_TENANT));
        assert!(mailbox.mails_to(email)[0].text.contains("Security code:"));
    }
    assert_eq!(app.signin.accounts().len(), 4);
    app.code(NEW.email).await;
}

#[tokio::test]
async fn five_wrong_codes_end_the_attempt() {
    let (app, mailbox) = app_with_mailbox().await;
    let mut browser = Browser::new(&app);
    let create = [("prompt", "create"), ("login_hint", NEW.email)];
    let page = browser.open(&app.authorize_url("common", &create)).await;
    assert_eq!(page.attribute("#account", "value").unwrap(), NEW.email);
    let mut page = browser.press(&page, "#next", &[("name", "Nina")]).await;
    for _ in 0..4 {
        page = browser.press(&page, "#next", &[("code", "nope")]).await;
        assert!(
            page.text("[role=alert]")
                .unwrap()
                .starts_with("That is not the code")
        );
    }
    page = browser.press(&page, "#next", &[("code", "nope")]).await;
    assert!(
        page.text("[role=alert]")
            .unwrap()
            .contains("wrong five times")
    );
    assert_eq!(page.attribute("#name", "value").unwrap(), "Nina");
    page = browser.press(&page, "#next", &[]).await;
    assert!(page.has("#code"));
    assert_eq!(mailbox.mails_to(NEW.email).len(), 2);
    assert_eq!(app.signin.accounts().len(), 2);
}

#[tokio::test]
async fn terms_have_to_be_accepted() {
    let (app, mailbox) = app_with_mailbox().await;
    let mut browser = Browser::new(&app);
    let create = [("prompt", "create"), ("login_hint", NEW.email)];
    let page = browser.open(&app.authorize_url("common", &create)).await;
    let page = browser.press(&page, "#next", &[("name", "Nina")]).await;
    let text = mailbox.mails_to(NEW.email).remove(0).text;
    let code = text.split_whitespace().nth(2).unwrap();
    let page = browser.press(&page, "#next", &[("code", code)]).await;
    let page = browser.press(&page, "#next", &[("accepted", "")]).await;
    let page = browser.press(&page, "#next", &[("accepted", "yes")]).await;
    assert!(page.has("#decline"));
    assert!(
        browser
            .press(&page, "#accept", &[])
            .await
            .location()
            .unwrap()
            .contains("code=")
    );
}

#[tokio::test]
async fn an_address_that_takes_no_mail_is_reported() {
    let (app, mailbox) = app_with_mailbox().await;
    mailbox.refuse(RecipientRule::permanent(NEW.email));
    let url = app.authorize_url("common", &[]);
    let error = app
        .signin
        .create_account_as(&app.http, &url, NEW, &mailbox)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("could not be sent"), "{error}");
}

#[tokio::test]
async fn declining_and_cancelling_are_access_denied() {
    let app = App::start().await;
    let url = app.authorize_url("common", &[]);
    let declined = app.signin.decline_as(&app.http, &url, ZOE).await.unwrap();
    let declined = parameters(&declined);
    assert_eq!(
        [&declined["error"], &declined["state"]],
        ["access_denied", "st 1"]
    );
    assert!(declined["error_description"].starts_with("AADSTS65004"));
    assert!(!declined.contains_key("code"));

    let mut browser = Browser::new(&app);
    let page = browser.open(&url).await;
    let cancelled = browser
        .press(&page, "#cancel", &[])
        .await
        .location()
        .unwrap();
    assert_eq!(parameters(&cancelled)["error"], "access_denied");
}

#[tokio::test]
async fn a_signed_in_browser_comes_straight_back() {
    let app = App::start().await;
    let mut browser = Browser::new(&app);
    let url = app.authorize_url("common", &[]);
    let page = browser
        .open(&app.authorize_url("common", &[("login_hint", ZOE)]))
        .await;
    assert_eq!(page.attribute("#account", "value").unwrap(), ZOE);
    let page = browser.press(&page, "#next", &[]).await;
    browser.press(&page, "#next", &[]).await;
    // Signed in, without consent.
    let page = browser.open(&url).await;
    browser.press(&page, "#accept", &[]).await;
    assert!(
        browser
            .open(&url)
            .await
            .location()
            .unwrap()
            .contains("code=")
    );

    let select = app.authorize_url("common", &[("prompt", "select_account")]);
    let choice = browser.open(&select).await;
    assert_eq!(choice.title(), "Choose an account");
    let page = browser.press(&choice, ".known button", &[]).await;
    assert!(page.location().unwrap().contains("code="));

    let home = browser.open("/").await;
    assert!(
        home.text("main")
            .unwrap()
            .contains("Signed in with this browser")
    );
    browser.open("/common/oauth2/v2.0/logout").await;
    assert_eq!(browser.open(&url).await.title(), "Sign in");
}

#[tokio::test]
async fn an_authority_admits_its_own_accounts_only() {
    let app = App::start().await;
    let contoso = CONTOSO.to_string();
    for (tenant, admitted, refused) in [
        ("consumers", ZOE, "max@contoso.test"),
        ("organizations", "max@contoso.test", ZOE),
        (&contoso, "max@contoso.test", ZOE),
    ] {
        let url = app.authorize_url(tenant, &[]);
        app.signin
            .sign_in_as(&app.http, &url, admitted)
            .await
            .unwrap();
        let error = app
            .signin
            .sign_in_as(&app.http, &url, refused)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("cannot be used here"), "{error}");
    }
}

#[tokio::test]
async fn accounts_consents_and_keys_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let options = SignInOptions {
        dir: Some(dir.path().to_owned()),
        ..options()
    };
    let app = App::with(options.clone()).await;
    app.signin
        .add_account(Account::personal("late@home.test", "Late"));
    app.code("late@home.test").await;
    let (keys, late) = (app.jwks().await, app.signin.accounts().pop().unwrap());
    app.signin.stop().await;

    let app = App::with(SignInOptions {
        accounts: Vec::new(),
        ..options
    })
    .await;
    assert_eq!(app.signin.accounts().len(), 3);
    assert!(app.signin.accounts().contains(&late));
    for (key, old) in app.jwks().await.iter().zip(keys) {
        assert_eq!(key["kid"], old["kid"]);
    }
    let mut browser = Browser::new(&app);
    let page = browser.open(&app.authorize_url("common", &[])).await;
    let page = browser
        .press(&page, "#next", &[("email", "late@home.test")])
        .await;
    let back = browser.press(&page, "#next", &[]).await.location().unwrap();
    assert!(back.contains("code="), "consent is not asked for again");
}
