//! The deletion of requests with an `Idempotency-Key` that created nothing: the process was killed
//! before it had written an invitation, and the request was never repeated. What a request has
//! created takes it along when it is purged itself.

use super::Retention;
use crate::store::{
    access,
    error::StoreError,
    idempotency::{self, AgedRequest},
    index, rows,
    table::Write,
};

impl Retention {
    /// Deletes the request, unless an invitation of it is kept.
    ///
    /// # Errors
    /// Where the table fails; the next pass finds it again.
    pub async fn purge_request(&self, request: &AgedRequest) -> Result<(), StoreError> {
        let (partition, key) = idempotency::place(&request.name);
        if let Some(row) = self.table.get(&partition, &key).await?
            && rows::read_request(&row.fields).is_ok_and(|kept| kept.at == request.at)
            && !self.has_created(request).await?
        {
            let delete = [access::deletion(&row)];
            access::commit_unless_changed(&*self.table, &partition, &delete).await?;
        }
        let entry = [Write::Delete {
            key: request.key.clone(),
            if_match: request.etag.clone(),
        }];
        let shard = index::shard_of_request(&request.name);
        access::commit_unless_changed(&*self.table, &shard, &entry)
            .await
            .map(drop)
    }

    async fn has_created(&self, request: &AgedRequest) -> Result<bool, StoreError> {
        for id in &request.invitations {
            if access::find_record(&*self.table, *id).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
