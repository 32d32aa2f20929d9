//! The taxonomy, and the settings it comes with.

use anyhow::Result;
use chrono::{DateTime, Utc};
use entity::{industry, seniority_level, setting, skill, soft_skill, topic};
use sea_orm::sea_query::{Expr, ExprTrait, Query, UpdateStatement};
use serde_json::json;
use uuid::Uuid;

use crate::calendar::at;
use crate::chronicle::{Chronicle, Happening};
use crate::first::{self, OWNER};
use crate::load::Load;
use crate::taxonomy::{INDUSTRIES, SENIORITY_LEVELS, SET_UP, SKILLS, SOFT_SKILLS, TOPICS, Term, term_id};

const NAME: &str = "Harbour Mentoring";
const TAGLINE: &str = "Grow together, one conversation at a time";
const BRAND_COLOR: &str = "#1f6f8b";

/// When suggestions and requests were given longer to be answered.
const CHANGED: DateTime<Utc> = at(10, 12, 7, 30);

/// Rows of a table of terms.
macro_rules! rows {
    ($table:ident, $name:literal, $terms:expr) => {
        $terms.map(|term| $table::Model {
            id: term_id($name, term),
            name: term.0.to_owned(),
            slug: term.1.to_owned(),
            merged_into_id: None,
            retired_at: None,
            created_at: SET_UP,
            updated_at: SET_UP,
        })
    };
}

fn seniority_levels() -> Vec<seniority_level::Model> {
    let ranked = SENIORITY_LEVELS.into_iter().zip(1..);
    let row = |(term, rank): (Term, i16)| seniority_level::Model {
        id: term_id("seniority_levels", term),
        name: term.0.to_owned(),
        slug: term.1.to_owned(),
        rank,
        merged_into_id: None,
        retired_at: None,
        created_at: SET_UP,
        updated_at: SET_UP,
    };
    ranked.map(row).collect()
}

pub async fn load(load: &mut Load) -> Result<()> {
    load.update(settings()).await?;
    load.insert(&rows!(skill, "skills", SKILLS)).await?;
    load.insert(&rows!(soft_skill, "soft_skills", SOFT_SKILLS)).await?;
    load.insert(&rows!(topic, "topics", TOPICS)).await?;
    load.insert(&rows!(industry, "industries", INDUSTRIES)).await?;
    load.insert(&seniority_levels()).await?;
    let mut chronicle = Chronicle::default();
    chronicle.record_by_staff(Happening {
        stream: "settings",
        word: "changed",
        subject: Uuid::nil(),
        at: CHANGED,
        actor: Some(first::id_of(OWNER)),
        data: json!({
            "before": {
                "name": "Mentorship", "tagline": null, "brandColor": null, "suggestionDays": 30, "requestDays": 14,
            },
            "after": {
                "name": NAME, "tagline": TAGLINE, "brandColor": BRAND_COLOR, "suggestionDays": 365, "requestDays": 365,
            },
        }),
    });
    chronicle.write_to(load).await
}

/// Open suggestions and requests last a year, so that whoever seeds finds some to answer.
fn settings() -> UpdateStatement {
    use setting::Column;

    let mut update = Query::update();
    update
        .table(setting::Entity)
        .value(Column::Name, NAME)
        .value(Column::Tagline, TAGLINE)
        .value(Column::BrandColor, BRAND_COLOR)
        .value(Column::SuggestionDays, 365)
        .value(Column::RequestDays, 365)
        .value(Column::Version, 2)
        .value(Column::UpdatedAt, CHANGED)
        .and_where(Expr::col(Column::Id).eq(setting::ID));
    update
}
