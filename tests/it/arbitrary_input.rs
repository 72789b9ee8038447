//! Whatever is sent, the service answers soon, says whose fault it is, repeats nothing raw and
//! writes nothing that was not asked for. Some hundred cases each time; `make fuzz` tries many
//! more.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{TestCaseResult, TestRunner},
};
use scraper::{Html, Selector};
use serde_json::{Map, Value, json};
use support::site::{
    Answered, PROBE, Sent, Site, consent, contact, encoded, invitation, stranger, welcome,
};

/// Values that mean something here, beside arbitrary ones.
fn text(site: &Site) -> impl Strategy<Value = String> + use<> {
    let known = vec![
        site.link.reveal(),
        site.app.cookies().ticket(&site.link, site.now()),
        "access_denied".to_owned(),
        "login_required".to_owned(),
        "AADSTS90094: refused".to_owned(),
        "AADSTS4294967296".to_owned(),
        "True".to_owned(),
        "approved".to_owned(),
        "en".to_owned(),
        "zh-Hant".to_owned(),
        "help".to_owned(),
        "send".to_owned(),
        "//evil.example".to_owned(),
        "x".repeat(5000),
        String::new(),
    ];
    prop_oneof![
        3 => any::<String>(),
        2 => any::<String>().prop_map(|text| format!("\"'>{PROBE} {text}>")),
        2 => select(known),
        1 => "[0-9a-fA-F-]{36}",
    ]
}

fn pairs(site: &Site, names: &[&str]) -> impl Strategy<Value = Vec<(String, String)>> + use<> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    vec(
        (
            prop_oneof![6 => select(names), 1 => any::<String>()],
            text(site),
        ),
        0..6,
    )
}

