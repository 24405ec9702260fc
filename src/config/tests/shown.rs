//! `mavi config show`, as a reader and as a configuration file.

use super::*;
use crate::config::env::MAVI_TOKEN;

#[test]
fn every_value_stands_beside_its_origin() {
    let place = Place::new(
        "jobs = 8\nca_file = 'ca \"1\".pem'\n[wait]\ntimeout = 0\n\
         [profiles.work]\nsubmit.type = ['audio', 'video']\ntoken_command = ['pass', 'hunter2']\n",
    );
    let flags = Overrides {
        profile: Some("work".into()),
        retries: Some(0),
        ..place.overrides()
    };
    let page = show(&load(&flags, &[("MAVI_BASE_URL", "https://example.com/v1/")]).unwrap());
    let path = place.path.display();
    let ca = place.folder.path().join("ca \"1\".pem");
    let ca = ca.display();
    let expected = format!(
        r#"# file: {path} (--config)
# profile: work (--profile)
# token: from token_command in profile work (pass), not shown

base_url = "https://example.com/v1"  # MAVI_BASE_URL
auth_scheme = "bearer"               # default
ca_file = '{ca}'  # file
allow_http = false                   # default
request_timeout = "1m"               # default
retries = 0                          # flag
jobs = 8                             # file
max_reply_size = "256MiB"            # default
time_unit = "seconds"                # default

[submit]
type = ["audio", "video"]            # profile work
# callback is not set

[wait]
timeout = 0                          # file
# interval is not set

[output]
format = "table"                     # default

[limits]
submit_audio_per_minute = 50         # default
submit_video_per_minute = 20         # default
get_per_minute = 50                  # default

[captions]
max_line_width = 42                  # default
max_lines = 2                        # default
max_cps = 20                         # default
min_duration = "833ms"               # default
max_duration = "7s"                  # default
min_gap = "83ms"                     # default
"#
    );
    // Where the temporary folder's name is short, its line is aligned like the others.
    let squeeze = |page: &str| {
        let lines: Vec<_> = page
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        lines
    };
    assert_eq!(squeeze(&page), squeeze(&expected));
}

#[test]
fn origins_stand_in_one_column() {
    let page = show(&load(&Overrides::default(), &[]).unwrap());
    let columns: Vec<_> = page
        .lines()
        .filter_map(|line| line.find("  # default"))
        .collect();
    assert!(columns.len() > 15);
    assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{page}");
}

#[test]
fn what_is_shown_loads_and_means_the_same() {
    let place = Place::new(
        "base_url = 'https://example.com/a%20b'\nca_file = '/x/\"y\\z'\nmax_reply_size = 1000\n\
         [submit]\ntype = ['video']\ncallback = 'https://example.com/?a=\"b\"'\n\
         [wait]\ninterval = '1500ms'\ntimeout = 0\n",
    );
    let page = show(&place.load(&[]).unwrap());
    let again = show(&Place::new(&page).load(&[]).unwrap());
    let table = |page: &str| page.parse::<toml::Table>().unwrap();
    assert_eq!(table(&page), table(&again));
}

#[test]
fn the_token_is_never_shown_and_no_command_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let touch = format!("token_command = ['touch', '{}']", mark.display());
    for text in [
        "token = 'hunter2'",
        "token_file = 'secret'",
        "token_command = ['echo', 'hunter2']",
        &touch,
        "[profiles.work]\ntoken = 'hunter2'",
    ] {
        for variables in [&[][..], &[(MAVI_TOKEN, "hunter2")]] {
            let place = Place::new(text);
            fs::write(place.folder.path().join("secret"), "hunter2").unwrap();
            let page = show(&place.load(variables).unwrap());
            assert!(!page.contains("hunter") && !page.contains("er2"), "{page}");
            assert!(page.contains("# token: "), "{page}");
        }
    }
    assert!(!mark.exists(), "the command was run");
}

#[test]
fn a_missing_file_and_a_missing_token_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = Settings::load(&Overrides::default(), &home(folder.path())).unwrap();
    let page = show(&loaded.settings);
    assert!(page.contains("mavi/config.toml (does not exist; `mavi config init` writes it)\n"));
    assert!(
        page.contains("\n# profile: none\n# token: not set\n"),
        "{page}"
    );
}
