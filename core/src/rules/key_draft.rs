//! A key that is about to be made: what was asked, what the rules made of it, and what they know.

use super::{Counts, Known};
use crate::caller::Caller;
use crate::deviations::Hole;
use crate::settings::Settings;
use latchkey_contract::json::{Json, Name};
use latchkey_contract::tables::{Budget, ColumnType, Millis, Table as _, Team, VirtualKey};

/// Where the value of a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The request set it.
    Request,
    /// `default_key_generate_params` set it.
    Default,
    /// `upperbound_key_generate_params` filled it in.
    UpperBound,
    /// It is the caller's own.
    Caller,
    /// A rule computed it.
    Computed,
}

impl Source {
    /// Every source.
    pub const ALL: &[Self] = &[Self::Request, Self::Default, Self::UpperBound, Self::Caller, Self::Computed];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Default => "default",
            Self::UpperBound => "upper_bound",
            Self::Caller => "caller",
            Self::Computed => "computed",
        }
    }
}

/// Columns that are made with the key's secret, when it is stored.
const MADE_WITH_THE_KEY: &[&str] = &["token", "key_name", "created_at", "updated_at"];

/// The draft of a key.
#[derive(Debug)]
pub struct KeyDraft<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// Who asks.
    pub caller: &'a Caller,
    /// The moment of the request.
    pub now: Millis,
    /// The team the key is for.
    pub team: Known<&'a Team>,
    /// Whether another key has the wanted alias.
    pub alias_holder: Known<()>,
    /// Whether the custom key exists already.
    pub existing_key: Known<()>,
    /// How many keys the owner and the team have.
    pub counts: Counts,
    /// The budget the request names.
    pub budget: Known<&'a Budget>,
    /// The id of a budget made for `soft_budget`.
    pub new_budget_id: &'a str,
    /// The fields the request sets, `null` included.
    pub request: Json,
    /// The fields as the rules have them by now.
    pub fields: Json,
    /// The columns the rules computed.
    pub columns: Json,
    /// The budget to be made with the key.
    pub new_budget: Option<Json>,
    /// The row, once every value is known to fit its column.
    pub fitted: Option<VirtualKey>,
    /// Where each field's value comes from.
    pub provenance: Vec<(Name, Source)>,
}

impl<'a> KeyDraft<'a> {
    /// A draft of what `request` asks, an object of the fields it sets.
    pub fn new(settings: &'a Settings, caller: &'a Caller, now: Millis, request: Json) -> Self {
        let provenance = request
            .as_dict()
            .unwrap_or_default()
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, _)| (name.clone(), Source::Request))
            .collect();
        Self {
            settings,
            caller,
            now,
            team: Known::Unknown,
            alias_holder: Known::Unknown,
            existing_key: Known::Unknown,
            counts: Counts::UNKNOWN,
            budget: Known::Unknown,
            new_budget_id: "",
            fields: request.clone(),
            request,
            columns: Json::empty_dict(),
            new_budget: None,
            fitted: None,
            provenance,
        }
    }

    /// Whether this hole of the reference is closed.
    pub(crate) const fn closes(&self, hole: Hole) -> bool {
        self.settings.closes(hole)
    }

    /// The value of a field, unless it is absent or `null`.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// The text of a field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// Sets a field and says where the value comes from.
    pub fn set(&mut self, name: impl Into<Name>, value: Json, source: Source) {
        let name = name.into();
        self.fields.set(name.clone(), value);
        self.note(name, source);
    }

    /// Says where the value of a field comes from.
    pub fn note(&mut self, name: impl Into<Name>, source: Source) {
        let name = name.into();
        self.provenance.retain(|(field, _)| *field != name);
        self.provenance.push((name, source));
    }

    /// Puts a value into the key's free data, where LiteLLM keeps what has no column.
    pub fn put_metadata(&mut self, name: &'static str, value: Json) {
        let mut metadata = self.get("metadata").cloned().unwrap_or_else(Json::empty_dict);
        metadata.set(name, value);
        self.fields.set("metadata", metadata);
    }

    /// The columns of the row to be stored, but for its token, its name and its timestamps.
    pub fn row(&self) -> Json {
        let mut row = Json::empty_dict();
        for column in VirtualKey::SCHEMA.columns {
            let empty = match column.kind {
                _ if MADE_WITH_THE_KEY.contains(&column.name) => continue,
                _ if column.nullable => Json::Null,
                ColumnType::TextList => Json::List(Vec::new()),
                ColumnType::Json => Json::empty_dict(),
                ColumnType::Bool => Json::Bool(false),
                _ => Json::Float(0.0),
            };
            let value = self.columns.get(column.name).or_else(|| self.get(column.name));
            // a store may lack a column that is optional
            if value.is_some() || !column.optional {
                row.set(column.name, value.cloned().unwrap_or(empty));
            }
        }
        row
    }

    /// The columns of the budget that comes with the key, but for its timestamps.
    pub fn budget_row(&self) -> Option<Json> {
        self.new_budget.clone()
    }
}
