//! `channel/owner-mismatch`: a contract, its feature's README and its AsyncAPI document that name different teams.

use super::{claims, described};
use crate::{
    facts::{ChannelRole, Spanned},
    model::key::FileId,
    rules::prelude::*,
    values::value,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "channel/owner-mismatch",
    severity: Severity::Warning,
    summary: "The owner of a channel is another team in its contract than in the feature's README or the AsyncAPI document.",
    applies_to: &[Kind::Contract, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-115", "A-214", "A-246"],
    page: include_str!("owner_mismatch.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    match cx.facts().kind {
        Kind::Contract if cx.facts().opted_in() => contract(cx, reporter),
        Kind::Asyncapi => asyncapi(cx, reporter),
        _ => {}
    }
}

/// A contract against the README of its feature.
fn contract(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(feature) = &facts.captures.feature else { return };
    for mention in facts.channels.iter().filter(|it| it.role == ChannelRole::Contract) {
        let Some(ours) = &mention.owner else { continue };
        let readmes = cx.files(Key::Readme(feature.clone())).into_iter();
        let stated: Vec<(FileId, &Spanned)> = readmes
            .filter_map(|(file, it)| Some((file, it.document()?.readme.as_ref()?.field(Role::OwnerTeam)?)))
            .collect();
        compare(cx, reporter, &mention.name.text, ours, &stated, "the README of the feature");
    }
}

/// An AsyncAPI document against the contracts of its channels.
fn asyncapi(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    for mention in described(cx) {
        let stated = |own: bool| -> Vec<(FileId, &Spanned)> {
            let feature = &facts.captures.feature;
            let owner = claims(cx, &mention.name.text, |it, claim| {
                Some((claim.owner.as_ref()?, it.captures.feature == *feature))
            });
            owner.into_iter().filter(|it| it.value || !own).map(|it| (it.file, it.at)).collect()
        };
        if let Some(ours) = &mention.owner {
            compare(cx, reporter, &mention.name.text, ours, &stated(false), "its contract");
        } else if facts.captures.channel.as_ref() == Some(&mention.name.text) {
            // The document of a consumer has the consumer's owner; that of the channel itself has the channel's.
            let terms = facts.asyncapi().map(|it| &it.terms);
            let Some(owner) = terms.and_then(|it| it.owner.as_ref().or(it.contact.as_ref())) else { continue };
            let ours = Spanned { text: owner.text.clone(), span: owner.span };
            compare(cx, reporter, &mention.name.text, &ours, &stated(true), "its contract");
        }
    }
}

fn compare(
    cx: &Context,
    reporter: &mut Reporter,
    channel: &str,
    ours: &Spanned,
    stated: &[(FileId, &Spanned)],
    who: &str,
) {
    let Some(team) = Team::of(&ours.text) else { return };
    let teams: Vec<(FileId, &Spanned, Team)> =
        stated.iter().filter_map(|it| Some((it.0, it.1, Team::of(&it.1.text)?))).collect();
    let Some((file, at, other)) = teams.first().filter(|_| !teams.iter().any(|it| it.2.agrees(&team))) else { return };
    // Only the team is replaced, not what follows it.
    let start = ours
        .text
        .find(&team.name)
        .map_or(ours.span.start, |it| ours.span.start + u32::try_from(it).unwrap_or_default());
    let span = Span::new(start as usize, start as usize + team.name.len());
    let span = if cx.facts().slice(span) == team.name { span } else { ours.span };
    let message =
        format!("The owner of `{channel}` is `{}` here and `{}` in {who}; make the two agree.", team.name, other.name);
    let related = cx.related(*file, at.span, format!("this says `{}`", other.name));
    let finding = reporter.report(span, message);
    finding.related.push(related);
    // Other signs may mean something in YAML.
    let is_plain = other.name.chars().all(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_' | '.'));
    finding.fixable = is_plain && cx.facts().slice(span) == team.name;
    finding.data.clone_from(&other.name);
}

/// A team as a document names it.
struct Team {
    name: String,
    /// Its words in lower case, without those that only say that it is a team; sorted.
    words: Vec<String>,
}

impl Team {
    /// The team at the beginning of a value. `None` for people, addresses and prose: they say who, not which team.
    fn of(text: &str) -> Option<Self> {
        let plain = value::plain(text);
        let head = [",", ";", " (", ": ", " - ", " – ", " — ", ". "]
            .iter()
            .fold(plain.as_str(), |head, it| head.split(it).next().unwrap_or(head));
        let head = head.trim().trim_end_matches('.');
        // `@shop/team-orders` is how code owners are written.
        let name = head.strip_prefix('@').map_or(head, |it| it.rsplit('/').next().unwrap_or(it));
        if value::is_unknown(name) || value::is_none(name) || name.contains(['@', '<', '/', '{']) {
            return None;
        }
        let all: Vec<String> =
            name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()).map(str::to_lowercase).collect();
        let is_mark = |it: &str| matches!(it, "team" | "squad" | "tribe" | "guild" | "crew");
        let is_slug = name.contains(['-', '_']) && !name.contains(' ');
        if !is_slug && !all.iter().any(|it| is_mark(it)) {
            return None;
        }
        let mut words: Vec<String> = all.into_iter().filter(|it| !is_mark(it) && it != "the" && it != "and").collect();
        words.sort_unstable();
        (1..=4).contains(&words.len()).then(|| Self { name: name.to_owned(), words })
    }

    /// Whether both may be one team: one name has the words of the other, or its initials.
    fn agrees(&self, other: &Self) -> bool {
        let within = |a: &Self, b: &Self| a.words.iter().all(|it| b.words.contains(it));
        let initials = |it: &Self| {
            let mut initials: Vec<char> = it.words.iter().filter_map(|it| it.chars().next()).collect();
            initials.sort_unstable();
            initials
        };
        let short = |a: &Self, b: &Self| {
            let [only] = a.words.as_slice() else { return false };
            let mut letters: Vec<char> = only.chars().collect();
            letters.sort_unstable();
            b.words.len() > 1 && letters == initials(b)
        };
        within(self, other) || within(other, self) || short(self, other) || short(other, self)
    }
}

fn fix(cx: &Context, finding: &Finding) -> Vec<Fix> {
    let edit = TextEdit::replace(finding.span, finding.data.clone());
    edit_here(cx, format!("Name `{}` here too", finding.data), vec![edit]).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_is_told_from_people_and_prose() {
        for (text, expected) in [
            ("team-orders, on call through the orders rotation", Some("team-orders")),
            ("Orders team (see the rota)", Some("Orders team")),
            ("@shop/order-desk", Some("order-desk")),
            ("`team-orders`", Some("team-orders")),
            ("Ada Lovelace", None),
            ("orders@shop.example", None),
            ("<TBD: which team?>", None),
            ("whoever wrote the service of that team most recently", None),
            ("none", None),
        ] {
            assert_eq!(Team::of(text).map(|it| it.name).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn one_team_has_several_spellings() {
        let agree = |a: &str, b: &str| Team::of(a).unwrap().agrees(&Team::of(b).unwrap());
        assert!(agree("team-orders", "Orders team"));
        assert!(agree("team-orders", "orders-platform"));
        assert!(agree("order-management-systems", "team-oms"));
        assert!(!agree("team-orders", "team-payments"));
    }
}
