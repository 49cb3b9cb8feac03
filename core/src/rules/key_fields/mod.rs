//! What each field of a key is: where it is kept, whether it is an amount, what an operator may preset or bound, and when one
//! key has more of it than another. The rules that go through fields take them from this table.

mod exceeds;
mod held;
mod looser;
mod models;
mod table;

pub(crate) use exceeds::with_increase;
pub(crate) use held::{Held, INCREASE, Limits, SERVICE_ACCOUNT, increase, is_free, key_of};
pub(crate) use models::{foreign_to_team, handed_on as models_handed_on, is_left_to_team};
pub(crate) use table::KEY_FIELDS;

use crate::deviations::Hole;
use crate::settings::Settings;
use latchkey_contract::json::Json;
use latchkey_contract::tables::{Millis, VirtualKey};
use looser::{is_allowed_more, is_loosened, is_nothing};

/// Where a key keeps a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// In a column of its name.
    Column,
    /// In the column `expires`, which a request sets by `duration`.
    Expiry,
    /// In the key's free data.
    Metadata,
    /// Nowhere: it is of the request alone.
    Request,
}

/// Whether a field is an amount, which is finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Amount {
    No,
    One,
    /// One for each model, which is more than zero.
    ByModel,
}

/// When `default_key_generate_params` sets a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preset {
    /// Never.
    No,
    /// Where the request sets no value.
    WhenNull,
    /// Where the request sets none, or an empty one.
    WhenEmpty,
    /// Where the request sets no value, and only in strict.
    InStrict,
}

/// Whether the second key has more of a field than the first, which its owner may not give it.
type Loosened = fn(&VirtualKey, &VirtualKey, Millis) -> bool;

/// Whether a key has more of a field than the calling key hands on.
type Exceeds = fn(&Limits<'_>, &Held<'_>) -> bool;

/// What the calling key hands on of a field.
#[derive(Debug, Clone, Copy)]
enum HandedOn {
    /// As much as anybody likes; of a member of the free data what [`Member`] says.
    Anything,
    /// As much as it has: what is more is the same as for its owner.
    ItsOwn,
    /// As much as it has, compared in another way than for its owner.
    Unless(Exceeds),
}

/// What a member of the free data does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Free,
    /// It limits the key, and with more items or members it limits the key more.
    Limit,
    /// It limits the key to its items.
    Allowed,
    /// By this spending is booked: an owner takes none away, and a key hands them on where the operator wants them.
    Booked,
    /// It raises the key's budget for a time.
    Increase,
}

/// A field of a key, as a request names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyField {
    /// Its name.
    pub(crate) name: &'static str,
    /// Where it is kept.
    pub(crate) home: Home,
    /// When an operator's default counts.
    pub(crate) preset: Preset,
    /// The hole that is closed where only a proxy admin sets it.
    admins: Option<Hole>,
    amount: Amount,
    is_bounded: bool,
    has_names: bool,
    is_private: bool,
    loosened: Option<Loosened>,
    handed_on: HandedOn,
    member: Member,
}

const fn field(name: &'static str, home: Home) -> KeyField {
    KeyField {
        name,
        home,
        preset: Preset::No,
        admins: None,
        amount: Amount::No,
        is_bounded: false,
        has_names: false,
        is_private: false,
        loosened: None,
        handed_on: HandedOn::Anything,
        member: Member::Free,
    }
}

impl KeyField {
    const fn amount(self) -> Self {
        Self { amount: Amount::One, ..self }
    }

    const fn amounts_by_model(self) -> Self {
        Self { amount: Amount::ByModel, ..self }
    }

    /// Only a proxy admin sets it, where `hole` is closed.
    const fn for_admins(self, hole: Hole) -> Self {
        Self { admins: Some(hole), ..self }
    }

    /// An operator may bound it.
    const fn bounded(self) -> Self {
        Self { is_bounded: true, ..self }
    }

    const fn preset(self, preset: Preset) -> Self {
        Self { preset, ..self }
    }

    /// It is a list of names, or an object by name.
    const fn names(self) -> Self {
        Self { has_names: true, ..self }
    }

    /// A column that limits the key.
    const fn limit(self, loosened: Loosened) -> Self {
        Self { loosened: Some(loosened), handed_on: HandedOn::ItsOwn, ..self }
    }

    const fn hands_on(self, exceeds: Exceeds) -> Self {
        Self { handed_on: HandedOn::Unless(exceeds), ..self }
    }

    const fn hands_on_anything(self) -> Self {
        Self { handed_on: HandedOn::Anything, ..self }
    }

    /// A member of the free data that limits the key.
    const fn limits(self) -> Self {
        Self { member: Member::Limit, ..self }
    }

    /// One that limits the key to its items.
    const fn allows(self) -> Self {
        Self { member: Member::Allowed, ..self }
    }

    /// No form shows it: it holds credentials.
    const fn private(self) -> Self {
        Self { is_private: true, ..self }
    }

