//! How it is told that a value is a client of a library: by what made it, by an interface around it, or by what callers
//! hand in.

use super::index::{Id, Index};
use super::projects::imported;
use super::types::{MAX_STEPS, Scope};
use crate::Language;
use crate::code::{Call, Expression, Import, TypeName};
use crate::facts::Library;
use crate::words;

/// A client is followed over so many functions that are handed it, to so many callers of each.
pub(super) const MAX_HANDED: usize = 3;
const MAX_CALLERS: usize = 8;

impl Index<'_> {
    /// Whether a value is a call that makes a client of a library.
    pub(super) fn is_client_made(&self, value: &Expression, scope: Scope, library: &Library) -> bool {
        let Expression::Call(call) = value else { return false };
        let package = if let Some(Expression::Name(it)) = &call.receiver { it.as_str() } else { "" };
        library.clients.iter().any(|it| *it == call.name) && self.may_be_of(library, package, scope)
            || self.is_built_by(call, scope, library)
    }

    /// Whether a parameter without a type is a client: a caller hands one in.
    pub(super) fn is_handed_client(
        &self,
        receiver: &Expression,
        scope: Scope,
        library: &Library,
        steps: usize,
    ) -> bool {
        let (Expression::Name(name), Some(function), Some(steps)) = (receiver, scope.function, steps.checked_sub(1))
        else {
            return false;
        };
        let is_bound = self.body(function).is_some_and(|it| it.names.contains_key(name.as_str()));
        let parameter = self.parameter(function, name).filter(|it| it.1.ty.is_none() && !is_bound);
        let Some((index, _)) = parameter else { return false };
        let name = self.function(function).map(|it| it.name.as_str()).filter(|it| !it.is_empty());
        let calls = name.map(|it| self.calls_named(it)).unwrap_or_default().iter().take(MAX_CALLERS);
        calls.into_iter().any(|(id, call)| {
            let there = self.scope(*id);
            let Some(argument) = self.argument(call, function, index) else { return false };
            if !self.callees(call, there, MAX_STEPS).contains(&function) {
                return false;
            }
            let types = self.types_of(argument, there, MAX_STEPS);
            let is_client = |it: &TypeName| library.clients.iter().any(|client| *client == it.unwrapped().name);
            types.iter().any(is_client) && types.iter().all(|it| self.type_meant(it.unwrapped(), id.file).is_none())
                || self.followed(argument, there, MAX_STEPS).iter().any(|it| self.is_client_made(it.0, it.1, library))
                || self.is_handed_client(argument, there, library, steps)
        })
    }

    /// Whether a type is an interface around a client that nothing of the repository implements: its methods speak of
    /// types of the library, or it is called like a client, `INatsConn` of `Conn`.
    pub(super) fn is_interface_of(&self, ty: &TypeName, call: &Call, library: &Library, scope: Scope) -> bool {
        let Some(id) = self.type_meant(ty, scope.file) else {
            let is_elsewhere = !ty.package().is_empty() || library.clients.iter().any(|it| *it == ty.name);
            return !is_elsewhere && is_called_like_client(&ty.name, library);
        };
        let declares = self.own_methods(id, &call.name).iter().any(|it| self.function(*it).is_some());
        if !declares || !self.ty(id).is_some_and(|it| it.is_abstract) || !self.methods(id, &call.name).is_empty() {
            return false;
        }
        let declared = self.files.get(id.file).filter(|it| it.language == Language::Go);
        let of_interface = declared.map(|it| it.unit.functions.as_slice()).unwrap_or_default();
        let mut of_interface = of_interface.iter().filter(|it| it.owner == Some(id.index));
        let there = Self::class_scope(id);
        let is_of = |ty: &TypeName| {
            let ty = ty.unwrapped();
            let ty = if ty.name == "List" { ty.arguments.first().unwrap_or(ty) } else { ty };
            !ty.package().is_empty()
                && self.may_be_of(library, ty.package(), there)
                && self.is_imported(library, ty, id)
        };
        let speaks = of_interface.any(|it| {
            let parameters = it.parameters.iter().filter_map(|it| it.ty.as_ref());
            parameters.chain(&it.returns).any(is_of)
        });
        speaks || is_called_like_client(&ty.name, library)
    }

    /// Whether the file of a type takes the package of another type from a library.
    fn is_imported(&self, library: &Library, ty: &TypeName, at: Id) -> bool {
        let imports = self.files.get(at.file).map(|it| it.unit.imports.as_slice()).unwrap_or_default();
        let is_named = |it: &Import| {
            it.names.iter().any(|it| it.0 == ty.package())
                || it.module.rsplit('/').flat_map(|it| it.split(['-', '.'])).any(|it| it == ty.package())
        };
        imports.iter().any(|it| is_named(it) && library.imports.iter().any(|name| imported(name, &it.module)))
    }

    /// Whether a chain of calls begins at a type of a library: `ReceiverOptions.create(settings).commitInterval(0)`.
    pub(super) fn is_built_by(&self, call: &Call, scope: Scope, library: &Library) -> bool {
        let mut first = call;
        while let Some(Expression::Call(before)) = &first.receiver {
            first = before;
        }
        matches!(&first.receiver, Some(Expression::Name(name)) if library.clients.iter().any(|it| it == name)
            && name.starts_with(char::is_uppercase)
            && self.type_named(name, scope.file).is_none())
    }

    /// Whether a package of Go, as code has it before a dot, may be of a library: it is none that the file takes from
    /// elsewhere.
    pub(super) fn may_be_of(&self, library: &Library, package: &str, scope: Scope) -> bool {
        let Some(file) = self.files.get(scope.file).filter(|it| it.language == Language::Go) else { return true };
        if package.is_empty() {
            return true;
        }
        // The package of another folder of the repository.
        if package.contains('/') {
            return false;
        }
        let is_called = |it: &&Import| {
            let parts = it.module.rsplit('/').take(2).flat_map(|it| it.split(['-', '.', '_']));
            it.names.iter().any(|it| it.0 == package) || parts.into_iter().any(|it| it == package)
        };
        let mut imports = file.unit.imports.iter().filter(is_called).peekable();
        imports.peek().is_none() || imports.any(|it| library.imports.iter().any(|name| imported(name, &it.module)))
    }
}

