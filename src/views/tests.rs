use std::{io::Write, sync::LazyLock};

use flate2::{Compression, write::GzEncoder};
use scraper::{Html as Dom, Selector};
use time::macros::datetime;

use super::*;
use crate::domain::company::{Company, CompanyForm, FieldErrors, Person, RegisteredCompany};
use crate::domain::invitation::ContactKind;

const HOSTILE: &str = "\"'><script>alert(1)</script>\u{202e}</title></style><b>";

static THEME: LazyLock<Theme> = LazyLock::new(Theme::default);
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

#[test]
fn every_notice_offers_a_way_forward() {
    for lang in Lang::ALL {
        let forward = lang.text().notice.next_step;
        for notice in notices("Name") {
            let page = notice_page(frame(lang, "Name"), notice.clone(), &[])
                .render()
                .document;
            assert_eq!(select(&page, "main a.primary").len(), 1);
            let bare = Frame {
                support_url: None,
                here: None,
                ..frame(lang, "Name")
            };
            let alone = notice_page(bare, notice.clone(), &[]).render().document;
            // Each says how to go on, once: in its own words, or in those that all others share.
            let main = select(&alone, "main").concat();
            assert!(main.matches(forward).count() <= 1, "{notice:?}: {main}");
            if notice.colleague().is_some() {
                let with_form = NoticePage {
                    contact: Some(&contact(lang, "Name")),
                    ..notice_page(bare, notice.clone(), &[])
                };
                let field = "details[open] #colleague[value]";
                let page = with_form.render().document;
                assert_eq!(select(&page, field).len(), 1, "{notice:?}");
            } else if lang == Lang::En {
                let ways = EN_WAYS.iter().filter(|way| main.contains(**way));
                assert!(ways.count() > 0, "{notice:?}: {main}");
            }
            // Nothing to press is promised where there is none.
            assert!(
                select(&alone, "main a, main button").is_empty(),
                "{notice:?}"
            );
        }
    }
}

/// What a page without anything to press tells people to do.
const EN_WAYS: [&str; 13] = [
    "It takes an administrator of your organisation.",
    "ask them for a new text",
    "The next code can be sent from",
    "let the person who asked you sign in",
    "open the link in your invitation e-mail",
    "you opened the link from the latest invitation e-mail",
    "press the button in your invitation e-mail again",
    "person who invited you",
    "There is nothing else you need to do.",
    "Please contact",
    "close this page",
    "please give it to",
    "you can try again at any time",
];

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

/// A callback that belongs to nothing this browser knows: the page says where to begin
/// again, not only whom to ask.
#[test]
fn lost_sign_in_leads_back_to_the_email() {
    for lang in Lang::ALL {
        let forward = lang.text().notice.next_step;
        let help = Action::Link {
            label: "Help",
            url: "https://help.example/",
            primary: true,
        };
        let restart = Action::Post {
            label: "Again",
            url: "/",
            fields: vec![],
            primary: true,
        };
        for notice in [
            Notice::SignInRestart,
            Notice::SessionExpired,
            Notice::SignInFailed,
        ] {
            let page = |actions| {
                notice_page(frame(lang, "Name"), notice.clone(), actions)
                    .render()
                    .document
            };
            assert!(
                page(std::slice::from_ref(&help)).contains(forward),
                "{notice:?}"
            );
            assert!(
                !page(&[restart.clone(), help.clone()]).contains(forward),
                "{notice:?}"
            );
        }
    }
}

#[test]
fn company_button_is_grey_while_anything_is_wrong() {
    let good = company(Lang::En, &right(), "Name");
    assert_eq!(
        select(&good, "#create-company:not(.off):not([aria-disabled])"),
        ["Create company"]
    );
    assert!(select(&good, "[aria-invalid], [autofocus], [data-was]").is_empty());
    let bad = company(
        Lang::En,
        &CompanyForm {
            postal_code: "8".into(),
            ..right()
        },
        "Name",
    );
    // Without a script it works, so only the script says that it does not.
    assert_eq!(
        select(&bad, "#create-company.off:not([aria-disabled])"),
        ["Create company"]
    );
    assert_eq!(
        select(&bad, "#postalCode-error"),
        ["A postal code in Germany looks like 12345."]
    );
    assert_eq!(
        select(
            &bad,
            "#postalCode[aria-invalid][autofocus][aria-describedby~=postalCode-error]"
        )
        .len(),
        1
    );
    let no_script = company_page(
        Lang::En,
        &CompanyForm {
            postal_code: "8".into(),
            ..right()
        },
        "Name",
        true,
    );
    assert_eq!(
        select(&no_script, "#attention, #problems"),
        ["Please check one entry: Postal code"; 2]
    );
    assert_eq!(select(&no_script, "a[href='#postalCode']").len(), 2);
    assert_eq!(select(&bad, "option[selected]")[0].trim(), "Germany");
}

