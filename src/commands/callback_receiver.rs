//! Builds the receiver of `--listen`, and the rules for its callbacks.

use crate::cli::Waiting;
use crate::config::Settings;
use crate::engine::job::Callbacks;
use crate::engine::{CallbackReceiver, EventQueue, ListenOptions};
use crate::error::Error;

use super::Context;

impl Context {
    /// Binds the receiver of `--listen`, where it is given.
    pub(super) fn receiver(
        &self,
        waiting: &Waiting,
        settings: &Settings,
        queue: &EventQueue,
    ) -> Result<Option<CallbackReceiver>, Error> {
        let Some(addr) = waiting.listen else {
            return Ok(None);
        };
        let options = ListenOptions {
            addr,
            public_url: waiting.public_url.clone(),
            path_secret_file: waiting.path_secret_file.clone(),
            body_limit: *settings.max_reply_size,
        };
        let base_url = &settings.base_url.value;
        let receiver = CallbackReceiver::bind(&options, base_url, &self.reporter, queue)?;
        self.reporter
            .info(&format!("listening for callbacks on {}", receiver.addr()));
        if receiver.is_unreachable() {
            self.reporter.warn(
                "the service cannot reach a loopback address, so tasks are polled as usual: pass a \
                 reachable address with --public-url",
            );
        }
        Ok(Some(receiver))
    }
}

/// Returns the rules for the callbacks of `--listen`, if it is given.
pub(super) fn callbacks(
    receiver: Option<&CallbackReceiver>,
    waiting: &Waiting,
) -> Option<Callbacks> {
    let receiver = receiver?;
    let is_reachable = receiver.matches_callback_url(receiver.callback_url());
    Some(Callbacks {
        takes_all: false,
        accepts_unknown_tasks: false,
        is_reachable,
        advice: if waiting.path_secret_file.is_none() && is_reachable {
            " (--path-secret-file keeps the address from run to run)"
        } else {
            ""
        },
        count: None,
    })
}
