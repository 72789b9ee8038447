//! The server's side of ESMTP (RFC 5321), for any sender and recipient.

use std::{
    io::{self, ErrorKind},
    mem,
    sync::Arc,
};

use smtp_proto::{
    AUTH_LOGIN, AUTH_PLAIN, EXT_8BIT_MIME, EXT_AUTH, EXT_ENHANCED_STATUS_CODES, EXT_PIPELINING,
    EXT_SMTP_UTF8, EXT_START_TLS, EhloResponse, Error, MAIL_SMTPUTF8, MailFrom, Request, Response,
    request::receiver::{DataReceiver, RequestReceiver},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsAcceptor;

use super::{rules::Refusal, store::Store};

const NAME: &str = "mailbox.local";

/// How the connection is encrypted.
#[derive(Clone)]
pub(super) enum Wire {
    Clear,
    /// From the first byte on (RFC 8314, 3.3).
    Tls(TlsAcceptor),
    /// On the client's request (RFC 3207); no mail is taken before.
    StartTls(TlsAcceptor),
}

/// Serves one client until it quits or hangs up.
pub(super) async fn session(stream: TcpStream, store: Arc<Store>, wire: Wire) {
    store.count_session();
    // An error here is a client that went away.
    let _ = serve(stream, store, wire).await;
}

async fn serve(stream: TcpStream, store: Arc<Store>, wire: Wire) -> io::Result<()> {
    let (stream, tls): (Box<dyn Stream>, _) = match wire {
        Wire::Clear => (Box::new(stream), None),
        Wire::Tls(tls) => (Box::new(tls.accept(stream).await?), None),
        Wire::StartTls(tls) => (Box::new(stream), Some(tls)),
    };
    let (unread, greeted, envelope) = (Vec::new(), false, None);
    Session {
        stream,
        tls,
        store,
        unread,
        greeted,
        envelope,
    }
    .run()
    .await
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

struct Session {
    stream: Box<dyn Stream>,
    /// Set until the client has sent STARTTLS.
    tls: Option<TlsAcceptor>,
    store: Arc<Store>,
    unread: Vec<u8>,
    greeted: bool,
    envelope: Option<(MailFrom<String>, Vec<String>)>,
}

/// Whether the session goes on.
type Open = bool;

impl Session {
    async fn run(mut self) -> io::Result<()> {
        self.stream
            .write_all(format!("220 {NAME} ESMTP\r\n").as_bytes())
            .await?;
        let mut requests = RequestReceiver::default();
        loop {
            match self.request(&mut requests).await? {
                Ok(request) => {
                    if !self.handle(request).await? {
                        return Ok(());
                    }
                }
                Err(Error::UnknownCommand) => self.reply(500, [5, 5, 2], "Unknown command").await?,
                Err(error) => self.reply(501, [5, 5, 4], &error.to_string()).await?,
            }
        }
    }

    async fn handle(&mut self, request: Request<String>) -> io::Result<Open> {
        match request {
            Request::Ehlo { .. } => self.ehlo().await?,
            Request::StartTls => self.start_tls().await?,
            Request::Auth { .. } | Request::Mail { .. } if self.tls.is_some() => {
                self.reply(530, [5, 7, 0], "STARTTLS first").await?;
            }
            Request::Mail { from } => self.mail(from).await?,
            Request::Rcpt { to } => return self.rcpt(to.address).await,
            Request::Data => self.data().await?,
            Request::Auth {
                mechanism,
                initial_response,
            } => {
                self.auth(mechanism, &initial_response).await?;
            }
            Request::Rset => {
                self.envelope = None;
                self.reply(250, [2, 0, 0], "Ok").await?;
            }
            Request::Noop { .. } => self.reply(250, [2, 0, 0], "Ok").await?,
            Request::Quit => {
                self.reply(221, [2, 0, 0], "Bye").await?;
                return Ok(false);
            }
            _ => {
                self.reply(502, [5, 5, 1], "Command not implemented")
                    .await?
            }
        }
        Ok(true)
    }

    async fn ehlo(&mut self) -> io::Result<()> {
        (self.greeted, self.envelope) = (true, None);
        let mut hello = EhloResponse::new(NAME);
        hello.capabilities =
            EXT_8BIT_MIME | EXT_SMTP_UTF8 | EXT_AUTH | EXT_PIPELINING | EXT_ENHANCED_STATUS_CODES;
        if self.tls.is_some() {
            hello.capabilities |= EXT_START_TLS;
        }
        hello.auth_mechanisms = AUTH_PLAIN | AUTH_LOGIN;
        let mut answer = Vec::new();
        hello.write(&mut answer)?;
        self.stream.write_all(&answer).await
    }

    /// Forgets what was sent in the clear.
    async fn start_tls(&mut self) -> io::Result<()> {
        let Some(tls) = self.tls.take() else {
            return self.reply(502, [5, 5, 1], "Command not implemented").await;
        };
        self.reply(220, [2, 0, 0], "Go ahead").await?;
        let clear = mem::replace(&mut self.stream, Box::new(tokio::io::empty()));
        self.stream = Box::new(tls.accept(clear).await?);
        (self.greeted, self.envelope) = (false, None);
        self.unread.clear();
        Ok(())
    }

    /// Takes any name and password.
    async fn auth(&mut self, mechanism: u64, initial: &str) -> io::Result<()> {
        let prompts: &[&str] = match (mechanism, initial.is_empty()) {
            (AUTH_PLAIN, true) => &[""],
            (AUTH_LOGIN, true) => &["VXNlcm5hbWU6", "UGFzc3dvcmQ6"],
            (AUTH_LOGIN, false) => &["UGFzc3dvcmQ6"],
            (AUTH_PLAIN, false) => &[],
            _ => return self.reply(504, [5, 5, 4], "Mechanism not supported").await,
        };
        for prompt in prompts {
            self.stream
                .write_all(format!("334 {prompt}\r\n").as_bytes())
                .await?;
            self.skip_line().await?;
        }
        self.reply(235, [2, 7, 0], "Welcome").await
    }

    async fn mail(&mut self, from: MailFrom<String>) -> io::Result<()> {
        if !self.greeted || self.envelope.is_some() {
            return self.reply(503, [5, 5, 1], "Not now").await;
        }
        if !from.address.is_ascii() && !international(&from) {
            return self.reply(550, [5, 6, 7], "Needs SMTPUTF8").await;
        }
        self.envelope = Some((from, Vec::new()));
        self.reply(250, [2, 1, 0], "Ok").await
    }

    async fn rcpt(&mut self, to: String) -> io::Result<Open> {
        let (code, status, text) = match (&mut self.envelope, self.store.refusal(&to)) {
            (None, _) => (503, [5, 5, 1], "MAIL first"),
            (Some(_), Some(Refusal::HangUp)) => return Ok(false),
            (Some(_), Some(Refusal::Answer(code, status, text))) => (code, status, text),
            (Some((from, _)), None) if !to.is_ascii() && !international(from) => {
                (550, [5, 6, 7], "Needs SMTPUTF8")
            }
            (Some((_, recipients)), None) => {
                recipients.push(to);
                (250, [2, 1, 5], "Ok")
            }
        };
        self.reply(code, status, text).await?;
        Ok(true)
    }

    async fn data(&mut self) -> io::Result<()> {
        let envelope = self
            .envelope
            .take_if(|(_, recipients)| !recipients.is_empty());
        let Some((from, recipients)) = envelope else {
            return self.reply(503, [5, 5, 1], "RCPT first").await;
        };
        self.stream.write_all(b"354 Go ahead\r\n").await?;
        let data = self.message().await?;
        for to in &recipients {
            if self.store.deliver(&from.address, to, &data).is_err() {
                return self
                    .reply(451, [4, 3, 0], "The mail could not be stored")
                    .await;
            }
        }
        self.reply(250, [2, 0, 0], "Delivered").await
    }

    async fn reply(&mut self, code: u16, status: [u8; 3], text: &str) -> io::Result<()> {
        let mut answer = Vec::new();
        Response::new(code, status[0], status[1], status[2], text).write(&mut answer)?;
        self.stream.write_all(&answer).await
    }

    async fn request(
        &mut self,
        requests: &mut RequestReceiver,
    ) -> io::Result<Result<Request<String>, Error>> {
        loop {
            let mut bytes = self.unread.iter();
            let request = requests.ingest(&mut bytes).map(Request::into_owned);
            let left = bytes.len();
            match request {
                // The receiver has kept what was there.
                Err(Error::NeedsMoreData { .. }) => self.unread.clear(),
                request => {
                    self.keep_last(left);
                    return Ok(request);
                }
            }
            self.read().await?;
        }
    }

    /// The message with its leading dots unescaped.
    async fn message(&mut self) -> io::Result<Vec<u8>> {
        let mut receiver = DataReceiver::new();
        let mut data = Vec::new();
        // The receiver expects the final dot after a line end; an empty message has none of its own.
        receiver.ingest(&mut b"\r\n".iter(), &mut data);
        data.clear();
        loop {
            let mut bytes = self.unread.iter();
            let done = receiver.ingest(&mut bytes, &mut data);
            let left = bytes.len();
            self.keep_last(left);
            if done {
                return Ok(data);
            }
            self.read().await?;
        }
    }

    async fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                self.unread.drain(..=end);
                return Ok(());
            }
            self.read().await?;
        }
    }

    fn keep_last(&mut self, bytes: usize) {
        self.unread.drain(..self.unread.len() - bytes);
    }

    async fn read(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.unread).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn international(from: &MailFrom<String>) -> bool {
    from.flags & MAIL_SMTPUTF8 != 0
}
