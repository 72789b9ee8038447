//! Every page and every e-mail in every language.

use std::sync::LazyLock;

use onboarding::domain::company::{Company, CompanyForm, FieldErrors, RegisteredCompany};
use onboarding::domain::situation::Situation;
use onboarding::mail::{self, CodeMail, InvitationMail, InviterMail, Mail};
use onboarding::text::Lang;
use onboarding::views::*;
use time::macros::datetime;

const PLATFORM: &str = "My rConnect";
const HELP: Option<&str> = Some("https://support.example.com/onboarding");
const LINK: &str = "https://onboarding.example.com/api/InviteUser?invitationId=0f8fad5b-d9cb-469f-a165-70867728950e";

static THEME: LazyLock<Theme> = LazyLock::new(Theme::default);

fn frame(lang: Lang) -> Frame<'static> {
    Frame {
        lang,
        platform: PLATFORM,
        theme: &THEME,
        support_url: HELP,
        here: Some("/api/InviteUser?invitationId=0f8fad5b"),
    }
}

/// First and last name.
fn person(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::ZhHant => ("美玲", "陳"),
        Lang::ZhHans => ("美玲", "陈"),
        Lang::Ja => ("太郎", "山田"),
        Lang::En | Lang::De | Lang::Fr | Lang::It | Lang::Es => ("Anna", "Meier"),
    }
}

pub fn pages(lang: Lang) -> Vec<(String, String)> {
    let (first_name, last_name) = person(lang);
    let invite = InvitePage {
        frame: frame(lang),
        inviter_name: "Marco Rossi",
        inviter_organization: "GF Machining Solutions",
        recipient_first_name: first_name,
        recipient_last_name: last_name,
        masked_mailbox: &mask_email("anna.meier@example.com"),
        message: Some(
            "Your new machine is on its way.\nPlease set up the access before it arrives.",
        ),
        expires: datetime!(2026-12-22 14:00 UTC),
        company_name: "Meier Präzisionstechnik GmbH",
        action: "/api/InviteUser",
        form_token: "token",
        sign_up_button: true,
        state: InviteState::Pending,
    };
    let accepted = InvitePage {
        state: InviteState::Accepted,
        ..invite_of(&invite)
    };
    let completed = InvitePage {
        state: InviteState::Completed,
        ..invite_of(&invite)
    };
    let no_script = InvitePage {
        sign_up_button: false,
        message: None,
        ..invite_of(&invite)
    };

    let registered = RegisteredCompany {
        name: "Meier Präzisionstechnik GmbH".into(),
        street: "Lindwurmstraße 80".into(),
        postal_code: "80337".into(),
        city: "München".into(),
        country: "DE".into(),
        phone: Some("+49 89 1234567".into()),
        customer_number: Some("C-10042".into()),
        ..RegisteredCompany::default()
    };
    let right = CompanyForm::from(&registered).with_person("Anna", "Meier");
    let wrong = CompanyForm {
        postal_code: "8033".into(),
        phone: "089 1234567".into(),
        ..right.clone()
    }
    .with_person("Anna", "");
    let company = |form: &CompanyForm, no_script: bool| {
        let errors = Company::parse(form).err().unwrap_or(FieldErrors::NONE);
        CompanyPage {
            frame: frame(lang),
            form,
            errors: &errors,
            registered: &right,
            customer_number: registered.customer_number.as_deref(),
            email: "anna.meier@example.com",
            action: "/api/CreateCompany",
            form_token: "token",
            inviter_organization: "GF Machining Solutions",
            no_script,
            no_script_url: None,
            focus_error: false,
        }
        .render()
        .document
    };

    let titles = if lang == Lang::ZhHant {
        [
            "連接您的機台",
            "閱讀使用手冊",
            "邀請同事",
            "聯絡支援",
            "產能分析",
        ]
    } else {
        [
            "Connect your machine",
            "Read the manuals",
            "Invite your colleagues",
            "Talk to support",
            "See your production figures",
        ]
    };
    let links: Vec<_> = titles
        .iter()
        .zip(["machine", "book", "users", "support", "chart"])
        .map(|(title, icon)| WelcomeLink {
            title,
            url: "https://platform.example.com/",
            icon,
        })
        .collect();
    let welcome = WelcomePage {
        frame: frame(lang),
        first_name,
        last_name,
        company_name: "Meier Präzisionstechnik GmbH",
        links: &links,
        platform_url: Some("https://platform.example.com/"),
    };
    [
        ("invite", invite.render().document),
        ("invite-no_script", no_script.render().document),
        ("invite-accepted", accepted.render().document),
        ("invite-completed", completed.render().document),
        ("company", company(&right, false)),
        ("company-wrong", company(&wrong, false)),
        ("company-no_script", company(&wrong, true)),
        ("welcome", welcome.render().document),
    ]
    .map(|(name, html)| (name.to_owned(), html))
    .into_iter()
    .chain(confirm_steps(lang))
    .collect()
}

