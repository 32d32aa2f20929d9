use serde_json::{Map, Value, json};

/// The fields that changed, as they were and as they are, as the audit log shows them.
pub fn difference(before: &Value, after: &Value) -> Value {
    let differing = |these: &Value, those: &Value| -> Map<String, Value> {
        let fields = these.as_object().into_iter().flatten();
        let changed = fields.filter(|(name, value)| those[*name] != **value);
        changed.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    json!({ "before": differing(before, after), "after": differing(after, before) })
}
