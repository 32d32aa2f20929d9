mod cases;
mod certified;
mod edits;
mod exact;
mod given;
mod oracle;
mod refusals;
mod stability;
