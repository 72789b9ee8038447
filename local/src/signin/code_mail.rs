//! The mail with the code that proves an address.

use anyhow::Context;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::header::ContentType,
};
use url::Url;

use super::Service;

const FROM: &str = "\"Sign-in (local stand-in)\" <no-reply@sign-in.test>";

/// Mails it, or does nothing if there is no mail server: the page shows the code then.
pub(super) async fn send(service: &Service, to: &str, code: &str) -> anyhow::Result<()> {
    let Some(url) = &service.options.smtp_url else {
        return Ok(());
    };
    let url = Url::parse(url).context("the SMTP URL is not one")?;
    let host = url.host_str().context("the SMTP URL names no host")?;
    let mail = Message::builder()
        .from(FROM.parse()?)
        .to(to.parse()?)
        .subject("Your security code")
        .header(ContentType::TEXT_PLAIN)
        .body(format!(
            "Security code: {code}\r\n\r\nEnter it on the page where you create your account.\r\n"
        ))?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(url.port().unwrap_or(25))
        .build();
    transport.send(mail).await?;
    Ok(())
}
