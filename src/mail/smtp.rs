//! Sends e-mail over SMTP.

use std::{error::Error, fmt, io::ErrorKind, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::Mailbox, transport::smtp,
};
use secrecy::ExposeSecret;

use super::{Mail, message, reply_code};
use crate::{config::MailConfig, domain::email::Email, net::error_chain, telemetry};

/// For each reply of the server.
const REPLY_TIMEOUT: Duration = Duration::from_secs(10);
/// For an e-mail. The lease under which it is sent is shorter and renewed; this limit keeps a
/// server that is slow, but in time with each reply, from occupying a delivery slot for ever.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// The mail server, with a pool of connections.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why an e-mail was not accepted. Contains neither the address nor the text.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MailError {
    /// The server rejects it for good.
    #[error("the mail server refused the e-mail: {0}")]
    Refused(String),
    /// The server does not respond or cannot accept it now.
    #[error("the mail server is not available: {0}")]
    Unavailable(String),
}

impl Mailer {
    /// From checked settings; opens no connection yet.
    #[must_use]
    pub fn new(config: &MailConfig) -> Option<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(config.smtp.expose_secret())
            .ok()?
            .timeout(Some(REPLY_TIMEOUT))
            .build();
        Some(Self {
            transport,
            from: config.from.parse().ok()?,
        })
    }

    /// Sends an e-mail. `id` becomes the `Message-ID`: a repetition has the same one, so that
    /// receivers can recognise it.
    ///
    /// # Errors
    /// See [`MailError`].
    pub async fn send(&self, to: &Email, mail: &Mail, id: &str) -> Result<(), MailError> {
        let refused = |what: &str| MailError::Refused(what.to_owned());
        let composed = message::compose(&self.from, to, mail, id);
        let message = composed.ok_or_else(|| refused("the e-mail cannot be composed"))?;
        telemetry::call("mail", "send", self.transmit(message), outcome).await
    }

    /// Connects, starts TLS, authenticates and sends NOOP.
    ///
    /// # Errors
    /// As [`Mailer::send`].
    pub async fn probe(&self) -> Result<(), MailError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::Unavailable(
                "it does not reply to NOOP".to_owned(),
            )),
            Err(error) => Err(MailError::Unavailable(reason(&error))),
        }
    }

    async fn transmit(&self, message: Message) -> Result<(), MailError> {
        let needs_utf8 = !message
            .envelope()
            .to()
            .iter()
            .all(|to| to.to_string().is_ascii());
        let Ok(sent) = tokio::time::timeout(SEND_TIMEOUT, self.transport.send(message)).await
        else {
            return Err(MailError::Unavailable(
                "it did not finish in time".to_owned(),
            ));
        };
        match sent {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() && !is_authentication(&error) => {
                Err(MailError::Refused(reason(&error)))
            }
            Err(error) if needs_utf8 && error.is_client() => Err(MailError::Refused(
                "the part of the address before @ is not ASCII, and the mail server does not \
                 support that (SMTPUTF8)"
                    .to_owned(),
            )),
            Err(error) => Err(MailError::Unavailable(reason(&error))),
        }
    }
}

/// Our description, with the code; never the server's text, which may quote the address.
fn reason(error: &smtp::Error) -> String {
    if let Some(code) = error.status() {
        return reply_code::describe(
            &code.to_string(),
            &error.source().map(ToString::to_string).unwrap_or_default(),
        );
    }
    let reason = if error.is_timeout() {
        "no reply in time"
    } else if error.is_tls() || error_chain::has_io_kind(error, &[ErrorKind::InvalidData]) {
        "no TLS, or a certificate that is not trusted"
    } else {
        "no connection"
    };
    reason.to_owned()
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

/// Whether the server rejects our credentials rather than the e-mail (RFC 4954, 6): the e-mail
/// waits until an operator corrects them.
fn is_authentication(error: &smtp::Error) -> bool {
    error
        .status()
        .is_some_and(|code| matches!(code.to_string().as_str(), "530" | "534" | "535" | "538"))
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
            .timeout(Some(REPLY_TIMEOUT))
            .build();
        Mailer {
            transport,
            from: FROM.parse().unwrap(),
        }
    }

    async fn send(mailer: &Mailer) -> Result<(), MailError> {
        let mail = Mail {
            subject: "Hello".to_owned(),
            text: "text".to_owned(),
            html: "<p>html</p>".to_owned(),
            from_name: None,
            reply_to: None,
            logo: None,
        };
        mailer
            .send(&"anna@example.com".parse().unwrap(), &mail, "id-1")
            .await
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_server_is_given_up() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mailer = mailer(&format!("smtp://{}", silent.local_addr().unwrap()));
        let started = tokio::time::Instant::now();
        assert!(matches!(
            send(&mailer).await,
            Err(MailError::Unavailable(_))
        ));
        assert!(started.elapsed() <= SEND_TIMEOUT + REPLY_TIMEOUT);
    }

    #[tokio::test]
    async fn tls_needs_a_trusted_certificate() {
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
                .wait_for_count("anna@example.com", count, REPLY_TIMEOUT)
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
    async fn consecutive_emails_share_a_connection() {
        let inbox = Inbox::start(MailboxOptions::default()).await.unwrap();
        let mailer = mailer(inbox.smtp_url());
        for _ in 0..20 {
            send(&mailer).await.unwrap();
        }
        assert_eq!(inbox.mails().len(), 20);
        // A connection returns to the pool in the background: an e-mail that follows at once may
        // open a second one.
        assert!(inbox.sessions() <= 3, "{}", inbox.sessions());
    }

    #[tokio::test]
    async fn a_failure_is_described_with_its_code() {
        let inbox = Inbox::start(MailboxOptions::default()).await.unwrap();
        let mailer = mailer(inbox.smtp_url());
        for (rule, expected) in [
            (
                RecipientRule::permanent("*"),
                "the mail server refused the e-mail: there is no such mailbox (550 5.1.1)",
            ),
            (
                RecipientRule::temporary("*"),
                "the mail server is not available: it asks for a later retry (451 4.7.1)",
            ),
            (
                RecipientRule::credentials("*"),
                "the mail server is not available: it rejects the user or password of SMTP_URL (535 5.7.8)",
            ),
        ] {
            inbox.refuse(rule);
            assert_eq!(send(&mailer).await.unwrap_err().to_string(), expected);
        }
    }

    /// A server that accepts everything, and has no extensions.
    async fn plain_server() -> String {
        let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", plain.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = plain.accept().await.unwrap();
            let mut buffer = [0; 4096];
            let mut answer: &[u8] = b"220 plain ESMTP\r\n";
            while tokio::io::AsyncWriteExt::write_all(&mut stream, answer)
                .await
                .is_ok()
                && matches!(
                    tokio::io::AsyncReadExt::read(&mut stream, &mut buffer).await,
                    Ok(1..)
                )
            {
                answer = b"250 plain\r\n";
            }
        });
        url
    }

    #[tokio::test]
    async fn mailbox_beyond_ascii_fails_for_good_without_smtputf8() {
        let mailer = mailer(&plain_server().await);
        let to = "jürgen@example.com".parse().unwrap();
        let mail = Mail {
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            from_name: None,
            reply_to: None,
            logo: None,
        };
        let error = mailer.send(&to, &mail, "id-1").await.unwrap_err();
        assert!(matches!(error, MailError::Refused(_)), "{error}");
        assert!(error.to_string().contains("SMTPUTF8"), "{error}");
    }

    #[tokio::test]
    async fn required_tls_is_never_skipped() {
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
