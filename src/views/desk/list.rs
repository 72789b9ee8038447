use askama::Template;
use time::{OffsetDateTime, UtcOffset};
use url::form_urlencoded;

use super::{DeskFrame, StatusBadge};
use crate::{
    domain::invitation::Status,
    text::{DeskListText, Message},
    views::{Html, filters},
};

/// Which invitations were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListChoice {
    /// Only those that this person created.
    pub mine: bool,
    /// Only those of this status.
    pub status: Option<Status>,
    /// Only those of which an event could not be delivered.
    pub delivery_failed: bool,
    /// A mailbox, a customer number or the name of a company.
    pub search: String,
}

/// The value of `status` that asks for failed deliveries.
pub const DELIVERY_FAILED: &str = "delivery-failed";

/// An invitation of the list.
#[derive(Debug, Clone)]
pub struct ListedInvitation<'a> {
    /// Its id.
    pub id: String,
    /// The name of the recipient; empty where it was erased.
    pub name: String,
    /// The mailbox of the recipient.
    pub email: &'a str,
    /// The company.
    pub company: &'a str,
    /// The seller's number of it.
    pub customer_number: Option<&'a str>,
    /// How far it has come.
    pub status: StatusBadge,
    /// When it was created.
    pub created_at: OffsetDateTime,
}

/// A page of the list of invitations.
#[derive(Debug, Template)]
#[template(path = "desk/list.html")]
pub struct DeskListPage<'a> {
    /// What surrounds the page.
    pub desk: DeskFrame<'a>,
    /// What was asked for.
    pub choice: &'a ListChoice,
    /// Whether nothing newer is left out.
    pub is_first: bool,
    /// The invitations, newest first.
    pub items: Vec<ListedInvitation<'a>>,
    /// The address of the next page.
    pub older: Option<String>,
}

/// An option of a field.
struct Choice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

impl ListChoice {
    /// The address of a page of these invitations; the first one without a cursor.
    #[must_use]
    pub fn address(&self, cursor: Option<&str>) -> String {
        let status = match self.status {
            _ if self.delivery_failed => DELIVERY_FAILED,
            Some(status) => status.name(),
            None => "",
        };
        let pairs = [
            ("by", if self.mine { "me" } else { "" }),
            ("status", status),
            ("search", &self.search),
            ("cursor", cursor.unwrap_or_default()),
        ];
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()))
            .finish();
        match query.as_str() {
            "" => "/api/desk".to_owned(),
            query => format!("/api/desk?{query}"),
        }
    }
}

impl DeskListPage<'_> {
    /// The page as HTML.
    pub fn render(&self) -> Html {
        Html::of(self, self.desk.sheet())
    }

    fn t(&self) -> &'static DeskListText {
        &self.desk.t().list
    }

    fn title(&self) -> &'static str {
        self.t().title
    }

    fn is_filtered(&self) -> bool {
        *self.choice != ListChoice::default()
    }

    fn newest(&self) -> String {
        self.choice.address(None)
    }

    /// Why there is nothing to see.
    fn nothing(&self) -> Message {
        if self.older.is_some() {
            self.t().searched_on
        } else if self.is_filtered() || !self.is_first {
            self.t().nothing_found
        } else {
            self.t().empty
        }
    }

    fn creators(&self) -> [Choice; 2] {
        [("", self.t().everyones), ("me", self.t().mine)].map(|(value, label)| Choice {
            value,
            label,
            is_chosen: self.choice.mine != value.is_empty(),
        })
    }

    fn statuses(&self) -> Vec<Choice> {
        let any = Choice {
            value: "",
            label: self.t().any,
            is_chosen: self.choice.status.is_none() && !self.choice.delivery_failed,
        };
        let failed = Choice {
            value: DELIVERY_FAILED,
            label: self.t().delivery_failed,
            is_chosen: self.choice.delivery_failed,
        };
        let of_status = |status: &Status| Choice {
            value: status.name(),
            label: StatusBadge::Of(*status).label(self.t()),
            is_chosen: self.choice.status == Some(*status),
        };
        let statuses = Status::ALL.iter().map(of_status);
        [any].into_iter().chain(statuses).chain([failed]).collect()
    }

    fn badge(&self, item: &ListedInvitation<'_>) -> &'static str {
        item.status.label(self.t())
    }

    fn created(&self, item: &ListedInvitation<'_>) -> String {
        (self.desk.frame.text().day)(item.created_at.to_offset(UtcOffset::UTC))
    }
}
