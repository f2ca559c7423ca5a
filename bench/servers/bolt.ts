/**
 * What Kickoff is measured against: a Bolt app over HTTP with one listener for messages that does nothing or, with
 * DATABASE_URL, keeps the message in one table before its delivery is acknowledged.
 */
import { App, HTTPReceiver, LogLevel, type ReceiverEvent } from '@slack/bolt';
import postgres from 'postgres';

/** As many connections as Kickoff has. */
const connections = 10;

const { DATABASE_URL: databaseUrl, PORT: port, SIGNING_SECRET: signingSecret = '' } = process.env;

const receiver = new HTTPReceiver({
  signingSecret,
  logLevel: LogLevel.WARN,
  customRoutes: [{ path: '/healthz', method: 'GET', handler: (_, response) => response.writeHead(200).end() }],
});
const app = new App({
  receiver,
  logLevel: LogLevel.WARN,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0BENCH', botUserId: 'U0BENCH' }),
});

if (databaseUrl) {
  const sql = postgres(databaseUrl, { max: connections, onnotice: () => {} });
  await sql`create table if not exists messages (
    channel text not null, ts text not null, author text, text text not null, primary key (channel, ts))`;
  const processEvent = app.processEvent.bind(app);
  // As Kickoff does it: Bolt by itself acknowledges before it calls the listener.
  app.processEvent = async (event: ReceiverEvent) => {
    await processEvent({ ...event, ack: async () => {} });
    await event.ack();
  };
  app.message(async ({ message }) => {
    if (message.subtype !== undefined) return;
    const { channel, ts, user, text = '' } = message;
    await sql`insert into messages (channel, ts, author, text) values (${channel}, ${ts}, ${user}, ${text})`;
  });
} else {
  app.message(async () => {});
}

await app.start(Number(port));
process.once('SIGTERM', () => process.exit(0));
