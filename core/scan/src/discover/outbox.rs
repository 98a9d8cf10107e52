//! Outboxes that a repository makes itself: what is put into them is sent later, by a relay that only sees rows.

use rustc_hash::FxHashMap;

use super::Resolution;
use super::edges::Finder;
use super::found::Found;
use super::index::Id;
use super::types::{MAX_STEPS, is_parameter};
use super::values::{Value, shown};
use crate::code::{Call, TypeName};
use crate::facts::{Library, WriteWords, is_known};
use crate::{Action, words};

/// What a function puts into an outbox: the place of the message among its parameters, and that of the channel.
#[derive(Clone, Copy)]
struct Stores {
    message: usize,
    channel: Option<usize>,
    library: &'static Library,
}

impl<'f> Finder<'_, 'f> {
    /// Calls of functions that put a message into an outbox of the repository, where a relay sends what is in it.
    pub(super) fn stored(&mut self) {
        let relay = self.senders.iter().filter(|it| self.is_of_outbox(*it.0)).min_by_key(|it| *it.0);
        let relay = relay.map(|it| *it.1).or_else(|| self.queued());
        let Some(library) = relay else { return };
        let mut stores: FxHashMap<Id, Stores> = FxHashMap::default();
        for file in 0..self.index.files.len() {
            let count = self.index.files.get(file).map_or(0, |it| it.bodies.len());
            for index in 0..count {
                let id = Id { file, index };
                if !self.senders.contains_key(&id) {
                    stores.extend(self.storing(id, library).map(|it| (id, it)));
                }
            }
        }
        if !stores.is_empty() {
            self.each_call(|finder, function, call| finder.stored_by(function, call, &stores));
        }
    }

    /// The library that sends what a relay hands to a queue inside of the program: nothing is seen to lead from one to
    /// the other.
    fn queued(&self) -> Option<&'static Library> {
        let hands_on = |id: Id| {
            let calls = self.index.body(id).map(|it| it.calls.as_slice()).unwrap_or_default();
            let mut names =
                calls.iter().filter(|it| it.receiver.is_some()).filter_map(|it| words(&it.name).into_iter().next());
            names.any(|it| is_known(&it, |it| &it.sending))
        };
        let all = (0..self.index.files.len()).flat_map(|file| {
            let count = self.index.files.get(file).map_or(0, |it| it.bodies.len());
            (0..count).map(move |index| Id { file, index })
        });
        let relays = all.filter(|it| self.is_named_outbox(*it)).any(hands_on);
        self.senders.iter().min_by_key(|it| *it.0).filter(|_| relays).map(|it| *it.1)
    }

    /// Whether the name of a function or of its class is that of an outbox.
    fn is_named_outbox(&self, id: Id) -> bool {
        let function = self.index.function(id).map(|it| it.name.as_str());
        let owner = self.index.owner(id).and_then(|it| self.index.ty(it)).map(|it| it.name.as_str());
        function.into_iter().chain(owner).any(is_outbox)
    }

    /// Whether a function belongs to an outbox: by its name, its class, or what it calls.
    fn is_of_outbox(&self, id: Id) -> bool {
        let calls = self.index.body(id).map(|it| it.calls.as_slice()).unwrap_or_default();
        let receivers = calls.iter().filter_map(|it| it.receiver.as_ref()).map(shown);
        self.is_named_outbox(id) || receivers.into_iter().any(|it| is_outbox(&it))
    }

    /// What a function puts into an outbox, if it does: it says so by its name, and takes any message.
    fn storing(&self, id: Id, library: &'static Library) -> Option<Stores> {
        let function = self.index.function(id).filter(|it| it.has_body)?;
        let keeps = words(&function.name).first().is_some_and(|it| is_known(it, |it| &it.keeping));
        let owner = self.index.owner(id).and_then(|it| self.index.ty(it));
        if !keeps || !is_outbox(&function.name) && !owner.is_some_and(|it| is_outbox(&it.name)) {
            return None;
        }
        let is_any = |ty: &TypeName| {
            let known = self.index.type_named(&ty.name, id.file);
            let is_general = known.is_some_and(|it| !self.index.all_subtypes(it).is_empty());
            is_general
                || known.is_none() && is_parameter(&ty.name)
                || matches!(ty.name.as_str(), "object" | "Object" | "Any")
        };
        let mut parameters = function.parameters.iter().enumerate();
        let message = parameters.clone().find(|it| it.1.ty.as_ref().is_some_and(is_any))?.0;
        let channel = parameters.find(|it| is_known(&it.1.name, |it| &it.channels)).map(|it| it.0);
        Some(Stores { message, channel: channel.filter(|it| *it != message), library })
    }

    fn stored_by(&mut self, function: Id, call: &'f Call, stores: &FxHashMap<Id, Stores>) {
        let scope = self.index.scope(function);
        let callees = self.index.callees(call, scope, MAX_STEPS);
        let Some((callee, told)) = callees.into_iter().find_map(|it| Some((it, *stores.get(&it)?))) else { return };
        let at = |place: usize| self.index.argument(call, callee, place);
        let is_named = |it: &Value| matches!(it, Value::Known(it) if it.resolution != Resolution::Unresolved);
        let messages: Vec<Value> = at(told.message)
            .map(|it| self.index.type_values(it, scope, MAX_STEPS).into_iter().filter(is_named).collect())
            .unwrap_or_default();
        let channels = match told.channel {
            Some(place) => at(place).map(|it| self.index.values(it, scope, MAX_STEPS)).unwrap_or_default(),
            None => messages.clone(),
        };
        let channels: Vec<Value> = channels.into_iter().filter(is_named).collect();
        if channels.is_empty() {
            return;
        }
        let (action, fallback, library) = (Action::Send, Vec::new(), told.library);
        let found = Found { fallback, messages, ..Found::new(library, action, call.line, channels) };
        let name = self.index.function(callee).map(|it| &it.name);
        self.outbox_edge(function, found, name);
    }
}

