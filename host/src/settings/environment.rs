//! Variables of the environment: the process's own, and those that a configuration sets.

use latchkey_contract::environment::FROM_ENVIRONMENT;
use latchkey_contract::json::{Json, str_of};

/// Looks up a variable of the environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A variable of this process. White space at the end is a line end that came in from a file.
pub fn of_process(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    Some(value.to_string_lossy().trim_end().to_owned())
}

/// A variable that says something: one that is set and not empty.
pub fn said(environment: Environment<'_>, name: &str) -> Option<String> {
    environment(name).filter(|value| !value.is_empty())
}

/// Refuses variables by which LiteLLM keeps callers out and that are not honoured.
pub(super) fn judge(environment: Environment<'_>) -> Result<(), String> {
    const CLOSED: &str = "DISABLE_ADMIN_ENDPOINTS";
    match said(environment, CLOSED).filter(|value| is_on(value)) {
        None => Ok(()),
        Some(_) => Err(format!(
            "`{CLOSED}` is not supported: it closes every route that Latchkey serves; unset the variable"
        )),
    }
}

/// Whether a variable that is a switch is turned on.
pub(super) fn is_on(value: &str) -> bool {
    !["false", "0", "no", "off"].contains(&value.trim().to_lowercase().as_str())
}

/// Replaces each `os.environ/NAME` by the variable's value; where the variable is not set, the text stays for the module to
/// complain of.
pub(super) fn resolve(value: &mut Json, environment: Environment<'_>) {
    match value {
        Json::Str(text) => {
            if let Some(found) = text.strip_prefix(FROM_ENVIRONMENT).and_then(environment) {
                *text = found;
            }
        }
        Json::List(items) => items.iter_mut().for_each(|item| resolve(item, environment)),
        Json::Dict(members) => members.iter_mut().for_each(|(_, item)| resolve(item, environment)),
        _ => {}
    }
}

/// What `environment_variables` of a configuration sets. The process's own variables win.
#[derive(Debug, Default)]
pub(super) struct Variables(Vec<(String, String)>);

impl Variables {
    /// Reads the section; `warnings` gets the names that another value is set for already.
    pub(super) fn read(
        section: Option<&Json>,
        environment: Environment<'_>,
        warnings: &mut Vec<String>,
    ) -> Result<Self, String> {
        let members = match section {
            None | Some(Json::Null) => return Ok(Self::default()),
            Some(Json::Dict(members)) => members,
            Some(_) => return Err("environment_variables: must be an object".to_owned()),
        };
        let mut read = Vec::new();
        for (name, value) in members {
            let mut value = match value {
                Json::Null => continue,
                Json::List(_) | Json::Dict(_) => {
                    return Err(format!("environment_variables.{name}: must be text"));
                }
                other => Json::Str(str_of(other)),
            };
            resolve(&mut value, environment);
            let Some(text) = value.as_str().filter(|text| !text.starts_with(FROM_ENVIRONMENT)) else {
                continue;
            };
            if environment(name).is_some_and(|own| own != text) {
                warnings.push(format!(
                    "environment_variables.{name}: has no effect, the environment has another value for it"
                ));
            }
            read.push((name.to_string(), text.trim_end().to_owned()));
        }
        Ok(Self(read))
    }

    /// The variable's value here or, before that, in the process.
    pub(super) fn get(&self, environment: Environment<'_>, name: &str) -> Option<String> {
        environment(name).or_else(|| {
            let found = self.0.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        })
    }
}
