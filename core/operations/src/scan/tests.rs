//! What `scan` says, and what it draws.

use super::{Drawing, Scan, ScanRequest, Scanned};
use crate::{Operation as _, fixture::Fixture};

fn asked(text: &str, request: &ScanRequest) -> Scanned {
    let fixture = Fixture::new(text);
    let mut workspace = fixture.open();
    Scan::plan(&mut workspace, request).unwrap().scanned.unwrap()
}

/// Two programs of one Go module, each with the channel that it sends to.
fn programs(channels: [&str; 2]) -> String {
    let program = |name: &str, channel: &str| {
        format!(
            "//- /cmd/{name}/main.go\npackage main\nimport \"github.com/nats-io/nats.go\"\nfunc main() {{\n\
             \tnc, _ := nats.Connect(\"x\")\n\tnc.Publish({channel}, nil)\n}}\n"
        )
    };
    format!(
        "//- /go.mod\nmodule example.org/shop\nrequire github.com/nats-io/nats.go v1.0.0\n{}{}",
        program("mailer", channels[0]),
        program("orders", channels[1])
    )
}

#[test]
fn programs_are_named_as_in_the_flow() {
    let scanned = asked(&programs(["\"a\"", "\"b\""]), &ScanRequest::default());
    let services: Vec<&str> = scanned.edges.iter().map(|it| it.service.as_str()).collect();
    assert_eq!(services, ["mailer", "orders"]);
}

#[test]
fn what_is_asked_for_is_what_is_counted() {
    let unresolved = ScanRequest { unresolved: true, ..ScanRequest::default() };
    let known = programs(["\"a\"", "\"b\""]);
    assert_eq!(
        asked(&known, &unresolved).text(usize::MAX),
        "2 sends and receives in 2 files of code.\nThe name of every channel is known.\n"
    );
    let text = asked("//- /a.go\npackage main\n", &unresolved).text(usize::MAX);
    assert_eq!(text, "No sends or receives were found in 1 file of code.\n");
    let part = ScanRequest { path: Some("cmd/mailer".to_owned()), ..ScanRequest::default() };
    assert!(asked(&known, &part).text(usize::MAX).ends_with("1 send or receive in 1 file of code.\n"));
}

#[test]
fn what_is_not_drawn_is_told_with_the_way_to_it() {
    let mut text = "//- /package.json\n{ \"dependencies\": { \"kafkajs\": \"2\" } }\n//- /a.ts\n\
        import { Kafka } from 'kafkajs';\nawait producer.send({ topic: unknown(), messages });\n"
        .to_owned();
    for it in 0..502 {
        text.push_str(&format!("await producer.send({{ topic: 'channel.{it}', messages }});\n"));
    }
    let drawn = asked(&text, &ScanRequest::default()).draw(Drawing::Mermaid);
    assert!(drawn.contains("%% 2 more arrows are left out; a `path` draws the code below it\n"), "{drawn}");
    assert!(drawn.contains("%% 1 send or receive is not drawn: no known channel name; `unresolved` lists it"));
    // A channel without an arrow would look like one that nobody uses.
    assert!(!drawn.contains("channel.501"));
}

#[test]
fn a_long_list_of_what_was_not_read_has_pages() {
    let scanned = Scanned { not_read: (0..9).map(|it| format!("{it}.ts: why")).collect(), ..Scanned::default() };
    let page = scanned.text(5);
    assert!(page.contains("  4.ts: why\n  4 more: ask again with `offset` 5") && !page.contains("--format"), "{page}");
    let rest = Scanned { offset: 5, ..scanned.clone() }.text(5);
    assert!(rest.contains("8.ts: why") && !rest.contains("4.ts"), "{rest}");
    assert!(scanned.text(usize::MAX).contains("and 6 more, which `--format json` names"));
}
