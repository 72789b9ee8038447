//! The steps of a deployment, each alone and in the order in which azd runs them.

use super::sandbox::{Outcome, Sandbox};

/// An Azure that keeps secrets in files, and a registration.
const AZURE: &str = r#"
argument() { while [ $# -gt 1 ]; do [ "$1" != "$want" ] || { echo "$2"; return; }; shift; done; }
case "$*" in
    'account show --query id '*) echo sub-1 ;;
    'account show '*) echo tenant-1 ;;
    'ad app list '*) printf "client-1\tobject-1\t${REGISTERED_FOR:-None}\n" ;;
    'ad app show '*'[appId, id]'*) printf 'client-1\nobject-1\n' ;;
    'ad app credential reset '*) echo 'client~secret' ;;
    'keyvault secret list '*)
        [ -z "${UNREACHABLE:-}" ] || { echo 'Inner error: { "code": "ForbiddenByConnection" }' >&2; exit 1; }
        [ ! -e "$STATE/forbidden" ] || { rm "$STATE/forbidden"; exit 1; }
        ls "$STATE/secrets" ;;
    'keyvault secret set '*)
        name=$(want=--name argument "$@")
        cp "$(want=--file argument "$@")" "$STATE/secrets/$name" ;;
    'functionapp show '*) echo /subscriptions/sub-1/resourceGroups/rg/providers/Microsoft.Web/sites/app ;;
    'rest --method GET '*)
        [ -z "${UNRESOLVED:-}" ] || [ "$(grep -oaF GET "$STATE/calls" | wc -l)" -gt "$UNRESOLVED" ] || printf 'SMTP_URL\tSecretNotFound\n' ;;
esac
"#;

fn azure() -> Sandbox {
    Sandbox::new(AZURE)
        .with_command("curl", "echo '{\"status\":\"ok\",\"commit\":\"0123abc\"}'")
        .with_variable("COMMIT", "0123abc")
        .with_variable("AZURE_RESOURCE_GROUP", "rg")
        .with_variable("AZURE_FUNCTION_NAME", "app")
        .with_variable("AZURE_KEY_VAULT_NAME", "kv")
        .with_variable("AZURE_SUBSCRIPTION_ID", "sub-1")
        .with_variable("PUBLIC_BASE_URL", "https://invite.example.com")
        .with_variable("PLATFORM_NAME", "My rConnect")
        .with_variable("MAIL_FROM", "")
        .with_variable("ALERT_EMAIL", "")
        .with_variable("ENTRA_CLIENT_ID", "client-1")
}

#[track_caller]
fn succeeded(outcome: &Outcome) {
    assert!(outcome.done, "{}", outcome.output);
}

#[test]
fn missing_secrets_are_made() {
    let azure = azure()
        .with_variable("MAIL_FROM", "x@example.com")
        .with_variable("SMTP_URL", "smtps://u:p%40ss@mail.example.com")
        .with_variable("WEBHOOK_URL", "https://crm.example.com/hook");
    let outcome = azure.run("make-secrets", &[]);
    succeeded(&outcome);
    let keys = azure.secret("session-keys").unwrap();
    let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, keys);
    assert_eq!(decoded.unwrap().len(), 64);
    assert_eq!(
        azure.secret("entra-client-secret").unwrap(),
        "client~secret"
    );
    assert_eq!(
        azure.secret("smtp-url").unwrap(),
        "smtps://u:p%40ss@mail.example.com"
    );
    let webhook = azure.secret("webhook-secret").unwrap();
    assert!(webhook.starts_with("whsec_") && !webhook.ends_with('\n'));
}

#[test]
fn vault_secret_expires_with_the_client_secret() {
    let outcome = azure().run("make-secrets", &[]);
    let after = |words: &str, option: &str| {
        let call = outcome.call(words).unwrap();
        let at = call.iter().position(|word| word == option).unwrap();
        call[at + 1].clone()
    };
    let expires = after("ad app credential reset", "--end-date");
    assert!(expires.ends_with('Z'), "{expires}");
    assert_eq!(
        after("--name entra-client-secret", "--expires"),
        expires,
        "so that the alert comes in time"
    );
}

#[test]
fn secrets_stay_as_they_are_the_second_time() {
    let azure = azure()
        .with_secret("session-keys", "KEYS")
        .with_secret("entra-client-secret", "SECRET");
    let outcome = azure.run("make-secrets", &[]);
    succeeded(&outcome);
    assert_eq!(outcome.count("keyvault secret set"), 0);
    assert_eq!(outcome.count("ad app credential reset"), 0);
    assert_eq!(azure.secret("session-keys").unwrap(), "KEYS");
}

