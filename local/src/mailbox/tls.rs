//! A second way into a mailbox, over TLS, with a self-signed certificate.

use std::sync::Arc;

use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivatePkcs8KeyDer},
};

use super::{
    smtp::{self, Wire},
    store::Store,
};
use crate::loopback::{self, Server};

/// Two mail servers for one mailbox. They end when this is dropped.
#[derive(Debug)]
pub struct TlsListener {
    /// TLS from the first byte on: `smtps://localhost:PORT`.
    pub smtps_url: String,
    /// TLS by STARTTLS, which is required: `smtp://localhost:PORT?tls=required`.
    pub starttls_url: String,
    /// The certificate of both, for `localhost`, in DER.
    pub certificate: Vec<u8>,
    _servers: [Server; 2],
}

impl TlsListener {
    pub(super) async fn open(store: &Arc<Store>) -> anyhow::Result<Self> {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key.into())?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (smtps_port, smtps) = listen(store, Wire::Tls(acceptor.clone())).await?;
        let (starttls_port, starttls) = listen(store, Wire::StartTls(acceptor)).await?;
        Ok(Self {
            smtps_url: format!("smtps://localhost:{smtps_port}"),
            starttls_url: format!("smtp://localhost:{starttls_port}?tls=required"),
            certificate: own.cert.der().to_vec(),
            _servers: [smtps, starttls],
        })
    }
}

async fn listen(store: &Arc<Store>, wire: Wire) -> anyhow::Result<(u16, Server)> {
    let listener = loopback::listen(0, "the mail server").await?;
    let (port, store) = (listener.local_addr()?.port(), store.clone());
    Ok((
        port,
        Server::start(listener, move |stream| {
            smtp::session(stream, store.clone(), wire.clone())
        }),
    ))
}
