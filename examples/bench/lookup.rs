//! InviteUser over Azurite: what its page costs beyond the one point read that it needs.
//!
//! Each is asked some times in a row, then the next one: asked one by one, each would find the
//! processor's caches as Node has left them, and be measured by how soon they are filled again. How
//! that is, a row of its own says.

use std::time::{Duration, Instant};

use onboarding::store::table::{Table, azure::AzureTable};

use super::{
    bare_read,
    client::{Connection, get},
    load,
    measure::{Bound, Row, Spread},
    programs::{Programs, invite, open},
    server::Server,
};

const ROUNDS: usize = 60;
const IN_A_ROW: usize = 25;
/// Of the design.
const BOUND: f64 = 1.10;

/// Requests to one server for one page, again and again.
struct Asker {
    connection: Connection,
    request: Vec<u8>,
    times: Vec<Duration>,
}

impl Asker {
    fn new(server: &Server, request: Vec<u8>) -> anyhow::Result<Self> {
        Ok(Self {
            connection: Connection::open(server.port)?,
            request,
            times: Vec::new(),
        })
    }

    fn ask(&mut self) -> anyhow::Result<()> {
        let asked = Instant::now();
        let answer = self.connection.send(&self.request)?;
        anyhow::ensure!(answer.status == 200, "{}", answer.status);
        self.times.push(asked.elapsed());
        Ok(())
    }

    fn spread(&self) -> Spread {
        Spread::of_times(&self.times[self.times.len() / 10..])
    }
}

pub(crate) async fn rows(programs: &Programs) -> anyhow::Result<Vec<Row>> {
    let handler = Server::start(&mut programs.handler())?;
    let link = invite(&handler)?;
    let (request, id) = (open(&link), link.id().to_string());
    let size = Connection::open(handler.port)?.send(&request)?.body.len();
    let (bare, team) = (
        Server::start(&mut programs.bare_read(&id, size)?)?,
        Server::start(&mut programs.team())?,
    );
    let table = bare_read::table(&programs.azurite, &programs.table)?;
    let mut reads = Vec::new();
    let askers = || -> anyhow::Result<[Asker; 3]> {
        Ok([
            Asker::new(&bare, get("/page"))?,
            Asker::new(&handler, request.clone())?,
            Asker::new(&team, request.clone())?,
        ])
    };
    let (mut in_a_row, mut one_by_one) = (askers()?, askers()?);
    for _ in 0..ROUNDS {
        for _ in 0..IN_A_ROW {
            reads.push(read(&table, &id).await?);
        }
        for asker in &mut in_a_row {
            (0..IN_A_ROW).try_for_each(|_| asker.ask())?;
        }
        for _ in 0..IN_A_ROW / 5 {
            one_by_one.iter_mut().try_for_each(Asker::ask)?;
        }
    }
    let [bare_read, ours, theirs] = in_a_row.map(|asker| asker.spread());
    let [bare_cold, ours_cold, _] = one_by_one.map(|asker| asker.spread());
    let read = Spread::of_times(&reads[reads.len() / 10..]);
    let mut rows = vec![
        Row::new(
            "InviteUser over Azurite: bare axum with the same read, handler",
            bare_read,
            ours.clone(),
            Bound::AtMost(BOUND),
        ),
        Row::new(
            "  the same, each one request after the other's",
            bare_cold,
            ours_cold,
            Bound::AtMost(BOUND),
        ),
        Row::new(
            "InviteUser over Azurite: the read alone, handler",
            read,
            ours.clone(),
            Bound::None,
        ),
        Row::new(
            "InviteUser over Azurite: the team's way, handler",
            theirs,
            ours,
            Bound::None,
        ),
    ];
    rows.extend(load::over_azurite((&team, &handler), &request)?);
    Ok(rows)
}

async fn read(table: &AzureTable, id: &str) -> anyhow::Result<Duration> {
    let asked = Instant::now();
    anyhow::ensure!(
        table.get(id, "invitation").await?.is_some(),
        "the row is gone"
    );
    Ok(asked.elapsed())
}
