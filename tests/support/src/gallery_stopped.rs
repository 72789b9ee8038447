//! The pages about organisations, in every language.

use onboarding::{
    domain::situation::Situation,
    text::Lang,
    views::{ApprovalPage, Frame, Pass, StoppedInvitation, StoppedPage, Theme},
};
use time::macros::datetime;

/// Every situation, and the page of the administrator.
pub fn pages(lang: Lang) -> Vec<(String, String)> {
    let theme = Theme::default();
    let frame = Frame {
        lang,
        platform: "My rConnect",
        theme: &theme,
        support_url: Some("https://support.example.com/onboarding"),
        here: Some("/api/InviteUser?ticket=0f8fad5b"),
    };
    let stopped = Situation::ALL.map(|situation| {
        let name = format!("stopped-{}", situation.name());
        (name, stopped(frame, situation))
    });
    let approval = ApprovalPage {
        frame,
        organization: "GF Machining Solutions",
        client_id: "0f8fad5b-d9cb-469f-a165-70867728950e",
        operator: "https://invite.example.com",
        pass: "pass",
        form_token: "token",
    };
    let approval = ("approval".to_owned(), approval.render().document);
    stopped.into_iter().chain([approval]).collect()
}

fn stopped(frame: Frame<'_>, situation: Situation) -> String {
    let pass = Pass {
        lang: frame.lang,
        platform: frame.platform,
        organization: "GF Machining Solutions",
        client_id: "0f8fad5b-d9cb-469f-a165-70867728950e",
        operator: "https://invite.example.com",
        support_url: frame.support_url,
        number: Some("AADSTS90094"),
        situation,
        link: Some("https://invite.example.com/api/AppConsent?pass=0f8fad5bd9cb469fa165"),
    };
    StoppedPage {
        frame,
        situation,
        number: Some("AADSTS90094"),
        invitation: Some(StoppedInvitation {
            inviter_name: "Marco Rossi",
            inviter_organization: "GF Machining Solutions",
            expires: Some(datetime!(2026-12-22 14:00 UTC)),
        }),
        pass: Some(pass),
        ask_number: Some(("/api/InviteUser", &[])),
        actions: &[],
    }
    .render()
    .document
}
