//! Tests of what is where: servers, channels, the messages on them, and places in these.

use super::{HEAD_2, HEAD_3, found, messages};
use crate::validation::Severity;

#[test]
fn server_addresses_and_their_variables() {
    let text = format!(
        "{HEAD_3}servers:
  one: {{ host: '{{region}}.shop.example', pathname: '/{{stage}}', protocol: mqtt, variables: {{ regoin: {{}}, idle: {{}}, stage: {{ enum: [a, b], default: c, examples: [a, d] }} }} }}
  two: {{ host: 'mqtts://shop.example/a', protocol: mqtt }}
  three: {{ host: 'shop.example/', protocol: mqtt }}
  four: {{ host: '{{region}}.{{}}.shop.example', protocol: mqtt }}
  five: {{ host: 'shop.example/a', protocol: mqtt }}
"
    );
    assert_eq!(
        found(&text),
        [
            "unused-variable @ regoin -> region",
            "unused-variable @ idle",
            "default-outside-enum @ c",
            "example-outside-enum @ d",
            "malformed-host @ 'mqtts://shop.example/a'",
            "server-trailing-slash @ 'shop.example/' -> 'shop.example'",
            "undefined-variable @ '{region}.{}.shop.example'",
            "empty-variable @ '{region}.{}.shop.example'",
            "malformed-host @ 'shop.example/a'",
        ]
    );
    let text = format!(
        "{HEAD_2}channels: {{}}\nservers: {{ a: {{ url: 'x.{{b}}.{{c}}', protocol: mqtt, variables: {{ b: {{}} }} }} }}"
    );
    assert_eq!(found(&text), ["undefined-variable @ variables"]);
}

#[test]
fn channels_of_2() {
    let text = format!(
        "{HEAD_2}servers: {{ main: {{ url: shop.example, protocol: kafka }} }}
channels:
  'a/{{x}}/{{y}}': {{ servers: [main, mian, other], parameters: {{ x: {{}}, z: {{}} }} }}
  'b/{{x}}': {{ $ref: '#/components/channels/b' }}
  'c/{{x}}/': {{}}
  'd?q=1': {{ parameters: {{ q: {{}} }} }}
  'c/{{other}}/': {{}}
  'e#f': {{}}
components:
  channels: {{ b: {{ parameters: {{ wrong: {{}} }} }} }}
"
    );
    assert_eq!(
        found(&text),
        [
            "undefined-server @ mian -> main",
            "undefined-server @ other",
            "undefined-parameter @ parameters",
            "unused-parameter @ z",
            "unused-parameter @ 'b/{x}'",
            "undefined-parameter @ 'b/{x}'",
            "channel-trailing-slash @ 'c/{x}/' -> 'c/{x}'",
            "undescribed-parameter @ 'c/{x}/'",
            "address-with-query @ 'd?q=1'",
            "unused-parameter @ q",
            "channel-trailing-slash @ 'c/{other}/' -> 'c/{other}'",
            "duplicate-address @ 'c/{other}/'",
            "undescribed-parameter @ 'c/{other}/'",
            "address-with-query @ 'e#f'",
        ]
    );
    assert_eq!(
        messages(&text, "undefined-server"),
        [
            (Severity::Error, "`mian` is no server of the document: did you mean `main`?".to_owned()),
            (Severity::Error, "`other` is no server of the document: the servers are `main`".to_owned())
        ]
    );
    // Without a parameter in the address no tool minds.
    assert_eq!(messages(&text, "unused-parameter").last().map(|it| it.0), Some(Severity::Warning));
}

