//! Describes the reply codes of a mail server (RFC 5321, 4.2.3) and the enhanced status codes
//! (RFC 3463), for readers who do not know the numbers.

/// A description and the codes. The rest of the reply is left out: it may quote the address.
pub(super) fn describe(code: &str, text: &str) -> String {
    let Some((subject, detail)) = enhanced(code, text) else {
        return format!("{} ({code})", describe_basic(code));
    };
    let description =
        describe_enhanced(code, subject, detail).unwrap_or_else(|| describe_basic(code));
    format!("{description} ({code} {}.{subject}.{detail})", &code[..1])
}

/// Subject and detail, where the class is that of the code.
fn enhanced(code: &str, text: &str) -> Option<(u16, u16)> {
    let mut numbers = text.split_whitespace().next()?.split('.');
    let class = numbers.next().filter(|class| *class == &code[..1]);
    let mut number = || numbers.next()?.parse().ok().filter(|number| *number < 1000);
    let (subject, detail) = (number()?, number()?);
    (class.is_some() && numbers.next().is_none()).then_some((subject, detail))
}

/// <https://www.iana.org/assignments/smtp-enhanced-status-codes>, and what Exchange Online adds
/// (1.10, 7.5xx).
fn describe_enhanced(code: &str, subject: u16, detail: u16) -> Option<&'static str> {
    Some(match (subject, detail) {
        // These are about our client or ask for a pause, not about this e-mail.
        _ if matches!(
            code,
            "421" | "450" | "451" | "454" | "530" | "534" | "535" | "538"
        ) && (subject, detail) != (2, 2) =>
        {
            return None;
        }
        (1, 1 | 6 | 10) => "there is no such mailbox",
        (1, 2) => "the domain of the address has no mail server",
        (1, 3) => "the server rejects the syntax of the address",
        (1, 7 | 8) => "it rejects the sender's address (MAIL_FROM)",
        (2, 1) => "the mailbox does not accept e-mail",
        (2, 2) => "the mailbox is full",
        (2, 3) | (3, 4) => "the e-mail is too large",
        (4, _) => "the recipient's mail server cannot be reached",
        (7, 20..=27 | 509 | 515) => {
            "the sender's domain does not authenticate the e-mail (SPF, DKIM, DMARC)"
        }
        (7, _) => "it rejects the e-mail as spam or by policy",
        _ => return None,
    })
}

fn describe_basic(code: &str) -> &'static str {
    match code {
        "421" => "it does not accept e-mail now",
        "450" | "451" => "it asks for a later retry",
        "452" => "it has insufficient storage now",
        "454" => "it cannot authenticate or start TLS now",
        "530" | "534" | "535" | "538" => "it rejects the user or password of SMTP_URL",
        "521" | "556" => "the domain does not accept e-mail",
        "550" => "there is no such mailbox, or it rejects our e-mail",
        "551" => "the mailbox has moved",
        "552" => "the mailbox is full or the e-mail too large",
        "553" => "it rejects the address",
        "554" => "it rejects the e-mail, often as spam",
        _ if code.starts_with('4') => "it cannot accept the e-mail now",
        _ => "it does not accept the e-mail",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_reply_codes_get_a_description() {
        for (code, text, expected) in [
            (
                "550",
                "5.1.1 <anna@example.com>: Recipient address rejected",
                "there is no such mailbox (550 5.1.1)",
            ),
            (
                "550",
                "5.1.10 RESOLVER.ADR.RecipientNotFound",
                "there is no such mailbox (550 5.1.10)",
            ),
            ("552", "5.2.2 Over quota", "the mailbox is full (552 5.2.2)"),
            (
                "452",
                "4.2.2 anna@example.com is over quota",
                "the mailbox is full (452 4.2.2)",
            ),
            (
                "554",
                "5.7.1 Message rejected as spam",
                "it rejects the e-mail as spam or by policy (554 5.7.1)",
            ),
            (
                "550",
                "5.7.26 DMARC",
                "the sender's domain does not authenticate the e-mail (SPF, DKIM, DMARC) (550 5.7.26)",
            ),
            (
                "451",
                "4.7.1 Greylisted",
                "it asks for a later retry (451 4.7.1)",
            ),
            (
                "535",
                "5.7.8 Bad credentials",
                "it rejects the user or password of SMTP_URL (535 5.7.8)",
            ),
            (
                "550",
                "No such user",
                "there is no such mailbox, or it rejects our e-mail (550)",
            ),
            ("554", "", "it rejects the e-mail, often as spam (554)"),
            (
                "599",
                "5.9.9 ?",
                "it does not accept the e-mail (599 5.9.9)",
            ),
            (
                "499",
                "4.9.9",
                "it cannot accept the e-mail now (499 4.9.9)",
            ),
        ] {
            assert_eq!(describe(code, text), expected);
        }
    }

    #[test]
    fn the_text_of_the_reply_is_never_repeated() {
        for text in [
            "anna@example.com unknown",
            "5.1.anna@example.com",
            "5.1.1.anna",
            "4.1.1 anna",
            "5.1.1anna",
            "5.1.1000 anna",
            ".",
        ] {
            assert_eq!(
                describe("550", text),
                "there is no such mailbox, or it rejects our e-mail (550)",
                "{text}"
            );
        }
    }
}
