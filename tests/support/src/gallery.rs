//! Every page and every e-mail in every language.

use std::sync::LazyLock;

use onboarding::domain::company::{
    Company, CompanyForm, FieldErrors, Person, RegisteredCompany, readable,
};
use onboarding::domain::invitation::{ContactKind, Situation};
use onboarding::mail::{self, CodeMail, InvitationMail, InviterMail, Mail};
use onboarding::text::{Lang, Localized};
use onboarding::views::*;
use time::macros::datetime;

const PLATFORM: &str = "My rConnect";
const HELP: Option<&str> = Some("https://support.example.com/onboarding");
const LINK: &str = "https://onboarding.example.com/api/InviteUser?invitationId=0f8fad5b-d9cb-469f-a165-70867728950e";

const PURPOSE: Option<&str> =
    Some("Manuals, service requests and production figures for your machines.");

static THEME: LazyLock<Theme> = LazyLock::new(Theme::default);
static ICON: LazyLock<Icon> = LazyLock::new(|| Icon::new(PLATFORM, THEME.light()));
static LEGAL: LazyLock<Vec<LegalLink>> = LazyLock::new(|| {
    [("Privacy", "privacy"), ("Imprint", "imprint")]
        .map(|(title, path)| LegalLink {
            title: Localized::same(title.to_owned()),
            url: format!("https://example.com/{path}"),
        })
        .into()
});

pub(crate) fn frame(lang: Lang) -> Frame<'static> {
    Frame {
        lang,
        platform: PLATFORM,
        theme: &THEME,
        icon: &ICON,
        logo: None,
        legal: &LEGAL,
        support_url: HELP,
        here: Some("/api/InviteUser?invitationId=0f8fad5b"),
        inviter: None,
    }
}

pub(crate) fn contact(lang: Lang) -> Contact<'static> {
    let open = ContactOffer {
        asked_at: None,
        is_open: true,
    };
    Contact {
        name: "Marco Rossi",
        organization: "GF Machining Solutions",
        email: Some("marco.rossi@gfms.example"),
        phone: Some("+41791234567"),
        action: "/api/ContactInviter",
        ticket: "ticket".into(),
        lang,
        help: open,
        not_me: open,
        new_invitation: ContactOffer::default(),
        colleague: None,
        is_colleague_wrong: false,
        form: None,
    }
}

