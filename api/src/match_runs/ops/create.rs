use entity::match_run::{ActiveModel, Edits, Filters, Mode, Model, State};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::auth::{Admin, Caller};
use crate::error::{Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::IfMatch;
use crate::match_runs::frozen::sorted;
use crate::match_runs::wire::{FiltersIn, MatchRunIn};
use crate::state::AppState;
use crate::taxonomy::ops::{Choice, resolve};
use crate::taxonomy::wire::{Kind as TermKind, Slug};

/// Asks for a run; whoever is free takes it up. One at a time: a constraint says so.
pub async fn create(state: &AppState, me: &Caller<Admin>, body: MatchRunIn) -> Result<Model> {
    let mode = body.mode.unwrap_or(Mode::BestTotal);
    if mode == Mode::Stable && body.minimum_one == Some(true) {
        let detail = "a stable plan cannot also give each mentor someone";
        return Err(Error::invalid("/minimumOne", "not_with_stable", detail));
    }
    let txn = state.begin_write().await?;
    let filters = filters(&txn, body.filters.unwrap_or_default()).await?;
    let edits = sorted(Edits {
        pins: body.pins.unwrap_or_default().into_iter().map(Into::into).collect(),
        bans: body.bans.unwrap_or_default().into_iter().map(Into::into).collect(),
        seats: body.seats.unwrap_or_default().into_iter().map(Into::into).collect(),
    });
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.new_id()),
        state: Set(State::Queued),
        mode: Set(mode),
        floor: Set(body.floor.unwrap_or_default()),
        minimum_one: Set(body.minimum_one.unwrap_or_default()),
        filters: Set(filters),
        edits: Set(edits),
        seed: Set(body.seed.unwrap_or_default()),
        requested_by_id: Set(Some(me.id())),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let run = row.insert(&txn).await?;
    let told = json!({ "before": { "state": null, "mode": null },
        "after": { "state": run.state, "mode": run.mode } });
    events::record(&txn, state, Event::new(Kind::MatchRunRequested, run.id).by_staff(me).with(told)).await?;
    txn.commit().await?;
    Ok(run)
}

/// Slugs are resolved at once: a run is about the terms that they name now.
async fn filters(txn: &DatabaseTransaction, body: FiltersIn) -> Result<Filters> {
    let mut faults = Vec::new();
    let lists: [(&str, TermKind, &Option<Vec<Slug>>); 3] = [
        ("topics", TermKind::Topics, &body.topics),
        ("skills", TermKind::Skills, &body.skills),
        ("industries", TermKind::Industries, &body.industries),
    ];
    let mut ids = Vec::new();
    for (name, kind, slugs) in lists {
        let choices: Vec<_> = slugs.iter().flatten().enumerate().map(|(at, slug)| choice(name, at, slug)).collect();
        ids.push(resolve(txn, kind, &choices, &[], &mut faults).await?);
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let [topics, skills, industries] = <[Vec<Uuid>; 3]>::try_from(ids).unwrap_or_default();
    Ok(Filters {
        topics,
        skills,
        industries,
        languages: body.languages.iter().flatten().map(|tag| tag.as_str().to_owned()).collect(),
        mentee_ids: body.mentee_ids.unwrap_or_default(),
        mentor_ids: body.mentor_ids.unwrap_or_default(),
        most_mentees: body.most_mentees,
        most_mentors: body.most_mentors,
    })
}

fn choice<'a>(list: &str, at: usize, slug: &'a Slug) -> Choice<'a> {
    Choice { slug, pointer: format!("/filters/{list}/{at}") }
}

/// Cancels a run: at once where nobody works on it, else as soon as who does so notices.
pub async fn cancel(state: &AppState, me: &Caller<Admin>, id: Uuid, if_match: &IfMatch) -> Result<Model> {
    let txn = state.begin_write().await?;
    let run = store::lock(&txn, id).await?;
    if_match.check(run.version)?;
    let Some(moved) = run.clone().cancel(state.clock.now()).map_err(super::refusal)? else { return Ok(run) };
    let before = standing(&run);
    let run = moved.update(&txn).await?;
    if run.state == State::Cancelled {
        store::drop_snapshots(&txn, Some(id)).await?;
    }
    let told = json!({ "before": before, "after": standing(&run) });
    events::record(&txn, state, Event::new(Kind::MatchRunChanged, id).by_staff(me).with(told)).await?;
    txn.commit().await?;
    Ok(run)
}

fn standing(run: &Model) -> Value {
    json!({ "state": run.state, "cancelRequested": run.cancel_requested })
}
