//! Four reads, each in as few statements as SQL allows.

use std::collections::HashMap;

use actix_web::error::ErrorInternalServerError;
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, Result, get};
use chrono::Utc;
use futures_util::future::try_join;
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Database, at, failed, id, person, seniority, text};

pub const SQL: &[&str] = &[
    "SELECT u.*, s.id AS seniority_id, s.slug AS seniority_slug, s.name AS seniority_name \
     FROM users u LEFT JOIN seniority_levels s ON s.id = u.seniority_level_id WHERE u.id = $1",
    "SELECT 'mentorSkills' AS list, t.id, t.slug, t.name, l.level, NULL::smallint AS from_minute, NULL::smallint AS to_minute \
       FROM mentor_skills l JOIN skills t ON t.id = l.skill_id WHERE l.user_id = $1 \
     UNION ALL SELECT 'menteeSkills', t.id, t.slug, t.name, l.level, l.priority, NULL FROM mentee_skills l JOIN skills t ON t.id = l.skill_id WHERE l.user_id = $1 \
     UNION ALL SELECT 'mentorSoftSkills', t.id, t.slug, t.name, NULL, NULL, NULL FROM mentor_soft_skills l JOIN soft_skills t ON t.id = l.soft_skill_id WHERE l.user_id = $1 \
     UNION ALL SELECT 'menteeSoftSkills', t.id, t.slug, t.name, NULL, NULL, NULL FROM mentee_soft_skills l JOIN soft_skills t ON t.id = l.soft_skill_id WHERE l.user_id = $1 \
     UNION ALL SELECT 'mentorTopics', t.id, t.slug, t.name, NULL, NULL, NULL FROM mentor_topics l JOIN topics t ON t.id = l.topic_id WHERE l.user_id = $1 \
     UNION ALL SELECT 'menteeTopics', t.id, t.slug, t.name, NULL, NULL, NULL FROM mentee_topics l JOIN topics t ON t.id = l.topic_id WHERE l.user_id = $1 \
     UNION ALL SELECT 'industries', t.id, t.slug, t.name, NULL, NULL, NULL FROM user_industries l JOIN industries t ON t.id = l.industry_id WHERE l.user_id = $1 \
     UNION ALL SELECT 'languages', NULL, language, NULL, NULL, NULL, NULL FROM user_languages WHERE user_id = $1 \
     UNION ALL SELECT 'availability', NULL, NULL, NULL, weekday, start_minute, end_minute FROM availability_windows WHERE user_id = $1 \
     ORDER BY 1, 3, 5, 6",
    "WITH own AS ( \
        SELECT id, 'MENTOR' AS side, mentee_id AS other_id, origin, status, accepted_at, expires_at, last_message_seq - mentor_read_seq AS unread_count, last_message_at, created_at \
          FROM mentorships WHERE mentor_id = $1 \
        UNION ALL \
        SELECT id, 'MENTEE', mentor_id, origin, status, accepted_at, expires_at, last_message_seq - mentee_read_seq, last_message_at, created_at \
          FROM mentorships WHERE mentee_id = $1 \
     ), open AS ( \
        SELECT * FROM own WHERE status IN ('PENDING', 'ACTIVE') AND NOT (status = 'PENDING' AND origin = 'REQUEST' AND accepted_at IS NULL AND expires_at <= $2) \
     ), counts AS ( \
        SELECT (SELECT count(*) FROM suggestions s JOIN users u ON u.id = s.mentee_id AND u.status = 'ACTIVE' \
              WHERE s.mentor_id = $1 AND s.mentor_response = 'PENDING' AND s.expires_at > $2 AND s.mentee_id NOT IN (SELECT other_id FROM open)) \
          + (SELECT count(*) FROM suggestions s JOIN users u ON u.id = s.mentor_id AND u.status = 'ACTIVE' \
              WHERE s.mentee_id = $1 AND s.mentee_response = 'PENDING' AND s.expires_at > $2 AND s.mentor_id NOT IN (SELECT other_id FROM open)) AS open_suggestions, \
        ((SELECT coalesce(sum(unread_count), 0) FROM own) \
       + (SELECT coalesce(sum(last_message_seq - user_a_read_seq), 0) FROM conversations WHERE user_a_id = $1) \
       + (SELECT coalesce(sum(last_message_seq - user_b_read_seq), 0) FROM conversations WHERE user_b_id = $1))::bigint AS unread_messages, \
        (SELECT count(*) FROM notifications WHERE user_id = $1 AND read_at IS NULL) AS unread_notifications \
     ), latest AS ( \
        SELECT * FROM open ORDER BY coalesce(last_message_at, created_at) DESC, id DESC LIMIT 20 \
     ) SELECT c.*, m.*, u.name AS other_name, u.title AS other_title, u.image AS other_image, \
        s.id AS other_seniority_id, s.slug AS other_seniority_slug, s.name AS other_seniority_name, \
        (SELECT count(*) FROM goals g WHERE g.mentorship_id = m.id AND g.status = 'OPEN') AS goals_open, \
        (SELECT count(*) FROM goals g WHERE g.mentorship_id = m.id AND g.status = 'ACHIEVED') AS goals_achieved \
     FROM counts c LEFT JOIN latest m ON TRUE LEFT JOIN users u ON u.id = m.other_id LEFT JOIN seniority_levels s ON s.id = u.seniority_level_id \
     ORDER BY coalesce(m.last_message_at, m.created_at) DESC, m.id DESC",
    "SELECT t.* FROM meetings t JOIN mentorships m ON m.id = t.mentorship_id \
     WHERE (m.mentor_id = $1 OR m.mentee_id = $1) AND m.status = 'ACTIVE' AND t.status IN ('PROPOSED', 'CONFIRMED') AND t.scheduled_at > $2::timestamptz - interval '8 hours' AND t.ends_at > $2 \
     ORDER BY t.scheduled_at, t.id LIMIT 5",
    "WITH open AS (SELECT mentee_id AS other_id FROM mentorships WHERE mentor_id = $1 AND status IN ('PENDING', 'ACTIVE') AND NOT (status = 'PENDING' AND origin = 'REQUEST' AND accepted_at IS NULL AND expires_at <= $2) \
           UNION ALL SELECT mentor_id FROM mentorships WHERE mentee_id = $1 AND status IN ('PENDING', 'ACTIVE') AND NOT (status = 'PENDING' AND origin = 'REQUEST' AND accepted_at IS NULL AND expires_at <= $2)) \
     SELECT s.*, l.id AS other_seniority_id, l.slug AS other_seniority_slug, l.name AS other_seniority_name \
     FROM (SELECT * FROM (SELECT s.id, 'MENTOR' AS side, s.mentor_id, s.mentee_id, s.mentee_id AS other_id, s.score, s.reasons, s.mentor_response AS response, s.status, s.expires_at, s.created_at, \
                CASE WHEN s.status = 'ACCEPTED' THEN (SELECT id FROM mentorships WHERE suggestion_id = s.id) END AS mentorship_id, \
                u.name AS other_name, u.title AS other_title, u.image AS other_image, u.seniority_level_id \
             FROM suggestions s JOIN users u ON u.id = s.mentee_id WHERE s.mentor_id = $1 AND (s.status = 'ACCEPTED' \
                OR (u.status = 'ACTIVE' AND (s.mentor_response = 'DECLINED' OR (s.expires_at > $2 AND s.mentee_id NOT IN (SELECT other_id FROM open))))) \
             ORDER BY s.id DESC LIMIT 21) as_mentor \
           UNION ALL \
           SELECT * FROM (SELECT s.id, 'MENTEE' AS side, s.mentor_id, s.mentee_id, s.mentor_id AS other_id, s.score, s.reasons, s.mentee_response AS response, s.status, s.expires_at, s.created_at, \
                CASE WHEN s.status = 'ACCEPTED' THEN (SELECT id FROM mentorships WHERE suggestion_id = s.id) END AS mentorship_id, \
                u.name AS other_name, u.title AS other_title, u.image AS other_image, u.seniority_level_id \
             FROM suggestions s JOIN users u ON u.id = s.mentor_id WHERE s.mentee_id = $1 AND (s.status = 'ACCEPTED' \
                OR (u.status = 'ACTIVE' AND (s.mentee_response = 'DECLINED' OR (s.expires_at > $2 AND s.mentor_id NOT IN (SELECT other_id FROM open))))) \
             ORDER BY s.id DESC LIMIT 21) as_mentee) s \
     LEFT JOIN seniority_levels l ON l.id = s.seniority_level_id ORDER BY s.id DESC LIMIT 21",
    "SELECT id, sender_id, seq, content, client_id, sent_at, edited_at, deleted_at FROM messages \
     WHERE mentorship_id = $1 AND EXISTS (SELECT 1 FROM mentorships WHERE id = $1 AND $2 IN (mentor_id, mentee_id)) ORDER BY seq DESC LIMIT 21",
];

