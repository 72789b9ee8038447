//! What every table must do, on both adapters: each test is there three times, `embedded::…`,
//! `azure::…`, and `sparse::…` over a service that answers with empty pages wherever it may.
use std::{path::PathBuf, sync::Arc, time::Duration};

use futures::future::join_all;
use onboarding::store::table::{
    Continuation, ETag, Fields, Page, Range, Row, Table, TableError, Write, azure::AzureTable,
    embedded::EmbeddedTable,
};
use tempfile::TempDir;

/// A table of its own for each test.
struct Fresh {
    table: Arc<dyn Table>,
    _dir: Option<TempDir>,
}

mod tables {
    use super::*;

    pub(crate) async fn embedded() -> Fresh {
        let dir = tempfile::tempdir().unwrap();
        Fresh {
            table: Arc::new(EmbeddedTable::open(dir.path()).unwrap()),
            _dir: Some(dir),
        }
    }

    pub(crate) async fn azure() -> Fresh {
        over(&support::azurite::azurite().await)
    }

    /// With pages without rows wherever the service may answer so.
    pub(crate) async fn sparse() -> Fresh {
        over(&support::sparse::before(&support::azurite::azurite().await).await)
    }

    fn over(connection: &str) -> Fresh {
        let transport = Arc::new(reqwest::Client::new());
        let table = AzureTable::from_connection_string(
            connection,
            &support::azurite::table_name(),
            transport,
        )
        .unwrap();
        Fresh {
            table: Arc::new(table),
            _dir: None,
        }
    }
}

macro_rules! contract {
    ($($test:ident)*) => {
        contract!(@on embedded $($test)*);
        contract!(@on azure $($test)*);
        contract!(@on sparse $($test)*);
    };
    (@on $adapter:ident $($test:ident)*) => {
        mod $adapter {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $test() {
                    let fresh = super::tables::$adapter().await;
                    super::$test(fresh.table.clone()).await;
                }
            )*
        }
    };
}

contract! {
    a_row_is_read_as_it_was_written
    a_row_that_is_not_there_is_none
    a_new_table_is_empty
    nothing_is_replaced_in_a_new_table
    partitions_are_apart
    the_same_row_cannot_be_inserted_twice
    a_row_is_replaced_as_a_whole
    a_stale_version_replaces_nothing
    a_stale_version_deletes_nothing
    a_missing_row_can_be_neither_replaced_nor_deleted
    reinserted_row_has_a_new_version
    equal_writes_give_new_versions
    a_transaction_that_fails_at_its_end_writes_nothing
    mixed_writes_answer_in_order
    a_hundred_writes_are_one_transaction
    a_transaction_of_a_wrong_shape_is_refused
    of_fifty_who_insert_the_same_row_one_wins
    of_fifty_who_replace_the_same_version_one_wins
    a_counter_that_many_increment_is_exact
    more_rows_than_a_page_come_once_each_and_in_order
    a_range_begins_at_from_and_ends_before_below
    a_limit_above_a_thousand_asks_for_a_thousand
    any_text_can_be_a_key
    any_text_can_be_a_value
    values_hold_32_ki_characters
    a_foreign_continuation_is_no_accident
    scan_reads_each_row_of_every_partition_once
}

async fn a_row_is_read_as_it_was_written(table: Arc<dyn Table>) {
    let fields = fields(&[("status", "pending"), ("empty", ""), ("Name_2", "Ünal")]);
    let etag = insert(&table, "p", "invitation", &fields).await;
    let row = table.get("p", "invitation").await.unwrap().unwrap();
    assert_eq!(
        row,
        Row {
            key: "invitation".into(),
            etag: etag.clone(),
            fields: fields.clone()
        }
    );
    assert_eq!(
        rows(&table, "p", &Range::default(), 10).await,
        [Row {
            key: "invitation".into(),
            etag,
            fields
        }]
    );
}

