//! Two writes, each one statement: all that the API stores for it, in one data-modifying query.

use actix_web::web::{Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpResponse, Result, post};
use serde::Deserialize;
use uuid::Uuid;

use super::reads::{message, suggestion};
use super::{Database, failed};

const SEND: usize = 6;
const ANSWER: usize = 7;

pub const SQL: &[&str] = &[
    "WITH place AS ( \
        UPDATE mentorships SET last_message_seq = last_message_seq + 1, last_message_at = $6, \
            mentor_read_seq = CASE WHEN mentor_id = $2 THEN last_message_seq + 1 ELSE mentor_read_seq END, \
            mentee_read_seq = CASE WHEN mentee_id = $2 THEN last_message_seq + 1 ELSE mentee_read_seq END \
        WHERE id = $1 AND $2 IN (mentor_id, mentee_id) AND status = 'ACTIVE' \
        RETURNING last_message_seq AS seq, CASE WHEN mentor_id = $2 THEN mentee_id ELSE mentor_id END AS other_id \
     ), stored AS ( \
        INSERT INTO messages (id, mentorship_id, sender_id, seq, content, client_id, sent_at) \
        SELECT $3, $1, $2, seq, $5, $4, $6 FROM place RETURNING * \
     ), stream AS ( \
        INSERT INTO event_streams (kind, id, last_seq) SELECT 'mentorship', $1, 1 FROM stored \
        ON CONFLICT (kind, id) DO UPDATE SET last_seq = event_streams.last_seq + 1 RETURNING last_seq \
     ), event AS ( \
        INSERT INTO events (id, stream_kind, stream_id, seq, kind, actor_id, staff, data, occurred_at) \
        SELECT gen_random_uuid(), 'mentorship', $1, last_seq, 'mentorship.message_sent', $2, FALSE, \
            jsonb_build_object('messageId', $3::uuid, 'seq', seq), $6 FROM stream, place \
     ), inbox AS ( \
        INSERT INTO notifications (id, user_id, kind, subject_kind, subject_id, actor_id, created_at) \
        SELECT gen_random_uuid(), other_id, 'MESSAGE_NEW', 'mentorship', $1, $2, $6 FROM place ON CONFLICT DO NOTHING \
     ) SELECT * FROM stored",
    "WITH answered AS ( \
        UPDATE suggestions SET mentee_response = 'DECLINED', mentee_responded_at = $3, status = 'DECLINED', updated_at = $3 \
        WHERE id = $1 AND mentee_id = $2 AND mentee_response = 'PENDING' RETURNING *, 'MENTEE' AS side, mentor_id AS other_id, mentee_response AS response \
     ), stream AS ( \
        INSERT INTO event_streams (kind, id, last_seq) SELECT 'suggestion', $1, 1 FROM answered \
        ON CONFLICT (kind, id) DO UPDATE SET last_seq = event_streams.last_seq + 1 RETURNING last_seq \
     ), event AS ( \
        INSERT INTO events (id, stream_kind, stream_id, seq, kind, actor_id, staff, data, occurred_at) \
        SELECT gen_random_uuid(), 'suggestion', $1, last_seq, 'suggestion.answered', $2, FALSE, 'null', $3 FROM stream \
     ) SELECT a.*, u.name AS other_name, u.title AS other_title, u.image AS other_image, \
        l.id AS other_seniority_id, l.slug AS other_seniority_slug, l.name AS other_seniority_name \
     FROM answered a JOIN users u ON u.id = a.other_id LEFT JOIN seniority_levels l ON l.id = u.seniority_level_id",
];

pub fn routes(config: &mut ServiceConfig) {
    config.service(send).service(answer);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Send {
    client_id: Uuid,
    content: String,
}

#[post("/messages/{user}/{thread}")]
async fn send(database: Data<Database>, ids: Path<(Uuid, Uuid)>, body: Bytes) -> Result<HttpResponse> {
    let body: Send = serde_json::from_slice(&body)?;
    let (user, thread) = ids.into_inner();
    let now = api::state::Clock::system().now();
    let id = Uuid::new_v4();
    let db = database.writer();
    let row = db
        .client
        .query_one(&db.statements[SEND], &[&thread, &user, &id, &body.client_id, &body.content, &now])
        .await
        .map_err(failed)?;
    Ok(HttpResponse::Created().json(message(&row)))
}

#[post("/suggestions/{user}/{suggestion}")]
async fn answer(database: Data<Database>, ids: Path<(Uuid, Uuid)>) -> Result<HttpResponse> {
    let (user, id) = ids.into_inner();
    let db = database.writer();
    let now = api::state::Clock::system().now();
    let row = db.client.query_one(&db.statements[ANSWER], &[&id, &user, &now]).await.map_err(failed)?;
    Ok(HttpResponse::Ok().json(suggestion(&row)))
}
