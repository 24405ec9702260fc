//! `mavi listen` as the world meets it: the real binary on a real socket, with senders that are
//! honest, forgetful or hostile.

mod address;
mod crash;
mod hostile;
mod lifecycle;
mod restart;
mod resumed_wait;
mod task_lookup;
mod verify;
pub(crate) mod waiting;
mod with_sandbox;
