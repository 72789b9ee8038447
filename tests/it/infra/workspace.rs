//! What azd, Visual Studio Code and a development container read: the paths and commands that they
//! name exist.

use std::fs;

use serde_json::Value;

use support::root;

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// JSON with comments on lines of their own.
fn json(file: &str) -> Value {
    let text = read(file);
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    serde_json::from_str(&lines.collect::<Vec<_>>().join("\n")).unwrap()
}

/// A target of the Makefile, or a file and its arguments.
#[track_caller]
fn assert_command(command: &str) {
    match command.strip_prefix("make ") {
        Some(target) => assert!(
            read("Makefile").contains(&format!("\n{target}:")),
            "{command}"
        ),
        None => {
            let program = command.split(' ').next().unwrap();
            assert!(root().join(program).is_file(), "{command}");
        }
    }
}

/// The values of this key, wherever it is in the YAML.
fn values<'a>(yaml: &'a str, key: &str) -> Vec<&'a str> {
    let lines = yaml.lines().map(str::trim_start);
    lines
        .filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
        .collect()
}

#[test]
fn azd_finds_its_hooks_templates_and_package() {
    let azd = read("azure.yaml");
    let hooks = values(&azd, "run");
    assert_eq!(hooks.len(), 4, "{hooks:?}");
    hooks.into_iter().for_each(assert_command);
    let (path, module) = (values(&azd, "path"), values(&azd, "module"));
    let template = format!("{}/{}.bicep", path[0], module[0]);
    assert!(root().join(&template).is_file(), "{template}");
    let settings = json(".vscode/settings.json");
    assert_eq!(
        settings["azureFunctions.deploySubpath"],
        values(&azd, "dist")[0]
    );
}

#[test]
fn editor_tasks_run_what_exists() {
    let tasks = json(".vscode/tasks.json");
    let tasks = tasks["tasks"].as_array().unwrap();
    let commands = tasks
        .iter()
        .filter(|task| task["type"] == "shell")
        .map(|task| task["command"].as_str().unwrap());
    for command in commands {
        if !command.starts_with("cargo ") {
            assert_command(command);
        }
    }
    let settings = json(".vscode/settings.json");
    let before = &settings["azureFunctions.preDeployTask"];
    assert!(tasks.iter().any(|task| task["label"] == *before));
    let launch = json(".vscode/launch.json");
    let program = launch["configurations"][0]["program"].as_str().unwrap();
    assert!(program.ends_with("/target/debug/handler"), "{program}");
}

#[test]
fn container_and_editor_have_the_same_extensions() {
    let container = json(".devcontainer/devcontainer.json");
    assert_eq!(
        container["customizations"]["vscode"]["extensions"],
        json(".vscode/extensions.json")["recommendations"]
    );
}
