//! A send or receive as it stands in a function, before the names of its channels are settled.

use super::index::Id;
use super::values::Value;
use super::{Channel, Resolution};
use crate::Action;
use crate::facts::Library;

/// A send or receive as it stands in a function.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) library: &'static Library,
    pub(super) action: Action,
    pub(super) channels: Vec<Value>,
    /// The values of the next place, for callers that leave the first one empty, as AMQP has key and exchange.
    pub(super) fallback: Vec<Value>,
    pub(super) messages: Vec<Value>,
    /// The group that receives, if it is known.
    pub(super) group: Option<Channel>,
    /// Counts from 1.
    pub(super) line: u32,
    /// The type in whose method it is done, where a method of a type above calls that one.
    pub(super) within: Option<Id>,
    /// An answer is waited for.
    pub(super) asks: bool,
}

impl Found {
    /// One of a library at a line, on some channels; unknown ones, if there are none.
    pub(super) fn new(library: &'static Library, action: Action, line: u32, channels: Vec<Value>) -> Self {
        let unknown = || Value::Known(Channel { name: "?".into(), resolution: Resolution::Unresolved });
        Self {
            library,
            action,
            channels: if channels.is_empty() { vec![unknown()] } else { channels },
            fallback: Vec::new(),
            messages: Vec::new(),
            group: None,
            line,
            within: None,
            asks: false,
        }
    }
}
