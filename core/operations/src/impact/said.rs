//! Who sends and receives on which channel, as documents say it.

use archwright_model::RelPath;
use archwright_scan::Action;
use archwright_syntax::Span;
use smol_str::SmolStr;

use super::super::ReviewPlace;

/// What says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// A contract, which names all of them.
    Contract,
    /// A channel of an AsyncAPI document, which names all of them.
    Listed,
    /// The AsyncAPI document of a service.
    AsyncApi,
    /// The README of a feature.
    Readme,
}

/// That a service sends to a channel or receives from it.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// The channel.
    pub channel: SmolStr,
    /// Which way messages go, seen from the service.
    pub action: Action,
    /// The service, as the document names it.
    pub party: SmolStr,
    /// Where.
    pub at: ReviewPlace,
    /// What says it.
    pub speaker: Speaker,
    /// Where the document speaks of the channel; all of it if nothing is given.
    pub scope: Vec<Span>,
}

impl Speaker {
    /// Whether whoever is not named is told not to be there.
    pub(crate) fn names_all(self) -> bool {
        matches!(self, Self::Contract | Self::Listed)
    }
}

impl Said {
    /// The file that says it.
    pub(crate) fn file(&self) -> &RelPath {
        &self.at.file
    }
}
