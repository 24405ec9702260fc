//! Any body of a callback: it is about one task, about one upload, or about neither. A result is that of
//! the task it was looked up for, and an ID that is believed can be printed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mavi::engine::callback::{parse_result, parse_target, parse_upload};
use mavi::transcript::TimeUnit;

fuzz_target!(|body: &str| {
    let upload = parse_upload(body);
    if let Some((video, status)) = &upload {
        assert!(is_shown(video.as_str()) && is_shown(status), "{upload:?}");
    }
    if let Ok((target, _)) = parse_target(body) {
        assert_eq!(upload, None);
        assert!(is_shown(target.task.as_str()), "{target:?}");
        if let Ok(result) = parse_result(body, &target.task, TimeUnit::Seconds) {
            assert_eq!(result.task_no.trim(), target.task.as_str());
        }
    }
});

fn is_shown(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}
