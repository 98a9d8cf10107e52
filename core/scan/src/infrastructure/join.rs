//! Joins what files of infrastructure hold: resolves what refers to something else, and tells the channels.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{
    Declared, Deed, Item, Stated, Trait, VARIABLE,
    data::{Data, Entry, Value},
    is_real,
    shape::{self, Shape, Tool},
};

/// So many references are followed one after the other.
const MAX_STEPS: usize = 8;

/// So many resources are made of one block with `for_each`.
const MAX_INSTANCES: usize = 500;

/// So many values are looked at for one resource; more are data.
const MAX_VALUES: usize = 5_000;

/// A file with what it holds.
pub(crate) struct Module<'f> {
    pub(crate) path: &'f str,
    pub(crate) items: &'f [Item],
}

/// What all files say together.
#[derive(Default)]
pub(crate) struct Joined {
    /// In the order of files and lines.
    pub(crate) declared: Vec<Declared>,
    /// The variables of environments, with the values that are known; `None` for one that is not.
    pub(crate) variables: FxHashMap<SmolStr, Vec<Option<SmolStr>>>,
}

/// Where others look for what a reference means.
type Labels<'f> = FxHashMap<(&'f str, &'f str), Vec<&'f Item>>;

/// All files of a repository.
pub(crate) fn join(modules: &[Module<'_>]) -> Joined {
    let mut labels: Labels<'_> = FxHashMap::default();
    for module in modules {
        for item in module.items.iter().filter(|it| it.kind != VARIABLE) {
            labels.entry((scope(module.path, &item.label), &item.label)).or_default().push(item);
        }
    }
    let mut joined = Joined::default();
    for module in modules {
        for item in module.items {
            let one = Joiner { labels: &labels, path: module.path, each: None, left: MAX_VALUES };
            one.item(item, &mut joined);
        }
    }
    joined.declared.sort_by(|a, b| (&a.path, a.line, &a.channel, a.deed).cmp(&(&b.path, b.line, &b.channel, b.deed)));
    joined.declared.dedup();
    joined
}

/// Who can refer to something: files of Terraform to all of their folder, workloads to the configuration of all files,
/// and others to their own file.
fn scope<'f>(path: &'f str, label: &str) -> &'f str {
    if super::is_terraform(&path.to_ascii_lowercase()) {
        path.rsplit_once('/').map_or("", |it| it.0)
    } else if label.starts_with("config/") {
        "config"
    } else {
        path
    }
}

/// One of the things that `for_each` goes through.
#[derive(Clone)]
struct Each {
    key: SmolStr,
    value: Data,
}

#[derive(Clone)]
struct Joiner<'f> {
    labels: &'f Labels<'f>,
    path: &'f str,
    each: Option<Each>,
    left: usize,
}

