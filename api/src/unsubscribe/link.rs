use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use entity::notification_preferences::Group;
use uuid::Uuid;

use crate::auth::Auth;
use crate::state::AppState;

const PURPOSE: &str = "unsubscribe link";
const MAC: usize = 32;
const ID: usize = 16;

/// Which mail is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    Group(Group),
}

impl Scope {
    fn code(self) -> u8 {
        match self {
            Self::All => 0,
            Self::Group(Group::Suggestions) => 1,
            Self::Group(Group::Mentorships) => 2,
            Self::Group(Group::Meetings) => 3,
            Self::Group(Group::Messages) => 4,
            Self::Group(Group::Goals) => 5,
        }
    }

    fn of_code(code: u8) -> Option<Self> {
        let every = Group::ALL.map(Self::Group).into_iter().chain([Self::All]);
        every.into_iter().find(|scope| scope.code() == code)
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::All => "anything",
            Self::Group(Group::Suggestions) => "suggestions",
            Self::Group(Group::Mentorships) => "mentorships",
            Self::Group(Group::Meetings) => "meetings",
            Self::Group(Group::Messages) => "messages",
            Self::Group(Group::Goals) => "goals",
        }
    }
}

/// The address that stops mail of `scope` to `user`. It stays good: a mail may be old when somebody has enough of its kind.
pub fn link(state: &AppState, user: Uuid, scope: Scope) -> String {
    format!("{}/api/v1/unsubscribe/{}", state.config.public_url, token(&state.auth, user, scope))
}

pub(super) fn token(auth: &Auth, user: Uuid, scope: Scope) -> String {
    let claim = [user.as_bytes().as_slice(), &[scope.code()]].concat();
    let mac = auth.mac(PURPOSE, &claim);
    BASE64_URL_SAFE_NO_PAD.encode([claim.as_slice(), &mac].concat())
}

/// Whose mail a token stops, where it is one of ours.
pub(super) fn read(auth: &Auth, token: &str) -> Option<(Uuid, Scope)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (claim, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
    // Compared in constant time, as `blake3::Hash` compares.
    let is_ours = blake3::Hash::from_bytes(auth.mac(PURPOSE, claim)) == blake3::Hash::from_bytes(mac.try_into().ok()?);
    let (id, code) = claim.split_first_chunk::<ID>()?;
    match code {
        [code] if is_ours => Some((Uuid::from_bytes(*id), Scope::of_code(*code)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn a_link_is_for_one_member_and_one_scope_and_nobody_can_make_another() {
        let secret = |letter: &str| ("MENTORSHIP_TOKEN_SECRET".to_owned(), letter.repeat(32));
        let auth = Auth::new(&Config::from_variables([secret("a")]).unwrap()).unwrap();
        let other = Auth::new(&Config::from_variables([secret("b")]).unwrap()).unwrap();
        let user = Uuid::from_u128(7);
        for scope in Group::ALL.map(Scope::Group).into_iter().chain([Scope::All]) {
            let text = token(&auth, user, scope);
            assert_eq!(read(&auth, &text), Some((user, scope)));
            assert_eq!(read(&other, &text), None);
            for place in 0..text.len() - 1 {
                let mut forged = text.clone();
                let letter = if &text[place..=place] == "A" { "B" } else { "A" };
                forged.replace_range(place..=place, letter);
                assert_eq!(read(&auth, &forged), None, "{forged}");
            }
        }
        for none in ["", "AAAA", "=", "%"] {
            assert_eq!(read(&auth, none), None);
        }
    }
}
