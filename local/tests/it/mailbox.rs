//! The mailbox, seen from a sender of mail and from its reader.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::MultiPart,
    transport::smtp::{AsyncSmtpTransportBuilder, authentication::Credentials, response::Severity},
};
use local::mailbox::{Mailbox, MailboxOptions, RecipientRule};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const SOON: Duration = Duration::from_secs(5);

async fn mailbox() -> Mailbox {
    Mailbox::start(MailboxOptions::default()).await.unwrap()
}

fn letter(to: &str) -> Message {
    Message::builder()
        .from("Hans Müller <hans@seller.test>".parse().unwrap())
        .to(to.parse().unwrap())
        .subject("Willkommen, Zoë")
        .multipart(MultiPart::alternative_plain_html(
            ".one dot\r\n..two dots\r\nGrüße".to_owned(),
            "<p>Grüße <a href=\"http://127.0.0.1/x\">weiter</a></p>".to_owned(),
        ))
        .unwrap()
}

fn transport(mailbox: &Mailbox) -> AsyncSmtpTransportBuilder {
    let url = url::Url::parse(mailbox.smtp_url()).unwrap();
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(url.host_str().unwrap())
        .port(url.port().unwrap())
}

async fn send(mailbox: &Mailbox, to: &str) -> Result<(), lettre::transport::smtp::Error> {
    transport(mailbox).build().send(letter(to)).await.map(drop)
}

async fn page(url: String) -> (u16, String) {
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Says each line in turn and returns the first line of every answer.
async fn talk(mailbox: &Mailbox, lines: &[&str]) -> Vec<String> {
    let mut stream = TcpStream::connect(mailbox.smtp_url().trim_start_matches("smtp://"))
        .await
        .unwrap();
    let mut answers = vec![hear(&mut stream).await];
    for line in lines {
        stream
            .write_all(format!("{line}\r\n").as_bytes())
            .await
            .unwrap();
        answers.push(hear(&mut stream).await);
    }
    answers
}

async fn hear(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 4096];
    let length = stream.read(&mut buffer).await.unwrap();
    String::from_utf8_lossy(&buffer[..length])
        .lines()
        .next()
        .unwrap_or("(closed)")
        .to_owned()
}

#[tokio::test]
async fn a_mail_arrives_with_all_its_parts() {
    let mailbox = mailbox().await;
    send(&mailbox, "zoe@customer.test").await.unwrap();

    let mail = mailbox.wait_for("Zoe@customer.test", SOON).await.unwrap();
    assert_eq!(
        (mail.to.as_str(), mail.from.as_str()),
        ("zoe@customer.test", "hans@seller.test")
    );
    assert_eq!(
        (mail.subject.as_str(), mail.author.as_str()),
        ("Willkommen, Zoë", "Hans Müller <hans@seller.test>")
    );
    assert_eq!(mail.text.trim_end(), ".one dot\r\n..two dots\r\nGrüße");
    assert!(mail.html.contains("weiter</a>"));
    assert!(mail.header("mime-version").is_some());
    assert_eq!(mailbox.mails().len(), 1);
}

#[tokio::test]
async fn addresses_beyond_ascii_and_any_password_are_taken() {
    let mailbox = mailbox().await;
    let transport = transport(&mailbox)
        .credentials(Credentials::new("anyone".into(), "anything".into()))
        .build();
    transport.send(letter("zoë@kunde.test")).await.unwrap();
    assert_eq!(
        mailbox.wait_for("zoë@kunde.test", SOON).await.unwrap().to,
        "zoë@kunde.test"
    );
}

#[tokio::test]
async fn a_mail_that_does_not_come_is_reported() {
    let mailbox = mailbox().await;
    let error = mailbox
        .wait_for("nobody@customer.test", Duration::from_millis(20))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("nobody@customer.test"));
}

#[tokio::test]
async fn recipients_are_refused_as_told() {
    let mailbox = mailbox().await;
    mailbox.refuse(RecipientRule::permanent("gone@customer.test"));
    mailbox.refuse(RecipientRule::temporary("busy@customer.test").times(1));
    mailbox.refuse(RecipientRule::hang_up("down@customer.test"));

    let gone = send(&mailbox, "gone@customer.test").await.unwrap_err();
    assert_eq!(gone.status().map(u16::from), Some(550));
    let busy = send(&mailbox, "busy@customer.test").await.unwrap_err();
    assert_eq!(
        busy.status().map(|code| code.severity),
        Some(Severity::TransientNegativeCompletion)
    );
    assert!(
        send(&mailbox, "down@customer.test")
            .await
            .unwrap_err()
            .status()
            .is_none()
    );
    assert!(mailbox.mails().is_empty());

    send(&mailbox, "busy@customer.test").await.unwrap();
    mailbox.accept_all();
    send(&mailbox, "down@customer.test").await.unwrap();
    assert_eq!(mailbox.mails().len(), 2);
}

