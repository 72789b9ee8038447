//! Requests as they may be sent; a test sends them.

use serde_json::{Value, json};
use utoipa::openapi::example::{Example as Shown, ExampleBuilder};

pub(super) struct Example {
    pub(super) name: &'static str,
    summary: &'static str,
    pub(super) value: fn() -> Value,
}

impl Example {
    pub(super) fn shown(&self) -> (&'static str, Shown) {
        (
            self.name,
            ExampleBuilder::new()
                .summary(self.summary)
                .value(Some((self.value)()))
                .build(),
        )
    }
}

/// Bodies of a creation.
pub(super) const CREATIONS: &[Example] = &[
    Example {
        name: "whole",
        summary: "One invitation, with everything",
        value: whole,
    },
    Example {
        name: "short",
        summary: "One invitation, with what is needed",
        value: short,
    },
    Example {
        name: "array",
        summary: "Several invitations",
        value: || json!([whole(), short()]),
    },
];

fn whole() -> Value {
    json!({
        "recipient": {"email": "you@example.com", "firstName": "Yu", "lastName": "Example", "locale": "zh-Hant"},
        "inviter": {"name": "Thomas Keller", "organization": "GFMS", "email": "thomas.keller@gfms.example"},
        "company": {
            "name": "Example Ltd", "street": "1 High Street", "postalCode": "SW1A 1AA", "city": "London", "region": "Greater London",
            "country": "GB", "phone": "+44 20 7946 0000", "vatNumber": "GB123456789", "customerNumber": "C-1",
            "website": "https://example.com"
        },
        "message": "See you on the platform!",
        "sendEmail": false
    })
}

fn short() -> Value {
    json!({
        "recipient": {"email": "anna@example.com", "firstName": "Anna", "lastName": "Meier"},
        "inviter": {"name": "Thomas Keller", "organization": "GFMS"},
        "company": {"name": "Example AG", "street": "Seestrasse 12", "postalCode": "8002", "city": "Zürich", "country": "CH"},
        "sendEmail": false
    })
}

pub(super) fn revocation() -> Value {
    json!({"reason": "ordered by mistake"})
}

pub(super) fn event() -> Value {
    json!({
        "type": "invitation.created",
        "timestamp": "2026-01-31T12:00:00Z",
        "data": {"invitationId": "5b1f3f2504e04f8941d39a0c0305e82c", "sequence": 1, "status": "pending", "customerNumber": "C-1"}
    })
}