async fn a_row_that_is_not_there_is_none(table: Arc<dyn Table>) {
    insert(&table, "p", "there", &fields(&[])).await;
    assert_eq!(table.get("p", "not there").await.unwrap(), None);
    assert_eq!(table.get("elsewhere", "there").await.unwrap(), None);
    assert_eq!(rows(&table, "elsewhere", &Range::default(), 10).await, []);
}

async fn a_new_table_is_empty(table: Arc<dyn Table>) {
    assert_eq!(table.get("p", "k").await.unwrap(), None);
    assert_eq!(rows(&table, "p", &Range::default(), 10).await, []);
}

async fn nothing_is_replaced_in_a_new_table(table: Arc<dyn Table>) {
    let other = ETag("W/\"datetime'2025-01-01T00%3A00%3A00.0000000Z'\"".into());
    let mixed = [
        write_insert("new", &fields(&[])),
        Write::Delete {
            key: "k".into(),
            if_match: other,
        },
    ];
    assert!(matches!(
        table.commit("p", &mixed).await,
        Err(TableError::Changed)
    ));
    assert_eq!(table.get("p", "new").await.unwrap(), None);
}

async fn partitions_are_apart(table: Arc<dyn Table>) {
    for partition in ["p", "p0", "p!", "P"] {
        insert(&table, partition, "k", &fields(&[("of", partition)])).await;
    }
    for partition in ["p", "p0", "p!", "P"] {
        assert_eq!(
            read(&table, partition, "k").await.fields,
            fields(&[("of", partition)])
        );
        assert_eq!(
            rows(&table, partition, &Range::default(), 10).await.len(),
            1
        );
    }
}

async fn the_same_row_cannot_be_inserted_twice(table: Arc<dyn Table>) {
    insert(&table, "p", "k", &fields(&[("n", "1")])).await;
    let again = table
        .commit("p", &[write_insert("k", &fields(&[("n", "2")]))])
        .await;
    assert!(matches!(again, Err(TableError::Exists)), "{again:?}");
    assert_eq!(read(&table, "p", "k").await.fields, fields(&[("n", "1")]));
}

async fn a_row_is_replaced_as_a_whole(table: Arc<dyn Table>) {
    let first = insert(&table, "p", "k", &fields(&[("n", "1"), ("old", "x")])).await;
    let second = replace(&table, "p", "k", &first, &fields(&[("n", "2")]))
        .await
        .unwrap();
    assert_ne!(first, second);
    let row = read(&table, "p", "k").await;
    assert_eq!((row.etag, row.fields), (second, fields(&[("n", "2")])));
}

async fn a_stale_version_replaces_nothing(table: Arc<dyn Table>) {
    let first = insert(&table, "p", "k", &fields(&[("n", "1")])).await;
    replace(&table, "p", "k", &first, &fields(&[("n", "2")]))
        .await
        .unwrap();
    let stale = replace(&table, "p", "k", &first, &fields(&[("n", "3")])).await;
    assert!(matches!(stale, Err(TableError::Changed)), "{stale:?}");
    assert_eq!(read(&table, "p", "k").await.fields, fields(&[("n", "2")]));
}

async fn a_stale_version_deletes_nothing(table: Arc<dyn Table>) {
    let first = insert(&table, "p", "k", &fields(&[("n", "1")])).await;
    let second = replace(&table, "p", "k", &first, &fields(&[("n", "2")]))
        .await
        .unwrap();
    assert!(matches!(
        delete(&table, "p", "k", &first).await,
        Err(TableError::Changed)
    ));
    delete(&table, "p", "k", &second).await.unwrap();
    assert_eq!(table.get("p", "k").await.unwrap(), None);
}

async fn a_missing_row_can_be_neither_replaced_nor_deleted(table: Arc<dyn Table>) {
    let other = insert(&table, "p", "other", &fields(&[])).await;
    assert!(matches!(
        replace(&table, "p", "k", &other, &fields(&[])).await,
        Err(TableError::Changed)
    ));
    assert!(matches!(
        delete(&table, "p", "k", &other).await,
        Err(TableError::Changed)
    ));
    assert_eq!(table.get("p", "k").await.unwrap(), None);
}

