//! Gates: what shows that each is met, or that it is not. What the files do not tell is never assumed.

use archwright_knowledge::{Gate, ReliabilityQuestion, evidence_words, mentions, readiness_tiers};
use archwright_model::{
    conventions::role::Role,
    facts::{self, ByRole, FileFacts, RoleValue, prose},
    values::value,
};

use super::{
    super::ReviewPlace,
    answer::{GateResult, GateState},
    case::{Case, place, start},
    channels, code,
    request::PrelaunchRequest,
};

/// What was found for a gate.
pub(super) struct Found {
    pub state: GateState,
    pub text: String,
    pub places: Vec<ReviewPlace>,
}

impl Found {
    pub(super) fn met(text: impl Into<String>, places: Vec<ReviewPlace>) -> Self {
        Self { state: GateState::Met, text: text.into(), places }
    }

    pub(super) fn missing(text: impl Into<String>, places: Vec<ReviewPlace>) -> Self {
        Self { state: GateState::Missing, text: text.into(), places }
    }

    pub(super) fn unknown() -> Self {
        Self { state: GateState::Unknown, text: String::new(), places: Vec::new() }
    }

    /// What the files say, and that it is not enough to tell.
    pub(super) fn open(text: impl Into<String>, places: Vec<ReviewPlace>) -> Self {
        Self { state: GateState::Unknown, text: text.into(), places }
    }
}

/// A question of a checklist or a system concern that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// By what it is named: `concern:capacity`.
    pub id: String,
    /// What it is called.
    pub name: String,
    pub place: ReviewPlace,
}

/// The gates of all tiers, from the lowest.
pub(super) fn results(case: &Case, request: &PrelaunchRequest) -> Vec<GateResult> {
    let tiers = readiness_tiers().iter().enumerate();
    let gates = tiers.flat_map(|(tier, it)| it.gates.iter().map(move |gate| (tier, gate)));
    let result = |(tier, gate): (usize, &'static Gate)| {
        let Found { state, text, mut places } = found(case, request, gate);
        places.dedup();
        GateResult { id: &gate.id, tier, state, found: text, places }
    };
    gates.map(result).collect()
}

/// What there is to a gate.
pub(super) fn found(case: &Case, request: &PrelaunchRequest, gate: &Gate) -> Found {
    match gate.evidence.as_str() {
        "patterns" => patterns(case),
        "reliability" => reliability(case),
        "code" => match case.sites() {
            sites if sites.is_empty() => Found::unknown(),
            sites => Found::met("", sites.into_iter().take(2).collect()),
        },
        "safe-messaging" => safe_messaging(case),
        "contract" => channels::contract(case),
        "idempotency-key" => {
            channels::each_contract(case, |case, _, it| channels::of_field(case, it, Role::IdempotencyKey))
        }
        "dead-letters" => channels::dead_letters(case),
        "schema" => channels::schema(case),
        "trace" => channels::trace(case),
        "dashboard" => dashboard(case),
        "tests" => code::tests(case),
        "shutdown" => code::shutdown(case),
        "concerns" => concerns(case),
        "ci-gate" => code::ci_gate(case),
        "broker-test" => code::broker_test(case),
        "alert" => channels::alert(case),
        "runbook" => channels::runbook(case),
        "escalation" => channels::escalation(case),
        "replay-policy" => channels::each_contract(case, |case, _, it| {
            let replay = channels::of_field(case, it, Role::Replay);
            if replay.state == GateState::Met { channels::of_field(case, it, Role::Retention) } else { replay }
        }),
        "drill" => drill(case),
        "slo" => slo(case),
        "capacity-test" => done(case, "capacity-test"),
        "security-review" => done(case, "security-review"),
        "dr-drill" => recovery(case),
        "tenant-isolation" => tenancy(case),
        "gradual-rollout" => rollout(request),
        "audit" => channels::audit(case),
        _ => Found::unknown(),
    }
}

/// The patterns that the design says are in play, by slug.
fn named_patterns(case: &Case) -> Vec<(&'static str, ReviewPlace)> {
    patterns_of(case, false)
}

