//! Misbehaviour on demand.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use serde_json::{Map, Value};

/// Something to do wrong from now on. Faults of different kinds add up; a second one of a kind
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
    /// Sets parameters of the way back to the app, whatever its outcome; `null` removes one.
    Callback(Map<String, Value>),
    /// Sets members of the metadata (another `issuer`, say); `null` removes one.
    Metadata(Map<String, Value>),
    /// The metadata endpoint answers 503.
    MetadataDown,
    /// Sets members of every published key (another `issuer`, say); `null` removes one.
    Keys(Map<String, Value>),
    /// The key endpoint answers 503.
    KeysDown,
    /// The key endpoint misbehaves as the token endpoint can: a page, a huge body, a redirect, no
    /// answer.
    KeyEndpoint(TokenFault),
}

/// What the token endpoint does instead of its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// 400 `invalid_grant`.
    InvalidGrant,
    /// 401 `invalid_client`.
    InvalidClient,
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
    pub claims: Map<String, Value>,
    /// Header fields to set; `null` removes one (`kid`, say).
    pub header: Map<String, Value>,
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
    /// RS256 with one bit turned over.
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
    /// Sets parameters of the way back; `null` removes one.
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

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Sets what `changes` says in `target`; `null` removes.
pub(super) fn overlay(target: &mut Map<String, Value>, changes: &Map<String, Value>) {
    for (name, value) in changes {
        match value {
            Value::Null => target.remove(name),
            value => target.insert(name.clone(), value.clone()),
        };
    }
}

/// The faults that are in force.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(super) fn set(&self, fault: Fault) {
        let mut faults = self.lock();
        faults.retain(|other| std::mem::discriminant(other) != std::mem::discriminant(&fault));
        faults.push(fault);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn find<T>(&self, wanted: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        self.lock().iter().find_map(wanted)
    }

    /// The fault of the token endpoint; counts down those that pass.
    pub(super) fn token(&self) -> Option<TokenFault> {
        let mut faults = self.lock();
        let fault = faults.iter_mut().find_map(|fault| match fault {
            Fault::Token(fault) => Some(fault),
            _ => None,
        })?;
        match fault {
            TokenFault::Unavailable { times: 0 } => None,
            TokenFault::Unavailable { times } => {
                *times -= 1;
                Some(fault.clone())
            }
            fault => Some(fault.clone()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many requests each endpoint has had, faulty answers included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Metadata documents.
    pub metadata: usize,
    /// Key sets.
    pub keys: usize,
    /// Authorization requests; not the pages that follow.
    pub authorize: usize,
    /// Token requests.
    pub token: usize,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) metadata: AtomicUsize,
    pub(super) keys: AtomicUsize,
    pub(super) authorize: AtomicUsize,
    pub(super) token: AtomicUsize,
}

impl Counters {
    pub(super) fn read(&self) -> Counts {
        Counts {
            metadata: self.metadata.load(Relaxed),
            keys: self.keys.load(Relaxed),
            authorize: self.authorize.load(Relaxed),
            token: self.token.load(Relaxed),
        }
    }
}

pub(super) fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Relaxed);
}
