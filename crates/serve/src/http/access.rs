//! Who may ask: a token, an exact list of web pages, and the names under which the server may be called. The last one
//! keeps a page from elsewhere from asking through a name of its own that points here (DNS rebinding).

use std::{fmt, net::SocketAddr};

use axum::http::{HeaderMap, StatusCode, header};
use subtle::ConstantTimeEq;

/// Who may ask.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// What a question must bear; none on a machine of one's own.
    pub token: Option<Token>,
    /// Web pages that may ask, such as `https://helpdesk.example`.
    pub origins: Vec<String>,
    /// Names of this server, without port, besides those of the loopback.
    pub hosts: Vec<String>,
}

/// A secret that is shown to nobody.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A secret that cannot be guessed by trying.
    pub fn new(secret: &str) -> Result<Token, String> {
        let secret = secret.trim();
        if secret.len() < SHORTEST || !secret.bytes().all(|it| it.is_ascii_graphic()) {
            return Err(format!("a token is {SHORTEST} characters or more of ASCII, without spaces"));
        }
        Ok(Token(secret.to_owned()))
    }

    fn is(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

const SHORTEST: usize = 16;

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Why a request is refused.
pub(super) type Refusal = (StatusCode, &'static str);

impl Access {
    /// Why nothing may listen at `address` like this.
    pub fn objection(&self, address: SocketAddr) -> Option<String> {
        let is_open = !address.ip().is_loopback() && self.token.is_none();
        is_open.then(|| {
            format!("{address} can be reached from other machines; set a token (ABSOLVE_TOKEN or --token-file), or listen on 127.0.0.1")
        })
    }

    /// Whether a request calls this server by one of its names.
    pub(super) fn check_host(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = text(headers, header::HOST).map(without_port).unwrap_or_default();
        let mut names = LOOPBACK.into_iter().chain(self.hosts.iter().map(String::as_str));
        let is_ours = names.any(|it| it.eq_ignore_ascii_case(host));
        let refusal = (StatusCode::MISDIRECTED_REQUEST, "this server is not called by that name; see --host");
        is_ours.then_some(()).ok_or(refusal)
    }

    /// The page that a request comes from, if it comes from one that may ask.
    pub(super) fn check_origin<'a>(&self, headers: &'a HeaderMap) -> Result<Option<&'a str>, Refusal> {
        if !headers.contains_key(header::ORIGIN) {
            return Ok(None);
        }
        let origin = text(headers, header::ORIGIN).unwrap_or_default();
        let host = text(headers, header::HOST).unwrap_or_default();
        let is_own = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host);
        let refusal = (StatusCode::FORBIDDEN, "this page may not ask; see --origin");
        (is_own || self.origins.iter().any(|it| it == origin)).then_some(Some(origin)).ok_or(refusal)
    }

    /// Whether a request bears the token.
    pub(super) fn check_token(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let Some(token) = &self.token else { return Ok(()) };
        let borne = text(headers, header::AUTHORIZATION).and_then(|it| it.split_once(' '));
        let borne = borne.filter(|it| it.0.eq_ignore_ascii_case("bearer")).map(|it| it.1.trim());
        let refusal = (StatusCode::UNAUTHORIZED, "this needs the header `Authorization: Bearer TOKEN`");
        borne.is_some_and(|it| token.is(it)).then_some(()).ok_or(refusal)
    }
}

const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// A header that is there once, as text.
fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|it| it.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        _ => host,
    }
}
