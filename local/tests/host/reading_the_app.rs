//! What is read from the folder, and what is refused.

use local::host::{AuthLevel, Trigger, read_app};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::AppFolder;

#[test]
fn a_proper_app_is_read_in_the_order_of_names() {
    let folder = AppFolder::new()
        .http("beta", json!({}))
        .http("Alpha", json!({"route": "Alpha/{id?}"}))
        .timer("Sweep", "0 * * * * *");
    let app = read_app(folder.path()).unwrap();
    let names: Vec<_> = app
        .functions()
        .iter()
        .map(|function| function.name.as_str())
        .collect();
    assert_eq!(names, ["Alpha", "beta", "Sweep"]);
    let Trigger::Http(alpha) = &app.functions()[0].trigger else {
        panic!("Alpha is an HTTP function")
    };
    assert_eq!(
        (alpha.route.as_str(), alpha.auth_level),
        ("api/Alpha/{id?}", AuthLevel::Anonymous)
    );
    assert_eq!(alpha.methods, [Method::GET, Method::POST]);
    let Trigger::Timer(sweep) = &app.functions()[2].trigger else {
        panic!("Sweep is a timer")
    };
    assert_eq!(
        (sweep.binding.as_str(), sweep.schedule.as_str()),
        ("timer", "0 * * * * *")
    );
}

#[test]
fn a_function_without_route_has_its_name_and_without_level_is_closed() {
    let trigger = json!({"type": "httpTrigger", "direction": "in", "name": "req"});
    let output = json!({"type": "http", "direction": "out", "name": "res"});
    let app = read_app(
        AppFolder::new()
            .function("Plain", json!({"bindings": [trigger, output]}))
            .path(),
    )
    .unwrap();
    let Trigger::Http(plain) = &app.function("plain").unwrap().trigger else {
        panic!()
    };
    assert_eq!(
        (plain.route.as_str(), plain.auth_level, plain.methods.len()),
        ("api/Plain", AuthLevel::Function, 0)
    );
}

#[test]
fn all_problems_are_listed_at_once() {
    let folder = AppFolder::new()
        .host_json(|host| {
            host["customHandler"]["description"]["defaultExecutablePath"] = json!("bin/handler");
            host["customHandler"]["enableProxyingHttpRequest"] = json!(false);
            host["customHandler"]["port"] = json!(8080);
            host["customHandler"]["http"] = json!({"routes": []});
            host["functionTimeout"] = json!("soon");
            host["version"] = json!("1.0");
        })
        .http("Admin", json!({"route": "administration"}))
        .http("Level", json!({"authLevel": "everyone"}))
        .timer("Sweep", "* * *");
    let problems = read_app(folder.path()).unwrap_err();
    for part in [
        "defaultExecutablePath",
        "enableProxying",
        ".port",
        "http.routes",
        "functionTimeout",
        "version",
    ] {
        assert_eq!(
            problems
                .iter()
                .filter(|line| line.starts_with("host.json: ") && line.contains(part))
                .count(),
            1,
            "{part}: {problems:#?}"
        );
    }
    for start in [
        "Admin/function.json: the route",
        "Level/function.json: authLevel",
        "Sweep/function.json: \"* * *\"",
    ] {
        assert_eq!(
            problems
                .iter()
                .filter(|line| line.starts_with(start))
                .count(),
            1,
            "{start}: {problems:#?}"
        );
    }
    assert_eq!(problems.len(), 9, "{problems:#?}");
}

#[test]
fn what_the_host_requires_of_host_json_is_required() {
    let refused = |change: fn(&mut Value), part: &str| {
        refuses(
            &AppFolder::new()
                .host_json(change)
                .timer("Sweep", "0 * * * * *"),
            part,
        )
    };
    refused(
        |host| drop(host.as_object_mut().unwrap().remove("customHandler")),
        "customHandler is missing",
    );
    refused(
        |host| {
            drop(
                host["customHandler"]
                    .as_object_mut()
                    .unwrap()
                    .remove("description"),
            )
        },
        "defaultExecutablePath is missing",
    );
    refused(
        |host| host["customHandler"]["enableForwardingHttpRequest"] = json!(false),
        "enableForwardingHttpRequest",
    );
    refused(
        |host| drop(host.as_object_mut().unwrap().remove("functionTimeout")),
        "functionTimeout is missing",
    );
    refused(|host| *host = json!([]), "host.json");
}