pub fn routes(config: &mut ServiceConfig) {
    config.service(me).service(dashboard).service(suggestions).service(messages);
}

#[get("/me/{id}")]
async fn me(database: Data<Database>, user: Path<Uuid>) -> Result<HttpResponse> {
    let db = database.reader();
    let user = user.into_inner();
    let (row, sets) =
        try_join(db.client.query_one(&db.statements[0], &[&user]), db.client.query(&db.statements[1], &[&user]))
            .await
            .map_err(failed)?;
    let mut lists: HashMap<&str, Vec<Value>> = HashMap::new();
    for set in &sets {
        lists.entry(set.get("list")).or_default().push(member_of(set));
    }
    let mut list = |name: &str| lists.remove(name).unwrap_or_default();
    Ok(HttpResponse::Ok().json(json!({
        "id": id(&row, "id"), "name": text(&row, "name"), "email": text(&row, "email"), "emailVerifiedAt": at(&row, "email_verified_at"),
        "image": text(&row, "image"), "title": text(&row, "title"), "location": text(&row, "location"), "timeZone": text(&row, "time_zone"),
        "languages": list("languages"), "inPerson": row.get::<_, bool>("in_person"), "about": text(&row, "about"),
        "motivation": text(&row, "motivation"), "sideProjects": text(&row, "side_projects"), "linkedinUrl": text(&row, "linkedin_url"),
        "gender": text(&row, "gender"), "preferredMentorGender": text(&row, "preferred_mentor_gender"), "industries": list("industries"),
        "seniority": seniority(&row, "seniority"), "role": text(&row, "role"), "status": text(&row, "status"),
        "activeMentor": row.get::<_, bool>("active_mentor"), "activeMentee": row.get::<_, bool>("active_mentee"),
        "mentorCapacity": row.get::<_, i16>("mentor_capacity"), "pausedUntil": at(&row, "paused_until"),
        "onboardingCompletedAt": at(&row, "onboarding_completed_at"), "mentorSkills": list("mentorSkills"), "menteeSkills": list("menteeSkills"),
        "mentorSoftSkills": list("mentorSoftSkills"), "menteeSoftSkills": list("menteeSoftSkills"), "mentorTopics": list("mentorTopics"),
        "menteeTopics": list("menteeTopics"), "availability": list("availability"),
        "notificationPreferences": row.get::<_, Value>("notification_preferences"),
        "createdAt": at(&row, "created_at"), "updatedAt": at(&row, "updated_at"),
    })))
}

