mod email;
mod invitations;
mod password;
mod sign_in_link;

pub use email::*;
pub use invitations::*;
pub use password::*;
pub use sign_in_link::*;
