use serde::{Deserialize, Serialize};

/// A column of a file, and a field of the desk's form, by the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the columns are members of the API")]
pub enum Column {
    Email,
    FirstName,
    LastName,
    Locale,
    CompanyName,
    CustomerNumber,
    VatNumber,
    Website,
    Country,
    Street,
    PostalCode,
    City,
    Region,
    Phone,
    Message,
    ExpiresAt,
}

impl Column {
    /// In the order of the template.
    pub const ALL: [Self; 16] = [
        Self::Email,
        Self::FirstName,
        Self::LastName,
        Self::Locale,
        Self::CompanyName,
        Self::CustomerNumber,
        Self::VatNumber,
        Self::Website,
        Self::Country,
        Self::Street,
        Self::PostalCode,
        Self::City,
        Self::Region,
        Self::Phone,
        Self::Message,
        Self::ExpiresAt,
    ];

    /// Without these, no row can be valid.
    pub const REQUIRED: [Self; 5] = [
        Self::Email,
        Self::CompanyName,
        Self::Country,
        Self::Street,
        Self::City,
    ];

    /// In the header of a file, and the `name` attribute of a field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
            Self::Locale => "locale",
            Self::CompanyName => "companyName",
            Self::CustomerNumber => "customerNumber",
            Self::VatNumber => "vatNumber",
            Self::Website => "website",
            Self::Country => "country",
            Self::Street => "street",
            Self::PostalCode => "postalCode",
            Self::City => "city",
            Self::Region => "region",
            Self::Phone => "phone",
            Self::Message => "message",
            Self::ExpiresAt => "expiresAt",
        }
    }

    /// The member of a creation: the object that it is in, and its name there.
    #[must_use]
    pub const fn member(self) -> (Option<&'static str>, &'static str) {
        match self {
            Self::Email | Self::FirstName | Self::LastName | Self::Locale => {
                (Some("recipient"), self.name())
            }
            Self::CompanyName => (Some("company"), "name"),
            Self::CustomerNumber
            | Self::VatNumber
            | Self::Website
            | Self::Country
            | Self::Street
            | Self::PostalCode
            | Self::City
            | Self::Region
            | Self::Phone => (Some("company"), self.name()),
            Self::Message | Self::ExpiresAt => (None, self.name()),
        }
    }

    /// By the JSON pointer of the member.
    #[must_use]
    pub fn at(pointer: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| {
            let pointer = pointer.strip_prefix('/').unwrap_or(pointer);
            match column.member() {
                (Some(object), name) => pointer.split_once('/') == Some((object, name)),
                (None, name) => pointer == name,
            }
        })
    }

    /// By what a header says, whatever its letter case, spaces and punctuation; with or without the
    /// object that the member is in.
    #[must_use]
    pub fn find(header: &str) -> Option<Self> {
        let plain = |text: &str| -> String {
            let letters = text.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|c| c.to_ascii_lowercase()).collect()
        };
        let header = plain(header);
        Self::ALL.into_iter().find(|column| {
            let (object, member) = column.member();
            let qualified = object.unwrap_or_default().to_owned() + member;
            [column.name(), member, &qualified]
                .map(plain)
                .contains(&header)
        })
    }
}
