//! The properties of a row.

use std::{fmt, ops::Index};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeSeed, MapAccess, Visitor},
};

/// The named text properties of a row, short names first, and those of one length in the order of
/// the alphabet. Names are identifiers; a value holds at most 32 Ki UTF-16 units.
///
/// A map whose texts lie in one string: a row of 20 properties is read, copied and dropped as one,
/// instead of as 40.
#[derive(Clone, Default)]
pub struct Fields {
    texts: String,
    entries: Vec<Entry>,
}

/// A property in the text: where its name starts, where its value starts, and where the value ends.
#[derive(Clone, Copy)]
struct Entry {
    name: usize,
    value: usize,
    end: usize,
}

impl Fields {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a property.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.find(name).ok()?;
        Some(self.pair(self.entries[at]).1)
    }

    /// Whether there is a property of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Sets a property.
    pub fn insert(&mut self, name: &str, value: &str) {
        let start = self.texts.len();
        self.texts.push_str(name);
        let middle = self.texts.len();
        self.texts.push_str(value);
        self.enter(start, middle);
    }

    /// Takes a property out; whether it was there.
    pub fn remove(&mut self, name: &str) -> bool {
        let found = self.find(name);
        if let Ok(at) = found {
            self.entries.remove(at);
        }
        found.is_ok()
    }

    /// Names and values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.entries.iter().map(|entry| self.pair(*entry))
    }

    /// All names and values in one text, and the lengths of each name and value in bytes.
    #[must_use]
    pub(super) fn to_parts(&self) -> (String, Vec<(usize, usize)>) {
        let texts = self.iter().flat_map(|(name, value)| [name, value]);
        let lengths = self.iter().map(|(name, value)| (name.len(), value.len()));
        (texts.collect(), lengths.collect())
    }

    /// From what [`Fields::to_parts`] gives; `None` for anything else.
    #[must_use]
    pub(super) fn from_parts(texts: String, lengths: &[(usize, usize)]) -> Option<Self> {
        let mut entries: Vec<Entry> = Vec::with_capacity(lengths.len());
        let mut name = 0_usize;
        for (of_name, of_value) in lengths {
            let value = name.checked_add(*of_name)?;
            let end = value.checked_add(*of_value)?;
            if !texts.is_char_boundary(value) || !texts.is_char_boundary(end) {
                return None;
            }
            entries.push(Entry { name, value, end });
            name = end;
        }
        let fields = Self { texts, entries };
        let in_order = fields
            .names()
            .zip(fields.names().skip(1))
            .all(|(one, next)| place(one) < place(next));
        (name == fields.texts.len() && in_order).then_some(fields)
    }

    fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.entries.iter().map(|entry| self.name(*entry))
    }

    fn name(&self, entry: Entry) -> &[u8] {
        &self.texts.as_bytes()[entry.name..entry.value]
    }

    fn pair(&self, Entry { name, value, end }: Entry) -> (&str, &str) {
        (&self.texts[name..value], &self.texts[value..end])
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.entries
            .binary_search_by(|entry| place(self.name(*entry)).cmp(&place(name.as_bytes())))
    }

    /// Enters the property that was just written at the end of the text.
    fn enter(&mut self, name: usize, value: usize) {
        let end = self.texts.len();
        let entry = Entry { name, value, end };
        match self.find(&self.texts[name..value]) {
            Ok(at) => self.entries[at] = entry,
            Err(at) => self.entries.insert(at, entry),
        }
    }
}

/// Where a name belongs. Names mostly differ in length, which is compared faster than texts.
fn place(name: &[u8]) -> (usize, &[u8]) {
    (name.len(), name)
}

impl Index<&str> for Fields {
    type Output = str;

    /// # Panics
    /// Where there is no such property.
    fn index(&self, name: &str) -> &str {
        self.get(name).unwrap_or_else(|| panic!("no {name}"))
    }
}

