//! What is deployed beside the package. Bicep's compiler checks the files (`infra/lint`), and
//! writes down what typical and full deployments ask of Azure (`infra/snapshots`); here that is
//! compared with the handler's code and with the operations page.

mod operations;
mod register_app;
mod sandbox;
mod scripts;
mod snapshot;
mod workspace;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use onboarding::config::{Config, SETTINGS};
use serde_json::Value;
use snapshot::Snapshot;
use support::root;

/// Settings of the Functions host, not of the handler.
const HOST_SETTINGS: [&str; 6] = [
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "AzureWebJobsDisableHomepage",
    "AzureWebJobsStorage__accountName",
    "AzureWebJobsStorage__clientId",
    "AzureWebJobsStorage__credential",
];

/// What the handler also takes, and has no use for where an identity reads a named account.
const ALTERNATIVES: [&str; 7] = [
    "INVITATION_STORAGE",
    "INVITATION_STORAGE__tableServiceUri",
    "AzureWebJobsStorage",
    "AzureWebJobsStorage__blobServiceUri",
    "AzureWebJobsStorage__tableServiceUri",
    "AzureWebJobsStorage__accountName",
    "AzureWebJobsStorage__clientId",
];

/// Settings that refer to the key vault, with the names of their secrets.
const SECRETS: [(&str, &str); 5] = [
    ("SESSION_KEYS", "session-keys"),
    ("ENTRA_CLIENT_SECRET", "entra-client-secret"),
    ("SMTP_URL", "smtp-url"),
    ("WEBHOOK_SECRET", "webhook-secret"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "otlp-headers"),
];

const STORAGE_ACCOUNT: &str = "Microsoft.Storage/storageAccounts";
const ROLE_ASSIGNMENT: &str = "Microsoft.Authorization/roleAssignments";
const TABLE_DATA_CONTRIBUTOR: &str = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[test]
fn app_has_the_handlers_settings_and_no_other() {
    let handler: BTreeSet<_> = set(SETTINGS.iter().copied())
        .difference(&set(ALTERNATIVES))
        .cloned()
        .collect();
    let expected: BTreeSet<_> = handler.union(&set(HOST_SETTINGS)).cloned().collect();
    for snapshot in Snapshot::all() {
        let given: BTreeSet<_> = snapshot.settings().into_keys().collect();
        assert_eq!(given, expected, "{}", snapshot.name);
    }
}

/// A value as Azure would compute it.
fn computed(name: &str, value: &str) -> String {
    if !value.starts_with('[') {
        return value.to_owned();
    }
    match name {
        "SESSION_KEYS" => {
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [7; 64])
        }
        "SMTP_URL" => "smtps://user:password@mail.example.com".to_owned(),
        "WEBHOOK_SECRET" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
        "OTEL_EXPORTER_OTLP_HEADERS" => "x-key=secret".to_owned(),
        "ENTRA_CLIENT_SECRET" => "secret".to_owned(),
        "AZURE_CLIENT_ID" | "INVITATION_STORAGE__clientId" => {
            "11111111-2222-3333-4444-666666666666".to_owned()
        }
        other => panic!("{other} = {value}"),
    }
}

#[test]
fn handler_starts_with_deployed_settings() {
    for snapshot in Snapshot::all() {
        let values: BTreeMap<_, _> = snapshot
            .settings()
            .into_iter()
            .filter(|(name, _)| !HOST_SETTINGS.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), computed(&name, &value)))
            .collect();
        if let Err(problems) = Config::read(|name| values.get(name).cloned()) {
            panic!("{}: {problems}", snapshot.name);
        }
    }
}

#[test]
fn secrets_are_references_into_the_key_vault() {
    for snapshot in Snapshot::all() {
        let settings = snapshot.settings();
        for (setting, secret) in SECRETS {
            let value = &settings[setting];
            assert!(
                value.is_empty() || value.contains(&format!("{{0}}secrets/{secret})")),
                "{setting} is {value}"
            );
        }
        assert!(!settings["SESSION_KEYS"].is_empty());
    }
}

#[test]
fn either_a_client_secret_or_the_identity() {
    for (name, secret) in [("typical", true), ("full", false)] {
        let settings = Snapshot::read(name).settings();
        assert_eq!(!settings["ENTRA_CLIENT_SECRET"].is_empty(), secret);
        assert_eq!(settings["ENTRA_CLIENT_ASSERTION"].is_empty(), secret);
    }
}

