#!/usr/bin/env bash
# Registers the app with Microsoft Entra ID, or brings an earlier registration up to date: run it as often as you like.
# docs/OPERATIONS.md has the same in words. It needs the Azure CLI, signed in as an account that may register apps.
set -euo pipefail

usage() {
    cat >&2 <<'TEXT'
usage: infra/register-app.sh --name NAME | --client-id ID
                             [--url PUBLIC_BASE_URL] [--audience AUDIENCE] [--identity PRINCIPAL_ID]
                             [--terms URL] [--privacy URL] [--support URL] [--logo FILE]

  --name      registers an app with this display name; people see it when they consent
  --client-id brings this registration up to date: ENTRA_CLIENT_ID
  --url       what recipients open: https://invite.example.com; without it the redirect URIs stay as they are
  --audience  AzureADandPersonalMicrosoftAccount (usual), AzureADMultipleOrgs, PersonalMicrosoftAccount or AzureADMyOrg;
              without it an earlier registration keeps its own
  --identity  principal id of the app's managed identity (IDENTITY_PRINCIPAL_ID of the deployment): no secret is needed
  --terms, --privacy, --support
              https addresses that Microsoft's consent page links to; those that are not given stay as they are
  --logo      PNG, JPEG or BMP of 215 × 215 pixels and at most 100 KB, which that page shows
TEXT
    exit 2
}

name='' client='' url='' audience='' identity='' terms='' privacy='' support='' logo=''
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --name) name=$2 ;;
        --client-id) client=$2 ;;
        --url) url=${2%/} ;;
        --audience) audience=$2 ;;
        --identity) identity=$2 ;;
        --terms) terms=$2 ;;
        --privacy) privacy=$2 ;;
        --support) support=$2 ;;
        --logo) logo=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[ -n "$name$client" ] || usage
case $url in
    '') ;;
    https://*/* | *'?'* | *'#'*) echo "$0: --url is scheme and host, without a path" >&2; exit 2 ;;
    https://?*) ;;
    *) echo "$0: --url must be https" >&2; exit 2 ;;
esac
for page in "$terms" "$privacy" "$support"; do
    case $page in
        *[\"\\[:space:]]*) echo "$0: not an address: $page" >&2; exit 2 ;;
        '' | https://?*) ;;
        *) echo "$0: --terms, --privacy and --support must be https" >&2; exit 2 ;;
    esac
done
if [ -n "$logo" ]; then
    case $logo in
        *.png | *.PNG) logo_type=image/png ;;
        *.jpg | *.jpeg | *.JPG | *.JPEG) logo_type=image/jpeg ;;
        *.bmp | *.BMP) logo_type=image/bmp ;;
        *) echo "$0: --logo must be a .png, .jpg or .bmp file" >&2; exit 2 ;;
    esac
    [ -r "$logo" ] || { echo "$0: cannot read $logo" >&2; exit 2; }
    [ "$(wc -c <"$logo")" -le 102400 ] || { echo "$0: $logo is larger than 100 KB" >&2; exit 2; }
fi

# A name is no identity: another deployment may have registered it. So only a registration without an address, which an
# earlier run did not finish, or with this one, is taken by its name.
if [ -n "$client" ]; then
    echo "==> updating $client"
    found=$(az ad app show --id "$client" --query '[appId, id]' --output tsv | paste -sd '\t' -)
else
    found=$(az ad app list --filter "displayName eq '${name//\'/\'\'}'" --query '[].[appId, id, web.redirectUris[0]]' --output tsv)
    case $(grep -c . <<<"$found" || true) in
        0)
            echo "==> registering «$name»"
            # Microsoft refuses personal accounts without version 2.
            audience=${audience:-AzureADandPersonalMicrosoftAccount}
            found=$(az ad app create --display-name "$name" --sign-in-audience "$audience" --requested-access-token-version 2 --query '[appId, id]' --output tsv | paste -sd '\t' -)
            ;;
        1) echo "==> updating «$name»" ;;
        *) echo "$0: there is more than one registration with the name «$name»: give --client-id" >&2; exit 1 ;;
    esac