impl<N: AsRef<str>, V: AsRef<str>> Extend<(N, V)> for Fields {
    fn extend<T: IntoIterator<Item = (N, V)>>(&mut self, pairs: T) {
        for (name, value) in pairs {
            self.insert(name.as_ref(), value.as_ref());
        }
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Fields {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Self {
        let mut fields = Self::new();
        fields.extend(pairs);
        fields
    }
}

impl<N: AsRef<str>, V: AsRef<str>, const COUNT: usize> From<[(N, V); COUNT]> for Fields {
    fn from(pairs: [(N, V); COUNT]) -> Self {
        pairs.into_iter().collect()
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Fields {}

/// The values may be anyone's data.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Map)
    }
}

struct Map;

impl<'de> Visitor<'de> for Map {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::new();
        loop {
            let name = fields.texts.len();
            if map.next_key_seed(AtEnd(&mut fields.texts))?.is_none() {
                return Ok(fields);
            }
            let value = fields.texts.len();
            map.next_value_seed(AtEnd(&mut fields.texts))?;
            fields.enter(name, value);
        }
    }
}

/// Writes a text behind others.
struct AtEnd<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for AtEnd<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for AtEnd<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.0.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Act {
        Insert(String, String),
        Remove(String),
    }

    fn acts() -> impl Strategy<Value = Vec<Act>> {
        let act = prop_oneof![
            ("[a-c]{1,2}", ".{0,3}").prop_map(|(name, value)| Act::Insert(name, value)),
            "[a-c]{1,2}".prop_map(Act::Remove),
        ];
        proptest::collection::vec(act, 0..20)
    }

    proptest! {
        #[test]
        fn they_are_a_map(acts in acts()) {
            let (mut fields, mut map) = (Fields::new(), BTreeMap::new());
            for act in acts {
                match act {
                    Act::Insert(name, value) => {
                        fields.insert(&name, &value);
                        map.insert(name, value);
                    }
                    Act::Remove(name) => {
                        prop_assert_eq!(fields.remove(&name), map.remove(&name).is_some());
                    }
                }
            }
            let pairs = || map.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            prop_assert_eq!(fields.iter().collect::<BTreeMap<_, _>>(), pairs().collect());
            let places: Vec<_> = fields.names().map(place).collect();
            prop_assert!(places.is_sorted(), "{places:?}");
            prop_assert_eq!((fields.len(), fields.is_empty()), (map.len(), map.is_empty()));
            for name in ["a", "b", "ab", "cc"] {
                prop_assert_eq!(fields.get(name), map.get(name).map(String::as_str));
                prop_assert_eq!(fields.contains_key(name), map.contains_key(name));
            }
            prop_assert_eq!(&fields, &pairs().collect::<Fields>());
            let (texts, lengths) = fields.to_parts();
            let of_parts = Fields::from_parts(texts, &lengths);
            prop_assert_eq!(of_parts.as_ref(), Some(&fields));
            let json = serde_json::to_value(&map).unwrap();
            prop_assert_eq!(serde_json::to_value(&fields).unwrap(), json.clone());
            prop_assert_eq!(serde_json::from_value::<Fields>(json).unwrap(), fields);
        }
    }

    #[test]
    fn two_with_different_values_differ() {
        let fields = |value: &str| Fields::from([("a", "1"), ("b", value)]);
        assert_eq!(fields("1"), fields("1"));
        assert_ne!(fields("1"), fields("2"));
        assert_ne!(fields("1"), Fields::from([("a", "1")]));
        assert_ne!(Fields::from([("a", "bc")]), Fields::from([("ab", "c")]));
    }

    #[test]
    fn parts_of_no_row_are_refused() {
        let parts = |texts: &str, lengths: &[_]| Fields::from_parts(texts.to_owned(), lengths);
        assert_eq!(
            parts("n1é", &[(1, 3)]).unwrap(),
            Fields::from([("n", "1é")])
        );
        for lengths in [
            &[][..],
            &[(1, 2)],
            &[(1, 4)],
            &[(1, 0), (1, 1)],
            &[(1, 3), (1, 0)],
            &[(4, 0), (0, 1)],
            &[(0, 4), (0, 0)],
            &[(usize::MAX, 1)],
            &[(1, usize::MAX)],
            &[(1, 1), (usize::MAX, 5)],
        ] {
            assert_eq!(parts("n1é", lengths), None, "{lengths:?}");
        }
    }

    #[test]
    fn values_are_not_in_debug() {
        let fields = Fields::from([("name", "Anna")]);
        assert_eq!(format!("{fields:?}"), "[\"name\"]");
    }

    #[test]
    fn what_is_no_map_of_texts_is_refused() {
        for json in ["[]", r#"{"a":1}"#, r#"{"a":"#] {
            assert!(serde_json::from_str::<Fields>(json).is_err(), "{json}");
        }
    }
}
