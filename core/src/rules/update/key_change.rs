//! A key that is about to be changed: what was asked, what the rules made of it, and what they know.

use crate::caller::Caller;
use crate::deviations::Hole;
use crate::error::Refusal;
use crate::rules::KeyRoute;
use crate::rules::{Counts, Known, Passed, Standing, Verdict, decided};
use crate::settings::Settings;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Budget, Millis, Team, VirtualKey, fit};

/// The change of a key.
#[derive(Debug)]
pub struct KeyChange<'a> {
    /// The settings in force.
    pub settings: &'a Settings,
    /// Who asks.
    pub caller: &'a Caller,
    /// The moment of the request.
    pub now: Millis,
    /// The key as it is.
    pub key: &'a VirtualKey,
    /// The team the key is of.
    pub team: Known<&'a Team>,
    /// The team the request moves it to.
    pub new_team: Known<&'a Team>,
    /// Whether another key has the wanted alias.
    pub alias_holder: Known<()>,
    /// How many keys the new owner and the new team have.
    pub counts: Counts,
    /// The budget the request names; where it names none, in strict, the one the key has.
    pub budget: Known<&'a Budget>,
    /// The fields the request sets, `null` included.
    pub request: Json,
    /// The columns that change, by name; moments in milliseconds.
    pub columns: Json,
    /// By which route it is asked for.
    pub route: KeyRoute,
    /// As what the caller acts, once a rule has found out.
    pub standing: Option<Standing>,
}

/// One rule on a key that is about to be changed.
#[derive(Debug, Clone, Copy)]
pub struct ChangeRule {
    /// Its name.
    pub name: &'static str,
    /// The hole that it closes, where release 1.60.8 has no such rule.
    pub(crate) closes: Option<Hole>,
    /// The rule.
    pub apply: fn(&mut KeyChange<'_>) -> Verdict,
}

impl ChangeRule {
    /// What the rule says, unless the hole that it closes stands open.
    pub(crate) fn judge(&self, change: &mut KeyChange<'_>) -> Verdict {
        match self.closes {
            Some(hole) if !change.closes(hole) => Ok(Passed::NotApplicable),
            _ => (self.apply)(change),
        }
    }
}

impl<'a> KeyChange<'a> {
    /// A change of `key` that knows nothing else yet.
    pub fn new(
        settings: &'a Settings,
        caller: &'a Caller,
        now: Millis,
        key: &'a VirtualKey,
        request: Json,
    ) -> Self {
        Self {
            settings,
            caller,
            now,
            key,
            team: Known::Unknown,
            new_team: Known::Unknown,
            alias_holder: Known::Unknown,
            counts: Counts::UNKNOWN,
            budget: Known::Unknown,
            request,
            columns: Json::empty_dict(),
            route: KeyRoute::Update,
            standing: None,
        }
    }

    /// Whether this hole of the reference is closed.
    pub(crate) const fn closes(&self, hole: Hole) -> bool {
        self.settings.closes(hole)
    }

    /// The value of a field of the request, unless it is absent or `null`.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.request.get(name).filter(|value| !value.is_null())
    }

    /// The text of a field of the request.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// Where the request moves the key: to the team with this id, or with `None` out of all teams. Nothing where the key
    /// stays in its team.
    pub fn destination(&self) -> Option<Option<&str>> {
        let asked = self.request.get("team_id")?.as_str();
        (asked != self.key.team_id.as_deref()).then_some(asked)
    }

    /// The user who owns the key after the change.
    pub fn new_owner(&self) -> Option<&str> {
        match self.request.get("user_id") {
            None => self.key.user_id.as_deref(),
            Some(asked) => asked.as_str(),
        }
    }

    /// The team the key is of after the change.
    pub fn next_team(&self) -> Known<&'a Team> {
        match self.destination() {
            Some(Some(_)) => self.new_team,
            Some(None) => Known::Absent,
            None if self.key.team_id.is_none() => Known::Absent,
            None => self.team,
        }
    }

    /// Applies the rules in order and stops at the first refusal; all facts are there.
    pub fn judge(&mut self, rules: &[ChangeRule]) -> Result<(), Refusal> {
        rules.iter().try_for_each(|rule| decided(rule.name, rule.judge(self)))
    }

    /// The key as it will be, but for its timestamp; refuses the first value that does not fit its column.
    pub fn row(&self) -> Result<VirtualKey, Refusal> {
        Ok(fit::amended(self.key, &self.columns)?)
    }
}
