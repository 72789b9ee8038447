//! One mail, as it arrived.

use mail_parser::{Message, MessageParser, MessagePart, PartType};
use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

/// A mail that was delivered to one recipient.
#[derive(Clone, Debug, Serialize)]
pub struct Mail {
    /// Its number in the mailbox, from 1, as in the address of its page.
    pub n: usize,
    /// The recipient of the envelope.
    pub to: String,
    /// The sender of the envelope (the return path), empty for a bounce.
    pub from: String,
    /// The `From` header for people to read: name and address, or the return path if there is none.
    pub author: String,
    /// Decoded; empty if there is none.
    pub subject: String,
    /// The plain-text alternative, empty if there is none.
    pub text: String,
    /// The HTML alternative, empty if there is none.
    pub html: String,
    /// Every header in order: its name, and its value unfolded but not decoded.
    pub headers: Vec<(String, String)>,
    /// The bytes of the message, below the trace headers of this delivery.
    #[serde(skip)]
    pub raw: Vec<u8>,
    /// When it was delivered.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

impl Mail {
    /// The HTML alternative with its character references decoded.
    #[must_use]
    pub fn decoded_html(&self) -> String {
        scraper::Html::parse_document(&self.html).html()
    }

    /// Puts the envelope above the message, as final delivery does (RFC 5321, 4.4), so that one
    /// file holds everything.
    pub(super) fn envelope(from: &str, to: &str, data: &[u8], at: OffsetDateTime) -> Vec<u8> {
        let at = at.format(&Rfc2822).unwrap_or_default();
        let received = format!("Received: by mailbox.local with ESMTP;\r\n\t{at}");
        let envelope = format!("Return-Path: <{from}>\r\nDelivered-To: {to}\r\n{received}\r\n");
        [envelope.as_bytes(), data].concat()
    }

    /// Reads a delivered mail. A message that cannot be parsed has empty fields.
    pub(super) fn parse(n: usize, raw: Vec<u8>) -> Self {
        let message = MessageParser::default().parse(&raw).unwrap_or_default();
        let unfold = |value: &str| value.replace("\r\n", "").trim().to_owned();
        let headers = message
            .headers_raw()
            .map(|(name, value)| (name.to_owned(), unfold(value)));
        let mut mail = Self {
            n,
            to: String::new(),
            from: String::new(),
            author: author(&message).unwrap_or_default(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: first(message.text_bodies().filter(|part| !part.is_text_html())),
            html: first(message.html_bodies().filter(|part| part.is_text_html())),
            headers: headers.collect(),
            raw: Vec::new(),
            at: OffsetDateTime::UNIX_EPOCH,
        };
        let header = |name| mail.header(name).unwrap_or_default().to_owned();
        let received = header("Received");
        let date = received.rsplit(';').next().unwrap_or_default().trim();
        let at = OffsetDateTime::parse(date, &Rfc2822);
        let from = header("Return-Path").trim_matches(['<', '>']).to_owned();
        let to = header("Delivered-To");
        if mail.author.is_empty() {
            mail.author.clone_from(&from);
        }
        Self {
            to,
            from,
            at: at.unwrap_or(mail.at),
            raw,
            ..mail
        }
    }

    /// The first header of that name (in any case), unfolded but not decoded.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

fn author(message: &Message<'_>) -> Option<String> {
    let author = message.from()?.first()?;
    let address = author.address()?;
    Some(
        author
            .name()
            .map_or(address.to_owned(), |name| format!("{name} <{address}>")),
    )
}

fn first<'a>(mut parts: impl Iterator<Item = &'a MessagePart<'a>>) -> String {
    match parts.next().map(|part| &part.body) {
        Some(PartType::Text(text) | PartType::Html(text)) => text.to_string(),
        _ => String::new(),
    }
}
