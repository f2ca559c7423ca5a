/** Whether a view has all these blocks: the last input can change a form before Slack shows the change. */
export function isShown({ blocks }: { blocks: { block_id?: string }[] }, blockIds: string[]): boolean {
  const shown = new Set(blocks.map(({ block_id }) => block_id));
  return blockIds.every((blockId) => shown.has(blockId));
}
