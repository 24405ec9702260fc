//! A request to the service, which a test's script reads and answers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use serde_json::{Value, json};
use url::Url;

use super::{Kind, Seen, Shared, Video, now, record, uploaded};
use crate::support::env::finished;
use crate::support::fake_server::http;
use crate::support::process::TEST_TIMEOUT;

/// A request, of which only the head has been read at first.
pub(in crate::uploads) struct Call {
    pub(in crate::uploads) kind: Kind,
    /// Counted from 0, among those of its kind.
    pub(in crate::uploads) number: usize,
    /// The method and the target.
    pub(in crate::uploads) line: String,
    pub(in crate::uploads) head: String,
    length: usize,
    /// As much of the body as has been read.
    pub(in crate::uploads) body: Vec<u8>,
    stream: TcpStream,
    is_noted: bool,
    shared: Arc<Shared>,
}

impl Call {
    pub(super) fn read(mut stream: TcpStream, shared: &Arc<Shared>) -> Option<Self> {
        stream.set_read_timeout(Some(TEST_TIMEOUT)).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let line = head
            .lines()
            .next()?
            .trim_end_matches(" HTTP/1.1")
            .to_owned();
        let kind = match &line {
            line if line.contains("/upload") => Kind::Upload,
            line if line.contains("/searchDB") => Kind::List,
            line if line.contains("/subTranscription") => Kind::Submit,
            line if line.contains("/getTranscription") => Kind::Get,
            _ => Kind::Delete,
        };
        let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
        let mut state = shared.state.lock().unwrap();
        let count = state.counts.entry(kind).or_default();
        let number = *count;
        *count += 1;
        drop(state);
        Some(Self {
            kind,
            number,
            line,
            head,
            length,
            body: Vec::new(),
            stream,
            is_noted: false,
            shared: Arc::clone(shared),
        })
    }

    /// Reads this many bytes more of the body, or all that come.
    pub(in crate::uploads) fn read_some(&mut self, count: usize) -> usize {
        let left = (self.length - self.body.len()).min(count);
        let before = self.body.len();
        let _ = (&self.stream).take(left as u64).read_to_end(&mut self.body);
        self.body.len() - before
    }

    /// Reads the rest of the body. Returns `true` if it arrived whole.
    pub(in crate::uploads) fn read_all(&mut self) -> bool {
        self.read_some(usize::MAX);
        self.is_whole()
    }

    fn is_whole(&self) -> bool {
        self.body.len() == self.length
    }

    /// Answers with this status line, headers and body.
    pub(in crate::uploads) fn answer(
        &mut self,
        status: &str,
        headers: &[&str],
        body: impl AsRef<[u8]>,
    ) {
        // The client may act on the answer at once, and the test then looks for the request.
        self.note();
        let _ = self.stream.write_all(&http(status, headers, body));
    }

    /// Answers 200 with this body.
    pub(in crate::uploads) fn ok(&mut self, body: impl AsRef<[u8]>) {
        self.answer("200 OK", &["content-type: application/json"], body);
    }

    /// Stops here until the test goes on; unless it has already.
    pub(in crate::uploads) fn hold(&self) {
        self.shared.state.lock().unwrap().held += 1;
        self.shared.changed.notify_all();
        self.shared.wait_until(|state| state.is_released);
    }

    /// Blocks until another call is held.
    pub(in crate::uploads) fn wait_held(&self) {
        self.shared.wait_until(|state| state.held > 0);
    }

    /// Reads an upload and adds its video, with this status, to the account. Returns the video.
    pub(in crate::uploads) fn accept(&mut self, status: &str) -> Video {
        assert!(self.read_all(), "{} was not sent whole", self.head);
        let body = String::from_utf8_lossy(&self.body);
        let name = body.split("filename=\"").nth(1).unwrap();
        let name = name.split("\"\r\n").next().unwrap().to_owned();
        let mut state = self.shared.state.lock().unwrap();
        state.uploads += 1;
        let video = Video {
            number: format!("V{}", state.uploads),
            name,
            status: status.to_owned(),
            time: now(),
        };
        state.videos.push(video.clone());
        video
    }

