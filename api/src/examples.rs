//! What the examples of the document name: rows of the seeded data, who may do what is shown, and what is answered. A test
//! holds each against a freshly seeded database.

use std::sync::LazyLock;

use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};

const OWNER: &str = "owner@example.org";
const ADMIN: &str = "admin@example.org";
const MENTOR: &str = "mentor@example.org";
const MENTEE: &str = "mentee@example.org";

/// A mentor with a free place who has been the mentee's mentor before.
pub const PRIYA: &str = "019c1cd4-47c0-7c43-ac63-2f144fd49a65";
/// A mentor and mentee.
pub const LUCAS: &str = "019c427c-c880-7c24-ac63-20beff29a40a";
/// The mentor who signs in as `mentor@example.org`.
pub const AMARA: &str = "019bd569-3300-7b9e-957f-41f45d3fb672";
const LINH: &str = "019bf84c-2b20-7817-9cae-57f77eb8adab";
const GRACE_WAITING: &str = "01a18e7c-b560-7a02-ae9f-9929f3c1417e";
const OMAR_SUSPENDED: &str = "019cad86-8440-772a-9d76-d6d872e55a3f";
const ACTIVE_MENTORSHIP: &str = "01a07c06-9000-7a9e-bc97-085910088cb5";
const REQUEST_TO_MENTOR: &str = "01a182f8-b5e0-7ebf-85c4-a7b0c2bcdc69";
const REQUEST_OF_MENTEE: &str = "01a18ce9-e060-7228-bfae-0c5e5e0eb1e8";
const SUGGESTION: &str = "01a17627-75e0-7358-a215-7d9a342e991e";
const ANOTHER_SUGGESTION: &str = "01a18073-4380-7f4b-9f14-f25a10ee6cc2";
const GOAL: &str = "01a0a547-2ba0-7001-b10f-85201be55975";
const MILESTONE: &str = "01a0a547-2ba0-7561-94be-d0ad156c0ee0";
const NOTE: &str = "01a0e86c-3240-7f96-8d9a-378a0c2fe78c";
const MEETING: &str = "01a17d9f-ff40-7737-8cee-cd1e5db4623a";
const PROPOSED_MEETING: &str = "01a1914b-65c0-723c-a629-1a024cf68b19";
const PAST_MEETING: &str = "01a16d23-6a80-7d2e-9b24-1ed6ee5b854b";
const CONVERSATION: &str = "01a18d3e-0b02-7590-a229-b23d0e9dcfca";
const ACCOUNT: &str = "019bf84c-2b20-73fa-b500-230788838523";
const SESSION: &str = "01a19501-a7a5-7060-aea4-d74179256a2b";
/// A message of the mentee's in that mentorship.
const MESSAGE: &str = "01a180b3-a854-7754-a403-aedcd8ef3126";
const BLOCK: &str = "019ef07d-d14b-7d0c-a462-ec0cb607be75";
const ISSUE: &str = "019ef066-edeb-70d0-b35c-2b290a020de6";
const NOTIFICATION: &str = "01a1914b-65c0-78da-950c-8ea14c886da9";

