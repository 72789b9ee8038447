//! What is read from the folder, and what is refused.

use local::host::{AuthLevel, Trigger, read_app};
use reqwest::Method;
use serde_json::json;

use super::support::AppFolder;

#[test]
fn functions_are_read_in_the_order_of_names() {
    let plain = r#"{"bindings": [{"type": "http", "direction": "out", "name": "res"},
                    {"type": "httpTrigger", "name": "req"}]}"#;
    let folder = AppFolder::new()
        .function("beta", plain)
        .http("Alpha", json!({"route": "Alpha/{id?}"}))
        .timer("Sweep", "0 * * * * *");
    let app = read_app(folder.path()).unwrap();
    let names: Vec<_> = app
        .functions()
        .iter()
        .map(|function| &function.name[..])
        .collect();
    assert_eq!(names, ["Alpha", "beta", "Sweep"]);
    let triggers: Vec<_> = app
        .functions()
        .iter()
        .map(|function| &function.trigger)
        .collect();
    let [
        Trigger::Http(alpha),
        Trigger::Http(beta),
        Trigger::Timer(sweep),
    ] = triggers[..]
    else {
        panic!("{triggers:?}")
    };
    assert_eq!(
        (&alpha.route[..], alpha.auth_level),
        ("api/Alpha/{id?}", AuthLevel::Anonymous)
    );
    assert_eq!(alpha.methods, [Method::GET, Method::POST]);
    assert_eq!(
        (&beta.route[..], beta.auth_level),
        ("api/beta", AuthLevel::Function)
    );
    assert!(beta.methods.is_empty());
    assert_eq!(
        (&sweep.binding[..], &sweep.schedule[..]),
        ("timer", "0 * * * * *")
    );
}

#[test]
fn all_problems_are_listed_at_once() {
    let folder = AppFolder::new()
        .host_json(|host| {
            host["customHandler"] = json!({
                "description": {"defaultExecutablePath": "bin/handler"},
                "enableForwardingHttpRequest": true,
                "port": 8080,
                "http": {"routes": []},
            });
            host["functionTimeout"] = json!("soon");
            host["version"] = json!("1.0");
        })
        .http("Admin", json!({"route": "administration"}))
        .http("Level", json!({"authLevel": "everyone"}))
        .timer("Sweep", "* * *");
    let problems = read_app(folder.path()).unwrap_err();
    for start in [
        "host.json: /version must be \"2.0\"",
        "host.json: /customHandler/description/defaultExecutablePath must be \"handler\"",
        "host.json: /customHandler/enableProxyingHttpRequest must be true",
        "host.json: /customHandler/port must not be set",
        "host.json: /customHandler/http/routes must not be set",
        "host.json: functionTimeout",
        "Admin/function.json: the route",
        "Level/function.json: unknown variant",
        "Sweep/function.json: \"* * *\"",
    ] {
        let count = problems
            .iter()
            .filter(|line| line.starts_with(start))
            .count();
        assert_eq!(count, 1, "{start}: {problems:#?}");
    }
    assert_eq!(problems.len(), 9, "{problems:#?}");
}

#[test]
fn what_the_host_accepts_is_accepted() {
    let bundle = json!({"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*]"});
    let folder = AppFolder::new()
        .host_json(|host| {
            host["extensionBundle"] = bundle;
            host["extensions"] = json!({"http": {"routePrefix": "v1"}});
            host["logging"] = json!({"applicationInsights": {"enableDependencyTracking": false}});
            host.as_object_mut().unwrap().remove("functionTimeout");
        })
        .http(
            "F",
            json!({"route": "same", "methods": ["get"], "authLevel": "Admin"}),
        )
        .http("G", json!({"route": "same", "methods": ["POST"]}))
        .http("H", json!({"route": "{*rest}"}));
    let app = read_app(folder.path()).unwrap();
    assert!(matches!(&app.functions()[0].trigger, Trigger::Http(http) if http.route == "v1/same"));
}

#[test]
fn broken_functions_are_refused() {
    let http = |members| AppFolder::new().http("F", members);
    let raw = |json: &str| AppFolder::new().function("F", json);
    for (folder, part) in [
        (raw("{"), "F/function.json: EOF"),
        (raw("{}"), "F/function.json: missing field `bindings`"),
        (
            raw(r#"{"bindings": []}"#),
            "one httpTrigger in with one http out",
        ),
        (
            raw(r#"{"bindings": [{"type": "httpTrigger", "name": "a"}]}"#),
            "one http out",
        ),
        (
            raw(r#"{"bindings": [{"type": "queueTrigger", "name": "a"}]}"#),
            "one timerTrigger",
        ),
        (
            raw(r#"{"bindings": [{"type": "timerTrigger", "name": "a"}]}"#),
            "schedule is missing",
        ),
        (http(json!({"direction": "out"})), "one httpTrigger in"),
        (
            http(json!({"methods": ["fetch"]})),
            "\"fetch\" is not an HTTP method",
        ),
        (
            http(json!({"route": "RunTime/webhooks"})),
            "belongs to the host",
        ),
        (http(json!({"route": "a/{id?}/b"})), "optional parameter"),
        (
            http(json!({"route": "g"})).http("G", json!({})),
            "G/function.json: the route \"api/G\"",
        ),
        (
            AppFolder::new().http("1st", json!({})),
            "is not a function name",
        ),
        (
            AppFolder::new().http("Host", json!({})),
            "is not a function name",
        ),
        (
            AppFolder::new().host_json(|host| *host = json!([])),
            "host.json: /version",
        ),
    ] {
        let problems = read_app(folder.path()).unwrap_err().join("\n");
        assert!(problems.contains(part), "{part}: {problems}");
    }
    let empty = tempfile::tempdir().unwrap();
    assert!(read_app(empty.path()).unwrap_err()[0].starts_with("host.json: cannot be read"));
}

#[tokio::test]
async fn settings_and_handler_are_checked_at_start() {
    let folder = || AppFolder::new().timer("Sweep", "%SWEEP_AT%");
    let start = folder().start_with(|options| {
        options.env.clear();
        options.handler = Some("/nowhere/handler".into());
    });
    let error = start.await.unwrap_err().to_string();
    for part in [
        "AzureWebJobsStorage",
        "SWEEP_AT",
        "/nowhere/handler does not exist",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let identity = ("AzureWebJobsStorage__accountName".into(), "account".into());
    let settings = vec![identity, ("SWEEP_AT".into(), "0 0 3 * * *".into())];
    folder()
        .start_with(|options| options.env = settings)
        .await
        .unwrap();
}
