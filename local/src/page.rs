//! A page as a scripted browser sees it: its text and its forms.

use anyhow::Context;
use reqwest::{
    Response, StatusCode,
    header::{HeaderMap, LOCATION},
};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// An answer of the app.
#[derive(Clone, Debug)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
    /// Path and query of the request.
    pub path: String,
}

/// A form as it would be sent.
#[derive(Clone, Debug)]
pub struct Form {
    /// Path and query it is sent to.
    pub action: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

impl Page {
    pub(crate) async fn of(answer: Response) -> anyhow::Result<Self> {
        let (status, headers) = (answer.status(), answer.headers().clone());
        let path = path_and_query(answer.url());
        Ok(Self {
            status,
            headers,
            body: answer.text().await?,
            path,
        })
    }

    /// Where the browser is sent.
    pub fn location(&self) -> anyhow::Result<String> {
        let location = self.headers.get(LOCATION);
        let location = location
            .with_context(|| format!("{} without Location: {}", self.status, self.title()))?;
        Ok(location.to_str()?.to_owned())
    }

    /// The text of the first element that matches, with its white space folded.
    pub fn text(&self, selector: &str) -> Option<String> {
        let text = |found: ElementRef<'_>| found.text().collect::<String>();
        let text = self.find(selector, text)?;
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The heading.
    pub fn title(&self) -> String {
        self.text("h1").unwrap_or_default()
    }

    /// Whether something matches.
    pub fn has(&self, selector: &str) -> bool {
        self.find(selector, |_| ()).is_some()
    }

    /// An attribute of the first element that matches.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.find(selector, |found| found.attr(name).map(str::to_owned))?
    }

    /// The form that holds `button` (a CSS selector), with the values it would send.
    pub fn form(&self, button: &str) -> anyhow::Result<Form> {
        let form = self.find(button, |pressed| {
            let parents = pressed.ancestors().filter_map(ElementRef::wrap);
            let form = parents
                .into_iter()
                .find(|element| element.value().name() == "form")?;
            let mut fields: Vec<_> = form
                .descendants()
                .filter_map(ElementRef::wrap)
                .filter_map(field)
                .collect();
            fields.extend(named(pressed, pressed.attr("value")));
            let action = form.attr("action").unwrap_or(&self.path).to_owned();
            Some(Form { action, fields })
        });
        form.flatten().with_context(|| {
            format!(
                "no {button} in a form of «{}» ({})",
                self.title(),
                self.status
            )
        })
    }

    fn find<T>(&self, selector: &str, found: impl FnOnce(ElementRef<'_>) -> T) -> Option<T> {
        let document = Html::parse_document(&self.body);
        document
            .select(&Selector::parse(selector).ok()?)
            .next()
            .map(found)
    }
}

impl Form {
    /// Types a value into a field.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// Types a value into a field, if there is one.
    pub(crate) fn replace(&mut self, name: &str, value: &str) {
        for (_, old) in self.fields.iter_mut().filter(|(own, _)| own == name) {
            value.clone_into(old);
        }
    }

    /// Leaves a field out.
    pub fn remove(&mut self, name: &str) {
        self.fields.retain(|(own, _)| own != name);
    }
}

fn field(element: ElementRef<'_>) -> Option<(String, String)> {
    let option = Selector::parse("option[selected]").ok()?;
    match element.value().name() {
        "input" => named(element, element.attr("value")),
        "select" => named(element, element.select(&option).next()?.attr("value")),
        _ => None,
    }
}

fn named(element: ElementRef<'_>, value: Option<&str>) -> Option<(String, String)> {
    Some((
        element.attr("name")?.to_owned(),
        value.unwrap_or_default().to_owned(),
    ))
}

pub(crate) fn path_and_query(url: &Url) -> String {
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{}{query}", url.path())
}
