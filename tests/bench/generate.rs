//! Generates workspaces for the benches: N linked artifacts of about 2 KB in the canonical layout, the same for the
//! same seed.
//!
//! `generate-workspace DIR [--files N] [--seed S] [--broken SHARE]` writes them, and the truth about them to
//! `DIR.expected.json`. `generate-workspace --read DIR` reads every file and nothing else: the floor for whoever has to
//! read them.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde_json::json;

const USAGE: &str =
    "usage: generate-workspace DIR [--files N] [--seed S] [--broken SHARE]\n       generate-workspace --read DIR";

/// Files of one feature: index, design, two ADRs, contract, schema, AsyncAPI, two runbooks, launch decision.
const FILES_PER_FEATURE: usize = 10;
/// The catalog and the standard that everything links to.
const SHARED_FILES: usize = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--read", folder] => read_all(Path::new(folder))
            .map(|(files, bytes)| format!("{files} files, {bytes} bytes"))
            .map_err(|it| it.to_string()),
        [folder, options @ ..] if !folder.starts_with('-') => {
            Plan::parse(folder, options).and_then(|it| it.write().map_err(|it| it.to_string()))
        }
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

/// Reads every file below `folder`, one after the other.
fn read_all(folder: &Path) -> io::Result<(usize, usize)> {
    let (mut files, mut bytes) = (0, 0);
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files += 1;
                bytes += fs::read(entry.path())?.len();
            }
        }
    }
    Ok((files, bytes))
}

/// What is generated.
struct Plan {
    folder: PathBuf,
    files: usize,
    seed: u64,
    /// The share of links between features that lead nowhere, 0 to 1.
    broken: f64,
}

impl Plan {
    fn parse(folder: &str, options: &[&str]) -> Result<Self, String> {
        let mut plan = Self { folder: folder.into(), files: 1000, seed: 1, broken: 0.02 };
        for pair in options.chunks(2) {
            let bad = || format!("{}: a number is needed\n{USAGE}", pair.join(" "));
            match *pair {
                ["--files", value] => plan.files = value.parse().map_err(|_| bad())?,
                ["--seed", value] => plan.seed = value.parse().map_err(|_| bad())?,
                ["--broken", value] => {
                    plan.broken = value.parse().ok().filter(|it| (0.0..=1.0).contains(it)).ok_or_else(bad)?
                }
                _ => return Err(USAGE.to_owned()),
            }
        }
        if plan.files < FILES_PER_FEATURE + SHARED_FILES {
            return Err(format!("at least {} files are needed", FILES_PER_FEATURE + SHARED_FILES));
        }
        Ok(plan)
    }

    fn write(self) -> Result<String, io::Error> {
        let features = (self.files - SHARED_FILES) / FILES_PER_FEATURE;
        let records = (self.files - SHARED_FILES) % FILES_PER_FEATURE;
        let mut out = Output { root: self.folder.clone(), files: 0, markdown: 0, bytes: 0 };
        let mut links = Links { random: Random(self.seed), features, broken_share: self.broken, written: 0, broken: 0 };
        let mut rows = Vec::new();
        for number in 0..features {
            let feature = Feature::new(number);
            feature.write(&mut out, &mut links)?;
            let Feature { slug, team, tier, .. } = &feature;
            let slo = feature.slo();
            rows.push(format!(
                "| {slug} | {team} | {tier} | {slo} | GDPR | 2026-06-01 | [README](../features/{slug}/README.md) |"
            ));
        }
        rows.sort_unstable();
        out.put("docs/system/catalog.md", &catalog(&rows.join("\n"), records))?;
        out.put("docs/system/standards/channel-naming.md", STANDARD)?;
        for number in 1..=records {
            out.put(&format!("docs/system/adrs/{}.md", record_name(number)), &platform_record(number))?;
        }
        let opened = format!("docs/features/{}/design.md", slug(0));
        let truth = json!({
            "files": out.files, "markdown": out.markdown, "bytes": out.bytes, "features": features, "seed": self.seed,
            "links_between_features": links.written, "broken_links": links.broken, "open": opened,
        });
        let mut beside = self.folder.into_os_string();
        beside.push(".expected.json");
        fs::write(beside, format!("{truth:#}\n"))?;
        Ok(truth.to_string())
    }
}

