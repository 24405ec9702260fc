//! `mavi auth`: its arguments.

use std::net::SocketAddr;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::address;

/// `mavi auth`.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true)]
#[command(after_help = "\
A login is used where no other token is set: MAVI_TOKEN, token, token_file and
token_command take precedence over it. There is one for each profile and base
URL.

Examples:
  mavi auth login                 prompts for client ID and code
  mavi auth status
  mavi auth logout --profile work")]
pub struct Auth {
    /// The action.
    #[command(subcommand)]
    pub action: AuthAction,
}

/// The actions of `mavi auth`.
#[derive(Debug, Subcommand)]
pub enum AuthAction {
    /// Log in with a client ID and a code
    Login(AuthLogin),
    /// Show which token is used and when it expires
    Status(AuthStatus),
    /// Delete the stored login
    Logout,
}

/// `mavi auth login`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Every 10 minutes, the service sends the client ID and a code to the callback URL
of your account, as ?code=…&clientId=…&state=…. A code is valid for ten minutes;
each new code invalidates the previous one. Input is not shown.

The login is valid for two months. Access tokens are renewed before they expire.

With --listen, mavi receives the code itself. It accepts only a request whose
`state` is the MD5 of the API key, which it reads from MAVI_API_KEY or prompts
for, and does not store.

Examples:
  mavi auth login
  printf %s \"$CODE\" | mavi auth login --client-id \"$CLIENT_ID\" --code-stdin
  mavi auth login --listen 127.0.0.1:8788 --public-url https://ci.example.com/cb")]
pub struct AuthLogin {
    /// Client ID of the account (prompts if omitted)
    #[arg(long, value_name = "ID", value_hint = ValueHint::Other)]
    pub client_id: Option<String>,
    /// Read the code from stdin
    #[arg(long, conflicts_with = "listen")]
    pub code_stdin: bool,
    /// Receive client ID and code from the service at this address
    #[arg(long, value_name = "ADDR", value_hint = ValueHint::Other, value_parser = address::parse)]
    pub listen: Option<SocketAddr>,
    /// URL at which the service reaches that address
    ///
    /// The callback URL of your account: that of a tunnel or a reverse proxy that leads here.
    #[arg(long, value_name = "URL", requires = "listen", value_hint = ValueHint::Url)]
    pub public_url: Option<String>,
}

/// `mavi auth status`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Sends nothing. Without a token, the exit status is 4.

Examples:
  mavi auth status
  mavi auth status --format json | jq -r .loginEndsAt")]
pub struct AuthStatus {
    /// Print in this format
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        value_enum,
        default_value = "text"
    )]
    pub format: AuthFormat,
}

/// The output formats of `mavi auth status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "the names say it, and their help would be noise"
)]
pub enum AuthFormat {
    Text,
    Json,
}
