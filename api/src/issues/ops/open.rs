use entity::issue::{self, ActiveModel, Column, Entity, Kind, Model, Status};
use entity::{issue_message, message};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event};
use crate::issues::wire::NewIssue;
use crate::messages::ops::Locked;
use crate::state::AppState;
use crate::users;

/// Messages that are kept on either side of one that is reported.
const AROUND: i64 = 3;
/// Issues that a member may have open at a time.
const MOST_OPEN: u64 = 20;

/// What an issue is about.
struct Subject {
    kind: Kind,
    reported: Option<Uuid>,
    message: Option<message::Model>,
}

pub async fn open(state: &AppState, me: &Caller<Member>, body: NewIssue) -> Result<Model> {
    let txn = state.begin_write().await?;
    let row = insert(&txn, state, me, body, Subject { kind: Kind::Other, reported: None, message: None }).await?;
    txn.commit().await?;
    Ok(row)
}

pub async fn report_user(state: &AppState, me: &Caller<Member>, id: Uuid, body: NewIssue) -> Result<Model> {
    if id == me.id() {
        return Err(Code::OwnAccount.into());
    }
    let txn = state.begin_write().await?;
    let user = users::ops::known(&txn, me, id).await?;
    let row =
        insert(&txn, state, me, body, Subject { kind: Kind::User, reported: Some(user.id), message: None }).await?;
    txn.commit().await?;
    Ok(row)
}

/// The thread is locked, so that what is kept is how it stood at one moment.
pub async fn report_message(state: &AppState, me: &Caller<Member>, id: Uuid, body: NewIssue) -> Result<Model> {
    let txn = state.begin_write().await?;
    let Locked { message, thread, standing } = Locked::find(&txn, me.id(), id).await?;
    let (first, last) = (message.seq - AROUND, message.seq + AROUND);
    let most = (last - first + 1).unsigned_abs();
    let around = thread.messages(&txn, me.id(), true, (first - 1, last + 1), most).await?;
    let sender = message.sender_id;
    let reported = if sender == me.id() { standing.other_id } else { sender };
    let subject = Subject { kind: Kind::Message, reported: Some(reported), message: Some(message) };
    let row = insert(&txn, state, me, body, subject).await?;
    let kept = around.into_iter().map(|message| kept(row.id, message));
    issue_message::Entity::insert_many(kept).exec_without_returning(&txn).await?;
    txn.commit().await?;
    Ok(row)
}

fn kept(issue_id: Uuid, message: message::Model) -> issue_message::ActiveModel {
    let content = message.deleted_at.is_none().then_some(message.content);
    let row = issue_message::Model {
        issue_id,
        seq: message.seq,
        message_id: message.id,
        sender_id: message.sender_id,
        content,
        sent_at: message.sent_at,
    };
    row.into_active_model()
}

async fn insert(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Member>,
    body: NewIssue,
    subject: Subject,
) -> Result<Model> {
    demand_few_open(txn, state, me.id()).await?;
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.new_id()),
        kind: Set(subject.kind),
        category: Set(body.category),
        status: Set(Status::Open),
        reporter_id: Set(me.id()),
        reported_id: Set(subject.reported),
        message_id: Set(subject.message.as_ref().map(|message| message.id)),
        mentorship_id: Set(subject.message.as_ref().and_then(|message| message.mentorship_id)),
        conversation_id: Set(subject.message.as_ref().and_then(|message| message.conversation_id)),
        text: Set(Some(body.text)),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let row = row.insert(txn).await?;
    let event = Event::new(events::Kind::IssueOpened, row.id).by(me).with(json!({ "kind": row.kind }));
    events::record(txn, state, event).await?;
    Ok(row)
}

async fn demand_few_open(txn: &DatabaseTransaction, state: &AppState, me: Uuid) -> Result<()> {
    state.lock_word(txn, &format!("issues of {me}")).await?;
    let open = Entity::find().filter(issue::of_reporter(me)).filter(Column::Status.ne(Status::Closed));
    if open.count(txn).await? < MOST_OPEN {
        return Ok(());
    }
    Err(Error::refused(Code::TooMany, format!("at most {MOST_OPEN} issues are open at a time")))
}
