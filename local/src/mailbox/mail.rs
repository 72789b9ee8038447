//! One mail, as it arrived.

use mail_parser::{Message, MessageParser, PartType};
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

/// Envelope and content of a mail that is about to be delivered.
#[derive(Debug)]
pub(super) struct Delivery<'a> {
    pub(super) to: &'a str,
    pub(super) from: &'a str,
    pub(super) data: &'a [u8],
    pub(super) at: OffsetDateTime,
}

impl Delivery<'_> {
    /// Puts the envelope above the message, as final delivery does (RFC 5321, 4.4), so that one
    /// file says all.
    pub(super) fn into_raw(self) -> Vec<u8> {
        let at = self.at.format(&Rfc2822).unwrap_or_default();
        let Self { to, from, data, .. } = self;
        let mut raw =
            format!("Return-Path: <{from}>\r\nDelivered-To: {to}\r\nReceived: by mailbox.local with ESMTP;\r\n\t{at}\r\n").into_bytes();
        raw.extend_from_slice(data);
        raw
    }
}

impl Mail {
    /// Reads a delivered mail. What cannot be parsed is kept with empty fields: the raw source is
    /// what counts then.
    pub(super) fn parse(n: usize, raw: Vec<u8>) -> Self {
        let message = MessageParser::default().parse(&raw).unwrap_or_default();
        let headers: Vec<_> = message
            .headers_raw()
            .map(|(name, value)| (name.to_owned(), unfold(value)))
            .collect();
        let first = |name: &str| {
            headers
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        let from = first("Return-Path").trim_matches(['<', '>']).to_owned();
        Self {
            n,
            to: first("Delivered-To"),
            author: author(&message).unwrap_or_else(|| from.clone()),
            from,
            subject: message.subject().unwrap_or_default().to_owned(),
            text: text(&message),
            html: html(&message),
            at: delivered_at(&first("Received")),
            headers,
            raw,
        }
    }

    /// The first header of that name (in any case), unfolded but not decoded.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

fn author(message: &Message<'_>) -> Option<String> {
    let author = message.from()?.first()?;
    match (author.name(), author.address()) {
        (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
        (None, address) => address.map(str::to_owned),
        (name, None) => name.map(str::to_owned),
    }
}

fn unfold(value: &str) -> String {
    value.replace("\r\n", "").trim().to_owned()
}

fn delivered_at(received: &str) -> OffsetDateTime {
    let date = received.rsplit(';').next().unwrap_or_default().trim();
    OffsetDateTime::parse(date, &Rfc2822).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

// The parser lists an HTML part as text too (and the other way round) where the other is missing:
// take the real kind.
fn text(message: &Message<'_>) -> String {
    message
        .text_bodies()
        .find_map(|part| match &part.body {
            PartType::Text(text) => Some(text.to_string()),
            _ => None,
        })
        .unwrap_or_default()
}

fn html(message: &Message<'_>) -> String {
    message
        .html_bodies()
        .find_map(|part| match &part.body {
            PartType::Html(html) => Some(html.to_string()),
            _ => None,
        })
        .unwrap_or_default()
}
