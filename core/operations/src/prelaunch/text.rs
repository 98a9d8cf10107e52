//! The launch review as text, for terminals and models.

use super::{
    super::ReviewPlace,
    answer::{GateResult, GateState, Launch},
    document::count,
    request::LaunchVerdict,
};

/// How long it is at most, in bytes. Blockers are never left out; where there are too many of them, each is told in a
/// few words.
const MOST_BYTES: usize = 4500;

/// How long a message is then, in bytes.
const FEW_WORDS: usize = 80;

impl Launch {
    /// The review for readers, most important first.
    pub fn text(&self) -> String {
        let whole = self.written(false);
        if whole.len() <= MOST_BYTES { whole } else { self.written(true) }
    }

    fn written(&self, in_few_words: bool) -> String {
        let verdict = match self.decision {
            LaunchVerdict::Go => "GO",
            LaunchVerdict::GoWithRisks => "GO WITH RISKS",
            LaunchVerdict::NoGo => "NO-GO",
        };
        let counted = match self.blockers.len() {
            0 => "nothing blocks it".to_owned(),
            many => count(many, "blocker"),
        };
        let mut lines = vec![
            format!("{verdict}  {} on {}, {counted}", self.feature, self.date),
            format!("Asked for: {} ({}).", self.target, self.target_from),
            match &self.tier {
                Some(tier) => format!("Evidence reaches: {tier}."),
                None => "Evidence reaches: no tier.".to_owned(),
            },
        ];
        lines.extend(
            self.downgraded
                .as_ref()
                .map(|it| format!("Downgrade: {} claims {}; the gaps are below.", shown(&it.place), it.tier)),
        );
        lines.extend(self.not_compared.clone());
        let folder = self.folder();
        if let Some(folder) = &folder {
            lines.push(format!("F={folder}"));
        }
        let short =
            |it: &str| folder.as_ref().map_or_else(|| it.to_owned(), |folder| it.replace(&format!("{folder}/"), "F/"));
        if !self.blockers.is_empty() {
            lines.push("BLOCKERS".to_owned());
        }
        for it in &self.blockers {
            let place = it.place.as_ref().map_or_else(String::new, |it| format!(" {}", short(&shown(it))));
            let owner = it.owner.as_ref().map_or_else(String::new, |it| format!(" ({it})"));
            let message = short(&it.message);
            lines.push(if in_few_words {
                let end = message.floor_char_boundary(FEW_WORDS);
                let more = if end < message.len() { "…" } else { "" };
                format!(" {}{place} {}{more}", it.id, message.get(..end).unwrap_or_default())
            } else {
                format!(" {}{place} {message} Next{owner}: {}", it.id, it.next)
            });
        }
        if !self.risks.is_empty() {
            lines.push("RISKS".to_owned());
        }
        for it in &self.risks {
            let until = it.until.as_ref().map_or_else(String::new, |it| format!(" until {it}"));
            let blocker = it.blocker.as_ref().map_or_else(String::new, |it| {
                let place = it.place.as_ref().map_or_else(String::new, |it| format!(" {}", short(&shown(it))));
                format!(" [{}{place}: {}]", it.id, it.message)
            });
            lines.push(format!(" {}{blocker} accepted by {}{until}", it.risk, it.accepted_by));
        }
        lines.push("GATES".to_owned());
        let used: usize = lines.iter().map(|it| it.len() + 1).sum();
        lines.extend(self.gates(MOST_BYTES.saturating_sub(used), &short));
        lines.join("\n")
    }

    /// The gates of each tier with what shows them or speaks against them. Where that would be too long, as many places
    /// are told as there is room for, those of what is not met first, and it is said how many are not.
    fn gates(&self, budget: usize, short: &dyn Fn(&str) -> String) -> Vec<String> {
        const LEGEND: &str = " + shown by the files, ~ claimed, - not so, ? not known";
        /// The line that says what is left out.
        const LEFT: usize = 40;
        let bare = self.gate_lines(&|_| None);
        let mut room = budget.saturating_sub(bare.iter().map(|it| it.len() + 1).sum::<usize>() + LEGEND.len() + LEFT);
        let mut placed: Vec<_> =
            self.gates.iter().filter_map(|it| Some((it, short(&shown(it.places.first()?))))).collect();
        placed.sort_by_key(|it| it.0.state == GateState::Met);
        let all = placed.len();
        placed.retain(|(_, place)| {
            let cost = place.len() + 1;
            let fits = cost <= room;
            room -= if fits { cost } else { 0 };
            fits
        });
        let place = |gate: &GateResult| placed.iter().find(|it| it.0.id == gate.id).map(|it| it.1.as_str());
        let mut lines = self.gate_lines(&place);
        lines.push(LEGEND.to_owned());
        let left = all - placed.len();
        lines.extend(
            (left > 0).then(|| format!(" places of {} not shown; `--format json` has them", count(left, "gate"))),
        );
        lines
    }

    fn gate_lines<'p>(&self, place: &dyn Fn(&GateResult) -> Option<&'p str>) -> Vec<String> {
        let last = self.gates.iter().map(|it| it.tier).max().unwrap_or(0);
        let line = |tier: usize| {
            let own: Vec<_> = self.gates.iter().filter(|it| it.tier == tier).collect();
            let met = own.iter().filter(|it| it.state.holds()).count();
            let shown = own.iter().map(|it| {
                let mark = match it.state {
                    GateState::Met => "+",
                    GateState::Claimed => "~",
                    GateState::Missing => "-",
                    GateState::Unknown => "?",
                };
                let place = place(it).map_or_else(String::new, |it| format!(" {it}"));
                format!("{mark}{}{place}", it.id)
            });
            let shown: Vec<String> = shown.collect();
            let name = self.tiers.get(tier).map_or("", String::as_str);
            format!(" {met}/{} {name}: {}", own.len(), shown.join(", "))
        };
        (0..=last).map(line).collect()
    }

    /// The folder of the feature, if most places lie in it.
    fn folder(&self) -> Option<String> {
        let places =
            self.gates.iter().flat_map(|it| &it.places).chain(self.blockers.iter().filter_map(|it| it.place.as_ref()));
        let part = format!("/{}/", self.feature);
        let folders: Vec<&str> = places
            .filter_map(|it| {
                let at = it.file.as_str().find(&part)?;
                it.file.as_str().get(..at + part.len() - 1)
            })
            .collect();
        let first = folders.first()?;
        (folders.len() > 2).then(|| (*first).to_owned())
    }
}

fn shown(place: &ReviewPlace) -> String {
    format!("{}:{}", place.file, place.line)
}
