// SPDX-License-Identifier: Apache-2.0
// Holds one session of embedded ClickHouse. A line of standard input is a statement in base64, the
// answer is one line: "ok" and the result in base64, or "error" and the message in base64.
// Arguments: the folder that holds node_modules with chdb, the data folder, the number of threads.
const { createRequire } = require('node:module');
const { createInterface } = require('node:readline');
const [home, data, threads] = process.argv.slice(2);
const { Session } = createRequire(home + '/')('chdb');
const session = new Session(data, {
  connectionArgs: ['--max_threads=' + threads, '--input_format_parquet_preserve_order=1'],
});
const say = (word, text) =>
  process.stdout.write('@@' + word + ' ' + Buffer.from(text).toString('base64') + '\n');

say('ok', session.query('SELECT version()', 'TSV').trim());
createInterface({ input: process.stdin })
  .on('line', (line) => {
    try {
      say('ok', session.query(Buffer.from(line, 'base64').toString(), 'TSV') || '');
    } catch (error) {
      say('error', error.message);
    }
  })
  .on('close', () => {
    session.close();
    process.exit(0);
  });
