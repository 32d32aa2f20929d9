//! What a provider tells of a person, and how far it is believed.

use serde::Deserialize;
use serde_json::Value;

/// Claims of an ID token or of the user-info endpoint (OpenID Connect Core 1.0, section 5.1), of whatever type they come.
#[derive(Default, Deserialize)]
pub struct Profile {
    #[serde(default)]
    email: Value,
    #[serde(default)]
    email_verified: Value,
    #[serde(default)]
    name: Value,
    /// The hosted domain, of Google alone.
    #[serde(default)]
    hd: Value,
}

/// Whose word on e-mail addresses is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Of a provider that checks every address.
    Always,
    Never,
    /// Google is the authority for its own domains and for those that it hosts, not for an address elsewhere that somebody once
    /// confirmed (https://developers.google.com/identity/gsi/web/guides/verify-google-id-token).
    Google,
}

impl Profile {
    pub fn email(&self) -> Option<&str> {
        self.email.as_str()
    }

    pub fn name(&self) -> Option<&str> {
        self.name.as_str()
    }

    /// Whether the address surely belongs to the person. A flag of another type than boolean counts for nothing.
    pub fn proves_email(&self, trust: Trust) -> bool {
        let Some((_, domain)) = self.email().and_then(|email| email.rsplit_once('@')) else { return false };
        let is_authority = match trust {
            Trust::Always => true,
            Trust::Never => false,
            Trust::Google => {
                let hosted = self.hd.as_str().is_some_and(|hosted| hosted.eq_ignore_ascii_case(domain));
                hosted || ["gmail.com", "googlemail.com"].iter().any(|own| own.eq_ignore_ascii_case(domain))
            }
        };
        is_authority && self.email_verified == Value::Bool(true)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile(claims: Value) -> Profile {
        serde_json::from_value(claims).unwrap()
    }

    #[test]
    fn only_a_true_that_is_a_boolean_verifies() {
        for flag in [json!(true), json!(false), json!("true"), json!(1), json!(null)] {
            let profile = profile(json!({ "email": "ada@example.org", "email_verified": flag }));
            assert_eq!(profile.proves_email(Trust::Always), flag == json!(true), "{flag}");
            assert!(!profile.proves_email(Trust::Never));
        }
        assert!(!profile(json!({ "email": "ada@example.org" })).proves_email(Trust::Always));
        assert!(!profile(json!({ "email": 7, "email_verified": true })).proves_email(Trust::Always));
    }

    #[test]
    fn google_is_believed_for_the_domains_that_it_runs() {
        let proves = |email: &str, hosted: Value| {
            profile(json!({ "email": email, "email_verified": true, "hd": hosted })).proves_email(Trust::Google)
        };
        assert!(proves("ada@gmail.com", Value::Null));
        assert!(proves("ada@GoogleMail.com", Value::Null));
        assert!(proves("ada@example.org", json!("example.org")));
        assert!(!proves("ada@example.org", Value::Null));
        assert!(!proves("ada@example.org", json!("example.com")));
        assert!(!proves("ada@notgmail.com", Value::Null));
        assert!(!proves("ada@gmail.com@example.org", Value::Null));
    }
}
