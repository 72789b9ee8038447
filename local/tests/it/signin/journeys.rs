//! People who sign in.

use browser::Browser;
use local::{
    mailbox::{Mailbox, MailboxOptions, RecipientRule},
    signin::{Account, NewPerson, PERSONAL_TENANT, SignInOptions},
};
use serde_json::json;

use super::support::{App, CALLBACK, CONTOSO, json, options, parameters, part};

/// A browser with cookies, for what a cookie changes.
mod browser {
    use reqwest::{Response, header};

    use super::super::support::App;

    pub(super) struct Browser<'a> {
        app: &'a App,
        cookie: String,
    }

    impl<'a> Browser<'a> {
        pub(super) fn new(app: &'a App) -> Self {
            Self {
                app,
                cookie: String::new(),
            }
        }

        /// Follows redirects within the service; returns the page, or the address outside that it
        /// leads to.
        pub(super) async fn open(&mut self, url: &str) -> Result<String, String> {
            let request = self.app.http.get(url).header(header::COOKIE, &self.cookie);
            self.follow(request.send().await.unwrap()).await
        }

        pub(super) async fn press(
            &mut self,
            page: &str,
            action: &str,
            fields: &[(&str, &str)],
        ) -> Result<String, String> {
            let (_, form) = page
                .split_once("<form id=\"main\" method=\"post\" action=\"")
                .unwrap();
            let url = format!(
                "{}{}",
                self.app.signin.url(),
                form.split('"').next().unwrap()
            );
            let request = self.app.http.post(url).header(header::COOKIE, &self.cookie);
            self.follow(
                request
                    .form(&[&[("action", action)], fields].concat())
                    .send()
                    .await
                    .unwrap(),
            )
            .await
        }

        async fn follow(&mut self, mut response: Response) -> Result<String, String> {
            loop {
                if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
                    self.cookie = cookie
                        .to_str()
                        .unwrap()
                        .split(';')
                        .next()
                        .unwrap()
                        .to_owned();
                }
                let Some(location) = response.headers().get(header::LOCATION) else {
                    return Ok(response.text().await.unwrap());
                };
                let location = location.to_str().unwrap().to_owned();
                if !location.starts_with('/') {
                    return Err(location);
                }
                let url = format!("{}{location}", self.app.signin.url());
                response = self
                    .app
                    .http
                    .get(url)
                    .header(header::COOKIE, &self.cookie)
                    .send()
                    .await
                    .unwrap();
            }
        }
    }
}

async fn app_with_mailbox() -> (App, Mailbox) {
    let mailbox = Mailbox::start(MailboxOptions::default()).await.unwrap();
    let app = App::with(SignInOptions {
        smtp_url: Some(mailbox.smtp_url().to_owned()),
        ..options()
    })
    .await;
    (app, mailbox)
}

#[tokio::test]
async fn a_known_account_comes_back_with_a_code() {
    let app = App::start().await;
    let url = app.authorize_url("common", &[("login_hint", "zoe@home.test")]);
    let callback = app
        .signin
        .sign_in_as(&app.http, &url, "Zoe@home.test")
        .await
        .unwrap();

    assert!(callback.starts_with(&format!("{CALLBACK}?")));
    let parameters = parameters(&callback);
    assert_eq!(parameters["state"], "st 1");
    assert!(parameters.contains_key("session_state"));
    let (status, answer) = json(app.redeem(&parameters["code"]).await).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["scope"], "openid profile email");
    assert_eq!(
        (
            answer["expires_in"].clone(),
            answer["ext_expires_in"].clone()
        ),
        (json!(3600), json!(3600))
    );
    assert!(answer["access_token"].is_string());
}

#[tokio::test]
async fn a_personal_token_carries_the_claims_and_the_personal_key() {
    let app = App::start().await;
    let token = app.id_token("zoe@home.test").await;
    let claims = part(&token, 1);
    assert_eq!(
        claims["iss"],
        app.signin.authority(&PERSONAL_TENANT.to_string())
    );
    assert_eq!(claims["tid"], json!(PERSONAL_TENANT));
    assert_eq!(
        (claims["aud"].as_str(), claims["nonce"].as_str()),
        (Some("app-1"), Some("n-1"))
    );
    assert_eq!(
        (
            claims["email"].as_str(),
            claims["preferred_username"].as_str()
        ),
        (Some("zoe@home.test"), Some("zoe@home.test"))
    );
    assert_eq!(
        (claims["name"].as_str(), claims["ver"].as_str()),
        (Some("Zoë"), Some("2.0"))
    );
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
async fn an_organisations_token_is_signed_with_the_templated_key() {
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
        (claims["oid"].clone(), claims["xms_edov"].clone()),
        (json!(account.oid), json!(false))
    );
    assert_eq!(
        (
            claims["email"].as_str(),
            claims["preferred_username"].as_str()
        ),
        (Some("victim@other.test"), Some("max@contoso.test"))
    );
    let key = app.verified_by(&token).await.unwrap();
    assert_eq!(key["issuer"], app.signin.authority("{tenantid}"));
    assert_ne!(
        part(&app.id_token("zoe@home.test").await, 0)["kid"],
        key["kid"]
    );
}