/// Writes files and counts them.
struct Output {
    root: PathBuf,
    files: usize,
    markdown: usize,
    bytes: usize,
}

impl Output {
    fn put(&mut self, path: &str, text: &str) -> io::Result<()> {
        let place = self.root.join(path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        self.files += 1;
        self.markdown += usize::from(path.ends_with(".md"));
        self.bytes += text.len();
        fs::write(place, text)
    }
}

/// SplitMix64: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Links from one feature to others, some of which lead nowhere.
struct Links {
    random: Random,
    features: usize,
    broken_share: f64,
    written: usize,
    broken: usize,
}

impl Links {
    /// A list item with a link onward, from a file `depth` folders below its feature to the design of another feature.
    fn onward(&mut self, depth: usize) -> String {
        self.written += 1;
        let up = "../".repeat(depth + 1);
        let other = slug(self.random.below(self.features));
        if self.random.share() < self.broken_share {
            self.broken += 1;
            return format!("- [Former design of {other}]({up}{other}/design-{:06}.md)", self.random.below(1_000_000));
        }
        format!("- [Design of {other}]({up}{other}/design.md)")
    }
}

const DOMAINS: [&str; 16] = [
    "orders",
    "payments",
    "invoices",
    "shipments",
    "refunds",
    "baskets",
    "stocks",
    "products",
    "customers",
    "tickets",
    "claims",
    "quotes",
    "bookings",
    "meters",
    "parcels",
    "returns",
];
const EVENTS: [&str; 12] = [
    "placed",
    "captured",
    "issued",
    "dispatched",
    "granted",
    "reserved",
    "updated",
    "registered",
    "settled",
    "expired",
    "confirmed",
    "closed",
];
const TEAMS: [&str; 8] =
    ["team-alder", "team-beech", "team-cedar", "team-elm", "team-fir", "team-hazel", "team-maple", "team-oak"];

fn slug(number: usize) -> String {
    let (domain, event) = (DOMAINS[number % DOMAINS.len()], EVENTS[number / DOMAINS.len() % EVENTS.len()]);
    format!("{domain}-{event}-{number:05}")
}

/// One feature with the facts that its documents share.
struct Feature {
    number: usize,
    slug: String,
    domain: &'static str,
    event: &'static str,
    team: &'static str,
    tier: &'static str,
    channel: String,
    key: String,
    concerns: String,
}

impl Feature {
    fn new(number: usize) -> Self {
        let (domain, event) = (DOMAINS[number % DOMAINS.len()], EVENTS[number / DOMAINS.len() % EVENTS.len()]);
        let team = TEAMS[number % TEAMS.len()];
        let peak = 40 + number % 400;
        let concerns = format!(
            "## System concerns\n\n- **Owner team**: {team}\n- **Tenancy**: Single tenant, one deployment per country\n\
            - **Compliance**: GDPR\n\
             - **Cost owner**: Cost center of {team}\n\
            - **Capacity**: {} messages per second as a median, {peak} at peak, 20% growth a year\n\
             - **DR posture**: RPO 1 minute, RTO 30 minutes, warm standby in a second region\n\
             - **Lifecycle**: Created 2026-01-12; deprecated once v2 has carried all messages for 90 days; replaced by \
            v2 side by side\n",
            peak / 5
        );
        let channel = format!("{domain}.{event}{number:05}.v1");
        let key = format!("{}_id", domain.trim_end_matches('s'));
        Self { number, slug: slug(number), domain, event, team, tier: "Service-ready", channel, key, concerns }
    }

