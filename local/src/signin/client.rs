//! A person at the pages, scripted: for tests that need no browser.

use anyhow::{Context, bail};
use reqwest::{Client, Response, header::LOCATION};

/// More pages and redirects between them than any way through has.
const MAX_STEPS: usize = 30;

/// What the person does where there is a choice.
pub(super) struct Person<'a, C> {
    pub(super) http: &'a Client,
    pub(super) email: &'a str,
    pub(super) name: &'a str,
    /// Presses "Accept" on the page of permissions, or else "Decline".
    pub(super) accepts: bool,
    /// Fetches the code that was mailed.
    pub(super) code: C,
}

impl<C, F> Person<'_, C>
where
    C: Fn() -> F,
    F: Future<Output = anyhow::Result<String>>,
{
    /// Walks from page to page until the browser is sent elsewhere, and returns that address.
    pub(super) async fn walk(&self, base: &str, authorize_url: &str) -> anyhow::Result<String> {
        let mut response = self.http.get(authorize_url).send().await?;
        for _ in 0..MAX_STEPS {
            if let Some(location) = response.headers().get(LOCATION) {
                let location = location.to_str()?.to_owned();
                if !location.starts_with('/') {
                    return Ok(location);
                }
                response = self.http.get(format!("{base}{location}")).send().await?;
                continue;
            }
            response = self.answer(base, response).await?;
        }
        bail!("no end after {MAX_STEPS} steps")
    }

    async fn answer(&self, base: &str, response: Response) -> anyhow::Result<Response> {
        let status = response.status();
        let page = response.text().await?;
        let Some(form) = Form::find(&page) else {
            bail!("{status}, a page that asks nothing: {}", heading(&page))
        };
        if let Some(error) = form.error {
            bail!("the page says: {error}");
        }
        let mut fields = vec![("action", self.press(&form))];
        for name in &form.inputs {
            match *name {
                "email" => fields.push(("email", self.email.to_owned())),
                "name" => fields.push(("name", self.name.to_owned())),
                "code" => fields.push(("code", (self.code)().await?)),
                "accepted" => fields.push(("accepted", "yes".to_owned())),
                other => bail!("the page asks for {other:?}"),
            }
        }
        Ok(self
            .http
            .post(format!("{base}{}", form.action))
            .form(&fields)
            .send()
            .await?)
    }

    /// The first button is the one that goes on.
    fn press(&self, form: &Form<'_>) -> String {
        let declines = !self.accepts && form.buttons.contains(&"decline");
        if declines {
            "decline".to_owned()
        } else {
            form.buttons.first().copied().unwrap_or_default().to_owned()
        }
    }
}

/// The main form of a page, as far as this module's own templates go.
struct Form<'a> {
    action: &'a str,
    inputs: Vec<&'a str>,
    buttons: Vec<&'a str>,
    error: Option<&'a str>,
}

impl<'a> Form<'a> {
    fn find(page: &'a str) -> Option<Self> {
        let (_, form) = page.split_once("<form id=\"main\"")?;
        let (form, _) = form.split_once("</form>")?;
        let (_, error) = form.split_once("role=\"alert\">").unwrap_or_default();
        Some(Self {
            action: attribute(form, "action")?,
            inputs: form
                .split("<input")
                .skip(1)
                .filter_map(|input| attribute(input, "name"))
                .collect(),
            buttons: form
                .split("<button")
                .skip(1)
                .filter_map(|button| attribute(button, "value"))
                .collect(),
            error: error.split_once('<').map(|(text, _)| text),
        })
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (tag, _) = tag.split_once('>')?;
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

fn heading(page: &str) -> &str {
    let text = page
        .split_once("<h1>")
        .and_then(|(_, rest)| rest.split_once("</main>"))
        .map_or(page, |(text, _)| text);
    text.get(..400).unwrap_or(text)
}

/// The six digits in the text of a mail.
pub(super) fn digits(text: &str) -> anyhow::Result<String> {
    let mut words = text.split(|c: char| !c.is_ascii_digit());
    words
        .find(|word| word.len() == 6)
        .map(str::to_owned)
        .context("no code in the mail")
}
