//! Notices, and what they offer.

use super::*;

#[test]
fn every_notice_offers_a_way_forward() {
    for lang in Lang::ALL {
        let forward = lang.text().notice.next_step;
        for notice in notices("Name") {
            let page = notice_page(frame(lang, "Name"), notice.clone(), &[])
                .render()
                .document;
            let buttons = usize::from(!notice.needs_no_button(None));
            assert_eq!(select(&page, "main a.primary").len(), buttons);
            let help = select(&page, "main a.primary, footer a[href^='https://help']");
            assert!(!help.is_empty(), "{notice:?}");
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

/// The instruction on a page that has no button.
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
