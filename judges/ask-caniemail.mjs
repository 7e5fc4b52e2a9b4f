// Mails on stdin as {name: html}; on stdout what each client lacks, wholly or in part.
import { readFileSync } from 'node:fs';
import { caniemail, rawData } from 'caniemail';

const clients = ['gmail.*', 'apple-mail.*', 'outlook.*', 'yahoo.*'];
const supports = { errors: 'not supported', warnings: 'supported in part' };

function asked(html) {
  const { issues } = caniemail({ clients, html });
  return Object.entries(supports).flatMap(([kind, support]) =>
    [...issues[kind]].flatMap(([client, found]) =>
      found.map(({ title, notes }) => ({ client, feature: title, support, notes }))));
}

const pages = Object.entries(JSON.parse(readFileSync(0, 'utf8')));
const mails = Object.fromEntries(pages.map(([name, html]) => [name, asked(html)]));
console.log(JSON.stringify({ date: rawData.last_update_date.slice(0, 10), mails }));