#[test]
fn valid_data_is_shown_as_a_label() {
    for no_script in [false, true] {
        let page = company_page(Lang::En, &right(), "Name", no_script);
        assert_eq!(
            select(&page, ".label address span"),
            ["Meier", "Weg 1", "80331 München", "Germany"]
        );
        assert!(select(&page, ".label dd").contains(&"Anna Meier".to_owned()));
        assert_eq!(select(&page, "details:not([open]) #companyName").len(), 1);
        assert_eq!(select(&page, "form summary"), ["Change something"]);
    }
}

#[test]
fn missing_data_opens_the_fields_and_is_named_first() {
    let american = CompanyForm {
        country: "US".into(),
        postal_code: "95014".into(),
        ..right()
    };
    for no_script in [false, true] {
        let page = company_page(Lang::En, &american, "Name", no_script);
        assert_eq!(
            select(&page, ".lead:not([hidden])"),
            ["One entry is missing: State"]
        );
        assert_eq!(select(&page, "details[open] #region").len(), 1);
        assert!(select(&page, ".label").is_empty());
    }
}

/// A browser gives Enter to the first button of a form.
#[test]
fn enter_is_taken_by_a_button_without_effect() {
    for no_script in [false, true] {
        let page = company_page(Lang::En, &right(), "Name", no_script);
        let dom = Dom::parse_document(&page);
        let buttons = Selector::parse("#company button").unwrap();
        let first = dom.select(&buttons).next().unwrap();
        assert!(first.attr("disabled").is_some() && first.attr("hidden").is_some());
    }
    let page = join_page(Lang::En, &right(), "Name");
    assert_eq!(
        select(&page, "#join > button:first-of-type[hidden][disabled]").len(),
        1
    );
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
fn a_code_that_is_over_names_the_button() {
    for lang in Lang::ALL {
        let page = ConfirmPage {
            frame: frame(lang, "Name"),
            masked_mailbox: "a…@example.com",
            account_name: "anna@private.example",
            at: ConfirmStep::Over,
            action: "/",
            form_token: "",
            ticket: "",
            actions: &[],
            contact: None,
        };
        let page = page.render().document;
        let lead = select(&page, ".lead").remove(0);
        assert!(lead.contains(lang.text().confirm.send_again), "{lead}");
    }
}

/// The names of the fields that a browser can fill in, in their order.
fn fillable(page: &str) -> Vec<String> {
    let dom = Dom::parse_document(page);
    let fields = Selector::parse("form:has(.create) [name][autocomplete]").unwrap();
    let names = dom.select(&fields).filter_map(|field| field.attr("name"));
    names.map(str::to_owned).collect()
}

#[test]
fn names_and_addresses_follow_the_culture() {
    for lang in [Lang::Ja, Lang::ZhHant, Lang::De] {
        let (company, join) = (
            fillable(&company(lang, &right(), "Name")),
            fillable(&join_page(lang, &right(), "Name")),
        );
        let place = |name: &str| company.iter().position(|own| own == name).unwrap();
        if lang == Lang::De {
            assert_eq!(join, ["firstName", "lastName", "phone"]);
            assert!(place("firstName") < place("lastName"));
            assert!(place("street") < place("city"));
        } else {
            assert_eq!(join, ["lastName", "firstName", "phone"]);
            assert!(place("lastName") < place("firstName"));
            assert!(place("city") < place("street"));
        }
        assert_eq!(company.last().map(String::as_str), Some("phone"));
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
fn welcome_promises_only_what_follows() {
    let links = [WelcomeLink {
        title: "Manuals",
        url: "https://example.com/",
        icon: "book",
    }];
    let next = |links: &[WelcomeLink<'_>], platform_url: Option<&str>| {
        let page = WelcomePage {
            frame: frame(Lang::En, "My rConnect"),
            first_name: "Anna",
            last_name: "Meier",
            company_name: "Meier",
            has_joined: false,
            registered: None,
            customer_number: None,
            email: "anna@example.com",
            inviter_name: "Marco Rossi",
            inviter_email: None,
            links,
            unsaved: None,
            platform_url,
        };
        let lead = select(&page.render().document, ".lead").remove(0);
        lead.split_once(". ").unwrap().1.to_owned()
    };
    let start = "Here is what you can do first.";
    assert_eq!(next(&links, None), start);
    assert_eq!(next(&[], Some("https://example.com/")), start);
    assert_eq!(next(&[], None), "You can close this page.");
}

#[test]
fn the_first_wrong_field_has_the_focus() {
    let nameless = CompanyForm {
        first_name: String::new(),
        last_name: String::new(),
        ..right()
    };
    for (lang, field) in [(Lang::En, "firstName"), (Lang::ZhHant, "lastName")] {
        let page = join_page(lang, &nameless, "Name");
        assert_eq!(select(&page, &format!("#{field}[autofocus]")).len(), 1);
        assert_eq!(select(&page, "[autofocus]").len(), 1);
    }
}

#[test]
fn registered_values_stay_beside_changed_ones() {
    let changed = CompanyForm {
        city: "Munich <b>".into(),
        country: "CH".into(),
        website: "example.com".into(),
        ..right()
    };
    for no_script in [false, true] {
        let page = company_page(Lang::En, &changed, "Name", no_script);
        assert_eq!(
            select(&page, "#city-was:not([hidden])"),
            ["Name had: München"]
        );
        assert_eq!(
            select(&page, "#country-was:not([hidden])"),
            ["Name had: Germany"]
        );
        assert_eq!(select(&page, "#city[aria-describedby~=city-was]").len(), 1);
        // For the script, also where nothing was registered.
        assert_eq!(
            select(&page, "#city[data-was=München]").len(),
            usize::from(!no_script)
        );
        assert_eq!(
            select(&page, "#website-was[hidden]").len(),
            usize::from(!no_script)
        );
        assert_eq!(select(&page, "[id$=-was]:not([hidden])").len(), 2);
    }
}

#[test]
fn a_value_that_is_written_in_another_way_is_not_changed() {
    let registered = CompanyForm {
        country: "CH".into(),
        postal_code: "8002".into(),
        phone: "+41 44 668 18 00".into(),
        vat_number: "CHE-123.456.789".into(),
        website: "www.example.com".into(),
        ..right()
    };
    let same = CompanyForm {
        company_name: " Meier ".into(),
        country: "ch".into(),
        postal_code: "CH-8002".into(),
        phone: "+41446681800".into(),
        vat_number: "che123456789".into(),
        website: "https://www.example.com/".into(),
        ..registered.clone()
    };
    let local = CompanyForm {
        phone: "044 668 18 00".into(),
        // Wrong, so that no company can be made of the form.
        city: String::new(),
        ..same.clone()
    };
    let changed = CompanyForm {
        phone: "+41 44 668 18 01".into(),
        vat_number: "CHE-123.456.780".into(),
        website: "www.example.com/shop".into(),
        ..registered.clone()
    };
    for no_script in [false, true] {
        for (form, expected) in [(&same, 0), (&local, 1), (&changed, 3)] {
            let page = registered_page(Lang::En, (&registered, form), "Name", no_script);
            let shown = select(&page, "[id$=-was]:not([hidden])");
            assert_eq!(shown.len(), expected, "{shown:?}");
            let for_script = select(&page, "[data-was]").len();
            assert_eq!(for_script, if no_script { 0 } else { expected });
        }
    }
}

/// Without a script, the browser colours the button by them; with one, they would have it say its
/// own.
#[test]
fn without_scripts_the_browser_marks_what_is_wrong() {
    let wrong = CompanyForm {
        postal_code: "8".into(),
        phone: "+49 (89)\\1".into(),
        city: String::new(),
        ..right()
    };
    let no_script = company_page(Lang::En, &wrong, "Name", true);
    assert_eq!(select(&no_script, "form[novalidate]").len(), 1);
    assert_eq!(select(&no_script, "[required]").len(), 5);
    assert_eq!(
        select(
            &no_script,
            "#region[required], #phone[required], #vatNumber[pattern]"
        )
        .len(),
        0
    );
    assert_eq!(
        select(
            &no_script,
            r"#postalCode[pattern='(?!8$)(?:(?i:[a-z]{0,3}(?:\\d{5})|.*[^a-z0-9].*))']"
        )
        .len(),
        1
    );
    assert_eq!(
        select(
            &no_script,
            r"#phone[pattern^='(?!\\u{2b}49\\u{20}\\u{28}89\\u{29}\\u{5c}1$)']"
        )
        .len(),
        1
    );
    assert_eq!(select(&no_script, "#create-company.off").len(), 0);
    let lively = company(Lang::En, &wrong, "Name");
    assert!(select(&lively, "[novalidate], [required], [pattern]").is_empty());
}

/// What describes a field is there, and every text about a field describes it.
#[test]
fn fields_are_described_by_what_stands_below_them() {
    let wrong = CompanyForm {
        postal_code: "8".into(),
        phone: "1".into(),
        street: "Weg 2".into(),
        ..right()
    };
    for no_script in [false, true] {
        let page = company_page(Lang::En, &wrong, "Name", no_script);
        let dom = Dom::parse_document(&page);
        let described = Selector::parse(".field [aria-describedby]").unwrap();
        let mut ids: Vec<_> = dom
            .select(&described)
            .flat_map(|field| field.attr("aria-describedby").unwrap().split(' '))
            .map(str::to_owned)
            .collect();
        let texts = Selector::parse(".field p[id]").unwrap();
        let mut there: Vec<_> = dom
            .select(&texts)
            .map(|text| text.attr("id").unwrap().to_owned())
            .collect();
        ids.sort_unstable();
        there.sort_unstable();
        assert_eq!(ids, there);
        assert!(
            !no_script
                || there
                    == [
                        "phone-error",
                        "phone-hint",
                        "postalCode-error",
                        "postalCode-was",
                        "street-was"
                    ],
            "{there:?}"
        );
    }
}

#[test]
fn a_state_is_asked_for_where_addresses_need_it() {
    let optional = |country: &str| {
        let page = company(
            Lang::En,
            &CompanyForm {
                country: country.into(),
                ..right()
            },
            "Name",
        );
        ["postalCode", "region"]
            .map(|name| select(&page, &format!("#{name}-optional[hidden]")).is_empty())
    };
    assert_eq!(optional("DE"), [false, true]);
    assert_eq!(optional("US"), [false, false]);
    assert_eq!(optional("HK"), [true, true]);
}

/// Where no script runs, the page sends the browser to the one that has all countries and no
/// script.
#[test]
fn the_page_without_scripts_has_every_country() {
    for lang in Lang::ALL {
        let no_script = company_page(lang, &right(), "Name", true);
        assert_eq!(select(&no_script, "#country option").len(), 251);
        assert!(select(&no_script, "script, noscript meta").is_empty());
        assert_eq!(select(&no_script, "input[name=scripts][value=no]").len(), 1);
        let lively = company(lang, &right(), "Name");
        assert_eq!(select(&lively, "#country option").len(), 2);
        assert!(lively.contains(
            "<noscript><meta http-equiv=\"refresh\" content=\"0; url=Name\"></noscript>"
        ));
        let rules: serde_json::Value = serde_json::from_str(&select(&lively, "#rules")[0]).unwrap();
        assert!(
            rules[1]
                .as_str()
                .unwrap()
                .split(' ')
                .any(|group| group.starts_with("AEG")),
            "{rules}"
        );
        let codes: Vec<String> = rules[1]
            .as_str()
            .unwrap()
            .split(' ')
            .flat_map(|group| {
                let (first, rest) = group.split_at(1);
                rest.to_ascii_uppercase()
                    .chars()
                    .map(move |second| format!("{first}{second}"))
                    .collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(
            codes.len() + crate::domain::company::rules::RULES.len(),
            250
        );
        assert!(
            codes
                .iter()
                .all(|code| crate::text::country_name(code, lang).is_some())
        );
    }
}

#[test]
fn every_field_of_the_form_has_a_label() {
    let page = company(Lang::ZhHant, &right(), "Name");
    for field in crate::domain::company::Field::ALL {
        let name = field.name();
        assert_eq!(
            select(&page, &format!("label[for={name}]")).len(),
            1,
            "{name}"
        );
        assert_eq!(
            select(&page, &format!("[id={name}][name={name}][autocomplete]")).len(),
            1,
            "{name}"
        );
    }
}

#[test]
fn script_rules_cannot_end_their_element() {
    let page = company(Lang::En, &right(), "Name");
    let rules: serde_json::Value = serde_json::from_str(&select(&page, "#rules")[0]).unwrap();
    assert!(
        rules[0].as_str().unwrap().contains(";DE~#{5}~~DE#{9};"),
        "{rules}"
    );
    assert!(!select(&page, "#rules")[0].contains('<'));
}

#[test]
fn hashes_are_those_of_the_element_contents() {
    let between = |page: &str, open: &str, close: &str| {
        let start = page.find(open).unwrap() + open.len();
        page[start..start + page[start..].find(close).unwrap()].to_owned()
    };
    let page = company(Lang::En, &right(), "Name");
    assert_eq!(
        csp_hash(&between(&page, "<style>", "</style>")),
        THEME.sheet(Lang::En, SheetKind::Company).hash
    );
    let scripts = page.split("<script>").skip(1);
    let scripts = scripts.map(|rest| csp_hash(rest.split_once("</script>").unwrap().0));
    let expected = [ORDER_SCRIPT, script(), TIMES_SCRIPT].map(csp_hash);
    assert_eq!(scripts.collect::<Vec<_>>(), expected);
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

#[test]
fn a_wrong_address_of_a_colleague_is_marked_and_no_button_stands_above_it() {
    for lang in Lang::ALL {
        let mut contact = contact(lang, "thomas(at)meier");
        contact.not_me.is_open = true;
        for (notice, is_wrong) in [
            (
                Notice::NoAddress {
                    typed: "thomas(at)meier".into(),
                },
                true,
            ),
            (
                Notice::PageOutdated {
                    kind: ContactKind::NotMe,
                    typed: "thomas@meier.example".into(),
                },
                false,
            ),
            (
                Notice::AddressKept {
                    typed: "thomas@meier.example".into(),
                },
                false,
            ),
        ] {
            let contact = Contact {
                is_colleague_wrong: notice.refuses_colleague(),
                ..contact.clone()
            };
            let page = NoticePage {
                contact: Some(&contact),
                ..notice_page(frame(lang, "Name"), notice, &[])
            };
            let page = page.render().document;
            assert!(select(&page, "main .primary").is_empty());
            let help = &lang.text().frame.help;
            assert!(
                select(&page, "footer > a")
                    .iter()
                    .any(|link| *link == **help)
            );
            let marked =
                "#colleague[aria-invalid=true][autofocus][aria-describedby=colleague-error]";
            assert_eq!(select(&page, marked).len(), usize::from(is_wrong));
            let error = select(&page, "#colleague-error");
            assert_eq!(error.len(), usize::from(is_wrong));
            assert!(error.iter().all(|text| text.contains("example.com")));
        }
    }
}

/// What is shown of a company, in English.
fn label_of(values: [(&str, &str); 4]) -> Vec<String> {
    let mut form = right();
    for (name, value) in values {
        match name {
            "country" => form.country = value.into(),
            "region" => form.region = value.into(),
            "vatNumber" => form.vat_number = value.into(),
            "website" => form.website = value.into(),
            "postalCode" => form.postal_code = value.into(),
            _ => unreachable!("{name}"),
        }
    }
    let page = company(Lang::En, &form, "Name");
    let mut shown = select(&page, ".label address span");
    shown.extend(select(&page, ".label dl div"));
    let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    shown.into_iter().map(one_line).collect()
}

#[test]
fn a_label_shows_every_value_as_people_write_it() {
    let swiss = label_of([
        ("country", "CH"),
        ("postalCode", "8002"),
        ("region", "ZH"),
        ("vatNumber", "che123456789mwst"),
    ]);
    assert!(
        swiss.iter().any(|line| line.starts_with("CH-8002 ")),
        "{swiss:?}"
    );
    assert!(!swiss.contains(&"ZH".to_owned()), "{swiss:?}");
    for line in ["Canton ZH", "VAT number CHE-123.456.789 MWST"] {
        assert!(swiss.contains(&line.to_owned()), "{line}: {swiss:?}");
    }
    let american = label_of([
        ("country", "US"),
        ("postalCode", "61101"),
        ("region", "IL"),
        ("website", "http://WWW.example.com/"),
    ]);
    assert!(
        american.iter().any(|line| line.ends_with(", IL 61101")),
        "{american:?}"
    );
    assert!(
        american.contains(&"Website http://www.example.com".to_owned()),
        "{american:?}"
    );
}

/// Those of the address in the order in which its country writes them, or from large to small.
#[test]
fn address_fields_are_in_the_order_of_the_country() {
    let order = |lang, country: &str| {
        let form = CompanyForm {
            country: country.into(),
            ..right()
        };
        let page = Dom::parse_document(&company(lang, &form, "Name"));
        let fields = Selector::parse("fieldset:nth-of-type(2) :is(input, select)").unwrap();
        let names = page
            .select(&fields)
            .map(|field| field.attr("name").unwrap().to_owned());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        order(Lang::En, "US"),
        "country street city region postalCode"
    );
    assert_eq!(
        order(Lang::En, "JP"),
        "country street city region postalCode"
    );
    assert_eq!(
        order(Lang::De, "CH"),
        "country street postalCode city region"
    );
    assert_eq!(
        order(Lang::Ja, "JP"),
        "country postalCode region city street"
    );
}
