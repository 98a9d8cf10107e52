//! The operation `contract`: the contract, the payload's schema, the AsyncAPI document and the listing of a channel
//!

mod asked;
mod beside;
mod channel;
mod document;
mod feature;
mod payload;
mod request;
mod schema;
mod told;

use archwright_engine::Workspace;
use archwright_model::{RelPath, WorkspaceEdit, WorkspaceEditError};
use channel::Channel;

pub(crate) use beside::usual_format;
pub(crate) use channel::file_stem;

use super::{Argument, NextStep, Offer, Operation, OperationError, Plan};
pub use request::{ContractRequest, PayloadField, SchemaFormat};

/// Writes the contract, the schema and the AsyncAPI document of a channel, and lists them.
#[derive(Clone, Copy, Debug)]
pub struct Contract;

impl Operation for Contract {
    type Request = ContractRequest;

    const NAME: &'static str = "contract";
    const TITLE: &'static str = "Write the contract of a channel";
    const ABOUT: &'static str = "Writes the event contract of a channel (Kafka topic, queue): `contracts/<channel>.md` \
        with owner, compatibility, ordering key, retention and dead letters, the payload's schema, the AsyncAPI \
        document, and the entry in the feature's README. Takes what AsyncAPI document and design say; where they say \
        nothing give `fields` and the rest: what is left out becomes `[TBD: question]`. Text that is there stays.";
    const SEARCHED: &'static str = "event schema, Kafka topic, AsyncAPI, Avro";
    const WRITES: bool = true;
    const REQUIRED: &'static [&'static str] = &["channel", "fields[].name"];
    const ARGUMENTS: &'static [Argument] = &[Argument {
        name: "channel",
        ask: "The channel that a design or an AsyncAPI document of a feature names",
        example: "orders.placed.v1",
        optional: false,
        list: false,
        offered: true,
    }];

    fn offers(workspace: &Workspace, argument: &str) -> Vec<Offer> {
        if argument == "channel" { asked::without_contract(workspace) } else { Vec::new() }
    }

    fn plan(workspace: &mut Workspace, request: &ContractRequest) -> Result<Plan, OperationError> {
        let mut request = super::plain::request(request, &["example"]);
        request.channel = super::plain::name(&request.channel);
        let request = &request;
        if request.channel.trim().is_empty() {
            return Err(OperationError::Missing("channel"));
        }
        request::validate(request)?;
        // A document that is not there yet is written first, and the contract after it.
        let (place, document, mut notes) = match asked::place(workspace, request) {
            Ok(place) => {
                let notes = told::unplaced(workspace, request, &place);
                (place, WorkspaceEdit::default(), notes)
            }
            Err(error) => document::compose(workspace, request, error)?,
        };
        let (contract, differences, path) = workspace.what_if(&document, |after| {
            let channel = Channel::find(after, &place, request)?;
            let (edit, differences) = channel.compose()?;
            Ok::<_, ContractError>((edit, differences.notes(after), channel.path.clone()))
        })??;
        notes.extend(differences.notes);
        let edit = document.merge(contract)?;
        let settle = (differences.count > 0).then_some(NextStep::SettleDifferences { count: differences.count });
        let mut plan = Plan::of(workspace, edit, vec![path])?;
        plan.notes = notes;
        Ok(plan.then(settle))
    }
}

/// A channel of an AsyncAPI document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelPlace {
    /// The AsyncAPI document, in the folder of a feature.
    pub document: RelPath,
    /// The key of the channel under `channels`.
    pub channel: String,
}

/// Why there is no contract to write.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// The file is no AsyncAPI document.
    #[error("{0} is no AsyncAPI document")]
    Document(RelPath),
    /// The layout does not say which feature the document belongs to.
    #[error(
        "{0} belongs to no feature: move it to the folder of a feature, such as docs/features/order-checkout/asyncapi"
    )]
    Feature(RelPath),
    /// The document has no such channel.
    #[error("{document} has no channel `{channel}`{}", nearest.as_ref().map_or_else(String::new, |it| format!("; did \
        you mean `{it}`?")))]
    Channel {
        /// The document.
        document: RelPath,
        /// What was asked for.
        channel: String,
        /// The name that comes closest.
        nearest: Option<String>,
    },
    /// No file can be called like the channel.
    #[error(
        "{document}: no file can be named after the channel `{channel}`; give it an address or a key with letters or \
        digits"
    )]
    Name {
        /// The document.
        document: RelPath,
        /// The channel.
        channel: String,
    },
    /// There is a contract already.
    #[error("{0} exists already")]
    Exists(RelPath),
    /// An existing file cannot take the listing.
    #[error(transparent)]
    Edit(#[from] WorkspaceEditError),
}

/// Plans the contract of a channel. It says what the AsyncAPI document and the feature's documents say; what they do
/// not say is a question. The schema of the payload is written beside it, unless there is one, and the feature's README
/// lists it.
///
/// # Errors
/// If there is no such channel, no feature for it, or a contract already.
pub fn contract(workspace: &Workspace, request: &ChannelPlace) -> Result<WorkspaceEdit, ContractError> {
    let given = ContractRequest::default();
    let channel = Channel::find(workspace, request, &given)?;
    if channel.exists {
        return Err(ContractError::Exists(channel.path.clone()));
    }
    Ok(channel.compose()?.0)
}

/// Whether [`contract`] would plan something, without planning it.
pub fn can_contract(workspace: &Workspace, request: &ChannelPlace) -> bool {
    Channel::find(workspace, request, &ContractRequest::default()).is_ok_and(|it| !it.exists)
}
