//! The source chain of an error, searched for the reason why a connection failed.

use std::{
    error::Error,
    io::{self, ErrorKind},
    iter,
};

/// The error, its source, the source of that, and so on.
pub(crate) fn error_chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |error| {
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            // `source` skips the error that an `io::Error` wraps.
            Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
            None => Error::source(*error),
        }
    })
}

/// Whether an I/O error of one of these kinds is in the chain. rustls reports a rejected handshake
/// as `InvalidData`.
pub(crate) fn has_io_kind(error: &(dyn Error + 'static), kinds: &[ErrorKind]) -> bool {
    error_chain(error)
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| kinds.contains(&error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that expects plain HTTP, and one that closes the connection.
    #[tokio::test]
    async fn a_server_without_tls_is_recognised() {
        for answer in ["HTTP/1.1 400 Bad Request\r\n\r\n", ""] {
            let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("https://{}/", plain.local_addr().unwrap());
            let serve = async {
                let (mut stream, _) = plain.accept().await.unwrap();
                tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 4096])
                    .await
                    .unwrap();
                tokio::io::AsyncWriteExt::write_all(&mut stream, answer.as_bytes())
                    .await
                    .unwrap();
            };
            let (answered, ()) = tokio::join!(reqwest::get(url), serve);
            let error = answered.unwrap_err();
            assert!(
                error.is_connect()
                    && has_io_kind(&error, &[ErrorKind::InvalidData, ErrorKind::UnexpectedEof]),
                "{error:?}"
            );
        }
    }
}
