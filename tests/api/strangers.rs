//! What belongs to others looks like nothing: each operation on one thing answers a stranger as it answers a made-up id.

use support::{App, Operation, document};

use crate::cell::Cell;
use crate::matrix::anonymous;

/// Things that every member may see.
const SEEN_BY_ALL: [&str; 2] = ["get_user", "report_user"];

fn is_private(operation: &Operation) -> bool {
    let for_members = matches!(operation.role.as_deref(), Some("registered" | "member"));
    for_members && operation.path.contains("{id}") && !SEEN_BY_ALL.contains(&operation.id.as_str())
}

#[tokio::test]
async fn what_belongs_to_others_looks_like_nothing() {
    let app = App::seeded().await;
    for operation in document().operations.iter().filter(|operation| is_private(operation)) {
        let cell = Cell::new(&app, operation, None, "str", "str").await;
        let (theirs, nothing) = (cell.send().await, cell.send_to_nothing(&app).await);
        theirs.refused(404, "not_found");
        assert_eq!(anonymous(&theirs), anonymous(&nothing), "{}\n{theirs}\n{nothing}", operation.id);
        assert_eq!(theirs.names(), nothing.names(), "headers of {}\n{theirs}", operation.id);
    }
}

#[tokio::test]
async fn what_is_ones_own_is_there() {
    let app = App::seeded().await;
    for operation in document().operations.iter().filter(|operation| is_private(operation)) {
        let of_one_alone = ["notification", "session", "account", "push-subscription", "block", "issue", "messages"]
            .iter()
            .any(|thing| operation.path.contains(thing));
        let persona = if of_one_alone { "self" } else { "mee" };
        let answer = Cell::new(&app, operation, None, persona, persona).await.send().await;
        assert_ne!(answer.status, 404, "{}\n{answer}", operation.id);
    }
}
