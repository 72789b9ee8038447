//! The server's side of ESMTP (RFC 5321): strict about the order of commands, generous about who
//! may send.

use std::{
    io::{self, ErrorKind},
    mem,
    sync::Arc,
};

use smtp_proto::{
    AUTH_LOGIN, AUTH_PLAIN, EXT_8BIT_MIME, EXT_AUTH, EXT_ENHANCED_STATUS_CODES, EXT_PIPELINING,
    EXT_SIZE, EXT_SMTP_UTF8, EXT_START_TLS, EhloResponse, Error, MAIL_SMTPUTF8, MailFrom, Request,
    Response,
    request::receiver::{DataReceiver, RequestReceiver},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsAcceptor;

use super::{Store, rules::Refusal};

const NAME: &str = "mailbox.local";
const MAX_MESSAGE_BYTES: usize = 10 * 1024 * 1024;
const MAX_RECIPIENTS: usize = 100;

/// Whether the words on the wire can be read there.
#[derive(Clone)]
pub(super) enum Wire {
    /// By anyone.
    Clear,
    /// By nobody, from the first byte on (RFC 8314, 3.3).
    Tls(TlsAcceptor),
    /// By nobody, once the client has asked for that (RFC 3207); nothing is taken before.
    StartTls(TlsAcceptor),
}

/// Talks to one client until it quits or hangs up.
pub(super) async fn session(stream: TcpStream, store: Arc<Store>, wire: Wire) {
    store.count_session();
    // An error here is a client that went away.
    let _ = talk(stream, store, wire).await;
}

async fn talk(stream: TcpStream, store: Arc<Store>, wire: Wire) -> io::Result<()> {
    let (stream, tls): (Box<dyn Stream>, _) = match wire {
        Wire::Clear => (Box::new(stream), None),
        Wire::Tls(tls) => (Box::new(tls.accept(stream).await?), None),
        Wire::StartTls(tls) => (Box::new(stream), Some(tls)),
    };
    Session {
        stream,
        tls,
        store,
        unread: Vec::new(),
        greeted: false,
        envelope: None,
    }
    .run()
    .await
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

struct Session {
    stream: Box<dyn Stream>,
    /// What the client has to ask for first.
    tls: Option<TlsAcceptor>,
    store: Arc<Store>,
    unread: Vec<u8>,
    greeted: bool,
    envelope: Option<Envelope>,
}

struct Envelope {
    from: MailFrom<String>,
    to: Vec<String>,
}

enum Next {
    Continue,
    Close,
}

impl Session {
    async fn run(mut self) -> io::Result<()> {
        self.stream
            .write_all(format!("220 {NAME} ESMTP\r\n").as_bytes())
            .await?;
        let mut requests = RequestReceiver::default();
        loop {
            match self.request(&mut requests).await? {
                Ok(request) => {
                    if let Next::Close = self.answer(request).await? {
                        return Ok(());
                    }
                }
                Err(error) => self.complain(error).await?,
            }
        }
    }

    async fn answer(&mut self, request: Request<String>) -> io::Result<Next> {
        match request {
            Request::Ehlo { .. } => self.ehlo().await?,
            Request::Helo { .. } => self.helo().await?,
            Request::StartTls => self.start_tls().await?,
            Request::Auth { .. } | Request::Mail { .. } if self.tls.is_some() => {
                self.say(530, [5, 7, 0], "STARTTLS first").await?
            }
            Request::Mail { from } => self.mail(from).await?,
            Request::Rcpt { to } => return self.rcpt(to.address).await,
            Request::Data => self.data().await?,
            Request::Auth {
                mechanism,
                initial_response,
            } => self.auth(mechanism, &initial_response).await?,
            Request::Rset => {
                self.envelope = None;
                self.say(250, [2, 0, 0], "Ok").await?;
            }
            Request::Noop { .. } => self.say(250, [2, 0, 0], "Ok").await?,
            Request::Vrfy { .. } => self.say(252, [2, 5, 0], "Send it and see").await?,
            Request::Quit => {
                self.say(221, [2, 0, 0], "Bye").await?;
                return Ok(Next::Close);
            }
            _ => self.say(502, [5, 5, 1], "Command not implemented").await?,
        }
        Ok(Next::Continue)
    }

    async fn ehlo(&mut self) -> io::Result<()> {
        (self.greeted, self.envelope) = (true, None);
        let mut hello = EhloResponse::new(NAME);
        hello.capabilities = EXT_8BIT_MIME
            | EXT_SMTP_UTF8
            | EXT_SIZE
            | EXT_AUTH
            | EXT_PIPELINING
            | EXT_ENHANCED_STATUS_CODES;
        if self.tls.is_some() {
            hello.capabilities |= EXT_START_TLS;
        }
        hello.auth_mechanisms = AUTH_PLAIN | AUTH_LOGIN;
        hello.size = MAX_MESSAGE_BYTES;
        let mut answer = Vec::new();
        hello.write(&mut answer)?;
        self.stream.write_all(&answer).await
    }

    async fn helo(&mut self) -> io::Result<()> {
        (self.greeted, self.envelope) = (true, None);
        self.stream
            .write_all(format!("250 {NAME}\r\n").as_bytes())
            .await
    }

    /// What was said before is forgotten, what was sent along unread: nobody vouches for it.
    async fn start_tls(&mut self) -> io::Result<()> {
        let Some(tls) = self.tls.take() else {
            return self.say(502, [5, 5, 1], "Command not implemented").await;
        };
        self.say(220, [2, 0, 0], "Go ahead").await?;
        let clear = mem::replace(&mut self.stream, Box::new(tokio::io::empty()));
        self.stream = Box::new(tls.accept(clear).await?);
        (self.greeted, self.envelope) = (false, None);
        self.unread.clear();
        Ok(())
    }

    /// Takes any name and password: who may send is not what is being tried here.
    async fn auth(&mut self, mechanism: u64, initial: &str) -> io::Result<()> {
        let prompts: &[&str] = match (mechanism, initial.is_empty()) {
            (AUTH_PLAIN, true) => &[""],
            (AUTH_LOGIN, true) => &["VXNlcm5hbWU6", "UGFzc3dvcmQ6"],
            (AUTH_LOGIN, false) => &["UGFzc3dvcmQ6"],
            (AUTH_PLAIN, false) => &[],
            _ => return self.say(504, [5, 5, 4], "Mechanism not supported").await,
        };
        for prompt in prompts {
            self.stream
                .write_all(format!("334 {prompt}\r\n").as_bytes())
                .await?;
            if self.line().await? == b"*" {
                return self.say(501, [5, 7, 0], "Cancelled").await;
            }
        }
        self.say(235, [2, 7, 0], "Welcome").await
    }

    async fn mail(&mut self, from: MailFrom<String>) -> io::Result<()> {
        if !self.greeted || self.envelope.is_some() {
            return self.say(503, [5, 5, 1], "Not now").await;
        }
        if from.size > MAX_MESSAGE_BYTES {
            return self.say(552, [5, 3, 4], "Message too big").await;
        }
        if !from.address.is_ascii() && !international(&from) {
            return self.say(550, [5, 6, 7], "Needs SMTPUTF8").await;
        }
        self.envelope = Some(Envelope {
            from,
            to: Vec::new(),
        });
        self.say(250, [2, 1, 0], "Ok").await
    }

    async fn rcpt(&mut self, to: String) -> io::Result<Next> {
        let (code, status, text) = match (&mut self.envelope, self.store.refusal(&to)) {
            (None, _) => (503, [5, 5, 1], "MAIL first"),
            (Some(_), Some(Refusal::HangUp)) => return Ok(Next::Close),
            (Some(_), Some(Refusal::Permanent)) => (550, [5, 1, 1], "No such mailbox"),
            (Some(_), Some(Refusal::Credentials)) => (535, [5, 7, 8], "Authentication failed"),
            (Some(_), Some(Refusal::Temporary)) => (451, [4, 7, 1], "Try again later"),
            (Some(envelope), None) if !to.is_ascii() && !international(&envelope.from) => {
                (550, [5, 6, 7], "Needs SMTPUTF8")
            }
            (Some(envelope), None) if envelope.to.len() == MAX_RECIPIENTS => {
                (452, [4, 5, 3], "Too many recipients")
            }
            (Some(envelope), None) => {
                envelope.to.push(to);
                (250, [2, 1, 5], "Ok")
            }
        };
        self.say(code, status, text).await?;
        Ok(Next::Continue)
    }

    async fn data(&mut self) -> io::Result<()> {
        let Some(envelope) = self.envelope.take_if(|envelope| !envelope.to.is_empty()) else {
            return self.say(503, [5, 5, 1], "RCPT first").await;
        };
        self.stream.write_all(b"354 Go ahead\r\n").await?;
        let Some(data) = self.message().await? else {
            return self.say(552, [5, 3, 4], "Message too big").await;
        };
        for to in &envelope.to {
            if self
                .store
                .deliver(&envelope.from.address, to, &data)
                .is_err()
            {
                return self
                    .say(451, [4, 3, 0], "The mail could not be stored")
                    .await;
            }
        }
        self.say(250, [2, 0, 0], "Delivered").await
    }

    async fn complain(&mut self, error: Error) -> io::Result<()> {
        match error {
            Error::UnknownCommand => self.say(500, [5, 5, 2], "Unknown command").await,
            Error::ResponseTooLong => self.say(500, [5, 5, 6], "Line too long").await,
            Error::InvalidSenderAddress => self.say(501, [5, 1, 7], "Bad sender address").await,
            Error::InvalidRecipientAddress => {
                self.say(501, [5, 1, 3], "Bad recipient address").await
            }
            Error::SyntaxError { syntax } => {
                self.say(501, [5, 5, 4], &format!("Expected: {syntax}"))
                    .await
            }
            Error::InvalidParameter { .. } => self.say(501, [5, 5, 4], "Bad parameter").await,
            Error::UnsupportedParameter { .. } => {
                self.say(555, [5, 5, 4], "Parameter not supported").await
            }
            Error::NeedsMoreData { .. } | Error::InvalidResponse { .. } => {
                self.say(500, [5, 5, 2], "Not understood").await
            }
        }
    }

    async fn say(&mut self, code: u16, status: [u8; 3], text: &str) -> io::Result<()> {
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
                // What was there is now kept by the receiver.
                Err(Error::NeedsMoreData { .. }) => self.unread.clear(),
                request => {
                    self.keep_last(left);
                    return Ok(request);
                }
            }
            self.read().await?;
        }
    }

    /// The unstuffed message, or nothing if it is too big.
    async fn message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut receiver = DataReceiver::new();
        let mut data = Vec::new();
        // The receiver looks for the final dot behind a line end; an empty message has none of its
        // own.
        receiver.ingest(&mut b"\r\n".iter(), &mut data);
        data.clear();
        let mut too_big = false;
        loop {
            let mut bytes = self.unread.iter();
            let done = receiver.ingest(&mut bytes, &mut data);
            let left = bytes.len();
            self.keep_last(left);
            too_big |= data.len() > MAX_MESSAGE_BYTES;
            if done {
                return Ok((!too_big).then_some(data));
            }
            if too_big {
                // Only its last byte is still of use: the receiver may take it back.
                data.drain(..data.len().saturating_sub(1));
            }
            self.read().await?;
        }
    }

    async fn line(&mut self) -> io::Result<Vec<u8>> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Ok(line.trim_ascii_end().to_vec());
            }
            if self.unread.len() > MAX_MESSAGE_BYTES {
                return Err(ErrorKind::InvalidData.into());
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
