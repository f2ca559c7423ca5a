import { readFile } from 'node:fs/promises';
import { LogLevel, WebClient } from '@slack/web-api';
import { parse } from 'yaml';
import { reasonOf } from '../src/errors.ts';
import { slackFetch } from '../src/slack/calls/slack-fetch.ts';
import { fillHttpManifest } from '../src/slack/http-manifest.ts';
import { platformError } from '../src/slack/platform-error.ts';
import { askAboutManifest, askAboutSurfaces, type Mistake } from './ask-slack.ts';
import { readSurfaces } from './surfaces.ts';

export interface CheckOptions {
  botToken: string;
  /** An app configuration token; absent: the manifests are not checked. */
  configToken?: string | undefined;
  /** Default: Slack's own. */
  apiUrl?: string | undefined;
  /** Returns the directory with the views and messages, see surfaces.ts. Called after Slack has accepted the tokens. */
  directory(): string;
  print(line: string): void;
}

/**
 * Checks with Slack everything that its API can check, and prints what it cannot. Returns false if Slack found mistakes.
 * Throws, before it asks for the directory, if Slack refuses a token or cannot be reached.
 */
export async function checkWithSlack(options: CheckOptions): Promise<boolean> {
  const { botToken, configToken, apiUrl, print } = options;
  const web = {
    ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
    fetch: slackFetch,
    retryConfig: { retries: 3 },
    logLevel: LogLevel.ERROR,
  };
  const client = new WebClient(botToken, web);
  const { team, user } = await askedWith('SLACK_BOT_TOKEN', () => client.auth.test());
  print(`auth.test: @${user} of ${team}`);
  const mistakes: Mistake[] = [];
  if (configToken) {
    const configClient = new WebClient(configToken, web);
    mistakes.push(...(await askedWith('SLACK_CONFIG_TOKEN', () => aboutManifests(configClient, print))));
  } else print('apps.manifest.validate: not asked, for SLACK_CONFIG_TOKEN is not set');
  const directory = options.directory();
  const surfaces = await readSurfaces(directory);
  if (surfaces.length === 0) throw new Error(`There are no views and messages in ${directory}`);
  const inSurfaces = await askAboutSurfaces(client, surfaces, (count) => {
    if (count % 100 === 0) print(`${count} of ${surfaces.length} …`);
  });
  print(`blocks.validate: ${surfaces.length} views and messages, ${inSurfaces.length} mistakes`);
  mistakes.push(...inSurfaces);
  for (const { name, pointer, message } of mistakes) print(`✗ ${name} ${pointer}: ${message}`);
  print(await onlyInSlack());
  return mistakes.length === 0;
}

/** Throws an error that names the variable if Slack refuses, or says that Slack cannot be reached. */
async function askedWith<T>(variable: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const code = platformError(error);
    if (code !== undefined) throw new Error(`Slack does not take ${variable}: ${code}`, { cause: error });
    throw new Error(`Slack cannot be reached: ${reasonOf(deepestCause(error))}`, { cause: error });
  }
}

/** The innermost cause, because "fetch failed" does not give the reason. */
function deepestCause(error: unknown): unknown {
  const { cause, original } = error as { cause?: unknown; original?: unknown };
  const inner = original ?? cause;
  return inner instanceof Error ? deepestCause(inner) : error;
}

async function aboutManifests(client: WebClient, print: CheckOptions['print']): Promise<Mistake[]> {
  const socket = await readFile('manifest.yml', 'utf8');
  const http = fillHttpManifest(await readFile('manifest.http.yml', 'utf8'), 'kickoff.example.com');
  const mistakes: Mistake[] = [];
  for (const [name, text] of Object.entries({ 'manifest.yml': socket, 'manifest.http.yml': http })) {
    const ofOne = await askAboutManifest(client, name, JSON.stringify(parse(text)));
    print(`apps.manifest.validate: ${name}, ${ofOne.length} mistakes`);
    mistakes.push(...ofOne);
  }
  return mistakes;
}

/** The section of docs/slack.md about things that only a real workspace shows. */
async function onlyInSlack(): Promise<string> {
  const docs = await readFile('docs/slack.md', 'utf8');
  const [, section = ''] = /\n## (What only a real workspace shows\n[\s\S]*?)(?=\n## |$)/.exec(docs) ?? [];
  return `\n${section.trim()}`;
}
