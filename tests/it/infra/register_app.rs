//! `infra/register-app.sh` against a stand-in for the Azure CLI that writes down what it is asked.

use serde_json::Value;

use support::items;

use super::sandbox::{Outcome, Sandbox};

const CLIENT: &str = "aaaaaaaa-0000-0000-0000-000000000001";
const OBJECT: &str = "bbbbbbbb-0000-0000-0000-000000000002";
const IDENTITY: &str = "cccccccc-0000-0000-0000-000000000003";
const TENANT: &str = "dddddddd-0000-0000-0000-000000000004";

/// What the stand-in knows.
#[derive(Clone, Copy, Default)]
struct Directory {
    registrations: usize,
    trusts: Option<&'static str>,
    without_beta: bool,
    /// Of the registration that is found by its name.
    redirects_to: &'static str,
    /// The id of the enterprise application, if there is one.
    principal: &'static str,
    /// JSON; `[]` where it is empty.
    roles: &'static str,
}

impl Outcome {
    /// The body that is sent to an address of Graph.
    fn body(&self, address: &str) -> Value {
        let call = self.call(address).unwrap();
        let at = call
            .iter()
            .position(|word| word == "--body" || word == "--parameters")
            .unwrap();
        serde_json::from_str(&call[at + 1]).unwrap()
    }
}

fn register(directory: Directory, arguments: &[&str]) -> Outcome {
    let address = match directory.redirects_to {
        "" => "None",
        address => address,
    };
    let listed = format!("{CLIENT}\\t{OBJECT}\\t{address}\\n").repeat(directory.registrations);
    let az = format!(
        r#"case "$*" in
    'ad app list '*) printf '{listed}' ;;
    'ad app create '*PersonalMicrosoftAccount*)
        # As Microsoft Graph does.
        case "$*" in
            *'--requested-access-token-version 2'*) printf '{CLIENT}\n{OBJECT}\n' ;;
            *) echo 'Property api.requestedAccessTokenVersion is invalid.' >&2; exit 1 ;;
        esac ;;
    'ad sp list '*) echo '{principal}' ;;
    'ad app create '*) printf '{CLIENT}\n{OBJECT}\n' ;;
    'account show '*) echo {TENANT} ;;
    'account get-access-token '*) echo token-of-the-operator ;;
    'ad app show '*appRoles*) echo '{roles}' ;;
    'ad app show '*'[appId, id]'*) printf '{CLIENT}\n{OBJECT}\n' ;;
    'ad app show '*) printf 'None\nhttps://old.example/privacy\nNone\n' ;;
    'ad app federated-credential list '*) echo '{trusts}' ;;
    *'/beta/'*) exit {beta} ;;
esac
"#,
        trusts = directory.trusts.unwrap_or_default(),
        principal = directory.principal,
        roles = match directory.roles {
            "" => "[]",
            roles => roles,
        },
        beta = i32::from(directory.without_beta),
    );
    Sandbox::new(&az)
        .with_command("curl", "cat >\"$STATE/stdin-of-curl\"")
        .run("register-app.sh", arguments)
}

const USUAL: [&str; 6] = [
    "--name",
    "Tom's rConnect",
    "--url",
    "https://invite.example.com/",
    "--identity",
    IDENTITY,
];

#[test]
fn first_run_registers_redirect_claims_and_trust() {
    let outcome = register(Directory::default(), &USUAL);
    assert!(outcome.done, "{}", outcome.output);
    assert!(
        outcome
            .output
            .ends_with(&format!("ENTRA_CLIENT_ID={CLIENT}\n")),
        "{}",
        outcome.output
    );
    let created = outcome.call("ad app create").unwrap().join(" ");
    assert!(
        created.contains(
            "--display-name Tom's rConnect --sign-in-audience AzureADandPersonalMicrosoftAccount"
        ),
        "{created}"
    );
    assert!(
        outcome
            .call("ad app list")
            .unwrap()
            .contains(&"displayName eq 'Tom''s rConnect'".to_owned())
    );

    let registration = outcome.body(&format!("/v1.0/applications/{OBJECT} "));
    assert_eq!(
        registration["web"]["redirectUris"],
        serde_json::json!([
            "https://invite.example.com/api/AcceptCallback",
            "https://invite.example.com/api/AppConsent",
            "https://invite.example.com/api/desk/signed-in"
        ])
    );
    assert_eq!(
        registration["web"]["implicitGrantSettings"]["enableIdTokenIssuance"],
        false
    );
    let claims: Vec<_> = items(&registration["optionalClaims"]["idToken"])
        .map(|claim| &claim["name"])
        .collect();
    for claim in [
        "email",
        "xms_edov",
        "acct",
        "verified_primary_email",
        "login_hint",
    ] {
        assert!(claims.contains(&&Value::from(claim)), "{claim}");
    }
    assert_eq!(
        outcome.body("/authenticationBehaviors"),
        serde_json::json!({"removeUnverifiedEmailClaim": true})
    );

    let trust = outcome.body("federated-credential create");
    assert_eq!(
        (trust["subject"].as_str(), &trust["audiences"][0]),
        (Some(IDENTITY), &Value::from("api://AzureADTokenExchange"))
    );
    assert_eq!(
        trust["issuer"],
        format!("https://login.microsoftonline.com/{TENANT}/v2.0")
    );
}

