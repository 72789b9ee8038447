//! The pages about organisations, in every language.

use onboarding::{
    domain::sign_in_refusal::RefusalReason,
    text::Lang,
    views::{Action, ApprovalPage, Pass, StoppedPage},
};
use time::macros::datetime;

use crate::gallery::{contact, frame};

/// The page of every reason, and that of the administrator.
pub fn pages(lang: Lang) -> Vec<(String, String)> {
    let stopped = RefusalReason::ALL.map(|reason| {
        let name = format!("stopped-{}", reason.name());
        (name, stopped(lang, reason))
    });
    let approval = ApprovalPage {
        frame: frame(lang),
        organization: "GF Machining Solutions",
        client_id: "0f8fad5b-d9cb-469f-a165-70867728950e",
        operator: "https://invite.example.com",
        pass: "pass",
        form_token: "token",
    };
    let approval = ("approval".to_owned(), approval.render().document);
    stopped.into_iter().chain([approval]).collect()
}

fn stopped(lang: Lang, reason: RefusalReason) -> String {
    let frame = frame(lang);
    let pass = Pass {
        lang,
        platform: frame.platform,
        organization: "GF Machining Solutions",
        client_id: "0f8fad5b-d9cb-469f-a165-70867728950e",
        operator: "https://invite.example.com",
        support_url: frame.support_url,
        number: Some("AADSTS90094"),
        reason,
        link: Some("https://invite.example.com/api/AppConsent?pass=0f8fad5bd9cb469fa165"),
    };
    let again = Action::Post {
        label: lang.text().action.try_again,
        url: "/api/InviteUser",
        fields: vec![],
        primary: true,
    };
    StoppedPage {
        frame,
        reason,
        number: Some("AADSTS90094"),
        expires: Some(datetime!(2026-12-22 14:00 UTC)),
        now: datetime!(2026-11-22 14:00 UTC),
        pass: Some(pass),
        ask_number: Some(("/api/InviteUser", &[])),
        other_reasons: None,
        actions: &[again],
        contact: Some(&contact(lang)),
    }
    .render()
    .document
}
