mod change_email;
mod erase;
mod invitations;
mod reset_password;
mod sign_in_link;
mod token;
mod verify_email;

pub(super) use change_email::{change_email, confirm_email, undo_email_change};
pub use erase::{addresses_of, delete_all};
pub(super) use invitations::{accept_invitation, get_invitation, invite, list_invitations, revoke_invitation};
pub(super) use reset_password::{request_password_reset, reset_password, start_password_reset};
pub(super) use sign_in_link::{request_sign_in_link, sign_in_by_link};
pub use token::{issue, renew, void_all};
pub(super) use verify_email::{request_verification, verify_email};
