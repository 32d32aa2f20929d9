//! The log of security events: who did, or was refused, what touches identity or access. Each is a line of the target `security` in
//! the span of its request, so it carries the time and the request's id; every value is one of ours, so nobody writes lines of
//! their own into it.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use uuid::Uuid;

use crate::auth;
use crate::error::Error;
use crate::http::{ClientAddress, operations};

/// Who somebody proved to be by the request that is answered; an extension of the answer.
pub struct Proved(pub Uuid);

pub async fn watch<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let operation = operations::of_request(&request, |one| (one.id.clone(), one.is_sensitive));
    let caller = auth::recognised(request.request()).map(|known| known.user_id);
    let address = ClientAddress::of(request.request());
    let outcome = next.call(request).await;
    let Some((operation, is_sensitive)) = operation else { return outcome };
    let (status, word, proved) = read(&outcome);
    if is_sensitive || status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN {
        let actor = proved.or(caller).map(|id| id.to_string());
        tracing::info!(
            target: "security", operation, outcome = word, actor, address = address.exact(), "security event"
        );
    }
    outcome
}

/// The status, `ok` or the code of the refusal, and who proved who they are.
fn read<B>(outcome: &Result<ServiceResponse<B>, actix_web::Error>) -> (StatusCode, String, Option<Uuid>) {
    let code = |error: Option<&actix_web::Error>| {
        error.and_then(|error| error.as_error::<Error>()).map(|error| error.code().word())
    };
    match outcome {
        Ok(answer) if answer.status().is_success() || answer.status().is_redirection() => {
            let proved = answer.response().extensions().get::<Proved>().map(|Proved(id)| *id);
            (answer.status(), "ok".to_owned(), proved)
        }
        Ok(answer) => (answer.status(), code(answer.response().error()).unwrap_or_default(), None),
        Err(error) => (error.as_response_error().status_code(), code(Some(error)).unwrap_or_default(), None),
    }
}
