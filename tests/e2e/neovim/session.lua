-- One session of a user in Neovim: sees a diagnostic, applies its fix, hovers a pattern, asks for an explanation.
-- Reads task.json from the folder that ARCHWRIGHT_E2E names, and writes result.json beside it.

local folder = vim.env.ARCHWRIGHT_E2E
local task = vim.json.decode(vim.fn.readblob(folder .. '/task.json'))

local function wait_for(what, condition)
  local found
  vim.wait(20000, function()
    found = condition()
    return found
  end, 20)
  return found or error('timed out waiting for ' .. what)
end

-- The diagnostic that the task names, as Neovim holds it.
local function finding()
  for _, diagnostic in ipairs(vim.diagnostic.get(0, { lnum = task.line - 1 })) do
    if diagnostic.source == 'archwright' and diagnostic.code == task.rule then
      return diagnostic
    end
  end
end

-- The text of the floating window that a command opens, which is then closed.
local function float_after(what, command)
  command()
  local window = wait_for(what, function()
    return vim.iter(vim.api.nvim_list_wins()):find(function(it)
      return vim.api.nvim_win_get_config(it).relative ~= ''
    end)
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
  vim.api.nvim_win_close(window, true)
  return text
end

local function session()
  local result = {}
  vim.cmd.edit(task.file)
  local diagnostic = wait_for('the diagnostic ' .. task.rule, finding)
  result.diagnostic = { message = diagnostic.message, lnum = diagnostic.lnum, col = diagnostic.col }
  result.root = vim.lsp.get_clients({ name = 'archwright' })[1].root_dir

  vim.api.nvim_win_set_cursor(0, { diagnostic.lnum + 1, diagnostic.col })
  vim.lsp.buf.code_action({
    apply = true,
    context = { only = { 'quickfix' }, diagnostics = { diagnostic.user_data.lsp } },
    -- Neovim applies without asking where one action is left.
    filter = function(action)
      result.action = result.action or action.title
      return action.title == result.action
    end,
  })
  wait_for('the fix to silence the diagnostic', function()
    return result.action and not finding()
  end)
  vim.cmd.wall()

  vim.cmd.edit(task.hover_file)
  wait_for('the server to attach', function()
    return vim.lsp.get_clients({ name = 'archwright', bufnr = 0 })[1]
  end)
  vim.fn.search([[\V]] .. task.hover_text)
  result.hover = float_after('the hover', vim.lsp.buf.hover)
  result.explanation = float_after('the explanation', function()
    vim.cmd.ArchwrightExplain(task.hover_text)
  end)

  -- What the plugin says, in order.
  result.said = {}
  vim.notify = function(message)
    table.insert(result.said, message)
  end
  vim.cmd.ArchwrightDesign(task.design.feature .. ' ' .. task.design.description)
  wait_for('the design', function()
    return vim.api.nvim_buf_get_name(0):find(task.design.feature .. '/design.md', 1, true)
  end)
  wait_for('what is left to do', function()
    return #result.said == 1
  end)
  result.design = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  vim.cmd.ArchwrightDesign('footer Fix a typo in the footer of one page')
  wait_for('the answer to a design that is not due', function()
    return #result.said == 2
  end)
  return result
end

local ok, result = xpcall(session, debug.traceback)
if not ok then
  result = { error = result, messages = vim.fn.execute('messages') }
end
vim.fn.writefile({ vim.json.encode(result) }, folder .. '/result.json')
vim.cmd.quitall({ bang = true })