    const fn booked(self) -> Self {
        Self { member: Member::Booked, ..self }
    }

    const fn increases(self) -> Self {
        Self { member: Member::Increase, ..self }
    }

    /// The column or the member of the free data that keeps it; nothing where no key does.
    pub(crate) fn stored(&self) -> Option<&'static str> {
        match self.home {
            Home::Column | Home::Metadata => Some(self.name),
            Home::Expiry => Some("expires"),
            Home::Request => None,
        }
    }

    /// Whether only a proxy admin sets it.
    pub(crate) fn is_for_admins(&self, settings: &Settings) -> bool {
        self.admins.is_some_and(|hole| settings.closes(hole))
    }

    /// Whether `new` has more of it than `old`, which the owner of the key may not give it.
    pub(crate) fn is_loosened(&self, old: &VirtualKey, new: &VirtualKey, now: Millis) -> bool {
        self.loosened.is_some_and(|is_loosened| is_loosened(old, new, now))
    }

    /// The same of two keys' free data.
    pub(crate) fn is_member_loosened(&self, old: &Json, new: &Json) -> bool {
        let (old, new) = (old.get(self.name), new.get(self.name));
        match (self.member, old, new) {
            (Member::Free, ..) | (_, None, None) => false,
            (Member::Increase, None, Some(_)) => true,
            (_, None, Some(_)) => false,
            (Member::Allowed, Some(old), new) => is_allowed_more(old, new.unwrap_or(&Json::Null)),
            (_, Some(old), None) => self.name == SERVICE_ACCOUNT || !is_nothing(old),
            (_, Some(old), Some(new)) => is_loosened(old, new),
        }
    }

    /// Whether `other` has more of it than the calling key hands on.
    pub(crate) fn exceeds(&self, own: &Limits<'_>, other: &Held<'_>) -> bool {
        match self.handed_on {
            HandedOn::ItsOwn => self.is_loosened(&own.held.key, &other.key, own.now),
            HandedOn::Unless(exceeds) => exceeds(own, other),
            HandedOn::Anything => match self.member {
                Member::Free | Member::Increase => false,
                Member::Booked => exceeds::are_tags_required(own) && self.is_lost(own, other),
                Member::Allowed => is_allowed_more(own.held.member(self.name), other.member(self.name)),
                Member::Limit if self.name == SERVICE_ACCOUNT => exceeds::service_account(own, other),
                Member::Limit => self.is_lost(own, other),
            },
        }
    }

    /// Whether the free data of `other` lacks some of what that of the calling key has.
    fn is_lost(&self, own: &Limits<'_>, other: &Held<'_>) -> bool {
        is_loosened(own.held.member(self.name), other.member(self.name))
    }

    /// Whether a form learns what the calling key has of it. Only proxy admins set a configuration.
    pub(crate) fn is_shown(&self) -> bool {
        let binds = matches!(self.member, Member::Limit | Member::Allowed | Member::Booked);
        !self.is_private && binds || !(matches!(self.handed_on, HandedOn::Anything) || self.name == "config")
    }
}

/// The field called `name`.
pub(crate) fn named(name: &str) -> Option<&'static KeyField> {
    KEY_FIELDS.iter().find(|field| field.name == name)
}

/// Whether the field called `name` is kept in the free data.
pub(crate) fn is_in_metadata(name: &str) -> bool {
    named(name).is_some_and(|field| field.home == Home::Metadata)
}

/// Whether no key keeps the field called `name`.
pub(crate) fn is_of_the_request(name: &str) -> bool {
    named(name).is_some_and(|field| field.home == Home::Request)
}

/// The amounts and limits that are one number.
pub(crate) fn amounts() -> impl Iterator<Item = &'static str> {
    names(|field| field.amount == Amount::One)
}

/// The limits by model.
pub(crate) fn amounts_by_model() -> impl Iterator<Item = &'static str> {
    names(|field| field.amount == Amount::ByModel)
}

/// What `upperbound_key_generate_params` bounds.
pub(crate) fn bounded() -> impl Iterator<Item = &'static str> {
    names(|field| field.is_bounded)
}

/// What `default_key_generate_params` presets in strict.
pub(crate) fn preset() -> impl Iterator<Item = &'static str> {
    names(|field| field.preset != Preset::No)
}

/// Members of the free data that are lists of names, or objects by name.
pub(crate) fn with_names() -> impl Iterator<Item = &'static str> {
    names(|field| field.has_names)
}

fn names(is_meant: fn(&KeyField) -> bool) -> impl Iterator<Item = &'static str> {
    KEY_FIELDS.iter().filter(move |field| is_meant(field)).map(|field| field.name)
}

/// Every field of which `other` has more than the calling key hands on.
pub(crate) fn exceeded(own: &Limits<'_>, other: &Held<'_>) -> Vec<&'static KeyField> {
    KEY_FIELDS.iter().filter(|field| field.exceeds(own, other)).collect()
}

#[cfg(test)]
mod tests;