    /// Reads a submit and adds its task. Returns the task's number.
    pub(in crate::uploads) fn accept_submit(&mut self) -> String {
        assert!(self.read_all());
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        let mut state = self.shared.state.lock().unwrap();
        state
            .tasks
            .push(body["videoNo"].as_str().unwrap().to_owned());
        format!("T{}", state.tasks.len())
    }

    /// Does as the service should. Videos are parsed at once.
    pub(in crate::uploads) fn serve(&mut self) {
        match self.kind {
            Kind::Upload => self.serve_upload("PARSE"),
            Kind::List => self.serve_list(),
            Kind::Submit => {
                let task = self.accept_submit();
                self.ok(format!(
                    r#"{{"code":"0000","msg":"","data":{{"taskNo":"{task}"}}}}"#
                ));
            }
            Kind::Get => {
                let task = self.query("taskNo").unwrap();
                let says = format!("said in {task}");
                self.ok(finished(
                    &task,
                    &format!(r#"{{"id":1,"startTime":0,"endTime":1,"content":"{says}"}}"#),
                ));
            }
            Kind::Delete => {
                assert!(self.read_all());
                let numbers: Vec<String> = serde_json::from_slice(&self.body).unwrap();
                let mut state = self.shared.state.lock().unwrap();
                state
                    .videos
                    .retain(|video| !numbers.contains(&video.number));
                drop(state);
                self.ok(r#"{"code":"0000","msg":""}"#);
            }
        }
    }

    /// Accepts an upload, with this status.
    pub(in crate::uploads) fn serve_upload(&mut self, status: &str) {
        let video = self.accept(status);
        self.ok(uploaded(&video));
    }

    fn serve_list(&mut self) {
        let since = self
            .query("startTime")
            .map_or(0, |time| time.parse().unwrap());
        let name = self.query("videoName");
        let mut videos = self.videos();
        videos.retain(|video| {
            video.time >= since && name.as_ref().is_none_or(|name| *name == video.name)
        });
        self.list(&videos);
    }

    /// Answers with the page that is asked for of a listing of these videos.
    pub(in crate::uploads) fn list(&mut self, videos: &[Video]) {
        let number = |name: &str| self.query(name).and_then(|text| text.parse().ok());
        let (page, size) = (
            number("page").unwrap_or(1),
            number("pageSize").unwrap_or(20),
        );
        let records = videos.iter().skip((page - 1) * size).take(size);
        let data = json!({
            "page": videos.len().div_ceil(size), "current": page, "total": videos.len(),
            "pageSize": size, "videoData": records.map(record).collect::<Vec<_>>(),
        });
        self.ok(json!({"code": "0000", "msg": "", "data": data}).to_string());
    }

    /// Returns the videos of the account.
    pub(in crate::uploads) fn videos(&self) -> Vec<Video> {
        self.shared.state.lock().unwrap().videos.clone()
    }

    /// Adds a video to the account.
    pub(in crate::uploads) fn add_video(&self, video: Video) {
        self.shared.state.lock().unwrap().videos.push(video);
    }

    /// Returns the value of a part of the query, decoded.
    pub(in crate::uploads) fn query(&self, name: &str) -> Option<String> {
        query(&self.line, name)
    }

    pub(super) fn note(&mut self) {
        if std::mem::replace(&mut self.is_noted, true) {
            return;
        }
        let mut state = self.shared.state.lock().unwrap();
        state.seen.push(Seen {
            kind: self.kind,
            line: self.line.clone(),
            head: self.head.clone(),
            body: String::from_utf8_lossy(&self.body).into_owned(),
            is_whole: self.is_whole(),
        });
        self.shared.changed.notify_all();
    }
}

pub(super) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
}

pub(super) fn query(line: &str, name: &str) -> Option<String> {
    let target = line.split(' ').nth(1)?;
    let url = Url::parse(&format!("http://host{target}")).unwrap();
    let mut pairs = url.query_pairs();
    pairs.find_map(|(known, value)| (known == name).then(|| value.into_owned()))
}
