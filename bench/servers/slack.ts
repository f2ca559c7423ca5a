/** The workspace that Kickoff is connected to: the sandbox, with clients' channels and irrelevant channels. */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { createSandbox } from '../../sandbox/sandbox.ts';
import { type Control, createControls } from './slack-controls.ts';

const { PORT: port, MANIFEST: manifest = '', CHANNELS: channels = '0' } = process.env;

const sandbox = createSandbox({ manifest, url: `http://127.0.0.1:${port}` });
const numbers = Array.from({ length: Number(channels) }, (_, index) => index + 1);
const creator = sandbox.people.oleg;
/** The assignees of tasks: Slack allows one message per second to each person. */
const staff = Array.from(
  { length: 100 },
  (_, index) => sandbox.workspace.addPerson({ handle: `staff-${index}`, realName: `Staff ${index}` }).id,
);
const seed = (prefix: string) =>
  sandbox.workspace
    .seedChannels(
      numbers.map((number) => `${prefix}${number}`),
      { creator, withApp: true },
    )
    .map(({ id }) => id);

const clientChannels = seed('client-');
// The channel in which a client writes, and shortcuts are used.
await creator.share(clientChannels[0] ?? '', sandbox.people.carl);

/** The data of the workspace that the benchmark needs. */
const description = {
  teamId: sandbox.teamId,
  appId: sandbox.appId,
  botUserId: sandbox.botUserId,
  botToken: sandbox.botToken,
  signingSecret: sandbox.signingSecret,
  apiUrl: sandbox.apiUrl,
  clientChannels,
  otherChannels: seed('team-'),
  administrator: sandbox.people.anna.id,
  operator: sandbox.people.oleg.id,
  staff,
  client: sandbox.people.carl.id,
  clientTeamId: 'T0ACMECORP',
};
export type WorkspaceDescription = typeof description;

const carryOut = createControls(sandbox);
async function answer(request: IncomingMessage): Promise<object> {
  return request.url === '/workspace' ? description : carryOut(JSON.parse(await text(request)) as Control);
}

const server = createServer((request, response) => {
  if (request.url !== '/workspace' && request.url !== '/control') return sandbox.handleRequest(request, response);
  answer(request).then(
    (found) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(Number(port), '127.0.0.1');
// The sandbox remembers all traffic for tests; here it would only use memory.
setInterval(() => sandbox.traffic.clear(), 1000).unref();
process.once('SIGTERM', () => process.exit(0));
