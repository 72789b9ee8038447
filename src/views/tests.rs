use scraper::{Html, Selector};
use time::macros::datetime;

use super::*;
use crate::company::{Company, CompanyForm, FieldErrors, RegisteredCompany};

const HOSTILE: &str = "\"'><script>alert(1)</script>\u{202e}</title></style><b>";

fn frame(lang: Lang, text: &str) -> Frame<'_> {
    Frame { lang, platform: text, support_url: Some("https://help.example/"), here: Some("/api/InviteUser?invitationId=1&x=<") }
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
        company_name: text,
        action: text,
        form_token: text,
        sign_up_button: true,
        state,
    }
    .render()
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
    let errors = Company::parse(form).err().unwrap_or(FieldErrors::NONE);
    let registered = RegisteredCompany { customer_number: Some(text.into()), ..RegisteredCompany::default() };
    CompanyPage {
        frame: frame(lang, text),
        form,
        errors: &errors,
        registered: Some(&registered),
        email: text,
        action: text,
        form_token: text,
        inviter_organization: text,
    }
    .render()
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

fn notices(text: &str) -> Vec<Notice> {
    let mut all = vec![
        Notice::MalformedLink,
        Notice::UnknownInvitation,
        Notice::RenewalRequested,
        Notice::UsedByAnother,
        Notice::ConsentDeclined,
        Notice::SignInFailed,
        Notice::SignInRestart,
        Notice::WrongAccount { account_name: text.into(), masked_mailbox: text.into() },
        Notice::TryAgainLater,
        Notice::FormRefused,
        Notice::SessionOver,
        Notice::InternalError,
        Notice::NotFound,
        Notice::TooLarge,
        Notice::TooManyCodes,
        Notice::AlreadyDone,
    ];
    all.extend([true, false].into_iter().flat_map(|can_renew| [Notice::Expired { can_renew }, Notice::Revoked { can_renew }]));
    all
}

fn actions(text: &str) -> [Action<'_>; 2] {
    [
        Action::Link { label: text, url: text, primary: true },
        Action::Post { label: text, url: text, fields: vec![("token", text.into())], primary: false },
    ]
}

fn every_page(lang: Lang, text: &str) -> Vec<String> {
    let links = [WelcomeLink { title: text, url: text, icon: text }];
    let actions = actions(text);
    let mut pages = vec![
        company(lang, &form(text), text),
        company(lang, &right(), text),
        WelcomePage {
            frame: frame(lang, text),
            first_name: text,
            last_name: text,
            company_name: text,
            links: &links,
            platform_url: Some(text),
        }
        .render(),
        ConfirmPage {
            frame: frame(lang, text),
            masked_mailbox: text,
            problem: Some(CodeProblem::Expired),
            action: text,
            form_token: text,
            actions: &actions,
        }
        .render(),
    ];
    pages.extend([InviteState::Pending, InviteState::Accepted, InviteState::Completed].map(|state| invite(lang, text, state)));
    pages.extend(notices(text).into_iter().map(|notice| NoticePage { frame: frame(lang, text), notice, actions: &actions }.render()));
    pages
}

fn select(html: &str, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    Html::parse_document(html).select(&selector).map(|element| element.text().collect()).collect()
}

#[test]
fn every_page_says_its_language_title_and_heading() {
    for lang in Lang::ALL {
        for page in every_page(lang, "Name") {
            assert_eq!(select(&page, &format!("html[lang={}]", lang.tag())).len(), 1);
            assert!(select(&page, "title")[0].ends_with(" – Name"), "{page}");
            assert_eq!(select(&page, "h1").len(), 1);
            assert!(!page.contains(" style=") && !page.contains(" onclick="));
        }
    }
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
        for notice in notices("Name") {
            let page = NoticePage { frame: frame(lang, "Name"), notice: notice.clone(), actions: &[] }.render();
            assert_eq!(select(&page, "main a.primary").len(), 1);
            let alone = NoticePage { frame: Frame { support_url: None, here: None, ..frame(lang, "Name") }, notice, actions: &[] };
            assert!(alone.render().contains(lang.text().notice.forward));
        }
    }
}

#[test]
fn the_company_button_is_grey_exactly_when_something_is_wrong() {
    let good = company(Lang::En, &right(), "Name");
    assert_eq!(select(&good, "#create-company:not(.off):not([aria-disabled])"), ["Create company"]);
    assert!(select(&good, "[aria-invalid]").is_empty());
    let bad = company(Lang::En, &CompanyForm { postal_code: "8".into(), ..right() }, "Name");
    assert_eq!(select(&bad, "#create-company.off[aria-disabled=true]"), ["Create company"]);
    assert_eq!(select(&bad, "#postalCode-error"), ["Please enter it like this: 80331."]);
    assert_eq!(select(&bad, "#postalCode[aria-invalid][aria-describedby~=postalCode-error]").len(), 1);
    assert_eq!(select(&bad, "#problems a[href='#postalCode']"), ["Postal code: Please enter it like this: 80331."]);
    assert_eq!(select(&bad, "option[selected]").len(), 1);
}

#[test]
fn every_field_of_the_form_has_a_label() {
    let page = company(Lang::ZhHant, &right(), "Name");
    for field in crate::company::Field::ALL {
        let name = field.name();
        assert_eq!(select(&page, &format!("label[for={name}]")).len(), 1, "{name}");
        assert_eq!(select(&page, &format!("[id={name}][name={name}][autocomplete]")).len(), 1, "{name}");
    }
}

#[test]
fn the_rules_for_the_script_are_json_that_cannot_end_its_element() {
    let page = company(Lang::En, &right(), "Name");
    let rules: serde_json::Value = serde_json::from_str(&select(&page, "#rules")[0]).unwrap();
    assert_eq!(rules["rules"]["DE"][1], "80331");
    assert!(!select(&page, "#rules")[0].contains('<'));
}

#[test]
fn the_hashes_are_those_of_what_stands_between_the_tags() {
    let page = company(Lang::En, &right(), "Name");
    let between = |open: &str, close: &str| {
        let start = page.find(open).unwrap() + open.len();
        page[start..start + page[start..].find(close).unwrap()].to_owned()
    };
    assert_eq!(csp_hash(&between("<style>", "</style>")), style_hash());
    assert_eq!(csp_hash(&between("<script>", "</script>")), script_hash());
}

#[test]
fn language_links_keep_the_place() {
    let page = invite(Lang::En, "Name", InviteState::Pending);
    assert_eq!(select(&page, "nav a[href='/api/InviteUser?invitationId=1&x=<&lang=zh-Hant'][hreflang=zh-Hant]"), ["繁體中文"]);
    let none = NoticePage { frame: Frame { here: None, ..frame(Lang::En, "Name") }, notice: Notice::NotFound, actions: &[] }.render();
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

#[test]
fn pages_are_small() {
    for page in every_page(Lang::ZhHant, "Name") {
        let limit = if page.contains("<select") { 32_000 } else { 12_000 };
        assert!(page.len() < limit, "{}", page.len());
    }
}
