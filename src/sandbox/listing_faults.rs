//! Makes a page of the listing as odd as those that clients have seen: a video twice, records in another
//! order, aliases of fields, and numbers as strings.

use fastrand::Rng;
use serde_json::{Map, Value};

/// Names that clients have seen in place of the documented ones.
const ALIASES: [(&str, &str); 4] = [
    ("videoNo", "video_no"),
    ("videoName", "video_name"),
    ("videoStatus", "status"),
    ("uploadTime", "create_time"),
];

/// Changes the `data` of a page: repeats one record, shuffles them, rewrites half of them, and turns all
/// other numbers into strings. The page holds the same videos as before.
pub(super) fn make_odd(data: &mut Value, rng: &mut Rng) {
    let Some(data) = data.as_object_mut() else {
        return;
    };
    for (_, value) in data.iter_mut() {
        if let Some(records) = value.as_array_mut() {
            if !records.is_empty() {
                records.push(records[rng.usize(..records.len())].clone());
            }
            rng.shuffle(records);
            for record in records.iter_mut().step_by(2) {
                rewrite(record);
            }
        } else {
            *value = as_string(value);
        }
    }
}

/// Renames the fields of a record, and turns its numbers into strings.
fn rewrite(record: &mut Value) {
    let Some(fields) = record.as_object_mut() else {
        return;
    };
    let renamed = std::mem::take(fields).into_iter().map(|(name, value)| {
        let alias = ALIASES.iter().find(|(known, _)| *known == name);
        let name = alias.map_or(name, |(_, alias)| (*alias).to_owned());
        (name, as_string(&value))
    });
    *fields = renamed.collect::<Map<_, _>>();
}

fn as_string(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.to_string().into(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn odd_page_holds_the_same_videos_and_one_of_them_twice() {
        let record = |number: u64| json!({"videoNo": format!("V{number}"), "videoName": "a.mp4", "videoStatus": "PARSE", "uploadTime": number, "duration": 7});
        let records: Vec<Value> = (0..20).map(record).collect();
        let mut data = json!({"page": 1, "total": 20, "videoData": records});
        make_odd(&mut data, &mut Rng::with_seed(1));
        assert_eq!((&data["page"], &data["total"]), (&"1".into(), &"20".into()));
        let odd = data["videoData"].as_array().unwrap();
        assert_eq!(odd.len(), 21);
        let number = |record: &Value| {
            let number = record.get("videoNo").or(record.get("video_no"));
            number.unwrap().as_str().unwrap().to_owned()
        };
        let numbers: Vec<String> = odd.iter().map(number).collect();
        assert!(!numbers.is_sorted());
        let distinct: BTreeSet<&String> = numbers.iter().collect();
        assert_eq!(distinct.len(), 20);
        let renamed = &odd[0];
        assert_eq!(
            (&renamed["status"], &renamed["duration"]),
            (&"PARSE".into(), &"7".into())
        );
        assert!(renamed["create_time"].is_string() && odd[1]["uploadTime"].is_number());
    }

    #[test]
    fn page_without_videos_stays_without() {
        let mut data = json!({"total": 0, "videoData": []});
        make_odd(&mut data, &mut Rng::with_seed(1));
        assert_eq!(data, json!({"total": "0", "videoData": []}));
    }
}
