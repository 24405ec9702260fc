//! `mavi auth`: its arguments.

use std::net::SocketAddr;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::address;

/// `mavi auth`.
#[derive(Args, Debug)]
#[command(arg_required_else_help = true)]
#[command(after_long_help = "\
A login is used where no other token is set: MAVI_TOKEN, token, token_file and
token_command come before it. There is one for each profile and base URL.

Examples:
  mavi auth login                 asks for client ID and code
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
    /// Exchange a code for tokens that renew themselves, and store them
    Login(AuthLogin),
    /// Print whose token is used, where it comes from, and when it ends
    Status(AuthStatus),
    /// Delete the stored login
    Logout,
}

/// `mavi auth login`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Client ID and code come to the callback URL of your account, which the service
calls every 10 minutes: ?code=…&clientId=…&state=…. A code lasts ten minutes,
and the next one ends the one before. What is typed is not shown.

With --listen, mavi receives that call itself. It takes only a call whose
`state` is the MD5 of the API key, which it reads from MAVI_API_KEY or asks for,
and does not store.

Examples:
  mavi auth login
  printf %s \"$CODE\" | mavi auth login --client-id \"$CLIENT_ID\" --code-stdin
  mavi auth login --listen 127.0.0.1:8788 --public-url https://ci.example.com/cb")]
pub struct AuthLogin {
    /// Client ID of the account (default: asks for it)
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
        default_value = "text",
        hide_default_value = true
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
