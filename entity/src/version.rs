use crate::{goal, match_run, matching_policy, meeting, note, setting};

/// A row that two people may change at the same time, and that counts its changes.
pub trait Version {
    fn version(&self) -> i32;
}

macro_rules! versioned {
    ($($entity:ident),+) => {
        $(impl Version for $entity::Model {
            fn version(&self) -> i32 {
                self.version
            }
        })+
    };
}

versioned!(goal, match_run, matching_policy, meeting, note, setting);

/// A row together with what is told of it.
impl<R: Version, T> Version for (R, T) {
    fn version(&self) -> i32 {
        self.0.version()
    }
}
