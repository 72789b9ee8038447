use std::sync::LazyLock;

use time::macros::datetime;

use super::*;
use crate::views::Color;

static THEME: LazyLock<Theme> = LazyLock::new(Theme::default);

const HOSTILE: &str = "<script>alert(1)</script>\r\nBcc: x@example.com\u{202e}";
const LINK: &str = "https://example.com/api/InviteUser?invitationId=0f8fad5b&a=1";

fn invite(lang: Lang, name: &str) -> Mail {
    invitation(&to_recipient(lang, name))
}

fn allowed(lang: Lang, name: &str) -> Mail {
    approved(&to_recipient(lang, name))
}

fn to_recipient(lang: Lang, name: &str) -> InvitationMail<'_> {
    InvitationMail {
        lang,
        platform: "My rConnect",
        theme: &THEME,
        inviter_name: "Marco Rossi",
        inviter_organization: name,
        first_name: name,
        last_name: "Meier",
        message: Some("First line\n<b>second</b> line"),
        link: LINK,
        expires: datetime!(2026-12-22 14:00 UTC),
        support_url: Some("https://help.example.com/"),
    }
}

fn renewal(lang: Lang, name: &str) -> Mail {
    renewal_requested(&to_inviter(lang, name))
}

fn created(lang: Lang, name: &str) -> Mail {
    company_created(&to_inviter(lang, name))
}

fn to_inviter(lang: Lang, name: &str) -> InviterMail<'_> {
    InviterMail {
        lang,
        platform: "My rConnect",
        theme: &THEME,
        inviter_name: name,
        recipient_first_name: name,
        recipient_last_name: "Meier",
        mailbox: "anna@example.com",
        company_name: name,
        customer_number: Some("C-10042"),
        invitation_id: "k3Jv9sQe",
    }
}

/// The e-mails as recipients get them. After a wanted change: `INSTA_UPDATE=always cargo test --lib
/// mail`, and read the difference.
#[test]
fn every_email_in_every_language() {
    for lang in Lang::ALL {
        let mails = [
            ("invitation", invite(lang, "Anna & Söhne")),
            ("approved", allowed(lang, "Anna & Söhne")),
            ("renewal-requested", renewal(lang, "Anna & Söhne")),
            ("company-created", created(lang, "Anna & Söhne")),
            ("code", confirmation(lang, "Anna & Söhne")),
            ("hostile-invitation", invite(lang, HOSTILE)),
        ];
        for (name, mail) in mails {
            let content = format!("Subject: {}\n\n{}\n{}", mail.subject, mail.text, mail.html);
            insta::assert_snapshot!(format!("{name}.{}", lang.tag()), content);
        }
    }
}

fn confirmation(lang: Lang, name: &str) -> Mail {
    code(&CodeMail {
        lang,
        platform: name,
        theme: &THEME,
        first_name: name,
        last_name: "Meier",
        code: "493817",
        minutes: 10,
    })
}

#[test]
fn an_invitation_names_inviter_platform_and_expiry() {
    let mail = invite(Lang::En, "GF");
    assert_eq!(mail.subject, "GF invites you to My rConnect");
    let expected = [
        "Hello GF Meier,",
        "Marco Rossi from GF has invited you to My rConnect.",
        "Get started now",
        "First line",
        "22 December 2026, 14:00 UTC",
    ];
    for part in [&mail.text, &mail.html] {
        for words in expected
            .into_iter()
            .chain(["https://help.example.com/", "It takes only a few minutes."])
        {
            assert!(part.contains(words), "{words} in {part}");
        }
    }
    assert!(
        mail.text.contains(&format!("\n{LINK}\n")),
        "the link is alone on its line, to be copied: {}",
        mail.text
    );
    assert_eq!(
        mail.html.matches(&LINK.replace('&', "&#38;")).count(),
        3,
        "{}",
        mail.html
    );
}

#[test]
fn a_renewal_has_facts_and_no_link() {
    for lang in Lang::ALL {
        let mail = renewal(lang, "Anna");
        for part in [&mail.text, &mail.html] {
            assert!(
                part.contains("C-10042")
                    && part.contains("k3Jv9sQe")
                    && part.contains("anna@example.com")
            );
            assert!(!part.contains("http"), "{part}");
        }
    }
}

#[test]
fn a_code_is_alone_on_its_line() {
    let mail = confirmation(Lang::ZhHant, "My rConnect");
    assert!(mail.text.contains("\n493817\n"), "{}", mail.text);
    assert!(mail.html.contains(">493817<"));
}

#[test]
fn hostile_names_stay_text_on_one_line() {
    for lang in Lang::ALL {
        for mail in [
            invite(lang, HOSTILE),
            renewal(lang, HOSTILE),
            created(lang, HOSTILE),
            confirmation(lang, HOSTILE),
        ] {
            assert!(
                !mail.html.contains("<script>") && !mail.html.contains("<b>"),
                "{}",
                mail.html
            );
            assert!(
                !mail.subject.chars().any(char::is_control),
                "{}",
                mail.subject
            );
            assert!(
                !mail.text.contains("\nBcc:")
                    && !mail.text.contains('\u{202e}')
                    && !mail.text.contains('\r')
            );
        }
    }
}

