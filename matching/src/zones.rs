use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::hours::{Day, Horizon, Hours, Runs, Weeks};
use super::vocabulary::Home;

/// The time zones that anybody lives in, with what their clocks show in the weeks of the horizon.
#[derive(Clone, Debug)]
pub struct Zones {
    horizon: Horizon,
    zones: Vec<(Tz, Runs)>,
}

impl Zones {
    /// None yet, in the weeks of `now`.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { horizon: Horizon::new(now), zones: Vec::new() }
    }

    pub fn horizon(&self) -> Horizon {
        self.horizon
    }

    /// The number of a zone, which gets the next one if it is new.
    pub fn number(&mut self, zone: Tz) -> u16 {
        let known = self.zones.iter().position(|(known, _)| *known == zone);
        let number = known.unwrap_or(self.zones.len());
        if known.is_none() {
            self.zones.push((zone, self.horizon.runs(zone)));
        }
        number as u16
    }

    /// Which they are, by number.
    pub fn names(&self) -> impl ExactSizeIterator<Item = Tz> {
        self.zones.iter().map(|(zone, _)| *zone)
    }

    /// By number.
    pub fn iter(&self) -> impl Iterator<Item = &Runs> {
        self.zones.iter().map(|(_, runs)| runs)
    }

    /// The hours of these days, Monday first, on the wall clock of a home.
    pub fn hours(&self, home: &Home, days: [&Day; 7]) -> Hours {
        let zone = home.zone.checked_sub(1).and_then(|number| self.zones.get(usize::from(number)));
        zone.map_or_else(Hours::default, |(zone, _)| Hours::of_days(*zone, days))
    }

    /// The half hours of UTC that lie within the windows throughout.
    pub fn weeks(&self, hours: &Hours) -> Weeks {
        let known = self.zones.iter().find(|(zone, _)| *zone == hours.zone());
        known.map_or_else(|| self.horizon.weeks(hours), |(_, runs)| runs.weeks(hours))
    }

    /// A bit for each stretch of six hours in which any week has time.
    pub fn slots(&self, home: &Home, days: [&Day; 7]) -> u64 {
        let zone = home.zone.checked_sub(1).and_then(|number| self.zones.get(usize::from(number)));
        zone.map_or(0, |(zone, runs)| runs.slots(&Hours::of_days(*zone, days)))
    }

    /// The same in the weeks of `now`.
    pub fn moved_to(&self, now: DateTime<Utc>) -> Self {
        let horizon = Horizon::new(now);
        let zones = self.zones.iter().map(|(zone, _)| (*zone, horizon.runs(*zone)));
        Self { horizon, zones: zones.collect() }
    }

    /// By the number of a zone plus 1: whether its clock shows another time in those weeks than in these.
    pub fn differing(&self, those: &Self) -> Vec<bool> {
        let differ = self.zones.iter().zip(&those.zones).map(|((_, these), (_, those))| these != those);
        std::iter::once(false).chain(differ).collect()
    }

    pub fn memory_bytes(&self) -> usize {
        self.zones.iter().map(|(_, runs)| size_of::<(Tz, Runs)>() + runs.memory_bytes()).sum()
    }
}