fn contact_after_asking(lang: Lang) -> Contact<'static> {
    let asked = ContactOffer {
        asked_at: Some(datetime!(2026-11-25 09:12 UTC)),
        is_open: false,
    };
    Contact {
        help: asked,
        ..contact(lang)
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
        now: datetime!(2026-12-01 14:00 UTC),
        purpose: PURPOSE,
        company_name: "Meier Präzisionstechnik GmbH",
        action: "/api/InviteUser",
        form_token: "token",
        contact: Some(&contact(lang)),
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
        let company = Company::parse(form);
        CompanyPage {
            frame: frame(lang),
            form,
            company: company.as_ref().ok(),
            errors: company.as_ref().err().unwrap_or(&FieldErrors::NONE),
            registered: &right,
            customer_number: registered.customer_number.as_deref(),
            email: "anna.meier@example.com",
            action: "/api/CreateCompany",
            form_token: "token",
            ticket: "ticket",
            inviter_organization: "GF Machining Solutions",
            no_script,
            no_script_url: (!no_script).then_some("/api/CreateCompany?scripts=no"),
            focus_error: false,
            contact: Some(&Contact {
                form: no_script.then_some("company"),
                ..contact(lang)
            }),
        }
        .render()
        .document
    };

    let person = Person {
        first_name: first_name.into(),
        last_name: last_name.into(),
    };
    let shared = Company::parse(&right).unwrap();
    let join = |form: &CompanyForm, creator, is_late| {
        let errors = shared
            .for_colleague(form)
            .err()
            .unwrap_or(FieldErrors::NONE);
        JoinPage {
            frame: frame(lang),
            id: uuid::Uuid::from_u128(1),
            company: &shared,
            customer_number: registered.customer_number.as_deref(),
            creator,
            created_at: datetime!(2026-12-22 14:00 UTC),
            is_late,
            form,
            errors: &errors,
            email: "beat.huber@example.com",
            action: "/api/CreateCompany",
            form_token: "token",
            ticket: "",
            contact: Some(&Contact {
                form: Some("join"),
                ..contact(lang)
            }),
        }
        .render()
        .document
    };
    let nameless = right.clone().with_person("", "");

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
        has_joined: false,
        registered: Some(&right),
        customer_number: registered.customer_number.as_deref(),
        email: "anna.meier@example.com",
        inviter_name: "Marco Rossi",
        inviter_email: Some("marco.rossi@example.com"),
        links: &links,
        unsaved: None,
        platform_url: Some("https://platform.example.com/"),
    };
    let joined = WelcomePage {
        has_joined: true,
        links: &links,
        ..welcome
    };
    let (local, regional) = (local_company(lang), swiss_company());
    let label_of = |(registered, email): &(RegisteredCompany, &str)| {
        let form = readable(CompanyForm::from(registered)).with_person(first_name, last_name);
        CompanyPage {
            frame: frame(lang),
            form: &form,
            company: Company::parse(&form).as_ref().ok(),
            errors: &FieldErrors::NONE,
            registered: &form,
            customer_number: registered.customer_number.as_deref(),
            email,
            action: "/api/CreateCompany",
            form_token: "token",
            ticket: "ticket",
            inviter_organization: "GF Machining Solutions",
            no_script: false,
            no_script_url: Some("/api/CreateCompany?scripts=no"),
            focus_error: false,
            contact: Some(&contact(lang)),
        }
        .render()
        .document
    };
    [
        ("company-local", label_of(&local)),
        ("company-swiss", label_of(&regional)),
        ("invite", invite.render().document),
        ("invite-no_script", no_script.render().document),
        ("invite-accepted", accepted.render().document),
        ("invite-completed", completed.render().document),
        ("company", company(&right, false)),
        ("company-wrong", company(&wrong, false)),
        ("company-no_script", company(&wrong, true)),
        ("join", join(&right, Some(&person), false)),
        ("join-late", join(&right, Some(&person), true)),
        ("join-wrong", join(&nameless, None, false)),
        ("welcome", welcome.render().document),
        ("welcome-joined", joined.render().document),
    ]
    .map(|(name, html)| (name.to_owned(), html))
    .into_iter()
    .chain(confirm_steps(lang))
    .collect()
}

/// A company where the language is spoken, with an e-mail address there.
fn local_company(lang: Lang) -> (RegisteredCompany, &'static str) {
    let (values, email) = match lang {
        Lang::En => (
            [
                "Carter Tooling Inc.",
                "400 Mill Road",
                "61101",
                "Rockford",
                "IL",
                "US",
                "123456789",
            ],
            "anna.meier@carter-tooling.example",
        ),
        Lang::De => (
            [
                "Meier Präzisionstechnik GmbH",
                "Lindwurmstraße 80",
                "80337",
                "München",
                "",
                "DE",
                "DE123456789",
            ],
            "anna.meier@meier-praezisionstechnik.example",
        ),
        Lang::Fr => (
            [
                "Mécanique de précision Meyer SARL",
                "12 rue de la République",
                "69002",
                "Lyon",
                "",
                "FR",
                "FR12345678901",
            ],
            "anna.meier@mecanique-meyer.example",
        ),
        Lang::It => (
            [
                "Rossi Stampi S.p.A.",
                "Via Garibaldi 7",
                "20121",
                "Milano",
                "MI",
                "IT",
                "IT12345678901",
            ],
            "anna.meier@rossi-stampi.example",
        ),
        Lang::Es => (
            [
                "Moldes García, S.A. de C.V.",
                "Av. Universidad 1200",
                "03310",
                "Ciudad de México",
                "CDMX",
                "MX",
                "ABC010101AB1",
            ],
            "anna.meier@moldes-garcia.example",
        ),
        Lang::Ja => (
            [
                "株式会社山田精密製作所",
                "丸の内 1-1-1",
                "100-0001",
                "千代田区",
                "東京都",
                "JP",
                "",
            ],
            "taro.yamada@yamada-seimitsu.example",
        ),
        Lang::ZhHans => (
            [
                "上海永丰精密机械有限公司",
                "南京西路 1266 号",
                "200040",
                "静安区",
                "上海市",
                "CN",
                "",
            ],
            "chen.meiling@yongfeng.example",
        ),
        Lang::ZhHant => (
            [
                "永豐精密工業股份有限公司",
                "瑞光路 58 號",
                "114",
                "內湖區",
                "台北市",
                "TW",
                "12345678",
            ],
            "meiling.chen@yongfeng.example",
        ),
    };
    (company_of(values, None, None), email)
}

