//! The e-mail with the code that proves an address.

use std::net::SocketAddr;

use anyhow::Context;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::header::ContentType,
};

use super::{service::Service, words::CodeMail};

const FROM: &str = "\"Sign-in (local stand-in)\" <no-reply@sign-in.test>";

pub(super) async fn send(
    service: &Service,
    words: &CodeMail,
    (to, code): (&str, &str),
) -> anyhow::Result<()> {
    let mail = Message::builder()
        .from(FROM.parse()?)
        .to(to.parse()?)
        .subject(words.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(format!("{}\r\n\r\n{}\r\n", (words.code)(code), words.text))?;
    let url = service
        .options
        .smtp_url
        .as_ref()
        .context("there is no mail server")?;
    let server: SocketAddr = url.trim_start_matches("smtp://").parse()?;
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.ip().to_string())
        .port(server.port())
        .build()
        .send(mail)
        .await?;
    Ok(())
}
