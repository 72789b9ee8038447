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

/// What a measurement says of its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There is none.
    Unbounded,
    /// It is kept.
    Kept,
    /// It is missed.
    Missed,
    /// The median misses it, and the least disturbed tenth keeps it; or half of the measurements took
    /// so much longer than others that neither says anything.
    TooNoisy,
}

/// Where the slow tenth takes this many times as long as the quick tenth, something else ran.
const NOISY: f64 = 3.0;

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

    fn is_noisy(&self) -> bool {
        self.at(0.9) > NOISY * self.at(0.1)
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
    pub(crate) fn verdict(&self) -> Verdict {
        let keeps = |share: f64| match self.bound {
            Bound::None => None,
            Bound::AtMost(bound) => Some(self.measured.at(share) / self.base.at(share) <= bound),
            Bound::Total(bound) => Some(self.measured.at(share) <= bound),
            Bound::TotalAtLeast(bound) => Some(self.measured.at(1.0 - share) >= bound),
        };
        match (keeps(0.5), keeps(0.1)) {
            (None, _) => Verdict::Unbounded,
            (Some(true), _) => Verdict::Kept,
            (Some(false), Some(true)) => Verdict::TooNoisy,
            _ if self.base.is_noisy() || self.measured.is_noisy() => Verdict::TooNoisy,
            _ => Verdict::Missed,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unbounded => "",
            Self::Kept => "kept",
            Self::Missed => "missed",
            Self::TooNoisy => "too noisy to tell",
        })
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
        let verdict = self.verdict();
        write!(
            f,
            "{:<62} {:>28} {:>28} {:>8.3} {bound:>14}  {verdict}",
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
