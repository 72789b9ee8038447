//! The sign-in service, and the client authentication of the app.

use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

use super::Reader;
use crate::net::loopback::is_secure;

/// Microsoft Entra ID.
#[derive(Clone, Debug)]
pub struct Entra {
    /// `{authority}/.well-known/openid-configuration` is the metadata.
    pub authority: Url,
    /// The app registration.
    pub client_id: String,
    /// The client authentication at the token endpoint.
    pub credential: ClientCredential,
    /// Empty: any.
    pub allowed_tenants: Vec<Uuid>,
    /// Tenants whose `email` claim the tenant itself verifies.
    pub trusted_email_tenants: Vec<Uuid>,
    /// Whether `prompt=create` may be sent.
    pub sign_up_prompt: bool,
}

/// The desk, where the seller's staff sign in.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The seller's tenant.
    pub tenant: Uuid,
    /// The sign-in of that tenant alone, by the same app registration.
    pub entra: Entra,
}

/// Client authentication.
#[derive(Clone, Debug)]
pub enum ClientCredential {
    /// `client_secret` in the body.
    Secret(SecretString),
    /// A token of a managed identity as `client_assertion`.
    ManagedIdentity {
        /// The user-assigned identity; `None`: the system-assigned one.
        client_id: Option<String>,
    },
}

pub(super) fn read(read: &mut Reader) -> Option<Entra> {
    let authority = match read.required(
        "ENTRA_AUTHORITY",
        "such as https://login.microsoftonline.com/common/v2.0",
    ) {
        Some(text) => read.check("ENTRA_AUTHORITY", authority(&text)),
        None => None,
    };
    let client_id = read.required(
        "ENTRA_CLIENT_ID",
        "the application (client) id of the app registration",
    );
    let credential = credential(read);
    let allowed_tenants = read.uuids("ENTRA_ALLOWED_TENANTS");
    let trusted_email_tenants = read.uuids("ENTRA_TRUSTED_EMAIL_TENANTS");
    let sign_up_prompt = match read.optional("ENTRA_SIGN_UP_PROMPT").as_deref() {
        None => false,
        Some("create") => true,
        Some(_) => {
            read.problem("ENTRA_SIGN_UP_PROMPT", "is `create` or not set");
            false
        }
    };
    Some(Entra {
        authority: authority?,
        client_id: client_id?,
        credential: credential?,
        allowed_tenants,
        trusted_email_tenants,
        sign_up_prompt,
    })
}

/// `None` where there is no desk.
pub(super) fn read_desk(read: &mut Reader, entra: Option<&Entra>) -> Option<Desk> {
    let name = "DESK_TENANT";
    let text = read.optional(name)?;
    let tenant = read.check(name, text.parse().map_err(|_| "must be a tenant id (GUID)"))?;
    let entra = entra?;
    let authority = read.check(name, authority_of(tenant, &entra.authority))?;
    Some(Desk {
        tenant,
        entra: Entra {
            authority,
            allowed_tenants: vec![tenant],
            trusted_email_tenants: Vec::new(),
            sign_up_prompt: false,
            ..entra.clone()
        },
    })
}

/// The authority of one tenant beside the one that recipients use.
fn authority_of(tenant: Uuid, recipients: &Url) -> Result<Url, &'static str> {
    if is_external_id(recipients) {
        return Err(
            "must not be set with an External ID tenant as ENTRA_AUTHORITY: the seller's staff have no accounts there",
        );
    }
    if !has_tenant_and_v2(recipients) {
        return Err("needs an ENTRA_AUTHORITY with a tenant and /v2.0 as its path");
    }
    let mut url = recipients.clone();
    url.set_path(&format!("/{tenant}/v2.0"));
    Ok(url)
}

fn authority(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim_end_matches('/')).map_err(|_| "is not a URL")?;
    if !is_secure(&url) {
        return Err("must be an https URL (plain http only for a loopback host)");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end with its path: nothing after ? or #");
    }
    if is_microsoft(&url) && !has_tenant_and_v2(&url) {
        return Err(
            "must have a tenant and /v2.0 as its path: https://login.microsoftonline.com/common/v2.0 for all accounts",
        );
    }
    Ok(url)
}

/// Whether the authority is Microsoft's, which needs a tenant and `/v2.0` in its path. Other
/// providers may have any path. Source:
/// <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud#microsoft-entra-authentication-endpoints>
fn is_microsoft(url: &Url) -> bool {
    const HOSTS: [&str; 4] = [
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
        "login.windows.net",
    ];
    is_external_id(url) || url.host_str().is_some_and(|host| HOSTS.contains(&host))
}

fn is_external_id(url: &Url) -> bool {
    url.host_str()
        .is_some_and(|host| host.ends_with(".ciamlogin.com"))
}

fn has_tenant_and_v2(url: &Url) -> bool {
    let segments: Vec<_> = url.path_segments().into_iter().flatten().collect();
    matches!(segments[..], [tenant, "v2.0"] if !tenant.is_empty())
}

fn credential(read: &mut Reader) -> Option<ClientCredential> {
    let secret = read.optional("ENTRA_CLIENT_SECRET");
    let assertion = read.optional("ENTRA_CLIENT_ASSERTION");
    match (secret, assertion.as_deref()) {
        (Some(secret), None) => Some(ClientCredential::Secret(secret.into())),
        (None, Some("managed-identity")) => Some(ClientCredential::ManagedIdentity {
            client_id: read.optional("AZURE_CLIENT_ID"),
        }),
        (None, None) => read.missing(
            "ENTRA_CLIENT_SECRET",
            "or ENTRA_CLIENT_ASSERTION=managed-identity, which needs no secret",
        ),
        (Some(_), Some(_)) => {
            read.problem(
                "ENTRA_CLIENT_SECRET",
                "and ENTRA_CLIENT_ASSERTION are mutually exclusive: set one",
            );
            None
        }
        (None, Some(_)) => {
            read.problem("ENTRA_CLIENT_ASSERTION", "must be `managed-identity`");
            None
        }
    }
}
