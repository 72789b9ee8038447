//! The colours of the platform: one from the settings, the others computed from it so that all text
//! is readable (WCAG 2.2, 1.4.3: contrast 4.5 : 1), on light and on dark screens.

use std::{fmt, str::FromStr, sync::OnceLock};

use super::{Policies, minify_css};
use crate::text::Lang;

/// The least contrast of text (WCAG 2.2, 1.4.3).
const MIN_TEXT_CONTRAST: f64 = 4.5;
const WHITE: Color = Color([255; 3]);
const BLACK: Color = Color([0; 3]);

/// The darkest background of a link in the light scheme, and the lightest in the dark one (`--bg`,
/// `--tint` in style.css).
const LINK_BACKGROUNDS: [Color; 2] = [Color([0xe6, 0xeb, 0xf3]), Color([0x23, 0x2e, 0x3d])];
/// The card in the dark scheme (`--card` in style.css): a button must contrast with it.
const DARK_CARD: Color = Color([0x18, 0x20, 0x2a]);

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 3]);

/// The style sheets in the colours of the platform.
#[derive(Clone, Debug)]
pub struct Theme {
    light: Shades,
    dark: Shades,
    /// Made when the first page needs them: the start of the process does not wait for all.
    sheets: Vec<(Lang, [OnceLock<Sheet>; 5])>,
}

/// The colours of one scheme, light or dark, for pages and e-mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shades {
    /// The main button.
    pub button: Color,
    /// The text on it.
    pub label: Color,
    /// A link, and the border of the main button: contrasts with its background, which the button
    /// need not.
    pub link: Color,
}

/// The kinds of pages, by the styles that they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetKind {
    /// With the company form.
    Company,
    /// With the company form, for browsers without scripts.
    CompanyWithoutScripts,
    /// With the field for a code.
    Code,
    /// Without fields.
    Text,
    /// Of the desk.
    Desk,
}

impl SheetKind {
    /// The style sheets beside the one of all pages.
    fn parts(self) -> &'static [&'static str] {
        const FORM: &str = include_str!("form.css");
        const NO_SCRIPT: &str = include_str!("no_script.css");
        const CONTACT: &str = include_str!("contact.css");
        const CONTACT_FIELDS: &str = include_str!("contact_fields.css");
        const PAGE: &str = include_str!("page.css");
        const DESK: &str = include_str!("desk/desk.css");
        const UPLOAD: &str = include_str!("desk/upload.css");
        match self {
            Self::Company => &[FORM, CONTACT],
            Self::CompanyWithoutScripts => &[FORM, CONTACT, NO_SCRIPT],
            Self::Code => &[FORM, CONTACT, PAGE],
            Self::Text => &[CONTACT, CONTACT_FIELDS, PAGE],
            Self::Desk => &[FORM, PAGE, DESK, UPLOAD],
        }
    }
}

/// A style sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The content of the `style` element.
    pub style: String,
    /// The content security policies of its pages.
    pub policies: Policies,
}

impl Sheet {
    fn new(style: String) -> Self {
        Self {
            policies: Policies::of_style(&style),
            style,
        }
    }
}

impl Color {
    /// The blue of "Get started now" where the settings name no other.
    pub const BLUE: Color = Color([0x0b, 0x5b, 0xd3]);

    /// WCAG 2.2, relative luminance: from 0 (black) to 1 (white).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// WCAG 2.2, contrast ratio: from 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Color) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// White or black, whichever is readable on this colour: one of them always has a contrast of
    /// 4.58 : 1 or more.
    fn label(self) -> Color {
        if self.contrast(WHITE) >= MIN_TEXT_CONTRAST {
            WHITE
        } else {
            BLACK
        }
    }

    /// This colour, or the nearest one towards `end` that has the contrast with `other`.
    fn with_contrast(self, other: Color, contrast: f64, end: Color) -> Color {
        (0..=100)
            .map(|percent| self.mix(end, percent))
            .find(|color| color.contrast(other) >= contrast)
            .unwrap_or(end)
    }

