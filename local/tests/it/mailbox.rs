//! The mailbox, as senders and readers of mail see it.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::MultiPart,
    transport::smtp::{AsyncSmtpTransportBuilder, authentication::Credentials},
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

fn message(to: &str) -> Message {
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
    transport(mailbox).build().send(message(to)).await.map(drop)
}

/// Sends each line in turn and returns the first line of every answer.
async fn talk(mailbox: &Mailbox, lines: &[&str]) -> Vec<String> {
    let address = mailbox.smtp_url().trim_start_matches("smtp://");
    let mut stream = TcpStream::connect(address).await.unwrap();
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
    let answer = String::from_utf8_lossy(&buffer[..length]);
    answer.lines().next().unwrap_or("(closed)").to_owned()
}

#[tokio::test]
async fn a_mail_arrives_with_all_its_parts() {
    let mailbox = mailbox().await;
    send(&mailbox, "zoe@customer.test").await.unwrap();
    let mail = mailbox.wait_for("Zoe@customer.test", SOON).await.unwrap();
    assert_eq!(
        [&mail.to[..], &mail.from],
        ["zoe@customer.test", "hans@seller.test"]
    );
    let author = "Hans Müller <hans@seller.test>";
    assert_eq!(
        [&mail.subject[..], &mail.author],
        ["Willkommen, Zoë", author]
    );
    assert_eq!(mail.text.trim_end(), ".one dot\r\n..two dots\r\nGrüße");
    assert!(mail.html.contains("weiter</a>"));
    assert!(mail.header("mime-version").is_some());
    assert_eq!(mailbox.mails().len(), 1);
}

#[tokio::test]
async fn any_address_and_any_password_are_taken() {
    let mailbox = mailbox().await;
    let credentials = Credentials::new("anyone".into(), "anything".into());
    let transport = transport(&mailbox).credentials(credentials).build();
    transport.send(message("zoë@kunde.test")).await.unwrap();
    assert_eq!(
        mailbox.wait_for("zoë@kunde.test", SOON).await.unwrap().to,
        "zoë@kunde.test"
    );
}

#[tokio::test]
async fn a_missing_mail_is_reported() {
    let wait = Duration::from_millis(20);
    let error = mailbox()
        .await
        .wait_for("nobody@customer.test", wait)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("nobody@customer.test"));
}

#[tokio::test]
async fn recipients_are_refused_by_rule() {
    let mailbox = mailbox().await;
    mailbox.refuse(RecipientRule::permanent("gone@customer.test"));
    mailbox.refuse(RecipientRule::temporary("busy@customer.test").times(1));
    mailbox.refuse(RecipientRule::credentials("locked@customer.test"));
    mailbox.refuse(RecipientRule::hang_up("down@customer.test"));
    for (name, status) in [
        ("gone", Some(550)),
        ("busy", Some(451)),
        ("locked", Some(535)),
        ("down", None),
    ] {
        let error = send(&mailbox, &format!("{name}@customer.test"))
            .await
            .unwrap_err();
        assert_eq!(error.status().map(u16::from), status, "{name}");
    }
    assert!(mailbox.mails().is_empty());
    send(&mailbox, "busy@customer.test").await.unwrap();
    mailbox.accept_all();
    send(&mailbox, "down@customer.test").await.unwrap();
    assert_eq!(mailbox.mails().len(), 2);
}

#[tokio::test]
async fn commands_out_of_order_or_unknown_are_refused() {
    let conversation = [
        ("MAIL FROM:<a@b.test>", "503"),
        ("EHLO me", "250"),
        ("RCPT TO:<c@d.test>", "503"),
        ("MAIL FROM:<ü@b.test>", "550"),
        ("DATA", "503"),
        ("FROBNICATE", "500"),
        ("MAIL FROM:<a@b.test>", "250"),
        ("RSET", "250"),
        ("STARTTLS", "502"),
        ("NOOP", "250"),
        ("QUIT", "221"),
    ];
    let (lines, codes): (Vec<_>, Vec<_>) = conversation.into_iter().unzip();
    let answers = talk(&mailbox().await, &lines).await;
    let answers: Vec<&str> = answers[1..].iter().map(|answer| &answer[..3]).collect();
    assert_eq!(answers, codes);
}

#[tokio::test]
async fn empty_messages_and_pipelining_are_understood() {
    let mailbox = mailbox().await;
    let pipelined = "MAIL FROM:<>\r\nRCPT TO:<c@d.test>\r\nDATA";
    talk(&mailbox, &["EHLO me", pipelined, "."]).await;
    let mail = mailbox.wait_for("c@d.test", SOON).await.unwrap();
    assert_eq!([&mail.from[..], &mail.subject], ["", ""]);
}

#[tokio::test]
async fn the_page_shows_mail_without_running_it() {
    let mailbox = mailbox().await;
    let page = async |path: &str| {
        reqwest::get(format!("{}{path}", mailbox.url()))
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    };
    assert!(page("/").await.contains("No mail yet"));
    send(&mailbox, "zoe@customer.test").await.unwrap();
    for (path, part) in [
        ("/", "Willkommen, Zoë"),
        ("/", "/mail/1"),
        (
            "/mail/1",
            "sandbox=\"allow-top-navigation-by-user-activation allow-popups\"",
        ),
        ("/mail/1", "srcdoc=\"<base target='_top'>&#60;p&#62;"),
        ("/mail/1?view=text", "..two dots"),
        ("/mail/1?view=source", "Delivered-To: zoe@customer.test"),
        ("/mail/1/html", "<p>Gr"),
        ("/mail/2", "There is no such mail"),
        ("/api/mails", "\"subject\":\"Willkommen, Zoë\""),
    ] {
        assert!(page(path).await.contains(part), "{path}: {part}");
    }
}

#[tokio::test]
async fn mails_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let dir = Some(dir.path().to_owned());
    let options = MailboxOptions {
        dir,
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
        (&mails[0].to, &mails[0].subject),
        (&before.to, &before.subject)
    );
    assert_eq!((&mails[0].raw, mails[0].at), (&before.raw, before.at));
    assert_eq!((mails[1].n, &mails[1].to[..]), (2, "max@customer.test"));
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let first = mailbox().await;
    let web_port = first.url().rsplit(':').next().unwrap().parse().unwrap();
    let start = || {
        Mailbox::start(MailboxOptions {
            web_port,
            ..MailboxOptions::default()
        })
    };
    let error = start().await.unwrap_err().to_string();
    assert!(error.contains(&format!("127.0.0.1:{web_port}")), "{error}");
    first.stop().await;
    start().await.unwrap();
}
