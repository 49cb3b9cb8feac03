//! What an organization binds: none of its teams has a higher limit, or a model that it may not call.
//!
//! The texts and their order are those of LiteLLM 1.109. There a team without models passes in an organization that has a
//! list, and a limit of 0 binds no team that moves; here it does.

use super::compare::compare;
use crate::error::{Code, Refusal, messages};
use latchkey_contract::json::{Json, repr};
use latchkey_contract::tables::{Budget, Organization, Team};
use std::cmp::Ordering;

/// An organization with its budget.
#[derive(Debug)]
pub(crate) struct OrganizationBounds {
    /// The organization.
    pub organization: Organization,
    /// Its budget; none where that is not stored.
    pub budget: Option<Budget>,
}

impl OrganizationBounds {
    /// The limits by name, in the order they are judged: that on models comes after the first.
    fn limits(&self) -> [(&'static str, Json); 3] {
        let budget = self.budget.as_ref();
        [
            ("max_budget", budget.and_then(|budget| budget.max_budget).into()),
            ("tpm_limit", budget.and_then(|budget| budget.tpm_limit).into()),
            ("rpm_limit", budget.and_then(|budget| budget.rpm_limit).into()),
        ]
    }

    /// Judges the limits and models that are asked for a team of the organization. What is absent or `null` is no limit of
    /// the team's own: that of the organization counts.
    pub(crate) fn judge_asked(&self, asked: &Json) -> Result<(), Refusal> {
        let [budget, tpm, rpm] = self.limits();
        self.limit_fits(asked, &budget)?;
        self.models_fit(asked)?;
        self.limit_fits(asked, &tpm)?;
        self.limit_fits(asked, &rpm)
    }

    fn limit_fits(&self, asked: &Json, (name, limit): &(&'static str, Json)) -> Result<(), Refusal> {
        let wanted = asked.get(name).unwrap_or(&Json::Null);
        if compare(wanted, limit) != Some(Ordering::Greater) {
            return Ok(());
        }
        let id = &self.organization.organization_id;
        let message = messages::team_above_organization(name, &amount(wanted, limit), &repr(limit), id);
        Err(Refusal::http(Code::AboveUpperBound, 400, latchkey_contract::dict! { "error" => message })
            .on(name))
    }

    fn models_fit(&self, asked: &Json) -> Result<(), Refusal> {
        let wanted = asked.get("models").and_then(Json::as_list).unwrap_or_default();
        self.may_call_all("models", wanted.iter())
    }

    /// Judges what the aliases of models stand for.
    pub(crate) fn judge_aliases(&self, aliases: &Json) -> Result<(), Refusal> {
        let aliases = aliases.as_dict().unwrap_or_default();
        self.may_call_all("model_aliases", aliases.iter().map(|(_, model)| model))
    }

    fn may_call_all<'v>(
        &self,
        field: &'static str,
        mut wanted: impl Iterator<Item = &'v Json>,
    ) -> Result<(), Refusal> {
        let Some(foreign) = wanted.find(|model| !self.may_call(model.as_str().unwrap_or_default())) else {
            return Ok(());
        };
        let Organization { organization_id, models, .. } = &self.organization;
        let message = messages::model_not_of_organization(
            foreign.as_str().unwrap_or_default(),
            &repr(&models.clone().into()),
            organization_id,
        );
        Err(Refusal::http(Code::ModelForbidden, 400, latchkey_contract::dict! { "error" => message })
            .on(field))
    }

    /// The models of a team that lists none: those of the organization, where it lists some.
    pub(crate) fn models_of_all(&self) -> Option<&[String]> {
        (!self.is_open()).then_some(self.organization.models.as_slice())
    }

    /// Judges a team, as it is stored, that moves into the organization.
    pub(crate) fn judge_moved(&self, team: &Team) -> Result<(), Refusal> {
        let refuse = |code, message: String, name: &'static str| {
            Err(Refusal::http(code, 403, latchkey_contract::dict! { "error" => message }).on(name))
        };
        if team.models.is_empty() && !self.is_open() {
            return refuse(
                Code::ModelForbidden,
                messages::MOVED_TEAM_HAS_ALL_MODELS.to_owned(),
                "organization_id",
            );
        }
        if let Some(foreign) = team.models.iter().find(|model| !self.may_call(model)) {
            return Err(Refusal::http(Code::ModelForbidden, 403, messages::model_not_available(foreign))
                .on("organization_id"));
        }
        let own: [Json; 3] = [team.max_budget.into(), team.tpm_limit.into(), team.rpm_limit.into()];
        for ((name, limit), own) in self.limits().iter().zip(own) {
            if compare(&own, limit) == Some(Ordering::Greater) {
                let message = messages::moved_team_above(name, &repr(&own), &repr(limit));
                return refuse(Code::AboveUpperBound, message, "organization_id");
            }
        }
        Ok(())
    }

