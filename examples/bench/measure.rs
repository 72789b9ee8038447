//! Two things measured in turns, so that whatever else the machine does meets both.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// A line of the table.
pub(crate) struct Row {
    what: String,
    base: Spread,
    measured: Spread,
    /// The ratio must not be greater.
    bound: f64,
}

/// Sorted times.
struct Spread(Vec<Duration>);

impl Spread {
    fn at(&self, share: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short list")]
        let place = ((self.0.len() - 1) as f64 * share) as usize;
        self.0.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:.0} ({:.0} … {:.0}) µs", self.at(0.5), self.at(0.1), self.at(0.9)))
    }
}

impl Row {
    /// Does both `rounds` times, in turns, after a tenth of that to warm up.
    pub(crate) async fn of<B, M>(
        what: impl Into<String>,
        bound: f64,
        rounds: usize,
        base: impl Fn() -> B,
        measured: impl Fn() -> M,
    ) -> anyhow::Result<Self>
    where
        B: Future<Output = anyhow::Result<()>>,
        M: Future<Output = anyhow::Result<()>>,
    {
        let (mut bases, mut measureds) = (Vec::new(), Vec::new());
        for round in 0..rounds + rounds / 10 {
            let (one, other) = (time(base()).await?, time(measured()).await?);
            if round >= rounds / 10 {
                bases.push(one);
                measureds.push(other);
            }
        }
        bases.sort_unstable();
        measureds.sort_unstable();
        Ok(Self { what: what.into(), base: Spread(bases), measured: Spread(measureds), bound })
    }

    fn ratio(&self) -> f64 {
        self.measured.at(0.5) / self.base.at(0.5)
    }

    /// Whether the bound is kept.
    pub(crate) fn holds(&self) -> bool {
        self.ratio() <= self.bound
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missed = if self.holds() { "" } else { "  missed" };
        write!(f, "{:<44} {:>26} {:>26} {:>7.2} {:>7.2}{missed}", self.what, self.base, self.measured, self.ratio(), self.bound)
    }
}

async fn time(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<Duration> {
    let started = Instant::now();
    work.await?;
    Ok(started.elapsed())
}
