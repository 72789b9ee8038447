//! The Azure table when the network or the service fails it, and what it asks of them.
use std::{
    net::{Ipv4Addr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use azure_core_legacy::{Error, HttpClient, Request, Response, error::ErrorKind};
use onboarding::store::table::{
    Continuation, ETag, Range, Row, Table, TableError, Write, azure::AzureTable,
};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, header, method, path, query_param, query_param_is_missing},
};

const KEY: &str = "c2VjcmV0LWtleS1vZi10aGUtYWNjb3VudA==";

#[tokio::test]
async fn a_read_is_exactly_one_request_for_exactly_one_row() {
    let (table, requests) = recorded(&support::azurite::azurite().await);
    insert(&table, "p/1", "k'2").await.unwrap();
    requests.take();
    assert!(table.get("p/1", "k'2").await.unwrap().is_some());
    let [read] = &requests.take()[..] else {
        panic!("not one request")
    };
    assert!(
        read.starts_with("GET ") && read.ends_with("(PartitionKey='p!2f1',RowKey='k!272')"),
        "{read}"
    );
}

#[tokio::test]
async fn first_write_creates_the_table() {
    let (table, requests) = recorded(&support::azurite::azurite().await);
    assert_eq!(requests.take(), [""; 0]);
    table.get("p", "k").await.unwrap();
    assert_eq!(requests.take().len(), 1);
    insert(&table, "p", "k").await.unwrap();
    let kinds: Vec<_> = requests
        .take()
        .iter()
        .map(|request| request.rsplit('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["$batch", "Tables", "$batch"]);
    insert(&table, "p", "k2").await.unwrap();
    assert_eq!(requests.take().len(), 1);
}

#[tokio::test]
async fn concurrent_table_creation_succeeds() {
    let (table, _) = recorded(&support::azurite::azurite().await);
    let table = Arc::new(table);
    let writes = (0..10).map(|n| {
        let table = Arc::clone(&table);
        async move { insert(&table, "p", &n.to_string()).await }
    });
    assert!(
        futures::future::join_all(writes)
            .await
            .iter()
            .all(Result::is_ok)
    );
}

#[tokio::test]
async fn repeated_insert_after_a_lost_response_exists() {
    let connection = support::azurite::azurite().await;
    let name = support::azurite::table_name();
    let faultless =
        AzureTable::from_connection_string(&connection, &name, Arc::new(reqwest::Client::new()))
            .unwrap();
    insert(&faultless, "p", "first").await.unwrap();
    let lossy = Arc::new(DropsFirstResponse {
        inner: reqwest::Client::new(),
        lost: AtomicBool::new(false),
    });
    let table = AzureTable::from_connection_string(&connection, &name, lossy).unwrap();
    assert!(matches!(
        insert(&table, "p", "k").await,
        Err(TableError::Exists)
    ));
    assert!(table.get("p", "k").await.unwrap().is_some());
}

#[tokio::test]
async fn a_page_is_asked_for_by_partition_range_and_size() {
    let server = MockServer::start().await;
    let page = json!({"odata.metadata": "m", "value": []});
    Mock::given(method("GET"))
        .and(path("/acc/Rows()"))
        .and(query_param(
            "$filter",
            "PartitionKey eq 'o!27Neill' and RowKey ge 'a!20b' and RowKey lt 'a!21'",
        ))
        .and(query_param("$top", "1000"))
        .and(query_param_is_missing("NextPartitionKey"))
        .respond_with(
            storage_answer(200)
                .set_body_json(&page)
                .insert_header("x-ms-continuation-NextPartitionKey", "1!8!cA--"),
        )
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(query_param("NextPartitionKey", "1!8!cA--"))
        .and(query_param_is_missing("NextRowKey"))
        .respond_with(storage_answer(200).set_body_json(&page))
        .expect(1)
        .mount(&server)
        .await;
    let table = table_at(&server);
    let range = Range {
        from: Some("a b".into()),
        below: Some("a!".into()),
    };
    let first = table.query("o'Neill", &range, 4711, None).await.unwrap();
    assert!(first.rows.is_empty(), "a page may be empty and still go on");
    let second = table
        .query("o'Neill", &range, 4711, first.next.as_ref())
        .await
        .unwrap();
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn a_page_goes_on_at_the_row_that_the_service_named() {
    let server = MockServer::start().await;
    let rows = json!({"odata.metadata": "m", "value": [{
        "odata.type": "acc.Rows", "odata.id": "id", "odata.etag": "W/\"1\"", "odata.editLink": "link", "PartitionKey": "p", "RowKey": "k!20",
        "Timestamp@odata.type": "Edm.DateTime", "Timestamp": "2025-01-01T00:00:00Z", "text": "t", "n@odata.type": "Edm.Int64", "n": "7", "b": true
    }]});
    let first = storage_answer(200)
        .set_body_json(&rows)
        .insert_header("x-ms-continuation-NextPartitionKey", "P")
        .insert_header("x-ms-continuation-NextRowKey", "R");
    Mock::given(query_param_is_missing("NextRowKey"))
        .respond_with(first)
        .mount(&server)
        .await;
    let last = storage_answer(200).set_body_json(json!({"odata.metadata": "m", "value": []}));
    Mock::given(query_param("NextPartitionKey", "P"))
        .and(query_param("NextRowKey", "R"))
        .respond_with(last)
        .mount(&server)
        .await;
    let table = table_at(&server);
    let page = table.query("p", &Range::default(), 1, None).await.unwrap();
    let fields = [("b", "true"), ("n", "7"), ("text", "t")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    assert_eq!(
        page.rows,
        [Row {
            key: "k ".into(),
            etag: ETag("W/\"1\"".into()),
            fields
        }]
    );
    assert_eq!(
        table
            .query("p", &Range::default(), 1, page.next.as_ref())
            .await
            .unwrap()
            .next,
        None
    );
    let foreign = Continuation("not ours".into());
    assert!(matches!(
        table.query("p", &Range::default(), 1, Some(&foreign)).await,
        Err(TableError::Refused(_))
    ));
}

#[tokio::test]
async fn a_failure_that_passes_is_not_noticed() {
    for status in [408, 429, 500, 502, 503, 504] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(status))
            .up_to_n_times(2)
            .expect(2)
            .mount(&server)
            .await;
        Mock::given(any())
            .respond_with(missing_row())
            .expect(1)
            .mount(&server)
            .await;
        assert_eq!(
            table_at(&server).get("p", "k").await.unwrap(),
            None,
            "{status}"
        );
    }
}

#[tokio::test]
async fn outage_is_reported_within_the_bound() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(storage_error(503, "ServerBusy"))
        .expect(3..20)
        .mount(&server)
        .await;
    let begun = Instant::now();
    let error = table_at(&server).get("p", "k").await.unwrap_err();
    // The time ends in a pause, or while the table is asked once more.
    let is_throttled = matches!(
        error,
        TableError::Unavailable {
            throttled: true,
            ..
        }
    );
    let expected = if is_throttled {
        "the table is not available: status 503, ServerBusy"
    } else {
        "the table is not available: no answer in time"
    };
    assert_eq!(error.to_string(), expected);
    assert!(
        (Duration::from_secs(4)..Duration::from_millis(8500)).contains(&begun.elapsed()),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn retry_after_is_honoured_or_passed_on() {
    let server = MockServer::start().await;
    let busy = storage_error(429, "ServerBusy").insert_header("retry-after", "1");
    Mock::given(any())
        .respond_with(busy)
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(missing_row())
        .mount(&server)
        .await;
    let begun = Instant::now();
    assert_eq!(table_at(&server).get("p", "k").await.unwrap(), None);
    assert!(begun.elapsed() >= Duration::from_secs(1));

    let server = MockServer::start().await;
    let long = storage_error(503, "ServerBusy").insert_header("retry-after", "60");
    Mock::given(any())
        .respond_with(long)
        .expect(1)
        .mount(&server)
        .await;
    let error = table_at(&server).get("p", "k").await.unwrap_err();
    assert!(
        matches!(error, TableError::Unavailable { retry_after: Some(pause), .. } if pause == Duration::from_secs(60)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_refused_connection_is_unavailable() {
    let table = table_of(&format!("http://127.0.0.1:{}/acc", free_port()))
        .timeouts(Duration::from_millis(300), Duration::from_secs(1));
    let begun = Instant::now();
    let error = table
        .commit(
            "p",
            &[Write::Insert {
                key: "k".into(),
                fields: Default::default(),
            }],
        )
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the table is not available: no connection"
    );
    assert!(
        matches!(
            error,
            TableError::Unavailable {
                throttled: false,
                ..
            }
        ),
        "it does not throttle"
    );
    assert!(begun.elapsed() < Duration::from_millis(1300));
}

#[tokio::test]
async fn slow_response_is_retried_then_unavailable() {
    let server = MockServer::start().await;
    let slow = missing_row().set_delay(Duration::from_secs(5));
    Mock::given(any())
        .respond_with(slow.clone())
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(missing_row())
        .mount(&server)
        .await;
    let table = table_at(&server).timeouts(Duration::from_millis(200), Duration::from_secs(1));
    assert_eq!(table.get("p", "k").await.unwrap(), None);

    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(slow)
        .expect(2..6)
        .mount(&server)
        .await;
    let table = table_at(&server).timeouts(Duration::from_millis(200), Duration::from_secs(1));
    let begun = Instant::now();
    let error = table.get("p", "k").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the table is not available: no answer in time"
    );
    assert!(begun.elapsed() < Duration::from_millis(1300));
}

#[tokio::test]
async fn a_try_that_is_cut_short_does_not_hide_the_answer_before() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(storage_answer(503))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(missing_row().set_delay(Duration::from_secs(5)))
        .mount(&server)
        .await;
    let table = table_at(&server).timeouts(Duration::from_secs(2), Duration::from_secs(1));
    let error = table.get("p", "k").await.unwrap_err();
    assert!(error.to_string().contains("status 503"), "{error}");
}

#[tokio::test]
async fn truncated_response_is_retried_then_unavailable() {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{")
                .await;
        }
    });
    let table = table_of(&format!("http://127.0.0.1:{port}/acc"))
        .timeouts(Duration::from_millis(300), Duration::from_secs(1));
    let error = table.get("p", "k").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the table is not available: the connection broke"
    );
    server.abort();
}

