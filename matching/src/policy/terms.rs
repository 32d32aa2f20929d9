use super::super::component::Component;
use super::rarity::Rarity;

/// The numbers of a policy as an owner writes them; [`Policy::new`](super::Policy::new) checks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Rises with every change; stored with each score
    pub version: i32,
    /// The most of each component in the order of [`Component::ALL`]; 1000 together
    pub most: [u16; Component::COUNT],
    pub floors: Floors,
    pub seniority: SeniorityTable,
    pub levels: LevelFactors,
    /// Minutes a week from which more shared time earns no more, 30 to 10080
    pub enough_minutes: u16,
    /// Percent of the component for no, one, and two or more languages in common; never falling
    pub languages: [u8; 3],
    pub place: PlaceTable,
    pub rarity: Rarity,
    /// Open suggestions for a free seat, in lists of [`list_length`](Self::list_length)
    pub crowding: Ratio,
    /// How long a member's list of suggestions is, 1 to 1000
    pub list_length: u16,
    /// How much of a seat's price the rank loses, 0 to 4
    pub lambda: Ratio,
}

/// Percent of what a view can earn, 0 to 100, under which a pair is no fit, however good it is for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floors {
    pub mentee: u8,
    pub mentor: u8,
}

/// Percent of the component by ranks that the mentor is above the mentee: −4 or less, −3, … 3, 4 or more. It peaks at the gap
/// that the programme wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeniorityTable(pub [u8; 9]);

impl SeniorityTable {
    /// Percent for a distance in ranks.
    pub fn percent(&self, distance: i16) -> u8 {
        let index = usize::try_from(distance.clamp(-4, 4) + 4).unwrap_or_default();
        self.0.get(index).copied().unwrap_or_default()
    }
}

/// Tenths of a skill's worth by how the mentor's level stands to the mentee's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelFactors {
    pub above: u8,
    pub equal: u8,
    pub below: u8,
}

impl LevelFactors {
    /// Tenths for an offered and a sought level, each 1 to 5 where it was told.
    ///
    /// Whoever seeks at no level is content with any; an offer at no level counts as one at the level sought, so that keeping
    /// silent earns less than being good.
    pub fn tenths(&self, offered: Option<u8>, sought: Option<u8>) -> u8 {
        match (offered, sought) {
            (_, None) => self.above,
            (None, Some(_)) => self.equal,
            (Some(offered), Some(sought)) => match offered.cmp(&sought) {
                std::cmp::Ordering::Greater => self.above,
                std::cmp::Ordering::Equal => self.equal,
                std::cmp::Ordering::Less => self.below,
            },
        }
    }
}

/// Percent of the component by whether they can meet in person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceTable {
    /// Both would, and no two different places are told
    pub together: u8,
    /// Neither asks for it
    pub remote: u8,
    /// One would, or both in different places
    pub apart: u8,
}

/// A fraction of two integers; the lower is not 0 in a checked policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    pub upper: u16,
    pub lower: u16,
}

impl Ratio {
    /// That part of `whole`, rounded down and held to 32 bits.
    pub fn of(self, whole: u32) -> u32 {
        let part = u64::from(whole) * u64::from(self.upper) / u64::from(self.lower.max(1));
        u32::try_from(part).unwrap_or(u32::MAX)
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            version: 1,
            most: [350, 100, 100, 50, 150, 100, 60, 50, 20, 20],
            floors: Floors { mentee: 25, mentor: 25 },
            seniority: SeniorityTable([10, 10, 10, 10, 40, 100, 90, 70, 70]),
            levels: LevelFactors { above: 10, equal: 6, below: 3 },
            enough_minutes: 240,
            languages: [0, 50, 100],
            place: PlaceTable { together: 100, remote: 50, apart: 25 },
            rarity: Rarity::default(),
            crowding: Ratio { upper: 3, lower: 2 },
            list_length: 10,
            lambda: Ratio { upper: 1, lower: 1 },
        }
    }
}
