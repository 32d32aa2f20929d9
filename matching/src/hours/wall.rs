use super::horizon::Runs;
use super::mask::{HALF_HOURS, WEEKS};
use super::{DAY, Day};

/// Somebody's half hours in the coming weeks, as the wall clock of another zone shows them: what is shared with people there is
/// then counted on their local days.
#[derive(Clone, Debug)]
pub struct Wall {
    /// Minutes past the half hour of that clock at which half hours of UTC begin
    shift: u16,
    /// One week where all four are alike
    weeks: Vec<[HalfHours; 7]>,
    /// Whether any week has time on a day
    days: [bool; 7],
}

/// Half hours of a local day, counted as [`Day::half_hours`] does; number 47 may reach into the next day.
#[derive(Clone, Copy, Debug, Default)]
struct HalfHours {
    once: u64,
    /// Those that come twice because the clock was put back
    twice: u64,
}

impl HalfHours {
    fn mark(&mut self, half_hour: i32) {
        let bit = 1 << half_hour;
        self.twice |= self.once & bit;
        self.once |= bit;
    }
}

const LAST: u64 = 1 << 47;

impl Wall {
    /// Of half hours of the horizon, `alike` where every week has those of the first. None where the zone changes by what is no
    /// multiple of half an hour.
    pub fn new(mine: &[i32], alike: bool, zone: &Runs) -> Option<Self> {
        let shift = zone.0.first()?.shift();
        if zone.0.iter().any(|run| run.shift() != shift) {
            return None;
        }
        let mut weeks = vec![[HalfHours::default(); 7]; if alike && zone.0.len() == 1 { 1 } else { WEEKS }];
        for run in &zone.0 {
            for half_hour in mine.iter().filter(|half_hour| (run.first..run.past).contains(half_hour)) {
                if let Some(week) = weeks.get_mut(*half_hour as usize / HALF_HOURS) {
                    let minute = half_hour * 30 + run.offset;
                    week[minute.div_euclid(DAY).rem_euclid(7) as usize].mark(minute.rem_euclid(DAY) / 30);
                }
            }
        }
        let days = std::array::from_fn(|day| weeks.iter().any(|week| week[day].once != 0));
        Some(Self { shift: shift as u16, weeks, days })
    }

    /// Minutes a week that both have in the worst of the coming weeks, where the others' days are of this zone, Monday first.
    #[inline]
    pub fn shared_minutes<'a>(&self, theirs: impl Fn(usize) -> &'a Day) -> u32 {
        let mut shared = [0; WEEKS];
        for day in (0..7).filter(|day| self.days[*day]) {
            let half_hours = self.half_hours(&theirs, day);
            for (shared, mine) in shared.iter_mut().zip(&self.weeks) {
                let HalfHours { once, twice } = mine[day];
                *shared += (once & half_hours).count_ones() + (twice & half_hours).count_ones();
            }
        }
        30 * shared.iter().take(self.weeks.len()).min().copied().unwrap_or_default()
    }

    #[inline]
    fn half_hours<'a>(&self, theirs: impl Fn(usize) -> &'a Day, day: usize) -> u64 {
        let today = theirs(day);
        if today.stretches().is_empty() {
            return 0;
        }
        let over_midnight =
            self.shift > 0 && today.ends_with(1410 + self.shift) && theirs((day + 1) % 7).begins_with(self.shift);
        today.half_hours(self.shift) | if over_midnight { LAST } else { 0 }
    }
}
