//! The signing keys: one for organisations, one for personal accounts, as Entra ID publishes them.

use std::{fs, path::Path, sync::OnceLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding},
    traits::PublicKeyParts,
};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

const BITS: usize = 2048;

/// A key pair and the name it is published under.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) kid: String,
    private: RsaPrivateKey,
}

/// Both current keys, and a third that is published nowhere.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub(super) organisation: Key,
    pub(super) personal: Key,
    pub(super) unpublished: Key,
}

impl Key {
    fn generate() -> anyhow::Result<Self> {
        Ok(Self::named(RsaPrivateKey::new(
            &mut rand::thread_rng(),
            BITS,
        )?))
    }

    fn named(private: RsaPrivateKey) -> Self {
        let kid = URL_SAFE_NO_PAD.encode(&Sha256::digest(private.n().to_bytes_be())[..20]);
        Self { kid, private }
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256.
    pub(super) fn sign(&self, message: &[u8]) -> anyhow::Result<Vec<u8>> {
        Ok(self
            .private
            .sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message))?)
    }

    fn to_jwk(&self, issuer: &str) -> Map<String, Value> {
        let jwk = json!({
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": URL_SAFE_NO_PAD.encode(self.private.n().to_bytes_be()),
            "e": URL_SAFE_NO_PAD.encode(self.private.e().to_bytes_be()),
            "issuer": issuer,
        });
        jwk.as_object().cloned().unwrap_or_default()
    }
}

impl Keys {
    /// The keys kept in `dir`, made on the first start; without one, keys of this process.
    pub(super) async fn open(dir: Option<&Path>) -> anyhow::Result<Self> {
        match dir {
            None => Self::of_process().await,
            Some(dir) if dir.join("organisation.pem").exists() => Self::load(dir),
            Some(dir) => {
                let keys = Self::generate().await?;
                keys.save(dir)?;
                Ok(keys)
            }
        }
    }

    /// New keys of all kinds.
    pub(super) async fn generate() -> anyhow::Result<Self> {
        let [organisation, personal, unpublished] =
            [(); 3].map(|()| tokio::task::spawn_blocking(Key::generate));
        Ok(Self {
            organisation: organisation.await??,
            personal: personal.await??,
            unpublished: unpublished.await??,
        })
    }

    pub(super) fn save(&self, dir: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(dir)?;
        for (file, key) in [
            ("organisation", &self.organisation),
            ("personal", &self.personal),
            ("unpublished", &self.unpublished),
        ] {
            fs::write(
                dir.join(file).with_extension("pem"),
                key.private.to_pkcs8_pem(LineEnding::LF)?.as_bytes(),
            )?;
        }
        Ok(())
    }

    fn load(dir: &Path) -> anyhow::Result<Self> {
        let read = |file: &str| {
            anyhow::Ok(Key::named(RsaPrivateKey::from_pkcs8_pem(
                &fs::read_to_string(dir.join(file))?,
            )?))
        };
        Ok(Self {
            organisation: read("organisation.pem")?,
            personal: read("personal.pem")?,
            unpublished: read("unpublished.pem")?,
        })
    }

    // Tests start many services in one process, and a key costs up to a second.
    async fn of_process() -> anyhow::Result<Self> {
        static KEYS: OnceLock<Keys> = OnceLock::new();
        if let Some(keys) = KEYS.get() {
            return Ok(keys.clone());
        }
        let keys = Self::generate().await?;
        Ok(KEYS.get_or_init(|| keys).clone())
    }

    /// The public keys with Entra's additional member `issuer`.
    pub(super) fn published(
        &self,
        templated_issuer: &str,
        personal_issuer: &str,
    ) -> [Map<String, Value>; 2] {
        [
            self.organisation.to_jwk(templated_issuer),
            self.personal.to_jwk(personal_issuer),
        ]
    }
}