/// Whether an interface is called like a client: `INatsConn` of `Conn`, where `nats` is a word of the library.
fn is_called_like_client(name: &str, library: &Library) -> bool {
    let plain = name.strip_prefix('I').filter(|it| it.starts_with(char::is_uppercase));
    let Some(plain) = plain else { return false };
    library.clients.iter().filter(|it| it.len() > 3).any(|client| {
        let rest = plain.strip_suffix(client.as_str());
        rest.is_some_and(|it| it.is_empty() || words(it).iter().all(|it| library.receivers.contains(it)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn clients_stand_behind_interfaces() {
        let code = |more: &str| {
            let code = format!(
                "package orders
                import \"github.com/nats-io/nats.go\"
                type IConn interface {{ Publish(subject string, body []byte) error }}
                type Broker interface {{
                    Publish(subject string, body []byte) error
                    Subscribe(subject string, handle nats.MsgHandler) (*nats.Subscription, error)
                }}
                type Paper interface {{ Publish(title string, body []byte) error }}
                type Orders struct {{ conn IConn; broker Broker; paper Paper }}
                func (o *Orders) place(body []byte) {{
                    o.conn.Publish(\"orders.a\", body)
                    o.broker.Publish(\"orders.b\", body)
                    o.paper.Publish(\"orders.c\", body)
                }}
                {more}"
            );
            found(&[("go.mod", "module shop\nrequire github.com/nats-io/nats.go v1"), ("orders.go", &code)])
        };
        assert_eq!(code(""), ["send orders.a", "send orders.b"]);
        let double = "type MockConn struct{}
            func (m *MockConn) Publish(subject string, body []byte) error { return nil }";
        assert_eq!(code(double), ["send orders.a", "send orders.b"]);
        // What implements it says what is done.
        let other = "type Log struct{}
            func (l *Log) Publish(subject string, body []byte) error { return nil }";
        assert_eq!(code(other), ["send orders.b"]);
    }

    #[test]
    fn clients_are_handed_in_without_a_type() {
        let clients = "
from confluent_kafka import Producer

def make_producer():
    producer = Producer(settings())
    return producer
";
        let events = "
ORDERS = 'orders'

def tell(body, producer):
    send(body, producer)

def send(body, producer):
    producer.produce(ORDERS, body)

def print_it(body, producer):
    producer.produce('prints', body)
";
        let main = "
from shop.clients import make_producer
from shop.events import tell, print_it

class Shop:
    def __init__(self):
        self.producer = make_producer()

    def place(self, body):
        tell(body, self.producer)
        print_it(body, Printer())
";
        let files = [
            ("requirements.txt", "confluent-kafka"),
            ("shop/clients.py", clients),
            ("shop/events.py", events),
            ("shop/main.py", main),
        ];
        assert_eq!(found(&files), ["send orders"]);
    }
}