#[test]
fn channels_of_3() {
    let text = format!(
        "{HEAD_3}servers:
  main: {{ $ref: '#/components/servers/main' }}
  side: {{ host: shop.example, protocol: kafka }}
channels:
  a: {{ address: 'orders.{{region}}', parameters: {{ region: {{ enum: [eu, eu], default: us }}, zone: {{}} }} }}
  b: {{ address: 'orders.{{zone}}', parameters: {{ zone: {{}} }}, servers: [{{ $ref: '#/components/servers/main' }}] }}
  c: {{ address: 'orders.{{}}', servers: [{{ $ref: '#/servers/side' }}] }}
  d: {{ address: null, parameters: {{ x: {{}} }} }}
  'e?f': {{}}
  g: {{ address: 'g#h/', servers: [{{ $ref: '#/servers/side' }}] }}
  i: {{ address: g#h/, servers: [{{ $ref: '#/servers/main' }}] }}
  j: {{ address: 'j.{{k}}', servers: [{{ $ref: './servers.yaml#/main' }}] }}
components: {{ servers: {{ main: {{ host: shop.example, protocol: kafka }} }} }}
"
    );
    assert_eq!(
        found(&text),
        [
            "duplicate-enum-value @ eu",
            "default-outside-enum @ us",
            "unused-parameter @ zone",
            "duplicate-address @ 'orders.{zone}'",
            "server-outside-root @ '#/components/servers/main' -> '#/servers/main'",
            "empty-parameter @ 'orders.{}'",
            "duplicate-address @ 'orders.{}'",
            "unused-parameter @ x",
            "address-with-query @ 'e?f'",
            "address-with-query @ 'g#h/'",
            "channel-trailing-slash @ 'g#h/' -> 'g#h'",
            "address-with-query @ g#h/",
            "channel-trailing-slash @ g#h/ -> g#h",
            "undescribed-parameter @ 'j.{k}'",
            "server-outside-root @ './servers.yaml#/main'",
        ]
    );
}

#[test]
fn several_channels_may_share_a_connection() {
    let text = format!(
        "{HEAD_3}servers: {{ main: {{ host: shop.example, protocol: wss }} }}\n\
        channels: {{ a: {{ address: /v1 }}, b: {{ address: /v1 }} }}\n"
    );
    assert_eq!(found(&text), [""; 0]);
}

#[test]
fn operations_are_about_messages_of_their_channel() {
    let text = format!(
        "{HEAD_3}channels:
  orders: {{ $ref: '#/components/channels/orders' }}
  answers: {{ address: answers, messages: {{ Done: {{ $ref: '#/components/messages/Done' }} }} }}
operations:
  a: {{ action: send, channel: {{ $ref: '#/channels/orders' }}, messages: [{{ $ref: '#/channels/orders/messages/Placed' }}] }}
  b: {{ action: send, channel: {{ $ref: '#/channels/orders' }}, messages: [{{ $ref: '#/components/messages/Placed' }}] }}
  c:
    action: send
    channel: {{ $ref: '#/components/channels/orders' }}
    messages: [{{ $ref: '#/channels/answers/messages/Done' }}, {{ $ref: './other.yaml#/messages/X' }}]
    reply: {{ address: {{ location: '$message.header#/to' }}, channel: {{ $ref: '#/channels/answers' }}, messages: [{{ $ref: '#/components/messages/Done' }}] }}
  d: {{ action: send, channel: {{ $ref: './other.yaml#/channels/x' }}, messages: [{{ $ref: './other.yaml#/channels/x/messages/X' }}, {{ $ref: '#/components/messages/Done' }}] }}
  e: {{ action: send, channel: {{ $ref: './channel.yaml' }} }}
components:
  channels: {{ orders: {{ address: orders, messages: {{ Placed: {{ $ref: '#/components/messages/Placed' }} }} }} }}
  messages: {{ Placed: {{}}, Done: {{}} }}
"
    );
    assert_eq!(
        found(&text),
        [
            "foreign-message @ '#/components/messages/Placed' -> '#/channels/orders/messages/Placed'",
            "channel-outside-root @ '#/components/channels/orders' -> '#/channels/orders'",
            "foreign-message @ '#/channels/answers/messages/Done'",
            "foreign-message @ './other.yaml#/messages/X'",
            "conflicting-reply-address @ address",
            "foreign-message @ '#/components/messages/Done' -> '#/channels/answers/messages/Done'",
            "foreign-message @ '#/components/messages/Done'",
            "channel-outside-root @ './channel.yaml'",
        ]
    );
    // No tool looks at replies.
    let severities: Vec<_> = messages(&text, "foreign-message").iter().map(|it| it.0).collect();
    assert_eq!(severities, [Severity::Error, Severity::Error, Severity::Error, Severity::Warning, Severity::Error]);
}

#[test]
fn locations_lead_into_the_schema() {
    let text = format!(
        "{HEAD_3}channels:
  orders:
    address: 'orders.{{region}}'
    parameters: {{ region: {{ location: '$message.payload#/region/code' }} }}
    messages: {{ Placed: {{ $ref: '#/components/messages/Placed' }}, Open: {{ $ref: '#/components/messages/Open' }} }}
  closed:
    address: 'closed.{{region}}'
    parameters: {{ region: {{ location: '$message.payload#/region/code' }} }}
    messages: {{ Placed: {{ $ref: '#/components/messages/Placed' }} }}
components:
  messages:
    Open: {{ payload: {{ type: object }} }}
    Placed:
      correlationId: {{ location: '$message.header#/corelation' }}
      headers: {{ type: object, additionalProperties: false, properties: {{ correlation: {{ type: string }} }} }}
      payload: {{ type: object, properties: {{ region: {{ type: string }} }} }}
    Other:
      correlationId: {{ location: '$message.payload#/id' }}
      payload: {{ schemaFormat: application/vnd.apache.avro, schema: {{ type: long }} }}
"
    );
    let mut found = found(&text);
    found.retain(|it| it.contains("location"));
    assert_eq!(
        found,
        [
            "unresolved-location @ '$message.payload#/region/code'",
            "unresolved-location @ '$message.header#/corelation' -> '$message.header#/correlation'",
        ]
    );
}

#[test]
fn locations_are_looked_for_in_many_messages_and_those_left_out_are_told() {
    let told = |count: usize| {
        let one = |at: usize| {
            format!("      m{at}: {{ payload: {{ type: object, properties: {{ id: {{ type: string }} }} }} }}\n")
        };
        let text = format!(
            "{HEAD_3}channels:\n  c:\n    address: 'a.{{id}}'\n    parameters: {{ id: {{ location: \
             '$message.payload#/id/none' }} }}\n    messages:\n{}",
            (0..count).map(one).collect::<String>()
        );
        messages(&text, "unresolved-location")
    };
    assert_eq!(told(200).iter().map(|it| it.0).collect::<Vec<_>>(), [Severity::Warning]);
    let all = told(201);
    assert_eq!(all.iter().map(|it| it.0).collect::<Vec<_>>(), [Severity::Info]);
    assert!(all[0].1.starts_with("From here on 1 location was not looked for in every message"), "{all:?}");
}

#[test]
fn channels_with_one_address_are_told_apart_by_all_of_their_servers() {
    let server = |at: usize| format!("  s{at}: {{ host: h{at}, protocol: kafka }}\n");
    let servers: String = (0..100).map(server).collect();
    let channel = |name: &str, servers: &[usize]| {
        let list: Vec<_> = servers.iter().map(|at| format!("{{ $ref: '#/servers/s{at}' }}")).collect();
        format!("  {name}: {{ address: a, servers: [{}] }}\n", list.join(", "))
    };
    let count = |channels: &str| {
        let text = format!("{HEAD_3}servers:\n{servers}channels:\n{channels}");
        messages(&text, "duplicate-address").iter().map(|it| it.1.clone()).collect::<Vec<_>>()
    };
    // One for each of a hundred servers, and one more for a server that has one.
    let each: String = (0..100).map(|at| channel(&format!("c{at}"), &[at])).collect();
    assert_eq!(count(&each), [""; 0]);
    assert_eq!(count(&(each.clone() + &channel("d", &[90]))), ["The channel `c90` has the address `a` already"]);
    assert_eq!(count(&(each + &channel("d", &[]))), ["The channel `c0` has the address `a` already"]);
    // What it shares with the first stands far behind.
    let all: Vec<usize> = (0..100).collect();
    assert_eq!(count(&(channel("c", &[99]) + &channel("d", &all))), ["The channel `c` has the address `a` already"]);
    assert_eq!(count(&(channel("c", &all) + &channel("d", &[99]))), ["The channel `c` has the address `a` already"]);
    assert_eq!(count(&(channel("c", &[]) + &channel("d", &[99]))), ["The channel `c` has the address `a` already"]);
}
