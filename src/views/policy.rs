//! The content security policy of a page (CSP Level 3): its style, our scripts, and nothing else.
//!
//! It follows from the style sheet, so it is made with that.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use sha2::{Digest, Sha256};

use super::{ORDER_SCRIPT, TIMES_SCRIPT, script};

/// Where the forms of a page lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormTarget {
    /// To us alone.
    Us,
    /// To us, and on to the sign-in service and wherever that sends people. Browsers apply
    /// `form-action` to these redirects too, and the sign-in hosts of all companies cannot
    /// be listed.
    SignIn,
}

/// The policies of the pages that have one style sheet, by where their forms lead. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Policies {
    us: HeaderValue,
    sign_in: HeaderValue,
}

impl Policies {
    /// Of pages with this `style` element.
    pub(super) fn of_style(style: &str) -> Self {
        let common = format!(
            "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; \
             frame-ancestors 'none'",
            source(style),
            *SCRIPTS
        );
        Self {
            us: header(&format!("{common}; form-action 'self'")),
            sign_in: header(&common),
        }
    }

    /// The policy of a page whose forms lead there.
    #[must_use]
    pub fn of(&self, forms: FormTarget) -> HeaderValue {
        match forms {
            FormTarget::Us => self.us.clone(),
            FormTarget::SignIn => self.sign_in.clone(),
        }
    }
}

/// A policy is ASCII, which no header refuses; any other would become one that forbids everything.
fn header(policy: &str) -> HeaderValue {
    HeaderValue::from_str(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// The sources of all scripts, whichever of them a page has.
static SCRIPTS: LazyLock<String> =
    LazyLock::new(|| [script(), TIMES_SCRIPT, ORDER_SCRIPT].map(source).join(" "));

/// The source of an inline element (`'sha256-…'`), by its content.
pub(super) fn source(content: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(Sha256::digest(content)))
}
