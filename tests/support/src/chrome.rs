//! A person's browser: Chromium without a window, through WebDriver.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{LazyLock, Mutex},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{
        Actions, InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
    },
    cookies::Cookie,
    elements::Element,
    wd::WebDriverCompatibleCommand,
};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

/// Long, since the machine may be busy with something else. Nothing waits that long where all is
/// well.
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);
const HEADLESS: &str = "chromium-headless-shell";
const POLL_INTERVAL: Duration = Duration::from_millis(25);

/// Runs what it is given until its own standard input ends, which it does with the test process,
/// however that dies. Then everything in its process group ends with it: chromedriver, and the
/// browser that chromedriver started. The shell leaves its standard output to these two, so that
/// this ends with them.
const UNTIL_STDIN_ENDS: &str = r#""$@" & exec >/dev/null; cat; kill -KILL 0"#;

/// <https://github.com/dequelabs/axe-core>, which WebDriver may run where the content security
/// policy lets no page.
static AXE: LazyLock<String> = LazyLock::new(|| {
    let file = crate::root().join("tests/tools/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file).unwrap()
});

/// What the browser is like.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Whether pages may run scripts.
    pub scripts: bool,
    /// What it asks for in `Accept-Language`.
    pub languages: &'static str,
    /// Whether it keeps the pages behind its back button as they were left, which takes Chromium
    /// with all its windows.
    pub keeps_pages: bool,
}

impl Default for Kind {
    fn default() -> Self {
        Self {
            scripts: true,
            languages: "en",
            keeps_pages: false,
        }
    }
}

/// The screen, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
    pub mobile: bool,
}

impl Screen {
    pub const PHONE: Self = Self {
        name: "phone",
        width: 390,
        height: 844,
        mobile: true,
    };
    pub const DESKTOP: Self = Self {
        name: "desktop",
        width: 1280,
        height: 900,
        mobile: false,
    };
    /// The narrowest that WCAG 2.2 (1.4.10 Reflow) asks for.
    pub const NARROWEST: Self = Self {
        name: "narrowest",
        width: 320,
        height: 568,
        mobile: false,
    };
    /// What a desktop at 200 % zoom leaves.
    pub const ZOOMED: Self = Self {
        name: "zoomed",
        width: 640,
        height: 450,
        mobile: false,
    };
    /// A phone's width as a window, which does not grow with its content as a phone's page does.
    pub const NARROW_WINDOW: Self = Self {
        name: "narrow",
        width: 390,
        height: 844,
        mobile: false,
    };
}

/// A running browser. [`Browser::end`] says what its console complained about.
pub struct Browser {
    client: Client,
    requests: Mutex<Vec<Request>>,
    complaints: Mutex<Vec<String>>,
    // In this order: the processes end before their files go.
    _driver: Driver,
}

/// A request that the browser made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub url: Url,
}

struct Driver {
    url: String,
    child: Child,
    /// Kept open: a driver that cannot write ends.
    lines: BufReader<ChildStdout>,
    /// The temporary folder of both programs, which leave files there, with the browser's profile.
    folder: TempDir,
}

impl Driver {
    /// Chromedriver picks a port for IPv4 and wants the same for IPv6; where that is taken, it
    /// ends.
    fn start() -> Self {
        (0..5).find_map(|_| Self::try_start()).unwrap()
    }

