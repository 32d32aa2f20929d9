//! The plan as a flow with prices.
//!
//! Each side is a forest: people are its leaves, quotas its inner nodes, and all trees stand on the ground. A node carries at
//! most `cap` pairs to the ground, and earns `first` for the first of them. What a pair weighs is shared out as prices: the
//! `price` of a node is what a pair pays for itself and for all it passes down to the ground. Optimal is a flow in which
//! - a pair outside the plan weighs at most the prices of its two people, a pair in it at least that;
//! - each node carries what lies in its [`Node::range`], and exactly what comes into it: its [`Node::need`] is 0.
//!
//! Everything here keeps the first and the range; [`super::repair`] removes the needs.

/// The parent of a tree's root.
pub(super) const GROUND: u32 = u32::MAX;
pub(super) const MENTEES: usize = 0;
pub(super) const MENTORS: usize = 1;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub parent: u32,
    pub cap: u32,
    /// How many pairs it carries towards the ground
    pub flow: u32,
    /// How many pairs come into it
    pub used: u32,
    /// What the first pair earns
    pub first: i64,
    pub price: i64,
}

impl Node {
    /// Above 0, pairs are missing; below, there are too many.
    pub fn need(&self) -> i64 {
        i64::from(self.flow) - i64::from(self.used)
    }

    /// The least and most this may carry at its `own` part of the price.
    fn range(&self, own: i64) -> (u32, u32) {
        let least = if own > 0 { self.cap } else { u32::from(own + self.first > 0) };
        let most = if own >= 0 { self.cap } else { u32::from(own + self.first >= 0) };
        (least.min(self.cap), most.min(self.cap))
    }
}

/// Someone on the other side, and what the pair weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arc {
    pub to: u32,
    pub weight: i64,
}

/// Mentees, or mentors, with their quotas. Quotas come first among the nodes, so that people can be added.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub quotas: usize,
    pub nodes: Vec<Node>,
    /// Of each quota, the nodes directly in it
    pub children: Vec<Vec<u32>>,
    /// The pairs that were looked at so far, of each person, whether in the plan or not
    pub arcs: Vec<Vec<Arc>>,
    /// The pairs in the plan, of each person
    pub mates: Vec<Vec<Arc>>,
}

impl Branch {
    pub fn new(most: &[u32], around: &[Option<u32>]) -> Self {
        let mut branch = Self {
            quotas: most.len(),
            nodes: Vec::new(),
            children: vec![Vec::new(); most.len()],
            arcs: Vec::new(),
            mates: Vec::new(),
        };
        for (cap, around) in most.iter().zip(around) {
            branch.push(*cap, *around, 0);
        }
        branch
    }

    pub fn add_person(&mut self, cap: u32, quota: Option<u32>, first: i64) {
        self.push(cap, quota, first);
        self.arcs.push(Vec::new());
        self.mates.push(Vec::new());
    }

    fn push(&mut self, cap: u32, parent: Option<u32>, first: i64) {
        if let Some(parent) = parent {
            self.children[parent as usize].push(self.nodes.len() as u32);
        }
        self.nodes.push(Node { parent: parent.unwrap_or(GROUND), cap, flow: 0, used: 0, first, price: 0 });
    }

    pub fn people(&self) -> usize {
        self.arcs.len()
    }

    pub fn person(&self, person: usize) -> &Node {
        &self.nodes[self.quotas + person]
    }

    /// The part of the price that is for the node itself.
    pub fn own(&self, node: usize) -> i64 {
        let Node { parent, price, .. } = self.nodes[node];
        if parent == GROUND { price } else { price - self.nodes[parent as usize].price }
    }

    /// A node and all it passes down to the ground.
    pub fn chain(&self, node: usize) -> impl Iterator<Item = usize> + use<> {
        let mut next = node as u32;
        let parents: Vec<_> = std::iter::from_fn(|| {
            let at = next;
            (at != GROUND).then(|| next = self.nodes[at as usize].parent)?;
            Some(at as usize)
        })
        .collect();
        parents.into_iter()
    }
}

/// A node of either side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub side: u32,
    pub node: u32,
}