#[test]
fn no_template_reads_a_key() {
    for entry in fs::read_dir(root().join("infra")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "bicep") {
            let text = fs::read_to_string(&path).unwrap();
            for word in ["listKeys", "AccountKey=", "@secure", "SharedAccess"] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
        }
    }
}

#[test]
fn storage_accounts_have_no_keys_in_use() {
    for snapshot in Snapshot::all() {
        let accounts = snapshot.of_type(STORAGE_ACCOUNT);
        assert_eq!(accounts.len(), 2, "the invitations, and the host");
        for account in accounts {
            assert_eq!(account["properties"]["allowSharedKeyAccess"], false);
            assert_eq!(account["properties"]["allowBlobPublicAccess"], false);
        }
    }
}

#[test]
fn app_reaches_its_table_and_not_the_account() {
    for snapshot in Snapshot::all() {
        let settings = snapshot.settings();
        let (data, host) = (
            &settings["INVITATION_STORAGE__accountName"],
            &settings["AzureWebJobsStorage__accountName"],
        );
        assert_ne!(data, host);
        let on_data: Vec<_> = snapshot
            .of_type(ROLE_ASSIGNMENT)
            .into_iter()
            .filter(|role| role["id"].as_str().unwrap().contains(&format!("/{data}/")))
            .collect();
        assert_eq!(on_data.len(), 1);
        assert!(on_data[0]["id"].as_str().unwrap().contains(&format!(
            "/{data}/tableServices/default/tables/{}/",
            settings["INVITATION_TABLE"]
        )));
        let role = on_data[0]["properties"]["roleDefinitionId"].as_str();
        assert!(role.unwrap().ends_with(TABLE_DATA_CONTRIBUTOR));
    }
}

#[test]
fn flex_gets_nothing_that_it_refuses() {
    for snapshot in Snapshot::all() {
        let site = &snapshot.of_type("Microsoft.Web/sites")[0]["properties"];
        assert_eq!(site["functionAppConfig"]["runtime"]["name"], "custom");
        assert_eq!(site["siteConfig"].get("ftpsState"), None, "ARM error 51021");
        assert!(!snapshot.settings().contains_key("FUNCTIONS_WORKER_RUNTIME"));
        assert_eq!(snapshot.settings()["AzureWebJobsDisableHomepage"], "true");
    }
}

/// Earlier ones retire on 27 February 2027.
#[test]
fn key_vault_api_is_a_recent_one() {
    for snapshot in Snapshot::all() {
        let mut resources = snapshot.of_type("Microsoft.KeyVault/vaults").into_iter();
        assert!(resources.all(|vault| vault["apiVersion"].as_str() >= Some("2026-02-01")));
    }
}

#[test]
fn every_call_to_the_table_is_logged() {
    for snapshot in Snapshot::all() {
        let settings = snapshot.of_type("Microsoft.Insights/diagnosticSettings");
        let own = |setting: &&Value| setting["id"].as_str().unwrap().contains("/tableServices/");
        let table: Vec<_> = settings.into_iter().filter(own).collect();
        assert_eq!(table.len(), 1);
        let logs = table[0]["properties"]["logs"].as_array().unwrap();
        let logs = logs.iter().filter(|log| log["enabled"] == true);
        let categories: BTreeSet<_> = logs.filter_map(|log| log["category"].as_str()).collect();
        let expected = ["StorageDelete", "StorageRead", "StorageWrite"];
        assert_eq!(categories, BTreeSet::from(expected));
    }
}

#[test]
fn private_network_closes_public_access() {
    let closed = |snapshot: &Snapshot| {
        let mut kinds = snapshot.of_type(STORAGE_ACCOUNT);
        kinds.extend(snapshot.of_type("Microsoft.KeyVault/vaults"));
        assert_eq!(kinds.len(), 3);
        kinds.into_iter().all(|resource| {
            resource["properties"]["publicNetworkAccess"] == "Disabled"
                && resource["properties"]["networkAcls"]["defaultAction"] == "Deny"
        })
    };
    assert!(!closed(&Snapshot::read("typical")));
    let full = Snapshot::read("full");
    assert!(closed(&full));
    assert_eq!(full.of_type("Microsoft.Network/privateEndpoints").len(), 5);
    let site = &full.of_type("Microsoft.Web/sites")[0]["properties"];
    assert!(site["virtualNetworkSubnetId"].is_string());
}

