//! Outboxes whose rows say where they go: a relay reads the channel out of a row, `row.getTopic()`, and whoever keeps a
//! row has set it, `row.setTopic(topic)`.

use smol_str::SmolStr;

use super::Resolution;
use super::edges::Finder;
use super::found::Found;
use super::index::Id;
use super::types::MAX_STEPS;
use super::values::{Value, getter};
use crate::code::{Call, Expression};
use crate::facts::{Library, is_known};
use crate::{Action, words};

/// How many functions a channel passes at most before it is set.
const MAX_BETWEEN: usize = 3;

/// What a relay sends: the type of its rows, the member that has the channel, and by which library.
struct Relay {
    row: SmolStr,
    member: String,
    library: &'static Library,
    at: (usize, u32),
}

impl<'f> Finder<'_, 'f> {
    /// Calls of functions that keep a row with a channel, where a relay sends to what rows say.
    pub(super) fn kept_in_rows(&mut self) {
        for relay in self.relays() {
            let mut capital = relay.member.chars();
            let first = capital.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
            let setter = format!("set{first}{}", capital.as_str());
            let set: Vec<(Id, &'f Call)> = self.index.calls_named(&setter).to_vec();
            let mut is_kept = false;
            for (id, call) in set {
                let scope = self.index.scope(id);
                let types = call.receiver.as_ref().map(|it| self.index.types_of(it, scope, MAX_STEPS));
                let is_row = types.unwrap_or_default().iter().any(|it| it.unwrapped().name == relay.row);
                let (true, true, Some(channel)) = (is_row, self.keeps(id), call.positional().next()) else { continue };
                is_kept = true;
                for value in self.index.values(channel, scope, MAX_STEPS) {
                    self.put(id, call.line, value, None, &relay, MAX_BETWEEN);
                }
            }
            if is_kept {
                self.relayed.insert(relay.at);
            }
        }
    }

    /// The sends whose channel is what a row says.
    fn relays(&self) -> Vec<Relay> {
        let mut found = Vec::new();
        for site in self.sites.iter().filter(|it| it.action == Action::Send) {
            let scope = self.index.scope(site.function);
            for argument in site.call.positional() {
                let Expression::Call(read) = argument else { continue };
                let (Some(row), true) = (&read.receiver, read.arguments.is_empty() && read.name.starts_with("get"))
                else {
                    continue;
                };
                let Some(member) = getter(&read.name) else { continue };
                // The row says where it goes in a member that is called like a channel.
                if !words(&member).iter().any(|it| is_known(it, |it| &it.channels)) {
                    continue;
                }
                let at = (site.function.file, site.call.line);
                let types = self.index.types_of(row, scope, MAX_STEPS).into_iter();
                found.extend(types.map(|it| Relay {
                    row: it.unwrapped().name.clone(),
                    member: member.clone(),
                    library: site.library,
                    at,
                }));
            }
        }
        found
    }

    /// Whether a function keeps something, and does not send it itself.
    fn keeps(&self, id: Id) -> bool {
        let calls = self.index.body(id).map(|it| it.calls.as_slice()).unwrap_or_default();
        let mut first =
            calls.iter().filter(|it| it.receiver.is_some()).filter_map(|it| words(&it.name).into_iter().next());
        !self.senders.contains_key(&id) && first.any(|it| is_known(&it, |it| &it.keeping))
    }

    /// What is put into the outbox is told where the channel is known.
    fn put(&mut self, id: Id, line: u32, value: Value, through: Option<&SmolStr>, relay: &Relay, steps: usize) {
        match value {
            Value::Known(channel) if channel.resolution != Resolution::Unresolved => {
                let found = Found::new(relay.library, Action::Send, line, vec![Value::Known(channel)]);
                self.outbox_edge(id, found, through);
            }
            open @ (Value::Parameter(..) | Value::Template(_)) => {
                let name = self.index.function(id).map(|it| it.name.clone()).filter(|it| !it.is_empty());
                let (Some(name), Some(steps)) = (name, steps.checked_sub(1)) else { return };
                let calls: Vec<(Id, &'f Call)> = self.index.calls_named(&name).to_vec();
                for (caller, call) in calls {
                    let scope = self.index.scope(caller);
                    if caller == id || !self.index.callees(call, scope, MAX_STEPS).contains(&id) {
                        continue;
                    }
                    for value in self.index.substitute(open.clone(), call, id, scope, MAX_STEPS) {
                        self.put(caller, call.line, value, Some(&name), relay, steps);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn rows_of_an_outbox_say_where_they_go() {
        let code = "
import com.google.cloud.spring.pubsub.core.PubSubTemplate;
import shop.entities.PendingMail;
class Keeper {
    private final PendingMailRepository rows;
    void keep(String topic, Object body) {
        PendingMail row = new PendingMail();
        row.setTargetTopic(topic);
        row.setBody(write(body));
        rows.save(row);
    }
}
class Sender {
    private final PubSubTemplate template;
    void send(PendingMail row) { template.publish(row.getTargetTopic(), row.getBody()); }
}
class Relay {
    private final PendingMailRepository rows;
    private final Sender sender;
    void run() {
        for (PendingMail row : rows.findAll()) { sender.send(row); }
        rows.deleteAllInBatch(done);
    }
}
class Orders {
    @Value(\"${shop.orders-topic}\")
    private String topic;
    private final Keeper keeper;
    private final OrderRepository orders;
    void place(Order order) {
        orders.save(order);
        keeper.keep(topic, order);
    }
}";
        let files = [
            ("pom.xml", "google-cloud-pubsub"),
            ("src/main/java/Orders.java", code),
            ("src/main/resources/application.yml", "shop:\n  orders-topic: orders.v1\n"),
        ];
        assert_eq!(found(&files), ["send ?", "send orders.v1"]);
    }
}
