//! Handing letters to the mail server.

use std::{error::Error, fmt, io::ErrorKind, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header},
    transport::smtp,
};
use secrecy::ExposeSecret;

use super::{Mail, answer};
use crate::{config::MailConfig, domain::email::Email, net::error_chain, telemetry};

/// For each answer of the server.
const TIMEOUT: Duration = Duration::from_secs(10);
/// For a whole letter. The lease under which it is sent is shorter and renewed meanwhile; this
/// keeps one server that answers slowly, each time in time, from holding a place among the
/// deliveries for ever.
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
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(config.smtp.expose_secret())
            .ok()?
            .timeout(Some(TIMEOUT))
            .build();
        Some(Self {
            transport,
            from: config.from.parse().ok()?,
        })
    }

    /// Hands a letter over. `id` names what the letter is about: a letter that is sent again bears
    /// the same `Message-ID`, so that it is recognised.
    ///
    /// # Errors
    /// See [`MailError`].
    pub async fn send(&self, to: &Email, mail: &Mail, id: &str) -> Result<(), MailError> {
        let refused = |what: &str| MailError::Refused(what.to_owned());
        let address = to
            .as_str()
            .parse()
            .map_err(|_| refused("the address cannot be written into a letter"))?;
        let domain = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(mail.subject.clone())
            .message_id(Some(format!("<{id}@{domain}>")))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(
                mail.text.clone(),
                mail.html.clone(),
            ))
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
            Err(error) => Err(MailError::Unavailable(why(&error))),
        }
    }

    async fn hand_over(&self, message: Message) -> Result<(), MailError> {
        let Ok(sent) = tokio::time::timeout(LONGEST, self.transport.send(message)).await else {
            return Err(MailError::Unavailable("no end in time".to_owned()));
        };
        match sent {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() && !is_about_us(&error) => {
                Err(MailError::Refused(why(&error)))
            }
            Err(error) => Err(MailError::Unavailable(why(&error))),
        }
    }
}

