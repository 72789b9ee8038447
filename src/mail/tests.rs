use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use time::macros::datetime;

use super::*;
use crate::views::Color;

static THEME: LazyLock<Theme> = LazyLock::new(Theme::default);
static LEGAL: LazyLock<Vec<LegalLink>> = LazyLock::new(|| {
    vec![LegalLink {
        title: text::Localized::same("Privacy".to_owned()),
        url: "https://example.com/privacy".to_owned(),
    }]
});

const HOSTILE: &str = "<script>alert(1)</script>\r\nBcc: x@example.com\u{202e}";
const LINK: &str = "https://example.com/api/InviteUser?invitationId=0f8fad5b&a=1";

fn invite(lang: Lang, name: &str) -> Mail {
    invitation(&invitation_mail(lang, name))
}

fn allowed(lang: Lang, name: &str) -> Mail {
    approved(&invitation_mail(lang, name))
}

fn invitation_mail(lang: Lang, name: &str) -> InvitationMail<'_> {
    InvitationMail {
        lang,
        platform: "My rConnect",
        theme: &THEME,
        logo: None,
        inviter_name: "Marco Rossi",
        inviter_organization: name,
        first_name: name,
        last_name: "Meier",
        message: Some("First line\n<b>second</b> line"),
        link: LINK,
        expires: datetime!(2026-12-22 14:00 UTC),
        now: datetime!(2026-12-01 14:00 UTC),
        purpose: Some("Manuals for your machines."),
        support_url: Some("https://help.example.com/"),
        docs_url: Some("https://docs.example.com/"),
        legal: &LEGAL,
        inviter_email: None,
        inviter_phone: None,
    }
}

/// All that hold the link.
fn with_link<'a>(mail: &InvitationMail<'a>) -> [Mail; 3] {
    [invitation(mail), reminder(mail), approved(mail)]
}

fn renewal(lang: Lang, name: &str) -> Mail {
    renewal_requested(&to_inviter(lang, name))
}

fn created(lang: Lang, name: &str) -> Mail {
    company_created(&to_inviter(lang, name))
}

fn joined(lang: Lang, name: &str) -> Mail {
    company_joined(&to_inviter(lang, name))
}

fn to_inviter(lang: Lang, name: &str) -> InviterMail<'_> {
    InviterMail {
        lang,
        platform: "My rConnect",
        theme: &THEME,
        logo: None,
        inviter_name: name,
        recipient_first_name: name,
        recipient_last_name: "Meier",
        mailbox: "anna@example.com",
        company_name: name,
        customer_number: Some("C-10042"),
        invitation_id: "k3Jv9sQe",
        is_revoked: false,
        legal: &[],
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
            ("renewal-after-revocation", renewal_after_revocation(lang)),
            ("help-requested", help(lang)),
            ("declined", not_me(lang, Some("ben@meier.example"))),
            ("company-created", created(lang, "Anna & Söhne")),
            ("company-joined", joined(lang, "Anna & Söhne")),
            ("code", confirmation(lang, "Anna & Söhne")),
            ("hostile-invitation", invite(lang, HOSTILE)),
        ];
        for (name, mail) in mails {
            let content = format!("Subject: {}\n\n{}\n{}", mail.subject, mail.text, mail.html);
            insta::assert_snapshot!(format!("{name}.{}", lang.tag()), content);
        }
    }
}

fn renewal_after_revocation(lang: Lang) -> Mail {
    renewal_requested(&InviterMail {
        is_revoked: true,
        ..to_inviter(lang, "Anna & Söhne")
    })
}

fn help(lang: Lang) -> Mail {
    help_requested(&to_inviter(lang, "Anna & Söhne"), Situation::Mailbox)
}

fn not_me(lang: Lang, colleague: Option<&str>) -> Mail {
    declined(&to_inviter(lang, "Anna & Söhne"), colleague)
}

#[test]
fn a_named_colleague_stands_in_the_body_alone() {
    for lang in Lang::ALL {
        let text = &lang.text().contact;
        let mail = not_me(lang, Some("\"a\nBcc: b\"@meier.example"));
        assert!(!mail.subject.contains("meier.example"));
        for part in [&mail.text, &mail.html] {
            assert!(part.contains(text.declined_colleague) && !part.contains("\nBcc"));
            assert!(!part.contains("http"), "{part}");
        }
        let unnamed = not_me(lang, None);
        assert!(!unnamed.text.contains(text.declined_colleague));
    }
}