#[test]
fn no_secret_appears_in_an_argument_or_the_output() {
    let azure = azure()
        .with_variable("MAIL_FROM", "x@example.com")
        .with_variable("SMTP_URL", "smtps://u:hunter2@mail.example.com");
    let outcome = azure.run("make-secrets", &[]);
    succeeded(&outcome);
    let everything = format!("{:?}{}", outcome.calls, outcome.output);
    for secret in [
        "hunter2",
        "client~secret",
        &azure.secret("session-keys").unwrap(),
    ] {
        assert!(!everything.contains(secret), "{everything}");
    }
}

#[test]
fn identity_needs_no_client_secret() {
    let azure = azure().with_variable("ENTRA_CLIENT_ASSERTION", "managed-identity");
    succeeded(&azure.run("make-secrets", &[]));
    assert_eq!(azure.secret("entra-client-secret"), None);
}

#[test]
fn client_secret_of_a_registration_elsewhere_is_asked_for() {
    let elsewhere = || azure().with_variable("REGISTERED_ELSEWHERE", "true");
    let outcome = elsewhere().run("make-secrets", &[]);
    assert!(
        !outcome.done && outcome.output.contains("ENTRA_CLIENT_SECRET"),
        "{}",
        outcome.output
    );
    let asked = elsewhere();
    let Some(outcome) = asked.run_in_terminal("make-secrets", "their~secret\n2030-01-31\n") else {
        println!("left out: `script` is missing");
        return;
    };
    succeeded(&outcome);
    assert_eq!(asked.secret("entra-client-secret").unwrap(), "their~secret");
    assert_eq!(outcome.count("--expires 2030-01-31T00:00:00Z"), 1);
    assert_eq!(outcome.count("ad app"), 0);
}

#[test]
fn registration_elsewhere_is_left_alone() {
    let elsewhere = || {
        let azure = azure().with_secret("entra-client-secret", "theirs");
        azure.with_variable("REGISTERED_ELSEWHERE", "true")
    };
    let without_id = elsewhere().with_variable("ENTRA_CLIENT_ID", "");
    let outcome = without_id.run("azd-hook", &["preprovision"]);
    assert!(!outcome.done && outcome.output.contains("azd env set ENTRA_CLIENT_ID"));
    let outcome = elsewhere().run("azd-hook", &["postprovision"]);
    succeeded(&outcome);
    let command = "infra/register-app.sh --client-id client-1 --url https://invite.example.com";
    assert!(outcome.output.contains(command), "{}", outcome.output);
    assert_eq!(outcome.count("ad app") + outcome.count("graph"), 0);
    assert_eq!(outcome.count("functionapp restart"), 1);
}

#[test]
fn sender_without_a_mail_server_is_named() {
    let azure = azure().with_variable("MAIL_FROM", "x@example.com");
    let outcome = azure.run("make-secrets", &[]);
    assert!(
        !outcome.done && outcome.output.contains("SMTP_URL"),
        "{}",
        outcome.output
    );
}

#[test]
fn typed_password_is_percent_encoded() {
    let asked = azure().with_variable("MAIL_FROM", "x@example.com");
    let typed = "mail.example.com\n587\nu@x\np:@/ss\n";
    let Some(outcome) = asked.run_in_terminal("make-secrets", typed) else {
        println!("left out: `script` is missing");
        return;
    };
    succeeded(&outcome);
    assert_eq!(
        asked.secret("smtp-url").unwrap(),
        "smtp://u%40x:p%3A%40%2Fss@mail.example.com:587?tls=required"
    );
}

#[test]
fn typed_answers_are_kept_by_azd() {
    let asked = azure()
        .without_variable("PLATFORM_NAME")
        .without_variable("MAIL_FROM");
    let typed = "Our Platform\n\n";
    let Some(outcome) = asked.run_in_terminal("azd-hook preprovision", typed) else {
        println!("left out: `script` is missing");
        return;
    };
    succeeded(&outcome);
    for kept in ["PLATFORM_NAME Our Platform", "MAIL_FROM"] {
        let call = outcome.call(&format!("azd env set {kept}"));
        assert!(call.is_some(), "{kept}: {:?}", outcome.calls);
    }
    assert_eq!(outcome.count("azd env set ALERT_EMAIL"), 0, "known");
}

