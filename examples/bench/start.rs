//! From the spawn to the first answer on `GET /`, which is what the Functions host waits for.

use super::{
    measure::{Bound, Row, Spread},
    programs::Programs,
    server::Server,
};

const ROUNDS: usize = 40;
/// Of the design.
const BOUND: f64 = 2.0;
/// The team's way takes longer.
const EACH: usize = 4;

pub(crate) fn rows(programs: &Programs) -> anyhow::Result<Vec<Row>> {
    let (mut bare, mut ours, mut team) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        bare.push(Server::start(&mut programs.bare(0))?.start);
        ours.push(Server::start(&mut programs.handler())?.start);
        if round % EACH == 0 {
            team.push(Server::start(&mut programs.team())?.start);
        }
    }
    let ours = Spread::of_times(&ours);
    Ok(vec![
        Row::new(
            "start to first answer: bare axum, handler",
            Spread::of_times(&bare),
            ours.clone(),
            Bound::AtMost(BOUND),
        ),
        Row::new(
            "start to first answer: the team's way, handler",
            Spread::of_times(&team),
            ours,
            Bound::None,
        ),
    ])
}
