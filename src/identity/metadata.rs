//! The provider's metadata (OpenID Connect Discovery 1.0), and the issuers it is valid for.
//!
//! The metadata of `/common` and `/organizations` names a template as its issuer, which
//! openidconnect's discovery rejects; so it is parsed here, and the concrete issuer follows from
//! the tenant of each token. Source:
//! <https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer>

use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use super::{FetchError, SignInError, http::Client};

/// The placeholder of the tenant in a templated issuer.
pub(super) const TENANT_PLACEHOLDER: &str = "{tenantid}";

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    pub(super) async fn fetch(http: &Client, authority: &Url) -> Result<Self, FetchError> {
        let mut url = authority.clone();
        url.set_path(&format!(
            "{}/.well-known/openid-configuration",
            authority.path().trim_end_matches('/')
        ));
        let metadata: Self = http.json("metadata", &url).await?;
        metadata.check(authority)?;
        Ok(metadata)
    }

    fn check(&self, authority: &Url) -> Result<(), FetchError> {
        let unusable = |what: &str| Err(FetchError::Unusable(format!("the metadata's {what}")));
        if !may_publish(&self.issuer, authority) {
            return unusable("issuer is not that of ENTRA_AUTHORITY");
        }
        let http_allowed = authority.scheme() == "http";
        let endpoints = [
            &self.authorization_endpoint,
            &self.token_endpoint,
            &self.jwks_uri,
        ];
        if endpoints
            .iter()
            .any(|url| url.scheme() != "https" && !(http_allowed && url.scheme() == "http"))
        {
            return unusable("endpoints are not https");
        }
        Ok(())
    }

    /// Whether it is valid for many issuers.
    pub(super) fn is_shared(&self) -> bool {
        self.issuer.contains(TENANT_PLACEHOLDER)
    }

    /// The issuer that a token of this tenant must name.
    pub(super) fn issuer_for(&self, tid: &str) -> Result<String, SignInError> {
        let refused = |what: &str| Err(SignInError::Refused(what.to_owned()));
        let Ok(tenant) = tid.parse::<uuid::fmt::Hyphenated>() else {
            return refused("tid is not a GUID");
        };
        if self.is_shared() {
            return Ok(self.issuer.replace(TENANT_PLACEHOLDER, tid));
        }
        match tenant_of(&self.issuer) {
            Some(own) if own != tenant.into_uuid() => {
                refused("tid is not the tenant of the issuer")
            }
            _ => Ok(self.issuer.clone()),
        }
    }

    pub(super) fn check_response_issuer(&self, iss: Option<&str>) -> Result<(), SignInError> {
        let refused = |what: &str| Err(SignInError::Refused(what.to_owned()));
        match iss {
            None if self.authorization_response_iss_parameter_supported => {
                refused("the response does not name its issuer")
            }
            None => Ok(()),
            Some(iss) if iss == self.issuer => Ok(()),
            Some(iss) => match tenant_of(iss) {
                Some(tenant)
                    if self.issuer.replace(TENANT_PLACEHOLDER, &tenant.to_string()) == iss =>
                {
                    Ok(())
                }
                _ => refused("the response names another issuer"),
            },
        }
    }
}

/// Whether this authority may publish the issuer: itself, or any tenant (or the
/// template) on the same host, or the External ID tenant of the authority.
fn may_publish(issuer: &str, authority: &Url) -> bool {
    if issuer.trim_end_matches('/') == authority.as_str().trim_end_matches('/') {
        return true;
    }
    let Ok(url) = Url::parse(&issuer.replace(TENANT_PLACEHOLDER, &Uuid::nil().to_string())) else {
        return false;
    };
    let same_host = url.origin() == authority.origin() || is_external_id(issuer, authority);
    same_host
        && tenant_of(url.as_str()).is_some()
        && url.path().ends_with("/v2.0")
        && authority.path().ends_with("/v2.0")
}

/// The authority `https://NAME.ciamlogin.com/TENANT_PLACEHOLDER/v2.0` publishes the issuer
/// `https://TID.ciamlogin.com/TID/v2.0`. A loopback authority may do so too, for tests; the
/// settings allow no other host without TLS.
fn is_external_id(issuer: &str, authority: &Url) -> bool {
    let Some(tid) = tenant_of(issuer) else {
        return false;
    };
    let may_be_external = authority.scheme() == "http"
        || authority
            .host_str()
            .is_some_and(|host| host.ends_with(".ciamlogin.com"));
    let same_tenant = tenant_of(authority.as_str()).is_none_or(|own| own == tid);
    may_be_external && same_tenant && issuer == format!("https://{tid}.ciamlogin.com/{tid}/v2.0")
}

