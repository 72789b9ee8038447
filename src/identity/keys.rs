//! The provider's signing keys, each with the issuer it may sign for.

use openidconnect::{JsonWebKey, core::CoreJsonWebKey};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{FetchError, http::Client, metadata::TENANT_PLACEHOLDER};

#[derive(Debug)]
pub(super) struct Keys(Vec<SigningKey>);

#[derive(Debug)]
struct SigningKey {
    kid: String,
    /// Entra's own member: the issuer or the template of issuers that the key signs for.
    issuer: Option<String>,
    key: CoreJsonWebKey,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl Keys {
    pub(super) async fn fetch(http: &Client, uri: &Url) -> Result<Self, FetchError> {
        let document: Document = http.json("keys", uri).await?;
        let keys = Self(
            document
                .keys
                .into_iter()
                .filter_map(SigningKey::parse)
                .collect(),
        );
        if keys.0.is_empty() {
            Err(FetchError::Unusable(
                "the key document has no signing key".to_owned(),
            ))
        } else {
            Ok(keys)
        }
    }

    pub(super) fn contains(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.kid == kid)
    }

    /// The key of that id, if it may sign for `issuer`, which is the issuer of the tenant `tid`.
    /// `shared`: the keys belong to many issuers, so each must name its own.
    pub(super) fn choose(
        &self,
        kid: &str,
        issuer: &str,
        tid: &str,
        shared: bool,
    ) -> Result<CoreJsonWebKey, &'static str> {
        let mut candidates = self.0.iter().filter(|key| key.kid == kid);
        let key = candidates.next().ok_or("the signing key is unknown")?;
        if candidates.next().is_some() {
            return Err("two signing keys have the same id");
        }
        match &key.issuer {
            Some(own) if own.replace(TENANT_PLACEHOLDER, tid) == issuer => Ok(key.key.clone()),
            None if !shared => Ok(key.key.clone()),
            Some(_) | None => Err("the signing key belongs to another issuer"),
        }
    }
}

impl SigningKey {
    /// `None` for keys of another kind, which a key document may hold (RFC 7517, 5).
    fn parse(value: Value) -> Option<Self> {
        let issuer = match value.get("issuer") {
            None => None,
            Some(issuer) => Some(issuer.as_str()?.to_owned()),
        };
        let key: CoreJsonWebKey = serde_json::from_value(value).ok()?;
        let kid = key.key_id()?.as_str().to_owned();
        Some(Self { kid, issuer, key })
    }
}
