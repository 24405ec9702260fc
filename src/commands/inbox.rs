//! A callback receiver whose results are taken one at a time by a thread of the command: the sender
//! is answered once the command has said what became of the result. What a body is about is read by
//! [`letter`].

mod door;
pub(super) mod letter;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver as Parcels, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use url::Url;

use crate::config::Settings;
use crate::error::Error;
use crate::http_server::ServerLimits;
use crate::progress::Progress;
use crate::receiver::{
    CallbackResponse, Receiver, ReceiverEvent, ReceiverOptions, Refusal, Responder, SecretPath,
    is_callable,
};
use crate::task::TaskNo;
pub(super) use door::Door;

/// A running receiver.
pub(super) struct Inbox {
    line: Arc<Line>,
    addr: SocketAddr,
    callback_url: String,
    /// The same, where the service could call it.
    callable: Option<Url>,
}

/// What senders come by; shared with whoever hears of a signal.
struct Line {
    receiver: Mutex<Option<Receiver>>,
    /// What has come and is not taken. Gone while somebody takes it, and once nobody will.
    parcels: Mutex<Option<Parcels<Parcel>>>,
    /// Held while a result is taken and its sender answered; `true` once none is taken any more.
    in_hand: Mutex<bool>,
    question: Mutex<Question>,
}

/// What whoever takes results is asking somebody else, if anything.
#[derive(Default)]
enum Question {
    #[default]
    None,
    /// This says that no answer will be waited for.
    Open(Box<dyn FnOnce() + Send>),
    /// None will be asked any more.
    Closed,
}

/// One body that came by the secret path, and the way to answer its sender.
struct Parcel {
    body: String,
    responder: Responder,
}

impl Inbox {
    /// Starts receiving; results wait until they are taken.
    pub(super) fn open(
        addr: SocketAddr,
        public_url: Option<Url>,
        path: SecretPath,
        settings: &Settings,
        on_refusal: impl Fn(Refusal) + Send + 'static,
    ) -> Result<Self, Error> {
        let options = ReceiverOptions {
            addr,
            path,
            public_url,
            limits: ServerLimits {
                max_body: *settings.max_reply_size,
                ..ServerLimits::default()
            },
        };
        let (sender, parcels) = mpsc::channel();
        let receiver = Receiver::start(options, move |event| match event {
            // Where the command is gone, dropping the responder says that nothing was written.
            ReceiverEvent::Callback { body, responder } => {
                drop(sender.send(Parcel { body, responder }));
            }
            ReceiverEvent::Refused(refusal) => on_refusal(refusal),
        })?;
        let callback_url = receiver.callback_url().to_owned();
        Ok(Self {
            addr: receiver.addr(),
            callable: Url::parse(&callback_url).ok().filter(is_callable),
            callback_url,
            line: Arc::new(Line {
                receiver: Mutex::new(Some(receiver)),
                parcels: Mutex::new(Some(parcels)),
                in_hand: Mutex::default(),
                question: Mutex::default(),
            }),
        })
    }

    /// Where it listens.
    pub(super) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address to give to the service as the callback.
    pub(super) fn callback_url(&self) -> &str {
        &self.callback_url
    }

    /// Whether it is on this machine only, and the service on another one.
    pub(super) fn is_out_of_reach(&self) -> bool {
        self.callable.is_none() && self.addr.ip().is_loopback()
    }

    /// Whether a task that was submitted with this callback address calls here.
    pub(super) fn is_told_by(&self, callback: &str) -> bool {
        let callable = self.callable.as_ref();
        callable.is_some_and(|own| Url::parse(callback).is_ok_and(|url| url == *own))
    }

