/** The workspace that Kickoff is connected to: the sandbox, with channels of clients and channels of nobody's concern. */
import { createServer } from 'node:http';
import { createSandbox } from '../../sandbox/sandbox.ts';

const { PORT: port, MANIFEST: manifest = '', CHANNELS: channels = '0' } = process.env;

const sandbox = createSandbox({ manifest, url: `http://127.0.0.1:${port}` });
const numbers = Array.from({ length: Number(channels) }, (_, index) => index + 1);
const creator = sandbox.people.oleg;
/** Whom tasks are assigned to: Slack takes one message each second for one person. */
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

/** What the benchmark has to know of the workspace. */
const description = {
  teamId: sandbox.teamId,
  appId: sandbox.appId,
  botUserId: sandbox.botUserId,
  botToken: sandbox.botToken,
  signingSecret: sandbox.signingSecret,
  apiUrl: sandbox.apiUrl,
  clientChannels: seed('client-'),
  otherChannels: seed('team-'),
  administrator: sandbox.people.anna.id,
  operator: sandbox.people.oleg.id,
  staff,
  client: sandbox.people.carl.id,
  clientTeamId: 'T0ACMECORP',
};
export type WorkspaceDescription = typeof description;

const server = createServer((request, response) => {
  if (request.url !== '/workspace') return sandbox.handleRequest(request, response);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(description));
});
server.listen(Number(port), '127.0.0.1');
// It keeps everything that went over the wire, for tests; here that would only be memory.
setInterval(() => sandbox.traffic.clear(), 1000).unref();
process.once('SIGTERM', () => process.exit(0));
