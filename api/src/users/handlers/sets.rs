use actix_web::put;
use actix_web::web::Data;

use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Checked, SignedIn};
use crate::state::AppState;
use crate::users::ops::{self, Changes, Choices, Links};
use crate::users::wire::{SkillSet, SkillSetOut, TermSet, TermSetOut};

macro_rules! sets {
    ($($(#[$doc:meta])* $name:ident $path:literal $body:ident -> $out:ident, $set:ident $choices:ident $at:literal $field:ident $held:ident;)*) => {
        $(
            $(#[$doc])*
            #[utoipa::path(tag = "users", security(("bearer" = [Registered])),
                responses((status = 200, description = "The set as it is now", body = $out), SignedIn, Checked))]
            #[put($path)]
            pub async fn $name(
                me: Caller<Registered>,
                state: Data<AppState>,
                Json(body): Json<$body>,
            ) -> Result<Json<$out>> {
                let sets = vec![Choices::$choices(Links::$set, $at, body.$field)];
                let mine = ops::change(&state, &me, Changes { sets, ..Changes::default() }).await?;
                Ok(Json($out { items: mine.sets.$held }))
            }
        )*
    };
}

sets! {
    /// Replace the skills that I offer
    replace_mentor_skills "/me/mentor-skills" SkillSet -> SkillSetOut, MentorSkills of_skills "/items" items mentor_skills;
    /// Replace the skills that I seek
    replace_mentee_skills "/me/mentee-skills" SkillSet -> SkillSetOut, MenteeSkills of_skills "/items" items mentee_skills;
    /// Replace the soft skills that I offer
    replace_mentor_soft_skills "/me/mentor-soft-skills" TermSet -> TermSetOut,
        MentorSoftSkills of_terms "/slugs" slugs mentor_soft_skills;
    /// Replace the soft skills that I seek
    replace_mentee_soft_skills "/me/mentee-soft-skills" TermSet -> TermSetOut,
        MenteeSoftSkills of_terms "/slugs" slugs mentee_soft_skills;
    /// Replace the topics that I can help with
    replace_mentor_topics "/me/mentor-topics" TermSet -> TermSetOut, MentorTopics of_terms "/slugs" slugs mentor_topics;
    /// Replace the topics that I want help with
    replace_mentee_topics "/me/mentee-topics" TermSet -> TermSetOut, MenteeTopics of_terms "/slugs" slugs mentee_topics;
}
