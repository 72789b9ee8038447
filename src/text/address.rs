//! The lines of a postal address, in the order of its country.

use std::{collections::HashMap, sync::LazyLock};

/// Tab-separated country, format, and the format for Latin script where it differs. `addresses.py`
/// writes it.
const DATA: &str = include_str!("addresses.tsv");

/// The country whose format is used where a country has none.
const ANY: &str = "ZZ";

/// A postal address; what is not known is empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Address<'a> {
    /// The addressee.
    pub organization: &'a str,
    /// Street and number.
    pub street: &'a str,
    /// City or town.
    pub city: &'a str,
    /// State, province or county.
    pub region: &'a str,
    /// Postal code.
    pub postal_code: &'a str,
    /// ISO 3166-1 alpha-2, or `XK`.
    pub country: &'a str,
}

/// A part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A value of the address, as it is.
    Value(Part, &'a str),
    /// What the format has between the values, or before one.
    Literal(&'static str),
}

/// A value of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the parts are those of the address")]
pub enum Part {
    Organization,
    Street,
    City,
    Region,
    PostalCode,
}

/// An element of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    NewLine,
    Literal(&'static str),
    Part(Part),
    /// A part that addresses here do not have, such as the person.
    Absent,
}

/// An address by the format of its country.
#[derive(Debug)]
pub struct Layout<'a> {
    /// The lines, without that of the country.
    pub lines: Vec<Vec<Piece<'a>>>,
    /// Values of the address that its country does not print, such as a Swiss canton.
    pub unprinted: Vec<(Part, &'a str)>,
    /// Whether the address goes from large to small, so that the country comes first.
    pub from_large: bool,
}

impl<'a> Layout<'a> {
    /// In the order of the country, and of the script in which the address is written.
    #[must_use]
    pub fn of(address: &Address<'a>) -> Self {
        let mut format = format(address);
        let from_large = is_largest_first(&format);
        add_city(&mut format, address, from_large);
        let unprinted = [Part::Region, Part::PostalCode]
            .map(|part| (part, address.value(part)))
            .into_iter()
            .filter(|(part, value)| !value.is_empty() && position(&format, *part).is_none())
            .collect();
        let lines = fill(&format, address)
            .split(Option::is_none)
            .map(|line| line.iter().flatten().copied().collect::<Vec<_>>())
            .filter(|line| !line.is_empty())
            .collect();
        Self {
            lines,
            unprinted,
            from_large,
        }
    }
}

/// The parts of an address in the order in which the country writes them in Latin script, for the
/// fields of a form; a part that the country does not print is placed beside the next larger or
/// smaller part.
#[must_use]
pub fn order(country: &str) -> [Part; 4] {
    use Part::{City, PostalCode, Region, Street};
    let [_, latin] = formats(country);
    let format = elements(latin);
    let size = |part| match part {
        PostalCode => (Some(format.len()), 3),
        Region => (order_of(&format, &[City, Street]), 2),
        City => (order_of(&format, &[Street]), 1),
        Street | Part::Organization => (Some(0), 0),
    };
    let place = |part: Part| {
        let (without, size) = size(part);
        (position(&format, part).or(without), size)
    };
    let mut parts = [Street, City, Region, PostalCode];
    parts.sort_by_key(|part| place(*part));
    parts
}

/// Where the first of these parts is that the format has.
fn order_of(format: &[Element], parts: &[Part]) -> Option<usize> {
    parts.iter().find_map(|part| position(format, *part))
}

impl<'a> Address<'a> {
    fn value(&self, part: Part) -> &'a str {
        match part {
            Part::Organization => self.organization,
            Part::Street => self.street,
            Part::City => self.city,
            Part::Region => self.region,
            Part::PostalCode => self.postal_code,
        }
    }

    /// Blocks of the Unicode standard: Latin letters end at U+024F, but for those with the accents
    /// of Vietnamese.
    fn is_latin(&self) -> bool {
        let latin =
            |c: char| !c.is_alphabetic() || matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
        [self.street, self.city, self.region]
            .iter()
            .all(|value| value.chars().all(latin))
    }
}

fn format(address: &Address<'_>) -> Vec<Element> {
    let [local, latin] = formats(address.country);
    elements(if address.is_latin() { latin } else { local })
}

/// The format of the country, and that for Latin script.
fn formats(country: &str) -> [&'static str; 2] {
    type Formats = HashMap<&'static str, [&'static str; 2]>;
    static FORMATS: LazyLock<Formats> = LazyLock::new(|| {
        let row = |line: &'static str| {
            let mut columns = line.split('\t');
            let (country, local) = (columns.next()?, columns.next()?);
            Some((country, [local, columns.next().unwrap_or(local)]))
        };
        DATA.lines().filter_map(row).collect()
    });
    let of = |country| FORMATS.get(country);
    of(country).or_else(|| of(ANY)).copied().unwrap_or_default()
}