    fn slo(&self) -> String {
        format!("99.9% of {} visible within {} seconds", self.domain, 2 + self.number % 8)
    }

    /// The summary of a document with its status, date and the sentence that says it all.
    fn summary(&self, status: &str, more: &str, gist: &str) -> String {
        let date = format!("2026-03-{:02}", 1 + self.number % 28);
        self.summary_of(status, &date, more, gist)
    }

    fn summary_of(&self, status: &str, date: &str, more: &str, gist: &str) -> String {
        format!(
            "## Summary\n\n- **Status**: {status}\n- **Date**: {date}\n{more}- **TL;DR**: {gist}\n\n{}",
            self.concerns
        )
    }

    /// The links that every document of the feature ends with, as seen from `depth` folders below it.
    fn related(&self, depth: usize, links: &mut Links) -> String {
        let (up, channel) = ("../".repeat(depth), &self.channel);
        format!(
            "## Related artifacts\n\n- Index: [{}]({up}README.md)\n- Design: [Design]({up}design.md)\n\
             - ADRs: [ADR-0001]({up}adrs/0001-publish-through-an-outbox.md), \
            [ADR-0002]({up}adrs/0002-order-by-key.md)\n\
             - Contracts: [{channel}]({up}contracts/{channel}.md)\n\
            - Schemas: [{channel}.json]({up}schemas/{channel}.json)\n\
             - AsyncAPI: [{channel}.yaml]({up}asyncapi/{channel}.yaml)\n\
             - Runbooks: [Consumer lag]({up}runbooks/consumer-lag.md), [DLQ triage]({up}runbooks/dlq-triage.md)\n\
             - Launch decisions: [2026-06-01]({up}launches/2026-06-01.md)\n\
            - [Channel naming]({up}../../system/standards/channel-naming.md)\n{}\n{}\n",
            self.slug,
            links.onward(depth),
            links.onward(depth)
        )
    }

    fn write(&self, out: &mut Output, links: &mut Links) -> io::Result<()> {
        let folder = format!("docs/features/{}", self.slug);
        let channel = &self.channel;
        out.put(&format!("{folder}/README.md"), &self.index(links))?;
        out.put(&format!("{folder}/design.md"), &self.design(links))?;
        out.put(&format!("{folder}/adrs/0001-publish-through-an-outbox.md"), &self.outbox_record(links))?;
        out.put(&format!("{folder}/adrs/0002-order-by-key.md"), &self.ordering_record(links))?;
        out.put(&format!("{folder}/contracts/{channel}.md"), &self.contract(links))?;
        out.put(&format!("{folder}/schemas/{channel}.json"), &self.schema())?;
        out.put(&format!("{folder}/asyncapi/{channel}.yaml"), &self.asyncapi())?;
        out.put(&format!("{folder}/runbooks/dlq-triage.md"), &self.dead_letters(links))?;
        out.put(&format!("{folder}/runbooks/consumer-lag.md"), &self.lag(links))?;
        out.put(&format!("{folder}/launches/2026-06-01.md"), &self.launch(links))
    }

    fn index(&self, links: &mut Links) -> String {
        let Self { slug, team, tier, channel, concerns, domain, .. } = self;
        format!(
            "# {slug}\n\nKeeps {domain} and tells the rest of the company about them.\n\n\
             ## Service info\n\n- **Owner team**: {team}\n- **SLO**: {}\n- **Tier**: {tier}\n\
            - **Last reviewed**: 2026-06-01\n\n{concerns}\n\
             ## Shared references\n\n- **Standards followed**: [Channel \
            naming](../../system/standards/channel-naming.md)\n\n\
             ## Artifacts\n\n- **Design**: [design](design.md)\n\
             - **ADRs**: [ADR-0001](adrs/0001-publish-through-an-outbox.md), [ADR-0002](adrs/0002-order-by-key.md)\n\
             - **Contracts**: [{channel}](contracts/{channel}.md)\n\
             - **Runbooks**: [Consumer lag](runbooks/consumer-lag.md), [DLQ triage](runbooks/dlq-triage.md)\n\
             - **Launch decisions**: [2026-06-01](launches/2026-06-01.md)\n\n\
             ## Dependencies\n\n- **Upstream**: none\n- **Downstream**: billing and search, which read `{channel}`\n\
             - **Shared infrastructure**: event cluster of the platform\n\n{}\n{}\n\n\
             ## Channels owned\n\n- {channel}: produced. See [contract](contracts/{channel}.md).\n",
            self.slo(),
            links.onward(0),
            links.onward(0)
        )
    }

