// The lookup page as a team would otherwise write it: Express, @azure/data-tables, openid-client. It reads the same row
// and shows the same things with the same style sheet; what it leaves out is to its advantage. For `make bench` only.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TableClient } from '@azure/data-tables';
import express from 'express';
import * as oidc from 'openid-client';

const { INVITATION_STORAGE, INVITATION_TABLE, FUNCTIONS_CUSTOMHANDLER_PORT, PLATFORM_NAME, ENTRA_AUTHORITY } = process.env;
const table = TableClient.fromConnectionString(INVITATION_STORAGE, INVITATION_TABLE, { allowInsecureConnection: true });
const style = readFileSync(new URL('../../../src/views/style.css', import.meta.url), 'utf8');
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`;
const languages = ['en', 'zh-Hant', 'zh-Hans', 'de', 'fr', 'it', 'es', 'ja'];

const idOf = (guid) =>
  createHash('sha256').update('invitation-id/1').update(Buffer.from(guid.replaceAll('-', ''), 'hex')).digest('hex').slice(0, 32);
const escape = (text) =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]);

function page({ guid, recipient, inviter, company, expires }) {
  const here = `/api/InviteUser?invitationId=${guid}`;
  const mailbox = recipient.email.replace(/^(.).*@/, '$1•••@');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>You are invited to ${escape(PLATFORM_NAME)}</title><style>${style}</style></head><body>
<header><p class="brand"><bdi>${escape(PLATFORM_NAME)}</bdi></p>
<ol class="steps"><li><span>Invitation</span></li><li><span>Sign in</span></li><li><span>Company</span></li><li><span>Welcome</span></li></ol></header>
<main><p class="eyebrow">Hello <bdi>${escape(recipient.firstName)}</bdi></p><h1>You are invited to ${escape(PLATFORM_NAME)}</h1>
<p class="lead"><bdi>${escape(inviter.name)}</bdi> of <bdi>${escape(inviter.organization)}</bdi> invites you to join.</p>
<dl><div><dt>Mailbox</dt><dd>${escape(mailbox)}</dd></div><div><dt>Company</dt><dd>${escape(company.name)}</dd></div>
<div><dt>Valid until</dt><dd>${new Date(expires).toUTCString()}</dd></div></dl>
<form class="actions" method="post" action="${here}"><input type="hidden" name="token" value="${randomUUID()}">
<button class="primary" id="get-started">Get started now</button></form></main>
<footer><nav>${languages.map((lang) => `<a href="${here}&amp;lang=${lang}" hreflang="${lang}">${lang}</a>`).join('\n')}</nav></footer>
</body></html>`;
}

const app = express();
app.disable('x-powered-by');
app.get('/', (_, answer) => answer.end());
app.get('/api/InviteUser', async (request, answer) => {
  const [guid, started] = [String(request.query.invitationId), performance.now()];
  const id = idOf(guid);
  try {
    const row = await table.getEntity(id, 'invitation');
    const [recipient, inviter, company] = [row.recipient, row.inviter, row.registeredCompany].map((json) => JSON.parse(json));
    answer.set({ 'cache-control': 'no-store', 'content-security-policy': policy, 'x-content-type-options': 'nosniff' });
    answer.type('html').send(page({ guid, recipient, inviter, company, expires: row.expiresAt }));
  } catch (error) {
    answer.status(error.statusCode === 404 ? 404 : 503).send();
  }
  console.log(JSON.stringify({ level: 'INFO', invitation: id, status: answer.statusCode, ms: performance.now() - started }));
});
app.post('/api/InviteUser', async (_, answer) => {
  const config = await oidc.discovery(new URL(ENTRA_AUTHORITY), 'app', 'secret');
  answer.redirect(303, oidc.buildAuthorizationUrl(config, { scope: 'openid profile email' }).href);
});
app.listen(Number(FUNCTIONS_CUSTOMHANDLER_PORT), '127.0.0.1');