    /// Mixed with so many per cent of another colour.
    fn mix(self, other: Color, percent: u16) -> Color {
        let channel = |index: usize| {
            let (own, new) = (u16::from(self.0[index]), u16::from(other.0[index]));
            u8::try_from((own * (100 - percent) + new * percent) / 100).unwrap_or(u8::MAX)
        };
        Color([channel(0), channel(1), channel(2)])
    }
}

impl FromStr for Color {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const SHAPE: &str = "must be a colour such as #0b5bd3";
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .ok_or(SHAPE)?;
        let number = u32::from_str_radix(digits, 16).map_err(|_| SHAPE)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Color([red, green, blue]))
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Theme {
    /// In the colour of the platform.
    #[must_use]
    pub fn new(brand: Color) -> Theme {
        let [light_background, dark_background] = LINK_BACKGROUNDS;
        let light = Shades::new(
            brand,
            brand.with_contrast(light_background, MIN_TEXT_CONTRAST, BLACK),
        );
        let button = brand.with_contrast(DARK_CARD, 3.0, WHITE);
        let dark = Shades::new(button, brand.with_contrast(dark_background, 6.0, WHITE)); // 4.5 : 1 looks dull on dark
        Theme {
            light,
            dark,
            sheets: Lang::ALL
                .into_iter()
                .map(|lang| (lang, Default::default()))
                .collect(),
        }
    }

    /// The style sheet of a kind of page.
    #[must_use]
    pub fn sheet(&self, lang: Lang, kind: SheetKind) -> &Sheet {
        let of_lang = self
            .sheets
            .iter()
            .find(|(own, _)| *own == lang)
            .unwrap_or(&self.sheets[0]);
        of_lang.1[kind as usize].get_or_init(|| self.make_sheet(lang, kind))
    }

    fn make_sheet(&self, lang: Lang, kind: SheetKind) -> Sheet {
        let tokens = format!(
            ":root{{{}}}\n@media (prefers-color-scheme:dark){{:root{{{}}}}}",
            self.light.tokens(),
            self.dark.tokens()
        );
        let parts = [super::STYLE_SOURCE]
            .iter()
            .chain(kind.parts())
            .map(|part| minify_css(part));
        let style = [tokens, font_token(lang)]
            .into_iter()
            .chain(parts)
            .collect::<Vec<_>>()
            .join("\n");
        Sheet::new(style)
    }

    /// The colours of the light scheme, for e-mails.
    #[must_use]
    pub fn light(&self) -> Shades {
        self.light
    }

    /// The colours of the dark scheme.
    #[must_use]
    pub fn dark(&self) -> Shades {
        self.dark
    }
}

impl Default for Theme {
    fn default() -> Self {
        Theme::new(Color::BLUE)
    }
}

impl Shades {
    fn new(button: Color, link: Color) -> Self {
        Self {
            button,
            label: button.label(),
            link,
        }
    }

    /// The custom properties of one scheme. A pressed button moves away from its label in colour,
    /// which stays readable.
    fn tokens(self) -> String {
        let Self {
            button,
            label,
            link,
        } = self;
        let pressed = button.mix(if label == WHITE { BLACK } else { WHITE }, 18);
        format!("--blue:{button};--blue-down:{pressed};--on-blue:{label};--link:{link}")
    }
}

/// The fonts with the glyphs of the language: CJK characters are unified in Unicode, and drawn
/// differently in each.
pub(crate) fn cjk_fonts(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::ZhHant => &["PingFang TC", "Microsoft JhengHei UI", "Noto Sans CJK TC"],
        Lang::ZhHans => &["PingFang SC", "Microsoft YaHei UI", "Noto Sans CJK SC"],
        Lang::Ja => &["Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP"],
        Lang::En | Lang::De | Lang::Fr | Lang::It | Lang::Es => &[],
    }
}

