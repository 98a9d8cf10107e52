#!/usr/bin/env bash
# Runs the binary over real files with known answers. Usage: tests/corpora.sh DIR (a folder with docs/ and asyncapi/documents/)
set -euo pipefail
corpus=$(cd "${1:?usage: tests/corpora.sh DIR}" && pwd)
archwright=${ARCHWRIGHT_BIN:-$(cd "$(dirname "$0")/.." && pwd)/target/debug/archwright}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Real documents that opted in to nothing. What they link to is not in the corpus, so findings on links say nothing; any
# other error or warning is a false alarm, and remarks are few.
cp -r "$corpus/docs" "$work/docs-corpus"
status=0
"$archwright" check "$work/docs-corpus" --format json >"$work/docs.json" || status=$?
[ "$status" -le 1 ] || { echo "documents: the check ended with $status" >&2; exit 1; }
python3 - "$work/docs.json" <<'PY'
import json, sys
report = json.load(open(sys.argv[1]))
found = [it for it in report["findings"] if not it["rule"].startswith("link/")]
alarms = [it for it in found if it["severity"] in ("error", "warning")]
for it in found[:20]:
    print(f"{it['file']}:{it['start']['line']}: {it['severity']} {it['rule']}: {it['message']}")
read = report["summary"]["files"]
print(f"documents: {read} read, {len(alarms)} false alarms, {len(found) - len(alarms)} remarks")
sys.exit(1 if alarms or len(found) - len(alarms) > read // 20 else 0)
PY

# Documents that design nothing, taken for each kind that rules on content look at: those rules only hint there.
"$archwright" rules --format json >"$work/rules.json"
for kind in adr contract design launch readiness-review rfc runbook standard; do
  printf '[documents]\n%s = ["**/*.md"]\n' "$kind" >"$work/taken.toml"
  status=0
  "$archwright" check "$work/docs-corpus/other" --root "$work/docs-corpus/other" --config "$work/taken.toml" --no-base \
    --format json >"$work/taken.json" || status=$?
  [ "$status" -le 1 ] || { echo "documents taken as $kind: the check ended with $status" >&2; exit 1; }
  python3 - "$kind" "$work/rules.json" "$work/taken.json" <<'PY'
import json, sys
kind, rules, report = sys.argv[1], *(json.load(open(it)) for it in sys.argv[2:])
content = {it["code"] for it in rules if "measured" in it}
found = [it for it in report["findings"] if it["rule"] in content]
for it in found:
    print(f"{it['file']}:{it['start']['line']}: {it['severity']} {it['rule']}: {it['message']}")
print(f"documents taken as {kind}: {report['summary']['files']} read, {len(found)} findings of {len(content)} content rules")
sys.exit(1 if found or len(content) < 17 else 0)
PY
done

# Fixes on the same documents with all links checked: they add no finding, settle, and raise no exit code.
for folder in "$corpus/docs" "$corpus"/teamdocs/*/repo "$corpus/planted/clean"; do
  [ -d "$folder" ] || continue
  tree=${folder#"$corpus"/}
  fixing="$work/fix-${tree//\//-}"
  cp -r "$folder" "$fixing" && chmod -R u+w "$fixing"
  printf '[links]\ncheck = "all"\n' >"$fixing/archwright.toml"
  before=0 after=0
  "$archwright" check "$fixing" --root "$fixing" --severity hint --format json >"$work/before.json" || before=$?
  "$archwright" check "$fixing" --root "$fixing" --fix >/dev/null || true
  "$archwright" check "$fixing" --root "$fixing" --severity hint --format json >"$work/after.json" || after=$?
  python3 - "$tree" "$work/before.json" "$work/after.json" <<'PY'
import json, sys
tree, before, after = sys.argv[1], *(json.load(open(it))["findings"] for it in sys.argv[2:])
told = lambda it: (it["file"], it["rule"], it["message"])
added = {told(it) for it in after} - {told(it) for it in before}
for it in sorted(added):
    print("a fix added:", *it)
links = lambda found: sum(it["rule"].startswith("link/") for it in found)
print(f"fixes of links in {tree}: {links(before)} findings before, {links(after)} after, {len(added)} added")
sys.exit(1 if added else 0)
PY
  [ "$after" -le "$before" ] || { echo "fixes raised the exit code of $tree" >&2; exit 1; }
done

# Documents of every quality: the check ends, and says something about each that is broken.
mkdir "$work/asyncapi" && cp -r "$corpus/asyncapi/documents" "$work/asyncapi/documents"
status=0
timeout 300 "$archwright" check "$work/asyncapi" --format json >"$work/asyncapi.json" || status=$?
[ "$status" -le 1 ] || { echo "AsyncAPI documents: the check ended with $status" >&2; exit 1; }
python3 -c 'import json, sys; s = json.load(open(sys.argv[1]))["summary"]; print("AsyncAPI documents:", s["files"], "read,", s["errors"], "errors")' "$work/asyncapi.json"

# The recorded answers of other tools and registries: verdicts, places, single rules, conversions, compatibility.
cd "$(dirname "$0")/.."
export ARCHWRIGHT_CORPUS=$corpus
cargo test --quiet --package archwright-asyncapi --package archwright-schema --tests -- --ignored
# YAML is read as the parser of the library reads it, every refactoring that is offered in these documents can be done,
# anchors are GitHub's, and fixes add no finding where templates hold.
ARCHWRIGHT_SLUGGER=$(tests/setup/slugger.sh)
export ARCHWRIGHT_SLUGGER PATH=$PWD/.tools/node/bin:$PATH
cargo test --quiet --package archwright-syntax --package archwright-ide --package archwright-analysis \
  --lib --test github_slugger --test fixing -- --ignored
# What is found in all of these documents is what was found before.
cargo test --quiet --package archwright-analysis --test content -- --ignored
