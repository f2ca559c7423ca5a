import { deserialize, serialize } from 'node:v8';
import type { ProcessModel } from '../interpreter/model.ts';

/** A process model whose elements are serialised. They are most of it, and most processes are not used between two starts. */
export type PackedModel = Omit<ProcessModel, 'elements'> & { packedElements: string };

export function packModel({ elements, ...model }: ProcessModel): PackedModel {
  // A character for each byte: strings are restored faster than buffers.
  return { ...model, packedElements: serialize(elements).toString('latin1') };
}

/** The model, which restores its elements on first use. */
export function unpackModel(packed: PackedModel): ProcessModel {
  return new UnpackedModel(packed);
}

// A class, since an object with a getter of its own takes several times the memory.
class UnpackedModel implements ProcessModel {
  readonly id;
  readonly name;
  readonly startElementId;
  readonly startEvents;
  readonly startFormId;
  readonly embeddedForms;
  readonly tellsOfCancelling;
  readonly properties;
  readonly versionTag;
  #elements: string | ProcessModel['elements'];

  constructor(packed: PackedModel) {
    this.id = packed.id;
    this.name = packed.name;
    this.startElementId = packed.startElementId;
    this.startEvents = packed.startEvents;
    this.startFormId = packed.startFormId;
    this.embeddedForms = packed.embeddedForms;
    this.tellsOfCancelling = packed.tellsOfCancelling;
    this.properties = packed.properties;
    this.versionTag = packed.versionTag;
    this.#elements = packed.packedElements;
  }

  get elements(): ProcessModel['elements'] {
    if (typeof this.#elements !== 'string') return this.#elements;
    const elements: ProcessModel['elements'] = deserialize(Buffer.from(this.#elements, 'latin1'));
    this.#elements = elements;
    return elements;
  }
}
