-- Starts the Archwright language server where it applies, and adds the user command.

if vim.g.loaded_archwright then
  return
end
vim.g.loaded_archwright = true

-- Files that Neovim has no file type for.
vim.filetype.add({ extension = { asyncapi = 'yaml', avsc = 'json', jsonschema = 'json' } })

if vim.g.archwright_enabled ~= false then
  vim.lsp.enable('archwright')
end

-- The definition of a pattern is its card, which lies in no file.
vim.api.nvim_create_autocmd('BufReadCmd', {
  group = vim.api.nvim_create_augroup('archwright', {}),
  pattern = 'archwright:/card/*',
  callback = function(event)
    require('archwright').open_card(event.buf, event.match)
  end,
  desc = 'Show the card that an address names',
})

vim.api.nvim_create_user_command('Archwright', function(command)
  require('archwright').run(command.args, command.bang)
end, {
  nargs = '*',
  bang = true,
  complete = function(lead, line, position)
    return require('archwright').complete(lead, line:sub(1, position))
  end,
  desc = 'Carry out an operation of Archwright, explain a name, or tell how the workspace stands',
})
