/** bpmnlint has no types of its own. */
declare module 'bpmnlint' {
  export interface Report {
    id: string;
    message: string;
    category: string;
  }
  export class Linter {
    constructor(options: { config: object; resolver: object });
    lint(root: unknown): Promise<Record<string, Report[]>>;
  }
}

declare module 'bpmnlint/lib/resolver/node-resolver.js' {
  class NodeResolver {
    constructor(options: { require: unknown });
  }
  export = NodeResolver;
}