    fn design(&self, links: &mut Links) -> String {
        let Self { slug, team, channel, key, domain, .. } = self;
        let summary = self.summary(
            "Accepted",
            "",
            &format!("Changes of {domain} leave through an outbox, and every reader keeps its own pace."),
        );
        format!(
            "# Design of {slug}\n\n{summary}\n## Patterns\n\n\
            - Transactional Outbox: a change and its event are saved by one transaction.\n\
             - Publish-Subscribe Channel: each consumer group reads every event.\n\
            - Idempotent Receiver: an event that comes twice counts once.\n\
             - Dead Letter Channel: what cannot be handled leaves the partition.\n\n\
             ## Reliability checklist\n\n1. **Delivery**: at-least-once, from the outbox to every consumer group.\n\
             2. **Idempotency**: the event `id`, kept 30 days in the `inbox` table.\n\
             3. **Bad messages**: `{channel}.dlq` of {team}, alert at 1 message, [DLQ \
            triage](runbooks/dlq-triage.md).\n\
             4. **Retry**: 5 attempts, exponential backoff from 200 ms with jitter; permanent errors skip retry.\n\
             5. **Ordering**: per key, by `{key}`.\n6. **Schema evolution**: JSON Schema, BACKWARD, checked in CI.\n\
             7. **Observability**: `traceparent` on every event; lag, failures, DLQ depth and age measured.\n\
             8. **Failure boundary**: a lost reader is replayed from the channel.\n\n\
             ## Boundary contracts\n\n| Channel | Ordering key | Idempotency key | Retention | DLQ owner | \
            Compatibility |\n|---|---|---|---|---|---|\n\
             | `{channel}` | `{key}` | `id` | 7 days | {team} | BACKWARD |\n\n\
             ## Anti-patterns to avoid\n\n- Sending an event beside the transaction instead of through the outbox.\n\n\
             ## Open questions\n\n- Shall closed {domain} leave the channel earlier? Owner: {team}, decide by \
            2027-03-31.\n\n{}",
            self.related(0, links)
        )
    }

    fn outbox_record(&self, links: &mut Links) -> String {
        let Self { domain, .. } = self;
        let summary = self.summary(
            "Accepted",
            "",
            &format!("The relay reads the outbox table of {domain} and publishes its rows in order."),
        );
        format!(
            "# ADR-0001: Publish through an outbox\n\n{summary}\n## Context\n\n\
            A change of {domain} and its event must both happen or both not happen.\n\
             The database and the event cluster share no transaction.\n\n\
             ## Decision\n\nThe change writes its event to the table `outbox`, and a relay publishes the rows in the \
            order of their numbers.\n\n\
             ## Alternatives considered\n\n- Publish after the commit: rejected, because a crash in between loses the \
            event.\n\
             - Publish before the commit: rejected, because a rollback leaves an event of nothing.\n\n\
             ## Consequences\n\n- Positive: no event is lost, and none is invented.\n\
            - Negative: one more table to clean, and events leave up to 500 ms later.\n\n\
             ## Verification\n\nStop the relay for 10 minutes under load, start it, and compare the count of rows with \
            the count of events.\n\n{}",
            self.related(1, links)
        )
    }