#[tokio::test]
async fn a_failure_inside_of_a_transaction_counts() {
    for (status, code, expected) in [
        (
            409,
            "EntityAlreadyExists",
            "a row with this key exists already",
        ),
        (
            412,
            "UpdateConditionNotSatisfied",
            "another writer changed the row",
        ),
        (404, "ResourceNotFound", "another writer changed the row"),
        (
            503,
            "ServerBusy",
            "the table is not available: status 503, ServerBusy",
        ),
        (
            409,
            "TableBeingDeleted",
            "the table is not available: status 409, TableBeingDeleted",
        ),
        (
            413,
            "RequestBodyTooLarge",
            "the table refused the request: status 413, RequestBodyTooLarge",
        ),
    ] {
        let server = MockServer::start().await;
        let body = format!(
            "--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n--changesetresponse_1\r\n\
             Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 {status} No\r\n\
             DataServiceVersion: 3.0;\r\n\r\n{{\"odata.error\":{{\"code\":\"{code}\",\"message\":{{\"value\":\"0:No.\"}}}}}}\r\n\
             --changesetresponse_1--\r\n--batchresponse_1--\r\n"
        );
        Mock::given(path("/acc/$batch"))
            .respond_with(storage_answer(202).set_body_string(body))
            .mount(&server)
            .await;
        let table = table_at(&server).timeouts(Duration::from_secs(3), Duration::from_secs(2));
        assert_eq!(
            insert(&table, "p", "k").await.unwrap_err().to_string(),
            expected
        );
    }
}