#[tokio::test]
async fn the_subject_stays_and_claims_follow_the_scope() {
    let app = App::start().await;
    let first = part(&app.id_token("zoe@home.test").await, 1);
    let url = app.authorize_url("common", &[("scope", "openid")]);
    let callback = app
        .signin
        .sign_in_as(&app.http, &url, "zoe@home.test")
        .await
        .unwrap();
    let (_, answer) = json(app.redeem(&parameters(&callback)["code"]).await).await;
    let bare = part(answer["id_token"].as_str().unwrap(), 1);
    assert_eq!(bare["sub"], first["sub"]);
    assert!(
        ["email", "name", "oid", "preferred_username"]
            .iter()
            .all(|name| bare.get(name).is_none())
    );
}

#[tokio::test]
async fn an_unknown_address_becomes_an_account_with_the_code_from_its_mailbox() {
    let (app, mailbox) = app_with_mailbox().await;
    let new = NewPerson {
        email: "new@home.test",
        name: "Nina <b>",
    };
    for (prompt, changes) in [("", vec![]), ("create", vec![("prompt", "create")])] {
        let email = format!("{prompt}{}", new.email);
        let new = NewPerson {
            email: &email,
            ..new
        };
        let url = app.authorize_url("common", &changes);
        let callback = app
            .signin
            .create_account_as(&app.http, &url, new, &mailbox)
            .await
            .unwrap();
        let (_, answer) = json(app.redeem(&parameters(&callback)["code"]).await).await;
        let claims = part(answer["id_token"].as_str().unwrap(), 1);
        assert_eq!(
            (claims["email"].as_str(), claims["name"].as_str()),
            (Some(email.as_str()), Some("Nina <b>"))
        );
        assert_eq!(claims["tid"], json!(PERSONAL_TENANT));
        assert!(mailbox.mails_to(&email)[0].text.contains("Security code:"));
    }
    assert_eq!(app.signin.accounts().len(), 4);
    app.code("new@home.test").await;
}

#[tokio::test]
async fn a_wrong_code_is_told_and_five_of_them_end_it() {
    let (app, mailbox) = app_with_mailbox().await;
    let mut browser = Browser::new(&app);
    let page = browser
        .open(&app.authorize_url(
            "common",
            &[("prompt", "create"), ("login_hint", "new@home.test")],
        ))
        .await
        .unwrap();
    assert!(page.contains("value=\"new@home.test\"") && page.contains("id=\"name\""));
    let fields = [("email", "new@home.test"), ("name", "Nina")];
    let mut page = browser.press(&page, "send-code", &fields).await.unwrap();
    for _ in 0..4 {
        page = browser
            .press(&page, "code", &[("code", "nope")])
            .await
            .unwrap();
        assert!(page.contains("That is not the code") && page.contains("id=\"code\""));
    }
    page = browser
        .press(&page, "code", &[("code", "nope")])
        .await
        .unwrap();
    assert!(page.contains("wrong five times") && page.contains("value=\"Nina\""));
    browser.press(&page, "send-code", &fields).await.unwrap();
    assert_eq!(mailbox.mails_to("new@home.test").len(), 2);
    assert_eq!(app.signin.accounts().len(), 2);
}

#[tokio::test]
async fn an_address_that_takes_no_mail_is_told() {
    let (app, mailbox) = app_with_mailbox().await;
    mailbox.refuse(RecipientRule::permanent("new@home.test"));
    let url = app.authorize_url("common", &[]);
    let error = app
        .signin
        .create_account_as(
            &app.http,
            &url,
            NewPerson {
                email: "new@home.test",
                name: "N",
            },
            &mailbox,
        )
        .await;
    assert!(error.unwrap_err().to_string().contains("could not be sent"));
}

#[tokio::test]
async fn without_a_mail_server_the_page_shows_the_code_and_terms_must_be_accepted() {
    let app = App::start().await;
    let mut browser = Browser::new(&app);
    let page = browser
        .open(&app.authorize_url("common", &[("prompt", "create")]))
        .await
        .unwrap();
    let page = browser
        .press(
            &page,
            "send-code",
            &[("email", "n@home.test"), ("name", "N")],
        )
        .await
        .unwrap();
    let code = page
        .split_once("this is the code: <b>")
        .unwrap()
        .1
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    let page = browser
        .press(&page, "code", &[("code", &code)])
        .await
        .unwrap();
    let page = browser.press(&page, "terms", &[]).await.unwrap();
    assert!(page.contains("id=\"accept-terms\""));
    let page = browser
        .press(&page, "terms", &[("accepted", "yes")])
        .await
        .unwrap();
    assert!(page.contains("id=\"accept\"") && page.contains("id=\"decline\""));
    assert!(
        browser
            .press(&page, "accept", &[])
            .await
            .unwrap_err()
            .contains("code=")
    );
}