/// The syntax is that of Google's address metadata: `%` and a letter stand for a part.
fn elements(format: &'static str) -> Vec<Element> {
    let mut elements = Vec::new();
    for (index, piece) in format.split('%').enumerate() {
        let (code, literal) = piece.split_at(usize::from(index > 0 && !piece.is_empty()));
        elements.extend(match code {
            "" => None,
            "n" => Some(Element::NewLine),
            "O" => Some(Element::Part(Part::Organization)),
            "A" => Some(Element::Part(Part::Street)),
            "C" => Some(Element::Part(Part::City)),
            "S" => Some(Element::Part(Part::Region)),
            "Z" => Some(Element::Part(Part::PostalCode)),
            _ => Some(Element::Absent),
        });
        if !literal.is_empty() {
            elements.push(Element::Literal(literal));
        }
    }
    elements
}

fn position(format: &[Element], part: Part) -> Option<usize> {
    format
        .iter()
        .position(|element| *element == Element::Part(part))
}

/// Whether the street follows the city, the region or the postal code.
fn is_largest_first(format: &[Element]) -> bool {
    let street = position(format, Part::Street);
    let larger = [Part::City, Part::Region, Part::PostalCode];
    larger
        .iter()
        .filter_map(|part| position(format, *part))
        .any(|at| Some(at) < street)
}

/// Adds the city where the format has none of its own, and does not name it: the metadata counts it
/// as a part of the street there, as in Japan.
fn add_city(format: &mut Vec<Element>, address: &Address<'_>, from_large: bool) {
    let names_city = |element: &Element| matches!(element, Element::Literal(text) if text.trim().eq_ignore_ascii_case(address.city));
    let is_missing = position(format, Part::City).is_none() && !address.city.is_empty();
    if is_missing && !format.iter().any(names_city) {
        insert(format, Part::City, Part::Street, from_large);
    }
}

/// Adds a part beside the smaller one: after it, or before it where addresses go from large to
/// small.
fn insert(format: &mut Vec<Element>, part: Part, smaller: Part, from_large: bool) {
    let is_end = |element: &Element| *element == Element::NewLine;
    let place = position(format, smaller).unwrap_or_default();
    let start = format[..place]
        .iter()
        .rposition(is_end)
        .map_or(0, |end| end + 1);
    let end = format[place..]
        .iter()
        .position(is_end)
        .map_or(format.len(), |end| place + end);
    let (part, region) = (Element::Part(part), Element::Part(Part::Region));
    if from_large && start > 1 && format[start - 2] == region {
        format.insert(start - 1, part);
    } else if from_large {
        format.splice(start..start, [part, Element::NewLine]);
    } else if matches!(format.get(place + 1), Some(Element::Literal(_))) {
        format.splice(place + 1..=place, [Element::Literal(", "), part]);
    } else {
        format.splice(end..end, [Element::NewLine, part]);
    }
}

/// The pieces, with `None` between lines. Literals beside an empty value go with it, by the rule of
/// libaddressinput.
fn fill<'a>(format: &[Element], address: &Address<'a>) -> Vec<Option<Piece<'a>>> {
    let mut filled: Vec<Option<Piece<'a>>> = Vec::new();
    for (index, element) in format.iter().enumerate() {
        match *element {
            Element::NewLine => filled.push(None),
            Element::Part(part) if !address.value(part).is_empty() => {
                filled.push(Some(Piece::Value(part, address.value(part))));
            }
            Element::Part(_) | Element::Absent => {}
            Element::Literal(text) => {
                let follows_value = matches!(filled.last(), Some(Some(Piece::Value(..))));
                let follows_part =
                    index > 0 && matches!(format[index - 1], Element::Part(_) | Element::Absent);
                let next = format.get(index + 1).copied();
                if (follows_value || !follows_part) && precedes_value(text, next, address) {
                    filled.push(Some(Piece::Literal(text)));
                }
            }
        }
    }
    filled
}

/// Whether the literal leads to something: not to an empty value, nor to one that begins with it,
/// such as a postal code with its prefix.
fn precedes_value(literal: &str, next: Option<Element>, address: &Address<'_>) -> bool {
    match next {
        None | Some(Element::NewLine | Element::Literal(_)) => true,
        Some(Element::Absent) => false,
        Some(Element::Part(part)) => {
            let (value, prefix) = (address.value(part), literal.trim());
            !value.is_empty() && (prefix.is_empty() || !value.starts_with(prefix))
        }
    }
}
