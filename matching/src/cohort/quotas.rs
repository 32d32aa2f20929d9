//! Quotas as a forest: which quota lies directly in which, and in which each person lies first.

use super::error::Error;
use super::problem::{Problem, Quota, Side};

/// The quotas of one side, numbered as they come in the problem among those of that side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Nest {
    /// Places in the problem's list of quotas
    pub quotas: Vec<usize>,
    pub most: Vec<u32>,
    /// The quota around each quota
    pub around: Vec<Option<u32>>,
    /// The innermost quota of each person
    pub innermost: Vec<Option<u32>>,
}

impl Nest {
    /// Sorts the quotas of a side from large to small; each must then lie within one quota, or none, placed so far.
    pub fn of(problem: &Problem, side: Side) -> Result<Self, Error> {
        let people = if side == Side::Mentee { problem.mentees.len() } else { problem.mentors.len() };
        let quotas: Vec<_> = (0..problem.quotas.len()).filter(|place| problem.quotas[*place].side == side).collect();
        let mut nest = Self {
            most: quotas.iter().map(|place| problem.quotas[*place].most).collect(),
            around: vec![None; quotas.len()],
            innermost: vec![None; people],
            quotas,
        };
        let mut members = Vec::new();
        for place in &nest.quotas {
            members.push(members_of(&problem.quotas[*place], people)?);
        }
        let mut order: Vec<_> = (0..members.len()).collect();
        order.sort_by_key(|quota| (std::cmp::Reverse(members[*quota].len()), *quota));
        for quota in order {
            nest.place(problem, quota, &members[quota])?;
        }
        Ok(nest)
    }

    fn place(&mut self, problem: &Problem, quota: usize, members: &[usize]) -> Result<(), Error> {
        let Some(first) = members.first() else { return Ok(()) };
        let around = self.innermost[*first];
        for member in members {
            let inner = self.innermost[*member];
            if inner != around {
                return Err(self.crossing(problem, quota, around, inner));
            }
        }
        self.around[quota] = around;
        for member in members {
            self.innermost[*member] = Some(quota as u32);
        }
        Ok(())
    }

    /// Of two quotas that hold different members of a third, the one that was placed later, or the only one, crosses it.
    fn crossing(&self, problem: &Problem, quota: usize, one: Option<u32>, other: Option<u32>) -> Error {
        let depth = |mut at: Option<u32>| {
            let mut depth = 0;
            while let Some(quota) = at {
                at = self.around[quota as usize];
                depth += 1;
            }
            depth
        };
        let crossed = if depth(one) >= depth(other) { one } else { other };
        let name = |quota: usize| problem.quotas[self.quotas[quota]].name.clone();
        Error::CrossingQuotas { one: name(quota), other: crossed.map(|at| name(at as usize)).unwrap_or_default() }
    }

    /// The quotas a person lies in, from the innermost outwards.
    pub fn chain(&self, person: usize) -> impl Iterator<Item = usize> + '_ {
        let first = self.innermost.get(person).copied().flatten();
        std::iter::successors(first, |quota| self.around[*quota as usize]).map(|quota| quota as usize)
    }
}

fn members_of(quota: &Quota, people: usize) -> Result<Vec<usize>, Error> {
    let mut members = quota.members.clone();
    members.sort_unstable();
    members.dedup();
    match members.last() {
        Some(place) if *place >= people => Err(Error::NoSuchPlace { side: quota.side, place: *place }),
        _ => Ok(members),
    }
}
