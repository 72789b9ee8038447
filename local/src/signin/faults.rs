//! Faults that tests switch on.

use std::time::Duration;

use serde_json::{Map, Value};

/// Members of a JSON object.
pub(super) type Members = Map<String, Value>;

/// A fault that lasts until it is cleared. Faults of different kinds add up; a second one of a kind
/// replaces the first.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The token endpoint answers wrongly.
    Token(TokenFault),
    /// The id token is not as it should be.
    IdToken(Box<Tamper>),
    /// The authorize endpoint does not show a page but sends the browser straight back with this.
    Authorize {
        /// For instance `server_error`, `temporarily_unavailable`, `interaction_required`.
        error: String,
        /// Sent as `error_description`.
        description: String,
    },
    /// Sets parameters of the callback, whatever the outcome; `null` removes one.
    Callback(Members),
    /// Sets members of the metadata (another `issuer`, say); `null` removes one.
    Metadata(Members),
    /// The metadata endpoint answers 503.
    MetadataDown,
    /// Sets members of every published key (another `issuer`, say); `null` removes one.
    Keys(Members),
    /// The key endpoint answers 503.
    KeysDown,
    /// The key endpoint misbehaves as the token endpoint can: a page, a huge body, a redirect, no
    /// answer.
    KeyEndpoint(TokenFault),
}

/// How the token endpoint misbehaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// 400 `invalid_grant`.
    InvalidGrant,
    /// 401 `invalid_client`.
    InvalidClient,
    /// 400 with this `error` and number.
    Refused {
        /// Of RFC 6749, 5.2.
        error: &'static str,
        /// AADSTS…
        number: u32,
    },
    /// 429 with `Retry-After`.
    TooManyRequests {
        /// In seconds.
        retry_after: Duration,
    },
    /// 500.
    ServerError,
    /// 503 that many times, then as usual. The code stays valid.
    Unavailable {
        /// How often.
        times: usize,
    },
    /// No answer, while the connection stays open.
    Hang,
    /// 200 with a page instead of JSON.
    Html,
    /// 200 with 10 MB of JSON.
    HugeBody,
    /// A redirect to the same endpoint.
    Redirect,
    /// The usual answer without `id_token`.
    NoIdToken,
    /// The usual answer without `expires_in`, and with `token_type` in lower case: both are
    /// allowed.
    Terse,
}

/// Changes to the next id tokens. The default changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Tamper {
    /// Claims to set; `null` removes one.
    pub claims: Members,
    /// Header fields to set; `null` removes one (`kid`, say).
    pub header: Members,
    /// How to sign.
    pub signature: Signature,
    /// What to sign with.
    pub key: SigningKey,
}

/// How an id token is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signature {
    /// As it should be.
    #[default]
    Rs256,
    /// `alg: none`, without a signature.
    None,
    /// `alg: HS256`, with the client secret as the key.
    Hs256,
    /// `alg: ES256` over an RSA signature.
    Es256Header,
    /// RS256 with one bit flipped.
    Broken,
}

/// The key that signs an id token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SigningKey {
    /// The one that belongs to the account's kind.
    #[default]
    Proper,
    /// That of personal accounts.
    Personal,
    /// That of organisations.
    Organisation,
    /// One that is published nowhere.
    Unpublished,
}

impl Tamper {
    /// Sets claims from a JSON object; `null` removes one.
    pub fn claims(claims: Value) -> Self {
        Self {
            claims: members(claims),
            ..Self::default()
        }
    }

    /// Sets header fields from a JSON object; `null` removes one.
    pub fn header(header: Value) -> Self {
        Self {
            header: members(header),
            ..Self::default()
        }
    }

    /// Signs in another way.
    pub fn signature(signature: Signature) -> Self {
        Self {
            signature,
            ..Self::default()
        }
    }

    /// Signs with another key.
    pub fn key(key: SigningKey) -> Self {
        Self {
            key,
            ..Self::default()
        }
    }
}

impl From<Tamper> for Fault {
    fn from(tamper: Tamper) -> Self {
        Self::IdToken(Box::new(tamper))
    }
}

impl From<TokenFault> for Fault {
    fn from(fault: TokenFault) -> Self {
        Self::Token(fault)
    }
}

impl Fault {
    /// Sets parameters of the callback; `null` removes one.
    pub fn callback(parameters: Value) -> Self {
        Self::Callback(members(parameters))
    }

    /// Sets members of the metadata; `null` removes one.
    pub fn metadata(changes: Value) -> Self {
        Self::Metadata(members(changes))
    }

    /// Sets members of every published key; `null` removes one.
    pub fn keys(changes: Value) -> Self {
        Self::Keys(members(changes))
    }

    /// Answers the next authorization requests with an error.
    pub fn authorize(error: impl Into<String>, description: impl Into<String>) -> Self {
        Self::Authorize {
            error: error.into(),
            description: description.into(),
        }
    }
}

pub(super) fn members(value: Value) -> Members {
    match value {
        Value::Object(members) => members,
        _ => Members::new(),
    }
}

/// Sets the members of `changes` in `target`; `null` removes one.
pub(super) fn overlay(target: &mut Members, changes: &Members) {
    for (name, value) in changes {
        match value {
            Value::Null => target.remove(name),
            value => target.insert(name.clone(), value.clone()),
        };
    }
}

/// The faults that are in force.
#[derive(Debug, Default)]
pub(super) struct Faults {
    token: Option<TokenFault>,
    pub(super) id_token: Tamper,
    pub(super) authorize: Option<(String, String)>,
    pub(super) callback: Members,
    pub(super) metadata: Members,
    pub(super) metadata_down: bool,
    pub(super) keys: Members,
    pub(super) keys_down: bool,
    pub(super) key_endpoint: Option<TokenFault>,
}

impl Faults {
    pub(super) fn set(&mut self, fault: Fault) {
        match fault {
            Fault::Token(fault) => self.token = Some(fault),
            Fault::IdToken(tamper) => self.id_token = *tamper,
            Fault::Authorize { error, description } => self.authorize = Some((error, description)),
            Fault::Callback(changes) => self.callback = changes,
            Fault::Metadata(changes) => self.metadata = changes,
            Fault::MetadataDown => self.metadata_down = true,
            Fault::Keys(changes) => self.keys = changes,
            Fault::KeysDown => self.keys_down = true,
            Fault::KeyEndpoint(fault) => self.key_endpoint = Some(fault),
        }
    }

    /// The fault of the token endpoint for this request.
    pub(super) fn next_token_fault(&mut self) -> Option<TokenFault> {
        match &mut self.token {
            Some(TokenFault::Unavailable { times: 0 }) => None,
            Some(TokenFault::Unavailable { times }) => {
                *times -= 1;
                self.token.clone()
            }
            fault => fault.clone(),
        }
    }
}
