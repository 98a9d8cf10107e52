//! Commands that destroy, overwrite or stop something for everybody who uses it.

use std::sync::OnceLock;

use smol_str::SmolStr;

use crate::{
    files,
    source::{self, Node},
};

/// What a harmful command hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// Messages, which somebody waits for.
    Messages,
    /// Stored data.
    Data,
    /// What runs.
    Running,
}

/// A command that destroys, overwrites or stops something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HarmfulCommand {
    /// What it does, as a sentence goes on behind its name.
    pub does: SmolStr,
    /// What it hits.
    pub about: Hit,
    /// What makes it harmless, each a word of the command.
    unless: Vec<Vec<SmolStr>>,
    /// Its words, each with the alternatives to it, once for each form.
    forms: Vec<Vec<Vec<SmolStr>>>,
    /// Whether it is found as it stands, whatever is around it.
    is_call: bool,
}

/// Which of the commands one is, written as words without quotes; its program is the first, behind which others may
/// run it. Gives it with the words that tell it.
///
/// ```
/// use archwright_knowledge::harmful_command;
///
/// let words = ["aws", "sqs", "purge-queue", "--queue-url", "$DLQ"];
/// assert_eq!(harmful_command(&words).unwrap().1, "aws sqs purge-queue");
/// assert!(harmful_command(&["aws", "sqs", "list-queues"]).is_none());
/// ```
pub fn harmful_command(words: &[&str]) -> Option<(&'static HarmfulCommand, String)> {
    let program = words.first()?.rsplit('/').next()?;
    let program = program.strip_suffix(".sh").unwrap_or(program);
    let rest = words.get(1..).unwrap_or_default();
    all().iter().filter(|it| !it.is_call).find_map(|command| {
        let is_harmless = command.unless.iter().flatten().any(|it| rest.iter().any(|word| fits(word, it)));
        let mut told = command.forms.iter().filter(|_| !is_harmless);
        told.find_map(|form| {
            let (first, others) = form.split_first()?;
            first.iter().any(|it| it == program).then_some(())?;
            let mut at = 0;
            let mut named = vec![program];
            for wanted in others {
                let found = rest.get(at..)?.iter().position(|word| wanted.iter().any(|it| fits(word, it)))?;
                named.extend(rest.get(at + found).filter(|_| wanted.iter().all(|it| it != "*")));
                at += found + 1;
            }
            Some((command, named.join(" ")))
        })
    })
}

/// The command that a text calls inside of another language, such as `db.orders.deleteMany({})`.
pub fn harmful_call(text: &str) -> Option<(&'static HarmfulCommand, &'static str)> {
    all().iter().filter(|it| it.is_call).find_map(|command| {
        let mut forms = command.forms.iter().flatten().flatten();
        Some((command, forms.find(|it| text.contains(it.as_str()))?.as_str()))
    })
}

/// Whether a word is the one that is wanted, in which a `*` stands for anything.
fn fits(word: &str, wanted: &str) -> bool {
    match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
        _ if wanted == "*" => true,
        // `*.` is how all names are written in a policy.
        _ if wanted.starts_with('.') || wanted.starts_with('^') => word == wanted,
        (Some(rest), Some(_)) => word.contains(rest.trim_end_matches('*')),
        (Some(rest), None) => word.ends_with(rest),
        (None, Some(rest)) => word.starts_with(rest),
        (None, None) => word == wanted,
    }
}

fn all() -> &'static [HarmfulCommand] {
    static ALL: OnceLock<Vec<HarmfulCommand>> = OnceLock::new();
    ALL.get_or_init(|| {
        let tree = source::yaml(files::skill_file("knowledge/commands.yaml").unwrap_or_default());
        let root = || tree.root();
        let commands = root().map(|it| source::nodes(it, "commands")).unwrap_or_default();
        let calls = root().map(|it| source::nodes(it, "calls")).unwrap_or_default();
        let commands = commands.into_iter().filter_map(|it| command_of(it, false));
        commands.chain(calls.into_iter().filter_map(|it| command_of(it, true))).collect()
    })
}

fn command_of(node: Node<'_>, is_call: bool) -> Option<HarmfulCommand> {
    let about = match source::text(node, "about")?.as_str() {
        "messages" => Hit::Messages,
        "data" => Hit::Data,
        "running" => Hit::Running,
        _ => return None,
    };
    let either = |it: &str| it.split('|').map(SmolStr::new).collect::<Vec<_>>();
    let forms = source::texts(node, "run");
    let unless = source::texts(node, "unless").iter().map(|it| either(it)).collect();
    let words = |it: &SmolStr| it.split(' ').map(either).collect();
    let forms = forms.iter().map(|it| if is_call { vec![vec![it.clone()]] } else { words(it) });
    Some(HarmfulCommand { does: source::text(node, "does")?, about, unless, forms: forms.collect(), is_call })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(command: &str) -> Option<String> {
        let words: Vec<&str> = command.split(' ').collect();
        harmful_command(&words).map(|it| it.1)
    }

    #[test]
    fn every_command_is_whole() {
        let text = files::skill_file("knowledge/commands.yaml").unwrap();
        assert_eq!(text.matches("  - run:").count(), all().len());
        assert!(all().iter().all(|it| !it.forms.is_empty() && !it.does.ends_with('.')));
    }

    #[test]
    fn commands_are_told_by_their_words_in_order() {
        for (command, name) in [
            ("kafka-topics.sh --bootstrap-server $B --delete --topic x", Some("kafka-topics --delete")),
            ("/opt/kafka/bin/kafka-topics.sh --delete --topic x", Some("kafka-topics --delete")),
            ("kafka-topics --list", None),
            ("kafka-consumer-groups --group g --reset-offsets --to-latest --dry-run", None),
            ("rabbitmqctl set_policy ttl .* {}", Some("rabbitmqctl set_policy .*")),
            ("rabbitmqctl set_policy ttl ^orders {}", None),
            ("rabbitmqadmin delete queue name=x", Some("rabbitmqadmin delete queue")),
            ("redis-cli -h r FLUSHALL", Some("redis-cli FLUSHALL")),
            ("terraform apply -target=module.x", Some("terraform apply -target=module.x")),
            ("terraform apply", None),
            ("rm -rf /var/lib/postgresql/16/main", Some("rm -rf /var/lib/postgresql/16/main")),
            ("rm -rf node_modules", None),
            ("kubectl delete pod x", None),
            ("kubectl -n shop delete pvc data-0", Some("kubectl delete pvc")),
        ] {
            assert_eq!(told(command).as_deref(), name, "{command}");
        }
        assert!(harmful_call("db.orders.deleteMany({})").is_some() && harmful_call("deleteMany({ id })").is_none());
    }
}
