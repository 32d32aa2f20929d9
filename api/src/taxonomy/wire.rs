use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::ops::Term;
use crate::http::Instant;
use crate::http::text;

/// The list a term belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = TaxonomyKind)]
pub enum Kind {
    Skills,
    SoftSkills,
    Topics,
    Industries,
    SeniorityLevels,
}

/// The name of a term in URLs: lowercase letters, digits and single hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(min_length = 1, max_length = 80, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
pub struct Slug(String);

impl Slug {
    pub const MAX: usize = 80;

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What `name` is called in addresses; `None` where nothing of it is left in ASCII.
    pub fn of_name(name: &str) -> Option<Self> {
        use unicode_normalization::UnicodeNormalization;

        let plain: String = name.nfkd().filter(char::is_ascii).collect::<String>().to_ascii_lowercase();
        let words: Vec<_> = plain.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
        let slug = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
        Self::try_from(slug).ok()
    }
}

impl TryFrom<String> for Slug {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if text.len() <= Self::MAX && text.split('-').all(is_word) { Ok(Self(text)) } else { Err("not a slug") }
    }
}

/// A taxonomy term, in brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermOut {
    pub id: Uuid,
    #[schema(max_length = 80, example = "backend-development")]
    pub slug: String,
    #[schema(max_length = 80, example = "Backend Development")]
    pub name: String,
}

impl TermOut {
    /// Of the columns of a term that may not be there.
    pub fn of(id: Option<Uuid>, slug: Option<String>, name: Option<String>) -> Option<Self> {
        Some(Self { id: id?, slug: slug?, name: name? })
    }
}

/// A taxonomy term.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaxonomyTermOut {
    id: Uuid,
    #[schema(max_length = 80, example = "backend-development")]
    slug: String,
    #[schema(max_length = 80, example = "Backend Development")]
    name: String,
    /// Seniority levels only, otherwise null; a higher rank is more senior.
    #[schema(minimum = 1, maximum = 1000, required)]
    rank: Option<i16>,
    /// When it was retired; null if it is not.
    #[schema(required)]
    retired_at: Option<Instant>,
}

impl From<Term> for TaxonomyTermOut {
    fn from(term: Term) -> Self {
        Self {
            id: term.id,
            slug: term.slug,
            name: term.name,
            rank: term.rank,
            retired_at: term.retired_at.map(Into::into),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct TermFilter {
    /// Include retired terms.
    #[param(example = false)]
    pub include_retired: Option<bool>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Embedded Systems"}))]
pub struct AddTerm {
    #[schema(min_length = 1, max_length = 80)]
    #[validate(custom(function = text::name))]
    pub name: String,
    /// Derived from the name if omitted.
    #[schema(nullable = false)]
    pub slug: Option<Slug>,
    /// Required for seniority levels, and only for them; a higher rank is more senior.
    #[schema(minimum = 1, maximum = 1000, nullable = false)]
    pub rank: Option<i16>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Backend Engineering"}))]
pub struct UpdateTerm {
    /// The slug does not change.
    #[schema(min_length = 1, max_length = 80, nullable = false)]
    #[validate(custom(function = text::name))]
    pub name: Option<String>,
    /// Whether it can no longer be selected.
    #[schema(nullable = false)]
    pub retired: Option<bool>,
    /// Seniority levels only.
    #[schema(minimum = 1, maximum = 1000, nullable = false)]
    pub rank: Option<i16>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"into": "cloud-architecture"}))]
pub struct MergeTerm {
    /// The target term.
    pub into: Slug,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_what_a_name_has_in_ascii() {
        let of = |name| Slug::of_name(name).map(|slug| slug.0);
        assert_eq!(of("UI/UX Design").as_deref(), Some("ui-ux-design"));
        assert_eq!(of(" Résumé – 2nd try! ").as_deref(), Some("resume-2nd-try"));
        assert_eq!(of("職業"), None);
    }

    #[test]
    fn a_slug_has_no_stray_hyphens() {
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "a\0", &"a".repeat(81)] {
            assert!(Slug::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
        assert!(Slug::try_from("a".repeat(80)).is_ok());
    }
}
