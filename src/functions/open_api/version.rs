//! The versions of the specification in which the document is available.

use serde_json::Value;

use super::{v2_0, v3_0};

/// A version of the OpenAPI specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 3.1.0: everything, webhooks included.
    V3_1,
    /// 3.0.3, for API Management.
    V3_0,
    /// 2.0, also known as Swagger, for the custom connectors of Power Platform.
    V2_0,
}

impl Version {
    /// All of them, the default first.
    pub const ALL: [Self; 3] = [Self::V3_1, Self::V3_0, Self::V2_0];

    /// As in the parameter `version`.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::V3_1 => "3.1",
            Self::V3_0 => "3.0",
            Self::V2_0 => "2.0",
        }
    }

    /// By its number.
    #[must_use]
    pub fn parse(number: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| version.number() == number)
    }

    /// The document of version 3.1 in this one.
    pub(super) fn convert(self, document: Value) -> Value {
        match self {
            Self::V3_1 => document,
            Self::V3_0 => v3_0::from_3_1(document),
            Self::V2_0 => v2_0::from_3_0(&v3_0::from_3_1(document)),
        }
    }
}
