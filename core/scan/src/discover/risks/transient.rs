//! Where nothing is lost although nobody acknowledges: queues that end with their connection, readers that set their
//! position themselves, and ticks of a clock that go over rows.

use archwright_syntax::Span;

use super::Finder;
use super::handlers::Handler;
use super::steps::is_within;
use crate::code::{Call, Expression, Statement};
use crate::discover::index::Id;

impl Finder<'_, '_> {
    /// Whether a function declares an exclusive queue that the broker gives a name to: it ends with its reader, so that
    /// nobody expects its messages afterwards.
    pub(super) fn has_transient_queue(&self, function: Id) -> bool {
        let calls = self.index.body(function).map(|it| it.calls.as_slice()).unwrap_or_default();
        let declares = self.words.list("declaring");
        calls.iter().filter(|it| declares.contains(&it.name.to_string())).any(|it| is_transient(it))
    }

    /// Whether the reader of a log sets its position itself in this file and never keeps one: it reads again what it
    /// wants to read again.
    pub(super) fn sets_position(&self, function: Id) -> bool {
        let Some(file) = self.index.file(function) else { return false };
        let has = |list: &str| {
            let names = self.words.list(list);
            file.bodies.iter().flat_map(|it| &it.calls).any(|it| names.contains(&it.name.to_lowercase()))
        };
        has("positioning") && !has("committing")
    }

    /// Whether a handler that is given nothing goes over rows of its own, each of which may fail alone: the next tick
    /// comes to them again.
    pub(super) fn is_tick(&self, handler: &Handler<'_>, guard: Span) -> bool {
        let Some(function) = self.index.function(handler.function) else { return false };
        let takes = match handler.lambda {
            Some(lambda) => lambda.body.iter().any(|it| matches!(it, Statement::Bind { value: None, .. })),
            None => !function.parameters.is_empty() || function.owner.is_some(),
        };
        let loops = self.outline(handler.function).map(|it| it.loops.as_slice()).unwrap_or_default();
        !takes && loops.iter().any(|it| is_within(guard, it.span) && is_within(it.span, handler.span))
    }
}

/// Whether a call declares a queue without a name of its own that is exclusive.
fn is_transient(call: &Call) -> bool {
    let is_true = |it: &Expression| matches!(it, Expression::Literal(it) if it.eq_ignore_ascii_case("true"));
    let is_no_name = |it: &Expression| match it {
        Expression::Text(text) => text.is_empty(),
        Expression::Literal(text) => matches!(text.to_lowercase().as_str(), "null" | "none" | "nil"),
        _ => false,
    };
    // `queueDeclare()` of Java and C# makes such a queue.
    let says = call.name.to_lowercase().starts_with("queuedeclare");
    if call.arguments.is_empty() {
        return says;
    }
    let name = call.named("queue").or_else(|| call.named("name")).or_else(|| call.positional().next());
    let has_name = name.is_some_and(|it| !is_no_name(it) && !matches!(it, Expression::Object { .. }));
    let named = call.named("exclusive").is_some_and(is_true);
    let entry = call.positional().any(|it| match it {
        Expression::Object { entries, .. } => entries.iter().any(|it| it.0 == "exclusive" && is_true(&it.1)),
        _ => false,
    });
    // `QueueDeclare(name, durable, autoDelete, exclusive, ..)` of Go.
    let positional = call.name == "QueueDeclare" && call.positional().nth(3).is_some_and(is_true);
    !has_name && (named || entry || positional)
}
