//! A key that is about to be made or changed: what was asked, what the rules made of it, and what they know.

use super::key_fields::is_in_metadata;
use super::{Counts, KeyRoute, Known, Related, Standing};
use crate::caller::Caller;
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::settings::Settings;
use crate::time::iso_micros;
use crate::verdict::{Source, Verdict};
use latchkey_contract::json::{Json, Name};
use latchkey_contract::mint;
use latchkey_contract::tables::{Budget, ColumnType, Millis, Table as _, Team, VirtualKey, fit};
use latchkey_contract::wire::{Guard, Write};

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
    /// The key as it is; `None` for a new one.
    pub before: Option<&'a VirtualKey>,
    /// The team of the key as it is.
    pub old_team: Known<&'a Team>,
    /// The team that the request names.
    pub team: Known<&'a Team>,
    /// Whether another key has the wanted alias.
    pub alias_holder: Known<()>,
    /// Whether the custom key exists already.
    pub existing_key: Known<()>,
    /// How many keys the new owner and the new team have.
    pub counts: Counts,
    /// The budget that the request names; where a change names none, in strict, the one the key has.
    pub budget: Known<&'a Budget>,
    /// What else the request names.
    pub related: Known<&'a Related>,
    /// The id of a budget made for `soft_budget`.
    pub new_budget_id: &'a str,
    /// The id of a row made for `object_permission`.
    pub new_permission_id: &'a str,
    /// The fields the request sets, `null` included.
    pub request: &'a Json,
    /// The fields as the rules have them by now.
    pub fields: Json,
    /// The columns that the rules computed; of a change, all columns that change. Moments are in milliseconds.
    pub columns: Json,
    /// The budget to be made with the key.
    pub new_budget: Option<Json>,
    /// The row of what the key may use beside models, if it gets one.
    pub new_permission: Option<Json>,
    /// What is written so that no other key is guaranteed the same throughput.
    pub promise: Option<(Write, Guard)>,
    /// The row, once every value is known to fit its column.
    pub fitted: Option<VirtualKey>,
    /// Where each field's value comes from.
    pub provenance: Vec<(Name, Source)>,
    /// By which route it is asked for.
    pub route: KeyRoute,
    /// As what the caller acts on a key that exists, once a rule has found out.
    pub standing: Option<Standing>,
}

impl<'a> KeyDraft<'a> {
    /// A draft of a new key; `request` is an object of the fields that the request sets.
    pub fn new(settings: &'a Settings, caller: &'a Caller, now: Millis, request: &'a Json) -> Self {
        let set = request.as_dict().unwrap_or_default().iter().filter(|(_, value)| !value.is_null());
        let provenance = set.map(|(name, _)| (name.clone(), Source::Request)).collect();
        Self {
            settings,
            caller,
            now,
            before: None,
            old_team: Known::Absent,
            team: Known::Unknown,
            alias_holder: Known::Unknown,
            existing_key: Known::Unknown,
            counts: Counts::UNKNOWN,
            budget: Known::Unknown,
            related: Known::Unknown,
            new_budget_id: "",
            new_permission_id: "",
            new_permission: None,
            promise: None,
            fields: request.clone(),
            request,
            columns: Json::empty_dict(),
            new_budget: None,
            fitted: None,
            provenance,
            route: KeyRoute::Generate,
            standing: None,
        }
    }

    /// A draft of a change of `key` that knows nothing else yet.
    pub fn change(
        settings: &'a Settings,
        caller: &'a Caller,
        now: Millis,
        key: &'a VirtualKey,
        request: &'a Json,
    ) -> Self {
        let mut draft = Self::new(settings, caller, now, request);
        draft.provenance.retain(|(name, _)| name != "key");
        Self { before: Some(key), old_team: Known::Unknown, route: KeyRoute::Update, ..draft }
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
        match self.fields.get_mut("metadata").filter(|metadata| !metadata.is_null()) {
            Some(metadata) => metadata.set(name, value),
            None => {
                let mut metadata = Json::empty_dict();
                metadata.set(name, value);
                self.fields.set("metadata", metadata);
            }
        }
    }