    fn is_open(&self) -> bool {
        let models = &self.organization.models;
        models.is_empty() || models.iter().any(|model| model == "all-proxy-models")
    }

    fn may_call(&self, model: &str) -> bool {
        let covers = |own: &String| {
            own == model || own.strip_suffix('*').is_some_and(|prefix| model.starts_with(prefix))
        };
        self.is_open() || self.organization.models.iter().any(covers)
    }
}

/// An amount as it is printed beside its bound: dollars with a point.
fn amount(wanted: &Json, limit: &Json) -> String {
    match (wanted, limit) {
        (Json::Int(number), Json::Float(_)) => repr(&Json::Float(*number as f64)),
        _ => repr(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::dict;

    fn bounds(models: &[&str], limit: i64) -> OrganizationBounds {
        OrganizationBounds {
            organization: Organization {
                organization_id: "o".to_owned(),
                models: models.iter().map(|model| (*model).to_owned()).collect(),
                ..Organization::default()
            },
            budget: Some(Budget {
                max_budget: Some(limit as f64),
                tpm_limit: Some(limit),
                ..Budget::default()
            }),
        }
    }

    fn list(names: &[&str]) -> Json {
        Json::List(names.iter().map(|name| (*name).into()).collect())
    }

    fn said(judged: Result<(), Refusal>) -> String {
        judged.map_or_else(|refusal| repr(&refusal.message), |()| "fits".to_owned())
    }

    #[test]
    fn a_team_asks_for_no_more_than_its_organization_has() {
        let narrow = bounds(&["m1", "p/*"], 100);
        for (asked, expected) in [
            (dict! { "max_budget" => 100.0, "tpm_limit" => 100, "rpm_limit" => 1_i64 << 40 }, "fits"),
            (dict! { "max_budget" => Json::Null, "models" => Json::Null }, "fits"),
            (dict! { "models" => list(&["m1", "p/x"]) }, "fits"),
            (dict! { "max_budget" => 101, "models" => list(&["m2"]) }, "Team max_budget (101.0) exceeds"),
            (dict! { "tpm_limit" => 101, "models" => list(&["m2"]) }, "Model 'm2' not in organization's"),
            (dict! { "tpm_limit" => 101 }, "Team tpm_limit (101) exceeds organization's tpm_limit (100)"),
            (dict! { "models" => list(&["all-proxy-models"]) }, "Model 'all-proxy-models' not in"),
        ] {
            let said = said(narrow.judge_asked(&asked));
            assert!(said.contains(expected), "{asked:?}: {said}");
        }
        assert_eq!(said(narrow.judge_aliases(&dict! { "a" => "m1" })), "fits");
        assert!(said(narrow.judge_aliases(&dict! { "m1" => "m2" })).contains("Model 'm2' not in"));
        let nothing = bounds(&["all-proxy-models", "m"], 0);
        assert_eq!(said(nothing.judge_asked(&dict! { "models" => list(&["x"]) })), "fits");
        assert!(said(nothing.judge_asked(&dict! { "max_budget" => 1.5 })).contains("(1.5) exceeds"));
        assert_eq!((nothing.models_of_all(), narrow.models_of_all().map(<[_]>::len)), (None, Some(2)));
    }

    #[test]
    fn a_team_that_moves_fits_as_it_is() {
        let team = |models: &[&str], budget, tpm_limit| Team {
            models: models.iter().map(|model| (*model).to_owned()).collect(),
            max_budget: budget,
            tpm_limit,
            ..Team::default()
        };
        let narrow = bounds(&["m1"], 0);
        for (team, expected) in [
            (team(&["m1"], None, None), "fits"),
            (team(&[], Some(1.0), None), "Team has access to all proxy models"),
            (team(&["m2"], Some(1.0), None), "The requested model 'm2'"),
            (team(&["m1"], Some(0.5), None), "Team has max_budget 0.5 that is greater"),
            (team(&["m1"], None, Some(1)), "Team has tpm_limit 1 that is greater"),
        ] {
            let said = said(narrow.judge_moved(&team));
            assert!(said.contains(expected), "{said}");
        }
    }
}
