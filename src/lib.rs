//! From the invitation e-mail to the welcome page: an Azure Functions app in one custom handler.
//!
//! [`startup`] reads the settings, builds the [`app::App`] that all requests share, and serves the
//! [`router`], the one table of functions. A request passes the layer of [`http`] (time limit,
//! body limit, panics, error pages, log) and reaches the module in [`functions`] that
//! bears the name of its function folder, which parses, acts and shows. [`journey`] holds what the
//! recipient's pages share: who is signed in, for which invitation, in which language. The rules
//! are in [`domain`], which does no I/O and never asks for the time. [`store`] keeps the state,
//! [`identity`] signs people in, [`events`] delivers e-mails and webhooks, and [`views`] and
//! [`mail`] speak to people in the languages of [`text`].
//!
//! Each module uses only modules on lower floors; `tests/it/floors.rs` lists the floors and fails
//! when an import points up.

pub mod app;
pub mod build_info;
pub mod check;
pub mod clock;
pub mod config;
pub mod connector;
pub mod domain;
pub mod events;
pub mod functions;
pub mod http;
pub mod identity;
pub mod journey;
pub mod mail;
pub mod net;
pub mod router;
pub mod seal;
pub mod startup;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod transfer;
pub mod views;
