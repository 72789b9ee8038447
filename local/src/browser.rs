//! A scripted browser: opens links, reads pages, fills in forms and presses buttons, with the
//! cookies and headers of a real one, and follows no redirect by itself.

use std::collections::BTreeMap;

use reqwest::{
    Client, Method,
    header::{COOKIE, HeaderMap, SET_COOKIE},
    redirect::Policy,
};
use url::Url;

pub use crate::page::{Form, Page};
use crate::{
    mailbox::Mailbox,
    page::path_and_query,
    signin::{NewPerson, SignIn},
};

/// The browser of one recipient.
#[derive(Clone, Debug)]
pub struct ScriptedBrowser {
    http: Client,
    /// The instance that answers; the app's public address is that of the first one.
    base: Url,
    public: Url,
    /// By name.
    pub cookies: BTreeMap<String, String>,
    /// Sent with every request.
    pub headers: Vec<(&'static str, String)>,
}

impl ScriptedBrowser {
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
        let path = Url::parse(address).map_or(address.to_owned(), |url| path_and_query(&url));
        let mut request = self.http.request(method.clone(), self.base.join(&path)?);
        if !self.cookies.is_empty() {
            let cookies = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"));
            request = request.header(COOKIE, cookies.collect::<Vec<_>>().join("; "));
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
        let page = Page::of(request.send().await?).await?;
        self.keep_cookies(&page.headers);
        Ok(page)
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
        changes
            .iter()
            .for_each(|(name, value)| form.set(name, value));
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