    fn ordering_record(&self, links: &mut Links) -> String {
        let Self { domain, key, channel, .. } = self;
        let summary = self.summary("Accepted", "", &format!("Events are ordered by `{key}` and not across keys."));
        format!(
            "# ADR-0002: Order by key\n\n{summary}\n## Context\n\n\
            Readers of `{channel}` apply changes of one record one after the other.\n\
             An order across all {domain} would allow one partition only.\n\n\
             ## Decision\n\nThe key of every event is `{key}`, and each partition keeps the order of its keys.\n\n\
             ## Alternatives considered\n\n- One partition: rejected, because it ends at the speed of one reader.\n\
             - No order: rejected, because every reader would have to sort.\n\n\
             ## Consequences\n\n- Positive: twelve readers work side by side.\n\
            - Negative: a key with many changes slows the others of its partition.\n\n\
             ## Verification\n\nA load test with 10,000 keys compares the order per key at the reader with the order \
            at the writer.\n\n{}",
            self.related(1, links)
        )
    }

    fn contract(&self, links: &mut Links) -> String {
        let Self { slug, team, channel, key, domain, event, .. } = self;
        let more =
            format!("- **Channel**: `{channel}`\n- **Owner**: {team}, on call through the rotation of the team\n");
        let summary = self.summary("Active", &more, &format!("Says that one of the {domain} was {event}."));
        format!(
            "# Contract: {channel}\n\n{summary}\n## Patterns\n\n\
            - Publish-Subscribe Channel: each consumer group reads every event.\n\
             - Idempotent Receiver: consumers drop an `id` they have seen.\n\n\
             ## Producer and consumers\n\n- **Producer**: {slug} ({team})\n\
            - **Consumers**: billing and search (outside this repository)\n\n\
             ## Compatibility and versioning\n\n- **Compatibility mode**: BACKWARD\n\
             - **CI gate**: the job `schema-compat` compares the schema with the one on the main branch\n\
             - **Versioning**: optional properties are added in place; a breaking change opens a v2 channel\n\n\
             ## Ordering, idempotency, retention\n\n- **Ordering key**: `{key}`\n- **Idempotency key**: `id`\n\
            - **Delivery**: at-least-once\n- **Retention**: 7 days\n\n\
             ## DLQ and replay\n\n- **DLQ**: `{channel}.dlq`, owner {team}, kept 14 days, alert at 1 message, \
            [triage](../runbooks/dlq-triage.md)\n\
             - **Replay**: by key or by time range within 7 days, at most 50 messages per second, started by {team}\n\n\
            {}",
            self.related(1, links)
        )
    }

