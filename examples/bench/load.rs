//! Requests per second, what each costs in processor time, and what the process holds after very
//! many.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    client::{Connection, get, post},
    measure::{Bound, Row, Spread},
    programs::{Programs, invite, open, quick_dir, quiet_invitation},
    server::Server,
};

const CONNECTIONS: usize = 4;
const ROUNDS: usize = 20;
const WINDOW: Duration = Duration::from_millis(250);
const MANY: usize = 100_000;
/// What the team's way is asked in all: it would take too long.
const FEWER: usize = 10_000;

/// A server's requests per second and microseconds of processor time for each, window by window.
#[derive(Default)]
struct Pace {
    per_second: Vec<f64>,
    processor: Vec<f64>,
}

impl Pace {
    #[expect(clippy::cast_precision_loss, reason = "some thousand requests")]
    fn window(&mut self, server: &Server, requests: &[Vec<u8>]) -> anyhow::Result<()> {
        let (started, before) = (Instant::now(), server.processor_time()?);
        let until = started + WINDOW;
        let answered = ask(server, requests, |_| Instant::now() < until)? as f64;
        let (took, used) = (
            started.elapsed(),
            server.processor_time()?.saturating_sub(before),
        );
        self.per_second.push(answered / took.as_secs_f64());
        self.processor.push(used.as_secs_f64() * 1e6 / answered);
        Ok(())
    }

    fn spreads(self) -> (Spread, Spread) {
        (
            Spread::new(self.per_second, "/s"),
            Spread::new(self.processor, "µs"),
        )
    }
}

/// Asks over all connections while `goes_on`, which gets how many requests a connection has
/// sent; answers with how many were answered.
fn ask(
    server: &Server,
    requests: &[Vec<u8>],
    goes_on: impl Fn(usize) -> bool + Sync,
) -> anyhow::Result<usize> {
    let one = || -> anyhow::Result<usize> {
        let (mut connection, mut sent) = (Connection::open(server.port)?, 0);
        for request in requests.iter().cycle() {
            if !goes_on(sent) {
                break;
            }
            let status = connection.send(request)?.status;
            anyhow::ensure!((200..500).contains(&status), "{status}");
            sent += 1;
        }
        Ok(sent)
    };
    thread::scope(|scope| {
        let askers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(one)).collect();
        askers
            .into_iter()
            .map(|asker| {
                asker
                    .join()
                    .map_err(|_| anyhow::anyhow!("a client panicked"))?
            })
            .sum()
    })
}

/// Two servers in turns, each with its request.
fn in_turns(
    base: (&Server, &[Vec<u8>]),
    measured: (&Server, &[Vec<u8>]),
) -> anyhow::Result<(Pace, Pace)> {
    let (mut one, mut other) = (Pace::default(), Pace::default());
    Pace::default().window(base.0, base.1)?;
    Pace::default().window(measured.0, measured.1)?;
    for _ in 0..ROUNDS {
        one.window(base.0, base.1)?;
        other.window(measured.0, measured.1)?;
    }
    Ok((one, other))
}

/// The handler over the embedded store.
pub(crate) fn rows(programs: &Programs) -> anyhow::Result<Vec<Row>> {
    let dir = quick_dir()?;
    let handler = Server::start(&mut programs.embedded(&dir))?;
    let link = invite(&handler)?;
    let size = Connection::open(handler.port)?
        .send(&open(&link))?
        .body
        .len();
    let bare = Server::start(&mut programs.bare(size))?;
    let (base, ours) = in_turns((&bare, &[get("/page")]), (&handler, &[open(&link)]))?;
    let ((base_pace, base_used), (pace, used)) = (base.spreads(), ours.spreads());
    let requests = mixed(&handler)?;
    ask(&handler, &requests, |sent| sent < MANY / CONNECTIONS)?;
    ask(&bare, &[get("/page")], |sent| sent < MANY / CONNECTIONS)?;
    Ok(vec![
        Row::new(
            format!("InviteUser embedded, {size} bytes: bare axum, handler"),
            base_pace,
            pace,
            Bound::None,
        ),
        Row::new(
            "  the same in processor time for each request",
            base_used,
            used,
            Bound::None,
        ),
        Row::new(
            format!("memory after {MANY} requests: bare axum, handler"),
            Spread::one(bare.memory()?, "MiB"),
            Spread::one(handler.memory()?, "MiB"),
            Bound::Total(25.0),
        ),
    ])
}

/// A hundred requests of all kinds, one creation among them.
fn mixed(handler: &Server) -> anyhow::Result<Vec<Vec<u8>>> {
    let link = invite(handler)?;
    let unknown = "/api/InviteUser?invitationId=0f8fad5b-d9cb-469f-a165-70867728950e";
    let api = format!("/api/Invitations/{}", link.id());
    let mut requests: Vec<Vec<u8>> = Vec::new();
    for path in [
        unknown,
        "/api/InviteUser?invitationId=broken",
        "/api/Welcome",
        "/api/Nothing",
        &api,
    ] {
        requests.extend(vec![get(path); 4]);
    }
    requests.extend(vec![open(&link); 78]);
    requests.push(get("/api/Invitations?limit=20"));
    requests.push(post("/api/Invitations", &quiet_invitation().to_string()));
    Ok(requests)
}

/// The team's way and the handler over Azurite.
pub(crate) fn over_azurite(
    (team, handler): (&Server, &Server),
    request: &[u8],
) -> anyhow::Result<Vec<Row>> {
    let requests = [request.to_vec()];
    let (theirs, ours) = in_turns((team, &requests), (handler, &requests))?;
    let ((their_pace, their_use), (pace, used)) = (theirs.spreads(), ours.spreads());
    for server in [team, handler] {
        ask(server, &requests, |sent| sent < FEWER / CONNECTIONS)?;
    }
    Ok(vec![
        Row::new(
            "InviteUser over Azurite: the team's way, handler",
            their_pace,
            pace,
            Bound::None,
        ),
        Row::new(
            "  the same in processor time for each request",
            their_use,
            used,
            Bound::None,
        ),
        Row::new(
            format!("memory after {FEWER} requests: the team's way, handler"),
            Spread::one(team.memory()?, "MiB"),
            Spread::one(handler.memory()?, "MiB"),
            Bound::None,
        ),
    ])
}