/// With all that a company can have.
fn swiss_company() -> (RegisteredCompany, &'static str) {
    let values = [
        "Meier Präzisionstechnik AG",
        "Seestrasse 12",
        "8002",
        "Zürich",
        "ZH",
        "CH",
        "CHE123456789MWST",
    ];
    let company = company_of(
        values,
        Some("+41446681800"),
        Some("https://www.meier-praezision.example/"),
    );
    (company, "anna.meier@meier-praezision.example")
}

fn company_of(
    [name, street, postal_code, city, region, country, vat_number]: [&str; 7],
    phone: Option<&str>,
    website: Option<&str>,
) -> RegisteredCompany {
    let optional = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
    RegisteredCompany {
        name: name.into(),
        street: street.into(),
        postal_code: postal_code.into(),
        city: city.into(),
        region: optional(region),
        country: country.into(),
        phone: phone.map(str::to_owned),
        vat_number: optional(vat_number),
        customer_number: Some("C-10042".into()),
        website: website.map(str::to_owned),
    }
}

fn confirm_steps(lang: Lang) -> Vec<(String, String)> {
    let (mailbox, account_name) = (mask_email("anna.meier@example.com"), "anna@private.example");
    let sent_again = Some(datetime!(2026-12-22 14:05 UTC));
    let enter = |problem| ConfirmStep::Enter {
        problem,
        is_sent: true,
        sent_again,
    };
    let sending = ConfirmStep::Enter {
        problem: None,
        is_sent: false,
        sent_again: None,
    };
    let offer = |account| ConfirmStep::Offer { account };
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
        ("offer", offer(ShownAccount::Invited), send(true)),
        ("offer-other", offer(ShownAccount::Another), send(true)),
        ("offer-guest", offer(ShownAccount::Guest), send(true)),
        (
            "no-offer",
            ConfirmStep::NoOffer {
                account: ShownAccount::Another,
            },
            vec![other.clone()],
        ),
        ("sending", sending, again(false)),
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
            account_name,
            at,
            action: "/api/ConfirmMailbox",
            form_token: "token",
            ticket: "ticket",
            actions: &actions,
            contact: Some(&contact_after_asking(lang)),
        };
        (format!("confirm-{name}"), page.render().document)
    })
    .into()
}

fn invite_of<'a>(page: &InvitePage<'a>) -> InvitePage<'a> {
    InvitePage { ..*page }
}

fn again_button(lang: Lang) -> Action<'static> {
    Action::Post {
        label: lang.text().action.try_again,
        url: "/api/InviteUser",
        fields: vec![("token", "t".into())],
        primary: true,
    }
}

