//! A custom connector as Power Platform runs it, from its two files: connection parameters,
//! policies, and the state of a polling trigger, as Microsoft describes it:
//! <https://learn.microsoft.com/connectors/custom-connectors/create-polling-trigger>

use std::{collections::BTreeMap, pin::Pin};

use reqwest::Method;
use serde_json::{Map, Value, json};
use url::Url;

/// A request as the platform sends it.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub url: Url,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

/// What the service responds.
pub type Response = Pin<Box<dyn Future<Output = (u16, Value)> + Send>>;
type Transport = Box<dyn Fn(Call) -> Response + Send + Sync>;

/// A connection of the connector.
pub struct Connection {
    definition: Value,
    properties: Value,
    parameters: BTreeMap<String, String>,
    send: Transport,
}

/// What happens to the state of a trigger when a poll returns nothing. Microsoft's page says that
/// it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenEmpty {
    Kept,
    Renewed,
}

/// A flow that waits for a trigger.
pub struct Trigger<'a> {
    connection: &'a Connection,
    operation: String,
    inputs: Value,
    when_empty: WhenEmpty,
    /// The query parameters of the next poll. The first one has none.
    state: Option<Map<String, Value>>,
}

impl Connection {
    /// Opened by a person who enters these parameters.
    pub fn open(
        definition: &str,
        properties: &str,
        parameters: &[(&str, &str)],
        send: impl Fn(Call) -> Response + Send + Sync + 'static,
    ) -> Self {
        let properties: Value = serde_json::from_str(properties).unwrap();
        let asked = &properties["properties"]["connectionParameters"];
        for (name, asked) in asked.as_object().unwrap() {
            let is_required = asked["uiDefinition"]["constraints"]["required"] == "true";
            let is_given = parameters.iter().any(|(own, _)| own == name);
            assert!(is_given || !is_required, "{name} is required");
        }
        let parameters = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            definition: serde_json::from_str(definition).unwrap(),
            properties,
            parameters: parameters.collect(),
            send: Box::new(send),
        }
    }

    /// Runs an action with what a person enters. Returns the status and the outputs, which are what
    /// the definition says.
    pub async fn run(&self, action: &str, inputs: &Value) -> (u16, Value) {
        self.call(action, inputs, &Map::new()).await
    }

    /// A flow that begins to wait.
    pub fn wait(&self, trigger: &str, inputs: Value, when_empty: WhenEmpty) -> Trigger<'_> {
        let (.., operation) = self.operation(trigger);
        assert_eq!(operation["x-ms-trigger"], "batch", "{trigger}");
        let metadata = json!({"kind": "query", "mode": "polling"});
        assert_eq!(operation["x-ms-trigger-metadata"], metadata);
        Trigger {
            connection: self,
            operation: trigger.to_owned(),
            inputs,
            when_empty,
            state: None,
        }
    }

    async fn call(&self, id: &str, inputs: &Value, state: &Map<String, Value>) -> (u16, Value) {
        let (path, method, operation) = self.operation(id);
        let mut call = self.request(id, path, method);
        let parameters = operation["parameters"].as_array().unwrap();
        for name in inputs.as_object().into_iter().flat_map(Map::keys) {
            let known = parameters.iter().find(|own| own["name"] == **name);
            let known = known.unwrap_or_else(|| panic!("{id} has no {name}"));
            assert_ne!(
                known["x-ms-visibility"], "internal",
                "{name} cannot be entered"
            );
        }
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap();
            let value = state
                .get(name)
                .or(inputs.get(name))
                .or(parameter.get("default"));
            match value {
                Some(value) => self.put(&mut call, parameter, value),
                None => assert_ne!(parameter["required"], true, "{id} needs {name}"),
            }
        }
        let (status, body) = (self.send)(call).await;
        let responses = &operation["responses"];
        let response = responses
            .get(status.to_string())
            .unwrap_or(&responses["default"]);
        self.check(&response["schema"], &body, id);
        (status, body)
    }

    /// To the host of the connection, with its key.
    fn request(&self, id: &str, path: &str, method: &str) -> Call {
        let host = self.policy("dynamichosturl", id).unwrap();
        let host = &host["x-ms-apimTemplateParameter.urlTemplate"];
        let host = self.with_parameters(host.as_str().unwrap());
        let base = self.definition["basePath"].as_str().unwrap();
        let url = format!("{host}{}{path}", base.trim_end_matches('/'));
        let mut headers = Vec::new();
        for required in self.definition["security"].as_array().unwrap() {
            for name in required.as_object().unwrap().keys() {
                let scheme = &self.definition["securityDefinitions"][name];
                assert_eq!(
                    (&scheme["type"], &scheme["in"]),
                    (&"apiKey".into(), &"header".into())
                );
                let header = scheme["name"].as_str().unwrap().to_owned();
                headers.push((header, self.parameters[name].clone()));
            }
        }
        Call {
            method: method.to_uppercase().parse().unwrap(),
            url: url.parse().unwrap(),
            headers,
            body: Value::Null,
        }
    }

    fn put(&self, call: &mut Call, parameter: &Value, value: &Value) {
        let name = parameter["name"].as_str().unwrap();
        let text = value.as_str().map_or(value.to_string(), str::to_owned);
        if let Some(choices) = parameter["enum"].as_array() {
            assert!(choices.contains(value), "{value} is no choice of {name}");
        }
        match parameter["in"].as_str().unwrap() {
            "path" => {
                let path = call.url.path().replace(&format!("%7B{name}%7D"), &text);
                call.url.set_path(&path);
            }
            "query" => {
                call.url.query_pairs_mut().append_pair(name, &text);
            }
            "header" => call.headers.push((name.to_owned(), text)),
            "body" => {
                self.check(&parameter["schema"], value, "the body");
                call.body = value.clone();
            }
            other => panic!("in {other}"),
        }
    }

    fn operation(&self, id: &str) -> (&str, &str, &Value) {
        let paths = self.definition["paths"].as_object().unwrap().iter();
        let mut all = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        });
        all.find(|(.., operation)| operation["operationId"] == id)
            .unwrap_or_else(|| panic!("there is no {id}"))
    }

    /// The parameters of the policy, if it applies to the operation.
    fn policy(&self, template: &str, operation: &str) -> Option<&Value> {
        let policies = &self.properties["properties"]["policyTemplateInstances"];
        let mut policies = policies.as_array().unwrap().iter();
        let found = policies.find(|policy| policy["templateId"] == template)?;
        let parameters = &found["parameters"];
        let operations = parameters["x-ms-apimTemplate-operationName"].as_array();
        let applies = operations.is_none_or(|names| names.contains(&operation.into()));
        applies.then_some(parameters)
    }

    /// `@connectionParameters('name')` in a template.
    fn with_parameters(&self, template: &str) -> String {
        let each = self.parameters.iter();
        each.fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("@connectionParameters('{name}')"), value)
        })
    }

    /// Whether the value is what the definition says.
    fn check(&self, schema: &Value, value: &Value, what: &str) {
        let mut root = json!({"allOf": [schema], "definitions": self.definition["definitions"]});
        allow_null(&mut root);
        let validator = jsonschema::draft4::new(&root).unwrap();
        let wrong: Vec<_> = validator
            .iter_errors(value)
            .map(|error| format!("{} {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{what}: {wrong:?}\n{value}");
    }
}

