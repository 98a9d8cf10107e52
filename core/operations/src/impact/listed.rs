//! Who sends and receives, as the channels of AsyncAPI documents say it beside their operations: in fields of their
//! own (`x-producer`, `x-consumers`), or in what is said of them (`Published by order-service`).

use archwright_syntax::{
    Span,
    data::{Kind, Node},
};
use smol_str::SmolStr;

use super::graph::Relation;

/// A service that a channel names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub channel: SmolStr,
    pub relation: Relation,
    pub party: SmolStr,
    /// A byte of the document.
    pub at: usize,
    /// All that the document says of the channel.
    pub scope: Vec<Span>,
}

const SENDERS: [&str; 4] = ["x-producer", "x-producers", "x-publisher", "x-publishers"];
const RECEIVERS: [&str; 4] = ["x-consumer", "x-consumers", "x-subscriber", "x-subscribers"];

/// What stands before `by` and the name of a service.
const SENT: [&str; 5] = ["published", "produced", "emitted", "sent", "raised"];
const RECEIVED: [&str; 4] = ["consumed", "received", "read", "subscribed"];

/// Words with which a text says that it is not so, not yet, or not always.
const UNSURE: [&str; 22] = [
    "reserved",
    "not yet",
    "no longer",
    "planned",
    "deprecated",
    "future",
    "does not",
    "not currently",
    "will be",
    "would",
    "may ",
    "might",
    "could",
    "can be",
    "intended",
    "optional",
    "such as",
    "e.g.",
    "for example",
    "todo",
    "tbd",
    "currently no",
];

/// What the channels of a document say. `text` is its source.
pub(super) fn listed(root: Node<'_>, text: &str) -> Vec<Listed> {
    let mut found = Vec::new();
    for channel in root.get("channels").into_iter().flat_map(Node::entries) {
        let address = channel.value.get("address").and_then(Node::as_str).unwrap_or(channel.key);
        let is_of = |it: &Node<'_>| {
            let reference = it.get("channel").and_then(|it| it.entry("$ref")).and_then(|it| it.value.as_str());
            reference.and_then(|it| it.rsplit('/').next()).is_some_and(|it| it == channel.key)
        };
        let of_channel = ["publish", "subscribe"].into_iter().filter_map(|it| channel.value.get(it));
        let operations = root.get("operations").into_iter().flat_map(Node::entries).map(|it| it.value).filter(is_of);
        let nodes: Vec<Node<'_>> = std::iter::once(channel.value).chain(of_channel).chain(operations).collect();
        let told: Vec<Node<'_>> =
            nodes.iter().flat_map(|it| [it.get("description"), it.get("summary")]).flatten().collect();
        let scope: Vec<Span> = nodes.iter().map(|it| it.span()).collect();
        let is_unsure = told.iter().filter_map(|it| it.as_str()).any(|it| {
            let it = it.to_lowercase();
            UNSURE.iter().any(|word| it.contains(word))
        });
        if is_unsure || address.contains('{') {
            continue;
        }
        let mut add = |relation: Relation, party: &str, node: Node<'_>| {
            let source = node.span().of(text);
            let at = node.span().start as usize + source.find(party).unwrap_or_default();
            found.push(Listed { channel: address.into(), relation, party: party.into(), at, scope: scope.clone() });
        };
        for node in &nodes {
            for (keys, relation) in [(SENDERS, Relation::Produces), (RECEIVERS, Relation::Consumes)] {
                for value in keys.into_iter().filter_map(|it| node.get(it)) {
                    let items: Vec<Node<'_>> =
                        if value.kind() == Kind::Sequence { value.items().collect() } else { vec![value] };
                    for item in items {
                        let item = item.get("service").or_else(|| item.get("name")).unwrap_or(item);
                        item.as_str().into_iter().for_each(|it| add(relation, it, item));
                    }
                }
            }
        }
        for node in told {
            let Some(text) = node.as_str() else { continue };
            for (verbs, relation) in [(SENT.as_slice(), Relation::Produces), (&RECEIVED, Relation::Consumes)] {
                for party in named(text, verbs) {
                    add(relation, party, node);
                }
            }
        }
    }
    found
}

