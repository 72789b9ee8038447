//! The signing keys: one for organisations, one for personal accounts, as Entra ID publishes them.

use std::{fs, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding},
    traits::PublicKeyParts,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const BITS: usize = 2048;
const FILES: [&str; 3] = ["organisation.pem", "personal.pem", "unpublished.pem"];

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

    /// The public key with Entra's additional member `issuer`.
    pub(super) fn to_jwk(&self, issuer: &str) -> Value {
        json!({
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": URL_SAFE_NO_PAD.encode(self.private.n().to_bytes_be()),
            "e": URL_SAFE_NO_PAD.encode(self.private.e().to_bytes_be()),
            "issuer": issuer,
        })
    }
}

impl Keys {
    /// The keys kept in `dir`, made on the first start. Without a directory they are kept beside the
    /// program: every test is a process of its own, and three keys cost a second of its processor.
    pub(super) async fn open(dir: Option<&Path>) -> anyhow::Result<Self> {
        match dir {
            Some(dir) => Self::open_in(dir).await,
            None => Self::open_in(&std::env::current_exe()?.with_file_name("sign-in-keys")).await,
        }
    }

    async fn open_in(dir: &Path) -> anyhow::Result<Self> {
        if !dir.exists() {
            let parent = dir.parent().unwrap_or(dir);
            let unfinished = tempfile::tempdir_in(parent)?;
            Self::generate().await?.save(unfinished.path())?;
            // Fails if another process was quicker: then its keys are loaded.
            let renamed = fs::rename(unfinished.path(), dir);
            anyhow::ensure!(dir.exists(), "{}: {renamed:?}", dir.display());
        }
        Self::load(dir)
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
        let keys = [&self.organisation, &self.personal, &self.unpublished];
        for (file, key) in FILES.into_iter().zip(keys) {
            fs::write(
                dir.join(file),
                key.private.to_pkcs8_pem(LineEnding::LF)?.as_bytes(),
            )?;
        }
        Ok(())
    }

    fn load(dir: &Path) -> anyhow::Result<Self> {
        let read = |file| {
            let pem = fs::read_to_string(dir.join(file))?;
            anyhow::Ok(Key::named(RsaPrivateKey::from_pkcs8_pem(&pem)?))
        };
        let [organisation, personal, unpublished] = FILES.map(read);
        Ok(Self {
            organisation: organisation?,
            personal: personal?,
            unpublished: unpublished?,
        })
    }
}
