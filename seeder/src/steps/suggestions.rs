//! Suggestions, and the mentorships that came of them.

use anyhow::Result;
use entity::mentorship::Origin;
use entity::notification::Kind;
use entity::suggestion::{self, Response, Status};
use indicatif::ProgressBar;
use matching::{ALGORITHM_VERSION, Policy};
use serde_json::json;

use crate::chronicle::{Chronicle, Happening};
use crate::ids;
use crate::load::Load;
use crate::plan::{Member, Mentorship, Suggestion, fit, name};
use crate::world::World;

/// Mentorships were written before the suggestions they came from.
const LINK: &str = "UPDATE mentorships SET suggestion_id = (SELECT s.id FROM suggestions s \
    WHERE s.mentor_id = mentorships.mentor_id AND s.mentee_id = mentorships.mentee_id AND s.status = 'ACCEPTED') \
    WHERE origin = 'SUGGESTION'";

pub async fn load(world: &World, load: &mut Load, bar: &ProgressBar) -> Result<()> {
    for circles in world.batches() {
        bar.set_position(circles.start);
        let (mut rows, mut chronicle) = (Vec::new(), Chronicle::default());
        for circle in circles {
            let members = world.members(circle);
            let mentorships = world.mentorships(circle, &members);
            for suggestion in world.suggestions(circle, &members, &mentorships) {
                let row = row(&members, &suggestion)?;
                record(&mut chronicle, &row, &mentorships);
                rows.push(row);
            }
        }
        load.insert(&rows).await?;
        chronicle.write_to(load).await?;
    }
    load.execute(LINK).await
}

fn row(members: &[Member], suggestion: &Suggestion) -> Result<suggestion::Model> {
    let (mentor, mentee) = (&members[suggestion.mentor], &members[suggestion.mentee]);
    let fit = fit(mentor, mentee, suggestion.created_at)?;
    let (mentor_response, mentor_responded_at) = answer(suggestion.mentor_answer);
    let (mentee_response, mentee_responded_at) = answer(suggestion.mentee_answer);
    let responses = [mentor_response, mentee_response];
    let status = match responses {
        [Response::Accepted, Response::Accepted] => Status::Accepted,
        _ if responses.contains(&Response::Declined) => Status::Declined,
        _ => Status::Pending,
    };
    let created_at = suggestion.created_at;
    let key = format!("{}-{}/{}", mentor.key, mentee.key, created_at.timestamp());
    Ok(suggestion::Model {
        id: ids::id("suggestions", &key, created_at),
        mentor_id: mentor.row.id,
        mentee_id: mentee.row.id,
        score: fit.score().into(),
        policy_version: Policy::default().version,
        algorithm_version: ALGORITHM_VERSION,
        reasons: fit.reasons.record(name),
        mentor_response,
        mentee_response,
        mentor_responded_at,
        mentee_responded_at,
        mentor_not_before: None,
        mentee_not_before: None,
        status,
        expires_at: suggestion.expires_at,
        replaced_at: None,
        created_at,
        updated_at: mentor_responded_at.max(mentee_responded_at).unwrap_or(created_at),
    })
}

fn answer<T>(answer: Option<(Response, T)>) -> (Response, Option<T>) {
    answer.map_or((Response::Pending, None), |(response, at)| (response, Some(at)))
}

/// A yes that was not returned, and a no, are told to nobody.
fn record(chronicle: &mut Chronicle, row: &suggestion::Model, mentorships: &[Mentorship]) {
    let event = |word, at, actor, data| Happening { stream: "suggestion", word, subject: row.id, at, actor, data };
    let pair = json!({ "mentorId": row.mentor_id, "menteeId": row.mentee_id });
    let both = [row.mentor_id, row.mentee_id];
    chronicle.record(event("made", row.created_at, None, pair)).inform(Kind::SuggestionNew, both);
    let mut answers = [(row.mentor_responded_at, row.mentor_id), (row.mentee_responded_at, row.mentee_id)];
    answers.sort_unstable();
    for (at, by) in answers {
        if let Some(at) = at {
            chronicle.record(event("answered", at, Some(by), json!(null)));
        }
    }
    if let (Status::Accepted, Some(at)) = (row.status, answers[1].0) {
        let of_pair = |one: &&Mentorship| (one.row.mentor_id, one.row.mentee_id) == (row.mentor_id, row.mentee_id);
        let mentorship = mentorships.iter().filter(|one| one.row.origin == Origin::Suggestion).find(of_pair);
        let data = json!({ "mentorshipId": mentorship.map(|one| one.row.id) });
        chronicle.record(event("matched", at, Some(answers[1].1), data)).inform(Kind::SuggestionMatched, both);
    }
}
