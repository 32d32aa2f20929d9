use std::collections::BTreeSet;
use std::ffi::OsString;

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::Value;
use serde::de::DeserializeOwned;

use super::PREFIX;

const DEFAULTS: &str = include_str!("../../config.default.toml");
const PLAIN_NAMES: [&str; 6] = ["APP_ENV", "HOST", "PORT", "DATABASE_URL", "REDIS_URL", "RUST_LOG"];

/// The values by their keys; each that cannot be read is a fault.
pub(super) struct Reader {
    figment: Figment,
    pub faults: Vec<String>,
}

impl Reader {
    pub fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        let known: BTreeSet<String> = figment
            .extract::<figment::value::Dict>()
            .map(|defaults| defaults.into_keys().collect())
            .unwrap_or_default();
        let mut faults = Vec::new();
        for (name, text) in variables {
            // Of a name that is no text, as much is read as shows whether it was meant for us.
            let name = name.to_string_lossy().into_owned();
            let Some(key) = setting_of(&name) else { continue };
            if !known.contains(&key) {
                faults.push(format!("{name} names no setting"));
                continue;
            }
            let Ok(text) = text.into_string() else {
                faults.push(format!("{name} is not UTF-8 text"));
                continue;
            };
            let value = parse(&figment, &key, text);
            figment = figment.merge(Serialized::default(&key, value));
        }
        Self { figment, faults }
    }

    pub fn get<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        self.figment
            .extract_inner(key)
            .map_err(|error| self.faults.push(format!("{}: {}", variable_of(key), error.kind)))
            .ok()
    }

    /// The same of a text that has a form of its own; `read` says what is wrong with it.
    pub fn get_with<T>(&mut self, key: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.get::<String>(key)?;
        read(&text).map_err(|fault| self.faults.push(fault)).ok()
    }
}

fn setting_of(variable: &str) -> Option<String> {
    if PLAIN_NAMES.contains(&variable) {
        return Some(variable.to_lowercase());
    }
    variable.strip_prefix(PREFIX).map(str::to_lowercase)
}

fn variable_of(key: &str) -> String {
    let name = key.to_uppercase();
    if PLAIN_NAMES.contains(&name.as_str()) { name } else { format!("{PREFIX}{name}") }
}

/// A variable takes the kind of its default: a list is split at commas, numbers and switches are read, all else is text.
fn parse(defaults: &Figment, key: &str, text: String) -> Value {
    match defaults.find_value(key) {
        Ok(Value::Array(..)) => Value::from(
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect::<Vec<_>>(),
        ),
        Ok(Value::Num(..)) => text.parse::<u64>().map_or_else(|_| Value::from(text.clone()), Value::from),
        Ok(Value::Bool(..)) => text.parse::<bool>().map_or_else(|_| Value::from(text.clone()), Value::from),
        _ => Value::from(text),
    }
}
