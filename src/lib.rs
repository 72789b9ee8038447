//! From the invitation e-mail to the welcome page: an Azure Functions app in one custom handler.
//!
//! A request enters through [`app`], which holds the one table of functions and surrounds each with
//! a time limit, a net for panics and a log line. It goes to the module that bears the function's
//! name ([`invite_user`], [`accept_callback`], [`confirm_mailbox`], [`create_company`],
//! [`welcome`], [`invitations`]), which parses, acts and shows. Rules live in [`invitation`] and
//! [`company`], which know neither I/O nor the time. [`store`] keeps the state, [`identity`] signs
//! people in, [`views`] and [`mail`] speak to them in the languages of [`text`]. What happened is
//! told by [`events`], at once or by the timer [`deliver_events`]; what is kept long enough is
//! deleted by the timer [`purge_invitations`].

pub mod accept_callback;
pub mod app;
mod causes;
pub mod check;
pub mod clock;
pub mod company;
pub mod config;
pub mod confirm_mailbox;
pub mod create_company;
pub mod deliver_events;
pub mod email;
pub mod error;
pub mod events;
pub mod forms;
pub mod health;
pub mod identity;
pub mod invitation;
pub mod invitations;
pub mod invite_user;
pub mod mail;
mod managed_identity;
pub mod openapi;
pub mod page;
pub mod problem;
mod public_only;
pub mod purge_invitations;
pub mod seal;
pub mod serve;
pub mod session;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod views;
pub mod visitor;
pub mod welcome;
