//! The discovery document and the key set of each authority.

use std::sync::Arc;

use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    accounts::PERSONAL_TENANT,
    errors::EntraError,
    faults::{members, overlay},
    misbehave::misbehave,
    model::Tenant,
    service::Service,
};

/// The issuer of one tenant's tokens; of many tenants' for a template.
pub(super) fn issuer(service: &Service, tid: Option<Uuid>) -> String {
    let tid = tid.map_or("{tenantid}".to_owned(), |tid| tid.to_string());
    format!("{}/{tid}/v2.0", service.base)
}

pub(super) async fn document(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
) -> Response {
    service.counts().metadata += 1;
    if service.faults().metadata_down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let tid = match Tenant::parse(&segment) {
        None => return EntraError::unknown_tenant(&segment).into_response(&service),
        Some(Tenant::Common | Tenant::Organizations) => None,
        Some(Tenant::Consumers) => Some(PERSONAL_TENANT),
        Some(Tenant::One(tid)) => Some(tid),
    };
    let base = format!("{}/{segment}", service.base);
    let mut document = members(json!({
        "issuer": issuer(&service, tid),
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "end_session_endpoint": format!("{base}/oauth2/v2.0/logout"),
        "jwks_uri": format!("{base}/discovery/v2.0/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "name", "tid", "email"],
        "tenant_region_scope": null,
        "cloud_instance_name": "local",
    }));
    overlay(&mut document, &service.faults().metadata);
    Json(document).into_response()
}

pub(super) async fn keys(
    State(service): State<Arc<Service>>,
    Path(segment): Path<String>,
    OriginalUri(uri): OriginalUri,
) -> Response {
    service.counts().keys += 1;
    let fault = service.faults().key_endpoint.clone();
    if let Some(answer) = misbehave(&service, fault.as_ref(), uri.path()).await {
        return answer;
    }
    if service.faults().keys_down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if Tenant::parse(&segment).is_none() {
        return EntraError::unknown_tenant(&segment).into_response(&service);
    }
    let keys = service.keys().clone();
    let changes = service.faults().keys.clone();
    let keys = [
        (keys.organisation, None),
        (keys.personal, Some(PERSONAL_TENANT)),
    ];
    let keys = keys.map(|(key, tid)| {
        let mut jwk = members(key.to_jwk(&issuer(&service, tid)));
        overlay(&mut jwk, &changes);
        jwk
    });
    Json(json!({ "keys": keys })).into_response()
}
