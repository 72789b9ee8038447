//! The endpoint at which an administrator approves the app for an organisation. Source:
//! <https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>

use url::Url;
use uuid::{Uuid, uuid};

/// The scopes that the app asks for.
pub const SCOPES: &str = "openid profile email";
/// The tenant of personal accounts, which have no administrator.
const PERSONAL_ACCOUNTS: Uuid = uuid!("9188040d-6c67-4c5b-b112-36a304b66dad");

/// The endpoint of an authority; `None` where there is no administrator to ask: personal accounts,
/// External ID, and providers other than Entra.
pub(super) fn endpoint(authority: &Url) -> Option<Url> {
    let segments: Vec<_> = authority.path_segments()?.collect();
    let [tenant, "v2.0"] = segments[..] else {
        return None;
    };
    let is_external_id = authority.host_str()?.ends_with(".ciamlogin.com");
    let tenant = match tenant {
        _ if is_external_id => return None,
        "common" | "organizations" => "organizations",
        "consumers" => return None,
        tenant if tenant.parse() == Ok(PERSONAL_ACCOUNTS) => return None,
        tenant => tenant,
    };
    let mut url = authority.clone();
    url.set_path(&format!("/{tenant}/v2.0/adminconsent"));
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_endpoint_follows_from_the_authority() {
        let of =
            |authority: &str| endpoint(&Url::parse(authority).unwrap()).map(|url| url.to_string());
        let entra = "https://login.microsoftonline.com";
        let tenant = "11111111-2222-3333-4444-555555555555";
        for (own, asked) in [
            ("common", "organizations"),
            ("organizations", "organizations"),
            (tenant, tenant),
            ("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
        ] {
            assert_eq!(
                of(&format!("{entra}/{own}/v2.0")),
                Some(format!("{entra}/{asked}/v2.0/adminconsent"))
            );
        }
        for none in [
            "https://login.microsoftonline.com/consumers/v2.0",
            "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
            "https://contoso.ciamlogin.com/11111111-2222-3333-4444-555555555555/v2.0",
            "https://contoso.ciamlogin.com/common/v2.0",
            "https://op.example.com/",
            "https://op.example.com/realms/one",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
