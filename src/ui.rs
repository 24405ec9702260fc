//! stderr and the terminal: everything that people see besides the results, and the one source of
//! facts about the standard streams.

mod progress;
mod reporter;
mod spinner_terminal;
mod terminal;
mod wrap;

pub use progress::{ItemProgress, Progress, Stage};
pub use reporter::Reporter;
pub use terminal::{ColorChoice, Stream, Terminal, stdout_is_closed};
