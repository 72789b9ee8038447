//! The logo of the platform.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use percent_encoding::percent_decode_str;

/// The largest file.
const MAX_BYTES: usize = 8 * 1024;

/// What an SVG must not contain: it would run, or be loaded from elsewhere.
const FORBIDDEN: [&str; 7] = [
    "<!doctype",
    "<script",
    "<foreignobject",
    "<image",
    "<style",
    "<!entity",
    "javascript:",
];

/// An image of at most 8 KiB as a `data:` URI: a PNG, or an SVG that contains all that it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    uri: String,
    png: Option<Vec<u8>>,
}

impl Logo {
    /// The `data:` URI.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The file, if it is a PNG, which e-mail programs show.
    #[must_use]
    pub fn png(&self) -> Option<&[u8]> {
        self.png.as_deref()
    }
}

impl FromStr for Logo {
    type Err = &'static str;

    fn from_str(uri: &str) -> Result<Self, Self::Err> {
        const SHAPE: &str = "must be a data: URI such as data:image/png;base64,... or \
                             data:image/svg+xml;base64,...";
        let (kind, data) = uri
            .strip_prefix("data:")
            .and_then(|rest| rest.split_once(','))
            .ok_or(SHAPE)?;
        let (kind, bytes) = match kind.strip_suffix(";base64") {
            Some(kind) => (kind, BASE64.decode(data).map_err(|_| SHAPE)?),
            None => (kind, percent_decode_str(data).collect()),
        };
        if bytes.len() > MAX_BYTES {
            return Err("must be a file of at most 8 KiB");
        }
        let png = match kind.split(';').next() {
            Some("image/png") if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Some(bytes),
            Some("image/svg+xml") if is_safe_svg(&bytes) => None,
            Some("image/svg+xml") => {
                return Err("must be an SVG without scripts and references to other files");
            }
            _ => return Err(SHAPE),
        };
        // Attributes quote it; nothing else in it needs to be escaped.
        Ok(Self {
            uri: uri.replace('"', "%22"),
            png,
        })
    }
}

/// Browsers run no scripts and load nothing in an image; what an SVG must not have is refused all
/// the same, since people open the file by itself.
fn is_safe_svg(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let text = text.to_ascii_lowercase();
    let words = text.split(|c: char| c.is_ascii_whitespace() || c.is_ascii_control());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let text = words.join(" ").replace(" =", "=");
    let has_handler = text
        .split([' ', '/', '"', '\''])
        .any(|word| word.starts_with("on") && word.contains('='));
    let refers = |before: &str| {
        text.split(before)
            .skip(1)
            .any(|value| !value.trim_start_matches(['"', '\'', ' ']).starts_with('#'))
    };
    text.contains("<svg")
        && !has_handler
        && !refers("href=")
        && !refers("url(")
        && !FORBIDDEN.iter().any(|part| text.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(content: &str) -> Result<Logo, &'static str> {
        let file = format!("<svg xmlns='http://www.w3.org/2000/svg'>{content}</svg>");
        format!("data:image/svg+xml;base64,{}", BASE64.encode(file)).parse()
    }

    #[test]
    fn a_logo_is_an_svg_or_png() {
        assert!(
            svg("<path d='M0 0h9' fill='url(#b)'/><use href='#a'/>")
                .unwrap()
                .png()
                .is_none()
        );
        let png = BASE64.encode(b"\x89PNG\r\n\x1a\n...");
        let logo: Logo = format!("data:image/png;base64,{png}").parse().unwrap();
        assert!(logo.png().is_some());
        for wrong in [
            "https://example.com/logo.png",
            "data:image/png;base64,AAAA",
            "data:image/gif;base64,R0lGODlh",
            "data:text/html,<svg>",
        ] {
            assert!(wrong.parse::<Logo>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_logo_runs_and_loads_nothing() {
        for hostile in [
            "<script>alert(1)</script>",
            "<path onload='alert(1)'/>",
            "<use href='https://example.com/a.svg#b'/>",
            "<use xlink:href=\"//example.com\"/>",
            "<image href='#a'/>",
            "<foreignObject/>",
            "<path fill='url(https://example.com)'/>",
            "<path fill=\"url('https://example.com')\"/>",
            "<path fill='url( //example.com)'/>",
            "<use href  =  'https://example.com/a.svg#b'/>",
            "<use\nhref\t=\n'https://example.com/a.svg#b'/>",
            "<g/onclick=alert(1)>",
            "<path d='M0 0'onload='alert(1)'/>",
            "<!DOCTYPE svg SYSTEM 'http://example.com/a.dtd'>",
        ] {
            assert!(svg(hostile).is_err(), "{hostile}");
        }
        assert!(svg(&" ".repeat(9000)).is_err(), "8 KiB");
    }
}
