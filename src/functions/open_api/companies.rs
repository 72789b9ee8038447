//! The operations of companies.

use utoipa::openapi::{
    HttpMethod, Paths, SchemaFormat,
    path::{Operation, ParameterIn},
    schema::KnownFormat,
};

use super::parts::{
    Responses, if_none_match, keyed, not_modified, parameter, required, response_with_etag, text,
};
use crate::{domain::company::RegisteredCompany, http::problem::Kind};

pub(super) const COMPANIES: &str = "Companies";

pub(super) fn add_to(paths: &mut Paths) {
    let mut add = |path: &str, operation| {
        paths.add_path_operation(path, vec![HttpMethod::Get], operation);
    };
    add("/api/Companies", find());
    add("/api/Companies/{id}", read());
}

fn find() -> Operation {
    let number = text()
        .min_length(Some(1))
        .max_length(Some(RegisteredCompany::MAX_CUSTOMER_NUMBER));
    keyed(
        COMPANIES,
        "find_company",
        "Find the company of a customer number",
        "A list with one company, or an empty one.",
    )
    .parameter(required(parameter(
        "customerNumber",
        ParameterIn::Query,
        "An exact match.",
        number,
    )))
    .parameter(if_none_match())
    .response(
        "200",
        response_with_etag("The company, if there is one.", "CompanyList").build(),
    )
    .response("304", not_modified())
    .problems(&[Kind::InvalidParameters, Kind::Throttled])
}

fn read() -> Operation {
    let uuid = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    keyed(
        COMPANIES,
        "get_company",
        "Read a company",
        "With its members.",
    )
    .parameter(required(parameter(
        "id",
        ParameterIn::Path,
        "`companyId` of an invitation.",
        uuid,
    )))
    .parameter(if_none_match())
    .response("200", response_with_etag("The company.", "Company").build())
    .response("304", not_modified())
    .problems(&[Kind::UnknownCompany, Kind::Throttled])
}
