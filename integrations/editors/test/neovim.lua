-- Opens the files, looks at findings and their columns, applies a better sentence, saves, compares bytes, quits.
local work, editors = vim.env.WORK, vim.env.EDITORS

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local function check(condition, message)
  if not condition then fail(message) end
end

vim.o.fixendofline = false
vim.g.absolve = { cmd = { vim.env.ABSOLVE, "lsp" } }
vim.cmd("filetype on")
dofile(editors .. "/neovim/absolve.lua")

local function open(name)
  vim.cmd("edit " .. work .. "/" .. name)
  if vim.bo.filetype == "" then vim.bo.filetype = "text" end
  local found = vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 20)
  check(found, name .. ": no findings")
  return vim.diagnostic.get(0)
end

-- The flagged words, by the columns that the editor was given.
local function words(it)
  local lines = vim.api.nvim_buf_get_text(0, it.lnum, it.col, it.end_lnum, it.end_col, {})
  return table.concat(lines, "\n")
end

local function has(name, expected)
  local findings = open(name)
  local all = {}
  for _, it in ipairs(findings) do
    if words(it):find(expected, 1, true) then return it end
    table.insert(all, words(it))
  end
  fail(name .. ": found " .. vim.inspect(all) .. " rather than " .. expected)
end

has("french.md", "pour la gêne")
has("page.html", "inconvenience")
has("macros.json", "any inconvenience")
local finding = has("english.txt", "any inconvenience")
check(vim.fn.strpart(vim.fn.getline(3), finding.col, 1) ~= "", "english.txt: the column is past the line")

-- A better sentence, chosen and written.
local line, column = finding.lnum, finding.col
local params = {
  textDocument = { uri = vim.uri_from_bufnr(0) },
  range = { start = { line = line, character = 45 }, ["end"] = { line = line, character = 45 } },
  context = { diagnostics = {} },
}
local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 10000)
local id, answer = next(answers or {})
check(answer and answer.result and #answer.result > 0, "english.txt: no actions")
local action = answer.result[1]
check(action.kind == "quickfix", "english.txt: the first action is no quick fix: " .. vim.inspect(action))
local encoding = vim.lsp.get_client_by_id(id).offset_encoding
vim.lsp.util.apply_workspace_edit(action.edit, encoding)
vim.cmd("write")
local file = assert(io.open(work .. "/english.txt", "rb"))
local bytes = file:read("*a")
file:close()
local before = "Hi Léa 😀,\r\n\r\nThank you 👍. "
check(bytes:sub(1, #before) == before, "english.txt: what stands before changed: " .. bytes)
check(bytes:find("Your parcel left today.\r\n", 1, true), "english.txt: what stands after changed: " .. bytes)
check(not bytes:find("any inconvenience", 1, true), "english.txt: the sentence is still there: " .. bytes)
local gone = vim.wait(10000, function()
  for _, it in ipairs(vim.diagnostic.get(0)) do
    if words(it):find("any inconvenience", 1, true) then return false end
  end
  return true
end, 20)
check(gone, "english.txt: the finding is still there")

-- A configuration that turns the sin off is followed once something is saved.
vim.cmd("edit " .. work .. "/french.md")
local sin = vim.diagnostic.get(0)[1].code or vim.diagnostic.get(0)[1].user_data.lsp.code
local config = assert(io.open(work .. "/absolve.toml", "w"))
config:write('[rules]\ndisable = ["' .. sin .. '"]\n')
config:close()
vim.cmd("write")
local silent = vim.wait(10000, function()
  for _, it in ipairs(vim.diagnostic.get(0)) do
    if words(it):find("pour la gêne", 1, true) then return false end
  end
  return true
end, 20)
check(silent, "french.md: the configuration is not followed")
vim.cmd("qall!")