impl Trigger<'_> {
    /// What a poll hands to the flow. The first one only finds out where to begin.
    pub async fn poll(&mut self) -> Vec<Value> {
        let state = self.state.clone().unwrap_or_default();
        let answer = self.connection.call(&self.operation, &self.inputs, &state);
        let (status, body) = answer.await;
        assert_eq!(status, 200, "{body}");
        let policy = self.connection.policy("pollingtrigger", &self.operation);
        let policy = policy.unwrap();
        let items = &policy["x-ms-apimTemplateParameter.triggerDataPath"];
        let items = evaluate(items.as_str().unwrap(), &body).as_array().unwrap();
        let is_first = self.state.is_none();
        if is_first || !items.is_empty() || self.when_empty == WhenEmpty::Renewed {
            let next = &policy["x-ms-apimTemplateParameter.triggerConfig"];
            let next = next.as_object().unwrap().iter();
            let next = next.map(|(name, expression)| {
                let value = evaluate(expression.as_str().unwrap(), &body);
                (name.clone(), value.clone())
            });
            self.state = Some(next.collect());
        }
        if is_first { Vec::new() } else { items.clone() }
    }
}

/// `x-nullable` in the words of JSON Schema.
fn allow_null(schema: &mut Value) {
    if schema.get("x-nullable").is_some() {
        schema["type"] = json!([schema["type"], "null"]);
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(allow_null),
        Value::Array(items) => items.iter_mut().for_each(allow_null),
        _ => {}
    }
}

/// `@triggerBody().a.b` or `@{triggerBody().a.b}`.
fn evaluate<'a>(expression: &str, body: &'a Value) -> &'a Value {
    let inner = expression.trim_start_matches('@');
    let inner = inner.trim_start_matches('{').trim_end_matches('}');
    let path = inner.strip_prefix("triggerBody()");
    let path = path.unwrap_or_else(|| panic!("{expression} is not understood"));
    let pointer = path.replace('.', "/");
    body.pointer(&pointer)
        .unwrap_or_else(|| panic!("{expression} is not in {body}"))
}

/// What is not as a published schema says. The schemas have comments, and references that are no
/// URIs.
pub fn violations(schema: &str, file: &str) -> Vec<String> {
    let lines = schema.lines().map(|line| {
        let line = line.rsplit_once(" // ").map_or(line, |(before, _)| before);
        match line.contains("\"$ref\"") {
            true => line.replace('<', "%3C").replace('>', "%3E"),
            false => line.to_owned(),
        }
    });
    let schema: Value = serde_json::from_str(&lines.collect::<Vec<_>>().join("\n")).unwrap();
    let file = serde_json::from_str(file).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator
        .iter_errors(&file)
        .map(|error| format!("{} {error}", error.instance_path()))
        .collect()
}
