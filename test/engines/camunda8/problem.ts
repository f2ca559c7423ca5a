/** An error answer in the cluster's format, RFC 9457. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

export const notFound = (what: string): Problem =>
  new Problem(404, 'NOT_FOUND', `Expected to find ${what}, but there is none`);
