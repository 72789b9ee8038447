//! The pages without the service around them.

mod company;
mod notices;

use super::*;
use crate::domain::company::{Company, CompanyForm, FieldErrors, Person, RegisteredCompany};
use crate::domain::invitation::ContactKind;
use flate2::{Compression, write::GzEncoder};
use scraper::{Html as Dom, Selector};
use std::{io::Write, sync::LazyLock};
use time::macros::datetime;

const HOSTILE: &str = "\"'><script>alert(1)</script>\u{202e}</title></style><b>";

static THEME: LazyLock<Theme> = LazyLock::new(Theme::default);
static ICON: LazyLock<Icon> = LazyLock::new(|| Icon::new("My rConnect", THEME.light()));

static LEGAL: LazyLock<Vec<LegalLink>> = LazyLock::new(|| {
    vec![LegalLink {
        title: Localized::same("Privacy".to_owned()),
        url: "https://example.com/privacy".to_owned(),
    }]
});

fn frame(lang: Lang, text: &str) -> Frame<'_> {
    Frame {
        lang,
        platform: text,
        theme: &THEME,
        icon: &ICON,
        logo: None,
        legal: &LEGAL,
        support_url: Some("https://help.example/"),
        here: Some("/api/InviteUser?invitationId=1&x=<"),
        inviter: Some((text, text)),
    }
}

fn contact(lang: Lang, text: &str) -> Contact<'_> {
    let asked_at = Some(datetime!(2026-12-22 14:05 UTC));
    let offer = ContactOffer {
        asked_at,
        is_open: true,
    };
    Contact {
        name: text,
        organization: text,
        email: Some(text),
        phone: Some(text),
        action: text,
        ticket: text.to_owned(),
        lang,
        help: offer,
        not_me: offer,
        new_invitation: offer,
        colleague: Some(text),
        is_colleague_wrong: false,
        form: None,
    }
}

fn notice_page<'a>(frame: Frame<'a>, notice: Notice, actions: &'a [Action<'a>]) -> NoticePage<'a> {
    NoticePage {
        frame,
        step: notice.step(),
        notice,
        actions,
        draft_saved: true,
        contact: None,
    }
}

fn invite(lang: Lang, text: &str, state: InviteState) -> String {
    InvitePage {
        frame: frame(lang, text),
        inviter_name: text,
        inviter_organization: text,
        recipient_first_name: text,
        recipient_last_name: text,
        masked_mailbox: text,
        message: Some(text),
        expires: datetime!(2026-12-22 14:00 UTC),
        now: datetime!(2026-12-01 14:00 UTC),
        purpose: Some(text),
        company_name: text,
        action: text,
        form_token: text,
        contact: Some(&contact(lang, text)),
        sign_up_button: true,
        state,
    }
    .render()
    .document
}

fn form(text: &str) -> CompanyForm {
    let registered = RegisteredCompany {
        name: text.into(),
        street: text.into(),
        postal_code: text.into(),
        city: text.into(),
        region: Some(text.into()),
        country: text.into(),
        phone: Some(text.into()),
        vat_number: Some(text.into()),
        website: Some(text.into()),
        customer_number: Some(text.into()),
    };
    CompanyForm::from(&registered).with_person(text, text)
}

fn company(lang: Lang, form: &CompanyForm, text: &str) -> String {
    company_page(lang, form, text, false)
}

fn company_page(lang: Lang, form: &CompanyForm, text: &str, no_script: bool) -> String {
    registered_page(lang, (&right(), form), text, no_script)
}

/// The page of a company that is registered, with the form as it is.
fn registered_page(
    lang: Lang,
    (registered, form): (&CompanyForm, &CompanyForm),
    text: &str,
    no_script: bool,
) -> String {
    let company = Company::parse(form);
    CompanyPage {
        frame: frame(lang, text),
        form,
        company: company.as_ref().ok(),
        errors: company.as_ref().err().unwrap_or(&FieldErrors::NONE),
        registered,
        customer_number: Some(text),
        email: text,
        action: text,
        form_token: text,
        ticket: text,
        inviter_organization: text,
        no_script,
        no_script_url: (!no_script).then_some(text),
        focus_error: true,
        contact: Some(&contact(lang, text)),
    }
    .render()
    .document
}

