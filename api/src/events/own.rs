//! What the present request wrote to the log: its node takes that in before it answers.

use std::cell::RefCell;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::log::Entry;
use crate::state::AppState;

tokio::task_local! {
    static WRITTEN: RefCell<Vec<Entry>>;
}

pub(super) fn note(entry: Entry) {
    // Jobs and commands answer nobody: what they write reaches every node by the log.
    let _ = WRITTEN.try_with(|written| written.borrow_mut().push(entry));
}

pub async fn follow(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    match request.app_data::<Data<AppState>>().cloned() {
        Some(state) => noted(&state, next.call(request)).await,
        None => next.call(request).await,
    }
}

/// The same for work that a request has begun and may not wait for.
pub async fn noted<T>(state: &AppState, work: impl Future<Output = T>) -> T {
    let work = async {
        let done = work.await;
        let written = WRITTEN.with(RefCell::take);
        if !written.is_empty() {
            state.live.committed(&written);
        }
        state.candidates.note(written);
        done
    };
    WRITTEN.scope(RefCell::default(), work).await
}