    fn try_start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new("sh")
            .env("TMPDIR", folder.path())
            .args(["-c", UNTIL_STDIN_ENDS, "chromedriver"])
            .args([on_the_path("chromedriver"), "--port=0".into()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut driver = Self {
            url: String::new(),
            child,
            lines,
            folder,
        };
        let mut said = driver.lines.by_ref().lines().map_while(Result::ok);
        let port = said.find_map(|line| {
            Some(
                line.split_once("started successfully on port ")?
                    .1
                    .trim_end_matches('.')
                    .to_owned(),
            )
        })?;
        driver.url = format!("http://127.0.0.1:{port}");
        Some(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
        // Ends when the last of them is gone, and with it the last who could write here or into the
        // folder.
        let _ = std::io::copy(&mut self.lines, &mut std::io::sink());
    }
}

impl Browser {
    /// An ordinary browser that no one has used yet, with a desktop's screen.
    pub async fn start() -> Self {
        Self::of_kind(Kind::default()).await
    }

    pub async fn of_kind(kind: Kind) -> Self {
        let driver = tokio::task::spawn_blocking(Driver::start).await.unwrap();
        let capabilities = capabilities(kind, &driver.folder.path().join("profile"));
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url)
            .await
            .unwrap();
        let browser = Self {
            client,
            requests: Mutex::default(),
            complaints: Mutex::default(),
            _driver: driver,
        };
        browser.screen(Screen::DESKTOP).await;
        browser
    }

    /// Ends the browser.
    ///
    /// # Panics
    /// Where the console had a complaint (errors, violations of the content security policy) that
    /// is not one of `expected`, each a part of one line, or where an expected one is missing.
    pub async fn end(self, expected: &[&str]) {
        self.read_logs().await;
        let complaints = self.complaints.lock().unwrap().clone();
        let known: BTreeSet<_> = expected
            .iter()
            .filter(|part| complaints.iter().any(|line| line.contains(**part)))
            .collect();
        let unknown: Vec<_> = complaints
            .iter()
            .filter(|line| !expected.iter().any(|part| line.contains(part)))
            .collect();
        assert!(
            unknown.is_empty() && known.len() == expected.len(),
            "the console says {complaints:#?}, expected is {expected:?}"
        );
    }

    /// Every request for a page or something in it, in order.
    pub async fn requests(&self) -> Vec<Request> {
        self.read_logs().await;
        self.requests.lock().unwrap().clone()
    }

    /// How often a form was sent to a path.
    pub async fn posts(&self, path: &str) -> usize {
        self.requests()
            .await
            .iter()
            .filter(|request| request.method == "POST" && request.url.path() == path)
            .count()
    }

    /// Types an address.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    pub async fn url(&self) -> Url {
        self.client.current_url().await.unwrap()
    }

    /// Waits for the page with this heading.
    pub async fn sees(&self, heading: &str) {
        self.reads("h1", heading).await;
    }

    /// Waits until the first element of a kind has this text; blanks that keep words in one line count
    /// as blanks.
    pub async fn reads(&self, css: &str, text: &str) {
        self.becomes(
            &format!(
                "document.querySelector({})?.innerText.trim().replaceAll('\\u00a0', ' ')",
                Value::from(css)
            ),
            &Value::from(text),
        )
        .await;
    }

