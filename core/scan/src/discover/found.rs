//! A send or receive as it stands in a function, before the names of its channels are settled.

use smol_str::SmolStr;

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
    /// What it rests on, where the library is a package of another repository.
    pub(super) outside: Option<Outside>,
}

/// A package of another repository that stands around a client, as far as its name and the project tell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Outside {
    /// The module that is imported.
    pub(super) module: SmolStr,
    /// The file that says that the project has a broker or a client.
    pub(super) said_by: SmolStr,
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
            outside: None,
        }
    }
}

/// The queue of an address of SQS, which ends with its name; what stands before that need not be known.
pub(super) fn queue_at(channel: Channel) -> Channel {
    let Some((host, path)) = channel.name.split_once("://").and_then(|it| it.1.split_once('/')) else { return channel };
    let Some((account, queue)) = path.split_once('/') else { return channel };
    let is_account = account.len() == 12 && account.chars().all(|it| it.is_ascii_digit());
    if channel.resolution == Resolution::Unresolved
        || !(host.starts_with("sqs.") || is_account)
        || queue.is_empty()
        || queue.contains('/')
        || queue == "{}"
    {
        return channel;
    }
    let is_known = channel.resolution == Resolution::Template && !queue.contains("{}");
    let resolution = if is_known { Resolution::Constant } else { channel.resolution };
    Channel { name: queue.into(), resolution }
}
