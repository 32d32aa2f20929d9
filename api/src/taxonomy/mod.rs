//! The taxonomy: skills, soft skills, topics, industries and seniority levels.

pub mod wire;
