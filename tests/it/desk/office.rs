//! Someone who works at the desk, before the router of the service in this process.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, header, request::Builder},
};
use axum_extra::extract::cookie::CookieJar;
use onboarding::{
    app::Shared,
    domain::{invitation::Account, staff::Role},
    http::{cookies::StaffSession, form_token::FormToken},
    router::{canonical_path, router},
};
use support::inside::Inside;
use time::{Duration, OffsetDateTime};
use tower::Service;
use url::form_urlencoded;
use uuid::Uuid;

pub(crate) const TENANT: &str = "8e3a1c52-7d64-4b0e-9d1a-2f5f0c9b8e55";

/// With a desk, and e-mails that go nowhere.
pub(crate) const SETTINGS: [(&str, &str); 3] = [
    ("DESK_TENANT", TENANT),
    ("SMTP_URL", "smtp://127.0.0.1:9"),
    ("MAIL_FROM", "no-reply@example.com"),
];

/// The columns of the files here.
pub(crate) const HEADER: &str = "email;firstName;companyName;country;street;postalCode;city";

/// A form for one invitation, without its mailbox.
pub(crate) const DRAFT: [(&str, &str); 9] = [
    ("firstName", "Anna"),
    ("lastName", "Meier"),
    ("companyName", "Meier Präzisionstechnik GmbH"),
    ("country", "DE"),
    ("street", "Lindwurmstraße 80"),
    ("postalCode", "80337"),
    ("city", "München"),
    ("inviterName", "Tamer Mohamed-Nour"),
    ("inviterOrganization", "GFMS"),
];

/// Someone with a session.
pub(crate) struct Employee {
    pub(crate) app: Shared,
    pub(crate) account: Account,
    cookie: String,
    token: String,
}

/// What the desk answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) policy: String,
    pub(crate) refresh: bool,
    pub(crate) body: String,
}

impl Answer {
    /// What follows the desk's address in the place that it leads to.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.body);
        self.location.split_once("/api").unwrap().1
    }
}

impl Employee {
    /// Who may invite.
    pub(crate) fn manager(inside: &Inside) -> Self {
        Self::of(inside, 1, Role::Manage)
    }

    /// The same, of a service in this process.
    pub(crate) fn who_manages(app: Shared) -> Self {
        let session = Self::session_at(app.clock.now(), 1, Role::Manage);
        Self::with(app, &session)
    }

    /// A session of the person with this number.
    pub(crate) fn session(inside: &Inside, number: u128, role: Role) -> StaffSession {
        Self::session_at(inside.now(), number, role)
    }

    fn session_at(now: OffsetDateTime, number: u128, role: Role) -> StaffSession {
        StaffSession {
            account: Account {
                tid: TENANT.parse().unwrap(),
                oid: Uuid::from_u128(number),
            },
            name: "Tamer Mohamed-Nour".to_owned(),
            user_name: "tamer@gfms.example".to_owned(),
            role,
            lang: None,
            ends: now + Duration::days(30),
        }
    }

    pub(crate) fn of(inside: &Inside, number: u128, role: Role) -> Self {
        let session = Self::session(inside, number, role);
        Self::with(Arc::clone(&inside.app), &session)
    }

    fn with(app: Shared, session: &StaffSession) -> Self {
        let account = session.account;
        let jar = app.cookies().open_staff_session(CookieJar::new(), session);
        let cookies: Vec<_> = jar
            .iter()
            .map(|cookie| format!("{}={}", cookie.name(), cookie.value()))
            .collect();
        Self {
            token: FormToken::Desk(account).issue(app.sealer()),
            cookie: cookies.join("; "),
            account,
            app,
        }
    }

    /// At another instance.
    pub(crate) fn at(&self, app: Shared) -> Self {
        Self {
            app,
            account: self.account,
            cookie: self.cookie.clone(),
            token: self.token.clone(),
        }
    }

