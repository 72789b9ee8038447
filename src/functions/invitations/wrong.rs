//! What is wrong with a member of a creation: in one sentence for programs, and in the language of
//! a page for people.

use crate::{domain::company, http::problem::InvalidInput, text::Lang};

/// A member that is invalid.
#[derive(Clone, Debug)]
pub(crate) struct Rejected {
    /// For programs.
    pub(super) input: InvalidInput,
    pointer: String,
    wrong: Wrong,
}

/// Why it is.
#[derive(Clone, Debug)]
pub(crate) enum Wrong {
    /// As in the form of the company.
    Value {
        problem: company::Problem,
        /// Of the company, as it was sent.
        country: String,
    },
    /// It is no e-mail address.
    Email,
    /// A person has neither name.
    NoName,
    /// It is no language tag.
    Locale,
    /// It is no phone number with a country code.
    InternationalPhone,
    /// It is no date and time.
    Time,
    /// It is over, or too far away.
    Expiry,
    /// Only a program can be wrong in this way.
    Program(String),
}

impl Rejected {
    pub(super) fn new(pointer: &str, wrong: Wrong) -> Self {
        Self {
            input: InvalidInput::member(pointer, wrong.detail()),
            pointer: pointer.to_owned(),
            wrong,
        }
    }

    /// The JSON pointer of the member.
    pub(crate) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What people read.
    pub(crate) fn message(&self, lang: Lang) -> String {
        let text = &lang.text().upload.wrong;
        match &self.wrong {
            Wrong::Value { problem, .. } => problem.message(lang),
            Wrong::Email => text.email.to_owned(),
            Wrong::NoName => text.name.to_owned(),
            Wrong::Locale => text.locale.to_owned(),
            Wrong::InternationalPhone => text.international_phone.to_owned(),
            Wrong::Time => text.date.to_owned(),
            Wrong::Expiry => text.not_in_time.to_owned(),
            Wrong::Program(detail) => detail.clone(),
        }
    }
}

impl From<InvalidInput> for Rejected {
    fn from(input: InvalidInput) -> Self {
        Self {
            pointer: input.pointer().unwrap_or_default().to_owned(),
            wrong: Wrong::Program(input.detail().to_owned()),
            input,
        }
    }
}

impl From<company::Problem> for Wrong {
    fn from(problem: company::Problem) -> Self {
        let country = String::new();
        Self::Value { problem, country }
    }
}

impl From<&str> for Wrong {
    fn from(detail: &str) -> Self {
        Self::Program(detail.to_owned())
    }
}

impl From<String> for Wrong {
    fn from(detail: String) -> Self {
        Self::Program(detail)
    }
}

impl Wrong {
    fn detail(&self) -> String {
        let detail = match self {
            Self::Value { problem, country } => return problem.detail(country),
            Self::Program(detail) => detail,
            Self::Email => "must be an e-mail address such as name@example.com",
            Self::NoName => "must not be empty without a lastName",
            Self::Locale => "must be a language tag (BCP 47) such as en or zh-Hant",
            Self::InternationalPhone => "must be a phone number with + and the country code",
            Self::Time => {
                "must be a date and time (RFC 3339) such as 2030-01-31T12:00:00Z, or absent"
            }
            Self::Expiry => "must be in the future, within ten years",
        };
        detail.to_owned()
    }
}
