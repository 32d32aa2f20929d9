use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, Utc};

/// The only source of time, in whole milliseconds; a manual one stands still until it is moved.
#[derive(Clone)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    pub fn system() -> Self {
        Self(None)
    }

    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(AtomicI64::new(start.timestamp_millis()))))
    }

    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Some(millis) => DateTime::from_timestamp_millis(millis.load(Ordering::Acquire)).unwrap_or_default(),
            None => system_now(),
        }
    }

    /// Moves a manual clock; the system's clock stays as it is.
    pub fn advance(&self, by: chrono::TimeDelta) {
        if let Some(millis) = &self.0 {
            millis.fetch_add(by.num_milliseconds(), Ordering::AcqRel);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the real clock is read")]
fn system_now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}
