//! What several nodes count together in Redis. Where it does not answer, each counts by itself, and one request a second
//! finds out whether it is back.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult, Script, ScriptInvocation};
use tokio::time::timeout;

use super::Key;
use super::rules::{Decision, Limit, REMEMBERED, WAITS};

const PATIENCE: Duration = Duration::from_millis(300);
const PAUSE: Duration = Duration::from_secs(1);

/// As `Limit::fill`. Numbers are written in full, since Lua would round them.
const TAKE: &str = "
local now, interval, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = tonumber(redis.call('GET', KEYS[1])) or now
if full > now + 2 * window then full = now end
full = math.min(math.max(full, now), now + window)
local allowed = full + interval <= now + window
if allowed then full = full + interval end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
return {allowed and 1 or 0, full}";

/// As `Failures::add`; answers the wait.
const BEGIN: &str = "
local now, remembered, most = tonumber(ARGV[1]), tonumber(ARGV[2]), #ARGV - 3
local function wait(count) return tonumber(ARGV[3 + count]) end
local count = tonumber(redis.call('HGET', KEYS[1], 'count')) or 0
local free = tonumber(redis.call('HGET', KEYS[1], 'free')) or 0
free = math.min(free, now + wait(most))
if free > now then
    redis.call('HSET', KEYS[1], 'free', string.format('%.0f', free))
    return free - now
end
if now - free >= remembered then count = 0 end
count = math.min(count + 1, most)
redis.call('HSET', KEYS[1], 'count', count, 'free', string.format('%.0f', now + wait(count)))
redis.call('PEXPIRE', KEYS[1], math.ceil((wait(count) + remembered) / 1000))
return 0";

const WITHDRAW: &str = "
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local count = math.max(redis.call('HGET', KEYS[1], 'count') - 1, 0)
redis.call('HSET', KEYS[1], 'count', count, 'free', ARGV[1])
return 0";

const FORGET: &str = "return redis.call('DEL', KEYS[1])";

pub struct Shared {
    manager: ConnectionManager,
    outage: Outage,
    take: Script,
    begin: Script,
    withdraw: Script,
    forget: Script,
}

impl Shared {
    /// Connects when it is first asked.
    pub fn new(url: &str) -> RedisResult<Self> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(0);
        Ok(Self {
            manager: ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?,
            outage: Outage { started: Instant::now(), ask_at: AtomicU64::new(0) },
            take: Script::new(TAKE),
            begin: Script::new(BEGIN),
            withdraw: Script::new(WITHDRAW),
            forget: Script::new(FORGET),
        })
    }

    pub async fn take(&self, limit: &Limit, key: Key, now: i64) -> Option<Decision> {
        let mut call = self.take.key(name(key));
        call.arg(now).arg(limit.interval()).arg(limit.window_micros());
        let (allowed, full): (u8, i64) = self.ask(&call).await?;
        Some(limit.decide(allowed == 1, full, now))
    }

    /// How long the attempt must wait; zero where it was counted.
    pub async fn begin_attempt(&self, key: Key, now: i64) -> Option<i64> {
        let mut call = self.begin.key(name(key));
        call.arg(now).arg(REMEMBERED).arg(WAITS.as_slice());
        self.ask(&call).await
    }

    pub async fn withdraw_attempt(&self, key: Key, now: i64) {
        let mut call = self.withdraw.key(name(key));
        call.arg(now);
        self.ask::<i64>(&call).await;
    }

    pub async fn forget_attempts(&self, key: Key) {
        self.ask::<i64>(&self.forget.key(name(key))).await;
    }

    async fn ask<T: redis::FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Option<T> {
        if !self.outage.may_ask() {
            return None;
        }
        let mut connection = self.manager.clone();
        match timeout(PATIENCE, call.invoke_async(&mut connection)).await {
            Ok(Ok(answer)) => {
                self.outage.end();
                Some(answer)
            }
            Ok(Err(error)) => self.outage.begin(&error.to_string()),
            Err(_) => self.outage.begin("it did not answer in time"),
        }
    }
}

fn name(key: Key) -> String {
    format!("mentorship:throttle:{:032x}", u128::from_be_bytes(key))
}

/// Whether Redis is away, and when it is asked again.
struct Outage {
    started: Instant,
    /// In milliseconds since `started`; zero while it answers.
    ask_at: AtomicU64,
}

impl Outage {
    fn may_ask(&self) -> bool {
        let at = self.ask_at.load(Ordering::Acquire);
        let next = || self.ask_at.compare_exchange(at, self.after_pause(), Ordering::AcqRel, Ordering::Acquire);
        at == 0 || (self.elapsed() >= at && next().is_ok())
    }

    fn begin<T>(&self, why: &str) -> Option<T> {
        if self.ask_at.swap(self.after_pause(), Ordering::AcqRel) == 0 {
            tracing::warn!(why, "Redis is away: this node counts limits by itself");
        }
        None
    }

    fn end(&self) {
        if self.ask_at.load(Ordering::Acquire) != 0 && self.ask_at.swap(0, Ordering::AcqRel) != 0 {
            tracing::info!("Redis is back: limits are counted together");
        }
    }

    fn elapsed(&self) -> u64 {
        self.started.elapsed().as_millis() as u64
    }

    fn after_pause(&self) -> u64 {
        self.elapsed() + PAUSE.as_millis() as u64
    }
}