    /// Waits until an expression in JavaScript has a value.
    pub async fn becomes(&self, expression: &str, value: &Value) {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            // While a page goes and the next comes, there is none to ask.
            let now = self
                .client
                .execute(&format!("return {expression}"), vec![])
                .await;
            match now {
                Ok(now) if now == *value => return,
                other if Instant::now() > deadline => {
                    let (url, text) = (
                        self.client.current_url().await,
                        self.client
                            .execute("return document.body.innerText", vec![])
                            .await,
                    );
                    panic!(
                        "{expression} is {other:?}, not {value}, at {url:?}:\n{}",
                        text.unwrap_or_default().as_str().unwrap_or_default()
                    );
                }
                _ => tokio::time::sleep(POLL_INTERVAL).await,
            }
        }
    }

    /// The value of an expression in JavaScript.
    pub async fn value(&self, expression: &str) -> Value {
        self.client
            .execute(&format!("return {expression}"), vec![])
            .await
            .unwrap()
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Element {
        match self
            .client
            .wait()
            .at_most(WAIT_TIMEOUT)
            .every(POLL_INTERVAL)
            .for_element(Locator::Css(css))
            .await
        {
            Ok(element) => element,
            Err(error) => panic!("no {css} at {:?}: {error}", self.client.current_url().await),
        }
    }

    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.unwrap().len()
    }

    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// A property of an element; empty where it has none.
    pub async fn property(&self, css: &str, name: &str) -> String {
        self.find(css)
            .await
            .prop(name)
            .await
            .unwrap()
            .unwrap_or_default()
    }

    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.find(css).await.attr(name).await.unwrap()
    }

    /// With the mouse.
    pub async fn press(&self, css: &str) {
        self.press_the(Locator::Css(css)).await;
    }

    /// Follows a link or presses a button by its words.
    pub async fn press_words(&self, words: &str) {
        self.press_the(Locator::XPath(&format!(
            "//*[self::a or self::button][normalize-space()='{words}']"
        )))
        .await;
    }

    /// An element that is gone when it is to be pressed was that of the page before: it is looked
    /// for again.
    async fn press_the(&self, what: Locator<'_>) {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            let found = self
                .client
                .wait()
                .at_most(WAIT_TIMEOUT)
                .every(POLL_INTERVAL)
                .for_element(what)
                .await;
            let pressed = match found {
                Ok(element) => element.click().await,
                Err(error) => Err(error),
            };
            match pressed {
                Ok(()) => return,
                Err(error) if was_of_another_page(&error) && Instant::now() < deadline => {}
                Err(error) => panic!(
                    "{what:?} cannot be pressed at {:?}: {error}",
                    self.client.current_url().await
                ),
            }
        }
    }

    /// Types a text into a field, in place of what is there.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub async fn choose(&self, css: &str, value: &str) {
        self.find(css).await.select_by_value(value).await.unwrap();
    }

    /// Presses one key, wherever the focus is.
    pub async fn key(&self, key: fantoccini::key::Key) {
        let value = char::from(key);
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.client
            .perform_actions(Actions::from(keys))
            .await
            .unwrap();
    }

    /// Puts the focus on an element, as Tab would in the end.
    pub async fn focus(&self, css: &str) {
        self.value(&format!(
            "document.querySelector({}).focus()",
            Value::from(css)
        ))
        .await;
    }

    pub async fn double_click(&self, css: &str) {
        let (button, still) = (MOUSE_BUTTON_LEFT, None);
        let element = self.find(css).await;
        let (down, up) = (PointerAction::Down { button }, PointerAction::Up { button });
        let mouse = MouseActions::new("mouse".to_owned()).then(PointerAction::MoveToElement {
            element,
            duration: still,
            x: 0.0,
            y: 0.0,
        });
        let mouse = mouse
            .then(down.clone())
            .then(up.clone())
            .then(down)
            .then(up);
        self.client
            .perform_actions(Actions::from(mouse))
            .await
            .unwrap();
    }

    /// Into the frame with the mail.
    pub async fn enter_frame(&self, css: &str) {
        self.find(css).await.enter_frame().await.unwrap();
    }

    /// Back to the page around it.
    pub async fn leave_frame(&self) {
        self.client.clone().enter_parent_frame().await.unwrap();
    }

    /// Chooses a file of this computer in a field.
    pub async fn attach(&self, css: &str, file: &Path) {
        let path = file.to_str().unwrap();
        self.find(css).await.send_keys(path).await.unwrap();
    }

    /// Does something in a second tab, closes that, and is where it was.
    pub async fn in_second_tab<T>(&self, errand: impl AsyncFnOnce(&Self) -> T) -> T {
        let here = self.client.window().await.unwrap();
        let tab = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(tab.handle).await.unwrap();
        let outcome = errand(self).await;
        self.client.close_window().await.unwrap();
        self.client.switch_to_window(here).await.unwrap();
        outcome
    }

    pub async fn back(&self) {
        self.client.back().await.unwrap();
    }

    pub async fn cookies(&self) -> Vec<Cookie<'static>> {
        self.client.get_all_cookies().await.unwrap()
    }

    pub async fn screen(&self, screen: Screen) {
        let metrics = json!({"width": screen.width, "height": screen.height, "deviceScaleFactor": 1, "mobile": screen.mobile});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    pub async fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": value}]}),
        )
        .await;
    }

    /// Emulates what a person has set in the system, such as `("forced-colors", "active")`.
    pub async fn prefers(&self, features: &[(&str, &str)]) {
        let features: Vec<_> = features
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features}))
            .await;
    }

    /// Nothing on the page violates WCAG, as far as axe-core can check.
    pub async fn is_accessible(&self, page: &str) {
        for dark in [false, true] {
            let found = self.violations(dark).await;
            assert!(found.is_empty(), "{page}, dark: {dark}: {found:#?}");
        }
        self.dark(false).await;
    }

    /// What axe-core finds against WCAG 2.2 AA and good practice on a light screen; on a dark one,
    /// what cannot be read.
    pub async fn violations(&self, dark: bool) -> Vec<String> {
        let tags = json!({"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]});
        let only = if dark {
            json!({"type": "rule", "values": ["color-contrast"]})
        } else {
            tags
        };
        self.dark(dark).await;
        // axe is half a megabyte: a page gets it once.
        if self.value("!window.axe").await == true {
            self.client.execute(&AXE, vec![]).await.unwrap();
        }
        let script = format!(
            "return axe.run(document, {{ runOnly: {only}, resultTypes: ['violations'] }}).then((found) => found.violations.map((violation) =>
                 `${{violation.id}}: ${{violation.help}}: ${{violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')}}`));"
        );
        serde_json::from_value(self.client.execute(&script, vec![]).await.unwrap()).unwrap()
    }

    /// A picture of the full page.
    pub async fn picture(&self) -> Vec<u8> {
        self.value("scrollTo(0, 0)").await;
        let answer = self
            .devtools(
                "Page.captureScreenshot",
                json!({"format": "png", "captureBeyondViewport": true, "optimizeForSpeed": true}),
            )
            .await;
        STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.client
            .issue_cmd(ChromeCommand {
                path: "goog/cdp/execute",
                body,
            })
            .await
            .unwrap()
    }

    /// Chromedriver hands each line out once.
    async fn read_logs(&self) {
        for line in self.log("browser").await {
            if line["level"] == "SEVERE" || line["source"] == "security" {
                self.complaints
                    .lock()
                    .unwrap()
                    .push(line["message"].as_str().unwrap().to_owned());
            }
        }
        for line in self.log("performance").await {
            let event: Value = serde_json::from_str(line["message"].as_str().unwrap()).unwrap();
            let (method, request) = (
                &event["message"]["method"],
                &event["message"]["params"]["request"],
            );
            if method == "Network.requestWillBeSent"
                && request["url"].as_str().unwrap().starts_with("http")
            {
                let (method, url) = (
                    request["method"].as_str().unwrap().to_owned(),
                    request["url"].as_str().unwrap().parse().unwrap(),
                );
                self.requests.lock().unwrap().push(Request { method, url });
            }
        }
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let lines = self
            .client
            .issue_cmd(ChromeCommand {
                path: "se/log",
                body: json!({"type": kind}),
            })
            .await
            .unwrap();
        lines.as_array().cloned().unwrap_or_default()
    }
}