async fn reinserted_row_has_a_new_version(table: Arc<dyn Table>) {
    let first = insert(&table, "p", "k", &fields(&[])).await;
    delete(&table, "p", "k", &first).await.unwrap();
    insert(&table, "p", "k", &fields(&[])).await;
    assert!(matches!(
        delete(&table, "p", "k", &first).await,
        Err(TableError::Changed)
    ));
}

async fn equal_writes_give_new_versions(table: Arc<dyn Table>) {
    let mut seen = std::collections::HashSet::new();
    let mut etag = insert(&table, "p", "k", &fields(&[("same", "text")])).await;
    for _ in 0..20 {
        assert!(seen.insert(etag.clone()), "{etag:?}");
        etag = replace(&table, "p", "k", &etag, &fields(&[("same", "text")]))
            .await
            .unwrap();
    }
}

async fn a_transaction_that_fails_at_its_end_writes_nothing(table: Arc<dyn Table>) {
    let kept = insert(&table, "p", "kept", &fields(&[("n", "1")])).await;
    let gone = insert(&table, "p", "gone", &fields(&[])).await;
    let writes = [
        write_insert("new", &fields(&[])),
        Write::Replace {
            key: "kept".into(),
            if_match: kept.clone(),
            fields: fields(&[("n", "2")]),
        },
        Write::Delete {
            key: "gone".into(),
            if_match: gone.clone(),
        },
    ];
    let duplicate = insert(&table, "p", "duplicate", &fields(&[])).await;
    let mut exists = writes.to_vec();
    exists.push(write_insert("duplicate", &fields(&[])));
    let mut changed = writes.to_vec();
    changed.push(Write::Delete {
        key: "duplicate".into(),
        if_match: kept.clone(),
    });

    assert!(matches!(
        table.commit("p", &exists).await,
        Err(TableError::Exists)
    ));
    assert!(matches!(
        table.commit("p", &changed).await,
        Err(TableError::Changed)
    ));
    assert_eq!(table.get("p", "new").await.unwrap(), None);
    let row = read(&table, "p", "kept").await;
    assert_eq!((row.etag, row.fields), (kept, fields(&[("n", "1")])));
    assert_eq!(read(&table, "p", "gone").await.etag, gone);
    assert_eq!(read(&table, "p", "duplicate").await.etag, duplicate);
}

async fn mixed_writes_answer_in_order(table: Arc<dyn Table>) {
    let one = insert(&table, "p", "one", &fields(&[])).await;
    let two = insert(&table, "p", "two", &fields(&[])).await;
    let writes = [
        Write::Delete {
            key: "one".into(),
            if_match: one,
        },
        write_insert("three", &fields(&[])),
        Write::Replace {
            key: "two".into(),
            if_match: two,
            fields: fields(&[("n", "2")]),
        },
    ];
    let etags = table.commit("p", &writes).await.unwrap();
    assert_eq!(etags.len(), 3);
    assert_eq!(etags[0], None);
    assert_eq!(etags[1], Some(read(&table, "p", "three").await.etag));
    assert_eq!(etags[2], Some(read(&table, "p", "two").await.etag));
    assert_eq!(table.get("p", "one").await.unwrap(), None);
}

async fn a_hundred_writes_are_one_transaction(table: Arc<dyn Table>) {
    let writes: Vec<_> = (0..100)
        .map(|n| write_insert(&format!("{n:03}"), &fields(&[("n", &n.to_string())])))
        .collect();
    let etags = table.commit("p", &writes).await.unwrap();
    let rows = rows(&table, "p", &Range::default(), 1000).await;
    assert_eq!(
        rows.iter()
            .map(|row| Some(row.etag.clone()))
            .collect::<Vec<_>>(),
        etags
    );
    assert!(
        rows.iter()
            .enumerate()
            .all(|(n, row)| row.fields["n"] == n.to_string())
    );
}