fn right() -> CompanyForm {
    CompanyForm {
        company_name: "Meier".into(),
        street: "Weg 1".into(),
        postal_code: "80331".into(),
        city: "München".into(),
        country: "DE".into(),
        ..CompanyForm::default()
    }
    .with_person("Anna", "Meier")
}

fn confirm_steps() -> [ConfirmStep; 11] {
    let enter = |problem| ConfirmStep::Enter {
        problem,
        is_sent: true,
        sent_again: Some(datetime!(2026-12-22 14:05 UTC)),
    };
    let offer = |account| ConfirmStep::Offer { account };
    let no_offer = |account| ConfirmStep::NoOffer { account };
    [
        offer(ShownAccount::Invited),
        offer(ShownAccount::Another),
        offer(ShownAccount::Guest),
        no_offer(ShownAccount::Another),
        no_offer(ShownAccount::Invited),
        ConfirmStep::Enter {
            problem: None,
            is_sent: false,
            sent_again: None,
        },
        enter(None),
        enter(Some(CodeProblem::NotACode)),
        enter(Some(CodeProblem::Wrong { tries_left: 2 })),
        enter(Some(CodeProblem::Earlier)),
        ConfirmStep::Over,
    ]
}

fn notices(text: &str) -> Vec<Notice> {
    let contacted = |kind, is_mailed| {
        Notice::Contacted(Contacted {
            kind,
            inviter: text.into(),
            is_mailed,
            said_before: None,
        })
    };
    vec![
        Notice::MalformedLink,
        Notice::UnknownInvitation,
        Notice::Expired,
        Notice::Revoked,
        contacted(ContactKind::Help, true),
        contacted(ContactKind::NotMe, true),
        contacted(ContactKind::NewInvitation, true),
        contacted(ContactKind::Help, false),
        Notice::Contacted(Contacted {
            kind: ContactKind::NotMe,
            inviter: text.into(),
            is_mailed: true,
            said_before: Some(datetime!(2026-12-22 14:05 UTC)),
        }),
        Notice::NoAddress { typed: text.into() },
        Notice::PageOutdated {
            kind: ContactKind::NotMe,
            typed: text.into(),
        },
        Notice::AlreadyAccepted(Acceptance {
            account_name: text.into(),
            at: datetime!(2026-12-22 14:05 UTC),
            is_personal: true,
        }),
        Notice::Approval(ApprovalNotice::Approved),
        Notice::Approval(ApprovalNotice::NotApproved),
        Notice::Approval(ApprovalNotice::Closed),
        Notice::Approval(ApprovalNotice::Unmatched),
        Notice::SignInFailed,
        Notice::SignInRestart,
        Notice::CookiesBlocked,
        Notice::SessionLost,
        Notice::SessionUnknown,
        Notice::SignInUnknown,
        Notice::WrongAccount {
            account_name: text.into(),
            masked_mailbox: text.into(),
            is_personal: false,
        },
        Notice::WrongAccount {
            account_name: text.into(),
            masked_mailbox: text.into(),
            is_personal: true,
        },
        Notice::TryAgainLater,
        Notice::FormRefused,
        Notice::AddressRefused { typed: text.into() },
        Notice::AddressKept { typed: text.into() },
        Notice::SessionExpired,
        Notice::InternalError,
        Notice::NotFound,
        Notice::TooLarge,
        Notice::TooManyCodes {
            next_at: datetime!(2026-12-22 14:05 UTC),
            shows_invited: false,
        },
        Notice::CodeNotSent,
    ]
}

