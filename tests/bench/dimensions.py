"""What may be large: a generator for each dimension, with the size up to which a second must do."""
import json
from dataclasses import dataclass
from typing import Callable

LINKS = '[links]\ncheck = "all"\n'
V3 = "asyncapi: 3.0.0\ninfo: {title: T, version: 1.0.0}\n"
V2 = "asyncapi: 2.6.0\ninfo: {title: T, version: 1.0.0}\n"
ADR = "# {number}. Decide {number}\n\n## Status\n\n{status}\n\n## Context\n\nIt is so.\n\n## Decision\n\nWe do it.\n\n## Consequences\n\nIt is done.\n"
PROTO = 'syntax = "proto3";\npackage shop;\n'


@dataclass
class Dimension:
    name: str
    size: int
    files: Callable[[int], dict]
    # What is done with them: `check`, `fix` (without writing), `diff` of the two files, `convert` of the only one.
    command: str = "check"
    # How many seconds of CPU all of it may cost.
    seconds: float = 1


ALL = []


def of(size, command="check", seconds=1):
    """Registers a generator, whose name is the row's."""
    def register(files):
        name = files.__name__.replace("_", " ")
        ALL.append(Dimension(name if command == "check" else f"{name} ({command})", size, files, command, seconds))
        return files
    return register


def many(size):
    """Registers a generator of as many files as a repository has."""
    return of(size, seconds=8)


def repeat(count, part, joint=""):
    return joint.join(part.replace("{}", str(at)) for at in range(count))


def markdown(text):
    return {"a.md": "# A\n\n" + text, "archwright.toml": LINKS}


def asyncapi(text, version=V3):
    return {"docs/a.yaml": version + text}


def chain(count, part, last):
    """`part` names itself as {} and the next one as <>."""
    parts = [part.replace("{}", str(at)).replace("<>", str(at + 1)) for at in range(count)]
    return "".join(parts) + last.replace("{}", str(count))


# Markdown

@of(10_000)
def dead_links_on_one_line(n):
    return markdown(repeat(n, "[see the document](gone{}.md) "))


@of(20_000)
def dead_links_on_lines(n):
    return markdown(repeat(n, "- [see](gone{}.md)\n"))


@of(100_000)
def links_to_one_file(n):
    return {**markdown(repeat(n, "- [see](b.md#b)\n")), "b.md": "# B\n"}


@of(50_000)
def links_to_many_files(n):
    return {**markdown(repeat(n, "- [see](many/f{}.md)\n")), **{f"many/f{at}.md": "# F\n" for at in range(n)}}


@of(20_000)
def dead_links_among_many_files(n):
    files = {f"many/file-{at}.md": "# F\n" for at in range(n)}
    return {**markdown(repeat(n, "- [see](many/file-{}x.md)\n")), **files}


@of(50_000)
def links_from_many_files(n):
    return {**markdown(""), **{f"many/f{at}.md": "# F\n\n[a](../a.md#a)\n" for at in range(n)}}


@of(20_000)
def dead_links_from_many_files(n):
    return {**markdown(""), **{f"many/f{at}.md": f"# F\n\n[a](../b{at}.md)\n" for at in range(n)}}


@of(10_000)
def dead_anchors_among_headings(n):
    return markdown(repeat(n, "## Heading {}\n\n") + repeat(n, "[x](#headin-{})\n"))


@of(20_000)
def anchors_of_headings(n):
    return markdown(repeat(n, "## Heading {}\n\n") + repeat(n, "[x](#heading-{})\n"))


@of(200_000)
def headings(n):
    return markdown(repeat(n, "## H{}\n\n"))


@of(100_000)
def headings_of_one_name(n):
    return markdown(repeat(n, "## Same\n\n"))


@of(50_000)
def html_anchors(n):
    return markdown(repeat(n, '<a name="x{}"></a>\n\n[x](#x{})\n\n'))


@of(30_000)
def suppressions(n):
    return markdown(repeat(n, "<!-- archwright: allow link/dead-target -- x -->\n") + "[x](y.md)\n")


@of(10_000)
def suppressed_links(n):
    return markdown(repeat(n, "<!-- archwright: allow link/dead-target -- x -->\n[x](y{}.md)\n\n"))


@of(50_000)
def reference_definitions(n):
    return markdown(repeat(n, "[x][r{}]\n") + "\n" + repeat(n, "[r{}]: b.md\n") + "\n") | {"b.md": "# B\n"}


@of(50_000)
def definitions_of_one_name(n):
    return markdown("[x][r]\n\n" + repeat(n, "[r]: b.md\n")) | {"b.md": "# B\n"}


@of(20_000)
def undefined_references(n):
    return markdown(repeat(n, "[x][refer{}]\n") + "\n" + repeat(n, "[reference{}]: b.md\n")) | {"b.md": "# B\n"}


@of(50_000)
def footnotes(n):
    return markdown(repeat(n, "x[^{}]\n\n") + repeat(n, "[^{}]: note\n\n"))


@of(50_000)
def table_rows(n):
    return markdown("| A | B | C |\n|---|---|---|\n" + repeat(n, "| a{} | [b](b.md) | c |\n")) | {"b.md": "# B\n"}


@of(20_000)
def table_columns(n):
    return markdown("|" + repeat(n, " A{} |") + "\n|" + "---|" * n + "\n|" + repeat(n, " a{} |") + "\n")


@of(1_000)
def nested_lists(n):
    return markdown("".join("  " * at + "- a\n" for at in range(n)))


@of(50_000)
def lists_within_one_line(n):
    return markdown("- " * n + "a\n")


@of(50_000)
def nested_quotes(n):
    return markdown("> " * n + "a\n")


