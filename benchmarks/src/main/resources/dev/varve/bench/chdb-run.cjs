// SPDX-License-Identifier: Apache-2.0
// Runs statements in an embedded ClickHouse: argv is the folder of its npm package, a data folder,
// and a file with a statement on each line. Rows of queries go to standard output, tab-separated.
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const [home, data, file] = process.argv.slice(2);
const { Session } = createRequire(home + '/')('chdb');
const session = new Session(data);
for (const statement of readFileSync(file, 'utf8').split('\n')) {
  if (statement.trim() !== '') {
    process.stdout.write(session.query(statement, 'TSV'));
  }
}
session.close();
process.exit(0);
