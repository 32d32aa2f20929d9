use entity::issue::{self, Column, Entity, Model};
use entity::{issue_message, thread_access};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};
use serde_json::json;
use uuid::Uuid;

use crate::auth::{Admin, Caller, Member};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::http::{Listing, PageRequest};
use crate::issues::wire::{IssueFilter, IssueMessagesOut, StaffIssueOut};
use crate::people;
use crate::state::AppState;

pub async fn list_mine(state: &AppState, me: &Caller<Member>, page: &PageRequest) -> Result<Listing<Model>> {
    newest(state, Entity::find().filter(issue::of_reporter(me.id())), page).await
}

async fn newest(state: &AppState, query: Select<Entity>, page: &PageRequest) -> Result<Listing<Model>> {
    let query = query.apply_if(page.after::<Uuid>()?, |query, id| query.filter(Column::Id.lt(id)));
    let rows = query.order_by_desc(Column::Id).limit(page.fetch()).all(state.read()).await?;
    page.listing(rows, |row| row.id)
}

pub async fn get_mine(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<Model> {
    let mine = Entity::find().filter(issue::of_reporter(me.id())).filter(Column::Id.eq(id));
    Ok(mine.one(state.read()).await?.ok_or(Code::NotFound)?)
}

pub async fn list_accesses(
    state: &AppState,
    me: &Caller<Member>,
    page: &PageRequest,
) -> Result<Listing<thread_access::Model>> {
    let rows = thread_access::Entity::find()
        .filter(thread_access::of_user(me.id()))
        .apply_if(page.after::<Uuid>()?, |query, id| query.filter(thread_access::Column::Id.lt(id)))
        .order_by_desc(thread_access::Column::Id)
        .limit(page.fetch())
        .all(state.read())
        .await?;
    page.listing(rows, |row| row.id)
}

pub async fn list(
    state: &AppState,
    me: &Caller<Admin>,
    filter: &IssueFilter,
    page: &PageRequest,
) -> Result<Listing<StaffIssueOut>> {
    let wanted = Condition::all()
        .add(issue::handled_by(me.id()))
        .add_option(filter.status.map(|status| Column::Status.eq(status)))
        .add_option(filter.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(filter.category.map(|category| Column::Category.eq(category)))
        .add_option(filter.assignee_id.map(|id| Column::AssigneeId.eq(id)))
        .add_option(filter.reported_id.map(|id| Column::ReportedId.eq(id)));
    let Listing { items, next_cursor } = newest(state, Entity::find().filter(wanted), page).await?;
    Ok(Listing { items: shown_all(state.read(), items).await?, next_cursor })
}

pub async fn get(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<StaffIssueOut> {
    let row = handled(me, id).one(state.read()).await?.ok_or(Code::NotFound)?;
    shown(state.read(), row).await
}

pub fn handled(me: &Caller<Admin>, id: Uuid) -> Select<Entity> {
    Entity::find().filter(issue::handled_by(me.id())).filter(Column::Id.eq(id))
}

pub async fn shown(db: &impl ConnectionTrait, row: Model) -> Result<StaffIssueOut> {
    Ok(shown_all(db, vec![row]).await?.pop().ok_or(Code::NotFound)?)
}

async fn shown_all(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<StaffIssueOut>> {
    let people = rows.iter().flat_map(|row| [Some(row.reporter_id), row.reported_id, row.assignee_id]).flatten();
    let cards = people::by_id(db, people).await?;
    Ok(rows.into_iter().map(|row| StaffIssueOut::new(row, &cards)).collect())
}

/// That they were read is told in the same transaction, to the staff and to both of the thread.
pub async fn read_messages(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<IssueMessagesOut> {
    let txn = state.begin_write().await?;
    let row = handled(me, id).one(&txn).await?.ok_or(Code::NotFound)?;
    let kept = issue_message::Entity::find().filter(issue_message::Column::IssueId.eq(id));
    let kept = kept.order_by_asc(issue_message::Column::Seq).all(&txn).await?;
    if let (Some(first), Some(last)) = (kept.first(), kept.last()) {
        tell(&txn, state, &row, (first.seq, last.seq)).await?;
        let data = json!({ "mentorshipId": row.mentorship_id, "conversationId": row.conversation_id,
            "firstSeq": first.seq, "lastSeq": last.seq });
        events::record(&txn, state, Event::new(Kind::IssueMessagesRead, id).by_staff(me).with(data)).await?;
        txn.commit().await?;
    }
    Ok(kept.into())
}

async fn tell(txn: &DatabaseTransaction, state: &AppState, row: &Model, seqs: (i64, i64)) -> Result<()> {
    let participants = [Some(row.reporter_id), row.reported_id].into_iter().flatten();
    let accesses = participants.map(|user_id| {
        let access = thread_access::Model {
            id: state.new_id(),
            user_id,
            mentorship_id: row.mentorship_id,
            conversation_id: row.conversation_id,
            first_seq: seqs.0,
            last_seq: seqs.1,
            accessed_at: state.clock.now(),
        };
        access.into_active_model()
    });
    thread_access::Entity::insert_many(accesses).exec_without_returning(txn).await?;
    Ok(())
}