fn confirm_steps(lang: Lang) -> Vec<(String, String)> {
    let (mailbox, account_name) = (mask_email("anna.meier@example.com"), "anna@private.example");
    let sent_again = Some(datetime!(2026-12-22 14:05 UTC));
    let enter = |problem| ConfirmStep::Enter {
        problem,
        sent_again,
    };
    let offer = |shows_invited| ConfirmStep::Offer {
        account_name,
        shows_invited,
    };
    let text = lang.text();
    let label = (text.confirm.send_to)(&mailbox);
    let action = |label, primary| Action::Post {
        label,
        url: "/api/ConfirmMailbox",
        fields: vec![],
        primary,
    };
    let other = action(text.action.use_another_account, false);
    let send = |primary| vec![action(&label, primary), other.clone()];
    let again = |primary| vec![action(text.confirm.send_again, primary), other.clone()];
    [
        ("offer", offer(true), send(true)),
        ("offer-other", offer(false), send(true)),
        (
            "no-offer",
            ConfirmStep::NoOffer { account_name },
            vec![other.clone()],
        ),
        ("again", enter(None), again(false)),
        (
            "not-a-code",
            enter(Some(CodeProblem::NotACode)),
            again(false),
        ),
        (
            "wrong",
            enter(Some(CodeProblem::Wrong { tries_left: 2 })),
            again(false),
        ),
        ("earlier", enter(Some(CodeProblem::Earlier)), again(false)),
        ("over", ConfirmStep::Over, again(true)),
    ]
    .map(|(name, at, actions)| {
        let page = ConfirmPage {
            frame: frame(lang),
            masked_mailbox: &mailbox,
            at,
            action: "/api/ConfirmMailbox",
            form_token: "token",
            actions: &actions,
        };
        (format!("confirm-{name}"), page.render().document)
    })
    .into()
}

fn invite_of<'a>(page: &InvitePage<'a>) -> InvitePage<'a> {
    InvitePage { ..*page }
}

