//! A script of `infra/` between stand-ins for `az`, `azd` and `curl`, which write down each call.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use support::root;

/// Each argument ends with a NUL, each call with an empty argument; the name comes first.
const RECORD: &str = r#"#!/bin/bash
{ printf '%s\0' "${0##*/}" "$@"; printf '\0'; } >>"$STATE/calls"
"#;

pub(crate) struct Sandbox {
    state: TempDir,
    variables: Vec<(String, String)>,
}

pub(crate) struct Outcome {
    pub(crate) done: bool,
    /// Standard output and standard error.
    pub(crate) output: String,
    pub(crate) calls: Vec<Vec<String>>,
}

impl Sandbox {
    /// The stand-in for `az` answers as this fragment of a shell script does.
    pub(crate) fn new(az: &str) -> Self {
        let state = tempfile::tempdir().unwrap();
        let sandbox = Self {
            state,
            variables: Vec::new(),
        };
        fs::create_dir(sandbox.path("bin")).unwrap();
        fs::create_dir(sandbox.path("secrets")).unwrap();
        sandbox.with_command("az", az).with_command("azd", "")
    }

    pub(crate) fn with_command(self, name: &str, script: &str) -> Self {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("{RECORD}{script}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without_variable(mut self, name: &str) -> Self {
        self.variables.retain(|(own, _)| own != name);
        self
    }

    pub(crate) fn with_secret(self, name: &str, value: &str) -> Self {
        fs::write(self.path("secrets").join(name), value).unwrap();
        self
    }

    pub(crate) fn secret(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path("secrets").join(name)).ok()
    }

    /// A script of `infra/`, without a terminal.
    pub(crate) fn run(&self, script: &str, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(root().join("infra").join(script));
        command.args(arguments).stdin(Stdio::null());
        let output = self.prepare(&mut command).output().unwrap();
        self.outcome(output)
    }

    /// A script of `infra/` with its arguments, in a terminal in which these lines are typed.
    /// `None` where util-linux's `script`, which makes the terminal, is missing.
    pub(crate) fn run_in_terminal(&self, script: &str, lines: &str) -> Option<Outcome> {
        let mut command = Command::new("script");
        let typed = root().join("infra").join(script);
        command
            .args(["-qec", typed.to_str().unwrap(), "/dev/null"])
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.prepare(&mut command).spawn().ok()?;
        let mut terminal = child.stdin.take().unwrap();
        terminal.write_all(lines.as_bytes()).unwrap();
        drop(terminal);
        Some(self.outcome(child.wait_with_output().unwrap()))
    }

    fn prepare<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let path = std::env::var("PATH").unwrap();
        let _ = fs::remove_file(self.path("calls"));
        command
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("STATE", self.state.path())
            .envs([("PAUSE", "0"), ("TRIES", "3")])
            .envs(self.variables.iter().cloned())
    }

    fn outcome(&self, output: Output) -> Outcome {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Outcome {
            done: output.status.success(),
            output: text(output.stdout) + &text(output.stderr),
            calls: self.calls(),
        }
    }

    fn calls(&self) -> Vec<Vec<String>> {
        let written = fs::read_to_string(self.path("calls")).unwrap_or_default();
        let calls = written.split_terminator("\0\0");
        calls
            .map(|call| call.split('\0').map(str::to_owned).collect())
            .collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.state.path().join(name)
    }
}

impl Outcome {
    /// The first call that has these words in this order, one after the other.
    pub(crate) fn call(&self, words: &str) -> Option<&Vec<String>> {
        self.calls
            .iter()
            .find(|call| call.join(" ").contains(words))
    }

    pub(crate) fn count(&self, words: &str) -> usize {
        let calls = self.calls.iter();
        calls.filter(|call| call.join(" ").contains(words)).count()
    }
}
