//! Database writes beside sends: two steps that can part, because one may be done and the other not.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::commits::Commits;
use super::index::{Id, Index};
use super::operations::Libraries;
use super::types::{MAX_STEPS, Scope};
use super::values::{chain, shown};
use super::{DualWrite, Edge, Resolution};
use crate::code::{Call, Expression};
use crate::facts::WriteWords;
use crate::{Action, Language, words};

/// Whether a function writes, and whether it sends, how, and by which library.
type Done<'i> = (bool, Option<(bool, &'i str)>);

/// A step of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Step<'i> {
    line: u32,
    /// Where it stands in the text; nothing inside of macros.
    at: Option<u32>,
    does: Does<'i>,
    /// A function does it that is called here.
    is_inside: bool,
}

/// What a step does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Does<'i> {
    Write,
    /// Whether what is sent is committed with the database, and the library that sends.
    Send {
        outbox: bool,
        library: &'i str,
    },
}

struct Finder<'i, 'f> {
    index: &'i Index<'f>,
    words: &'static WriteWords,
    /// The lines of sends, by file.
    sends: FxHashMap<&'i str, FxHashMap<u32, &'i Edge>>,
    /// Where receiving begins, which is no step: what the handlers do comes later.
    receives: FxHashSet<(&'i str, u32)>,
    commits: Commits<'i>,
    known: FxHashMap<Id, Done<'i>>,
    entered: FxHashSet<Id>,
}

/// So many functions that a call may mean are looked into.
const MAX_CALLEES: usize = 4;

/// Finds the functions that write to a database and send, outside of an outbox.
pub(super) fn find(index: &Index<'_>, edges: &[Edge], libraries: &[Libraries]) -> Vec<DualWrite> {
    let Some(words) = WriteWords::load() else { return Vec::new() };
    let mut sends: FxHashMap<&str, FxHashMap<u32, &Edge>> = FxHashMap::default();
    let mut receives: FxHashSet<(&str, u32)> = FxHashSet::default();
    for edge in edges {
        if edge.action == Action::Receive {
            receives.insert((&edge.path, edge.line));
            continue;
        }
        // What is not surely a send is no half of two writes.
        if edge.rests_on.is_some() {
            continue;
        }
        sends.entry(&edge.path).or_default().entry(edge.line).or_insert(edge);
    }
    let commits = Commits::find(index, libraries);
    let (known, entered) = (FxHashMap::default(), FxHashSet::default());
    let mut finder = Finder { index, words, sends, receives, commits, known, entered };
    let mut found = Vec::new();
    for file in 0..index.files.len() {
        let count = index.files.get(file).map_or(0, |it| it.bodies.len());
        for index in 0..count {
            found.extend(finder.function(Id { file, index }));
        }
    }
    found.sort_by(|a, b| (&a.path, a.send, a.write).cmp(&(&b.path, b.send, b.write)));
    found.dedup_by(|a, b| (&a.path, a.send) == (&b.path, b.send));
    found
}

impl<'i, 'f> Finder<'i, 'f> {
    fn function(&mut self, id: Id) -> Option<DualWrite> {
        let file = self.index.file(id)?;
        let function = self.index.function(id)?;
        // What is migrated is done once, and looked at.
        if file.path.split('/').any(|it| matches!(it, "migrate" | "migrations")) {
            return None;
        }
        if self.words.outbox.iter().any(|it| folded(&function.name).contains(it.as_str())) {
            return None;
        }
        let owner = self.index.owner(id).and_then(|it| self.index.ty(it));
        let is_outbox = |name: &str| self.words.outbox.iter().any(|it| folded(name).contains(it.as_str()));
        if owner.is_some_and(|it| is_outbox(&it.name)) {
            return None;
        }
        let steps = self.steps(id);
        // A relay reads an outbox, sends, and marks what was sent; a unit of work may keep the message itself.
        let mentions = |id: Id| {
            let calls = self.index.body(id).map(|it| it.calls.as_slice()).unwrap_or_default();
            calls.iter().any(|it| is_outbox(&it.name) || it.receiver.as_ref().is_some_and(|it| is_outbox(&shown(it))))
        };
        let scope = self.index.scope(id);
        let below = self.index.body(id)?.calls.iter().flat_map(|it| self.index.callees(it, scope, MAX_STEPS));
        if mentions(id) || below.into_iter().any(mentions) {
            return None;
        }
        let mut pair = None;
        let project = self.index.projects.folder(file.path);
        let may_part = |it: &Step<'_>| match it.does {
            Does::Send { outbox, library } => !outbox && !self.commits.hold(library, project),
            Does::Write => false,
        };
        for (at, send) in steps.iter().enumerate().filter(|it| may_part(it.1)) {
            // A wrapper that keeps what it could not send is no business of its callers.
            let keeps = crate::facts::is_known(&function.name, |it| &it.sending);
            let is_write = |it: &&Step<'_>| it.does == Does::Write && self.is_one_course(id, it, send);
            let before = steps.iter().take(at).rev().find(is_write);
            let after = steps.iter().skip(at + 1).find(is_write);
            if let Some(write) = before.or(after.filter(|_| !keeps)) {
                pair = Some((write.line, send.line));
                break;
            }
        }
        let (write, send) = pair?;
        let channel = self.sends.get(file.path).and_then(|it| it.get(&send)).map(|it| it.channel.clone());
        let channel = channel.unwrap_or(super::Channel { name: "?".into(), resolution: Resolution::Unresolved });
        Some(DualWrite { path: SmolStr::from(file.path), write, send, channel })
    }

