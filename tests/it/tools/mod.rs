//! What takes long or needs further tools (Node, Python): `make test-tools`.

mod clients;
mod desk;
mod languages;
mod openapi;
mod orphan;

use std::{fs, path::PathBuf, process::Command};

use local::host::Keys;
use onboarding::text::Lang;
use support::{Store, gallery, gallery_stopped, invite_known, root, start};

/// The output of a command that succeeds.
fn output_of(command: &mut Command) -> String {
    let output = command.env("NO_COLOR", "1").output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

/// The pages of the desk in every language, which a service in this process answers with.
fn desk_pages(lang: Lang) -> Vec<(String, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(desk::pages(lang))
}

/// The pages and e-mails of every language as files.
fn written_html(kind: &str, files: impl Fn(Lang) -> Vec<(String, String)>) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(kind);
    fs::create_dir_all(&folder).unwrap();
    let of_lang = |lang: Lang| {
        files(lang).into_iter().map(move |(name, html)| {
            let name = format!("{name}.{}.html", lang.tag());
            (name, html)
        })
    };
    let write = |(name, html): (String, String)| {
        let file = folder.join(name);
        fs::write(&file, html).unwrap();
        file
    };
    Lang::ALL.into_iter().flat_map(of_lang).map(write).collect()
}

/// As they are sent: not the plain text that the gallery shows beside them.
fn emails(lang: Lang) -> Vec<(String, String)> {
    let mut emails = gallery::mails(lang);
    emails.retain(|(name, _)| !name.ends_with("-text"));
    emails
}

#[test]
fn pages_and_emails_pass_the_nu_validator() {
    if Command::new("java").arg("-version").output().is_err() {
        println!("left out: the validator needs Java (default-jre-headless)");
        return;
    }
    let pages = |lang| {
        let stopped = gallery_stopped::pages(lang);
        [
            gallery::pages(lang),
            gallery::notices(lang),
            stopped,
            desk_pages(lang),
            emails(lang),
        ]
        .concat()
    };
    let files = written_html("pages", pages);
    let validator = root().join("tests/html/node_modules/vnu-jar/build/dist/vnu.jar");
    // E-mail programs need attributes that the standard calls obsolete, with a warning.
    let mut command = Command::new("java");
    output_of(
        command
            .arg("-jar")
            .arg(validator)
            .arg("--errors-only")
            .args(files),
    );
}

#[test]
fn emails_use_what_programs_support() {
    let files = written_html("emails", emails);
    let check = root().join("tests/html/email-support.mjs");
    assert_eq!(output_of(Command::new("node").arg(check).args(files)), "");
}

/// Schemathesis derives requests from the document, valid and invalid ones, single and in sequence.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemathesis_finds_no_violation() {
    let stack = start(Store::Embedded).await;
    let schema = format!("{}/api/openapi.json", stack.url());
    let link = invite_known(&stack).await;
    let secret = link.rsplit('=').next().unwrap().to_owned();
    let run = move || {
        output_of(
            Command::new(root().join("tests/with-schemathesis"))
                .arg("--config-file")
                .arg(root().join("tests/tools/schemathesis.toml"))
                .arg("run")
                .arg(schema)
                .env("FUNCTION_KEY", Keys::default().host)
                .env("INVITATION", secret)
                .current_dir(env!("CARGO_TARGET_TMPDIR")),
        )
    };
    println!("{}", tokio::task::spawn_blocking(run).await.unwrap());
}
