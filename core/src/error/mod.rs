//! Refusals: why a request is not carried out, and how the answer reads on the wire.

mod code;
pub(crate) mod messages;
mod misfit;

pub use code::Code;
pub(crate) use misfit::row_misfit;

use latchkey_contract::dict;
use latchkey_contract::json::{Json, repr};
use latchkey_contract::wire::Write;

/// The `type` member of LiteLLM's errors (its `ProxyErrorTypes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The caller may not, or is not known.
    AuthError,
    /// LiteLLM's catch-all of the key endpoints, whatever the status.
    InternalServerError,
    /// The request is at fault.
    BadRequestError,
    /// The request is at fault, as LiteLLM says it since 1.109.
    InvalidRequestError,
    /// The object does not exist.
    NotFoundError,
    /// The caller's key has expired.
    ExpiredKey,
    /// The caller's budget is spent.
    BudgetExceeded,
    /// The caller's key may not call the model.
    KeyModelAccessDenied,
    /// The caller's team may not call the model.
    TeamModelAccessDenied,
    /// The caller's team does not permit it to its members.
    TeamMemberPermissionError,
}

impl Kind {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthError => "auth_error",
            Self::InternalServerError => "internal_server_error",
            Self::BadRequestError => "bad_request_error",
            Self::InvalidRequestError => "invalid_request_error",
            Self::NotFoundError => "not_found_error",
            Self::ExpiredKey => "expired_key",
            Self::BudgetExceeded => "budget_exceeded",
            Self::KeyModelAccessDenied => "key_model_access_denied",
            Self::TeamModelAccessDenied => "team_model_access_denied",
            Self::TeamMemberPermissionError => "team_member_permission_error",
        }
    }
}

/// How a refusal is wrapped, which in the reference depends on who raised what.
#[derive(Debug, Clone, PartialEq)]
pub enum Envelope {
    /// `{"error": {"message", "type", "param", "code"}}`
    Error {
        /// The error's type.
        kind: Kind,
        /// The parameter at fault; LiteLLM writes the text `None` where it knows none.
        param: Json,
    },
    /// `{"detail": message}`: FastAPI's own errors, and endpoints that do not wrap.
    Detail,
    /// Raised as a plain exception by the reference; not yet wrapped, and on the wire as [`Envelope::Detail`].
    Raised,
}

/// A request that is not carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The machine code.
    pub code: Code,
    /// The HTTP status, 4xx.
    pub status: u16,
    /// A text, or the object LiteLLM puts in its place.
    pub message: Json,
    /// The form on the wire.
    pub envelope: Envelope,
    /// The request's field at fault, for forms.
    pub field: Option<String>,
    /// What else the same rule objects to, for forms; the server answers with the first alone.
    pub more: Vec<Self>,
    /// What the reference leaves stored although it refuses; always empty in profile strict.
    pub left_behind: Vec<Write>,
}

impl Refusal {
    /// What the reference raises as an HTTPException: the operation wraps it with [`Refusal::wrapped`].
    pub fn http(code: Code, status: u16, message: impl Into<Json>) -> Self {
        Self {
            code,
            status,
            message: message.into(),
            envelope: Envelope::Detail,
            field: None,
            more: Vec::new(),
            left_behind: Vec::new(),
        }
    }

    /// What the reference raises as another exception: a refusal with status 400 here, where it answers 500.
    pub fn raised(code: Code, message: impl Into<Json>) -> Self {
        Self { envelope: Envelope::Raised, ..Self::http(code, 400, message) }
    }

    /// An error in its final form.
    pub fn error(
        code: Code,
        status: u16,
        kind: Kind,
        param: impl Into<Json>,
        message: impl Into<Json>,
    ) -> Self {
        let envelope = Envelope::Error { kind, param: param.into() };
        Self { envelope, ..Self::http(code, status, message) }
    }

    /// Names the request's field at fault.
    #[must_use]
    pub fn on(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// One refusal for all objections of a rule, if there are any.
    pub fn all(objections: impl IntoIterator<Item = Self>) -> Result<(), Self> {
        let mut objections = objections.into_iter();
        Self::all_of(&mut || objections.next())
    }

    /// The same, once for all kinds of iterators.
    fn all_of(next: &mut dyn FnMut() -> Option<Self>) -> Result<(), Self> {
        let Some(first) = next() else { return Ok(()) };
        Err(Self { more: std::iter::from_fn(next).collect(), ..first })
    }

    /// Wraps what is not wrapped yet, as the reference's endpoint does; `prefix` goes before the text of a plain
    /// exception. So is what else the rule objects to.
    #[must_use]
    pub fn wrapped(mut self, kind: Kind, prefix: &str) -> Self {
        self.more = self.more.into_iter().map(|refusal| refusal.wrapped(kind, prefix)).collect();
        match self.envelope {
            Envelope::Error { .. } => return self,
            Envelope::Raised => {
                self.message = format!("{prefix}{}", latchkey_contract::json::str_of(&self.message)).into();
            }
            Envelope::Detail => {}
        }
        self.envelope = Envelope::Error { kind, param: "None".into() };
        self
    }

    /// Says `null` where release 1.60.8 says that the parameter is `None`.
    pub(crate) fn name_no_parameter(&mut self) {
        match &mut self.envelope {
            Envelope::Error { param, .. } if param.as_str() == Some("None") => *param = Json::Null,
            Envelope::Error { .. } | Envelope::Detail | Envelope::Raised => {}
        }
    }

    /// Wraps what is not wrapped yet in an error whose type fits its status, and whose parameter is the field at fault. So
    /// is what else the rule objects to.
    #[must_use]
    pub fn fitting(mut self) -> Self {
        self.more = self.more.into_iter().map(Self::fitting).collect();
        if matches!(self.envelope, Envelope::Detail | Envelope::Raised) {
            let kind = match self.status {
                401 | 403 => Kind::AuthError,
                404 => Kind::NotFoundError,
                _ => Kind::BadRequestError,
            };
            self.envelope = Envelope::Error { kind, param: self.field.clone().into() };
            // clients show a message, which is a text
            if self.message.as_dict().is_some() {
                self.message = repr(&self.message).into();
            }
        }
        self
    }

    /// The name of the parameter at fault, if it is known.
    pub const fn param(&self) -> Option<&Json> {
        match &self.envelope {
            Envelope::Error { param, .. } => Some(param),
            Envelope::Detail | Envelope::Raised => None,
        }
    }

    /// The body of the answer.
    pub fn body(&self) -> Json {
        match &self.envelope {
            Envelope::Error { kind, param } => dict! {
                "error" => dict! {
                    "message" => self.message.clone(),
                    "type" => kind.as_str(),
                    "param" => param.clone(),
                    "code" => self.status.to_string(),
                }
            },
            Envelope::Detail | Envelope::Raised => dict! { "detail" => self.message.clone() },
        }
    }
}
