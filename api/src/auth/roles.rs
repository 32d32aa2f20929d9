//! The least role of an operation, as a type: `Caller<Admin>` is admitted, checked and documented by the same word.

use std::fmt;

use entity::user;

use super::Known;
use crate::error::{Code, Result};

pub trait Role: 'static {
    fn admit(known: &Known, verified_email_required: bool) -> Result<()>;
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident $word:literal $least:expr;)*) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str($word)
                }
            }

            impl Role for $name {
                fn admit(known: &Known, verified_email_required: bool) -> Result<()> {
                    admit(known, verified_email_required, $least)
                }
            }
        )*

        /// Whether the guard of the role with this word admits.
        pub fn admits(word: &str, known: &Known, verified_email_required: bool) -> bool {
            match word {
                $($word => $name::admit(known, verified_email_required).is_ok(),)*
                _ => false,
            }
        }
    };
}

roles! {
    /// Signed in and not suspended; perhaps neither approved nor verified yet.
    Registered "registered" None;
    /// Approved and, where it is required, verified.
    Member "member" Some(user::Role::Regular);
    Admin "admin" Some(user::Role::Admin);
    Owner "owner" Some(user::Role::Owner);
}

fn admit(known: &Known, verified_email_required: bool, least: Option<user::Role>) -> Result<()> {
    if known.status == user::Status::Suspended {
        return Err(Code::AccountSuspended.into());
    }
    let Some(least) = least else { return Ok(()) };
    if known.status == user::Status::PendingApproval {
        return Err(Code::AccountPending.into());
    }
    if verified_email_required && !known.email_verified {
        return Err(Code::EmailNotVerified.into());
    }
    if rank(known.role) < rank(least) {
        return Err(Code::Forbidden.into());
    }
    if least != user::Role::Regular && known.lacks_second_factor {
        return Err(Code::SecondFactorSetupRequired.into());
    }
    Ok(())
}

fn rank(role: user::Role) -> u8 {
    match role {
        user::Role::Regular => 0,
        user::Role::Admin => 1,
        user::Role::Owner => 2,
    }
}
