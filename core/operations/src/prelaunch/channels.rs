//! Gates about channels: what contracts, schemas, AsyncAPI documents and runbooks say of each that the feature sends
//! to.

use archwright_model::{
    Kind, Severity,
    conventions::role::{Role, State},
    facts::{self, ByRole, ChannelRole, FileFacts, prose},
    values::value,
};
use archwright_rules::evolution::Mode;

use super::{
    super::ReviewPlace,
    answer::GateState,
    case::{Case, Said, place, start},
    code,
    gates::{Answer, Found, answers},
};

/// What holds of the channels of a feature that has none.
pub(super) fn nothing_sent(case: &Case) -> Found {
    if !case.read.is_empty() {
        return Found::met("it sends to no channel", case.readme.map(start).into_iter().collect());
    }
    let says_none = |facts: &&FileFacts| {
        let Some(document) = ByRole::of(facts, case.config()) else { return false };
        let section = document.section(Role::BoundaryContracts).or_else(|| document.section(Role::ChannelsOwned));
        section.is_some_and(|it| {
            let body = document.tree.section(it).body.of(&facts.text);
            value::is_none(body.trim_start_matches(['-', ' ', '\n', '\r']).trim())
        })
    };
    let said = [case.design, case.readme].into_iter().flatten().find(says_none);
    said.map_or_else(Found::unknown, |it| Found::met("it has no channel", vec![start(it)]))
}

/// What holds of the contract of each channel that the feature sends to: the first that fails decides.
pub(super) fn each_contract<'w>(case: &Case<'w>, of: impl Fn(&Case<'w>, &str, &'w FileFacts) -> Found) -> Found {
    if case.sent.is_empty() {
        return nothing_sent(case);
    }
    let mut places = Vec::new();
    let mut worst: Option<Found> = None;
    for channel in &case.sent {
        let found = match case.contract(channel) {
            Some(contract) => of(case, channel, contract),
            None => Found::missing("has no contract", named_at(case, channel)),
        };
        if found.state.holds() {
            places.extend(found.places);
            continue;
        }
        let text = if found.text.is_empty() { String::new() } else { format!("`{channel}` {}", found.text) };
        let found = Found { text, ..found };
        // What is known to be wrong says more than what is not known.
        if worst.as_ref().is_none_or(|it| it.state == GateState::Unknown && found.state == GateState::Missing) {
            worst = Some(found);
        }
    }
    worst.unwrap_or_else(|| Found::met("", places))
}

/// Where the feature names a channel.
fn named_at(case: &Case, channel: &str) -> Vec<ReviewPlace> {
    let at = |facts: &FileFacts| {
        let mention = facts.channels.iter().find(|it| it.name.text == channel)?;
        Some(place(facts, mention.name.span.start as usize))
    };
    [case.design, case.readme].into_iter().flatten().find_map(at).into_iter().collect()
}

pub(super) fn of_field<'w>(case: &Case<'w>, contract: &'w FileFacts, role: Role) -> Found {
    match case.field(contract, role) {
        Said::Yes(_, place) => Found::met("", vec![place]),
        Said::No(place) => Found::missing(format!("names no {}", word(case, role)), vec![place]),
        Said::Absent(place) => absent(case, role, place),
    }
}

/// A contract that has no field of that name.
fn absent(case: &Case, role: Role, place: ReviewPlace) -> Found {
    Found::open(format!("has a contract without a field {}", case.config().profile().name(role)), vec![place])
}

/// What a field is called, within a sentence.
fn word(case: &Case, role: Role) -> String {
    let name = case.config().profile().name(role);
    if name.chars().skip(1).any(char::is_uppercase) { name.to_owned() } else { name.to_lowercase() }
}

pub(super) fn contract(case: &Case) -> Found {
    each_contract(case, |case, _, it| {
        let owner = of_field(case, it, Role::Owner);
        let owner = if owner.state.holds() { owner } else { of_field(case, it, Role::OwnerTeam) };
        let purpose = of_field(case, it, Role::Tldr);
        if !owner.state.holds() {
            return owner;
        }
        if purpose.state.holds() { Found::met("", vec![start(it)]) } else { purpose }
    })
}

