-- What operations that answer say in Neovim, each with the page that it opens or that `:Archwright report` shows.
-- Reads task.json from the folder that ARCHWRIGHT_E2E names, and writes result.json beside it.

local folder = vim.env.ARCHWRIGHT_E2E
local task = vim.json.decode(vim.fn.readblob(folder .. '/task.json'))

local function wait_for(what, condition)
  return vim.wait(30000, condition, 20) or error('timed out waiting for ' .. what)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

local function session()
  local said = {}
  vim.notify = function(message)
    table.insert(said, message)
  end
  vim.ui.select = function(items, _, on_choice)
    on_choice(items[1], 1)
  end
  vim.cmd.edit(task.file)
  wait_for('the server to attach', function()
    return vim.lsp.get_clients({ name = 'archwright', bufnr = 0 })[1]
  end)
  local result = { answers = {} }
  for _, command in ipairs(task.commands) do
    local before = #said
    vim.cmd.Archwright(command)
    -- What only answers opens a page; what writes says what it did.
    wait_for(command, function()
      return #said > before or vim.bo.buftype == 'nofile'
    end)
    local answer = { said = vim.list_slice(said, before + 1) }
    if vim.bo.buftype ~= 'nofile' then
      answer.opened = vim.fn.expand('%:.')
      vim.cmd.Archwright('report')
    end
    answer.page = text()
    table.insert(result.answers, answer)
    vim.cmd.close()
  end
  result.operations = vim.fn.getcompletion('Archwright ', 'cmdline')
  return result
end

local ok, result = xpcall(session, debug.traceback)
if not ok then
  result = { error = result, messages = vim.fn.execute('messages') }
end
vim.fn.writefile({ vim.json.encode(result) }, folder .. '/result.json')
vim.cmd.quitall({ bang = true })
