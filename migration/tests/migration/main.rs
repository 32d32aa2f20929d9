//! The schema on both databases: it goes up and down, once, whoever starts it, and refuses wrong rows.

mod database;

mod rows;
mod steps;
