/** What the buttons of a task are called in payloads, wherever it is shown; their value is the task's key. */
export const openTaskActionId = 'open_task';
export const claimTaskActionId = 'claim_task';
/** With `_2`, `_3` … where several stand in one block. */
export const reassignTaskActionId = 'reassign_task';
