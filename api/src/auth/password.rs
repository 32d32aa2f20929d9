//! Password hashes: argon2id (RFC 9106) with the parameters of OWASP ASVS 5.0, appendix C; off the async threads and bounded.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::config::Config;
use crate::error::{Code, Error, Result};
use crate::low_threads::LowThreads;

/// Hashes and checks passwords, a bounded number at once; past a queue of bounded length it refuses at once.
pub struct Passwords {
    threads: LowThreads,
    /// One for each that is computed or waits.
    places: Semaphore,
}

impl Passwords {
    /// # Errors
    /// Where the machine grants no threads.
    pub fn new(config: &Config) -> std::io::Result<Self> {
        let at_once = config.hash_permit_count();
        let threads = LowThreads::new("hash", at_once, config.hash_niceness)?;
        Ok(Self { threads, places: Semaphore::new(at_once + config.hash_queue_length()) })
    }

    /// A place for one caller, asked for before anything that costs: 503 where all are taken.
    pub fn reserve(&self) -> Result<Place<'_>> {
        let busy = || Error::refused(Code::Unavailable, "too many passwords at once");
        let place = self.places.try_acquire().map_err(|_| busy())?;
        Ok(Place { threads: &self.threads, _place: place })
    }

    /// The hash of `password` in PHC string form, in a place of its own.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.reserve()?.hash(password).await
    }
}

/// Among those whose passwords are computed or wait.
pub struct Place<'a> {
    threads: &'a LowThreads,
    _place: SemaphorePermit<'a>,
}

impl Place<'_> {
    async fn hash(&self, password: String) -> Result<String> {
        let hash = move || {
            let salt: [u8; 16] = rand::random();
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|error| anyhow::anyhow!("argon2: {error}"))
        };
        Ok(self.threads.run(hash).await??)
    }

    /// Whether `password` fits; without a hash it takes as long and is false.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let verify = move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| DECOY.to_owned());
            let fits = PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            fits && known
        };
        self.threads.run(verify).await
    }

    /// The hash of a password whose `hash` was made with less than is asked for today.
    pub async fn better_hash(&self, password: String, hash: Option<&str>) -> Result<Option<String>> {
        if hash.is_some_and(needs_rehash) { self.hash(password).await.map(Some) } else { Ok(None) }
    }
}

fn needs_rehash(hash: &str) -> bool {
    let is_current = |hash: PasswordHash| {
        let (params, today) = (Params::try_from(&hash).ok()?, Params::default());
        let enough = params.m_cost() >= today.m_cost() && params.t_cost() >= today.t_cost();
        let same = hash.algorithm == Algorithm::default().ident() && hash.version == Some(Version::default().into());
        Some(enough && same)
    };
    PasswordHash::new(hash).ok().and_then(is_current) != Some(true)
}

/// The hash of a password that nobody knows, so that an unknown account costs what a known one costs.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWtub3dzLWl0$RdescudvJCsgt3ub+b1dWRWJTmaaJObG0wRKSCXu3hE";

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn weaker_hashes_than_todays_are_made_anew() {
        assert!(!needs_rehash(DECOY));
        assert!(!needs_rehash(&DECOY.replace("m=19456", "m=47104")));
        let weak =
            [("m=19456", "m=4096"), ("t=2", "t=1"), ("argon2id", "argon2i"), ("v=19", "v=16"), ("$argon", "argon")];
        for (today, older) in weak {
            assert!(needs_rehash(&DECOY.replace(today, older)), "{older}");
        }
    }

    #[tokio::test]
    async fn what_finds_no_place_in_the_queue_is_refused_at_once() {
        let settings = [("MENTORSHIP_HASH_PERMITS", "1"), ("MENTORSHIP_HASH_QUEUE", "1")];
        let config = Config::from_variables(settings.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let passwords = Passwords::new(&config.unwrap()).unwrap();
        let (computes, waits) = (passwords.reserve().unwrap(), passwords.reserve().unwrap());
        let refused = passwords.hash("a long walk".to_owned()).now_or_never();
        assert!(matches!(refused, Some(Err(Error::Refused(Code::Unavailable, _)))));
        drop(computes);
        assert!(passwords.hash("a long walk".to_owned()).await.unwrap().starts_with("$argon2id$"));
        assert!(!waits.verify("a long walk".to_owned(), None).await.unwrap());
    }
}
