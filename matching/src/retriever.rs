use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, BinaryHeap};

use entity::side::Side;
use uuid::Uuid;

use super::component::Points;
use super::profile::Profile;
use super::record::Faulty;

/// For whom partners are sought, and on which side they themselves are.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    pub profile: &'a Profile,
    pub side: Side,
}

/// A partner that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub id: Uuid,
    pub points: Points,
    /// Score − λ × price of the mentor's seat: by what the list is ordered
    pub key: i32,
}

/// Finds the best partners on the other side.
///
/// The order is total: the higher key first, then the lower [`tie`] of the pair, then the lower id. Whoever breaks a hard rule by
/// themselves gets none; so an index that is behind may propose what the transaction then refuses, and never more.
pub trait Retriever {
    /// The best `k` of those whom no hard rule and none of `excluded` forbids: all of them where there are fewer.
    ///
    /// # Errors
    /// Where the query's profile does not keep its bounds.
    fn top_k(&self, query: &Query<'_>, k: usize, excluded: &BTreeSet<Uuid>) -> Result<Vec<Hit>, Faulty>;
}

/// Who comes first of two with the same key: another order for every query, so that neither who signed up first nor anybody else
/// is always the one that is shown.
pub fn tie(query: Uuid, candidate: Uuid) -> u64 {
    let (query, candidate) = (query.as_u128(), candidate.as_u128());
    let words = [query as u64, (query >> 64) as u64, candidate as u64, (candidate >> 64) as u64];
    words.into_iter().fold(0, |hash, word| mix(hash ^ word))
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014) with its increment.
pub fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// A hit in its order: the best is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ranked {
    tie: u64,
    hit: Hit,
}

impl Ranked {
    fn rank(&self) -> (Reverse<i32>, u64, Uuid) {
        (Reverse(self.hit.key), self.tie, self.hit.id)
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The best so far.
pub struct Best {
    query: Uuid,
    k: usize,
    heap: BinaryHeap<Ranked>,
}

impl Best {
    pub fn new(query: Uuid, k: usize) -> Self {
        Self { query, k, heap: BinaryHeap::new() }
    }

    /// The key under which nothing gets in any more.
    pub fn bar(&self) -> i32 {
        match self.heap.peek() {
            Some(worst) if self.heap.len() >= self.k => worst.hit.key,
            _ if self.k == 0 => i32::MAX,
            _ => i32::MIN,
        }
    }

    /// Whether `id` would be among the best with this key.
    pub fn admits(&self, key: i32, id: Uuid) -> bool {
        let bar = self.bar();
        let is_before = |worst: &Ranked| (tie(self.query, id), id) < (worst.tie, worst.hit.id);
        key > bar || (key == bar && self.heap.peek().is_some_and(is_before))
    }

    /// Takes a hit in if it is among the best.
    pub fn offer(&mut self, hit: Hit) {
        if self.k == 0 || hit.key < self.bar() {
            return;
        }
        let ranked = Ranked { tie: tie(self.query, hit.id), hit };
        if self.heap.len() < self.k {
            self.heap.push(ranked);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && ranked < *worst
        {
            *worst = ranked;
        }
    }

    /// From the best on.
    pub fn into_hits(self) -> Vec<Hit> {
        self.heap.into_sorted_vec().into_iter().map(|ranked| ranked.hit).collect()
    }
}
