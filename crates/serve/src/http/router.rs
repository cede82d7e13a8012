//! From requests to answers.

use std::{sync::Arc, time::Duration};

use absolve_core::gate::{Choice, Fail, Reply};
use axum::{
    Json, Router,
    body::BodyDataStream,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use super::{
    Access, Limits,
    answer::{answer, refusal},
};
use crate::judge::{GRIEF, Judge};

/// What is served, and how it is answered: the whole of it but the sockets.
pub fn router(judge: Arc<dyn Judge>, access: Access, limits: Limits) -> Router {
    let room = || Arc::new(Semaphore::new(limits.questions));
    let state = Hook { judge, access: Arc::new(access), limits, to_judge: room(), to_read_on: room() };
    let questions = Router::new().route("/v1/check", post(check)).route("/v1/rewrite", post(rewrite));
    let questions = questions.layer(middleware::from_fn_with_state(state.clone(), with_token));
    Router::new()
        .route("/", get(page))
        .route("/openapi.json", get(openapi))
        .route("/v1/health", get(health))
        .merge(questions)
        .method_not_allowed_fallback(|| async {
            nothing(StatusCode::METHOD_NOT_ALLOWED, "not by that method; see /openapi.json")
        })
        .fallback(|| async { nothing(StatusCode::NOT_FOUND, "there is nothing here; see /openapi.json") })
        .layer(middleware::from_fn_with_state(state.clone(), from_known_places))
        .with_state(state)
}

#[derive(Clone)]
struct Hook {
    judge: Arc<dyn Judge>,
    access: Arc<Access>,
    limits: Limits,
    to_judge: Arc<Semaphore>,
    /// What is left of a long question.
    to_read_on: Arc<Semaphore>,
}

/// Bytes up to which a question is read however many there are: nobody who is slow to ask keeps a reply from being judged.
const SHORT: usize = 16 << 10;

fn nothing(status: StatusCode, message: &str) -> Response {
    refusal(status, message, Fail::Open)
}

impl Hook {
    fn refuse(&self, (status, message): (StatusCode, impl Into<String>)) -> Response {
        refusal(status, message, self.judge.policy().fail)
    }

    fn answer<T: Serialize>(&self, result: Result<T, Refused>) -> Response {
        match result {
            Ok(content) => answer(&content),
            Err(why) => self.refuse(why),
        }
    }
}

/// Why a question is not answered.
type Refused = (StatusCode, String);

/// Lets in what calls us by our name and comes from no page, or from one that may ask; says to browsers what they may do.
async fn from_known_places(State(hook): State<Hook>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if let Err(why) = hook.access.check_host(headers) {
        return hook.refuse(why);
    }
    let origin = match hook.access.check_origin(headers) {
        Ok(origin) => origin.and_then(|it| HeaderValue::from_str(it).ok()),
        Err(why) => return hook.refuse(why),
    };
    let is_preflight =
        request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight { preflight() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}

fn preflight() -> Response {
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, allowed).into_response()
}

async fn with_token(State(hook): State<Hook>, request: Request, next: Next) -> Response {
    match hook.access.check_token(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(why) => hook.refuse(why),
    }
}

async fn page() -> Response {
    let mut response = Html(include_str!("page.html")).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_MAY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

const PAGE_MAY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; \
                        img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("openapi.json")).into_response()
}

async fn health(State(hook): State<Hook>) -> Response {
    let version = env!("CARGO_PKG_VERSION");
    Json(json!({ "status": "ok", "version": version, "rules": hook.judge.n_rules() })).into_response()
}

async fn check(State(hook): State<Hook>, request: Request) -> Response {
    let judged = hook.ask(request, |judge, json| judge.judge(&Reply::from_json(json).map_err(|it| it.message)?));
    hook.answer(judged.await)
}

/// A reply and the alternatives that its agent picked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rewriting {
    reply: Reply,
    choices: Option<Vec<Choice>>,
}

async fn rewrite(State(hook): State<Hook>, request: Request) -> Response {
    let rewritten = hook.ask(request, |judge, json| {
        let asked: Rewriting = serde_json::from_slice(json).map_err(|it| format!("this is no question: {it}"))?;
        judge.rewrite(&asked.reply, asked.choices.as_deref())
    });
    hook.answer(rewritten.await)
}

type Asking<T> = fn(&dyn Judge, &[u8]) -> Result<T, String>;

impl Hook {
    /// Reads a question, then has it answered, each in its time. There is room for so many at once; the rest is refused.
    async fn ask<T: Send + 'static>(&self, request: Request, asking: Asking<T>) -> Result<T, Refused> {
        let question = self.read(request).await?;
        let place = self.to_judge.clone().try_acquire_owned().map_err(|_| crowded())?;
        let judge = self.judge.clone();
        let time_box = judge.policy().time_box;
        // What takes too long keeps its place until it is done.
        let work = spawn_blocking(move || (asking(&*judge, &question), place).0);
        match timeout(Duration::from_millis(time_box), work).await {
            Ok(Ok(answered)) => answered.map_err(|why| (StatusCode::BAD_REQUEST, why)),
            Ok(Err(_)) => Err(refused(StatusCode::INTERNAL_SERVER_ERROR, GRIEF)),
            Err(_) => Err((StatusCode::OK, format!("no verdict within {time_box} ms"))),
        }
    }

    async fn read(&self, request: Request) -> Result<Vec<u8>, Refused> {
        if !is_json(request.headers()) {
            return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a question is `application/json`"));
        }
        if length(request.headers()).is_some_and(|it| it > self.limits.body) {
            return Err(self.too_long());
        }
        let question = timeout(self.limits.question, self.read_on(request.into_body().into_data_stream())).await;
        question.unwrap_or_else(|_| Err(refused(StatusCode::REQUEST_TIMEOUT, "the question took too long to come")))
    }

    async fn read_on(&self, mut chunks: BodyDataStream) -> Result<Vec<u8>, Refused> {
        let (mut question, mut place) = (Vec::new(), None);
        while let Some(chunk) = chunks.next().await {
            question.extend(chunk.map_err(|_| refused(StatusCode::BAD_REQUEST, "the question broke off"))?);
            if question.len() > self.limits.body {
                return Err(self.too_long());
            }
            if question.len() > SHORT && place.is_none() {
                place = Some(self.to_read_on.try_acquire().map_err(|_| crowded())?);
            }
        }
        Ok(question)
    }

    fn too_long(&self) -> Refused {
        (StatusCode::PAYLOAD_TOO_LARGE, format!("a question is {} bytes at most", self.limits.body))
    }
}

fn crowded() -> Refused {
    refused(StatusCode::SERVICE_UNAVAILABLE, "too many questions at once; ask again")
}

fn refused(status: StatusCode, message: &str) -> Refused {
    (status, message.to_owned())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
