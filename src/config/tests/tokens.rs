//! The choice of the source of the token.

use super::*;
use crate::config::env::MAVI_TOKEN;
use crate::config::token::TokenSource;
use crate::secret::Secret;

/// The time limit of commands, which all end long before.
const WITHIN: Duration = Duration::from_mins(1);

#[test]
fn most_specific_layer_wins_and_within_it_token_then_file_then_command() {
    let all = "token = 'TEXT'\ntoken_file = 'FILE'\ntoken_command = ['PROGRAM', 'x']\n";
    let from_file = "token_file = 'FILE'\ntoken_command = ['PROGRAM', 'x']\n";
    let from_command = "token_command = ['PROGRAM', 'x']\n";
    for (variable, profile, top, origin) in [
        ("hunter2", all, all, Some("MAVI_TOKEN")),
        ("", all, all, Some("token in profile work")),
        (
            "",
            from_file,
            all,
            Some("token_file in profile work (FILE)"),
        ),
        (
            "",
            from_command,
            all,
            Some("token_command in profile work (PROGRAM)"),
        ),
        ("", "", all, Some("token in the configuration file")),
        (
            "",
            "",
            from_file,
            Some("token_file in the configuration file (FILE)"),
        ),
        (
            "",
            "",
            from_command,
            Some("token_command in the configuration file (PROGRAM)"),
        ),
        ("", "", "", None),
    ] {
        let config = TestConfig::new(&format!("{top}\n[profiles.work]\n{profile}"));
        let settings = load(&config.profile("work"), &[(MAVI_TOKEN, variable)]).unwrap();
        let found = settings.token_source.as_ref().map(TokenSource::origin);
        assert_eq!(found.as_deref(), origin);
        let renews = origin.is_some_and(|origin| origin.contains("command"));
        assert_eq!(
            settings.token_source.is_some_and(|it| it.can_renew()),
            renews
        );
    }
}

#[test]
fn each_source_gives_the_token() {
    let config = TestConfig::new(
        "token = ' from-text '\n\
         [profiles.file]\ntoken_file = 'secret'\n\
         [profiles.command]\ntoken_command = ['printf', 'from-command\\nmore']\n",
    );
    fs::write(config.folder.path().join("secret"), "from-file\nmore\n").unwrap();
    for (profile, variable, token) in [
        (None, " from-env\n", "from-env"),
        (None, "", "from-text"),
        (Some("file"), "", "from-file"),
        #[cfg(unix)]
        (Some("command"), "", "from-command"),
    ] {
        let selection = Selection {
            profile: profile.map(Into::into),
            ..config.selection()
        };
        let settings = load(&selection, &[(MAVI_TOKEN, variable)]).unwrap();
        assert_eq!(
            settings.token("mavi auth login").unwrap().fetch(WITHIN),
            Ok(Secret::new(token))
        );
    }
}

#[test]
fn token_file_may_be_in_the_home_directory() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("etc/mavi")).unwrap();
    let config = folder.path().join("etc/mavi/config.toml");
    fs::write(config, "token_file = '~/secret'").unwrap();
    fs::write(folder.path().join("secret"), "hunter2").unwrap();
    let loaded = Settings::load(
        &Selection::default(),
        Layer::default(),
        &home(folder.path()),
    )
    .unwrap();
    let source = loaded.settings.token("mavi auth login").unwrap();
    assert_eq!(
        source.origin(),
        "token_file in the configuration file (~/secret)"
    );
    assert_eq!(source.fetch(WITHIN), Ok(Secret::new("hunter2")));
}

#[test]
fn missing_token_error_says_how_to_set_one() {
    let config = TestConfig::new("");
    let error = config
        .load(&[])
        .unwrap()
        .token("mavi auth login")
        .unwrap_err()
        .clone();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::Auth, "no token is set")
    );
    let hint = error.hint.unwrap();
    for name in [
        "MAVI_TOKEN",
        "mavi config init",
        config.path.to_str().unwrap(),
    ] {
        assert!(hint.contains(name), "{hint}");
    }
    let error = load(&Selection::default(), &[]).unwrap();
    assert!(
        error
            .token("mavi auth login")
            .unwrap_err()
            .hint
            .unwrap()
            .contains("MAVI_TOKEN")
    );
}

#[test]
fn debug_hides_the_token() {
    let config = TestConfig::new("token = 'hunter2'\n[profiles.work]\ntoken = 'hunter2'");
    for variables in [&[][..], &[(MAVI_TOKEN, "hunter2")]] {
        let env = Env::of(variables.iter().copied());
        let loaded = Settings::load(&config.selection(), Layer::default(), &env).unwrap();
        let shown = format!("{loaded:#?} {env:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