/// <https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions>
#[tokio::test]
async fn transaction_is_sent_as_documented() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(storage_answer(202))
        .mount(&server)
        .await;
    let text = "line\r\n--batch_x--\r\nbreak";
    let writes = [
        Write::Insert {
            key: "inserted".to_owned(),
            fields: [("text".to_owned(), text.to_owned())].into(),
        },
        Write::Delete {
            key: "deleted".to_owned(),
            if_match: ETag("W/\"1\"".to_owned()),
        },
    ];
    // The answer is none, which does not matter here.
    drop(table_at(&server).commit("p", &writes).await);
    let sent = server.received_requests().await.unwrap().remove(0);
    let kind = sent.headers["content-type"].to_str().unwrap();
    let batch = kind.strip_prefix("multipart/mixed; boundary=").unwrap();
    let body = String::from_utf8(sent.body).unwrap();
    assert_eq!(sent.headers["content-length"], body.len().to_string());
    assert_eq!(body.matches('\n').count(), body.matches("\r\n").count());
    assert!(body.starts_with(&format!("--{batch}\r\n")), "{body}");
    let changes = body
        .split("boundary=")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    let end = format!("--{changes}--\r\n--{batch}--\r\n");
    assert!(body.ends_with(&end), "{body}");
    let parts: Vec<_> = body.split(&format!("--{changes}\r\n")).skip(1).collect();
    assert_eq!(parts.len(), 2);
    for part in parts {
        let head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n";
        assert!(part.starts_with(head), "{part}");
    }
    assert!(body.contains("\r\nprefer: return-no-content\r\n"), "{body}");
    assert!(!body.contains("fullmetadata"), "{body}");
}

