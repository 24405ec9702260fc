//! Events of a console that end a program on Windows: Ctrl-C, Ctrl-Break, and the end of the console,
//! the session or the system. An event that nobody waits for is the system's again, which kills.

use std::sync::atomic::Ordering;
use std::{io, thread};

use tokio::runtime::{Builder, Runtime};
use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close,
    ctrl_logoff, ctrl_shutdown,
};

use super::{HAS_LISTENER, PENDING, pending};
use crate::error::ErrorKind;

/// Keeps the events from killing the program while it lives. After the end of the console, the session
/// or the system, Windows itself grants the program a few seconds.
#[derive(Debug)]
pub struct ConsoleEvents {
    runtime: Runtime,
    interrupt: CtrlC,
    r#break: CtrlBreak,
    close: CtrlClose,
    logoff: CtrlLogoff,
    shutdown: CtrlShutdown,
}

impl ConsoleEvents {
    /// Takes the events over.
    pub fn start() -> io::Result<Self> {
        Ok(Self {
            runtime: Builder::new_current_thread().build()?,
            interrupt: ctrl_c()?,
            r#break: ctrl_break()?,
            close: ctrl_close()?,
            logoff: ctrl_logoff()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// Waits for the first event, and returns the kind of error that the program ends with. The next
    /// event kills.
    #[must_use]
    pub fn wait(mut self) -> ErrorKind {
        self.runtime.block_on(async {
            tokio::select! {
                _ = self.interrupt.recv() => ErrorKind::Interrupted,
                _ = self.r#break.recv() => ErrorKind::Interrupted,
                _ = self.close.recv() => ErrorKind::Terminated,
                _ = self.logoff.recv() => ErrorKind::Terminated,
                _ = self.shutdown.recv() => ErrorKind::Terminated,
            }
        })
    }
}

/// Hands the first event to `on_signal`, from a thread of its own, also one that came to an earlier
/// listener; the second one kills. Where no thread can be had, an event kills at once.
pub fn listen(on_signal: impl Fn(ErrorKind) + Send + 'static) {
    let Ok(events) = ConsoleEvents::start() else {
        return;
    };
    let spawned = thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let kind = pending().unwrap_or_else(|| events.wait());
            on_signal(*PENDING.get_or_init(|| kind));
        });
    if spawned.is_ok() {
        HAS_LISTENER.store(true, Ordering::Relaxed);
    }
}

/// Does nothing: Windows has no limit on the size of files.
pub fn survive_file_size_limit() {}