#[test]
fn new_role_is_waited_for() {
    let azure = azure();
    let forbidden = azure.with_secret("../forbidden", "");
    succeeded(&forbidden.run("make-secrets", &[]));
}

#[test]
fn missing_role_is_named() {
    let outcome = Sandbox::new("exit 1")
        .with_variable("AZURE_KEY_VAULT_NAME", "kv")
        .run("make-secrets", &[]);
    assert!(
        !outcome.done && outcome.output.contains("Key Vault Secrets Officer"),
        "{}",
        outcome.output
    );
}

#[test]
fn refresh_comes_before_the_restart() {
    let outcome = azure().run("refresh-secrets", &[]);
    succeeded(&outcome);
    let order: Vec<_> = outcome
        .calls
        .iter()
        .map(|call| call[1..].join(" "))
        .collect();
    assert!(order[1].starts_with("rest --method POST"), "{order:?}");
    assert!(
        order[1].contains("/sites/app/config/configreferences/appsettings/refresh?"),
        "{order:?}"
    );
    assert!(order[2].starts_with("rest --method GET"), "{order:?}");
    assert!(order[3].starts_with("functionapp restart"), "{order:?}");
}

#[test]
fn restart_waits_for_the_references() {
    let outcome = azure()
        .with_variable("UNRESOLVED", "2")
        .run("refresh-secrets", &[]);
    succeeded(&outcome);
    assert_eq!(outcome.count("rest --method GET"), 3);
}

#[test]
fn unresolved_reference_is_named_and_nothing_restarts() {
    let outcome = azure()
        .with_variable("UNRESOLVED", "99")
        .run("refresh-secrets", &[]);
    assert!(!outcome.done);
    assert!(
        outcome.output.contains("SMTP_URL\tSecretNotFound"),
        "{}",
        outcome.output
    );
    assert_eq!(outcome.count("functionapp restart"), 0);
}

#[test]
fn first_run_registers_the_app() {
    let outcome = azure()
        .with_variable("ENTRA_CLIENT_ID", "")
        .run("azd-hook", &["preprovision"]);
    succeeded(&outcome);
    assert!(
        outcome
            .call("azd env set ENTRA_CLIENT_ID client-1")
            .is_some()
    );
}

#[test]
fn registration_with_an_address_is_not_taken_over() {
    let outcome = azure()
        .with_variable("ENTRA_CLIENT_ID", "")
        .with_variable("REGISTERED_FOR", "https://other.example/api/AcceptCallback")
        .run("azd-hook", &["preprovision"]);
    assert!(
        !outcome.done
            && outcome
                .output
                .contains("azd env set ENTRA_CLIENT_ID client-1")
    );
    assert_eq!(outcome.count("azd env set"), 0);
}

#[test]
fn private_network_registers_its_provider() {
    let registered = |private| {
        let azure = azure().with_variable("PRIVATE_NETWORK", private);
        let outcome = azure.run("azd-hook", &["preprovision"]);
        succeeded(&outcome);
        outcome.count("az provider register --namespace Microsoft.App --wait")
    };
    assert_eq!((registered("true"), registered("false")), (1, 0));
}

#[test]
fn audience_is_that_of_the_authority() {
    for (authority, audience) in [
        ("common", "AzureADandPersonalMicrosoftAccount"),
        ("organizations", "AzureADMultipleOrgs"),
        ("consumers", "PersonalMicrosoftAccount"),
        // As it was registered: the tenant may be another one.
        ("11111111-2222-3333-4444-555555555555", ""),
    ] {
        let authority = format!("https://login.microsoftonline.com/{authority}/v2.0");
        let azure = azure().with_variable("ENTRA_AUTHORITY", &authority);
        let outcome = azure.run("azd-hook", &["postprovision"]);
        succeeded(&outcome);
        let registration = outcome.call("/v1.0/applications/object-1").unwrap();
        let registration = registration.join(" ");
        let given = registration.split("\"signInAudience\": \"").nth(1);
        let given = given.and_then(|rest| rest.split('"').next());
        assert_eq!(given.unwrap_or_default(), audience, "{authority}");
    }
}

/// `azd provision` on a machine outside of the private network.
#[test]
fn private_vault_with_its_secrets_is_enough() {
    let private = || azure().with_variable("UNREACHABLE", "1");
    let outcome = private().run("azd-hook", &["postprovision"]);
    succeeded(&outcome);
    assert_eq!(outcome.count("keyvault secret list"), 1, "no long wait");
    assert_eq!(outcome.count("functionapp restart"), 1);
    let missing = private().with_variable("UNRESOLVED", "99");
    let outcome = missing.run("azd-hook", &["postprovision"]);
    assert!(!outcome.done && outcome.output.contains("SMTP_URL\tSecretNotFound"));
}

