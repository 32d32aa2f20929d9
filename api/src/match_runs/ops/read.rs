use std::collections::HashMap;

use entity::match_run::{self, Couple, Model, Summary};
use entity::match_run_pair::{self, Column};
use entity::matching_report::Fairness;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::store;
use crate::error::{Code, Error, Result};
use crate::fairness::Labels;
use crate::http::{Listing, PageRequest};
use crate::match_runs::findings::{Findings, Left};
use crate::match_runs::wire::MatchRunFilter;
use crate::people::{self, PersonOut};
use crate::state::AppState;
use crate::taxonomy;
use crate::taxonomy::wire::TermOut;

/// Newest first.
pub async fn list(state: &AppState, filter: &MatchRunFilter, page: &PageRequest) -> Result<Listing<Model>> {
    let wanted = Condition::all()
        .add_option(filter.state.map(|state| match_run::Column::State.eq(state)))
        .add_option(page.after::<Uuid>()?.map(|id| match_run::Column::Id.lt(id)));
    let newest = match_run::Entity::find().filter(wanted).order_by_desc(match_run::Column::Id).limit(page.fetch());
    page.listing(newest.all(state.read()).await?, |run| run.id)
}

pub async fn get(state: &AppState, id: Uuid) -> Result<Model> {
    store::find(state.read(), id).await
}

/// A pair with the cards of the two; nobody's where they are gone.
pub struct Shown {
    pub row: match_run_pair::Model,
    pub mentor: Option<PersonOut>,
    pub mentee: Option<PersonOut>,
}

/// By mentee, then mentor.
pub async fn pairs(state: &AppState, id: Uuid, page: &PageRequest) -> Result<Listing<Shown>> {
    store::find(state.read(), id).await?;
    let after = page.after::<(Uuid, Uuid)>()?.map(|(mentee, mentor)| {
        let same = Condition::all().add(Column::MenteeId.eq(mentee)).add(Column::MentorId.gt(mentor));
        Condition::any().add(Column::MenteeId.gt(mentee)).add(same)
    });
    let of_run = match_run_pair::Entity::find().filter(Column::RunId.eq(id));
    let of_run = of_run.filter(Condition::all().add_option(after));
    let rows = of_run.order_by_asc(Column::MenteeId).order_by_asc(Column::MentorId).limit(page.fetch());
    let listing = page.listing(rows.all(state.read()).await?, |row| (row.mentee_id, row.mentor_id))?;
    let ids = listing.items.iter().flat_map(|row| [row.mentor_id, row.mentee_id]);
    let cards = people::by_id(state.read(), ids).await?;
    let card = |id: Uuid| cards.get(&id).cloned();
    Ok(listing.map(|row| Shown { mentor: card(row.mentor_id), mentee: card(row.mentee_id), row }))
}

/// Mentees without a mentor, by id.
pub async fn unmatched(state: &AppState, id: Uuid, page: &PageRequest) -> Result<Listing<(PersonOut, Left)>> {
    let findings = planned(state, id).await?.1;
    let after = page.after::<Uuid>()?;
    let rest = findings.left.into_iter().filter(|left| after.is_none_or(|after| left.id > after));
    let rows: Vec<_> = rest.take(usize::try_from(page.fetch()).unwrap_or(usize::MAX)).collect();
    let listing = page.listing(rows, |left| left.id)?;
    let cards = people::by_id(state.read(), listing.items.iter().map(|left| left.id)).await?;
    let shown = listing.items.into_iter().filter_map(|left| Some((cards.get(&left.id).cloned()?, left)));
    Ok(Listing { items: shown.collect(), next_cursor: listing.next_cursor })
}

/// A run that has a plan.
///
/// # Errors
/// 409 where there is none, or none any more.
pub async fn with_plan(state: &AppState, id: Uuid) -> Result<Model> {
    let run = store::find(state.read(), id).await?;
    if !run.state.has_plan() {
        return Err(Error::refused(Code::InvalidTransition, format!("the match run {id} is {}", run.state)));
    }
    Ok(run)
}

/// A run with what its plan says.
///
/// # Errors
/// See [`with_plan`].
pub async fn planned(state: &AppState, id: Uuid) -> Result<(Model, Findings)> {
    let run = with_plan(state, id).await?;
    let findings = store::findings(state.read(), id).await?;
    Ok((run, findings))
}

/// What a plan comes to and says.
pub struct Insights {
    pub summary: Summary,
    /// With the dearest seats alone, these first
    pub findings: Findings,
    /// Whose the seats are
    pub cards: HashMap<Uuid, PersonOut>,
    /// The terms of the skills that lack mentors
    pub terms: HashMap<Uuid, TermOut>,
}

/// With `most` seats at most.
pub async fn insights(state: &AppState, id: Uuid, most: usize) -> Result<Insights> {
    let (run, mut findings) = planned(state, id).await?;
    findings.seats.sort_by_key(|seat| std::cmp::Reverse((seat.mentees, seat.mentors, seat.points, seat.id)));
    findings.seats.truncate(most);
    let cards = people::by_id(state.read(), findings.seats.iter().map(|seat| seat.id)).await?;
    let terms = taxonomy::ops::by_id(state.read(), findings.lacking.iter().map(|skill| skill.id)).await?;
    let terms = terms.into_iter().map(|term| (term.id, term)).collect();
    Ok(Insights { summary: run.summary.unwrap_or_default(), findings, cards, terms })
}

pub async fn fairness(state: &AppState, id: Uuid) -> Result<(Fairness, Labels)> {
    let fairness = planned(state, id).await?.1.fairness;
    let labels = Labels::load(state.read(), &fairness).await?;
    Ok((fairness, labels))
}

/// How two plans differ.
pub struct Compared {
    pub this: Model,
    pub other: Model,
    /// In this one and not in the other
    pub added: Vec<Couple>,
    /// In the other and not in this one
    pub removed: Vec<Couple>,
    pub kept: usize,
}

pub async fn compare(state: &AppState, id: Uuid, with: Uuid) -> Result<Compared> {
    let this = with_plan(state, id).await?;
    let other = with_plan(state, with).await.map_err(|error| match error.code() {
        Code::NotFound => Error::invalid("/with", "unknown_match_run", "there is no such match run"),
        _ => error,
    })?;
    let ours = store::couples(state.read(), id).await?;
    let theirs = store::couples(state.read(), with).await?;
    let added: Vec<_> = ours.keys().filter(|pair| !theirs.contains_key(pair)).copied().collect();
    let removed = theirs.keys().filter(|pair| !ours.contains_key(pair)).copied().collect();
    let kept = ours.len() - added.len();
    Ok(Compared { this, other, added, removed, kept })
}