/// The values of the roles that are registered, if they are.
fn registered_roles(roles: &'static str) -> Option<Vec<String>> {
    let directory = Directory {
        roles,
        ..Directory::default()
    };
    let outcome = register(directory, &USUAL);
    assert!(outcome.done, "{}", outcome.output);
    let call = outcome.call("appRoles\": [")?;
    let body: Value = serde_json::from_str(call.last().unwrap()).unwrap();
    let names = items(&body["appRoles"]).map(|role| role["value"].as_str().unwrap().to_owned());
    Some(names.collect())
}

#[test]
fn desk_roles_are_added_to_others_once() {
    let own = ["Invitations.Manage", "Invitations.Read"];
    assert_eq!(registered_roles("[]").unwrap(), own);
    let others = r#"[{"value": "Other", "allowedMemberTypes": ["User"]}]"#;
    let all = ["Other", own[0], own[1]];
    assert_eq!(registered_roles(others).unwrap(), all);
    let known = r#"[{"value": "Invitations.Manage"}, {"value": "Invitations.Read"}]"#;
    assert_eq!(registered_roles(known), None);
}

#[test]
fn second_run_registers_nothing_twice() {
    let outcome = register(
        Directory {
            registrations: 1,
            trusts: Some(IDENTITY),
            ..Directory::default()
        },
        &USUAL,
    );
    assert!(
        outcome.done
            && outcome
                .output
                .ends_with(&format!("ENTRA_CLIENT_ID={CLIENT}\n")),
        "{}",
        outcome.output
    );
    assert!(
        outcome.call("ad app create").is_none()
            && outcome.call("federated-credential create").is_none()
    );
    assert!(outcome.call("federated-credential update").is_none());
    assert_eq!(
        outcome.body(&format!("/v1.0/applications/{OBJECT} "))["api"]["requestedAccessTokenVersion"],
        2,
        "but brought up to date"
    );
}

#[test]
fn known_registration_is_updated_by_its_id() {
    let other = Directory {
        registrations: 1,
        redirects_to: "https://other.example/api/AcceptCallback",
        ..Directory::default()
    };
    let outcome = register(other, &[&["--client-id", CLIENT], &USUAL[2..4]].concat());
    assert!(outcome.done, "{}", outcome.output);
    assert_eq!(outcome.count("ad app list"), 0, "a name is no identity");
    assert_eq!(outcome.count("ad app create"), 0);
    assert!(
        outcome
            .call(&format!("ad app show --id {CLIENT}"))
            .is_some()
    );
    let registration = outcome.body(&format!("/v1.0/applications/{OBJECT} "));
    assert_eq!(
        registration["web"]["redirectUris"][0],
        "https://invite.example.com/api/AcceptCallback"
    );
}

#[test]
fn registration_of_another_environment_is_left_alone() {
    let other = Directory {
        registrations: 1,
        redirects_to: "https://other.example/api/AcceptCallback",
        ..Directory::default()
    };
    for arguments in [&USUAL[..], &USUAL[..2]] {
        let outcome = register(other, arguments);
        assert!(!outcome.done);
        for named in ["https://other.example/", &format!("--client-id {CLIENT}")] {
            assert!(outcome.output.contains(named), "{}", outcome.output);
        }
        assert_eq!(outcome.calls.len(), 1, "{:?}", outcome.calls);
    }
    let same = Directory {
        redirects_to: "https://invite.example.com/api/AcceptCallback",
        ..other
    };
    assert!(register(same, &USUAL).done);
}

#[test]
fn another_identity_replaces_the_first() {
    let outcome = register(
        Directory {
            registrations: 1,
            trusts: Some("other-identity"),
            ..Directory::default()
        },
        &USUAL,
    );
    assert!(
        outcome.done && outcome.call("federated-credential create").is_none(),
        "{}",
        outcome.output
    );
    assert_eq!(
        outcome.body("federated-credential update")["subject"],
        IDENTITY
    );
}

