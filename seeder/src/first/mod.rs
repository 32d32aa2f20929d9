//! The ten who are written by hand, with all that is between them: the rows that documentation and tests point at.

mod amara_linh;
mod conversations;
mod details;
mod members;
mod mentorships;
mod people;
mod person;
mod suggestions;
mod threads;

pub use conversations::conversations;
pub use details::details;
pub use members::{email, id_of, members};
pub use mentorships::mentorships;
pub use people::{ADMIN, MENTEE, MENTOR, OMAR, OWNER};
pub use suggestions::suggestions;
