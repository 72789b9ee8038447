//! The page of a sign-in that Microsoft or an organisation refuses.

use axum::{http::StatusCode, response::Response};
use url::{Url, form_urlencoded};

use super::{
    links::{self, Fields},
    next::Context,
    page, pass,
};
use crate::{
    domain::{
        invitation::Status,
        sign_in_refusal::{RefusalReason, SignInRefusal},
    },
    views::{Action, Contact, FormTarget, Pass, StoppedPage},
};

/// The page, with `here` as its address in other languages.
pub(super) fn render(
    context: &Context<'_>,
    status: StatusCode,
    refusal: SignInRefusal,
    contact: Option<&Contact<'_>>,
    here: &str,
) -> Response {
    let (app, lang) = (context.app, context.lang);
    let reason = refusal.reason_shown();
    // It says nothing to those who declined themselves.
    let number = refusal
        .number
        .filter(|_| reason != RefusalReason::Declined)
        .map(|number| number.to_string());
    let now = app.clock.now();
    let pending = context
        .invitation
        .filter(|invitation| invitation.status(now) == Status::Pending);
    // An approval is asked for while the invitation is open, and no longer.
    let approval = pending.and_then(|invitation| pass::url(app, invitation.id));
    let invite_url = links::invite_url(app);
    let fields = number_fields(context, reason);
    let other_reasons = other_reasons(context, reason);
    let view = StoppedPage {
        frame: page::frame(app, lang, Some(here)),
        reason,
        number: number.as_deref(),
        expires: pending.map(|invitation| invitation.expires_at),
        now,
        pass: it_department_text(context, reason, number.as_deref(), approval.as_ref()),
        ask_number: fields.as_deref().map(|fields| ("/api/InviteUser", fields)),
        other_reasons: other_reasons.as_deref(),
        actions: &actions(context, reason, invite_url.as_str()),
        contact,
    };
    page::html(status, lang, view.render(), FormTarget::SignIn)
}

/// Hidden fields of the form that asks for the number that Microsoft shows.
fn number_fields(context: &Context<'_>, reason: RefusalReason) -> Option<Fields> {
    let link = context.link.filter(|_| reason == RefusalReason::Unknown)?;
    let app = context.app;
    Some(vec![
        ("ticket", app.cookies().ticket(link, app.clock.now())),
        ("lang", context.lang.tag().to_owned()),
    ])
}

/// The address of the page that names all ways on, for those who did not decline.
fn other_reasons(context: &Context<'_>, reason: RefusalReason) -> Option<String> {
    let link = context.link.filter(|_| reason == RefusalReason::Declined)?;
    let app = context.app;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("ticket", &app.cookies().ticket(link, app.clock.now()))
        .append_pair("lang", context.lang.tag())
        .append_pair("stopped", RefusalReason::Unknown.name())
        .finish();
    Some(format!("/api/InviteUser?{query}"))
}

/// The text for the IT department, where there is something that it can change.
fn it_department_text<'a>(
    context: &Context<'a>,
    reason: RefusalReason,
    number: Option<&'a str>,
    approval: Option<&'a Url>,
) -> Option<Pass<'a>> {
    if !matches!(reason, RefusalReason::Approval(_) | RefusalReason::Unknown) {
        return None;
    }
    let config = &context.app.config;
    Some(Pass {
        lang: context.lang,
        platform: &config.platform.name,
        organization: &context.invitation?.terms.inviter.organization,
        client_id: &config.entra.client_id,
        operator: config.public.as_str(),
        support_url: config.platform.support_url.as_ref().map(Url::as_str),
        number,
        reason,
        link: approval.map(Url::as_str),
    })
}

/// The main one comes first. The inviter can be asked below them.
fn actions<'a>(
    context: &Context<'a>,
    reason: RefusalReason,
    invite_url: &'a str,
) -> Vec<Action<'a>> {
    let (app, lang) = (context.app, context.lang);
    let (text, action) = (&lang.organisation().stopped, &lang.text().action);
    let sign_in = |label, prompt: &str, primary| {
        Some(Action::Post {
            label,
            url: invite_url,
            fields: links::restart_fields(app, context.link?, lang, prompt),
            primary,
        })
    };
    let another = |primary| sign_in(action.use_another_account, "select_account", primary);
    let first = match reason {
        RefusalReason::Declined => [sign_in(action.try_again, "", true), None],
        RefusalReason::Approval(_) => [sign_in(text.allowed_now, "", false), another(false)],
        RefusalReason::Account => [another(true), None],
        RefusalReason::Configuration => [sign_in(text.later, "", false), None],
        RefusalReason::Unknown => [sign_in(action.try_again, "", true), another(false)],
    };
    let support = app.config.platform.support_url.as_ref();
    let help = support.map(|url| Action::Link {
        label: action.get_help,
        url: url.as_str(),
        primary: reason == RefusalReason::Configuration,
    });
    let mut actions: Vec<_> = first.into_iter().flatten().chain(help).collect();
    actions.sort_by_key(|action| !action.is_primary());
    actions
}
