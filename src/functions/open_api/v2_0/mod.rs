//! The document in Swagger 2.0: <https://swagger.io/specification/v2/>

mod operation;
mod schema;

use serde_json::{Map, Value, json};
use url::Url;

use super::unused;

pub(super) fn from_3_0(document: &Value) -> Value {
    let components = &document["components"];
    let mut info = document["info"].clone();
    info.get_mut("description").map(schema::rename_problems);
    let mut swagger = json!({
        "swagger": "2.0",
        "info": info,
        "tags": document["tags"],
        "paths": paths(document),
        "definitions": definitions(document),
        "securityDefinitions": components["securitySchemes"],
        "x-problems": components["x-problems"],
    });
    let server = document["servers"][0]["url"].as_str();
    if let Some(server) = server.and_then(|url| Url::parse(url).ok()) {
        let origin = server.as_str().split_once("://").unwrap_or_default().1;
        swagger["schemes"] = json!([server.scheme()]);
        swagger["host"] = origin.split('/').next().into();
        swagger["basePath"] = server.path().into();
    }
    unused::leave_out_schemas(&mut swagger, "/definitions");
    swagger
}

fn paths(document: &Value) -> Map<String, Value> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            let methods: Map<_, _> = methods
                .map(|(method, own)| (method.clone(), operation::convert(own, document)))
                .collect();
            (path.clone(), methods.into())
        })
        .collect()
}

fn definitions(document: &Value) -> Map<String, Value> {
    let schemas = document["components"]["schemas"].as_object();
    let each = schemas.into_iter().flatten();
    each.map(|(name, own)| (name.clone(), schema::convert(own, document)))
        .collect()
}