#[test]
fn front_door_is_the_only_way_in() {
    let restrictions = |name| {
        let snapshot = Snapshot::read(name);
        let site = snapshot.of_type("Microsoft.Web/sites")[0]["properties"]["siteConfig"].clone();
        (
            site["ipSecurityRestrictionsDefaultAction"].clone(),
            site["ipSecurityRestrictions"].clone(),
        )
    };
    assert_eq!(restrictions("typical").0, "Allow");
    let (default, rules) = restrictions("full");
    assert_eq!(default, "Deny");
    assert_eq!(rules[0]["ipAddress"], "AzureFrontDoor.Backend");
    assert!(rules[0]["headers"]["x-azure-fdid"][0].is_string());
}

/// The alerts with their rules: log queries, and metrics without one.
fn alerts() -> BTreeMap<String, Option<String>> {
    let snapshot = Snapshot::read("typical");
    let mut alerts = BTreeMap::new();
    for rule in snapshot.of_type("Microsoft.Insights/scheduledQueryRules") {
        let query = rule["properties"]["criteria"]["allOf"][0]["query"].as_str();
        let name = rule["properties"]["displayName"].as_str().unwrap();
        alerts.insert(name.to_owned(), query.map(str::to_owned));
    }
    for rule in snapshot.of_type("Microsoft.Insights/metricAlerts") {
        let name = rule["name"].as_str().unwrap();
        alerts.insert(name.split_once("-onboarding").unwrap().0.to_owned(), None);
    }
    let expiry = snapshot.of_type("Microsoft.EventGrid/systemTopics/eventSubscriptions");
    let name = expiry[0]["name"].as_str().unwrap();
    alerts.insert(name.rsplit_once('/').unwrap().1.to_owned(), None);
    alerts
}

