//! The icon of the tab: the initial of the platform on its colour.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{
    Shades,
    markup::{Markup, escape},
};

/// What a `data:` URI in an attribute must not contain as it is.
const IN_DATA_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'<')
    .add(b'>')
    .add(b'"');

/// The initial of the platform's name, in place of a logo, and the icon of the tab.
#[derive(Clone, Debug)]
pub struct Icon {
    pub(super) initial: String,
    /// In a quoted attribute.
    pub(super) uri: Markup,
}

impl Icon {
    /// Of a platform of this name, in these colours.
    #[must_use]
    pub fn new(name: &str, Shades { button, label, .. }: Shades) -> Self {
        let initial = name.chars().find(|c| c.is_alphanumeric());
        let initial: String = initial.map_or_else(String::new, |c| c.to_uppercase().collect());
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' \
             height='32' rx='8' fill='{button}'/><text x='16' y='23' font-size='20' \
             font-family='Arial' font-weight='700' text-anchor='middle' fill='{label}'>{}</text>\
             </svg>",
            escape(&initial)
        );
        let encoded = utf8_percent_encode(&svg, IN_DATA_URI);
        Self {
            initial,
            uri: Markup::data_uri(format!("data:image/svg+xml,{encoded}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::Theme;

    #[test]
    fn the_initial_is_a_letter_or_digit() {
        let initial = |name| Icon::new(name, Theme::default().light()).initial;
        assert_eq!(initial("\"éclair\""), "É");
        assert_eq!(initial("<&> 4 you"), "4");
        assert_eq!(initial("王 rConnect"), "王");
        assert_eq!(initial("…"), "");
    }
}