/// The first segment of the issuer's path, where it is a GUID.
fn tenant_of(issuer: &str) -> Option<Uuid> {
    Url::parse(issuer)
        .ok()?
        .path_segments()?
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TID: &str = "11111111-2222-3333-4444-555555555555";
    const OTHER: &str = "99999999-2222-3333-4444-555555555555";

    fn metadata(issuer: &str) -> Metadata {
        serde_json::from_value(serde_json::json!({
            "issuer": issuer, "authorization_endpoint": "https://h/a", "token_endpoint": "https://h/t", "jwks_uri": "https://h/k",
        }))
        .unwrap()
    }

    fn publishes(issuer: &str, authority: &str) -> bool {
        may_publish(issuer, &Url::parse(authority).unwrap())
    }

    #[test]
    fn the_issuers_that_entra_publishes_are_known() {
        let entra = "https://login.microsoftonline.com";
        for authority in [
            "common",
            "organizations",
            "consumers",
            "contoso.onmicrosoft.com",
            TID,
        ] {
            assert!(publishes(
                &format!("{entra}/{{tenantid}}/v2.0"),
                &format!("{entra}/{authority}/v2.0")
            ));
            assert!(publishes(
                &format!("{entra}/{TID}/v2.0"),
                &format!("{entra}/{authority}/v2.0")
            ));
        }
        assert!(publishes(
            &format!("https://{TID}.ciamlogin.com/{TID}/v2.0"),
            &format!("https://contoso.ciamlogin.com/{TID}/v2.0")
        ));
        assert!(publishes(
            &format!("https://{TID}.ciamlogin.com/{TID}/v2.0"),
            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0"
        ));
        assert!(publishes(
            "https://op.example.com",
            "https://op.example.com"
        ));
    }

    #[test]
    fn a_foreign_issuer_is_refused() {
        for issuer in [
            "https://evil.example/{tenantid}/v2.0",
            "https://login.microsoftonline.com/v2.0",
            "http://login.microsoftonline.com/{tenantid}/v2.0",
            "",
            "{tenantid}",
        ] {
            assert!(
                !publishes(issuer, "https://login.microsoftonline.com/common/v2.0"),
                "{issuer}"
            );
        }
        for issuer in [
            format!("https://x.ciamlogin.com.evil.example/{TID}/v2.0"),
            format!("https://{OTHER}.ciamlogin.com/{TID}/v2.0"),
            format!("https://{OTHER}.ciamlogin.com/{OTHER}/v2.0"),
            format!("http://{TID}.ciamlogin.com/{TID}/v2.0"),
        ] {
            assert!(
                !publishes(
                    &issuer,
                    &format!("https://contoso.ciamlogin.com/{TID}/v2.0")
                ),
                "{issuer}"
            );
        }
        let external_id = format!("https://{TID}.ciamlogin.com/{TID}/v2.0");
        assert!(!publishes(
            &external_id,
            "https://login.microsoftonline.com/common/v2.0"
        ));
    }

    #[test]
    fn the_tenant_of_a_token_names_its_issuer() {
        let templated = metadata("https://login.microsoftonline.com/{tenantid}/v2.0");
        assert_eq!(
            templated.issuer_for(TID).unwrap(),
            format!("https://login.microsoftonline.com/{TID}/v2.0")
        );
        assert!(templated.issuer_for("common").is_err());
        assert!(templated.issuer_for("../evil").is_err());
        let single = metadata(&format!("https://login.microsoftonline.com/{TID}/v2.0"));
        assert!(single.issuer_for(TID).is_ok());
        assert!(
            single
                .issuer_for("99999999-2222-3333-4444-555555555555")
                .is_err()
        );
    }

    #[test]
    fn a_promised_issuer_of_the_response_must_be_ours() {
        let mut metadata = metadata("https://login.microsoftonline.com/{tenantid}/v2.0");
        assert!(metadata.check_response_issuer(None).is_ok());
        assert!(
            metadata
                .check_response_issuer(Some(&format!(
                    "https://login.microsoftonline.com/{TID}/v2.0"
                )))
                .is_ok()
        );
        assert!(
            metadata
                .check_response_issuer(Some("https://evil.example/"))
                .is_err()
        );
        metadata.authorization_response_iss_parameter_supported = true;
        assert!(metadata.check_response_issuer(None).is_err());
    }
}