    /// Whether two steps of a function may both be done in one course of events.
    fn is_one_course(&self, id: Id, one: &Step<'_>, other: &Step<'_>) -> bool {
        let is_top = self.index.function(id).is_some_and(|it| it.name.is_empty());
        // Functions that are called when a file is loaded set up what runs later.
        if is_top && (one.is_inside || other.is_inside) {
            return false;
        }
        let (Some(one), Some(other)) = (one.at, other.at) else { return true };
        let Some(outline) = self.index.file(id).map(|it| &it.unit.outline) else { return true };
        // What a client is given to do with messages is done when they come.
        let calls = self.index.body(id).map(|it| it.calls.as_slice()).unwrap_or_default();
        let path = self.index.file(id).map(|it| it.path).unwrap_or_default();
        let mut receiving = calls.iter().filter(|it| self.receives.contains(&(path, it.line))).map(|it| it.span);
        let holds = |span: archwright_syntax::Span, at: u32| span.start < at && at < span.end;
        let comes_later = receiving.any(|it| holds(it, one) != holds(it, other));
        !comes_later && !outline.excludes(one.min(other), one.max(other)) && !outline.is_apart(one, other, is_top)
    }

    /// Whether a message is put aside that could not be handled.
    fn is_aside(&self, edge: &Edge) -> bool {
        let names = [Some(edge.channel.name.as_str()), edge.through.as_deref()];
        names.into_iter().flatten().any(|it| {
            let name = folded(it);
            self.words.aside.iter().any(|it| name.contains(it.as_str()))
        })
    }

