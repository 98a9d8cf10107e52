//! Rename: what changes where, and what is refused.

use archwright_engine::Workspace;
use archwright_model::WorkspaceEdit;
use insta::assert_snapshot;
use proptest::prelude::*;

use super::{
    SHOP, open,
    references::{SYSTEM, system_at},
};
use crate::{Move, definition, fixture::Fixture, prepare_rename, references, rename, rename_files};

/// The lines that an edit changes, as `path:line: text`, and the files that move.
fn changes(workspace: &Workspace, edit: &WorkspaceEdit) -> String {
    let mut shown = String::new();
    for file in &edit.texts {
        let text = workspace.text(workspace.file(&file.path).unwrap()).unwrap();
        let after = file.edits.apply(&text).unwrap();
        for (at, (_, new)) in text.lines().zip(after.lines()).enumerate().filter(|it| it.1.0 != it.1.1) {
            shown.push_str(&format!("{}:{}: {}\n", file.path, at + 1, new.trim()));
        }
    }
    for it in &edit.renames {
        shown.push_str(&format!("{} -> {}\n", it.from, it.to));
    }
    shown
}

fn check(text: &str, name: &str) -> String {
    let (_fixture, workspace, file, offset) = open(text);
    match rename(&workspace, file, offset, name) {
        Ok(edit) => changes(&workspace, &edit),
        Err(error) => error.to_string(),
    }
}

