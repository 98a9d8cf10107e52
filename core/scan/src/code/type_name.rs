//! The name of a type as code writes it: its last name and its arguments.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::facts::is_known;

/// A type: `List<Order>`, `*kafka.Writer`, `Optional[Order]`, `?Order`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct TypeName {
    /// Without package, module or namespace.
    pub(crate) name: SmolStr,
    pub(crate) arguments: Vec<TypeName>,
    /// What stands before a dot, as the packages of Go do. In a box, as most types have none.
    pub(crate) package: Option<Box<SmolStr>>,
}

/// How deep arguments nest at most; deeper ones are not read.
const MAX_DEPTH: usize = 8;

impl TypeName {
    /// A type without arguments.
    pub(crate) fn plain(name: impl Into<SmolStr>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A list of something.
    pub(crate) fn list(element: Self) -> Self {
        Self { name: "List".into(), arguments: vec![element], ..Self::default() }
    }

    /// Reads a type; `None` if no name stands there.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Self::read_at(text, MAX_DEPTH)
    }

    fn read_at(text: &str, depth: usize) -> Option<Self> {
        let text = text.trim().trim_start_matches([':', '&', '*', '?', '@']).trim();
        let text = text.strip_prefix('\'').and_then(|it| it.split_once(' ')).map_or(text, |it| it.1.trim());
        let text = text.strip_prefix("readonly ").or_else(|| text.strip_prefix("dyn ")).unwrap_or(text);
        let text = text.strip_prefix("impl ").or_else(|| text.strip_prefix("mut ")).unwrap_or(text);
        let text = text.split('|').map(str::trim).find(|it| !matches!(*it, "null" | "undefined" | "None"))?;
        if let Some(element) = text.strip_prefix("[]").or_else(|| text.strip_prefix("...")) {
            return Some(Self::list(Self::read_at(element, depth.checked_sub(1)?)?));
        }
        if let Some(element) = text.trim_end_matches('?').strip_suffix("[]") {
            return Some(Self::list(Self::read_at(element, depth.checked_sub(1)?)?));
        }
        let end = text.find(['<', '[', '(', '{', ' ', '!', '?', '=', ',', '>', '"']).unwrap_or(text.len());
        let (head, rest) = text.split_at(end);
        let name = head.rsplit(['.', ':', '\\', '/']).find(|it| !it.is_empty())?;
        let starts = name.chars().next().is_some_and(|it| it.is_alphabetic() || it == '_');
        if !starts {
            return None;
        }
        let inner = rest.trim_start().strip_prefix(['<', '[']).unwrap_or_default();
        let arguments = depth.checked_sub(1).map(|depth| arguments(inner, depth)).unwrap_or_default();
        let package = head.split_once('.').filter(|it| it.1 == name).map(|it| Box::new(SmolStr::new(it.0)));
        Some(Self { name: name.into(), arguments, package })
    }

    /// The type with the name of the type that it stands in for `Self`, also in its arguments.
    pub(crate) fn inside(mut self, owner: &SmolStr) -> Self {
        if self.name == "Self" {
            self.name = owner.clone();
        }
        self.arguments = self.arguments.into_iter().map(|it| it.inside(owner)).collect();
        self
    }

    /// What stands before a dot; empty if nothing does.
    pub(crate) fn package(&self) -> &str {
        self.package.as_ref().map_or("", |it| it.as_str())
    }

    /// What it holds, if it is a wrapper that code looks through: `Order` of `Task<Order>`.
    pub(crate) fn unwrapped(&self) -> &Self {
        match self.arguments.first() {
            Some(inner) if is_known(&self.name, |it| &it.around) => inner.unwrapped(),
            _ => self,
        }
    }
}

/// The arguments up to the bracket that closes.
fn arguments(text: &str, depth: usize) -> Vec<TypeName> {
    let (mut arguments, mut open, mut start) = (Vec::new(), 0_usize, 0);
    for (at, char) in text.char_indices() {
        match char {
            '<' | '[' | '(' | '{' => open += 1,
            '>' | ']' | ')' | '}' if open > 0 => open -= 1,
            ',' | '>' | ']' if open == 0 => {
                arguments.extend(text.get(start..at).and_then(|it| TypeName::read_at(it, depth)));
                start = at + char.len_utf8();
                if char != ',' {
                    break;
                }
            }
            _ => {}
        }
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        fn show(it: &TypeName) -> String {
            let arguments: Vec<_> = it.arguments.iter().map(show).collect();
            if arguments.is_empty() { it.name.to_string() } else { format!("{}<{}>", it.name, arguments.join(",")) }
        }
        TypeName::read(text).as_ref().map(show).unwrap_or_default()
    }

    #[test]
    fn types_of_all_languages_are_read() {
        assert_eq!(shown(": Promise<Order[]>"), "Promise<List<Order>>");
        assert_eq!(shown("*kafka.Writer"), "Writer");
        assert_eq!(TypeName::read("*kafka.Writer").unwrap().package.unwrap().as_str(), "kafka");
        assert_eq!(shown("[]string"), "List<string>");
        assert_eq!(shown("KafkaTemplate<Long, a.b.Order>"), "KafkaTemplate<Long,Order>");
        assert_eq!(shown("Optional[List[Order]]"), "Optional<List<Order>>");
        assert_eq!(shown("?App\\Order"), "Order");
        assert_eq!(shown("&'a mut lapin::Channel"), "Channel");
        assert_eq!(shown("Order | null"), "Order");
        assert_eq!(shown("IHandler<Order>?"), "IHandler<Order>");
        assert_eq!(shown("("), "");
        assert_eq!(shown(""), "");
    }

    #[test]
    fn wrappers_are_looked_through() {
        assert_eq!(TypeName::read("Task<Option<Order>>").unwrap().unwrapped().name, "Order");
        assert_eq!(TypeName::read("List<Order>").unwrap().unwrapped().name, "List");
    }
}