    pub(crate) async fn opens(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "text/plain", Body::empty())
            .await
    }

    pub(crate) async fn presses(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", &self.token)
            .extend_pairs(fields)
            .finish();
        let kind = "application/x-www-form-urlencoded";
        self.send(Method::POST, path, kind, Body::from(body)).await
    }

    /// Sends a file; the form that it comes from has this key.
    pub(crate) async fn uploads(&self, file: &[u8], key: &str) -> Answer {
        self.uploads_for("GFMS", file, key).await
    }

    pub(crate) async fn uploads_for(&self, organization: &str, file: &[u8], key: &str) -> Answer {
        self.uploads_with(&self.token, organization, file, key)
            .await
    }

    pub(crate) async fn uploads_with(
        &self,
        token: &str,
        organization: &str,
        file: &[u8],
        key: &str,
    ) -> Answer {
        let fields = [
            ("token", token),
            ("key", key),
            ("inviterName", "Tamer Mohamed-Nour"),
            ("inviterOrganization", organization),
            ("inviterEmail", "tamer@gfms.example"),
        ];
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!(
                "--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.into_bytes());
        }
        body.extend(
            b"--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\
              Content-Type: text/csv\r\n\r\n",
        );
        body.extend(file);
        body.extend(b"\r\n--limit--\r\n");
        let kind = "multipart/form-data; boundary=limit";
        self.send(Method::POST, "/desk/many", kind, Body::from(body))
            .await
    }

    /// Sends a form with this token, with another header beside those of a program.
    pub(crate) async fn forges(&self, path: &str, token: &str, header: (&str, &str)) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token)
            .finish();
        let request = self.request(Method::POST, path);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header(header.0, header.1);
        self.answer(request.body(Body::from(body)).unwrap()).await
    }

    /// Without a session.
    pub(crate) fn signed_out(&self) -> Self {
        Self {
            cookie: String::new(),
            ..self.at(Arc::clone(&self.app))
        }
    }

    /// Of all forms of this person.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    async fn send(&self, method: Method, path: &str, kind: &str, body: Body) -> Answer {
        let request = self.request(method, path).header("content-type", kind);
        self.answer(request.body(body).unwrap()).await
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        Request::builder()
            .method(method)
            .uri(format!("/api{path}"))
            .header("accept", "text/html")
            .header("cookie", &self.cookie)
    }

    async fn answer(&self, request: Request<Body>) -> Answer {
        let answer = router(Arc::clone(&self.app))
            .call(canonical_path(request))
            .await
            .unwrap();
        let header = |name: header::HeaderName| {
            let value = answer.headers().get(name);
            value
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        let (location, policy) = (
            header(header::LOCATION),
            header(header::CONTENT_SECURITY_POLICY),
        );
        let (status, refresh) = (
            answer.status().as_u16(),
            !header(header::REFRESH).is_empty(),
        );
        let body = to_bytes(answer.into_body(), 1 << 24).await.unwrap();
        Answer {
            status,
            location,
            policy,
            refresh,
            body: String::from_utf8(body.into()).unwrap(),
        }
    }
}

/// A file with so many rows that can be invited.
pub(crate) fn file(rows: usize) -> String {
    let rows = (1..=rows).map(|number| row(number, &format!("anna{number}@meier.example")));
    [HEADER.to_owned()]
        .into_iter()
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\r\n")
}

/// One that invites this mailbox.
pub(crate) fn row(number: usize, email: &str) -> String {
    format!("{email};Anna;Meier {number} GmbH;DE;Lindwurmstraße {number};80337;München")
}

/// How many invitations there are, and how many events of their creations.
pub(crate) async fn created(inside: &Inside) -> (usize, usize) {
    let keys = inside.table.keys().await;
    let with = |end: &str| keys.iter().filter(|key| key.ends_with(end)).count();
    (with("/invitation"), with("/event-000001"))
}
