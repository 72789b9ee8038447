//! The discovery document and the key set of each authority.

use std::sync::Arc;

use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    Service,
    accounts::{Account, PERSONAL_TENANT},
    faults::{Fault, count, overlay},
    token::{TokenError, misbehave},
};

/// Whose accounts an authority signs in: the first segment of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tenant {
    Common,
    Organizations,
    Consumers,
    One(Uuid),
}

impl Tenant {
    pub(super) fn parse(segment: &str) -> Option<Self> {
        match segment {
            "common" => Some(Self::Common),
            "organizations" => Some(Self::Organizations),
            "consumers" => Some(Self::Consumers),
            guid => match guid.parse().ok()? {
                PERSONAL_TENANT => Some(Self::Consumers),
                tid => Some(Self::One(tid)),
            },
        }
    }

    /// The issuer that its metadata names: a template where it speaks for many tenants.
    fn issuer(self, base: &str) -> String {
        match self {
            Self::Common | Self::Organizations => templated_issuer(base),
            Self::Consumers => issuer(base, PERSONAL_TENANT),
            Self::One(tid) => issuer(base, tid),
        }
    }

    pub(super) fn admits(self, account: &Account) -> bool {
        match self {
            Self::Common => true,
            Self::Organizations => !account.is_personal(),
            Self::Consumers => account.is_personal(),
            Self::One(tid) => account.tid == tid,
        }
    }

    /// The tenant of accounts that people create for themselves here, if they can: a single tenant
    /// is taken for one of Entra External ID.
    pub(super) fn of_new_accounts(self) -> Option<Uuid> {
        match self {
            Self::Common | Self::Consumers => Some(PERSONAL_TENANT),
            Self::Organizations => None,
            Self::One(tid) => Some(tid),
        }
    }
}

/// The issuer of one tenant's tokens.
pub(super) fn issuer(base: &str, tid: Uuid) -> String {
    format!("{base}/{tid}/v2.0")
}

fn templated_issuer(base: &str) -> String {
    format!("{base}/{{tenantid}}/v2.0")
}

pub(super) async fn document(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
) -> Response {
    count(&service.counters.metadata);
    if service
        .faults
        .find(|fault| matches!(fault, Fault::MetadataDown).then_some(()))
        .is_some()
    {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let Some(tenant) = Tenant::parse(&segment) else {
        return unknown_tenant(&service, &segment);
    };
    let mut document = describe(&service.base, &segment, tenant);
    let changes = service.faults.find(|fault| match fault {
        Fault::Metadata(changes) => Some(changes.clone()),
        _ => None,
    });
    overlay(&mut document, &changes.unwrap_or_default());
    Json(document).into_response()
}

fn describe(base: &str, segment: &str, tenant: Tenant) -> Map<String, Value> {
    let document = json!({
        "issuer": tenant.issuer(base),
        "authorization_endpoint": format!("{base}/{segment}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{base}/{segment}/oauth2/v2.0/token"),
        "end_session_endpoint": format!("{base}/{segment}/oauth2/v2.0/logout"),
        "jwks_uri": format!("{base}/{segment}/discovery/v2.0/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "request_uri_parameter_supported": false,
        "http_logout_supported": true,
        "frontchannel_logout_supported": false,
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver", "email"],
        "tenant_region_scope": null,
        "cloud_instance_name": "local",
    });
    document.as_object().cloned().unwrap_or_default()
}

pub(super) async fn keys(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
    OriginalUri(uri): OriginalUri,
) -> Response {
    count(&service.counters.keys);
    let fault = service.faults.find(|fault| match fault {
        Fault::KeyEndpoint(fault) => Some(fault.clone()),
        _ => None,
    });
    if let Some(answer) = misbehave(&service, fault.as_ref(), uri.path()).await {
        return answer;
    }
    if service
        .faults
        .find(|fault| matches!(fault, Fault::KeysDown).then_some(()))
        .is_some()
    {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if Tenant::parse(&segment).is_none() {
        return unknown_tenant(&service, &segment);
    }
    let personal_issuer = issuer(&service.base, PERSONAL_TENANT);
    let mut keys = service
        .keys()
        .published(&templated_issuer(&service.base), &personal_issuer);
    let changes = service.faults.find(|fault| match fault {
        Fault::Keys(changes) => Some(changes.clone()),
        _ => None,
    });
    for key in &mut keys {
        overlay(key, changes.as_ref().unwrap_or(&Map::new()));
    }
    Json(json!({ "keys": keys })).into_response()
}

fn unknown_tenant(service: &Service, segment: &str) -> Response {
    TokenError::invalid_request(90002, format!("Tenant '{segment}' not found."))
        .named("invalid_tenant")
        .into_response_at(service.now())
}
