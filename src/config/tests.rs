use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use time::macros::datetime;

use super::*;
use crate::text::Lang;

fn good() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("PUBLIC_BASE_URL", "https://invite.example.com".to_owned()),
        (
            "ENTRA_AUTHORITY",
            "https://login.microsoftonline.com/common/v2.0".to_owned(),
        ),
        (
            "ENTRA_CLIENT_ID",
            "11111111-1111-1111-1111-111111111111".to_owned(),
        ),
        ("ENTRA_CLIENT_SECRET", "very-secret-value".to_owned()),
        ("SESSION_KEYS", STANDARD.encode([7; 64])),
        ("INVITATION_STORAGE", "embedded:/tmp/x".to_owned()),
        ("PLATFORM_NAME", "Example".to_owned()),
    ])
}

fn read(changes: &[(&'static str, &str)]) -> Result<Config, Problems> {
    let mut settings = good();
    for (name, value) in changes {
        settings.insert(name, (*value).to_owned());
    }
    Config::read(|name| settings.get(name).cloned())
}

fn problem(changes: &[(&'static str, &str)]) -> String {
    read(changes).unwrap_err().to_string()
}

#[test]
fn all_errors_are_reported_with_their_setting() {
    let message = Config::read(|_| None).unwrap_err();
    for name in [
        "PUBLIC_BASE_URL",
        "ENTRA_AUTHORITY",
        "ENTRA_CLIENT_ID",
        "ENTRA_CLIENT_SECRET",
        "SESSION_KEYS",
        "INVITATION_STORAGE",
        "PLATFORM_NAME",
    ] {
        assert!(
            message.0.iter().any(|line| line.starts_with(name)),
            "{name} in {message}"
        );
    }
    assert_eq!(message.0.len(), 7, "one line each: {message}");
}

#[test]
fn an_error_does_not_repeat_the_value() {
    let message = problem(&[
        ("SESSION_KEYS", "c2VjcmV0LXZhbHVl"),
        ("SMTP_URL", "http://user:hunter2@host"),
        ("MAIL_FROM", "nobody"),
    ]);
    assert_eq!(message.lines().count(), 3, "{message}");
    assert!(
        !message.contains("c2VjcmV0") && !message.contains("hunter2"),
        "{message}"
    );
}

#[test]
fn reminders_are_days_before_the_expiry() {
    let read = |text| read(&[("REMIND_DAYS_BEFORE", text)]).unwrap();
    let days = |text| {
        let before = read(text).reminders.0;
        let days = before.iter().map(|before| before.whole_days());
        days.collect::<Vec<_>>()
    };
    assert!(days(" ").is_empty());
    assert_eq!(days("1, 7,7"), [7, 1]);
    assert_eq!(days("8,7,6,5,4,3,2,1").len(), 8);
    assert_eq!(
        problem(&[("REMIND_DAYS_BEFORE", "9,8,7,6,5,4,3,2,1")]),
        "REMIND_DAYS_BEFORE must name at most 8 days\n"
    );
    for wrong in ["0", "3651", "-1", "seven", "7;1", "7,,1", "7,"] {
        assert_eq!(
            problem(&[("REMIND_DAYS_BEFORE", wrong)]),
            "REMIND_DAYS_BEFORE must be numbers of days from 1 to 3650 with commas between \
             them, such as 7,1\n",
            "{wrong}"
        );
    }
}

#[test]
fn http_is_for_loopback_only() {
    for name in ["PUBLIC_BASE_URL", "ENTRA_AUTHORITY"] {
        assert!(problem(&[(name, "http://example.com")]).contains(name));
        for host in [
            "http://127.0.0.1:7071",
            "http://localhost:1",
            "http://[::1]:1",
        ] {
            assert!(read(&[(name, host)]).is_ok(), "{name} {host}");
        }
    }
}

#[test]
fn the_base_url_is_an_origin() {
    for text in [
        "https://example.com/app",
        "https://example.com/?x",
        "https://u:p@example.com",
        "ftp://example.com",
        "example.com",
    ] {
        assert!(
            problem(&[("PUBLIC_BASE_URL", text)]).starts_with("PUBLIC_BASE_URL"),
            "{text}"
        );
    }
    let mut settings = good();
    settings.remove("PUBLIC_BASE_URL");
    settings.insert("WEBSITE_HOSTNAME", "app.azurewebsites.net".to_owned());
    let config = Config::read(|name| settings.get(name).cloned()).unwrap();
    assert_eq!(
        config.public.api("Welcome").as_str(),
        "https://app.azurewebsites.net/api/Welcome"
    );
}

#[test]
fn storage_falls_back_to_the_account_of_the_app() {
    let with = |changes: &[(&'static str, &str)]| {
        let mut settings = good();
        settings.remove("INVITATION_STORAGE");
        settings.extend(
            changes
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        Config::read(|name| settings.get(name).cloned())
            .map(|config| format!("{:?}", config.storage))
    };
    assert_eq!(
        with(&[("AzureWebJobsStorage", "UseDevelopmentStorage=true")]).unwrap(),
        "ConnectionString(…)"
    );
    assert_eq!(
        with(&[("AzureWebJobsStorage__accountName", "acc")]).unwrap(),
        "ManagedIdentity(https://acc.table.core.windows.net/)"
    );
    assert_eq!(
        with(&[
            ("INVITATION_STORAGE__tableServiceUri", "https://t.example/"),
            ("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        ])
        .unwrap(),
        "ManagedIdentity(https://t.example/)"
    );
    assert!(
        with(&[])
            .unwrap_err()
            .to_string()
            .starts_with("INVITATION_STORAGE ")
    );
    assert!(with(&[("INVITATION_STORAGE", "nonsense")]).is_err());
}

#[test]
fn a_storage_error_names_the_setting_that_was_set() {
    let key = "AccountKey=c2VjcmV0";
    for (name, value, why) in [
        (
            "INVITATION_STORAGE",
            "AccountName=x",
            "AccountName and AccountKey",
        ),
        ("INVITATION_STORAGE", key, "AccountName or a TableEndpoint"),
        (
            "INVITATION_STORAGE",
            "AccountName=x;AccountKey=hunter2!",
            "not base64",
        ),
        (
            "INVITATION_STORAGE",
            "AccountName=x;AccountKey=c2VjcmV0;Hunter=hunter2",
            "not known",
        ),
        (
            "INVITATION_STORAGE",
            "AccountName=x;AccountKey=c2VjcmV0;TableEndpoint=hunter2",
            "no http(s) URL",
        ),
        (
            "INVITATION_STORAGE__accountName",
            "a/b",
            "3 to 24 lower-case letters and digits",
        ),
        ("INVITATION_STORAGE__accountName", "Hunter", "3 to 24"),
        (
            "INVITATION_STORAGE__accountName",
            "acc.evil.example/",
            "3 to 24",
        ),
        (
            "INVITATION_STORAGE__tableServiceUri",
            "ftp://localhost/",
            "https URL",
        ),
        (
            "INVITATION_STORAGE__tableServiceUri",
            "http://t.example/",
            "https URL",
        ),
        (
            "AzureWebJobsStorage",
            "AccountName=x",
            "AccountName and AccountKey",
        ),
        ("AzureWebJobsStorage__accountName", "x", "3 to 24"),
    ] {
        let message = problem(&[
            ("INVITATION_STORAGE", ""),
            (name, value),
            ("PLATFORM_NAME", ""),
            ("RETENTION_DAYS", "none"),
        ]);
        let lines: Vec<_> = message.lines().collect();
        assert_eq!(lines.len(), 3, "{name}={value}: {message}");
        assert!(
            lines[0].starts_with(&format!("{name} ")) && lines[0].contains(why),
            "{name}={value}: {message}"
        );
        assert!(
            lines[1].starts_with("RETENTION_DAYS ") && lines[2].starts_with("PLATFORM_NAME "),
            "{message}"
        );
        assert!(
            !message.to_lowercase().contains("hunter") && !message.contains("c2VjcmV0"),
            "{message}"
        );
    }
}

#[test]
fn an_authority_of_microsoft_names_a_tenant_and_v2() {
    for authority in [
        "https://login.microsoftonline.com",
        "https://login.microsoftonline.com/common",
        "https://login.microsoftonline.com/v2.0",
        "https://login.microsoftonline.com/common/oauth2/v2.0",
        "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
        "https://contoso.ciamlogin.com/",
        "https://login.microsoftonline.us/common",
    ] {
        let message = problem(&[("ENTRA_AUTHORITY", authority)]);
        assert!(
            message.starts_with("ENTRA_AUTHORITY must have a tenant and /v2.0"),
            "{authority}: {message}"
        );
    }
    assert!(
        problem(&[(
            "ENTRA_AUTHORITY",
            "https://login.microsoftonline.com/common/v2.0?p=x"
        )])
        .contains("nothing after ?")
    );
    for authority in [
        "https://login.microsoftonline.com/organizations/v2.0/",
        "https://contoso.ciamlogin.com/11111111-1111-1111-1111-111111111111/v2.0",
        "https://login.partner.microsoftonline.cn/contoso.example/v2.0",
        "https://op.example.com",
        "https://login.example.com/realms/one",
    ] {
        assert!(
            read(&[("ENTRA_AUTHORITY", authority)]).is_ok(),
            "{authority}"
        );
    }
}

#[test]
fn wrong_exporter_settings_are_reported() {
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/a b"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "Bearer hunter2"),
        ("OTEL_RESOURCE_ATTRIBUTES", "hunter2"),
        ("OTEL_TRACES_SAMPLER", "sometimes"),
        ("OTEL_TRACES_SAMPLER_ARG", "10"),
        ("OTEL_TRACES_SAMPLER_ARG", "half"),
        ("RUST_LOG", "onboarding=loud"),
    ] {
        let message = problem(&[endpoint, (name, value), ("PLATFORM_NAME", "")]);
        assert_eq!(message.lines().count(), 2, "{name}={value}: {message}");
        assert!(
            message.lines().any(|line| line.starts_with(name)) && !message.contains("hunter2"),
            "{name}={value}: {message}"
        );
    }
    let right = [
        endpoint,
        (
            "OTEL_EXPORTER_OTLP_HEADERS",
            "Authorization=Bearer%20x,x=y=z",
        ),
        ("OTEL_TRACES_SAMPLER", "traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
        ("RUST_LOG", "info,onboarding=debug"),
    ];
    assert!(read(&right).is_ok());
    assert!(
        !read(&[("OTEL_TRACES_SAMPLER", "sometimes")])
            .unwrap()
            .telemetry,
        "of no interest where nothing is exported"
    );
}

#[test]
fn the_client_authenticates_in_exactly_one_way() {
    assert!(
        problem(&[("ENTRA_CLIENT_ASSERTION", "managed-identity")]).contains("mutually exclusive")
    );
    let config = read(&[
        ("ENTRA_CLIENT_SECRET", ""),
        ("ENTRA_CLIENT_ASSERTION", "managed-identity"),
        ("AZURE_CLIENT_ID", "id"),
    ])
    .unwrap();
    assert!(matches!(
        config.entra.credential,
        ClientCredential::ManagedIdentity { client_id: Some(_) }
    ));
}

#[test]
fn debug_shows_no_secret() {
    let config = read(&[
        ("SMTP_URL", "smtps://user:hunter2@mail.example.com"),
        ("MAIL_FROM", "Example <no-reply@example.com>"),
    ])
    .unwrap();
    let shown = format!("{config:?}");
    assert!(
        !shown.contains("very-secret-value")
            && !shown.contains("hunter2")
            && !shown.contains("BwcH"),
        "{shown}"
    );
}

#[test]
fn welcome_links_have_titles_by_language() {
    assert!(problem(&[("WELCOME_LINKS", "[{]")]).starts_with("WELCOME_LINKS"));
    assert!(
        problem(&[(
            "WELCOME_LINKS",
            r#"[{"title":{"en":"x"},"url":"javascript:alert(1)"}]"#
        )])
        .starts_with("WELCOME_LINKS")
    );
    let config = read(&[(
        "WELCOME_LINKS",
        r#"[{"title":{"en":"Machines","zh-Hant":"機台"},"url":"https://example.com/"}]"#,
    )])
    .unwrap();
    assert_eq!(config.platform.links[0].title(Lang::ZhHant), "機台");
    assert_eq!(config.platform.links[0].title(Lang::En), "Machines");
}

#[test]
fn purpose_is_one_sentence_or_one_a_language() {
    let purpose = |text| {
        let platform = read(&[("PLATFORM_PURPOSE", text)]).unwrap().platform;
        let purpose = platform.purpose.unwrap();
        [Lang::De, Lang::Ja].map(|lang| purpose.get(lang).to_owned())
    };
    assert_eq!(purpose("For all."), ["For all."; 2]);
    assert_eq!(
        purpose(r#"{"en":"For all.","de":"Für alle."}"#),
        ["Für alle.", "For all."]
    );
    for wrong in ["{}", "{\"en\":1}"] {
        assert!(problem(&[("PLATFORM_PURPOSE", wrong)]).starts_with("PLATFORM_PURPOSE"));
    }
}

#[test]
fn legal_links_and_logo_are_checked() {
    let legal = r#"[{"title":{"en":"Privacy"},"url":"https://example.com/privacy"}]"#;
    let platform = read(&[("LEGAL_LINKS", legal)]).unwrap().platform;
    assert_eq!(platform.legal[0].url, "https://example.com/privacy");
    for (name, wrong) in [
        ("LEGAL_LINKS", "privacy"),
        ("PLATFORM_LOGO", "logo.png"),
        ("DOCS_URL", "docs"),
    ] {
        assert!(problem(&[(name, wrong)]).starts_with(name));
    }
}

#[test]
fn invitations_expire_at_noon() {
    let config = read(&[("INVITATION_DAYS", "30")]).unwrap();
    let at = |now| config.expiry(now);
    let noon = datetime!(2026-12-27 12:00 UTC);
    assert_eq!(at(datetime!(2026-11-27 12:00 UTC)), noon);
    assert_eq!(at(datetime!(2026-11-26 12:00:01 UTC)), noon);
    assert_eq!(at(datetime!(2026-11-27 12:30 +1)), noon);
}

#[test]
fn an_unusable_or_unencrypted_mail_server_is_refused() {
    let from = ("MAIL_FROM", "no-reply@example.com");
    for url in ["smtp://host?tls=bogus", "host:25", "smtp://"] {
        let message = problem(&[("SMTP_URL", url), from]);
        assert!(
            message.starts_with("SMTP_URL must be smtps://"),
            "{url}: {message}"
        );
    }
    for url in [
        "smtp://user:hunter2@mail.example.com",
        "smtp://relay.example.com",
        "smtp://relay.example.com:25",
        "smtp://10.0.0.4",
        "smtp://relay.example.com?tls=opportunistic",
        "smtp://relay.example.com?tls=opportunistic&tls=required",
        "smtp://localhost.example.com",
    ] {
        let message = problem(&[("SMTP_URL", url), from]);
        assert!(
            message.starts_with("SMTP_URL would send the secret link")
                && message.contains("write smtps://"),
            "{url}: {message}"
        );
        assert!(!message.contains("hunter2"), "{message}");
    }
    for url in [
        "smtps://user:hunter2@mail.example.com",
        "smtps://relay.example.com",
        "smtp://user:hunter2@mail.example.com:587?tls=required",
        "smtp://relay.example.com?tls=required",
        "smtp://u:p@127.0.0.1:1",
        "smtp://[::1]:1",
        "smtp://localhost:1025",
    ] {
        assert!(read(&[("SMTP_URL", url), from]).is_ok(), "{url}");
    }
}

#[test]
fn a_webhook_is_public_and_signed_or_refused() {
    const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    let with = |url: &str, secret: &str, private: &str| {
        read(&[
            ("WEBHOOK_URL", url),
            ("WEBHOOK_SECRET", secret),
            ("WEBHOOK_ALLOW_PRIVATE", private),
        ])
    };
    let public = "https://hooks.example.com/x";
    assert!(with(public, SECRET, "").is_ok());
    assert!(with(public, &format!("{SECRET} {SECRET}"), "").is_ok());
    assert!(with("http://127.0.0.1:1/", SECRET, "true").is_ok());
    for (url, secret, private, setting) in [
        ("http://hooks.example.com/", SECRET, "", "WEBHOOK_URL"),
        ("https://10.0.0.1/", SECRET, "", "WEBHOOK_URL"),
        ("https://[::1]/", SECRET, "", "WEBHOOK_URL"),
        ("nonsense", SECRET, "", "WEBHOOK_URL"),
        ("", SECRET, "", "WEBHOOK_URL"),
        (public, "", "", "WEBHOOK_SECRET"),
        (public, "whsec_c2hvcnQ=", "", "WEBHOOK_SECRET"),
        (
            public,
            "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            "",
            "WEBHOOK_SECRET",
        ),
        (
            public,
            &format!("{SECRET} {SECRET} {SECRET}"),
            "",
            "WEBHOOK_SECRET",
        ),
        (public, SECRET, "perhaps", "WEBHOOK_ALLOW_PRIVATE"),
    ] {
        let message = with(url, secret, private).unwrap_err().to_string();
        assert!(
            message.starts_with(setting) && !message.contains("whsec_MDEy"),
            "{url} {secret}: {message}"
        );
    }
}

#[test]
fn the_colour_of_the_platform_is_a_colour() {
    let button = |changes: &[(&'static str, &str)]| {
        read(changes)
            .unwrap()
            .platform
            .theme
            .light()
            .button
            .to_string()
    };
    assert_eq!(button(&[]), "#0b5bd3");
    assert_eq!(button(&[("PLATFORM_COLOR", "#AA0055")]), "#aa0055");
    for wrong in [
        "red",
        "#12345",
        "#0b5bd3}body{display:none",
        "url(https://evil.example)",
    ] {
        let message = problem(&[("PLATFORM_COLOR", wrong)]);
        assert!(
            message.starts_with("PLATFORM_COLOR must be a colour") && !message.contains(wrong),
            "{message}"
        );
    }
}