    fn schema(&self) -> String {
        let Self { channel, key, domain, event, .. } = self;
        let described = |text: &str, kind: &str| json!({ "type": kind, "description": text });
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": channel,
            "description": format!("One of the {domain} was {event}."),
            "type": "object",
            "required": [key, "occurred_at", "amount_minor", "currency"],
            "properties": {
                key.as_str(): described("Identifies the record, and keys the channel.", "string"),
                "occurred_at": { "type": "string", "format": "date-time", "description": "When it happened, in UTC." },
                "amount_minor": { "type": "integer", "minimum": 0, "description": "The amount in the smallest unit of \
                    the currency." },
                "currency": { "type": "string", "pattern": "^[A-Z]{3}$", "description": "The currency, as ISO 4217 \
                    names it." },
                "country": described("Where it happened, as ISO 3166 names it.", "string"),
                "channel_of_sale": described("The shop, the phone or a partner.", "string"),
                "note": described("What the person who did it wrote.", "string"),
            },
        });
        format!("{schema:#}\n")
    }

    fn asyncapi(&self) -> String {
        let Self { slug, team, channel, key, domain, event, .. } = self;
        format!(
            "asyncapi: 3.0.0\ninfo:\n  title: {slug}\n  version: 1.0.0\n  description: Events of {domain} for \
            everybody who follows them.\n  contact:\n    name: {team}\n\
             defaultContentType: application/json\n\
            servers:\n  production:\n    host: events.example.org:9093\n    protocol: kafka-secure\n    description: \
            The event cluster of the platform.\n\
             channels:\n  events:\n    address: {channel}\n    description: One of the {domain} was {event}.\n    \
            messages:\n      Event:\n        $ref: '#/components/messages/Event'\n\
             operations:\n  sendEvent:\n    action: send\n    channel:\n      $ref: '#/channels/events'\n    \
            messages:\n      - $ref: '#/channels/events/messages/Event'\n\
             components:\n  messages:\n    Event:\n      name: Event\n      title: One of the {domain} was \
            {event}\n      contentType: application/json\n\
             \u{20}     headers:\n        $ref: '#/components/schemas/Headers'\n      payload:\n        $ref: \
            ../schemas/{channel}.json\n\
             \u{20}     bindings:\n        kafka:\n          key:\n            type: string\n            description: \
            The {key}.\n          bindingVersion: 0.5.0\n\
             \u{20} schemas:\n    Headers:\n      type: object\n      required: [specversion, id, source, type, time, \
            traceparent]\n      properties:\n\
             \u{20}       specversion:\n          type: string\n          const: '1.0'\n        id:\n          type: \
            string\n          format: uuid\n          description: The idempotency key.\n\
             \u{20}       source:\n          type: string\n          format: uri-reference\n        type:\n          \
            type: string\n        time:\n          type: string\n          format: date-time\n\
             \u{20}       traceparent:\n          type: string\n          description: W3C trace context of the \
            request behind the event.\n"
        )
    }

    fn dead_letters(&self, links: &mut Links) -> String {
        let Self { team, channel, domain, .. } = self;
        let more = format!(
            "- **Incident type**: Messages in the dead letter queue\n\
            - **Owner**: {team}; escalation: platform after 30 minutes; pages: rotation of {team}\n"
        );
        let summary = self.summary(
            "Active",
            &more,
            &format!("Empty `{channel}.dlq` without losing or repeating changes of {domain}."),
        );
        format!(
            "# DLQ triage\n\n{summary}\n## Safety\n\n- Stop the automatic redrive first.\n\
            - Do not paste payloads into chats or tickets.\n\n\
             ## Triage\n\n1. Note the depth of `{channel}.dlq` and the age of its oldest message.\n\
            2. Read ten messages and group them by error.\n\
             3. One error for all: look at the last deployment of the reader.\n\n\
             ## Mitigation\n\n1. Redrive 10 messages and watch the errors for 5 minutes.\n\
            2. Redrive the rest at 100 messages a minute.\n\n\
             ## Verification\n\n- The depth is 0 for 30 minutes.\n\n\
             ## Stop criteria\n\n- Stop when more than 2% of the redriven messages come back within 5 minutes; {team} \
            decides.\n\n\
             ## Audit trail\n\n- Ticket with the counts, and who ran each step.\n\n{}",
            self.related(1, links)
        )
    }

    fn lag(&self, links: &mut Links) -> String {
        let Self { team, channel, .. } = self;
        let more = format!(
            "- **Incident type**: Consumer lag\n- **Owner**: {team}; escalation: platform after 30 minutes; pages: \
            rotation of {team}\n"
        );
        let summary =
            self.summary("Active", &more, &format!("Bring the readers of `{channel}` back below 500 messages."));
        format!(
            "# Consumer lag\n\n{summary}\n## Safety\n\n\
            - Never move offsets to the end: the changes in between would be lost.\n\n\
             ## Triage\n\n1. Note lag, age of the oldest message and errors per second.\n\
            2. One partition behind: look for one failing key.\n\
             3. All partitions behind: look at the database of the reader and at its last deployment.\n\n\
             ## Mitigation\n\n1. Roll back a deployment that is younger than the lag.\n\
            2. Scale the readers from 4 to 12, the number of partitions.\n\n\
             ## Verification\n\n- Lag is below 500 messages for 10 minutes.\n\n\
             ## Stop criteria\n\n- Stop scaling when the database is above 80% CPU for 5 minutes; {team} decides.\n\n\
             ## Audit trail\n\n- Ticket with the graph of the lag, and who ran each step.\n\n{}",
            self.related(1, links)
        )
    }

    fn launch(&self, links: &mut Links) -> String {
        let Self { slug, team, tier, .. } = self;
        let more = format!("- **Feature**: {slug}\n- **Tier achieved**: {tier}\n");
        let summary = self.summary_of(
            "GO",
            "2026-06-01",
            &more,
            "Contracts, runbooks and alerts are in place; a failover has not been rehearsed yet.",
        );
        format!(
            "# Launch decision: {slug}\n\n{summary}\n## Launch decision\n\n### Blockers\n\n- None open on 2026-06-01.\n\
            \n\
             ### Acknowledged risks\n\n- The failover is untested. Mitigation: the standby is checked each week by a \
            restore. Accepted by: {team}.\n\n\
             ### Rollback plan\n\n- **Trigger**: more than 1% of requests fail for 5 minutes\n\
             - **Procedure**: switch the flag off, let the outbox drain, keep the readers running\n\
            - **RTO**: 15 minutes\n\n{}",
            self.related(1, links)
        )
    }
}