#[test]
fn every_mail_declares_its_language() {
    for lang in Lang::ALL {
        for mail in [
            invite(lang, "GF"),
            renewal(lang, "GF"),
            confirmation(lang, "GF"),
        ] {
            assert!(
                mail.html
                    .contains(&format!("<html lang=\"{}\">", lang.tag()))
            );
            assert!(!mail.text.contains("\n\n\n"), "{}", mail.text);
        }
    }
}

/// One Unicode character looks different in each.
#[test]
fn fonts_have_the_glyphs_of_the_language() {
    for lang in Lang::ALL {
        for mail in in_color(Color::BLUE, lang) {
            let named = ["Noto Sans CJK TC", "Noto Sans CJK SC", "Noto Sans CJK JP"]
                .map(|font| mail.html.contains(font));
            let own = [Lang::ZhHant, Lang::ZhHans, Lang::Ja].map(|of| of == lang);
            assert_eq!(named, own, "{}", lang.tag());
        }
    }
}

/// All e-mails of a platform in this colour.
fn in_color(brand: Color, lang: Lang) -> [Mail; 4] {
    let theme = &Theme::new(brand);
    let (platform, first_name, last_name) = ("My rConnect", "Anna", "Meier");
    let inviter = InviterMail {
        theme,
        ..to_inviter(lang, "Anna")
    };
    [
        invitation(&InvitationMail {
            lang,
            platform,
            theme,
            inviter_name: "Marco Rossi",
            inviter_organization: "GF",
            first_name,
            last_name,
            message: Some("A message"),
            link: LINK,
            expires: datetime!(2026-12-22 14:00 UTC),
            support_url: Some("https://help.example.com/"),
        }),
        renewal_requested(&inviter),
        company_created(&inviter),
        code(&CodeMail {
            lang,
            platform,
            theme,
            first_name,
            last_name,
            code: "493817",
            minutes: 10,
        }),
    ]
}

#[test]
fn no_default_blue_with_another_colour() {
    for lang in Lang::ALL {
        for mail in in_color("#AA0055".parse().unwrap(), lang) {
            let html = mail.html.to_lowercase();
            assert!(
                !html.contains("0b5bd3") && !html.contains("8ab8ff"),
                "{html}"
            );
        }
    }
    let [mail, ..] = in_color("#AA0055".parse().unwrap(), Lang::En);
    assert!(
        mail.html.contains(r##"bgcolor="#aa0055""##),
        "Outlook uses nothing else: {}",
        mail.html
    );
}

#[test]
fn button_and_links_are_readable_in_any_colour() {
    /// The colour after the last of these words, each searched for after the one before.
    fn color(html: &str, words: &[&str]) -> Color {
        let rest = words.iter().fold(html, |rest, word| {
            rest.split_once(word)
                .unwrap_or_else(|| panic!("{word} in {html}"))
                .1
        });
        rest[..7]
            .parse()
            .unwrap_or_else(|_| panic!("{words:?}: {}", &rest[..7]))
    }
    let steps = [0_u8, 51, 102, 153, 204, 255];
    for brand in steps.into_iter().flat_map(|r| {
        steps
            .into_iter()
            .flat_map(move |g| steps.into_iter().map(move |b| (r, g, b)))
    }) {
        let brand = format!("#{:02x}{:02x}{:02x}", brand.0, brand.1, brand.2);
        let [Mail { html, .. }, ..] = in_color(brand.parse().unwrap(), Lang::En);
        let inline = html.split_once("<body").unwrap().1;
        let button = r#"class="button""#;
        let light = [
            color(inline, &[r#"class="card""#, "background:"]),
            color(inline, &[button, "background:"]),
            color(inline, &[r#"class="label""#, "color:"]),
            color(inline, &[button, "border:1px solid "]),
            color(inline, &[r#"class="link""#, "color:"]),
        ];
        let dark = [
            color(&html, &["dark){", ".card{background:"]),
            color(&html, &["dark){", ".button{background:"]),
            color(&html, &["dark){", ".label{color:"]),
            color(&html, &["dark){", ".button{", "border-color:"]),
            color(&html, &["dark){", ".link{color:"]),
        ];
        assert_eq!(color(inline, &["bgcolor=\""]), light[1]);
        for [card, button, label, edge, link] in [light, dark] {
            assert!(
                button.contrast(label) >= 4.5,
                "{brand}: {label} on {button}"
            );
            assert!(link.contrast(card) >= 4.5, "{brand}: {link} on {card}");
            assert!(
                edge.contrast(card) >= 3.0,
                "{brand}: the edge {edge} on {card} (WCAG 2.2, 1.4.11)"
            );
        }
    }
}
