use super::super::component::Component;
use super::super::policy::Policy;
use super::super::profile::Profile;
use super::super::vocabulary::Vocabulary;

/// Points for meeting in person, and the query's own answer.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    in_person: bool,
    /// None: not told; 0: nobody of the other side has it
    code: Option<u32>,
    together: u16,
    remote: u16,
    apart: u16,
}

impl Place {
    pub fn new(profile: &Profile, policy: &Policy, vocabulary: &Vocabulary) -> Self {
        let points = |percent| super::percent_of(policy.most(Component::Place).into(), percent) as u16;
        let code = |place| vocabulary.places.number_of(place).unwrap_or_default();
        Self {
            in_person: profile.in_person,
            code: profile.place.as_ref().map(code),
            together: points(policy.place.together),
            remote: points(policy.place.remote),
            apart: points(policy.place.apart),
        }
    }

    /// Whether no two different places are told, where theirs has this number.
    pub fn may_be_same(&self, place: u32) -> bool {
        self.code.is_none_or(|code| place == 0 || place == code)
    }

    #[inline]
    pub fn points(&self, in_person: bool, may_be_same: bool) -> u16 {
        match (self.in_person, in_person) {
            (true, true) if may_be_same => self.together,
            (false, false) => self.remote,
            _ => self.apart,
        }
    }

    /// The most that a candidate earns who would, or would not, meet in person.
    pub fn bound(&self, in_person: bool) -> u16 {
        self.points(in_person, true).max(self.points(in_person, false))
    }
}
