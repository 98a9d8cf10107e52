//! The prompts: one for each skill, so that people can begin an operation by its name.

use archwright_analysis::skills;
use archwright_syntax::nearest;
use rmcp::{
    ErrorData,
    model::{GetPromptRequestParams, GetPromptResult, ListPromptsResult, Prompt, PromptArgument, PromptMessage, Role},
};

use crate::text::{sanitize, shorten};

/// The only argument. Clients do not ask for those that are required, so it is not.
const TASK: &str = "task";

/// How long a task may be, in bytes.
const MAX_TASK: usize = 8_000;

/// How long a description may be that clients show beside the name, in bytes.
const MAX_DESCRIPTION: usize = 250;

/// All prompts.
pub fn list() -> ListPromptsResult {
    let argument = || PromptArgument::new(TASK).with_description("What it is about.").with_required(false);
    let prompt = |it: &archwright_analysis::Skill| {
        let description = shorten(&it.description, MAX_DESCRIPTION).into_owned();
        Prompt::new(&it.name, Some(description), Some(vec![argument()]))
    };
    ListPromptsResult::with_all_items(skills().iter().map(prompt).collect())
}

/// A prompt as a message of the user: the instructions, and the task if there is one.
///
/// # Errors
/// If there is no such prompt.
pub fn get(request: &GetPromptRequestParams) -> Result<GetPromptResult, ErrorData> {
    let Some(skill) = skills().iter().find(|it| it.name == request.name) else {
        let names: Vec<&str> = skills().iter().map(|it| it.name.as_str()).collect();
        let hint = nearest(&request.name, names.iter().copied());
        let hint =
            hint.map_or_else(|| format!("; there are {}", names.join(", ")), |it| format!("; did you mean `{it}`?"));
        let name = sanitize(&shorten(&request.name, 100)).into_owned();
        return Err(ErrorData::invalid_params(format!("There is no prompt `{name}`{hint}"), None));
    };
    let task = request.arguments.as_ref().and_then(|it| it.get(TASK)?.as_str()).map(str::trim).unwrap_or_default();
    let mut text = skill.body.trim_end().to_owned();
    if !task.is_empty() {
        text.push_str(&format!("\n\n## The task\n\n{}\n", shorten(task, MAX_TASK)));
    }
    Ok(GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)]).with_description(&skill.description))
}