/// Whether a name speaks of an outbox.
fn is_outbox(name: &str) -> bool {
    let folded: String = name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    WriteWords::load().is_some_and(|it| it.outbox.iter().any(|it| folded.contains(it.as_str())))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    const BUS: &str = "
        using RabbitMQ.Client;
        public abstract record Event;
        public interface IEventBus { Task PublishAsync(Event @event); }
        public class RabbitBus : IEventBus
        {
            private readonly IModel _channel;
            public RabbitBus(IModel channel) => _channel = channel;
            public Task PublishAsync(Event @event)
            {
                _channel.BasicPublish(\"shop\", @event.GetType().Name, null, Body(@event));
                return Task.CompletedTask;
            }
        }
        public interface IOutboxStore { Task AddEvent<T>(T @event) where T : Event; Task<List<Row>> Unsent(); }
        public class OutboxStore : IOutboxStore
        {
            private readonly ShopContext _context;
            public async Task AddEvent<T>(T @event) where T : Event
            {
                _context.Rows.Add(new Row(typeof(T).Name, Json(@event)));
                await _context.SaveChangesAsync();
            }
        }
        public class OutboxRelay : BackgroundService
        {
            private readonly IOutboxStore _outbox;
            private readonly IEventBus _bus;
            protected async Task ExecuteAsync()
            {
                foreach (var row in await _outbox.Unsent())
                {
                    await _bus.PublishAsync(Event(row));
                }
            }
        }";

    #[test]
    fn what_is_put_into_an_outbox_of_the_repository_is_sent() {
        let orders = "
            public record OrderPlaced(string Id) : Event;
            public class PlaceOrder
            {
                private readonly IOutboxStore _outbox;
                private readonly IOrderRepository _repository;
                public async Task Handle(Order order)
                {
                    await _repository.SaveAsync(order);
                    await _outbox.AddEvent(new OrderPlaced(order.Id));
                }
            }";
        let project = ("shop/shop.csproj", r#"<PackageReference Include="RabbitMQ.Client" />"#);
        let found = found(&[project, ("shop/Bus.cs", BUS), ("shop/Orders.cs", orders)]);
        assert_eq!(found, ["send ?", "send OrderPlaced"]);
    }

    #[test]
    fn an_outbox_takes_the_channel_by_its_name() {
        let code = "
            import org.springframework.kafka.core.KafkaTemplate
            enum class Topics(val value: String) { ORDERS(\"orders\") }
            class OutboxProcessor(val rows: RowRepository, val template: KafkaTemplate<String, String>) {
                fun send() {
                    rows.pending().forEach { row -> template.send(row.target(), row.key, row.payload) }
                }
                fun saveMessage(topic: Topics, key: String, payload: Any) {
                    rows.save(Row(topic.value, key, write(payload)))
                }
            }
            class Orders(private val outbox: OutboxProcessor, private val orders: OrderRepository) {
                fun place(order: Order) {
                    orders.save(order)
                    outbox.saveMessage(topic = Topics.ORDERS, key = order.id, payload = OrderPlaced(order.id))
                }
            }";
        let found = found(&[("build.gradle.kts", "spring-kafka"), ("src/main/kotlin/Orders.kt", code)]);
        assert_eq!(found, ["send ?", "send orders"]);
    }
}