/// Headers that the service reads, with whatever may stand in them.
fn headers(site: &Site) -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> + use<> {
    let names = [
        "accept",
        "accept-language",
        "host",
        "x-forwarded-host",
        "x-forwarded-proto",
        "cookie",
        "origin",
        "sec-fetch-site",
        "content-type",
        "x-azure-functions-invocationid",
        "x-original-url",
    ];
    let cookie = (
        select(vec![
            "__Host-session-",
            "__Host-sign-in-",
            "session-",
            "sign-in-x",
            "",
        ]),
        "[!-~]{0,80}",
    )
        .prop_map(|(name, value)| format!("{name}={value}; {name}{value}=x;;=").into_bytes());
    let value = prop_oneof![
        vec(any::<u8>(), 0..60),
        text(site).prop_map(String::into_bytes),
        cookie,
        "(en|zh|\\*|de)(-[A-Za-z]{1,9})?(;q=[0-9.]{0,5})?(,[ -~]{0,30})?"
            .prop_map(String::into_bytes),
        select(vec![
            "same-origin",
            "cross-site",
            "null",
            "https://invite.example.com",
            "application/json"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    vec((select(names.to_vec()), value), 0..5)
}

fn answer(site: &Site, sent: &Sent) -> Result<Answered, TestCaseError> {
    site.answer(sent)
        .ok_or_else(|| TestCaseError::reject("not a request"))
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        any::<String>().prop_map(|text| Value::from(format!("{PROBE} {text}"))),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let name = prop_oneof![
            select(vec![
                "recipient",
                "email",
                "inviter",
                "company",
                "name",
                "$lang"
            ])
            .prop_map(str::to_owned),
            any::<String>()
        ];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name, inner), 0..4)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// As many cases as PROPTEST_CASES says.
fn each<S: Strategy>(strategy: &S, check: impl Fn(S::Value) -> TestCaseResult) {
    let config = ProptestConfig {
        failure_persistence: None,
        max_global_rejects: 1 << 20,
        ..ProptestConfig::default()
    };
    TestRunner::new(config)
        .run(strategy, check)
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn arbitrary_requests_change_nothing() {
    let site = Site::start();
    let path = prop_oneof![
        select(vec![
            "InviteUser",
            "AcceptCallback",
            "ConfirmMailbox",
            "CreateCompany",
            "Welcome",
            "AppConsent",
            "ContactInviter",
            "Invitations",
            "inviteuser"
        ])
        .prop_map(str::to_owned),
        "(Invitations|InviteUser)/[!-~]{0,40}(/(resend|revoke|[!-~]{0,10}))?",
        "[!-~]{0,60}",
        any::<String>(),
    ];
    let names = [
        "invitationId",
        "state",
        "code",
        "error",
        "error_description",
        "iss",
        "lang",
        "session_state",
        "invitation",
        "shown",
        "stopped",
        "ticket",
        "pass",
        "result",
        "admin_consent",
        "tenant",
    ];
    let query = prop_oneof![3 => pairs(&site, &names).prop_map(|pairs| encoded(&pairs)), 1 => "[!-~]{0,80}"];
    let method = select(vec![
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH",
    ]);
    let body = prop_oneof![
        vec(any::<u8>(), 0..200),
        Just(vec![b'['; 70_000]),
        Just(vec![b'['; 60_000])
    ];
    each(
        &(method, path, query, headers(&site), body),
        |(method, path, query, headers, body)| {
            let _ = site.written();
            answer(
                &site,
                &Sent {
                    method,
                    target: format!("/api/{path}?{query}"),
                    headers,
                    body,
                },
            )?;
            prop_assert_eq!(site.written(), 0);
            Ok(())
        },
    );
}

#[test]
fn arbitrary_forms_change_nothing() {
    let site = Site::start();
    let cookie = site.signed_in(stranger());
    let names = [
        "token",
        "lang",
        "prompt",
        "action",
        "ticket",
        "kind",
        "colleague",
        "code",
        "companyName",
        "invitationId",
    ];
    let page = select(vec![
        "InviteUser",
        "ConfirmMailbox",
        "CreateCompany",
        "ContactInviter",
    ]);
    let body = prop_oneof![4 => pairs(&site, &names).prop_map(|pairs| encoded(&pairs)), 1 => "[ -~]{0,200}"];
    each(
        &(page, body, headers(&site), any::<bool>()),
        |(page, body, headers, signed_in)| {
            let mut sent = Sent::post(
                &format!("/api/{page}"),
                "application/x-www-form-urlencoded",
                body,
            );
            sent.headers.extend(headers);
            sent.headers.extend(signed_in.then(|| cookie.clone()));
            let _ = site.written();
            answer(&site, &sent)?;
            prop_assert_eq!(site.written(), 0);
            Ok(())
        },
    );
}

#[test]
fn arbitrary_parameters_approve_nothing() {
    let site = Site::at_microsoft();
    let names = [
        "pass",
        "result",
        "lang",
        "token",
        "admin_consent",
        "tenant",
        "state",
        "scope",
        "error",
        "error_description",
        "error_subcode",
    ];
    each(&pairs(&site, &names), |pairs| {
        consent(&site, &encoded(&pairs));
        Ok(())
    });
}

#[test]
fn arbitrary_form_asks_the_inviter_once_for_each_kind() {
    let site = Site::start();
    let kind = prop_oneof![4 => select(vec!["help", "not-me", "new-invitation"]).prop_map(str::to_owned), 1 => text(&site)];
    let colleague = prop_oneof![2 => text(&site), 1 => "[a-zé@. \u{200b}]{0,20}@[a-zü.-]{1,20}", 1 => Just("x".repeat(300))];
    let others = pairs(&site, &["lang", "ticket", "situation", "link", "colleague"]);
    each(&(kind, colleague, others), |(kind, colleague, others)| {
        let own = [
            ("kind".to_owned(), kind),
            ("colleague".to_owned(), colleague),
        ];
        let form = encoded(&[&own[..], &others].concat());
        contact(&site, form.as_bytes());
        Ok(())
    });
    let shown = Sent::get(format!("/api/Invitations/{}", site.link.id()), Vec::new());
    let shown = site.send(&shown).unwrap().body;
    assert_eq!(
        shown.matches("invitation.help_requested").count(),
        1,
        "{shown}"
    );
    assert!(shown.matches("invitation.declined").count() <= 1, "{shown}");
    // A pending invitation is not asked for anew.
    assert!(!shown.contains("invitation.renewal_requested"), "{shown}");
}

#[test]
fn arbitrary_query_shows_no_one_the_company_of_another() {
    let site = Site::start();
    let names = [
        "invitation",
        "unsaved",
        "lang",
        "scripts",
        "shown",
        "action",
    ];
    each(&pairs(&site, &names), |pairs| {
        welcome(&site, &encoded(&pairs));
        Ok(())
    });
}

#[test]
fn arbitrary_invitation_is_all_or_nothing() {
    let site = Site::start();
    let places = [
        "/recipient/email",
        "/recipient/firstName",
        "/recipient/lastName",
        "/recipient/locale",
        "/inviter/name",
    ];
    let more = [
        "/inviter/organization",
        "/inviter/email",
        "/company/name",
        "/message",
        "/sendEmail",
        "/recipient",
        "/company",
        "",
    ];
    let place = select([&places[..], &more[..]].concat());
    // What a name or a message may well be, so that many are created.
    let text = "[ a-zA-Zäöüß<>\"'&;/0-9\u{4e00}-\u{4eff}]{0,30}"
        .prop_map(|text| Value::from(format!("{PROBE}{text}")));
    let changed =
        vec((place, prop_oneof![3 => text, 1 => json_value()]), 1..3).prop_map(|changes| {
            let mut posted = invitation();
            for (place, value) in changes {
                if let Some(at) = posted.pointer_mut(place) {
                    *at = value;
                }
            }
            posted.to_string().into_bytes()
        });
    let count = AtomicUsize::new(0);
    let body = prop_oneof![6 => changed, 1 => json_value().prop_map(|value| value.to_string().into_bytes()), 1 => vec(any::<u8>(), 0..100)];
    each(&body, |body| {
        let _ = site.written();
        let sent = Sent::post("/api/Invitations", "application/json", body);
        let answer = answer(&site, &sent)?;
        let created = answer.status == StatusCode::CREATED;
        prop_assert_eq!(site.written() > 0, created);
        // An array is answered item by item, and nothing that may stand in one here is an
        // invitation.
        let is_array = sent.body.trim_ascii_start().starts_with(b"[");
        prop_assert!(
            created
                || answer.status.is_client_error()
                || is_array && answer.status == StatusCode::OK,
            "{}",
            answer.status
        );
        if created {
            count.fetch_add(1, Ordering::SeqCst);
            let link: Value = serde_json::from_str(&answer.body).unwrap();
            let target = link["link"]
                .as_str()
                .unwrap()
                .trim_start_matches("https://invite.example.com")
                .to_owned();
            let page = self::answer(&site, &Sent::get(target, Vec::new()))?;
            prop_assert_eq!(page.status, StatusCode::OK);
        }
        Ok(())
    });
    assert!(count.into_inner() > 0, "nothing was ever created");
}

#[test]
fn arbitrary_company_is_shown_without_markup() {
    let site = Site::start();
    site.runtime
        .block_on(
            site.app
                .store
                .invitations
                .accept(site.link.id(), stranger(), site.now()),
        )
        .unwrap();
    let cookie = site.signed_in(stranger());
    let get = Sent::get("/api/CreateCompany", vec![cookie.clone()]);
    let page = Html::parse_document(&site.send(&get).unwrap().body);
    let fields = Selector::parse("form:has(#create-company) [name]").unwrap();
    let fields: Vec<(String, String)> = page
        .select(&fields)
        .map(|field| {
            (
                field.attr("name").unwrap().to_owned(),
                field.attr("value").unwrap_or_default().to_owned(),
            )
        })
        .collect();
    assert!(fields.len() > 8, "{fields:?}");
    let changes = vec(
        (select((0..fields.len()).collect::<Vec<_>>()), text(&site)),
        1..5,
    );
    each(&changes, |changes| {
        let mut fields = fields.clone();
        for (at, value) in changes {
            if fields[at].0 != "token" {
                fields[at].1 = value;
            }
        }
        // Else the company would be created, and no form shown any more.
        fields
            .iter_mut()
            .filter(|(name, _)| name == "country")
            .for_each(|(_, value)| *value = PROBE.to_owned());
        let mut sent = Sent::post(
            "/api/CreateCompany",
            "application/x-www-form-urlencoded",
            encoded(&fields),
        );
        sent.headers.push(cookie.clone());
        let _ = site.written();
        let answer = answer(&site, &sent)?;
        prop_assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.body
        );
        prop_assert_eq!(site.written(), 0);
        Ok(())
    });
}

#[test]
fn arbitrary_token_response_signs_no_one_in() {
    let site = Site::start();
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = prop_oneof![
        3 => Just(json!({"alg": "RS256", "kid": "1"})),
        1 => select(vec!["none", "HS256", "ES256", "PS256", "rs256"]).prop_map(|alg| json!({"alg": alg, "kid": "1"})),
        1 => json_value(),
    ];
    let claim = prop_oneof![
        json_value(),
        Just(json!("app")),
        Just(json!("11111111-2222-3333-4444-555555555555")),
        Just(json!(4_102_444_800_u64))
    ];
    let names = select(vec![
        "iss", "aud", "sub", "exp", "iat", "nbf", "nonce", "tid", "oid", "email", "xms_edov", "azp",
    ]);
    let claims = vec((names, claim), 0..12).prop_map(|claims| {
        let mut all: Map<String, Value> = claims
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        all.entry("tid")
            .or_insert_with(|| "11111111-2222-3333-4444-555555555555".into());
        Value::from(all)
    });
    let token = prop_oneof![
        4 => (head, claims, vec(any::<u8>(), 0..300))
            .prop_map(move |(head, claims, signature)| format!("{}.{}.{}", part(head), part(claims), URL_SAFE_NO_PAD.encode(signature))),
        1 => "[A-Za-z0-9_.-]{0,60}",
        1 => any::<String>(),
    ];
    let body = prop_oneof![
        5 => token.prop_map(|token| json!({"token_type": "Bearer", "access_token": "x", "expires_in": 3600, "id_token": token}).to_string()),
        1 => json_value().prop_map(|value| value.to_string()),
        1 => any::<String>(),
    ];
    let status = prop_oneof![6 => Just(200), 1 => select(vec![201, 204, 400, 401, 403, 404, 418])];
    each(&(status, body), |(status, body)| {
        let answer = answer(&site, &site.callback_response(status, body))?;
        Site::assert_let_nobody_in(&answer);
        Ok(())
    });
}