/// These fonts as a custom property.
fn font_token(lang: Lang) -> String {
    let names: Vec<_> = cjk_fonts(lang)
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(":root{{--cjk:{}}}", names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(theme: &Theme, dark: bool, name: &str) -> Color {
        let part = theme
            .sheet(Lang::En, SheetKind::Text)
            .style
            .split("@media")
            .nth(usize::from(dark))
            .unwrap();
        let value = part.split(&format!("{name}:")).nth(1).unwrap();
        value[..7].parse().unwrap()
    }

    #[test]
    fn label_and_links_are_readable_in_any_colour() {
        let steps = [0_u8, 51, 102, 153, 204, 255];
        for brand in steps.into_iter().flat_map(|r| {
            steps
                .into_iter()
                .flat_map(move |g| steps.into_iter().map(move |b| Color([r, g, b])))
        }) {
            let theme = Theme::new(brand);
            for dark in [false, true] {
                let label = token(&theme, dark, "--on-blue");
                for button in ["--blue", "--blue-down"].map(|name| token(&theme, dark, name)) {
                    assert!(
                        button.contrast(label) >= MIN_TEXT_CONTRAST,
                        "{brand}: {label} on {button}"
                    );
                }
                let link = token(&theme, dark, "--link");
                assert!(
                    link.contrast(LINK_BACKGROUNDS[usize::from(dark)]) >= MIN_TEXT_CONTRAST,
                    "{brand}: the link {link}"
                );
            }
            assert!(
                token(&theme, true, "--blue").contrast(DARK_CARD) >= 3.0,
                "{brand} is invisible on dark"
            );
            assert_eq!(
                theme.light().button,
                brand,
                "the colour is kept where it can be"
            );
        }
    }

    /// The colours of style.css, each text on its background.
    #[test]
    fn every_text_of_the_style_sheet_is_readable() {
        let parts = [super::super::STYLE_SOURCE, include_str!("page.css")]
            .map(|part| part.split_once("prefers-color-scheme:dark").unwrap());
        let (light, dark) = (
            parts.map(|part| part.0).concat(),
            parts.map(|part| part.1).concat(),
        );
        let pairs = [
            ("on-orange", "orange"),
            ("on-orange", "orange-down"),
            ("on-grey", "grey"),
            ("ink", "bg"),
            ("ink", "card"),
            ("ink", "tint"),
            ("soft", "bg"),
            ("soft", "card"),
            ("soft", "tint"),
            ("bad", "card"),
            ("bad", "bad-tint"),
            ("ink", "bad-tint"),
        ];
        for (scheme, part) in [("light", &light), ("dark", &dark)] {
            let of = |name: &str| -> Color {
                let found = part
                    .split_once(&format!("--{name}:"))
                    .or_else(|| light.split_once(&format!("--{name}:")));
                let value = found.unwrap().1.split([';', '}']).next().unwrap().trim();
                let short = value.len() == 4;
                let long = |c: char| {
                    if short && c != '#' {
                        vec![c, c]
                    } else {
                        vec![c]
                    }
                };
                value
                    .chars()
                    .flat_map(long)
                    .collect::<String>()
                    .parse()
                    .unwrap()
            };
            for (text, ground) in pairs {
                let contrast = of(text).contrast(of(ground));
                assert!(
                    contrast >= MIN_TEXT_CONTRAST,
                    "{scheme}: --{text} on --{ground} is {contrast:.2} : 1"
                );
            }
            assert!(
                of("edge").contrast(of("card")) >= 3.0,
                "{scheme}: the edge of a field (WCAG 2.2, 1.4.11)"
            );
        }
    }

    #[test]
    fn a_colour_has_six_hexadecimal_digits() {
        assert_eq!("#0B5bd3".parse(), Ok(Color::BLUE));
        assert_eq!(Color::BLUE.to_string(), "#0b5bd3");
        for wrong in [
            "",
            "#",
            "0b5bd3",
            "#0b5bd",
            "#0b5bd3ff",
            "#0b5bdg",
            "blue",
            "#+b5bd3",
            "#0b5bd3;}body{",
        ] {
            assert!(wrong.parse::<Color>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        assert!((Color([0x76; 3]).contrast(WHITE) - 4.54).abs() < 0.01);
    }
}
