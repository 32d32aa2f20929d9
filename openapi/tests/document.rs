//! Lints of the document: what every operation owes its readers. All faults of a kind show at once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

use api::error::Code;
use serde_json::Value;

/// The operations that anybody may call without a token.
const PUBLIC: &[&str] = &[
    "accept_invitation",
    "confirm_email",
    "exchange_oauth_code",
    "finish_oauth",
    "get_branding",
    "get_key_set",
    "get_push_key",
    "list_mails",
    "list_providers",
    "live",
    "open_socket",
    "openapi_document",
    "ready",
    "refresh",
    "refresh_by_cookie",
    "request_password_reset",
    "request_sign_in_link",
    "reset_password",
    "show_unsubscribe",
    "sign_in",
    "sign_in_by_link",
    "sign_out_by_cookie",
    "sign_up",
    "start_oauth",
    "undo_email_change",
    "unsubscribe",
    "verify_email",
];
const ROLES: &[&str] = &["registered", "member", "admin", "owner"];

struct Operation {
    id: String,
    method: String,
    path: String,
    json: Value,
}

fn document() -> Value {
    serde_json::from_str(&api::openapi().to_json().unwrap()).unwrap()
}

fn operations(document: &Value) -> Vec<Operation> {
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().clone();
        let path = path.clone();
        methods.into_iter().filter(|(_, json)| json.get("responses").is_some()).map(move |(method, json)| Operation {
            id: json["operationId"].as_str().unwrap_or_default().to_owned(),
            method,
            path: path.clone(),
            json,
        })
    };
    document["paths"].as_object().unwrap().iter().flat_map(of_path).collect()
}

impl Operation {
    fn role(&self) -> Option<&str> {
        self.json["security"][0]["bearer"][0].as_str()
    }

    fn has(&self, status: &str) -> bool {
        self.json["responses"].get(status).is_some()
    }
}