/// The names of services behind one of some words and `by`: those in code marks, or with a hyphen.
fn named<'t>(text: &'t str, verbs: &[&str]) -> Vec<&'t str> {
    // What stands in brackets is said of the name before it.
    let mut depth = 0_usize;
    let outside = |it: &&str| {
        let before = depth;
        depth += it.matches('(').count();
        depth = depth.saturating_sub(it.matches(')').count());
        before == 0 && !it.starts_with('(')
    };
    let words: Vec<&str> = text.split_whitespace().filter(outside).collect();
    let mut found = Vec::new();
    for (at, pair) in words.windows(2).enumerate() {
        let [verb, by] = pair else { continue };
        let verb = verb.trim_matches(|it: char| !it.is_alphanumeric()).to_lowercase();
        if *by != "by" || !verbs.contains(&verb.as_str()) {
            continue;
        }
        let mut is_next = true;
        for word in words.iter().skip(at + 2) {
            if matches!(*word, "the" | "and" | "&") {
                is_next = true;
                continue;
            }
            let Some(name) = name(word).filter(|_| is_next) else { break };
            found.push(name);
            is_next = word.ends_with(',');
        }
    }
    found
}

/// A word that is written as the name of something: `` `billing` ``, `billing-service`.
fn name(word: &str) -> Option<&str> {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_');
    let (is_marked, bare) = match word.strip_prefix('`') {
        Some(rest) => (true, rest.split('`').next().unwrap_or_default()),
        None => (false, word.trim_end_matches([',', '.', ';', ':', ')'])),
    };
    let is_name = bare.chars().all(is_part) && bare.chars().any(char::is_alphabetic);
    (is_name && (is_marked || bare.contains('-'))).then_some(bare)
}

#[cfg(test)]
mod tests {
    use archwright_syntax::data::{self, Format};

    use super::*;

    fn told(text: &str) -> Vec<String> {
        let tree = data::parse(text.to_owned(), Format::Yaml);
        let found = listed(tree.root().unwrap(), text);
        let line = |it: &Listed| text.get(..it.at).unwrap().lines().count().max(1);
        let is_at = |it: &Listed| text.get(it.at..).is_some_and(|rest| rest.starts_with(it.party.as_str()));
        assert!(found.iter().all(is_at), "{found:?}");
        found.iter().map(|it| format!("{:?} {} {} {}", it.relation, it.channel, it.party, line(it))).collect()
    }

    #[test]
    fn fields_and_sentences_name_services() {
        let text = "asyncapi: 2.6.0\nchannels:\n  account.created:\n    description: |\n      Published by \
            `accounts` when one is opened. Consumed by\n      `audit-service`, `search` (all of it) and `mail` to keep \
            it.\n    publish:\n      x-producer: account-service\n      x-consumers:\n        - \
            audit\n        - service: mail\n          queue: mail.accounts\n    subscribe:\n      summary: Read by \
            report-service for reports, by the end of a day.\n";
        assert_eq!(
            told(text),
            [
                "Produces account.created account-service 8",
                "Consumes account.created audit 10",
                "Consumes account.created mail 11",
                "Produces account.created accounts 5",
                "Consumes account.created audit-service 6",
                "Consumes account.created search 6",
                "Consumes account.created mail 6",
                "Consumes account.created report-service 14",
            ]
        );
        let text = "asyncapi: 3.0.0\nchannels:\n  placed:\n    address: orders.placed\noperations:\n  send:\n    \
            action: send\n    channel: { $ref: '#/channels/placed' }\n    summary: Emitted by order-service's relay.\n";
        assert_eq!(told(text), [""; 0]);
        assert_eq!(
            told(&text.replace("order-service's relay", "order-service")),
            ["Produces orders.placed order-service 9"]
        );
    }

    #[test]
    fn what_is_not_so_yet_or_names_nobody_says_nothing() {
        for words in [
            "Reserved. Published by `upi-service` in a later phase.",
            "Published by `upi-service`, which will be built.",
            "Published by whoever opens an account.",
            "Consumed by services such as `audit`.",
        ] {
            let text = format!("asyncapi: 2.6.0\nchannels:\n  account.created:\n    description: {words}\n");
            assert_eq!(told(&text), [""; 0], "{words}");
        }
    }
}
