//! `mavi config show`, as a reader and as a configuration file.

use super::*;
use crate::config::env::MAVI_TOKEN;

#[test]
fn every_value_has_its_origin() {
    let config = TestConfig::new(
        "jobs = 8\nca_file = 'ca \"1\".pem'\n[wait]\ntimeout = 0\n\
         [profiles.work]\nsubmit.type = ['audio', 'video']\ntoken_command = ['pass', 'hunter2']\n",
    );
    let flags = Layer {
        retries: Some(0),
        ..Layer::default()
    };
    let variables = [("MAVI_BASE_URL", "https://example.com/v1/")];
    let page = show(
        &load_with(&config.profile("work"), flags, &variables).unwrap(),
        None,
    );
    let path = config.path.display();
    let ca = config.folder.path().join("ca \"1\".pem");
    let ca = ca.display();
    let expected = format!(
        r#"# file: {path} (--config)
# profile: work (--profile)
# token: from token_command in profile work (pass), not shown

base_url = "https://example.com/v1"  # MAVI_BASE_URL
ca_file = '{ca}'  # file
retries = 0                          # flag
jobs = 8                             # file

[submit]
type = ["audio", "video"]            # profile work
# callback is not set

[wait]
timeout = "0"                        # file
# interval is not set

[output]

[limits]

[captions]
# language is not set
# preset is not set
"#
    );
    // Where the temporary directory's name is short, its line is aligned like the others.
    let squeeze = |page: &str| {
        let lines: Vec<_> = page
            .lines()
            .filter(|line| !line.ends_with("# default"))
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        lines
    };
    assert_eq!(squeeze(&page), squeeze(&expected));
}

#[test]
fn origins_are_aligned() {
    let page = show(&load(&Selection::default(), &[]).unwrap(), None);
    let columns: Vec<_> = page
        .lines()
        .filter_map(|line| line.find("  # default"))
        .collect();
    assert!(columns.len() > 15);
    assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{page}");
}

#[test]
fn output_loads_as_the_same_configuration() {
    let config = TestConfig::new(
        "base_url = 'https://example.com/a%20b'\nca_file = '/x/\"y\\z'\nmax_reply_size = 1000\n\
         [submit]\ntype = ['video']\ncallback = 'https://example.com/?a=\"b\"'\n\
         [wait]\ninterval = '1500ms'\ntimeout = 0\n",
    );
    let page = show(&config.load(&[]).unwrap(), None);
    let again = show(&TestConfig::new(&page).load(&[]).unwrap(), None);
    let table = |page: &str| page.parse::<toml::Table>().unwrap();
    assert_eq!(table(&page), table(&again));
}

#[test]
fn token_is_hidden_and_no_command_runs() {
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
            let config = TestConfig::new(text);
            fs::write(config.folder.path().join("secret"), "hunter2").unwrap();
            let page = show(&config.load(variables).unwrap(), None);
            assert!(!page.contains("hunter") && !page.contains("er2"), "{page}");
            assert!(page.contains("# token: "), "{page}");
        }
    }
    assert!(!mark.exists(), "the command was run");
}

#[test]
fn missing_file_and_token_are_mentioned() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = Settings::load(
        &Selection::default(),
        Layer::default(),
        &home(folder.path()),
    )
    .unwrap();
    let page = show(&loaded.settings, None);
    let file = Path::new("mavi").join("config.toml");
    let line = format!(
        "{} (does not exist; `mavi config init` creates it)\n",
        file.display()
    );
    assert!(page.contains(&line), "{page}");
    assert!(
        page.contains("\n# profile: none\n# token: not set\n"),
        "{page}"
    );
}
