use uuid::Uuid;

use super::{FEWEST, Spread};

/// How a mentor was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mentor {
    pub id: Uuid,
    /// Seats on offer; who has none counts only for the declines
    pub seats: u32,
    /// Suggestions that they were in
    pub shown: u32,
    /// Of those, how many the mentor declined
    pub declines: u32,
}

/// How evenly mentors were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// Gini's coefficient of suggestions a seat, in thousandths: 0 where every seat was shown alike, near 1000 where one had them all.
    /// None for fewer than [`FEWEST`] mentors with seats, or where nobody was shown
    pub gini: Option<u16>,
    /// By id: those with seats who were in no suggestion
    pub never_shown: Vec<Uuid>,
    /// Declines a mentor
    pub declines: Option<Spread>,
}

pub(super) fn of(mentors: &[Mentor]) -> Exposure {
    let mut offering: Vec<_> = mentors.iter().filter(|mentor| mentor.seats > 0).copied().collect();
    offering.sort_unstable_by_key(|mentor| mentor.id);
    Exposure {
        never_shown: offering.iter().filter(|mentor| mentor.shown == 0).map(|mentor| mentor.id).collect(),
        gini: if offering.len() < FEWEST { None } else { gini(offering) },
        declines: Spread::of(mentors.iter().map(|mentor| mentor.declines.into())),
    }
}

/// One less twice the area under Lorenz's curve of suggestions over seats, in which each mentor is a straight piece.
fn gini(mut mentors: Vec<Mentor>) -> Option<u16> {
    let product = |one: &Mentor, other: &Mentor| u64::from(one.shown) * u64::from(other.seats);
    mentors.sort_by(|one, other| product(one, other).cmp(&product(other, one)));
    let (mut seats, mut shown, mut twice_area) = (0_u128, 0_u128, 0_u128);
    for mentor in mentors {
        let (more_seats, more_shown) = (u128::from(mentor.seats), u128::from(mentor.shown));
        twice_area += more_seats * (2 * shown + more_shown);
        seats += more_seats;
        shown += more_shown;
    }
    let whole = seats * shown;
    let unequal = (whole * 1000).checked_sub(twice_area * 1000)?.checked_div(whole)?;
    u16::try_from(unequal).ok()
}
