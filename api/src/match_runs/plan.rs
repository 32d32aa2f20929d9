//! From people and what an admin demands to the best plan with its proof: what runs on the solver's threads, and knows no
//! database.

use std::collections::BTreeSet;

use entity::match_run::{Couple, Edits, Mode, Model, Summary, Totals};
use matching::cohort::{self, Cohort, Effort, Error, Mentee, Mentor, Pair, PinFault, Problem, Watch};
use matching::{Fit, Profile, Roster};
use uuid::Uuid;

use super::findings::Findings;
use super::mutual;

/// A solved run, which stays the best under edits. Places are by id on both sides.
pub type Solved = Cohort<Roster>;

/// A plan as it is stored.
pub struct Plan {
    pub summary: Summary,
    /// By mentee, then mentor
    pub pairs: Vec<Fit>,
    pub findings: Findings,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPlan {
    /// This pin cannot be kept, for a reason in a word
    Pin(Couple, &'static str),
    Cancelled,
    TooLarge,
    /// A fault of ours
    Broken(String),
}

/// Solves a run.
///
/// # Errors
/// See [`NoPlan`]; `Cancelled` where the watcher said so.
pub fn solve(roster: Roster, run: &Model, watch: &dyn Watch) -> Result<Solved, NoPlan> {
    let problem = problem(&roster, run)?;
    let people = (ids(roster.mentees()), ids(roster.mentors()));
    let named = |pair: Pair| Couple {
        mentee_id: people.0.get(pair.mentee).copied().unwrap_or_default(),
        mentor_id: people.1.get(pair.mentor).copied().unwrap_or_default(),
    };
    let mut solved =
        cohort::solve(problem, roster, &Effort::default(), watch).map_err(|error| no_plan(error, named))?;
    mutual::part(&mut solved)?;
    Ok(solved)
}

/// What is stored of a solved run, once its proof was checked; `ladder` are the levels of seniority.
///
/// # Errors
/// `Broken` where the proof does not hold.
pub fn prove(solved: &Solved, edits: &Edits, ladder: &[Uuid]) -> Result<Plan, NoPlan> {
    solved.check().map_err(|fault| NoPlan::Broken(format!("the proof does not hold: {fault:?}")))?;
    let pairs = solved.pairs().into_iter().filter_map(|pair| solved.scores().fit(pair.mentee, pair.mentor)).collect();
    Ok(Plan { summary: summary(solved), pairs, findings: Findings::of(solved, edits, ladder) })
}

/// Makes the plan what `target` demands, or leaves it as it was.
///
/// # Errors
/// `Pin` where a pin cannot be kept; `Broken` where what was done could not be taken back.
pub fn edit(solved: &mut Solved, target: &Edits) -> Result<(), NoPlan> {
    let wanted = Demands::of(solved.scores(), target)?;
    let before = Demands::now(solved);
    let put = wanted.put(solved).map_err(|error| no_plan(error, |pair| couple(solved, pair)));
    let Err(refused) = put.and_then(|()| mutual::part(solved)) else { return Ok(()) };
    match before.put(solved) {
        Ok(()) => Err(refused),
        Err(error) => Err(NoPlan::Broken(format!("an edit could not be taken back: {error}"))),
    }
}

/// The pairs that are kept out of the plan although `edits` ban them not: see [`mutual::part`].
pub fn excluded(solved: &Solved, edits: &Edits) -> Vec<Couple> {
    let mut excluded: Vec<_> = solved.problem().bans.iter().map(|ban| couple(solved, *ban)).collect();
    excluded.retain(|couple| edits.bans.binary_search(couple).is_err());
    excluded.sort_unstable();
    excluded
}

fn summary(solved: &Solved) -> Summary {
    let (problem, totals) = (solved.problem(), solved.totals());
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Summary {
        mentees: count(problem.mentees.len()),
        mentors: count(problem.mentors.len()),
        seats: problem.mentors.iter().map(|mentor| mentor.seats).sum(),
        totals: Totals {
            points: totals.points,
            pairs: count(totals.pairs),
            matched_mentees: count(totals.mentees),
            matched_mentors: count(totals.mentors),
        },
    }
}

/// What an admin demands, in places.
struct Demands {
    pins: BTreeSet<Pair>,
    bans: BTreeSet<Pair>,
    /// Of each mentor
    seats: Vec<u32>,
}

impl Demands {
    /// Whoever is not in the run has neither bans nor seats there; a pin of theirs cannot be kept.
    fn of(roster: &Roster, edits: &Edits) -> Result<Self, NoPlan> {
        let known = |couple: &Couple| place(roster, *couple).ok_or(NoPlan::Pin(*couple, "not_in_run"));
        let mut seats: Vec<u32> = roster.mentors().iter().map(|mentor| mentor.seats.free.into()).collect();
        for limit in &edits.seats {
            if let Some(free) = seat_of(roster.mentors(), limit.mentor_id).and_then(|place| seats.get_mut(place)) {
                *free = (*free).min(limit.seats.into());
            }
        }
        let pins = edits.pins.iter().map(known).collect::<Result<_, _>>()?;
        Ok(Self { pins, bans: edits.bans.iter().filter_map(|ban| place(roster, *ban)).collect(), seats })
    }

    fn now(solved: &Solved) -> Self {
        let problem = solved.problem();
        Self {
            pins: problem.pins.iter().copied().collect(),
            bans: problem.bans.iter().copied().collect(),
            seats: problem.mentors.iter().map(|mentor| mentor.seats).collect(),
        }
    }

    /// What is given up comes first, so that there is room for what is new.
    fn put(&self, solved: &mut Solved) -> Result<(), Error> {
        let now = Self::now(solved);
        for pin in now.pins.difference(&self.pins) {
            solved.unpin(*pin)?;
        }
        for ban in now.bans.difference(&self.bans) {
            solved.allow(*ban)?;
        }
        for (mentor, (before, seats)) in now.seats.iter().zip(&self.seats).enumerate() {
            if before != seats {
                solved.set_seats(mentor, *seats)?;
            }
        }
        for ban in self.bans.difference(&now.bans) {
            solved.ban(*ban)?;
        }
        for pin in self.pins.difference(&now.pins) {
            solved.pin(*pin)?;
        }
        Ok(())
    }
}

fn problem(roster: &Roster, run: &Model) -> Result<Problem, NoPlan> {
    let Demands { pins, bans, seats } = Demands::of(roster, &run.edits)?;
    let key = |person: &Profile| person.user_id.as_u128();
    let mentees = roster.mentees().iter().map(|mentee| Mentee { key: key(mentee), wishes: 1 });
    let mentors = roster.mentors().iter().zip(seats).map(|(mentor, seats)| Mentor { key: key(mentor), seats });
    Ok(Problem {
        mentees: mentees.collect(),
        mentors: mentors.collect(),
        quotas: Vec::new(),
        pins: pins.into_iter().collect(),
        bans: bans.into_iter().collect(),
        floor: least_points(run.floor),
        minimum_one: run.minimum_one,
        mode: match run.mode {
            Mode::BestTotal => cohort::Mode::BestTotal,
            Mode::ParticipationFirst => cohort::Mode::ParticipationFirst,
            Mode::Stable => cohort::Mode::Stable,
        },
        seed: run.seed.unsigned_abs(),
    })
}

/// The fewest points that are shown as this score.
fn least_points(score: i16) -> u16 {
    (score.unsigned_abs() * 10).saturating_sub(5)
}

fn ids(people: &[Profile]) -> Vec<Uuid> {
    people.iter().map(|person| person.user_id).collect()
}

fn seat_of(people: &[Profile], id: Uuid) -> Option<usize> {
    people.binary_search_by_key(&id, |person| person.user_id).ok()
}

fn place(roster: &Roster, couple: Couple) -> Option<Pair> {
    let mentee = seat_of(roster.mentees(), couple.mentee_id)?;
    Some(Pair { mentee, mentor: seat_of(roster.mentors(), couple.mentor_id)? })
}

/// The ids of a pair.
pub fn couple(solved: &Solved, pair: Pair) -> Couple {
    let id = |people: &[Profile], place: usize| people.get(place).map(|one| one.user_id).unwrap_or_default();
    let roster = solved.scores();
    Couple { mentee_id: id(roster.mentees(), pair.mentee), mentor_id: id(roster.mentors(), pair.mentor) }
}

fn no_plan(error: Error, couple: impl Fn(Pair) -> Couple) -> NoPlan {
    match error {
        Error::Cancelled => NoPlan::Cancelled,
        Error::TooLarge => NoPlan::TooLarge,
        Error::PinRefused { pair, why } => NoPlan::Pin(couple(pair), word(&why)),
        other => NoPlan::Broken(other.to_string()),
    }
}

/// Which rule forbids a pair is not told: it may be private.
fn word(why: &PinFault) -> &'static str {
    match why {
        PinFault::NotAllowed => "not_allowed",
        PinFault::BelowFloor => "below_floor",
        PinFault::Banned => "banned",
        PinFault::Twice => "repeated_item",
        PinFault::NoWishLeft => "mentee_pinned_elsewhere",
        PinFault::NoSeatLeft | PinFault::QuotaFull(_) => "no_seat_left",
    }
}