/// For an operation, or for all below a path, the row and the member whose example it is. The first that fits holds.
const ROWS: &[(&str, &str, &str)] = &[
    ("approve_account", GRACE_WAITING, ADMIN),
    ("reactivate_account", OMAR_SUSPENDED, ADMIN),
    ("suspend_account", LUCAS, ADMIN),
    ("/admin/users", LINH, ADMIN),
    ("/owner/users", LUCAS, OWNER),
    ("approve_mentorship", REQUEST_OF_MENTEE, ADMIN),
    ("/admin/mentorships", ACTIVE_MENTORSHIP, ADMIN),
    ("merge_term", "devops", ADMIN),
    ("/admin/taxonomy", "backend-development", ADMIN),
    ("/skills", "backend-development", MENTEE),
    ("/users", AMARA, MENTEE),
    ("decline_suggestion", ANOTHER_SUGGESTION, MENTEE),
    ("/suggestions", SUGGESTION, MENTEE),
    ("/me/suggestions", SUGGESTION, MENTEE),
    ("accept_mentorship", REQUEST_TO_MENTOR, MENTOR),
    ("decline_mentorship", REQUEST_TO_MENTOR, MENTOR),
    ("withdraw_mentorship", REQUEST_OF_MENTEE, MENTEE),
    ("/mentorships", ACTIVE_MENTORSHIP, MENTEE),
    ("/goals", GOAL, MENTEE),
    ("/milestones", MILESTONE, MENTEE),
    ("/notes", NOTE, MENTEE),
    ("confirm_meeting", PROPOSED_MEETING, MENTEE),
    ("hold_meeting", PAST_MEETING, MENTEE),
    ("miss_meeting", PAST_MEETING, MENTEE),
    ("/meetings", MEETING, MENTEE),
    ("/conversations", CONVERSATION, MENTEE),
    ("/messages", MESSAGE, MENTEE),
    ("/me/blocks", BLOCK, MENTEE),
    ("/me/issues", ISSUE, MENTEE),
    ("/admin/issues", ISSUE, ADMIN),
    ("/me/accounts", ACCOUNT, MENTEE),
    ("/me/sessions", SESSION, MENTEE),
    ("reauthenticate", "", MENTEE),
    ("/notifications", NOTIFICATION, MENTEE),
    ("save_mentor", "", MENTOR),
];

/// Parameters that are the same wherever they stand.
const KIND: &str = "skills";
const PROVIDER: &str = "github";
const VERSION: i32 = 1;

/// The answer to the example of each operation, by its id; long lists are cut short.
static ANSWERS: LazyLock<[Value; 2]> =
    LazyLock::new(|| [include_str!("examples/reads.json"), include_str!("examples/writes.json")].map(parse));

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Fills the path parameters of `operation` with what exists in the seeded data, and says by whom the example is and what it
/// answers.
pub fn apply(path: &str, operation: &mut Operation) {
    let id = operation.operation_id.clone().unwrap_or_default();
    let below = |prefix: &str| path.strip_prefix("/api/v1").is_some_and(|path| path.starts_with(prefix));
    let fits = |row: &str| if row.starts_with('/') { below(row) } else { row == id };
    let known = ROWS.iter().find(|(row, _, _)| fits(row));
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && parameter.parameter_in == ParameterIn::Path
        {
            let value = match parameter.name.as_str() {
                "kind" => Some(json!(KIND)),
                "provider" => Some(json!(PROVIDER)),
                "version" => Some(json!(VERSION)),
                _ => known.map(|(_, row, _)| json!(row)),
            };
            *parameter = ParameterBuilder::from(parameter.clone()).example(value).build();
        }
    }
    if let Some(member) = known.map(|(_, _, member)| *member).or_else(|| least(operation)) {
        let by = ExtensionsBuilder::new().add("x-example-by", member).build();
        operation.extensions.get_or_insert_default().merge(by);
    }
    // A refresh token is good once, so its own example cannot be tried; it answers like a sign-in.
    let like = if id == "refresh" { "sign_in" } else { &id };
    if let Some(answer) = ANSWERS.iter().find_map(|answers| answers.get(like)) {
        show(answer, operation);
    }
}

fn show(answer: &Value, operation: &mut Operation) {
    let answers = operation.responses.responses.iter_mut().filter(|(status, _)| status.starts_with('2'));
    for (_, response) in answers {
        if let RefOr::T(response) = response
            && let Some(RefOr::T(json)) = response.content.get_mut("application/json")
        {
            json.example = Some(answer.clone());
        }
    }
}

/// Whether only admins or owners may.
pub fn is_for_staff(operation: &Operation) -> bool {
    matches!(least(operation), Some(ADMIN | OWNER))
}

/// The least of the seeded members whom the operation admits; nobody has to be anybody where it is public.
fn least(operation: &Operation) -> Option<&'static str> {
    let security = serde_json::to_value(operation.security.as_ref()?).ok()?;
    Some(match security[0]["bearer"][0].as_str()? {
        "owner" => OWNER,
        "admin" => ADMIN,
        _ => MENTEE,
    })
}