#[tokio::test]
async fn commands_out_of_order_or_unknown_are_refused() {
    let mailbox = mailbox().await;
    let answers = talk(
        &mailbox,
        &[
            "MAIL FROM:<a@b.test>",
            "EHLO me",
            "RCPT TO:<c@d.test>",
            "MAIL FROM:<ü@b.test>",
            "DATA",
            "FROBNICATE",
            "MAIL FROM:<a@b.test>",
            "RSET",
            "STARTTLS",
            "NOOP",
            "QUIT",
        ],
    )
    .await;
    let codes: Vec<&str> = answers.iter().map(|answer| &answer[..3]).collect();
    assert_eq!(
        codes,
        [
            "220", "503", "250", "503", "550", "503", "500", "250", "250", "502", "250", "221"
        ]
    );
}

#[tokio::test]
async fn an_empty_message_and_pipelined_commands_are_understood() {
    let mailbox = mailbox().await;
    let answers = talk(
        &mailbox,
        &["HELO me", "MAIL FROM:<>\r\nRCPT TO:<c@d.test>\r\nDATA", "."],
    )
    .await;
    assert_eq!(answers.len(), 4);
    let mail = mailbox.wait_for("c@d.test", SOON).await.unwrap();
    assert_eq!((mail.from.as_str(), mail.subject.as_str()), ("", ""));
}

#[tokio::test]
async fn a_message_that_is_too_big_is_refused() {
    let mailbox = mailbox().await;
    let answers = talk(&mailbox, &["EHLO me", "MAIL FROM:<a@b.test> SIZE=99999999"]).await;
    assert!(answers[2].starts_with("552"), "{answers:?}");

    let mut stream = TcpStream::connect(mailbox.smtp_url().trim_start_matches("smtp://"))
        .await
        .unwrap();
    for line in [
        "",
        "HELO me\r\n",
        "MAIL FROM:<a@b.test>\r\n",
        "RCPT TO:<c@d.test>\r\n",
        "DATA\r\n",
    ] {
        stream.write_all(line.as_bytes()).await.unwrap();
        hear(&mut stream).await;
    }
    let line = format!("{}\r\n", "x".repeat(998));
    for _ in 0..11_000 {
        stream.write_all(line.as_bytes()).await.unwrap();
    }
    stream.write_all(b".\r\n").await.unwrap();
    assert!(hear(&mut stream).await.starts_with("552"));
    assert!(mailbox.mails().is_empty());
}

#[tokio::test]
async fn the_page_shows_the_mail_and_lets_nothing_in_it_run() {
    let mailbox = mailbox().await;
    let (_, empty) = page(mailbox.url().to_owned()).await;
    assert!(empty.contains("No mail yet"));
    send(&mailbox, "zoe@customer.test").await.unwrap();

    let (_, list) = page(mailbox.url().to_owned()).await;
    assert!(list.contains("Willkommen, Zoë") && list.contains("/mail/1"));
    let (_, shown) = page(format!("{}/mail/1", mailbox.url())).await;
    assert!(shown.contains("sandbox=\"allow-top-navigation-by-user-activation allow-popups\""));
    assert!(
        shown.contains("srcdoc=\"<base target='_top'>&#60;p&#62;"),
        "the mail is escaped inside the attribute"
    );
    assert!(
        page(format!("{}/mail/1?view=text", mailbox.url()))
            .await
            .1
            .contains("..two dots")
    );
    assert!(
        page(format!("{}/mail/1/raw", mailbox.url()))
            .await
            .1
            .contains("Delivered-To: zoe@customer.test")
    );
    assert!(
        page(format!("{}/mail/1/text", mailbox.url()))
            .await
            .1
            .starts_with(".one dot")
    );
    assert!(
        page(format!("{}/mail/1/html", mailbox.url()))
            .await
            .1
            .starts_with("<p>")
    );
    assert_eq!(page(format!("{}/mail/2", mailbox.url())).await.0, 404);
    let (_, json) = page(format!("{}/api/mails?to=zoe@customer.test", mailbox.url())).await;
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&json).unwrap()[0]["subject"],
        "Willkommen, Zoë"
    );
}

#[tokio::test]
async fn mails_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let options = MailboxOptions {
        dir: Some(dir.path().to_owned()),
        ..MailboxOptions::default()
    };
    let mailbox = Mailbox::start(options.clone()).await.unwrap();
    send(&mailbox, "zoe@customer.test").await.unwrap();
    let before = mailbox.mails().remove(0);
    mailbox.stop().await;

    let mailbox = Mailbox::start(options).await.unwrap();
    send(&mailbox, "max@customer.test").await.unwrap();
    let mails = mailbox.mails();
    assert_eq!(
        (mails[0].to.as_str(), mails[0].subject.as_str()),
        (before.to.as_str(), before.subject.as_str())
    );
    assert_eq!((mails[0].raw.clone(), mails[0].at), (before.raw, before.at));
    assert_eq!((mails[1].n, mails[1].to.as_str()), (2, "max@customer.test"));
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let first = mailbox().await;
    let web_port = first.url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Mailbox::start(MailboxOptions {
        web_port,
        ..MailboxOptions::default()
    })
    .await
    .unwrap_err();
    assert!(
        error.to_string().contains(&format!("127.0.0.1:{web_port}")),
        "{error}"
    );
    first.stop().await;
    Mailbox::start(MailboxOptions {
        web_port,
        ..MailboxOptions::default()
    })
    .await
    .unwrap();
}