#[tokio::test]
async fn foreign_service_is_not_a_missing_row() {
    for answer in [
        ResponseTemplate::new(404).set_body_string("<html>no such page</html>"),
        ResponseTemplate::new(301).insert_header("location", "https://elsewhere.example/"),
        ResponseTemplate::new(200).set_body_string("<html>welcome</html>"),
        storage_answer(200).set_body_json(json!({"value": 1})),
    ] {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(answer)
            .expect(1)
            .mount(&server)
            .await;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let table = AzureTable::from_connection_string(
            &connection_to(&format!("{}/acc", server.uri())),
            "Rows",
            Arc::new(client),
        )
        .unwrap();
        assert!(matches!(
            table.get("p", "k").await,
            Err(TableError::Refused(_))
        ));
    }
}

#[tokio::test]
async fn refused_credentials_are_not_retried() {
    for status in [401, 403] {
        let server = MockServer::start().await;
        let body = format!(
            "<?xml?><m:error><m:code>AuthenticationFailed</m:code><m:message>{KEY}</m:message></m:error>"
        );
        Mock::given(any())
            .respond_with(ResponseTemplate::new(status).set_body_string(body))
            .expect(1)
            .mount(&server)
            .await;
        let table = table_at(&server);
        let error = table.get("p", "k").await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the table refused the request: status {status}, AuthenticationFailed")
        );
        let shown = format!("{table:?} {error:?}");
        assert!(
            !shown.contains(KEY) && !shown.contains("127.0.0.1"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn new_role_assignment_is_waited_for() {
    let server = MockServer::start().await;
    let body = json!({"odata.error": {"code": "AuthorizationPermissionMismatch", "message": {}}});
    let denied = ResponseTemplate::new(403).set_body_json(body);
    Mock::given(any())
        .respond_with(denied)
        .up_to_n_times(2)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(missing_row())
        .mount(&server)
        .await;
    assert!(table_at(&server).get("p", "k").await.unwrap().is_none());
}

#[tokio::test]
async fn missing_role_is_unavailable_with_a_hint() {
    let server = MockServer::start().await;
    let body = json!({"odata.error": {"code": "AuthorizationPermissionMismatch", "message": {}}});
    let denied = ResponseTemplate::new(403).set_body_json(body);
    Mock::given(any()).respond_with(denied).mount(&server).await;
    let second = Duration::from_secs(1);
    let table = table_at(&server).timeouts(second, second);
    let error = table.get("p", "k").await.unwrap_err();
    assert!(matches!(error, TableError::Unavailable { .. }));
    assert!(error.to_string().contains("role assignment"), "{error}");
}

#[tokio::test]
async fn answers_carry_no_more_metadata_than_needed() {
    let server = MockServer::start().await;
    Mock::given(header("accept", "application/json;odata=minimalmetadata"))
        .respond_with(missing_row())
        .expect(2)
        .mount(&server)
        .await;
    let table = table_at(&server);
    assert!(table.get("p", "k").await.unwrap().is_none());
    let page = table.query("p", &Range::default(), 10, None).await.unwrap();
    assert!(page.rows.is_empty());
}

#[tokio::test]
async fn sas_is_sent_and_never_logged() {
    let server = MockServer::start().await;
    Mock::given(query_param("sv", "2022-11-02"))
        .and(query_param("sig", "a+b/c="))
        .respond_with(missing_row())
        .expect(1)
        .mount(&server)
        .await;
    let connection = format!(
        "TableEndpoint={}/acc/;SharedAccessSignature=sv=2022-11-02&sig=a%2Bb%2Fc%3D",
        server.uri()
    );
    let table =
        AzureTable::from_connection_string(&connection, "Rows", Arc::new(reqwest::Client::new()))
            .unwrap();
    assert_eq!(table.get("p", "k").await.unwrap(), None);

    let refused = format!(
        "TableEndpoint=http://127.0.0.1:{}/acc;SharedAccessSignature=sv=2022-11-02&sig=a%2Bb",
        free_port()
    );
    let table =
        AzureTable::from_connection_string(&refused, "Rows", Arc::new(reqwest::Client::new()))
            .unwrap();
    let table = table.timeouts(Duration::from_millis(100), Duration::from_millis(100));
    let error = table.get("p", "k").await.unwrap_err();
    assert!(
        !format!("{table:?} {error:?} {error}").contains("sig"),
        "{error:?}"
    );
}

#[test]
fn invalid_connection_string_is_not_quoted() {
    let client = Arc::new(reqwest::Client::new());
    let open =
        |connection: &str| AzureTable::from_connection_string(connection, "Rows", client.clone());
    for wrong in [
        "",
        "secret",
        "AccountName=secret",
        "AccountKey=c2VjcmV0",
        "AccountName=acc;AccountKey=secret!",
        "AccountName=sec/ret;AccountKey=c2VjcmV0",
        "AccountName=acc;AccountKey=c2VjcmV0;Secret=x",
        "AccountName=acc;AccountKey=c2VjcmV0;TableEndpoint=secret",
        "AccountName=acc;AccountKey=c2VjcmV0;TableEndpoint=ftp://secret/",
    ] {
        let error = open(wrong).unwrap_err();
        let text = error.to_string();
        assert!(
            matches!(error, TableError::Refused(_))
                && !text.contains("secret")
                && !text.contains("c2VjcmV0"),
            "{wrong}: {text}"
        );
    }
    for right in [
        "UseDevelopmentStorage=true",
        "AccountName=acc;AccountKey=c2VjcmV0",
        "AccountName=acc;SharedAccessSignature=sig=x;EndpointSuffix=core.x;",
    ] {
        open(right).unwrap();
    }
    for name in ["", "ab", "1ab", "a-b", "a/b", &"a".repeat(64)] {
        assert!(
            AzureTable::from_connection_string("UseDevelopmentStorage=true", name, client.clone())
                .is_err(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn identity_token_serves_many_requests() {
    let identity = MockServer::start().await;
    let token = json!({"access_token": "the-token", "expires_on": "4102444800", "resource": "r", "token_type": "Bearer"});
    Mock::given(path("/token"))
        .and(query_param("client_id", "client-7"))
        .and(query_param("resource", "https://storage.azure.com"))
        .and(header("x-identity-header", "identity-secret"))
        .respond_with(ResponseTemplate::new(200).set_body_json(token))
        .expect(1)
        .mount(&identity)
        .await;
    let storage = MockServer::start().await;
    Mock::given(header("authorization", "Bearer the-token"))
        .respond_with(missing_row())
        .expect(2)
        .mount(&storage)
        .await;
    let outcome = with_identity(&identity, &storage).await;
    assert!(outcome.contains("Ok(None) Ok(None)"), "{outcome}");
}

#[tokio::test]
async fn a_managed_identity_that_is_not_assigned_is_refused() {
    let identity = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(400).set_body_string("identity-secret"))
        .mount(&identity)
        .await;
    let outcome = with_identity(&identity, &MockServer::start().await).await;
    assert!(
        outcome.contains(r#"Refused("no token for the managed identity: status 400")"#),
        "{outcome}"
    );
    assert!(!outcome.contains("identity-secret"), "{outcome}");
}

#[tokio::test]
async fn an_identity_endpoint_that_fails_is_unavailable() {
    let identity = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(500))
        .mount(&identity)
        .await;
    let outcome = with_identity(&identity, &MockServer::start().await).await;
    assert!(outcome.contains("Err(Unavailable"), "{outcome}");
}

#[test]
fn a_token_is_not_sent_in_clear_to_another_machine() {
    let open =
        |uri: &str| AzureTable::with_managed_identity(uri, None, "Rows", reqwest::Client::new());
    assert!(matches!(
        open("http://acc.table.core.windows.net"),
        Err(TableError::Refused(_))
    ));
    assert!(matches!(open("acc"), Err(TableError::Refused(_))));
    open("https://acc.table.core.windows.net/").unwrap();
}

/// Runs the test below in a process of its own, whose environment offers the identity; answers with
/// what it printed.
async fn with_identity(identity: &MockServer, storage: &MockServer) -> String {
    let output = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "table_faults::reads_by_managed_identity",
            "--ignored",
            "--nocapture",
        ])
        .env("IDENTITY_ENDPOINT", format!("{}/token", identity.uri()))
        .env("IDENTITY_HEADER", "identity-secret")
        .env("TEST_TABLE_SERVICE", format!("{}/acc", storage.uri()))
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
#[ignore = "run by the tests of the managed identity, which prepare its environment"]
async fn reads_by_managed_identity() {
    let service = std::env::var("TEST_TABLE_SERVICE").unwrap();
    let table = AzureTable::with_managed_identity(
        &service,
        Some("client-7"),
        "Rows",
        reqwest::Client::new(),
    )
    .unwrap();
    let table = table.timeouts(Duration::from_secs(1), Duration::from_secs(2));
    println!(
        "{:?} {:?}",
        table.get("p", "k").await,
        table.get("p", "k").await
    );
}

/// What was sent: method and path.
#[derive(Clone, Debug, Default)]
struct Requests(Arc<Mutex<Vec<String>>>);

impl Requests {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[derive(Debug)]
struct Recorded {
    inner: reqwest::Client,
    requests: Requests,
}

#[async_trait]
impl HttpClient for Recorded {
    async fn execute_request(&self, request: &Request) -> azure_core_legacy::Result<Response> {
        self.requests.0.lock().unwrap().push(format!(
            "{} {}",
            request.method().as_ref(),
            request.url().path()
        ));
        self.inner.execute_request(request).await
    }
}

fn recorded(connection: &str) -> (AzureTable, Requests) {
    let requests = Requests::default();
    let transport = Arc::new(Recorded {
        inner: reqwest::Client::new(),
        requests: requests.clone(),
    });
    (
        AzureTable::from_connection_string(connection, &support::azurite::table_name(), transport)
            .unwrap(),
        requests,
    )
}

/// The service does what is asked; the first answer does not arrive.
#[derive(Debug)]
struct DropsFirstResponse {
    inner: reqwest::Client,
    lost: AtomicBool,
}

#[async_trait]
impl HttpClient for DropsFirstResponse {
    async fn execute_request(&self, request: &Request) -> azure_core_legacy::Result<Response> {
        let answer = self.inner.execute_request(request).await;
        if self.lost.swap(true, Ordering::SeqCst) {
            answer
        } else {
            Err(Error::message(ErrorKind::Io, "the cable was cut"))
        }
    }
}

/// A port that no one listens on.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn connection_to(endpoint: &str) -> String {
    format!("AccountName=acc;AccountKey={KEY};TableEndpoint={endpoint}")
}

fn table_of(endpoint: &str) -> AzureTable {
    AzureTable::from_connection_string(
        &connection_to(endpoint),
        "Rows",
        Arc::new(reqwest::Client::new()),
    )
    .unwrap()
}

fn table_at(server: &MockServer) -> AzureTable {
    table_of(&format!("{}/acc", server.uri()))
}

/// An answer with the headers that every answer of the service has.
fn storage_answer(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .insert_header("x-ms-request-id", "6fbc1fb6-0002-0000-0000-000000000000")
        .insert_header("x-ms-version", "2022-11-02")
        .insert_header("date", "Wed, 01 Jan 2025 00:00:00 GMT")
        .insert_header("server", "Windows-Azure-Table/1.0 Microsoft-HTTPAPI/2.0")
}

fn storage_error(status: u16, code: &str) -> ResponseTemplate {
    storage_answer(status).set_body_json(
        json!({"odata.error": {"code": code, "message": {"lang": "en-US", "value": "No."}}}),
    )
}

fn missing_row() -> ResponseTemplate {
    storage_error(404, "ResourceNotFound")
}

async fn insert(table: &AzureTable, partition: &str, key: &str) -> Result<(), TableError> {
    table
        .commit(
            partition,
            &[Write::Insert {
                key: key.to_owned(),
                fields: Default::default(),
            }],
        )
        .await
        .map(drop)
}