fn catalog(rows: &str, records: usize) -> String {
    let mut more = String::new();
    for number in 1..=records {
        _ = writeln!(
            more,
            "| Platform decision {number} | [ADR-{number:04}](adrs/{}.md) | Accepted |",
            record_name(number)
        );
    }
    format!(
        "# System catalog\n\nLast updated: 2026-06-01\n\n## Features\n\n\
         | Feature | Owner | Tier | SLO | Compliance | Last reviewed | Index |\n|---|---|---|---|---|---|---|\n{rows}\n\
        \n\
         ## Cross-cutting concerns\n\n| Concern | Doc | Status |\n|---|---|---|\n\
         | Channel naming | [Channel naming](standards/channel-naming.md) | Active |\n{more}"
    )
}

const STANDARD: &str = "# Channel naming\n\n## Summary\n\n- **Status**: Active\n- **Date**: 2026-01-12\n\
    - **Owner**: team-platform\n\
    - **Applies to**: all features\n- **TL;DR**: A channel is named domain, event, version, in lower case and with \
    dots.\n\n\
    ## Rule\n\nEvery channel has a name of the form `<domain>.<event>.v<N>` and carries one type of event.\n\n\
    ## Requirements\n\n1. Names are lower case, dotted and end in a version.\n2. A channel carries one type of event.\n\
    \n\
    ## Enforcement\n\n- **CI gate**: the check of the documents\n- **Review gate**: the owner of the channel\n\
    - **Audit cadence**: every quarter\n\n\
    ## Exceptions\n\nNone.\n\n## Related artifacts\n\n- [Catalog](../catalog.md)\n";

fn record_name(number: usize) -> String {
    format!("{number:04}-platform-decision-{number}")
}

fn platform_record(number: usize) -> String {
    let concerns = Feature::new(number).concerns;
    format!(
        "# ADR-{number:04}: Platform decision {number}\n\n## Summary\n\n- **Status**: Accepted\n\
        - **Date**: 2026-01-12\n\
         - **TL;DR**: The platform runs one event cluster per region.\n\n{concerns}\n\
         ## Context\n\nTeams ask for clusters of their own.\n\n## Decision\n\n\
        The platform runs one event cluster per region and shares it by quotas.\n\n\
         ## Alternatives considered\n\n- A cluster per team: rejected, because nobody would run forty of them.\n\n\
         ## Consequences\n\n- Positive: one cluster to patch.\n- Negative: quotas have to be kept.\n\n\
         ## Related artifacts\n\n- [Catalog](../catalog.md)\n- [Channel naming](../standards/channel-naming.md)\n"
    )
}
