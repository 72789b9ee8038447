//! The connector for Power Platform: its files, and flows that use it.

mod files;
mod flow;
mod trigger;

use support::root;

/// A file of the connector, as checked in.
fn file(name: &str) -> String {
    let path = root().join("connectors/power-platform").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

const DEFINITION: &str = "apiDefinition.swagger.json";
const PROPERTIES: &str = "apiProperties.json";
