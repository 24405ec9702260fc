//! Calls the account's callback address with the code at once, and with a new one every 10 minutes, as
//! the service does. A call that is not accepted is made again, so that the receiver may start later.

use std::io;
use std::thread;
use std::time::Duration;

use hyper::Request;
use hyper::body::Bytes;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::sleep;
use url::Url;

use super::callbacks::is_accepted;
use super::service::SharedService;

/// Time between two codes.
const INTERVAL: Duration = Duration::from_mins(10);
/// Time before a call that was not accepted is made again.
const RETRY_DELAY: Duration = Duration::from_millis(200);

/// A thread that sends codes until this is dropped.
pub(super) struct CodeSender {
    _stop: oneshot::Sender<()>,
}

impl CodeSender {
    /// Starts to send codes to this address.
    pub(super) fn start(service: SharedService, url: Url) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        thread::Builder::new()
            .name("codes".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        _ = stopped => {}
                        () = send_codes(&service, &url) => {}
                    }
                });
                runtime.shutdown_background();
            })?;
        Ok(Self { _stop: stop })
    }
}

/// Sends codes for ever.
async fn send_codes(service: &SharedService, url: &Url) {
    loop {
        let mut url = url.clone();
        let query = service.lock().account.callback_query();
        url.query_pairs_mut().extend_pairs(query);
        while !is_accepted(&url, Request::builder(), Bytes::new()).await {
            sleep(RETRY_DELAY).await;
        }
        sleep(INTERVAL).await;
        service.lock().account.renew_code();
    }
}
