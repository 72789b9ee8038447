//! Authenticated encryption of values that leave the process and come back: cookies, the sign-in
//! state, the link in the table; form tokens; and digests of one-time codes.
//!
//! `SESSION_KEYS` holds one or more keys: the first seals, all open. To rotate, put a new key
//! first, and remove the old one when nothing that it sealed is needed any more.

use std::{fmt, sync::Arc};

use aes_gcm_siv::Aes256GcmSiv;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    AeadCore, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, OsRng, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;

const NONCE_BYTES: usize = 24;
/// Of everything that is sealed stably: AES-GCM-SIV withstands a nonce that repeats (RFC 8452, 1). It
/// then shows which values are equal, and how long they are. One nonce is one key for all of them,
/// enough for many more than there will be.
const SAME_NONCE: [u8; 12] = [0; 12];

/// A value that is sealed for one purpose does not open for another: the purpose is the associated
/// data.
pub type Purpose<'a> = &'a [&'a str];

/// A token is the seal of an empty text.
const NOTHING: &[u8] = &[];

/// The derived keys.
#[derive(Clone)]
pub struct Sealer(Arc<[DerivedKey]>);

#[derive(Clone)]
struct DerivedKey {
    // XChaCha20-Poly1305: random 192-bit nonces are safe for any number of messages.
    cipher: XChaCha20Poly1305,
    stable: Aes256GcmSiv,
    // With the key in its state, which costs two blocks of SHA-256 each time otherwise.
    mac: Hmac<Sha256>,
}

impl Sealer {
    /// From the keys of `SESSION_KEYS`, 64 random bytes each.
    #[must_use]
    pub fn new(keys: &[[u8; 64]]) -> Self {
        Self(keys.iter().map(DerivedKey::from_key).collect())
    }

    /// Seals `text` for `purpose`, as URL-safe text. Equal texts give different results.
    #[must_use]
    pub fn seal(&self, purpose: Purpose, text: &[u8]) -> Option<String> {
        let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
        self.0.first()?.seal(&nonce, purpose, text)
    }

    /// As [`Sealer::seal`], but equal texts give equal results, so that a page with one does not
    /// change from one request to the next. [`Sealer::open_stable`] opens it.
    #[must_use]
    pub fn seal_stably(&self, purpose: Purpose, text: &[u8]) -> Option<String> {
        let (nonce, aad) = (SAME_NONCE.into(), encode(purpose));
        let payload = Payload {
            msg: text,
            aad: &aad,
        };
        let sealed = self.0.first()?.stable.encrypt(&nonce, payload).ok()?;
        Some(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens a value that was sealed stably for the same purpose with any of the keys.
    #[must_use]
    pub fn open_stable(&self, purpose: Purpose, sealed: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, aad) = (SAME_NONCE.into(), encode(purpose));
        let payload = || Payload {
            msg: &sealed,
            aad: &aad,
        };
        let mut keys = self.0.iter();
        keys.find_map(|key| key.stable.decrypt(&nonce, payload()).ok())
    }

    /// Opens a value that was sealed for the same purpose with any of the keys.
    #[must_use]
    pub fn open(&self, purpose: Purpose, sealed: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, msg) = bytes.split_at_checked(NONCE_BYTES)?;
        let aad = encode(purpose);
        self.0.iter().find_map(|key| {
            key.cipher
                .decrypt(XNonce::from_slice(nonce), Payload { msg, aad: &aad })
                .ok()
        })
    }

    /// A token for `purpose` that only this service can make. It is deterministic, so a page does
    /// not change from one request to the next.
    #[must_use]
    pub fn token(&self, purpose: Purpose) -> String {
        self.seal_stably(purpose, NOTHING).unwrap_or_default()
    }

    /// Whether `token` was made for `purpose`; compares in constant time.
    #[must_use]
    pub fn verify(&self, purpose: Purpose, token: &str) -> bool {
        self.open_stable(purpose, token).as_deref() == Some(NOTHING)
    }

    /// A digest for `purpose` that only this service can make, to be kept in the table.
    #[must_use]
    pub fn digest(&self, purpose: Purpose) -> String {
        let mac = self.0.first().map(|key| key.mac(purpose).finalize());
        mac.map_or_else(String::new, |mac| URL_SAFE_NO_PAD.encode(mac.into_bytes()))
    }

    /// Whether `digest` was made for `purpose`; compares in constant time.
    #[must_use]
    pub fn matches(&self, purpose: Purpose, digest: &str) -> bool {
        URL_SAFE_NO_PAD.decode(digest).is_ok_and(|bytes| {
            self.0
                .iter()
                .any(|key| key.mac(purpose).verify_slice(&bytes).is_ok())
        })
    }

    /// A name for each key, in order, from which nothing of the key follows.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let name = |key: &DerivedKey| {
            let mac = key.mac(&["name"]).finalize().into_bytes();
            mac.iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect()
        };
        self.0.iter().map(name).collect()
    }
}

