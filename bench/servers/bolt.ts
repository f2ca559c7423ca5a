/**
 * The baseline for Kickoff: a Bolt app over HTTP with one message listener that does nothing or, with DATABASE_URL, inserts the
 * message into one table before the delivery is acknowledged.
 */
import { App, HTTPReceiver, LogLevel, type ReceiverEvent } from '@slack/bolt';
import postgres from 'postgres';

/** Number of database connections, the same as Kickoff's. */
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
  // Like Kickoff, acknowledges after the listener; Bolt by default acknowledges before.
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