/// The handler's code, all of it.
fn source(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&source(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn alerts_look_for_sentences_that_are_logged() {
    let source = source(&root().join("src"));
    let alerts = alerts();
    let sentences: BTreeSet<_> = alerts
        .values()
        .flatten()
        .flat_map(|query| query.lines().filter(|line| line.contains("line.message")))
        .flat_map(|line| line.split('\'').skip(1).step_by(2))
        .collect();
    assert!(sentences.len() >= 5, "{sentences:?}");
    for sentence in sentences {
        assert!(
            source.contains(&format!("\"{sentence}")),
            "nothing logs «{sentence}»"
        );
    }
}

/// What stands before the sentence in each macro that logs it.
fn logged_with(source: &str, sentence: &str) -> Vec<String> {
    let quoted = format!("\"{sentence}");
    let found = source.match_indices(quoted.as_str());
    let macros = found.filter_map(|(at, _)| Some(&source[source[..at].rfind("tracing::")?..at]));
    macros.map(str::to_owned).collect()
}

#[test]
fn alerts_read_fields_that_are_logged() {
    let source = source(&root().join("src"));
    let mut count = 0;
    for (name, query) in alerts() {
        let query = query.unwrap_or_default();
        let sentences = query.split('\'').skip(1).step_by(2);
        let logged: Vec<_> = sentences
            .flat_map(|sentence| logged_with(&source, sentence))
            .collect();
        for field in query.split("line.").skip(1) {
            let end = field.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
            let field = &field[..end.unwrap_or(field.len())];
            let is_logged = match field {
                "message" => continue,
                // Of the request, or of the delivery.
                "span.invitation" => source.contains("invitation = field::Empty"),
                field => logged.iter().any(|own| {
                    let mut words = own.split(|c: char| !c.is_alphanumeric() && c != '_');
                    words.any(|word| word == field)
                }),
            };
            assert!(is_logged, "{name}: {field}");
            count += 1;
        }
    }
    assert!(count >= 6, "{count}");
}

/// The e-mail of the alert names them, so that no one has to search the log first.
#[test]
fn alert_on_errors_names_microsofts_number() {
    let snapshot = Snapshot::read("typical");
    let rules = snapshot.of_type("Microsoft.Insights/scheduledQueryRules");
    let mut rules = rules.into_iter();
    let errors = rules
        .find(|rule| rule["properties"]["displayName"] == "our-errors")
        .unwrap();
    let criterion = &errors["properties"]["criteria"]["allOf"][0];
    let dimensions = criterion["dimensions"].as_array().unwrap();
    let names: Vec<_> = dimensions.iter().map(|own| &own["name"]).collect();
    assert_eq!(names, ["outcome", "aadsts"]);
    let query = criterion["query"].as_str().unwrap();
    for name in names {
        assert!(query.contains(&format!("{} = ", name.as_str().unwrap())));
    }
}

#[test]
fn alerts_do_not_trust_the_hosts_levels() {
    // To the host each of our lines is Information, and a 5xx is a success.
    for (name, query) in alerts() {
        let query = query.unwrap_or_default();
        assert!(!query.contains("SeverityLevel"), "{name}");
        assert!(!query.contains("Success == false"), "{name}");
        if query.contains("Success") {
            let timers = ["'DeliverEvents'", "'PurgeInvitations'"];
            let is_of_a_timer = timers.iter().any(|timer| query.contains(timer));
            assert!(is_of_a_timer, "{name}: timers only");
        }
    }
    let errors = alerts()
        .remove("server-errors")
        .flatten()
        .unwrap_or_default();
    assert!(errors.contains("toint(ResultCode) >= 500"), "{errors}");
}

#[test]
fn log_alerts_do_not_wait_for_their_tables() {
    for rule in Snapshot::read("typical").of_type("Microsoft.Insights/scheduledQueryRules") {
        assert_eq!(rule["properties"]["skipQueryValidation"], true);
    }
}

/// The windows of the rules that watch timers, by the rules' names; `None` where a rule is off.
fn timer_windows(snapshot: &Snapshot) -> BTreeMap<String, Option<String>> {
    let rules = snapshot.of_type("Microsoft.Insights/scheduledQueryRules");
    let properties = rules.into_iter().map(|rule| &rule["properties"]);
    properties
        .filter_map(|rule| {
            let name = rule["displayName"].as_str()?;
            let is_on = rule["enabled"].as_bool()?;
            let window = rule["windowSize"].as_str()?.to_owned();
            name.ends_with("-stalled")
                .then(|| (name.to_owned(), is_on.then_some(window)))
        })
        .collect()
}

#[test]
fn alerts_on_timers_follow_the_schedules() {
    for (name, deliver, purge) in [("typical", "PT15M", "PT6H"), ("full", "PT30M", "P2D")] {
        let snapshot = Snapshot::read(name);
        let expected = [("purge-stalled", purge), ("timer-stalled", deliver)]
            .map(|(alert, window)| (alert.to_owned(), Some(window.to_owned())));
        assert_eq!(timer_windows(&snapshot), BTreeMap::from(expected));
        let settings = snapshot.settings();
        for (setting, window) in [("DELIVER_SCHEDULE", deliver), ("PURGE_SCHEDULE", purge)] {
            assert_eq!(window_of(&settings[setting]), window, "{name}: {setting}");
        }
    }
}

/// What `infra/schedule.bicep` made of a schedule.
fn window_of(schedule: &str) -> String {
    let windows = Snapshot::output("schedules", "windows");
    let mut windows = windows.as_array().unwrap().iter();
    let found = windows.find(|own| own["schedule"] == schedule).unwrap();
    found["window"].as_str().unwrap().to_owned()
}

#[test]
fn alert_on_a_timer_waits_longer_than_its_schedule() {
    let minutes = |window: &str| match window {
        "PT15M" => 15,
        "PT30M" => 30,
        "PT6H" => 6 * 60,
        "P2D" => 48 * 60,
        other => panic!("{other}"),
    };
    // With the longest time between two runs, in minutes.
    for (schedule, interval) in [
        ("0 * * * * *", 1),
        ("* * * * *", 1),
        ("30 */5 * * * *", 5),
        ("0 */10 * * * *", 10),
        ("0 */15 * * * *", 15),
        ("0 0,30 * * * *", 30),
        ("0 17 * * * *", 60),
        ("0 0 */2 * * *", 120),
        ("0 0 */3 * * *", 180),
        ("0 */5 8-18 * * *", 13 * 60 + 5),
        ("0 0 3 * * *", 24 * 60),
        ("0 3 * * *", 24 * 60),
    ] {
        let window = minutes(&window_of(schedule));
        // A record takes some minutes until the rule sees it.
        assert!(
            window >= 2 * interval + 5 || window == 48 * 60,
            "{schedule}"
        );
        assert!(window <= 48 * interval.max(1), "{schedule}: too late");
    }
    for rare in ["0 0 3 * * 1-5", "0 0 3 1 * *"] {
        assert_eq!(window_of(rare), "", "{rare}: off");
    }
}

/// A quiet app has no other requests, and timers run without any.
#[test]
fn alerts_on_timers_count_their_own_runs_alone() {
    for (alert, function) in [
        ("timer-stalled", "DeliverEvents"),
        ("purge-stalled", "PurgeInvitations"),
    ] {
        let query = alerts().remove(alert).flatten().unwrap();
        let expected = format!("AppRequests | where OperationName == '{function}' and Success");
        assert_eq!(query, expected);
    }
}

#[test]
fn health_is_called_from_outside() {
    let snapshot = Snapshot::read("typical");
    let test = &snapshot.of_type("Microsoft.Insights/webtests")[0]["properties"];
    let url = format!("{}/api/Health", snapshot.settings()["PUBLIC_BASE_URL"]);
    assert_eq!(test["Request"]["RequestUrl"], Value::from(url));
    assert!(alerts().contains_key("app-unavailable"));
}

#[test]
fn operations_page_names_every_alert_and_secret() {
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let alerts = alerts();
    assert!(alerts.len() >= 8, "{alerts:?}");
    for alert in alerts.keys() {
        assert!(page.contains(&format!("| `{alert}` |")), "{alert}");
    }
    for (_, secret) in SECRETS {
        assert!(page.contains(&format!("`{secret}`")), "{secret}");
    }
}

#[test]
fn operations_page_names_every_parameter() {
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let example = fs::read_to_string(root().join("local.settings.json.example")).unwrap();
    let parameters = fs::read_to_string(root().join("infra/main.bicepparam")).unwrap();
    let names = parameters
        .split("readEnvironmentVariable('")
        .skip(1)
        .map(|rest| rest.split('\'').next().unwrap());
    for name in names {
        assert!(
            page.contains(name) || example.contains(&format!("\"{name}\"")),
            "{name} is explained nowhere"
        );
    }
}

/// The names that a Bicep file declares as parameters; `true` where it has a default.
fn parameters(file: &str) -> BTreeMap<String, bool> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("param "));
    let declared = lines.map(|line| (line.split(' ').next().unwrap(), line.contains('=')));
    declared
        .map(|(name, has_default)| (name.to_owned(), has_default))
        .collect()
}