#[test]
fn a_missing_or_broken_file_is_named() {
    let empty = tempfile::tempdir().unwrap();
    assert!(read_app(empty.path()).unwrap_err()[0].starts_with("host.json: cannot be read"));
    refuses(
        &AppFolder::new().raw_function("Broken", "{"),
        "Broken/function.json: EOF",
    );
    refuses(
        &AppFolder::new().raw_function("Bare", "{}"),
        "Bare/function.json: missing field `bindings`",
    );
}

#[test]
fn an_http_function_needs_exactly_one_trigger_and_one_output() {
    let trigger = json!({"type": "httpTrigger", "direction": "in", "name": "req"});
    let output = |name: &str| json!({"type": "http", "direction": "out", "name": name});
    for bindings in [json!([trigger]), json!([trigger, output("a"), output("b")])] {
        refuses(
            &AppFolder::new().function("F", json!({"bindings": bindings})),
            "exactly one httpTrigger and one http out",
        );
    }
    refuses(
        &AppFolder::new().function("F", json!({"bindings": [output("a")]})),
        "exactly one trigger, not 0",
    );
    let mut second = trigger.clone();
    second["name"] = json!("other");
    refuses(
        &AppFolder::new().function("F", json!({"bindings": [trigger, second, output("a")]})),
        "exactly one trigger, not 2",
    );
    refuses(
        &AppFolder::new().function("F", json!({"bindings": [trigger, output("req")]})),
        "two bindings have the name",
    );
}

#[test]
fn routes_of_the_host_and_ambiguous_routes_are_refused() {
    for route in ["admin/x", "/Administrators", "runtime", "RunTime/webhooks"] {
        refuses(
            &AppFolder::new().http("F", json!({"route": route})),
            "begins with admin or runtime",
        );
    }
    refuses(
        &AppFolder::new().http("F", json!({"route": "{*rest}"})),
        "catch-all",
    );
    refuses(
        &AppFolder::new().http("F", json!({"route": "a/{id?}/b"})),
        "optional parameter",
    );
    refuses(
        &AppFolder::new()
            .http("F", json!({"route": "same"}))
            .http("G", json!({"route": "Same"})),
        "is that of F",
    );
    let apart = AppFolder::new()
        .http("F", json!({"route": "same", "methods": ["get"]}))
        .http("G", json!({"route": "same", "methods": ["post"]}));
    assert!(read_app(apart.path()).is_ok());
}

#[test]
fn unknown_bindings_methods_names_and_directions_are_refused() {
    refuses(
        &AppFolder::new().function(
            "Q",
            json!({"bindings": [{"type": "queueTrigger", "direction": "in", "name": "q"}]}),
        ),
        "\"queueTrigger\" is not known",
    );
    refuses(
        &AppFolder::new().http("F", json!({"methods": ["fetch"]})),
        "\"fetch\" is not an HTTP method",
    );
    refuses(
        &AppFolder::new().http("1st", json!({})),
        "is not a function name",
    );
    refuses(
        &AppFolder::new().http("Host", json!({})),
        "is not a function name",
    );
    refuses(
        &AppFolder::new().http("F", json!({"direction": "out"})),
        "must be \"in\"",
    );
}

#[test]
fn a_prefix_under_which_a_timer_could_be_called_is_refused() {
    let open = |host: &mut Value| host["extensions"]["http"]["routePrefix"] = json!("");
    refuses(
        &AppFolder::new()
            .host_json(open)
            .http("F", json!({"route": "{any}"}))
            .timer("Sweep", "0 * * * * *"),
        "Sweep can be called from outside",
    );
    let other = |host: &mut Value| host["extensions"]["http"]["routePrefix"] = json!("v1");
    let app = read_app(
        AppFolder::new()
            .host_json(other)
            .http("F", json!({}))
            .path(),
    )
    .unwrap();
    assert!(matches!(&app.functions()[0].trigger, Trigger::Http(http) if http.route == "v1/F"));
}

#[track_caller]
fn refuses(folder: &AppFolder, part: &str) {
    let problems = read_app(folder.path()).unwrap_err();
    assert!(
        problems.iter().any(|problem| problem.contains(part)),
        "{part}: {problems:#?}"
    );
}
