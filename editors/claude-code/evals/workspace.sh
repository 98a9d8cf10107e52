# Sourced by the scaffold of each case: puts a sample workspace into the working directory, as a git repository.
# The samples are those of the tests, so the cases run in a checkout of Archwright.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
samples=$here/../../../../tests/workspaces

# workspace NAME: the sample, or nothing but a README for `empty`, with one commit on main.
workspace() {
  if [ "$1" = empty ]; then
    printf '# Shop\n\nSells things.\n' >README.md
  else
    cp -R "$samples/$1/." .
    # What the documents say of the pipeline holds.
    mkdir -p .github/workflows
    printf 'on: [pull_request]\njobs:\n  schema-compat:\n    steps: [{ run: archwright check }]\n' >.github/workflows/ci.yml
  fi
  git init --quiet --initial-branch main
  git add --all
  git -c user.name=Shop -c user.email=shop@example.org commit --quiet --message 'Sell things'
}

# replace FILE OLD NEW: everywhere in the file; fails where the old text is not. `\n` in the new text is a line break.
replace() {
  grep -qF -- "$2" "$1" || { echo "$1 has no $2" >&2; return 1; }
  OLD=$2 NEW=$3 perl -0pi -e '($n = $ENV{NEW}) =~ s/\\n/\n/g; s/\Q$ENV{OLD}\E/$n/g' "$1"
}