pub fn notices(lang: Lang) -> Vec<(String, String)> {
    let t = &lang.text().action;
    let open = Action::Link {
        label: t.proceed,
        url: LINK,
        primary: true,
    };
    let again = Action::Post {
        label: t.try_again,
        url: "/api/InviteUser",
        fields: vec![("token", "t".into())],
        primary: true,
    };
    let renew = Action::Post {
        label: t.ask_for_new_invitation,
        url: "/api/InviteUser",
        fields: vec![],
        primary: true,
    };
    let other = Action::Post {
        label: t.use_another_account,
        url: "/api/InviteUser",
        fields: vec![],
        primary: true,
    };
    let wrong = Notice::WrongAccount {
        account_name: "Anna Meier (anna@elsewhere.example)".into(),
        masked_mailbox: mask_email("anna.meier@example.com"),
    };
    [
        ("malformed-link", Notice::MalformedLink, vec![]),
        ("unknown", Notice::UnknownInvitation, vec![]),
        (
            "expired",
            Notice::Expired { can_renew: true },
            vec![renew.clone()],
        ),
        (
            "expired-final",
            Notice::Expired { can_renew: false },
            vec![],
        ),
        ("revoked", Notice::Revoked { can_renew: true }, vec![renew]),
        (
            "revoked-final",
            Notice::Revoked { can_renew: false },
            vec![],
        ),
        ("renewal-requested", Notice::RenewalRequested, vec![]),
        (
            "used-by-another",
            Notice::UsedByAnother(Acceptance {
                account_name: "anna@private.example".into(),
                at: datetime!(2026-11-22 14:05 UTC),
                is_personal: false,
            }),
            vec![other.clone()],
        ),
        (
            "consent-declined",
            Notice::Stopped(Situation::Declined),
            vec![again.clone()],
        ),
        ("sign-in-failed", Notice::SignInFailed, vec![again.clone()]),
        ("sign-in-restart", Notice::SignInRestart, vec![open.clone()]),
        ("wrong-account", wrong, vec![other]),
        ("try-later", Notice::TryAgainLater, vec![again]),
        ("form-refused", Notice::FormRefused, vec![open.clone()]),
        ("session-over", Notice::SessionOver, vec![open]),
        ("internal", Notice::InternalError, vec![]),
        ("not-found", Notice::NotFound, vec![]),
        ("too-large", Notice::TooLarge, vec![]),
        (
            "too-many-codes",
            Notice::TooManyCodes {
                next_at: datetime!(2026-12-22 14:05 UTC),
            },
            vec![],
        ),
        ("code-not-sent", Notice::CodeNotSent, vec![]),
        ("already-done", Notice::AlreadyDone, vec![]),
    ]
    .map(|(name, notice, actions)| {
        (
            format!("notice-{name}"),
            NoticePage {
                frame: frame(lang),
                notice,
                actions: &actions,
            }
            .render()
            .document,
        )
    })
    .into()
}

pub fn mails(lang: Lang) -> Vec<(String, String)> {
    let (first_name, last_name) = person(lang);
    let invitation = mail::invitation(&InvitationMail {
        lang,
        platform: PLATFORM,
        theme: &THEME,
        inviter_name: "Marco Rossi",
        inviter_organization: "GF Machining Solutions",
        first_name,
        last_name,
        message: Some(
            "Your new machine is on its way.\nPlease set up the access before it arrives.",
        ),
        link: LINK,
        expires: datetime!(2026-12-22 14:00 UTC),
        support_url: HELP,
    });
    let inviter = InviterMail {
        lang,
        platform: PLATFORM,
        theme: &THEME,
        inviter_name: "Marco Rossi",
        recipient_first_name: first_name,
        recipient_last_name: last_name,
        mailbox: "anna.meier@example.com",
        company_name: "Meier Präzisionstechnik GmbH",
        customer_number: Some("C-10042"),
        invitation_id: "k3Jv9sQe0aYw",
    };
    let (renewal, created) = (
        mail::renewal_requested(&inviter),
        mail::company_created(&inviter),
    );
    let code = mail::code(&CodeMail {
        lang,
        platform: PLATFORM,
        theme: &THEME,
        first_name,
        last_name,
        code: "493817",
        minutes: 10,
    });
    let both = |Mail {
                    subject,
                    text,
                    html,
                }: Mail| {
        [
            html,
            format!("<!doctype html><meta charset=utf-8><pre>{subject}\n\n{text}"),
        ]
    };
    [
        ("invitation", invitation),
        ("renewal", renewal),
        ("company-created", created),
        ("code", code),
    ]
    .into_iter()
    .flat_map(|(name, mail)| {
        let [html, text] = both(mail);
        [
            (format!("mail-{name}"), html),
            (format!("mail-{name}-text"), text),
        ]
    })
    .collect()
}