    /// The writes and sends of a function in order, those of the functions it calls included.
    fn steps(&mut self, id: Id) -> Vec<Step<'i>> {
        let Some(file) = self.index.file(id) else { return Vec::new() };
        let (path, scope) = (file.path, self.index.scope(id));
        let calls = self.index.body(id).map(|it| it.calls.clone()).unwrap_or_default();
        let mut steps = Vec::new();
        let committed: Vec<_> =
            calls.iter().filter(|it| self.words.committed.contains(&it.name.to_string())).map(|it| it.span).collect();
        for call in calls {
            let at = Some(call.span.start).filter(|_| !call.span.is_empty());
            let step = |does: Does<'i>| Step { line: call.line, at, does, is_inside: false };
            // What is sent to tell of what was done comes to no harm; what is sent after a commit is meant so.
            if words(&call.name).first().is_some_and(|it| it == "log")
                || committed.iter().any(|it| call.span.start >= it.start && call.span.end <= it.end)
            {
                continue;
            }
            let send = self.sends.get(path).and_then(|it| it.get(&call.line)).filter(|it| is_of(it, call));
            if let Some(edge) = send {
                // What makes a producer sends nothing yet; what waits for an answer is a call, whose failure is seen.
                let makes = words(&call.name).first().is_some_and(|it| it == "new");
                if !self.is_aside(edge) && !makes && !edge.asks {
                    steps.push(step(Does::Send { outbox: edge.outbox, library: &edge.library }));
                }
                continue;
            }
            if self.receives.contains(&(path, call.line)) {
                continue;
            }
            if self.is_write(call, scope) {
                steps.push(step(Does::Write));
                continue;
            }
            // Of several functions that may be meant, one may write and another send: that is no order of steps.
            let callees = self.index.callees(call, scope, MAX_STEPS);
            let done: Vec<_> = callees.into_iter().take(MAX_CALLEES).map(|it| self.summary(it)).collect();
            let writes = done.iter().any(|it| it.0);
            let sends = done.iter().find_map(|it| it.1);
            match sends {
                None if writes => steps.push(Step { is_inside: true, ..step(Does::Write) }),
                Some((outbox, library)) if !writes => {
                    steps.push(Step { is_inside: true, ..step(Does::Send { outbox, library }) });
                }
                _ => {}
            }
        }
        steps
    }

    /// Whether a function writes, and whether it sends and how; one that does both is told itself.
    fn summary(&mut self, id: Id) -> Done<'i> {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        if self.entered.len() > 2 || !self.entered.insert(id) {
            return (false, None);
        }
        let steps = self.steps(id);
        self.entered.remove(&id);
        let writes = steps.iter().any(|it| it.does == Does::Write);
        let sends = steps.iter().find_map(|it| match it.does {
            Does::Send { outbox, library } => Some((outbox, library)),
            Does::Write => None,
        });
        self.known.insert(id, (writes, sends));
        (writes, sends)
    }

    /// Whether a call writes to a database: by what it is called on, or by the statement it runs.
    fn is_write(&self, call: &'f Call, scope: Scope) -> bool {
        let name = call.name.trim_end_matches(['!', '?']);
        let name = name.strip_suffix("Async").unwrap_or(name);
        let texts = call.arguments.iter().filter_map(|it| match &it.value {
            Expression::Text(text) => Some(text.as_str()),
            Expression::Template(parts) => parts.iter().find_map(|it| match it {
                Expression::Text(text) => Some(text.as_str()),
                _ => None,
            }),
            _ => None,
        });
        for text in texts {
            let start: String = text.trim_start().chars().take(12).collect::<String>().to_uppercase();
            if ["INSERT INTO", "UPDATE ", "DELETE FROM"].iter().any(|it| start.starts_with(it)) {
                return !self.words.outbox.iter().any(|it| folded(text).contains(it.as_str()));
            }
        }
        let lower = name.to_lowercase();
        let is_method = self.words.methods.iter().any(|it| *it == name || *it == lower)
            || self
                .words
                .starts
                .iter()
                .any(|it| lower.strip_prefix(it.as_str()).is_some_and(|_| name.len() > it.len()));
        let makes_tool = self.words.tools.iter().any(|it| lower.ends_with(it.as_str()));
        if !is_method || call.is_construction || makes_tool {
            return false;
        }
        let Some(receiver) = &call.receiver else { return false };
        if self.is_of_model(receiver, scope) {
            return true;
        }
        let types = self.index.types_of(receiver, scope, MAX_STEPS);
        let is_dotnet = self.index.files.get(scope.file).is_some_and(|it| it.language == Language::CSharp);
        let of_dotnet = |it: &String| is_dotnet && self.words.stores_of_dotnet.contains(it);
        let is_store = |name: &str| {
            let mut words = words(name).into_iter();
            let is_called_so = words.any(|it| self.words.stores.contains(&it) || of_dotnet(&it));
            is_called_so || self.words.types.iter().any(|it| it == name)
        };
        let is_not = |name: &str| {
            let words = words(name);
            let ends = words.last().is_some_and(|it| self.words.surely.contains(it));
            let others = if ends { &self.words.nowhere } else { &self.words.others };
            words.iter().any(|it| others.contains(it))
        };
        // What the repository has the code of is told by that.
        let is_unsure = |name: &str| {
            let words = words(name);
            words.iter().all(|it| !self.words.stores.contains(it) || self.words.unsure.contains(it))
        };
        let has_code = || {
            let callees = self.index.callees(call, scope, MAX_STEPS);
            callees.into_iter().any(|it| self.index.function(it).is_some_and(|it| it.has_body))
        };
        for ty in &types {
            let ty = ty.unwrapped();
            if is_not(&ty.name) {
                return false;
            }
            if is_store(&ty.name) {
                return !is_unsure(&ty.name) || !has_code();
            }
            if let Some(ours) = self.index.type_named(&ty.name, scope.file) {
                let supers = self.index.super_names(ours);
                if supers.iter().any(|it| is_store(&it.name) || self.words.records.contains(&it.name.to_string())) {
                    return true;
                }
            }
        }
        let named = chain(receiver).last().copied().unwrap_or_default().to_owned();
        let named = if named.is_empty() {
            match receiver {
                Expression::Call(inner) => inner.name.to_string(),
                _ => String::new(),
            }
        } else {
            named
        };
        if is_not(&named) {
            return false;
        }
        if is_store(&named) {
            return !is_unsure(&named) || !has_code();
        }
        // A record that is saved itself: `order.save!`, `Order::create(..)`. Sets and dictionaries of Python are
        // updated with what stands there, records with keywords.
        let is_python = self.index.files.get(scope.file).is_some_and(|it| it.language == Language::Python);
        let is_set = is_python && name == "update" && call.positional().next().is_some();
        let is_record_method = !is_set && self.words.record_methods.iter().any(|it| *it == call.name);
        let uses_records = self.uses_records(scope);
        let is_static = named.chars().next().is_some_and(char::is_uppercase);
        let known = self.index.type_named(&named, scope.file).is_some();
        is_record_method && uses_records && (!is_static || known || !types.is_empty())
    }

    /// Whether something is a model of a client that has one for each table: `prisma.order`.
    fn is_of_model(&self, receiver: &Expression, scope: Scope) -> bool {
        let Expression::Member(client, _) = receiver else { return false };
        let client = chain(client).last().copied().unwrap_or_default();
        let is_client = words(client).iter().any(|it| self.words.model_clients.contains(it));
        let file = self.index.files.get(scope.file).filter(|_| is_client);
        file.is_some_and(|it| self.index.projects.names_any(it.path, &self.words.model_packages))
    }

    /// Whether the project of a file keeps its objects in a database by themselves.
    fn uses_records(&self, scope: Scope) -> bool {
        let Some(file) = self.index.files.get(scope.file) else { return false };
        self.index.projects.names_any(file.path, &self.words.record_packages)
    }
}