fi
read -r client_id object_id registered_for <<<"$found"
case ${registered_for:-} in
    '' | None | "${url:-none}"/*) ;;
    *)
        cat >&2 <<TEXT
$0: «$name» is registered already, for $registered_for
  to update it:             --client-id $client_id (with azd: azd env set ENTRA_CLIENT_ID $client_id)
  to register another app:  another --name (with azd: run this script, then azd env set ENTRA_CLIENT_ID)
TEXT
        exit 1
        ;;
esac
[ -n "$client_id" ] && [ -n "$object_id" ] || { echo "$0: az did not name the registration" >&2; exit 1; }

audiences=''
[ -z "$audience" ] || audiences="\"signInAudience\": \"$audience\","
redirect=''
[ -z "$url" ] || redirect=$(printf '"redirectUris": ["%s/api/AcceptCallback", "%s/api/AppConsent", "%s/api/desk/signed-in"],' "$url" "$url" "$url")

# What the consent page links to. "info" is replaced, so what is not given is read first and kept.
# https://learn.microsoft.com/graph/api/resources/informationalurl
info=''
if [ -n "$terms$privacy$support" ]; then
    read -r old_terms old_privacy old_support <<<"$(az ad app show --id "$object_id" \
        --query '[info.termsOfServiceUrl, info.privacyStatementUrl, info.supportUrl]' --output tsv | tr '\n' '\t')"
    json() { case $1 in '' | None) printf null ;; *) printf '"%s"' "$1" ;; esac; }
    info=$(printf '"info": {"termsOfServiceUrl": %s, "privacyStatementUrl": %s, "supportUrl": %s},' \
        "$(json "${terms:-$old_terms}")" "$(json "${privacy:-$old_privacy}")" "$(json "${support:-$old_support}")")
fi

# Three web redirects, for recipients, administrators who approve the app, and staff at the desk; no implicit grants, and in the ID token
# the claims by which a mailbox is proven (docs/SECURITY.md).
# xms_edov says whether the owner of the address's domain is verified, acct whether the account is a guest; login_hint spares people the typing at a retry.
echo '==> redirect URIs and claims'
az rest --method PATCH --url "https://graph.microsoft.com/v1.0/applications/$object_id" --headers 'Content-Type=application/json' --body "$(
    cat <<JSON
{
  $audiences
  $info
  "api": {"requestedAccessTokenVersion": 2},
  "web": {
    $redirect
    "implicitGrantSettings": {"enableIdTokenIssuance": false, "enableAccessTokenIssuance": false}
  },
  "optionalClaims": {
    "idToken": [
      {"name": "email", "essential": false},
      {"name": "xms_edov", "essential": false},
      {"name": "acct", "essential": false},
      {"name": "verified_primary_email", "essential": false},
      {"name": "verified_secondary_email", "essential": false},
      {"name": "login_hint", "essential": false}
    ]
  }
}
JSON
)"

# The roles of the desk, with fixed ids. "appRoles" is replaced, so roles of others are read first and kept.
# https://learn.microsoft.com/graph/api/resources/approle
role() { printf '{"id": "%s", "value": "%s", "displayName": "%s", "description": "%s", "allowedMemberTypes": ["User"], "isEnabled": true}' "$@"; }
roles=$(az ad app show --id "$object_id" --query appRoles --output json)
case $roles in
    *'"Invitations.Manage"'*) echo '==> the roles of the desk exist already' ;;
    *)
        echo '==> roles of the desk'
        roles=${roles%]*}
        case $roles in *'}'*) roles+=', ' ;; esac
        az rest --method PATCH --url "https://graph.microsoft.com/v1.0/applications/$object_id" --headers 'Content-Type=application/json' --body "$(
            printf '{"appRoles": %s%s, %s]}' "${roles:-[}" \
                "$(role 6f1d1f0e-52a5-4a0e-9f0c-3f6d0c3c7a01 Invitations.Manage 'Manage invitations' 'Invite customers and change invitations at the desk')" \
                "$(role 6f1d1f0e-52a5-4a0e-9f0c-3f6d0c3c7a02 Invitations.Read 'Read invitations' 'See invitations at the desk, without their links')"
        )"
        ;;
esac

# The enterprise application, in which roles are assigned. The portal makes it with the registration, the CLI does not.
if [ -z "$(az ad sp list --filter "appId eq '$client_id'" --query '[0].id' --output tsv)" ]; then
    echo '==> enterprise application'
    az ad sp create --id "$client_id" --output none
fi

# An address in a domain that was not verified proves nothing, so the token need not have it. Microsoft has this in beta only:
# https://learn.microsoft.com/graph/applications-authenticationbehaviors
echo '==> no unverified addresses'
if ! az rest --method PATCH --url "https://graph.microsoft.com/beta/applications/$object_id/authenticationBehaviors" \
    --headers 'Content-Type=application/json' --body '{"removeUnverifiedEmailClaim": true}'; then
    echo "$0: could not set removeUnverifiedEmailClaim; the app checks addresses itself, so this is not needed" >&2
fi

if [ -n "$logo" ]; then
    # https://learn.microsoft.com/graph/api/application-update
    echo '==> logo'
    token=$(az account get-access-token --resource-type ms-graph --query accessToken --output tsv)
    # The token goes in by stdin, so that the list of processes does not show it.
    printf 'header = "Authorization: Bearer %s"\n' "$token" | curl --fail --silent --show-error --config - --request PUT \
        --header "Content-Type: $logo_type" --data-binary "@$logo" "https://graph.microsoft.com/v1.0/applications/$object_id/logo"
fi

if [ -n "$identity" ]; then
    # The managed identity's token takes the place of a client secret.
    # https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
    tenant=$(az account show --query tenantId --output tsv)
    credential=managed-identity
    body=$(printf '{"name": "%s", "issuer": "https://login.microsoftonline.com/%s/v2.0", "subject": "%s", "audiences": ["api://AzureADTokenExchange"]}' \
        "$credential" "$tenant" "$identity")
    subject=$(az ad app federated-credential list --id "$object_id" --query "[?name=='$credential'].subject | [0]" --output tsv)
    case $subject in
        "$identity") echo '==> the identity is trusted already' ;;
        '' | None)
            echo '==> trusting the identity'
            az ad app federated-credential create --id "$object_id" --parameters "$body" --output none
            ;;
        *)
            echo '==> trusting another identity than before'
            az ad app federated-credential update --id "$object_id" --federated-credential-id "$credential" --parameters "$body" --output none
            ;;
    esac
fi

echo
echo "ENTRA_CLIENT_ID=$client_id"
