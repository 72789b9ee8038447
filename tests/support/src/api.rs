//! The API of `Invitations`, as an integrator calls it.

use std::time::{Duration, Instant};

use local::{host::Keys, stack::Stack};
use reqwest::{Client, Method, RequestBuilder, header::HeaderMap};
use serde_json::Value;

/// What the API answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{} {error}: {}", self.status, self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// The last part of the problem's type; panics where the answer is no problem.
    pub fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{} {}",
            self.status,
            self.body
        );
        assert_eq!(self.json()["status"], self.status);
        self.json()["type"]
            .as_str()
            .unwrap()
            .rsplit(':')
            .next()
            .unwrap()
            .to_owned()
    }

    /// The JSON pointers of a 422, sorted.
    pub fn pointers(&self) -> Vec<String> {
        assert_eq!(
            (self.status, self.problem().as_str()),
            (422, "invalid-fields"),
            "{}",
            self.body
        );
        let errors = self.json()["errors"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let mut pointers: Vec<_> = errors
            .iter()
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect();
        pointers.sort();
        pointers
    }
}

/// A request with the host key.
pub fn request(stack: &Stack, method: Method, path: &str) -> RequestBuilder {
    Client::new()
        .request(method, format!("{}{path}", stack.host.url()))
        .header("x-functions-key", Keys::default().host)
}

pub async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Answer {
        status,
        headers,
        body: answer.text().await.unwrap(),
    }
}

/// `POST Invitations` with a body as given.
pub async fn post(stack: &Stack, body: impl Into<reqwest::Body>) -> Answer {
    post_to(stack, "/api/Invitations", body).await
}

/// A `POST` of JSON as given.
pub async fn post_to(stack: &Stack, path: &str, body: impl Into<reqwest::Body>) -> Answer {
    send(
        request(stack, Method::POST, path)
            .header("content-type", "application/json")
            .body(body),
    )
    .await
}

/// An action of an invitation, with a JSON body.
pub async fn act(stack: &Stack, id: &str, action: &str, body: &Value) -> Answer {
    let path = format!("/api/Invitations/{id}/{action}");
    post_to(stack, &path, body.to_string()).await
}

/// `PATCH Invitations/{id}`.
pub async fn patch(stack: &Stack, id: &str, body: &Value) -> Answer {
    send(
        request(stack, Method::PATCH, &format!("/api/Invitations/{id}"))
            .header("content-type", "application/merge-patch+json")
            .body(body.to_string()),
    )
    .await
}

/// `GET Invitations/{id}`.
pub async fn get(stack: &Stack, id: &str) -> Answer {
    send(request(
        stack,
        Method::GET,
        &format!("/api/Invitations/{id}"),
    ))
    .await
}

/// `GET Invitations/{id}`, as soon as no mail of it is under way.
pub async fn settled(stack: &Stack, id: &str) -> Value {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let shown = get(stack, id).await.json();
        if shown["delivery"]["mail"]["state"] != "queued" {
            return shown;
        }
        assert!(Instant::now() < deadline, "{shown}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The types of the timeline, in order.
pub fn timeline(shown: &Value) -> Vec<&str> {
    shown["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["type"].as_str().unwrap())
        .collect()
}
