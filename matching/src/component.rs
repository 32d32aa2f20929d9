pub use entity::component::Component;
use entity::component::shown;
use entity::side::Side;

/// What each component earned, in the order of [`Component::ALL`]. Their sum is the score, 0 to 1000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Points(pub [u16; Component::COUNT]);

impl Points {
    /// What one component earned.
    pub fn of(&self, component: Component) -> u16 {
        self.0.get(component as usize).copied().unwrap_or_default()
    }

    /// The score, 0 to 1000.
    pub fn total(&self) -> u16 {
        self.0.iter().sum()
    }

    /// The score as members see it: see [`shown`].
    pub fn shown(&self) -> u8 {
        u8::try_from(shown(self.total())).unwrap_or(100)
    }

    /// What the components that somebody on `side` gains by have earned.
    pub fn view(&self, side: Side) -> u16 {
        match side {
            Side::Mentee => self.total() - self.of(Component::Focus) - self.of(Component::TopicsOffered),
            Side::Mentor => {
                let theirs = [Component::Skills, Component::TopicsSought, Component::Industries, Component::SoftSkills];
                self.total() - theirs.iter().map(|component| self.of(*component)).sum::<u16>()
            }
        }
    }
}
