//! Any request to the hook over HTTP: it is answered, and never by a panic; a refusal is a verdict that says why; nobody is
//! judged who may not ask, and no other page is told that it may.
#![no_main]

mod tester;

use std::sync::{Arc, LazyLock};

use absolve_serve::http::{Access, Limits, Token, router};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response, StatusCode, header},
};
use libfuzzer_sys::{
    arbitrary::{self, Arbitrary},
    fuzz_target,
};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

use crate::tester::Tester;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().enable_all().build().expect("threads"));

const TOKEN: &str = "a-secret-of-24-characters";
const PAGE: &str = "https://helpdesk.example";

/// Without a token and with one.
static ROUTERS: LazyLock<[Router; 2]> = LazyLock::new(|| {
    [None, Token::new(TOKEN).ok()].map(|token| {
        let access = Access { token, origins: vec![PAGE.to_owned()], hosts: vec!["absolve.example".to_owned()] };
        router(Arc::new(Tester::default()), access, Limits { body: 4 << 10, ..Limits::default() })
    })
});

#[derive(Arbitrary, Debug)]
struct Asked<'a> {
    needs_token: bool,
    method: u8,
    path: u8,
    other_path: &'a str,
    headers: Vec<(u8, u8, &'a [u8])>,
    is_text: bool,
    body: &'a [u8],
}

const METHODS: [&str; 8] = ["POST", "POST", "POST", "GET", "OPTIONS", "HEAD", "PUT", "x"];
const PATHS: [&str; 6] = ["/v1/check", "/v1/rewrite", "/v1/health", "/openapi.json", "/", "/v1/check/"];
const NAMES: [&str; 8] = [
    "host",
    "origin",
    "authorization",
    "content-type",
    "content-length",
    "access-control-request-method",
    "expect",
    "x-other",
];
/// What is right for some header, and then what comes.
const VALUES: [&str; 7] = [
    "localhost:8077",
    PAGE,
    "Bearer a-secret-of-24-characters",
    "application/json",
    "POST",
    "http://localhost:8077",
    "70000",
];

impl Asked<'_> {
    /// Nothing if HTTP itself has no such request.
    fn request(&self) -> Option<Request<Body>> {
        let path = PATHS.get(usize::from(self.path)).copied().unwrap_or(self.other_path);
        let mut request = Request::builder().method(METHODS[usize::from(self.method % 8)]).uri(path);
        for (name, known, value) in &self.headers {
            let value = VALUES.get(usize::from(*known)).map_or(*value, |it| it.as_bytes());
            request = request.header(NAMES[usize::from(name % 8)], value);
        }
        request.body(Body::from(self.question())).ok()
    }

    /// The bytes as they are, or as a reply's text.
    fn question(&self) -> Vec<u8> {
        let text = String::from_utf8_lossy(self.body);
        match (self.is_text, self.path) {
            (true, 1) => serde_json::json!({ "reply": { "html": text } }).to_string().into_bytes(),
            (true, _) => serde_json::json!({ "text": text }).to_string().into_bytes(),
            (false, _) => self.body.to_vec(),
        }
    }
}

fn check(asked: &HeaderMap, needs_token: bool, response: &Response<Body>) {
    assert!(response.status() != StatusCode::INTERNAL_SERVER_ERROR, "it came to grief");
    let allowed = response.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let is_known =
        |it: &[u8]| it == PAGE.as_bytes() || asked.get(header::HOST).is_some_and(|host| it.ends_with(host.as_bytes()));
    assert!(allowed.is_none_or(|it| asked.get(header::ORIGIN) == Some(it) && is_known(it.as_bytes())), "{allowed:?}");
    let is_answer = response.headers().contains_key(header::CACHE_CONTROL);
    let bears = asked.get(header::AUTHORIZATION).is_some_and(|it| it.as_bytes().ends_with(TOKEN.as_bytes()));
    assert!(!(is_answer && needs_token) || bears, "it was judged without the token");
}

fuzz_target!(|asked: Asked<'_>| {
    let Some(request) = asked.request() else { return };
    let (headers, is_head) = (request.headers().clone(), request.method() == "HEAD");
    RUNTIME.block_on(async {
        let answer = ROUTERS[usize::from(asked.needs_token)].clone().oneshot(request).await;
        let response = answer.unwrap_or_else(|never| match never {});
        check(&headers, asked.needs_token, &response);
        let is_refusal = response.status().is_client_error() || response.status().is_server_error();
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("it is whole");
        if is_refusal && !is_head {
            let verdict: Value = serde_json::from_slice(&body).expect("a refusal is JSON");
            assert!(verdict["verdict"].is_string(), "{verdict}");
        }
    });
});
