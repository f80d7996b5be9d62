// SPDX-License-Identifier: Apache-2.0
// Uses the console of a running server as a person would, in a headless browser.
//   node e2e/console.mjs URL CHROMIUM FOLDER
// Prints a line for each step; screenshots of both themes go to the folder. Ends with 1 where a step
// fails. The server needs the tables that ConsoleBrowserTest makes, and its statements beside.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [url, executablePath, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
const troubles = [];
page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`));
page.on('console', (message) => {
  if (message.type() === 'error' && !message.text().includes('status of 4')) {
    troubles.push(`console: ${message.text()}`);
  }
});
page.on('request', (request) => {
  if (!request.url().startsWith(url) && !request.url().startsWith('data:')) {
    troubles.push(`asked another server: ${request.url()}`);
  }
});
page.setDefaultTimeout(60_000);

async function type(sql) {
  // Completions that are shown would take the click.
  await page.keyboard.press('Escape');
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(sql);
}

async function step(name, body) {
  const started = performance.now();
  await body();
  console.log(`ok ${name} ${Math.round(performance.now() - started)} ms`);
}

function check(holds, what) {
  if (!holds) {
    throw new Error(what);
  }
}

const steps = {
  'first paint': async () => {
    await page.goto(url);
    await page.locator('.cm-content').waitFor();
    await page.locator('.schema summary', { hasText: 'orders' }).first().waitFor();
  },
  'run a query': async () => {
    await type('SELECT number AS n, toString(number) AS s FROM numbers(3)');
    await page.keyboard.press('Control+Enter');
    await page.locator('.grid-row').nth(2).waitFor();
    check((await page.locator('.grid-head').innerText()).includes('UInt64'), 'types in the head');
  },
  'a million rows in the grid': async () => {
    await type('SELECT number FROM numbers(1000000) ORDER BY 1');
    await page.keyboard.press('Control+Enter');
    await page.locator('.status', { hasText: '1,000,000 rows in' }).waitFor();
    await page.locator('.grid').evaluate((grid) => grid.scrollTo(0, grid.scrollHeight));
    await page.locator('.grid-row', { hasText: /^1,?000,?000\s*999999$/ }).waitFor();
    check((await page.locator('.grid-row').count()) < 100, 'only rows in sight are in the document');
  },
  'the place of an error': async () => {
    await type('SELECT number\nFROM numbers(3)\nWHERE nowhere = 1');
    await page.keyboard.press('Control+Enter');
    await page.locator('[role=alert]', { hasText: 'nowhere' }).waitFor();
    check((await page.locator('.cm-lintRange-error').innerText()) === 'nowhere', 'the word is marked');
  },
  'completion': async () => {
    await type('SELECT amou');
    await page.keyboard.press('End');
    await page.keyboard.press('Control+Space');
    await page.keyboard.press('Escape');
    await type('SELECT id FROM orde');
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete', { hasText: 'orders' }).waitFor();
    await page.keyboard.press('Escape');
  },
  'draw a chart': async () => {
    await type('SELECT toDate(19000 + number) AS day, number * number AS squares FROM numbers(60)');
    await page.keyboard.press('Control+Enter');
    await page.locator('.status', { hasText: '60 rows in' }).waitFor();
    await page.getByRole('tab', { name: 'Line' }).click();
    await page.locator('.chart canvas').waitFor();
    await page.screenshot({ path: `${folder}/sql-light.png` });
    await page.getByRole('tab', { name: 'Bars' }).click();
    await page.locator('.chart canvas').waitFor();
  },
  'a plan with times': async () => {
    await type('SELECT id % 10 AS k, count() FROM orders GROUP BY k ORDER BY k');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.locator('.plan-box', { hasText: 'Scan' }).waitFor();
    check((await page.locator('.plan-figures').first().innerText()).includes('rows'), 'rows of an operator');
    await page.screenshot({ path: `${folder}/plan-light.png` });
  },
  'history': async () => {
    await page.getByRole('button', { name: 'History' }).click();
    await page.locator('.past').nth(3).waitFor();
    await page.getByRole('button', { name: 'History' }).click();
  },
  'dark': async () => {
    await page.getByRole('button', { name: 'Light or dark' }).click();
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    check(paper === 'rgb(22, 24, 27)', `the paper is ${paper}`);
    await page.screenshot({ path: `${folder}/plan-dark.png` });
  },
  'watch a merge': async () => {
    await page.getByRole('link', { name: 'Parts' }).click();
    await page.getByLabel('Table').selectOption({ label: 'default.orders' });
    await page.locator('.figures', { hasText: /^6 parts/ }).waitFor();
    await page.screenshot({ path: `${folder}/parts-dark.png` });
    await page.evaluate(() => fetch('/query', { method: 'POST', body: 'OPTIMIZE TABLE orders FINAL' }));
    await page.locator('.figures', { hasText: /^1 parts/ }).waitFor();
  },
  'watch a merge at work': async () => {
    await page.getByLabel('Table').selectOption({ label: 'default.texts' });
    await page.locator('.figures', { hasText: /^8 parts.* 0 merges/ }).waitFor();
    // What the page says of the parts, each time that it says something else, and the most that it
    // has shown of a merge: each look sees one state of the page, whenever the merge ends.
    await page.evaluate(() => {
      const seen = [];
      window.figuresSeen = seen;
      window.mostMerging = 0;
      window.progressSeen = false;
      const note = () => {
        const text = document.querySelector('.figures')?.textContent ?? '';
        if (text !== '' && text !== seen.at(-1)) {
          seen.push(text);
        }
        const merging = document.querySelectorAll('.strata .merging').length;
        window.mostMerging = Math.max(window.mostMerging, merging);
        window.progressSeen ||= document.querySelector('.listing progress') !== null;
      };
      new MutationObserver(note).observe(document.querySelector('main'), { childList: true, subtree: true });
      note();
    });
    const merged = page.evaluate(() =>
      fetch('/query', { method: 'POST', body: 'OPTIMIZE TABLE texts FINAL' }).then((answer) => answer.status),
    );
    await page.waitForFunction(() => window.mostMerging > 0);
    await page.screenshot({ path: `${folder}/merge-dark.png` });
    check((await merged) === 200, 'the merge went well');
    const shown = await page.evaluate(() => [window.mostMerging, window.progressSeen]);
    check(shown[0] >= 4, `the parts that are read pulse: ${shown[0]}`);
    check(shown[1], 'the progress of the merge is shown');
    await page.locator('.figures', { hasText: /^2 parts.* 0 merges/ }).waitFor();
    const seen = await page.evaluate(() => window.figuresSeen);
    const parts = seen.map((text) => Number(/^\d+/.exec(text)[0]));
    check(parts.every((n, i) => i === 0 || n <= parts[i - 1]), `parts only fall: ${parts}`);
    check(seen.some((text) => !text.includes(' 0 merges')), `a merge is shown: ${seen}`);
    check((await page.locator('.strata .merging').count()) === 0, 'nothing pulses at the end');
  },
  'watch the lag grow and go to zero': async () => {
    await page.getByRole('link', { name: 'Ingest' }).click();
    await page.locator('.listing tbody tr', { hasText: 'events' }).first().waitFor();
    await page.locator('.lag:not(.behind)').first().waitFor();
    // Rows wait while a view is filled with those that are there; a producer goes on all the time.
    const made = page.evaluate(() =>
      fetch('/query', {
        method: 'POST',
        body:
          'CREATE MATERIALIZED VIEW slow ENGINE = MergeTree ORDER BY id POPULATE AS' +
          ' SELECT id, count() AS n FROM events CROSS JOIN numbers(10000) AS m' +
          ' WHERE cityHash64(id, m.number) % 7 = 0 GROUP BY id',
      }).then((answer) => answer.text()),
    );
    await page.locator('.lag.behind').first().waitFor();
    const behind = Number((await page.locator('.lag.behind').first().innerText()).replaceAll(',', ''));
    check(behind > 0, `the lag is ${behind}`);
    await page.screenshot({ path: `${folder}/lag-dark.png` });
    check((await made) === '', 'the view is made');
    await page.evaluate(() => fetch('/query', { method: 'POST', body: 'DROP TABLE slow' }));
    await page.locator('.listing tbody').waitFor();
    // Both in one look: the producer goes on, so the next may find rows that wait.
    await page.waitForFunction(() => {
      const hump = document.querySelector('.spark polyline')?.getAttribute('points') ?? '';
      const heights = hump.split(' ').map((point) => Number(point.split(',')[1]));
      const applied = document.querySelector('.lag') !== null && document.querySelector('.lag.behind') === null;
      return applied && Math.min(...heights) < 5 && heights.at(-1) === 20;
    });
  },
  'kill a query': async () => {
    const slow = page.evaluate(() =>
      fetch('/query', {
        method: 'POST',
        body: 'SELECT count() FROM numbers(1000000) a, numbers(1000000) b WHERE a.number + b.number < 0',
      }).then((response) => response.text()),
    );
    await page.getByRole('link', { name: 'Queries' }).click();
    await page.locator('tr', { hasText: 'a.number' }).getByRole('button', { name: 'Kill' }).click();
    const answer = await slow;
    check(/cancel|kill/i.test(answer), `the query said ${answer}`);
    await page.screenshot({ path: `${folder}/queries-dark.png` });
  },
  'metrics': async () => {
    await page.getByRole('link', { name: 'Metrics' }).click();
    await page.locator('.card canvas').first().waitFor();
    await page.screenshot({ path: `${folder}/metrics-dark.png` });
  },
  'keys lead to pages': async () => {
    await page.keyboard.press('Alt+1');
    await page.locator('.cm-content').waitFor();
  },
};

let failed = false;
for (const [name, body] of Object.entries(steps)) {
  try {
    await step(name, body);
  } catch (error) {
    failed = true;
    console.log(`FAILED ${name}: ${error.message}`);
    await page.screenshot({ path: `${folder}/failed.png` });
    break;
  }
}
await browser.close();
if (troubles.length > 0) {
  console.log(troubles.join('\n'));
}
process.exit(failed || troubles.length > 0 ? 1 : 0);
