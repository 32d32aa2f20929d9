//! What of a provider's word makes a member: held to the same rules as what somebody types.

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use validator::Validate;

use super::provider::Identity;
use crate::http::{json, text};

const MAX_NAME: usize = 80;

#[derive(Deserialize, ToSchema, Validate)]
pub struct Member {
    #[schema(min_length = 1, max_length = 80)]
    #[validate(custom(function = text::name))]
    pub name: String,
    #[schema(format = "email", min_length = 3, max_length = 254)]
    pub email: String,
}

/// None where the address is not proven, or is none that could sign up.
pub fn member_of(identity: &Identity) -> Option<Member> {
    let email = identity.email.as_deref().filter(|_| identity.email_proven)?;
    let local_part = email.split('@').next().unwrap_or_default();
    let read = |name: &str| {
        let name: String = name.trim().chars().take(MAX_NAME).collect();
        json::read(json!({ "name": name, "email": email }).to_string().as_bytes()).ok()
    };
    identity.name.as_deref().and_then(read).or_else(|| read(local_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(email: &str, name: Option<&str>) -> Identity {
        Identity {
            issuer: "https://id.example".to_owned(),
            subject: "1".to_owned(),
            email: Some(email.to_owned()),
            email_proven: true,
            name: name.map(str::to_owned),
        }
    }

    #[test]
    fn a_name_that_nobody_may_have_is_replaced() {
        let named = |name| member_of(&identity("ada@example.org", name)).unwrap().name;
        assert_eq!(named(Some(" Ada Lindqvist ")), "Ada Lindqvist");
        let long = "a".repeat(90);
        assert_eq!(named(Some(&long)), long[..80]);
        for bad in [None, Some(""), Some("  "), Some("Ada\u{202e}"), Some("Ada\nEve")] {
            assert_eq!(named(bad), "ada");
        }
    }

    #[test]
    fn only_a_proven_address_that_could_sign_up_makes_a_member() {
        assert!(member_of(&Identity { email_proven: false, ..identity("ada@example.org", None) }).is_none());
        assert!(member_of(&Identity { email: None, ..identity("ada@example.org", None) }).is_none());
        for bad in ["ada", "ada@", "аda@example.org", &format!("{}@example.org", "a".repeat(254))] {
            assert!(member_of(&identity(bad, Some("Ada"))).is_none(), "{bad}");
        }
    }
}
