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
    bound: Bound,
}

/// What must hold.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    /// It is only printed.
    None,
    /// The ratio must not be greater.
    AtMost(f64),
    /// What is measured must not be greater, in its unit.
    Total(f64),
    /// What is measured must not be smaller, in its unit.
    TotalAtLeast(f64),
}

/// Sorted values.
#[derive(Clone)]
pub(crate) struct Spread {
    values: Vec<f64>,
    unit: &'static str,
}

impl Spread {
    pub(crate) fn new(mut values: Vec<f64>, unit: &'static str) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        Self { values, unit }
    }

    pub(crate) fn one(value: f64, unit: &'static str) -> Self {
        Self::new(vec![value], unit)
    }

    pub(crate) fn of_times(times: &[Duration]) -> Self {
        Self::new(
            times.iter().map(|time| time.as_secs_f64() * 1e6).collect(),
            "µs",
        )
    }

    fn at(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in a short list"
        )]
        let place = (self.values.len().saturating_sub(1) as f64 * share) as usize;
        self.values.get(place).copied().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (median, unit) = (self.at(0.5), self.unit);
        let digits = usize::from(median < 100.0);
        f.pad(&match self.values.len() {
            1 => format!("{median:.digits$} {unit}"),
            _ => format!(
                "{median:.digits$} ({:.digits$} … {:.digits$}) {unit}",
                self.at(0.1),
                self.at(0.9)
            ),
        })
    }
}

impl Row {
    pub(crate) fn new(
        what: impl Into<String>,
        base: Spread,
        measured: Spread,
        bound: Bound,
    ) -> Self {
        Self {
            what: what.into(),
            base,
            measured,
            bound,
        }
    }

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
        Ok(Self::new(
            what,
            Spread::of_times(&bases),
            Spread::of_times(&measureds),
            Bound::AtMost(bound),
        ))
    }

    fn ratio(&self) -> f64 {
        self.measured.at(0.5) / self.base.at(0.5)
    }

    /// Whether the bound is kept.
    pub(crate) fn holds(&self) -> bool {
        match self.bound {
            Bound::None => true,
            Bound::AtMost(bound) => self.ratio() <= bound,
            Bound::Total(bound) => self.measured.at(0.5) <= bound,
            Bound::TotalAtLeast(bound) => self.measured.at(0.5) >= bound,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = match self.bound {
            Bound::None => "–".to_owned(),
            Bound::AtMost(bound) => format!("≤ {bound}"),
            Bound::Total(bound) => format!("≤ {bound} {}", self.measured.unit),
            Bound::TotalAtLeast(bound) => format!("≥ {bound} {}", self.measured.unit),
        };
        let missed = if self.holds() { "" } else { "  missed" };
        write!(
            f,
            "{:<62} {:>28} {:>28} {:>8.3} {bound:>9}{missed}",
            self.what,
            self.base,
            self.measured,
            self.ratio()
        )
    }
}

async fn time(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<Duration> {
    let started = Instant::now();
    work.await?;
    Ok(started.elapsed())
}
