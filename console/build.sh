#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the console with npm, or with "test" runs its unit tests: each once for each state of its
# sources. Without npm the server is built without a console, and says so where it would stand.
set -euo pipefail
cd "$(dirname "$0")"
task=${1:-build}
out=target/classes/dev/varve/console
state=target/$task.sha256

if ! command -v npm >/dev/null 2>&1; then
  echo 'console: npm is not installed, so the server gets no web console (install Node.js 20 or newer)' >&2
  exit 0
fi
now=$(find src index.html package.json package-lock.json tsconfig.json vite.config.ts -type f -print0 |
  LC_ALL=C sort -z | xargs -0 sha256sum)
if { [ "$task" = test ] || [ -f "$out/index.html" ]; } && [ "$now" = "$(cat "$state" 2>/dev/null)" ]; then
  exit 0
fi
mkdir -p target
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
fi
npm run --silent "$task"
echo "$now" >"$state"