#[test]
fn identity_and_beta_are_optional() {
    let outcome = register(
        Directory {
            without_beta: true,
            ..Directory::default()
        },
        &USUAL[..4],
    );
    assert!(
        outcome.done && outcome.call("federated-credential").is_none(),
        "{}",
        outcome.output
    );
    assert!(
        outcome
            .output
            .contains("could not set removeUnverifiedEmailClaim"),
        "{}",
        outcome.output
    );
}

#[test]
fn ambiguous_or_wrong_arguments_change_nothing() {
    let two = register(
        Directory {
            registrations: 2,
            ..Directory::default()
        },
        &USUAL,
    );
    assert!(
        !two.done && two.output.contains("more than one registration"),
        "{}",
        two.output
    );
    assert_eq!(two.calls.len(), 1);
    for wrong in [
        &["--url", "https://h"][..],
        &["--name", "x", "--url"],
        &["--name", "x", "--url", "http://plain.example"],
        &["--name", "x", "--url", "https://h/path"],
        &["--what", "x"],
    ] {
        let outcome = register(Directory::default(), wrong);
        assert!(
            !outcome.done && outcome.calls.is_empty(),
            "{wrong:?}: {}",
            outcome.output
        );
    }
}

#[test]
fn enterprise_application_is_made_once() {
    let made = |principal| {
        let directory = Directory {
            principal,
            ..Directory::default()
        };
        let outcome = register(directory, &USUAL);
        assert!(outcome.done, "{}", outcome.output);
        outcome.count(&format!("ad sp create --id {CLIENT}"))
    };
    assert_eq!((made(""), made("an-id")), (1, 0));
}

#[test]
fn audience_changes_only_where_it_is_given() {
    let audience = |arguments: &[&str]| {
        let outcome = register(Directory::default(), arguments);
        assert!(outcome.done, "{}", outcome.output);
        let body = outcome.body(&format!("/v1.0/applications/{OBJECT} "));
        body.get("signInAudience").cloned()
    };
    assert_eq!(audience(&["--client-id", CLIENT]), None);
    let given = audience(&["--client-id", CLIENT, "--audience", "AzureADMyOrg"]);
    assert_eq!(given, Some(Value::from("AzureADMyOrg")));
    let new = audience(&["--name", "x"]);
    assert_eq!(new, Some(Value::from("AzureADandPersonalMicrosoftAccount")));
}

#[test]
fn redirect_uri_stays_without_a_url() {
    let outcome = register(Directory::default(), &["--name", "x"]);
    assert!(outcome.done, "{}", outcome.output);
    let registration = outcome.body(&format!("/v1.0/applications/{OBJECT} "));
    assert_eq!(registration["web"].get("redirectUris"), None);
}

/// What Microsoft's consent page links to, and its logo.
#[test]
fn consent_page_links_and_logo_are_registered() {
    let dir = tempfile::tempdir().unwrap();
    let logo = dir.path().join("logo.png");
    std::fs::write(&logo, b"PNG").unwrap();
    let logo = logo.to_str().unwrap();
    let more = [
        "--terms",
        "https://seller.example/terms",
        "--support",
        "https://seller.example/help",
        "--logo",
        logo,
    ];
    let outcome = register(Directory::default(), &[&USUAL[..], &more].concat());
    assert!(outcome.done, "{}", outcome.output);
    assert_eq!(
        outcome.body(&format!("/v1.0/applications/{OBJECT} "))["info"],
        serde_json::json!({
            "termsOfServiceUrl": "https://seller.example/terms",
            "privacyStatementUrl": "https://old.example/privacy",
            "supportUrl": "https://seller.example/help",
        }),
        "what is not given is kept"
    );
    let upload = outcome.call("curl").unwrap().join(" ");
    for part in [
        "--request PUT",
        "Content-Type: image/png",
        &format!("@{logo}"),
        &format!("/v1.0/applications/{OBJECT}/logo"),
    ] {
        assert!(upload.contains(part), "{part}: {upload}");
    }
    assert!(!upload.contains("token-of-the-operator"), "{upload}");
}

#[test]
fn consent_page_links_stay_unless_given() {
    let outcome = register(Directory::default(), &USUAL);
    let registration = outcome.body(&format!("/v1.0/applications/{OBJECT} "));
    assert_eq!(registration.get("info"), None);
    assert!(outcome.call("curl").is_none());
    for wrong in [
        &["--name", "x", "--terms", "http://plain.example"][..],
        &["--name", "x", "--privacy", "https://h/\"quoted"],
        &["--name", "x", "--logo", "logo.svg"],
        &["--name", "x", "--logo", "/nonexistent/logo.png"],
    ] {
        let outcome = register(Directory::default(), wrong);
        assert!(
            !outcome.done && outcome.calls.is_empty(),
            "{wrong:?}: {}",
            outcome.output
        );
    }
}
