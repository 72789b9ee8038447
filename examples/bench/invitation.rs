//! What one invitation with e-mail and webhook costs beside the time of the processor, from its
//! creation to the welcome page: calls of the table, counted on the wire to Azurite, and bytes of
//! log.

use support::meter::{Counted, posted};

use super::measure::{Bound, Row, Spread};

const ROUNDS: usize = 3;
/// Of the design.
const MOST_CALLS: f64 = 30.0;
/// The same, where a customer number claims a company and the feed and an expiry are kept.
const MOST_CALLS_WITH_CLAIM: f64 = 42.0;
/// Half of what it was when each request wrote a line.
const MOST_BYTES: f64 = 2296.0;

pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    // As a deployment logs.
    let counted = Counted::start(&[("RUST_LOG", "info")]).await;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        with.push(counted.journey(&posted(true)).await);
        without.push(counted.journey(&posted(false)).await);
    }
    let spread = |costs: &[_], of: fn(&_) -> usize, unit| {
        let values = costs.iter().map(|cost| u32::try_from(of(cost)));
        let values = values.map(|value| value.map(f64::from));
        Ok::<_, anyhow::Error>(Spread::new(values.collect::<Result<_, _>>()?, unit))
    };
    Ok(vec![
        Row::new(
            "an invitation without customer number: lines, storage calls",
            spread(&without, |cost: &support::meter::Cost| cost.lines, "lines")?,
            spread(&without, |cost| cost.calls, "calls")?,
            Bound::Total(MOST_CALLS),
        ),
        Row::new(
            "an invitation with customer number: lines, storage calls",
            spread(&with, |cost| cost.lines, "lines")?,
            spread(&with, |cost| cost.calls, "calls")?,
            Bound::Total(MOST_CALLS_WITH_CLAIM),
        ),
        Row::new(
            "an invitation: lines, bytes of log",
            spread(&with, |cost| cost.lines, "lines")?,
            spread(&with, |cost| cost.bytes, "B")?,
            Bound::Total(MOST_BYTES),
        ),
    ])
}