/// The documentation deploys both templates with these parameters.
#[test]
fn parameters_fit_both_templates() {
    let given = parameters("infra/main.bicepparam");
    for template in ["infra/main.bicep", "infra/resources.bicep"] {
        let declared = parameters(template);
        for name in given.keys() {
            assert!(declared.contains_key(name), "{template} has no {name}");
        }
        for (name, has_default) in declared {
            let is_given = has_default || given.contains_key(&name);
            assert!(is_given, "{template}: nothing gives {name}");
        }
    }
}

#[test]
fn operations_page_states_the_defaults() {
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let parameters = fs::read_to_string(root().join("infra/main.bicepparam")).unwrap();
    let mut count = 0;
    for read in parameters.split("readEnvironmentVariable('").skip(1) {
        let (name, rest) = read.split_once("', '").unwrap();
        let (default, _) = rest.split_once('\'').unwrap();
        let Some((_, row)) = page.split_once(&format!("\n| `{name}` | ")) else {
            continue;
        };
        let stated = row.split(" |").next().unwrap();
        let fits = match stated.strip_prefix('`') {
            Some(value) => value.trim_end_matches('`') == default,
            // Azure chooses, or there is none.
            None => ["", "0"].contains(&default),
        };
        assert!(fits, "{name} is {default:?}, and {stated} on the page");
        count += 1;
    }
    assert!(count >= 20, "{count}");
}

#[test]
fn workflows_pin_their_actions_by_hash() {
    let mut count = 0;
    for entry in fs::read_dir(root().join(".github/workflows")).unwrap() {
        let path = entry.unwrap().path();
        let workflow = fs::read_to_string(&path).unwrap();
        let steps = workflow
            .lines()
            .map(|line| line.trim_start().trim_start_matches("- "));
        for action in steps.filter_map(|step| step.strip_prefix("uses: ")) {
            let (_, reference) = action.split_once('@').unwrap();
            let (hash, version) = reference.split_once(" # v").unwrap_or_default();
            let is_hash = hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_hash, "{}: {action}", path.display());
            assert!(version.contains('.'), "{}: {action}", path.display());
            count += 1;
        }
    }
    assert!(count >= 20, "{count}");
}

#[test]
fn documented_mail_servers_are_accepted() {
    let page = fs::read_to_string(root().join("docs/OPERATIONS.md")).unwrap();
    let urls: Vec<_> = page
        .split('`')
        .filter(|code| code.starts_with("smtp://") || code.starts_with("smtps://"))
        .collect();
    assert!(urls.len() >= 5, "{urls:?}");
    let settings = Snapshot::read("typical").settings();
    for url in urls {
        let url = url.replace("HOST", "mail.example.com");
        let value = |name: &str| match name {
            "SMTP_URL" => Some(url.clone()),
            name if HOST_SETTINGS.contains(&name) => None,
            name => Some(computed(name, settings.get(name)?)),
        };
        if let Err(problems) = Config::read(value) {
            panic!("{url}: {problems}");
        }
    }
}
