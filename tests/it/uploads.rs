//! Uploads, and the way from a file to its transcription: what is sent, what becomes of it, and what a
//! later run makes of what was left.

mod changing_files;
mod crash;
mod kills;
mod lost_answers;
mod outcomes;
mod parsing;
mod records;
mod request;
mod reuse;
mod service;
mod signals;
mod silence;
mod together;
