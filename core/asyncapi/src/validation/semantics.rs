//! Semantics: what the specification says in words, across the parts of a document.

use archwright_syntax::data::Node;

use super::{Check, Documents, Sink};

/// The checks made here.
pub(super) static CHECKS: &[Check] = &[];

pub(super) fn check(_root: Node<'_>, _documents: &dyn Documents, _sink: &mut Sink) {}
