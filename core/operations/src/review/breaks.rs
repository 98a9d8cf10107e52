//! Fields that messages lose: renames are told as such, and so is the code of consumers that still reads the old name.

use archwright_engine::Workspace;
use archwright_model::{
    Kind, RelPath, Severity,
    conventions::role::Role,
    facts::{ByRole, ChannelRole},
};
use archwright_schema::Field;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{
    super::readers,
    change::{Diff, FileChange},
    reviewed::{ReviewFinding, ReviewPlace},
    tokens::line_of,
};

/// So many readers are named.
const MAX_READERS: usize = 4;

/// The code of the finding.
pub(super) const LOST_FIELD: &str = "review/lost-field";

/// The rule that compares schemas with what they were.
pub(super) const INCOMPATIBLE: &str = "schema/incompatible-change";

/// What became of a field.
struct Loss<'a> {
    old: &'a Field,
    /// The field that has its place now.
    new: Option<&'a Field>,
}

/// Adds the fields that are lost and matter to somebody, and takes out what the rules say of the same.
pub(super) fn add_lost_fields(workspace: &Workspace, diff: &Diff, findings: &mut Vec<ReviewFinding>) {
    for file in &diff.files {
        let (Some(before), Some(after)) = (&file.before, &file.after) else { continue };
        let (Some(old), Some(new)) = (before.facts.schema(), after.facts.schema()) else { continue };
        let Some(channel) = after.facts.captures.channel.clone() else { continue };
        if !(old.complete && new.complete && old.shape.is_whole && new.shape.is_whole) {
            continue;
        }
        let losses = losses(&old.shape.fields, &new.shape.fields);
        let readers_of = |loss: &Loss<'_>| readers(workspace, file, &channel, &loss.old.name.text);
        for loss in losses {
            let readers = readers_of(&loss);
            if readers.is_empty() && (loss.new.is_none() || !loss.old.required) {
                continue;
            }
            let at = loss.new.map_or_else(|| nearest(&loss, &new.shape.fields), |it| it.name.span.start);
            let line = line_of(&after.text, at as usize);
            let mut finding = ReviewFinding::at(LOST_FIELD, &file.path, line, message(&loss, &channel, &readers));
            finding.severity = Severity::Error;
            finding.against = promises(workspace, &channel);
            finding.advice = Some(advice(&loss));
            if let Some(new) = loss.new {
                let name = format!("`{}`", new.name.text);
                let quoted = format!("`\"{}\"`", new.name.text);
                let is_same = |it: &ReviewFinding| {
                    it.code == INCOMPATIBLE
                        && it.file == file.path
                        && (it.message.contains(&name) || it.message.contains(&quoted))
                };
                findings.retain(|it| !is_same(it));
            }
            findings.push(finding);
        }
    }
}

/// The fields that are gone, with the one that each became: where just one went and one of its type came.
fn losses<'a>(old: &'a [Field], new: &'a [Field]) -> Vec<Loss<'a>> {
    let has = |fields: &[Field], path: &str| fields.iter().any(|it| it.path == path);
    let parent = |it: &Field| it.path.rsplit_once('.').map_or("", |it| it.0).to_owned();
    let gone: Vec<&Field> = old.iter().filter(|it| !has(new, &it.path)).collect();
    let came: Vec<&Field> = new.iter().filter(|it| !has(old, &it.path)).collect();
    let is_below = |it: &Field| gone.iter().any(|other| it.path.starts_with(&format!("{}.", other.path)));
    let mut losses = Vec::new();
    for field in gone.iter().filter(|it| !is_below(it)) {
        let alike = |it: &&&Field| parent(it) == parent(field) && it.ty == field.ty && it.required == field.required;
        let others: Vec<&&Field> = came.iter().filter(alike).collect();
        let rivals = gone.iter().filter(alike).count();
        let became = if rivals == 1 { others.as_slice() } else { &[] };
        losses.push(Loss { old: field, new: if let [only] = became { Some(**only) } else { None } });
    }
    losses
}

/// The beginning of the field that stands where one is gone.
fn nearest(loss: &Loss<'_>, fields: &[Field]) -> u32 {
    fields.iter().map(|it| it.name.span.start).filter(|it| *it <= loss.old.name.span.start).max().unwrap_or(0)
}

fn message(loss: &Loss<'_>, channel: &str, readers: &[ReviewPlace]) -> String {
    let need = if loss.old.required { "required" } else { "optional" };
    let mut text = match loss.new {
        Some(new) => format!("The {need} field `{}` of {channel} is now called `{}`", loss.old.path, new.path),
        None => format!("The {need} field `{}` of {channel} is gone", loss.old.path),
    };
    if !readers.is_empty() {
        let shown: Vec<String> =
            readers.iter().take(MAX_READERS).map(|it| format!("{}:{}", it.file, it.line)).collect();
        let more = readers.len().saturating_sub(MAX_READERS);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        text.push_str(&format!(" and still read at {}{more}", shown.join(", ")));
    }
    text.push('.');
    text
}

fn advice(loss: &Loss<'_>) -> String {
    match loss.new {
        Some(_) => "Keep the old field beside the new one until nobody reads it, or open a new version of the channel.",
        None => "Keep the field until nobody reads it, or open a new version of the channel.",
    }
    .to_owned()
}

/// Where the contract of a channel promises something about its schema and names who reads it.
fn promises(workspace: &Workspace, channel: &str) -> Vec<ReviewPlace> {
    let contracts = workspace.files().filter_map(|it| workspace.facts(it)).filter(|it| it.kind == Kind::Contract);
    let mut places = Vec::new();
    for facts in contracts.filter(|it| it.captures.channel.as_deref() == Some(channel)) {
        let Some(document) = ByRole::of(facts, workspace.config()) else { continue };
        for role in [Role::CompatibilityMode, Role::Consumers] {
            if let Some(value) = document.field(role) {
                let line = line_of(&facts.text, value.span.start as usize);
                places.push(ReviewPlace { file: facts.path.clone(), line });
            }
        }
    }
    places
}

/// Where the code of consumers reads a field of a channel: `x["f"]`, `x.get("f")`, `x.f`. Nothing where another message
/// of the workspace has a field of this name, because then nobody can tell whose it is.
fn readers(workspace: &Workspace, schema: &FileChange, channel: &SmolStr, field: &str) -> Vec<ReviewPlace> {
    if field.len() < 3 {
        return Vec::new();
    }
    let all = || workspace.files().filter_map(|it| workspace.facts(it));
    let is_shared = all()
        .filter(|it| it.path != schema.path)
        .filter_map(|it| it.schema())
        .any(|it| it.shape.fields.iter().any(|it| it.name.text == field));
    if is_shared {
        return Vec::new();
    }
    let receivers = all().filter(|it| it.channel(channel, ChannelRole::Receive).is_some());
    let folders: FxHashSet<RelPath> = receivers.map(|it| readers::service_of(workspace, &it.path)).collect();
    let mut folders: Vec<RelPath> = folders.into_iter().collect();
    folders.sort();
    let mut places = Vec::new();
    for folder in folders {
        let files = readers::code_below(workspace, &folder);
        places.extend(readers::uses(workspace, &files, field).reads);
    }
    places.sort();
    places
}
