-- What is shown: explanations in floating windows, reports as pages, and plans as diffs that are agreed to or not.

local M = {}

---@param markdown string
function M.float(markdown)
  local lines = vim.split(markdown, '\n', { trimempty = true })
  vim.lsp.util.open_floating_preview(lines, 'markdown', { focus_id = 'archwright', border = 'rounded' })
end

---Fills the current window with a text that is no file.
---@param text string
---@param filetype string
local function fill(text, filetype)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, '\n', { trimempty = true }))
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].filetype = filetype
  vim.api.nvim_win_set_buf(0, buffer)
  vim.keymap.set('n', 'q', vim.cmd.close, { buffer = buffer, desc = 'Close' })
end

---Opens the place that the current line links to, in the window that the page was opened from.
local function follow()
  local uri, line = vim.api.nvim_get_current_line():match('%((file:[^)#]+)#?L?(%d*)%)')
  if uri then
    vim.cmd.wincmd('p')
    vim.cmd.edit(vim.fn.fnameescape(vim.uri_to_fname(uri)))
    vim.api.nvim_win_set_cursor(0, { math.min(tonumber(line) or 1, vim.api.nvim_buf_line_count(0)), 0 })
  end
end

---Shows a page whose links <CR> follows.
---@param markdown string
function M.page(markdown)
  vim.cmd.split()
  fill(markdown, 'markdown')
  vim.wo.conceallevel = 2
  vim.keymap.set('n', '<CR>', follow, { buffer = 0, desc = 'Open the place that the line names' })
end

---The changes of a plan as one diff.
---@param preview table[]
---@return string
local function diff_of(preview)
  local diff = vim.text and vim.text.diff or vim.diff
  local parts = {}
  for _, it in ipairs(preview) do
    local before = it.before ~= vim.NIL and it.before or ''
    local after = it.after ~= vim.NIL and it.after or ''
    if before ~= after then
      local old = it.before ~= vim.NIL and 'a/' .. it.path or '/dev/null'
      local new = it.after ~= vim.NIL and 'b/' .. it.path or '/dev/null'
      table.insert(parts, ('--- %s\n+++ %s\n%s'):format(old, new, diff(before, after, { ctxlen = 3 })))
    end
  end
  return table.concat(parts)
end

---Shows what a plan would change in a tab of its own and asks whether it shall be.
---@param title string
---@param preview table[]
---@param on_agreed fun()
function M.agree(title, preview, on_agreed)
  vim.cmd.tabnew()
  local tab = vim.api.nvim_get_current_tabpage()
  fill(diff_of(preview), 'diff')
  vim.cmd.redraw()
  vim.ui.select({ 'Apply', 'Discard' }, { prompt = title .. ': the change is shown above.' }, function(choice)
    if vim.api.nvim_tabpage_is_valid(tab) then
      vim.cmd.tabclose(vim.api.nvim_tabpage_get_number(tab))
    end
    if choice == 'Apply' then
      on_agreed()
    end
  end)
end

return M