#[test]
fn missing_access_stops_the_step() {
    let outcome = Sandbox::new("case \"$*\" in 'keyvault secret list '*) exit 1 ;; 'ad app show '*) printf 'client-1\nobject-1\n' ;; esac\n")
        .with_variable("AZURE_KEY_VAULT_NAME", "kv")
        .with_variable("ENTRA_CLIENT_ID", "client-1")
        .with_variable("PUBLIC_BASE_URL", "https://invite.example.com")
        .run("azd-hook", &["postprovision"]);
    assert!(!outcome.done, "{}", outcome.output);
    assert_eq!(outcome.count("keyvault secret list"), 3);
    assert_eq!(outcome.count("functionapp"), 0);
}

#[test]
fn second_run_keeps_the_registration() {
    let outcome = azure().run("azd-hook", &["preprovision"]);
    succeeded(&outcome);
    assert_eq!(outcome.count("ad app"), 0);
}

#[test]
fn platform_needs_a_name() {
    let outcome = azure()
        .with_variable("PLATFORM_NAME", "")
        .run("azd-hook", &["preprovision"]);
    assert!(!outcome.done && outcome.output.contains("azd env set PLATFORM_NAME"));
}

#[test]
fn both_programs_use_one_subscription() {
    let outcome = azure()
        .with_variable("AZURE_SUBSCRIPTION_ID", "sub-2")
        .run("azd-hook", &["preprovision"]);
    assert!(
        !outcome.done
            && outcome
                .output
                .contains("az account set --subscription sub-2")
    );
}

#[test]
fn provisioned_app_gets_secrets_and_a_restart() {
    let azure = azure();
    let outcome = azure.run("azd-hook", &["postprovision"]);
    succeeded(&outcome);
    let registration = outcome.call("/v1.0/applications/object-1").unwrap();
    assert!(
        registration
            .join(" ")
            .contains("https://invite.example.com/api/AcceptCallback")
    );
    assert!(outcome.call("ad app show --id client-1").is_some());
    assert_eq!(outcome.count("ad app list"), 0, "known by its id");
    assert_eq!(outcome.count("federated-credential"), 0);
    assert!(azure.secret("session-keys").is_some());
    assert_eq!(outcome.count("functionapp restart"), 1);
    let again = azure.run("azd-hook", &["postprovision"]);
    succeeded(&again);
    assert_eq!(again.count("keyvault secret set"), 0);
    assert_eq!(again.count("credential reset"), 0);
}

#[test]
fn identity_is_trusted_where_it_signs_in() {
    let outcome = azure()
        .with_variable("ENTRA_CLIENT_ASSERTION", "managed-identity")
        .with_variable("IDENTITY_PRINCIPAL_ID", "principal-1")
        .run("azd-hook", &["postprovision"]);
    succeeded(&outcome);
    let trust = outcome.call("federated-credential create").unwrap();
    assert!(trust.join(" ").contains("principal-1"));
}

#[test]
fn deployed_app_is_waited_for() {
    let outcome = azure()
        .with_command(
            "curl",
            r#"[ "$(grep -oa Health "$STATE/calls" | wc -l)" -gt 2 ] && echo '{"commit":"0123abc"}'"#,
        )
        .run("azd-hook", &["postdeploy"]);
    succeeded(&outcome);
    assert_eq!(outcome.count("https://invite.example.com/api/Health"), 3);
    for step in [
        "Organisation account:",
        "Personal account:",
        "New account:",
        "E-mail:",
        "Webhook:",
        "Alert:",
    ] {
        assert!(outcome.output.contains(step), "{}", outcome.output);
    }
}

#[test]
fn former_version_is_no_success() {
    let outcome = azure()
        .with_command("curl", r#"echo '{"status":"ok","commit":"former"}'"#)
        .run("azd-hook", &["postdeploy"]);
    assert!(!outcome.done && outcome.output.contains("of another commit than 0123abc"));
    assert!(!outcome.output.contains("Organisation account"));
}

#[test]
fn unhealthy_app_is_no_success() {
    let outcome = azure()
        .with_command("curl", "exit 22")
        .run("azd-hook", &["postdeploy"]);
    assert!(!outcome.done && outcome.output.contains("is not healthy"));
    assert!(!outcome.output.contains("Organisation account"));
}
