//! An e-mail as it is sent: addresses, headers, and two parts whose raw source shows the link.

use lettre::{
    Message,
    address::Envelope,
    message::{
        Attachment, Body, Mailbox, MultiPart, SinglePart,
        header::{self, ContentTransferEncoding, ContentType},
    },
};
use url::Host;

use super::Mail;
use crate::{domain::email::Email, text::remove_invisible};

/// The longest line, without its end (RFC 5322, 2.1.1).
const MAX_LINE: usize = 998;
/// Where a line of HTML is broken, at the first chance.
const BREAK_AT_SPACE: usize = 800;
const BREAK_ANYWHERE: usize = 900;

/// The longest part of a sender's name, in characters.
const MAX_NAME: usize = 60;

/// The sender's display name in the invitation: a person for the platform.
#[must_use]
pub(super) fn name_via(inviter: &str, organization: &str, platform: &str) -> String {
    let [inviter, organization, platform] = [inviter, organization, platform].map(name_part);
    format!("{inviter} ({organization}) via {platform}")
}

/// A name without what mail programs read as an address, or as an end of the name.
pub(super) fn name_part(name: &str) -> String {
    let is_unsafe = |c: char| c.is_control() || matches!(c, '@' | '<' | '>' | '"');
    let safe: String = remove_invisible(name)
        .chars()
        .map(|c| if is_unsafe(c) { ' ' } else { c })
        .collect();
    let words = safe.split_whitespace().collect::<Vec<_>>().join(" ");
    words
        .chars()
        .take(MAX_NAME)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

/// The address as mail servers know it: the domain in its ASCII form (RFC 5891).
pub(super) fn address(email: &Email) -> Option<lettre::Address> {
    let (local, domain) = email.as_str().rsplit_once('@')?;
    match Host::parse(domain) {
        // The check of `new` refuses combining marks, which `Email` accepts.
        Ok(Host::Domain(ascii)) => Some(lettre::Address::new_dangerous(local, ascii)),
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) | Err(_) => email.as_str().parse().ok(),
    }
}

fn has_ascii_local_part(email: &Email) -> bool {
    let local = email.as_str().rsplit_once('@');
    local.is_some_and(|(local, _)| local.is_ascii())
}

/// Composes the message; `None` where the addresses do not allow it.
pub(super) fn compose(from: &Mailbox, to: &Email, mail: &Mail, id: &str) -> Option<Message> {
    let name = mail.from_name.clone().or_else(|| from.name.clone());
    let domain = from.email.domain();
    let to = address(to)?;
    // Otherwise it is read from the headers, by the check that `address` goes round.
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.clone()]).ok()?;
    let mut message = Message::builder()
        .envelope(envelope)
        .from(Mailbox::new(name, from.email.clone()))
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .message_id(Some(format!("<{id}@{domain}>")))
        .header(AutoSubmitted);
    // An address beyond ASCII needs SMTPUTF8, which the recipient's server may lack: the e-mail with
    // the link is worth more than the reply.
    let reply_to = mail.reply_to.as_ref();
    if let Some((name, email)) = reply_to.filter(|(_, email)| has_ascii_local_part(email)) {
        message = message.reply_to(Mailbox::new(Some(name_part(name)), address(email)?));
    }
    let text = part(ContentType::TEXT_PLAIN, &plain_signs(&mail.text));
    let html = part(ContentType::TEXT_HTML, &ascii_html(&mail.html));
    let parts = MultiPart::alternative().singlepart(text);
    let parts = match &mail.logo {
        Some(png) => parts.multipart(MultiPart::related().singlepart(html).singlepart(logo(png)?)),
        None => parts.singlepart(html),
    };
    message.multipart(parts).ok()
}

/// What the HTML part shows as `cid:logo` (RFC 2392).
fn logo(png: &[u8]) -> Option<SinglePart> {
    let kind = ContentType::parse("image/png").ok()?;
    Some(Attachment::new_inline("logo".to_owned()).body(png.to_vec(), kind))
}

/// The text with the signs of a typewriter, if nothing else keeps it from being ASCII.
fn plain_signs(text: &str) -> String {
    let plain = text
        .replace(['’', '‘'], "'")
        .replace(['“', '”'], "\"")
        .replace('–', "-")
        .replace('…', "...");
    if plain.is_ascii() {
        plain
    } else {
        text.to_owned()
    }
}

/// In 7bit where the text allows it: some programs show the raw source, where quoted-printable
/// would break the link. Otherwise in base64, which no program shows raw. (lettre itself takes 7bit
/// for lines of up to 76 octets only.)
fn part(kind: ContentType, text: &str) -> SinglePart {
    let text: String = text.lines().flat_map(|line| [line, "\r\n"]).collect();
    let is_plain = text.is_ascii() && text.lines().all(|line| line.len() <= MAX_LINE);
    let body = if is_plain {
        Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        Body::new_with_encoding(text, ContentTransferEncoding::Base64).unwrap_or_else(Body::new)
    };
    SinglePart::builder().header(kind).body(body)
}

/// The document in ASCII, other characters as numeric references, in lines of at most
/// [`MAX_LINE`] octets. A line ends at a blank, which means the same; where text has none, as
/// Chinese and Japanese, within a comment, which means nothing.
fn ascii_html(html: &str) -> String {
    let mut ascii = String::with_capacity(html.len() * 2);
    let (mut line_start, mut in_tag, mut in_head) = (0, false, true);
    for (at, c) in html.char_indices() {
        let length = ascii.len() - line_start;
        in_tag = (in_tag || c == '<') && c != '>';
        in_head = in_head && !html[at..].starts_with("<body");
        match c {
            ' ' if length >= BREAK_AT_SPACE => ascii.push('\n'),
            _ if length >= BREAK_ANYWHERE && !in_tag && !in_head && c != '>' => {
                ascii.push_str("<!--\n-->");
                line_start = ascii.len() - "-->".len();
                push_ascii(&mut ascii, c);
                continue;
            }
            _ => push_ascii(&mut ascii, c),
        }
        if ascii.ends_with('\n') {
            line_start = ascii.len();
        }
    }
    ascii
}

fn push_ascii(ascii: &mut String, c: char) {
    if c.is_ascii() {
        ascii.push(c);
    } else {
        ascii.push_str(&format!("&#{};", u32::from(c)));
    }
}

// No List-Unsubscribe (RFC 8058): each e-mail is transactional and goes to one person; there is no
// list.

/// Suppresses automatic replies (RFC 3834, 5).
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
