//! What programmes do without a solver, to be compared with the optimum.

use matching::cohort::{FORBIDDEN, MOST_POINTS, Scores};

use crate::instance::Instance;

/// Points in all when the best pair that is left is taken until none is.
pub fn greedy(instance: &Instance) -> u64 {
    let mut by_points = vec![Vec::new(); usize::from(MOST_POINTS) + 1];
    for mentee in 0..instance.mentees() {
        for mentor in 0..instance.seats().len() {
            if let Some(points) = instance.score(mentee, mentor) {
                by_points[usize::from(points)].push((mentee as u32, mentor as u32));
            }
        }
    }
    let mut seats = instance.seats().to_vec();
    let mut matched = vec![false; instance.mentees()];
    let mut total = 0;
    for (points, pairs) in by_points.iter().enumerate().rev() {
        for (mentee, mentor) in pairs.iter().map(|(mentee, mentor)| (*mentee as usize, *mentor as usize)) {
            if !matched[mentee] && seats[mentor] > 0 {
                matched[mentee] = true;
                seats[mentor] -= 1;
                total += points as u64;
            }
        }
    }
    total
}

/// Points in all when the mentees come one after the other and each takes the best mentor with a seat.
pub fn first_come(instance: &Instance) -> u64 {
    let mut seats = instance.seats().to_vec();
    let mut row = vec![FORBIDDEN; seats.len()];
    let mut total = 0;
    for mentee in 0..instance.mentees() {
        instance.row(mentee, &mut row);
        let free = (0..seats.len()).filter(|mentor| seats[*mentor] > 0 && row[*mentor] != FORBIDDEN);
        let best = free.map(|mentor| (row[mentor], std::cmp::Reverse(mentor))).max();
        if let Some((points, mentor)) = best {
            seats[mentor.0] -= 1;
            total += u64::from(points);
        }
    }
    total
}
