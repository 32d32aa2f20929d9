use actix_web::put;
use actix_web::web::Data;

use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Checked, SignedIn};
use crate::state::AppState;
use crate::users::ops::{self, Changes, Choices, Links};
use crate::users::wire::{SkillSet, SkillSetOut, SoughtSkillSet, SoughtSkillSetOut, TermSet, TermSetOut};

macro_rules! skill_sets {
    ($($(#[$doc:meta])* $name:ident $path:literal $body:ident $out:ident $choices:ident $held:ident;)*) => {
        $(
            $(#[$doc])*
            #[utoipa::path(tag = "users", security(("bearer" = [Registered])),
                responses((status = 200, description = "Your updated skills.", body = $out), SignedIn, Checked))]
            #[put($path)]
            pub async fn $name(
                me: Caller<Registered>,
                state: Data<AppState>,
                Json(body): Json<$body>,
            ) -> Result<Json<$out>> {
                let sets = vec![Choices::$choices("/items", body.items)];
                let mine = ops::change(&state, &me, Changes { sets, ..Changes::default() }).await?;
                Ok(Json($out { items: mine.sets.$held }))
            }
        )*
    };
}

macro_rules! term_sets {
    ($($(#[$doc:meta])* $name:ident $path:literal $links:ident $held:ident $example:tt;)*) => {
        $(
            $(#[$doc])*
            #[utoipa::path(tag = "users", security(("bearer" = [Registered])),
                request_body(content = TermSet, example = json!({"slugs": $example})),
                responses((status = 200, description = "Your updated terms.", body = TermSetOut), SignedIn, Checked))]
            #[put($path)]
            pub async fn $name(
                me: Caller<Registered>,
                state: Data<AppState>,
                Json(body): Json<TermSet>,
            ) -> Result<Json<TermSetOut>> {
                let sets = vec![Choices::of_terms(Links::$links, "/slugs", body.slugs)];
                let mine = ops::change(&state, &me, Changes { sets, ..Changes::default() }).await?;
                Ok(Json(TermSetOut { items: mine.sets.$held }))
            }
        )*
    };
}

skill_sets! {
    /// Replace the skills you offer
    replace_mentor_skills "/me/mentor-skills" SkillSet SkillSetOut offered mentor_skills;
    /// Replace the skills you seek
    replace_mentee_skills "/me/mentee-skills" SoughtSkillSet SoughtSkillSetOut sought mentee_skills;
}

term_sets! {
    /// Replace the soft skills you offer
    replace_mentor_soft_skills "/me/mentor-soft-skills" MentorSoftSkills mentor_soft_skills ["coaching", "active-listening"];
    /// Replace the soft skills you seek
    replace_mentee_soft_skills "/me/mentee-soft-skills" MenteeSoftSkills mentee_soft_skills ["negotiation"];
    /// Replace the topics you can help with
    replace_mentor_topics "/me/mentor-topics" MentorTopics mentor_topics ["get-promoted", "interview-practice"];
    /// Replace the topics you want help with
    replace_mentee_topics "/me/mentee-topics" MenteeTopics mentee_topics ["find-a-job"];
}
