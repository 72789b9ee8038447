//! What a deployment would ask of Azure, as Bicep's compiler predicts it.

use std::{collections::BTreeMap, fs};

use serde_json::Value;

use support::root;

pub(crate) const SNAPSHOTS: [&str; 2] = ["typical", "full"];

pub(crate) struct Snapshot {
    pub(crate) name: &'static str,
    resources: Vec<Value>,
}

impl Snapshot {
    pub(crate) fn all() -> [Self; 2] {
        SNAPSHOTS.map(Self::read)
    }

    pub(crate) fn read(name: &'static str) -> Self {
        let path = root().join(format!("infra/snapshots/{name}.snapshot.json"));
        let predicted: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(predicted["diagnostics"], serde_json::json!([]), "{name}");
        Self {
            name,
            resources: predicted["predictedResources"].as_array().unwrap().clone(),
        }
    }

    /// What a snapshot would return as one of its outputs.
    pub(crate) fn output(snapshot: &str, name: &str) -> Value {
        let path = root().join(format!("infra/snapshots/{snapshot}.snapshot.json"));
        let mut predicted: Value =
            serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        predicted["outputs"][name].take()
    }

    pub(crate) fn of_type(&self, kind: &str) -> Vec<&Value> {
        let found: Vec<_> = self
            .resources
            .iter()
            .filter(|resource| resource["type"] == kind)
            .collect();
        assert!(!found.is_empty(), "{}: no {kind}", self.name);
        found
    }

    /// The settings of the app; what Azure computes is an expression in brackets.
    pub(crate) fn settings(&self) -> BTreeMap<String, String> {
        let site = self.of_type("Microsoft.Web/sites")[0];
        let settings = site["properties"]["siteConfig"]["appSettings"].as_array();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        settings
            .unwrap()
            .iter()
            .map(|setting| (text(&setting["name"]), text(&setting["value"])))
            .collect()
    }
}