pub(super) fn dead_letters(case: &Case) -> Found {
    let retry = case.design.and_then(|it| answers(it, case)).into_iter().flatten().find(|it| it.question.id == "retry");
    if let Some(Answer { question, said, place }) = retry.filter(|it| prose::is_content(&it.said)) {
        let name = &question.name;
        let is_bounded = said.contains(|it: char| it.is_ascii_digit()) || prose::has_any(&said, "bounds");
        if prose::has_any(&said, "unbounded") {
            return Found::missing(format!("{name} has no end"), vec![place]);
        }
        if !is_bounded {
            return Found::open(format!("{name} names no number of attempts"), vec![place]);
        }
    } else if case.sent.is_empty() && case.read.is_empty() {
        return nothing_sent(case);
    } else {
        return Found::unknown();
    }
    each_contract(case, |case, channel, contract| match case.field(contract, Role::Dlq) {
        Said::No(place) => Found::missing(format!("names no {}", word(case, Role::Dlq)), vec![place]),
        Said::Absent(place) => absent(case, Role::Dlq, place),
        Said::Yes(said, place) => {
            let in_design = || {
                let document = case.design.and_then(|it| case.by_role(it))?;
                let table = document.tree.tables.iter().find(|it| document.column(it, Role::DlqOwner).is_some())?;
                let (owner, name) = (document.column(table, Role::DlqOwner)?, document.column(table, Role::Channel)?);
                let row = document.tree.rows(table).iter().map(|it| document.tree.cells(it)).find(|cells| {
                    cells.get(name).is_some_and(|it| it.of(document.text).trim_matches(['`', '*']) == channel)
                })?;
                row.get(owner).filter(|it| prose::is_content(it.of(document.text))).map(|_| ())
            };
            let owned = prose::has_any(&said, "owner")
                || matches!(case.field(contract, Role::DlqOwner), Said::Yes(..))
                || in_design().is_some();
            if owned {
                Found::met("", vec![place])
            } else {
                Found::open(format!("has a {} without an owner", word(case, Role::Dlq)), vec![place])
            }
        }
    })
}

pub(super) fn schema(case: &Case) -> Found {
    each_contract(case, |case, channel, contract| {
        let of_channel: Vec<&FileFacts> = case
            .speakers(channel)
            .filter(|it| {
                it.channel(channel, ChannelRole::Schema).is_some()
                    || it.channel(channel, ChannelRole::AsyncApi).is_some()
            })
            .collect();
        let Some(first) = of_channel.iter().find(|it| it.kind == Kind::Schema).or_else(|| of_channel.first()) else {
            return Found::missing("has no schema", vec![start(contract)]);
        };
        for facts in &of_channel {
            let file = case.workspace.file(&facts.path);
            let findings = file.map(|it| case.workspace.findings(it)).unwrap_or_default();
            let error = findings.iter().find(|it| it.severity == Severity::Error);
            if let Some(error) = error {
                let at = place(facts, error.span.start as usize);
                return Found::missing(format!("has a schema with an error ({})", error.rule.code), vec![at]);
            }
        }
        let mention = contract.channel(channel, ChannelRole::Contract);
        let mode = mention.and_then(|it| it.compatibility.as_ref());
        match mode {
            Some(mode) if Mode::of_name(&mode.text).is_some() => {
                Found::met("", vec![place(first, 0), place(contract, mode.span.start as usize)])
            }
            Some(mode) if prose::is_content(&mode.text) => {
                let at = place(contract, mode.span.start as usize);
                Found::open(format!("has the mode `{}`, which no registry knows", mode.text), vec![at])
            }
            _ => match of_field(case, contract, Role::CompatibilityMode) {
                it if it.state.holds() => Found::open("has a mode that is not understood", it.places),
                it => it,
            },
        }
    })
}