async fn a_transaction_of_a_wrong_shape_is_refused(table: Arc<dyn Table>) {
    let refused = async |writes: Vec<Write>| {
        assert!(matches!(
            table.commit("p", &writes).await,
            Err(TableError::Refused(_))
        ))
    };
    refused(vec![]).await;
    refused(
        (0..101)
            .map(|n| write_insert(&n.to_string(), &fields(&[])))
            .collect(),
    )
    .await;
    refused(vec![
        write_insert("k", &fields(&[])),
        write_insert("k", &fields(&[])),
    ])
    .await;
    refused(vec![write_insert("", &fields(&[]))]).await;
    refused(vec![write_insert(&"k".repeat(513), &fields(&[]))]).await;
    for name in ["", "1st", "a b", "RowKey", "Timestamp", "odata.etag", "名"] {
        refused(vec![write_insert("k", &fields(&[(name, "")]))]).await;
    }
    assert_eq!(rows(&table, "p", &Range::default(), 10).await, []);
}

async fn of_fifty_who_insert_the_same_row_one_wins(table: Arc<dyn Table>) {
    let outcomes = join_all((0..50).map(|n| {
        let table = Arc::clone(&table);
        tokio::spawn(async move {
            table
                .commit(
                    "p",
                    &[write_insert("k", &fields(&[("who", &n.to_string())]))],
                )
                .await
        })
    }));
    let outcomes: Vec<_> = outcomes.await.into_iter().map(Result::unwrap).collect();
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Ok(_) | Err(TableError::Exists))),
        "{outcomes:?}"
    );
    let winners: Vec<_> = (0..50).filter(|n| outcomes[*n].is_ok()).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(
        read(&table, "p", "k").await.fields["who"],
        winners[0].to_string()
    );
}

async fn of_fifty_who_replace_the_same_version_one_wins(table: Arc<dyn Table>) {
    let etag = insert(&table, "p", "k", &fields(&[])).await;
    let outcomes = join_all((0..50).map(|n| {
        let (table, etag) = (Arc::clone(&table), etag.clone());
        tokio::spawn(async move {
            replace(&table, "p", "k", &etag, &fields(&[("who", &n.to_string())])).await
        })
    }));
    let outcomes: Vec<_> = outcomes.await.into_iter().map(Result::unwrap).collect();
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Ok(_) | Err(TableError::Changed))),
        "{outcomes:?}"
    );
    let winners: Vec<_> = (0..50).filter(|n| outcomes[*n].is_ok()).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(
        read(&table, "p", "k").await.fields["who"],
        winners[0].to_string()
    );
}

async fn a_counter_that_many_increment_is_exact(table: Arc<dyn Table>) {
    insert(&table, "p", "counter", &fields(&[("n", "0")])).await;
    let increments = join_all((0..10).map(|_| {
        let table = Arc::clone(&table);
        tokio::spawn(async move {
            for _ in 0..5 {
                increment(&table).await;
            }
        })
    }));
    increments.await.into_iter().for_each(Result::unwrap);
    assert_eq!(&read(&table, "p", "counter").await.fields["n"], "50");
}

