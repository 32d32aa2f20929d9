//! The taxonomy: what the product names, and well-known words where it leaves the choice.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::calendar::at;
use crate::ids;

/// A name and a slug.
pub type Term = (&'static str, &'static str);

/// When the programme was set up.
pub const SET_UP: DateTime<Utc> = at(1, 12, 8, 0);

pub const SKILLS: [Term; 10] = [
    ("Frontend Development", "frontend-development"),
    ("Backend Development", "backend-development"),
    ("DevOps", "devops"),
    ("Security", "security"),
    ("AI/ML", "ai-ml"),
    ("Databases", "databases"),
    ("Data Science", "data-science"),
    ("UI/UX Design", "ui-ux-design"),
    ("Mobile Development", "mobile-development"),
    ("Cloud Architecture", "cloud-architecture"),
];

pub const TOPICS: [Term; 9] = [
    ("Get promoted", "get-promoted"),
    ("Find a job", "find-a-job"),
    ("Go back to school", "go-back-to-school"),
    ("Learn a new skill", "learn-a-new-skill"),
    ("Earn a certification", "earn-a-certification"),
    ("Start a company", "start-a-company"),
    ("Side project", "side-project"),
    ("Résumé", "resume"),
    ("Interview practice", "interview-practice"),
];

/// From the least senior up: the rank is the place in this list.
pub const SENIORITY_LEVELS: [Term; 4] = [
    ("Student or new graduate", "student-or-new-graduate"),
    ("Under 3 years", "under-3-years"),
    ("3–7 years", "3-7-years"),
    ("Over 7 years", "over-7-years"),
];

pub const SOFT_SKILLS: [Term; 15] = [
    ("Active listening", "active-listening"),
    ("Adaptability", "adaptability"),
    ("Coaching", "coaching"),
    ("Conflict resolution", "conflict-resolution"),
    ("Creativity", "creativity"),
    ("Critical thinking", "critical-thinking"),
    ("Decision making", "decision-making"),
    ("Delegation", "delegation"),
    ("Leadership", "leadership"),
    ("Negotiation", "negotiation"),
    ("Networking", "networking"),
    ("Presentation", "presentation"),
    ("Teamwork", "teamwork"),
    ("Time management", "time-management"),
    ("Written communication", "written-communication"),
];

pub const INDUSTRIES: [Term; 30] = [
    ("Aerospace", "aerospace"),
    ("Agriculture", "agriculture"),
    ("Architecture", "architecture"),
    ("Automotive", "automotive"),
    ("Banking", "banking"),
    ("Biotechnology", "biotechnology"),
    ("Chemicals", "chemicals"),
    ("Construction", "construction"),
    ("Consulting", "consulting"),
    ("Education", "education"),
    ("Energy", "energy"),
    ("Fashion", "fashion"),
    ("Film and television", "film-and-television"),
    ("Food and beverage", "food-and-beverage"),
    ("Government", "government"),
    ("Healthcare", "healthcare"),
    ("Hospitality", "hospitality"),
    ("Insurance", "insurance"),
    ("Legal services", "legal-services"),
    ("Logistics", "logistics"),
    ("Manufacturing", "manufacturing"),
    ("Marketing", "marketing"),
    ("Non-profit", "non-profit"),
    ("Pharmaceuticals", "pharmaceuticals"),
    ("Publishing", "publishing"),
    ("Real estate", "real-estate"),
    ("Retail", "retail"),
    ("Software", "software"),
    ("Telecommunications", "telecommunications"),
    ("Video games", "video-games"),
];

pub fn term_id(table: &str, (_, slug): Term) -> Uuid {
    ids::id(table, slug, SET_UP)
}

/// Where in `terms` these slugs stand.
pub fn places(terms: &[Term], slugs: &[&str]) -> Vec<usize> {
    slugs.iter().filter_map(|slug| terms.iter().position(|(_, known)| known == slug)).collect()
}
