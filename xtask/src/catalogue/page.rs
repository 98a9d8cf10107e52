//! The page `docs/catalogue.md`: counts, and a table of requirements for each topic.

use super::{Carrier, Carriers, Catalogue, Data, Row, State, Topic};

/// More rules of one family than this are told as a number.
const MANY_RULES: usize = 6;

/// The anchor of a row on the page.
pub fn anchor(id: &str) -> String {
    id.to_ascii_lowercase()
}

/// How many rows are in each state.
#[derive(Default)]
struct Counts {
    carried: usize,
    in_part: usize,
    later: usize,
    not: usize,
}

impl Counts {
    fn add(&mut self, state: State) {
        match state {
            State::Carried => self.carried += 1,
            State::InPart => self.in_part += 1,
            State::Later => self.later += 1,
            State::Not => self.not += 1,
        }
    }

    /// The row of the table of counts.
    fn row(&self, name: &str) -> String {
        let Self { carried, in_part, later, not } = self;
        format!("| {name} | {carried} | {in_part} | {later} | {not} | {} |\n", carried + in_part + later + not)
    }
}

impl Catalogue {
    /// The page.
    pub fn page(&self) -> String {
        let Data { topics, rows, .. } = &self.data;
        let mut page = String::from(
            "# Catalogue\n\n\
             Everything that Archwright is asked for, and what carries it: rules, operations, cards and \
            checklists.\n\
             Rules, cards and comments in the code cite a row by its id.\n\n\
             A row is *carried* if nothing of it is open, *in part* if the text after **later** is still to be built, \
            and *later* if all of it is.\n\
             A few rows are consciously not carried, with the reason.\n\n\
             | Topic | Carried | In part | Later | Not | All |\n\
             | --- | ---: | ---: | ---: | ---: | ---: |\n",
        );
        let mut all = Counts::default();
        for topic in topics {
            let mut counts = Counts::default();
            for row in rows.iter().filter(|row| row.topic == topic.id) {
                counts.add(self.state(row));
                all.add(self.state(row));
            }
            page.push_str(&counts.row(&format!("[{}](#{})", topic.title, heading_anchor(&topic.title))));
        }
        page.push_str(&all.row("**All**"));
        for topic in topics {
            page.push_str(&self.table(topic));
        }
        page
    }

    fn table(&self, topic: &Topic) -> String {
        let rows = self.data.rows.iter().filter(|row| row.topic == topic.id);
        let rows: String = rows.map(|row| self.row(row)).collect();
        format!("\n## {}\n\n| Row | What it asks for | Carried by |\n| --- | --- | --- |\n{rows}", topic.title)
    }

    fn row(&self, row: &Row) -> String {
        let named = self.data.carriers.iter().filter(|it| row.by.contains(&it.id));
        let mut parts: Vec<String> = named.map(|Carrier { title, link, .. }| format!("[{title}]({link})")).collect();
        if let Some(cited) = self.cited(row) {
            parts.extend(links(cited));
        }
        let mut carried = parts.join(", ");
        for (label, text) in [("later", &row.later), ("not", &row.not)] {
            if let Some(text) = text {
                let joint = if carried.is_empty() { "" } else { "; " };
                carried.push_str(&format!("{joint}**{label}**: {text}"));
            }
        }
        format!("| <a id=\"{}\"></a>{} | {} | {carried} |\n", anchor(&row.id), row.id, row.words)
    }
}

/// Links to those who cite a row.
fn links(Carriers { rules, patterns, cards: others, questions, reasons }: &Carriers) -> Vec<String> {
    let mut links = Vec::new();
    for family in rules.chunk_by(|before, rule| before.family() == rule.family()) {
        match family.first() {
            Some(rule) if family.len() > MANY_RULES => {
                links.push(format!("[{} rules of the family `{}`](rules/README.md)", family.len(), rule.family()));
            }
            _ => links.extend(family.iter().map(|it| format!("[{code}](rules/{code}.md)", code = it.code))),
        }
    }
    links.extend(patterns.iter().map(|it| format!("[{}](../skills/knowledge/patterns/{}.md)", it.name, it.slug)));
    links.extend(others.iter().map(|it| format!("[{}](../skills/knowledge/{})", it.name, it.file())));
    if *questions {
        links.push("[checklists](../skills/knowledge/reliability.yaml)".to_owned());
    }
    if *reasons {
        links.push("[the operation `recommend`](../skills/knowledge/recommendations.yaml)".to_owned());
    }
    links
}

/// The anchor that GitHub gives to a heading of plain words.
fn heading_anchor(title: &str) -> String {
    let kept = title.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-'));
    kept.map(|it| if it == ' ' { '-' } else { it.to_ascii_lowercase() }).collect()
}
