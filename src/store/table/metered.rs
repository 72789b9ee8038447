//! How many calls to the table a request costs, for its log line.

use std::cell::Cell;

use async_trait::async_trait;

use super::{AnyPage, Continuation, ETag, Page, Range, Row, Table, TableError, Write};
use crate::telemetry;

tokio::task_local! {
    static CALLS: Cell<u32>;
}

/// A table whose calls are counted by [`count`].
#[derive(Clone, Debug)]
pub struct Metered<T>(pub T);

/// Runs `future` and counts the calls that it makes to any [`Metered`] table. Calls of tasks that
/// it spawns are theirs and are not counted; neither are the retries inside an adapter.
pub async fn count<F: Future>(future: F) -> (F::Output, u32) {
    CALLS
        .scope(Cell::new(0), async {
            let output = future.await;
            (output, CALLS.with(Cell::get))
        })
        .await
}

fn one_more() {
    // Outside of `count` there is no counter.
    let _ = CALLS.try_with(|calls| calls.set(calls.get().saturating_add(1)));
}

/// A lost race is expected, and no failure of the store.
fn outcome<T>(answer: &Result<T, TableError>) -> &'static str {
    match answer {
        Ok(_) | Err(TableError::Exists | TableError::Changed) => "ok",
        Err(TableError::Unavailable { .. }) => "unavailable",
        Err(TableError::Refused(_)) => "refused",
    }
}

#[async_trait]
impl<T: Table> Table for Metered<T> {
    async fn get(&self, partition: &str, key: &str) -> Result<Option<Row>, TableError> {
        one_more();
        telemetry::call("storage", "get", self.0.get(partition, key), outcome).await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<Page, TableError> {
        one_more();
        telemetry::call(
            "storage",
            "query",
            self.0.query(partition, range, limit, after),
            outcome,
        )
        .await
    }

    async fn scan(
        &self,
        limit: usize,
        after: Option<&Continuation>,
    ) -> Result<AnyPage, TableError> {
        one_more();
        telemetry::call("storage", "scan", self.0.scan(limit, after), outcome).await
    }

    async fn commit(
        &self,
        partition: &str,
        writes: &[Write],
    ) -> Result<Vec<Option<ETag>>, TableError> {
        one_more();
        telemetry::call(
            "storage",
            "commit",
            self.0.commit(partition, writes),
            outcome,
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::table::embedded::EmbeddedTable;

    #[tokio::test]
    async fn the_calls_of_a_request_are_counted_and_no_others() {
        let dir = tempfile::tempdir().unwrap();
        let table = Metered(EmbeddedTable::open(dir.path()).unwrap());
        table.get("p", "before").await.unwrap();
        let request = async {
            table.get("p", "k").await.unwrap();
            table.query("p", &Range::default(), 10, None).await.unwrap();
            table
                .commit(
                    "p",
                    &[Write::Insert {
                        key: "k".into(),
                        fields: Default::default(),
                    }],
                )
                .await
                .unwrap();
            "done"
        };
        assert_eq!(count(request).await, ("done", 3));
        assert_eq!(count(async {}).await, ((), 0));
    }
}
