//! What is deployed beside the package. Bicep's own compiler is not at hand for every run, so this
//! reads the files with its grammar: what is no Bicep, a name that nothing declares, a module that
//! is called wrongly and a setting that the handler does not know fail here. The types of Azure's
//! resources are checked in CI, by the compiler.

mod bicep;
mod register_app;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use bicep::Bicep;
use onboarding::config::{Config, SETTINGS};
use support::root;

const FILES: [&str; 6] = ["main", "storage", "monitoring", "vault", "app", "alerts"];

fn read(name: &str) -> Bicep {
    Bicep::read(&root().join("infra").join(format!("{name}.bicep")))
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[test]
fn every_file_is_bicep_and_uses_declared_names_only() {
    for name in FILES {
        let file = read(name);
        assert_eq!(file.errors(), [""; 0], "{name}");
        assert_eq!(file.undeclared(), [""; 0], "{name}");
        assert_eq!(file.unused(), [""; 0], "{name}");
    }
    let there: BTreeSet<_> = fs::read_dir(root().join("infra"))
        .unwrap()
        .filter_map(|entry| {
            entry
                .unwrap()
                .file_name()
                .to_str()?
                .strip_suffix(".bicep")
                .map(str::to_owned)
        })
        .collect();
    assert_eq!(there, set(FILES), "every file is checked");
}

#[test]
fn what_is_not_bicep_is_noticed() {
    assert_ne!(
        Bicep::parse("var a = {\n  name: 'x'\noutput b string = a.name").errors(),
        [""; 0]
    );
    assert_eq!(
        Bicep::parse("output name string = account.name").undeclared(),
        ["account"]
    );
    assert_eq!(
        Bicep::parse("param a string\nvar b = a\noutput c string = 'x'").unused(),
        ["b"]
    );
}

#[test]
fn module_parameters_and_outputs_match() {
    let main = read("main");
    let modules = main.modules();
    assert_eq!(modules.len(), FILES.len() - 1);
    for module in modules {
        let file = Bicep::read(&root().join("infra").join(&module.path));
        assert_eq!(
            module.params,
            file.params().into_keys().collect(),
            "{}",
            module.path
        );
        for output in main.outputs_asked_of(&module.name) {
            assert!(
                file.outputs().contains(&output),
                "{} has no output {output}",
                module.path
            );
        }
    }
}

#[test]
fn the_parameter_file_fills_every_parameter() {
    let text = fs::read_to_string(root().join("infra/main.bicepparam")).unwrap();
    let given: BTreeSet<_> = text
        .lines()
        .filter_map(|line| Some(line.strip_prefix("param ")?.split(' ').next()?.to_owned()))
        .collect();
    assert_eq!(given, read("main").params().into_keys().collect());
}

/// What the handler is given in Azure.
fn settings() -> BTreeMap<String, String> {
    read("app").object("settings")
}

#[test]
fn deployed_settings_match_the_handler() {
    // With an identity there is no connection string; its forms for other clouds and for the host's
    // own account are not needed beside the account's name.
    let instead = [
        "INVITATION_STORAGE",
        "INVITATION_STORAGE__tableServiceUri",
        "AzureWebJobsStorage",
        "AzureWebJobsStorage__tableServiceUri",
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__clientId",
    ];
    let given: BTreeSet<_> = settings().into_keys().collect();
    let expected: BTreeSet<_> = set(SETTINGS.iter().copied())
        .difference(&set(instead))
        .cloned()
        .collect();
    assert_eq!(given, expected);
    let host: BTreeSet<_> = read("app").object("hostSettings").into_keys().collect();
    assert_eq!(
        host,
        set([
            "AzureWebJobsStorage__accountName",
            "AzureWebJobsStorage__credential",
            "AzureWebJobsStorage__clientId",
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        ])
    );
}

/// Values as the deployment computes them, with and without what is optional.
fn deployed(everything: bool) -> BTreeMap<&'static str, String> {
    let whole = |value: &str| {
        if everything {
            value.to_owned()
        } else {
            String::new()
        }
    };
    BTreeMap::from([
        (
            "PUBLIC_BASE_URL",
            "https://func-onboarding.azurewebsites.net".to_owned(),
        ),
        (
            "ENTRA_AUTHORITY",
            "https://login.microsoftonline.com/common/v2.0".to_owned(),
        ),
        (
            "ENTRA_CLIENT_ID",
            "11111111-2222-3333-4444-555555555555".to_owned(),
        ),
        ("ENTRA_CLIENT_SECRET", whole("a secret of the vault")),
        (
            "ENTRA_CLIENT_ASSERTION",
            if everything {
                String::new()
            } else {
                "managed-identity".to_owned()
            },
        ),
        (
            "AZURE_CLIENT_ID",
            "11111111-2222-3333-4444-666666666666".to_owned(),
        ),
        (
            "ENTRA_ALLOWED_TENANTS",
            whole("11111111-2222-3333-4444-777777777777"),
        ),
        (
            "ENTRA_TRUSTED_EMAIL_TENANTS",
            whole("11111111-2222-3333-4444-777777777777"),
        ),
        ("ENTRA_SIGN_UP_PROMPT", whole("create")),
        (
            "SESSION_KEYS",
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [7; 64]),
        ),
        ("INVITATION_STORAGE__accountName", "stonboarding".to_owned()),
        (
            "INVITATION_STORAGE__clientId",
            "11111111-2222-3333-4444-666666666666".to_owned(),
        ),
        ("INVITATION_TABLE", "Invitations".to_owned()),
        ("INVITATION_DAYS", "30".to_owned()),
        ("RETENTION_DAYS", "365".to_owned()),
        ("SMTP_URL", whole("smtps://user:password@mail.example.com")),
        ("MAIL_FROM", whole("Example <no-reply@example.com>")),
        ("WEBHOOK_URL", whole("https://crm.example.com/hook")),
        (
            "WEBHOOK_SECRET",
            whole("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ),
        ("WEBHOOK_ALLOW_PRIVATE", "false".to_owned()),
        ("PLATFORM_NAME", "Example".to_owned()),
        ("PLATFORM_COLOR", whole("#0a5c36")),
        ("PLATFORM_URL", whole("https://platform.example.com")),
        ("SUPPORT_URL", whole("https://platform.example.com/help")),
        (
            "WELCOME_LINKS",
            whole(
                r#"[{"title":{"en":"Start"},"url":"https://platform.example.com/","icon":"book"}]"#,
            ),
        ),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            whole("https://collector.example.com"),
        ),
        (
            "OTEL_EXPORTER_OTLP_HEADERS",
            whole("x-key=a secret of the vault"),
        ),
        ("OTEL_SERVICE_NAME", "onboarding".to_owned()),
        ("OTEL_RESOURCE_ATTRIBUTES", String::new()),
        ("OTEL_TRACES_SAMPLER", whole("traceidratio")),
        ("OTEL_TRACES_SAMPLER_ARG", whole("1")),
        ("RUST_LOG", String::new()),
    ])
}

