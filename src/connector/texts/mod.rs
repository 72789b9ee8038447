//! The titles and descriptions that do not follow from the API. "You" is who builds the flow, for
//! the company that invites.

mod delivery;
mod events;
mod inputs;
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

/// Title and description of this place, if it has any.
pub(super) fn at(place: &str) -> Option<(&'static str, &'static str)> {
    let mut texts = TEXTS.into_iter().flatten();
    texts.find_map(|(own, title, about)| (*own == place).then_some((*title, *about)))
}
