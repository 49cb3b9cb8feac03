//! Which of the optional tables and columns a store does not have.

use super::{SCHEMAS, Schema, Table};

/// What a store lacks, as its shell says when it configures the module: `table`, or `table.column`. Of a store of which
/// nothing is said everything is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacking(Vec<String>);

impl Lacking {
    /// The optional tables and columns for which `has` says no; it is asked for tables with no column.
    pub fn of(has: impl Fn(&Schema, Option<&str>) -> bool) -> Self {
        let mut names = Vec::new();
        for table in SCHEMAS {
            if table.optional && !has(table, None) {
                names.push(table.name.to_owned());
                continue;
            }
            let optional =
                table.columns.iter().filter(|column| !table.needed().any(|needed| needed == *column));
            let lacking = optional.filter(|column| !has(table, Some(column.name)));
            names.extend(lacking.map(|column| format!("{}.{}", table.name, column.name)));
        }
        Self(names)
    }

    /// What the names say; the first that is no optional table or column is the error.
    pub fn named(names: Vec<String>) -> Result<Self, String> {
        let all = Self::of(|_, _| false).0;
        let columns = Self::of(|_, column| column.is_none()).0;
        match names.iter().find(|name| !all.contains(name) && !columns.contains(name)) {
            Some(unknown) => Err(unknown.clone()),
            None => Ok(Self(names)),
        }
    }

    /// The names.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Whether the store has table `T`.
    pub fn has_table<T: Table>(&self) -> bool {
        !self.lacks_table(&T::SCHEMA)
    }

    /// Whether the store has the column of table `T`.
    pub fn has_column<T: Table>(&self, column: &str) -> bool {
        self.has_table::<T>() && !self.lacks_column(&T::SCHEMA, column)
    }

    /// Whether the whole table is missing.
    pub fn lacks_table(&self, table: &Schema) -> bool {
        self.0.iter().any(|name| name == table.name)
    }

    /// Whether this column of a table that is there is missing.
    pub fn lacks_column(&self, table: &Schema, column: &str) -> bool {
        let is_it = |name: &String| {
            name.strip_prefix(table.name).and_then(|rest| rest.strip_prefix('.')) == Some(column)
        };
        self.0.iter().any(is_it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::{Project, Team, User, VirtualKey};

    #[test]
    fn a_store_lacks_what_its_shell_names_and_nothing_else() {
        let names = |names: &[&str]| Lacking::named(names.iter().map(|name| (*name).to_owned()).collect());
        let lacking =
            names(&["LiteLLM_VerificationToken.project_id", "LiteLLM_ProjectTable"]).expect("both optional");
        assert!(
            !lacking.has_column::<VirtualKey>("project_id")
                && lacking.has_column::<VirtualKey>("allowed_routes")
        );
        assert!(!lacking.has_table::<Project>() && lacking.has_table::<User>());
        assert!(lacking.has_column::<Team>("team_member_permissions"));
        assert_eq!(
            names(&["LiteLLM_VerificationToken.token"]),
            Err("LiteLLM_VerificationToken.token".to_owned())
        );
        assert_eq!(names(&["LiteLLM_UserTable"]), Err("LiteLLM_UserTable".to_owned()));
    }

    #[test]
    fn what_a_store_has_not_is_named_with_its_table() {
        let lacking = Lacking::of(|table, column| table.name != VirtualKey::NAME || column.is_none());
        assert!(lacking.names().contains(&"LiteLLM_VerificationToken.allowed_routes".to_owned()));
        assert!(
            !lacking.names().iter().any(|name| name.starts_with(Project::NAME)),
            "it has the whole table"
        );
    }
}
