//! Events that send several consumers to one database (H-028).

use std::collections::{BTreeMap, BTreeSet};

use archwright_model::RelPath;
use archwright_scan::discover::Discovery;

use super::{
    answer::{EventFlow, FlowFact, FlowHerd, FlowPlace, FlowRelation},
    names::Names,
};

/// The channels of which several receivers have one database in their settings, in the order of the channels.
pub(super) fn herds(flow: &EventFlow, found: &Discovery, names: &Names<'_>) -> Vec<FlowHerd> {
    let services: BTreeMap<&str, &str> = names.folders().map(|it| (it.1, it.0)).collect();
    let mut stores: BTreeMap<&str, Vec<FlowFact>> = BTreeMap::new();
    for it in &found.stores {
        let Some(service) = services.get(it.folder.as_str()) else { continue };
        let at = FlowPlace { what: "settings", file: RelPath::new(&it.path), line: it.line };
        let known = stores.entry(&it.name).or_default();
        if known.iter().all(|it| it.value != *service) {
            known.push(FlowFact { value: (*service).to_owned(), at });
        }
    }
    stores.retain(|_, it| it.len() > 1);
    let mut herds = Vec::new();
    for channel in flow.channels.iter().filter(|it| !it.is_dead_letters && !stores.is_empty()) {
        let receivers = flow.arrows_of(&channel.name, FlowRelation::Receives).iter();
        let receivers: BTreeSet<&str> = receivers.map(|it| it.service.as_str()).collect();
        for (store, all) in &stores {
            let services: Vec<FlowFact> =
                all.iter().filter(|it| receivers.contains(it.value.as_str())).cloned().collect();
            if services.len() > 1 {
                herds.push(FlowHerd { channel: channel.name.clone(), store: (*store).to_owned(), services });
            }
        }
    }
    herds
}
