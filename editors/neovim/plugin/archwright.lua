-- Starts the Archwright language server where it applies, and adds the user commands.

if vim.g.loaded_archwright then
  return
end
vim.g.loaded_archwright = true

-- Files that Neovim has no file type for.
vim.filetype.add({ extension = { asyncapi = 'yaml', avsc = 'json', jsonschema = 'json' } })

if vim.g.archwright_enabled ~= false then
  vim.lsp.enable('archwright')
end

---Runs one of the server's commands with one JSON object as its argument, and hands the answer to `on_result`.
---@param command string
---@param argument table
---@param on_result fun(result: any)
local function execute(command, argument, on_result)
  local client = vim.lsp.get_clients({ name = 'archwright', bufnr = 0 })[1] or vim.lsp.get_clients({ name = 'archwright' })[1]
  if not client then
    vim.notify('Archwright: the language server is not running; open a file of the workspace first.', vim.log.levels.ERROR)
    return
  end
  client:request('workspace/executeCommand', { command = command, arguments = { argument } }, function(err, result)
    if err then
      vim.notify('Archwright: ' .. err.message, vim.log.levels.ERROR)
    else
      on_result(result)
    end
  end)
end

---Says what became of a design. The server has the editor show it.
---@param outcome table
local function tell_design(outcome)
  if outcome.declined then
    local why = { 'Archwright: no design is due.', outcome.declined.reason }
    table.insert(why, outcome.declined.question)
    table.insert(why, ':ArchwrightDesign! makes one all the same.')
    vim.notify(table.concat(why, ' '), vim.log.levels.WARN)
    return
  end
  local changed = vim.tbl_filter(function(it)
    return it.state ~= 'unchanged'
  end, outcome.files)
  -- Buffers are changed, and the user writes them. Said after what Neovim itself says of the edit, or it would not be seen.
  local write = #changed > 0 and (' %d files are changed; :wall writes them.'):format(#changed) or ''
  vim.defer_fn(function()
    vim.notify(('Archwright: %d questions to answer.%s'):format(#outcome.questions, write))
  end, 300)
end

---The text of an answer: Markdown as it is, anything else as JSON.
---@param result any
---@return string
local function text_of(result)
  if type(result) == 'string' then
    return result
  end
  if type(result) == 'table' and type(result.markdown) == 'string' then
    return result.markdown
  end
  return vim.json.encode(result)
end

vim.api.nvim_create_user_command('ArchwrightDesign', function(command)
  local feature, description = command.args:match('^(%S+)%s+(.+)$')
  if not feature then
    vim.notify('Usage: ArchwrightDesign {slug} {description}', vim.log.levels.ERROR)
    return
  end
  execute('archwright.design', { feature = feature, description = description, force = command.bang }, tell_design)
end, { nargs = '+', bang = true, desc = 'Write the design files of a feature' })

vim.api.nvim_create_user_command('ArchwrightExplain', function(command)
  execute('archwright.explain', { name = command.args }, function(result)
    local lines = vim.split(text_of(result), '\n', { trimempty = true })
    vim.lsp.util.open_floating_preview(lines, 'markdown', { focus_id = 'archwright-explain', border = 'rounded' })
  end)
end, { nargs = '+', desc = 'Explain a pattern, a rule or a term' })
