//! Why a connection failed, looked for among the causes of an error.

use std::{
    error::Error,
    io::{self, ErrorKind},
    iter,
};

/// An error, its cause, the cause of that, and so on.
pub(crate) fn of<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |error| {
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            // `source` passes over what an `io::Error` wraps.
            Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
            None => Error::source(*error),
        }
    })
}

/// Whether one of them is an I/O error of one of these kinds. What rustls does not accept is
/// invalid data.
pub(crate) fn are_io(error: &(dyn Error + 'static), kinds: &[ErrorKind]) -> bool {
    of(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| kinds.contains(&error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a server answers that waited for plain HTTP, and one that hangs up.
    #[tokio::test]
    async fn a_server_without_tls_is_known_as_one() {
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
                    && are_io(&error, &[ErrorKind::InvalidData, ErrorKind::UnexpectedEof]),
                "{error:?}"
            );
        }
    }
}
