//! The proxy that the environment names, by curl's rules: a lower-case variable comes before its
//! upper-case form, and one for the scheme before one for all. A variable that cannot be understood is
//! an error: otherwise requests would go past the proxy without a word.

use url::Url;

use super::env::Env;
use crate::error::Error;
use crate::urls::is_loopback;

/// A proxy, and the variable that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProxyVariable {
    /// The name of the variable.
    pub name: &'static str,
    /// The address of the proxy; it can hold a user name and a password.
    pub url: Url,
    /// The hosts that are reached without it, as in `NO_PROXY`.
    pub no_proxy: String,
}

const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Returns the proxy for requests to `target`, if a variable names one. This machine is reached
/// without one. Fails with kind `config`, with the variable's name and without its value.
pub(crate) fn for_url(target: &Url, env: &Env) -> Result<Option<ProxyVariable>, Error> {
    if is_loopback(target) {
        return Ok(None);
    }
    let names: &[&'static str] = match target.scheme() {
        "https" => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        // A CGI script gets the header `Proxy` of any client in HTTP_PROXY.
        _ if env.os("REQUEST_METHOD").is_some() => &["http_proxy", "all_proxy", "ALL_PROXY"],
        _ => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
    };
    let Some((name, text)) = first(env, names)? else {
        return Ok(None);
    };
    let url = parse(text).ok_or_else(|| {
        Error::config(format!("{name} is not the address of a proxy"))
            .with_hint("write it as http://host:port, without quotes, or unset it")
    })?;
    let no_proxy = first(env, &["no_proxy", "NO_PROXY"])?.map(|(_, hosts)| hosts.to_owned());
    Ok(Some(ProxyVariable {
        name,
        url,
        no_proxy: no_proxy.unwrap_or_default(),
    }))
}

/// The first of the variables that is set and not empty.
fn first<'e>(
    env: &'e Env,
    names: &[&'static str],
) -> Result<Option<(&'static str, &'e str)>, Error> {
    for &name in names {
        if let Some(text) = env.get(name)? {
            return Ok(Some((name, text)));
        }
    }
    Ok(None)
}

/// The address in `text`; without a scheme it is http.
fn parse(text: &str) -> Option<Url> {
    let text = text.trim();
    let url = if text.contains("://") {
        Url::parse(text).ok()
    } else {
        let url = Url::parse(&format!("http://{text}")).ok();
        url.filter(|url| url.path() == "/")
    };
    let url = url.filter(Url::has_host)?;
    // Of a host of another scheme than http the URL Standard takes any characters.
    let is_host = |host: &str| !host.is_empty() && !host.contains(['"', '\'', ' ']);
    (SCHEMES.contains(&url.scheme()) && url.host_str().is_some_and(is_host)).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn proxy(
        target: &str,
        variables: &[(&'static str, &str)],
    ) -> Result<Option<(&'static str, String)>, Error> {
        let env = Env::of(variables.iter().copied());
        let proxy = for_url(&Url::parse(target).unwrap(), &env)?;
        Ok(proxy.map(|proxy| (proxy.name, proxy.url.to_string())))
    }

    #[test]
    fn lower_case_comes_first_and_the_scheme_before_all() {
        let all = [
            ("https_proxy", "http://a"),
            ("HTTPS_PROXY", "http://b"),
            ("all_proxy", "http://c"),
            ("ALL_PROXY", "http://d"),
        ];
        for skipped in 0..all.len() {
            let found = proxy("https://example.com", &all[skipped..]).unwrap();
            let (name, url) = all[skipped];
            assert_eq!(found, Some((name, format!("{url}/"))));
            assert_eq!(proxy("https://127.0.0.1", &all), Ok(None));
        }
        assert_eq!(
            proxy(
                "http://example.com",
                &[("HTTPS_PROXY", "http://a"), ("HTTP_PROXY", "http://b")]
            ),
            Ok(Some(("HTTP_PROXY", "http://b/".to_owned())))
        );
        assert_eq!(
            proxy(
                "http://example.com",
                &[("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "http://b")]
            ),
            Ok(None)
        );
        assert_eq!(
            proxy("https://example.com", &[("HTTPS_PROXY", "")]),
            Ok(None)
        );
    }

    #[test]
    fn address_may_lack_a_scheme_and_have_space_around() {
        for (text, url) in [
            ("proxy:3128", "http://proxy:3128/"),
            (" http://proxy:3128 ", "http://proxy:3128/"),
            ("ann:pw@proxy:3128", "http://ann:pw@proxy:3128/"),
            ("[::1]:3128", "http://[::1]:3128/"),
            ("socks5://proxy:9", "socks5://proxy:9"),
        ] {
            let found = proxy("https://example.com", &[("HTTPS_PROXY", text)]).unwrap();
            assert_eq!(found, Some(("HTTPS_PROXY", url.to_owned())));
        }
    }

    #[test]
    fn malformed_variable_is_named_and_not_shown() {
        for text in [
            "\"http://hunter2:3128\"",
            "'http://hunter2:3128'",
            "http://hunter2:3128x",
            "http://hunter2:99999",
            "ftp://hunter2",
            "http://",
            "://hunter2",
            "hunter2 proxy",
            "socks5://\"hunter2\"",
            "htp//hunter2:80:80",
        ] {
            let error = proxy("https://example.com", &[("all_proxy", text)]).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Config, "{text}");
            assert_eq!(error.message, "all_proxy is not the address of a proxy");
        }
    }
}
