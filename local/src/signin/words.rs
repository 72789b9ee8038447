//! What the pages say, in the languages of the samples and in German.

mod de;
mod en;
mod ja;
mod zh_hant;

use axum::http::{HeaderMap, header};

pub(super) use en::WORDS as EN;

/// Everything in one language.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) tag: &'static str,
    pub(super) stand_in: &'static str,
    pub(super) disclaimer: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) choose_account: &'static str,
    pub(super) signed_in: &'static str,
    pub(super) address: &'static str,
    pub(super) another_address: &'static str,
    pub(super) no_account: &'static str,
    pub(super) next: &'static str,
    pub(super) cancel: &'static str,
    pub(super) use_another: &'static str,
    pub(super) welcome: fn(name: &str) -> String,
    pub(super) no_password: &'static str,
    pub(super) unknown: &'static str,
    pub(super) can_create: &'static str,
    pub(super) create_one: &'static str,
    pub(super) create: &'static str,
    pub(super) your_name: &'static str,
    pub(super) send_code: &'static str,
    pub(super) have_account: &'static str,
    pub(super) enter_code: &'static str,
    pub(super) code_sent: &'static str,
    pub(super) code: &'static str,
    pub(super) send_new_code: &'static str,
    pub(super) almost_there: fn(name: &str) -> String,
    pub(super) terms: &'static str,
    pub(super) each_term: [&'static str; 3],
    pub(super) agree: &'static str,
    pub(super) create_account: &'static str,
    pub(super) consent: &'static str,
    pub(super) app_would_like: fn(app: &str) -> String,
    pub(super) to_sign_in: &'static str,
    pub(super) to_see_profile: &'static str,
    pub(super) to_see_email: &'static str,
    pub(super) accept: &'static str,
    pub(super) decline: &'static str,
    pub(super) approval_required: &'static str,
    pub(super) blocked: &'static str,
    pub(super) return_to_app: &'static str,
    pub(super) review: &'static str,
    pub(super) no_administrator: &'static str,
    pub(super) blocks: Blocks,
    pub(super) errors: Errors,
    pub(super) code_mail: CodeMail,
}

/// Why an organisation does not let its people in.
#[derive(Debug)]
pub(super) struct Blocks {
    pub(super) approval: &'static str,
    pub(super) assignment: &'static str,
    pub(super) conditional_access: &'static str,
    pub(super) unknown_user: &'static str,
    pub(super) unknown_app: &'static str,
}

/// What is wrong with an entry.
#[derive(Debug)]
pub(super) struct Errors {
    pub(super) not_an_address: &'static str,
    pub(super) account_refused: &'static str,
    pub(super) no_such_account: &'static str,
    pub(super) no_name: &'static str,
    pub(super) exists: &'static str,
    pub(super) not_sent: fn(why: &str) -> String,
    pub(super) too_many_tries: &'static str,
    pub(super) wrong_code: &'static str,
}

/// The e-mail with the code.
#[derive(Debug)]
pub(super) struct CodeMail {
    pub(super) subject: &'static str,
    pub(super) code: fn(code: &str) -> String,
    pub(super) text: &'static str,
}

/// The words for a request: as the app asks, otherwise as the browser does.
pub(super) fn in_language_of(ui_locales: Option<&str>, headers: &HeaderMap) -> &'static Words {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    Words::of(ui_locales.or(accepted))
}

impl Words {
    /// In the first language that is spoken here, of `ui_locales` (OpenID Connect Core, 3.1.2.1) or
    /// `Accept-Language`; otherwise in English.
    fn of(languages: Option<&str>) -> &'static Self {
        languages
            .unwrap_or_default()
            .split([' ', ','])
            .find_map(|tag| match tag.split(';').next()?.trim() {
                "zh-Hant" | "zh-TW" | "zh-HK" => Some(&zh_hant::WORDS),
                tag if tag.starts_with("de") => Some(&de::WORDS),
                tag if tag.starts_with("en") => Some(&EN),
                tag if tag.starts_with("ja") => Some(&ja::WORDS),
                _ => None,
            })
            .unwrap_or(&EN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_is_spoken() {
        for (languages, tag) in [
            (None, "en"),
            (Some("zh-Hant"), "zh-Hant"),
            (Some("de zh-Hant"), "de"),
            (Some("ko zh-Hant"), "zh-Hant"),
            (Some("ja zh-Hant"), "ja"),
            (Some("fr-FR,zh-TW;q=0.8,en;q=0.5"), "zh-Hant"),
            (Some("en-GB, zh-Hant"), "en"),
            (Some("de-CH"), "de"),
            (Some("fr"), "en"),
        ] {
            assert_eq!(Words::of(languages).tag, tag, "{languages:?}");
        }
    }
}