    /// Asks somebody else, for a sender whose result is being taken. None once the inbox is closed:
    /// closing waits for the result in hand, and should not have to wait for a third party too.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, answer) = mpsc::channel();
        let hang_up = tell.clone();
        {
            let mut question = lock(&self.line.question);
            if matches!(*question, Question::Closed) {
                return None;
            }
            *question = Question::Open(Box::new(move || drop(hang_up.send(None))));
        }
        thread::spawn(move || tell.send(Some(ask())));
        let answer = answer.recv().ok().flatten();
        let mut question = lock(&self.line.question);
        if matches!(*question, Question::Open(_)) {
            *question = Question::None;
        }
        answer
    }

    /// Hands every result to `take` and its answer to the sender, until the inbox is closed or
    /// `take` says that it has had enough. Whatever comes after that is told to come again.
    pub(super) fn each(&self, take: impl FnMut(&str) -> (CallbackResponse, Next)) {
        self.each_and(take, || (None, Next::Go));
    }

    /// The same with other work in between: `meanwhile` does a piece of it, and says how long it can
    /// do without the next one.
    pub(super) fn each_and(
        &self,
        mut take: impl FnMut(&str) -> (CallbackResponse, Next),
        mut meanwhile: impl FnMut() -> (Option<Duration>, Next),
    ) {
        let Some(parcels) = lock(&self.line.parcels).take() else {
            return;
        };
        loop {
            let (wait, next) = meanwhile();
            if next == Next::Stop {
                return;
            }
            let parcel = match wait.map(|wait| parcels.recv_timeout(wait)) {
                Some(Err(RecvTimeoutError::Timeout)) => continue,
                Some(parcel) => parcel.ok(),
                None => parcels.recv().ok(),
            };
            let Some(Parcel { body, responder }) = parcel else {
                return;
            };
            let is_closed = lock(&self.line.in_hand);
            if *is_closed {
                return;
            }
            let (response, next) = take(&body);
            responder.respond(response);
            if next == Next::Stop {
                return;
            }
        }
    }

    /// Finishes the request in hand and stops receiving.
    pub(super) fn close(&self) {
        self.line.close();
    }

    /// The same, for whoever hears of a signal.
    pub(super) fn closer(&self) -> impl FnOnce() + Send + 'static {
        let line = Arc::clone(&self.line);
        move || line.close()
    }
}

impl Line {
    fn close(&self) {
        // Held to the end: whoever closes second must not go on before the last answer is sent.
        let mut receiver = lock(&self.receiver);
        if let Some(receiver) = &*receiver {
            receiver.stop_accepting();
        }
        drop(lock(&self.parcels).take());
        let question = std::mem::replace(&mut *lock(&self.question), Question::Closed);
        if let Question::Open(hang_up) = question {
            hang_up();
        }
        *lock(&self.in_hand) = true;
        if let Some(receiver) = receiver.take() {
            receiver.stop();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether more results are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// They are.
    Go,
    /// Enough.
    Stop,
}

/// How many warnings about what strangers send are printed: a log is a resource too.
const MOST_COMPLAINTS: usize = 100;

/// Says what is wrong with what came, until that becomes a flood.
pub(super) struct Complaints {
    progress: Progress,
    said: AtomicUsize,
    advised: AtomicBool,
    noted: Mutex<Vec<&'static str>>,
}

impl Complaints {
    pub(super) fn to(progress: &Progress) -> Self {
        Self {
            progress: progress.clone(),
            said: AtomicUsize::new(0),
            advised: AtomicBool::new(false),
            noted: Mutex::default(),
        }
    }

    pub(super) fn say(&self, text: &str) {
        let before = self.said.fetch_add(1, Ordering::Relaxed);
        if before < MOST_COMPLAINTS {
            self.progress.warn(text);
        }
        if before + 1 == MOST_COMPLAINTS {
            let rest = "more of the kind will not be mentioned: the callback address may be known to others";
            self.progress.warn(rest);
        }
    }

    /// The same, with what to do about it, which is said once.
    pub(super) fn say_and_advise(&self, text: &str, advice: &str) {
        if self.advised.swap(true, Ordering::Relaxed) {
            self.say(text);
        } else {
            self.say(&format!("{text}; {advice}"));
        }
    }

    /// Says what is nobody's fault, for the first of its kind.
    pub(super) fn note_once(&self, kind: &'static str, text: &str) {
        let mut noted = lock(&self.noted);
        if !noted.contains(&kind) {
            noted.push(kind);
            self.progress.note(text);
        }
    }

    /// The journal could not be read.
    pub(super) fn no_look_up(&self, task: &TaskNo, error: &Error) {
        self.say_and_advise(
            &format!("could not look up task {task}, whose result came: {error}"),
            "its sender was told to come again",
        );
    }
}

#[cfg(test)]
mod tests;
