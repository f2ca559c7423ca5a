import { deserialize, serialize } from 'node:v8';
import type { Form } from '../../../processes/form.ts';
import { parseForm } from '../../../processes/parse-form.ts';
import { createYield } from '../../../yield-to-event-loop.ts';
import type { ProcessModel } from '../interpreter/model.ts';
import { codeVersion } from './code-version.ts';
import { assertReadableForm } from './file-bounds.ts';
import { type PackedModel, packModel, unpackModel } from './kept-model.ts';
import { decisionIdsOf, outlineOf, type ProcessOutline } from './outline.ts';
import { type ReadFile, readFile } from './read-file.ts';

/**
 * Reads files, and parses only those whose text is new: the content of the others is known from the previous load, or was kept
 * by an earlier start or another replica.
 */
export interface Readings {
  /** Prepares to read files with these texts. */
  of(texts: readonly string[]): Promise<Reader>;
}

/** Reads the files of one load. */
export interface Reader {
  /** @throws DiagramError */
  diagram(xml: string): Promise<ReadDiagram>;
  /** @throws Error */
  form(text: string): Promise<Form>;
  /** Number of files parsed so far. */
  parsed(): number;
  /** Keeps what was read for later loads, and forgets the rest. */
  keep(): Promise<void>;
}

/** A process of a diagram. */
export interface ReadProcess<Model = ProcessModel> {
  model: Model;
  outline: ProcessOutline;
}

/** A diagram as {@link readFile} reads it, with the outlines of its processes. */
export interface ReadDiagram<Model = ProcessModel> extends Pick<ReadFile, 'problems' | 'warnings'> {
  processes: ReadProcess<Model>[];
}

/** Keeps readings by the text that was read. It may lose any of them: the text is then read again. */
export interface KeptReadings {
  find(texts: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /**
   * @param readings to add, or to replace
   * @param inUse the texts in use: other readings need not be kept
   */
  keep(readings: ReadonlyMap<string, Buffer>, inUse: readonly string[]): Promise<void>;
}

const keepsNothing: KeptReadings = { find: async () => new Map(), keep: async () => {} };

type Content<Model = ProcessModel> = { diagram: ReadDiagram<Model>; form?: never } | { form: Form; diagram?: never };

const pack = (content: Content): Buffer => serialize(withModels(content, packModel));
const unpack = (bytes: Buffer): Content => withModels(deserialize(bytes) as Content<PackedModel>, unpackModel);

function withModels<From, To>(content: Content<From>, change: (model: From) => To): Content<To> {
  if (!content.diagram) return content;
  const processes = content.diagram.processes.map(({ model, outline }) => ({ model: change(model), outline }));
  return { diagram: { ...content.diagram, processes } };
}

/**
 * The version of the code that reads files: another version may read the same text otherwise. Determined once, because a later
 * build removes the files that this code was loaded from.
 */
export const readerVersion = codeVersion(import.meta.url);

export function createReadings(kept = keepsNothing): Readings {
  let known: ReadonlyMap<string, Content> = new Map();
  return {
    async of(texts) {
      const before = known;
      const found = await kept.find(texts.filter((text) => !before.has(text)));
      const used = new Map<string, Content>();
      const fresh = new Map<string, Buffer>();
      let parsed = 0;
      const yieldToEventLoop = createYield();
      const recall = async (text: string): Promise<Partial<Content>> => {
        await yieldToEventLoop();
        const bytes = found.get(text);
        const content: Content | undefined = used.get(text) ?? before.get(text) ?? (bytes && unpack(bytes));
        if (content) used.set(text, content);
        return content ?? {};
      };
      const add = (text: string, content: Content) => {
        used.set(text, content);
        fresh.set(text, pack(content));
      };
      return {
        async diagram(xml) {
          const { diagram } = await recall(xml);
          if (diagram) return diagram;
          parsed += 1;
          const { models, ...found } = await readFile(xml);
          const read = { ...found, processes: models.map((model) => ({ model, outline: outlineOf(model, xml) })) };
          add(xml, { diagram: read });
          return read;
        },
        async form(text) {
          const { form } = await recall(text);
          if (form) return form;
          parsed += 1;
          assertReadableForm(text);
          const read = parseForm(text);
          add(text, { form: read });
          return read;
        },
        parsed: () => parsed,
        async keep() {
          // Decisions are linked into the models, and those of the next load may be others.
          known = new Map([...used].filter(([, { diagram }]) => !diagram?.processes.some(evaluatesDecisions)));
          await kept.keep(fresh, [...used.keys()]);
        },
      };
    },
  };
}

const evaluatesDecisions = ({ outline }: ReadProcess) => decisionIdsOf(outline).length > 0;
