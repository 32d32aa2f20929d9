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
        Some(Self { shift: shift as u16, weeks })
    }

    /// Minutes a week that both have in the worst of the coming weeks, where the others' days are of this zone.
    #[inline]
    pub fn shared_minutes(&self, days: &[&Day; 7]) -> u32 {
        let masks: [u64; 7] = std::array::from_fn(|day| self.half_hours(days, day));
        let shared = |week: &[HalfHours; 7]| -> u32 {
            let each = week.iter().zip(masks);
            each.map(|(mine, theirs)| (mine.once & theirs).count_ones() + (mine.twice & theirs).count_ones()).sum()
        };
        30 * self.weeks.iter().map(shared).min().unwrap_or_default()
    }

    #[inline]
    fn half_hours(&self, days: &[&Day; 7], day: usize) -> u64 {
        let today = days[day];
        if today.stretches().is_empty() {
            return 0;
        }
        let over_midnight =
            self.shift > 0 && today.ends_with(1410 + self.shift) && days[(day + 1) % 7].begins_with(self.shift);
        today.half_hours(self.shift) | if over_midnight { LAST } else { 0 }
    }
}
