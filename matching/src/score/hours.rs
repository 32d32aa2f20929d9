use super::super::hours::{SLOTS, Wall, Weeks};
use super::super::profile::Profile;
use super::super::record::Cells;
use super::super::vocabulary::{Home, Vocabulary};
use super::super::zones::Zones;

/// When a query has time, made ready against everybody of the other side.
#[derive(Clone, Debug)]
pub struct Shared<'a> {
    zones: &'a Zones,
    weeks: Weeks,
    /// By the number of a zone
    walls: Vec<Option<Wall>>,
}

impl<'a> Shared<'a> {
    /// None where no time is told.
    pub fn new(profile: &Profile, zones: &'a Zones) -> Option<Self> {
        let weeks = profile.hours.is_told().then(|| zones.horizon().weeks(&profile.hours))?;
        let (half_hours, alike) = (weeks.half_hours(), weeks.are_alike());
        let walls = zones.iter().map(|runs| Wall::new(&half_hours, alike, runs)).collect();
        Some(Self { zones, weeks, walls })
    }

    /// Minutes a week with a candidate in the worst of the coming weeks, none where they told no time.
    #[inline]
    pub fn minutes(&self, row: &impl Cells, home: &Home, vocabulary: &Vocabulary) -> Option<u32> {
        let zone = usize::from(home.zone.checked_sub(1)?);
        Some(match self.walls.get(zone).and_then(Option::as_ref) {
            Some(wall) => wall.shared_minutes(|day| vocabulary.day_of(row, day)),
            None => self.week_by_week(home, vocabulary.days_of(row)),
        })
    }

    #[cold]
    fn week_by_week(&self, home: &Home, days: [&super::super::hours::Day; 7]) -> u32 {
        self.zones.horizon().weeks(&self.zones.hours(home, days)).shared_minutes(&self.weeks)
    }

    /// [`Weeks::slots`] of the query.
    pub fn slots(&self) -> u64 {
        self.weeks.slots()
    }

    /// [`Weeks::minutes_by_slot`] of the query.
    pub fn minutes_by_slot(&self) -> [u32; SLOTS] {
        self.weeks.minutes_by_slot()
    }
}
