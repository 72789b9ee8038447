//! Handing letters to the mail server.

use std::{fmt, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header},
};
use secrecy::ExposeSecret;

use super::Mail;
use crate::{config::MailConfig, email::Email, telemetry};

/// For each answer of the server.
const TIMEOUT: Duration = Duration::from_secs(10);
/// For a whole letter: well below the lease under which it is sent.
const LONGEST: Duration = Duration::from_secs(30);

/// The mail server, with its connections kept between letters.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a letter was not taken. Says neither the address nor the text.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MailError {
    /// The server will never take it.
    #[error("the mail server refused the letter: {0}")]
    Refused(String),
    /// The server does not answer or cannot take it now.
    #[error("the mail server is not available: {0}")]
    Unavailable(String),
}

impl Mailer {
    /// From checked settings; asks nothing of the network.
    #[must_use]
    pub fn new(config: &MailConfig) -> Option<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(config.smtp.expose_secret()).ok()?.timeout(Some(TIMEOUT)).build();
        Some(Self { transport, from: config.from.parse().ok()? })
    }

    /// Hands a letter over. `id` names what the letter is about: a letter that is sent again bears the same
    /// `Message-ID`, so that it is recognised.
    ///
    /// # Errors
    /// See [`MailError`].
    pub async fn send(&self, to: &Email, mail: &Mail, id: &str) -> Result<(), MailError> {
        let refused = |what: &str| MailError::Refused(what.to_owned());
        let address = to.as_str().parse().map_err(|_| refused("the address cannot be written into a letter"))?;
        let domain = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(mail.subject.clone())
            .message_id(Some(format!("<{id}@{domain}>")))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(|_| refused("the letter cannot be written"))?;
        telemetry::call("mail", "send", self.hand_over(message), outcome).await
    }

    /// Connects, secures, logs in and says nothing more than NOOP.
    ///
    /// # Errors
    /// As [`Mailer::send`].
    pub async fn probe(&self) -> Result<(), MailError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::Unavailable("it does not answer NOOP".to_owned())),
            Err(error) if is_about_us(&error) => Err(MailError::Refused("it refuses user and password".to_owned())),
            Err(error) if error.is_tls() => Err(MailError::Unavailable("no TLS, or a certificate that is not trusted".to_owned())),
            Err(error) if error.is_timeout() => Err(MailError::Unavailable("no answer in time".to_owned())),
            Err(error) => Err(MailError::Unavailable(error.status().map_or("no connection".to_owned(), |code| code.to_string()))),
        }
    }

    async fn hand_over(&self, message: Message) -> Result<(), MailError> {
        let Ok(sent) = tokio::time::timeout(LONGEST, self.transport.send(message)).await else {
            return Err(MailError::Unavailable("no end in time".to_owned()));
        };
        match sent {
            Ok(_) => Ok(()),
            // The code alone: the text of the answer may quote the address.
            Err(error) if error.is_permanent() && !is_about_us(&error) => {
                Err(MailError::Refused(error.status().map_or("5xx".to_owned(), |code| code.to_string())))
            }
            Err(error) if error.is_timeout() => Err(MailError::Unavailable("no answer in time".to_owned())),
            Err(error) => Err(MailError::Unavailable(error.status().map_or("no connection".to_owned(), |code| code.to_string()))),
        }
    }
}

fn outcome(sent: &Result<(), MailError>) -> &'static str {
    match sent {
        Ok(()) => "ok",
        Err(MailError::Refused(_)) => "refused",
        Err(MailError::Unavailable(_)) => "unavailable",
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailer")
    }
}

/// Whether the server refuses our credentials, not the letter (RFC 4954, 6): an operator mends that, and the letter waits.
fn is_about_us(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| matches!(code.to_string().as_str(), "530" | "534" | "535" | "538"))
}

// No List-Unsubscribe (RFC 8058): each letter goes to one person once, because that person or their partner asked; there
// is no list to leave.

/// Keeps holiday notices from answering (RFC 3834, 5).
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MailConfig;

    fn mailer(url: &str) -> Mailer {
        Mailer::new(&MailConfig { smtp: url.into(), from: "Example <no-reply@example.com>".to_owned() }).unwrap()
    }

    async fn send(mailer: &Mailer) -> Result<(), MailError> {
        let letter = Mail { subject: "Hello".to_owned(), text: "text".to_owned(), html: "<p>html</p>".to_owned() };
        mailer.send(&"anna@example.com".parse().unwrap(), &letter, "id-1").await
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_nothing_does_not_hold_a_letter_for_ever() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mailer = mailer(&format!("smtp://{}", silent.local_addr().unwrap()));
        let started = tokio::time::Instant::now();
        assert!(matches!(send(&mailer).await, Err(MailError::Unavailable(_))));
        assert!(started.elapsed() <= LONGEST + TIMEOUT);
    }

    #[tokio::test]
    async fn a_server_without_tls_gets_no_letter_where_tls_is_required() {
        for url in ["smtps://", "smtp://"] {
            let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let query = if url == "smtp://" { "?tls=required" } else { "" };
            let mailer = mailer(&format!("{url}{}{query}", plain.local_addr().unwrap()));
            let talk = tokio::spawn(async move {
                let (mut stream, _) = plain.accept().await.unwrap();
                let mut said = Vec::new();
                tokio::io::AsyncWriteExt::write_all(&mut stream, b"220 plain ESMTP\r\n").await.unwrap();
                let mut buffer = [0; 1024];
                while let Ok(read @ 1..) = tokio::io::AsyncReadExt::read(&mut stream, &mut buffer).await {
                    said.extend_from_slice(&buffer[..read]);
                    if tokio::io::AsyncWriteExt::write_all(&mut stream, b"250 plain\r\n").await.is_err() {
                        break;
                    }
                }
                String::from_utf8_lossy(&said).into_owned()
            });
            assert!(send(&mailer).await.is_err(), "{url}");
            let said = talk.await.unwrap();
            assert!(!said.contains("MAIL FROM") && !said.contains("Hello"), "{url}: {said}");
        }
    }
}
