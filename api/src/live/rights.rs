//! Whose rights an event changes. Whoever may not be told any more is not: from the event on in the log, and where another
//! transaction holds the log back, as soon as they have asked.

use super::bus::Doubted;
use super::connection::{Connection, Ending};
use super::hub::Live;
use crate::auth::Auth;
use crate::events::Kind;
use crate::events::log::Entry;

impl Live {
    /// Something was committed here: it is told at once, on the other nodes too. What it may have ended is not waited for.
    pub fn committed(&self, written: &[Entry]) {
        for entry in written.iter().filter(|entry| changes_rights(entry.kind)) {
            self.doubt(*entry);
            self.bus.pass_on_doubt(&Doubted::new(*entry));
        }
        self.wake();
        self.bus.tell_others();
    }

    /// It is so, as the log says; and what this node remembers of who calls is dropped.
    pub(super) fn follow_rights(&self, auth: &Auth, entry: Entry) {
        match entry.kind {
            Kind::SessionEnded => {
                auth.forget_session(entry.subject);
                return self.each(|one| one.session == entry.subject, |one| one.end(Ending::NotAdmitted));
            }
            Kind::SettingsChanged => auth.forget_all(),
            Kind::BlockAdded | Kind::BlockLifted => {}
            kind if changes_rights(kind) => auth.forget(entry.subject),
            _ => return,
        }
        self.doubt(entry);
    }

    /// It may be so: whom it concerns asks before they are told anything more.
    pub(super) fn doubt(&self, entry: Entry) {
        match entry.kind {
            Kind::SessionEnded => self.each(|one| one.session == entry.subject, Connection::doubt),
            Kind::SettingsChanged => self.each(|_| true, Connection::doubt),
            Kind::BlockAdded | Kind::BlockLifted => self.audiences.forget_all(),
            _ => self.each(|one| one.user == entry.subject, Connection::doubt),
        }
    }
}

fn changes_rights(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::SessionEnded
            | Kind::SettingsChanged
            | Kind::BlockAdded
            | Kind::BlockLifted
            | Kind::UserSuspended
            | Kind::UserReactivated
            | Kind::UserRoleChanged
            | Kind::UserErased
            | Kind::UserEmailChanged
            | Kind::UserSecondFactorEnabled
            | Kind::UserSecondFactorDisabled
    )
}
