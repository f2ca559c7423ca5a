/** Whether a view has all these blocks: a form can change with what was entered last, before Slack shows that. */
export function isShown({ blocks }: { blocks: { block_id?: string }[] }, blockIds: string[]): boolean {
  const shown = new Set(blocks.map(({ block_id }) => block_id));
  return blockIds.every((blockId) => shown.has(blockId));
}
