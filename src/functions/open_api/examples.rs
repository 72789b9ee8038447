//! Example requests. A test sends each of them.

use serde_json::{Value, json};
use utoipa::openapi::example::{Example as OpenApiExample, ExampleBuilder};

pub(super) struct Example {
    pub(super) name: &'static str,
    summary: &'static str,
    pub(super) value: fn() -> Value,
}

impl Example {
    pub(super) fn to_open_api(&self) -> (&'static str, OpenApiExample) {
        (
            self.name,
            ExampleBuilder::new()
                .summary(self.summary)
                .value(Some((self.value)()))
                .build(),
        )
    }
}

/// Bodies of creations.
pub(super) const CREATIONS: &[Example] = &[
    Example {
        name: "full",
        summary: "One invitation with every member",
        value: full,
    },
    Example {
        name: "minimal",
        summary: "One invitation with the required members",
        value: minimal,
    },
    Example {
        name: "colleague",
        summary: "One invitation into a company that exists",
        value: colleague,
    },
];

/// Bodies of creations of several invitations.
pub(super) const BATCHES: &[Example] = &[Example {
    name: "two",
    summary: "Two invitations",
    value: || json!([full(), minimal()]),
}];

fn full() -> Value {
    json!({
        "recipient": {
            "email": "you@example.com",
            "firstName": "Yu",
            "lastName": "Example",
            "locale": "zh-Hant"
        },
        "inviter": {
            "name": "Thomas Keller",
            "organization": "GFMS",
            "email": "thomas.keller@gfms.example",
            "phone": "+41 44 123 45 67",
            "locale": "de"
        },
        "company": {
            "name": "Example Ltd",
            "street": "1 High Street",
            "postalCode": "SW1A 1AA",
            "city": "London",
            "region": "Greater London",
            "country": "GB",
            "phone": "+44 20 7946 0000",
            "vatNumber": "GB123456789",
            "customerNumber": "C-1",
            "website": "https://example.com"
        },
        "message": "See you on the platform!",
        "metadata": {"order": "4711"},
        "sendEmail": false
    })
}

fn minimal() -> Value {
    json!({
        "recipient": {"email": "anna@example.com", "firstName": "Anna", "lastName": "Meier"},
        "inviter": {"name": "Thomas Keller", "organization": "GFMS"},
        "company": {
            "name": "Example AG",
            "street": "Seestrasse 12",
            "postalCode": "8002",
            "city": "Zürich",
            "country": "CH"
        },
        "sendEmail": false
    })
}

fn colleague() -> Value {
    json!({
        "recipient": {"email": "beat@example.com", "firstName": "Beat", "lastName": "Huber"},
        "inviter": {"name": "Thomas Keller", "organization": "GFMS"},
        "companyId": "6f2c4a3e-1b5d-4c8f-9a7e-0d1c2b3a4f5e",
        "sendEmail": false
    })
}

pub(super) fn revocation() -> Value {
    json!({"reason": "ordered by mistake"})
}

pub(super) fn resending() -> Value {
    json!({"sendEmail": false})
}

pub(super) fn patch() -> Value {
    json!({"recipient": {"email": "anna.meier@example.com"}, "message": null})
}

pub(super) fn event() -> Value {
    json!({
        "type": "invitation.created",
        "timestamp": "2026-01-31T12:00:00Z",
        "data": {
            "invitationId": "5b1f3f2504e04f8941d39a0c0305e82c",
            "sequence": 1,
            "status": "pending",
            "actor": {"type": "integrator"},
            "url": "https://invite.example.com/api/Invitations/5b1f3f2504e04f8941d39a0c0305e82c",
            "customerNumber": "C-1"
        }
    })
}