/// Whether an edge is of a call.
fn is_of(edge: &Edge, call: &Call) -> bool {
    edge.line == call.line && !call.is_construction || edge.through.as_ref() == Some(&call.name)
}

/// A name without what joins words, in lower case.
fn folded(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    /// How many dual writes there are in a class of Java with some fields, whose method has a body.
    fn writes(fields: &str, body: &str) -> usize {
        let code = format!(
            "
import org.springframework.kafka.core.KafkaTemplate;
class Accounts {{
    private final KafkaTemplate<String, String> template;
    {fields}
    void open(Account account) {{
        {body}
        template.send(\"accounts\", account.id());
    }}
}}"
        );
        let files = [("pom.xml", "spring-kafka"), ("src/main/java/Accounts.java", code.as_str())];
        found(&files).into_iter().filter(|it| it.starts_with("dual")).count()
    }

    #[test]
    fn stores_are_told_by_the_end_of_their_names() {
        for name in ["AccountRepository", "TokenRepository", "SubscriptionRepository", "EventRepo", "MessageDao"] {
            assert_eq!(writes(&format!("private final {name} rows;"), "rows.save(account);"), 1, "{name}");
        }
        for name in ["CacheRepository", "RedisTokenRepository", "TokenStore", "EventBus"] {
            assert_eq!(writes(&format!("private final {name} rows;"), "rows.save(account);"), 0, "{name}");
        }
    }

    #[test]
    fn what_makes_a_producer_sends_nothing_yet() {
        let code = "package main
            import \"github.com/apache/pulsar-client-go/pulsar\"
            func NewPublisher(client pulsar.Client, topic string) (pulsar.Producer, error) {
                return client.CreateProducer(pulsar.ProducerOptions{Topic: topic})
            }
            func run(client pulsar.Client, repo *Repository) {
                publisher, _ := NewPublisher(client, \"orders\")
                repo.Save(1)
                serve(publisher)
            }";
        let files = [("go.mod", "module shop\nrequire github.com/apache/pulsar-client-go v1"), ("main.go", code)];
        assert_eq!(found(&files), ["send orders"]);
    }
}
