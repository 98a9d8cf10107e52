//! Which channel is meant, and which could be.

use std::collections::BTreeMap;

use archwright_engine::Workspace;
use archwright_model::facts::ChannelRole;
use archwright_rules::prelude;
use rustc_hash::FxHashSet;

use super::{
    super::{Offer, OperationError, paths},
    ChannelPlace, ContractRequest,
};

/// The channels of features that have no contract yet.
pub(super) fn without_contract(workspace: &Workspace) -> Vec<Offer> {
    let all = || workspace.files().filter_map(|it| workspace.facts(it));
    let under_contract: FxHashSet<&str> = all()
        .flat_map(|it| &it.channels)
        .filter(|it| it.role == ChannelRole::Contract)
        .map(|it| it.name.text.as_str())
        .collect();
    let mut offers: BTreeMap<&str, Vec<Offer>> = BTreeMap::new();
    for facts in all().filter(|it| it.captures.feature.is_some()) {
        for terms in facts.asyncapi().into_iter().flat_map(|it| &it.terms.channels) {
            let name = terms.address.as_ref().unwrap_or(&terms.key).text.as_str();
            if !under_contract.contains(name) {
                offers.entry(name).or_default().push(Offer::of(name, &facts.path));
            }
        }
    }
    for same in offers.values_mut().filter(|it| it.len() > 1) {
        // Where several documents describe it, one has to be named.
        for it in same {
            it.with.insert("document", it.about.clone());
        }
    }
    offers.into_values().flatten().collect()
}

/// The document and the key of the channel that was asked for.
pub(super) fn place(workspace: &Workspace, request: &ContractRequest) -> Result<ChannelPlace, OperationError> {
    let named = request.document.as_deref().map(|it| paths::existing(workspace, it)).transpose()?;
    let wanted = request.channel.trim().trim_matches('`');
    let mut places = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    for facts in workspace.files().filter_map(|it| workspace.facts(it)) {
        let Some(asyncapi) = facts.asyncapi().filter(|_| named.as_ref().is_none_or(|it| *it == facts.path)) else {
            continue;
        };
        for terms in &asyncapi.terms.channels {
            let address = terms.address.as_ref().map(|it| it.text.as_str());
            if terms.key.text == wanted || address == Some(wanted) {
                places.push(ChannelPlace { document: facts.path.clone(), channel: terms.key.text.to_string() });
            }
            known.extend([Some(terms.key.text.as_str()), address].into_iter().flatten());
        }
    }
    match (places.len(), named) {
        (0, Some(document)) => Ok(ChannelPlace { document, channel: wanted.to_owned() }),
        (0, None) => Err(OperationError::UnknownChannel {
            channel: wanted.to_owned(),
            nearest: prelude::nearest(wanted, known).map(str::to_owned),
        }),
        (1, _) => Ok(places.swap_remove(0)),
        _ => Err(OperationError::SeveralDocuments {
            channel: wanted.to_owned(),
            documents: places.iter().map(|it| it.document.to_string()).collect(),
        }),
    }
}
