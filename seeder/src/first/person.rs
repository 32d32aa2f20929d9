//! What is told of each of the ten; what is left out is as in [`BLANK`].

use chrono::{DateTime, Utc};
use entity::user::{Gender, PreferredGender, Role, Status};

use crate::calendar::at;
use crate::plan::Window;

pub struct Person {
    pub key: &'static str,
    pub name: &'static str,
    pub title: &'static str,
    pub location: &'static str,
    pub time_zone: &'static str,
    pub languages: &'static [&'static str],
    pub in_person: bool,
    pub about: &'static str,
    pub motivation: Option<&'static str>,
    pub side_projects: Option<&'static str>,
    pub linkedin: Option<&'static str>,
    pub gender: Option<Gender>,
    pub prefers: PreferredGender,
    pub seniority: usize,
    pub role: Role,
    pub status: Status,
    pub capacity: Option<i16>,
    pub seeking: bool,
    pub joined: DateTime<Utc>,
    pub industries: &'static [&'static str],
    pub offers: &'static [(&'static str, i16)],
    pub seeks: &'static [(&'static str, i16)],
    pub soft_offers: &'static [&'static str],
    pub soft_seeks: &'static [&'static str],
    pub topics_offered: &'static [&'static str],
    pub topics_sought: &'static [&'static str],
    pub windows: &'static [Window],
}

pub const BLANK: Person = Person {
    key: "",
    name: "",
    title: "",
    location: "",
    time_zone: "UTC",
    languages: &["en"],
    in_person: false,
    about: "",
    motivation: None,
    side_projects: None,
    linkedin: None,
    gender: None,
    prefers: PreferredGender::Any,
    seniority: 3,
    role: Role::Regular,
    status: Status::Active,
    capacity: None,
    seeking: false,
    joined: at(2, 1, 9, 0),
    industries: &[],
    offers: &[],
    seeks: &[],
    soft_offers: &[],
    soft_seeks: &[],
    topics_offered: &[],
    topics_sought: &[],
    windows: &[],
};