/// A pattern that the design names for something, and does not say yet what makes it real.
fn asked_pattern(case: &Case, kind: &str) -> Option<(&'static str, ReviewPlace)> {
    let mut open = patterns_of(case, true).into_iter();
    open.find(|it| evidence_words(kind).iter().any(|slug| slug == it.0))
}

/// The patterns of the design: those that are answered, or those that wait for it.
fn patterns_of(case: &Case, waits: bool) -> Vec<(&'static str, ReviewPlace)> {
    let Some(design) = case.design else { return Vec::new() };
    let Some(document) = case.by_role(design) else { return Vec::new() };
    let Some(section) = document.section(Role::Patterns) else { return Vec::new() };
    let span = document.tree.section(section).body;
    let sentences = prose::sentences(design);
    let inside = sentences.iter().filter(|it| span.range().contains(&it.at));
    let named = inside.flat_map(|sentence| {
        let bare = sentence.text.trim_start_matches(['-', '*', '+', ' ', '`', '[', '_']);
        let is_item = sentence.text.starts_with(['-', '*', '+']);
        let (head, said) = bare.split_once(':').unwrap_or((bare, ""));
        let denied = prose::has_any(head, "absent")
            || prose::has_any(head, "instead")
            || prose::has_any(sentence.text, "not-in-play")
            || (!said.trim().is_empty() && !prose::is_content(said)) != waits;
        // What an item is about stands at its beginning.
        let names = mentions(head).into_iter().filter(move |it| !denied && (!is_item || it.span.start == 0));
        names.map(|it| (it.pattern.slug.as_str(), place(design, sentence.at))).collect::<Vec<_>>()
    });
    named.collect()
}

fn patterns(case: &Case) -> Found {
    match (named_patterns(case).as_slice(), case.design) {
        ([], None) => Found::missing("there is no design", case.readme.map(start).into_iter().collect()),
        ([], Some(_)) => Found::unknown(),
        ([first, ..], _) => Found::met("", vec![first.1.clone()]),
    }
}

/// What a design says to a reliability question, and where.
pub(super) struct Answer {
    /// The question.
    pub question: &'static ReliabilityQuestion,
    /// Nothing if the design has no answer.
    pub said: String,
    pub place: ReviewPlace,
}

/// The answers to the reliability questions.
pub(super) fn answers(design: &FileFacts, case: &Case) -> Option<Vec<Answer>> {
    let document = ByRole::of(design, case.config())?;
    let all = facts::answers(&document)?;
    let answer = |it: facts::Answer| Answer {
        question: it.question,
        said: it.said(design).to_owned(),
        place: place(design, it.place.start as usize),
    };
    Some(all.into_iter().map(answer).collect())
}

/// The reliability questions that are open, and those of the other checklists that stand there without an answer.
pub(super) fn open_questions(case: &Case) -> Vec<Open> {
    let Some(design) = case.design else { return Vec::new() };
    let mut open = Vec::new();
    for Answer { question, said, place } in answers(design, case).unwrap_or_default() {
        // Nothing may have to be in order, and that is an answer.
        let is_answer = prose::is_content(&said) || question.id == "ordering" && value::is_none(&said);
        if !is_answer {
            open.push(Open { id: format!("reliability:{}", question.id), name: question.name.to_string(), place });
        }
    }
    let document = case.by_role(design);
    let distributed = document.as_ref().and_then(|it| Some((it, it.section(Role::DistributedChecklist)?)));
    for field in distributed.map(|(it, id)| it.tree.fields_under(id)).unwrap_or_default() {
        if !prose::is_content(field.value.of(&design.text)) && !value::is_none(field.value.of(&design.text)) {
            let name = field.name.of(&design.text).to_owned();
            let id = format!("distributed:{}", super::super::design::slug(&name));
            open.push(Open { id, name, place: place(design, field.item.start as usize) });
        }
    }
    open
}

