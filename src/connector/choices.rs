//! Inputs with a list of values, and what people see of each.

use serde_json::{Value, json};

use super::titles::sentence_case;
use crate::text::{Lang, countries};

/// The events, in the words of the people who invite.
const EVENTS: [(&str, &str); 17] = [
    ("invitation.created", "Invitation created"),
    ("invitation.sent", "Invitation e-mail sent"),
    (
        "invitation.delivery_failed",
        "E-mail could not be delivered",
    ),
    ("invitation.resent", "Invitation sent again or extended"),
    ("invitation.updated", "Invitation corrected"),
    ("invitation.reminded", "Reminder sent"),
    ("invitation.expired", "Invitation expired"),
    ("invitation.link_revealed", "Invitation link shown again"),
    (
        "invitation.renewal_requested",
        "Customer asked for a new invitation",
    ),
    (
        "invitation.approved",
        "Administrator approved the sign-in app",
    ),
    ("invitation.help_requested", "Customer asked for help"),
    ("invitation.declined", "Invitation declined"),
    (
        "invitation.accepted",
        "Invitation accepted (customer signed in)",
    ),
    ("invitation.revoked", "Invitation revoked"),
    ("invitation.erased", "Personal data erased"),
    ("company.created", "Company created"),
    ("company.joined", "Colleague joined the company"),
];

/// `enum` and the names of its values, if the input has a list of values.
pub(super) fn of(name: &str, schema: &Value) -> Option<(Value, Value)> {
    let named: Vec<(&str, String)> = match name {
        "locale" => {
            let languages = Lang::ALL.into_iter();
            languages
                .map(|lang| (lang.tag(), lang.native_name().to_owned()))
                .collect()
        }
        // In the order of the names, as people search them.
        "country" => {
            let countries = countries(Lang::En).iter();
            countries
                .map(|(code, name)| (*code, (*name).to_owned()))
                .collect()
        }
        _ => {
            let values = schema["enum"].as_array()?.iter();
            values
                .filter_map(Value::as_str)
                .map(|value| (value, display(value)))
                .collect()
        }
    };
    let values: Value = named.iter().map(|(value, _)| *value).collect();
    let names = named
        .into_iter()
        .map(|(value, name)| json!({"value": value, "displayName": name}));
    Some((values, names.collect()))
}

fn display(value: &str) -> String {
    let event = EVENTS.iter().find(|(own, _)| *own == value);
    event.map_or_else(|| sentence_case(value), |(_, words)| (*words).to_owned())
}
