//! Requests as the routes see them: which route one is for, its parameters, its headers and its body.

pub(crate) mod cors;
pub(crate) mod forwarding;
pub(crate) mod headers;
pub(crate) mod params;
pub(crate) mod request;
pub(crate) mod route;
pub(crate) mod routing;