fn member_of(row: &Row) -> Value {
    match row.get::<_, &str>("list") {
        "languages" => text(row, "slug"),
        "availability" => json!({
            "weekday": row.get::<_, i16>("level"), "start": clock(row.get("from_minute")), "end": clock(row.get("to_minute")),
        }),
        "mentorSkills" => json!({
            "id": id(row, "id"), "slug": text(row, "slug"), "name": text(row, "name"), "level": row.get::<_, Option<i16>>("level"),
        }),
        "menteeSkills" => json!({
            "id": id(row, "id"), "slug": text(row, "slug"), "name": text(row, "name"), "level": row.get::<_, Option<i16>>("level"),
            "priority": row.get::<_, i16>("from_minute"),
        }),
        _ => json!({ "id": id(row, "id"), "slug": text(row, "slug"), "name": text(row, "name") }),
    }
}

fn clock(minute: i16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[get("/dashboard/{id}")]
async fn dashboard(database: Data<Database>, user: Path<Uuid>) -> Result<HttpResponse> {
    let db = database.reader();
    let (user, now) = (user.into_inner(), api::state::Clock::system().now());
    let (rows, meetings) = try_join(
        db.client.query(&db.statements[2], &[&user, &now]),
        db.client.query(&db.statements[3], &[&user, &now]),
    )
    .await
    .map_err(failed)?;
    let counts = rows.first().ok_or_else(|| ErrorInternalServerError("no counts"))?;
    let mentorships = rows.iter().filter(|row| row.get::<_, Option<Uuid>>("id").is_some());
    let mentorship = |row: &Row| {
        json!({
            "id": id(row, "id"), "side": text(row, "side"), "status": text(row, "status"), "other": person(row),
            "origin": text(row, "origin"), "acceptedAt": at(row, "accepted_at"), "unreadCount": row.get::<_, i64>("unread_count"), "lastMessageAt": at(row, "last_message_at"),
            "goalsOpen": row.get::<_, i64>("goals_open"), "goalsAchieved": row.get::<_, i64>("goals_achieved"),
        })
    };
    Ok(HttpResponse::Ok().json(json!({
        "openSuggestions": counts.get::<_, i64>("open_suggestions"), "unreadMessages": counts.get::<_, i64>("unread_messages"),
        "unreadNotifications": counts.get::<_, i64>("unread_notifications"),
        "mentorships": mentorships.map(mentorship).collect::<Vec<_>>(),
        "nextMeetings": meetings.iter().map(meeting).collect::<Vec<_>>(),
    })))
}

fn meeting(row: &Row) -> Value {
    json!({
        "id": id(row, "id"), "mentorshipId": id(row, "mentorship_id"), "proposedById": id(row, "proposed_by_id"),
        "scheduledAt": at(row, "scheduled_at"), "durationMinutes": row.get::<_, i16>("duration_minutes"), "timeZone": text(row, "time_zone"),
        "location": text(row, "location"), "link": text(row, "link"), "agenda": text(row, "agenda"), "notes": text(row, "notes"),
        "status": text(row, "status"), "sequence": row.get::<_, i32>("sequence"), "version": row.get::<_, i32>("version"),
        "createdAt": at(row, "created_at"), "updatedAt": at(row, "updated_at"),
    })
}

#[get("/suggestions/{id}")]
async fn suggestions(database: Data<Database>, user: Path<Uuid>) -> Result<HttpResponse> {
    let db = database.reader();
    let rows = db
        .client
        .query(&db.statements[4], &[&user.into_inner(), &api::state::Clock::system().now()])
        .await
        .map_err(failed)?;
    Ok(HttpResponse::Ok()
        .json(json!({ "items": rows.iter().take(20).map(suggestion).collect::<Vec<_>>(), "nextCursor": null })))
}

pub fn suggestion(row: &Row) -> Value {
    let response: &str = row.get("response");
    let status = match row.get::<_, &str>("status") {
        "DECLINED" if response != "DECLINED" => "PENDING",
        status => status,
    };
    json!({
        "id": id(row, "id"), "side": text(row, "side"), "person": person(row), "mentorId": id(row, "mentor_id"), "menteeId": id(row, "mentee_id"),
        "score": row.get::<_, i16>("score"), "reasons": row.get::<_, Value>("reasons"), "response": response, "status": status,
        "expiresAt": at(row, "expires_at"), "createdAt": at(row, "created_at"),
        "mentorshipId": row.try_get::<_, Option<Uuid>>("mentorship_id").ok().flatten(),
    })
}

#[get("/messages/{user}/{thread}")]
async fn messages(database: Data<Database>, path: Path<(Uuid, Uuid)>) -> Result<HttpResponse> {
    let db = database.reader();
    let (user, thread) = path.into_inner();
    let rows = db.client.query(&db.statements[5], &[&thread, &user]).await.map_err(failed)?;
    Ok(HttpResponse::Ok()
        .json(json!({ "items": rows.iter().take(20).map(message).collect::<Vec<_>>(), "nextCursor": null })))
}

pub fn message(row: &Row) -> Value {
    let deleted = row.get::<_, Option<chrono::DateTime<Utc>>>("deleted_at").is_some();
    json!({
        "id": id(row, "id"), "seq": row.get::<_, i64>("seq"), "senderId": id(row, "sender_id"),
        "content": if deleted { Value::Null } else { text(row, "content") }, "clientId": id(row, "client_id"),
        "sentAt": at(row, "sent_at"), "editedAt": at(row, "edited_at"), "deletedAt": at(row, "deleted_at"),
    })
}
