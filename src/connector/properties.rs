//! `apiProperties.json`: the connection and the policies.

use serde_json::{Value, json};

use super::actions::TRIGGER;

/// The name of the key among the connection parameters and the security definitions.
pub(super) const KEY: &str = "api_key";

pub(super) fn properties() -> Value {
    json!({
        "properties": {
            "connectionParameters": {"host": host(), KEY: key()},
            "iconBrandColor": "#0b5bd3",
            "capabilities": [],
            "policyTemplateInstances": [to_the_host(), poll()],
        }
    })
}

fn host() -> Value {
    json!({
        "type": "string",
        "uiDefinition": {
            "displayName": "Host name",
            "description": "The host name of the service, without https://, such as \
                            invite.example.com.",
            "tooltip": "The part between https:// and the next slash of an invitation's link.",
            "constraints": {"tabIndex": 1, "clearText": true, "required": "true"}
        }
    })
}

fn key() -> Value {
    json!({
        "type": "securestring",
        "uiDefinition": {
            "displayName": "Host key",
            "description": "A host key of the Azure function app. Ask the operator of the service for \
                            it.",
            "tooltip": "It gives access to every function that needs a key.",
            "constraints": {"tabIndex": 2, "clearText": false, "required": "true"}
        }
    })
}

/// The host of the definition is an example: each connection names its own.
fn to_the_host() -> Value {
    json!({
        "templateId": "dynamichosturl",
        "title": "Send requests to the host of the connection",
        "parameters": {
            "x-ms-apimTemplateParameter.urlTemplate": "https://@connectionParameters('host')"
        }
    })
}

/// The next poll continues after the last event.
fn poll() -> Value {
    json!({
        "templateId": "pollingtrigger",
        "title": "Follow the events",
        "parameters": {
            "x-ms-apimTemplateParameter.triggerConfig": {
                "after": "@{triggerBody().nextCursor}"
            },
            "x-ms-apimTemplateParameter.triggerDataPath": "@triggerBody().items",
            "x-ms-apimTemplate-operationName": [TRIGGER]
        }
    })
}
