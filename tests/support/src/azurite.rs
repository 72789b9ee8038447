//! Azurite's table service, for the tests that need a Table Storage of their own.
use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

/// Runs what it is given until its own standard input ends, which it does with the test process,
/// however that dies.
const UNTIL_STDIN_ENDS: &str = r#""$@" & pid=$!; cat >/dev/null; kill "$pid""#;

struct Azurite {
    connection: String,
    _alive: Child,
}

/// The connection string of a running Azurite: the one of `TEST_AZURITE`, or one that this process
/// starts and that ends with it. It is shared, so use a table of your own: [`table_name`].
pub async fn azurite() -> String {
    static AZURITE: OnceLock<Azurite> = OnceLock::new();

    match std::env::var("TEST_AZURITE") {
        Ok(connection) => connection,
        Err(_) => tokio::task::spawn_blocking(|| AZURITE.get_or_init(start).connection.clone())
            .await
            .unwrap(),
    }
}

/// A name that no other test has.
pub fn table_name() -> String {
    format!("T{}", uuid::Uuid::new_v4().simple())
}

/// A connection string for Azurite's well-known account on another port than its own.
pub fn connection_string(port: u16) -> String {
    format!(
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;\
         AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;\
         TableEndpoint=http://127.0.0.1:{port}/devstoreaccount1;"
    )
}

fn start() -> Azurite {
    let program = crate::root().join("tests/tools/node_modules/.bin/azurite-table");
    assert!(
        program.exists(),
        "Azurite is not installed: run `npm ci` in tests/tools, or the tests by tests/with-azurite"
    );
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let alive = Command::new("sh")
        .args(["-c", UNTIL_STDIN_ENDS, "azurite"])
        .arg(program)
        .args([
            "--silent",
            "--disableTelemetry",
            "--skipApiVersionCheck",
            "--inMemoryPersistence",
        ])
        .args(["--tableHost", "127.0.0.1", "--tablePort", &port.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(Instant::now() < deadline, "Azurite does not answer");
        thread::sleep(Duration::from_millis(50));
    }
    Azurite {
        connection: connection_string(port),
        _alive: alive,
    }
}
