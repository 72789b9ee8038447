//! docs/API.md and docs/INTEGRATE.md: every command in them runs as written and answers what the
//! page says.

use std::{collections::BTreeMap, process::Command};

use local::host::Keys;
use serde_json::Value;
use support::{Store, root, start};

/// The text between two fences.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) language: String,
    pub(crate) text: String,
}

/// The blocks of a page. Those in a list are indented.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let page = std::fs::read_to_string(root().join(page)).unwrap();
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some((indent, language)) = line.split_once("```")
            && indent.trim().is_empty()
        {
            let text: Vec<_> = lines
                .by_ref()
                .take_while(|line| line.trim() != "```")
                .map(|line| line.strip_prefix(indent).unwrap_or(line))
                .collect();
            blocks.push(Block {
                language: language.to_owned(),
                text: text.join("\n"),
            });
        }
    }
    blocks
}

/// An answer as `curl -i` prints it and as the page shows it.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Option<Value>,
}

impl Answer {
    fn read(text: &str) -> Self {
        let text = text.replace('\r', "");
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Self {
            status: status.unwrap_or_else(|| panic!("no status line: {text}")),
            headers: headers.collect(),
            body: Some(body.trim())
                .filter(|body| !body.is_empty())
                .map(|body| serde_json::from_str(body).unwrap()),
        }
    }

    /// The same for what the page shows, with the variables in their places.
    fn shown(text: &str, variables: &BTreeMap<&str, String>) -> Self {
        let in_json = |value: &str| value.replace('"', "\\\"");
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let put = |text: &str, form: &dyn Fn(&str) -> String| {
            variables
                .iter()
                .fold(text.to_owned(), |text, (name, value)| {
                    text.replace(&format!("${name}"), &form(value))
                })
        };
        Self::read(&format!(
            "{}\n\n{}",
            put(head, &str::to_owned),
            put(body, &in_json)
        ))
    }

    /// Whether it is what the page shows: there `…` matches any text, and members may be left
    /// out.
    fn is(&self, shown: &Self) -> Result<(), String> {
        if self.status != shown.status {
            return Err(format!("the status is {}", self.status));
        }
        for (name, value) in &shown.headers {
            let got = self
                .headers
                .get(name)
                .ok_or_else(|| format!("without {name}"))?;
            if !fits(value, got) {
                return Err(format!("{name} is {got}"));
            }
        }
        match (&shown.body, &self.body) {
            (Some(shown), Some(got)) => contains(shown, got),
            (None, None) => Ok(()),
            _ => Err("the one has a body, the other has none".to_owned()),
        }
    }
}

fn contains(shown: &Value, got: &Value) -> Result<(), String> {
    match (shown, got) {
        (Value::Object(shown), Value::Object(got)) => shown.iter().try_for_each(|(name, shown)| {
            contains(
                shown,
                got.get(name).ok_or_else(|| format!("without {name}"))?,
            )
        }),
        (Value::Array(shown), Value::Array(got)) if shown.len() == got.len() => shown
            .iter()
            .zip(got)
            .try_for_each(|(shown, got)| contains(shown, got)),
        (Value::String(shown), Value::String(got)) if fits(shown, got) => Ok(()),
        _ if shown == got => Ok(()),
        _ => Err(format!("{got} is not {shown}")),
    }
}

/// `…` matches at least one character.
fn fits(shown: &str, got: &str) -> bool {
    let Some((before, after)) = shown.split_once('…') else {
        return shown == got;
    };
    let Some(rest) = got.strip_prefix(before) else {
        return false;
    };
    rest.char_indices()
        .skip(1)
        .map(|(at, _)| at)
        .chain([rest.len()])
        .any(|at| at > 0 && fits(after, &rest[at..]))
}

/// Runs the command with the variables of the page.
fn run(command: &str, variables: &BTreeMap<&str, String>) -> Answer {
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", command])
        .envs(variables)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{command}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Answer::read(&String::from_utf8(output.stdout).unwrap())
}

/// What the page says of its variables: `ID`, `LINK`, `ETAG` and `CURSOR` are those of the last
/// answer that had one.
fn keep(variables: &mut BTreeMap<&'static str, String>, answer: &Answer) {
    let body = answer.body.as_ref();
    let text = |name: &str| body.and_then(|body| body[name].as_str()).map(str::to_owned);
    let found = [
        ("ID", text("id")),
        ("LINK", text("link")),
        ("ETAG", answer.headers.get("etag").cloned()),
        ("CURSOR", text("nextCursor")),
    ];
    variables.extend(
        found
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    );
}

#[tokio::test]
async fn commands_of_the_api_answer_as_shown() {
    assert!(run_commands("docs/API.md").await >= 15);
}

#[tokio::test]
async fn commands_of_the_recipes_answer_as_shown() {
    assert_eq!(run_commands("docs/INTEGRATE.md").await, 5);
}

/// Runs the commands of a page. Returns their number.
async fn run_commands(page: &str) -> usize {
    let stack = start(Store::Embedded).await;
    let blocks = blocks(page);
    let mut variables = BTreeMap::from([("BASE", stack.url()), ("KEY", Keys::default().host)]);
    let mut commands = 0;
    for (at, block) in blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| block.language == "sh")
    {
        if block.text.starts_with("BASE=") {
            assert_eq!(
                block.text.lines().count(),
                variables.len(),
                "what the test sets and nothing else: {}",
                block.text
            );
            continue;
        }
        let shown = &blocks[at + 1];
        assert_eq!(
            shown.language, "http",
            "the answer is below the command: {}",
            block.text
        );
        let (command, variables_then) = (block.text.clone(), variables.clone());
        let answer = tokio::task::spawn_blocking(move || run(&command, &variables_then))
            .await
            .unwrap();
        answer
            .is(&Answer::shown(&shown.text, &variables))
            .unwrap_or_else(|why| panic!("{why}\n{}\n{answer:#?}", block.text));
        keep(&mut variables, &answer);
        commands += 1;
    }
    commands
}

#[test]
fn every_block_of_json_is_json() {
    for page in ["docs/API.md", "docs/INTEGRATE.md"] {
        for block in blocks(page).iter().filter(|block| block.language == "json") {
            serde_json::from_str::<Value>(&block.text)
                .unwrap_or_else(|error| panic!("{page}: {error}\n{}", block.text));
        }
    }
}

#[test]
fn only_an_ellipsis_matches_any_text() {
    assert!(fits("a…c", "abc") && fits("…", "x") && fits("\"…\"", "\"1\"") && fits("é…", "éé"));
    assert!(!fits("a…c", "ac") && !fits("…", "") && !fits("a…", "ba") && !fits("ab", "abc"));
}
