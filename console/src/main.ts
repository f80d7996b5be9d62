// SPDX-License-Identifier: Apache-2.0
import { h } from './dom';
import { IngestPage } from './ingestpage';
import { MetricsPage } from './metricspage';
import type { Page } from './page';
import { PartsPage } from './partspage';
import { QueriesPage } from './queriespage';
import { ask, signIn, signedInAs } from './server';
import { SqlPage } from './sqlpage';
import './style.css';

const pages: Page[] = [new SqlPage(), new PartsPage(), new IngestPage(), new QueriesPage(), new MetricsPage()];
const main = h('main');
const version = h('small', { class: 'version' });
const links = pages.map((page, i) =>
  h('a', { href: `#${page.title.toLowerCase()}`, title: `Alt+${i + 1}` }, page.title),
);
let current: Page | null = null;

function theme(name: string | null): void {
  if (name === null) {
    delete document.documentElement.dataset['theme'];
  } else {
    document.documentElement.dataset['theme'] = name;
  }
}

function isDark(): boolean {
  return (
    (localStorage.getItem('theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark'
  );
}

function turn(): void {
  const name = isDark() ? 'light' : 'dark';
  localStorage.setItem('theme', name);
  theme(name);
}

function go(): void {
  const name = location.hash.slice(1);
  const page = pages.find((p) => p.title.toLowerCase() === name) ?? pages[0]!;
  current?.hidden();
  current = page;
  main.replaceChildren(page.element);
  links.forEach((link, i) => link.setAttribute('aria-current', pages[i] === page ? 'page' : 'false'));
  document.title = `${page.title} – Varve`;
  page.shown();
}

const login = h('dialog', { class: 'login', 'aria-label': 'Sign in' });

function askForUser(): void {
  if (login.open) {
    return;
  }
  const name = h('input', { name: 'user', autocomplete: 'username', value: signedInAs() });
  const secret = h('input', { name: 'password', type: 'password', autocomplete: 'current-password' });
  const form = h(
    'form',
    {
      method: 'dialog',
      submit: () => {
        signIn(name.value, secret.value);
        window.setTimeout(() => start().then(() => current?.shown()));
      },
    },
    h('h2', {}, 'Sign in'),
    h('label', {}, 'User', name),
    h('label', {}, 'Password', secret),
    h('button', { class: 'primary' }, 'Sign in'),
  );
  login.replaceChildren(form);
  login.showModal();
}

function start(): Promise<void> {
  return ask<{ v: string }>('SELECT version() AS v').then(
    (rows) => {
      version.textContent = `${rows[0]?.v ?? ''}${signedInAs() === '' ? '' : ` · ${signedInAs()}`}`;
    },
    () => undefined,
  );
}

theme(localStorage.getItem('theme'));
document.querySelector('#app')!.append(
  h(
    'header',
    { class: 'bar' },
    h('h1', {}, 'Varve'),
    h('nav', { 'aria-label': 'Pages' }, ...links),
    version,
    h('button', { class: 'theme', 'aria-label': 'Light or dark', click: turn }, '◐'),
  ),
  main,
  login,
);
window.addEventListener('hashchange', go);
window.addEventListener('sign-in', askForUser);
window.addEventListener('keydown', (event) => {
  const page = event.altKey ? pages[Number(event.key) - 1] : undefined;
  if (page !== undefined) {
    event.preventDefault();
    location.hash = page.title.toLowerCase();
  }
});
go();
void start();
