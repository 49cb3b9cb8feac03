//! What a route is: where it is found, who may come in, what runs, and how it is described.

use crate::caller::{Caller, Role};
use crate::context::{Context, Halt, Outcome};
use crate::deviations::Hole;
use crate::http::request::Request;
use crate::settings::Settings;
use crate::types::{Kind, Value};
use latchkey_contract::wire::CallerRows;

/// One operation under one method and path, and its description.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// The HTTP method.
    pub method: &'static str,
    /// The path; `{name}` stands for one segment, `{name:path}` for any text, even none.
    pub path: &'static str,
    /// The operation's name: the route with underscores.
    pub operation: &'static str,
    /// Who may come in.
    pub access: Access,
    /// Whether profile strict alone has it.
    pub strict_only: bool,
    /// The operation.
    pub run: Run,
    /// Asks, before it is known who calls, for what the operation will need to know.
    pub foresee: Foresee,
    /// Asks what the operation needs to know of who calls.
    pub ask_of: AskOf,
    /// What it does.
    pub about: &'static str,
    /// The body it reads; FastAPI reads none for the others, whatever was sent.
    pub body: Option<RequestBody>,
    /// The query parameters it knows.
    pub query: &'static [Param],
    /// The query parameters it knows in profile strict besides.
    pub strict_query: &'static [Param],
    /// What it answers.
    pub reply: Kind,
    /// Whether it may answer `null` instead.
    pub reply_may_be_null: bool,
    /// The media type of the answer.
    pub media: &'static str,
    /// Whether it writes, so that others may get in its way.
    pub changes: bool,
    /// Statuses of its refusals beyond those that all of its kind have.
    pub refusals: &'static [u16],
}

/// The body of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestBody {
    /// Its model.
    pub kind: Kind,
    /// Whether it may be left out, or be `null`.
    pub optional: bool,
    /// A text this operation needs, though the model does not.
    pub needs: Option<&'static str>,
    /// A body that could be sent, as JSON.
    pub example: &'static str,
}

/// A query parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The least and the greatest number.
    pub bounds: Option<(i64, Option<i64>)>,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub about: &'static str,
}