impl Joiner<'_> {
    fn item(mut self, item: &Item, joined: &mut Joined) {
        if item.kind == VARIABLE {
            let value = self.expand(&item.body, MAX_STEPS);
            self.variable(&item.label, &value, joined);
            return;
        }
        let Some((tool, shape)) = shape::of(&item.kind) else { return };
        if item.body.get("count").and_then(Data::text) == Some("0") {
            return;
        }
        for each in self.instances(item) {
            let mut one = Self { each, left: MAX_VALUES, ..self.clone() };
            let body = one.expand(&item.body, MAX_STEPS);
            one.variables(&body, shape, joined);
            one.channels(item, &body, tool, shape, &mut joined.declared);
        }
    }

    /// What `for_each` goes through, if it is written out; one that is not is one resource.
    fn instances(&mut self, item: &Item) -> Vec<Option<Each>> {
        let Some(all) = item.body.get("for_each").filter(|_| item.kind.starts_with("terraform")) else {
            return vec![None];
        };
        let all = self.expand(all, MAX_STEPS);
        let of_text = |it: &Data| Some(Some(Each { key: it.text()?.into(), value: it.clone() }));
        let found: Option<Vec<_>> = match &all.value {
            Value::List(items) => items.iter().map(of_text).collect(),
            Value::Map(entries) => {
                Some(entries.iter().map(|it| Some(Each { key: it.key.clone(), value: it.value.clone() })).collect())
            }
            _ => None,
        };
        found.filter(|it| it.len() <= MAX_INSTANCES).unwrap_or_else(|| vec![None])
    }

    /// A value with what it refers to.
    fn expand(&mut self, data: &Data, steps: usize) -> Data {
        let Some(left) = self.left.checked_sub(1) else { return Data::new(data.line, Value::Open("...".into())) };
        self.left = left;
        let value = match &data.value {
            Value::Reference(path) => self.referred(path, steps),
            Value::Template(parts) => self.template(parts, steps),
            Value::Map(entries) => Value::Map(
                entries.iter().map(|it| Entry { key: it.key.clone(), value: self.expand(&it.value, steps) }).collect(),
            ),
            Value::List(items) => Value::List(items.iter().map(|it| self.expand(it, steps)).collect()),
            other => other.clone(),
        };
        Data::new(data.line, value)
    }

    fn template(&mut self, parts: &[Data], steps: usize) -> Value {
        let mut text = String::new();
        let mut is_known = true;
        for part in parts {
            // An address has more than the name in it.
            let is_name = match &part.value {
                Value::Reference(path) => {
                    let ends = ["name", "topic_name", "queue_name", "QueueName", "TopicName", "value", "key"];
                    path.first().is_some_and(|it| it == "local")
                        || path.last().is_some_and(|it| ends.contains(&it.as_str()))
                }
                _ => true,
            };
            let value = self.expand(part, steps);
            match &value.value {
                Value::Text(it) if is_name => text.push_str(it),
                other => {
                    is_known = false;
                    text.push_str(&format!("${{{}}}", written(other, &part.value)));
                }
            }
        }
        if is_known { Value::Text(text.into()) } else { Value::Open(text.into()) }
    }

    /// What a path stands for: a value, or the name of the channel of a resource.
    fn referred(&mut self, path: &[SmolStr], steps: usize) -> Value {
        let open = || Value::Open(path.join(".").into());
        let Some(steps) = steps.checked_sub(1) else { return open() };
        let inside = |data: &Data, rest: &[SmolStr]| {
            let mut at = Some(data);
            for key in rest {
                at = at.and_then(|it| it.get(key));
            }
            at.cloned()
        };
        if let (Some("each"), Some(each)) = (path.first().map(SmolStr::as_str), self.each.clone()) {
            let rest = path.get(2..).unwrap_or_default();
            let found = match path.get(1).map(SmolStr::as_str) {
                Some("key") => Some(Data::new(0, Value::Text(each.key))),
                Some("value") => inside(&each.value, rest),
                _ => None,
            };
            return found.map_or_else(open, |it| self.expand(&it, steps).value);
        }
        for length in (1..=path.len().min(3)).rev() {
            let (head, rest) = path.split_at(length);
            let label = head.join(".");
            let Some(items) = self.labels.get(&(scope(self.path, &label), label.as_str())) else { continue };
            let [item] = items.as_slice() else { return open() };
            let mut outside = Self { each: None, left: self.left, ..self.clone() };
            let found = if item.kind == super::VALUE {
                inside(&item.body, rest).map(|it| outside.expand(&it, steps).value)
            } else {
                outside.name_of(item, steps)
            };
            self.left = outside.left;
            return found.unwrap_or_else(open);
        }
        open()
    }

    /// The name of the channel that a resource makes.
    fn name_of(&mut self, item: &Item, steps: usize) -> Option<Value> {
        let (_, shape) = shape::of(&item.kind)?;
        if item.body.get("for_each").is_some() {
            return None;
        }
        let found = shape.name.iter().find_map(|it| item.body.one(it))?;
        Some(self.expand(found, steps).value).filter(|it| matches!(it, Value::Text(_)))
    }

    /// The variables that a resource gives to a program.
    fn variables(&self, body: &Data, shape: &Shape, joined: &mut Joined) {
        for path in &shape.variables {
            let mut found = Vec::new();
            body.at(path, &mut found);
            for data in found {
                for entry in data.entries() {
                    self.variable(&entry.key, &entry.value, joined);
                }
                for item in data.items() {
                    if let (Some(name), Some(value)) = (item.get("name").and_then(Data::text), item.get("value")) {
                        self.variable(name, value, joined);
                    }
                }
            }
        }
    }

    #[allow(clippy::unused_self, reason = "a method beside others")]
    fn variable(&self, name: &str, value: &Data, joined: &mut Joined) {
        let known = value.text().map(|it| plain(it).into());
        joined.variables.entry(name.into()).or_default().push(known);
    }

    fn channels(&self, item: &Item, body: &Data, tool: &Tool, shape: &Shape, declared: &mut Vec<Declared>) {
        if let Some((path, wanted)) = shape.only.as_deref().and_then(|it| it.split_once('='))
            && body.one(path).and_then(Data::text) != Some(wanted)
        {
            return;
        }
        let by = shape.by.as_deref().and_then(|it| body.one(it)).and_then(Data::text).unwrap_or(&item.label);
        let new = |name: &Data, deed: Deed| {
            let (channel, is_known) = told(name);
            (!channel.is_empty()).then(|| Declared {
                channel,
                is_known,
                kind: shape.kind.as_str().into(),
                broker: shape.broker.as_str().into(),
                tool: tool.name.as_str().into(),
                by: by.into(),
                deed,
                is_real: !tool.local && is_real(self.path) && !self.path.split('/').any(|it| it == "docs"),
                path: self.path.into(),
                line: if deed == Deed::Declares || name.line == 0 { item.line } else { name.line },
                stated: Vec::new(),
            })
        };
        let made = if shape.name.is_empty() && !shape.named_by_label {
            None
        } else {
            let found = shape.name.iter().find_map(|it| body.one(it).filter(|it| it.value != Value::Nothing));
            let label = || {
                let label = item.label.as_str().into();
                Data::new(item.line, if shape.named_by_label { Value::Text(label) } else { Value::Open(label) })
            };
            // What is looked up stands elsewhere.
            let is_elsewhere = item.kind.starts_with("terraform-data/");
            let deed = if is_elsewhere { Deed::Extends } else { Deed::Declares };
            new(&found.cloned().unwrap_or_else(label), deed)
        };
        let of = shape.of.iter().find_map(|it| body.one(it)).and_then(|it| new(it, Deed::Extends));
        let stated = stated(body, shape);
        declared.extend(made.or(of.filter(|_| !stated.is_empty())).map(|it| Declared { stated: stated.clone(), ..it }));
        for (paths, deed) in [(&shape.sends, Deed::Sends), (&shape.receives, Deed::Receives)] {
            let mut found = Vec::new();
            for path in paths {
                let before = found.len();
                body.at(path, &mut found);
                if found.len() > before {
                    break;
                }
            }
            for name in found.into_iter().filter(|it| matches!(it.value, Value::Text(_) | Value::Open(_))) {
                let stated = if deed == Deed::Receives && shape.name.is_empty() { stated.clone() } else { Vec::new() };
                declared.extend(new(name, deed).map(|it| Declared { stated, ..it }));
            }
        }
    }
}