fn actions(text: &str) -> [Action<'_>; 2] {
    [
        Action::Link {
            label: text,
            url: text,
            primary: true,
        },
        Action::Post {
            label: text,
            url: text,
            fields: vec![("token", text.into())],
            primary: false,
        },
    ]
}

/// The company is shown as a colleague confirmed it, the person as they typed.
fn join_page(lang: Lang, typed: &CompanyForm, text: &str) -> String {
    let company = Company::parse(&right()).unwrap();
    let person = Person {
        first_name: text.into(),
        last_name: text.into(),
    };
    let errors = company
        .for_colleague(typed)
        .err()
        .unwrap_or(FieldErrors::NONE);
    JoinPage {
        frame: frame(lang, text),
        id: uuid::Uuid::from_u128(1),
        company: &company,
        customer_number: Some(text),
        creator: Some(&person),
        created_at: datetime!(2026-12-22 14:05 UTC),
        is_late: true,
        form: typed,
        errors: &errors,
        email: text,
        action: text,
        form_token: text,
        ticket: "",
        contact: Some(&contact(lang, text)),
    }
    .render()
    .document
}

fn every_page(lang: Lang, text: &str) -> Vec<String> {
    let links = [WelcomeLink {
        title: text,
        url: text,
        icon: text,
    }];
    let actions = actions(text);
    let mut pages = vec![
        company(lang, &form(text), text),
        company(lang, &right(), text),
        company_page(lang, &form(text), text, true),
        company_page(lang, &right(), text, true),
        WelcomePage {
            frame: frame(lang, text),
            first_name: text,
            last_name: text,
            company_name: text,
            has_joined: false,
            registered: Some(&form(text)),
            customer_number: Some(text),
            email: text,
            inviter_name: text,
            inviter_email: Some(text),
            links: &links,
            unsaved: Some(text),
            platform_url: Some(text),
        }
        .render()
        .document,
        join_page(lang, &form(text), text),
        join_page(lang, &right(), text),
    ];
    pages.extend(confirm_steps().map(|at| {
        ConfirmPage {
            frame: frame(lang, text),
            masked_mailbox: text,
            account_name: text,
            at,
            action: text,
            form_token: text,
            ticket: text,
            actions: &actions,
            contact: Some(&contact(lang, text)),
        }
        .render()
        .document
    }));
    pages.extend(
        [
            InviteState::Pending,
            InviteState::Accepted,
            InviteState::Completed,
        ]
        .map(|state| invite(lang, text, state)),
    );
    pages.extend(notices(text).into_iter().map(|notice| {
        NoticePage {
            contact: Some(&contact(lang, text)),
            ..notice_page(frame(lang, text), notice, &actions)
        }
        .render()
        .document
    }));
    pages
}

fn select(html: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    Dom::parse_document(html)
        .select(&selector)
        .map(|element| element.text().collect())
        .collect()
}

#[test]
fn every_page_says_its_language_title_and_heading() {
    for lang in Lang::ALL {
        for page in every_page(lang, "Name") {
            assert_eq!(
                select(&page, &format!("html[lang={}]", lang.tag())).len(),
                1
            );
            let title = &select(&page, "title")[0];
            assert!(title.contains("Name"), "{title}");
            assert_eq!(select(&page, "h1").len(), 1);
            assert!(!page.contains(" style=") && !page.contains(" onclick="));
        }
    }
}

#[test]
fn a_title_names_the_platform_once() {
    let title = |page: &str| select(page, "title").concat();
    let pending = invite(Lang::En, "My rConnect", InviteState::Pending);
    assert_eq!(title(&pending), "You are invited to My rConnect");
    let page = company(Lang::En, &right(), "My rConnect");
    assert_eq!(title(&page), "Check your company details – My rConnect");
}

