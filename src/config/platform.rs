//! How the platform presents itself.

use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::Reader;
use crate::{
    text::{Lang, Localized},
    views::{Color, Icon, LegalLink, Logo, Theme},
};

/// How the platform presents itself.
#[derive(Clone, Debug)]
pub struct Platform {
    /// Its name.
    pub name: String,
    /// What it is for: a sentence.
    pub purpose: Option<Localized>,
    /// Its colours.
    pub theme: Theme,
    /// Its initial, in its colours.
    pub icon: Icon,
    /// Its logo; otherwise its initial is shown.
    pub logo: Option<Logo>,
    /// Its address.
    pub url: Option<Url>,
    /// Where recipients find help.
    pub support_url: Option<Url>,
    /// Where recipients find documentation.
    pub docs_url: Option<Url>,
    /// The links of the welcome page.
    pub links: Vec<WelcomeLink>,
    /// Privacy, imprint, terms: in the foot of pages and e-mails.
    pub legal: Vec<LegalLink>,
}

/// A link with a title in several languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WelcomeLink {
    title: Localized,
    /// The target.
    pub url: Url,
    /// The name of an icon.
    #[serde(default)]
    pub icon: String,
}

impl WelcomeLink {
    /// The title in the language, else in English, else in any.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        self.title.get(lang)
    }
}

pub(super) fn read(read: &mut Reader) -> Option<Platform> {
    let name = read.required(
        "PLATFORM_NAME",
        "the name that recipients know the platform by",
    );
    let color = read
        .optional("PLATFORM_COLOR")
        .and_then(|text| read.check("PLATFORM_COLOR", text.parse()));
    let logo = read
        .optional("PLATFORM_LOGO")
        .and_then(|text| read.check("PLATFORM_LOGO", text.parse()));
    let purpose = read
        .optional("PLATFORM_PURPOSE")
        .and_then(|text| read.check("PLATFORM_PURPOSE", purpose(text)));
    let theme = Theme::new(color.unwrap_or(Color::BLUE));
    Some(Platform {
        purpose,
        icon: Icon::new(name.as_deref().unwrap_or_default(), theme.light()),
        theme,
        logo,
        url: read.web_url("PLATFORM_URL"),
        support_url: read.web_url("SUPPORT_URL"),
        docs_url: read.web_url("DOCS_URL"),
        links: links(read, "WELCOME_LINKS"),
        legal: links(read, "LEGAL_LINKS")
            .into_iter()
            .map(|link| LegalLink {
                title: link.title,
                url: link.url.into(),
            })
            .collect(),
        name: name?,
    })
}

/// A sentence for all languages, or JSON with one for each.
fn purpose(text: String) -> Result<Localized, String> {
    if !text.starts_with('{') {
        return Ok(Localized::same(text));
    }
    let shape =
        r#"must be a sentence, or JSON such as {"en":"Manuals and help for your machines"}"#;
    let purpose: Localized = json(&text, shape)?;
    if purpose.is_empty() {
        return Err(shape.to_owned());
    }
    Ok(purpose)
}

fn links(read: &mut Reader, name: &'static str) -> Vec<WelcomeLink> {
    let text = read.optional(name);
    text.and_then(|text| read.check(name, parse_links(&text)))
        .unwrap_or_default()
}

fn parse_links(text: &str) -> Result<Vec<WelcomeLink>, String> {
    let shape = r#"must be JSON such as [{"title":{"en":"Machines"},"url":"https://example.com/machines","icon":"machine"}]"#;
    let links: Vec<WelcomeLink> = json(text, shape)?;
    if links
        .iter()
        .any(|link| link.title.is_empty() || !matches!(link.url.scheme(), "https" | "http"))
    {
        return Err("needs a title and an http(s) url in each entry".to_owned());
    }
    Ok(links)
}

fn json<T: DeserializeOwned>(text: &str, shape: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("{shape} (see line {line}, column {column})")
    })
}