fn prepared(text: &str) -> String {
    let (_fixture, workspace, file, offset) = open(text);
    let text = workspace.text(file).unwrap();
    match prepare_rename(&workspace, file, offset) {
        Ok(it) => format!("[{}] {}", it.span.of(&text), it.placeholder),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_can_be_renamed_is_shown_as_it_is_written_and_as_it_is_called() {
    for (path, text, expected) in [
        ("apis/shop.yaml", "~1placed/", "[orders~1placed] orders/placed"),
        ("apis/shop.yaml", "orders/placed:", "[orders/placed] orders/placed"),
        ("apis/shop.yaml", "OrderPlaced'", "[OrderPlaced] OrderPlaced"),
        ("apis/common.json", "Noted", "[Noted] Noted"),
        ("apis/old.yaml", "production]", "[production] production"),
        ("schemas/order.yaml", "Line'", "[Line] Line"),
        ("apis/shop.yaml", "../schemas", "[../schemas/order.yaml] ../schemas/order.yaml"),
        ("apis/shop.yaml", "tenant}", "[shop.{tenant}.orders] shop.{tenant}.orders"),
    ] {
        assert_eq!(prepared(&system_at(path, text, 0)), expected, "{text}");
    }
    let nothing = "there is nothing to rename here; put the cursor on a component, channel, message, operation or \
        server, a heading, a link, an identifier, or a team or term that a document lists";
    for (path, text) in
        [("apis/shop.yaml", "send"), ("schemas/order.yaml", "type:"), ("schemas/order.yaml", "definitions:")]
    {
        assert_eq!(prepared(&system_at(path, text, 0)), nothing);
    }
    assert_eq!(prepared("//- /package.json\n{\"na$0me\": \"x\"}\n"), nothing);
    for (path, text, key) in [
        ("apis/shop.yaml", "action:", "action"),
        ("apis/shop.yaml", "components:", "components"),
        ("apis/shop.yaml", "messages/OrderPlaced' }\n  shared", "messages"),
    ] {
        let expected = format!(
            "`{key}` is a fixed key and cannot have another name; only names that the author chooses can be changed"
        );
        assert_eq!(prepared(&system_at(path, text, 0)), expected);
    }
}

#[test]
fn a_key_takes_its_references_along_with_quotes_and_escapes() {
    assert_snapshot!(check(&system_at("apis/shop.yaml", "orders/placed:", 0), "orders: it's {new}"), @r"
    apis/shop.yaml:6: 'orders: it''s {new}':
    apis/shop.yaml:16: channel: { $ref: '#/channels/orders:%20it%27s%20{new}' }
    apis/shop.yaml:17: messages: [{ $ref: '#/channels/orders:%20it%27s%20{new}/messages/OrderPlaced' }]
    ");
    assert_snapshot!(check(&system_at("apis/common.json", "shared", 0), "notes"), @r##"
    apis/common.json:5: "channels": { "notes": { "address": "shop.shared", "messages": { "Noted": { "payload": { "$ref": "../schemas/order.yaml#/definitions/Order/properties/line" } } } } }
    apis/shop.yaml:12: shared: { $ref: 'common.json#/components/channels/notes' }
    "##);
    assert_snapshot!(check(&system_at("apis/shop.yaml", "Noted'", 0), "Remarked"), @r##"
    apis/common.json:5: "channels": { "shared": { "address": "shop.shared", "messages": { "Remarked": { "payload": { "$ref": "../schemas/order.yaml#/definitions/Order/properties/line" } } } } }
    apis/shop.yaml:21: messages: [{ $ref: '#/channels/shared/messages/Remarked' }]
    "##);
    assert_snapshot!(check(&system_at("schemas/order.yaml", "Order:", 0), "Sale/1"), @r##"
    apis/common.json:5: "channels": { "shared": { "address": "shop.shared", "messages": { "Noted": { "payload": { "$ref": "../schemas/order.yaml#/definitions/Sale~11/properties/line" } } } } }
    apis/shop.yaml:26: OrderPlaced: { payload: { $ref: '../schemas/order.yaml#/definitions/Sale~11' } }
    schemas/order.yaml:2: Sale/1:
    "##);
}

#[test]
fn escaped_references_are_written_anew() {
    let text = "//- /a.json\n{\"asyncapi\": \"3.0.0\", \"channels\": {\"$0a\": {}}, \"operations\": {\"o\": \
        {\"channel\": {\"$ref\": \"#\\/channels\\/a\"}}}}\n";
    assert_snapshot!(check(text, "b"), @r##"a.json:1: {"asyncapi": "3.0.0", "channels": {"b": {}}, "operations": {"o": {"channel": {"$ref": "#/channels/b"}}}}"##);
}

#[test]
fn names_follow_too() {
    assert_snapshot!(check(&system_at("apis/old.yaml", "production]", 0), "live"), @r"
    apis/old.yaml:4: live: { url: 'kafka.shop.example', protocol: kafka, security: [{ sasl: [] }] }
    apis/old.yaml:7: servers: [live]
    ");
    assert_snapshot!(check(&system_at("apis/old.yaml", "sasl: [] }]\n      mess", 0), "plain"), @r"
    apis/old.yaml:4: production: { url: 'kafka.shop.example', protocol: kafka, security: [{ plain: [] }] }
    apis/old.yaml:11: security: [{ plain: [] }]
    apis/old.yaml:15: plain: { type: plain }
    ");
    assert_snapshot!(check(&system_at("apis/old.yaml", "One: {}", 0), "Two"), @r"
    apis/old.yaml:17: Stock: { payload: { oneOf: [{ $ref: '#/components/schemas/Two' }], discriminator: { propertyName: kind, mapping: { a: Two, b: '#/components/schemas/Two' } } } }
    apis/old.yaml:19: Two: {}
    ");
}

#[test]
fn parameters_and_variables_follow_in_what_they_complete() {
    assert_snapshot!(check(&system_at("apis/shop.yaml", "tenant: { $ref", 0), "client"), @r"
    apis/shop.yaml:7: address: shop.{client}.orders
    apis/shop.yaml:9: client: { $ref: '#/components/parameters/tenant' }
    ");
    assert_snapshot!(check(&system_at("apis/shop.yaml", "region: {", 0), "zone"), @"apis/shop.yaml:4: main: { host: \
        'kafka.{zone}.shop.example', protocol: kafka, variables: { zone: { default: eu } } }");
    assert_snapshot!(check(&system_at("apis/old.yaml", "item: {}", 0), "sku"), @r"
    apis/old.yaml:6: stock.{sku}.v1:
    apis/old.yaml:8: parameters: { sku: {} }
    ");
}

#[test]
fn what_clashes_or_is_no_name_is_refused() {
    assert_snapshot!(check(&system_at("apis/shop.yaml", "orders/placed:", 0), "shared"), @"`shared` is there already, in `apis/shop.yaml`; choose another name");
    assert_snapshot!(check(&system_at("apis/shop.yaml", "OrderPlaced: { payload", 0), "Order Placed"), @"`Order Placed` is no name for this: letters, digits, `.`, `-` and `_` are allowed");
    assert_snapshot!(check(&system_at("schemas/order.yaml", "Line'", 0), ""), @"`` is no name for this: a name has at least one character");
    assert_snapshot!(check(&system_at("apis/shop.yaml", "../schemas", 0), "common.json"), @"the file `apis/common.json` is there already; choose another name");
    assert_snapshot!(check(&system_at("apis/shop.yaml", "../schemas", 0), "../../x.yaml"), @"`../x.yaml` lies outside the workspace; choose a place below its root");
}

/// What speaks of `orders.placed.v1`, besides [`SHOP`].
const CHANNEL: &str = "\
//- /docs/features/shop/README.md
# Shop

## Channels owned

- `orders.placed.v1`: orders, see [its contract](contracts/orders.placed.v1.md#contract-ordersplacedv1).
//- /docs/features/shop/schemas/orders.placed.v1.json
{}
//- /docs/features/shop/asyncapi/orders.placed.v1.yaml
asyncapi: 3.0.0
channels:
  placed:
    address: \"orders.$0placed.v1\"
    messages: { m: { payload: { $ref: '../schemas/orders.placed.v1.json' } } }
//- /docs/features/shop/design.md
# Design: shop

## Boundary contracts

| Channel | DLQ |
| --- | --- |
| [orders.placed.v1](contracts/orders.placed.v1.md) | orders.placed.v1.dlq |

Not orders.placed.v10 or new.orders.placed.v1.
";

#[test]
fn a_channel_is_renamed_wherever_it_is_named_and_files_called_after_it_move() {
    let text = format!("{SHOP}{CHANNEL}");
    let expected = check(&text, "sales.placed.v1");
    assert_snapshot!(expected, @r##"
    docs/features/shop/README.md:5: - `sales.placed.v1`: orders, see [its contract](contracts/sales.placed.v1.md#contract-salesplacedv1).
    docs/features/shop/asyncapi/orders.placed.v1.yaml:4: address: "sales.placed.v1"
    docs/features/shop/asyncapi/orders.placed.v1.yaml:5: messages: { m: { payload: { $ref: '../schemas/sales.placed.v1.json' } } }
    docs/features/shop/contracts/orders.placed.v1.md:1: # Contract: sales.placed.v1
    docs/features/shop/contracts/orders.placed.v1.md:6: - **Channel**: `sales.placed.v1`
    docs/features/shop/contracts/orders.placed.v1.md:16: - **DLQ**: `sales.placed.v1.dlq`, owner team-orders
    docs/features/shop/design.md:7: | [sales.placed.v1](contracts/sales.placed.v1.md) | sales.placed.v1.dlq |
    src/orders.ts:4: await producer.send({ topic: 'sales.placed.v1', messages: [order] });
    docs/features/shop/asyncapi/orders.placed.v1.yaml -> docs/features/shop/asyncapi/sales.placed.v1.yaml
    docs/features/shop/contracts/orders.placed.v1.md -> docs/features/shop/contracts/sales.placed.v1.md
    docs/features/shop/schemas/orders.placed.v1.json -> docs/features/shop/schemas/sales.placed.v1.json
    "##);
    let from_design = text.replace("$0", "").replace("- `orders.placed.v1`: ", "- `orders.pla$0ced.v1`: ");
    assert_eq!(check(&from_design, "sales.placed.v1"), expected);
    assert_snapshot!(check(&text, "stock.reserved.v1"), @"`stock.reserved.v1` is there already, in `docs/features/shop/asyncapi/stock.reserved.v1.yaml`; choose another name");
    assert_snapshot!(check(&text, "two words"), @"`two words` is no name for this: a channel's name has no spaces, quotes, backticks and bars");
    assert_snapshot!(check(&text, "a/b"), @"`a/b` is no name for this: files are named after it, so it has no slashes");
}

#[test]
fn the_key_of_a_2x_channel_is_its_address() {
    let text = "//- /a.yaml\nasyncapi: 2.6.0\nchannels:\n  $0orders: {}\nx-more: { $ref: '#/channels/orders' }\n\
        //- /b.yaml\nasyncapi: 3.0.0\nchannels:\n  x: { address: orders }\n";
    assert_snapshot!(check(text, "sales/{id}"), @r"
    a.yaml:3: 'sales/{id}': {}
    a.yaml:4: x-more: { $ref: '#/channels/sales~1{id}' }
    b.yaml:3: x: { address: 'sales/{id}' }
    ");
}

#[test]
fn a_heading_takes_the_links_to_it_along_numbered_ones_too() {
    let text = "//- /a.md\n# A\n\n## S$0ame\n\n## Same\n\n[x](#same) [y](#same-1)\n//- /b.md\n\
        [x](a.md#same) [y][l] [z](a.md)\n\n[l]: a.md#same-1\n";
    assert_eq!(prepared(text), "[Same] Same");
    assert_snapshot!(check(text, "Now *this*"), @r"
    a.md:3: ## Now *this*
    a.md:7: [x](#now-this) [y](#same)
    b.md:1: [x](a.md#now-this) [y][l] [z](a.md)
    b.md:3: [l]: a.md#same
    ");
    let from_link = text.replace("$0", "").replace("(a.md#same)", "(a.md#sa$0me)");
    assert_eq!(prepared(&from_link), "[same] Same");
    assert_eq!(check(&from_link, "Now *this*"), check(text, "Now *this*"));
    assert_snapshot!(check(text, "a\nb"), @r"
    `a
    b` is no name for this: a heading has one line of text
    ");
}

#[test]
fn a_file_is_renamed_through_a_link_to_it() {
    let text = "//- /docs/a.md\n[b](old/b%20c.$0md#x) [b](/docs/old/b%20c.md)\n//- /docs/old/b c.md\n# X\n\n\
        [back](../a.md) [self](<b c.md>) [gone](gone.md)\n";
    assert_eq!(prepared(text), "[old/b%20c.md] old/b c.md");
    assert_snapshot!(check(text, "b (new)"), @r"
    docs/a.md:1: [b](b%20%28new%29.md#x) [b](/docs/b%20%28new%29.md)
    docs/old/b c.md:3: [back](a.md) [self](<b%20%28new%29.md>) [gone](gone.md)
    docs/old/b c.md -> docs/b (new).md
    ");
    assert_snapshot!(check(text, "a"), @"the file `docs/a.md` is there already; choose another name");
}

#[test]
fn every_way_to_write_a_link_follows() {
    let text = "//- /a.md\n# A\n\n## ⚠️ Café$0\n\n[x](#️-caf%C3%A9) <a href=\"#user-content-️-café\">y</a>\n//- /b.md\n\
        <a href='a.md#️-café'>\n\n[unused]: a.md#️-café\n";
    assert_snapshot!(check(text, "Tea"), @r##"
    a.md:3: ## Tea
    a.md:5: [x](#tea) <a href="#user-content-tea">y</a>
    b.md:1: <a href='a.md#tea'>
    b.md:3: [unused]: a.md#tea
    "##);
    let files = "//- /docs/a&b c.md\n# X\n//- /docs/d.md\n[x](a&amp;b&#32;c.md#x) <img src=\"a&amp;b%20c.md\">\n\n\
        [unused]: <a&b c.md>\n[![][i]](gone.md)\n\n[i]: /docs/a&b%20c.md\n";
    assert_snapshot!(moved(files, &[("docs/a&b c.md", "docs/it's.md")]), @r##"
    docs/d.md:1: [x](it%27s.md#x) <img src="it%27s.md">
    docs/d.md:3: [unused]: <it%27s.md>
    docs/d.md:6: [i]: /docs/it%27s.md
    "##);
}

fn moved(text: &str, moves: &[(&str, &str)]) -> String {
    let fixture = Fixture::new(text);
    let workspace = fixture.open();
    let moves: Vec<Move> = moves.iter().map(|it| Move { from: it.0.into(), to: it.1.into() }).collect();
    changes(&workspace, &rename_files(&workspace, &moves).unwrap())
}

#[test]
fn links_and_references_follow_files_and_folders() {
    assert_snapshot!(moved(SYSTEM, &[("schemas/order.yaml", "apis/v2/order.yaml")]), @r##"
    apis/common.json:5: "channels": { "shared": { "address": "shop.shared", "messages": { "Noted": { "payload": { "$ref": "v2/order.yaml#/definitions/Order/properties/line" } } } } }
    apis/shop.yaml:26: OrderPlaced: { payload: { $ref: 'v2/order.yaml#/definitions/Order' } }
    schemas/order.yaml:6: shop: { $ref: '../shop.yaml#/components/parameters/tenant' }
    "##);
    // What moves together keeps its references.
    assert_snapshot!(moved(SYSTEM, &[("apis", "contracts/apis")]), @r##"
    apis/common.json:5: "channels": { "shared": { "address": "shop.shared", "messages": { "Noted": { "payload": { "$ref": "../../schemas/order.yaml#/definitions/Order/properties/line" } } } } }
    apis/shop.yaml:26: OrderPlaced: { payload: { $ref: '../../schemas/order.yaml#/definitions/Order' } }
    schemas/order.yaml:6: shop: { $ref: '../contracts/apis/shop.yaml#/components/parameters/tenant' }
    "##);
    let links = "//- /docs/a.md\n[f](./sub) [g](sub/) [h](sub/b.md#x)\n//- /docs/sub/b.md\n# X\n\n\
        [a](../a.md) ![p](p.png)\n//- /docs/sub/p.png\n.\n";
    assert_snapshot!(moved(links, &[("docs/sub", "other")]), @r"
    docs/a.md:1: [f](../other) [g](../other/) [h](../other/b.md#x)
    docs/sub/b.md:3: [a](../docs/a.md) ![p](p.png)
    ");
    assert_snapshot!(moved(links, &[("docs/sub/p.png", "docs/p.png"), ("docs/a.md", "docs/sub/a.md")]), @r"
    docs/a.md:1: [f](../sub) [g](../sub/) [h](b.md#x)
    docs/sub/b.md:3: [a](a.md) ![p](../p.png)
    ");
}

/// Where renames can start in [`SYSTEM`].
const STARTS: [(&str, &str); 14] = [
    ("apis/shop.yaml", "orders/placed:"),
    ("apis/shop.yaml", "OrderPlaced: { $ref"),
    ("apis/shop.yaml", "OrderPlaced: { payload"),
    ("apis/shop.yaml", "tenant: { $ref"),
    ("apis/shop.yaml", "tenant: {}"),
    ("apis/shop.yaml", "shared: {"),
    ("apis/shop.yaml", "main: {"),
    ("apis/shop.yaml", "place:"),
    ("apis/common.json", "shared"),
    ("apis/common.json", "Noted"),
    ("schemas/order.yaml", "Order:"),
    ("schemas/order.yaml", "Line:"),
    ("apis/old.yaml", "Stock:"),
    ("apis/old.yaml", "One: {}"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A rename keeps every reference: as many are found from the new place, and every one of the workspace leads
    /// somewhere.
    #[test]
    fn a_rename_keeps_every_reference(at in 0..STARTS.len(), name in "([a-zA-Z][a-zA-Z0-9_-]{0,8}|[ -~é]{1,8})") {
        let (fixture, workspace, file, offset) = open(&system_at(STARTS[at].0, STARTS[at].1, 0));
        let before = references(&workspace, file, offset, true);
        let dangling = dangling(&workspace);
        let Ok(edit) = rename(&workspace, file, offset, &name) else { return Ok(()) };
        let path = workspace.path(file).clone();
        // Edits before the key move it.
        let own = edit.texts.iter().find(|it| it.path == path).unwrap();
        let shift: i64 = own.edits.iter().filter(|it| (it.span.end as usize) <= offset).map(|it| it.replacement.len() as i64 - it.span.len() as i64).sum();
        for preview in edit.preview(|it| Some(fixture.read(it))).unwrap() {
            std::fs::write(fixture.folder.path().join(preview.path.as_str()), preview.after.unwrap()).unwrap();
        }
        let renamed = fixture.open();
        let file = renamed.file(&path).unwrap();
        let offset = usize::try_from(offset as i64 + shift).unwrap() + 1;
        prop_assert_eq!(prepare_rename(&renamed, file, offset).unwrap().placeholder, name);
        prop_assert_eq!(references(&renamed, file, offset, true).len(), before.len());
        prop_assert_eq!(self::dangling(&renamed), dangling);
    }
}

/// How many references lead nowhere.
fn dangling(workspace: &Workspace) -> usize {
    let mut count = 0;
    for file in workspace.files() {
        let text = workspace.text(file).unwrap_or_default();
        let references = text.match_indices("$ref").map(|it| it.0 + it.1.len());
        let value =
            |at: usize| at + text[at..].find(['\'', '"']).unwrap() + if text[at..].starts_with("\":") { 4 } else { 1 };
        count += references.filter(|it| definition(workspace, file, value(*it)).is_none()).count();
    }
    count
}