fn confirmation(lang: Lang, name: &str) -> Mail {
    code(&CodeMail {
        lang,
        platform: name,
        theme: &THEME,
        logo: None,
        first_name: name,
        last_name: "Meier",
        code: "493817",
        minutes: 10,
        legal: &[],
    })
}

#[test]
fn an_invitation_names_inviter_platform_and_expiry() {
    let mail = invite(Lang::En, "GF");
    assert_eq!(mail.subject, "GF invites you to My rConnect");
    let expected = [
        "Hello GF,",
        "Marco Rossi from GF has invited you to My rConnect.",
        "Get started now",
        "First line",
        "Manuals for your machines.",
        "works until 21 December 2026.",
        "https://docs.example.com/",
        "Privacy",
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

/// In full where that is the custom of the language.
#[test]
fn e_mails_greet_as_the_pages_do() {
    for lang in Lang::ALL {
        let name = (lang.text().form_of_address)("GF", "Meier");
        let greeting = (lang.text().mail.greeting)(&name);
        for mail in [invite(lang, "GF"), confirmation(lang, "GF")] {
            assert!(mail.text.starts_with(&greeting), "{}", mail.text);
        }
        assert_eq!(greeting, (lang.text().invite.greeting)(&name));
    }
}

#[test]
fn an_invitation_comes_from_the_inviter() {
    let inviter: Email = "marco@example.com".parse().unwrap();
    let mail = invitation(&InvitationMail {
        inviter_name: "Marco \"<x@y>\" Rossi\u{202e}",
        inviter_email: Some(&inviter),
        ..invitation_mail(Lang::De, "GF")
    });
    let from = mail.from_name.unwrap();
    assert_eq!(from, "Marco x y Rossi (GF) via My rConnect");
    assert_eq!(mail.reply_to.unwrap().1.as_str(), "marco@example.com");
    let code = confirmation(Lang::De, "My rConnect");
    assert_eq!(code.from_name.as_deref(), Some("My rConnect"));
    assert!(code.reply_to.is_none());
    assert!(renewal(Lang::De, "GF").from_name.is_none());
}

#[test]
fn each_letter_with_the_link_says_how_to_reach_the_inviter() {
    let inviter: Email = "marco@example.com".parse().unwrap();
    for lang in Lang::ALL {
        let mail = InvitationMail {
            inviter_email: Some(&inviter),
            inviter_phone: Some("+41446681800"),
            ..invitation_mail(lang, "GF")
        };
        let heading = lang.text().contact.heading;
        for mail in with_link(&mail) {
            let reach = "Marco Rossi, GF, marco@example.com, +41 44 668 18 00";
            assert!(mail.text.contains(reach), "{}", mail.text);
            assert!(mail.html.contains(reach) && mail.html.contains(heading));
        }
        let [alone, ..] = with_link(&invitation_mail(lang, "GF"));
        assert!(alone.text.contains("Marco Rossi, GF\n"), "{}", alone.text);
    }
}

/// Between Chinese or Japanese characters there is none; a Latin name keeps its blanks.
#[test]
fn no_blank_is_beside_a_chinese_or_japanese_name() {
    let is_cjk = |c: char| ('\u{3040}'..='\u{9fff}').contains(&c);
    for lang in [Lang::Ja, Lang::ZhHans, Lang::ZhHant] {
        let mail = InvitationMail {
            inviter_name: "林志明",
            platform: "平台",
            ..invitation_mail(lang, "公司")
        };
        for mail in with_link(&mail) {
            for part in [&mail.subject, &mail.text, &mail.html] {
                assert!(!part.contains(['\u{fdd0}', '\u{fdd1}']), "{part}");
                let all: Vec<char> = part.chars().collect();
                let blank = all
                    .windows(3)
                    .find(|own| own[1] == ' ' && is_cjk(own[0]) && is_cjk(own[2]));
                assert_eq!(blank, None, "{part}");
            }
        }
        let latin = invitation(&invitation_mail(lang, "GF"));
        assert!(latin.text.contains(" Marco Rossi "), "{}", latin.text);
    }
}

#[test]
fn names_from_right_to_left_do_not_turn_the_sentence() {
    let mail = invite(Lang::En, "נועה");
    assert!(
        mail.text.contains("Hello \u{2068}נועה\u{2069},"),
        "{}",
        mail.text
    );
    assert!(mail.subject.starts_with("\u{2068}נועה\u{2069} invites"));
}

/// The message as a mail server gets it.
fn source(mail: &Mail, to: &str) -> String {
    let from = "My rConnect <no-reply@example.com>".parse().unwrap();
    let message = message::compose(&from, &to.parse().unwrap(), mail, "id-1").unwrap();
    String::from_utf8(message.formatted()).unwrap()
}

/// The plain text part, which is in Base64 where it is not ASCII.
fn decoded(part: &str) -> String {
    let (head, body) = part.rsplit_once("\r\n\r\n").unwrap();
    let body = body.split("--").next().unwrap();
    if !head.contains("Content-Transfer-Encoding: base64") {
        return body.replace("\r\n", "\n");
    }
    let packed: String = body.split_whitespace().collect();
    let text = String::from_utf8(STANDARD.decode(packed).unwrap()).unwrap();
    text.replace("\r\n", "\n")
}

#[test]
fn the_raw_source_shows_the_link() {
    let long = format!("{} {}", "北京市海淀区".repeat(60), "word ".repeat(300));
    for lang in Lang::ALL {
        let mail = InvitationMail {
            message: Some(&long),
            ..invitation_mail(lang, "Anna & Söhne")
        };
        for mail in with_link(&mail) {
            let source = source(&mail, "anna@example.com");
            assert!(source.is_ascii());
            let (plain, html) = source.split_once("Content-Type: text/html").unwrap();
            assert!(html.contains("Content-Transfer-Encoding: 7bit"));
            let link = LINK.replace('&', "&#38;");
            assert_eq!(html.matches(&link).count(), 3, "{}", lang.tag());
            assert!(
                source.lines().all(|line| line.len() <= 998),
                "{}",
                lang.tag()
            );
            assert!(decoded(plain).contains(&format!("\n{LINK}\n")), "{plain}");
        }
        let html = invitation(&mail).html;
        let text = scraper::Html::parse_document(&html)
            .root_element()
            .text()
            .collect::<String>();
        assert!(text.contains(&"北京市海淀区".repeat(60)), "{text}");
    }
    let mail = invitation(&InvitationMail {
        message: None,
        ..invitation_mail(Lang::En, "GF")
    });
    let source = source(&mail, "anna@example.com");
    assert_eq!(source.matches("Content-Transfer-Encoding: 7bit").count(), 2);
    assert!(source.contains(&format!("\r\n{LINK}\r\n")), "{source}");
}

/// The smallest PNG.
fn logo(kind: &str) -> Logo {
    let uri = match kind {
        "png" => "data:image/png;base64,iVBORw0KGgo=",
        _ => "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    };
    uri.parse().unwrap()
}

#[test]
fn a_png_logo_is_attached_and_an_svg_left_out() {
    for (kind, is_shown) in [("png", true), ("svg", false)] {
        let logo = logo(kind);
        let mail = invitation(&InvitationMail {
            logo: Some(&logo),
            ..invitation_mail(Lang::En, "GFMS")
        });
        let raw = source(&mail, "anna@example.com");
        assert_eq!(mail.html.contains("src=\"cid:logo\""), is_shown, "{kind}");
        assert_eq!(raw.contains("Content-ID: <logo>\r\n"), is_shown, "{kind}");
        assert_eq!(raw.contains("\r\niVBORw0KGgo=\r\n"), is_shown, "{kind}");
        assert_eq!(raw.contains("multipart/related"), is_shown, "{kind}");
        assert!(raw.contains(LINK.split('&').next().unwrap()), "{kind}");
    }
}

#[test]
fn domains_are_addressed_in_ascii() {
    let source = source(&invite(Lang::En, "GF"), "anna@bücher.example");
    assert!(
        source.contains("To: anna@xn--bcher-kva.example\r\n"),
        "{source}"
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
fn in_color(brand: Color, lang: Lang) -> [Mail; 5] {
    let theme = &Theme::new(brand);
    let (platform, first_name, last_name) = ("My rConnect", "Anna", "Meier");
    let inviter = InviterMail {
        theme,
        logo: None,
        ..to_inviter(lang, "Anna")
    };
    [
        invitation(&InvitationMail {
            lang,
            platform,
            theme,
            logo: None,
            inviter_name: "Marco Rossi",
            inviter_organization: "GF",
            first_name,
            last_name,
            message: Some("A message"),
            link: LINK,
            expires: datetime!(2026-12-22 14:00 UTC),
            now: datetime!(2026-12-01 14:00 UTC),
            purpose: None,
            support_url: Some("https://help.example.com/"),
            docs_url: None,
            legal: &LEGAL,
            inviter_email: None,
            inviter_phone: None,
        }),
        renewal_requested(&inviter),
        company_created(&inviter),
        company_joined(&inviter),
        code(&CodeMail {
            lang,
            platform,
            theme,
            logo: None,
            first_name,
            last_name,
            code: "493817",
            minutes: 10,
            legal: &[],
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

/// What needs further tools: `make test-tools`.
mod tools {
    use std::{
        fmt::Write as _,
        io::Write as _,
        process::{Command, Stdio},
        thread,
    };

    use super::*;

    /// SpamAssassin of Debian, with its local rules, where it is installed. It reads all letters as
    /// one mailbox.
    #[test]
    fn no_email_has_spam_points() {
        let name = "Anna & Söhne";
        let of = |lang| {
            let [invitation, reminder, approved] = with_link(&invitation_mail(lang, name));
            [
                invitation,
                reminder,
                approved,
                renewal(lang, name),
                renewal_after_revocation(lang),
                help(lang),
                not_me(lang, Some("ben@meier.example")),
                created(lang, name),
                joined(lang, name),
                confirmation(lang, name),
            ]
        };
        let mails: Vec<_> = Lang::ALL.into_iter().flat_map(of).collect();
        let mut mailbox = String::new();
        for mail in &mails {
            let source = source(mail, "anna@example.com").replace("\r\n", "\n");
            let source = source.replace("\nFrom ", "\n>From ");
            writeln!(mailbox, "From sender Tue Dec  1 14:00:00 2026\n{source}").unwrap();
        }
        let spawned = Command::new("spamassassin")
            .args(["--local", "--test-mode", "--mbox"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut process) = spawned else {
            println!("left out: SpamAssassin is not installed");
            return;
        };
        let mut input = process.stdin.take().unwrap();
        // Beside the reader: it answers before it has read all.
        let writer = thread::spawn(move || input.write_all(mailbox.as_bytes()));
        let output = process.wait_with_output().unwrap().stdout;
        writer.join().unwrap().unwrap();
        let report = String::from_utf8_lossy(&output);
        let scores: Vec<_> = report
            .lines()
            .filter(|line| line.starts_with("X-Spam-Status:"))
            .map(|line| line.contains("score=0.0 "))
            .collect();
        assert_eq!(scores, vec![true; mails.len()], "{report}");
    }
}

#[test]
fn reply_address_beyond_ascii_is_left_out() {
    let (from, to) = (
        "mail@example.com".parse().unwrap(),
        "anna@example.com".parse().unwrap(),
    );
    let composed = |inviter: &str| {
        let mail = Mail {
            subject: "Welcome".to_owned(),
            text: "Welcome".to_owned(),
            html: "<p>Welcome</p>".to_owned(),
            from_name: None,
            reply_to: Some(("Jürgen".to_owned(), inviter.parse().unwrap())),
            logo: None,
        };
        let message = super::message::compose(&from, &to, &mail, "id").unwrap();
        String::from_utf8(message.formatted()).unwrap()
    };
    assert!(composed("juergen@example.com").contains("Reply-To"));
    let without = composed("jürgen@example.com");
    assert!(
        !without.contains("Reply-To") && without.is_ascii(),
        "{without}"
    );
}
