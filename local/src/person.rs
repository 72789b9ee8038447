//! A recipient at the pages of the app, scripted: opens links, reads pages, fills in forms and
//! presses buttons, with the cookies and headers of a browser, and follows no redirect by itself.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use reqwest::{
    Client, Method, StatusCode,
    header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::{
    mailbox::Mailbox,
    signin::{NewPerson, SignIn},
};

/// A recipient with a browser of their own.
#[derive(Clone, Debug)]
pub struct Person {
    http: Client,
    /// The instance that is asked; the app's public address names the first one.
    base: Url,
    public: Url,
    /// By name.
    pub cookies: BTreeMap<String, String>,
    /// Sent with every request.
    pub headers: Vec<(&'static str, String)>,
}

/// What the app answered.
#[derive(Clone, Debug)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
    /// Path and query that were asked for.
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

impl Person {
    /// At the app that is reached at `base` (an instance) and known as `public`.
    pub fn new(base: &str, public: &str) -> anyhow::Result<Self> {
        let http = Client::builder().redirect(Policy::none()).build()?;
        Ok(Self {
            http,
            base: base.parse()?,
            public: public.parse()?,
            cookies: BTreeMap::new(),
            headers: Vec::new(),
        })
    }

    /// The same browser, now served by another instance.
    pub fn at(&self, base: &str) -> anyhow::Result<Self> {
        Ok(Self {
            base: base.parse()?,
            ..self.clone()
        })
    }

    /// Opens an address of the app.
    pub async fn open(&mut self, address: &str) -> anyhow::Result<Page> {
        self.request(Method::GET, address, None).await
    }

