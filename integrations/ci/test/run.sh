#!/usr/bin/env bash
# Runs the recipes of this folder on a repository with sins: run.sh PATH/TO/absolve
set -euo pipefail
absolve=$(realpath "${1:?the path of absolve}")
root=$(realpath "$(dirname "$0")/../../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$absolve" "$work/bin/absolve"
export PATH="$work/bin:$PATH" HOME="$work" PRE_COMMIT_HOME="$work/cache" PIP_DISABLE_PIP_VERSION_CHECK=1
git() { command git -c user.name=test -c user.email=test@example.com -c init.defaultBranch=main -c commit.gpgsign=false "$@"; }

# expect CODE WORDS COMMAND…: the command ends so, and says so.
expect() {
  local code=$1 words=$2 actual=0
  shift 2
  "$@" > "$work/log" 2>&1 || actual=$?
  if [ "$actual" != "$code" ] || { [ -n "$words" ] && ! grep -qF -- "$words" "$work/log"; }; then
    echo "FAILED: $* ended with $actual, expected $code and “$words”:"
    sed 's/^/    /' "$work/log"
    exit 1
  fi
  echo "ok: $* → $code, “$words”"
}

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pre-commit check-jsonschema
bin=$work/venv/bin

expect 0 ok "$bin/check-jsonschema" --builtin-schema vendor.github-actions "$root/integrations/ci/github/action.yml"
expect 0 ok "$bin/check-jsonschema" --builtin-schema vendor.gitlab-ci "$root/integrations/ci/gitlab/absolve.yml"
expect 0 "" "$bin/pre-commit" validate-manifest "$root/.pre-commit-hooks.yaml"

# The hooks as a repository of their own, for pre-commit clones what it runs.
git init -q "$work/hooks"
cp "$root/.pre-commit-hooks.yaml" "$work/hooks"
(cd "$work/hooks" && git add . && git commit -qm hooks)

git init -q "$work/team"
cd "$work/team"
mkdir macros
printf 'Hello Ana,\n\nSorry for the inconvenience.\n' > macros/late.md
printf 'Hello Ana,\n\nYour parcel left Lyon today. Thank you for your patience.\n' > macros/wait.md
printf 'A note of ours: sorry for the inconvenience.\n' > notes.md
cat > .pre-commit-config.yaml << YAML
repos:
  - repo: $work/hooks
    rev: $(git -C "$work/hooks" rev-parse HEAD)
    hooks:
      - id: absolve
        files: ^macros/
      - id: absolve-fix
        files: ^macros/
YAML
git add .

expect 1 "inconvenience-apology" "$bin/pre-commit" run absolve --all-files
expect 1 "files were modified by this hook" "$bin/pre-commit" run absolve-fix --all-files
expect 0 "Your parcel left Lyon today." cat macros/wait.md
if grep -q patience macros/wait.md; then echo "FAILED: absolve-fix left a sin that it may mend"; exit 1; fi
git add .
absolve check macros --baseline absolve-baseline.json --write-baseline
sed -i '0,/files:/s//args: [--baseline, absolve-baseline.json]\n        files:/' .pre-commit-config.yaml
git add .
expect 0 "Passed" "$bin/pre-commit" run absolve --all-files
git commit -qm "macros"
"$bin/pre-commit" install > /dev/null
printf 'We regret any inconvenience caused.\n' > macros/new.md
git add .
expect 1 "macros/new.md" git commit -m "one more"

expect 1 "::error file=macros/new.md,line=1" "$bin/python" "$root/integrations/ci/test/action.py" "$root/integrations/ci/github" \
  paths=macros baseline=absolve-baseline.json html=sins.html
expect 0 "<!DOCTYPE html>" head -c 15 sins.html
expect 0 "" "$bin/python" "$root/integrations/ci/test/action.py" "$root/integrations/ci/github" $'paths=macros/late.md\nmacros/wait.md' baseline=absolve-baseline.json
expect 2 "no such file" "$bin/python" "$root/integrations/ci/test/action.py" "$root/integrations/ci/github" 'paths=$(touch broken) x'
if [ -e broken ]; then echo "FAILED: an input was run as a command"; exit 1; fi

if ! command -v npm > /dev/null || ! command -v rsync > /dev/null; then
  echo "skipped: gitlab-ci-local wants npm and rsync"
  exit 0
fi
# Versions after this one want a newer Node than Debian's.
if ! gitlab=$(command -v gitlab-ci-local); then
  npm install --silent --no-fund --no-audit --prefix "$work/npm" gitlab-ci-local@4.60.0 > /dev/null
  gitlab=$work/npm/node_modules/.bin/gitlab-ci-local
fi
cp "$root/integrations/ci/gitlab/absolve.yml" .
cat > .gitlab-ci.yml << 'YAML'
include:
  - local: absolve.yml
absolve:
  variables:
    ABSOLVE_PATHS: "macros"
YAML
git add .
git remote add origin git@gitlab.example.com:team/macros.git
ci=("$gitlab" --force-shell-executor --no-color)
expect 1 "absolve" "${ci[@]}" absolve
expect 0 "inconvenience-apology: " grep -r "inconvenience-apology: " --include=gl-code-quality-report.json .
expect 0 "<failure" grep -r "<failure" --include=absolve-junit.xml .
printf 'Your parcel left Lyon at noon.\n' | tee macros/new.md macros/late.md > macros/wait.md
expect 0 "PASS" "${ci[@]}" absolve
echo "all recipes hold"