#[test]
fn hostile_names_stay_text() {
    for lang in Lang::ALL {
        for page in every_page(lang, HOSTILE) {
            assert!(!page.contains("<script>alert"), "{page}");
            assert!(!page.contains("</title></style>") && !page.contains("<b>"));
            assert!(select(&page, "b").is_empty());
            assert_eq!(select(&page, "title").len(), 1);
        }
    }
}

/// Only the value that the person typed themselves is shown as it is, for them to correct.
#[test]
fn bidi_overrides_are_dropped_from_what_is_shown() {
    for page in every_page(Lang::En, "a\u{202e}b") {
        let shown = select(&page, "body").concat();
        assert!(!shown.contains('\u{202e}'), "{shown}");
    }
}

/// Moments are written in the zone of the browser, on whatever page they stand.
#[test]
fn every_moment_can_be_written_in_the_browsers_zone() {
    for lang in Lang::ALL {
        for page in every_page(lang, "Name") {
            let of_script = select(&page, "script")
                .iter()
                .filter(|script| *script == TIMES_SCRIPT)
                .count();
            let times = select(&page, "time[datetime$=Z]").len();
            let takes_scripts = select(&page, "[name=scripts][value=no]").is_empty();
            let expected = usize::from(times > 0 && takes_scripts);
            assert_eq!(of_script, expected, "{page}");
            let words = select(&page, "main").concat();
            let moments = words.matches("UTC").count();
            assert_eq!(moments, times, "a moment without its element: {words}");
        }
    }
}

#[test]
fn every_page_has_an_icon_and_the_legal_links() {
    for lang in Lang::ALL {
        for page in every_page(lang, "Name") {
            assert_eq!(select(&page, "head link[rel=icon][href^='data:']").len(), 1);
            assert_eq!(
                select(&page, "footer a[href='https://example.com/privacy']").len(),
                1
            );
        }
    }
}

#[test]
fn chinese_and_japanese_have_no_space_after_stops() {
    for lang in [Lang::Ja, Lang::ZhHans, Lang::ZhHant] {
        for page in every_page(lang, "名") {
            let texts = select(&page, "main p");
            let spaced = |text: &&String| text.contains("。 ") || text.contains("） ");
            let spaced = texts.iter().find(spaced);
            assert_eq!(spaced, None, "{}", lang.tag());
        }
    }
}

#[test]
fn no_blank_is_beside_a_chinese_name_on_any_page() {
    const NAME: &str = "林志明";
    let is_cjk = |c: char| ('\u{2e80}'..='\u{9fff}').contains(&c);
    for lang in [Lang::Ja, Lang::ZhHans, Lang::ZhHant] {
        for page in every_page(lang, NAME) {
            let mut texts = select(
                &page,
                "title, h1, h2, p:not(.fixed), button, a, figcaption, summary",
            );
            // What the script puts before a registered value.
            texts.extend(
                page.split("data-by=\"")
                    .nth(1)
                    .map(|rest| rest.split('"').next().unwrap_or_default().to_owned()),
            );
            for text in texts {
                for (at, name) in text.match_indices(NAME) {
                    let before = text[..at].strip_suffix(' ');
                    let after = text[at + name.len()..].strip_prefix(' ');
                    let before = before.and_then(|before| before.chars().next_back());
                    let after = after.and_then(|after| after.chars().next());
                    assert!(
                        !before.is_some_and(is_cjk) && !after.is_some_and(is_cjk),
                        "{}: {text}",
                        lang.tag()
                    );
                }
            }
        }
    }
}

#[test]
fn hashes_are_those_of_the_element_contents() {
    let between = |page: &str, open: &str, close: &str| {
        let start = page.find(open).unwrap() + open.len();
        page[start..start + page[start..].find(close).unwrap()].to_owned()
    };
    let page = company(Lang::En, &right(), "Name");
    let policies = &THEME.sheet(Lang::En, SheetKind::Company).policies;
    let policy = policies.of(FormTarget::Us).to_str().unwrap().to_owned();
    let style = policy::source(&between(&page, "<style>", "</style>"));
    assert!(
        policy.contains(&format!("; style-src {style}; ")),
        "{policy}"
    );
    let scripts = page.split("<script>").skip(1);
    let scripts = scripts.map(|rest| policy::source(rest.split_once("</script>").unwrap().0));
    let expected = [ORDER_SCRIPT, script(), TIMES_SCRIPT].map(policy::source);
    assert_eq!(scripts.collect::<Vec<_>>(), expected);
    for script in expected {
        assert!(policy.contains(&script), "{script} in {policy}");
    }
}

