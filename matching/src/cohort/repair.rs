//! Removes the needs of a [`Network`] one by one, each along a shortest alternating path: Dijkstra's algorithm over what each
//! step makes the plan lose at the present prices, after which the prices move so that the path loses nothing (Edmonds and Karp
//! 1972; Tomizawa 1971). Whole numbers throughout, hence exact; each path removes at least one unit of need and adds none.
//!
//! A search pushes one surplus pair from the *near* side to the *far* side. A surplus of mentees looking for mentors starts
//! on the near side = mentees; a mentor's empty seat with a price is the same search with the sides exchanged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::error::Error;
use super::network::{GROUND, MENTEES, Network, Place};
use super::watch::{Meter, Phase};

#[derive(Clone, Copy, Default)]
struct Label {
    search: u32,
    distance: i64,
    /// Itself where the search began
    from: Place,
    /// What the pair weighs, where the step is a pair
    weight: i64,
}

#[derive(Clone, Copy)]
enum End {
    Ground(Place),
    Node(Place),
}

/// Room for searches, kept between them.
#[derive(Clone, Default)]
pub(super) struct Repair {
    search: u32,
    near: usize,
    labels: [Vec<Label>; 2],
    heap: BinaryHeap<Reverse<(i64, Place)>>,
    done: Vec<Place>,
    best: i64,
    end: Option<End>,
}

impl Repair {
    /// Removes every need of the open nodes.
    pub fn settle(&mut self, net: &mut Network, meter: &mut Meter<'_>) -> Result<(), Error> {
        let mut open = std::mem::take(&mut net.open);
        open.sort_unstable();
        open.dedup();
        let total = open.len();
        for (at, place) in open.into_iter().enumerate() {
            if at % 256 == 0 {
                meter.report(Phase::Solving, at, total)?;
            }
            loop {
                let (side, need) = (place.side as usize, net.node(place).need());
                let near = match need {
                    0 => break,
                    1.. => side,
                    _ => 1 - side,
                };
                self.search(net, near, place, meter)?;
                self.apply(net, place);
            }
        }
        Ok(())
    }

    fn search(&mut self, net: &Network, near: usize, start: Place, meter: &mut Meter<'_>) -> Result<(), Error> {
        self.begin(net, near);
        self.reach(net, start, 0, start, 0);
        while let Some(Reverse((distance, place))) = self.heap.pop() {
            if distance >= self.best {
                break;
            }
            if self.label(place).distance < distance {
                continue;
            }
            self.done.push(place);
            let steps = if place.side as usize == near {
                self.leave_near(net, place, distance)
            } else {
                self.leave_far(net, place, distance)
            };
            meter.spend(steps)?;
        }
        Ok(())
    }

    fn begin(&mut self, net: &Network, near: usize) {
        if self.search == u32::MAX {
            self.labels = Default::default();
            self.search = 0;
        }
        self.search += 1;
        self.near = near;
        for (labels, side) in self.labels.iter_mut().zip(&net.sides) {
            labels.resize(side.nodes.len(), Label::default());
        }
        self.heap.clear();
        self.done.clear();
        self.best = i64::MAX;
        self.end = None;
    }

    fn label(&self, place: Place) -> &Label {
        &self.labels[place.side as usize][place.node as usize]
    }

    /// Whether a place was not reached at this distance yet, and an end that is no farther neither.
    fn is_nearer(&self, place: Place, distance: i64) -> bool {
        let is_reached = |label: &Label| label.search == self.search && label.distance <= distance;
        distance < self.best && !is_reached(self.label(place))
    }

    fn reach(&mut self, net: &Network, place: Place, distance: i64, from: Place, weight: i64) {
        if !self.is_nearer(place, distance) {
            return;
        }
        self.labels[place.side as usize][place.node as usize] = Label { search: self.search, distance, from, weight };
        let need = net.node(place).need();
        let ends = if place.side as usize == self.near { need < 0 } else { need > 0 };
        if ends && from != place {
            self.best = distance;
            self.end = Some(End::Node(place));
            return;
        }
        self.heap.push(Reverse((distance, place)));
        // At once, so that whatever is farther than the ground is never taken up.
        if net.node(place).parent == GROUND
            && let Some(loss) = self.loss(net, place)
        {
            self.reach_ground(distance + loss, place);
        }
    }

    /// What the plan loses where a near node passes one pair less on to the ground, or a far node one more; none where it cannot.
    fn loss(&self, net: &Network, place: Place) -> Option<i64> {
        let (branch, at) = (&net.sides[place.side as usize], place.node as usize);
        let node = &branch.nodes[at];
        if place.side as usize == self.near {
            (node.flow > 0).then(|| branch.own(at) + if node.flow == 1 { node.first } else { 0 })
        } else {
            (node.flow < node.cap).then(|| -branch.own(at) - if node.flow == 0 { node.first } else { 0 })
        }
    }