#[test]
fn handler_starts_with_the_deployed_settings() {
    for everything in [true, false] {
        let values = deployed(everything);
        assert_eq!(
            values
                .keys()
                .map(|name| (*name).to_owned())
                .collect::<BTreeSet<_>>(),
            settings().into_keys().collect()
        );
        if let Err(problems) = Config::read(|name| values.get(name).cloned()) {
            panic!("{problems}");
        }
    }
}

#[test]
fn no_secret_is_in_a_file_or_deployment() {
    let settings = settings();
    for name in [
        "SESSION_KEYS",
        "ENTRA_CLIENT_SECRET",
        "SMTP_URL",
        "WEBHOOK_SECRET",
        "OTEL_EXPORTER_OTLP_HEADERS",
    ] {
        assert!(
            settings[name].contains("secret."),
            "{name} is {}",
            settings[name]
        );
    }
    let references = read("app").object("secret");
    assert!(references.values().all(|reference| {
        reference.starts_with("'@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/")
    }));
    for name in FILES {
        let text = fs::read_to_string(root().join(format!("infra/{name}.bicep"))).unwrap();
        for word in ["listKeys", "AccountKey=", "@secure", "SharedAccess"] {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
    let storage = fs::read_to_string(root().join("infra/storage.bicep")).unwrap();
    assert!(storage.contains("allowSharedKeyAccess: false"));
    assert!(
        !fs::read_to_string(root().join("infra/app.bicep"))
            .unwrap()
            .contains("FUNCTIONS_WORKER_RUNTIME:")
    );
}

#[test]
fn alerts_query_messages_that_are_logged() {
    let alerts = fs::read_to_string(root().join("infra/alerts.bicep")).unwrap();
    let sentences: BTreeSet<_> = alerts
        .lines()
        .filter(|line| line.contains("line.message"))
        .flat_map(|line| line.split('\'').skip(1).step_by(2))
        .collect();
    assert!(sentences.len() >= 5, "{sentences:?}");
    let mut source = String::new();
    for entry in ["src/events.rs", "src/error.rs", "src/identity.rs"] {
        source.push_str(&fs::read_to_string(root().join(entry)).unwrap());
    }
    for sentence in sentences {
        assert!(
            source.contains(&format!("\"{sentence}")),
            "nothing logs «{sentence}»"
        );
    }
}

#[test]
fn operations_page_lists_alerts_and_secrets() {
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let alerts = fs::read_to_string(root().join("infra/alerts.bicep")).unwrap();
    let named = alerts
        .lines()
        .filter_map(|line| line.trim().strip_prefix("name: '")?.strip_suffix('\''));
    let alerts: BTreeSet<_> = named
        .map(|name| name.trim_end_matches("-${name}"))
        .filter(|name| name.contains('-') && *name != "turned-away")
        .collect();
    assert!(alerts.len() >= 7, "{alerts:?}");
    for alert in alerts {
        assert!(page.contains(&format!("| `{alert}` |")), "{alert}");
    }
    for secret in [
        "session-keys",
        "entra-client-secret",
        "smtp-url",
        "webhook-secret",
        "otlp-headers",
    ] {
        assert!(page.contains(&format!("`{secret}`")), "{secret}");
    }
}