pub(super) fn trace(case: &Case) -> Found {
    let profile = case.config().profile();
    let names: Vec<String> = profile
        .envelopes
        .values()
        .flat_map(|envelope| {
            let own = envelope.attributes.iter().filter(|it| it.means == "trace").map(|it| it.name.as_str());
            let prefixes = envelope.prefixes.iter().map(String::as_str).chain([""]);
            own.flat_map(move |name| prefixes.clone().map(move |it| format!("{it}{name}")))
        })
        .collect();
    // The design may say it of every message.
    let observed = case.design.and_then(|it| answers(it, case)).into_iter().flatten();
    let mut observed = observed.filter(|it| it.question.id == "observability" && prose::is_content(&it.said));
    let says = |said: &str| {
        let mut words = said.split(|it: char| !(it.is_alphanumeric() || it == '_'));
        words.any(|word| names.iter().any(|it| it == word)) && !prose::has_any(said, "absent")
    };
    let in_design = observed.find(|it| it.said.split([';', ',']).any(says)).map(|it| it.place);
    each_contract(case, |case, channel, _| {
        let documents = case.speakers(channel).filter(|it| it.channel(channel, ChannelRole::AsyncApi).is_some());
        let at = documents.into_iter().find_map(|facts| {
            let tree = &facts.asyncapi()?.tree;
            code::property(tree.root()?, &names).map(|it| place(facts, it))
        });
        // Headers that are declared without it say more than the design.
        let declares =
            |it: &FileFacts| it.channel(channel, ChannelRole::AsyncApi).is_some() && it.text.contains("headers");
        let in_design = in_design.clone().filter(|_| !case.speakers(channel).any(declares));
        at.or(in_design).map_or_else(Found::unknown, |it| Found::met("", vec![it]))
    })
}

pub(super) fn alert(case: &Case) -> Found {
    each_contract(case, |case, channel, contract| {
        let alerts = |text: &str| {
            prose::has_any(text, "alert") && text.contains(|it: char| it.is_ascii_digit()) && prose::affirms(text)
        };
        if let Said::Yes(said, place) = case.field(contract, Role::Dlq)
            && said.split([',', ';']).any(alerts)
        {
            return Found::met("", vec![place]);
        }
        let at = case.runbooks(channel).into_iter().find_map(|facts| {
            let sentences = prose::sentences(facts);
            sentences.iter().find(|it| alerts(it.text)).map(|it| place(facts, it.at))
        });
        at.map_or_else(Found::unknown, |it| Found::met("", vec![it]))
    })
}

/// Whether a runbook can be worked with: where it is a draft or asks something.
fn unfinished(case: &Case, facts: &FileFacts) -> Option<Found> {
    let document = ByRole::of(facts, case.config())?;
    let status = document.status();
    let state = status.as_ref().and_then(|it| case.config().vocabulary().state(&it.text));
    if let (Some(status), Some(State::Draft | State::Proposed | State::Deferred)) = (&status, state) {
        let at = place(facts, status.span.start as usize);
        return Some(Found::missing("has only a draft of a runbook", vec![at]));
    }
    let open = facts::placeholders(document.tree, &facts.text).into_iter().next()?;
    let at = place(facts, open.span.start as usize);
    Some(Found::missing("has a runbook with open questions", vec![at]))
}

pub(super) fn runbook(case: &Case) -> Found {
    each_contract(case, |case, channel, _| {
        let mut first = None;
        for facts in case.runbooks(channel) {
            match unfinished(case, facts) {
                None => return Found::met("", vec![start(facts)]),
                Some(it) => first = first.or(Some(it)),
            }
        }
        first.unwrap_or_else(Found::unknown)
    })
}

pub(super) fn escalation(case: &Case) -> Found {
    each_contract(case, |case, channel, _| {
        for facts in case.runbooks(channel) {
            let Some(document) = case.by_role(facts) else { continue };
            let said = document.field(Role::Owner).filter(|it| prose::is_content(&it.text));
            if let Some(said) = said.filter(|it| prose::has_any(&it.text, "escalation") && prose::affirms(&it.text)) {
                return Found::met("", vec![place(facts, said.span.start as usize)]);
            }
            let Some(section) = document.section(Role::Escalation) else { continue };
            let body = document.tree.section(section).body.of(&facts.text);
            if prose::is_content(body) {
                return Found::met("", vec![place(facts, document.tree.section(section).heading.start as usize)]);
            }
        }
        Found::unknown()
    })
}

pub(super) fn audit(case: &Case) -> Found {
    each_contract(case, |case, channel, _| {
        for facts in case.runbooks(channel) {
            let Some(document) = case.by_role(facts) else { continue };
            let Some(section) = document.section(Role::AuditTrail) else { continue };
            let section = document.tree.section(section);
            if prose::is_content(section.body.of(&facts.text).trim_start_matches(['-', ' ', '\n', '\r'])) {
                return Found::met("", vec![place(facts, section.heading.start as usize)]);
            }
        }
        Found::unknown()
    })
}