/// The function of an operation.
pub(crate) type Run = fn(&Context<'_>, &Caller, &Request) -> Result<Outcome, Halt>;

/// Notes queries that the operation will ask, as far as the request tells them.
pub(crate) type Foresee = fn(&Context<'_>, &Request);

/// Asks what the operation needs to know of the holder of a key, who has this role, before the body is read: without it the
/// body would be read for nothing.
pub(crate) type AskOf = fn(&Context<'_>, &mut Request, &CallerRows, Role) -> Result<(), Halt>;

/// Who may call a route at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everyone, without a key.
    Public,
    /// Holders of a key whose role allows the route.
    Key,
}

/// A route that does not say yet what it does; [`Undescribed::answers`] makes it whole.
pub(crate) struct Undescribed {
    method: &'static str,
    path: &'static str,
    operation: &'static str,
    access: Access,
    run: Run,
}

impl Undescribed {
    /// Says what the operation does and what it answers.
    pub(crate) const fn answers(self, about: &'static str, reply: Kind) -> Route {
        let Self { method, path, operation, access, run } = self;
        Route {
            method,
            path,
            operation,
            access,
            strict_only: false,
            run,
            foresee: |_, _| {},
            ask_of: |_, _, _, _| Ok(()),
            about,
            body: None,
            query: &[],
            strict_query: &[],
            reply,
            reply_may_be_null: false,
            media: "application/json",
            changes: false,
            refusals: &[],
        }
    }
}

impl Param {
    pub(crate) const fn text(name: &'static str, about: &'static str) -> Self {
        Self { name, kind: Kind::Text, bounds: None, required: false, about }
    }

    /// One of these words.
    pub(crate) const fn choice(
        words: &'static [&'static str],
        name: &'static str,
        about: &'static str,
    ) -> Self {
        Self { kind: Kind::Choice(words), ..Self::text(name, about) }
    }

    pub(crate) const fn of<T: Value>(name: &'static str, about: &'static str) -> Self {
        Self { kind: T::KIND, ..Self::text(name, about) }
    }

    pub(crate) const fn integer(
        name: &'static str,
        least: i64,
        most: Option<i64>,
        about: &'static str,
    ) -> Self {
        Self { kind: Kind::Integer, bounds: Some((least, most)), ..Self::text(name, about) }
    }

    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// What every route that changes something knows in profile strict.
pub(crate) const DRY_RUN: Param =
    Param::of::<bool>("dry_run", "answers with the verdict instead, and changes nothing");

impl Route {
    pub(crate) const fn get(path: &'static str, operation: &'static str, run: Run) -> Undescribed {
        Undescribed { method: "GET", path, operation, access: Access::Key, run }
    }

    pub(crate) const fn post(path: &'static str, operation: &'static str, run: Run) -> Undescribed {
        Undescribed { method: "POST", path, operation, access: Access::Key, run }
    }

    pub(crate) const fn patch(path: &'static str, operation: &'static str, run: Run) -> Undescribed {
        Undescribed { method: "PATCH", path, operation, access: Access::Key, run }
    }

    pub(crate) const fn delete(path: &'static str, operation: &'static str, run: Run) -> Undescribed {
        Undescribed { method: "DELETE", path, operation, access: Access::Key, run }
    }

    pub(crate) const fn public(path: &'static str, operation: &'static str, run: Run) -> Undescribed {
        Undescribed { method: "GET", path, operation, access: Access::Public, run }
    }

    /// Reads a body of this model.
    pub(crate) const fn takes<M: Value>(self, example: &'static str) -> Self {
        Self { body: Some(RequestBody { kind: M::KIND, optional: false, needs: None, example }), ..self }
    }

    /// The body must have this text, which its model leaves open.
    pub(crate) const fn needs(self, field: &'static str) -> Self {
        let body = match self.body {
            Some(body) => Some(RequestBody { needs: Some(field), ..body }),
            None => None,
        };
        Self { body, ..self }
    }

    /// The body may be left out.
    pub(crate) const fn or_no_body(self) -> Self {
        let body = match self.body {
            Some(body) => Some(RequestBody { optional: true, ..body }),
            None => None,
        };
        Self { body, ..self }
    }

    /// Is not the reference's: profile strict alone has it.
    pub(crate) const fn strict_only(self) -> Self {
        Self { strict_only: true, ..self }
    }

    /// Knows these query parameters.
    pub(crate) const fn asks(self, query: &'static [Param]) -> Self {
        Self { query, ..self }
    }

    /// Knows these query parameters, too, in profile strict.
    pub(crate) const fn asks_in_strict(self, strict_query: &'static [Param]) -> Self {
        Self { strict_query, ..self }
    }

    /// Asks at once, together with the caller, for what the request tells that it will need.
    pub(crate) const fn foresees(self, foresee: Foresee) -> Self {
        Self { foresee, ..self }
    }

    /// Adds what the operation asks of its caller before the body is read.
    pub(crate) const fn asks_of(self, ask_of: AskOf) -> Self {
        Self { ask_of, ..self }
    }

    /// Writes.
    pub(crate) const fn changes(self) -> Self {
        Self { changes: true, ..self }
    }

    /// May answer `null`.
    pub(crate) const fn or_null(self) -> Self {
        Self { reply_may_be_null: true, ..self }
    }

    /// Answers in another media type than JSON.
    pub(crate) const fn as_media(self, media: &'static str) -> Self {
        Self { media, ..self }
    }

    /// Refuses with these statuses, too.
    pub(crate) const fn refuses(self, refusals: &'static [u16]) -> Self {
        Self { refusals, ..self }
    }

    /// Whether the profile has it.
    pub(crate) const fn exists(&self, settings: &Settings) -> bool {
        settings.profile.has_own_routes() || !self.strict_only
    }

    /// Whether the route takes requests of this method. In strict what may be got may be asked for its head alone.
    pub(crate) fn answers_to(&self, method: &str, settings: &Settings) -> bool {
        let is_head = method == "HEAD" && self.method == "GET";
        method == self.method || (is_head && settings.closes(Hole::heads_are_answered))
    }

    /// The path parameter, if `path` is one of this route's. No parameter has line breaks.
    pub(crate) fn matches<'a>(&self, path: &'a str) -> Option<&'a str> {
        let Some((before, rest)) = self.path.split_once('{') else {
            return (self.path == path).then_some("");
        };
        let (name, after) = rest.split_once('}')?;
        let value = path.strip_prefix(before)?.strip_suffix(after)?;
        let fits = name.ends_with(":path") || (!value.is_empty() && !value.contains('/'));
        (fits && !value.contains('\n')).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: Run = |_, _, _| Ok(Outcome::default());

    #[test]
    fn a_path_parameter_may_hold_slashes_only_where_the_route_says_so() {
        let route = |path| Route::post(path, "x", RUN).answers("", Kind::Text);
        assert_eq!(route("/key/{key:path}/regenerate").matches("/key/a/b/regenerate"), Some("a/b"));
        assert_eq!(route("/key/{key}/regenerate").matches("/key/a/b/regenerate"), None);
        assert_eq!(route("/key/{key:path}/regenerate").matches("/key//regenerate"), Some(""));
        assert_eq!(route("/key/{key}/regenerate").matches("/key//regenerate"), None);
        assert_eq!(route("/key/{key:path}/regenerate").matches("/key/a\nb/regenerate"), None);
        assert_eq!(route("/key/{key:path}/regenerate").matches("/key/regenerate"), None);
        assert_eq!(route("/key/info").matches("/key/info"), Some(""));
    }
}
