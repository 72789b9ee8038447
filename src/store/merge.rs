//! The rows of several partitions in one order, fetched in small parts.

use std::collections::VecDeque;

use futures::future;

use super::{
    error::StoreError,
    table::{Continuation, Range, Row, Table},
};

/// A range of several partitions, by row key.
pub(super) struct Merge<'a> {
    table: &'a dyn Table,
    range: Range,
    part: usize,
    sources: Vec<Source>,
}

struct Source {
    partition: String,
    fetched: VecDeque<Row>,
    rest: Rest,
}

enum Rest {
    Unread,
    From(Continuation),
    None,
}

impl<'a> Merge<'a> {
    /// Fetches the first `part` rows of each partition, side by side.
    pub(super) async fn open(
        table: &'a dyn Table,
        partitions: Vec<String>,
        range: Range,
        part: usize,
    ) -> Result<Self, StoreError> {
        let unread = |partition| Source {
            partition,
            fetched: VecDeque::new(),
            rest: Rest::Unread,
        };
        let mut sources: Vec<_> = partitions.into_iter().map(unread).collect();
        let first = sources
            .iter_mut()
            .map(|source| source.fetch(table, &range, part));
        future::try_join_all(first).await?;
        Ok(Self {
            table,
            range,
            part,
            sources,
        })
    }

    /// The next rows; fewer than `count` only at the end.
    pub(super) async fn take(&mut self, count: usize) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::with_capacity(count);
        while rows.len() < count
            && let Some(source) = self.first().await?
        {
            rows.extend(source.fetched.pop_front());
        }
        Ok(rows)
    }

    pub(super) async fn has_more(&mut self) -> Result<bool, StoreError> {
        Ok(self.first().await?.is_some())
    }

    /// The source with the first row.
    async fn first(&mut self) -> Result<Option<&mut Source>, StoreError> {
        for source in &mut self.sources {
            while source.fetched.is_empty() && !matches!(source.rest, Rest::None) {
                source.fetch(self.table, &self.range, self.part).await?;
            }
        }
        Ok(self
            .sources
            .iter_mut()
            .filter(|source| !source.fetched.is_empty())
            .min_by(|a, b| a.first_key().cmp(&b.first_key())))
    }
}

impl Source {
    fn first_key(&self) -> Option<&str> {
        self.fetched.front().map(|row| row.key.as_str())
    }

    /// One more part, which may be empty.
    async fn fetch(
        &mut self,
        table: &dyn Table,
        range: &Range,
        part: usize,
    ) -> Result<(), StoreError> {
        let after = match &self.rest {
            Rest::Unread => None,
            Rest::From(continuation) => Some(continuation),
            Rest::None => return Ok(()),
        };
        let page = table.query(&self.partition, range, part, after).await?;
        self.fetched.extend(page.rows);
        self.rest = page.next.map_or(Rest::None, Rest::From);
        Ok(())
    }
}
