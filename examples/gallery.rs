//! Writes every page and every e-mail in every language to `target/gallery`, for people to read.
//! `cargo run --example gallery`

use std::{fs, io, path::Path};

use onboarding::text::Lang;
use support::gallery::{mails, notices, pages};

fn main() -> io::Result<()> {
    let gallery = Path::new("target/gallery");
    fs::create_dir_all(gallery)?;
    for lang in Lang::ALL {
        let pages = pages(lang);
        for (name, html) in pages.into_iter().chain(notices(lang)).chain(mails(lang)) {
            fs::write(gallery.join(format!("{name}.{}.html", lang.tag())), html)?;
        }
    }
    Ok(())
}