/// In plain words, with the code; not in the server's, which may quote the address.
fn why(error: &smtp::Error) -> String {
    if let Some(code) = error.status() {
        return answer::in_words(
            &code.to_string(),
            &error.source().map(ToString::to_string).unwrap_or_default(),
        );
    }
    let words = if error.is_timeout() {
        "no answer in time"
    } else if error.is_tls() || error_chain::are_io(error, &[ErrorKind::InvalidData]) {
        "no TLS, or a certificate that is not trusted"
    } else {
        "no connection"
    };
    words.to_owned()
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

/// Whether the server refuses our credentials, not the letter (RFC 4954, 6): an operator mends
/// that, and the letter waits.
fn is_about_us(error: &smtp::Error) -> bool {
    error
        .status()
        .is_some_and(|code| matches!(code.to_string().as_str(), "530" | "534" | "535" | "538"))
}

// No List-Unsubscribe (RFC 8058): each letter goes to one person once, because that person or their
// partner asked; there is no list to leave.

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
    use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
    use local::mailbox::{Mailbox as Inbox, MailboxOptions, RecipientRule};

    use super::*;
    use crate::config::MailConfig;

    const FROM: &str = "Example <no-reply@example.com>";

    fn mailer(url: &str) -> Mailer {
        Mailer::new(&MailConfig {
            smtp: url.into(),
            from: FROM.to_owned(),
        })
        .unwrap()
    }

    /// As `mailer`, but trusts this certificate, too.
    fn trusting(url: &str, certificate: &[u8]) -> Mailer {
        let trusted = TlsParameters::builder("localhost".to_owned());
        let trusted = trusted
            .add_root_certificate(Certificate::from_der(certificate.to_vec()).unwrap())
            .build()
            .unwrap();
        let tls = if url.starts_with("smtps:") {
            Tls::Wrapper(trusted)
        } else {
            Tls::Required(trusted)
        };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .unwrap()
            .tls(tls)
            .timeout(Some(TIMEOUT))
            .build();
        Mailer {
            transport,
            from: FROM.parse().unwrap(),
        }
    }

    async fn send(mailer: &Mailer) -> Result<(), MailError> {
        let letter = Mail {
            subject: "Hello".to_owned(),
            text: "text".to_owned(),
            html: "<p>html</p>".to_owned(),
        };
        mailer
            .send(&"anna@example.com".parse().unwrap(), &letter, "id-1")
            .await
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_nothing_does_not_hold_a_letter_for_ever() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mailer = mailer(&format!("smtp://{}", silent.local_addr().unwrap()));
        let started = tokio::time::Instant::now();
        assert!(matches!(
            send(&mailer).await,
            Err(MailError::Unavailable(_))
        ));
        assert!(started.elapsed() <= LONGEST + TIMEOUT);
    }

    #[tokio::test]
    async fn a_letter_goes_over_tls_to_a_server_that_is_trusted_and_to_no_other() {
        let inbox = Inbox::start(MailboxOptions::default()).await.unwrap();
        let entrance = inbox.open_tls().await.unwrap();
        for url in [&entrance.smtps_url, &entrance.starttls_url] {
            let refused = send(&mailer(url)).await.unwrap_err().to_string();
            assert_eq!(
                refused,
                "the mail server is not available: no TLS, or a certificate that is not trusted",
                "{url}"
            );
        }
        assert!(inbox.mails().is_empty());

        for (url, count) in [(&entrance.smtps_url, 1), (&entrance.starttls_url, 2)] {
            let mailer = trusting(url, &entrance.certificate);
            mailer.probe().await.unwrap();
            send(&mailer).await.unwrap();
            let mail = inbox
                .wait_for_count("anna@example.com", count, TIMEOUT)
                .await
                .unwrap();
            assert_eq!(
                (mail.subject.as_str(), mail.text.trim_end()),
                ("Hello", "text"),
                "{url}"
            );
        }
    }

    #[tokio::test]
    async fn letters_that_go_out_one_after_the_other_share_a_connection() {
        let inbox = Inbox::start(MailboxOptions::default()).await.unwrap();
        let mailer = mailer(inbox.smtp_url());
        for _ in 0..20 {
            send(&mailer).await.unwrap();
        }
        assert_eq!(inbox.mails().len(), 20);
        // A connection is given back in the background: a letter that follows at once may open a
        // second one.
        assert!(inbox.sessions() <= 3, "{}", inbox.sessions());
    }

    #[tokio::test]
    async fn what_keeps_a_letter_back_is_said_in_plain_words_with_the_code() {
        let inbox = Inbox::start(MailboxOptions::default()).await.unwrap();
        let mailer = mailer(inbox.smtp_url());
        for (rule, said) in [
            (
                RecipientRule::permanent("*"),
                "the mail server refused the letter: there is no such mailbox (550 5.1.1)",
            ),
            (
                RecipientRule::temporary("*"),
                "the mail server is not available: it asks for another try later (451 4.7.1)",
            ),
            (
                RecipientRule::credentials("*"),
                "the mail server is not available: it refuses user and password of SMTP_URL (535 5.7.8)",
            ),
        ] {
            inbox.refuse(rule);
            assert_eq!(send(&mailer).await.unwrap_err().to_string(), said);
        }
    }

    #[tokio::test]
    async fn a_server_without_tls_gets_no_letter_where_tls_is_required() {
        for url in ["smtps://", "smtp://"] {
            let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let query = if url == "smtp://" {
                "?tls=required"
            } else {
                ""
            };
            let mailer = mailer(&format!("{url}{}{query}", plain.local_addr().unwrap()));
            let talk = tokio::spawn(async move {
                let (mut stream, _) = plain.accept().await.unwrap();
                let mut said = Vec::new();
                tokio::io::AsyncWriteExt::write_all(&mut stream, b"220 plain ESMTP\r\n")
                    .await
                    .unwrap();
                let mut buffer = [0; 1024];
                while let Ok(read @ 1..) =
                    tokio::io::AsyncReadExt::read(&mut stream, &mut buffer).await
                {
                    said.extend_from_slice(&buffer[..read]);
                    if tokio::io::AsyncWriteExt::write_all(&mut stream, b"250 plain\r\n")
                        .await
                        .is_err()
                    {
                        break;
                    }
                }
                String::from_utf8_lossy(&said).into_owned()
            });
            assert!(send(&mailer).await.is_err(), "{url}");
            let said = talk.await.unwrap();
            assert!(
                !said.contains("MAIL FROM") && !said.contains("Hello"),
                "{url}: {said}"
            );
        }
    }
}