    /// Any request to the app, with a body of form fields or none.
    pub async fn request(
        &mut self,
        method: Method,
        address: &str,
        fields: Option<&[(String, String)]>,
    ) -> anyhow::Result<Page> {
        let url = self.base.join(&path_and_query(address)?)?;
        let mut request = self.http.request(method.clone(), url.clone());
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        if method == Method::POST && !self.overrides("origin") && !self.overrides("sec-fetch-site")
        {
            request = request
                .header("Origin", self.public.origin().ascii_serialization())
                .header("Sec-Fetch-Site", "same-origin");
        }
        for (name, value) in self.headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, value);
        }
        if let Some(fields) = fields {
            request = request.form(fields);
        }
        let answer = request.send().await?;
        self.keep_cookies(answer.headers());
        let (status, headers) = (answer.status(), answer.headers().clone());
        let path = path_and_query(url.as_str())?;
        Ok(Page {
            status,
            headers,
            body: answer.text().await?,
            path,
        })
    }

    /// Sends a form of the page: the one that holds `button` (a CSS selector), with `changes` to
    /// its fields.
    pub async fn press(
        &mut self,
        page: &Page,
        button: &str,
        changes: &[(&str, &str)],
    ) -> anyhow::Result<Page> {
        let mut form = page.form(button)?;
        for (name, value) in changes {
            form.set(name, value);
        }
        self.send(&form).await
    }

    /// Sends a form.
    pub async fn send(&mut self, form: &Form) -> anyhow::Result<Page> {
        self.request(Method::POST, &form.action, Some(&form.fields))
            .await
    }

    /// Opens the link and presses "Get started now"; returns where the browser is sent: the sign-in
    /// service.
    pub async fn get_started(&mut self, link: &str) -> anyhow::Result<String> {
        let page = self.open(link).await?;
        self.press(&page, "#get-started", &[]).await?.location()
    }

    /// From the link to the answer of the callback, with an account that exists.
    pub async fn sign_in(
        &mut self,
        link: &str,
        service: &SignIn,
        email: &str,
    ) -> anyhow::Result<Page> {
        let authorize = self.get_started(link).await?;
        let back = service.sign_in_as(&self.http, &authorize, email).await?;
        self.open(&back).await
    }

    /// From the link to the answer of the callback, creating an account on the way.
    pub async fn sign_up(
        &mut self,
        link: &str,
        service: &SignIn,
        new: NewPerson<'_>,
        mailbox: &Mailbox,
    ) -> anyhow::Result<Page> {
        let authorize = self.get_started(link).await?;
        let back = service
            .create_account_as(&self.http, &authorize, new, mailbox)
            .await?;
        self.open(&back).await
    }

    /// A client without cookies that follows no redirect, for the pages of the sign-in service.
    pub fn http(&self) -> &Client {
        &self.http
    }

    fn overrides(&self, name: &str) -> bool {
        self.headers
            .iter()
            .any(|(own, _)| own.eq_ignore_ascii_case(name))
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
        {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            if attributes.to_ascii_lowercase().contains("max-age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Page {
    /// Where the browser is sent.
    pub fn location(&self) -> anyhow::Result<String> {
        let location = self
            .headers
            .get(LOCATION)
            .with_context(|| format!("{} without Location: {}", self.status, self.title()))?;
        Ok(location.to_str()?.to_owned())
    }

    /// The text of the first element that matches, with its white space folded.
    pub fn text(&self, selector: &str) -> Option<String> {
        let document = Html::parse_document(&self.body);
        let found = document.select(&Selector::parse(selector).ok()?).next()?;
        Some(
            found
                .text()
                .collect::<String>()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    /// The heading.
    pub fn title(&self) -> String {
        self.text("h1").unwrap_or_default()
    }

    /// Whether something matches.
    pub fn has(&self, selector: &str) -> bool {
        self.text(selector).is_some()
    }

    /// An attribute of the first element that matches.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = Html::parse_document(&self.body);
        document
            .select(&Selector::parse(selector).ok()?)
            .next()?
            .attr(name)
            .map(str::to_owned)
    }

    /// The form that holds `button` (a CSS selector), with the values it would send.
    pub fn form(&self, button: &str) -> anyhow::Result<Form> {
        let document = Html::parse_document(&self.body);
        let selector =
            Selector::parse(button).map_err(|error| anyhow::anyhow!("{button}: {error}"))?;
        let pressed = document
            .select(&selector)
            .next()
            .with_context(|| format!("no {button} on «{}» ({})", self.title(), self.status))?;
        let form = pressed
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|element| element.value().name() == "form");
        let Some(form) = form else {
            bail!("{button} stands in no form")
        };
        let action = form.attr("action").unwrap_or(&self.path).to_owned();
        let mut fields: Vec<(String, String)> = inputs(form).collect();
        if let Some(name) = pressed.attr("name") {
            fields.push((
                name.to_owned(),
                pressed.attr("value").unwrap_or_default().to_owned(),
            ));
        }
        Ok(Form { action, fields })
    }
}

impl Form {
    /// Types a value into a field.
    pub fn set(&mut self, name: &str, value: &str) {
        self.fields.retain(|(own, _)| own != name);
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// Leaves a field out.
    pub fn remove(&mut self, name: &str) {
        self.fields.retain(|(own, _)| own != name);
    }
}

fn inputs<'a>(form: ElementRef<'a>) -> impl Iterator<Item = (String, String)> + 'a {
    form.descendants()
        .filter_map(ElementRef::wrap)
        .filter_map(|element| {
            let name = element.attr("name")?.to_owned();
            match element.value().name() {
                "input" => Some((name, element.attr("value").unwrap_or_default().to_owned())),
                "select" => {
                    let option = Selector::parse("option[selected]").ok()?;
                    Some((
                        name,
                        element
                            .select(&option)
                            .next()
                            .and_then(|option| option.attr("value"))
                            .unwrap_or_default()
                            .to_owned(),
                    ))
                }
                _ => None,
            }
        })
}

fn path_and_query(address: &str) -> anyhow::Result<String> {
    let Ok(url) = Url::parse(address) else {
        return Ok(address.to_owned());
    };
    Ok(url.query().map_or_else(
        || url.path().to_owned(),
        |query| format!("{}?{query}", url.path()),
    ))
}