@of(500_000)
def emphasis_on_one_line(n):
    return markdown("*a " * (n // 3) + "\n")


@of(1_000_000)
def brackets_on_one_line(n):
    return markdown("[" * n + "\n")


@of(1_000_000)
def words_on_one_line(n):
    return markdown("word " * (n // 5) + "\n")


@of(100_000)
def links_in_brackets(n):
    return markdown("[a](" * n + "\n")


@of(1_000)
def runs_of_backticks(n):
    return markdown("".join("`" * at + " a " for at in range(1, n)) + "\n")


@of(100_000)
def html_on_one_line(n):
    return markdown("<a href='b.md'>b</a> " * (n // 10) + "<!-- " * n + "\n") | {"b.md": "# B\n"}


@of(50_000)
def code_fences(n):
    return markdown(repeat(n, "```yaml\na: {}\n```\n\n"))


@of(50_000)
def placeholders(n):
    return {"docs/features/a/design.md": "# A\n\n## Summary\n\n" + repeat(n, "- **Field {}**: <TBD>\n")}


@of(50_000)
def lines_of_front_matter(n):
    return {"a.md": "---\n" + repeat(n, "key{}: value\n") + "---\n\n# A\n", "archwright.toml": LINKS}


@of(20_000)
def fields_of_a_document(n):
    return {"docs/features/a/design.md": "# A\n\n## Summary\n\n- **Status**: Draft\n" + repeat(n, "- **Status{}**: x\n")}


@of(20_000)
def fields_of_one_name(n):
    return {"docs/features/a/design.md": "# A\n\n## Summary\n\n" + repeat(n, "- **Status**: Draft\n- **Owner**: team-{}\n")}


@of(20_000)
def sections_of_a_document(n):
    return {"docs/features/a/design.md": "# A\n\n" + repeat(n, "## Summary\n\n- **Status**: Draft\n\n")}


@of(10_000)
def channels_of_a_design(n):
    table = "| Channel | Ordering key | Idempotency key | Retention | DLQ owner | Compatibility |\n|---|---|---|---|---|---|\n"
    rows = repeat(n, "| `orders.placed{}.v1` | `id` | `id` | 7 days | team-a | BACKWARD |\n")
    return {"docs/features/a/design.md": "# A\n\n## Boundary contracts\n\n" + table + rows}


@of(10_000)
def rows_of_one_channel(n):
    table = "| Channel | Ordering key | Idempotency key | Retention | DLQ owner | Compatibility |\n|---|---|---|---|---|---|\n"
    rows = repeat(n, "| `orders.placed.v1` | `id{}` | `id` | {} days | team-{} | BACKWARD |\n")
    return {"docs/features/a/design.md": "# A\n\n## Boundary contracts\n\n" + table + rows}


@of(20_000)
def announced_links(n):
    return markdown(repeat(n, "- [see](later{}.md) (not yet written)\n"))


@of(10_000)
def dead_anchors_of_a_site(n):
    return markdown(repeat(n, "- [see](b.md#gone{})\n")) | {"b.md": "# B\n" + "words\n" * n, "mkdocs.yml": "site_name: S\n", "docs/c.md": "# C\n"}


@of(5_000)
def dead_links_to_readmes(n):
    return {f"f{at}/README.md": f"# F\n\n[x](../g{at}/README.md)\n" for at in range(n)} | {"archwright.toml": LINKS}


@of(5_000)
def dead_links_up_and_down(n):
    return {f"f/a{at}/b.md": f"# F\n\n[x](../../c/b.md)\n" for at in range(n)} | {"archwright.toml": LINKS}


@of(20_000)
def mentions_in_a_paragraph(n):
    return {"docs/features/a/design.md": "# A\n\n## Summary\n\n" + repeat(n, "the `orders.placed{}.v1` and ADR-{} and Circuit Breaker, ")}


@of(20_000)
def list_items(n):
    return {"docs/features/a/design.md": "# A\n\n## Open questions\n\n" + repeat(n, "- Shall {} be so? Owner: team-a, decide by 2027-03-31.\n")}


# Many documents

@of(8_000)
def records_in_one_folder(n):
    return {f"docs/adr/{at:04}-x.md": ADR.format(number=at, status="Accepted") for at in range(n)}


@of(8_000)
def records_of_one_number(n):
    return {f"docs/adr/0001-x{at}.md": ADR.format(number=1, status="Accepted") for at in range(n)}


@of(4_000)
def records_in_a_chain(n):
    def status(at):
        before = f"Supersedes [{at - 1}]({at - 1:04}-x.md)" if at else ""
        after = f"Superseded by [{at + 1}]({at + 1:04}-x.md)" if at + 1 < n else "Accepted"
        return f"{after}\n\n{before}"
    return {f"docs/adr/{at:04}-x.md": ADR.format(number=at, status=status(at)) for at in range(n)}


@of(4_000)
def records_in_a_ring(n):
    status = lambda at: f"Superseded by [{(at + 1) % n}]({(at + 1) % n:04}-x.md)\n\nSupersedes [{(at - 1) % n}]({(at - 1) % n:04}-x.md)"
    return {f"docs/adr/{at:04}-x.md": ADR.format(number=at, status=status(at)) for at in range(n)}


@of(4_000)
def records_superseded_by_one(n):
    files = {f"docs/adr/{at:04}-x.md": ADR.format(number=at, status=f"Superseded by [9999](9999-x.md)") for at in range(n)}
    return files | {"docs/adr/9999-x.md": ADR.format(number=9999, status="Accepted\n\nSupersedes [1](0001-x.md)")}


@of(2_000)
def features(n):
    return {f"docs/features/f{at}/README.md": f"# f{at}\n\n## Service info\n\n- **Owner team**: team-a\n" for at in range(n)}


@of(4_000)
def designs_of_one_channel(n):
    table = "| Channel | Ordering key | Retention |\n|---|---|---|\n| `orders.placed.v1` | `id` | 7 days |\n"
    return {f"docs/features/f{at}/design.md": f"# F\n\n## Boundary contracts\n\n{table}" for at in range(n)}


@of(4_000)
def contracts_of_one_channel(n):
    text = "# Contract: orders.placed.v1\n\n## Summary\n\n- **Status**: Active\n- **Channel**: `orders.placed.v1`\n- **Owner**: team-{}\n"
    return {f"docs/features/f{at}/contracts/orders.placed.v1.md": text.replace("{}", str(at)) for at in range(n)}


@of(4_000)
def documents_of_one_channel(n):
    text = V3 + "channels:\n  c: {address: orders.placed.v1}\noperations:\n  o{}: {action: send, channel: {$ref: '#/channels/c'}}\n"
    return {f"docs/features/f{at}/asyncapi/a.yaml": text.replace("{}", str(at)) for at in range(n)}


@of(5_000)
def files_of_one_feature(n):
    files = {"docs/features/f/README.md": "# f\n\n## Artifacts\n\n" + repeat(n, "- [R](runbooks/r{}.md)\n")}
    return files | {f"docs/features/f/runbooks/r{at}.md": "# R\n\n## Summary\n\n- **Status**: Active\n" for at in range(n)}


@of(400)
def files_in_a_ring(n):
    text = "components:\n  schemas:\n    S: {$ref: 's<>.yaml#/components/schemas/S'}\n"
    return {f"docs/s{at}.yaml": V3 + text.replace("<>", str((at + 1) % n)) for at in range(n)}


@of(400)
def files_that_refer_to_all(n):
    refers = repeat(n, "    S{}: {$ref: 's{}.yaml#/components/schemas/S'}\n")
    return {"docs/a.yaml": V3 + "components:\n  schemas:\n" + refers} | {
        f"docs/s{at}.yaml": V3 + "components:\n  schemas:\n    S: {type: string}\n" for at in range(n)}


@of(2_000)
def schemas_in_a_chain_of_files(n):
    text = '{"type": "object", "properties": {"next": {"$ref": "s<>.json"}}}'
    return {f"docs/features/f/schemas/s{at}.json": text.replace("<>", str(at + 1)) for at in range(n)} | {f"docs/features/f/schemas/s{n}.json": "{}"}


@of(4_000)
def code_that_publishes(n):
    part = 'import { Kafka } from "kafkajs";\nawait producer.send({ topic: "orders.placed{}.v1", messages: [] });\n'
    return {f"services/a/src/f{at}.ts": part.replace("{}", str(at)) for at in range(n)} | {"docs/a.md": "# A\n"}


@of(10_000)
def calls_in_one_file_of_code(n):
    calls = repeat(n, 'await producer.send({ topic: "orders.placed{}.v1", messages: [] });\n')
    return {"services/a/src/f.ts": 'import { Kafka } from "kafkajs";\n' + calls, "docs/a.md": "# A\n"}


@of(10_000)
def patterns_of_the_configuration(n):
    return {"a.md": "# A\n", "archwright.toml": "[sensitive]\npersonal = [" + repeat(n, '"word{} name", ') + "]\n"}


@of(2_000)
def channels_beside_contracts(n):
    contract = "# Contract: {c}\n\n## Summary\n\n- **Status**: Active\n- **Channel**: `{c}`\n- **Owner**: team-a\n"
    files = {f"docs/features/f/contracts/orders.placed{at}.v1.md": contract.replace("{c}", f"orders.placed{at}.v1") for at in range(n)}
    table = "| Channel | Ordering key | Retention |\n|---|---|---|\n" + repeat(n, "| `orders.plaecd{}.v1` | `id` | 7 days |\n")
    return {"docs/features/f/design.md": "# F\n\n## Boundary contracts\n\n" + table} | files


@of(2_000)
def features_with_contracts(n):
    files = {}
    for at in range(n):
        channel, folder = f"orders.placed{at}.v1", f"docs/features/f{at}"
        files[f"{folder}/contracts/{channel}.md"] = f"# Contract: {channel}\n\n## Summary\n\n- **Status**: Active\n- **Channel**: `{channel}`\n- **Owner**: team-a\n"
        files[f"{folder}/design.md"] = f"# F\n\n## Boundary contracts\n\n| Channel | Retention |\n|---|---|\n| `{channel}` | 7 days |\n| `orders.gone{at}.v1` | 7 days |\n"
        files[f"{folder}/src/a.ts"] = f'import {{ Kafka }} from "kafkajs";\nawait producer.send({{ topic: "orders.sent{at}.v1", messages: [] }});\n'
    return files


# Many files

@many(40_000)
def many_readmes(n):
    return {f"d{at}/README.md": f"# d{at}\n\nSee [the next](../d{(at + 1) % n}/README.md#d{(at + 1) % n}).\n" for at in range(n)} | {"archwright.toml": LINKS}


@many(40_000)
def many_records(n):
    number = lambda at: at % 1000 + 1
    return {f"services/s{at // 1000}/docs/adr/{number(at):04}-x.md": ADR.format(number=number(at), status="Accepted") for at in range(n)}


@many(40_000)
def many_contracts(n):
    contract = "# Contract: {c}\n\n## Summary\n\n- **Status**: Active\n- **Channel**: `{c}`\n- **Owner**: team-a\n"
    return {f"docs/features/f{at % 100}/contracts/orders.placed{at}.v1.md": contract.replace("{c}", f"orders.placed{at}.v1") for at in range(n)}


@many(40_000)
def many_features(n):
    return {f"docs/features/f{at}/README.md": f"# f{at}\n\n## Service info\n\n- **Owner team**: team-a\n" for at in range(n)}


@many(40_000)
def many_schemas_that_refer_to_the_next(n):
    text = '{"type": "object", "properties": {"next": {"$ref": "s<>.json"}}}'
    return {f"docs/features/f/schemas/s{at}.json": text.replace("<>", str((at + 1) % n)) for at in range(n)}


@many(40_000)
def many_schemas_that_refer_to_one(n):
    text = '{"type": "object", "properties": {"next": {"$ref": "all.json#/$defs/D<>"}}}'
    shared = {"$defs": {f"D{at}": {"type": "string"} for at in range(100)}}
    return {f"docs/features/f/schemas/s{at}.json": text.replace("<>", str(at % 100)) for at in range(n)} | {"docs/features/f/schemas/all.json": json.dumps(shared)}


@many(40_000)
def many_schemas_named_by_their_addresses(n):
    text = '{"$id": "https://x.example/s{}.json", "type": "object", "properties": {"next": {"$ref": "s<>.json"}}}'
    return {f"lib/f{at % 100}/schemas/c{at}.schema.json": text.replace("{}", str(at)).replace("<>", str((at + 1) % n)) for at in range(n)}


@many(40_000)
def many_schemas_of_one_address(n):
    return {f"docs/features/f/schemas/s{at}.json": '{"$id": "https://x.example/s.json", "$ref": "t.json"}' for at in range(n)}


@many(40_000)
def many_avro_schemas_of_one_folder(n):
    text = '{"type": "record", "name": "R{}", "fields": [{"name": "a", "type": "R<>"}, {"name": "b", "type": "Gone{}"}]}'
    return {f"docs/features/f/schemas/r{at}.avsc": text.replace("{}", str(at)).replace("<>", str((at + 1) % n)) for at in range(n)}


@many(40_000)
def many_proto_files_that_import_one(n):
    text = PROTO + 'import "all.proto";\nmessage M{} { A a = 1; }\n'
    return {f"proto/m{at}.proto": text.replace("{}", str(at)) for at in range(n)} | {"proto/all.proto": PROTO + "message A { string a = 1; }\n"}


@many(40_000)
def many_documents(n):
    text = V3 + "channels:\n  c: {address: orders.placed{}.v1}\noperations:\n  o: {action: send, channel: {$ref: '#/channels/c'}}\n"
    return {f"apis/a{at}.yaml": text.replace("{}", str(at)) for at in range(n)}


@many(40_000)
def many_documents_that_refer_to_one(n):
    text = V3 + "channels:\n  c: {address: orders.placed{}.v1, messages: {m: {$ref: 'all.yaml#/components/messages/M<>'}}}\n"
    shared = V3 + "components:\n  messages:\n" + repeat(100, "    M{}: {payload: {type: object, properties: {id: {type: string}}}}\n")
    return {f"apis/a{at}.yaml": text.replace("{}", str(at)).replace("<>", str(at % 100)) for at in range(n)} | {"apis/all.yaml": shared}


@many(40_000)
def many_files_of_code(n):
    part = 'import { Kafka } from "kafkajs";\nawait producer.send({ topic: "orders.placed{}.v1", messages: [] });\n'
    return {f"services/s{at % 100}/src/f{at}.ts": part.replace("{}", str(at)) for at in range(n)} | {"docs/a.md": "# A\n"}


@many(40_000)
def many_files_of_code_with_one_channel(n):
    part = 'import { Kafka } from "kafkajs";\nawait producer.send({ topic: "orders.placed.v1", messages: [] });\n'
    contract = "# Contract: orders.placed.v1\n\n## Summary\n\n- **Status**: Active\n- **Channel**: `orders.placed.v1`\n- **Owner**: team-a\n"
    return {f"services/s{at % 100}/src/f{at}.ts": part for at in range(n)} | {"docs/features/f/contracts/orders.placed.v1.md": contract}


# AsyncAPI

@of(20_000)
def references_to_another_file(n):
    shared = V3 + "components:\n  messages:\n" + repeat(n, "    M{}: {payload: {type: object, properties: {id: {type: string}}}}\n")
    return {"docs/all.yaml": shared} | {"docs/a.yaml": V3 + "components:\n  messages:\n" + repeat(n, "    M{}: {$ref: 'all.yaml#/components/messages/M{}'}\n")}


@of(5_000)
def channels_of_one_address_on_many_servers(n):
    servers = repeat(n, "  s{}: {host: 'h{}', protocol: kafka}\n")
    channels = repeat(n, "  c{}: {address: a, servers: [{$ref: '#/servers/s{}'}]}\n")
    return asyncapi("servers:\n" + servers + "channels:\n" + channels)


@of(20_000)
def locations_and_messages(n):
    half = n // 2
    parameters = repeat(half, "      p{}: {location: '$message.payload#/id/none'}\n")
    messages = repeat(half, "      m{}: {payload: {type: object, properties: {id: {type: string}}}}\n")
    address = repeat(half, "{p}").replace("{p}", "x")
    return asyncapi(f"channels:\n  c:\n    address: {address}\n    parameters:\n{parameters}    messages:\n{messages}")


@of(40_000)
def missing_references(n):
    return asyncapi("components:\n  schemas:\n" + repeat(n, "    S{}: {$ref: '#/components/schemas/Gone{}'}\n"))


@of(20_000)
def nearly_right_references(n):
    schemas = repeat(n, "    Order{}: {type: string}\n")
    return asyncapi("components:\n  schemas:\n" + schemas + repeat(n, "    S{}: {$ref: '#/components/schemas/Ordre{}'}\n"))


@of(20_000)
def references_in_a_chain(n):
    return asyncapi("components:\n  schemas:\n" + chain(n, "    S{}: {$ref: '#/components/schemas/S<>'}\n", "    S{}: {type: string}\n"))


@of(20_000)
def references_in_a_ring(n):
    return asyncapi("components:\n  schemas:\n" + chain(n, "    S{}: {$ref: '#/components/schemas/S<>'}\n", "    S{}: {$ref: '#/components/schemas/S0'}\n"))


@of(4_000)
def sensitive_names_and_fields(n):
    fields = repeat(n, "        word{}Name: {type: string}\n")
    config = "[sensitive]\npersonal = [" + repeat(n, '"word{} name", ') + "]\n"
    return asyncapi("components:\n  messages:\n    M:\n     payload:\n      properties:\n" + fields) | {"archwright.toml": config}


@of(40_000)
def channels_of_one_address(n):
    return asyncapi("channels:\n" + repeat(n, "  c{}: {address: orders.created.v1}\n"))


@of(20_000)
def channels(n):
    return asyncapi("channels:\n" + repeat(n, "  c{}: {address: orders.created{}.v1}\n"))


@of(20_000)
def channels_with_similar_templates(n):
    return asyncapi("channels:\n" + repeat(n, "  c{}: {address: 'orders.{a}.x{}', parameters: {a: {description: b}}}\n"))


@of(20_000)
def messages_of_a_channel(n):
    return asyncapi("channels:\n  c:\n    address: a\n    messages:\n" + repeat(n, "      m{}: {payload: {type: string}}\n"))


@of(20_000)
def operations_of_one_channel(n):
    return asyncapi("channels:\n  c: {address: a}\noperations:\n" + repeat(n, "  o{}: {action: send, channel: {$ref: '#/channels/c'}}\n"))


@of(5_000)
def operations_with_all_messages(n):
    messages = repeat(n, "      m{}: {payload: {type: string}}\n")
    used = repeat(n, "      - $ref: '#/channels/c/messages/m{}'\n")
    return asyncapi(f"channels:\n  c:\n    address: a\n    messages:\n{messages}operations:\n  o:\n    action: send\n    channel: {{$ref: '#/channels/c'}}\n    messages:\n{used}")


@of(20_000)
def servers(n):
    return asyncapi("servers:\n" + repeat(n, "  s{}: {host: 'h{}:9092', protocol: kafka}\n"))


@of(2_000)
def servers_and_channels(n):
    used = repeat(n, "{$ref: '#/servers/s{}'}", ", ")
    text = "servers:\n" + repeat(n, "  s{}: {host: 'h{}:9092', protocol: kafka}\n") + "channels:\n"
    return asyncapi(text + "".join(f"  c{at}: {{address: a{at}, servers: [{used}]}}\n" for at in range(20)))


@of(20_000)
def tags(n):
    return {"docs/a.yaml": "asyncapi: 3.0.0\ninfo:\n  title: T\n  version: 1.0.0\n  tags:\n" + repeat(n, "    - {name: t{}}\n")}


@of(20_000)
def tags_of_one_name(n):
    return {"docs/a.yaml": "asyncapi: 3.0.0\ninfo:\n  title: T\n  version: 1.0.0\n  tags:\n" + repeat(n, "    - {name: t}\n")}


@of(20_000)
def unknown_fields(n):
    return asyncapi("channels:\n  c:\n" + repeat(n, "    adress{}: a\n"))


@of(20_000)
def parameters(n):
    address = "".join(f".{{p{at}}}" for at in range(n))
    return asyncapi(f"channels:\n  c:\n    address: 'a{address}'\n    parameters:\n" + repeat(n, "      q{}: {description: x}\n"))


@of(5_000)
def traits_of_a_message(n):
    traits = repeat(n, "    t{}: {headers: {type: object, properties: {h{}: {type: string}}}}\n")
    used = repeat(n, "        - $ref: '#/components/messageTraits/t{}'\n")
    return asyncapi(f"components:\n  messageTraits:\n{traits}  messages:\n    m:\n      payload: {{type: string}}\n      traits:\n{used}")


@of(2_000)
def messages_with_one_trait(n):
    trait = "  messageTraits:\n    t:\n      headers:\n        type: object\n        properties:\n" + repeat(100, "          h{}: {type: string}\n")
    messages = repeat(n, "    m{}: {payload: {type: string}, traits: [{$ref: '#/components/messageTraits/t'}]}\n")
    return asyncapi(f"components:\n{trait}  messages:\n{messages}")


@of(2_000)
def examples_of_a_message(n):
    fields = repeat(50, "          f{}: {type: string}\n")
    examples = repeat(n, "        - {payload: {f0: 1, f1: 2, f{}: 3}}\n")
    return asyncapi(f"components:\n  messages:\n    m:\n      payload:\n        type: object\n        properties:\n{fields}      examples:\n{examples}")


@of(10_000)
def payloads_of_one_schema(n):
    fields = repeat(200, "        f{}: {type: string}\n")
    messages = repeat(n, "    m{}: {payload: {$ref: '#/components/schemas/S'}}\n")
    return asyncapi(f"components:\n  schemas:\n    S:\n      type: object\n      properties:\n{fields}  messages:\n{messages}")


@of(20_000)
def alternatives_of_a_message_in_2(n):
    messages = repeat(n, "        - {name: m{}, payload: {type: string}}\n")
    return asyncapi("channels:\n  c:\n    publish:\n      operationId: o\n      message:\n       oneOf:\n" + messages, V2)


@of(10_000)
def operations_of_one_id(n):
    return asyncapi("channels:\n" + repeat(n, "  c{}: {publish: {operationId: o, message: {messageId: m, payload: {type: string}}}}\n"), V2)


@of(20_000)
def undefined_servers_in_2(n):
    return asyncapi("servers:\n" + repeat(n, "  server{}: {url: 'a', protocol: kafka}\n") + "channels:\n" + repeat(n, "  c{}: {servers: [sevrer{}]}\n"), V2)


@of(20_000)
def undefined_security_in_2(n):
    schemes = "components:\n  securitySchemes:\n" + repeat(n, "    scheme{}: {type: userPassword}\n")
    return asyncapi("servers:\n  s:\n    url: a\n    protocol: kafka\n    security:\n" + repeat(n, "      - shceme{}: []\n") + schemes, V2)


@of(10_000)
def examples_of_a_large_enum(n):
    enum = "[" + repeat(n, "value{}", ", ") + "]"
    return asyncapi(f"components:\n  schemas:\n    S:\n      type: string\n      enum: {enum}\n      examples: [" + repeat(n, "vaule{}", ", ") + "]\n")


@of(10_000)
def mistakes_of_one_example(n):
    fields = repeat(n, "        f{}: {type: string}\n")
    return asyncapi(f"components:\n  schemas:\n    S:\n      type: object\n      properties:\n{fields}      examples:\n        - {{" + repeat(n, "f{}: 1", ", ") + "}\n")


@of(10_000)
def components_of_all_kinds(n):
    kinds = ["schemas", "messages", "channels", "parameters", "tags", "operationTraits"]
    return asyncapi("components:\n" + "".join(f"  {kind}:\n" + repeat(n // 6, "    c{}: {}\n".replace("{}\n", "{ }\n")) for kind in kinds))


# JSON Schema

def schema(value):
    return {"docs/features/f/schemas/a.json": json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **value}, indent=1)}


@of(20_000)
def properties_of_a_schema(n):
    return schema({"type": "object", "properties": {f"p{at}": {"type": "string"} for at in range(n)}, "required": [f"p{at}" for at in range(n)]})


@of(20_000)
def required_that_is_missing(n):
    return schema({"type": "object", "properties": {f"prop{at}": {"type": "string"} for at in range(n)}, "required": [f"porp{at}" for at in range(n)]})


@of(20_000)
def definitions_of_a_schema(n):
    return schema({"$defs": {f"D{at}": {"type": "object", "properties": {"a": {"$ref": f"#/$defs/D{at + 1}"}}} for at in range(n)} | {f"D{n}": {}}, "$ref": "#/$defs/D0"})


@of(20_000)
def missing_references_of_a_schema(n):
    return schema({"type": "object", "properties": {f"p{at}": {"$ref": f"#/$defs/Gone{at}"} for at in range(n)}})


@of(10_000)
def alternatives(n):
    return schema({"oneOf": [{"type": "object", "properties": {f"p{at}": {"type": "string"}}} for at in range(n)]})


@of(20_000)
def all_of_in_a_chain(n):
    return schema({"$defs": {f"D{at}": {"allOf": [{"$ref": f"#/$defs/D{at + 1}"}], "properties": {f"p{at}": {}}} for at in range(n)} | {f"D{n}": {}}, "allOf": [{"$ref": "#/$defs/D0"}]})


@of(5_000)
def all_of_of_one_level(n):
    return schema({"allOf": [{"properties": {f"p{at}": {"type": "string"}}, "required": [f"p{at}"]} for at in range(n)]})


@of(50_000)
def values_of_an_enum(n):
    return schema({"enum": [f"v{at}" for at in range(n)]})


@of(20_000)
def wrong_types(n):
    return schema({"properties": {f"p{at}": {"type": "strng"} for at in range(n)}})


@of(20_000)
def unknown_keywords(n):
    return schema({f"propertis{at}": {} for at in range(n)})


@of(20_000)
def defaults_that_do_not_fit(n):
    return schema({"properties": {f"p{at}": {"type": "string", "default": 1} for at in range(n)}})


@of(20_000)
def identifiers_of_a_schema(n):
    return schema({"$defs": {f"D{at}": {"$id": f"https://a.example/{at}", "$anchor": "a"} for at in range(n)}})


# Avro

def avro(value):
    return {"docs/features/f/schemas/a.avsc": json.dumps(value, indent=1)}


@of(20_000)
def fields_of_an_avro_record(n):
    return avro({"type": "record", "name": "R", "fields": [{"name": f"f{at}", "type": "string"} for at in range(n)]})


@of(20_000)
def fields_of_one_name_in_avro(n):
    return avro({"type": "record", "name": "R", "fields": [{"name": "f", "type": "string"} for at in range(n)]})


@of(10_000)
def avro_unions(n):
    return avro([{"type": "record", "name": f"R{at}", "fields": [{"name": "f", "type": "string"}]} for at in range(n)])


@of(20_000)
def avro_records_by_name(n):
    fields = [{"name": f"f{at}", "type": {"type": "record", "name": f"R{at}", "fields": [{"name": "next", "type": "string"}]}} for at in range(n)]
    return avro({"type": "record", "name": "Top", "fields": fields + [{"name": f"g{at}", "type": f"R{at}"} for at in range(n)]})


@of(20_000)
def unknown_avro_types(n):
    return avro({"type": "record", "name": "R", "fields": [{"name": f"f{at}", "type": f"Gone{at}"} for at in range(n)]})


@of(50_000)
def avro_symbols(n):
    return avro({"type": "enum", "name": "E", "symbols": [f"S{at}" for at in range(n)]})


@of(20_000)
def avro_aliases(n):
    return avro({"type": "record", "name": "R", "aliases": [f"A{at}" for at in range(n)], "fields": [{"name": "f", "type": "string", "aliases": [f"a{at}" for at in range(n)]}]})


@of(20_000)
def avro_defaults_that_do_not_fit(n):
    return avro({"type": "record", "name": "R", "fields": [{"name": f"f{at}", "type": "string", "default": 1} for at in range(n)]})


@of(10_000)
def avro_defaults_of_a_large_enum(n):
    first = {"name": "e", "type": {"type": "enum", "name": "E", "symbols": [f"S{at}" for at in range(n)], "default": "S0"}}
    return avro({"type": "record", "name": "R", "fields": [first] + [{"name": f"f{at}", "type": "E", "default": f"S{at}x"} for at in range(n)]})


@of(150)
def nested_avro_records(n):
    inner = "string"
    for at in range(n):
        inner = {"type": "record", "name": f"R{at}", "fields": [{"name": "f", "type": inner}]}
    return avro(inner)


# Protobuf

def proto(text, head=PROTO):
    return {"docs/features/f/schemas/a.proto": head + text}


@of(20_000)
def proto_messages(n):
    return proto(repeat(n, "message M{} { string a = 1; }\n"))


@of(20_000)
def proto_messages_in_a_chain(n):
    return proto(chain(n, "message M{} { M<> next = 1; }\n", "message M{} { }\n"))


@of(20_000)
def proto_messages_of_one_name(n):
    return proto(repeat(n, "message M { string a = 1; }\n"))


@of(20_000)
def proto_fields(n):
    return proto("message M {\n" + "".join(f"  string f{at} = {at + 1 if at < 18_000 else at + 2_000};\n" for at in range(n)) + "}\n")


@of(20_000)
def proto_fields_of_one_number(n):
    return proto("message M {\n" + repeat(n, "  string f{} = 1;\n") + "}\n")


@of(20_000)
def proto_fields_of_one_name(n):
    return proto("message M {\n" + "".join(f"  string f = {at + 1 if at < 18_000 else at + 2_000};\n" for at in range(n)) + "}\n")


@of(20_000)
def unknown_proto_types(n):
    return proto(repeat(n, "message M{} { Mess{} a = 1; }\n"))


@of(20_000)
def proto_values(n):
    return proto("enum E {\n" + repeat(n, "  V{} = {};\n") + "}\n")


@of(20_000)
def proto_values_of_one_number(n):
    return proto("enum E {\n" + repeat(n, "  V{} = 0;\n") + "}\n")


@of(20_000)
def proto_enums(n):
    return proto(repeat(n, "enum E{} { V{} = 0; }\n"))


@of(10_000)
def proto_reserved_ranges(n):
    return proto("message M {\n" + "".join(f"  reserved {2 * at + 1};\n  reserved \"r{at}\";\n" for at in range(n)) + repeat(n // 10, "  string r{} = 1;\n") + "}\n")


@of(10_000)
def proto_ranges_that_overlap(n):
    return proto("message M {\n" + repeat(n, "  reserved 1 to 100000;\n") + "}\n")


@of(20_000)
def proto_oneofs(n):
    return proto("message M {\n" + "".join(f"  oneof o{at} {{ string f{at} = {at + 1 if at < 18_000 else at + 2_000}; }}\n" for at in range(n)) + "}\n")


@of(20_000)
def proto_methods(n):
    return proto("message M {}\nservice S {\n" + repeat(n, "  rpc R{}(M) returns (M);\n") + "}\n")


@of(20_000)
def proto_maps(n):
    return proto("message M {\n" + "".join(f"  map<string, M> f{at} = {at + 1 if at < 18_000 else at + 2_000};\n" for at in range(n)) + "}\n")


@of(10_000)
def proto_defaults_of_a_large_enum(n):
    values = "enum E {\n" + repeat(n, "  V{} = {};\n") + "}\n"
    fields = "".join(f"  optional E f{at} = {at + 1} [default = V{n - 1 - at}];\n" for at in range(n))
    return proto(values + "message M {\n" + fields + "}\n", 'syntax = "proto2";\npackage shop;\n')


EXTENDS = 'syntax = "proto2";\npackage shop;\nimport "google/protobuf/descriptor.proto";\n'


@of(10_000)
def proto_options(n):
    extensions = "extend google.protobuf.FieldOptions {\n" + "".join(f"  optional string o{at} = {50_000 + at};\n" for at in range(n)) + "}\n"
    return proto(extensions + "message M {\n" + "".join(f"  optional string f{at} = {at + 1} [(o{at}) = \"x\"];\n" for at in range(n)) + "}\n", EXTENDS)


@of(10_000)
def options_of_one_proto_field(n):
    extensions = "extend google.protobuf.FieldOptions {\n" + "".join(f"  optional string o{at} = {50_000 + at};\n" for at in range(n)) + "}\n"
    return proto(extensions + "message M {\n  optional string f = 1 [" + repeat(n, '(o{}) = "x"', ", ") + "];\n}\n", EXTENDS)


@of(10_000)
def proto_extensions_with_declarations(n):
    declared = "".join(f'    declaration = {{ number: {at + 4}, full_name: ".shop.e{at}", type: "string" }}' + ("," if at + 1 < n else "") + "\n" for at in range(n))
    uses = "".join(f"  optional string e{at} = {at + 4};\n" for at in range(n))
    return proto(f"message M {{\n  extensions 4 to 100000 [\n{declared}  ];\n}}\nextend M {{\n{uses}}}\n", EXTENDS)


@of(10_000)
def proto_extension_ranges(n):
    ranges = "".join(f"  extensions {at + 4};\n" for at in range(n))
    return proto(f"message M {{\n{ranges}}}\nextend M {{\n" + "".join(f"  optional string e{at} = {at + 4};\n" for at in range(n)) + "}\n", EXTENDS)


@of(10_000)
def parts_of_a_proto_option(n):
    message = "message O {\n" + "".join(f"  optional string p{at} = {at + 1};\n" for at in range(n)) + "}\nextend google.protobuf.MessageOptions { optional O o = 50000; }\n"
    return proto(message + "message M {\n  option (o) = {\n" + repeat(n, '    p{}: "x"\n') + "  };\n}\n", EXTENDS)


@of(20_000)
def proto_mistakes(n):
    return proto(repeat(n, "message M{} { strng a 1; }\n"))


@of(50_000)
def proto_comments(n):
    return proto(repeat(n, "// Comment {}\n") + "message M {}\n" + repeat(n, "// Comment {}\n\n"))


@of(30)
def nested_proto_messages(n):
    return proto(repeat(n, "message M{} { ") + "}" * n + "\n")


@of(2_000)
def proto_imports(n):
    return proto(repeat(n, 'import "docs/features/f/schemas/b{}.proto";\n')) | {f"docs/features/f/schemas/b{at}.proto": PROTO + f"message B{at} {{}}\n" for at in range(n)}


@of(1_000)
def proto_imports_in_a_chain(n):
    return {f"docs/features/f/schemas/b{at}.proto": PROTO + f'import "docs/features/f/schemas/b{at + 1}.proto";\nmessage B{at} {{ B{at + 1} b = 1; }}\n' for at in range(n)} | {f"docs/features/f/schemas/b{n}.proto": PROTO + f"message B{n} {{}}\n"}


# YAML and JSON

@of(400)
def nested_yaml(n):
    return asyncapi("x-a:\n" + "".join("  " * (at + 1) + "a:\n" for at in range(n)))


@of(500_000)
def nested_flow(n):
    return asyncapi("x-a: " + "[" * n + "]" * n + "\n")


@of(500_000)
def nested_json(n):
    return {"docs/a.json": '{"asyncapi": "3.0.0", "info": {"title": "T", "version": "1"}, "x-a": ' + "[" * n + "]" * n + "}"}


@of(20_000)
def yaml_anchors(n):
    return asyncapi("x-a:\n" + repeat(n, "  - &a{} {b: c}\n") + "x-b:\n" + repeat(n, "  - *a{}\n"))


@of(20_000)
def unknown_yaml_aliases(n):
    return asyncapi("x-a:\n" + repeat(n, "  - *a{}\n"))


@of(2_000)
def merge_keys(n):
    return asyncapi("x-a:\n" + chain(n, "  m<>: &m<> {<<: *m{}, k{}: v}\n", "").replace("<<: *m0, ", ""))


@of(20_000)
def duplicate_keys(n):
    return asyncapi("x-a:\n" + "  same: a\n" * n)


@of(20_000)
def yaml_mistakes(n):
    return asyncapi("x-a:\n" + repeat(n, "  k{}: : a\n"))


@of(20_000)
def yaml_tabs(n):
    return asyncapi("x-a:\n" + repeat(n, "\tk{}: a\n"))


@of(20_000)
def yaml_quotes_left_open(n):
    return asyncapi("x-a:\n" + repeat(n, "  k{}: 'a\n"))


@of(20_000)
def yaml_of_changing_indentation(n):
    return asyncapi("x-a:\n" + "".join("  " + " " * (at % 3) + f"k{at}: a\n" for at in range(n)))


@of(20_000)
def json_mistakes(n):
    return {"docs/a.json": '{"asyncapi": "3.0.0", "info": {"title": "T", "version": "1"}, "x-a": [' + "{a: 'b'\n" * n + "]}"}


@of(1_000_000)
def long_scalar(n):
    return asyncapi("x-a: |\n" + "  words and words\n" * (n // 18))


@of(1_000_000)
def one_line_of_json(n):
    return {"docs/a.json": '{"asyncapi": "3.0.0", "info": {"title": "T", "version": "1"}, "components": {"schemas": {' + ",".join(f'"s{at}": {{"type": "strin"}}' for at in range(n // 25)) + "}}}"}


@of(20_000)
def yaml_documents(n):
    return asyncapi("---\na: b\n" * n)


# Comparison

def versions(before, after, extension):
    return {f"old.{extension}": before, f"new.{extension}": after}


def objects(n, kind):
    return json.dumps({"type": "object", "properties": {f"p{at}": {"type": kind} for at in range(n)}}, indent=1)


@of(20_000, command="diff")
def properties_that_change(n):
    return versions(objects(n, "string"), objects(n, "integer"), "json")


@of(20_000, command="diff")
def properties_that_go(n):
    return versions(objects(n, "string"), objects(1, "string"), "json")


@of(2_000, command="diff")
def alternatives_that_change(n):
    one = lambda kind: json.dumps({"oneOf": [{"type": "object", "properties": {f"p{at}": {"type": kind}}} for at in range(n)]}, indent=1)
    return versions(one("string"), one("integer"), "json")


@of(20_000, command="diff")
def avro_fields_that_change(n):
    one = lambda kind: json.dumps({"type": "record", "name": "R", "fields": [{"name": f"f{at}", "type": kind} for at in range(n)]}, indent=1)
    return versions(one("string"), one("int"), "avsc")


@of(2_000, command="diff")
def avro_unions_that_change(n):
    one = lambda kind: json.dumps([{"type": "record", "name": f"R{at}", "fields": [{"name": "f", "type": kind}]} for at in range(n)], indent=1)
    return versions(one("string"), one("int"), "avsc")


@of(20_000, command="diff")
def avro_symbols_that_go(n):
    one = lambda count: json.dumps({"type": "enum", "name": "E", "symbols": [f"S{at}" for at in range(count)]}, indent=1)
    return versions(one(n), one(1), "avsc")


@of(10_000, command="diff")
def proto_fields_that_change(n):
    one = lambda kind: PROTO + "message M {\n" + "".join(f"  {kind} f{at} = {at + 1};\n" for at in range(n)) + "}\n"
    return versions(one("string"), one("int32"), "proto")


@of(10_000, command="diff")
def proto_messages_that_change(n):
    one = lambda kind: PROTO + repeat(n, "message M{} { " + kind + " a = 1; }\n")
    return versions(one("string"), one("int32"), "proto")


@of(10_000, command="diff")
def proto_messages_that_go(n):
    return versions(PROTO + repeat(n, "message M{} { string a = 1; }\n"), PROTO + "message N {}\n", "proto")


@of(10_000, command="diff")
def channels_that_go(n):
    one = lambda word: V3 + "channels:\n" + repeat(n, "  c{}: {address: " + word + "{}}\n")
    return versions(one("a"), one("b"), "yaml")


@of(5_000, command="diff")
def messages_that_change(n):
    one = lambda kind: V3 + "channels:\n" + repeat(n, "  c{}: {address: a{}, messages: {m: {payload: {type: " + kind + "}}}}\n")
    return versions(one("string"), one("integer"), "yaml")


@of(5_000, command="diff")
def messages_of_a_channel_that_change(n):
    one = lambda kind: V3 + "channels:\n  c:\n    address: a\n    messages:\n" + repeat(n, "      m{}: {payload: {type: " + kind + "}}\n")
    return versions(one("string"), one("integer"), "yaml")


@of(5_000, command="diff")
def definitions_that_change(n):
    one = lambda kind: json.dumps({"$defs": {f"D{at}": {"type": "object", "properties": {"a": {"type": kind}, "next": {"$ref": f"#/$defs/D{(at + 1) % n}"}}} for at in range(n)}, "$ref": "#/$defs/D0"}, indent=1)
    return versions(one("string"), one("integer"), "json")


@of(20_000, command="diff")
def values_that_go(n):
    one = lambda count: json.dumps({"enum": [f"v{at}" for at in range(count)]}, indent=1)
    return versions(one(n), one(1), "json")


@of(10_000, command="diff")
def proto_values_that_go(n):
    one = lambda count: PROTO + "enum E {\n" + repeat(count, "  V{} = {};\n") + "}\n"
    return versions(one(n), one(1), "proto")


@of(10_000, command="diff")
def operations_that_go(n):
    channels = V3 + "channels:\n" + repeat(n, "  c{}: {address: a{}}\n") + "operations:\n"
    one = lambda action: channels + repeat(n, "  " + action + "{}: {action: send, channel: {$ref: '#/channels/c{}'}}\n")
    return versions(one("tell"), one("say"), "yaml")


@of(10_000, command="diff")
def messages_of_2_that_change(n):
    messages = lambda kind: repeat(n, "        - {name: m{}, payload: {type: " + kind + "}}\n")
    one = lambda kind: V2 + "channels:\n  c:\n    publish:\n      operationId: o\n      message:\n       oneOf:\n" + messages(kind)
    return versions(one("string"), one("integer"), "yaml")


# Many findings in one place

@of(8_000)
def dead_links_on_one_line(n):
    return markdown(repeat(n, "[x](gone{}.md) ") + "\n")


@of(4_000)
def dead_anchors_beside_headings(n):
    return markdown(repeat(n, "[x](#gone-heading-{})\n") + repeat(n, "\n## Heading {}\n"))


# Sentences that never end

def sentence(n, words):
    """A design, a record and a runbook of one sentence each, which says the same again and again."""
    said = repeat(n, words) + ".\n"
    record = ADR.format(number=1, status="Accepted").replace("We do it.", said)
    return {
        "archwright.toml": "",
        "docs/features/shop/design.md": "# Design: shop\n\n## Reliability\n\n" + said,
        "docs/adr/0001-shop.md": record,
        "docs/runbooks/shop.md": "# Runbook: shop\n\n## Steps\n\n" + said,
    }


@of(4_000)
def clauses_on_dual_writes(n):
    return sentence(n, "once the row is stored the service publishes the event after the row is saved ")


@of(4_000)
def clauses_on_retries(n):
    return sentence(n, "retry with backoff until the cap of 5 minutes, then the owner team-a is paged ")


@of(4_000)
def clauses_with_names(n):
    return sentence(n, "exactly once to `orders.placed` by the job `a-b` and the script `c.sh` ")


@of(4_000)
def clauses_on_loss(n):
    return sentence(n, "if the gate fails no message is lost, never, and the order is global ")


# Fixes and conversion

@of(5_000, command="fix")
def links_to_mend(n):
    return markdown(repeat(n, "- [see](Many_File-name{}.md)\n")) | {f"many-file-name{at}.md": "# F\n" for at in range(n)}


@of(5_000, command="fix")
def anchors_to_mend(n):
    return markdown(repeat(n, "## My Heading {}\n\n") + repeat(n, "[x](#my_heading_{})\n"))


@of(10_000, command="fix")
def references_to_mend(n):
    return asyncapi("channels:\n  c: {address: a}\noperations:\n" + repeat(n, "  o{}: {action: sned, channel: {$ref: '#/channels/c'}}\n"))


@of(2_000, command="fix")
def documents_to_mend(n):
    return {f"docs/features/f{at}/design.md": f"# F\n\n[x](../F{at}/design.md)\n" for at in range(n)}


@of(10_000, command="convert")
def channels_to_convert(n):
    return {"a.yaml": V2 + "channels:\n" + repeat(n, "  c{}: {publish: {operationId: o{}, message: {name: m{}, payload: {type: string}}}}\n")}


@of(10_000, command="convert")
def messages_to_convert(n):
    messages = repeat(n, "        - {name: m{}, payload: {type: string}}\n")
    return {"a.yaml": V2 + "channels:\n  c:\n    publish:\n      operationId: o\n      message:\n       oneOf:\n" + messages}


@of(10_000, command="convert")
def shared_messages_to_convert(n):
    channels = repeat(n, "  c{}: {publish: {operationId: o{}, message: {$ref: '#/components/messages/m{}'}}}\n")
    return {"a.yaml": V2 + "channels:\n" + channels + "components:\n  messages:\n" + repeat(n, "    m{}: {payload: {type: string}}\n")}