/// A command of chromedriver beside those of the standard.
#[derive(Debug)]
struct ChromeCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for ChromeCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// Where the shell finds the program, and so the Makefile.
fn on_the_path(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    found_in(&path, program)
        .unwrap_or_else(|| panic!("there is no {program} on the PATH: `make browser` installs it"))
}

fn found_in(path: &OsStr, program: &str) -> Option<PathBuf> {
    std::env::split_paths(path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

#[test]
fn the_browser_is_the_first_on_the_path() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    for folder in &folders[1..] {
        std::fs::write(folder.path().join(HEADLESS), "").unwrap();
    }
    let path = std::env::join_paths(folders.iter().map(TempDir::path)).unwrap();
    assert_eq!(
        found_in(&path, HEADLESS),
        Some(folders[1].path().join(HEADLESS))
    );
    assert_eq!(found_in(&path, "chromedriver"), None);
}

fn capabilities(kind: Kind, profile: &Path) -> fantoccini::wd::Capabilities {
    let mut args = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--window-size=1280,900",
    ]
    .map(str::to_owned)
    .to_vec();
    args.push(format!("--accept-lang={}", kind.languages));
    args.push(format!("--user-data-dir={}", profile.display()));
    if !kind.scripts {
        args.push("--blink-settings=scriptEnabled=false".to_owned());
    }
    if kind.keeps_pages {
        args.push("--headless=new".to_owned());
    }
    let (name, binary) = browser(kind);
    let capabilities = json!({
        "browserName": name,
        "goog:chromeOptions": { "binary": on_the_path(binary), "args": args },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" }
    });
    capabilities.as_object().cloned().unwrap()
}

/// What chromedriver calls the browser, and its program. The engine without the windows around it
/// takes a quarter of the processor time.
fn browser(kind: Kind) -> (&'static str, &'static str) {
    if kind.keeps_pages {
        ("chrome", "chromium")
    } else {
        ("chrome-headless-shell", HEADLESS)
    }
}

/// Chromium has two ways to say so.
fn was_of_another_page(error: &fantoccini::error::CmdError) -> bool {
    error.is_stale_element_reference()
        || error
            .to_string()
            .contains("does not belong to the document")
}
