//! What a score is made of.

use std::ops::{Add, Div};

use crate::side::Side;
use crate::text_enum::text_enum;

text_enum! {
    /// A term of the score.
    // The order is that of the arrays of points: a new term goes to the end.
    pub enum Component as ScoreComponent {
        /// How much of what the mentee seeks the mentor offers, weighed by priority, rarity and level
        Skills,
        /// How much of what the mentee seeks, three counted at most, is the mentor's own field
        Focus,
        /// The share of the mentee's topics that the mentor helps with
        TopicsSought,
        /// The share of the mentor's topics that the mentee wants
        TopicsOffered,
        /// Time that both have in the worst of the next four weeks
        Hours,
        /// How near the distance of their ranks is to the one that the programme wants
        Seniority,
        /// The share of the mentee's industries that the mentor knows
        Industries,
        /// The share of the soft skills sought that the mentor has
        SoftSkills,
        /// A first and a second language in common
        Languages,
        /// Whether they can meet in person
        Place,
    }
}

/// Points, 0 to 1000, as members see them: 0 to 100, halves rounded up.
pub fn shown<N: From<u8> + Add<Output = N> + Div<Output = N>>(points: N) -> N {
    (points + 5.into()) / 10.into()
}

impl Component {
    /// How many there are.
    pub const COUNT: usize = 10;

    /// All, in the order of their declaration.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Skills,
        Self::Focus,
        Self::TopicsSought,
        Self::TopicsOffered,
        Self::Hours,
        Self::Seniority,
        Self::Industries,
        Self::SoftSkills,
        Self::Languages,
        Self::Place,
    ];

    /// Whether somebody on `side` gains by it: what counts towards the floor of their view.
    pub fn is_seen_by(self, side: Side) -> bool {
        match self {
            Self::Skills | Self::TopicsSought | Self::Industries | Self::SoftSkills => side == Side::Mentee,
            Self::Focus | Self::TopicsOffered => side == Side::Mentor,
            Self::Hours | Self::Seniority | Self::Languages | Self::Place => true,
        }
    }
}
