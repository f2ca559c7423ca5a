/** The page that lists the leads. It loads them from `/crm/leads`, and again after each message on `/crm/events`. */
export const crmPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>CRM – Leads</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/crm/style.css">
<header><strong>Northwind CRM</strong><a href="/">Back to Slack</a></header>
<main>
  <h1>Leads <output id="count"></output></h1>
  <p>What processes post to <code>/crm/leads</code> appears here by itself.</p>
  <ul id="leads" aria-live="polite"></ul>
  <p id="none" hidden>No lead yet. Write as a client in Slack, and come back.</p>
</main>
<script src="/crm/page.js"></script>
</html>
`;

export const crmStyle = `
:root { --ink: #1b1f24; --faint: #57606a; --line: #d0d7de; --card: #fff; --ground: #f3f5f8; --head: #1f3a5f; --link: #0b57d0 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --faint: #a3acb8; --line: #39414c; --card: #1d222a; --ground: #14181e; --head: #16283f; --link: #8ab4f8 }
}
* { box-sizing: border-box }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground) }
header { display: flex; justify-content: space-between; padding: 12px 24px; color: #fff; background: var(--head) }
header a { color: #fff }
main { max-width: 900px; margin: 0 auto; padding: 8px 24px 48px }
h1 { font-size: 24px; margin: 16px 0 0 }
output { color: var(--faint); font-weight: 400 }
main > p { color: var(--faint) }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 12px }
li { padding: 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--card) }
li h2 { font-size: 17px; margin: 0 }
li dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0 0 }
dt { color: var(--faint) }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; white-space: pre-wrap }
a { color: var(--link) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
`;

export const crmScript = `
const list = document.getElementById('leads');
const rows = [['company', 'Company'], ['email', 'E-mail'], ['phone', 'Phone'], ['message', 'Message'],
  ['session', 'Conversation'], ['source', 'Source']];
function element(name, text, parent) {
  const made = document.createElement(name);
  made.textContent = text;
  parent.append(made);
  return made;
}
function card(lead) {
  const item = document.createElement('li');
  element('h2', lead.name || 'Unknown client', item);
  const details = element('dl', '', item);
  for (const [key, label] of rows) {
    if (!lead[key]) continue;
    element('dt', label, details);
    element('dd', lead[key], details);
  }
  element('dt', 'Arrived', details);
  element('dd', new Date(lead.createdAt).toLocaleString(), details);
  if (lead.askedAgainAt.length > 0) {
    element('dt', 'Asked again', details);
    element('dd', lead.askedAgainAt.map((at) => new Date(at).toLocaleString()).join(', '), details);
  }
  return item;
}
async function show() {
  const { leads } = await (await fetch('/crm/leads')).json();
  list.replaceChildren(...leads.map(card));
  document.getElementById('count').textContent = String(leads.length);
  document.getElementById('none').hidden = leads.length > 0;
}
const events = new EventSource('/crm/events');
events.onopen = show;
events.onmessage = show;
`;
