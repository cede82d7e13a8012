-- Absolve for Neovim 0.7 and newer.
local options = vim.g.absolve or {}
local filetypes = { "text", "markdown", "html", "mail", "json", "toml" }

local function root(file)
  local found = vim.fn.findfile("absolve.toml", vim.fn.fnamemodify(file, ":p:h") .. ";")
  return found ~= "" and vim.fn.fnamemodify(found, ":p:h") or vim.fn.fnamemodify(file, ":p:h")
end

local function config(folder)
  return {
    name = "absolve",
    cmd = options.cmd or { "absolve", "lsp" },
    root_dir = folder,
    workspace_folders = { { uri = vim.uri_from_fname(folder), name = folder } },
    settings = { absolve = options.settings or vim.empty_dict() },
    init_options = options.settings,
  }
end

-- Neovim 0.7 does not know which servers it has started already.
local clients = {}

local function attach(buffer)
  local folder = root(vim.api.nvim_buf_get_name(buffer))
  if vim.lsp.start then
    vim.lsp.start(config(folder), { bufnr = buffer })
    return
  end
  clients[folder] = clients[folder] or vim.lsp.start_client(config(folder))
  if clients[folder] then vim.lsp.buf_attach_client(buffer, clients[folder]) end
end

vim.api.nvim_create_autocmd("FileType", {
  pattern = filetypes,
  callback = function(event)
    if vim.bo[event.buf].buftype == "" then attach(event.buf) end
  end,
})