fn reliability(case: &Case) -> Found {
    let Some(design) = case.design else {
        return Found::missing("there is no design", case.readme.map(start).into_iter().collect());
    };
    if answers(design, case).is_none() {
        return Found::unknown();
    }
    let open = open_questions(case);
    if open.is_empty() {
        let document = case.by_role(design);
        let section = document.as_ref().and_then(|it| Some(it.tree.section(it.section(Role::ReliabilityChecklist)?)));
        return Found::met("", section.map(|it| place(design, it.heading.start as usize)).into_iter().collect());
    }
    let names: Vec<&str> = open.iter().map(|it| it.name.as_str()).collect();
    Found::missing(format!("open: {}", names.join(", ")), open.iter().map(|it| it.place.clone()).collect())
}

/// The system concerns that no document of the feature answers.
pub(super) fn open_concerns(case: &Case) -> Vec<Open> {
    let profile = case.config().profile();
    let mut open = Vec::new();
    for concern in &profile.concerns {
        let mut asked: Option<ReviewPlace> = None;
        let mut is_answered = false;
        for facts in [case.readme, case.design].into_iter().flatten() {
            let Some(document) = case.by_role(facts) else { continue };
            for RoleValue { value: said, .. } in document.concerns().into_iter().filter(|it| it.role == concern.role) {
                // No regime and no tenants are answers.
                let may_be_none = matches!(concern.role, Role::Compliance | Role::Tenancy | Role::DrPosture);
                if prose::is_content(&said.text) || may_be_none && value::is_none(&said.text) {
                    is_answered = true;
                } else {
                    asked = asked.or_else(|| Some(place(facts, said.span.start as usize)));
                }
            }
        }
        if is_answered {
            continue;
        }
        let head = || case.readme.or(case.design).map(start).unwrap_or_default();
        let name = profile.name(concern.role);
        let id = format!("concern:{}", super::super::design::slug(name));
        open.push(Open { id, name: name.to_owned(), place: asked.unwrap_or_else(head) });
    }
    open
}

fn concerns(case: &Case) -> Found {
    let open = open_concerns(case);
    if open.is_empty() {
        let heading = [case.readme, case.design].into_iter().flatten().find_map(|facts| {
            let document = case.by_role(facts)?;
            let section = document.section(Role::SystemConcerns)?;
            Some(place(facts, document.tree.section(section).heading.start as usize))
        });
        return Found::met("", heading.into_iter().collect());
    }
    let names: Vec<&str> = open.iter().map(|it| it.name.as_str()).collect();
    Found::missing(format!("open: {}", names.join(", ")), open.iter().map(|it| it.place.clone()).collect())
}

fn safe_messaging(case: &Case) -> Found {
    let named = named_patterns(case);
    let find = |kind: &str| named.iter().find(|it| evidence_words(kind).iter().any(|slug| slug == it.0));
    let mut places = Vec::new();
    for (channels, kind) in [(&case.sent, "sends-safely"), (&case.read, "receives-safely")] {
        match find(kind) {
            Some(it) => places.push(it.1.clone()),
            // A design may call it otherwise.
            None if !channels.is_empty() => {
                let names = channels.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
                let what = if kind == "sends-safely" { "sends to" } else { "reads" };
                if let Some((name, place)) = asked_pattern(case, kind) {
                    let text = format!("it {what} {names}, and what makes {name} real there is open");
                    return Found::open(text, vec![place]);
                }
                return Found::open(format!("it {what} {names}, and the design names no pattern for that"), Vec::new());
            }
            None => {}
        }
    }
    if places.is_empty() { channels::nothing_sent(case) } else { Found::met("", places) }
}

fn dashboard(case: &Case) -> Found {
    for facts in case.evidence() {
        if let Some(said) = case.by_role(facts).and_then(|it| it.field(Role::Dashboards)) {
            if prose::is_content(&said.text) && prose::affirms(&said.text) {
                return Found::met("", vec![place(facts, said.span.start as usize)]);
            }
            // It asks which ones there are, and its steps that look at them name none.
            continue;
        }
        let names = |it: &&prose::Sentence| {
            prose::has_any(it.text, "dashboard") && prose::names_something(it.text) && prose::affirms(it.text)
        };
        if let Some(it) = prose::sentences(facts).iter().find(names) {
            return Found::met("", vec![place(facts, it.at)]);
        }
    }
    Found::unknown()
}

