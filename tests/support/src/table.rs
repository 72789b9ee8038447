//! The rows behind the app, read beside it. On Azurite only: the embedded table is the handler's
//! alone.

use std::{str::FromStr, sync::Arc};

use local::stack::Stack;
use onboarding::{
    domain::invitation::Link,
    store::table::{Range, Row, Table, azure::AzureTable},
};
use reqwest::Url;

/// The app's table.
pub fn table(stack: &Stack) -> AzureTable {
    let (connection, table) = (
        stack.setting("INVITATION_STORAGE").unwrap(),
        stack.setting("INVITATION_TABLE").unwrap(),
    );
    AzureTable::from_connection_string(connection, table, Arc::new(reqwest::Client::new())).unwrap()
}

/// What the link opens.
pub fn link_of(url: &str) -> Link {
    let url = Url::parse(url).unwrap();
    let (_, id) = url
        .query_pairs()
        .find(|(name, _)| name == "invitationId")
        .unwrap();
    Link::from_str(&id).unwrap()
}

/// Every row of the link's invitation, in key order.
pub async fn rows(stack: &Stack, link: &str) -> Vec<Row> {
    let (table, partition) = (table(stack), link_of(link).id().to_string());
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = table
            .query(&partition, &Range::default(), 1000, after.as_ref())
            .await;
        let page = page.unwrap();
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

/// The rows with this key.
pub async fn row(stack: &Stack, link: &str, key: &str) -> Option<Row> {
    rows(stack, link)
        .await
        .into_iter()
        .find(|row| row.key == key)
}

/// The timeline: types in order.
pub async fn events(stack: &Stack, link: &str) -> Vec<String> {
    rows(stack, link)
        .await
        .iter()
        .filter(|row| row.key.starts_with("event-"))
        .map(|row| row.fields["type"].to_owned())
        .collect()
}

/// How many rows record that the company was created, and how many companies there are.
pub async fn creations(stack: &Stack, link: &str) -> (usize, usize) {
    let rows = rows(stack, link).await;
    let of_type = rows.iter().filter(|row| {
        row.fields
            .get("type")
            .is_some_and(|kind| kind == "company.created")
    });
    (
        of_type.count(),
        rows.iter().filter(|row| row.key == "company").count(),
    )
}