pub fn notices(lang: Lang) -> Vec<(String, String)> {
    let t = &lang.text().action;
    let open = Action::Link {
        label: t.proceed,
        url: LINK,
        primary: true,
    };
    let again = again_button(lang);
    let contacted = |kind, is_mailed| {
        Notice::Contacted(Contacted {
            kind,
            inviter: "Marco Rossi".into(),
            is_mailed,
            said_before: None,
        })
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
        is_personal: false,
    };
    [
        ("malformed-link", Notice::MalformedLink, vec![]),
        ("unknown", Notice::UnknownInvitation, vec![]),
        ("expired", Notice::Expired, vec![renew.clone()]),
        ("revoked", Notice::Revoked, vec![renew]),
        ("help-requested", contacted(ContactKind::Help, true), vec![]),
        ("declined", contacted(ContactKind::NotMe, true), vec![]),
        (
            "renewal-requested",
            contacted(ContactKind::NewInvitation, true),
            vec![],
        ),
        ("only-recorded", contacted(ContactKind::Help, false), vec![]),
        (
            "no-address",
            Notice::NoAddress {
                typed: "thomas(at)meier".into(),
            },
            vec![],
        ),
        (
            "page-outdated",
            Notice::PageOutdated {
                kind: ContactKind::NotMe,
                typed: "thomas@meier.example".into(),
            },
            vec![],
        ),
        (
            "already-accepted",
            Notice::AlreadyAccepted(Acceptance {
                account_name: "anna@private.example".into(),
                at: datetime!(2026-11-22 14:05 UTC),
                is_personal: false,
            }),
            vec![other.clone()],
        ),
        ("sign-in-failed", Notice::SignInFailed, vec![again.clone()]),
        ("sign-in-restart", Notice::SignInRestart, vec![open.clone()]),
        ("wrong-account", wrong, vec![other]),
        ("try-later", Notice::TryAgainLater, vec![again]),
        ("form-refused", Notice::FormRefused, vec![open.clone()]),
        (
            "cookies-blocked",
            Notice::CookiesBlocked,
            vec![again_button(lang)],
        ),
        ("session-expired", Notice::SessionExpired, vec![open]),
        ("session-lost", Notice::SessionLost, vec![]),
        ("internal", Notice::InternalError, vec![]),
        ("not-found", Notice::NotFound, vec![]),
        ("too-large", Notice::TooLarge, vec![]),
        (
            "too-many-codes",
            Notice::TooManyCodes {
                next_at: datetime!(2026-12-22 14:05 UTC),
                shows_invited: false,
            },
            vec![],
        ),
        ("code-not-sent", Notice::CodeNotSent, vec![]),
    ]
    .map(|(name, notice, actions)| {
        (
            format!("notice-{name}"),
            NoticePage {
                frame: frame(lang),
                step: notice.step(),
                draft_saved: notice == Notice::SessionExpired,
                contact: Some(&Contact {
                    colleague: notice.colleague(),
                    is_colleague_wrong: notice.refuses_colleague(),
                    ..contact(lang)
                }),
                notice: notice.clone(),
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
    let invited = InvitationMail {
        lang,
        platform: PLATFORM,
        theme: &THEME,
        logo: None,
        inviter_name: "Marco Rossi",
        inviter_organization: "GF Machining Solutions",
        first_name,
        last_name,
        message: Some(
            "Your new machine is on its way.\nPlease set up the access before it arrives.",
        ),
        link: LINK,
        expires: datetime!(2026-12-22 14:00 UTC),
        now: datetime!(2026-12-01 14:00 UTC),
        purpose: PURPOSE,
        support_url: HELP,
        docs_url: Some("https://docs.example.com/"),
        legal: &LEGAL,
        inviter_email: Some(&"marco.rossi@gfms.example".parse().unwrap()),
        inviter_phone: Some("+41446681800"),
    };
    let inviter = InviterMail {
        lang,
        platform: PLATFORM,
        theme: &THEME,
        logo: None,
        inviter_name: "Marco Rossi",
        recipient_first_name: first_name,
        recipient_last_name: last_name,
        mailbox: "anna.meier@example.com",
        company_name: "Meier Präzisionstechnik GmbH",
        customer_number: Some("C-10042"),
        invitation_id: "k3Jv9sQe0aYw",
        is_revoked: false,
        legal: &LEGAL,
    };
    let (renewal, created, joined) = (
        mail::renewal_requested(&inviter),
        mail::company_created(&inviter),
        mail::company_joined(&inviter),
    );
    let code = mail::code(&CodeMail {
        lang,
        platform: PLATFORM,
        theme: &THEME,
        logo: None,
        first_name,
        last_name,
        code: "493817",
        minutes: 10,
        legal: &LEGAL,
    });
    let both = |Mail {
                    subject,
                    text,
                    html,
                    ..
                }: Mail| {
        [
            html,
            format!("<!doctype html><meta charset=utf-8><pre>{subject}\n\n{text}"),
        ]
    };
    [
        ("invitation", mail::invitation(&invited)),
        ("reminder", mail::reminder(&invited)),
        ("approved", mail::approved(&invited)),
        ("renewal", renewal),
        ("company-created", created),
        ("company-joined", joined),
        (
            "help-requested",
            mail::help_requested(&inviter, Situation::Mailbox),
        ),
        (
            "declined",
            mail::declined(&inviter, Some("ben.kunz@example.com")),
        ),
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