impl Place {
    pub fn new(side: usize, node: usize) -> Self {
        Self { side: side as u32, node: node as u32 }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Network {
    pub sides: [Branch; 2],
    /// Where a need may be
    pub open: Vec<Place>,
    /// The mentees whose price fell since the last look over all pairs: pairs of theirs may have come to weigh more than their prices
    pub fallen: Vec<usize>,
    /// Pairs that entered (true) or left the plan, in order
    pub changes: Vec<(u32, u32, bool)>,
}

impl Network {
    pub fn new(sides: [Branch; 2]) -> Self {
        Self { sides, open: Vec::new(), fallen: Vec::new(), changes: Vec::new() }
    }

    pub fn node(&self, place: Place) -> &Node {
        &self.sides[place.side as usize].nodes[place.node as usize]
    }

    /// What a pair lacks to be worth its prices.
    pub fn dear(&self, mentee: usize, mentor: usize, weight: i64) -> i64 {
        self.sides[MENTEES].person(mentee).price + self.sides[MENTORS].person(mentor).price - weight
    }

    pub fn holds(&self, mentee: usize, mentor: usize) -> bool {
        self.sides[MENTEES].mates[mentee].iter().any(|mate| mate.to as usize == mentor)
    }

    /// Brings what a node carries into its range.
    pub fn clamp(&mut self, side: usize, node: usize) {
        let branch = &mut self.sides[side];
        let (least, most) = branch.nodes[node].range(branch.own(node));
        let flow = branch.nodes[node].flow.clamp(least, most);
        self.carry(side, node, flow);
    }

    /// Lets a node carry so many pairs.
    pub fn carry(&mut self, side: usize, node: usize, flow: u32) {
        let branch = &mut self.sides[side];
        let before = std::mem::replace(&mut branch.nodes[node].flow, flow);
        let parent = branch.nodes[node].parent;
        self.open.push(Place::new(side, node));
        if parent != GROUND {
            let used = &mut branch.nodes[parent as usize].used;
            *used = *used + flow - before;
            self.open.push(Place { side: side as u32, node: parent });
        }
    }

    pub fn put(&mut self, mentee: usize, mentor: usize, weight: i64) {
        self.changes.push((mentee as u32, mentor as u32, true));
        for (side, person, to) in [(MENTEES, mentee, mentor), (MENTORS, mentor, mentee)] {
            let branch = &mut self.sides[side];
            branch.mates[person].push(Arc { to: to as u32, weight });
            branch.nodes[branch.quotas + person].used += 1;
        }
    }

    pub fn take(&mut self, mentee: usize, mentor: usize) {
        self.changes.push((mentee as u32, mentor as u32, false));
        for (side, person, to) in [(MENTEES, mentee, mentor), (MENTORS, mentor, mentee)] {
            let branch = &mut self.sides[side];
            let mates = &mut branch.mates[person];
            if let Some(at) = mates.iter().position(|mate| mate.to as usize == to) {
                mates.swap_remove(at);
                branch.nodes[branch.quotas + person].used -= 1;
            }
        }
    }

    /// Takes a pair out and leaves both in need.
    pub fn part(&mut self, mentee: usize, mentor: usize) {
        self.take(mentee, mentor);
        self.touch(MENTEES, mentee);
        self.touch(MENTORS, mentor);
    }

    /// Keeps a wish, a seat, and room in the quotas for a pair that is settled beforehand.
    pub fn set_aside(&mut self, mentee: usize, mentor: usize) {
        for (side, person) in [(MENTEES, mentee), (MENTORS, mentor)] {
            let branch = &mut self.sides[side];
            let leaf = branch.quotas + person;
            branch.nodes[leaf].first = 0;
            for node in branch.chain(leaf) {
                branch.nodes[node].cap = branch.nodes[node].cap.saturating_sub(1);
            }
        }
    }

    /// Whether a person and each quota around them may carry a pair more.
    pub fn has_room(&self, side: usize, person: usize) -> bool {
        let branch = &self.sides[side];
        branch.chain(branch.quotas + person).all(|node| branch.nodes[node].cap > 0)
    }

    pub fn prices(&self, side: usize) -> Vec<i64> {
        let branch = &self.sides[side];
        branch.nodes[branch.quotas..].iter().map(|node| node.price).collect()
    }

    pub fn set_price(&mut self, side: usize, person: usize, price: i64) {
        let node = self.sides[side].quotas + person;
        self.sides[side].nodes[node].price = price;
    }

    pub fn touch(&mut self, side: usize, person: usize) {
        self.open.push(Place::new(side, self.sides[side].quotas + person));
    }

    pub fn add_arc(&mut self, mentee: usize, mentor: usize, weight: i64) {
        self.sides[MENTEES].arcs[mentee].push(Arc { to: mentor as u32, weight });
        self.sides[MENTORS].arcs[mentor].push(Arc { to: mentee as u32, weight });
    }

    pub fn drop_arc(&mut self, mentee: usize, mentor: usize) {
        self.sides[MENTEES].arcs[mentee].retain(|arc| arc.to as usize != mentor);
        self.sides[MENTORS].arcs[mentor].retain(|arc| arc.to as usize != mentee);
    }

    pub fn has_arc(&self, mentee: usize, mentor: usize) -> bool {
        self.sides[MENTEES].arcs[mentee].iter().any(|arc| arc.to as usize == mentor)
    }

    /// Raises a mentee's price to where no pair of theirs is worth more, and parts them from mentors who no longer are.
    pub fn reopen(&mut self, mentee: usize) {
        let mut price = self.sides[MENTEES].person(mentee).price;
        for arc in &self.sides[MENTEES].arcs[mentee] {
            let (mentor, left) = (arc.to as usize, arc.weight - self.sides[MENTORS].person(arc.to as usize).price);
            if left > price && !self.holds(mentee, mentor) {
                price = left;
            }
        }
        let node = self.sides[MENTEES].quotas + mentee;
        self.sides[MENTEES].nodes[node].price = price;
        let parting: Vec<_> = self.sides[MENTEES].mates[mentee].clone();
        for mate in parting {
            if self.dear(mentee, mate.to as usize, mate.weight) > 0 {
                self.part(mentee, mate.to as usize);
            }
        }
        self.clamp(MENTEES, node);
    }
}
