//! Answers as HTTP has them. A refusal is a verdict too: a host that obeys `verdict` needs to know no status.

use absolve_core::gate::{Fail, Verdict};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// An answer with a status that is not 200, and why.
pub(super) fn refusal(status: StatusCode, message: impl Into<String>, fail: Fail) -> Response {
    let mut response = (status, Json(Verdict::failed(message, fail))).into_response();
    let headers = response.headers_mut();
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// An answer that no cache keeps: it has a customer's words in it.
pub(super) fn answer(content: &impl Serialize) -> Response {
    let mut response = Json(content).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
