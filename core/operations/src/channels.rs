//! What the files of the workspace say of a channel.

use archwright_engine::Workspace;
use archwright_model::{
    Key, Kind,
    facts::{ChannelMention, FileFacts},
};

/// The contract of a channel.
pub(super) fn contract<'w>(workspace: &'w Workspace, channel: &str) -> Option<&'w FileFacts> {
    mentions(workspace, channel).into_iter().map(|it| it.0).find(|it| it.kind == Kind::Contract)
}

/// What files say of a channel.
pub(super) fn mentions<'w>(workspace: &'w Workspace, channel: &str) -> Vec<(&'w FileFacts, &'w ChannelMention)> {
    let files = workspace.index().contributors(&Key::Channel(channel.into()));
    let mut files: Vec<&FileFacts> = files.iter().filter_map(|it| workspace.facts(*it)).collect();
    files.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    let own = |it: &'w FileFacts| {
        it.channels.iter().filter(|mention| mention.name.text == channel).map(move |mention| (it, mention))
    };
    files.into_iter().flat_map(own).collect()
}