    fn reach_ground(&mut self, distance: i64, from: Place) {
        if distance < self.best {
            self.best = distance;
            self.end = Some(End::Ground(from));
        }
    }

    /// From a near node: carry one less, have a child carry one more, or enter a pair.
    fn leave_near(&mut self, net: &Network, place: Place, distance: i64) -> usize {
        let (branch, at) = (&net.sides[self.near], place.node as usize);
        let node = &branch.nodes[at];
        self.step_down(net, place, distance);
        let Some(person) = at.checked_sub(branch.quotas) else {
            for child in &branch.children[at] {
                let node = &branch.nodes[*child as usize];
                if node.flow < node.cap {
                    let gain = branch.own(*child as usize) + if node.flow == 0 { node.first } else { 0 };
                    self.reach(net, Place { side: place.side, node: *child }, distance - gain, place, 0);
                }
            }
            return branch.children[at].len() + 1;
        };
        let far = &net.sides[1 - self.near];
        for arc in &branch.arcs[person] {
            let next = distance + node.price + far.person(arc.to as usize).price - arc.weight;
            let there = Place::new(1 - self.near, far.quotas + arc.to as usize);
            if self.is_nearer(there, next) && !self.holds(net, person, arc.to as usize) {
                self.reach(net, there, next, place, arc.weight);
            }
        }
        branch.arcs[person].len() + 1
    }

    fn holds(&self, net: &Network, near: usize, far: usize) -> bool {
        if self.near == MENTEES { net.holds(near, far) } else { net.holds(far, near) }
    }

    /// From a far node: carry one more, have a child carry one less, or leave a pair.
    fn leave_far(&mut self, net: &Network, place: Place, distance: i64) -> usize {
        let (branch, at) = (&net.sides[1 - self.near], place.node as usize);
        let node = &branch.nodes[at];
        self.step_down(net, place, distance);
        let Some(person) = at.checked_sub(branch.quotas) else {
            for child in &branch.children[at] {
                let node = &branch.nodes[*child as usize];
                if node.flow > 0 {
                    let loss = branch.own(*child as usize) + if node.flow == 1 { node.first } else { 0 };
                    self.reach(net, Place { side: place.side, node: *child }, distance + loss, place, 0);
                }
            }
            return branch.children[at].len() + 1;
        };
        let near = &net.sides[self.near];
        for mate in &branch.mates[person] {
            let next = distance + mate.weight - node.price - near.person(mate.to as usize).price;
            let there = Place::new(self.near, near.quotas + mate.to as usize);
            self.reach(net, there, next, place, mate.weight);
        }
        branch.mates[person].len() + 1
    }

    /// To the quota around a node; the ground was reached with the node itself.
    fn step_down(&mut self, net: &Network, from: Place, distance: i64) {
        let parent = net.node(from).parent;
        if parent != GROUND
            && let Some(loss) = self.loss(net, from)
        {
            self.reach(net, Place { side: from.side, node: parent }, distance + loss, from, 0);
        }
    }

    /// Moves the prices, then the pairs along the path.
    fn apply(&mut self, net: &mut Network, start: Place) {
        for place in &self.done {
            let by = self.best - self.label(*place).distance;
            if by <= 0 {
                continue;
            }
            let price = &mut net.sides[place.side as usize].nodes[place.node as usize].price;
            if place.side as usize == self.near {
                *price -= by;
                if self.near == MENTEES {
                    net.fallen.extend((place.node as usize).checked_sub(net.sides[MENTEES].quotas));
                }
            } else {
                *price += by;
            }
        }
        let mut at = match self.end {
            Some(End::Ground(last)) => {
                self.along_tree(net, last, GROUND);
                last
            }
            Some(End::Node(place)) => place,
            None => return,
        };
        while at != start {
            let Label { from, weight, .. } = *self.label(at);
            if from.side == at.side {
                self.along_tree(net, from, at.node);
            } else {
                along_pair(net, from, at, from.side as usize == self.near, weight);
            }
            at = from;
        }
    }

    /// A step from a node to its parent, or else to its child.
    fn along_tree(&self, net: &mut Network, from: Place, to: u32) {
        let side = from.side as usize;
        let nodes = &mut net.sides[side].nodes;
        let down = nodes[from.node as usize].parent == to;
        let (moved, parent) = if down { (from.node, to) } else { (to, from.node) };
        let more = (side == self.near) != down;
        let change = |count: &mut u32| if more { *count += 1 } else { *count -= 1 };
        change(&mut nodes[moved as usize].flow);
        if parent != GROUND {
            change(&mut nodes[parent as usize].used);
        }
    }
}

fn along_pair(net: &mut Network, from: Place, to: Place, enter: bool, weight: i64) {
    let person = |place: Place| place.node as usize - net.sides[place.side as usize].quotas;
    let (one, other) = (person(from), person(to));
    let (mentee, mentor) = if from.side == 0 { (one, other) } else { (other, one) };
    if enter {
        net.put(mentee, mentor, weight);
    } else {
        net.take(mentee, mentor);
    }
}