fn drill(case: &Case) -> Found {
    let practised = |facts: &FileFacts, is_runbook: bool| {
        let kinds: &[&str] = if is_runbook { &["practised"] } else { &["practised", "redrive"] };
        let mut sentences = prose::sentences(facts).into_iter();
        sentences.find_map(|it| Some((prose::done_on(it.text, kinds, &case.day)?, it.at)))
    };
    let of_channels = case.sent.iter().chain(&case.read).flat_map(|it| case.runbooks(it));
    let own = of_channels.filter(|it| it.captures.feature.as_ref() == Some(&case.feature)).map(|it| (it, true));
    for (facts, is_runbook) in own.chain(case.evidence().into_iter().map(|it| (it, false))) {
        if let Some((day, at)) = practised(facts, is_runbook) {
            return Found::met(day, vec![place(facts, at)]);
        }
    }
    Found::unknown()
}

/// Something that was done on a day, for the feature.
fn done(case: &Case, kind: &str) -> Found {
    let own = case.evidence().into_iter().map(|it| (it, true));
    for (facts, is_own) in own.chain(case.shared().into_iter().map(|it| (it, false))) {
        for it in prose::sentences(facts) {
            let is_about = is_own || it.text.contains(case.feature.as_str());
            if is_about && let Some(day) = prose::done_on(it.text, &[kind], &case.day) {
                return Found::met(day, vec![place(facts, it.at)]);
            }
        }
    }
    Found::unknown()
}

fn slo(case: &Case) -> Found {
    let Some(readme) = case.readme else { return Found::unknown() };
    let said = case.by_role(readme).and_then(|it| it.field(Role::Slo));
    match said {
        Some(said) if prose::is_content(&said.text) && said.text.contains(|it: char| it.is_ascii_digit()) => {
            let at = place(readme, said.span.start as usize);
            Found::open("it has a number, and nothing says where it is measured", vec![at])
        }
        Some(said) => Found::missing("the service level has no number", vec![place(readme, said.span.start as usize)]),
        None => Found::missing("there is no service level", vec![start(readme)]),
    }
}

/// What a document of the feature says of a concern.
fn concern(case: &Case, role: Role) -> Option<(String, ReviewPlace)> {
    [case.readme, case.design].into_iter().flatten().find_map(|facts| {
        let said = case.by_role(facts)?.concern(role)?;
        prose::is_content(&said.text).then(|| (said.text.to_string(), place(facts, said.span.start as usize)))
    })
}

fn recovery(case: &Case) -> Found {
    match concern(case, Role::DrPosture) {
        None => return Found::missing("the posture is not answered", case.readme.map(start).into_iter().collect()),
        Some((said, place)) if !said.contains(|it: char| it.is_ascii_digit()) => {
            return Found::missing("the posture has no number", vec![place]);
        }
        Some(_) => {}
    }
    for facts in case.evidence().into_iter().chain(case.shared()) {
        for it in prose::sentences(facts) {
            if let Some(day) = prose::done_on(it.text, &["recovery", "practised"], &case.day) {
                return Found::met(day, vec![place(facts, it.at)]);
            }
        }
    }
    Found::open("RPO and RTO are said, and no day of a rehearsal is", Vec::new())
}

fn tenancy(case: &Case) -> Found {
    match concern(case, Role::Tenancy) {
        Some((said, place)) if prose::has_any(&said, "single-tenant") && prose::affirms(&said) => {
            Found::met("there is one tenant", vec![place])
        }
        _ => Found::unknown(),
    }
}

fn rollout(request: &PrelaunchRequest) -> Found {
    let Some(said) = &request.rollout else { return Found::unknown() };
    let has_limit = said.contains(|it: char| it.is_ascii_digit());
    if !prose::is_content(said) || !prose::has_any(said, "rollout") || !has_limit {
        return Found::missing("the rollout that was given names no steps or no number that aborts it", Vec::new());
    }
    // What is given in the call is said by somebody, and shown by no file.
    Found { state: GateState::Claimed, text: "as given".to_owned(), places: Vec::new() }
}