    /// The user who owns the key afterwards.
    pub fn new_owner(&self) -> Option<&str> {
        match (self.fields.get("user_id"), self.before) {
            (None, Some(key)) => key.user_id.as_deref(),
            (asked, _) => asked.and_then(Json::as_str),
        }
    }

    /// Where the request takes the key: to the team with this id, or with `None` out of all teams. Nothing where the key
    /// stays where it is.
    pub fn destination(&self) -> Option<Option<&str>> {
        let asked = self.fields.get("team_id")?.as_str();
        let present = self.before.and_then(|key| key.team_id.as_deref());
        (asked != present).then_some(asked)
    }

    /// The id of the team that the key is of afterwards.
    pub(super) fn next_team_id(&self) -> Option<&str> {
        match self.fields.get("team_id") {
            Some(asked) => asked.as_str(),
            None => self.before.and_then(|key| key.team_id.as_deref()),
        }
    }

    /// Sets a column of the key that follows from others, where the store has it.
    pub(super) fn compute(&mut self, column: &'static str, value: Json) {
        if self.settings.keeps::<VirtualKey>(column) {
            self.columns.set(column, value);
        }
    }

    /// The team the key is of afterwards.
    pub fn next_team(&self) -> Known<&'a Team> {
        match self.destination() {
            Some(Some(_)) => self.team,
            Some(None) => Known::Absent,
            None if self.before.is_none_or(|key| key.team_id.is_none()) => Known::Absent,
            None => self.old_team,
        }
    }

    /// The key as it will be, but for what is made when it is stored. Refuses the first value that does not fit its column.
    pub fn row(&self) -> Result<VirtualKey, Refusal> {
        Ok(match self.before {
            Some(key) => fit::amended(key, &self.columns)?,
            None => {
                let computed = self.columns.as_dict().unwrap_or_default();
                let asked = self.fields.as_dict().unwrap_or_default();
                let named = computed.iter().chain(asked).map(|(name, _)| &**name);
                fit::row_of(&mut named.filter_map(|name| Some((name, self.column(name)?))))?
            }
        })
    }

    /// Fits the row again after a later rule than `storable` changed a value.
    pub(super) fn refit(&mut self) -> Result<(), Refusal> {
        self.fitted = Some(self.row()?);
        Ok(())
    }

    /// What a column of a new key holds, as far as anything was asked or computed.
    pub(super) fn column(&self, name: &str) -> Option<&Json> {
        let is_made = MADE_WITH_THE_KEY.contains(&name);
        let asked = || self.get(name).filter(|_| !is_in_metadata(name));
        self.columns.get(name).or_else(asked).filter(|_| !is_made)
    }

    /// The columns of a new key, but for its token, its name and its timestamps.
    pub fn new_columns(&self) -> Json {
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
            let value = self.column(column.name);
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

    /// What a verdict shows of the draft: the values as they would be stored, and where they come from. Moments are text; a
    /// custom key shows as its token.
    pub(crate) fn conclude(&self, verdict: &mut Verdict) {
        let mut shown = match self.before {
            None => self.new_columns(),
            Some(_) => self.columns.clone(),
        };
        if let (None, Some(key)) = (self.before, self.text("key")) {
            shown.set("token", mint::token(key).into());
            shown.set("key_name", mint::key_name(key).into());
        }
        for column in ["expires", "budget_reset_at"] {
            if let Some(Json::Int(moment)) = shown.get(column) {
                shown.set(column, iso_micros(Millis(*moment)).into());
            }
        }
        verdict.effective = Some(shown);
        verdict.budget_row = self.budget_row().filter(|_| verdict.is_allowed());
        verdict.provenance.clone_from(&self.provenance);
    }
}
