//! What a mail server means by its answer (RFC 5321, 4.2.3) and by the enhanced status code at its
//! begin (RFC 3463), for people who do not know the numbers.

/// Plain words and the numbers. Nothing else of the answer: it may quote the address.
pub(super) fn in_words(code: &str, text: &str) -> String {
    let Some((subject, detail)) = enhanced(code, text) else {
        return format!("{} ({code})", words(code));
    };
    let words = more_exactly(code, subject, detail).unwrap_or_else(|| words(code));
    format!("{words} ({code} {}.{subject}.{detail})", &code[..1])
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
fn more_exactly(code: &str, subject: u16, detail: u16) -> Option<&'static str> {
    Some(match (subject, detail) {
        // Spoken to us, not of the letter; and a pause that is asked for is no verdict, whatever
        // the reason.
        _ if matches!(
            code,
            "421" | "450" | "451" | "454" | "530" | "534" | "535" | "538"
        ) && (subject, detail) != (2, 2) =>
        {
            return None;
        }
        (1, 1 | 6 | 10) => "there is no such mailbox",
        (1, 2) => "the address leads to no mail server",
        (1, 3) => "the address is not written as the server wants it",
        (1, 7 | 8) => "it does not accept the sender's address (MAIL_FROM)",
        (2, 1) => "the mailbox takes no letters",
        (2, 2) => "the mailbox is full",
        (2, 3) | (3, 4) => "the letter is too large",
        (4, _) => "the recipient's mail server cannot be reached",
        (7, 20..=27 | 509 | 515) => {
            "the sender's domain does not prove that the letter is its own (SPF, DKIM, DMARC)"
        }
        (7, _) => "it rejects the letter as unwanted or against its rules",
        _ => return None,
    })
}

fn words(code: &str) -> &'static str {
    match code {
        "421" => "it takes no letters now",
        "450" | "451" => "it asks for another try later",
        "452" => "it has no room now",
        "454" => "it cannot check user and password now, or not secure the connection",
        "530" | "534" | "535" | "538" => "it refuses user and password of SMTP_URL",
        "521" | "556" => "nobody takes letters at that address",
        "550" => "there is no such mailbox, or it takes no letters from us",
        "551" => "the mailbox is elsewhere",
        "552" => "the mailbox is full, or the letter too large",
        "553" => "it does not accept the address",
        "554" => "it rejects the letter, often as unwanted",
        _ if code.starts_with('4') => "it cannot take the letter now",
        _ => "it does not take the letter",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_that_senders_meet_are_said_in_plain_words() {
        for (code, text, said) in [
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
                "it rejects the letter as unwanted or against its rules (554 5.7.1)",
            ),
            (
                "550",
                "5.7.26 DMARC",
                "the sender's domain does not prove that the letter is its own (SPF, DKIM, DMARC) (550 5.7.26)",
            ),
            (
                "451",
                "4.7.1 Greylisted",
                "it asks for another try later (451 4.7.1)",
            ),
            (
                "535",
                "5.7.8 Bad credentials",
                "it refuses user and password of SMTP_URL (535 5.7.8)",
            ),
            (
                "550",
                "No such user",
                "there is no such mailbox, or it takes no letters from us (550)",
            ),
            ("554", "", "it rejects the letter, often as unwanted (554)"),
            ("599", "5.9.9 ?", "it does not take the letter (599 5.9.9)"),
            ("499", "4.9.9", "it cannot take the letter now (499 4.9.9)"),
        ] {
            assert_eq!(in_words(code, text), said);
        }
    }

    #[test]
    fn of_the_servers_own_words_nothing_is_repeated() {
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
                in_words("550", text),
                "there is no such mailbox, or it takes no letters from us (550)",
                "{text}"
            );
        }
    }
}
