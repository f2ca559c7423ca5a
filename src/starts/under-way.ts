/** The starts that this process is making at the moment. */
export interface StartsUnderWay {
  /** Makes an attempt at a start. */
  make<Result>(startId: string, attempt: () => Promise<Result>): Promise<Result>;
  /**
   * Resolves when no attempt at the start is under way here. Its instance may change before the attempt has recorded that it
   * runs and with which variables.
   */
  made(startId: string): Promise<void>;
}

export function createStartsUnderWay(): StartsUnderWay {
  const attempts = new Map<string, Promise<unknown>>();
  return {
    async make(startId, attempt) {
      const making = attempt();
      attempts.set(startId, making);
      try {
        return await making;
      } finally {
        if (attempts.get(startId) === making) attempts.delete(startId);
      }
    },
    async made(startId) {
      await attempts.get(startId)?.catch(() => {});
    },
  };
}
