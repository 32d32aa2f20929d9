//! Password hashes: argon2id (RFC 9106) with the parameters of OWASP ASVS 5.0, appendix C; off the async threads and bounded.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::{Code, Error, Result};

const QUEUE_TIME: Duration = Duration::from_secs(3);

/// Hashes and checks passwords, a bounded number at once; past a short queue it refuses with `unavailable`.
pub struct Passwords {
    permits: Arc<Semaphore>,
}

impl Passwords {
    pub fn new(permits: usize) -> Self {
        Self { permits: Arc::new(Semaphore::new(permits)) }
    }

    /// The hash of `password` in PHC string form.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move || {
            let salt: [u8; 16] = rand::random();
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|error| anyhow::anyhow!("argon2: {error}"))
        })
        .await?
        .map_err(Error::from)
    }

    /// Whether `password` fits; without a hash it takes as long and is false.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| DECOY.to_owned());
            let fits = PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            fits && known
        })
        .await
    }

    /// The hash of a password whose `hash` is weaker than those made now.
    pub async fn better_hash(&self, password: String, hash: Option<&str>) -> Result<Option<String>> {
        let parameters = |hash: &str| Params::try_from(&PasswordHash::new(hash).ok()?).ok();
        let Some(known) = hash.and_then(parameters) else { return Ok(None) };
        let now = Params::default();
        let is_weaker = known.m_cost() < now.m_cost() || known.t_cost() < now.t_cost();
        if is_weaker { self.hash(password).await.map(Some) } else { Ok(None) }
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit: OwnedSemaphorePermit = timeout(QUEUE_TIME, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| Error::refused(Code::Unavailable, "too many sign-ins at once"))?
            .map_err(anyhow::Error::from)?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(|error| anyhow::Error::from(error).into())
    }
}

/// The hash of a password that nobody knows, so that an unknown account costs what a known one costs.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWtub3dzLWl0$RdescudvJCsgt3ub+b1dWRWJTmaaJObG0wRKSCXu3hE";
