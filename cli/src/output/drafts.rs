//! What `init` drafts from code, for people.

use std::io::{self, Write};

use archwright_analysis::{
    RelPath, Workspace,
    operations::{DraftEnd, DraftState, DraftedChannel, Drafts},
};

use super::{count, diff, escape::visible, relative_to_cwd};
use crate::commands::CommandError;

/// So many places are shown of a channel.
const MOST_ENDS: usize = 6;

/// Prints the change as a diff.
///
/// # Errors
/// If the files are not as the drafts know them, or the output cannot be written.
pub fn write_diff(out: &mut impl Write, workspace: &Workspace, drafts: &Drafts) -> Result<(), CommandError> {
    let text = |path: &RelPath| workspace.file(path).and_then(|it| workspace.text(it)).map(|it| it.to_string());
    for file in drafts.edit.preview(text)? {
        diff::write(out, &file, &|it| shown(workspace, it))?;
    }
    writeln!(out)?;
    Ok(())
}

/// Prints each channel with what is drafted for it, where code sends and receives, and the files.
///
/// # Errors
/// If the output cannot be written.
pub fn write_text(out: &mut impl Write, workspace: &Workspace, drafts: &Drafts) -> io::Result<()> {
    for channel in &drafts.channels {
        write_channel(out, workspace, channel)?;
    }
    let of = |state: DraftState| drafts.channels.iter().filter(|it| it.state == state).count();
    let states = [DraftState::New, DraftState::Update, DraftState::Unchanged, DraftState::Investigate];
    let counted: Vec<String> =
        states.iter().filter(|it| of(**it) > 0).map(|it| format!("{} {}", of(*it), it.name())).collect();
    let counted = if counted.is_empty() { "none with a known name".to_owned() } else { counted.join(", ") };
    let files = drafts.edit.creates.len() + drafts.edit.texts.len();
    writeln!(
        out,
        "\nChannels of the code: {counted}. {}, {} to answer; {} of code read.",
        count(files, "file"),
        count(drafts.questions.len(), "question"),
        count(drafts.files, "file"),
    )?;
    if drafts.unnamed > 0 {
        let places = count(drafts.unnamed, "place");
        writeln!(
            out,
            "Left out: {places} of sends and receives whose channel code does not name, or not as the broker does; \
             `archwright scan` lists them."
        )?;
    }
    if !drafts.not_read.is_empty() {
        writeln!(out, "Not read: {} of code; `archwright scan` says why.", count(drafts.not_read.len(), "file"))?;
    }
    Ok(())
}

fn write_channel(out: &mut impl Write, workspace: &Workspace, channel: &DraftedChannel) -> io::Result<()> {
    writeln!(out, "{:11}  {}", channel.state.name(), visible(&channel.channel))?;
    for why in &channel.why {
        writeln!(out, "             {}", visible(why))?;
    }
    let end = |it: &DraftEnd| {
        let does = if it.sends { "sends" } else { "receives" };
        format!("{} {does}  {}:{}", it.service, shown(workspace, &it.at.file), it.at.line)
    };
    for it in channel.ends.iter().take(MOST_ENDS) {
        writeln!(out, "             {}", visible(&end(it)))?;
    }
    if channel.ends.len() > MOST_ENDS {
        writeln!(out, "             and {} more", channel.ends.len() - MOST_ENDS)?;
    }
    for it in &channel.types {
        let place = format!("{}:{}", shown(workspace, &it.file), it.line);
        writeln!(out, "             fields from  {}", visible(&place))?;
    }
    for file in &channel.files {
        writeln!(out, "             -> {}", visible(&shown(workspace, &file.path)))?;
    }
    Ok(())
}

fn shown(workspace: &Workspace, path: &RelPath) -> String {
    relative_to_cwd(&workspace.root().join(path.as_str()))
}
