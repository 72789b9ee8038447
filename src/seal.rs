//! Sealing of what leaves the process and must come back unread and unchanged: cookies, the sign-in
//! state, the link in the table, form tokens.
//!
//! `SESSION_KEYS` holds one or more keys: the first seals, all open, so a key is rotated by putting
//! a new one in front and dropping the old one when nothing sealed with it is wanted any more.

use std::sync::Arc;

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    AeadCore, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, OsRng, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac, digest::generic_array::GenericArray};
use sha2::Sha256;

const NONCE: usize = 24;

/// What is sealed for one purpose does not open for another. The purpose is authenticated with the
/// text.
pub type Purpose<'a> = &'a [&'a str];

/// The keys, ready to use.
#[derive(Clone)]
pub struct Sealer(Arc<[Derived]>);

#[derive(Clone)]
struct Derived {
    // XChaCha20-Poly1305: its 192-bit nonces may be random for any number of messages.
    cipher: XChaCha20Poly1305,
    // As long as the block of SHA-256, so that HMAC takes it as it is.
    mac: [u8; 64],
}

impl Sealer {
    /// From the keys of `SESSION_KEYS`, 64 random bytes each.
    #[must_use]
    pub fn new(keys: &[[u8; 64]]) -> Self {
        Self(keys.iter().map(Derived::from_key).collect())
    }

    /// Seals `text` for `purpose`, as URL-safe text. Equal texts give different results.
    #[must_use]
    pub fn seal(&self, purpose: Purpose, text: &[u8]) -> Option<String> {
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        let sealed = self
            .0
            .first()?
            .cipher
            .encrypt(
                &nonce,
                Payload {
                    msg: text,
                    aad: &encode(purpose),
                },
            )
            .ok()?;
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what [`Sealer::seal`] sealed for the same purpose, under any of the keys.
    #[must_use]
    pub fn open(&self, purpose: Purpose, sealed: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, msg) = bytes.split_at_checked(NONCE)?;
        let aad = encode(purpose);
        self.0.iter().find_map(|key| {
            key.cipher
                .decrypt(XNonce::from_slice(nonce), Payload { msg, aad: &aad })
                .ok()
        })
    }

    /// A token that only this service can make for `purpose`; the same each time, so a page stays
    /// the same page.
    #[must_use]
    pub fn token(&self, purpose: Purpose) -> String {
        self.0
            .first()
            .map(|key| URL_SAFE_NO_PAD.encode(key.mac(purpose).finalize().into_bytes()))
            .unwrap_or_default()
    }

    /// Whether `token` was made for `purpose`, compared in constant time.
    #[must_use]
    pub fn verify(&self, purpose: Purpose, token: &str) -> bool {
        URL_SAFE_NO_PAD.decode(token).is_ok_and(|bytes| {
            self.0
                .iter()
                .any(|key| key.mac(purpose).verify_slice(&bytes).is_ok())
        })
    }
}

impl Derived {
    fn from_key(key: &[u8; 64]) -> Self {
        let kdf = Hkdf::<Sha256>::new(None, key);
        let (mut seal, mut mac) = ([0; 32], [0; 64]);
        // Both are within what HKDF can give (RFC 5869: 255 times the hash), so neither fails.
        let _ = kdf
            .expand(b"seal/1", &mut seal)
            .and_then(|()| kdf.expand(b"token/1", &mut mac));
        Self {
            cipher: XChaCha20Poly1305::new(&seal.into()),
            mac,
        }
    }

    fn mac(&self, purpose: Purpose) -> Hmac<Sha256> {
        let mut mac =
            <Hmac<Sha256> as hmac::digest::KeyInit>::new(GenericArray::from_slice(&self.mac));
        mac.update(&encode(purpose));
        mac
    }
}

/// Each part with its length in front, so that no two purposes encode alike.
fn encode(purpose: Purpose) -> Vec<u8> {
    purpose
        .iter()
        .flat_map(|part| {
            (part.len() as u64)
                .to_be_bytes()
                .into_iter()
                .chain(part.bytes())
        })
        .collect()
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({} keys)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: [u8; 64] = [1; 64];
    const NEW: [u8; 64] = [2; 64];

    #[test]
    fn what_was_sealed_opens_for_the_same_purpose_only() {
        let sealer = Sealer::new(&[OLD]);
        let sealed = sealer.seal(&["cookie", "a"], b"text").unwrap();
        assert_eq!(
            sealer.open(&["cookie", "a"], &sealed).as_deref(),
            Some(&b"text"[..])
        );
        assert_eq!(sealer.open(&["cookie", "b"], &sealed), None);
        assert_eq!(sealer.open(&["cookiea", ""], &sealed), None);
    }

    #[test]
    fn what_was_altered_or_cut_does_not_open() {
        let sealer = Sealer::new(&[OLD]);
        let sealed = sealer.seal(&["x"], b"text").unwrap();
        for at in 0..sealed.len() {
            let mut bad = sealed.clone().into_bytes();
            bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(
                sealer
                    .open(&["x"], &String::from_utf8(bad).unwrap())
                    .filter(|text| text != b"text"),
                None
            );
            assert_eq!(sealer.open(&["x"], &sealed[..at]), None);
        }
    }

    #[test]
    fn a_previous_key_still_opens_and_a_retired_one_does_not() {
        let sealed = Sealer::new(&[OLD]).seal(&["x"], b"text").unwrap();
        let token = Sealer::new(&[OLD]).token(&["x"]);
        assert!(Sealer::new(&[NEW, OLD]).open(&["x"], &sealed).is_some());
        assert!(Sealer::new(&[NEW, OLD]).verify(&["x"], &token));
        assert!(Sealer::new(&[NEW]).open(&["x"], &sealed).is_none());
        assert!(!Sealer::new(&[NEW]).verify(&["x"], &token));
    }

    #[test]
    fn a_token_is_stable_and_belongs_to_its_purpose() {
        let sealer = Sealer::new(&[OLD]);
        assert_eq!(sealer.token(&["start", "1"]), sealer.token(&["start", "1"]));
        assert!(!sealer.verify(&["start", "2"], &sealer.token(&["start", "1"])));
        assert!(!sealer.verify(&["start", "1"], ""));
    }
}