/// What a resource says of its channel.
fn stated(body: &Data, shape: &Shape) -> Vec<Stated> {
    let lists = [
        (Trait::Partitions, &shape.partitions),
        (Trait::Retention, &shape.retention),
        (Trait::Cleanup, &shape.cleanup),
        (Trait::DeadLetters, &shape.dead_letters),
        (Trait::Attempts, &shape.attempts),
        (Trait::Ordered, &shape.ordered),
        (Trait::DeliversTo, &shape.delivers_to),
    ];
    let mut all = Vec::new();
    for (what, paths) in lists {
        for path in paths {
            let (path, unit) = path.split_once(' ').unwrap_or((path, ""));
            let mut found = Vec::new();
            body.at(path, &mut found);
            for data in found {
                let (value, is_known) = match &data.value {
                    // The policies of a topic may be a list.
                    Value::List(items) => {
                        let texts: Vec<&str> = items.iter().filter_map(Data::text).collect();
                        (SmolStr::from(texts.join(",")), texts.len() == items.len())
                    }
                    _ => told(data),
                };
                let value: SmolStr = match (unit, value.as_str()) {
                    ("", _) => value,
                    (_, "-1") => "forever".into(),
                    _ if is_known => format!("{value} {unit}").into(),
                    _ => value,
                };
                if !value.is_empty() {
                    all.push(Stated { what, value, is_known, line: data.line });
                }
            }
        }
    }
    all
}

/// Longer texts are no names, and longer expressions are not shown whole. In letters.
const LONGEST: usize = 300;

/// A name as it is told, and whether it is known.
fn told(data: &Data) -> (SmolStr, bool) {
    match &data.value {
        Value::Text(text) if plain(text).len() <= LONGEST => (plain(text).into(), true),
        Value::Text(text) => (shortened(text), false),
        other => (shortened(&written(other, &Value::Nothing)), false),
    }
}

/// The beginning of a text that is too long to be shown.
fn shortened(text: &str) -> SmolStr {
    match text.char_indices().nth(LONGEST).and_then(|it| text.get(..it.0)) {
        Some(beginning) => format!("{beginning}...").into(),
        None => text.into(),
    }
}

fn written(value: &Value, instead: &Value) -> SmolStr {
    match (value, instead) {
        (Value::Open(text), _) => text.clone(),
        (Value::Reference(path), _) | (_, Value::Reference(path)) => path.join(".").into(),
        _ => SmolStr::default(),
    }
}

/// The name in an address: `arn:aws:sqs:eu-west-1:1:orders`, `projects/shop/topics/orders`.
fn plain(text: &str) -> &str {
    let last = |it: &'static [char]| text.rsplit(it).next().unwrap_or(text);
    if text.starts_with("arn:") {
        last(&[':', '/'])
    } else if text.starts_with("projects/")
        || text.starts_with("https://sqs.")
        || text.contains(".queue.core.windows.net/")
    {
        last(&['/'])
    } else {
        text
    }
}
