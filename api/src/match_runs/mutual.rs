//! Two who would mentor each other get the better of the two pairs: one mentorship is open between two people.

use std::collections::{BTreeMap, BTreeSet};

use entity::match_run::Couple;
use matching::cohort::{Pair, Scores};

use super::plan::{NoPlan, Solved, couple};

/// Bans one of two such pairs after the other, the plan being the best without them each time.
///
/// # Errors
/// `Pin` where both are pinned.
pub fn part(solved: &mut Solved) -> Result<(), NoPlan> {
    let mut plan = Plan::of(solved);
    while let Some(both) = plan.first() {
        let worse = worse(solved, both)?;
        let done = solved.ban(worse).map_err(|error| NoPlan::Broken(error.to_string()))?;
        done.removed.iter().for_each(|pair| plan.remove(couple(solved, *pair)));
        done.added.iter().for_each(|pair| plan.add(couple(solved, *pair), *pair));
    }
    Ok(())
}

/// The pairs of a plan, and those of which the mirrored one is in it too.
#[derive(Default)]
struct Plan {
    pairs: BTreeMap<Couple, Pair>,
    mutual: BTreeSet<Couple>,
}

impl Plan {
    fn of(solved: &Solved) -> Self {
        let mut plan = Self::default();
        solved.pairs().into_iter().for_each(|pair| plan.add(couple(solved, pair), pair));
        plan
    }

    fn add(&mut self, one: Couple, pair: Pair) {
        self.pairs.insert(one, pair);
        if self.pairs.contains_key(&mirrored(one)) {
            self.mutual.extend([one, mirrored(one)]);
        }
    }

    fn remove(&mut self, one: Couple) {
        self.pairs.remove(&one);
        self.mutual.remove(&one);
        self.mutual.remove(&mirrored(one));
    }

    fn first(&self) -> Option<[Pair; 2]> {
        let one = *self.mutual.first()?;
        Some([*self.pairs.get(&one)?, *self.pairs.get(&mirrored(one))?])
    }
}

fn mirrored(one: Couple) -> Couple {
    Couple { mentor_id: one.mentee_id, mentee_id: one.mentor_id }
}

fn worse(solved: &Solved, both: [Pair; 2]) -> Result<Pair, NoPlan> {
    let rank = |pair: &Pair| {
        let pinned = solved.problem().pins.contains(pair);
        (pinned, solved.scores().score(pair.mentee, pair.mentor), couple(solved, *pair))
    };
    let [here, there] = both;
    let worse = if rank(&here) < rank(&there) { here } else { there };
    if rank(&worse).0 { Err(NoPlan::Pin(couple(solved, here), "mentor_each_other")) } else { Ok(worse) }
}
