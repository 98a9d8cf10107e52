-- One session of a user in Neovim: sees a diagnostic, applies its fix, hovers a pattern and a channel in code, and carries out
-- operations.
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
    vim.cmd.Archwright('explain ' .. task.hover_text)
  end)
  result.status = float_after('the state', function()
    vim.cmd.Archwright('status')
  end)

  vim.cmd.edit(task.code_file)
  wait_for('the server to attach to code', function()
    return vim.lsp.get_clients({ name = 'archwright', bufnr = 0 })[1]
  end)
  vim.fn.search([[\V]] .. task.code_text)
  result.code = float_after('the hover in code', vim.lsp.buf.hover)

  vim.cmd.edit(task.old_file)
  result.completed = {
    operation = vim.fn.getcompletion('Archwright con', 'cmdline'),
    channel = vim.fn.getcompletion('Archwright contract ', 'cmdline'),
    document = vim.fn.getcompletion('Archwright convert docs/', 'cmdline'),
    option = vim.fn.getcompletion('Archwright contract x do', 'cmdline'),
  }

  -- What the plugin says and asks, in order. Every plan is agreed to, after a look at it.
  result.said, result.planned = {}, {}
  vim.notify = function(message)
    table.insert(result.said, message)
  end
  vim.ui.select = function(items, options, on_choice)
    local shown = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    table.insert(result.planned, { prompt = options.prompt, filetype = vim.bo.filetype, shown = shown })
    on_choice(items[1], 1)
  end
  local function wait_for_word(number)
    wait_for('word ' .. number .. ' of the plugin', function()
      return #result.said == number
    end)
  end
  local function text()
    return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  end
  local function wait_for_buffer(ending)
    wait_for(ending, function()
      return vim.endswith(vim.api.nvim_buf_get_name(0), ending)
    end)
  end

  vim.cmd.Archwright('design ' .. task.design.feature .. ' ' .. task.design.description)
  wait_for_buffer(task.design.feature .. '/design.md')
  wait_for_word(1)
  result.design = text()
  vim.cmd.Archwright('design footer Fix a typo in the footer of one page')
  wait_for_word(2)
  -- The channel is asked for, and there is more than one to choose from.
  vim.cmd.Archwright('contract ' .. task.channel)
  wait_for_buffer('contracts/' .. task.channel .. '.md')
  wait_for_word(3)
  result.contract = text()
  vim.cmd.Archwright('report')
  result.report = text()
  -- A line of the report leads to its place.
  vim.fn.search('retired-channel')
  vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'xt', false)
  result.followed = { file = vim.fn.expand('%:.'), line = vim.fn.line('.') }
  vim.cmd.edit(task.old_file)
  vim.cmd.Archwright('convert ' .. vim.fn.fnamemodify(task.old_file, ':.'))
  wait_for_word(4)
  result.converted = text()
  vim.cmd.Archwright('no-such-operation')
  wait_for_word(5)
  return result
end

local ok, result = xpcall(session, debug.traceback)
if not ok then
  result = { error = result, messages = vim.fn.execute('messages') }
end
vim.fn.writefile({ vim.json.encode(result) }, folder .. '/result.json')
vim.cmd.quitall({ bang = true })
