//! A value that concurrent callers fetch once, that is refreshed in the background, and that is
//! used for a day at most.

use std::{
    future::Future,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use tokio::{sync::Mutex, time::Instant};

use super::FetchError;

/// How long the last good value is used while its source is down.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// The least time between two refreshes that a miss causes.
const MISS_REFRESH_INTERVAL: Duration = Duration::from_secs(5 * 60);

#[derive(Debug)]
pub(super) struct Cache<T> {
    current: RwLock<Option<(Arc<T>, Instant)>>,
    /// Held while fetching; the time of the last refresh for a miss.
    fetching: Mutex<Option<Instant>>,
}

impl<T> Cache<T> {
    pub(super) fn new() -> Self {
        Self {
            current: RwLock::new(None),
            fetching: Mutex::new(None),
        }
    }

    /// The value; fetched if there is none, or it is too old.
    pub(super) async fn get<F: Future<Output = Result<T, FetchError>>>(
        &self,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<T>, FetchError> {
        if let Some(value) = self.fresh() {
            return Ok(value);
        }
        let _fetching = self.fetching.lock().await;
        match self.fresh() {
            Some(value) => Ok(value),
            None => Ok(self.store(fetch().await?)),
        }
    }

    /// Fetches the value again; keeps the old one if that fails.
    pub(super) async fn refresh<F: Future<Output = Result<T, FetchError>>>(
        &self,
        fetch: impl FnOnce() -> F,
    ) -> Result<(), FetchError> {
        let _fetching = self.fetching.lock().await;
        self.store(fetch().await?);
        Ok(())
    }

    /// The value, fetched again unless a miss did so in the last five minutes.
    pub(super) async fn refresh_for_miss<F: Future<Output = Result<T, FetchError>>>(
        &self,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<T>, FetchError> {
        let mut last = self.fetching.lock().await;
        match self.fresh() {
            Some(value) if last.is_some_and(|at| at.elapsed() < MISS_REFRESH_INTERVAL) => Ok(value),
            _ => {
                *last = Some(Instant::now());
                Ok(self.store(fetch().await?))
            }
        }
    }

    /// The age of the value; `None` if there is none, or it is too old.
    pub(super) fn age(&self) -> Option<Duration> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current
            .as_ref()
            .map(|(_, at)| at.elapsed())
            .filter(|age| *age < MAX_AGE)
    }

    fn fresh(&self) -> Option<Arc<T>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current
            .as_ref()
            .filter(|(_, at)| at.elapsed() < MAX_AGE)
            .map(|(value, _)| Arc::clone(value))
    }

    fn store(&self, value: T) -> Arc<T> {
        let value = Arc::new(value);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) =
            Some((Arc::clone(&value), Instant::now()));
        value
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    async fn count(calls: &AtomicU32) -> Result<u32, FetchError> {
        tokio::task::yield_now().await;
        Ok(calls.fetch_add(1, Ordering::SeqCst))
    }

    #[tokio::test]
    async fn concurrent_first_requests_cause_one_fetch() {
        let (cache, calls) = (Cache::new(), AtomicU32::new(0));
        futures::future::join_all((0..50).map(|_| cache.get(|| count(&calls)))).await;
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_good_value_serves_a_day_and_no_longer() {
        let (cache, calls) = (Cache::new(), AtomicU32::new(0));
        let down = || async {
            Err::<u32, _>(FetchError::Unavailable {
                reason: "down".to_owned(),
                retry_after: None,
            })
        };
        cache.get(|| count(&calls)).await.unwrap();
        tokio::time::advance(MAX_AGE - Duration::from_secs(1)).await;
        assert!(cache.refresh(down).await.is_err());
        assert_eq!(*cache.get(down).await.unwrap(), 0);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(cache.get(down).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn misses_refresh_at_most_every_five_minutes() {
        let (cache, calls) = (Cache::new(), AtomicU32::new(0));
        cache.get(|| count(&calls)).await.unwrap();
        for _ in 0..10 {
            cache.refresh_for_miss(|| count(&calls)).await.unwrap();
        }
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        tokio::time::advance(MISS_REFRESH_INTERVAL).await;
        cache.refresh_for_miss(|| count(&calls)).await.unwrap();
        assert_eq!(calls.load(Ordering::SeqCst), 3);
    }
}
