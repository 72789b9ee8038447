//! The parameters of a request; each may occur once (RFC 6749, 3.1 and 3.2).

use std::collections::HashMap;

use url::form_urlencoded;

#[derive(Clone, Debug, Default)]
pub(super) struct Parameters(pub(super) HashMap<String, String>);

impl Parameters {
    /// # Errors
    /// The name of the parameter that occurs twice.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parameters = HashMap::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()).into_owned() {
            if parameters.insert(name.clone(), value).is_some() {
                return Err(name);
            }
        }
        Ok(Self(parameters))
    }

    /// An empty parameter is a missing one.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// # Errors
    /// Entra ID's description of a missing parameter.
    pub(super) fn required(&self, name: &str) -> Result<&str, String> {
        let missing =
            format!("AADSTS900144: The request must contain the following parameter: '{name}'.");
        self.get(name).ok_or(missing)
    }
}
