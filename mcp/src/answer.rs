//! What a tool answers: the facts as data, and the same facts as text.

use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;
use serde_json::Value;

use crate::text::{count, sanitize, sanitize_all, shorten};

/// The size that an answer keeps to unless more was asked for: both forms together, in bytes.
pub const USUAL_BYTES: usize = 8 * 1024;

/// The size that no answer exceeds: both forms together, in bytes.
pub const MOST_BYTES: usize = 40 * 1024;

/// The longest mistake that is told in full, in bytes.
const MISTAKE_BYTES: usize = 2 * 1024;

/// What the protocol puts around an answer, in bytes.
const FRAME_BYTES: usize = 256;

/// So many entries of each list of a report are shown at most; of more it is said how many there are.
const MOST_ENTRIES: usize = 60;

/// So many are shown in any case, however long they are.
const FEWEST_ENTRIES: usize = 3;

/// The size of a report that can be had in parts, in bytes: it stands in both forms, in one of them as JSON.
const REPORT_BYTES: usize = USUAL_BYTES / 2 - FRAME_BYTES;

/// The answer of a tool.
#[derive(Debug)]
pub struct Answer {
    /// All facts. Clients that know it give the model only this. `None` for a mistake, so that they give it the text.
    structured: Option<Value>,
    /// The same facts for the other clients.
    text: String,
}

impl Answer {
    /// A result in both forms.
    pub fn new(structured: &impl Serialize, text: String) -> Self {
        match serde_json::to_value(structured) {
            Ok(structured) => Self { structured: Some(structured), text },
            Err(error) => Self::mistake(format!("The answer cannot be written as JSON: {error}.")),
        }
    }

    /// Several mistakes, the first of them if they are many.
    pub fn mistakes(mistakes: &[String]) -> Self {
        let (mut text, mut told) = (String::new(), 0);
        for mistake in mistakes {
            let mistake = shorten(mistake, MISTAKE_BYTES);
            if told > 0 && USUAL_BYTES - MISTAKE_BYTES < text.len() + mistake.len() {
                break;
            }
            text.push_str(&mistake);
            text.push('\n');
            told += 1;
        }
        let left = mistakes.len() - told;
        if left > 0 {
            text.push_str(&format!("{} not shown; mend these, then call again.", count(left, "more mistake")));
        }
        Self::mistake(text.trim_end())
    }

    /// A mistake that the caller can mend; the text says how.
    pub fn mistake(text: impl Into<String>) -> Self {
        Self { structured: None, text: text.into() }
    }
}

impl Answer {
    /// The same with a sentence that is about the session, in both forms.
    #[must_use]
    pub fn with_remark(mut self, sentence: &str) -> Self {
        self.text = format!("{}\n\n{sentence}", self.text.trim_end());
        if let Some(Value::Object(structured)) = &mut self.structured {
            structured.insert("remark".to_owned(), sentence.into());
        }
        self
    }

    /// The form for clients that show text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The size of a value as JSON, in bytes.
pub fn size(value: &impl Serialize) -> usize {
    serde_json::to_string(value).map_or(0, |it| it.len())
}

/// A report with as many entries of each list as fit. One without lists, such as a drawing, stays whole.
pub fn fitting(report: impl Fn(usize) -> String) -> String {
    let mut most = MOST_ENTRIES;
    let mut shown = report(most);
    if size(&shown) <= REPORT_BYTES || report(FEWEST_ENTRIES) == shown {
        return shown;
    }
    while size(&shown) > REPORT_BYTES && most > FEWEST_ENTRIES {
        most = (most * 3 / 4).max(FEWEST_ENTRIES);
        shown = report(most);
    }
    shown
}

impl From<Answer> for CallToolResult {
    fn from(answer: Answer) -> Self {
        let text = sanitize(&answer.text);
        let left = (MOST_BYTES - FRAME_BYTES).saturating_sub(answer.structured.as_ref().map_or(0, size));
        // As a text of JSON it is longer, and the tools have kept their answers shorter than this long before.
        if left < size(&text) {
            let kept = shorten(&text, USUAL_BYTES / 2);
            let advice =
                "The answer was too long and was cut; ask for less: fewer `paths`, a smaller `limit`, a part of it.";
            return Self::error(vec![ContentBlock::text(format!("{kept}\n{advice}"))]);
        }
        let text = vec![ContentBlock::text(text.into_owned())];
        match answer.structured {
            None => Self::error(text),
            Some(mut structured) => {
                sanitize_all(&mut structured);
                let mut result = Self::success(text);
                result.structured_content = Some(structured);
                result
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_answer_is_longer_than_clients_take() {
        let long = "\"\n".repeat(MOST_BYTES);
        for answer in [
            Answer::mistake(long.clone()),
            Answer::new(&json!({ "x": long }), "short".to_owned()),
            Answer::new(&json!({ "x": 1 }), long.clone()),
            Answer::mistakes(&vec![long; 2000]),
        ] {
            let bytes = size(&CallToolResult::from(answer));
            assert!(bytes <= MOST_BYTES, "{bytes} bytes");
        }
    }

    #[test]
    fn a_report_shows_as_much_as_fits() {
        let line = format!("orders.{}\n", "x".repeat(100));
        let list = |length: usize| {
            let line = line.clone();
            move |most: usize| line.repeat(length.min(most))
        };
        assert_eq!(fitting(list(10)).lines().count(), 10);
        let cut = fitting(list(1_000));
        assert!((20..40).contains(&cut.lines().count()), "{}", cut.lines().count());
        // Fewer than are shown at most, and still too many.
        let cut = fitting(list(45));
        assert!(size(&cut) <= REPORT_BYTES && cut.lines().count() > 20, "{}", cut.lines().count());
        let drawing = "x".repeat(10_000);
        assert_eq!(fitting(|_| drawing.clone()), drawing);
        let long = fitting(|most| "x".repeat(9_000 * most));
        assert_eq!(long.len(), 9_000 * FEWEST_ENTRIES);
    }

    #[test]
    fn many_mistakes_are_told_in_part() {
        let mistakes: Vec<String> = (0..2000).map(|it| format!("There is no file `a/{it}.md`.")).collect();
        let Answer { text, .. } = Answer::mistakes(&mistakes);
        assert!(text.len() <= USUAL_BYTES, "{} bytes", text.len());
        let told = text.lines().count() - 1;
        assert!(text.ends_with(&format!("{} more mistakes not shown; mend these, then call again.", 2000 - told)));
        assert_eq!(Answer::mistakes(&["One.".to_owned(), "Two.".to_owned()]).text, "One.\nTwo.");
    }
}