#[test]
fn language_links_keep_the_place() {
    let page = invite(Lang::En, "Name", InviteState::Pending);
    assert_eq!(
        select(
            &page,
            "nav a[href='/api/InviteUser?invitationId=1&x=<&lang=zh-Hant'][lang=zh-Hant]"
        ),
        ["繁體中文"]
    );
    let nowhere = Frame {
        here: None,
        ..frame(Lang::En, "Name")
    };
    let none = notice_page(nowhere, Notice::NotFound, &[])
        .render()
        .document;
    assert!(select(&none, "nav").is_empty());
}

#[test]
fn addresses_are_masked() {
    assert_eq!(mask_email("anna.meier@example.com"), "a•••@example.com");
    assert_eq!(mask_email("a@example.com"), "•••@example.com");
    assert_eq!(mask_email("ab@example.com"), "•••@example.com");
    assert_eq!(mask_email("\"a@b\"@example.com"), "\"•••@example.com");
    assert_eq!(mask_email("李小龍@example.com"), "李•••@example.com");
    assert_eq!(mask_email("anna"), "a•••");
    for odd in ["", "@", "@@", "a@", " ", "\u{202e}@x"] {
        assert!(mask_email(odd).contains("•••"), "{odd:?}");
    }
}

#[test]
fn names_are_cleaned_and_shortened() {
    assert_eq!(clean("  Anna\r\n\u{202e}Meier\u{200b} "), "Anna Meier");
    assert_eq!(clean(&"x".repeat(100)), "x".repeat(100));
    assert_eq!(clean(&"x".repeat(101)), format!("{}…", "x".repeat(99)));
    assert_eq!(clean_lines("a\r\nb\u{0}\n"), "a\nb");
}

/// A page is one request, and each byte of it is waited for at a workshop's gate with one bar of
/// signal.
#[test]
fn every_page_is_small() {
    let texts = [
        ("usual", "Meier Präzisionstechnik GmbH"),
        ("hostile", HOSTILE),
    ];
    for (lang, (what, text)) in Lang::ALL
        .into_iter()
        .flat_map(|lang| texts.map(|text| (lang, text)))
    {
        let mut pages = every_page(lang, text);
        if what == "usual" {
            let two_wrong = CompanyForm {
                postal_code: "8".into(),
                phone: "089 1".into(),
                ..right()
            };
            pages[0] = company(lang, &two_wrong, text);
            pages[2] = company_page(lang, &two_wrong, text, true);
        }
        let weights: Vec<(usize, usize)> = pages
            .iter()
            .map(|page| (page.len(), compressed(page)))
            .collect();
        let most = |of: fn(&(usize, usize)) -> usize| weights.iter().map(of).max().unwrap();
        let (no_script, small) = (most(|weight| weight.0), most(|weight| weight.1));
        println!(
            "{} {what}: at most {no_script} bytes, compressed {small}; each: {weights:?}",
            lang.tag()
        );
        // What people and sellers write comes on top.
        if what == "usual" {
            // The largest is the page of the company without scripts: every country, and below it the
            // inviter with two forms.
            assert!(
                no_script <= 28 * 1024 && small <= 11 * 1024,
                "{}: {no_script} and {small} bytes",
                lang.tag()
            );
        }
    }
}

fn compressed(page: &str) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(page.as_bytes()).unwrap();
    gzip.finish().unwrap().len()
}