impl DerivedKey {
    fn from_key(key: &[u8; 64]) -> Self {
        let kdf = Hkdf::<Sha256>::new(None, key);
        let (mut seal, mut stable, mut mac) = ([0; 32], [0; 32], [0; 64]);
        // None fails: all are shorter than the limit of HKDF (RFC 5869: 255 hashes).
        let _ = kdf
            .expand(b"seal/1", &mut seal)
            .and_then(|()| kdf.expand(b"stable/1", &mut stable))
            .and_then(|()| kdf.expand(b"token/1", &mut mac));
        Self {
            cipher: XChaCha20Poly1305::new(&seal.into()),
            stable: Aes256GcmSiv::new(&stable.into()),
            mac: <Hmac<Sha256> as KeyInit>::new(&mac.into()),
        }
    }

    fn seal(&self, nonce: &XNonce, purpose: Purpose, text: &[u8]) -> Option<String> {
        let aad = encode(purpose);
        let payload = Payload {
            msg: text,
            aad: &aad,
        };
        let sealed = self.cipher.encrypt(nonce, payload).ok()?;
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    fn mac(&self, purpose: Purpose) -> Hmac<Sha256> {
        self.mac.clone().chain_update(encode(purpose))
    }
}

/// Each part after its length, so that the encoding is unambiguous.
fn encode(purpose: Purpose) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(128);
    for part in purpose {
        encoded.extend_from_slice(&(part.len() as u64).to_be_bytes());
        encoded.extend_from_slice(part.as_bytes());
    }
    encoded
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
    fn a_sealed_value_opens_for_its_purpose_only() {
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
    fn an_altered_or_truncated_value_does_not_open() {
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
    fn a_previous_key_opens_and_a_retired_one_does_not() {
        let sealed = Sealer::new(&[OLD]).seal(&["x"], b"text").unwrap();
        let token = Sealer::new(&[OLD]).token(&["x"]);
        assert!(Sealer::new(&[NEW, OLD]).open(&["x"], &sealed).is_some());
        assert!(Sealer::new(&[NEW, OLD]).verify(&["x"], &token));
        assert!(Sealer::new(&[NEW]).open(&["x"], &sealed).is_none());
        assert!(!Sealer::new(&[NEW]).verify(&["x"], &token));
    }

    #[test]
    fn a_stable_seal_follows_from_key_purpose_and_text() {
        let sealer = Sealer::new(&[OLD]);
        let sealed = sealer.seal_stably(&["x"], b"text").unwrap();
        assert_eq!(sealer.seal_stably(&["x"], b"text"), Some(sealed.clone()));
        for other in [
            sealer.seal_stably(&["y"], b"text").unwrap(),
            sealer.seal_stably(&["x"], b"tex").unwrap(),
            Sealer::new(&[NEW]).seal_stably(&["x"], b"text").unwrap(),
        ] {
            assert_ne!(other[..4], sealed[..4]);
        }
        let rotated = Sealer::new(&[NEW, OLD]);
        assert_eq!(rotated.open_stable(&["x"], &sealed).unwrap(), b"text");
        assert_eq!(sealer.open_stable(&["y"], &sealed), None);
        assert_eq!(Sealer::new(&[NEW]).open_stable(&["x"], &sealed), None);
        assert_eq!(sealer.open(&["x"], &sealed), None);
    }

    #[test]
    fn an_altered_or_truncated_stable_seal_does_not_open() {
        let sealer = Sealer::new(&[OLD]);
        let sealed = sealer.seal_stably(&["x"], b"text").unwrap();
        for at in 0..sealed.len() {
            let mut bad = sealed.clone().into_bytes();
            bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
            let bad = String::from_utf8(bad).unwrap();
            assert_eq!(sealer.open_stable(&["x"], &bad), None, "{at}");
            assert_eq!(sealer.open_stable(&["x"], &sealed[..at]), None, "{at}");
        }
    }

    /// Digests lie in the table, and an export names the keys that it needs.
    #[test]
    fn digests_and_the_names_of_keys_never_change() {
        let digest = Sealer::new(&[OLD]).digest(&["code", "123456"]);
        assert_eq!(digest, "ICFcWODidyGHZG8MWinVPcc3eUSqLBNbJ44zkWrsrTY");
        assert!(Sealer::new(&[NEW, OLD]).matches(&["code", "123456"], &digest));
        assert!(!Sealer::new(&[OLD]).matches(&["code", "123457"], &digest));
        assert!(!Sealer::new(&[NEW]).matches(&["code", "123456"], &digest));
        assert!(!Sealer::new(&[OLD]).matches(&["code", "123456"], ""));
        assert_eq!(Sealer::new(&[OLD]).names(), ["787100da86f7b425"]);
    }

    #[test]
    fn a_token_is_deterministic_and_for_its_purpose() {
        let sealer = Sealer::new(&[OLD]);
        assert_eq!(sealer.token(&["start", "1"]), sealer.token(&["start", "1"]));
        assert!(!sealer.verify(&["start", "2"], &sealer.token(&["start", "1"])));
        assert!(!sealer.verify(&["start", "1"], ""));
        let sealed = sealer.seal_stably(&["start", "1"], b"text").unwrap();
        assert!(!sealer.verify(&["start", "1"], &sealed));
    }
}
