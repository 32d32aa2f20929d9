//! JSON read so that every other parser would read the same: no repeated names, no lone surrogates, bounded depth and arrays;
//! text in NFC (Unicode Standard Annex #15) and without control characters but tab and line breaks.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::error::{Code, Error, Fault, Result};

const MAX_DEPTH: usize = 32;
const MAX_ITEMS: usize = 1000;

/// Reads `bytes`; unreadable is 400, a breach of the rules above 422 with every fault. The texts at the pointers `verbatim` stay as
/// they are, composed or not.
pub fn parse(bytes: &[u8], verbatim: &[String]) -> Result<Value> {
    let faults = RefCell::new(Vec::new());
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let seed = Node { pointer: String::new(), depth: 0, verbatim, faults: &faults };
    let value = seed.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    let faults = faults.into_inner();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    value.map_err(|error| {
        Error::refused(
            Code::MalformedRequest,
            format!("not valid JSON at line {}, column {}", error.line(), error.column()),
        )
    })
}

/// The fault of a text that carries characters which no field takes.
pub fn text_fault(pointer: &str, text: &str) -> Option<Fault> {
    let found = text.chars().find(|&letter| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r'))?;
    let code = if found == '\0' { "nul_character" } else { "control_character" };
    Some(Fault::new(pointer, code, format!("U+{:04X} is not allowed in text", found as u32)))
}

pub fn nfc(text: Cow<'_, str>) -> String {
    if is_nfc(&text) { text.into_owned() } else { text.nfc().collect() }
}

/// A name as a JSON Pointer token (RFC 6901, section 3).
pub fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

struct Node<'a> {
    pointer: String,
    depth: usize,
    verbatim: &'a [String],
    faults: &'a RefCell<Vec<Fault>>,
}

impl Node<'_> {
    fn child(&self, name: &str) -> Self {
        Node { pointer: format!("{}/{}", self.pointer, token(name)), depth: self.depth + 1, ..*self }
    }

    fn fault(&self, code: &str, detail: String) {
        self.faults.borrow_mut().push(Fault::new(self.pointer.as_str(), code, detail));
    }

    fn text(&self, text: Cow<'_, str>) -> Value {
        self.faults.borrow_mut().extend(text_fault(&self.pointer, &text));
        Value::String(if self.verbatim.contains(&self.pointer) { text.into_owned() } else { nfc(text) })
    }

    fn enter<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.depth < MAX_DEPTH {
            return Ok(());
        }
        self.fault("too_deep", format!("at most {MAX_DEPTH} levels"));
        Err(E::custom("too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(self.text(Cow::Borrowed(text)))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(self.text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self.child(&items.len().to_string()))? {
            if items.len() == MAX_ITEMS {
                self.fault("too_many_items", format!("at most {MAX_ITEMS} items"));
                return Err(A::Error::custom("too many items"));
            }
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let node = self.child(&name);
            let repeated = fields.contains_key(&name);
            if repeated {
                node.fault("repeated_name", "a name may appear only once in an object".to_owned());
            }
            self.faults.borrow_mut().extend(text_fault(&node.pointer, &name));
            fields.insert(name, map.next_value_seed(node)?);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn codes(text: &str) -> Vec<String> {
        match parse(text.as_bytes(), &[]) {
            Err(Error::Invalid(faults)) => {
                faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
            }
            Err(error) => vec![error.to_string()],
            Ok(_) => Vec::new(),
        }
    }

    #[test]
    fn refuses_what_parsers_read_differently() {
        assert_eq!(codes(r#"{"a": {"b": 1, "b": 2}}"#), ["/a/b repeated_name"]);
        assert_eq!(codes(r#"{"a": "x\u0000", "b/c": "\u0007"}"#), ["/a nul_character", "/b~1c control_character"]);
        assert_eq!(codes(r#""\ud800""#), ["malformed_request"]);
        assert_eq!(codes("{\"a\": 1} x"), ["malformed_request"]);
        assert_eq!(codes("1e999"), ["malformed_request"]);
        assert_eq!(codes("\"line\\n\\ttab\""), [""; 0]);
    }

    #[test]
    fn bounds_depth_and_arrays() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(codes(&nested(MAX_DEPTH)).is_empty());
        assert!(codes(&nested(MAX_DEPTH + 1))[0].ends_with("too_deep"));
        let items = |count: usize| format!("[{}]", vec!["1"; count].join(","));
        assert!(codes(&items(MAX_ITEMS)).is_empty());
        assert_eq!(codes(&items(MAX_ITEMS + 1)), [" too_many_items"]);
    }

    #[test]
    fn text_is_composed_but_where_it_is_wanted_as_it_is() {
        let text = "{\"name\": \"e\u{301}\", \"password\": \"e\u{301}\"}".as_bytes();
        let read = |verbatim: &[String]| parse(text, verbatim).unwrap();
        assert_eq!(read(&[]), json!({ "name": "\u{e9}", "password": "\u{e9}" }));
        assert_eq!(read(&["/password".to_owned()]), json!({ "name": "\u{e9}", "password": "e\u{301}" }));
    }
}