async fn increment(table: &Arc<dyn Table>) {
    loop {
        let row = read(table, "p", "counter").await;
        let next = row.fields["n"].parse::<u32>().unwrap() + 1;
        match replace(
            table,
            "p",
            "counter",
            &row.etag,
            &fields(&[("n", &next.to_string())]),
        )
        .await
        {
            Ok(_) => return,
            Err(TableError::Changed) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

async fn more_rows_than_a_page_come_once_each_and_in_order(table: Arc<dyn Table>) {
    let expected = insert_many(&table, 1250).await;
    assert_eq!(
        keys(&rows(&table, "p", &Range::default(), 1000).await),
        expected
    );
    assert_eq!(
        keys(&rows(&table, "p", &Range::default(), 7).await),
        expected
    );
    let page = first_page(&table, 3).await;
    assert_eq!(keys(&page.rows), expected[..3]);
    assert!(page.next.is_some());
}

async fn a_range_begins_at_from_and_ends_before_below(table: Arc<dyn Table>) {
    for key in ["a", "b-1", "b-2", "b-20", "b_1", "c", "日本"] {
        insert(&table, "p", key, &fields(&[])).await;
    }
    let range = |from: Option<&str>, below: Option<&str>| Range {
        from: from.map(Into::into),
        below: below.map(Into::into),
    };
    let all = ["日本", "a", "b-1", "b-2", "b-20", "b_1", "c"];
    for (range, expected) in [
        (range(None, None), &all[..]),
        (range(Some("b-"), Some("b.")), &["b-1", "b-2", "b-20"]),
        (range(Some("b-2"), None), &["b-2", "b-20", "b_1", "c"]),
        (range(None, Some("b-2")), &["日本", "a", "b-1"]),
        (range(Some("b-2"), Some("b-2")), &[]),
        (range(Some("c"), Some("a")), &[]),
        (range(Some("日"), Some("日本")), &[]),
        (range(Some("日"), Some("曜")), &["日本"]),
    ] {
        for limit in [1, 2, 1000] {
            assert_eq!(
                keys(&rows(&table, "p", &range, limit).await),
                expected,
                "{range:?} by {limit}"
            );
        }
    }
}

async fn a_limit_above_a_thousand_asks_for_a_thousand(table: Arc<dyn Table>) {
    insert_many(&table, 1001).await;
    let page = first_page(&table, 5000).await;
    assert_eq!(page.rows.len(), 1000);
    assert!(page.next.is_some());
}

const STRANGE: &[&str] = &[
    "o'Neill ''quoted'' \"twice\"",
    "' or PartitionKey ne '",
    "/slash\\back#hash?query",
    "100%25 %2F +plus&and=equal;semi,comma",
    "  spaces  around  ",
    "tab\tnew\nline\r\n--changeset_x\r\nHTTP/1.1 409 Conflict\r\nETag: forged",
    "\u{1}\u{7}\u{b}\u{1f}\u{7f}\u{85}\u{9f}",
    "創建公司 会社を作成 회사",
    "🏭👩‍🔧 ҈ \u{202e}rtl\u{202c} e\u{301}",
    "\u{feff}bom \u{fffd} \u{fffe} \u{ffff} \u{10ffff}",
    "<script>alert(1)</script>",
    "{\"json\":\"\\u0000\"}",
    "!2f already escaped",
];

async fn any_text_can_be_a_key(table: Arc<dyn Table>) {
    for partition in STRANGE {
        let writes: Vec<_> = STRANGE
            .iter()
            .map(|key| write_insert(key, &fields(&[("n", key)])))
            .collect();
        table.commit(partition, &writes).await.unwrap();
    }
    for partition in STRANGE {
        for key in STRANGE {
            assert_eq!(read(&table, partition, key).await.fields["n"], **key);
        }
        let found = rows(&table, partition, &Range::default(), 5).await;
        let mut found = keys(&found);
        found.sort();
        let mut expected = STRANGE.to_vec();
        expected.sort();
        assert_eq!(found, expected);
    }
    let row = read(&table, STRANGE[0], STRANGE[1]).await;
    let etag = replace(&table, STRANGE[0], STRANGE[1], &row.etag, &fields(&[]))
        .await
        .unwrap();
    delete(&table, STRANGE[0], STRANGE[1], &etag).await.unwrap();
}

async fn any_text_can_be_a_value(table: Arc<dyn Table>) {
    for (n, text) in STRANGE.iter().enumerate() {
        insert(
            &table,
            "p",
            &n.to_string(),
            &fields(&[("text", text), ("empty", "")]),
        )
        .await;
    }
    for (n, text) in STRANGE.iter().enumerate() {
        let fields = read(&table, "p", &n.to_string()).await.fields;
        assert_eq!(&fields["text"], *text);
        assert_eq!(&fields["empty"], "");
    }
    let nul = "nul\0nul";
    insert(&table, "p", "nul", &fields(&[("text", nul)])).await;
    assert_eq!(&read(&table, "p", "nul").await.fields["text"], nul);
    assert_eq!(
        rows(&table, "p", &Range::default(), 1000).await.len(),
        STRANGE.len() + 1
    );
}

async fn values_hold_32_ki_characters(table: Arc<dyn Table>) {
    let longest = [
        "x".repeat(32 * 1024),
        "創".repeat(32 * 1024),
        "🏭".repeat(16 * 1024),
        "\n".repeat(32 * 1024),
    ];
    for (n, text) in longest.iter().enumerate() {
        insert(&table, "p", &n.to_string(), &fields(&[("text", text)])).await;
        assert!(
            read(&table, "p", &n.to_string()).await.fields["text"] == *text,
            "value {n} differs"
        );
        let longer = table
            .commit(
                "p",
                &[write_insert(
                    "longer",
                    &fields(&[("text", &format!("{text}x"))]),
                )],
            )
            .await;
        assert!(matches!(longer, Err(TableError::Refused(_))), "{longer:?}");
    }
}

async fn scan_reads_each_row_of_every_partition_once(table: Arc<dyn Table>) {
    assert!(
        table.scan(10, None).await.unwrap().rows.is_empty(),
        "no table yet"
    );
    let mut written = Vec::new();
    for partition in ["a", "a-b", "a/b", "b c"] {
        for key in ["1", "2 3", "ü"] {
            insert(&table, partition, key, &fields(&[("of", partition)])).await;
            written.push((partition.to_owned(), key.to_owned()));
        }
    }
    for limit in [1, 5, 12, 5000] {
        let (mut read, mut after) = (Vec::new(), None);
        loop {
            let page = table.scan(limit, after.as_ref()).await.unwrap();
            assert!(page.rows.len() <= limit);
            for (partition, row) in page.rows {
                assert_eq!(row.fields, fields(&[("of", &partition)]));
                read.push((partition, row.key));
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let is_grouped = read.chunk_by(|one, other| one.0 == other.0).count() == 4;
        assert!(
            is_grouped,
            "the rows of a partition come together: {read:?}"
        );
        read.sort();
        assert_eq!(read, written, "{limit} at a time");
    }
}

async fn a_foreign_continuation_is_no_accident(table: Arc<dyn Table>) {
    insert(&table, "p", "k", &fields(&[])).await;
    insert(&table, "q", "k", &fields(&[])).await;
    for forged in ["", "zzz", "[", "[\"q\",\"\"]", "\u{10ffff}", "'"] {
        match table
            .query(
                "p",
                &Range::default(),
                10,
                Some(&Continuation(forged.into())),
            )
            .await
        {
            Ok(page) => assert!(page.rows.len() <= 1, "{forged}"),
            Err(error) => assert!(matches!(error, TableError::Refused(_)), "{forged}: {error}"),
        }
    }
}

#[tokio::test]
async fn embedded_table_keeps_rows_over_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let nested = dir.path().join("made/when/missing");
    let table: Arc<dyn Table> = Arc::new(EmbeddedTable::open(&nested).unwrap());
    let etag = insert(&table, "p", "k", &fields(&[("n", "1")])).await;
    drop(table);
    let table: Arc<dyn Table> = Arc::new(EmbeddedTable::open(&nested).unwrap());
    assert_eq!(read(&table, "p", "k").await.etag, etag);
    replace(&table, "p", "k", &etag, &fields(&[("n", "2")]))
        .await
        .unwrap();
}

#[tokio::test]
async fn embedded_table_is_exclusive_and_survives_kill() {
    let dir = tempfile::tempdir().unwrap();
    let mut other = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "table_contract::holds_the_embedded_table",
            "--ignored",
        ])
        .env("TEST_TABLE_DIR", dir.path())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    while !dir.path().join("written").exists() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let error = EmbeddedTable::open(dir.path()).unwrap_err().to_string();
    assert!(error.ends_with("is in use by another process"), "{error}");
    other.kill().await.unwrap();
    let table: Arc<dyn Table> = Arc::new(EmbeddedTable::open(dir.path()).unwrap());
    assert_eq!(read(&table, "p", "k").await.fields, fields(&[("n", "1")]));
}

/// A copy of the file is what a kill leaves. Its repair would walk through all of it.
#[tokio::test]
async fn killed_process_leaves_nothing_to_repair() {
    let (dir, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let table: Arc<dyn Table> = Arc::new(EmbeddedTable::open(dir.path()).unwrap());
    insert_many(&table, 300).await;
    let file = copy.path().join("table.redb");
    std::fs::copy(dir.path().join("table.redb"), &file).unwrap();
    redb::Database::builder()
        .set_repair_callback(|_| panic!("it is repaired"))
        .open(&file)
        .unwrap();
}

#[tokio::test]
#[ignore = "is the other process of the test above, which kills it"]
async fn holds_the_embedded_table() {
    let dir = PathBuf::from(std::env::var_os("TEST_TABLE_DIR").unwrap());
    let table: Arc<dyn Table> = Arc::new(EmbeddedTable::open(&dir).unwrap());
    insert(&table, "p", "k", &fields(&[("n", "1")])).await;
    std::fs::write(dir.join("written"), "").unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
}

/// The first page with rows.
async fn first_page(table: &Arc<dyn Table>, limit: usize) -> Page {
    let mut after = None;
    loop {
        let page = table
            .query("p", &Range::default(), limit, after.as_ref())
            .await;
        let page = page.unwrap();
        if !page.rows.is_empty() || page.next.is_none() {
            return page;
        }
        after = page.next;
    }
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn write_insert(key: &str, fields: &Fields) -> Write {
    Write::Insert {
        key: key.to_owned(),
        fields: fields.clone(),
    }
}

async fn insert(table: &Arc<dyn Table>, partition: &str, key: &str, fields: &Fields) -> ETag {
    table
        .commit(partition, &[write_insert(key, fields)])
        .await
        .unwrap()
        .remove(0)
        .unwrap()
}

async fn replace(
    table: &Arc<dyn Table>,
    partition: &str,
    key: &str,
    if_match: &ETag,
    fields: &Fields,
) -> Result<ETag, TableError> {
    let write = Write::Replace {
        key: key.to_owned(),
        if_match: if_match.clone(),
        fields: fields.clone(),
    };
    Ok(table.commit(partition, &[write]).await?.remove(0).unwrap())
}

async fn delete(
    table: &Arc<dyn Table>,
    partition: &str,
    key: &str,
    if_match: &ETag,
) -> Result<(), TableError> {
    let etags = table
        .commit(
            partition,
            &[Write::Delete {
                key: key.to_owned(),
                if_match: if_match.clone(),
            }],
        )
        .await?;
    assert_eq!(etags, [None]);
    Ok(())
}

async fn read(table: &Arc<dyn Table>, partition: &str, key: &str) -> Row {
    table.get(partition, key).await.unwrap().unwrap()
}

/// All rows of a range, page by page.
async fn rows(table: &Arc<dyn Table>, partition: &str, range: &Range, limit: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = table
            .query(partition, range, limit, after.as_ref())
            .await
            .unwrap();
        assert!(page.rows.len() <= limit);
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

fn keys(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.key.as_str()).collect()
}

/// Rows in shuffled order; answers with the keys in order.
async fn insert_many(table: &Arc<dyn Table>, count: usize) -> Vec<String> {
    let keys: Vec<_> = (0..count).map(|n| format!("{n:05}")).collect();
    let mut shuffled: Vec<_> = keys
        .iter()
        .map(|key| write_insert(key, &fields(&[])))
        .collect();
    shuffled.sort_by_key(|write| write.key().chars().rev().collect::<String>());
    for writes in shuffled.chunks(100) {
        table.commit("p", writes).await.unwrap();
    }
    keys
}