#[tokio::test]
async fn declining_and_cancelling_are_access_denied() {
    let app = App::start().await;
    let url = app.authorize_url("common", &[]);
    let declined = parameters(
        &app.signin
            .decline_as(&app.http, &url, "zoe@home.test")
            .await
            .unwrap(),
    );
    assert_eq!(
        (declined["error"].as_str(), declined["state"].as_str()),
        ("access_denied", "st 1")
    );
    assert!(declined["error_description"].starts_with("AADSTS65004"));
    assert!(!declined.contains_key("code"));

    let mut browser = Browser::new(&app);
    let page = browser.open(&url).await.unwrap();
    let cancelled = parameters(&browser.press(&page, "cancel", &[]).await.unwrap_err());
    assert_eq!(cancelled["error"], "access_denied");
    app.code("zoe@home.test").await;
}

#[tokio::test]
async fn a_signed_in_browser_comes_straight_back_unless_told_otherwise() {
    let app = App::start().await;
    let mut browser = Browser::new(&app);
    let silent = app.authorize_url("common", &[("prompt", "none")]);
    assert!(
        browser
            .open(&silent)
            .await
            .unwrap_err()
            .contains("error=login_required")
    );

    let page = browser
        .open(&app.authorize_url("common", &[("login_hint", "zoe@home.test")]))
        .await
        .unwrap();
    assert!(page.contains("value=\"zoe@home.test\""));
    let page = browser
        .press(&page, "account", &[("email", "zoe@home.test")])
        .await
        .unwrap();
    let page = browser.press(&page, "confirm", &[]).await.unwrap();
    assert!(
        browser
            .open(&silent)
            .await
            .unwrap_err()
            .contains("error=consent_required")
    );
    browser.press(&page, "accept", &[]).await.unwrap_err();

    assert!(
        browser
            .open(&app.authorize_url("common", &[]))
            .await
            .unwrap_err()
            .contains("code=")
    );
    assert!(browser.open(&silent).await.unwrap_err().contains("code="));
    let choice = browser
        .open(&app.authorize_url("common", &[("prompt", "select_account")]))
        .await
        .unwrap();
    assert!(choice.contains("Choose an account") && choice.contains("zoe@home.test"));
    assert!(
        browser
            .press(&choice, "account", &[("email", "zoe@home.test")])
            .await
            .unwrap_err()
            .contains("code=")
    );
    let again = browser
        .open(&app.authorize_url("common", &[("prompt", "login")]))
        .await
        .unwrap();
    assert!(
        browser
            .press(&again, "account", &[("email", "zoe@home.test")])
            .await
            .unwrap()
            .contains("value=\"confirm\"")
    );
    let consent = browser
        .open(&app.authorize_url("common", &[("prompt", "consent")]))
        .await
        .unwrap();
    assert!(consent.contains("id=\"decline\""));

    let home = browser.open(app.signin.url()).await.unwrap();
    assert!(home.contains("Signed in with this browser"));
    browser
        .open(&format!("{}/common/oauth2/v2.0/logout", app.signin.url()))
        .await
        .unwrap();
    assert!(
        browser
            .open(&silent)
            .await
            .unwrap_err()
            .contains("error=login_required")
    );
}

#[tokio::test]
async fn an_authority_admits_its_own_accounts_only() {
    let app = App::start().await;
    let contoso = CONTOSO.to_string();
    for (tenant, admitted, refused) in [
        ("consumers", "zoe@home.test", "max@contoso.test"),
        ("organizations", "max@contoso.test", "zoe@home.test"),
        (contoso.as_str(), "max@contoso.test", "zoe@home.test"),
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
    let kids: Vec<_> = app
        .jwks()
        .await
        .iter()
        .map(|key| key["kid"].clone())
        .collect();
    let late = app.signin.accounts().pop().unwrap();
    app.signin.stop().await;

    let app = App::with(SignInOptions {
        accounts: Vec::new(),
        ..options
    })
    .await;
    assert_eq!(app.signin.accounts().len(), 3);
    assert!(app.signin.accounts().contains(&late));
    assert_eq!(
        app.jwks()
            .await
            .iter()
            .map(|key| key["kid"].clone())
            .collect::<Vec<_>>(),
        kids
    );
    let mut browser = Browser::new(&app);
    let page = browser
        .open(&app.authorize_url("common", &[]))
        .await
        .unwrap();
    let page = browser
        .press(&page, "account", &[("email", "late@home.test")])
        .await
        .unwrap();
    assert!(
        browser
            .press(&page, "confirm", &[])
            .await
            .unwrap_err()
            .contains("code="),
        "no consent is asked again"
    );
}
