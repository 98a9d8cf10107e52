//! Text synchronisation: the server has the client's text, in every encoding, after every edit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{Client, encoded, folder, pulling, pushing, watching};
use proptest::prelude::*;
use serde_json::{Value, json};

const ENCODINGS: [&str; 3] = ["utf-8", "utf-16", "utf-32"];

/// Length in units of an encoding.
fn units(text: &str, encoding: &str) -> usize {
    match encoding {
        "utf-8" => text.len(),
        "utf-16" => text.encode_utf16().count(),
        _ => text.chars().count(),
    }
}

/// The position of a byte offset, counted the slow and obvious way.
fn position(text: &str, offset: usize, encoding: &str) -> Value {
    let before = &text[..offset];
    let mut line = 0;
    let mut start = 0;
    for (at, char) in before.char_indices() {
        let crlf = char == '\r' && text[at + 1..].starts_with('\n');
        if char == '\n' || (char == '\r' && !crlf) {
            line += 1;
            start = at + 1;
        }
    }
    json!({ "line": line, "character": units(&before[start..], encoding) })
}

async fn text(client: &mut Client, path: &str) -> Value {
    let uri = client.uri(path);
    client.call("archwright/probe", json!({ "textDocument": { "uri": uri }, "millis": 0 })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_encoding_is_negotiated() {
    let offers: [(&[&str], &str); 6] = [
        (&["utf-16"], "utf-16"),
        (&["utf-16", "utf-8"], "utf-8"),
        (&["utf-32", "utf-16"], "utf-32"),
        (&["utf-32"], "utf-32"),
        (&["utf-7"], "utf-16"),
        (&[], "utf-16"),
    ];
    for (offer, chosen) in offers {
        let client = Client::start(folder(&[]), encoded(watching(pushing()), offer)).await;
        assert_eq!(client.initialized["capabilities"]["positionEncoding"], chosen, "{offer:?}");
        client.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_count_in_the_negotiated_encoding() {
    let before = "Grüße 😀 漢字 [see](";
    let document = format!("# Title\r\n\r\n{before}missing.md).\r\n");
    for encoding in ENCODINGS {
        let mut client = Client::start(folder(&[]), encoded(watching(pushing()), &[encoding])).await;
        client.open("docs/features/a/design.md", &document).await;
        let published = client.published("docs/features/a/design.md").await;
        let diagnostics = published["diagnostics"].as_array().unwrap();
        let link = diagnostics.iter().find(|it| it["code"] == "link/dead-target").unwrap();
        let start = units(before, encoding);
        let expected = json!({ "start": { "line": 2, "character": start }, "end": { "line": 2, "character": start + "missing.md".len() } });
        assert_eq!(link["range"], expected, "{encoding}");
        client.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_changes_of_one_notification_apply_in_turn() {
    let mut client = Client::start(folder(&[]), watching(pulling())).await;
    client.open("a.md", "one\r\ntwo\r\n").await;
    let at = |line: u32, character: u32| json!({ "line": line, "character": character });
    let changes = json!([
        { "range": { "start": at(0, 3), "end": at(1, 0) }, "text": " " },
        { "range": { "start": at(0, 4), "end": at(0, 7) }, "text": "three" },
        { "range": { "start": at(7, 7), "end": at(8, 8) }, "text": "end" },
    ]);
    client.change("a.md", 2, changes).await;
    assert_eq!(text(&mut client, "a.md").await, "one three\r\nend");
    client.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_document_is_what_the_disk_says() {
    let mut client = Client::start(folder(&[("a.md", "disk\n")]), watching(pulling())).await;
    client.open("a.md", "buffer\n").await;
    assert_eq!(text(&mut client, "a.md").await, "buffer\n");
    client.close("a.md").await;
    assert_eq!(text(&mut client, "a.md").await, "disk\n");
    client.finish().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is edited in an editor, the server has the same text.
    #[test]
    fn edits_over_the_wire_are_edits_of_the_string(
        initial in "[ab #😀漢é\u{2028}\r\n]{0,60}",
        edits in prop::collection::vec((0usize..200, 0usize..200, "[x😀漢\r\n]{0,5}"), 1..20),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        for encoding in ENCODINGS {
            let (sent, received) = runtime.block_on(async {
                let mut client = Client::start(folder(&[]), encoded(watching(pulling()), &[encoding])).await;
                client.open("a.md", &initial).await;
                let mut plain = initial.clone();
                for (version, (a, b, inserted)) in edits.iter().enumerate() {
                    // The place between `\r` and `\n` is no place in an editor.
                    let inside = |at: usize| plain[..at].ends_with('\r') && plain[at..].starts_with('\n');
                    let places = plain.char_indices().map(|it| it.0).chain([plain.len()]);
                    let places: Vec<usize> = places.filter(|it| !inside(*it)).collect();
                    let (a, b) = (places[a % places.len()], places[b % places.len()]);
                    let (start, end) = (a.min(b), a.max(b));
                    let range = json!({ "start": position(&plain, start, encoding), "end": position(&plain, end, encoding) });
                    client.change("a.md", i32::try_from(version).unwrap() + 2, json!([{ "range": range, "text": inserted }])).await;
                    plain.replace_range(start..end, inserted);
                }
                let received = text(&mut client, "a.md").await;
                client.finish().await;
                (plain, received)
            });
            prop_assert_eq!(json!(sent), received, "{}", encoding);
        }
    }
}
