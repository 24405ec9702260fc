//! stderr and the terminal: everything that people see besides the results, and the one source of
//! facts about the standard streams.

mod hidden_input;
mod progress;
mod reporter;
mod spinner_terminal;
mod terminal;
mod wrap;

pub use hidden_input::{HiddenInput, restore_echo};
pub use progress::{ItemProgress, Progress, Stage};
pub use reporter::Reporter;
pub use terminal::{ColorChoice, Stream, Terminal, stdout_is_closed};
