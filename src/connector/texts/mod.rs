//! The titles and descriptions that do not follow from the API. "You" is who builds the flow, for
//! the company that invites.

mod delivery;
mod events;
mod inputs;
mod items;
mod outputs;

/// Path, title, description. Where a path means different things, the definition is before it, or
/// `input` for all inputs; a member of the path, the query or a header has no definition.
type Text = (&'static str, &'static str, &'static str);

pub(super) const TEXTS: [&[Text]; 4] = [
    inputs::TEXTS,
    events::TEXTS,
    outputs::TEXTS,
    delivery::TEXTS,
];

/// What an item of the list at this place is, unless the API's words fit.
pub(super) fn item(place: &str) -> Option<&'static str> {
    let found = items::ITEMS.iter().find(|(own, _)| *own == place);
    found.map(|(_, about)| *about)
}

/// Title and description of this place, if it has any.
pub(super) fn at(place: &str) -> Option<(&'static str, &'static str)> {
    let mut texts = TEXTS.into_iter().flatten();
    texts.find_map(|(own, title, about)| (*own == place).then_some((*title, *about)))
}