/// Fails with every fault that `find` has in any operation.
fn each(find: impl Fn(&Operation) -> Vec<String>) {
    let document = document();
    let all = operations(&document);
    let faults: Vec<_> =
        all.iter().flat_map(|one| find(one).into_iter().map(|fault| format!("{}: {fault}", one.id))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn fault(wrong: bool, words: impl Into<String>) -> Option<String> {
    wrong.then(|| words.into())
}

#[test]
fn the_committed_document_is_that_of_the_code() {
    let check = Command::new(env!("CARGO_BIN_EXE_openapi")).arg("--check").output().unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}

#[test]
fn operation_ids_are_unique_words() {
    let mut seen = BTreeSet::new();
    for one in operations(&document()) {
        assert!(one.id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'), "{:?}", one.id);
        assert!(!one.id.is_empty() && seen.insert(one.id.clone()), "{:?} at {} {}", one.id, one.method, one.path);
    }
}

#[test]
fn each_operation_has_one_tag_and_a_summary() {
    each(|one| {
        let summary = one.json["summary"].as_str().unwrap_or_default();
        let tags = one.json["tags"].as_array().map_or(0, Vec::len);
        let faults = [
            fault(tags != 1, "it has not one tag"),
            fault(summary.is_empty() || summary.ends_with('.') || summary.len() > 80, "its summary is no short title"),
        ];
        faults.into_iter().flatten().collect()
    });
}

#[test]
fn each_operation_names_the_least_role_or_is_listed_as_public() {
    let of = |one: &Operation| fault(one.role().is_some_and(|role| !ROLES.contains(&role)), "its role is unknown");
    each(|one| of(one).into_iter().collect());
    let open: Vec<_> =
        operations(&document()).into_iter().filter(|one| one.role().is_none()).map(|one| one.id).collect();
    assert_eq!(open.iter().map(String::as_str).collect::<BTreeSet<_>>(), PUBLIC.iter().copied().collect());
}

#[test]
fn each_answer_is_described() {
    each(|one| {
        let answers = one.json["responses"].as_object().unwrap();
        let bare = |answer: &Value| answer["description"].as_str().unwrap_or_default().trim().is_empty();
        answers
            .iter()
            .filter(|(_, answer)| bare(answer))
            .map(|(status, _)| format!("{status} is not described"))
            .collect()
    });
}

#[test]
fn each_operation_documents_the_refusals_of_its_kind() {
    each(|one| {
        let guarded = one.role().is_some();
        let may_send = one.method != "get";
        let of_one = one.path.contains('{');
        let due = [
            (guarded, "401"),
            (guarded, "403"),
            (of_one, "404"),
            (true, "400"),
            (may_send, "408"),
            (may_send, "413"),
            (may_send, "415"),
            (true, "422"),
            (true, "503"),
        ];
        due.iter().filter(|(due, status)| *due && !one.has(status)).map(|(_, status)| format!("no {status}")).collect()
    });
}

#[test]
fn each_refusal_names_codes_of_its_status() {
    each(|one| {
        let answers = one.json["responses"].as_object().unwrap();
        let refusals = answers.iter().filter(|(status, _)| status.starts_with(['4', '5']));
        refusals.flat_map(|(status, answer)| code_faults(status, answer["description"].as_str().unwrap())).collect()
    });
}

fn code_faults(status: &str, description: &str) -> Vec<String> {
    let words: Vec<_> = description.split('`').skip(1).step_by(2).collect();
    let codes: Vec<_> = Code::ALL.iter().filter(|code| words.contains(&code.word().as_str())).collect();
    let strays = codes.iter().filter(|code| code.status().as_str() != status);
    let mut faults: Vec<_> = strays.map(|code| format!("`{}` is not of {status}", code.word())).collect();
    faults.extend(fault(codes.is_empty(), format!("{status} names no code")));
    faults
}

#[test]
fn each_parameter_of_a_path_is_documented_and_no_other() {
    each(|one| {
        let mut wanted: Vec<_> = one.path.split(['{', '}']).skip(1).step_by(2).collect();
        let parameters = one.json["parameters"].as_array().into_iter().flatten();
        let mut named: Vec<_> =
            parameters.filter(|each| each["in"] == "path").filter_map(|each| each["name"].as_str()).collect();
        wanted.sort_unstable();
        named.sort_unstable();
        fault(wanted != named, format!("its path has {wanted:?}, documented are {named:?}")).into_iter().collect()
    });
}

#[test]
fn each_body_has_an_example() {
    let document = document();
    each(|one| {
        let Some(body) = one.json.get("requestBody") else { return Vec::new() };
        let Some(content) = body["content"].as_object().and_then(|kinds| kinds.values().next()) else {
            return vec!["its body is of no kind".to_owned()];
        };
        let schema = &content["schema"];
        let link = schema["$ref"].as_str().and_then(|link| link.strip_prefix('#'));
        let schema = link.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema);
        let shown = |fields: &Value| {
            fields.as_object().is_some_and(|all| all.values().any(|each| each.get("example").is_some()))
        };
        let there = content.get("example").is_some() || schema.get("example").is_some() || shown(&schema["properties"]);
        fault(!there, "its body has no example").into_iter().collect()
    });
}

#[test]
fn references_lead_somewhere() {
    let document = document();
    let mut used = BTreeSet::new();
    collect_links(&document, &mut used);
    let dangling: Vec<_> =
        used.iter().filter(|link| document.pointer(link.trim_start_matches('#')).is_none()).collect();
    assert!(dangling.is_empty(), "{dangling:?}");
}

fn collect_links(value: &Value, links: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            links.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|inner| collect_links(inner, links));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect_links(inner, links)),
        _ => {}
    }
}

#[test]
fn every_text_list_and_number_is_bounded() {
    let mut faults = Vec::new();
    find_unbounded(&document(), &mut String::new(), &mut faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn find_unbounded(value: &Value, at: &mut String, faults: &mut Vec<String>) {
    let is = |kind: &str| {
        value["type"] == kind || value["type"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    };
    let has = |name: &str| value.get(name).is_some();
    let is_fixed =
        has("enum") || has("const") || matches!(value["format"].as_str(), Some("uuid" | "date" | "date-time"));
    let lacks = [
        (is("string") && !is_fixed && !has("maxLength"), "maxLength"),
        (is("array") && !has("maxItems"), "maxItems"),
        ((is("integer") || is("number")) && !has("minimum"), "minimum"),
        ((is("integer") || is("number")) && !has("maximum"), "maximum"),
    ];
    faults.extend(lacks.iter().filter(|(lacks, _)| *lacks).map(|(_, name)| format!("{at}: no {name}")));
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, inner)| (name.clone(), inner)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, inner)| (index.to_string(), inner)).collect(),
        _ => return,
    };
    for (name, inner) in
        children.into_iter().filter(|(name, _)| !matches!(name.as_str(), "example" | "examples" | "default"))
    {
        let length = at.len();
        at.push('/');
        at.push_str(&name);
        find_unbounded(inner, at, faults);
        at.truncate(length);
    }
}
